#include "client/dora_internal.h"

#include "chain/target.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
	DORA_NAKS_MAX = 3,              /* then it is a fault, not an accident */
	IPXE_PROXY_WAIT_MS = 2000,
	NAK_WAIT_MS = 1000,
};

static void take_choice(struct dora *d, uint64_t now_ms);
static void take_offer(struct dora *d, uint64_t now_ms,
    const struct dora_input *in, struct dhcp4_msg *msg);
static void take_ack(struct dora *d, uint64_t now_ms,
    const struct dora_input *in, struct dhcp4_msg *msg);
static void selecting_expired(struct dora *d, uint64_t now_ms);
static void requesting_expired(struct dora *d, uint64_t now_ms);

/* take() owns the message it is given. */
static const struct dora_ops {
	const char *name;
	void (*take)(struct dora *d, uint64_t now_ms,
	    const struct dora_input *in, struct dhcp4_msg *msg);
	void (*expired)(struct dora *d, uint64_t now_ms);
} dora_ops[DORA_N_STATES] = {
	[DORA_IDLE]        = { "idle", NULL, NULL },
	[DORA_SELECTING]   = { "selecting", take_offer, selecting_expired },
	[DORA_REQUESTING]  = { "requesting", take_ack, requesting_expired },
	[DORA_PXE_REQUEST] = { "pxe-request", dora_take_pxe_ack,
	    dora_pxe_request_expired },
	[DORA_PROMPT]      = { "prompt", dora_ignore, dora_prompt_expired },
	[DORA_BOOT_SERVER] = { "boot-server", dora_take_boot_server,
	    dora_boot_server_expired },
	[DORA_BOUND]       = { "bound", NULL, NULL },
	[DORA_LOCAL]       = { "local", NULL, NULL },
	[DORA_FAILED]      = { "failed", NULL, NULL },
};

void
dora_init(struct dora *d, const struct dora_conf *conf)
{
	memset(d, 0, sizeof(*d));
	d->conf = *conf;
	if (d->conf.speed == 0)
		d->conf.speed = 1;
	d->deadline_ms = CLOCK_NEVER;
}

void
dora_release(struct dora *d)
{
	offers_release(&d->offers);
	if (d->has_ack)
		dhcp4_msg_release(&d->ack);
	if (d->has_pxe_ack)
		dhcp4_msg_release(&d->pxe_ack);
	d->has_ack = false;
	d->has_pxe_ack = false;
	d->proxy = NULL;
}

bool
dora_is_running(const struct dora *d)
{
	return dora_ops[d->state].expired != NULL;
}

const char *
dora_state_name(enum dora_state s)
{
	return dora_ops[s].name;
}

const struct dora_output *
dora_output(struct dora *d)
{
	if (!d->has_output)
		return NULL;
	d->has_output = false;
	return &d->output;
}

void
dora_emit(struct dora *d, enum dora_event_kind kind, struct in_addr peer,
    uint16_t port, const struct dhcp4_msg *msg, const char *note)
{
	struct dora_event ev = { kind, peer, port, msg, note };

	if (d->conf.event)
		d->conf.event(d->conf.ctx, &ev);
}

/* The one place where the state changes; nothing is sent yet. */
void
dora_enter(struct dora *d, enum dora_state state, uint64_t now_ms)
{
	d->state = state;
	d->state_ms = now_ms;
	d->n_sends = 0;
	d->deadline_ms = CLOCK_NEVER;
	d->has_output = false;
}

void
dora_set_state(struct dora *d, enum dora_state state, uint64_t now_ms)
{
	dora_enter(d, state, now_ms);
	if (dora_ops[state].expired)
		dora_send_message(d, now_ms);
}

void
dora_fail(struct dora *d, uint64_t now_ms, const char *fault, const char *fmt, ...)
{
	va_list ap;

	d->fault = fault;
	va_start(ap, fmt);
	(void)vsnprintf(d->why, sizeof(d->why), fmt, ap);
	va_end(ap);
	dora_set_state(d, DORA_FAILED, now_ms);
}

static const uint16_t *
waits(const struct dora *d)
{
	const struct persona *p = d->conf.persona;

	return d->state == DORA_SELECTING ? p->discover_ms :
	    d->state == DORA_REQUESTING ? p->request_ms :
	    d->state == DORA_BOOT_SERVER ? p->item_ms : p->proxy_ms;
}

