#include "report/lint.h"

#include "report/json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *
dialect_of(const struct lint_file *f)
{
	return f->dialect == CONFIG_UNKNOWN ? NULL :
	    config_dialect_name(f->dialect);
}

const char *
report_lint_fix(const struct lint_file *f, const struct lint_finding *o)
{
	return o->is.fix ? o->is.fix : fault_fix(o->is.fault, dialect_of(f));
}

/* A word for kinds that are mostly hit together; the widest come first. */
static const struct group {
	const char *text;
	bool bios, efi;                 /* platforms */
	bool pxe, http, ipxe;           /* who asks there */
} groups[] = {
	{ "every client", true, true, true, true, true },
	{ "every PXE client", true, true, true, false, true },
	{ "every BIOS machine", true, false, true, true, true },
	{ "every UEFI machine", false, true, true, true, true },
	{ "every UEFI machine that boots by PXE", false, true, true, false,
	    true },
	{ "every iPXE", true, true, false, false, true },
	{ "every firmware's PXE", true, true, true, false, false },
	{ "UEFI PXE of every architecture", false, true, true, false, false },
	{ "iPXE on UEFI of every architecture", false, true, false, false,
	    true },
	{ "UEFI HTTP boot of every architecture", false, true, false, true,
	    false },
};

static uint64_t
kinds_of(const struct lint_file *f, const struct group *g)
{
	uint64_t set = 0;

	for (size_t i = 0; i < f->kinds.n; i++) {
		const struct persona *p = &f->kinds.kind[i].persona;
		bool bios = persona_platform(p) == PLATFORM_BIOS;
		bool asks = p->kind == PERSONA_IPXE ? g->ipxe :
		    p->kind == PERSONA_UEFI_HTTP ? g->http : g->pxe;

		if (asks && (bios ? g->bios : g->efi))
			set |= UINT64_C(1) << i;
	}
	return set;
}

void
report_lint_kinds(const struct lint_file *f, uint64_t kinds, struct sbuf *out)
{
	uint64_t left = kinds;
	const char *between = "";

	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		uint64_t set = kinds_of(f, &groups[i]);

		if (!set || (left & set) != set)
			continue;
		sbuf_printf(out, "%s%s", between, groups[i].text);
		between = ", ";
		left &= ~set;
	}
	for (size_t i = 0; i < f->kinds.n; i++) {
		if (!(left & (UINT64_C(1) << i)))
			continue;
		sbuf_printf(out, "%s%s", between, f->kinds.kind[i].name);
		between = ", ";
	}
}

void
report_lint_hits(const struct lint_file *f, const struct lint_finding *o,
    struct sbuf *out)
{
	report_lint_kinds(f, o->kinds, out);
	sbuf_printf(out, "; %d of %zu kinds",
	    __builtin_popcountll(o->kinds), f->kinds.n);
}

static void
text_request(const struct lint_finding *o, struct sbuf *out)
{
	const struct lint_request *r = &o->request;
	char buf[IP_TEXT_MAX];

	sbuf_printf(out, "  request: --arch %u --vendor-class ", r->arch);
	sbuf_escape(out, r->vendor_class, strlen(r->vendor_class));
	if (r->user_class) {
		sbuf_add(out, " --user-class ");
		sbuf_escape(out, r->user_class, strlen(r->user_class));
	}
	sbuf_printf(out, " --mac %s", mac_format(r->mac, buf));
	if (r->giaddr.s_addr)
		sbuf_printf(out, " --giaddr %s", ipv4_format(r->giaddr, buf));
	if (r->variant)
		sbuf_printf(out, " (%s)", r->variant);
	if (o->network) {
		sbuf_add(out, ", on ");
		sbuf_escape(out, o->network, strlen(o->network));
	}
	sbuf_addc(out, '\n');
}

static void
text_finding(const struct lint_file *f, const struct lint_finding *o,
    bool color, bool with_fix, struct sbuf *out)
{
	found_text_head(&o->is, color, out);
	found_text_source(&o->is, out);
	if (o->kinds) {
		sbuf_add(out, "  hits: ");
		report_lint_hits(f, o, out);
		sbuf_addc(out, '\n');
	}
	if (o->has_request)
		text_request(o, out);
	if (with_fix)
		found_text_fix(&o->is, report_lint_fix(f, o), out);
}

