/*
 * frag.h - putting fragments of IPv4 and IPv6 datagrams together again.
 *
 * A table takes every frame that frame_is_fragment() and gives back whole
 * datagrams. It knows no clock: the caller says what time it is, in seconds
 * of any epoch. Memory is bounded whatever comes in: when a ceiling is
 * reached, the oldest datagram is forgotten. Fragments that overlap end
 * their datagram (RFC 5722); exact copies, which a capture of two
 * interfaces is full of, are ignored (RFC 8200 4.5).
 */
#ifndef PXE_WIRE_FRAG_H
#define PXE_WIRE_FRAG_H

#include "wire/frame.h"

enum {
	FRAG_TIMEOUT_S = 30,            /* RFC 791 3.2 lets us choose */
	FRAG_DATAGRAMS_MAX = 128,       /* unfinished at one time */
	FRAG_PIECES_MAX = 256,          /* fragments of one datagram */
	FRAG_BYTES_MAX = 4 * 1024 * 1024,       /* held in all */
	FRAG_DATAGRAM_LEN_MAX = 65535,
};

struct frag_table;

/* What became of the datagrams. */
struct frag_counts {
	size_t whole;
	size_t refused;                 /* overlaps, too long, not parsed */
	size_t expired;                 /* pieces missing after the timeout */
	size_t evicted;                 /* had to make room for newer ones */
};

/** frag_new() - an empty table; NULL if out of memory. */
struct frag_table *frag_new(void);
void frag_free(struct frag_table *t);

/**
 * frag_input() - take one fragment
 * @f:   from frame_parse(); its bytes are copied
 * @now: seconds; a datagram expires FRAG_TIMEOUT_S after its first arrival
 * @ret: where 1 is returned, the whole datagram: addresses, MACs and tags of
 *       the first fragment, layer 4 parsed, payload complete. It points into
 *       @t and holds until the next call with @t.
 *
 * Return: 1 if @f completed its datagram; 0 if more is needed, @f is a copy,
 * or its datagram was refused before; -ENODATA if the capture cut the
 * fragment; -EBADMSG if it overlaps, is malformed, or completes a malformed
 * datagram; -EMSGSIZE past FRAG_PIECES_MAX; -EINVAL if @f is no fragment;
 * -ENOMEM.
 */
int frag_input(struct frag_table *t, const struct frame *f, double now,
    struct frame *ret, struct diag *diag);

/** frag_expire() - forget what has waited too long at @now. */
void frag_expire(struct frag_table *t, double now);

/** frag_counts() - totals so far. */
struct frag_counts frag_counts(const struct frag_table *t);

/** frag_waiting() - how many datagrams are unfinished. */
size_t frag_waiting(const struct frag_table *t);

#endif
