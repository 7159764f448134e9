#include "firmware/search.h"

#include "base/util.h"

#include <string.h>

enum { UTF16_MAX = 64 };

bool
search_bytes(struct rd *r, const void *what, size_t len)
{
	const uint8_t *hit = NULL;

	if (r->left >= len)
		hit = memmem(r->p, r->left, what, len);
	rd_skip(r, hit ? (size_t)(hit - r->p) : r->left);
	return hit != NULL;
}

bool
search_text(struct rd *r, const char *what)
{
	return search_bytes(r, what, strlen(what));
}

bool
search_utf16(struct rd *r, const char *what)
{
	uint8_t wide[2 * UTF16_MAX];
	struct wr w = wr_init(wide, sizeof(wide));

	for (; *what; what++) {
		wr_u8(&w, (uint8_t)*what);
		wr_u8(&w, 0);
	}
	return search_bytes(r, wide, w.len);
}

bool
search_has(struct rd r, size_t max, const char *what)
{
	r = search_head(r, max);
	return search_text(&r, what);
}

bool
search_starts(const struct rd *r, const void *what, size_t len)
{
	return r->left >= len && memcmp(r->p, what, len) == 0;
}

struct rd
search_head(struct rd r, size_t max)
{
	return rd_sub(&r, min_size(r.left, max));
}

size_t
search_word(struct rd r, const char *stop, char *buf, size_t cap)
{
	size_t n = 0;

	while (r.left > 0 && n + 1 < cap) {
		uint8_t c = rd_u8(&r);

		if (c < 0x20 || c > 0x7e || strchr(stop, c))
			break;
		buf[n++] = (char)c;
	}
	buf[n] = '\0';
	return n;
}
