#include "unit.h"

#include "wire/dns.h"

#include <errno.h>
#include <sys/socket.h>

/*
 * An answer as a server sends it: www.example.com is an alias of
 * w.example.com, which has an address of each family. Names are compressed,
 * the target of the alias within its own data.
 */
static const uint8_t answer[] = {
	0x12, 0x34, 0x85, 0x80, 0, 1, 0, 3, 0, 1, 0, 2,
	3, 'w', 'w', 'w', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e',
	3, 'c', 'o', 'm', 0, 0, 1, 0, 1,
	0xc0, 12, 0, 5, 0, 1, 0, 0, 1, 0x2c, 0, 4, 1, 'w', 0xc0, 16,
	0xc0, 45, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7,
	0xc0, 45, 0, 28, 0, 1, 0, 0, 0, 61, 0, 16,
	0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7,
};

START_TEST(parse_reads_every_field)
{
	struct arena a = ARENA_EMPTY;
	struct dns_msg m;
	char text[IP_TEXT_MAX];

	ck_assert_int_eq(dns_parse(answer, sizeof(answer), &a, &m, NULL), 0);
	ck_assert_uint_eq(m.id, 0x1234);
	ck_assert(m.is_response && m.authoritative && !m.truncated);
	ck_assert(m.recursion_desired && m.recursion_available);
	ck_assert_uint_eq(m.opcode, 0);
	ck_assert_uint_eq(m.rcode, DNS_NOERROR);
	ck_assert_uint_eq(m.n_questions, 1);
	ck_assert_uint_eq(m.n_answers, 3);
	ck_assert_uint_eq(m.n_authority, 1);
	ck_assert_uint_eq(m.n_additional, 2);
	ck_assert_str_eq(m.questions[0].name, "www.example.com");
	ck_assert_uint_eq(m.questions[0].type, DNS_A);
	ck_assert_uint_eq(m.questions[0].class, DNS_CLASS_IN);
	ck_assert_str_eq(m.answers[0].name, "www.example.com");
	ck_assert_uint_eq(m.answers[0].type, DNS_CNAME);
	ck_assert_uint_eq(m.answers[0].ttl_s, 300);
	ck_assert_str_eq(m.answers[0].target, "w.example.com");
	ck_assert_str_eq(m.answers[1].name, "w.example.com");
	ck_assert_uint_eq(m.answers[1].ttl_s, 60);
	ck_assert_str_eq(ip_format(&m.answers[1].addr, text), "192.0.2.7");
	ck_assert_ptr_null(m.answers[1].target);
	ck_assert_str_eq(ip_format(&m.answers[2].addr, text), "2001:db8::7");
	arena_release(&a);
}
END_TEST

START_TEST(every_prefix_is_refused)
{
	for (size_t n = 0; n < sizeof(answer); n++) {
		struct arena a = ARENA_EMPTY;
		struct dns_msg m = { .id = 7 };
		uint8_t *copy = unit_heap(answer, n);

		ck_assert_int_eq(dns_parse(copy, n, &a, &m, NULL), -EBADMSG);
		ck_assert_uint_eq(m.id, 7);
		arena_release(&a);
		free(copy);
	}
}
END_TEST

static const struct flag_row {
	uint16_t flags;
	struct dns_msg want;
} flags[] = {
	{ 0x0000, { 0 } },
	{ 0x8000, { .is_response = true } },
	{ 0x0400, { .authoritative = true } },
	{ 0x0200, { .truncated = true } },
	{ 0x0100, { .recursion_desired = true } },
	{ 0x0080, { .recursion_available = true } },
	{ 0x7800, { .opcode = 15 } },
	{ 0x2800, { .opcode = 5 } },
	{ 0x000f, { .rcode = 15 } },
	{ 0x0003, { .rcode = DNS_NXDOMAIN } },
};

