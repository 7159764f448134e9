#include "unit.h"

#include "base/text.h"
#include "wire/dhcp_opt.h"

#include <errno.h>
#include <stdio.h>

enum { MAIN = DHCP_SPACE_MAIN, PXE = DHCP_SPACE_PXE, RELAY = DHCP_SPACE_RELAY,
    IPXE = DHCP_SPACE_IPXE, MISFIT = -EBADMSG };

static size_t
unhex(const char *hex, uint8_t *to, size_t cap)
{
	size_t len = 0;

	if (hex[0])
		ck_assert_int_eq(parse_hex(hex, to, cap, &len, NULL), 0);
	return len;
}

/* A value, whether it fits, and its line. */
static const struct {
	int space;
	uint8_t code;
	int want;
	const char *hex;
	const char *text;
} rows[] = {
	{ MAIN, 1, 0, "ffffff00", "255.255.255.0" },
	{ MAIN, 1, MISFIT, "ffffff", "0xffffff" },
	{ MAIN, 1, MISFIT, "ffffff0000", "0xffffff0000" },
	{ MAIN, 2, 0, "fffff1f0", "-3600" },
	{ MAIN, 3, 0, "0a000001", "10.0.0.1" },
	{ MAIN, 3, 0, "0a0000010a000002", "10.0.0.1,10.0.0.2" },
	{ MAIN, 3, MISFIT, "0a0000010a", "0x0a0000010a" },
	{ MAIN, 3, MISFIT, "", "" },
	{ MAIN, 68, 0, "", "" },                /* may be empty: RFC 2132 8.13 */
	{ MAIN, 12, 0, "686f7374", "host" },
	{ MAIN, 12, 0, "686f737400", "host" },
	{ MAIN, 12, 0, "686f73740000", "host" },
	{ MAIN, 12, MISFIT, "68006f", "0x68006f" },
	{ MAIN, 12, 0, "681b5b6d0a", "h\\x1b[m\\n" },
	{ MAIN, 67, 0, "612e656669ff", "a.efi\\xff" },
	{ MAIN, 13, 0, "0100", "256" },
	{ MAIN, 19, 0, "01", "true" },
	{ MAIN, 19, 0, "00", "false" },
	{ MAIN, 19, MISFIT, "02", "0x02" },
	{ MAIN, 25, 0, "004405dc", "68,1500" },
	{ MAIN, 25, MISFIT, "004405", "0x004405" },
	{ MAIN, 33, 0, "0a0000000a000001", "10.0.0.0 10.0.0.1" },
	{ MAIN, 33, MISFIT, "0a0000000a0000010a000000",
	    "0x0a0000000a0000010a000000" },
	{ MAIN, 51, 0, "ffffffff", "4294967295" },
	{ MAIN, 53, 0, "01", "DISCOVER" },
	{ MAIN, 53, 0, "12", "TLS" },
	{ MAIN, 53, 0, "63", "99" },
	{ MAIN, 53, MISFIT, "0101", "0x0101" },
	{ MAIN, 55, 0, "010306", "1,3,6" },
	{ MAIN, 57, 0, "05c0", "1472" },
	{ MAIN, 60, 0, "505845436c69656e74", "PXEClient" },
	{ MAIN, 61, 0, "01525400aabb0d", "01 52:54:00:aa:bb:0d" },
	{ MAIN, 61, 0, "ff01020304000100", "ff 01:02:03:04:00:01:00" },
	{ MAIN, 61, MISFIT, "01", "0x01" },
	{ MAIN, 77, 0, "69505845", "iPXE" },
	{ MAIN, 77, 0, "0469505845", "[iPXE]" },
	{ MAIN, 77, 0, "0469505845026162", "[iPXE,ab]" },
	{ MAIN, 77, 0, "0469505845036162", "0x0469505845036162" },
	{ MAIN, 80, 0, "", "" },
	{ MAIN, 80, MISFIT, "01", "0x01" },
	{ MAIN, 81, 0, "000000686f7374", "flags=0x00 host" },
	{ MAIN, 81, 0, "04000004686f7374036c616200", "flags=0x04 host.lab" },
	{ MAIN, 81, 0, "04000004686f7374", "flags=0x04 host" },
	{ MAIN, 81, MISFIT, "04000005686f7374", "0x04000005686f7374" },
	{ MAIN, 81, MISFIT, "04000004686f73740061",
	    "0x04000004686f73740061" },
	{ MAIN, 82, 0, "010465746830020301020305040a000009",
	    "circuit-id=eth0, remote-id=0x010203, link-selection=10.0.0.9" },
	{ MAIN, 82, 0, "c8026162", "200=ab" },
	{ MAIN, 82, 0, "000161ff0162", "0=a, 255=b" },
	{ MAIN, 82, MISFIT, "0104657468", "0x0104657468" },
	{ MAIN, 93, 0, "0007", "7" },
	{ MAIN, 93, 0, "00070009", "7,9" },
	{ MAIN, 93, MISFIT, "000700", "0x000700" },
	{ MAIN, 93, MISFIT, "07", "0x07" },
	{ MAIN, 94, 0, "010300", "UNDI 3.0" },
	{ MAIN, 94, 0, "01030a", "UNDI 3.10" },
	{ MAIN, 94, 0, "020300", "type 2 3.0" },
	{ MAIN, 94, MISFIT, "0103", "0x0103" },
	{ MAIN, 97, 0, "00443322116655887799aabbccddeeff00",
	    "11223344-5566-7788-99aa-bbccddeeff00" },
	{ MAIN, 97, MISFIT, "01443322116655887799aabbccddeeff00",
	    "0x01443322116655887799aabbccddeeff00" },
	{ MAIN, 97, MISFIT, "00443322116655887799aabbccddeeff",
	    "0x00443322116655887799aabbccddeeff" },
	{ MAIN, 119, 0, "03656e67036c6162047465737400" "04636f7270c004" "c000",
	    "eng.lab.test,corp.lab.test,eng.lab.test" },
	{ MAIN, 119, MISFIT, "03656e67", "0x03656e67" },
	{ MAIN, 119, MISFIT, "c000", "0xc000" },        /* points at itself */
	{ MAIN, 119, MISFIT, "0161c000", "0x0161c000" },
	{ MAIN, 119, MISFIT, "c0020161c000", "0xc0020161c000" },
	{ MAIN, 119, MISFIT, "0161c0ff", "0x0161c0ff" },
	{ MAIN, 119, MISFIT, "4161", "0x4161" },
	{ MAIN, 121, 0, "080a0a000001" "000a000002" "20c0a801020a000003",
	    "10.0.0.0/8 via 10.0.0.1,0.0.0.0/0 via 10.0.0.2,"
	    "192.168.1.2/32 via 10.0.0.3" },
	{ MAIN, 121, 0, "110a01800a000001", "10.1.128.0/17 via 10.0.0.1" },
	{ MAIN, 121, MISFIT, "210a000000000a000001",
	    "0x210a000000000a000001" },
	{ MAIN, 121, MISFIT, "080a0a0000", "0x080a0a0000" },
	{ MAIN, 124, 0, "000001570450584543", "343: PXEC" },
	{ MAIN, 124, 0, "0000015702616200000009020102",
	    "343: ab; 9: 0x0102" },
	{ MAIN, 124, MISFIT, "000001570561", "0x000001570561" },
	{ MAIN, 128, 0, "0102", "0x0102" },
	{ MAIN, 128, 0, "6162", "ab" },
	{ MAIN, 150, 0, "0a0000010a000002", "10.0.0.1,10.0.0.2" },
	{ MAIN, 43, 0, "06010807040a000001080700010" "10a000002",
	    "discovery-control=8, discovery-mcast-addr=10.0.0.1, "
	    "boot-servers=1: 10.0.0.2" },
	{ MAIN, 43, 0, "00470480000000ff", "boot-item=type 32768 layer 0" },
	{ MAIN, 43, 0, "ff", "" },
	{ MAIN, 43, 0, "06020808", "discovery-control=0x0808" },
	{ MAIN, 43, 0, "c800", "200" },
	{ MAIN, 43, MISFIT, "0602", "0x0602" },
	{ MAIN, 175, 0,
	    "b105011af41000eb03020000170101130101100102fa0101",
	    "bus-id=0x011af41000, version=2.0.0, dns=1, http=1, pxeext=2, "
	    "250=0x01" },
	{ MAIN, 175, 0, "0101ffb00101ff", "priority=-1, no-pxedhcp=1" },
	{ PXE, 6, 0, "0b", "11" },
	{ PXE, 8, 0, "0001020a0000010a00000280000" "0",
	    "1: 10.0.0.1 10.0.0.2; 32768:" },
	{ PXE, 8, MISFIT, "0001020a000001", "0x0001020a000001" },
	{ PXE, 9, 0, "0000054c6f63616c" "800003505845",
	    "0: Local; 32768: PXE" },
	{ PXE, 9, 0, "00000250" "00", "0: P" },
	{ PXE, 9, MISFIT, "0000054c6f6361", "0x0000054c6f6361" },
	{ PXE, 9, MISFIT, "000002" "0050", "0x0000020050" },
	{ PXE, 10, 0, "0a5072657373", "10 s Press" },
	{ PXE, 10, 0, "ff", "255 s " },
	{ PXE, 71, 0, "80000001", "type 32768 layer 1" },
	{ RELAY, 19, 0, "", "" },
	{ IPXE, 235, MISFIT, "0200", "0x0200" },
};

