/* What conditions compare a request with: literals, and odd comparisons. */
#include "config/isc_parse.h"

#include <errno.h>
#include <string.h>

/* A part of the request that an expression stands for. */
struct part {
	bool is_field;
	struct config_literal lit;
	size_t max;                     /* bytes it can have; SIZE_MAX: any */
	bool fixed_type;                /* `size` bytes if there at all */
	size_t size;
	bool is_array;
};

static void
part_of_option(const struct isc_tree *t, const struct isc_option *o,
    struct part *ret)
{
	static const struct { char type; size_t size; } sizes[] = {
		{ 'B', 1 }, { 'b', 1 }, { 'f', 1 }, { 'S', 2 }, { 's', 2 },
		{ 'L', 4 }, { 'l', 4 }, { 'T', 4 }, { 'I', 4 }, { '6', 16 },
	};
	size_t i;

	ret->is_field = true;
	ret->lit.field = CONFIG_F_OPTION;
	ret->lit.code = (uint8_t)o->code;
	if (o->space != t->dhcp && o->space->encloses) {
		ret->lit.code = (uint8_t)o->space->encloses->code;
		ret->lit.sub = (uint8_t)o->code;
	} else if (o->space != t->dhcp) {
		ret->lit.field = CONFIG_F_OTHER;
	}
	for (i = 0; i < ARRAY_LEN(sizes); i++) {
		if (o->type[0] == sizes[i].type) {
			ret->fixed_type = true;
			ret->size = sizes[i].size;
			ret->is_array = o->type[1] != '\0';
		}
	}
}

static struct part
part_of(const struct isc_tree *t, const struct isc_expr *x)
{
	struct part p = { .max = SIZE_MAX };

	switch (x->op) {
	case ISC_X_OPTION:
		part_of_option(t, x->option, &p);
		break;
	case ISC_X_HARDWARE:
		p.is_field = true;
		p.lit.field = CONFIG_F_HARDWARE;
		p.fixed_type = true;
		p.size = MAC_LEN + 1;
		break;
	case ISC_X_LCASE: case ISC_X_UCASE:
		p = part_of(t, x->arg[0]);
		p.lit.ignore_case = true;
		break;
	case ISC_X_SUFFIX:
		p = part_of(t, x->arg[0]);
		p.fixed_type = false;
		p.lit.is_prefix = false;
		if (x->arg[1]->op == ISC_X_INT)
			p.max = (size_t)x->arg[1]->number;
		break;
	case ISC_X_SUBSTRING:
		p = part_of(t, x->arg[0]);
		p.fixed_type = false;
		p.lit.is_prefix = true;
		if (x->arg[1]->op == ISC_X_INT)
			p.lit.off += (size_t)x->arg[1]->number;
		if (x->arg[2]->op == ISC_X_INT)
			p.max = (size_t)x->arg[2]->number;
		break;
	case ISC_X_EXTRACT_INT:
		p = part_of(t, x->arg[0]);
		p.fixed_type = false;
		p.lit.is_prefix = true;
		p.max = (size_t)x->number / 8;
		break;
	case ISC_X_PACKET:
		p.is_field = true;
		p.lit.field = CONFIG_F_OTHER;
		break;
	default:
		break;
	}
	return p;
}

static int
add_literal(struct isc_tree *t, const struct part *p, const uint8_t *bytes,
    size_t len, struct config_pos pos)
{
	struct config_literal *l = isc_list_add(&t->literals, sizeof(*l));

	if (!l)
		return -ENOMEM;
	*l = p->lit;
	l->bytes = bytes;
	l->len = len;
	l->pos = pos;
	return 0;
}