START_TEST(flags_both_ways)
{
	const struct dns_msg *want = &flags[_i].want;
	uint8_t buf[DNS_HEAD_LEN] = { 0, 0, (uint8_t)(flags[_i].flags >> 8),
	    (uint8_t)flags[_i].flags };
	uint8_t back[DNS_HEAD_LEN];
	struct wr w = wr_init(back, sizeof(back));
	struct arena a = ARENA_EMPTY;
	struct dns_msg m;

	ck_assert_int_eq(dns_parse(buf, sizeof(buf), &a, &m, NULL), 0);
	ck_assert(m.is_response == want->is_response);
	ck_assert(m.authoritative == want->authoritative);
	ck_assert(m.truncated == want->truncated);
	ck_assert(m.recursion_desired == want->recursion_desired);
	ck_assert(m.recursion_available == want->recursion_available);
	ck_assert_uint_eq(m.opcode, want->opcode);
	ck_assert_uint_eq(m.rcode, want->rcode);
	ck_assert_int_eq(dns_build(&w, want, NULL), 0);
	ck_assert_mem_eq(back, buf, sizeof(buf));
	arena_release(&a);
}
END_TEST

#define BYTES(...) (const uint8_t[]){ __VA_ARGS__ }, \
    sizeof((const uint8_t[]){ __VA_ARGS__ })
#define L50 49, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', \
    'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', \
    'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', \
    'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', \
    'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'

