#include "lint/lint.h"

#include "base/file.h"
#include "lint/cell.h"
#include "lint/collect.h"
#include "lint/fix.h"
#include "lint/walk6.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	LINT_CELLS_MAX = 20000,         /* places a client can be in */
	LINT_WORK_MAX = 20000000,       /* these times what is compared */
	LINT_CROSS_MAX = 1024,          /* hosts times classes; beyond, apart */
	LINT_PROBE_MIN = 64,            /* hosts; fewer are all walked */
	LINT_PROBE_MAX = 1000000,
	LINT_CLASSES_MAX = 1024,        /* of hosts */
};

/* One configuration at work. */
struct work {
	struct lint_file *f;
	struct cell_conf c;
	struct space space;
	struct filekind_cache files;
	const struct config_network *nets;
	size_t n_nets;
	const struct config_host *hosts;
	size_t n_hosts;
	/* Indexes of the hosts that stand for all. */
	size_t pick[LINT_CLASSES_MAX];
	size_t n_picks;
	struct cell *base;              /* the unknown client of a network */
	struct cell *cell;
	size_t n_cells;
	size_t cells_max;
	size_t n_answered;              /* clients, in all of them */
	struct diag *diag;
};

static bool
looks_at(const struct config_literal *lits, size_t n, uint8_t code)
{
	for (size_t i = 0; i < n; i++) {
		if (lits[i].field == CONFIG_F_OPTION && lits[i].sub == 0 &&
		    lits[i].code == code)
			return true;
	}
	return false;
}

static bool
speaks_of_http(const struct kinds *ks)
{
	for (size_t i = 0; i < ks->n; i++) {
		if (ks->kind[i].persona.kind == PERSONA_UEFI_HTTP &&
		    ks->kind[i].named)
			return true;
	}
	return false;
}

/* The configuration as it stands: what was seen while reading it. */
static int
check_text(struct work *w)
{
	const struct config_ops *ops = w->c.ops;
	size_t n = 0;
	const struct config_remark *remarks = ops->remarks ?
	    ops->remarks(w->c.tree, &n) : NULL;
	struct sbuf fix = SBUF_EMPTY;
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		const struct fault *fault = fault_find(remarks[i].fault);
		struct collect_at at = {
			.fault = remarks[i].fault, .pos = remarks[i].pos,
			.message = remarks[i].text,
		};

		if (!fault)
			continue;
		at.severity = remarks[i].depends &&
		    fault->severity == FAULT_ERROR ? FAULT_WARNING :
		    fault->severity;
		at.source = ops->line ? ops->line(w->c.tree, at.pos.file,
		    at.pos.line) : NULL;
		if (at.source && ops->dialect == CONFIG_ISC &&
		    strcmp(fault->id, "class-test-never-matches") == 0 &&
		    fix_isc_number(at.source, &fix))
			at.fix = sbuf_str(&fix);
		else if (ops->fix)
			at.fix = ops->fix(w->c.tree, i);
		rc = collect_add(w->f, &w->c, &at, KIND_NONE, NULL);
		sbuf_clear(&fix);
	}
	sbuf_release(&fix);
	return rc;
}

static int
tell_literal(struct work *w, const struct config_literal *l,
    const char *fault, const char *text)
{
	const struct config_ops *ops = w->c.ops;
	struct collect_at at = {
		.fault = fault, .severity = fault_find(fault)->severity,
		.pos = l->pos, .message = text,
	};

	at.source = ops->line ? ops->line(w->c.tree, at.pos.file,
	    at.pos.line) : NULL;
	return collect_add(w->f, &w->c, &at, KIND_NONE, NULL);
}

/* Comparisons that hold for no client, or for those of another time. */
static int
check_literals(struct work *w, const struct config_literal *lits, size_t n)
{
	const struct config_literal *gpxe = NULL;
	bool knows_ipxe = looks_at(lits, n, DHCP4_OPT_IPXE);
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		struct flaw flaw;

		if (rules_literal(&lits[i], w->c.ops->dialect, &flaw))
			rc = tell_literal(w, &lits[i], flaw.fault, flaw.text);
		if (!gpxe && rules_is_user_class(&lits[i], "gPXE"))
			gpxe = &lits[i];
		knows_ipxe = knows_ipxe ||
		    rules_is_user_class(&lits[i], "iPXE");
	}
	if (rc == 0 && gpxe && !knows_ipxe)
		rc = tell_literal(w, gpxe, "deprecated-form", "gPXE ended in "
		    "2010; its successor sends \"iPXE\", which is compared "
		    "with nothing here");
	return rc;
}

