/*
 * What PXE does once there is an address: ask the proxy on port 4011, follow
 * the boot menu, look for the boot server of its item.
 */
#include "client/dora_internal.h"

#include "chain/target.h"

#include <arpa/inet.h>
#include <string.h>

/* The firmware does as PXE 2.1 says, but for iPXE and EDK2. */
static bool
is_ipxe(const struct dora *d)
{
	return d->conf.persona->kind == PERSONA_IPXE;
}

/*
 * EDK2 sends and then collects to the end of the interval, though the answer
 * came at once, and takes the first that is acceptable.
 */
static bool
waits_out(const struct dora *d)
{
	return d->conf.persona->kind == PERSONA_UEFI;
}

static bool
names_file(const struct dhcp4_msg *msg)
{
	struct target t;

	return target_get(TARGET_RULE_EDK2, msg, NULL, &t) == 0;
}

/* Who an answer says that it is from: 54, else siaddr, else its source. */
static struct in_addr
server_of(const struct dora_input *in, const struct dhcp4_msg *msg)
{
	struct in_addr a = msg->siaddr.s_addr ? msg->siaddr : in->src;

	(void)dhcp4_get_ip(msg, DHCP4_OPT_SERVER_ID, &a);
	return a;
}

/* A new exchange with port 4011; iPXE's search has no transaction at all. */
static void
ask(struct dora *d, uint64_t now_ms, enum dora_state state,
    struct in_addr server)
{
	d->n_pxe++;
	if (!is_ipxe(d))
		d->pxe_xid = d->conf.xid + d->n_pxe;
	else
		d->pxe_xid = state == DORA_BOOT_SERVER ? 0 : d->conf.xid;
	d->pxe_server = server;
	d->has_reply = false;
	dora_set_state(d, state, now_ms);
}

void
dora_fill_pxe_ask(const struct dora *d, struct persona_ask *ask)
{
	ask->to_pxe_port = true;
	ask->has_address = true;
	ask->ciaddr = d->ack.yiaddr;
	ask->xid = d->pxe_xid;
	ask->has_item = d->state == DORA_BOOT_SERVER;
	if (ask->has_item)
		ask->item_type = d->item->type;
	else
		ask->server_id = d->pxe_server;
}

void
dora_address_pxe(const struct dora *d, struct dora_output *out)
{
	out->src = d->ack.yiaddr;
	out->dst = d->pxe_server;
	if (d->pxe_server.s_addr == htonl(INADDR_BROADCAST))
		return;                 /* 68 to 67, as DHCP */
	out->sport = d->conf.persona->proxy_port;
	out->dport = DHCP4_PXE_PORT;
}

static void
search(struct dora *d, uint64_t now_ms)
{
	pxe_servers_of(d->conf.persona, &d->menu, d->item->type, &d->servers);
	d->server_i = 0;
	if (d->servers.n_ask == 0)
		dora_fail(d, now_ms, "boot-server-discovery-fails",
		    "boot server type %u cannot be looked for: %s",
		    d->item->type, d->servers.why);
	else
		ask(d, now_ms, DORA_BOOT_SERVER, d->servers.ask[0]);
}

/* No menu is followed: the file is loaded that @msg names. */
static void
use_file(struct dora *d, uint64_t now_ms, const struct dhcp4_msg *msg)
{
	bool own = msg == &d->ack || msg == &d->choice.dhcp->msg;

	d->proxy = own ? NULL : msg;
	if (!own && d->conf.persona->proxy_fatal &&
	    !names_file(msg))
		dora_fail(d, now_ms, "proxydhcp-answer-without-file",
		    "the proxy's answer names no boot file, and has no menu");
	else
		dora_set_state(d, DORA_BOUND, now_ms);
}

static void
follow_menu(struct dora *d, uint64_t now_ms, const struct dhcp4_msg *msg)
{
	/* iPXE asks whether any packet names a file */
	bool has_file = names_file(msg) || (is_ipxe(d) && names_file(&d->ack));
	struct pxe_plan plan;

	pxe_menu_get(msg, &d->menu);
	pxe_menu_plan(d->conf.persona, &d->menu, has_file, &d->conf.user,
	    &plan);
	d->item = plan.item;
	switch (plan.way) {
	case PXE_WAY_FILE:
		use_file(d, now_ms, msg);
		break;
	case PXE_WAY_CANCEL:
		dora_fail(d, now_ms, !has_file && d->menu.n_items == 0 ?
		    "proxydhcp-answer-without-file" :
		    "boot-server-discovery-fails", "%s", plan.why);
		break;
	case PXE_WAY_STUCK:
		dora_fail(d, now_ms, "boot-server-discovery-fails", "the boot "
		    "menu is shown until somebody chooses, and nobody is "
		    "there: give its prompt (43.10) a time");
		break;
	case PXE_WAY_ITEM:
	case PXE_WAY_LOCAL:
		dora_enter(d, DORA_PROMPT, now_ms);
		d->deadline_ms = now_ms +
		    plan.wait_s * UINT64_C(1000) / d->conf.speed;
		if (plan.wait_s == 0)
			dora_prompt_expired(d, now_ms);
		break;
	}
}

