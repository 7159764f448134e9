/*
 * policy.h - "request in, answer and its reasons out": what the embedded
 * server and every configuration language implement, and what the client's
 * walk, the linter and the server ask.
 */
#ifndef PXE_CHAIN_POLICY_H
#define PXE_CHAIN_POLICY_H

#include "base/diag.h"
#include "wire/dhcp4.h"
#include "wire/dhcp6.h"

struct request {
	const struct dhcp4_msg *msg;
	struct in_addr server_ip;       /* the address it arrived at */
	bool pxe_port;                  /* it came to port 4011 */
};

/* A SOLICIT or REQUEST, the client's own message (RFC 8415, RFC 5970). */
struct request6 {
	const struct dhcp6_msg *msg;
	struct in6_addr link;           /* of the relay; "::": not relayed */
	const char *iface;              /* that it arrived at; "" if not known */
	bool has_mac;
	uint8_t mac[MAC_LEN];           /* as its link-local address has it */
};

/* One line, rule or fact that decided the answer. */
struct reason {
	const char *file;               /* "" for the embedded rule */
	unsigned int line;
	const char *text;
	struct reason *next;
};

struct answer {
	bool answered;                  /* false: silence */
	bool is_proxy;                  /* gives boot data but no address */
	bool server_unknown;            /* msg.siaddr, where it is 0: a name
	                                 * that was not looked up, or said in
	                                 * a part that was not read */
	struct dhcp4_msg msg;           /* boot fields and options; no lease */
	const char *fault;              /* the catalogue's id of what this
	                                 * answer will run into; NULL if none */
	struct reason *reasons;         /* in order; owned by msg.arena */
};

/* What comes with an address, whichever that is. */
struct answer6 {
	bool answered;
	bool has_address;               /* false: firmware does not boot */
	struct dhcp6_msg msg;           /* the options that are configured */
	struct reason *reasons;         /* in order; owned by msg.arena */
};

void answer6_init(struct answer6 *a);
void answer6_release(struct answer6 *a);

/** reason_add() - at the end of a list. Return: 0; -ENOMEM. */
int reason_add(struct arena *arena, struct reason **list, const char *file,
    unsigned int line, const char *fmt, ...) PRINTF_LIKE(5, 6);

void answer_init(struct answer *a);
void answer_release(struct answer *a);

/** answer_because() - add a reason. Return: 0; -ENOMEM. */
int answer_because(struct answer *a, const char *file, unsigned int line,
    const char *fmt, ...) PRINTF_LIKE(4, 5);

struct policy {
	/**
	 * answer() - @ret is initialised by the caller and released by it
	 *
	 * Return: 0 (also for silence); a negative errno if it cannot be
	 * worked out.
	 */
	int (*answer)(void *ctx, const struct request *req,
	    struct answer *ret, struct diag *diag);
	void *ctx;
};

#endif
