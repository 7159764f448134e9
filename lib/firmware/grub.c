#include "firmware/grub.h"

#include "base/bytes.h"
#include "firmware/pe.h"
#include "firmware/search.h"

#include <errno.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAGIC = 0x676d696d,
	OBJ_ELF = 0,
	OBJ_MEMDISK = 1,
	OBJ_CONFIG = 2,
	OBJ_PREFIX = 3,
	SECTIONS_MAX = 256,
	FAT_ENTRY = 32,
	CONFIG_MAX = 1024 * 1024,
	/* core.0: pxeboot.img and the unpacker stand before the stream */
	PACKED_FROM = 0x400,
	PACKED_TO = 0x4000,
	UNPACKED_MAX = 8 * 1024 * 1024,
	UNPACK_WORK_MAX = 32 * 1024 * 1024,     /* of all that is tried */
	LZMA_DICT = 1 << 16,
};

/* A section of an ELF file of either class, little-endian. */
static bool
elf_section(struct rd file, const char *name, struct rd *ret)
{
	bool wide = rd_peek(&file, 4) == 2;
	size_t entry = wide ? 64 : 40;
	struct rd head = rd_at(file.p, file.left, wide ? 40 : 32);
	uint32_t shoff = rd_le32(&head);
	struct rd counts = rd_at(file.p, file.left, wide ? 60 : 48);
	uint16_t n = rd_le16(&counts);
	uint16_t names = rd_le16(&counts);
	uint32_t off[2];
	uint32_t len[2];

	if (!search_starts(&file, "\177ELF", 4) || counts.bad ||
	    n > SECTIONS_MAX || names >= n)
		return false;
	for (size_t i = 0; i <= n; i++) {
		/* the table of names first, then each */
		size_t at = shoff + entry * (i == 0 ? names : i - 1);
		struct rd s = rd_at(file.p, file.left, at);
		uint32_t name_at = rd_le32(&s);
		size_t slot = i == 0 ? 0 : 1;
		struct rd text;

		rd_skip(&s, wide ? 20 : 12);
		off[slot] = rd_le32(&s);
		if (wide)
			rd_skip(&s, 4);
		len[slot] = rd_le32(&s);
		if (s.bad)
			return false;
		if (i == 0)
			continue;
		text = rd_at(file.p, file.left, (size_t)off[0] + name_at);
		if (!search_starts(&text, name, strlen(name) + 1))
			continue;
		*ret = rd_at(file.p, file.left, off[1]);
		*ret = rd_sub(ret, len[1]);
		return !ret->bad;
	}
	return false;
}

size_t
grub_module_deps(const void *buf, size_t len, const char *ret[GRUB_DEPS_MAX])
{
	struct rd r;
	size_t n = 0;

	if (!elf_section(rd_init(buf, len), ".moddeps", &r))
		return 0;
	while (r.left > 0 && n < GRUB_DEPS_MAX) {
		size_t name_len;
		const char *name = rd_cstr(&r, &name_len);

		if (!name)
			break;
		if (name_len > 0)
			ret[n++] = name;
	}
	return n;
}

static const char *
dup_text(struct grub_image *g, struct rd r)
{
	size_t n = 0;

	while (n < r.left && n < CONFIG_MAX && r.p[n])
		n++;
	return arena_dup(&g->arena, r.p, n);
}

static int
add_module(struct grub_image *g, struct rd file)
{
	struct rd name;

	if (g->n_modules == GRUB_MODULES_MAX ||
	    !elf_section(file, ".modname", &name))
		return 0;
	g->module[g->n_modules] = dup_text(g, name);
	return g->module[g->n_modules++] ? 0 : -ENOMEM;
}

/*
 * GRUB.CFG in the root of a FAT file system. It was made in one go: files lie
 * in one piece.
 */
static int
read_memdisk(struct grub_image *g, struct rd disk)
{
	struct rd r = rd_at(disk.p, disk.left, 11);
	size_t sector = rd_le16(&r);
	size_t cluster = rd_u8(&r) * sector;
	size_t root = rd_le16(&r) * sector;
	size_t n_fats = rd_u8(&r);
	size_t n_entries = rd_le16(&r);
	size_t data;

	rd_skip(&r, 3);
	root += n_fats * rd_le16(&r) * sector;
	data = root + n_entries * FAT_ENTRY;
	for (size_t i = 0; !r.bad && i < n_entries; i++) {
		struct rd e = rd_at(disk.p, disk.left, root + i * FAT_ENTRY);
		bool is_it = search_starts(&e, "GRUB    CFG", 11);
		struct rd file;
		size_t first;
		size_t size;

		if (!is_it)
			continue;
		rd_skip(&e, 26);
		first = rd_le16(&e);
		size = rd_le32(&e);
		if (e.bad || first < 2)
			return 0;
		file = rd_at(disk.p, disk.left, data + (first - 2) * cluster);
		file = rd_sub(&file, size);
		if (file.bad)
			return 0;
		g->memdisk_config = dup_text(g, file);
		return g->memdisk_config ? 0 : -ENOMEM;
	}
	return 0;
}