static int
list_gaps(struct work *w, const struct config_literal *lits, size_t n_lits)
{
	const struct config_ops *ops = w->c.ops;
	struct config_pos nowhere = { .file = "" };
	size_t n = 0;
	const struct config_gap *gaps = ops->gaps ?
	    ops->gaps(w->c.tree, &n) : NULL;
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++)
		rc = collect_gap(w->f, gaps[i].pos, gaps[i].text);
	for (size_t i = 0; i < n_lits && rc == 0; i++) {
		if (lits[i].field == CONFIG_F_OTHER)
			rc = collect_gap(w->f, lits[i].pos, "what is compared "
			    "here is asked for with one value only");
	}
	if (rc == 0 && w->space.cut)
		rc = collect_gap(w->f, nowhere, "more combinations are told "
		    "apart than are walked: fields were varied one at a time");
	return rc;
}

/* The first host of each number, and those without one; to be freed. */
static size_t *
distinct_hosts(const struct work *w, size_t *ret_n)
{
	size_t *rep = calloc(w->n_hosts + 1, sizeof(*rep));
	unsigned int most = 0;
	bool *seen;

	for (size_t i = 0; i < w->n_hosts; i++)
		most = w->hosts[i].alike > most ? w->hosts[i].alike : most;
	seen = calloc((size_t)most + 1, sizeof(*seen));
	*ret_n = 0;
	for (size_t i = 0; rep && seen && i < w->n_hosts; i++) {
		unsigned int alike = w->hosts[i].alike;

		if (alike == 0 || !seen[alike])
			rep[(*ret_n)++] = i;
		seen[alike] = true;
	}
	if (!seen) {
		free(rep);
		rep = NULL;
	}
	free(seen);
	return rep;
}

/* One host for each answer that a BIOS machine with its name would get. */
static int
probe_host(struct work *w, size_t host, uint64_t *sums, bool *ret_new)
{
	uint64_t sum = 0;
	int rc;

	w->cell->network = w->n_nets ? &w->nets[0] : NULL;
	w->cell->host = &w->hosts[host];
	w->cell->variant = 0;
	rc = cell_signature(&w->c, w->cell, &sum, w->diag);
	*ret_new = rc == 0;
	for (size_t i = 0; i < w->n_picks && *ret_new; i++)
		*ret_new = sums[i] != sum;
	sums[w->n_picks] = sum;
	return rc;
}

static int
pick_hosts(struct work *w)
{
	static const char probed[] = "hosts are taken as alike where a BIOS "
	    "machine is answered alike";
	static const char many[] = "there are more kinds of hosts than are "
	    "walked";
	struct config_pos nowhere = { .file = "" };
	uint64_t *sums = calloc(LINT_CLASSES_MAX + 1, sizeof(*sums));
	size_t n = 0;
	size_t *rep = distinct_hosts(w, &n);
	bool was_probed = n > LINT_PROBE_MIN;
	int rc = sums && rep ? 0 : -ENOMEM;

	for (size_t i = 0; i < n && rc == 0; i++) {
		bool is_new = true;

		if (was_probed)
			rc = probe_host(w, rep[i], sums, &is_new);
		if (rc < 0 || !is_new)
			continue;
		if (w->n_picks == LINT_CLASSES_MAX) {
			rc = collect_gap(w->f, nowhere, many);
			break;
		}
		w->pick[w->n_picks++] = rep[i];
	}
	free(sums);
	free(rep);
	if (rc == 0 && was_probed)
		rc = collect_gap(w->f, nowhere, probed);
	return rc;
}

static int
ask_cell(struct work *w, struct cell *cell, const struct config_network *net,
    const struct config_host *host, size_t variant)
{
	int rc;

	cell_release(cell);
	memset(cell, 0, sizeof(*cell));
	cell->network = net;
	cell->host = host;
	cell->variant = variant;
	w->n_cells++;
	rc = cell_ask(&w->c, cell, w->diag);
	w->n_answered += cell->n_answered;
	return rc;
}

