/* explain.c - pxetool explain: what a fault is, and how to mend it. */
#include "cmd.h"

#include "chain/fault.h"
#include "report/fault.h"

/* Return: EXIT_CANNOT, after saying so with the id that may be meant. */
static int
explain_unknown(const struct cmd_run *run, const char *id)
{
	const char *nearest = fault_nearest(id);
	struct diag diag;

	if (nearest)
		diag_set(&diag, "no fault is called '%s'; did you mean '%s'?",
		    id, nearest);
	else
		diag_set(&diag, "no fault is called '%s'; 'pxetool explain' "
		    "lists them", id);
	return cmd_error(run, &diag);
}

static int
explain_run(const struct cmd_run *run)
{
	const struct fault *rows;
	struct sbuf out = SBUF_EMPTY;
	size_t n;
	int rc;

	rows = fault_rows(&n);
	if (run->n_args > 0) {
		rows = fault_find(run->args[0]);
		if (!rows)
			return explain_unknown(run, run->args[0]);
		n = 1;
	}
	if (run->format == CMD_JSON) {
		if (report_fault_json(rows, n, &out) < 0)
			out.bad = true;
	} else if (run->n_args > 0) {
		report_fault_page(rows, &out);
	} else {
		report_fault_list(rows, n, &out);
	}
	rc = cmd_output(run, &out, EXIT_CLEAN);
	sbuf_release(&out);
	return rc;
}

const struct cmd cmd_explain = {
	.name = "explain",
	.summary = "tell what a fault is and how to mend it",
	.usage = "[fault]",
	.min_args = 0,
	.max_args = 1,
	.formats = CMD_TEXT | CMD_JSON,
	.run = explain_run,
};