static int
note_odd(struct isc_tree *t, const struct isc_expr *x, const struct part *p,
    const struct isc_expr *value)
{
	const char *result = x->op == ISC_X_EQUAL ? "never true" :
	    "always true, even where the option is not sent";

	if (value->op == ISC_X_VARIABLE)
		return isc_remark(t, x->pos, "class-test-never-matches",
		    "'%s' without quotes is a variable that nothing sets, not text",
		    (const char *)value->bytes);
	if (value->op != ISC_X_CONST)
		return 0;
	if (p->fixed_type && !p->is_array && value->len != p->size)
		return isc_remark(t, x->pos, "class-test-never-matches",
		    "%zu byte(s) are compared with a value that has %zu: the comparison is %s",
		    value->len, p->size, result);
	if (p->max != SIZE_MAX && value->len != p->max &&
	    (value->len > p->max || !p->lit.is_prefix))
		return isc_remark(t, x->pos, "class-test-never-matches",
		    "%zu byte(s) are compared with a part of at most %zu: the comparison is %s",
		    value->len, p->max, result);
	if (p->max != SIZE_MAX && value->len < p->max)
		return isc_remark(t, x->pos, "class-test-never-matches",
		    "%zu byte(s) are compared with %zu: they are equal only if the value ends there",
		    value->len, p->max);
	return 0;
}

/* A number is compared as the bytes of its width. */
static int
note_number(struct isc_tree *t, const struct isc_expr *x,
    const struct part *p, uint64_t number)
{
	size_t len = p->max < 8 ? p->max : 4, i;
	uint8_t *bytes = arena_alloc(&t->arena, len);

	if (!bytes)
		return -ENOMEM;
	for (i = 0; i < len; i++)
		bytes[i] = (uint8_t)(number >> 8 * (len - 1 - i));
	return add_literal(t, p, bytes, len, x->pos);
}

static int
note_comparison(struct isc_tree *t, const struct isc_expr *x)
{
	const struct isc_expr *value = x->arg[1];
	struct part p = part_of(t, x->arg[0]);
	int rc;

	if (!p.is_field) {
		p = part_of(t, x->arg[1]);
		value = x->arg[0];
	}
	if (!p.is_field)
		return 0;
	if (value->op == ISC_X_INT)
		return note_number(t, x, &p, value->number);
	rc = x->op == ISC_X_EQUAL || x->op == ISC_X_NOT_EQUAL ?
	    note_odd(t, x, &p, value) : 0;
	if (rc < 0)
		return rc;
	if (value->op == ISC_X_CONST && x->op != ISC_X_MATCH &&
	    x->op != ISC_X_MATCH_ICASE)
		return add_literal(t, &p, value->bytes, value->len, x->pos);
	rc = isc_gap(t, x->pos, x->op == ISC_X_MATCH || x->op == ISC_X_MATCH_ICASE ?
	    "a pattern has no list of values to try" :
	    "a comparison of two parts of the request has no list of values to try");
	return rc < 0 ? rc : add_literal(t, &p, NULL, 0, x->pos);
}

int
isc_note_expr(struct isc_tree *t, const struct isc_expr *x)
{
	struct part p;
	size_t i;
	int rc = 0;

	switch (x->op) {
	case ISC_X_EQUAL: case ISC_X_NOT_EQUAL:
	case ISC_X_MATCH: case ISC_X_MATCH_ICASE:
		rc = note_comparison(t, x);
		break;
	case ISC_X_EXISTS: case ISC_X_OPTION:
		p = (struct part){ .max = SIZE_MAX };
		part_of_option(t, x->option, &p);
		return add_literal(t, &p, NULL, 0, x->pos);
	case ISC_X_KNOWN: case ISC_X_STATIC:
		p = (struct part){ .lit.field = CONFIG_F_KNOWN };
		return add_literal(t, &p, NULL, 0, x->pos);
	case ISC_X_UNKNOWN_DATA:
		return isc_gap(t, x->pos, "a value that only the running server knows");
	case ISC_X_CALL:
		return isc_gap(t, x->pos, "functions made with 'define' are not followed");
	default:
		break;
	}
	for (i = 0; i < ARRAY_LEN(x->arg) && rc == 0; i++) {
		if (x->arg[i])
			rc = isc_note_expr(t, x->arg[i]);
	}
	return rc;
}
