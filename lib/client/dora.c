#include "client/dora.h"

#include "wire/dhcp_opt.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
	DORA_NAKS_MAX = 3,              /* then it is a fault, not an accident */
	IPXE_PROXY_WAIT_MS = 2000,
	NAK_WAIT_MS = 1000,
	PXE_SUB_CONTROL = 6,
	PXE_SUB_SERVERS = 8,
	PXE_SUB_MENU = 9,
	PXE_CONTROL_USE_FILE = 8,       /* bit 3: no menu if a file is named */
};

static void send_message(struct dora *d, uint64_t now_ms);
static void take_choice(struct dora *d, uint64_t now_ms);
static void take_offer(struct dora *d, uint64_t now_ms,
    const struct dora_input *in, struct dhcp4_msg *msg);
static void take_ack(struct dora *d, uint64_t now_ms,
    const struct dora_input *in, struct dhcp4_msg *msg);
static void take_pxe_ack(struct dora *d, uint64_t now_ms,
    const struct dora_input *in, struct dhcp4_msg *msg);
static void selecting_expired(struct dora *d, uint64_t now_ms);
static void requesting_expired(struct dora *d, uint64_t now_ms);
static void pxe_request_expired(struct dora *d, uint64_t now_ms);

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
	[DORA_PXE_REQUEST] = { "pxe-request", take_pxe_ack,
	    pxe_request_expired },
	[DORA_BOUND]       = { "bound", NULL, NULL },
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

static void
emit(struct dora *d, enum dora_event_kind kind, struct in_addr peer,
    uint16_t port, const struct dhcp4_msg *msg, const char *note)
{
	struct dora_event ev = { kind, peer, port, msg, note };

	if (d->conf.event)
		d->conf.event(d->conf.ctx, &ev);
}

/* The one place where the state changes; nothing is sent yet. */
static void
enter(struct dora *d, enum dora_state state, uint64_t now_ms)
{
	d->state = state;
	d->state_ms = now_ms;
	d->n_sends = 0;
	d->deadline_ms = CLOCK_NEVER;
	d->has_output = false;
}

static void
set_state(struct dora *d, enum dora_state state, uint64_t now_ms)
{
	enter(d, state, now_ms);
	if (dora_ops[state].expired)
		send_message(d, now_ms);
}

static void PRINTF_LIKE(4, 5)
fail(struct dora *d, uint64_t now_ms, const char *fault, const char *fmt, ...)
{
	va_list ap;

	d->fault = fault;
	va_start(ap, fmt);
	(void)vsnprintf(d->why, sizeof(d->why), fmt, ap);
	va_end(ap);
	set_state(d, DORA_FAILED, now_ms);
}

static const uint16_t *
waits(const struct dora *d)
{
	const struct persona *p = d->conf.persona;

	return d->state == DORA_SELECTING ? p->discover_ms :
	    d->state == DORA_REQUESTING ? p->request_ms :
	    d->has_item ? p->item_ms : p->proxy_ms;
}

