#include "config/isc_decl.h"
#include "config/isc_net.h"
#include "config/isc_answer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <time.h>

static struct isc_pool *
new_pool(struct isc_parser *p)
{
	struct isc_pool *pool = arena_alloc(&p->t->arena, sizeof(*pool));

	if (pool)
		pool->tail = &pool->ranges;
	return pool;
}

/*
 * In a shared network that is declared, a pool lies beside the subnet: what
 * runs after it and outside it, a host or a class of the subnet, brings the
 * subnet's own statements again, and they stay.
 */
static struct isc_scope *
around_pool(const struct isc_context *c)
{
	return c->shared->is_implicit ? c->scope : c->shared->scope;
}

int
isc_read_pool(struct isc_parser *p, const struct isc_context *c)
{
	struct isc_context in = *c;
	struct config_pos pos = p->tok.pos;
	struct isc_pool **at;
	int rc = isc_advance(p);

	in.kind = ISC_IN_POOL;
	in.pool = new_pool(p);
	in.scope = isc_scope_new(p, around_pool(c));
	if (!in.pool || !in.scope)
		return -ENOMEM;
	in.pool->scope = in.scope;
	if (rc == 0)
		rc = isc_read_body(p, &in);
	if (rc < 0)
		return rc;
	if (!in.pool->ranges)
		return isc_fail_at(p, pos, "a pool needs a range of addresses");
	for (at = &c->shared->pools; *at; at = &(*at)->next)
		;
	*at = in.pool;
	if (c->kind == ISC_IN_SHARED)
		return isc_gap(p->t, pos,
		    "which subnet's addresses a pool of a shared network gives "
		    "first is not followed");
	return 0;
}

/* Does it say anything about booting? */
static bool
is_about_boot(const struct isc_tree *t, const struct isc_scope *scope)
{
	const struct isc_stmt *s;

	for (s = scope ? scope->first : NULL; s; s = s->next) {
		if (s->kind != ISC_S_OPTION || s->option->space != t->dhcp ||
		    isc_is_boot_option(s->option->code))
			return true;
	}
	return false;
}

/*
 * Of several pools dhcpd takes the one whose address was unused for longest.
 * Where none was used yet it is mostly, but not always, the first.
 */
int
isc_note_pools(struct isc_parser *p, const struct isc_shared *net)
{
	const struct isc_pool *pool;
	bool speaks = false, apart = false;

	for (pool = net->pools; pool; pool = pool->next) {
		speaks = speaks || is_about_boot(p->t, pool->scope) ||
		    is_about_boot(p->t, pool->ranges->subnet->scope);
		apart = apart ||
		    pool->ranges->subnet != net->pools->ranges->subnet;
	}
	if (!speaks || !apart)
		return 0;
	return isc_gap(p->t, net->pos,
	    "which subnet of a shared network gives the lease depends on the "
	    "leases");
}

/* Ranges outside a pool share one, which stands before those of the subnet. */
static struct isc_pool *
loose_pool(struct isc_parser *p, const struct isc_context *c)
{
	struct isc_pool **at = &c->shared->pools, *pool;

	while (*at && (*at)->ranges->subnet != c->subnet)
		at = &(*at)->next;
	if (*at && !(*at)->scope)
		return *at;
	pool = new_pool(p);
	if (pool) {
		pool->next = *at;
		*at = pool;
	}
	return pool;
}

static struct isc_subnet *
subnet_of(const struct isc_tree *t, const struct isc_context *c, uint32_t ip)
{
	if (c->subnet)
		return (ip & c->subnet->mask) == c->subnet->net ? c->subnet :
		    NULL;
	return isc_subnet_find(t, c->shared, ip);
}

static int
check_overlap(struct isc_parser *p, const struct isc_range *r,
    struct config_pos pos)
{
	struct isc_range *old = p->t->known_ranges.rows;
	char ip[IP_TEXT_MAX];
	size_t i;

	for (i = 0; i < p->t->known_ranges.n; i++) {
		if (r->low <= old[i].high && old[i].low <= r->high)
			return isc_fail_at(p, pos,
			    "address %s is in two ranges",
			    ipv4_format((struct in_addr){ htonl(r->low > old[i].low ?
			    r->low : old[i].low) }, ip));
	}
	old = config_list_add(&p->t->known_ranges, sizeof(*old));
	if (!old)
		return -ENOMEM;
	*old = *r;
	return 0;
}

/* range [dynamic-bootp] LOW [HIGH]; */
int
isc_read_range(struct isc_parser *p, const struct isc_context *c)
{
	struct isc_range *r = arena_alloc(&p->t->arena, sizeof(*r));
	struct isc_pool *pool = c->pool ? c->pool : loose_pool(p, c);
	struct config_pos pos;
	uint32_t swap;
	int rc = isc_advance(p);

	if (!r || !pool)
		return -ENOMEM;
	if (rc == 0 && isc_is(p, "dynamic-bootp")) {
		r->bootp = true;
		rc = isc_advance(p);
	}
	pos = p->tok.pos;
	if (rc == 0)
		rc = isc_read_ip(p, &r->low);
	r->high = r->low;
	if (rc == 0 && !isc_is_char(p, ';'))
		rc = isc_read_ip(p, &r->high);
	if (rc == 0)
		rc = isc_expect(p, ';', "the range");
	if (rc < 0)
		return rc;
	if (r->low > r->high) {
		swap = r->low;
		r->low = r->high;
		r->high = swap;
	}
	r->subnet = subnet_of(p->t, c, r->low);
	if (!r->subnet || subnet_of(p->t, c, r->high) != r->subnet)
		return isc_fail_at(p, pos,
		    "this range does not lie in its subnet");
	rc = check_overlap(p, r, pos);
	*pool->tail = r;
	pool->tail = &r->next;
	return rc;
}

