/* windows_ps.c - statements of PowerShell, done one after another. */
#include "config/windows_ps.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LOOPS_MAX = 4096 };

static void statement(struct ps *p, const struct ps_value **out);

void
ps_gap(struct ps *p, struct config_pos pos, const char *text)
{
	int rc = windows_gap(p->t, pos, "%s", text);

	if (rc < 0) {
		p->rc = rc;
		p->flow = PS_STOP;
	}
}

void
ps_work(struct ps *p, size_t n)
{
	p->steps += n;
	if (p->steps > p->max_steps)
		p->flow = PS_STOP;
}

/* The '=' of an assignment, or that of "+=", or "++". */
static bool
assigns(const struct ps *p)
{
	int c = ps_peek(p, 0);

	if (c == '=')
		return true;
	return c > 0 && strchr("+-*/", c) && (ps_peek(p, 1) == '=' ||
	    ps_peek(p, 1) == c);
}

/* What a part would set that may or may not be done is not known after it. */
static void
forget(struct ps *p, size_t at, size_t end)
{
	size_t was_at = p->at;
	size_t was_end = p->end;

	ps_work(p, (end - at) / PS_STEP);
	p->end = end;
	for (p->at = at; p->at < end && p->flow != PS_STOP; ) {
		const char *name;

		if (ps_peek(p, 0) != '$' || !ps_is_word(ps_peek(p, 1))) {
			p->at++;
			continue;
		}
		p->at++;
		name = ps_variable(p);
		ps_blank(p, false);
		if (assigns(p))
			ps_set(p, name, &ps_unknown);
	}
	p->at = was_at;
	p->end = was_end;
}

/* A part that is not run: named if it would have configured something. */
static void
leave_out(struct ps *p, size_t at, size_t end, const char *why)
{
	forget(p, at, end);
	if (!ps_touches(p, at, end))
		return;
	while (at < end && strchr(" \t\r\n", p->s[at]))
		at++;
	ps_gap(p, ps_pos(p, at), why);
}

/* The values that the statements of a window leave, as one. */
const struct ps_value *
ps_run(struct ps *p, size_t at, size_t end)
{
	const struct ps_value *out = &ps_null;
	size_t was_at = p->at;
	size_t was_end = p->end;

	if (++p->depth > PS_DEPTH_MAX) {
		p->depth--;
		return &ps_unknown;
	}
	p->at = at;
	p->end = end;
	while (p->at < p->end && p->flow == PS_GO_ON) {
		size_t before = p->at;

		statement(p, &out);
		if (p->at == before)
			p->at++;        /* nothing begins so: step over it */
		ps_work(p, 1);
	}
	p->depth--;
	p->at = was_at;
	p->end = was_end;
	return out;
}

const struct ps_value *
ps_block(struct ps *p, const struct ps_value *block)
{
	const struct ps_value *v = ps_run(p, block->at, block->end);

	if (p->flow == PS_RETURN)
		p->flow = PS_GO_ON;
	return v;
}

static bool
block_here(struct ps *p, size_t *at, size_t *end)
{
	ps_blank(p, true);
	return ps_peek(p, 0) == '{' && ps_group(p, at, end);
}

static const struct ps_value *
window(struct ps *p, size_t at, size_t end)
{
	size_t was_at = p->at;
	size_t was_end = p->end;
	const struct ps_value *v;

	p->at = at;
	p->end = end;
	v = ps_pipeline(p);
	p->at = was_at;
	p->end = was_end;
	return v;
}

/* The word is there and is taken; else nothing is. */
static bool
keyword(struct ps *p, const char *word)
{
	size_t was = p->at;
	size_t n = strlen(word);

	ps_blank(p, true);
	if (p->end - p->at >= n && strncasecmp(p->s + p->at, word, n) == 0 &&
	    !ps_is_word(ps_peek(p, n)) && ps_peek(p, n) != '-') {
		p->at += n;
		return true;
	}
	p->at = was;
	return false;
}

static const char by_run[] = "only the run decides whether this is done: it "
    "is left out";

