#include "report/script_run.h"

#include "base/util.h"
#include "report/boot.h"
#include "report/json.h"

#include <string.h>

void
report_script_line(enum script_event what, const char *line, bool verbose,
    struct sbuf *out)
{
	if (what != SCRIPT_EV_CONSOLE && !verbose)
		return;
	sbuf_add(out, what == SCRIPT_EV_CONSOLE ? "" : "[");
	sbuf_escape(out, line, strlen(line));
	sbuf_add(out, what == SCRIPT_EV_CONSOLE ? "\n" : "]\n");
}

static void
image_line(const char *what, const struct script_record_image *i,
    struct sbuf *out)
{
	const char *from = i->uri[0] ? i->uri : i->name;

	sbuf_printf(out, "%-9s", what);
	sbuf_escape(out, from, strlen(from));
	if (i->cmdline) {
		sbuf_addc(out, ' ');
		sbuf_escape(out, i->cmdline, strlen(i->cmdline));
	}
	sbuf_addc(out, '\n');
}

static void
settings_lines(const struct script_record *r, struct sbuf *out)
{
	for (size_t i = 0; i < r->n_settings; i++) {
		const struct script_record_setting *v = &r->settings[i];

		sbuf_add(out, "setting  ");
		sbuf_escape(out, v->name, strlen(v->name));
		sbuf_printf(out, ":%s = ", setting_type_name(v->type));
		sbuf_escape(out, v->value, v->value_len);
		sbuf_addc(out, '\n');
	}
}

void
report_script_end(const struct script_record *r, bool verbose,
    struct sbuf *out)
{
	const struct script_end *e = &r->end;
	bool boots = false;
	char size[32];

	if (verbose) {
		settings_lines(r, out);
		for (size_t i = 0; i < r->n_images; i++) {
			const struct script_record_image *m = &r->images[i];

			sbuf_add(out, "image    ");
			sbuf_escape(out, m->name, strlen(m->name));
			sbuf_printf(out, ", %s, %s\n",
			    report_size(m->len, size),
			    bootfile_kind_title(m->kind));
		}
	}
	for (size_t i = 0; i < r->n_notes; i++) {
		sbuf_add(out, "note     ");
		sbuf_escape(out, r->notes[i], strlen(r->notes[i]));
		sbuf_addc(out, '\n');
	}
	sbuf_printf(out, "end      %s: ", script_end_name(e->kind));
	sbuf_escape(out, e->text, strlen(e->text));
	if (e->line) {
		sbuf_printf(out, " (line %u of ", e->line);
		sbuf_escape(out, e->uri[0] ? e->uri : "the script",
		    strlen(e->uri[0] ? e->uri : "the script"));
		sbuf_addc(out, ')');
	}
	sbuf_addc(out, '\n');
	for (size_t i = 0; i < r->n_images; i++) {
		if (r->images[i].is_kernel)
			image_line("boot", &r->images[i], out);
		boots = boots || r->images[i].is_kernel;
	}
	for (size_t i = 0; i < r->n_images && boots; i++)
		if (!r->images[i].is_kernel &&
		    r->images[i].kind != BOOTFILE_SCRIPT)
			image_line("initrd", &r->images[i], out);
}

static json_t *
image_json(const struct script_record_image *i)
{
	json_t *j = json_object();

	report_set_bytes(j, "name", i->name, strlen(i->name));
	report_set_str(j, "uri", i->uri);
	report_set_str(j, "cmdline", i->cmdline);
	json_object_set_new(j, "bytes", json_integer((json_int_t)i->len));
	json_object_set_new(j, "kind",
	    json_string(bootfile_kind_name(i->kind)));
	return j;
}

/* Bytes that are no text are escaped: a place in a list has no second key. */
static json_t *
text_json(const char *text)
{
	struct sbuf safe = SBUF_EMPTY;
	json_t *j;

	if (text_is_clean(text, strlen(text)))
		return json_string(text);
	sbuf_escape(&safe, text, strlen(text));
	j = json_string(sbuf_str(&safe));
	sbuf_release(&safe);
	return j;
}

