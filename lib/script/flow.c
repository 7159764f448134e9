#include "script/flow.h"

#include "script/settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* An integer, or something that is one only when it runs. */
static bool
may_be_number(const char *text, bool is_key)
{
	int64_t n;

	return strstr(text, "${") || (is_key && text[0] && !text[1]) ||
	    setting_parse_number(text, &n) == 0;
}

static enum flow_fault
take_option(struct flow_node *n, const struct args_opt *o, size_t word,
    const char *value)
{
	size_t i = (size_t)(o - n->cmd->opts);

	n->opt_word[i] = word;
	n->opt_text[i] = value ? value : "";
	if (o->kind == ARGS_NUMBER && !may_be_number(n->opt_text[i], false))
		return FLOW_BAD_NUMBER;
	if (o->kind == ARGS_KEY && !may_be_number(n->opt_text[i], true))
		return FLOW_BAD_NUMBER;
	return FLOW_OK;
}

/* The word behind an option, unless it looks like one. */
static const char *
next_value(const struct flow_node *n, size_t *at)
{
	if (*at + 1 >= n->n_words || n->words[*at + 1].text[0] == '-')
		return NULL;
	return n->words[++*at].text;
}

static enum flow_fault
parse_long(struct flow_node *n, size_t *at)
{
	const char *word = n->words[*at].text + 2;
	size_t len = strcspn(word, "=");
	const char *value = word[len] ? word + len + 1 : NULL;
	size_t here = *at;

	if (strcmp(word, "help") == 0) {
		n->is_help = true;
		return FLOW_OK;
	}
	for (const struct args_opt *o = n->cmd->opts; o && o->letter; o++) {
		if (strlen(o->name) != len || memcmp(o->name, word, len) != 0)
			continue;
		if (o->kind == ARGS_FLAG && value)
			return FLOW_FLAG_VALUE;
		if (o->kind != ARGS_FLAG && !value)
			value = next_value(n, at);
		if (o->kind != ARGS_FLAG && !value)
			return FLOW_NO_VALUE;
		return take_option(n, o, here, value);
	}
	return FLOW_UNKNOWN_OPTION;
}

static enum flow_fault
parse_short(struct flow_node *n, size_t *at)
{
	size_t here = *at;

	for (const char *p = n->words[here].text + 1; *p; p++) {
		const struct args_opt *o = n->cmd->opts;
		const char *value;

		if (*p == 'h') {
			n->is_help = true;
			return FLOW_OK;
		}
		while (o && o->letter && o->letter != *p)
			o++;
		if (!o || !o->letter)
			return FLOW_UNKNOWN_OPTION;
		if (o->kind == ARGS_FLAG) {
			(void)take_option(n, o, here, NULL);
			continue;
		}
		value = p[1] ? p + 1 : next_value(n, at);
		return value ? take_option(n, o, here, value) : FLOW_NO_VALUE;
	}
	return FLOW_OK;
}

static void
set_fault(struct flow_node *n, enum flow_fault fault, size_t word)
{
	n->fault = fault;
	n->fault_at = &n->words[word];
}

/*
 * Commands whose arguments are not described yet take any. A word that
 * begins with a reference may become an option, but hardly ever does.
 */
static void
parse_options(struct flow_node *n)
{
	bool is_open = !n->cmd->run && !n->cmd->opts;
	size_t at = 1;
	size_t n_args;

	for (; at < n->n_words && n->words[at].text[0] == '-' &&
	    n->words[at].text[1]; at++) {
		enum flow_fault fault;
		size_t here = at;

		if (strcmp(n->words[at].text, "--") == 0) {
			at++;
			break;
		}
		if (is_open)
			continue;
		fault = n->words[at].text[1] == '-' ? parse_long(n, &at) :
		    parse_short(n, &at);
		if (fault) {
			set_fault(n, fault, here);
			break;
		}
	}
	n->arg = at;
	n_args = n->n_words - at;
	if (n->fault || n->is_help || is_open)
		return;
	if (n_args < (size_t)n->cmd->min_args)
		set_fault(n, FLOW_TOO_FEW, 0);
	else if (n->cmd->max_args != ARGS_ANY &&
	    n_args > (size_t)n->cmd->max_args)
		set_fault(n, FLOW_TOO_MANY, at + (size_t)n->cmd->max_args);
}

