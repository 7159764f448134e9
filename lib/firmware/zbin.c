#include "firmware/zbin.h"

#include "base/util.h"
#include "firmware/search.h"

#include <errno.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>

enum {
	FRAME_LEN = 4,                  /* each of length and CRC */
	STREAM_MIN = 13,
	FIRST_CAP = 64 * 1024,
	DICT_SMALL = 1 << 16,           /* tried first: it costs less */
	DICT_LEN = 1 << 23,             /* what the packer uses */
	/* A bare stream has no CRC: what unpacks to less proves nothing. */
	BARE_MIN = 128,
};

struct zbin_scan
zbin_scan_init(const void *buf, size_t len, enum zbin_framing framing)
{
	return (struct zbin_scan){
		.left = rd_init(buf, min_size(len, ZBIN_SCAN_MAX)),
		.framing = framing,
		.crc_left = ZBIN_CRC_MAX,
		.unpack_left = ZBIN_TOTAL_MAX,
		.blocks_left = ZBIN_BLOCKS_MAX,
		.tries_left = ZBIN_TRIES_MAX,
	};
}

void
zbin_block_release(struct zbin_block *b)
{
	free(b->bytes);
	*b = (struct zbin_block){ 0 };
}

/* Two's complement, whatever the compiler's int does. */
static int64_t
get_s32(const uint8_t *p)
{
	struct rd r = rd_init(p, 4);
	uint32_t v = rd_le32(&r);

	return v > INT32_MAX ? (int64_t)v - ((int64_t)UINT32_MAX + 1) : v;
}

