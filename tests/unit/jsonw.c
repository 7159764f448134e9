/* JSON written as text reads back as what was written. */
#include "unit.h"

#include "report/jsonw.h"

#include <jansson.h>

static const struct time_row {
	int64_t ns;
	const char *want;
} times[] = {
	{ 0, "0.000000" },
	{ 1, "0.000000001" },
	{ 1000, "0.000001" },
	{ 999999999, "0.999999999" },
	{ INT64_C(1700000000123456000), "1700000000.123456" },
	{ INT64_C(1700000000123456789), "1700000000.123456789" },
	{ -1500000000, "-1.500000" },
	{ -1, "-0.000000001" },
	{ INT64_MIN, "-9223372036.854775808" },
};

START_TEST(times_are_exact)
{
	struct sbuf out = SBUF_EMPTY;
	struct jsonw w;

	jsonw_init(&w, &out);
	jsonw_time(&w, NULL, times[_i].ns);
	ck_assert_str_eq(sbuf_str(&out), times[_i].want);
	sbuf_release(&out);
}
END_TEST

static const struct bytes_row {
	const char *bytes;
	size_t len;
	const char *want;
} bytes[] = {
	{ "", 0, "\"k\":\"\"" },
	{ "plain", 5, "\"k\":\"plain\"" },
	{ "\"\\\"", 3, "\"k\":\"\\\"\\\\\\\"\"" },
	{ "\xc3\xa9/", 3, "\"k\":\"\xc3\xa9/\"" },
	{ "a\0b", 3, "\"k_hex\":\"610062\"" },
	{ "\n", 1, "\"k_hex\":\"0a\"" },
	{ "\xff", 1, "\"k_hex\":\"ff\"" },
	{ "\xc2\x9b", 2, "\"k_hex\":\"c29b\"" },
	{ "\x7f", 1, "\"k_hex\":\"7f\"" },
};

START_TEST(bytes_are_text_or_hex)
{
	const struct bytes_row *row = &bytes[_i];
	void *copy = unit_heap(row->bytes, row->len);
	struct sbuf out = SBUF_EMPTY;
	struct jsonw w;

	jsonw_init(&w, &out);
	jsonw_bytes(&w, "k", copy, row->len);
	ck_assert_str_eq(sbuf_str(&out), row->want);
	sbuf_release(&out);
	free(copy);
}
END_TEST

START_TEST(nested_values_have_their_commas)
{
	static const uint8_t mac[MAC_LEN] = { 0x52, 0x54, 0, 0xaa, 0xbb, 0xcc };
	struct ip_addr ip = { .family = AF_INET6, .v6 = IN6ADDR_LOOPBACK_INIT };
	struct sbuf out = SBUF_EMPTY;
	struct jsonw w;
	json_t *j;

	jsonw_init(&w, &out);
	jsonw_open(&w, NULL, '{');
	jsonw_open(&w, "empty", '[');
	jsonw_close(&w, ']');
	jsonw_int(&w, "max", UINT64_MAX);
	jsonw_int(&w, "zero", 0);
	jsonw_str(&w, "absent", NULL);
	jsonw_null(&w, "null");
	jsonw_open(&w, "list", '[');
	jsonw_int(&w, NULL, 1);
	jsonw_bool(&w, NULL, true);
	jsonw_open(&w, NULL, '{');
	jsonw_mac(&w, "mac", mac);
	jsonw_ip(&w, "ip", &ip);
	jsonw_close(&w, '}');
	jsonw_hex(&w, NULL, "\x01\xff", 2);
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	ck_assert_str_eq(sbuf_str(&out), "{\"empty\":[],"
	    "\"max\":18446744073709551615,\"zero\":0,\"null\":null,"
	    "\"list\":[1,true,{\"mac\":\"52:54:00:aa:bb:cc\",\"ip\":\"::1\"},"
	    "\"01ff\"]}");
	j = json_loads(sbuf_str(&out), JSON_REJECT_DUPLICATES |
	    JSON_DECODE_INT_AS_REAL, NULL);
	ck_assert_ptr_nonnull(j);
	json_decref(j);
	sbuf_release(&out);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("jsonw");
	TCase *tc = tcase_create("jsonw");

	tcase_add_loop_test(tc, times_are_exact, 0, ARRAY_LEN(times));
	tcase_add_loop_test(tc, bytes_are_text_or_hex, 0, ARRAY_LEN(bytes));
	tcase_add_test(tc, nested_values_have_their_commas);
	suite_add_tcase(s, tc);
	return s;
}
