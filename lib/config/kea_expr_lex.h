/*
 * kea_expr_lex.h - the words of an expression, cut where Kea cuts them: the
 * longest match wins, and blanks are needed nowhere.
 */
#ifndef PXE_CONFIG_KEA_EXPR_LEX_H
#define PXE_CONFIG_KEA_EXPR_LEX_H

#include "base/arena.h"
#include "base/diag.h"

#include <stdbool.h>

enum kea_tok {
	KEA_K_END, KEA_K_LPAREN, KEA_K_RPAREN, KEA_K_NOT, KEA_K_AND, KEA_K_OR,
	KEA_K_EQUAL, KEA_K_OPTION, KEA_K_RELAY4, KEA_K_RELAY6, KEA_K_MEMBER,
	KEA_K_PEERADDR, KEA_K_LINKADDR, KEA_K_LBRACKET, KEA_K_RBRACKET,
	KEA_K_DOT, KEA_K_TEXT, KEA_K_HEX, KEA_K_EXISTS, KEA_K_PKT, KEA_K_IFACE,
	KEA_K_SRC, KEA_K_DST, KEA_K_LEN, KEA_K_PKT4, KEA_K_MAC, KEA_K_HLEN,
	KEA_K_HTYPE, KEA_K_CIADDR, KEA_K_GIADDR, KEA_K_YIADDR, KEA_K_SIADDR,
	KEA_K_SUBSTRING, KEA_K_SPLIT, KEA_K_ALL, KEA_K_COMMA, KEA_K_CONCAT,
	KEA_K_PLUS, KEA_K_IFELSE, KEA_K_HEXSTRING, KEA_K_ADDRTOTEXT,
	KEA_K_INT8TOTEXT, KEA_K_INT16TOTEXT, KEA_K_INT32TOTEXT,
	KEA_K_UINT8TOTEXT, KEA_K_UINT16TOTEXT, KEA_K_UINT32TOTEXT, KEA_K_PKT6,
	KEA_K_MSGTYPE, KEA_K_TRANSID, KEA_K_VENDOR_CLASS, KEA_K_VENDOR,
	KEA_K_ANY, KEA_K_DATA, KEA_K_ENTERPRISE,
	/* these have a text */
	KEA_K_STRING, KEA_K_INTEGER, KEA_K_HEXLITERAL, KEA_K_NAME, KEA_K_ADDRESS,
	KEA_N_TOKS,
};

struct kea_lex {
	const char *text;
	size_t len;
	size_t at;                      /* behind the token */
	struct arena *arena;

	/* the token */
	enum kea_tok tok;
	const char *word;               /* STRING: without its quotes */
	size_t word_len;
	size_t start;                   /* its first byte */
	unsigned int line, column;      /* 1-based, inside the string */
	size_t line_start;
};

struct kea_lex kea_lex_init(const char *text, struct arena *arena);

/**
 * kea_lex_next() - the next token
 *
 * Return: 0; -EBADMSG with Kea's words in @diag, line and column being those
 * of @lex; -ENOMEM.
 */
int kea_lex_next(struct kea_lex *lex, struct diag *diag);

/** kea_tok_name() - as Kea calls it in its complaints. */
const char *kea_tok_name(enum kea_tok tok);

#endif
