#include "report/packet.h"

#include "chain/target.h"
#include "wire/dhcp_opt.h"

#include <string.h>
#include <strings.h>

enum { HEX_COLUMNS = 16, HEX_TEXT_AT = 57 };

static void
add_text(struct sbuf *out, const char *name, const char *text)
{
	sbuf_add(out, name);
	sbuf_escape(out, text, strlen(text));
}

static void
add_slice(struct sbuf *out, struct http_slice s)
{
	sbuf_escape(out, s.p, s.len);
}

static void
dhcp4_summary(const struct dhcp4_msg *m, struct sbuf *out)
{
	const char *type = dhcp4_type_name(dhcp4_type(m));
	char mac[MAC_TEXT_MAX];
	char text[TARGET_FILE_MAX];
	struct in_addr a;
	struct target t;
	uint16_t arch;

	sbuf_printf(out, "%s %s", type ? type : m->is_bootp ? "BOOTP" :
	    "DHCP of no known type", mac_format(m->chaddr, mac));
	if (m->yiaddr.s_addr)
		sbuf_printf(out, ", your address %s",
		    ipv4_format(m->yiaddr, text));
	if (dhcp4_get_ip(m, DHCP4_OPT_REQUESTED_IP, &a))
		sbuf_printf(out, ", requests %s", ipv4_format(a, text));
	if (dhcp4_get_str(m, DHCP4_OPT_VENDOR_CLASS, text, sizeof(text)))
		add_text(out, ", class ", text);
	if (m->op == DHCP4_BOOTREQUEST &&
	    dhcp4_get_u16(m, DHCP4_OPT_ARCH, &arch))
		sbuf_printf(out, ", arch %u", arch);
	if (dhcp4_get_str(m, DHCP4_OPT_USER_CLASS, text, sizeof(text)))
		add_text(out, ", user class ", text);
	if (m->op == DHCP4_BOOTREQUEST)
		return;
	(void)target_get(TARGET_RULE_PXE_ROM, m, NULL, &t);
	if (t.server[0])
		add_text(out, ", next-server ", t.server);
	if (t.file[0])
		add_text(out, ", file ", t.file);
}

static void
dhcp6_summary(const struct dhcp6_msg *outer, struct sbuf *out)
{
	const struct dhcp6_msg *m = dhcp6_client_msg(outer);
	const char *type = dhcp6_type_name(m->type);
	const struct dhcp6_opt *duid = dhcp6_opt(m, DHCP6_OPT_CLIENTID);
	struct dhcp6_ia_addr ia;
	char text[1024];
	struct ip_addr ip = { .family = AF_INET6 };
	uint16_t arch;
	uint16_t status;
	struct rd words;

	if (m != outer)
		sbuf_add(out, "relayed ");
	sbuf_printf(out, "%s xid %06x", type ? type : "DHCPv6 of no known type",
	    m->xid);
	if (duid) {
		sbuf_add(out, ", client ");
		dhcp6_duid_format(out, duid->data, duid->len);
	}
	if (dhcp6_ia_addr(m, DHCP6_OPT_IA_NA, &ia)) {
		ip.v6 = ia.addr;
		sbuf_printf(out, ", address %s", ip_format(&ip, text));
	}
	if (dhcp6_get_u16(m, DHCP6_OPT_ARCH, &arch))
		sbuf_printf(out, ", arch %u", arch);
	if (dhcp6_get_str(m, DHCP6_OPT_BOOTFILE_URL, text, sizeof(text)))
		add_text(out, ", boot file ", text);
	if (dhcp6_status(m, &status, &words) && status != 0)
		sbuf_printf(out, ", status %u", status);
}

struct rd
packet_tftp_opts(const struct packet *p)
{
	struct rd r = p->frame.payload;
	size_t len;

	rd_skip(&r, 2);                 /* opcode */
	if (p->tftp.op != TFTP_OACK) {
		(void)rd_cstr(&r, &len);        /* file name */
		(void)rd_cstr(&r, &len);        /* mode */
	}
	return r;
}

static bool
is_known_opt(const char *name)
{
	for (enum tftp_opt o = 0; o < TFTP_N_OPTS; o++) {
		if (strcasecmp(name, tftp_opt_name(o)) == 0)
			return true;
	}
	return false;
}

bool
packet_tftp_other(struct rd *r, const char **ret_name, const char **ret_value)
{
	while (r->left > 0) {
		size_t len;
		const char *name = rd_cstr(r, &len);
		const char *value = rd_cstr(r, &len);

		if (!name || !value || !name[0])
			break;                  /* padding */
		if (is_known_opt(name))
			continue;
		*ret_name = name;
		*ret_value = value;
		return true;
	}
	return false;
}

