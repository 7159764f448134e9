#include "client/comment.h"

#include "capture/dissect.h"
#include "script/uri.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PEERS_MAX = 64, NS_PER_S = 1000000000 };

/* An event is noted when the packet was read, some time after it came. */
static const double event_slack_s = 1.0;
static const double load_slack_s = 0.2;

/* Somebody that files were loaded from. */
struct peer {
	const char *name;               /* as in the URI; of the arena */
	bool has_addr;
	struct ip_addr addr;
	bool tftp;
};

struct commenter {
	const struct boot *boot;
	bool all;
	struct dissector *dissector;
	bool used[BOOT_EVENTS_MAX];     /* events that have their packet */
	struct peer peers[PEERS_MAX];
	size_t n_peers;
	struct arena arena;
};

static void
add_peer(struct commenter *c, const struct boot_load *l)
{
	struct peer p = { .tftp = strcmp(l->proto, "tftp") == 0 };
	struct uri u;
	size_t len;

	if (!l->uri || uri_parse(&u, l->uri) < 0)
		return;
	if (u.host) {
		len = strlen(u.host);
		p.name = u.host[0] == '[' && len > 2 ?
		    arena_printf(&c->arena, "%.*s", (int)len - 2,
		    u.host + 1) : arena_strdup(&c->arena, u.host);
	}
	uri_release(&u);
	for (size_t i = 0; p.name && i < c->n_peers; i++) {
		if (strcmp(c->peers[i].name, p.name) == 0 &&
		    c->peers[i].tftp == p.tftp)
			return;
	}
	if (!p.name || c->n_peers == PEERS_MAX)
		return;
	p.has_addr = parse_ip(p.name, &p.addr, NULL) == 0;
	c->peers[c->n_peers++] = p;
}

struct commenter *
commenter_new(const struct boot *boot, bool all)
{
	struct commenter *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->boot = boot;
	c->all = all;
	c->dissector = dissector_new(LINK_ETHERNET);
	if (!c->dissector) {
		free(c);
		return NULL;
	}
	for (size_t i = 0; i < boot->n_loads; i++)
		add_peer(c, &boot->loads[i]);
	return c;
}

void
commenter_free(struct commenter *c)
{
	if (!c)
		return;
	dissector_free(c->dissector);
	arena_release(&c->arena);
	free(c);
}

/* Names that files were loaded from: the answer tells who that is. */
static bool
take_dns(struct commenter *c, const struct dns_msg *m)
{
	bool ours = false;

	for (size_t i = 0; i < c->n_peers; i++) {
		struct peer *p = &c->peers[i];

		if (m->n_questions == 0 ||
		    strcmp(m->questions[0].name, p->name) != 0)
			continue;
		ours = true;
		for (size_t k = 0; k < m->n_answers && !p->has_addr; k++) {
			p->addr = m->answers[k].addr;
			p->has_addr = p->addr.family != 0;
		}
	}
	return ours;
}

static bool
is_peer(const struct commenter *c, const struct ip_addr *a, bool tftp)
{
	for (size_t i = 0; i < c->n_peers; i++) {
		if (c->peers[i].has_addr && c->peers[i].tftp == tftp &&
		    ip_equal(&c->peers[i].addr, a))
			return true;
	}
	return false;
}

/* Is it the machine's, or what the host did for it? */
static bool
is_of_boot(struct commenter *c, const struct packet *p)
{
	const struct frame *f = &p->frame;
	bool tftp = p->proto == PROTO_TFTP || p->proto == PROTO_FRAGMENT;
	bool dns = p->proto == PROTO_DNS && p->has_message &&
	    take_dns(c, &p->dns);

	if (c->all || dns)
		return true;
	if ((f->has_mac && memcmp(f->mac_src, c->boot->mac, MAC_LEN) == 0) ||
	    (f->has_mac_dst &&
	    memcmp(f->mac_dst, c->boot->mac, MAC_LEN) == 0))
		return true;
	if (p->proto == PROTO_DHCP4)
		return p->has_message &&
		    memcmp(p->dhcp4.chaddr, c->boot->mac, MAC_LEN) == 0;
	if (!tftp && p->proto != PROTO_TCP && p->proto != PROTO_HTTP)
		return false;
	return f->ip_version != 0 && (is_peer(c, &f->src, tftp) ||
	    is_peer(c, &f->dst, tftp));
}

static double
time_s(const struct packet *p)
{
	return (double)p->time_ns / NS_PER_S;
}

static const struct boot_stage *
stage_at(const struct boot *b, double time)
{
	const struct boot_stage *s = b->n_stages ? &b->stages[0] : NULL;

	for (size_t i = 1; i < b->n_stages; i++) {
		if (b->stages[i].time <= time)
			s = &b->stages[i];
	}
	return s;
}

static const struct boot_load *
load_at(const struct boot *b, const struct packet *p)
{
	bool tftp = p->proto == PROTO_TFTP || p->proto == PROTO_FRAGMENT;
	const struct boot_load *best = NULL;

	for (size_t i = 0; i < b->n_loads; i++) {
		const struct boot_load *l = &b->loads[i];

		if ((strcmp(l->proto, "tftp") == 0) == tftp &&
		    l->time - load_slack_s <= time_s(p) && time_s(p) <=
		    l->time + l->duration_s + load_slack_s &&
		    (!best || l->time <= time_s(p)))
			best = l;
	}
	return best;
}

