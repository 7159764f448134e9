/*
 * kea_parse_check.c - the parts of a configuration that no answer depends
 * on: their limits, for the server refuses what is outside.
 *
 * What depends on the machine is not judged: interfaces that are there,
 * libraries that are installed.
 */
#include "config/kea_parse.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

struct limit {
	const char *key;
	int64_t min, max;
};

static const struct limit thread_limits[] = {
	{ "thread-pool-size", 0, UINT16_MAX },
	{ "packet-queue-size", 0, UINT16_MAX },
};
static const struct limit expired_limits[] = {
	{ "reclaim-timer-wait-time", 0, UINT16_MAX },
	{ "flush-reclaimed-timer-wait-time", 0, UINT16_MAX },
	{ "hold-reclaimed-time", 0, UINT32_MAX },
	{ "max-reclaim-leases", 0, UINT32_MAX },
	{ "max-reclaim-time", 0, 10000 },
	{ "unwarned-reclaim-cycles", 0, UINT16_MAX },
};
static const struct limit ddns_limits[] = {
	{ "server-port", 0, UINT32_MAX }, { "sender-port", 0, UINT32_MAX },
	{ "max-queue-size", 0, UINT32_MAX },
};
static const struct limit db_limits[] = {
	{ "lfc-interval", 0, UINT32_MAX }, { "connect-timeout", 0, UINT32_MAX },
	{ "port", 0, UINT16_MAX }, { "max-row-errors", 0, UINT32_MAX },
	{ "max-reconnect-tries", 0, INT64_MAX },
	{ "reconnect-wait-time", 0, UINT32_MAX },
};
static const struct limit control_limits[] = {
	{ "config-fetch-wait-time", 0, UINT16_MAX },
};
static const struct limit global_limits[] = {
	{ "decline-probation-period", 0, UINT32_MAX },
	{ "dhcp4o6-port", 0, UINT16_MAX },
};
static const struct limit server_id_limits[] = {
	{ "htype", 0, UINT16_MAX }, { "time", 0, UINT32_MAX },
	{ "enterprise-id", 0, UINT32_MAX },
};
static const struct limit pd_limits[] = {
	{ "prefix-len", 0, UINT8_MAX }, { "delegated-len", 0, UINT8_MAX },
	{ "excluded-prefix-len", 0, UINT8_MAX },
};

/* What the packages of Kea 2.2 without a subscription bring. */
static const char *const libraries[] = {
	"libdhcp_bootp.so", "libdhcp_flex_option.so", "libdhcp_ha.so",
	"libdhcp_lease_cmds.so", "libdhcp_mysql_cb.so", "libdhcp_pgsql_cb.so",
	"libdhcp_run_script.so", "libdhcp_stat_cmds.so",
};

static const char *const mac_sources[] = { "any", "raw", "duid",
    "ipv6-link-local", "client-link-addr-option", "rfc6939", "remote-id",
    "rfc4649", "subscriber-id", "rfc4580", "docsis-cmts", "docsis-modem" };

static int
check_limits(struct kea_parser *p, const struct kea_node *map,
    const struct limit *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct kea_node *v = kea_get(map, rows[i].key);

		if (v && v->type == KEA_J_INT && (v->number < rows[i].min ||
		    v->number > rows[i].max))
			return kea_bad(p->diag, &v->pos, "%s is %lld and must "
			    "be between %lld and %lld", rows[i].key,
			    (long long)v->number, (long long)rows[i].min,
			    (long long)rows[i].max);
	}
	return 0;
}

#define LIMITS(p, map, rows) check_limits(p, map, rows, ARRAY_LEN(rows))

/* "eth0", "eth0/10.0.0.1", "*": one address each, the wildcard once. */
static int
check_interface(struct kea_parser *p, const struct kea_node *v, bool *wild,
    struct config_map *known)
{
	const char *s = v->text + strspn(v->text, " \t\n\r"), *slash;
	size_t len = strlen(s), name_len;
	struct ip_addr ip;
	char *name;

