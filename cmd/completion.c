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

/*
 * Call @word for each first word of a command, once: those of two words stand
 * side by side in the table.
 */
static void
each_first(struct sbuf *out, bool groups_only,
    void (*word)(const char *first, struct sbuf *out))
{
	size_t n;
	const struct cmd *const *table = cmd_table(&n);
	char first[32] = "";

	for (size_t i = 0; i < n; i++) {
		size_t len = strcspn(table[i]->name, " ");

		if (len >= sizeof(first) || (first[0] &&
		    cmd_in_group(table[i], first)))
			continue;
		memcpy(first, table[i]->name, len);
		first[len] = '\0';
		if (!groups_only || table[i]->name[len])
			word(first, out);
	}
}

static void
add_word(const char *first, struct sbuf *out)
{
	sbuf_printf(out, " %s", first);
}

/* The second words of a group. */
static void
add_seconds(const char *group, struct sbuf *out)
{
	size_t n;
	const struct cmd *const *table = cmd_table(&n);

	for (size_t i = 0; i < n; i++)
		if (cmd_in_group(table[i], group))
			sbuf_add(out, table[i]->name + strlen(group));
}

static void
bash_group(const char *group, struct sbuf *out)
{
	sbuf_printf(out, "\telif [[ $COMP_CWORD -eq 2 && $sub == %s ]]; "
	    "then\n\t\twords='", group);
	add_seconds(group, out);
	sbuf_add(out, "'\n");
}

static void
bash_completion(struct sbuf *out)
{
	size_t n;
	const struct cmd *const *table = cmd_table(&n);

	sbuf_add(out, "_pxetool() {\n"
	    "\tlocal word=${COMP_WORDS[COMP_CWORD]} words=\n"
	    "\tlocal sub=${COMP_WORDS[1]}\n"
	    "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\twords='");
	each_first(out, false, add_word);
	sbuf_add(out, "'\n");
	each_first(out, true, bash_group);
	sbuf_add(out, "\telif [[ $word == -* ]]; then\n"
	    "\t\tcase \"$sub ${COMP_WORDS[2]} \" in\n");
	for (size_t i = 0; i < n; i++) {
		sbuf_printf(out, "\t\t'%s '*) words='", table[i]->name);
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
zsh_group(const char *group, struct sbuf *out)
{
	sbuf_printf(out, "\tif [[ $sub == %s ]]; then\n"
	    "\t\tif (( CURRENT == 2 )); then\n\t\t\tcompadd", group);
	add_seconds(group, out);
	sbuf_add(out, "\n\t\t\treturn\n\t\tfi\n"
	    "\t\tsub=\"$sub $words[2]\"\n"
	    "\t\tshift words\n\t\t(( CURRENT-- ))\n\tfi\n");
}

static void
zsh_completion(struct sbuf *out)
{
	size_t n;
	const struct cmd *const *table = cmd_table(&n);

	sbuf_add(out, "#compdef pxetool\n_pxetool() {\n"
	    "\tif (( CURRENT == 2 )); then\n\t\tcompadd");
	each_first(out, false, add_word);
	sbuf_add(out, "\n\t\treturn\n\tfi\n"
	    "\tlocal sub=$words[2]\n\tshift words\n\t(( CURRENT-- ))\n");
	each_first(out, true, zsh_group);
	sbuf_add(out, "\tcase $sub in\n");
	for (size_t i = 0; i < n; i++) {
		sbuf_printf(out, "\t'%s') _arguments \\\n", table[i]->name);
		each_option(table[i], out, zsh_row);
		sbuf_add(out, "\t\t'*:file:_files' ;;\n");
	}
	sbuf_add(out, "\tesac\n}\n_pxetool \"$@\"\n");
}

/* The condition that a command line is this command's. */
static void
fish_seen(const struct cmd *cmd, struct sbuf *out)
{
	size_t first = strcspn(cmd->name, " ");

	sbuf_add(out, "'__fish_seen_subcommand_from ");
	sbuf_addn(out, cmd->name, first);
	if (cmd->name[first])
		sbuf_printf(out, "; and __fish_seen_subcommand_from%s",
		    cmd->name + first);
	sbuf_add(out, "'");
}

static void
fish_row(const struct cmd *cmd, const struct cmd_opt *o, struct sbuf *out)
{
	sbuf_add(out, "complete -c pxetool -n ");
	fish_seen(cmd, out);
	sbuf_printf(out, " -l %s%s", o->name, o->arg ? " -r" : "");
	if (o->letter)
		sbuf_printf(out, " -s %c", o->letter);
	sbuf_add(out, " -d '");
	for (const char *p = o->help; *p; p++)
		sbuf_printf(out, *p == '\'' ? "\\%c" : "%c", *p);
	sbuf_add(out, "'\n");
}

static void
fish_group(const char *group, struct sbuf *out)
{
	sbuf_printf(out, "complete -c pxetool -n __fish_use_subcommand "
	    "-f -a %s\n", group);
}

static void
fish_completion(struct sbuf *out)
{
	size_t n;
	const struct cmd *const *table = cmd_table(&n);

	each_first(out, true, fish_group);
	for (size_t i = 0; i < n; i++) {
		size_t first = strcspn(table[i]->name, " ");
		const char *second = table[i]->name + first;

		sbuf_add(out, "complete -c pxetool -n ");
		if (*second) {
			sbuf_add(out, "'__fish_seen_subcommand_from ");
			sbuf_addn(out, table[i]->name, first);
			sbuf_add(out, "'");
		} else {
			sbuf_add(out, "__fish_use_subcommand");
		}
		sbuf_printf(out, " -f -a %s -d '%s'\n",
		    *second ? second + 1 : table[i]->name, table[i]->summary);
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
