/*
 * attach.h - how the emulated machine hangs on the network: on the host's
 * interface or on one in a namespace of its own, with a VLAN tag or without,
 * in the segment itself or behind a relay agent.
 */
#ifndef PXE_CLIENT_ATTACH_H
#define PXE_CLIENT_ATTACH_H

#include "client/relay.h"
#include "client/release.h"
#include "net/netns.h"
#include "net/port.h"

enum attach_net {
	ATTACH_HOST,            /* files go through the host's own stack */
	ATTACH_OWN,             /* all goes out as the machine; see netns.h */
};

struct attach_conf {
	enum attach_net net;
	uint16_t vlan;                  /* 0: no tag */
	struct relay relay;             /* with ATTACH_HOST only */
	bool ipv6;                      /* the machine speaks that */
};

struct attach;

/**
 * attach_open() - plug the machine in
 * @iface: the host's interface
 *
 * With ATTACH_OWN the calling thread lives in the machine's namespace until
 * attach_close().
 *
 * Return: 0; -EADDRINUSE if the host itself has the relay's address; -EPERM
 * and others of netns_open() and port_open().
 */
int attach_open(const struct attach_conf *conf, const struct iface *iface,
    const uint8_t mac[MAC_LEN], struct attach **ret, struct diag *diag);
void attach_close(struct attach *a);

/** attach_iface() - the interface that sockets are to use. */
const struct iface *attach_iface(const struct attach *a);
struct port *attach_port(struct attach *a);
struct netns *attach_netns(struct attach *a);

/** attach_set_address() - what DHCP gave; an ip of 0 takes it away. */
int attach_set_address(struct attach *a, struct in_addr ip,
    struct in_addr mask, struct in_addr router);

/** attach_send() - as port_send(), by way of the relay agent. */
int attach_send(struct attach *a, const struct port_udp *u);

/** attach_receive() - as port_receive(), by way of the relay agent. */
int attach_receive(struct attach *a, uint64_t deadline_ms,
    struct port_udp *ret);

/** attach_release() - as held_lease_release(). */
void attach_release(struct attach *a, const uint8_t mac[MAC_LEN],
    struct held_lease *lease, size_t n);

#endif
