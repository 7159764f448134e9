/*
 * script_check.c - pxetool script check: what is wrong in iPXE scripts, and
 * every URL that they can load.
 */
#include "cmd.h"

#include "base/file.h"
#include "base/text.h"
#include "report/github.h"
#include "report/junit.h"
#include "report/sarif.h"
#include "report/script_check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct script_check_opts {
	const char *features, *version, *platform, *fail_on;
	bool urls;
};

static const struct cmd_opt script_check_rows[] = {
	{ 0, "urls", NULL, "list every URL that can be loaded",
	    opt_true, OPT(script_check_opts, urls) },
	{ 0, "platform", "name", "pcbios, efi, sbi or linux; else any",
	    opt_string, OPT(script_check_opts, platform) },
	{ 0, "ipxe-version", "version", "of the iPXE that runs it",
	    opt_string, OPT(script_check_opts, version) },
	{ 0, "features", "list", "of that iPXE, as inspect says them",
	    opt_string, OPT(script_check_opts, features) },
	{ 0, "fail-on", "severity", "note, warning or error: exit status 1",
	    opt_string, OPT(script_check_opts, fail_on) },
	{ 0 },
};

enum { FEATURES_MAX = 512 };

/* A file that was read, while all of them are looked at. */
struct source {
	char *text;
	size_t len;
};

/* Words parted by commas and blanks; @text is cut up. */
static size_t
split(char *text, const char **words)
{
	size_t n = 0;
	char *rest = text;

	while (n < FEATURES_MAX) {
		char *word = strsep(&rest, ", \t\n");

		if (!word)
			break;
		if (word[0])
			words[n++] = word;
	}
	return n;
}

static int
read_opts(const struct script_check_opts *o, struct check_conf *conf,
    enum fault_severity *ret_fail_on, struct diag *diag)
{
	int rc = 0;

	*ret_fail_on = FAULT_ERROR;
	if (o->version) {
		conf->build.has_version = true;
		rc = ipxe_version_parse(o->version, &conf->build.version,
		    diag);
	}
	if (rc == 0 && o->platform)
		rc = ipxe_platform_parse(o->platform, &conf->build.platform,
		    diag);
	if (rc < 0 || !o->fail_on)
		return rc;
	for (int s = FAULT_NOTE; s <= FAULT_ERROR; s++) {
		*ret_fail_on = (enum fault_severity)s;
		if (strcmp(o->fail_on,
		    fault_severity_name(*ret_fail_on)) == 0)
			return 0;
	}
	diag_set(diag, "--fail-on: '%s' is not one of note, warning, error",
	    o->fail_on);
	return -EINVAL;
}

static int
render(const struct cmd_run *run, const struct check_file *files,
    enum fault_severity fail_on, struct sbuf *out)
{
	const struct script_check_opts *o = run->opts;
	struct found_list found;
	int rc;

	if (run->format == CMD_JSON)
		return report_check_json(files, o->urls, out);
	if (run->format == CMD_TEXT) {
		if (o->urls)
			report_check_urls(files, out);
		else
			report_check_text(files, run->color, out);
		return 0;
	}
	rc = report_check_found(files, &found);
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

/* Each script may set what another one uses. */
static int
read_all(const struct cmd_run *run, struct source *sources,
    struct intern *names, struct diag *diag)
{
	for (int i = 0; i < run->n_args; i++) {
		const char *path = strcmp(run->args[i], "-") == 0 ?
		    "/dev/stdin" : run->args[i];
		int rc = file_read(path, CHECK_FILE_MAX, &sources[i].text,
		    &sources[i].len, diag);

		if (rc == 0)
			rc = check_names(sources[i].text, sources[i].len,
			    names);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int
check_all(const struct cmd_run *run, const struct check_conf *conf,
    const struct source *sources, struct check_file **ret)
{
	for (int i = 0; i < run->n_args; i++) {
		int rc = check_script(conf, run->args[i], sources[i].text,
		    sources[i].len, ret);

		if (rc < 0)
			return rc;
		ret = &(*ret)->next;
	}
	return 0;
}

static void
say_incomplete(const struct cmd_run *run, const struct check_file *files)
{
	for (const struct check_file *f = files; f; f = f->next) {
		if (!f->complete)
			cmd_warn(run, "%s: there are more ways through it "
			    "than are gone: URLs may be missing", f->path);
	}
}

static int
script_check_run(const struct cmd_run *run)
{
	const struct script_check_opts *o = run->opts;
	const char *words[FEATURES_MAX];
	struct intern names = INTERN_EMPTY;
	struct check_conf conf = { .names = &names };
	struct source *sources = calloc((size_t)run->n_args,
	    sizeof(*sources));
	char *features = o->features ? strdup(o->features) : NULL;
	struct check_file *files = NULL;
	struct sbuf out = SBUF_EMPTY;
	struct diag diag = { .text = "out of memory" };
	enum fault_severity fail_on;
	int status = EXIT_CLEAN;
	int rc = read_opts(o, &conf, &fail_on, &diag);

	if (features) {
		conf.build.features = words;
		conf.build.n_features = split(features, words);
	}
	if (rc == 0)
		rc = sources ? read_all(run, sources, &names, &diag) : -ENOMEM;
	if (rc == 0)
		rc = check_all(run, &conf, sources, &files);
	for (const struct check_file *f = files; f; f = f->next) {
		if (check_worst(f) >= (int)fail_on)
			status = EXIT_FOUND;
	}
	if (rc == 0)
		rc = render(run, files, fail_on, &out);
	if (rc == 0 && o->urls)
		say_incomplete(run, files);
	status = rc < 0 ? cmd_error(run, &diag) :
	    cmd_output(run, &out, status);
	while (files) {
		struct check_file *f = files;

		files = f->next;
		check_file_free(f);
	}
	for (int i = 0; sources && i < run->n_args; i++)
		free(sources[i].text);
	free(sources);
	free(features);
	intern_release(&names);
	sbuf_release(&out);
	return status;
}

const struct cmd cmd_script_check = {
	.name = "script check",
	.summary = "find what is wrong in iPXE scripts",
	.usage = "[--urls] [options] script ...", .opts = script_check_rows,
	.opts_size = sizeof(struct script_check_opts),
	.min_args = 1, .max_args = CMD_ARGS_ANY,
	.formats = CMD_TEXT | CMD_JSON | CMD_SARIF | CMD_JUNIT | CMD_GITHUB,
	.run = script_check_run,
};
