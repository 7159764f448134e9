#include "server/lease.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 4096, NOBODY = -1 };

enum lease_state { LEASE_FREE, LEASE_OFFERED, LEASE_BOUND, LEASE_DECLINED,
	LEASE_RESERVED };

struct lease {
	enum lease_state state;
	uint64_t until_ms;              /* OFFERED, BOUND, DECLINED; and when
	                                 * a FREE one was last held */
	struct lease_key *key;          /* the last holder; NULL: never used */
	int next;                       /* of the same bucket */
};

struct lease_pool {
	uint32_t first;                 /* host order */
	size_t n;
	size_t n_fresh;                 /* leases from here on were never used */
	struct lease *leases;
	int bucket[BUCKETS];
};

void
lease_key_of(const struct dhcp4_msg *msg, struct lease_key *ret)
{
	const struct dhcp4_opt *id = dhcp4_opt(msg, DHCP4_OPT_CLIENT_ID);
	struct wr w = wr_init(ret->bytes, sizeof(ret->bytes));

	if (id && id->len > 0) {
		wr_bytes(&w, id->data, min_size(id->len, LEASE_KEY_MAX));
	} else {
		wr_u8(&w, msg->htype);
		wr_bytes(&w, msg->chaddr, min_size(msg->hlen, DHCP4_CHADDR_LEN));
	}
	ret->len = (uint8_t)w.len;
}

int
lease_pool_new(struct in_addr first, struct in_addr last,
    struct lease_pool **ret, struct diag *diag)
{
	uint32_t a = ntohl(first.s_addr);
	uint32_t b = ntohl(last.s_addr);
	struct lease_pool *p;

	if (b < a) {
		diag_set(diag, "the range ends before it begins");
		return -EINVAL;
	}
	if (b - a >= LEASE_POOL_MAX) {
		diag_set(diag, "the range has more than %d addresses",
		    LEASE_POOL_MAX);
		return -EINVAL;
	}
	p = calloc(1, sizeof(*p));
	if (p)
		p->leases = calloc((size_t)(b - a) + 1, sizeof(*p->leases));
	if (!p || !p->leases) {
		free(p);
		diag_set(diag, "out of memory");
		return -ENOMEM;
	}
	p->first = a;
	p->n = (size_t)(b - a) + 1;
	for (size_t i = 0; i < BUCKETS; i++)
		p->bucket[i] = NOBODY;
	*ret = p;
	return 0;
}

void
lease_pool_free(struct lease_pool *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n; i++)
		free(p->leases[i].key);
	free(p->leases);
	free(p);
}

static struct lease *
lease_at(const struct lease_pool *p, struct in_addr ip)
{
	uint32_t off = ntohl(ip.s_addr) - p->first;

	return off < p->n ? &p->leases[off] : NULL;
}

static struct in_addr
lease_ip(const struct lease_pool *p, const struct lease *l)
{
	uint32_t off = (uint32_t)(l - p->leases);

	return (struct in_addr){ .s_addr = htonl(p->first + off) };
}

static bool
is_held(const struct lease *l, uint64_t now_ms)
{
	switch (l->state) {
	case LEASE_FREE:
		return false;
	case LEASE_RESERVED:
		return true;
	default:
		return now_ms < l->until_ms;
	}
}

static bool
same_key(const struct lease_key *a, const struct lease_key *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* FNV-1a: an attacker on the wire gains no more than a slow lookup. */
static size_t
bucket_of(const struct lease_key *key)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < key->len; i++)
		h = (h ^ key->bytes[i]) * 16777619u;
	return h % BUCKETS;
}

/*
 * The lease that is, or was last, this client's: at most one has its key.
 * Declined and reserved ones have none.
 */
static struct lease *
lease_of(const struct lease_pool *p, const struct lease_key *key)
{
	int i = p->bucket[bucket_of(key)];

	while (i != NOBODY && !same_key(p->leases[i].key, key))
		i = p->leases[i].next;
	return i == NOBODY ? NULL : &p->leases[i];
}

static void
forget_key(struct lease_pool *p, struct lease *l)
{
	int at = (int)(l - p->leases);
	int *link;

	if (!l->key)
		return;
	link = &p->bucket[bucket_of(l->key)];
	while (*link != at)
		link = &p->leases[*link].next;
	*link = l->next;
	free(l->key);
	l->key = NULL;
}

