#include "client/script_record.h"

#include "base/util.h"
#include "script/uri.h"

#include <stdlib.h>
#include <string.h>

/* Ceilings: a run that prints more goes on, and is not written down. */
enum { LINES_MAX = 200000, LOADS_MAX = 20000 };

/* Make room for one more element. Return: the array, or NULL. */
static void *
grow(void *array, size_t n, size_t size)
{
	/* Powers of two: at 0, 1, 2, 4 ... elements there is no more room. */
	if (n & (n - 1))
		return array;
	return realloc(array, (n ? 2 * n : 1) * size);
}

static bool
add_line(char ***lines, size_t *n, const char *text)
{
	char **grown;
	char *copy;

	if (*n == LINES_MAX)
		return true;
	grown = grow(*lines, *n, sizeof(*grown));
	if (!grown)
		return false;
	*lines = grown;
	copy = strdup(text);
	if (!copy)
		return false;
	grown[(*n)++] = copy;
	return true;
}

bool
record_note(struct script_record *r, const char *text)
{
	return add_line(&r->notes, &r->n_notes, text);
}

/* Blanks that were printed over an erased prompt are no text. */
static void
trim(struct sbuf *line, size_t column)
{
	while (line->len > column && line->text[line->len - 1] == ' ')
		line->text[--line->len] = '\0';
}

static void
put(struct script_console *c, char ch)
{
	if (ch == '\b') {
		if (c->column > 0)
			c->column--;
	} else if (ch == '\r') {
		c->column = 0;
	} else if (c->column < c->line.len) {
		c->line.text[c->column++] = ch;
	} else {
		sbuf_addc(&c->line, ch);
		c->column = c->line.len;
	}
}

bool
record_console(struct script_record *r, struct script_console *c,
    const char *text, size_t len,
    void (*done)(void *ctx, const char *line), void *ctx)
{
	bool ok = true;

	for (size_t i = 0; i < len && ok; i++) {
		if (text[i] != '\n') {
			put(c, text[i]);
			continue;
		}
		trim(&c->line, c->column);
		ok = add_line(&r->console, &r->n_console,
		    sbuf_str(&c->line));
		done(ctx, sbuf_str(&c->line));
		sbuf_clear(&c->line);
		c->column = 0;
	}
	return ok && !c->line.bad;
}

struct script_load *
record_load(struct script_record *r, const struct script_request *req)
{
	struct script_load *loads;
	struct script_load *l;
	struct sbuf body = SBUF_EMPTY;

	if (r->n_loads == LOADS_MAX)
		return NULL;
	loads = grow(r->loads, r->n_loads, sizeof(*loads));
	if (!loads)
		return NULL;
	r->loads = loads;
	l = &loads[r->n_loads++];
	memset(l, 0, sizeof(*l));
	l->uri = strdup(req->uri);
	l->method = strdup(strncmp(req->uri, "http", 4) != 0 ? "RRQ" :
	    req->params ? script_params_method(req->params) : "GET");
	if (req->params && script_params_has_body(req->params)) {
		script_params_body(req->params, &body);
		l->body = sbuf_steal(&body);
	}
	sbuf_release(&body);
	return l->uri && l->method ? l : NULL;
}

static void
free_images(struct script_record *r)
{
	for (size_t i = 0; i < r->n_images; i++) {
		free(r->images[i].name);
		free(r->images[i].uri);
		free(r->images[i].cmdline);
	}
	free(r->images);
	r->images = NULL;
	r->n_images = 0;
}

static bool
add_image(struct script_record *r, const struct script_image *image,
    bool is_kernel)
{
	struct script_record_image *images = grow(r->images, r->n_images,
	    sizeof(*images));
	struct script_record_image *to;

	if (!images)
		return false;
	r->images = images;
	to = &images[r->n_images++];
	memset(to, 0, sizeof(*to));
	to->name = strdup(image->name);
	to->uri = strdup(image->uri);
	to->cmdline = image->cmdline ? strdup(image->cmdline) : NULL;
	to->len = image->len;
	to->kind = image->what.kind;
	to->is_kernel = is_kernel;
	return to->name && to->uri && (to->cmdline || !image->cmdline);
}

bool
record_images(struct script_record *r, const struct script *s,
    const struct script_image *kernel)
{
	bool ok = true;

	free_images(r);
	for (const struct script_image *i = script_images(s); i && ok;
	    i = i->next)
		ok = add_image(r, i, i == kernel);
	return ok;
}

struct setting_walk {
	struct script_record *r;
	size_t word;
	bool ok;
};

static bool
add_setting(void *ctx, const struct setting_value *v)
{
	struct setting_walk *w = ctx;
	struct script_record *r = w->r;
	struct script_record_setting *to;
	struct sbuf name = SBUF_EMPTY;
	struct sbuf text = SBUF_EMPTY;

	if (strcmp(v->block, "builtin") == 0)
		return true;
	to = grow(r->settings, r->n_settings, sizeof(*to));
	w->ok = to != NULL;
	if (!to)
		return false;
	r->settings = to;
	to += r->n_settings++;
	sbuf_printf(&name, "%s%s%s", v->block, v->block[0] ? "/" : "", v->name);
	if (setting_format(&text, v->type, v->bytes, v->len, w->word) < 0)
		sbuf_clear(&text);
	to->type = v->type;
	to->value_len = text.len;
	to->name = sbuf_steal(&name);
	to->value = sbuf_steal(&text);
	w->ok = to->name && to->value;
	return w->ok;
}

bool
record_settings(struct script_record *r, struct script *s)
{
	struct setting_walk w = { .r = r, .word = 8, .ok = true };

	settings_each(script_settings(s), add_setting, &w);
	return w.ok;
}

void
script_record_release(struct script_record *r)
{
	for (size_t i = 0; i < r->n_console; i++)
		free(r->console[i]);
	for (size_t i = 0; i < r->n_notes; i++)
		free(r->notes[i]);
	for (size_t i = 0; i < r->n_loads; i++) {
		free(r->loads[i].uri);
		free(r->loads[i].method);
		free(r->loads[i].body);
	}
	for (size_t i = 0; i < r->n_settings; i++) {
		free(r->settings[i].name);
		free(r->settings[i].value);
	}
	free_images(r);
	free(r->console);
	free(r->notes);
	free(r->loads);
	free(r->settings);
	memset(r, 0, sizeof(*r));
}

bool
script_record_is_good(const struct script_record *r)
{
	switch (r->end.kind) {
	case SCRIPT_END_BOOT:
	case SCRIPT_END_SAN:
	case SCRIPT_END_POWEROFF:
	case SCRIPT_END_REBOOT:
	case SCRIPT_END_REPLACED:
		return true;
	case SCRIPT_END_EXIT:
		return r->end.status == 0;
	case SCRIPT_END_ERROR:
	case SCRIPT_END_SHELL:
	case SCRIPT_END_LIMIT:
		break;
	}
	return false;
}
