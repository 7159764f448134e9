#include "unit.h"

#include "wire/icmp.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

#define BYTES(...) (const uint8_t[]){ __VA_ARGS__ }, \
    sizeof((const uint8_t[]){ __VA_ARGS__ })

#define IP4_ADDRS 192, 0, 2, 1, 192, 0, 2, 2
#define IP6_ADDRS 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, \
    0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2
#define IP6_ADDR 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9
/* A read request of 100 bytes, of which a router quotes the headers. */
#define QUOTE4 0x45, 0, 0, 128, 0, 1, 0, 0, 64, 17, 0, 0, IP4_ADDRS, \
    8, 22, 0, 69, 0, 108, 0, 0
#define QUOTE6 0x60, 0, 0, 0, 0, 108, 17, 64, IP6_ADDRS, \
    8, 22, 0, 69, 0, 108, 0, 0

/* A frame with @msg as its ICMP message, of which @len bytes are there. */
static struct frame
carrying(int version, const void *msg, size_t len, size_t wire_len)
{
	return (struct frame){
		.ip_version = version,
		.ip_proto = version == 4 ? IP_PROTO_ICMP : IP_PROTO_ICMP6,
		.payload = rd_init(msg, len),
		.payload_len = wire_len,
	};
}

/*
 * `fields`: error, has_mtu, mtu, has_echo, id, seq, has_router, M, O,
 * lifetime, has_target, bytes of data.
 */
