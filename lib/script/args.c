#include "script/args.h"

#include "script/features.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct args_opt no_opts[] = { { 0 } };

static const struct args_opt *
opts_of(const struct command *cmd)
{
	return cmd->opts ? cmd->opts : no_opts;
}

/* Is it an option of the iPXE that runs? */
static bool
is_known(const struct script *s, const struct command *cmd,
    const struct args_opt *o)
{
	return s->release != SCRIPT_2019 ||
	    option_since(cmd->name, o->name) == IPXE_2019;
}

static void
print_usage(struct script *s, const struct command *cmd)
{
	bool old = s->release == SCRIPT_2019;
	const char *usage = command_usage(cmd, s->release);

	script_print(s, "Usage:\n\n  %s", cmd->name);
	for (const struct args_opt *o = opts_of(cmd); o->letter; o++) {
		if (!is_known(s, cmd, o))
			continue;
		script_print(s, " [-%c|--%s", o->letter, o->name);
		if (o->kind != ARGS_FLAG)
			script_print(s, " <%s>", o->name);
		script_print(s, "]");
	}
	script_print(s, "%s%s\n\nSee %s://ipxe.org/cmd/%s for further "
	    "information\n", usage[0] ? " " : "", usage,
	    old ? "http" : "https", cmd->name);
}

static uint32_t
parse_key(struct script *s, const char *text, int64_t *ret)
{
	if (text[0] != '\0' && text[1] == '\0') {
		*ret = (unsigned char)text[0];
		return 0;
	}
	return args_integer(s, text, ret);
}

/* Give an option its value, which is not NULL unless it is a flag. */
static uint32_t
take(struct script *s, const struct args_opt *o, const char *text,
    struct script_args *a)
{
	size_t i = (size_t)(o - a->cmd->opts);

	a->given[i] = true;
	a->text[i] = text;
	if (o->kind == ARGS_NUMBER)
		return args_integer(s, text, &a->number[i]);
	if (o->kind == ARGS_KEY)
		return parse_key(s, text, &a->number[i]);
	return 0;
}

/* A value that is a word of its own must not look like an option. */
static const char *
next_value(char **argv, size_t argc, size_t *at)
{
	if (*at + 1 >= argc || argv[*at + 1][0] == '-')
		return NULL;
	return argv[++*at];
}

/* --name, --name=value, --name value. */
static uint32_t
parse_long(struct script *s, char **argv, size_t argc, size_t *at,
    struct script_args *a)
{
	const char *word = argv[*at] + 2;
	size_t n = strcspn(word, "=");
	const char *value = word[n] ? word + n + 1 : NULL;

	if (strcmp(word, "help") == 0)
		return SCRIPT_ERR_HELP;
	for (const struct args_opt *o = opts_of(a->cmd); o->letter; o++) {
		if (strlen(o->name) != n || memcmp(o->name, word, n) != 0 ||
		    !is_known(s, a->cmd, o))
			continue;
		if (o->kind == ARGS_FLAG && value) {
			script_print(s, "Option \"%s\" takes no argument\n",
			    o->name);
			return SCRIPT_ERR_ARGUMENT;
		}
		if (o->kind != ARGS_FLAG && !value)
			value = next_value(argv, argc, at);
		if (o->kind != ARGS_FLAG && !value) {
			script_print(s, "Option \"%s\" requires an argument\n",
			    o->name);
			return SCRIPT_ERR_ARGUMENT;
		}
		return take(s, o, value, a);
	}
	script_print(s, "Unrecognised option \"--%s\"\n", word);
	return SCRIPT_ERR_OPTION;
}

/* -n, -nvalue, -n value; flags combine. */
static uint32_t
parse_short(struct script *s, char **argv, size_t argc, size_t *at,
    struct script_args *a)
{
	for (const char *p = argv[*at] + 1; *p; p++) {
		const struct args_opt *o = opts_of(a->cmd);
		const char *value = NULL;
		uint32_t status;

		if (*p == 'h')
			return SCRIPT_ERR_HELP;
		while (o->letter && (o->letter != *p ||
		    !is_known(s, a->cmd, o)))
			o++;
		if (!o->letter) {
			script_print(s, "Unrecognised option \"-%c\"\n", *p);
			return SCRIPT_ERR_OPTION;
		}
		if (o->kind == ARGS_FLAG) {
			(void)take(s, o, NULL, a);
			continue;
		}
		value = p[1] ? p + 1 : next_value(argv, argc, at);
		if (!value) {
			script_print(s, "Option \"%c\" requires an argument\n",
			    *p);
			return SCRIPT_ERR_ARGUMENT;
		}
		status = take(s, o, value, a);
		return status;
	}
	return 0;
}

