#include "client/dora6.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
	STATUS_NO_ADDRS = 2,            /* NoAddrsAvail, RFC 8415 21.13 */
	PREFERENCE_AT_ONCE = 255,       /* RFC 8415 18.2.1 */
	INTEL_ENTERPRISE = 343,
	CS_PER_S = 100,
	MS_PER_CS = 10,
};

static void take_offer(struct dora6 *d, uint64_t now_ms,
    const struct in6_addr *src, struct dhcp6_msg *msg);
static void take_reply(struct dora6 *d, uint64_t now_ms,
    const struct in6_addr *src, struct dhcp6_msg *msg);

/* take() owns the message it is given. */
static const struct dora6_ops {
	enum dhcp6_type sends;
	enum dhcp6_type takes;
	void (*take)(struct dora6 *d, uint64_t now_ms,
	    const struct in6_addr *src, struct dhcp6_msg *msg);
} dora6_ops[DORA6_N_STATES] = {
	[DORA6_SOLICITING] = { DHCP6_SOLICIT, DHCP6_ADVERTISE, take_offer },
	[DORA6_REQUESTING] = { DHCP6_REQUEST, DHCP6_REPLY, take_reply },
	[DORA6_INFORMING]  = { DHCP6_INFORMATION_REQUEST, DHCP6_REPLY,
	    take_reply },
};

void
dora6_init(struct dora6 *d, const struct dora6_conf *conf)
{
	memset(d, 0, sizeof(*d));
	d->conf = *conf;
	if (d->conf.speed == 0)
		d->conf.speed = 1;
	d->xid = conf->xid & DHCP6_XID_MAX;
	d->deadline_ms = CLOCK_NEVER;
}

static void
drop_offer(struct dora6 *d)
{
	if (d->has_offer)
		dhcp6_msg_release(&d->offer);
	d->has_offer = false;
}

void
dora6_release(struct dora6 *d)
{
	drop_offer(d);
	if (d->has_reply)
		dhcp6_msg_release(&d->reply);
	d->has_reply = false;
}

bool
dora6_is_running(const struct dora6 *d)
{
	return dora6_ops[d->state].take != NULL;
}

const struct dora6_output *
dora6_output(struct dora6 *d)
{
	if (!d->has_output)
		return NULL;
	d->has_output = false;
	return &d->output;
}

static void
emit(struct dora6 *d, enum dora6_event_kind kind, const struct in6_addr *peer,
    const struct dhcp6_msg *msg, const char *note)
{
	struct dora6_event ev = { kind, *peer, msg, note };

	if (d->conf.event)
		d->conf.event(d->conf.ctx, &ev);
}

static void
enter(struct dora6 *d, enum dora6_state state, uint64_t now_ms)
{
	d->state = state;
	d->state_ms = now_ms;
	d->n_sends = 0;
	d->deadline_ms = CLOCK_NEVER;
	d->has_output = false;
}

static void PRINTF_LIKE(4, 5)
fail(struct dora6 *d, uint64_t now_ms, const char *fault, const char *fmt, ...)
{
	va_list ap;

	d->fault = fault;
	va_start(ap, fmt);
	(void)vsnprintf(d->why, sizeof(d->why), fmt, ap);
	va_end(ap);
	enter(d, DORA6_FAILED, now_ms);
}

static const uint16_t *
waits(const struct dora6 *d)
{
	return d->state == DORA6_REQUESTING ? d->conf.p6->request_ms :
	    d->conf.p6->solicit_ms;
}

static uint16_t
elapsed_cs(const struct dora6 *d, uint64_t now_ms)
{
	uint64_t cs;

	if (d->conf.p6->elapsed == ELAPSED6_CENTIS)
		cs = (now_ms - d->first_ms) / MS_PER_CS;
	else
		cs = (now_ms - d->state_ms) / 1000 * CS_PER_S;
	return (uint16_t)(cs > UINT16_MAX ? UINT16_MAX : cs);
}

/* Who sent the offer, and what it holds; the IA in it was looked at. */
static void
fill_ask(const struct dora6 *d, const struct dhcp6_msg *from,
    struct dhcp6_ia *ia, struct persona6_ask *ask)
{
	const struct dhcp6_opt *id = dhcp6_opt(from, DHCP6_OPT_SERVERID);
	const struct dhcp6_opt *na = dhcp6_opt(from, DHCP6_OPT_IA_NA);

	if (id) {
		ask->server_duid = id->data;
		ask->server_duid_len = id->len;
	}
	if (na && !d->conf.stateless &&
	    dhcp6_ia_parse(na->code, na->data, na->len, ia) == 0) {
		ask->ia = ia;
		ask->addr = &d->addr;
	}
}

