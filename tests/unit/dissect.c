/* What one frame does not tell: flows, heads in pieces, cut captures. */
#include "unit.h"

#include "capture/dissect.h"
#include "capture/stream.h"
#include "capture/tftp_flow.h"

#include <arpa/inet.h>

enum { FRAME_MAX = 2048, TCP_HEAD_LEN = 20, ETH_IP_LEN = 34 };

static const char client_ip[] = "10.77.0.50";
static const char server_ip[] = "10.77.0.1";

/* One datagram or segment: `up` is from the client. */
struct say {
	bool up;
	uint16_t client;
	uint16_t server;
	const char *bytes;
	size_t len;
};

#define BYTES(s) (s), sizeof(s) - 1

static struct udp4_head
head_of(const struct say *s)
{
	struct udp4_head h = { .ttl = 64 };

	h.sport = s->up ? s->client : s->server;
	h.dport = s->up ? s->server : s->client;
	(void)inet_pton(AF_INET, s->up ? client_ip : server_ip, &h.src);
	(void)inet_pton(AF_INET, s->up ? server_ip : client_ip, &h.dst);
	return h;
}

static size_t
build_udp(uint8_t buf[FRAME_MAX], const struct say *s)
{
	struct udp4_head h = head_of(s);
	struct wr w = wr_init(buf, FRAME_MAX);

	ck_assert_int_eq(frame_build_udp4(&w, &h, s->bytes, s->len), 0);
	return w.len;
}

/* A UDP frame whose head is then made TCP's. */
static size_t
build_tcp(uint8_t buf[FRAME_MAX], const struct say *s, uint32_t seq,
    uint8_t flags)
{
	struct udp4_head h = head_of(s);
	uint8_t segment[FRAME_MAX];
	struct wr w = wr_init(segment, sizeof(segment));
	struct wr out = wr_init(buf, FRAME_MAX);

	wr_u16(&w, h.sport);
	wr_u16(&w, h.dport);
	wr_u32(&w, seq);
	wr_u32(&w, 1);
	wr_u8(&w, 0x50);
	wr_u8(&w, flags);
	wr_zero(&w, 6);
	wr_bytes(&w, s->bytes, s->len);
	ck_assert(!w.full && w.len >= 8);
	ck_assert_int_eq(frame_build_udp4(&out, &h, segment + 8, w.len - 8), 0);
	buf[23] = IP_PROTO_TCP;
	memcpy(buf + ETH_IP_LEN, segment, 8);
	return out.len;
}

/* The frame in an exact-size copy, cut to @len bytes of @wire_len. */
struct taken {
	uint8_t *copy;
	struct packet p;
};

static void
take(struct dissector *d, const uint8_t *buf, size_t len, size_t wire_len,
    struct taken *ret)
{
	struct capture_frame f = { .number = 1, .len = len,
	    .wire_len = wire_len };

	ret->copy = unit_heap(buf, len);
	f.buf = ret->copy;
	ck_assert_int_eq(dissect(d, &f, &ret->p), 0);
}

static void
put_back(struct taken *t)
{
	packet_release(&t->p);
	free(t->copy);
}

static enum packet_proto
proto_of(struct dissector *d, const struct say *s)
{
	uint8_t buf[FRAME_MAX];
	size_t len = build_udp(buf, s);
	enum packet_proto proto;
	struct taken t;

	take(d, buf, len, len, &t);
	proto = t.p.proto;
	ck_assert_msg(t.p.state == PACKET_WHOLE, "%s", t.p.diag.text);
	put_back(&t);
	return proto;
}

#define RRQ BYTES("\0\1f\0octet\0")
#define OACK BYTES("\0\6blksize\0001428\0")
#define DATA(n) BYTES("\0\3\0" n "data")
#define ACK(n) BYTES("\0\4\0" n)

