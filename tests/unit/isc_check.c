/* isc_check.c - what is told of a whole dhcpd.conf before it is asked. */
#include "isc_answer_make.h"

#include <stdio.h>

#define ARCH "option arch code 93 = unsigned integer 16;\n"
#define NET "subnet 10.0.0.0 netmask 255.0.0.0 { range 10.0.0.9; }\n"
#define OTHER "subnet 11.0.0.0 netmask 255.0.0.0 { range 11.0.0.9; }\n"

static void *
read_text(const char *text)
{
	struct diag d = { .text = "" };
	void *tree = NULL;

	ck_assert_msg(isc_parse("t.conf", text, strlen(text), NULL, &tree,
	    &d) == 0, "%u:%u %s", d.line, d.column, d.text);
	return tree;
}

/* One remark, or none where `fault` is NULL. */
static const struct remark_row {
	const char *text;
	const char *fault;
	unsigned int line;
	const char *says;
} remarks[] = {
	/* hosts: which of two dhcpd takes was asked of a live one */
	{ NET "host a { hardware ethernet 1:2:3:4:5:6; }\n"
	    "host b { hardware ethernet 1:2:3:4:5:6; }\n",
	    "host-shadowed", 3, "host a in line 2" },
	{ NET "host a { hardware ethernet 1:2:3:4:5:6; fixed-address 10.0.0.1; }\n"
	    "host b { hardware ethernet 1:2:3:4:5:6; fixed-address 10.0.0.2; }\n",
	    "host-shadowed", 3, "hardware address" },
	{ NET "host a { option dhcp-client-identifier \"x\"; }\n"
	    "host b { option dhcp-client-identifier \"x\"; }\n",
	    "host-shadowed", 3, "client identifier" },
	{ NET OTHER
	    "host a { hardware ethernet 1:2:3:4:5:6; fixed-address 10.0.0.1; }\n"
	    "host b { hardware ethernet 1:2:3:4:5:6; fixed-address 11.0.0.2; }\n",
	    NULL, 0, NULL },
	{ NET "host a { hardware ethernet 1:2:3:4:5:6; fixed-address 10.0.0.1; }\n"
	    "host b { hardware ethernet 1:2:3:4:5:6; }\n", NULL, 0, NULL },
	/* classes */
	{ "class \"c\" { filename \"a\"; }\n", "class-test-never-matches", 1,
	    "no client is ever in it" },
	{ "class \"c\" { match hardware; filename \"a\"; }\n",
	    "class-test-never-matches", 1, "no subclass" },
	{ "class \"c\" { match hardware; filename \"a\"; }\n"
	    "subclass \"c\" 1:1:2:3:4:5:6;\n", NULL, 0, NULL },
	{ "class \"c\" { match hardware; }\nsubclass \"c\" 1:2:3;\n",
	    "class-test-never-matches", 2, "never true" },
	{ "class \"c\" { match if known; filename \"a\"; }\n"
	    "class \"d\" { match if known;\nfilename \"b\"; }\n",
	    "statement-without-effect", 3, "class \"c\"" },
	{ "class \"c\" { match if known; filename \"a\"; }\n"
	    "class \"d\" { match if known; next-server 10.0.0.1; }\n",
	    NULL, 0, NULL },
	{ "class \"c\" { match if known; filename \"a\"; }\n"
	    "class \"d\" { match if not known; filename \"b\"; }\n",
	    NULL, 0, NULL },
	/* branches */
	{ ARCH "if option arch = 00:07 { filename \"a\"; }\n"
	    "elsif option arch = 00:07 {\nfilename \"b\"; }\n",
	    "unreachable-branch", 4, "never true" },
	{ ARCH "if option arch = 00:07 { filename \"a\"; }\n"
	    "elsif option arch != 00:07 { filename \"b\"; } else {\n"
	    "filename \"c\"; }\n", "unreachable-branch", 4, "always true" },
	{ ARCH "if exists arch { filename \"a\"; }\n"
	    "elsif option arch = 00:07 {\nfilename \"b\"; }\n",
	    "unreachable-branch", 4, "never true" },
	{ ARCH "if option arch = 00:07 {\nif exists arch { filename \"a\"; }\n"
	    "else {\nfilename \"b\"; } }\n", "unreachable-branch", 5,
	    "always true" },
	{ ARCH "if option arch = 00:07 or option arch = 00:09 "
	    "{ filename \"a\"; }\nelsif option arch = \"\\000\\011\" {\n"
	    "filename \"b\"; }\n", "unreachable-branch", 4, "never true" },
	{ ARCH "if option arch = 00:07 {\n"
	    "if option arch = 00:09 {\nfilename \"b\"; } }\n",
	    "unreachable-branch", 4, "never true" },
	{ ARCH "if option arch = 00:07 { filename \"a\"; }\n"
	    "elsif option arch = 00:09 { filename \"b\"; } else {\n"
	    "filename \"c\"; }\n", NULL, 0, NULL },
	{ "if not (exists user-class and exists host-name) { filename \"a\"; }\n"
	    "elsif exists user-class { filename \"b\"; } else {\n"
	    "filename \"c\"; }\n", NULL, 0, NULL },
	/* what a "set" changes is no lasting fact */
	{ "set foo = \"1\";\nif foo = \"1\" { set foo = \"2\";\n"
	    "if foo = \"2\" { filename \"b\"; } }\n", NULL, 0, NULL },
	/* parts */
	{ "if binary-to-ascii(16, 8, \":\", hardware) = \"1:52:54:0:0:0:0a\""
	    " { }\n", "class-test-never-matches", 1, "leading zeros" },
	{ "if binary-to-ascii(16, 8, \":\", hardware) = \"1:52:54:0:0:0:A\""
	    " { }\n", "class-test-never-matches", 1, "capitals" },
	{ "if binary-to-ascii(16, 8, \":\", hardware) = \"1:52:54:0:0:0:a\""
	    " { }\n", NULL, 0, NULL },
	{ "if pick-first-value(option host-name, hardware) = \"web\" { }\n",
	    NULL, 0, NULL },
	{ "set foo = \"iPXE\"; if option user-class = foo { }\n", NULL, 0,
	    NULL },
	/* an old name alone */
	{ "if option user-class = \"gPXE\" { filename \"a\"; }\n",
	    "deprecated-form", 1, "iPXE" },
	{ "if option user-class = \"gPXE\" or option user-class = \"iPXE\" "
	    "{ filename \"a\"; }\n", NULL, 0, NULL },
};