static void
set_boot(const struct script_record *r, json_t *j)
{
	const struct script_record_image *kernel = NULL;
	json_t *initrds;
	json_t *boot;

	for (size_t i = 0; i < r->n_images; i++)
		if (r->images[i].is_kernel)
			kernel = &r->images[i];
	if (!kernel)
		return;
	boot = json_object();
	initrds = json_array();
	report_set_bytes(boot, "kernel", kernel->uri, strlen(kernel->uri));
	report_set_bytes(boot, "cmdline",
	    kernel->cmdline ? kernel->cmdline : "",
	    kernel->cmdline ? strlen(kernel->cmdline) : 0);
	for (size_t i = 0; i < r->n_images; i++)
		if (&r->images[i] != kernel &&
		    r->images[i].kind != BOOTFILE_SCRIPT)
			json_array_append_new(initrds,
			    image_json(&r->images[i]));
	json_object_set_new(boot, "initrds", initrds);
	json_object_set_new(j, "boot", boot);
}

static json_t *
loads_json(const struct script_record *r)
{
	json_t *list = json_array();
	char text[SCRIPT_ERROR_TEXT_MAX];

	for (size_t i = 0; i < r->n_loads; i++) {
		const struct script_load *l = &r->loads[i];
		json_t *j = json_object();

		report_set_bytes(j, "uri", l->uri, strlen(l->uri));
		json_object_set_new(j, "method", text_json(l->method));
		if (l->body)
			report_set_bytes(j, "body", l->body, strlen(l->body));
		json_object_set_new(j, "status", json_integer(l->status));
		if (l->status)
			json_object_set_new(j, "error", json_string(
			    script_error_text(l->status, text)));
		json_object_set_new(j, "bytes",
		    json_integer((json_int_t)l->len));
		json_object_set_new(j, "kind",
		    json_string(bootfile_kind_name(l->kind)));
		json_array_append_new(list, j);
	}
	return list;
}

static json_t *
settings_json(const struct script_record *r)
{
	json_t *j = json_object();

	for (size_t i = 0; i < r->n_settings; i++) {
		const struct script_record_setting *v = &r->settings[i];
		struct sbuf name = SBUF_EMPTY;

		sbuf_escape(&name, v->name, strlen(v->name));
		report_set_bytes(j, sbuf_str(&name), v->value, v->value_len);
		sbuf_release(&name);
	}
	return j;
}

int
report_script_json(const struct script_record *r, struct sbuf *out)
{
	json_t *j = report_head("script run");
	json_t *console = json_array();
	json_t *uris = json_array();
	json_t *images = json_array();
	json_t *notes = json_array();
	const struct script_end *e = &r->end;

	for (size_t i = 0; i < r->n_console; i++)
		json_array_append_new(console, text_json(r->console[i]));
	for (size_t i = 0; i < r->n_loads; i++)
		json_array_append_new(uris, text_json(r->loads[i].uri));
	for (size_t i = 0; i < r->n_notes; i++)
		json_array_append_new(notes, text_json(r->notes[i]));
	for (size_t i = 0; i < r->n_images; i++)
		json_array_append_new(images, image_json(&r->images[i]));
	json_object_set_new(j, "end", json_string(script_end_name(e->kind)));
	json_object_set_new(j, "status", json_integer(e->status));
	report_set_str(j, "message", e->text);
	report_set_str(j, "uri", e->uri);
	if (e->line)
		json_object_set_new(j, "line", json_integer(e->line));
	report_set_str(j, "at_command", e->command);
	json_object_set_new(j, "steps", json_integer((json_int_t)e->steps));
	json_object_set_new(j, "elapsed_s",
	    json_real((double)r->elapsed_ms / 1000.0));
	json_object_set_new(j, "console", console);
	json_object_set_new(j, "uris", uris);
	json_object_set_new(j, "loads", loads_json(r));
	json_object_set_new(j, "images", images);
	set_boot(r, j);
	json_object_set_new(j, "notes", notes);
	json_object_set_new(j, "settings", settings_json(r));
	return report_dump(j, 2, out);
}
