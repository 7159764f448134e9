/* kea_expr_literals.c - what an expression compares a request with. */
#include "config/kea_expr_node.h"

#include <stdlib.h>
#include <string.h>

enum { BYTES_MAX = 512 };

struct walk {
	int (*fn)(void *ctx, const struct config_literal *l);
	void *ctx;
};

static int walk(const struct walk *w, const struct kea_expr *e);

/* The field that a value is, or is a part of, from @l->off on. */
static bool
field_of(const struct kea_expr *e, struct config_literal *l)
{
	long start;

	l->pos = e->pos;
	switch (e->op) {
	case KEA_X_OPTION:
	case KEA_X_SUBOPTION:
		l->field = CONFIG_F_OPTION;
		l->code = (uint8_t)e->code;
		l->sub = (uint8_t)e->sub;
		return e->code <= UINT8_MAX && e->sub <= UINT8_MAX;
	case KEA_X_RELAY4:
		l->field = CONFIG_F_OPTION;
		l->code = DHCP4_OPT_RELAY;
		l->sub = (uint8_t)e->sub;
		return true;
	case KEA_X_PKT4:
		if (e->field == KEA_PKT4_MAC) {
			l->field = CONFIG_F_HARDWARE;
			l->off += 1;            /* behind the type */
			return true;
		}
		if (e->field != KEA_PKT4_GIADDR)
			return false;
		l->field = CONFIG_F_GIADDR;
		return true;
	case KEA_X_SUBSTRING:
		start = strtol(e->start, NULL, 10);
		if (start < 0 || start > BYTES_MAX || *e->count == '-')
			return false;
		l->off += (size_t)start;
		l->is_prefix = true;
		return field_of(e->args, l);
	default:
		return false;
	}
}

/* hexstring(X, ':') == '00:07' compares X with two bytes. */
static bool
unhex(const struct kea_expr *call, const struct kea_expr *text, uint8_t *buf,
    size_t cap, size_t *ret)
{
	const struct kea_expr *sep = call->args->next;
	char digits[3 * BYTES_MAX];
	size_t i, n = 0;

	if (sep->op != KEA_X_CONST || text->len >= sizeof(digits))
		return false;
	for (i = 0; i < text->len; i++) {
		if (sep->len && n % 2 == 0 && n && text->len - i >= sep->len &&
		    memcmp(text->bytes + i, sep->bytes, sep->len) == 0)
			i += sep->len;
		if (i < text->len)
			digits[n++] = (char)text->bytes[i];
	}
	digits[n] = '\0';
	return parse_hex(digits, buf, cap, ret, NULL) == 0;
}

static int
comparison(const struct walk *w, const struct kea_expr *e)
{
	const struct kea_expr *a = e->args, *b = a->next, *constant;
	struct config_literal l = { .field = CONFIG_F_OTHER };
	uint8_t bytes[BYTES_MAX];
	size_t n;
	int rc;

	if (a->op == KEA_X_CONST) {
		constant = a;
		a = b;
	} else {
		constant = b;
	}
	if (constant->op == KEA_X_CONST && a->op != KEA_X_CONST) {
		l.bytes = constant->bytes;
		l.len = constant->len;
		if (a->op == KEA_X_HEXSTRING &&
		    unhex(a, constant, bytes, sizeof(bytes), &n)) {
			l.bytes = bytes;
			l.len = n;
			a = a->args;
		}
		if (field_of(a, &l))
			return w->fn(w->ctx, &l);
	}
	rc = walk(w, e->args);
	return rc ? rc : walk(w, e->args->next);
}

static int
membership(const struct walk *w, const struct kea_expr *e)
{
	static const char vendor[] = "VENDOR_CLASS_";
	struct config_literal l = { .field = CONFIG_F_KNOWN, .pos = e->pos };

	if (strcmp(e->name, "KNOWN") == 0 || strcmp(e->name, "UNKNOWN") == 0)
		return w->fn(w->ctx, &l);
	if (strncmp(e->name, vendor, strlen(vendor)) != 0)
		return 0;
	l.field = CONFIG_F_OPTION;
	l.code = DHCP4_OPT_VENDOR_CLASS;
	l.bytes = (const uint8_t *)e->name + strlen(vendor);
	l.len = strlen(e->name) - strlen(vendor);
	return w->fn(w->ctx, &l);
}

static int
walk(const struct walk *w, const struct kea_expr *e)
{
	struct config_literal l = { .field = CONFIG_F_OTHER, .pos = e->pos };
	const struct kea_expr *a;
	int rc = 0;

	if (e->op == KEA_X_EQUAL)
		return comparison(w, e);
	if (e->op == KEA_X_MEMBER)
		return membership(w, e);
	if (e->op == KEA_X_PKT || e->op == KEA_X_VENDOR ||
	    e->op == KEA_X_VENDOR_CLASS)
		return w->fn(w->ctx, &l);
	if (e->op < KEA_X_VENDOR && e->op != KEA_X_CONST) {
		/* Whether it is there, or how long it is. */
		(void)field_of(e, &l);
		l.off = 0;
		return w->fn(w->ctx, &l);
	}
	for (a = e->args; a && rc == 0; a = a->next)
		rc = walk(w, a);
	return rc;
}

int
kea_expr_literals(const struct kea_expr *e,
    int (*fn)(void *ctx, const struct config_literal *l), void *ctx)
{
	const struct walk w = { fn, ctx };

	return walk(&w, e);
}