/* What goes into `secs` now; iPXE keeps a counter there. */
static uint16_t
secs_now(struct dora *d, uint64_t now_ms)
{
	uint64_t elapsed = (now_ms - d->first_ms) / 1000;

	switch (d->conf.persona->secs) {
	case SECS_IPXE:
		/* boot server discovery counts anew, and knows no offers */
		if (d->has_item)
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
		if (d->state == DORA_PXE_REQUEST)
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

	if (!given && d->has_item) {
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
	const struct persona *p = d->conf.persona;

	ask->type = d->state == DORA_SELECTING ? DHCP4_DISCOVER : DHCP4_REQUEST;
	ask->xid = d->conf.xid;
	ask->secs = secs_now(d, now_ms);
	ask->has_address = d->conf.has_address;
	ask->vendor_class = d->conf.vendor_class;
	if (d->state == DORA_SELECTING && p->new_xid) {
		/* as U-Boot's: it grows by the milliseconds that have passed */
		ask->xid += (uint32_t)(now_ms - d->first_ms);
	} else if (d->state == DORA_REQUESTING) {
		ask->xid = d->choice.dhcp->msg.xid;
		ask->requested = d->choice.dhcp->msg.yiaddr;
		ask->server_id = d->choice.dhcp->server_id;
	} else if (d->state == DORA_PXE_REQUEST) {
		ask->to_pxe_port = true;
		ask->has_address = true;
		ask->ciaddr = d->ack.yiaddr;
		ask->has_item = d->has_item;
		ask->item_type = d->item_type;
		ask->vendor_class = answered_class(d);
		if (!d->has_item)
			ask->server_id = d->pxe_server;
		/* a new transaction; iPXE's discovery has none at all */
		ask->xid = p->kind == PERSONA_IPXE ?
		    (d->has_item ? 0 : d->conf.xid) : d->conf.xid + 1;
	}
}

/* Build and queue the message of this state; arm its timer. */
static void
send_message(struct dora *d, uint64_t now_ms)
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
		rc = dhcp4_msg_build(&msg, &w, p->pad_to, sizeof(out->buf));
		out->len = w.len;
	}
	if (rc < 0) {
		fail(d, now_ms, NULL, "cannot build the message: %s",
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
	if (d->state == DORA_PXE_REQUEST) {
		out->src = d->ack.yiaddr;
		out->dst = d->pxe_server;
		out->sport = p->proxy_port;
		out->dport = DHCP4_PXE_PORT;
	}
	d->has_output = true;
	emit(d, DORA_SENT, out->dst, out->dport, &msg, NULL);
	dhcp4_msg_release(&msg);
	d->deadline_ms = now_ms + waits(d)[d->n_sends] / d->conf.speed;
	d->n_sends++;
}

void
dora_start(struct dora *d, uint64_t now_ms)
{
	d->first_ms = now_ms;
	set_state(d, DORA_SELECTING, now_ms);
}

void
dora_expire(struct dora *d, uint64_t now_ms)
{
	if (dora_ops[d->state].expired && now_ms >= d->deadline_ms)
		dora_ops[d->state].expired(d, now_ms);
}

/* Is another send left in this state's table? */
static bool
may_repeat(const struct dora *d)
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
	} else if (may_repeat(d)) {
		send_message(d, now_ms);
	} else if (d->offers.n == 0) {
		fail(d, now_ms, offers_fault(&d->offers, p),
		    "%u DISCOVERs, and not one offer", d->n_sends);
	} else {
		fail(d, now_ms, offers_fault(&d->offers, p),
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
	if (may_repeat(d))
		send_message(d, now_ms);
	else if (d->n_naks > 0)
		fail(d, now_ms, "dhcp-nak", "%s refused the address that it "
		    "had offered: %u NAKs", ip, d->n_naks);
	else if (d->other_nak)
		fail(d, now_ms, "nak-from-other-server", "%s does not answer "
		    "the REQUEST, and another server sent a NAK", ip);
	else
		fail(d, now_ms, "dhcp-request-unanswered",
		    "%u REQUESTs to %s without ACK or NAK", d->n_sends, ip);
}

static void
pxe_request_expired(struct dora *d, uint64_t now_ms)
{
	char ip[IP_TEXT_MAX];

	if (may_repeat(d)) {
		send_message(d, now_ms);
		return;
	}
	(void)ipv4_format(d->pxe_server, ip);
	if (d->choice.dhcp == d->choice.proxy && !d->has_item &&
	    d->conf.persona->proxy_fatal)
		fail(d, now_ms, "option60-without-4011",
		    "%s offered an address with option 60 PXEClient, and "
		    "nothing there answers on port 4011", ip);
	else if (d->conf.persona->proxy_fatal || d->has_item)
		fail(d, now_ms, "proxydhcp-4011-silent",
		    "%u requests to %s port 4011 without an answer",
		    d->n_sends, ip);
	else                            /* iPXE goes on without a proxy */
		set_state(d, DORA_BOUND, now_ms);
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
	bool now;

	emit(d, note ? DORA_IGNORED : DORA_RECEIVED, in->src, in->sport, msg,
	    note);
	if (note) {
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

/* The next (here: first) boot menu item of 43.9; false if there is no menu. */
static bool
first_menu_item(const struct dhcp4_msg *msg, uint16_t *ret_type)
{
	const struct dhcp4_opt *opt = dhcp4_opt(msg, DHCP4_OPT_VENDOR_ENCAP);
	struct rd menu;

	if (!opt || !dhcp_sub_find(DHCP_SPACE_PXE, opt->data, opt->len,
	    PXE_SUB_MENU, &menu))
		return false;
	*ret_type = rd_u16(&menu);
	return !menu.bad;
}

/* The address of the boot server of @type in 43.8; false if not listed. */
static bool
listed_server(const struct dhcp4_msg *msg, uint16_t type, struct in_addr *ret)
{
	const struct dhcp4_opt *opt = dhcp4_opt(msg, DHCP4_OPT_VENDOR_ENCAP);
	struct rd list;

	if (!opt || !dhcp_sub_find(DHCP_SPACE_PXE, opt->data, opt->len,
	    PXE_SUB_SERVERS, &list))
		return false;
	while (list.left > 0) {
		uint16_t t = rd_u16(&list);
		struct rd ips = rd_sub(&list, (size_t)rd_u8(&list) * 4);

		if (t != type || ips.left == 0)
			continue;
		rd_copy(&ips, &ret->s_addr, sizeof(ret->s_addr));
		return !ips.bad;
	}
	return false;
}

/* Does this packet want its menu followed, rather than its file loaded? */
static bool
wants_discovery(const struct dhcp4_msg *msg, uint16_t *ret_type)
{
	const struct dhcp4_opt *opt = dhcp4_opt(msg, DHCP4_OPT_VENDOR_ENCAP);
	struct target t;
	struct rd control;
	uint8_t bits = 0;

	if (!first_menu_item(msg, ret_type))
		return false;
	if (dhcp_sub_find(DHCP_SPACE_PXE, opt->data, opt->len,
	    PXE_SUB_CONTROL, &control))
		bits = rd_u8(&control);
	return !((bits & PXE_CONTROL_USE_FILE) &&
	    target_get(TARGET_RULE_EDK2, msg, NULL, &t) == 0);
}

/* Ask the boot server of the menu's item; @other if the list has none. */
static void
discover_boot_server(struct dora *d, uint64_t now_ms,
    const struct dhcp4_msg *menu, struct in_addr other)
{
	if (d->item_type == 0) {
		fail(d, now_ms, "boot-aborted-by-policy", "the first item of "
		    "the boot menu says: boot from the local disk");
		return;
	}
	d->has_item = true;
	if (!listed_server(menu, d->item_type, &d->pxe_server))
		d->pxe_server = other;
	set_state(d, DORA_PXE_REQUEST, now_ms);
}

/* Whom to ask on port 4011: EDK2 asks the next-server, if there is one. */
static struct in_addr
pxe_port_server(const struct dora *d, const struct offer *offer)
{
	return d->conf.persona->kind != PERSONA_IPXE &&
	    offer->msg.siaddr.s_addr ? offer->msg.siaddr : offer->server_id;
}

/* The address is ours: what is still to be asked for the file? */
static void
after_ack(struct dora *d, uint64_t now_ms)
{
	const struct offers_choice *c = &d->choice;
	const struct dhcp4_msg *pxe = c->proxy ? &c->proxy->msg :
	    c->dhcp->class == OFFER_PXE10 ? &d->ack : NULL;

	if (!persona_is_pxe(d->conf.persona) || !pxe) {
		set_state(d, DORA_BOUND, now_ms);
	} else if (c->ask_pxe_port) {
		d->pxe_server = pxe_port_server(d, c->proxy);
		set_state(d, DORA_PXE_REQUEST, now_ms);
	} else if (wants_discovery(pxe, &d->item_type)) {
		discover_boot_server(d, now_ms, pxe, c->proxy ?
		    c->proxy->server_id : c->dhcp->server_id);
	} else {
		d->proxy = c->proxy && c->proxy != c->dhcp ? pxe : NULL;
		set_state(d, DORA_BOUND, now_ms);
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
		set_state(d, DORA_REQUESTING, now_ms);
		return;
	}
	d->ack = *msg;
	d->has_ack = true;
	memset(msg, 0, sizeof(*msg));
	after_ack(d, now_ms);
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
		enter(d, DORA_SELECTING, now_ms);
		d->deadline_ms = now_ms + NAK_WAIT_MS / d->conf.speed;
		return;
	}
	fail(d, now_ms, "dhcp-nak", "%s refused the address that it had "
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
	emit(d, note ? DORA_IGNORED : DORA_RECEIVED, in->src, in->sport, msg,
	    note);
	if (note || type == DHCP4_NAK) {
		dhcp4_msg_release(msg);
		if (!note)
			take_nak(d, now_ms);
		return;
	}
	d->ack = *msg;
	d->has_ack = true;
	after_ack(d, now_ms);
}

static void
take_pxe_ack(struct dora *d, uint64_t now_ms, const struct dora_input *in,
    struct dhcp4_msg *msg)
{
	bool ipxe = d->conf.persona->kind == PERSONA_IPXE;
	int type = dhcp4_type(msg);
	struct target t;
	const char *note = NULL;

	if (type != DHCP4_ACK && type != DHCP4_OFFER)
		note = "neither ACK nor offer";
	else if (in->src.s_addr != d->pxe_server.s_addr)
		note = "not the server asked";
	else if (in->sport != DHCP4_PXE_PORT && ipxe)
		note = "not from port 4011";
	else if (ipxe && !d->has_item && !offer_has_pxe_data(msg))
		note = "no boot file with its server";
	if (ipxe && note && (msg->file[0] ||
	    dhcp4_opt(msg, DHCP4_OPT_BOOTFILE)))
		d->lost_file = true;
	emit(d, note ? DORA_IGNORED : DORA_RECEIVED, in->src, in->sport, msg,
	    note);
	if (note) {
		dhcp4_msg_release(msg);
		return;
	}
	if (d->has_pxe_ack)
		dhcp4_msg_release(&d->pxe_ack);
	d->pxe_ack = *msg;
	d->has_pxe_ack = true;
	if (!d->has_item && wants_discovery(&d->pxe_ack, &d->item_type)) {
		discover_boot_server(d, now_ms, &d->pxe_ack, d->pxe_server);
		return;
	}
	d->proxy = &d->pxe_ack;
	if (target_get(d->conf.persona->target_rule, &d->pxe_ack, NULL,
	    &t) < 0 && d->conf.persona->proxy_fatal) {
		fail(d, now_ms, "proxydhcp-answer-without-file",
		    "the answer from port 4011 names no boot file");
		return;
	}
	set_state(d, DORA_BOUND, now_ms);
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
			emit(d, DORA_IGNORED, in->src, in->sport, &msg, note);
		dhcp4_msg_release(&msg);
		return;
	}
	dora_ops[d->state].take(d, now_ms, in, &msg);
}
