/*
 * http.c - a head that was accepted can be written, once its folded fields
 * are on one line, and reads back equal; and where it ends does not depend
 * on what follows.
 */
#include "wire/http.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check_slice(struct http_slice a, struct http_slice b)
{
	if (a.len != b.len || (a.len > 0 && memcmp(a.p, b.p, a.len) != 0))
		abort();
}

static void
check_body(const struct http_head *a, const struct http_head *b)
{
	struct http_body x = { 0 };
	struct http_body y = { 0 };

	if (http_body(a, &x, NULL) != http_body(b, &y, NULL) ||
	    x.chunked != y.chunked || x.has_length != y.has_length ||
	    x.length != y.length)
		abort();
}

static void
check_same(const struct http_head *a, const struct http_head *b)
{
	if (a->is_response != b->is_response || a->minor != b->minor ||
	    a->status != b->status || a->n_fields != b->n_fields)
		abort();
	check_slice(a->method, b->method);
	check_slice(a->target, b->target);
	check_slice(a->reason, b->reason);
	for (size_t i = 0; i < a->n_fields; i++) {
		check_slice(a->fields[i].name, b->fields[i].name);
		check_slice(a->fields[i].value, b->fields[i].value);
		if (b->fields[i].folded)
			abort();
	}
}

/* Put the folded values of @h into @text, on one line each. */
static void
unfold(struct http_head *h, char *text, size_t cap)
{
	struct wr w = wr_init(text, cap);

	for (size_t i = 0; i < h->n_fields; i++) {
		struct http_field *f = &h->fields[i];
		size_t start = w.len;

		if (!f->folded)
			continue;
		http_unfold(&w, f);
		if (w.full)
			abort();
		f->value = (struct http_slice){ text + start, w.len - start };
		f->folded = false;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static char text[HTTP_HEAD_LEN_MAX];
	static uint8_t wire[2 * HTTP_HEAD_LEN_MAX];
	struct wr w = wr_init(wire, sizeof(wire));
	int head_len = http_head_len(data, len);
	struct http_head a;
	struct http_head folded;
	struct http_head b;
	int rc;

	rc = http_parse(data, len, &a, NULL);
	if ((rc == 0) > (head_len > 0))
		abort();
	if (rc < 0)
		return 0;
	if (http_head_len(data, (size_t)head_len) != head_len ||
	    http_head_len(data, (size_t)head_len - 1) != 0)
		abort();
	folded = a;
	unfold(&a, text, sizeof(text));
	check_body(&a, &folded);
	rc = http_build(&w, &a, NULL);
	if (rc == -EMSGSIZE && head_len > HTTP_HEAD_LEN_MAX / 2)
		return 0;               /* line ends were shorter before */
	if (rc < 0 || http_parse(wire, w.len, &b, NULL) < 0)
		abort();
	check_same(&a, &b);
	return 0;
}