/* What goes into `secs` now; iPXE keeps a counter there. */
static uint16_t
secs_now(struct dora *d, uint64_t now_ms)
{
	uint64_t elapsed = (now_ms - d->first_ms) / 1000;

	switch (d->conf.persona->secs) {
	case SECS_IPXE:
		/* boot server discovery counts anew, and knows no offers */
		if (d->state == DORA_BOOT_SERVER)
			return (uint16_t)((d->n_sends + 1) << 2);
		return (uint16_t)(d->n_runs << 2 |
		    (offers_has_address(&d->offers) ? 2u : 0u) |
		    (offers_has_proxy(&d->offers) ? 1u : 0u));
	case SECS_ROM:
		return (uint16_t)(elapsed < 4 ? 4 : elapsed);
	case SECS_ELAPSED:
		return (uint16_t)elapsed;
	case SECS_EDK2:
		/* it counts ticks, the first of which comes early */
		elapsed = (now_ms - d->first_ms + 500) / 1000;
		/* it counts its proxy requests in the host's byte order */
		if (d->state == DORA_PXE_REQUEST ||
		    d->state == DORA_BOOT_SERVER)
			return (uint16_t)(d->n_sends << 8);
		if (d->state == DORA_SELECTING)
			d->discover_secs = (uint16_t)elapsed;
		return d->discover_secs;
	case SECS_ZERO:
		break;
	}
	return 0;
}

/*
 * The vendor class that answers have given, which iPXE sends back. The ACK
 * puts an end to those of the stage before; a proxy's offer counts once it is
 * chosen to be asked for its boot servers.
 */
static const char *
answered_class(struct dora *d)
{
	bool given = dhcp4_get_str(&d->ack, DHCP4_OPT_VENDOR_CLASS, d->class,
	    sizeof(d->class));

	if (!given && d->state == DORA_BOOT_SERVER) {
		const struct dhcp4_msg *menu = d->has_pxe_ack ? &d->pxe_ack :
		    d->choice.proxy ? &d->choice.proxy->msg : &d->ack;

		given = dhcp4_get_str(menu, DHCP4_OPT_VENDOR_CLASS, d->class,
		    sizeof(d->class));
	}
	return given ? d->class : NULL;
}

static void
fill_ask(struct dora *d, uint64_t now_ms, struct persona_ask *ask)
{
	ask->type = d->state == DORA_SELECTING ? DHCP4_DISCOVER : DHCP4_REQUEST;
	ask->xid = d->conf.xid;
	ask->secs = secs_now(d, now_ms);
	ask->has_address = d->conf.has_address;
	ask->vendor_class = d->conf.vendor_class;
	if (d->state == DORA_SELECTING && d->conf.persona->new_xid) {
		/* as U-Boot's: it grows by the milliseconds that have passed */
		ask->xid += (uint32_t)(now_ms - d->first_ms);
	} else if (d->state == DORA_REQUESTING) {
		ask->xid = d->choice.dhcp->msg.xid;
		ask->requested = d->choice.dhcp->msg.yiaddr;
		ask->server_id = d->choice.dhcp->server_id;
	} else if (d->state != DORA_SELECTING) {
		dora_fill_pxe_ask(d, ask);
		ask->vendor_class = answered_class(d);
	}
}

/* Build and queue the message of this state; arm its timer. */
void
dora_send_message(struct dora *d, uint64_t now_ms)
{
	const struct persona *p = d->conf.persona;
	struct persona_ask ask = { .type = DHCP4_DISCOVER };
	struct dora_output *out = &d->output;
	struct dhcp4_msg msg;
	struct wr w = wr_init(out->buf, sizeof(out->buf));
	int rc;

	d->n_runs++;
	fill_ask(d, now_ms, &ask);
	rc = persona_message(p, d->conf.machine, &ask, &msg);
	if (rc == 0) {
		/* EDK2 wants answers to its broadcasts as it sends them */
		if (d->state == DORA_BOOT_SERVER && p->broadcast &&
		    d->pxe_server.s_addr == htonl(INADDR_BROADCAST))
			msg.flags |= DHCP4_FLAG_BROADCAST;
		rc = dhcp4_msg_build(&msg, &w, p->pad_to, sizeof(out->buf));
		out->len = w.len;
	}
	if (rc < 0) {
		dora_fail(d, now_ms, NULL, "cannot build the message: %s",
		    strerror(-rc));
		return;
	}
	d->sent_xid = ask.xid;
	if (d->state == DORA_SELECTING && d->n_sends < DORA_XIDS_MAX)
		d->discover_xid[d->n_sends] = ask.xid;
	out->src.s_addr = 0;
	out->dst.s_addr = htonl(INADDR_BROADCAST);
	out->sport = DHCP4_CLIENT_PORT;
	out->dport = DHCP4_SERVER_PORT;
	if (ask.to_pxe_port)
		dora_address_pxe(d, out);
	d->has_output = true;
	dora_emit(d, DORA_SENT, out->dst, out->dport, &msg, NULL);
	dhcp4_msg_release(&msg);
	d->deadline_ms = now_ms + waits(d)[d->n_sends] / d->conf.speed;
	d->n_sends++;
}

