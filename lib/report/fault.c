#include "report/fault.h"

#include "base/util.h"
#include "report/json.h"

#include <errno.h>
#include <string.h>

static const char page_indent[] = "    ";

/* What the places of remedies are called on the page. */
static const struct {
	const char *where;
	const char *name;
} places[] = {
	{ "isc", "ISC dhcpd" },
	{ "dnsmasq", "dnsmasq" },
	{ "kea", "Kea" },
	{ "windows", "Windows Server" },
	{ "serve", "pxetool serve" },
	{ "tftp", "TFTP server" },
	{ "http", "web server" },
	{ "network", "network" },
	{ "firmware", "firmware or boot program" },
	{ "script", "script or system" },
};

static const char *
place_name(const char *where)
{
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		if (strcmp(places[i].where, where) == 0)
			return places[i].name;
	return where;
}

/* The words of @text in lines of at most REPORT_WIDTH columns. */
static void
add_prose(struct sbuf *out, const char *text)
{
	size_t column = 0;

	while (text[0]) {
		size_t len = strcspn(text, " ");

		if (column > 0 && column + 1 + len > REPORT_WIDTH) {
			sbuf_addc(out, '\n');
			column = 0;
		}
		if (column == 0) {
			sbuf_add(out, page_indent);
			column = strlen(page_indent);
		} else {
			sbuf_addc(out, ' ');
			column++;
		}
		sbuf_addn(out, text, len);
		column += len;
		text += len;
		text += strspn(text, " ");
	}
	sbuf_addc(out, '\n');
}

static void
add_lines(struct sbuf *out, const char *text)
{
	for (;;) {
		size_t len = strcspn(text, "\n");

		if (len > 0)
			sbuf_add(out, page_indent);
		sbuf_addn(out, text, len);
		sbuf_addc(out, '\n');
		if (!text[len])
			break;
		text += len + 1;
	}
}

static void
add_section(struct sbuf *out, const char *title, const char *text)
{
	if (!text)
		return;
	sbuf_printf(out, "\n%s\n", title);
	add_prose(out, text);
}

static const char *
lint_sentence(enum fault_lint lint)
{
	switch (lint) {
	case FAULT_LINT_YES:
		return "the configuration alone shows it";
	case FAULT_LINT_PARTLY:
		return "the configuration hints at it";
	case FAULT_LINT_NO:
		break;
	}
	return "no configuration shows it";
}

void
report_fault_list(const struct fault *rows, size_t n, struct sbuf *out)
{
	int width = 0;

	for (size_t i = 0; i < n; i++)
		if ((int)strlen(rows[i].id) > width)
			width = (int)strlen(rows[i].id);
	for (int l = FAULT_LINK; l <= FAULT_SCRIPT; l++) {
		sbuf_sep(out, "\n");
		sbuf_printf(out, "%s\n", fault_layer_name(l));
		for (size_t i = 0; i < n; i++)
			if (rows[i].layer == (enum fault_layer)l)
				sbuf_printf(out, "  %-*s  %s\n", width,
				    rows[i].id, rows[i].title);
	}
}

void
report_fault_page(const struct fault *f, struct sbuf *out)
{
	sbuf_printf(out, "%s: %s\n", f->id, f->title);
	sbuf_printf(out, "%s, layer %s; %s\n", fault_severity_name(f->severity),
	    fault_layer_name(f->layer), lint_sentence(f->lint));
	add_section(out, "What happens", f->meaning);
	add_section(out, "What the screen shows", f->screen);
	add_section(out, "What a capture shows", f->wire);
	add_section(out, "Remedy", fault_fix(f, NULL));
	for (const struct fault_remedy *r = f->remedies; r->where; r++) {
		if (strcmp(r->where, "any") == 0)
			continue;
		sbuf_printf(out, "\nRemedy: %s\n", place_name(r->where));
		if (strchr(r->text, '\n'))
			add_lines(out, r->text);
		else
			add_prose(out, r->text);
	}
}

/* Return: a new object, or NULL. */
static json_t *
fault_object(const struct fault *f)
{
	json_t *remedies = json_array();
	int bad = 0;

	for (const struct fault_remedy *r = f->remedies; r->where; r++)
		bad |= json_array_append_new(remedies, json_pack("{s:s, s:s}",
		    "where", r->where, "text", r->text));
	if (bad) {
		json_decref(remedies);
		return NULL;
	}
	return json_pack(
	    "{s:s, s:s, s:s, s:s, s:s, s:s*, s:s*, s:s, s:o}",
	    "id", f->id,
	    "severity", fault_severity_name(f->severity),
	    "layer", fault_layer_name(f->layer),
	    "title", f->title,
	    "meaning", f->meaning,
	    "screen", f->screen,
	    "wire", f->wire,
	    "lint", fault_lint_name(f->lint),
	    "remedies", remedies);
}

int
report_fault_json(const struct fault *rows, size_t n, struct sbuf *out)
{
	json_t *top = report_head("explain");
	json_t *list = json_array();
	int bad = 0;

	for (size_t i = 0; i < n; i++)
		bad |= json_array_append_new(list, fault_object(&rows[i]));
	bad |= json_object_set_new(top, "faults", list);
	if (bad) {
		json_decref(top);
		return -ENOMEM;
	}
	return report_dump(top, 2, out);
}