static void
do_if(struct ps *p, const struct ps_value **out)
{
	bool done = false;
	bool unsure = false;
	size_t at, end, c_at, c_end;

	do {
		int truth = 1;

		ps_blank(p, true);
		if (ps_peek(p, 0) != '(' || !ps_group(p, &c_at, &c_end))
			return;
		if (!done && !unsure)
			truth = ps_truth(window(p, c_at, c_end));
		if (!block_here(p, &at, &end))
			return;
		if (done)
			continue;
		unsure = unsure || truth < 0;
		if (unsure)
			leave_out(p, at, end, by_run);
		else if (truth)
			*out = ps_run(p, at, end);
		done = !unsure && truth;
	} while (p->flow != PS_STOP && keyword(p, "elseif"));
	if (!keyword(p, "else") || !block_here(p, &at, &end) || done)
		return;
	if (unsure)
		leave_out(p, at, end, by_run);
	else
		*out = ps_run(p, at, end);
}

/* One pass of a loop's body. Return: false if the loop ends. */
static bool
loop_once(struct ps *p, size_t at, size_t end)
{
	(void)ps_run(p, at, end);
	if (p->flow == PS_BREAK) {
		p->flow = PS_GO_ON;
		return false;
	}
	if (p->flow == PS_CONTINUE)
		p->flow = PS_GO_ON;
	return p->flow == PS_GO_ON;
}

static void
do_foreach(struct ps *p)
{
	const struct ps_value *list;
	const char *name;
	size_t at, end, h_at, h_end;
	size_t was, was_end;

	ps_blank(p, true);
	if (ps_peek(p, 0) != '(' || !ps_group(p, &h_at, &h_end) ||
	    !block_here(p, &at, &end))
		return;
	was = p->at;
	was_end = p->end;
	p->at = h_at;
	p->end = h_end;
	ps_blank(p, true);
	p->at += ps_peek(p, 0) == '$';
	name = ps_variable(p);
	list = keyword(p, "in") ? ps_pipeline(p) : &ps_unknown;
	p->at = was;
	p->end = was_end;
	if (list->kind == PS_UNKNOWN) {
		ps_set(p, name, &ps_unknown);
		leave_out(p, at, end, "what this loop goes over is only known "
		    "when the script runs: it is left out");
		return;
	}
	for (size_t i = 0; i < (list->kind == PS_LIST ? list->n :
	    list->kind != PS_NULL); i++) {
		ps_set(p, name, list->kind == PS_LIST ? list->item[i] : list);
		if (!loop_once(p, at, end))
			break;
	}
}

/* for ( ; ; ) and while ( ): as long as the condition is known. */
static void
do_loop(struct ps *p, bool is_for)
{
	size_t part[3][2];
	size_t h_at, h_end, at, end;
	size_t n = 0;
	int truth = 1;

	ps_blank(p, true);
	if (ps_peek(p, 0) != '(' || !ps_group(p, &h_at, &h_end) ||
	    !block_here(p, &at, &end))
		return;
	part[0][0] = h_at;
	for (size_t i = h_at; i <= h_end && n < 3; i++) {
		if (i < h_end && (!is_for || p->s[i] != ';'))
			continue;
		part[n++][1] = i;
		if (n < 3)
			part[n][0] = i + 1;
	}
	if (is_for && n < 3)
		return;
	if (is_for)
		(void)ps_run(p, part[0][0], part[0][1]);
	for (size_t i = 0; i < LOOPS_MAX && p->flow == PS_GO_ON; i++) {
		truth = ps_truth(is_for ? window(p, part[1][0], part[1][1]) :
		    window(p, h_at, h_end));
		if (truth <= 0 || !loop_once(p, at, end))
			break;
		if (is_for)
			(void)ps_run(p, part[2][0], part[2][1]);
	}
	if (truth < 0)
		leave_out(p, at, end, by_run);
}

static bool
case_matches(struct ps *p, const struct ps_value *v,
    const struct ps_value *pattern)
{
	const char *a = ps_string(p, v);
	const char *b = ps_string(p, pattern);

	return a && b && strcasecmp(a, b) == 0;
}

