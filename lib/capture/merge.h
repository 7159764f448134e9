/*
 * merge.h - several captures of one incident as one: frames in the order of
 * their times, and what two of them saw, once.
 */
#ifndef PXE_CAPTURE_MERGE_H
#define PXE_CAPTURE_MERGE_H

#include "capture/reader.h"

#include <stdbool.h>

enum { MERGE_FILES_MAX = 256 };

struct capture_merge;

/* What merge_next() gives. */
struct merged_frame {
	struct capture_frame frame;     /* `number` counts over all files */
	size_t file;                    /* which one it is of */
	int link;
};

/**
 * capture_merge_open() - open them all; "-" is standard input
 *
 * Return: as capture_open(); -EINVAL if there are too many.
 */
int capture_merge_open(const char *const *paths, size_t n,
    struct capture_merge **ret, struct diag *diag);

/**
 * capture_merge_follow() - the same, and where a file ends, wait for more
 *
 * It waits for the next frame of every file before it hands out the earliest.
 */
int capture_merge_follow(const char *const *paths, size_t n,
    struct capture_merge **ret, struct diag *diag);
void capture_merge_close(struct capture_merge *m);

/**
 * capture_merge_next() - the earliest frame that is left
 *
 * A frame that another of the files has too, to the byte and within a second,
 * is left out; its number is not used.
 *
 * Return: 1; 0 at the end; -EBADMSG once for each file that is cut short or
 * damaged, after which the others go on.
 */
int capture_merge_next(struct capture_merge *m, struct merged_frame *ret,
    struct diag *diag);

/** capture_merge_doubles() - how many were left out so far. */
uint64_t capture_merge_doubles(const struct capture_merge *m);

#endif
