#include "unit.h"

#include "config/kea.h"

#define HEAD "{ \"Dhcp4\": {\n"
#define SUBNET "\"subnet4\": [ { \"id\": 1, \"subnet\": \"10.0.0.0/24\" } ] } }"
#define CLASS(more) HEAD "\"client-classes\": [\n{ \"name\": \"a\",\n" \
	more " } ],\n" SUBNET
#define TEST(t) CLASS("\"test\": \"" t "\"")
#define OPTION(o) HEAD "\"option-data\": [\n{ " o " } ],\n" SUBNET

/* The first remark: what it is, on which line, and a word of it. */
static const struct {
	const char *text;
	const char *fault;              /* NULL: none */
	unsigned int line;
	const char *word;
} rows[] = {
	{ TEST("option[93].hex == 0x0007"), NULL, 0, NULL },
	{ TEST("option[93].hex == 0x00070009"), NULL, 0, NULL },
	{ TEST("option[93].hex == ''"), NULL, 0, NULL },
	{ TEST("option[93].hex == '00:07'"), "class-test-never-matches", 4,
	    "0x0007" },
	{ TEST("option[93].hex == '0007'"), "class-test-never-matches", 4,
	    "0x0007" },
	{ TEST("option[93].hex == 7"), "class-test-never-matches", 4, "four" },
	{ TEST("option[93].hex == 0x07"), "class-test-never-matches", 4,
	    "2 bytes" },
	{ TEST("option[93].text == '7'"), "class-test-never-matches", 4,
	    "type=" },
	{ TEST("option[60].text == 'PXE'"), NULL, 0, NULL },
	{ TEST("option[12].exists and pkt4.mac == '52:54:00:00:00:01'"),
	    "class-test-never-matches", 4, "6 bytes" },
	{ TEST("hexstring(pkt4.mac, ':') == '52:54:00:AA:00:01'"),
	    "class-test-never-matches", 4, "small" },
	{ TEST("substring(option[60].hex, 0, 9) == 'PXEClient:'"),
	    "class-test-never-matches", 4, "9 bytes" },
	{ TEST("substring(option[60].hex, 0, all) == 'PXEClient:'"), NULL, 0,
	    NULL },
	{ TEST("pkt4.msgtype == 0x01"), "class-test-never-matches", 4,
	    "4 bytes" },
	{ CLASS("\"test\": \"option[93].exists\", \"only-if-required\": true,"
	    " \"boot-file-name\": \"f\""), "kea-class-not-evaluated", 3,
	    "nothing requires" },
	{ CLASS("\"boot-file-name\": \"f\""), "kea-class-not-evaluated", 3,
	    "no test" },
	{ CLASS("\"test\": \"option[93].exists\",\n\"next-server\": "
	    "\"0.0.0.0\""), "statement-without-effect", 5, "stays" },
	{ HEAD "\"client-classes\": [ { \"name\": \"a\", \"test\": "
	    "\"option[93].exists\", \"only-if-required\": true },\n"
	    "{ \"name\": \"b\", \"test\": \"member('a')\" } ],\n" SUBNET,
	    "kea-class-not-evaluated", 3, "member('a')" },
	{ HEAD "\"subnet4\": [ { \"id\": 1, \"subnet\": \"10.0.0.0/24\",\n"
	    "\"client-class\": \"no\" } ] } }", "unused-tag", 3, "no" },
	{ HEAD "\"next-server\": \"10.0.0.9\", \"subnet4\": [ { \"id\": 1, "
	    "\"subnet\": \"10.0.0.0/24\",\n\"next-server\": \"0.0.0.0\" } ] } }",
	    "wrong-next-server", 3, "line 2" },
	{ HEAD "\"client-classes\": [ { \"name\": \"a\", \"test\": "
	    "\"option[93].exists\", \"option-data\": [ { \"code\": 67, "
	    "\"data\": \"c\" } ] } ],\n\"subnet4\": [ { \"id\": 1, \"subnet\": "
	    "\"10.0.0.0/24\", \"option-data\": [ { \"code\": 67, \"data\": "
	    "\"s\" } ] } ] } }", "kea-option-beats-class", 3, "line 2" },
	{ OPTION("\"code\": 67, \"data\": \"f.efi\""), NULL, 0, NULL },
	{ OPTION("\"code\": 67, \"data\": \"a,b\""), "option-data-misread", 3,
	    "comma" },
	{ OPTION("\"code\": 67, \"data\": \"a\\\\,b\""), NULL, 0, NULL },
	{ OPTION("\"code\": 60, \"data\": \"0x505845\""), "option-data-misread",
	    3, "csv-format" },
	{ OPTION("\"code\": 60, \"data\": \"505845436c69656e74\""),
	    "option-data-misread", 3, "csv-format" },
	{ OPTION("\"code\": 60, \"data\": \"'PXEClient'\""),
	    "option-data-misread", 3, "quotes" },
	{ OPTION("\"code\": 66, \"data\": \"10.0.0.9\""), NULL, 0, NULL },
};

START_TEST(remark_of_a_line)
{
	const struct config_remark *list;
	struct diag d = { .text = "" };
	void *tree = NULL;
	size_t n = 0;

	ck_assert_msg(kea_parse("t", rows[_i].text, strlen(rows[_i].text),
	    NULL, &tree, &d) == 0, "%s: %s", rows[_i].text, d.text);
	list = kea_ops.remarks(tree, &n);
	ck_assert_msg((n > 0) == (rows[_i].fault != NULL), "%s: %s",
	    rows[_i].text, n ? list[0].text : "none");
	if (n) {
		ck_assert_str_eq(list[0].fault, rows[_i].fault);
		ck_assert_msg(list[0].pos.line == rows[_i].line &&
		    strstr(list[0].text, rows[_i].word), "%s: %u %s",
		    rows[_i].text, list[0].pos.line, list[0].text);
	}
	kea_ops.free(tree);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("kea_remark");
	TCase *tc = tcase_create("kea_remark");

	tcase_add_loop_test(tc, remark_of_a_line, 0, (int)ARRAY_LEN(rows));
	suite_add_tcase(s, tc);
	return s;
}
