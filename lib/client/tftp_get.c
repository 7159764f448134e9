/*
 * Two dangers shape this file.
 *
 * The sorcerer's apprentice (RFC 1123 4.2.3.1): a duplicated DATA makes us
 * acknowledge twice, a careless server then sends the next block twice, and
 * so on to the end of the file. Yet an ACK may be lost, so a repeated block
 * must be acknowledged again some time. The way out: after progress during
 * which duplicates were seen, one duplicate is let pass (`is_quiet`), as it
 * may be the echo of our own repeated ACK. That breaks the chain after one
 * block, or one window, and costs nothing when the ACK really was lost but
 * the next repetition.
 *
 * Holes in a window (RFC 7440 4): the first block past a hole makes us
 * acknowledge the last good one, once; the rest of the window is already
 * on its way and must not each draw another copy of it.
 */
#include "tftp_get.h"

#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const fail_names[TFTP_GET_N_FAILS] = {
	[TFTP_GET_OK] = "ok",
	[TFTP_GET_SERVER_ERROR] = "server-error",
	[TFTP_GET_SILENT] = "silent",
	[TFTP_GET_STALLED] = "stalled",
	[TFTP_GET_OPTION] = "option",
	[TFTP_GET_PROTOCOL] = "protocol",
	[TFTP_GET_ROLLOVER] = "rollover",
	[TFTP_GET_TOO_LARGE] = "too-large",
	[TFTP_GET_SHORT] = "short",
	[TFTP_GET_SINK] = "sink",
	[TFTP_GET_NAME] = "name",
};

const char *
tftp_get_fail_name(enum tftp_get_fail fail)
{
	assert(fail < TFTP_GET_N_FAILS);
	return fail_names[fail];
}

bool
tftp_get_is_running(const struct tftp_get *g)
{
	return g->state == TFTP_GET_REQUESTING || g->state == TFTP_GET_LOADING;
}

/* A caller that does not empty the queue loses packets as a wire would. */
static void
put(struct tftp_get *g, enum tftp_op op, uint16_t port, uint16_t number,
    const char *text)
{
	size_t at = (g->out_head + g->n_out) % TFTP_GET_OUT_MAX;

	if (g->n_out == TFTP_GET_OUT_MAX)
		return;
	g->out[at] = (struct tftp_get_out){ op, port, number, text };
	g->n_out++;
}

size_t
tftp_get_output(struct tftp_get *g, void *buf, size_t cap,
    uint16_t *ret_port)
{
	struct wr w = wr_init(buf, cap);
	const struct tftp_get_out *o = &g->out[g->out_head];

	if (g->n_out == 0)
		return 0;
	if (o->op == TFTP_RRQ)
		tftp_build_request(&w, TFTP_RRQ, g->conf.name, g->conf.mode,
		    &g->asked);
	else if (o->op == TFTP_ACK)
		tftp_build_ack(&w, o->number);
	else
		tftp_build_error(&w, o->number, o->text);
	assert(!w.full);
	*ret_port = o->port;
	g->out_head = (g->out_head + 1) % TFTP_GET_OUT_MAX;
	g->n_out--;
	return w.len;
}

/* The one place where the timer is wound up: something was sent. */
static void
arm(struct tftp_get *g, uint64_t now_ms)
{
	struct retry_rule rule = g->conf.retry;
	uint32_t soon = g->pace8_ms / 2;        /* 4 times the pace */

	if (soon < g->conf.adapt_ms)
		soon = g->conf.adapt_ms;
	if (g->conf.adapt_ms && g->stats.blocks > 0 && soon < rule.first_ms)
		rule.first_ms = soon;
	g->armed_ms = now_ms;
	g->deadline_ms = now_ms + retry_wait_ms(&rule, g->n_sends);
}

/* How long progress took, unless a repeated ACK had to bring it about. */
static void
measure_pace(struct tftp_get *g, uint64_t now_ms)
{
	uint64_t took_ms = now_ms - g->armed_ms;

	if (g->n_sends == 1 && took_ms < g->conf.retry.first_ms)
		g->pace8_ms += (uint32_t)took_ms - g->pace8_ms / 8;
}

