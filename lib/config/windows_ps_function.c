/*
 * windows_ps_function.c - functions of a script, and what their parameters
 * and the script's own are: from the call, else the default.
 */
#include "config/windows_ps.h"

#include <string.h>
#include <strings.h>

enum { CALLS_MAX = 16 };

static bool
group_here(struct ps *p, int open, size_t *at, size_t *end)
{
	ps_blank(p, true);
	return ps_peek(p, 0) == open && ps_group(p, at, end);
}

void
ps_function(struct ps *p)
{
	struct ps_function *f = ps_alloc(p, sizeof(*f));

	if (!f)
		return;
	*f = (struct ps_function){ .next = p->functions };
	ps_blank(p, true);
	f->name = ps_word(p);
	(void)group_here(p, '(', &f->param_at, &f->param_end);
	if (group_here(p, '{', &f->at, &f->end))
		p->functions = f;
}

static bool
is_beginning(const char *whole, const char *part)
{
	return strncasecmp(whole, part, strlen(part)) == 0;
}

/* What the call gives for that parameter, by name or by place; or NULL. */
static const struct ps_value *
given(struct ps *p, const char *name, bool is_switch, size_t *place)
{
	const struct ps_command *c = p->call;
	size_t nth = 0;

	ps_work(p, 1 + c->n);
	for (size_t i = 0; i < c->n; i++) {
		bool is_last = i + 1 == c->n || c->arg[i + 1].name;

		/* of a table that is not known: any of them */
		if (c->arg[i].name && strcmp(c->arg[i].name, "@") == 0)
			return &ps_unknown;
		if (c->arg[i].name && is_beginning(name, c->arg[i].name))
			return is_switch || is_last ? ps_bool(true) :
			    c->arg[i + 1].value;
	}
	for (size_t i = 0; i < c->n && !is_switch; i++) {
		if (c->arg[i].name || (i > 0 && c->arg[i - 1].name))
			continue;
		if (nth++ == *place) {
			++*place;
			return c->arg[i].value;
		}
	}
	return NULL;
}

/* One parameter: its attributes and its type are read over. */
static void
parameter(struct ps *p, size_t *place)
{
	const struct ps_value *v = NULL;
	const char *name;
	bool is_switch = false;
	size_t at, end;

	while (ps_peek(p, 0) == '[') {
		(void)ps_group(p, &at, &end);
		is_switch = is_switch || (end - at == strlen("switch") &&
		    strncasecmp(p->s + at, "switch", end - at) == 0);
		ps_blank(p, true);
	}
	if (ps_peek(p, 0) != '$') {
		p->at += p->at < p->end;
		return;
	}
	p->at++;
	name = ps_variable(p);
	ps_blank(p, true);
	if (p->call)
		v = given(p, name, is_switch, place);
	if (ps_peek(p, 0) == '=') {
		const struct ps_value *by_default;

		p->at++;
		ps_blank(p, true);
		by_default = ps_primary(p);
		v = v ? v : by_default;
	}
	if (!v)
		v = is_switch ? ps_bool(false) : p->call ? &ps_null :
		    &ps_unknown;
	ps_set(p, name, v);
}

static void
parameters(struct ps *p, size_t at, size_t end)
{
	size_t was_at = p->at;
	size_t was_end = p->end;
	size_t place = 0;

	p->at = at;
	p->end = end;
	while (p->at < p->end && p->flow == PS_GO_ON) {
		ps_work(p, 1);
		ps_blank(p, true);
		if (p->at < p->end && ps_peek(p, 0) != ',')
			parameter(p, &place);
		else
			p->at += p->at < p->end;
	}
	p->at = was_at;
	p->end = was_end;
}

void
ps_param(struct ps *p)
{
	size_t at, end;

	if (group_here(p, '(', &at, &end))
		parameters(p, at, end);
}

/* Names that the call made are gone with it; others' are as they were set. */
static void
drop_scope(struct ps *p)
{
	struct ps_var **at = &p->vars;

	while (*at) {
		if ((*at)->scope == p->scope)
			*at = (*at)->next;
		else
			at = &(*at)->next;
		ps_work(p, 1);
	}
}

const struct ps_value *
ps_do_function(struct ps *p, const struct ps_function *f,
    const struct ps_command *c)
{
	const struct ps_command *was = p->call;
	const struct ps_value *v;

	/* one call for each thing of the pipe: not followed */
	if (c->input || p->scope == CALLS_MAX) {
		if (ps_touches(p, f->at, f->end))
			ps_gap(p, c->pos, "a call of this function is not "
			    "followed");
		return &ps_unknown;
	}
	p->scope++;
	p->call = c;
	if (f->param_end)
		parameters(p, f->param_at, f->param_end);
	v = ps_block(p, &(struct ps_value){ .kind = PS_BLOCK, .at = f->at,
	    .end = f->end });
	p->call = was;
	drop_scope(p);
	p->scope--;
	return v;
}
