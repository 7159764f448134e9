/*
 * arp.h - ARP for IPv4 over Ethernet (RFC 826), with the probes and
 * announcements of RFC 5227.
 */
#ifndef PXE_WIRE_ARP_H
#define PXE_WIRE_ARP_H

#include "base/bytes.h"
#include "base/diag.h"
#include "base/text.h"

enum { ARP_PKT_LEN = 28 };

enum arp_op { ARP_REQUEST = 1, ARP_REPLY = 2 };

/* What a packet is for; made of its operation and addresses. */
enum arp_kind {
	ARP_KIND_REQUEST,       /* who has the target address? */
	ARP_KIND_REPLY,
	ARP_KIND_PROBE,         /* sender 0.0.0.0: is the address in use? */
	ARP_KIND_ANNOUNCEMENT,  /* sender is target: the address is mine now */
};

struct arp_pkt {
	enum arp_op op;
	uint8_t sender_mac[MAC_LEN];
	struct in_addr sender;
	uint8_t target_mac[MAC_LEN];    /* ignored in a request */
	struct in_addr target;
};

/**
 * arp_parse() - read what follows the Ethernet header
 *
 * Bytes after the packet are ignored (padding).
 *
 * Return: 0; -EBADMSG if too short; -ENOTSUP if not IPv4 over Ethernet, or
 * neither request nor reply.
 */
int arp_parse(const void *buf, size_t len, struct arp_pkt *ret,
    struct diag *diag);

/** arp_build() - ARP_PKT_LEN bytes; what does not fit sets w->full. */
void arp_build(struct wr *w, const struct arp_pkt *pkt);

/**
 * arp_kind() - what @pkt is for
 *
 * A reply whose sender is its target announces as well (gratuitous ARP).
 */
enum arp_kind arp_kind(const struct arp_pkt *pkt);

/** arp_kind_name() - "request", "reply", "probe" or "announcement". */
const char *arp_kind_name(enum arp_kind kind);

#endif
