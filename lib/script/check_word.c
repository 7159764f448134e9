/* Words that do not mean to iPXE what they seem to: quotes, operators, tests. */
#include "script/check_rules.h"

#include <string.h>

/* Text that is only shown may hold anything. */
static bool
shows_text(const struct flow_node *n)
{
	return flow_is(n, "echo") || flow_is(n, "menu") ||
	    flow_is(n, "item") || flow_is(n, "prompt") || flow_is(n, "form");
}

static bool
is_quote(char c)
{
	return c == '"' || c == '\'';
}

/* The argument with the last word's end: "a b" over two words. */
static bool
is_quoted(const struct flow_node *n, size_t from)
{
	const char *first = flow_arg(n, from);
	const char *last = n->n_words > 0 ? n->words[n->n_words - 1].text : "";
	size_t len = strlen(last);

	return first && is_quote(first[0]) && len > 0 &&
	    last[len - 1] == first[0] && (first != last || len > 1);
}

static void
quoted_value(struct checker *c, const struct flow_node *n)
{
	size_t from = flow_is(n, "set") ? 1 : 0;

	if (!is_quoted(n, from))
		return;
	if (flow_is(n, "set"))
		check_add(c, "script-quotes", FAULT_WARNING,
		    n->words[n->arg + 1].at, NULL, "the quotes become part "
		    "of the value of '%s'", flow_arg(n, 0));
	else
		check_add(c, "script-quotes", FAULT_NOTE,
		    n->words[n->arg].at, NULL, "the quotes are shown");
}

static void
quotes(struct checker *c, const struct flow_node *n)
{
	const char *a = flow_arg(n, 0);
	const char *b = flow_arg(n, 1);

	if (flow_is(n, "set") || flow_is(n, "echo") || flow_is(n, "menu") ||
	    flow_is(n, "prompt")) {
		quoted_value(c, n);
	} else if (a && (flow_effect(n, EFFECT_LOAD) || flow_is(n, "goto") ||
	    flow_is(n, "choose")) && is_quote(a[0])) {
		check_add(c, "script-quotes", FAULT_ERROR,
		    n->words[n->arg].at, NULL, "the quotes become part of "
		    "what %s is given", n->cmd->name);
	} else if (flow_is(n, "iseq") && a && b &&
	    is_quote(a[0]) != is_quote(b[0])) {
		check_add(c, "script-quotes", FAULT_WARNING,
		    n->words[n->arg + is_quote(b[0])].at, NULL,
		    "with quotes on one side these are never equal");
	} else if (flow_is(n, "isset") && a && is_quote(a[0])) {
		check_add(c, "script-test-constant", FAULT_WARNING,
		    n->words[n->arg].at, "Leave the quotes out.",
		    "the quotes are text, so this is always true");
	}
}

/* Commands whose words cannot end in a semicolon. */
static bool
takes_no_text(const struct flow_node *n)
{
	return flow_effect(n, EFFECT_TEST | EFFECT_LAST | EFFECT_PAUSE) &&
	    !shows_text(n);
}

/* Operators are words of their own. */
static void
operators(struct checker *c, const struct flow_node *n)
{
	for (size_t i = 0; i < n->n_words; i++) {
		const char *w = n->words[i].text;
		size_t len = strlen(w);
		const char *or = strstr(w, "||");
		const char *op = NULL;

		if (or)
			op = "||";
		else if (strncmp(w, "&&", 2) == 0 ||
		    (len > 2 && strcmp(w + len - 2, "&&") == 0))
			op = "&&";
		else if (len > 1 && w[len - 1] == ';' && takes_no_text(n))
			op = ";";
		else if (!shows_text(n) && (strcmp(w, "|") == 0 ||
		    strcmp(w, "&") == 0))
			op = w;
		if (!op)
			continue;
		if (op == w)
			check_add(c, "script-failure-not-caught",
			    FAULT_WARNING, n->words[i].at, NULL,
			    "'%s' is a word to iPXE; its operators are ||, "
			    "&& and ;", w);
		else
			check_add(c, "script-failure-not-caught",
			    FAULT_WARNING, n->words[i].at, check_fix(c,
			    "Put blanks around %s.", op),
			    "without blanks around it, %s is part of the "
			    "word '%s'", op, w);
	}
}

static void
tests(struct checker *c, const struct flow_node *n)
{
	const char *a = flow_arg(n, 0);
	const char *b = flow_arg(n, 1);

	if (flow_is(n, "isset") && a && !strstr(a, "${") && !is_quote(a[0]))
		check_add(c, "script-test-constant", FAULT_WARNING,
		    n->words[n->arg].at, check_fix(c, "isset ${%s}",
		    a[0] == '$' ? a + 1 : a),
		    "isset is given the text '%s', so it is always true", a);
	if (flow_is(n, "iseq") && a && b && !strstr(a, "${") &&
	    !strstr(b, "${"))
		check_add(c, "script-test-constant", FAULT_WARNING,
		    n->words[n->arg].at, check_fix(c, "iseq ${%s} %s", a, b),
		    "iseq compares two fixed texts, which are %s",
		    strcmp(a, b) == 0 ? "always equal" : "never equal");
}

/* set x = y, set x=y */
static void
assignments(struct checker *c, const struct flow_node *n)
{
	const char *name = flow_arg(n, 0);
	const char *value = flow_arg(n, 1);

	if (!flow_is(n, "set") || !name)
		return;
	if (strchr(name, '=') && !strstr(name, "${"))
		check_add(c, "script-command-invalid", FAULT_WARNING,
		    n->words[n->arg].at, check_fix(c, "set %.*s %s",
		    (int)strcspn(name, "="), name, strchr(name, '=') + 1),
		    "this sets a setting called '%s'", name);
	else if (value && strcmp(value, "=") == 0)
		check_add(c, "script-command-invalid", FAULT_WARNING,
		    n->words[n->arg + 1].at, check_fix(c, "set %s VALUE",
		    name), "the '=' becomes part of the value of '%s'",
		    name);
}

void
check_words(struct checker *c)
{
	for (size_t i = 0; i < c->flow->n_nodes; i++) {
		const struct flow_node *n = &c->flow->nodes[i];

		if (n->n_words == 0)
			continue;
		operators(c, n);
		if (!n->cmd || n->fault || n->is_help)
			continue;
		quotes(c, n);
		tests(c, n);
		assignments(c, n);
	}
}
