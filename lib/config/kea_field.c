/* kea_field.c - values that many maps have, and their limits. */
#include "config/kea_parse.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { SNAME_MAX = 63, FILE_MAX = 128, HOST_FILE_MAX = 127 };

bool
kea_get_bool(const struct kea_node *map, const char *key, bool def)
{
	const struct kea_node *v = kea_get(map, key);

	return v && v->type == KEA_J_BOOL ? v->boolean : def;
}

int64_t
kea_get_int(const struct kea_node *map, const char *key, int64_t def)
{
	const struct kea_node *v = kea_get(map, key);

	return v && v->type == KEA_J_INT ? v->number : def;
}

const char *
kea_get_text(const struct kea_node *map, const char *key)
{
	const struct kea_node *v = kea_get(map, key);

	return v && v->type == KEA_J_STRING ? v->text : NULL;
}

const struct config_pos *
kea_pos_of(const struct kea_node *map, const char *key)
{
	const struct kea_node *v = kea_get(map, key);

	return v ? &v->pos : &map->pos;
}

bool
kea_ip(const char *text, struct ip_addr *ret)
{
	ret->family = AF_INET;
	if (inet_pton(AF_INET, text, &ret->v4) == 1)
		return true;
	ret->family = AF_INET6;
	return inet_pton(AF_INET6, text, &ret->v6) == 1;
}

const struct kea_node *
kea_inherited(const struct kea_scopes *s, const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(s->map); i++) {
		const struct kea_node *v = kea_get(s->map[i], key);

		if (v)
			return v;
	}
	return NULL;
}

/*
 * What a subnet says as "" is not said; a class and a reservation must give
 * an address; globally anything goes, and fails at run time.
 */
static int
read_next_server(struct kea_parser *p, const struct kea_node *v,
    enum kea_level_kind kind, struct kea_level *ret)
{
	struct ip_addr ip = { 0 };
	bool ok = kea_ip(v->text, &ip) && ip.family == AF_INET;

	if (kind <= KEA_L_NET && v->len == 0)
		return 0;
	if (ok && kind >= KEA_L_CLASS && ip.v4.s_addr == INADDR_BROADCAST)
		ok = false;
	if (!ok && kind != KEA_L_GLOBAL)
		return kea_bad(p->diag, &v->pos, "invalid next-server '%.60s'",
		    v->text);
	if (!ok)
		return 0;
	ret->next_server = ip.v4;
	ret->has_next_server = true;
	ret->next_server_pos = v->pos;
	return 0;
}

static int
read_name(struct kea_parser *p, const struct kea_node *v, size_t max,
    enum kea_level_kind kind, const char **ret)
{
	if (kind != KEA_L_GLOBAL && v->len > max)
		return kea_bad(p->diag, &v->pos, "%s must be at most %zu bytes "
		    "long, it is %zu", v->key, max, v->len);
	if (kind > KEA_L_NET || v->len > 0)
		*ret = v->text;
	return 0;
}

int
kea_level(struct kea_parser *p, const struct kea_node *map,
    enum kea_level_kind kind, struct kea_level *ret)
{
	const struct kea_node *next = kea_get(map, "next-server");
	const struct kea_node *host = kea_get(map, "server-hostname");
	const struct kea_node *file = kea_get(map, "boot-file-name");
	int rc = 0;

	ret->pos = map->pos;
	if (next)
		rc = read_next_server(p, next, kind, ret);
	if (rc == 0 && host) {
		ret->hostname_pos = host->pos;
		rc = read_name(p, host, SNAME_MAX, kind,
		    &ret->server_hostname);
	}
	if (rc == 0 && file) {
		ret->file_pos = file->pos;
		rc = read_name(p, file, kind == KEA_L_HOST ? HOST_FILE_MAX :
		    FILE_MAX, kind, &ret->boot_file_name);
	}
	return rc;
}

