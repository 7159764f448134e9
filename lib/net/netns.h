/*
 * netns.h - a network namespace of the emulated machine's own, with one
 * interface under its MAC address on the network of a real one. All that a
 * thread does in it, DHCP, ARP, TFTP or TCP, goes out as that machine.
 *
 * The interface is a macvlan of the real one, or, if that is a bridge, one
 * end of a cable whose other end is plugged into the bridge, for the host
 * itself cannot be reached from a macvlan. Everything is gone when it is
 * closed or the process ends, however it ends; no address, route or setting
 * of the host is touched.
 */
#ifndef PXE_NET_NETNS_H
#define PXE_NET_NETNS_H

#include "base/diag.h"
#include "base/text.h"
#include "net/iface.h"

struct netns;

struct netns_conf {
	struct iface iface;             /* the real one */
	uint8_t mac[MAC_LEN];
	uint16_t vlan;                  /* tag of all its frames; 0: none */
	bool ipv6;                      /* with a link-local address */
};

/**
 * netns_open() - make it; from now on the calling thread lives in it
 * @ret_iface: the machine's interface, named as the real one is
 *
 * Sockets that were opened before stay where they are, other threads too.
 *
 * Return: 0; -EPERM without CAP_NET_ADMIN and CAP_SYS_ADMIN; -EBUSY if the
 * interface belongs to a bridge; -ENOTSUP if the kernel has no such devices;
 * another system error.
 */
int netns_open(const struct netns_conf *conf, struct netns **ret,
    struct iface *ret_iface, struct diag *diag);

/** netns_close() - the thread returns to where it came from. */
void netns_close(struct netns *n);

/**
 * netns_set_address() - what DHCP gave; an ip of 0 takes it away
 * @mask: 0: that of the address's class
 *
 * Return: 0; a system error.
 */
int netns_set_address(struct netns *n, struct in_addr ip, struct in_addr mask,
    struct in_addr router);

/**
 * netns_set_address6() - the same of DHCPv6: one address, without its network
 *
 * Routes come from the routers' advertisements. An address of :: takes away
 * the last one.
 */
int netns_set_address6(struct netns *n, const struct in6_addr *ip);

#endif
