/* Commands, their options and arguments, and whether the build has them. */
#include "script/check_rules.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* What people write who think of another language. */
static const struct { const char *word, *hint; } strangers[] = {
	{ "if", "iPXE has no if: write \"iseq A B && COMMAND ||\"" },
	{ "then", "iPXE has no if and then" },
	{ "else", "iPXE has no else: write \"TEST && COMMAND || OTHER\"" },
	{ "elif", "iPXE has no elif" },
	{ "fi", "iPXE has no if" },
	{ "endif", "iPXE has no if" },
	{ "end", "iPXE has no blocks" },
	{ "while", "iPXE has no while: write a label and goto" },
	{ "for", "iPXE has no for: write a label and goto" },
	{ "done", "iPXE has no loops but labels and goto" },
	{ "function", "iPXE has no functions: chain another script" },
	{ "return", "write \"exit\" to end this script" },
	{ "append", "this is of SYSLINUX: write the arguments behind kernel" },
	{ "APPEND", "this is of SYSLINUX: write the arguments behind kernel" },
	{ "label", "this is of SYSLINUX: write \":name\"" },
	{ "LABEL", "this is of SYSLINUX: write \":name\"" },
	{ "default", "this is of SYSLINUX" },
	{ "DEFAULT", "this is of SYSLINUX" },
	{ "linux", "this is of GRUB: write \"kernel\"" },
	{ "linuxefi", "this is of GRUB: write \"kernel\"" },
	{ "initrdefi", "this is of GRUB: write \"initrd\"" },
	{ "menuentry", "this is of GRUB: write \"menu\" and \"item\"" },
	{ "print", "write \"echo\"" },
	{ "export", "write \"set\"" },
	{ "unset", "write \"clear\"" },
	{ "include", "write \"chain\"" },
	{ "source", "write \"chain\"" },
	{ "ifup", "write \"ifopen\" or \"dhcp\"" },
	{ "halt", "write \"poweroff\"" },
	{ "shutdown", "write \"poweroff\"" },
	{ "color", "write \"colour\"" },
};

static const char *
nearest_command(const char *word)
{
	size_t n;
	const struct command *rows = command_rows(&n);
	const char **names = calloc(n, sizeof(*names));
	const char *found = NULL;

	for (size_t i = 0; names && i < n; i++)
		names[i] = rows[i].name;
	if (names)
		found = text_nearest(word, names, n);
	free(names);
	return found;
}

static void
unknown_command(struct checker *c, const struct flow_node *n)
{
	const char *word = n->words[0].text;
	const char *near = nearest_command(word);
	const char *hint = NULL;
	size_t len = strlen(word);

	for (size_t i = 0; i < ARRAY_LEN(strangers); i++) {
		if (strcmp(strangers[i].word, word) == 0)
			hint = strangers[i].hint;
	}
	if (!hint && word[len - 1] == ':')
		hint = "a label has its colon in front";
	if (!hint && (strcmp(word, "{") == 0 || strcmp(word, "}") == 0))
		hint = "iPXE has no blocks";
	if (!hint && word[0] == '/' && word[1] == '/')
		hint = "a comment begins with #";
	if (!hint && strncmp(word, "#!", 2) != 0 && strchr(word, '=') &&
	    !near)
		hint = "write \"set NAME VALUE\", or end the line before "
		    "with a backslash";
	if (hint)
		check_add(c, "script-command-invalid", FAULT_ERROR,
		    n->words[0].at, NULL, "there is no command '%s': %s",
		    word, hint);
	else if (near)
		check_add(c, "script-command-invalid", FAULT_ERROR,
		    n->words[0].at, check_fix(c, "Write \"%s\".", near),
		    "there is no command '%s': did you mean '%s'?", word,
		    near);
	else
		check_add(c, "script-command-invalid", FAULT_ERROR,
		    n->words[0].at, NULL, "there is no command '%s'", word);
}

