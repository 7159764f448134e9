#include "report/packet.h"

#include "report/jsonw.h"
#include "wire/dhcp_opt.h"

#include <stdlib.h>
#include <string.h>

/* DHCPv6 options lie in each other; what is deeper stays in `hex` alone. */
enum { OPTION_DEPTH_MAX = 8 };

/* The head of an option; its object is left open for what it holds. */
static void
option_open(struct jsonw *w, unsigned int code, const char *name,
    struct sbuf *text, const void *data, size_t len)
{
	jsonw_open(w, NULL, '{');
	jsonw_int(w, "code", code);
	jsonw_str(w, "name", name);
	jsonw_str(w, "text", sbuf_str(text));
	jsonw_int(w, "length", len);
	jsonw_hex(w, "hex", data, len);
}

static bool
is_pxe(const struct dhcp4_msg *m)
{
	const struct dhcp4_opt *o = dhcp4_opt(m, DHCP4_OPT_VENDOR_CLASS);

	return o && o->len >= 9 && memcmp(o->data, "PXEClient", 9) == 0;
}

/* Sub-options of 43 (PXE's only), 82 and 175; nothing if they do not parse. */
static void
sub_options_json(struct jsonw *w, const struct dhcp4_msg *m,
    const struct dhcp4_opt *o, const struct dhcp_opt_info *info)
{
	struct rd r = rd_init(o->data, o->len);
	struct dhcp_sub sub;

	if (!info || info->type != DHCP_T_SPACE ||
	    (o->code == DHCP4_OPT_VENDOR_ENCAP && !is_pxe(m)))
		return;
	while (dhcp_sub_next(info->space, &r, &sub))
		;
	if (r.bad)
		return;
	r = rd_init(o->data, o->len);
	jsonw_open(w, "options", '[');
	while (dhcp_sub_next(info->space, &r, &sub)) {
		const struct dhcp_opt_info *row =
		    dhcp_opt_info(info->space, sub.code);
		struct sbuf text = SBUF_EMPTY;

		dhcp_opt_format(&text, row, sub.value.p, sub.value.left);
		option_open(w, sub.code, row ? row->name : NULL, &text,
		    sub.value.p, sub.value.left);
		jsonw_close(w, '}');
		sbuf_release(&text);
	}
	jsonw_close(w, ']');
}

static void
dhcp4_option_json(struct jsonw *w, const struct dhcp4_msg *m,
    const struct dhcp4_opt *o, struct sbuf *text)
{
	static const char *const places[] = {
		[DHCP4_IN_FILE] = "file", [DHCP4_IN_SNAME] = "sname",
	};
	const struct dhcp_opt_info *info =
	    dhcp_opt_info(DHCP_SPACE_MAIN, o->code);

	sbuf_clear(text);
	dhcp4_opt_format(text, m, o);
	option_open(w, o->code, info ? info->name : NULL, text, o->data,
	    o->len);
	if (o->place != DHCP4_IN_OPTIONS)
		jsonw_str(w, "field", places[o->place]);
	if (o->n_pieces > 1)
		jsonw_int(w, "pieces", o->n_pieces);
	sub_options_json(w, m, o, info);
	jsonw_close(w, '}');
}

static void
dhcp4_json(struct jsonw *w, const struct dhcp4_msg *m)
{
	struct sbuf text = SBUF_EMPTY;

	jsonw_str(w, "message_type", dhcp4_type_name(dhcp4_type(m)));
	jsonw_int(w, "op", m->op);
	jsonw_int(w, "htype", m->htype);
	jsonw_int(w, "hlen", m->hlen);
	jsonw_int(w, "hops", m->hops);
	jsonw_int(w, "xid", m->xid);
	jsonw_int(w, "secs", m->secs);
	jsonw_int(w, "flags", m->flags);
	jsonw_ip4(w, "ciaddr", m->ciaddr);
	jsonw_ip4(w, "yiaddr", m->yiaddr);
	jsonw_ip4(w, "siaddr", m->siaddr);
	jsonw_ip4(w, "giaddr", m->giaddr);
	if (m->hlen == MAC_LEN)
		jsonw_mac(w, "chaddr", m->chaddr);
	else
		jsonw_hex(w, "chaddr_hex", m->chaddr, m->hlen);
	if (!(m->overload & 2))
		jsonw_bytes(w, "sname", m->sname,
		    strnlen((const char *)m->sname, sizeof(m->sname)));
	if (!(m->overload & 1))
		jsonw_bytes(w, "file", m->file,
		    strnlen((const char *)m->file, sizeof(m->file)));
	jsonw_open(w, "options", '[');
	for (size_t i = 0; i < m->n_opts; i++)
		dhcp4_option_json(w, m, &m->opts[i], &text);
	jsonw_close(w, ']');
	sbuf_release(&text);
}

