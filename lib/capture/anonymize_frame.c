/*
 * Where in a frame there is something to change.
 */
#include "capture/anonymize_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	ETHER_HEAD = 14, VLAN_LEN = 4, SLL_HEAD = 16, SLL2_HEAD = 20,
	NULL_HEAD = 4, IP6_HEAD = 40,
	BPDU_AT = 17,                   /* after 802.3 and LLC */
	LACP_ACTOR = 6, LACP_PARTNER = 26,      /* their systems, after 802.3 */
	TLS_PORT = 443, TLS_RECORD_HEAD = 5,
	QUOTE_DEPTH_MAX = 2,
};

/* Where the network layer begins. */
static size_t
link_len(int link, const struct frame *f)
{
	switch (link) {
	case LINK_ETHERNET:
		return ETHER_HEAD + VLAN_LEN * f->n_vlans;
	case LINK_SLL:
		return SLL_HEAD;
	case LINK_SLL2:
		return SLL2_HEAD;
	case LINK_NULL:
	case LINK_LOOP:
		return NULL_HEAD;
	default:
		return 0;
	}
}

static void
change_link(const struct anonymize *a, int link, struct span s)
{
	if (link == LINK_ETHERNET) {
		change_mac(a, s, 0);
		change_mac(a, s, MAC_LEN);
	} else if (link == LINK_SLL) {
		change_mac(a, s, 6);
	} else if (link == LINK_SLL2) {
		change_mac(a, s, 12);
	}
}

static void
blank(struct span s)
{
	if (s.n > 0)
		memset(s.p, 0, s.n);
}

static void
put16(struct span s, size_t at, uint16_t v)
{
	struct span to = span_at(s, at, 2);

	if (to.n == 0)
		return;
	to.p[0] = (uint8_t)(v >> 8);
	to.p[1] = (uint8_t)v;
}

static uint16_t
get16(struct span s, size_t at)
{
	struct span from = span_at(s, at, 2);

	return from.n ? (uint16_t)(from.p[0] << 8 | from.p[1]) : 0;
}

/* ------------------------------------------------------------ payloads */

/* Names come first in each record of a message; all questions, then answers. */
static void
change_dns(const struct anonymize *a, struct span s)
{
	size_t n_questions = get16(s, 4);
	size_t n_records = (size_t)get16(s, 6) + get16(s, 8) + get16(s, 10);
	size_t at = DNS_HEAD_LEN;

	for (; n_questions > 0 && at < s.n; n_questions--)
		at = change_labels(a, s, at) + 4;
	for (; n_records > 0 && at < s.n; n_records--) {
		uint16_t type;
		size_t len;

		at = change_labels(a, s, at);
		type = get16(s, at);
		len = get16(s, at + 8);
		at += 10;
		switch (type) {
		case DNS_A:
			change_ip4(a, span_at(s, at, len), 0);
			break;
		case DNS_AAAA:
			change_ip6(a, span_at(s, at, len), 0);
			break;
		case DNS_NS:
		case DNS_CNAME:
		case DNS_PTR:
			(void)change_labels(a, span_at(s, 0, at + len), at);
			break;
		case DNS_SRV:
			(void)change_labels(a, span_at(s, 0, at + len), at + 6);
			break;
		case DNS_SOA:
			(void)change_labels(a, span_at(s, 0, at + len),
			    change_labels(a, span_at(s, 0, at + len), at));
			break;
		case 41:                /* EDNS: no name, no address */
			break;
		default:
			blank(span_at(s, at, len));
			break;
		}
		at += len;
	}
}

/* The server's name in a hello; certificates, which are full of names. */
static void
change_tls(const struct anonymize *a, const struct packet *p, struct span s)
{
	static const char before[] = "server name ";
	const char *name = p->has_opening ? strstr(p->opening.text, before) :
	    NULL;
	size_t len;
	uint8_t *at;

	if (!name) {
		/* 23: what follows is ciphertext */
		if (s.n > 0 && s.p[0] != 23 && !(p->has_opening &&
		    p->opening.is_error))
			blank(span_from(s, TLS_RECORD_HEAD + (p->has_opening ?
			    get16(s, 3) : 1u)));
		return;
	}
	name += strlen(before);
	len = strlen(name);
	at = len > 0 ? memmem(s.p, s.n, name, len) : NULL;
	if (at)
		anonymize_name(a, at, len);
}

static void
change_payload(const struct anonymize *a, const struct packet *p,
    struct span s)
{
	bool is_tls = p->proto == PROTO_TCP && (p->frame.sport == TLS_PORT ||
	    p->frame.dport == TLS_PORT || (p->has_opening &&
	    p->opening.kind == OPENING_TLS));

