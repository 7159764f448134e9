/*
 * Boot files made here by hand, from their formats' descriptions, and real
 * ones of the distribution where it has them.
 */
#include "identify_rows.h"
#include "unit.h"

#include "base/bytes.h"
#include "base/file.h"
#include "base/text.h"
#include "firmware/identify.h"
#include "firmware/inflate.h"
#include "firmware/ipxe.h"
#include "firmware/linux.h"
#include "firmware/pe.h"
#include "firmware/zbin.h"

#include <errno.h>
#include <stdio.h>

enum { SPACE = 256 * 1024 };

static uint8_t space[SPACE];

static size_t
make(const struct row *row)
{
	struct wr w = wr_init(space, sizeof(space));

	row->make(&w);
	ck_assert_msg(!w.full, "%s: does not fit", row->name);
	return w.len;
}

static bool
is_clean(const char *s)
{
	for (; *s; s++) {
		if (*s < 0x20 || *s > 0x7e)
			return false;
	}
	return true;
}

START_TEST(names_each_kind)
{
	const struct row *row = &rows[_i];
	size_t len = make(row);
	uint8_t *copy = unit_heap(space, len);
	struct bootfile f;

	ck_assert_int_eq(firmware_identify(copy, len, &f), 0);
	ck_assert_msg(f.kind == row->kind, "%s: %s", row->name,
	    bootfile_kind_name(f.kind));
	ck_assert_msg(f.container == row->container, "%s: container %d",
	    row->name, (int)f.container);
	ck_assert_msg(f.cpu == row->cpu, "%s: cpu %d", row->name, (int)f.cpu);
	ck_assert_msg(f.is_signed == row->is_signed, "%s: signed", row->name);
	ck_assert_msg(strcmp(f.product, row->product ? row->product : "") == 0,
	    "%s: product '%s'", row->name, f.product);
	ck_assert_msg(strcmp(f.version, row->version ? row->version : "") == 0,
	    "%s: version '%s'", row->name, f.version);
	ck_assert_msg(strcmp(f.build_name, row->build_name ? row->build_name :
	    "") == 0, "%s: build name '%s'", row->name, f.build_name);
	ck_assert_msg((f.script != NULL) == (row->script != NULL),
	    "%s: script", row->name);
	if (f.script) {
		ck_assert_str_eq(f.script, row->script);
		ck_assert_uint_eq(f.script_len, strlen(row->script));
	}
	ck_assert_str_eq(f.features, row->features ? row->features :
	    row->kind == BOOTFILE_IPXE && row->version ?
	    "DNS HTTP PXE Menu PXEXT" : "");
	bootfile_release(&f);
	ck_assert_ptr_null(f.script);
	free(copy);
}
END_TEST

/* A file cut off anywhere is still named somehow, from its own bytes. */
START_TEST(survives_every_prefix)
{
	const struct row *row = &rows[_i];
	size_t len = make(row);

	for (size_t n = 0; n < len; n += n < 420 ? 1 : 1 + len / 64) {
		uint8_t *copy = unit_heap(space, n);
		struct bootfile f;

		ck_assert_int_eq(firmware_identify(copy, n, &f), 0);
		ck_assert(f.kind < BOOTFILE_N_KINDS);
		ck_assert_msg((f.kind == BOOTFILE_EMPTY) == (n == 0),
		    "%s at %zu", row->name, n);
		ck_assert(is_clean(f.product) && is_clean(f.version) &&
		    is_clean(f.build_name) && is_clean(f.features));
		/* A block, a script in it, is there as a whole or not. */
		ck_assert(!f.script || !row->script ||
		    strcmp(f.script, row->script) == 0);
		bootfile_release(&f);
		free(copy);
	}
}
END_TEST

START_TEST(undoes_the_filter)
{
	uint32_t seed = 1 + (uint32_t)_i;
	size_t len = (size_t)_i * 3;
	uint8_t *plain = malloc(len + 1);
	uint8_t *packed;
	uint8_t *ours;

	ck_assert_ptr_nonnull(plain);
	for (size_t i = 0; i < len; i++) {
		seed = seed * 1103515245 + 12345;
		/* Many calls, with targets near 0 on either side. */
		plain[i] = seed >> 28 < 4 ? 0xe8 + (seed >> 20 & 1) :
		    seed >> 28 < 9 ? 0 : seed >> 28 < 12 ? 0xff :
		    (uint8_t)(seed >> 16);
	}
	packed = unit_heap(plain, len);
	filter(packed, len);
	ours = unit_heap(plain, len);
	zbin_filter(ours, len);
	ck_assert(memcmp(packed, ours, len) == 0);
	free(ours);
	zbin_unfilter(packed, len);
	ck_assert(memcmp(packed, plain, len) == 0);
	free(packed);
	free(plain);
}
END_TEST

