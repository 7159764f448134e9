#include "unit.h"

#include "wire/frame.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

#define BYTES(...) (const uint8_t[]){ __VA_ARGS__ }, \
    sizeof((const uint8_t[]){ __VA_ARGS__ })

#define MACS 0x52, 0x54, 0, 0, 0, 2, 0x52, 0x54, 0, 0, 0, 1
#define IP4_ADDRS 192, 0, 2, 1, 192, 0, 2, 2
#define IP6_ADDRS 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, \
    0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2
/* A DHCP port pair, 2 bytes of payload. */
#define UDP 0, 68, 0, 67, 0, 10, 0xab, 0xcd, 'h', 'i'
#define IP4_UDP 0x45, 0x10, 0, 30, 0x12, 0x34, 0, 0, 64, 17, 0, 0, \
    IP4_ADDRS, UDP
#define IP6_UDP 0x62, 0xe1, 0x23, 0x45, 0, 10, 17, 63, IP6_ADDRS, UDP
#define TCP 0, 80, 0x1f, 0x90, 1, 2, 3, 4, 5, 6, 7, 8, 0x60, 0x12, \
    0x10, 0, 0, 0, 0, 0, 2, 4, 5, 0xb4, 'b', 'y', 'e'
#define ARP 0, 1, 8, 0, 6, 4, 0, 1, 0x52, 0x54, 0, 0, 0, 1, 192, 0, 2, 1, \
    0, 0, 0, 0, 0, 0, 192, 0, 2, 2
#define PAD 0, 0, 0, 0, 0, 0, 0, 0
#define SLL_MAC 0x52, 0x54, 0, 0, 0, 1, 0, 0

static struct frame
parsed(int link, const uint8_t *buf, size_t len)
{
	struct frame f;
	struct diag d = { 0 };
	int rc = frame_parse(link, buf, len, len, &f, &d);

	ck_assert_msg(rc == 0, "got %d: %s", rc, d.text);
	return f;
}

static void
check_payload(const struct frame *f, const char *want)
{
	ck_assert_uint_eq(f->payload_len, strlen(want));
	ck_assert_uint_eq(f->payload.left, strlen(want));
	ck_assert_mem_eq(f->payload.p, want, strlen(want));
}

START_TEST(udp_over_ip4)
{
	static const uint8_t buf[] = { MACS, 8, 0, IP4_UDP };
	struct frame f = parsed(LINK_ETHERNET, buf, sizeof(buf));
	char text[IP_TEXT_MAX];

	ck_assert(f.has_mac && f.has_mac_dst);
	ck_assert_mem_eq(f.mac_dst, buf, MAC_LEN);
	ck_assert_mem_eq(f.mac_src, buf + 6, MAC_LEN);
	ck_assert_uint_eq(f.n_vlans, 0);
	ck_assert_uint_eq(f.ethertype, ETHERTYPE_IP4);
	ck_assert_int_eq(f.ip_version, 4);
	ck_assert_str_eq(ip_format(&f.src, text), "192.0.2.1");
	ck_assert_str_eq(ip_format(&f.dst, text), "192.0.2.2");
	ck_assert_uint_eq(f.ttl, 64);
	ck_assert_uint_eq(f.tos, 0x10);
	ck_assert_uint_eq(f.ip_id, 0x1234);
	ck_assert(!frame_is_fragment(&f));
	ck_assert_uint_eq(f.ip_proto, IP_PROTO_UDP);
	ck_assert(f.has_l4);
	ck_assert_uint_eq(f.sport, 68);
	ck_assert_uint_eq(f.dport, 67);
	ck_assert_uint_eq(f.udp_checksum, 0xabcd);
	check_payload(&f, "hi");
	ck_assert_uint_eq(f.payload.at, sizeof(buf) - 2);
	ck_assert_uint_eq(f.ip_data_len, 10);
	ck_assert_ptr_eq(f.ip_data.p, buf + 34);
	ck_assert_uint_eq(f.ip_next, IP_PROTO_UDP);
}
END_TEST

START_TEST(udp_over_ip6)
{
	static const uint8_t buf[] = { MACS, 0x86, 0xdd, IP6_UDP };
	struct frame f = parsed(LINK_ETHERNET, buf, sizeof(buf));
	char text[IP_TEXT_MAX];

	ck_assert_int_eq(f.ip_version, 6);
	ck_assert_str_eq(ip_format(&f.src, text), "2001:db8::1");
	ck_assert_str_eq(ip_format(&f.dst, text), "2001:db8::2");
	ck_assert_uint_eq(f.ttl, 63);
	ck_assert_uint_eq(f.tos, 0x2e);
	ck_assert(!frame_is_fragment(&f));
	ck_assert_uint_eq(f.ip_proto, IP_PROTO_UDP);
	ck_assert_uint_eq(f.dport, 67);
	check_payload(&f, "hi");
}
END_TEST

