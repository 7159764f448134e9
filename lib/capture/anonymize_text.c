/*
 * Addresses in text: each pattern is replaced by one of the same length.
 */
#include "capture/anonymize_internal.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum {
	MAC_CHARS = 17, UUID_CHARS = 36, MAC_HEX = 12, IP_HEX = 8,
	IP6_CHARS_MAX = 39, NAME_CHARS_MAX = 253,
};

static bool
is_word(int c)
{
	return isalnum(c);
}

static size_t
run(const uint8_t *p, size_t n, int (*is)(int))
{
	size_t i = 0;

	while (i < n && is(p[i]))
		i++;
	return i;
}

static int
is_ip4_char(int c)
{
	return isdigit(c) || c == '.';
}

static int
is_ip6_char(int c)
{
	return isxdigit(c) || c == ':';
}

static int
is_name_char(int c)
{
	return isalnum(c) || c == '-' || c == '.' || c == '_';
}

/* Digits in the case that they have. */
static void
put_hex(uint8_t *p, uint8_t v, bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";

	p[0] = (uint8_t)digits[v >> 4];
	p[1] = (uint8_t)digits[v & 15];
}

static bool
has_upper(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (isupper(p[i]))
			return true;
	}
	return false;
}

/* Each of these: return how many characters it took; 0 if it is no such. */

static size_t
text_ip4(const struct anonymize *a, uint8_t *p, size_t n)
{
	size_t len = run(p, n, is_ip4_char);
	char text[INET_ADDRSTRLEN] = "";
	struct in_addr ip;
	uint8_t bytes[4];

	while (len > 0 && p[len - 1] == '.')
		len--;                  /* the end of a sentence */
	if (len < 7 || len >= sizeof(text) || (len < n && is_word(p[len])))
		return 0;
	memcpy(text, p, len);
	if (parse_ipv4(text, &ip, NULL) < 0)
		return 0;
	memcpy(bytes, &ip, sizeof(bytes));
	anonymize_ip4(a, bytes);
	(void)snprintf(text, sizeof(text), "%u.%u.%u.%u", bytes[0], bytes[1],
	    bytes[2], bytes[3]);
	if (strlen(text) == len)        /* leading zeros stay as they are */
		memcpy(p, text, len);
	return len;
}

static size_t
text_mac(const struct anonymize *a, uint8_t *p, size_t n)
{
	char text[MAC_CHARS + 1];
	uint8_t mac[MAC_LEN];
	bool upper;

	if (n < MAC_CHARS || (p[2] != ':' && p[2] != '-') ||
	    (n > MAC_CHARS && is_word(p[MAC_CHARS])))
		return 0;
	memcpy(text, p, MAC_CHARS);
	text[MAC_CHARS] = '\0';
	if (parse_mac(text, mac, NULL) < 0)
		return 0;
	upper = has_upper(p, MAC_CHARS);
	anonymize_mac(a, mac);
	for (size_t i = 0; i < MAC_LEN; i++)
		put_hex(p + 3 * i, mac[i], upper);
	return MAC_CHARS;
}

/* PXELINUX asks for 01-52-54-..., with the type before the address. */
static size_t
text_typed_mac(const struct anonymize *a, uint8_t *p, size_t n)
{
	if (n < 3 + MAC_CHARS || p[0] != '0' || p[1] != '1' || p[2] != '-' ||
	    text_mac(a, p + 3, n - 3) == 0)
		return 0;
	return 3 + MAC_CHARS;
}

static size_t
text_uuid(const struct anonymize *a, uint8_t *p, size_t n)
{
	char text[UUID_CHARS + 1];
	uint8_t uuid[UUID_LEN];
	size_t at = 0;
	bool upper;

	if (n < UUID_CHARS || p[8] != '-' ||
	    (n > UUID_CHARS && is_word(p[UUID_CHARS])))
		return 0;
	memcpy(text, p, UUID_CHARS);
	text[UUID_CHARS] = '\0';
	if (parse_uuid(text, uuid, NULL) < 0)
		return 0;
	upper = has_upper(p, UUID_CHARS);
	anonymize_uuid(a, uuid, sizeof(uuid));
	for (size_t i = 0; i < sizeof(uuid); i++) {
		at += p[at] == '-';
		put_hex(p + at, uuid[i], upper);
		at += 2;
	}
	return UUID_CHARS;
}

