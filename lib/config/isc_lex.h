/*
 * isc_lex.h - the words of dhcpd.conf.
 *
 * Keywords are not told apart here: a word is a word, compared without
 * regard to case. What looks like a hexadecimal number may be a name and is
 * marked so.
 */
#ifndef PXE_CONFIG_ISC_LEX_H
#define PXE_CONFIG_ISC_LEX_H

#include "config/config.h"

enum isc_token_kind {
	ISC_T_END,
	ISC_T_STRING,                   /* in quotes, escapes resolved */
	ISC_T_NUMBER,                   /* decimal digits, perhaps with '-' */
	ISC_T_HEX_OR_NAME,              /* ff, a, 0x10, 7f, and also "xff" */
	ISC_T_NAME,
	ISC_T_CHAR,                     /* one other character */
};

enum { ISC_TOKEN_MAX = 1500 };          /* dhcpd's own limit */

struct isc_token {
	enum isc_token_kind kind;
	const char *text;               /* NUL-terminated, owned by the arena */
	size_t len;                     /* a string may hold NULs */
	char c;                         /* ISC_T_CHAR */
	struct config_pos pos;
};

struct isc_lex {
	struct arena *arena;
	const char *file;
	struct rd r;
	unsigned int line;
	unsigned int column;
};

void isc_lex_init(struct isc_lex *lex, struct arena *arena, const char *file,
    const char *text, size_t len);

/**
 * isc_lex_next() - the next token
 *
 * Return: 0; -EBADMSG if it is malformed (@diag says how); -ENOMEM.
 */
int isc_lex_next(struct isc_lex *lex, struct isc_token *ret,
    struct diag *diag);

#endif
