/*
 * anonymize_internal.h - what the files of anonymize share.
 */
#ifndef PXE_CAPTURE_ANONYMIZE_INTERNAL_H
#define PXE_CAPTURE_ANONYMIZE_INTERNAL_H

#include "capture/anonymize.h"

enum { LETTER_TABLES = 8 };

struct anonymize {
	uint16_t first[256];            /* numbers of an IPv4 address */
	uint16_t second[256];
	uint16_t byte[256];             /* each among those of as many digits */
	uint16_t group[65536];          /* the same of four hex digits */
	uint16_t letter[LETTER_TABLES][26];     /* by place in a label */
	uint8_t *copy;                  /* of the frame */
	size_t cap;
};

/* Bytes that may be written; never looks past its end. */
struct span {
	uint8_t *p;
	size_t n;
};

/** span_at() - @n bytes from @at on; an empty span if they are not there */
static inline struct span
span_at(struct span s, size_t at, size_t n)
{
	if (at > s.n || n > s.n - at)
		return (struct span){ NULL, 0 };
	return (struct span){ s.p + at, n };
}

/** span_from() - all from @at on */
static inline struct span
span_from(struct span s, size_t at)
{
	return span_at(s, at, at < s.n ? s.n - at : 0);
}

/* Values at a place, if they are there. */
void change_mac(const struct anonymize *a, struct span s, size_t at);
void change_ip4(const struct anonymize *a, struct span s, size_t at);
void change_ip6(const struct anonymize *a, struct span s, size_t at);

/** change_labels() - a name as in DNS (RFC 1035), pointers left alone
 *
 * Return: where it ends.
 */
size_t change_labels(const struct anonymize *a, struct span s, size_t at);

/* Messages, each in anonymize_dhcp.c; the span is the UDP payload. */
void change_dhcp4(const struct anonymize *a, struct span s, uint8_t overload);
void change_dhcp6(const struct anonymize *a, struct span s);

#endif
