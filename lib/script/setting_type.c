/*
 * The types of settings: how bytes are shown, and how text is read.
 */
#include "script/settings.h"

#include "base/text.h"
#include "script/uri.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum { DNS_LABEL_MAX = 63, DNS_JUMPS_MAX = 64 };

struct type_row {
	const char *name;
	size_t width;           /* bytes that a number is stored in; 0: none */
	bool is_signed;
	int (*format)(struct sbuf *b, struct rd *r);
	int (*parse)(struct sbuf *b, const char *text);
};

/* Formats. Each reads its bytes from @r; what is left over is ignored. */

static int
format_string(struct sbuf *b, struct rd *r)
{
	sbuf_addn(b, r->p, r->left);
	return 0;
}

static int
format_uristring(struct sbuf *b, struct rd *r)
{
	uri_encode(b, r->p, r->left);
	return 0;
}

static int
format_ipv4(struct sbuf *b, struct rd *r)
{
	char text[IP_TEXT_MAX];
	struct in_addr a;

	rd_copy(r, &a, sizeof(a));
	if (r->bad)
		return -ERANGE;
	sbuf_add(b, ipv4_format(a, text));
	return 0;
}

static int
format_ipv6(struct sbuf *b, struct rd *r)
{
	struct ip_addr a = { .family = AF_INET6 };
	char text[IP_TEXT_MAX];

	rd_copy(r, &a.v6, sizeof(a.v6));
	if (r->bad)
		return -ERANGE;
	sbuf_add(b, ip_format(&a, text));
	return 0;
}

static int
format_hex(struct sbuf *b, struct rd *r)
{
	sbuf_hex(b, r->p, r->left, ":");
	return 0;
}

static int
format_hexhyp(struct sbuf *b, struct rd *r)
{
	sbuf_hex(b, r->p, r->left, "-");
	return 0;
}

