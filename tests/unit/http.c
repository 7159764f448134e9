#include "unit.h"

#include "wire/http.h"

#include <errno.h>
#include <stdio.h>

/* As iPXE asks. */
static const char request[] =
    "GET /boot.ipxe?mac=52:54 HTTP/1.1\r\n"
    "Connection: keep-alive\r\n"
    "User-Agent: iPXE/1.21.1+\r\n"
    "Host:10.99.0.1:8080\t \r\n"
    "Empty:\r\n"
    "\r\n";

static void
check_slice(struct http_slice s, const char *want)
{
	ck_assert_msg(s.len == strlen(want) && memcmp(s.p, want, s.len) == 0,
	    "'%.*s' is not '%s'", (int)s.len, s.p, want);
}

START_TEST(request_fields)
{
	struct http_head h;

	ck_assert_int_eq(http_parse(request, strlen(request), &h, NULL), 0);
	ck_assert(!h.is_response);
	ck_assert_uint_eq(h.minor, 1);
	check_slice(h.method, "GET");
	check_slice(h.target, "/boot.ipxe?mac=52:54");
	ck_assert_uint_eq(h.n_fields, 4);
	check_slice(h.fields[0].name, "Connection");
	check_slice(h.fields[0].value, "keep-alive");
	check_slice(h.fields[2].name, "Host");
	check_slice(h.fields[2].value, "10.99.0.1:8080");
	check_slice(h.fields[3].value, "");
	ck_assert_ptr_eq(http_find(&h, "hOST"), &h.fields[2]);
	ck_assert_ptr_null(http_find(&h, "Hos"));
	ck_assert_ptr_null(http_find(&h, "Hosts"));
}
END_TEST

START_TEST(every_prefix_needs_more)
{
	size_t len = strlen(request);

	for (size_t n = 0; n < len; n++) {
		struct http_head h = { .minor = 9 };
		char *copy = unit_heap(request, n);

		ck_assert_int_eq(http_head_len(copy, n), 0);
		ck_assert_int_eq(http_parse(copy, n, &h, NULL), -ENODATA);
		ck_assert_uint_eq(h.minor, 9);
		free(copy);
	}
	ck_assert_int_eq(http_head_len(request, len), (int)len);
}
END_TEST

static const struct end_row {
	const char *text;
	int want;
} ends[] = {
	{ "", 0 },
	{ "\r\n\r\n", 0 },
	{ "a\r\n\r\nbody", 5 },
	{ "a\n\nbody", 3 },
	{ "a\r\n\nbody", 4 },
	{ "a\n\r\nbody", 4 },
	{ "\r\n\na\r\n\r\n", 8 },
	{ "a\r\n \r\n", 0 },
	{ "a\r\n\r", 0 },
	{ "a\r\r\n", 0 },
};

START_TEST(end_of_head)
{
	ck_assert_int_eq(http_head_len(ends[_i].text, strlen(ends[_i].text)),
	    ends[_i].want);
}
END_TEST

