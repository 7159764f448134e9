/*
 * get.c - pxetool get: one file by TFTP or HTTP, as firmware would load it.
 */
#include "cmd.h"
#include "progress.h"
#include "source.h"

#include "base/digest.h"
#include "client/load.h"
#include "firmware/identify.h"
#include "report/boot.h"
#include "report/json.h"
#include "script/uri.h"

#include <string.h>
#include <strings.h>

enum { GET_FILE_MAX = 200 * 1024 * 1024 };

struct get_opts {
	const char *iface;
	const char *persona;
	uint16_t blksize;
	uint16_t windowsize;
	bool tsize;
};

static const struct cmd_opt get_rows[] = {
	{ 'i', "interface", "name", "leave through this interface",
	    opt_string, OPT(get_opts, iface) },
	{ 'p', "persona", "name", "load as this firmware would",
	    opt_string, OPT(get_opts, persona) },
	{ 'b', "blksize", "bytes", "TFTP block size to ask for (1468)",
	    opt_u16, OPT(get_opts, blksize) },
	{ 'w', "windowsize", "blocks", "TFTP blocks per ACK to ask for (16)",
	    opt_u16, OPT(get_opts, windowsize) },
	{ 0 },
};

static void
on_progress(void *ctx, uint64_t done, uint64_t total)
{
	progress_show(ctx, done, total);
}

static int
choose_tftp(const struct get_opts *o, struct persona_tftp *tftp,
    struct load_conf *conf, struct diag *diag)
{
	const struct persona *p;

	*tftp = source_tftp;
	conf->user_agent = "pxetool/" PXETOOL_VERSION;
	conf->follow_redirects = true;
	if (o->persona) {
		p = persona_find(o->persona);
		if (!p) {
			diag_set(diag, "no persona '%s'; 'pxetool client "
			    "--list-personas' shows them", o->persona);
			return -1;
		}
		*tftp = p->tftp;
		load_as(conf, p);
	}
	for (size_t i = 0; i < tftp->main.n; i++) {
		if (tftp->main.opt[i] == TFTP_OPT_BLKSIZE && o->blksize)
			tftp->main.value[i] = o->blksize;
		if (tftp->main.opt[i] == TFTP_OPT_WINDOWSIZE && o->windowsize)
			tftp->main.value[i] = o->windowsize;
	}
	conf->tftp = tftp;
	return 0;
}

/* The last part of the URI's path: where the file goes without -o. */
static const char *
base_name(const char *uri)
{
	const char *slash = strrchr(uri, '/');

	return slash && slash[1] ? slash + 1 : uri;
}

static int
say_how(const struct cmd_run *run, const struct load_result *r)
{
	const char *uri = run->args[0];
	struct bootfile what;
	struct sbuf out = SBUF_EMPTY;
	char sha[DIGEST_TEXT_MAX] = "";
	char size[32];
	json_t *j;

	if (firmware_identify(r->bytes, r->len, &what) < 0)
		return EXIT_CANNOT;
	if (run->format == CMD_JSON) {
		(void)digest_sha256(r->bytes, r->len, sha);
		j = report_head("get");
		report_set_str(j, "uri", uri);
		json_object_set_new(j, "proto", json_string(r->proto));
		json_object_set_new(j, "bytes",
		    json_integer((json_int_t)r->len));
		json_object_set_new(j, "sha256", json_string(sha));
		json_object_set_new(j, "duration_s", json_real(r->duration_s));
		json_object_set_new(j, "kind",
		    json_string(bootfile_kind_name(what.kind)));
		report_set_str(j, "detail", r->detail);
		(void)report_dump(j, 2, &out);
	} else {
		sbuf_printf(&out, "%s in %.2f s%s%s: %s%s%s\n",
		    report_size(r->len, size), r->duration_s,
		    r->detail[0] ? ", " : "", r->detail,
		    bootfile_kind_title(what.kind),
		    what.version[0] ? " " : "", what.version);
	}
	(void)fwrite(sbuf_str(&out), 1, out.len, stdout);
	sbuf_release(&out);
	bootfile_release(&what);
	return EXIT_CLEAN;
}

/* A URI that nothing here can load is the user's slip, not the server's. */
static int
check_uri(const char *text, struct diag *diag)
{
	static const char *const schemes[] = { "tftp", "http", "https" };
	struct uri u;
	bool known = false;

	if (uri_parse(&u, text) < 0) {
		diag_set(diag, "the URI is too long");
		return -1;
	}
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		if (u.scheme && strcasecmp(u.scheme, schemes[i]) == 0)
			known = u.host && (u.path || i > 0);
	}
	uri_release(&u);
	if (!known)
		diag_set(diag, "cannot load '%s': expected "
		    "tftp://SERVER/FILE, http:// or https://", text);
	return known ? 0 : -1;
}

static int
get_run(const struct cmd_run *run)
{
	const struct get_opts *o = run->opts;
	struct progress progress;
	struct load_conf conf = {
		.iface = o->iface, .names = RESOLVE_HOST, .speed = 1,
		.max_bytes = GET_FILE_MAX, .progress = on_progress,
		.ctx = &progress,
	};
	struct cmd_run file = *run;
	struct persona_tftp tftp;
	struct load_result r;
	struct diag d;
	struct sbuf body = SBUF_EMPTY;
	int status;

	progress_init(&progress);
	if (check_uri(run->args[0], &d) < 0 ||
	    choose_tftp(o, &tftp, &conf, &d) < 0 ||
	    load_uri(&conf, run->args[0], &r, &d) < 0) {
		progress_clear(&progress);
		return cmd_error(run, &d);
	}
	progress_clear(&progress);
	if (r.fault) {
		cmd_warn(run, "%s: %s", r.fault, r.why);
		load_release(&r);
		return EXIT_FOUND;
	}
	if (!file.output)
		file.output = base_name(run->args[0]);
	body.text = r.bytes;
	body.len = r.len;
	status = cmd_output(&file, &body, EXIT_CLEAN);
	if (status == EXIT_CLEAN)
		status = say_how(run, &r);
	load_release(&r);
	return status;
}

const struct cmd cmd_get = {
	.name = "get", .summary = "load one file by TFTP or HTTP, as firmware "
	    "would",
	.usage = "[-i interface] [-p persona] [-b bytes] [-w blocks] uri",
	.opts = get_rows, .opts_size = sizeof(struct get_opts),
	.min_args = 1, .max_args = 1,
	.formats = CMD_TEXT | CMD_JSON, .run = get_run,
};
