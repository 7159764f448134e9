#include "config/isc_answer.h"

#include "config/isc_option.h"

#include <ctype.h>
#include <errno.h>
#include <regex.h>
#include <string.h>
#include <strings.h>

enum { EVAL_DEPTH_MAX = 2 * CONFIG_DEPTH_MAX };

static void *
take(struct isc_eval *ev, size_t len)
{
	void *p = arena_alloc(ev->arena, len ? len : 1);

	if (!p)
		ev->failed = true;
	return p;
}

static bool
eval_int(struct isc_eval *ev, const struct isc_expr *x, uint64_t *ret)
{
	struct isc_value v;

	if (!isc_eval_any(ev, x, &v) || v.type != ISC_V_INT)
		return false;
	*ret = v.number;
	return true;
}

bool
isc_eval_data(struct isc_eval *ev, const struct isc_expr *x,
    struct isc_value *ret)
{
	return isc_eval_any(ev, x, ret) && ret->type == ISC_V_DATA;
}

bool
isc_eval_bool(struct isc_eval *ev, const struct isc_expr *x, bool *ret)
{
	struct isc_value v;

	if (!isc_eval_any(ev, x, &v))
		return false;
	if (v.type != ISC_V_BOOL && v.type != ISC_V_INT)
		return false;
	*ret = v.type == ISC_V_BOOL ? v.truth : v.number != 0;
	return true;
}

static bool
find_sub(const struct isc_space *s, const uint8_t *data, size_t len,
    uint32_t want, struct isc_value *ret)
{
	struct rd r = rd_init(data, len);
	bool found = false;

	while (r.left > 0) {
		uint32_t code, n;
		const uint8_t *value;

		code = s->code_size == 1 ? rd_u8(&r) : s->code_size == 2 ?
		    rd_u16(&r) : rd_u32(&r);
		if (s->code_size == 1 && s->len_size == 1 &&
		    (code == 255 || code == 0)) {
			if (code == 255)
				break;
			continue;
		}
		n = s->len_size == 2 ? rd_u16(&r) : rd_u8(&r);
		value = rd_take(&r, n);
		if (r.bad)
			return false;
		if (code == want && !found) {
			ret->type = ISC_V_DATA;
			ret->data = value;
			ret->len = n;
			found = true;
		}
	}
	return found;
}

bool
isc_packet_option(struct isc_eval *ev, const struct isc_option *o,
    struct isc_value *ret)
{
	const struct dhcp4_opt *opt;

	*ret = (struct isc_value){ .type = ISC_V_DATA };
	if (o->space != ev->t->dhcp) {
		if (!o->space->encloses ||
		    o->space->encloses->space != ev->t->dhcp)
			return false;
		opt = dhcp4_opt(ev->req->msg,
		    (uint8_t)o->space->encloses->code);
		return opt && find_sub(o->space, opt->data, opt->len, o->code,
		    ret);
	}
	opt = o->code < 256 ? dhcp4_opt(ev->req->msg, (uint8_t)o->code) : NULL;
	if (!opt)
		return false;
	ret->data = opt->data;
	ret->len = opt->len;
	/* dhcpd cuts the NULs that some clients end their name with. */
	while (o->code == DHCP4_OPT_HOSTNAME && ret->len > 0 &&
	    ret->data[ret->len - 1] == 0)
		ret->len--;
	return true;
}

static bool
eval_substring(struct isc_eval *ev, const struct isc_expr *x,
    struct isc_value *ret)
{
	uint64_t off, len;

	if (!isc_eval_data(ev, x->arg[0], ret))
		return false;
	if (x->op == ISC_X_SUFFIX) {
		if (!eval_int(ev, x->arg[1], &len))
			return false;
		if (ret->len > len) {
			ret->data += ret->len - len;
			ret->len = (size_t)len;
		}
		return true;
	}
	if (!eval_int(ev, x->arg[1], &off) || !eval_int(ev, x->arg[2], &len))
		return false;
	if (off >= ret->len) {
		ret->len = 0;
		return true;
	}
	ret->data += off;
	ret->len = (size_t)(ret->len - off < len ? ret->len - off : len);
	return true;
}

