/*
 * What a transferred file is: by its bytes, as far as the capture has them
 * and they are kept; else by its name.
 */
#include "diagnose/internal.h"

#include "base/digest.h"
#include "base/util.h"
#include "firmware/by_name.h"
#include "firmware/identify.h"

#include <stdlib.h>
#include <string.h>

static bool
make_room(struct diagnose *d, struct content *c, size_t need)
{
	size_t cap = c->cap ? c->cap : 1024;
	uint8_t *buf;

	if (need <= c->cap)
		return true;
	while (cap < need)
		cap *= 2;
	if (cap > CONTENT_FILE_MAX || (cap > CONTENT_HEAD &&
	    d->content_used + cap - c->cap > CONTENT_POOL_MAX))
		return false;
	buf = realloc(c->buf, cap);
	if (!buf)
		return false;
	d->content_used += cap - c->cap;
	c->buf = buf;
	c->cap = cap;
	return true;
}

void
content_add(struct diagnose *d, struct load *l, uint64_t off,
    const uint8_t *p, size_t len, size_t wire_len)
{
	struct content *c = &l->content;

	if (c->broken || off != c->len || len == 0)
		return;
	if (!make_room(d, c, c->len + len)) {
		c->broken = true;
		return;
	}
	memcpy(c->buf + c->len, p, len);
	c->len += len;
	if (len < wire_len)
		c->broken = c->cut = true;
}

/* A body in chunks (RFC 9112 7.1), made one piece in its own place. */
static void
join_chunks(struct content *c)
{
	struct rd r = rd_init(c->buf, c->len);
	size_t len = 0;

	while (r.left > 0) {
		char line[20] = "0x";
		const uint8_t *nl = memchr(r.p, '\n', r.left);
		size_t n = nl ? (size_t)(nl - r.p) : 0;
		size_t digits = strspn((const char *)memcpy(line + 2, r.p,
		    min_size(n, sizeof(line) - 3)), "0123456789abcdefABCDEF");
		const uint8_t *data;
		uint64_t size;

		line[2 + digits] = '\0';
		if (n == 0 || digits == 0 ||
		    parse_uint(line, 1, CONTENT_FILE_MAX, &size, NULL) < 0)
			break;          /* the last one, or none at all */
		rd_skip(&r, n + 1);
		size = min_size(size, r.left);
		data = rd_take(&r, size);
		if (!data)
			break;
		memmove(c->buf + len, data, size);
		len += size;
		rd_skip(&r, min_size(2, r.left));
	}
	c->len = len;
}

static bool
begins(const struct content *c, const char *text)
{
	size_t len = strlen(text);

	return c->len >= len && memcmp(c->buf, text, len) == 0;
}

/* Of a file that the capture cut, the first bytes tell only a container. */
static void
by_magic(const struct content *c, struct bootfile *is)
{
	struct rd r = rd_init(c->buf, c->len);
	uint16_t magic = rd_le16(&r);

	if (magic == 0x5a4d && is->container == CONTAINER_NONE) {
		is->container = CONTAINER_PE;
		if (is->kind == BOOTFILE_UNKNOWN)
			is->kind = BOOTFILE_EFI;
	} else if (begins(c, "#!ipxe") || begins(c, "#!gpxe")) {
		is->kind = BOOTFILE_SCRIPT;
	} else if (begins(c, "<html") || begins(c, "<!DOCTYPE") ||
	    begins(c, "<!doctype") || begins(c, "<HTML")) {
		is->kind = BOOTFILE_HTML;
	}
}

/* What the name says counts only where the bytes do not gainsay it. */
static void
by_name(struct load *l, struct bootfile *is)
{
	struct bootfile named;
	const struct content *c = &l->content;
	bool mz = c->len >= 2 && c->buf[0] == 'M' && c->buf[1] == 'Z';

	firmware_by_name(l->name, &named);
	if (named.kind == BOOTFILE_UNKNOWN)
		return;
	if (c->len >= 2 && mz != (named.container == CONTAINER_PE ||
	    named.container == CONTAINER_BZIMAGE_PE ||
	    named.container == CONTAINER_BZIMAGE ||
	    named.container == CONTAINER_ARM64_IMAGE))
		return;
	*is = named;
	is->script = NULL;
}

static void
hash_whole(struct load *l)
{
	if (l->done && !l->content.broken && l->content.len == l->bytes)
		(void)digest_sha256(l->content.buf, l->content.len, l->sha256);
}

void
content_end(struct diagnose *d, struct load *l)
{
	struct content *c = &l->content;
	struct bootfile is = { .kind = BOOTFILE_UNKNOWN };
	struct sbuf what = SBUF_EMPTY;

	if (l->identified)
		return;
	l->identified = true;
	if (l->chunked && c->len > 0) {
		join_chunks(c);
		if (l->done && !c->broken)
			l->bytes = c->len;
	}
	if (l->done && l->bytes == 0)
		is.kind = BOOTFILE_EMPTY;
	else if (c->len > 0 && (!c->cut || c->len > CONTENT_HEAD))
		(void)firmware_identify(c->buf, c->len, &is);
	if (c->len > 0 && is.kind == BOOTFILE_SCRIPT && !l->script)
		l->script = keep_bytes_text(d, c->buf, c->len);
	if (is.kind == BOOTFILE_UNKNOWN || is.kind == BOOTFILE_EFI ||
	    is.kind == BOOTFILE_NBP || is.kind == BOOTFILE_TEXT) {
		struct bootfile guess = is;

		guess.script = NULL;
		if (is.kind != BOOTFILE_TEXT && c->len < l->bytes)
			by_name(l, &guess);
		if (guess.kind == BOOTFILE_UNKNOWN && c->len > 0)
			by_magic(c, &guess);
		is.kind = guess.kind;
		if (is.container == CONTAINER_NONE) {
			is.container = guess.container;
			is.cpu = guess.cpu;
		}
		if (!is.product[0])
			memcpy(is.product, guess.product, sizeof(is.product));
	}
	if (is.kind == BOOTFILE_SCRIPT && !l->script && c->len > 0 && !c->cut)
		l->script = keep_bytes_text(d, c->buf, c->len);
	l->is_pe_unsigned = is.container == CONTAINER_PE && !is.is_signed &&
	    c->len >= 512;
	sbuf_add(&what, bootfile_kind_title(is.kind));
	if (is.version[0])
		sbuf_printf(&what, " %s", is.version);
	l->what = keep_text(d, sbuf_str(&what));
	sbuf_release(&what);
	hash_whole(l);
	free(is.script);
	is.script = NULL;
	l->is = is;
	free(c->buf);
	d->content_used -= c->cap;
	*c = (struct content){ .broken = true, .cut = c->cut, .len = 0 };
}
