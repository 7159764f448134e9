#include "wire/http.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

enum {
	STATUS_MIN = 100,
	STATUS_MAX = 599,
	VERSION_LEN = 8,                /* HTTP/1.1 */
};

static bool
is_space(int c)
{
	return c == ' ' || c == '\t';
}

/* RFC 9110 5.6.2: what names of methods and fields are made of. */
static bool
is_token(struct http_slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (!isalnum(c) && (c == '\0' || !strchr("!#$%&'*+-.^_`|~", c)))
			return false;
	}
	return s.len > 0;
}

/* One or more visible characters or bytes over 127. */
static bool
is_target(struct http_slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c <= ' ' || c == 0x7f)
			return false;
	}
	return s.len > 0;
}

/* May stand on one line. */
static bool
is_text(struct http_slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\0' || s.p[i] == '\r' || s.p[i] == '\n')
			return false;
	}
	return true;
}

static struct http_slice
trimmed(struct http_slice s)
{
	while (s.len > 0 && is_space(s.p[s.len - 1]))
		s.len--;
	while (s.len > 0 && is_space(s.p[0])) {
		s.p++;
		s.len--;
	}
	return s;
}

/* The next line without its end; false if none ends here. */
static bool
next_line(struct rd *r, struct http_slice *ret)
{
	const char *start = (const char *)r->p;
	const char *lf = r->left ? memchr(start, '\n', r->left) : NULL;
	size_t len;

	if (!lf)
		return false;
	len = (size_t)(lf - start);
	rd_skip(r, len + 1);
	if (len > 0 && start[len - 1] == '\r')
		len--;
	*ret = (struct http_slice){ start, len };
	return true;
}

int
http_head_len(const void *buf, size_t len)
{
	struct rd r = rd_init(buf, min_size(len, HTTP_HEAD_LEN_MAX));
	bool begun = false;
	struct http_slice line;

	while (next_line(&r, &line)) {
		if (line.len > 0)
			begun = true;
		else if (begun)
			return (int)r.at;
	}
	return len < HTTP_HEAD_LEN_MAX ? 0 : -EMSGSIZE;
}

/* "HTTP/1.x" at the start or end of a first line. */
static int
read_version(struct http_slice s, uint8_t *ret_minor, struct diag *diag)
{
	if (s.len != VERSION_LEN || memcmp(s.p, "HTTP/", 5) != 0 ||
	    !isdigit((unsigned char)s.p[5]) || s.p[6] != '.' ||
	    !isdigit((unsigned char)s.p[7])) {
		diag_set(diag, "the first line is not one of HTTP");
		return -EBADMSG;
	}
	if (s.p[5] != '1') {
		diag_set(diag, "HTTP/%c is not HTTP/1", s.p[5]);
		return -ENOTSUP;
	}
	*ret_minor = (uint8_t)(s.p[7] - '0');
	return 0;
}

/* Split at the first space; false if there is none. */
static bool
split_word(struct http_slice *line, struct http_slice *ret)
{
	const char *space = line->len ? memchr(line->p, ' ', line->len) : NULL;
	size_t len;

	if (!space)
		return false;
	len = (size_t)(space - line->p);
	*ret = (struct http_slice){ line->p, len };
	line->p += len + 1;
	line->len -= len + 1;
	return true;
}

static int
read_status_line(struct http_slice line, struct http_head *head,
    struct diag *diag)
{
	struct http_slice word = { NULL, 0 };
	int rc;

	(void)split_word(&line, &word);
	rc = read_version(word, &head->minor, diag);
	if (rc < 0)
		return rc;
	if (!split_word(&line, &word)) {        /* no reason, and no space */
		word = line;
		line.len = 0;
	}
	for (size_t i = 0; word.len == 3 && i < word.len; i++) {
		if (!isdigit((unsigned char)word.p[i]))
			word.len = 0;
		else
			head->status = head->status * 10 +
			    (unsigned int)(word.p[i] - '0');
	}
	if (word.len != 3 || head->status < STATUS_MIN ||
	    head->status > STATUS_MAX || !is_text(line)) {
		diag_set(diag, "no status between 100 and 599");
		return -EBADMSG;
	}
	head->is_response = true;
	head->reason = line;
	return 0;
}

