/*
 * What lies beside the boot protocols: ARP, ICMP, names, switches.
 */
#include "diagnose/internal.h"

#include "base/util.h"

#include <string.h>

static void
note_wanted(struct diagnose *d, struct client *m, struct in_addr addr)
{
	struct wanted *w = NULL;

	for (size_t i = 0; i < m->n_wanted && !w; i++) {
		if (m->wanted[i].addr.s_addr == addr.s_addr)
			w = &m->wanted[i];
	}
	if (!w && m->n_wanted < MACHINE_WANTED_MAX) {
		w = &m->wanted[m->n_wanted++];
		w->addr = addr;
		w->frame = d->frame;
		w->time = d->time;
	}
	if (!w)
		return;
	if (w->n++ == 0) {
		char ip[IP_TEXT_MAX];

		(void)ladder(d, m, LIFELINE_CLIENT, LIFELINE_OTHER, NULL,
		    "who has %s?", ipv4_format(addr, ip));
	}
}

/* Somebody else says that he has the address of a machine. */
static void
note_conflict(struct diagnose *d, const struct arp_pkt *a)
{
	struct ip_addr addr = ip_from_v4(a->sender);
	struct client *m = machine_by_ip(d, &addr);
	static const uint8_t none[MAC_LEN];

	if (!m || m->conflict || !a->sender.s_addr || !m->seen_direct ||
	    memcmp(m->out.mac, none, MAC_LEN) == 0 ||
	    memcmp(m->out.mac, a->sender_mac, MAC_LEN) == 0)
		return;
	/* a router that answers for it, or a machine that had it before */
	if (machine_by_mac(d, a->sender_mac))
		return;
	m->conflict = true;
	memcpy(m->conflict_mac, a->sender_mac, MAC_LEN);
	m->conflict_frame = d->frame;
	m->conflict_addr = a->sender;
}

void
take_arp(struct diagnose *d)
{
	const struct arp_pkt *a = &d->p->arp;
	struct client *m;

	if (!d->p->has_message)
		return;
	note_conflict(d, a);
	m = machine_by_mac(d, a->sender_mac);
	if (m && (a->op == ARP_REQUEST && arp_kind(a) == ARP_KIND_REQUEST)) {
		touch(d, m, true);
		if (m->stage && m->stage->n_request > 0)
			m->stage->uses_address = true;
		note_wanted(d, m, a->target);
		return;
	}
	if (a->op != ARP_REPLY)
		return;
	m = machine_by_mac(d, a->target_mac);
	for (size_t i = 0; m && i < m->n_wanted; i++) {
		if (m->wanted[i].addr.s_addr == a->sender.s_addr)
			m->wanted[i].answered = true;
	}
	for (size_t i = 0; m && i < d->out->n_servers; i++) {
		struct diagnosis_server *s = &d->out->server[i];

		if (s->address.family == AF_INET &&
		    s->address.v4.s_addr == a->sender.s_addr) {
			s->has_mac = true;
			memcpy(s->mac, a->sender_mac, MAC_LEN);
		}
	}
}

static void
note_unreachable(struct diagnose *d, const struct icmp_msg *msg,
    const struct frame *q)
{
	struct load *l;
	char ip[IP_TEXT_MAX];

	if (q->ip_proto != IP_PROTO_UDP || !q->has_l4)
		return;
	l = load_by_flow(d, &q->src, q->sport);
	if (l) {
		touch(d, l->m, false);
		l->unreachable = true;
		l->icmp_frame = d->frame;
		l->icmp_code = msg->code;
		(void)ladder(d, l->m, LIFELINE_TFTP, LIFELINE_CLIENT,
		    &d->p->frame.src, "ICMP from %s: %s",
		    ip_format(&d->p->frame.src, ip),
		    icmp_code_name(msg->ip_version, msg->type, msg->code) ?
		    icmp_code_name(msg->ip_version, msg->type, msg->code) :
		    "unreachable");
		return;
	}
	l = load_by_flow(d, &q->dst, q->dport);
	if (l && msg->has_mtu)
		l->frag_needed = true;
}

void
take_icmp(struct diagnose *d)
{
	const struct icmp_msg *msg = &d->p->icmp;
	struct frame q;

	if (!d->p->has_message)
		return;
	if (msg->type == ICMP6_ROUTER_SOLICIT && msg->ip_version == 6 &&
	    d->p->frame.has_mac) {
		struct client *m = machine_by_mac(d, d->p->frame.mac_src);

		if (m) {
			m->n_rs++;
			m->last_time = d->time;
		}
	}
	if (msg->is_error && icmp_quoted(msg, &q, NULL) == 0)
		note_unreachable(d, msg, &q);
}

void
take_dns(struct diagnose *d)
{
	const struct dns_msg *msg = &d->p->dns;
	const struct frame *f = &d->p->frame;
	struct client *m;
	struct lookup *l;

	if (!d->p->has_message || msg->n_questions == 0)
		return;
	m = msg->is_response ? machine_by_ip(d, &f->dst) :
	    machine_of_sender(d);
	if (!m)
		return;
	for (l = m->lookups; l; l = l->next) {
		if (l->stage == m->stage &&
		    strcasecmp(l->name, msg->questions[0].name) == 0)
			break;
	}
	if (!l) {
		if (msg->is_response || !(l = keep(d, sizeof(*l))))
			return;
		l->name = keep_text(d, msg->questions[0].name);
		if (!l->name)
			return;
		l->stage = stage_now(d, m);
		l->frame = d->frame;
		l->time = d->time;
		if (m->lookup)
			m->lookup->next = l;
		else
			m->lookups = l;
		m->lookup = l;
	}
	touch(d, m, !msg->is_response);
	if (!msg->is_response) {
		l->n_asked++;
		l->server = f->dst;
		(void)server_note(d, &f->dst, ROLE_DNS);
		(void)ladder(d, m, LIFELINE_CLIENT, LIFELINE_OTHER, &f->dst,
		    "DNS: %s %s?", l->name, dns_type_name(
		    msg->questions[0].type) ? dns_type_name(
		    msg->questions[0].type) : "");
		return;
	}
	l->n_answered++;
	l->rcode = msg->rcode;
	for (size_t i = 0; i < msg->n_answers; i++)
		l->found |= msg->answers[i].addr.family != 0;
	(void)ladder(d, m, LIFELINE_OTHER, LIFELINE_CLIENT, &f->src,
	    "DNS: %s", l->found ? "an address" : dns_rcode_name(msg->rcode) ?
	    dns_rcode_name(msg->rcode) : "an error");
}

void
take_link(struct diagnose *d)
{
	struct dg_link *k = &d->link;

	switch (d->p->proto) {
	case PROTO_STP:
		if (k->n_bpdu++ == 0) {
			k->bpdu_frame = d->frame;
			k->bpdu_first = d->time;
		}
		k->bpdu_last = d->time;
		break;
	case PROTO_LACP:
		if (k->n_lacp++ == 0)
			k->lacp_frame = d->frame;
		break;
	default:
		if (k->n_eapol++ == 0)
			k->eapol_frame = d->frame;
		break;
	}
}