static void
do_switch(struct ps *p)
{
	const struct ps_value *v;
	size_t at, end, h_at, h_end, b_at, b_end;
	size_t was, was_end;
	bool hit = false;

	ps_blank(p, true);
	if (ps_dash(p)) {                       /* -regex and its like */
		ps_skip_statement(p);
		return;
	}
	if (ps_peek(p, 0) != '(' || !ps_group(p, &h_at, &h_end) ||
	    !block_here(p, &at, &end))
		return;
	v = window(p, h_at, h_end);
	if (v->kind == PS_UNKNOWN) {
		leave_out(p, at, end, by_run);
		return;
	}
	was = p->at;
	was_end = p->end;
	p->at = at;
	p->end = end;
	while (p->at < p->end && p->flow == PS_GO_ON) {
		bool is_default = keyword(p, "default");
		const struct ps_value *pattern = &ps_null;
		size_t before;

		ps_blank(p, true);
		before = p->at;
		if (!is_default && p->at < p->end)
			pattern = ps_argument(p);
		if (!block_here(p, &b_at, &b_end)) {
			p->at = p->at == before ? p->at + 1 : p->at;
			continue;
		}
		if (is_default ? !hit : case_matches(p, v, pattern)) {
			hit = true;
			if (!loop_once(p, b_at, b_end))
				break;
		}
	}
	p->at = was;
	p->end = was_end;
}

static void
do_try(struct ps *p, const struct ps_value **out)
{
	size_t at, end, t_at, t_end;

	if (!block_here(p, &at, &end))
		return;
	*out = ps_run(p, at, end);
	while (keyword(p, "catch")) {
		ps_blank(p, true);
		while (ps_peek(p, 0) == '[' && ps_group(p, &t_at, &t_end))
			ps_blank(p, true);
		if (!block_here(p, &at, &end))
			return;
		leave_out(p, at, end, "this is done only where something "
		    "before it fails: it is left out");
	}
	if (keyword(p, "finally") && block_here(p, &at, &end))
		*out = ps_run(p, at, end);
}

/* do { } while ( ): its first pass, for there is always one. */
static void
do_once(struct ps *p)
{
	size_t at, end, c_at, c_end;

	if (!block_here(p, &at, &end))
		return;
	(void)loop_once(p, at, end);
	leave_out(p, at, end, "a loop of this kind is followed once");
	if (keyword(p, "while") || keyword(p, "until")) {
		ps_blank(p, true);
		if (ps_peek(p, 0) == '(')
			(void)ps_group(p, &c_at, &c_end);
	}
}

/* [CmdletBinding()] and the like before it say nothing of its values. */
static bool
is_param(struct ps *p)
{
	size_t was = p->at;
	size_t at, end;

	ps_blank(p, true);
	while (ps_peek(p, 0) == '[' && ps_group(p, &at, &end))
		ps_blank(p, true);
	if (keyword(p, "param"))
		return true;
	p->at = was;
	return false;
}

/* if, foreach and the like. Return: false if it is none of them. */
static bool
compound(struct ps *p, const struct ps_value **out)
{
	if (keyword(p, "if"))
		do_if(p, out);
	else if (keyword(p, "foreach"))
		do_foreach(p);
	else if (keyword(p, "for"))
		do_loop(p, true);
	else if (keyword(p, "while"))
		do_loop(p, false);
	else if (keyword(p, "switch"))
		do_switch(p);
	else if (keyword(p, "try"))
		do_try(p, out);
	else if (keyword(p, "function") || keyword(p, "filter"))
		ps_function(p);
	else if (is_param(p))
		ps_param(p);
	else
		return false;
	return true;
}

/* One more value that a block leaves. */
static void
emit(struct ps *p, const struct ps_value **out, const struct ps_value *v)
{
	if (v->kind == PS_NULL || (*out)->kind == PS_UNKNOWN)
		return;
	if ((*out)->kind == PS_NULL)
		*out = v;
	else
		*out = ps_append(p, (*out)->kind == PS_LIST ? *out :
		    ps_append(p, &ps_null, *out), v);
}

/* return VALUE: the last one */
static void
leave(struct ps *p, const struct ps_value **out)
{
	ps_blank(p, false);
	if (p->at < p->end && !strchr("\n;}", p->s[p->at]))
		emit(p, out, ps_pipeline(p));
}

