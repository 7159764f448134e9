/* kea_parse_host.c - reservations, global and of a subnet. */
#include "config/kea_parse.h"

#include <errno.h>
#include <string.h>

enum { HW_MAX = 20, DUID_MAX = 128 };

static const char *const ids[KEA_N_IDS] = {
	[KEA_ID_HW] = "hw-address", [KEA_ID_DUID] = "duid",
	[KEA_ID_CIRCUIT] = "circuit-id", [KEA_ID_CLIENT] = "client-id",
	[KEA_ID_FLEX] = "flex-id",
};

static int
read_id(struct kea_parser *p, const struct kea_node *map,
    struct kea_host *h)
{
	const struct kea_node *found = NULL;
	struct diag why;
	size_t i;

	for (i = 0; i < KEA_N_IDS; i++) {
		const struct kea_node *v = kea_get(map, ids[i]);

		if (v && found)
			return kea_bad(p->diag, &map->pos, "'%s' and '%s' are "
			    "mutually exclusive", found->key, v->key);
		if (v) {
			found = v;
			h->id_type = (enum kea_host_id)i;
		}
	}
	if (!found)
		return kea_bad(p->diag, &map->pos, "a reservation is for one "
		    "of hw-address, duid%s, flex-id", p->is_v6 ? "" :
		    ", circuit-id, client-id");
	if (found->len == 0)
		return kea_bad(p->diag, &map->pos,
		    "empty host identifier used");
	if (kea_option_encode(NULL, NULL, found->text, false, &p->t->arena,
	    &h->id, &h->id_len, &why) < 0)
		return kea_bad(p->diag, &map->pos,
		    "invalid host identifier value '%.60s'", found->text);
	if ((h->id_type == KEA_ID_HW && h->id_len > HW_MAX) ||
	    (h->id_type == KEA_ID_DUID && h->id_len > DUID_MAX))
		return kea_bad(p->diag, &found->pos,
		    "the %s is too long", found->key);
	return 0;
}

static int
read_address(struct kea_parser *p, const struct kea_node *map,
    struct kea_host *h)
{
	const struct kea_node *v = kea_get(map, "ip-address");
	struct ip_addr ip;

	if (!v)
		return 0;
	if (!kea_ip(v->text, &ip) || ip.family != AF_INET)
		return kea_bad(p->diag, &v->pos,
		    "'%.60s' is not a valid IPv4 address", v->text);
	if (ip.v4.s_addr == INADDR_ANY || ip.v4.s_addr == INADDR_BROADCAST)
		return kea_bad(p->diag, &v->pos,
		    "must not make a reservation for the '%s' address",
		    v->text);
	h->address = ip.v4;
	return 0;
}

/* "2001:db8::1" of ip-addresses, "2001:db8:1::/64" of prefixes. */
static int
check_v6(struct kea_parser *p, const struct kea_node *v, bool is_prefix)
{
	const char *slash = strchr(v->text, '/');
	char text[IP_TEXT_MAX] = "";
	struct ip_addr ip;
	uint64_t bits = 128;
	size_t len = slash && is_prefix ? (size_t)(slash - v->text) : v->len;
	struct diag why;

	if (len < sizeof(text))
		memcpy(text, v->text, len);
	if (is_prefix && (!slash || parse_uint(slash + 1, 0, 128, &bits,
	    &why) < 0))
		return kea_bad(p->diag, &v->pos,
		    "a reserved prefix is written as prefix/length");
	if (!kea_ip(text, &ip) || ip.family != AF_INET6)
		return kea_bad(p->diag, &v->pos,
		    "'%.60s' is not a valid IPv6 address", text);
	if (ip.v6.s6_addr[0] == 0xff)
		return kea_bad(p->diag, &v->pos,
		    "a multicast address cannot be reserved");
	return 0;
}