/* By hand, after the rule: the targets in a block of 20 bytes, limit 15. */
START_TEST(filter_known_answers)
{
	static const struct {
		int32_t stored;
		int32_t meant;
	} known[] = {           /* a call at offset 10 */
		{ 0, -10 }, { 14, 4 }, { 15, 15 }, { -1, 14 }, { -10, 5 },
		{ -11, -11 }, { 1000, 1000 },
	};
	uint8_t b[20] = { 0 };
	struct wr w = wr_init(b + 10, 10);
	struct rd r = rd_init(b + 11, 4);

	wr_u8(&w, 0xe8);
	le32(&w, (uint32_t)known[_i].stored);
	zbin_unfilter(b, sizeof(b));
	ck_assert_uint_eq(rd_le32(&r), (uint32_t)known[_i].meant);
}
END_TEST

/* Letters that no library need be asked for. */
static void
letters(uint8_t *buf, size_t len)
{
	uint32_t seed = 1;

	for (size_t i = 0; i < len; i++) {
		seed = seed * 1103515245 + 12345;
		buf[i] = seed >> 16 & 3 ? 'a' : 'b';
	}
}

enum { N_LETTERS = 400 };

START_TEST(inflates_each_kind_of_block)
{
	/* a dynamic block, as gzip -9 made it of letters() */
	static const uint8_t dynamic[] = {
		0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03,
		0x6d, 0x90, 0x0b, 0x0e, 0x00, 0x20, 0x08, 0x42, 0xcf, 0xea,
		0xbb, 0xff, 0x21, 0x5a, 0x33, 0x15, 0x35, 0xb6, 0x7e, 0xe2,
		0x00, 0x33, 0x73, 0x70, 0x17, 0xd6, 0x51, 0x05, 0x84, 0x1b,
		0x6d, 0xe4, 0x81, 0xf0, 0x64, 0x81, 0xd5, 0x8c, 0xb3, 0xcd,
		0x07, 0x44, 0x68, 0x5c, 0xd4, 0x94, 0x0a, 0x4a, 0x77, 0x0f,
		0x53, 0x89, 0x60, 0x21, 0x4b, 0x53, 0x78, 0xc9, 0x58, 0x03,
		0x4c, 0xaf, 0x6f, 0x0e, 0x74, 0xb8, 0xd8, 0xd3, 0xc4, 0x53,
		0xec, 0xe8, 0x0c, 0xa1, 0xf7, 0x07, 0x20, 0xef, 0x8b, 0x03,
		0xa5, 0x25, 0xae, 0x20, 0x90, 0x01, 0x00, 0x00,
	};
	/* "aaaaaaaaa" by a match, in a fixed block; name, comment, extra */
	static const uint8_t fixed[] = {
		0x1f, 0x8b, 8, 4 | 8 | 16 | 2, 0, 0, 0, 0, 0, 3, 2, 0, 9, 9,
		'n', 0, 'c', 0, 1, 2, 0x4b, 0x4c, 0x84, 0x02, 0x00,
	};
	/* stored "abc", then one more that claims more than there is */
	static const uint8_t stored[] = {
		0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0, 3, 0, 0xfc, 0xff,
		'a', 'b', 'c', 1, 9, 0, 0xf6, 0xff, 'd',
	};
	static const struct {
		const uint8_t *buf;
		size_t len;
		const char *want;
	} kinds[] = {
		{ dynamic, sizeof(dynamic), NULL },
		{ fixed, sizeof(fixed), "aaaaaaaaa" },
		{ stored, sizeof(stored), "abcd" },
	};
	uint8_t want[N_LETTERS];
	uint8_t got[N_LETTERS + 10];
	size_t want_len = sizeof(want);

	letters(want, sizeof(want));
	if (kinds[_i].want) {
		want_len = strlen(kinds[_i].want);
		memcpy(want, kinds[_i].want, want_len);
	}
	for (size_t n = 0; n <= kinds[_i].len; n++) {
		uint8_t *copy = unit_heap(kinds[_i].buf, n);
		size_t cap = n == kinds[_i].len ? sizeof(got) : n;
		size_t len = inflate_gzip_head(rd_init(copy, n), got, cap);

		ck_assert_uint_le(len, cap);
		ck_assert_uint_le(len, want_len);
		ck_assert(memcmp(got, want, len) == 0);
		if (n == kinds[_i].len)
			ck_assert_uint_eq(len, want_len);
		free(copy);
	}
}
END_TEST

