/*
 * replay.c - pxetool replay: send a captured boot's requests to live servers
 * again, and compare the answers.
 */
#include "cmd.h"
#include "machine.h"

#include "client/replay.h"
#include "report/json.h"
#include "report/replay.h"

enum { REPLAY_WAIT_MS = 4000, REPLAY_FILE_MAX = 512 * 1024 * 1024 };

struct replay_opts {
	const char *iface;
	uint64_t wait_ms;
	bool no_files;
};

static const struct cmd_opt replay_rows[] = {
	{ 'i', "interface", "name", "the network of the live servers",
	    opt_string, OPT(replay_opts, iface) },
	{ 'w', "wait", "seconds", "for an answer (4)",
	    opt_seconds, OPT(replay_opts, wait_ms) },
	{ 0, "no-files", NULL, "ask DHCP alone, load nothing",
	    opt_true, OPT(replay_opts, no_files) },
	{ 0 },
};

static int
replay_run_cmd(const struct cmd_run *run)
{
	const struct replay_opts *o = run->opts;
	struct replay_conf conf = {
		.wait_ms = o->wait_ms ? o->wait_ms : REPLAY_WAIT_MS,
		.max_bytes = REPLAY_FILE_MAX, .no_files = o->no_files,
	};
	struct sbuf out = SBUF_EMPTY;
	struct replay *r = NULL;
	struct diag d;
	int status;

	if (machine_iface(o->iface, &conf.iface, &d) < 0 ||
	    replay_read(run->args[0], &r, &d) < 0)
		return cmd_error(run, &d);
	if (replay_run(&conf, r, &d) < 0) {
		replay_free(r);
		return cmd_error(run, &d);
	}
	status = replay_is_same(r) ? EXIT_CLEAN : EXIT_FOUND;
	if (run->format == CMD_JSON)
		(void)report_dump(report_replay_json(r), 2, &out);
	else
		report_replay_text(r, run->color, &out);
	status = cmd_output(run, &out, status);
	sbuf_release(&out);
	replay_free(r);
	return status;
}

const struct cmd cmd_replay = {
	.name = "replay",
	.summary = "send a captured boot's requests again, and compare the "
	    "answers",
	.usage = "-i interface [options] file.pcap", .opts = replay_rows,
	.opts_size = sizeof(struct replay_opts),
	.min_args = 1, .max_args = 1,
	.formats = CMD_TEXT | CMD_JSON, .run = replay_run_cmd,
};
