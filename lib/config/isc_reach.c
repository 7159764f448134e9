/*
 * Branches that no request reaches, because what stands before or around
 * them has settled their condition.
 *
 * Known facts are conditions met on the way, each with what it came to be.
 * dhcpd knows null beside true and false, so that "not true" says less than
 * "false": only a comparison, "exists", "known" and "static" are never null.
 */
#include "config/isc_check.h"

#include <string.h>

enum { FACTS_MAX = 64, UNKNOWN = -1, NEVER = 0, ALWAYS = 1 };

struct fact {
	const struct isc_expr *x;
	bool truth;                     /* else: false, or null */
};

struct reach {
	struct isc_tree *t;
	struct fact fact[FACTS_MAX];
	size_t n;
};

static bool
is_same(const struct isc_expr *a, const struct isc_expr *b)
{
	size_t i;

	if (!a || !b)
		return a == b;
	if (a->op != b->op || a->option != b->option ||
	    a->number != b->number || a->len != b->len ||
	    (a->len > 0 && memcmp(a->bytes, b->bytes, a->len) != 0))
		return false;
	for (i = 0; i < ARRAY_LEN(a->arg); i++) {
		if (!is_same(a->arg[i], b->arg[i]))
			return false;
	}
	return true;
}

/* Does it stay as it is for the whole of a request? */
static bool
is_lasting(const struct isc_expr *x)
{
	size_t i;

	switch (x->op) {
	case ISC_X_VARIABLE: case ISC_X_CALL: case ISC_X_CONFIG_OPTION:
	case ISC_X_UNKNOWN_DATA: case ISC_X_LEASE_TIME: case ISC_X_DEFINED:
	case ISC_X_LEASED_ADDRESS: case ISC_X_HOST_NAME:
		return false;
	default:
		break;
	}
	for (i = 0; i < ARRAY_LEN(x->arg); i++) {
		if (x->arg[i] && !is_lasting(x->arg[i]))
			return false;
	}
	return true;
}

static bool
is_comparison(const struct isc_expr *x)
{
	return x->op == ISC_X_EQUAL || x->op == ISC_X_NOT_EQUAL;
}

static bool
is_never_null(const struct isc_expr *x)
{
	return is_comparison(x) || x->op == ISC_X_EXISTS ||
	    x->op == ISC_X_KNOWN || x->op == ISC_X_STATIC;
}

/* The comparison's other side, if one of them is @side; else NULL. */
static const struct isc_expr *
other_side(const struct isc_expr *x, const struct isc_expr *side)
{
	return is_same(x->arg[0], side) ? x->arg[1] :
	    is_same(x->arg[1], side) ? x->arg[0] : NULL;
}

/* Does "known" settle the comparison @x? */
static int
settle_comparison(const struct fact *known, const struct isc_expr *x)
{
	const struct isc_expr *f = known->x, *value;
	/* that they are equal is known, or that they are not */
	bool equal = known->truth == (f->op == ISC_X_EQUAL);
	int is_equal = UNKNOWN;
	size_t i;

	for (i = 0; i < 2 && is_equal == UNKNOWN; i++) {
		value = other_side(f, x->arg[i]);
		if (!value)
			continue;
		if (is_same(value, x->arg[!i]))
			is_equal = equal;
		else if (equal && value->op == ISC_X_CONST &&
		    x->arg[!i]->op == ISC_X_CONST)
			is_equal = NEVER;
	}
	if (is_equal == UNKNOWN)
		return UNKNOWN;
	return x->op == ISC_X_EQUAL ? is_equal : !is_equal;
}

/* An option that is equal to something is there, and the reverse. */
static int
settle_by_presence(const struct fact *known, const struct isc_expr *x)
{
	const struct isc_expr *has = known->x->op == ISC_X_EXISTS ?
	    known->x : x, *cmp = has == x ? known->x : x;
	struct isc_expr option = { .op = ISC_X_OPTION, .option = has->option };
	const struct isc_expr *value = other_side(cmp, &option);
	bool equal;

	if (!value || value->op != ISC_X_CONST)
		return UNKNOWN;
	if (has == x) {
		equal = known->truth == (cmp->op == ISC_X_EQUAL);
		return equal ? ALWAYS : UNKNOWN;
	}
	if (known->truth)
		return UNKNOWN;
	return cmp->op == ISC_X_EQUAL ? NEVER : ALWAYS;
}