static int
build(const struct dora6 *d, const struct persona6_ask *ask,
    struct dora6_output *out, struct dhcp6_msg *ret)
{
	struct wr w = wr_init(out->buf, sizeof(out->buf));
	int rc = persona6_message(d->conf.persona, d->conf.p6,
	    d->conf.machine, ask, ret);

	if (rc < 0)
		return rc;
	rc = dhcp6_msg_build(ret, &w);
	out->len = w.len;
	if (rc < 0)
		dhcp6_msg_release(ret);
	return rc;
}

/* Build and queue the message of this state; arm its timer. */
static void
send_message(struct dora6 *d, uint64_t now_ms)
{
	static const struct in6_addr servers =  /* RFC 8415 7.1 */
	    { { { 0xff, 2, [13] = 1, [15] = 2 } } };
	struct persona6_ask ask = {
		.type = dora6_ops[d->state].sends, .xid = d->xid,
		.iaid = d->conf.iaid, .elapsed_cs = elapsed_cs(d, now_ms),
	};
	struct dhcp6_ia ia;
	struct dhcp6_msg msg;
	int rc;

	if (d->state == DORA6_REQUESTING)
		fill_ask(d, &d->offer, &ia, &ask);
	rc = build(d, &ask, &d->output, &msg);
	if (rc < 0) {
		fail(d, now_ms, NULL, "cannot build the message: %s",
		    strerror(-rc));
		return;
	}
	d->has_output = true;
	emit(d, DORA6_SENT, &servers, &msg, NULL);
	dhcp6_msg_release(&msg);
	d->deadline_ms = now_ms + waits(d)[d->n_sends] / d->conf.speed;
	d->n_sends++;
}

void
dora6_start(struct dora6 *d, uint64_t now_ms)
{
	d->first_ms = now_ms;
	enter(d, d->conf.stateless ? DORA6_INFORMING : DORA6_SOLICITING,
	    now_ms);
	send_message(d, now_ms);
}

static void
request_offer(struct dora6 *d, uint64_t now_ms)
{
	d->xid = persona6_xid_next(d->conf.p6, d->xid);
	enter(d, DORA6_REQUESTING, now_ms);
	send_message(d, now_ms);
}

static void
give_up(struct dora6 *d, uint64_t now_ms)
{
	if (d->state == DORA6_REQUESTING)
		fail(d, now_ms, "dhcp-request-unanswered", "%u REQUESTs "
		    "without a REPLY", d->n_sends);
	else if (d->unusable)
		fail(d, now_ms, d->unusable, "%s", d->unusable_why);
	else if (d->state == DORA6_INFORMING)
		fail(d, now_ms, "no-dhcp-offer", "%u INFORMATION-REQUESTs, "
		    "and not one REPLY", d->n_sends);
	else
		fail(d, now_ms, "no-dhcp-offer", "%u SOLICITs, and not one "
		    "ADVERTISE", d->n_sends);
}

void
dora6_expire(struct dora6 *d, uint64_t now_ms)
{
	if (!dora6_is_running(d) || now_ms < d->deadline_ms)
		return;
	if (d->state == DORA6_SOLICITING && d->has_offer)
		request_offer(d, now_ms);
	else if (waits(d)[d->n_sends] != 0)
		send_message(d, now_ms);
	else
		give_up(d, now_ms);
}

/* Is there a vendor class of HTTPClient, as UEFI 2.10 24.7.3.1 asks for? */
static bool
is_http_class(const struct dhcp6_msg *msg)
{
	const struct dhcp6_opt *o = dhcp6_opt(msg, DHCP6_OPT_VENDOR_CLASS);
	static const char want[] = "HTTPClient";
	struct rd r, text;

	if (!o)
		return false;
	r = rd_init(o->data, o->len);
	if (rd_u32(&r) != INTEL_ENTERPRISE)
		return false;
	while (dhcp6_str_next(&r, &text)) {
		if (text.left >= sizeof(want) - 1 &&
		    memcmp(text.p, want, sizeof(want) - 1) == 0)
			return true;
	}
	return false;
}