static void
finish(struct tftp_get *g, enum tftp_get_state state)
{
	g->state = state;
	g->deadline_ms = CLOCK_NEVER;
}

static void
fail(struct tftp_get *g, enum tftp_get_fail why, const char *text)
{
	g->fail = why;
	(void)text_copy(g->text, sizeof(g->text), text);
	finish(g, TFTP_GET_FAILED);
}

/* Fail and tell the server so; @text may be shorter on the wire. */
static void
reject(struct tftp_get *g, enum tftp_get_fail why, uint16_t code,
    const char *wire_text, const char *text)
{
	put(g, TFTP_ERROR, g->tid, code, wire_text);
	fail(g, why, text);
}

static void
send_request(struct tftp_get *g)
{
	put(g, TFTP_RRQ, TFTP_PORT, 0, NULL);
}

static void
send_ack(struct tftp_get *g)
{
	put(g, TFTP_ACK, g->tid, (uint16_t)g->stats.blocks, NULL);
	g->stats.acks++;
	g->unacked = 0;
}

/* DATA or OACK that we have already came again: was our ACK lost? */
static void
take_duplicate(struct tftp_get *g, uint64_t now_ms)
{
	g->stats.duplicates++;
	g->n_dups++;
	/*
	 * The network copies datagrams: with a quick timer of our own there
	 * is no hurry, and servers that answer every ACK are not set off.
	 */
	if (now_ms - g->armed_ms < g->conf.adapt_ms)
		return;
	/* Amid a window its ACK is yet to come; but twice means it waits. */
	if (g->n_dups == 1 && (g->is_quiet || g->unacked > 0))
		return;
	g->stats.acks_again++;
	send_ack(g);
}

/* A block or the OACK was taken: the timer starts over. */
static void
progress(struct tftp_get *g, uint64_t now_ms)
{
	measure_pace(g, now_ms);
	g->is_quiet = g->n_dups > 0;
	g->n_dups = 0;
	g->gap_acked = false;
	g->skipped_zero = false;
	g->n_sends = 1;
	arm(g, now_ms);
}

void
tftp_get_init(struct tftp_get *g, const struct tftp_get_conf *conf)
{
	*g = (struct tftp_get){ .conf = *conf };
	if (!g->conf.mode)
		g->conf.mode = "octet";
	if (!g->conf.abort_text)
		g->conf.abort_text = "";
	assert(strlen(g->conf.abort_text) < TFTP_GET_TEXT_MAX);
	g->asked = conf->opts;
	g->blksize = TFTP_BLKSIZE_DEFAULT;
	g->window = 1;
	g->deadline_ms = CLOCK_NEVER;
}

void
tftp_get_start(struct tftp_get *g, uint64_t now_ms)
{
	assert(g->state == TFTP_GET_IDLE);
	if (strlen(g->conf.name) >= TFTP_NAME_MAX) {
		fail(g, TFTP_GET_NAME, "the file name is too long");
		return;
	}
	g->state = TFTP_GET_REQUESTING;
	g->n_sends = 1;
	send_request(g);
	arm(g, now_ms);
}

static void
abort_probe(struct tftp_get *g)
{
	put(g, TFTP_ERROR, g->tid, g->conf.abort_code, g->conf.abort_text);
	finish(g, TFTP_GET_DONE);
}

static void
take_first_oack(struct tftp_get *g, uint64_t now_ms,
    const struct tftp_opts *oack)
{
	struct diag diag;

	g->has_oack = true;
	g->oack = *oack;
	if (tftp_oack_check(&g->asked, oack, &diag) < 0) {
		g->error = TFTP_ERR_OPTION;
		reject(g, TFTP_GET_OPTION, TFTP_ERR_OPTION,
		    "option not acceptable", diag.text);
		return;
	}
	if (oack->has[TFTP_OPT_BLKSIZE])
		g->blksize = (unsigned int)oack->value[TFTP_OPT_BLKSIZE];
	if (oack->has[TFTP_OPT_WINDOWSIZE])
		g->window = (unsigned int)oack->value[TFTP_OPT_WINDOWSIZE];
	g->has_tsize = oack->has[TFTP_OPT_TSIZE];
	g->tsize = oack->value[TFTP_OPT_TSIZE];
	if (g->conf.size_only) {
		abort_probe(g);
		return;
	}
	if (g->has_tsize && g->tsize > g->conf.max_bytes) {
		reject(g, TFTP_GET_TOO_LARGE, TFTP_ERR_DISK_FULL,
		    "file too large", "the announced tsize is too large");
		return;
	}
	progress(g, now_ms);
	send_ack(g);
}

