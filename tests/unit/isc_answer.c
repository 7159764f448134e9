#include "isc_answer_make.h"

#include <stdio.h>

#define NET(inside) "subnet 10.0.0.0 netmask 255.255.255.0 { " inside " }\n"
#define RANGE "range 10.0.0.100 10.0.0.200; "

/* Asked by 52:54:00:00:00:01, arch 7, user class iPXE. */
static const struct {
	const char *name;
	const char *text;
	const char *file;               /* NULL: silence */
} rows[] = {
	{ "no subnet: as if there were one", "filename \"f\";", "f" },
	{ "another subnet", "filename \"f\"; subnet 11.0.0.0 netmask 255.0.0.0 "
	    "{ range 11.0.0.9; }", NULL },
	{ "no range", NET("filename \"f\";"), NULL },
	{ "global", "filename \"g\";" NET(RANGE), "g" },
	{ "subnet over global", "filename \"g\";" NET(RANGE "filename \"s\";"), "s" },
	{ "pool over subnet", NET("filename \"s\"; pool { " RANGE "filename \"p\"; }"), "p" },
	{ "class over pool", "class \"c\" { match if 1 = 1; filename \"c\"; }\n"
	    NET("pool { " RANGE "filename \"p\"; }"), "c" },
	{ "first class wins", "class \"a\" { match if 1 = 1; filename \"a\"; }\n"
	    "class \"b\" { match if 1 = 1; filename \"b\"; }\n" NET(RANGE), "a" },
	{ "host over class", "class \"c\" { match if 1 = 1; filename \"c\"; }\n"
	    "host h { hardware ethernet 52:54:0:0:0:1; filename \"h\"; }\n" NET(RANGE), "h" },
	{ "group of the host", "group { filename \"gr\"; host h { hardware ethernet 52:54:0:0:0:1; } }\n"
	    NET(RANGE "filename \"s\";"), "gr" },
	{ "fixed address, no range", "host h { hardware ethernet 52:54:0:0:0:1; fixed-address 10.0.0.7; filename \"h\"; }\n"
	    NET(""), "h" },
	{ "host fixed elsewhere does not count", "host h { hardware ethernet 52:54:0:0:0:1; fixed-address 10.9.0.7; filename \"h\"; }\n"
	    NET(RANGE "filename \"s\";"), "s" },
	{ "known is not known to classes", "class \"c\" { match if known; filename \"c\"; }\n"
	    "host h { hardware ethernet 52:54:0:0:0:1; }\n" NET(RANGE "filename \"s\";"), "s" },
	{ "subclass", "class \"c\" { match option user-class; filename \"c\"; }\n"
	    "subclass \"c\" \"iPXE\" { filename \"sub\"; }\n" NET(RANGE), "sub" },
	{ "subclass without a body", "class \"c\" { match option user-class; filename \"c\"; }\n"
	    "subclass \"c\" \"iPXE\";\n" NET(RANGE), "c" },
	{ "pool denied", "class \"c\" { match if 1 = 1; }\n"
	    NET("pool { deny members of \"c\"; " RANGE "}"), NULL },
	{ "second pool", "class \"c\" { match if 1 = 1; }\n"
	    NET("pool { deny members of \"c\"; range 10.0.0.5; filename \"1\"; }"
	    "pool { allow members of \"c\"; range 10.0.0.6; filename \"2\"; }"), "2" },
	{ "unknown clients", "deny unknown-clients;" NET(RANGE "filename \"s\";"), NULL },
	{ "of an entry for another network: unknown too", "host h { hardware ethernet 52:54:0:0:0:1; fixed-address 10.9.0.7; }\n"
	    NET("deny unknown-clients;" RANGE), NULL },
	{ "but no stranger to a pool", "host h { hardware ethernet 52:54:0:0:0:1; fixed-address 10.9.0.7; }\n"
	    NET("pool { deny unknown-clients; " RANGE "filename \"p\"; }"), "p" },
	{ "first subnet of a shared network", "shared-network n { " NET(RANGE "filename \"1\";")
	    "subnet 10.0.1.0 netmask 255.255.255.0 { range 10.0.1.9; filename \"2\"; } }", "1" },
	{ "host of the subnet brings the subnet's after a shared network's pool",
	    "shared-network n { " NET("filename \"s\"; pool { " RANGE "filename \"p\"; } "
	    "host h { hardware ethernet 52:54:0:0:0:1; }") "}", "s" },
	{ "but not after a lone subnet's", NET("filename \"s\"; pool { " RANGE "filename \"p\"; } "
	    "host h { hardware ethernet 52:54:0:0:0:1; }"), "p" },
	{ "booting", "ignore booting;" NET(RANGE "filename \"s\";"), NULL },
	{ "seconds", "min-secs 1;" NET(RANGE "filename \"s\";"), NULL },
	{ "howto: != 0 is always true", "option client-arch code 93 = unsigned integer 16;"
	    NET(RANGE "if option client-arch != 0 { filename \"ipxe.efi\"; } else { filename \"undionly.kpxe\"; }"), "ipxe.efi" },
	{ "a comparison takes what follows", NET(RANGE
	    "if 1 = 2 and 1 = 1 or 1 = 1 { filename \"t\"; } else { filename \"f\"; }"), "f" },
	{ "evaluated late", NET(RANGE "filename = config-option root-path; option root-path \"late\";"), "late" },
	{ "a null file name is none", NET(RANGE "filename = option root-path;"), "" },
	{ "switch falls through", NET(RANGE "switch (option user-class) { case \"iPXE\": "
	    "filename \"1\"; case \"x\": filename \"2\"; break; default: filename \"3\"; }"), "2" },
	{ "switch over a condition has only a default", NET(RANGE "switch (exists user-class) { case exists user-class: "
	    "filename \"1\"; break; case 1: filename \"2\"; break; default: filename \"3\"; }"), "3" },
	{ "break ends the block", NET(RANGE "filename \"1\"; break; filename \"2\";"), "1" },
	{ "a word without quotes", NET(RANGE
	    "if option user-class = iPXE { filename \"t\"; } else { filename \"f\"; }"), "f" },
	{ "the last of equal subnets", NET(RANGE "filename \"1\";")
	    "subnet 10.0.0.0 netmask 255.255.255.0 { range 10.0.0.9; filename \"2\"; }", "2" },
};

