/*
 * main.c - pxetool SUBCOMMAND: the table of subcommands, and what is done
 * for all of them before and after.
 */
#include "cmd.h"
#include "options.h"

#include "base/file.h"
#include "base/text.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern const struct cmd cmd_build, cmd_client, cmd_scan, cmd_replay, cmd_serve,
    cmd_lint, cmd_predict, cmd_script_check, cmd_script_fmt, cmd_script_run,
    cmd_capture, cmd_decode, cmd_diagnose, cmd_inspect, cmd_media,
    cmd_explain, cmd_get, cmd_help, cmd_completion;

static const struct cmd *const commands[] = {
	&cmd_client,
	&cmd_scan,
	&cmd_replay,
	&cmd_serve,
	&cmd_build,
	&cmd_lint,
	&cmd_predict,
	&cmd_script_check,
	&cmd_script_fmt,
	&cmd_script_run,
	&cmd_capture,
	&cmd_decode,
	&cmd_diagnose,
	&cmd_inspect,
	&cmd_media,
	&cmd_explain,
	&cmd_get,
	&cmd_help,
	&cmd_completion,
};

const struct cmd *const *
cmd_table(size_t *ret_n)
{
	*ret_n = ARRAY_LEN(commands);
	return commands;
}

int
cmd_error(const struct cmd_run *run, const struct diag *diag)
{
	char line[DIAG_TEXT_MAX + DIAG_FILE_MAX + 32];
	struct sbuf safe = SBUF_EMPTY;

	(void)diag_format(diag, line, sizeof(line));
	sbuf_escape(&safe, line, strlen(line));
	(void)fprintf(stderr, "pxetool %s: %s\n", run->cmd->name,
	    sbuf_str(&safe));
	sbuf_release(&safe);
	return EXIT_CANNOT;
}

void
cmd_warn(const struct cmd_run *run, const char *fmt, ...)
{
	struct diag d = { .text = "" };
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(d.text, sizeof(d.text), fmt, ap);
	va_end(ap);
	(void)cmd_error(run, &d);
}

/* A reader that went away, as head(1) does, ends us as it would any other. */
static void
die_of_sigpipe(void)
{
	(void)signal(SIGPIPE, SIG_DFL);
	(void)raise(SIGPIPE);
}

int
cmd_output(const struct cmd_run *run, const struct sbuf *text, int status)
{
	struct diag d;

	if (text->bad) {
		diag_set(&d, "out of memory");
		return cmd_error(run, &d);
	}
	if (run->output && file_write(run->output, sbuf_str(text), text->len,
	    &d) < 0)
		return cmd_error(run, &d);
	if (!run->output && (fwrite(sbuf_str(text), 1, text->len, stdout) !=
	    text->len || fflush(stdout) != 0)) {
		if (errno == EPIPE)
			die_of_sigpipe();
		diag_sys(&d, errno, "cannot write to standard output");
		return cmd_error(run, &d);
	}
	return status;
}

/* How many of the words are this command's name; 0 if it is another. */
static int
name_words(const struct cmd *cmd, const char *const *words, int n)
{
	size_t first = strcspn(cmd->name, " ");

	if (n < 1 || strlen(words[0]) != first ||
	    strncmp(cmd->name, words[0], first) != 0)
		return 0;
	if (!cmd->name[first])
		return 1;
	return n > 1 && strcmp(cmd->name + first + 1, words[1]) == 0 ? 2 : 0;
}

const struct cmd *
cmd_find(const char *const *words, int n, int *ret_used)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		*ret_used = name_words(commands[i], words, n);
		if (*ret_used > 0)
			return commands[i];
	}
	return NULL;
}

bool
cmd_in_group(const struct cmd *cmd, const char *word)
{
	size_t len = strlen(word);

	return strncmp(cmd->name, word, len) == 0 && cmd->name[len] == ' ';
}

bool
cmd_is_group(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (cmd_in_group(commands[i], word))
			return true;
	return false;
}

/* The first command of the group that was meant: "scirpt". */
static const char *
nearest_group(const char *word)
{
	char head[ARRAY_LEN(commands)][24];
	const char *names[ARRAY_LEN(commands)];
	const char *nearest;

	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		(void)text_copy(head[i], sizeof(head[i]), commands[i]->name);
		head[i][strcspn(head[i], " ")] = '\0';
		names[i] = head[i];
	}
	nearest = text_nearest(word, names, ARRAY_LEN(names));
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (nearest == names[i])
			return commands[i]->name;
	}
	return NULL;
}

