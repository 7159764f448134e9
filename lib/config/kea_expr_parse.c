/*
 * kea_expr_parse.c - the grammar. A condition and a value may both begin
 * with "(", so what was read says what it is, and the next token then shows
 * whether that is allowed: there Kea complains too.
 */
#include "config/kea_expr_lex.h"
#include "config/kea_expr_node.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	HOPS_MAX = 32,                  /* relays in one another, of DHCPv6 */
	NODES_MAX = 100000,
};

struct parse {
	struct kea_lex lex;
	struct config_pos pos;          /* of the text */
	bool is_v6;
	const struct kea_expr_names *names;
	struct arena *arena;
	struct diag *diag;
	unsigned int depth;
	size_t n_nodes;
};

/* ANY: a condition, or a value that one may begin with. */
enum want { ANY, VALUE };

static int any(struct parse *p, enum want want, struct kea_expr **ret);

/* Kea's words, in front of them where inside the text it is. */
static int
complain(struct parse *p, unsigned int line, unsigned int column,
    const char *what)
{
	struct config_pos at = p->pos;

	/* A new line inside is an escape in the file, and still the same line. */
	if (line == 1)
		at.column += column - 1;
	diag_set(p->diag, "<string>:%u.%u: %s", line, column, what);
	diag_at(p->diag, at.file, at.line, at.column);
	return -EBADMSG;
}

static int
next(struct parse *p)
{
	struct diag d = { .text = "" };
	int rc = kea_lex_next(&p->lex, &d);

	return rc == -EBADMSG ?
	    complain(p, p->lex.line, p->lex.column, d.text) : rc;
}

static int
unexpected(struct parse *p, const char *expecting)
{
	char text[200];
	struct sbuf b = SBUF_EMPTY;

	sbuf_printf(&b, "syntax error, unexpected %s%s%s",
	    kea_tok_name(p->lex.tok), expecting ? ", expecting " : "",
	    expecting ? expecting : "");
	(void)text_copy(text, sizeof(text), sbuf_str(&b));
	sbuf_release(&b);
	return complain(p, p->lex.line, p->lex.column, text);
}

static int
expect(struct parse *p, enum kea_tok tok)
{
	if (p->lex.tok != tok)
		return unexpected(p, kea_tok_name(tok));
	return next(p);
}

static int
expect_two(struct parse *p, enum kea_tok one, enum kea_tok two)
{
	int rc = expect(p, one);

	return rc < 0 ? rc : expect(p, two);
}

static int
node(struct parse *p, enum kea_op op, struct kea_expr **ret)
{
	struct kea_expr *e;

	if (++p->n_nodes > NODES_MAX)
		return complain(p, p->lex.line, p->lex.column,
		    "the expression is too long");
	e = arena_alloc(p->arena, sizeof(*e));
	if (!e)
		return -ENOMEM;
	e->op = op;
	e->is_bool = op >= KEA_X_EQUAL;
	e->pos = p->pos;
	if (p->lex.line == 1)
		e->pos.column += p->lex.column - 1;
	*ret = e;
	return 0;
}

/* An INTEGER from @low to @high; what Kea says of another is @range. */
static int
number(struct parse *p, int64_t low, int64_t high, const char *fmt,
    int64_t *ret)
{
	unsigned int line = p->lex.line, column = p->lex.column;
	char text[200];
	struct sbuf b = SBUF_EMPTY;

	if (p->lex.tok != KEA_K_INTEGER)
		return unexpected(p, kea_tok_name(KEA_K_INTEGER));
	*ret = strtoll(p->lex.word, NULL, 10);
	if (*ret >= low && *ret <= high)
		return next(p);
	sbuf_printf(&b, "%s in %s. Allowed range: %" PRId64 "..%" PRId64, fmt,
	    p->lex.word, low, high);
	(void)text_copy(text, sizeof(text), sbuf_str(&b));
	sbuf_release(&b);
	return complain(p, line, column, text);
}

static int
code_number(struct parse *p, uint16_t *ret)
{
	int64_t v = 0;
	int rc = number(p, 0, p->is_v6 ? 65535 : 255,
	    "Option code has invalid value", &v);

	*ret = (uint16_t)v;
	return rc;
}