static bool
eval_case(struct isc_eval *ev, const struct isc_expr *x, struct isc_value *ret)
{
	uint8_t *to;
	size_t i;

	if (!isc_eval_data(ev, x->arg[0], ret))
		return false;
	to = take(ev, ret->len);
	if (!to)
		return false;
	for (i = 0; i < ret->len; i++)
		to[i] = (uint8_t)(x->op == ISC_X_LCASE ? tolower(ret->data[i]) :
		    toupper(ret->data[i]));
	ret->data = to;
	return true;
}

static bool
eval_concat(struct isc_eval *ev, const struct isc_expr *x,
    struct isc_value *ret)
{
	struct sbuf b = SBUF_EMPTY;
	struct isc_value v;
	uint8_t *to = NULL;
	bool has = true;

	/* Null joined to anything is null. */
	for (; has && x->op == ISC_X_CONCAT; x = x->arg[1]) {
		has = isc_eval_data(ev, x->arg[0], &v);
		if (has)
			sbuf_addn(&b, v.data, v.len);
	}
	has = has && isc_eval_data(ev, x, &v);
	if (has)
		sbuf_addn(&b, v.data, v.len);
	ev->failed = ev->failed || b.bad;
	if (has && !b.bad)
		to = take(ev, b.len);
	if (to && b.len)
		memcpy(to, sbuf_str(&b), b.len);
	*ret = (struct isc_value){ .type = ISC_V_DATA, .data = to,
	    .len = b.len };
	sbuf_release(&b);
	return to != NULL;
}

static bool
eval_pick(struct isc_eval *ev, const struct isc_expr *x,
    struct isc_value *ret)
{
	for (; x->op == ISC_X_PICK; x = x->arg[1]) {
		if (isc_eval_data(ev, x->arg[0], ret))
			return true;
	}
	return isc_eval_data(ev, x, ret);
}

static bool
eval_reverse(struct isc_eval *ev, const struct isc_expr *x,
    struct isc_value *ret)
{
	uint64_t width;
	uint8_t *to;
	size_t i;

	if (!eval_int(ev, x->arg[0], &width) ||
	    !isc_eval_data(ev, x->arg[1], ret) || width == 0 ||
	    ret->len % width)
		return false;
	to = take(ev, ret->len);
	if (!to)
		return false;
	for (i = 0; i < ret->len; i += width)
		memcpy(to + ret->len - i - width, ret->data + i, width);
	ret->data = to;
	return true;
}

static void
put_digits(struct sbuf *b, uint32_t v, unsigned int base)
{
	char text[33];
	size_t n = 0;

	do {
		text[n++] = "0123456789abcdef"[v % base];
		v /= base;
	} while (v);
	while (n > 0)
		sbuf_addc(b, text[--n]);
}

static bool
eval_ascii(struct isc_eval *ev, const struct isc_expr *x,
    struct isc_value *ret)
{
	uint64_t base, width;
	struct isc_value sep, v;
	struct sbuf b = SBUF_EMPTY;
	size_t i, j, bytes;

	if (!eval_int(ev, x->arg[0], &base) ||
	    !eval_int(ev, x->arg[1], &width) ||
	    !isc_eval_data(ev, x->arg[2], &sep) ||
	    !isc_eval_data(ev, x->arg[3], &v))
		return false;
	bytes = (size_t)width / 8;
	if (base < 2 || base > 16 || (width != 8 && width != 16 && width != 32))
		return false;
	if (v.len % bytes)
		return false;
	for (i = 0; i < v.len; i += bytes) {
		uint32_t n = 0;

		for (j = 0; j < bytes; j++)
			n = n << 8 | v.data[i + j];
		if (i)
			sbuf_addn(&b, sep.data, sep.len);
		/* dhcpd miscounts: one digit more than the ten it can have. */
		if (base == 10 && n >= 1000000000)
			sbuf_addc(&b, '0');
		put_digits(&b, n, (unsigned int)base);
	}
	*ret = (struct isc_value){ .type = ISC_V_DATA, .len = b.len };
	ret->data = (uint8_t *)arena_dup(ev->arena, sbuf_str(&b), b.len);
	sbuf_release(&b);
	return ret->data != NULL;
}

