/*
 * Conditions and their truth: each row's verdict is that of a live dhcpd
 * 4.4.3, asked with the same request.
 */
#include "isc_answer_make.h"

#include <stdio.h>

static const struct { bool want; const char *text; } rows[] = {
	{ false, "option arch = 7" },
	{ true, "option arch != 0" },
	{ true, "option arch = 00:07" },
	{ true, "option arch = 0:7" },
	{ true, "option one = 5" },
	{ true, "option one = 05" },
	{ false, "option one = 5:6" },
	{ false, "option nope = option zl" },
	{ true, "option nope = option nope16" },
	{ true, "option nope != \"x\"" },
	{ true, "exists zl" },
	{ true, "option zl = \"\"" },
	{ false, "substring(option nope,0,3) = \"\"" },
	{ false, "not (1 = 2 and 1 = 1)" },
	{ false, "not (option nope ~= \"x\")" },
	{ true, "not exists nope" },
	{ true, "option user-class ~= \"E$\"" },
	{ false, "option user-class ~= \"^ipxe\"" },
	{ true, "option user-class ~~ \"^ipxe\"" },
	{ true, "option vendor-class-identifier ~= \"00007$\"" },
	{ false, "known" },
	{ false, "static" },
	{ false, "1 = 1 or known and known" },
	{ false, "known and 1 = 1 or 1 = 1" },
	{ true, "not known or known" },
	{ true, "option host-name = \"ab\"" },
	{ true, "exists host-name" },
	{ true, "substring(option user-class, 4, 2) = \"\"" },
	{ true, "substring(option user-class, 9, 2) = \"\"" },
	{ true, "suffix(option user-class, 2) = \"XE\"" },
	{ true, "lcase(option user-class) = \"ipxe\"" },
	{ true, "hardware = 1:52:54:0:0:0:0" },
	{ true, "substring(hardware,1,3) = 52:54:00" },
	{ true, "packet(0,1) = 01" },
	{ true, "packet(0,1) = 1" },
	{ false, "concat(\"a\", option nope) = \"a\"" },
	{ true, "pick-first-value(option nope, \"b\") = \"b\"" },
	{ true, "extract-int(option arch, 16) = 7" },
	{ false, "extract-int(option one, 16) = 7" },
	{ false, "extract-int(option nope, 8) = 7" },
	{ true, "not (extract-int(option nope, 8) = 7)" },
	{ true, "encode-int(7,16) = option arch" },
	{ true, "binary-to-ascii(16,8,\":\",hardware) = \"1:52:54:0:0:0:0\"" },
	{ true, "binary-to-ascii(10,16,\",\",option arch) = \"7\"" },
	{ true, "reverse(1, option arch) = 07:00" },
	{ true, "option arch = option arch" },
	{ false, "host-decl-name = \"x\"" },
	{ false, "defined(abc)" },
	{ false, "filename = \"x\"" },
	{ false, "server-name = \"x\"" },
	{ false, "option one = ff:ff" },
	{ true, "substring(option arch,1,1) = 7" },
	{ true, "substring(option arch,1,1) = 07" },
	{ true, "substring(option arch,0,2) = 0:07" },
	{ false, "config-option arch = 00:07" },
	{ false, "exists nope and 1 = 1 or 1 = 1" },
	{ false, "1 = 1 or exists nope and exists nope" },
	{ false, "not exists nope and exists nope" },
	{ true, "not exists nope or exists arch" },
	{ false, "not (exists nope and exists arch)" },
	{ true, "option one = 5 and option arch = 00:07" },
	{ true, "option user-class = \"iPXE\" and substring(option "
	    "vendor-class-identifier, 0, 9) = \"PXEClient\"" },
	{ true, "option user-class = 69:50:58:45" },
	{ true, "option arch = 00:07 or option arch = 00:09 and option one = 01" },
	{ false, "1 = 2 or 1 = 1 and 1 = 2" },
	{ false, "1 = 2 and 1 = 1 or 1 = 1" },
	{ true, "1 = 1 or 1 = 1 and 1 = 2" },
	{ true, "extract-int(option arch, 8) = 0" },
	{ true, "extract-int(00:07, 16) = 7" },
	{ false, "config-option domain-name = \"x\"" },
	{ true, "option dhcp.arch = 00:07" },
	{ true, "option dhcp-message-type = 1" },
	{ true, "option dhcp-message-type = 01" },
	{ true, "exists zl and ((1 = 2 and 1 = 1) or 1 = 1)" },
	{ true, "exists zl and (1 = 1 or (1 = 2 and 1 = 1))" },
	{ false, "exists zl and (1 = 2 or (1 = 2 and 1 = 1))" },
	{ true, "exists arch and not (1 = 2 or (1 = 2 and 1 = 1))" },
	{ true, "not (1 = 2 or (1 = 2 and 1 = 1))" },
	{ false, "not (1 = 1 and (1 = 2 and 1 = 1))" },
	{ false, "(1 = 2 and 1 = 1)" },
	{ true, "binary-to-ascii(10,8,\".\",suffix(concat(\"0\","
	    "binary-to-ascii(16,8,\"\",substring(hardware,1,1))),2)) = \"53.50\"" },
	{ false, "option nope = \"\"" },
	{ true, "substring(option zl,0,1) = \"\"" },
	{ true, "substring(option nope,0,1) = option nope" },
	{ true, "null = option nope" },
	{ true, "option vendor-class-identifier ~= \"^PXE\"" },
	{ true, "option vendor-class-identifier ~~ \"arch:0000[0-9]\"" },
	{ true, "option zl ~= \"^$\"" },
	{ true, "option arch = \"\\000\\007\"" },
	{ true, "option arch = \"\\x00\\x07\"" },
	{ true, "option user-class = \"iPXE\"" },
	{ false, "option user-class = \"ipxe\"" },
	{ false, "suffix(option nope,2) = \"\"" },
	{ true, "extract-int(option arch, 16) & 3 = 3" },
	{ true, "extract-int(option arch, 16) = 3 | 4" },
	{ true, "extract-int(option arch, 16) ^ 1 != 7" },
	{ true, "encode-int(1 + 2 * 3, 8) = 9" },
	{ true, "encode-int(1 + 2 | 3, 8) = 4" },
	{ true, "binary-to-ascii(10, 16, \"\", option one) = null" },
	{ true, "binary-to-ascii(10, 32, \"\", ff:ff:ff:ff) = \"04294967295\"" },
	{ true, "binary-to-ascii(10, 32, \"\", 3b:9a:ca:00) = \"01000000000\"" },
	{ true, "binary-to-ascii(10, 32, \"\", 3b:9a:c9:ff) = \"999999999\"" },
	{ true, "binary-to-ascii(16, 32, \"\", ff:ff:ff:ff) = \"ffffffff\"" },
};

