/*
 * script_fmt.c - pxetool script fmt: iPXE scripts in their normal form.
 */
#include "cmd.h"

#include "base/file.h"
#include "script/check.h"
#include "script/fmt.h"
#include "script/template.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct script_fmt_opts {
	bool write, check;
};

static const struct cmd_opt script_fmt_rows[] = {
	{ 'w', "write", NULL, "write the files instead of stdout",
	    opt_true, OPT(script_fmt_opts, write) },
	{ 'd', "check", NULL, "list the files that would change: status 1",
	    opt_true, OPT(script_fmt_opts, check) },
	{ 0 },
};

/* What is formatted means the same, or is not handed out. */
static int
format(const char *path, const char *text, size_t len, struct sbuf *out,
    struct diag *diag)
{
	struct template_mark mark;
	int rc;

	if (template_find(path, text, len, &mark) &&
	    strcmp(mark.engine, "placeholder") != 0) {
		diag_set(diag, "this is a template of %s: it stays as it is",
		    mark.engine);
		diag_at(diag, path, mark.line, mark.column);
		return -EBADMSG;
	}
	rc = script_fmt(text, len, out, diag);
	if (rc == 0 && script_same(text, len, sbuf_str(out), out->len) != 1) {
		diag_set(diag, "the normal form would not mean the same");
		rc = -EPROTO;
	}
	if (rc < 0 && rc != -ENOMEM)
		diag_at(diag, path, 0, 0);
	return rc;
}

/* Return: 1 if the file is not in its normal form; 0; an error. */
static int
fmt_file(const struct cmd_run *run, const char *path, struct sbuf *product,
    struct diag *diag)
{
	const struct script_fmt_opts *o = run->opts;
	struct sbuf out = SBUF_EMPTY;
	char *text = NULL;
	size_t len = 0;
	bool differs;
	int rc = file_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path,
	    CHECK_FILE_MAX, &text, &len, diag);

	if (rc == 0)
		rc = format(path, text, len, &out, diag);
	if (rc < 0)
		goto out;
	differs = out.len != len || memcmp(sbuf_str(&out), text, len) != 0;
	if (o->check && differs)
		sbuf_printf(product, "%s\n", path);
	else if (o->write && differs)
		rc = file_write(path, sbuf_str(&out), out.len, diag);
	else if (!o->write && !o->check)
		sbuf_addn(product, sbuf_str(&out), out.len);
	if (rc == 0)
		rc = differs;
out:
	sbuf_release(&out);
	free(text);
	return rc;
}

static int
script_fmt_run(const struct cmd_run *run)
{
	static const char *const standard_input[] = { "-" };
	const struct script_fmt_opts *o = run->opts;
	const char *const *paths = run->n_args ? run->args : standard_input;
	int n = run->n_args ? run->n_args : 1;
	struct sbuf product = SBUF_EMPTY;
	struct diag diag = { .text = "out of memory" };
	int status = EXIT_CLEAN;

	for (int i = 0; i < n; i++) {
		int rc;

		if (o->write && !o->check && strcmp(paths[i], "-") == 0) {
			diag_set(&diag, "--write: standard input is no file");
			rc = -EINVAL;
		} else {
			rc = fmt_file(run, paths[i], &product, &diag);
		}
		if (rc < 0)
			status = cmd_error(run, &diag);
		else if (rc > 0 && o->check && status == EXIT_CLEAN)
			status = EXIT_FOUND;
	}
	/* What cannot be formatted leaves no half of a product. */
	if (status != EXIT_CANNOT || product.len > 0)
		status = cmd_output(run, &product, status);
	sbuf_release(&product);
	return status;
}

const struct cmd cmd_script_fmt = {
	.name = "script fmt",
	.summary = "write iPXE scripts in their normal form",
	.usage = "[-w] [-d] [options] [script ...]", .opts = script_fmt_rows,
	.opts_size = sizeof(struct script_fmt_opts),
	.min_args = 0, .max_args = CMD_ARGS_ANY,
	.formats = CMD_TEXT, .run = script_fmt_run,
};
