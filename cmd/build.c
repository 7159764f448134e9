/*
 * build.c - pxetool build: firmware from scripts, as a manifest says.
 */
#include "cmd.h"

#include "base/file.h"
#include "build/build.h"
#include "report/build.h"
#include "report/json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct build_opts {
	const char *manifest, *src, *dir, *cache;
	const char *sign_key, *sign_cert, *sign_with;
	uint16_t jobs;
	bool relink, check, list;
};

static const struct cmd_opt build_rows[] = {
	{ 'f', "manifest", "file", "what to build (firmware.yaml)",
	    opt_string, OPT(build_opts, manifest) },
	{ 's', "src", "dir", "a tree of iPXE's sources; it is only read",
	    opt_string, OPT(build_opts, src) },
	{ 'd', "dir", "dir", "where the firmware goes (firmware)",
	    opt_string, OPT(build_opts, dir) },
	{ 'j', "jobs", "number", "compile so many files at once",
	    opt_u16, OPT(build_opts, jobs) },
	{ 0, "relink", NULL, "link each variant with its script",
	    opt_true, OPT(build_opts, relink) },
	{ 0, "check-reproducible", NULL, "build again at another path, and "
	    "compare", opt_true, OPT(build_opts, check) },
	{ 0, "cache", "dir", "where finished images and trees are kept",
	    opt_string, OPT(build_opts, cache) },
	{ 0, "sign-key", "file", "sign UEFI programs with this key, by sbsign",
	    opt_string, OPT(build_opts, sign_key) },
	{ 0, "sign-cert", "file", "the certificate of that key",
	    opt_string, OPT(build_opts, sign_cert) },
	{ 0, "sign-with", "command", "sign them with this: it is given the "
	    "image and the file to write", opt_string,
	    OPT(build_opts, sign_with) },
	{ 0, "list", NULL, "list the variants and stop",
	    opt_true, OPT(build_opts, list) },
	{ 0 },
};

struct building {
	const struct cmd_run *run;
	struct manifest *m;
	struct tree *tree;
	struct build_image *image;
	size_t n;
	struct sbuf cache;
	struct sbuf out;
};

static void
say(void *ctx, const char *text)
{
	const struct cmd_run *run = ctx;

	if (isatty(STDERR_FILENO))
		(void)fprintf(stderr, "pxetool %s: %s\n", run->cmd->name,
		    text);
}

static void
find_cache(const struct build_opts *o, struct sbuf *ret)
{
	const char *xdg = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");

	if (o->cache)
		sbuf_add(ret, o->cache);
	else if (xdg && xdg[0] == '/')
		sbuf_printf(ret, "%s/pxetool", xdg);
	else
		sbuf_printf(ret, "%s/.cache/pxetool", home ? home : ".");
}

static int
build_one(struct building *b, const struct build_conf *conf,
    const struct manifest_variant *v, struct diag *diag)
{
	int rc = build_variant(conf, v, &b->image[b->n], diag);

	if (rc < 0)
		return rc;
	if (b->run->format == CMD_TEXT)
		report_build_text(&b->image[b->n], &b->out);
	b->n++;
	return 0;
}

static int
build_all(struct building *b, struct diag *diag)
{
	const struct build_opts *o = b->run->opts;
	struct build_conf conf = {
		.manifest = b->m, .tree = b->tree,
		.cache = sbuf_str(&b->cache), .out = o->dir ? o->dir :
		    "firmware", .jobs = o->jobs, .relink = o->relink,
		.check_reproducible = o->check, .progress = say,
		.ctx = (void *)b->run,
	};
	const struct signer signer = {
		o->sign_key, o->sign_cert, o->sign_with,
	};
	const struct manifest_variant *v;
	int rc = 0;

	if (o->sign_key || o->sign_with)
		conf.signer = &signer;
	if (!conf.jobs) {
		long n = sysconf(_SC_NPROCESSORS_ONLN);

		conf.jobs = n > 0 ? (unsigned int)n : 1;
	}
	for (int i = 0; i < b->run->n_args && rc == 0; i++) {
		v = manifest_find(b->m, b->run->args[i], diag);
		rc = v ? build_one(b, &conf, v, diag) : -EINVAL;
	}
	for (v = b->m->variants; v && b->run->n_args == 0 && rc == 0;
	    v = v->next)
		rc = build_one(b, &conf, v, diag);
	return rc;
}

