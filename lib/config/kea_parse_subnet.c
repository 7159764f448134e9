/* kea_parse_subnet.c - pools, subnets and shared networks. */
#include "config/kea_parse.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { RELAYS_MAX = 1024 };

/* A pool's ends, for sorting; an IPv4 address is in the last four bytes. */
struct span {
	struct in6_addr first, last;
};

static struct in6_addr
as_v6(struct ip_addr ip)
{
	struct in6_addr a = { 0 };

	if (ip.family == AF_INET6)
		return ip.v6;
	memcpy(&a.s6_addr[12], &ip.v4, sizeof(ip.v4));
	return a;
}

static int
cmp(const struct in6_addr *a, const struct in6_addr *b)
{
	return memcmp(a, b, sizeof(*a));
}

/* The last address of a prefix; @bits of 128. */
static struct in6_addr
last_of(struct in6_addr a, unsigned int bits)
{
	for (unsigned int i = bits; i < 128; i++)
		a.s6_addr[i / 8] |= (uint8_t)(0x80 >> (i % 8));
	return a;
}

static struct in6_addr
first_of(struct in6_addr a, unsigned int bits)
{
	for (unsigned int i = bits; i < 128; i++)
		a.s6_addr[i / 8] &= (uint8_t)~(0x80 >> (i % 8));
	return a;
}

/* The text without blanks; NULL: no memory. */
static char *
squeezed(struct kea_parser *p, const struct kea_node *v)
{
	char *text = arena_dup(&p->t->arena, v->text, v->len), *to = text;

	for (const char *s = text; s && *s; s++) {
		if (*s != ' ' && *s != '\t')
			*to++ = *s;
	}
	if (text)
		*to = '\0';
	return text;
}

/* What stands before and after a mark: "10.0.0.0/8", "10.0.0.1-10.0.0.9" */
static char *
cut(char *text, char mark)
{
	char *at = strchr(text, mark);

	if (!at)
		return NULL;
	*at = '\0';
	return at + 1;
}

static bool
read_bits(const char *text, unsigned int max, unsigned int *ret)
{
	struct diag why;
	uint64_t n;

	if (*text == '+')
		text++;
	while (text[0] == '0' && isdigit((unsigned char)text[1]))
		text++;
	if (parse_uint(text, 0, max, &n, &why) < 0 || text[0] == 'x' ||
	    text[1] == 'x')
		return false;
	*ret = (unsigned int)n;
	return true;
}

static int
read_range(struct kea_parser *p, const struct kea_node *v, struct span *ret)
{
	int family = p->is_v6 ? AF_INET6 : AF_INET;
	unsigned int bits = 0, offset = p->is_v6 ? 0 : 96;
	struct ip_addr first, last;
	char *text = squeezed(p, v), *rest;

	if (!text)
		return -ENOMEM;
	if ((rest = cut(text, '/')) != NULL) {
		if (!kea_ip(text, &first) || first.family != family ||
		    !read_bits(rest, 128 - offset, &bits) || bits == 0)
			return kea_bad(p->diag, &v->pos,
			    "failed to parse pool definition: %.60s", v->text);
		ret->first = as_v6(first);
		ret->last = last_of(ret->first, bits + offset);
		return 0;
	}
	if ((rest = cut(text, '-')) == NULL || !kea_ip(text, &first) ||
	    !kea_ip(rest, &last) || first.family != family ||
	    last.family != family)
		return kea_bad(p->diag, &v->pos, "invalid pool definition: "
		    "%.60s; it is min-max or prefix/length", v->text);
	ret->first = as_v6(first);
	ret->last = as_v6(last);
	if (cmp(&ret->last, &ret->first) < 0)
		return kea_bad(p->diag, &v->pos, "failed to create pool "
		    "defined by %.60s: its end is before its beginning",
		    v->text);
	return 0;
}

/* One class, and the lists that newer releases have. */
static int
read_guards(struct kea_parser *p, const struct kea_node *map,
    struct kea_name **ret, struct kea_name **required)
{
	const struct kea_node *v = kea_get(map, "client-class");
	struct kea_name **tail = required;
	int rc = kea_names(p, kea_get(map, "require-client-classes"), false,
	    &tail);

