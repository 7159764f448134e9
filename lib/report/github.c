#include "report/github.h"

#include "report/lint.h"

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
report_github(const struct lint_file *files, struct sbuf *out)
{
	static const char *const words[] = {
		[FAULT_NOTE] = "notice", [FAULT_WARNING] = "warning",
		[FAULT_ERROR] = "error",
	};

	for (const struct lint_file *f = files; f; f = f->next) {
		for (const struct lint_finding *o = f->findings; o;
		    o = o->next) {
			struct sbuf text = SBUF_EMPTY;

			sbuf_escape(&text, o->message, strlen(o->message));
			if (o->kinds) {
				sbuf_add(&text, "\nhits: ");
				report_lint_hits(f, o, &text);
			}
			sbuf_printf(&text, "\nfix:\n%s",
			    report_lint_fix(f, o));
			sbuf_printf(out, "::%s file=", words[o->severity]);
			add_escaped(out, o->pos.file, true);
			if (o->pos.line)
				sbuf_printf(out, ",line=%u", o->pos.line);
			if (o->pos.line && o->pos.column)
				sbuf_printf(out, ",col=%u", o->pos.column);
			sbuf_printf(out, ",title=%s::", o->fault->id);
			add_escaped(out, sbuf_str(&text), false);
			sbuf_addc(out, '\n');
			sbuf_release(&text);
		}
	}
}