/* "[93]" or "[host-name]", then "." */
static int
option_code(struct parse *p, bool by_name, uint16_t *ret)
{
	char text[200];
	struct sbuf b = SBUF_EMPTY;
	int rc = expect(p, KEA_K_LBRACKET);
	int code;

	if (rc < 0)
		return rc;
	if (by_name && p->lex.tok == KEA_K_NAME) {
		code = p->names->option(p->names->ctx, p->lex.word);
		if (code < 0) {
			sbuf_printf(&b, "option '%s' is not defined", p->lex.word);
			(void)text_copy(text, sizeof(text), sbuf_str(&b));
			sbuf_release(&b);
			return complain(p, p->lex.line, p->lex.column, text);
		}
		*ret = (uint16_t)code;
		rc = next(p);
	} else if (by_name && p->lex.tok != KEA_K_INTEGER) {
		return unexpected(p, "integer or option name");
	} else {
		rc = code_number(p, ret);
	}
	return rc < 0 ? rc : expect_two(p, KEA_K_RBRACKET, KEA_K_DOT);
}

/* hex, text, or exists where a condition may stand */
static int
repr(struct parse *p, enum want want, struct kea_expr *e)
{
	switch (p->lex.tok) {
	case KEA_K_HEX:
		e->repr = KEA_AS_HEX;
		return next(p);
	case KEA_K_TEXT:
		e->repr = KEA_AS_TEXT;
		return next(p);
	case KEA_K_EXISTS:
		if (want == VALUE)
			break;
		e->repr = KEA_AS_EXISTS;
		e->is_bool = true;
		return next(p);
	default:
		break;
	}
	return unexpected(p, NULL);
}

/* option[93].hex, option[82].option[1].hex */
static int
option(struct parse *p, enum want want, struct kea_expr **ret)
{
	struct kea_expr *e = NULL;
	int rc = node(p, KEA_X_OPTION, &e);

	if (rc == 0)
		rc = next(p);
	if (rc == 0)
		rc = option_code(p, true, &e->code);
	if (rc == 0 && p->lex.tok == KEA_K_OPTION) {
		e->op = KEA_X_SUBOPTION;
		rc = next(p);
		if (rc == 0)
			rc = option_code(p, false, &e->sub);
	}
	*ret = e;
	return rc < 0 ? rc : repr(p, want, e);
}

static int
relay4(struct parse *p, enum want want, struct kea_expr **ret)
{
	unsigned int line = p->lex.line, column = p->lex.column;
	struct kea_expr *e = NULL;
	int rc = node(p, KEA_X_RELAY4, &e);

	if (rc == 0)
		rc = next(p);
	if (rc == 0)
		rc = option_code(p, false, &e->sub);
	if (rc == 0)
		rc = repr(p, want, e);
	*ret = e;
	return rc == 0 && p->is_v6 ? complain(p, line, column,
	    "relay4 can only be used in DHCPv4.") : rc;
}

/* Nothing of DHCPv6 is evaluated here, but it is read. */
static int
relay6(struct parse *p, enum want want, struct kea_expr **ret)
{
	unsigned int line, column;
	struct kea_expr *e = NULL;
	int64_t level = 0;
	int rc = node(p, KEA_X_V6, &e);

	*ret = e;
	if (rc == 0)
		rc = next(p);
	if (rc == 0)
		rc = expect(p, KEA_K_LBRACKET);
	line = p->lex.line;
	column = p->lex.column;
	if (rc == 0)
		rc = number(p, INT8_MIN, INT8_MAX, "Invalid value", &level);
	if (rc < 0)
		return rc;
	if (!p->is_v6)
		return complain(p, line, column,
		    "Nest level invalid for DHCPv4 packets");
	if (level < -HOPS_MAX || level >= HOPS_MAX)
		return complain(p, line, column, "Nest level has invalid value. "
		    "Allowed range: -32..31");
	rc = expect_two(p, KEA_K_RBRACKET, KEA_K_DOT);
	if (rc < 0)
		return rc;
	switch (p->lex.tok) {
	case KEA_K_PEERADDR:
	case KEA_K_LINKADDR:
		return next(p);
	case KEA_K_OPTION:
		rc = next(p);
		if (rc == 0)
			rc = option_code(p, false, &e->sub);
		return rc < 0 ? rc : repr(p, want, e);
	default:
		return unexpected(p, NULL);
	}
}

