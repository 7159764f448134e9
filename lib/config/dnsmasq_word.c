/* dnsmasq_word.c - how dnsmasq cuts a line into words. */
#include "config/dnsmasq_tree.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>

#include <arpa/inet.h>

/*
 * What stands in quotes is text: its commas, colons and dots separate
 * nothing, its digits are no number. Until a word is stored, such a
 * character is stood in for by a control character that no value has.
 */
static const char hidden[] = "0123456789abcdefABCDEF :,.";
static const char stand_in[] =
    "\001\002\003\004\005\006\007\013\014\016\017\020\021\022\023\024\025"
    "\026\027\030\031\032\034\035\036\037";

static char
hide(char c)
{
	const char *p = c != '\0' ? strchr(hidden, c) : NULL;

	return p != NULL ? stand_in[p - hidden] : c;
}

void
dnsmasq_unhide(char *s)
{
	for (; *s != '\0'; s++) {
		const char *p = strchr(stand_in, *s);

		if (p != NULL)
			*s = hidden[p - stand_in];
	}
}

/* The character that a backslash and @c mean in quotes; '\0' if none. */
static char
escaped(char c)
{
	switch (c) {
	case 't':
		return '\t';
	case 'n':
		return '\n';
	case 'b':
		return '\b';
	case 'r':
		return '\r';
	case 'e':
		return '\033';
	case '"':
	case '\\':
		return c;
	default:
		return '\0';
	}
}

/*
 * Take away quotes and the comment. A '#' begins a comment only after a
 * blank or at the start, and quotes may stand anywhere in a word.
 */
bool
dnsmasq_cut(char *line)
{
	const char *from = line;
	char *to = line;
	bool after_blank = true;

	while (*from != '\0') {
		if (*from == '"') {
			for (from++; *from != '"'; from++) {
				if (*from == '\0')
					return false;
				if (*from == '\\' && escaped(from[1]) != '\0')
					*to++ = hide(escaped(*++from));
				else
					*to++ = hide(*from);
			}
			from++;
			/* What follows a quote is looked at as it stands. */
			after_blank = false;
			continue;
		}
		if (isspace((unsigned char)*from)) {
			*to++ = ' ';
			after_blank = true;
		} else if (*from == '#' && after_blank) {
			break;
		} else {
			*to++ = *from;
			after_blank = false;
		}
		from++;
	}
	*to = '\0';
	return true;
}

char *
dnsmasq_split_at(char *s, char c)
{
	char *at, *end, *rest;

	if (s == NULL || (at = strchr(s, c)) == NULL)
		return NULL;
	rest = at + 1;
	while (*rest == ' ')
		rest++;
	for (end = at; end > s && end[-1] == ' '; end--)
		;
	*end = '\0';
	return rest;
}

char *
dnsmasq_split(char *s)
{
	return dnsmasq_split_at(s, ',');
}

const char *
dnsmasq_word(struct dnsmasq_line *l, char *s)
{
	if (s == NULL || *s == '\0')
		return NULL;
	dnsmasq_unhide(s);
	return arena_strdup(&l->tree->arena, s);
}

bool
dnsmasq_number(char *s, int64_t *ret)
{
	const char *p;
	int64_t v = 0;

	if (s == NULL)
		return false;
	dnsmasq_unhide(s);
	for (p = s; *p != '\0'; p++) {
		if (*p < '0' || *p > '9')
			return false;
		if (v < INT32_MAX)
			v = v * 10 + (*p - '0');
	}
	*ret = v;
	return true;
}

bool
dnsmasq_ipv4(const char *s, struct in_addr *ret)
{
	struct in_addr a;

	if (s == NULL || inet_pton(AF_INET, s, &a) != 1)
		return false;
	*ret = a;
	return true;
}

/* One piece between colons, of up to two digits a byte. */
static int
hex_piece(const char *s, size_t len, uint8_t *ret, size_t cap)
{
	size_t n = 0, i;

	if (len > 2 && len % 2 != 0) {
		/* 112 is 1 and 12, as a number would be read. */
		if (n >= cap)
			return -1;
		ret[n++] = (uint8_t)strtoul((char[]){ s[0], '\0' }, NULL, 16);
		s++;
		len--;
	}
	for (i = 0; i < len; i += 2) {
		char two[3] = { s[i], i + 1 < len ? s[i + 1] : '\0', '\0' };

		if (n >= cap)
			return (int)n;
		ret[n++] = (uint8_t)strtoul(two, NULL, 16);
	}
	return (int)n;
}

/*
 * Bytes in hex with ':' or '-' between: the count of bytes, -1 if there is
 * anything else. A piece "*" is any byte. The type of hardware may stand in
 * front: "06-11:22:33:44:55:66".
 */
int
dnsmasq_hex(const char *s, uint8_t *ret, size_t cap, uint32_t *ret_wild,
    uint8_t *ret_type)
{
	uint32_t wild = 0;
	size_t n = 0;

	if (ret_type != NULL)
		*ret_type = 0;
	while (n < cap && *s != '\0') {
		size_t len = 0;
		char end;
		int got;

		while (isxdigit((unsigned char)s[len]) || s[len] == '*')
			len++;
		end = s[len];
		if (end != '\0' && end != ':' && end != '-')
			return -1;
		if (len == 0) {
			s++;            /* an empty piece is no byte */
			continue;
		}
		if (end == '-' && n == 0 && ret_type != NULL &&
		    memchr(s, '*', len) == NULL) {
			*ret_type = (uint8_t)strtoul(s, NULL, 16);
			s += len + 1;
			continue;
		}
		if (len == 1 && *s == '*') {
			if (ret_wild == NULL)
				return -1;
			wild = wild << 1 | 1;
			ret[n++] = 0;
		} else {
			if (memchr(s, '*', len) != NULL)
				return -1;
			got = hex_piece(s, len, ret + n, cap - n);
			if (got < 0)
				return -1;
			n += (size_t)got;
			wild = got < 32 ? wild << got : 0;
		}
		s += len + (end != '\0');
	}
	if (ret_wild != NULL)
		*ret_wild = wild;
	return (int)n;
}

int
dnsmasq_bad(struct dnsmasq_line *l, const char *at, const char *fmt, ...)
{
	char text[DIAG_TEXT_MAX];
	unsigned int column = l->pos.column;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	dnsmasq_unhide(text);
	if (at != NULL && l->start != NULL && at >= l->start)
		column = (unsigned int)(at - l->start) + 1;
	diag_set(l->diag, "%s", text);
	diag_at(l->diag, l->pos.file, l->pos.line, column);
	return -EBADMSG;
}
