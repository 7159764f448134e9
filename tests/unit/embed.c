/* embed.c - another script in the place of an image's own. */
#include "zbin_make.h"

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

	wr_u8(&w, 0xea);
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

START_TEST(packed)
{
	static uint8_t image[IMAGE_MAX];
	static uint8_t first[IMAGE_MAX];
	struct sbuf place = SBUF_EMPTY;
	struct diag d = { .text = "" };
	uint8_t sum = 0;
	size_t len;

	embed_place(&place, PLACE);
	ck_assert_uint_eq(place.len, PLACE);
	len = packed_image(image, sbuf_str(&place));
	memcpy(first, image, len);
	ck_assert_uint_eq(embed_room(image, len), PLACE);
	ck_assert_msg(embed_script(image, len, good, strlen(good), &d) == 0,
	    "%s", d.text);
	check_script(image, len, good);
	for (size_t i = 0; i < len; i++)
		sum += (uint8_t)(image[i] - first[i]);
	ck_assert_uint_eq(sum, 0);
	/* and again: the place is as long as before */
	ck_assert_int_eq(embed_script(image, len, script, strlen(script),
	    &d), 0);
	check_script(image, len, script);
	ck_assert_uint_eq(embed_room(image, len), PLACE);
	sbuf_release(&place);
}
END_TEST

/* A script as hard to pack as the place still fits. */
START_TEST(packed_full)
{
	static uint8_t image[IMAGE_MAX];
	struct sbuf place = SBUF_EMPTY;
	char full[PLACE];
	struct diag d = { .text = "" };
	size_t len;

	embed_place(&place, PLACE);
	len = packed_image(image, sbuf_str(&place));
	memcpy(full, "#!ipxe\n", 7);
	for (size_t i = 7; i < sizeof(full); i++)
		full[i] = "abcdefghijklmnop ${}:/=-.\n"[i * i % 26];
	ck_assert_msg(embed_script(image, len, full, sizeof(full), &d) == 0,
	    "%s", d.text);
	ck_assert_int_eq(embed_script(image, len, full, sizeof(full) + 1, &d),
	    -EMSGSIZE);
	sbuf_release(&place);
}
END_TEST

START_TEST(refused)
{
	static uint8_t image[IMAGE_MAX];
	static uint8_t before[IMAGE_MAX];
	struct diag d = { .text = "" };
	size_t len = packed_image(image, script);
	char noise[sizeof(script)];

	memcpy(before, image, len);
	ck_assert_int_eq(embed_script(image, len, "echo hi\n", 8, &d),
	    -EBADMSG);
	ck_assert_int_eq(embed_script(image, len, "#!ipxe\n\0x", 9, &d),
	    -EBADMSG);
	ck_assert_int_eq(embed_script(image, len, good, strlen(good), &d),
	    -EMSGSIZE);
	ck_assert_ptr_nonnull(strstr(d.text, "the place in the image"));
	/* no room was kept: what packs worse does not fit */
	memcpy(noise, "#!ipxe\n", 7);
	for (size_t i = 7; i + 1 < sizeof(noise); i++)
		noise[i] = (char)(33 + i * i * 37 % 90);
	ck_assert_int_eq(embed_script(image, len, noise, sizeof(noise) - 1,
	    &d), -ENOTSUP);
	ck_assert_mem_eq(image, before, len);
	memset(image, 'x', len);
	ck_assert_int_eq(embed_script(image, len, good, strlen(good), &d),
	    -ENODATA);
	ck_assert_ptr_nonnull(strstr(d.text, "autoexec.ipxe"));
	ck_assert_uint_eq(embed_room(image, len), 0);
}
END_TEST

/* A UEFI image has it in the open. */
START_TEST(plain)
{
	uint8_t image[256];
	struct wr w = wr_init(image, sizeof(image));
	struct diag d = { .text = "" };

	wr_cstr(&w, "MZ not looked at");
	wr_cstr(&w, "#!ipxe\n# a place that is long enough for another one\n"
	    "# and one more line\n");
	wr_cstr(&w, "behind");
	ck_assert_msg(embed_script(image, w.len, good, strlen(good), &d) == 0,
	    "%s", d.text);
	ck_assert_mem_eq(image + 17, good, strlen(good));
	ck_assert_int_eq(image[17 + strlen(good)], '\n');
	ck_assert_mem_eq(image + w.len - 8, "\0behind", 8);
	ck_assert_str_eq((char *)image, "MZ not looked at");
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
	tcase_add_test(t, refused);
	tcase_add_test(t, plain);
	suite_add_tcase(s, t);
	return s;
}
