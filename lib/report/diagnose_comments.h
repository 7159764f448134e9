/*
 * diagnose_comments.h - what a diagnosis says of single frames, to be written
 * beside them into a capture, where Wireshark shows it.
 */
#ifndef PXE_REPORT_DIAGNOSE_COMMENTS_H
#define PXE_REPORT_DIAGNOSE_COMMENTS_H

#include "base/sbuf.h"
#include "diagnose/diagnosis.h"

struct diagnose_comments;

/** diagnose_comments_new() - by frame; NULL if out of memory. */
struct diagnose_comments *diagnose_comments_new(const struct diagnosis *d);
void diagnose_comments_free(struct diagnose_comments *c);

/**
 * diagnose_comments_next() - the comment of a frame
 * @frame: not less than that of the call before
 *
 * Return: true with the text added to @out; false if there is none.
 */
bool diagnose_comments_next(struct diagnose_comments *c, uint64_t frame,
    struct sbuf *out);

#endif
