/*
 * identify_make.h - write the formats of boot files, as far as telling them
 * apart needs; a part of identify.c.
 */
#ifndef PXE_TESTS_IDENTIFY_MAKE_H
#define PXE_TESTS_IDENTIFY_MAKE_H

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

static void
utf16(struct wr *w, const char *s)
{
	for (; *s; s++)
		le16(w, (uint8_t)*s);
}

/* Overwrite what was written before. */
static struct wr
again(struct wr *w, size_t at)
{
	return wr_init(w->buf + at, w->len - at);
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

static void
put_ipxe(struct wr *w, const char *name, const char *embedded, bool framed)
{
	static const char early[] = "some early code, which is short, though "
	    "a block has a least length; and so this text goes on for a while";
	uint8_t buf[8192];
	size_t n = payload(buf, sizeof(buf), "iPXE", name, embedded);

	zbin_block(w, early, sizeof(early), framed, 6);
	zbin_block(w, buf, n, framed, 6 | LZMA_PRESET_EXTREME);
}

struct section {
	const char *name;
	const char *text;
	size_t len;             /* 0: the text is a string */
};

static void
put_pe_head(struct wr *w, size_t at, uint16_t machine, uint16_t subsystem,
    uint32_t stamp, bool is_signed, uint16_t n_sections)
{
	struct wr lfanew = again(w, 0x3c);

	le32(&lfanew, (uint32_t)at);
	pad(w, at);
	wr_bytes(w, "PE\0\0", 4);
	le16(w, machine);
	le16(w, n_sections);
	le32(w, stamp);
	wr_zero(w, 8);
	le16(w, 112 + 8 * 16);
	le16(w, 0x2022);
	size_t opt = w->len;
	le16(w, 0x20b);
	wr_u8(w, stamp == 0x10d1a884 ? 42 : 2);
	wr_u8(w, stamp == 0x10d1a884 ? 42 : 20);
	pad(w, opt + 68);
	le16(w, subsystem);
	pad(w, opt + 108);
	le32(w, 16);
	pad(w, opt + 112 + 8 * 4);
	if (is_signed) {
		le32(w, 0x2000);
		le32(w, 0x100);
	}
	pad(w, opt + 112 + 8 * 16);
}

static void
put_pe(struct wr *w, uint16_t machine, uint16_t subsystem, uint32_t stamp,
    bool is_signed, const struct section *s, size_t n)
{
	size_t data = 0x400;

	wr_str(w, "MZ");
	wr_zero(w, 62);
	put_pe_head(w, 0x80, machine, subsystem, stamp, is_signed,
	    (uint16_t)n);
	for (size_t i = 0; i < n; i++) {
		size_t len = s[i].len ? s[i].len : strlen(s[i].text);
		size_t named = w->len;

		wr_str(w, s[i].name);
		pad(w, named + 8);
		le32(w, (uint32_t)len);
		le32(w, 0x1000);
		le32(w, (uint32_t)(len + 511) & ~511u);
		le32(w, (uint32_t)data);
		pad(w, named + 40);
		data += (len + 511) & ~(size_t)511;
	}
	pad(w, 0x400);
	for (size_t i = 0; i < n; i++) {
		wr_bytes(w, s[i].text, s[i].len ? s[i].len :
		    strlen(s[i].text));
		pad(w, (w->len + 511) & ~(size_t)511);
	}
}

/* The setup header; the version string goes to 0x3c0. */
static void
put_setup(struct wr *w, uint16_t protocol, uint16_t xloadflags,
    const char *version)
{
	struct wr at = wr_init(NULL, 0);

	pad(w, 0x400);
	at = again(w, 0x1f1);
	wr_u8(&at, 1);
	at = again(w, 0x1fe);
	wr_u16(&at, 0x55aa);
	wr_u16(&at, 0xeb66);
	wr_str(&at, "HdrS");
	le16(&at, protocol);
	at = again(w, 0x20e);
	le16(&at, version ? 0x1c0 : 0);
	at = again(w, 0x236);
	le16(&at, xloadflags);
	at = again(w, 0x264);
	le32(&at, 0x190);
	at = again(w, 0x3c0);
	if (version)
		wr_cstr(&at, version);
}

static void
put_image_magic(struct wr *w, size_t at, const char *magic)
{
	struct wr r = again(w, at);

	wr_bytes(&r, magic, 4);
}

#endif
