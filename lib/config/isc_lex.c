#include "config/isc_lex.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

void
isc_lex_init(struct isc_lex *lex, struct arena *arena, const char *file,
    const char *text, size_t len)
{
	lex->arena = arena;
	lex->file = file;
	lex->r = rd_init(text, len);
	lex->line = 1;
	lex->column = 1;
}

static int
peek(const struct isc_lex *lex)
{
	return rd_peek(&lex->r, 0);
}

static int
take(struct isc_lex *lex)
{
	int c = peek(lex);

	if (c < 0)
		return c;
	rd_skip(&lex->r, 1);
	lex->column++;
	if (c == '\n') {
		lex->line++;
		lex->column = 1;
	}
	return c;
}

static bool
is_word(int c)
{
	return c >= 0 && c < 128 && (isalnum(c) || c == '-' || c == '_');
}

static void
skip_blank(struct isc_lex *lex)
{
	int c;

	while ((c = peek(lex)) >= 0) {
		if (c == '#') {
			while ((c = peek(lex)) >= 0 && c != '\n')
				take(lex);
		} else if (c < 128 && isspace(c)) {
			take(lex);
		} else {
			return;
		}
	}
}

static int
bad(const struct isc_token *t, struct diag *diag, const char *what)
{
	diag_set(diag, "%s", what);
	diag_at(diag, t->pos.file, t->pos.line, t->pos.column);
	return -EBADMSG;
}

static int
finish(struct isc_lex *lex, struct isc_token *t, const char *buf, size_t len)
{
	t->text = arena_dup(lex->arena, buf, len);
	t->len = len;
	return t->text ? 0 : -ENOMEM;
}

/*
 * A word that starts with a letter counts as a number if all the rest are
 * hexadecimal digits, whatever the first letter is: dhcpd reads "ya2" as a
 * number and then refuses it.
 */
static enum isc_token_kind
word_kind(const char *buf, size_t len)
{
	enum isc_token_kind kind;
	size_t i;

	if (isalpha((unsigned char)buf[0])) {
		for (i = 1; i < len; i++) {
			if (!isxdigit((unsigned char)buf[i]))
				return ISC_T_NAME;
		}
		return ISC_T_HEX_OR_NAME;
	}
	kind = ISC_T_NUMBER;
	for (i = 1; i < len; i++) {
		if (kind == ISC_T_NUMBER && isdigit((unsigned char)buf[i]))
			continue;
		if (kind != ISC_T_NAME && isxdigit((unsigned char)buf[i]))
			kind = ISC_T_HEX_OR_NAME;
		else if (i == 2 && buf[0] == '0' &&
		    isxdigit((unsigned char)buf[2]) &&
		    (buf[1] == 'x' || buf[1] == 'X'))
			kind = ISC_T_HEX_OR_NAME;
		else
			kind = ISC_T_NAME;
	}
	return kind;
}

static int
read_word(struct isc_lex *lex, struct isc_token *t, struct diag *diag)
{
	char buf[ISC_TOKEN_MAX];
	size_t len = 0;

	buf[len++] = (char)take(lex);
	while (is_word(peek(lex))) {
		if (len == sizeof(buf))
			return bad(t, diag,
			    "this word is longer than dhcpd reads");
		buf[len++] = (char)take(lex);
	}
	t->kind = word_kind(buf, len);
	return finish(lex, t, buf, len);
}

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

/* After a backslash. Return: the byte, or -1 if there is no such escape. */
static int
read_escape(struct isc_lex *lex)
{
	int c = take(lex), value, i;

	switch (c) {
	case 't': return '\t';
	case 'r': return '\r';
	case 'n': return '\n';
	case 'b': return '\b';
	case '0': case '1': case '2': case '3':
		value = c - '0';
		for (i = 0; i < 2; i++) {
			c = peek(lex);
			if (c < '0' || c > '7')
				return -1;
			value = value * 8 + take(lex) - '0';
		}
		return value;
	case 'x':
		value = 0;
		for (i = 0; i < 2; i++) {
			int d = hex_digit(peek(lex));

			if (d < 0)
				return -1;
			take(lex);
			value = value * 16 + d;
		}
		return value;
	default:
		return c;
	}
}

static int
read_string(struct isc_lex *lex, struct isc_token *t, struct diag *diag)
{
	char buf[ISC_TOKEN_MAX];
	size_t len = 0;
	int c;

	take(lex);
	while ((c = take(lex)) != '"') {
		if (c == '\\') {
			c = read_escape(lex);
			if (c < 0)
				return bad(t, diag,
				    "this string has a bad escape: \\ is "
				    "followed by three octal digits, x and two "
				    "hexadecimal ones, or one of tnrb\\\"");
		}
		if (c < 0)
			return bad(t, diag, "this string is not closed");
		if (len == sizeof(buf) - 1)
			return bad(t, diag,
			    "this string is longer than dhcpd reads");
		buf[len++] = (char)c;
	}
	t->kind = ISC_T_STRING;
	return finish(lex, t, buf, len);
}

int
isc_lex_next(struct isc_lex *lex, struct isc_token *ret, struct diag *diag)
{
	struct isc_token t = { .kind = ISC_T_END, .text = "" };
	char one;
	int c, rc = 0;

	skip_blank(lex);
	t.pos = (struct config_pos){ lex->file, lex->line, lex->column };
	c = peek(lex);
	if (c == '"') {
		rc = read_string(lex, &t, diag);
	} else if (c == '-' || (is_word(c) && c != '_')) {
		rc = read_word(lex, &t, diag);
	} else if (c >= 0) {
		one = (char)take(lex);
		t.kind = ISC_T_CHAR;
		t.c = one;
		rc = finish(lex, &t, &one, 1);
	}
	if (rc == 0)
		*ret = t;
	return rc;
}
