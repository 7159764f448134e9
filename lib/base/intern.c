#include "intern.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct intern_row {
	const char *bytes;
	size_t len;
	uint64_t hash;
};

/* FNV-1a: short keys, and no enemy gains more than time within a ceiling. */
static uint64_t
hash_of(const uint8_t *p, size_t len)
{
	uint64_t h = 0xcbf29ce484222325;

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * 0x100000001b3;
	return h ^ (h >> 29);
}

static uint32_t *
slot_of(const struct intern *t, const void *bytes, size_t len, uint64_t hash)
{
	uint32_t at = (uint32_t)hash & (t->n_slots - 1);

	while (t->slots[at]) {
		const struct intern_row *r = &t->rows[t->slots[at] - 1];

		if (r->hash == hash && r->len == len &&
		    (len == 0 || memcmp(r->bytes, bytes, len) == 0))
			break;
		at = (at + 1) & (t->n_slots - 1);
	}
	return &t->slots[at];
}

/* At most half of the slots are taken. */
static int
make_room(struct intern *t)
{
	uint32_t n_slots = t->n_slots ? t->n_slots * 2 : 64;
	uint32_t *slots;
	void *rows;

	if (t->n >= INTERN_MAX)
		return -ENOMEM;
	if (t->n == t->cap) {
		uint32_t cap = t->cap ? t->cap * 2 : 32;

		rows = realloc(t->rows, cap * sizeof(*t->rows));
		if (!rows)
			return -ENOMEM;
		t->rows = rows;
		t->cap = cap;
	}
	if (t->n * 2 < t->n_slots)
		return 0;
	slots = calloc(n_slots, sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	free(t->slots);
	t->slots = slots;
	t->n_slots = n_slots;
	for (uint32_t i = 0; i < t->n; i++)
		*slot_of(t, t->rows[i].bytes, t->rows[i].len,
		    t->rows[i].hash) = i + 1;
	return 0;
}

int64_t
intern_add(struct intern *t, const void *bytes, size_t len, bool *ret_new)
{
	uint64_t hash = hash_of(bytes, len);
	uint32_t *slot;
	char *copy;

	if (make_room(t) < 0)
		return -ENOMEM;
	slot = slot_of(t, bytes, len, hash);
	if (ret_new)
		*ret_new = *slot == 0;
	if (*slot)
		return *slot - 1;
	copy = arena_dup(&t->arena, len ? bytes : "", len);
	if (!copy)
		return -ENOMEM;
	t->rows[t->n] = (struct intern_row){ copy, len, hash };
	*slot = ++t->n;
	return t->n - 1;
}

const void *
intern_get(const struct intern *t, uint32_t number, size_t *ret_len)
{
	if (ret_len)
		*ret_len = t->rows[number].len;
	return t->rows[number].bytes;
}

void
intern_release(struct intern *t)
{
	free(t->rows);
	free(t->slots);
	arena_release(&t->arena);
	memset(t, 0, sizeof(*t));
}
