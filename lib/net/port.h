/*
 * port.h - the emulated machine's own Ethernet port: UDP datagrams in and
 * out under its MAC address, with the ARP that goes with them.
 *
 * Uses a packet socket on a real interface; the host's own addresses and
 * neighbours are not touched. Once it has an address the port answers ARP
 * requests for it, as the machine would, unless the interface is the
 * machine's own and the kernel does.
 */
#ifndef PXE_NET_PORT_H
#define PXE_NET_PORT_H

#include "base/diag.h"
#include "base/text.h"
#include "net/iface.h"

#include <stdbool.h>

struct port;

struct port_udp {
	struct in_addr src;
	struct in_addr dst;
	uint16_t sport;
	uint16_t dport;
	uint8_t mac[MAC_LEN];           /* received: the sender's */
	const void *buf;                /* received: valid until the next call */
	size_t len;
};

/** port_open() - Return: 0; -EPERM and others of packet_open(). */
int port_open(const struct iface *iface, const uint8_t mac[MAC_LEN],
    struct port **ret, struct diag *diag);
void port_close(struct port *p);

/**
 * port_set_vlan() - a tag on all that is sent; only what has it is received
 *
 * Return: 0; a system error.
 */
int port_set_vlan(struct port *p, uint16_t vlan);

/** port_set_relay() - receive what comes to UDP port 67, too. */
int port_set_relay(struct port *p);

/** port_leave_arp() - the kernel answers for the machine's address. */
void port_leave_arp(struct port *p);

/** port_set_address() - what DHCP gave; an ip of 0 takes it away. */
void port_set_address(struct port *p, struct in_addr ip, struct in_addr mask,
    struct in_addr router);

/** port_announce() - tell all that the address is ours, as iPXE does. */
int port_announce(struct port *p);

/**
 * port_rival() - has another machine spoken with our address?
 * @mac: its, if so
 */
bool port_rival(const struct port *p, uint8_t mac[MAC_LEN]);

/** port_set_ttl() - the IP TTL of what is sent from now on. */
void port_set_ttl(struct port *p, uint8_t ttl);

/**
 * port_send() - send a datagram
 *
 * To a single host the MAC address is asked for first; the datagram waits
 * for the answer and leaves from within port_receive(). Only the last such
 * datagram is kept.
 *
 * Return: 0; -EMSGSIZE if larger than the link takes; a system error.
 */
int port_send(struct port *p, const struct port_udp *u);

/**
 * port_flush() - wait until a datagram that port_send() kept has left
 * @deadline_ms: of clock_now_ms()
 *
 * What comes in meanwhile is dropped.
 *
 * Return: 0; -ETIMEDOUT; a system error.
 */
int port_flush(struct port *p, uint64_t deadline_ms);

/**
 * port_receive() - wait for the next datagram for this machine
 * @deadline_ms: of clock_now_ms()
 *
 * Return: 1 with @ret; 0 when the time is up; a system error.
 */
int port_receive(struct port *p, uint64_t deadline_ms, struct port_udp *ret);

#endif