START_TEST(file_of_the_answer)
{
	struct dhcp4_msg m;
	struct answer a;

	make_request(&m, 7, "iPXE", 1);
	ask(rows[_i].text, &m, &a);
	ck_assert_msg(a.answered == (rows[_i].file != NULL), "%s", rows[_i].name);
	if (rows[_i].file)
		ck_assert_msg(strcmp((char *)a.msg.file, rows[_i].file) == 0,
		    "%s: %s", rows[_i].name, (char *)a.msg.file);
	/* Silence has its reason too. */
	ck_assert(a.reasons);
	answer_release(&a);
	dhcp4_msg_release(&m);
}
END_TEST

/* The options sent, in order, after 53, 54 and 51. */
static const struct {
	const char *name;
	const char *text;
	uint8_t code;
	const char *value;              /* NULL: not sent */
	size_t len;
} options[] = {
	{ "asked for", "option root-path \"r\";", 17, "r", 1 },
	{ "not asked for", "option nis-domain \"r\";", 40, NULL, 0 },
	{ "asked for by the server", "option nis-domain \"r\"; option dhcp-parameter-request-list 40;", 40, "r", 1 },
	{ "append", "option root-path \"a\"; append root-path \"b\"; prepend root-path \"c\";", 17, "cab", 3 },
	{ "default", "option root-path \"a\"; default root-path \"b\";", 17, "a", 1 },
	{ "null", "option root-path = option nis-domain;", 17, NULL, 0 },
	{ "space in 43", "vendor-option-space PXE; option PXE.c 8; option PXE.t \"x\";", 43, "\6\1\10\11\1x", 6 },
	{ "43 as a whole wins", "vendor-option-space PXE; option PXE.c 8; option vendor-encapsulated-options 1:2;", 43, "\1\2", 2 },
	{ "nothing empty in 43", "vendor-option-space PXE; option PXE.c 8; option PXE.t \"\";", 43, "\6\1\10", 3 },
	{ "43 of an empty one", "vendor-option-space PXE; option PXE.t \"\";", 43, NULL, 0 },
	{ "mask of the subnet", "", 1, "\377\377\377\0", 4 },
	{ "mask said otherwise", "option subnet-mask 255.0.0.0;", 1, "\377\0\0\0", 4 },
	{ "lease time bounded", "max-lease-time 400;", 51, "\0\0\1\220", 4 },
	{ "server identifier", "server-identifier 7.7.7.7;", 54, "\7\7\7\7", 4 },
	{ "vendor class is not echoed", "", 60, NULL, 0 },
};

