/*
 * medium.h - make a disc that boots BIOS and UEFI machines, and is a disk as
 * well.
 *
 * BIOS: ISOLINUX (El Torito) starts iPXE's .lkrn with the script as its RAM
 * disk. UEFI: a second entry of the boot catalog, and a partition, hold a FAT
 * file system with EFI/BOOT/BOOT<CPU>.EFI. With ISOLINUX's hybrid boot sector
 * the same bytes boot from a USB stick.
 */
#ifndef PXE_FIRMWARE_MEDIUM_H
#define PXE_FIRMWARE_MEDIUM_H

#include "base/diag.h"
#include "chain/arch.h"

#include <stddef.h>
#include <stdint.h>

struct medium_bytes {
	const void *bytes;      /* NULL: there is none */
	size_t len;
};

struct medium {
	struct medium_bytes lkrn;       /* for BIOS; needs the next two */
	struct medium_bytes isolinux;
	struct medium_bytes ldlinux;    /* ldlinux.c32 */
	struct medium_bytes boot_sector;        /* isohdpfx.bin; may be none */
	struct medium_bytes script;     /* for the .lkrn */
	struct medium_bytes esp;        /* a FAT image, for UEFI */
};

/** medium_efi_name() - "BOOTX64.EFI"; NULL if that CPU has none. */
const char *medium_efi_name(enum arch_cpu cpu);

/**
 * medium_iso() - the whole image
 *
 * The same parts make the same bytes.
 *
 * Return: 0, and the caller frees @ret_buf; -EINVAL if the boot sector is
 * none of ISOLINUX's; -ENOMEM; -EIO with what libarchive says.
 */
int medium_iso(const struct medium *m, uint8_t **ret_buf, size_t *ret_len,
    struct diag *diag);

#endif