START_TEST(tcp_with_options)
{
	static const uint8_t buf[] = {
		0x45, 0, 0, 47, 0, 0, 0x40, 0, 64, 6, 0, 0, IP4_ADDRS, TCP,
	};
	struct frame f = parsed(LINK_RAW, buf, sizeof(buf));

	ck_assert(!f.has_mac && !f.has_mac_dst);
	ck_assert(f.has_l4);
	ck_assert(!frame_is_fragment(&f));      /* "don't", but not one */
	ck_assert_uint_eq(f.sport, 80);
	ck_assert_uint_eq(f.dport, 8080);
	ck_assert_uint_eq(f.tcp_seq, 0x01020304);
	ck_assert_uint_eq(f.tcp_ack, 0x05060708);
	ck_assert_uint_eq(f.tcp_flags, TCP_SYN | TCP_ACK);
	ck_assert_uint_eq(f.tcp_window, 0x1000);
	check_payload(&f, "bye");
}
END_TEST

/* The same datagram below every kind of link. */
static const struct link_row {
	const char *name;
	int link;
	const uint8_t *buf;
	size_t len;
	int ip_version;
	uint16_t ethertype;
	bool has_mac;
	size_t n_vlans;
	uint16_t vlan[FRAME_VLANS_MAX];
} links[] = {
	{ "padded ethernet", LINK_ETHERNET, BYTES(MACS, 8, 0, IP4_UDP, PAD,
	    PAD), 4, 0x800, true, 0, { 0 } },
	{ "padded ethernet, IPv6", LINK_ETHERNET, BYTES(MACS, 0x86, 0xdd,
	    IP6_UDP, 1, 2, 3, 4), 6, 0x86dd, true, 0, { 0 } },
	{ "vlan", LINK_ETHERNET, BYTES(MACS, 0x81, 0, 0xe0, 100, 8, 0,
	    IP4_UDP), 4, 0x800, true, 1, { 100 } },
	{ "service vlan", LINK_ETHERNET, BYTES(MACS, 0x88, 0xa8, 0x0f, 0xff,
	    8, 0, IP4_UDP), 4, 0x800, true, 1, { 4095 } },
	{ "802.1ad", LINK_ETHERNET, BYTES(MACS, 0x88, 0xa8, 0, 2, 0x81, 0, 0,
	    3, 0x86, 0xdd, IP6_UDP), 6, 0x86dd, true, 2, { 2, 3 } },
	{ "old QinQ", LINK_ETHERNET, BYTES(MACS, 0x91, 0, 0, 2, 0x81, 0, 0, 3,
	    8, 0, IP4_UDP), 4, 0x800, true, 2, { 2, 3 } },
	{ "cooked", LINK_SLL, BYTES(0, 4, 0, 1, 0, 6, SLL_MAC, 8, 0, IP4_UDP),
	    4, 0x800, true, 0, { 0 } },
	{ "cooked, no address", LINK_SLL, BYTES(0, 4, 0xff, 0xfe, 0, 0, PAD,
	    0x86, 0xdd, IP6_UDP), 6, 0x86dd, false, 0, { 0 } },
	{ "cooked vlan", LINK_SLL, BYTES(0, 4, 0, 1, 0, 6, SLL_MAC, 0x81, 0,
	    0, 7, 8, 0, IP4_UDP), 4, 0x800, true, 1, { 7 } },
	{ "cooked v2", LINK_SLL2, BYTES(8, 0, 0, 0, 0, 0, 0, 2, 0, 1, 4, 6,
	    SLL_MAC, IP4_UDP), 4, 0x800, true, 0, { 0 } },
	{ "cooked v2, no address", LINK_SLL2, BYTES(0x86, 0xdd, 0, 0, 0, 0, 0,
	    2, 0, 1, 4, 0, PAD, IP6_UDP), 6, 0x86dd, false, 0, { 0 } },
	{ "raw", LINK_RAW, BYTES(IP4_UDP), 4, 0x800, false, 0, { 0 } },
	{ "raw IPv6", LINK_RAW, BYTES(IP6_UDP), 6, 0x86dd, false, 0, { 0 } },
	{ "raw of BSD", LINK_RAW_BSD, BYTES(IP4_UDP), 4, 0x800, false, 0,
	    { 0 } },
	{ "raw of OpenBSD", LINK_RAW_OPENBSD, BYTES(IP6_UDP), 6, 0x86dd,
	    false, 0, { 0 } },
	{ "IPv4", LINK_IPV4, BYTES(IP4_UDP), 4, 0x800, false, 0, { 0 } },
	{ "IPv6", LINK_IPV6, BYTES(IP6_UDP), 6, 0x86dd, false, 0, { 0 } },
	{ "loopback, little-endian", LINK_NULL, BYTES(2, 0, 0, 0, IP4_UDP), 4,
	    0x800, false, 0, { 0 } },
	{ "loopback, big-endian", LINK_NULL, BYTES(0, 0, 0, 2, IP4_UDP), 4,
	    0x800, false, 0, { 0 } },
	{ "loopback of NetBSD", LINK_NULL, BYTES(24, 0, 0, 0, IP6_UDP), 6,
	    0x86dd, false, 0, { 0 } },
	{ "loopback of FreeBSD", LINK_NULL, BYTES(28, 0, 0, 0, IP6_UDP), 6,
	    0x86dd, false, 0, { 0 } },
	{ "loopback of Darwin", LINK_NULL, BYTES(0, 0, 0, 30, IP6_UDP), 6,
	    0x86dd, false, 0, { 0 } },
	{ "loopback of OpenBSD", LINK_LOOP, BYTES(0, 0, 0, 24, IP6_UDP), 6,
	    0x86dd, false, 0, { 0 } },
};

