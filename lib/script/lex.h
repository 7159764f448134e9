/*
 * lex.h - cut an iPXE script into lines, labels and tokens.
 *
 * There is no quoting and no escape. White space is what isspace() says in
 * the C locale. Operators and comments are recognised on the raw tokens,
 * before anything is expanded, so an expansion never makes one. Any bytes
 * are a script; nothing is an error but a backslash that ends the file.
 */
#ifndef PXE_SCRIPT_LEX_H
#define PXE_SCRIPT_LEX_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct lex_pos {
	unsigned int line;              /* 1-based, of the file */
	unsigned int column;            /* 1-based, in bytes */
};

enum lex_kind {
	LEX_WORD,
	LEX_OR,                         /* || */
	LEX_AND,                        /* && */
	LEX_SEMI,                       /* ; */
};

struct lex_token {
	enum lex_kind kind;
	char *text;
	struct lex_pos at;
};

/* One logical line: continuations are joined. */
struct lex_line {
	struct lex_pos at;              /* its first byte */
	char *label;                    /* without the colon; NULL if none */
	struct lex_pos label_at;        /* of the colon */
	struct lex_token *tokens;       /* the comment is not among them */
	size_t n_tokens;
	bool has_comment;
	struct lex_pos comment_at;      /* of its #; it ends with the line */
};

struct lex_script {
	struct lex_line *lines;
	size_t n_lines;
	bool is_cut;                    /* ends inside a continuation; that line is not here */
	struct lex_pos cut_at;          /* where that line begins */
	struct arena arena;
};

/**
 * lex_script_parse() - cut up a whole script
 * @ret: uninitialised; on success to be released by the caller
 *
 * Return: 0; -ENOMEM.
 */
int lex_script_parse(const void *text, size_t len, struct lex_script *ret);
void lex_script_release(struct lex_script *ls);

/** lex_find_label() - index of the first line with that label, or -1. */
ptrdiff_t lex_find_label(const struct lex_script *ls, const char *label);

#endif
