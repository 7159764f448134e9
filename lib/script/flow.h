/*
 * flow.h - a script as commands and the ways between them.
 *
 * Every command of every line is a node; a line without one has an empty
 * node, which succeeds. From a node one way leads on if it succeeds and one
 * if it fails: that is all that ||, && and ; mean. Options are taken apart
 * as far as the words are literal.
 */
#ifndef PXE_SCRIPT_FLOW_H
#define PXE_SCRIPT_FLOW_H

#include "script/args.h"
#include "script/features.h"
#include "script/lex.h"

/* Where a way leads that does not lead to a node. */
enum {
	FLOW_END = -1,          /* the script ends, and all is well */
	FLOW_FAILED = -2,       /* the script ends with an error */
	FLOW_NONE = -3,         /* it does not go that way */
	FLOW_ANY = -4,          /* goto, to labels that are in `targets` */
};

enum flow_fault {
	FLOW_OK,
	FLOW_UNKNOWN_COMMAND,
	FLOW_UNKNOWN_OPTION,
	FLOW_NO_VALUE,          /* an option without its argument */
	FLOW_FLAG_VALUE,        /* a flag with one */
	FLOW_BAD_NUMBER,
	FLOW_TOO_FEW,
	FLOW_TOO_MANY,
};

struct flow_node {
	size_t line;                    /* index of the lexer's line */
	const struct lex_token *words;  /* the command's name first */
	size_t n_words;                 /* 0: the empty command */
	bool is_first;                  /* of its line */
	const struct command *cmd;      /* NULL: unknown, or not literal */
	const struct script_fact *fact; /* NULL: nothing special */
	bool is_help;                   /* -h: shows the usage, and fails */
	size_t arg;                     /* index of the first word that is no option */
	size_t opt_word[ARGS_OPTS_MAX]; /* word with the option; 0: not given */
	const char *opt_text[ARGS_OPTS_MAX];    /* its value, in a word */
	enum flow_fault fault;
	const struct lex_token *fault_at;
	int on_ok;
	int on_fail;
	bool is_fallback;               /* stands behind || on its line */
	bool is_reached;
};

struct flow {
	const struct lex_script *ls;
	struct flow_node *nodes;
	size_t n_nodes;
	size_t *first;                  /* of each line: its first node */
	struct arena arena;
};

/**
 * flow_make() - the ways of a script
 * @ls:  must live as long
 * @ret: uninitialised; on success to be released
 *
 * Return: 0; -ENOMEM.
 */
int flow_make(const struct lex_script *ls, struct flow *ret);
void flow_release(struct flow *f);

/** flow_option() - the value of an option, "" for a flag; NULL: not given. */
const char *flow_option(const struct flow_node *n, char letter);

/** flow_effect() - does the command have that effect? */
bool flow_effect(const struct flow_node *n, enum script_effect e);

/** flow_is() - is it that command? */
bool flow_is(const struct flow_node *n, const char *command);

/** flow_arg() - the i-th argument as written; NULL if there is none. */
const char *flow_arg(const struct flow_node *n, size_t i);

/**
 * flow_label_fits() - could the label be what @pattern becomes?
 * @pattern: each ${...} stands for any text
 */
bool flow_label_fits(const char *pattern, const char *label);

/** flow_each() - call @visit for each node a way leads to. */
void flow_each(const struct flow *f, const struct flow_node *n,
    void (*visit)(void *ctx, size_t to, bool on_ok), void *ctx);

#endif
