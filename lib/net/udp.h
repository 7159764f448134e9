/*
 * udp.h - UDP sockets as a boot server needs them: bound to one interface,
 * told at which address a datagram arrived, answering from that address.
 */
#ifndef PXE_NET_UDP_H
#define PXE_NET_UDP_H

#include "base/diag.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

struct udp_bind {
	const char *iface;      /* only this interface; NULL: any */
	struct in_addr ip;      /* INADDR_ANY: any address */
	uint16_t port;          /* 0: the kernel picks one */
};

/**
 * udp_open() - a non-blocking socket that may send broadcasts
 *
 * The port is never shared: if somebody else answers there, this is said
 * now and not found out from machines that do not boot.
 *
 * Return: a file descriptor; -EADDRINUSE, -EACCES, -EADDRNOTAVAIL or another
 * system error, with a sentence that names the port.
 */
int udp_open(const struct udp_bind *where, struct diag *diag);

/**
 * udp_connect() - from now on speak with one peer only
 *
 * Return: 0; a system error.
 */
int udp_connect(int fd, struct in_addr ip, uint16_t port);

struct udp_from {
	struct in_addr ip;      /* who sent it */
	uint16_t port;
	struct in_addr to;      /* at which address; may be a broadcast */
	int ifindex;
};

/**
 * udp_recv() - Return: bytes; -EAGAIN if there is none now; -ECONNREFUSED
 * and the like on a connected socket
 */
int udp_recv(int fd, void *buf, size_t cap, struct udp_from *ret);

/**
 * udp_send() - one datagram
 * @source:  the address it is to come from; INADDR_ANY: the kernel's choice
 * @ifindex: the interface it is to leave by; 0: the kernel's choice
 *
 * Return: 0; a system error.
 */
int udp_send(int fd, struct in_addr source, int ifindex, struct in_addr to,
    uint16_t port, const void *buf, size_t len);

#endif