START_TEST(link_is_read)
{
	const struct link_row *row = &links[_i];
	static const uint8_t mac[MAC_LEN] = { 0x52, 0x54, 0, 0, 0, 1 };
	struct frame f = parsed(row->link, row->buf, row->len);

	ck_assert_int_eq(f.ip_version, row->ip_version);
	ck_assert_uint_eq(f.ethertype, row->ethertype);
	ck_assert(f.has_mac == row->has_mac);
	ck_assert(f.has_mac_dst == (row->link == LINK_ETHERNET));
	if (row->has_mac)
		ck_assert_mem_eq(f.mac_src, mac, MAC_LEN);
	ck_assert_uint_eq(f.n_vlans, row->n_vlans);
	for (size_t i = 0; i < row->n_vlans; i++)
		ck_assert_uint_eq(f.vlan[i], row->vlan[i]);
	ck_assert_uint_eq(f.sport, 68);
	check_payload(&f, "hi");
}
END_TEST

/*
 * Every prefix: a cut capture, where more was on the wire; a wrong packet,
 * where that was all. Once the headers are there, the payload is what is
 * left. None of the frames above has a byte of its headers to spare.
 */
START_TEST(every_prefix)
{
	const struct link_row *row = &links[_i];
	struct frame whole = parsed(row->link, row->buf, row->len);
	size_t heads = whole.payload.at;

	for (size_t n = 0; n <= row->len; n++) {
		uint8_t *copy = unit_heap(row->buf, n);
		struct frame f = { .ttl = 77 };
		int rc;

		rc = frame_parse(row->link, copy, n, row->len, &f, NULL);
		ck_assert_msg(rc == (n < heads ? -ENODATA : 0),
		    "%s cut to %zu: got %d", row->name, n, rc);
		if (rc < 0) {
			ck_assert_uint_eq(f.ttl, 77);
		} else {
			ck_assert_uint_eq(f.payload_len, 2);
			ck_assert_uint_eq(f.payload.left,
			    min_size(n - heads, 2));
		}
		rc = frame_parse(row->link, copy, n, n, &f, NULL);
		ck_assert_msg(rc == (n < heads + 2 ? -EBADMSG : 0),
		    "%s of %zu: got %d", row->name, n, rc);
		free(copy);
	}
}
END_TEST

/* Not IP: the ethertype, and all that follows but padding. */
static const struct other_row {
	const char *name;
	int link;
	const uint8_t *buf;
	size_t len;
	uint16_t ethertype;
	size_t n_vlans;
	size_t at;
	size_t payload_len;
} others[] = {
	{ "ARP", LINK_ETHERNET, BYTES(MACS, 8, 6, ARP), 0x806, 0, 14, 28 },
	{ "ARP, padded", LINK_ETHERNET, BYTES(MACS, 8, 6, ARP, PAD, PAD),
	    0x806, 0, 14, 28 },
	{ "ARP, cut", LINK_ETHERNET, BYTES(MACS, 8, 6, 0, 1, 8, 0), 0x806, 0,
	    14, 4 },
	{ "ARP of long addresses", LINK_ETHERNET, BYTES(MACS, 8, 6, 0, 1, 8,
	    0, 255, 255, PAD), 0x806, 0, 14, 14 },
	{ "802.1X", LINK_ETHERNET, BYTES(MACS, 0x88, 0x8e, PAD), 0x888e, 0,
	    14, 8 },
	{ "spanning tree", LINK_ETHERNET, BYTES(MACS, 0, 3, 0x42, 0x42, 3,
	    PAD), 3, 0, 14, 3 },
	{ "spanning tree, tagged", LINK_ETHERNET, BYTES(MACS, 0x81, 0, 0, 5,
	    0, 3, 0x42, 0x42, 3, PAD), 3, 1, 18, 3 },
	{ "802.3 of more than there is", LINK_ETHERNET, BYTES(MACS, 5, 0xdc,
	    PAD), 1500, 0, 14, 8 },
	{ "a third tag", LINK_ETHERNET, BYTES(MACS, 0x88, 0xa8, 0, 2, 0x81, 0,
	    0, 3, 0x81, 0, 0, 4, 8, 0), 0x8100, 2, 22, 4 },
	{ "nothing more", LINK_ETHERNET, BYTES(MACS, 0x12, 0x34), 0x1234, 0,
	    14, 0 },
	{ "cooked 802.2", LINK_SLL, BYTES(0, 4, 0, 1, 0, 6, SLL_MAC, 0, 4,
	    PAD), 4, 0, 16, 8 },
	{ "loopback of family 258", LINK_NULL, BYTES(2, 1, 0, 0, PAD), 0, 0,
	    4, 8 },
	{ "loopback of some family", LINK_NULL, BYTES(7, 0, 0, 0, PAD), 0, 0,
	    4, 8 },
};