START_TEST(option_of_the_answer)
{
	char text[1024];
	const struct dhcp4_opt *o;
	struct dhcp4_msg m;
	struct answer a;

	(void)snprintf(text, sizeof(text), "option space PXE;\n"
	    "option PXE.c code 6 = unsigned integer 8; option PXE.t code 9 = text;\n%s"
	    NET(RANGE), options[_i].text);
	make_request(&m, 7, NULL, 1);
	ask(text, &m, &a);
	ck_assert(a.answered);
	o = dhcp4_opt(&a.msg, options[_i].code);
	ck_assert_msg((o != NULL) == (options[_i].value != NULL), "%s",
	    options[_i].name);
	if (o) {
		ck_assert_msg(o->len == options[_i].len, "%s", options[_i].name);
		ck_assert_mem_eq(o->data, options[_i].value, o->len);
	}
	answer_release(&a);
	dhcp4_msg_release(&m);
}
END_TEST

START_TEST(because_has_the_lines)
{
	struct dhcp4_msg m;
	struct answer a;
	const struct reason *r;
	bool cond = false, stmt = false;

	make_request(&m, 7, "iPXE", 1);
	ask(NET(RANGE "\nif exists user-class {\n  filename \"x\";\n}"), &m, &a);
	for (r = a.reasons; r; r = r->next) {
		cond = cond || (r->line == 2 && strstr(r->text, "true: if exists"));
		stmt = stmt || (r->line == 3 && !strcmp(r->text, "filename \"x\";"));
	}
	ck_assert(cond && stmt);
	answer_release(&a);
	dhcp4_msg_release(&m);
}
END_TEST

/* Which pool it is matters only where one of two subnets speaks of booting. */
static const struct { bool gap; const char *text; } nets[] = {
	{ true, "range 10.0.0.5; filename \"1\"; } subnet 10.0.1.0 netmask 255.255.255.0 { range 10.0.1.5; }" },
	{ true, "range 10.0.0.5; } subnet 10.0.1.0 netmask 255.255.255.0 { pool { range 10.0.1.5; filename \"2\"; } }" },
	{ true, "range 10.0.0.5; option root-path \"1\"; } subnet 10.0.1.0 netmask 255.255.255.0 { range 10.0.1.5; }" },
	{ false, "range 10.0.0.5; option routers 10.0.0.1; } subnet 10.0.1.0 netmask 255.255.255.0 { range 10.0.1.5; }" },
	{ false, "filename \"1\"; } subnet 10.0.1.0 netmask 255.255.255.0 { range 10.0.1.5; filename \"2\"; }" },
	{ false, "pool { range 10.0.0.5; filename \"1\"; } pool { range 10.0.0.6; filename \"2\"; } }" },
};