static const struct head_row {
	const char *text;
	int want;
} heads[] = {
	{ "GET / HTTP/1.0\r\n\r\n", 0 },
	{ "GET / HTTP/1.1\n\n", 0 },
	{ "\r\n\r\nGET / HTTP/1.1\r\n\r\n", 0 },
	{ "M-SEARCH * HTTP/1.1\r\n\r\n", 0 },
	{ "GET / HTTP/2.0\r\n\r\n", -ENOTSUP },
	{ "GET / HTTP/0.9\r\n\r\n", -ENOTSUP },
	{ "GET / HTTP/1.\r\n\r\n", -EBADMSG },
	{ "GET / HTTP/1.10\r\n\r\n", -EBADMSG },
	{ "GET / HTTP/1x1\r\n\r\n", -EBADMSG },
	{ "GET / HTTP/x.1\r\n\r\n", -EBADMSG },
	{ "GET / http/1.1\r\n\r\n", -EBADMSG },
	{ "GET / HTTP/1.1 \r\n\r\n", -EBADMSG },
	{ "GET /\r\n\r\n", -EBADMSG },
	{ "GET  / HTTP/1.1\r\n\r\n", -EBADMSG },
	{ "GET /a b HTTP/1.1\r\n\r\n", -EBADMSG },
	{ "GET /a\tb HTTP/1.1\r\n\r\n", -EBADMSG },
	{ " GET / HTTP/1.1\r\n\r\n", -EBADMSG },
	{ "G@T / HTTP/1.1\r\n\r\n", -EBADMSG },
	{ "HTTP/1.1 200 OK\r\n\r\n", 0 },
	{ "HTTP/1.1 404\r\n\r\n", 0 },
	{ "HTTP/1.1 404 \r\n\r\n", 0 },
	{ "HTTP/1.1 404 Not Found\r\n\r\n", 0 },
	{ "HTTP/1.1\r\n\r\n", -EBADMSG },
	{ "HTTP/1.1 \r\n\r\n", -EBADMSG },
	{ "HTTP/1.1 20 OK\r\n\r\n", -EBADMSG },
	{ "HTTP/1.1 2000 OK\r\n\r\n", -EBADMSG },
	{ "HTTP/1.1 2x0 OK\r\n\r\n", -EBADMSG },
	{ "HTTP/1.1 099 OK\r\n\r\n", -EBADMSG },
	{ "HTTP/1.1 600 OK\r\n\r\n", -EBADMSG },
	{ "HTTP/1.1 200 O\rK\r\n\r\n", -EBADMSG },
	{ "HTTP/3.0 200 OK\r\n\r\n", -ENOTSUP },
	{ "HTTP/1.1 200 OK\r\nA: b\r\n\r\n", 0 },
	{ "HTTP/1.1 200 OK\r\nA b\r\n\r\n", -EBADMSG },
	{ "HTTP/1.1 200 OK\r\nA : b\r\n\r\n", -EBADMSG },
	{ "HTTP/1.1 200 OK\r\n: b\r\n\r\n", -EBADMSG },
	{ "HTTP/1.1 200 OK\r\nA\xe4: b\r\n\r\n", -EBADMSG },
	{ "HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", -EBADMSG },
	{ "HTTP/1.1 200 OK\r\nA: b\r\r\n\r\n", -EBADMSG },
	{ "HTTP/1.1 200 OK\r\n b\r\n\r\n", -EBADMSG },
	{ "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", 0 },
	{ "HTTP/1.1 200 OK\r\nA: b\r\n c\rd\r\n\r\n", -EBADMSG },
	{ "GARBAGE\n\n", -EBADMSG },
};

START_TEST(head_is_read_or_refused)
{
	size_t len = strlen(heads[_i].text);
	char *copy = unit_heap(heads[_i].text, len);
	struct http_head h;
	int rc = http_parse(copy, len, &h, NULL);

	ck_assert_msg(rc == heads[_i].want, "'%s': got %d", heads[_i].text, rc);
	free(copy);
}
END_TEST

START_TEST(nul_is_refused)
{
	static const char in_value[] = "HTTP/1.0 200 OK\r\nA: \0b\r\n\r\n";
	static const char in_name[] = "HTTP/1.0 200 OK\r\nA\0: b\r\n\r\n";
	struct http_head h;

	ck_assert_int_eq(http_parse(in_value, sizeof(in_value) - 1, &h, NULL),
	    -EBADMSG);
	ck_assert_int_eq(http_parse(in_name, sizeof(in_name) - 1, &h, NULL),
	    -EBADMSG);
}
END_TEST

static const struct status_row {
	const char *text;
	unsigned int status;
	uint8_t minor;
	const char *reason;
} statuses[] = {
	{ "HTTP/1.0 404 File not found\r\n\r\n", 404, 0, "File not found" },
	{ "HTTP/1.1 599\r\n\r\n", 599, 1, "" },
	{ "HTTP/1.1 100 \n\n", 100, 1, "" },
	{ "HTTP/1.1 206  Two \r\n\r\n", 206, 1, " Two " },
};

