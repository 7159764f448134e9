#include "unit.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/sbuf.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct { const char *text; int rc; uint64_t want; } uints[] = {
	{ "0", 0, 0 }, { "7", 0, 7 }, { "007", 0, 7 }, { "0x10", 0, 16 },
	{ "100", 0, 100 }, { "101", -EINVAL, 0 }, { "", -EINVAL, 0 },
	{ "-1", -EINVAL, 0 }, { "+1", -EINVAL, 0 }, { " 1", -EINVAL, 0 },
	{ "1 ", -EINVAL, 0 }, { "1a", -EINVAL, 0 }, { "0x", -EINVAL, 0 },
	{ "18446744073709551616", -EINVAL, 0 },
};

START_TEST(uint_rows)
{
	uint64_t v = 4711;

	ck_assert_int_eq(parse_uint(uints[_i].text, 0, 100, &v, NULL),
	    uints[_i].rc);
	ck_assert_uint_eq(v, uints[_i].rc ? 4711 : uints[_i].want);
}
END_TEST

START_TEST(uint_says_what_was_expected)
{
	struct diag d;
	uint64_t v;

	ck_assert_int_eq(parse_uint("many", 1, 9, &v, &d), -EINVAL);
	ck_assert_str_eq(d.text, "'many' is not a number: expected 1 to 9");
	ck_assert_int_eq(parse_uint("10", 1, 9, &v, &d), -EINVAL);
	ck_assert_str_eq(d.text, "10 is out of range: expected 1 to 9");
}
END_TEST

static const struct { const char *text; int rc; uint64_t ms; } times[] = {
	{ "30", 0, 30000 }, { "1.5", 0, 1500 }, { "500ms", 0, 500 },
	{ "2m", 0, 120000 }, { "1h", 0, 3600000 }, { "0.25s", 0, 250 },
	{ "", -EINVAL, 0 }, { "1.", -EINVAL, 0 }, { "s", -EINVAL, 0 },
	{ "1 s", -EINVAL, 0 }, { "-1", -EINVAL, 0 }, { "1d", -EINVAL, 0 },
};

START_TEST(time_rows)
{
	uint64_t ms = 4711;

	ck_assert_int_eq(parse_seconds(times[_i].text, &ms, NULL),
	    times[_i].rc);
	ck_assert_uint_eq(ms, times[_i].rc ? 4711 : times[_i].ms);
}
END_TEST

static const struct { const char *text; int rc; } macs[] = {
	{ "52:54:00:aa:bb:0d", 0 }, { "52-54-00-AA-BB-0D", 0 },
	{ "525400aabb0d", 0 }, { "52:54:00:aa:bb", -EINVAL },
	{ "52:54:00:aa:bb:0d:01", -EINVAL }, { "52:54:00:aa:bb:0", -EINVAL },
	{ "0x525400aabb", -EINVAL }, { "52:54:00:aa:bb:0g", -EINVAL },
	{ "", -EINVAL },
};

START_TEST(mac_rows)
{
	static const uint8_t want[MAC_LEN] =
	    { 0x52, 0x54, 0, 0xaa, 0xbb, 0x0d };
	uint8_t mac[MAC_LEN] = { 1 };
	char text[MAC_TEXT_MAX];

	ck_assert_int_eq(parse_mac(macs[_i].text, mac, NULL), macs[_i].rc);
	if (macs[_i].rc < 0)
		return;
	ck_assert_mem_eq(mac, want, MAC_LEN);
	ck_assert_str_eq(mac_format(mac, text), "52:54:00:aa:bb:0d");
}
END_TEST

START_TEST(uuid_text_and_stored_order)
{
	static const char text[] = "11223344-5566-7788-99aa-bbccddeeff00";
	static const uint8_t stored[UUID_LEN] = { 0x44, 0x33, 0x22, 0x11, 0x66,
	    0x55, 0x88, 0x77, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0 };
	uint8_t uuid[UUID_LEN];
	char back[UUID_TEXT_MAX];

	ck_assert_int_eq(parse_uuid(text, uuid, NULL), 0);
	ck_assert_str_eq(uuid_format(uuid, back), text);
	uuid_swap(uuid, uuid);
	ck_assert_mem_eq(uuid, stored, UUID_LEN);
	uuid_swap(uuid, uuid);
	ck_assert_str_eq(uuid_format(uuid, back), text);
	ck_assert_int_eq(parse_uuid("11223344556677889", uuid, NULL), -EINVAL);
	ck_assert_int_eq(parse_uuid("11223344-5566-7788-99aa-bbccddeeff0g",
	    uuid, NULL), -EINVAL);
}
END_TEST

static const struct { const char *raw; size_t len; const char *want; }
escapes[] = {
	{ "plain", 5, "plain" }, { "a\\b", 3, "a\\\\b" },
	{ "\t\r\n", 3, "\\t\\r\\n" }, { "\033[31m", 5, "\\x1b[31m" },
	{ "\0", 1, "\\x00" }, { "\x7f", 1, "\\x7f" },
	{ "\xc3\xa4", 2, "\xc3\xa4" },          /* valid UTF-8 stays */
	{ "\xc2\x9b", 2, "\\xc2\\x9b" },        /* C1 is a control */
	{ "\xc0\x80", 2, "\\xc0\\x80" },        /* overlong */
	{ "\xed\xa0\x80", 3, "\\xed\\xa0\\x80" },       /* surrogate */
	{ "\xe2\x82", 2, "\\xe2\\x82" },        /* cut */
};

