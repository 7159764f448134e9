/*
 * inspect.c - pxetool inspect: what is this boot file?
 */
#include "cmd.h"
#include "source.h"

#include "firmware/inspect.h"
#include "report/inspect.h"
#include "report/json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct inspect_opts {
	bool script;
};

static const struct cmd_opt inspect_rows[] = {
	{ 's', "script", NULL, "print the embedded script, and nothing else",
	    opt_true, OPT(inspect_opts, script) },
	{ 0 },
};

static int
look_at(const char *name, struct arena *a, struct inspect **ret,
    struct diag *diag)
{
	static const struct inspect_limits limits = INSPECT_LIMITS;
	char *bytes = NULL;
	size_t len = 0;
	int rc;

	rc = source_read(name, INSPECT_FILE_MAX, &bytes, &len, diag);
	if (rc < 0)
		return rc;
	rc = inspect_bytes(name, bytes, len, &limits, a, ret);
	if (rc < 0)
		diag_sys(diag, -rc, "cannot inspect '%s'", name);
	free(bytes);
	return rc;
}

/* The first script of a file, or of the first member that has one. */
static const struct inspect_script *
first_script(const struct inspect *x)
{
	const struct inspect_script *s = x->n_scripts > 0 ? x->scripts : NULL;

	for (const struct inspect *m = x->members; !s && m; m = m->next)
		s = first_script(m);
	return s;
}

static int
print_script(const struct cmd_run *run, const struct inspect *files)
{
	const struct inspect_script *s = NULL;
	struct sbuf out = SBUF_EMPTY;
	int status;

	for (const struct inspect *x = files; !s && x; x = x->next)
		s = first_script(x);
	if (!s) {
		cmd_warn(run, "there is no script in it");
		return EXIT_FOUND;
	}
	sbuf_addn(&out, s->bytes, s->len);
	status = cmd_output(run, &out, EXIT_CLEAN);
	sbuf_release(&out);
	return status;
}

static int
print(const struct cmd_run *run, const struct inspect *files)
{
	struct sbuf out = SBUF_EMPTY;
	int status;

	if (run->format == CMD_JSON) {
		(void)report_dump(report_inspect_json(files), 2, &out);
	} else {
		for (const struct inspect *x = files; x; x = x->next)
			report_inspect_text(x, run->color, &out);
	}
	status = cmd_output(run, &out, EXIT_CLEAN);
	sbuf_release(&out);
	return status;
}

static int
inspect_run(const struct cmd_run *run)
{
	const struct inspect_opts *o = run->opts;
	struct arena a = ARENA_EMPTY;
	struct inspect *files = NULL;
	struct inspect **last = &files;
	int status = EXIT_CLEAN;
	int printed = EXIT_CLEAN;

	for (int i = 0; i < run->n_args; i++) {
		struct diag d;

		if (look_at(run->args[i], &a, last, &d) < 0)
			status = cmd_error(run, &d);
		else
			last = &(*last)->next;
	}
	/* One that cannot be read is no reason to hide the others. */
	if (files || status == EXIT_CLEAN)
		printed = o->script ? print_script(run, files) :
		    print(run, files);
	arena_release(&a);
	return status == EXIT_CLEAN ? printed : status;
}

const struct cmd cmd_inspect = {
	.name = "inspect", .summary = "tell what a boot file is: format, "
	    "machine, version, embedded script, signature",
	.usage = "[-s] file ...", .opts = inspect_rows,
	.opts_size = sizeof(struct inspect_opts),
	.min_args = 1, .max_args = CMD_ARGS_ANY,
	.formats = CMD_TEXT | CMD_JSON, .run = inspect_run,
};
