#include "chain/offers.h"

#include "chain/pxe_menu.h"
#include "chain/target.h"
#include "wire/dhcp_opt.h"

#include <string.h>

enum {
	PXE_SUB_MENU = 9,
	PXE_SUB_MTFTP_LAST = 5,         /* 1 to 5 are of multicast TFTP */
	IPXE_SUB_PRIORITY = 1,
	IPXE_SUB_NO_PXEDHCP = 176,
};

static bool
class_starts(const struct dhcp4_msg *msg, const char *prefix)
{
	const struct dhcp4_opt *opt = dhcp4_opt(msg, DHCP4_OPT_VENDOR_CLASS);
	size_t len = strlen(prefix);

	return opt && opt->len >= len && memcmp(opt->data, prefix, len) == 0;
}

/* All that multicast TFTP (WfM 1.1a) needs. */
static bool
has_mtftp(const struct dhcp4_msg *msg)
{
	const struct dhcp4_opt *opt = dhcp4_opt(msg, DHCP4_OPT_VENDOR_ENCAP);
	struct rd value;

	for (uint8_t code = 1; opt && code <= PXE_SUB_MTFTP_LAST; code++) {
		if (!dhcp_sub_find(DHCP_SPACE_PXE, opt->data, opt->len, code,
		    &value))
			return false;
	}
	return opt != NULL;
}

static enum offer_class
classify(const struct dhcp4_msg *msg)
{
	bool proxy = msg->yiaddr.s_addr == 0;
	struct pxe_menu menu;

	if (!proxy && dhcp4_type(msg) == 0)
		return OFFER_BOOTP;
	if (class_starts(msg, "HTTPClient"))
		return proxy ? OFFER_PROXY_HTTP : OFFER_HTTP;
	if (!class_starts(msg, "PXEClient"))
		return proxy ? OFFER_PROXY_OTHER : OFFER_PLAIN;
	pxe_menu_get(msg, &menu);
	if (menu.is_pxe10)
		return proxy ? OFFER_PROXY_PXE10 : OFFER_PXE10;
	if (has_mtftp(msg))
		return proxy ? OFFER_PROXY_WFM11A : OFFER_WFM11A;
	return proxy ? OFFER_PROXY_BINL : OFFER_BINL;
}

static uint8_t
ipxe_sub_u8(const struct dhcp4_msg *msg, uint8_t code)
{
	const struct dhcp4_opt *opt = dhcp4_opt(msg, DHCP4_OPT_IPXE);
	struct rd value;

	if (!opt || !dhcp_sub_find(DHCP_SPACE_IPXE, opt->data, opt->len, code,
	    &value))
		return 0;
	return rd_u8(&value);
}

bool
offer_has_pxe_data(const struct dhcp4_msg *msg)
{
	const struct dhcp4_opt *opt = dhcp4_opt(msg, DHCP4_OPT_VENDOR_ENCAP);
	struct target t;
	struct rd menu;

	if (msg->siaddr.s_addr != 0 &&
	    target_get(TARGET_RULE_IPXE, msg, NULL, &t) == 0)
		return true;
	return opt && dhcp_sub_find(DHCP_SPACE_PXE, opt->data, opt->len,
	    PXE_SUB_MENU, &menu);
}

void
offers_add(struct offers *o, struct dhcp4_msg *msg, struct in_addr src,
    const uint8_t src_mac[MAC_LEN], uint64_t now_ms)
{
	struct offer new = { .msg = *msg, .src = src, .at_ms = now_ms };
	struct target t;
	size_t i;

	new.order = o->n_arrived++;
	memcpy(new.src_mac, src_mac, MAC_LEN);
	memset(msg, 0, sizeof(*msg));
	if (!dhcp4_get_ip(&new.msg, DHCP4_OPT_SERVER_ID, &new.server_id))
		new.server_id = new.msg.siaddr.s_addr ? new.msg.siaddr : src;
	new.class = classify(&new.msg);
	new.has_file = target_get(TARGET_RULE_EDK2, &new.msg, NULL, &t) == 0;
	new.priority = (int8_t)ipxe_sub_u8(&new.msg, IPXE_SUB_PRIORITY);
	new.no_pxedhcp = ipxe_sub_u8(&new.msg, IPXE_SUB_NO_PXEDHCP) != 0;
	for (i = 0; i < o->n; i++) {
		const struct offer *old = &o->offer[i];

		if (old->server_id.s_addr == new.server_id.s_addr &&
		    old->msg.yiaddr.s_addr == new.msg.yiaddr.s_addr)
			break;
	}
	if (i == OFFERS_MAX) {
		o->n_dropped++;
		dhcp4_msg_release(&new.msg);
		return;
	}
	if (i < o->n)
		dhcp4_msg_release(&o->offer[i].msg);
	else
		o->n++;
	o->offer[i] = new;
}

