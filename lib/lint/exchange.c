#include "lint/exchange.h"

#include "chain/offers.h"
#include "lint/ask.h"
#include "wire/dhcp_opt.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

/* RFC 5737: the address of the machine, and another DHCP server's. */
static const uint32_t example_address = 0xc0000264;     /* 192.0.2.100 */
static const uint32_t other_server = 0xc00002fe;        /* 192.0.2.254 */

static const uint8_t no_mac[MAC_LEN];

/* Of option 43 (PXE 2.1, 2.3). */
enum {
	PXE_SUB_CONTROL = 6,
	PXE_SUB_MENU = 9,
	PXE_CONTROL_USE_FILE = 8,
};

static struct in_addr
near_of(const struct request *req)
{
	return req->msg->giaddr.s_addr ? req->msg->giaddr : req->server_ip;
}

/*
 * The address that the machine has: the answer's if it is fixed, else one
 * beside the server or the relay, so that it is of the same network.
 */
static struct in_addr
leased(const struct request *req, const struct answer *a)
{
	struct in_addr near = near_of(req);

	if (a->msg.yiaddr.s_addr)
		return a->msg.yiaddr;
	if (near.s_addr)
		return (struct in_addr){ near.s_addr ^ htonl(3) };
	return (struct in_addr){ htonl(example_address) };
}

static int
add_missing(struct dhcp4_msg *msg, struct in_addr server)
{
	int rc = 0;

	if (!dhcp4_opt(msg, DHCP4_OPT_MSG_TYPE) && !msg->is_bootp)
		rc = dhcp4_add_u8(msg, DHCP4_OPT_MSG_TYPE, DHCP4_OFFER);
	if (rc == 0 && !dhcp4_opt(msg, DHCP4_OPT_SERVER_ID) &&
	    server.s_addr != 0)
		rc = dhcp4_add_ip(msg, DHCP4_OPT_SERVER_ID, server);
	return rc;
}

static int
add_offer(struct offers *o, const struct dhcp4_msg *from,
    struct in_addr server, struct in_addr address)
{
	struct dhcp4_msg msg;
	int rc = ask_copy(from, &msg);

	if (rc < 0)
		return rc;
	rc = add_missing(&msg, server);
	if (rc < 0) {
		dhcp4_msg_release(&msg);
		return rc;
	}
	msg.yiaddr = address;
	offers_add(o, &msg, server, no_mac, 0);
	return 0;
}

/* What the machine has on its table, when only this server knows of booting. */
static int
gather(const struct answer *a, const struct request *req, struct offers *o)
{
	struct in_addr none = { 0 };
	struct in_addr other = { htonl(other_server) };
	struct dhcp4_msg plain;
	int rc;

	rc = add_offer(o, &a->msg, req->server_ip, a->is_proxy ? none :
	    leased(req, a));
	if (rc < 0 || !a->is_proxy)
		return rc;
	dhcp4_msg_init(&plain, DHCP4_BOOTREPLY);
	rc = add_offer(o, &plain, other, leased(req, a));
	dhcp4_msg_release(&plain);
	return rc;
}

/* The request of port 4011: the persona's own, or the same again. */
static int
pxe_request(const struct request *req, const struct persona *p,
    const uint16_t *item, struct in_addr address, struct dhcp4_msg *ret)
{
	struct machine m = { .has_uuid = false };
	struct persona_ask how = {
		.type = DHCP4_REQUEST, .to_pxe_port = true,
		.ciaddr = address,
		.has_address = true,
	};
	uint8_t type = DHCP4_REQUEST;
	struct ask a = { .msg = req->msg };

	a.opt[DHCP4_OPT_MSG_TYPE] = (struct ask_opt){ true, &type, 1 };
	if (!p)
		return ask_request(&a, ret);
	memcpy(m.mac, req->msg->chaddr, sizeof(m.mac));
	how.has_item = item != NULL;
	how.vendor_class = item ? "PXEClient" : NULL;   /* the answer's own */
	how.item_type = item ? *item : 0;
	if (!item)
		how.server_id = req->server_ip;
	return persona_message(p, &m, &how, ret);
}

static int
ask_pxe_port(const struct policy *policy, const struct request *req,
    const struct persona *p, const uint16_t *item, struct exchange *x,
    struct diag *diag)
{
	struct dhcp4_msg msg;
	struct request again = *req;
	int rc = pxe_request(req, p, item, leased(req, &x->answer), &msg);

