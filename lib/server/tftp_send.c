/*
 * The sorcerer's apprentice (RFC 1123 4.2.3.1) is kept out by one rule: only
 * an ACK that moves us on sends more. With windows there is one exception.
 * When the first block of a window is lost, the client can only repeat the
 * ACK it has already sent (RFC 7440 4), and waiting for the timer at each
 * such loss would be slow. So a repeated ACK sends the window once more,
 * unless the window before, or this one, has already seen a repetition: then
 * it may be the echo of our own second copy (UEFI acknowledges every block
 * that it did not expect), and only the timer helps - the client's as well
 * as ours: an ACK that comes after more than twice the usual round trip is
 * no echo.
 */
#include "tftp_send.h"

#include "base/text.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Half of the block numbers, so that a late ACK never looks like a new one. */
enum { WINDOW_MAX = 32767, ECHO_MS = 20 };

static const char *const fail_names[TFTP_SEND_N_FAILS] = {
	[TFTP_SEND_OK] = "ok",
	[TFTP_SEND_REFUSED] = "refused",
	[TFTP_SEND_CLIENT_ERROR] = "client-error",
	[TFTP_SEND_SILENT] = "silent",
	[TFTP_SEND_STALLED] = "stalled",
	[TFTP_SEND_NO_LAST_ACK] = "no-last-ack",
	[TFTP_SEND_READ] = "read",
};

const char *
tftp_send_fail_name(enum tftp_send_fail fail)
{
	assert(fail < TFTP_SEND_N_FAILS);
	return fail_names[fail];
}

bool
tftp_send_is_running(const struct tftp_send *s)
{
	return s->state == TFTP_SEND_OFFERING ||
	    s->state == TFTP_SEND_SENDING;
}

static void
finish(struct tftp_send *s, enum tftp_send_state state)
{
	s->state = state;
	s->deadline_ms = CLOCK_NEVER;
	s->oack_due = false;
}

static void
fail(struct tftp_send *s, enum tftp_send_fail why, const char *text)
{
	s->fail = why;
	(void)text_copy(s->text, sizeof(s->text), text);
	finish(s, TFTP_SEND_FAILED);
}

/* Fail, and tell the client why. */
static void
reject(struct tftp_send *s, enum tftp_send_fail why, uint16_t code,
    const char *text)
{
	s->error = code;
	s->error_due = true;
	fail(s, why, text);
}

static void
arm(struct tftp_send *s, uint64_t now_ms)
{
	s->armed_ms = now_ms;
	s->deadline_ms = now_ms + retry_wait_ms(&s->conf.retry, s->n_sends);
}

/* How long a window takes to be acknowledged, when nothing is repeated. */
static void
measure_pace(struct tftp_send *s, uint64_t now_ms)
{
	uint64_t took_ms = now_ms - s->armed_ms;

	if (s->n_sends == 1 && took_ms < s->conf.retry.first_ms)
		s->pace8_ms += (uint32_t)took_ms - s->pace8_ms / 8;
}

/* So soon after we last sent, an ACK may speak of what was sent before. */
static bool
may_be_echo(const struct tftp_send *s, uint64_t now_ms)
{
	uint64_t echo_ms = s->pace8_ms / 4;     /* twice the pace */

	return now_ms - s->armed_ms < (echo_ms > ECHO_MS ? echo_ms : ECHO_MS);
}

/* The highest block that may be on its way now. */
static uint64_t
window_end(const struct tftp_send *s)
{
	uint64_t left = s->n_blocks - s->acked;

	return s->acked + (left < s->window ? left : s->window);
}

/*
 * Answer the options that we know and can keep, in the order they were
 * asked; the others are left out, which is how RFC 2347 says no.
 */