START_TEST(status_line)
{
	const struct status_row *row = &statuses[_i];
	struct http_head h;

	ck_assert_int_eq(http_parse(row->text, strlen(row->text), &h, NULL),
	    0);
	ck_assert(h.is_response);
	ck_assert_uint_eq(h.status, row->status);
	ck_assert_uint_eq(h.minor, row->minor);
	check_slice(h.reason, row->reason);
}
END_TEST

static const struct fold_row {
	const char *field;
	bool folded;
	const char *value;
} folds[] = {
	{ "A: b\r\n", false, "b" },
	{ "A: b  c\r\n", false, "b  c" },
	{ "A: b\r\n c\r\n", true, "b c" },
	{ "A: b \t\r\n\t  c\r\n d\r\n", true, "b c d" },
	{ "A: b\n c\n", true, "b c" },
	{ "A:\r\n b\r\n", false, "b" },
	{ "A:\r\n b\r\n c\r\n", true, "b c" },
	{ "A: b\r\n \r\n", false, "b" },
	{ "A: b\r\n \r\n c\r\n", true, "b c" },
};

START_TEST(folded_values)
{
	char text[100];
	char value[100];
	struct wr w = wr_init(value, sizeof(value));
	struct http_head h;

	(void)snprintf(text, sizeof(text), "GET / HTTP/1.1\r\n%sZ: y\r\n\r\n",
	    folds[_i].field);
	ck_assert_int_eq(http_parse(text, strlen(text), &h, NULL), 0);
	ck_assert_uint_eq(h.n_fields, 2);
	check_slice(h.fields[0].name, "A");
	check_slice(h.fields[1].name, "Z");
	check_slice(h.fields[1].value, "y");
	ck_assert(h.fields[0].folded == folds[_i].folded);
	http_unfold(&w, &h.fields[0]);
	check_slice((struct http_slice){ value, w.len }, folds[_i].value);
	if (!h.fields[0].folded)
		check_slice(h.fields[0].value, folds[_i].value);
}
END_TEST

static const struct body_row {
	const char *fields;
	int want;
	struct http_body body;
} bodies[] = {
	{ "", 0, { false, false, 0 } },
	{ "Content-Length: 0\r\n", 0, { false, true, 0 } },
	{ "content-LENGTH: 1048576\r\n", 0, { false, true, 1048576 } },
	{ "Content-Length: 18446744073709551615\r\n", 0,
	    { false, true, UINT64_MAX } },
	{ "Content-Length: 18446744073709551616\r\n", -EPROTO, { 0 } },
	{ "Content-Length: 99999999999999999999\r\n", -EPROTO, { 0 } },
	{ "Content-Length: -1\r\n", -EPROTO, { 0 } },
	{ "Content-Length: +1\r\n", -EPROTO, { 0 } },
	{ "Content-Length: 0x10\r\n", -EPROTO, { 0 } },
	{ "Content-Length:\r\n", -EPROTO, { 0 } },
	{ "Content-Length: 5, 5\r\n", -EPROTO, { 0 } },
	{ "Content-Length: 5\r\nContent-Length: 5\r\n", 0,
	    { false, true, 5 } },
	{ "Content-Length: 5\r\nContent-Length: 6\r\n", -EPROTO, { 0 } },
	{ "Transfer-Encoding: chunked\r\n", 0, { true, false, 0 } },
	{ "Transfer-Encoding: Chunked\r\nContent-Length: 7\r\n", 0,
	    { true, true, 7 } },
	{ "Transfer-Encoding: gzip, chunked\r\n", 0, { true, false, 0 } },
	{ "Transfer-Encoding: gzip,\r\n chunked\r\n", 0,
	    { true, false, 0 } },
	{ "Transfer-Encoding: chunked, gzip\r\n", 0, { false, false, 0 } },
	{ "Transfer-Encoding: xchunked\r\n", 0, { false, false, 0 } },
	{ "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", 0,
	    { true, false, 0 } },
	{ "Transfer-Encoding:\r\n", 0, { false, false, 0 } },
};