/* The options of a command, as they are written. */
static const char *
list_options(struct checker *c, const struct command *cmd)
{
	struct sbuf b = SBUF_EMPTY;
	const char *text;

	for (const struct args_opt *o = cmd->opts; o && o->letter; o++) {
		sbuf_printf(&b, "%s--%s%s", b.len ? ", " : "", o->name,
		    o->kind == ARGS_FLAG ? "" : " VALUE");
	}
	text = b.len ? check_fix(c, "%s takes %s.", cmd->name,
	    sbuf_str(&b)) : check_fix(c, "%s takes no options; \"--\" ends "
	    "them where an argument begins with \"-\".", cmd->name);
	sbuf_release(&b);
	return text;
}

static const char *
nearest_option(const struct command *cmd, const char *word)
{
	const char *names[ARGS_OPTS_MAX];
	size_t n = 0;

	while (*word == '-')
		word++;
	for (const struct args_opt *o = cmd->opts; o && o->letter; o++)
		names[n++] = o->name;
	return strlen(word) > 2 ? text_nearest(word, names, n) : NULL;
}

static void
unknown_option(struct checker *c, const struct flow_node *n)
{
	const char *near = nearest_option(n->cmd, n->fault_at->text);

	check_add(c, "script-command-invalid", FAULT_ERROR, n->fault_at->at,
	    list_options(c, n->cmd), near ?
	    "%s has no option '%s': did you mean '--%s'?" :
	    "%s has no option '%s'", n->cmd->name, n->fault_at->text, near);
}

static const char *
usage_of(struct checker *c, const struct command *cmd)
{
	return check_fix(c, "Write: %s%s%s", cmd->name,
	    cmd->usage[0] ? " " : "", cmd->usage);
}

static void
misused(struct checker *c, const struct flow_node *n)
{
	const char *word = n->fault_at->text;
	struct lex_pos at = n->fault_at->at;

	switch (n->fault) {
	case FLOW_OK:
		break;
	case FLOW_UNKNOWN_COMMAND:
		unknown_command(c, n);
		break;
	case FLOW_UNKNOWN_OPTION:
		unknown_option(c, n);
		break;
	case FLOW_NO_VALUE:
		check_add(c, "script-command-invalid", FAULT_ERROR, at,
		    list_options(c, n->cmd), "the option '%s' of %s needs a "
		    "value", word, n->cmd->name);
		break;
	case FLOW_FLAG_VALUE:
		check_add(c, "script-command-invalid", FAULT_ERROR, at,
		    list_options(c, n->cmd), "the option '%s' of %s takes no "
		    "value", word, n->cmd->name);
		break;
	case FLOW_BAD_NUMBER:
		check_add(c, "script-command-invalid", FAULT_ERROR, at,
		    NULL, "the value of '%s' is no number: %s fails",
		    word, n->cmd->name);
		break;
	case FLOW_TOO_FEW:
		check_add(c, "script-command-invalid", FAULT_ERROR, at,
		    usage_of(c, n->cmd), "%s needs %d argument%s and has %zu",
		    n->cmd->name, n->cmd->min_args,
		    n->cmd->min_args == 1 ? "" : "s", n->n_words - n->arg);
		break;
	case FLOW_TOO_MANY:
		check_add(c, "script-command-invalid", FAULT_ERROR, at,
		    usage_of(c, n->cmd), "%s takes %d argument%s: '%s' is "
		    "too much", n->cmd->name, n->cmd->max_args,
		    n->cmd->max_args == 1 ? "" : "s", word);
		break;
	}
}

static void
too_young(struct checker *c, struct lex_pos at, const char *what,
    const char *name, enum ipxe_version since)
{
	const struct ipxe_build *b = &c->conf->build;

	if (b->has_version && since > b->version)
		check_add(c, "firmware-ipxe-lacks-feature", FAULT_ERROR, at,
		    NULL, "iPXE %s has no %s '%s'; it came with %s",
		    ipxe_version_name(b->version), what, name,
		    ipxe_version_name(since));
}