/* Bare digits: a MAC address, a UUID, an address as PXELINUX writes it. */
static size_t
text_hex(const struct anonymize *a, uint8_t *p, size_t n)
{
	size_t len = run(p, n, isxdigit);
	bool upper = has_upper(p, len);
	char text[2 * UUID_LEN + 1];
	uint8_t v[UUID_LEN];
	size_t got = 0;

	if ((len != MAC_HEX && len != IP_HEX && len != 2 * UUID_LEN) ||
	    (len < n && is_word(p[len])))
		return 0;
	memcpy(text, p, len);
	text[len] = '\0';
	if (parse_hex(text, v, sizeof(v), &got, NULL) < 0)
		return 0;
	if (len == MAC_HEX)
		anonymize_mac(a, v);
	else if (len == IP_HEX && upper)
		anonymize_ip4(a, v);
	else if (len != IP_HEX)
		anonymize_uuid(a, v, got);
	for (size_t i = 0; i < got; i++)
		put_hex(p + 2 * i, v[i], upper);
	return len;
}

/* pxelinux.cfg/0A4D00, the address with digits left off, one by one. */
static size_t
text_short_ip4(const struct anonymize *a, uint8_t *p, size_t n)
{
	size_t len = run(p, n, isxdigit);
	uint8_t digits[IP_HEX];
	uint8_t ip[4] = { 0 };

	if (len == 0 || len >= IP_HEX ||
	    (len < n && (is_word(p[len]) || p[len] == '-')))
		return 0;
	for (size_t i = 0; i < len; i++) {
		int v = isdigit(p[i]) ? p[i] - '0' : toupper(p[i]) - 'A' + 10;

		ip[i / 2] |= (uint8_t)(i % 2 ? v : v << 4);
	}
	anonymize_ip4(a, ip);
	for (size_t i = 0; i < 4; i++)
		put_hex(digits + 2 * i, ip[i], true);
	memcpy(p, digits, len);
	return len;
}

static size_t
text_ip6(const struct anonymize *a, uint8_t *p, size_t n)
{
	size_t len = run(p, n, is_ip6_char);
	char text[INET6_ADDRSTRLEN] = "";
	struct ip_addr ip;
	uint8_t bytes[16];

	if (len < 3 || len > IP6_CHARS_MAX || (len < n && is_word(p[len])) ||
	    !memchr(p, ':', len))
		return 0;
	memcpy(text, p, len);
	if (parse_ip(text, &ip, NULL) < 0 || ip.family != AF_INET6)
		return 0;
	memcpy(bytes, &ip.v6, sizeof(bytes));
	anonymize_ip6(a, bytes);
	memcpy(&ip.v6, bytes, sizeof(bytes));
	(void)ip_format(&ip, text);
	/* One that was made of a MAC address may be longer: better gone. */
	if (strlen(text) == len)
		memcpy(p, text, len);
	else
		memset(p, '0', len);
	return len;
}

/* The host of a URL or of a Host field, if it is a name. */
static size_t
text_host(const struct anonymize *a, uint8_t *p, size_t n)
{
	size_t len = run(p, n, is_name_char);

	if (len == 0 || len > NAME_CHARS_MAX ||
	    run(p, len, is_ip4_char) == len)
		return 0;
	anonymize_name(a, p, len);
	return len;
}

static bool
stands_before(const uint8_t *text, size_t at, const char *word)
{
	size_t len = strlen(word);

	return at >= len && memcmp(text + at - len, word, len) == 0;
}

void
anonymize_text(const struct anonymize *a, uint8_t *text, size_t len)
{
	typedef size_t text_fn(const struct anonymize *, uint8_t *, size_t);
	static text_fn *const all[] = { text_typed_mac, text_uuid, text_mac,
	    text_ip4, text_ip6, text_hex };

	for (size_t at = 0; at < len; ) {
		size_t took = 0;

		if (stands_before(text, at, "://") ||
		    stands_before(text, at, "\r\nHost: "))
			took = text_host(a, text + at, len - at);
		else if (stands_before(text, at, "pxelinux.cfg/"))
			took = text_short_ip4(a, text + at, len - at);
		else if (at > 0 && is_word(text[at - 1]))
			took = 1;       /* in the middle of a word */
		if (is_ip6_char(text[at])) {
			for (size_t i = 0; i < ARRAY_LEN(all) && !took; i++)
				took = all[i](a, text + at, len - at);
		}
		at += took ? took : 1;
	}
}
