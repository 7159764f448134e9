/*
 * bootsect.h - the pieces that BIOS boot loaders are put together from: boot
 * sectors, the first stages on a disk or a disc.
 *
 * No network client is to load them; people do name them to TFTP servers.
 */
#ifndef PXE_FIRMWARE_BOOTSECT_H
#define PXE_FIRMWARE_BOOTSECT_H

#include "chain/bootfile.h"

/**
 * bootsect_identify() - GRUB's and SYSLINUX's
 *
 * Return: 1; 0 if it is none, with @ret untouched.
 */
int bootsect_identify(const void *buf, size_t len, struct bootfile *ret);

#endif