START_TEST(other_than_ip)
{
	const struct other_row *row = &others[_i];
	struct frame f = parsed(row->link, row->buf, row->len);

	ck_assert_int_eq(f.ip_version, 0);
	ck_assert(!f.has_l4);
	ck_assert_uint_eq(f.ethertype, row->ethertype);
	ck_assert_uint_eq(f.n_vlans, row->n_vlans);
	ck_assert_uint_eq(f.payload.at, row->at);
	ck_assert_uint_eq(f.payload_len, row->payload_len);
	ck_assert_uint_eq(f.payload.left, row->payload_len);
}
END_TEST

/*
 * Datagrams with one thing or another, from the IP header on. `fields` is
 * "ip_proto l4 frag_off more payload_len"; none of them is cut.
 */
static const struct ip_row {
	const char *name;
	const uint8_t *buf;
	size_t len;
	int want;
	const char *fields;
} ips[] = {
	{ "IPv4 options", BYTES(0x46, 0, 0, 34, 0, 0, 0, 0, 64, 17, 0, 0,
	    IP4_ADDRS, 0x94, 4, 0, 0, UDP), 0, "17 1 0 0 2" },
	{ "IPv4 length 0", BYTES(0x45, 0, 0, 0, 0, 0, 0, 0, 64, 6, 0, 0,
	    IP4_ADDRS, TCP), 0, "6 1 0 0 3" },
	{ "IPv4 length 0 with options", BYTES(0x46, 0, 0, 0, 0, 0, 0, 0, 64,
	    6, 0, 0, IP4_ADDRS, 1, 1, 1, 1, TCP), 0, "6 1 0 0 3" },
	{ "IPv4 longer than all", BYTES(0x45, 0, 0, 31, 0, 0, 0, 0, 64, 17, 0,
	    0, IP4_ADDRS, UDP), -EBADMSG, NULL },
	{ "IPv4 shorter than its header", BYTES(0x46, 0, 0, 23, 0, 0, 0, 0,
	    64, 1, 0, 0, IP4_ADDRS, 1, 1, 1, 1), -EBADMSG, NULL },
	{ "IPv4 of header alone", BYTES(0x45, 0, 0, 20, 0, 0, 0, 0, 64, 1, 0,
	    0, IP4_ADDRS, PAD), 0, "1 0 0 0 0" },
	{ "IPv4 header of 16", BYTES(0x44, 0, 0, 30, 0, 0, 0, 0, 64, 17, 0, 0,
	    IP4_ADDRS, UDP), -EBADMSG, NULL },
	{ "version 5", BYTES(0x55, 0, 0, 30, 0, 0, 0, 0, 64, 17, 0, 0,
	    IP4_ADDRS, UDP), -EBADMSG, NULL },
	{ "ICMP", BYTES(0x45, 0, 0, 28, 0, 0, 0, 0, 64, 1, 0, 0, IP4_ADDRS,
	    PAD), 0, "1 0 0 0 8" },

	{ "UDP shorter than IP", BYTES(0x45, 0, 0, 30, 0, 0, 0, 0, 64, 17, 0,
	    0, IP4_ADDRS, 0, 1, 0, 2, 0, 9, 0, 0, 'h', 'i'), 0,
	    "17 1 0 0 1" },
	{ "UDP longer than IP", BYTES(0x45, 0, 0, 30, 0, 0, 0, 0, 64, 17, 0,
	    0, IP4_ADDRS, 0, 1, 0, 2, 0, 11, 0, 0, 'h', 'i'), -EBADMSG,
	    NULL },
	{ "UDP longer than IP, though not than the frame", BYTES(0x45, 0, 0,
	    30, 0, 0, 0, 0, 64, 17, 0, 0, IP4_ADDRS, 0, 1, 0, 2, 0, 11, 0, 0,
	    'h', 'i', 0), -EBADMSG, NULL },
	{ "UDP length 7", BYTES(0x45, 0, 0, 30, 0, 0, 0, 0, 64, 17, 0, 0,
	    IP4_ADDRS, 0, 1, 0, 2, 0, 7, 0, 0, 'h', 'i'), -EBADMSG, NULL },
	{ "UDP header past IP", BYTES(0x45, 0, 0, 27, 0, 0, 0, 0, 64, 17, 0,
	    0, IP4_ADDRS, UDP), -EBADMSG, NULL },
	{ "TCP data offset 4", BYTES(0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0,
	    IP4_ADDRS, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0,
	    0, 0, 0), -EBADMSG, NULL },
	{ "TCP options past IP", BYTES(0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0,
	    0, IP4_ADDRS, TCP), -EBADMSG, NULL },

	{ "first fragment", BYTES(0x45, 0, 0, 36, 0, 1, 0x20, 0, 64, 17, 0, 0,
	    IP4_ADDRS, 0, 1, 0, 2, 5, 0, 0, 0, PAD), 0, "17 1 0 1 1272" },
	{ "middle fragment", BYTES(0x45, 0, 0, 28, 0, 1, 0x20, 2, 64, 17, 0,
	    0, IP4_ADDRS, PAD), 0, "17 0 16 1 8" },
	{ "last fragment", BYTES(0x45, 0, 0, 23, 0, 1, 0x1f, 0xff, 64, 6, 0,
	    0, IP4_ADDRS, 1, 2, 3, PAD), 0, "6 0 65528 0 3" },
	{ "first fragment within TCP", BYTES(0x45, 0, 0, 28, 0, 1, 0x20, 0,
	    64, 6, 0, 0, IP4_ADDRS, PAD), 0, "6 0 0 1 8" },
	{ "first fragment within TCP options", BYTES(0x45, 0, 0, 40, 0, 1,
	    0x20, 0, 64, 6, 0, 0, IP4_ADDRS, 0, 80, 0, 80, 0, 0, 0, 0, 0, 0,
	    0, 0, 0x60, 2, 0, 0, 0, 0, 0, 0), 0, "6 0 0 1 20" },

	{ "IPv6 longer than all", BYTES(0x60, 0, 0, 0, 0, 11, 17, 1,
	    IP6_ADDRS, UDP), -EBADMSG, NULL },
	{ "IPv6 length 0", BYTES(0x60, 0, 0, 0, 0, 0, 6, 1, IP6_ADDRS, TCP),
	    0, "6 1 0 0 3" },
	{ "IPv6 with nothing", BYTES(0x60, 0, 0, 0, 0, 0, 59, 1, IP6_ADDRS,
	    PAD), 0, "59 0 0 0 0" },
	{ "hop by hop", BYTES(0x60, 0, 0, 0, 0, 16, 0, 1, IP6_ADDRS, 58, 0, 5,
	    2, 0, 0, 1, 0, 143, 0, 0, 0, 0, 0, 0, 0), 0, "58 0 0 0 8" },
	{ "hop by hop of 16", BYTES(0x60, 0, 0, 0, 0, 26, 0, 1, IP6_ADDRS, 17,
	    1, 1, 12, 0, 0, 0, 0, PAD, UDP), 0, "17 1 0 0 2" },
	{ "AH counts in words of 4", BYTES(0x60, 0, 0, 0, 0, 34, 51, 1,
	    IP6_ADDRS, 17, 4, 0, 0, 0, 0, 0, 1, PAD, PAD, UDP), 0,
	    "17 1 0 0 2" },
	{ "every extension header", BYTES(0x60, 0, 0, 0, 0, 66, 0, 1,
	    IP6_ADDRS, 43, 0, 1, 4, 0, 0, 0, 0, 44, 0, 0, 0, 0, 0, 0, 0, 51,
	    0, 0, 0, 0, 0, 0, 9, 60, 4, 0, 0, 0, 0, 0, 1, PAD, PAD, 17, 0, 1,
	    4, 0, 0, 0, 0, UDP), 0, "17 1 0 0 2" },
	{ "ESP hides the rest", BYTES(0x60, 0, 0, 0, 0, 8, 50, 1, IP6_ADDRS,
	    PAD), 0, "50 0 0 0 8" },
	{ "extension past the packet", BYTES(0x60, 0, 0, 0, 0, 8, 60, 1,
	    IP6_ADDRS, 17, 1, 0, 0, 0, 0, 0, 0), -EBADMSG, NULL },
	{ "extension of one byte", BYTES(0x60, 0, 0, 0, 0, 1, 60, 1,
	    IP6_ADDRS, 17), -EBADMSG, NULL },
	{ "IPv6 whole in one fragment", BYTES(0x60, 0, 0, 0, 0, 18, 44, 1,
	    IP6_ADDRS, 17, 0, 0, 0, 0, 0, 0, 9, UDP), 0, "17 1 0 0 2" },
	{ "IPv6 first fragment", BYTES(0x60, 0, 0, 0, 0, 24, 44, 1, IP6_ADDRS,
	    17, 0, 0, 1, 0, 0, 0, 9, 0, 1, 0, 2, 0, 40, 0, 0, PAD), 0,
	    "17 1 0 1 32" },
	{ "IPv6 last fragment", BYTES(0x60, 0, 0, 0, 0, 11, 44, 1, IP6_ADDRS,
	    17, 0, 1, 0, 0, 0, 0, 9, 1, 2, 3), 0, "17 0 256 0 3" },
	{ "reserved bits of a fragment", BYTES(0x60, 0, 0, 0, 0, 11, 44, 1,
	    IP6_ADDRS, 17, 255, 1, 6, 0, 0, 0, 9, 1, 2, 3), 0,
	    "17 0 256 0 3" },
	{ "later fragment of an extension header", BYTES(0x60, 0, 0, 0, 0, 16,
	    44, 1, IP6_ADDRS, 60, 0, 0, 9, 0, 0, 0, 9, PAD), 0, "60 0 8 1 8" },
	{ "first fragment within an extension header", BYTES(0x60, 0, 0, 0, 0,
	    16, 44, 1, IP6_ADDRS, 60, 0, 0, 1, 0, 0, 0, 9, 17, 1, 0, 0, 0, 0,
	    0, 0), 0, "60 0 0 1 8" },
	{ "fragment of a fragment", BYTES(0x60, 0, 0, 0, 0, 26, 44, 1,
	    IP6_ADDRS, 44, 0, 0, 0, 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, UDP),
	    -EBADMSG, NULL },
	{ "fragment header past the packet", BYTES(0x60, 0, 0, 0, 0, 7, 44, 1,
	    IP6_ADDRS, 17, 0, 0, 0, 0, 0, 0), -EBADMSG, NULL },
};