const char *
cmd_nearest(const char *const *words, int n)
{
	const char *names[ARRAY_LEN(commands)];
	const char *nearest;
	char text[64];

	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		names[i] = commands[i]->name;
	(void)snprintf(text, sizeof(text), "%s%s%s", words[0],
	    n > 1 ? " " : "", n > 1 ? words[1] : "");
	nearest = text_nearest(text, names, ARRAY_LEN(names));
	if (!nearest)
		nearest = text_nearest(words[0], names, ARRAY_LEN(names));
	return nearest ? nearest : nearest_group(words[0]);
}

static int
unknown_command(const char *const *words, int n)
{
	bool group = cmd_is_group(words[0]);
	const char *nearest = cmd_nearest(words, n);

	(void)fprintf(stderr, "pxetool: ");
	if (group && n < 2)
		(void)fprintf(stderr, "'%s' is followed by a command", words[0]);
	else
		(void)fprintf(stderr, "unknown subcommand '%s%s%s'", words[0],
		    group ? " " : "", group ? words[1] : "");
	if (nearest && n > 1 - !group)
		(void)fprintf(stderr, ": did you mean 'pxetool %s'?\n",
		    nearest);
	else
		(void)fprintf(stderr, ": 'pxetool help%s%s' lists them\n",
		    group ? " " : "", group ? words[0] : "");
	return EXIT_CANNOT;
}

static int
unknown_option(const char *name)
{
	static const char *const names[] = { "--help", "--version" };
	const char *nearest = text_nearest(name, names, ARRAY_LEN(names));

	if (nearest)
		(void)fprintf(stderr, "pxetool: unknown option %s: did you "
		    "mean %s?\n", name, nearest);
	else
		(void)fprintf(stderr, "pxetool: unknown option %s: a "
		    "subcommand comes first; 'pxetool help' lists them\n",
		    name);
	return EXIT_CANNOT;
}

static int
run_command(const struct cmd *cmd, int argc, char **argv)
{
	struct cmd_run run = { .cmd = cmd };
	struct sbuf help = SBUF_EMPTY;
	const char **args = calloc((size_t)argc + 1, sizeof(*args));
	struct diag d = { .text = "out of memory" };
	bool want_help = false;
	int status = EXIT_CANNOT;

	run.opts = calloc(1, cmd->opts_size ? cmd->opts_size : 1);
	if (!args || !run.opts) {
		(void)cmd_error(&run, &d);
	} else if (options_parse(&run, argc, argv, args, &want_help, &d) < 0) {
		(void)cmd_error(&run, &d);
	} else if (want_help) {
		run.output = NULL;
		options_help(cmd, &help);
		status = cmd_output(&run, &help, EXIT_CLEAN);
	} else {
		status = cmd->run(&run);
	}
	sbuf_release(&help);
	free(run.opts);
	free(args);
	return status;
}

static bool
is_help(const char *word)
{
	return strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0;
}

/* "pxetool script -h" is "pxetool help script". */
static int
group_help(char *word)
{
	char *argv[] = { word, NULL };

	return run_command(&cmd_help, 1, argv);
}

int
main(int argc, char **argv)
{
	const char *const *words = (const char *const *)argv + 1;
	const struct cmd *cmd;
	int used;

	/* A peer that goes away is an error of write(), not our end. */
	(void)signal(SIGPIPE, SIG_IGN);
	if (argc < 2) {
		(void)fprintf(stderr, "usage: pxetool SUBCOMMAND [options]\n"
		    "'pxetool help' lists the subcommands\n");
		return EXIT_CANNOT;
	}
	if (strcmp(words[0], "--version") == 0 || strcmp(words[0], "-V") == 0) {
		(void)printf("pxetool %s\n", PXETOOL_VERSION);
		return EXIT_CLEAN;
	}
	if (is_help(words[0]))
		return run_command(&cmd_help, argc - 2, argv + 2);
	if (words[0][0] == '-')
		return unknown_option(words[0]);
	cmd = cmd_find(words, argc - 1, &used);
	if (cmd)
		return run_command(cmd, argc - 1 - used, argv + 1 + used);
	if (argc > 2 && cmd_is_group(words[0]) && is_help(words[1]))
		return group_help(argv[1]);
	return unknown_command(words, argc - 1);
}
