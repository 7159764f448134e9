#include "config/config_map.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum { MAP_FIRST_SLOTS = 16 };

struct config_map_slot {
	const uint8_t *key;
	size_t len;
	uint64_t hash;
	void *value;
	struct config_map_slot *next;
};

/* FNV-1a, mixed with the address of nothing: collisions only cost time. */
static uint64_t
hash_of(const struct config_map *m, const uint8_t *key, size_t len)
{
	uint64_t h = 14695981039346656037u;
	size_t i;

	for (i = 0; i < len; i++) {
		h ^= m->ignore_case ? (uint8_t)tolower(key[i]) : key[i];
		h *= 1099511628211u;
	}
	return h ^ (h >> 32);
}

static bool
same(const struct config_map *m, const struct config_map_slot *s, uint64_t hash,
    const uint8_t *key, size_t len)
{
	size_t i;

	if (s->hash != hash || s->len != len)
		return false;
	if (!m->ignore_case)
		return len == 0 || memcmp(s->key, key, len) == 0;
	for (i = 0; i < len; i++) {
		if (tolower(s->key[i]) != tolower(key[i]))
			return false;
	}
	return true;
}

static struct config_map_slot *
find(const struct config_map *m, uint64_t hash, const uint8_t *key, size_t len)
{
	struct config_map_slot *s;

	if (!m->n_slots)
		return NULL;
	for (s = m->slots[hash & (m->n_slots - 1)]; s; s = s->next) {
		if (same(m, s, hash, key, len))
			return s;
	}
	return NULL;
}

void *
config_map_get(const struct config_map *m, const void *key, size_t len)
{
	struct config_map_slot *s = find(m, hash_of(m, key, len), key, len);

	return s ? s->value : NULL;
}

static int
grow(struct config_map *m, struct arena *a)
{
	size_t n = m->n_slots ? m->n_slots * 2 : MAP_FIRST_SLOTS, i;
	struct config_map_slot **slots = arena_alloc(a,
	    n * sizeof(struct config_map_slot *)), *s, *next;

	if (!slots)
		return -ENOMEM;
	for (i = 0; i < m->n_slots; i++) {
		for (s = m->slots[i]; s; s = next) {
			next = s->next;
			s->next = slots[s->hash & (n - 1)];
			slots[s->hash & (n - 1)] = s;
		}
	}
	m->slots = slots;
	m->n_slots = n;
	return 0;
}

int
config_map_put(struct config_map *m, struct arena *a, const void *key, size_t len,
    void *value)
{
	uint64_t hash = hash_of(m, key, len);
	struct config_map_slot *s = find(m, hash, key, len);

	if (s) {
		s->value = value;
		return 0;
	}
	if (m->n >= m->n_slots && grow(m, a) < 0)
		return -ENOMEM;
	s = arena_alloc(a, sizeof(*s));
	if (!s)
		return -ENOMEM;
	*s = (struct config_map_slot){ key, len, hash, value,
	    m->slots[hash & (m->n_slots - 1)] };
	m->slots[hash & (m->n_slots - 1)] = s;
	m->n++;
	return 0;
}
