/*
 * intern.h - equal bytes get the same number, counted from 0.
 *
 * For whoever compares and keeps many small equal things: names, states.
 */
#ifndef PXE_BASE_INTERN_H
#define PXE_BASE_INTERN_H

#include "arena.h"

#include <stdbool.h>
#include <stdint.h>

struct intern_row;

struct intern {
	struct arena arena;
	struct intern_row *rows;        /* by number */
	uint32_t n;
	uint32_t cap;
	uint32_t *slots;                /* hashed; number + 1, 0 is free */
	uint32_t n_slots;               /* a power of two */
};

#define INTERN_EMPTY { ARENA_EMPTY, NULL, 0, 0, NULL, 0 }

enum { INTERN_MAX = 1 << 24 };          /* things */

/**
 * intern_add() - the number of these bytes, which are copied if they are new
 * @ret_new: whether they are; may be NULL
 *
 * Return: the number; -ENOMEM, also past INTERN_MAX.
 */
int64_t intern_add(struct intern *t, const void *bytes, size_t len,
    bool *ret_new);

/** intern_get() - the bytes of a number, with a NUL after them. */
const void *intern_get(const struct intern *t, uint32_t number,
    size_t *ret_len);
void intern_release(struct intern *t);

#endif
