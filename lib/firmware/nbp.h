/*
 * nbp.h - raw 16-bit programs that a BIOS's PXE ROM loads at 0:7c00 and
 * jumps into.
 *
 * There is no header: they are known by their first instructions and by
 * what they print.
 */
#ifndef PXE_FIRMWARE_NBP_H
#define PXE_FIRMWARE_NBP_H

#include "chain/bootfile.h"

enum { NBP_MAX = 0xa0000 - 0x7c00 };    /* what fits below the EBDA */

/**
 * nbp_identify() - PXELINUX, GRUB, iPXE, Windows' loaders
 *
 * Return: 1; 0 if it is none of those, with @ret untouched; -ENOMEM.
 */
int nbp_identify(const void *buf, size_t len, struct bootfile *ret);

/**
 * nbp_identify_code() - code for a BIOS at all?
 *
 * It must begin with a jump to a place inside the file, and call the BIOS or
 * look for the PXE stack soon: few random bytes do.
 *
 * Return: 1; 0 with @ret untouched.
 */
int nbp_identify_code(const void *buf, size_t len, struct bootfile *ret);

#endif
