/*
 * DHCPv6: the same for machines that boot over IPv6.
 */
#include "diagnose/internal.h"

#include "base/util.h"

#include <string.h>

/* By its frame, or by the hardware address that its DUID was made of. */
static bool
get_mac(const struct diagnose *d, const struct dhcp6_msg *msg,
    uint8_t ret[MAC_LEN])
{
	const struct dhcp6_opt *o = dhcp6_opt(msg, DHCP6_OPT_CLIENTID);
	struct dhcp6_duid duid;

	if (!dhcp6_is_relay(&d->p->dhcp6) && d->p->frame.has_mac) {
		memcpy(ret, d->p->frame.mac_src, MAC_LEN);
		return true;
	}
	if (!o || dhcp6_duid_parse(o->data, o->len, &duid) < 0 ||
	    (duid.type != DHCP6_DUID_LL && duid.type != DHCP6_DUID_LLT) ||
	    duid.id.left != MAC_LEN)
		return false;
	memcpy(ret, duid.id.p, MAC_LEN);
	return true;
}

static bool
holds(const struct dhcp6_opt *o, const char *text)
{
	return o && o->len > 0 && memmem(o->data, o->len, text, strlen(text));
}

static bool
asks_for_url(const struct dhcp6_msg *msg)
{
	const struct dhcp6_opt *o = dhcp6_opt(msg, DHCP6_OPT_ORO);
	struct rd r;

	if (!o)
		return false;
	r = rd_init(o->data, o->len);
	while (r.left > 0) {
		if (rd_u16(&r) == DHCP6_OPT_BOOTFILE_URL)
			return true;
	}
	return false;
}

static bool
client_kind(const struct dhcp6_msg *msg, enum stage_kind *ret)
{
	const struct dhcp6_opt *class = dhcp6_opt(msg, DHCP6_OPT_VENDOR_CLASS);

	if (holds(dhcp6_opt(msg, DHCP6_OPT_USER_CLASS), "PXE"))
		*ret = STAGE_IPXE;
	else if (holds(class, "HTTPClient"))
		*ret = STAGE_HTTP;
	else if (holds(class, "PXEClient") || dhcp6_opt(msg, DHCP6_OPT_ARCH) ||
	    asks_for_url(msg))
		*ret = STAGE_UEFI;
	else
		return false;
	return true;
}

static void
describe(struct diagnose *d, struct client *m, struct stage *s,
    const struct dhcp6_msg *msg)
{
	s->has_arch = dhcp6_get_u16(msg, DHCP6_OPT_ARCH, &s->arch);
	s->xid = msg->xid;
	if (m->out.firmware[0] == '\0') {
		m->out.firmware = keep_printf(d, "%s over IPv6 (%s)",
		    stage_kind_name(s->kind), s->has_arch ?
		    arch_name(s->arch) : "architecture unknown");
		m->out.has_arch = s->has_arch;
		m->out.arch = s->arch;
		if (!m->out.firmware)
			m->out.firmware = "";
	}
}

static void
take_question(struct diagnose *d, const struct dhcp6_msg *msg)
{
	const struct frame *f = &d->p->frame;
	uint8_t mac[MAC_LEN];
	enum stage_kind kind = STAGE_OS;
	struct client *m;
	struct stage *s;

	if (!get_mac(d, msg, mac))
		return;
	m = machine_by_mac(d, mac);
	if (!client_kind(msg, &kind))
		return;                 /* the IPv6 stack's own, or an OS */
	if (!m)
		m = machine_add(d, mac);
	if (!m)
		return;
	d->current = m;
	s = m->stage;
	if (!s || !s->v6 || s->kind != kind || (msg->type == DHCP6_SOLICIT &&
	    s->n_request > 0)) {
		s = stage_add(d, m, kind, true);
		if (s && s->v6 && s->n_discover == 0)
			describe(d, m, s, msg);
	}
	if (!s || !s->v6)
		return;
	touch(d, m, true);
	machine_holds(d, m, &f->src, true);
	s->last_time = d->time;
	s->last_frame = d->frame;
	if (msg->type == DHCP6_SOLICIT) {
		s->n_discover++;
		s->last_discover = d->time;
	} else if (msg->type == DHCP6_REQUEST) {
		s->n_request++;
	}
	(void)ladder(d, m, LIFELINE_CLIENT, LIFELINE_DHCP, &f->dst, "%s",
	    dhcp6_type_name(msg->type) ? dhcp6_type_name(msg->type) : "DHCPv6");
}

static void
take_answer(struct diagnose *d, const struct dhcp6_msg *msg)
{
	const struct frame *f = &d->p->frame;
	struct client *m = machine_by_ip(d,
	    dhcp6_is_relay(&d->p->dhcp6) ? &f->src : &f->dst);
	struct dhcp6_ia_addr ia;
	struct stage *s = m ? m->stage : NULL;
	struct rd why;
	uint16_t status;
	char url[TARGET_FILE_MAX];

	(void)server_note(d, &f->src, ROLE_DHCP6);
	if (!s || !s->v6 || s->xid == 0)
		return;
	touch(d, m, false);
	s->last_frame = d->frame;
	s->v6_server = f->src;
	if (msg->type == DHCP6_ADVERTISE) {
		s->n_advertise++;
		s->n_offers_seen++;
	} else if (msg->type == DHCP6_REPLY) {
		if (s->n_reply++ == 0)
			s->ack_time = d->time;
	}
	if (dhcp6_status(msg, &status, &why) && status != 0)
		s->v6_status_bad = true;
	if (dhcp6_get_str(msg, DHCP6_OPT_BOOTFILE_URL, url, sizeof(url))) {
		s->v6_has_url = true;
		s->v6_url = keep_text(d, url);
	}
	if (dhcp6_ia_addr(msg, DHCP6_OPT_IA_NA, &ia)) {
		struct ip_addr a = { .family = AF_INET6, .v6 = ia.addr };

		machine_holds(d, m, &a, true);
	}
	(void)ladder(d, m, LIFELINE_DHCP, LIFELINE_CLIENT, &f->src, "%s%s%s",
	    dhcp6_type_name(msg->type) ? dhcp6_type_name(msg->type) : "DHCPv6",
	    s->v6_url ? ", " : "", s->v6_url ? s->v6_url : "");
}

void
take_dhcp6(struct diagnose *d)
{
	const struct dhcp6_msg *msg;

	if (!d->p->has_message)
		return;
	msg = dhcp6_client_msg(&d->p->dhcp6);
	switch (msg->type) {
	case DHCP6_SOLICIT:
	case DHCP6_REQUEST:
	case DHCP6_INFORMATION_REQUEST:
		take_question(d, msg);
		break;
	case DHCP6_ADVERTISE:
	case DHCP6_REPLY:
		take_answer(d, msg);
		break;
	default:
		break;
	}
}
