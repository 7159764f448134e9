#include "firmware/medium.h"

#include "base/bytes.h"
#include "base/sbuf.h"
#include "base/util.h"
#include "firmware/search.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	SECTOR = 2048,
	DISK_SECTOR = 512,
	BOOT_RECORD = 17 * SECTOR,
	CATALOG_AT = 0x47,              /* in the boot record */
	CATALOG_ENTRY = 32,
	EL_TORITO_EFI = 0xef,
	DESCRIPTORS = 16,               /* sector of the first */
	DESCRIPTORS_MAX = 16,
	DESCRIPTOR_END = 255,
	ROOT_RECORD_AT = 156,
	RECORD_EXTENT = 2,
	RECORD_DATE = 18,
	RECORD_MIN = 34,
	DATES_AT = 813,
	DATE_LEN = 17,
	N_DATES = 4,
	MBR_CODE_LEN = 432,             /* of ISOLINUX's */
	MBR_TABLE = 446,
	INFO_TABLE_END = 64,            /* in isolinux.bin */
	PAD = 1024 * 1024,              /* whole cylinders, for old BIOSes */
};

const char *
medium_efi_name(enum arch_cpu cpu)
{
	static const char *const names[CPU_N] = {
		[CPU_X86] = "BOOTIA32.EFI",
		[CPU_X64] = "BOOTX64.EFI",
		[CPU_IA64] = "BOOTIA64.EFI",
		[CPU_ARM32] = "BOOTARM.EFI",
		[CPU_ARM64] = "BOOTAA64.EFI",
		[CPU_RISCV32] = "BOOTRISCV32.EFI",
		[CPU_RISCV64] = "BOOTRISCV64.EFI",
		[CPU_LOONGARCH64] = "BOOTLOONGARCH64.EFI",
	};

	return (unsigned)cpu < CPU_N ? names[cpu] : NULL;
}

static la_ssize_t
take_output(struct archive *a, void *ctx, const void *bytes, size_t len)
{
	struct sbuf *out = ctx;

	(void)a;
	sbuf_addn(out, bytes, len);
	return out->bad ? -1 : (la_ssize_t)len;
}

static int
add_file(struct archive *a, const char *name, const struct medium_bytes *f)
{
	struct archive_entry *e;
	int rc = -EIO;

	if (!f->bytes)
		return 0;
	e = archive_entry_new();
	if (!e)
		return -ENOMEM;
	archive_entry_set_pathname(e, name);
	archive_entry_set_size(e, (la_int64_t)f->len);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_perm(e, 0444);
	archive_entry_set_mtime(e, 0, 0);
	archive_entry_set_atime(e, 0, 0);
	archive_entry_set_ctime(e, 0, 0);
	archive_entry_set_birthtime(e, 0, 0);
	if (archive_write_header(a, e) == ARCHIVE_OK &&
	    archive_write_data(a, f->bytes, f->len) == (la_ssize_t)f->len)
		rc = 0;
	archive_entry_free(e);
	return rc;
}

/* What ISOLINUX reads. Names are those that ISO 9660 has without extensions. */
static struct medium_bytes
configuration(const struct medium *m)
{
	static const char with[] = "DEFAULT ipxe\nPROMPT 0\nLABEL ipxe\n"
	    "  KERNEL /ipxe.krn\n  INITRD /script.ipx\n";
	static const char without[] = "DEFAULT ipxe\nPROMPT 0\nLABEL ipxe\n"
	    "  KERNEL /ipxe.krn\n";

	return m->script.bytes ?
	    (struct medium_bytes){ with, sizeof(with) - 1 } :
	    (struct medium_bytes){ without, sizeof(without) - 1 };
}

static bool
set_options(struct archive *a, const struct medium *m)
{
	const char *boot = m->lkrn.bytes ? "isolinux.bin" : "efi.img";
	static const char fmt[] = "iso9660";

	return archive_write_set_format_iso9660(a) == ARCHIVE_OK &&
	    archive_write_set_format_option(a, fmt, "volume-id", "IPXE") ==
	    ARCHIVE_OK &&
	    archive_write_set_format_option(a, fmt, "joliet", NULL) ==
	    ARCHIVE_OK &&
	    archive_write_set_format_option(a, fmt, "rockridge", NULL) ==
	    ARCHIVE_OK &&
	    archive_write_set_format_option(a, fmt, "boot", boot) ==
	    ARCHIVE_OK &&
	    archive_write_set_format_option(a, fmt, "boot-type",
	    "no-emulation") == ARCHIVE_OK &&
	    (!m->lkrn.bytes ||
	    (archive_write_set_format_option(a, fmt, "boot-load-size", "4") ==
	    ARCHIVE_OK &&
	    archive_write_set_format_option(a, fmt, "boot-info-table", "1") ==
	    ARCHIVE_OK)) &&
	    archive_write_set_bytes_per_block(a, 0) == ARCHIVE_OK;
}