static int
read_request_line(struct http_slice line, struct http_head *head,
    struct diag *diag)
{
	if (!split_word(&line, &head->method) || !is_token(head->method) ||
	    !split_word(&line, &head->target) || !is_target(head->target)) {
		diag_set(diag, "neither a request nor a status line");
		return -EBADMSG;
	}
	return read_version(line, &head->minor, diag);
}

/* A line that goes on with the value of the field before it. */
static bool
fold(struct http_field *f, struct http_slice line)
{
	struct http_slice more = trimmed(line);

	if (!is_text(more))
		return false;
	if (more.len == 0)
		return true;
	if (f->value.len == 0) {
		f->value = more;
		return true;
	}
	f->value.len = (size_t)(more.p - f->value.p) + more.len;
	f->folded = true;
	return true;
}

static bool
read_field(struct http_slice line, struct http_field *f)
{
	const char *colon = memchr(line.p, ':', line.len);
	size_t name_len;

	if (!colon)
		return false;
	name_len = (size_t)(colon - line.p);
	f->name = (struct http_slice){ line.p, name_len };
	f->value = trimmed((struct http_slice){ colon + 1,
	    line.len - name_len - 1 });
	f->folded = false;
	return is_token(f->name) && is_text(f->value);
}

static int
read_fields(struct rd *r, struct http_head *head, struct diag *diag)
{
	struct http_slice line;

	while (next_line(r, &line) && line.len > 0) {
		bool more = is_space(line.p[0]);
		bool ok;

		if (!more && head->n_fields == HTTP_FIELDS_MAX) {
			diag_set(diag, "more than %d header fields",
			    HTTP_FIELDS_MAX);
			return -EMSGSIZE;
		}
		if (!more)
			ok = read_field(line, &head->fields[head->n_fields++]);
		else
			ok = head->n_fields > 0 &&
			    fold(&head->fields[head->n_fields - 1], line);
		if (!ok) {
			diag_set(diag, "a line is not a header field");
			diag_at_offset(diag, NULL, r->at);
			return -EBADMSG;
		}
	}
	return 0;
}

int
http_parse(const void *buf, size_t len, struct http_head *ret,
    struct diag *diag)
{
	int head_len = http_head_len(buf, len);
	struct http_head head = { 0 };
	struct http_slice line = { NULL, 0 };
	struct rd r;
	int rc;

	if (head_len <= 0) {
		diag_set(diag, head_len < 0 ? "the HTTP head is too long" :
		    "the HTTP head has no end");
		return head_len < 0 ? head_len : -ENODATA;
	}
	r = rd_init(buf, (size_t)head_len);
	while (line.len == 0)
		(void)next_line(&r, &line);     /* a head has such a line */
	if (line.len >= 5 && memcmp(line.p, "HTTP/", 5) == 0)
		rc = read_status_line(line, &head, diag);
	else
		rc = read_request_line(line, &head, diag);
	if (rc == 0)
		rc = read_fields(&r, &head, diag);
	if (rc == 0)
		*ret = head;
	return rc;
}

bool
http_equal(struct http_slice slice, const char *s)
{
	return strlen(s) == slice.len &&
	    (slice.len == 0 || strncasecmp(slice.p, s, slice.len) == 0);
}

const struct http_field *
http_find(const struct http_head *head, const char *name)
{
	for (size_t i = 0; i < head->n_fields; i++) {
		if (http_equal(head->fields[i].name, name))
			return &head->fields[i];
	}
	return NULL;
}

void
http_unfold(struct wr *w, const struct http_field *field)
{
	struct rd r = rd_init(field->value.p, field->value.len);
	struct http_slice part;
	bool first = true;

	while (r.left > 0) {
		if (!next_line(&r, &part)) {
			part.len = r.left;
			part.p = (const char *)rd_take(&r, r.left);
		}
		part = trimmed(part);
		if (part.len == 0)
			continue;
		if (!first)
			wr_u8(w, ' ');
		wr_bytes(w, part.p, part.len);
		first = false;
	}
}

