#include "config/kea_expr_lex.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[KEA_N_TOKS] = {
	[KEA_K_END] = "end of file",
	[KEA_K_LPAREN] = "(", [KEA_K_RPAREN] = ")", [KEA_K_NOT] = "not",
	[KEA_K_AND] = "and", [KEA_K_OR] = "or", [KEA_K_EQUAL] = "==",
	[KEA_K_OPTION] = "option", [KEA_K_RELAY4] = "relay4",
	[KEA_K_RELAY6] = "relay6", [KEA_K_MEMBER] = "member",
	[KEA_K_PEERADDR] = "peeraddr", [KEA_K_LINKADDR] = "linkaddr",
	[KEA_K_LBRACKET] = "[", [KEA_K_RBRACKET] = "]", [KEA_K_DOT] = ".",
	[KEA_K_TEXT] = "text", [KEA_K_HEX] = "hex", [KEA_K_EXISTS] = "exists",
	[KEA_K_PKT] = "pkt", [KEA_K_IFACE] = "iface", [KEA_K_SRC] = "src",
	[KEA_K_DST] = "dst", [KEA_K_LEN] = "len", [KEA_K_PKT4] = "pkt4",
	[KEA_K_MAC] = "mac", [KEA_K_HLEN] = "hlen", [KEA_K_HTYPE] = "htype",
	[KEA_K_CIADDR] = "ciaddr", [KEA_K_GIADDR] = "giaddr",
	[KEA_K_YIADDR] = "yiaddr", [KEA_K_SIADDR] = "siaddr",
	[KEA_K_SUBSTRING] = "substring", [KEA_K_SPLIT] = "split",
	[KEA_K_ALL] = "all", [KEA_K_COMMA] = ",", [KEA_K_CONCAT] = "concat",
	[KEA_K_PLUS] = "+", [KEA_K_IFELSE] = "ifelse",
	[KEA_K_HEXSTRING] = "hexstring", [KEA_K_ADDRTOTEXT] = "addrtotext",
	[KEA_K_INT8TOTEXT] = "int8totext", [KEA_K_INT16TOTEXT] = "int16totext",
	[KEA_K_INT32TOTEXT] = "int32totext",
	[KEA_K_UINT8TOTEXT] = "uint8totext",
	[KEA_K_UINT16TOTEXT] = "uint16totext",
	[KEA_K_UINT32TOTEXT] = "uint32totext", [KEA_K_PKT6] = "pkt6",
	[KEA_K_MSGTYPE] = "msgtype", [KEA_K_TRANSID] = "transid",
	[KEA_K_VENDOR_CLASS] = "vendor-class", [KEA_K_VENDOR] = "vendor",
	[KEA_K_ANY] = "*", [KEA_K_DATA] = "data",
	[KEA_K_ENTERPRISE] = "enterprise",
	[KEA_K_STRING] = "constant string", [KEA_K_INTEGER] = "integer",
	[KEA_K_HEXLITERAL] = "constant hexstring", [KEA_K_NAME] = "option name",
	[KEA_K_ADDRESS] = "ip address",
};

const char *
kea_tok_name(enum kea_tok tok)
{
	return names[tok];
}

struct kea_lex
kea_lex_init(const char *text, struct arena *arena)
{
	return (struct kea_lex){ .text = text, .len = strlen(text),
	    .arena = arena, .line = 1, .column = 1 };
}

/* Each returns how many bytes from there on are one, or 0. */
static size_t
quoted(const char *s)
{
	size_t n = *s == '\'' ? strcspn(s + 1, "'\n") : 0;

	return *s == '\'' && s[n + 1] == '\'' ? n + 2 : 0;
}

static size_t
hex_literal(const char *s)
{
	size_t n;

	if (s[0] != '0' || (s[1] != 'x' && s[1] != 'X'))
		return 0;
	n = strspn(s + 2, "0123456789abcdefABCDEF");
	return n ? n + 2 : 0;
}

static size_t
integer(const char *s)
{
	size_t sign = *s == '-', n = strspn(s + sign, "0123456789");

	return n ? n + sign : 0;
}

static size_t
ipv4(const char *s)
{
	size_t at = 0, i;

	for (i = 0; i < 4; i++) {
		size_t n = strspn(s + at, "0123456789");

		if (!n || (i < 3 && s[at + n] != '.'))
			return 0;
		at += n + (i < 3);
	}
	return at;
}

