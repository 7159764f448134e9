#include "options.h"

#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the shared options are read into. */
struct shared_opts {
	const char *format;
	const char *output;
	const char *color;
	bool help;
};

static const struct cmd_opt shared_rows[] = {
	{ 0, "format", "name", "output format; text is the default",
	    opt_string, OPT(shared_opts, format) },
	{ 'o', "output", "file", "write there, atomically, not to stdout",
	    opt_string, OPT(shared_opts, output) },
	{ 0, "color", "when", "auto, always or never",
	    opt_string, OPT(shared_opts, color) },
	{ 'h', "help", NULL, "show this help",
	    opt_true, OPT(shared_opts, help) },
	{ 0 },
};

/* Without a choice of format there is none to offer. */
const struct cmd_opt *
options_shared(const struct cmd *cmd)
{
	return cmd->formats == CMD_TEXT ? shared_rows + 1 : shared_rows;
}

int
opt_true(const char *arg, void *to, struct diag *diag)
{
	(void)arg;
	(void)diag;
	*(bool *)to = true;
	return 0;
}

int
opt_string(const char *arg, void *to, struct diag *diag)
{
	(void)diag;
	*(const char **)to = arg;
	return 0;
}

int
opt_list(const char *arg, void *to, struct diag *diag)
{
	struct cmd_list *list = to;

	if (list->n == CMD_LIST_MAX) {
		diag_set(diag, "given more than %d times", CMD_LIST_MAX);
		return -EINVAL;
	}
	list->value[list->n++] = arg;
	return 0;
}

static int
opt_small(const char *arg, void *to, uint64_t min, struct diag *diag)
{
	uint64_t v;
	int rc = parse_uint(arg, min, UINT16_MAX, &v, diag);

	if (rc == 0)
		*(uint16_t *)to = (uint16_t)v;
	return rc;
}

int
opt_u16(const char *arg, void *to, struct diag *diag)
{
	return opt_small(arg, to, 0, diag);
}

int
opt_port(const char *arg, void *to, struct diag *diag)
{
	return opt_small(arg, to, 1, diag);
}

int
opt_seconds(const char *arg, void *to, struct diag *diag)
{
	return parse_seconds(arg, to, diag);
}

int
opt_mac(const char *arg, void *to, struct diag *diag)
{
	struct opt_mac *o = to;
	int rc = parse_mac(arg, o->mac, diag);

	if (rc == 0)
		o->set = true;
	return rc;
}

int
opt_uuid(const char *arg, void *to, struct diag *diag)
{
	struct opt_uuid *o = to;
	int rc = parse_uuid(arg, o->uuid, diag);

	if (rc == 0)
		o->set = true;
	return rc;
}

int
opt_ipv4(const char *arg, void *to, struct diag *diag)
{
	struct opt_ipv4 *o = to;
	struct in_addr a;
	int rc = parse_ipv4(arg, &a, diag);

	if (rc == 0)
		*o = (struct opt_ipv4){ .set = true, .addr = a.s_addr };
	return rc;
}

/* A row and the structure that it fills in. */
struct match {
	const struct cmd_opt *row;
	void *base;
};

static struct match
find_row(const struct cmd_run *run, struct shared_opts *shared, char letter,
    const char *name, size_t name_len)
{
	const struct cmd_opt *sets[] =
	    { run->cmd->opts, options_shared(run->cmd) };
	void *bases[] = { run->opts, shared };

	for (size_t s = 0; s < ARRAY_LEN(sets); s++) {
		for (const struct cmd_opt *o = sets[s]; o && o->name; o++) {
			bool hit = letter ? o->letter == letter :
			    strlen(o->name) == name_len &&
			    memcmp(o->name, name, name_len) == 0;

			if (hit)
				return (struct match){ o, bases[s] };
		}
	}
	return (struct match){ NULL, NULL };
}

