/*
 * expand.h - replace ${...} in a token by the values of settings.
 *
 * The last `${` before the first `}` goes first, and the scan starts again
 * at the beginning of what came of it: references nest, and a value that
 * contains a reference is expanded too. What names nothing becomes nothing.
 */
#ifndef PXE_SCRIPT_EXPAND_H
#define PXE_SCRIPT_EXPAND_H

#include "script/settings.h"

enum {
	EXPAND_ROUNDS_MAX = 1000,       /* references replaced in one token */
	EXPAND_TEXT_MAX = 1024 * 1024,  /* bytes of one token */
};

/**
 * expand() - expand one token
 * @b:    receives the text
 * @work: is raised by the bytes that were handled; may be NULL
 *
 * Return: 0; -ELOOP if it does not come to an end; -EMSGSIZE; -ENOMEM.
 */
int expand(const struct settings *st, const char *token, struct sbuf *b,
    size_t *work);

/**
 * expand_next() - the reference to be replaced first
 * @ret_start: offset of `${`
 * @ret_end:   offset of `}`
 */
bool expand_next(const char *text, size_t *ret_start, size_t *ret_end);

#endif
