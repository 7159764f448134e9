/*
 * Commands that ask a person for values, one field after another.
 */
#include "script/cmd.h"

#include <string.h>

/* Ask for one value, and store it. */
static uint32_t
ask_field(struct script *s, const char *name)
{
	struct setting_ref ref;
	struct sbuf old = SBUF_EMPTY;
	struct sbuf text = SBUF_EMPTY;
	uint32_t status = args_setting(s, name, &ref);

	if (status)
		return status;
	(void)settings_get_text(s->settings, name, &old);
	if (s->host->read_line && s->host->read_line(s->host->ctx,
	    sbuf_str(&old), 0, &text))
		status = cmd_store(s, &ref, sbuf_str(&text));
	else if (!s->over)
		script_set_end(s, SCRIPT_END_LIMIT, 0, "waits for a value of "
		    "'%.80s', and nobody is there to type one", name);
	sbuf_release(&old);
	sbuf_release(&text);
	return status;
}

uint32_t
cmd_login(struct script *s, const struct script_args *a)
{
	uint32_t status = ask_field(s, "username");

	(void)a;
	return status || s->over ? status : ask_field(s, "password");
}

uint32_t
cmd_present(struct script *s, const struct script_args *a)
{
	const char *name = args_text(a, 'f') ? args_text(a, 'f') : "";
	const struct script_menu *m = script_menu_find(s, name);
	uint32_t status = 0;

	if (!m)
		return script_no_list(s, name, "user interface");
	for (const struct script_menu_item *i = m->first; i && status == 0 &&
	    !s->over; i = i->next)
		if (i->name)
			status = ask_field(s, i->name);
	if (!args_has(a, 'k'))
		script_menu_drop(s, name);
	return status;
}