static void
unknown_option(const struct cmd *cmd, const char *arg, struct diag *diag)
{
	const char *names[128];
	const char *nearest = NULL;
	char word[64];
	size_t n = 0;

	for (const struct cmd_opt *o = cmd->opts;
	    o && o->name && n < ARRAY_LEN(names); o++)
		names[n++] = o->name;
	for (const struct cmd_opt *o = options_shared(cmd);
	    o->name && n < ARRAY_LEN(names); o++)
		names[n++] = o->name;
	if (text_starts(arg, "--") && text_copy(word, sizeof(word), arg + 2)) {
		word[strcspn(word, "=")] = '\0';
		nearest = text_nearest(word, names, n);
	}
	if (nearest)
		diag_set(diag, "unknown option %s: did you mean --%s?", arg,
		    nearest);
	else
		diag_set(diag, "unknown option %s: 'pxetool help %s' lists "
		    "them", arg, cmd->name);
}

/* Let the row's parser read @value, and name the option if it refuses. */
static int
apply(const struct match *m, const char *value, struct diag *diag)
{
	struct diag why = { .text = "" };
	int rc = m->row->parse(value, (char *)m->base + m->row->offset, &why);

	if (rc < 0)
		diag_set(diag, "--%s: %s", m->row->name, why.text);
	return rc;
}

/* "--name", "--name=value" or "--name value". Return: arguments used. */
static int
parse_long(struct cmd_run *run, struct shared_opts *shared, int left,
    char **argv, struct diag *diag)
{
	const char *name = argv[0] + 2;
	size_t name_len = strcspn(name, "=");
	const char *value = name[name_len] == '=' ? name + name_len + 1 : NULL;
	struct match m = find_row(run, shared, 0, name, name_len);
	int used = 1;
	int rc;

	if (!m.row) {
		unknown_option(run->cmd, argv[0], diag);
		return -EINVAL;
	}
	if (!m.row->arg && value) {
		diag_set(diag, "--%s takes no value", m.row->name);
		return -EINVAL;
	}
	if (m.row->arg && !value) {
		if (left < 2) {
			diag_set(diag, "--%s needs a value: %s", m.row->name,
			    m.row->arg);
			return -EINVAL;
		}
		value = argv[1];
		used = 2;
	}
	rc = apply(&m, value, diag);
	return rc < 0 ? rc : used;
}

/* "-x", "-xyz", "-ovalue" or "-o value". Return: arguments used. */
static int
parse_short(struct cmd_run *run, struct shared_opts *shared, int left,
    char **argv, struct diag *diag)
{
	for (const char *p = argv[0] + 1; *p; p++) {
		struct match m = find_row(run, shared, *p, NULL, 0);
		const char *value = p[1] ? p + 1 : NULL;
		int used = 1;
		int rc;

		if (!m.row) {
			diag_set(diag, "unknown option -%c: 'pxetool help %s' "
			    "lists them", *p, run->cmd->name);
			return -EINVAL;
		}
		if (!m.row->arg) {
			rc = apply(&m, NULL, diag);
			if (rc < 0)
				return rc;
			continue;
		}
		if (!value && left < 2) {
			diag_set(diag, "-%c needs a value: %s", *p,
			    m.row->arg);
			return -EINVAL;
		}
		if (!value) {
			value = argv[1];
			used = 2;
		}
		rc = apply(&m, value, diag);
		return rc < 0 ? rc : used;
	}
	return 1;
}

static int
choose_format(struct cmd_run *run, const char *name, struct diag *diag)
{
	static const struct { const char *name; enum cmd_format f; } rows[] = {
		{ "text", CMD_TEXT }, { "json", CMD_JSON },
		{ "sarif", CMD_SARIF }, { "junit", CMD_JUNIT },
		{ "github", CMD_GITHUB }, { "nagios", CMD_NAGIOS },
		{ "prometheus", CMD_PROMETHEUS }, { "html", CMD_HTML },
		{ "markdown", CMD_MARKDOWN },
	};
	struct sbuf known = SBUF_EMPTY;

	run->format = CMD_TEXT;
	for (size_t i = 0; name && i < ARRAY_LEN(rows); i++) {
		if (!(run->cmd->formats & rows[i].f))
			continue;
		sbuf_sep(&known, ", ");
		sbuf_add(&known, rows[i].name);
		if (strcmp(name, rows[i].name) == 0) {
			run->format = rows[i].f;
			name = NULL;
		}
	}
	if (!name) {
		sbuf_release(&known);
		return 0;
	}
	diag_set(diag, "--format: '%s' is not a format of this command: "
	    "expected one of %s", name, sbuf_str(&known));
	sbuf_release(&known);
	return -EINVAL;
}

