#include "firmware/media.h"

#include "base/bytes.h"
#include "base/text.h"
#include "base/util.h"
#include "firmware/ipxe.h"
#include "firmware/pe.h"
#include "firmware/search.h"

#include <errno.h>

enum {
	SECTOR = 512,
	BOOT_SIGNATURE = 510,
	ROM_UNIT = 512,
	ROM_PCIR = 0x18,                /* offset of the PCI data structure */
	ROM_EFI_MACHINE = 0x0a,
	PCIR_LENGTH = 0x10,
	PCIR_LAST = 0x80,
	PCIR_X86 = 0,
	PCIR_EFI = 3,
	ISO_SIGNATURE = 0x8001,
	ISO_VOLUME_ID = 0x8028,
	ISO_VOLUME_ID_LEN = 32,
	FAT_SECTOR_LEN = 11,
	MBR_TABLE = 446,
	MBR_ENTRIES = 4,
};

/* One image of an option ROM. */
struct rom_image {
	enum arch_cpu cpu;
	bool is_efi;
	bool is_last;
	size_t len;
};

static bool
parse_rom_image(struct rd rom, struct rom_image *ret)
{
	struct rd pcir = rom;
	struct rd efi = rom;
	struct rd r = rom;
	uint8_t code;

	if (rd_u16(&r) != 0x55aa)
		return false;
	r = rom;
	rd_skip(&r, ROM_PCIR);
	rd_skip(&pcir, rd_le16(&r));
	if (!search_starts(&pcir, "PCIR", 4))
		return false;
	rd_skip(&pcir, PCIR_LENGTH);
	ret->len = (size_t)rd_le16(&pcir) * ROM_UNIT;
	rd_skip(&pcir, 2);              /* revision */
	code = rd_u8(&pcir);
	ret->is_last = rd_u8(&pcir) & PCIR_LAST;
	if (pcir.bad || ret->len == 0)
		return false;
	rd_skip(&efi, ROM_EFI_MACHINE);
	ret->is_efi = code == PCIR_EFI;
	ret->cpu = code == PCIR_X86 ? CPU_X86 :
	    ret->is_efi ? pe_machine_cpu(rd_le16(&efi)) : CPU_NONE;
	return true;
}

int
rom_identify(const void *buf, size_t len, struct bootfile *ret)
{
	struct rd r = rd_init(buf, len);
	struct rom_image image = { 0 };
	struct bootfile f = *ret;
	bool all_efi = true;
	int rc;

	f.container = CONTAINER_ROM;
	for (int i = 0; i < ROM_IMAGES_MAX; i++) {
		if (!parse_rom_image(r, &image)) {
			if (i == 0)
				return 0;
			break;
		}
		if (i == 0)
			f.cpu = image.cpu;
		else if (f.cpu != image.cpu)
			f.cpu = CPU_NONE;
		all_efi = all_efi && image.is_efi;
		if (image.is_last)
			break;
		rd_skip(&r, image.len);
	}
	rc = ipxe_identify(buf, len, &f);
	if (rc < 0)
		return rc;
	if (rc == 0) {
		f.kind = all_efi ? BOOTFILE_EFI : BOOTFILE_UNKNOWN;
		text_copy(f.product, sizeof(f.product), "option ROM");
	}
	*ret = f;
	return 1;
}

/* Text in a field that spaces fill up. */
static void
padded_text(struct rd r, char *buf, size_t cap)
{
	size_t n = search_word(r, "", buf, cap);

	while (n > 0 && buf[n - 1] == ' ')
		buf[--n] = '\0';
}

int
iso_identify(const void *buf, size_t len, struct bootfile *ret)
{
	struct rd r = rd_at(buf, len, ISO_SIGNATURE);
	struct bootfile f = *ret;
	int rc = 0;

	if (!search_starts(&r, "CD001", 5))
		return 0;
	f.container = CONTAINER_DISK;
	if (len <= MEDIA_IPXE_MAX)
		rc = ipxe_identify(buf, len, &f);
	if (rc < 0)
		return rc;
	if (rc == 0) {
		f.kind = BOOTFILE_ISO;
		padded_text(search_head(rd_at(buf, len, ISO_VOLUME_ID),
		    ISO_VOLUME_ID_LEN), f.product, sizeof(f.product));
	}
	*ret = f;
	return 1;
}

/* The BIOS parameter block of FAT (Microsoft FAT specification, 3.1). */
static bool
is_fat(struct rd r)
{
	int jump = rd_u8(&r);
	uint16_t sector;
	uint8_t cluster;

	if (jump != 0xeb && jump != 0xe9)
		return false;
	rd_skip(&r, FAT_SECTOR_LEN - 1);
	sector = rd_le16(&r);
	cluster = rd_u8(&r);
	if (sector != 512 && sector != 1024 && sector != 2048 &&
	    sector != 4096)
		return false;
	return cluster != 0 && (cluster & (cluster - 1)) == 0;
}

static bool
has_partitions(struct rd r)
{
	int n = 0;

	rd_skip(&r, MBR_TABLE);
	for (int i = 0; i < MBR_ENTRIES; i++) {
		uint8_t flags = rd_u8(&r);
		uint8_t type;
		uint32_t sectors;

		rd_skip(&r, 3);
		type = rd_u8(&r);
		rd_skip(&r, 7);
		sectors = rd_le32(&r);
		if (flags & 0x7f)
			return false;
		if (type != 0 && sectors != 0)
			n++;
	}
	return !r.bad && n > 0;
}

int
disk_identify(const void *buf, size_t len, struct bootfile *ret)
{
	struct rd r = rd_at(buf, len, BOOT_SIGNATURE);
	struct rd whole = rd_init(buf, len);
	struct bootfile f = *ret;
	const char *product = NULL;
	int rc = 0;

	if (rd_u16(&r) != 0x55aa)
		return 0;
	f.container = CONTAINER_DISK;
	if (len <= MEDIA_IPXE_MAX)
		rc = ipxe_identify(buf, len, &f);
	if (rc < 0)
		return rc;
	if (rc == 0) {
		product = is_fat(whole) ? "FAT file system" :
		    has_partitions(whole) ? "partitioned disk" : NULL;
		/* Programs for a boot sector have that signature as well. */
		if (!product)
			return 0;
		text_copy(f.product, sizeof(f.product), product);
	}
	*ret = f;
	return 1;
}