/* The name of one question, at offset 12; its type and class are added. */
static const struct name_row {
	const char *name;
	const uint8_t *wire;
	size_t len;
	int want;
	const char *text;
} names[] = {
	{ "root", BYTES(0), 0, "" },
	{ "two labels", BYTES(1, 'a', 2, 'B', 'c', 0), 0, "a.Bc" },
	{ "dot within", BYTES(3, 'a', '.', 'b', 1, 'c', 0), 0, "a\\.b.c" },
	{ "backslash", BYTES(2, '\\', '0', 0), 0, "\\\\0" },
	{ "NUL and DEL", BYTES(3, 0, 0x7f, 9, 0), 0, "\\000\\127\\009" },
	{ "space, UTF-8", BYTES(4, ' ', 0xc3, 0xa4, '!', 0), 0, " \xc3\xa4!" },
	{ "255 bytes", BYTES(L50, L50, L50, L50, L50, 3, 'x', 'y', 'z', 0), 0,
	    "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghi."
	    "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghi."
	    "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghi."
	    "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghi."
	    "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghi.xyz" },
	{ "256 bytes", BYTES(L50, L50, L50, L50, L50, 4, 'w', 'x', 'y', 'z',
	    0), -EBADMSG, NULL },
	{ "label kind 01", BYTES(0x41, 'a', 0), -EBADMSG, NULL },
	{ "label kind 01, room for 65", BYTES(0x41, L50, 'a', 'a', 'a', 'a',
	    'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 0),
	    -EBADMSG, NULL },
	{ "label kind 10", BYTES(0x81, 'a', 0), -EBADMSG, NULL },
	{ "pointer to itself", BYTES(0xc0, 12), -EBADMSG, NULL },
	{ "pointer to its name", BYTES(1, 'a', 0xc0, 12), -EBADMSG, NULL },
	{ "pointer into its name", BYTES(1, 'a', 0xc0, 13), -EBADMSG, NULL },
	{ "pointer forward", BYTES(0xc0, 14), -EBADMSG, NULL },
	{ "pointer outside", BYTES(0xff, 0xff), -EBADMSG, NULL },
	/* the header's first bytes are 1 'h' 0 by its id and flags */
	{ "pointer to the header", BYTES(1, 'a', 0xc0, 0), 0, "a.h" },
	{ "no end", BYTES(1, 'a'), -EBADMSG, NULL },
};

START_TEST(name_is_read_or_refused)
{
	const struct name_row *row = &names[_i];
	uint8_t buf[400];
	struct wr w = wr_init(buf, sizeof(buf));
	struct arena a = ARENA_EMPTY;
	struct dns_msg m;
	uint8_t *copy;
	int rc;

	wr_bytes(&w, (uint8_t[]){ 1, 'h', 0, 0, 0, 1, 0, 0, 0, 0, 0, 0 }, 12);
	wr_bytes(&w, row->wire, row->len);
	/* no zero byte here, which could end a name */
	wr_bytes(&w, (uint8_t[]){ 255, 16, 255, 1 }, 4);
	copy = unit_heap(buf, w.len);
	rc = dns_parse(copy, w.len, &a, &m, NULL);
	ck_assert_msg(rc == row->want, "%s: got %d", row->name, rc);
	if (rc == 0) {
		ck_assert_str_eq(m.questions[0].name, row->text);
		ck_assert_uint_eq(m.questions[0].type, 0xff10);
		ck_assert_uint_eq(m.questions[0].class, 0xff01);
	}
	arena_release(&a);
	free(copy);
}
END_TEST

/* A pointer's target may itself be a pointer, as long as each goes back. */
START_TEST(chain_of_pointers_ends)
{
	static const uint8_t buf[] = {
		0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0,
		1, 'a', 0, 0, 1, 0, 1,
		1, 'b', 0xc0, 12, 0, 1, 0, 1,
		1, 'c', 0xc0, 19, 0, 1, 0, 1,
	};
	struct arena a = ARENA_EMPTY;
	struct dns_msg m;

	ck_assert_int_eq(dns_parse(buf, sizeof(buf), &a, &m, NULL), 0);
	ck_assert_str_eq(m.questions[1].name, "b.a");
	ck_assert_str_eq(m.questions[2].name, "c.b.a");
	arena_release(&a);
}
END_TEST

/* Two names that point at each other. */
START_TEST(loop_of_pointers_is_refused)
{
	static const uint8_t buf[] = {
		0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0,
		1, 'a', 0xc0, 20, 0, 1, 0, 1,
		1, 'b', 0xc0, 12, 0, 1, 0, 1,
	};
	struct arena a = ARENA_EMPTY;
	struct dns_msg m;

	ck_assert_int_eq(dns_parse(buf, sizeof(buf), &a, &m, NULL), -EBADMSG);
	arena_release(&a);
}
END_TEST

/* A name may point into data that nothing checked: at a loop, in a TXT. */
START_TEST(loop_in_data_is_refused)
{
	static const uint8_t buf[] = {
		0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0,
		0, 0, 16, 0, 1, 0, 0, 0, 0, 0, 4, 0xc0, 25, 0xc0, 23,
		0xc0, 25, 0, 16, 0, 1, 0, 0, 0, 0, 0, 0,
	};
	struct arena a = ARENA_EMPTY;
	struct dns_msg m;

	ck_assert_int_eq(dns_parse(buf, sizeof(buf), &a, &m, NULL), -EBADMSG);
	arena_release(&a);
}
END_TEST

static const struct data_row {
	const char *name;
	uint16_t type;
	uint16_t class;
	const uint8_t *data;
	size_t len;
	int want;
} datas[] = {
	{ "A", DNS_A, 1, BYTES(1, 2, 3, 4), 0 },
	{ "A of 3", DNS_A, 1, BYTES(1, 2, 3), -EBADMSG },
	{ "A of 5", DNS_A, 1, BYTES(1, 2, 3, 4, 5), -EBADMSG },
	{ "A of 5, flushing caches", DNS_A, 0x8001, BYTES(1, 2, 3, 4, 5),
	    -EBADMSG },
	{ "A of 3 in class CH", DNS_A, 3, BYTES(1, 2, 3), 0 },
	{ "AAAA of 15", DNS_AAAA, 1, BYTES(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
	    11, 12, 13, 14), -EBADMSG },
	{ "AAAA", DNS_AAAA, 1, BYTES(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
	    13, 14, 15), 0 },
	{ "PTR", DNS_PTR, 1, BYTES(1, 'a', 0), 0 },
	{ "PTR with more", DNS_PTR, 1, BYTES(1, 'a', 0, 0), -EBADMSG },
	{ "CNAME past its data", DNS_CNAME, 1, BYTES(1), -EBADMSG },
	{ "SRV", DNS_SRV, 1, BYTES(0, 1, 0, 2, 0, 80, 1, 'a', 0), 0 },
	{ "SRV without target", DNS_SRV, 1, BYTES(0, 1, 0, 2, 0, 80),
	    -EBADMSG },
	{ "SRV of 5", DNS_SRV, 1, BYTES(0, 1, 0, 2, 0), -EBADMSG },
	{ "TXT raw", DNS_TXT, 1, BYTES(9, 'x'), 0 },
	{ "unknown type", 65280, 1, BYTES(0xc0), 0 },
};

START_TEST(data_is_read_or_refused)
{
	const struct data_row *row = &datas[_i];
	uint8_t buf[100];
	uint8_t back[100];
	struct wr w = wr_init(buf, sizeof(buf));
	struct arena a = ARENA_EMPTY;
	struct dns_msg m;
	size_t mark;
	int rc;

	wr_bytes(&w, (uint8_t[]){ 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0 }, 13);
	wr_u16(&w, row->type);
	wr_u16(&w, row->class);
	wr_u32(&w, 0xfffefdfc);
	mark = wr_mark16(&w);
	wr_bytes(&w, row->data, row->len);
	wr_fill16(&w, mark);
	rc = dns_parse(buf, w.len, &a, &m, NULL);
	ck_assert_msg(rc == row->want, "%s: got %d", row->name, rc);
	if (rc == 0) {
		struct wr v = wr_init(back, sizeof(back));

		ck_assert_uint_eq(m.answers[0].ttl_s, 0xfffefdfc);
		ck_assert_uint_eq(m.answers[0].data.left, row->len);
		ck_assert_mem_eq(m.answers[0].data.p, row->data, row->len);
		/* nothing is compressed, so the bytes are the same */
		ck_assert_int_eq(dns_build(&v, &m, NULL), 0);
		ck_assert_uint_eq(v.len, w.len);
		ck_assert_mem_eq(back, buf, w.len);
	}
	arena_release(&a);
}
END_TEST

START_TEST(srv_fields)
{
	static const uint8_t buf[] = {
		0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0,
		0, 0, 33, 0, 1, 0, 0, 0, 5, 0, 9,
		0, 1, 0, 2, 0x1f, 0x90, 1, 'a', 0,
	};
	struct arena a = ARENA_EMPTY;
	struct dns_msg m;

	ck_assert_int_eq(dns_parse(buf, sizeof(buf), &a, &m, NULL), 0);
	ck_assert_uint_eq(m.answers[0].priority, 1);
	ck_assert_uint_eq(m.answers[0].weight, 2);
	ck_assert_uint_eq(m.answers[0].port, 8080);
	ck_assert_str_eq(m.answers[0].target, "a");
	arena_release(&a);
}
END_TEST

/* Written without compression, the decoded answer stays the same. */
START_TEST(what_is_built_reads_back)
{
	struct arena a = ARENA_EMPTY;
	uint8_t buf[300];
	struct wr w = wr_init(buf, sizeof(buf));
	struct dns_msg m;
	struct dns_msg b;

	ck_assert_int_eq(dns_parse(answer, sizeof(answer), &a, &m, NULL), 0);
	ck_assert_int_eq(dns_build(&w, &m, NULL), 0);
	ck_assert_uint_gt(w.len, sizeof(answer));
	ck_assert_int_eq(dns_parse(buf, w.len, &a, &b, NULL), 0);
	ck_assert_uint_eq(b.id, m.id);
	ck_assert_uint_eq(b.n_answers, m.n_answers);
	ck_assert_uint_eq(b.n_authority, 0);
	ck_assert_str_eq(b.questions[0].name, m.questions[0].name);
	for (size_t i = 0; i < m.n_answers; i++) {
		ck_assert_str_eq(b.answers[i].name, m.answers[i].name);
		ck_assert_uint_eq(b.answers[i].type, m.answers[i].type);
		ck_assert_uint_eq(b.answers[i].ttl_s, m.answers[i].ttl_s);
		ck_assert_int_eq(b.answers[i].addr.family,
		    m.answers[i].addr.family);
	}
	ck_assert_str_eq(b.answers[0].target, m.answers[0].target);
	ck_assert(ip_equal(&b.answers[1].addr, &m.answers[1].addr));
	ck_assert(ip_equal(&b.answers[2].addr, &m.answers[2].addr));
	for (size_t cap = 0; cap < w.len; cap++) {
		struct wr v = wr_init(buf, cap);

		ck_assert_int_eq(dns_build(&v, &m, NULL), -EMSGSIZE);
	}
	arena_release(&a);
}
END_TEST

#define A63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct text_row {
	const char *text;
	int want;
	const char *back;               /* if not the same */
} texts[] = {
	{ "", 0, NULL },
	{ "boot.example.com", 0, NULL },
	{ "boot.example.com.", 0, "boot.example.com" },
	{ "a\\.b", 0, NULL },
	{ "\\065\\200x", 0, "A\xc8x" },
	{ "\\xy", 0, "xy" },
	{ A63, 0, NULL },
	{ A63 "a", -EINVAL, NULL },
	{ A63 "." A63 "." A63 "." "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaa", 0, NULL },
	{ A63 "." A63 "." A63 "." "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaa", -EINVAL, NULL },
	{ ".", -EINVAL, NULL },
	{ ".a", -EINVAL, NULL },
	{ "a..b", -EINVAL, NULL },
	{ "a\\", -EINVAL, NULL },
	{ "a\\25", -EINVAL, NULL },
	{ "a\\256", -EINVAL, NULL },
	{ "a\\2x5", -EINVAL, NULL },
	{ NULL, -EINVAL, NULL },
};

