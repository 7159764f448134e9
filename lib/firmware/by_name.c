#include "firmware/by_name.h"

#include "base/text.h"
#include "base/util.h"

#include <ctype.h>
#include <string.h>

enum { NAME_MAX_LEN = 1024 };

/* The first row whose parts are all in the name decides. */
struct name_row {
	const char *part;               /* somewhere in the last component */
	const char *suffix;
	enum bootfile_kind kind;
	enum bootfile_container container;
	const char *product;
	bool has_script;                /* goes its own way, asks nobody */
};

static const struct name_row name_rows[] = {
	{ "netboot.xyz", ".kpxe", BOOTFILE_IPXE, CONTAINER_NBP, "iPXE", true },
	{ "netboot.xyz", ".efi", BOOTFILE_IPXE, CONTAINER_PE, "iPXE", true },
	{ "", ".ipxe", BOOTFILE_SCRIPT, CONTAINER_NONE, "", false },
	{ "", ".gpxe", BOOTFILE_SCRIPT, CONTAINER_NONE, "", false },
	{ "", ".php", BOOTFILE_SCRIPT, CONTAINER_NONE, "", false },
	{ "", ".cgi", BOOTFILE_SCRIPT, CONTAINER_NONE, "", false },
	{ "gpxelinux", "", BOOTFILE_PXELINUX, CONTAINER_NBP, "PXELINUX", true },
	{ "gpxe", "", BOOTFILE_GPXE, CONTAINER_NBP, "gPXE", false },
	{ "", "kpxe", BOOTFILE_IPXE, CONTAINER_NBP, "iPXE", false },
	{ "ipxe", ".pxe", BOOTFILE_IPXE, CONTAINER_NBP, "iPXE", false },
	{ "undionly", ".pxe", BOOTFILE_IPXE, CONTAINER_NBP, "iPXE", false },
	{ "undionly", ".0", BOOTFILE_IPXE, CONTAINER_NBP, "iPXE", false },
	{ "ipxe", ".0", BOOTFILE_IPXE, CONTAINER_NBP, "iPXE", false },
	{ "ipxe", ".lkrn", BOOTFILE_IPXE, CONTAINER_BZIMAGE, "iPXE", false },
	{ "pxelinux", ".0", BOOTFILE_PXELINUX, CONTAINER_NBP, "PXELINUX",
	    false },
	{ "grub", ".0", BOOTFILE_GRUB, CONTAINER_NBP, "GRUB", false },
	{ "core", ".0", BOOTFILE_GRUB, CONTAINER_NBP, "GRUB", false },
	{ "pxegrub", "", BOOTFILE_GRUB, CONTAINER_NBP, "GRUB", false },
	{ "wdsnbp", ".com", BOOTFILE_WINDOWS, CONTAINER_NBP,
	    "Windows Deployment Services", false },
	{ "pxeboot", ".com", BOOTFILE_WINDOWS, CONTAINER_NBP,
	    "Windows boot program", false },
	{ "", ".n12", BOOTFILE_WINDOWS, CONTAINER_NBP,
	    "Windows boot program", false },
	{ "", ".0", BOOTFILE_NBP, CONTAINER_NBP, "", false },
	{ "", ".com", BOOTFILE_NBP, CONTAINER_NBP, "", false },
	{ "", ".pxe", BOOTFILE_NBP, CONTAINER_NBP, "", false },
	{ "syslinux", ".efi", BOOTFILE_SYSLINUX_EFI, CONTAINER_PE, "SYSLINUX",
	    false },
	{ "shim", ".efi", BOOTFILE_SHIM, CONTAINER_PE, "shim", false },
	{ "grub", ".efi", BOOTFILE_GRUB, CONTAINER_PE, "GRUB", false },
	{ "mgfw", ".efi", BOOTFILE_WINDOWS, CONTAINER_PE,
	    "Windows boot program", false },
	{ "ipxe", ".efi", BOOTFILE_IPXE, CONTAINER_PE, "iPXE", false },
	{ "snp", ".efi", BOOTFILE_IPXE, CONTAINER_PE, "iPXE", false },
	{ "undionly", ".efi", BOOTFILE_IPXE, CONTAINER_PE, "iPXE", false },
	{ "", ".efi", BOOTFILE_EFI, CONTAINER_PE, "", false },
	{ "wimboot", "", BOOTFILE_WIMBOOT, CONTAINER_BZIMAGE_PE, "wimboot",
	    false },
	{ "memdisk", "", BOOTFILE_MEMDISK, CONTAINER_BZIMAGE, "MEMDISK",
	    false },
	{ "vmlinuz", "", BOOTFILE_LINUX, CONTAINER_BZIMAGE_PE, "Linux",
	    false },
	{ "bzimage", "", BOOTFILE_LINUX, CONTAINER_BZIMAGE_PE, "Linux",
	    false },
};

/* Anywhere in the path; longer words before those that they contain. */
static const struct { const char *part; enum arch_cpu cpu; } cpu_rows[] = {
	{ "x86_64", CPU_X64 }, { "x86-64", CPU_X64 }, { "x64", CPU_X64 },
	{ "amd64", CPU_X64 }, { "aa64", CPU_ARM64 }, { "arm64", CPU_ARM64 },
	{ "aarch64", CPU_ARM64 }, { "arm32", CPU_ARM32 },
	{ "bootarm.efi", CPU_ARM32 }, { "ia32", CPU_X86 },
	{ "i386", CPU_X86 }, { "i686", CPU_X86 }, { "riscv64", CPU_RISCV64 },
	{ "loong", CPU_LOONGARCH64 },
};

static bool
ends_with(const char *s, const char *suffix)
{
	size_t n = strlen(s);
	size_t m = strlen(suffix);

	return n >= m && strcmp(s + n - m, suffix) == 0;
}

/* In lower case, with / for \ and without the query of a URI. */
static void
plain_name(const char *name, char *buf, size_t cap)
{
	(void)text_copy(buf, cap, name);
	buf[strcspn(buf, "?#")] = '\0';
	for (char *p = buf; *p; p++)
		*p = *p == '\\' ? '/' : (char)tolower((unsigned char)*p);
}

void
firmware_by_name(const char *name, struct bootfile *ret)
{
	static char embedded[] = "#!ipxe";
	char path[NAME_MAX_LEN];
	const char *base;

	memset(ret, 0, sizeof(*ret));
	plain_name(name, path, sizeof(path));
	base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	for (size_t i = 0; i < ARRAY_LEN(name_rows); i++) {
		const struct name_row *r = &name_rows[i];

		if (!strstr(base, r->part) || !ends_with(base, r->suffix))
			continue;
		ret->kind = r->kind;
		ret->container = r->container;
		(void)text_copy(ret->product, sizeof(ret->product),
		    r->product);
		ret->script = r->has_script ? embedded : NULL;
		break;
	}
	for (size_t i = 0; ret->container == CONTAINER_PE &&
	    ret->cpu == CPU_NONE && i < ARRAY_LEN(cpu_rows); i++) {
		if (strstr(path, cpu_rows[i].part))
			ret->cpu = cpu_rows[i].cpu;
	}
}