static void
text_proof(const struct lint_file *f, struct sbuf *out)
{
	size_t n[FAULT_ERROR + 1] = { 0 };

	for (const struct lint_finding *o = f->findings; o; o = o->next)
		n[o->is.severity]++;
	sbuf_escape(out, f->path, strlen(f->path));
	sbuf_add(out, ": ");
	found_text_counts(n, out);
	if (f->n_suppressed)
		sbuf_printf(out, ", %zu ignored by comments",
		    f->n_suppressed);
	if (f->n_classes)
		sbuf_printf(out, "; %zu classes of clients walked%s%s",
		    f->n_classes, f->complete ? ", which are all there are" :
		    "", f->by_name ? "; boot files judged by name" : "");
	sbuf_addc(out, '\n');
	for (const struct lint_gap *g = f->gaps; g; g = g->next) {
		sbuf_add(out, "  not followed: ");
		if (g->pos.line) {
			found_text_place(g->pos.file, g->pos.line,
			    g->pos.column, out);
			sbuf_add(out, ": ");
		}
		sbuf_escape(out, g->text, strlen(g->text));
		sbuf_addc(out, '\n');
	}
}

/* Is the same fault told before? Then its fix was as well. */
static bool
was_told(const struct lint_file *f, const struct lint_finding *o)
{
	for (const struct lint_finding *p = f->findings; p != o; p = p->next) {
		if (p->is.fault == o->is.fault && !p->is.fix && !o->is.fix)
			return true;
	}
	return false;
}

/* A note is short: what it means is in "pxetool explain". */
static bool
wants_fix(const struct lint_finding *o, bool told)
{
	return !told && (o->is.fix || o->is.severity > FAULT_NOTE);
}

/* Of notes that say the same of line after line, one is shown in full. */
static void
list_finding(const struct lint_file *f, const struct lint_finding *o,
    bool color, struct sbuf *out)
{
	bool told = was_told(f, o);

	if (told && o->is.severity == FAULT_NOTE && !o->kinds)
		found_text_head(&o->is, color, out);
	else
		text_finding(f, o, color, wants_fix(o, told), out);
	if (!o->next || o->next->is.severity != FAULT_NOTE ||
	    o->next->kinds || !was_told(f, o->next))
		sbuf_addc(out, '\n');
}

void
report_lint_text(const struct lint_file *files, bool color, struct sbuf *out)
{
	for (const struct lint_file *f = files; f; f = f->next) {
		for (const struct lint_finding *o = f->findings; o;
		    o = o->next)
			list_finding(f, o, color, out);
		text_proof(f, out);
	}
}

int
report_lint_found(const struct lint_file *files, struct found_list *ret)
{
	struct found_list l = { .command = "lint",
		.clean = "every client boots", .arena = ARENA_EMPTY };
	struct sbuf hits = SBUF_EMPTY;
	int rc = -ENOMEM;

	for (const struct lint_file *f = files; f; f = f->next) {
		struct found_file *file;
		size_t n = 0;

		for (const struct lint_finding *o = f->findings; o;
		    o = o->next)
			n++;
		file = found_list_add(&l, f->path, n);
		if (!file)
			goto out;
		for (const struct lint_finding *o = f->findings; o;
		    o = o->next) {
			struct found *fd = &file->found[file->n++];

			fd->is = &o->is;
			fd->fix = report_lint_fix(f, o);
			if (!o->kinds)
				continue;
			sbuf_clear(&hits);
			report_lint_hits(f, o, &hits);
			fd->hits = arena_strdup(&l.arena, sbuf_str(&hits));
			if (!fd->hits)
				goto out;
		}
	}
	*ret = l;
	rc = 0;
out:
	if (rc < 0)
		found_list_release(&l);
	sbuf_release(&hits);
	return rc;
}

/* Lines with their tabs and newlines, which are text here. */
static void
set_lines(json_t *obj, const char *key, const char *s)
{
	json_t *text = s ? json_string(s) : NULL;

	if (text)
		json_object_set_new(obj, key, text);
	else
		report_set_str(obj, key, s);
}

