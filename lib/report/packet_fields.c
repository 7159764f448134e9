#include "report/packet.h"

#include "wire/dhcp_opt.h"

#include <string.h>

static void
ip4_field(struct sbuf *out, const char *name, struct in_addr a)
{
	char ip[IP_TEXT_MAX];

	sbuf_printf(out, "\t%s: %s\n", name, ipv4_format(a, ip));
}

static void
ip6_field(struct sbuf *out, const char *name, struct in6_addr a)
{
	struct ip_addr addr = { .family = AF_INET6, .v6 = a };
	char ip[IP_TEXT_MAX];

	sbuf_printf(out, "\t%s: %s\n", name, ip_format(&addr, ip));
}

static void
mac_field(struct sbuf *out, const char *name, const uint8_t mac[MAC_LEN])
{
	char text[MAC_TEXT_MAX];

	sbuf_printf(out, "\t%s: %s\n", name, mac_format(mac, text));
}

static void
text_field(struct sbuf *out, const char *name, const void *p, size_t len)
{
	sbuf_printf(out, "\t%s: ", name);
	sbuf_escape(out, p, len);
	sbuf_addc(out, '\n');
}

/* "name" is not said where there is none. */
static void
number_field(struct sbuf *out, const char *field, unsigned int v,
    const char *name)
{
	sbuf_printf(out, "\t%s: %u", field, v);
	if (name)
		sbuf_printf(out, " (%s)", name);
	sbuf_addc(out, '\n');
}

static void
fixed_field(struct sbuf *out, const char *name, const uint8_t *p, size_t cap)
{
	size_t len = strnlen((const char *)p, cap);

	if (len > 0)
		text_field(out, name, p, len);
}

static void
dhcp4_fields(const struct dhcp4_msg *m, struct sbuf *out)
{
	static const char *const places[] = {
		[DHCP4_IN_OPTIONS] = "", [DHCP4_IN_FILE] = " (in file)",
		[DHCP4_IN_SNAME] = " (in sname)",
	};

	sbuf_printf(out, "\top: %u\n\thtype: %u\n\thlen: %u\n\thops: %u\n"
	    "\txid: 0x%08x\n\tsecs: %u\n\tflags: 0x%04x\n", m->op, m->htype,
	    m->hlen, m->hops, m->xid, m->secs, m->flags);
	ip4_field(out, "ciaddr", m->ciaddr);
	ip4_field(out, "yiaddr", m->yiaddr);
	ip4_field(out, "siaddr", m->siaddr);
	ip4_field(out, "giaddr", m->giaddr);
	sbuf_add(out, "\tchaddr: ");
	sbuf_hex(out, m->chaddr, m->hlen, ":");
	sbuf_addc(out, '\n');
	if (!(m->overload & 2))
		fixed_field(out, "sname", m->sname, sizeof(m->sname));
	if (!(m->overload & 1))
		fixed_field(out, "file", m->file, sizeof(m->file));
	for (size_t i = 0; i < m->n_opts; i++) {
		const struct dhcp4_opt *o = &m->opts[i];
		const struct dhcp_opt_info *info =
		    dhcp_opt_info(DHCP_SPACE_MAIN, o->code);

		sbuf_printf(out, "\toption %u %s%s: ", o->code,
		    info ? info->name : "unassigned", places[o->place]);
		dhcp4_opt_format(out, m, o);
		sbuf_addc(out, '\n');
	}
}

static void
dhcp6_fields(const struct dhcp6_msg *outer, struct sbuf *out)
{
	for (const struct dhcp6_msg *m = outer; m; m = m->inner) {
		number_field(out, "msg-type", m->type,
		    dhcp6_type_name(m->type));
		if (dhcp6_is_relay(m)) {
			sbuf_printf(out, "\thop-count: %u\n", m->hop_count);
			ip6_field(out, "link-address", m->link_addr);
			ip6_field(out, "peer-address", m->peer_addr);
		} else {
			sbuf_printf(out, "\ttransaction-id: 0x%06x\n", m->xid);
		}
		for (size_t i = 0; i < m->n_opts; i++) {
			const struct dhcp6_opt *o = &m->opts[i];
			const struct dhcp6_opt_info *info =
			    dhcp6_opt_info(o->code);

			/* It stands below, field by field. */
			if (o->code == DHCP6_OPT_RELAY_MSG && m->inner)
				continue;
			sbuf_printf(out, "\toption %u %s: ", o->code,
			    info ? info->name : "unassigned");
			dhcp6_opt_format(out, o);
			sbuf_addc(out, '\n');
		}
	}
}

