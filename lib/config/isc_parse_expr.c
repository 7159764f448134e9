#include "config/isc_parse.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

enum isc_type
isc_expr_type(const struct isc_expr *x)
{
	if (x->op == ISC_X_VARIABLE || x->op == ISC_X_CALL)
		return ISC_V_ANY;
	if (x->op >= ISC_X_NOT)
		return ISC_V_BOOL;
	return x->op >= ISC_X_INT ? ISC_V_INT : ISC_V_DATA;
}

struct isc_expr *
isc_expr_new(struct isc_parser *p, enum isc_op op)
{
	struct isc_expr *x = arena_alloc(&p->t->arena, sizeof(*x));

	if (x) {
		x->op = op;
		x->pos = p->tok.pos;
	}
	return x;
}

int
isc_expr_const(struct isc_parser *p, const void *bytes, size_t len,
    struct isc_expr **ret)
{
	struct isc_expr *x = isc_expr_new(p, ISC_X_CONST);

	if (!x)
		return -ENOMEM;
	x->bytes = (const uint8_t *)arena_dup(&p->t->arena, bytes, len);
	x->len = len;
	if (!x->bytes)
		return -ENOMEM;
	*ret = x;
	return 0;
}

/* What follows the word of a function: its arguments, one letter each. */
struct function {
	const char *word;
	enum isc_op op;
	const char *args;       /* d data, n number, * one or more data */
};

static const struct function functions[] = {
	{ "substring", ISC_X_SUBSTRING, "dnn" },
	{ "suffix", ISC_X_SUFFIX, "dn" },
	{ "lcase", ISC_X_LCASE, "d" },
	{ "ucase", ISC_X_UCASE, "d" },
	{ "concat", ISC_X_CONCAT, "*" },
	{ "binary-to-ascii", ISC_X_BINARY_TO_ASCII, "nndd" },
	{ "reverse", ISC_X_REVERSE, "nd" },
	{ "pick-first-value", ISC_X_PICK, "*" },
	{ "pick", ISC_X_PICK, "*" },
	{ "packet", ISC_X_PACKET, "nn" },
};

static const struct {
	const char *word;
	enum isc_op op;
} plain[] = {
	{ "hardware", ISC_X_HARDWARE }, { "leased-address", ISC_X_LEASED_ADDRESS },
	{ "filename", ISC_X_FILENAME }, { "server-name", ISC_X_SERVER_NAME },
	{ "host-decl-name", ISC_X_HOST_NAME }, { "null", ISC_X_NULL },
	{ "lease-time", ISC_X_LEASE_TIME }, { "known", ISC_X_KNOWN },
	{ "static", ISC_X_STATIC }, { "client-state", ISC_X_UNKNOWN_DATA },
	{ "gethostname", ISC_X_UNKNOWN_DATA },
};

int
isc_read_data(struct isc_parser *p, struct isc_expr **ret)
{
	struct config_pos pos = p->tok.pos;
	enum isc_type type;
	int rc = isc_read_expr(p, ISC_V_DATA, ret);

	if (rc < 0)
		return rc;
	type = isc_expr_type(*ret);
	if (type != ISC_V_DATA && type != ISC_V_ANY)
		return isc_fail_at(p, pos,
		    "a data expression is expected here");
	return 0;
}

static int
read_int(struct isc_parser *p, struct isc_expr **ret)
{
	struct config_pos pos = p->tok.pos;
	enum isc_type type;
	int rc = isc_read_expr(p, ISC_V_INT, ret);

	if (rc < 0)
		return rc;
	type = isc_expr_type(*ret);
	if (type != ISC_V_INT && type != ISC_V_ANY)
		return isc_fail_at(p, pos,
		    "a numeric expression is expected here");
	return 0;
}

int
isc_read_bool(struct isc_parser *p, struct isc_expr **ret)
{
	struct config_pos pos = p->tok.pos;
	enum isc_type type;
	int rc = isc_read_expr(p, ISC_V_BOOL, ret);

	if (rc < 0)
		return rc;
	type = isc_expr_type(*ret);
	if (type != ISC_V_BOOL && type != ISC_V_ANY)
		return isc_fail_at(p, pos,
		    "a condition is expected here: this is a value that is "
		    "compared with nothing");
	return 0;
}

