#include "capture/dissect.h"

#include "capture/stream.h"
#include "capture/tftp_flow.h"
#include "wire/frag.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	ETHERTYPE_MIN = 0x600,          /* below: the length of an 802.3 frame */
	ETHERTYPE_LACP = 0x8809,
	ETHERTYPE_EAPOL = 0x888e,
	HTTP_ALT_PORT = 8080,
	DHCP4_OPT_END_MAX = 257,        /* code, length and value of an option */
};

struct dissector {
	int link;
	struct frag_table *frags;
	struct tftp_flows *transfers;
	struct stream_table *streams;
};

struct dissector *
dissector_new(int link)
{
	struct dissector *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->link = link;
	d->frags = frag_new();
	d->transfers = tftp_flows_new();
	d->streams = stream_new();
	if (!d->frags || !d->transfers || !d->streams) {
		dissector_free(d);
		return NULL;
	}
	return d;
}

void
dissector_free(struct dissector *d)
{
	if (!d)
		return;
	frag_free(d->frags);
	tftp_flows_free(d->transfers);
	stream_free(d->streams);
	free(d);
}

void
dissector_set_link(struct dissector *d, int link)
{
	d->link = link;
}

size_t
dissector_incomplete(const struct dissector *d)
{
	struct frag_counts n = frag_counts(d->frags);

	return n.expired + n.evicted + frag_waiting(d->frags);
}

static bool
is_cut(const struct packet *p)
{
	return p->frame.payload.left < p->frame.payload_len;
}

/*
 * A parser's verdict becomes the packet's state. What does not parse
 * because the capture cut it is truncated, not malformed; what is valid but
 * not ours, or past a ceiling of ours, is neither.
 */
static int
set_state(struct packet *p, int rc)
{
	if (rc == -ENOMEM)
		return rc;
	p->has_message = rc == 0;
	if (rc == 0)
		return 0;
	if (rc == -ENOTSUP || rc == -EMSGSIZE)
		p->state = PACKET_UNREAD;
	else if (is_cut(p) || rc == -ENODATA)
		p->state = PACKET_TRUNCATED;
	else
		p->state = PACKET_MALFORMED;
	return 0;
}

/* The same for a message that fills its datagram: a cut one is a part. */
static int
set_state_all(struct packet *p, int rc)
{
	int ret = set_state(p, rc);

	if (p->has_message && is_cut(p)) {
		p->state = PACKET_TRUNCATED;
		diag_set(&p->diag, "the capture holds %zu of %zu bytes",
		    p->frame.payload.left, p->frame.payload_len);
	}
	return ret;
}

static bool
port_is(const struct frame *f, uint16_t port)
{
	return f->sport == port || f->dport == port;
}

/* 0 if there is none. */
static uint16_t
tftp_opcode(const struct frame *f)
{
	struct rd r = f->payload;

	return rd_u16(&r);
}

static int
dissect_tftp(struct dissector *d, struct packet *p)
{
	struct frame *f = &p->frame;
	uint16_t op = tftp_opcode(f);
	int rc = tftp_parse(f->payload.p, f->payload.left, &p->tftp, &p->diag);

	p->proto = PROTO_TFTP;
	/* Also if it does not parse: the server's ERROR says why. */
	if (op == TFTP_RRQ || op == TFTP_WRQ)
		tftp_flow_add(d->transfers, &f->src, f->sport);
	if (rc == 0 && op == TFTP_DATA) {
		p->data_len = f->payload_len - TFTP_HEAD_LEN;
		return set_state(p, 0);
	}
	return set_state_all(p, rc);
}

/* Ports are used again, for other things: an opcode tells. */
static bool
has_tftp_opcode(const struct frame *f)
{
	uint16_t op = tftp_opcode(f);

	return op >= TFTP_RRQ && op <= TFTP_OACK;
}

/*
 * A message that the capture cut still shows what stands before the cut: an
 * options field without END is tolerated, so it may end with the last option
 * that is there in full.
 */
static int
dissect_dhcp4(struct packet *p)
{
	struct rd r = p->frame.payload;
	int rc = dhcp4_msg_parse(&p->dhcp4, r.p, r.left, &p->diag);

	p->proto = PROTO_DHCP4;
	if (rc == -EBADMSG && is_cut(p)) {
		for (size_t n = 1; n <= DHCP4_OPT_END_MAX && rc == -EBADMSG &&
		    n < r.left && r.left - n >= DHCP4_HEAD_LEN; n++)
			rc = dhcp4_msg_parse(&p->dhcp4, r.p, r.left - n, NULL);
	}
	return set_state_all(p, rc);
}

