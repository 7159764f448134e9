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

extern const struct cmd cmd_client, cmd_scan, cmd_replay, cmd_serve,
    cmd_lint, cmd_predict, cmd_decode, cmd_explain, cmd_get, cmd_help, cmd_completion;

static const struct cmd *const commands[] = {
	&cmd_client,
	&cmd_scan,
	&cmd_replay,
	&cmd_serve,
	&cmd_lint,
	&cmd_predict,
	&cmd_decode,
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

static const struct cmd *
find_command(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}

static int
unknown_command(const char *name)
{
	const char *names[ARRAY_LEN(commands)];
	const char *nearest;

	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		names[i] = commands[i]->name;
	nearest = text_nearest(name, names, ARRAY_LEN(names));
	if (nearest)
		(void)fprintf(stderr, "pxetool: unknown subcommand '%s': did "
		    "you mean 'pxetool %s'?\n", name, nearest);
	else
		(void)fprintf(stderr, "pxetool: unknown subcommand '%s': "
		    "'pxetool help' lists them\n", name);
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

int
main(int argc, char **argv)
{
	const struct cmd *cmd;
	const char *name;

	/* A peer that goes away is an error of write(), not our end. */
	(void)signal(SIGPIPE, SIG_IGN);
	if (argc < 2) {
		(void)fprintf(stderr, "usage: pxetool SUBCOMMAND [options]\n"
		    "'pxetool help' lists the subcommands\n");
		return EXIT_CANNOT;
	}
	name = argv[1];
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
		(void)printf("pxetool %s\n", PXETOOL_VERSION);
		return EXIT_CLEAN;
	}
	if (strcmp(name, "-h") == 0 || strcmp(name, "--help") == 0)
		name = "help";
	if (name[0] == '-')
		return unknown_option(name);
	cmd = find_command(name);
	if (!cmd)
		return unknown_command(name);
	return run_command(cmd, argc - 2, argv + 2);
}
