/*
 * completion.c - pxetool completion bash|zsh|fish: the shell's completion,
 * made from the same rows as -h.
 */
#include "cmd.h"
#include "options.h"

#include <string.h>

/* Call @row for each option of @cmd, the shared ones last. */
static void
each_option(const struct cmd *cmd, struct sbuf *out,
    void (*row)(const struct cmd *cmd, const struct cmd_opt *o,
    struct sbuf *out))
{
	for (const struct cmd_opt *o = cmd->opts; o && o->name; o++)
		row(cmd, o, out);
	for (const struct cmd_opt *o = options_shared(cmd); o->name; o++)
		row(cmd, o, out);
}

static void
bash_row(const struct cmd *cmd, const struct cmd_opt *o, struct sbuf *out)
{
	(void)cmd;
	sbuf_printf(out, " --%s", o->name);
}

static void
bash_completion(struct sbuf *out)
{
	size_t n;
	const struct cmd *const *table = cmd_table(&n);

	sbuf_add(out, "_pxetool() {\n"
	    "\tlocal word=${COMP_WORDS[COMP_CWORD]} words=\n"
	    "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\twords='");
	for (size_t i = 0; i < n; i++)
		sbuf_printf(out, "%s%s", i ? " " : "", table[i]->name);
	sbuf_add(out, "'\n\telif [[ $word == -* ]]; then\n"
	    "\t\tcase ${COMP_WORDS[1]} in\n");
	for (size_t i = 0; i < n; i++) {
		sbuf_printf(out, "\t\t%s) words='", table[i]->name);
		each_option(table[i], out, bash_row);
		sbuf_add(out, "' ;;\n");
	}
	sbuf_add(out, "\t\tesac\n\telse\n"
	    "\t\tcompopt -o default\n\t\tCOMPREPLY=()\n\t\treturn\n\tfi\n"
	    "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
	    "}\ncomplete -F _pxetool pxetool\n");
}

static void
zsh_row(const struct cmd *cmd, const struct cmd_opt *o, struct sbuf *out)
{
	(void)cmd;
	sbuf_printf(out, "\t\t'--%s%s[", o->name, o->arg ? "=" : "");
	for (const char *p = o->help; *p; p++) {
		if (*p == '\'')
			sbuf_add(out, "'\\''");
		else if (*p == '[' || *p == ']' || *p == ':')
			sbuf_printf(out, "\\%c", *p);
		else
			sbuf_addc(out, *p);
	}
	if (o->arg)
		sbuf_printf(out, "]:%s:_files' \\\n", o->arg);
	else
		sbuf_add(out, "]' \\\n");
}

static void
zsh_completion(struct sbuf *out)
{
	size_t n;
	const struct cmd *const *table = cmd_table(&n);

	sbuf_add(out, "#compdef pxetool\n_pxetool() {\n"
	    "\tif (( CURRENT == 2 )); then\n\t\tcompadd");
	for (size_t i = 0; i < n; i++)
		sbuf_printf(out, " %s", table[i]->name);
	sbuf_add(out, "\n\t\treturn\n\tfi\n"
	    "\tlocal sub=$words[2]\n\tshift words\n\t(( CURRENT-- ))\n"
	    "\tcase $sub in\n");
	for (size_t i = 0; i < n; i++) {
		sbuf_printf(out, "\t%s) _arguments \\\n", table[i]->name);
		each_option(table[i], out, zsh_row);
		sbuf_add(out, "\t\t'*:file:_files' ;;\n");
	}
	sbuf_add(out, "\tesac\n}\n_pxetool \"$@\"\n");
}

static void
fish_row(const struct cmd *cmd, const struct cmd_opt *o, struct sbuf *out)
{
	sbuf_printf(out, "complete -c pxetool -n "
	    "'__fish_seen_subcommand_from %s' -l %s%s", cmd->name, o->name,
	    o->arg ? " -r" : "");
	if (o->letter)
		sbuf_printf(out, " -s %c", o->letter);
	sbuf_add(out, " -d '");
	for (const char *p = o->help; *p; p++)
		sbuf_printf(out, *p == '\'' ? "\\%c" : "%c", *p);
	sbuf_add(out, "'\n");
}

static void
fish_completion(struct sbuf *out)
{
	size_t n;
	const struct cmd *const *table = cmd_table(&n);

	for (size_t i = 0; i < n; i++) {
		sbuf_printf(out, "complete -c pxetool -n __fish_use_subcommand "
		    "-f -a %s -d '%s'\n", table[i]->name, table[i]->summary);
		each_option(table[i], out, fish_row);
	}
}

static int
completion_run(const struct cmd_run *run)
{
	static const struct {
		const char *shell;
		void (*write)(struct sbuf *out);
	} shells[] = {
		{ "bash", bash_completion },
		{ "zsh", zsh_completion },
		{ "fish", fish_completion },
	};
	struct sbuf out = SBUF_EMPTY;
	struct diag d;
	int status;

	for (size_t i = 0; i < ARRAY_LEN(shells); i++) {
		if (strcmp(shells[i].shell, run->args[0]) != 0)
			continue;
		shells[i].write(&out);
		status = cmd_output(run, &out, EXIT_CLEAN);
		sbuf_release(&out);
		return status;
	}
	diag_set(&d, "no completion for '%s': expected bash, zsh or fish",
	    run->args[0]);
	return cmd_error(run, &d);
}

const struct cmd cmd_completion = {
	.name = "completion", .summary = "print the completion of a shell",
	.usage = "bash | zsh | fish", .min_args = 1, .max_args = 1,
	.formats = CMD_TEXT, .run = completion_run,
};