/* Why this client cannot use an answer; NULL if it can. */
static const char *
unusable(const struct dora6 *d, const struct dhcp6_msg *msg, const char **why)
{
	const struct persona6 *p6 = d->conf.p6;
	struct dhcp6_ia_addr addr;
	uint16_t status;
	struct rd text;

	*why = "the server has no address to give (NoAddrsAvail)";
	if (dhcp6_status(msg, &status, &text) && status != 0) {
		if (status != STATUS_NO_ADDRS)
			*why = dhcp6_status_name(status) ?
			    dhcp6_status_name(status) : "the server refuses";
		return "ipv6-first-delay-or-failure";
	}
	*why = "the answer holds no address";
	if (!d->conf.stateless &&
	    !dhcp6_ia_addr(msg, DHCP6_OPT_IA_NA, &addr))
		return "ipv6-first-delay-or-failure";
	*why = "no boot file URL (option 59) in the answer";
	if (p6->needs_url && !dhcp6_opt(msg, DHCP6_OPT_BOOTFILE_URL))
		return "offer-without-bootfile";
	*why = "the answer is not of the vendor class HTTPClient (option 16)";
	if (p6->needs_class && !is_http_class(msg))
		return "httpboot-offer-without-httpclient";
	return NULL;
}

static bool
is_refused(struct dora6 *d, const struct in6_addr *src,
    const struct dhcp6_msg *msg)
{
	const char *why;
	const char *fault = unusable(d, msg, &why);

	if (!fault)
		return false;
	d->unusable = fault;
	(void)text_copy(d->unusable_why, sizeof(d->unusable_why), why);
	emit(d, DORA6_IGNORED, src, msg, why);
	return true;
}

static void
take_offer(struct dora6 *d, uint64_t now_ms, const struct in6_addr *src,
    struct dhcp6_msg *msg)
{
	uint8_t preference = 0;

	d->n_offers++;
	if (is_refused(d, src, msg)) {
		dhcp6_msg_release(msg);
		return;
	}
	(void)dhcp6_get_u8(msg, DHCP6_OPT_PREFERENCE, &preference);
	if (d->has_offer && preference <= d->preference) {
		emit(d, DORA6_IGNORED, src, msg, "no better than the one "
		    "before");
		dhcp6_msg_release(msg);
		return;
	}
	emit(d, DORA6_RECEIVED, src, msg, NULL);
	drop_offer(d);
	d->offer = *msg;
	d->offer_from = *src;
	d->has_offer = true;
	d->preference = preference;
	(void)dhcp6_ia_addr(&d->offer, DHCP6_OPT_IA_NA, &d->addr);
	d->addr.opts = rd_init(NULL, 0);
	if (!d->conf.p6->collect || preference == PREFERENCE_AT_ONCE ||
	    d->n_sends > 1)
		request_offer(d, now_ms);
}

static void
take_reply(struct dora6 *d, uint64_t now_ms, const struct in6_addr *src,
    struct dhcp6_msg *msg)
{
	if (is_refused(d, src, msg)) {
		fail(d, now_ms, d->unusable, "%s", d->unusable_why);
		dhcp6_msg_release(msg);
		return;
	}
	emit(d, DORA6_RECEIVED, src, msg, NULL);
	d->reply = *msg;
	d->has_reply = true;
	d->server = *src;
	if (!d->conf.stateless) {
		(void)dhcp6_ia_addr(&d->reply, DHCP6_OPT_IA_NA, &d->addr);
		d->addr.opts = rd_init(NULL, 0);
	}
	enter(d, DORA6_BOUND, now_ms);
}

/* Is it the answer to what was asked last, by this machine? */
static bool
is_ours(const struct dora6 *d, const struct dhcp6_msg *msg)
{
	return msg->type == dora6_ops[d->state].takes && msg->xid == d->xid &&
	    dhcp6_opt(msg, DHCP6_OPT_SERVERID);
}

void
dora6_input(struct dora6 *d, uint64_t now_ms, const struct in6_addr *src,
    const void *buf, size_t len)
{
	struct dhcp6_msg msg;

	if (!dora6_is_running(d) || dhcp6_msg_parse(&msg, buf, len, NULL) < 0)
		return;
	if (!is_ours(d, &msg)) {
		dhcp6_msg_release(&msg);
		return;
	}
	dora6_ops[d->state].take(d, now_ms, src, &msg);
}

int
dora6_give_back(struct dora6 *d, struct dora6_output *out)
{
	struct persona6_ask ask = {
		.type = DHCP6_RELEASE, .iaid = d->conf.iaid,
	};
	struct dhcp6_ia ia;
	struct dhcp6_msg msg;
	int rc;

	if (d->state != DORA6_BOUND || d->conf.stateless)
		return -ENODATA;
	d->xid = ask.xid = persona6_xid_next(d->conf.p6, d->xid);
	fill_ask(d, &d->reply, &ia, &ask);
	rc = build(d, &ask, out, &msg);
	if (rc == 0)
		dhcp6_msg_release(&msg);
	return rc;
}
