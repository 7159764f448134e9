#include "wire/frame.h"

#include <errno.h>
#include <sys/socket.h>

enum {
	ETH_HEAD_LEN = 14,
	ETH_TYPE_MIN = 0x0600,          /* below: an 802.3 frame, its length */
	VLAN_TAG_LEN = 4,
	SLL_HEAD_LEN = 16,
	SLL2_HEAD_LEN = 20,
	SLL_ADDR_LEN = 8,
	LOOP_HEAD_LEN = 4,
	ARP_HEAD_LEN = 8,
	IP4_HEAD_LEN = 20,
	IP6_HEAD_LEN = 40,
	IP4_MORE_FRAGS = 0x2000,
	IP4_OFFSET = 0x1fff,            /* in units of 8 bytes */
	UDP_HEAD_LEN = 8,
	TCP_HEAD_LEN = 20,
	IP_LEN_MAX = 65535,
};

enum ethertype_tag {
	ETHERTYPE_8021Q = 0x8100,
	ETHERTYPE_8021AD = 0x88a8,
	ETHERTYPE_QINQ_OLD = 0x9100,    /* used before 802.1ad gave a number */
};

/* IPv6 next header values that are not a payload (RFC 8200 4). */
enum ip6_ext {
	IP6_HOP_BY_HOP = 0, IP6_ROUTING = 43, IP6_FRAGMENT = 44, IP6_AH = 51,
	IP6_NO_NEXT = 59, IP6_DEST = 60,
};

/*
 * Two lengths go down through the headers together: what was captured, and
 * what the enclosing header says there was. Running out of the first is a
 * cut capture, running out of the second a wrong packet.
 */
struct cursor {
	struct rd r;
	size_t left;                    /* claimed; at least r.left */
	struct diag *diag;
};

static struct cursor
cursor_init(const void *buf, size_t len, size_t wire_len, struct diag *diag)
{
	return (struct cursor){
		.r = rd_init(buf, len),
		.left = wire_len > len ? wire_len : len,
		.diag = diag,
	};
}

static int
malformed(const struct cursor *c, const char *what)
{
	diag_set(c->diag, "%s", what);
	diag_at_offset(c->diag, NULL, c->r.at);
	return -EBADMSG;
}

/* A reader for a header of @len bytes, which are then behind us. */
static int
take_head(struct cursor *c, size_t len, const char *name, struct rd *ret)
{
	int rc = len > c->left ? -EBADMSG : len > c->r.left ? -ENODATA : 0;

	if (rc < 0) {
		diag_set(c->diag, rc == -ENODATA ?
		    "the capture ends within the %s header" :
		    "the packet is too short for its %s header", name);
		diag_at_offset(c->diag, NULL, c->r.at);
		return rc;
	}
	*ret = rd_sub(&c->r, len);
	c->left -= len;
	return 0;
}

/* What follows @len bytes is padding. @len is at most c->left. */
static void
limit(struct cursor *c, size_t len)
{
	c->left = len;
	c->r = rd_sub(&c->r, min_size(len, c->r.left));
}

static int
parse_udp(struct cursor *c, struct frame *f)
{
	struct rd r;
	size_t len;
	int rc;

	rc = take_head(c, UDP_HEAD_LEN, "UDP", &r);
	if (rc < 0)
		return rc;
	f->sport = rd_u16(&r);
	f->dport = rd_u16(&r);
	len = rd_u16(&r);
	f->udp_checksum = rd_u16(&r);
	if (len < UDP_HEAD_LEN)
		return malformed(c, "the UDP length is less than its header");
	len -= UDP_HEAD_LEN;
	if (len <= c->left)
		limit(c, len);
	else if (f->more_frags)
		c->left = len;          /* the rest is in the other fragments */
	else
		return malformed(c, "the UDP length is more than IP carries");
	f->has_l4 = true;
	return 0;
}