/*
 * concat() and pick-first-value() take any number; they become pairs, the
 * rest in the second.
 */
static int
read_pairs(struct isc_parser *p, enum isc_op op, struct isc_expr **ret)
{
	struct isc_expr *x, **at = ret;
	size_t n;
	int rc;

	for (n = 0; n < ISC_TERMS_MAX; n++) {
		rc = isc_read_data(p, at);
		if (rc < 0)
			return rc;
		if (!isc_is_char(p, ','))
			return isc_expect(p, ')', "the arguments");
		x = isc_expr_new(p, op);
		if (!x)
			return -ENOMEM;
		x->arg[0] = *at;
		x->pos = x->arg[0]->pos;
		*at = x;
		at = &x->arg[1];
		rc = isc_advance(p);
		if (rc < 0)
			return rc;
	}
	return isc_fail(p, "more than %d arguments are not read",
	    ISC_TERMS_MAX);
}

static int
read_function(struct isc_parser *p, const struct function *f,
    struct isc_expr **ret)
{
	struct isc_expr *x = isc_expr_new(p, f->op);
	size_t i;
	int rc;

	if (!x)
		return -ENOMEM;
	rc = isc_advance(p);
	if (rc == 0)
		rc = isc_expect(p, '(', f->word);
	if (rc < 0)
		return rc;
	if (f->args[0] == '*')
		return read_pairs(p, f->op, ret);
	for (i = 0; f->args[i] && rc == 0; i++) {
		if (i)
			rc = isc_expect(p, ',', "another argument");
		if (rc == 0)
			rc = f->args[i] == 'n' ? read_int(p, &x->arg[i]) :
			    isc_read_data(p, &x->arg[i]);
	}
	if (rc == 0)
		rc = isc_expect(p, ')', "the arguments");
	*ret = x;
	return rc;
}

/* encode-int (number, width), extract-int (data, width) */
static int
read_int_function(struct isc_parser *p, enum isc_op op, struct isc_expr **ret)
{
	struct isc_expr *x = isc_expr_new(p, op);
	int64_t width = 0;
	int rc;

	if (!x)
		return -ENOMEM;
	rc = isc_advance(p);
	if (rc == 0)
		rc = isc_expect(p, '(', "the arguments");
	if (rc == 0)
		rc = op == ISC_X_ENCODE_INT ? read_int(p, &x->arg[0]) :
		    isc_read_data(p, &x->arg[0]);
	if (rc == 0)
		rc = isc_expect(p, ',', "the width in bits");
	if (rc == 0 && p->tok.kind != ISC_T_NUMBER)
		return isc_fail(p,
		    "the width in bits is expected here: 8, 16 or 32");
	if (rc == 0)
		rc = isc_read_number(p, 32, &width);
	if (rc == 0 && width != 8 && width != 16 && width != 32)
		return isc_fail(p, "an integer has 8, 16 or 32 bits");
	if (rc == 0)
		rc = isc_expect(p, ')', "the arguments");
	x->number = (uint64_t)width;
	*ret = x;
	return rc;
}

static int
read_option_ref(struct isc_parser *p, enum isc_op op, struct isc_expr **ret)
{
	struct isc_expr *x = isc_expr_new(p, op);
	int rc;

	if (!x)
		return -ENOMEM;
	rc = isc_advance(p);
	if (rc == 0)
		rc = isc_read_option_name(p, &x->option);
	if (rc == 0 && !x->option->type)
		return isc_fail_at(p, x->pos, "no option named %s in space %s",
		    x->option->name, x->option->space->name);
	*ret = x;
	return rc;
}

/* Something in brackets whose value only run time knows. */
static int
skip_brackets(struct isc_parser *p, const char *word)
{
	unsigned int open = 0;
	int rc = isc_advance(p);

	if (rc < 0)
		return rc;
	if (!isc_is_char(p, '('))
		return isc_fail(p, "'%s' needs its arguments in brackets",
		    word);
	do {
		if (isc_is_char(p, '('))
			open++;
		else if (isc_is_char(p, ')'))
			open--;
		else if (p->tok.kind == ISC_T_END || isc_is_char(p, ';'))
			return isc_fail(p, "a ')' is missing here");
		rc = isc_advance(p);
	} while (rc == 0 && open);
	return rc;
}

