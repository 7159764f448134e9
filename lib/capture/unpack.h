/*
 * unpack.h - a stream that unpacks itself: what gzip, xz, zstd, bzip2 or lz4
 * packed, read as it was.
 */
#ifndef PXE_CAPTURE_UNPACK_H
#define PXE_CAPTURE_UNPACK_H

#include <stdio.h>

/**
 * unpack_stream() - @f itself, or a stream over it if it is packed
 * @f: at its beginning; a pipe will do. It belongs to the stream that is
 *     returned, and is closed with it, or on failure
 *
 * Damage shows as a failed read.
 *
 * Return: NULL if out of memory.
 */
FILE *unpack_stream(FILE *f);

#endif
