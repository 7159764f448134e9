/* build_manifest.c - targets of iPXE's makefile, and the manifest. */
#include "unit.h"

#include "build/make.h"
#include "build/manifest.h"

#include <errno.h>

static const struct {
	const char *text, *dir, *drivers, *medium, *arch, *platform;
} goals[] = {
	{ "bin/undionly.kpxe", "bin", "undionly", "kpxe", "i386", "pcbios" },
	{ "bin/ipxe.lkrn", "bin", "ipxe", "lkrn", "i386", "pcbios" },
	{ "bin/intel--realtek.pxe", "bin", "intel--realtek", "pxe", "i386",
	    "pcbios" },
	{ "bin-efi/ipxe.efi", "bin-efi", "ipxe", "efi", "i386", "efi" },
	{ "bin-x86_64-efi/snponly.efi", "bin-x86_64-efi", "snponly", "efi",
	    "x86_64", "efi" },
	{ "bin-x86_64-efi-sb/ipxe.efi", "bin-x86_64-efi-sb", "ipxe", "efi",
	    "x86_64", "efi" },
	{ "bin-x86_64-pcbios/ipxe.pxe", "bin-x86_64-pcbios", "ipxe", "pxe",
	    "x86_64", "pcbios" },
	{ "bin-arm64-efi/8086100e.drv.efi", "bin-arm64-efi", "8086100e",
	    "drv.efi", "arm64", "efi" },
	{ "bin-riscv64/ipxe.sbi", "bin-riscv64", "ipxe", "sbi", "riscv64",
	    "sbi" },
	{ "bin-s390x-linux/tap.linux", "bin-s390x-linux", "tap", "linux",
	    "s390x", "linux" },
};

START_TEST(goal)
{
	struct goal g;
	struct diag d = { .text = "" };

	ck_assert_msg(goal_parse(goals[_i].text, &g, &d) == 0, "%s", d.text);
	ck_assert_str_eq(g.dir, goals[_i].dir);
	ck_assert_str_eq(g.drivers, goals[_i].drivers);
	ck_assert_str_eq(g.medium, goals[_i].medium);
	ck_assert_str_eq(g.arch, goals[_i].arch);
	ck_assert_str_eq(g.platform, goals[_i].platform);
}
END_TEST

static const char *const no_goals[] = {
	"", "ipxe.efi", "bin", "bin/", "bin/ipxe", "bin/.efi", "bin/ipxe.efi",
	"bin-efi/ipxe.kpxe", "bin-x86/ipxe.efi", "bin-x86_64-bios/ipxe.pxe",
	"binary/ipxe.pxe", "bin/a/b.pxe", "bin/a;b.pxe", "bin/$(x).pxe",
	"../bin/ipxe.pxe", "bin-/ipxe.pxe", "bin--efi/ipxe.efi",
	"bin-x86_64-/ipxe.efi",
};

START_TEST(no_goal)
{
	struct goal g;
	struct diag d = { .text = "" };

	ck_assert_int_eq(goal_parse(no_goals[_i], &g, &d), -EINVAL);
	ck_assert_str_ne(d.text, "");
}
END_TEST

START_TEST(whole)
{
	static const char text[] =
	    "place: 1024\n"
	    "version: abc\n"
	    "configs:\n"
	    "  https: { on: [A, B], off: C }\n"
	    "variants:\n"
	    "  one: { target: bin/undionly.kpxe }\n"
	    "  two:\n"
	    "    target: bin-efi/ipxe.efi\n"
	    "    script: s/x.ipxe\n"
	    "    config: https\n"
	    "    trust: [ca.pem, /etc/b.pem]\n"
	    "    debug: dhcp,tftp:3\n"
	    "    output: EFI/x.efi\n";
	struct manifest *m = NULL;
	const struct manifest_variant *v;
	struct diag d = { .text = "" };

	ck_assert_msg(manifest_parse("/a/b/firmware.yaml", text, strlen(text),
	    &m, &d) == 0, "%s", d.text);
	ck_assert_uint_eq(m->place, 1024);
	ck_assert_str_eq(m->version, "abc");
	v = m->variants;
	ck_assert_str_eq(v->name.text, "one");
	ck_assert_ptr_null(v->script.text);
	ck_assert_ptr_null(v->config);
	v = manifest_find(m, "two", &d);
	ck_assert_ptr_nonnull(v);
	ck_assert_ptr_null(v->next);
	ck_assert_uint_eq(v->script.line, 9);
	ck_assert_uint_eq(v->script.column, 13);
	ck_assert_str_eq(manifest_file(m, v->script.text), "/a/b/s/x.ipxe");
	ck_assert_uint_eq(v->trust.n, 2);
	ck_assert_str_eq(manifest_file(m, v->trust.word[1].text),
	    "/etc/b.pem");
	ck_assert_str_eq(v->config->name.text, "https");
	ck_assert_uint_eq(v->config->on.n, 2);
	ck_assert_uint_eq(v->config->off.n, 1);
	ck_assert_str_eq(v->config->off.word[0].text, "C");
	ck_assert_str_eq(v->output, "EFI/x.efi");
	ck_assert_ptr_null(manifest_find(m, "twoo", &d));
	ck_assert_ptr_nonnull(strstr(d.text, "did you mean 'two'?"));
	manifest_free(m);
}
END_TEST

