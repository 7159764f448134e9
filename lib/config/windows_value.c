/* windows_value.c - the words that values are written in, as bytes. */
#include "config/windows_tree.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

enum { PART_MAX = 1 << 30 };            /* of a time: days, seconds */

/* Names of PowerShell and XML, of netsh. */
static const struct {
	const char *name;
	enum windows_type type;
} types[] = {
	{ "Byte", WINDOWS_T_BYTE },
	{ "Word", WINDOWS_T_WORD },
	{ "DWord", WINDOWS_T_DWORD },
	{ "DWordDWord", WINDOWS_T_QWORD },
	{ "DWORDDWORD", WINDOWS_T_QWORD },
	{ "IPv4Address", WINDOWS_T_ADDRESS },
	{ "IPAddress", WINDOWS_T_ADDRESS },
	{ "IPv6Address", WINDOWS_T_ADDRESS6 },
	{ "String", WINDOWS_T_STRING },
	{ "BinaryData", WINDOWS_T_BINARY },
	{ "Binary", WINDOWS_T_BINARY },
	{ "EncapsulatedData", WINDOWS_T_BINARY },
	{ "Encapsulated", WINDOWS_T_BINARY },
};

/* The definitions that a new server has (RFC 2132's types). */
static const struct {
	uint8_t first, last;
	enum windows_type type;
} predefined[] = {
	{ 1, 1, WINDOWS_T_ADDRESS }, { 2, 2, WINDOWS_T_DWORD },
	{ 3, 11, WINDOWS_T_ADDRESS }, { 12, 12, WINDOWS_T_STRING },
	{ 13, 13, WINDOWS_T_WORD }, { 14, 15, WINDOWS_T_STRING },
	{ 16, 16, WINDOWS_T_ADDRESS }, { 17, 18, WINDOWS_T_STRING },
	{ 19, 20, WINDOWS_T_BYTE }, { 21, 21, WINDOWS_T_ADDRESS },
	{ 22, 22, WINDOWS_T_WORD }, { 23, 23, WINDOWS_T_BYTE },
	{ 24, 24, WINDOWS_T_DWORD }, { 25, 26, WINDOWS_T_WORD },
	{ 27, 27, WINDOWS_T_BYTE }, { 28, 28, WINDOWS_T_ADDRESS },
	{ 29, 31, WINDOWS_T_BYTE }, { 32, 33, WINDOWS_T_ADDRESS },
	{ 34, 34, WINDOWS_T_BYTE }, { 35, 35, WINDOWS_T_DWORD },
	{ 36, 37, WINDOWS_T_BYTE }, { 38, 38, WINDOWS_T_DWORD },
	{ 39, 39, WINDOWS_T_BYTE }, { 40, 40, WINDOWS_T_STRING },
	{ 41, 42, WINDOWS_T_ADDRESS }, { 43, 43, WINDOWS_T_BINARY },
	{ 44, 45, WINDOWS_T_ADDRESS }, { 46, 46, WINDOWS_T_BYTE },
	{ 47, 47, WINDOWS_T_STRING }, { 48, 49, WINDOWS_T_ADDRESS },
	{ 51, 51, WINDOWS_T_DWORD }, { 58, 59, WINDOWS_T_DWORD },
	{ 60, 60, WINDOWS_T_STRING }, { 64, 64, WINDOWS_T_STRING },
	{ 65, 65, WINDOWS_T_ADDRESS }, { 66, 67, WINDOWS_T_STRING },
	{ 68, 76, WINDOWS_T_ADDRESS }, { 121, 121, WINDOWS_T_BINARY },
	{ 252, 252, WINDOWS_T_STRING },
};

enum windows_type
windows_type_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (strcasecmp(types[i].name, name) == 0)
			return types[i].type;
	}
	return WINDOWS_T_UNKNOWN;
}

