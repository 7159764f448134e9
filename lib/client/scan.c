#include "client/scan.h"

#include "base/clock.h"
#include "net/packet.h"
#include "net/udp.h"
#include "net/wait.h"
#include "wire/frame.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	SCAN_MSG_MAX = 1500,
	SCAN_FRAME_MAX = FRAME_MTU + 64,
	SCAN_PXE_PORT_MS = 1500,
	SCAN_PXE_TRIES = 3,
};

/* Some servers ping an address for seconds before they offer it. */
static const uint64_t ask_again_ms[] = { 0, 2000, 5000 };

struct asking {
	const struct scan_conf *conf;
	struct scan *scan;
	int fd;
	uint64_t start_ms;
	uint8_t frame[PACKET_FRAME_MAX];
};

static int
send_discover(struct asking *a, struct scan_kind *k)
{
	struct persona_ask ask = { .type = DHCP4_DISCOVER, .xid = k->xid };
	uint8_t msg[SCAN_MSG_MAX];
	uint8_t frame[SCAN_FRAME_MAX];
	struct wr w = wr_init(msg, sizeof(msg));
	struct wr f = wr_init(frame, sizeof(frame));
	struct udp4_head head = {
		.dst.s_addr = htonl(INADDR_BROADCAST),
		.sport = DHCP4_CLIENT_PORT, .dport = DHCP4_SERVER_PORT,
		.ttl = k->persona->ttl,
	};
	struct dhcp4_msg m;
	int rc = persona_message(k->persona, &k->machine, &ask, &m);

	if (rc < 0)
		return rc;
	rc = dhcp4_msg_build(&m, &w, k->persona->pad_to, sizeof(msg));
	dhcp4_msg_release(&m);
	if (rc < 0)
		return rc;
	memcpy(head.mac_src, k->machine.mac, MAC_LEN);
	memset(head.mac_dst, 0xff, MAC_LEN);
	rc = frame_build_udp4(&f, &head, msg, w.len);
	return rc < 0 ? rc : packet_send(a->fd, &a->conf->iface, frame, f.len);
}

static struct scan_kind *
find_kind(struct scan *s, const struct dhcp4_msg *m)
{
	for (size_t i = 0; i < s->n_kinds; i++) {
		if (s->kind[i].xid == m->xid && memcmp(m->chaddr,
		    s->kind[i].machine.mac, MAC_LEN) == 0)
			return &s->kind[i];
	}
	return NULL;
}

static struct scan_server *
find_server(struct scan *s, struct in_addr ip, const uint8_t mac[MAC_LEN])
{
	struct scan_server *x;

	for (size_t i = 0; i < s->n_servers; i++) {
		x = &s->server[i];
		if (x->ip.s_addr == ip.s_addr &&
		    memcmp(x->mac, mac, MAC_LEN) == 0)
			return x;
	}
	if (s->n_servers == SCAN_SERVERS_MAX)
		return NULL;
	x = &s->server[s->n_servers++];
	x->ip = ip;
	memcpy(x->mac, mac, MAC_LEN);
	return x;
}

/* An answer: to the offers of its machine, and to the server's account. */
static void
take_offer(struct asking *a, const struct frame *f)
{
	uint64_t now_ms = clock_now_ms();
	struct scan_server *server;
	struct scan_kind *k;
	struct dhcp4_msg m;
	size_t n;

	if (dhcp4_msg_parse(&m, f->payload.p, f->payload.left, NULL) < 0)
		return;
	k = m.op == DHCP4_BOOTREPLY ? find_kind(a->scan, &m) : NULL;
	if (!k) {
		dhcp4_msg_release(&m);
		return;
	}
	server = find_server(a->scan, f->src.v4, f->mac_src);
	if (server) {
		char class[16] = "";

		(void)dhcp4_get_str(&m, DHCP4_OPT_VENDOR_CLASS, class,
		    sizeof(class));
		if (server->n_kinds == 0)
			server->first_s = (double)(now_ms - a->start_ms) / 1000;
		server->leases |= m.yiaddr.s_addr != 0;
		server->is_proxy |= m.yiaddr.s_addr == 0;
		server->claims_pxe |= strncmp(class, "PXEClient", 9) == 0;
	}
	n = k->offers.n;
	offers_add(&k->offers, &m, f->src.v4, f->mac_src, now_ms);
	if (server && k->offers.n > n)
		server->n_kinds++;
}

static int
listen_until(struct asking *a, uint64_t deadline_ms)
{
	for (;;) {
		struct frame f;
		int rc = packet_recv(a->fd, a->frame, sizeof(a->frame));

		if (rc == -EAGAIN) {
			rc = wait_readable(a->fd, deadline_ms);
			if (rc <= 0)
				return rc;
			continue;
		}
		if (rc < 0)
			return rc;
		if (frame_parse(LINK_ETHERNET, a->frame, (size_t)rc,
		    (size_t)rc, &f, NULL) == 0 && f.ip_version == 4 &&
		    f.ip_proto == IP_PROTO_UDP && f.has_l4 &&
		    f.dport == DHCP4_CLIENT_PORT)
			take_offer(a, &f);
		if (clock_now_ms() >= deadline_ms)
			return 0;
	}
}

