#include "report/inspect.h"

#include "base/util.h"
#include "chain/arch.h"
#include "report/boot.h"
#include "report/json.h"

#include <string.h>

#define BOLD    "\033[1m"
#define YELLOW  "\033[33m"
#define PLAIN   "\033[0m"

enum { INDENT = 2, LABEL_LEN = 10, LINE_LEN = 78 };

static const char *const drivers[] = {
	[IPXE_DRIVER_ALL] = "all",
	[IPXE_DRIVER_NATIVE] = "native",
	[IPXE_DRIVER_UNDI] = "undi",
	[IPXE_DRIVER_SNP] = "snp",
};

/* For people. */
static const char *const driver_titles[] = {
	[IPXE_DRIVER_ALL] = "its own, for every card that iPXE knows",
	[IPXE_DRIVER_NATIVE] = "its own, for few cards only",
	[IPXE_DRIVER_UNDI] = "the card's own PXE ROM (UNDI)",
	[IPXE_DRIVER_SNP] = "the firmware's, for the card that it was loaded "
	    "from (SNP)",
};

static const char *const keeps[] = {
	[IPXE_KEEP_NOTHING] = "nothing",
	[IPXE_KEEP_UNDI] = "undi",
	[IPXE_KEEP_PXE] = "pxe",
};

static const char *const keep_titles[] = {
	[IPXE_KEEP_NOTHING] = "unloads the card's PXE ROM, UNDI as well: as "
	    ".pxe",
	[IPXE_KEEP_UNDI] = "keeps the card's UNDI, unloads the rest of its "
	    "PXE ROM: as .kpxe",
	[IPXE_KEEP_PXE] = "keeps all of the card's PXE ROM: as .kkpxe",
};

static const char *const trusts[] = {
	[IPXE_TRUST_NONE] = "none",
	[IPXE_TRUST_ROOT] = "ipxe",
	[IPXE_TRUST_OTHERS] = "others",
};

static const char *const trust_titles[] = {
	[IPXE_TRUST_ROOT] = "the iPXE root certificate, and through its "
	    "cross-signatures the usual ones",
	[IPXE_TRUST_OTHERS] = "roots that were named when it was built",
};

static bool
is_image(const struct inspect *x)
{
	return x->file.container == CONTAINER_DISK ||
	    x->file.kind == BOOTFILE_ISO;
}

static const char *
machine_of(const struct inspect *x)
{
	return x->file.cpu == CPU_NONE ? NULL : cpu_name(x->file.cpu);
}

/* ---------------------------------------------------------------- text */

struct text {
	struct sbuf *out;
	int depth;
	bool color;
};

static void
indent(const struct text *t)
{
	sbuf_printf(t->out, "%*s", t->depth * INDENT, "");
}

static void
label(const struct text *t, const char *name)
{
	indent(t);
	sbuf_printf(t->out, "  %-*s", LABEL_LEN, name);
}

static void
line(const struct text *t, const char *name, const char *text)
{
	label(t, name);
	sbuf_escape(t->out, text, strlen(text));
	sbuf_addc(t->out, '\n');
}

/* Words with blanks between them, in lines of a bearable length. */
static void
words(const struct text *t, const char *name, const char *const *word,
    size_t n)
{
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(word[i]);

		if (i > 0 && at + len + 1 > LINE_LEN) {
			sbuf_addc(t->out, '\n');
			at = 0;
		}
		if (at == 0) {
			label(t, i == 0 ? name : "");
			at = (size_t)t->depth * INDENT + 2 + LABEL_LEN;
		} else {
			sbuf_addc(t->out, ' ');
			at++;
		}
		sbuf_escape(t->out, word[i], len);
		at += len;
	}
	if (n > 0)
		sbuf_addc(t->out, '\n');
}