START_TEST(ip_is_read_or_refused)
{
	const struct ip_row *row = &ips[_i];
	uint8_t *copy = unit_heap(row->buf, row->len);
	struct frame f;
	char got[80];
	int rc;

	rc = frame_parse_ip(copy, row->len, row->len, &f, NULL);
	ck_assert_msg(rc == row->want, "%s: got %d", row->name, rc);
	if (rc == 0) {
		(void)snprintf(got, sizeof(got), "%u %d %u %d %zu",
		    f.ip_proto, f.has_l4, f.frag_off, f.more_frags,
		    f.payload_len);
		ck_assert_msg(strcmp(got, row->fields) == 0, "%s: got %s",
		    row->name, got);
		ck_assert(f.payload.left <= f.payload_len);
	}
	free(copy);
}
END_TEST

/* Where the payload's place is known, it is where the capture may end. */
START_TEST(ip_cut_anywhere)
{
	const struct ip_row *row = &ips[_i];
	struct frame whole;
	struct frame f;

	if (row->want < 0)
		return;
	whole = parsed(LINK_RAW, row->buf, row->len);
	for (size_t n = 0; n < row->len; n++) {
		uint8_t *copy = unit_heap(row->buf, n);
		int rc = frame_parse_ip(copy, n, row->len, &f, NULL);

		/* of a first fragment, whether layer 4 fits is to be seen */
		if (n < whole.payload.at || (rc < 0 && whole.more_frags))
			ck_assert_msg(rc == -ENODATA, "%s cut to %zu: got %d",
			    row->name, n, rc);
		else
			ck_assert_msg(rc == 0 &&
			    f.payload_len == whole.payload_len,
			    "%s cut to %zu: got %d", row->name, n, rc);
		free(copy);
	}
}
END_TEST