START_TEST(values_are_said)
{
	const struct dhcp_opt_info *info;
	struct sbuf b = SBUF_EMPTY;
	uint8_t buf[128];
	size_t len = unhex(rows[_i].hex, buf, sizeof(buf));
	uint8_t *copy = unit_heap(buf, len);
	int rc;

	info = dhcp_opt_info((enum dhcp_space)rows[_i].space, rows[_i].code);
	ck_assert_ptr_nonnull(info);
	rc = dhcp_opt_check(info, copy, len);
	ck_assert_msg(rc == rows[_i].want, "%u %s: %d", rows[_i].code,
	    rows[_i].hex, rc);
	sbuf_add(&b, "<");
	dhcp_opt_format(&b, info, copy, len);
	ck_assert_str_eq(sbuf_str(&b) + 1, rows[_i].text);
	ck_assert_int_eq(sbuf_str(&b)[0], '<');
	ck_assert(text_is_clean(sbuf_str(&b), b.len));
	sbuf_release(&b);
	free(copy);
}
END_TEST

/* Every prefix of every value is looked at without a stray byte. */
START_TEST(prefixes_of_values)
{
	const struct dhcp_opt_info *info;
	uint8_t buf[128];
	size_t len = unhex(rows[_i].hex, buf, sizeof(buf));

	info = dhcp_opt_info((enum dhcp_space)rows[_i].space, rows[_i].code);
	for (size_t n = 0; n < len; n++) {
		uint8_t *copy = unit_heap(buf, n);
		struct sbuf b = SBUF_EMPTY;
		char hex[300] = "0x";
		size_t at = 2;

		dhcp_opt_format(&b, info, copy, n);
		for (size_t i = 0; i < n; i++)
			at += (size_t)snprintf(hex + at, sizeof(hex) - at,
			    "%02x", buf[i]);
		if (dhcp_opt_check(info, copy, n) < 0)
			ck_assert_str_eq(sbuf_str(&b), n ? hex : "");
		sbuf_release(&b);
		free(copy);
	}
}
END_TEST