	if (rc == 0)
		rc = kea_names(p, kea_get(map, "evaluate-additional-classes"),
		    false, &tail);
	tail = ret;
	if (rc == 0 && v && v->len > 0) {
		struct kea_name *n = arena_alloc(&p->t->arena, sizeof(*n));

		if (!n)
			return -ENOMEM;
		*n = (struct kea_name){ v->text, v->pos, NULL };
		*tail = n;
		tail = &n->next;
	}
	return rc < 0 ? rc : kea_names(p, kea_get(map, "client-classes"),
	    false, &tail);
}

static int
read_pool(struct kea_parser *p, const struct kea_node *map,
    struct kea_pool *pool, struct span *span)
{
	int rc = read_range(p, kea_get(map, "pool"), span);

	if (rc < 0)
		return rc;
	pool->first6 = span->first;
	pool->last6 = span->last;
	memcpy(&pool->first, &span->first.s6_addr[12], sizeof(pool->first));
	memcpy(&pool->last, &span->last.s6_addr[12], sizeof(pool->last));
	rc = kea_options(p, kea_get(map, "option-data"), NULL, false,
	    &pool->level.options);
	pool->level.pos = map->pos;
	return rc < 0 ? rc : read_guards(p, map, &pool->guards,
	    &pool->required);
}

static size_t
count(const struct kea_node *list)
{
	size_t n = 0;

	for (const struct kea_node *v = list ? list->first : NULL; v;
	    v = v->next)
		n++;
	return n;
}

/* The pools of a subnet, and their ends for the checks. */
struct pools {
	struct span *span;
	size_t n;
};

static int
read_pools(struct kea_parser *p, const struct kea_node *list,
    struct kea_pool **tail, struct pools *ret)
{
	const struct kea_node *v;
	int rc = 0;

	if (!list || !list->first)
		return 0;
	ret->span = arena_alloc(&p->t->arena, count(list) * sizeof(*ret->span));
	if (!ret->span)
		return -ENOMEM;
	for (v = list->first; v && rc == 0; v = v->next) {
		struct kea_pool *pool = arena_alloc(&p->t->arena,
		    sizeof(*pool));

		if (!pool)
			return -ENOMEM;
		rc = read_pool(p, v, pool, &ret->span[ret->n]);
		if (rc == 0) {
			*tail = pool;
			tail = &pool->next;
			ret->n++;
		}
		rc = kea_spare(p, rc);
	}
	return rc;
}

static int
by_first(const void *a, const void *b)
{
	return cmp(&((const struct span *)a)->first,
	    &((const struct span *)b)->first);
}

static int
check_pools(struct kea_parser *p, const struct kea_node *map,
    const struct kea_subnet *s, struct pools *pools)
{
	unsigned int bits = s->prefix + (p->is_v6 ? 0 : 96);
	struct ip_addr net = { .family = p->is_v6 ? AF_INET6 : AF_INET };
	struct in6_addr first, last;

	if (p->is_v6)
		net.v6 = s->address6;
	else
		net.v4 = s->address;
	first = first_of(as_v6(net), bits);
	last = last_of(as_v6(net), bits);
	for (size_t i = 0; i < pools->n; i++) {
		if (cmp(&pools->span[i].first, &first) < 0 ||
		    cmp(&pools->span[i].last, &last) > 0)
			return kea_bad(p->diag, &map->pos, "a pool does not "
			    "match the prefix of its subnet, %s",
			    kea_get_text(map, "subnet"));
	}
	if (pools->n > 1)
		qsort(pools->span, pools->n, sizeof(*pools->span), by_first);
	for (size_t i = 1; i < pools->n; i++) {
		if (cmp(&pools->span[i].first, &pools->span[i - 1].last) <= 0)
			return kea_bad(p->diag, &map->pos, "two pools of the "
			    "subnet %s overlap", kea_get_text(map, "subnet"));
	}
	return 0;
}

