/*
 * http.h - the head of an HTTP/1.x message (RFC 9112): its first line and
 * its header fields, in and out of bytes. The body is the caller's.
 *
 * A parsed head points into the bytes it was read from. Lines may end in a
 * bare LF, empty lines may come first, and a field may be folded over
 * several lines: senders in the field do all three.
 */
#ifndef PXE_WIRE_HTTP_H
#define PXE_WIRE_HTTP_H

#include "base/bytes.h"
#include "base/diag.h"

enum {
	HTTP_PORT = 80,
	HTTP_HEAD_LEN_MAX = 64 * 1024,
	HTTP_FIELDS_MAX = 128,
};

/* Characters somewhere in a head; without a NUL. */
struct http_slice {
	const char *p;
	size_t len;
};

struct http_field {
	struct http_slice name;
	struct http_slice value;        /* no space around it */
	bool folded;                    /* holds line ends: http_unfold() */
};

struct http_head {
	bool is_response;
	uint8_t minor;                  /* HTTP/1.minor */
	struct http_slice method;       /* request */
	struct http_slice target;       /* request, as sent */
	unsigned int status;            /* response, 100 to 599 */
	struct http_slice reason;       /* response; may be empty */
	struct http_field fields[HTTP_FIELDS_MAX];      /* in order */
	size_t n_fields;
};

/* How long the body is, by the fields alone (RFC 9112 6.3). */
struct http_body {
	bool chunked;                   /* overrides a length */
	bool has_length;
	uint64_t length;                /* bytes */
};

/**
 * http_head_len() - do these bytes hold a whole head?
 *
 * Return: its length, with the empty line that ends it; 0 if more bytes are
 * needed; -EMSGSIZE if none ends within HTTP_HEAD_LEN_MAX.
 */
int http_head_len(const void *buf, size_t len);

/**
 * http_parse() - read a whole head
 * @len: what http_head_len() said, or more
 *
 * Return: 0; -ENODATA if the head has no end yet; -EBADMSG if it is no HTTP
 * head; -EMSGSIZE if it is too long or has more than HTTP_FIELDS_MAX
 * fields; -ENOTSUP if its version is not 1.x.
 */
int http_parse(const void *buf, size_t len, struct http_head *ret,
    struct diag *diag);

/** http_find() - the first field of that name, in any case; or NULL. */
const struct http_field *http_find(const struct http_head *head,
    const char *name);

/** http_equal() - is the slice @s, without regard to case? */
bool http_equal(struct http_slice slice, const char *s);

/**
 * http_unfold() - write a field's value on one line (RFC 9112 5.2)
 *
 * Each fold becomes one space. What does not fit sets w->full.
 */
void http_unfold(struct wr *w, const struct http_field *field);

/**
 * http_body() - what the fields say of the body
 *
 * Whether there is one at all depends also on the status and on the method
 * that was asked with.
 *
 * Return: 0; -EPROTO if the lengths are no number or not the same.
 */
int http_body(const struct http_head *head, struct http_body *ret,
    struct diag *diag);

/*
 * Start a head to be written, as HTTP/1.1; what it points to must live until
 * http_build().
 */
void http_set_request(struct http_head *head, const char *method,
    const char *target);
void http_set_response(struct http_head *head, unsigned int status,
    const char *reason);

/** http_add() - one more field. Return: 0; -EMSGSIZE past HTTP_FIELDS_MAX. */
int http_add(struct http_head *head, const char *name, const char *value);

/**
 * http_build() - write @head and the empty line that ends it
 *
 * Return: 0; -EINVAL if a part holds what would not read back as itself: a
 * line end above all, a NUL, a space where none may be; -EMSGSIZE if it
 * does not fit. On failure nothing that was written is of use.
 */
int http_build(struct wr *w, const struct http_head *head,
    struct diag *diag);

#endif