START_TEST(remarked)
{
	const struct remark_row *row = &remarks[_i];
	void *tree = read_text(row->text);
	size_t n = 0;
	const struct config_remark *r = isc_ops.remarks(tree, &n);

	ck_assert_msg(n == (row->fault != NULL), "%s: %zu, %s", row->text, n,
	    n ? r[0].text : "");
	if (n > 0) {
		ck_assert_msg(strcmp(r[0].fault, row->fault) == 0, "%s: %s",
		    row->text, r[0].fault);
		ck_assert_msg(r[0].pos.line == row->line, "%s: line %u",
		    row->text, r[0].pos.line);
		ck_assert_msg(strstr(r[0].text, row->says) != NULL, "%s: %s",
		    row->text, r[0].text);
	}
	isc_ops.free(tree);
}
END_TEST

/* Each value that is compared is known, or it is said that it is not. */
static const struct literal_row {
	const char *text;
	enum config_field field;
	uint8_t code;
	size_t off;
	size_t len;
	const char *bytes;
	size_t n_gaps;
} literals[] = {
	{ "class \"c\" { match substring(option vendor-class-identifier, 0, 9); }"
	    "subclass \"c\" \"PXEClient\";", CONFIG_F_OPTION, 60, 0, 9,
	    "PXEClient", 0 },
	{ "class \"c\" { match pick-first-value("
	    "option dhcp-client-identifier, hardware); }"
	    "subclass \"c\" 1:2:3:4:5:6:7;", CONFIG_F_HARDWARE, 0, 0, 7,
	    "\1\2\3\4\5\6\7", 0 },
	{ "switch (option user-class) { case \"iPXE\": filename \"a\"; }",
	    CONFIG_F_OPTION, 77, 0, 4, "iPXE", 0 },
	{ "if binary-to-ascii(16, 8, \"-\", substring(hardware, 1, 3)) = "
	    "\"52-54-0\" { }", CONFIG_F_HARDWARE, 0, 1, 3, "\x52\x54\0", 0 },
	{ "if binary-to-ascii(10, 16, \"\", option arch) = \"7\" { }",
	    CONFIG_F_OPTION, 93, 0, 0, NULL, 1 },
	{ "if concat(option host-name, \"x\") = \"webx\" { }",
	    CONFIG_F_OPTION, 12, 0, 0, NULL, 1 },
	{ "set x = option host-name;", CONFIG_F_OPTION, 12, 0, 0, NULL, 0 },
};

