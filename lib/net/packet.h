/*
 * packet.h - whole Ethernet frames in and out of one interface (packet(7)).
 *
 * Needs CAP_NET_RAW. The interface is made promiscuous for as long as the
 * socket is open when frames for a foreign MAC address are wanted; nothing
 * else on the host is changed.
 */
#ifndef PXE_NET_PACKET_H
#define PXE_NET_PACKET_H

#include "base/diag.h"
#include "net/iface.h"

enum { PACKET_FRAME_MAX = 65536 };

/**
 * packet_open() - a non-blocking packet socket on @iface
 * @promisc: also take frames for other MAC addresses
 * @receive: false for a socket that only sends
 *
 * Only ARP and IPv4 UDP to the ports 68 and 4011 are received (a kernel
 * filter drops the rest), and nothing that this host sent itself, nor what
 * has a VLAN tag.
 *
 * Return: a file descriptor; -EPERM with a sentence on how to get the
 * privilege; another system error.
 */
int packet_open(const struct iface *iface, bool promisc, bool receive,
    struct diag *diag);

/**
 * packet_narrow() - take in something else, from now on
 * @vlan:  frames with this tag; 0: those without one
 * @relay: what servers send to relay agents (UDP port 67) as well
 *
 * Return: 0; a system error.
 */
int packet_narrow(int fd, uint16_t vlan, bool relay);

/** packet_send() - Return: 0; a system error. */
int packet_send(int fd, const struct iface *iface, const void *frame,
    size_t len);

/** packet_recv() - Return: bytes; -EAGAIN if there is none now. */
int packet_recv(int fd, void *buf, size_t cap);

#endif
