/*
 * policy.h - "request in, answer and its reasons out": what the embedded
 * server and every configuration language implement, and what the client's
 * walk, the linter and the server ask.
 */
#ifndef PXE_CHAIN_POLICY_H
#define PXE_CHAIN_POLICY_H

#include "base/diag.h"
#include "wire/dhcp4.h"

struct request {
	const struct dhcp4_msg *msg;
	struct in_addr server_ip;       /* the address it arrived at */
	bool pxe_port;                  /* it came to port 4011 */
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