static int
packet(struct parse *p, struct kea_expr **ret)
{
	static const struct {
		enum kea_tok of, field;
		enum kea_pkt_field is;
	} rows[] = {
		{ KEA_K_PKT, KEA_K_IFACE, KEA_PKT_IFACE },
		{ KEA_K_PKT, KEA_K_SRC, KEA_PKT_SRC },
		{ KEA_K_PKT, KEA_K_DST, KEA_PKT_DST },
		{ KEA_K_PKT, KEA_K_LEN, KEA_PKT_LEN },
		{ KEA_K_PKT4, KEA_K_MAC, KEA_PKT4_MAC },
		{ KEA_K_PKT4, KEA_K_HLEN, KEA_PKT4_HLEN },
		{ KEA_K_PKT4, KEA_K_HTYPE, KEA_PKT4_HTYPE },
		{ KEA_K_PKT4, KEA_K_CIADDR, KEA_PKT4_CIADDR },
		{ KEA_K_PKT4, KEA_K_GIADDR, KEA_PKT4_GIADDR },
		{ KEA_K_PKT4, KEA_K_YIADDR, KEA_PKT4_YIADDR },
		{ KEA_K_PKT4, KEA_K_SIADDR, KEA_PKT4_SIADDR },
		{ KEA_K_PKT4, KEA_K_MSGTYPE, KEA_PKT4_MSGTYPE },
		{ KEA_K_PKT4, KEA_K_TRANSID, KEA_PKT4_TRANSID },
		{ KEA_K_PKT6, KEA_K_MSGTYPE, KEA_PKT_LEN },
		{ KEA_K_PKT6, KEA_K_TRANSID, KEA_PKT_LEN },
	};
	unsigned int line = p->lex.line, column = p->lex.column;
	enum kea_tok of = p->lex.tok;
	struct kea_expr *e = NULL;
	size_t i;
	int rc = node(p, of == KEA_K_PKT ? KEA_X_PKT :
	    of == KEA_K_PKT4 ? KEA_X_PKT4 : KEA_X_V6, &e);

	*ret = e;
	if (rc == 0)
		rc = next(p);
	if (rc == 0)
		rc = expect(p, KEA_K_DOT);
	if (rc < 0)
		return rc;
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].of == of && rows[i].field == p->lex.tok)
			break;
	}
	if (i == ARRAY_LEN(rows))
		return unexpected(p, NULL);
	e->field = rows[i].is;
	rc = next(p);
	if (rc == 0 && of == KEA_K_PKT4 && p->is_v6)
		return complain(p, line, column,
		    "pkt4 can only be used in DHCPv4.");
	if (rc == 0 && of == KEA_K_PKT6 && !p->is_v6)
		return complain(p, line, column,
		    "pkt6 can only be used in DHCPv6.");
	return rc;
}

/* What follows "vendor[4491]." and "vendor-class[4491]." */
static int
vendor_part(struct parse *p, enum want want, struct kea_expr *e)
{
	int64_t index = 0;
	int rc;

	if (p->lex.tok == KEA_K_EXISTS && want == ANY) {
		e->vendor = KEA_VENDOR_EXISTS;
		e->repr = KEA_AS_EXISTS;
		e->is_bool = true;
		return next(p);
	}
	if (e->op == KEA_X_VENDOR) {
		if (p->lex.tok != KEA_K_OPTION)
			return unexpected(p, NULL);
		rc = next(p);
		if (rc == 0)
			rc = option_code(p, false, &e->code);
		/* Code 0 is Kea's own word for "the vendor's option". */
		e->vendor = e->code ? KEA_VENDOR_OPTION : KEA_VENDOR_EXISTS;
		return rc < 0 ? rc : repr(p, want, e);
	}
	rc = expect(p, KEA_K_DATA);
	e->vendor = KEA_VENDOR_DATA;
	if (rc < 0 || p->lex.tok != KEA_K_LBRACKET)
		return rc;
	rc = next(p);
	if (rc == 0)
		rc = number(p, 0, UINT8_MAX, "Invalid value", &index);
	e->sub = (uint16_t)index;
	return rc < 0 ? rc : expect(p, KEA_K_RBRACKET);
}

