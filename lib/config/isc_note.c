/* What conditions compare a request with: literals, and odd comparisons. */
#include "config/isc_parse.h"

#include <errno.h>
#include <string.h>

#define DIGITS "0123456789abcdef"

static const char odd_part[] =
    "what is compared here is made of the request, and has no list of "
    "values to try";

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
	struct config_literal *l = config_list_add(&t->literals, sizeof(*l));

	if (!l)
		return -ENOMEM;
	*l = p->lit;
	l->bytes = bytes;
	l->len = len;
	l->pos = pos;
	return 0;
}

/* By their lengths the two are never equal. */
static bool
is_never_equal(const struct part *p, const struct isc_expr *value)
{
	return value->op == ISC_X_CONST && ((p->fixed_type && !p->is_array &&
	    value->len != p->size) || value->len > p->max);
}

static int
note_odd(struct isc_tree *t, const struct isc_expr *x, const struct part *p,
    const struct isc_expr *value)
{
	const char *result = x->op == ISC_X_NOT_EQUAL ?
	    "always true, even where the option is not sent" :
	    "never true";

	if (value->op == ISC_X_VARIABLE && !config_map_get(&t->set_names,
	    value->bytes, value->len))
		return isc_remark(t, x->pos, "class-test-never-matches",
		    "'%s' without quotes is a variable that nothing sets, not "
		    "text", (const char *)value->bytes);
	if (value->op != ISC_X_CONST)
		return 0;
	if (is_never_equal(p, value) && value->len > p->max)
		return isc_remark(t, x->pos, "class-test-never-matches",
		    "%zu byte(s) are compared with a part of at most %zu: "
		    "the comparison is %s", value->len, p->max, result);
	if (is_never_equal(p, value))
		return isc_remark(t, x->pos, "class-test-never-matches",
		    "%zu byte(s) are compared with a value that has %zu: the "
		    "comparison is %s", value->len, p->size, result);
	if (p->max != SIZE_MAX && value->len < p->max)
		return isc_remark(t, x->pos, "class-test-never-matches",
		    "%zu byte(s) are compared with %zu: they are equal only "
		    "if the value ends there", value->len, p->max);
	return 0;
}