static int
settle(const struct fact *known, const struct isc_expr *x)
{
	if (is_same(known->x, x))
		return known->truth;
	if (is_comparison(known->x) && is_comparison(x))
		return settle_comparison(known, x);
	if ((known->x->op == ISC_X_EXISTS && is_comparison(x)) ||
	    (x->op == ISC_X_EXISTS && is_comparison(known->x)))
		return settle_by_presence(known, x);
	return UNKNOWN;
}

static int
decide_leaf(const struct reach *r, const struct isc_expr *x)
{
	int truth = UNKNOWN;
	size_t i;

	for (i = r->n; i > 0 && truth == UNKNOWN; i--)
		truth = settle(&r->fact[i - 1], x);
	if (truth != UNKNOWN || !is_comparison(x))
		return truth;
	if (x->arg[0]->op == ISC_X_CONST && x->arg[1]->op == ISC_X_CONST)
		return is_same(x->arg[0], x->arg[1]) ==
		    (x->op == ISC_X_EQUAL);
	return isc_odd_truth(r->t, x);
}

/* Does the condition hold? NEVER: it is false or null. */
static int
decide(const struct reach *r, const struct isc_expr *x)
{
	int a, b;

	switch (x->op) {
	case ISC_X_NOT:
		a = decide(r, x->arg[0]);
		return a == ALWAYS ? NEVER : a == NEVER &&
		    is_never_null(x->arg[0]) ? ALWAYS : UNKNOWN;
	case ISC_X_AND:
		a = decide(r, x->arg[0]);
		b = a == NEVER ? NEVER : decide(r, x->arg[1]);
		return b == NEVER ? NEVER : a == ALWAYS ? b : UNKNOWN;
	case ISC_X_OR:
		a = decide(r, x->arg[0]);
		b = a == ALWAYS ? ALWAYS : decide(r, x->arg[1]);
		return b == ALWAYS ? ALWAYS : a == NEVER ? b : UNKNOWN;
	default:
		return decide_leaf(r, x);
	}
}

/* What follows from a condition that came out so. */
static void
learn(struct reach *r, const struct isc_expr *x, bool truth)
{
	if (x->op == ISC_X_NOT && (truth || is_never_null(x->arg[0]))) {
		learn(r, x->arg[0], !truth);
	} else if ((x->op == ISC_X_AND && truth) ||
	    (x->op == ISC_X_OR && !truth)) {
		learn(r, x->arg[0], truth);
		learn(r, x->arg[1], truth);
	} else if (r->n < FACTS_MAX && is_lasting(x)) {
		r->fact[r->n++] = (struct fact){ x, truth };
	}
}

static bool
is_odd(const struct isc_tree *t, const struct isc_expr *x)
{
	return is_comparison(x) && isc_odd_truth(t, x) != UNKNOWN;
}

static int walk(struct reach *r, const struct isc_stmt *s);

/* The branches of an "if", then those of each "elsif" after it. */
static int
walk_if(struct reach *r, const struct isc_stmt *s)
{
	size_t n = r->n, inside;
	const struct isc_stmt *dead;
	int rc = 0, truth;

	for (; rc == 0; s = s->orelse) {
		truth = decide(r, s->expr);
		dead = truth == ALWAYS ? s->orelse :
		    truth == NEVER ? s->body : NULL;
		/* that it is odd in itself is told already */
		if (dead && (truth == ALWAYS || !is_odd(r->t, s->expr)))
			rc = isc_remark(r->t, dead->pos, "unreachable-branch",
			    "no request comes here: the condition in line %u "
			    "is %s true by what is known there",
			    s->expr->pos.line, truth == ALWAYS ? "always" :
			    "never");
		inside = r->n;
		learn(r, s->expr, true);
		if (rc == 0 && truth != NEVER)
			rc = walk(r, s->body);
		r->n = inside;
		if (rc < 0 || truth == ALWAYS || !s->orelse)
			break;
		learn(r, s->expr, false);
		if (s->orelse->kind != ISC_S_IF || s->orelse->next) {
			rc = walk(r, s->orelse);
			break;
		}
	}
	r->n = n;
	return rc;
}

static int
walk(struct reach *r, const struct isc_stmt *s)
{
	int rc = 0;

	for (; s && rc == 0; s = s->next) {
		if (s->kind == ISC_S_IF)
			rc = walk_if(r, s);
		else if (s->kind == ISC_S_SWITCH)
			rc = walk(r, s->body);
	}
	return rc;
}

int
isc_reach(struct isc_tree *t, const struct isc_stmt *s)
{
	struct reach r = { .t = t };

	return s->kind == ISC_S_IF ? walk_if(&r, s) :
	    s->kind == ISC_S_SWITCH ? walk(&r, s->body) : 0;
}
