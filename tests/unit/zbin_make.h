/*
 * zbin_make.h - write iPXE's packed blocks, and what is of interest in them.
 */
#ifndef PXE_TESTS_ZBIN_MAKE_H
#define PXE_TESTS_ZBIN_MAKE_H

#include "unit.h"

#include "base/bytes.h"

#include <lzma.h>

static void
le16(struct wr *w, uint32_t v)
{
	wr_u8(w, v & 0xff);
	wr_u8(w, v >> 8 & 0xff);
}

static void
le32(struct wr *w, uint32_t v)
{
	le16(w, v & 0xffff);
	le16(w, v >> 16);
}

/* Zeros up to @at. */
static void
pad(struct wr *w, size_t at)
{
	ck_assert_uint_le(w->len, at);
	wr_zero(w, at - w->len);
}

/*
 * iPXE's filter, towards the packed form: a relative target becomes an
 * absolute one, and what would pass the end wraps around.
 */
static void
filter(uint8_t *b, size_t len)
{
	int32_t limit = (int32_t)len - 5;

	for (int32_t off = 0; off <= limit; off++) {
		uint32_t u;
		int32_t t;

		if (b[off] != 0xe8 && b[off] != 0xe9)
			continue;
		u = (uint32_t)b[off + 1] | (uint32_t)b[off + 2] << 8 |
		    (uint32_t)b[off + 3] << 16 | (uint32_t)b[off + 4] << 24;
		memcpy(&t, &u, sizeof(t));
		if (t >= -off && t < limit - off)
			t += off;
		else if (t >= limit - off && t < limit)
			t -= limit;
		memcpy(&u, &t, sizeof(u));
		for (int i = 0; i < 4; i++)
			b[off + 1 + i] = (uint8_t)(u >> (8 * i));
		off += 4;
	}
}

/* A compressed block at the next multiple of 16. */
static void
zbin_block(struct wr *w, const void *content, size_t len, bool framed,
    unsigned preset)
{
	lzma_options_lzma opts;
	lzma_filter filters[] = {
		{ LZMA_FILTER_LZMA1, &opts }, { LZMA_VLI_UNKNOWN, NULL },
	};
	uint8_t *in = unit_heap(content, len);
	size_t cap = len + 1024;
	uint8_t *out = malloc(cap);
	size_t n = 0;

	while (w->len % 16)
		wr_u8(w, 0xff);
	ck_assert_ptr_nonnull(out);
	ck_assert(!lzma_lzma_preset(&opts, preset));
	opts.lc = 2;
	opts.lp = 0;
	opts.pb = 0;
	filter(in, len);
	ck_assert_int_eq(lzma_raw_buffer_encode(filters, NULL, in, len, out,
	    &n, cap), LZMA_OK);
	if (framed)
		le32(w, (uint32_t)n + 4);
	wr_bytes(w, out, n);
	if (framed)
		le32(w, lzma_crc32(out, n, 0) ^ UINT32_MAX);
	free(in);
	free(out);
}

static const char script[] = "#!ipxe\necho hello\nchain http://a/b\n";

/* What iPXE's last block has of interest, and calls for the filter. */
static size_t
payload(uint8_t *buf, size_t cap, const char *product, const char *name,
    const char *embedded)
{
	static const uint8_t table[] = { 0xeb, 3, 2, 0, 1, 0x17, 1, 1, 0x27, 1,
	    1, 0x13, 1, 1, 0x10, 1, 2, 0x21, 1, 1, 0x99, 1, 1 };
	static const uint8_t not_yet[] = { 0xeb, 3, 9, 9, 9, 0x17, 1, 1, 0 };
	struct wr w = wr_init(buf, cap);

	for (uint32_t i = 0; i < 300; i++) {
		wr_u8(&w, i % 3 ? 0xe8 : 0xe9);
		le32(&w, i % 7 ? 5000 - i * 5 : 0 - i);
		wr_u8(&w, 0x90);
	}
	wr_bytes(&w, not_yet, sizeof(not_yet));
	wr_cstr(&w, "Vendor");
	wr_cstr(&w, product);
	wr_cstr(&w, "no version here");
	wr_str(&w, "\n\033[1m");
	wr_str(&w, product);
	wr_cstr(&w, " %s\033[0m -- Network Boot -- \033[36mx\033[0m\n");
	if (name)
		wr_cstr(&w, name);
	wr_zero(&w, 3);
	wr_cstr(&w, product);
	wr_u8(&w, 0x66);
	wr_u8(&w, 0x90);
	wr_cstr(&w, "2.0.1+ (gabcd)");
	wr_bytes(&w, table, sizeof(table));
	wr_cstr(&w, "#!ipxe");          /* what it compares scripts with */
	wr_cstr(&w, "#!gpxe");
	if (embedded)
		wr_cstr(&w, embedded);
	wr_cstr(&w, "#!ipxe second");
	ck_assert(!w.full);
	return w.len;
}

#endif
