/* arch.c - the architecture registry and the words for it. */
#include "unit.h"

#include "chain/arch.h"

static const struct {
	const char *word;
	int number;             /* -1: not a word */
} words[] = {
	{ "bios", 0 }, { "BIOS", 0 }, { "ia32", 6 }, { "x86", 6 },
	{ "x64", 7 }, { "x86_64", 7 }, { "X64", 7 }, { "ebc", 9 },
	{ "arm32", 10 }, { "arm64", 11 }, { "aarch64", 11 },
	{ "x86-http", 15 }, { "x64-http", 16 }, { "arm64-http", 19 },
	{ "bios-http", 20 }, { "uboot-arm64", 22 }, { "riscv64", 27 },
	{ "riscv64-http", 28 }, { "loongarch64", 39 }, { "rpi", 41 },
	{ "0", 0 }, { "7", 7 }, { "0x10", 16 }, { "41", 41 },
	{ "42", -1 }, { "65535", -1 }, { "65543", -1 }, { "-1", -1 },
	{ "", -1 }, { "x6", -1 }, { "x64 ", -1 }, { "7x", -1 },
};

START_TEST(words_name_rows)
{
	const struct arch *a = arch_by_word(words[_i].word);

	if (words[_i].number < 0) {
		ck_assert_msg(a == NULL, "'%s' is taken", words[_i].word);
		return;
	}
	ck_assert_msg(a != NULL, "'%s' is refused", words[_i].word);
	ck_assert_int_eq(a->number, words[_i].number);
}
END_TEST

/* From the registry, not from the table under test. */
static const struct {
	uint16_t number;
	const char *name;
	enum arch_platform platform;
	enum arch_cpu cpu;
	bool http;
	bool deprecated;
} facts[] = {
	{ 0, "x86 BIOS", PLATFORM_BIOS, CPU_X86, false, false },
	{ 1, "NEC/PC98 (DEPRECATED)", PLATFORM_OTHER, CPU_X86, false, true },
	{ 6, "x86 UEFI", PLATFORM_EFI, CPU_X86, false, false },
	{ 7, "x64 UEFI", PLATFORM_EFI, CPU_X64, false, false },
	{ 8, "EFI Xscale (DEPRECATED)", PLATFORM_EFI, CPU_ARM32, false, true },
	{ 9, "EBC", PLATFORM_EFI, CPU_EBC, false, false },
	{ 11, "ARM 64-bit UEFI", PLATFORM_EFI, CPU_ARM64, false, false },
	{ 14, "POWER OPAL v3", PLATFORM_OTHER, CPU_PPC, false, false },
	{ 16, "x64 uefi boot from http", PLATFORM_EFI, CPU_X64, true, false },
	{ 20, "pc/at bios boot from http", PLATFORM_BIOS, CPU_X86, true, false },
	{ 22, "arm 64 uboot", PLATFORM_UBOOT, CPU_ARM64, false, false },
	{ 24, "arm uboot 64 boot from http", PLATFORM_UBOOT, CPU_ARM64, true, false },
	{ 28, "RISC-V 64-bit UEFI boot from http", PLATFORM_EFI, CPU_RISCV64, true, false },
	{ 32, "s390 Extended", PLATFORM_OTHER, CPU_S390, false, false },
	{ 36, "Sunway 64-bit UEFI", PLATFORM_EFI, CPU_SUNWAY64, false, false },
	{ 39, "LoongArch 64-bit UEFI", PLATFORM_EFI, CPU_LOONGARCH64, false, false },
	{ 41, "ARM rpiboot", PLATFORM_OTHER, CPU_ARM64, false, false },
};

START_TEST(facts_hold)
{
	const struct arch *a = arch_find(facts[_i].number);

	ck_assert_ptr_nonnull(a);
	ck_assert_str_eq(a->name, facts[_i].name);
	ck_assert_str_eq(arch_name(facts[_i].number), facts[_i].name);
	ck_assert_int_eq(a->platform, facts[_i].platform);
	ck_assert_int_eq(a->cpu, facts[_i].cpu);
	ck_assert_int_eq(a->http, facts[_i].http);
	ck_assert_int_eq(a->deprecated, facts[_i].deprecated);
}
END_TEST

START_TEST(the_registry_is_whole)
{
	size_t n;
	const struct arch *rows = arch_rows(&n);

	ck_assert_uint_eq(n, 42);
	for (size_t i = 0; i < n; i++) {
		bool says_http = strstr(rows[i].name, "http") != NULL;
		bool word_http = strstr(rows[i].word, "-http") != NULL;

		ck_assert_uint_eq(rows[i].number, i);
		ck_assert_int_eq(rows[i].http, says_http);
		ck_assert_int_eq(rows[i].http, word_http);
		ck_assert_int_eq(rows[i].deprecated,
		    strstr(rows[i].name, "DEPRECATED") != NULL);
		/* Every word leads back to its row: no two are the same. */
		ck_assert_ptr_eq(arch_by_word(rows[i].word), &rows[i]);
	}
	ck_assert_ptr_null(arch_find(42));
	ck_assert_ptr_null(arch_find(0xffff));
	ck_assert_str_eq(arch_name(0xffff), "unassigned");
}
END_TEST

static const struct {
	uint16_t arch;
	enum arch_cpu cpu;
	bool runs;
} runs[] = {
	{ 0, CPU_X86, true }, { 0, CPU_X64, true }, { 0, CPU_ARM64, false },
	{ 6, CPU_X86, true }, { 6, CPU_X64, false }, { 6, CPU_EBC, true },
	{ 7, CPU_X64, true }, { 7, CPU_X86, false }, { 7, CPU_EBC, true },
	{ 7, CPU_ARM64, false }, { 7, CPU_NONE, true },
	{ 9, CPU_X64, true }, { 9, CPU_EBC, true }, { 9, CPU_X86, false },
	{ 11, CPU_ARM64, true }, { 11, CPU_ARM32, false },
	{ 11, CPU_X64, false }, { 11, CPU_EBC, false },
	{ 16, CPU_X64, true }, { 16, CPU_X86, false },
	{ 17, CPU_X64, true }, { 20, CPU_X64, true },
	{ 22, CPU_ARM64, true }, { 22, CPU_ARM32, false },
	{ 27, CPU_RISCV64, true }, { 27, CPU_RISCV32, false },
	{ 3, CPU_X64, true },           /* nothing is known of an Alpha's files */
};

START_TEST(machines_run_their_programs)
{
	const struct arch *a = arch_find(runs[_i].arch);

	ck_assert_msg(arch_runs_cpu(a, runs[_i].cpu) == runs[_i].runs,
	    "architecture %d and %s", runs[_i].arch, cpu_name(runs[_i].cpu));
}
END_TEST

START_TEST(every_cpu_has_a_name)
{
	for (int c = 0; c < CPU_N; c++)
		for (int d = 0; d < c; d++)
			ck_assert_str_ne(cpu_name(c), cpu_name(d));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("arch");
	TCase *tc = tcase_create("arch");

	tcase_add_loop_test(tc, words_name_rows, 0, ARRAY_LEN(words));
	tcase_add_loop_test(tc, facts_hold, 0, ARRAY_LEN(facts));
	tcase_add_test(tc, the_registry_is_whole);
	tcase_add_loop_test(tc, machines_run_their_programs, 0,
	    ARRAY_LEN(runs));
	tcase_add_test(tc, every_cpu_has_a_name);
	suite_add_tcase(s, tc);
	return s;
}