static void
tftp_fields(const struct packet *p, struct sbuf *out)
{
	const struct tftp_pkt *t = &p->tftp;
	const char *name;
	const char *value;
	struct rd r;

	number_field(out, "opcode", t->op, packet_tftp_name(t->op));
	if (t->op == TFTP_RRQ || t->op == TFTP_WRQ) {
		text_field(out, "filename", t->name, strlen(t->name));
		text_field(out, "mode", t->mode, strlen(t->mode));
	}
	if (t->op == TFTP_DATA || t->op == TFTP_ACK)
		sbuf_printf(out, "\tblock: %u\n", t->block);
	if (t->op == TFTP_DATA)
		sbuf_printf(out, "\tdata: %zu bytes\n", p->data_len);
	if (t->op == TFTP_ERROR) {
		number_field(out, "error code", t->error,
		    tftp_error_name(t->error));
		text_field(out, "error message", t->text, strlen(t->text));
	}
	for (size_t i = 0; i < t->opts.n; i++) {
		enum tftp_opt o = t->opts.order[i];

		sbuf_printf(out, "\toption %s: %llu\n", tftp_opt_name(o),
		    (unsigned long long)t->opts.value[o]);
	}
	if (t->opts.n_unknown == 0)
		return;
	r = packet_tftp_opts(p);
	while (packet_tftp_other(&r, &name, &value)) {
		sbuf_add(out, "\toption ");
		sbuf_escape(out, name, strlen(name));
		sbuf_add(out, ": ");
		sbuf_escape(out, value, strlen(value));
		sbuf_addc(out, '\n');
	}
}

static void
http_fields(const struct http_head *h, struct sbuf *out)
{
	if (h->is_response) {
		sbuf_printf(out, "\tversion: HTTP/1.%u\n\tstatus: %u\n",
		    h->minor, h->status);
		text_field(out, "reason", h->reason.p, h->reason.len);
	} else {
		text_field(out, "method", h->method.p, h->method.len);
		text_field(out, "target", h->target.p, h->target.len);
		sbuf_printf(out, "\tversion: HTTP/1.%u\n", h->minor);
	}
	for (size_t i = 0; i < h->n_fields; i++) {
		sbuf_add(out, "\tfield ");
		sbuf_escape(out, h->fields[i].name.p, h->fields[i].name.len);
		sbuf_add(out, ": ");
		sbuf_escape(out, h->fields[i].value.p, h->fields[i].value.len);
		sbuf_addc(out, '\n');
	}
}

static void
dns_answer_field(const struct dns_answer *a, struct sbuf *out)
{
	const char *type = dns_type_name(a->type);
	char ip[IP_TEXT_MAX];

	sbuf_add(out, "\tanswer: ");
	sbuf_escape(out, a->name, strlen(a->name));
	sbuf_printf(out, ", type %u", a->type);
	if (type)
		sbuf_printf(out, " (%s)", type);
	sbuf_printf(out, ", class %u, ttl %u, ", a->class, a->ttl_s);
	if (a->addr.family) {
		sbuf_add(out, ip_format(&a->addr, ip));
	} else if (a->target) {
		sbuf_escape(out, a->target, strlen(a->target));
		if (a->type == DNS_SRV)
			sbuf_printf(out, ", priority %u, weight %u, port %u",
			    a->priority, a->weight, a->port);
	} else {
		sbuf_add(out, "0x");
		sbuf_hex(out, a->data.p, a->data.left, "");
	}
	sbuf_addc(out, '\n');
}

static void
dns_fields(const struct dns_msg *m, struct sbuf *out)
{
	sbuf_printf(out, "\tid: 0x%04x\n\topcode: %u\n\tflags:%s%s%s%s%s\n",
	    m->id, m->opcode, m->is_response ? " qr" : "",
	    m->authoritative ? " aa" : "", m->truncated ? " tc" : "",
	    m->recursion_desired ? " rd" : "",
	    m->recursion_available ? " ra" : "");
	number_field(out, "rcode", m->rcode, dns_rcode_name(m->rcode));
	for (size_t i = 0; i < m->n_questions; i++) {
		const struct dns_question *q = &m->questions[i];
		const char *type = dns_type_name(q->type);

		sbuf_add(out, "\tquestion: ");
		sbuf_escape(out, q->name, strlen(q->name));
		sbuf_printf(out, ", type %u", q->type);
		if (type)
			sbuf_printf(out, " (%s)", type);
		sbuf_printf(out, ", class %u\n", q->class);
	}
	for (size_t i = 0; i < m->n_answers; i++)
		dns_answer_field(&m->answers[i], out);
	sbuf_printf(out, "\tauthority records: %zu\n"
	    "\tadditional records: %zu\n", m->n_authority, m->n_additional);
}

