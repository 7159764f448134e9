#include "firmware/packed.h"

#include "base/bytes.h"
#include "base/text.h"
#include "base/util.h"
#include "firmware/inflate.h"
#include "firmware/linux.h"
#include "firmware/search.h"

#include <ctype.h>
#include <lzma.h>
#include <stdio.h>

enum {
	CPIO_MAGIC_LEN = 6,
	CPIO_FIELDS_LEN = 13 * 8,       /* hex digits after the magic */
	HEAD_LEN = 512,                 /* what is unpacked to see what it is */
	TAR_MAGIC = 257,
	AR_HEAD = 64,
	XZ_MEMORY_MAX = 128 * 1024 * 1024,
};

static size_t
unpack_xz(struct rd r, void *buf, size_t cap)
{
	lzma_stream strm = LZMA_STREAM_INIT;

	/* xz and the older .lzma; any failure is just less to look at */
	if (lzma_auto_decoder(&strm, XZ_MEMORY_MAX, 0) != LZMA_OK)
		return 0;
	strm.next_in = r.p;
	strm.avail_in = r.left;
	strm.next_out = buf;
	strm.avail_out = cap;
	while (strm.avail_out > 0 && lzma_code(&strm, LZMA_FINISH) == LZMA_OK)
		continue;
	cap -= strm.avail_out;
	lzma_end(&strm);
	return cap;
}

static const struct {
	uint8_t magic[6];
	size_t len;
	const char *name;
	size_t (*unpack)(struct rd r, void *buf, size_t cap);
} streams[] = {
	{ { 0x1f, 0x8b, 8 },               3, "gzip",  inflate_gzip_head },
	{ { 0xfd, '7', 'z', 'X', 'Z', 0 }, 6, "xz",    unpack_xz },
	{ { 0x5d, 0, 0 },                  3, "lzma",  unpack_xz },
	/* These need libraries that nothing else here does. */
	{ { 0x28, 0xb5, 0x2f, 0xfd },      4, "zstd",  NULL },
	{ { 0x02, 0x21, 0x4c, 0x18 },      4, "lz4",   NULL },
	{ { 0x04, 0x22, 0x4d, 0x18 },      4, "lz4",   NULL },
	{ { 'B', 'Z', 'h' },               3, "bzip2", NULL },
	{ { 0x89, 'L', 'Z', 'O', 0, 0x0d }, 6, "lzop", NULL },
};

/* "newc", without and with checksum (Linux's buffer-format.rst) */
static bool
is_cpio(struct rd r)
{
	if (!search_starts(&r, "070701", CPIO_MAGIC_LEN) &&
	    !search_starts(&r, "070702", CPIO_MAGIC_LEN))
		return false;
	rd_skip(&r, CPIO_MAGIC_LEN);
	for (int i = 0; i < CPIO_FIELDS_LEN; i++) {
		if (!isxdigit(rd_u8(&r)))
			return false;
	}
	return true;
}

/* POSIX tar, and GNU's */
static bool
is_tar(struct rd r)
{
	rd_skip(&r, TAR_MAGIC);
	return search_starts(&r, "ustar", 5);
}

/* Archives that are no initrd, and their names. */
static const char *
archive_name(struct rd r)
{
	if (search_starts(&r, "PK\3\4", 4))
		return "zip";
	if (search_starts(&r, "!<arch>\n", 8))
		return search_has(r, AR_HEAD, "debian-binary") ?
		    "Debian package" : "ar";
	return is_tar(r) ? "tar" : NULL;
}

static void
identify_stream(struct rd r, size_t kind, struct bootfile *f)
{
	uint8_t head[HEAD_LEN];
	size_t len = 0;
	enum arch_cpu cpu;

	if (streams[kind].unpack)
		len = streams[kind].unpack(r, head, sizeof(head));
	cpu = linux_image_cpu(head, len);
	f->kind = BOOTFILE_INITRD;
	text_copy(f->product, sizeof(f->product), streams[kind].name);
	if (cpu != CPU_NONE) {
		f->kind = BOOTFILE_LINUX;
		f->cpu = cpu;
		snprintf(f->product, sizeof(f->product), "Linux, %s",
		    streams[kind].name);
	} else if (is_tar(rd_init(head, len))) {
		f->kind = BOOTFILE_ARCHIVE;
		snprintf(f->product, sizeof(f->product), "tar, %s",
		    streams[kind].name);
	} else if (is_cpio(rd_init(head, len))) {
		snprintf(f->product, sizeof(f->product), "cpio, %s",
		    streams[kind].name);
	}
}

int
packed_identify(const void *buf, size_t len, struct bootfile *ret)
{
	struct rd r = rd_init(buf, len);
	const char *archive = archive_name(r);

	if (archive) {
		ret->kind = BOOTFILE_ARCHIVE;
		text_copy(ret->product, sizeof(ret->product), archive);
		return 1;
	}
	if (is_cpio(r)) {
		ret->kind = BOOTFILE_INITRD;
		text_copy(ret->product, sizeof(ret->product), "cpio");
		return 1;
	}
	for (size_t i = 0; i < ARRAY_LEN(streams); i++) {
		if (search_starts(&r, streams[i].magic, streams[i].len)) {
			identify_stream(r, i, ret);
			return 1;
		}
	}
	return 0;
}