static int
check_v6_list(struct kea_parser *p, const struct kea_node *map,
    const char *key)
{
	const struct kea_node *list = kea_get(map, key), *v;
	int rc = 0;

	for (v = list ? list->first : NULL; v && rc == 0; v = v->next)
		rc = check_v6(p, v, strcmp(key, "prefixes") == 0);
	return rc;
}

static bool
reserves_something(const struct kea_node *map, const struct kea_host *h)
{
	const struct kea_node *addrs = kea_get(map, "ip-addresses");
	const struct kea_node *prefixes = kea_get(map, "prefixes");

	return (h->hostname && *h->hostname) || h->address.s_addr ||
	    (addrs && addrs->first) || (prefixes && prefixes->first) ||
	    h->level.next_server.s_addr || h->level.options || h->classes ||
	    (h->level.server_hostname && *h->level.server_hostname) ||
	    (h->level.boot_file_name && *h->level.boot_file_name);
}

static int
read_host(struct kea_parser *p, const struct kea_node *map,
    struct kea_host *h)
{
	struct kea_name **tail = &h->classes;
	int rc = read_id(p, map, h);

	h->hostname = kea_get_text(map, "hostname");
	/* The server goes by the alphabet here; so the first of two is named. */
	if (rc == 0)
		rc = kea_level(p, map, KEA_L_HOST, &h->level);
	if (rc == 0)
		rc = kea_names(p, kea_get(map, "client-classes"), true, &tail);
	if (rc == 0)
		rc = read_address(p, map, h);
	if (rc == 0)
		rc = check_v6_list(p, map, "ip-addresses");
	if (rc == 0)
		rc = kea_options(p, kea_get(map, "option-data"), NULL, false,
		    &h->level.options);
	if (rc == 0)
		rc = check_v6_list(p, map, "prefixes");
	return rc;
}

static int
check_once(struct kea_parser *p, struct config_map *known, const char *key,
    size_t len, const struct kea_host *h, const char *what)
{
	if (config_map_get(known, key, len))
		return kea_bad(p->diag, &h->level.pos, "%s", what);
	return config_map_put(known, &p->t->arena, key, len, (void *)(uintptr_t)h);
}

static bool
is_inside6(const struct kea_subnet *s, const struct in6_addr *a)
{
	for (unsigned int i = 0; i < s->prefix; i++) {
		if ((s->address6.s6_addr[i / 8] ^ a->s6_addr[i / 8]) &
		    (0x80 >> (i % 8)))
			return false;
	}
	return true;
}

/* Of the same subnet an address is reserved once, and lies inside. */
static int
add_v6_list(struct kea_parser *p, const struct kea_node *map, const char *key,
    const struct kea_subnet *s, struct kea_host *h)
{
	const struct kea_node *list = kea_get(map, key), *v;
	bool is_prefix = strcmp(key, "prefixes") == 0;
	int rc = 0;

	for (v = list ? list->first : NULL; v && rc == 0; v = v->next) {
		char text[IP_TEXT_MAX] = "", *at;
		struct ip_addr ip = { 0 };

		memcpy(text, v->text, min_size(strcspn(v->text, "/"),
		    sizeof(text) - 1));
		(void)kea_ip(text, &ip);
		if (s && !is_prefix && !is_inside6(s, &ip.v6))
			return kea_bad(p->diag, &v->pos, "the reserved address "
			    "%s is not within the subnet", text);
		at = arena_printf(&p->t->arena, "%u %s", s ? s->id : 0,
		    ip_format(&ip, text));
		if (!at)
			return -ENOMEM;
		if (p->unique_addresses)
			rc = check_once(p, &p->addresses, at, strlen(at), h,
			    "there is already a reservation for this address");
	}
	return rc;
}

static bool
is_inside(const struct kea_subnet *s, struct in_addr a)
{
	uint32_t mask = s->prefix ? ~0u << (32 - s->prefix) : 0;

	return ((ntohl(a.s_addr) ^ ntohl(s->address.s_addr)) & mask) == 0;
}

