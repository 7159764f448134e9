/*
 * linux.h - kernels, and what dresses up as one.
 *
 * The x86 boot protocol (Documentation/arch/x86/boot.rst) also carries
 * MEMDISK, wimboot, Memtest86+ and iPXE's .lkrn. The Image header of arm64
 * and RISC-V is Documentation/arch/arm64/booting.rst and
 * arch/riscv/boot-image-header.rst.
 */
#ifndef PXE_FIRMWARE_LINUX_H
#define PXE_FIRMWARE_LINUX_H

#include "base/bytes.h"
#include "chain/bootfile.h"

enum linux_xloadflags {
	LINUX_XLF_KERNEL_64 = 1 << 0,
	LINUX_XLF_ABOVE_4G = 1 << 1,
	LINUX_XLF_HANDOVER_32 = 1 << 2,
	LINUX_XLF_HANDOVER_64 = 1 << 3,
};

/* The x86 setup header. */
struct linux_setup {
	uint16_t protocol;      /* 0x020f is 2.15 */
	uint16_t xloadflags;    /* enum linux_xloadflags; 0 before 2.12 */
	uint32_t handover;      /* offset of the EFI entry; 0 if none */
	char version[BOOTFILE_VERSION_MAX];     /* may be "" */
};

/**
 * linux_setup_parse() - read the setup header of a bzImage
 *
 * Return: 0; -EBADMSG if there is none, and then @ret is untouched.
 */
int linux_setup_parse(const void *buf, size_t len, struct linux_setup *ret);

/**
 * linux_missing() - how many bytes a bzImage or EFI kernel should have more
 *
 * 0: it is whole, or it does not tell.
 */
uint64_t linux_missing(const void *buf, size_t len);

/**
 * linux_identify() - is it a kernel, or one that behaves as one?
 *
 * Return: 1; 0 if not, with @ret untouched; -ENOMEM.
 */
int linux_identify(const void *buf, size_t len, struct bootfile *ret);

/**
 * linux_image_cpu() - the CPU of an Image header (arm64, RISC-V) or a zImage
 * (32-bit ARM)
 *
 * Return: CPU_NONE if @buf does not begin with one.
 */
enum arch_cpu linux_image_cpu(const void *buf, size_t len);

/**
 * linux_banner() - the version in "Linux version 6.1.0 (...", which every
 * kernel that is not compressed contains
 */
bool linux_banner(const void *buf, size_t len, char *version, size_t cap);

#endif
