/*
 * pcapng.h - write a capture file with comments on its packets, which
 * Wireshark shows (pcapng, draft-ietf-opsawg-pcapng: SHB 4.1, IDB 4.2,
 * EPB 4.3).
 */
#ifndef PXE_CAPTURE_PCAPNG_H
#define PXE_CAPTURE_PCAPNG_H

#include "base/diag.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { PCAPNG_COMMENT_MAX = 60000 };    /* bytes; longer ones are cut */

struct pcapng;

/**
 * pcapng_create() - begin a file, under a temporary name beside @path
 * @path: "-" is standard output
 * @link: LINKTYPE_ number of all its packets
 *
 * Return: 0; a system error.
 */
int pcapng_create(const char *path, int link, struct pcapng **ret,
    struct diag *diag);

/**
 * pcapng_begin() - begin at the end of a stream, which stays the caller's
 *
 * pcapng_close() flushes it.
 */
int pcapng_begin(FILE *f, int link, struct pcapng **ret, struct diag *diag);

/**
 * pcapng_add() - one packet
 * @time_ns:  since the epoch
 * @wire_len: bytes on the wire, at least @len
 * @comment:  UTF-8; NULL: none
 *
 * An error is kept, and told by pcapng_close().
 */
void pcapng_add(struct pcapng *p, int64_t time_ns, const void *buf, size_t len,
    size_t wire_len, const char *comment);

/**
 * pcapng_close() - the file takes its name, if all went well
 * @keep: false: throw it away
 *
 * Return: 0; a system error, and then there is no file.
 */
int pcapng_close(struct pcapng *p, bool keep, struct diag *diag);

#endif
