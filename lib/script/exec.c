/*
 * Running: images, scripts, lines, commands.
 */
#include "script/args.h"
#include "script/expand.h"
#include "script/uri.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Count a step. Return: false when there have been too many. */
static bool
step(struct script *s)
{
	if (s->over)
		return false;
	if (++s->steps > s->max_steps)
		script_set_end(s, SCRIPT_END_LIMIT, 0,
		    "goes on for ever: stopped after %llu steps",
		    (unsigned long long)s->max_steps);
	else if (s->work > SCRIPT_WORK_MAX)
		script_set_end(s, SCRIPT_END_LIMIT, 0,
		    "its values grow too large: stopped after %zu bytes",
		    s->work);
	return !s->over;
}

static void
put_number(struct script *s, const char *ref, uint32_t v)
{
	uint8_t bytes[4];
	struct wr w = wr_init(bytes, sizeof(bytes));

	wr_u32(&w, v);
	if (script_settings_put(s, ref, SETTING_T_NONE, bytes,
	    sizeof(bytes)) == -ENOMEM)
		(void)script_nomem(s);
}

void
script_mark_failure(struct script *s)
{
	const struct script_frame *f = s->frame;
	struct script_place *p = &s->failed_at;

	if (s->has_failed)
		return;
	s->has_failed = true;
	memset(p, 0, sizeof(*p));
	(void)text_copy(p->command, sizeof(p->command), s->command);
	(void)text_copy(p->uri, sizeof(p->uri), f->uri);
	if (f->is_script && f->line < f->lex.n_lines)
		p->line = f->lex.lines[f->line].at.line;
}

/*
 * Expand the tokens of a command. NULL follows the last one, or stands where
 * one could not be expanded.
 */
static int
expand_words(struct script *s, const struct lex_token *t, size_t n,
    struct arena *arena, char ***ret)
{
	char **argv = arena_alloc(arena, (n + 1) * sizeof(*argv));
	struct sbuf b = SBUF_EMPTY;
	int rc = argv ? 0 : -ENOMEM;

	for (size_t i = 0; i < n && rc == 0; i++) {
		sbuf_clear(&b);
		rc = expand(s->settings, t[i].text, &b, &s->work);
		if (rc < 0)
			break;
		s->work += b.len;
		argv[i] = arena_dup(arena, sbuf_str(&b), b.len);
		if (!argv[i])
			rc = -ENOMEM;
	}
	sbuf_release(&b);
	*ret = argv;
	return rc;
}

uint32_t
script_exec_words(struct script *s, char **argv, size_t argc)
{
	const struct command *cmd = command_find(argv[0]);
	struct script_args args;
	uint32_t status;

	(void)text_copy(s->command, sizeof(s->command), argv[0]);
	if (!cmd || !command_in(cmd, s->release)) {
		script_print(s, "%s: command not found\n", argv[0]);
		return SCRIPT_ERR_COMMAND;
	}
	if (!cmd->run) {
		status = script_error_plain(SCRIPT_ENOTSUP);
		script_say_error(s, cmd->name, status);
		return status;
	}
	status = args_parse(s, cmd, argv, argc, &args);
	return status ? status : cmd->run(s, &args);
}

/* A script for gPXE uses what came later; say so once for each line. */
static void
note_gpxe(struct script *s, const char *what, const char *name)
{
	struct script_frame *f = s->frame;
	char text[DIAG_TEXT_MAX];

	if (!f->is_gpxe || f->noted > f->line || !s->host->note)
		return;
	f->noted = f->line + 1;
	(void)snprintf(text, sizeof(text), "gPXE has no %s '%.60s'", what,
	    name);
	s->host->note(s->host->ctx, f->uri, f->lex.lines[f->line].at.line,
	    text);
}

/* Run one command: words without operators. None at all succeeds. */
static uint32_t
run_command(struct script *s, const struct lex_token *t, size_t n)
{
	struct arena arena = ARENA_EMPTY;
	char **argv = NULL;
	uint32_t status = 0;
	size_t done = 0;
	int rc;

	if (n == 0 || !step(s))
		return 0;
	s->has_failed = false;
	s->command[0] = '\0';
	if (s->host->unixtime)
		put_number(s, "builtin/unixtime",
		    (uint32_t)s->host->unixtime(s->host->ctx));
	rc = expand_words(s, t, n, &arena, &argv);
	while (argv && argv[done])
		done++;
	if (rc == -ENOMEM)
		(void)script_nomem(s);
	else if (rc < 0)
		script_set_end(s, SCRIPT_END_LIMIT, 0,
		    "expanding '%.80s' does not come to an end", t[done].text);
	else if (!command_in_gpxe(argv[0]))
		note_gpxe(s, "command", argv[0]);
	if (rc == 0)
		status = script_exec_words(s, argv, n);
	arena_release(&arena);
	status = script_status(s, status);
	if (status && !s->over) {
		script_mark_failure(s);
		put_number(s, "builtin/errno", status);
	}
	script_apply(s);
	return status;
}

static bool
is_due(enum lex_kind op, uint32_t status)
{
	switch (op) {
	case LEX_OR:
		return status != 0;
	case LEX_AND:
		return status == 0;
	default:
		return true;
	}
}