void
dora_start(struct dora *d, uint64_t now_ms)
{
	d->first_ms = now_ms;
	dora_set_state(d, DORA_SELECTING, now_ms);
}

void
dora_expire(struct dora *d, uint64_t now_ms)
{
	if (dora_ops[d->state].expired && now_ms >= d->deadline_ms)
		dora_ops[d->state].expired(d, now_ms);
}

/* Is another send left in this state's table? */
bool
dora_may_repeat(const struct dora *d)
{
	return waits(d)[d->n_sends] != 0;
}

static void
selecting_expired(struct dora *d, uint64_t now_ms)
{
	const struct persona *p = d->conf.persona;
	bool ready = p->collect != COLLECT_IPXE ||
	    now_ms - d->state_ms > IPXE_PROXY_WAIT_MS / d->conf.speed;

	if (ready && offers_choose(&d->offers, p, &d->choice)) {
		d->n_runs++;
		take_choice(d, now_ms);
	} else if (dora_may_repeat(d)) {
		dora_send_message(d, now_ms);
	} else if (d->offers.n == 0 && d->rejected) {
		dora_fail(d, now_ms, "offer-rejected-by-client",
		    "%u DISCOVERs, and offers that %s does not take: %s",
		    d->n_sends, p->title, d->rejected);
	} else if (d->offers.n == 0) {
		dora_fail(d, now_ms, offers_fault(&d->offers, p),
		    "%u DISCOVERs, and not one offer", d->n_sends);
	} else {
		dora_fail(d, now_ms, offers_fault(&d->offers, p),
		    "%u DISCOVERs, and %zu offer%s, none of use to this "
		    "client", d->n_sends, d->offers.n,
		    d->offers.n == 1 ? "" : "s");
	}
}

static void
requesting_expired(struct dora *d, uint64_t now_ms)
{
	char ip[IP_TEXT_MAX];

	(void)ipv4_format(d->choice.dhcp->server_id, ip);
	if (dora_may_repeat(d))
		dora_send_message(d, now_ms);
	else if (d->n_naks > 0)
		dora_fail(d, now_ms, "dhcp-nak", "%s refused the address that it "
		    "had offered: %u NAKs", ip, d->n_naks);
	else if (d->other_nak)
		dora_fail(d, now_ms, "nak-from-other-server", "%s does not answer "
		    "the REQUEST, and another server sent a NAK", ip);
	else
		dora_fail(d, now_ms, "dhcp-request-unanswered",
		    "%u REQUESTs to %s without ACK or NAK", d->n_sends, ip);
}

/* Why a client does not count this message as an offer; NULL if it does. */
static const char *
offer_note(const struct persona *p, const struct dora_input *in,
    const struct dhcp4_msg *msg)
{
	bool edk2 = p->kind == PERSONA_UEFI || p->kind == PERSONA_UEFI_HTTP;
	int type = dhcp4_type(msg);

	if (type == 0)
		return p->kind == PERSONA_OS || p->kind == PERSONA_UEFI_HTTP ?
		    "BOOTP" : NULL;
	if (type != DHCP4_OFFER)
		return "not an offer";
	if (edk2 && !dhcp4_opt(msg, DHCP4_OPT_SERVER_ID))
		return "without a server identifier (54)";
	if (p->kind == PERSONA_IPXE && in->sport != DHCP4_SERVER_PORT)
		return "not from port 67";
	return NULL;
}

static void
take_offer(struct dora *d, uint64_t now_ms, const struct dora_input *in,
    struct dhcp4_msg *msg)
{
	const struct persona *p = d->conf.persona;
	struct offers_choice c;
	const char *note = offer_note(p, in, msg);
	int type = dhcp4_type(msg);
	bool now;

	dora_emit(d, note ? DORA_IGNORED : DORA_RECEIVED, in->src, in->sport, msg,
	    note);
	if (note) {
		if (type == 0 || type == DHCP4_OFFER)
			d->rejected = note;
		dhcp4_msg_release(msg);
		return;
	}
	offers_add(&d->offers, msg, in->src, in->src_mac, now_ms);
	if (!offers_choose(&d->offers, p, &c))
		return;
	now = p->collect == COLLECT_FIRST || (p->collect == COLLECT_IPXE &&
	    (c.proxy || c.dhcp->no_pxedhcp ||
	    now_ms - d->state_ms > IPXE_PROXY_WAIT_MS / d->conf.speed));
	if (now) {
		d->choice = c;
		take_choice(d, now_ms);
	}
}