	if (rc < 0)
		return rc;
	again.msg = &msg;
	again.pxe_port = true;
	x->asked_pxe_port = true;
	rc = policy->answer(policy->ctx, &again, &x->pxe_answer, diag);
	dhcp4_msg_release(&msg);
	return rc;
}

/* The menu of an offer, unless it says to load its file. */
static void
read_menu(const struct dhcp4_msg *msg, struct exchange *x)
{
	const struct dhcp4_opt *o = dhcp4_opt(msg, DHCP4_OPT_VENDOR_ENCAP);
	struct target t;
	struct rd menu;
	struct rd control;

	if (!o || !dhcp_sub_find(DHCP_SPACE_PXE, o->data, o->len,
	    PXE_SUB_MENU, &menu))
		return;
	if (dhcp_sub_find(DHCP_SPACE_PXE, o->data, o->len, PXE_SUB_CONTROL,
	    &control) && (rd_u8(&control) & PXE_CONTROL_USE_FILE) &&
	    target_get(TARGET_RULE_EDK2, msg, NULL, &t) == 0)
		return;
	while (menu.left > 0 && x->n_items < EXCHANGE_ITEMS_MAX) {
		struct exchange_item *it = &x->item[x->n_items];
		struct rd text;
		size_t n;

		it->type = rd_u16(&menu);
		text = rd_sub(&menu, rd_u8(&menu));
		if (menu.bad)
			return;
		n = min_size(text.left, sizeof(it->text) - 1);
		rd_copy(&text, it->text, n);
		x->n_items++;
	}
}

static int
choose(const struct policy *policy, const struct request *req,
    const struct persona *p, size_t item, struct offers *o,
    struct exchange *x, struct diag *diag)
{
	struct offers_choice c;
	const struct dhcp4_msg *proxy = NULL;
	const struct dhcp4_msg *pxe;
	int rc = 0;

	x->usable = offers_choose(o, p, &c);
	if (!x->usable)
		return 0;
	pxe = c.proxy ? &c.proxy->msg :
	    c.dhcp->class == OFFER_PXE10 ? &c.dhcp->msg : NULL;
	if (pxe && !c.ask_pxe_port)
		read_menu(pxe, x);
	x->taken = item < x->n_items ? item : 0;
	x->boots_local = x->n_items > 0 && x->item[x->taken].type == 0;
	if (x->boots_local)
		return 0;
	if (c.ask_pxe_port || x->n_items > 0) {
		rc = ask_pxe_port(policy, req, p, x->n_items > 0 ?
		    &x->item[x->taken].type : NULL, x, diag);
		proxy = x->pxe_answer.answered ? &x->pxe_answer.msg : NULL;
	} else if (c.proxy && c.proxy != c.dhcp) {
		proxy = &c.proxy->msg;
	}
	if (rc < 0)
		return rc;
	/* Where 4011 was asked, only what it said counts to firmware. */
	x->has_file = target_get(p->target_rule,
	    x->asked_pxe_port && p->proxy_fatal ? NULL : &c.dhcp->msg, proxy,
	    &x->target) == 0;
	return 0;
}

int
exchange_run(const struct policy *policy, const struct request *req,
    const struct persona *p, size_t item, struct exchange *ret,
    struct diag *diag)
{
	const struct persona *chooser = p ? p : persona_find("intel-bios");
	struct exchange x = { .near = near_of(req) };
	struct offers o = { .n = 0 };
	int rc;

	answer_init(&x.answer);
	answer_init(&x.pxe_answer);
	rc = policy->answer(policy->ctx, req, &x.answer, diag);
	if (rc == 0 && x.answer.answered && req->pxe_port)
		x.has_file = target_get(chooser->target_rule, NULL,
		    &x.answer.msg, &x.target) == 0;
	else if (rc == 0 && x.answer.answered)
		rc = gather(&x.answer, req, &o);
	if (rc == 0 && o.n > 0)
		rc = choose(policy, req, chooser, item, &o, &x, diag);
	offers_release(&o);
	if (rc < 0) {
		exchange_release(&x);
		return rc;
	}
	*ret = x;
	return 0;
}

void
exchange_release(struct exchange *x)
{
	answer_release(&x->answer);
	answer_release(&x->pxe_answer);
}
