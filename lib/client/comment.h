/*
 * comment.h - what a captured frame was in a boot: a sentence for each, out
 * of the record of the emulated machine that sent or heard it.
 */
#ifndef PXE_CLIENT_COMMENT_H
#define PXE_CLIENT_COMMENT_H

#include "base/sbuf.h"
#include "capture/reader.h"
#include "chain/boot.h"

struct commenter;

/**
 * commenter_new() - for the frames of one boot, in order
 * @boot: kept; it has ended
 * @all:  all frames are this machine's; else only those under its MAC address,
 *        and those of the host that loaded its files
 *
 * Return: NULL if out of memory.
 */
struct commenter *commenter_new(const struct boot *boot, bool all);
void commenter_free(struct commenter *c);

/**
 * commenter_look() - look at the next frame (Ethernet)
 * @out: its comment is added
 *
 * Return: 1; 0 if it is not of this boot; -ENOMEM.
 */
int commenter_look(struct commenter *c, const struct capture_frame *frame,
    struct sbuf *out);

/** comment_verdict() - how the boot ended, for the last frame of it. */
void comment_verdict(const struct boot *boot, struct sbuf *out);

#endif
