#include "bytes.h"

#include <string.h>

struct rd
rd_init(const void *buf, size_t len)
{
	return (struct rd){ .p = buf, .left = len };
}

const uint8_t *
rd_take(struct rd *r, size_t len)
{
	const uint8_t *p = r->p;

	if (r->bad || len > r->left) {
		r->bad = true;
		r->at += r->left;
		r->left = 0;
		return NULL;
	}
	if (len > 0)
		r->p += len;
	r->left -= len;
	r->at += len;
	return p;
}

uint8_t
rd_u8(struct rd *r)
{
	const uint8_t *p = rd_take(r, 1);

	return p ? p[0] : 0;
}

uint16_t
rd_u16(struct rd *r)
{
	const uint8_t *p = rd_take(r, 2);

	return p ? (uint16_t)(p[0] << 8 | p[1]) : 0;
}

uint32_t
rd_u32(struct rd *r)
{
	const uint8_t *p = rd_take(r, 4);

	return p ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3] : 0;
}

uint64_t
rd_u64(struct rd *r)
{
	const uint8_t *p = rd_take(r, 8);
	uint64_t v = 0;

	for (int i = 0; p && i < 8; i++)
		v = v << 8 | p[i];
	return v;
}

uint16_t
rd_le16(struct rd *r)
{
	const uint8_t *p = rd_take(r, 2);

	return p ? (uint16_t)(p[1] << 8 | p[0]) : 0;
}

uint32_t
rd_le32(struct rd *r)
{
	const uint8_t *p = rd_take(r, 4);

	return p ? (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[1] << 8 | p[0] : 0;
}

int
rd_peek(const struct rd *r, size_t ahead)
{
	return ahead < r->left ? r->p[ahead] : -1;
}

void
rd_copy(struct rd *r, void *to, size_t len)
{
	const uint8_t *p = rd_take(r, len);

	if (len == 0)
		return;
	if (p)
		memcpy(to, p, len);
	else
		memset(to, 0, len);
}

void
rd_skip(struct rd *r, size_t len)
{
	(void)rd_take(r, len);
}

struct rd
rd_sub(struct rd *r, size_t len)
{
	struct rd sub = { .at = r->at };

	sub.p = rd_take(r, len);
	sub.left = sub.p ? len : 0;
	sub.bad = r->bad;
	return sub;
}

struct rd
rd_rest(struct rd *r)
{
	return rd_sub(r, r->left);
}

const char *
rd_cstr(struct rd *r, size_t *ret_len)
{
	const uint8_t *nul = r->left ? memchr(r->p, 0, r->left) : NULL;
	const uint8_t *start = r->p;
	size_t len;

	if (!nul) {
		rd_skip(r, r->left + 1);
		*ret_len = 0;
		return NULL;
	}
	len = (size_t)(nul - start);
	rd_skip(r, len + 1);
	*ret_len = len;
	return (const char *)start;
}

struct rd
rd_at(const void *whole, size_t len, size_t off)
{
	struct rd r = rd_init(whole, len);

	rd_skip(&r, off);
	return r;
}

struct wr
wr_init(void *buf, size_t cap)
{
	return (struct wr){ .buf = buf, .cap = cap };
}

/* Room for @len more bytes, or NULL; the one place that checks. */
static uint8_t *
wr_room(struct wr *w, size_t len)
{
	uint8_t *p;

	if (w->full || len > w->cap - w->len) {
		w->full = true;
		return NULL;
	}
	p = w->buf + w->len;
	w->len += len;
	return p;
}

void
wr_u8(struct wr *w, uint8_t v)
{
	wr_bytes(w, &v, 1);
}

void
wr_u16(struct wr *w, uint16_t v)
{
	uint8_t b[2] = { (uint8_t)(v >> 8), (uint8_t)v };

	wr_bytes(w, b, sizeof(b));
}

void
wr_u32(struct wr *w, uint32_t v)
{
	uint8_t b[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16),
	    (uint8_t)(v >> 8), (uint8_t)v };

	wr_bytes(w, b, sizeof(b));
}

void
wr_bytes(struct wr *w, const void *from, size_t len)
{
	uint8_t *p;

	if (len == 0)
		return;
	p = wr_room(w, len);
	if (p)
		memcpy(p, from, len);
}

void
wr_zero(struct wr *w, size_t len)
{
	uint8_t *p;

	if (len == 0)
		return;
	p = wr_room(w, len);
	if (p)
		memset(p, 0, len);
}

void
wr_str(struct wr *w, const char *s)
{
	wr_bytes(w, s, strlen(s));
}

void
wr_cstr(struct wr *w, const char *s)
{
	wr_bytes(w, s, strlen(s) + 1);
}

size_t
wr_mark8(struct wr *w)
{
	wr_u8(w, 0);
	return w->len;
}

void
wr_fill8(struct wr *w, size_t mark)
{
	size_t len = w->len - mark;

	if (w->full)
		return;
	if (len > UINT8_MAX)
		w->full = true;
	else
		w->buf[mark - 1] = (uint8_t)len;
}

size_t
wr_mark16(struct wr *w)
{
	wr_u16(w, 0);
	return w->len;
}

void
wr_fill16(struct wr *w, size_t mark)
{
	size_t len = w->len - mark;

	if (w->full)
		return;
	if (len > UINT16_MAX)
		w->full = true;
	else
		wr_set16(w, mark - 2, (uint16_t)len);
}

void
wr_set16(struct wr *w, size_t at, uint16_t v)
{
	if (w->full || w->len < 2 || at > w->len - 2)
		return;
	w->buf[at] = (uint8_t)(v >> 8);
	w->buf[at + 1] = (uint8_t)v;
}