static int
parse_tcp(struct cursor *c, struct frame *f)
{
	struct rd r;
	size_t len;
	int rc;

	rc = take_head(c, TCP_HEAD_LEN, "TCP", &r);
	if (rc < 0)
		return rc;
	f->sport = rd_u16(&r);
	f->dport = rd_u16(&r);
	f->tcp_seq = rd_u32(&r);
	f->tcp_ack = rd_u32(&r);
	len = (size_t)(rd_u8(&r) >> 4) * 4;
	f->tcp_flags = rd_u8(&r);
	f->tcp_window = rd_u16(&r);
	if (len < TCP_HEAD_LEN)
		return malformed(c, "the TCP data offset is less than 5");
	rc = take_head(c, len - TCP_HEAD_LEN, "TCP", &r);
	if (rc < 0)
		return rc;
	f->has_l4 = true;
	return 0;
}

/* From the first byte after the IP headers. */
static int
parse_transport(struct cursor *c, struct frame *f)
{
	struct cursor before = *c;
	int rc = 0;

	if (f->frag_off == 0 && f->ip_proto == IP_PROTO_UDP)
		rc = parse_udp(c, f);
	else if (f->frag_off == 0 && f->ip_proto == IP_PROTO_TCP)
		rc = parse_tcp(c, f);
	if (rc == -EBADMSG && f->more_frags)
		*c = before;            /* judged when it is whole */
	else if (rc < 0)
		return rc;
	f->payload = c->r;
	f->payload_len = c->left;
	return 0;
}

static void
mark_ip_data(const struct cursor *c, uint8_t next, struct frame *f)
{
	f->ip_data = c->r;
	f->ip_data_len = c->left;
	f->ip_next = next;
}

static int
parse_ip4(struct cursor *c, struct frame *f)
{
	struct rd r;
	uint8_t version;
	size_t head_len;
	size_t total;
	uint16_t frag;
	int rc;

	rc = take_head(c, IP4_HEAD_LEN, "IPv4", &r);
	if (rc < 0)
		return rc;
	version = rd_u8(&r);
	head_len = (version & 0x0f) * 4u;
	f->tos = rd_u8(&r);
	total = rd_u16(&r);
	f->ip_id = rd_u16(&r);
	frag = rd_u16(&r);
	f->frag_off = (uint16_t)((frag & IP4_OFFSET) * 8);
	f->more_frags = frag & IP4_MORE_FRAGS;
	f->ttl = rd_u8(&r);
	f->ip_proto = rd_u8(&r);
	rd_skip(&r, 2);
	f->src.family = AF_INET;
	rd_copy(&r, &f->src.v4, sizeof(f->src.v4));
	f->dst.family = AF_INET;
	rd_copy(&r, &f->dst.v4, sizeof(f->dst.v4));
	f->ip_version = 4;

	if (version >> 4 != 4 || head_len < IP4_HEAD_LEN)
		return malformed(c, "no IPv4 header of at least 20 bytes");
	/*
	 * A sender's own capture shows packets before the card splits them;
	 * over 64 KiB their length cannot be written, and is 0.
	 */
	if (total == 0)
		total = IP4_HEAD_LEN + c->left;
	if (total < head_len || total - IP4_HEAD_LEN > c->left)
		return malformed(c,
		    "the IPv4 total length is not that of the packet");
	limit(c, total - IP4_HEAD_LEN);
	rc = take_head(c, head_len - IP4_HEAD_LEN, "IPv4", &r);
	if (rc < 0)
		return rc;
	mark_ip_data(c, f->ip_proto, f);
	return parse_transport(c, f);
}

static int
parse_ip6_fragment(struct cursor *c, uint8_t *next, struct frame *f)
{
	struct rd r;
	uint16_t frag;
	int rc;

	rc = take_head(c, 8, "IPv6 fragment", &r);
	if (rc < 0)
		return rc;
	*next = rd_u8(&r);
	rd_skip(&r, 1);
	frag = rd_u16(&r);
	f->frag_off = frag & 0xfff8;
	f->more_frags = frag & 1;
	f->ip_id = rd_u32(&r);
	mark_ip_data(c, *next, f);
	return 0;
}