static const struct msg_row {
	int version;
	const uint8_t *buf;
	size_t len;
	const char *type;
	const char *code;
	const char *fields;
} msgs[] = {
	{ 4, BYTES(3, 3, 0, 0, 0, 0, 0, 0, QUOTE4), "destination unreachable",
	    "port unreachable", "1 00 000 0000 0 28" },
	{ 4, BYTES(3, 13, 0, 0, 0, 0, 5, 0, QUOTE4),
	    "destination unreachable", "administratively prohibited",
	    "1 00 000 0000 0 28" },
	{ 4, BYTES(3, 4, 0, 0, 0, 0, 5, 0x78, QUOTE4),
	    "destination unreachable", "fragmentation needed",
	    "1 11400 000 0000 0 28" },
	{ 4, BYTES(3, 4, 0, 0, 9, 9, 0, 0), "destination unreachable",
	    "fragmentation needed", "1 10 000 0000 0 0" },
	{ 4, BYTES(11, 0, 0, 0, 0, 0, 0, 0, QUOTE4), "time exceeded",
	    "in transit", "1 00 000 0000 0 28" },
	{ 4, BYTES(8, 0, 0, 0, 1, 2, 0, 3, 'p'), "echo request", NULL,
	    "0 00 12583 0000 0 1" },
	{ 4, BYTES(0, 0, 0, 0, 1, 2, 0, 4), "echo reply", NULL,
	    "0 00 12584 0000 0 0" },
	{ 4, BYTES(99, 1, 0, 0, 0, 0, 0, 0, 7), NULL, NULL,
	    "0 00 000 0000 0 1" },
	/* of the other family */
	{ 4, BYTES(134, 0, 0, 0, 64, 0xc0, 7, 8), NULL, NULL,
	    "0 00 000 0000 0 0" },
	{ 6, BYTES(8, 0, 0, 0, 1, 2, 0, 3), NULL, NULL,
	    "0 00 000 0000 0 0" },
	{ 6, BYTES(1, 4, 0, 0, 0, 0, 0, 0, QUOTE6), "destination unreachable",
	    "port unreachable", "1 00 000 0000 0 48" },
	{ 6, BYTES(2, 0, 0, 0, 0, 1, 5, 0, QUOTE6), "packet too big", NULL,
	    "1 166816 000 0000 0 48" },
	{ 6, BYTES(128, 0, 0, 0, 1, 2, 0, 3), "echo request", NULL,
	    "0 00 12583 0000 0 0" },
	{ 6, BYTES(129, 0, 0, 0, 1, 2, 0, 3), "echo reply", NULL,
	    "0 00 12583 0000 0 0" },
	{ 6, BYTES(133, 0, 0, 0, 0, 0, 0, 0), "router solicitation", NULL,
	    "0 00 000 0000 0 0" },
	{ 6, BYTES(134, 0, 0, 0, 64, 0x80, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	    1), "router advertisement", NULL, "0 00 000 1101800 0 2" },
	{ 6, BYTES(134, 0, 0, 0, 64, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
	    "router advertisement", NULL, "0 00 000 1010 0 0" },
	{ 6, BYTES(134, 0, 0, 0, 64, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
	    "router advertisement", NULL, "0 00 000 1000 0 0" },
	{ 6, BYTES(135, 0, 0, 0, 0, 0, 0, 0, IP6_ADDR, 1),
	    "neighbor solicitation", NULL, "0 00 000 0000 1 1" },
	{ 6, BYTES(136, 0, 0, 0, 0xe0, 0, 0, 0, IP6_ADDR),
	    "neighbor advertisement", NULL, "0 00 000 0000 1 0" },
};

static void
check_name(const char *got, const char *want)
{
	if (want)
		ck_assert_str_eq(got, want);
	else
		ck_assert_ptr_null(got);
}

START_TEST(message_is_read)
{
	static const uint8_t target[] = { IP6_ADDR };
	const struct msg_row *row = &msgs[_i];
	struct frame f = carrying(row->version, row->buf, row->len, row->len);
	struct icmp_msg m;
	char got[100];

	ck_assert_int_eq(icmp_parse(&f, &m, NULL), 0);
	ck_assert_int_eq(m.ip_version, row->version);
	ck_assert_uint_eq(m.type, row->buf[0]);
	ck_assert_uint_eq(m.code, row->buf[1]);
	check_name(icmp_type_name(m.ip_version, m.type), row->type);
	check_name(icmp_code_name(m.ip_version, m.type, m.code), row->code);
	(void)snprintf(got, sizeof(got), "%d %d%u %d%u%u %d%d%d%u %d %zu",
	    m.is_error, m.has_mtu, (unsigned int)m.mtu, m.has_echo, m.echo_id,
	    m.echo_seq, m.has_router, m.managed, m.other, m.router_lifetime_s,
	    m.has_target, m.data.left);
	ck_assert_str_eq(got, row->fields);
	if (m.has_target)
		ck_assert_mem_eq(&m.target, target, sizeof(target));
}
END_TEST

/* Cut by the capture or too short; the head is what precedes the data. */
START_TEST(every_prefix)
{
	const struct msg_row *row = &msgs[_i];
	struct frame f = carrying(row->version, row->buf, row->len, row->len);
	struct icmp_msg m;
	size_t head_len;

	ck_assert_int_eq(icmp_parse(&f, &m, NULL), 0);
	head_len = row->len - m.data.left;
	for (size_t n = 0; n < row->len; n++) {
		uint8_t *copy = unit_heap(row->buf, n);

		f = carrying(row->version, copy, n, row->len);
		ck_assert_int_eq(icmp_parse(&f, &m, NULL),
		    n < head_len ? -ENODATA : 0);
		f = carrying(row->version, copy, n, n);
		ck_assert_int_eq(icmp_parse(&f, &m, NULL),
		    n < head_len ? -EBADMSG : 0);
		free(copy);
	}
}
END_TEST

START_TEST(quoted_packet)
{
	const struct msg_row *row = &msgs[_i];
	struct frame f = carrying(row->version, row->buf, row->len, row->len);
	struct icmp_msg m;
	struct frame q;

	ck_assert_int_eq(icmp_parse(&f, &m, NULL), 0);
	if (!m.is_error) {
		ck_assert_int_eq(icmp_quoted(&m, &q, NULL), -EINVAL);
		return;
	}
	if (m.data.left == 0) {
		ck_assert_int_eq(icmp_quoted(&m, &q, NULL), -ENODATA);
		return;
	}
	ck_assert_int_eq(icmp_quoted(&m, &q, NULL), 0);
	ck_assert_int_eq(q.ip_version, row->version);
	ck_assert_uint_eq(q.sport, 2070);
	ck_assert_uint_eq(q.dport, 69);
	ck_assert_uint_eq(q.payload_len, 100);
	ck_assert_uint_eq(q.payload.left, 0);
}
END_TEST

START_TEST(what_is_no_icmp)
{
	static const uint8_t echo[8] = { 8 };
	struct frame f = carrying(4, echo, sizeof(echo), sizeof(echo));
	struct icmp_msg m;

	ck_assert_int_eq(icmp_parse(&f, &m, NULL), 0);
	f.ip_proto = IP_PROTO_ICMP6;
	ck_assert_int_eq(icmp_parse(&f, &m, NULL), -EINVAL);
	f.ip_version = 6;
	ck_assert_int_eq(icmp_parse(&f, &m, NULL), 0);
	f.ip_proto = IP_PROTO_ICMP;
	ck_assert_int_eq(icmp_parse(&f, &m, NULL), -EINVAL);
	f = carrying(4, echo, sizeof(echo), sizeof(echo));
	f.more_frags = true;
	ck_assert_int_eq(icmp_parse(&f, &m, NULL), -EINVAL);
}
END_TEST

START_TEST(echo_reply_reads_back)
{
	static const uint8_t echo[] = { 8, 0, 1, 1, 0xab, 0xcd, 0, 9, 'a',
	    'b', 'c' };
	struct frame f = carrying(4, echo, sizeof(echo), sizeof(echo));
	struct icmp_msg m;
	struct icmp_msg back;
	uint8_t buf[2 + sizeof(echo)];
	struct wr w = wr_init(buf, sizeof(buf));

	ck_assert_int_eq(icmp_parse(&f, &m, NULL), 0);
	wr_u16(&w, 0xffff);             /* it need not come first */
	icmp_build_echo_reply(&w, &m);
	ck_assert(!w.full);
	ck_assert_uint_eq(w.len, sizeof(buf));
	ck_assert_uint_eq(inet_checksum(buf + 2, sizeof(echo), 0), 0);
	f = carrying(4, buf + 2, sizeof(echo), sizeof(echo));
	ck_assert_int_eq(icmp_parse(&f, &back, NULL), 0);
	ck_assert_uint_eq(back.type, ICMP4_ECHO_REPLY);
	ck_assert_uint_eq(back.code, 0);
	ck_assert_uint_eq(back.echo_id, 0xabcd);
	ck_assert_uint_eq(back.echo_seq, 9);
	ck_assert_uint_eq(back.data.left, 3);
	ck_assert_mem_eq(back.data.p, "abc", 3);

	w = wr_init(buf, sizeof(echo) - 1);
	icmp_build_echo_reply(&w, &m);
	ck_assert(w.full);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("icmp");
	TCase *tc = tcase_create("icmp");

	tcase_add_loop_test(tc, message_is_read, 0, ARRAY_LEN(msgs));
	tcase_add_loop_test(tc, every_prefix, 0, ARRAY_LEN(msgs));
	tcase_add_loop_test(tc, quoted_packet, 0, ARRAY_LEN(msgs));
	tcase_add_test(tc, what_is_no_icmp);
	tcase_add_test(tc, echo_reply_reads_back);
	suite_add_tcase(s, tc);
	return s;
}
