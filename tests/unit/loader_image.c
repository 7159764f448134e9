#include "unit.h"

#include "base/bytes.h"
#include "firmware/elf.h"
#include "firmware/grub.h"
#include "firmware/linux.h"

#include <errno.h>
#include <lzma.h>

enum { FILE_MAX = 64 * 1024, MODS_AT = 512, CORE_AT = 0x700 };

static void
le16(struct wr *w, uint32_t v)
{
	wr_u8(w, v & 0xff);
	wr_u8(w, v >> 8 & 0xff);
}

static void
le32(struct wr *w, uint32_t v)
{
	le16(w, v & 0xffff);
	le16(w, v >> 16);
}

/* A word of an ELF file of that class. */
static void
word(struct wr *w, bool wide, uint32_t v)
{
	le32(w, v);
	if (wide)
		le32(w, 0);
}

/* One section header: only its name, place and length matter. */
static void
section(struct wr *w, bool wide, uint32_t name, uint32_t off, uint32_t len)
{
	le32(w, name);
	le32(w, 1);
	word(w, wide, 0);
	word(w, wide, 0);
	word(w, wide, off);
	word(w, wide, len);
	wr_zero(w, wide ? 24 : 16);
}

static void
segment(struct wr *w, bool wide, uint32_t type, uint32_t off, uint32_t len)
{
	le32(w, type);
	if (wide)
		le32(w, 4);
	word(w, wide, off);
	word(w, wide, off + 0x1000);    /* addresses are not offsets */
	word(w, wide, off);
	word(w, wide, len);
	word(w, wide, len);
	if (!wide)
		le32(w, 4);
	word(w, wide, 4);
}

/* A module of both kinds: GRUB's sections, and SYSLINUX's dynamic table. */
static void
module(struct wr *w, bool wide)
{
	static const char names[] = "\0.moddeps\0.modname";
	static const char deps[] = "extcmd\0boot";
	static const char strings[] = "\0libutil.c32\0libcom32.c32";
	const uint32_t head = wide ? 64 : 52;
	const uint32_t ph = wide ? 56 : 32;
	const uint32_t at[] = { head + 2 * ph, head + 2 * ph + 32,
	    head + 2 * ph + 64, head + 2 * ph + 96, head + 2 * ph + 160 };
	const uint32_t dyn_len = 4 * (wide ? 16 : 8);
	const uint32_t shoff = at[4] + dyn_len;
	struct wr f = wr_init(w->buf + w->len, FILE_MAX - w->len);

	wr_bytes(&f, "\177ELF", 4);
	wr_u8(&f, wide ? 2 : 1);
	wr_u8(&f, 1);
	wr_zero(&f, 10);
	le16(&f, 1);
	le16(&f, wide ? 62 : 3);
	le32(&f, 1);
	word(&f, wide, 0);
	word(&f, wide, head);
	word(&f, wide, shoff);
	le32(&f, 0);
	le16(&f, head);
	le16(&f, ph);
	le16(&f, 2);
	le16(&f, wide ? 64 : 40);
	le16(&f, 4);
	le16(&f, 1);
	segment(&f, wide, 1, 0, shoff);
	segment(&f, wide, 2, at[4], dyn_len);
	wr_bytes(&f, names, sizeof(names));
	wr_zero(&f, at[1] - f.len);
	wr_bytes(&f, deps, sizeof(deps));
	wr_zero(&f, at[2] - f.len);
	wr_cstr(&f, "linux");
	wr_zero(&f, at[3] - f.len);
	wr_bytes(&f, strings, sizeof(strings));
	wr_zero(&f, at[4] - f.len);
	for (uint32_t i = 0; i < 4; i++) {
		static const uint32_t tags[] = { 1, 1, 5, 0 };
		const uint32_t values[] = { 1, 13, at[3] + 0x1000, 0 };

		word(&f, wide, tags[i]);
		word(&f, wide, values[i]);
	}
	section(&f, wide, 0, 0, 0);
	section(&f, wide, 0, at[0], sizeof(names));
	section(&f, wide, 1, at[1], sizeof(deps));
	section(&f, wide, 10, at[2], 6);
	ck_assert(!f.full);
	w->len += f.len;
}

START_TEST(module_tells_what_it_needs)
{
	uint8_t buf[FILE_MAX];
	struct wr w = wr_init(buf, sizeof(buf));
	const char *deps[GRUB_DEPS_MAX];
	const char *needed[ELF_NEEDED_MAX];

	module(&w, _i == 1);
	for (size_t n = 0; n < w.len; n++) {
		uint8_t *cut = unit_heap(buf, n);

		ck_assert_uint_le(grub_module_deps(cut, n, deps), 2);
		ck_assert_uint_le(elf_needed(cut, n, needed), 2);
		free(cut);
	}
	ck_assert_uint_eq(grub_module_deps(buf, w.len, deps), 2);
	ck_assert_str_eq(deps[0], "extcmd");
	ck_assert_str_eq(deps[1], "boot");
	ck_assert_uint_eq(elf_needed(buf, w.len, needed), 2);
	ck_assert_str_eq(needed[0], "libutil.c32");
	ck_assert_str_eq(needed[1], "libcom32.c32");
}
END_TEST

static void
object(struct wr *w, uint32_t type, const void *bytes, uint32_t len)
{
	le32(w, type);
	le32(w, len + 8);
	wr_bytes(w, bytes, len);
}