START_TEST(fragment_fields)
{
	static const uint8_t buf[] = { 0x60, 0, 0, 0, 0, 24, 60, 1, IP6_ADDRS,
	    44, 0, 1, 4, 0, 0, 0, 0, 43, 0, 0xff, 0xf9, 0x12, 0x34, 0x56,
	    0x78, PAD };
	struct frame f = parsed(LINK_RAW, buf, sizeof(buf));

	ck_assert(frame_is_fragment(&f));
	ck_assert_uint_eq(f.frag_off, 65528);
	ck_assert(f.more_frags);
	ck_assert_uint_eq(f.ip_id, 0x12345678);
	ck_assert_uint_eq(f.ip_next, 43);
	ck_assert_uint_eq(f.ip_data_len, 8);
	ck_assert_uint_eq(f.ip_data.at, 56);
}
END_TEST

static const struct link_error {
	int link;
	const uint8_t *buf;
	size_t len;
	size_t wire_len;
	int want;
} link_errors[] = {
	{ 147, BYTES(IP4_UDP), 0, -ENOTSUP },
	{ -1, BYTES(IP4_UDP), 0, -ENOTSUP },
	{ LINK_IPV4, BYTES(IP6_UDP), 0, -EBADMSG },
	{ LINK_IPV6, BYTES(IP4_UDP, PAD, PAD), 0, -EBADMSG },
	{ LINK_ETHERNET, BYTES(MACS, 8, 0, IP6_UDP), 0, -EBADMSG },
	{ LINK_ETHERNET, BYTES(MACS, 0x86, 0xdd, IP4_UDP, PAD, PAD), 0,
	    -EBADMSG },
	{ LINK_RAW, BYTES(0x35), 100, -EBADMSG },
	{ LINK_RAW, NULL, 0, 0, -EBADMSG },
	{ LINK_RAW, NULL, 0, 100, -ENODATA },
	/* a length on the wire that is too small is not believed */
	{ LINK_RAW, BYTES(IP4_UDP), 3, 0 },
};

