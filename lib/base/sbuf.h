/*
 * sbuf.h - text that grows.
 *
 * Out of memory or past SBUF_MAX is remembered in `bad`; what was added
 * after that is dropped, so one check at the end suffices.
 */
#ifndef PXE_BASE_SBUF_H
#define PXE_BASE_SBUF_H

#include "util.h"

#include <stdbool.h>
#include <stddef.h>

enum { SBUF_MAX = 256 * 1024 * 1024 };

struct sbuf {
	char *text;             /* NUL-terminated once anything was added */
	size_t len;
	size_t cap;
	bool bad;
};

#define SBUF_EMPTY { NULL, 0, 0, false }

void sbuf_add(struct sbuf *b, const char *s);
void sbuf_addn(struct sbuf *b, const void *from, size_t len);
void sbuf_addc(struct sbuf *b, char c);
void sbuf_printf(struct sbuf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/** sbuf_sep() - add @sep unless the buffer is empty. */
void sbuf_sep(struct sbuf *b, const char *sep);

/** sbuf_str() - the text, "" if nothing was added; owned by @b. */
const char *sbuf_str(const struct sbuf *b);

/** sbuf_clear() - forget the text, keep the memory. */
void sbuf_clear(struct sbuf *b);

/** sbuf_steal() - the text, which the caller frees; @b is empty again. */
char *sbuf_steal(struct sbuf *b);

void sbuf_release(struct sbuf *b);

/**
 * sbuf_escape() - add bytes from a packet or file, safe for a terminal
 *
 * Printable ASCII and valid UTF-8 (but no control characters, C1 included)
 * stay; \\ \t \n \r are written as such; all else is \xNN.
 */
void sbuf_escape(struct sbuf *b, const void *from, size_t len);

/**
 * sbuf_show() - the same, but a backslash stays one
 *
 * For text that a person reads beside its original, and nobody reads back.
 */
void sbuf_show(struct sbuf *b, const void *from, size_t len);

/** sbuf_hex() - add bytes as lower-case hex digits, with @sep between. */
void sbuf_hex(struct sbuf *b, const void *from, size_t len, const char *sep);

#endif