START_TEST(length_of_body)
{
	const struct body_row *row = &bodies[_i];
	struct http_body body;
	struct http_head h;
	char text[200];
	int rc;

	(void)snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\n%s\r\n",
	    row->fields);
	ck_assert_int_eq(http_parse(text, strlen(text), &h, NULL), 0);
	rc = http_body(&h, &body, NULL);
	ck_assert_msg(rc == row->want, "%s: got %d", row->fields, rc);
	if (rc < 0)
		return;
	ck_assert_msg(body.chunked == row->body.chunked, "%s", row->fields);
	ck_assert(body.has_length == row->body.has_length);
	ck_assert_uint_eq(body.length, row->body.length);
}
END_TEST

START_TEST(request_is_written)
{
	static const char want[] = "GET /a?b=c HTTP/1.1\r\nHost: 192.0.2.1\r\n"
	    "X: \r\n\r\n";
	char buf[200];
	struct wr w = wr_init(buf, sizeof(buf));
	struct http_head h;

	http_set_request(&h, "GET", "/a?b=c");
	ck_assert_int_eq(http_add(&h, "Host", "192.0.2.1"), 0);
	ck_assert_int_eq(http_add(&h, "X", ""), 0);
	ck_assert_int_eq(http_build(&w, &h, NULL), 0);
	ck_assert_uint_eq(w.len, strlen(want));
	ck_assert_mem_eq(buf, want, w.len);
	for (size_t cap = 0; cap < w.len; cap++) {
		struct wr v = wr_init(buf, cap);

		ck_assert_int_eq(http_build(&v, &h, NULL), -EMSGSIZE);
	}
}
END_TEST

START_TEST(response_is_written_and_read_back)
{
	static const char want[] = "HTTP/1.1 206 Partial Content\r\n"
	    "Content-Length: 12\r\n\r\n";
	char buf[200];
	struct wr w = wr_init(buf, sizeof(buf));
	struct http_head h;
	struct http_head back;

	http_set_response(&h, 206, "Partial Content");
	ck_assert_int_eq(http_add(&h, "Content-Length", "12"), 0);
	ck_assert_int_eq(http_build(&w, &h, NULL), 0);
	ck_assert_uint_eq(w.len, strlen(want));
	ck_assert_mem_eq(buf, want, w.len);
	ck_assert_int_eq(http_parse(buf, w.len, &back, NULL), 0);
	ck_assert(back.is_response);
	ck_assert_uint_eq(back.status, 206);
	check_slice(back.reason, "Partial Content");
	check_slice(back.fields[0].value, "12");
}
END_TEST

static const struct write_row {
	const char *method;             /* NULL: a response */
	const char *line;               /* target or reason */
	unsigned int status;
	const char *name;
	const char *value;
} unwritable[] = {
	{ "GET", "/ HTTP/1.1\r\nX: y\r\n", 0, "A", "b" },
	{ "GET", "/a b", 0, "A", "b" },
	{ "GET", "", 0, "A", "b" },
	{ "GET\r\n", "/", 0, "A", "b" },
	{ "", "/", 0, "A", "b" },
	{ "GET", "/", 0, "A", "b\r\nX: y" },
	{ "GET", "/", 0, "A", "b\n c" },
	{ "GET", "/", 0, "A", "b\r" },
	{ "GET", "/", 0, "A", " b" },
	{ "GET", "/", 0, "A", "b\t" },
	{ "GET", "/", 0, "A:", "b" },
	{ "GET", "/", 0, "A\r\nB", "b" },
	{ "GET", "/", 0, "", "b" },
	{ NULL, "OK\r\nX: y", 200, "A", "b" },
	{ NULL, "OK\n", 200, "A", "b" },
	{ NULL, "OK", 99, "A", "b" },
	{ NULL, "OK", 600, "A", "b" },
};

