/*
 * pack.h - what is inside archives and images of file systems, without
 * unpacking them to a disk.
 *
 * Archives, ISO 9660 and compressed streams are read by libarchive, FAT by
 * ours (fat.h). Everything inside is hostile: there is a budget for all of a
 * walk, however deep it goes.
 */
#ifndef PXE_FIRMWARE_PACK_H
#define PXE_FIRMWARE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PACK_PATH_MAX = 1024 };

/* What may still be spent. */
struct pack_budget {
	size_t members;
	uint64_t bytes;                 /* unpacked */
	uint64_t deadline_ms;           /* of clock_now_ms() */
	bool spent;                     /* something was left out */
};

struct pack_member {
	const char *path;
	uint64_t size;
	const uint8_t *bytes;           /* NULL: not asked for */
	size_t len;
};

/* Who is told of each member. */
struct pack_sink {
	/* Return: 0 to go on; 1: enough; a negative errno, which is returned. */
	int (*member)(void *ctx, const struct pack_member *m);
	void *ctx;
	bool names_only;
};

/**
 * pack_walk() - every plain file of an archive or an ISO 9660 image
 *
 * A single compressed file is a member without a name. What is damaged ends
 * the walk without an error: the members before it were there.
 *
 * Return: members seen; -EBADMSG if it is no archive; -ENOMEM; or what the
 * sink returned.
 */
int pack_walk(const void *buf, size_t len, struct pack_budget *budget,
    const struct pack_sink *sink);

/**
 * pack_take() - spend one member of @size bytes
 *
 * Return: false if the budget does not allow it.
 */
bool pack_take(struct pack_budget *budget, uint64_t size);

#endif