void
dora_prompt_expired(struct dora *d, uint64_t now_ms)
{
	if (!d->item || d->item->type == 0)
		dora_set_state(d, DORA_LOCAL, now_ms);
	else
		search(d, now_ms);
}

void
dora_ignore(struct dora *d, uint64_t now_ms, const struct dora_input *in,
    struct dhcp4_msg *msg)
{
	(void)now_ms;
	dora_emit(d, DORA_IGNORED, in->src, in->sport, msg,
	    "nothing was asked");
	dhcp4_msg_release(msg);
}

/* Whom to ask on port 4011: EDK2 asks the next-server, if there is one. */
static struct in_addr
pxe_port_server(const struct dora *d, const struct offer *offer)
{
	return !is_ipxe(d) && offer->msg.siaddr.s_addr ? offer->msg.siaddr :
	    offer->server_id;
}

/* EDK2 asks one proxy after the other. Return: false if there is no other. */
static bool
next_proxy(struct dora *d, uint64_t now_ms)
{
	const struct offer *end = d->offers.offer + d->offers.n;
	const struct offer *f = d->choice.proxy;

	if (!waits_out(d) || f->class != OFFER_PROXY_BINL)
		return false;
	while (++f < end && f->class != OFFER_PROXY_BINL)
		;
	if (f == end)
		return false;
	d->choice.proxy = f;
	ask(d, now_ms, DORA_PXE_REQUEST, pxe_port_server(d, f));
	return true;
}

void
dora_after_ack(struct dora *d, uint64_t now_ms)
{
	const struct offers_choice *c = &d->choice;
	/* EDK2 reads the ACK of an address with a menu, iPXE the offer */
	const struct dhcp4_msg *pxe = c->proxy ? &c->proxy->msg : &d->ack;

	if (!persona_is_pxe(d->conf.persona) ||
	    (!c->proxy && c->dhcp->class != OFFER_PXE10)) {
		d->proxy = c->proxy && c->proxy != c->dhcp ? pxe : NULL;
		dora_set_state(d, DORA_BOUND, now_ms);
	} else if (c->ask_pxe_port) {
		ask(d, now_ms, DORA_PXE_REQUEST,
		    pxe_port_server(d, c->proxy));
	} else {
		follow_menu(d, now_ms, pxe);
	}
}

/* Keep it; the one that was kept before is not needed any more. */
static void
keep_pxe_ack(struct dora *d, struct dhcp4_msg *msg)
{
	if (d->has_pxe_ack)
		dhcp4_msg_release(&d->pxe_ack);
	d->pxe_ack = *msg;
	d->has_pxe_ack = true;
}

static void
proxy_answered(struct dora *d, uint64_t now_ms)
{
	struct pxe_menu menu;

	pxe_menu_get(&d->pxe_ack, &menu);
	if (waits_out(d) && !menu.is_pxe10 && !names_file(&d->pxe_ack) &&
	    next_proxy(d, now_ms))
		return;
	follow_menu(d, now_ms, &d->pxe_ack);
}

/* Why an answer of port 4011 does not count; NULL if it does. */
static const char *
pxe_ack_note(const struct dora *d, const struct dora_input *in,
    const struct dhcp4_msg *msg)
{
	int type = dhcp4_type(msg);

	/* EDK2 looks at the transaction alone */
	if (waits_out(d))
		return d->has_reply ? "a second answer" : NULL;
	if (type != DHCP4_ACK && type != DHCP4_OFFER)
		return "neither ACK nor offer";
	if (server_of(in, msg).s_addr != d->pxe_server.s_addr)
		return "not the server asked";
	if (!is_ipxe(d))
		return NULL;
	return in->sport != DHCP4_PXE_PORT ? "not from port 4011" :
	    !offer_has_pxe_data(msg) ? "no boot file with its server" : NULL;
}

