/* embed.c - another script in the place of an image's own. */
#include "pe_make.h"

#include "firmware/embed.h"
#include "firmware/identify.h"
#include "firmware/zbin.h"

#include <errno.h>

enum { IMAGE_MAX = 64 * 1024, PLACE = 1024 };

static const char good[] = "#!ipxe\ndhcp\nchain http://boot.example.org/x\n";

/* An NBP with one packed block that has @embedded. */
static size_t
packed_image(uint8_t *buf, const char *embedded)
{
	uint8_t content[16384];
	size_t n = payload(content, sizeof(content), "iPXE", NULL, embedded);
	struct wr w = wr_init(buf, IMAGE_MAX);

	wr_bytes(&w, "\xea\5\0\xc0\7", 5);
	pad(&w, 0xd20);
	zbin_block(&w, content, n, true, 6 | LZMA_PRESET_EXTREME);
	return w.len;
}

static void
check_script(const uint8_t *image, size_t len, const char *want)
{
	struct bootfile f;
	size_t n = strlen(want);

	ck_assert_int_eq(firmware_identify(image, len, &f), 0);
	ck_assert_int_eq(f.kind, BOOTFILE_IPXE);
	ck_assert_uint_ge(f.script_len, n);
	ck_assert_mem_eq(f.script, want, n);
	for (size_t i = n; i < f.script_len; i++)
		ck_assert_int_eq(f.script[i], '\n');
	bootfile_release(&f);
}

/* What was unpacked packs to the very same bytes, whoever filtered it. */
START_TEST(packs_as_it_was)
{
	static uint8_t image[IMAGE_MAX];
	size_t len = packed_image(image, script);
	struct zbin_scan s = zbin_scan_init(image, len, ZBIN_FRAMED);
	struct zbin_block b;
	uint8_t *again_packed;
	size_t n;

	ck_assert_int_eq(zbin_next(&s, &b), 1);
	ck_assert_int_eq(zbin_pack(b.bytes, b.len, &again_packed, &n), 0);
	ck_assert_uint_eq(n, b.packed_len);
	ck_assert_mem_eq(again_packed, image + b.off, n);
	free(again_packed);
	zbin_block_release(&b);
}
END_TEST

/* What embed_script() makes of @image, which stays; NULL and @want_rc. */
static uint8_t *
embed(const uint8_t *image, size_t len, const char *text, size_t n,
    size_t *ret_len, int want_rc)
{
	struct diag d = { .text = "" };
	uint8_t *before = unit_heap(image, len);
	uint8_t *ret = NULL;
	int rc = embed_script(image, len, text, n, &ret, ret_len, &d);

	ck_assert_msg(rc == want_rc, "%d: %s", rc, d.text);
	ck_assert(rc == 0 || d.text[0]);
	ck_assert_mem_eq(image, before, len);
	free(before);
	return ret;
}

START_TEST(packed)
{
	static uint8_t image[IMAGE_MAX];
	struct sbuf place = SBUF_EMPTY;
	uint8_t *first;
	uint8_t *second;
	size_t len;
	size_t n;

	embed_place(&place, PLACE);
	ck_assert_uint_eq(place.len, PLACE);
	len = packed_image(image, sbuf_str(&place));
	first = embed(image, len, good, strlen(good), &n, 0);
	ck_assert_uint_eq(n, len);
	check_script(first, len, good);
	/* and again: the place is as long as before */
	second = embed(first, len, script, strlen(script), &n, 0);
	ck_assert_uint_eq(n, len);
	check_script(second, len, script);
	free(first);
	free(second);
	sbuf_release(&place);
}
END_TEST

/* A script as hard to pack as the place still fits. */
START_TEST(packed_full)
{
	static uint8_t image[IMAGE_MAX];
	struct sbuf place = SBUF_EMPTY;
	char full[PLACE + 1];
	size_t len;
	size_t n;

	embed_place(&place, PLACE);
	len = packed_image(image, sbuf_str(&place));
	memcpy(full, "#!ipxe\n", 7);
	for (size_t i = 7; i < sizeof(full); i++)
		full[i] = "abcdefghijklmnop ${}:/=-.\n"[i * i % 26];
	free(embed(image, len, full, PLACE, &n, 0));
	ck_assert_uint_eq(n, len);
	(void)embed(image, len, full, PLACE + 1, &n, -EMSGSIZE);
	sbuf_release(&place);
}
END_TEST