static const struct udp_row {
	const char *name;
	struct say say[4];              /* `len` 0 ends them */
	enum packet_proto want[4];
} udp_rows[] = {
	{ "a transfer from its request on",
	    { { true, 2000, 69, RRQ }, { false, 2000, 3000, DATA("\1") },
	      { true, 2000, 3000, ACK("\1") } },
	    { PROTO_TFTP, PROTO_TFTP, PROTO_TFTP } },
	{ "a port on which another request came is another transfer",
	    { { true, 2000, 69, RRQ }, { false, 2001, 3000, DATA("\1") } },
	    { PROTO_TFTP, PROTO_OTHER } },
	{ "a server that answers from port 69",
	    { { true, 2000, 69, RRQ }, { false, 2000, 69, BYTES("\0\5\0\4no") } },
	    { PROTO_TFTP, PROTO_TFTP } },
	{ "the client's port in other use",
	    { { true, 2000, 69, RRQ }, { true, 2000, 9, BYTES("\1\0hello") } },
	    { PROTO_TFTP, PROTO_OTHER } },
	{ "an OACK shows the transfer",
	    { { false, 2000, 3000, OACK }, { true, 2000, 3000, ACK("\0") } },
	    { PROTO_TFTP, PROTO_TFTP } },
	{ "an OACK of no option that we know does not",
	    { { false, 2000, 3000, BYTES("\0\6a\0" "1\0") },
	      { true, 2000, 3000, ACK("\0") } },
	    { PROTO_OTHER, PROTO_OTHER } },
	{ "an ACK that answers DATA",
	    { { false, 2000, 3000, DATA("\7") }, { true, 2000, 3000, ACK("\7") },
	      { false, 2000, 3000, DATA("\x8") } },
	    { PROTO_OTHER, PROTO_TFTP, PROTO_TFTP } },
	{ "DATA that answers an ACK",
	    { { true, 2000, 3000, ACK("\7") },
	      { false, 2000, 3000, DATA("\x8") } },
	    { PROTO_OTHER, PROTO_TFTP } },
	{ "an ACK of another block answers nothing",
	    { { false, 2000, 3000, DATA("\7") }, { true, 2000, 3000, ACK("\x8") },
	      { false, 2000, 3000, DATA("\x8") } },
	    { PROTO_OTHER, PROTO_OTHER, PROTO_OTHER } },
	{ "an ACK of more than four bytes is none",
	    { { false, 2000, 3000, DATA("\7") },
	      { true, 2000, 3000, BYTES("\0\4\0\7+") } },
	    { PROTO_OTHER, PROTO_OTHER } },
	{ "twice the same direction is no answer",
	    { { true, 2000, 3000, DATA("\7") }, { true, 2000, 3000, ACK("\7") } },
	    { PROTO_OTHER, PROTO_OTHER } },
	{ "a request to another port",
	    { { true, 2000, 6969, RRQ }, { false, 2000, 3000, DATA("\1") } },
	    { PROTO_TFTP, PROTO_TFTP } },
	{ "a request of no mode there is",
	    { { true, 2000, 6969, BYTES("\0\1a\0b\0") } }, { PROTO_OTHER } },
	{ "an ERROR alone may be anything",
	    { { false, 2000, 3000, BYTES("\0\5\0\1no\0") } }, { PROTO_OTHER } },
	{ "4011 is anybody's port",
	    { { true, 4011, 9999, BYTES("hello") } }, { PROTO_OTHER } },
	{ "but not to a transfer",
	    { { true, 4011, 69, RRQ }, { false, 4011, 3000, DATA("\1") } },
	    { PROTO_TFTP, PROTO_TFTP } },
};

START_TEST(udp_flows)
{
	const struct udp_row *row = &udp_rows[_i];
	struct dissector *d = dissector_new(LINK_ETHERNET);

	ck_assert_ptr_nonnull(d);
	for (size_t i = 0; i < ARRAY_LEN(row->say) && row->say[i].len; i++) {
		enum packet_proto got = proto_of(d, &row->say[i]);

		ck_assert_msg(got == row->want[i], "%s: packet %zu is %s",
		    row->name, i, packet_proto_name(got));
	}
	dissector_free(d);
}
END_TEST

