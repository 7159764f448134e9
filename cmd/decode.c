/*
 * decode.c - pxetool decode: the boot packets of a capture, one line each.
 */
#include "cmd.h"

#include "capture/dissect.h"
#include "report/packet.h"

#include <errno.h>
#include <string.h>

enum { DECODE_FLUSH = 1 << 16 };

struct decode_opts {
	bool all;
	bool verbose;
};

static const struct cmd_opt decode_rows[] = {
	{ 'a', "all", NULL, "frames that have no part in a boot as well",
	    opt_true, OPT(decode_opts, all) },
	{ 'v', "verbose", NULL, "all fields of each packet",
	    opt_true, OPT(decode_opts, verbose) },
	{ 0 },
};

static void
show(const struct cmd_run *run, const struct packet *p, int64_t start_ns,
    struct sbuf *out)
{
	const struct decode_opts *o = run->opts;

	if (!o->all && !packet_is_boot(p))
		return;
	if (run->format == CMD_JSON) {
		packet_json(p, out);
		return;
	}
	packet_line(p, start_ns, out);
	if (o->verbose)
		packet_fields(p, out);
}

/*
 * Output goes out as it comes, unless it is to replace a file at once. From
 * a pipe packets come when they happen, and are shown at once.
 */
static int
flush(const struct cmd_run *run, struct sbuf *out)
{
	bool live = strcmp(run->args[0], "-") == 0;
	int status = EXIT_CLEAN;

	if (!run->output && (out->len >= DECODE_FLUSH ||
	    (live && out->len > 0))) {
		status = cmd_output(run, out, EXIT_CLEAN);
		sbuf_clear(out);
	}
	return status;
}

static int
decode_frames(const struct cmd_run *run, struct capture_reader *r,
    struct dissector *d, struct sbuf *out)
{
	struct capture_frame frame;
	struct packet p;
	struct diag diag;
	int64_t start_ns = 0;
	size_t n;
	int rc;

	while ((rc = capture_next(r, &frame, &diag)) > 0) {
		if (frame.number == 1)
			start_ns = frame.time_ns;
		if (dissect(d, &frame, &p) < 0) {
			packet_release(&p);
			diag_set(&diag, "out of memory");
			rc = -ENOMEM;
			break;
		}
		show(run, &p, start_ns, out);
		packet_release(&p);
		if (flush(run, out) != EXIT_CLEAN)
			return EXIT_CANNOT;
	}
	if (cmd_output(run, out, EXIT_CLEAN) != EXIT_CLEAN)
		return EXIT_CANNOT;
	n = dissector_incomplete(d);
	if (n > 0)
		cmd_warn(run, "fragments are missing of datagrams that were "
		    "not decoded: %zu", n);
	return rc < 0 ? cmd_error(run, &diag) : EXIT_CLEAN;
}

static int
decode_run(const struct cmd_run *run)
{
	struct capture_reader *r = NULL;
	struct dissector *d = NULL;
	struct sbuf out = SBUF_EMPTY;
	struct diag diag;
	int status;

	if (capture_open(run->args[0], &r, &diag) < 0)
		return cmd_error(run, &diag);
	d = dissector_new(capture_link(r));
	if (!d) {
		diag_set(&diag, "out of memory");
		status = cmd_error(run, &diag);
	} else {
		status = decode_frames(run, r, d, &out);
	}
	dissector_free(d);
	capture_close(r);
	sbuf_release(&out);
	return status;
}

const struct cmd cmd_decode = {
	.name = "decode", .summary = "show the boot packets of a capture file",
	.usage = "[-av] capture", .opts = decode_rows,
	.opts_size = sizeof(struct decode_opts),
	.min_args = 1, .max_args = 1,
	.formats = CMD_TEXT | CMD_JSON, .run = decode_run,
};