/* "W YYYY/MM/DD HH:MM:SS", seconds since the epoch, or "never". */
static int
read_date(struct isc_parser *p, uint64_t *ret)
{
	static const char sep[] = "\0//\0::";
	int64_t n[7] = { 0 };
	struct tm tm = { 0 };
	size_t i;
	int rc = 0;

	if (isc_is(p, "never")) {
		*ret = UINT64_MAX;
		return isc_advance(p);
	}
	for (i = 0; i < ARRAY_LEN(n) && rc == 0; i++) {
		if (i > 1 && sep[i - 1]) {
			if (!isc_is_char(p, sep[i - 1]))
				return isc_fail(p,
				    "a date is written '4 2026/01/31 "
				    "23:59:59'");
			rc = isc_advance(p);
		}
		if (rc == 0 && p->tok.kind != ISC_T_NUMBER)
			return isc_fail(p,
			    "a date is written '4 2026/01/31 23:59:59'");
		if (rc == 0) {
			uint64_t v;

			if (parse_uint(p->tok.text, 0, UINT32_MAX, &v,
			    NULL) < 0)
				return isc_fail(p, "this is no part of a date");
			n[i] = (int64_t)v;
			rc = isc_advance(p);
		}
		if (i == 0 && rc == 0 && isc_is_char(p, ';')) {
			*ret = (uint64_t)n[0];
			return 0;
		}
	}
	tm.tm_year = (int)(n[1] % 100000) - 1900;
	tm.tm_mon = (int)(n[2] % 13) - 1;
	tm.tm_mday = (int)(n[3] % 32);
	tm.tm_hour = (int)(n[4] % 24);
	tm.tm_min = (int)(n[5] % 60);
	tm.tm_sec = (int)(n[6] % 61);
	*ret = (uint64_t)timegm(&tm);
	return rc;
}

static int
read_members(struct isc_parser *p, struct isc_permit *m)
{
	int rc = isc_advance(p);

	if (rc == 0 && !isc_is(p, "of"))
		return isc_fail(p, "'of' is expected after 'members'");
	if (rc == 0)
		rc = isc_advance(p);
	if (rc == 0 && p->tok.kind != ISC_T_STRING)
		return isc_fail(p,
		    "the name of a class is expected here, in quotes");
	if (rc < 0)
		return rc;
	m->kind = ISC_P_CLASS;
	m->of = config_map_get(&p->t->class_by_name, p->tok.text, p->tok.len);
	if (!m->of)
		return isc_fail(p,
		    "no class named \"%.60s\" is declared before this",
		    p->tok.text);
	return isc_advance(p);
}

/* What @word of @words is allowed, and which words follow it. */
static int
read_who(struct isc_parser *p, struct isc_permit *m)
{
	static const struct {
		const char *word;
		enum isc_permit_kind kind;
		const char *then[2];
	} who[] = {
		{ "unknown-clients", ISC_P_UNKNOWN, { NULL, NULL } },
		{ "known-clients", ISC_P_KNOWN, { NULL, NULL } },
		{ "unknown", ISC_P_UNKNOWN, { "clients", NULL } },
		{ "known", ISC_P_KNOWN, { "clients", NULL } },
		{ "authenticated", ISC_P_AUTH, { "clients", NULL } },
		{ "unauthenticated", ISC_P_UNAUTH, { "clients", NULL } },
		{ "all", ISC_P_ALL, { "clients", NULL } },
		{ "dynamic", ISC_P_BOOTP, { "bootp", "clients" } },
	};
	size_t i, j;
	int rc;

	for (i = 0; i < ARRAY_LEN(who) && !isc_is(p, who[i].word); i++)
		;
	if (i == ARRAY_LEN(who))
		return isc_fail(p,
		    "'%.40s' is nobody that a pool allows or denies: "
		    "known-clients, unknown-clients, all clients, dynamic "
		    "bootp clients, members of \"class\" or after is expected",
		    p->tok.text);
	m->kind = who[i].kind;
	rc = isc_advance(p);
	for (j = 0; j < 2 && who[i].then[j] && rc == 0; j++) {
		if (!isc_is(p, who[i].then[j]))
			return isc_fail(p, "'%s' is expected here",
			    who[i].then[j]);
		rc = isc_advance(p);
	}
	return rc;
}

int
isc_read_permit(struct isc_parser *p, const struct isc_context *c)
{
	struct isc_permit *m = arena_alloc(&p->t->arena, sizeof(*m)), *old;
	struct config_pos pos = p->tok.pos;
	int rc;

	if (!m)
		return -ENOMEM;
	m->deny = isc_is(p, "deny");
	rc = isc_advance(p);
	if (rc < 0)
		return rc;
	if (isc_is(p, "members")) {
		rc = read_members(p, m);
	} else if (isc_is(p, "after")) {
		m->kind = ISC_P_AFTER;
		for (old = c->pool->permits; old; old = old->next) {
			if (old->kind == ISC_P_AFTER)
				return isc_fail(p,
				    "this pool has an 'after' already");
		}
		rc = isc_advance(p);
		if (rc == 0)
			rc = read_date(p, &m->after);
		if (rc == 0)
			rc = isc_gap(p->t, pos,
			    "'after' is taken as not yet come");
	} else {
		rc = read_who(p, m);
	}
	m->next = c->pool->permits;
	c->pool->permits = m;
	return rc < 0 ? rc : isc_expect(p, ';', "who is allowed");
}
