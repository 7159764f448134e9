/*
 * windows_ps_bind.c - which value a parameter has: by its name, by the
 * beginning of its name, by position, or from the pipe.
 */
#include "config/windows_ps.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

static bool
is_switch(const char *name)
{
	static const char *const switches[] = { "PassThru", "Force", "Verbose",
	    "AsJob", "WhatIf", "Confirm", "Debug", "MultiValued" };

	for (size_t i = 0; i < ARRAY_LEN(switches); i++) {
		if (strcasecmp(name, switches[i]) == 0)
			return true;
	}
	return false;
}

/* Does what was written stand for that parameter? */
static bool
means(const char *written, const char *name)
{
	return strncasecmp(name, written, strlen(written)) == 0;
}

static const struct ps_value *
named(const struct ps_command *c, const char *name, bool whole)
{
	for (size_t i = 0; i < c->n; i++) {
		const char *written = c->arg[i].name;

		if (!written || is_switch(written) || (whole ?
		    strcasecmp(written, name) != 0 : !means(written, name)))
			continue;
		if (i + 1 < c->n && !c->arg[i + 1].name)
			return c->arg[i + 1].value;
	}
	return NULL;
}

bool
ps_is_given(const struct ps_command *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->arg[i].name && strcasecmp(c->arg[i].name, name) == 0)
			return true;
	}
	return false;
}

/* Values that follow no name take the places in their order. */
void
ps_bind(struct ps_bound *b)
{
	size_t at = 0;

	for (size_t i = 0; i < b->c->n; i++) {
		const char *before = i > 0 ? b->c->arg[i - 1].name : NULL;

		if (b->c->arg[i].name || (before && !is_switch(before)))
			continue;
		while (at < PS_POSITIONS_MAX && b->names[at] &&
		    named(b->c, b->names[at], false))
			at++;
		if (at < PS_POSITIONS_MAX && b->names[at])
			b->position[at++] = b->c->arg[i].value;
	}
}

/* The value of a parameter; NULL if it is not given. */
const struct ps_value *
ps_value_of(struct ps_bound *b, const char *name)
{
	const struct ps_value *v = named(b->c, name, true);

	if (!v)
		v = named(b->c, name, false);
	for (size_t i = 0; !v && i < PS_POSITIONS_MAX && b->names[i]; i++) {
		if (strcasecmp(b->names[i], name) == 0)
			v = b->position[i];
	}
	if (!v && b->row)
		v = ps_member(b->row, name);
	if (!v || v->kind == PS_NULL)
		return NULL;
	return v;
}

/* As text; NULL if not given, and b->unsure if given but not known. */
const char *
ps_text_of(struct ps_bound *b, const char *name)
{
	const struct ps_value *v = ps_value_of(b, name);
	const char *s = v ? ps_string(b->p, v) : NULL;

	if (v && !s && !b->unsure) {
		b->unsure = true;
		b->unsure_of = name;
	}
	return s;
}

bool
ps_address_of(struct ps_bound *b, const char *name, struct in_addr *ret)
{
	const char *s = ps_text_of(b, name);

	return s && windows_ip(s, ret);
}

void
ps_words_of(struct ps_bound *b, const char *name, struct windows_words *w)
{
	const struct ps_value *v = ps_value_of(b, name);
	size_t n = !v ? 0 : v->kind == PS_LIST ? v->n : 1;

	for (size_t i = 0; i < n; i++) {
		const struct ps_value *x = v->kind == PS_LIST ? v->item[i] : v;
		const char *s = ps_string(b->p, x);

		if (s && windows_words_add(b->p->t, w, s) < 0)
			b->p->rc = -ENOMEM;
		if (!s && !b->unsure) {
			b->unsure = true;
			b->unsure_of = name;
		}
	}
}

void
ps_odd(struct ps_bound *b, const char *what)
{
	int rc = windows_gap(b->p->t, b->c->pos,
	    "%s: the command is left out", what);

	if (rc < 0)
		b->p->rc = rc;
}

/* Was all known that the command needs? If not, it is named and left out. */
bool
ps_is_sure(struct ps_bound *b)
{
	int rc;

	if (!b->unsure)
		return true;
	rc = windows_gap(b->p->t, b->c->pos, "the value of -%s is only known "
	    "when the script runs: the command is left out", b->unsure_of);
	if (rc < 0)
		b->p->rc = rc;
	return false;
}

void
ps_check(struct ps_bound *b, int rc)
{
	if (rc < 0 && rc != -EINVAL) {
		b->p->rc = rc;
		b->p->flow = PS_STOP;
	} else if (rc < 0) {
		ps_odd(b, "a range that ends before it begins");
	}
}