START_TEST(name_is_written_or_refused)
{
	const struct text_row *row = &texts[_i];
	struct dns_question q = { row->text, DNS_AAAA, DNS_CLASS_IN };
	struct dns_msg m = { .id = 1, .questions = &q, .n_questions = 1 };
	struct dns_msg b;
	struct arena a = ARENA_EMPTY;
	uint8_t buf[400];
	struct wr w = wr_init(buf, sizeof(buf));
	int rc = dns_build(&w, &m, NULL);

	ck_assert_msg(rc == row->want, "'%s': got %d", row->text, rc);
	if (rc == 0) {
		ck_assert_int_eq(dns_parse(buf, w.len, &a, &b, NULL), 0);
		ck_assert_str_eq(b.questions[0].name,
		    row->back ? row->back : row->text);
		ck_assert_uint_eq(b.questions[0].type, DNS_AAAA);
	}
	arena_release(&a);
}
END_TEST

START_TEST(build_wants_what_the_type_needs)
{
	static const uint16_t types[] = { DNS_A, DNS_AAAA, DNS_SRV, DNS_PTR };
	uint8_t buf[100];

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		struct dns_answer an = { .name = "a", .type = types[i],
		    .class = DNS_CLASS_IN };
		struct dns_msg m = { .answers = &an, .n_answers = 1 };
		struct wr w = wr_init(buf, sizeof(buf));

		ck_assert_int_eq(dns_build(&w, &m, NULL), -EINVAL);
	}
}
END_TEST

