/*
 * pe.h - the headers of a PE/COFF file, as UEFI and Windows boot programs
 * have them (Microsoft PE Format; UEFI 2.10, 2.1.1).
 *
 * Only what tells one program from another is read. A file cut short in its
 * sections still parses: the missing sections are just not there.
 */
#ifndef PXE_FIRMWARE_PE_H
#define PXE_FIRMWARE_PE_H

#include "base/bytes.h"
#include "chain/arch.h"

enum { PE_SECTIONS_MAX = 96, PE_SECTION_NAME_LEN = 8 };

enum pe_subsystem {
	PE_EFI_APPLICATION = 10,
	PE_EFI_BOOT_DRIVER = 11,
	PE_EFI_RUNTIME_DRIVER = 12,
	PE_EFI_ROM = 13,
	PE_WINDOWS_BOOT = 16,
};

struct pe_section {
	char name[PE_SECTION_NAME_LEN + 1];
	uint32_t off;           /* in the file */
	uint32_t len;           /* bytes in the file, without padding */
	uint32_t raw_len;       /* the same with it */
	uint32_t address;       /* in memory, from the image's base */
};

struct pe {
	uint16_t machine;
	enum arch_cpu cpu;              /* CPU_NONE: a machine not known here */
	uint32_t time_stamp;
	uint8_t linker_major;
	uint8_t linker_minor;
	uint16_t subsystem;
	uint16_t dll_flags;
	uint64_t base;                  /* address that it is linked for */
	uint32_t headers_len;           /* all headers, with padding */
	size_t checksum_at;             /* offset of that field in the file */
	size_t cert_dir_at;             /* the same; 0 if there is none */
	uint32_t cert_at;               /* certificate table in the file */
	uint32_t cert_len;
	bool is_signed;                 /* has a certificate table */
	struct pe_section sections[PE_SECTIONS_MAX];
	size_t n_sections;
};

/**
 * pe_parse() - read the headers
 *
 * Return: 0; -EBADMSG if @buf does not begin with complete PE headers, and
 * then @ret is untouched.
 */
int pe_parse(const void *buf, size_t len, struct pe *ret);

/**
 * pe_offset() - where in the file the byte of that address is
 *
 * Return: false if no section has it, or only as zeros.
 */
bool pe_offset(const struct pe *pe, uint64_t address, size_t *ret);

/** pe_machine_cpu() - the CPU of a COFF machine number, or CPU_NONE. */
enum arch_cpu pe_machine_cpu(uint16_t machine);

/** pe_is_efi() - a program for UEFI, by its subsystem. */
bool pe_is_efi(const struct pe *pe);

/**
 * pe_section() - the bytes of a section, for instance ".sbat"
 *
 * Return: false if there is none of that name, or the file ends before it.
 */
bool pe_section(const struct pe *pe, const void *buf, size_t len,
    const char *name, struct rd *ret);

/**
 * pe_sbat() - a component's line in the .sbat section (UEFI shim, SBAT.md)
 * @component: first field of the line: "grub", "shim"
 * @version:   its fifth field, cut to @cap; "" if there is none
 *
 * Return: is there such a line?
 */
bool pe_sbat(const struct pe *pe, const void *buf, size_t len,
    const char *component, char *version, size_t cap);

#endif
