#include "unit.h"

#include "base/bytes.h"

START_TEST(reads_in_order)
{
	static const uint8_t raw[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
	    13, 14, 15, 16, 17, 18, 19, 20, 21 };
	uint8_t *buf = unit_heap(raw, sizeof(raw));
	struct rd r = rd_init(buf, sizeof(raw));

	ck_assert_uint_eq(rd_u8(&r), 1);
	ck_assert_uint_eq(rd_u16(&r), 0x0203);
	ck_assert_uint_eq(rd_u32(&r), 0x04050607);
	ck_assert_uint_eq(rd_u64(&r), 0x08090a0b0c0d0e0full);
	ck_assert_uint_eq(rd_le16(&r), 0x1110);
	ck_assert_int_eq(rd_peek(&r, 0), 0x12);
	ck_assert_int_eq(rd_peek(&r, 4), -1);
	ck_assert_uint_eq(rd_le32(&r), 0x15141312);
	ck_assert_uint_eq(r.left, 0);
	ck_assert_uint_eq(r.at, sizeof(raw));
	ck_assert(!r.bad);
	free(buf);
}
END_TEST

/* A failed read yields zero, empties the reader and is remembered. */
START_TEST(a_failed_read_is_remembered)
{
	uint8_t *buf = unit_heap("\x01\x02\x03", 3);
	struct rd r = rd_init(buf, 3);
	uint8_t copy[4] = { 9, 9, 9, 9 };

	ck_assert_uint_eq(rd_u32(&r), 0);
	ck_assert(r.bad);
	ck_assert_uint_eq(r.left, 0);
	ck_assert_uint_eq(rd_u8(&r), 0);
	rd_copy(&r, copy, sizeof(copy));
	ck_assert_uint_eq(copy[0] | copy[1] | copy[2] | copy[3], 0);
	ck_assert_ptr_null(rd_take(&r, 1));
	free(buf);
}
END_TEST

START_TEST(a_sub_reader_ends_where_it_should)
{
	uint8_t *buf = unit_heap("\x02" "ab" "c", 4);
	struct rd r = rd_init(buf, 4);
	struct rd sub = rd_sub(&r, rd_u8(&r));

	ck_assert_uint_eq(sub.left, 2);
	ck_assert_uint_eq(sub.at, 1);
	ck_assert_uint_eq(rd_u16(&sub), 0x6162);
	ck_assert_uint_eq(rd_u8(&sub), 0);
	ck_assert(sub.bad);
	ck_assert(!r.bad);
	ck_assert_uint_eq(rd_u8(&r), 'c');
	sub = rd_sub(&r, 1);
	ck_assert(sub.bad && r.bad);
	free(buf);
}
END_TEST

START_TEST(strings_need_their_nul)
{
	uint8_t *buf = unit_heap("ab\0cd", 5);
	struct rd r = rd_init(buf, 5);
	size_t len = 99;

	ck_assert_mem_eq(rd_cstr(&r, &len), "ab", 2);
	ck_assert_uint_eq(len, 2);
	ck_assert_ptr_null(rd_cstr(&r, &len));
	ck_assert_uint_eq(len, 0);
	ck_assert(r.bad);
	free(buf);
}
END_TEST

START_TEST(an_offset_outside_is_bad)
{
	uint8_t *buf = unit_heap("abc", 3);

	ck_assert(!rd_at(buf, 3, 3).bad);
	ck_assert(rd_at(buf, 3, 4).bad);
	ck_assert(rd_at(buf, 3, SIZE_MAX).bad);
	free(buf);
}
END_TEST

/* What is written is read back equal, length fields included. */
START_TEST(writes_what_is_read)
{
	uint8_t *buf = malloc(20);
	struct wr w = wr_init(buf, 20);
	struct rd r;
	struct rd sub;
	size_t mark;

	wr_u8(&w, 0xaa);
	wr_u16(&w, 0xbbcc);
	wr_u32(&w, 0xddeeff00);
	mark = wr_mark8(&w);
	wr_str(&w, "abc");
	wr_fill8(&w, mark);
	mark = wr_mark16(&w);
	wr_cstr(&w, "xy");
	wr_zero(&w, 2);
	wr_fill16(&w, mark);
	ck_assert(!w.full);
	r = rd_init(buf, w.len);
	ck_assert_uint_eq(rd_u8(&r), 0xaa);
	ck_assert_uint_eq(rd_u16(&r), 0xbbcc);
	ck_assert_uint_eq(rd_u32(&r), 0xddeeff00);
	sub = rd_sub(&r, rd_u8(&r));
	ck_assert_mem_eq(sub.p, "abc", 3);
	sub = rd_sub(&r, rd_u16(&r));
	ck_assert_uint_eq(sub.left, 5);
	ck_assert_mem_eq(sub.p, "xy\0\0\0", 5);
	ck_assert_uint_eq(r.left, 0);
	free(buf);
}
END_TEST

START_TEST(a_full_writer_stays_full)
{
	uint8_t *buf = malloc(3);
	struct wr w = wr_init(buf, 3);

	wr_u16(&w, 1);
	wr_u16(&w, 2);
	ck_assert(w.full);
	ck_assert_uint_eq(w.len, 2);
	wr_u8(&w, 3);
	ck_assert_uint_eq(w.len, 2);
	free(buf);
}
END_TEST

START_TEST(a_length_over_255_does_not_fit_one_byte)
{
	uint8_t *buf = malloc(300);
	struct wr w = wr_init(buf, 300);
	size_t mark = wr_mark8(&w);

	wr_zero(&w, 255);
	wr_fill8(&w, mark);
	ck_assert(!w.full);
	ck_assert_uint_eq(buf[0], 255);
	wr_zero(&w, 1);
	wr_fill8(&w, mark);
	ck_assert(w.full);
	free(buf);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("bytes");
	TCase *tc = tcase_create("bytes");

	tcase_add_test(tc, reads_in_order);
	tcase_add_test(tc, a_failed_read_is_remembered);
	tcase_add_test(tc, a_sub_reader_ends_where_it_should);
	tcase_add_test(tc, strings_need_their_nul);
	tcase_add_test(tc, an_offset_outside_is_bad);
	tcase_add_test(tc, writes_what_is_read);
	tcase_add_test(tc, a_full_writer_stays_full);
	tcase_add_test(tc, a_length_over_255_does_not_fit_one_byte);
	suite_add_tcase(s, tc);
	return s;
}