static void
head_line(const struct text *t, const struct inspect *x)
{
	const struct bootfile *f = &x->file;
	const char *title = bootfile_kind_title(f->kind);
	char size[32];

	indent(t);
	sbuf_add(t->out, t->color ? BOLD : "");
	sbuf_escape(t->out, x->path[0] ? x->path : "(unpacked)",
	    strlen(x->path[0] ? x->path : "(unpacked)"));
	sbuf_printf(t->out, "%s: %s", t->color ? PLAIN : "", title);
	if (f->product[0] && strcmp(f->product, title) != 0)
		sbuf_printf(t->out, ", %s", f->product);
	if (f->version[0])
		sbuf_printf(t->out, " %s", f->version);
	if (f->build_name[0])
		sbuf_printf(t->out, " (%s)", f->build_name);
	sbuf_printf(t->out, ", %s\n", report_size((uint64_t)x->bytes, size));
}

static void
runs_lines(const struct text *t, const struct inspect *x)
{
	const char *machine = machine_of(x);

	if (x->file.container != CONTAINER_NONE)
		line(t, "format", bootfile_container_name(x->file.container));
	if (machine)
		line(t, "machine", machine);
	if (x->has_pci) {
		label(t, "card");
		sbuf_printf(t->out, "PCI %04x:%04x\n", x->pci_vendor,
		    x->pci_device);
	}
	for (size_t i = 0; i < x->n_runs_on; i++) {
		label(t, i == 0 ? "runs on" : "");
		sbuf_printf(t->out, "%u %s\n", x->runs_on[i],
		    arch_name(x->runs_on[i]));
	}
	if (is_image(x))
		line(t, "boots", x->boots_bios && x->boots_efi ?
		    "BIOS and UEFI machines" : x->boots_bios ?
		    "BIOS machines" : x->boots_efi ? "UEFI machines" :
		    "nothing: no boot catalog or boot sector");
}

static void
cert_line(const struct text *t, const char *name, const struct sign_cert *c)
{
	label(t, name);
	sbuf_escape(t->out, c->subject, strlen(c->subject));
	if (c->issuer[0] && strcmp(c->issuer, c->subject) != 0) {
		sbuf_add(t->out, "; issued by ");
		sbuf_escape(t->out, c->issuer, strlen(c->issuer));
	}
	if (c->until[0])
		sbuf_printf(t->out, "; until %s", c->until);
	sbuf_addc(t->out, '\n');
}

static void
ipxe_lines(const struct text *t, const struct inspect *x)
{
	const struct ipxe_detail *d = x->ipxe;

	if (x->file.features[0])
		line(t, "features", x->file.features);
	words(t, "commands", d->commands, d->n_commands);
	if (driver_titles[d->driver])
		line(t, "drives", driver_titles[d->driver]);
	if (d->keep != IPXE_KEEP_UNKNOWN) {
		line(t, "ROM", keep_titles[d->keep]);
		if (d->keep == IPXE_KEEP_NOTHING &&
		    d->driver == IPXE_DRIVER_UNDI)
			line(t, "", "but has no other driver: it will find "
			    "no network card");
	}
	if (trust_titles[d->trust])
		line(t, "trusts", trust_titles[d->trust]);
}

static void
sign_lines(const struct text *t, const struct inspect *x)
{
	for (size_t i = 0; i < x->n_signs; i++) {
		const struct sign *s = &x->signs[i];

		cert_line(t, "signed", &s->cert);
		if (!s->matches)
			line(t, "", "but the file was changed since: its hash "
			    "is another");
	}
	if (x->file.is_signed && x->n_signs == 0)
		line(t, "signed", "by something that cannot be read");
	for (size_t i = 0; i < x->n_certs; i++)
		cert_line(t, i == 0 ? "certs" : "", &x->certs[i]);
	for (const char *p = x->sbat; p && *p; ) {
		size_t n = strcspn(p, "\n");

		if (n > 0) {
			label(t, p == x->sbat ? "SBAT" : "");
			sbuf_escape(t->out, p, n);
			sbuf_addc(t->out, '\n');
		}
		p += n + (p[n] == '\n');
	}
	if (x->authenticode[0])
		line(t, "PE hash", x->authenticode);
}

