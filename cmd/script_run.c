/*
 * script_run.c - pxetool script run: an iPXE script on a described machine.
 */
#include "cmd.h"

#include "base/file.h"
#include "base/text.h"
#include "client/script_host.h"
#include "report/script_run.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct script_run_opts {
	struct cmd_list set;
	struct cmd_list dhcp;
	struct cmd_list smbios;
	struct cmd_list choose;
	struct cmd_list key;
	struct cmd_list answer;
	const char *platform;
	const char *arch;
	const char *release;
	const char *root;
	const char *uri;
	const char *max_steps;
	bool no_dhcp;
	bool cached_dhcp;
	bool dry_run;
	bool real_time;
	bool verbose;
};

static const struct cmd_opt script_run_rows[] = {
	{ 's', "set", "name=value", "a setting from the start; net0/mac makes "
	    "a card", opt_list, OPT(script_run_opts, set) },
	{ 'd', "dhcp", "name=value", "what DHCP answers, by name or number",
	    opt_list, OPT(script_run_opts, dhcp) },
	{ 0, "no-dhcp", NULL, "no DHCP server answers",
	    opt_true, OPT(script_run_opts, no_dhcp) },
	{ 0, "cached-dhcp", NULL, "the answer is known before the script asks",
	    opt_true, OPT(script_run_opts, cached_dhcp) },
	{ 0, "smbios", "name=value", "uuid, manufacturer, product, serial or "
	    "asset", opt_list, OPT(script_run_opts, smbios) },
	{ 'p', "platform", "name", "pcbios or efi (pcbios)",
	    opt_string, OPT(script_run_opts, platform) },
	{ 'a', "arch", "name", "architecture of that iPXE (i386, x86_64 on efi)",
	    opt_string, OPT(script_run_opts, arch) },
	{ 0, "version", "name", "current or 2019, as Debian 12 has it "
	    "(current)", opt_string, OPT(script_run_opts, release) },
	{ 'r', "root", "folder", "load files from there, whatever the server",
	    opt_string, OPT(script_run_opts, root) },
	{ 'u', "uri", "uri", "where the script came from",
	    opt_string, OPT(script_run_opts, uri) },
	{ 'n', "dry-run", NULL, "load nothing, and take it for loaded",
	    opt_true, OPT(script_run_opts, dry_run) },
	{ 'c', "choose", "item", "answer the next menu; an empty name is Esc",
	    opt_list, OPT(script_run_opts, choose) },
	{ 'k', "key", "key", "answer the next prompt: a character, a number "
	    "or none", opt_list, OPT(script_run_opts, key) },
	{ 0, "answer", "text", "type it into the next field",
	    opt_list, OPT(script_run_opts, answer) },
	{ 0, "real-time", NULL, "wait as long as the script says",
	    opt_true, OPT(script_run_opts, real_time) },
	{ 0, "max-steps", "number", "stop a script that goes on longer (100000)",
	    opt_string, OPT(script_run_opts, max_steps) },
	{ 'v', "verbose", NULL, "show what is loaded, answered and set",
	    opt_true, OPT(script_run_opts, verbose) },
	{ 0 },
};

enum { MAX_STEPS_MAX = 100 * 1000 * 1000 };

/* A value that is one of a few words. */
static int
one_of(const char *what, const char *text, const char *const *words, size_t n,
    struct diag *diag)
{
	const char *nearest = text_nearest(text, words, n);
	struct sbuf all = SBUF_EMPTY;

	for (size_t i = 0; i < n; i++) {
		if (strcmp(words[i], text) == 0)
			return (int)i;
		sbuf_sep(&all, ", ");
		sbuf_add(&all, words[i]);
	}
	diag_set(diag, "unknown %s '%s'%s%s%s: expected one of %s", what, text,
	    nearest ? ": did you mean '" : "", nearest ? nearest : "",
	    nearest ? "'?" : "", sbuf_str(&all));
	sbuf_release(&all);
	return -1;
}

static int
read_machine(const struct script_run_opts *o, struct script_host_conf *conf,
    struct diag *diag)
{
	static const char *const platforms[] = { "pcbios", "efi" };
	static const char *const archs[] = {
		"i386", "x86_64", "arm32", "arm64", "riscv32", "riscv64",
		"loong64",
	};
	static const char *const releases[] = { "current", "2019" };
	int release = 0;

	conf->platform = o->platform ? o->platform : "pcbios";
	conf->buildarch = o->arch ? o->arch :
	    strcmp(conf->platform, "efi") == 0 ? "x86_64" : "i386";
	if (one_of("platform", conf->platform, platforms,
	    ARRAY_LEN(platforms), diag) < 0 ||
	    one_of("architecture", conf->buildarch, archs, ARRAY_LEN(archs),
	    diag) < 0)
		return -1;
	if (o->release)
		release = one_of("version", o->release, releases,
		    ARRAY_LEN(releases), diag);
	if (release < 0)
		return -1;
	conf->release = release ? SCRIPT_2019 : SCRIPT_CURRENT;
	if (o->max_steps && parse_uint(o->max_steps, 1, MAX_STEPS_MAX,
	    &conf->max_steps, diag) < 0)
		return -1;
	return 0;
}

