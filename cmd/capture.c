/*
 * capture.c - pxetool capture: watch machines boot, and keep what they sent.
 */
#include "cmd.h"

#include "base/text.h"
#include "capture/dissect.h"
#include "capture/live.h"
#include "capture/ring.h"
#include "diagnose/diagnose.h"
#include "net/loop.h"
#include "net/privilege.h"
#include "report/capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	CAPTURE_IFACES_MAX = 16,
	BATCH_FRAMES = 256,             /* before others have their turn */
	DEFAULT_FILE_MB = 100,
	BYTES_PER_MB = 1000 * 1000,
	AFTERMATH_MS = 3000,            /* what follows the end is seen too */
	SILENCE_MS = 60 * 1000,         /* a boot that is silent has ended */
};

struct capture_opts {
	struct cmd_list iface;
	const char *write;
	const char *ring;
	const char *size;
	struct opt_mac mac;
	struct cmd_list until;
	const char *filter;
	bool promisc;
};

static const struct cmd_opt capture_rows[] = {
	{ 'i', "interface", "name", "the network to listen on; repeatable",
	    opt_list, OPT(capture_opts, iface) },
	{ 'w', "write", "file", "keep the frames there, as pcapng",
	    opt_string, OPT(capture_opts, write) },
	{ 0, "ring", "n", "in so many files, of which the oldest goes",
	    opt_string, OPT(capture_opts, ring) },
	{ 0, "size", "MB", "of each file of the ring (100)",
	    opt_string, OPT(capture_opts, size) },
	{ 'm', "mac", "address", "show this machine alone, and keep all of its frames",
	    opt_mac, OPT(capture_opts, mac) },
	{ 'u', "until", "what", "booted, failed or seconds; repeatable",
	    opt_list, OPT(capture_opts, until) },
	{ 0, "filter", "expression", "what to capture, as in pcap-filter(7)",
	    opt_string, OPT(capture_opts, filter) },
	{ 0, "promiscuous", NULL, "frames for other machines as well",
	    opt_true, OPT(capture_opts, promisc) },
	{ 0 },
};

/* How far a machine's ladder was shown. */
struct shown {
	const struct diagnosis_machine *machine;
	const struct diagnosis_event *last;
};

struct capture;

/* An interface in the loop. */
struct port {
	struct capture *c;
	struct live *live;
	struct loop_fd *handle;
};

struct capture {
	const struct cmd_run *run;
	const struct capture_opts *o;
	struct report_capture report;
	struct port port[CAPTURE_IFACES_MAX];
	size_t n_ports;
	struct loop *loop;
	struct capture_ring *ring;      /* NULL: nothing is kept */
	struct dissector *dissector;
	struct diagnose *diagnose;
	uint64_t n_frames;
	struct shown shown[DIAGNOSIS_MACHINES_MAX];
	size_t n_shown;
	bool until_booted, until_failed;
	uint64_t until_ms;              /* CLOCK_NEVER */
	struct loop_timer time, silence, aftermath;
	const char *why;                /* of the end; NULL: goes on */
	int error;
	struct diag diag;
	struct sbuf out;
};

static int
read_until(struct capture *c)
{
	c->until_ms = CLOCK_NEVER;
	for (size_t i = 0; i < c->o->until.n; i++) {
		const char *word = c->o->until.value[i];

		if (strcmp(word, "booted") == 0)
			c->until_booted = true;
		else if (strcmp(word, "failed") == 0)
			c->until_failed = true;
		else if (parse_seconds(word, &c->until_ms, NULL) < 0) {
			diag_set(&c->diag, "--until: '%s' is neither booted "
			    "nor failed nor a time, such as 90 or 5m", word);
			return -EINVAL;
		}
	}
	return 0;
}

static int
open_ports(struct capture *c)
{
	struct live_conf conf = {
		.promisc = c->o->promisc, .filter = c->o->filter,
		.mac = c->o->mac.set ? c->o->mac.mac : NULL,
	};
	int rc = 0;

	if (c->o->iface.n == 0 || c->o->iface.n > CAPTURE_IFACES_MAX) {
		diag_set(&c->diag, "which network interface? give "
		    "--interface once to %d times", CAPTURE_IFACES_MAX);
		return -EINVAL;
	}
	for (size_t i = 0; i < c->o->iface.n && rc == 0; i++) {
		struct port *p = &c->port[i];

		p->c = c;
		conf.iface = c->o->iface.value[i];
		rc = live_open(&conf, &p->live, &c->diag);
		if (rc < 0)
			break;
		c->n_ports++;
		if (live_link(p->live) != live_link(c->port[0].live)) {
			diag_set(&c->diag, "%s and %s are links of different "
			    "kinds: capture on each by itself",
			    live_iface(c->port[0].live), live_iface(p->live));
			rc = -EINVAL;
		}
	}
	return rc;
}

