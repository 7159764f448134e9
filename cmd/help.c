/*
 * help.c - pxetool help [SUB]
 */
#include "cmd.h"
#include "options.h"

#include "base/text.h"

#include <string.h>

static int
help_all(const struct cmd_run *run)
{
	struct sbuf out = SBUF_EMPTY;
	size_t n;
	const struct cmd *const *table = cmd_table(&n);
	int status;

	sbuf_add(&out, "usage: pxetool SUBCOMMAND [options]\n\n"
	    "build and test network-boot chains\n\nsubcommands:\n");
	for (size_t i = 0; i < n; i++)
		sbuf_printf(&out, "  %-12s %s\n", table[i]->name,
		    table[i]->summary);
	sbuf_add(&out, "\n'pxetool help SUB' or 'pxetool SUB -h' tells more "
	    "of one; 'pxetool --version' which this is.\n");
	status = cmd_output(run, &out, EXIT_CLEAN);
	sbuf_release(&out);
	return status;
}

static int
help_run(const struct cmd_run *run)
{
	struct sbuf out = SBUF_EMPTY;
	const char *names[64] = { NULL };
	const char *nearest;
	struct diag d;
	size_t n;
	const struct cmd *const *table = cmd_table(&n);
	int status;

	if (run->n_args == 0)
		return help_all(run);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(table[i]->name, run->args[0]) == 0) {
			options_help(table[i], &out);
			status = cmd_output(run, &out, EXIT_CLEAN);
			sbuf_release(&out);
			return status;
		}
		if (i < ARRAY_LEN(names))
			names[i] = table[i]->name;
	}
	nearest = text_nearest(run->args[0], names, min_size(n, 64));
	diag_set(&d, "no subcommand '%s'%s%s%s", run->args[0],
	    nearest ? ": did you mean '" : "; 'pxetool help' lists them",
	    nearest ? nearest : "", nearest ? "'?" : "");
	return cmd_error(run, &d);
}

const struct cmd cmd_help = {
	.name = "help", .summary = "list the subcommands, or explain one",
	.usage = "[subcommand]", .min_args = 0, .max_args = 1,
	.formats = CMD_TEXT, .run = help_run,
};
