/*
 * client.c - pxetool client: one machine boots against live servers.
 */
#include "cmd.h"
#include "client_expect.h"
#include "client_net.h"
#include "machine.h"
#include "progress.h"

#include "chain/persona6.h"
#include "client/matrix.h"
#include "client/walk.h"
#include "net/iface.h"
#include "report/boot.h"
#include "report/json.h"
#include "report/matrix.h"
#include "report/monitor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	CLIENT_TIMEOUT_MS = 180000,
	CLIENT_FILE_MAX = 200 * 1024 * 1024,
	CLIENT_FAST = 10,
	CLIENT_MATRIX_MAX = 64,
};

struct client_opts {
	const char *iface;
	const char *persona;
	const char *persona_from;
	struct client_net net;
	struct opt_mac mac;
	struct opt_uuid uuid;
	const char *user_class;
	uint64_t timeout_ms;
	bool fast;
	bool verbose;
	bool list;
	const char *until;
	struct cmd_list expect;
	const char *expect_file;
	uint64_t max_time_ms;
	bool renew;
	bool keep_leases;
	bool secure_boot;
	const char *pcap;
	bool matrix;
	const char *menu;
	const char *key;
	struct fetch_tls tls;
};

static const struct cmd_opt client_rows[] = {
	{ 'i', "interface", "name", "the network to boot from",
	    opt_string, OPT(client_opts, iface) },
	{ 'p', "persona", "name", "the firmware to play (intel-bios)",
	    opt_string, OPT(client_opts, persona) },
	{ 0, "persona-from", "file", "learn the firmware from a capture of it",
	    opt_string, OPT(client_opts, persona_from) },
	{ 'm', "mac", "address", "MAC address of the emulated machine",
	    opt_mac, OPT(client_opts, mac) },
	{ 'u', "uuid", "uuid", "its SMBIOS UUID",
	    opt_uuid, OPT(client_opts, uuid) },
	{ 0, "user-class", "text", "what iPXE sends as user class (77)",
	    opt_string, OPT(client_opts, user_class) },
	{ 0, "net", "whose", "host or own (host): whose network stack and "
	    "address load the files", opt_string, OPT(client_opts, net.net) },
	{ 0, "vlan", "id", "tag all its frames", opt_u16,
	    OPT(client_opts, net.vlan) },
	{ 0, "giaddr", "address", "be behind the relay agent with this "
	    "address", opt_ipv4, OPT(client_opts, net.giaddr) },
	{ 0, "server", "address", "the DHCP server it hands requests on to",
	    opt_ipv4, OPT(client_opts, net.server) },
	{ 0, "circuit-id", "text", "what it says in option 82.1",
	    opt_string, OPT(client_opts, net.circuit_id) },
	{ 0, "remote-id", "text", "what it says in option 82.2",
	    opt_string, OPT(client_opts, net.remote_id) },
	{ 't', "timeout", "seconds", "give the whole boot up after (180)",
	    opt_seconds, OPT(client_opts, timeout_ms) },
	{ 0, "until", "stage", "script, kernel or os (os): how far to go",
	    opt_string, OPT(client_opts, until) },
	{ 'e', "expect", "key=pattern", "fail if the boot is not like this; "
	    "repeatable", opt_list, OPT(client_opts, expect) },
	{ 0, "expect-file", "file", "the same, one a line",
	    opt_string, OPT(client_opts, expect_file) },
	{ 0, "menu", "item", "what is chosen of a PXE boot menu: a number, or "
	    "words of it", opt_string, OPT(client_opts, menu) },
	{ 0, "key", "key", "f8 or esc: what is pressed at its prompt",
	    opt_string, OPT(client_opts, key) },
	{ 0, "ca", "file", "whom the machine trusts for https (PEM)",
	    opt_string, OPT(client_opts, tls.ca) },
	{ 0, "client-cert", "file", "its own certificate (PEM)",
	    opt_string, OPT(client_opts, tls.cert) },
	{ 0, "client-key", "file", "and the key, if it is not in there",
	    opt_string, OPT(client_opts, tls.key) },
	{ 0, "max-time", "seconds", "fail if the boot takes longer",
	    opt_seconds, OPT(client_opts, max_time_ms) },
	{ 0, "renew", NULL, "renew the last lease at the end, by unicast",
	    opt_true, OPT(client_opts, renew) },
	{ 0, "keep-leases", NULL, "do not release the addresses at the end",
	    opt_true, OPT(client_opts, keep_leases) },
	{ 0, "secure-boot", NULL, "UEFI starts only what is signed",
	    opt_true, OPT(client_opts, secure_boot) },
	{ 0, "pcap", "file", "write what was said, with a comment on each "
	    "packet", opt_string, OPT(client_opts, pcap) },
	{ 0, "fast", NULL, "divide every wait of the firmware by 10",
	    opt_true, OPT(client_opts, fast) },
	{ 'v', "verbose", NULL, "show ignored packets too",
	    opt_true, OPT(client_opts, verbose) },
	{ 0, "matrix", NULL, "boot every firmware at once, and compare",
	    opt_true, OPT(client_opts, matrix) },
	{ 0, "list-personas", NULL, "list the firmwares and stop",
	    opt_true, OPT(client_opts, list) },
	{ 0 },
};