static bool
is_match(enum isc_op op)
{
	return op == ISC_X_MATCH || op == ISC_X_MATCH_ICASE;
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

bool
isc_asks_request(const struct isc_expr *x)
{
	size_t i;

	switch (x->op) {
	case ISC_X_OPTION: case ISC_X_HARDWARE: case ISC_X_PACKET:
	case ISC_X_EXISTS: case ISC_X_FILENAME: case ISC_X_SERVER_NAME:
	case ISC_X_VARIABLE: case ISC_X_CALL: case ISC_X_CONFIG_OPTION:
	case ISC_X_UNKNOWN_DATA: case ISC_X_LEASE_TIME:
		return true;
	default:
		break;
	}
	for (i = 0; i < ARRAY_LEN(x->arg); i++) {
		if (x->arg[i] && isc_asks_request(x->arg[i]))
			return true;
	}
	return false;
}

/*
 * The bytes that binary-to-ascii() made @text of, base, width and separator
 * being those of @x. Return: true; false with @ret_never set if it makes no
 * such text, as it writes no leading zeros and no capitals.
 */
static bool
bytes_of_text(const struct isc_expr *x, const struct isc_expr *text,
    struct sbuf *out, bool *ret_never)
{
	uint64_t base = x->arg[0]->number, width = x->arg[1]->number;
	const struct isc_expr *sep = x->arg[2];
	const uint8_t *at = text->bytes, *end = at + text->len;
	uint64_t v;
	size_t n;

	*ret_never = false;
	if (x->arg[0]->op != ISC_X_INT || x->arg[1]->op != ISC_X_INT ||
	    sep->op != ISC_X_CONST || !sep->len || width % 8 || width > 32 ||
	    base < 2 || base > 16)
		return false;
	while (at < end) {
		for (v = 0, n = 0; at < end && n < 11; at++, n++) {
			const char *d = *at ? strchr(DIGITS, *at) : NULL;

			if (!d || (uint64_t)(d - DIGITS) >= base)
				break;
			*ret_never = *ret_never || (n == 1 && v == 0);
			v = v * base + (uint64_t)(d - DIGITS);
		}
		*ret_never = *ret_never || n == 0 || v >> width;
		for (n = (size_t)width; n > 0; n -= 8)
			sbuf_addc(out, (char)(uint8_t)(v >> (n - 8)));
		if (at == end)
			break;
		*ret_never = *ret_never || (size_t)(end - at) <= sep->len ||
		    memcmp(at, sep->bytes, sep->len) != 0;
		if (*ret_never)
			break;
		at += sep->len;
	}
	return !*ret_never && !out->bad;
}

/* binary-to-ascii (16, 8, ":", PART) = "52:54:0" */
static int
note_ascii(struct isc_tree *t, const struct isc_expr *x,
    const struct isc_expr *ascii, const struct isc_expr *text)
{
	struct part p = part_of(t, ascii->arg[3]);
	struct sbuf bytes = SBUF_EMPTY;
	uint8_t *copy;
	bool never;
	int rc = 0;

	if (p.is_field && bytes_of_text(ascii, text, &bytes, &never)) {
		copy = (uint8_t *)arena_dup(&t->arena, sbuf_str(&bytes),
		    bytes.len);
		rc = copy ? add_literal(t, &p, copy, bytes.len, x->pos) :
		    -ENOMEM;
	} else if (p.is_field && never) {
		rc = isc_remark(t, x->pos, "class-test-never-matches",
		    "binary-to-ascii() makes no such text: it writes no "
		    "leading zeros, and no capitals");
	} else {
		rc = isc_gap(t, x->pos, odd_part);
	}
	sbuf_release(&bytes);
	return rc;
}

/* One side of a comparison, which the other one is a value for. */
int
isc_note_pair(struct isc_tree *t, const struct isc_expr *x,
    const struct isc_expr *side, const struct isc_expr *value)
{
	struct part p = part_of(t, side);
	int rc;

	if (side->op == ISC_X_PICK) {
		rc = isc_note_pair(t, x, side->arg[0], value);
		return rc < 0 ? rc : isc_note_pair(t, x, side->arg[1], value);
	}
	if (side->op == ISC_X_BINARY_TO_ASCII && value->op == ISC_X_CONST)
		return note_ascii(t, x, side, value);
	if (!p.is_field)
		return isc_asks_request(side) ?
		    isc_gap(t, x->pos, odd_part) : 0;
	if (value->op == ISC_X_INT)
		return note_number(t, x, &p, value->number);
	/* of several to pick from, another one may fit */
	rc = !is_match(x->op) && (side == x->arg[0] || side == x->arg[1]) ?
	    note_odd(t, x, &p, value) : 0;
	if (rc < 0)
		return rc;
	if (value->op == ISC_X_CONST && !is_match(x->op))
		return add_literal(t, &p, value->bytes, value->len, x->pos);
	rc = isc_gap(t, x->pos, is_match(x->op) ?
	    "a pattern has no list of values to try" :
	    "a comparison of two parts of the request has no list of "
	    "values to try");
	return rc < 0 ? rc : add_literal(t, &p, NULL, 0, x->pos);
}

int
isc_odd_truth(const struct isc_tree *t, const struct isc_expr *x)
{
	bool swap = !isc_asks_request(x->arg[0]);
	struct part p = part_of(t, x->arg[swap]);

	if (!p.is_field || is_match(x->op) ||
	    !is_never_equal(&p, x->arg[!swap]))
		return -1;
	return x->op == ISC_X_NOT_EQUAL;
}

/* The side that a person would write first comes first. */
static int
note_comparison(struct isc_tree *t, const struct isc_expr *x)
{
	bool swap = !isc_asks_request(x->arg[0]);

	return isc_note_pair(t, x, x->arg[swap], x->arg[!swap]);
}

/* The MAC address or the client identifier: what tells hosts apart. */
static bool
names_client(const struct isc_tree *t, const struct isc_expr *x)
{
	size_t i;

	if (x->op == ISC_X_HARDWARE || x->op == ISC_X_PACKET ||
	    (x->op == ISC_X_OPTION && x->option->space == t->dhcp &&
	    x->option->code == DHCP4_OPT_CLIENT_ID))
		return true;
	for (i = 0; i < ARRAY_LEN(x->arg); i++) {
		if (x->arg[i] && names_client(t, x->arg[i]))
			return true;
	}
	return false;
}

static int
note_option(struct isc_tree *t, const struct isc_expr *x)
{
	struct part p = { .max = SIZE_MAX };

	part_of_option(t, x->option, &p);
	return add_literal(t, &p, NULL, 0, x->pos);
}

static int
note_one(struct isc_tree *t, const struct isc_expr *x, bool *compared)
{
	struct part known = { .lit.field = CONFIG_F_KNOWN };
	size_t n_gaps = t->gaps.n;
	int rc;

	switch (x->op) {
	case ISC_X_EQUAL: case ISC_X_NOT_EQUAL:
	case ISC_X_MATCH: case ISC_X_MATCH_ICASE:
		*compared = true;
		rc = note_comparison(t, x);
		t->by_identity = t->by_identity ||
		    (t->gaps.n > n_gaps && names_client(t, x));
		return rc;
	case ISC_X_EXISTS:
		return note_option(t, x);
	case ISC_X_OPTION:
		t->by_identity = t->by_identity ||
		    (!*compared && names_client(t, x));
		return note_option(t, x);
	case ISC_X_HARDWARE: case ISC_X_PACKET:
		t->by_identity = t->by_identity || !*compared;
		return 0;
	case ISC_X_KNOWN: case ISC_X_STATIC:
		return add_literal(t, &known, NULL, 0, x->pos);
	case ISC_X_UNKNOWN_DATA:
		return isc_gap(t, x->pos,
		    "a value that only the running server knows");
	case ISC_X_CALL:
		return isc_gap(t, x->pos,
		    "functions made with 'define' are not followed");
	case ISC_X_LEASED_ADDRESS:
		t->by_identity = true;
		return isc_gap(t, x->pos, "the leased address is taken to be "
		    "the first of its range, or the host's");
	case ISC_X_LEASE_TIME:
		return isc_gap(t, x->pos,
		    "the time that a lease has left is not known");
	case ISC_X_HOST_NAME: case ISC_X_CONFIG_OPTION:
		t->by_identity = true;
		return 0;
	default:
		return 0;
	}
}

int
isc_note_expr(struct isc_tree *t, const struct isc_expr *x, bool compared)
{
	size_t i;
	int rc = note_one(t, x, &compared);

	for (i = 0; i < ARRAY_LEN(x->arg) && rc == 0; i++) {
		if (x->arg[i])
			rc = isc_note_expr(t, x->arg[i], compared);
	}
	return rc;
}
