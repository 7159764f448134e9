/*
 * scan.c - pxetool scan: who answers on this network, and what would each
 * kind of machine get?
 */
#include "cmd.h"
#include "machine.h"
#include "severity.h"

#include "client/scan.h"
#include "report/json.h"
#include "report/scan.h"

#include <string.h>

enum { SCAN_WAIT_MS = 8000 };

struct scan_opts {
	const char *iface;
	struct cmd_list persona;
	const char *persona_from;
	struct opt_mac mac;
	uint64_t wait_ms;
	const char *fail_on;
};

static const struct cmd_opt scan_rows[] = {
	{ 'i', "interface", "name", "the network to look at",
	    opt_string, OPT(scan_opts, iface) },
	{ 'p', "persona", "name", "ask only as this firmware; repeatable",
	    opt_list, OPT(scan_opts, persona) },
	{ 0, "persona-from", "file", "ask as the firmware in a capture",
	    opt_string, OPT(scan_opts, persona_from) },
	{ 'm', "mac", "address", "MAC address of the first; counts up",
	    opt_mac, OPT(scan_opts, mac) },
	{ 'w', "wait", "seconds", "listen for so long (8)",
	    opt_seconds, OPT(scan_opts, wait_ms) },
	{ 0, "fail-on", "severity", "note, warning or error: exit status 1",
	    opt_string, OPT(scan_opts, fail_on) },
	{ 0 },
};

/* Those named, those of the capture, or all. */
static int
choose_personas(const struct scan_opts *o, const struct learn *l,
    const struct persona **ret, size_t *ret_n, struct diag *diag)
{
	size_t n;
	const struct persona *const *rows = persona_rows(&n);

	*ret_n = 0;
	for (size_t i = 0; l && i < l->n; i++) {
		if (persona_starts(&l->client[i].persona))
			ret[(*ret_n)++] = &l->client[i].persona;
	}
	for (size_t i = 0; i < o->persona.n && *ret_n < SCAN_KINDS_MAX; i++) {
		ret[*ret_n] = machine_persona(o->persona.value[i], diag);
		if (!ret[*ret_n])
			return -1;
		if (ret[(*ret_n)++]->v6) {
			diag_set(diag, "'%s' boots over IPv6: here only "
			    "DHCPv4 is asked", o->persona.value[i]);
			return -1;
		}
	}
	for (size_t i = 0; o->persona.n == 0 && !l && i < n; i++) {
		if (persona_starts(rows[i]) && *ret_n < SCAN_KINDS_MAX)
			ret[(*ret_n)++] = rows[i];
	}
	return 0;
}

static int
scan_with(const struct cmd_run *run, const struct learn *l)
{
	const struct scan_opts *o = run->opts;
	const struct persona *personas[SCAN_KINDS_MAX];
	struct scan_conf conf = {
		.personas = personas,
		.wait_ms = o->wait_ms ? o->wait_ms : SCAN_WAIT_MS,
	};
	struct sbuf out = SBUF_EMPTY;
	struct scan *s = NULL;
	enum fault_severity fail_on;
	struct diag d;
	int status = EXIT_CLEAN;

	if (choose_personas(o, l, personas, &conf.n_personas, &d) < 0 ||
	    severity_read(o->fail_on, &fail_on, &d) < 0 ||
	    machine_iface(o->iface, &conf.iface, &d) < 0)
		return cmd_error(run, &d);
	machine_mac(&o->mac, &conf.iface, conf.mac);
	if (scan_run(&conf, &s, &d) < 0)
		return cmd_error(run, &d);
	for (size_t i = 0; i < s->n_findings; i++) {
		if (s->finding[i].fault->severity >= fail_on)
			status = EXIT_FOUND;
	}
	if (run->format == CMD_JSON)
		(void)report_dump(report_scan_json(s), 2, &out);
	else
		report_scan_text(s, run->color, &out);
	status = cmd_output(run, &out, status);
	sbuf_release(&out);
	scan_free(s);
	return status;
}

static int
scan_run_cmd(const struct cmd_run *run)
{
	const struct scan_opts *o = run->opts;
	struct learn *l = NULL;
	struct diag d;
	int status;

	if (o->persona_from && learn_read(o->persona_from, &l, &d) < 0)
		return cmd_error(run, &d);
	status = scan_with(run, l);
	learn_free(l);
	return status;
}

const struct cmd cmd_scan = {
	.name = "scan",
	.summary = "see who answers DHCP on a network, and what each kind of "
	    "machine is told",
	.usage = "-i interface [-p persona] [options]", .opts = scan_rows,
	.opts_size = sizeof(struct scan_opts),
	.min_args = 0, .max_args = 0,
	.formats = CMD_TEXT | CMD_JSON, .run = scan_run_cmd,
};
