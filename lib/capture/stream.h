/*
 * stream.h - HTTP heads that are split over TCP segments.
 *
 * Not a TCP reassembly: only a head that has begun and not ended is kept,
 * until its next bytes come in order. What comes out of order, or is missing
 * from the capture, ends it.
 */
#ifndef PXE_CAPTURE_STREAM_H
#define PXE_CAPTURE_STREAM_H

#include "base/arena.h"
#include "wire/frame.h"

enum {
	STREAMS_MAX = 256,              /* unfinished heads; the oldest goes */
	STREAM_HEAD_MAX = 16 * 1024,    /* bytes of one */
};

struct stream_table;

/** stream_new() - an empty table; NULL if out of memory. */
struct stream_table *stream_new(void);
void stream_free(struct stream_table *t);

/**
 * stream_begin() - @f holds the beginning of a head, and all its bytes
 *
 * Return: 0; -EMSGSIZE past STREAM_HEAD_MAX; -ENOMEM.
 */
int stream_begin(struct stream_table *t, const struct frame *f);

/**
 * stream_more() - does @f go on with a head?
 * @a:   where the head is copied to
 * @ret: on 1, the head from its beginning to the end of @f
 *
 * Return: 1; 0 if it does not, which forgets a head that cannot go on;
 * -ENOMEM.
 */
int stream_more(struct stream_table *t, const struct frame *f,
    struct arena *a, struct rd *ret);

/** stream_end() - the head that @f went on with has ended, or is none. */
void stream_end(struct stream_table *t, const struct frame *f);

#endif
