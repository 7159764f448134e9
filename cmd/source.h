/*
 * source.h - an operand that is a file, or a URI to load one from.
 */
#ifndef PXE_CMD_SOURCE_H
#define PXE_CMD_SOURCE_H

#include "base/diag.h"
#include "chain/persona.h"

#include <stddef.h>

/* TFTP's options and timing for a person who waits: quick, and patient. */
extern const struct persona_tftp source_tftp;

/** source_is_uri() - tftp://, http:// or https:// ? */
bool source_is_uri(const char *name);

/**
 * source_read() - all bytes of a file, or of what a URI names
 * @ret_buf: the caller frees
 *
 * Return: 0; -EFBIG if larger than @max; a negative errno.
 */
int source_read(const char *name, size_t max, char **ret_buf,
    size_t *ret_len, struct diag *diag);

#endif