static int
add_object(struct grub_image *g, uint32_t type, struct rd body)
{
	switch (type) {
	case OBJ_ELF:
		return add_module(g, body);
	case OBJ_MEMDISK:
		return read_memdisk(g, body);
	case OBJ_CONFIG:
		g->config = dup_text(g, body);
		return g->config ? 0 : -ENOMEM;
	case OBJ_PREFIX:
		g->prefix = dup_text(g, body);
		return g->prefix ? 0 : -ENOMEM;
	default:
		return 0;
	}
}

/* @r stands on the magic number; the header is as wide as the CPU. */
static int
read_modules(struct grub_image *g, struct rd r, bool wide)
{
	struct rd start = r;
	uint32_t off;
	uint32_t size;
	int rc = 0;

	rd_skip(&r, wide ? 8 : 4);
	off = rd_le32(&r);
	if (wide)
		rd_skip(&r, 4);
	size = rd_le32(&r);
	if (r.bad || off > size || size > start.left)
		return -EBADMSG;
	r = rd_sub(&start, size);
	rd_skip(&r, off);
	while (rc == 0 && r.left > 0) {
		uint32_t type = rd_le32(&r);
		uint32_t len = rd_le32(&r);
		struct rd body = rd_sub(&r, len < 8 ? r.left + 1 : len - 8);

		if (r.bad)
			return g->n_modules > 0 ? 0 : -EBADMSG;
		rc = add_object(g, type, body);
	}
	return rc;
}

/* The modules in unpacked code, wherever they begin. */
static int
find_modules(struct grub_image *g, struct rd r)
{
	static const uint8_t magic[] = { 'm', 'i', 'm', 'g' };

	while (search_bytes(&r, magic, sizeof(magic))) {
		int rc;

		/* the constant is in the code as well */
		rc = read_modules(g, r, false);
		if (rc == -ENOMEM || (rc == 0 && g->n_modules > 0))
			return rc;
		rd_skip(&r, sizeof(magic));
	}
	return -EBADMSG;
}

/* Unpack a raw LZMA stream; the bytes that came, 0 if it is none. */
static size_t
unpack(struct rd r, uint8_t *out, size_t cap)
{
	lzma_options_lzma options = { .dict_size = LZMA_DICT, .lc = 3, .lp = 0,
	    .pb = 2 };
	lzma_filter filters[] = {
		{ LZMA_FILTER_LZMA1, &options }, { LZMA_VLI_UNKNOWN, NULL },
	};
	lzma_stream s = LZMA_STREAM_INIT;
	size_t n = 0;

	if (lzma_raw_decoder(&s, filters) != LZMA_OK)
		return 0;
	s.next_in = r.p;
	s.avail_in = r.left;
	s.next_out = out;
	s.avail_out = cap;
	while (lzma_code(&s, LZMA_RUN) == LZMA_OK && s.avail_in > 0 &&
	    s.avail_out > 0)
		;
	n = cap - s.avail_out;
	lzma_end(&s);
	return n;
}

static int
read_packed(struct grub_image *g, const void *buf, size_t len)
{
	uint8_t *out = malloc(UNPACKED_MAX);
	size_t work = 0;
	int rc = -EBADMSG;

	if (!out)
		return -ENOMEM;
	for (size_t at = PACKED_FROM; rc == -EBADMSG && at < PACKED_TO &&
	    at < len && work < UNPACK_WORK_MAX; at++) {
		struct rd r = rd_at(buf, len, at);
		size_t n;

		/* a stream begins with 0, of code it goes on with more */
		if (rd_peek(&r, 0) != 0 || rd_peek(&r, 1) == 0)
			continue;
		n = unpack(r, out, UNPACKED_MAX);
		work += n;
		if (n > len)
			rc = find_modules(g, rd_init(out, n));
	}
	free(out);
	return rc;
}

int
grub_image_read(const void *buf, size_t len, struct grub_image *ret)
{
	struct pe pe;
	struct rd r;

	memset(ret, 0, sizeof(*ret));
	ret->prefix = "";
	if (pe_parse(buf, len, &pe) < 0)
		return read_packed(ret, buf, len);
	if (!pe_section(&pe, buf, len, "mods", &r))
		return -EBADMSG;
	return read_modules(ret, r, pe.cpu != CPU_X86 && pe.cpu != CPU_ARM32);
}

void
grub_image_release(struct grub_image *g)
{
	arena_release(&g->arena);
}

bool
grub_image_has(const struct grub_image *g, const char *module)
{
	for (size_t i = 0; i < g->n_modules; i++) {
		if (strcmp(g->module[i], module) == 0)
			return true;
	}
	return false;
}