/* "mimg", and what comes behind it. */
static void
modules(struct wr *w, bool wide)
{
	uint8_t elf[4096];
	struct wr m = wr_init(elf, sizeof(elf));
	uint8_t body[8192];
	struct wr b = wr_init(body, sizeof(body));
	uint32_t head = wide ? 24 : 12;

	module(&m, wide);
	object(&b, 0, elf, (uint32_t)m.len);
	object(&b, 2, "normal x\n\0\0", 12);
	object(&b, 3, "/boot/grub\0", 12);
	object(&b, 77, "later", 5);
	wr_bytes(w, "mimg", 4);
	if (wide)
		le32(w, 0);
	word(w, wide, head);
	word(w, wide, head + (uint32_t)b.len);
	wr_bytes(w, body, b.len);
	ck_assert(!b.full && !w->full);
}

static void
pe(struct wr *w)
{
	uint8_t mods[16384];
	struct wr m = wr_init(mods, sizeof(mods));

	modules(&m, true);
	wr_bytes(w, "MZ", 2);
	wr_zero(w, 58);
	le32(w, 64);
	wr_bytes(w, "PE\0\0", 4);
	le16(w, 0x8664);
	le16(w, 1);
	wr_zero(w, 12);
	le16(w, 240);
	le16(w, 0x22);
	le16(w, 0x20b);
	wr_zero(w, 66);
	le16(w, 10);
	wr_zero(w, 240 - 70);
	wr_bytes(w, "mods\0\0\0\0", 8);
	le32(w, (uint32_t)m.len);
	le32(w, 0x1000);
	le32(w, (uint32_t)m.len);
	le32(w, MODS_AT);
	wr_zero(w, 12);
	le32(w, 0x40000040);
	wr_zero(w, MODS_AT - w->len);
	wr_bytes(w, mods, m.len);
}

/* core.0: boot code, then all the rest packed. */
static void
core(struct wr *w)
{
	lzma_options_lzma options;
	lzma_filter filters[] = {
		{ LZMA_FILTER_LZMA1, &options }, { LZMA_VLI_UNKNOWN, NULL },
	};
	uint8_t plain[32768] = { 0 };
	struct wr p = wr_init(plain, sizeof(plain));
	size_t n = 0;

	ck_assert(!lzma_lzma_preset(&options, 6));
	options.dict_size = 1 << 16;
	for (uint32_t i = 0; i < 1000; i++)
		le32(&p, ~i * 7);      /* code begins with no zero */
	wr_bytes(&p, "mimg constant in the code", 25);
	modules(&p, false);
	wr_bytes(w, "\xb2\x7f\xea\0\x82\0", 6);
	wr_zero(w, CORE_AT - w->len);
	ck_assert_int_eq(lzma_raw_buffer_encode(filters, NULL, plain,
	    sizeof(plain), w->buf + w->len, &n, FILE_MAX - w->len), LZMA_OK);
	w->len += n;
}

START_TEST(image_tells_what_it_brings)
{
	static uint8_t buf[FILE_MAX];
	struct wr w = wr_init(buf, sizeof(buf));
	struct grub_image g;

	(_i ? pe : core)(&w);
	ck_assert_int_eq(grub_image_read(buf, w.len, &g), 0);
	ck_assert_str_eq(g.prefix, "/boot/grub");
	ck_assert_str_eq(g.config, "normal x\n");
	ck_assert_ptr_null(g.memdisk_config);
	ck_assert(grub_image_has(&g, "linux"));
	ck_assert(!grub_image_has(&g, "linu"));
	grub_image_release(&g);
	for (size_t n = 0; n < w.len; n += _i ? 1 : 37) {
		uint8_t *cut = unit_heap(buf, n);
		int rc = grub_image_read(cut, n, &g);

		ck_assert(rc == 0 || rc == -EBADMSG);
		grub_image_release(&g);
		free(cut);
	}
}
END_TEST

/* boot.rst: (setup_sects + 1) sectors, then syssize paragraphs. */
START_TEST(kernel_tells_its_length)
{
	static uint8_t buf[8192];

	memset(buf, 0, sizeof(buf));
	buf[0x1f1] = 3;
	buf[0x1f4] = 0x80;              /* 128 paragraphs */
	buf[0x1fe] = 0x55;
	buf[0x1ff] = 0xaa;
	memcpy(buf + 0x202, "HdrS\x0f\x02", 6);
	ck_assert_uint_eq(linux_missing(buf, 4 * 512 + 2048), 0);
	ck_assert_uint_eq(linux_missing(buf, 4 * 512 + 2047), 1);
	ck_assert_uint_eq(linux_missing(buf, sizeof(buf)), 0);
	buf[0x1f1] = 0;                 /* none is four */
	ck_assert_uint_eq(linux_missing(buf, 4 * 512 + 2048), 512);
	memset(buf + 0x202, 0, 4);
	ck_assert_uint_eq(linux_missing(buf, 1024), 0);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("loader_image");
	TCase *tc = tcase_create("loader_image");

	tcase_add_loop_test(tc, module_tells_what_it_needs, 0, 2);
	tcase_add_loop_test(tc, image_tells_what_it_brings, 0, 2);
	tcase_add_test(tc, kernel_tells_its_length);
	suite_add_tcase(s, tc);
	return s;
}
