#include "chain/step.h"

#include "chain/loader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct persona *
chain_os(void)
{
	return persona_find("udhcpc");
}

static void PRINTF_LIKE(3, 4)
fault(struct step *s, const char *id, const char *fmt, ...)
{
	va_list ap;

	s->kind = STEP_FAULT;
	s->fault = id;
	va_start(ap, fmt);
	(void)vsnprintf(s->why, sizeof(s->why), fmt, ap);
	va_end(ap);
}

static bool
is_pe(const struct bootfile *f)
{
	return f->container == CONTAINER_PE ||
	    f->container == CONTAINER_BZIMAGE_PE;
}

static bool
is_bzimage(const struct bootfile *f)
{
	return f->container == CONTAINER_BZIMAGE ||
	    f->container == CONTAINER_BZIMAGE_PE;
}

/*
 * Can the machine start it at all? BIOS firmware jumps into whatever it
 * got; iPXE on BIOS knows kernels as well. UEFI starts PE programs for its
 * own CPU and nothing else, whoever asks it to.
 */
static bool
startable(const struct persona *now, const struct bootfile *f,
    struct step *ret)
{
	const struct arch *a = arch_find(now->arch);
	const char *title = bootfile_kind_title(f->kind);

	if (!a || a->platform != PLATFORM_EFI) {
		if (f->container == CONTAINER_PE)
			fault(ret, "arch-uefi-file-to-bios",
			    "%s is a UEFI program; this is a BIOS machine",
			    f->product[0] ? f->product : "the file");
		else if (f->container == CONTAINER_NBP ||
		    (is_bzimage(f) && (now->kind == PERSONA_IPXE ||
		    now->kind == PERSONA_LOADER)))
			return true;
		else
			fault(ret, "exec-format-error",
			    "%s cannot be started by %s", title, now->title);
		return false;
	}
	if (f->container == CONTAINER_NBP)
		fault(ret, "arch-bios-file-to-uefi", "%s is a BIOS boot "
		    "program; this is a UEFI machine",
		    f->product[0] ? f->product : "the file");
	else if (!is_pe(f) && f->container != CONTAINER_ARM64_IMAGE)
		fault(ret, "exec-format-error", "%s is no UEFI program", title);
	else if (f->cpu != CPU_NONE && !arch_runs_cpu(a, f->cpu))
		fault(ret, "arch-wrong-cpu", "the file is for %s, the machine "
		    "is %s", cpu_name(f->cpu), cpu_name(a->cpu));
	else
		return true;
	return false;
}

/* iPXE as this machine would run it: of 2019 or from 2.0 on, and which build. */
static const struct persona *
ipxe_on(const struct persona *now, const struct bootfile *f)
{
	static const struct {
		enum arch_cpu cpu;
		const char *build;      /* what its name begins with */
		const char *name[2];    /* before 2.0, from then on */
	} rows[] = {
		{ CPU_X64, "snponly", { "ipxe-snponly-x64",
		  "ipxe2-snponly-x64" } },
		{ CPU_X64, "", { "ipxe-efi-x64", "ipxe2-efi-x64" } },
		{ CPU_X86, "", { "ipxe-efi-ia32", "ipxe2-efi-ia32" } },
		{ CPU_ARM64, "snponly", { "ipxe-efi-arm64",
		  "ipxe2-snponly-arm64" } },
		{ CPU_ARM64, "", { "ipxe-efi-arm64", "ipxe2-efi-arm64" } },
		{ CPU_RISCV64, "", { "ipxe-efi-riscv64",
		  "ipxe2-efi-riscv64" } },
	};
	bool is_2 = f->version[0] >= '2' && f->version[0] <= '9';

	if (persona_platform(now) != PLATFORM_EFI)
		return persona_find(is_2 ? "ipxe2-bios" : "ipxe-bios");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].cpu == f->cpu && strncmp(f->build_name,
		    rows[i].build, strlen(rows[i].build)) == 0)
			return persona_find(rows[i].name[is_2]);
	}
	return NULL;
}

void
chain_step(const struct persona *now, const struct bootfile *what,
    struct step *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (what->kind == BOOTFILE_EMPTY) {
		fault(ret, "tftp-empty-file", "the file has no byte");
		return;
	}
	if (what->kind == BOOTFILE_SCRIPT && now->kind == PERSONA_IPXE) {
		ret->kind = STEP_SCRIPT;
		return;
	}
	if (now->kind == PERSONA_BOARD) {
		ret->kind = STEP_PROGRAM;       /* for it to make sense of */
		return;
	}
	if (!startable(now, what, ret))
		return;
	if (what->kind == BOOTFILE_IPXE) {
		ret->next = ipxe_on(now, what);
		ret->kind = ret->next ? STEP_STAGE : STEP_PROGRAM;
	} else if (what->kind == BOOTFILE_LINUX) {
		ret->next = chain_os();
		ret->kind = STEP_KERNEL;
	} else {
		ret->next = loader_of(now, what);
		ret->kind = ret->next ? STEP_LOADER : STEP_PROGRAM;
	}
}