static bool
eval_encode(struct isc_eval *ev, const struct isc_expr *x,
    struct isc_value *ret)
{
	size_t len = (size_t)x->number / 8, i;
	uint64_t v;
	uint8_t *to;

	if (!eval_int(ev, x->arg[0], &v))
		return false;
	to = take(ev, len);
	if (!to)
		return false;
	for (i = 0; i < len; i++)
		to[i] = (uint8_t)(v >> 8 * (len - 1 - i));
	*ret = (struct isc_value){ .type = ISC_V_DATA, .data = to, .len = len };
	return true;
}

static bool
eval_extract(struct isc_eval *ev, const struct isc_expr *x,
    struct isc_value *ret)
{
	size_t len = (size_t)x->number / 8, i;
	struct isc_value v;

	if (!isc_eval_data(ev, x->arg[0], &v) || v.len < len)
		return false;
	*ret = (struct isc_value){ .type = ISC_V_INT };
	for (i = 0; i < len; i++)
		ret->number = ret->number << 8 | v.data[i];
	return true;
}

static bool
eval_hardware(struct isc_eval *ev, struct isc_value *ret)
{
	const struct dhcp4_msg *m = ev->req->msg;
	uint8_t *to;

	if (m->hlen > DHCP4_CHADDR_LEN)
		return false;
	to = take(ev, (size_t)m->hlen + 1);
	if (!to)
		return false;
	to[0] = m->htype;
	memcpy(to + 1, m->chaddr, m->hlen);
	*ret = (struct isc_value){ .type = ISC_V_DATA, .data = to,
	    .len = (size_t)m->hlen + 1 };
	return true;
}

static bool
eval_packet(struct isc_eval *ev, const struct isc_expr *x,
    struct isc_value *ret)
{
	uint64_t off, len;

	if (!eval_int(ev, x->arg[0], &off) || !eval_int(ev, x->arg[1], &len))
		return false;
	if (!ev->packet) {
		struct wr w;

		ev->packet = take(ev, 2048);
		if (!ev->packet)
			return false;
		w = wr_init(ev->packet, 2048);
		if (dhcp4_msg_build(ev->req->msg, &w, DHCP4_BOOTP_LEN,
		    2048) == 0)
			ev->packet_len = w.len;
	}
	if (off >= ev->packet_len)
		return false;
	*ret = (struct isc_value){ .type = ISC_V_DATA,
	    .data = ev->packet + off,
	    .len = min_size((size_t)len, ev->packet_len - (size_t)off) };
	return true;
}

static bool
eval_field(const uint8_t *field, size_t cap, struct isc_value *ret)
{
	*ret = (struct isc_value){ .type = ISC_V_DATA, .data = field,
	    .len = strnlen((const char *)field, cap) };
	return ret->len > 0;
}

static bool
eval_text(const char *s, struct isc_value *ret)
{
	*ret = (struct isc_value){ .type = ISC_V_DATA,
	    .data = (const uint8_t *)s, .len = strlen(s) };
	return true;
}

/*
 * Two values are equal if their types and values are. Two nulls are equal;
 * null and a value are not.
 */
static bool
eval_equal(struct isc_eval *ev, const struct isc_expr *x)
{
	struct isc_value a, b;
	bool has_a = isc_eval_any(ev, x->arg[0], &a);
	bool has_b = isc_eval_any(ev, x->arg[1], &b);

	if (!has_a || !has_b)
		return has_a == has_b;
	if (a.type != b.type)
		return false;
	if (a.type == ISC_V_INT)
		return a.number == b.number;
	if (a.type == ISC_V_BOOL)
		return a.truth == b.truth;
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data,
	    a.len) == 0);
}

