/* arch.c - the registry's rows, and what each machine can start. */
#include "chain/arch.h"

#include "base/text.h"
#include "base/util.h"

#include <string.h>
#include <strings.h>

/*
 * In the registry's order and spelling, which is uneven: it was filled over
 * fifteen years. RFC 4578 as printed swaps 7 and 9; its erratum and the
 * registry have them as here.
 */
static const struct arch rows[] = {
	{ 0, "x86 BIOS", "bios", PLATFORM_BIOS, CPU_X86, false, false },
	{ 1, "NEC/PC98 (DEPRECATED)", "pc98",
	    PLATFORM_OTHER, CPU_X86, false, true },
	{ 2, "Itanium", "ia64", PLATFORM_EFI, CPU_IA64, false, false },
	{ 3, "DEC Alpha (DEPRECATED)", "alpha",
	    PLATFORM_OTHER, CPU_NONE, false, true },
	{ 4, "Arc x86 (DEPRECATED)", "arc-x86",
	    PLATFORM_OTHER, CPU_X86, false, true },
	{ 5, "Intel Lean Client (DEPRECATED)", "lean",
	    PLATFORM_OTHER, CPU_X86, false, true },
	{ 6, "x86 UEFI", "x86", PLATFORM_EFI, CPU_X86, false, false },
	{ 7, "x64 UEFI", "x64", PLATFORM_EFI, CPU_X64, false, false },
	{ 8, "EFI Xscale (DEPRECATED)", "xscale",
	    PLATFORM_EFI, CPU_ARM32, false, true },
	{ 9, "EBC", "ebc", PLATFORM_EFI, CPU_EBC, false, false },
	{ 10, "ARM 32-bit UEFI", "arm32",
	    PLATFORM_EFI, CPU_ARM32, false, false },
	{ 11, "ARM 64-bit UEFI", "arm64",
	    PLATFORM_EFI, CPU_ARM64, false, false },
	{ 12, "PowerPC Open Firmware", "ppc",
	    PLATFORM_OTHER, CPU_PPC, false, false },
	{ 13, "PowerPC ePAPR", "ppc-epapr",
	    PLATFORM_OTHER, CPU_PPC, false, false },
	{ 14, "POWER OPAL v3", "ppc-opal",
	    PLATFORM_OTHER, CPU_PPC, false, false },
	{ 15, "x86 uefi boot from http", "x86-http",
	    PLATFORM_EFI, CPU_X86, true, false },
	{ 16, "x64 uefi boot from http", "x64-http",
	    PLATFORM_EFI, CPU_X64, true, false },
	{ 17, "ebc boot from http", "ebc-http",
	    PLATFORM_EFI, CPU_EBC, true, false },
	{ 18, "arm uefi 32 boot from http", "arm32-http",
	    PLATFORM_EFI, CPU_ARM32, true, false },
	{ 19, "arm uefi 64 boot from http", "arm64-http",
	    PLATFORM_EFI, CPU_ARM64, true, false },
	{ 20, "pc/at bios boot from http", "bios-http",
	    PLATFORM_BIOS, CPU_X86, true, false },
	{ 21, "arm 32 uboot", "uboot-arm32",
	    PLATFORM_UBOOT, CPU_ARM32, false, false },
	{ 22, "arm 64 uboot", "uboot-arm64",
	    PLATFORM_UBOOT, CPU_ARM64, false, false },
	{ 23, "arm uboot 32 boot from http", "uboot-arm32-http",
	    PLATFORM_UBOOT, CPU_ARM32, true, false },
	{ 24, "arm uboot 64 boot from http", "uboot-arm64-http",
	    PLATFORM_UBOOT, CPU_ARM64, true, false },
	{ 25, "RISC-V 32-bit UEFI", "riscv32",
	    PLATFORM_EFI, CPU_RISCV32, false, false },
	{ 26, "RISC-V 32-bit UEFI boot from http", "riscv32-http",
	    PLATFORM_EFI, CPU_RISCV32, true, false },
	{ 27, "RISC-V 64-bit UEFI", "riscv64",
	    PLATFORM_EFI, CPU_RISCV64, false, false },
	{ 28, "RISC-V 64-bit UEFI boot from http", "riscv64-http",
	    PLATFORM_EFI, CPU_RISCV64, true, false },
	{ 29, "RISC-V 128-bit UEFI", "riscv128",
	    PLATFORM_EFI, CPU_RISCV128, false, false },
	{ 30, "RISC-V 128-bit UEFI boot from http", "riscv128-http",
	    PLATFORM_EFI, CPU_RISCV128, true, false },
	{ 31, "s390 Basic", "s390", PLATFORM_OTHER, CPU_S390, false, false },
	{ 32, "s390 Extended", "s390-ext",
	    PLATFORM_OTHER, CPU_S390, false, false },
	{ 33, "MIPS 32-bit UEFI", "mips32",
	    PLATFORM_EFI, CPU_MIPS32, false, false },
	{ 34, "MIPS 64-bit UEFI", "mips64",
	    PLATFORM_EFI, CPU_MIPS64, false, false },
	{ 35, "Sunway 32-bit UEFI", "sunway32",
	    PLATFORM_EFI, CPU_SUNWAY32, false, false },
	{ 36, "Sunway 64-bit UEFI", "sunway64",
	    PLATFORM_EFI, CPU_SUNWAY64, false, false },
	{ 37, "LoongArch 32-bit UEFI", "loongarch32",
	    PLATFORM_EFI, CPU_LOONGARCH32, false, false },
	{ 38, "LoongArch 32-bit UEFI boot from http", "loongarch32-http",
	    PLATFORM_EFI, CPU_LOONGARCH32, true, false },
	{ 39, "LoongArch 64-bit UEFI", "loongarch64",
	    PLATFORM_EFI, CPU_LOONGARCH64, false, false },
	{ 40, "LoongArch 64-bit UEFI boot from http", "loongarch64-http",
	    PLATFORM_EFI, CPU_LOONGARCH64, true, false },
	{ 41, "ARM rpiboot", "rpi", PLATFORM_OTHER, CPU_ARM64, false, false },
};