static void
tftp_opts_summary(const struct packet *p, struct sbuf *out)
{
	const struct tftp_opts *opts = &p->tftp.opts;
	struct rd r = packet_tftp_opts(p);
	const char *name;
	const char *value;

	for (size_t i = 0; i < opts->n; i++) {
		enum tftp_opt o = opts->order[i];

		sbuf_printf(out, ", %s %llu", tftp_opt_name(o),
		    (unsigned long long)opts->value[o]);
	}
	while (packet_tftp_other(&r, &name, &value)) {
		add_text(out, ", ", name);
		add_text(out, " ", value);
	}
}

const char *
packet_tftp_name(enum tftp_op op)
{
	static const char *const names[] = {
		[TFTP_RRQ] = "RRQ", [TFTP_WRQ] = "WRQ", [TFTP_DATA] = "DATA",
		[TFTP_ACK] = "ACK", [TFTP_ERROR] = "ERROR",
		[TFTP_OACK] = "OACK",
	};

	return names[op];
}

static void
tftp_summary(const struct packet *p, struct sbuf *out)
{
	const struct tftp_pkt *t = &p->tftp;
	const char *error = tftp_error_name(t->error);

	sbuf_add(out, packet_tftp_name(t->op));
	switch (t->op) {
	case TFTP_RRQ:
	case TFTP_WRQ:
		add_text(out, " ", t->name);
		add_text(out, ", ", t->mode);
		tftp_opts_summary(p, out);
		break;
	case TFTP_DATA:
		sbuf_printf(out, " block %u, %zu bytes", t->block,
		    p->data_len);
		break;
	case TFTP_ACK:
		sbuf_printf(out, " block %u", t->block);
		break;
	case TFTP_ERROR:
		sbuf_printf(out, " %u", t->error);
		if (t->text[0] || error)
			add_text(out, ": ", t->text[0] ? t->text : error);
		break;
	case TFTP_OACK:
		tftp_opts_summary(p, out);
		break;
	}
}

static void
tcp_summary(const struct packet *p, struct sbuf *out)
{
	static const struct { enum tcp_flag flag; const char *name; } rows[] = {
		{ TCP_SYN, "SYN" }, { TCP_FIN, "FIN" }, { TCP_RST, "RST" },
		{ TCP_ACK, "ACK" },
	};
	const char *sep = "";

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!(p->frame.tcp_flags & rows[i].flag))
			continue;
		sbuf_printf(out, "%s%s", sep, rows[i].name);
		sep = " ";
	}
	if (p->data_len > 0)
		sbuf_printf(out, ", %zu bytes", p->data_len);
	if (p->has_opening) {
		sbuf_printf(out, ", %s", opening_name(p->opening.kind));
		add_text(out, " ", p->opening.text);
	}
}

static void
dns_summary(const struct dns_msg *m, struct sbuf *out)
{
	const char *type = m->n_questions ?
	    dns_type_name(m->questions[0].type) : NULL;
	const char *rcode = dns_rcode_name(m->rcode);
	char ip[IP_TEXT_MAX];

	sbuf_add(out, m->is_response ? "answer" : "query");
	if (m->n_questions > 0) {
		sbuf_printf(out, " %s", type ? type : "?");
		add_text(out, " ", m->questions[0].name);
	}
	if (!m->is_response)
		return;
	if (m->rcode != DNS_NOERROR)
		sbuf_printf(out, ": %s", rcode ? rcode : "refused");
	for (size_t i = 0; i < m->n_answers; i++) {
		const struct dns_answer *a = &m->answers[i];

		if (a->addr.family)
			sbuf_printf(out, ", %s", ip_format(&a->addr, ip));
		else if (a->target)
			add_text(out, ", ", a->target);
	}
}

static void
arp_summary(const struct arp_pkt *a, struct sbuf *out)
{
	char sender[IP_TEXT_MAX];
	char target[IP_TEXT_MAX];
	char mac[MAC_TEXT_MAX];

	(void)ipv4_format(a->sender, sender);
	(void)ipv4_format(a->target, target);
	(void)mac_format(a->sender_mac, mac);
	switch (arp_kind(a)) {
	case ARP_KIND_REQUEST:
		sbuf_printf(out, "who has %s? %s asks", target, sender);
		break;
	case ARP_KIND_REPLY:
		sbuf_printf(out, "%s is at %s", sender, mac);
		break;
	case ARP_KIND_PROBE:
		sbuf_printf(out, "is %s in use? %s asks", target, mac);
		break;
	case ARP_KIND_ANNOUNCEMENT:
		sbuf_printf(out, "%s is at %s, announced", sender, mac);
		break;
	}
}

static void
icmp_summary(const struct icmp_msg *m, struct sbuf *out)
{
	const char *type = icmp_type_name(m->ip_version, m->type);
	const char *code = icmp_code_name(m->ip_version, m->type, m->code);
	struct frame quoted;
	char ip[IP_TEXT_MAX];

	if (type)
		sbuf_add(out, type);
	else
		sbuf_printf(out, "ICMP type %u code %u", m->type, m->code);
	if (code)
		sbuf_printf(out, ", %s", code);
	if (m->has_mtu)
		sbuf_printf(out, ", MTU %u", m->mtu);
	if (m->has_router)
		sbuf_printf(out, "%s%s", m->managed ? ", managed" : "",
		    m->other ? ", other" : "");
	if (!m->is_error || icmp_quoted(m, &quoted, NULL) < 0)
		return;
	sbuf_printf(out, ", to %s", ip_format(&quoted.dst, ip));
	if (quoted.has_l4)
		sbuf_printf(out, " port %u", quoted.dport);
}

