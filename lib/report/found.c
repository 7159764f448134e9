#include "report/found.h"

#include "base/text.h"

#include <string.h>

struct found_file *
found_list_add(struct found_list *l, const char *path, size_t n)
{
	struct found_file **tail = &l->files;
	struct found_file *f = arena_alloc(&l->arena, sizeof(*f));

	if (!f)
		return NULL;
	f->path = path;
	f->found = arena_alloc(&l->arena, (n + 1) * sizeof(*f->found));
	if (!f->found)
		return NULL;
	while (*tail)
		tail = &(*tail)->next;
	*tail = f;
	return f;
}

void
found_list_release(struct found_list *l)
{
	arena_release(&l->arena);
	l->files = NULL;
}

void
found_text_place(const char *file, unsigned int line, unsigned int column,
    struct sbuf *out)
{
	sbuf_escape(out, file, strlen(file));
	if (line)
		sbuf_printf(out, ":%u", line);
	if (line && column)
		sbuf_printf(out, ":%u", column);
}

void
found_text_head(const struct finding *o, bool color, struct sbuf *out)
{
	static const char *const paint[] = {
		[FAULT_NOTE] = "\033[36m", [FAULT_WARNING] = "\033[33m",
		[FAULT_ERROR] = "\033[31m",
	};

	found_text_place(o->file, o->line, o->column, out);
	sbuf_printf(out, ": %s%s%s: ", color ? paint[o->severity] : "",
	    fault_severity_name(o->severity), color ? "\033[0m" : "");
	sbuf_show(out, o->message, strlen(o->message));
	sbuf_printf(out, " [%s]\n", o->fault->id);
}

/* One character more at a terminal; a tab as it is, to line up below. */
static void
show_char(const char *p, size_t n, struct sbuf *out)
{
	if (*p == '\t')
		sbuf_addc(out, '\t');
	else
		sbuf_show(out, p, n);
}

/* The line, and a caret below at the same place. */
void
found_text_source(const struct finding *o, struct sbuf *out)
{
	size_t len = o->source ? strlen(o->source) : 0;
	struct sbuf below = SBUF_EMPTY;

	if (!o->source || o->line == 0)
		return;
	while (len > 0 && (o->source[len - 1] == '\r' ||
	    o->source[len - 1] == '\n'))
		len--;
	sbuf_printf(out, "%6u | ", o->line);
	for (size_t i = 0; i < len; ) {
		const char *p = o->source + i;
		size_t n = utf8_len((const uint8_t *)p, len - i);
		size_t from = out->len;

		show_char(p, n ? n : 1, out);
		if (i + 1 < o->column && *p == '\t')
			sbuf_addc(&below, '\t');
		else if (i + 1 < o->column)     /* as it is: one character */
			sbuf_printf(&below, "%*s", out->len - from == n ? 1 :
			    (int)(out->len - from), "");
		i += n ? n : 1;
	}
	sbuf_printf(out, "\n       | %s^\n", sbuf_str(&below));
	sbuf_release(&below);
}

static void
text_indented(const char *text, struct sbuf *out)
{
	while (*text) {
		size_t n = strcspn(text, "\n");

		sbuf_add(out, "    ");
		sbuf_addn(out, text, n);
		sbuf_addc(out, '\n');
		text += n + (text[n] == '\n');
	}
}

void
found_text_fix(const struct finding *o, const char *fix, struct sbuf *out)
{
	sbuf_printf(out, "  what happens: %s\n  fix:\n", o->fault->meaning);
	text_indented(fix, out);
}

void
found_text_counts(const size_t n[FAULT_ERROR + 1], struct sbuf *out)
{
	sbuf_printf(out, "%zu error%s, %zu warning%s, %zu note%s",
	    n[FAULT_ERROR], n[FAULT_ERROR] == 1 ? "" : "s",
	    n[FAULT_WARNING], n[FAULT_WARNING] == 1 ? "" : "s",
	    n[FAULT_NOTE], n[FAULT_NOTE] == 1 ? "" : "s");
}
