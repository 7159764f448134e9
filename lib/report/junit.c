#include "report/junit.h"

#include "base/text.h"

#include <string.h>

/* XML 1.0 has no place at all for most control characters. */
static void
add_xml(struct sbuf *out, const char *s)
{
	struct sbuf safe = SBUF_EMPTY;

	for (const char *p = s; *p; ) {
		size_t n = strcspn(p, "\n");

		sbuf_escape(&safe, p, n);
		p += n;
		if (*p == '\n') {
			sbuf_addc(&safe, '\n');
			p++;
		}
	}
	for (const char *p = sbuf_str(&safe); *p; p++) {
		switch (*p) {
		case '&':
			sbuf_add(out, "&amp;");
			break;
		case '<':
			sbuf_add(out, "&lt;");
			break;
		case '>':
			sbuf_add(out, "&gt;");
			break;
		case '"':
			sbuf_add(out, "&quot;");
			break;
		default:
			sbuf_addc(out, *p);
		}
	}
	sbuf_release(&safe);
}

static void
add_case(const struct found *o, bool failed, struct sbuf *out)
{
	sbuf_add(out, "    <testcase classname=\"");
	add_xml(out, o->is->file);
	sbuf_printf(out, "\" name=\"%s at line %u\">\n", o->is->fault->id,
	    o->is->line);
	sbuf_printf(out, "      <%s", failed ? "failure" : "system-out");
	if (failed) {
		sbuf_printf(out, " type=\"%s\" message=\"",
		    fault_severity_name(o->is->severity));
		add_xml(out, o->is->message);
		sbuf_addc(out, '"');
	}
	sbuf_addc(out, '>');
	add_xml(out, o->is->file);
	sbuf_printf(out, ":%u:%u: ", o->is->line, o->is->column);
	add_xml(out, o->is->message);
	if (o->hits) {
		sbuf_add(out, "\nhits: ");
		add_xml(out, o->hits);
	}
	sbuf_add(out, "\nfix:\n");
	add_xml(out, o->fix);
	sbuf_printf(out, "</%s>\n    </testcase>\n",
	    failed ? "failure" : "system-out");
}

void
report_junit(const struct found_list *l, enum fault_severity fail_on,
    struct sbuf *out)
{
	sbuf_printf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<testsuites name=\"pxetool %s\">\n", l->command);
	for (const struct found_file *f = l->files; f; f = f->next) {
		size_t n = 0;
		size_t n_failed = 0;

		for (const struct found *o = f->found; o < f->found + f->n;
		    o++) {
			n++;
			n_failed += o->is->severity >= fail_on;
		}
		sbuf_add(out, "  <testsuite name=\"");
		add_xml(out, f->path);
		sbuf_printf(out, "\" tests=\"%zu\" failures=\"%zu\">\n",
		    n ? n : 1, n_failed);
		for (const struct found *o = f->found; o < f->found + f->n;
		    o++)
			add_case(o, o->is->severity >= fail_on, out);
		if (n == 0) {
			sbuf_add(out, "    <testcase classname=\"");
			add_xml(out, f->path);
			sbuf_printf(out, "\" name=\"%s\"/>\n", l->clean);
		}
		sbuf_add(out, "  </testsuite>\n");
	}
	sbuf_add(out, "</testsuites>\n");
}
