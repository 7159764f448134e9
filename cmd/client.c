/*
 * client.c - pxetool client: one machine boots against live servers.
 */
#include "cmd.h"
#include "progress.h"

#include "client/walk.h"
#include "net/iface.h"
#include "report/boot.h"
#include "report/json.h"

#include <string.h>

enum {
	CLIENT_TIMEOUT_MS = 180000,
	CLIENT_FILE_MAX = 200 * 1024 * 1024,
	CLIENT_FAST = 10,
};

struct client_opts {
	const char *iface;
	const char *persona;
	struct opt_mac mac;
	struct opt_uuid uuid;
	const char *user_class;
	uint64_t timeout_ms;
	bool fast;
	bool verbose;
	bool list;
};

static const struct cmd_opt client_rows[] = {
	{ 'i', "interface", "name", "the network to boot from",
	    opt_string, OPT(client_opts, iface) },
	{ 'p', "persona", "name", "the firmware to play (intel-bios)",
	    opt_string, OPT(client_opts, persona) },
	{ 'm', "mac", "address", "MAC address of the emulated machine",
	    opt_mac, OPT(client_opts, mac) },
	{ 'u', "uuid", "uuid", "its SMBIOS UUID",
	    opt_uuid, OPT(client_opts, uuid) },
	{ 0, "user-class", "text", "what iPXE sends as user class (77)",
	    opt_string, OPT(client_opts, user_class) },
	{ 't', "timeout", "seconds", "give the whole boot up after (180)",
	    opt_seconds, OPT(client_opts, timeout_ms) },
	{ 0, "fast", NULL, "divide every wait of the firmware by 10",
	    opt_true, OPT(client_opts, fast) },
	{ 'v', "verbose", NULL, "show ignored packets too",
	    opt_true, OPT(client_opts, verbose) },
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

static int
list_personas(const struct cmd_run *run)
{
	struct sbuf out = SBUF_EMPTY;
	size_t n;
	const struct persona *const *rows = persona_rows(&n);
	int status;

	if (run->format == CMD_JSON) {
		json_t *j = report_head("client");
		json_t *list = json_array();

		for (size_t i = 0; i < n; i++)
			json_array_append_new(list, json_pack("{s:s, s:s, s:o}",
			    "name", rows[i]->name, "title", rows[i]->title,
			    "arch", rows[i]->has_arch ?
			    json_integer(rows[i]->arch) : json_null()));
		json_object_set_new(j, "personas", list);
		(void)report_dump(j, 2, &out);
	} else {
		for (size_t i = 0; i < n; i++)
			sbuf_printf(&out, "%-18s %s\n", rows[i]->name,
			    rows[i]->title);
	}
	status = cmd_output(run, &out, EXIT_CLEAN);
	sbuf_release(&out);
	return status;
}

/* A stable address of its own: the interface's, made locally administered. */
static void
default_mac(const struct iface *iface, uint8_t mac[MAC_LEN])
{
	static const uint8_t prefix[3] = { 0x52, 0x54, 0x00 };

	memcpy(mac, iface->mac, MAC_LEN);
	memcpy(mac, prefix, sizeof(prefix));
	mac[5] ^= 0x55;                 /* not that of a virtual machine here */
}

static int
fill_conf(const struct client_opts *o, struct walk_conf *conf,
    struct diag *diag)
{
	const char *name = o->persona ? o->persona : "intel-bios";
	const char *nearest;
	int rc;

	if (!o->iface) {
		diag_set(diag, "which network? name its interface with -i");
		return -1;
	}
	conf->persona = persona_find(name);
	if (!conf->persona) {
		nearest = persona_nearest(name);
		diag_set(diag, "no persona '%s'%s%s%s (--list-personas shows "
		    "them all)", name, nearest ? ": did you mean '" : "",
		    nearest ? nearest : "", nearest ? "'?" : "");
		return -1;
	}
	rc = iface_get(o->iface, &conf->iface, diag);
	if (rc < 0)
		return rc;
	if (o->mac.set)
		memcpy(conf->machine.mac, o->mac.mac, MAC_LEN);
	else
		default_mac(&conf->iface, conf->machine.mac);
	conf->machine.has_uuid = o->uuid.set;
	memcpy(conf->machine.uuid, o->uuid.uuid, UUID_LEN);
	conf->machine.user_class = o->user_class;
	conf->timeout_ms = o->timeout_ms ? o->timeout_ms : CLIENT_TIMEOUT_MS;
	conf->speed = o->fast ? CLIENT_FAST : 1;
	conf->max_bytes = CLIENT_FILE_MAX;
	return 0;
}

static int
client_run(const struct cmd_run *run)
{
	const struct client_opts *o = run->opts;
	struct live live = { .run = run };
	struct walk_conf conf = {
		.changed = on_changed, .progress = on_progress, .ctx = &live,
	};
	struct boot *b = NULL;
	struct diag d;
	int status;

	if (o->list)
		return list_personas(run);
	if (fill_conf(o, &conf, &d) < 0)
		return cmd_error(run, &d);
	live.on = run->format == CMD_TEXT && !run->output;
	live.report.color = run->color;
	live.report.verbose = o->verbose;
	progress_init(&live.progress);
	if (walk_boot(&conf, &b, &d) < 0) {
		progress_clear(&live.progress);
		return cmd_error(run, &d);
	}
	progress_clear(&live.progress);
	status = b->fault ? EXIT_FOUND : EXIT_CLEAN;
	if (run->format == CMD_JSON) {
		(void)report_dump(report_boot_json(b), 2, &live.text);
	} else {
		report_boot_more(&live.report, b, &live.text);
		report_boot_end(&live.report, b, &live.text);
	}
	status = cmd_output(run, &live.text, status);
	sbuf_release(&live.text);
	boot_free(b);
	return status;
}

const struct cmd cmd_client = {
	.name = "client", .summary = "boot one emulated machine from the "
	    "network, and show how far it comes",
	.usage = "-i interface [-p persona] [options]", .opts = client_rows,
	.opts_size = sizeof(struct client_opts),
	.min_args = 0, .max_args = 0,
	.formats = CMD_TEXT | CMD_JSON, .run = client_run,
};