	while (len > 0 && isspace((unsigned char)s[len - 1]))
		len--;
	name = arena_dup(&p->t->arena, s, len);
	if (!name)
		return -ENOMEM;
	slash = strchr(name, '/');
	name_len = slash ? (size_t)(slash - name) : len;
	while (name_len > 0 && isspace((unsigned char)name[name_len - 1]))
		name_len--;
	if (name_len == 0)
		return kea_bad(p->diag, &v->pos,
		    "empty interface name used in configuration");
	if (strncmp(name, "*", name_len) == 0 && (slash || *wild))
		return kea_bad(p->diag, &v->pos, slash ?
		    "the wildcard interface has no address" :
		    "the wildcard interface is there twice");
	if (name_len == 1 && name[0] == '*') {
		*wild = true;
		return 0;
	}
	if (slash) {
		slash += 1 + strspn(slash + 1, " \t");
		if (!kea_ip(slash, &ip) || (ip.family == AF_INET6) != p->is_v6)
			return kea_bad(p->diag, &v->pos,
			    "'%.60s' is not a valid address", slash);
	}
	if (config_map_get(known, name, len) ||
	    (!p->is_v6 && slash && config_map_get(known, name, name_len)))
		return kea_bad(p->diag, &v->pos,
		    "interface '%.60s' is selected twice", name);
	return config_map_put(known, &p->t->arena, name, len, name);
}

static int
check_interfaces(struct kea_parser *p, const struct kea_node *map)
{
	const struct kea_node *list = kea_get(map, "interfaces"), *v;
	struct config_map known = { 0 };
	bool wild = false;
	int rc = 0;

	for (v = list ? list->first : NULL; v && rc == 0; v = v->next)
		rc = check_interface(p, v, &wild, &known);
	return rc;
}

/* The library's name without its folder; Kea removes quotes and blanks. */
static int
check_library(struct kea_parser *p, const struct kea_node *map, bool *named)
{
	const struct kea_node *v = kea_get(map, "library");
	const char *s = v->text + strspn(v->text, " \t\n\"");
	const char *slash = strrchr(s, '/');
	const char *base = slash ? slash + 1 : s;
	size_t len = strcspn(base, "\" \t\n");

	if (*s == '\0')
		return kea_bad(p->diag, &v->pos,
		    "value of 'library' element must not be blank");
	for (size_t i = 0; i < ARRAY_LEN(libraries); i++) {
		if (strlen(libraries[i]) == len &&
		    memcmp(libraries[i], base, len) == 0)
			return 0;
	}
	if (*named)
		return 0;
	*named = true;
	return kea_remark(p->t, "config-rejected", v->pos,
	    "kea-dhcp%c refuses to start where "
	    "%.*s is not installed: it does not come with Kea 2.2",
	    p->is_v6 ? '6' : '4', (int)min_size(len, 80), base);
}

/* The hooks that have a say in the answer. */
static int
gap_of_library(struct kea_parser *p, const struct kea_node *v)
{
	static const char *const names[] = {
		"dhcp_flex_option", "dhcp_flex_id", "dhcp_radius",
		"dhcp_user_chk",
	};
	const char *s = kea_get_text(v, "library");

	for (size_t i = 0; s && i < ARRAY_LEN(names); i++) {
		if (strstr(s, names[i]))
			return kea_gap(p->t, *kea_pos_of(v, "library"),
			    "what this hook does to answers is not followed");
	}
	return 0;
}

static int
check_libraries(struct kea_parser *p, const struct kea_node *list)
{
	const struct kea_node *v;
	bool named = false;
	int rc = 0;

	for (v = list ? list->first : NULL; v && rc == 0; v = v->next) {
		rc = check_library(p, v, &named);
		if (rc == 0)
			rc = gap_of_library(p, v);
	}
	return rc;
}