static void
not_there(struct checker *c, struct lex_pos at, const struct flow_node *n)
{
	const struct ipxe_feature *f = feature_find(n->fact->macro);
	enum feature_there there;

	if (!f)
		return;
	there = feature_in(&c->conf->build, f, n->cmd->name);
	if (there == FEATURE_NO)
		check_add(c, "firmware-ipxe-lacks-feature", FAULT_ERROR, at,
		    check_fix(c, "#define %s", f->macro),
		    "this build of iPXE has no command '%s' (%s)",
		    n->cmd->name, f->macro);
	else if (there == FEATURE_BY_DEFAULT_OFF)
		check_add(c, "firmware-ipxe-lacks-feature", FAULT_NOTE, at,
		    check_fix(c, "#define %s", f->macro),
		    "'%s' is not in an iPXE for %s as it is built by "
		    "default (%s)", n->cmd->name, ipxe_platform_name(
		    c->conf->build.platform), f->macro);
}

static void
gpxe_lacks(struct checker *c, const struct flow_node *n)
{
	if (!command_in_gpxe(n->cmd->name))
		check_add(c, "firmware-ipxe-lacks-feature",
		    n->on_fail == FLOW_FAILED ? FAULT_WARNING : FAULT_NOTE,
		    n->words[0].at, "#!ipxe", "gPXE has no command '%s', and "
		    "the script says that it is for gPXE", n->cmd->name);
}

static void
in_build(struct checker *c, const struct flow_node *n)
{
	if (n->fact) {
		too_young(c, n->words[0].at, "command", n->cmd->name,
		    n->fact->since);
		not_there(c, n->words[0].at, n);
	}
	for (const struct args_opt *o = n->cmd->opts; o && o->letter; o++) {
		size_t word = n->opt_word[o - n->cmd->opts];

		if (word)
			too_young(c, n->words[word].at, "option", o->name,
			    option_since(n->cmd->name, o->name));
	}
	if (c->len > 2 && c->text[2] == 'g')
		gpxe_lacks(c, n);
}

/* Milliseconds that look like seconds, and the other way round. */
static void
units(struct checker *c, const struct flow_node *n)
{
	enum { LEAST_MS = 100, MOST_S = 3600 };
	const char *ms = flow_option(n, 't');
	int64_t v;

	if (ms && !flow_is(n, "vcreate") && !flow_is(n, "console") &&
	    setting_parse_number(ms, &v) == 0 && v > 0 && v < LEAST_MS)
		check_add(c, "script-number-unlikely", FAULT_WARNING,
		    n->words[0].at, check_fix(c, "Write --timeout %d000.",
		    (int)v), "a timeout of %d ms is over at once: it is in "
		    "milliseconds", (int)v);
	if (!flow_is(n, "sleep"))
		return;
	if (setting_parse_number(flow_arg(n, 0), &v) < 0) {
		if (!strstr(flow_arg(n, 0), "${"))
			check_add(c, "script-command-invalid", FAULT_ERROR,
			    n->words[n->arg].at, NULL, "sleep takes a whole "
			    "number of seconds, and not '%s'",
			    flow_arg(n, 0));
	} else if (v >= MOST_S) {
		check_add(c, "script-number-unlikely", FAULT_WARNING,
		    n->words[n->arg].at, NULL, "sleep takes seconds: this "
		    "waits %lld hours", (long long)v / 3600);
	}
}

void
check_commands(struct checker *c)
{
	for (size_t i = 0; i < c->flow->n_nodes; i++) {
		const struct flow_node *n = &c->flow->nodes[i];

		if (n->n_words == 0)
			continue;
		if (n->fault)
			misused(c, n);
		if (n->cmd)
			in_build(c, n);
		if (n->cmd && !n->fault && !n->is_help)
			units(c, n);
	}
}
