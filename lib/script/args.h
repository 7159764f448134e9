/*
 * args.h - the options and arguments of a command, as iPXE parses them:
 * after expansion, options before the first argument, `--` ends them.
 */
#ifndef PXE_SCRIPT_ARGS_H
#define PXE_SCRIPT_ARGS_H

#include "script/run.h"

enum args_kind {
	ARGS_FLAG,
	ARGS_TEXT,
	ARGS_NUMBER,
	ARGS_KEY,               /* a character, or a number */
};

/* A row of a command's options; the list ends with letter 0. */
struct args_opt {
	char letter;
	const char *name;
	enum args_kind kind;
};

enum { ARGS_OPTS_MAX = 12, ARGS_ANY = -1 };

struct script_args;

/* A row of the table of commands. */
struct command {
	const char *name;
	const struct args_opt *opts;    /* NULL: none */
	int min_args;
	int max_args;                   /* ARGS_ANY: no limit */
	const char *usage;              /* after the options; "" if nothing */
	/* NULL: iPXE has it, this interpreter does not run it. */
	uint32_t (*run)(struct script *s, const struct script_args *a);
};

struct script_args {
	const struct command *cmd;
	char **rest;                    /* what is no option; ends with NULL */
	size_t n;
	bool given[ARGS_OPTS_MAX];
	const char *text[ARGS_OPTS_MAX];
	int64_t number[ARGS_OPTS_MAX];
};

/**
 * args_parse() - take a command line apart, and say what is wrong with it
 * @argv: the command's name and its words; ends with NULL
 *
 * Return: 0 or an error number.
 */
uint32_t args_parse(struct script *s, const struct command *cmd, char **argv,
    size_t argc, struct script_args *ret);

/* Options, by letter: was it given; its text or NULL; its number or @otherwise. */
bool args_has(const struct script_args *a, char letter);
const char *args_text(const struct script_args *a, char letter);
int64_t args_number(const struct script_args *a, char letter,
    int64_t otherwise);

/** args_timeout() - the option's milliseconds; 0 for none and nonsense. */
uint64_t args_timeout(const struct script_args *a, char letter);

/** args_join() - arguments from @from on, with single blanks; NULL: no memory. */
char *args_join(struct script *s, const struct script_args *a, size_t from);

/** args_integer() - an argument as a number; says so if it is none. */
uint32_t args_integer(struct script *s, const char *text, int64_t *ret);

/**
 * args_setting() - an argument as a reference to a setting
 *
 * Says so if it is none.
 */
uint32_t args_setting(struct script *s, const char *text,
    struct setting_ref *ret);

/** command_find() - the row of that name, or NULL. */
const struct command *command_find(const char *name);

/** command_in() - is it a command of that release? */
bool command_in(const struct command *cmd, enum script_release release);

/** command_in_gpxe() - was there such a command in gPXE 1.0? */
bool command_in_gpxe(const char *name);

/** command_usage() - what follows the options, as that release says it. */
const char *command_usage(const struct command *cmd,
    enum script_release release);

/** command_rows() - the whole table, by name. */
const struct command *command_rows(size_t *ret_n);

#endif