/* One extension header that says its own length. */
static int
skip_ip6_ext(struct cursor *c, uint8_t *next)
{
	int words = rd_peek(&c->r, 1);
	struct rd r;
	size_t len = 2;
	int rc;

	if (words >= 0)
		len = *next == IP6_AH ? ((size_t)words + 2) * 4 :
		    ((size_t)words + 1) * 8;
	rc = take_head(c, len, "IPv6 extension", &r);
	if (rc < 0)
		return rc;
	*next = rd_u8(&r);
	return 0;
}

/*
 * From an extension header, or what takes its place, to the end. What has
 * been put together from fragments is not @divisible again.
 */
static int
parse_ip6_data(struct cursor *c, uint8_t next, bool divisible,
    struct frame *f)
{
	int rc;

	while (f->frag_off == 0) {
		struct cursor before = *c;

		if (next == IP6_FRAGMENT) {
			if (!divisible)
				return malformed(c,
				    "a fragment within an IPv6 fragment");
			divisible = false;
			rc = parse_ip6_fragment(c, &next, f);
		} else if (next == IP6_HOP_BY_HOP || next == IP6_ROUTING ||
		    next == IP6_DEST || next == IP6_AH) {
			rc = skip_ip6_ext(c, &next);
		} else {
			break;
		}
		if (rc == -EBADMSG && f->more_frags) {
			*c = before;    /* goes on in the next fragment */
			break;
		}
		if (rc < 0)
			return rc;
	}
	f->ip_proto = next;
	return parse_transport(c, f);
}

static int
parse_ip6(struct cursor *c, struct frame *f)
{
	struct rd r;
	uint32_t word;
	uint8_t next;
	size_t len;
	int rc;

	rc = take_head(c, IP6_HEAD_LEN, "IPv6", &r);
	if (rc < 0)
		return rc;
	word = rd_u32(&r);
	f->tos = (uint8_t)(word >> 20);
	len = rd_u16(&r);
	next = rd_u8(&r);
	f->ttl = rd_u8(&r);
	f->src.family = AF_INET6;
	rd_copy(&r, &f->src.v6, sizeof(f->src.v6));
	f->dst.family = AF_INET6;
	rd_copy(&r, &f->dst.v6, sizeof(f->dst.v6));
	f->ip_version = 6;

	if (word >> 28 != 6)
		return malformed(c, "no IPv6 header");
	/* As in IPv4; a real jumbogram (RFC 2675) looks the same. */
	if (len == 0 && next != IP6_NO_NEXT)
		len = c->left;
	if (len > c->left)
		return malformed(c,
		    "the IPv6 payload length is more than the packet");
	limit(c, len);
	mark_ip_data(c, next, f);
	return parse_ip6_data(c, next, true, f);
}

/* An ARP packet says its length; the rest of a short frame is padding. */
static void
limit_arp(struct cursor *c)
{
	int hw_len = rd_peek(&c->r, 4);
	int ip_len = rd_peek(&c->r, 5);
	size_t len;

	if (hw_len < 0 || ip_len < 0)
		return;
	len = ARP_HEAD_LEN + 2 * ((size_t)hw_len + (size_t)ip_len);
	if (len < c->left)
		limit(c, len);
}

static int
parse_network(struct cursor *c, uint16_t type, struct frame *f)
{
	struct rd r;
	int rc;

	while ((type == ETHERTYPE_8021Q || type == ETHERTYPE_8021AD ||
	    type == ETHERTYPE_QINQ_OLD) && f->n_vlans < FRAME_VLANS_MAX) {
		rc = take_head(c, VLAN_TAG_LEN, "VLAN", &r);
		if (rc < 0)
			return rc;
		f->vlan[f->n_vlans++] = rd_u16(&r) & 0x0fff;
		type = rd_u16(&r);
	}
	f->ethertype = type;
	if (type == ETHERTYPE_IP4)
		return parse_ip4(c, f);
	if (type == ETHERTYPE_IP6)
		return parse_ip6(c, f);
	if (type == ETHERTYPE_ARP4)
		limit_arp(c);
	else if (type < ETH_TYPE_MIN && type < c->left && f->has_mac_dst)
		limit(c, type);
	f->payload = c->r;
	f->payload_len = c->left;
	return 0;
}