static void dhcp6_option_json(struct jsonw *w, const struct dhcp6_opt *o,
    int depth);

static void
dhcp6_inner_json(struct jsonw *w, struct rd r, int depth)
{
	struct dhcp6_opt o;

	jsonw_open(w, "options", '[');
	while (dhcp6_opt_next(&r, &o))
		dhcp6_option_json(w, &o, depth + 1);
	jsonw_close(w, ']');
}

static void
dhcp6_ia_json(struct jsonw *w, const struct dhcp6_opt *o, int depth)
{
	struct dhcp6_ia ia;

	if (dhcp6_ia_parse(o->code, o->data, o->len, &ia) < 0)
		return;
	jsonw_int(w, "iaid", ia.iaid);
	if (o->code != DHCP6_OPT_IA_TA) {
		jsonw_int(w, "t1", ia.t1);
		jsonw_int(w, "t2", ia.t2);
	}
	dhcp6_inner_json(w, ia.opts, depth);
}

static void
dhcp6_addr_json(struct jsonw *w, const struct dhcp6_opt *o, int depth)
{
	struct dhcp6_ia_addr a;
	struct ip_addr ip = { .family = AF_INET6 };

	if (dhcp6_ia_addr_parse(o->code, o->data, o->len, &a) < 0)
		return;
	ip.v6 = a.addr;
	jsonw_ip(w, "address", &ip);
	if (o->code == DHCP6_OPT_IAPREFIX)
		jsonw_int(w, "prefix_length", a.prefix_len);
	jsonw_int(w, "preferred_lifetime", a.preferred);
	jsonw_int(w, "valid_lifetime", a.valid);
	dhcp6_inner_json(w, a.opts, depth);
}

static void
dhcp6_option_json(struct jsonw *w, const struct dhcp6_opt *o, int depth)
{
	const struct dhcp6_opt_info *info = dhcp6_opt_info(o->code);
	struct sbuf text = SBUF_EMPTY;

	dhcp6_opt_format(&text, o);
	option_open(w, o->code, info ? info->name : NULL, &text, o->data,
	    o->len);
	sbuf_release(&text);
	switch (depth < OPTION_DEPTH_MAX ? o->code : 0) {
	case DHCP6_OPT_IA_NA:
	case DHCP6_OPT_IA_TA:
	case DHCP6_OPT_IA_PD:
		dhcp6_ia_json(w, o, depth);
		break;
	case DHCP6_OPT_IAADDR:
	case DHCP6_OPT_IAPREFIX:
		dhcp6_addr_json(w, o, depth);
		break;
	}
	jsonw_close(w, '}');
}

/* Relays lie in each other: each opens an object, all are closed at the end. */
static void
dhcp6_json(struct jsonw *w, const struct dhcp6_msg *outer)
{
	struct ip_addr a = { .family = AF_INET6 };
	size_t n_open = 0;

	for (const struct dhcp6_msg *m = outer; m; m = m->inner) {
		if (m != outer) {
			jsonw_open(w, "relayed", '{');
			n_open++;
		}
		jsonw_int(w, "msg_type", m->type);
		jsonw_str(w, "message_type", dhcp6_type_name(m->type));
		if (dhcp6_is_relay(m)) {
			jsonw_int(w, "hop_count", m->hop_count);
			a.v6 = m->link_addr;
			jsonw_ip(w, "link_address", &a);
			a.v6 = m->peer_addr;
			jsonw_ip(w, "peer_address", &a);
		} else {
			jsonw_int(w, "transaction_id", m->xid);
		}
		jsonw_open(w, "options", '[');
		for (size_t i = 0; i < m->n_opts; i++)
			dhcp6_option_json(w, &m->opts[i], 0);
		jsonw_close(w, ']');
	}
	while (n_open-- > 0)
		jsonw_close(w, '}');
}