/*
 * A BOOTP reply is all there will be: what it gives is taken as it is. iPXE
 * sends its REQUEST all the same, and some firmware never does.
 */
static void
take_choice(struct dora *d, uint64_t now_ms)
{
	size_t i = (size_t)(d->choice.dhcp - d->offers.offer);
	struct dhcp4_msg *msg = &d->offers.offer[i].msg;

	if (!d->conf.persona->no_request &&
	    (d->offers.offer[i].class != OFFER_BOOTP ||
	    d->conf.persona->kind == PERSONA_IPXE)) {
		dora_set_state(d, DORA_REQUESTING, now_ms);
		return;
	}
	d->ack = *msg;
	d->has_ack = true;
	memset(msg, 0, sizeof(*msg));
	dora_after_ack(d, now_ms);
}

/*
 * The server takes its offer back. This iPXE (2019) does not listen, and
 * repeats its REQUEST; for EDK2 it is the end; the others start over.
 */
static void
take_nak(struct dora *d, uint64_t now_ms)
{
	enum persona_kind kind = d->conf.persona->kind;
	char ip[IP_TEXT_MAX];

	(void)ipv4_format(d->choice.dhcp->server_id, ip);
	d->n_naks++;
	if (kind == PERSONA_IPXE)
		return;
	if (kind != PERSONA_UEFI && kind != PERSONA_UEFI_HTTP &&
	    d->n_naks < DORA_NAKS_MAX) {
		/* back to DISCOVER, a second later */
		offers_release(&d->offers);
		dora_enter(d, DORA_SELECTING, now_ms);
		d->deadline_ms = now_ms + NAK_WAIT_MS / d->conf.speed;
		return;
	}
	dora_fail(d, now_ms, "dhcp-nak", "%s refused the address that it had "
	    "offered", ip);
}

static void
take_ack(struct dora *d, uint64_t now_ms, const struct dora_input *in,
    struct dhcp4_msg *msg)
{
	struct in_addr server_id = in->src;
	const char *note = NULL;
	int type = dhcp4_type(msg);
	bool bootp = type == 0 && d->conf.persona->kind == PERSONA_IPXE;

	(void)dhcp4_get_ip(msg, DHCP4_OPT_SERVER_ID, &server_id);
	if (type == DHCP4_OFFER)
		note = "an offer after the choice";
	else if (type != DHCP4_ACK && type != DHCP4_NAK && !bootp)
		note = "not an ACK";
	else if (type != DHCP4_NAK && msg->yiaddr.s_addr !=
	    d->choice.dhcp->msg.yiaddr.s_addr)
		note = "not the address asked for";
	else if (!bootp && server_id.s_addr !=
	    d->choice.dhcp->server_id.s_addr)
		note = "not the server asked";
	if (note && type == DHCP4_NAK)
		d->other_nak = true;
	dora_emit(d, note ? DORA_IGNORED : DORA_RECEIVED, in->src, in->sport, msg,
	    note);
	if (note || type == DHCP4_NAK) {
		dhcp4_msg_release(msg);
		if (!note)
			take_nak(d, now_ms);
		return;
	}
	d->ack = *msg;
	d->has_ack = true;
	dora_after_ack(d, now_ms);
}

/* Does a reply of this transaction answer what was sent? */
static bool
is_ours(const struct dora *d, uint32_t xid)
{
	if (d->state != DORA_SELECTING || !d->conf.persona->new_xid)
		return xid == d->sent_xid;
	for (size_t i = 0; i < min_size(d->n_sends, DORA_XIDS_MAX); i++) {
		if (d->discover_xid[i] == xid)
			return true;
	}
	return false;
}

void
dora_input(struct dora *d, uint64_t now_ms, const struct dora_input *in)
{
	struct dhcp4_msg msg;
	const char *note = NULL;

	if (!dora_ops[d->state].take ||
	    dhcp4_msg_parse(&msg, in->buf, in->len, NULL) < 0)
		return;
	if (msg.op != DHCP4_BOOTREPLY)
		note = "not a reply";
	else if (memcmp(msg.chaddr, d->conf.machine->mac, MAC_LEN) != 0)
		note = "for another machine";
	else if (!is_ours(d, msg.xid))
		note = "of another transaction";
	if (note) {
		/* other machines' traffic is not worth a word */
		if (msg.op == DHCP4_BOOTREPLY && memcmp(msg.chaddr,
		    d->conf.machine->mac, MAC_LEN) == 0)
			dora_emit(d, DORA_IGNORED, in->src, in->sport, &msg, note);
		dhcp4_msg_release(&msg);
		return;
	}
	dora_ops[d->state].take(d, now_ms, in, &msg);
}