static int
parse_ethernet(struct cursor *c, struct frame *f)
{
	struct rd r;
	int rc;

	rc = take_head(c, ETH_HEAD_LEN, "Ethernet", &r);
	if (rc < 0)
		return rc;
	f->has_mac = true;
	f->has_mac_dst = true;
	rd_copy(&r, f->mac_dst, MAC_LEN);
	rd_copy(&r, f->mac_src, MAC_LEN);
	return parse_network(c, rd_u16(&r), f);
}

/* The sender's address of a cooked frame, which has room for 8 bytes. */
static void
read_cooked_addr(struct rd *r, size_t addr_len, struct frame *f)
{
	struct rd addr = rd_sub(r, SLL_ADDR_LEN);

	if (addr_len != MAC_LEN)
		return;
	rd_copy(&addr, f->mac_src, MAC_LEN);
	f->has_mac = true;
}

static int
parse_sll(struct cursor *c, struct frame *f)
{
	struct rd r;
	size_t addr_len;
	int rc;

	rc = take_head(c, SLL_HEAD_LEN, "Linux cooked", &r);
	if (rc < 0)
		return rc;
	rd_skip(&r, 4);                 /* direction, kind of device */
	addr_len = rd_u16(&r);
	read_cooked_addr(&r, addr_len, f);
	return parse_network(c, rd_u16(&r), f);
}

static int
parse_sll2(struct cursor *c, struct frame *f)
{
	struct rd r;
	uint16_t type;
	size_t addr_len;
	int rc;

	rc = take_head(c, SLL2_HEAD_LEN, "Linux cooked", &r);
	if (rc < 0)
		return rc;
	type = rd_u16(&r);
	rd_skip(&r, 9);                 /* interface, device, direction */
	addr_len = rd_u8(&r);
	read_cooked_addr(&r, addr_len, f);
	return parse_network(c, type, f);
}

static int
parse_raw(struct cursor *c, struct frame *f)
{
	int first = rd_peek(&c->r, 0);
	struct rd r;

	if (first < 0)
		return take_head(c, 1, "IP", &r);
	if (first >> 4 != 4 && first >> 4 != 6)
		return malformed(c, "neither IPv4 nor IPv6");
	return parse_network(c,
	    first >> 4 == 4 ? ETHERTYPE_IP4 : ETHERTYPE_IP6, f);
}

/*
 * The address family is that of the machine that captured: in its byte
 * order, and for IPv6 in the number of its system.
 */
static int
parse_loopback(struct cursor *c, struct frame *f)
{
	struct rd r;
	uint32_t family;
	int rc;

	rc = take_head(c, LOOP_HEAD_LEN, "loopback", &r);
	if (rc < 0)
		return rc;
	family = rd_u32(&r);
	if (family > UINT16_MAX)
		family = family >> 24 | (family >> 8 & 0xff00);
	switch (family) {
	case 2:                         /* everywhere */
		return parse_network(c, ETHERTYPE_IP4, f);
	case 10:                        /* Linux */
	case 24:                        /* NetBSD, OpenBSD */
	case 28:                        /* FreeBSD */
	case 30:                        /* Darwin */
		return parse_network(c, ETHERTYPE_IP6, f);
	default:
		return parse_network(c, 0, f);
	}
}

int
frame_parse(int link, const void *buf, size_t len, size_t wire_len,
    struct frame *ret, struct diag *diag)
{
	struct cursor c = cursor_init(buf, len, wire_len, diag);
	struct frame f = { 0 };
	int rc;

	switch (link) {
	case LINK_ETHERNET:
		rc = parse_ethernet(&c, &f);
		break;
	case LINK_SLL:
		rc = parse_sll(&c, &f);
		break;
	case LINK_SLL2:
		rc = parse_sll2(&c, &f);
		break;
	case LINK_NULL:
	case LINK_LOOP:
		rc = parse_loopback(&c, &f);
		break;
	case LINK_RAW:
	case LINK_RAW_BSD:
	case LINK_RAW_OPENBSD:
		rc = parse_raw(&c, &f);
		break;
	case LINK_IPV4:
		rc = parse_network(&c, ETHERTYPE_IP4, &f);
		break;
	case LINK_IPV6:
		rc = parse_network(&c, ETHERTYPE_IP6, &f);
		break;
	default:
		diag_set(diag, "link type %d is not one that is read", link);
		return -ENOTSUP;
	}
	if (rc == 0)
		*ret = f;
	return rc;
}

