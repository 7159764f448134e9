/*
 * decode.c - pxetool decode: the boot packets of a capture, one line each.
 */
#include "cmd.h"
#include "decode_fault.h"

#include "capture/filter.h"
#include "capture/merge.h"
#include "report/packet.h"

#include <errno.h>
#include <string.h>

enum { DECODE_FLUSH = 1 << 16 };

struct decode_opts {
	bool all;
	bool verbose;
	bool hex;
	bool follow;
	struct opt_mac mac;
	const char *xid;
	struct cmd_list proto;
	struct cmd_list ip;
	const char *fault;
};

static const struct cmd_opt decode_rows[] = {
	{ 'a', "all", NULL, "frames that have no part in a boot as well",
	    opt_true, OPT(decode_opts, all) },
	{ 'v', "verbose", NULL, "all fields of each packet",
	    opt_true, OPT(decode_opts, verbose) },
	{ 'x', "hex", NULL, "the bytes of what could not be read",
	    opt_true, OPT(decode_opts, hex) },
	{ 'f', "follow", NULL, "wait for more where a file ends",
	    opt_true, OPT(decode_opts, follow) },
	{ 'm', "mac", "address", "only what this machine sends and is sent",
	    opt_mac, OPT(decode_opts, mac) },
	{ 0, "xid", "number", "only DHCP of this transaction",
	    opt_string, OPT(decode_opts, xid) },
	{ 'p', "proto", "name", "only this protocol; repeatable",
	    opt_list, OPT(decode_opts, proto) },
	{ 0, "ip", "address", "only from, to or about it; repeatable",
	    opt_list, OPT(decode_opts, ip) },
	{ 0, "fault", "id", "only machines of which diagnose finds this",
	    opt_string, OPT(decode_opts, fault) },
	{ 0 },
};

/* What a run keeps. */
struct decode {
	const struct cmd_run *run;
	const struct decode_opts *o;
	struct capture_merge *files;
	struct dissector *dissector;
	struct packet_filter filter;
	struct decode_fault *fault;     /* NULL: whatever they have */
	bool live;                      /* each packet is shown at once */
	struct sbuf out;
};

static int
read_filter(const struct decode_opts *o, struct packet_filter *ret,
    struct diag *diag)
{
	uint64_t v = 0;
	int rc = 0;

	*ret = (struct packet_filter){ .has_mac = o->mac.set };
	memcpy(ret->mac, o->mac.mac, MAC_LEN);
	if (o->xid) {
		rc = parse_uint(o->xid, 0, UINT32_MAX, &v, diag);
		ret->has_xid = true;
		ret->xid = (uint32_t)v;
	}
	for (size_t i = 0; i < o->proto.n && rc == 0; i++)
		rc = packet_filter_proto(ret, o->proto.value[i], diag);
	if (o->ip.n > FILTER_IPS_MAX) {
		diag_set(diag, "--ip: given more than %d times",
		    FILTER_IPS_MAX);
		return -EINVAL;
	}
	for (size_t i = 0; i < o->ip.n && rc == 0; i++)
		rc = parse_ip(o->ip.value[i], &ret->ip[ret->n_ips++], diag);
	return rc;
}

/* What did not parse: of the message, or the whole frame. */
static struct rd
unread(const struct packet *p, const struct capture_frame *frame)
{
	if (p->frame.payload.left > 0)
		return rd_init(p->frame.payload.p, p->frame.payload.left);
	return rd_init(frame->buf, frame->len);
}

static void
show(struct decode *d, const struct packet *p,
    const struct capture_frame *frame, int64_t start_ns)
{
	bool wants_hex = d->o->hex && p->state != PACKET_WHOLE &&
	    p->state != PACKET_CONTINUED;
	struct rd bytes = unread(p, frame);

	/* First, and both: they learn from what is not shown. */
	bool pass = !d->fault || decode_fault_pass(d->fault, p);

	pass &= packet_filter_pass(&d->filter, p);
	/* What was asked for by its name is shown, whatever it is. */
	if (!pass ||
	    (!d->o->all && !d->filter.protos && !packet_is_boot(p)))
		return;
	if (d->run->format == CMD_JSON) {
		packet_json(p, wants_hex ? &bytes : NULL, &d->out);
		return;
	}
	packet_line(p, start_ns, &d->out);
	if (d->o->verbose)
		packet_fields(p, &d->out);
	if (wants_hex)
		packet_hex(bytes, &d->out);
}

