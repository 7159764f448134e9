/* report_fault.c - the catalogue's pages and JSON. */
#include "unit.h"

#include "report/fault.h"
#include "report/json.h"

static const struct fault sample = {
	.id = "coffee-cold",
	.severity = FAULT_WARNING,
	.layer = FAULT_SCRIPT,
	.lint = FAULT_LINT_PARTLY,
	.title = "the coffee is cold",
	/* 76 columns of words fit behind the indent, 77 do not. */
	.meaning =
	    "aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff "
	    "ggggggggg hhhhhh x iiii",
	.wire = "steam",
	.remedies = {
		{ "isc", "cup {\n    hot;\n}" },
		{ "any", "Make new coffee." },
		{ "moon", "Wait." },
	},
};

static const char sample_page[] =
    "coffee-cold: the coffee is cold\n"
    "warning, layer script; the configuration hints at it\n"
    "\n"
    "What happens\n"
    "    aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff "
    "ggggggggg hhhhhh\n"
    "    x iiii\n"
    "\n"
    "What a capture shows\n"
    "    steam\n"
    "\n"
    "Remedy\n"
    "    Make new coffee.\n"
    "\n"
    "Remedy: ISC dhcpd\n"
    "    cup {\n"
    "        hot;\n"
    "    }\n"
    "\n"
    "Remedy: moon\n"
    "    Wait.\n";

START_TEST(page_is_as_drawn)
{
	struct sbuf out = SBUF_EMPTY;

	report_fault_page(&sample, &out);
	ck_assert_str_eq(sbuf_str(&out), sample_page);
	sbuf_release(&out);
}
END_TEST

static size_t
longest_line(const char *text)
{
	size_t longest = 0;

	while (*text) {
		size_t len = strcspn(text, "\n");

		longest = len > longest ? len : longest;
		text += len + (text[len] == '\n');
	}
	return longest;
}

START_TEST(pages_fit_a_terminal)
{
	size_t n;
	const struct fault *rows = fault_rows(&n);
	struct sbuf out = SBUF_EMPTY;

	for (size_t i = 0; i < n; i++) {
		sbuf_clear(&out);
		report_fault_page(&rows[i], &out);
		ck_assert_msg(longest_line(sbuf_str(&out)) <= REPORT_WIDTH,
		    "%s: %zu columns", rows[i].id,
		    longest_line(sbuf_str(&out)));
	}
	sbuf_clear(&out);
	report_fault_list(rows, n, &out);
	ck_assert_uint_le(longest_line(sbuf_str(&out)), REPORT_WIDTH);
	sbuf_release(&out);
}
END_TEST

START_TEST(list_has_each_row_once)
{
	size_t n;
	const struct fault *rows = fault_rows(&n);
	struct sbuf out = SBUF_EMPTY, want = SBUF_EMPTY;

	report_fault_list(rows, n, &out);
	for (size_t i = 0; i < n; i++) {
		const char *at;

		sbuf_clear(&want);
		sbuf_printf(&want, "\n  %s ", rows[i].id);
		at = strstr(sbuf_str(&out), sbuf_str(&want));
		ck_assert_msg(at != NULL, "%s is not listed", rows[i].id);
		ck_assert_ptr_null(strstr(at + 1, sbuf_str(&want)));
	}
	sbuf_release(&out);
	sbuf_release(&want);
}
END_TEST

static void
assert_same(const json_t *obj, const char *key, const char *want)
{
	const char *got = json_string_value(json_object_get(obj, key));

	ck_assert_pstr_eq(got, want);
}

START_TEST(json_says_what_the_rows_say)
{
	size_t n;
	const struct fault *rows = fault_rows(&n);
	struct sbuf out = SBUF_EMPTY;
	json_t *top, *list;

	ck_assert_int_eq(report_fault_json(rows, n, &out), 0);
	top = json_loads(sbuf_str(&out), JSON_REJECT_DUPLICATES, NULL);
	ck_assert_ptr_nonnull(top);
	assert_same(top, "command", "explain");
	list = json_object_get(top, "faults");
	ck_assert_uint_eq(json_array_size(list), n);
	for (size_t i = 0; i < n; i++) {
		json_t *obj = json_array_get(list, i);
		json_t *remedies = json_object_get(obj, "remedies");
		size_t r = 0;

		assert_same(obj, "id", rows[i].id);
		assert_same(obj, "severity",
		    fault_severity_name(rows[i].severity));
		assert_same(obj, "layer", fault_layer_name(rows[i].layer));
		assert_same(obj, "lint", fault_lint_name(rows[i].lint));
		assert_same(obj, "title", rows[i].title);
		assert_same(obj, "meaning", rows[i].meaning);
		assert_same(obj, "screen", rows[i].screen);
		assert_same(obj, "wire", rows[i].wire);
		for (; rows[i].remedies[r].where; r++) {
			json_t *remedy = json_array_get(remedies, r);

			assert_same(remedy, "where",
			    rows[i].remedies[r].where);
			assert_same(remedy, "text", rows[i].remedies[r].text);
		}
		ck_assert_uint_eq(json_array_size(remedies), r);
	}
	json_decref(top);
	sbuf_release(&out);
}
END_TEST

START_TEST(json_leaves_out_what_is_not_known)
{
	struct sbuf out = SBUF_EMPTY;
	json_t *top, *obj;

	ck_assert_int_eq(report_fault_json(&sample, 1, &out), 0);
	top = json_loads(sbuf_str(&out), 0, NULL);
	obj = json_array_get(json_object_get(top, "faults"), 0);
	ck_assert_ptr_null(json_object_get(obj, "screen"));
	assert_same(obj, "wire", "steam");
	json_decref(top);
	sbuf_release(&out);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("report_fault");
	TCase *tc = tcase_create("report_fault");

	tcase_add_test(tc, page_is_as_drawn);
	tcase_add_test(tc, pages_fit_a_terminal);
	tcase_add_test(tc, list_has_each_row_once);
	tcase_add_test(tc, json_says_what_the_rows_say);
	tcase_add_test(tc, json_leaves_out_what_is_not_known);
	suite_add_tcase(s, tc);
	return s;
}
