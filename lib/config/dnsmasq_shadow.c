/*
 * dnsmasq_shadow.c - lines that no request can ever reach: their tags
 * contradict each other, or another line always comes first.
 */
#include "config/dnsmasq_tree.h"

#include <errno.h>

enum {
	/* Comparisons of two lines: what is left is not looked at. */
	SHADOW_BUDGET = 4 << 20,
	SHADOW_CANDIDATES = 8,          /* hosts of the same key */
};

struct shadow {
	struct dnsmasq_tree *t;
	size_t budget;
};

static bool
has_cond(const struct dnsmasq_cond *list, const struct dnsmasq_tag *tag,
    bool negated)
{
	for (; list != NULL; list = list->next)
		if (list->tag == tag && list->negated == negated)
			return true;
	return false;
}

/* Whenever @a holds, does @b? Where one has no tags, neither may have any. */
static bool
follows(const struct dnsmasq_cond *b, const struct dnsmasq_cond *a)
{
	if ((a == NULL) != (b == NULL))
		return false;
	for (; b != NULL; b = b->next)
		if (!has_cond(a, b->tag, b->negated))
			return false;
	return true;
}

static int
contradiction(struct dnsmasq_tree *t, const struct dnsmasq_cond *list,
    struct config_pos pos)
{
	for (const struct dnsmasq_cond *c = list; c != NULL; c = c->next)
		if (!c->negated && has_cond(list, c->tag, true)) {
			const char *text = arena_printf(&t->arena,
			    "no client can have the tag '%s' and not have it: "
			    "this line is never taken", c->tag->name);

			return dnsmasq_remark(t, "unreachable-branch", pos,
			    text);
		}
	return 0;
}

static int
shadowed(struct dnsmasq_tree *t, const char *fault, struct config_pos pos,
    const struct config_pos *by, const char *why)
{
	const char *text = strcmp(pos.file, by->file) == 0 ?
	    arena_printf(&t->arena, "line %u is always taken in place of this "
	    "one: %s", by->line, why) :
	    arena_printf(&t->arena, "line %u of %s is always taken in place of "
	    "this one: %s", by->line, by->file, why);

	return dnsmasq_remark(t, fault, pos, text);
}

/* An older line with which @b holds for any client: tag:x, and tag:!x. */
static const struct dnsmasq_boot *
opposite(struct shadow *s, const struct dnsmasq_boot *b)
{
	const struct dnsmasq_boot *x = b->next;

	if (b->filter == NULL || b->filter->next != NULL)
		return NULL;
	for (; x != NULL && s->budget > 0; x = x->next, s->budget--)
		if (x->filter != NULL && x->filter->next == NULL &&
		    x->filter->tag == b->filter->tag &&
		    x->filter->negated != b->filter->negated)
			return x;
	return NULL;
}

static const struct dnsmasq_boot *
newer_boot(struct shadow *s, const struct dnsmasq_boot *b)
{
	const struct dnsmasq_boot *x = s->t->boots;

	for (; x != b && s->budget > 0; x = x->next, s->budget--)
		if (follows(x->filter, b->filter))
			return x;
	return NULL;
}

/*
 * Of the dhcp-boots whose tags hold the last one counts; those without tags
 * only where there is none.
 */
static int
boots(struct shadow *s)
{
	const struct dnsmasq_boot *b, *newer, *one = NULL, *other = NULL;
	const char *both = "";
	bool past = false;
	int rc = 0;

	for (b = s->t->boots; b != NULL && other == NULL; b = b->next) {
		one = b;
		other = opposite(s, b);
	}
	if (other != NULL)
		both = arena_printf(&s->t->arena, "or line %u, for a client "
		    "has the tag '%s' or has it not", other->pos.line,
		    other->filter->tag->name);
	if (both == NULL)
		return -ENOMEM;
	for (b = s->t->boots; b != NULL && rc == 0; b = b->next) {
		rc = contradiction(s->t, b->filter, b->pos);
		newer = newer_boot(s, b);
		if (rc == 0 && newer != NULL)
			rc = shadowed(s->t, "unreachable-branch", b->pos,
			    &newer->pos, b->filter == NULL ?
			    "of those without tags the last one counts" :
			    "of those whose tags hold the last one counts");
		else if (rc == 0 && other != NULL && (past || !b->filter))
			rc = shadowed(s->t, "unreachable-branch", b->pos,
			    &one->pos, both);
		past = past || b == other;
	}
	return rc;
}