int
frame_parse_ip(const void *buf, size_t len, size_t wire_len,
    struct frame *ret, struct diag *diag)
{
	return frame_parse(LINK_RAW, buf, len, wire_len, ret, diag);
}

bool
frame_is_fragment(const struct frame *f)
{
	return f->more_frags || f->frag_off > 0;
}

int
frame_rejoin(struct frame *f, const void *data, size_t len, struct diag *diag)
{
	struct cursor c = cursor_init(data, len, len, diag);
	struct frame whole = *f;
	int rc;

	whole.more_frags = false;
	whole.frag_off = 0;
	mark_ip_data(&c, f->ip_next, &whole);
	if (whole.ip_version == 6)
		rc = parse_ip6_data(&c, f->ip_next, false, &whole);
	else
		rc = parse_transport(&c, &whole);
	if (rc == 0)
		*f = whole;
	return rc;
}

/* The sum of RFC 1071, not yet folded to 16 bits. */
static uint32_t
inet_sum(struct rd r, uint32_t start)
{
	uint64_t sum = start;

	while (r.left > 1)
		sum += rd_u16(&r);
	if (r.left > 0)
		sum += (uint32_t)rd_u8(&r) << 8;
	while (sum > UINT32_MAX)
		sum = (sum & UINT32_MAX) + (sum >> 32);
	return (uint32_t)sum;
}

uint16_t
inet_checksum(const void *buf, size_t len, uint32_t start)
{
	uint32_t sum = inet_sum(rd_init(buf, len), start);

	while (sum > UINT16_MAX)
		sum = (sum & UINT16_MAX) + (sum >> 16);
	return (uint16_t)~sum;
}

int
frame_build_udp4(struct wr *w, const struct udp4_head *head,
    const void *payload, size_t len)
{
	size_t ip;
	size_t udp;
	uint32_t pseudo;
	uint16_t sum;

	if (len > IP_LEN_MAX - IP4_HEAD_LEN - UDP_HEAD_LEN)
		return -EMSGSIZE;
	wr_bytes(w, head->mac_dst, MAC_LEN);
	wr_bytes(w, head->mac_src, MAC_LEN);
	wr_u16(w, ETHERTYPE_IP4);

	ip = w->len;
	wr_u8(w, 4 << 4 | IP4_HEAD_LEN / 4);
	wr_u8(w, head->tos);
	wr_u16(w, (uint16_t)(IP4_HEAD_LEN + UDP_HEAD_LEN + len));
	wr_u16(w, head->ip_id);
	wr_u16(w, 0);
	wr_u8(w, head->ttl);
	wr_u8(w, IP_PROTO_UDP);
	wr_u16(w, 0);
	wr_bytes(w, &head->src, sizeof(head->src));
	wr_bytes(w, &head->dst, sizeof(head->dst));

	udp = w->len;
	wr_u16(w, head->sport);
	wr_u16(w, head->dport);
	wr_u16(w, (uint16_t)(UDP_HEAD_LEN + len));
	wr_u16(w, 0);
	wr_bytes(w, payload, len);
	if (w->full)
		return -EMSGSIZE;

	wr_set16(w, ip + 10, inet_checksum(w->buf + ip, IP4_HEAD_LEN, 0));
	if (head->no_checksum)
		return 0;
	pseudo = inet_sum(rd_init(w->buf + ip + 12, 8),
	    IP_PROTO_UDP + UDP_HEAD_LEN + (uint32_t)len);
	sum = inet_checksum(w->buf + udp, w->len - udp, pseudo);
	wr_set16(w, udp + 6, sum ? sum : 0xffff);       /* 0 means none */
	return 0;
}
