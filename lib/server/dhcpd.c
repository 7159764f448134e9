#include "server/dhcpd.h"

#include "server/rule.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
	UDP_IP_HEADERS = 28,
	MESSAGE_MIN = 576,      /* what every client takes: RFC 2131, 2 */
	MS_PER_S = 1000,
};

/* One message on its way through the server. */
struct turn {
	struct dhcpd *d;
	uint64_t now_ms;
	const struct dhcpd_in *in;
	struct dhcp4_msg req;
	int type;
	struct lease_key key;
	struct answer answer;

	int reply;              /* type of the answer; 0: silence */
	struct in_addr yiaddr;
	bool gives_lease;       /* the reply carries lease times */
	struct dhcpd_event *ev;
};

static void say(struct turn *t, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Add to the event's sentence. */
static void
say(struct turn *t, const char *fmt, ...)
{
	size_t len = strlen(t->ev->text);
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(t->ev->text + len, sizeof(t->ev->text) - len, fmt, ap);
	va_end(ap);
}

static void
stay_silent(struct turn *t, const char *why)
{
	t->reply = 0;
	say(t, ": %s", why);
}

static bool
in_subnet(const struct dhcpd_conf *c, struct in_addr ip)
{
	return (ip.s_addr & c->mask.s_addr) ==
	    (c->subnet.s_addr & c->mask.s_addr);
}

/*
 * The range serves one subnet: the relay's, or without one the server's own.
 */
static bool
range_fits(struct turn *t)
{
	const struct dhcpd_conf *c = &t->d->conf;
	bool relayed = t->req.giaddr.s_addr != INADDR_ANY;
	char ip[IP_TEXT_MAX];

	if (in_subnet(c, relayed ? t->req.giaddr : c->server_ip))
		return true;
	t->ev->fault = relayed ? "giaddr-subnet-undeclared" : NULL;
	stay_silent(t, "the range serves another subnet");
	if (relayed)
		say(t, " than the relay's, %s", ipv4_format(t->req.giaddr, ip));
	return false;
}

static struct in_addr
requested_ip(const struct turn *t)
{
	struct in_addr ip = { .s_addr = INADDR_ANY };

	(void)dhcp4_get_ip(&t->req, DHCP4_OPT_REQUESTED_IP, &ip);
	return ip;
}

/* Ask the policy. Return: true if it answers. */
static bool
ask_policy(struct turn *t)
{
	struct request req = {
		.msg = &t->req,
		.server_ip = t->d->conf.server_ip,
		.pxe_port = t->in->pxe_port,
	};
	struct diag diag = { .text = "" };

	if (t->d->policy.answer(t->d->policy.ctx, &req, &t->answer, &diag) < 0) {
		stay_silent(t, diag.text);
		return false;
	}
	if (t->answer.fault)
		t->ev->fault = t->answer.fault;
	if (!t->answer.answered) {
		t->ev->minor = !t->answer.fault;
		stay_silent(t, "no boot data for this client");
	}
	return t->answer.answered;
}

static void
on_discover(struct turn *t)
{
	if (t->d->conf.proxy) {
		if (ask_policy(t))
			t->reply = DHCP4_OFFER;
		return;
	}
	if (!range_fits(t))
		return;
	if (lease_offer(t->d->pool, &t->key, requested_ip(t), t->now_ms,
	    &t->yiaddr) < 0) {
		t->ev->fault = "dhcp-pool-exhausted";
		stay_silent(t, "no free address");
		return;
	}
	if (!ask_policy(t))
		return;
	t->reply = DHCP4_OFFER;
	t->gives_lease = true;
}

static void
give_lease(struct turn *t, struct in_addr ip)
{
	uint64_t ttl_ms = (uint64_t)t->d->conf.lease_s * MS_PER_S;

	if (!ask_policy(t))
		return;
	if (lease_bind(t->d->pool, &t->key, ip, t->now_ms, ttl_ms) < 0) {
		t->reply = DHCP4_NAK;
		t->ev->ip = ip;
		return;
	}
	t->reply = DHCP4_ACK;
	t->yiaddr = ip;
	t->gives_lease = true;
}

/* RFC 2131 4.3.2: the four kinds of REQUEST, told by 54, 50 and ciaddr. */
static void
on_request(struct turn *t)
{
	struct in_addr wish = requested_ip(t);
	struct in_addr server;
	char text[IP_TEXT_MAX];

	if (wish.s_addr == INADDR_ANY)
		wish = t->req.ciaddr;
	if (t->d->conf.proxy) {
		t->ev->minor = true;
		stay_silent(t, "for the server that gives addresses");
		return;
	}
	if (dhcp4_get_ip(&t->req, DHCP4_OPT_SERVER_ID, &server)) {
		if (server.s_addr != t->d->conf.server_ip.s_addr) {
			lease_drop(t->d->pool, &t->key);
			t->ev->minor = true;
			stay_silent(t, "chose the server ");
			say(t, "%s", ipv4_format(server, text));
			return;
		}
		if (range_fits(t))
			give_lease(t, wish);
		return;
	}
	if (!lease_covers(t->d->pool, wish)) {
		t->ev->minor = true;
		stay_silent(t, "an address that is not ours, ");
		say(t, "%s", ipv4_format(wish, text));
		return;
	}
	/* A renewal is unicast past the relay: giaddr does not count. */
	if (t->req.ciaddr.s_addr != INADDR_ANY || range_fits(t))
		give_lease(t, wish);
}

static void
on_inform(struct turn *t)
{
	if (t->d->conf.proxy) {
		t->ev->minor = true;
		stay_silent(t, "for the server that gives addresses");
		return;
	}
	if (!in_subnet(&t->d->conf, t->req.ciaddr)) {
		t->ev->minor = true;
		stay_silent(t, "an address that is not ours");
		return;
	}
	if (ask_policy(t))
		t->reply = DHCP4_ACK;
}

static void
on_decline(struct turn *t)
{
	struct in_addr ip = requested_ip(t);
	char text[IP_TEXT_MAX];

	if (t->d->pool && lease_decline(t->d->pool, &t->key, ip,
	    t->now_ms) == 0) {
		t->ev->fault = "address-conflict";
		t->ev->ip = ip;
		say(t, ": another host uses %s", ipv4_format(ip, text));
		return;
	}
	t->ev->minor = true;
	stay_silent(t, "an address that is not ours");
}

static void
on_release(struct turn *t)
{
	char text[IP_TEXT_MAX];

	t->ev->minor = true;
	if (t->d->pool && lease_release(t->d->pool, &t->key,
	    t->req.ciaddr) == 0)
		say(t, ": %s is free", ipv4_format(t->req.ciaddr, text));
	else
		stay_silent(t, "an address that is not ours");
}

/* Port 4011: "where is my boot file?", from one who has an address. */
static void
on_boot_request(struct turn *t)
{
	struct in_addr server;

	if (dhcp4_get_ip(&t->req, DHCP4_OPT_SERVER_ID, &server) &&
	    server.s_addr != t->d->conf.server_ip.s_addr) {
		t->ev->minor = true;
		stay_silent(t, "for another boot server");
		return;
	}
	if (ask_policy(t))
		t->reply = DHCP4_ACK;
}

static void
dispatch(struct turn *t)
{
	if (t->in->pxe_port && (t->type == DHCP4_REQUEST ||
	    t->type == DHCP4_INFORM)) {
		on_boot_request(t);
		return;
	}
	if (t->in->pxe_port) {
		t->ev->minor = true;
		stay_silent(t, "no business of port 4011");
		return;
	}
	switch (t->type) {
	case DHCP4_DISCOVER:
		on_discover(t);
		break;
	case DHCP4_REQUEST:
		on_request(t);
		break;
	case DHCP4_DECLINE:
		on_decline(t);
		break;
	case DHCP4_RELEASE:
		on_release(t);
		break;
	case DHCP4_INFORM:
		on_inform(t);
		break;
	default:
		t->ev->minor = true;
		stay_silent(t, "not for a server");
		break;
	}
}

static int
add_ips(struct dhcp4_msg *m, uint8_t code, const struct in_addr *ips, size_t n)
{
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++)
		rc = dhcp4_add_ip(m, code, ips[i]);
	return rc;
}

