#include "firmware/bootsect.h"

#include "base/bytes.h"
#include "base/text.h"
#include "base/util.h"
#include "firmware/search.h"

#include <string.h>

enum {
	SECTOR = 512,
	DISC_SECTOR = 2048,
	HEAD_LEN = 8192,
	LOADER_MAX = 1024 * 1024,
};

/* What each prints stands in its first bytes; larger files are disks. */
static const struct {
	const char *text;
	const char *also;
	size_t within;
	size_t max_len;
	enum bootfile_kind kind;
	const char *product;
} rows[] = {
	{ "GRUB ", "Geom", SECTOR, SECTOR, BOOTFILE_GRUB, "GRUB boot sector" },
	{ "loading", "Geom", SECTOR, LOADER_MAX, BOOTFILE_GRUB,
	    "GRUB core for disks" },
	{ "no boot info", "cdrom read fails", DISC_SECTOR, LOADER_MAX,
	    BOOTFILE_GRUB, "GRUB core for discs" },
	{ "Missing MBR-helper.", "GRLDR", HEAD_LEN, 2 * HEAD_LEN,
	    BOOTFILE_GRUB, "GRUB for NTLDR" },
	{ "ISOLINUX ", "isolinux: ", HEAD_LEN, LOADER_MAX, BOOTFILE_SYSLINUX,
	    "ISOLINUX" },
	{ "isolinux.bin missing or corrupt", "", SECTOR, SECTOR,
	    BOOTFILE_SYSLINUX, "ISOLINUX hybrid boot sector" },
	{ "Missing operating system.", "Operating system load error", SECTOR,
	    SECTOR, BOOTFILE_SYSLINUX, "SYSLINUX boot sector" },
	{ "Missing OS", "Multiple active partitions", SECTOR, SECTOR,
	    BOOTFILE_SYSLINUX, "SYSLINUX boot sector for GPT" },
};

/* GRUB's that print nothing, by their first instructions. */
static const struct {
	uint8_t start[8];
	size_t len;
	size_t max_len;
	const char *product;
} silent[] = {
	{ { 0xea, 0x1c, 0x82, 0, 0, 0, 0, 0 }, 8, LOADER_MAX,
	    "GRUB core, its unpacker" },
	{ { 0xfc, 0x8c, 0xc8, 0x8e, 0xd8, 0xb8, 0, 0x08 }, 8, SECTOR,
	    "GRUB for NTLDR" },
};

int
bootsect_identify(const void *buf, size_t len, struct bootfile *ret)
{
	struct rd r = rd_init(buf, len);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct rd v = search_head(r, rows[i].within);

		if (len > rows[i].max_len || !search_text(&v, rows[i].text) ||
		    !search_has(r, rows[i].within, rows[i].also))
			continue;
		ret->kind = rows[i].kind;
		ret->cpu = CPU_X86;
		text_copy(ret->product, sizeof(ret->product), rows[i].product);
		rd_skip(&v, strlen(rows[i].text));
		if (rd_peek(&v, 0) >= '0' && rd_peek(&v, 0) <= '9')
			search_word(v, " ", ret->version,
			    sizeof(ret->version));
		return 1;
	}
	for (size_t i = 0; i < ARRAY_LEN(silent); i++) {
		if (len > silent[i].max_len ||
		    !search_starts(&r, silent[i].start, silent[i].len))
			continue;
		ret->kind = BOOTFILE_GRUB;
		ret->cpu = CPU_X86;
		text_copy(ret->product, sizeof(ret->product),
		    silent[i].product);
		return 1;
	}
	return 0;
}
