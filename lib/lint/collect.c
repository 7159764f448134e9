#include "lint/collect.h"

#include "base/sbuf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *
keep_str(struct lint_file *f, const char *s)
{
	return s ? arena_strdup(&f->arena, s) : NULL;
}

/* Many findings, many lines: the same text once. */
static struct config_pos
keep_pos(struct lint_file *f, struct config_pos pos)
{
	if (!pos.file || !pos.file[0] || strcmp(pos.file, f->path) == 0)
		pos.file = f->path;
	else
		pos.file = keep_str(f, pos.file);
	return pos;
}

static int
keep_request(struct lint_file *f, const struct cell_conf *c,
    const struct cell *cell, const struct kind *k, struct lint_request *ret)
{
	struct sbuf variant = SBUF_EMPTY;
	const struct dhcp4_opt *o;
	struct dhcp4_msg msg;
	struct ask a;
	int rc;

	if (!cell_request(c, cell, k, &a))
		return 0;
	rc = ask_request(&a, &msg);
	ask_release(&a);
	if (rc < 0)
		return rc;
	*ret = (struct lint_request){
		.persona = k->name, .arch = k->persona.arch,
		.giaddr = msg.giaddr,
	};
	memcpy(ret->mac, msg.chaddr, sizeof(ret->mac));
	o = dhcp4_opt(&msg, DHCP4_OPT_VENDOR_CLASS);
	ret->vendor_class = o ? arena_dup(&f->arena, o->data, o->len) : NULL;
	o = dhcp4_opt(&msg, DHCP4_OPT_USER_CLASS);
	ret->user_class = o ? arena_dup(&f->arena, o->data, o->len) : NULL;
	space_describe(c->space, cell->variant, &variant);
	if (variant.len)
		ret->variant = keep_str(f, sbuf_str(&variant));
	sbuf_release(&variant);
	dhcp4_msg_release(&msg);
	return 0;
}

/* One file for all machines, which is not for the architecture of some? */
static bool
is_flat(const struct cell_conf *c, const char *fault)
{
	return c && !c->kinds->by_arch && text_starts(fault, "arch-");
}

/* Where a finding is looked up, of which there may be one for each line. */
static struct lint_finding **
bucket_of(struct lint_file *f, const struct cell_conf *c,
    const struct collect_at *at)
{
	size_t sum = is_flat(c, at->fault) ? 0 : at->pos.line;

	for (const char *p = at->fault; *p; p++)
		sum = sum * 31 + (unsigned char)*p;
	return &f->bucket[sum % LINT_BUCKETS];
}

/* What follows from one decision, to look at no architecture, is told once. */
static struct lint_finding *
find(struct lint_finding *bucket, const struct cell_conf *c,
    const struct collect_at *at)
{
	bool anywhere = is_flat(c, at->fault);
	struct config_pos pos = at->pos;

	for (struct lint_finding *o = bucket; o; o = o->same) {
		if (strcmp(o->is.fault->id, at->fault) == 0 && (anywhere ||
		    (o->is.line == pos.line && (!pos.file || !pos.file[0] ||
		    strcmp(o->is.file, pos.file) == 0))))
			return o;
	}
	return NULL;
}

int
collect_add(struct lint_file *f, const struct cell_conf *c,
    const struct collect_at *at, int kind, const struct cell *cell)
{
	struct lint_finding **bucket = bucket_of(f, c, at);
	struct lint_finding *o = find(*bucket, c, at);
	struct config_pos pos;
	bool worse;

	if (!fault_find(at->fault))
		return -EINVAL;
	if (!o) {
		o = arena_alloc(&f->arena, sizeof(*o));
		if (!o)
			return -ENOMEM;
		o->is.fault = fault_find(at->fault);
		o->is.severity = at->severity;
		pos = keep_pos(f, at->pos);
		o->is.file = pos.file;
		o->is.line = pos.line;
		o->is.column = pos.column;
		o->is.source = keep_str(f, at->source);
		o->is.message = keep_str(f, at->message);
		o->is.fix = keep_str(f, at->fix);
		if (!o->is.message || !o->is.file)
			return -ENOMEM;
		o->same = *bucket;
		*bucket = o;
		o->next = f->findings;
		f->findings = o;
	}
	worse = at->severity > o->is.severity;
	if (worse) {
		o->is.severity = at->severity;
		o->is.message = keep_str(f, at->message);
	}
	if (kind == KIND_NONE)
		return 0;
	o->kinds |= UINT64_C(1) << kind;
	if (o->has_request && !worse)
		return 0;
	o->has_request = true;
	o->network = cell->network ? keep_str(f, cell->network->name) : NULL;
	return keep_request(f, c, cell, &c->kinds->kind[kind], &o->request);
}