/* What packs worse: only a file that says how long it is can grow. */
START_TEST(grows)
{
	static uint8_t image[IMAGE_MAX];
	size_t len = packed_image(image, script);
	char noise[sizeof(script)];
	uint8_t *longer;
	size_t n;

	memcpy(noise, "#!ipxe\n", 7);
	for (size_t i = 7; i + 1 < sizeof(noise); i++)
		noise[i] = (char)(33 + i * i * 37 % 90);
	(void)embed(image, len, noise, sizeof(noise) - 1, &n, -EMSGSIZE);
	image[0x104] = (uint8_t)((len + 15) / 16);
	image[0x105] = (uint8_t)((len + 15) / 16 >> 8);
	longer = embed(image, len, noise, sizeof(noise) - 1, &n, 0);
	ck_assert_uint_gt(n, len);
	ck_assert_uint_eq(longer[0x104] + longer[0x105] * 256u, (n + 15) / 16);
	noise[sizeof(noise) - 1] = '\0';
	check_script(longer, n, noise);
	free(longer);
}
END_TEST

START_TEST(refused)
{
	static uint8_t image[IMAGE_MAX];
	size_t len = packed_image(image, script);
	size_t n;

	(void)embed(image, len, "echo hi\n", 8, &n, -EINVAL);
	(void)embed(image, len, "#!ipxe\n\0x", 9, &n, -EINVAL);
	(void)embed(image, len, good, strlen(good), &n, -EMSGSIZE);
	memset(image, 'x', len);
	(void)embed(image, len, good, strlen(good), &n, -ENODATA);
}
END_TEST

/* A UEFI image has it in the open. */
START_TEST(plain)
{
	static uint8_t image[IMAGE_MAX];
	uint8_t data[8192];
	struct sbuf place = SBUF_EMPTY;
	struct section s = { ".data", (char *)data, 0 };
	struct wr w = wr_init(image, sizeof(image));
	uint8_t *out;
	size_t differ = 0;
	size_t n;

	embed_place(&place, PLACE);
	s.len = payload(data, sizeof(data), "iPXE", NULL, sbuf_str(&place));
	put_pe(&w, 0x8664, 10, 0x10d1a884, false, &s, 1);
	out = embed(image, w.len, good, strlen(good), &n, 0);
	ck_assert_uint_eq(n, w.len);
	check_script(out, n, good);
	for (size_t i = 0; i < n; i++)
		differ += out[i] != image[i];
	ck_assert_uint_le(differ, PLACE);
	free(out);
	sbuf_release(&place);
	memset(image, 0, sizeof(image));
	w = wr_init(image, sizeof(image));
	put_pe(&w, 0x8664, 10, 0x10d1a884, true, &s, 1);
	(void)embed(image, w.len, good, strlen(good), &n, -ENOTSUP);
}
END_TEST

/* A ROM keeps the sum of its bytes. */
START_TEST(rom)
{
	static uint8_t image[IMAGE_MAX];
	struct sbuf place = SBUF_EMPTY;
	uint8_t *out;
	uint8_t sum = 0;
	size_t len;
	size_t n;

	embed_place(&place, PLACE);
	len = packed_image(image, sbuf_str(&place));
	ck_assert_uint_le(len, 16 * 512);
	memcpy(image, "\x55\xaa\x10\xeb", 4);
	memcpy(&image[0x18], "\x1c\0\0\0PCIR", 8);
	image[0x1c + 0x10] = 16;
	image[0x1c + 0x15] = 0x80;
	len = 16 * 512;
	out = embed(image, len, good, strlen(good), &n, 0);
	ck_assert_uint_eq(n, len);
	check_script(out, len, good);
	for (size_t i = 0; i < len; i++)
		sum += (uint8_t)(image[i] - out[i]);
	ck_assert_uint_eq(sum, 0);
	free(out);
	sbuf_release(&place);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("embed");
	TCase *t = tcase_create("embed");

	tcase_add_test(t, packs_as_it_was);
	tcase_add_test(t, packed);
	tcase_add_test(t, packed_full);
	tcase_add_test(t, grows);
	tcase_add_test(t, refused);
	tcase_add_test(t, plain);
	tcase_add_test(t, rom);
	suite_add_tcase(s, t);
	return s;
}
