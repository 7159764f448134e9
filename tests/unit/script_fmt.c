/* script_fmt.c - the normal form: what it is, that it stays, that it means the same. */
#include "unit.h"

#include "base/sbuf.h"
#include "script/fmt.h"
#include "script/template.h"

#include <errno.h>

#define M "#!ipxe\n"

static const struct { const char *from, *to; } rows[] = {
	{ "", "" },
	{ M, M },
	{ "#!ipxe\r\necho a\r\n", M "echo a\n" },
	{ M "  echo   a\tb", M "echo a b\n" },
	{ M "\n\n\n\necho a\n\n\n", M "\necho a\n" },
	{ M ":a   echo b  # c  \n  :d\n", M ":a echo b # c\n:d\n" },
	{ M "   # a   b  \n", M "# a   b\n" },
	{ M "echo a \\\n      b\\\n   c\n", M "echo a \\\n\tb \\\n\tc\n" },
	{ M "chain http://a/\\\nb || shell\n", M "chain http://a/b || shell\n" },
	{ M "\\\n  echo a\n", M "echo a\n" },
	{ M ":a \\\n  echo a\n", M ":a \\\n\techo a\n" },
	{ M "echo a \\\n\\\n  \\\n b\n", M "echo a \\\n\tb\n" },
	/* a backslash that continues nothing goes on doing so */
	{ M "echo a \\ \necho b\n", M "echo a \\ \necho b\n" },
	{ M "echo a \\   \t\necho b\n", M "echo a \\ \necho b\n" },
	{ M "# a \\ \necho b\n", M "# a \\ \necho b\n" },
	{ M ":a\\ \necho b\n", M ":a\\ \necho b\n" },
	/* a comment that swallows lines keeps them */
	{ M "# a \\\n   b   c\necho d\n", M "# a \\\n   b   c\necho d\n" },
	{ M "echo a  # b \\\n  c\necho d\n", M "echo a # b \\\n  c\necho d\n" },
	/* aligned where it was meant */
	{ M "item a   A\nitem bcd B\n", M "item a   A\nitem bcd B\n" },
	{ M "item a A\nitem bcd B\n", M "item a A\nitem bcd B\n" },
	{ M "item a\tA\n# x\nitem bcd B c   d\n",
	    M "item a   A\n# x\nitem bcd B c d\n" },
	{ M "item --key x a  A\nitem b B\n\nitem cde C\nitem f F\n",
	    M "item --key x a A\nitem b         B\n\nitem cde C\nitem f F\n" },
	{ M "set a    1\nset bb 2\necho ${a}    ${bb}\n",
	    M "set a  1\nset bb 2\necho ${a} ${bb}\n" },
	{ M "initrd a  x\ninitrd b/c  y || goto d\ninitrd e  z\n",
	    M "initrd a x\ninitrd b/c y || goto d\ninitrd e z\n" },
	/* what is no script stays none */
	{ "#!ipxe", "#!ipxe" },
	{ "\n" M "echo a\n", "\n" M "echo a\n" },
	{ "  " M "echo   a\n", "  " M "echo a\n" },
	{ "\xef\xbb\xbf" M, "\xef\xbb\xbf#!ipxe\n" },
};

START_TEST(normal_form)
{
	const char *from = rows[_i].from;
	struct sbuf once = SBUF_EMPTY;
	struct sbuf twice = SBUF_EMPTY;

	ck_assert_int_eq(script_fmt(from, strlen(from), &once, NULL), 0);
	ck_assert_str_eq(sbuf_str(&once), rows[_i].to);
	ck_assert_int_eq(script_fmt(sbuf_str(&once), once.len, &twice, NULL),
	    0);
	ck_assert_str_eq(sbuf_str(&twice), sbuf_str(&once));
	ck_assert_int_eq(script_same(from, strlen(from), sbuf_str(&once),
	    once.len), 1);
	sbuf_release(&once);
	sbuf_release(&twice);
}
END_TEST

START_TEST(refused)
{
	struct sbuf out = SBUF_EMPTY;
	struct diag diag;

	ck_assert_int_eq(script_fmt("echo\0a", 6, &out, &diag), -EBADMSG);
	ck_assert_int_eq(script_fmt("echo a \\", 8, &out, &diag), -EBADMSG);
	sbuf_release(&out);
}
END_TEST

static const struct { const char *a, *b; int same; } pairs[] = {
	{ M "echo a b", M "  echo  a \\\n b\n\n", 1 },
	{ M "echo ab", M "echo a b", 0 },
	{ M "echo a", M "echo a\necho b", 0 },
	{ M ":a echo", M "echo", 0 },
	{ M "echo a", "\n" M "echo a", 0 },
	{ M "echo a # b", M "echo a", 1 },
};

START_TEST(same)
{
	ck_assert_int_eq(script_same(pairs[_i].a, strlen(pairs[_i].a),
	    pairs[_i].b, strlen(pairs[_i].b)), pairs[_i].same);
}
END_TEST

static const struct { const char *path, *text, *engine; } templates[] = {
	{ "a", M "chain http://${x}/{y}\n", NULL },
	{ "a", M "param a {\"b\": {\"c\": 1}}\n", NULL },
	{ "a", M "chain http://a/%5CBOOT%5CX\n", NULL },
	{ "a", M "chain http://a/b##params\n", NULL },
	{ "a", M "{% if x %}\n", "Jinja" },
	{ "a.j2", M "echo {{ x }}\n", "Jinja" },
	{ "a", M "echo {{ x }}\n", "Jinja or Mustache" },
	{ "a", M "echo {{#x}}\n", "Mustache" },
	{ "a", M "echo {{ .X }}\n", "Go template" },
	{ "a", M "{{- if eq .A 1 }}\n", "Go template" },
	{ "a", M "echo <%= @x %>\n", "ERB" },
	{ "a", M "<%- | String $x | -%>\n", "EPP" },
	{ "a", M "echo <%= $x %>\n", "EPP" },
	{ "a", M "<?php echo 1 ?>\n", "PHP" },
	{ "a", M "#for $x in $y\nitem $x\n#end for\n", "Cheetah" },
	{ "a", M "chain http://@SERVER@/\n", "placeholder" },
	{ "a", M "chain ##BASEURL##/a\n", "placeholder" },
};

START_TEST(engines)
{
	struct template_mark m = { .engine = NULL };
	bool found = template_find(templates[_i].path, templates[_i].text,
	    strlen(templates[_i].text), &m);

	ck_assert_int_eq(found, templates[_i].engine != NULL);
	if (found) {
		ck_assert_str_eq(m.engine, templates[_i].engine);
		ck_assert_uint_eq(m.line, 2);
	}
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("script_fmt");
	TCase *tc = tcase_create("fmt");

	tcase_add_loop_test(tc, normal_form, 0, ARRAY_LEN(rows));
	tcase_add_test(tc, refused);
	tcase_add_loop_test(tc, same, 0, ARRAY_LEN(pairs));
	tcase_add_loop_test(tc, engines, 0, ARRAY_LEN(templates));
	suite_add_tcase(s, tc);
	return s;
}
