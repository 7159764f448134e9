/*
 * filter.h - which packets are to be shown, in plain terms: of a machine, of
 * an exchange, of a protocol, of an address.
 *
 * A machine is more than its MAC address: behind a relay or a router that is
 * in DHCP alone. The filter learns the addresses that the machine is given,
 * and takes their packets as well.
 */
#ifndef PXE_CAPTURE_FILTER_H
#define PXE_CAPTURE_FILTER_H

#include "capture/dissect.h"

enum {
	FILTER_LEARNED_MAX = 16,        /* addresses of the machine */
	FILTER_IPS_MAX = 16,
};

/* All zeros lets everything pass; of what is set, all must hold. */
struct packet_filter {
	bool has_mac;
	uint8_t mac[MAC_LEN];
	bool has_xid;
	uint32_t xid;
	unsigned int protos;            /* set of 1 << enum packet_proto */
	unsigned int openings;          /* set of 1 << enum opening_kind */
	struct ip_addr ip[FILTER_IPS_MAX];      /* one of them */
	size_t n_ips;
	struct ip_addr learned[FILTER_LEARNED_MAX];
	size_t n_learned;
};

/**
 * packet_filter_proto() - let this protocol pass as well
 * @name: as in JSON, "dhcp4", "tls"; "dhcp" is both kinds
 *
 * Return: 0; -EINVAL if there is none of that name.
 */
int packet_filter_proto(struct packet_filter *f, const char *name,
    struct diag *diag);

/** packet_filter_pass() - is @p to be shown? */
bool packet_filter_pass(struct packet_filter *f, const struct packet *p);

#endif
