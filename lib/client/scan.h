/*
 * scan.h - who answers on this network? Every kind of machine asks once, all
 * answers of all servers are kept, and nothing is taken: there is no lease
 * to give back.
 */
#ifndef PXE_CLIENT_SCAN_H
#define PXE_CLIENT_SCAN_H

#include "base/arena.h"
#include "chain/fault.h"
#include "chain/offers.h"
#include "net/iface.h"

enum { SCAN_KINDS_MAX = 64, SCAN_SERVERS_MAX = 64, SCAN_FINDINGS_MAX = 256 };

/* What was sent back to one kind of machine. */
struct scan_kind {
	const struct persona *persona;
	struct machine machine;
	uint32_t xid;
	struct offers offers;
	bool usable;
	struct offers_choice choice;    /* whose offer it would take */
};

/* Somebody who answers. */
struct scan_server {
	struct in_addr ip;              /* where its answers come from */
	uint8_t mac[MAC_LEN];           /* of it, or of the relay before it */
	bool leases;                    /* offers addresses */
	bool is_proxy;                  /* offers boot data alone */
	bool claims_pxe;                /* option 60 says PXEClient */
	bool asked_pxe_port;
	bool on_pxe_port;               /* and port 4011 answered */
	size_t n_kinds;                 /* of machine that it answered */
	double first_s;                 /* from the first question to its answer */
};

struct scan_finding {
	const struct fault *fault;
	const char *text;
};

struct scan {
	struct scan_kind kind[SCAN_KINDS_MAX];
	size_t n_kinds;
	struct scan_server server[SCAN_SERVERS_MAX];
	size_t n_servers;
	struct scan_finding finding[SCAN_FINDINGS_MAX];
	size_t n_findings;
	bool no_host_address;           /* so port 4011 was not asked */
	struct arena arena;             /* of the texts */
};

struct scan_conf {
	struct iface iface;
	uint8_t mac[MAC_LEN];           /* of the first machine; counts up */
	const struct persona *const *personas;
	size_t n_personas;
	uint64_t wait_ms;               /* for answers */
};

/**
 * scan_run() - ask, and listen until the time is up
 * @ret: to be given to scan_free()
 *
 * Return: 0, also if nobody answers; -EPERM and others of packet_open();
 * -ENOMEM.
 */
int scan_run(const struct scan_conf *conf, struct scan **ret,
    struct diag *diag);
void scan_free(struct scan *s);

/** scan_judge() - who is in whose way: fills in the findings. */
void scan_judge(struct scan *s);

#endif
