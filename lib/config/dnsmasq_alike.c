/*
 * dnsmasq_alike.c - hosts that no answer tells apart but by who they are.
 *
 * What an answer to a host has depends on the tags that its dhcp-host sets or
 * waits for, on the range that its address is of, and on the dhcp-macs that
 * it matches. These, as bytes, are looked up among those of other hosts.
 */
#include "config/dnsmasq_tree.h"

#include "base/sbuf.h"

#include <errno.h>

static void
add_flag(struct sbuf *b, bool yes)
{
	sbuf_addn(b, yes ? "y" : "n", 1);
}

static void
add_tag(struct sbuf *b, const struct dnsmasq_tag *tag, const char *what)
{
	sbuf_add(b, what);
	sbuf_addn(b, (const char *)&tag->id, sizeof(tag->id));
}

static bool
matches(const struct dnsmasq_mac *rule, const struct dnsmasq_mac *m)
{
	uint32_t wild = rule->wild;

	if (rule->len != m->len)
		return false;
	for (size_t i = m->len; i-- > 0; wild >>= 1)
		if (!(wild & 1) && rule->bytes[i] != m->bytes[i])
			return false;
	return true;
}

static void
add_ranges(struct sbuf *b, const struct dnsmasq_tree *t,
    const struct dnsmasq_host *h)
{
	uint32_t a = ntohl(h->addr.s_addr);

	for (const struct dnsmasq_range *r = t->ranges; r != NULL;
	    r = r->next) {
		struct in_addr m = dnsmasq_mask(t, r, t->server_ip);

		add_flag(b, ((h->addr.s_addr ^ r->start.s_addr) &
		    m.s_addr) == 0);
		add_flag(b, a >= ntohl(r->start.s_addr) &&
		    a <= ntohl(r->end.s_addr));
	}
}

static bool
is_shared(const struct dnsmasq_tree *t, int kind, const uint8_t *bytes,
    size_t len)
{
	const struct dnsmasq_key *k = dnsmasq_key_first(t, kind, bytes, len);

	return k != NULL && dnsmasq_key_next(k) != NULL;
}

/* Another dhcp-host may answer to what it is known by. */
static bool
is_alone(const struct dnsmasq_tree *t, const struct dnsmasq_host *h)
{
	for (const struct dnsmasq_mac *m = h->macs; m != NULL; m = m->next)
		if (is_shared(t, DNSMASQ_K_MAC, m->bytes, m->len))
			return true;
	return h->has_wild || (h->client_id != NULL &&
	    is_shared(t, DNSMASQ_K_ID, h->client_id, h->client_id_len));
}

static void
describe(struct sbuf *b, const struct dnsmasq_tree *t,
    const struct dnsmasq_host *h)
{
	for (const struct dnsmasq_set *s = h->sets; s != NULL; s = s->next)
		add_tag(b, s->tag, "set");
	for (const struct dnsmasq_cond *c = h->filter; c != NULL; c = c->next)
		add_tag(b, c->tag, c->negated ? "not" : "tag");
	add_flag(b, h->ignored);
	add_flag(b, h->client_id != NULL);
	for (const struct dnsmasq_mac *m = h->macs; m != NULL; m = m->next) {
		sbuf_addn(b, (const char *)&m->type, sizeof(m->type));
		sbuf_addn(b, (const char *)&m->len, sizeof(m->len));
	}
	add_flag(b, h->has_addr);
	add_flag(b, h->has_addr6);
	if (h->has_addr)
		add_ranges(b, t, h);
	for (const struct dnsmasq_mac *r = t->macs; r != NULL; r = r->next)
		for (const struct dnsmasq_mac *m = h->macs; m != NULL;
		    m = m->next)
			add_flag(b, matches(r, m));
}

int
dnsmasq_alike(struct dnsmasq_tree *t, struct dnsmasq_host *h)
{
	struct sbuf b = SBUF_EMPTY;
	const struct dnsmasq_key *k = NULL;
	const uint8_t *kept;
	int rc = 0;

	if (is_alone(t, h)) {
		h->alike = ++t->n_alike;
		return 0;
	}
	describe(&b, t, h);
	if (b.bad) {
		rc = -ENOMEM;
		goto out;
	}
	k = dnsmasq_key_first(t, DNSMASQ_K_ALIKE, (const uint8_t *)sbuf_str(&b),
	    b.len);
	h->alike = k != NULL ? k->host->alike : ++t->n_alike;
	if (k != NULL)
		goto out;
	kept = (const uint8_t *)arena_dup(&t->arena, sbuf_str(&b), b.len);
	rc = kept == NULL ? -ENOMEM :
	    dnsmasq_key_add(t, DNSMASQ_K_ALIKE, kept, b.len, 0, h);
out:
	sbuf_release(&b);
	return rc;
}