START_TEST(link_errors_are_told_apart)
{
	struct frame f;
	int rc = frame_parse(link_errors[_i].link, link_errors[_i].buf,
	    link_errors[_i].len, link_errors[_i].wire_len, &f, NULL);

	ck_assert_int_eq(rc, link_errors[_i].want);
}
END_TEST

START_TEST(error_has_a_place)
{
	static const uint8_t buf[] = { MACS, 8, 0, 0x45, 0, 0, 30, 0, 0, 0, 0,
	    64, 17, 0, 0, IP4_ADDRS, 0, 1, 0, 2, 0, 7, 0, 0, 'h', 'i' };
	struct diag d = { 0 };
	struct frame f;

	ck_assert_int_eq(frame_parse(LINK_ETHERNET, buf, sizeof(buf),
	    sizeof(buf), &f, &d), -EBADMSG);
	ck_assert(d.has_offset);
	ck_assert_uint_eq(d.offset, 42);
	ck_assert_ptr_nonnull(strstr(d.text, "UDP"));
}
END_TEST

/* RFC 1071 section 3, and an odd length. */
START_TEST(checksum)
{
	static const uint8_t buf[] = { 0, 1, 0xf2, 3, 0xf4, 0xf5, 0xf6, 0xf7 };
	static const uint8_t odd[] = { 0x12, 0x34, 0x56 };

	ck_assert_uint_eq(inet_checksum(buf, sizeof(buf), 0), 0x220d);
	ck_assert_uint_eq(inet_checksum(odd, sizeof(odd), 0),
	    (uint16_t)~(0x1234 + 0x5600));
	ck_assert_uint_eq(inet_checksum(buf, sizeof(buf), 0xffffffff), 0x220d);
	ck_assert_uint_eq(inet_checksum(NULL, 0, 0), 0xffff);
}
END_TEST

static const struct udp4_head head = {
	.mac_src = { 2, 0, 0, 0, 0, 1 },
	.mac_dst = { 2, 0, 0, 0, 0, 2 },
	.sport = 68, .dport = 67, .ttl = 64, .tos = 0x10, .ip_id = 0x4321,
};

static struct udp4_head
head_from(const char *src, const char *dst)
{
	struct udp4_head h = head;

	ck_assert_int_eq(parse_ipv4(src, &h.src, NULL), 0);
	ck_assert_int_eq(parse_ipv4(dst, &h.dst, NULL), 0);
	return h;
}

/* The checksum over the pseudo-header of RFC 768 and the datagram is 0. */
static uint16_t
udp_checksum(const uint8_t *ip, size_t udp_len)
{
	uint32_t pseudo = IP_PROTO_UDP + (uint32_t)udp_len;

	for (size_t i = 12; i < 20; i += 2)
		pseudo += (uint32_t)ip[i] << 8 | ip[i + 1];
	return inet_checksum(ip + 20, udp_len, pseudo);
}