/* Does this status mean that the command line is not understood? */
static bool
wants_usage(uint32_t status)
{
	return status == SCRIPT_ERR_HELP || status == SCRIPT_ERR_OPTION ||
	    status == SCRIPT_ERR_ARGUMENT || status == SCRIPT_ERR_USAGE;
}

static uint32_t
parse(struct script *s, char **argv, size_t argc, struct script_args *a)
{
	size_t at = 1;

	for (; at < argc && argv[at][0] == '-'; at++) {
		uint32_t status;

		/* The letter that iPXE looks for is the NUL, and it prints it. */
		if (!argv[at][1]) {
			script_print(s, "Unrecognised option \"- \"\n");
			return SCRIPT_ERR_OPTION;
		}
		if (strcmp(argv[at], "--") == 0) {
			at++;
			break;
		}
		status = argv[at][1] == '-' ? parse_long(s, argv, argc, &at, a) :
		    parse_short(s, argv, argc, &at, a);
		if (status)
			return status;
	}
	a->rest = argv + at;
	a->n = argc - at;
	if (a->n < (size_t)a->cmd->min_args || (a->cmd->max_args != ARGS_ANY &&
	    a->n > (size_t)a->cmd->max_args))
		return SCRIPT_ERR_USAGE;
	return 0;
}

uint32_t
args_parse(struct script *s, const struct command *cmd, char **argv,
    size_t argc, struct script_args *ret)
{
	uint32_t status;

	memset(ret, 0, sizeof(*ret));
	ret->cmd = cmd;
	status = parse(s, argv, argc, ret);
	if (wants_usage(status))
		print_usage(s, cmd);
	return status;
}

static size_t
index_of(const struct script_args *a, char letter)
{
	const struct args_opt *o = opts_of(a->cmd);

	while (o->letter && o->letter != letter)
		o++;
	/* The last place is never given: no list is that long. */
	return o->letter ? (size_t)(o - a->cmd->opts) : ARGS_OPTS_MAX - 1;
}

bool
args_has(const struct script_args *a, char letter)
{
	return a->given[index_of(a, letter)];
}

const char *
args_text(const struct script_args *a, char letter)
{
	return a->text[index_of(a, letter)];
}

int64_t
args_number(const struct script_args *a, char letter, int64_t otherwise)
{
	size_t i = index_of(a, letter);

	return a->given[i] ? a->number[i] : otherwise;
}

uint64_t
args_timeout(const struct script_args *a, char letter)
{
	int64_t ms = args_number(a, letter, 0);

	return ms > 0 ? (uint64_t)ms : 0;
}

char *
args_join(struct script *s, const struct script_args *a, size_t from)
{
	struct sbuf b = SBUF_EMPTY;
	char *text;

	for (size_t i = from; i < a->n; i++) {
		if (i > from)
			sbuf_addc(&b, ' ');
		sbuf_add(&b, a->rest[i]);
	}
	text = sbuf_steal(&b);
	if (!text)
		(void)script_nomem(s);
	return text;
}

uint32_t
args_integer(struct script *s, const char *text, int64_t *ret)
{
	if (setting_parse_number(text, ret) == 0)
		return 0;
	script_print(s, "\"%s\": invalid integer value\n", text);
	return SCRIPT_ERR_INTEGER;
}

uint32_t
args_setting(struct script *s, const char *text, struct setting_ref *ret)
{
	int rc = settings_parse_ref(text, ret);

	if (rc == 0 && !settings_has_type(s->settings, ret->type))
		rc = -ENOTSUP;
	if (rc == 0)
		return 0;
	script_print(s, "\"%s\": invalid setting\n", text);
	return script_errno(s, rc);
}