static void
script_lines(const struct text *t, const struct inspect_script *s)
{
	const char *p = (const char *)s->bytes;
	size_t left = s->len;

	label(t, "script");
	if (s->name) {
		sbuf_escape(t->out, s->name, strlen(s->name));
		sbuf_add(t->out, ", ");
	}
	sbuf_printf(t->out, "%zu bytes\n", s->len);
	while (left > 0) {
		const char *nl = memchr(p, '\n', left);
		size_t n = nl ? (size_t)(nl - p) : left;

		indent(t);
		sbuf_add(t->out, "    | ");
		sbuf_escape(t->out, p, n);
		sbuf_addc(t->out, '\n');
		n = min_size(n + 1, left);
		p += n;
		left -= n;
	}
}

static void
file_lines(const struct text *t, const struct inspect *x)
{
	struct text inner = *t;

	head_line(t, x);
	runs_lines(t, x);
	if (x->ipxe)
		ipxe_lines(t, x);
	sign_lines(t, x);
	/* A script by itself can be looked at with less. */
	for (size_t i = 0; x->file.kind != BOOTFILE_SCRIPT &&
	    i < x->n_scripts; i++)
		script_lines(t, &x->scripts[i]);
	words(t, "holds", x->names, x->n_names);
	line(t, "SHA-256", x->sha256);
	inner.depth++;
	for (const struct inspect *m = x->members; m; m = m->next)
		file_lines(&inner, m);
	if (x->n_others > 0) {
		indent(&inner);
		sbuf_printf(t->out, "%zu other file%s\n", x->n_others,
		    x->n_others == 1 ? "" : "s");
	}
	if (x->cut) {
		indent(&inner);
		sbuf_printf(t->out, "%snot all of it was looked at: too "
		    "much%s\n", t->color ? YELLOW : "", t->color ? PLAIN : "");
	}
}

void
report_inspect_text(const struct inspect *x, bool color, struct sbuf *out)
{
	struct text t = { .out = out, .color = color };

	file_lines(&t, x);
}

/* ---------------------------------------------------------------- JSON */

static json_t *
json_words(const char *const *word, size_t n)
{
	json_t *a = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(a, json_string(word[i]));
	return a;
}

/* "DNS HTTP TFTP" as an array */
static json_t *
json_split(const char *text)
{
	json_t *a = json_array();

	while (*text) {
		size_t n = strcspn(text, " ");

		if (n > 0)
			json_array_append_new(a, json_stringn(text, n));
		text += n + (text[n] == ' ');
	}
	return a;
}

/*
 * All of a script's bytes, controls as well: JSON can escape those, so hex
 * is only for what is no UTF-8.
 */
static json_t *
json_script(const struct inspect_script *s)
{
	json_t *o = json_object();
	json_t *text = json_stringn((const char *)s->bytes, s->len);

	if (s->name)
		report_set_str(o, "name", s->name);
	if (text)
		json_object_set_new(o, "text", text);
	else
		report_set_bytes(o, "text", s->bytes, s->len);
	json_object_set_new(o, "bytes", json_integer((json_int_t)s->len));
	return o;
}

static json_t *
json_cert(const struct sign_cert *c)
{
	json_t *o = json_object();

	report_set_str(o, "subject", c->subject);
	report_set_str(o, "issuer", c->issuer);
	report_set_str(o, "not_after", c->until);
	report_set_str(o, "sha256", c->sha256);
	return o;
}

static json_t *
json_certs(const struct inspect *x)
{
	json_t *a = json_array();

	for (size_t i = 0; i < x->n_certs; i++)
		json_array_append_new(a, json_cert(&x->certs[i]));
	return a;
}