static int
read_not(struct isc_parser *p, struct isc_expr **ret);
static int
read_primary(struct isc_parser *p, enum isc_type want, struct isc_expr **ret);

static int
read_variable(struct isc_parser *p, struct isc_expr **ret)
{
	struct isc_expr *x = isc_expr_new(p, ISC_X_VARIABLE);
	int rc;

	if (!x)
		return -ENOMEM;
	x->bytes = (const uint8_t *)p->tok.text;
	x->len = p->tok.len;
	*ret = x;
	rc = isc_advance(p);
	if (rc < 0 || !isc_is_char(p, '('))
		return rc;
	x->op = ISC_X_CALL;
	rc = isc_advance(p);
	while (rc == 0 && !isc_is_char(p, ')')) {
		struct isc_expr *arg;

		rc = isc_read_expr(p, ISC_V_ANY, &arg);
		if (rc == 0 && isc_is_char(p, ','))
			rc = isc_advance(p);
		else if (rc == 0 && !isc_is_char(p, ')'))
			rc = isc_fail(p, "a ',' or ')' is expected here");
	}
	return rc < 0 ? rc : isc_advance(p);
}

static int
read_defined(struct isc_parser *p, struct isc_expr **ret)
{
	struct isc_expr *x = isc_expr_new(p, ISC_X_DEFINED);
	int rc;

	if (!x)
		return -ENOMEM;
	rc = isc_advance(p);
	if (rc == 0)
		rc = isc_expect(p, '(', "defined");
	if (rc < 0)
		return rc;
	if (!isc_is_word(p))
		return isc_fail(p, "the name of a variable is expected here");
	x->bytes = (const uint8_t *)p->tok.text;
	x->len = p->tok.len;
	*ret = x;
	rc = isc_advance(p);
	return rc < 0 ? rc : isc_expect(p, ')', "the name");
}

static int
read_number_or_hex(struct isc_parser *p, enum isc_type want,
    struct isc_expr **ret)
{
	struct isc_expr *x = isc_expr_new(p, ISC_X_CONST);
	int64_t v = 0;
	int rc;

	if (!x)
		return -ENOMEM;
	*ret = x;
	if (want == ISC_V_INT && p->tok.kind == ISC_T_NUMBER) {
		x->op = ISC_X_INT;
		rc = isc_read_number(p, 32, &v);
		x->number = (uint64_t)(uint32_t)v;
		return rc;
	}
	return isc_read_hex_list(p, &x->bytes, &x->len);
}

static int
read_word(struct isc_parser *p, enum isc_type want, struct isc_expr **ret)
{
	struct isc_expr *x;
	size_t i;
	int rc;

	for (i = 0; i < ARRAY_LEN(functions); i++) {
		if (isc_is(p, functions[i].word))
			return read_function(p, &functions[i], ret);
	}
	for (i = 0; i < ARRAY_LEN(plain); i++) {
		if (!isc_is(p, plain[i].word))
			continue;
		*ret = isc_expr_new(p, plain[i].op);
		return *ret ? isc_advance(p) : -ENOMEM;
	}
	if (isc_is(p, "not"))
		return read_not(p, ret);
	if (isc_is(p, "encode-int"))
		return read_int_function(p, ISC_X_ENCODE_INT, ret);
	if (isc_is(p, "extract-int"))
		return read_int_function(p, ISC_X_EXTRACT_INT, ret);
	if (isc_is(p, "option"))
		return read_option_ref(p, ISC_X_OPTION, ret);
	if (isc_is(p, "config-option"))
		return read_option_ref(p, ISC_X_CONFIG_OPTION, ret);
	if (isc_is(p, "exists"))
		return read_option_ref(p, ISC_X_EXISTS, ret);
	if (isc_is(p, "defined"))
		return read_defined(p, ret);
	if (isc_is(p, "check")) {
		rc = isc_advance(p);
		return rc < 0 ? rc : isc_fail(p,
		    "dhcpd knows no collection of classes of that name");
	}
	if (isc_is(p, "gethostbyname") || isc_is(p, "v6relay")) {
		x = isc_expr_new(p, ISC_X_UNKNOWN_DATA);
		*ret = x;
		return x ? skip_brackets(p, p->tok.text) : -ENOMEM;
	}
	if (p->tok.kind == ISC_T_HEX_OR_NAME)
		return read_number_or_hex(p, want, ret);
	return read_variable(p, ret);
}

