/*
 * reader.h - the frames of a capture file (pcap, pcapng, also from a pipe),
 * through libpcap; packed by gzip, xz, zstd, bzip2 or lz4 as well, through
 * libarchive.
 */
#ifndef PXE_CAPTURE_READER_H
#define PXE_CAPTURE_READER_H

#include "base/diag.h"

#include <stddef.h>
#include <stdint.h>

struct capture_reader;

struct capture_frame {
	uint64_t number;                /* 1 is the first */
	int64_t time_ns;                /* since the epoch */
	const uint8_t *buf;             /* valid until the next frame */
	size_t len;                     /* bytes captured */
	size_t wire_len;                /* bytes on the wire */
};

/**
 * capture_open() - open @path; "-" is standard input
 *
 * Return: 0; -EBADMSG if it is no capture file; -ENOTSUP if its link type
 * is none that we read; a system error.
 */
int capture_open(const char *path, struct capture_reader **ret,
    struct diag *diag);

/**
 * capture_follow() - the same of a file that is still written: where it ends,
 * capture_next() waits for more, for ever
 */
int capture_follow(const char *path, struct capture_reader **ret,
    struct diag *diag);
void capture_close(struct capture_reader *r);

/** capture_link() - the LINKTYPE_ number, for frame_parse(). */
int capture_link(const struct capture_reader *r);

/**
 * capture_next() - the next frame
 *
 * Return: 1; 0 at the end; -EBADMSG if the file is cut short or damaged
 * after the last whole frame.
 */
int capture_next(struct capture_reader *r, struct capture_frame *ret,
    struct diag *diag);

#endif