static int
check_ddns(struct kea_parser *p, const struct kea_node *map)
{
	const char *server = kea_get_text(map, "server-ip");
	const char *sender = kea_get_text(map, "sender-ip");
	const char *protocol = kea_get_text(map, "ncr-protocol");
	struct ip_addr a, b;
	int rc;

	if (!map)
		return 0;
	if (!kea_ip(server ? server : "127.0.0.1", &a))
		return kea_bad(p->diag, kea_pos_of(map, "server-ip"),
		    "'%.60s' is not a valid address", server);
	rc = LIMITS(p, map, ddns_limits);
	if (rc < 0)
		return rc;
	if (!sender || *sender == '\0')
		sender = a.family == AF_INET ? "0.0.0.0" : "::";
	if (!kea_ip(sender, &b))
		return kea_bad(p->diag, kea_pos_of(map, "sender-ip"),
		    "invalid address (%.60s) specified for parameter "
		    "'sender-ip'", sender);
	if (protocol && tolower((unsigned char)protocol[0]) == 't')
		return kea_bad(p->diag, kea_pos_of(map, "ncr-protocol"),
		    "the protocol TCP is not supported");
	if (a.family != b.family)
		return kea_bad(p->diag, kea_pos_of(map, "sender-ip"),
		    "server-ip and sender-ip are of different families");
	if (ip_equal(&a, &b) && kea_get_int(map, "server-port", 53001) ==
	    kea_get_int(map, "sender-port", 0))
		return kea_bad(p->diag, kea_pos_of(map, "sender-ip"), "server "
		    "and sender cannot share the same address and port");
	return 0;
}

static int
check_mac_sources(struct kea_parser *p, const struct kea_node *list)
{
	const struct kea_node *v, *o;

	for (v = list ? list->first : NULL; v; v = v->next) {
		size_t i = 0;

		while (i < ARRAY_LEN(mac_sources) &&
		    strcmp(mac_sources[i], v->text) != 0)
			i++;
		if (i == ARRAY_LEN(mac_sources))
			return kea_bad(p->diag, &list->pos,
			    "'%.60s' is no MAC source", v->text);
		for (o = list->first; o != v; o = o->next) {
			if (strcmp(o->text, v->text) == 0)
				return kea_bad(p->diag, &list->pos, "the "
				    "mac-sources value '%s' is there twice",
				    v->text);
		}
	}
	return 0;
}

static int
check_server_id(struct kea_parser *p, const struct kea_node *map)
{
	const char *id = kea_get_text(map, "identifier");
	size_t len = id ? strlen(id) : 0;

	if (!map)
		return 0;
	if (id && (len % 2 != 0 ||
	    strspn(id, "0123456789abcdefABCDEF") != len))
		return kea_bad(p->diag, kea_pos_of(map, "identifier"),
		    "'%.60s' is not a string of hexadecimal digits", id);
	return LIMITS(p, map, server_id_limits);
}

int
kea_check_first(struct kea_parser *p, const struct kea_node *global)
{
	int rc = 0;

	if (p->is_v6)
		rc = check_mac_sources(p, kea_get(global, "mac-sources"));
	if (rc == 0)
		rc = LIMITS(p, kea_get(global, "multi-threading"),
		    thread_limits);
	if (rc == 0)
		rc = kea_host_ids(p, kea_get(global,
		    "host-reservation-identifiers"));
	if (rc == 0 && p->is_v6)
		rc = check_server_id(p, kea_get(global, "server-id"));
	if (rc == 0)
		rc = check_interfaces(p, kea_get(global, "interfaces-config"));
	if (rc == 0)
		rc = LIMITS(p, kea_get(global, "expired-leases-processing"),
		    expired_limits);
	if (rc == 0)
		rc = check_libraries(p, kea_get(global, "hooks-libraries"));
	return rc < 0 ? rc : check_ddns(p, kea_get(global, "dhcp-ddns"));
}

static int
check_db_list(struct kea_parser *p, const struct kea_node *list)
{
	const struct kea_node *v;
	int rc = 0;

	for (v = list ? list->first : NULL; v && rc == 0; v = v->next)
		rc = LIMITS(p, v, db_limits);
	return rc;
}

int
kea_check_databases(struct kea_parser *p, const struct kea_node *global)
{
	int rc = LIMITS(p, kea_get(global, "lease-database"), db_limits);

	if (rc == 0)
		rc = LIMITS(p, kea_get(global, "hosts-database"), db_limits);
	return rc < 0 ? rc : check_db_list(p, kea_get(global,
	    "hosts-databases"));
}

