#include "report/sarif.h"

#include "report/json.h"

#include <ctype.h>
#include <string.h>

static const char *
level_of(enum fault_severity s)
{
	return fault_severity_name(s);  /* SARIF has the same three words */
}

/* A path as a relative URI reference (RFC 3986). */
static json_t *
uri_of(const char *path)
{
	struct sbuf uri = SBUF_EMPTY;
	json_t *j;

	if (strcmp(path, "-") == 0)
		path = "stdin";
	for (const char *p = path; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (isalnum(c) || strchr("-._~/", c))
			sbuf_addc(&uri, *p);
		else
			sbuf_printf(&uri, "%%%02X", c);
	}
	j = json_string(sbuf_str(&uri));
	sbuf_release(&uri);
	return j;
}

static json_t *
text_of(const char *text)
{
	return json_pack("{s:s}", "text", text);
}

/* The rows of the catalogue that the results name, each once. */
static size_t
rule_index(json_t *rules, const struct fault *f)
{
	size_t i;
	json_t *rule;

	json_array_foreach(rules, i, rule) {
		if (strcmp(json_string_value(json_object_get(rule, "id")),
		    f->id) == 0)
			return i;
	}
	json_array_append_new(rules, json_pack(
	    "{s:s, s:o, s:o, s:o, s:{s:s}}", "id", f->id,
	    "shortDescription", text_of(f->title),
	    "fullDescription", text_of(f->meaning),
	    "help", text_of(fault_fix(f, NULL)),
	    "defaultConfiguration", "level", level_of(f->severity)));
	return i;
}

/* Columns count characters here, and bytes everywhere else. */
static json_int_t
column_of(const struct finding *o)
{
	json_int_t column = 1;

	for (size_t i = 0; o->source && o->source[i] &&
	    i + 1 < o->column; i++)
		column += (o->source[i] & 0xc0) != 0x80;
	return o->source ? column : (json_int_t)o->column;
}

static json_t *
location_of(const struct finding *o)
{
	json_t *region = json_object();
	json_t *place = json_object();
	json_t *snippet;

	json_object_set_new(place, "artifactLocation",
	    json_pack("{s:o}", "uri", uri_of(o->file)));
	if (o->line)
		json_object_set_new(region, "startLine",
		    json_integer(o->line));
	if (o->line && o->column)
		json_object_set_new(region, "startColumn",
		    json_integer(column_of(o)));
	snippet = o->source ? json_string(o->source) : NULL;
	if (snippet)                    /* valid UTF-8 */
		json_object_set_new(region, "snippet",
		    json_pack("{s:o}", "text", snippet));
	if (o->line)
		json_object_set_new(place, "region", region);
	else
		json_decref(region);
	return json_pack("[{s:o}]", "physicalLocation", place);
}

static json_t *
result_of(const struct found *o, json_t *rules)
{
	struct sbuf text = SBUF_EMPTY;
	size_t index = rule_index(rules, o->is->fault);
	json_t *j;

	sbuf_show(&text, o->is->message, strlen(o->is->message));
	if (o->hits)
		sbuf_printf(&text, ". Hits %s", o->hits);
	sbuf_printf(&text, ".\n\nFix:\n%s", o->fix);
	j = json_pack("{s:s, s:I, s:s, s:o, s:o}", "ruleId", o->is->fault->id,
	    "ruleIndex", (json_int_t)index, "level", level_of(o->is->severity),
	    "message", text_of(sbuf_str(&text)), "locations",
	    location_of(o->is));
	sbuf_release(&text);
	return j;
}

int
report_sarif(const struct found_list *l, struct sbuf *out)
{
	json_t *rules = json_array();
	json_t *results = json_array();
	json_t *root;

	for (const struct found_file *f = l->files; f; f = f->next) {
		for (const struct found *o = f->found; o < f->found + f->n;
		    o++)
			json_array_append_new(results,
			    result_of(o, rules));
	}
	root = json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:s, s:o}}, s:s, s:o}]}",
	    "$schema", "https://json.schemastore.org/sarif-2.1.0.json",
	    "version", "2.1.0", "runs", "tool", "driver", "name", "pxetool",
	    "version", PXETOOL_VERSION, "rules", rules,
	    "columnKind", "unicodeCodePoints", "results", results);
	return report_dump(root, 2, out);
}