	if (s.n == 0)
		return;
	switch (p->proto) {
	case PROTO_DHCP4:
		change_dhcp4(a, s, p->has_message ? p->dhcp4.overload : 0);
		break;
	case PROTO_DHCP6:
		change_dhcp6(a, s);
		break;
	case PROTO_DNS:
		change_dns(a, s);
		break;
	case PROTO_TCP:
		if (is_tls)
			change_tls(a, p, s);
		else
			anonymize_text(a, s.p, s.n);
		break;
	case PROTO_TFTP:
	case PROTO_HTTP:
	case PROTO_FRAGMENT:
		anonymize_text(a, s.p, s.n);
		break;
	default:
		blank(s);
		break;
	}
}

/* ------------------------------------------------------ network layer */

static void
change_ip_head(const struct anonymize *a, struct span ip)
{
	size_t len;

	if (ip.n == 0)
		return;
	if (ip.p[0] >> 4 == 6) {
		change_ip6(a, ip, 8);
		change_ip6(a, ip, 24);
		return;
	}
	len = (size_t)(ip.p[0] & 15) * 4;
	change_ip4(a, ip, 12);
	change_ip4(a, ip, 16);
	if (span_at(ip, 0, len).n > 0) {
		put16(ip, 10, 0);
		put16(ip, 10, inet_checksum(ip.p, len, 0));
	}
}

/* A packet that an error quotes: its addresses, and no more of it. */
static void
change_quoted(const struct anonymize *a, struct span ip)
{
	size_t len;

	if (ip.n == 0)
		return;
	change_ip_head(a, ip);
	len = ip.p[0] >> 4 == 6 ? IP6_HEAD : (size_t)(ip.p[0] & 15) * 4;
	/* 8 bytes of it have the ports */
	blank(span_from(ip, len + 8));
}

/* Neighbor discovery's options (RFC 4861 4.6, RFC 8106 5.1). */
static void
change_nd_options(const struct anonymize *a, struct span s, size_t at)
{
	while (at + 2 <= s.n && s.p[at + 1] > 0) {
		size_t len = 8 * (size_t)s.p[at + 1];
		struct span o = span_at(s, at, len);

		if (o.n == 0)
			return;
		if (o.p[0] == 1 || o.p[0] == 2)
			change_mac(a, o, 2);
		else if (o.p[0] == 3)
			change_ip6(a, o, 16);
		else if (o.p[0] == 25)
			for (size_t i = 8; i < len; i += 16)
				change_ip6(a, o, i);
		else if (o.p[0] != 5)   /* the MTU says nothing */
			blank(span_from(o, 2));
		at += len;
	}
}

static void
change_icmp6(const struct anonymize *a, struct span s)
{
	uint8_t type = s.n > 0 ? s.p[0] : 0;
	size_t at = 8;

	switch (type) {
	case ICMP6_UNREACHABLE:
	case ICMP6_TOO_BIG:
	case ICMP6_TIME_EXCEEDED:
	case ICMP6_PARAMETER:
		change_quoted(a, span_from(s, 8));
		break;
	case ICMP6_ROUTER_SOLICIT:
		change_nd_options(a, s, 8);
		break;
	case ICMP6_ROUTER_ADVERT:
		change_nd_options(a, s, 16);
		break;
	case ICMP6_NEIGHBOR_SOLICIT:
	case ICMP6_NEIGHBOR_ADVERT:
		change_ip6(a, s, 8);
		change_nd_options(a, s, 24);
		break;
	case 130: case 131: case 132:   /* RFC 2710: listeners */
		change_ip6(a, s, 8);
		break;
	case 143:                       /* RFC 3810 5.2 */
		while (at + 20 <= s.n) {
			size_t n = get16(s, at + 2);

			change_ip6(a, s, at + 4);
			for (at += 20; n > 0 && at < s.n; n--, at += 16)
				change_ip6(a, s, at);
		}
		break;
	default:
		blank(span_from(s, 8));
		break;
	}
}

static void
change_icmp4(const struct anonymize *a, struct span s)
{
	uint8_t type = s.n > 0 ? s.p[0] : 0;

	if (type == ICMP4_REDIRECT)
		change_ip4(a, s, 4);
	if (type == ICMP4_UNREACHABLE || type == ICMP4_REDIRECT ||
	    type == ICMP4_TIME_EXCEEDED || type == ICMP4_PARAMETER)
		change_quoted(a, span_from(s, 8));
	else
		blank(span_from(s, 8));
}