void
offers_release(struct offers *o)
{
	for (size_t i = 0; i < o->n; i++)
		dhcp4_msg_release(&o->offer[i].msg);
	o->n = 0;
}

static const struct offer *
first_of(const struct offers *o, enum offer_class class)
{
	for (size_t i = 0; i < o->n; i++) {
		if (o->offer[i].class == class)
			return &o->offer[i];
	}
	return NULL;
}

static const struct offer *
first_with_file(const struct offers *o, enum offer_class class)
{
	for (size_t i = 0; i < o->n; i++) {
		if (o->offer[i].class == class && o->offer[i].has_file)
			return &o->offer[i];
	}
	return NULL;
}

/* An address; boot data in it is for clients of another class, if at all. */
static const struct offer *
first_plain(const struct offers *o, bool http, bool with_file)
{
	for (size_t i = 0; i < o->n; i++) {
		const struct offer *f = &o->offer[i];
		bool plain = f->class == OFFER_PLAIN || (http ?
		    f->class == OFFER_PXE10 || f->class == OFFER_BINL :
		    f->class == OFFER_HTTP);

		if (plain && (f->has_file || !with_file))
			return f;
	}
	return NULL;
}

/*
 * The order of EDK2's default policy: an offer that has it all; an address
 * with a proxy's PXE options; then those that must be asked again on port
 * 4011; last a plain offer with a file name, or a BOOTP reply with one. BIOS
 * ROMs of the same origin (PXE 2.1, 2.2) choose alike.
 */
static bool
choose_pxe(const struct offers *o, struct offers_choice *ret)
{
	const struct offer *plain = first_plain(o, false, false);

	ret->dhcp = first_of(o, OFFER_PXE10);
	if (ret->dhcp)
		return true;
	ret->proxy = first_of(o, OFFER_PROXY_PXE10);
	if (plain && ret->proxy) {
		ret->dhcp = plain;
		return true;
	}
	ret->proxy = NULL;
	ret->dhcp = first_of(o, OFFER_BINL);
	if (ret->dhcp) {
		ret->proxy = ret->dhcp;
		ret->ask_pxe_port = true;
		return true;
	}
	ret->proxy = first_of(o, OFFER_PROXY_BINL);
	if (plain && ret->proxy) {
		ret->dhcp = plain;
		ret->ask_pxe_port = true;
		return true;
	}
	ret->proxy = NULL;
	ret->dhcp = first_plain(o, false, true);
	if (!ret->dhcp)
		ret->dhcp = first_with_file(o, OFFER_BOOTP);
	return ret->dhcp != NULL;
}

/* UEFI HTTP boot: the class must be echoed, beside a file name. */
static bool
choose_http(const struct offers *o, struct offers_choice *ret)
{
	ret->dhcp = first_with_file(o, OFFER_HTTP);
	if (ret->dhcp)
		return true;
	ret->proxy = first_with_file(o, OFFER_PROXY_HTTP);
	ret->dhcp = ret->proxy ? first_plain(o, true, false) : NULL;
	return ret->dhcp != NULL;
}

/* What iPXE takes: the highest priority, and of equal ones the latest. */
static bool
is_better(const struct offer *f, const struct offer *than)
{
	return !than || f->priority > than->priority ||
	    (f->priority == than->priority && f->order > than->order);
}