/*
 * Output goes out as it comes, unless it is to replace a file at once. From
 * a pipe packets come when they happen, and are shown at once.
 */
static int
flush(struct decode *d)
{
	int status = EXIT_CLEAN;

	if (!d->run->output && (d->out.len >= DECODE_FLUSH ||
	    (d->live && d->out.len > 0))) {
		status = cmd_output(d->run, &d->out, EXIT_CLEAN);
		sbuf_clear(&d->out);
	}
	return status;
}

static int
decode_frames(struct decode *d)
{
	struct merged_frame f;
	struct packet p;
	struct diag diag;
	int64_t start_ns = 0;
	int status = EXIT_CLEAN;
	size_t n;
	int rc;

	while ((rc = capture_merge_next(d->files, &f, &diag)) != 0) {
		if (rc < 0) {           /* the other files go on */
			status = cmd_error(d->run, &diag);
			continue;
		}
		if (f.frame.number == 1)
			start_ns = f.frame.time_ns;
		dissector_set_link(d->dissector, f.link);
		if (dissect(d->dissector, &f.frame, &p) < 0) {
			packet_release(&p);
			diag_set(&diag, "out of memory");
			return cmd_error(d->run, &diag);
		}
		show(d, &p, &f.frame, start_ns);
		packet_release(&p);
		if (flush(d) != EXIT_CLEAN)
			return EXIT_CANNOT;
	}
	if (cmd_output(d->run, &d->out, EXIT_CLEAN) != EXIT_CLEAN)
		return EXIT_CANNOT;
	n = dissector_incomplete(d->dissector);
	if (n > 0)
		cmd_warn(d->run, "fragments are missing of datagrams that "
		    "were not decoded: %zu", n);
	return status;
}

static int
open_files(struct decode *d, struct diag *diag)
{
	const struct cmd_run *run = d->run;
	size_t n = (size_t)run->n_args;

	return d->o->follow ?
	    capture_merge_follow(run->args, n, &d->files, diag) :
	    capture_merge_open(run->args, n, &d->files, diag);
}

/* For that the captures are read twice. */
static int
find_fault(struct decode *d, struct diag *diag)
{
	if (!d->o->fault)
		return 0;
	if (d->live) {
		diag_set(diag, "--fault reads the captures twice: neither "
		    "standard input nor --follow goes with it");
		return -EINVAL;
	}
	return decode_fault_find(d->run->args, (size_t)d->run->n_args,
	    d->o->fault, &d->fault, diag);
}

static int
decode_run(const struct cmd_run *run)
{
	struct decode d = { .run = run, .o = run->opts, .out = SBUF_EMPTY };
	struct diag diag;
	int status;

	d.live = d.o->follow;
	for (int i = 0; i < run->n_args; i++)
		d.live = d.live || strcmp(run->args[i], "-") == 0;
	if (read_filter(d.o, &d.filter, &diag) < 0 ||
	    find_fault(&d, &diag) < 0 || open_files(&d, &diag) < 0) {
		decode_fault_free(d.fault);
		return cmd_error(run, &diag);
	}
	d.dissector = dissector_new(0);
	if (!d.dissector) {
		diag_set(&diag, "out of memory");
		status = cmd_error(run, &diag);
	} else {
		status = decode_frames(&d);
	}
	dissector_free(d.dissector);
	decode_fault_free(d.fault);
	capture_merge_close(d.files);
	sbuf_release(&d.out);
	return status;
}

const struct cmd cmd_decode = {
	.name = "decode", .summary = "show the boot packets of capture files",
	.usage = "[-afvx] [options] capture ...", .opts = decode_rows,
	.opts_size = sizeof(struct decode_opts),
	.min_args = 1, .max_args = MERGE_FILES_MAX,
	.formats = CMD_TEXT | CMD_JSON, .run = decode_run,
};