START_TEST(pool_that_is_not_known)
{
	char text[512];
	struct diag d = { .text = "" };
	void *tree = NULL;
	size_t n = 0;

	(void)snprintf(text, sizeof(text),
	    "shared-network n { subnet 10.0.0.0 netmask 255.255.255.0 { %s }",
	    nets[_i].text);
	ck_assert_msg(isc_parse("t.conf", text, strlen(text), NULL, &tree, &d) == 0,
	    "%s", d.text);
	(void)isc_ops.gaps(tree, &n);
	ck_assert_msg((n == 1) == nets[_i].gap, "%s", nets[_i].text);
	isc_ops.free(tree);
}
END_TEST

/* As a live dhcpd answers what was before DHCP. */
static const struct {
	const char *name;
	const char *text;
	const char *file;               /* NULL: silence */
	uint32_t siaddr;
	bool has_path;                  /* option 17 is sent */
} bootp[] = {
	{ "not without being told", NET("range 10.0.0.10 10.0.0.99;"), NULL, 0,
	    false },
	{ "a range for it", NET("range dynamic-bootp 10.0.0.10 10.0.0.99;"
	    "filename \"f\"; option root-path \"r\";"), "f", 0, true },
	{ "no class holds it", "class \"c\" { match if 1 = 1; filename \"c\"; }"
	    NET("range dynamic-bootp 10.0.0.10; filename \"f\";"), "f", 0,
	    false },
	{ "what is asked for in a range", NET("range dynamic-bootp 10.0.0.10;"
	    "option root-path \"r\"; option dhcp-parameter-request-list 66;"
	    "filename \"f\";"), "f", 0, false },
	{ "and everything to a host", NET("range 10.0.0.10; filename \"f\";"
	    "option root-path \"r\"; option dhcp-parameter-request-list 66;")
	    "host h { hardware ethernet 52:54:0:0:0:1; "
	    "fixed-address 10.0.0.7; }", "f", 0x0a000001, true },
	{ "a host and its server", NET("range 10.0.0.10; filename \"f\";")
	    "host h { hardware ethernet 52:54:0:0:0:1; "
	    "fixed-address 10.0.0.7; next-server 10.0.0.3; }", "f", 0x0a000003,
	    false },
	{ "denied", "deny bootp;" NET("range dynamic-bootp 10.0.0.10;"), NULL,
	    0, false },
};

START_TEST(before_dhcp)
{
	struct dhcp4_msg m;
	struct answer a;

	dhcp4_msg_init(&m, DHCP4_BOOTREQUEST);
	memcpy(m.chaddr, "\x52\x54\0\0\0\1", 6);
	ask(bootp[_i].text, &m, &a);
	ck_assert_msg(a.answered == (bootp[_i].file != NULL), "%s",
	    bootp[_i].name);
	if (bootp[_i].file) {
		ck_assert_str_eq((char *)a.msg.file, bootp[_i].file);
		ck_assert_msg(a.msg.siaddr.s_addr == htonl(bootp[_i].siaddr),
		    "%s", bootp[_i].name);
		ck_assert_msg((dhcp4_opt(&a.msg, DHCP4_OPT_ROOT_PATH) != NULL)
		    == bootp[_i].has_path, "%s", bootp[_i].name);
	}
	answer_release(&a);
	dhcp4_msg_release(&m);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("isc_answer");
	TCase *tc = tcase_create("answer");

	tcase_add_loop_test(tc, file_of_the_answer, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(tc, option_of_the_answer, 0, ARRAY_LEN(options));
	tcase_add_test(tc, because_has_the_lines);
	tcase_add_loop_test(tc, before_dhcp, 0, ARRAY_LEN(bootp));
	tcase_add_loop_test(tc, pool_that_is_not_known, 0, ARRAY_LEN(nets));
	suite_add_tcase(s, tc);
	return s;
}
