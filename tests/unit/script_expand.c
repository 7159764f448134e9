#include "unit.h"

#include "script/expand.h"

#include <errno.h>

/* What the references of all rows can name. */
static const struct {
	const char *ref;
	const char *text;
} given[] = {
	{ "a", "alpha" },
	{ "b", "beta" },
	{ "n", "b" },
	{ "q", "$" },
	{ "open", "${" },
	{ "close", "}" },
	{ "lazy", "${a}" },
	{ "deep", "${lazy}-${n}" },
	{ "blank", "x y" },
	{ "dash", "-5" },
	{ "bar", "||" },
	{ "self", "${self}" },
	{ "grow", "x${grow}" },
	{ "twice", "${twice}${twice}" },
	{ "ping", "${pong}" },
	{ "pong", "${ping}" },
	{ "num:uint8", "5" },
	{ "net0/mac:hex", "52:54:00:12:34:56" },
	{ "user/b", "inner" },
};

static struct settings *
make(void)
{
	struct settings *st = settings_new();
	struct setting_ref ref;

	for (size_t i = 0; i < ARRAY_LEN(given); i++) {
		ck_assert_int_eq(settings_parse_ref(given[i].ref, &ref), 0);
		ck_assert_int_eq(settings_put_text(st, &ref, given[i].text), 0);
	}
	return st;
}

static const struct {
	const char *token;
	const char *want;
	int rc;
} rows[] = {
	{ "plain", "plain", 0 },
	{ "", "", 0 },
	{ "${a}", "alpha", 0 },
	{ "x${a}y${b}z", "xalphaybetaz", 0 },
	{ "${${n}}", "beta", 0 },
	{ "${${n}:hexraw}", "62657461", 0 },
	{ "${user/${n}}", "inner", 0 },
	{ "${net0/mac:hexhyp}", "52-54-00-12-34-56", 0 },
	{ "${num}", "0x5", 0 },
	{ "${nothing}", "", 0 },
	{ "a${nothing}b", "ab", 0 },
	{ "${a:foo}", "", 0 },
	{ "${nowhere/a}", "", 0 },
	{ "${a:uuid}", "", 0 },
	{ "${}", "", 0 },
	/* A value is expanded in its turn. */
	{ "${lazy}", "alpha", 0 },
	{ "${deep}", "alpha-b", 0 },
	/* Even one that only now becomes a reference. */
	{ "${q}{b}", "beta", 0 },
	{ "${open}a}", "alpha", 0 },
	{ "${open}a${close}", "alpha", 0 },
	/* What is no whole reference is ordinary. */
	{ "$", "$", 0 }, { "${", "${", 0 }, { "${a", "${a", 0 },
	{ "$a", "$a", 0 }, { "{a}", "{a}", 0 }, { "a}", "a}", 0 },
	{ "}${a}", "}alpha", 0 },
	{ "$${a}", "$alpha", 0 },
	{ "${a}}", "alpha}", 0 },
	{ "${ a}", "", 0 },
	{ "${a}${", "alpha${", 0 },
	/* The innermost goes first: "${x${a}" leaves the outer one open. */
	{ "${x${a}", "${xalpha", 0 },
	/* Endless ones are found out. */
	{ "${self}", NULL, -ELOOP },
	{ "${ping}", NULL, -ELOOP },
	{ "${grow}", NULL, -ELOOP },
	{ "${twice}", NULL, -ELOOP },
};

START_TEST(expands)
{
	struct settings *st = make();
	struct sbuf b = SBUF_EMPTY;
	size_t work = 0;
	int rc = expand(st, rows[_i].token, &b, &work);

	ck_assert_msg(rc == rows[_i].rc, "%s: %d", rows[_i].token, rc);
	if (rows[_i].want)
		ck_assert_msg(strcmp(sbuf_str(&b), rows[_i].want) == 0,
		    "%s: '%s', not '%s'", rows[_i].token, sbuf_str(&b),
		    rows[_i].want);
	else
		ck_assert_uint_eq(b.len, 0);
	sbuf_release(&b);
	settings_free(st);
}
END_TEST

START_TEST(growth_has_a_ceiling)
{
	struct settings *st = settings_new();
	struct setting_ref ref;
	struct sbuf b = SBUF_EMPTY;
	char *big = malloc(EXPAND_TEXT_MAX);

	memset(big, 'x', EXPAND_TEXT_MAX - 1);
	big[EXPAND_TEXT_MAX - 1] = '\0';
	ck_assert_int_eq(settings_parse_ref("big", &ref), 0);
	ck_assert_int_eq(settings_put_text(st, &ref, big), 0);
	ck_assert_int_eq(expand(st, "${big}", &b, NULL), 0);
	ck_assert_uint_eq(b.len, EXPAND_TEXT_MAX - 1);
	ck_assert_int_eq(expand(st, "${big}${big}", &b, NULL), -EMSGSIZE);
	sbuf_release(&b);
	free(big);
	settings_free(st);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("script_expand");
	TCase *tc = tcase_create("expand");

	tcase_add_loop_test(tc, expands, 0, ARRAY_LEN(rows));
	tcase_add_test(tc, growth_has_a_ceiling);
	suite_add_tcase(s, tc);
	return s;
}
