/*
 * The TFTP client against a server that sends whatever the input says. It
 * hands over no more than it may, keeps a sane timer, sends only what the
 * protocol knows, and comes to an end.
 *
 * Input: flags, blksize / 8, windowsize, max_bytes / 64, and then records:
 * kind, length, and for the raw kinds as many bytes.
 */
#include "client/tftp_get.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum {
	FLAG_OPTIONS = 1, FLAG_FALLBACK = 2, FLAG_SIZE_ONLY = 4,
	FLAG_SINK_FAILS = 8,
};

enum kind { RAW, RAW_FROM_ELSEWHERE, EXPIRE, AHEAD_0, N_AHEAD = 8 };

static const struct retry_rule rule = { 100, 2, 1000, 4 };

struct run {
	struct tftp_get g;
	uint64_t now_ms;
	uint64_t n_sunk;
	bool sink_fails;
};

static int
sink(void *ctx, const void *bytes, size_t len)
{
	struct run *r = ctx;
	struct rd rd = rd_init(bytes, len);

	while (rd.left > 0)
		(void)rd_u8(&rd);               /* all of it is there */
	if (r->sink_fails && r->n_sunk > 100)
		return -1;
	r->n_sunk += len;
	return 0;
}

static void
check_output(struct run *r)
{
	uint8_t buf[TFTP_GET_DGRAM_MAX];
	struct tftp_pkt pkt;
	uint16_t port;
	size_t len;
	unsigned int n = 0;

	while ((len = tftp_get_output(&r->g, buf, sizeof(buf), &port)) > 0) {
		if (tftp_parse(buf, len, &pkt, NULL) < 0 || ++n > 2)
			abort();
		if (pkt.op == TFTP_RRQ ? port != TFTP_PORT :
		    pkt.op == TFTP_ACK ? port != r->g.tid ||
		    pkt.block != (uint16_t)r->g.stats.blocks :
		    pkt.op != TFTP_ERROR)
			abort();
	}
}

static void
check(struct run *r)
{
	const struct tftp_get *g = &r->g;

	check_output(r);
	if (r->n_sunk > g->conf.max_bytes || r->n_sunk != g->stats.bytes)
		abort();
	if (tftp_get_is_running(g) ?
	    g->deadline_ms <= r->now_ms ||
	    g->deadline_ms > r->now_ms + rule.cap_ms :
	    g->deadline_ms != CLOCK_NEVER)
		abort();
	if ((g->state == TFTP_GET_FAILED) != (g->fail != TFTP_GET_OK))
		abort();
	if (g->state == TFTP_GET_DONE && !g->conf.size_only &&
	    (g->stats.blocks == 0 || g->unacked > 0 ||
	    g->stats.blocks != g->stats.bytes / g->blksize + 1))
		abort();
}

static void
expire(struct run *r)
{
	if (tftp_get_is_running(&r->g))
		r->now_ms = r->g.deadline_ms;
	tftp_get_expire(&r->g, r->now_ms);
	check(r);
}

/* DATA so many blocks ahead of the last one taken. */
static void
send_data(struct run *r, unsigned int ahead, size_t len)
{
	static const uint8_t zeros[256];
	uint8_t buf[TFTP_HEAD_LEN + sizeof(zeros)];
	struct wr w = wr_init(buf, sizeof(buf));

	tftp_build_data(&w, (uint16_t)(r->g.stats.blocks + ahead), zeros, len);
	tftp_get_input(&r->g, r->now_ms, r->g.tid, buf, w.len);
	check(r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd in = rd_init(data, len);
	struct tftp_get_conf conf = {
		.name = "file", .retry = rule, .sink = sink,
		.abort_text = "enough",
	};
	struct run r = { .now_ms = 1000 };
	uint8_t flags = rd_u8(&in);
	uint64_t blksize = 8 * (1u + rd_u8(&in));
	uint64_t window = 1u + rd_u8(&in);

	conf.max_bytes = 64u * rd_u8(&in);
	conf.fallback = flags & FLAG_FALLBACK;
	conf.size_only = flags & FLAG_SIZE_ONLY;
	conf.ctx = &r;
	r.sink_fails = flags & FLAG_SINK_FAILS;
	if (flags & FLAG_OPTIONS) {
		tftp_opts_set(&conf.opts, TFTP_OPT_TSIZE, 0);
		tftp_opts_set(&conf.opts, TFTP_OPT_BLKSIZE, blksize);
		tftp_opts_set(&conf.opts, TFTP_OPT_WINDOWSIZE, window);
	}
	tftp_get_init(&r.g, &conf);
	tftp_get_start(&r.g, r.now_ms);
	check(&r);
	while (in.left > 0) {
		uint8_t kind = rd_u8(&in) % (AHEAD_0 + N_AHEAD);
		uint8_t n = rd_u8(&in);

		if (kind == EXPIRE) {
			expire(&r);
		} else if (kind >= AHEAD_0) {
			send_data(&r, kind - (unsigned int)AHEAD_0, n);
		} else {
			size_t left = min_size(n, in.left);
			struct rd pkt = rd_sub(&in, left);

			tftp_get_input(&r.g, r.now_ms,
			    kind == RAW ? 3000 : 77, pkt.p, pkt.left);
			check(&r);
		}
	}
	for (unsigned int i = 0; i < rule.max_sends; i++)
		expire(&r);
	if (tftp_get_is_running(&r.g))
		abort();
	return 0;
}
