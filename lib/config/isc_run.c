#include "config/isc_answer.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

/* dhcpd's own hash of option codes; it shows in the order of the answer. */
static size_t
bucket_of(uint32_t code)
{
	return ((code & 31) + ((code >> 5) & 31)) % ISC_BUCKETS;
}

struct isc_out *
isc_out_find(const struct isc_eval *ev, const struct isc_space *s,
    uint32_t code)
{
	const struct isc_outs *outs = ev->outs[s->index];
	struct isc_out *o;

	if (!outs)
		return NULL;
	for (o = outs->bucket[bucket_of(code)]; o; o = o->next) {
		if (o->option->code == code)
			return o;
	}
	return NULL;
}

int
isc_out_put(struct isc_eval *ev, const struct isc_option *o,
    const struct isc_expr *x, const struct isc_stmt *by)
{
	struct isc_out *out = isc_out_find(ev, o->space, o->code);
	struct isc_outs *outs = ev->outs[o->space->index];
	size_t b = bucket_of(o->code);

	if (!outs) {
		outs = arena_alloc(ev->arena, sizeof(*outs));
		if (!outs)
			return -ENOMEM;
		ev->outs[o->space->index] = outs;
	}
	if (!out) {
		out = arena_alloc(ev->arena, sizeof(*out));
		if (!out)
			return -ENOMEM;
		out->next = outs->bucket[b];
		outs->bucket[b] = out;
	}
	out->option = o;
	out->expr = x;
	out->by = by;
	out->via = ev->cond;
	return 0;
}

static int
set_option(struct isc_eval *ev, const struct isc_stmt *s)
{
	const struct isc_out *old = isc_out_find(ev, s->option->space,
	    s->option->code);
	struct isc_expr *x;

	if (!old || s->how == ISC_SUPERSEDE)
		return isc_out_put(ev, s->option, s->expr, s);
	if (s->how == ISC_DEFAULT)
		return 0;
	x = arena_alloc(ev->arena, sizeof(*x));
	if (!x)
		return -ENOMEM;
	x->op = ISC_X_CONCAT;
	x->pos = s->pos;
	x->arg[s->how == ISC_PREPEND] = (struct isc_expr *)old->expr;
	x->arg[s->how != ISC_PREPEND] = s->expr;
	return isc_out_put(ev, s->option, x, s);
}

static int
set_variable(struct isc_eval *ev, const struct isc_stmt *s)
{
	struct isc_var *v;
	struct isc_value value;

	for (v = ev->vars; v && strcasecmp(v->name, s->name); v = v->next)
		;
	if (!v) {
		v = arena_alloc(ev->arena, sizeof(*v));
		if (!v)
			return -ENOMEM;
		v->name = s->name;
		v->next = ev->vars;
		ev->vars = v;
	}
	v->value = NULL;
	if (s->kind == ISC_S_UNSET || !isc_eval_any(ev, s->expr, &value))
		return 0;
	v->value = arena_alloc(ev->arena, sizeof(*v->value));
	if (!v->value)
		return -ENOMEM;
	*v->value = value;
	return 0;
}

static bool run(struct isc_eval *ev, const struct isc_stmt *s);

static bool
run_branch(struct isc_eval *ev, const struct isc_stmt *s,
    const struct isc_stmt *body, bool taken)
{
	const struct isc_cond *outer = ev->cond;
	struct isc_cond *c = arena_alloc(ev->arena, sizeof(*c));
	bool on;

	if (!c) {
		ev->failed = true;
		return false;
	}
	*c = (struct isc_cond){ s, taken, outer };
	ev->cond = c;
	on = run(ev, body);
	ev->cond = outer;
	return on;
}

/* Null counts as false. */
static bool
run_if(struct isc_eval *ev, const struct isc_stmt *s)
{
	bool truth = false;

	if (!isc_eval_bool(ev, s->expr, &truth))
		truth = false;
	return run_branch(ev, s, truth ? s->body : s->orelse, truth);
}

static bool
same_value(const struct isc_value *a, const struct isc_value *b)
{
	/* No case is ever that of a condition, be it the same one. */
	if (a->type != b->type || a->type == ISC_V_BOOL)
		return false;
	if (a->type == ISC_V_INT)
		return a->number == b->number;
	return a->len == b->len && (!a->len || memcmp(a->data, b->data,
	    a->len) == 0);
}

