/*
 * help.c - pxetool help [SUB ...]
 */
#include "cmd.h"
#include "options.h"

/* All commands, or those whose first word is @group. */
static void
list(const char *group, struct sbuf *out)
{
	size_t n;
	const struct cmd *const *table = cmd_table(&n);

	sbuf_printf(out, "usage: pxetool %s%s [options]\n\n"
	    "build and test network-boot chains\n\nsubcommands:\n",
	    group ? group : "SUBCOMMAND", group ? " COMMAND" : "");
	for (size_t i = 0; i < n; i++)
		if (!group || cmd_in_group(table[i], group))
			sbuf_printf(out, "  %-12s %s\n", table[i]->name,
			    table[i]->summary);
	sbuf_add(out, "\n'pxetool help SUB' or 'pxetool SUB -h' tells more "
	    "of one; 'pxetool --version' which this is.\n");
}

static int
help_run(const struct cmd_run *run)
{
	struct sbuf out = SBUF_EMPTY;
	const char *nearest;
	const struct cmd *cmd = NULL;
	struct diag d;
	int used = 0;
	int status;

	if (run->n_args > 0)
		cmd = cmd_find(run->args, run->n_args, &used);
	if (cmd && used == run->n_args) {
		options_help(cmd, &out);
	} else if (run->n_args == 0) {
		list(NULL, &out);
	} else if (run->n_args == 1 && cmd_is_group(run->args[0])) {
		list(run->args[0], &out);
	} else {
		nearest = cmd_nearest(run->args, run->n_args);
		diag_set(&d, "no subcommand '%s%s%s'%s%s%s", run->args[0],
		    run->n_args > 1 ? " " : "",
		    run->n_args > 1 ? run->args[1] : "",
		    nearest ? ": did you mean '" :
		    "; 'pxetool help' lists them",
		    nearest ? nearest : "", nearest ? "'?" : "");
		return cmd_error(run, &d);
	}
	status = cmd_output(run, &out, EXIT_CLEAN);
	sbuf_release(&out);
	return status;
}

const struct cmd cmd_help = {
	.name = "help", .summary = "list the subcommands, or explain one",
	.usage = "[subcommand ...]", .min_args = 0, .max_args = 2,
	.formats = CMD_TEXT, .run = help_run,
};
