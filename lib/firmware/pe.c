#include "firmware/pe.h"

#include "base/util.h"
#include "firmware/search.h"

#include <errno.h>
#include <string.h>

enum {
	MZ_LFANEW = 0x3c,               /* where the PE header's offset is */
	OPT_BASE_PE32 = 28,
	OPT_BASE_PE32_PLUS = 24,
	OPT_HEADERS_LEN = 60,           /* the same in PE32 and PE32+, */
	OPT_CHECKSUM = 64,              /* as the next */
	OPT_SUBSYSTEM = 68,
	OPT_PE32 = 0x10b,
	OPT_PE32_PLUS = 0x20b,
	OPT_N_DIRS_PE32 = 92,
	OPT_N_DIRS_PE32_PLUS = 108,
	DIR_CERTIFICATE = 4,
	DIR_LEN = 8,
};

static const struct {
	uint16_t machine;
	enum arch_cpu cpu;
} machines[] = {
	{ 0x014c, CPU_X86 },
	{ 0x8664, CPU_X64 },
	{ 0x0200, CPU_IA64 },
	{ 0x0ebc, CPU_EBC },
	{ 0x01c0, CPU_ARM32 },
	{ 0x01c2, CPU_ARM32 },          /* Thumb, what UEFI wants */
	{ 0x01c4, CPU_ARM32 },
	{ 0xaa64, CPU_ARM64 },
	{ 0x5032, CPU_RISCV32 },
	{ 0x5064, CPU_RISCV64 },
	{ 0x5128, CPU_RISCV128 },
	{ 0x6232, CPU_LOONGARCH32 },
	{ 0x6264, CPU_LOONGARCH64 },
};

enum arch_cpu
pe_machine_cpu(uint16_t machine)
{
	for (size_t i = 0; i < ARRAY_LEN(machines); i++) {
		if (machines[i].machine == machine)
			return machines[i].cpu;
	}
	return CPU_NONE;
}

/* @r: the optional header, all of it and nothing else. */
static int
parse_optional(struct rd r, struct pe *pe)
{
	struct rd start = r;
	uint16_t magic = rd_le16(&r);
	struct rd dirs = start;
	uint32_t n_dirs;

	pe->linker_major = rd_u8(&r);
	pe->linker_minor = rd_u8(&r);
	r = start;
	if (magic == OPT_PE32) {
		rd_skip(&r, OPT_BASE_PE32);
		pe->base = rd_le32(&r);
	} else {
		rd_skip(&r, OPT_BASE_PE32_PLUS);
		pe->base = rd_le32(&r);
		pe->base |= (uint64_t)rd_le32(&r) << 32;
	}
	r = start;
	rd_skip(&r, OPT_HEADERS_LEN);
	pe->headers_len = rd_le32(&r);
	pe->checksum_at = r.at;
	rd_skip(&r, OPT_SUBSYSTEM - OPT_CHECKSUM);
	pe->subsystem = rd_le16(&r);
	pe->dll_flags = rd_le16(&r);
	if (r.bad || (magic != OPT_PE32 && magic != OPT_PE32_PLUS))
		return -EBADMSG;

	rd_skip(&dirs, magic == OPT_PE32 ? OPT_N_DIRS_PE32 :
	    OPT_N_DIRS_PE32_PLUS);
	n_dirs = rd_le32(&dirs);
	if (n_dirs > DIR_CERTIFICATE) {
		rd_skip(&dirs, DIR_CERTIFICATE * DIR_LEN);
		pe->cert_dir_at = dirs.at;
		pe->cert_at = rd_le32(&dirs);
		pe->cert_len = rd_le32(&dirs);
		if (dirs.bad)
			pe->cert_dir_at = 0;
		pe->is_signed = pe->cert_at != 0 && pe->cert_len != 0;
	}
	return 0;
}