static void
end_of_file(struct tftp_get *g)
{
	char text[TFTP_GET_TEXT_MAX];

	if (!g->has_tsize || g->stats.bytes >= g->tsize) {
		finish(g, TFTP_GET_DONE);
		return;
	}
	(void)snprintf(text, sizeof(text), "the file ended after %" PRIu64
	    " of %" PRIu64 " bytes", g->stats.bytes, g->tsize);
	fail(g, TFTP_GET_SHORT, text);
}

/* The block that was awaited. */
static void
take_block(struct tftp_get *g, uint64_t now_ms, const struct rd *data)
{
	bool is_last = data->left < g->blksize;

	if (data->left > g->blksize) {
		reject(g, TFTP_GET_PROTOCOL, TFTP_ERR_ILLEGAL_OP,
		    "block too long", "a block is longer than the block size");
		return;
	}
	if (data->left > g->conf.max_bytes - g->stats.bytes) {
		reject(g, TFTP_GET_TOO_LARGE, TFTP_ERR_DISK_FULL,
		    "file too large", "the file is too large");
		return;
	}
	if (g->conf.sink && data->left > 0)
		g->sink_rc = g->conf.sink(g->conf.ctx, data->p, data->left);
	if (g->sink_rc < 0) {
		reject(g, TFTP_GET_SINK, TFTP_ERR_DISK_FULL,
		    "cannot store the file", "the bytes could not be stored");
		return;
	}
	g->stats.blocks++;
	g->stats.bytes += data->left;
	g->unacked++;
	progress(g, now_ms);
	if (is_last || g->unacked >= g->window)
		send_ack(g);
	if (is_last)
		end_of_file(g);
}

/*
 * A block ahead of the one awaited. Where 0 is due after 65535, a server
 * that counts on from 1 never sends it. As its window then ends one too
 * high, a block past our window proves it at once; a shorter rest of the
 * file shows only when our patience ends, see tftp_get_expire().
 */
static void
take_ahead(struct tftp_get *g, uint16_t block, uint16_t ahead)
{
	g->stats.out_of_order++;
	if (g->stats.blocks > 0 && (uint16_t)(g->stats.blocks + 1) == 0) {
		g->skipped_zero |= block == 1;
		if (g->skipped_zero && ahead == (uint32_t)g->window + 1) {
			reject(g, TFTP_GET_ROLLOVER, TFTP_ERR_ILLEGAL_OP,
			    "block 0 expected after 65535",
			    "block 65535 was followed by block 1 instead of 0");
			return;
		}
	}
	if (ahead <= g->window && !g->gap_acked) {
		g->gap_acked = true;
		g->stats.gaps++;
		send_ack(g);
	}
}

static void
take_data(struct tftp_get *g, uint64_t now_ms, const struct tftp_pkt *pkt)
{
	uint16_t ahead = (uint16_t)(pkt->block - (uint16_t)g->stats.blocks);

	if (ahead == 1)
		take_block(g, now_ms, &pkt->data);
	else if (ahead == 0 && g->stats.blocks > 0)
		take_duplicate(g, now_ms);
	else if (ahead > 0 && (ahead <= g->window || ahead <= INT16_MAX))
		take_ahead(g, pkt->block, ahead);
	else
		g->stats.duplicates++;  /* long past: a latecomer */
}

/*
 * ERROR 8 before anything else is about our options, and a second request
 * without them may do.
 */
