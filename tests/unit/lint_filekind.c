/* lint_filekind.c - what a boot file's name tells, and what its bytes do. */
#include "unit.h"

#include "firmware/by_name.h"
#include "lint/filekind.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static const struct name_row {
	const char *name;
	enum bootfile_kind kind;
	enum bootfile_container container;
	enum arch_cpu cpu;
	bool has_script;
} names[] = {
	{ "undionly.kpxe", BOOTFILE_IPXE, CONTAINER_NBP, CPU_NONE, false },
	{ "/tftp/UNDIONLY.KPXE", BOOTFILE_IPXE, CONTAINER_NBP, CPU_NONE,
	    false },
	{ "undionly.kkpxe", BOOTFILE_IPXE, CONTAINER_NBP, CPU_NONE, false },
	{ "ipxe.efi", BOOTFILE_IPXE, CONTAINER_PE, CPU_NONE, false },
	{ "arm64-efi/snponly.efi", BOOTFILE_IPXE, CONTAINER_PE, CPU_ARM64,
	    false },
	{ "ipxe-x86_64.efi", BOOTFILE_IPXE, CONTAINER_PE, CPU_X64, false },
	{ "netboot.xyz.kpxe", BOOTFILE_IPXE, CONTAINER_NBP, CPU_NONE, true },
	{ "gpxe-undionly.kpxe", BOOTFILE_GPXE, CONTAINER_NBP, CPU_NONE,
	    false },
	{ "pxelinux.0", BOOTFILE_PXELINUX, CONTAINER_NBP, CPU_NONE, false },
	{ "lpxelinux.0", BOOTFILE_PXELINUX, CONTAINER_NBP, CPU_NONE, false },
	{ "EFI\\BOOT\\BOOTX64.EFI", BOOTFILE_EFI, CONTAINER_PE, CPU_X64,
	    false },
	{ "BOOTIA32.EFI", BOOTFILE_EFI, CONTAINER_PE, CPU_X86, false },
	{ "grubaa64.efi", BOOTFILE_GRUB, CONTAINER_PE, CPU_ARM64, false },
	{ "shimx64.efi", BOOTFILE_SHIM, CONTAINER_PE, CPU_X64, false },
	{ "boot/x64/wdsnbp.com", BOOTFILE_WINDOWS, CONTAINER_NBP, CPU_NONE,
	    false },
	{ "http://10.0.0.1/boot.ipxe", BOOTFILE_SCRIPT, CONTAINER_NONE,
	    CPU_NONE, false },
	{ "http://10.0.0.1/boot.php?mac=${mac}&a=x.efi", BOOTFILE_SCRIPT,
	    CONTAINER_NONE, CPU_NONE, false },
	{ "something", BOOTFILE_UNKNOWN, CONTAINER_NONE, CPU_NONE, false },
	{ "", BOOTFILE_UNKNOWN, CONTAINER_NONE, CPU_NONE, false },
};

START_TEST(by_name)
{
	struct bootfile f;

	firmware_by_name(names[_i].name, &f);
	ck_assert_msg(f.kind == names[_i].kind, "%s is %s", names[_i].name,
	    bootfile_kind_name(f.kind));
	ck_assert_int_eq(f.container, names[_i].container);
	ck_assert_msg(f.cpu == names[_i].cpu, "%s is for %s", names[_i].name,
	    cpu_name(f.cpu));
	ck_assert_int_eq(f.script != NULL, names[_i].has_script);
}
END_TEST

static void
write_file(const char *dir, const char *name, const char *bytes)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(bytes, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

/* The bytes count, not the name; and a name in another case is told. */
START_TEST(by_bytes)
{
	char dir[] = "/tmp/filekind.XXXXXX";
	struct filekind_cache c = { .root = dir };
	const struct filekind *f;
	char path[256];

	ck_assert_ptr_nonnull(mkdtemp(dir));
	write_file(dir, "undionly.kpxe", "#!ipxe\nshell\n");
	write_file(dir, "empty.efi", "");
	ck_assert_int_eq(filekind_get(&c, "/undionly.kpxe", false, &f), 0);
	ck_assert_int_eq(f->file.kind, BOOTFILE_SCRIPT);
	ck_assert_str_eq(f->text, "#!ipxe\nshell\n");
	ck_assert_int_eq(filekind_get(&c, "empty.efi", false, &f), 0);
	ck_assert_int_eq(f->file.kind, BOOTFILE_EMPTY);
	ck_assert_int_eq(filekind_get(&c, "Undionly.kpxe", false, &f),
	    -ENOENT);
	ck_assert_str_eq(f->other, "undionly.kpxe");
	ck_assert_int_eq(f->miss, FILEKIND_CASE);
	ck_assert_int_eq(filekind_get(&c, "tftpboot/empty.efi", false, &f),
	    -ENOENT);
	ck_assert_str_eq(f->other, "empty.efi");
	ck_assert_int_eq(f->miss, FILEKIND_PREFIX);
	ck_assert_int_eq(filekind_get(&c, "missing", false, &f), -ENOENT);
	ck_assert_ptr_null(f->other);
	/* from elsewhere: by name, though there is no such file */
	ck_assert_int_eq(filekind_get(&c, "http://a/x.kpxe", true, &f), 0);
	ck_assert_int_eq(f->file.kind, BOOTFILE_IPXE);
	filekind_release(&c);
	snprintf(path, sizeof(path), "%s/undionly.kpxe", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/empty.efi", dir);
	unlink(path);
	rmdir(dir);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("lint_filekind");
	TCase *tc = tcase_create("filekind");

	tcase_add_loop_test(tc, by_name, 0, ARRAY_LEN(names));
	tcase_add_test(tc, by_bytes);
	suite_add_tcase(s, tc);
	return s;
}