/* 4011 is a port that anybody may be given, unlike 67 and 68. */
static bool
is_dhcp4(const struct frame *f)
{
	int op = rd_peek(&f->payload, 0);

	if (port_is(f, DHCP4_SERVER_PORT) || port_is(f, DHCP4_CLIENT_PORT))
		return true;
	return port_is(f, DHCP4_PXE_PORT) &&
	    (op == DHCP4_BOOTREQUEST || op == DHCP4_BOOTREPLY);
}

static int
dissect_udp(struct dissector *d, struct packet *p)
{
	struct frame *f = &p->frame;
	const uint8_t *buf = f->payload.p;
	size_t len = f->payload.left;

	if (port_is(f, DNS_PORT)) {
		p->proto = PROTO_DNS;
		return set_state_all(p, dns_parse(buf, len, &p->arena,
		    &p->dns, &p->diag));
	}
	if (f->dport == TFTP_PORT ||
	    (tftp_flow_known(d->transfers, f) && has_tftp_opcode(f)))
		return dissect_tftp(d, p);
	if (is_dhcp4(f))
		return dissect_dhcp4(p);
	if (port_is(f, DHCP6_SERVER_PORT) || port_is(f, DHCP6_CLIENT_PORT)) {
		p->proto = PROTO_DHCP6;
		return set_state_all(p, dhcp6_msg_parse(&p->dhcp6, buf, len,
		    &p->diag));
	}
	if (tftp_flow_guess(d->transfers, f))
		return dissect_tftp(d, p);
	return 0;
}

static bool
begins_with(const struct rd *r, const char *word)
{
	size_t len = strlen(word);

	return r->left >= len && memcmp(r->p, word, len) == 0;
}

/*
 * Does a segment begin a head? Any data may begin with such a word, so the
 * first line, if its end is there, must name the version too.
 */
static bool
begins_head(const struct rd *r)
{
	static const char *const words[] = { "GET ", "HEAD ", "POST ", "PUT ",
	    "OPTIONS ", "DELETE ", "CONNECT " };
	const uint8_t *end;
	bool found = false;

	if (begins_with(r, "HTTP/1."))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(words) && !found; i++)
		found = begins_with(r, words[i]);
	if (!found)
		return false;
	end = memchr(r->p, '\n', r->left);
	return memmem(r->p, end ? (size_t)(end - r->p) : r->left, " HTTP/1.",
	    8) || (!end && text_is_clean(r->p, r->left));
}

/* A head without its end: does more of it follow, or did the capture cut it? */
static int
dissect_part(struct dissector *d, struct packet *p, bool begins)
{
	int rc;

	if (is_cut(p))
		return set_state(p, -ENODATA);
	rc = begins ? stream_begin(d->streams, &p->frame) : 0;
	if (rc == -ENOMEM)
		return rc;
	p->state = PACKET_CONTINUED;
	diag_set(&p->diag, "the HTTP head goes on in a later segment");
	return 0;
}

/* Requests that did not wait for the answer to the one before. */
static size_t
count_pipelined(struct rd head)
{
	struct http_head next;
	size_t n = 0;
	int len;

	while ((len = http_head_len(head.p, head.left)) > 0) {
		rd_skip(&head, (size_t)len);
		if (!begins_head(&head) ||
		    http_parse(head.p, head.left, &next, NULL) < 0)
			break;
		n++;
	}
	return n;
}

static int
dissect_tcp(struct dissector *d, struct packet *p)
{
	struct frame *f = &p->frame;
	struct rd head = f->payload;
	bool begins;
	int rc;

	p->proto = PROTO_TCP;
	p->data_len = f->payload_len;
	/* First: the middle of a head may look like the beginning of one. */
	rc = stream_more(d->streams, f, &p->arena, &head);
	if (rc < 0)
		return rc;
	begins = rc == 0 && begins_head(&head);
	if (rc == 0 && !begins) {
		p->has_opening = opening_parse(head, f->sport, f->dport,
		    &p->opening);
		return 0;
	}
	p->proto = PROTO_HTTP;
	rc = http_parse(head.p, head.left, &p->http, &p->diag);
	if (rc == -ENODATA)
		return dissect_part(d, p, begins);
	stream_end(d->streams, f);
	/* Elsewhere it was only a guess that this is HTTP. */
	if (rc < 0 && !port_is(f, HTTP_PORT) && !port_is(f, HTTP_ALT_PORT)) {
		p->proto = PROTO_TCP;
		return 0;
	}
	if (rc == 0 && !p->http.is_response)
		p->n_pipelined = count_pipelined(head);
	return set_state(p, rc);
}

/* What is neither IP nor ARP. */
static enum packet_proto
link_proto(const struct frame *f)
{
	static const uint8_t bridges[MAC_LEN] = { 0x01, 0x80, 0xc2, 0, 0, 0 };

	if (f->has_mac_dst && f->ethertype < ETHERTYPE_MIN &&
	    memcmp(f->mac_dst, bridges, MAC_LEN) == 0)
		return PROTO_STP;
	if (f->ethertype == ETHERTYPE_LACP)
		return PROTO_LACP;
	if (f->ethertype == ETHERTYPE_EAPOL)
		return PROTO_EAPOL;
	return PROTO_OTHER;
}

