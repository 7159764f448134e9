/*
 * identify_make.h - write the formats of boot files, as far as telling them
 * apart needs; a part of identify.c.
 */
#ifndef PXE_TESTS_IDENTIFY_MAKE_H
#define PXE_TESTS_IDENTIFY_MAKE_H

#include "pe_make.h"

static void
utf16(struct wr *w, const char *s)
{
	for (; *s; s++)
		le16(w, (uint8_t)*s);
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