START_TEST(counts_have_a_ceiling)
{
	/* one question is 5 bytes: there are enough of them */
	uint8_t buf[DNS_HEAD_LEN + 5 * (DNS_QUESTIONS_MAX + 1)] = { 0 };
	struct arena a = ARENA_EMPTY;
	struct dns_msg m;

	buf[5] = DNS_QUESTIONS_MAX;
	ck_assert_int_eq(dns_parse(buf, sizeof(buf), &a, &m, NULL), 0);
	buf[5] = DNS_QUESTIONS_MAX + 1;
	ck_assert_int_eq(dns_parse(buf, sizeof(buf), &a, &m, NULL), -EMSGSIZE);
	buf[5] = 0;
	buf[6] = 1;
	buf[7] = 1;
	ck_assert_int_eq(dns_parse(buf, sizeof(buf), &a, &m, NULL), -EMSGSIZE);
	arena_release(&a);
}
END_TEST

START_TEST(names_of_numbers)
{
	ck_assert_str_eq(dns_rcode_name(0), "NOERROR");
	ck_assert_str_eq(dns_rcode_name(3), "NXDOMAIN");
	ck_assert_str_eq(dns_rcode_name(5), "REFUSED");
	ck_assert_str_eq(dns_rcode_name(10), "NOTZONE");
	ck_assert_ptr_null(dns_rcode_name(11));
	ck_assert_str_eq(dns_type_name(28), "AAAA");
	ck_assert_str_eq(dns_type_name(33), "SRV");
	ck_assert_ptr_null(dns_type_name(0));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("dns");
	TCase *tc = tcase_create("dns");

	tcase_add_test(tc, parse_reads_every_field);
	tcase_add_test(tc, every_prefix_is_refused);
	tcase_add_loop_test(tc, flags_both_ways, 0, ARRAY_LEN(flags));
	tcase_add_loop_test(tc, name_is_read_or_refused, 0, ARRAY_LEN(names));
	tcase_add_test(tc, chain_of_pointers_ends);
	tcase_add_test(tc, loop_of_pointers_is_refused);
	tcase_add_test(tc, loop_in_data_is_refused);
	tcase_add_loop_test(tc, data_is_read_or_refused, 0, ARRAY_LEN(datas));
	tcase_add_test(tc, srv_fields);
	tcase_add_test(tc, what_is_built_reads_back);
	tcase_add_loop_test(tc, name_is_written_or_refused, 0,
	    ARRAY_LEN(texts));
	tcase_add_test(tc, build_wants_what_the_type_needs);
	tcase_add_test(tc, counts_have_a_ceiling);
	tcase_add_test(tc, names_of_numbers);
	suite_add_tcase(s, tc);
	return s;
}
