/*
 * dhcpd.h - a DHCP server (RFC 2131) or proxyDHCP server (PXE 2.1): one
 * message in, at most one out.
 *
 * It does no I/O and owns no clock. Who gets which boot data is the
 * policy's business; addresses come from a pool, or from another server
 * where this one is a proxy.
 *
 * It refuses (NAK) only addresses of its own range: what lies outside may
 * be another server's, and a boot server started for an afternoon must not
 * throw machines off their network.
 */
#ifndef PXE_SERVER_DHCPD_H
#define PXE_SERVER_DHCPD_H

#include "chain/policy.h"
#include "server/lease.h"

enum {
	DHCPD_REPLY_MAX = 1472,         /* one Ethernet frame */
	DHCPD_ADDRS_MAX = 8,
	DHCPD_FILE_MAX = 256,
	DHCPD_TEXT_MAX = 512,
};

struct dhcpd_conf {
	bool proxy;
	struct in_addr server_ip;

	/* For the rest only where it is no proxy. */
	struct in_addr subnet;          /* of the range */
	struct in_addr mask;
	struct in_addr routers[DHCPD_ADDRS_MAX];
	size_t n_routers;
	struct in_addr dns[DHCPD_ADDRS_MAX];
	size_t n_dns;
	const char *domain;             /* NULL: none */
	uint32_t lease_s;
};

struct dhcpd {
	struct dhcpd_conf conf;
	struct policy policy;
	struct lease_pool *pool;        /* NULL for a proxy; not owned */
};

/* A datagram that came in. */
struct dhcpd_in {
	const void *buf;
	size_t len;
	struct in_addr from;
	uint16_t from_port;
	bool pxe_port;                  /* at port 4011, not 67 */
};

enum dhcpd_way {
	DHCPD_UNICAST,          /* the receiver has its address already */
	DHCPD_BROADCAST,
	DHCPD_HARDWARE,         /* it cannot answer ARP yet: to `mac`, whatever
	                         * `ip` would resolve to */
};

struct dhcpd_out {
	enum dhcpd_way way;
	struct in_addr ip;
	uint16_t port;
	uint8_t mac[MAC_LEN];
	size_t len;
	uint8_t buf[DHCPD_REPLY_MAX];
};

/* What happened, for a log. */
struct dhcpd_event {
	bool has_mac;
	uint8_t mac[MAC_LEN];
	struct in_addr ip;              /* given, or of the client; or any */
	int type;                       /* enum dhcp4_type that came; 0: none */
	int reply;                      /* that went out; 0: silence */
	bool has_arch;
	uint16_t arch;
	char file[DHCPD_FILE_MAX];      /* named in the reply; "" if none */
	const char *fault;              /* of the catalogue; NULL if none */
	bool minor;                     /* of no interest when all is well */
	char text[DHCPD_TEXT_MAX];      /* from the wire in part: escape it */
};

/**
 * dhcpd_input() - take a message
 * @ret_out:   filled in if there is an answer
 * @ret_event: always filled in
 *
 * Return: true if @ret_out is to be sent.
 */
bool dhcpd_input(struct dhcpd *d, uint64_t now_ms, const struct dhcpd_in *in,
    struct dhcpd_out *ret_out, struct dhcpd_event *ret_event);

#endif
