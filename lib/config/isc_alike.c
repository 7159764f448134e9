/*
 * Which hosts an answer does not tell apart but by their name and addresses.
 *
 * A number is given to each set of hosts that stand in the same scope, say
 * the same, have their addresses on the same networks, and on which every
 * comparison of a hardware address or client identifier ends alike.
 */
#include "config/isc_check.h"
#include "config/isc_net.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

enum { SHAPES_MAX = 64 };

/* Values that one part of the hardware address is compared with. */
struct shape {
	size_t off;
	size_t len;
	struct config_map values;
};

struct alike {
	struct isc_tree *t;
	struct shape shape[SHAPES_MAX];
	size_t n_shapes;
	bool by_uid;                    /* client identifiers are compared */
	bool by_mac;                    /* in more ways than can be followed */
	struct config_map numbers;         /* by what is said of a host */
	unsigned int n;
};

static void
put_pointer(struct sbuf *out, const void *p)
{
	uintptr_t v = (uintptr_t)p;

	sbuf_addn(out, &v, sizeof(v));
}

/* A name differs from host to host, and an identifier is who it is. */
static bool
is_identity(const struct isc_tree *t, const struct isc_stmt *s)
{
	return s->kind == ISC_S_OPTION && s->expr->op == ISC_X_CONST &&
	    s->option->space == t->dhcp &&
	    (s->option->code == DHCP4_OPT_CLIENT_ID ||
	    s->option->code == DHCP4_OPT_HOSTNAME);
}

static void
put_stmts(const struct isc_tree *t, const struct isc_stmt *s,
    struct sbuf *out)
{
	for (; s; s = s->next) {
		if (is_identity(t, s))
			continue;
		sbuf_addc(out, (char)('A' + s->kind));
		sbuf_addc(out, (char)('a' + s->how));
		put_pointer(out, s->option);
		if (s->name)
			sbuf_addn(out, s->name, strlen(s->name) + 1);
		if (s->expr)
			isc_expr_text(s->expr, out);
		sbuf_addc(out, '{');
		put_stmts(t, s->body, out);
		sbuf_addc(out, '}');
		put_stmts(t, s->orelse, out);
		sbuf_addc(out, ';');
	}
}

static int
add_shape(struct alike *a, const struct config_literal *l)
{
	size_t i;

	for (i = 0; i < a->n_shapes; i++) {
		if (a->shape[i].off == l->off && a->shape[i].len == l->len)
			break;
	}
	if (i == SHAPES_MAX) {
		a->by_mac = true;
		return 0;
	}
	if (i == a->n_shapes)
		a->shape[a->n_shapes++] = (struct shape){ l->off, l->len,
		    { .slots = NULL } };
	return config_map_put(&a->shape[i].values, &a->t->arena, l->bytes,
	    l->len, (void *)(uintptr_t)l);
}

static int
read_literals(struct alike *a)
{
	const struct config_literal *l = a->t->literals.rows;
	size_t i;
	int rc = 0;

	for (i = 0; i < a->t->literals.n && rc == 0; i++) {
		if (l[i].field == CONFIG_F_HARDWARE && l[i].len > 0)
			rc = add_shape(a, &l[i]);
		else if (l[i].field == CONFIG_F_OPTION && l[i].sub == 0 &&
		    l[i].code == DHCP4_OPT_CLIENT_ID && l[i].len > 0)
			a->by_uid = true;
	}
	return rc;
}

/* Which values of each shape the hardware address has. */
static void
put_hardware(const struct alike *a, const struct isc_host *h,
    struct sbuf *out)
{
	size_t i;

	if (a->by_mac)
		sbuf_addn(out, h->hw, h->hw_len);
	for (i = 0; i < a->n_shapes; i++) {
		const struct shape *s = &a->shape[i];

		put_pointer(out, s->off + s->len > h->hw_len ? NULL :
		    config_map_get(&s->values, h->hw + s->off, s->len));
	}
}

static void
put_host(const struct alike *a, const struct isc_host *h, struct sbuf *out)
{
	size_t i;

	put_pointer(out, h->scope->outer);
	sbuf_printf(out, "%d%d%d", h->has_hw, h->uid != NULL, h->is_fixed);
	for (i = 0; i < h->n_addrs; i++)
		put_pointer(out, isc_subnet_find(a->t, NULL, h->addrs[i]));
	sbuf_addc(out, '|');
	put_hardware(a, h, out);
	if (a->by_uid && h->uid)
		sbuf_addn(out, h->uid, h->uid_len);
	sbuf_addc(out, '|');
	put_stmts(a->t, h->scope->first, out);
}

static const struct isc_host *
first_of(const struct isc_tree *t, const struct isc_host *h, enum isc_id id)
{
	return id == ISC_ID_UID ?
	    config_map_get(&t->host_by_uid, h->uid, h->uid_len) :
	    config_map_get(&t->host_by_hw, h->hw, h->hw_len);
}

/* Other hosts have the same identity, or it is of another kind. */
static bool
is_special(const struct isc_tree *t, const struct isc_host *h)
{
	if (h->id_option || (!h->has_hw && !h->uid))
		return true;
	return (h->has_hw && (h->same[ISC_ID_HARDWARE].next ||
	    first_of(t, h, ISC_ID_HARDWARE) != h)) ||
	    (h->uid && (h->same[ISC_ID_UID].next ||
	    first_of(t, h, ISC_ID_UID) != h));
}

/*
 * Where one identity is all there is, the others of the chain ask as the
 * first of them does.
 */
static const struct isc_host *
asks_as(const struct isc_tree *t, const struct isc_host *h)
{
	const struct isc_host *first;

	if (h->id_option || h->has_hw == (h->uid != NULL))
		return h;
	first = first_of(t, h, h->uid ? ISC_ID_UID : ISC_ID_HARDWARE);
	return first->has_hw == (first->uid != NULL) ? h : first;
}

static int
number_host(struct alike *a, const struct isc_host *h, struct config_host *to,
    struct sbuf *text)
{
	const struct config_host *first;
	const char *key;

	if (is_special(a->t, h)) {
		const struct config_host *all = a->t->host_list.rows;
		const struct isc_host *as = asks_as(a->t, h);

		to->alike = as == h ? ++a->n : all[as->index].alike;
		return 0;
	}
	sbuf_clear(text);
	put_host(a, h, text);
	if (text->bad)
		return -ENOMEM;
	first = config_map_get(&a->numbers, sbuf_str(text), text->len);
	if (first) {
		to->alike = first->alike;
		return 0;
	}
	to->alike = ++a->n;
	key = arena_dup(&a->t->arena, sbuf_str(text), text->len);
	return key ? config_map_put(&a->numbers, &a->t->arena, key, text->len,
	    to) : -ENOMEM;
}

int
isc_alike(struct isc_tree *t)
{
	struct config_host *to = t->host_list.rows;
	struct alike a = { .t = t };
	struct sbuf text = SBUF_EMPTY;
	const struct isc_host *h;
	int rc = 0;

	/* the name or an address is in the answers: each is its own */
	if (t->by_identity)
		return 0;
	rc = read_literals(&a);
	for (h = t->hosts; h && rc == 0; h = h->next)
		rc = number_host(&a, h, to++, &text);
	sbuf_release(&text);
	return rc;
}
