/*
 * ring.h - a capture as it is written: to one file, or to a ring of them of
 * which the oldest is overwritten.
 *
 * All files are made at once, and stay open: who gives up privileges after
 * that can still write them. Each is a whole capture at any time, if an
 * empty one.
 */
#ifndef PXE_CAPTURE_RING_H
#define PXE_CAPTURE_RING_H

#include "base/diag.h"
#include "capture/reader.h"

#include <sys/types.h>

enum { RING_FILES_MAX = 256, RING_NAME_MAX = 4096 };

struct capture_ring;

/**
 * capture_ring_open() - make the files
 * @path:      "boot.pcapng"; in a ring "boot-1.pcapng", "boot-2.pcapng" ...
 * @n_files:   1: one file, which grows
 * @max_bytes: of one file of a ring
 * @link:      LINKTYPE_ number of all frames
 *
 * Files that exist are overwritten. Only their owner may read them.
 *
 * Return: 0; -EINVAL; a system error.
 */
int capture_ring_open(const char *path, unsigned int n_files,
    uint64_t max_bytes, int link, struct capture_ring **ret,
    struct diag *diag);

/** capture_ring_give() - make them another user's. Return: 0; an error. */
int capture_ring_give(struct capture_ring *r, uid_t uid, gid_t gid,
    struct diag *diag);

/** capture_ring_add() - one frame */
void capture_ring_add(struct capture_ring *r, const struct capture_frame *f);

/**
 * capture_ring_flush() - what was added is in the file
 *
 * Return: 0; a system error (a disk that is full).
 */
int capture_ring_flush(struct capture_ring *r, struct diag *diag);

/** capture_ring_name() - the file that is written now. */
const char *capture_ring_name(const struct capture_ring *r);

/** capture_ring_close() - Return: 0; a system error of the last writes. */
int capture_ring_close(struct capture_ring *r, struct diag *diag);

#endif