static int
write_iso(const struct medium *m, struct sbuf *out, struct diag *diag)
{
	struct medium_bytes conf = configuration(m);
	struct archive *a = archive_write_new();
	int rc = -ENOMEM;

	if (!a)
		return rc;
	rc = -EIO;
	if (!set_options(a, m) || archive_write_open(a, out, NULL,
	    take_output, NULL) != ARCHIVE_OK)
		goto out;
	rc = 0;
	if (m->lkrn.bytes) {
		const struct { const char *name; const struct medium_bytes *f; }
		files[] = {
			{ "isolinux.bin", &m->isolinux },
			{ "ldlinux.c32", &m->ldlinux },
			{ "isolinux.cfg", &conf },
			{ "ipxe.krn", &m->lkrn },
			{ "script.ipx", &m->script },
		};

		for (size_t i = 0; i < ARRAY_LEN(files) && rc == 0; i++)
			rc = add_file(a, files[i].name, files[i].f);
	}
	if (rc == 0)
		rc = add_file(a, "efi.img", &m->esp);
	if (rc == 0 && archive_write_close(a) != ARCHIVE_OK)
		rc = -EIO;
out:
	if (rc == -EIO)
		diag_set(diag, "cannot write the image: %.200s",
		    archive_error_string(a) ? archive_error_string(a) :
		    "libarchive cannot write ISO 9660");
	archive_write_free(a);
	return rc;
}

/* Where a file's content begins; it is never compressed or split. */
static size_t
find_content(const struct sbuf *iso, const struct medium_bytes *f, size_t skip)
{
	size_t n = min_size(f->len - skip, SECTOR / 2);

	for (size_t at = 0; at + f->len <= iso->len; at += SECTOR) {
		if (memcmp(&iso->text[at + skip],
		    (const char *)f->bytes + skip, n) == 0)
			return at;
	}
	return 0;
}

static void
set_record_date(struct sbuf *iso, size_t record)
{
	static const uint8_t date[] = { 80, 1, 1, 0, 0, 0, 0 };

	if (record + RECORD_MIN <= iso->len)
		memcpy(&iso->text[record + RECORD_DATE], date, sizeof(date));
}

/* All files are in the one folder, whose own record is in the descriptor. */
static void
set_folder_dates(struct sbuf *iso, size_t record)
{
	struct rd r = rd_at(iso->text, iso->len, record + RECORD_EXTENT);
	size_t at = (size_t)rd_le32(&r) * SECTOR;

	set_record_date(iso, record);
	while (at + RECORD_MIN <= iso->len &&
	    (uint8_t)iso->text[at] >= RECORD_MIN) {
		set_record_date(iso, at);
		at += (uint8_t)iso->text[at];
	}
}

/* When it was written is nobody's business, and would be other bytes. */
static void
set_dates(struct sbuf *iso)
{
	static const char date[DATE_LEN] = "1980010100000000";

	for (size_t i = 0; i < DESCRIPTORS_MAX; i++) {
		size_t at = (DESCRIPTORS + i) * SECTOR;

		if (at + 2 * SECTOR > iso->len)
			break;
		if ((uint8_t)iso->text[at] == DESCRIPTOR_END) {
			/* libarchive's note on itself, with the time */
			memset(&iso->text[at + SECTOR], 0, SECTOR);
			break;
		}
		if (iso->text[at] != 1 && iso->text[at] != 2)
			continue;
		set_folder_dates(iso, at + ROOT_RECORD_AT);
		/* the third says when it expires: never */
		for (size_t d = 0; d < N_DATES; d++)
			memcpy(&iso->text[at + DATES_AT + d * DATE_LEN], d == 2 ?
			    "0000000000000000" : date, DATE_LEN);
	}
}

static void
put_le32(struct wr *w, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		wr_u8(w, (uint8_t)(v >> (8 * i)));
}

/*
 * libarchive writes a catalog with one entry. The one for UEFI becomes the
 * second, behind a header of its own, or takes its place.
 */
