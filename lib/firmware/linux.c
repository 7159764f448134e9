#include "firmware/linux.h"

#include "base/text.h"
#include "base/util.h"
#include "firmware/ipxe.h"
#include "firmware/pe.h"
#include "firmware/search.h"

#include <errno.h>
#include <string.h>

enum {
	SETUP_SECTS = 0x1f1,
	SETUP_SECTOR = 512,
	SETUP_BOOT_FLAG = 0x1fe,
	SETUP_MAGIC = 0x202,
	SETUP_XLOADFLAGS = 0x236,
	SETUP_HANDOVER = 0x264,
	SETUP_BASE = 0x200,             /* what kernel_version counts from */
	PROTOCOL_IPXE = 0x0207,
	LKRN_ZEROS = 0x24,
	PROTOCOL_HANDOVER = 0x020b,
	PROTOCOL_XLOADFLAGS = 0x020c,
	EFI_MAGIC = 56,
	WIMBOOT_HEAD = 8192,            /* prefix and debug record */
	LNXBOOT_LEN = 1024,             /* GRUB's lnxboot.img */
	BANNER_MAX = 64 * 1024 * 1024,
};

int
linux_setup_parse(const void *buf, size_t len, struct linux_setup *ret)
{
	struct rd r = rd_at(buf, len, SETUP_BOOT_FLAG);
	struct linux_setup s = { 0 };
	uint16_t version_at;

	if (rd_u16(&r) != 0x55aa)
		return -EBADMSG;
	rd_skip(&r, 2);                 /* jump */
	if (!search_starts(&r, "HdrS", 4))
		return -EBADMSG;
	rd_skip(&r, 4);
	s.protocol = rd_le16(&r);
	rd_skip(&r, 6);
	version_at = rd_le16(&r);
	if (r.bad)
		return -EBADMSG;
	if (version_at != 0)
		search_word(rd_at(buf, len, (size_t)version_at + SETUP_BASE),
		    "", s.version, sizeof(s.version));
	if (s.protocol >= PROTOCOL_XLOADFLAGS) {
		r = rd_at(buf, len, SETUP_XLOADFLAGS);
		s.xloadflags = rd_le16(&r);
	}
	if (s.protocol >= PROTOCOL_HANDOVER) {
		r = rd_at(buf, len, SETUP_HANDOVER);
		s.handover = rd_le32(&r);
	}
	*ret = s;
	return 0;
}

uint64_t
linux_missing(const void *buf, size_t len)
{
	struct linux_setup s;
	struct rd r = rd_at(buf, len, SETUP_SECTS);
	uint64_t whole = 0;
	struct pe pe;

	if (linux_setup_parse(buf, len, &s) == 0) {
		uint64_t sects = rd_u8(&r);

		rd_skip(&r, 2);         /* root flags */
		/* boot.rst: none means four; syssize counts paragraphs */
		whole = ((sects ? sects : 4) + 1) * SETUP_SECTOR +
		    (uint64_t)rd_le32(&r) * 16;
	}
	if (pe_parse(buf, len, &pe) == 0) {
		for (size_t i = 0; i < pe.n_sections; i++) {
			const struct pe_section *p = &pe.sections[i];
			uint64_t end = (uint64_t)p->off + p->len;

			if (end > whole)
				whole = end;
		}
	}
	return whole > len ? whole - len : 0;
}

/* "MEMDISK 6.04 20200816" is a product and its version. */
static void
split_version(const char *text, const char *product, struct bootfile *f)
{
	struct rd r = rd_init(text, strlen(text));

	if (product) {
		text_copy(f->product, sizeof(f->product), product);
	} else {
		rd_skip(&r, search_word(r, " ", f->product,
		    sizeof(f->product)));
		rd_skip(&r, 1);
	}
	search_word(r, " ", f->version, sizeof(f->version));
}

/*
 * An .lkrn whose blocks are missing or damaged: a kernel of that old
 * protocol has code at its start, iPXE has nothing.
 */
static bool
is_lkrn_head(const void *buf, size_t len, const struct linux_setup *s)
{
	static const uint8_t nothing[LKRN_ZEROS];
	struct rd r = rd_init(buf, len);

	return s->protocol == PROTOCOL_IPXE &&
	    search_starts(&r, nothing, sizeof(nothing));
}