START_TEST(compared)
{
	const struct literal_row *row = &literals[_i];
	char text[1024];
	const struct config_literal *l;
	bool found = false;
	void *tree;
	size_t n;

	(void)snprintf(text, sizeof(text), ARCH NET "%s", row->text);
	tree = read_text(text);
	l = isc_ops.literals(tree, &n);
	for (size_t i = 0; i < n; i++)
		found = found || (l[i].field == row->field &&
		    l[i].code == row->code && l[i].off == row->off &&
		    l[i].len == row->len && (row->len == 0 ||
		    memcmp(l[i].bytes, row->bytes, row->len) == 0));
	ck_assert_msg(found, "%s", row->text);
	(void)isc_ops.gaps(tree, &n);
	ck_assert_msg(n == row->n_gaps, "%s: %zu gaps", row->text, n);
	isc_ops.free(tree);
}
END_TEST

/* What a name would be, or another part would say, is not held missing. */
START_TEST(unknown_server)
{
	static const struct { const char *text; bool unknown; } rows[] = {
		{ NET "next-server tftp.lab;", true },
		{ NET "next-server 10.0.0.1;", false },
		{ NET "filename \"a\";", false },
		{ "filename \"a\";", true },
		{ "next-server 10.0.0.1;", false },
	};
	struct dhcp4_msg m;
	struct answer a;

	make_request(&m, 7, NULL, 7);
	ask(rows[_i].text, &m, &a);
	ck_assert(a.answered);
	ck_assert_msg(a.server_unknown == rows[_i].unknown, "%s",
	    rows[_i].text);
	answer_release(&a);
	dhcp4_msg_release(&m);
}
END_TEST

#define HOST_A "host a { hardware ethernet 52:54:0:0:0:1; "
#define HOST_B "host b { hardware ethernet 52:54:0:0:0:2; "