static int
add_host(struct kea_parser *p, const struct kea_node *map,
    const struct kea_subnet *s, struct kea_host *h)
{
	struct arena *a = &p->t->arena;
	size_t head = 2 * sizeof(uint32_t), len = head + h->id_len;
	uint32_t key[2] = { s ? s->id : 0, (uint32_t)h->id_type };
	char *id = arena_alloc(a, len + 1), *at;
	int rc;

	if (!id)
		return -ENOMEM;
	if (s && !p->is_v6 && h->address.s_addr && !is_inside(s, h->address))
		return kea_bad(p->diag, kea_pos_of(map, "ip-address"),
		    "the reserved address is not within the subnet");
	if (!reserves_something(map, h))
		return kea_bad(p->diag, &map->pos, "a reservation must include "
		    "at least one resource: an address, a name, options");
	memcpy(id, key, head);
	if (h->id_len)
		memcpy(id + head, h->id, h->id_len);
	rc = h->id_len ? check_once(p, &p->hosts, id, len, h,
	    "a reservation for this identifier is already there") : 0;
	if (rc == 0)
		rc = add_v6_list(p, map, "ip-addresses", s, h);
	if (rc == 0)
		rc = add_v6_list(p, map, "prefixes", s, h);
	if (rc < 0 || !h->address.s_addr || !p->unique_addresses)
		return rc;
	at = arena_printf(a, "%u %08x", key[0], ntohl(h->address.s_addr));
	return at ? check_once(p, &p->addresses, at, strlen(at), h,
	    "there is already a reservation for this address") : -ENOMEM;
}

/* All are read before the first is added: the server does it so. */
struct made {
	const struct kea_node *map;
	struct kea_host *host;
	struct made *next;
};

static int
read_hosts(struct kea_parser *p, const struct kea_node *list,
    struct made **tail)
{
	const struct kea_node *v;
	struct made *m;
	int rc = 0;

	for (v = list ? list->first : NULL; v && rc == 0; v = v->next) {
		m = arena_alloc(&p->t->arena, sizeof(*m));
		if (m)
			m->host = arena_alloc(&p->t->arena, sizeof(*m->host));
		if (!m || !m->host)
			return -ENOMEM;
		m->map = v;
		rc = read_host(p, v, m->host);
		if (rc == 0) {
			*tail = m;
			tail = &m->next;
		}
		rc = kea_spare(p, rc);
	}
	return rc;
}

int
kea_hosts(struct kea_parser *p, const struct kea_node *list,
    struct kea_subnet *subnet, struct kea_host **ret)
{
	struct made *made = NULL;
	int rc = read_hosts(p, list, &made);

	for (const struct made *m = made; m && rc == 0; m = m->next) {
		rc = add_host(p, m->map, subnet, m->host);
		if (rc == 0) {
			*ret = m->host;
			ret = &m->host->next;
		}
		rc = kea_spare(p, rc);
	}
	return rc;
}

int
kea_host_ids(struct kea_parser *p, const struct kea_node *list)
{
	/* Kea's own order, which is that of its list of types. */
	static const enum kea_host_id by_default[] = { KEA_ID_HW, KEA_ID_DUID,
	    KEA_ID_CIRCUIT, KEA_ID_CLIENT };
	const struct kea_node *v;
	struct kea_tree *t = p->t;

	if (!list) {
		t->n_id_order = ARRAY_LEN(by_default);
		memcpy(t->id_order, by_default, sizeof(by_default));
		return 0;
	}
	for (v = list->first; v; v = v->next) {
		size_t id = 0;

		while (strcmp(ids[id], v->text) != 0)
			id++;
		for (size_t i = 0; i < t->n_id_order; i++) {
			if (t->id_order[i] == (enum kea_host_id)id)
				return kea_bad(p->diag, &v->pos,
				    "'%s' is there twice", v->text);
		}
		t->id_order[t->n_id_order++] = (enum kea_host_id)id;
	}
	return 0;
}
