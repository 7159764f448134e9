/*
 * grub_internal.h - the parts of the interpreter of grub.cfg.
 */
#ifndef PXE_BOOTCFG_GRUB_INTERNAL_H
#define PXE_BOOTCFG_GRUB_INTERNAL_H

#include "base/arena.h"
#include "base/sbuf.h"
#include "bootcfg/grub.h"

enum grub_token_type {
	GRUB_WORD,              /* `text` with its quotes and variables */
	GRUB_END,               /* of a command: newline or ; */
	GRUB_OPEN,              /* { */
	GRUB_CLOSE,
	GRUB_AND,
	GRUB_OR,
	GRUB_EOF,
};

struct grub_token {
	enum grub_token_type type;
	const char *text;
};

/* Tokens, the last of which is GRUB_EOF. */
struct grub_tokens {
	struct grub_token *token;
	size_t n;
};

struct grub_var {
	char *name;
	char *value;
	bool is_exported;
	struct grub_var *next;
};

/* A block that was put away: of a function or an entry. */
struct grub_block {
	const char *name;               /* or title */
	const char *id;                 /* of an entry; "" */
	bool is_submenu;
	struct grub_tokens body;
	struct grub_block *next;        /* of functions */
};

/* What cuts a list of commands short. */
enum grub_jump { GRUB_GOES_ON, GRUB_BREAK, GRUB_CONTINUE, GRUB_RETURN };

struct grub {
	const struct grub_host *host;
	bool ok;                        /* $? is 0 */
	bool is_checked;                /* the statement that runs does close */
	enum grub_jump jump;
	struct grub_var *vars;
	struct grub_block *functions;
	struct grub_block *entries;     /* an array */
	size_t n_entries;
	size_t cap_entries;
	size_t n_steps;
	size_t n_tokens;
	size_t work;
	unsigned int depth;
	const char *arg[10];            /* $1 ... of the function that runs */
	struct arena arena;             /* tokens, which live as long */
};

/**
 * grub_lex() - cut text into tokens
 *
 * Return: 0; -EMSGSIZE; -ENOMEM.
 */
int grub_lex(struct grub *g, const char *bytes, size_t len,
    struct grub_tokens *ret);

/* The words of one command. */
struct grub_args {
	char *arg[GRUB_ARGS_MAX + 1];
	size_t n;
};

/**
 * grub_expand() - add the words that a word comes to: quotes are taken away,
 * variables put in, and split at blanks where they stood outside of quotes
 *
 * Return: 0; -EMSGSIZE; -ENOMEM.
 */
int grub_expand(struct grub *g, const char *word, struct grub_args *args);
void grub_args_release(struct grub_args *args);

/**
 * grub_test() - test and [
 * @arg: without the name, and without "]"
 *
 * Return: 0 with @ret; a negative errno of the host's.
 */
int grub_test(struct grub *g, char **arg, size_t n, bool *ret);

/** grub_regexp() - regexp [--set [N:]VARIABLE] PATTERN TEXT; as grub_test(). */
int grub_regexp(struct grub *g, char **arg, size_t n, bool *ret);

#endif