static const struct { const char *text; bool alike; } hosts[] = {
	{ HOST_A "}" HOST_B "}", true },
	{ HOST_A "option host-name \"a\"; }" HOST_B "option host-name \"b\"; }",
	    true },
	{ HOST_A "fixed-address 10.0.0.1; }" HOST_B "fixed-address 10.0.0.2; }",
	    true },
	{ HOST_A "fixed-address 10.0.0.1; }" HOST_B "fixed-address 11.0.0.2; }",
	    false },
	{ HOST_A "fixed-address 10.0.0.1; }" HOST_B "}", false },
	{ HOST_A "filename \"x\"; }" HOST_B "filename \"x\"; }", true },
	{ HOST_A "filename \"x\"; }" HOST_B "filename \"y\"; }", false },
	{ HOST_A "option root-path \"x\"; }"
	    HOST_B "default root-path \"x\"; }", false },
	{ HOST_A "if known { filename \"x\"; } }"
	    HOST_B "if known { filename \"x\"; } }", true },
	{ HOST_A "if known { filename \"x\"; } }"
	    HOST_B "if known { } else { filename \"x\"; } }", false },
	{ HOST_A "}" "group { next-server 10.0.0.7;" HOST_B "} }", false },
	{ "if hardware = 1:52:54:0:0:0:1 { filename \"x\"; }"
	    HOST_A "}" HOST_B "}", false },
	{ "if substring(hardware, 1, 3) = 52:54:0 { filename \"x\"; }"
	    HOST_A "}" HOST_B "}", true },
	{ "if option host-name = \"x\" { filename \"x\"; }"
	    HOST_A "}" HOST_B "}", true },
	{ "class \"c\" { match hardware; filename \"x\"; }"
	    "subclass \"c\" 1:52:54:0:0:0:1;" HOST_A "}" HOST_B "}", false },
	{ "filename = binary-to-ascii(16, 8, \"-\", hardware);"
	    HOST_A "}" HOST_B "}", false },
	{ "filename = host-decl-name;" HOST_A "}" HOST_B "}", false },
	{ "if concat(hardware, \"\") = 1:52:54:0:0:0:1 { filename \"x\"; }"
	    HOST_A "}" HOST_B "}", false },
};

START_TEST(alike)
{
	const struct config_host *h;
	char text[1024];
	void *tree;
	size_t n;

	(void)snprintf(text, sizeof(text), NET OTHER "%s", hosts[_i].text);
	tree = read_text(text);
	h = isc_ops.hosts(tree, &n);
	ck_assert_uint_eq(n, 2);
	ck_assert_msg((h[0].alike == h[1].alike && h[0].alike != 0) ==
	    hosts[_i].alike, "%s: %u and %u", hosts[_i].text, h[0].alike,
	    h[1].alike);
	isc_ops.free(tree);
}
END_TEST

/* A condition of hundreds of addresses is no nesting. */
START_TEST(many_terms)
{
	struct sbuf text = SBUF_EMPTY;
	struct dhcp4_msg m;
	struct answer a;

	sbuf_add(&text, NET "filename \"no\"; if ");
	for (unsigned int i = 0; i < 1000; i++)
		sbuf_printf(&text, "hardware = 1:52:54:0:0:%x:%x or ",
		    i / 256 + 1, i % 256);
	sbuf_add(&text, "hardware = 1:52:54:0:0:0:7 { filename \"yes\"; }");
	make_request(&m, 7, NULL, 7);
	ask(sbuf_str(&text), &m, &a);
	ck_assert_str_eq((char *)a.msg.file, "yes");
	answer_release(&a);
	dhcp4_msg_release(&m);
	make_request(&m, 7, NULL, 8);
	ask(sbuf_str(&text), &m, &a);
	ck_assert_str_eq((char *)a.msg.file, "no");
	answer_release(&a);
	dhcp4_msg_release(&m);
	sbuf_release(&text);
}
END_TEST

/* The same line is the same text, however often it is asked for. */
START_TEST(lines)
{
	void *tree = read_text("authoritative;\r\n" NET);
	const char *line = isc_ops.line(tree, "t.conf", 1);

	ck_assert_str_eq(line, "authoritative;");
	ck_assert_ptr_eq(isc_ops.line(tree, "t.conf", 1), line);
	ck_assert_ptr_null(isc_ops.line(tree, "t.conf", 9));
	ck_assert_ptr_null(isc_ops.line(tree, "other", 1));
	isc_ops.free(tree);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("isc_check");
	TCase *tc = tcase_create("check");

	tcase_add_loop_test(tc, remarked, 0, ARRAY_LEN(remarks));
	tcase_add_loop_test(tc, compared, 0, ARRAY_LEN(literals));
	tcase_add_loop_test(tc, alike, 0, ARRAY_LEN(hosts));
	tcase_add_loop_test(tc, unknown_server, 0, 5);
	tcase_add_test(tc, many_terms);
	tcase_add_test(tc, lines);
	suite_add_tcase(s, tc);
	return s;
}