static int
read_relay(struct kea_parser *p, const struct kea_node *relay,
    struct in_addr **ret, size_t *ret_n)
{
	const struct kea_node *list = kea_get(relay, "ip-addresses");
	const struct kea_node *one = kea_get(relay, "ip-address"), *v;
	size_t n = list ? count(list) : one ? 1 : 0;
	struct in_addr *to;

	if (n == 0)
		return 0;
	if (n > RELAYS_MAX)
		return kea_bad(p->diag, &relay->pos, "more than %d relays",
		    RELAYS_MAX);
	to = arena_alloc(&p->t->arena, n * sizeof(*to));
	if (!to)
		return -ENOMEM;
	*ret = to;
	for (v = one ? one : list->first; v; v = one ? NULL : v->next) {
		struct ip_addr ip;

		if (!kea_ip(v->text, &ip) ||
		    (ip.family == AF_INET6) != p->is_v6)
			return kea_bad(p->diag, one ? &one->pos : &list->pos,
			    "address %.60s of a relay is not valid", v->text);
		for (const struct kea_node *o = v == one ? v : list->first;
		    o != v; o = o->next) {
			if (strcmp(o->text, v->text) == 0)
				return kea_bad(p->diag, &list->pos, "address "
				    "%.60s of a relay is there twice", v->text);
		}
		*to++ = ip.v4;
	}
	*ret_n = n;
	return 0;
}

static int
read_prefix(struct kea_parser *p, const struct kea_node *map,
    struct kea_subnet *s)
{
	const struct kea_node *v = kea_get(map, "subnet");
	char *text = squeezed(p, v), *rest;
	struct ip_addr ip;

	if (!text)
		return -ENOMEM;
	rest = cut(text, '/');
	if (!rest)
		return kea_bad(p->diag, &v->pos, "invalid subnet syntax "
		    "(prefix/len expected): %.60s", v->text);
	if (!kea_ip(text, &ip) || (ip.family == AF_INET6) != p->is_v6)
		return kea_bad(p->diag, &v->pos,
		    "'%.60s' is no address of a subnet", text);
	if (!read_bits(rest, p->is_v6 ? 128 : 32, &s->prefix))
		return kea_bad(p->diag, &v->pos, "invalid prefix length "
		    "specified for subnet: %.20s", rest);
	if (p->is_v6)
		s->address6 = ip.v6;
	else
		s->address = ip.v4;
	return 0;
}

/* 0 is "number it yourself": by a counter that knows nothing of the others. */
static int
read_id(struct kea_parser *p, const struct kea_node *map,
    struct kea_subnet *s)
{
	int64_t id = kea_get_int(map, "id", 0);

	if (id < 0 || id >= UINT32_MAX)
		return kea_bad(p->diag, kea_pos_of(map, "id"),
		    "the id of a subnet must be between 0 and %u",
		    UINT32_MAX - 1);
	s->id = id ? (uint32_t)id : ++p->next_subnet_id;
	return 0;
}

static int
check_4o6(struct kea_parser *p, const struct kea_node *map)
{
	const struct kea_node *v = kea_get(map, "4o6-subnet");
	struct ip_addr ip;
	unsigned int bits;
	char *text, *rest;

	if (!v || v->len == 0)
		return 0;
	text = arena_dup(&p->t->arena, v->text, v->len);
	if (!text)
		return -ENOMEM;
	rest = cut(text, '/');
	if (!rest || !kea_ip(text, &ip) || ip.family != AF_INET6 ||
	    !read_bits(rest, 128, &bits))
		return kea_bad(p->diag, &v->pos, "4o6-subnet '%.60s' is not "
		    "prefix/length", v->text);
	return 0;
}

/* What a subnet, else its network, else the whole says. */
static int
inherit(struct kea_parser *p, const struct kea_scopes *scopes,
    struct kea_subnet *s)
{
	const struct kea_node *match = kea_inherited(scopes,
	    "match-client-id");
	const struct kea_node *auth = kea_inherited(scopes, "authoritative");
	int rc = 0;