/* Options that a relay may add: by code, or by the name of a standard one. */
static int
check_relay_options(struct kea_parser *p, const struct kea_node *list)
{
	const struct kea_node *v;

	for (v = list ? list->first : NULL; v; v = v->next) {
		uint64_t code = 0;
		struct diag why;
		bool is_number = v->type == KEA_J_STRING && v->len > 0 &&
		    strspn(v->text, "0123456789") == v->len;

		if (v->type != KEA_J_STRING || (is_number &&
		    parse_uint(v->text, 0, UINT16_MAX, &code, &why) < 0) ||
		    (code == 0 && !kea_option_std_name("dhcp6", v->text)))
			return kea_bad(p->diag, &list->pos, "'%.60s' of "
			    "relay-supplied-options is no option",
			    v->type == KEA_J_STRING ? v->text : "");
	}
	return 0;
}

static bool
begin_alike(const struct in6_addr *a, const struct in6_addr *b, int64_t bits)
{
	for (int64_t i = 0; i < bits; i++) {
		if ((a->s6_addr[i / 8] ^ b->s6_addr[i / 8]) & (0x80 >> (i % 8)))
			return false;
	}
	return true;
}

/* An IPv6 prefix is delegated in pieces that are not larger than it. */
static int
check_pd_pool(struct kea_parser *p, const struct kea_node *map)
{
	int64_t len = kea_get_int(map, "prefix-len", 0);
	int64_t delegated = kea_get_int(map, "delegated-len", 0);
	int64_t excluded = kea_get_int(map, "excluded-prefix-len", 0);
	const char *prefix = kea_get_text(map, "excluded-prefix");
	struct kea_option *options = NULL;
	struct ip_addr a, b = { .family = AF_INET6 };
	bool is_zero;
	int rc = LIMITS(p, map, pd_limits);

	if (rc == 0)
		rc = kea_options(p, kea_get(map, "option-data"), NULL, false,
		    &options);
	if (rc < 0)
		return rc;
	if (!kea_ip(kea_get_text(map, "prefix"), &a) ||
	    a.family != AF_INET6 || len == 0 || len > 128 ||
	    delegated > 128 || len > delegated ||
	    (prefix && (!kea_ip(prefix, &b) || b.family != AF_INET6)))
		return kea_bad(p->diag, &map->pos, "the prefix or a length of "
		    "this pool of prefixes is invalid");
	is_zero = IN6_IS_ADDR_UNSPECIFIED(&b.v6);
	if (is_zero != (excluded == 0) || excluded > 128 ||
	    (!is_zero && (excluded <= delegated ||
	    !begin_alike(&a.v6, &b.v6, delegated))))
		return kea_bad(p->diag, &map->pos,
		    "the excluded prefix of this pool is invalid");
	return 0;
}

int
kea_check_pd_pools(struct kea_parser *p, const struct kea_node *list)
{
	const struct kea_node *v;
	int rc = 0;

	for (v = list ? list->first : NULL; v && rc == 0; v = v->next)
		rc = kea_spare(p, check_pd_pool(p, v));
	return rc;
}

int
kea_check_last(struct kea_parser *p, const struct kea_node *global)
{
	const struct kea_node *control = kea_get(global, "config-control");
	struct kea_scopes own = { { global } };
	int rc = check_db_list(p, kea_get(control, "config-databases"));

	if (rc == 0 && p->is_v6)
		rc = check_relay_options(p, kea_get(global,
		    "relay-supplied-options"));
	if (rc == 0 && LIMITS(p, control, control_limits) < 0)
		rc = kea_bad(p->diag, &control->pos,
		    "config-fetch-wait-time must be between 0 and 65535");
	if (rc == 0)
		rc = LIMITS(p, global, global_limits);
	if (rc == 0 && p->is_v6)
		rc = kea_lifetime(p, &own, "preferred-lifetime", false);
	return rc < 0 ? rc : kea_lifetime(p, &own, "valid-lifetime", true);
}
