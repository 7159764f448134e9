/*
 * diagnose.c - pxetool diagnose: every machine that boots in a capture, and
 * why it does not.
 */
#include "cmd.h"

#include "base/text.h"
#include "capture/merge.h"
#include "config/config.h"
#include "diagnose/diagnose.h"
#include "report/diagnose.h"
#include "report/diagnose_html.h"
#include "report/diagnose_markdown.h"

#include <errno.h>
#include <string.h>

struct diagnose_opts {
	const char *config, *dialect;
	bool verbose;
};

static const struct cmd_opt diagnose_rows[] = {
	{ 0, "config", "file", "hold the answers against this server's "
	    "configuration", opt_string, OPT(diagnose_opts, config) },
	{ 0, "dialect", "name", "of it: isc, dnsmasq or kea; else by content",
	    opt_string, OPT(diagnose_opts, dialect) },
	{ 'v', "verbose", NULL, "the whole ladder of every machine",
	    opt_true, OPT(diagnose_opts, verbose) },
	{ 0 },
};

/* A file that is cut short is told of, and what there is of it is used. */
static int
read_frames(const struct cmd_run *run, struct capture_merge *m,
    struct diagnose *d, struct diag *diag)
{
	struct dissector *dissectors[MERGE_FILES_MAX] = { NULL };
	struct merged_frame f;
	struct packet p;
	int rc;

	while ((rc = capture_merge_next(m, &f, diag)) != 0) {
		struct dissector **of = &dissectors[f.file];

		if (rc < 0) {
			cmd_warn(run, "%s", diag->text);
			continue;
		}
		if (!*of)
			*of = dissector_new(f.link);
		rc = *of ? dissect(*of, &f.frame, &p) : -ENOMEM;
		if (rc < 0)
			break;
		rc = diagnose_packet(d, &p, f.frame.number);
		packet_release(&p);
		if (rc < 0)
			break;
	}
	if (rc < 0)
		diag_set(diag, "out of memory");
	for (size_t i = 0; i < MERGE_FILES_MAX; i++)
		dissector_free(dissectors[i]);
	return rc;
}

static int
render(const struct cmd_run *run, const struct diagnosis *o, struct sbuf *out,
    struct diag *diag)
{
	const struct diagnose_opts *opts = run->opts;

	if (run->format == CMD_JSON) {
		diag_set(diag, "out of memory");
		return report_diagnose_json(o, out);
	}
	if (run->format == CMD_HTML)
		report_diagnose_html(o, out);
	else if (run->format == CMD_MARKDOWN)
		report_diagnose_markdown(o, out);
	else
		report_diagnose_text(o, run->color, opts->verbose, out);
	return 0;
}

static int
load_policy(const struct diagnose_opts *o, struct diagnose_conf *conf,
    struct config **ret, struct diag *diag)
{
	struct config_conf c = { .paths = &o->config, .n_paths = 1 };
	int rc;

	if (!o->config)
		return 0;
	if (o->dialect) {
		c.dialect = config_dialect_find(o->dialect);
		if (c.dialect == CONFIG_UNKNOWN) {
			diag_set(diag, "--dialect: '%s' is neither isc nor "
			    "dnsmasq nor kea", o->dialect);
			return -EINVAL;
		}
	}
	rc = config_load(&c, ret, diag);
	if (rc == 0) {
		conf->policy = config_policy(*ret);
		conf->policy_name = o->config;
	}
	return rc;
}

static int
diagnose_run(const struct cmd_run *run)
{
	struct diagnose_conf conf = {
		.files = run->args, .n_files = (size_t)run->n_args,
	};
	struct capture_merge *merge = NULL;
	struct config *config = NULL;
	struct diagnose *d = NULL;
	struct diagnosis *o = NULL;
	struct sbuf out = SBUF_EMPTY;
	struct diag diag = { .text = "out of memory" };
	int status;
	int rc = load_policy(run->opts, &conf, &config, &diag);

	if (rc == 0)
		rc = capture_merge_open(run->args, conf.n_files, &merge, &diag);
	d = rc == 0 ? diagnose_new(&conf) : NULL;
	if (rc == 0 && !d)
		rc = -ENOMEM;
	if (rc == 0)
		rc = read_frames(run, merge, d, &diag);
	if (rc == 0)
		rc = diagnose_finish(d, &o, &diag);
	if (rc == 0)
		rc = render(run, o, &out, &diag);
	status = rc < 0 ? cmd_error(run, &diag) : cmd_output(run, &out,
	    diagnosis_has_fault(o) ? EXIT_FOUND : EXIT_CLEAN);
	capture_merge_close(merge);
	diagnosis_free(o);
	diagnose_free(d);
	config_free(config);
	sbuf_release(&out);
	return status;
}

const struct cmd cmd_diagnose = {
	.name = "diagnose",
	.summary = "find out from a capture why a machine does not boot",
	.usage = "[-v] [--config file] [--dialect name] capture ...",
	.opts = diagnose_rows, .opts_size = sizeof(struct diagnose_opts),
	.min_args = 1, .max_args = MERGE_FILES_MAX,
	.formats = CMD_TEXT | CMD_JSON | CMD_HTML | CMD_MARKDOWN,
	.run = diagnose_run,
};