/* What the live timeline needs. */
struct live {
	const struct cmd_run *run;
	struct report_boot report;
	struct progress progress;
	bool on;                        /* text to stdout: lines as they come */
	struct sbuf text;               /* the lines that were not yet shown */
};

static void
on_changed(void *ctx, const struct boot *b)
{
	struct live *l = ctx;

	if (!l->on)
		return;
	progress_clear(&l->progress);
	report_boot_more(&l->report, b, &l->text);
	(void)cmd_output(l->run, &l->text, EXIT_CLEAN);
	sbuf_clear(&l->text);
}

static void
on_progress(void *ctx, uint64_t done, uint64_t total)
{
	struct live *l = ctx;

	progress_show(&l->progress, done, total);
}

/* Those that boot over IPv4, then the others. */
static size_t
all_personas(const struct persona **ret, size_t max)
{
	size_t n_rows;
	const struct persona *const *rows = persona_rows(&n_rows);
	size_t n = 0;

	for (size_t i = 0; i < n_rows && n < max; i++)
		ret[n++] = rows[i];
	for (size_t i = 0; persona6_table[i] && n < max; i++)
		ret[n++] = persona6_table[i];
	return n;
}

static int
list_personas(const struct cmd_run *run, const struct learn *l)
{
	struct sbuf out = SBUF_EMPTY;
	const struct persona *rows[CLIENT_MATRIX_MAX + LEARN_CLIENTS_MAX];
	size_t n = l ? l->n : all_personas(rows, CLIENT_MATRIX_MAX);
	int status;

	for (size_t i = 0; l && i < l->n; i++)
		rows[i] = &l->client[i].persona;
	if (run->format == CMD_JSON) {
		json_t *j = report_head("client");
		json_t *list = json_array();

		for (size_t i = 0; i < n; i++)
			json_array_append_new(list, json_pack(
			    "{s:s, s:s, s:s, s:o, s:b}",
			    "name", rows[i]->name, "title", rows[i]->title,
			    "kind", persona_kind_name(rows[i]->kind),
			    "arch", rows[i]->has_arch ?
			    json_integer(rows[i]->arch) : json_null(),
			    "starts", (int)persona_starts(rows[i])));
		json_object_set_new(j, "personas", list);
		(void)report_dump(j, 2, &out);
	} else {
		for (size_t i = 0; i < n; i++) {
			char arch[8] = "-";

			if (rows[i]->has_arch)
				(void)snprintf(arch, sizeof(arch), "%u",
				    rows[i]->arch);
			sbuf_printf(&out, "%-19s %-9s %4s  %s\n",
			    rows[i]->name, persona_kind_name(rows[i]->kind),
			    arch, rows[i]->title);
		}
	}
	status = cmd_output(run, &out, EXIT_CLEAN);
	sbuf_release(&out);
	return status;
}

static int
read_until(const char *name, enum walk_until *ret, struct diag *diag)
{
	static const char *const names[] = {
		[WALK_UNTIL_OS] = "os", [WALK_UNTIL_KERNEL] = "kernel",
		[WALK_UNTIL_SCRIPT] = "script",
	};

	for (size_t i = 0; name && i < ARRAY_LEN(names); i++) {
		if (strcmp(names[i], name) == 0) {
			*ret = (enum walk_until)i;
			return 0;
		}
	}
	if (!name)
		return 0;
	diag_set(diag, "--until: '%s' is not one of script, kernel, os", name);
	return -1;
}

static int
read_key(const char *name, enum pxe_key *ret, struct diag *diag)
{
	static const char *const names[] = {
		[PXE_KEY_NONE] = "none", [PXE_KEY_F8] = "f8",
		[PXE_KEY_ESC] = "esc",
	};

	for (size_t i = 0; name && i < ARRAY_LEN(names); i++) {
		if (strcasecmp(names[i], name) == 0) {
			*ret = (enum pxe_key)i;
			return 0;
		}
	}
	if (!name)
		return 0;
	diag_set(diag, "--key: '%s' is not one of f8, esc, none", name);
	return -1;
}