/* Left to right, with the status of the last command that was executed. */
static uint32_t
run_tokens(struct script *s, const struct lex_token *t, size_t n)
{
	enum lex_kind op = LEX_SEMI;
	uint32_t status = 0;
	size_t at = 0;

	s->jumped = false;
	for (;;) {
		size_t from = at;

		while (at < n && t[at].kind == LEX_WORD)
			at++;
		if (is_due(op, status))
			status = run_command(s, at > from ? &t[from] : NULL,
			    at - from);
		if (status == 0)
			s->has_failed = false;
		if (at == n || s->over || s->leave || s->jumped)
			return status;
		note_gpxe(s, "operator", t[at].text);
		op = t[at++].kind;
	}
}

static void
enter(struct script *s, struct script_frame *f)
{
	f->up = s->frame;
	s->frame = f;
	s->nesting++;
}

static void
leave(struct script *s, struct script_frame *f)
{
	lex_script_release(&f->lex);
	s->frame = f->up;
	s->nesting--;
}

static uint32_t
run_lines(struct script *s, struct script_frame *f)
{
	uint32_t status = 0;

	while (f->next < f->lex.n_lines && status == 0) {
		const struct lex_line *l = &f->lex.lines[f->next];

		f->line = f->next++;
		if (!step(s))
			return 0;
		status = run_tokens(s, l->tokens, l->n_tokens);
		if (s->over)
			return status;
		if (s->leave) {
			s->leave = false;
			if (s->left_by_exit)
				script_mark_failure(s);
			return status;
		}
	}
	s->left_by_exit = false;
	if (status == 0 && f->lex.is_cut) {
		f->line = f->lex.n_lines;
		s->command[0] = '\0';
		status = script_status(s, SCRIPT_ERR_CONTINUED);
		script_mark_failure(s);
		s->failed_at.line = f->lex.cut_at.line;
	}
	return status;
}

static uint32_t
run_script(struct script *s, const struct script_image *image)
{
	struct script_frame f = {
		.is_script = true, .uri = image->uri,
		.is_gpxe = image->len > 2 && image->bytes[2] == 'g',
	};
	uint32_t status;

	if (s->nesting >= SCRIPT_NESTING_MAX) {
		script_set_end(s, SCRIPT_END_LIMIT, 0,
		    "scripts run scripts without end: %d of them are open",
		    SCRIPT_NESTING_MAX);
		return 0;
	}
	if (image->len > SCRIPT_TEXT_MAX) {
		script_set_end(s, SCRIPT_END_LIMIT, 0,
		    "a script is larger than %d bytes", SCRIPT_TEXT_MAX);
		return 0;
	}
	if (lex_script_parse(image->bytes, image->len, &f.lex) < 0)
		return script_nomem(s);
	enter(s, &f);
	status = run_lines(s, &f);
	leave(s, &f);
	return status;
}

static void
end_by_fate(struct script *s, enum script_fate fate,
    const struct script_image *image)
{
	switch (fate) {
	case SCRIPT_FATE_STATUS:
		return;
	case SCRIPT_FATE_BOOT:
		script_set_end(s, SCRIPT_END_BOOT, 0, "started %s",
		    image->name);
		break;
	case SCRIPT_FATE_REPLACED:
		script_set_end(s, SCRIPT_END_REPLACED, 0, "handed over to %s",
		    image->name);
		break;
	case SCRIPT_FATE_SAN:
		script_set_end(s, SCRIPT_END_SAN, 0, "booted from %s",
		    image->name);
		break;
	}
	s->end.booted = image;
}

static uint32_t
run_program(struct script *s, const struct script_image *image)
{
	enum script_fate fate = SCRIPT_FATE_STATUS;
	uint32_t status = script_error_plain(SCRIPT_ENOTSUP);

	if (!script_image_runs(s, image))
		return SCRIPT_ERR_IMAGE_TYPE;
	if (s->host->exec)
		status = s->host->exec(s->host->ctx, s, image,
		    image->cmdline ? image->cmdline : "", &fate);
	if (!s->over)
		end_by_fate(s, fate, image);
	return status;
}

/*
 * Run one image with its URI as the working URI. A script is off the list
 * while it runs, and at the list's end afterwards, unless another has
 * replaced it.
 */
static uint32_t
run_image(struct script *s, struct script_image *image)
{
	bool is_script = script_is_script(image->bytes, image->len);
	char *old = s->cwuri;
	uint32_t status;

	if (s->trust_required && !image->trusted)
		return SCRIPT_ERR_UNTRUSTED;
	s->cwuri = NULL;
	if (script_set_cwuri(s, image->uri[0] ? image->uri : old) == -ENOMEM)
		(void)script_nomem(s);
	if (is_script) {
		script_image_unregister(s, image);
		image->hidden = true;
		status = run_script(s, image);
		image->hidden = false;
		script_image_register(s, image);
	} else {
		status = run_program(s, image);
	}
	if (script_set_cwuri(s, old) == -ENOMEM)
		(void)script_nomem(s);
	free(old);
	if ((image->autofree || s->replace) && s->end.booted != image) {
		script_image_unregister(s, image);
		script_image_free(image);
	}
	return status;
}

uint32_t
script_exec_image(struct script *s, struct script_image *image)
{
	uint32_t status;

	do {
		s->replace = NULL;
		status = run_image(s, image);
		image = s->replace;
	} while (image && !s->over);
	return status;
}

uint32_t
script_exec_line(struct script *s, const char *line)
{
	struct script_frame f = { .uri = "" };
	uint32_t status;

	if (lex_script_parse(line, strlen(line), &f.lex) < 0)
		return script_nomem(s);
	enter(s, &f);
	status = run_lines(s, &f);
	leave(s, &f);
	return status;
}
