#include "firmware/elf.h"

#include "base/bytes.h"
#include "base/text.h"
#include "base/util.h"
#include "firmware/linux.h"
#include "firmware/search.h"

enum {
	ELF_CLASS = 4,
	ELF_DATA = 5,
	ELF_TYPE = 16,
	ELF_LITTLE = 1,
	ELF_BIG = 2,
	ELF_32 = 1,
	ELF_64 = 2,
	ELF_RELOC = 1,                  /* a module, not a program */
};

static const struct {
	uint16_t machine;
	enum arch_cpu cpu_32;
	enum arch_cpu cpu_64;
} machines[] = {
	{ 3,   CPU_X86,         CPU_X86 },
	{ 8,   CPU_MIPS32,      CPU_MIPS64 },
	{ 20,  CPU_PPC,         CPU_PPC },
	{ 21,  CPU_PPC,         CPU_PPC },
	{ 22,  CPU_S390,        CPU_S390 },
	{ 40,  CPU_ARM32,       CPU_ARM32 },
	{ 50,  CPU_IA64,        CPU_IA64 },
	{ 62,  CPU_X64,         CPU_X64 },
	{ 183, CPU_ARM64,       CPU_ARM64 },
	{ 243, CPU_RISCV32,     CPU_RISCV64 },
	{ 258, CPU_LOONGARCH32, CPU_LOONGARCH64 },
};

int
elf_identify(const void *buf, size_t len, struct bootfile *ret)
{
	struct rd r = rd_init(buf, len);
	int class = rd_peek(&r, ELF_CLASS);
	int order = rd_peek(&r, ELF_DATA);
	uint16_t machine;
	uint16_t type;

	if (!search_starts(&r, "\177ELF", 4) ||
	    (class != ELF_32 && class != ELF_64) ||
	    (order != ELF_LITTLE && order != ELF_BIG))
		return 0;
	rd_skip(&r, ELF_TYPE);
	type = order == ELF_LITTLE ? rd_le16(&r) : rd_u16(&r);
	machine = order == ELF_LITTLE ? rd_le16(&r) : rd_u16(&r);
	if (r.bad)
		return 0;
	ret->kind = BOOTFILE_ELF;
	ret->container = CONTAINER_ELF;
	for (size_t i = 0; i < ARRAY_LEN(machines); i++) {
		if (machines[i].machine == machine)
			ret->cpu = class == ELF_32 ? machines[i].cpu_32 :
			    machines[i].cpu_64;
	}
	if (type != ELF_RELOC && linux_banner(buf, len, ret->version,
	    sizeof(ret->version))) {
		ret->kind = BOOTFILE_LINUX;
		text_copy(ret->product, sizeof(ret->product), "Linux");
	}
	return 1;
}