/* The machine that was captured, as that client; but what is given is given. */
static int
fill_learnt(const struct client_opts *o, const struct learn *l,
    struct walk_conf *conf, struct diag *diag)
{
	const struct learnt *c = machine_learnt(l, o->persona, diag);

	if (!c)
		return -1;
	conf->persona = &c->persona;
	conf->machine = c->machine;
	if (o->mac.set)
		memcpy(conf->machine.mac, o->mac.mac, MAC_LEN);
	return 0;
}

static int
fill_conf(const struct client_opts *o, const struct learn *l,
    struct walk_conf *conf, struct diag *diag)
{
	int rc = machine_iface(o->iface, &conf->iface, diag);

	if (rc < 0)
		return rc;
	rc = client_net_read(&o->net, &conf->attach, diag);
	if (rc < 0)
		return rc;
	if (l) {
		if (fill_learnt(o, l, conf, diag) < 0)
			return -1;
	} else {
		conf->persona = machine_persona(o->persona ? o->persona :
		    "intel-bios", diag);
		if (!conf->persona)
			return -1;
		machine_mac(&o->mac, &conf->iface, conf->machine.mac);
	}
	if (o->uuid.set) {
		conf->machine.has_uuid = true;
		memcpy(conf->machine.uuid, o->uuid.uuid, UUID_LEN);
	}
	conf->machine.user_class = o->user_class;
	conf->timeout_ms = o->timeout_ms ? o->timeout_ms : CLIENT_TIMEOUT_MS;
	conf->speed = o->fast ? CLIENT_FAST : 1;
	conf->max_bytes = CLIENT_FILE_MAX;
	conf->renew = o->renew;
	conf->keep_leases = o->keep_leases;
	conf->pcap = o->pcap;
	if (o->pcap && o->matrix) {
		diag_set(diag, "--pcap is of one machine: it does not go with "
		    "--matrix");
		return -1;
	}
	conf->user.item = o->menu;
	conf->tls = o->tls;
	conf->secure_boot = o->secure_boot;
	rc = read_key(o->key, &conf->user.key, diag);
	return rc < 0 ? rc : read_until(o->until, &conf->until, diag);
}

/* An error of ours; a monitoring system wants it on standard output. */
static int
cannot(const struct cmd_run *run, const struct diag *diag)
{
	struct sbuf out = SBUF_EMPTY;
	char line[DIAG_TEXT_MAX + DIAG_FILE_MAX + 32];
	int status;

	if (run->format != CMD_NAGIOS)
		return cmd_error(run, diag);
	(void)diag_format(diag, line, sizeof(line));
	monitor_nagios_unknown(line, &out);
	status = cmd_output(run, &out, MONITOR_UNKNOWN);
	sbuf_release(&out);
	return status;
}

static int
render(const struct cmd_run *run, struct live *live, const struct boot *b,
    const struct expects *ex)
{
	const struct client_opts *o = run->opts;
	bool ok = expects_met(ex, b);
	struct monitor_boot row = { b, ok };
	struct sbuf *out = &live->text;

	switch (run->format) {
	case CMD_JSON:
		(void)report_dump(report_boot_json(b, ex->expect, ex->n), 2,
		    out);
		break;
	case CMD_NAGIOS:
		monitor_nagios(&row, 1, ex->expect, ex->n, out);
		return cmd_output(run, out, ok ? MONITOR_OK :
		    MONITOR_CRITICAL);
	case CMD_JUNIT:
		monitor_junit(&row, 1, ex->expect, ex->n, out);
		break;
	case CMD_PROMETHEUS:
		monitor_prometheus(&row, 1, o->iface, out);
		break;
	default:
		report_boot_more(&live->report, b, out);
		report_boot_end(&live->report, b, out);
		report_boot_expect(&live->report, b, ex->expect, ex->n, out);
		break;
	}
	return cmd_output(run, out, ok ? EXIT_CLEAN : EXIT_FOUND);
}

static int
boot_one(const struct cmd_run *run, const struct learn *l, struct expects *ex)
{
	const struct client_opts *o = run->opts;
	struct live live = { .run = run };
	struct walk_conf conf = {
		.changed = on_changed, .progress = on_progress, .ctx = &live,
	};
	struct boot *b = NULL;
	struct diag d;
	int status;

	if (fill_conf(o, l, &conf, &d) < 0)
		return cannot(run, &d);
	live.on = run->format == CMD_TEXT && !run->output;
	live.report.color = run->color;
	live.report.verbose = o->verbose;
	progress_init(&live.progress);
	if (walk_boot(&conf, &b, &d) < 0) {
		progress_clear(&live.progress);
		sbuf_release(&live.text);
		return cannot(run, &d);
	}
	progress_clear(&live.progress);
	status = render(run, &live, b, ex);
	sbuf_release(&live.text);
	boot_free(b);
	return status;
}