/* What lies above the network layer, or beside it. */
static int
dissect_payload(struct dissector *d, struct packet *p)
{
	struct frame *f = &p->frame;

	if (f->ethertype == ETHERTYPE_ARP4) {
		p->proto = PROTO_ARP;
		return set_state(p, arp_parse(f->payload.p, f->payload.left,
		    &p->arp, &p->diag));
	}
	if (f->ip_version == 0) {
		p->proto = link_proto(f);
		return 0;
	}
	if (f->ip_proto == IP_PROTO_UDP && f->has_l4)
		return dissect_udp(d, p);
	if (f->ip_proto == IP_PROTO_TCP && f->has_l4)
		return dissect_tcp(d, p);
	if ((f->ip_version == 4 && f->ip_proto == IP_PROTO_ICMP) ||
	    (f->ip_version == 6 && f->ip_proto == IP_PROTO_ICMP6)) {
		p->proto = PROTO_ICMP;
		return set_state(p, icmp_parse(f, &p->icmp, &p->diag));
	}
	return 0;
}

/* Return: as frag_input(), with the datagram in the packet. */
static int
put_together(struct dissector *d, struct packet *p)
{
	struct frame whole;
	int rc = frag_input(d->frags, &p->frame, (double)p->time_ns / 1e9,
	    &whole, &p->diag);

	p->proto = PROTO_FRAGMENT;
	if (rc <= 0)
		return rc;
	p->frame = whole;
	p->reassembled = true;
	p->proto = PROTO_OTHER;
	return 1;
}

int
dissect(struct dissector *d, const struct capture_frame *frame,
    struct packet *ret)
{
	int rc;

	/* All but the messages and the frame, which are large. */
	ret->number = frame->number;
	ret->time_ns = frame->time_ns;
	ret->proto = PROTO_OTHER;
	ret->state = PACKET_WHOLE;
	ret->diag.text[0] = '\0';
	ret->reassembled = false;
	ret->has_message = false;
	ret->data_len = 0;
	ret->n_pipelined = 0;
	ret->has_opening = false;
	ret->arena = (struct arena)ARENA_EMPTY;
	rc = frame_parse(d->link, frame->buf, frame->len, frame->wire_len,
	    &ret->frame, &ret->diag);
	if (rc < 0) {
		memset(&ret->frame, 0, sizeof(ret->frame));
		return set_state(ret, rc);
	}
	if (frame_is_fragment(&ret->frame)) {
		rc = put_together(d, ret);
		if (rc <= 0)
			return rc < 0 ? set_state(ret, rc) : 0;
	}
	return dissect_payload(d, ret);
}

void
packet_release(struct packet *p)
{
	if (p->has_message && p->proto == PROTO_DHCP4)
		dhcp4_msg_release(&p->dhcp4);
	if (p->has_message && p->proto == PROTO_DHCP6)
		dhcp6_msg_release(&p->dhcp6);
	arena_release(&p->arena);
	p->has_message = false;
}

const char *
packet_proto_name(enum packet_proto proto)
{
	static const char *const names[PROTO_N] = {
		[PROTO_OTHER] = "other", [PROTO_ARP] = "arp",
		[PROTO_ICMP] = "icmp", [PROTO_DHCP4] = "dhcp4",
		[PROTO_DHCP6] = "dhcp6", [PROTO_TFTP] = "tftp",
		[PROTO_DNS] = "dns", [PROTO_HTTP] = "http",
		[PROTO_TCP] = "tcp", [PROTO_STP] = "stp",
		[PROTO_LACP] = "lacp", [PROTO_EAPOL] = "eapol",
		[PROTO_FRAGMENT] = "fragment",
	};

	return names[proto];
}

const char *
packet_state_name(enum packet_state state)
{
	static const char *const names[PACKET_N_STATES] = {
		[PACKET_WHOLE] = "whole", [PACKET_CONTINUED] = "continued",
		[PACKET_TRUNCATED] = "truncated",
		[PACKET_MALFORMED] = "malformed", [PACKET_UNREAD] = "unread",
	};

	return names[state];
}

bool
packet_is_boot(const struct packet *p)
{
	if (p->state != PACKET_WHOLE)
		return true;
	if (p->proto == PROTO_TCP)
		return p->has_opening ||
		    (p->frame.tcp_flags & (TCP_SYN | TCP_FIN | TCP_RST)) != 0;
	return p->proto != PROTO_OTHER && p->proto != PROTO_FRAGMENT;
}