static int
vendor(struct parse *p, enum want want, struct kea_expr **ret)
{
	struct kea_expr *e = NULL;
	int64_t id = 0;
	int rc = node(p, p->lex.tok == KEA_K_VENDOR ? KEA_X_VENDOR :
	    KEA_X_VENDOR_CLASS, &e);

	*ret = e;
	if (rc == 0)
		rc = next(p);
	if (rc < 0)
		return rc;
	if (p->lex.tok == KEA_K_DOT) {
		e->vendor = KEA_VENDOR_ENTERPRISE;
		rc = next(p);
		return rc < 0 ? rc : expect(p, KEA_K_ENTERPRISE);
	}
	if (p->lex.tok != KEA_K_LBRACKET)
		return unexpected(p, "[ or .");
	rc = next(p);
	if (rc == 0)
		rc = p->lex.tok == KEA_K_ANY ? next(p) :
		    number(p, 0, UINT32_MAX, "Invalid value", &id);
	e->enterprise = (uint32_t)id;
	if (rc == 0)
		rc = expect_two(p, KEA_K_RBRACKET, KEA_K_DOT);
	return rc < 0 ? rc : vendor_part(p, want, e);
}

static int
member(struct parse *p, struct kea_expr **ret)
{
	unsigned int line, column;
	char text[300];
	struct sbuf b = SBUF_EMPTY;
	struct kea_expr *e = NULL;
	int rc = node(p, KEA_X_MEMBER, &e);

	*ret = e;
	if (rc == 0)
		rc = next(p);
	if (rc == 0)
		rc = expect(p, KEA_K_LPAREN);
	if (rc < 0)
		return rc;
	line = p->lex.line;
	column = p->lex.column;
	e->name = p->lex.word;
	rc = expect(p, KEA_K_STRING);
	if (rc == 0)
		rc = expect(p, KEA_K_RPAREN);
	if (rc < 0 || p->names->is_class(p->names->ctx, e->name))
		return rc;
	sbuf_printf(&b, "Not defined client class '%s'", e->name);
	(void)text_copy(text, sizeof(text), sbuf_str(&b));
	sbuf_release(&b);
	return complain(p, line, column, text);
}

static int
constant(struct parse *p, struct kea_expr **ret)
{
	uint8_t bytes[16];
	struct wr w = wr_init(bytes, sizeof(bytes));
	struct kea_expr *e = NULL;
	int64_t v = 0;
	size_t n = 0, cap;
	char *hex;
	int rc = node(p, KEA_X_CONST, &e);

	if (rc < 0)
		return rc;
	*ret = e;
	switch (p->lex.tok) {
	case KEA_K_STRING:
		e->bytes = (const uint8_t *)p->lex.word;
		e->len = p->lex.word_len;
		return next(p);
	case KEA_K_HEXLITERAL:
		cap = (p->lex.word_len - 1) / 2;
		hex = arena_printf(p->arena, "%s%s",
		    p->lex.word_len % 2 ? "0" : "", p->lex.word + 2);
		e->bytes = arena_alloc(p->arena, cap);
		if (!hex || !e->bytes || parse_hex(hex, (uint8_t *)e->bytes, cap,
		    &n, NULL) < 0)
			return -ENOMEM;
		e->len = n;
		return next(p);
	case KEA_K_ADDRESS:
		e->len = strchr(p->lex.word, ':') ? 16 : 4;
		(void)inet_pton(e->len == 4 ? AF_INET : AF_INET6, p->lex.word,
		    bytes);
		rc = next(p);
		break;
	default:                        /* a number is four bytes, always */
		rc = number(p, 0, UINT32_MAX, "Invalid value", &v);
		wr_u32(&w, (uint32_t)v);
		e->len = 4;
		break;
	}
	if (rc < 0)
		return rc;
	e->bytes = (const uint8_t *)arena_dup(p->arena, bytes, e->len);
	return e->bytes ? 0 : -ENOMEM;
}

static int
value_arg(struct parse *p, enum kea_tok after, struct kea_expr ***end)
{
	int rc = any(p, VALUE, *end);

	if (rc < 0)
		return rc;
	*end = &(**end)->next;
	return expect(p, after);
}

static int
integer_word(struct parse *p, const char **ret)
{
	*ret = p->lex.word;
	return expect(p, KEA_K_INTEGER);
}