enum windows_type
windows_type_of(const struct windows_tree *t, uint8_t code,
    const char *vendor)
{
	for (const struct windows_def *d = t->defs; d; d = d->next) {
		if (d->code == code && windows_same(d->vendor, vendor))
			return d->type;
	}
	for (size_t i = 0; !vendor && i < ARRAY_LEN(predefined); i++) {
		if (code >= predefined[i].first && code <= predefined[i].last)
			return predefined[i].type;
	}
	return WINDOWS_T_UNKNOWN;
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Pairs of digits, with '-' or ':' between them or not; "0x" before them. */
bool
windows_hex(const char *text, uint8_t *buf, size_t cap, size_t *ret_len)
{
	size_t n = 0;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		text += 2;
	while (*text) {
		int high = digit(text[0]);
		int low = high < 0 ? -1 : digit(text[1]);

		if (low < 0 || n == cap)
			return false;
		buf[n++] = (uint8_t)(high << 4 | low);
		text += 2;
		if ((*text == '-' || *text == ':') && text[1])
			text++;
	}
	*ret_len = n;
	return n > 0;
}

int
windows_bytes(struct windows_tree *t, const char *text, const uint8_t **ret,
    size_t *ret_len)
{
	uint8_t buf[WINDOWS_DATA_MAX];
	size_t len = min_size(strlen(text), sizeof(buf));

	if (!(text[0] == '0' && (text[1] == 'x' || text[1] == 'X') &&
	    windows_hex(text, buf, sizeof(buf), &len)))
		memcpy(buf, text, len);
	*ret = (uint8_t *)arena_dup(&t->arena, buf, len);
	*ret_len = len;
	return *ret ? 0 : -ENOMEM;
}

bool
windows_bool(const char *text)
{
	return strcasecmp(text, "true") == 0 || strcasecmp(text, "$true") == 0 ||
	    strcmp(text, "1") == 0;
}

/* A TimeSpan: [days.]hours:minutes[:seconds], or days alone. */
bool
windows_time(const char *text, uint32_t *ret)
{
	uint64_t part[4] = { 0 };
	size_t n = 0;
	bool has_days = false;
	uint64_t sum;

	for (; *text; text++) {
		if (*text >= '0' && *text <= '9') {
			part[n] = part[n] * 10 + (uint64_t)(*text - '0');
			if (part[n] > PART_MAX)
				return false;
		} else if (*text == '.' && n == 0) {
			has_days = true;
			n++;
		} else if (*text == ':' && n < 3) {
			n++;
		} else {
			return *text == '.' && n == 3;  /* fractions */
		}
	}
	if (n == 0)
		sum = part[0] * 86400;
	else if (has_days)
		sum = part[0] * 86400 + part[1] * 3600 + part[2] * 60 + part[3];
	else
		sum = part[0] * 3600 + part[1] * 60 + part[2];
	*ret = sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
	return true;
}

bool
windows_ip(const char *text, struct in_addr *ret)
{
	return parse_ipv4(text, ret, NULL) == 0;
}

/* 60, 060 and 0060 are the same option. */
bool
windows_code(const char *text, uint8_t *ret)
{
	uint64_t n;

	while (text[0] == '0' && text[1] >= '0' && text[1] <= '9')
		text++;
	if (parse_uint(text, 1, 254, &n, NULL) < 0)
		return false;
	*ret = (uint8_t)n;
	return true;
}

static bool
put_number(struct wr *w, const char *text, size_t width)
{
	uint64_t n;

	while (text[0] == '0' && text[1] >= '0' && text[1] <= '9')
		text++;
	if (parse_uint(text, 0, width == 8 ? UINT64_MAX :
	    (UINT64_C(1) << (8 * width)) - 1, &n, NULL) < 0)
		return false;
	for (size_t i = width; i > 0; i--)
		wr_u8(w, (uint8_t)(n >> (8 * (i - 1))));
	return true;
}

static bool
put_binary(struct wr *w, const char *text)
{
	uint8_t buf[WINDOWS_DATA_MAX];
	size_t len;

	/* "5" is one byte, as "0x05" is */
	if (strlen(text) < 2 || (strlen(text) < 4 && text[0] != '0' &&
	    strspn(text, "0123456789") == strlen(text)))
		return put_number(w, text, 1);
	if (!windows_hex(text, buf, sizeof(buf), &len))
		return false;
	wr_bytes(w, buf, len);
	return true;
}

static bool
put_word(struct wr *w, enum windows_type type, const char *text)
{
	static const size_t width[] = { [WINDOWS_T_BYTE] = 1,
	    [WINDOWS_T_WORD] = 2, [WINDOWS_T_DWORD] = 4,
	    [WINDOWS_T_QWORD] = 8 };
	struct in6_addr six;
	struct in_addr four;

	switch (type) {
	case WINDOWS_T_BYTE: case WINDOWS_T_WORD: case WINDOWS_T_DWORD:
	case WINDOWS_T_QWORD:
		return put_number(w, text, width[type]);
	case WINDOWS_T_ADDRESS:
		if (!windows_ip(text, &four))
			return false;
		wr_bytes(w, &four, sizeof(four));
		return true;
	case WINDOWS_T_ADDRESS6:
		if (inet_pton(AF_INET6, text, &six) != 1)
			return false;
		wr_bytes(w, &six, sizeof(six));
		return true;
	case WINDOWS_T_BINARY:
		return put_binary(w, text);
	case WINDOWS_T_STRING: case WINDOWS_T_UNKNOWN:
		wr_str(w, text);
		return true;
	}
	return false;
}

/* Return: 0; -EINVAL if the words are not of that type; -ENOMEM. */
int
windows_encode(struct windows_tree *t, enum windows_type type,
    struct windows_value *v)
{
	uint8_t buf[WINDOWS_DATA_MAX];
	struct wr w = wr_init(buf, sizeof(buf));

	for (size_t i = 0; i < v->words.n; i++) {
		if (!put_word(&w, type, v->words.word[i]))
			return -EINVAL;
	}
	if (w.full)
		return -EINVAL;
	v->data = (uint8_t *)arena_dup(&t->arena, buf, w.len);
	v->len = w.len;
	return v->data ? 0 : -ENOMEM;
}