static int
open_ring(struct capture *c)
{
	uint64_t n = 1;
	uint64_t mb = DEFAULT_FILE_MB;

	if (c->o->ring && parse_uint(c->o->ring, 2, RING_FILES_MAX, &n,
	    &c->diag) < 0)
		return -EINVAL;
	if (c->o->size && parse_uint(c->o->size, 1, 1000 * 1000, &mb,
	    &c->diag) < 0)
		return -EINVAL;
	if (!c->o->write) {
		if (!c->o->ring)
			return 0;
		diag_set(&c->diag, "--ring: of which files? give --write");
		return -EINVAL;
	}
	return capture_ring_open(c->o->write, (unsigned int)n,
	    mb * BYTES_PER_MB, live_link(c->port[0].live), &c->ring,
	    &c->diag);
}

/* From here on nothing needs a privilege, so there shall be none. */
static int
drop_privileges(struct capture *c)
{
	struct privilege_user user;
	bool is_root = privilege_user(&user);
	int rc = 0;

	/* Who called sudo can read what was captured; nobody needs not. */
	if (is_root && user.invoked && c->ring)
		rc = capture_ring_give(c->ring, user.uid, user.gid, &c->diag);
	return rc < 0 ? rc : privilege_drop(is_root ? &user : NULL, &c->diag);
}

/* ------------------------------------------------------------ frames */

static void
end(struct capture *c, const char *why)
{
	if (!c->why)
		c->why = why;
	loop_stop(c->loop);
}

static void
fail(struct capture *c, int rc)
{
	c->error = rc;
	end(c, "error");
}

static struct shown *
find_shown(struct capture *c, const struct diagnosis_machine *m)
{
	for (size_t i = c->n_shown; i > 0; i--) {
		if (c->shown[i - 1].machine == m)
			return &c->shown[i - 1];
	}
	if (c->n_shown == DIAGNOSIS_MACHINES_MAX)
		return NULL;
	c->shown[c->n_shown] = (struct shown){ .machine = m };
	return &c->shown[c->n_shown++];
}

static bool
is_wanted(const struct capture *c, const struct diagnosis_machine *m)
{
	return !c->o->mac.set || memcmp(m->mac, c->o->mac.mac, MAC_LEN) == 0;
}

static void
show_machine(struct capture *c, const struct diagnosis_machine *m)
{
	struct shown *s = find_shown(c, m);
	const struct diagnosis_event *ev;

	if (!s)
		return;
	for (ev = s->last ? s->last->next : m->events; ev; ev = ev->next) {
		report_capture_event(&c->report, m, ev, &c->out);
		s->last = ev;
	}
}

/* Has what was waited for come? A little later, for what follows it. */
static void
watch(struct capture *c)
{
	const struct diagnosis_machine *m;
	bool ended = false;
	bool booted;

	m = diagnose_peek(c->diagnose, &ended);
	if (!m || !is_wanted(c, m))
		return;
	show_machine(c, m);
	if (!c->until_booted && !c->until_failed)
		return;
	loop_timer_set(c->loop, &c->silence, clock_now_ms() + SILENCE_MS);
	booted = diagnose_has_booted(c->diagnose);
	if (!ended || c->aftermath.armed ||
	    !(booted ? c->until_booted : c->until_failed))
		return;
	c->why = booted ? "booted" : "failed";
	loop_timer_set(c->loop, &c->aftermath, clock_now_ms() + AFTERMATH_MS);
}

static int
take(struct capture *c, struct live *live, struct capture_frame *f)
{
	struct packet p;
	int rc;

	f->number = ++c->n_frames;
	if (c->ring)
		capture_ring_add(c->ring, f);
	dissector_set_link(c->dissector, live_link(live));
	rc = dissect(c->dissector, f, &p);
	if (rc == 0)
		rc = diagnose_packet(c->diagnose, &p, f->number);
	packet_release(&p);
	if (rc < 0)
		diag_set(&c->diag, "out of memory");
	else
		watch(c);
	return rc;
}

/* The frames may have standard output: then this is talk. */
static int
say(struct capture *c, int status)
{
	if (c->o->write && strcmp(c->o->write, "-") == 0 && !c->run->output)
		(void)fputs(sbuf_str(&c->out), stderr);
	else
		status = cmd_output(c->run, &c->out, status);
	sbuf_clear(&c->out);
	return status;
}

static int
flush(struct capture *c)
{
	int rc = c->ring ? capture_ring_flush(c->ring, &c->diag) : 0;

	if (rc == 0 && !c->run->output && c->out.len > 0 &&
	    say(c, EXIT_CLEAN) != EXIT_CLEAN)
		rc = -EPIPE;
	return rc;
}

static void
on_frames(void *ctx)
{
	struct port *p = ctx;
	struct capture *c = p->c;
	struct capture_frame f;
	int rc = 1;

	for (size_t i = 0; i < BATCH_FRAMES && rc > 0; i++) {
		rc = live_next(p->live, &f, &c->diag);
		if (rc > 0 && take(c, p->live, &f) < 0)
			rc = -ENOMEM;
	}
	if (rc >= 0)
		rc = flush(c);
	if (rc < 0)
		fail(c, rc);
}