void
dora_take_pxe_ack(struct dora *d, uint64_t now_ms,
    const struct dora_input *in, struct dhcp4_msg *msg)
{
	const char *note = pxe_ack_note(d, in, msg);

	if (is_ipxe(d) && note && (msg->file[0] ||
	    dhcp4_opt(msg, DHCP4_OPT_BOOTFILE)))
		d->lost_file = true;
	dora_emit(d, note ? DORA_IGNORED : DORA_RECEIVED, in->src, in->sport,
	    msg, note);
	if (note) {
		dhcp4_msg_release(msg);
		return;
	}
	keep_pxe_ack(d, msg);
	d->has_reply = true;
	if (!waits_out(d))
		proxy_answered(d, now_ms);
}

void
dora_pxe_request_expired(struct dora *d, uint64_t now_ms)
{
	char ip[IP_TEXT_MAX];

	if (d->has_reply) {
		proxy_answered(d, now_ms);
		return;
	}
	if (dora_may_repeat(d)) {
		dora_send_message(d, now_ms);
		return;
	}
	if (next_proxy(d, now_ms))
		return;
	(void)ipv4_format(d->pxe_server, ip);
	if (!d->conf.persona->proxy_fatal)      /* iPXE goes on without */
		dora_set_state(d, DORA_BOUND, now_ms);
	else if (d->choice.dhcp == d->choice.proxy)
		dora_fail(d, now_ms, "option60-without-4011",
		    "%s offered an address with option 60 PXEClient, and "
		    "nothing there answers on port 4011", ip);
	else
		dora_fail(d, now_ms, "proxydhcp-4011-silent",
		    "%u requests to %s port 4011 without an answer",
		    d->n_sends, ip);
}

static void
boot_server_answered(struct dora *d, uint64_t now_ms)
{
	d->proxy = &d->pxe_ack;
	if (names_file(&d->pxe_ack))
		dora_set_state(d, DORA_BOUND, now_ms);
	else
		dora_fail(d, now_ms, "boot-server-discovery-fails",
		    "the boot server of type %u names no boot file",
		    d->item->type);
}

static const char *
boot_server_note(const struct dora *d, const struct dora_input *in,
    const struct dhcp4_msg *msg)
{
	if (waits_out(d)) {
		if (!pxe_servers_accept(&d->servers, msg->siaddr))
			return "from a server that is not in the list (43.8)";
		return d->has_reply ? "a second answer" : NULL;
	}
	if (in->sport != DHCP4_PXE_PORT && in->sport != DHCP4_SERVER_PORT)
		return "not from port 67 or 4011";
	if (dhcp4_type(msg) != DHCP4_ACK)
		return "not an ACK";
	if (pxe_reply_item(msg) != d->item->type)
		return "of another boot server type (43.71)";
	if (!pxe_servers_accept(&d->servers, server_of(in, msg)))
		return "from a server that is not in the list (43.8)";
	return NULL;
}

void
dora_take_boot_server(struct dora *d, uint64_t now_ms,
    const struct dora_input *in, struct dhcp4_msg *msg)
{
	const char *note = boot_server_note(d, in, msg);

	dora_emit(d, note ? DORA_IGNORED : DORA_RECEIVED, in->src, in->sport,
	    msg, note);
	if (note) {
		d->bad_answer = note;
		dhcp4_msg_release(msg);
		return;
	}
	/* the menu may go with the packet that it came in */
	d->found = (struct pxe_item){ .type = d->item->type };
	d->item = &d->found;
	keep_pxe_ack(d, msg);
	d->has_reply = true;
	if (!waits_out(d))
		boot_server_answered(d, now_ms);
}

void
dora_boot_server_expired(struct dora *d, uint64_t now_ms)
{
	bool last = d->server_i + 1 == d->servers.n_ask;
	char ip[IP_TEXT_MAX];

	if (d->has_reply && (last || !d->servers.ask_all))
		boot_server_answered(d, now_ms);
	else if (!d->has_reply && dora_may_repeat(d))
		dora_send_message(d, now_ms);
	else if (!last)
		ask(d, now_ms, DORA_BOOT_SERVER,
		    d->servers.ask[++d->server_i]);
	else if (d->bad_answer)
		dora_fail(d, now_ms, "boot-server-discovery-fails",
		    "%u requests for boot server type %u, and an answer that "
		    "does not count: %s", d->n_sends, d->item->type,
		    d->bad_answer);
	else
		dora_fail(d, now_ms, "boot-server-discovery-fails",
		    "%u requests for boot server type %u, the last ones to "
		    "%s, without an answer", d->n_sends, d->item->type,
		    ipv4_format(d->pxe_server, ip));
}