START_TEST(flows_give_way_to_newer)
{
	struct tftp_flows *t = tftp_flows_new();
	struct frame f = { .ip_version = 4, .has_l4 = true };

	ck_assert_ptr_nonnull(t);
	f.src.family = f.dst.family = AF_INET;
	for (uint32_t i = 0; i < 4 * TFTP_FLOWS_MAX; i++) {
		f.src.v4.s_addr = htonl(0x0a000000 + i);
		f.sport = (uint16_t)(1024 + i % 50000);
		tftp_flow_add(t, &f.src, f.sport);
		ck_assert(tftp_flow_known(t, &f));
	}
	f.src.v4.s_addr = htonl(0x0a000000);
	f.sport = 1024;
	ck_assert(!tftp_flow_known(t, &f));
	tftp_flows_free(t);
}
END_TEST

static const char head[] = "GET /boot.ipxe HTTP/1.1\r\nHost: boot\r\n\r\n";

/* Return: the state; PROTO_HTTP is demanded unless it is plain TCP. */
static enum packet_state
say_tcp(struct dissector *d, uint16_t port, uint32_t seq, const char *bytes,
    size_t len, enum packet_proto want)
{
	struct say s = { true, port, 80, bytes, len };
	uint8_t buf[FRAME_MAX];
	size_t n = build_tcp(buf, &s, seq, TCP_ACK);
	enum packet_state state;
	struct taken t;

	take(d, buf, n, n, &t);
	state = t.p.state;
	ck_assert_msg(t.p.proto == want, "%zu bytes at %u are %s", len, seq,
	    packet_proto_name(t.p.proto));
	if (want == PROTO_HTTP && state == PACKET_WHOLE) {
		ck_assert(t.p.has_message);
		ck_assert_uint_eq(t.p.http.target.len, 10);
		ck_assert_int_eq(memcmp(t.p.http.target.p, "/boot.ipxe", 10), 0);
		ck_assert_uint_eq(t.p.http.n_fields, 1);
	}
	put_back(&t);
	return state;
}

/* Every place to split a head at, the sequence number wrapping on the way. */
START_TEST(head_in_two_segments)
{
	struct dissector *d = dissector_new(LINK_ETHERNET);
	size_t len = sizeof(head) - 1;

	for (size_t at = 4; at < len; at++) {
		uint32_t seq = (uint32_t)-10;

		ck_assert_int_eq(say_tcp(d, 2000, seq, head, at, PROTO_HTTP),
		    PACKET_CONTINUED);
		ck_assert_int_eq(say_tcp(d, 2000, seq + (uint32_t)at, head + at,
		    len - at, PROTO_HTTP), PACKET_WHOLE);
	}
	dissector_free(d);
}
END_TEST

START_TEST(head_byte_by_byte)
{
	struct dissector *d = dissector_new(LINK_ETHERNET);
	size_t len = sizeof(head) - 1;

	(void)say_tcp(d, 2000, 0, head, 4, PROTO_HTTP);
	for (size_t at = 4; at < len; at++)
		ck_assert_int_eq(say_tcp(d, 2000, (uint32_t)at, head + at, 1,
		    PROTO_HTTP), at + 1 == len ? PACKET_WHOLE :
		    PACKET_CONTINUED);
	/* It has ended: the same bytes again begin nothing. */
	(void)say_tcp(d, 2000, (uint32_t)len - 1, "\n", 1, PROTO_TCP);
	dissector_free(d);
}
END_TEST

START_TEST(head_with_a_gap_is_given_up)
{
	struct dissector *d = dissector_new(LINK_ETHERNET);

	(void)say_tcp(d, 2000, 0, head, 20, PROTO_HTTP);
	(void)say_tcp(d, 2000, 21, head + 21, 5, PROTO_TCP);
	(void)say_tcp(d, 2000, 20, head + 20, sizeof(head) - 21, PROTO_TCP);
	/* An ACK without data is no gap. */
	(void)say_tcp(d, 2000, 0, head, 20, PROTO_HTTP);
	(void)say_tcp(d, 2000, 20, "", 0, PROTO_TCP);
	ck_assert_int_eq(say_tcp(d, 2000, 20, head + 20, sizeof(head) - 21,
	    PROTO_HTTP), PACKET_WHOLE);
	dissector_free(d);
}
END_TEST

