#include "firmware/efi.h"

#include "base/text.h"
#include "base/util.h"
#include "firmware/ipxe.h"
#include "firmware/pe.h"
#include "firmware/search.h"

#include <stdio.h>
#include <string.h>

enum {
	/* What iPXE's and wimboot's own converter writes in every header. */
	ELF2EFI_TIME = 0x10d1a884,
	ELF2EFI_LINKER = 42,
	GRUB_TIME = 0x54a48e00,         /* grub-mkimage does the same */
	IPXE_SCAN_MAX = 16 * 1024 * 1024,
};

/* One PE file being looked at. */
struct efi_file {
	const void *buf;
	size_t len;
	struct pe pe;
};

static struct rd
all_of(const struct efi_file *e)
{
	return rd_init(e->buf, e->len);
}

static bool
has_section(const struct efi_file *e, const char *name)
{
	struct rd r;

	return pe_section(&e->pe, e->buf, e->len, name, &r);
}

static bool
has_sbat(const struct efi_file *e, const char *component, struct bootfile *f)
{
	return pe_sbat(&e->pe, e->buf, e->len, component, f->version,
	    sizeof(f->version));
}

/* The word between @before and white space, anywhere in the file. */
static bool
word_after(const struct efi_file *e, const char *before, char *buf,
    size_t cap)
{
	struct rd r = all_of(e);

	if (!search_text(&r, before))
		return false;
	rd_skip(&r, strlen(before));
	return search_word(r, " ", buf, cap) > 0;
}

static bool
is_wimboot(const struct efi_file *e, struct bootfile *f)
{
	if (has_sbat(e, "wimboot", f))
		return true;
	return e->pe.time_stamp == ELF2EFI_TIME &&
	    search_has(all_of(e), e->len, "wimboot.efi");
}

static bool
is_shim(const struct efi_file *e, struct bootfile *f)
{
	/* MokManager and the fallback loader have shim's .sbat, not this. */
	if (!search_has(all_of(e), e->len, "UEFI SHIM\n"))
		return false;
	/* Its .sbat says 1 for every version: the text has the true one. */
	return word_after(e, "$Version: ", f->version, sizeof(f->version));
}

static bool
is_grub(const struct efi_file *e, struct bootfile *f)
{
	if (has_sbat(e, "grub", f))
		return true;
	return has_section(e, "mods") && (e->pe.time_stamp == GRUB_TIME ||
	    search_has(all_of(e), e->len, "GRUB"));
}

static bool
is_syslinux(const struct efi_file *e, struct bootfile *f)
{
	if (!search_has(all_of(e), e->len, "ldlinux.e64") &&
	    !search_has(all_of(e), e->len, "ldlinux.e32"))
		return false;
	word_after(e, "Syslinux/", f->version, sizeof(f->version));
	return true;
}

/*
 * The four numbers of a Windows version resource, which begins with a
 * signature (VS_FIXEDFILEINFO).
 */
static void
windows_version(struct rd r, struct bootfile *f)
{
	static const uint8_t signature[] = { 0xbd, 0x04, 0xef, 0xfe };
	uint32_t high;
	uint32_t low;

	if (!search_bytes(&r, signature, sizeof(signature)))
		return;
	rd_skip(&r, 8);
	high = rd_le32(&r);
	low = rd_le32(&r);
	if (!r.bad)
		snprintf(f->version, sizeof(f->version), "%u.%u.%u.%u",
		    high >> 16, high & 0xffff, low >> 16, low & 0xffff);
}

/*
 * Only the version resource counts: other boot managers have the names of
 * Microsoft's among their strings, to offer them in a menu.
 */
static bool
is_windows(const struct efi_file *e, struct bootfile *f)
{
	struct rd rsrc;
	struct rd r;

	if (!pe_section(&e->pe, e->buf, e->len, ".rsrc", &rsrc))
		return e->pe.subsystem == PE_WINDOWS_BOOT;
	r = rsrc;
	if (!search_utf16(&r, "Microsoft Corporation"))
		return false;
	r = rsrc;
	if (!pe_is_efi(&e->pe) && e->pe.subsystem != PE_WINDOWS_BOOT &&
	    !search_utf16(&r, "bootmgr"))
		return false;
	windows_version(rsrc, f);
	return true;
}

