#include "sbuf.h"

#include "text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Make room for @len bytes and a NUL. */
static bool
sbuf_room(struct sbuf *b, size_t len)
{
	size_t cap = b->cap ? b->cap : 64;
	char *text;

	if (b->bad || len >= SBUF_MAX - b->len) {
		b->bad = true;
		return false;
	}
	if (b->len + len + 1 <= b->cap)
		return true;
	while (cap < b->len + len + 1)
		cap *= 2;
	text = realloc(b->text, cap);
	if (!text) {
		b->bad = true;
		return false;
	}
	b->text = text;
	b->cap = cap;
	return true;
}

void
sbuf_addn(struct sbuf *b, const void *from, size_t len)
{
	if (!sbuf_room(b, len))
		return;
	if (len > 0)
		memcpy(b->text + b->len, from, len);
	b->len += len;
	b->text[b->len] = '\0';
}

void
sbuf_add(struct sbuf *b, const char *s)
{
	sbuf_addn(b, s, strlen(s));
}

void
sbuf_addc(struct sbuf *b, char c)
{
	sbuf_addn(b, &c, 1);
}

void
sbuf_printf(struct sbuf *b, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0 || !sbuf_room(b, (size_t)len)) {
		b->bad = true;
		return;
	}
	va_start(ap, fmt);
	(void)vsnprintf(b->text + b->len, (size_t)len + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)len;
}

void
sbuf_sep(struct sbuf *b, const char *sep)
{
	if (b->len > 0)
		sbuf_add(b, sep);
}

const char *
sbuf_str(const struct sbuf *b)
{
	return b->text ? b->text : "";
}

void
sbuf_clear(struct sbuf *b)
{
	b->len = 0;
	b->bad = false;
	if (b->text)
		b->text[0] = '\0';
}

char *
sbuf_steal(struct sbuf *b)
{
	char *text = b->bad ? NULL : b->text;

	if (!text && !b->bad)
		text = calloc(1, 1);
	if (text == b->text)
		b->text = NULL;
	sbuf_release(b);
	return text;
}

void
sbuf_release(struct sbuf *b)
{
	free(b->text);
	*b = (struct sbuf)SBUF_EMPTY;
}

static void
add_safe(struct sbuf *b, const void *from, size_t len, bool reversible)
{
	const uint8_t *p = from;
	size_t i = 0;

	while (i < len) {
		size_t n = utf8_len(p + i, len - i);
		bool c1 = n == 2 && p[i] == 0xc2 && p[i + 1] < 0xa0;

		if (p[i] == '\\' && reversible)
			sbuf_add(b, "\\\\");
		else if (p[i] == '\t')
			sbuf_add(b, "\\t");
		else if (p[i] == '\n')
			sbuf_add(b, "\\n");
		else if (p[i] == '\r')
			sbuf_add(b, "\\r");
		else if (n > 0 && p[i] >= 0x20 && p[i] != 0x7f && !c1)
			sbuf_addn(b, p + i, n);
		else {
			sbuf_printf(b, "\\x%02x", p[i]);
			n = 1;
		}
		i += n > 0 ? n : 1;
	}
}

void
sbuf_escape(struct sbuf *b, const void *from, size_t len)
{
	add_safe(b, from, len, true);
}

void
sbuf_show(struct sbuf *b, const void *from, size_t len)
{
	add_safe(b, from, len, false);
}

void
sbuf_hex(struct sbuf *b, const void *from, size_t len, const char *sep)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *p = from;

	for (size_t i = 0; i < len; i++) {
		if (i > 0)
			sbuf_add(b, sep);
		sbuf_addc(b, digits[p[i] >> 4]);
		sbuf_addc(b, digits[p[i] & 15]);
	}
}
