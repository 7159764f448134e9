#include "report/xml.h"

#include <string.h>

void
xml_add(struct sbuf *out, const char *s)
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