static void
negotiate(struct tftp_send *s, const struct tftp_opts *asked)
{
	for (size_t i = 0; i < asked->n; i++) {
		enum tftp_opt opt = asked->order[i];
		uint64_t v = asked->value[opt];
		uint64_t max;

		switch (opt) {
		case TFTP_OPT_BLKSIZE:
			max = s->conf.max_blksize;
			if (v < TFTP_BLKSIZE_MIN || max < TFTP_BLKSIZE_MIN)
				continue;
			if (max > TFTP_BLKSIZE_MAX)
				max = TFTP_BLKSIZE_MAX;
			v = v < max ? v : max;
			s->blksize = (unsigned int)v;
			break;
		case TFTP_OPT_WINDOWSIZE:
			max = s->conf.max_window;
			if (v < 1 || max < 1)
				continue;
			if (max > WINDOW_MAX)
				max = WINDOW_MAX;
			v = v < max ? v : max;
			s->window = (unsigned int)v;
			break;
		case TFTP_OPT_TIMEOUT:
			if (v < 1 || v > TFTP_TIMEOUT_MAX)
				continue;
			s->conf.retry.first_ms = (uint32_t)v * 1000;
			s->conf.retry.factor = 1;
			s->conf.retry.cap_ms = 0;
			break;
		default:
			v = s->conf.size;
		}
		tftp_opts_set(&s->oack, opt, v);
	}
}

void
tftp_send_start(struct tftp_send *s, const struct tftp_send_conf *conf,
    const struct tftp_pkt *rrq, uint64_t now_ms)
{
	*s = (struct tftp_send){
		.conf = *conf,
		.state = TFTP_SEND_SENDING,
		.deadline_ms = CLOCK_NEVER,
		.blksize = TFTP_BLKSIZE_DEFAULT,
		.window = 1,
		.next = 1,
		.n_sends = 1,
	};
	if (rrq->op != TFTP_RRQ) {
		reject(s, TFTP_SEND_REFUSED, TFTP_ERR_ACCESS,
		    "this server only sends files");
		return;
	}
	if (strcasecmp(rrq->mode, "octet") != 0) {
		char text[TFTP_SEND_TEXT_MAX];

		(void)snprintf(text, sizeof(text),
		    "mode %s is not served, use octet",
		    text_is_clean(rrq->mode, strlen(rrq->mode)) ? rrq->mode :
		    "of unprintable name");
		reject(s, TFTP_SEND_REFUSED, TFTP_ERR_ILLEGAL_OP, text);
		return;
	}
	if (!conf->no_options)
		negotiate(s, &rrq->opts);
	s->n_blocks = conf->size / s->blksize + 1;
	if (s->oack.n > 0) {
		s->state = TFTP_SEND_OFFERING;
		s->oack_due = true;
	}
	arm(s, now_ms);
}

/* All blocks up to @block have arrived. */
static void
advance(struct tftp_send *s, uint64_t now_ms, uint64_t block)
{
	bool is_gap = block < s->top && block < window_end(s);

	measure_pace(s, now_ms);
	s->stats.acks++;
	s->stats.gaps += is_gap;
	s->is_recovering = is_gap || s->n_repeats > 0;
	s->n_repeats = 0;
	s->acked = block;
	s->next = block + 1;
	s->stats.bytes_acked = block < s->n_blocks ? block * s->blksize :
	    s->conf.size;
	s->n_sends = 1;
	if (block == s->n_blocks)
		finish(s, TFTP_SEND_DONE);
	else
		arm(s, now_ms);
}

/* The ACK that was answered already: see the top of this file. */
static void
take_repeated_ack(struct tftp_send *s, uint64_t now_ms)
{
	s->stats.duplicate_acks++;
	s->n_repeats++;
	if (s->window == 1 || s->top < window_end(s) ||
	    ((s->is_recovering || s->n_repeats > 1) && may_be_echo(s, now_ms)))
		return;
	s->stats.gaps++;
	s->next = s->acked + 1;
	arm(s, now_ms);
}

static void
take_ack(struct tftp_send *s, uint64_t now_ms, uint16_t block)
{
	uint16_t ahead = (uint16_t)(block - (uint16_t)s->acked);

	if (s->state == TFTP_SEND_OFFERING) {
		if (block != 0) {
			s->stats.stray_acks++;
			return;
		}
		s->state = TFTP_SEND_SENDING;
		s->oack_due = false;
		s->stats.acks++;
		s->n_sends = 1;
		arm(s, now_ms);
	} else if (ahead == 0) {
		take_repeated_ack(s, now_ms);
	} else if (ahead <= s->top - s->acked) {
		advance(s, now_ms, s->acked + ahead);
	} else {
		s->stats.stray_acks++;
	}
}