static int
format_hexraw(struct sbuf *b, struct rd *r)
{
	sbuf_hex(b, r->p, r->left, "");
	return 0;
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int
format_base64(struct sbuf *b, struct rd *r)
{
	while (r->left > 0) {
		size_t n = min_size(r->left, 3);
		uint32_t bits = 0;

		for (size_t i = 0; i < 3; i++)
			bits = bits << 8 | (i < n ? rd_u8(r) : 0);
		for (size_t i = 0; i < 4; i++)
			sbuf_addc(b, i <= n ?
			    base64_digits[bits >> (18 - 6 * i) & 63] : '=');
	}
	return 0;
}

static int
format_uuid(struct sbuf *b, struct rd *r)
{
	uint8_t uuid[UUID_LEN];
	char text[UUID_TEXT_MAX];

	if (r->left != sizeof(uuid))
		return -ERANGE;
	rd_copy(r, uuid, sizeof(uuid));
	sbuf_add(b, uuid_format(uuid, text));
	return 0;
}

static int
format_guid(struct sbuf *b, struct rd *r)
{
	uint8_t stored[UUID_LEN];
	uint8_t uuid[UUID_LEN];
	char text[UUID_TEXT_MAX];

	if (r->left != sizeof(stored))
		return -ERANGE;
	rd_copy(r, stored, sizeof(stored));
	uuid_swap(stored, uuid);
	sbuf_add(b, uuid_format(uuid, text));
	return 0;
}

/* Segment, bus, and device and function in the lowest byte (PCI). */
static int
format_busdevfn(struct sbuf *b, struct rd *r)
{
	uint32_t v = 0;

	if (r->left > sizeof(v))
		return -ERANGE;
	while (r->left > 0)
		v = v << 8 | rd_u8(r);
	sbuf_printf(b, "%04x:%02x:%02x.%x", v >> 16, v >> 8 & 0xff,
	    v >> 3 & 0x1f, v & 7);
	return 0;
}

/* One name, following pointers into the whole (RFC 1035 4.1.4). */
static int
format_dns_name(struct sbuf *b, const void *whole, size_t len, struct rd *r)
{
	struct rd at = *r;
	bool jumped = false;
	bool first = true;

	for (unsigned int jumps = 0; jumps < DNS_JUMPS_MAX;) {
		unsigned int n = rd_u8(&at);
		const uint8_t *label;

		if (!at.bad && n >= 0xc0) {
			size_t to = (n & 0x3f) << 8 | rd_u8(&at);

			if (at.bad)
				return -ERANGE;
			if (!jumped)
				*r = at;
			jumped = true;
			jumps++;
			at = rd_at(whole, len, to);
			continue;
		}
		if (at.bad || n > DNS_LABEL_MAX)
			return -ERANGE;
		if (n == 0) {
			if (!jumped)
				*r = at;
			return 0;
		}
		label = rd_take(&at, n);
		if (!label)
			return -ERANGE;
		if (!first)
			sbuf_addc(b, '.');
		sbuf_addn(b, label, n);
		first = false;
	}
	return -ERANGE;
}

static int
format_dnssl(struct sbuf *b, struct rd *r)
{
	const uint8_t *whole = r->p;
	size_t len = r->left;

	while (r->left > 0) {
		int rc;

		if (r->left < len)
			sbuf_addc(b, ' ');
		rc = format_dns_name(b, whole, len, r);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* Parsers. Each takes the whole text or refuses it. */

static int
parse_string(struct sbuf *b, const char *text)
{
	sbuf_add(b, text);
	return 0;
}

static int
parse_uristring(struct sbuf *b, const char *text)
{
	uri_decode(b, text);
	return 0;
}

static int
parse_addr4(struct sbuf *b, const char *text)
{
	struct in_addr a;

	if (parse_ipv4(text, &a, NULL) < 0)
		return -EINVAL;
	sbuf_addn(b, &a, sizeof(a));
	return 0;
}

static int
parse_addr6(struct sbuf *b, const char *text)
{
	struct ip_addr a;

	if (parse_ip(text, &a, NULL) < 0 || a.family != AF_INET6)
		return -EINVAL;
	sbuf_addn(b, &a.v6, sizeof(a.v6));
	return 0;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Pairs of digits with @sep between them; '\0': nothing between. */
static int
parse_pairs(struct sbuf *b, const char *text, char sep)
{
	for (const char *p = text; *p;) {
		int hi;
		int lo;

		if (sep && p > text && *p++ != sep)
			return -EINVAL;
		hi = hex_digit(p[0]);
		lo = hi < 0 ? -1 : hex_digit(p[1]);
		if (lo < 0)
			return -EINVAL;
		sbuf_addc(b, (char)(hi << 4 | lo));
		p += 2;
	}
	return 0;
}

static int
parse_hex_colons(struct sbuf *b, const char *text)
{
	return parse_pairs(b, text, ':');
}

static int
parse_hex_hyphens(struct sbuf *b, const char *text)
{
	return parse_pairs(b, text, '-');
}

static int
parse_hex_raw(struct sbuf *b, const char *text)
{
	return parse_pairs(b, text, '\0');
}

static int
parse_base64(struct sbuf *b, const char *text)
{
	uint32_t bits = 0;
	unsigned int n = 0;     /* bits gathered */

	for (; *text && *text != '='; text++) {
		const char *at = strchr(base64_digits, *text);

		if (!at)
			return -EINVAL;
		bits = bits << 6 | (uint32_t)(at - base64_digits);
		n += 6;
		if (n >= 8) {
			n -= 8;
			sbuf_addc(b, (char)(bits >> n & 0xff));
		}
	}
	/* Padding fills the last group of four digits, no more and no less. */
	for (; *text == '='; text++)
		n -= 2;
	return *text || n != 0 ? -EINVAL : 0;
}

/* 32 digits, with hyphens anywhere between bytes or not at all. */
static int
parse_uuid_bytes(const char *text, uint8_t ret[UUID_LEN])
{
	size_t len = 0;

	return parse_hex(text, ret, UUID_LEN, &len, NULL) < 0 ||
	    len != UUID_LEN ? -EINVAL : 0;
}

static int
parse_uuid_text(struct sbuf *b, const char *text)
{
	uint8_t uuid[UUID_LEN];

	if (parse_uuid_bytes(text, uuid) < 0)
		return -EINVAL;
	sbuf_addn(b, uuid, sizeof(uuid));
	return 0;
}

static int
parse_guid(struct sbuf *b, const char *text)
{
	uint8_t uuid[UUID_LEN];
	uint8_t stored[UUID_LEN];

	if (parse_uuid_bytes(text, uuid) < 0)
		return -EINVAL;
	uuid_swap(uuid, stored);
	sbuf_addn(b, stored, sizeof(stored));
	return 0;
}

static const struct type_row type_rows[SETTING_N_TYPES] = {
	[SETTING_T_NONE] = { .name = "" },
	[SETTING_T_STRING] = { "string", 0, false, format_string, parse_string },
	[SETTING_T_URISTRING] =
	    { "uristring", 0, false, format_uristring, parse_uristring },
	[SETTING_T_IPV4] = { "ipv4", 0, false, format_ipv4, parse_addr4 },
	[SETTING_T_IPV6] = { "ipv6", 0, false, format_ipv6, parse_addr6 },
	[SETTING_T_INT8] = { "int8", 1, true, NULL, NULL },
	[SETTING_T_INT16] = { "int16", 2, true, NULL, NULL },
	[SETTING_T_INT32] = { "int32", 4, true, NULL, NULL },
	[SETTING_T_UINT8] = { "uint8", 1, false, NULL, NULL },
	[SETTING_T_UINT16] = { "uint16", 2, false, NULL, NULL },
	[SETTING_T_UINT32] = { "uint32", 4, false, NULL, NULL },
	[SETTING_T_HEX] = { "hex", 0, false, format_hex, parse_hex_colons },
	[SETTING_T_HEXHYP] =
	    { "hexhyp", 0, false, format_hexhyp, parse_hex_hyphens },
	[SETTING_T_HEXRAW] =
	    { "hexraw", 0, false, format_hexraw, parse_hex_raw },
	[SETTING_T_BASE64] =
	    { "base64", 0, false, format_base64, parse_base64 },
	[SETTING_T_UUID] = { "uuid", 0, false, format_uuid, parse_uuid_text },
	[SETTING_T_GUID] = { "guid", 0, false, format_guid, parse_guid },
	[SETTING_T_BUSDEVFN] = { "busdevfn", 0, false, format_busdevfn, NULL },
	[SETTING_T_DNSSL] = { "dnssl", 0, false, format_dnssl, NULL },
};

const char *
setting_type_name(enum setting_type t)
{
	return type_rows[t].name;
}

enum setting_type
setting_type_find(const char *name)
{
	for (int t = SETTING_T_NONE + 1; t < SETTING_N_TYPES; t++)
		if (strcmp(type_rows[t].name, name) == 0)
			return (enum setting_type)t;
	return SETTING_T_NONE;
}

bool
setting_is_number(enum setting_type t)
{
	return type_rows[t].width > 0;
}

int
setting_number(enum setting_type t, const void *bytes, size_t len,
    size_t word, int64_t *ret)
{
	struct rd r = rd_init(bytes, len);
	uint64_t v = 0;

	if (len > word || len > sizeof(v))
		return -ERANGE;
	if (type_rows[t].is_signed && rd_peek(&r, 0) >= 0x80)
		v = UINT64_MAX;
	while (r.left > 0)
		v = v << 8 | rd_u8(&r);
	*ret = (int64_t)v;
	return 0;
}

int
setting_parse_number(const char *text, int64_t *ret)
{
	bool negative = *text == '-';
	unsigned int base = 10;
	uint64_t v = 0;

	if (*text == '-' || *text == '+')
		text++;
	if (text[0] == '0' && tolower((unsigned char)text[1]) == 'x' &&
	    (hex_digit(text[2]) >= 0 || !text[2])) {
		base = 16;
		text += 2;
	} else if (text[0] == '0') {
		base = 8;
	}
	/* No digits at all are 0, as for iPXE: "", "-", "0x". */
	for (; *text; text++) {
		int digit = hex_digit(*text);

		if (digit < 0 || (unsigned int)digit >= base)
			return -EINVAL;
		v = v * base + (unsigned int)digit;
	}
	*ret = (int64_t)(negative ? 0 - v : v);
	return 0;
}

int
setting_format(struct sbuf *b, enum setting_type t, const void *bytes,
    size_t len, size_t word)
{
	const struct type_row *row = &type_rows[t];
	struct rd r = rd_init(bytes, len);
	int64_t v;
	int rc;

	if (row->format)
		return row->format(b, &r);
	rc = setting_number(t, bytes, len, word, &v);
	if (rc < 0)
		return rc;
	if (row->is_signed)
		sbuf_printf(b, "%lld", (long long)v);
	else
		sbuf_printf(b, "0x%llx", (unsigned long long)v);
	return 0;
}

int
setting_parse(struct sbuf *b, enum setting_type t, const char *text)
{
	const struct type_row *row = &type_rows[t];
	int64_t v;

	if (row->parse)
		return row->parse(b, text);
	if (row->width == 0)
		return -ENOTSUP;
	if (setting_parse_number(text, &v) < 0)
		return -EINVAL;
	for (size_t i = row->width; i > 0; i--)
		sbuf_addc(b, (char)((uint64_t)v >> (8 * (i - 1)) & 0xff));
	return 0;
}
