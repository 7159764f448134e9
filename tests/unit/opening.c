/* opening.c - what the first bytes of a connection are known by. */
#include "unit.h"

#include "base/text.h"
#include "wire/opening.h"

static const struct {
	const char *name;
	const char *hex;
	uint16_t sport, dport;
	enum opening_kind kind;
	const char *text;
	bool is_error;
} rows[] = {
	{ "TLS 1.2 with a server name", "160301003b010000370303"
	    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	    "000002c02f0100000c0000000800060000036d616b", 50000, 443,
	    OPENING_TLS, "ClientHello, up to TLS 1.2, server name mak",
	    false },
	{ "an old hello without extensions", "160301002d0100002903 01"
	    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	    "000002002f0100", 50000, 4433, OPENING_TLS,
	    "ClientHello, up to TLS 1.0", false },
	{ "the server takes 1.3", "160303003202 00002e 0303"
	    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	    "00 1301 00 0006 002b 0002 0304", 443, 50000, OPENING_TLS,
	    "ServerHello, TLS 1.3", false },
	{ "unknown CA", "15030300020230", 50000, 443, OPENING_TLS,
	    "fatal alert: unknown CA", true },
	{ "close notify", "15030300020100", 50000, 443, OPENING_TLS,
	    "alert: close notify", false },
	{ "not TLS: a version of no such", "160901002d01000029", 1, 443,
	    OPENING_NONE, "", false },
	{ "an iSCSI login", "438700000000003c"
	    "0000000000000000000000000000000000000000000000000000000000000000"
	    "0000000000000000"
	    "5461726765744e616d653d69716e2e780000", 50000, 3260,
	    OPENING_ISCSI, "login to iqn.x", false },
	{ "refused: no such target", "2387000000000000"
	    "00000000000000000000000000000000000000000000000000000000"
	    "0203000000000000000000000000", 3260, 50000, OPENING_ISCSI,
	    "login refused, status 0203", true },
	{ "the same elsewhere is nothing", "2387000000000000"
	    "00000000000000000000000000000000000000000000000000000000"
	    "0203000000000000000000000000", 3261, 50000, OPENING_NONE, "",
	    false },
	{ "a mount", "80000028 00000001 00000000 00000002 000186a5 00000003"
	    "00000001", 700, 111, OPENING_NFS, "MOUNT version 3 call 1",
	    false },
	{ "NBD", "4e42444d41474943 49484156454f5054 0003", 10809, 50000,
	    OPENING_NBD, "server greets", false },
	{ "something else with N", "4e42444d41474943 0000000000000000", 1, 2,
	    OPENING_NONE, "", false },
	{ "nothing", "", 50000, 443, OPENING_NONE, "", false },
};

START_TEST(is_known)
{
	uint8_t buf[256];
	struct opening o = { .text = "" };
	struct diag d;
	size_t len;
	bool found;

	ck_assert_msg(parse_hex(rows[_i].hex, buf, sizeof(buf), &len, &d) == 0,
	    "%s: %s", rows[_i].name, d.text);
	found = opening_parse(rd_init(buf, len), rows[_i].sport,
	    rows[_i].dport, &o);
	ck_assert_msg(found == (rows[_i].kind != OPENING_NONE), "%s",
	    rows[_i].name);
	if (!found)
		return;
	ck_assert_int_eq(o.kind, rows[_i].kind);
	ck_assert_str_eq(o.text, rows[_i].text);
	ck_assert_int_eq(o.is_error, rows[_i].is_error);
}
END_TEST

/* Every prefix, in a heap copy of its size: no byte beyond is looked at. */
START_TEST(prefixes)
{
	uint8_t buf[256];
	size_t len;

	ck_assert_int_eq(parse_hex(rows[_i].hex, buf, sizeof(buf), &len,
	    NULL), 0);
	for (size_t n = 0; n < len; n++) {
		uint8_t *copy = unit_heap(buf, n);
		struct opening o;

		(void)opening_parse(rd_init(copy, n), rows[_i].sport,
		    rows[_i].dport, &o);
		free(copy);
	}
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("opening");
	TCase *tc = tcase_create("opening");

	tcase_add_loop_test(tc, is_known, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(tc, prefixes, 0, ARRAY_LEN(rows));
	suite_add_tcase(s, tc);
	return s;
}