/* The event of this DHCP message: its name, its direction, about its time. */
static const struct boot_event *
event_of(struct commenter *c, const struct packet *p, const char *type,
    bool sent)
{
	const struct boot *b = c->boot;

	for (size_t i = 0; i < b->n_events; i++) {
		const struct boot_event *ev = &b->events[i];
		double late = ev->time - time_s(p);

		if (c->used[i] || ev->kind > BOOT_EV_IGNORED ||
		    (ev->kind == BOOT_EV_SENT) != sent || !ev->text ||
		    !text_starts(ev->text, type) || late > event_slack_s ||
		    late < -event_slack_s)
			continue;
		c->used[i] = true;
		return ev;
	}
	return NULL;
}

static void
say_dhcp(struct commenter *c, const struct packet *p, const char *type,
    bool sent, struct sbuf *out)
{
	const struct boot_event *ev = event_of(c, p, type ? type : "BOOTP",
	    sent);

	if (ev)
		sbuf_printf(out, "%s %s", sent ? ">" : "<", ev->text);
	else
		sbuf_printf(out, "%s %s%s", sent ? ">" : "<",
		    type ? type : "DHCP", sent ? "" : ", which it did not "
		    "wait for");
}

static void
say_tftp(const struct packet *p, struct sbuf *out)
{
	static const char *const names[] = {
		[TFTP_RRQ] = "request", [TFTP_WRQ] = "request to write",
		[TFTP_DATA] = "block", [TFTP_ACK] = "ACK of block",
		[TFTP_ERROR] = "error", [TFTP_OACK] = "options acknowledged",
	};
	const struct tftp_pkt *t = &p->tftp;

	if (!p->has_message || (size_t)t->op >= ARRAY_LEN(names))
		return;
	sbuf_printf(out, ": %s", names[t->op] ? names[t->op] : "?");
	if (t->op == TFTP_DATA || t->op == TFTP_ACK)
		sbuf_printf(out, " %u", t->block);
	if (t->op == TFTP_ERROR) {
		sbuf_printf(out, " %u ", t->error);
		sbuf_escape(out, t->text, strlen(t->text));
	}
}

static void
say_load(const struct commenter *c, const struct packet *p, struct sbuf *out)
{
	const struct boot_load *l = load_at(c->boot, p);

	sbuf_add(out, "loads ");
	if (l && l->uri)
		sbuf_escape(out, l->uri, strlen(l->uri));
	else
		sbuf_add(out, "a file");
	if (p->proto == PROTO_TFTP)
		say_tftp(p, out);
	else if (p->proto == PROTO_HTTP && p->has_message)
		sbuf_printf(out, p->http.is_response ? ": status %u" :
		    ": request", p->http.status);
	if (l && !l->ok && l->error && p->proto != PROTO_TCP) {
		sbuf_add(out, ", which fails: ");
		sbuf_escape(out, l->error, strlen(l->error));
	}
}

static void
say(struct commenter *c, const struct packet *p, struct sbuf *out)
{
	switch (p->proto) {
	case PROTO_DHCP4:
		if (p->has_message)
			say_dhcp(c, p, dhcp4_type_name(dhcp4_type(&p->dhcp4)),
			    p->dhcp4.op == DHCP4_BOOTREQUEST, out);
		break;
	case PROTO_DHCP6:
		if (p->has_message)
			say_dhcp(c, p, dhcp6_type_name(p->dhcp6.type),
			    p->frame.dport == DHCP6_SERVER_PORT, out);
		break;
	case PROTO_TFTP:
	case PROTO_HTTP:
	case PROTO_TCP:
	case PROTO_FRAGMENT:
		say_load(c, p, out);
		break;
	case PROTO_ARP:
		sbuf_add(out, "ARP");
		break;
	case PROTO_DNS:
		sbuf_add(out, "DNS, for the name in a URL");
		break;
	case PROTO_ICMP:
		sbuf_add(out, p->frame.ip_version == 6 ?
		    "neighbours and routers" : "ICMP");
		break;
	default:
		sbuf_add(out, "nothing of the boot");
		break;
	}
}

int
commenter_look(struct commenter *c, const struct capture_frame *frame,
    struct sbuf *out)
{
	const struct boot_stage *s;
	struct packet p;
	bool keep;

	if (dissect(c->dissector, frame, &p) < 0)
		return -ENOMEM;
	keep = is_of_boot(c, &p);
	if (keep) {
		s = stage_at(c->boot, time_s(&p));
		sbuf_printf(out, "%s: ", s ? s->stage : "before the boot");
		say(c, &p, out);
	}
	packet_release(&p);
	return keep;
}

void
comment_verdict(const struct boot *boot, struct sbuf *out)
{
	sbuf_printf(out, "verdict: %s", boot_verdict(boot));
	if (boot->fault && boot->message) {
		sbuf_add(out, ": ");
		sbuf_escape(out, boot->message, strlen(boot->message));
	} else if (!boot->fault) {
		sbuf_printf(out, ", ends in: %s", boot_end_name(boot->end));
	}
}
