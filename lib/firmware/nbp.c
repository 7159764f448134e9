#include "firmware/nbp.h"

#include "base/bytes.h"
#include "base/text.h"
#include "base/util.h"
#include "firmware/ipxe.h"
#include "firmware/search.h"

#include <errno.h>
#include <string.h>

enum {
	LOADED_AT = 0x7c00,
	HEAD_LEN = 64 * 1024,           /* where programs name themselves */
	CODE_LEN = 4096,                /* where they call the BIOS first */
	JMP_FAR = 0xea,
	JMP_NEAR = 0xe9,
	JMP_SHORT = 0xeb,
	INT = 0xcd,
	IPXE_CODE64 = 0x64,             /* byte 5 of iPXE's newer header */
	IPXE_HEADER_MAGIC = 0x18ae,
};

/* The version after "PXELINUX ", which is followed by a space or a date. */
static bool
is_pxelinux(struct rd r, struct bootfile *f)
{
	r = search_head(r, HEAD_LEN);
	while (search_text(&r, "PXELINUX ")) {
		int c;

		rd_skip(&r, strlen("PXELINUX "));
		c = rd_peek(&r, 0);
		if (c < '0' || c > '9')
			continue;
		rd_skip(&r, search_word(r, " ", f->version,
		    sizeof(f->version)));
		f->has_http = search_starts(&r, " lwIP", strlen(" lwIP"));
		return true;
	}
	return false;
}

static bool
is_grub(struct rd r, struct bootfile *f)
{
	static const uint8_t pxeboot[] = { 0xb2, 0x7f, 0xea, 0, 0x82, 0, 0 };

	(void)f;
	/* GRUB 2's pxeboot.img; all behind it is compressed. */
	return search_starts(&r, pxeboot, sizeof(pxeboot));
}

static bool
is_grub4dos(struct rd r, struct bootfile *f)
{
	(void)f;
	return search_has(r, r.left, "GRUB4DOS");
}

static bool
is_windows(struct rd r, struct bootfile *f)
{
	static const char *const names[] = {
		"WDSNBP", "wdsnbp", "BOOTMGR", "bootmgr.exe", "NTLDR",
	};

	(void)f;
	if (!search_has(r, r.left, "PXE"))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (search_has(r, r.left, names[i]))
			return true;
	}
	return false;
}

static const struct {
	bool (*is)(struct rd r, struct bootfile *f);
	enum bootfile_kind kind;
	const char *product;
} programs[] = {
	{ is_pxelinux, BOOTFILE_PXELINUX, "PXELINUX" },
	{ is_grub,     BOOTFILE_GRUB,     "GRUB" },
	/* It boots Windows too, and so has the names that come next. */
	{ is_grub4dos, BOOTFILE_GRUB,     "GRUB4DOS" },
	{ is_windows,  BOOTFILE_WINDOWS,  "Windows" },
};

/*
 * iPXE's images begin with a far jump to segment 07c0. Since February 2026
 * the word at 6 is a magic number and the byte before tells i386 code from
 * x86_64's.
 */
static int
identify_ipxe(const void *buf, size_t len, struct bootfile *f)
{
	struct rd r = rd_init(buf, len);
	uint8_t code;
	int rc;

	if (rd_u8(&r) != JMP_FAR)
		return 0;
	rd_skip(&r, 2);
	if (rd_le16(&r) != LOADED_AT >> 4)
		return 0;
	code = rd_u8(&r);
	rc = ipxe_identify(buf, len, f);
	if (rc > 0 && code == IPXE_CODE64 &&
	    rd_le16(&r) == IPXE_HEADER_MAGIC)
		f->cpu = CPU_X64;
	return rc;
}

int
nbp_identify(const void *buf, size_t len, struct bootfile *ret)
{
	struct rd r = rd_init(buf, len);
	struct bootfile f = *ret;
	int rc;

	if (len == 0 || len > NBP_MAX)
		return 0;
	f.container = CONTAINER_NBP;
	f.cpu = CPU_X86;
	for (size_t i = 0; i < ARRAY_LEN(programs); i++) {
		struct bootfile named = f;

		if (!programs[i].is(r, &named))
			continue;
		named.kind = programs[i].kind;
		text_copy(named.product, sizeof(named.product),
		    programs[i].product);
		*ret = named;
		return 1;
	}
	rc = identify_ipxe(buf, len, &f);
	if (rc > 0)
		*ret = f;
	return rc;
}

/* Does it begin with a jump to a place inside itself? */
static bool
jumps_inside(struct rd r)
{
	size_t len = r.left;
	size_t to;

	switch (rd_u8(&r)) {
	case JMP_SHORT:
		to = rd_u8(&r);
		return to < 0x80 && to + 2 < len;
	case JMP_NEAR:
		to = rd_le16(&r);
		return to < 0x8000 && to + 3 < len;
	case JMP_FAR:
		to = rd_le16(&r);
		to += (size_t)rd_le16(&r) << 4;
		return !r.bad && to > LOADED_AT && to - LOADED_AT < len;
	default:
		return false;
	}
}

/* INT 10h to 1ah: what a program without an operating system calls. */
static bool
calls_bios(struct rd r)
{
	while (r.left > 0) {
		int n;

		if (rd_u8(&r) != INT)
			continue;
		n = rd_peek(&r, 0);
		if (n == 0x10 || n == 0x13 || n == 0x15 || n == 0x16 ||
		    n == 0x18 || n == 0x19 || n == 0x1a)
			return true;
	}
	return false;
}

int
nbp_identify_code(const void *buf, size_t len, struct bootfile *ret)
{
	struct rd r = rd_init(buf, len);
	struct rd head = search_head(r, CODE_LEN);

	if (len > NBP_MAX || !jumps_inside(r))
		return 0;
	if (!calls_bios(head) && !search_has(r, HEAD_LEN, "!PXE") &&
	    !search_has(r, HEAD_LEN, "PXENV+"))
		return 0;
	ret->kind = BOOTFILE_NBP;
	ret->container = CONTAINER_NBP;
	ret->cpu = CPU_X86;
	return 1;
}