/* Null if either side is. */
static bool
eval_match(struct isc_eval *ev, const struct isc_expr *x, bool *ret)
{
	struct isc_value text, pattern;
	const char *t, *p;
	regex_t re;

	if (!isc_eval_data(ev, x->arg[0], &text) ||
	    !isc_eval_data(ev, x->arg[1], &pattern))
		return false;
	t = arena_dup(ev->arena, text.data ? text.data : (const uint8_t *)"",
	    text.len);
	p = arena_dup(ev->arena, pattern.data ? pattern.data :
	    (const uint8_t *)"", pattern.len);
	*ret = false;
	if (!t || !p || regcomp(&re, p, REG_EXTENDED | REG_NOSUB |
	    (x->op == ISC_X_MATCH_ICASE ? REG_ICASE : 0)) != 0)
		return true;
	*ret = regexec(&re, t, 0, NULL, 0) == 0;
	regfree(&re);
	return true;
}

static bool
eval_not(struct isc_eval *ev, const struct isc_expr *x, struct isc_value *ret)
{
	bool a = false, has = isc_eval_bool(ev, x->arg[0], &a);

	ret->type = ISC_V_BOOL;
	ret->truth = !a;
	return has;
}

/*
 * "false and x" is null, not false, so that "not (false and x)" is null too;
 * a null side of "or" counts as false, and two nulls are null. Hundreds of
 * addresses joined by "or" are one tree that leans to the right.
 */
static bool
eval_logic(struct isc_eval *ev, const struct isc_expr *x,
    struct isc_value *ret)
{
	bool truth = false, has_any = false, has;

	ret->type = ISC_V_BOOL;
	for (; x->op == ISC_X_AND || x->op == ISC_X_OR; x = x->arg[1]) {
		has = isc_eval_bool(ev, x->arg[0], &truth);
		truth = has && truth;
		if (x->op == ISC_X_AND && !truth) {
			ret->truth = false;
			return has_any;
		}
		has_any = has_any || (x->op == ISC_X_OR && has);
		if (x->op == ISC_X_OR && truth) {
			ret->truth = true;
			return true;
		}
	}
	has = isc_eval_bool(ev, x, &truth);
	ret->truth = has && truth;
	return has || has_any;
}

static bool
eval_variable(struct isc_eval *ev, const struct isc_expr *x,
    struct isc_value *ret)
{
	const struct isc_var *v;

	for (v = ev->vars; v; v = v->next) {
		if (strcasecmp(v->name, (const char *)x->bytes) == 0 &&
		    v->value) {
			*ret = *v->value;
			return true;
		}
	}
	return false;
}

static bool
eval_arithmetic(struct isc_eval *ev, const struct isc_expr *x,
    struct isc_value *ret)
{
	uint64_t a, b;

	if (!eval_int(ev, x->arg[0], &a) || !eval_int(ev, x->arg[1], &b))
		return false;
	ret->type = ISC_V_INT;
	switch (x->op) {
	case ISC_X_ADD: ret->number = a + b; return true;
	case ISC_X_MUL: ret->number = a * b; return true;
	case ISC_X_DIV: ret->number = b ? a / b : 0; return b != 0;
	case ISC_X_MOD: ret->number = b ? a % b : 0; return b != 0;
	case ISC_X_BIT_AND: ret->number = a & b; return true;
	case ISC_X_BIT_OR: ret->number = a | b; return true;
	default: ret->number = a ^ b; return true;
	}
}

static bool
eval_config_option(struct isc_eval *ev, const struct isc_expr *x,
    struct isc_value *ret)
{
	const struct isc_out *o = isc_out_find(ev, x->option->space,
	    x->option->code);

	return o && isc_eval_data(ev, o->expr, ret);
}

static bool
eval_bool_op(struct isc_eval *ev, const struct isc_expr *x,
    struct isc_value *ret)
{
	struct isc_value v;

