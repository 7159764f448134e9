#include "chain/bootfile.h"

#include "base/util.h"

#include <stdlib.h>

static const struct {
	const char *name;       /* as in JSON */
	const char *title;      /* as in a sentence */
} kinds[BOOTFILE_N_KINDS] = {
	[BOOTFILE_UNKNOWN]      = { "unknown", "an unknown file" },
	[BOOTFILE_EMPTY]        = { "empty", "an empty file" },
	[BOOTFILE_IPXE]         = { "ipxe", "iPXE" },
	[BOOTFILE_GPXE]         = { "gpxe", "gPXE" },
	[BOOTFILE_SCRIPT]       = { "script", "an iPXE script" },
	[BOOTFILE_PXELINUX]     = { "pxelinux", "PXELINUX" },
	[BOOTFILE_SYSLINUX_EFI] = { "syslinux-efi", "SYSLINUX for UEFI" },
	[BOOTFILE_SYSLINUX]     = { "syslinux", "SYSLINUX" },
	[BOOTFILE_GRUB]         = { "grub", "GRUB" },
	[BOOTFILE_SHIM]         = { "shim", "shim" },
	[BOOTFILE_LINUX]        = { "linux", "a Linux kernel" },
	[BOOTFILE_WINDOWS]      = { "windows", "a Windows boot program" },
	[BOOTFILE_WIMBOOT]      = { "wimboot", "wimboot" },
	[BOOTFILE_MEMDISK]      = { "memdisk", "MEMDISK" },
	[BOOTFILE_MEMTEST]      = { "memtest", "Memtest86+" },
	[BOOTFILE_EFI]          = { "efi", "a UEFI program" },
	[BOOTFILE_NBP]          = { "nbp", "a BIOS boot program" },
	[BOOTFILE_INITRD]       = { "initrd", "an initrd" },
	[BOOTFILE_ISO]          = { "iso", "an ISO 9660 image" },
	[BOOTFILE_DISK]         = { "disk", "a disk image" },
	[BOOTFILE_ROM]          = { "rom", "an option ROM" },
	[BOOTFILE_UBOOT]        = { "uboot", "a U-Boot image" },
	[BOOTFILE_WIM]          = { "wim", "a Windows image" },
	[BOOTFILE_ARCHIVE]      = { "archive", "an archive" },
	[BOOTFILE_ELF]          = { "elf", "an ELF program" },
	[BOOTFILE_HTML]         = { "html", "an HTML page" },
	[BOOTFILE_TEXT]         = { "text", "a text file" },
};

void
bootfile_release(struct bootfile *f)
{
	free(f->script);
	*f = (struct bootfile){ 0 };
}

const char *
bootfile_kind_name(enum bootfile_kind k)
{
	return kinds[(unsigned)k < BOOTFILE_N_KINDS ? k : 0].name;
}

const char *
bootfile_kind_title(enum bootfile_kind k)
{
	return kinds[(unsigned)k < BOOTFILE_N_KINDS ? k : 0].title;
}

const char *
bootfile_container_name(enum bootfile_container c)
{
	static const char *const names[] = {
		[CONTAINER_NONE] = "none",
		[CONTAINER_NBP] = "nbp",
		[CONTAINER_PE] = "pe",
		[CONTAINER_BZIMAGE] = "bzimage",
		[CONTAINER_BZIMAGE_PE] = "bzimage-pe",
		[CONTAINER_ARM64_IMAGE] = "arm64-image",
		[CONTAINER_ROM] = "rom",
		[CONTAINER_DISK] = "disk",
		[CONTAINER_ELF] = "elf",
	};

	return names[(unsigned)c < ARRAY_LEN(names) ? c : 0];
}
