#include "report/script_check.h"

#include "report/json.h"

#include <errno.h>
#include <string.h>

static const char *
fix_of(const struct finding *o)
{
	return o->fix ? o->fix : fault_fix(o->fault, "script");
}

/* What happens, and a remedy of the catalogue, are told once a file. */
static void
text_fix(const struct check_file *f, const struct finding *o,
    struct sbuf *out)
{
	const struct finding *p = f->found;

	while (p != o && p->fault != o->fault)
		p++;
	if (p == o)
		found_text_fix(o, fix_of(o), out);
	else if (o->fix)
		sbuf_printf(out, "  fix: %s\n", o->fix);
}

static void
text_end(const struct check_file *f, struct sbuf *out)
{
	size_t n[FAULT_ERROR + 1] = { 0 };

	for (size_t i = 0; i < f->n_found; i++)
		n[f->found[i].severity]++;
	sbuf_escape(out, f->path, strlen(f->path));
	sbuf_add(out, ": ");
	found_text_counts(n, out);
	if (f->n_suppressed)
		sbuf_printf(out, ", %zu ignored by comments",
		    f->n_suppressed);
	if (f->engine)
		sbuf_add(out, "; a template is not judged");
	else
		sbuf_printf(out, "; %zu URL%s on %s", f->n_urls,
		    f->n_urls == 1 ? "" : "s", f->complete ?
		    "all ways through the script" :
		    "the ways that were gone: there are more than are gone");
	sbuf_addc(out, '\n');
}

void
report_check_text(const struct check_file *files, bool color,
    struct sbuf *out)
{
	for (const struct check_file *f = files; f; f = f->next) {
		for (size_t i = 0; i < f->n_found; i++) {
			const struct finding *o = &f->found[i];

			found_text_head(o, color, out);
			found_text_source(o, out);
			text_fix(f, o, out);
			sbuf_addc(out, '\n');
		}
		text_end(f, out);
	}
}

void
report_check_urls(const struct check_file *files, struct sbuf *out)
{
	for (const struct check_file *f = files; f; f = f->next) {
		for (size_t i = 0; i < f->n_urls; i++) {
			const struct check_url *u = &f->urls[i];

			sbuf_escape(out, u->text, strlen(u->text));
			sbuf_addc(out, '\t');
			sbuf_escape(out, f->path, strlen(f->path));
			for (size_t k = 0; k < u->n_lines; k++)
				sbuf_printf(out, "%c%u", k ? ',' : ':',
				    u->lines[k]);
			sbuf_addc(out, '\n');
		}
	}
}

/* Lines with their tabs, which are text here. */
static void
set_text(json_t *obj, const char *key, const char *s)
{
	json_t *text = s ? json_string(s) : NULL;

	if (text)
		json_object_set_new(obj, key, text);
	else if (s)
		report_set_bytes(obj, key, s, strlen(s));
}

static json_t *
json_finding(const struct finding *o)
{
	json_t *j = json_object();

	report_set_str(j, "fault", o->fault->id);
	report_set_str(j, "severity", fault_severity_name(o->severity));
	report_set_bytes(j, "file", o->file, strlen(o->file));
	json_object_set_new(j, "line", json_integer(o->line));
	json_object_set_new(j, "column", json_integer(o->column));
	set_text(j, "source", o->source);
	set_text(j, "message", o->message);
	json_object_set_new(j, "clients", json_array());
	json_object_set_new(j, "request", json_null());
	set_text(j, "meaning", o->fault->meaning);
	set_text(j, "fix", fix_of(o));
	return j;
}

static json_t *
json_url(const struct check_file *f, const struct check_url *u)
{
	json_t *j = json_object();
	json_t *lines = json_array();

	set_text(j, "uri", u->text);
	report_set_bytes(j, "file", f->path, strlen(f->path));
	for (size_t i = 0; i < u->n_lines; i++)
		json_array_append_new(lines, json_integer(u->lines[i]));
	json_object_set_new(j, "lines", lines);
	return j;
}

int
report_check_json(const struct check_file *files, bool urls,
    struct sbuf *out)
{
	json_t *root = report_head("script check");
	json_t *paths = json_array();
	json_t *findings = json_array();
	json_t *uris = json_array();
	json_t *templates = json_array();
	size_t n_suppressed = 0;
	size_t n_states = 0;
	bool complete = true;

	for (const struct check_file *f = files; f; f = f->next) {
		json_array_append_new(paths, json_string(f->path));
		for (size_t i = 0; i < f->n_found; i++)
			json_array_append_new(findings,
			    json_finding(&f->found[i]));
		for (size_t i = 0; i < f->n_urls; i++)
			json_array_append_new(uris,
			    json_url(f, &f->urls[i]));
		if (f->engine)
			json_array_append_new(templates, json_pack(
			    "{s:s, s:s}", "file", f->path, "engine",
			    f->engine));
		n_suppressed += f->n_suppressed;
		n_states += f->n_states;
		complete = complete && f->complete && !f->engine;
	}
	json_object_set_new(root, "files", paths);
	json_object_set_new(root, "findings", findings);
	json_object_set_new(root, "templates", templates);
	if (urls)
		json_object_set(root, "uris", uris);
	json_decref(uris);
	json_object_set_new(root, "suppressed",
	    json_integer((json_int_t)n_suppressed));
	json_object_set_new(root, "proof", json_pack("{s:b, s:I}",
	    "complete", complete, "states", (json_int_t)n_states));
	return report_dump(root, 2, out);
}

int
report_check_found(const struct check_file *files, struct found_list *ret)
{
	struct found_list l = { .command = "script check",
		.clean = "nothing is found in it", .arena = ARENA_EMPTY };

	for (const struct check_file *f = files; f; f = f->next) {
		struct found_file *file = found_list_add(&l, f->path,
		    f->n_found);

		if (!file) {
			found_list_release(&l);
			return -ENOMEM;
		}
		for (size_t i = 0; i < f->n_found; i++) {
			file->found[i].is = &f->found[i];
			file->found[i].fix = fix_of(&f->found[i]);
		}
		file->n = f->n_found;
	}
	*ret = l;
	return 0;
}