	s->reservations_global = p->t->reservations_global;
	s->reservations_in_subnet = p->t->reservations_in_subnet;
	s->reservations_out_of_pool = p->t->reservations_out_of_pool;
	s->match_client_id = match ? match->boolean : true;
	s->authoritative = auth ? auth->boolean : false;
	if (scopes->map[1])
		rc = kea_reservation_mode(p, scopes->map[1],
		    &s->reservations_global, &s->reservations_in_subnet,
		    &s->reservations_out_of_pool);
	return rc < 0 ? rc : kea_reservation_mode(p, scopes->map[0],
	    &s->reservations_global, &s->reservations_in_subnet,
	    &s->reservations_out_of_pool);
}

static int
read_subnet(struct kea_parser *p, const struct kea_scopes *scopes,
    struct kea_subnet *s)
{
	const struct kea_node *map = scopes->map[0];
	struct pools pools = { 0 };
	int rc;

	rc = read_pools(p, kea_get(map, "pools"), &s->pools, &pools);
	if (rc == 0 && p->is_v6)
		rc = kea_check_pd_pools(p, kea_get(map, "pd-pools"));
	if (rc == 0)
		rc = kea_options(p, kea_get(map, "option-data"), NULL, false,
		    &s->level.options);
	if (rc == 0)
		rc = read_relay(p, kea_inherited(scopes, "relay"), &s->relays,
		    &s->n_relays);
	if (rc == 0)
		rc = read_prefix(p, map, s);
	if (rc == 0)
		rc = read_id(p, map, s);
	if (rc == 0)
		rc = inherit(p, scopes, s);
	if (rc == 0)
		rc = kea_timers(p, scopes);
	if (rc == 0)
		rc = kea_level(p, map, KEA_L_NET, &s->level);
	s->interface = kea_get_text(map, "interface");
	if (rc == 0)
		rc = read_guards(p, map, &s->guards, &s->required);
	if (rc == 0)
		rc = check_4o6(p, map);
	if (rc == 0)
		rc = check_pools(p, map, s, &pools);
	if (rc == 0)
		rc = kea_hosts(p, kea_get(map, "reservations"), s, &s->hosts);
	return rc;
}

static int
check_new(struct kea_parser *p, struct config_map *known, const char *key,
    const struct config_pos *pos, void *value, const char *what)
{
	if (!key)
		return -ENOMEM;
	if (config_map_get(known, key, strlen(key)))
		return kea_bad(p->diag, pos, "%s %s is already in use",
		    what, key);
	return config_map_put(known, &p->t->arena, key, strlen(key), value);
}

static int
add_subnet(struct kea_parser *p, struct kea_subnet *s)
{
	struct ip_addr ip = { .family = p->is_v6 ? AF_INET6 : AF_INET };
	struct arena *a = &p->t->arena;
	char text[IP_TEXT_MAX];
	int rc;

	if (p->is_v6)
		ip.v6 = s->address6;
	else
		ip.v4 = s->address;
	rc = check_new(p, &p->subnet_ids, arena_printf(a, "%u", s->id),
	    &s->level.pos, s, "a subnet's id");
	return rc < 0 ? rc : check_new(p, &p->subnet_prefixes,
	    arena_printf(a, "%s/%u", ip_format(&ip, text), s->prefix),
	    &s->level.pos, s, "the prefix");
}

/* Into the list of all, and of what is in use. */
static int
add_subnets(struct kea_parser *p, struct kea_subnet *s, bool in_network)
{
	struct kea_subnet *next;
	int rc = 0;

	for (; s && rc == 0; s = next) {
		next = in_network ? s->next_in_network : s->next;
		rc = add_subnet(p, s);
		if (rc == 0) {
			s->next = NULL;
			*p->subnets_tail = s;
			p->subnets_tail = &s->next;
		}
		rc = kea_spare(p, rc);
	}
	return rc;
}

static int
read_subnets(struct kea_parser *p, const struct kea_node *list,
    const struct kea_node *net, const struct kea_node *global,
    struct kea_network *n)
{
	struct kea_subnet **in_net = n ? &n->subnets : NULL, *s;
	struct config_map ids = { 0 };
	const struct kea_node *v;
	int rc = 0;