static json_t *
json_request(const struct lint_request *r)
{
	json_t *j = json_object();
	char ip[IP_TEXT_MAX];

	report_set_str(j, "client", r->persona);
	json_object_set_new(j, "arch", json_integer(r->arch));
	report_set_str(j, "vendor_class", r->vendor_class);
	report_set_str(j, "user_class", r->user_class);
	report_set_mac(j, "mac", r->mac);
	if (r->giaddr.s_addr)
		report_set_str(j, "giaddr", ipv4_format(r->giaddr, ip));
	report_set_str(j, "also", r->variant);
	return j;
}

static json_t *
json_finding(const struct lint_file *f, const struct lint_finding *o)
{
	json_t *j = json_object();
	json_t *clients = json_array();
	struct sbuf hits = SBUF_EMPTY;

	report_set_str(j, "fault", o->is.fault->id);
	report_set_str(j, "severity", fault_severity_name(o->is.severity));
	report_set_bytes(j, "file", o->is.file, strlen(o->is.file));
	json_object_set_new(j, "line", json_integer(o->is.line));
	json_object_set_new(j, "column", json_integer(o->is.column));
	set_lines(j, "source", o->is.source);
	report_set_str(j, "message", o->is.message);
	for (size_t i = 0; i < f->kinds.n; i++) {
		if (o->kinds & (UINT64_C(1) << i))
			json_array_append_new(clients,
			    json_string(f->kinds.kind[i].name));
	}
	json_object_set_new(j, "clients", clients);
	if (o->kinds) {
		report_lint_hits(f, o, &hits);
		report_set_str(j, "hits", sbuf_str(&hits));
		sbuf_release(&hits);
	}
	report_set_str(j, "network", o->network);
	json_object_set_new(j, "request", o->has_request ?
	    json_request(&o->request) : json_null());
	set_lines(j, "meaning", o->is.fault->meaning);
	set_lines(j, "fix", report_lint_fix(f, o));
	return j;
}

static json_t *
json_row(const struct lint_row *r)
{
	json_t *j = json_object();
	char ip[IP_TEXT_MAX];

	report_set_str(j, "client", r->client);
	json_object_set_new(j, "arch", json_integer(r->arch));
	report_set_str(j, "arch_name", arch_name(r->arch));
	report_set_str(j, "stage", r->stage);
	json_object_set_new(j, "network", r->network ?
	    json_string(r->network) : json_null());
	report_set_str(j, "host", r->host);
	report_set_str(j, "also", r->variant);
	json_object_set_new(j, "next_server",
	    json_string(ipv4_format(r->next_server, ip)));
	report_set_bytes(j, "file", r->file, strlen(r->file));
	report_set_str(j, "ends", r->ends);
	return j;
}

static json_t *
json_gap(const struct lint_gap *g)
{
	json_t *j = json_object();

	if (g->pos.line) {
		report_set_str(j, "file", g->pos.file);
		json_object_set_new(j, "line", json_integer(g->pos.line));
	}
	report_set_str(j, "text", g->text);
	return j;
}

int
report_lint_json(const struct lint_file *files, struct sbuf *out)
{
	json_t *root = report_head("lint");
	json_t *paths = json_array();
	json_t *findings = json_array();
	json_t *table = json_array();
	json_t *gaps = json_array();
	size_t n_classes = 0;
	size_t n_suppressed = 0;
	bool complete = true;

	for (const struct lint_file *f = files; f; f = f->next) {
		json_array_append_new(paths, json_string(f->path));
		for (const struct lint_finding *o = f->findings; o;
		    o = o->next)
			json_array_append_new(findings, json_finding(f, o));
		for (const struct lint_row *r = f->rows; r; r = r->next)
			json_array_append_new(table, json_row(r));
		for (const struct lint_gap *g = f->gaps; g; g = g->next)
			json_array_append_new(gaps, json_gap(g));
		n_classes += f->n_classes;
		n_suppressed += f->n_suppressed;
		complete = complete && f->complete;
	}
	json_object_set_new(root, "files", paths);
	json_object_set_new(root, "dialect", files && dialect_of(files) ?
	    json_string(dialect_of(files)) : json_null());
	json_object_set_new(root, "findings", findings);
	json_object_set_new(root, "table", table);
	json_object_set_new(root, "suppressed",
	    json_integer((json_int_t)n_suppressed));
	json_object_set_new(root, "proof", json_pack("{s:b, s:I, s:o}",
	    "complete", complete, "classes", (json_int_t)n_classes,
	    "not_modelled", gaps));
	return report_dump(root, 2, out);
}
