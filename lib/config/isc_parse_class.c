#include "config/isc_decl.h"

#include <errno.h>
#include <string.h>

static struct isc_class *
new_class(struct isc_parser *p, struct isc_scope *outer)
{
	struct isc_class *k = arena_alloc(&p->t->arena, sizeof(*k));

	if (!k)
		return NULL;
	k->pos = p->tok.pos;
	k->scope = isc_scope_new(p, outer);
	return k->scope ? k : NULL;
}

/* subclass "class" VALUE { } or ; */
static int
read_subclass(struct isc_parser *p, const struct isc_context *c,
    struct isc_class *super)
{
	struct isc_context in = *c;
	const uint8_t *value;
	struct isc_class *k;
	size_t len;
	int rc = 0;

	if (p->tok.kind == ISC_T_STRING) {
		value = (const uint8_t *)p->tok.text;
		len = p->tok.len;
		rc = isc_advance(p);
	} else if (p->tok.kind == ISC_T_NUMBER ||
	    p->tok.kind == ISC_T_HEX_OR_NAME) {
		rc = isc_read_hex_list(p, &value, &len);
	} else {
		return isc_fail(p,
		    "the value of the subclass is expected here, as text in "
		    "quotes or as bytes");
	}
	if (rc < 0)
		return rc;
	k = config_map_get(&super->subclasses, value, len);
	if (!k) {
		k = new_class(p, super->scope);
		if (!k)
			return -ENOMEM;
		k->name = super->name;
		k->super = super;
		k->value = value;
		k->value_len = len;
		k->next = super->subs;
		super->subs = k;
		rc = config_map_put(&super->subclasses, &p->t->arena, value, len,
		    k);
	}
	if (rc < 0)
		return rc;
	if (isc_is_char(p, ';'))
		return isc_advance(p);
	in.kind = ISC_IN_CLASS;
	in.of = k;
	in.scope = k->scope;
	return isc_read_body(p, &in);
}

int
isc_read_class(struct isc_parser *p, const struct isc_context *c)
{
	bool is_class = isc_is(p, "class"), is_sub = isc_is(p, "subclass");
	struct isc_context in = *c;
	struct isc_class *k;
	int rc = isc_advance(p);

	if (rc < 0)
		return rc;
	if (p->tok.kind != ISC_T_STRING)
		return isc_fail(p,
		    "the name of the class is expected here, in quotes");
	k = config_map_get(&p->t->class_by_name, p->tok.text, p->tok.len);
	if (!k && !is_class)
		return isc_fail(p,
		    "no class named \"%.60s\" is declared before this",
		    p->tok.text);
	if (!k) {
		k = new_class(p, c->scope);
		if (!k)
			return -ENOMEM;
		k->name = p->tok.text;
		if (config_map_put(&p->t->class_by_name, &p->t->arena,
		    p->tok.text, p->tok.len, k) < 0)
			return -ENOMEM;
		*p->t->classes_tail = k;
		p->t->classes_tail = &k->next;
	}
	rc = isc_advance(p);
	if (rc < 0)
		return rc;
	if (is_sub)
		return read_subclass(p, c, k);
	in.kind = ISC_IN_CLASS;
	in.of = k;
	in.scope = k->scope;
	k->has_match_if = false;
	return isc_read_body(p, &in);
}

/* match EXPR; match if CONDITION; spawn with EXPR; */
static int
read_match(struct isc_parser *p, struct isc_class *k)
{
	struct config_pos pos = p->tok.pos;
	bool spawn = isc_is(p, "spawn");
	struct isc_expr *x;
	int rc = isc_advance(p);

	if (rc == 0 && k->super)
		return isc_fail_at(p, pos,
		    "a subclass has no 'match' of its own");
	if (rc == 0 && spawn) {
		if (!isc_is(p, "with"))
			return isc_fail(p, "'with' is expected after 'spawn'");
		rc = isc_advance(p);
	} else if (rc == 0 && isc_is(p, "if")) {
		if (k->has_match_if)
			return isc_fail_at(p, pos,
			    "a class has only one 'match if'");
		k->has_match_if = true;
		rc = isc_advance(p);
		if (rc == 0)
			rc = isc_read_bool(p, &k->match_if);
		if (rc == 0)
			rc = isc_note_expr(p->t, k->match_if, false);
		return rc < 0 ? rc : isc_expect(p, ';', "the condition");
	}
	if (rc == 0 && k->submatch)
		return isc_fail_at(p, pos,
		    "this class has a 'match' or 'spawn with' already");
	if (rc == 0)
		rc = isc_read_data(p, &x);
	if (rc < 0)
		return rc;
	k->submatch = x;
	k->spawning = spawn;
	rc = isc_note_expr(p->t, x, true);
	if (rc < 0)
		return rc;
	return isc_expect(p, ';', "the expression");
}

static int
read_lease_limit(struct isc_parser *p)
{
	struct config_pos pos = p->tok.pos;
	int64_t n;
	int rc = isc_advance(p);

	if (rc == 0 && !isc_is(p, "limit"))
		return isc_fail(p, "'limit' is expected after 'lease'");
	if (rc == 0)
		rc = isc_advance(p);
	if (rc == 0 && p->tok.kind != ISC_T_NUMBER)
		return isc_fail(p, "a number is expected here");
	if (rc == 0)
		rc = isc_read_number(p, 32, &n);
	if (rc == 0)
		rc = isc_gap(p->t, pos,
		    "a lease limit is taken as not reached");
	return rc < 0 ? rc : isc_expect(p, ';', "the limit");
}

int
isc_read_class_decl(struct isc_parser *p, const struct isc_context *c,
    bool *ret_done)
{
	*ret_done = true;
	if (isc_is(p, "match") || isc_is(p, "spawn"))
		return read_match(p, c->of);
	if (isc_is(p, "lease"))
		return read_lease_limit(p);
	*ret_done = false;
	return 0;
}