	ret->type = ISC_V_BOOL;
	switch (x->op) {
	case ISC_X_EQUAL: ret->truth = eval_equal(ev, x); return true;
	case ISC_X_NOT_EQUAL: ret->truth = !eval_equal(ev, x); return true;
	case ISC_X_MATCH:
	case ISC_X_MATCH_ICASE: return eval_match(ev, x, &ret->truth);
	case ISC_X_EXISTS:
		ret->truth = isc_packet_option(ev, x->option, &v);
		return true;
	case ISC_X_KNOWN: ret->truth = ev->known; return true;
	case ISC_X_STATIC: ret->truth = ev->is_static; return true;
	case ISC_X_DEFINED: ret->truth = eval_variable(ev, x, &v); return true;
	case ISC_X_VARIABLE: return eval_variable(ev, x, ret);
	case ISC_X_NOT: return eval_not(ev, x, ret);
	case ISC_X_AND: case ISC_X_OR: return eval_logic(ev, x, ret);
	default: return false;
	}
}

static bool
eval_op(struct isc_eval *ev, const struct isc_expr *x, struct isc_value *ret)
{
	const struct dhcp4_msg *m = ev->req->msg;

	switch (x->op) {
	case ISC_X_CONST:
		ret->data = x->bytes;
		ret->len = x->len;
		return true;
	case ISC_X_OPTION: return isc_packet_option(ev, x->option, ret);
	case ISC_X_CONFIG_OPTION: return eval_config_option(ev, x, ret);
	case ISC_X_HARDWARE: return eval_hardware(ev, ret);
	case ISC_X_PACKET: return eval_packet(ev, x, ret);
	case ISC_X_SUBSTRING: case ISC_X_SUFFIX:
		return eval_substring(ev, x, ret);
	case ISC_X_LCASE: case ISC_X_UCASE: return eval_case(ev, x, ret);
	case ISC_X_CONCAT: return eval_concat(ev, x, ret);
	case ISC_X_REVERSE: return eval_reverse(ev, x, ret);
	case ISC_X_BINARY_TO_ASCII: return eval_ascii(ev, x, ret);
	case ISC_X_ENCODE_INT: return eval_encode(ev, x, ret);
	case ISC_X_PICK: return eval_pick(ev, x, ret);
	case ISC_X_HOST_NAME:
		return ev->host && ev->has_lease && eval_text(ev->host->name,
		    ret);
	case ISC_X_FILENAME: return eval_field(m->file, sizeof(m->file), ret);
	case ISC_X_SERVER_NAME: return eval_field(m->sname, sizeof(m->sname),
	    ret);
	case ISC_X_LEASED_ADDRESS: {
		uint8_t *ip = take(ev, 4);
		struct wr w = wr_init(ip, ip ? 4 : 0);

		wr_u32(&w, ev->leased);
		ret->data = ip;
		ret->len = 4;
		return ip && ev->has_lease;
	}
	case ISC_X_INT:
		ret->type = ISC_V_INT;
		ret->number = x->number;
		return true;
	case ISC_X_EXTRACT_INT: return eval_extract(ev, x, ret);
	case ISC_X_ADD: case ISC_X_MUL: case ISC_X_DIV:
	case ISC_X_MOD: case ISC_X_BIT_AND: case ISC_X_BIT_OR:
	case ISC_X_BIT_XOR:
		return eval_arithmetic(ev, x, ret);
	default: return eval_bool_op(ev, x, ret);
	}
}

bool
isc_eval_any(struct isc_eval *ev, const struct isc_expr *x,
    struct isc_value *ret)
{
	bool has;

	*ret = (struct isc_value){ .type = ISC_V_DATA };
	/* An option may be made from itself: dhcpd would never come back. */
	if (!x || ev->depth >= EVAL_DEPTH_MAX)
		return false;
	ev->depth++;
	has = eval_op(ev, x, ret);
	ev->depth--;
	return has && !ev->failed;
}
