#include "unit.h"

#include "bootcfg/syslinux.h"

#include <errno.h>

/* A folder of one included file; "loop" includes itself. */
static int
include(void *ctx, const char *name, char **ret_bytes, size_t *ret_len)
{
	const char *text = strcmp(name, "more.cfg") == 0 ?
	    "LABEL more\n KERNEL m\n" :
	    strcmp(name, "loop") == 0 ? "INCLUDE loop\n" : NULL;
	size_t *n = ctx;

	(*n)++;
	if (!text)
		return -ENOENT;
	*ret_bytes = strdup(text);
	*ret_len = strlen(text);
	return *ret_bytes ? 0 : -ENOMEM;
}

static int
parse(struct syslinux_config *c, const char *text)
{
	size_t len = strlen(text);
	char *exact = unit_heap(text, len);
	size_t asked = 0;
	struct syslinux_host host = { &asked, include };
	int rc;

	rc = syslinux_parse(c, exact, len, &host);
	free(exact);
	return rc;
}

/* What boots at the prompt of ldlinux.c32. */
static const struct {
	const char *text;
	const char *command;            /* NULL: waits for a person */
	unsigned int wait_ds;
} prompts[] = {
	{ "DEFAULT a\nLABEL a\n KERNEL x\n", "a", 0 },
	{ "default a b=c\r\nlabel a\r\n kernel x\r\n", "a b=c", 0 },
	{ "DEFAULT a\nUI menu.c32\nLABEL a\n KERNEL x\n", "menu.c32", 0 },
	/* without PROMPT nobody is waited for */
	{ "DEFAULT a\nTIMEOUT 50\n", "a", 0 },
	{ "DEFAULT a\nTIMEOUT 50\nPROMPT 1\n", "a", 50 },
	{ "DEFAULT a\nPROMPT 1\n", NULL, 0 },
	{ "DEFAULT a\nPROMPT 1\nTIMEOUT 50\nONTIMEOUT b\n", "b", 50 },
	{ "DEFAULT a\nPROMPT 1\nTIMEOUT 50\nTOTALTIMEOUT 20\n", "a", 20 },
	{ "LABEL a\n KERNEL x\n", NULL, 0 },
	{ "", NULL, 0 },
	{ "DEFAULT", "", 0 },
	{ "# DEFAULT a\nTEXT HELP\nDEFAULT b\nENDTEXT\nDEFAULT c\n", "c", 0 },
	{ "TIMEOUT 99999999999999999999\nPROMPT 1\nDEFAULT a\n", "a", 864000 },
};

START_TEST(prompt_takes)
{
	struct syslinux_config c = SYSLINUX_CONFIG_EMPTY;
	unsigned int wait_ds;
	const char *command;

	ck_assert_int_eq(parse(&c, prompts[_i].text), 0);
	command = syslinux_command(&c, &wait_ds);
	if (prompts[_i].command)
		ck_assert_pstr_eq(command, prompts[_i].command);
	else
		ck_assert_ptr_null(command);
	ck_assert_uint_eq(wait_ds, prompts[_i].wait_ds);
	syslinux_release(&c);
}
END_TEST

/* What a menu boots. */
static const struct { const char *text; const char *label; } menus[] = {
	{ "TIMEOUT 10\nLABEL a\nLABEL b\n", "a" },
	{ "TIMEOUT 10\nLABEL a\nLABEL b\n MENU DEFAULT\n", "b" },
	{ "TIMEOUT 10\nDEFAULT b\nLABEL a\nLABEL b\n", "b" },
	{ "TIMEOUT 10\nDEFAULT vesamenu.c32\nLABEL a\nLABEL b\n", "a" },
	{ "TIMEOUT 10\nONTIMEOUT c x\nLABEL a\nLABEL c\n", "c x" },
	{ "LABEL a\n", NULL },
	{ "TIMEOUT 10\n", NULL },
	{ "TIMEOUT 10\nMENU BEGIN s\nLABEL a\nMENU END\nLABEL b\n", "b" },
	{ "TIMEOUT 10\nINCLUDE more.cfg\nLABEL a\n", "more" },
	{ "TIMEOUT 10\nMENU INCLUDE more.cfg\nLABEL a\n", "more" },
	{ "TIMEOUT 10\nINCLUDE missing.cfg\nLABEL a\n", "a" },
};

START_TEST(menu_takes)
{
	struct syslinux_config c = SYSLINUX_CONFIG_EMPTY;
	unsigned int wait_ds;
	const char *label;

	ck_assert_int_eq(parse(&c, menus[_i].text), 0);
	label = syslinux_menu_command(&c, &wait_ds);
	if (menus[_i].label)
		ck_assert_pstr_eq(label, menus[_i].label);
	else
		ck_assert_ptr_null(label);
	syslinux_release(&c);
}
END_TEST

