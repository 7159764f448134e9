/*
 * inflate.h - the first bytes of what a gzip file holds (RFC 1951, 1952).
 *
 * Just enough to see whether it is an archive or a kernel: what is asked for
 * is small, so the bytes written so far are all the window there is.
 */
#ifndef PXE_FIRMWARE_INFLATE_H
#define PXE_FIRMWARE_INFLATE_H

#include "base/bytes.h"

/**
 * inflate_gzip_head() - unpack the first @cap bytes of a gzip file
 * @r: from its magic number on
 *
 * Return: bytes written; fewer than @cap if the content or the file ends
 * there, or is damaged.
 */
size_t inflate_gzip_head(struct rd r, void *buf, size_t cap);

#endif
