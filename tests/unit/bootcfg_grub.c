#include "unit.h"

#include "base/sbuf.h"
#include "bootcfg/grub.h"

#include <errno.h>

/* A host that writes down what it is told to do. */
struct told {
	struct sbuf text;
};

static int
command(void *ctx, struct grub *g, size_t argc, char **argv, bool *ret_ok)
{
	struct told *t = ctx;

	sbuf_sep(&t->text, "; ");
	for (size_t i = 0; i < argc; i++)
		sbuf_printf(&t->text, "%s%s", i ? "|" : "", argv[i]);
	*ret_ok = strcmp(argv[0], "fail") != 0;
	return strcmp(argv[0], "again") == 0 ?
	    grub_run(g, "again", strlen("again")) : 0;
}

static int
use(void *ctx, const char *name, bool *ret_there)
{
	(void)ctx;
	*ret_there = strcmp(name, "unknown") != 0;
	return 0;
}

static int
size(void *ctx, const char *name, bool *ret_some)
{
	(void)ctx;
	*ret_some = strcmp(name, "/there") == 0;
	return 0;
}

static int
run(struct told *t, const char *text, struct grub **ret)
{
	static struct grub_host host;
	char *exact = unit_heap(text, strlen(text));
	int rc;

	host = (struct grub_host){ t, command, use, size };
	*ret = grub_new(&host);
	ck_assert_ptr_nonnull(*ret);
	ck_assert_int_eq(grub_export(*ret, "net", "n"), 0);
	rc = grub_run(*ret, exact, strlen(text));
	free(exact);
	return rc;
}

static const struct { const char *text; const char *told; } rows[] = {
	{ "linux /a b\ninitrd /c", "linux|/a|b; initrd|/c" },
	{ "a;b ; c\r\n", "a; b; c" },
	{ "# a\nb # c\n", "b" },
	{ "a \\\n b", "a|b" },
	/* quotes and variables */
	{ "a 'b c' \"d e\" f\\ g ''", "a|b c|d e|f g|" },
	{ "set x=1\na $x ${x}y \"$x\" '$x'", "a|1|1y|1|$x" },
	{ "set x='1 2'\na $x \"$x\" z$x", "a|1|2|1 2|z1|2" },
	{ "a $none b\"$none\"", "a|b" },
	{ "a \"\\$x \\\" \\n\"", "a|$x \" \\n" },
	{ "x=5; a $x", "a|5" },
	{ "set x=5; unset x; a \"$x\"", "a|" },
	{ "a $net$net", "a|nn" },
	/* conditions */
	{ "if [ 1 = 1 ]; then a; else b; fi", "a" },
	{ "if [ 1 = 2 ]; then a; elif true; then c; else b; fi", "c" },
	{ "if false; then a; elif false; then c; else b; fi; d", "b; d" },
	{ "if [ -e /there ]; then a; fi; b", "b" },
	{ "if [ -s /there -a ! -s /not ]; then a; fi", "a" },
	{ "if [ ! ( a = b -o c = c ) ]; then a; else b; fi", "b" },
	{ "if [ -z \"$x\" ]; then a; fi; if [ -n \"$x\" ]; then b; fi", "a" },
	{ "if [ 9 -lt 10 ]; then a; fi; if [ 9 \"<\" 10 ]; then b; fi", "a" },
	{ "if test x; then a; fi; if test; then b; fi", "a" },
	{ "fail && a || b; c", "fail; b; c" },
	{ "if fail; then a; else b; fi", "fail; b" },
	{ "if unknown; then a; else b; fi", "b" },
	{ "if ! false; then a; fi", "a" },
	{ "regexp --set=1:x --set 2:y '^([0-9]{1,3})\\.([0-9]+)' 10.77.0.1; "
	    "a $x $y", "a|10|77" },
	{ "if regexp x y; then a; else b; fi", "b" },
	{ "if regexp --set=v 'n(.)t' net; then a $v; fi", "a|e" },
	{ "if regexp '(((a{1,99}){1,99}){1,99}){1,99}' a; then a; else b; fi",
	    "b" },
	/* loops and functions */
	{ "for i in 1 2 3; do a $i; done", "a|1; a|2; a|3" },
	{ "for i in; do a; done; b", "b" },
	{ "for i in 1 2 3\ndo\nif [ $i = 2 ]; then continue; fi\na $i\ndone",
	    "a|1; a|3" },
	{ "for i in 1 2; do if true; then break; fi; a; done; b", "b" },
	{ "set i=x; while [ $i != xxx ]; do set i=x$i; a $i; done",
	    "a|xx; a|xxx" },
	{ "until true; do a; done; b", "b" },
	{ "function f { a $1 $2; return; b; }\nf x y; c", "a|x|y; c" },
	{ "function f {\n a \"$1\"\n}\nf", "a|" },
	/* entries are not run */
	{ "menuentry 'A b' --class c --id i { linux /x; }; a", "a" },
	{ "}; a", "a" },
};

