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

enum { ELF_NEEDED_MAX = 16 };

/**
 * elf_needed() - the libraries that a module asks for, in the file's order
 * @ret: names inside @buf
 *
 * Only little-endian files, as SYSLINUX's modules are.
 *
 * Return: how many; 0 if there are none or @buf is no such file.
 */
size_t elf_needed(const void *buf, size_t len,
    const char *ret[ELF_NEEDED_MAX]);

#endif
