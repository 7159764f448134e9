/*
 * kea_json.h - the JSON that Kea reads: with comments, includes and trailing
 * commas, a place for every value, and nothing that Kea's own lexer refuses.
 */
#ifndef PXE_CONFIG_KEA_JSON_H
#define PXE_CONFIG_KEA_JSON_H

#include "base/arena.h"
#include "base/diag.h"
#include "config/config.h"
#include "config/config_file.h"
#include "config/config_map.h"

enum { KEA_NESTED_MAX = 11 };           /* includes within includes */

enum kea_json {
	KEA_J_NULL, KEA_J_BOOL, KEA_J_INT, KEA_J_FLOAT, KEA_J_STRING,
	KEA_J_LIST, KEA_J_MAP,
};

/*
 * A value; in a map it has a key. Kea gives what a keyword of its grammar
 * opens ("pools": [) the place of that keyword; so do we.
 */
struct kea_node {
	enum kea_json type;
	struct config_pos pos;
	const char *key;
	struct config_pos key_pos;
	union {
		bool boolean;
		int64_t number;
		double real;
	};
	const char *text;               /* of a string, with a NUL after it */
	size_t len;
	struct kea_node *first;        /* of a list or map, in order */
	struct kea_node *next;
};

enum kea_token_type {
	KEA_TOK_END, KEA_TOK_LBRACE, KEA_TOK_RBRACE, KEA_TOK_LBRACKET,
	KEA_TOK_RBRACKET, KEA_TOK_COMMA, KEA_TOK_COLON, KEA_TOK_STRING,
	KEA_TOK_INT, KEA_TOK_FLOAT, KEA_TOK_BOOL, KEA_TOK_NULL,
};

struct kea_token {
	enum kea_token_type type;
	struct config_pos pos;
	bool has_escapes;               /* Kea finds no keyword in such a string */
	const char *text;               /* of a string */
	size_t len;
	int64_t number;
	double real;
	bool boolean;
};

/* Where in which file; the files that included it are below it. */
struct kea_place {
	const struct config_file *file;
	size_t at;
	unsigned int line, column;      /* 1-based */
};

struct kea_lex {
	struct arena *arena;
	const struct config_conf *conf; /* NULL: nothing can be included */
	struct diag *diag;
	struct config_file *files;         /* all that were read */
	size_t n_files;
	struct kea_place stack[KEA_NESTED_MAX + 1];
	size_t depth;
	struct kea_token tok;
	bool has_tok;
	struct config_map keys;            /* of maps without a keyword table */
	size_t nesting;
};

/** kea_file_add() - keep a text; Return: 0; -ENOMEM. */
int kea_file_add(struct kea_lex *lex, const char *name, const char *text,
    size_t len, struct config_file **ret);

/** kea_file_read() - the same for a file; "-" is standard input. */
int kea_file_read(struct kea_lex *lex, const char *path,
    struct config_file **ret);

/** kea_lex_start() - begin with this file. */
void kea_lex_start(struct kea_lex *lex, const struct config_file *file);

/**
 * kea_lex_peek() - the next token, which stays in lex->tok until taken by
 * kea_lex_take()
 *
 * Return: 0; -EBADMSG, -ENOENT for an include: @diag has the place.
 */
int kea_lex_peek(struct kea_lex *lex);
void kea_lex_take(struct kea_lex *lex);

/** kea_lex_expect() - take a token of this type; `what` is for the message. */
int kea_lex_expect(struct kea_lex *lex, enum kea_token_type type,
    const char *what);

/** kea_bad() - refuse the configuration at a place. Return: -EBADMSG. */
int kea_bad(struct diag *diag, const struct config_pos *pos, const char *fmt,
    ...) PRINTF_LIKE(3, 4);

/** kea_unexpected() - refuse the token that is there. */
int kea_unexpected(struct kea_lex *lex, const char *wanted);

/** kea_node_new() - Return: NULL: out of memory. */
struct kea_node *kea_node_new(struct kea_lex *lex, enum kea_json type,
    struct config_pos pos);

/** kea_json_value() - any value, by the rules of JSON alone. */
int kea_json_value(struct kea_lex *lex, struct kea_node **ret);

/** kea_json_unique() - a key may stand once in a map, however long that is. */
int kea_json_unique(struct kea_lex *lex, const struct kea_node *map,
    struct kea_node *v);

/** kea_get() - the value of a key; NULL if @map is NULL or has none. */
struct kea_node *kea_get(const struct kea_node *map, const char *key);

#endif
