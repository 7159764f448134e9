#include "unit.h"

#include "chain/fault.h"
#include "chain/step.h"

#define FILE_IS(k, c, u) { .kind = BOOTFILE_##k, .container = CONTAINER_##c, \
	.cpu = CPU_##u }

#define IPXE_IS(c, u, number, build) { .kind = BOOTFILE_IPXE, \
	.container = CONTAINER_##c, .cpu = CPU_##u, .version = number, \
	.build_name = build }

static const struct {
	const char *now;
	struct bootfile file;
	enum step_kind kind;
	const char *next;               /* name of the persona; or the fault */
} rows[] = {
	/* a BIOS ROM starts 16-bit programs, whatever they are */
	{ "intel-bios", FILE_IS(IPXE, NBP, NONE), STEP_STAGE, "ipxe-bios" },
	{ "intel-bios", FILE_IS(PXELINUX, NBP, NONE), STEP_LOADER, "pxelinux" },
	{ "intel-bios", FILE_IS(NBP, NBP, NONE), STEP_PROGRAM, NULL },
	{ "intel-bios", FILE_IS(IPXE, PE, X64), STEP_FAULT,
	    "arch-uefi-file-to-bios" },
	{ "intel-bios", FILE_IS(GRUB, PE, ARM64), STEP_FAULT,
	    "arch-uefi-file-to-bios" },
	{ "intel-bios", FILE_IS(LINUX, BZIMAGE, X64), STEP_FAULT,
	    "exec-format-error" },
	{ "intel-bios", FILE_IS(SCRIPT, NONE, NONE), STEP_FAULT,
	    "exec-format-error" },
	{ "intel-bios", FILE_IS(HTML, NONE, NONE), STEP_FAULT,
	    "exec-format-error" },
	{ "intel-bios", FILE_IS(EMPTY, NONE, NONE), STEP_FAULT,
	    "tftp-empty-file" },

	/* iPXE on BIOS knows kernels and scripts as well */
	{ "ipxe-bios", FILE_IS(LINUX, BZIMAGE, X64), STEP_KERNEL, "udhcpc" },
	{ "ipxe-bios", FILE_IS(LINUX, BZIMAGE_PE, X64), STEP_KERNEL, "udhcpc" },
	{ "ipxe-bios", FILE_IS(SCRIPT, NONE, NONE), STEP_SCRIPT, NULL },
	{ "ipxe-bios", FILE_IS(IPXE, NBP, NONE), STEP_STAGE, "ipxe-bios" },
	{ "ipxe-bios", FILE_IS(IPXE, PE, X64), STEP_FAULT,
	    "arch-uefi-file-to-bios" },
	{ "ipxe-bios", FILE_IS(HTML, NONE, NONE), STEP_FAULT,
	    "exec-format-error" },
	{ "ipxe-bios", FILE_IS(INITRD, NONE, NONE), STEP_FAULT,
	    "exec-format-error" },
	{ "ipxe-bios", FILE_IS(EMPTY, NONE, NONE), STEP_FAULT,
	    "tftp-empty-file" },

	/* UEFI: its own CPU's programs, and nothing else */
	{ "uefi-x64", FILE_IS(IPXE, PE, X64), STEP_STAGE, "ipxe-efi-x64" },
	{ "uefi-x64", FILE_IS(SHIM, PE, X64), STEP_LOADER, "shim" },
	{ "uefi-x64", FILE_IS(GRUB, PE, X64), STEP_LOADER, "grub-efi" },
	{ "intel-bios", FILE_IS(GRUB, NBP, NONE), STEP_LOADER, "grub-pc" },
	{ "uefi-x64", FILE_IS(SYSLINUX_EFI, PE, X64), STEP_LOADER,
	    "syslinux-efi" },
	{ "uefi-x64", FILE_IS(WINDOWS, PE, X64), STEP_LOADER, "windows-efi" },
	{ "uefi-x64", FILE_IS(LINUX, BZIMAGE_PE, X64), STEP_KERNEL, "udhcpc" },
	{ "uefi-x64", FILE_IS(LINUX, BZIMAGE, X64), STEP_FAULT,
	    "exec-format-error" },
	{ "uefi-x64", FILE_IS(IPXE, NBP, NONE), STEP_FAULT,
	    "arch-bios-file-to-uefi" },
	{ "uefi-x64", FILE_IS(IPXE, PE, ARM64), STEP_FAULT, "arch-wrong-cpu" },
	{ "uefi-x64", FILE_IS(IPXE, PE, X86), STEP_FAULT, "arch-wrong-cpu" },
	{ "uefi-x64", FILE_IS(SCRIPT, NONE, NONE), STEP_FAULT,
	    "exec-format-error" },
	{ "uefi-x64", FILE_IS(ISO, DISK, NONE), STEP_FAULT,
	    "exec-format-error" },
	{ "uefi-ia32", FILE_IS(IPXE, PE, X86), STEP_STAGE, "ipxe-efi-ia32" },
	{ "uefi-ia32", FILE_IS(IPXE, PE, X64), STEP_FAULT, "arch-wrong-cpu" },
	{ "uefi-arm64", FILE_IS(IPXE, PE, ARM64), STEP_STAGE,
	    "ipxe-efi-arm64" },
	{ "uefi-arm64", FILE_IS(IPXE, PE, X64), STEP_FAULT, "arch-wrong-cpu" },
	{ "uefi-arm64", FILE_IS(LINUX, ARM64_IMAGE, ARM64), STEP_KERNEL,
	    "udhcpc" },
	{ "uefi-riscv64", FILE_IS(IPXE, PE, RISCV64), STEP_STAGE,
	    "ipxe-efi-riscv64" },
	{ "uefi-http-x64", FILE_IS(IPXE, PE, X64), STEP_STAGE,
	    "ipxe-efi-x64" },
	{ "uefi-http-arm64", FILE_IS(EFI, PE, ARM64), STEP_PROGRAM, NULL },
	/* which iPXE, by what the file says of itself */
	{ "intel-bios", IPXE_IS(NBP, NONE, "2.0.0", "undionly.kpxe"),
	    STEP_STAGE, "ipxe2-bios" },
	{ "intel-bios", IPXE_IS(NBP, NONE, "1.21.1", "undionly.kpxe"),
	    STEP_STAGE, "ipxe-bios" },
	{ "uefi-x64", IPXE_IS(PE, X64, "1.0.0+git-20190125", "snponly.efi"),
	    STEP_STAGE, "ipxe-snponly-x64" },
	{ "uefi-x64", IPXE_IS(PE, X64, "2.0.0+", "snponly.efi"),
	    STEP_STAGE, "ipxe2-snponly-x64" },
	{ "uefi-x64", IPXE_IS(PE, X64, "2.0.0", "ipxe.efi"),
	    STEP_STAGE, "ipxe2-efi-x64" },
	{ "uefi-arm64", IPXE_IS(PE, ARM64, "2.0.0+", "snponly.efi"),
	    STEP_STAGE, "ipxe2-snponly-arm64" },
	{ "uefi-riscv64", IPXE_IS(PE, RISCV64, "2.0.0", ""),
	    STEP_STAGE, "ipxe2-efi-riscv64" },
	/* a board, and a loader, make of a file what they can */
	{ "rpi4", FILE_IS(UNKNOWN, NONE, NONE), STEP_PROGRAM, NULL },
	{ "uboot-arm64", FILE_IS(LINUX, ARM64_IMAGE, ARM64), STEP_PROGRAM,
	    NULL },

	{ "ipxe-efi-x64", FILE_IS(SCRIPT, NONE, NONE), STEP_SCRIPT, NULL },
	{ "ipxe-efi-x64", FILE_IS(IPXE, PE, X64), STEP_STAGE,
	    "ipxe-efi-x64" },
	{ "ipxe-efi-x64", FILE_IS(LINUX, BZIMAGE_PE, X64), STEP_KERNEL,
	    "udhcpc" },
	{ "ipxe-efi-x64", FILE_IS(LINUX, ARM64_IMAGE, ARM64), STEP_FAULT,
	    "arch-wrong-cpu" },
	{ "ipxe-efi-x64", FILE_IS(WIMBOOT, PE, X64), STEP_PROGRAM, NULL },
	{ "ipxe-efi-x64", FILE_IS(HTML, NONE, NONE), STEP_FAULT,
	    "exec-format-error" },
	{ "ipxe-efi-arm64", FILE_IS(LINUX, ARM64_IMAGE, ARM64), STEP_KERNEL,
	    "udhcpc" },
};