/* Content-Length = 1*DIGIT (RFC 9110 8.6). */
static bool
read_length(struct http_slice s, uint64_t *ret)
{
	uint64_t v = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned int digit = (unsigned char)s.p[i] - (unsigned int)'0';

		if (digit > 9 || v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*ret = v;
	return s.len > 0;
}

/* Of several transfer codings the last frames the message. */
static bool
ends_chunked(struct http_slice s)
{
	struct http_slice last = { s.p + s.len, 0 };

	while (last.len < s.len && !strchr(", \t\r\n", last.p[-1])) {
		last.p--;
		last.len++;
	}
	return http_equal(last, "chunked");
}

int
http_body(const struct http_head *head, struct http_body *ret,
    struct diag *diag)
{
	struct http_body body = { 0 };
	uint64_t length;

	for (size_t i = 0; i < head->n_fields; i++) {
		const struct http_field *f = &head->fields[i];

		if (http_equal(f->name, "transfer-encoding"))
			body.chunked = ends_chunked(f->value);
		if (!http_equal(f->name, "content-length"))
			continue;
		if (!read_length(f->value, &length)) {
			diag_set(diag, "the Content-Length is not a number");
			return -EPROTO;
		}
		if (body.has_length && body.length != length) {
			diag_set(diag, "two different Content-Length fields");
			return -EPROTO;
		}
		body.has_length = true;
		body.length = length;
	}
	*ret = body;
	return 0;
}

static struct http_slice
slice_of(const char *s)
{
	return (struct http_slice){ s, strlen(s) };
}

void
http_set_request(struct http_head *head, const char *method,
    const char *target)
{
	memset(head, 0, sizeof(*head));
	head->minor = 1;
	head->method = slice_of(method);
	head->target = slice_of(target);
}

void
http_set_response(struct http_head *head, unsigned int status,
    const char *reason)
{
	memset(head, 0, sizeof(*head));
	head->is_response = true;
	head->minor = 1;
	head->status = status;
	head->reason = slice_of(reason);
}

int
http_add(struct http_head *head, const char *name, const char *value)
{
	if (head->n_fields == HTTP_FIELDS_MAX)
		return -EMSGSIZE;
	head->fields[head->n_fields++] = (struct http_field){
		.name = slice_of(name),
		.value = slice_of(value),
	};
	return 0;
}

/* Every part reads back as itself, and none ends its line. */
static bool
is_writable(const struct http_head *head)
{
	if (head->minor > 9)
		return false;
	if (head->is_response && (head->status < STATUS_MIN ||
	    head->status > STATUS_MAX || !is_text(head->reason)))
		return false;
	if (!head->is_response &&
	    (!is_token(head->method) || !is_target(head->target)))
		return false;
	for (size_t i = 0; i < head->n_fields; i++) {
		const struct http_field *f = &head->fields[i];

		if (!is_token(f->name) || !is_text(f->value) ||
		    trimmed(f->value).len != f->value.len)
			return false;
	}
	return true;
}

static void
put_slice(struct wr *w, struct http_slice s)
{
	wr_bytes(w, s.p, s.len);
}

static void
put_version(struct wr *w, uint8_t minor)
{
	wr_str(w, "HTTP/1.");
	wr_u8(w, (uint8_t)('0' + minor));
}

static void
put_status(struct wr *w, unsigned int status)
{
	wr_u8(w, (uint8_t)('0' + status / 100));
	wr_u8(w, (uint8_t)('0' + status / 10 % 10));
	wr_u8(w, (uint8_t)('0' + status % 10));
}

int
http_build(struct wr *w, const struct http_head *head, struct diag *diag)
{
	size_t start = w->len;

	if (!is_writable(head)) {
		diag_set(diag, "a part of the HTTP head holds a line end or "
		    "another character that may not be there");
		return -EINVAL;
	}
	if (head->is_response) {
		put_version(w, head->minor);
		wr_u8(w, ' ');
		put_status(w, head->status);
		wr_u8(w, ' ');
		put_slice(w, head->reason);
	} else {
		put_slice(w, head->method);
		wr_u8(w, ' ');
		put_slice(w, head->target);
		wr_u8(w, ' ');
		put_version(w, head->minor);
	}
	wr_str(w, "\r\n");
	for (size_t i = 0; i < head->n_fields; i++) {
		put_slice(w, head->fields[i].name);
		wr_str(w, ": ");
		put_slice(w, head->fields[i].value);
		wr_str(w, "\r\n");
	}
	wr_str(w, "\r\n");
	return w->full || w->len - start > HTTP_HEAD_LEN_MAX ? -EMSGSIZE : 0;
}