int
collect_gap(struct lint_file *f, struct config_pos pos, const char *text)
{
	struct lint_gap **tail = &f->gaps;
	struct lint_gap *g = arena_alloc(&f->arena, sizeof(*g));

	if (!g)
		return -ENOMEM;
	g->pos = keep_pos(f, pos);
	g->text = keep_str(f, text);
	if (!g->text || !g->pos.file)
		return -ENOMEM;
	while (*tail)
		tail = &(*tail)->next;
	*tail = g;
	f->complete = false;
	return 0;
}

static enum fault_severity
at_most_warning(enum fault_severity s)
{
	return s > FAULT_WARNING ? FAULT_WARNING : s;
}

/* How much a fault weighs that this kind of client meets. */
static enum fault_severity
weigh(const struct kind *k, const struct flaw *w)
{
	enum fault_severity s = fault_find(w->fault)->severity;
	enum fault_severity most = k->named || k->weight == KIND_COMMON ?
	    FAULT_ERROR : k->weight == KIND_OTHER ? FAULT_WARNING :
	    FAULT_NOTE;

	if (w->most < most)
		most = w->most;
	return s < most ? s : most;
}

/*
 * An iPXE that is built to call itself something else is known to the
 * configuration by that name; what the usual name leads to does not matter
 * to it.
 */
static bool
is_renamed(const struct cell_conf *c, size_t at)
{
	return c->kinds->own_class &&
	    c->kinds->kind[at].persona.kind == PERSONA_IPXE;
}

/*
 * FOG's iPXE has a script in it, so nobody need ask for iPXE. It is known by
 * the server's name, by the BIOS build, which is called undionly.kkpxe, or by
 * the one for IA32, which lies in i386-efi.
 */
static bool
is_fog(const struct cell_conf *c, const struct cell *cell)
{
	static const char suffix[] = ".kkpxe";
	static const char folder[] = "i386-efi/";

	if (c->kinds->by_ipxe || c->rules.files->root)
		return false;
	for (size_t i = 0; i < c->kinds->n; i++) {
		const struct cell_stage *s = &cell->stage[i];
		const char *name = s->asked ? s->file : "";
		size_t len = strlen(name);

		if (len > 0 && s->names_fog)
			return true;
		/* GRUB's folder is called so too */
		if (text_starts(name, folder) && s->verdict.file &&
		    s->verdict.file->kind == BOOTFILE_IPXE)
			return true;
		if (len >= sizeof(suffix) - 1 && strcmp(name + len -
		    (sizeof(suffix) - 1), suffix) == 0)
			return true;
	}
	return false;
}

/*
 * The fault's name, seen from the whole cell. A client without a file may be
 * of an architecture that is not thought of; where its firmware is given
 * one, it is iPXE that is not.
 */
static const char *
fault_name(const struct cell_conf *c, const struct cell *cell, size_t at,
    const char *fault)
{
	const struct kind *k = &c->kinds->kind[at];
	bool by_proxy = k->persona.kind == PERSONA_IPXE &&
	    strcmp(fault, "dnsmasq-proxy-without-pxe-service") == 0;

	if ((strcmp(fault, "offer-without-bootfile") != 0 && !by_proxy) ||
	    cell->n_files == 0)
		return fault;
	for (size_t i = 0; i < c->kinds->n; i++) {
		const struct persona *p = &c->kinds->kind[i].persona;

		if (p->kind != PERSONA_IPXE && cell->stage[i].asked &&
		    p->arch == k->persona.arch && cell->stage[i].file[0])
			return fault;
	}
	return "arch-not-covered";
}

