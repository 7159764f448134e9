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
	ISO_SECTOR = 2048,
	ISO_BOOT_RECORD = 0x8800,
	ISO_CATALOG = 0x47,             /* where the record names its sector */
	CATALOG_ENTRIES = ISO_SECTOR / 32,
	CATALOG_BOOTABLE = 0x88,
	PLATFORM_80X86 = 0,
	PLATFORM_UEFI = 0xef,
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

/* @ret stands on the PCI data structure. */
static bool
find_pcir(struct rd rom, struct rd *ret)
{
	struct rd pcir = rom;
	struct rd r = rom;

	if (rd_u16(&r) != 0x55aa)
		return false;
	r = rom;
	rd_skip(&r, ROM_PCIR);
	rd_skip(&pcir, rd_le16(&r));
	*ret = pcir;
	return search_starts(&pcir, "PCIR", 4);
}

bool
rom_pci(const void *buf, size_t len, uint16_t *ret_vendor,
    uint16_t *ret_device)
{
	struct rd pcir;

	if (!find_pcir(rd_init(buf, len), &pcir))
		return false;
	rd_skip(&pcir, 4);
	*ret_vendor = rd_le16(&pcir);
	*ret_device = rd_le16(&pcir);
	return !pcir.bad;
}

static bool
parse_rom_image(struct rd rom, struct rom_image *ret)
{
	struct rd efi = rom;
	struct rd pcir;
	uint8_t code;

	if (!find_pcir(rom, &pcir))
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
		f.kind = all_efi ? BOOTFILE_EFI : BOOTFILE_ROM;
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

bool
media_is_iso(const void *buf, size_t len)
{
	struct rd r = rd_at(buf, len, ISO_SIGNATURE);

	return search_starts(&r, "CD001", 5);
}

int
iso_identify(const void *buf, size_t len, struct bootfile *ret)
{
	struct bootfile f = *ret;
	int rc = 0;

	if (!media_is_iso(buf, len))
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
		f.kind = BOOTFILE_DISK;
		text_copy(f.product, sizeof(f.product), product);
	}
	*ret = f;
	return 1;
}

/*
 * The validation entry tells the platform of the entry after it; further
 * ones have section headers.
 */
static void
read_catalog(struct rd r, bool *bios, bool *efi)
{
	uint8_t platform = PLATFORM_80X86;

	for (int i = 0; i < CATALOG_ENTRIES && r.left > 0; i++) {
		struct rd e = rd_sub(&r, 32);
		uint8_t id = rd_u8(&e);

		if (id == 0x01 || id == 0x90 || id == 0x91)
			platform = rd_u8(&e);
		if (id != CATALOG_BOOTABLE)
			continue;
		if (platform == PLATFORM_80X86)
			*bios = true;
		if (platform == PLATFORM_UEFI)
			*efi = true;
	}
}

static bool
has_partition_type(struct rd r, uint8_t wanted)
{
	rd_skip(&r, MBR_TABLE);
	for (int i = 0; i < MBR_ENTRIES; i++) {
		struct rd e = rd_sub(&r, 16);

		rd_skip(&e, 4);
		if (rd_u8(&e) == wanted)
			return true;
	}
	return false;
}

/* Code in the boot sector: data disks have none, or say that they are. */
static bool
has_boot_code(struct rd r)
{
	struct rd code = search_head(r, MBR_TABLE);
	size_t n = 0;

	while (code.left > 0)
		n += rd_u8(&code) != 0;
	return n > 64 && !search_has(r, SECTOR, "not a bootable disk");
}

void
media_boots(const void *buf, size_t len, const struct bootfile *f,
    bool *ret_bios, bool *ret_efi)
{
	struct rd record = rd_at(buf, len, ISO_BOOT_RECORD);
	struct rd disk = rd_init(buf, len);
	struct rd sign = rd_at(buf, len, BOOT_SIGNATURE);

	*ret_bios = false;
	*ret_efi = false;
	if (media_is_iso(buf, len)) {
		struct rd el_torito = record;

		rd_skip(&el_torito, 7);
		if (search_starts(&el_torito, "EL TORITO", 9)) {
			rd_skip(&record, ISO_CATALOG);
			read_catalog(rd_at(buf, len, (size_t)rd_le32(&record) *
			    ISO_SECTOR), ret_bios, ret_efi);
		}
	} else if (f->container == CONTAINER_DISK && rd_u16(&sign) == 0x55aa) {
		*ret_bios = has_boot_code(disk);
		*ret_efi = is_fat(disk) || has_partition_type(disk, 0xef) ||
		    has_partition_type(disk, 0xee);
	}
}
