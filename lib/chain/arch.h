/*
 * arch.h - the processor architectures of DHCP option 93 and DHCPv6 option
 * 61 (IANA "Processor Architecture Types"; RFC 4578 2.1 as corrected by its
 * erratum, RFC 5970 3.3).
 */
#ifndef PXE_CHAIN_ARCH_H
#define PXE_CHAIN_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum arch_platform { PLATFORM_OTHER, PLATFORM_BIOS, PLATFORM_EFI, PLATFORM_UBOOT };

enum arch_cpu {
	CPU_NONE, CPU_X86, CPU_X64, CPU_IA64, CPU_EBC, CPU_ARM32, CPU_ARM64,
	CPU_RISCV32, CPU_RISCV64, CPU_RISCV128, CPU_LOONGARCH32,
	CPU_LOONGARCH64, CPU_MIPS32, CPU_MIPS64, CPU_PPC, CPU_S390,
	CPU_SUNWAY32, CPU_SUNWAY64, CPU_N,
};

enum { ARCH_BIOS = 0, ARCH_EFI_X86 = 6, ARCH_EFI_X64 = 7, ARCH_EFI_ARM64 = 11,
	ARCH_EFI_X64_HTTP = 16 };

struct arch {
	uint16_t number;        /* as in option 93 */
	const char *name;       /* the registry's: "x64 UEFI" */
	const char *word;       /* what people type: "x64", "bios", "arm64-http" */
	enum arch_platform platform;
	enum arch_cpu cpu;
	bool http;              /* boots by HTTP, not TFTP */
	bool deprecated;
};

/** arch_find() - the row of that number, or NULL if not assigned. */
const struct arch *arch_find(uint16_t number);

/** arch_name() - the registry's name, or "unassigned". */
const char *arch_name(uint16_t number);

/** arch_by_word() - the row of a word or a decimal or 0x number, or NULL. */
const struct arch *arch_by_word(const char *word);

const struct arch *arch_rows(size_t *ret_n);
const char *cpu_name(enum arch_cpu cpu);

/**
 * arch_runs_cpu() - can a machine of this architecture start a program for
 * that CPU?
 *
 * Architecture 9 (EBC in the registry) is what x64 iPXE before 2016 and some
 * firmware announce: it runs x64 programs.
 */
bool arch_runs_cpu(const struct arch *a, enum arch_cpu cpu);

#endif