/* Is every host walked in every class? */
static bool
crosses(const struct work *w)
{
	return w->n_picks * w->space.n_variants <= LINT_CROSS_MAX;
}

/* One network: the unknown client as it is, then all that differ from it. */
static int
walk_network(struct work *w, const struct config_network *net)
{
	int rc = ask_cell(w, w->base, net, NULL, 0);

	if (rc == 0)
		rc = collect_cell(w->f, &w->c, w->base, true);
	for (size_t h = 0; h <= w->n_picks && rc == 0; h++) {
		const struct config_host *host = h ?
		    &w->hosts[w->pick[h - 1]] : NULL;
		size_t n = h > 0 && !crosses(w) ? 1 : w->space.n_variants;

		for (size_t v = 0; v < n && rc == 0; v++) {
			bool differs;

			if (h == 0 && v == 0)
				continue;
			if (w->n_cells >= w->cells_max)
				return 0;
			rc = ask_cell(w, w->cell, net, host, v);
			if (rc < 0)
				return rc;
			differs = !cell_same(w->base, w->cell, w->f->kinds.n);
			rc = collect_cell(w->f, &w->c, w->cell, differs);
		}
	}
	return rc;
}

/* Networks are declared, and nobody on them gets an address. */
static int
tell_silence(struct work *w)
{
	const struct config_ops *ops = w->c.ops;
	struct collect_at at = {
		.fault = "no-dhcp-offer", .severity = FAULT_WARNING,
		.pos = w->nets[0].pos,
		.message = "no client at all is answered on any network",
	};

	at.source = ops->line ? ops->line(w->c.tree, at.pos.file,
	    at.pos.line) : NULL;
	return collect_add(w->f, &w->c, &at, KIND_NONE, NULL);
}

static int
walk_all(struct work *w)
{
	struct config_pos nowhere = { .file = "" };
	int rc = 0;

	if (w->n_nets == 0)
		rc = walk_network(w, NULL);
	if (w->n_nets == 0 && w->n_answered == 0)
		w->f->n_classes = 0;    /* they are nowhere */
	for (size_t i = 0; i < w->n_nets && rc == 0; i++)
		rc = walk_network(w, &w->nets[i]);
	if (rc == 0 && w->n_cells >= w->cells_max)
		rc = collect_gap(w->f, nowhere, "there are more networks, "
		    "hosts and classes than are walked");
	if (rc == 0 && !crosses(w))
		rc = collect_gap(w->f, nowhere, "there are many hosts and "
		    "many classes: each host was walked in none of them");
	if (rc == 0 && w->n_answered == 0 && w->n_nets > 0)
		rc = tell_silence(w);
	if (rc == 0 && w->n_answered == 0)
		rc = collect_gap(w->f, nowhere, w->n_nets ?
		    "no client is answered, so nothing was walked" :
		    "no network is declared, so nothing was walked");
	return rc;
}

static int
work_run(struct work *w, const struct lint_conf *conf)
{
	const struct config_ops *ops = w->c.ops;
	void *tree = w->c.tree;
	size_t n_lits = 0;
	const struct config_literal *lits = ops->literals ?
	    ops->literals(tree, &n_lits) : NULL;
	int rc;

	w->nets = ops->networks ? ops->networks(tree, &w->n_nets) : NULL;
	w->hosts = ops->hosts ? ops->hosts(tree, &w->n_hosts) : NULL;
	kinds_init(&w->f->kinds, lits, n_lits);
	w->files.root = conf->tftp_root;
	w->f->by_name = conf->tftp_root == NULL;
	w->cells_max = min_size(LINT_CELLS_MAX, LINT_WORK_MAX / (n_lits + 1));
	w->c.kinds = &w->f->kinds;
	w->c.space = &w->space;
	w->c.server_ip = conf->server_ip;
	w->c.by_type = looks_at(lits, n_lits, DHCP4_OPT_MSG_TYPE);
	w->c.rules = (struct rules_conf){
		.dialect = ops->dialect, .files = &w->files,
		.http_wanted = speaks_of_http(&w->f->kinds),
		.by_client = w->f->kinds.by_client,
	};
	rc = space_init(&w->space, lits, n_lits, w->hosts, w->n_hosts);
	if (rc == 0)
		rc = check_text(w);
	if (rc == 0)
		rc = check_literals(w, lits, n_lits);
	if (rc == 0)
		rc = list_gaps(w, lits, n_lits);
	if (rc == 0)
		rc = pick_hosts(w);
	if (rc == 0)
		rc = ops->is_v6 && ops->is_v6(tree) ? walk6(w->f, &w->c,
		    w->diag) : walk_all(w);
	if (rc == 0)
		collect_finish(w->f, ops, tree);
	return rc;
}