START_TEST(unknown_options_are_text_or_hex)
{
	struct sbuf b = SBUF_EMPTY;

	dhcp_opt_format(&b, NULL, "plain text", 10);
	sbuf_add(&b, "|");
	dhcp_opt_format(&b, NULL, "a\nb", 3);
	sbuf_add(&b, "|");
	dhcp_opt_format(&b, NULL, NULL, 0);
	ck_assert_str_eq(sbuf_str(&b), "plain text|0x610a62|");
	sbuf_release(&b);
}
END_TEST

START_TEST(a_long_name_is_refused)
{
	const struct dhcp_opt_info *info = dhcp_opt_info(DHCP_SPACE_MAIN, 119);
	uint8_t name[4 * 64 + 1];

	for (size_t i = 0; i < sizeof(name); i++)
		name[i] = i % 64 ? 'a' : 63;
	/* four labels of 63: 257 bytes; the last shortened to 61: 255 */
	name[256] = 0;
	ck_assert_int_eq(dhcp_opt_check(info, name, 257), -EBADMSG);
	name[192] = 61;
	name[254] = 0;
	ck_assert_int_eq(dhcp_opt_check(info, name, 255), 0);
	name[192] = 62;
	name[254] = 'a';
	name[255] = 0;
	ck_assert_int_eq(dhcp_opt_check(info, name, 256), -EBADMSG);
}
END_TEST

