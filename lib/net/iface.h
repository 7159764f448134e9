/*
 * iface.h - what the kernel says of a network interface.
 */
#ifndef PXE_NET_IFACE_H
#define PXE_NET_IFACE_H

#include "base/diag.h"
#include "base/text.h"

struct iface {
	char name[32];
	int index;
	uint8_t mac[MAC_LEN];
	bool is_up;
	bool has_carrier;
	bool is_loopback;
	unsigned int mtu;
	bool has_ip;
	struct in_addr ip;              /* the first IPv4 address */
	struct in_addr mask;
};

/**
 * iface_get() - look an interface up
 *
 * Return: 0; -ENODEV if there is none of that name (the diag lists those
 * that exist); a system error.
 */
int iface_get(const char *name, struct iface *ret, struct diag *diag);

/**
 * iface_is_in() - has @name an address in the network of @ip and @mask?
 */
bool iface_is_in(const char *name, struct in_addr ip, struct in_addr mask);

/** iface_has_route() - can the host send to @ip at all, by any interface? */
bool iface_has_route(struct in_addr ip);

/**
 * iface_is_deserted() - did the kernel ask for @ip by ARP on @name, and nobody
 * answered? False where it did not ask, as for hosts behind a router.
 */
bool iface_is_deserted(const char *name, struct in_addr ip);

#endif
