/*
 * exchange.h - one machine asks a policy, on port 67 and where it would do
 * so on port 4011 as well: what it takes from the answers.
 */
#ifndef PXE_LINT_EXCHANGE_H
#define PXE_LINT_EXCHANGE_H

#include "chain/persona.h"
#include "chain/policy.h"
#include "chain/target.h"

struct exchange {
	struct answer answer;
	bool usable;                    /* the machine takes the offer */
	bool asked_pxe_port;
	bool by_menu;                   /* for the first item of its menu */
	bool boots_local;               /* which is the local disk */
	struct answer pxe_answer;       /* with asked_pxe_port */
	bool has_file;
	struct target target;
};

/**
 * exchange_run() - ask for @req
 * @req: with pxe_port, only that question is asked
 * @p:   how the machine chooses; NULL for a request that is of none: it
 *       asks port 4011 where any firmware would
 * @ret: on success, to be released by the caller
 *
 * A policy's answer has no lease: the address, and in proxy mode the other
 * DHCP server that gives it, are taken as given.
 *
 * Return: 0; a negative errno of the policy.
 */
int exchange_run(const struct policy *policy, const struct request *req,
    const struct persona *p, struct exchange *ret, struct diag *diag);
void exchange_release(struct exchange *x);

#endif
