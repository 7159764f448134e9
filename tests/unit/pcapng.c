/* pcapng.c - what is written is read back the same, by libpcap. */
#include "unit.h"

#include "base/file.h"
#include "capture/pcapng.h"
#include "capture/reader.h"
#include "wire/frame.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/pxetool-pcapng.XXXXXX";
static char path[sizeof(dir) + 16];

static void
make_dir(void)
{
	(void)memcpy(dir + sizeof(dir) - 7, "XXXXXX", 6);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/a.pcapng", dir);
}

static void
remove_dir(void)
{
	(void)unlink(path);
	ck_assert_int_eq(rmdir(dir), 0);        /* nothing else is left */
}

static const struct {
	int64_t time_ns;
	size_t len, wire_len;
	const char *comment;
} rows[] = {
	{ 1700000000123456789, 60, 60, NULL },
	{ 1700000000123456790, 61, 61, "odd" },
	{ 1700000001000000000, 62, 1500, "even" },
	{ 1700000002000000000, 63, 63, "" },
	{ 1700000003000000000, 1, 1, "L\xc3\xa4ufer" },
};

START_TEST(round_trip)
{
	uint8_t frame[64];
	struct pcapng *p = NULL;
	struct capture_reader *r = NULL;
	struct capture_frame f;
	struct diag d = { .text = "" };
	char *text = NULL;
	size_t len;

	make_dir();
	for (size_t i = 0; i < sizeof(frame); i++)
		frame[i] = (uint8_t)i;
	ck_assert_int_eq(pcapng_create(path, LINK_ETHERNET, &p, &d), 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		pcapng_add(p, rows[i].time_ns, frame, rows[i].len,
		    rows[i].wire_len, rows[i].comment);
	ck_assert_int_eq(access(path, F_OK), -1);
	ck_assert_int_eq(pcapng_close(p, true, &d), 0);
	ck_assert_msg(capture_open(path, &r, &d) == 0, "%s", d.text);
	ck_assert_int_eq(capture_link(r), LINK_ETHERNET);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		ck_assert_int_eq(capture_next(r, &f, &d), 1);
		ck_assert_int_eq(f.time_ns, rows[i].time_ns);
		ck_assert_uint_eq(f.len, rows[i].len);
		ck_assert_uint_eq(f.wire_len, rows[i].wire_len);
		ck_assert_mem_eq(f.buf, frame, rows[i].len);
	}
	ck_assert_int_eq(capture_next(r, &f, &d), 0);
	capture_close(r);
	ck_assert_int_eq(file_read(path, 65536, &text, &len, &d), 0);
	ck_assert_uint_eq(len % 4, 0);
	ck_assert_ptr_nonnull(memmem(text, len, "\0\1\0\3odd\0\0\0\0\0", 12));
	ck_assert_ptr_nonnull(memmem(text, len, "\0\1\0\4even\0\0\0\0", 12));
	free(text);
	remove_dir();
}
END_TEST

/* Thrown away, or nowhere to be written: nothing is left behind. */
START_TEST(no_file)
{
	struct pcapng *p = NULL;
	struct diag d = { .text = "" };

	make_dir();
	ck_assert_int_eq(pcapng_create(path, LINK_ETHERNET, &p, &d), 0);
	pcapng_add(p, 0, "x", 1, 1, NULL);
	ck_assert_int_eq(pcapng_close(p, false, &d), 0);
	ck_assert_int_eq(access(path, F_OK), -1);
	ck_assert_int_eq(pcapng_create("/nonexistent/a", LINK_ETHERNET, &p,
	    &d), -2);
	ck_assert_str_ne(d.text, "");
	remove_dir();
}
END_TEST

/* A full disk is an error at the end, and the old file stays. */
START_TEST(full_disk)
{
	struct pcapng *p = NULL;
	struct diag d = { .text = "" };
	static uint8_t frame[65536];

	ck_assert_int_eq(pcapng_create("/dev/full", LINK_ETHERNET, &p, &d), 0);
	pcapng_add(p, 0, frame, sizeof(frame), sizeof(frame), NULL);
	ck_assert_int_lt(pcapng_close(p, true, &d), 0);
	ck_assert_str_ne(d.text, "");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("pcapng");
	TCase *t = tcase_create("pcapng");

	tcase_add_test(t, round_trip);
	tcase_add_test(t, no_file);
	tcase_add_test(t, full_disk);
	suite_add_tcase(s, t);
	return s;
}