/* Beside the firmware: its sums, what it was made from, what is in it. */
static int
write_beside(const struct building *b, struct diag *diag)
{
	const struct build_opts *o = b->run->opts;
	const char *dir = o->dir ? o->dir : "firmware";
	static const char *const names[] = {
		"SHA256SUMS", "build.json", "sbom.cdx.json",
	};
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(names) && rc == 0; i++) {
		struct sbuf path = SBUF_EMPTY;
		struct sbuf text = SBUF_EMPTY;

		sbuf_printf(&path, "%s/%s", dir, names[i]);
		if (i == 0)
			report_build_sums(b->image, b->n, &text);
		else if (i == 1)
			(void)report_dump(report_build_json(b->image, b->n,
			    b->m, b->tree), 2, &text);
		else
			(void)report_dump(report_build_sbom(b->image, b->n,
			    b->tree), 2, &text);
		rc = path.bad || text.bad ? -ENOMEM : file_write(path.text,
		    sbuf_str(&text), text.len, diag);
		sbuf_release(&path);
		sbuf_release(&text);
	}
	return rc;
}

static int
prepare(struct building *b, struct diag *diag)
{
	const struct build_opts *o = b->run->opts;
	const char *src = o->src ? o->src : getenv("IPXE_SRC");
	size_t n = 0;
	int rc = manifest_load(o->manifest ? o->manifest : "firmware.yaml",
	    &b->m, diag);

	if (rc < 0)
		return rc;
	for (const struct manifest_variant *v = b->m->variants; v; v = v->next)
		n++;
	n += (size_t)b->run->n_args;
	b->image = calloc(n + 1, sizeof(*b->image));
	if (!b->image) {
		diag_set(diag, "out of memory");
		return -ENOMEM;
	}
	if (o->list)
		return 0;
	if (!o->sign_key != !o->sign_cert || (o->sign_key && o->sign_with)) {
		diag_set(diag, "--sign-key and --sign-cert belong together, "
		    "and --sign-with stands for both");
		return -EINVAL;
	}
	if (!src) {
		diag_set(diag, "which sources? name a tree of iPXE's with -s, "
		    "or in IPXE_SRC");
		return -EINVAL;
	}
	find_cache(o, &b->cache);
	return tree_open(src, &b->tree, diag);
}

static int
build_run(const struct cmd_run *run)
{
	const struct build_opts *o = run->opts;
	struct building b = { .run = run };
	struct diag d;
	int status = EXIT_CLEAN;
	int rc = prepare(&b, &d);

	if (rc == 0 && o->list) {
		for (const struct manifest_variant *v = b.m->variants; v;
		    v = v->next)
			sbuf_printf(&b.out, "%-20s %s\n", v->name.text,
			    v->target_at.text);
	} else if (rc == 0) {
		rc = build_all(&b, &d);
		if (rc == 0)
			rc = write_beside(&b, &d);
		if (rc == 0 && run->format == CMD_JSON)
			(void)report_dump(report_build_json(b.image, b.n, b.m,
			    b.tree), 2, &b.out);
	}
	if (b.out.len > 0)
		status = cmd_output(run, &b.out, status);
	if (rc < 0)
		status = cmd_error(run, &d);
	tree_close(b.tree);
	manifest_free(b.m);
	free(b.image);
	sbuf_release(&b.cache);
	sbuf_release(&b.out);
	return status;
}

const struct cmd cmd_build = {
	.name = "build",
	.summary = "build iPXE with embedded scripts, as a manifest says",
	.usage = "[-f manifest] [-s dir] [options] [variant ...]",
	.opts = build_rows, .opts_size = sizeof(struct build_opts),
	.min_args = 0, .max_args = CMD_ARGS_ANY,
	.formats = CMD_TEXT | CMD_JSON, .run = build_run,
};