static bool
control(struct ps *p, const struct ps_value **out)
{
	static const struct { const char *word; enum ps_flow flow; } ends[] = {
		{ "break", PS_BREAK }, { "continue", PS_CONTINUE },
		{ "return", PS_RETURN }, { "exit", PS_STOP }, { "throw", PS_STOP },
	};
	static const char *const plain[] = { "begin", "process", "end" };
	size_t at, end;

	if (compound(p, out))
		return true;
	if (keyword(p, "do")) {
		do_once(p);
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		if (keyword(p, ends[i].word)) {
			if (ends[i].flow == PS_RETURN)
				leave(p, out);
			if (p->flow == PS_GO_ON)
				p->flow = ends[i].flow;
			return true;
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
		size_t was = p->at;

		if (keyword(p, plain[i]) && block_here(p, &at, &end)) {
			(void)ps_run(p, at, end);
			return true;
		}
		p->at = was;
	}
	return false;
}

/* $x = ..., $x.y = ..., $x[1] = ..., $x += ..., $x++ */
static bool
assignment(struct ps *p)
{
	size_t was = p->at;
	const struct ps_value *v;
	const struct ps_value *old;
	const char *name;
	bool is_part = false;
	size_t at, end;
	int c;

	while (ps_peek(p, 0) == '[' && ps_group(p, &at, &end))
		ps_blank(p, false);
	if (ps_peek(p, 0) != '$' || ps_peek(p, 1) == '(')
		goto no;
	p->at++;
	name = ps_variable(p);
	while (*name && (ps_peek(p, 0) == '[' || (ps_peek(p, 0) == '.' &&
	    ps_is_word(ps_peek(p, 1))))) {
		is_part = true;
		if (ps_peek(p, 0) == '[')
			(void)ps_group(p, &at, &end);
		else {
			p->at++;
			(void)ps_word(p);
		}
	}
	old = ps_get(p, name);
	old = old ? old : &ps_unknown;
	c = ps_peek(p, 0);
	if (!is_part && (c == '+' || c == '-') && ps_peek(p, 1) == c) {
		p->at += 2;
		ps_set(p, name, ps_add(p, (char)c, old, ps_number(p, 1)));
		return true;
	}
	ps_blank(p, false);
	c = ps_peek(p, 0);
	if (c == '=') {
		p->at++;
		c = 0;
	} else if ((c == '+' || c == '-' || c == '*' || c == '/') &&
	    ps_peek(p, 1) == '=') {
		p->at += 2;
	} else {
		goto no;
	}
	ps_blank(p, true);
	at = p->at;
	v = &ps_null;
	if (!control(p, &v)) {
		p->at = at;
		if (!assignment(p))
			v = ps_pipeline(p);
		else
			v = &ps_unknown;
	}
	/* a part of a table or array: the whole is no longer followed */
	ps_set(p, name, is_part ? &ps_unknown : c ? ps_add(p, (char)c, old, v) :
	    v);
	return true;
no:
	p->at = was;
	return false;
}

static void
statement(struct ps *p, const struct ps_value **out)
{
	const struct ps_value *v;

	ps_blank(p, true);
	if (p->at >= p->end)
		return;
	if (ps_peek(p, 0) == ';') {
		p->at++;
		return;
	}
	if (control(p, out))
		return;
	if (assignment(p)) {
		ps_skip_statement(p);
		return;
	}
	v = ps_pipeline(p);
	ps_skip_statement(p);
	emit(p, out, v);
}

/* @name: the table's pairs, or the array's items, as arguments */
static void
splat(struct ps *p, struct ps_command *c)
{
	const struct ps_value *v;

	p->at++;
	v = ps_get(p, ps_variable(p));
	if (!v || (v->kind != PS_MAP && v->kind != PS_LIST))
		v = &ps_unknown;
	if (v->kind == PS_UNKNOWN && c->n < PS_ARGS_MAX)
		c->arg[c->n++] = (struct ps_arg){ "@", v };
	for (const struct ps_entry *e = v->map; e && c->n + 2 < PS_ARGS_MAX;
	    e = e->next) {
		c->arg[c->n++] = (struct ps_arg){ e->key, NULL };
		c->arg[c->n++] = (struct ps_arg){ NULL, e->value };
	}
	for (size_t i = 0; v->kind == PS_LIST && i < v->n &&
	    c->n < PS_ARGS_MAX; i++)
		c->arg[c->n++] = (struct ps_arg){ NULL, v->item[i] };
}

static void
arguments(struct ps *p, struct ps_command *c)
{
	while (p->flow != PS_STOP && c->n < PS_ARGS_MAX) {
		size_t before;
		size_t dash;
		int ch;

		ps_blank(p, false);
		ch = ps_peek(p, 0);
		before = p->at;
		dash = ps_dash(p);
		if (ch < 0 || strchr("\n;|)}", ch))
			return;
		if (dash && ps_is_word(ps_peek(p, dash)) &&
		    !(ps_peek(p, dash) >= '0' && ps_peek(p, dash) <= '9')) {
			p->at += dash;
			c->arg[c->n++] = (struct ps_arg){ ps_word(p), NULL };
			p->at += ps_peek(p, 0) == ':';
		} else if (ch == '@' && ps_is_word(ps_peek(p, 1))) {
			splat(p, c);
		} else {
			c->arg[c->n++] = (struct ps_arg){ NULL, ps_argument(p) };
		}
		if (p->at == before)
			p->at++;
	}
}

static const struct ps_value *
command(struct ps *p, const struct ps_value *input)
{
	struct ps_command *c;
	const struct ps_value *v = &ps_unknown;
	const struct ps_value *name;
	size_t start = p->at;

	if (ps_peek(p, 0) == '&' || (ps_peek(p, 0) == '.' &&
	    (ps_peek(p, 1) == ' ' || ps_peek(p, 1) == '{'))) {
		p->at++;
		ps_blank(p, false);
	}
	name = ps_argument(p);
	if (name->kind == PS_BLOCK)
		return ps_block(p, name);
	c = calloc(1, sizeof(*c));
	if (!c) {
		p->rc = -ENOMEM;
		p->flow = PS_STOP;
		return v;
	}
	c->name = ps_string(p, name);
	c->pos = ps_pos(p, start);
	c->input = input;
	arguments(p, c);
	if (c->name && *c->name)
		v = ps_call(p, c);
	free(c);
	return v;
}

static bool
is_expression(const struct ps *p)
{
	int c = ps_peek(p, 0);
	char kind;

	return c == '$' || c == '(' || c == '@' || c == '[' || c == '{' ||
	    c == '!' || c == ',' || c == '+' || (c >= '0' && c <= '9') ||
	    ps_dash(p) || ps_quote(p, &kind);
}

const struct ps_value *
ps_pipeline(struct ps *p)
{
	const struct ps_value *v;

	if (++p->depth > PS_DEPTH_MAX) {
		p->depth--;
		p->at = p->end;
		return &ps_unknown;
	}
	ps_blank(p, true);
	if (p->at >= p->end)
		v = &ps_null;
	else
		v = is_expression(p) ? ps_expr(p) : command(p, NULL);
	while (p->flow != PS_STOP) {
		size_t was = p->at;

		ps_work(p, 1);
		ps_blank(p, false);
		if (ps_peek(p, 0) != '|') {
			p->at = was;
			break;
		}
		p->at++;
		ps_blank(p, true);
		v = command(p, v);
	}
	p->depth--;
	return v;
}

int
windows_read_ps(struct windows_tree *t, const struct config_file *f,
    struct diag *diag)
{
	struct ps p = { .t = t, .file = f, .s = f->text, .end = f->len,
	    .max_steps = PS_STEPS_MIN + f->len,
	    .max_bytes = PS_BYTES_MIN + PS_BYTES_EACH * f->len };
	struct config_pos start = { f->name, 1, 1 };

	(void)diag;
	(void)ps_run(&p, 0, f->len);
	if (p.rc == 0 && (p.steps > p.max_steps || p.bytes > p.max_bytes))
		ps_gap(&p, start, "the script runs longer than it is followed");
	arena_release(&p.arena);
	return p.rc;
}