	for (v = list ? list->first : NULL; v && rc == 0; v = v->next) {
		struct kea_scopes scopes = { { v, net, global } };

		s = arena_alloc(&p->t->arena, sizeof(*s));
		if (!s)
			return -ENOMEM;
		rc = read_subnet(p, &scopes, s);
		if (rc == 0 && n)
			rc = check_new(p, &ids, arena_printf(&p->t->arena,
			    "%u", s->id), &v->pos, s,
			    "in this network, a subnet's id");
		if (rc == 0 && n) {
			s->network = n;
			*in_net = s;
			in_net = &s->next_in_network;
		} else if (rc == 0) {
			rc = add_subnets(p, s, false);
		}
		rc = kea_spare(p, rc);
	}
	return rc;
}

/* Subnets of one network agree on where they are, and on authority. */
static int
check_network(struct kea_parser *p, const struct kea_network *n)
{
	const char *interface = n->interface ? n->interface : "";
	const struct kea_subnet *s;

	if (*n->name == '\0')
		return kea_bad(p->diag, &n->level.pos,
		    "a shared network is missing its 'name'");
	for (s = n->subnets; s; s = s->next_in_network) {
		const char *own = s->interface ? s->interface : "";

		if (!p->is_v6 && s->authoritative != n->authoritative)
			return kea_bad(p->diag, &s->level.pos, "the subnet has "
			    "another authoritative setting than its network");
		if (*interface == '\0')
			interface = own;
		else if (*own && strcmp(own, interface) != 0)
			return kea_bad(p->diag, &s->level.pos, "the subnet is "
			    "at interface %s, others of its network at %s",
			    own, interface);
	}
	return 0;
}

static int
read_network(struct kea_parser *p, const struct kea_node *map,
    const struct kea_node *global, struct kea_network *n)
{
	struct kea_scopes scopes = { { map, global } };
	bool flags[3] = { false };
	int rc;

	n->name = kea_get_text(map, "name");
	n->interface = kea_get_text(map, "interface");
	n->authoritative = kea_get_bool(map, "authoritative",
	    p->authoritative);
	if (!n->name)
		return kea_bad(p->diag, &map->pos,
		    "a shared network is missing its 'name'");
	rc = kea_reservation_mode(p, map, &flags[0], &flags[1], &flags[2]);
	if (rc == 0)
		rc = kea_timers(p, &scopes);
	if (rc == 0)
		rc = kea_options(p, kea_get(map, "option-data"), NULL, false,
		    &n->level.options);
	if (rc == 0)
		rc = read_subnets(p, kea_get(map, p->is_v6 ? "subnet6" :
		    "subnet4"), map, global, n);
	if (rc == 0)
		rc = kea_level(p, map, KEA_L_NET, &n->level);
	if (rc == 0)
		rc = read_guards(p, map, &n->guards, &n->required);
	if (rc == 0)
		rc = read_relay(p, kea_get(map, "relay"), &n->relays,
		    &n->n_relays);
	return rc;
}

int
kea_networks(struct kea_parser *p, const struct kea_node *global)
{
	const struct kea_node *list = kea_get(global, "shared-networks"), *v;
	struct kea_network **tail = &p->t->networks, *n;
	int rc = 0;

	for (v = list ? list->first : NULL; v && rc == 0; v = v->next) {
		n = arena_alloc(&p->t->arena, sizeof(*n));
		if (!n)
			return -ENOMEM;
		rc = read_network(p, v, global, n);
		if (rc == 0)
			rc = check_new(p, &p->networks, n->name, &list->pos, n,
			    "the name of a network");
		if (rc == 0) {
			*tail = n;
			tail = &n->next;
		}
		rc = kea_spare(p, rc);
	}
	for (n = p->t->networks; n && rc == 0; n = n->next) {
		rc = add_subnets(p, n->subnets, true);
		if (rc == 0)
			rc = kea_spare(p, check_network(p, n));
	}
	return rc;
}

int
kea_subnets(struct kea_parser *p, const struct kea_node *global)
{
	return read_subnets(p, kea_get(global, p->is_v6 ? "subnet6" :
	    "subnet4"), NULL, global, NULL);
}