static int
identify_bzimage(const void *buf, size_t len, struct bootfile *ret)
{
	struct bootfile f = *ret;
	struct linux_setup s;
	struct pe pe;
	int rc = 0;

	if (linux_setup_parse(buf, len, &s) < 0)
		return 0;
	f.container = CONTAINER_BZIMAGE;
	f.cpu = s.xloadflags & LINUX_XLF_KERNEL_64 ? CPU_X64 : CPU_X86;
	if (pe_parse(buf, len, &pe) == 0) {
		f.container = CONTAINER_BZIMAGE_PE;
		f.cpu = pe.cpu;
		f.is_signed = pe.is_signed;
	}
	if (search_has(rd_init(buf, len), WIMBOOT_HEAD, "wimboot")) {
		f.kind = BOOTFILE_WIMBOOT;
		split_version(s.version, "wimboot", &f);
	} else if (text_starts(s.version, "MEMDISK ")) {
		f.kind = BOOTFILE_MEMDISK;
		split_version(s.version, NULL, &f);
	} else if (text_starts(s.version, "Memtest86+ v")) {
		f.kind = BOOTFILE_MEMTEST;
		split_version(s.version + strlen("Memtest86+ v"),
		    "Memtest86+", &f);
	} else if (search_has(rd_init(buf, len), LNXBOOT_LEN,
	    "move memory fails")) {
		f.kind = BOOTFILE_GRUB;
		split_version(s.version, "GRUB", &f);
	} else {
		if (s.protocol == PROTOCOL_IPXE)
			rc = ipxe_identify(buf, len, &f);
		if (rc < 0)
			return rc;
		if (rc == 0 && is_lkrn_head(buf, len, &s)) {
			f.kind = BOOTFILE_IPXE;
			split_version(s.version, "iPXE", &f);
		} else if (rc == 0) {
			bool is_number = s.version[0] >= '0' &&
			    s.version[0] <= '9';

			f.kind = BOOTFILE_LINUX;
			split_version(s.version, is_number ||
			    s.version[0] == '\0' ? "Linux" : NULL, &f);
		}
	}
	*ret = f;
	return 1;
}

enum arch_cpu
linux_image_cpu(const void *buf, size_t len)
{
	static const struct {
		size_t off;
		char magic[5];
		enum arch_cpu cpu;
	} magics[] = {
		{ 56, "ARM\x64", CPU_ARM64 },
		{ 56, "RSC\x05", CPU_RISCV64 },
		{ 36, "\x18\x28\x6f\x01", CPU_ARM32 },
	};

	for (size_t i = 0; i < ARRAY_LEN(magics); i++) {
		struct rd r = rd_at(buf, len, magics[i].off);

		if (search_starts(&r, magics[i].magic, 4))
			return magics[i].cpu;
	}
	return CPU_NONE;
}

bool
linux_banner(const void *buf, size_t len, char *version, size_t cap)
{
	struct rd r = search_head(rd_init(buf, len), BANNER_MAX);

	while (search_text(&r, "Linux version ")) {
		int c;

		rd_skip(&r, strlen("Linux version "));
		c = rd_peek(&r, 0);
		if (c >= '0' && c <= '9') {
			search_word(r, " ", version, cap);
			return true;
		}
	}
	return false;
}

/*
 * Kernels for UEFI of every CPU but x86 mark their DOS header; those that
 * unpack themselves (CONFIG_EFI_ZBOOT) have no other sign.
 */
static bool
has_efi_magic(const void *buf, size_t len)
{
	struct rd r = rd_at(buf, len, EFI_MAGIC);

	return rd_le32(&r) == 0x818223cd;
}

static int
identify_image(const void *buf, size_t len, struct bootfile *ret)
{
	struct bootfile f = *ret;
	bool is_pe;
	struct pe pe;

	f.cpu = linux_image_cpu(buf, len);
	is_pe = pe_parse(buf, len, &pe) == 0;
	if (f.cpu == CPU_NONE && !(is_pe && has_efi_magic(buf, len)))
		return 0;
	f.kind = BOOTFILE_LINUX;
	f.container = f.cpu == CPU_ARM64 ? CONTAINER_ARM64_IMAGE :
	    is_pe ? CONTAINER_PE : CONTAINER_NONE;
	if (is_pe) {
		f.cpu = pe.cpu;
		f.is_signed = pe.is_signed;
	}
	text_copy(f.product, sizeof(f.product), "Linux");
	linux_banner(buf, len, f.version, sizeof(f.version));
	*ret = f;
	return 1;
}

int
linux_identify(const void *buf, size_t len, struct bootfile *ret)
{
	int rc = identify_bzimage(buf, len, ret);

	return rc != 0 ? rc : identify_image(buf, len, ret);
}
