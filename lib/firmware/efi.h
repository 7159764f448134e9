/*
 * efi.h - which UEFI or Windows program is this PE file?
 */
#ifndef PXE_FIRMWARE_EFI_H
#define PXE_FIRMWARE_EFI_H

#include "chain/bootfile.h"

/**
 * efi_identify() - name the program in a PE file
 *
 * A UEFI program that is none of those known here is BOOTFILE_EFI; a PE file
 * that is not for UEFI and not known either is BOOTFILE_UNKNOWN.
 *
 * Return: 1; 0 if it is no PE file, with @ret untouched; -ENOMEM.
 */
int efi_identify(const void *buf, size_t len, struct bootfile *ret);

#endif
