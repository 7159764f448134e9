/*
 * udp6.h - UDP over IPv6 on one interface, and what its routers advertise.
 */
#ifndef PXE_NET_UDP6_H
#define PXE_NET_UDP6_H

#include "base/diag.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * udp6_open() - a non-blocking socket
 * @iface: only this interface; NULL: any
 * @port:  0: the kernel picks one
 *
 * Return: a file descriptor; a system error.
 */
int udp6_open(const char *iface, uint16_t port, struct diag *diag);

/** udp6_set_hops() - the hop limit of multicasts. Return: 0; a system error. */
int udp6_set_hops(int fd, uint8_t hops);

/**
 * udp6_is_ready() - has the interface a link-local address that it knows to
 * be its own (RFC 4862 5.4)?
 */
bool udp6_is_ready(int ifindex);

/**
 * udp6_send() - one datagram
 * @ifindex: the interface it is to leave by; 0: the kernel's choice
 *
 * Return: 0; -EADDRNOTAVAIL while the interface has no usable address yet;
 * another system error.
 */
int udp6_send(int fd, int ifindex, const struct in6_addr *to, uint16_t port,
    const void *buf, size_t len);

/** udp6_recv() - Return: bytes; -EAGAIN; -ECONNREFUSED and the like. */
int udp6_recv(int fd, void *buf, size_t cap, struct in6_addr *ret_from,
    uint16_t *ret_port);

/* A router advertisement (RFC 4861 4.2). */
struct router6 {
	struct in6_addr from;
	bool managed;                   /* addresses by DHCPv6 */
	bool other;                     /* other things by DHCPv6 */
};

/** router6_open() - Return: a socket that hears them; a system error. */
int router6_open(const char *iface, struct diag *diag);

/** router6_recv() - Return: 1 with @ret; 0 if there is none; a system error. */
int router6_recv(int fd, struct router6 *ret);

#endif