START_TEST(tables_are_in_order)
{
	size_t n;
	const struct dhcp_opt_info *all;

	all = dhcp_opt_rows((enum dhcp_space)_i, &n);
	ck_assert_uint_gt(n, 10);
	for (size_t i = 0; i < n; i++) {
		const struct dhcp_opt_info *row = &all[i];

		ck_assert(i == 0 || all[i - 1].code < row->code);
		ck_assert_ptr_eq(dhcp_opt_info((enum dhcp_space)_i,
		    row->code), row);
		ck_assert_ptr_eq(dhcp_opt_by_name((enum dhcp_space)_i,
		    row->name), row);
		ck_assert(row->ref && row->ref[0]);
		ck_assert(row->max == 0 || row->min <= row->max);
		ck_assert(row->name[strspn(row->name,
		    "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0');
		ck_assert((row->type == DHCP_T_SPACE) == (row->space != 0));
	}
	ck_assert_ptr_null(dhcp_opt_by_name((enum dhcp_space)_i, "nothing"));
	ck_assert_ptr_null(dhcp_opt_info((enum dhcp_space)_i, 230));
}
END_TEST

/* Names that people know, and the sources we depend on. */
static const struct {
	int space;
	uint8_t code;
	const char *name;
	int type;
} known[] = {
	{ MAIN, 3, "routers", DHCP_T_IPS },
	{ MAIN, 43, "vendor-encapsulated-options", DHCP_T_SPACE },
	{ MAIN, 54, "dhcp-server-identifier", DHCP_T_IP },
	{ MAIN, 60, "vendor-class-identifier", DHCP_T_TEXT },
	{ MAIN, 66, "tftp-server-name", DHCP_T_TEXT },
	{ MAIN, 67, "bootfile-name", DHCP_T_TEXT },
	{ MAIN, 77, "user-class", DHCP_T_USER_CLASS },
	{ MAIN, 93, "client-arch", DHCP_T_ARCH },
	{ MAIN, 175, "ipxe-encap", DHCP_T_SPACE },
	{ MAIN, 203, "iscsi-initiator-iqn", DHCP_T_TEXT },
	{ MAIN, 209, "loader-configfile", DHCP_T_TEXT },
	{ PXE, 6, "discovery-control", DHCP_T_U8 },
	{ PXE, 71, "boot-item", DHCP_T_PXE_ITEM },
	{ RELAY, 1, "circuit-id", DHCP_T_BYTES },
	{ RELAY, 152, "virtual-subnet-selection-control", DHCP_T_NONE },
	{ IPXE, 19, "http", DHCP_T_U8 },
	{ IPXE, 41, "nfs", DHCP_T_U8 },
	{ IPXE, 176, "no-pxedhcp", DHCP_T_U8 },
};

START_TEST(options_have_names)
{
	const struct dhcp_opt_info *info;

	info = dhcp_opt_info((enum dhcp_space)known[_i].space,
	    known[_i].code);
	ck_assert_ptr_nonnull(info);
	ck_assert_str_eq(info->name, known[_i].name);
	ck_assert_int_eq(info->type, known[_i].type);
}
END_TEST

/* Framing: what the codes 0 and 255 are depends on the space. */
static const struct {
	int space;
	const char *hex;
	const char *codes;              /* "bad" at the end if framing breaks */
} subs[] = {
	{ PXE, "060108" "00" "0a0100" "ff" "0701", "6 10" },
	{ PXE, "060108" "07", "6 bad" },
	{ PXE, "060108" "070461", "6 bad" },
	{ PXE, "", "" },
	{ RELAY, "0001aa" "ff01bb" "0100", "0 255 1" },
	{ RELAY, "0001aa" "ff", "0 bad" },
	{ IPXE, "130101" "00" "b00101" "ff01", "19 176" },
	{ MAIN, "0001" "0161", "1" },
};

START_TEST(subs_are_stepped)
{
	enum dhcp_space space = (enum dhcp_space)subs[_i].space;
	uint8_t buf[64];
	size_t len = unhex(subs[_i].hex, buf, sizeof(buf));
	uint8_t *copy = unit_heap(buf, len);
	struct rd r = rd_init(copy, len);
	struct dhcp_sub sub;
	struct sbuf b = SBUF_EMPTY;

	while (dhcp_sub_next(space, &r, &sub)) {
		sbuf_sep(&b, " ");
		sbuf_printf(&b, "%u", sub.code);
	}
	if (r.bad) {
		sbuf_sep(&b, " ");
		sbuf_add(&b, "bad");
	}
	ck_assert_str_eq(sbuf_str(&b), subs[_i].codes);
	ck_assert_uint_eq(r.left, 0);
	sbuf_release(&b);
	free(copy);
}
END_TEST

START_TEST(subs_are_found)
{
	static const uint8_t data[] = { 19, 1, 1, 176, 2, 5, 6, 176, 1, 7 };
	struct rd value;

	ck_assert(dhcp_sub_find(DHCP_SPACE_IPXE, data, sizeof(data), 176,
	    &value));
	ck_assert_uint_eq(value.left, 2);
	ck_assert_uint_eq(rd_u8(&value), 5);
	ck_assert_uint_eq(rd_u8(&value), 6);
	ck_assert(!dhcp_sub_find(DHCP_SPACE_IPXE, data, sizeof(data), 5,
	    &value));
	ck_assert(!dhcp_sub_find(DHCP_SPACE_IPXE, NULL, 0, 19, &value));
}
END_TEST

static const struct {
	const char *hex;
	bool is_list;
	size_t n;
	const char *classes[3];
} classes[] = {
	{ "69505845", false, 1, { "iPXE" } },
	{ "0469505845", true, 1, { "iPXE" } },
	{ "0469505845026162017a", true, 3, { "iPXE", "ab", "z" } },
	{ "04695058", false, 1, { "\004iPX" } },
	{ "046950584500", false, 1, { NULL } },         /* a length of 0 */
	{ "01", false, 1, { "\001" } },
	{ "016101", false, 1, { "\001a\001" } },
};

START_TEST(user_class_has_two_forms)
{
	uint8_t buf[64];
	size_t len = unhex(classes[_i].hex, buf, sizeof(buf));
	uint8_t *copy = unit_heap(buf, len);
	struct user_class uc;
	struct rd next;
	size_t n = 1;

	ck_assert_int_eq(user_class_parse(copy, len, &uc), 0);
	ck_assert_int_eq(uc.is_list, classes[_i].is_list);
	ck_assert_uint_eq(uc.n, classes[_i].n);
	next = uc.first;
	do {
		const char *want = classes[_i].classes[n - 1];

		if (!want)
			continue;
		ck_assert_uint_eq(next.left, strlen(want));
		ck_assert_int_eq(memcmp(next.p, want, next.left), 0);
	} while (user_class_next(&uc, &next) && n++ < uc.n);
	ck_assert_uint_eq(n, uc.n);
	free(copy);
}
END_TEST

START_TEST(user_class_may_be_empty)
{
	struct user_class uc;

	ck_assert_int_eq(user_class_parse("", 0, &uc), -ENODATA);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("dhcp_opt");
	TCase *tc = tcase_create("dhcp_opt");

	tcase_add_loop_test(tc, values_are_said, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(tc, prefixes_of_values, 0, ARRAY_LEN(rows));
	tcase_add_test(tc, unknown_options_are_text_or_hex);
	tcase_add_test(tc, a_long_name_is_refused);
	tcase_add_loop_test(tc, tables_are_in_order, 0, 4);
	tcase_add_loop_test(tc, options_have_names, 0, ARRAY_LEN(known));
	tcase_add_loop_test(tc, subs_are_stepped, 0, ARRAY_LEN(subs));
	tcase_add_test(tc, subs_are_found);
	tcase_add_loop_test(tc, user_class_has_two_forms, 0,
	    ARRAY_LEN(classes));
	tcase_add_test(tc, user_class_may_be_empty);
	suite_add_tcase(s, tc);
	return s;
}