/* Something is missing that another part of a configuration may say. */
static bool
is_missing(const char *fault)
{
	static const char *const faults[] = { "offer-without-bootfile",
	    "dns-server-missing", "wrong-next-server",
	    "ipxe-filename-without-next-server" };

	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		if (strcmp(fault, faults[i]) == 0)
			return true;
	}
	return false;
}

/*
 * A line that is not followed may give another answer; a file that was not
 * read, the one that is missing.
 */
static bool
is_uncertain(const struct cell_conf *c, const struct cell_stage *s,
    const char *fault)
{
	bool missing = is_missing(fault);
	size_t n = 0;
	const struct config_gap *gaps = c->ops->gaps ?
	    c->ops->gaps(c->tree, &n) : NULL;

	for (size_t i = 0; i < n; i++) {
		if ((missing && gaps[i].is_unread) || (s->place.pos.line != 0 &&
		    gaps[i].pos.line == s->place.pos.line &&
		    strcmp(gaps[i].pos.file, s->place.pos.file) == 0))
			return true;
	}
	return false;
}

/*
 * Where nobody is given a file, the server has simply no part in booting. A
 * proxy without any is one for machines that look for its menu alone, as a
 * Raspberry Pi does.
 */
static enum fault_severity
weigh_in(const struct cell *cell, const struct kind *k, const struct flaw *w)
{
	struct flaw soft = *w;

	if (cell->n_files > 0)
		return weigh(k, w);
	if (strcmp(w->fault, "dnsmasq-proxy-without-pxe-service") == 0)
		soft.most = at_most_warning(w->most);
	return strcmp(w->fault, "offer-without-bootfile") == 0 ? FAULT_NOTE :
	    weigh(k, &soft);
}

static int
add_flaws(struct lint_file *f, const struct cell_conf *c,
    const struct cell *cell, size_t start, size_t at)
{
	const struct cell_stage *s = &cell->stage[at];
	const struct kind *k = &c->kinds->kind[start];
	char text[RULES_TEXT_MAX];
	int rc = 0;

	for (size_t i = 0; i < s->verdict.n_flaws && rc == 0; i++) {
		struct flaw w = {
			.fault = fault_name(c, cell, at,
			    s->verdict.flaw[i].fault),
			.most = s->verdict.flaw[i].most,
		};
		struct collect_at where = {
			.fault = w.fault, .pos = s->flaw[i].pos,
			.source = s->flaw[i].source,
			.message = s->verdict.flaw[i].text,
		};

		/* a part of a configuration, and not the part about booting */
		if (cell->n_files == 0 && cell->network &&
		    cell->network->pos.line == 0)
			continue;
		if (is_renamed(c, at) || is_flat(c, w.fault) ||
		    is_uncertain(c, s, w.fault))
			w.most = at_most_warning(w.most);
		where.severity = weigh_in(cell, k, &w);
		if (strcmp(where.fault, "arch-not-covered") == 0)
			where.message = "clients of this architecture are "
			    "given no boot file, though others are";
		else if (is_flat(c, w.fault)) {
			(void)snprintf(text, sizeof(text), "%.200s; nothing "
			    "here looks at the architecture, so that every "
			    "machine is given it", s->verdict.flaw[i].text);
			where.message = text;
		}
		rc = collect_add(f, c, &where, (int)start, cell);
	}
	return rc;
}