static void
make(struct dhcp4_msg *m)
{
	dhcp4_msg_init(m, DHCP4_BOOTREQUEST);
	memcpy(m->chaddr, "\x52\x54\0\0\0\0", 6);
	ck_assert_int_eq(dhcp4_add_u8(m, DHCP4_OPT_MSG_TYPE, DHCP4_DISCOVER), 0);
	ck_assert_int_eq(dhcp4_add_u16(m, DHCP4_OPT_ARCH, 7), 0);
	ck_assert_int_eq(dhcp4_add_str(m, DHCP4_OPT_USER_CLASS, "iPXE"), 0);
	ck_assert_int_eq(dhcp4_add_str(m, DHCP4_OPT_VENDOR_CLASS,
	    "PXEClient:Arch:00007"), 0);
	ck_assert_int_eq(dhcp4_add_u8(m, 224, 5), 0);
	ck_assert_int_eq(dhcp4_add(m, 225, "", 0), 0);
	ck_assert_int_eq(dhcp4_add(m, DHCP4_OPT_HOSTNAME, "ab\0", 4), 0);
}

START_TEST(truth)
{
	char text[4096];
	struct dhcp4_msg m;
	struct answer a;

	(void)snprintf(text, sizeof(text),
	    "option arch code 93 = unsigned integer 16;\n"
	    "option user-class code 77 = string;\n"
	    "option one code 224 = unsigned integer 8;\n"
	    "option zl code 225 = string; option nope code 226 = string;\n"
	    "option nope16 code 227 = unsigned integer 16;\n"
	    "subnet 10.0.0.0 netmask 255.0.0.0 { range 10.0.0.5;\n"
	    "if %s { filename \"true\"; } else { filename \"false\"; } }\n",
	    rows[_i].text);
	make(&m);
	ask(text, &m, &a);
	ck_assert(a.answered);
	ck_assert_msg(strcmp((char *)a.msg.file, rows[_i].want ? "true" :
	    "false") == 0, "%s: %s", rows[_i].text, (char *)a.msg.file);
	answer_release(&a);
	dhcp4_msg_release(&m);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("isc_expr");
	TCase *tc = tcase_create("truth");

	tcase_add_loop_test(tc, truth, 0, ARRAY_LEN(rows));
	suite_add_tcase(s, tc);
	return s;
}
