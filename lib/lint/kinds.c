#include "lint/kinds.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* One persona plays several architectures. */
struct kind_row {
	const char *name;
	const char *persona;
	const char *title;
	uint16_t arch;
	enum kind_weight weight;
};

static const struct kind_row rows[] = {
	{ "intel-bios", "intel-bios", "BIOS PXE ROM", 0, KIND_COMMON },
	{ "uefi-x64", "uefi-x64", "x64 UEFI PXE", 7, KIND_COMMON },
	{ "uefi-x64-arch9", "uefi-x64",
	    "x64 UEFI PXE that calls itself EBC", 9, KIND_OTHER },
	{ "uefi-ia32", "uefi-ia32", "IA32 UEFI PXE", 6, KIND_OTHER },
	{ "uefi-arm32", "uefi-arm64", "ARM32 UEFI PXE", 10, KIND_OTHER },
	{ "uefi-arm64", "uefi-arm64", "ARM64 UEFI PXE", 11, KIND_OTHER },
	{ "uefi-riscv64", "uefi-riscv64", "RISC-V 64 UEFI PXE", 27,
	    KIND_OTHER },
	{ "uefi-loongarch64", "uefi-arm64", "LoongArch64 UEFI PXE", 39,
	    KIND_OTHER },
	{ "uefi-http-ia32", "uefi-http-x64", "IA32 UEFI HTTP boot", 15,
	    KIND_OTHER },
	{ "uefi-http-x64", "uefi-http-x64", "x64 UEFI HTTP boot", 16,
	    KIND_OTHER },
	{ "uefi-http-arm32", "uefi-http-arm64", "ARM32 UEFI HTTP boot", 18,
	    KIND_OTHER },
	{ "uefi-http-arm64", "uefi-http-arm64", "ARM64 UEFI HTTP boot", 19,
	    KIND_OTHER },
	{ "uefi-http-riscv64", "uefi-http-arm64", "RISC-V 64 UEFI HTTP boot",
	    28, KIND_OTHER },
	{ "uefi-http-loongarch64", "uefi-http-arm64",
	    "LoongArch64 UEFI HTTP boot", 40, KIND_OTHER },
	{ "ipxe-bios", "ipxe-bios", "iPXE on BIOS", 0, KIND_COMMON },
	{ "ipxe-efi-x64", "ipxe-efi-x64", "iPXE on x64 UEFI", 7,
	    KIND_COMMON },
	{ "ipxe-efi-x64-arch9", "ipxe-efi-x64",
	    "iPXE of before 2016 on x64 UEFI", 9, KIND_RARE },
	{ "ipxe-efi-ia32", "ipxe-efi-ia32", "iPXE on IA32 UEFI", 6,
	    KIND_OTHER },
	{ "ipxe-efi-arm32", "ipxe-efi-arm64", "iPXE on ARM32 UEFI", 10,
	    KIND_OTHER },
	{ "ipxe-efi-arm64", "ipxe-efi-arm64", "iPXE on ARM64 UEFI", 11,
	    KIND_OTHER },
	{ "ipxe-efi-riscv64", "ipxe-efi-riscv64", "iPXE on RISC-V 64 UEFI",
	    27, KIND_OTHER },
	{ "ipxe-efi-loongarch64", "ipxe-efi-arm64",
	    "iPXE on LoongArch64 UEFI", 39, KIND_OTHER },
	{ "ipxe-no-user-class", "ipxe-bios",
	    "iPXE of a network card's maker, which sends no user class", 0,
	    KIND_RARE },
	{ "gpxe", "ipxe-bios", "gPXE", 0, KIND_RARE },
};

static bool
has_text(const uint8_t *bytes, size_t len, const char *text)
{
	return len >= strlen(text) &&
	    memmem(bytes, len, text, strlen(text)) != NULL;
}

static uint16_t
arch_of(const struct config_literal *l)
{
	struct rd r = rd_init(l->bytes, l->len);

	return rd_u16(&r);
}

/* Does the configuration ask for clients of this kind by that comparison? */
static bool
names(const struct config_literal *l, const struct kind *k)
{
	char word[16];

	if (l->field != CONFIG_F_OPTION || l->sub != 0 || l->len == 0)
		return false;
	if (l->code == DHCP4_OPT_ARCH && l->len == 2)
		return arch_of(l) == k->persona.arch;
	if (l->code == DHCP4_OPT_USER_CLASS)
		return k->persona.user_class &&
		    has_text(l->bytes, l->len, k->persona.user_class);
	if (l->code != DHCP4_OPT_VENDOR_CLASS)
		return false;
	(void)snprintf(word, sizeof(word), "Arch:%05u", k->persona.arch);
	return has_text(l->bytes, l->len, word) ||
	    (k->persona.kind == PERSONA_UEFI_HTTP &&
	    has_text(l->bytes, l->len, "HTTPClient"));
}

/* "PXEClient:Arch:00007:UNDI:003016": is the number compared? */
/* Option 60 as far as the digits of the architecture, and into them. */
static bool
reaches_digits(const struct config_literal *l)
{
	static const char before[] = "PXEClient:Arch:";
	size_t n = sizeof(before) - 1;

	if (l->off + l->len <= n)
		return false;
	return l->off >= n || memcmp(l->bytes, before + l->off, n - l->off) == 0;
}

