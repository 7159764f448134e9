/*
 * offers.h - the offers that a client has received, and which of them it
 * takes: each firmware has its own rule.
 */
#ifndef PXE_CHAIN_OFFERS_H
#define PXE_CHAIN_OFFERS_H

#include "chain/persona.h"
#include "wire/dhcp4.h"

enum { OFFERS_MAX = 16 };

/* What EDK2 calls offer types; the others need only a part of it. */
enum offer_class {
	OFFER_PLAIN,            /* an address, no boot class in 60 */
	OFFER_PXE10,            /* address, PXEClient and PXE options in 43 */
	OFFER_BINL,             /* address and PXEClient alone: ask 4011 */
	OFFER_WFM11A,           /* multicast TFTP alone in 43: EDK2 drops it */
	OFFER_PROXY_PXE10,
	OFFER_PROXY_BINL,
	OFFER_PROXY_WFM11A,
	OFFER_PROXY_OTHER,      /* no address and no PXEClient: of no use */
	OFFER_BOOTP,            /* an address without a message type */
	OFFER_HTTP,             /* address and HTTPClient */
	OFFER_PROXY_HTTP,
};

struct offer {
	struct dhcp4_msg msg;
	enum offer_class class;
	bool has_file;
	int8_t priority;                /* 175.1 */
	bool no_pxedhcp;                /* 175.176 */
	struct in_addr server_id;       /* 54, else siaddr, else the source */
	struct in_addr src;
	uint8_t src_mac[MAC_LEN];
	uint64_t at_ms;
	size_t order;                   /* of arrival; a later one is higher */
};

struct offers {
	struct offer offer[OFFERS_MAX];
	size_t n;
	size_t n_dropped;               /* past OFFERS_MAX */
	size_t n_arrived;
};

/**
 * offers_add() - take an offer; the same one again replaces the earlier
 *
 * Takes ownership of @msg in every case.
 */
void offers_add(struct offers *o, struct dhcp4_msg *msg, struct in_addr src,
    const uint8_t src_mac[MAC_LEN], uint64_t now_ms);
void offers_release(struct offers *o);

struct offers_choice {
	const struct offer *dhcp;       /* gives the address; NULL: none usable */
	const struct offer *proxy;      /* names the file; NULL: `dhcp` does */
	bool ask_pxe_port;              /* the file must be asked for at 4011 */
};

/** offers_choose() - by the persona's rule. Return: true if one is usable. */
bool offers_choose(const struct offers *o, const struct persona *p,
    struct offers_choice *ret);

/** offers_has_address() - does any offer give an address? */
bool offers_has_address(const struct offers *o);

/** offers_has_proxy() - did a server with PXEClient answer? */
bool offers_has_proxy(const struct offers *o);

/** offers_fault() - why nothing could be chosen: a fault id. */
const char *offers_fault(const struct offers *o, const struct persona *p);

/** offer_has_pxe_data() - iPXE's test: a file with its server, or a menu. */
bool offer_has_pxe_data(const struct dhcp4_msg *msg);

#endif