static int
add_lease(const struct turn *t, struct dhcp4_msg *m)
{
	uint32_t s = t->d->conf.lease_s;
	int rc;

	rc = dhcp4_add_u32(m, DHCP4_OPT_LEASE_TIME, s);
	if (rc == 0)
		rc = dhcp4_add_u32(m, DHCP4_OPT_T1, s / 2);
	if (rc == 0)
		rc = dhcp4_add_u32(m, DHCP4_OPT_T2, s - s / 8);
	return rc;
}

static int
add_network(const struct turn *t, struct dhcp4_msg *m)
{
	const struct dhcpd_conf *c = &t->d->conf;
	struct in_addr broadcast = {
		.s_addr = c->subnet.s_addr | ~c->mask.s_addr,
	};
	int rc;

	rc = dhcp4_add_ip(m, DHCP4_OPT_MASK, c->mask);
	if (rc == 0)
		rc = dhcp4_add_ip(m, DHCP4_OPT_BROADCAST, broadcast);
	if (rc == 0)
		rc = add_ips(m, DHCP4_OPT_ROUTER, c->routers, c->n_routers);
	if (rc == 0)
		rc = add_ips(m, DHCP4_OPT_DNS, c->dns, c->n_dns);
	if (rc == 0 && c->domain)
		rc = dhcp4_add_str(m, DHCP4_OPT_DOMAIN, c->domain);
	return rc;
}