START_TEST(does)
{
	struct told t = { SBUF_EMPTY };
	struct grub *g;

	ck_assert_int_eq(run(&t, rows[_i].text, &g), 0);
	ck_assert_msg(strcmp(sbuf_str(&t.text), rows[_i].told) == 0,
	    "%s\nwant: %s\ngot:  %s", rows[_i].text, rows[_i].told,
	    sbuf_str(&t.text));
	grub_free(g);
	sbuf_release(&t.text);
}
END_TEST

#define MENU "menuentry one --id=i1 { a; }\n" \
	"submenu two --id i2 { set x=y; menuentry three { b $x $net; } }\n" \
	"menuentry 'f our' { c; }\n"

static const struct { const char *text; int entry; } menus[] = {
	{ MENU, 0 }, { "set default=1\n" MENU, 1 },
	{ "set default=i2\n" MENU, 1 }, { "set default='f our'\n" MENU, 2 },
	{ "set default=7\n" MENU, 0 }, { "set default=saved\n" MENU, 0 },
	{ "set default='two>three'\n" MENU, 1 }, { "", -1 },
};

START_TEST(default_is)
{
	struct told t = { SBUF_EMPTY };
	struct grub *g;

	ck_assert_int_eq(run(&t, menus[_i].text, &g), 0);
	ck_assert_int_eq(grub_default(g), menus[_i].entry);
	ck_assert_uint_eq(grub_entries(g), menus[_i].entry < 0 ? 0 : 3);
	grub_free(g);
	sbuf_release(&t.text);
}
END_TEST

/* Only what was exported is seen inside a submenu, where nobody waits. */
START_TEST(submenu_has_its_own_variables)
{
	struct told t = { SBUF_EMPTY };
	struct grub *g;

	ck_assert_int_eq(run(&t, "set k=lost\nset default='1>three'\n"
	    "set timeout=5\n" MENU, &g), 0);
	ck_assert(grub_is_submenu(g, 1));
	ck_assert_int_eq(grub_run_entry(g, 1), 0);
	ck_assert_uint_eq(grub_entries(g), 1);
	ck_assert_str_eq(grub_title(g, 0), "three");
	ck_assert_str_eq(grub_get(g, "timeout"), "0");
	ck_assert_str_eq(grub_get(g, "default"), "three");
	ck_assert_str_eq(grub_get(g, "k"), "");
	ck_assert_int_eq(grub_run_entry(g, 0), 0);
	ck_assert_str_eq(sbuf_str(&t.text), "b|y|n");
	ck_assert_str_eq(grub_get(g, "chosen"), "three");
	grub_free(g);
	sbuf_release(&t.text);
}
END_TEST

static const struct { const char *text; int rc; } bad[] = {
	{ "if true; then a", -EBADMSG }, { "if true; a; fi", -EBADMSG },
	{ "menuentry x { a", -EBADMSG }, { "function f", -EBADMSG },
	{ "for in do", -EBADMSG }, { "while true; do a; b", -EBADMSG },
	{ "while true; do a; done", -EMSGSIZE },
	{ "function f { f; }; f", -EMSGSIZE },
	{ "again", -EMSGSIZE },
	{ "set x=xxxxxxxxxxxxxxxx; while true; do set x=\"$x$x\"; done",
	    -EMSGSIZE },
};

START_TEST(refuses)
{
	struct told t = { SBUF_EMPTY };
	struct grub *g;

	ck_assert_int_eq(run(&t, bad[_i].text, &g), bad[_i].rc);
	grub_free(g);
	sbuf_release(&t.text);
}
END_TEST

/* Every beginning of a configuration ends, one way or the other. */
START_TEST(every_prefix)
{
	static const char text[] = "set a=${b}\nif [ \"$a\" = '' ]; then\n"
	    "for i in 1 2; do c $i \\\n d; done\nelse x && y || z; fi\n"
	    "function f { g; }\nsubmenu s { menuentry t --id u { v; } }\n";

	for (size_t n = 0; n < sizeof(text); n++) {
		struct told t = { SBUF_EMPTY };
		char *cut = strndup(text, n);
		struct grub *g;
		int rc;

		ck_assert_ptr_nonnull(cut);
		rc = run(&t, cut, &g);
		ck_assert(rc == 0 || rc == -EBADMSG);
		grub_free(g);
		sbuf_release(&t.text);
		free(cut);
	}
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("bootcfg_grub");
	TCase *tc = tcase_create("grub");

	tcase_add_loop_test(tc, does, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(tc, default_is, 0, ARRAY_LEN(menus));
	tcase_add_test(tc, submenu_has_its_own_variables);
	tcase_add_loop_test(tc, refuses, 0, ARRAY_LEN(bad));
	tcase_add_test(tc, every_prefix);
	suite_add_tcase(s, tc);
	return s;
}