static void
take_error(struct tftp_get *g, uint64_t now_ms, const struct tftp_pkt *pkt)
{
	bool about_opts = pkt->error == TFTP_ERR_OPTION && g->asked.n > 0 &&
	    g->state == TFTP_GET_REQUESTING;

	if (about_opts && g->conf.fallback) {
		g->asked = (struct tftp_opts){ 0 };
		g->fell_back = true;
		g->n_sends = 1;
		send_request(g);
		arm(g, now_ms);
		return;
	}
	g->error = pkt->error;
	fail(g, about_opts ? TFTP_GET_OPTION : TFTP_GET_SERVER_ERROR,
	    pkt->text);
}

/* The first answer: whoever it comes from is our server from now on. */
static void
take_first(struct tftp_get *g, uint64_t now_ms, uint16_t from,
    const struct tftp_pkt *pkt)
{
	switch (pkt->op) {
	case TFTP_ERROR:
		take_error(g, now_ms, pkt);
		break;
	case TFTP_OACK:
		g->tid = from;
		g->state = TFTP_GET_LOADING;
		take_first_oack(g, now_ms, &pkt->opts);
		break;
	case TFTP_DATA:
		if (pkt->block != 1) {
			g->stats.out_of_order++;
			break;
		}
		g->tid = from;
		g->state = TFTP_GET_LOADING;
		if (g->conf.size_only)
			abort_probe(g); /* it does not know options */
		else
			take_data(g, now_ms, pkt);
		break;
	default:
		g->stats.unexpected++;
	}
}

static void
take_next(struct tftp_get *g, uint64_t now_ms, const struct tftp_pkt *pkt)
{
	bool is_done = g->state == TFTP_GET_DONE;

	if (pkt->op == TFTP_DATA && is_done) {
		/* Dallying: only the last block is of interest. */
		if (pkt->block == (uint16_t)g->stats.blocks &&
		    g->stats.blocks > 0)
			take_duplicate(g, now_ms);
	} else if (pkt->op == TFTP_DATA) {
		take_data(g, now_ms, pkt);
	} else if (pkt->op == TFTP_OACK && g->has_oack) {
		if (g->stats.blocks == 0 && !is_done)
			take_duplicate(g, now_ms);
		else
			g->stats.duplicates++;
	} else if (pkt->op == TFTP_ERROR && !is_done) {
		take_error(g, now_ms, pkt);
	} else {
		g->stats.unexpected++;
	}
}

void
tftp_get_input(struct tftp_get *g, uint64_t now_ms, uint16_t from,
    const void *buf, size_t len)
{
	struct tftp_pkt pkt;

	if (g->state == TFTP_GET_IDLE || g->state == TFTP_GET_FAILED)
		return;
	if (tftp_parse(buf, len, &pkt, NULL) < 0) {
		g->stats.malformed++;
	} else if (g->state == TFTP_GET_REQUESTING) {
		take_first(g, now_ms, from, &pkt);
	} else if (from != g->tid) {
		g->stats.wrong_tid++;
		if (pkt.op != TFTP_ERROR)       /* no ERROR about an ERROR */
			put(g, TFTP_ERROR, from, TFTP_ERR_UNKNOWN_TID,
			    "unknown transfer id");
	} else {
		take_next(g, now_ms, &pkt);
	}
}

void
tftp_get_expire(struct tftp_get *g, uint64_t now_ms)
{
	if (!tftp_get_is_running(g) || now_ms < g->deadline_ms)
		return;
	if (g->n_sends >= g->conf.retry.max_sends) {
		if (g->state == TFTP_GET_REQUESTING)
			fail(g, TFTP_GET_SILENT, "no answer to the request");
		else if (g->skipped_zero)
			fail(g, TFTP_GET_ROLLOVER, "block 65535 was followed "
			    "by block 1 instead of 0");
		else
			fail(g, TFTP_GET_STALLED, "the server fell silent");
		return;
	}
	g->n_sends++;
	if (g->state == TFTP_GET_REQUESTING) {
		g->stats.requests_repeated++;
		send_request(g);
	} else {
		g->stats.acks_repeated++;
		send_ack(g);
	}
	arm(g, now_ms);
}
