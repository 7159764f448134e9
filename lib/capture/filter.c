#include "capture/filter.h"

#include <errno.h>
#include <string.h>

int
packet_filter_proto(struct packet_filter *f, const char *name,
    struct diag *diag)
{
	const char *names[PROTO_N + OPENING_N] = { "dhcp" };
	size_t n = 1;
	const char *nearest;

	if (strcmp(name, "dhcp") == 0) {
		f->protos |= 1u << PROTO_DHCP4 | 1u << PROTO_DHCP6;
		return 0;
	}
	for (size_t i = 0; i < PROTO_N; i++) {
		names[n] = packet_proto_name((enum packet_proto)i);
		if (strcmp(name, names[n++]) == 0) {
			f->protos |= 1u << i;
			return 0;
		}
	}
	for (size_t i = OPENING_NONE + 1; i < OPENING_N; i++) {
		names[n] = opening_name((enum opening_kind)i);
		if (strcmp(name, names[n++]) == 0) {
			f->openings |= 1u << i;
			return 0;
		}
	}
	nearest = text_nearest(name, names, n);
	diag_set(diag, "'%s' is no protocol that is read here%s%s%s", name,
	    nearest ? ": did you mean " : "", nearest ? nearest : "",
	    nearest ? "?" : "");
	return -EINVAL;
}

/* Is the MAC address that of the machine? Its length makes it one. */
static bool
is_mac(const struct packet_filter *f, const void *mac)
{
	return memcmp(f->mac, mac, MAC_LEN) == 0;
}

static bool
duid_is_mac(const struct packet_filter *f, const struct dhcp6_msg *m)
{
	const struct dhcp6_opt *o = dhcp6_opt(dhcp6_client_msg(m),
	    DHCP6_OPT_CLIENTID);
	struct dhcp6_duid duid;

	return o && dhcp6_duid_parse(o->data, o->len, &duid) == 0 &&
	    (duid.type == DHCP6_DUID_LL || duid.type == DHCP6_DUID_LLT) &&
	    duid.id.left == MAC_LEN && is_mac(f, duid.id.p);
}

static bool
is_learned(const struct packet_filter *f, const struct ip_addr *a)
{
	for (size_t i = 0; i < f->n_learned; i++) {
		if (ip_equal(&f->learned[i], a))
			return true;
	}
	return false;
}

/* Past the maximum the oldest goes: a machine has few at a time. */
static void
learn(struct packet_filter *f, const struct ip_addr *a)
{
	if (is_learned(f, a))
		return;
	if (f->n_learned == FILTER_LEARNED_MAX) {
		f->n_learned--;
		memmove(f->learned, f->learned + 1,
		    f->n_learned * sizeof(*f->learned));
	}
	f->learned[f->n_learned++] = *a;
}

static void
forget(struct packet_filter *f, const struct ip_addr *a)
{
	for (size_t i = 0; i < f->n_learned; i++) {
		if (ip_equal(&f->learned[i], a))
			f->learned[i] = f->learned[--f->n_learned];
	}
}

/* Addresses go from machine to machine. */
static bool
dhcp4_passes(struct packet_filter *f, const struct dhcp4_msg *m)
{
	struct ip_addr yours = ip_from_v4(m->yiaddr);
	bool ours = is_mac(f, m->chaddr);

	if (dhcp4_type(m) == DHCP4_ACK && m->yiaddr.s_addr) {
		if (ours)
			learn(f, &yours);
		else
			forget(f, &yours);
	}
	return ours;
}

static bool
dhcp6_passes(struct packet_filter *f, const struct dhcp6_msg *m)
{
	struct dhcp6_ia_addr ia;
	struct ip_addr a = { .family = AF_INET6 };

	if (!duid_is_mac(f, m))
		return false;
	m = dhcp6_client_msg(m);
	if (m->type == DHCP6_REPLY &&
	    dhcp6_ia_addr(m, DHCP6_OPT_IA_NA, &ia)) {
		a.v6 = ia.addr;
		learn(f, &a);
	}
	return true;
}

static bool
machine_passes(struct packet_filter *f, const struct packet *p)
{
	const struct frame *fr = &p->frame;
	struct ip_addr target;

	/* DHCP says whose it is, and sends to everybody. */
	if (p->has_message && p->proto == PROTO_DHCP4)
		return dhcp4_passes(f, &p->dhcp4);
	if (p->has_message && p->proto == PROTO_DHCP6 &&
	    dhcp6_passes(f, &p->dhcp6))
		return true;
	if ((fr->has_mac && is_mac(f, fr->mac_src)) ||
	    (fr->has_mac_dst && is_mac(f, fr->mac_dst)))
		return true;
	if (p->has_message && p->proto == PROTO_ARP) {
		target = ip_from_v4(p->arp.target);
		return is_mac(f, p->arp.target_mac) || is_learned(f, &target);
	}
	return fr->ip_version && (is_learned(f, &fr->src) ||
	    is_learned(f, &fr->dst));
}

static bool
xid_passes(const struct packet_filter *f, const struct packet *p)
{
	if (!p->has_message)
		return false;
	if (p->proto == PROTO_DHCP4)
		return p->dhcp4.xid == f->xid;
	return p->proto == PROTO_DHCP6 &&
	    dhcp6_client_msg(&p->dhcp6)->xid == f->xid;
}

static bool
v4_is(const struct ip_addr *a, struct in_addr b)
{
	return a->family == AF_INET && a->v4.s_addr == b.s_addr;
}

static bool
has_ip(const struct ip_addr *a, const struct packet *p)
{
	const struct frame *fr = &p->frame;

	if (fr->ip_version && (ip_equal(a, &fr->src) ||
	    ip_equal(a, &fr->dst)))
		return true;
	if (!p->has_message)
		return false;
	if (p->proto == PROTO_ARP)
		return v4_is(a, p->arp.sender) || v4_is(a, p->arp.target);
	if (p->proto == PROTO_DHCP4)
		return v4_is(a, p->dhcp4.ciaddr) || v4_is(a, p->dhcp4.yiaddr) ||
		    v4_is(a, p->dhcp4.siaddr) || v4_is(a, p->dhcp4.giaddr);
	return false;
}

static bool
ip_passes(const struct packet_filter *f, const struct packet *p)
{
	for (size_t i = 0; i < f->n_ips; i++) {
		if (has_ip(&f->ip[i], p))
			return true;
	}
	return f->n_ips == 0;
}

static bool
proto_passes(const struct packet_filter *f, const struct packet *p)
{
	if (f->protos == 0 && f->openings == 0)
		return true;
	return (f->protos >> p->proto & 1) || (p->has_opening &&
	    (f->openings >> p->opening.kind & 1));
}

bool
packet_filter_pass(struct packet_filter *f, const struct packet *p)
{
	/* First: it learns from what the others hold back. */
	if (f->has_mac && !machine_passes(f, p))
		return false;
	return (!f->has_xid || xid_passes(f, p)) && proto_passes(f, p) &&
	    ip_passes(f, p);
}
