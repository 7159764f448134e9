/*
 * lint.c - pxetool lint: prove from a DHCP server's configuration that every
 * client boots, or show which does not, where, and the fix.
 */
#include "cmd.h"
#include "severity.h"

#include "base/text.h"
#include "lint/lint.h"
#include "report/github.h"
#include "report/junit.h"
#include "report/lint.h"
#include "report/sarif.h"

#include <errno.h>
#include <string.h>

struct lint_opts {
	const char *dialect, *root, *tftp_root, *fail_on;
	struct opt_ipv4 server_ip;
	bool table;
};

static const struct cmd_opt lint_rows[] = {
	{ 0, "table", NULL, "show what each kind of client is given",
	    opt_true, OPT(lint_opts, table) },
	{ 0, "tftp-root", "dir", "look at the boot files themselves, there",
	    opt_string, OPT(lint_opts, tftp_root) },
	{ 0, "server-ip", "address", "the server's own address",
	    opt_ipv4, OPT(lint_opts, server_ip) },
	{ 0, "dialect", "name", "isc, dnsmasq, kea or windows; else by content",
	    opt_string, OPT(lint_opts, dialect) },
	{ 0, "root", "dir", "where absolute paths of includes begin",
	    opt_string, OPT(lint_opts, root) },
	{ 0, "fail-on", "severity", "note, warning or error: exit status 1",
	    opt_string, OPT(lint_opts, fail_on) },
	{ 0 },
};

static int
read_opts(const struct lint_opts *o, struct lint_conf *conf,
    enum fault_severity *ret_fail_on, struct diag *diag)
{
	*conf = (struct lint_conf){
		.root = o->root, .tftp_root = o->tftp_root,
		.server_ip.s_addr = o->server_ip.addr,
	};
	if (o->dialect) {
		conf->dialect = config_dialect_find(o->dialect);
		if (conf->dialect == CONFIG_UNKNOWN) {
			diag_set(diag, "--dialect: '%s' is none of isc, "
			    "dnsmasq, kea, windows", o->dialect);
			return -EINVAL;
		}
	}
	return severity_read(o->fail_on, ret_fail_on, diag);
}

static int
render(const struct cmd_run *run, const struct lint_file *files,
    enum fault_severity fail_on, struct sbuf *out)
{
	const struct lint_opts *o = run->opts;
	struct found_list found;
	int rc;

	if (run->format == CMD_JSON)
		return report_lint_json(files, out);
	if (run->format == CMD_TEXT) {
		if (o->table)
			report_lint_table(files, out);
		report_lint_text(files, run->color, out);
		return 0;
	}
	rc = report_lint_found(files, &found);
	if (rc < 0)
		return rc;
	if (run->format == CMD_SARIF)
		rc = report_sarif(&found, out);
	else if (run->format == CMD_JUNIT)
		report_junit(&found, fail_on, out);
	else
		report_github(&found, out);
	found_list_release(&found);
	return rc;
}

static int
lint_run(const struct cmd_run *run)
{
	struct lint_file *files = NULL;
	struct lint_file **tail = &files;
	struct lint_conf conf;
	struct sbuf out = SBUF_EMPTY;
	struct diag diag = { .text = "out of memory" };
	enum fault_severity fail_on;
	int status = EXIT_CLEAN;
	int rc = read_opts(run->opts, &conf, &fail_on, &diag);

	for (int i = 0; i < run->n_args && rc == 0; i++) {
		rc = lint_file(&conf, run->args[i], tail, &diag);
		if (rc < 0)
			break;
		if (lint_worst(*tail) >= (int)fail_on)
			status = EXIT_FOUND;
		tail = &(*tail)->next;
	}
	if (rc == 0)
		rc = render(run, files, fail_on, &out);
	status = rc < 0 ? cmd_error(run, &diag) :
	    cmd_output(run, &out, status);
	while (files) {
		struct lint_file *f = files;

		files = f->next;
		lint_file_free(f);
	}
	sbuf_release(&out);
	return status;
}

const struct cmd cmd_lint = {
	.name = "lint",
	.summary = "check a DHCP server's configuration for boot problems",
	.usage = "[--table] [options] config ...", .opts = lint_rows,
	.opts_size = sizeof(struct lint_opts),
	.min_args = 1, .max_args = CMD_ARGS_ANY,
	.formats = CMD_TEXT | CMD_JSON | CMD_SARIF | CMD_JUNIT | CMD_GITHUB,
	.run = lint_run,
};