/* What goes back as it came: PXE 2.1, RFC 6842, and last RFC 3046. */
static int
add_echoes(const struct turn *t, struct dhcp4_msg *m)
{
	static const uint8_t codes[] = {
		DHCP4_OPT_UUID, DHCP4_OPT_CLIENT_ID, DHCP4_OPT_RELAY,
	};
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(codes) && rc == 0; i++) {
		const struct dhcp4_opt *o = dhcp4_opt(&t->req, codes[i]);

		if (o)
			rc = dhcp4_add(m, o->code, o->data, o->len);
	}
	return rc;
}

static int
add_answer(const struct turn *t, struct dhcp4_msg *m)
{
	const struct dhcp4_msg *a = &t->answer.msg;
	int rc = 0;

	m->siaddr = a->siaddr;
	memcpy(m->sname, a->sname, sizeof(m->sname));
	memcpy(m->file, a->file, sizeof(m->file));
	for (size_t i = 0; i < a->n_opts && rc == 0; i++)
		rc = dhcp4_add(m, a->opts[i].code, a->opts[i].data,
		    a->opts[i].len);
	return rc;
}

static int
fill_reply(const struct turn *t, struct dhcp4_msg *m)
{
	bool is_nak = t->reply == DHCP4_NAK;
	int rc;

	m->htype = t->req.htype;
	m->hlen = t->req.hlen;
	m->xid = t->req.xid;
	m->flags = t->req.flags;
	m->giaddr = t->req.giaddr;
	memcpy(m->chaddr, t->req.chaddr, sizeof(m->chaddr));
	m->yiaddr = t->yiaddr;
	if (t->reply == DHCP4_ACK)
		m->ciaddr = t->req.ciaddr;
	if (is_nak && m->giaddr.s_addr != INADDR_ANY)
		/* The relay must not send it to an address: RFC 2131 4.1 */
		m->flags |= DHCP4_FLAG_BROADCAST;

	rc = dhcp4_add_u8(m, DHCP4_OPT_MSG_TYPE, (uint8_t)t->reply);
	if (rc == 0)
		rc = dhcp4_add_ip(m, DHCP4_OPT_SERVER_ID, t->d->conf.server_ip);
	if (rc == 0 && t->gives_lease)
		rc = add_lease(t, m);
	if (rc == 0 && !is_nak && !t->answer.is_proxy)
		rc = add_network(t, m);
	if (rc == 0 && is_nak)
		rc = dhcp4_add_str(m, DHCP4_OPT_MESSAGE,
		    "that address is taken");
	if (rc == 0 && !is_nak)
		rc = add_answer(t, m);
	if (rc == 0)
		rc = add_echoes(t, m);
	return rc;
}

/* RFC 2131 4.1; at 4011 back to where it came from, whatever port that is. */
static void
choose_way(const struct turn *t, struct dhcpd_out *out)
{
	const struct dhcp4_msg *m = &t->req;

	out->way = DHCPD_UNICAST;
	out->port = DHCP4_CLIENT_PORT;
	memcpy(out->mac, m->chaddr, MAC_LEN);
	if (t->in->pxe_port && t->in->from.s_addr != INADDR_ANY) {
		out->ip = t->in->from;
		out->port = t->in->from_port;
	} else if (m->giaddr.s_addr != INADDR_ANY) {
		out->ip = m->giaddr;
		out->port = DHCP4_SERVER_PORT;
	} else if (t->reply == DHCP4_ACK && m->ciaddr.s_addr != INADDR_ANY) {
		out->ip = m->ciaddr;
	} else if (t->reply == DHCP4_NAK || t->yiaddr.s_addr == INADDR_ANY ||
	    (m->flags & DHCP4_FLAG_BROADCAST)) {
		out->way = DHCPD_BROADCAST;
		out->ip.s_addr = INADDR_BROADCAST;
	} else {
		out->way = DHCPD_HARDWARE;
		out->ip = t->yiaddr;
	}
}