START_TEST(line_ends_are_not_written)
{
	const struct write_row *row = &unwritable[_i];
	char buf[200];
	struct wr w = wr_init(buf, sizeof(buf));
	struct http_head h;

	if (row->method)
		http_set_request(&h, row->method, row->line);
	else
		http_set_response(&h, row->status, row->line);
	ck_assert_int_eq(http_add(&h, row->name, row->value), 0);
	ck_assert_int_eq(http_build(&w, &h, NULL), -EINVAL);
	ck_assert_uint_eq(w.len, 0);
}
END_TEST

START_TEST(fields_have_a_ceiling)
{
	static char buf[2000];
	struct wr w = wr_init(buf, sizeof(buf));
	struct http_head h;

	http_set_request(&h, "GET", "/");
	for (int i = 0; i < HTTP_FIELDS_MAX; i++)
		ck_assert_int_eq(http_add(&h, "A", "b"), 0);
	ck_assert_int_eq(http_add(&h, "A", "b"), -EMSGSIZE);
	ck_assert_int_eq(http_build(&w, &h, NULL), 0);
	ck_assert_int_eq(http_parse(buf, w.len, &h, NULL), 0);
	ck_assert_uint_eq(h.n_fields, HTTP_FIELDS_MAX);
	w.len -= 2;
	wr_str(&w, "C: d\r\n\r\n");
	ck_assert_int_eq(http_parse(buf, w.len, &h, NULL), -EMSGSIZE);
}
END_TEST

START_TEST(length_has_a_ceiling)
{
	static const char start[] = "GET / HTTP/1.1\r\nA: ";
	const size_t max = HTTP_HEAD_LEN_MAX;
	char *buf = malloc(2 * max);
	char *value = calloc(1, max + 1);
	struct http_head h;
	struct wr w;

	ck_assert(buf && value);
	memset(buf, 'x', 2 * max);
	memcpy(buf, start, strlen(start));
	memcpy(buf + max - 4, "\r\n\r\n", 4);
	ck_assert_int_eq(http_head_len(buf, max - 1), 0);
	ck_assert_int_eq(http_head_len(buf, max), (int)max);
	ck_assert_int_eq(http_parse(buf, max, &h, NULL), 0);
	memcpy(buf + max - 4, "x\r\n\r\n", 5);
	ck_assert_int_eq(http_head_len(buf, max - 1), 0);
	ck_assert_int_eq(http_head_len(buf, max), -EMSGSIZE);
	ck_assert_int_eq(http_head_len(buf, max + 1), -EMSGSIZE);
	ck_assert_int_eq(http_parse(buf, max + 1, &h, NULL), -EMSGSIZE);

	memset(value, 'x', max);
	http_set_request(&h, "GET", "/");
	ck_assert_int_eq(http_add(&h, "A", value), 0);
	w = wr_init(buf, 2 * max);
	ck_assert_int_eq(http_build(&w, &h, NULL), -EMSGSIZE);
	free(value);
	free(buf);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("http");
	TCase *tc = tcase_create("http");

	tcase_add_test(tc, request_fields);
	tcase_add_test(tc, every_prefix_needs_more);
	tcase_add_loop_test(tc, end_of_head, 0, ARRAY_LEN(ends));
	tcase_add_loop_test(tc, head_is_read_or_refused, 0, ARRAY_LEN(heads));
	tcase_add_test(tc, nul_is_refused);
	tcase_add_loop_test(tc, status_line, 0, ARRAY_LEN(statuses));
	tcase_add_loop_test(tc, folded_values, 0, ARRAY_LEN(folds));
	tcase_add_loop_test(tc, length_of_body, 0, ARRAY_LEN(bodies));
	tcase_add_test(tc, request_is_written);
	tcase_add_test(tc, response_is_written_and_read_back);
	tcase_add_loop_test(tc, line_ends_are_not_written, 0,
	    ARRAY_LEN(unwritable));
	tcase_add_test(tc, fields_have_a_ceiling);
	tcase_add_test(tc, length_has_a_ceiling);
	suite_add_tcase(s, tc);
	return s;
}
