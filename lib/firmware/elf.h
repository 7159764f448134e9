/*
 * elf.h - ELF files: kernels before they are packed, Multiboot programs,
 * SYSLINUX modules.
 */
#ifndef PXE_FIRMWARE_ELF_H
#define PXE_FIRMWARE_ELF_H

#include "chain/bootfile.h"

/**
 * elf_identify() - a kernel if it has the banner of one, else some program
 *
 * Return: 1; 0 if it is no ELF file, with @ret untouched.
 */
int elf_identify(const void *buf, size_t len, struct bootfile *ret);

#endif
