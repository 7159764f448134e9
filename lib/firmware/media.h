/*
 * media.h - images that are not programs themselves but hold some: option
 * ROMs, ISO 9660, and disks.
 */
#ifndef PXE_FIRMWARE_MEDIA_H
#define PXE_FIRMWARE_MEDIA_H

#include "chain/bootfile.h"

enum {
	/* A larger disk is a distribution that may have iPXE among others. */
	MEDIA_IPXE_MAX = 64 * 1024 * 1024,
	ROM_IMAGES_MAX = 16,
};

/**
 * rom_identify() - a PCI expansion ROM (PCI Firmware Specification 3.0, 5.1)
 *
 * `cpu` is that of its images, CPU_NONE if they differ.
 *
 * Return: 1; 0 if it is none, with @ret untouched; -ENOMEM.
 */
int rom_identify(const void *buf, size_t len, struct bootfile *ret);

/** rom_pci() - the card that a ROM is for. Return: false if it is none. */
bool rom_pci(const void *buf, size_t len, uint16_t *ret_vendor,
    uint16_t *ret_device);

/** iso_identify() - ISO 9660, with iPXE or whatever. Return: as above. */
int iso_identify(const void *buf, size_t len, struct bootfile *ret);

/**
 * disk_identify() - a boot sector with a file system or partitions, or
 * iPXE's own bare one. Return: as above.
 */
int disk_identify(const void *buf, size_t len, struct bootfile *ret);

/** media_is_iso() - ISO 9660, whatever else it is as well? */
bool media_is_iso(const void *buf, size_t len);

/**
 * media_boots() - which firmware would start a disk or a disc?
 * @f: what firmware_identify() said of it
 *
 * Read off the boot catalog (El Torito 1.0, and UEFI 2.10, 13.3.2) and the
 * boot sector; whether there is a loader to be found is not looked at.
 */
void media_boots(const void *buf, size_t len, const struct bootfile *f,
    bool *ret_bios, bool *ret_efi);

#endif