static void
arp_fields(const struct arp_pkt *a, struct sbuf *out)
{
	number_field(out, "op", a->op, arp_kind_name(arp_kind(a)));
	mac_field(out, "sender mac", a->sender_mac);
	ip4_field(out, "sender ip", a->sender);
	mac_field(out, "target mac", a->target_mac);
	ip4_field(out, "target ip", a->target);
}

static void
icmp_fields(const struct icmp_msg *m, struct sbuf *out)
{
	struct frame quoted;
	char src[IP_TEXT_MAX];
	char dst[IP_TEXT_MAX];

	number_field(out, "type", m->type,
	    icmp_type_name(m->ip_version, m->type));
	number_field(out, "code", m->code,
	    icmp_code_name(m->ip_version, m->type, m->code));
	if (m->has_mtu)
		sbuf_printf(out, "\tmtu: %u\n", m->mtu);
	if (m->has_echo)
		sbuf_printf(out, "\tidentifier: %u\n\tsequence number: %u\n",
		    m->echo_id, m->echo_seq);
	if (m->has_router)
		sbuf_printf(out, "\tflags:%s%s\n\trouter lifetime: %u\n",
		    m->managed ? " managed" : "", m->other ? " other" : "",
		    m->router_lifetime_s);
	if (m->has_target)
		ip6_field(out, "target address", m->target);
	if (!m->is_error || icmp_quoted(m, &quoted, NULL) < 0)
		return;
	sbuf_printf(out, "\tquoted: %s > %s, protocol %u",
	    ip_format(&quoted.src, src), ip_format(&quoted.dst, dst),
	    quoted.ip_proto);
	if (quoted.has_l4)
		sbuf_printf(out, ", port %u > %u", quoted.sport, quoted.dport);
	sbuf_addc(out, '\n');
}

static void
tcp_fields(const struct packet *p, struct sbuf *out)
{
	const struct frame *f = &p->frame;

	sbuf_printf(out, "\ttcp seq: %u\n\ttcp ack: %u\n\ttcp flags: 0x%02x\n"
	    "\ttcp window: %u\n\ttcp data: %zu bytes\n", f->tcp_seq,
	    f->tcp_ack, f->tcp_flags, f->tcp_window, p->data_len);
}

static void
frame_fields(const struct packet *p, struct sbuf *out)
{
	const struct frame *f = &p->frame;

	if (f->has_mac)
		mac_field(out, "eth src", f->mac_src);
	if (f->has_mac_dst)
		mac_field(out, "eth dst", f->mac_dst);
	for (size_t i = 0; i < f->n_vlans; i++)
		sbuf_printf(out, "\tvlan: %u\n", f->vlan[i]);
	if (f->ip_version)
		sbuf_printf(out, "\tip ttl: %u\n\tip tos: %u\n\tip id: %u\n",
		    f->ttl, f->tos, f->ip_id);
	if (p->reassembled)
		sbuf_add(out, "\tip fragments: put together here\n");
	if (frame_is_fragment(f))
		sbuf_printf(out, "\tip fragment: from byte %u, %s\n",
		    f->frag_off, f->more_frags ? "more follow" : "the last");
	if (f->has_l4 && f->ip_proto == IP_PROTO_TCP)
		tcp_fields(p, out);
}

void
packet_fields(const struct packet *p, struct sbuf *out)
{
	frame_fields(p, out);
	if (!p->has_message)
		return;
	switch (p->proto) {
	case PROTO_DHCP4:
		dhcp4_fields(&p->dhcp4, out);
		break;
	case PROTO_DHCP6:
		dhcp6_fields(&p->dhcp6, out);
		break;
	case PROTO_TFTP:
		tftp_fields(p, out);
		break;
	case PROTO_HTTP:
		http_fields(&p->http, out);
		break;
	case PROTO_DNS:
		dns_fields(&p->dns, out);
		break;
	case PROTO_ARP:
		arp_fields(&p->arp, out);
		break;
	case PROTO_ICMP:
		icmp_fields(&p->icmp, out);
		break;
	default:
		break;
	}
}
