/*
 * pe_make.h - write UEFI programs, as far as telling them apart needs.
 */
#ifndef PXE_TESTS_PE_MAKE_H
#define PXE_TESTS_PE_MAKE_H

#include "zbin_make.h"

/* Overwrite what was written before. */
static struct wr
again(struct wr *w, size_t at)
{
	return wr_init(w->buf + at, w->len - at);
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

#endif