START_TEST(unfinished_heads_have_a_ceiling)
{
	struct dissector *d = dissector_new(LINK_ETHERNET);
	size_t len = sizeof(head) - 1;

	for (unsigned int i = 0; i <= STREAMS_MAX; i++)
		(void)say_tcp(d, (uint16_t)(2000 + i), 0, head, 20, PROTO_HTTP);
	(void)say_tcp(d, 2000, 20, head + 20, len - 20, PROTO_TCP);
	for (unsigned int i = 1; i <= STREAMS_MAX; i++)
		(void)say_tcp(d, (uint16_t)(2000 + i), 20, head + 20, len - 20,
		    PROTO_HTTP);
	dissector_free(d);
}
END_TEST

START_TEST(head_without_end_has_a_ceiling)
{
	struct dissector *d = dissector_new(LINK_ETHERNET);
	char line[1024];
	uint32_t seq = 5;
	size_t n = 0;

	memset(line, 'a', sizeof(line));
	(void)say_tcp(d, 2000, 0, head, 5, PROTO_HTTP);
	for (; n + sizeof(line) + 5 <= STREAM_HEAD_MAX; n += sizeof(line)) {
		(void)say_tcp(d, 2000, seq, line, sizeof(line), PROTO_HTTP);
		seq += sizeof(line);
	}
	(void)say_tcp(d, 2000, seq, line, sizeof(line), PROTO_TCP);
	dissector_free(d);
}
END_TEST

static const struct tcp_row {
	const char *name;
	const char *bytes;
	uint16_t port;
	enum packet_proto want;
	enum packet_state state;
} tcp_rows[] = {
	{ "a request elsewhere", "GET / HTTP/1.1\r\n\r\n", 4321, PROTO_HTTP,
	    PACKET_WHOLE },
	{ "an answer", "HTTP/1.1 200 OK\r\n\r\n", 4321, PROTO_HTTP,
	    PACKET_WHOLE },
	{ "text that begins like a request", "GET READY\n\n", 80, PROTO_TCP,
	    PACKET_WHOLE },
	{ "text that begins like an answer", "HTTP/1.x is\n\n", 4321,
	    PROTO_TCP, PACKET_WHOLE },
	{ "the same where HTTP is spoken", "HTTP/1.x is\n\n", 80, PROTO_HTTP,
	    PACKET_MALFORMED },
	{ "a bad field", "GET / HTTP/1.1\r\nbad\r\n\r\n", 8080, PROTO_HTTP,
	    PACKET_MALFORMED },
	{ "bytes", "GET \xff\xfe", 80, PROTO_TCP, PACKET_WHOLE },
	{ "nothing", "", 80, PROTO_TCP, PACKET_WHOLE },
};

START_TEST(tcp_contents)
{
	const struct tcp_row *row = &tcp_rows[_i];
	struct dissector *d = dissector_new(LINK_ETHERNET);
	struct say s = { true, 2000, row->port, row->bytes,
	    strlen(row->bytes) };
	uint8_t buf[FRAME_MAX];
	size_t len = build_tcp(buf, &s, 1, TCP_ACK);
	struct taken t;

	take(d, buf, len, len, &t);
	ck_assert_msg(t.p.proto == row->want && t.p.state == row->state,
	    "%s: %s, %s", row->name, packet_proto_name(t.p.proto),
	    packet_state_name(t.p.state));
	put_back(&t);
	dissector_free(d);
}
END_TEST

START_TEST(pipelined_requests_are_counted)
{
	static const char three[] = "GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n"
	    "\r\nHEAD /c HTTP/1.1\r\n\r\nGET /d";
	struct dissector *d = dissector_new(LINK_ETHERNET);
	struct say s = { true, 2000, 80, BYTES(three) };
	uint8_t buf[FRAME_MAX];
	size_t len = build_tcp(buf, &s, 1, TCP_ACK);
	struct taken t;

	take(d, buf, len, len, &t);
	ck_assert_uint_eq(t.p.n_pipelined, 2);
	put_back(&t);
	dissector_free(d);
}
END_TEST