static int
add_loop(struct lint_file *f, const struct cell_conf *c,
    const struct cell *cell, size_t start, size_t at)
{
	const struct cell_stage *s = &cell->stage[at];
	const struct kind *k = &c->kinds->kind[start];
	const struct kind *who = &c->kinds->kind[at];
	char text[RULES_TEXT_MAX];
	bool fog = is_fog(c, cell);
	struct flaw w = {
		.fault = s->by_menu ? "pxe-menu-reoffered-to-ipxe" :
		    "chainload-loop",
		.most = fog || is_renamed(c, at) ? FAULT_WARNING :
		    FAULT_ERROR,
	};
	struct collect_at where = {
		.fault = w.fault, .severity = weigh(k, &w), .pos = s->place.pos,
		.source = s->place.source, .message = text,
	};

	(void)snprintf(text, sizeof(text), "%s is given '%.160s' again, and "
	    "so for ever%s", who->persona.user_class &&
	    strcmp(who->persona.user_class, "gPXE") == 0 ? "gPXE" : "iPXE",
	    s->file, fog ? ", unless it has a script of its own as FOG's" :
	    is_renamed(c, at) ? ", if it says no other user class than that" :
	    c->kinds->by_ipxe ? "" : ", unless a script is built into it");
	return collect_add(f, c, &where, (int)start, cell);
}

/* Others are answered in this place: is the silence meant? */
static int
add_silence(struct lint_file *f, const struct cell_conf *c,
    const struct cell *cell, size_t start)
{
	const struct kind *k = &c->kinds->kind[start];
	bool by_proxy = false;
	struct collect_at where = {
		.fault = "server-ignores-client",
		.message = "this client is not answered, though others are",
	};

	if (cell->n_answered == 0 || (k->persona.kind == PERSONA_UEFI_HTTP &&
	    !c->rules.http_wanted))
		return 0;
	if (cell->network)
		where.pos = cell->network->pos;
	for (size_t i = 0; i < c->kinds->n; i++)
		by_proxy = by_proxy || cell->stage[i].is_proxy;
	if (by_proxy && c->rules.dialect == CONFIG_DNSMASQ) {
		where.fault = "dnsmasq-proxy-without-pxe-service";
		where.message = "the proxy has no pxe-service for this "
		    "client, and does not answer it";
	}
	if (c->ops->line && where.pos.line)
		where.source = c->ops->line(c->tree, where.pos.file,
		    where.pos.line);
	where.severity = weigh(k, &(struct flaw){
	    .fault = where.fault, .most = FAULT_ERROR });
	return collect_add(f, c, &where, (int)start, cell);
}

static int
add_row(struct lint_file *f, const struct cell_conf *c,
    const struct cell *cell, size_t start, size_t at, const char *ends)
{
	const struct cell_stage *s = &cell->stage[at];
	const struct kind *k = &c->kinds->kind[at];
	struct sbuf variant = SBUF_EMPTY;
	struct lint_row *r;

	if (f->n_rows == COLLECT_ROWS_MAX)
		return 0;
	r = arena_alloc(&f->arena, sizeof(*r));
	if (!r)
		return -ENOMEM;
	f->n_rows++;
	space_describe(c->space, cell->variant, &variant);
	*r = (struct lint_row){
		.client = f->kinds.kind[start].name,
		.arch = k->persona.arch,
		.stage = persona_stage(&k->persona),
		.network = cell->network ? keep_str(f, cell->network->name) :
		    NULL,
		.host = cell->host ? keep_str(f, cell->host->name) : NULL,
		.variant = variant.len ? keep_str(f, sbuf_str(&variant)) :
		    NULL,
		.next_server = s->next_server,
		.file = keep_str(f, s->file), .ends = ends,
		.next = f->rows,        /* turned round at the end */
	};
	sbuf_release(&variant);
	f->rows = r;
	return r->file ? 0 : -ENOMEM;
}

