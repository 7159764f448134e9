#include "firmware/inflate.h"

#include "base/util.h"

#include <errno.h>
#include <string.h>

enum {
	GZIP_MAGIC = 0x1f8b,
	GZIP_DEFLATE = 8,
	GZIP_FHCRC = 1 << 1,
	GZIP_FEXTRA = 1 << 2,
	GZIP_FNAME = 1 << 3,
	GZIP_FCOMMENT = 1 << 4,

	BITS_MAX = 15,                  /* longest Huffman code */
	N_LITERALS = 288,
	N_DISTANCES = 32,
	N_LENGTHS = 19,                 /* the code that packs code lengths */
	END_OF_BLOCK = 256,
	FIRST_LENGTH = 257,
	REPEAT = 16,
	ZEROS_SHORT = 17,
	ZEROS_LONG = 18,
};

/* A Huffman code: how many codes of each length, and what they mean. */
struct code {
	uint16_t count[BITS_MAX + 1];
	uint16_t symbols[N_LITERALS];   /* by code, shortest first */
};

struct inflate {
	struct rd r;
	uint32_t hold;                  /* bits read but not used */
	unsigned n_hold;
	struct wr w;
};

/* Next @n bits (at most 16), the first one lowest; zeros past the end. */
static uint32_t
get_bits(struct inflate *s, unsigned n)
{
	uint32_t v;

	while (s->n_hold < n) {
		s->hold |= (uint32_t)rd_u8(&s->r) << s->n_hold;
		s->n_hold += 8;
	}
	v = s->hold & ((1u << n) - 1);
	s->hold >>= n;
	s->n_hold -= n;
	return v;
}

/* From the length of each symbol's code (RFC 1951 3.2.2). */
static bool
build_code(struct code *c, const uint8_t *lengths, size_t n)
{
	uint16_t next[BITS_MAX + 1];
	uint32_t space = 1;
	uint16_t at = 0;

	*c = (struct code){ { 0 }, { 0 } };
	for (size_t i = 0; i < n; i++)
		c->count[lengths[i]]++;
	c->count[0] = 0;
	for (int len = 1; len <= BITS_MAX; len++) {
		space <<= 1;
		if (c->count[len] > space)
			return false;           /* more codes than there are */
		space -= c->count[len];
		next[len] = at;
		at = (uint16_t)(at + c->count[len]);
	}
	for (size_t i = 0; i < n; i++) {
		if (lengths[i] != 0)
			c->symbols[next[lengths[i]]++] = (uint16_t)i;
	}
	return true;
}

/* Return: the next symbol, or -EBADMSG. */
static int
get_symbol(struct inflate *s, const struct code *c)
{
	uint32_t code = 0;
	uint32_t first = 0;             /* first code of this length */
	uint32_t at = 0;                /* where its symbol is */

	for (int len = 1; len <= BITS_MAX; len++) {
		code = code << 1 | get_bits(s, 1);
		first <<= 1;
		if (s->r.bad)
			break;
		if (code - first < c->count[len])
			return c->symbols[at + code - first];
		at += c->count[len];
		first += c->count[len];
	}
	return -EBADMSG;
}

/* Copy from what was written before; false if it does not go so far back. */
static bool
copy_back(struct inflate *s, size_t distance, size_t len)
{
	if (distance > s->w.len)
		return false;
	while (len-- > 0 && !s->w.full)
		wr_u8(&s->w, s->w.buf[s->w.len - distance]);
	return true;
}

/* A length or distance: a base and some more bits (RFC 1951 3.2.5). */
static bool
get_match(struct inflate *s, int symbol, const struct code *distances)
{
	static const struct {
		uint16_t base;
		uint8_t bits;
	} lens[] = {
		{ 3, 0 }, { 4, 0 }, { 5, 0 }, { 6, 0 }, { 7, 0 }, { 8, 0 },
		{ 9, 0 }, { 10, 0 }, { 11, 1 }, { 13, 1 }, { 15, 1 },
		{ 17, 1 }, { 19, 2 }, { 23, 2 }, { 27, 2 }, { 31, 2 },
		{ 35, 3 }, { 43, 3 }, { 51, 3 }, { 59, 3 }, { 67, 4 },
		{ 83, 4 }, { 99, 4 }, { 115, 4 }, { 131, 5 }, { 163, 5 },
		{ 195, 5 }, { 227, 5 }, { 258, 0 },
	}, dists[] = {
		{ 1, 0 }, { 2, 0 }, { 3, 0 }, { 4, 0 }, { 5, 1 }, { 7, 1 },
		{ 9, 2 }, { 13, 2 }, { 17, 3 }, { 25, 3 }, { 33, 4 },
		{ 49, 4 }, { 65, 5 }, { 97, 5 }, { 129, 6 }, { 193, 6 },
		{ 257, 7 }, { 385, 7 }, { 513, 8 }, { 769, 8 }, { 1025, 9 },
		{ 1537, 9 }, { 2049, 10 }, { 3073, 10 }, { 4097, 11 },
		{ 6145, 11 }, { 8193, 12 }, { 12289, 12 }, { 16385, 13 },
		{ 24577, 13 },
	};
	size_t i = (size_t)symbol - FIRST_LENGTH;
	size_t len;
	int d;

	if (i >= ARRAY_LEN(lens))
		return false;
	len = lens[i].base + get_bits(s, lens[i].bits);
	d = get_symbol(s, distances);
	if (d < 0 || (size_t)d >= ARRAY_LEN(dists))
		return false;
	return copy_back(s, dists[d].base + get_bits(s, dists[d].bits), len);
}