/* Good packets; whatever a capture cuts off them, they stay good. */
static const struct cut_row {
	const char *name;
	bool is_tcp;
	struct say say;
	enum packet_proto proto;
	bool data;                      /* what is cut off is not decoded */
} cut_rows[] = {
	{ "RRQ", false, { true, 2000, 69, RRQ }, PROTO_TFTP, false },
	{ "DATA", false, { true, 2000, 69, DATA("\1") }, PROTO_TFTP, true },
	{ "ERROR", false, { true, 2000, 69, BYTES("\0\5\0\1none\0") },
	    PROTO_TFTP, false },
	{ "DNS", false, { true, 2000, 53,
	    BYTES("\0\1\1\0\0\1\0\0\0\0\0\0\4boot\0\0\1\0\1") }, PROTO_DNS,
	    false },
	{ "DHCPv6", false, { true, 546, 547,
	    BYTES("\1\1\2\3\0\10\0\2\0\0\0\6\0\4\0\73\0\74") }, PROTO_DHCP6,
	    false },
	{ "HTTP", true, { true, 2000, 80, BYTES(head) }, PROTO_HTTP, false },
	{ "data", true, { true, 2000, 80, BYTES("data") }, PROTO_TCP, true },
};

START_TEST(cut_is_truncated_not_malformed)
{
	const struct cut_row *row = &cut_rows[_i];
	uint8_t buf[FRAME_MAX];
	size_t len = row->is_tcp ? build_tcp(buf, &row->say, 1, TCP_ACK) :
	    build_udp(buf, &row->say);
	size_t head_len = row->is_tcp ? ETH_IP_LEN + TCP_HEAD_LEN :
	    ETH_IP_LEN + 8;

	for (size_t n = 0; n <= len; n++) {
		struct dissector *d = dissector_new(LINK_ETHERNET);
		bool whole = n == len || (row->data && n >= head_len + 4);
		struct taken t;

		take(d, buf, n, len, &t);
		ck_assert_msg(t.p.state != PACKET_MALFORMED,
		    "%s of %zu bytes: %s", row->name, n, t.p.diag.text);
		ck_assert_msg(!whole || t.p.state == PACKET_WHOLE,
		    "%s of %zu bytes is not whole", row->name, n);
		ck_assert_msg(t.p.state == PACKET_TRUNCATED || whole ||
		    (row->is_tcp && n >= head_len), "%s of %zu bytes is %s",
		    row->name, n, packet_state_name(t.p.state));
		ck_assert_msg(n < len || t.p.proto == row->proto,
		    "%s is %s", row->name, packet_proto_name(t.p.proto));
		put_back(&t);
		dissector_free(d);
	}
}
END_TEST

/* The message shows what stands before the cut. */
START_TEST(cut_dhcp_keeps_what_is_whole)
{
	struct say s = { true, 68, 67, NULL, 0 };
	struct dissector *d = dissector_new(LINK_ETHERNET);
	uint8_t buf[FRAME_MAX];
	uint8_t msg[512];
	struct wr w = wr_init(msg, sizeof(msg));
	struct dhcp4_msg m;
	size_t options;
	size_t len;

	dhcp4_msg_init(&m, DHCP4_BOOTREQUEST);
	ck_assert_int_eq(dhcp4_add_u8(&m, DHCP4_OPT_MSG_TYPE, 1), 0);
	ck_assert_int_eq(dhcp4_add_str(&m, DHCP4_OPT_VENDOR_CLASS, "PXEClient"),
	    0);
	ck_assert_int_eq(dhcp4_msg_build(&m, &w, 0, sizeof(msg)), 0);
	dhcp4_msg_release(&m);
	s.bytes = (const char *)msg;
	s.len = w.len;
	len = build_udp(buf, &s);
	options = ETH_IP_LEN + 8 + DHCP4_HEAD_LEN + 4;
	for (size_t n = 0; n < len; n++) {
		struct taken t;
		size_t want = n < options + 3 ? 0 : n < options + 3 + 11 ? 1 :
		    2;

		take(d, buf, n, len, &t);
		ck_assert_msg(t.p.state == PACKET_TRUNCATED, "%zu bytes: %s",
		    n, packet_state_name(t.p.state));
		if (n >= options) {
			ck_assert_msg(t.p.has_message, "%zu: nothing", n);
			ck_assert_msg(t.p.dhcp4.n_opts == want,
			    "%zu bytes: %zu options", n, t.p.dhcp4.n_opts);
		}
		put_back(&t);
	}
	dissector_free(d);
}
END_TEST