static struct lint_file *
file_new(const char *path, enum config_dialect dialect)
{
	struct lint_file *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->path = arena_strdup(&f->arena, path);
	f->dialect = dialect;
	f->complete = true;
	if (!f->path) {
		lint_file_free(f);
		return NULL;
	}
	return f;
}

int
lint_config(const struct lint_conf *conf, const char *path,
    const struct config_ops *ops, void *tree, struct lint_file **ret,
    struct diag *diag)
{
	struct work *w = calloc(1, sizeof(*w));
	int rc = -ENOMEM;

	if (!w)
		return rc;
	w->c.ops = ops;
	w->c.tree = tree;
	w->diag = diag;
	w->f = file_new(path, ops->dialect);
	w->base = calloc(1, sizeof(*w->base));
	w->cell = calloc(1, sizeof(*w->cell));
	if (w->f && w->base && w->cell)
		rc = work_run(w, conf);
	if (w->base)
		cell_release(w->base);
	if (w->cell)
		cell_release(w->cell);
	free(w->base);
	free(w->cell);
	space_release(&w->space);
	filekind_release(&w->files);
	if (rc == 0)
		*ret = w->f;
	else
		lint_file_free(w->f);
	free(w);
	return rc;
}

/* The line of a file that has no tree; to be freed. */
static char *
read_line(const char *path, unsigned int number)
{
	char *text = NULL;
	char *line = NULL;
	size_t len;
	size_t at = 0;

	if (number == 0 || file_read(path, CONFIG_FILE_MAX, &text, &len,
	    NULL) < 0)
		return NULL;
	while (--number > 0 && at < len)
		at += strcspn(text + at, "\n") + 1;
	if (at < len)
		line = strndup(text + at, strcspn(text + at, "\n"));
	free(text);
	return line;
}

/* What the server would say itself, in place of all else. */
static int
rejected(const char *path, enum config_dialect dialect,
    const struct diag *why, struct lint_file **ret)
{
	struct lint_file *f = file_new(path, dialect);
	struct collect_at at = {
		.fault = "config-rejected", .severity = FAULT_ERROR,
		.pos = { why->file, why->line, why->column },
		.message = why->text,
	};
	char *line = NULL;
	int rc;

	if (!f)
		return -ENOMEM;
	line = read_line(why->file, why->line);
	at.source = line;
	f->complete = false;
	kinds_init(&f->kinds, NULL, 0);
	rc = collect_add(f, NULL, &at, KIND_NONE, NULL);
	free(line);
	if (rc < 0) {
		lint_file_free(f);
		return rc;
	}
	*ret = f;
	return 0;
}

int
lint_file(const struct lint_conf *conf, const char *path,
    struct lint_file **ret, struct diag *diag)
{
	struct config_conf load = {
		.dialect = conf->dialect, .paths = &path, .n_paths = 1,
		.server_ip = conf->server_ip, .root = conf->root,
	};
	struct diag why = { .text = "out of memory" };
	struct config *c = NULL;
	int rc = load.dialect == CONFIG_UNKNOWN ?
	    config_guess_file(path, &load.dialect, &why) : 0;

	if (rc == 0)
		rc = config_load(&load, &c, &why);
	/* an include that is missing is refused as well as nonsense is */
	if (rc == -EBADMSG || (rc == -ENOENT && why.line > 0))
		return rejected(path, load.dialect, &why, ret);
	if (rc == 0)
		rc = lint_config(conf, path, config_ops(c), config_tree(c),
		    ret, &why);
	config_free(c);
	if (rc < 0 && diag)
		*diag = why;
	return rc;
}

void
lint_file_free(struct lint_file *f)
{
	if (!f)
		return;
	arena_release(&f->arena);
	free(f);
}

int
lint_worst(const struct lint_file *f)
{
	int worst = -1;

	for (const struct lint_finding *o = f->findings; o; o = o->next) {
		if ((int)o->is.severity > worst)
			worst = (int)o->is.severity;
	}
	return worst;
}