static bool
is_pxe(const struct offer *f)
{
	switch (f->class) {
	case OFFER_PXE10:
	case OFFER_BINL:
	case OFFER_WFM11A:
	case OFFER_PROXY_PXE10:
	case OFFER_PROXY_BINL:
	case OFFER_PROXY_WFM11A:
		return true;
	default:
		return false;
	}
}

static bool
choose_ipxe(const struct offers *o, struct offers_choice *ret)
{
	for (size_t i = 0; i < o->n; i++) {
		const struct offer *f = &o->offer[i];

		if (f->msg.yiaddr.s_addr && is_better(f, ret->dhcp))
			ret->dhcp = f;
		if (is_pxe(f) && is_better(f, ret->proxy))
			ret->proxy = f;
	}
	if (!ret->dhcp)
		return false;
	if (ret->dhcp->no_pxedhcp)
		ret->proxy = NULL;
	ret->ask_pxe_port = ret->proxy && !offer_has_pxe_data(&ret->proxy->msg);
	return true;
}

static bool
choose_any(const struct offers *o, struct offers_choice *ret)
{
	for (size_t i = 0; i < o->n && !ret->dhcp; i++) {
		if (o->offer[i].msg.yiaddr.s_addr)
			ret->dhcp = &o->offer[i];
	}
	return ret->dhcp != NULL;
}

/* Does the boot menu of this offer have the text that a board looks for? */
static bool
has_menu_text(const struct offer *f, const char *text)
{
	const struct dhcp4_opt *opt = dhcp4_opt(&f->msg,
	    DHCP4_OPT_VENDOR_ENCAP);
	struct rd menu;

	return opt && dhcp_sub_find(DHCP_SPACE_PXE, opt->data, opt->len,
	    PXE_SUB_MENU, &menu) && memmem(menu.p, menu.left, text,
	    strlen(text));
}

/*
 * An address, and if a text is looked for, an offer that has it: a proxy's
 * will do.
 */
static bool
choose_board(const struct offers *o, const char *text,
    struct offers_choice *ret)
{
	if (!choose_any(o, ret) || !text)
		return ret->dhcp != NULL;
	for (size_t i = 0; i < o->n && !ret->proxy; i++) {
		if (has_menu_text(&o->offer[i], text))
			ret->proxy = &o->offer[i];
	}
	/* an address from the same server, where it has one */
	if (ret->proxy && ret->proxy->msg.yiaddr.s_addr)
		ret->dhcp = ret->proxy;
	return ret->proxy != NULL;
}

bool
offers_choose(const struct offers *o, const struct persona *p,
    struct offers_choice *ret)
{
	memset(ret, 0, sizeof(*ret));
	switch (p->kind) {
	case PERSONA_IPXE:
		return choose_ipxe(o, ret);
	case PERSONA_BOARD:
		return choose_board(o, p->menu_text, ret);
	case PERSONA_LOADER:
	case PERSONA_OS:
		return choose_any(o, ret);
	case PERSONA_UEFI_HTTP:
		return choose_http(o, ret);
	case PERSONA_ROM:
	case PERSONA_UEFI:
	case PERSONA_N_KINDS:
		break;
	}
	return choose_pxe(o, ret);
}

bool
offers_has_address(const struct offers *o)
{
	struct offers_choice c = { .dhcp = NULL };

	return choose_any(o, &c);
}

bool
offers_has_proxy(const struct offers *o)
{
	for (size_t i = 0; i < o->n; i++) {
		if (is_pxe(&o->offer[i]))
			return true;
	}
	return false;
}

const char *
offers_fault(const struct offers *o, const struct persona *p)
{
	if (o->n == 0)
		return "no-dhcp-offer";
	if (!offers_has_address(o))
		return "only-proxy-offers";
	if (p->kind == PERSONA_UEFI_HTTP && !first_of(o, OFFER_HTTP) &&
	    !first_of(o, OFFER_PROXY_HTTP))
		return "httpboot-offer-without-httpclient";
	if (p->menu_text)
		return "raspberry-pi-arch-zero";
	return "offer-without-bootfile";
}
