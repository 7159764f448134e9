/*
 * config_map.h - a hash from bytes to a pointer, in an arena.
 *
 * A key that is put again replaces its value. The keys are not copied.
 */
#ifndef PXE_CONFIG_CONFIG_MAP_H
#define PXE_CONFIG_CONFIG_MAP_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct config_map_slot;

struct config_map {
	struct config_map_slot **slots;
	size_t n_slots;
	size_t n;
	bool ignore_case;
};

void *config_map_get(const struct config_map *m, const void *key, size_t len);

/** config_map_put() - Return: 0; -ENOMEM. */
int config_map_put(struct config_map *m, struct arena *a, const void *key,
    size_t len, void *value);

#endif