static json_t *
json_signed(const struct inspect *x)
{
	json_t *o;
	json_t *a;

	if (!x->file.is_signed)
		return json_null();
	o = json_object();
	a = json_array();
	for (size_t i = 0; i < x->n_signs; i++) {
		const struct sign *s = &x->signs[i];
		json_t *one = json_cert(&s->cert);

		report_set_str(one, "digest", s->digest);
		json_object_set_new(one, "matches", json_boolean(s->matches));
		json_array_append_new(a, one);
	}
	json_object_set_new(o, "signatures", a);
	return o;
}

static void
set_ipxe(json_t *o, const struct inspect *x)
{
	const struct ipxe_detail *d = x->ipxe;

	if (drivers[d->driver])
		report_set_str(o, "driver", drivers[d->driver]);
	if (keeps[d->keep])
		report_set_str(o, "keeps", keeps[d->keep]);
	report_set_str(o, "trusts", trusts[d->trust]);
}

static json_t *json_files(const struct inspect *files);

static json_t *
json_file(const struct inspect *x)
{
	const struct bootfile *f = &x->file;
	json_t *o = json_object();
	json_t *arches = json_array();
	json_t *scripts = json_array();

	report_set_bytes(o, "path", x->path, strlen(x->path));
	report_set_str(o, "kind", bootfile_kind_name(f->kind));
	if (f->container != CONTAINER_NONE)
		report_set_str(o, "container",
		    bootfile_container_name(f->container));
	for (size_t i = 0; i < x->n_runs_on; i++)
		json_array_append_new(arches, json_integer(x->runs_on[i]));
	json_object_set_new(o, "runs_on", arches);
	json_object_set_new(o, "machine", machine_of(x) ?
	    json_string(machine_of(x)) : json_null());
	if (is_image(x)) {
		json_t *boots = json_array();

		if (x->boots_bios)
			json_array_append_new(boots, json_string("bios"));
		if (x->boots_efi)
			json_array_append_new(boots, json_string("efi"));
		json_object_set_new(o, "boots", boots);
	}
	json_object_set_new(o, "product", json_string(f->product));
	json_object_set_new(o, "version", json_string(f->version));
	report_set_str(o, "build_name", f->build_name);
	json_object_set_new(o, "features", json_split(f->features));
	json_object_set_new(o, "commands", x->ipxe ?
	    json_words(x->ipxe->commands, x->ipxe->n_commands) :
	    json_array());
	if (x->ipxe)
		set_ipxe(o, x);
	if (x->has_pci)
		json_object_set_new(o, "pci", json_sprintf("%04x:%04x",
		    x->pci_vendor, x->pci_device));
	for (size_t i = 0; i < x->n_scripts; i++)
		json_array_append_new(scripts, json_script(&x->scripts[i]));
	json_object_set_new(o, "scripts", scripts);
	json_object_set_new(o, "certificates", json_certs(x));
	json_object_set_new(o, "signed", json_signed(x));
	report_set_str(o, "authenticode_sha256", x->authenticode);
	if (x->sbat)
		json_object_set_new(o, "sbat", json_string(x->sbat));
	json_object_set_new(o, "bytes", json_integer((json_int_t)x->bytes));
	report_set_str(o, "sha256", x->sha256);
	if (x->n_names > 0)
		json_object_set_new(o, "names", json_words(x->names,
		    x->n_names));
	if (x->members || x->n_others > 0) {
		json_object_set_new(o, "members", json_files(x->members));
		json_object_set_new(o, "other_members",
		    json_integer((json_int_t)x->n_others));
	}
	if (x->cut)
		json_object_set_new(o, "cut", json_true());
	return o;
}

static json_t *
json_files(const struct inspect *files)
{
	json_t *a = json_array();

	for (const struct inspect *x = files; x; x = x->next)
		json_array_append_new(a, json_file(x));
	return a;
}

json_t *
report_inspect_json(const struct inspect *files)
{
	json_t *j = report_head("inspect");

	json_object_set_new(j, "files", json_files(files));
	return j;
}