static int
read_primary(struct isc_parser *p, enum isc_type want, struct isc_expr **ret)
{
	int rc;

	switch (p->tok.kind) {
	case ISC_T_STRING:
		rc = isc_expr_const(p, p->tok.text, p->tok.len, ret);
		return rc < 0 ? rc : isc_advance(p);
	case ISC_T_NUMBER:
		return read_number_or_hex(p, want, ret);
	case ISC_T_HEX_OR_NAME:
	case ISC_T_NAME:
		return read_word(p, want, ret);
	case ISC_T_CHAR:
		if (p->tok.c != '(')
			break;
		rc = isc_advance(p);
		if (rc == 0)
			rc = isc_read_expr(p, want, ret);
		return rc < 0 ? rc : isc_expect(p, ')', "the expression");
	case ISC_T_END:
		break;
	}
	return isc_fail(p, "an expression is expected here");
}

/* "not" takes what stands right after it, not a whole comparison. */
static int
read_not(struct isc_parser *p, struct isc_expr **ret)
{
	struct isc_expr *x = isc_expr_new(p, ISC_X_NOT);
	enum isc_type type;
	int rc;

	if (!x)
		return -ENOMEM;
	rc = isc_enter(p);
	if (rc == 0)
		rc = isc_advance(p);
	if (rc == 0)
		rc = read_primary(p, ISC_V_BOOL, &x->arg[0]);
	if (rc < 0)
		return rc;
	isc_leave(p);
	type = isc_expr_type(x->arg[0]);
	if (type != ISC_V_BOOL && type != ISC_V_ANY)
		return isc_fail_at(p, x->pos,
		    "'not' takes only what follows it at once: put the "
		    "comparison into brackets");
	*ret = x;
	return 0;
}

/* Return: 1 with @ret set if a binary operator stands here, stepped over. */
static int
read_operator(struct isc_parser *p, enum isc_op *ret)
{
	static const struct { char c; enum isc_op op; } ops[] = {
		{ '=', ISC_X_EQUAL }, { '+', ISC_X_ADD }, { '*', ISC_X_MUL },
		{ '/', ISC_X_DIV }, { '%', ISC_X_MOD }, { '&', ISC_X_BIT_AND },
		{ '|', ISC_X_BIT_OR }, { '^', ISC_X_BIT_XOR },
	};
	size_t i;
	int rc;

	if (isc_is(p, "and") || isc_is(p, "or")) {
		*ret = isc_is(p, "and") ? ISC_X_AND : ISC_X_OR;
	} else if (isc_is_char(p, '!')) {
		rc = isc_advance(p);
		if (rc < 0)
			return rc;
		if (!isc_is_char(p, '='))
			return isc_fail(p,
			    "'!' is only the beginning of '!='; negate with "
			    "'not'");
		*ret = ISC_X_NOT_EQUAL;
	} else if (isc_is_char(p, '~')) {
		rc = isc_advance(p);
		if (rc < 0)
			return rc;
		if (!isc_is_char(p, '=') && !isc_is_char(p, '~'))
			return isc_fail(p, "'~=' or '~~' is expected here");
		*ret = p->tok.c == '=' ? ISC_X_MATCH : ISC_X_MATCH_ICASE;
	} else if (p->tok.kind == ISC_T_NUMBER && p->tok.text[0] == '-') {
		return isc_fail(p,
		    "dhcpd cannot subtract: it takes the '-' for the beginning "
		    "of a number");
	} else {
		for (i = 0; i < ARRAY_LEN(ops); i++) {
			if (isc_is_char(p, ops[i].c))
				break;
		}
		if (i == ARRAY_LEN(ops))
			return 0;
		*ret = ops[i].op;
	}
	rc = isc_advance(p);
	return rc < 0 ? rc : 1;
}

static bool
is_either(enum isc_type t, enum isc_type want)
{
	return t == want || t == ISC_V_ANY;
}

