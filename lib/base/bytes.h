/*
 * bytes.h - the cursor over hostile bytes, and its twin that writes.
 *
 * A reader never looks past its end. A failed read is remembered in `bad`,
 * yields zero and empties the reader, so loops end and one check suffices,
 * made before anything acts on the values. A nested length becomes a nested
 * reader. Multi-byte values are big-endian unless the name says `le`.
 *
 * A writer never writes past its buffer: what does not fit sets `full`, and
 * nothing after that is written.
 */
#ifndef PXE_BASE_BYTES_H
#define PXE_BASE_BYTES_H

#include "util.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rd {
	const uint8_t *p;       /* next byte; valid for `left` bytes */
	size_t left;
	size_t at;              /* offset of `p` from the outermost start */
	bool bad;               /* something was read that is not there */
};

struct rd rd_init(const void *buf, size_t len);
uint8_t rd_u8(struct rd *r);
uint16_t rd_u16(struct rd *r);
uint32_t rd_u32(struct rd *r);
uint64_t rd_u64(struct rd *r);
uint16_t rd_le16(struct rd *r);
uint32_t rd_le32(struct rd *r);

/** rd_peek() - the byte @ahead bytes from here, or -1 if there is none. */
int rd_peek(const struct rd *r, size_t ahead);

/** rd_copy() - copy exactly @len bytes to @to; zeros if they are not there. */
void rd_copy(struct rd *r, void *to, size_t len);

/** rd_take() - a pointer to the next @len bytes, or NULL (and bad). */
const uint8_t *rd_take(struct rd *r, size_t len);

/** rd_skip() - step over @len bytes. */
void rd_skip(struct rd *r, size_t len);

/**
 * rd_sub() - a reader for the next @len bytes alone
 *
 * If they are not all there, both readers become bad.
 */
struct rd rd_sub(struct rd *r, size_t len);

/** rd_rest() - a reader for all that is left; @r ends up empty. */
struct rd rd_rest(struct rd *r);

/**
 * rd_cstr() - the bytes up to a NUL, which is consumed but not counted
 * @ret_len: length without the NUL
 *
 * Return: the string's start; NULL (and bad) if no NUL follows.
 */
const char *rd_cstr(struct rd *r, size_t *ret_len);

/** rd_at() - a reader over @whole from @off on; bad if @off lies outside. */
struct rd rd_at(const void *whole, size_t len, size_t off);

struct wr {
	uint8_t *buf;
	size_t cap;
	size_t len;             /* bytes written so far */
	bool full;              /* something did not fit */
};

struct wr wr_init(void *buf, size_t cap);
void wr_u8(struct wr *w, uint8_t v);
void wr_u16(struct wr *w, uint16_t v);
void wr_u32(struct wr *w, uint32_t v);
void wr_bytes(struct wr *w, const void *from, size_t len);
void wr_zero(struct wr *w, size_t len);

/** wr_str() - the characters of @s without the NUL. */
void wr_str(struct wr *w, const char *s);

/** wr_cstr() - the characters of @s and the NUL. */
void wr_cstr(struct wr *w, const char *s);

/*
 * Reserve a length field and fill it in once its content is written. The
 * length counts the bytes after the field. A content too long for the
 * field sets `full`.
 */
size_t wr_mark8(struct wr *w);
void wr_fill8(struct wr *w, size_t mark);
size_t wr_mark16(struct wr *w);
void wr_fill16(struct wr *w, size_t mark);

/** wr_set16() - overwrite two bytes already written at @at. */
void wr_set16(struct wr *w, size_t at, uint16_t v);

#endif