static int
read_keys(const struct cmd_list *list, int keys[CMD_LIST_MAX],
    struct diag *diag)
{
	for (size_t i = 0; i < list->n; i++) {
		const char *text = list->value[i];
		uint64_t v;

		if (strcmp(text, "none") == 0) {
			keys[i] = SCRIPT_KEY_PASS;
		} else if (text[0] && !text[1]) {
			keys[i] = (unsigned char)text[0];
		} else if (parse_uint(text, 1, 0x10ffff, &v, NULL) == 0) {
			keys[i] = (int)v;
		} else {
			diag_set(diag, "no key '%s': expected a character, its "
			    "number such as 0x02 for Ctrl-B, or none", text);
			return -1;
		}
	}
	return 0;
}

static struct script_texts
texts(const struct cmd_list *list)
{
	return (struct script_texts){ list->value, list->n };
}

static bool
is_uri(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz");

	return n > 1 && strncmp(text + n, "://", 3) == 0;
}

/*
 * A file below the folder that plays the servers came from there: then what
 * it names beside itself is found.
 */
static void
uri_below(const char *root, const char *path, struct sbuf *uri)
{
	char *dir = realpath(root, NULL);
	char *file = realpath(path, NULL);
	size_t n = dir ? strlen(dir) : 0;

	if (dir && file && strncmp(file, dir, n) == 0 && file[n] == '/')
		sbuf_printf(uri, "http://" SCRIPT_HOST_SERVER "%s", file + n);
	free(dir);
	free(file);
}

struct live {
	const struct cmd_run *run;
	bool verbose;
	bool on;                        /* text to stdout: lines as they come */
	struct sbuf text;
};

static void
on_event(void *ctx, enum script_event what, const char *line)
{
	struct live *l = ctx;

	report_script_line(what, line, l->verbose, &l->text);
	if (!l->on)
		return;
	(void)cmd_output(l->run, &l->text, EXIT_CLEAN);
	sbuf_clear(&l->text);
}

static int
run_it(const struct cmd_run *run, const struct script_host_conf *conf,
    struct live *live)
{
	const struct script_run_opts *o = run->opts;
	const char *name = run->args[0];
	struct script_record record = { .console = NULL };
	struct sbuf uri = SBUF_EMPTY;
	char *bytes = NULL;
	size_t len = 0;
	struct diag d;
	int rc = 0;

	if (o->uri)
		sbuf_add(&uri, o->uri);
	else if (is_uri(name))
		sbuf_add(&uri, name);
	else if (o->root)
		uri_below(o->root, name, &uri);
	if (!is_uri(name))
		rc = file_read(name, SCRIPT_TEXT_MAX, &bytes, &len, &d);
	if (rc == 0)
		rc = script_host_run(conf, uri.len ? uri.text : NULL, bytes,
		    len, &record, &d);
	if (rc == 0 && run->format == CMD_JSON)
		rc = report_script_json(&record, &live->text);
	else if (rc == 0)
		report_script_end(&record, o->verbose, &live->text);
	rc = rc < 0 ? cmd_error(run, &d) : cmd_output(run, &live->text,
	    script_record_is_good(&record) ? EXIT_CLEAN : EXIT_FOUND);
	script_record_release(&record);
	sbuf_release(&uri);
	free(bytes);
	return rc;
}

static int
script_run_run(const struct cmd_run *run)
{
	const struct script_run_opts *o = run->opts;
	struct live live = {
		.run = run, .verbose = o->verbose,
		.on = run->format == CMD_TEXT && !run->output,
	};
	int keys[CMD_LIST_MAX];
	struct script_host_conf conf = {
		.set = texts(&o->set), .smbios = texts(&o->smbios),
		.dhcp = texts(&o->dhcp), .choices = texts(&o->choose),
		.answers = texts(&o->answer), .keys = keys,
		.n_keys = o->key.n, .no_dhcp = o->no_dhcp,
		.cached_dhcp = o->cached_dhcp, .root = o->root,
		.real_time = o->real_time,
		.source = o->dry_run ? SCRIPT_SOURCE_NONE :
		    o->root ? SCRIPT_SOURCE_ROOT : SCRIPT_SOURCE_NETWORK,
		.event = run->format == CMD_TEXT ? on_event : NULL,
		.ctx = &live,
	};
	struct diag d;
	int status;

	if (o->dry_run && o->root)
		diag_set(&d, "--dry-run loads nothing, so it does not go with "
		    "--root");
	else if (read_machine(o, &conf, &d) == 0 &&
	    read_keys(&o->key, keys, &d) == 0) {
		status = run_it(run, &conf, &live);
		sbuf_release(&live.text);
		return status;
	}
	return cmd_error(run, &d);
}

const struct cmd cmd_script_run = {
	.name = "script run", .summary = "run an iPXE script on a described "
	    "machine",
	.usage = "[options] file | uri", .opts = script_run_rows,
	.opts_size = sizeof(struct script_run_opts),
	.min_args = 1, .max_args = 1,
	.formats = CMD_TEXT | CMD_JSON, .run = script_run_run,
};