static int
render_all(const struct cmd_run *run, struct matrix_boot *row, size_t n,
    const struct expects *ex)
{
	const struct client_opts *o = run->opts;
	struct monitor_boot m[CLIENT_MATRIX_MAX];
	struct sbuf out = SBUF_EMPTY;
	int status = EXIT_CLEAN;

	for (size_t i = 0; i < n; i++) {
		m[i].boot = row[i].boot;
		m[i].ok = expects_met(ex, row[i].boot);
		if (!m[i].ok)
			status = EXIT_FOUND;
	}
	switch (run->format) {
	case CMD_JSON:
		(void)report_dump(report_matrix_json(m, n, ex->expect, ex->n),
		    2, &out);
		break;
	case CMD_NAGIOS:
		monitor_nagios(m, n, ex->expect, ex->n, &out);
		status = status == EXIT_CLEAN ? MONITOR_OK : MONITOR_CRITICAL;
		break;
	case CMD_JUNIT:
		monitor_junit(m, n, ex->expect, ex->n, &out);
		break;
	case CMD_PROMETHEUS:
		monitor_prometheus(m, n, o->iface, &out);
		break;
	default:
		report_matrix_text(m, n, ex->expect, ex->n, run->color, &out);
		break;
	}
	status = cmd_output(run, &out, status);
	sbuf_release(&out);
	return status;
}

/* Every firmware at once, each with a MAC address of its own. */
static int
boot_all(const struct cmd_run *run, const struct expects *ex)
{
	const struct client_opts *o = run->opts;
	struct matrix_boot *row = calloc(CLIENT_MATRIX_MAX, sizeof(*row));
	struct walk_conf conf = { .changed = NULL };
	struct diag d = { .text = "out of memory" };
	size_t n_rows;
	const struct persona *const *rows = persona_rows(&n_rows);
	size_t n = 0;
	int rc = row ? fill_conf(o, NULL, &conf, &d) : -1;

	for (size_t i = 0; rc == 0 && i < n_rows; i++) {
		if (!persona_starts(rows[i]) || n == CLIENT_MATRIX_MAX)
			continue;
		row[n].conf = conf;
		row[n].conf.persona = rows[i];
		row[n].conf.machine.mac[MAC_LEN - 1] += (uint8_t)n;
		n++;
	}
	if (rc == 0)
		rc = matrix_run(row, n, &d);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		if (row[i].rc < 0) {
			rc = row[i].rc;
			d = row[i].diag;
		}
	}
	rc = rc < 0 ? cannot(run, &d) : render_all(run, row, n, ex);
	if (row)
		matrix_release(row, n);
	free(row);
	return rc;
}

static int
boot(const struct cmd_run *run, const struct learn *l)
{
	const struct client_opts *o = run->opts;
	struct expects *ex = calloc(1, sizeof(*ex));
	struct diag d = { .text = "out of memory" };
	int status;

	if (!ex || expects_read(ex, &o->expect, o->expect_file,
	    o->max_time_ms, &d) < 0)
		status = cannot(run, &d);
	else if (o->matrix)
		status = boot_all(run, ex);
	else
		status = boot_one(run, l, ex);
	if (ex)
		expects_release(ex);
	free(ex);
	return status;
}

static int
client_run(const struct cmd_run *run)
{
	const struct client_opts *o = run->opts;
	struct learn *l = NULL;
	struct diag d;
	int status;

	if (o->matrix && o->persona_from) {
		diag_set(&d, "--matrix plays every firmware, --persona-from "
		    "one: choose");
		return cannot(run, &d);
	}
	if (o->persona_from && learn_read(o->persona_from, &l, &d) < 0)
		return cannot(run, &d);
	status = o->list ? list_personas(run, l) : boot(run, l);
	learn_free(l);
	return status;
}

const struct cmd cmd_client = {
	.name = "client", .summary = "boot one emulated machine from the "
	    "network, and show how far it comes",
	.usage = "-i interface [-p persona] [options]", .opts = client_rows,
	.opts_size = sizeof(struct client_opts),
	.min_args = 0, .max_args = 0,
	.formats = CMD_TEXT | CMD_JSON | CMD_JUNIT | CMD_NAGIOS |
	    CMD_PROMETHEUS,
	.run = client_run,
};