/* One option of a kind that is sent once only. */
static bool
is_single(const struct dnsmasq_option *o)
{
	return o->code <= UINT8_MAX && !(o->flags &
	    (DNSMASQ_O_VENDOR | DNSMASQ_O_ENCAP | DNSMASQ_O_VI));
}

static int
options(struct shadow *s)
{
	const struct dnsmasq_option *o, *newer;
	int rc = 0;

	for (o = s->t->options; o != NULL && rc == 0; o = o->next) {
		rc = contradiction(s->t, o->filter, o->pos);
		if (!is_single(o))
			continue;
		for (newer = s->t->options; newer != o && s->budget > 0;
		    newer = newer->next, s->budget--)
			if (newer->code == o->code && is_single(newer) &&
			    follows(newer->filter, o->filter))
				break;
		if (rc == 0 && newer != o && s->budget > 0)
			rc = shadowed(s->t, "statement-without-effect", o->pos,
			    &newer->pos,
			    "an option is sent once, as the last line has it");
	}
	return rc;
}

static int
services(struct dnsmasq_tree *t)
{
	int rc = 0;

	for (const struct dnsmasq_service *x = t->services;
	    x != NULL && rc == 0;
	    x = x->next)
		rc = contradiction(t, x->filter, x->pos);
	return rc;
}

static bool
has_mac(const struct dnsmasq_host *h, const struct dnsmasq_mac *want)
{
	for (const struct dnsmasq_mac *m = h->macs; m != NULL; m = m->next)
		if (m->wild == 0 && m->len == want->len &&
		    (m->type == 0 || m->type == want->type) &&
		    memcmp(m->bytes, want->bytes, m->len) == 0)
			return true;
	return false;
}

static bool
is_in(struct in_addr a, const struct dnsmasq_range *r, struct in_addr mask)
{
	return ((a.s_addr ^ r->start.s_addr) & mask.s_addr) == 0;
}

/*
 * On whichever network @b is found, is @a too? Only where its address is of
 * the network; everywhere if it has none.
 */
static bool
is_where(const struct dnsmasq_tree *t, const struct dnsmasq_host *a,
    const struct dnsmasq_host *b)
{
	if (!a->has_addr)
		return !a->has_addr6;
	for (const struct dnsmasq_range *r = t->ranges; r != NULL;
	    r = r->next) {
		struct in_addr m = dnsmasq_mask(t, r, t->server_ip);

		if ((!b->has_addr || is_in(b->addr, r, m)) &&
		    !is_in(a->addr, r, m))
			return false;
	}
	return true;
}

/* Is @by found by all that @h could be? */
static bool
hides(const struct dnsmasq_tree *t, const struct dnsmasq_host *by,
    const struct dnsmasq_host *h)
{
	if (by->serial <= h->serial || h->has_wild ||
	    !follows(by->filter, h->filter) || !is_where(t, by, h))
		return false;
	for (const struct dnsmasq_mac *m = h->macs; m != NULL; m = m->next)
		if (!has_mac(by, m))
			return false;
	return h->client_id == NULL || (by->client_id != NULL &&
	    by->client_id_len == h->client_id_len &&
	    memcmp(by->client_id, h->client_id, h->client_id_len) == 0);
}

static int
hosts(struct dnsmasq_tree *t)
{
	int rc = 0;

	for (const struct dnsmasq_host *h = t->hosts; h != NULL && rc == 0;
	    h = h->next) {
		const struct dnsmasq_key *k = h->macs != NULL ?
		    dnsmasq_key_first(t, DNSMASQ_K_MAC, h->macs->bytes,
		    h->macs->len) : h->client_id == NULL ? NULL :
		    dnsmasq_key_first(t, DNSMASQ_K_ID, h->client_id,
		    h->client_id_len);

		for (size_t n = 0; k != NULL && n < SHADOW_CANDIDATES; n++) {
			if (hides(t, k->host, h)) {
				rc = shadowed(t, "host-shadowed", h->pos,
				    &k->host->pos,
				    "of two dhcp-hosts for one machine the "
				    "last one counts");
				break;
			}
			k = dnsmasq_key_next(k);
		}
	}
	return rc;
}

int
dnsmasq_shadows(struct dnsmasq_tree *t)
{
	struct shadow s = { .t = t, .budget = SHADOW_BUDGET };
	int rc = boots(&s);

	if (rc == 0)
		rc = options(&s);
	if (rc == 0)
		rc = services(t);
	return rc == 0 ? hosts(t) : rc;
}