START_TEST(blocks_have_their_place)
{
	struct wr w = wr_init(space, sizeof(space));
	struct zbin_scan scan;
	struct zbin_block b;

	wr_zero(&w, 48);
	zbin_block(&w, script, sizeof(script), true, 6);
	size_t end = w.len;
	zbin_block(&w, script, 30, true, 6);
	wr_zero(&w, 5);
	scan = zbin_scan_init(space, w.len, ZBIN_FRAMED);
	ck_assert_int_eq(zbin_next(&scan, &b), 1);
	ck_assert_uint_eq(b.off, 48);
	ck_assert_uint_eq(b.packed_len, end - 48);
	ck_assert_uint_eq(b.len, sizeof(script));
	ck_assert(memcmp(b.bytes, script, b.len) == 0);
	zbin_block_release(&b);
	ck_assert_int_eq(zbin_next(&scan, &b), 1);
	ck_assert_uint_eq(b.off, (end + 15) / 16 * 16);
	ck_assert_uint_eq(b.len, 30);
	zbin_block_release(&b);
	ck_assert_int_eq(zbin_next(&scan, &b), 0);

	/* One wrong bit in the stream, and it is none. */
	space[60] ^= 1;
	scan = zbin_scan_init(space, w.len, ZBIN_FRAMED);
	ck_assert_int_eq(zbin_next(&scan, &b), 1);
	ck_assert_uint_eq(b.len, 30);
	zbin_block_release(&b);
}
END_TEST

/* Blocks that swell are no blocks, and there is an end to the others. */
START_TEST(bombs_do_not_hurt)
{
	static const struct {
		size_t len;
		int n_made;
		int n_found;
	} bombs[] = {
		{ ZBIN_UNPACKED_MAX, 1, 1 },
		{ ZBIN_UNPACKED_MAX + 1, 1, 0 },
		{ 15 * 1024 * 1024, 6, 4 },
		{ 64, 100, ZBIN_BLOCKS_MAX },
	};
	uint8_t *zeros = calloc(1, bombs[_i].len);
	struct wr w = wr_init(space, sizeof(space));
	struct zbin_scan scan;
	struct zbin_block b;
	int n = 0;

	ck_assert_ptr_nonnull(zeros);
	for (int i = 0; i < bombs[_i].n_made; i++)
		zbin_block(&w, zeros, bombs[_i].len, true, 0);
	ck_assert(!w.full);
	scan = zbin_scan_init(space, w.len, ZBIN_FRAMED);
	while (zbin_next(&scan, &b) > 0) {
		n++;
		zbin_block_release(&b);
	}
	ck_assert_int_eq(n, bombs[_i].n_found);
	free(zeros);
}
END_TEST

START_TEST(lists_all_scripts)
{
	struct wr w = wr_init(space, sizeof(space));
	struct rd r;
	struct rd text;
	uint8_t *bytes;
	size_t len;

	wr_zero(&w, 64);
	put_ipxe(&w, NULL, script, true);
	ck_assert_int_eq(ipxe_payload(space, w.len, &bytes, &len), 0);
	r = rd_init(bytes, len);
	ck_assert(ipxe_script_next(&r, &text));
	ck_assert_uint_eq(text.left, strlen(script));
	ck_assert(ipxe_script_next(&r, &text));
	ck_assert_uint_eq(text.left, strlen("#!ipxe second"));
	ck_assert(!ipxe_script_next(&r, &text));
	free(bytes);
	ck_assert_int_eq(ipxe_payload("x", 1, &bytes, &len), -ENODATA);
}
END_TEST

START_TEST(reads_sbat_by_component)
{
	static const struct section sbat[] = {
		{ ".sbat", "sbat,1,SBAT Version,sbat,1,x\n"
		    "grub.debian,5,Debian,grub2,2.06-13,y\n"
		    "grub,3,FSF,grub,2.06,z\nshort,1\n", 0 },
	};
	static const struct {
		const char *component;
		bool found;
		const char *version;
	} known[] = {
		{ "grub", true, "2.06" }, { "grub.debian", true, "2.06-13" },
		{ "sbat", true, "1" }, { "short", true, "" },
		{ "gru", false, "" }, { "shim", false, "" },
	};
	struct wr w = wr_init(space, sizeof(space));
	char version[16] = "";
	struct pe pe;

	put_pe(&w, 0x8664, 10, 0, false, sbat, 1);
	ck_assert_int_eq(pe_parse(space, w.len, &pe), 0);
	ck_assert(pe_sbat(&pe, space, w.len, known[_i].component, version,
	    sizeof(version)) == known[_i].found);
	ck_assert_str_eq(version, known[_i].version);
}
END_TEST