static const struct { const char *text, *says; unsigned int line; } bad[] = {
	{ "", "empty", 0 },
	{ "- a\n", "keys and values", 1 },
	{ "variant: {}\n", "did you mean 'variants'?", 1 },
	{ "a: [\n", "no YAML", 2 },
	{ "place: big\n", "big", 1 },
	{ "place: 1\n", "64", 1 },
	{ "configs: { a-b: {} }\n", "no name of a configuration", 1 },
	{ "configs: { 1a: {} }\n", "no name of a configuration", 1 },
	{ "variants: { a: { script: x } }\n", "no target", 1 },
	{ "variants:\n  a: { target: bin/x.pxe }\n  a: { target: bin/x.pxe }\n",
	    "twice", 3 },
	{ "variants: { a: { target: [bin/x.pxe] } }\n", "a word", 1 },
	{ "variants: { a: { target: bin/x.pxe, trust: {} } }\n", "a word", 1 },
	{ "variants: { a: { target: bin/x.pxe, output: ../x } }\n",
	    "inside the output folder", 1 },
	{ "variants: { a: { target: bin/x.pxe, output: /x } }\n",
	    "inside the output folder", 1 },
	{ "variants: { a: { target: \"bin/x.pxe\\0y\" } }\n", "a word", 1 },
};

START_TEST(refused)
{
	struct manifest *m = NULL;
	struct diag d = { .text = "" };

	ck_assert_int_eq(manifest_parse("f.yaml", bad[_i].text,
	    strlen(bad[_i].text), &m, &d), -EBADMSG);
	ck_assert_msg(strstr(d.text, bad[_i].says) != NULL, "%s", d.text);
	if (bad[_i].line)
		ck_assert_uint_eq(d.line, bad[_i].line);
}
END_TEST

static const struct { const char *log, *says; } causes[] = {
	{ "a\nutil/zbin.c:9:10: fatal error: lzma.h: No such file or directory\n",
	    "install liblzma-dev" },
	{ "make: aarch64-linux-gnu-gcc: No such file or directory\n",
	    "install gcc-aarch64-linux-gnu" },
	{ "x\ncore/main.c:4:2: error: #error no\nmake: *** [x] Error 1\n",
	    "core/main.c:4:2: error: #error no" },
	{ "x\nmake: *** No rule to make target 'y'.  Stop.\n",
	    "No rule to make target 'y'" },
	{ "cc1: fatal error: writing: No space left on device\n",
	    "the disk is full" },
	{ "", "without saying why" },
};

START_TEST(cause)
{
	char why[200];

	make_explain(causes[_i].log, why, sizeof(why));
	ck_assert_msg(strstr(why, causes[_i].says) != NULL, "%s", why);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("build_manifest");
	TCase *t = tcase_create("build_manifest");

	tcase_add_loop_test(t, goal, 0, ARRAY_LEN(goals));
	tcase_add_loop_test(t, no_goal, 0, ARRAY_LEN(no_goals));
	tcase_add_test(t, whole);
	tcase_add_loop_test(t, refused, 0, ARRAY_LEN(bad));
	tcase_add_loop_test(t, cause, 0, ARRAY_LEN(causes));
	suite_add_tcase(s, t);
	return s;
}
