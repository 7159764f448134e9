/*
 * Commands that steer the script, talk to the person and end the run.
 */
#include "script/cmd.h"

#include <stdlib.h>
#include <string.h>

uint32_t
cmd_echo(struct script *s, const struct script_args *a)
{
	char *text = args_join(s, a, 0);

	if (text)
		script_print(s, "%s%s", text, args_has(a, 'n') ? "" : "\n");
	free(text);
	return 0;
}

uint32_t
cmd_isset(struct script *s, const struct script_args *a)
{
	(void)s;
	return a->rest[0][0] ? 0 : SCRIPT_ERR_ISSET;
}

uint32_t
cmd_iseq(struct script *s, const struct script_args *a)
{
	(void)s;
	return strcmp(a->rest[0], a->rest[1]) == 0 ? 0 : SCRIPT_ERR_ISEQ;
}

uint32_t
cmd_goto(struct script *s, const struct script_args *a)
{
	struct script_frame *f = s->frame;
	ptrdiff_t line;

	if (!f->is_script) {
		script_say_error(s, "Not in a script", SCRIPT_ERR_NOT_SCRIPT);
		return SCRIPT_ERR_NOT_SCRIPT;
	}
	s->work += f->lex.n_lines;
	line = lex_find_label(&f->lex, a->rest[0]);
	if (line < 0)
		return SCRIPT_ERR_LABEL;
	f->next = (size_t)line;
	s->jumped = true;
	return 0;
}

uint32_t
cmd_exit(struct script *s, const struct script_args *a)
{
	int64_t status = 0;

	if (a->n > 0 && args_integer(s, a->rest[0], &status))
		return SCRIPT_ERR_INTEGER;
	s->leave = true;
	s->left_by_exit = true;
	/* Statuses are shown without their sign. */
	return (uint32_t)(status < 0 ? -status : status);
}

uint32_t
cmd_sleep(struct script *s, const struct script_args *a)
{
	int64_t seconds;

	if (args_integer(s, a->rest[0], &seconds))
		return SCRIPT_ERR_INTEGER;
	if (s->host->sleep && seconds > 0)
		s->host->sleep(s->host->ctx, (uint64_t)seconds * 1000);
	return 0;
}

/* Take the prompt's text off the screen, as iPXE does. */
static void
erase(struct script *s, const char *text)
{
	struct sbuf b = SBUF_EMPTY;

	for (size_t i = strlen(text); i > 0; i--)
		sbuf_add(&b, "\b \b");
	script_print(s, "%s", sbuf_str(&b));
	sbuf_release(&b);
}

uint32_t
cmd_prompt(struct script *s, const struct script_args *a)
{
	uint64_t timeout_ms = args_timeout(a, 't');
	int64_t want = args_number(a, 'k', 0);
	char *text = args_join(s, a, 0);
	int key = SCRIPT_KEY_NONE;

	if (!text)
		return script_error_plain(SCRIPT_ENOMEM);
	script_print(s, "%s", text);
	if (s->host->key)
		key = s->host->key(s->host->ctx, timeout_ms);
	else if (s->host->sleep && timeout_ms > 0)
		s->host->sleep(s->host->ctx, timeout_ms);
	if (!s->over)
		erase(s, text);
	free(text);
	if (key == SCRIPT_KEY_NONE && timeout_ms == 0)
		script_set_end(s, SCRIPT_END_LIMIT, 0,
		    "waits for a key, and nobody is there to press one");
	if (key == SCRIPT_KEY_NONE)
		return SCRIPT_ERR_KEY_TIMEOUT;
	return want && key != want ? SCRIPT_ERR_KEY_OTHER : 0;
}

uint32_t
cmd_config(struct script *s, const struct script_args *a)
{
	if (a->n > 0 && !settings_has_block(s->settings, a->rest[0])) {
		script_print(s, "\"%s\": no such scope\n", a->rest[0]);
		return SCRIPT_ERR_SCOPE;
	}
	script_set_end(s, SCRIPT_END_LIMIT, 0, "opens the editor of settings, "
	    "and nobody is there to leave it");
	return 0;
}

uint32_t
cmd_time(struct script *s, const struct script_args *a)
{
	uint64_t (*now)(void *ctx) = s->host->now_ms;
	uint64_t since_ms = now ? now(s->host->ctx) : 0;
	uint32_t status;
	uint64_t took_ms;

	if (++s->nesting > SCRIPT_NESTING_MAX) {
		script_set_end(s, SCRIPT_END_LIMIT, 0,
		    "commands run commands without end");
		status = 0;
	} else {
		status = script_exec_words(s, a->rest, a->n);
	}
	s->nesting--;
	took_ms = now ? now(s->host->ctx) - since_ms : 0;
	if (!s->over)
		script_print(s, "%s: %llu.%llus\n", a->rest[0],
		    (unsigned long long)(took_ms / 1000),
		    (unsigned long long)(took_ms % 1000 / 100));
	return status;
}

uint32_t
cmd_shell(struct script *s, const struct script_args *a)
{
	(void)a;
	script_set_end(s, SCRIPT_END_SHELL, 0, "started the iPXE shell");
	return 0;
}

uint32_t
cmd_reboot(struct script *s, const struct script_args *a)
{
	(void)a;
	script_set_end(s, SCRIPT_END_REBOOT, 0, "rebooted the machine");
	return 0;
}

uint32_t
cmd_poweroff(struct script *s, const struct script_args *a)
{
	(void)a;
	script_set_end(s, SCRIPT_END_POWEROFF, 0, "switched the machine off");
	return 0;
}

uint32_t
cmd_nothing(struct script *s, const struct script_args *a)
{
	(void)s;
	(void)a;
	return 0;
}
