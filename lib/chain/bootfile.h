/*
 * bootfile.h - what a downloaded file is, in the words of the chain.
 *
 * lib/firmware looks at the bytes and fills this in; the chain's step and
 * the reports read it.
 */
#ifndef PXE_CHAIN_BOOTFILE_H
#define PXE_CHAIN_BOOTFILE_H

#include "chain/arch.h"

enum bootfile_kind {
	BOOTFILE_UNKNOWN,       /* bytes that nothing here recognises */
	BOOTFILE_EMPTY,
	BOOTFILE_IPXE,          /* in any container */
	BOOTFILE_GPXE,
	BOOTFILE_SCRIPT,        /* #!ipxe or #!gpxe */
	BOOTFILE_PXELINUX,
	BOOTFILE_SYSLINUX_EFI,
	BOOTFILE_SYSLINUX,      /* for disks and discs; its modules */
	BOOTFILE_GRUB,
	BOOTFILE_SHIM,
	BOOTFILE_LINUX,         /* kernel: bzImage, EFI stub, arm64 Image */
	BOOTFILE_WINDOWS,       /* bootmgfw.efi, wdsnbp.com, pxeboot */
	BOOTFILE_WIMBOOT,
	BOOTFILE_MEMDISK,
	BOOTFILE_MEMTEST,       /* Memtest86+ */
	BOOTFILE_EFI,           /* some other UEFI program */
	BOOTFILE_NBP,           /* some other BIOS boot program */
	BOOTFILE_INITRD,        /* cpio, or a compressed stream */
	BOOTFILE_ISO,
	BOOTFILE_DISK,          /* with partitions or a file system */
	BOOTFILE_ROM,           /* option ROM of some card */
	BOOTFILE_UBOOT,         /* U-Boot's own image format: script, kernel */
	BOOTFILE_WIM,           /* Windows image */
	BOOTFILE_ARCHIVE,       /* tar, zip, ar */
	BOOTFILE_ELF,
	BOOTFILE_HTML,          /* an error page where a file should be */
	BOOTFILE_TEXT,          /* some other text: a menu, a template */
	BOOTFILE_N_KINDS,
};

/* The container says which loader can start it. */
enum bootfile_container {
	CONTAINER_NONE,         /* text, initrd, disk image ... */
	CONTAINER_NBP,          /* raw 16-bit program, jumped into at 0:7c00 */
	CONTAINER_PE,           /* UEFI */
	CONTAINER_BZIMAGE,      /* Linux/x86 boot protocol */
	CONTAINER_BZIMAGE_PE,   /* both: a kernel with EFI stub */
	CONTAINER_ARM64_IMAGE,
	CONTAINER_ROM,
	CONTAINER_DISK,
	CONTAINER_ELF,
};

enum { BOOTFILE_PRODUCT_MAX = 48, BOOTFILE_VERSION_MAX = 96,
	BOOTFILE_FEATURES_MAX = 160, BOOTFILE_OPTION_MAX = 160 };

struct bootfile {
	enum bootfile_kind kind;
	enum bootfile_container container;
	enum arch_cpu cpu;                      /* CPU_NONE: any, or not known */
	bool is_signed;                         /* PE with a certificate table */
	bool has_http;                          /* PXELINUX: lpxelinux.0 */
	char product[BOOTFILE_PRODUCT_MAX];     /* "iPXE", "GRUB" ...; may be "" */
	char version[BOOTFILE_VERSION_MAX];     /* may be "" */
	char build_name[BOOTFILE_VERSION_MAX];  /* iPXE: "undionly.kpxe"; may be "" */
	char features[BOOTFILE_FEATURES_MAX];   /* iPXE: "DNS HTTP ..."; may be "" */
	/* iPXE: the same as it sends them in option 175, without the card. */
	uint8_t option[BOOTFILE_OPTION_MAX];
	size_t option_len;                      /* 0: not known */
	char *script;                           /* embedded iPXE script, owned; or NULL */
	size_t script_len;
};

void bootfile_release(struct bootfile *f);

/** bootfile_kind_name() - "ipxe", "script", "linux" ... as in JSON. */
const char *bootfile_kind_name(enum bootfile_kind k);

/** bootfile_container_name() - "nbp", "pe" ... as in JSON; "none". */
const char *bootfile_container_name(enum bootfile_container c);

/** bootfile_kind_title() - "an iPXE script" ... for sentences. */
const char *bootfile_kind_title(enum bootfile_kind k);

#endif