static int
set_catalog(const struct medium *m, struct sbuf *iso, size_t esp_at)
{
	struct rd r = rd_at(iso->text, iso->len, BOOT_RECORD + CATALOG_AT);
	size_t at = (size_t)rd_le32(&r) * SECTOR;
	/* sixteen bits; with 0 UEFI takes all up to the end of the disc */
	size_t sectors = m->esp.len / DISK_SECTOR;
	struct wr w;

	if (r.bad || at + SECTOR > iso->len)
		return -EIO;
	if (sectors > UINT16_MAX)
		sectors = 0;
	if (!m->lkrn.bytes) {
		uint16_t sum = 0;

		w = wr_init(&iso->text[at + 1], 1);
		wr_u8(&w, EL_TORITO_EFI);
		w = wr_init(&iso->text[at + 28], 2);
		wr_u16(&w, 0);
		r = rd_at(iso->text, iso->len, at);
		for (int i = 0; i < CATALOG_ENTRY / 2; i++)
			sum = (uint16_t)(sum + rd_le16(&r));
		sum = (uint16_t)-sum;
		w = wr_init(&iso->text[at + 28], 2);
		wr_u8(&w, (uint8_t)sum);
		wr_u8(&w, (uint8_t)(sum >> 8));
		w = wr_init(&iso->text[at + CATALOG_ENTRY + 6], 2);
		wr_u8(&w, (uint8_t)sectors);
		wr_u8(&w, (uint8_t)(sectors >> 8));
		return 0;
	}
	w = wr_init(&iso->text[at + 2 * CATALOG_ENTRY], 2 * CATALOG_ENTRY);
	wr_u8(&w, 0x91);                /* the last header */
	wr_u8(&w, EL_TORITO_EFI);
	wr_u8(&w, 1);                   /* one entry, little-endian */
	wr_u8(&w, 0);
	wr_zero(&w, CATALOG_ENTRY - w.len);
	wr_u8(&w, 0x88);                /* bootable, no emulation */
	wr_zero(&w, 5);
	wr_u8(&w, (uint8_t)sectors);
	wr_u8(&w, (uint8_t)(sectors >> 8));
	put_le32(&w, (uint32_t)(esp_at / SECTOR));
	wr_zero(&w, 2 * CATALOG_ENTRY - w.len);
	return 0;
}

static void
put_partition(struct wr *w, uint8_t flags, uint8_t type, size_t at, size_t len)
{
	wr_u8(w, flags);
	wr_bytes(w, "\376\377\377", 3);
	wr_u8(w, type);
	wr_bytes(w, "\376\377\377", 3);
	put_le32(w, (uint32_t)(at / DISK_SECTOR));
	put_le32(w, (uint32_t)(len / DISK_SECTOR));
}

/*
 * The first sector is free in ISO 9660. The partition of the whole disk is
 * there for BIOSes that want an active one; its type is 0, so that UEFI,
 * which refuses tables whose partitions overlap, does not see it.
 */
static void
set_boot_sector(const struct medium *m, struct sbuf *iso, size_t isolinux_at,
    size_t esp_at)
{
	struct wr w = wr_init(iso->text, DISK_SECTOR);

	if (m->boot_sector.bytes && m->lkrn.bytes)
		wr_bytes(&w, m->boot_sector.bytes,
		    min_size(m->boot_sector.len, MBR_CODE_LEN));
	wr_zero(&w, MBR_CODE_LEN - w.len);
	put_le32(&w, (uint32_t)(isolinux_at / DISK_SECTOR));
	put_le32(&w, 0);
	put_le32(&w, 0x50584554);       /* the disk's number */
	wr_zero(&w, MBR_TABLE - w.len);
	put_partition(&w, 0x80, 0, 0, iso->len);
	if (m->esp.bytes)
		put_partition(&w, 0, EL_TORITO_EFI, esp_at, m->esp.len);
	wr_zero(&w, DISK_SECTOR - 2 - w.len);
	wr_u16(&w, 0x55aa);
}

static int
finish(const struct medium *m, struct sbuf *iso)
{
	static const char zeros[4096];
	size_t isolinux_at = 0;
	size_t esp_at = 0;
	int rc = 0;

	while (iso->len % PAD != 0 && !iso->bad)
		sbuf_addn(iso, zeros, min_size(sizeof(zeros),
		    PAD - iso->len % PAD));
	if (iso->bad)
		return -ENOMEM;
	set_dates(iso);
	/* its first bytes have got the table that says where it lies */
	if (m->lkrn.bytes)
		isolinux_at = find_content(iso, &m->isolinux, INFO_TABLE_END);
	if (m->esp.bytes) {
		esp_at = find_content(iso, &m->esp, 0);
		rc = set_catalog(m, iso, esp_at);
	}
	set_boot_sector(m, iso, isolinux_at, esp_at);
	return rc;
}

int
medium_iso(const struct medium *m, uint8_t **ret_buf, size_t *ret_len,
    struct diag *diag)
{
	struct sbuf iso = SBUF_EMPTY;
	int rc;

	if (m->lkrn.bytes && (!m->isolinux.bytes || !m->ldlinux.bytes ||
	    m->isolinux.len < SECTOR)) {
		diag_set(diag, "a .lkrn needs isolinux.bin and ldlinux.c32");
		return -EINVAL;
	}
	rc = write_iso(m, &iso, diag);
	if (rc == 0) {
		rc = finish(m, &iso);
		if (rc < 0)
			diag_sys(diag, -rc, "cannot finish the image");
	}
	if (rc < 0) {
		sbuf_release(&iso);
		return rc;
	}
	*ret_len = iso.len;
	*ret_buf = (uint8_t *)sbuf_steal(&iso);
	return 0;
}