static int
substring(struct parse *p, struct kea_expr *e, struct kea_expr **end)
{
	int rc = value_arg(p, KEA_K_COMMA, &end);

	if (rc == 0)
		rc = integer_word(p, &e->start);
	if (rc == 0)
		rc = expect(p, KEA_K_COMMA);
	if (rc < 0)
		return rc;
	if (p->lex.tok != KEA_K_ALL && p->lex.tok != KEA_K_INTEGER)
		return unexpected(p, "all or integer");
	e->count = p->lex.tok == KEA_K_ALL ? "all" : p->lex.word;
	rc = next(p);
	return rc < 0 ? rc : expect(p, KEA_K_RPAREN);
}

static int
ifelse(struct parse *p, struct kea_expr **end)
{
	int rc = any(p, ANY, end);

	if (rc < 0)
		return rc;
	if (!(*end)->is_bool)
		return unexpected(p, "== or +");
	end = &(*end)->next;
	rc = expect(p, KEA_K_COMMA);
	if (rc == 0)
		rc = value_arg(p, KEA_K_COMMA, &end);
	return rc < 0 ? rc : value_arg(p, KEA_K_RPAREN, &end);
}

static int
call(struct parse *p, enum kea_op op, struct kea_expr **ret)
{
	static const struct { unsigned int width; bool is_signed; } widths[] = {
		{ 1, true }, { 2, true }, { 4, true },
		{ 1, false }, { 2, false }, { 4, false },
	};
	struct kea_expr *e = NULL, **end;
	int rc = node(p, op, &e);

	if (rc < 0)
		return rc;
	*ret = e;
	end = &e->args;
	if (op == KEA_X_INTTOTEXT) {
		e->width = widths[p->lex.tok - KEA_K_INT8TOTEXT].width;
		e->is_signed = widths[p->lex.tok - KEA_K_INT8TOTEXT].is_signed;
	}
	rc = next(p);
	if (rc == 0)
		rc = expect(p, KEA_K_LPAREN);
	if (rc < 0)
		return rc;
	switch (op) {
	case KEA_X_SUBSTRING:
		return substring(p, e, end);
	case KEA_X_IFELSE:
		return ifelse(p, end);
	case KEA_X_ADDRTOTEXT:
	case KEA_X_INTTOTEXT:
		return value_arg(p, KEA_K_RPAREN, &end);
	default:
		break;
	}
	rc = value_arg(p, KEA_K_COMMA, &end);
	if (rc == 0)
		rc = value_arg(p, op == KEA_X_SPLIT ? KEA_K_COMMA : KEA_K_RPAREN,
		    &end);
	if (rc < 0 || op != KEA_X_SPLIT)
		return rc;
	rc = integer_word(p, &e->start);
	return rc < 0 ? rc : expect(p, KEA_K_RPAREN);
}

static int
paren(struct parse *p, enum want want, struct kea_expr **ret)
{
	int rc = next(p);

	if (rc == 0)
		rc = any(p, want, ret);
	if (rc < 0)
		return rc;
	if (p->lex.tok != KEA_K_RPAREN)
		return unexpected(p, NULL);
	return next(p);
}

static int
term(struct parse *p, enum want want, struct kea_expr **ret)
{
	switch (p->lex.tok) {
	case KEA_K_LPAREN: return paren(p, want, ret);
	case KEA_K_STRING:
	case KEA_K_HEXLITERAL:
	case KEA_K_ADDRESS:
	case KEA_K_INTEGER: return constant(p, ret);
	case KEA_K_OPTION: return option(p, want, ret);
	case KEA_K_RELAY4: return relay4(p, want, ret);
	case KEA_K_RELAY6: return relay6(p, want, ret);
	case KEA_K_PKT:
	case KEA_K_PKT4:
	case KEA_K_PKT6: return packet(p, ret);
	case KEA_K_VENDOR:
	case KEA_K_VENDOR_CLASS: return vendor(p, want, ret);
	case KEA_K_SUBSTRING: return call(p, KEA_X_SUBSTRING, ret);
	case KEA_K_SPLIT: return call(p, KEA_X_SPLIT, ret);
	case KEA_K_CONCAT: return call(p, KEA_X_CONCAT, ret);
	case KEA_K_IFELSE: return call(p, KEA_X_IFELSE, ret);
	case KEA_K_HEXSTRING: return call(p, KEA_X_HEXSTRING, ret);
	case KEA_K_ADDRTOTEXT: return call(p, KEA_X_ADDRTOTEXT, ret);
	case KEA_K_INT8TOTEXT:
	case KEA_K_INT16TOTEXT:
	case KEA_K_INT32TOTEXT:
	case KEA_K_UINT8TOTEXT:
	case KEA_K_UINT16TOTEXT:
	case KEA_K_UINT32TOTEXT: return call(p, KEA_X_INTTOTEXT, ret);
	case KEA_K_MEMBER:
		if (want == ANY)
			return member(p, ret);
		break;
	default:
		break;
	}
	return unexpected(p, NULL);
}