/* Follow one client from its first request to the end of its chain. */
static int
walk(struct lint_file *f, const struct cell_conf *c, const struct cell *cell,
    size_t start, bool with_rows)
{
	bool seen[KINDS_MAX] = { false };
	size_t at = start;
	int rc = 0;

	while (rc == 0) {
		const struct cell_stage *s = &cell->stage[at];
		const char *ends = fault_name(c, cell, at,
		    rules_end_name(&s->verdict));
		bool loops = s->next != KIND_NONE &&
		    (seen[s->next] || (size_t)s->next == at);

		if (!s->asked)
			return 0;
		seen[at] = true;
		rc = add_flaws(f, c, cell, start, at);
		if (rc == 0 && s->verdict.end == RULES_END_SILENT)
			rc = add_silence(f, c, cell, start);
		/* iPXE may have been told not to ask: one more must see it */
		if (rc == 0 && loops)
			rc = add_loop(f, c, cell, start, at);
		if (loops)
			ends = "chainload-loop";
		if (rc == 0 && with_rows)
			rc = add_row(f, c, cell, start, at, ends);
		if (loops || s->next == KIND_NONE)
			break;
		at = (size_t)s->next;
	}
	return rc;
}

int
collect_cell(struct lint_file *f, const struct cell_conf *c,
    const struct cell *cell, bool with_rows)
{
	int rc = 0;

	for (size_t i = 0; i < c->kinds->n && rc == 0; i++) {
		if (!cell->stage[i].asked)
			continue;
		f->n_classes++;
		rc = walk(f, c, cell, i, with_rows);
	}
	return rc;
}

/* A comment "pxetool-lint: ignore=FAULT[,FAULT]" in that line? */
static bool
line_ignores(const char *line, const char *fault)
{
	static const char mark[] = "pxetool-lint: ignore=";
	const char *p = line ? strstr(line, mark) : NULL;
	size_t len = strlen(fault);

	if (!p || !(memchr(line, '#', (size_t)(p - line)) ||
	    memmem(line, (size_t)(p - line), "//", 2) ||
	    memmem(line, (size_t)(p - line), "/*", 2) ||
	    memmem(line, (size_t)(p - line), "<!--", 4)))
		return false;
	for (p += sizeof(mark) - 1; *p && *p != ' '; ) {
		size_t n = strcspn(p, ", \t\r\n");

		if (n == len && memcmp(p, fault, len) == 0)
			return true;
		p += n;
		if (*p != ',')
			break;
		p++;
	}
	return false;
}

static bool
is_ignored(const struct lint_finding *o, const struct config_ops *ops,
    void *tree)
{
	if (!ops->line || o->is.line == 0)
		return false;
	return line_ignores(ops->line(tree, o->is.file, o->is.line),
	    o->is.fault->id) || (o->is.line > 1 && line_ignores(
	    ops->line(tree, o->is.file, o->is.line - 1), o->is.fault->id));
}

static int
by_place(const void *a, const void *b)
{
	const struct lint_finding *x = *(struct lint_finding *const *)a;
	const struct lint_finding *y = *(struct lint_finding *const *)b;
	int d = strcmp(x->is.file, y->is.file);

	if (d == 0)
		d = (x->is.line > y->is.line) - (x->is.line < y->is.line);
	return d ? d : strcmp(x->is.fault->id, y->is.fault->id);
}

static void
sort_findings(struct lint_file *f)
{
	struct lint_finding **all;
	size_t n = 0;

	for (struct lint_finding *o = f->findings; o; o = o->next)
		n++;
	all = n ? calloc(n, sizeof(*all)) : NULL;
	if (!all)
		return;                 /* unordered, but all there */
	n = 0;
	for (struct lint_finding *o = f->findings; o; o = o->next)
		all[n++] = o;
	qsort(all, n, sizeof(*all), by_place);
	f->findings = NULL;
	while (n-- > 0) {
		all[n]->next = f->findings;
		f->findings = all[n];
	}
	free(all);
}

void
collect_finish(struct lint_file *f, const struct config_ops *ops, void *tree)
{
	struct lint_finding **p = &f->findings;
	struct lint_row *turned = NULL;

	while (*p) {
		if (!is_ignored(*p, ops, tree)) {
			p = &(*p)->next;
			continue;
		}
		f->n_suppressed++;
		*p = (*p)->next;
	}
	sort_findings(f);
	while (f->rows) {
		struct lint_row *r = f->rows;

		f->rows = r->next;
		r->next = turned;
		turned = r;
	}
	f->rows = turned;
}
