#include "text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
hex_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int
parse_uint(const char *text, uint64_t min, uint64_t max, uint64_t *ret,
    struct diag *diag)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *p = hex ? text + 2 : text;
	unsigned int base = hex ? 16 : 10;
	bool over = false;
	uint64_t v = 0;

	if (*p == '\0')
		goto not_a_number;
	for (; *p; p++) {
		int digit = hex_digit(*p);

		if (digit < 0 || (unsigned int)digit >= base)
			goto not_a_number;
		if (v > (UINT64_MAX - (unsigned int)digit) / base)
			over = true;
		else
			v = v * base + (unsigned int)digit;
	}
	if (over || v < min || v > max) {
		diag_set(diag, "%s is out of range: expected %" PRIu64
		    " to %" PRIu64, text, min, max);
		return -EINVAL;
	}
	*ret = v;
	return 0;

not_a_number:
	diag_set(diag, "'%s' is not a number: expected %" PRIu64 " to %" PRIu64,
	    text, min, max);
	return -EINVAL;
}

int
parse_seconds(const char *text, uint64_t *ret_ms, struct diag *diag)
{
	static const struct { const char *name; uint64_t ms; } units[] = {
		{ "", 1000 }, { "s", 1000 }, { "ms", 1 }, { "m", 60000 },
		{ "min", 60000 }, { "h", 3600000 },
	};
	const char *p = text;
	uint64_t whole = 0;
	uint64_t thousandths = 0;
	uint64_t scale = 100;

	if (!isdigit((unsigned char)*p))
		goto bad;
	for (; isdigit((unsigned char)*p); p++) {
		if (whole > 1000000000)
			goto bad;
		whole = whole * 10 + (unsigned int)(*p - '0');
	}
	if (*p == '.') {
		p++;
		if (!isdigit((unsigned char)*p))
			goto bad;
		for (; isdigit((unsigned char)*p); p++) {
			thousandths += scale * (unsigned int)(*p - '0');
			scale /= 10;
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (strcmp(p, units[i].name) != 0)
			continue;
		*ret_ms = whole * units[i].ms +
		    thousandths * units[i].ms / 1000;
		return 0;
	}
bad:
	diag_set(diag, "'%s' is not a time: expected seconds, such as 30 or "
	    "1.5, or a number with ms, s, m or h", text);
	return -EINVAL;
}

int
parse_hex(const char *text, void *buf, size_t cap, size_t *ret_len,
    struct diag *diag)
{
	uint8_t *out = buf;
	const char *p = text;
	size_t len = 0;

	if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
		p += 2;
	while (*p) {
		int hi = hex_digit(p[0]);
		int lo = hi < 0 ? -1 : hex_digit(p[1]);

		if (lo < 0) {
			diag_set(diag, "'%s' is not a row of hex bytes", text);
			return -EINVAL;
		}
		if (len == cap) {
			diag_set(diag, "'%s' has more than %zu bytes", text,
			    cap);
			return -EMSGSIZE;
		}
		out[len++] = (uint8_t)(hi << 4 | lo);
		p += 2;
		if ((*p == ':' || *p == '-' || *p == ' ') && p[1] != '\0')
			p++;
	}
	*ret_len = len;
	return 0;
}

int
parse_mac(const char *text, uint8_t ret[MAC_LEN], struct diag *diag)
{
	uint8_t mac[MAC_LEN];
	size_t text_len = strlen(text);
	size_t len = 0;

	if ((text_len != 12 && text_len != 17) ||
	    parse_hex(text, mac, sizeof(mac), &len, NULL) < 0 ||
	    len != MAC_LEN || text[1] == 'x') {
		diag_set(diag, "'%s' is not a MAC address: expected the form "
		    "52:54:00:12:34:56", text);
		return -EINVAL;
	}
	memcpy(ret, mac, MAC_LEN);
	return 0;
}

int
parse_uuid(const char *text, uint8_t ret[UUID_LEN], struct diag *diag)
{
	uint8_t uuid[UUID_LEN];
	size_t len = 0;
	bool shape = strlen(text) == UUID_TEXT_MAX - 1;

	for (size_t i = 0; shape && i < UUID_TEXT_MAX - 1; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		shape = dash ? text[i] == '-' : hex_digit(text[i]) >= 0;
	}
	if (!shape || parse_hex(text, uuid, sizeof(uuid), &len, NULL) < 0) {
		diag_set(diag, "'%s' is not a UUID: expected the form "
		    "11223344-5566-7788-99aa-bbccddeeff00", text);
		return -EINVAL;
	}
	memcpy(ret, uuid, UUID_LEN);
	return 0;
}

int
parse_ipv4(const char *text, struct in_addr *ret, struct diag *diag)
{
	struct in_addr a;

	if (inet_pton(AF_INET, text, &a) != 1) {
		diag_set(diag, "'%s' is not an IPv4 address: expected the form "
		    "192.0.2.1", text);
		return -EINVAL;
	}
	*ret = a;
	return 0;
}

int
parse_ip(const char *text, struct ip_addr *ret, struct diag *diag)
{
	struct ip_addr a = { 0 };

	if (inet_pton(AF_INET, text, &a.v4) == 1)
		a.family = AF_INET;
	else if (inet_pton(AF_INET6, text, &a.v6) == 1)
		a.family = AF_INET6;
	else {
		diag_set(diag, "'%s' is not an IP address", text);
		return -EINVAL;
	}
	*ret = a;
	return 0;
}

const char *
mac_format(const uint8_t mac[MAC_LEN], char buf[MAC_TEXT_MAX])
{
	(void)snprintf(buf, MAC_TEXT_MAX, "%02x:%02x:%02x:%02x:%02x:%02x",
	    mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
	return buf;
}

const char *
uuid_format(const uint8_t u[UUID_LEN], char buf[UUID_TEXT_MAX])
{
	(void)snprintf(buf, UUID_TEXT_MAX,
	    "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
	    "%02x%02x%02x%02x%02x%02x", u[0], u[1], u[2], u[3], u[4], u[5],
	    u[6], u[7], u[8], u[9], u[10], u[11], u[12], u[13], u[14], u[15]);
	return buf;
}

const char *
ipv4_format(struct in_addr a, char buf[IP_TEXT_MAX])
{
	return inet_ntop(AF_INET, &a, buf, IP_TEXT_MAX);
}

const char *
ip_format(const struct ip_addr *a, char buf[IP_TEXT_MAX])
{
	if (a->family == AF_INET)
		return inet_ntop(AF_INET, &a->v4, buf, IP_TEXT_MAX);
	if (a->family == AF_INET6)
		return inet_ntop(AF_INET6, &a->v6, buf, IP_TEXT_MAX);
	(void)text_copy(buf, IP_TEXT_MAX, "-");
	return buf;
}

struct ip_addr
ip_from_v4(struct in_addr a)
{
	return (struct ip_addr){ .family = AF_INET, .v4 = a };
}

bool
ip_equal(const struct ip_addr *a, const struct ip_addr *b)
{
	if (a->family != b->family)
		return false;
	if (a->family == AF_INET6)
		return memcmp(&a->v6, &b->v6, sizeof(a->v6)) == 0;
	return a->family == 0 || a->v4.s_addr == b->v4.s_addr;
}

void
uuid_swap(const uint8_t from[UUID_LEN], uint8_t to[UUID_LEN])
{
	static const uint8_t order[UUID_LEN] =
	    { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };
	uint8_t swapped[UUID_LEN];

	for (size_t i = 0; i < UUID_LEN; i++)
		swapped[i] = from[order[i]];
	memcpy(to, swapped, UUID_LEN);
}

size_t
utf8_len(const uint8_t *p, size_t left)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t v;
	size_t n;

	if (left == 0)
		return 0;
	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		n = 2;
	else if (p[0] >= 0xe0 && p[0] <= 0xef)
		n = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		n = 4;
	else
		return 0;
	if (n > left)
		return 0;
	v = p[0] & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | (p[i] & 0x3fu);
	}
	if (v < least[n] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
		return 0;
	return n;
}

bool
text_is_clean(const void *text, size_t len)
{
	const uint8_t *p = text;
	size_t i = 0;

	while (i < len) {
		size_t n = utf8_len(p + i, len - i);

		if (n == 0 || p[i] < 0x20 || p[i] == 0x7f ||
		    (n == 2 && p[i] == 0xc2 && p[i + 1] < 0xa0))
			return false;
		i += n;
	}
	return true;
}

bool
text_copy(char *buf, size_t cap, const char *s)
{
	size_t len = strlen(s);
	size_t n = len < cap ? len : cap - 1;

	memcpy(buf, s, n);
	buf[n] = '\0';
	return n == len;
}

bool
text_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

enum { NEAREST_MAX = 64 };              /* bytes of a word */

/*
 * Levenshtein's distance of short words, where two neighbours that changed
 * places ("scirpt") are one slip and not two.
 */
static size_t
edit_distance(const char *a, const char *b)
{
	size_t rows[3][NEAREST_MAX];
	size_t len_a = strlen(a);
	size_t len_b = strlen(b);

	if (len_b >= NEAREST_MAX || len_a >= NEAREST_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= len_b; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= len_a; i++) {
		size_t *row = rows[i % 3];
		const size_t *above = rows[(i + 2) % 3];
		const size_t *before = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= len_b; j++) {
			row[j] = min_size(above[j - 1] +
			    (a[i - 1] != b[j - 1]),
			    min_size(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				row[j] = min_size(row[j], before[j - 2] + 1);
		}
	}
	return rows[len_a % 3][len_b];
}

const char *
text_nearest(const char *word, const char *const *names, size_t n)
{
	size_t limit = strlen(word) < 4 ? 1 : strlen(word) < 10 ? 2 : 4;
	size_t best = limit + 1;
	const char *nearest = NULL;

	for (size_t i = 0; i < n; i++) {
		size_t d = names[i] ? edit_distance(word, names[i]) : SIZE_MAX;

		if (d < best) {
			best = d;
			nearest = names[i];
		}
	}
	return nearest;
}