static void
read_command(struct flow_node *n)
{
	const char *name;

	n->arg = n->n_words;
	if (n->n_words == 0)
		return;
	name = n->words[0].text;
	if (strstr(name, "${"))
		return;
	n->cmd = command_find(name);
	n->fact = script_fact_find(name);
	if (n->cmd)
		parse_options(n);
	else
		set_fault(n, FLOW_UNKNOWN_COMMAND, 0);
}

static size_t
count_nodes(const struct lex_script *ls)
{
	size_t n = 0;

	for (size_t i = 0; i < ls->n_lines; i++) {
		const struct lex_line *l = &ls->lines[i];

		n++;
		for (size_t k = 0; k < l->n_tokens; k++)
			n += l->tokens[k].kind != LEX_WORD;
	}
	return n;
}

/* Cut a line at its operators. Return: the index behind its last node. */
static size_t
cut_line(struct flow *f, size_t line, size_t at)
{
	const struct lex_line *l = &f->ls->lines[line];
	size_t from = 0;

	f->first[line] = at;
	for (size_t k = 0; k <= l->n_tokens; k++) {
		struct flow_node *n = &f->nodes[at];

		if (k < l->n_tokens && l->tokens[k].kind == LEX_WORD)
			continue;
		n->line = line;
		n->words = l->tokens ? l->tokens + from : NULL;
		n->n_words = k - from;
		n->is_first = from == 0;
		n->is_fallback = from > 0 &&
		    l->tokens[from - 1].kind == LEX_OR;
		read_command(n);
		from = k + 1;
		at++;
	}
	return at;
}

/* The operator in front of the node that is not the first. */
static enum lex_kind
operator_of(const struct flow *f, size_t node)
{
	const struct flow_node *n = &f->nodes[node];
	const struct lex_line *l = &f->ls->lines[n->line];

	return l->tokens[n->words - l->tokens - 1].kind;
}

/* Where the line goes on from @node with that status. */
static int
way_from(const struct flow *f, size_t node, bool ok)
{
	size_t line = f->nodes[node].line;
	size_t next = node + 1;

	for (; next < f->n_nodes && f->nodes[next].line == line; next++) {
		enum lex_kind op = operator_of(f, next);

		if (op == LEX_SEMI || (op == LEX_OR && !ok) ||
		    (op == LEX_AND && ok))
			return (int)next;
	}
	if (!ok)
		return FLOW_FAILED;
	return next < f->n_nodes ? (int)next : FLOW_END;
}

static int
goto_target(const struct flow *f, const char *label)
{
	ptrdiff_t line;

	if (strstr(label, "${"))
		return FLOW_ANY;
	line = lex_find_label(f->ls, label);
	return line < 0 ? FLOW_NONE : (int)f->first[line];
}

static void
link_node(struct flow *f, size_t i)
{
	struct flow_node *n = &f->nodes[i];

	n->on_ok = way_from(f, i, true);
	n->on_fail = way_from(f, i, false);
	if (n->n_words == 0) {
		n->on_fail = FLOW_NONE;
	} else if (n->fault || n->is_help) {
		return;         /* told; what comes after it is looked at too */
	} else if (flow_is(n, "goto")) {
		n->on_ok = goto_target(f, flow_arg(n, 0));
		if (n->on_ok >= 0)
			n->on_fail = FLOW_NONE;
	} else if (flow_is(n, "exit")) {
		n->on_ok = FLOW_END;
		n->on_fail = FLOW_NONE;
	} else if (flow_effect(n, EFFECT_LAST) ||
	    (flow_effect(n, EFFECT_RUN) && flow_option(n, 'r'))) {
		n->on_ok = FLOW_END;    /* chain --replace, poweroff */
	}
	if (flow_effect(n, EFFECT_SURE))
		n->on_fail = FLOW_NONE;
}

struct walk {
	struct flow *f;
	size_t *todo;
	size_t n_todo;
};