/* The question of port 4011, from the host's own address. */
static int
ask_pxe_port(struct asking *a, const struct scan_kind *k,
    struct scan_server *server)
{
	struct udp_bind where = { .iface = a->conf->iface.name };
	struct persona_ask ask = {
		.type = DHCP4_REQUEST, .to_pxe_port = true, .xid = k->xid,
		.has_address = true, .ciaddr = a->conf->iface.ip,
	};
	uint8_t buf[SCAN_MSG_MAX];
	struct wr w = wr_init(buf, sizeof(buf));
	struct udp_from from;
	struct dhcp4_msg m;
	int fd;
	int rc = persona_message(k->persona, &k->machine, &ask, &m);

	if (rc < 0)
		return rc;
	rc = dhcp4_msg_build(&m, &w, k->persona->pad_to, sizeof(buf));
	dhcp4_msg_release(&m);
	fd = rc < 0 ? rc : udp_open(&where, NULL);
	if (fd < 0)
		return fd;
	server->asked_pxe_port = true;
	(void)udp_connect(fd, server->ip, DHCP4_PXE_PORT);
	for (int i = 0; i < SCAN_PXE_TRIES && !server->on_pxe_port; i++) {
		uint64_t until = clock_now_ms() +
		    SCAN_PXE_PORT_MS / SCAN_PXE_TRIES;

		if (send(fd, buf, w.len, 0) < 0 ||
		    wait_readable(fd, until) <= 0)
			continue;
		server->on_pxe_port = udp_recv(fd, buf, sizeof(buf),
		    &from) > 0;
	}
	(void)close(fd);
	return 0;
}

/* Those that say they are boot servers are asked whether they are. */
static int
ask_pxe_ports(struct asking *a)
{
	struct scan *s = a->scan;
	int rc = 0;

	s->no_host_address = !a->conf->iface.has_ip;
	if (s->no_host_address)
		return 0;
	for (size_t i = 0; i < s->n_servers && rc == 0; i++) {
		if (!s->server[i].claims_pxe)
			continue;
		for (size_t k = 0; k < s->n_kinds && rc == 0; k++) {
			if (persona_is_pxe(s->kind[k].persona) &&
			    s->kind[k].persona->kind != PERSONA_UEFI_HTTP &&
			    !s->server[i].on_pxe_port)
				rc = ask_pxe_port(a, &s->kind[k],
				    &s->server[i]);
		}
	}
	return rc;
}

static int
prepare(const struct scan_conf *conf, struct scan *s)
{
	for (size_t i = 0; i < conf->n_personas && i < SCAN_KINDS_MAX; i++) {
		struct scan_kind *k = &s->kind[s->n_kinds++];

		k->persona = conf->personas[i];
		memcpy(k->machine.mac, conf->mac, MAC_LEN);
		k->machine.mac[MAC_LEN - 1] += (uint8_t)i;
		if (getrandom(&k->xid, sizeof(k->xid), 0) < 0)
			return -errno;
	}
	return 0;
}

static int
ask_all(struct asking *a, struct diag *diag)
{
	uint64_t end_ms;
	int rc = 0;

	a->start_ms = clock_now_ms();
	end_ms = a->start_ms + a->conf->wait_ms;
	for (size_t t = 0; t < ARRAY_LEN(ask_again_ms) && rc == 0; t++) {
		uint64_t next_ms = t + 1 < ARRAY_LEN(ask_again_ms) ?
		    a->start_ms + ask_again_ms[t + 1] : end_ms;

		if (a->start_ms + ask_again_ms[t] >= end_ms)
			break;
		for (size_t i = 0; i < a->scan->n_kinds && rc == 0; i++) {
			if (t == 0 || a->scan->kind[i].offers.n == 0)
				rc = send_discover(a, &a->scan->kind[i]);
		}
		if (rc == 0)
			rc = listen_until(a, next_ms < end_ms ? next_ms :
			    end_ms);
	}
	if (rc == 0)
		rc = ask_pxe_ports(a);
	if (rc < 0)
		diag_sys(diag, rc, "cannot ask on %s", a->conf->iface.name);
	return rc;
}

int
scan_run(const struct scan_conf *conf, struct scan **ret, struct diag *diag)
{
	struct asking *a = calloc(1, sizeof(*a));
	struct scan *s = calloc(1, sizeof(*s));
	int rc = -ENOMEM;

	diag_set(diag, "out of memory");
	if (!a || !s)
		goto out;
	*a = (struct asking){ .conf = conf, .scan = s, .fd = -1 };
	rc = prepare(conf, s);
	if (rc == 0)
		rc = a->fd = packet_open(&conf->iface, true, true, diag);
	if (rc >= 0)
		rc = ask_all(a, diag);
	if (a->fd >= 0)
		(void)close(a->fd);
	if (rc < 0)
		goto out;
	for (size_t i = 0; i < s->n_kinds; i++)
		s->kind[i].usable = offers_choose(&s->kind[i].offers,
		    s->kind[i].persona, &s->kind[i].choice);
	scan_judge(s);
	*ret = s;
	s = NULL;
out:
	scan_free(s);
	free(a);
	return rc;
}

void
scan_free(struct scan *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n_kinds; i++)
		offers_release(&s->kind[i].offers);
	arena_release(&s->arena);
	free(s);
}
