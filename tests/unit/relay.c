/* relay.c - what a relay agent adds to a request, and what it lets back. */
#include "unit.h"

#include "client/relay.h"
#include "wire/dhcp4.h"

#include <arpa/inet.h>
#include <errno.h>

enum { MSG_MAX = 1500 };

static const struct row {
	const char *name;
	const char *circuit_id;
	const char *remote_id;
	const char *want;               /* option 82; NULL: none */
	size_t want_len;
} rows[] = {
	{ "neither", NULL, NULL, NULL, 0 },
	{ "circuit", "p7", NULL, "\x01\x02p7", 4 },
	{ "remote", NULL, "sw", "\x02\x02sw", 4 },
	{ "both", "p7", "sw", "\x01\x02p7\x02\x02sw", 8 },
	{ "empty", "", NULL, "\x01\x00", 2 },
};

static size_t
make(uint8_t op, const char *giaddr, uint8_t *buf)
{
	struct wr w = wr_init(buf, MSG_MAX);
	struct dhcp4_msg m;

	dhcp4_msg_init(&m, op);
	m.giaddr.s_addr = inet_addr(giaddr);
	ck_assert_int_eq(dhcp4_add_u8(&m, DHCP4_OPT_MSG_TYPE, 1), 0);
	ck_assert_int_eq(dhcp4_add_str(&m, DHCP4_OPT_VENDOR_CLASS, "x"), 0);
	ck_assert_int_eq(dhcp4_msg_build(&m, &w, 300, MSG_MAX), 0);
	dhcp4_msg_release(&m);
	return w.len;
}

START_TEST(request_is_marked)
{
	const struct row *row = &rows[_i];
	struct relay r = {
		.giaddr.s_addr = inet_addr("10.88.0.1"),
		.circuit_id = row->circuit_id, .remote_id = row->remote_id,
	};
	uint8_t in[MSG_MAX], buf[MSG_MAX];
	size_t len = make(DHCP4_BOOTREQUEST, "0.0.0.0", in);
	struct wr w = wr_init(buf, sizeof(buf));
	const struct dhcp4_opt *o;
	struct dhcp4_msg m;

	ck_assert_int_eq(relay_request(&r, in, len, &w), 0);
	ck_assert_int_eq(dhcp4_msg_parse(&m, buf, w.len, NULL), 0);
	ck_assert_uint_eq(m.hops, 1);
	ck_assert_uint_eq(m.giaddr.s_addr, r.giaddr.s_addr);
	o = dhcp4_opt(&m, 82);
	ck_assert_msg(!o == !row->want, "%s", row->name);
	ck_assert(!o || (o->len == row->want_len &&
	    memcmp(o->data, row->want, o->len) == 0));
	/* the client's own options come first, as they came (RFC 3046 2.1) */
	ck_assert_int_eq(memcmp(buf + 240, in + 240, 6), 0);
	dhcp4_msg_release(&m);
}
END_TEST

START_TEST(too_much_is_refused)
{
	char id[300];
	struct relay r = { .circuit_id = id };
	uint8_t in[MSG_MAX], buf[MSG_MAX];
	size_t len = make(DHCP4_BOOTREQUEST, "0.0.0.0", in);
	struct wr w = wr_init(buf, sizeof(buf));

	memset(id, 'x', sizeof(id) - 1);
	id[sizeof(id) - 1] = '\0';
	ck_assert_int_eq(relay_request(&r, in, len, &w), -EMSGSIZE);
}
END_TEST

START_TEST(only_its_answers_come_back)
{
	struct relay r = { .giaddr.s_addr = inet_addr("10.88.0.1") };
	uint8_t buf[MSG_MAX];
	size_t len = make(DHCP4_BOOTREPLY, "10.88.0.1", buf);

	ck_assert(relay_reply_ok(&r, buf, len));
	for (size_t cut = 0; cut < 236; cut++)
		ck_assert(!relay_reply_ok(&r, buf, cut));
	len = make(DHCP4_BOOTREPLY, "10.88.0.2", buf);
	ck_assert(!relay_reply_ok(&r, buf, len));
	len = make(DHCP4_BOOTREQUEST, "10.88.0.1", buf);
	ck_assert(!relay_reply_ok(&r, buf, len));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("relay");
	TCase *tc = tcase_create("relay");

	tcase_add_loop_test(tc, request_is_marked, 0, ARRAY_LEN(rows));
	tcase_add_test(tc, too_much_is_refused);
	tcase_add_test(tc, only_its_answers_come_back);
	suite_add_tcase(s, tc);
	return s;
}
