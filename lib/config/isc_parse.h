/*
 * isc_parse.h - the parser's parts: expressions, statements, declarations.
 * Private to isc_*.c.
 *
 * Every function returns 0 or -EBADMSG with the parser's diag filled in, or
 * -ENOMEM. `tok` is the token to be looked at next.
 */
#ifndef PXE_CONFIG_ISC_PARSE_H
#define PXE_CONFIG_ISC_PARSE_H

#include "config/isc_option.h"

enum { ISC_TERMS_MAX = 8192 };  /* joined in one expression */

struct isc_parser {
	struct isc_tree *t;
	const struct config_conf *conf;
	struct isc_lex lex;
	struct isc_token tok;
	struct diag *diag;
	unsigned int depth;
	size_t terms;                   /* operators that are open */
	const struct isc_expr *cases_of; /* what the innermost switch looks at */
	struct config_pos before;       /* the token before `tok` */
};

/* Tokens. */
int isc_advance(struct isc_parser *p);
bool isc_is(const struct isc_parser *p, const char *word);
bool isc_is_char(const struct isc_parser *p, char c);
bool isc_is_word(const struct isc_parser *p);   /* of letters: an identifier */
int isc_fail(struct isc_parser *p, const char *fmt, ...) PRINTF_LIKE(2, 3);
int isc_fail_at(struct isc_parser *p, struct config_pos pos, const char *fmt,
    ...) PRINTF_LIKE(3, 4);

/** isc_expect() - step over @c, or fail naming what it ends or begins. */
int isc_expect(struct isc_parser *p, char c, const char *what);

/** isc_enter() - one level deeper; isc_leave() - back. */
int isc_enter(struct isc_parser *p);
void isc_leave(struct isc_parser *p);

/* Values. */
int isc_read_number(struct isc_parser *p, unsigned int bits, int64_t *ret);
int isc_read_hex_list(struct isc_parser *p, const uint8_t **ret, size_t *ret_len);
int isc_read_ip(struct isc_parser *p, uint32_t *ret);

extern const char isc_name_gap[];

/**
 * isc_read_ips() - an address or a name
 * @ret_known: false for a name, which only the resolver knows
 */
int isc_read_ip_or_name(struct isc_parser *p, uint32_t *ret, bool *ret_known);
int isc_read_option_name(struct isc_parser *p, const struct isc_option **ret);

/** isc_read_value() - the values of an option's type, as an expression. */
int isc_read_value(struct isc_parser *p, const struct isc_option *o,
    struct isc_expr **ret);

/* Expressions. */
struct isc_expr *isc_expr_new(struct isc_parser *p, enum isc_op op);
int isc_expr_const(struct isc_parser *p, const void *bytes, size_t len,
    struct isc_expr **ret);
int isc_read_expr(struct isc_parser *p, enum isc_type want,
    struct isc_expr **ret);
int isc_read_bool(struct isc_parser *p, struct isc_expr **ret);
int isc_read_data(struct isc_parser *p, struct isc_expr **ret);

/**
 * isc_read_stmt() - one executable statement
 * @ret: NULL if this is none
 */
int isc_read_stmt(struct isc_parser *p, struct isc_stmt **ret);

/** isc_read_option_stmt() - the rest of "option name", after the name. */
int isc_read_option_stmt(struct isc_parser *p, const struct isc_option *o,
    enum isc_how how, struct config_pos pos, struct isc_stmt **ret);

/** isc_read_parameter() - "name value;" that sets option @o. */
int isc_read_parameter(struct isc_parser *p, const struct isc_option *o,
    struct isc_stmt **ret);

/** isc_read_option_def() - after "option x" where "code" follows. */
int isc_read_option_def(struct isc_parser *p, struct isc_space *s,
    const char *name);

struct isc_stmt *isc_stmt_new(struct isc_parser *p, enum isc_stmt_kind kind);
void isc_scope_add(struct isc_scope *s, struct isc_stmt *stmt);

/**
 * isc_note_expr() - collect literals and remarks from an expression
 * @compared: its value is used for nothing but to be compared with constants
 */
int isc_note_expr(struct isc_tree *t, const struct isc_expr *x,
    bool compared);

/**
 * isc_note_pair() - the same of a comparison of two
 * @x: stands for it: where it is, and which operator
 */
int isc_note_pair(struct isc_tree *t, const struct isc_expr *x,
    const struct isc_expr *side, const struct isc_expr *value);

/**
 * isc_odd_truth() - of a comparison that is decided by its lengths
 *
 * Return: 1 always true, 0 never true, -1 neither.
 */
int isc_odd_truth(const struct isc_tree *t, const struct isc_expr *x);

/** isc_asks_request() - may its value differ from request to request? */
bool isc_asks_request(const struct isc_expr *x);

/** isc_read_decls() - declarations and statements up to the file's end. */
int isc_read_decls(struct isc_parser *p);

#endif