static bool
run_switch(struct isc_eval *ev, const struct isc_stmt *s)
{
	const struct isc_stmt *c, *start = NULL;
	struct isc_value v, w;
	bool has = isc_eval_any(ev, s->expr, &v);

	for (c = s->body; c && !start; c = c->next) {
		if (c->kind == ISC_S_CASE && c->expr && has &&
		    isc_eval_any(ev, c->expr, &w) && same_value(&v, &w))
			start = c;
	}
	for (c = s->body; c && !start; c = c->next) {
		if (c->kind == ISC_S_CASE && !c->expr)
			start = c;
	}
	/* "break" ends only the switch. */
	if (start)
		(void)run_branch(ev, s, start->next, true);
	return !ev->failed;
}

/* Return: false if a "break" was met. */
static bool
run(struct isc_eval *ev, const struct isc_stmt *s)
{
	int rc = 0;

	for (; s && !ev->failed; s = s->next) {
		switch (s->kind) {
		case ISC_S_OPTION:
			rc = set_option(ev, s);
			break;
		case ISC_S_SET:
		case ISC_S_UNSET:
			rc = set_variable(ev, s);
			break;
		case ISC_S_IF:
			if (!run_if(ev, s))
				return false;
			break;
		case ISC_S_SWITCH:
			if (!run_switch(ev, s))
				return false;
			break;
		case ISC_S_BREAK:
		case ISC_S_RETURN:
			return false;
		case ISC_S_CASE:
		case ISC_S_EVAL:
		case ISC_S_SKIP:
			break;
		}
		if (rc < 0)
			ev->failed = true;
	}
	return !ev->failed;
}

void
isc_run_scope(struct isc_eval *ev, const struct isc_scope *s,
    const struct isc_scope *limit)
{
	const struct isc_scope *l;

	if (!s)
		return;
	for (l = limit; l; l = l->outer) {
		if (l == s)
			return;
	}
	isc_run_scope(ev, s->outer, limit);
	(void)run(ev, s->first);
}

static void
put_number(struct sbuf *b, uint32_t v, unsigned int bytes)
{
	while (bytes-- > 0)
		sbuf_addc(b, (char)(uint8_t)(v >> 8 * bytes));
}

/* RFC 4702: flags, two result codes, the name. */
static bool
encapsulate_fqdn(struct isc_eval *ev, const struct isc_space *s,
    struct sbuf *b)
{
	static const struct { uint32_t code; uint8_t bit; } flags[] = {
		{ 1, 2 }, { 2, 1 }, { 3, 4 },
	};
	uint8_t head[3] = { 0, 0, 0 };
	const struct isc_out *o;
	struct isc_value v;
	bool any = false;
	uint32_t code;
	size_t i;

	for (i = 0; i < ARRAY_LEN(flags); i++) {
		o = isc_out_find(ev, s, flags[i].code);
		if (o && isc_eval_data(ev, o->expr, &v) && v.len) {
			any = true;
			head[0] |= v.data[0] ? flags[i].bit : 0;
		}
	}
	for (code = 4; code <= 5; code++) {
		o = isc_out_find(ev, s, code);
		if (o && isc_eval_data(ev, o->expr, &v) && v.len) {
			any = true;
			head[code - 3] = v.data[0];
		}
	}
	sbuf_addn(b, head, sizeof(head));
	o = isc_out_find(ev, s, 8);
	if (o && isc_eval_data(ev, o->expr, &v)) {
		any = true;
		sbuf_addn(b, v.data, v.len);
	}
	return any;
}

bool
isc_encapsulate(struct isc_eval *ev, const struct isc_space *s,
    struct sbuf *b)
{
	const struct isc_outs *outs = ev->outs[s->index];
	const struct isc_out *o;
	struct isc_value v;
	bool any = false;
	size_t i;

	if (strcmp(s->name, "fqdn") == 0)
		return encapsulate_fqdn(ev, s, b);
	for (i = 0; outs && i < ISC_BUCKETS; i++) {
		for (o = outs->bucket[i]; o; o = o->next) {
			/* Nothing empty is sent in there. */
			if (!isc_eval_data(ev, o->expr, &v) || !v.len)
				continue;
			if (s->len_size == 1 && v.len > 255)
				continue;
			put_number(b, o->option->code, s->code_size);
			put_number(b, (uint32_t)v.len, s->len_size);
			sbuf_addn(b, v.data, v.len);
			any = true;
		}
	}
	return any;
}