static bool
tells_arch(const struct config_literal *l)
{
	return l->code == DHCP4_OPT_ARCH ||
	    (l->code == DHCP4_OPT_VENDOR_CLASS && (has_text(l->bytes, l->len,
	    "Arch:") || reaches_digits(l)));
}

/* "iPXE", "gPXE", "PXEClient", and what is wrongly taken for them. */
static bool
speaks_of_pxe(const struct config_literal *l)
{
	for (size_t i = 0; i + 3 <= l->len; i++) {
		if (strncasecmp((const char *)l->bytes + i, "pxe", 3) == 0)
			return true;
	}
	return false;
}

/* What the configuration looks at, be it rightly or wrongly. */
static void
note_looks(struct kinds *ks, const struct config_literal *lits, size_t n)
{
	bool by_usual = false;

	for (size_t i = 0; i < n; i++) {
		const struct config_literal *l = &lits[i];

		if (l->field != CONFIG_F_OPTION)
			continue;
		if (l->code == DHCP4_OPT_IPXE)
			ks->by_ipxe = by_usual = true;
		if (l->sub == 0 && l->code == DHCP4_OPT_USER_CLASS) {
			ks->by_ipxe = true;
			ks->own_class = ks->own_class || l->len > 0;
			by_usual = by_usual || speaks_of_pxe(l);
		}
		if (l->sub == 0 && tells_arch(l))
			ks->by_arch = true;
		ks->by_client = ks->by_client || ks->by_ipxe || ks->by_arch ||
		    (l->sub == 0 && l->code == DHCP4_OPT_VENDOR_CLASS &&
		    (speaks_of_pxe(l) || has_text(l->bytes, l->len, "HTTP")));
	}
	ks->own_class = ks->own_class && !by_usual;
}

static struct kind *
add(struct kinds *ks, const struct kind_row *row)
{
	const struct persona *base = persona_find(row->persona);
	struct kind *k = &ks->kind[ks->n++];

	assert(base);
	(void)text_copy(k->name, sizeof(k->name), row->name);
	k->persona = *base;
	k->persona.name = k->name;
	k->persona.title = row->title;
	k->persona.arch = row->arch;
	k->cpu = row->arch == 9 ? CPU_X64 : arch_find(row->arch)->cpu;
	k->weight = row->weight;
	k->starts = true;
	return k;
}

/* An architecture of UEFI that only this configuration speaks of. */
static void
add_named_arch(struct kinds *ks, const struct config_literal *l)
{
	const struct arch *a = arch_find(arch_of(l));
	struct kind_row row = { .persona = "uefi-x64", .weight = KIND_OTHER };
	struct kind *k;

	if (!a || a->platform != PLATFORM_EFI || a->http ||
	    ks->n == KINDS_MAX)
		return;
	for (size_t i = 0; i < ks->n; i++) {
		if (ks->kind[i].persona.arch == a->number)
			return;
	}
	row.name = a->word;
	row.title = a->name;
	row.arch = a->number;
	k = add(ks, &row);
	(void)snprintf(k->name, sizeof(k->name), "uefi-%s", a->word);
}

void
kinds_init(struct kinds *ks, const struct config_literal *lits, size_t n)
{
	memset(ks, 0, sizeof(*ks));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct kind *k = add(ks, &rows[i]);

		if (strcmp(k->name, "ipxe-no-user-class") == 0)
			k->persona.user_class = NULL;
		else if (strcmp(k->name, "gpxe") == 0)
			k->persona.user_class = "gPXE";
	}
	for (size_t i = 0; i < n; i++) {
		if (lits[i].field == CONFIG_F_OPTION && lits[i].sub == 0 &&
		    lits[i].code == DHCP4_OPT_ARCH && lits[i].len == 2)
			add_named_arch(ks, &lits[i]);
	}
	note_looks(ks, lits, n);
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < ks->n; j++) {
			if (names(&lits[i], &ks->kind[j]))
				ks->kind[j].named = true;
		}
	}
}

int
kinds_find(const struct kinds *ks, const char *name)
{
	for (size_t i = 0; i < ks->n; i++) {
		if (strcmp(ks->kind[i].name, name) == 0)
			return (int)i;
	}
	return KIND_NONE;
}

int
kinds_ipxe(const struct kinds *ks, const struct kind *now,
    const struct bootfile *file)
{
	enum arch_cpu cpu = file->cpu != CPU_NONE ? file->cpu : now->cpu;

	if (file->kind == BOOTFILE_GPXE)
		return kinds_find(ks, "gpxe");
	if (persona_platform(&now->persona) == PLATFORM_BIOS)
		return kinds_find(ks, "ipxe-bios");
	for (size_t i = 0; i < ks->n; i++) {
		if (ks->kind[i].persona.kind == PERSONA_IPXE &&
		    persona_platform(&ks->kind[i].persona) == PLATFORM_EFI &&
		    ks->kind[i].cpu == cpu)
			return (int)i;
	}
	return KIND_NONE;
}