static bool
inflate_codes(struct inflate *s, const struct code *literals,
    const struct code *distances)
{
	while (!s->w.full) {
		int symbol = get_symbol(s, literals);

		if (symbol < 0)
			return false;
		if (symbol == END_OF_BLOCK)
			break;
		if (symbol < END_OF_BLOCK)
			wr_u8(&s->w, (uint8_t)symbol);
		else if (!get_match(s, symbol, distances))
			return false;
	}
	return true;
}

static bool
inflate_fixed(struct inflate *s)
{
	struct code literals;
	struct code distances;
	uint8_t lengths[N_LITERALS];

	for (int i = 0; i < N_LITERALS; i++)
		lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
	(void)build_code(&literals, lengths, N_LITERALS);
	memset(lengths, 5, N_DISTANCES);
	(void)build_code(&distances, lengths, N_DISTANCES);
	return inflate_codes(s, &literals, &distances);
}

/* The lengths of both codes, themselves packed (RFC 1951 3.2.7). */
static bool
get_lengths(struct inflate *s, const struct code *c, uint8_t *lengths,
    size_t n)
{
	size_t i = 0;

	while (i < n) {
		int symbol = get_symbol(s, c);
		uint8_t fill = 0;
		size_t times = 1;

		if (symbol < 0 || (symbol == REPEAT && i == 0))
			return false;
		if (symbol < REPEAT) {
			fill = (uint8_t)symbol;
		} else if (symbol == REPEAT) {
			fill = lengths[i - 1];
			times = 3 + get_bits(s, 2);
		} else {
			times = symbol == ZEROS_SHORT ? 3 + get_bits(s, 3) :
			    11 + get_bits(s, 7);
		}
		if (times > n - i)
			return false;
		memset(&lengths[i], fill, times);
		i += times;
	}
	return true;
}

static bool
inflate_dynamic(struct inflate *s)
{
	static const uint8_t order[N_LENGTHS] = {
		16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
	};
	uint8_t lengths[N_LITERALS + N_DISTANCES] = { 0 };
	struct code literals;
	struct code distances;
	size_t n_literals = 257 + get_bits(s, 5);
	size_t n_distances = 1 + get_bits(s, 5);
	size_t n_lengths = 4 + get_bits(s, 4);

	for (size_t i = 0; i < n_lengths; i++)
		lengths[order[i]] = (uint8_t)get_bits(s, 3);
	if (n_literals > N_LITERALS ||
	    !build_code(&literals, lengths, N_LENGTHS) ||
	    !get_lengths(s, &literals, lengths, n_literals + n_distances))
		return false;
	if (!build_code(&literals, lengths, n_literals) ||
	    !build_code(&distances, &lengths[n_literals], n_distances))
		return false;
	return inflate_codes(s, &literals, &distances);
}

static bool
inflate_stored(struct inflate *s)
{
	uint16_t len;

	s->hold = 0;                    /* up to the next byte */
	s->n_hold = 0;
	len = rd_le16(&s->r);
	if ((rd_le16(&s->r) ^ len) != UINT16_MAX)
		return false;
	while (len-- > 0 && !s->w.full && s->r.left > 0)
		wr_u8(&s->w, rd_u8(&s->r));
	return true;
}

static bool
inflate_block(struct inflate *s)
{
	switch (get_bits(s, 2)) {
	case 0:
		return inflate_stored(s);
	case 1:
		return inflate_fixed(s);
	case 2:
		return inflate_dynamic(s);
	default:
		return false;
	}
}

size_t
inflate_gzip_head(struct rd r, void *buf, size_t cap)
{
	struct inflate s = { .w = wr_init(buf, cap) };
	uint16_t magic = rd_u16(&r);
	uint8_t method = rd_u8(&r);
	uint8_t flags = rd_u8(&r);
	bool is_last = false;
	size_t len;

	rd_skip(&r, 6);                 /* time, compression, system */
	if (flags & GZIP_FEXTRA)
		rd_skip(&r, rd_le16(&r));
	if (flags & GZIP_FNAME)
		rd_cstr(&r, &len);
	if (flags & GZIP_FCOMMENT)
		rd_cstr(&r, &len);
	if (flags & GZIP_FHCRC)
		rd_skip(&r, 2);
	if (r.bad || magic != GZIP_MAGIC || method != GZIP_DEFLATE)
		return 0;
	s.r = r;
	while (!is_last && !s.w.full && !s.r.bad) {
		is_last = get_bits(&s, 1);
		if (!inflate_block(&s))
			break;
	}
	return s.w.len;
}
