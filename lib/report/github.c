#include "report/github.h"


#include <string.h>

/* What would end a command or one of its properties is written as %XX. */
static void
add_escaped(struct sbuf *out, const char *s, bool is_property)
{
	for (; *s; s++) {
		if (*s == '%' || *s == '\r' || *s == '\n' ||
		    (is_property && (*s == ':' || *s == ',')))
			sbuf_printf(out, "%%%02X", (unsigned char)*s);
		else
			sbuf_addc(out, *s);
	}
}

void
report_github(const struct found_list *l, struct sbuf *out)
{
	static const char *const words[] = {
		[FAULT_NOTE] = "notice", [FAULT_WARNING] = "warning",
		[FAULT_ERROR] = "error",
	};

	for (const struct found_file *f = l->files; f; f = f->next) {
		for (const struct found *o = f->found; o < f->found + f->n;
		    o++) {
			struct sbuf text = SBUF_EMPTY;

			sbuf_show(&text, o->is->message, strlen(o->is->message));
			if (o->hits)
				sbuf_printf(&text, "\nhits: %s", o->hits);
			sbuf_printf(&text, "\nfix:\n%s",
			    o->fix);
			sbuf_printf(out, "::%s file=", words[o->is->severity]);
			add_escaped(out, o->is->file, true);
			if (o->is->line)
				sbuf_printf(out, ",line=%u", o->is->line);
			if (o->is->line && o->is->column)
				sbuf_printf(out, ",col=%u", o->is->column);
			sbuf_printf(out, ",title=%s::", o->is->fault->id);
			add_escaped(out, sbuf_str(&text), false);
			sbuf_addc(out, '\n');
			sbuf_release(&text);
		}
	}
}
