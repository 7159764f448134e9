#include "report/matrix.h"

#include "report/json.h"

#include <string.h>

#define RED     "\033[31m"
#define GREEN   "\033[32m"
#define PLAIN   "\033[0m"

/* "firmware: ipxe.efi" for each stage that was told something to load. */
static void
add_stages(const struct boot *b, struct sbuf *out)
{
	for (size_t i = 0; i < b->n_stages; i++) {
		const struct boot_stage *s = &b->stages[i];

		sbuf_printf(out, "%s%s", i ? "  >  " : "", s->stage);
		if ((s->bound || s->bound6) && s->target.file[0]) {
			sbuf_addc(out, ' ');
			sbuf_escape(out, s->target.file,
			    strlen(s->target.file));
		}
	}
	if (b->end != BOOT_END_NONE)
		sbuf_printf(out, "  >  %s", boot_end_name(b->end));
}

static void
add_row(const struct monitor_boot *m, bool color, struct sbuf *out)
{
	const struct boot *b = m->boot;

	sbuf_printf(out, "%-17s %6.1f s  %s%-24s%s  ", b->persona,
	    b->duration_s, color ? (m->ok ? GREEN : RED) : "",
	    boot_verdict(b), color ? PLAIN : "");
	add_stages(b, out);
	sbuf_addc(out, '\n');
}

void
report_matrix_text(const struct monitor_boot *row, size_t n,
    const struct expect *e, size_t n_expects, bool color, struct sbuf *out)
{
	struct report_boot r = { .color = color };
	size_t n_ok = 0;

	for (size_t i = 0; i < n; i++) {
		n_ok += row[i].ok;
		add_row(&row[i], color, out);
	}
	for (size_t i = 0; i < n; i++) {
		const struct boot *b = row[i].boot;

		if (row[i].ok)
			continue;
		sbuf_printf(out, "\n%s: ", b->persona);
		if (b->fault) {
			sbuf_printf(out, "%s: ", b->fault->id);
			sbuf_escape(out, b->message, strlen(b->message));
		}
		sbuf_addc(out, '\n');
		report_boot_expect(&r, b, e, n_expects, out);
	}
	sbuf_printf(out, "\n%zu of %zu machines boot%s\n", n_ok, n,
	    n_expects ? " as expected" : "");
}

json_t *
report_matrix_json(const struct monitor_boot *row, size_t n,
    const struct expect *e, size_t n_expects)
{
	json_t *j = report_head("client");
	json_t *boots = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *o = report_boot_json(row[i].boot, e, n_expects);

		json_object_set_new(o, "ok", json_boolean(row[i].ok));
		json_array_append_new(boots, o);
	}
	json_object_set_new(j, "boots", boots);
	return j;
}