static int
check_types(struct isc_parser *p, const struct isc_expr *x)
{
	enum isc_type a = isc_expr_type(x->arg[0]),
	    b = isc_expr_type(x->arg[1]);

	switch (x->op) {
	case ISC_X_AND: case ISC_X_OR:
		if (!is_either(a, ISC_V_BOOL) || !is_either(b, ISC_V_BOOL))
			return isc_fail_at(p, x->pos,
			    "'and' and 'or' stand between conditions");
		return 0;
	case ISC_X_EQUAL: case ISC_X_NOT_EQUAL:
		if (a == ISC_V_BOOL || b == ISC_V_BOOL)
			return isc_fail_at(p, x->pos,
			    "conditions cannot be compared with each other");
		if (a != b && a != ISC_V_ANY && b != ISC_V_ANY)
			return isc_fail_at(p, x->pos,
			    "data cannot be compared with a number: use "
			    "encode-int() or extract-int()");
		return 0;
	case ISC_X_MATCH: case ISC_X_MATCH_ICASE:
		if (!is_either(a, ISC_V_DATA) || !is_either(b, ISC_V_DATA))
			return isc_fail_at(p, x->pos,
			    "a pattern is matched with data");
		return 0;
	default:
		if (!is_either(a, ISC_V_INT) || !is_either(b, ISC_V_INT))
			return isc_fail_at(p, x->pos,
			    "numeric expressions are expected on both sides");
		return 0;
	}
}

static bool
is_bitwise(enum isc_op op)
{
	return op == ISC_X_BIT_AND || op == ISC_X_BIT_OR ||
	    op == ISC_X_BIT_XOR;
}

/* How tightly it binds: "and", "or" and arithmetic are all the same. */
static int
tightness(enum isc_op op)
{
	if (is_bitwise(op))
		return 2;
	return op >= ISC_X_EQUAL && op <= ISC_X_MATCH_ICASE;
}

static int
join(struct isc_parser *p, enum isc_op op, struct isc_expr **lhs,
    struct isc_expr *rhs)
{
	struct isc_expr *x = isc_expr_new(p, op);

	if (!x)
		return -ENOMEM;
	x->arg[0] = *lhs;
	x->arg[1] = rhs;
	x->pos = (*lhs)->pos;
	*lhs = x;
	return check_types(p, x);
}

/*
 * What follows "@lhs @op". All that follows a tighter operator belongs to its
 * side, so that "a or b = c and d" is "a or ((b = c) and d)", but "a or b
 * and c", with plain conditions, is "(a or b) and c". Whether digits are a
 * number or bytes is settled by what stood before the operator; but not at
 * such a side: "n = 1 and n = 2" compares n with bytes. That is dhcpd's way.
 */
static int
read_rest(struct isc_parser *p, struct isc_expr *lhs, enum isc_op op,
    enum isc_type want, struct isc_expr **ret)
{
	struct isc_expr *rhs;
	enum isc_op next;
	size_t terms = p->terms;
	int rc = 0, more = 1;

	while (rc == 0 && more > 0) {
		if (++p->terms > ISC_TERMS_MAX)
			return isc_fail(p, "more than %d operators in one "
			    "expression are not read", ISC_TERMS_MAX);
		rc = read_primary(p, want, &rhs);
		if (rc < 0)
			return rc;
		more = read_operator(p, &next);
		if (more < 0)
			return more;
		if (more > 0 && tightness(next) > tightness(op)) {
			rc = read_rest(p, rhs, next, is_bitwise(next) ?
			    ISC_V_INT : ISC_V_ANY, &rhs);
			more = 0;
		}
		want = isc_expr_type(rhs);
		if (rc == 0)
			rc = join(p, op, &lhs, rhs);
		op = next;
	}
	if (rc < 0)
		return rc;
	p->terms = terms;
	*ret = lhs;
	return 0;
}

int
isc_read_expr(struct isc_parser *p, enum isc_type want, struct isc_expr **ret)
{
	struct isc_expr *lhs;
	enum isc_op op;
	int rc = isc_enter(p);

	if (rc == 0)
		rc = read_primary(p, want, &lhs);
	if (rc < 0)
		return rc;
	rc = read_operator(p, &op);
	if (rc > 0)
		rc = read_rest(p, lhs, op, isc_expr_type(lhs), &lhs);
	if (rc < 0)
		return rc;
	isc_leave(p);
	*ret = lhs;
	return 0;
}
