/* kea_remark_test.c - tests of classes that can be true of no client. */
#include "config/kea_expr_node.h"
#include "config/kea_parse.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_MAX = 40 };

/* What is known of a value before there is a request. */
struct shape {
	const char *what;               /* NULL: nothing */
	size_t exact;                   /* bytes, if there are any; 0: varies */
	size_t unit;                    /* or many of that */
	size_t most;                    /* at most; 0: no limit */
	bool lower_hex;                 /* digits that hexstring() writes */
	bool described;                 /* .text of what is no text */
};

static const struct kea_option_def *
def_of(const struct kea_tree *t, const struct kea_expr *e)
{
	return kea_option_find(NULL, t->defs, t->is_v6,
	    t->is_v6 ? "dhcp6" : "dhcp4", e->code, NULL);
}

static struct shape
shape_of_option(struct kea_tree *t, const struct kea_expr *e)
{
	const struct kea_option_def *d = def_of(t, e);
	size_t n = d ? kea_type_len(d->type) : 0;
	struct shape s = { 0 };

	if (!d || d->type == KEA_T_STRING)
		return s;
	s.what = arena_printf(&t->arena, "option %u", e->code);
	if (e->repr == KEA_AS_TEXT)
		s.described = true;
	else if (n && d->array)
		s.unit = n;
	else if (n && !*d->encapsulates)
		s.exact = n;
	else
		s.what = NULL;
	return s;
}

static struct shape
shape_of_packet(const struct kea_expr *e)
{
	switch (e->field) {
	case KEA_PKT4_MAC:
		return (struct shape){ .what = "pkt4.mac", .exact = MAC_LEN };
	case KEA_PKT_IFACE:
		return (struct shape){ 0 };
	case KEA_PKT_SRC: case KEA_PKT_DST: case KEA_PKT4_CIADDR:
	case KEA_PKT4_GIADDR: case KEA_PKT4_YIADDR: case KEA_PKT4_SIADDR:
		return (struct shape){ .what = "an address", .exact = 4 };
	default:
		return (struct shape){ .what = "a number of the packet",
		    .exact = 4 };
	}
}

static struct shape
shape_of(struct kea_tree *t, const struct kea_expr *e)
{
	struct shape s = { 0 };
	long count;

	switch (e->op) {
	case KEA_X_OPTION:
		return shape_of_option(t, e);
	case KEA_X_PKT:
	case KEA_X_PKT4:
		return t->is_v6 ? s : shape_of_packet(e);
	case KEA_X_HEXSTRING:
		s.what = "hexstring()";
		s.lower_hex = e->args->next->op == KEA_X_CONST;
		return s;
	case KEA_X_SUBSTRING:
		count = strtol(e->count, NULL, 10);
		if (strcmp(e->count, "all") != 0) {
			s.what = "the substring";
			s.most = (size_t)(count < 0 ? -count : count);
		}
		return s;
	default:
		return s;
	}
}

static bool
has_upper(const struct kea_expr *e)
{
	size_t i;

	for (i = 0; i < e->len; i++) {
		if (isupper(e->bytes[i]))
			return true;
	}
	return false;
}

/* How much of each other the two can never be; NULL: they may be equal. */
static const char *
mismatch(struct kea_tree *t, const struct shape *s, const struct kea_expr *c)
{
	/* Nothing is equal to an option that is not there. */
	if (!s->what || !c->len)
		return NULL;
	if (s->lower_hex)
		return has_upper(c) ? "hexstring() writes small letters" : NULL;
	if (s->described && (c->len < 5 || memcmp(c->bytes, "type=", 5) != 0))
		return arena_printf(&t->arena, "the .text of %s begins with "
		    "\"type=\": use .hex", s->what);
	if (s->exact && c->len != s->exact)
		return arena_printf(&t->arena, "%s has %zu byte%s, and this is "
		    "%zu", s->what, s->exact, s->exact > 1 ? "s" : "", c->len);
	if (s->unit && c->len % s->unit)
		return arena_printf(&t->arena, "%s has %zu bytes for each value, "
		    "and this is %zu", s->what, s->unit, c->len);
	if (s->most && c->len > s->most)
		return arena_printf(&t->arena, "%s has %zu bytes at most, and "
		    "this is %zu", s->what, s->most, c->len);
	return NULL;
}