/* Of three keys any may be missing; min <= value <= max must hold. */
int
kea_lifetime(struct kea_parser *p, const struct kea_scopes *s,
    const char *name, bool has_default)
{
	char min_key[40], max_key[40];
	const struct kea_node *v, *min, *max;
	uint32_t value, low, high;

	(void)snprintf(min_key, sizeof(min_key), "min-%s", name);
	(void)snprintf(max_key, sizeof(max_key), "max-%s", name);
	v = kea_inherited(s, name);
	min = kea_inherited(s, min_key);
	max = kea_inherited(s, max_key);
	if (!min && !max)
		return 0;
	if (!v && !has_default) {
		if (min && max)
			return kea_bad(p->diag, &min->pos, "have %s and %s but "
			    "no %s", min_key, max_key, name);
		return 0;
	}
	value = v ? (uint32_t)v->number : 7200;
	low = min ? (uint32_t)min->number : value;
	high = max ? (uint32_t)max->number : value;
	if (low > high || value < low || value > high)
		return kea_bad(p->diag, v ? &v->pos : min ? &min->pos :
		    &max->pos, "the value of %s (%u) is not between the least "
		    "(%u) and the greatest (%u)", name, value, low, high);
	return 0;
}

static double
real_of(const struct kea_scopes *s, const char *key, double def)
{
	const struct kea_node *v = kea_inherited(s, key);

	return v ? v->real : def;
}

static int
check_percents(struct kea_parser *p, const struct kea_scopes *s)
{
	const struct kea_node *on = kea_inherited(s, "calculate-tee-times");
	double t1 = real_of(s, "t1-percent", 0.5);
	double t2 = real_of(s, "t2-percent", 0.875);

	if (!on || !on->boolean)
		return 0;
	if (t1 <= 0.0 || t1 >= 1.0 || t2 <= 0.0 || t2 >= 1.0 || t1 >= t2)
		return kea_bad(p->diag, &on->pos, "t1-percent (%g) and "
		    "t2-percent (%g) must be between 0 and 1, the first less "
		    "than the second", t1, t2);
	return 0;
}

int
kea_timers(struct kea_parser *p, const struct kea_scopes *s)
{
	const struct kea_node *renew = kea_inherited(s, "renew-timer");
	const struct kea_node *rebind = kea_inherited(s, "rebind-timer");
	double threshold = real_of(s, "cache-threshold", 0.5);
	int rc;

	if (renew && renew->number < 0)
		return kea_bad(p->diag, &renew->pos,
		    "renew-timer must be a positive number");
	if (rebind && rebind->number < 0)
		return kea_bad(p->diag, &rebind->pos,
		    "rebind-timer must be a positive number");
	/* Both as they are, and as the 32 bits that are kept of them. */
	if (renew && rebind && (renew->number > rebind->number ||
	    (uint32_t)renew->number > (uint32_t)rebind->number))
		return kea_bad(p->diag, &renew->pos, "the value of renew-timer "
		    "(%lld) is greater than the value of rebind-timer (%lld)",
		    (long long)renew->number, (long long)rebind->number);
	rc = kea_lifetime(p, s, "valid-lifetime", true);
	if (rc == 0 && p->is_v6)
		rc = kea_lifetime(p, s, "preferred-lifetime", true);
	if (rc == 0)
		rc = check_percents(p, s);
	if (rc == 0 && (threshold <= 0.0 || threshold >= 1.0))
		return kea_bad(p->diag,
		    &kea_inherited(s, "cache-threshold")->pos,
		    "cache-threshold must be between 0 and 1");
	return rc;
}

int
kea_reservation_mode(struct kea_parser *p, const struct kea_node *map,
    bool *global, bool *in_subnet, bool *out_of_pool)
{
	const struct kea_node *mode = kea_get(map, "reservation-mode");
	const struct kea_node *g = kea_get(map, "reservations-global");
	const struct kea_node *in = kea_get(map, "reservations-in-subnet");
	const struct kea_node *out = kea_get(map, "reservations-out-of-pool");

	if (mode && (g || in || out))
		return kea_bad(p->diag, &mode->pos, "invalid use of both "
		    "'reservation-mode' and one of 'reservations-global', "
		    "'reservations-in-subnet' or 'reservations-out-of-pool'");
	if (mode) {
		*global = strcmp(mode->text, "global") == 0;
		*in_subnet = strcmp(mode->text, "all") == 0 ||
		    strcmp(mode->text, "out-of-pool") == 0;
		if (*in_subnet)
			*out_of_pool = strcmp(mode->text, "out-of-pool") == 0;
	}
	*global = g ? g->boolean : *global;
	*in_subnet = in ? in->boolean : *in_subnet;
	*out_of_pool = out ? out->boolean : *out_of_pool;
	return 0;
}