/* A key is ours: what was sent as a name is a value here. */
static void
tftp_other_json(struct jsonw *w, const struct packet *p)
{
	struct rd r = packet_tftp_opts(p);
	const char *name;
	const char *value;

	jsonw_open(w, "other_options", '[');
	while (packet_tftp_other(&r, &name, &value)) {
		jsonw_open(w, NULL, '{');
		jsonw_bytes(w, "name", name, strlen(name));
		jsonw_bytes(w, "value", value, strlen(value));
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void
tftp_json(struct jsonw *w, const struct packet *p)
{
	const struct tftp_pkt *t = &p->tftp;

	jsonw_int(w, "opcode", t->op);
	jsonw_str(w, "message_type", packet_tftp_name(t->op));
	if (t->op == TFTP_RRQ || t->op == TFTP_WRQ) {
		jsonw_bytes(w, "filename", t->name, strlen(t->name));
		jsonw_bytes(w, "mode", t->mode, strlen(t->mode));
	}
	if (t->op == TFTP_DATA || t->op == TFTP_ACK)
		jsonw_int(w, "block", t->block);
	if (t->op == TFTP_DATA)
		jsonw_int(w, "bytes", p->data_len);
	if (t->op == TFTP_ERROR) {
		jsonw_int(w, "error_code", t->error);
		jsonw_bytes(w, "error_message", t->text, strlen(t->text));
	}
	if (t->op != TFTP_RRQ && t->op != TFTP_WRQ && t->op != TFTP_OACK)
		return;
	jsonw_open(w, "options", '{');
	for (size_t i = 0; i < t->opts.n; i++) {
		enum tftp_opt o = t->opts.order[i];

		jsonw_int(w, tftp_opt_name(o), t->opts.value[o]);
	}
	jsonw_close(w, '}');
	if (t->opts.n_unknown > 0)
		tftp_other_json(w, p);
}

static void
slice_json(struct jsonw *w, const char *key, struct http_slice s)
{
	jsonw_bytes(w, key, s.p, s.len);
}

/* A value that was folded over several lines, as one. */
static void
http_value_json(struct jsonw *w, const struct http_field *f)
{
	uint8_t *buf = f->folded ? malloc(f->value.len) : NULL;
	struct wr one;

	if (!buf) {
		slice_json(w, "value", f->value);
		return;
	}
	one = wr_init(buf, f->value.len);
	http_unfold(&one, f);
	jsonw_bytes(w, "value", buf, one.len);
	free(buf);
}

static void
http_json(struct jsonw *w, const struct packet *p)
{
	const struct http_head *h = &p->http;
	char version[] = "HTTP/1.0";

	version[sizeof(version) - 2] = (char)('0' + h->minor);
	if (h->is_response) {
		jsonw_int(w, "status", h->status);
		slice_json(w, "reason", h->reason);
	} else {
		slice_json(w, "method", h->method);
		slice_json(w, "target", h->target);
	}
	jsonw_str(w, "version", version);
	jsonw_open(w, "fields", '[');
	for (size_t i = 0; i < h->n_fields; i++) {
		jsonw_open(w, NULL, '{');
		slice_json(w, "name", h->fields[i].name);
		http_value_json(w, &h->fields[i]);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	if (p->n_pipelined > 0)
		jsonw_int(w, "pipelined", p->n_pipelined);
}

static void
dns_answer_json(struct jsonw *w, const struct dns_answer *a)
{
	jsonw_open(w, NULL, '{');
	jsonw_bytes(w, "name", a->name, strlen(a->name));
	jsonw_int(w, "type", a->type);
	jsonw_int(w, "class", a->class);
	jsonw_int(w, "ttl", a->ttl_s);
	if (a->addr.family)
		jsonw_ip(w, "address", &a->addr);
	if (a->target)
		jsonw_bytes(w, "target", a->target, strlen(a->target));
	if (a->target && a->type == DNS_SRV) {
		jsonw_int(w, "priority", a->priority);
		jsonw_int(w, "weight", a->weight);
		jsonw_int(w, "port", a->port);
	}
	jsonw_hex(w, "rdata_hex", a->data.p, a->data.left);
	jsonw_close(w, '}');
}

static void
dns_json(struct jsonw *w, const struct dns_msg *m)
{
	jsonw_int(w, "id", m->id);
	jsonw_bool(w, "qr", m->is_response);
	jsonw_int(w, "opcode", m->opcode);
	jsonw_bool(w, "aa", m->authoritative);
	jsonw_bool(w, "tc", m->truncated);
	jsonw_bool(w, "rd", m->recursion_desired);
	jsonw_bool(w, "ra", m->recursion_available);
	jsonw_int(w, "rcode", m->rcode);
	jsonw_open(w, "questions", '[');
	for (size_t i = 0; i < m->n_questions; i++) {
		const struct dns_question *q = &m->questions[i];

		jsonw_open(w, NULL, '{');
		jsonw_bytes(w, "qname", q->name, strlen(q->name));
		jsonw_int(w, "qtype", q->type);
		jsonw_int(w, "qclass", q->class);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_open(w, "answers", '[');
	for (size_t i = 0; i < m->n_answers; i++)
		dns_answer_json(w, &m->answers[i]);
	jsonw_close(w, ']');
	jsonw_int(w, "nscount", m->n_authority);
	jsonw_int(w, "arcount", m->n_additional);
}

static void
arp_json(struct jsonw *w, const struct arp_pkt *a)
{
	jsonw_int(w, "op", a->op);
	jsonw_str(w, "kind", arp_kind_name(arp_kind(a)));
	jsonw_mac(w, "sender_mac", a->sender_mac);
	jsonw_ip4(w, "sender_ip", a->sender);
	jsonw_mac(w, "target_mac", a->target_mac);
	jsonw_ip4(w, "target_ip", a->target);
}

static void
icmp_json(struct jsonw *w, const struct icmp_msg *m)
{
	struct ip_addr target = { .family = AF_INET6 };
	struct frame quoted;

	jsonw_int(w, "type", m->type);
	jsonw_int(w, "code", m->code);
	jsonw_str(w, "type_name", icmp_type_name(m->ip_version, m->type));
	jsonw_str(w, "code_name",
	    icmp_code_name(m->ip_version, m->type, m->code));
	if (m->has_mtu)
		jsonw_int(w, "mtu", m->mtu);
	if (m->has_echo) {
		jsonw_int(w, "identifier", m->echo_id);
		jsonw_int(w, "sequence_number", m->echo_seq);
	}
	if (m->has_router) {
		jsonw_bool(w, "managed", m->managed);
		jsonw_bool(w, "other", m->other);
		jsonw_int(w, "router_lifetime", m->router_lifetime_s);
	}
	if (m->has_target) {
		target.v6 = m->target;
		jsonw_ip(w, "target_address", &target);
	}
	if (!m->is_error || icmp_quoted(m, &quoted, NULL) < 0)
		return;
	jsonw_open(w, "quoted", '{');
	jsonw_ip(w, "src", &quoted.src);
	jsonw_ip(w, "dst", &quoted.dst);
	jsonw_int(w, "ip_protocol", quoted.ip_proto);
	if (quoted.has_l4) {
		jsonw_int(w, "sport", quoted.sport);
		jsonw_int(w, "dport", quoted.dport);
	}
	jsonw_close(w, '}');
}

static void
ends_json(struct jsonw *w, const struct frame *f)
{
	if (f->ip_version) {
		jsonw_ip(w, "src", &f->src);
		jsonw_ip(w, "dst", &f->dst);
		return;
	}
	if (f->has_mac)
		jsonw_mac(w, "src", f->mac_src);
	else
		jsonw_null(w, "src");
	if (f->has_mac_dst)
		jsonw_mac(w, "dst", f->mac_dst);
	else
		jsonw_null(w, "dst");
}

static void
frame_json(struct jsonw *w, const struct packet *p)
{
	const struct frame *f = &p->frame;

	if (f->has_l4) {
		jsonw_int(w, "sport", f->sport);
		jsonw_int(w, "dport", f->dport);
	}
	if (f->has_mac)
		jsonw_mac(w, "mac_src", f->mac_src);
	if (f->has_mac_dst)
		jsonw_mac(w, "mac_dst", f->mac_dst);
	if (f->n_vlans > 0) {
		jsonw_open(w, "vlans", '[');
		for (size_t i = 0; i < f->n_vlans; i++)
			jsonw_int(w, NULL, f->vlan[i]);
		jsonw_close(w, ']');
	}
	if (f->ip_version) {
		jsonw_int(w, "ttl", f->ttl);
		jsonw_int(w, "tos", f->tos);
		jsonw_int(w, "ip_id", f->ip_id);
	}
	if (p->reassembled)
		jsonw_bool(w, "reassembled", true);
	if (frame_is_fragment(f)) {
		jsonw_int(w, "fragment_offset", f->frag_off);
		jsonw_bool(w, "more_fragments", f->more_frags);
	}
	if (f->has_l4 && f->ip_proto == IP_PROTO_TCP) {
		jsonw_int(w, "seq", f->tcp_seq);
		jsonw_int(w, "ack", f->tcp_ack);
		jsonw_int(w, "tcp_flags", f->tcp_flags);
		jsonw_int(w, "window", f->tcp_window);
		jsonw_int(w, "tcp_bytes", p->data_len);
	}
}

static void
message_json(struct jsonw *w, const struct packet *p)
{
	switch (p->proto) {
	case PROTO_DHCP4:
		dhcp4_json(w, &p->dhcp4);
		break;
	case PROTO_DHCP6:
		dhcp6_json(w, &p->dhcp6);
		break;
	case PROTO_TFTP:
		tftp_json(w, p);
		break;
	case PROTO_HTTP:
		http_json(w, p);
		break;
	case PROTO_DNS:
		dns_json(w, &p->dns);
		break;
	case PROTO_ARP:
		arp_json(w, &p->arp);
		break;
	case PROTO_ICMP:
		icmp_json(w, &p->icmp);
		break;
	default:
		break;
	}
}

static void
opening_json(struct jsonw *w, const struct opening *o)
{
	jsonw_open(w, "opening", '{');
	jsonw_str(w, "kind", opening_name(o->kind));
	jsonw_bytes(w, "text", o->text, strlen(o->text));
	jsonw_bool(w, "error", o->is_error);
	jsonw_close(w, '}');
}

void
packet_json(const struct packet *p, const struct rd *unread, struct sbuf *out)
{
	struct sbuf summary = SBUF_EMPTY;
	struct jsonw w;

	jsonw_init(&w, out);
	jsonw_open(&w, NULL, '{');
	jsonw_int(&w, "frame", p->number);
	jsonw_time(&w, "time", p->time_ns);
	jsonw_str(&w, "proto", packet_proto_name(p->proto));
	ends_json(&w, &p->frame);
	packet_summary(p, &summary);
	jsonw_str(&w, "summary", sbuf_str(&summary));
	sbuf_release(&summary);
	jsonw_str(&w, "state", packet_state_name(p->state));
	frame_json(&w, p);
	if (p->has_message)
		message_json(&w, p);
	if (p->has_opening)
		opening_json(&w, &p->opening);
	if (unread)
		jsonw_hex(&w, "unread_hex", unread->p, unread->left);
	jsonw_close(&w, '}');
	sbuf_addc(out, '\n');
}