/* Other words for the rows that people name most. */
static const struct {
	const char *word;
	uint16_t number;
} aliases[] = {
	{ "x86-bios", ARCH_BIOS },
	{ "ia32", ARCH_EFI_X86 },
	{ "i386", ARCH_EFI_X86 },
	{ "x86_64", ARCH_EFI_X64 },
	{ "x86-64", ARCH_EFI_X64 },
	{ "amd64", ARCH_EFI_X64 },
	{ "arm", 10 },
	{ "aarch64", ARCH_EFI_ARM64 },
	{ "ia32-http", 15 },
	{ "itanium", 2 },
};

static const char *const cpu_names[CPU_N] = {
	[CPU_NONE] = "none",
	[CPU_X86] = "x86",
	[CPU_X64] = "x64",
	[CPU_IA64] = "ia64",
	[CPU_EBC] = "ebc",
	[CPU_ARM32] = "arm32",
	[CPU_ARM64] = "arm64",
	[CPU_RISCV32] = "riscv32",
	[CPU_RISCV64] = "riscv64",
	[CPU_RISCV128] = "riscv128",
	[CPU_LOONGARCH32] = "loongarch32",
	[CPU_LOONGARCH64] = "loongarch64",
	[CPU_MIPS32] = "mips32",
	[CPU_MIPS64] = "mips64",
	[CPU_PPC] = "ppc",
	[CPU_S390] = "s390",
	[CPU_SUNWAY32] = "sunway32",
	[CPU_SUNWAY64] = "sunway64",
};

const struct arch *
arch_find(uint16_t number)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].number == number)
			return &rows[i];
	return NULL;
}

const char *
arch_name(uint16_t number)
{
	const struct arch *a = arch_find(number);

	return a ? a->name : "unassigned";
}

const struct arch *
arch_by_word(const char *word)
{
	uint64_t number;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcasecmp(rows[i].word, word) == 0)
			return &rows[i];
	for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
		if (strcasecmp(aliases[i].word, word) == 0)
			return arch_find(aliases[i].number);
	if (parse_uint(word, 0, UINT16_MAX, &number, NULL) < 0)
		return NULL;
	return arch_find((uint16_t)number);
}

const struct arch *
arch_rows(size_t *ret_n)
{
	*ret_n = ARRAY_LEN(rows);
	return rows;
}

const char *
cpu_name(enum arch_cpu cpu)
{
	return cpu_names[cpu];
}

bool
arch_runs_cpu(const struct arch *a, enum arch_cpu cpu)
{
	/* What is not known is not held against the machine. */
	if (a->cpu == CPU_NONE || cpu == CPU_NONE || a->cpu == cpu)
		return true;
	/* A 64-bit kernel is entered in 16-bit mode and switches itself. */
	if (a->platform == PLATFORM_BIOS)
		return cpu == CPU_X64;
	if (a->cpu == CPU_EBC)
		return cpu == CPU_X64;
	/* Byte code: the interpreter exists for Intel's three processors. */
	if (a->platform == PLATFORM_EFI && cpu == CPU_EBC)
		return a->cpu == CPU_X86 || a->cpu == CPU_X64 ||
		    a->cpu == CPU_IA64;
	return false;
}
