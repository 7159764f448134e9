/*
 * diag.h - why something failed, and where.
 *
 * The lowest layer that knows fills it in; a command prints it. A diag may
 * be NULL wherever one is taken. The first diag_set() of a failure wins
 * nothing over later ones: set it where you return the error, once.
 */
#ifndef PXE_BASE_DIAG_H
#define PXE_BASE_DIAG_H

#include "util.h"

#include <stdbool.h>
#include <stddef.h>

enum { DIAG_TEXT_MAX = 400, DIAG_FILE_MAX = 256 };

struct diag {
	char file[DIAG_FILE_MAX];       /* "" if no file is concerned */
	unsigned int line;              /* 1-based; 0 if not known */
	unsigned int column;            /* 1-based, in bytes; 0 if not known */
	bool has_offset;
	size_t offset;                  /* byte offset in a binary file or packet */
	char text[DIAG_TEXT_MAX];       /* lower case, no full stop */
};

/** diag_set() - say what failed; clears the place. */
void diag_set(struct diag *d, const char *fmt, ...) PRINTF_LIKE(2, 3);

/** diag_sys() - diag_set() followed by ": " and the text of errno @err. */
void diag_sys(struct diag *d, int err, const char *fmt, ...) PRINTF_LIKE(3, 4);

/** diag_at() - add a place in a text file. */
void diag_at(struct diag *d, const char *file, unsigned int line,
    unsigned int column);

/** diag_at_offset() - add a place in a binary file or packet. */
void diag_at_offset(struct diag *d, const char *file, size_t offset);

/**
 * diag_format() - one line: "file:line:col: text", "file: byte N: text" or
 * "text"
 *
 * Return: @buf.
 */
const char *diag_format(const struct diag *d, char *buf, size_t cap);

#endif
