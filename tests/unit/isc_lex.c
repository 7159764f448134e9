#include "unit.h"

#include "config/isc_lex.h"

#include <errno.h>

static const struct {
	const char *text;
	int rc;
	enum isc_token_kind kind;
	const char *want;
	size_t len;
	unsigned int line, column;
} rows[] = {
	{ "", 0, ISC_T_END, "", 0, 1, 1 },
	{ "# only\n  # comment", 0, ISC_T_END, "", 0, 2, 12 },
	{ "12", 0, ISC_T_NUMBER, "12", 2, 1, 1 },
	{ "-18000;", 0, ISC_T_NUMBER, "-18000", 6, 1, 1 },
	{ "0x10", 0, ISC_T_HEX_OR_NAME, "0x10", 4, 1, 1 },
	{ "0x", 0, ISC_T_NAME, "0x", 2, 1, 1 },
	{ "7f", 0, ISC_T_HEX_OR_NAME, "7f", 2, 1, 1 },
	{ "ff:", 0, ISC_T_HEX_OR_NAME, "ff", 2, 1, 1 },
	/* The first letter is not looked at. */
	{ "ya2", 0, ISC_T_HEX_OR_NAME, "ya2", 3, 1, 1 },
	{ "iPXE", 0, ISC_T_NAME, "iPXE", 4, 1, 1 },
	{ "\n\t next-server", 0, ISC_T_NAME, "next-server", 11, 2, 3 },
	{ "\"a\\nb\"", 0, ISC_T_STRING, "a\nb", 3, 1, 1 },
	{ "\"\\000\\007\"", 0, ISC_T_STRING, "\0\7", 2, 1, 1 },
	{ "\"\\x00\\x4fg\"", 0, ISC_T_STRING, "\0Og", 3, 1, 1 },
	{ "\"\\x4g\"", -EBADMSG, ISC_T_END, "", 0, 1, 1 },
	{ "\"\\\"\\\\\"", 0, ISC_T_STRING, "\"\\", 2, 1, 1 },
	{ "\"open", -EBADMSG, ISC_T_END, "", 0, 1, 1 },
	{ "\"\\08\"", -EBADMSG, ISC_T_END, "", 0, 1, 1 },
	{ "{", 0, ISC_T_CHAR, "{", 1, 1, 1 },
	{ "/* c */", 0, ISC_T_CHAR, "/", 1, 1, 1 },
};

START_TEST(tokens)
{
	size_t len = strlen(rows[_i].text);
	char *text = unit_heap(rows[_i].text, len);
	struct arena arena = ARENA_EMPTY;
	struct isc_token t = { .kind = ISC_T_END, .text = "" };
	struct isc_lex lex;

	isc_lex_init(&lex, &arena, "f", text, len);
	ck_assert_int_eq(isc_lex_next(&lex, &t, NULL), rows[_i].rc);
	if (rows[_i].rc == 0) {
		ck_assert_int_eq(t.kind, rows[_i].kind);
		ck_assert_uint_eq(t.len, rows[_i].len);
		ck_assert_mem_eq(t.text, rows[_i].want, t.len);
		ck_assert_uint_eq(t.pos.line, rows[_i].line);
		ck_assert_uint_eq(t.pos.column, rows[_i].column);
	}
	arena_release(&arena);
	free(text);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("isc_lex");
	TCase *tc = tcase_create("tokens");

	tcase_add_loop_test(tc, tokens, 0, ARRAY_LEN(rows));
	suite_add_tcase(s, tc);
	return s;
}