static int
choose_color(struct cmd_run *run, const char *when, struct diag *diag)
{
	const char *no_color = getenv("NO_COLOR");

	if (!when || strcmp(when, "auto") == 0)
		run->color = isatty(STDOUT_FILENO) && !run->output &&
		    !(no_color && no_color[0]);
	else if (strcmp(when, "always") == 0)
		run->color = true;
	else if (strcmp(when, "never") == 0)
		run->color = false;
	else {
		diag_set(diag, "--color: '%s' is not one of auto, always, "
		    "never", when);
		return -EINVAL;
	}
	return 0;
}

static int
check_counts(const struct cmd_run *run, struct diag *diag)
{
	const struct cmd *cmd = run->cmd;

	if (run->n_args < cmd->min_args)
		diag_set(diag, "too few operands; usage: pxetool %s %s",
		    cmd->name, cmd->usage);
	else if (cmd->max_args != CMD_ARGS_ANY && run->n_args > cmd->max_args)
		diag_set(diag, "unexpected operand '%s'; usage: pxetool %s %s",
		    run->args[cmd->max_args], cmd->name, cmd->usage);
	else
		return 0;
	return -EINVAL;
}

int
options_parse(struct cmd_run *run, int argc, char **argv, const char **args,
    bool *ret_help, struct diag *diag)
{
	struct shared_opts shared = { 0 };
	bool only_operands = false;
	int i = 0;
	int rc;

	run->args = args;
	run->n_args = 0;
	while (i < argc) {
		int used = 1;

		if (only_operands || argv[i][0] != '-' || argv[i][1] == '\0')
			args[run->n_args++] = argv[i];
		else if (strcmp(argv[i], "--") == 0)
			only_operands = true;
		else if (argv[i][1] == '-')
			used = parse_long(run, &shared, argc - i, argv + i,
			    diag);
		else
			used = parse_short(run, &shared, argc - i, argv + i,
			    diag);
		if (shared.help) {
			*ret_help = true;
			return 0;
		}
		if (used < 0)
			return used;
		i += used;
	}
	run->output = shared.output;
	rc = choose_format(run, shared.format, diag);
	if (rc == 0)
		rc = choose_color(run, shared.color, diag);
	if (rc == 0)
		rc = check_counts(run, diag);
	return rc;
}

static void
help_row(const struct cmd_opt *o, struct sbuf *out)
{
	struct sbuf left = SBUF_EMPTY;

	if (o->letter)
		sbuf_printf(&left, "-%c, ", o->letter);
	else
		sbuf_add(&left, "    ");
	sbuf_printf(&left, "--%s", o->name);
	if (o->arg)
		sbuf_printf(&left, " %s", o->arg);
	if (left.len > 28)
		sbuf_printf(out, "  %s\n  %-28s %s\n", sbuf_str(&left), "",
		    o->help);
	else
		sbuf_printf(out, "  %-28s %s\n", sbuf_str(&left), o->help);
	sbuf_release(&left);
}

void
options_help(const struct cmd *cmd, struct sbuf *out)
{
	sbuf_printf(out, "usage: pxetool %s %s\n\n%s\n\noptions:\n", cmd->name,
	    cmd->usage, cmd->summary);
	for (const struct cmd_opt *o = cmd->opts; o && o->name; o++)
		help_row(o, out);
	for (const struct cmd_opt *o = options_shared(cmd); o->name; o++)
		help_row(o, out);
	sbuf_add(out, "\nSee pxetool-");
	for (const char *p = cmd->name; *p; p++)
		sbuf_addc(out, *p == ' ' ? '-' : *p);
	sbuf_add(out, "(1) for more.\n");
}
