#include "unit.h"

#include "config/kea_value.h"

#include <errno.h>
#include <stdio.h>

static const struct kea_option_def ipxe = {
	.name = "x", .space = "dhcp4", .code = 222, .type = KEA_T_RECORD,
	.record = { KEA_T_UINT8, KEA_T_FQDN, KEA_T_UINT16 }, .n_record = 3,
	.array = true, .encapsulates = "",
};
#define OF(t, arr, enc) \
	&(const struct kea_option_def){ .name = "t", .space = "dhcp4", \
	    .code = 223, .type = KEA_T_##t, .array = arr, .encapsulates = enc }

static const struct kea_option_def sub = {
	.name = "s", .space = "own", .code = 8, .type = KEA_T_UINT8,
	.encapsulates = "",
};

/* Each as kea-dhcp4 2.2.0 takes or refuses it. */
static const struct {
	const struct kea_option_def *def;       /* NULL: by code */
	int code;                               /* -1: no definition */
	bool csv;
	const char *text;
	const char *hex;                        /* NULL: refused */
} rows[] = {
	{ NULL, 3, true, "10.0.0.1, 10.0.0.2", "0a0000010a000002" },
	{ NULL, 3, true, ",10.0.0.1,,", "0a000001" },
	{ NULL, 3, true, "", "" },
	{ NULL, 3, true, "host", NULL },
	{ NULL, 3, true, "10.0.1", NULL },
	/* The family is not looked at, the length is. */
	{ NULL, 3, true, "1::2", "00010000000000000000000000000002" },
	{ NULL, 1, true, "1::2", "00010000" },
	{ NULL, 3, false, "0a:0:0:1", "0a000001" },
	{ NULL, 3, false, "0a 00 00 01", "0a000001" },
	{ NULL, 3, false, "0x0a000001", "0a000001" },
	{ NULL, 3, false, "a000001", "0a000001" },
	{ NULL, 3, false, "0a0000", NULL },
	{ NULL, 3, false, "0a0000zz", NULL },
	{ NULL, 3, false, "0a::01", NULL },
	{ NULL, 67, true, "a\\,b", "612c62" },
	{ NULL, 67, true, "a\\b\\\\", "615c625c" },
	{ NULL, 67, true, "a,b", "61" },
	{ NULL, 67, true, " a b ", "612062" },
	{ NULL, 67, true, "0x6162", "307836313632" },
	{ NULL, 67, true, "", NULL },
	{ NULL, 67, true, "  ", NULL },
	{ NULL, 67, false, "'a,b'", "612c62" },
	{ NULL, 67, false, " ' ab ' ", "6162" },
	{ NULL, 67, false, "616200", "6162" },
	{ NULL, 67, false, "00", NULL },
	{ NULL, 67, false, "''", NULL },
	{ NULL, 23, true, "64", "40" },
	{ NULL, 23, true, "0x40", "40" },
	{ NULL, 23, true, "fF", "ff" },
	{ NULL, 23, true, "+1", "01" },
	{ NULL, 23, true, "256", NULL },
	{ NULL, 23, true, "-1", NULL },
	{ NULL, 23, true, "1 2", NULL },
	{ NULL, 2, true, "-3600", "fffff1f0" },
	{ NULL, 19, true, "TRUE", "01" },
	{ NULL, 19, true, "0", "00" },
	{ NULL, 19, true, "yes", NULL },
	{ NULL, 19, true, "2", NULL },
	{ NULL, 93, true, "7, 9", "00070009" },
	{ NULL, 93, true, "", NULL },
	{ NULL, 93, false, "07", NULL },
	{ NULL, 61, true, "01 02 03", "010203" },
	{ NULL, 61, true, "0x01", NULL },
	{ NULL, 61, true, "123", NULL },
	{ NULL, 97, true, "0, 01020304", "0001020304" },
	{ NULL, 97, true, "0", NULL },
	{ NULL, 119, true, "a.example, b.example.",
	    "0161076578616d706c650001620765" "78616d706c6500" },
	{ NULL, 119, true, "a..b", NULL },
	{ NULL, 43, true, "", "" },
	{ NULL, 43, true, "x", NULL },
	{ NULL, 43, false, "060108ff", "060108" },
	{ NULL, 43, false, "0000060108", "060108" },
	{ NULL, 43, false, "0601", "" },
	{ NULL, -1, false, "0601", "0601" },
	{ NULL, -1, false, "06 1", "0601" },
	{ &ipxe, 0, true, "1, a., 2, 3", "010161000002" "0003" },
	{ &ipxe, 0, true, "1, a.", NULL },
	{ &ipxe, 0, true, "1, ., 2", NULL },
	{ OF(TUPLE, false, ""), 0, true, "abc", "03616263" },
	{ OF(TUPLE, true, ""), 0, true, "a,bc", "0161026263" },
	{ OF(PSID, false, ""), 0, true, "3/4", "043000" },
	{ OF(PSID, false, ""), 0, true, "16/4", NULL },
	{ OF(PSID, false, ""), 0, true, "3", NULL },
	{ OF(IPV6_PREFIX, false, ""), 0, true, "2001:db8::/33",
	    "2120010db800" },
	{ OF(IPV6_PREFIX, false, ""), 0, true, "1.2.3.4/3", NULL },
	{ OF(INT8, false, ""), 0, true, "-128", "80" },
	{ OF(INT16, true, ""), 0, true, "-1", "ffff" },
	{ OF(EMPTY, false, ""), 0, true, "", "" },
	{ OF(EMPTY, false, ""), 0, false, "0102", "" },
	{ OF(BOOLEAN, true, ""), 0, true, "true,0", "0100" },
	/* What is left over is sub-options, or nothing. */
	{ OF(UINT8, false, "own"), 0, false, "05080163", "05080163" },
	{ OF(UINT8, false, "own"), 0, false, "05080299ff", "05080199" },
	{ OF(UINT8, false, ""), 0, false, "0508", "05" },
	{ OF(IPV4, false, ""), 0, false, "0a00000107", "0a000001" },
};

START_TEST(text_into_bytes)
{
	const struct kea_option_def *def = rows[_i].def;
	struct arena a = ARENA_EMPTY;
	struct sbuf hex = SBUF_EMPTY;
	const uint8_t *bytes = NULL;
	struct diag diag = { .text = "" };
	size_t len = 0;
	int rc;

	if (!def && rows[_i].code >= 0)
		def = kea_option_find(NULL, NULL, false, "dhcp4", rows[_i].code,
		    NULL);
	rc = kea_option_encode(def, &sub, rows[_i].text, rows[_i].csv, &a,
	    &bytes, &len, &diag);
	sbuf_hex(&hex, bytes, len, "");
	ck_assert_msg((rc == 0) == (rows[_i].hex != NULL), "%d \"%s\": %d %s %s",
	    rows[_i].code, rows[_i].text, rc, sbuf_str(&hex), diag.text);
	ck_assert(rc == 0 || (rc == -EBADMSG && *diag.text && !bytes));
	if (rc == 0)
		ck_assert_msg(strcmp(sbuf_str(&hex), rows[_i].hex) == 0,
		    "%d \"%s\": %s", rows[_i].code, rows[_i].text,
		    sbuf_str(&hex));
	sbuf_release(&hex);
	arena_release(&a);
}
END_TEST

static const struct {
	int code;
	const char *hex;                /* as in a request */
	const char *text;
	int rc;
} texts[] = {
	{ 60, "505845", "PXE", 0 },
	{ 60, "50584500", "PXE", 0 },
	{ 60, "", NULL, -ENODATA },
	{ 77, "69505845", "type=077, len=004: 69:50:58:45", 0 },
	{ 93, "0007", "type=093, len=002: 7(uint16)", 0 },
	{ 93, "07", NULL, -EBADMSG },
	{ 94, "010300", "type=094, len=003: 1 (uint8) 3 (uint8) 0 (uint8)", 0 },
	{ 57, "05c0", "type=057, len=002: 1472 (uint16)", 0 },
	{ 50, "0a000001", "type=050, len=004: 10.0.0.1 (ipv4-address)", 0 },
	{ 6, "0a000001", "type=006, len=004: 10.0.0.1", 0 },
	{ 19, "01", "type=019, len=001: true (boolean)", 0 },
	{ 97, "", NULL, -EBADMSG },
	{ 125, "0000118b040102aabb", "type=125, len=009: 4491 (uint32) 4 (uint8),\n"
	    "options:\n  type=001, len=002: 170(uint8) 187(uint8)", 0 },
	{ 124, "0000118b026161", "type=124, len=7,  enterprise id=0x118b, "
	    "data-len0=2, vendor-class-data0='aa'", 0 },
	{ 125, "0000118b09", NULL, -EPROTO },
};

START_TEST(text_of_a_value)
{
	struct arena a = ARENA_EMPTY;
	struct sbuf b = SBUF_EMPTY;
	struct kea_value *v = NULL;
	struct diag diag;
	uint8_t bytes[64];
	size_t len;
	int rc;

	ck_assert_int_eq(parse_hex(texts[_i].hex, bytes, sizeof(bytes), &len,
	    NULL), 0);
	rc = kea_value_make(kea_option_std("dhcp4", (unsigned)texts[_i].code),
	    NULL, false, (uint16_t)texts[_i].code, bytes, len, &a, &v, &diag);
	ck_assert_msg(rc == texts[_i].rc, "%d: %d", texts[_i].code, rc);
	if (rc == 0) {
		ck_assert_int_eq(kea_value_text(v, &b), 0);
		ck_assert_msg(strcmp(sbuf_str(&b), texts[_i].text) == 0,
		    "%d: %s", texts[_i].code, sbuf_str(&b));
	}
	sbuf_release(&b);
	arena_release(&a);
}
END_TEST

static const struct {
	struct kea_option_def def;
	bool good;
} defs[] = {
	{ { .name = "a", .space = "s", .type = KEA_T_UINT8, .encapsulates = "" },
	    true },
	{ { .name = "-a", .space = "s", .encapsulates = "" }, false },
	{ { .name = "a b", .space = "s", .encapsulates = "" }, false },
	{ { .name = "a", .space = "", .encapsulates = "" }, false },
	{ { .name = "a", .space = "s", .encapsulates = "_" }, false },
	{ { .name = "a", .space = "s", .type = KEA_T_STRING, .array = true,
	    .encapsulates = "" }, false },
	{ { .name = "a", .space = "s", .type = KEA_T_RECORD, .n_record = 1,
	    .record = { KEA_T_UINT8 }, .encapsulates = "" }, false },
	{ { .name = "a", .space = "s", .type = KEA_T_RECORD, .n_record = 2,
	    .record = { KEA_T_STRING, KEA_T_UINT8 }, .encapsulates = "" },
	    false },
	{ { .name = "a", .space = "s", .type = KEA_T_RECORD, .n_record = 2,
	    .record = { KEA_T_UINT8, KEA_T_STRING }, .encapsulates = "" },
	    true },
};

START_TEST(definitions)
{
	struct diag diag;

	ck_assert_msg((kea_option_def_check(&defs[_i].def, &diag) == 0) ==
	    defs[_i].good, "row %d", _i);
}
END_TEST

START_TEST(who_defines_it)
{
	const struct kea_option_def own[] = {
		{ .name = "mine", .space = "dhcp4", .code = 43, .next = NULL },
	};
	const struct kea_option_def *d;

	d = kea_option_find(NULL, NULL, false, "dhcp4", 43, NULL);
	ck_assert_str_eq(d->name, "vendor-encapsulated-options");
	d = kea_option_find(NULL, own, false, "dhcp4", 43, NULL);
	ck_assert_str_eq(d->name, "mine");
	d = kea_option_find(NULL, NULL, false, "vendor-4491", -1,
	    "tftp-servers");
	ck_assert_int_eq(d->code, 2);
	d = kea_option_find(NULL, NULL, true, "vendor-4491", -1,
	    "tftp-servers");
	ck_assert_int_eq(d->code, 32);
	ck_assert(!kea_option_find(NULL, NULL, false, "dhcp4", -1, "no"));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("kea_option");
	TCase *tc = tcase_create("kea_option");

	tcase_add_loop_test(tc, text_into_bytes, 0, (int)ARRAY_LEN(rows));
	tcase_add_loop_test(tc, text_of_a_value, 0, (int)ARRAY_LEN(texts));
	tcase_add_loop_test(tc, definitions, 0, (int)ARRAY_LEN(defs));
	tcase_add_test(tc, who_defines_it);
	suite_add_tcase(s, tc);
	return s;
}