static void
put_s32(uint8_t *p, int64_t value)
{
	uint32_t v = (uint32_t)(uint64_t)value;

	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

/*
 * The filter turned the relative targets of CALL and JMP into absolute ones,
 * which repeat and so compress better; a target that would have left the
 * block wraps around its end, so that every value has one meaning.
 */
void
zbin_unfilter(uint8_t *bytes, size_t len)
{
	int64_t limit = (int64_t)len - 5;

	for (int64_t off = 0; off <= limit; off++) {
		int64_t target;

		if (bytes[off] != 0xe8 && bytes[off] != 0xe9)
			continue;
		target = get_s32(&bytes[off + 1]);
		if (target >= 0 && target < limit)
			put_s32(&bytes[off + 1], target - off);
		else if (target >= -off && target < 0)
			put_s32(&bytes[off + 1], target + limit);
		off += 4;
	}
}

void
zbin_filter(uint8_t *bytes, size_t len)
{
	int64_t limit = (int64_t)len - 5;

	for (int64_t off = 0; off <= limit; off++) {
		int64_t target;

		if (bytes[off] != 0xe8 && bytes[off] != 0xe9)
			continue;
		target = get_s32(&bytes[off + 1]);
		if (target >= -off && target < limit - off)
			put_s32(&bytes[off + 1], target + off);
		else if (target >= limit - off && target < limit)
			put_s32(&bytes[off + 1], target - limit);
		off += 4;
	}
}

/* Room for more output, up to @max. Return: 0; -EFBIG; -ENOMEM. */
static int
grow(struct zbin_block *b, size_t *cap, size_t max)
{
	size_t want = *cap ? *cap * 2 : FIRST_CAP;
	uint8_t *p;

	want = min_size(want, max);
	if (want <= *cap)
		return -EFBIG;
	p = realloc(b->bytes, want);
	if (!p)
		return -ENOMEM;
	b->bytes = p;
	*cap = want;
	return 0;
}

/*
 * Unpack the stream at the start of @r until its end marker. What it costs
 * is taken from the scan's allowance, whether it succeeds or not.
 *
 * Return: 0 with @ret's bytes and @ret_used; -EBADMSG, with the length that
 * it came to; -EFBIG; -ENOMEM.
 */
static int
unpack_with(struct zbin_scan *s, struct rd r, uint32_t dict_len,
    struct zbin_block *ret, size_t *ret_used)
{
	size_t max = min_size(s->unpack_left, ZBIN_UNPACKED_MAX);
	lzma_options_lzma opts = { .dict_size = dict_len, .lc = 2 };
	lzma_filter filters[] = {
		{ LZMA_FILTER_LZMA1, &opts },
		{ LZMA_VLI_UNKNOWN, NULL },
	};
	lzma_stream strm = LZMA_STREAM_INIT;
	struct zbin_block b = { 0 };
	lzma_ret got = LZMA_OK;
	size_t cap = 0;
	int rc = 0;

	if (s->tries_left == 0)
		return -EFBIG;
	s->tries_left--;
	if (lzma_raw_decoder(&strm, filters) != LZMA_OK)
		return -ENOMEM;
	strm.next_in = r.p;
	strm.avail_in = r.left;
	while (rc == 0 && got == LZMA_OK) {
		if (b.len == cap) {
			rc = grow(&b, &cap, max);
			if (rc < 0)
				break;
		}
		strm.next_out = b.bytes + b.len;
		strm.avail_out = cap - b.len;
		got = lzma_code(&strm, LZMA_FINISH);
		b.len = cap - strm.avail_out;
	}
	if (rc == 0 && got != LZMA_STREAM_END)
		rc = got == LZMA_MEM_ERROR ? -ENOMEM : -EBADMSG;
	*ret_used = r.left - strm.avail_in;
	lzma_end(&strm);
	s->unpack_left -= b.len;
	ret->len = b.len;
	if (rc < 0) {
		zbin_block_release(&b);
		return rc;
	}
	zbin_unfilter(b.bytes, b.len);
	*ret = b;
	return 0;
}

static int
unpack(struct zbin_scan *s, struct rd r, struct zbin_block *ret,
    size_t *ret_used)
{
	int rc = unpack_with(s, r, DICT_SMALL, ret, ret_used);

	/* What fails sooner does not fail for want of a dictionary. */
	if (rc == -EBADMSG && ret->len >= DICT_SMALL)
		rc = unpack_with(s, r, DICT_LEN, ret, ret_used);
	return rc;
}

/*
 * The stream of a framed block at @at, proven by its CRC; false if there is
 * none there.
 */
static bool
framed_stream(struct zbin_scan *s, struct rd at, struct rd *ret_stream)
{
	uint32_t n = rd_le32(&at);
	struct rd stream;

	if (n < FRAME_LEN + STREAM_MIN || n > ZBIN_PACKED_MAX)
		return false;
	/* The range coder's first byte is always zero. */
	if (rd_peek(&at, 0) != 0)
		return false;
	stream = rd_sub(&at, n - FRAME_LEN);
	n = rd_le32(&at);
	if (at.bad || stream.left > s->crc_left)
		return false;
	if ((lzma_crc32(stream.p, stream.left, 0) ^ UINT32_MAX) != n) {
		s->crc_left -= stream.left;
		return false;
	}
	*ret_stream = stream;
	return true;
}

static int
try_framed(struct zbin_scan *s, struct rd at, struct zbin_block *ret)
{
	struct rd stream;
	size_t used;
	int rc;

	if (!framed_stream(s, at, &stream))
		return -EBADMSG;
	rc = unpack(s, stream, ret, &used);
	if (rc == 0)
		ret->packed_len = stream.left + 2 * FRAME_LEN;
	return rc;
}

static int
try_bare(struct zbin_scan *s, struct rd at, struct zbin_block *ret)
{
	size_t used;
	int rc;

	/* Padding is a stream of nothing; do not even begin. */
	if (rd_peek(&at, 0) != 0 || rd_peek(&at, 1) <= 0)
		return -EBADMSG;
	rc = unpack(s, search_head(at, ZBIN_PACKED_MAX), ret, &used);
	if (rc == 0 && ret->len < BARE_MIN) {
		zbin_block_release(ret);
		rc = -EBADMSG;
	}
	if (rc == 0)
		ret->packed_len = used;
	return rc;
}

int
zbin_next(struct zbin_scan *s, struct zbin_block *ret)
{
	while (s->left.left > 0 && s->blocks_left > 0) {
		struct zbin_block b = { 0 };
		size_t off = s->left.at;
		size_t step = ZBIN_ALIGN;
		int rc;

		rc = s->framing == ZBIN_FRAMED ? try_framed(s, s->left, &b) :
		    try_bare(s, s->left, &b);
		if (rc == -ENOMEM)
			return rc;
		if (rc == 0)
			step = (b.packed_len + ZBIN_ALIGN - 1) /
			    ZBIN_ALIGN * ZBIN_ALIGN;
		rd_skip(&s->left, min_size(step, s->left.left));
		if (rc < 0)
			continue;
		b.off = off;
		s->blocks_left--;
		*ret = b;
		return 1;
	}
	return 0;
}