/* Firmware that only asks for the size meets our OACK with an ERROR. */
static void
take_error(struct tftp_send *s, const struct tftp_pkt *pkt)
{
	s->error = pkt->error;
	if (s->state == TFTP_SEND_OFFERING && s->oack.has[TFTP_OPT_TSIZE] &&
	    (pkt->error == TFTP_ERR_UNDEFINED ||
	    pkt->error == TFTP_ERR_OPTION)) {
		s->is_probe = true;
		(void)text_copy(s->text, sizeof(s->text), pkt->text);
		finish(s, TFTP_SEND_DONE);
		return;
	}
	fail(s, TFTP_SEND_CLIENT_ERROR, pkt->text);
}

/*
 * The client has not heard our answer yet, or the network copied its
 * request: answering again costs little, as nothing was acknowledged.
 */
static void
take_request_again(struct tftp_send *s)
{
	s->stats.requests_again++;
	if (s->state == TFTP_SEND_OFFERING)
		s->oack_due = true;
	else if (s->acked == 0 && s->oack.n == 0)
		s->next = 1;
}

void
tftp_send_input(struct tftp_send *s, uint64_t now_ms, const void *buf,
    size_t len)
{
	struct tftp_pkt pkt;

	if (!tftp_send_is_running(s))
		return;
	if (tftp_parse(buf, len, &pkt, NULL) < 0)
		s->stats.malformed++;
	else if (pkt.op == TFTP_ACK)
		take_ack(s, now_ms, pkt.block);
	else if (pkt.op == TFTP_ERROR)
		take_error(s, &pkt);
	else if (pkt.op == TFTP_RRQ)
		take_request_again(s);
	else
		s->stats.unexpected++;
}

void
tftp_send_expire(struct tftp_send *s, uint64_t now_ms)
{
	if (!tftp_send_is_running(s) || now_ms < s->deadline_ms)
		return;
	if (s->n_sends >= s->conf.retry.max_sends) {
		if (s->stats.acks == 0)
			fail(s, TFTP_SEND_SILENT, "no answer from the client");
		else if (s->top == s->n_blocks)
			fail(s, TFTP_SEND_NO_LAST_ACK,
			    "the last block was never acknowledged");
		else
			fail(s, TFTP_SEND_STALLED, "the client fell silent");
		return;
	}
	s->n_sends++;
	s->stats.timeouts++;
	s->n_repeats++;         /* what it repeats may come back as an echo */
	if (s->state == TFTP_SEND_OFFERING)
		s->oack_due = true;
	else
		s->next = s->acked + 1;
	arm(s, now_ms);
}

/* The block `next`, read from the file. */
static void
put_data(struct tftp_send *s, struct wr *w)
{
	uint64_t off = (s->next - 1) * s->blksize;
	uint64_t left = s->conf.size - off;
	size_t len = left < s->blksize ? (size_t)left : s->blksize;

	tftp_build_data(w, (uint16_t)s->next, NULL, 0);
	if (len > w->cap - w->len) {
		w->full = true;
		return;
	}
	if (len > 0)
		s->read_rc = s->conf.read(s->conf.ctx, off, w->buf + w->len,
		    len);
	if (s->read_rc < 0) {
		reject(s, TFTP_SEND_READ, TFTP_ERR_UNDEFINED,
		    "the file cannot be read");
		return;
	}
	w->len += len;
	s->stats.blocks++;
	if (s->next <= s->top)
		s->stats.blocks_repeated++;
	else
		s->top = s->next;
	s->next++;
}

size_t
tftp_send_output(struct tftp_send *s, void *buf, size_t cap)
{
	struct wr w = wr_init(buf, cap);

	if (s->oack_due) {
		s->oack_due = false;
		s->stats.oacks++;
		tftp_build_oack(&w, &s->oack);
	} else if (s->state == TFTP_SEND_SENDING && s->next <= window_end(s)) {
		put_data(s, &w);
	}
	if (s->error_due) {
		s->error_due = false;
		w = wr_init(buf, cap);
		tftp_build_error(&w, s->error, s->text);
	}
	assert(!w.full);
	return w.len;
}