START_TEST(reads_setup_header)
{
	struct wr w = wr_init(space, sizeof(space));
	struct linux_setup s;

	put_setup(&w, 0x20f, 0x2b, "6.1.0 (x) #1");
	ck_assert_int_eq(linux_setup_parse(space, w.len, &s), 0);
	ck_assert_uint_eq(s.protocol, 0x20f);
	ck_assert_uint_eq(s.xloadflags, 0x2b);
	ck_assert_uint_eq(s.handover, 0x190);
	ck_assert_str_eq(s.version, "6.1.0 (x) #1");

	/* Fields that a protocol does not have yet are not read. */
	w = wr_init(space, sizeof(space));
	put_setup(&w, 0x20a, 0x2b, NULL);
	ck_assert_int_eq(linux_setup_parse(space, w.len, &s), 0);
	ck_assert_uint_eq(s.xloadflags, 0);
	ck_assert_uint_eq(s.handover, 0);
	ck_assert_str_eq(s.version, "");
	ck_assert_int_eq(linux_setup_parse(space, 0x20f, &s), -EBADMSG);
}
END_TEST

START_TEST(kinds_have_names)
{
	for (int a = 0; a < BOOTFILE_N_KINDS; a++) {
		ck_assert_ptr_nonnull(bootfile_kind_name(a));
		ck_assert_ptr_nonnull(bootfile_kind_title(a));
		for (int b = 0; b < a; b++)
			ck_assert_str_ne(bootfile_kind_name(a),
			    bootfile_kind_name(b));
	}
	ck_assert_str_eq(bootfile_kind_name(BOOTFILE_N_KINDS), "unknown");
}
END_TEST

/* The files of the distribution's package. */
static const struct {
	const char *name;
	enum bootfile_container container;
	enum arch_cpu cpu;
	const char *build_name;
} reals[] = {
	{ "undionly.kpxe", CONTAINER_NBP, CPU_X86, "undionly.kpxe" },
	{ "undionly.kkpxe", CONTAINER_NBP, CPU_X86, "undionly.kkpxe" },
	{ "ipxe.pxe", CONTAINER_NBP, CPU_X86, "ipxe.pxe" },
	{ "ipxe.lkrn", CONTAINER_BZIMAGE, CPU_X86, "ipxe.lkrn" },
	{ "ipxe.efi", CONTAINER_PE, CPU_X64, "ipxe.efi" },
	{ "snponly.efi", CONTAINER_PE, CPU_X64, "snponly.efi" },
	{ "ipxe.iso", CONTAINER_DISK, CPU_NONE, "ipxe.lkrn" },
	{ "qemu/pxe-virtio.rom", CONTAINER_ROM, CPU_X86, "virtio-net.rom" },
	{ "qemu/efi-virtio.rom", CONTAINER_ROM, CPU_NONE, "virtio-net.rom" },
};

START_TEST(names_real_ipxe)
{
	const char *dir = getenv("IPXE_DIR");
	char path[512];
	struct bootfile f;
	char *buf;
	size_t len;

	snprintf(path, sizeof(path), "%s/%s", dir ? dir : "/usr/lib/ipxe",
	    reals[_i].name);
	if (file_read(path, 1 << 26, &buf, &len, NULL) < 0) {
		printf("# %s is not installed: skipped\n", path);
		fflush(stdout);
		return;
	}
	ck_assert_int_eq(firmware_identify(buf, len, &f), 0);
	ck_assert_int_eq(f.kind, BOOTFILE_IPXE);
	ck_assert_int_eq(f.container, reals[_i].container);
	ck_assert_int_eq(f.cpu, reals[_i].cpu);
	ck_assert_str_eq(f.product, "iPXE");
	ck_assert(f.version[0] >= '1' && f.version[0] <= '9');
	ck_assert(text_starts(f.features, "DNS HTTP "));
	/* Newer BIOS builds do not carry their name. */
	if (f.build_name[0])
		ck_assert_str_eq(f.build_name, reals[_i].build_name);
	ck_assert_ptr_null(f.script);
	bootfile_release(&f);
	free(buf);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("identify");
	TCase *tc = tcase_create("identify");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, names_each_kind, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(tc, survives_every_prefix, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(tc, undoes_the_filter, 0, 200);
	tcase_add_loop_test(tc, filter_known_answers, 0, 7);
	tcase_add_loop_test(tc, inflates_each_kind_of_block, 0, 3);
	tcase_add_test(tc, blocks_have_their_place);
	tcase_add_loop_test(tc, bombs_do_not_hurt, 0, 4);
	tcase_add_test(tc, lists_all_scripts);
	tcase_add_loop_test(tc, reads_sbat_by_component, 0, 6);
	tcase_add_test(tc, reads_setup_header);
	tcase_add_test(tc, kinds_have_names);
	tcase_add_loop_test(tc, names_real_ipxe, 0, ARRAY_LEN(reals));
	suite_add_tcase(s, tc);
	return s;
}
