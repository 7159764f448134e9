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
	ELF_SHARED = 3,
	LOADER_MAX = 1024 * 1024,       /* modules of boot loaders are small */
	ELF_SEGMENTS_MAX = 64,
	ELF_DYNAMIC_MAX = 1024,         /* entries */
	PT_LOAD = 1,
	PT_DYNAMIC = 2,
	DT_NEEDED = 1,
	DT_STRTAB = 5,
};

/* A file of either class; words are 4 or 8 bytes. */
struct elf {
	const void *buf;
	size_t len;
	bool wide;
	uint64_t phoff;
	uint16_t phentsize;
	uint16_t phnum;
};

struct segment {
	uint32_t type;
	uint64_t off;
	uint64_t vaddr;
	uint64_t len;                   /* in the file */
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

/* Boot loaders have modules in this format. */
static bool
name_loader(struct rd r, uint16_t type, struct bootfile *f)
{
	if (type == ELF_SHARED && search_has(r, LOADER_MAX, "__ctors_start") &&
	    search_has(r, LOADER_MAX, "__dtors_start")) {
		f->kind = BOOTFILE_SYSLINUX;
		text_copy(f->product, sizeof(f->product), "SYSLINUX module");
		return true;
	}
	if (r.left > LOADER_MAX)
		return false;
	if (search_has(r, r.left, ".modname") &&
	    search_has(r, r.left, ".module_license")) {
		f->kind = BOOTFILE_GRUB;
		text_copy(f->product, sizeof(f->product), "GRUB module");
		return true;
	}
	if (search_has(r, r.left, "grub rescue> ")) {
		f->kind = BOOTFILE_GRUB;
		text_copy(f->product, sizeof(f->product), "GRUB kernel");
		return true;
	}
	return false;
}

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
	if (name_loader(rd_init(buf, len), type, ret))
		return 1;
	if (type != ELF_RELOC && linux_banner(buf, len, ret->version,
	    sizeof(ret->version))) {
		ret->kind = BOOTFILE_LINUX;
		text_copy(ret->product, sizeof(ret->product), "Linux");
	}
	return 1;
}

static uint64_t
word(const struct elf *e, struct rd *r)
{
	uint64_t low = rd_le32(r);

	return e->wide ? low | (uint64_t)rd_le32(r) << 32 : low;
}

static bool
read_header(struct elf *e)
{
	struct rd r = rd_init(e->buf, e->len);

	e->wide = rd_peek(&r, ELF_CLASS) == ELF_64;
	if (!search_starts(&r, "\177ELF", 4) ||
	    rd_peek(&r, ELF_DATA) != ELF_LITTLE)
		return false;
	rd_skip(&r, ELF_TYPE + 8);      /* type, machine, version */
	(void)word(e, &r);              /* entry */
	e->phoff = word(e, &r);
	(void)word(e, &r);              /* sections */
	rd_skip(&r, 6);
	e->phentsize = rd_le16(&r);
	e->phnum = rd_le16(&r);
	return !r.bad && e->phnum <= ELF_SEGMENTS_MAX;
}

static bool
read_segment(const struct elf *e, size_t i, struct segment *s)
{
	struct rd r;

	if (e->phoff > e->len)
		return false;
	r = rd_at(e->buf, e->len, (size_t)e->phoff + i * e->phentsize);
	s->type = rd_le32(&r);
	if (e->wide)
		rd_skip(&r, 4);         /* flags */
	s->off = word(e, &r);
	s->vaddr = word(e, &r);
	(void)word(e, &r);              /* physical */
	s->len = word(e, &r);
	return !r.bad && s->off <= e->len && s->len <= e->len - s->off;
}

/* The file's bytes from a virtual address on; bad if none are there. */
static struct rd
at_address(const struct elf *e, uint64_t vaddr)
{
	struct segment s;

	for (size_t i = 0; i < e->phnum; i++) {
		if (read_segment(e, i, &s) && s.type == PT_LOAD &&
		    vaddr >= s.vaddr && vaddr - s.vaddr < s.len)
			return rd_at(e->buf, e->len,
			    (size_t)(s.off + (vaddr - s.vaddr)));
	}
	return rd_at(e->buf, e->len, e->len + 1);
}

static size_t
read_dynamic(const struct elf *e, struct rd r, const char **ret)
{
	uint64_t name[ELF_NEEDED_MAX];
	uint64_t strings = 0;
	size_t n = 0;
	size_t n_ret = 0;

	for (size_t i = 0; i < ELF_DYNAMIC_MAX && r.left > 0; i++) {
		uint64_t tag = word(e, &r);
		uint64_t value = word(e, &r);

		if (tag == 0)
			break;
		if (tag == DT_STRTAB)
			strings = value;
		else if (tag == DT_NEEDED && n < ELF_NEEDED_MAX)
			name[n++] = value;
	}
	for (size_t i = 0; i < n; i++) {
		struct rd at = at_address(e, strings);
		const char *text;
		size_t len;

		if (name[i] > e->len)
			continue;
		rd_skip(&at, (size_t)name[i]);
		text = rd_cstr(&at, &len);
		if (text && len > 0)
			ret[n_ret++] = text;
	}
	return n_ret;
}

size_t
elf_needed(const void *buf, size_t len, const char *ret[ELF_NEEDED_MAX])
{
	struct elf e = { .buf = buf, .len = len };
	struct segment s;

	if (!read_header(&e))
		return 0;
	for (size_t i = 0; i < e.phnum; i++) {
		if (read_segment(&e, i, &s) && s.type == PT_DYNAMIC) {
			struct rd r = rd_at(buf, len, (size_t)s.off);

			return read_dynamic(&e, rd_sub(&r, (size_t)s.len), ret);
		}
	}
	return 0;
}
