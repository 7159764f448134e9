/*
 * persona6.h - how a persona speaks DHCPv6: what its messages hold and in
 * which order, when it repeats itself, which offers it can use.
 *
 * Sources: OVMF and iPXE on the wire; RFC 8415, RFC 5970, RFC 6355.
 */
#ifndef PXE_CHAIN_PERSONA6_H
#define PXE_CHAIN_PERSONA6_H

#include "chain/persona.h"
#include "wire/dhcp6.h"

enum persona6_elapsed {
	ELAPSED6_SECONDS,       /* whole ones, anew for each kind of message */
	ELAPSED6_CENTIS,        /* hundredths, since the first SOLICIT */
};

struct persona6 {
	/* Option codes in wire order, ending with 0. */
	const uint16_t *solicit_order;
	const uint16_t *request_order;
	const uint16_t *inform_order;   /* INFORMATION-REQUEST */
	const uint16_t *release_order;
	const uint16_t *oro;            /* option 6, ending with 0 */
	bool uuid_swapped;              /* DUID-UUID in SMBIOS byte order */
	/* IA_NA asks for endless times, and repeats the offered ones. */
	bool ia_times;
	bool xid_counts;                /* a new one for each kind of message */
	bool collect;                   /* offers, to the end of the interval */
	bool needs_url;                 /* an offer without a boot file: unusable */
	bool needs_class;               /* and one that is not of HTTPClient */
	bool releases;                  /* gives its address back by itself */
	enum persona6_elapsed elapsed;
	uint8_t hop_limit;
	/* Waits after each send, ending with 0; after the last, failure. */
	const uint16_t *solicit_ms;
	const uint16_t *request_ms;
	const struct persona6 *stack;   /* the IPv6 stack's own; NULL: none */
};

/* One message that a client is about to send. */
struct persona6_ask {
	enum dhcp6_type type;
	uint32_t xid;
	uint32_t iaid;
	uint16_t elapsed_cs;            /* hundredths of a second */
	const void *server_duid;        /* not in SOLICIT */
	size_t server_duid_len;
	const struct dhcp6_ia *ia;      /* what was offered: REQUEST, RELEASE */
	const struct dhcp6_ia_addr *addr;
};

/**
 * persona6_message() - the DHCPv6 message a persona would send
 * @p6:  @p's own exchange, or that of its IPv6 stack
 * @ret: on success, to be released by the caller
 *
 * A machine without a UUID has a DUID of its MAC address (type 3).
 *
 * Return: 0; -ENOMEM.
 */
int persona6_message(const struct persona *p, const struct persona6 *p6,
    const struct machine *m, const struct persona6_ask *ask,
    struct dhcp6_msg *ret);

/** persona6_xid_next() - of the next kind of message. */
uint32_t persona6_xid_next(const struct persona6 *p6, uint32_t xid);

/* The personas that boot over IPv6; they end with NULL. */
extern const struct persona *const persona6_table[];

#endif