static void
http_summary(const struct packet *p, struct sbuf *out)
{
	const struct http_head *h = &p->http;
	const struct http_field *f;

	if (h->is_response) {
		sbuf_printf(out, "%u ", h->status);
		add_slice(out, h->reason);
		f = http_find(h, "Content-Length");
		if (f) {
			sbuf_add(out, ", length ");
			add_slice(out, f->value);
		}
		return;
	}
	add_slice(out, h->method);
	sbuf_addc(out, ' ');
	add_slice(out, h->target);
	f = http_find(h, "Host");
	if (f) {
		sbuf_add(out, ", host ");
		add_slice(out, f->value);
	}
	f = http_find(h, "User-Agent");
	if (f) {
		sbuf_add(out, ", agent ");
		add_slice(out, f->value);
	}
	if (p->n_pipelined > 0)
		sbuf_printf(out, ", and %zu more requests", p->n_pipelined);
}

static void
message_summary(const struct packet *p, struct sbuf *out)
{
	switch (p->proto) {
	case PROTO_DHCP4:
		dhcp4_summary(&p->dhcp4, out);
		break;
	case PROTO_DHCP6:
		dhcp6_summary(&p->dhcp6, out);
		break;
	case PROTO_TFTP:
		tftp_summary(p, out);
		break;
	case PROTO_DNS:
		dns_summary(&p->dns, out);
		break;
	case PROTO_ARP:
		arp_summary(&p->arp, out);
		break;
	case PROTO_ICMP:
		icmp_summary(&p->icmp, out);
		break;
	case PROTO_HTTP:
		http_summary(p, out);
		break;
	default:
		break;
	}
}

void
packet_summary(const struct packet *p, struct sbuf *out)
{
	static const char *const plain[PROTO_N] = {
		[PROTO_STP] = "spanning tree", [PROTO_LACP] = "link aggregation",
		[PROTO_EAPOL] = "port authentication",
		[PROTO_FRAGMENT] = "fragment of a datagram",
		[PROTO_OTHER] = "not of a boot",
	};

	if (p->has_message) {
		message_summary(p, out);
		if (p->state != PACKET_WHOLE)
			sbuf_add(out, "; ");
	}
	if (p->state != PACKET_WHOLE)
		sbuf_printf(out, "%s: ", packet_state_name(p->state));
	if (p->state != PACKET_WHOLE)
		add_text(out, "", p->diag.text);
	else if (p->proto == PROTO_TCP)
		tcp_summary(p, out);
	else if (plain[p->proto])
		sbuf_add(out, plain[p->proto]);
}

static void
add_end(struct sbuf *out, const struct frame *f, bool source)
{
	const struct ip_addr *ip = source ? &f->src : &f->dst;
	char text[IP_TEXT_MAX];

	if (f->ip_version) {
		sbuf_printf(out, f->ip_version == 6 && f->has_l4 ? "[%s]" :
		    "%s", ip_format(ip, text));
		if (f->has_l4)
			sbuf_printf(out, ":%u", source ? f->sport : f->dport);
	} else if (source ? f->has_mac : f->has_mac_dst) {
		sbuf_add(out, mac_format(source ? f->mac_src : f->mac_dst,
		    text));
	} else {
		sbuf_add(out, "-");
	}
}

void
packet_line(const struct packet *p, int64_t start_ns, struct sbuf *out)
{
	sbuf_printf(out, "%6llu %11.6f %-5s ", (unsigned long long)p->number,
	    (double)(p->time_ns - start_ns) / 1e9,
	    packet_proto_name(p->proto));
	add_end(out, &p->frame, true);
	sbuf_add(out, " > ");
	add_end(out, &p->frame, false);
	sbuf_add(out, "  ");
	packet_summary(p, out);
	sbuf_addc(out, '\n');
}

void
packet_hex(struct rd bytes, struct sbuf *out)
{
	while (bytes.left > 0) {
		size_t n = min_size(bytes.left, HEX_COLUMNS);
		size_t at = bytes.at;
		const uint8_t *row = rd_take(&bytes, n);
		size_t from = out->len;

		sbuf_printf(out, "\t%04zx  ", at);
		sbuf_hex(out, row, n, " ");
		sbuf_printf(out, "%*s", (int)(HEX_TEXT_AT - (out->len - from)),
		    "");
		for (size_t i = 0; i < n; i++)
			sbuf_addc(out, row[i] >= ' ' && row[i] < 0x7f ?
			    (char)row[i] : '.');
		sbuf_addc(out, '\n');
	}
}
