/*
 * arena.h - memory that lives and dies together.
 *
 * Parsers put their trees here: no single frees, one release. Running out
 * of memory returns NULL, as malloc() does.
 */
#ifndef PXE_BASE_ARENA_H
#define PXE_BASE_ARENA_H

#include "util.h"

#include <stddef.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks;     /* newest first */
};

/* An arena starts as all zeros. */
#define ARENA_EMPTY { NULL }

/** arena_alloc() - @len zeroed bytes, aligned for any type. */
void *arena_alloc(struct arena *a, size_t len);

/** arena_dup() - a copy of @len bytes, with a NUL after it. */
char *arena_dup(struct arena *a, const void *from, size_t len);

/** arena_strdup() - a copy of @s. */
char *arena_strdup(struct arena *a, const char *s);

/** arena_printf() - formatted text. */
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

/** arena_release() - free all of it; the arena is empty again. */
void arena_release(struct arena *a);

#endif