/* '00:07' and 7 have a length that two numbers of option 93 may have too. */
static const char *
odd_arch(struct kea_tree *t, const struct kea_expr *e,
    const struct kea_expr *c)
{
	char digits[SHOWN_MAX];
	size_t i, n = 0;

	if (t->is_v6 || e->op != KEA_X_OPTION || e->code != DHCP4_OPT_ARCH ||
	    e->repr != KEA_AS_HEX || c->len < 4 || c->len >= sizeof(digits))
		return NULL;
	for (i = 0; i < c->len; i++) {
		if (isxdigit(c->bytes[i]))
			digits[n++] = (char)c->bytes[i];
		else if (c->bytes[i] != ':')
			break;
	}
	digits[n] = '\0';
	if (i == c->len)
		return arena_printf(&t->arena, "option 93 is two bytes, and this "
		    "is text: write 0x%s, without quotes", digits);
	if (c->len == 4 && !c->bytes[0] && !c->bytes[1])
		return arena_printf(&t->arena, "option 93 is two bytes, and a "
		    "number is four: write 0x%02x%02x", c->bytes[2],
		    c->bytes[3]);
	return NULL;
}

static int
look_at_equal(struct kea_tree *t, const struct kea_class *c,
    const struct kea_expr *e)
{
	const struct kea_expr *a = e->args, *b = a->next;
	const struct kea_expr *constant = a->op == KEA_X_CONST ? a : b;
	const struct kea_expr *other = constant == a ? b : a;
	struct sbuf shown = SBUF_EMPTY;
	struct shape s;
	const char *why;
	int rc;

	if (constant->op != KEA_X_CONST || other->op == KEA_X_CONST)
		return 0;
	s = shape_of(t, other);
	why = odd_arch(t, other, constant);
	if (!why)
		why = mismatch(t, &s, constant);
	if (!why)
		return 0;
	sbuf_escape(&shown, constant->bytes, min_size(constant->len, SHOWN_MAX));
	rc = kea_remark(t, "class-test-never-matches", constant->pos,
	    "never equal to \"%s\", in the class \"%s\": %s", sbuf_str(&shown),
	    c->name, why);
	sbuf_release(&shown);
	return rc;
}

/* member() of a class that is tested only afterwards. */
static int
look_at_member(struct kea_tree *t, const struct kea_class *c,
    const struct kea_expr *e)
{
	const struct kea_class *of = kea_class_find(t, e->name);

	if (!of || !of->only_if_required || c->only_if_required ||
	    kea_is_reserved_class(t, of->name))
		return 0;
	return kea_remark(t, "kea-class-not-evaluated", e->pos,
	    "member('%s') is false here: that class is tested only where it is "
	    "required, which is after \"%s\"", of->name, c->name);
}

static int
look(struct kea_tree *t, const struct kea_class *c, const struct kea_expr *e)
{
	const struct kea_expr *a;
	int rc = 0;

	if (e->op == KEA_X_EQUAL)
		rc = look_at_equal(t, c, e);
	else if (e->op == KEA_X_MEMBER)
		rc = look_at_member(t, c, e);
	else if (e->op == KEA_X_PKT && e->field == KEA_PKT_IFACE &&
	    !t->interface)
		rc = kea_gap(t, e->pos, "which interface a request comes by is "
		    "not known where the server listens on several");
	else if (t->is_v6 && (e->op == KEA_X_V6 || (e->op == KEA_X_PKT &&
	    e->field != KEA_PKT_IFACE)))
		rc = kea_gap(t, e->pos, "what is asked here of a packet of "
		    "DHCPv6 is not followed: it is taken as false");
	for (a = e->args; a && rc == 0; a = a->next)
		rc = look(t, c, a);
	return rc;
}

int
kea_look_at_test(struct kea_tree *t, const struct kea_class *c)
{
	return look(t, c, c->test);
}
