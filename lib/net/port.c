#include "net/port.h"

#include "base/clock.h"
#include "net/packet.h"
#include "net/wait.h"
#include "wire/arp.h"
#include "wire/frame.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	PORT_NEIGHBOURS_MAX = 16,
	PORT_PENDING_MAX = 1500,
	PORT_ETH_LEN = 14,
	PORT_TAG_LEN = 4,
	ETHERTYPE_VLAN_TAG = 0x8100,
	PORT_FLUSH_MS = 5,      /* how often it looks whether it has left */
};

static const uint8_t mac_broadcast[MAC_LEN] =
    { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

struct neighbour {
	struct in_addr ip;
	uint8_t mac[MAC_LEN];
};

struct port {
	struct iface iface;
	int fd;
	uint8_t mac[MAC_LEN];
	uint8_t ttl;
	uint16_t ip_id;
	uint16_t vlan;                  /* 0: no tag */
	bool relay;
	bool leave_arp;
	struct in_addr ip, mask, router;
	struct neighbour neighbours[PORT_NEIGHBOURS_MAX];
	size_t n_neighbours;            /* counts up; the oldest is replaced */
	bool has_rival;
	uint8_t rival[MAC_LEN];         /* who speaks with our address as well */
	/* The datagram that waits for its neighbour's MAC address. */
	bool has_pending;
	struct in_addr pending_hop;
	struct port_udp pending;
	uint8_t pending_buf[PORT_PENDING_MAX];
	uint8_t in[PACKET_FRAME_MAX];
};

int
port_open(const struct iface *iface, const uint8_t mac[MAC_LEN],
    struct port **ret, struct diag *diag)
{
	struct port *p = calloc(1, sizeof(*p));
	int fd;

	if (!p) {
		diag_set(diag, "out of memory");
		return -ENOMEM;
	}
	fd = packet_open(iface, true, true, diag);
	if (fd < 0) {
		free(p);
		return fd;
	}
	p->iface = *iface;
	p->fd = fd;
	p->ttl = 64;
	memcpy(p->mac, mac, MAC_LEN);
	*ret = p;
	return 0;
}

void
port_close(struct port *p)
{
	if (!p)
		return;
	(void)close(p->fd);
	free(p);
}

int
port_set_vlan(struct port *p, uint16_t vlan)
{
	p->vlan = vlan;
	return packet_narrow(p->fd, p->vlan, p->relay);
}

int
port_set_relay(struct port *p)
{
	p->relay = true;
	return packet_narrow(p->fd, p->vlan, p->relay);
}

void
port_leave_arp(struct port *p)
{
	p->leave_arp = true;
}

void
port_set_address(struct port *p, struct in_addr ip, struct in_addr mask,
    struct in_addr router)
{
	p->has_rival = p->has_rival && p->ip.s_addr == ip.s_addr;
	p->ip = ip;
	p->mask = mask;
	p->router = router;
}

void
port_set_ttl(struct port *p, uint8_t ttl)
{
	p->ttl = ttl;
}

static const struct neighbour *
find_neighbour(const struct port *p, struct in_addr ip)
{
	for (size_t i = 0; i < PORT_NEIGHBOURS_MAX; i++) {
		if (p->neighbours[i].ip.s_addr == ip.s_addr)
			return &p->neighbours[i];
	}
	return NULL;
}

/* With the tag, if there is one, between the addresses and the type. */
static int
send_frame(struct port *p, const uint8_t *frame, size_t len)
{
	uint8_t tagged[PORT_ETH_LEN + PORT_TAG_LEN + FRAME_MTU];
	struct wr w = wr_init(tagged, sizeof(tagged));
	struct rd r = rd_init(frame, len);

	if (p->vlan == 0)
		return packet_send(p->fd, &p->iface, frame, len);
	wr_bytes(&w, frame, 2 * MAC_LEN);
	rd_skip(&r, 2 * MAC_LEN);
	wr_u16(&w, ETHERTYPE_VLAN_TAG);
	wr_u16(&w, p->vlan);
	wr_bytes(&w, r.p, r.left);
	if (w.full)
		return -EMSGSIZE;
	return packet_send(p->fd, &p->iface, tagged, w.len);
}

static int
send_arp(struct port *p, enum arp_op op, const uint8_t to[MAC_LEN],
    struct in_addr target)
{
	uint8_t frame[PORT_ETH_LEN + ARP_PKT_LEN];
	struct wr w = wr_init(frame, sizeof(frame));
	struct arp_pkt arp = { .op = op, .sender = p->ip, .target = target };

	memcpy(arp.sender_mac, p->mac, MAC_LEN);
	if (op == ARP_REPLY)
		memcpy(arp.target_mac, to, MAC_LEN);
	wr_bytes(&w, to, MAC_LEN);
	wr_bytes(&w, p->mac, MAC_LEN);
	wr_u16(&w, ETHERTYPE_ARP4);
	arp_build(&w, &arp);
	return send_frame(p, frame, w.len);
}

int
port_announce(struct port *p)
{
	return send_arp(p, ARP_REQUEST, mac_broadcast, p->ip);
}

bool
port_rival(const struct port *p, uint8_t mac[MAC_LEN])
{
	if (p->has_rival)
		memcpy(mac, p->rival, MAC_LEN);
	return p->has_rival;
}

static int
send_udp(struct port *p, const uint8_t to[MAC_LEN], const struct port_udp *u)
{
	uint8_t frame[PORT_ETH_LEN + FRAME_MTU];
	struct wr w = wr_init(frame, sizeof(frame));
	struct udp4_head head = {
		.src = u->src, .dst = u->dst, .sport = u->sport,
		.dport = u->dport, .ttl = p->ttl, .ip_id = ++p->ip_id,
	};
	int rc;

	memcpy(head.mac_src, p->mac, MAC_LEN);
	memcpy(head.mac_dst, to, MAC_LEN);
	rc = frame_build_udp4(&w, &head, u->buf, u->len);
	return rc < 0 ? rc : send_frame(p, frame, w.len);
}

/* RFC 1112, 6.4: the low 23 bits of the group's address. */
static void
multicast_mac(struct in_addr group, uint8_t ret[MAC_LEN])
{
	uint32_t a = ntohl(group.s_addr);

	ret[0] = 0x01;
	ret[1] = 0x00;
	ret[2] = 0x5e;
	ret[3] = (uint8_t)(a >> 16 & 0x7f);
	ret[4] = (uint8_t)(a >> 8);
	ret[5] = (uint8_t)a;
}

int
port_send(struct port *p, const struct port_udp *u)
{
	bool near = ((u->dst.s_addr ^ p->ip.s_addr) & p->mask.s_addr) == 0;
	struct in_addr hop = near || !p->router.s_addr ? u->dst : p->router;
	const struct neighbour *n;
	uint8_t mac[MAC_LEN];

	if (IN_MULTICAST(ntohl(u->dst.s_addr))) {
		multicast_mac(u->dst, mac);
		return send_udp(p, mac, u);
	}
	if (u->dst.s_addr == htonl(INADDR_BROADCAST))
		return send_udp(p, mac_broadcast, u);
	n = find_neighbour(p, hop);
	if (n)
		return send_udp(p, n->mac, u);
	if (u->len > sizeof(p->pending_buf))
		return -EMSGSIZE;
	p->pending = *u;
	p->pending_hop = hop;
	memcpy(p->pending_buf, u->buf, u->len);
	p->pending.buf = p->pending_buf;
	p->has_pending = true;
	return send_arp(p, ARP_REQUEST, mac_broadcast, hop);
}

static void
take_arp(struct port *p, struct rd *payload)
{
	struct arp_pkt arp;
	struct neighbour *n;

	if (arp_parse(payload->p, payload->left, &arp, NULL) < 0)
		return;
	if (p->ip.s_addr && arp.sender.s_addr == p->ip.s_addr &&
	    memcmp(arp.sender_mac, p->mac, MAC_LEN) != 0) {
		p->has_rival = true;
		memcpy(p->rival, arp.sender_mac, MAC_LEN);
		return;
	}
	if (arp.op == ARP_REQUEST && p->ip.s_addr &&
	    arp.target.s_addr == p->ip.s_addr) {
		if (!p->leave_arp)
			(void)send_arp(p, ARP_REPLY, arp.sender_mac,
			    arp.sender);
		return;
	}
	if (arp.op != ARP_REPLY || memcmp(arp.target_mac, p->mac, MAC_LEN) != 0)
		return;
	if (!find_neighbour(p, arp.sender)) {
		n = &p->neighbours[p->n_neighbours++ % PORT_NEIGHBOURS_MAX];
		n->ip = arp.sender;
		memcpy(n->mac, arp.sender_mac, MAC_LEN);
	}
	if (p->has_pending && p->pending_hop.s_addr == arp.sender.s_addr) {
		p->has_pending = false;
		(void)send_udp(p, arp.sender_mac, &p->pending);
	}
}

/* Is it UDP for this machine? Broadcasts of other machines are for it too. */
static bool
take_udp(const struct port *p, const struct frame *f, struct port_udp *ret)
{
	bool for_us = memcmp(f->mac_dst, p->mac, MAC_LEN) == 0 ||
	    memcmp(f->mac_dst, mac_broadcast, MAC_LEN) == 0;

	if (f->ip_version != 4 || f->ip_proto != IP_PROTO_UDP || !f->has_l4 ||
	    !for_us)
		return false;
	*ret = (struct port_udp){
		.src = f->src.v4, .dst = f->dst.v4, .sport = f->sport,
		.dport = f->dport, .buf = f->payload.p, .len = f->payload.left,
	};
	memcpy(ret->mac, f->mac_src, MAC_LEN);
	return true;
}

int
port_receive(struct port *p, uint64_t deadline_ms, struct port_udp *ret)
{
	for (;;) {
		struct frame f;
		int rc = packet_recv(p->fd, p->in, sizeof(p->in));

		if (rc == -EAGAIN) {
			rc = wait_readable(p->fd, deadline_ms);
			if (rc <= 0)
				return rc;
			continue;
		}
		if (rc < 0)
			return rc;
		if (frame_parse(LINK_ETHERNET, p->in, (size_t)rc, (size_t)rc,
		    &f, NULL) < 0)
			continue;
		if (f.ethertype == ETHERTYPE_ARP4)
			take_arp(p, &f.payload);
		else if (take_udp(p, &f, ret))
			return 1;
		if (clock_now_ms() >= deadline_ms)
			return 0;
	}
}

int
port_flush(struct port *p, uint64_t deadline_ms)
{
	struct port_udp u;
	int rc = 0;

	while (p->has_pending && rc >= 0) {
		uint64_t now_ms = clock_now_ms();

		if (now_ms >= deadline_ms)
			return -ETIMEDOUT;
		rc = port_receive(p, now_ms + PORT_FLUSH_MS, &u);
	}
	return rc < 0 ? rc : 0;
}