/* Join @e and what follows in one list under @op. */
static int
chain(struct parse *p, enum kea_op op, enum kea_tok tok, bool of_bools,
    int (*part)(struct parse *, enum want, struct kea_expr **),
    struct kea_expr **e)
{
	struct kea_expr *all = NULL, *last = *e;
	int rc = 0;

	while (rc == 0 && p->lex.tok == tok && last->is_bool == of_bools) {
		if (!all) {
			rc = node(p, op, &all);
			if (rc < 0)
				return rc;
			all->args = *e;
			*e = all;
		}
		rc = next(p);
		if (rc == 0)
			rc = part(p, of_bools ? ANY : VALUE, &last->next);
		if (rc < 0)
			return rc;
		last = last->next;
		if (last->is_bool != of_bools)
			return unexpected(p, NULL);
	}
	return rc;
}

/* Values joined by "+", and whether two such are equal. */
static int
comparison(struct parse *p, enum want want, struct kea_expr **ret)
{
	struct kea_expr *e = NULL;
	int rc = term(p, want, ret);

	if (rc == 0)
		rc = chain(p, KEA_X_CONCAT, KEA_K_PLUS, false, term, ret);
	if (rc < 0 || (*ret)->is_bool || want == VALUE ||
	    p->lex.tok != KEA_K_EQUAL)
		return rc;
	rc = node(p, KEA_X_EQUAL, &e);
	if (rc < 0)
		return rc;
	e->args = *ret;
	*ret = e;
	rc = next(p);
	return rc < 0 ? rc : comparison(p, VALUE, &e->args->next);
}

static int
negation(struct parse *p, enum want want, struct kea_expr **ret)
{
	struct kea_expr *e = NULL;
	int rc;

	if (p->lex.tok != KEA_K_NOT || want == VALUE)
		return comparison(p, want, ret);
	if (++p->depth > CONFIG_DEPTH_MAX)
		return complain(p, p->lex.line, p->lex.column,
		    "the expression is too deep");
	rc = node(p, KEA_X_NOT, &e);
	if (rc == 0)
		rc = next(p);
	if (rc == 0)
		rc = negation(p, ANY, &e->args);
	if (rc == 0 && !e->args->is_bool)
		rc = unexpected(p, "== or +");
	*ret = e;
	p->depth--;
	return rc;
}

static int
conjunction(struct parse *p, enum want want, struct kea_expr **ret)
{
	int rc = negation(p, want, ret);

	return rc < 0 ? rc : chain(p, KEA_X_AND, KEA_K_AND, true, negation, ret);
}

static int
any(struct parse *p, enum want want, struct kea_expr **ret)
{
	int rc;

	if (++p->depth > CONFIG_DEPTH_MAX)
		return complain(p, p->lex.line, p->lex.column,
		    "the expression is too deep");
	rc = conjunction(p, want, ret);
	if (rc == 0)
		rc = chain(p, KEA_X_OR, KEA_K_OR, true, conjunction, ret);
	p->depth--;
	return rc;
}

int
kea_expr_parse(const char *text, struct config_pos pos, bool is_v6,
    const struct kea_expr_names *names, struct arena *arena,
    struct kea_expr **ret, struct diag *diag)
{
	struct parse p = { kea_lex_init(text, arena), pos, is_v6, names, arena,
	    diag, 0, 0 };
	struct kea_expr *e = NULL;
	int rc = next(&p);

	if (rc == 0)
		rc = any(&p, ANY, &e);
	if (rc < 0)
		return rc;
	if (p.lex.tok != KEA_K_END || !e->is_bool)
		return unexpected(&p, e->is_bool ? NULL : "== or +");
	*ret = e;
	return 0;
}