static int
set_key(struct lease_pool *p, struct lease *l, const struct lease_key *key)
{
	struct lease *old = lease_of(p, key);
	struct lease_key *copy;
	int *head;

	if (old == l)
		return 0;
	copy = malloc(sizeof(*copy));
	if (!copy)
		return -ENOMEM;
	*copy = *key;
	if (old) {
		forget_key(p, old);
		old->state = LEASE_FREE;
	}
	forget_key(p, l);
	head = &p->bucket[bucket_of(key)];
	l->key = copy;
	l->next = *head;
	*head = (int)(l - p->leases);
	return 0;
}

void
lease_reserve(struct lease_pool *p, struct in_addr ip)
{
	struct lease *l = lease_at(p, ip);

	if (!l)
		return;
	forget_key(p, l);
	l->state = LEASE_RESERVED;
}

bool
lease_covers(const struct lease_pool *p, struct in_addr ip)
{
	return lease_at(p, ip) != NULL;
}

static struct lease *
pick_free(struct lease_pool *p, uint64_t now_ms)
{
	struct lease *best = NULL;

	for (; p->n_fresh < p->n; p->n_fresh++) {
		struct lease *l = &p->leases[p->n_fresh];

		if (!l->key && l->state == LEASE_FREE)
			return l;
	}
	for (size_t i = 0; i < p->n; i++) {
		struct lease *l = &p->leases[i];

		if (!is_held(l, now_ms) &&
		    (!best || l->until_ms < best->until_ms))
			best = l;
	}
	return best;
}

int
lease_offer(struct lease_pool *p, const struct lease_key *key,
    struct in_addr wish, uint64_t now_ms, struct in_addr *ret)
{
	struct lease *l = lease_of(p, key);
	int rc;

	/* What it holds, what it wishes, what it had, any. */
	if (!l || !is_held(l, now_ms)) {
		struct lease *wished = lease_at(p, wish);

		if (wished && !is_held(wished, now_ms))
			l = wished;
	}
	if (!l)
		l = pick_free(p, now_ms);
	if (!l)
		return -ENOSPC;
	rc = set_key(p, l, key);
	if (rc < 0)
		return rc;
	if (l->state != LEASE_BOUND || !is_held(l, now_ms)) {
		l->state = LEASE_OFFERED;
		l->until_ms = now_ms + LEASE_OFFER_MS;
	}
	*ret = lease_ip(p, l);
	return 0;
}

int
lease_bind(struct lease_pool *p, const struct lease_key *key,
    struct in_addr ip, uint64_t now_ms, uint64_t ttl_ms)
{
	struct lease *l = lease_at(p, ip);
	int rc;

	if (!l)
		return -ERANGE;
	if (is_held(l, now_ms) && (!l->key || !same_key(l->key, key)))
		return -EADDRINUSE;
	rc = set_key(p, l, key);
	if (rc < 0)
		return rc;
	l->state = LEASE_BOUND;
	l->until_ms = now_ms + ttl_ms;
	return 0;
}

void
lease_drop(struct lease_pool *p, const struct lease_key *key)
{
	struct lease *l = lease_of(p, key);

	if (l && l->state == LEASE_OFFERED)
		l->state = LEASE_FREE;
}

int
lease_release(struct lease_pool *p, const struct lease_key *key,
    struct in_addr ip)
{
	struct lease *l = lease_of(p, key);

	if (!l || l != lease_at(p, ip))
		return -ENOENT;
	l->state = LEASE_FREE;
	return 0;
}

int
lease_decline(struct lease_pool *p, const struct lease_key *key,
    struct in_addr ip, uint64_t now_ms)
{
	struct lease *l = lease_of(p, key);

	if (!l || l != lease_at(p, ip))
		return -ENOENT;
	l->state = LEASE_DECLINED;
	l->until_ms = now_ms + LEASE_DECLINED_MS;
	forget_key(p, l);
	return 0;
}

size_t
lease_held(const struct lease_pool *p, uint64_t now_ms)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		if (p->leases[i].state != LEASE_RESERVED &&
		    is_held(&p->leases[i], now_ms))
			n++;
	}
	return n;
}
