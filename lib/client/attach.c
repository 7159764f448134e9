#include "client/attach.h"

#include "base/clock.h"
#include "wire/dhcp4.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ATTACH_MSG_MAX = 1500 };

struct attach {
	struct relay relay;
	struct iface iface;
	struct netns *ns;               /* NULL: the host's */
	struct port *port;
};

static bool
is_relayed(const struct attach *a)
{
	return a->relay.giaddr.s_addr != 0;
}

static int
set_up_port(struct attach *a, const struct attach_conf *conf)
{
	struct in_addr none = { 0 };
	int rc = 0;

	if (a->ns)
		port_leave_arp(a->port);
	else if (conf->vlan)
		rc = port_set_vlan(a->port, conf->vlan);
	if (rc == 0 && is_relayed(a))
		rc = port_set_relay(a->port);
	return rc < 0 ? rc : attach_set_address(a, none, none, none);
}

/* The kernel would answer ARP for it, and ICMP to what servers send there. */
static int
check_giaddr(const struct attach_conf *conf, const struct iface *iface,
    struct diag *diag)
{
	const struct in_addr alone = { .s_addr = INADDR_BROADCAST };
	char ip[IP_TEXT_MAX];

	if (!conf->relay.giaddr.s_addr ||
	    !iface_is_in(iface->name, conf->relay.giaddr, alone))
		return 0;
	diag_set(diag, "the relay agent cannot be this host: %s is an address "
	    "of %s", ipv4_format(conf->relay.giaddr, ip), iface->name);
	return -EADDRINUSE;
}

int
attach_open(const struct attach_conf *conf, const struct iface *iface,
    const uint8_t mac[MAC_LEN], struct attach **ret, struct diag *diag)
{
	struct netns_conf nc = {
		.iface = *iface, .vlan = conf->vlan, .ipv6 = conf->ipv6,
	};
	struct attach *a;
	int rc = check_giaddr(conf, iface, diag);

	if (rc < 0)
		return rc;
	a = calloc(1, sizeof(*a));
	if (!a) {
		diag_set(diag, "out of memory");
		return -ENOMEM;
	}
	a->relay = conf->relay;
	a->iface = *iface;
	memcpy(nc.mac, mac, MAC_LEN);
	if (conf->net == ATTACH_OWN)
		rc = netns_open(&nc, &a->ns, &a->iface, diag);
	if (rc == 0)
		rc = port_open(&a->iface, mac, &a->port, diag);
	if (rc < 0)
		goto out;
	rc = set_up_port(a, conf);
	if (rc < 0) {
		diag_sys(diag, rc, "cannot use %s", iface->name);
		goto out;
	}
	*ret = a;
	a = NULL;
out:
	attach_close(a);
	return rc;
}

void
attach_close(struct attach *a)
{
	if (!a)
		return;
	port_close(a->port);
	netns_close(a->ns);
	free(a);
}

const struct iface *
attach_iface(const struct attach *a)
{
	return &a->iface;
}

struct port *
attach_port(struct attach *a)
{
	return a->port;
}

struct netns *
attach_netns(struct attach *a)
{
	return a->ns;
}

/*
 * Behind a relay the wire leads to the relay's network: there the address
 * is the relay's as long as the machine has none, and a server is asked for
 * by ARP whatever its address.
 */
int
attach_set_address(struct attach *a, struct in_addr ip, struct in_addr mask,
    struct in_addr router)
{
	struct in_addr none = { 0 };

	if (is_relayed(a))
		port_set_address(a->port, ip.s_addr ? ip : a->relay.giaddr,
		    none, none);
	else
		port_set_address(a->port, ip, mask, router);
	return a->ns ? netns_set_address(a->ns, ip, mask, router) : 0;
}

int
attach_send(struct attach *a, const struct port_udp *u)
{
	uint8_t buf[ATTACH_MSG_MAX];
	struct wr w = wr_init(buf, sizeof(buf));
	struct port_udp relayed = {
		.src = a->relay.giaddr, .dst = a->relay.server,
		.sport = DHCP4_SERVER_PORT, .dport = DHCP4_SERVER_PORT,
		.buf = buf,
	};
	int rc;

	if (!is_relayed(a) || u->dst.s_addr != htonl(INADDR_BROADCAST))
		return port_send(a->port, u);
	rc = relay_request(&a->relay, u->buf, u->len, &w);
	relayed.len = w.len;
	return rc < 0 ? rc : port_send(a->port, &relayed);
}

int
attach_receive(struct attach *a, uint64_t deadline_ms, struct port_udp *ret)
{
	for (;;) {
		int rc = port_receive(a->port, deadline_ms, ret);

		if (rc <= 0 || !is_relayed(a) ||
		    ret->dport != DHCP4_SERVER_PORT)
			return rc;
		if (ret->dst.s_addr == a->relay.giaddr.s_addr &&
		    relay_reply_ok(&a->relay, ret->buf, ret->len)) {
			ret->dport = DHCP4_CLIENT_PORT;
			return rc;
		}
		if (clock_now_ms() >= deadline_ms)
			return 0;
	}
}

void
attach_release(struct attach *a, const uint8_t mac[MAC_LEN],
    struct held_lease *lease, size_t n)
{
	for (size_t i = 0; i < n && is_relayed(a); i++)
		lease[i].mask.s_addr = lease[i].router.s_addr = 0;
	held_lease_release(a->port, mac, lease, n);
}