/* Not wrong, and not ours: more answers than we keep, ARP of another kind. */
START_TEST(valid_is_unread_not_malformed)
{
	static const char dns[] = "\0\1\x81\x80\0\0\1\1\0\0\0\0";
	struct dissector *d = dissector_new(LINK_ETHERNET);
	struct say s = { false, 2000, 53, BYTES(dns) };
	uint8_t buf[FRAME_MAX];
	uint8_t arp[42] = { 0 };
	size_t len = build_udp(buf, &s);
	struct taken t;

	take(d, buf, len, len, &t);
	ck_assert_int_eq(t.p.proto, PROTO_DNS);
	ck_assert_str_eq(packet_state_name(t.p.state), "unread");
	put_back(&t);
	memcpy(arp + 12, "\x08\x06\0\1\x08\0\6\4\0\x09", 10);
	take(d, arp, sizeof(arp), sizeof(arp), &t);
	ck_assert_int_eq(t.p.proto, PROTO_ARP);
	ck_assert_str_eq(packet_state_name(t.p.state), "unread");
	ck_assert(!t.p.has_message && t.p.diag.text[0]);
	put_back(&t);
	dissector_free(d);
}
END_TEST

START_TEST(missing_fragments_are_counted)
{
	struct say s = { true, 2000, 69, RRQ };
	struct dissector *d = dissector_new(LINK_ETHERNET);
	uint8_t buf[FRAME_MAX];
	size_t len = build_udp(buf, &s);
	struct taken t;

	ck_assert_uint_eq(dissector_incomplete(d), 0);
	/* More fragments follow; the data must be a multiple of 8 bytes. */
	buf[20] = 0x20;
	len = ETH_IP_LEN + (len - ETH_IP_LEN) / 8 * 8;
	buf[16] = 0;
	buf[17] = (uint8_t)(len - 14);
	take(d, buf, len, len, &t);
	ck_assert_int_eq(t.p.proto, PROTO_FRAGMENT);
	ck_assert_int_eq(t.p.state, PACKET_WHOLE);
	ck_assert(!packet_is_boot(&t.p));
	put_back(&t);
	ck_assert_uint_eq(dissector_incomplete(d), 1);
	dissector_free(d);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("dissect");
	TCase *udp = tcase_create("udp");
	TCase *tcp = tcase_create("tcp");
	TCase *cut = tcase_create("cut");

	tcase_add_loop_test(udp, udp_flows, 0, ARRAY_LEN(udp_rows));
	tcase_add_test(udp, flows_give_way_to_newer);
	suite_add_tcase(s, udp);
	tcase_add_test(tcp, head_in_two_segments);
	tcase_add_test(tcp, head_byte_by_byte);
	tcase_add_test(tcp, head_with_a_gap_is_given_up);
	tcase_add_test(tcp, unfinished_heads_have_a_ceiling);
	tcase_add_test(tcp, head_without_end_has_a_ceiling);
	tcase_add_loop_test(tcp, tcp_contents, 0, ARRAY_LEN(tcp_rows));
	tcase_add_test(tcp, pipelined_requests_are_counted);
	suite_add_tcase(s, tcp);
	tcase_add_loop_test(cut, cut_is_truncated_not_malformed, 0,
	    ARRAY_LEN(cut_rows));
	tcase_add_test(cut, cut_dhcp_keeps_what_is_whole);
	tcase_add_test(cut, valid_is_unread_not_malformed);
	tcase_add_test(cut, missing_fragments_are_counted);
	suite_add_tcase(s, cut);
	return s;
}
