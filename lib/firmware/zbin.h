/*
 * zbin.h - the compressed blocks inside iPXE's BIOS images.
 *
 * Since March 2016 a block is: its length (little-endian, the stream plus
 * four), a raw LZMA1 stream (lc=2 lp=0 pb=0, with an end marker), and a
 * CRC-32 without the final inversion; it begins at a multiple of 16. From
 * February 2015 until then it was the bare stream. What is inside was run
 * through iPXE's own x86 call filter, which is undone here.
 *
 * A scan has ceilings for how much it checks, unpacks and finds, so a file
 * made to be slow or to swell is just a file with no more blocks in it.
 */
#ifndef PXE_FIRMWARE_ZBIN_H
#define PXE_FIRMWARE_ZBIN_H

#include "base/bytes.h"

enum {
	ZBIN_ALIGN = 16,
	ZBIN_PACKED_MAX = 8 * 1024 * 1024,      /* one block, as stored */
	ZBIN_UNPACKED_MAX = 16 * 1024 * 1024,   /* one block, unpacked */
	ZBIN_TOTAL_MAX = 64 * 1024 * 1024,      /* all blocks of a file */
	ZBIN_BLOCKS_MAX = 64,
	ZBIN_SCAN_MAX = 64 * 1024 * 1024,       /* how far into a file we look */
	ZBIN_CRC_MAX = 64 * 1024 * 1024,        /* bytes summed in vain */
	ZBIN_TRIES_MAX = 4096,                  /* streams begun */
};

enum zbin_framing { ZBIN_FRAMED, ZBIN_BARE };

struct zbin_scan {
	struct rd left;         /* what was not looked at yet */
	enum zbin_framing framing;
	size_t crc_left;
	size_t unpack_left;
	size_t blocks_left;
	size_t tries_left;
};

struct zbin_block {
	size_t off;             /* in the file */
	size_t packed_len;      /* bytes in the file, framing included */
	uint8_t *bytes;         /* unpacked; owned */
	size_t len;
};

struct zbin_scan zbin_scan_init(const void *buf, size_t len,
    enum zbin_framing framing);

/**
 * zbin_next() - find and unpack the next block
 *
 * Return: 1 with @ret filled in, to be released; 0 if there are no more;
 * -ENOMEM.
 */
int zbin_next(struct zbin_scan *s, struct zbin_block *ret);

void zbin_block_release(struct zbin_block *b);

/** zbin_unfilter() - undo the x86 call filter, in place. */
void zbin_unfilter(uint8_t *bytes, size_t len);

/** zbin_filter() - the x86 call filter, as before packing, in place. */
void zbin_filter(uint8_t *bytes, size_t len);

/**
 * zbin_pack() - pack a block as iPXE's build does, length and CRC included
 * @bytes: unfiltered; are filtered in place
 *
 * What zbin_next() unpacked comes out as the bytes it was made of.
 *
 * Return: 0, and the caller frees @ret; -ENOMEM.
 */
int zbin_pack(uint8_t *bytes, size_t len, uint8_t **ret, size_t *ret_len);

#endif
