/*
 * sniff.h - all frames that cross an interface, in both directions, kept in a
 * file without a name until somebody reads them.
 *
 * A thread of its own takes them in, so that none is missed while files are
 * loaded; it hears the network namespace that it was started in.
 */
#ifndef PXE_NET_SNIFF_H
#define PXE_NET_SNIFF_H

#include "base/diag.h"
#include "net/iface.h"

#include <stddef.h>
#include <stdint.h>

enum { SNIFF_FRAME_MAX = 70000 };       /* segments not cut yet are 64 KiB */

struct sniff;

struct sniff_frame {
	int64_t time_ns;                /* since the epoch */
	size_t len;                     /* bytes in `buf` */
	size_t wire_len;
	const uint8_t *buf;             /* valid until the next one */
};

/** sniff_open() - begin. Return: 0; -EPERM; another system error. */
int sniff_open(const struct iface *iface, struct sniff **ret,
    struct diag *diag);

/**
 * sniff_stop() - what is on its way is still taken in; then nothing
 * @ret_lost: frames that found no room
 *
 * Return: 0; a system error, as that there was no space for the file.
 */
int sniff_stop(struct sniff *s, unsigned int *ret_lost);

/** sniff_next() - once it was stopped. Return: 1; 0 at the end; an error. */
int sniff_next(struct sniff *s, struct sniff_frame *ret);

void sniff_close(struct sniff *s);

#endif
