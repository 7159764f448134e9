#include "firmware/uboot.h"

#include "base/text.h"
#include "base/util.h"
#include "firmware/search.h"

#include <lzma.h>
#include <stdio.h>
#include <string.h>

enum {
	HEAD_LEN = 64,
	HEAD_CRC_AT = 4,
	NAME_LEN = 32,
	TYPE_SCRIPT = 6,
	TREE_LEN = 64 * 1024,           /* where the names of nodes stand */
};

struct head {
	uint32_t data_len;
	uint8_t arch;
	uint8_t type;
	char name[NAME_LEN + 1];
};

static bool
read_head(const void *buf, size_t len, struct head *ret)
{
	static const uint8_t magic[] = { 0x27, 0x05, 0x19, 0x56 };
	struct rd r = rd_init(buf, len);
	struct rd name;
	uint8_t copy[HEAD_LEN];
	struct rd all = r;
	uint32_t crc;

	if (!search_starts(&r, magic, sizeof(magic)))
		return false;
	rd_copy(&all, copy, sizeof(copy));
	rd_skip(&r, HEAD_CRC_AT);
	crc = rd_u32(&r);
	memset(&copy[HEAD_CRC_AT], 0, sizeof(crc));
	if (all.bad || lzma_crc32(copy, sizeof(copy), 0) != crc)
		return false;
	rd_skip(&r, 4);                 /* time */
	ret->data_len = rd_u32(&r);
	rd_skip(&r, 13);                /* addresses, checksum, system */
	ret->arch = rd_u8(&r);
	ret->type = rd_u8(&r);
	rd_skip(&r, 1);                 /* compression */
	name = rd_sub(&r, NAME_LEN);
	(void)search_word(name, "", ret->name, sizeof(ret->name));
	return true;
}

static enum arch_cpu
head_cpu(uint8_t arch)
{
	static const struct { uint8_t arch; enum arch_cpu cpu; } rows[] = {
		{ 2, CPU_ARM32 }, { 3, CPU_X86 }, { 4, CPU_IA64 },
		{ 5, CPU_MIPS32 }, { 6, CPU_MIPS64 }, { 7, CPU_PPC },
		{ 8, CPU_S390 }, { 22, CPU_ARM64 }, { 24, CPU_X64 },
		{ 26, CPU_RISCV64 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].arch == arch)
			return rows[i].cpu;
	}
	return CPU_NONE;
}

static const char *
head_product(uint8_t type)
{
	static const char *const names[] = {
		[1] = "U-Boot program", [2] = "U-Boot kernel",
		[3] = "U-Boot RAM disk", [4] = "U-Boot multi-file image",
		[5] = "U-Boot firmware", [TYPE_SCRIPT] = "U-Boot script",
		[7] = "U-Boot file system", [8] = "U-Boot device tree",
	};

	return type < ARRAY_LEN(names) && names[type] ? names[type] :
	    "U-Boot image";
}

/* A device tree whose nodes are images and ways to start them. */
static bool
is_image_tree(struct rd r)
{
	static const uint8_t magic[] = { 0xd0, 0x0d, 0xfe, 0xed };

	return search_starts(&r, magic, sizeof(magic)) &&
	    search_has(r, TREE_LEN, "images") &&
	    search_has(r, r.left, "configurations");
}

int
uboot_identify(const void *buf, size_t len, struct bootfile *ret)
{
	struct head h;

	if (read_head(buf, len, &h)) {
		ret->kind = BOOTFILE_UBOOT;
		/* A script is for any machine, whatever mkimage was told. */
		ret->cpu = h.type == TYPE_SCRIPT ? CPU_NONE : head_cpu(h.arch);
		text_copy(ret->product, sizeof(ret->product),
		    head_product(h.type));
		text_copy(ret->version, sizeof(ret->version), h.name);
		return 1;
	}
	if (is_image_tree(rd_init(buf, len))) {
		ret->kind = BOOTFILE_UBOOT;
		text_copy(ret->product, sizeof(ret->product),
		    "U-Boot image tree");
		return 1;
	}
	return 0;
}

bool
uboot_script(const void *buf, size_t len, struct rd *ret)
{
	struct rd r = rd_at(buf, len, HEAD_LEN);
	uint32_t text_len;
	struct rd text;
	struct head h;

	if (!read_head(buf, len, &h) || h.type != TYPE_SCRIPT)
		return false;
	/* A list of lengths that a zero ends; a script has one. */
	text_len = rd_u32(&r);
	if (rd_u32(&r) != 0)
		return false;
	text = rd_sub(&r, text_len);
	if (text.bad)
		return false;
	*ret = text;
	return true;
}