static int
build_reply(const struct turn *t, struct dhcpd_out *out)
{
	struct wr w = wr_init(out->buf, sizeof(out->buf));
	uint16_t max = MESSAGE_MIN;
	struct dhcp4_msg m;
	int rc;

	(void)dhcp4_get_u16(&t->req, DHCP4_OPT_MAX_SIZE, &max);
	if (max < MESSAGE_MIN)
		max = MESSAGE_MIN;
	dhcp4_msg_init(&m, DHCP4_BOOTREPLY);
	rc = fill_reply(t, &m);
	if (rc == 0)
		rc = dhcp4_msg_build(&m, &w, DHCP4_BOOTP_LEN,
		    min_size(max - UDP_IP_HEADERS, sizeof(out->buf)));
	out->len = w.len;
	dhcp4_msg_release(&m);
	return rc;
}

static void
describe_reply(struct turn *t)
{
	char ip[IP_TEXT_MAX];

	t->ev->reply = t->reply;
	say(t, " -> %s", dhcp4_type_name(t->reply));
	if (t->reply == DHCP4_NAK) {
		say(t, " for %s", ipv4_format(t->ev->ip, ip));
		return;
	}
	if (t->yiaddr.s_addr != INADDR_ANY) {
		t->ev->ip = t->yiaddr;
		say(t, " %s", ipv4_format(t->yiaddr, ip));
	}
	for (const struct reason *r = t->answer.reasons; r; r = r->next)
		say(t, ", %s", r->text);
	(void)dhcp4_get_str(&t->answer.msg, DHCP4_OPT_BOOTFILE, t->ev->file,
	    sizeof(t->ev->file));
}

static void
describe_request(struct turn *t)
{
	const char *name = dhcp4_type_name(t->type);
	struct rule_client c;

	t->ev->has_mac = true;
	memcpy(t->ev->mac, t->req.chaddr, MAC_LEN);
	t->ev->ip = t->req.ciaddr;
	t->ev->type = t->type;
	rule_client_of(&t->req, &c);
	if (c.n_archs > 0) {
		t->ev->has_arch = true;
		t->ev->arch = c.archs[0];
	}
	if (t->in->pxe_port)
		say(t, "4011 ");
	if (name)
		say(t, "%s", name);
	else
		say(t, t->req.is_bootp ? "BOOTP" : "message without type");
}

static bool
take(struct turn *t, struct dhcpd_out *out)
{
	int rc;

	describe_request(t);
	if (t->req.htype != 1 || t->req.hlen != MAC_LEN) {
		t->ev->minor = true;
		stay_silent(t, "not an Ethernet client");
		return false;
	}
	if (t->req.op != DHCP4_BOOTREQUEST || t->type == 0) {
		t->ev->minor = true;
		stay_silent(t, "not a DHCP request");
		return false;
	}
	lease_key_of(&t->req, &t->key);
	dispatch(t);
	if (t->reply == 0) {
		for (const struct reason *r = t->answer.reasons; r; r = r->next)
			say(t, ", %s", r->text);
		return false;
	}
	rc = build_reply(t, out);
	if (rc < 0) {
		stay_silent(t, rc == -EMSGSIZE ? "the answer is too long for "
		    "the client" : strerror(-rc));
		return false;
	}
	choose_way(t, out);
	describe_reply(t);
	return true;
}

bool
dhcpd_input(struct dhcpd *d, uint64_t now_ms, const struct dhcpd_in *in,
    struct dhcpd_out *ret_out, struct dhcpd_event *ret_event)
{
	struct turn t = { .d = d, .now_ms = now_ms, .in = in, .ev = ret_event };
	struct diag diag;
	bool answered;

	memset(ret_event, 0, sizeof(*ret_event));
	ret_event->ip.s_addr = INADDR_ANY;
	if (dhcp4_msg_parse(&t.req, in->buf, in->len, &diag) < 0) {
		ret_event->ip = in->from;
		ret_event->minor = true;
		say(&t, "not a DHCP message: %s", diag.text);
		return false;
	}
	t.type = dhcp4_type(&t.req);
	answer_init(&t.answer);
	answered = take(&t, ret_out);
	answer_release(&t.answer);
	dhcp4_msg_release(&t.req);
	return answered;
}
