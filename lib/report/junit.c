#include "report/junit.h"

#include "base/text.h"
#include "report/lint.h"

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
add_case(const struct lint_file *f, const struct lint_finding *o,
    bool failed, struct sbuf *out)
{
	struct sbuf hits = SBUF_EMPTY;

	report_lint_hits(f, o, &hits);
	sbuf_add(out, "    <testcase classname=\"");
	add_xml(out, o->pos.file);
	sbuf_printf(out, "\" name=\"%s at line %u\">\n", o->fault->id,
	    o->pos.line);
	sbuf_printf(out, "      <%s", failed ? "failure" : "system-out");
	if (failed) {
		sbuf_printf(out, " type=\"%s\" message=\"",
		    fault_severity_name(o->severity));
		add_xml(out, o->message);
		sbuf_addc(out, '"');
	}
	sbuf_addc(out, '>');
	add_xml(out, o->pos.file);
	sbuf_printf(out, ":%u:%u: ", o->pos.line, o->pos.column);
	add_xml(out, o->message);
	if (o->kinds) {
		sbuf_add(out, "\nhits: ");
		add_xml(out, sbuf_str(&hits));
	}
	sbuf_add(out, "\nfix:\n");
	add_xml(out, report_lint_fix(f, o));
	sbuf_printf(out, "</%s>\n    </testcase>\n",
	    failed ? "failure" : "system-out");
	sbuf_release(&hits);
}

void
report_junit(const struct lint_file *files, enum fault_severity fail_on,
    struct sbuf *out)
{
	sbuf_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<testsuites name=\"pxetool lint\">\n");
	for (const struct lint_file *f = files; f; f = f->next) {
		size_t n = 0;
		size_t n_failed = 0;

		for (const struct lint_finding *o = f->findings; o;
		    o = o->next) {
			n++;
			n_failed += o->severity >= fail_on;
		}
		sbuf_add(out, "  <testsuite name=\"");
		add_xml(out, f->path);
		sbuf_printf(out, "\" tests=\"%zu\" failures=\"%zu\">\n",
		    n ? n : 1, n_failed);
		for (const struct lint_finding *o = f->findings; o;
		    o = o->next)
			add_case(f, o, o->severity >= fail_on, out);
		if (n == 0) {
			sbuf_add(out, "    <testcase classname=\"");
			add_xml(out, f->path);
			sbuf_add(out, "\" name=\"every client boots\"/>\n");
		}
		sbuf_add(out, "  </testsuite>\n");
	}
	sbuf_add(out, "</testsuites>\n");
}
