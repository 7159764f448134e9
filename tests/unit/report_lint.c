/* report_lint.c - findings as text with carets, and in the CI's formats. */
#include "unit.h"

#include "lint_fake.h"
#include "report/github.h"
#include "report/junit.h"
#include "report/lint.h"
#include "report/sarif.h"

#include <jansson.h>

/* Tabs, characters of two bytes, and all that XML and commands would eat. */
static const struct fake_row table[] = {
	{ 0, NULL, NULL, NULL, ANY, .file = "a<b>&\"c%.efi",
	    .line = "\tf\xc3\xb6r \\\x01 a<b>&\"c%.efi" },
	{ ANY, NULL, NULL, NULL, ANY, .file = "grubx64.efi" },
};

static struct lint_file *
make(void)
{
	static struct fake fake;

	memset(&fake, 0, sizeof(fake));
	memcpy(fake.row, table, sizeof(table));
	fake.n = ARRAY_LEN(table);
	/* it tells architectures apart, so that a wrong file is an error */
	fake_literal(&fake, DHCP4_OPT_ARCH, "\0\0", 2);
	return fake_lint(&fake);
}

static void
has(const struct sbuf *out, const char *part)
{
	ck_assert_msg(strstr(sbuf_str(out), part) != NULL, "no '%s' in:\n%s",
	    part, sbuf_str(out));
}

START_TEST(text)
{
	struct lint_file *f = make();
	struct sbuf out = SBUF_EMPTY;

	report_lint_text(f, false, &out);
	has(&out, "fake.conf:1:10: error: ");
	has(&out, "[arch-uefi-file-to-bios]\n");
	/*
	 * the caret stands below the name: a tab, four characters, a
	 * backslash, four for the control, a blank
	 */
	has(&out, "     1 | \tf\xc3\xb6r \\\\x01 a<b>&\"c%.efi\n"
	    "       | \t          ^\n");
	has(&out, "hits: every BIOS machine; 4 of 24 kinds\n");
	has(&out, "which are all there are");
	ck_assert_ptr_null(strchr(sbuf_str(&out), '\033'));
	sbuf_release(&out);
	report_lint_text(f, true, &out);
	has(&out, "\033[31merror\033[0m");
	sbuf_release(&out);
	report_lint_table(f, &out);
	has(&out, "  intel-bios\n      firmware");
	has(&out, "arch-uefi-file-to-bios\n");
	sbuf_release(&out);
	lint_file_free(f);
}
END_TEST

START_TEST(json)
{
	struct lint_file *f = make();
	struct sbuf out = SBUF_EMPTY;
	json_t *j;

	ck_assert_int_eq(report_lint_json(f, &out), 0);
	j = json_loads(sbuf_str(&out), 0, NULL);
	ck_assert_ptr_nonnull(j);
	ck_assert(json_is_true(json_object_get(json_object_get(j, "proof"),
	    "complete")));
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(
	    json_object_get(j, "findings"), 0), "source")), table[0].line);
	json_decref(j);
	sbuf_release(&out);
	lint_file_free(f);
}
END_TEST

/* Columns are characters there: one less than bytes, after the umlaut. */
START_TEST(sarif)
{
	struct lint_file *f = make();
	struct found_list found;
	struct sbuf out = SBUF_EMPTY;
	json_t *j;
	json_int_t column = 0;
	const char *uri = NULL;

	ck_assert_int_eq(report_lint_found(f, &found), 0);
	ck_assert_int_eq(report_sarif(&found, &out), 0);
	j = json_loads(sbuf_str(&out), 0, NULL);
	ck_assert_int_eq(json_unpack(j, "{s:[{s:[{s:[{s:{s:{s:s}, s:{s:I}}}]}]}]}",
	    "runs", "results", "locations", "physicalLocation",
	    "artifactLocation", "uri", &uri, "region", "startColumn",
	    &column), 0);
	ck_assert_int_eq(column, 9);
	ck_assert_str_eq(uri, "fake.conf");
	json_decref(j);
	sbuf_release(&out);
	found_list_release(&found);
	lint_file_free(f);
}
END_TEST

START_TEST(ci)
{
	struct lint_file *f = make();
	struct found_list found;
	struct sbuf out = SBUF_EMPTY;

	ck_assert_int_eq(report_lint_found(f, &found), 0);
	report_junit(&found, FAULT_ERROR, &out);
	has(&out, "a&lt;b&gt;&amp;&quot;c%.efi");
	has(&out, "failures=\"1\"");
	ck_assert_ptr_null(strstr(sbuf_str(&out), "a<b>"));
	sbuf_release(&out);
	report_github(&found, &out);
	has(&out, "::error file=fake.conf,line=1,col=10,"
	    "title=arch-uefi-file-to-bios::");
	has(&out, "c%25.efi");
	has(&out, "%0Afix:%0A");
	sbuf_release(&out);
	found_list_release(&found);
	lint_file_free(f);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("report_lint");
	TCase *tc = tcase_create("report");

	tcase_add_test(tc, text);
	tcase_add_test(tc, json);
	tcase_add_test(tc, sarif);
	tcase_add_test(tc, ci);
	suite_add_tcase(s, tc);
	return s;
}
