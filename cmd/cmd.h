/*
 * cmd.h - what a subcommand is: a descriptor with its option rows.
 *
 * main.c lists the descriptors and nothing else. The rows give the parsing,
 * -h, the shell completion and the check against the manual page. The
 * options that all share (--format, --output, --color, --help) are rows of
 * cmd/options.c.
 */
#ifndef PXE_CMD_CMD_H
#define PXE_CMD_CMD_H

#include "base/diag.h"
#include "base/sbuf.h"
#include "base/util.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum exit_status { EXIT_CLEAN = 0, EXIT_FOUND = 1, EXIT_CANNOT = 2 };

enum { CMD_ARGS_ANY = -1, CMD_LIST_MAX = 256 };

/* Formats that a command offers; text is the default. */
enum cmd_format {
	CMD_TEXT = 1 << 0,
	CMD_JSON = 1 << 1,
	CMD_SARIF = 1 << 2,
	CMD_JUNIT = 1 << 3,
	CMD_GITHUB = 1 << 4,
	CMD_NAGIOS = 1 << 5,
	CMD_PROMETHEUS = 1 << 6,
	CMD_HTML = 1 << 7,
	CMD_MARKDOWN = 1 << 8,
};

/* An option that may be given several times. */
struct cmd_list {
	const char *value[CMD_LIST_MAX];
	size_t n;
};

/*
 * An option's parser: read @arg (NULL for a flag) into the field at @to.
 * Return: 0; -EINVAL with @diag saying what was expected.
 */
typedef int cmd_opt_fn(const char *arg, void *to, struct diag *diag);

struct cmd_opt {
	char letter;            /* 0: long form only */
	const char *name;       /* NULL ends the rows */
	const char *arg;        /* what the help calls the value; NULL: a flag */
	const char *help;
	cmd_opt_fn *parse;
	size_t offset;          /* of the field in the options structure */
};

/* OPT(struct, field): where the value goes. */
#define OPT(type, field) offsetof(struct type, field)

/* Parsers for common fields; the field's type is in brackets. */
cmd_opt_fn opt_true;            /* bool */
cmd_opt_fn opt_string;          /* const char * */
cmd_opt_fn opt_list;            /* struct cmd_list */
cmd_opt_fn opt_u16;             /* uint16_t, 0 to 65535 */
cmd_opt_fn opt_port;            /* uint16_t, 1 to 65535 */
cmd_opt_fn opt_seconds;         /* uint64_t, milliseconds */
cmd_opt_fn opt_mac;             /* struct opt_mac */
cmd_opt_fn opt_uuid;            /* struct opt_uuid, text order */
cmd_opt_fn opt_ipv4;            /* struct opt_ipv4 */

struct opt_mac { bool set; uint8_t mac[6]; };
struct opt_uuid { bool set; uint8_t uuid[16]; };
struct opt_ipv4 { bool set; uint32_t addr; /* network order */ };

/* What main works out before a command runs. */
struct cmd_run {
	const struct cmd *cmd;
	void *opts;                     /* the command's options structure */
	const char *const *args;        /* operands */
	int n_args;
	enum cmd_format format;
	const char *output;             /* -o FILE; NULL: stdout */
	bool color;                     /* stdout (and stderr) may be coloured */
};

struct cmd {
	const char *name;               /* one word, or two with a blank between */
	const char *summary;            /* one line, lower case, no full stop */
	const char *usage;              /* after the name: "[-q] file ..." */
	const struct cmd_opt *opts;     /* ends with a row without name; may be NULL */
	size_t opts_size;               /* of the options structure; zeroed */
	int min_args;
	int max_args;                   /* CMD_ARGS_ANY: no limit */
	unsigned int formats;           /* set of enum cmd_format */
	/* Return: an enum exit_status. Errors were said with cmd_error(). */
	int (*run)(const struct cmd_run *run);
};

/** cmd_table() - every subcommand, in the order of the help. */
const struct cmd *const *cmd_table(size_t *ret_n);

/**
 * cmd_find() - the command whose name @words begin with, or NULL
 * @ret_used: how many of the words are its name
 */
const struct cmd *cmd_find(const char *const *words, int n, int *ret_used);

/** cmd_in_group() - is @word the first of the two words of its name? */
bool cmd_in_group(const struct cmd *cmd, const char *word);

/** cmd_is_group() - is it that of any command? */
bool cmd_is_group(const char *word);

/** cmd_nearest() - the command that mistyped words meant, or NULL; @n > 0 */
const char *cmd_nearest(const char *const *words, int n);

/** cmd_error() - "pxetool client: sentence" on stderr. Return: EXIT_CANNOT. */
int cmd_error(const struct cmd_run *run, const struct diag *diag);

/** cmd_warn() - the same for what is no failure. */
void cmd_warn(const struct cmd_run *run, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

/**
 * cmd_output() - hand over the product: to stdout, or to -o FILE atomically
 *
 * Return: @status; EXIT_CANNOT if it could not be written.
 */
int cmd_output(const struct cmd_run *run, const struct sbuf *text, int status);

#endif