static void
on_time(void *ctx)
{
	end(ctx, "time");
}

static void
on_silence(void *ctx)
{
	end(ctx, "silence");
}

static void
on_aftermath(void *ctx)
{
	end(ctx, NULL);
}

/* --------------------------------------------------------------- run */

static int
prepare(struct capture *c)
{
	int rc = read_until(c);

	if (rc == 0)
		rc = open_ports(c);
	if (rc == 0)
		rc = open_ring(c);
	if (rc == 0)
		rc = drop_privileges(c);
	if (rc == 0)
		rc = loop_new(&c->loop, &c->diag);
	if (rc == 0)
		rc = loop_catch_signals(c->loop, &c->diag);
	for (size_t i = 0; i < c->n_ports && rc == 0; i++)
		rc = loop_add(c->loop, live_fd(c->port[i].live), on_frames,
		    &c->port[i], &c->port[i].handle);
	return rc;
}

static int
watch_until_end(struct capture *c)
{
	struct sbuf names = SBUF_EMPTY;
	int rc;

	c->time = (struct loop_timer){ .fn = on_time, .ctx = c };
	c->silence = (struct loop_timer){ .fn = on_silence, .ctx = c };
	c->aftermath = (struct loop_timer){ .fn = on_aftermath, .ctx = c };
	if (c->until_ms != CLOCK_NEVER)
		loop_timer_set(c->loop, &c->time, clock_now_ms() +
		    c->until_ms);
	for (size_t i = 0; i < c->n_ports; i++)
		sbuf_printf(&names, "%s%s", i > 0 ? ", " : "",
		    live_iface(c->port[i].live));
	cmd_warn(c->run, "listening on %s", sbuf_str(&names));
	sbuf_release(&names);
	rc = loop_run(c->loop);
	if (rc > 0 && !c->why)
		c->why = "signal";
	return rc < 0 ? rc : c->error;
}

/* Verdicts, and what was lost. */
static int
conclude(struct capture *c)
{
	struct live_counts sum = { 0 };
	struct diagnosis *result = NULL;
	int status = EXIT_CLEAN;

	if (diagnose_finish(c->diagnose, &result, &c->diag) < 0)
		return EXIT_CANNOT;
	for (const struct diagnosis_machine *m = result->machines; m;
	    m = m->next) {
		if (!is_wanted(c, m))
			continue;
		report_capture_verdict(&c->report, m, &c->out);
		if (m->verdict == DIAGNOSIS_FAULT)
			status = EXIT_FOUND;
	}
	diagnosis_free(result);
	for (size_t i = 0; i < c->n_ports; i++) {
		struct live_counts one = live_counts(c->port[i].live);

		sum.received += one.received;
		sum.dropped += one.dropped;
		sum.dropped_by_iface += one.dropped_by_iface;
	}
	report_capture_end(&c->report, c->why ? c->why : "error", c->n_frames,
	    &sum, c->ring ? capture_ring_name(c->ring) : NULL, &c->out);
	if (sum.dropped + sum.dropped_by_iface > 0)
		cmd_warn(c->run, "frames were lost: %llu; a narrower --filter "
		    "or --mac helps", (unsigned long long)(sum.dropped +
		    sum.dropped_by_iface));
	return say(c, status);
}

static void
release(struct capture *c)
{
	for (size_t i = 0; i < c->n_ports; i++) {
		loop_remove(c->loop, c->port[i].handle);
		live_close(c->port[i].live);
	}
	if (c->loop)
		loop_free(c->loop);
	dissector_free(c->dissector);
	diagnose_free(c->diagnose);
	sbuf_release(&c->out);
	free(c);
}

static int
capture_run(const struct cmd_run *run)
{
	struct capture *c = calloc(1, sizeof(*c));
	struct diagnose_conf conf = { .files = NULL };
	struct diag diag = { .text = "out of memory" };
	int status;
	int rc;

	if (!c)
		return cmd_error(run, &diag);
	c->run = run;
	c->o = run->opts;
	c->report = (struct report_capture){ run->format == CMD_JSON,
	    run->color };
	c->diag = diag;
	c->dissector = dissector_new(0);
	c->diagnose = diagnose_new(&conf);
	rc = c->dissector && c->diagnose ? prepare(c) : -ENOMEM;
	if (rc == 0)
		rc = watch_until_end(c);
	status = rc < 0 ? cmd_error(run, &c->diag) : conclude(c);
	if (capture_ring_close(c->ring, &c->diag) < 0 && rc == 0)
		status = cmd_error(run, &c->diag);
	release(c);
	return status;
}

const struct cmd cmd_capture = {
	.name = "capture",
	.summary = "watch machines boot on a network, and keep what they sent",
	.usage = "-i interface [-w file] [options]", .opts = capture_rows,
	.opts_size = sizeof(struct capture_opts),
	.min_args = 0, .max_args = 0,
	.formats = CMD_TEXT | CMD_JSON, .run = capture_run,
};
