/*
 * text.h - strict reading and plain writing of the small values that people
 * type and packets carry: numbers, hex, MAC addresses, UUIDs, IP addresses.
 *
 * Every parser takes the whole string or refuses it with a sentence that
 * names the text and what was expected; outputs are untouched on failure.
 */
#ifndef PXE_BASE_TEXT_H
#define PXE_BASE_TEXT_H

#include "diag.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	MAC_LEN = 6,
	UUID_LEN = 16,
	MAC_TEXT_MAX = 18,              /* 52:54:00:aa:bb:cc and NUL */
	UUID_TEXT_MAX = 37,
	IP_TEXT_MAX = 46,               /* INET6_ADDRSTRLEN */
};

/* An address of either family; `family` 0 means none. */
struct ip_addr {
	int family;                     /* AF_INET, AF_INET6 or 0 */
	union {
		struct in_addr v4;
		struct in6_addr v6;
	};
};

/**
 * parse_uint() - a decimal or 0x-prefixed number between @min and @max
 *
 * Return: 0; -EINVAL if @text is anything else.
 */
int parse_uint(const char *text, uint64_t min, uint64_t max, uint64_t *ret,
    struct diag *diag);

/**
 * parse_seconds() - "30", "1.5", "500ms", "2m" as milliseconds
 *
 * Return: 0; -EINVAL.
 */
int parse_seconds(const char *text, uint64_t *ret_ms, struct diag *diag);

/** parse_mac() - six hex bytes with ':' or '-' between them, or twelve digits. */
int parse_mac(const char *text, uint8_t ret[MAC_LEN], struct diag *diag);

/** parse_uuid() - 8-4-4-4-12 hex digits, in text (big-endian) order. */
int parse_uuid(const char *text, uint8_t ret[UUID_LEN], struct diag *diag);

/** parse_ipv4() - four decimal numbers; no short forms. */
int parse_ipv4(const char *text, struct in_addr *ret, struct diag *diag);

/** parse_ip() - an IPv4 or IPv6 address. */
int parse_ip(const char *text, struct ip_addr *ret, struct diag *diag);

/**
 * parse_hex() - hex digits, optionally with ':' ' ' or '-' between bytes
 * @ret_len: bytes written, at most @cap
 *
 * Return: 0; -EINVAL; -EMSGSIZE if more than @cap bytes.
 */
int parse_hex(const char *text, void *buf, size_t cap, size_t *ret_len,
    struct diag *diag);

const char *mac_format(const uint8_t mac[MAC_LEN], char buf[MAC_TEXT_MAX]);
const char *uuid_format(const uint8_t uuid[UUID_LEN], char buf[UUID_TEXT_MAX]);
const char *ipv4_format(struct in_addr a, char buf[IP_TEXT_MAX]);
const char *ip_format(const struct ip_addr *a, char buf[IP_TEXT_MAX]);

struct ip_addr ip_from_v4(struct in_addr a);
bool ip_equal(const struct ip_addr *a, const struct ip_addr *b);

/**
 * uuid_swap() - between text order and the stored order of SMBIOS and UEFI,
 * whose first three fields are little-endian (SMBIOS 3.x, 7.2.1)
 */
void uuid_swap(const uint8_t from[UUID_LEN], uint8_t to[UUID_LEN]);

/** utf8_len() - length of the valid UTF-8 sequence at @p; 0 if none. */
size_t utf8_len(const uint8_t *p, size_t left);

/** text_is_clean() - true if all bytes are valid UTF-8 without controls. */
bool text_is_clean(const void *p, size_t len);

/** text_copy() - copy @s into @buf, cut if need be. Return: false if cut. */
bool text_copy(char *buf, size_t cap, const char *s);

/** text_starts() - does @s begin with @prefix? */
bool text_starts(const char *s, const char *prefix);

/**
 * text_nearest() - the name that a mistyped word most likely meant
 * @names: @n names; NULL entries are skipped
 *
 * Return: a name at a small edit distance, or NULL.
 */
const char *text_nearest(const char *word, const char *const *names, size_t n);

#endif
