#include "unit.h"

#include "base/sbuf.h"
#include "script/lex.h"

/*
 * What the lexer makes of a script, one line of text for each logical line:
 * "line:column|:label|" and its tokens as "line:column=text", operators in
 * brackets.
 */
static char *
dump(const struct lex_script *ls)
{
	struct sbuf b = SBUF_EMPTY;

	for (size_t i = 0; i < ls->n_lines; i++) {
		const struct lex_line *l = &ls->lines[i];

		sbuf_printf(&b, "%u:%u|", l->at.line, l->at.column);
		if (l->label)
			sbuf_printf(&b, "%u:%u:%s", l->label_at.line,
			    l->label_at.column, l->label);
		sbuf_add(&b, "|");
		for (size_t k = 0; k < l->n_tokens; k++) {
			const struct lex_token *t = &l->tokens[k];

			sbuf_printf(&b, t->kind == LEX_WORD ? " %u:%u=%s" :
			    " %u:%u[%s]", t->at.line, t->at.column, t->text);
		}
		sbuf_add(&b, "\n");
	}
	if (ls->is_cut)
		sbuf_printf(&b, "cut %u:%u\n", ls->cut_at.line,
		    ls->cut_at.column);
	return sbuf_steal(&b);
}

static const struct {
	const char *name;
	const char *text;
	size_t len;             /* 0: strlen */
	const char *want;
} rows[] = {
	{ "nothing", "", 0, "" },
	{ "magic line is a comment", "#!ipxe\n", 0, "1:1||\n" },
	{ "last line without its end", "#!ipxe\necho a", 0,
	    "1:1||\n2:1|| 2:1=echo 2:6=a\n" },
	{ "no quoting: quotes are text", "echo \"d e\"\n", 0,
	    "1:1|| 1:1=echo 1:6=\"d 1:9=e\"\n" },
	{ "blanks of every kind", " \t\v\fa\r b \n", 0,
	    "1:1|| 1:5=a 1:8=b\n" },
	{ "one CR is dropped, another is a blank", "a\r\r\n", 0,
	    "1:1|| 1:1=a\n" },
	{ "operators are whole tokens", "a || b && c ; d\n", 0,
	    "1:1|| 1:1=a 1:3[||] 1:6=b 1:8[&&] 1:11=c 1:13[;] 1:15=d\n" },
	{ "operators without blanks are text", "a||b x;y p&&\n", 0,
	    "1:1|| 1:1=a||b 1:6=x;y 1:10=p&&\n" },
	{ "comment anywhere", "echo a #b c\nx a#b\n", 0,
	    "1:1|| 1:1=echo 1:6=a\n2:1|| 2:1=x 2:3=a#b\n" },
	{ "references stay", "echo ${a b}\n", 0,
	    "1:1|| 1:1=echo 1:6=${a 1:10=b}\n" },
	{ "label alone", ":start\n", 0, "1:1|1:1:start|\n" },
	{ "label with blanks before and a command after",
	    "  :go echo hi\n", 0, "1:1|1:3:go| 1:7=echo 1:12=hi\n" },
	{ "empty label", ": a\n", 0, "1:1|1:1:| 1:3=a\n" },
	{ "a colon later is no label", "a :b\n", 0, "1:1|| 1:1=a 1:3=:b\n" },
	{ "label with an operator's text", ":|| a\n", 0,
	    "1:1|1:1:||| 1:5=a\n" },
	{ "continued: nothing is put between", "ec\\\nho a\n", 0,
	    "1:1|| 1:1=echo 2:4=a\n" },
	{ "continued: blanks of the next line separate",
	    "echo a\\\n   b\\\n c\nd\n", 0,
	    "1:1|| 1:1=echo 1:6=a 2:4=b 3:2=c\n4:1|| 4:1=d\n" },
	{ "continued with CR LF", "a\\\r\n b\r\n", 0,
	    "1:1|| 1:1=a 2:2=b\n" },
	{ "backslash not at the end", "a\\ b\n", 0,
	    "1:1|| 1:1=a\\ 1:4=b\n" },
	{ "two backslashes: one is dropped", "a\\\\\nb\n", 0,
	    "1:1|| 1:1=a\\b\n" },
	{ "comment is continued too", "#a\\\nb\nc\n", 0,
	    "1:1||\n3:1|| 3:1=c\n" },
	{ "backslash ends the file", "a\nb\\", 0, "1:1|| 1:1=a\ncut 2:1\n" },
	{ "backslash and line's end end the file", "a\nb c\\\n", 0,
	    "1:1|| 1:1=a\ncut 2:1\n" },
	{ "NUL ends the line", "a b\0c d\ne\n", 10,
	    "1:1|| 1:1=a 1:3=b\n2:1|| 2:1=e\n" },
	{ "empty lines count", "\n\na\n", 0, "1:1||\n2:1||\n3:1|| 3:1=a\n" },
	{ "bytes above ASCII are text", "\xc3\xa4 \xff\n", 0,
	    "1:1|| 1:1=\xc3\xa4 1:4=\xff\n" },
};

START_TEST(lines_and_tokens)
{
	size_t len = rows[_i].len ? rows[_i].len : strlen(rows[_i].text);
	char *copy = unit_heap(rows[_i].text, len);
	struct lex_script ls;
	char *got;

	ck_assert_int_eq(lex_script_parse(copy, len, &ls), 0);
	got = dump(&ls);
	ck_assert_msg(strcmp(got, rows[_i].want) == 0,
	    "%s: got\n%swant\n%s", rows[_i].name, got, rows[_i].want);
	free(got);
	lex_script_release(&ls);
	free(copy);
}
END_TEST

static const struct {
	const char *label;
	int line;
} label_rows[] = {
	{ "a", 1 }, { "b", 3 }, { "c", -1 }, { "", 4 }, { "A", -1 },
	{ "${x}", 5 },
};

START_TEST(first_label_wins)
{
	static const char text[] =
	    "#!ipxe\n:a one\n:a two\n :b\n:\n:${x}\necho :c\n";
	struct lex_script ls;

	ck_assert_int_eq(lex_script_parse(text, strlen(text), &ls), 0);
	ck_assert_int_eq(lex_find_label(&ls, label_rows[_i].label),
	    label_rows[_i].line);
	lex_script_release(&ls);
}
END_TEST

/* Any number of continued lines: positions stay right and cheap. */
START_TEST(many_continuations)
{
	enum { N = 100000 };
	struct sbuf b = SBUF_EMPTY;
	struct lex_script ls;

	for (int i = 0; i < N; i++)
		sbuf_add(&b, "a \\\n");
	sbuf_add(&b, "b");
	ck_assert_int_eq(lex_script_parse(b.text, b.len, &ls), 0);
	ck_assert_uint_eq(ls.n_lines, 1);
	ck_assert_uint_eq(ls.lines[0].n_tokens, N + 1);
	ck_assert_uint_eq(ls.lines[0].tokens[N].at.line, N + 1);
	ck_assert_uint_eq(ls.lines[0].tokens[N].at.column, 1);
	lex_script_release(&ls);
	sbuf_release(&b);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("script_lex");
	TCase *tc = tcase_create("lex");

	tcase_add_loop_test(tc, lines_and_tokens, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(tc, first_label_wins, 0, ARRAY_LEN(label_rows));
	tcase_add_test(tc, many_continuations);
	suite_add_tcase(s, tc);
	return s;
}