START_TEST(leads_to)
{
	struct bootfile file = rows[_i].file;
	struct step s;

	chain_step(persona_find(rows[_i].now), &file, &s);
	ck_assert_msg(s.kind == rows[_i].kind, "row %d, %s: kind %d (%s)", _i,
	    rows[_i].now, s.kind, s.why);
	if (s.kind == STEP_FAULT) {
		ck_assert_str_eq(s.fault, rows[_i].next);
		ck_assert_ptr_nonnull(fault_find(s.fault));
		ck_assert_str_ne(s.why, "");
	} else {
		ck_assert_ptr_null(s.fault);
		ck_assert((s.next != NULL) == (rows[_i].next != NULL));
		if (s.next)
			ck_assert_str_eq(s.next->name, rows[_i].next);
	}
}
END_TEST

/* The file's own name is in the sentence, where it is known. */
START_TEST(says_what_it_is)
{
	struct bootfile f = FILE_IS(IPXE, NBP, NONE);
	struct step s;

	memcpy(f.product, "iPXE", 5);
	chain_step(persona_find("uefi-x64"), &f, &s);
	ck_assert_ptr_nonnull(strstr(s.why, "iPXE is a BIOS"));
	f.container = CONTAINER_PE;
	f.cpu = CPU_ARM64;
	chain_step(persona_find("uefi-x64"), &f, &s);
	ck_assert_ptr_nonnull(strstr(s.why, cpu_name(CPU_ARM64)));
	ck_assert_ptr_nonnull(strstr(s.why, cpu_name(CPU_X64)));
}
END_TEST

/* Nothing is left of what was in the result before, and nothing crashes. */
START_TEST(every_pair)
{
	size_t n;
	const struct persona *const *p = persona_rows(&n);

	for (size_t i = 0; i < n; i++) {
		if (p[i]->kind == PERSONA_OS)
			continue;
		for (unsigned int k = 0; k < BOOTFILE_N_KINDS; k++) {
			for (unsigned int c = 0; c <= CONTAINER_ELF; c++) {
				struct bootfile f = { .kind = k,
				    .container = c };
				struct step s;

				memset(&s, 0x5a, sizeof(s));
				chain_step(p[i], &f, &s);
				ck_assert((s.kind == STEP_FAULT) ==
				    (s.fault != NULL));
				if (s.fault)
					ck_assert_ptr_nonnull(
					    fault_find(s.fault));
				else if (k == BOOTFILE_SCRIPT)
					ck_assert_int_eq(p[i]->kind ==
					    PERSONA_IPXE, s.kind ==
					    STEP_SCRIPT);
			}
		}
	}
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("step");
	TCase *tc = tcase_create("step");

	tcase_add_loop_test(tc, leads_to, 0, ARRAY_LEN(rows));
	tcase_add_test(tc, says_what_it_is);
	tcase_add_test(tc, every_pair);
	suite_add_tcase(s, tc);
	return s;
}