/* The sum over addresses, protocol and length that transports begin with. */
static uint32_t
pseudo_sum(struct span ip, uint8_t proto, size_t len)
{
	bool is6 = ip.p[0] >> 4 == 6;
	size_t from = is6 ? 8 : 12;
	size_t to = is6 ? IP6_HEAD : 20;
	uint32_t sum = (uint32_t)(proto + len);

	for (size_t at = from; at < to; at += 2)
		sum += get16(ip, at);
	return sum;
}

/*
 * @s is all of a transport's packet. A UDP checksum that is not there stays
 * so, and so does one that cannot be right: the capture cut the packet.
 */
static void
fix_checksum(struct span ip, uint8_t proto, struct span s, bool is_cut)
{
	size_t at = proto == IP_PROTO_UDP ? 6 : proto == IP_PROTO_TCP ? 16 : 2;
	uint32_t sum = proto == IP_PROTO_ICMP ? 0 :
	    pseudo_sum(ip, proto, s.n);
	uint16_t value;

	if (span_at(s, at, 2).n == 0 || is_cut ||
	    (proto == IP_PROTO_UDP && get16(s, at) == 0))
		return;
	put16(s, at, 0);
	value = inet_checksum(s.p, s.n, sum);
	put16(s, at, value || proto != IP_PROTO_UDP ? value : 0xffff);
}

static void
change_network(const struct anonymize *a, const struct packet *p,
    const struct frame *f, struct span ip, size_t at)
{
	/* Where the cursor stands is where it stands in the copy. */
	struct span payload = span_at(ip, f->payload.at - at, f->payload.left);
	size_t transport = f->ip_proto == IP_PROTO_UDP ? 8 :
	    f->ip_proto == IP_PROTO_TCP ? 20 : 0;
	bool is_fragment = f->frag_off > 0 || f->more_frags;
	struct span whole;

	change_ip_head(a, ip);
	if (f->ip_proto == IP_PROTO_ICMP)
		change_icmp4(a, payload);
	else if (f->ip_proto == IP_PROTO_ICMP6)
		change_icmp6(a, payload);
	else if (is_fragment && !f->has_l4)
		anonymize_text(a, payload.p, payload.n);
	else
		change_payload(a, p, payload);
	if (f->has_l4 && f->ip_proto == IP_PROTO_TCP)
		transport = f->payload.at - f->ip_data.at;
	whole = span_at(ip, f->payload.at - at - transport,
	    transport + f->payload.left);
	/* Of a fragment it would be the sum over all of them: better none. */
	if (is_fragment && f->ip_proto == IP_PROTO_UDP && f->has_l4)
		put16(whole, 6, 0);
	else if (f->has_l4 || transport == 0)
		fix_checksum(ip, f->ip_proto, whole, is_fragment ||
		    f->payload.left < f->payload_len);
}

static void
change_other(const struct anonymize *a, const struct packet *p,
    struct span s, size_t at)
{
	struct span body = span_from(s, at);

	switch (p->proto) {
	case PROTO_ARP:
		change_mac(a, body, 8);
		change_ip4(a, body, 14);
		change_mac(a, body, 18);
		change_ip4(a, body, 24);
		break;
	case PROTO_STP:                 /* root and bridge: priority, MAC */
		change_mac(a, s, BPDU_AT + 7);
		change_mac(a, s, BPDU_AT + 19);
		break;
	case PROTO_LACP:
		change_mac(a, body, LACP_ACTOR);
		change_mac(a, body, LACP_PARTNER);
		break;
	default:
		blank(body);
		break;
	}
}

int
anonymize_frame(struct anonymize *a, int link,
    const struct capture_frame *f, const struct packet *p,
    struct capture_frame *ret)
{
	struct frame head;
	struct span all;
	size_t at;

	if (f->len > a->cap) {
		uint8_t *copy = realloc(a->copy, f->len);

		if (!copy)
			return -ENOMEM;
		a->copy = copy;
		a->cap = f->len;
	}
	if (f->len > 0)
		memcpy(a->copy, f->buf, f->len);
	all = (struct span){ a->copy, f->len };
	*ret = *f;
	ret->buf = a->copy;
	change_link(a, link, all);
	/* The packet may be of several frames; this is about the one. */
	if (frame_parse(link, f->buf, f->len, f->wire_len, &head, NULL) < 0) {
		blank(span_from(all, link == LINK_ETHERNET ? ETHER_HEAD : 0));
		return 0;
	}
	at = link_len(link, &head);
	if (head.ip_version)
		change_network(a, p, &head, span_from(all, at), at);
	else
		change_other(a, p, all, at);
	return 0;
}