static void
parse_section(struct rd *r, struct pe_section *s)
{
	uint32_t virtual_len;
	uint32_t raw_len;

	rd_copy(r, s->name, PE_SECTION_NAME_LEN);
	s->name[PE_SECTION_NAME_LEN] = '\0';
	virtual_len = rd_le32(r);
	s->address = rd_le32(r);
	raw_len = rd_le32(r);
	s->off = rd_le32(r);
	rd_skip(r, 16);                 /* relocations, line numbers, flags */
	s->raw_len = raw_len;
	s->len = virtual_len != 0 && virtual_len < raw_len ? virtual_len :
	    raw_len;
}

int
pe_parse(const void *buf, size_t len, struct pe *ret)
{
	struct pe pe = { 0 };
	struct rd r = rd_at(buf, len, MZ_LFANEW);
	struct rd opt;
	uint16_t n_sections;
	uint16_t opt_len;

	if (len < 2 || memcmp(buf, "MZ", 2) != 0)
		return -EBADMSG;
	r = rd_at(buf, len, rd_le32(&r));
	if (!search_starts(&r, "PE\0\0", 4))
		return -EBADMSG;
	rd_skip(&r, 4);
	pe.machine = rd_le16(&r);
	pe.cpu = pe_machine_cpu(pe.machine);
	n_sections = rd_le16(&r);
	pe.time_stamp = rd_le32(&r);
	rd_skip(&r, 8);                 /* symbol table */
	opt_len = rd_le16(&r);
	rd_skip(&r, 2);                 /* characteristics */
	opt = rd_sub(&r, opt_len);
	if (opt.bad || n_sections > PE_SECTIONS_MAX ||
	    parse_optional(opt, &pe) < 0)
		return -EBADMSG;
	while (pe.n_sections < n_sections)
		parse_section(&r, &pe.sections[pe.n_sections++]);
	if (r.bad)
		return -EBADMSG;
	*ret = pe;
	return 0;
}

bool
pe_is_efi(const struct pe *pe)
{
	return pe->subsystem >= PE_EFI_APPLICATION &&
	    pe->subsystem <= PE_EFI_ROM;
}

bool
pe_section(const struct pe *pe, const void *buf, size_t len, const char *name,
    struct rd *ret)
{
	for (size_t i = 0; i < pe->n_sections; i++) {
		const struct pe_section *s = &pe->sections[i];
		struct rd r = rd_at(buf, len, s->off);

		if (strcmp(s->name, name) != 0)
			continue;
		r = rd_sub(&r, s->len);
		if (r.bad)
			return false;
		*ret = r;
		return true;
	}
	return false;
}

bool
pe_offset(const struct pe *pe, uint64_t address, size_t *ret)
{
	for (size_t i = 0; i < pe->n_sections; i++) {
		const struct pe_section *s = &pe->sections[i];
		uint64_t start = pe->base + s->address;

		if (address >= start && address - start < s->len) {
			*ret = (size_t)(address - start) + s->off;
			return true;
		}
	}
	return false;
}

/* Step over @n commas of a line. */
static bool
skip_fields(struct rd *r, int n)
{
	while (n > 0 && r->left > 0) {
		uint8_t c = rd_u8(r);

		if (c == '\n' || c == '\0')
			return false;
		if (c == ',')
			n--;
	}
	return n == 0;
}

bool
pe_sbat(const struct pe *pe, const void *buf, size_t len,
    const char *component, char *version, size_t cap)
{
	size_t name_len = strlen(component);
	struct rd r;

	if (!pe_section(pe, buf, len, ".sbat", &r))
		return false;
	while (r.left > 0) {
		struct rd line = r;

		if (search_starts(&r, component, name_len) &&
		    rd_peek(&r, name_len) == ',') {
			version[0] = '\0';
			if (skip_fields(&line, 4))
				search_word(line, ",", version, cap);
			return true;
		}
		if (!search_text(&r, "\n"))
			break;
		rd_skip(&r, 1);
	}
	return false;
}
