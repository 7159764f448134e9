#include "report/junit.h"

#include "base/text.h"
#include "report/xml.h"

static void
add_case(const struct found *o, bool failed, struct sbuf *out)
{
	sbuf_add(out, "    <testcase classname=\"");
	xml_add(out, o->is->file);
	sbuf_printf(out, "\" name=\"%s at line %u\">\n", o->is->fault->id,
	    o->is->line);
	sbuf_printf(out, "      <%s", failed ? "failure" : "system-out");
	if (failed) {
		sbuf_printf(out, " type=\"%s\" message=\"",
		    fault_severity_name(o->is->severity));
		xml_add(out, o->is->message);
		sbuf_addc(out, '"');
	}
	sbuf_addc(out, '>');
	xml_add(out, o->is->file);
	sbuf_printf(out, ":%u:%u: ", o->is->line, o->is->column);
	xml_add(out, o->is->message);
	if (o->hits) {
		sbuf_add(out, "\nhits: ");
		xml_add(out, o->hits);
	}
	sbuf_add(out, "\nfix:\n");
	xml_add(out, o->fix);
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
		xml_add(out, f->path);
		sbuf_printf(out, "\" tests=\"%zu\" failures=\"%zu\">\n",
		    n ? n : 1, n_failed);
		for (const struct found *o = f->found; o < f->found + f->n;
		    o++)
			add_case(o, o->is->severity >= fail_on, out);
		if (n == 0) {
			sbuf_add(out, "    <testcase classname=\"");
			xml_add(out, f->path);
			sbuf_printf(out, "\" name=\"%s\"/>\n", l->clean);
		}
		sbuf_add(out, "  </testsuite>\n");
	}
	sbuf_add(out, "</testsuites>\n");
}