/* A unified kernel image: systemd's stub with a kernel attached. */
static bool
is_unified_kernel(const struct efi_file *e, struct bootfile *f)
{
	struct rd r;

	if (!has_section(e, ".linux"))
		return false;
	if (pe_section(&e->pe, e->buf, e->len, ".uname", &r))
		search_word(r, " ", f->version, sizeof(f->version));
	return true;
}

static const struct {
	bool (*is)(const struct efi_file *e, struct bootfile *f);
	enum bootfile_kind kind;
	const char *product;
} programs[] = {
	{ is_wimboot,        BOOTFILE_WIMBOOT,      "wimboot" },
	{ is_unified_kernel, BOOTFILE_LINUX,        "Linux" },
	{ is_shim,           BOOTFILE_SHIM,         "shim" },
	{ is_grub,           BOOTFILE_GRUB,         "GRUB" },
	{ is_syslinux,       BOOTFILE_SYSLINUX_EFI, "SYSLINUX" },
	{ is_windows,        BOOTFILE_WINDOWS,      "Windows" },
};

/* iPXE, if the file can be that: this scan is the dearest of all. */
static int
identify_ipxe(const struct efi_file *e, struct bootfile *f)
{
	bool is_elf2efi = e->pe.time_stamp == ELF2EFI_TIME &&
	    e->pe.linker_major == ELF2EFI_LINKER &&
	    e->pe.linker_minor == ELF2EFI_LINKER;
	int rc = 0;

	if (is_elf2efi || e->len <= IPXE_SCAN_MAX)
		rc = ipxe_identify(e->buf, e->len, f);
	if (rc == 0 && is_elf2efi) {
		/* Cut short. A wimboot has its name near the start. */
		f->kind = BOOTFILE_IPXE;
		text_copy(f->product, sizeof(f->product), "iPXE");
		rc = 1;
	}
	return rc;
}

/* Not one of those: take the name from .sbat or systemd's mark. */
static void
name_other(const struct efi_file *e, struct bootfile *f)
{
	struct rd r;

	if (pe_section(&e->pe, e->buf, e->len, ".sdmagic", &r) &&
	    search_text(&r, "LoaderInfo: ")) {
		rd_skip(&r, strlen("LoaderInfo: "));
		rd_skip(&r, search_word(r, " ", f->product,
		    sizeof(f->product)));
		rd_skip(&r, 1);
		search_word(r, " ", f->version, sizeof(f->version));
		return;
	}
	if (!pe_section(&e->pe, e->buf, e->len, ".sbat", &r))
		return;
	/* The first line is about SBAT itself, the second about the file. */
	if (!search_text(&r, "\n"))
		return;
	rd_skip(&r, 1);
	search_word(r, ",", f->product, sizeof(f->product));
	has_sbat(e, f->product, f);
}

int
efi_identify(const void *buf, size_t len, struct bootfile *ret)
{
	struct efi_file e = { .buf = buf, .len = len };
	struct bootfile f = *ret;
	int rc;

	if (pe_parse(buf, len, &e.pe) < 0)
		return 0;
	f.container = CONTAINER_PE;
	f.cpu = e.pe.cpu;
	f.is_signed = e.pe.is_signed;
	for (size_t i = 0; i < ARRAY_LEN(programs); i++) {
		struct bootfile named = f;

		if (!programs[i].is(&e, &named))
			continue;
		named.kind = programs[i].kind;
		text_copy(named.product, sizeof(named.product),
		    programs[i].product);
		*ret = named;
		return 1;
	}
	rc = identify_ipxe(&e, &f);
	if (rc < 0)
		return rc;
	if (rc == 0) {
		f.kind = pe_is_efi(&e.pe) ? BOOTFILE_EFI : BOOTFILE_UNKNOWN;
		name_other(&e, &f);
	}
	*ret = f;
	return 1;
}
