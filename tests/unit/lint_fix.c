/* lint_fix.c - remedies made from the line that they mend. */
#include "unit.h"

#include "lint/fix.h"

static const struct fix_row {
	const char *line;
	const char *want;               /* NULL: nothing to mend */
} rows[] = {
	{ "if option arch = 7 {", "if option arch = 00:07 {" },
	{ "\t} elsif (option arch = 11) {", "elsif (option arch = 00:0b) {" },
	{ "if option arch=256 or x {", "if option arch=01:00 or x {" },
	{ "if option arch != 0 {",
	    "# a client that does not send it differs from 00:00 as well; "
	    "to leave it out:\n"
	    "#     exists arch and option arch != 00:00\n"
	    "if option arch != 00:00 {" },
	{ "if option a = 00:07 or option b = 9 {",
	    "if option a = 00:07 or option b = 00:09 {" },
	{ "if option arch = 00:07 {", NULL },
	{ "if option arch = \"7\" {", NULL },
	{ "if option arch = 99999 {", NULL },
	{ "if known = 1 {", NULL },
	{ "option arch =", NULL },
	{ "= 7", NULL },
	{ "", NULL },
};

START_TEST(numbers)
{
	struct sbuf out = SBUF_EMPTY;
	char *line = unit_heap(rows[_i].line, strlen(rows[_i].line) + 1);

	ck_assert_int_eq(fix_isc_number(line, &out), rows[_i].want != NULL);
	ck_assert_str_eq(sbuf_str(&out), rows[_i].want ? rows[_i].want : "");
	sbuf_release(&out);
	free(line);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("lint_fix");
	TCase *tc = tcase_create("fix");

	tcase_add_loop_test(tc, numbers, 0, ARRAY_LEN(rows));
	suite_add_tcase(s, tc);
	return s;
}