static size_t
ipv6(const char *s)
{
	static const char hex[] = "0123456789abcdefABCDEF";
	size_t at = strspn(s, hex);

	if (s[at] != ':')
		return 0;
	at++;
	at += strspn(s + at, hex);
	if (s[at] != ':')
		return 0;
	return at + 1 + strspn(s + at + 1, "0123456789abcdefABCDEF:.");
}

/* A word before a "]"; @ret_all is what was looked at to know that. */
static size_t
option_name(const char *s, size_t *ret_blank, size_t *ret_all)
{
	size_t n = 0, blank;

	*ret_all = 0;
	if (!isalpha((unsigned char)*s))
		return 0;
	while (isalnum((unsigned char)s[n]) || s[n] == '-' || s[n] == '_')
		n++;
	blank = strspn(s + n, " \t\n");
	if (!isalnum((unsigned char)s[n - 1]) || s[n + blank] != ']')
		return 0;
	*ret_blank = blank;
	*ret_all = n + blank + 1;
	return n;
}

static size_t
keyword(const char *s, enum kea_tok *ret)
{
	size_t best = 0, i;

	for (i = KEA_K_LPAREN; i < KEA_K_STRING; i++) {
		size_t n = strlen(names[i]);

		if (n > best && strncmp(s, names[i], n) == 0) {
			best = n;
			*ret = (enum kea_tok)i;
		}
	}
	return best;
}

static void
better(struct kea_lex *l, enum kea_tok tok, size_t len, size_t *best)
{
	if (len > *best) {
		*best = len;
		l->tok = tok;
	}
}

static void
skip_blanks(struct kea_lex *l)
{
	for (; l->at < l->len && strchr(" \t\n", l->text[l->at]); l->at++) {
		if (l->text[l->at] == '\n') {
			l->line++;
			l->line_start = l->at + 1;
		}
	}
}

static int
check(struct kea_lex *l, struct diag *diag)
{
	uint8_t addr[16];

	if (l->tok == KEA_K_INTEGER) {
		errno = 0;
		(void)strtoll(l->word, NULL, 10);
		if (errno == 0)
			return 0;
		diag_set(diag, "Failed to convert %s to an integer.", l->word);
		return -EBADMSG;
	}
	if (l->tok == KEA_K_ADDRESS && inet_pton(AF_INET, l->word, addr) != 1 &&
	    inet_pton(AF_INET6, l->word, addr) != 1) {
		diag_set(diag, "Failed to convert %s to an IP address.", l->word);
		return -EBADMSG;
	}
	return 0;
}

int
kea_lex_next(struct kea_lex *l, struct diag *diag)
{
	enum kea_tok key = KEA_K_END;
	size_t best = 0, blank = 0, seen = 0, name, n;
	const char *s;

	skip_blanks(l);
	s = l->text + l->at;
	l->start = l->at;
	l->column = (unsigned int)(l->at - l->line_start) + 1;
	l->word = NULL;
	l->word_len = 0;
	if (l->at >= l->len) {
		l->tok = KEA_K_END;
		return 0;
	}
	/* Of equally long ones the first, as it stands in Kea's own list. */
	better(l, KEA_K_STRING, quoted(s), &best);
	better(l, KEA_K_HEXLITERAL, hex_literal(s), &best);
	better(l, KEA_K_INTEGER, integer(s), &best);
	name = option_name(s, &blank, &seen);
	better(l, KEA_K_NAME, seen, &best);
	better(l, KEA_K_ADDRESS, ipv4(s), &best);
	better(l, KEA_K_ADDRESS, ipv6(s), &best);
	n = keyword(s, &key);
	if (n)
		better(l, key, n, &best);
	if (!best) {
		diag_set(diag, "Invalid character: %c", *s);
		return -EBADMSG;
	}
	n = l->tok == KEA_K_NAME ? name : best;
	l->at += n;
	if (l->tok < KEA_K_STRING)
		return 0;
	if (l->tok == KEA_K_STRING) {
		s++;
		n -= 2;
	}
	l->word = arena_dup(l->arena, s, n);
	l->word_len = n;
	return l->word ? check(l, diag) : -ENOMEM;
}