static void
reach(void *ctx, size_t to, bool on_ok)
{
	struct walk *w = ctx;

	(void)on_ok;
	if (w->f->nodes[to].is_reached)
		return;
	w->f->nodes[to].is_reached = true;
	w->todo[w->n_todo++] = to;
}

static int
mark_reached(struct flow *f)
{
	struct walk w = { .f = f };

	w.todo = calloc(f->n_nodes + 1, sizeof(*w.todo));
	if (!w.todo)
		return -ENOMEM;
	if (f->n_nodes > 0)
		reach(&w, 0, true);
	while (w.n_todo > 0)
		flow_each(f, &f->nodes[w.todo[--w.n_todo]], reach, &w);
	free(w.todo);
	return 0;
}

int
flow_make(const struct lex_script *ls, struct flow *ret)
{
	struct flow f = { .ls = ls, .arena = ARENA_EMPTY };
	size_t at = 0;
	int rc = -ENOMEM;

	f.n_nodes = count_nodes(ls);
	f.nodes = arena_alloc(&f.arena, (f.n_nodes + 1) * sizeof(*f.nodes));
	f.first = arena_alloc(&f.arena, (ls->n_lines + 1) * sizeof(*f.first));
	if (!f.nodes || !f.first)
		goto out;
	for (size_t i = 0; i < ls->n_lines; i++)
		at = cut_line(&f, i, at);
	for (size_t i = 0; i < f.n_nodes; i++)
		link_node(&f, i);
	rc = mark_reached(&f);
out:
	if (rc < 0)
		arena_release(&f.arena);
	else
		*ret = f;
	return rc;
}

void
flow_release(struct flow *f)
{
	arena_release(&f->arena);
	memset(f, 0, sizeof(*f));
}

const char *
flow_option(const struct flow_node *n, char letter)
{
	if (!n->cmd || !n->cmd->opts)
		return NULL;
	for (size_t i = 0; n->cmd->opts[i].letter; i++) {
		if (n->cmd->opts[i].letter == letter)
			return n->opt_word[i] ? n->opt_text[i] : NULL;
	}
	return NULL;
}

bool
flow_effect(const struct flow_node *n, enum script_effect e)
{
	return n->fact && (n->fact->effects & (unsigned int)e);
}

bool
flow_is(const struct flow_node *n, const char *command)
{
	return n->cmd && strcmp(n->cmd->name, command) == 0;
}

const char *
flow_arg(const struct flow_node *n, size_t i)
{
	return n->arg + i < n->n_words ? n->words[n->arg + i].text : NULL;
}

/* Behind the reference at @p, inner ones counted. */
static const char *
skip_reference(const char *p)
{
	int depth = 0;

	do {
		if (p[0] == '$' && p[1] == '{')
			depth++;
		else if (*p == '}')
			depth--;
		p++;
	} while (*p && depth > 0);
	return p;
}

/* Wildcards, as in a shell, by going back to the last one. */
bool
flow_label_fits(const char *pattern, const char *label)
{
	const char *star = NULL;
	const char *from = label;

	for (;;) {
		if (pattern[0] == '$' && pattern[1] == '{') {
			pattern = star = skip_reference(pattern);
			from = label;
		} else if (*pattern && *pattern == *label) {
			pattern++;
			label++;
		} else if (!*pattern && !*label) {
			return true;
		} else if (star && *from) {
			pattern = star;
			label = ++from;
		} else {
			return false;
		}
	}
}

void
flow_each(const struct flow *f, const struct flow_node *n,
    void (*visit)(void *ctx, size_t to, bool on_ok), void *ctx)
{
	if (n->on_fail >= 0)
		visit(ctx, (size_t)n->on_fail, false);
	if (n->on_ok >= 0)
		visit(ctx, (size_t)n->on_ok, true);
	if (n->on_ok != FLOW_ANY)
		return;
	for (size_t i = 0; i < f->ls->n_lines; i++) {
		const char *label = f->ls->lines[i].label;

		if (label && flow_label_fits(flow_arg(n, 0), label))
			visit(ctx, f->first[i], true);
	}
}
