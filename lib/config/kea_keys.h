/*
 * kea_keys.h - which keyword may stand in which map of Kea's configuration,
 * and what follows it: the grammar of Kea 2.2.0 as tables, and what releases
 * before and after it know.
 */
#ifndef PXE_CONFIG_KEA_KEYS_H
#define PXE_CONFIG_KEA_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bits: a keyword may be of several. */
enum kea_map {
	KEA_M_GLOBAL = 1 << 0, KEA_M_INTERFACES = 1 << 1,
	KEA_M_LEASE_DB = 1 << 2, KEA_M_HOST_DB = 1 << 3,
	KEA_M_CONFIG_DB = 1 << 4, KEA_M_THREADS = 1 << 5,
	KEA_M_HOOK = 1 << 6, KEA_M_EXPIRED = 1 << 7, KEA_M_SUBNET = 1 << 8,
	KEA_M_NETWORK = 1 << 9, KEA_M_DEF = 1 << 10, KEA_M_OPTION = 1 << 11,
	KEA_M_POOL = 1 << 12, KEA_M_PD_POOL = 1 << 13, KEA_M_HOST = 1 << 14,
	KEA_M_RELAY = 1 << 15, KEA_M_CLASS = 1 << 16,
	KEA_M_SERVER_ID = 1 << 17, KEA_M_SOCKET = 1 << 18,
	KEA_M_QUEUE = 1 << 19, KEA_M_DDNS = 1 << 20,
	KEA_M_CONTROL = 1 << 21, KEA_M_LOGGER = 1 << 22,
	KEA_M_OUTPUT = 1 << 23, KEA_M_COMPAT = 1 << 24,
	KEA_M_SANITY = 1 << 25,
};

enum kea_kind {
	KEA_K_INT, KEA_K_FLOAT, KEA_K_BOOL, KEA_K_STRING,
	KEA_K_STRINGS,                  /* a list of them */
	KEA_K_ENUM, KEA_K_ENUMS,        /* one of, some of `words` */
	KEA_K_MAP, KEA_K_MAPS,          /* a map, a list of maps: `map` */
	KEA_K_OBJECT, KEA_K_VALUES,     /* a map, a list of anything */
	KEA_K_CONTEXT, KEA_K_COMMENT,
};

struct kea_key {
	const char *name;
	enum kea_kind kind;
	uint32_t v4, v6;                /* the maps it is of, by server */
	enum kea_map map;
	const char *const *words;       /* ends with NULL */
	bool any_case;                  /* of the words */
	bool some;                      /* the list has at least one */
};

/* What another release takes and 2.2.0 does not. */
struct kea_foreign_key {
	const char *name;
	uint32_t v4, v6;
	const char *since;              /* the release that brought it, or */
	const char *until;              /* the last that had it */
};

struct kea_map_rules {
	enum kea_map map;
	const char *name;               /* as Kea's messages call it */
	bool may_be_empty;
	bool is_strict;                 /* no "unexpected keyword" but bad syntax */
	const char *required[4];
};

const struct kea_key *kea_key_find(const char *name, enum kea_map map,
    bool is_v6);
const struct kea_foreign_key *kea_foreign_find(const char *name,
    enum kea_map map, bool is_v6);
const struct kea_map_rules *kea_map_rules(enum kea_map map);

/** kea_key_nearest() - a keyword of @map that @name may be meant as. */
const char *kea_key_nearest(const char *name, enum kea_map map, bool is_v6);

/**
 * kea_foreign_top() - the release of an object beside Dhcp4
 *
 * Return: the last one that took it; NULL if none did.
 */
const char *kea_foreign_top(const char *name);

/** kea_release_cmp() - <0, 0, >0 as release @a is older than @b. */
int kea_release_cmp(const char *a, const char *b);

#endif