START_TEST(escape_rows)
{
	struct sbuf b = SBUF_EMPTY;
	char *raw = unit_heap(escapes[_i].raw, escapes[_i].len);

	sbuf_escape(&b, raw, escapes[_i].len);
	ck_assert_str_eq(sbuf_str(&b), escapes[_i].want);
	sbuf_clear(&b);
	sbuf_show(&b, raw, escapes[_i].len);
	ck_assert_str_eq(sbuf_str(&b), memchr(raw, '\\', escapes[_i].len) ? "a\\b" :
	    escapes[_i].want);
	sbuf_release(&b);
	free(raw);
}
END_TEST

START_TEST(sbuf_grows_and_is_stolen)
{
	struct sbuf b = SBUF_EMPTY;
	char *text;

	ck_assert_str_eq(sbuf_str(&b), "");
	for (int i = 0; i < 1000; i++) {
		sbuf_sep(&b, ",");
		sbuf_printf(&b, "%d", i);
	}
	ck_assert_uint_eq(b.len, 3889);
	ck_assert(!b.bad);
	text = sbuf_steal(&b);
	ck_assert_uint_eq(strlen(text), 3889);
	ck_assert_uint_eq(b.len, 0);
	free(text);
	text = sbuf_steal(&b);
	ck_assert_str_eq(text, "");
	free(text);
}
END_TEST

START_TEST(arena_aligns_and_zeroes)
{
	struct arena a = ARENA_EMPTY;

	for (size_t n = 1; n < 40000; n = n * 3 + 1) {
		uint8_t *p = arena_alloc(&a, n);

		ck_assert_uint_eq((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < n; i++)
			ck_assert_uint_eq(p[i], 0);
		memset(p, 0xff, n);
	}
	ck_assert_str_eq(arena_printf(&a, "%s-%d", "x", 7), "x-7");
	ck_assert_str_eq(arena_dup(&a, "abcdef", 3), "abc");
	arena_release(&a);
	ck_assert_ptr_null(a.chunks);
}
END_TEST

START_TEST(nearest_suggests_only_what_is_near)
{
	static const char *const names[] = { "client", "serve", "decode", NULL };

	ck_assert_str_eq(text_nearest("cleint", names, 4), "client");
	ck_assert_str_eq(text_nearest("server", names, 4), "serve");
	/* neighbours that changed places are one slip, so three letters do */
	ck_assert_str_eq(text_nearest("teh", (const char *[]){ "the" }, 1),
	    "the");
	ck_assert_ptr_null(text_nearest("het", (const char *[]){ "the" }, 1));
	ck_assert_ptr_null(text_nearest("frobnicate", names, 4));
}
END_TEST

/* A failed replacement leaves the old file; a good one is complete. */
START_TEST(file_write_replaces_atomically)
{
	char dir[] = "/tmp/pxetool-test-XXXXXX";
	char path[64];
	char bad[64];
	char *text = NULL;
	size_t len = 0;
	struct stat st;
	struct diag d;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/f", dir);
	(void)snprintf(bad, sizeof(bad), "%s/no/f", dir);
	ck_assert_int_eq(file_write(path, "one", 3, NULL), 0);
	ck_assert_int_eq(file_write(path, "second", 6, NULL), 0);
	ck_assert_int_eq(file_read(path, 100, &text, &len, NULL), 0);
	ck_assert_str_eq(text, "second");
	ck_assert_uint_eq(len, 6);
	free(text);
	ck_assert_int_eq(file_read(path, 5, &text, &len, &d), -EFBIG);
	ck_assert_int_eq(file_write(bad, "x", 1, &d), -ENOENT);
	ck_assert_ptr_nonnull(strstr(d.text, "no such file"));
	ck_assert_int_eq(file_read(dir, 100, &text, &len, &d), -EISDIR);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(stat(path, &st), -1);
	ck_assert_int_eq(rmdir(dir), 0);        /* no temporary file is left */
}
END_TEST

START_TEST(diag_places)
{
	struct diag d;
	char buf[200];

	diag_set(&d, "no %s", "brace");
	ck_assert_str_eq(diag_format(&d, buf, sizeof(buf)), "no brace");
	diag_at(&d, "dhcpd.conf", 7, 3);
	ck_assert_str_eq(diag_format(&d, buf, sizeof(buf)),
	    "dhcpd.conf:7:3: no brace");
	diag_sys(&d, -EACCES, "cannot open '%s'", "x");
	ck_assert_str_eq(diag_format(&d, buf, sizeof(buf)),
	    "cannot open 'x': permission denied");
	diag_at_offset(&d, "f.pcap", 24);
	ck_assert_str_eq(diag_format(&d, buf, sizeof(buf)),
	    "f.pcap: byte 24: cannot open 'x': permission denied");
	diag_set(NULL, "nobody wants to know");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("base_text");
	TCase *tc = tcase_create("base_text");

	tcase_add_loop_test(tc, uint_rows, 0, ARRAY_LEN(uints));
	tcase_add_test(tc, uint_says_what_was_expected);
	tcase_add_loop_test(tc, time_rows, 0, ARRAY_LEN(times));
	tcase_add_loop_test(tc, mac_rows, 0, ARRAY_LEN(macs));
	tcase_add_test(tc, uuid_text_and_stored_order);
	tcase_add_loop_test(tc, escape_rows, 0, ARRAY_LEN(escapes));
	tcase_add_test(tc, sbuf_grows_and_is_stolen);
	tcase_add_test(tc, arena_aligns_and_zeroes);
	tcase_add_test(tc, nearest_suggests_only_what_is_near);
	tcase_add_test(tc, file_write_replaces_atomically);
	tcase_add_test(tc, diag_places);
	suite_add_tcase(s, tc);
	return s;
}
