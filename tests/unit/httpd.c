#include "unit.h"

#include "server/httpd.h"

#include <errno.h>

/* RFC 9110 14.1.2; the file has 1000 bytes. */
static const struct {
	const char *text;
	int want;
	uint64_t first;
	uint64_t len;
} ranges[] = {
	{ "bytes=0-499", 1, 0, 500 },
	{ "bytes=500-999", 1, 500, 500 },
	{ "bytes=0-0", 1, 0, 1 },
	{ "bytes=999-999", 1, 999, 1 },
	{ "bytes=500-", 1, 500, 500 },
	{ "bytes=0-", 1, 0, 1000 },
	{ "bytes=-1", 1, 999, 1 },
	{ "bytes=-1000", 1, 0, 1000 },
	{ "bytes=-2000", 1, 0, 1000 },
	{ "bytes=900-5000", 1, 900, 100 },
	{ "bytes=0-18446744073709551615", 1, 0, 1000 },
	{ "bytes=1000-", -ERANGE, 0, 0 },
	{ "bytes=1000-2000", -ERANGE, 0, 0 },
	{ "bytes=18446744073709551615-", -ERANGE, 0, 0 },
	{ "bytes=-0", -ERANGE, 0, 0 },
	{ "bytes=5-4", 0, 0, 0 },
	{ "bytes=0-1,5-6", 0, 0, 0 },
	{ "bytes=18446744073709551616-", 0, 0, 0 },
	{ "bytes=-", 0, 0, 0 },
	{ "bytes=", 0, 0, 0 },
	{ "bytes=a-b", 0, 0, 0 },
	{ "bytes= 0-1", 0, 0, 0 },
	{ "bytes=0-1 ", 0, 0, 0 },
	{ "bytes=0", 0, 0, 0 },
	{ "lines=0-1", 0, 0, 0 },
	{ "", 0, 0, 0 },
};

START_TEST(range_is_read)
{
	char *text = unit_heap(ranges[_i].text, strlen(ranges[_i].text) + 1);
	struct httpd_range r = { .first = 7, .len = 7 };
	int rc = httpd_range_parse(text, 1000, &r);

	free(text);
	ck_assert_msg(rc == ranges[_i].want, "%s: %d", ranges[_i].text, rc);
	if (rc != 1) {
		ck_assert_uint_eq(r.first, 7);
		return;
	}
	ck_assert_uint_eq(r.first, ranges[_i].first);
	ck_assert_uint_eq(r.len, ranges[_i].len);
}
END_TEST

START_TEST(empty_file_has_no_part)
{
	struct httpd_range r;

	ck_assert_int_eq(httpd_range_parse("bytes=0-", 0, &r), -ERANGE);
	ck_assert_int_eq(httpd_range_parse("bytes=-5", 0, &r), -ERANGE);
}
END_TEST

/* UEFI goes by the type, else by the name: a wrong one stops the boot. */
START_TEST(type_follows_the_name)
{
	ck_assert_str_eq(httpd_type("ipxe.efi"), "application/efi");
	ck_assert_str_eq(httpd_type("/EFI/BOOT/BOOTX64.EFI"),
	    "application/efi");
	ck_assert_str_eq(httpd_type("a.iso"), "application/vnd.efi-iso");
	ck_assert_str_eq(httpd_type("a.img"), "application/vnd.efi-img");
	ck_assert_str_eq(httpd_type("boot.ipxe"), "text/plain");
	ck_assert_str_eq(httpd_type("vmlinuz"), "application/octet-stream");
	ck_assert_str_eq(httpd_type("a.efi.gz"), "application/octet-stream");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("httpd");
	TCase *tc = tcase_create("httpd");

	tcase_add_loop_test(tc, range_is_read, 0, ARRAY_LEN(ranges));
	tcase_add_test(tc, empty_file_has_no_part);
	tcase_add_test(tc, type_follows_the_name);
	suite_add_tcase(s, tc);
	return s;
}
