/*
 * dora6.h - the DHCPv6 client machine: SOLICIT, ADVERTISEs, REQUEST, REPLY
 * (RFC 8415 18.2), or INFORMATION-REQUEST and REPLY, as a given persona does
 * them, and the boot file out of the REPLY (RFC 5970).
 *
 * It does no I/O and owns no clock; it is driven as dora.h. All it sends goes
 * to ff02::1:2, port 547.
 */
#ifndef PXE_CLIENT_DORA6_H
#define PXE_CLIENT_DORA6_H

#include "base/clock.h"
#include "chain/persona6.h"

#include <netinet/in.h>

enum dora6_state {
	DORA6_IDLE,
	DORA6_SOLICITING,
	DORA6_REQUESTING,
	DORA6_INFORMING,
	DORA6_BOUND,            /* `reply`, and `addr` unless stateless */
	DORA6_FAILED,           /* `fault`, `why` */
	DORA6_N_STATES,
};

enum dora6_event_kind { DORA6_SENT, DORA6_RECEIVED, DORA6_IGNORED };

struct dora6_event {
	enum dora6_event_kind kind;
	struct in6_addr peer;           /* who sent it; ff02::1:2 */
	const struct dhcp6_msg *msg;
	const char *note;               /* why it was ignored; or NULL */
};

struct dora6_conf {
	const struct persona *persona;
	const struct persona6 *p6;      /* its own exchange, or its stack's */
	const struct machine *machine;
	uint32_t xid;                   /* 24 bits */
	uint32_t iaid;
	bool stateless;                 /* asks for no address */
	unsigned int speed;             /* divides all waits; 1: real timing */
	void (*event)(void *ctx, const struct dora6_event *ev); /* may be NULL */
	void *ctx;
};

enum { DORA6_WHY_MAX = 256, DORA6_URL_MAX = 1024, DORA6_OUT_MAX = 1232 };

struct dora6_output {
	uint8_t buf[DORA6_OUT_MAX];
	size_t len;
};

struct dora6 {
	struct dora6_conf conf;
	enum dora6_state state;
	uint64_t deadline_ms;

	struct dhcp6_msg reply;         /* in BOUND */
	struct in6_addr server;         /* who sent it */
	struct dhcp6_ia_addr addr;      /* of the offer that was taken */
	const char *fault;              /* in FAILED: an id; NULL: a failure of ours */
	char why[DORA6_WHY_MAX];

	/* private */
	bool has_reply;
	bool has_offer;
	struct dhcp6_msg offer;         /* the best so far */
	struct in6_addr offer_from;
	int preference;                 /* of `offer` */
	unsigned int n_offers;          /* usable or not */
	const char *unusable;           /* fault of the last that was not */
	char unusable_why[DORA6_WHY_MAX];
	uint32_t xid;
	uint64_t first_ms;              /* of the first message of all */
	uint64_t state_ms;
	unsigned int n_sends;           /* in this state */
	bool has_output;
	struct dora6_output output;
};

/** dora6_init() - prepare; @conf is copied, what it points to is kept. */
void dora6_init(struct dora6 *d, const struct dora6_conf *conf);
void dora6_release(struct dora6 *d);

void dora6_start(struct dora6 *d, uint64_t now_ms);
void dora6_input(struct dora6 *d, uint64_t now_ms, const struct in6_addr *src,
    const void *buf, size_t len);
void dora6_expire(struct dora6 *d, uint64_t now_ms);

/** dora6_output() - what is to be sent now, once; NULL if nothing is. */
const struct dora6_output *dora6_output(struct dora6 *d);

/** dora6_is_running() - neither bound nor failed. */
bool dora6_is_running(const struct dora6 *d);

/**
 * dora6_give_back() - the RELEASE of what a bound machine has
 *
 * Return: 0 with @out; -ENODATA if it has no address; another error of ours.
 */
int dora6_give_back(struct dora6 *d, struct dora6_output *out);

#endif
