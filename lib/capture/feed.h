/*
 * feed.h - the frames of several captures, as they are or anonymized. Two
 * feeds with the same key give the same.
 */
#ifndef PXE_CAPTURE_FEED_H
#define PXE_CAPTURE_FEED_H

#include "capture/anonymize.h"
#include "capture/merge.h"

struct feed;

/**
 * feed_open() - as capture_merge_open()
 * @key: ANONYMIZE_KEY_LEN bytes; NULL: as they are
 */
int feed_open(const char *const *paths, size_t n, const uint8_t *key,
    struct feed **ret, struct diag *diag);
void feed_close(struct feed *f);

/** feed_next() - as capture_merge_next(); -ENOMEM. */
int feed_next(struct feed *f, struct merged_frame *ret, struct diag *diag);

#endif
