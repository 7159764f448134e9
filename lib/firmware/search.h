/*
 * search.h - looking for short signatures in long files, and taking text
 * out of them.
 *
 * A search moves a reader onto what it found; the reader keeps its bounds.
 */
#ifndef PXE_FIRMWARE_SEARCH_H
#define PXE_FIRMWARE_SEARCH_H

#include "base/bytes.h"

/**
 * search_bytes() - move @r to the next occurrence of @what
 *
 * Return: false if there is none; @r is then empty.
 */
bool search_bytes(struct rd *r, const void *what, size_t len);

/** search_text() - the same for the characters of @what, without a NUL. */
bool search_text(struct rd *r, const char *what);

/** search_utf16() - the same for @what (ASCII) written as UTF-16LE. */
bool search_utf16(struct rd *r, const char *what);

/** search_has() - is @what anywhere in the first @max bytes of @r? */
bool search_has(struct rd r, size_t max, const char *what);

/** search_starts() - are the next bytes those @len? */
bool search_starts(const struct rd *r, const void *what, size_t len);

/** search_head() - the first @max bytes of @r, or all if there are fewer. */
struct rd search_head(struct rd r, size_t max);

/**
 * search_word() - copy the printable ASCII at @r, up to the first byte that
 * is neither that nor one of @stop; cut to fit
 *
 * Return: characters in @buf, which is always terminated.
 */
size_t search_word(struct rd r, const char *stop, char *buf, size_t cap);

#endif