/* What a command line starts. */
static const struct {
	const char *text;
	const char *command;
	enum syslinux_type type;
	const char *file;
	const char *args;
	const char *initrd;
	unsigned int sysappend;
} boots[] = {
	{ "LABEL a\n KERNEL vmlinuz\n APPEND q initrd=i.img\n", "a",
	    SYSLINUX_LINUX, "vmlinuz", "q initrd=i.img", "i.img", 0 },
	{ "LABEL a\n LINUX x.c32\n INITRD i,j\n", "a", SYSLINUX_LINUX,
	    "x.c32", "initrd=i,j", "i,j", 0 },
	{ "LABEL a\n KERNEL k\n INITRD i\n APPEND q\n", "a r s",
	    SYSLINUX_LINUX, "k", "initrd=i q r s", "i", 0 },
	{ "APPEND all\nLABEL a\n KERNEL k\n", "a", SYSLINUX_LINUX, "k", "all",
	    "", 0 },
	{ "APPEND all\nLABEL a\n KERNEL k\n APPEND -\n", "a", SYSLINUX_LINUX,
	    "k", "", "", 0 },
	{ "LABEL a\n KERNEL k\n APPEND initrd=x initrd=y\n", "a",
	    SYSLINUX_LINUX, "k", "initrd=x initrd=y", "y", 0 },
	{ "LABEL a\n KERNEL menu.c32\n", "a", SYSLINUX_COM32, "menu.c32", "",
	    "", 0 },
	{ "LABEL a\n KERNEL other.0\n", "a", SYSLINUX_BOOT, "other.0", "", "",
	    0 },
	{ "LABEL a\n PXE other\n", "a", SYSLINUX_BOOT, "other", "", "", 0 },
	{ "LABEL a\n CONFIG x.cfg\n", "a", SYSLINUX_CONFIG, "x.cfg", "", "",
	    0 },
	{ "LABEL a\n LOCALBOOT -1\n", "a", SYSLINUX_LOCAL, "", "", "", 0 },
	{ "LABEL a\n KERNEL k\n IPAPPEND 3\n", "a", SYSLINUX_LINUX, "k", "",
	    "", 3 },
	{ "SYSAPPEND 2\nLABEL a\n KERNEL k\n", "a", SYSLINUX_LINUX, "k", "",
	    "", 2 },
	/* a label without a kernel names its own */
	{ "LABEL linux\n APPEND x\n", "linux", SYSLINUX_LINUX, "linux", "x",
	    "", 0 },
	/* a file that no label names */
	{ "LABEL a\n", "vmlinuz y", SYSLINUX_LINUX, "vmlinuz", "y", "", 0 },
};

START_TEST(resolves_to)
{
	struct syslinux_config c = SYSLINUX_CONFIG_EMPTY;
	struct syslinux_boot b;

	ck_assert_int_eq(parse(&c, boots[_i].text), 0);
	ck_assert_int_eq(syslinux_resolve(&c, boots[_i].command, &b), 0);
	ck_assert_int_eq(b.type, boots[_i].type);
	ck_assert_str_eq(b.file, boots[_i].file);
	ck_assert_str_eq(b.args, boots[_i].args);
	ck_assert_str_eq(b.initrd, boots[_i].initrd);
	ck_assert_uint_eq(b.sysappend, boots[_i].sysappend);
	syslinux_release(&c);
}
END_TEST

START_TEST(refuses)
{
	struct syslinux_config c = SYSLINUX_CONFIG_EMPTY;
	struct syslinux_boot b;

	ck_assert_int_eq(parse(&c, "IMPLICIT 0\nLABEL a\n"), 0);
	ck_assert_int_eq(syslinux_resolve(&c, "vmlinuz", &b), -ENOENT);
	ck_assert_int_eq(syslinux_resolve(&c, "", &b), -ENOENT);
	ck_assert_int_eq(parse(&c, "INCLUDE loop\n"), -EMSGSIZE);
	syslinux_release(&c);
}
END_TEST

/* Every beginning of a configuration is one too. */
START_TEST(every_prefix)
{
	static const char text[] = "DEFAULT menu.c32\nTIMEOUT 9\nLABEL a\n"
	    " MENU DEFAULT\n KERNEL k\n APPEND initrd=i x\nTEXT HELP\n h\n"
	    "ENDTEXT\nINCLUDE more.cfg\nMENU BEGIN\nMENU END\n";

	for (size_t n = 0; n < sizeof(text); n++) {
		struct syslinux_config c = SYSLINUX_CONFIG_EMPTY;
		char *cut = strndup(text, n);

		ck_assert_ptr_nonnull(cut);
		ck_assert_int_eq(parse(&c, cut), 0);
		syslinux_release(&c);
		free(cut);
	}
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("bootcfg_syslinux");
	TCase *tc = tcase_create("syslinux");

	tcase_add_loop_test(tc, prompt_takes, 0, ARRAY_LEN(prompts));
	tcase_add_loop_test(tc, menu_takes, 0, ARRAY_LEN(menus));
	tcase_add_loop_test(tc, resolves_to, 0, ARRAY_LEN(boots));
	tcase_add_test(tc, refuses);
	tcase_add_test(tc, every_prefix);
	suite_add_tcase(s, tc);
	return s;
}