START_TEST(what_is_built_reads_back)
{
	struct udp4_head h = head_from("0.0.0.0", "255.255.255.255");
	uint8_t payload[301];
	uint8_t buf[400];
	struct frame f;

	for (size_t i = 0; i < sizeof(payload); i++)
		payload[i] = (uint8_t)(i * 7);
	for (size_t len = 0; len <= sizeof(payload); len++) {
		struct wr w = wr_init(buf, sizeof(buf));

		ck_assert_int_eq(frame_build_udp4(&w, &h, payload, len), 0);
		ck_assert_uint_eq(w.len, 42 + len);
		f = parsed(LINK_ETHERNET, buf, w.len);
		ck_assert_mem_eq(f.mac_src, h.mac_src, MAC_LEN);
		ck_assert_mem_eq(f.mac_dst, h.mac_dst, MAC_LEN);
		ck_assert_uint_eq(f.src.v4.s_addr, h.src.s_addr);
		ck_assert_uint_eq(f.dst.v4.s_addr, h.dst.s_addr);
		ck_assert_uint_eq(f.sport, 68);
		ck_assert_uint_eq(f.dport, 67);
		ck_assert_uint_eq(f.ttl, 64);
		ck_assert_uint_eq(f.tos, 0x10);
		ck_assert_uint_eq(f.ip_id, 0x4321);
		ck_assert_uint_eq(f.payload_len, len);
		ck_assert_mem_eq(f.payload.p, payload, len);
		ck_assert_uint_eq(inet_checksum(buf + 14, 20, 0), 0);
		ck_assert_uint_eq(udp_checksum(buf + 14, 8 + len), 0);
		ck_assert_uint_ne(f.udp_checksum, 0);
	}
}
END_TEST

/* A sum that comes out as 0 is sent as its other form (RFC 768). */
START_TEST(checksum_zero_is_written_as_ones)
{
	struct udp4_head h = head_from("0.0.0.0", "0.0.0.0");
	uint16_t want = (uint16_t)~(IP_PROTO_UDP + 10 + 10 + 68 + 67);
	uint8_t payload[2] = { (uint8_t)(want >> 8), (uint8_t)want };
	uint8_t buf[100];
	struct wr w = wr_init(buf, sizeof(buf));

	ck_assert_int_eq(frame_build_udp4(&w, &h, payload, 2), 0);
	ck_assert_uint_eq(parsed(LINK_ETHERNET, buf, w.len).udp_checksum,
	    0xffff);

	h.no_checksum = true;
	w = wr_init(buf, sizeof(buf));
	ck_assert_int_eq(frame_build_udp4(&w, &h, payload, 2), 0);
	ck_assert_uint_eq(parsed(LINK_ETHERNET, buf, w.len).udp_checksum, 0);
}
END_TEST

START_TEST(build_has_limits)
{
	struct udp4_head h = head_from("192.0.2.1", "192.0.2.2");
	const size_t max = 65535 - 28;
	uint8_t *payload = calloc(1, max + 1);
	uint8_t *buf = malloc(max + 43);
	struct wr w = wr_init(buf, max + 43);

	ck_assert(payload && buf);
	ck_assert_int_eq(frame_build_udp4(&w, &h, payload, max), 0);
	ck_assert_uint_eq(parsed(LINK_ETHERNET, buf, w.len).payload_len, max);
	w = wr_init(buf, max + 43);
	ck_assert_int_eq(frame_build_udp4(&w, &h, payload, max + 1),
	    -EMSGSIZE);
	for (size_t cap = 0; cap < 44; cap++) {
		w = wr_init(buf, cap);
		ck_assert_int_eq(frame_build_udp4(&w, &h, payload, 2),
		    -EMSGSIZE);
	}
	w = wr_init(buf, 44);
	ck_assert_int_eq(frame_build_udp4(&w, &h, payload, 2), 0);
	free(buf);
	free(payload);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("frame");
	TCase *tc = tcase_create("frame");

	tcase_add_test(tc, udp_over_ip4);
	tcase_add_test(tc, udp_over_ip6);
	tcase_add_test(tc, tcp_with_options);
	tcase_add_loop_test(tc, link_is_read, 0, ARRAY_LEN(links));
	tcase_add_loop_test(tc, every_prefix, 0, ARRAY_LEN(links));
	tcase_add_loop_test(tc, other_than_ip, 0, ARRAY_LEN(others));
	tcase_add_loop_test(tc, ip_is_read_or_refused, 0, ARRAY_LEN(ips));
	tcase_add_loop_test(tc, ip_cut_anywhere, 0, ARRAY_LEN(ips));
	tcase_add_test(tc, fragment_fields);
	tcase_add_loop_test(tc, link_errors_are_told_apart, 0,
	    ARRAY_LEN(link_errors));
	tcase_add_test(tc, error_has_a_place);
	tcase_add_test(tc, checksum);
	tcase_add_test(tc, what_is_built_reads_back);
	tcase_add_test(tc, checksum_zero_is_written_as_ones);
	tcase_add_test(tc, build_has_limits);
	suite_add_tcase(s, tc);
	return s;
}
