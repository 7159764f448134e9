#include "unit.h"

#include "wire/arp.h"

#include <errno.h>
#include <arpa/inet.h>

static const uint8_t request[ARP_PKT_LEN] = {
	0, 1, 8, 0, 6, 4, 0, 1,
	0x52, 0x54, 0, 0xaa, 0xbb, 1, 10, 99, 0, 50,
	0, 0, 0, 0, 0, 0, 10, 99, 0, 1,
};

static struct in_addr
addr(const char *text)
{
	struct in_addr a;

	ck_assert_int_eq(parse_ipv4(text, &a, NULL), 0);
	return a;
}

START_TEST(parse_reads_every_field)
{
	static const uint8_t mac[MAC_LEN] = { 0x52, 0x54, 0, 0xaa, 0xbb, 1 };
	static const uint8_t none[MAC_LEN];
	struct arp_pkt pkt;

	ck_assert_int_eq(arp_parse(request, sizeof(request), &pkt, NULL), 0);
	ck_assert_int_eq(pkt.op, ARP_REQUEST);
	ck_assert_mem_eq(pkt.sender_mac, mac, MAC_LEN);
	ck_assert_uint_eq(pkt.sender.s_addr, addr("10.99.0.50").s_addr);
	ck_assert_mem_eq(pkt.target_mac, none, MAC_LEN);
	ck_assert_uint_eq(pkt.target.s_addr, addr("10.99.0.1").s_addr);
}
END_TEST

static const struct refusal {
	const char *name;
	size_t at;
	uint8_t value;
	int want;
} refusals[] = {
	{ "hardware type", 1, 6, -ENOTSUP },
	{ "protocol type", 2, 0x86, -ENOTSUP },
	{ "hardware length", 4, 8, -ENOTSUP },
	{ "protocol length", 5, 16, -ENOTSUP },
	{ "operation 0", 7, 0, -ENOTSUP },
	{ "operation 3 (RARP)", 7, 3, -ENOTSUP },
	{ "operation 258", 6, 1, -ENOTSUP },
	{ "a reply", 7, 2, 0 },
	{ "any sender", 8, 0xff, 0 },
};

START_TEST(parse_accepts_or_refuses)
{
	const struct refusal *row = &refusals[_i];
	struct arp_pkt pkt;
	uint8_t buf[ARP_PKT_LEN];

	memcpy(buf, request, sizeof(buf));
	buf[row->at] = row->value;
	ck_assert_msg(arp_parse(buf, sizeof(buf), &pkt, NULL) == row->want,
	    "%s", row->name);
}
END_TEST

START_TEST(every_prefix_is_too_short)
{
	struct arp_pkt pkt = { .op = ARP_REPLY };

	for (size_t n = 0; n < sizeof(request); n++) {
		uint8_t *copy = unit_heap(request, n);

		/* nothing can be said of a type that is not there */
		ck_assert_int_eq(arp_parse(copy, n, &pkt, NULL), -EBADMSG);
		ck_assert_int_eq(pkt.op, ARP_REPLY);
		free(copy);
	}
}
END_TEST

START_TEST(padding_is_ignored)
{
	uint8_t buf[46] = { 0 };
	struct arp_pkt pkt;

	memcpy(buf, request, sizeof(request));
	memset(buf + ARP_PKT_LEN, 0xff, sizeof(buf) - ARP_PKT_LEN);
	ck_assert_int_eq(arp_parse(buf, sizeof(buf), &pkt, NULL), 0);
}
END_TEST

START_TEST(what_is_built_reads_back)
{
	struct arp_pkt pkt = {
		.op = ARP_REPLY,
		.sender_mac = { 1, 2, 3, 4, 5, 6 },
		.target_mac = { 7, 8, 9, 10, 11, 12 },
		.sender = addr("192.0.2.1"),
		.target = addr("192.0.2.254"),
	};
	uint8_t buf[ARP_PKT_LEN];
	struct wr w = wr_init(buf, sizeof(buf));
	struct arp_pkt back;

	arp_build(&w, &pkt);
	ck_assert(!w.full);
	ck_assert_uint_eq(w.len, ARP_PKT_LEN);
	ck_assert_int_eq(arp_parse(buf, w.len, &back, NULL), 0);
	ck_assert_int_eq(back.op, pkt.op);
	ck_assert_mem_eq(back.sender_mac, pkt.sender_mac, MAC_LEN);
	ck_assert_mem_eq(back.target_mac, pkt.target_mac, MAC_LEN);
	ck_assert_uint_eq(back.sender.s_addr, pkt.sender.s_addr);
	ck_assert_uint_eq(back.target.s_addr, pkt.target.s_addr);

	/* and the very bytes of a packet that was read */
	ck_assert_int_eq(arp_parse(request, sizeof(request), &pkt, NULL), 0);
	w = wr_init(buf, sizeof(buf));
	arp_build(&w, &pkt);
	ck_assert_mem_eq(buf, request, ARP_PKT_LEN);

	w = wr_init(buf, ARP_PKT_LEN - 1);
	arp_build(&w, &pkt);
	ck_assert(w.full);
}
END_TEST

static const struct kind_row {
	enum arp_op op;
	const char *sender;
	const char *target;
	enum arp_kind want;
	const char *name;
} kinds[] = {
	{ ARP_REQUEST, "10.0.0.5", "10.0.0.1", ARP_KIND_REQUEST, "request" },
	{ ARP_REPLY, "10.0.0.1", "10.0.0.5", ARP_KIND_REPLY, "reply" },
	{ ARP_REQUEST, "0.0.0.0", "10.0.0.5", ARP_KIND_PROBE, "probe" },
	{ ARP_REPLY, "10.0.0.1", "0.0.0.0", ARP_KIND_REPLY, "reply" },
	{ ARP_REQUEST, "10.0.0.5", "10.0.0.5", ARP_KIND_ANNOUNCEMENT,
	    "announcement" },
	{ ARP_REPLY, "10.0.0.5", "10.0.0.5", ARP_KIND_ANNOUNCEMENT,
	    "announcement" },
};

START_TEST(kind_of_packet)
{
	const struct kind_row *row = &kinds[_i];
	struct arp_pkt pkt = { .op = row->op, .sender = addr(row->sender),
	    .target = addr(row->target) };

	ck_assert_int_eq(arp_kind(&pkt), row->want);
	ck_assert_str_eq(arp_kind_name(row->want), row->name);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("arp");
	TCase *tc = tcase_create("arp");

	tcase_add_test(tc, parse_reads_every_field);
	tcase_add_loop_test(tc, parse_accepts_or_refuses, 0,
	    ARRAY_LEN(refusals));
	tcase_add_test(tc, every_prefix_is_too_short);
	tcase_add_test(tc, padding_is_ignored);
	tcase_add_test(tc, what_is_built_reads_back);
	tcase_add_loop_test(tc, kind_of_packet, 0, ARRAY_LEN(kinds));
	suite_add_tcase(s, tc);
	return s;
}
