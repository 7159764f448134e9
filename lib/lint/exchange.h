/*
 * exchange.h - one machine asks a policy, on port 67 and where it would do
 * so on port 4011 as well: what it takes from the answers.
 */
#ifndef PXE_LINT_EXCHANGE_H
#define PXE_LINT_EXCHANGE_H

#include "chain/persona.h"
#include "chain/policy.h"
#include "chain/target.h"

enum { EXCHANGE_ITEMS_MAX = 16, EXCHANGE_ITEM_TEXT_MAX = 64 };

/* A line of a PXE boot menu (option 43.9). */
struct exchange_item {
	uint16_t type;                  /* 0: the local disk */
	char text[EXCHANGE_ITEM_TEXT_MAX];
};

struct exchange {
	struct answer answer;
	struct in_addr near;            /* an address of the client's network,
	                                 * its relay's or the server's; or 0 */
	bool usable;                    /* the machine takes the offer */
	bool asked_pxe_port;
	struct exchange_item item[EXCHANGE_ITEMS_MAX];
	size_t n_items;                 /* 0: there is no menu, or it is not used */
	size_t taken;                   /* the item that was asked for */
	bool boots_local;               /* which is the local disk */
	struct answer pxe_answer;       /* with asked_pxe_port */
	bool has_file;
	struct target target;
};

/**
 * exchange_run() - ask for @req
 * @req:  with pxe_port, only that question is asked
 * @p:    how the machine chooses; NULL for a request that is of none: it
 *        asks port 4011 where any firmware would
 * @item: of its boot menu, if it is offered one; where nobody presses a key
 *        it is 0, and one that is not there is as 0
 * @ret:  on success, to be released by the caller
 *
 * A policy's answer has no lease: the address, and in proxy mode the other
 * DHCP server that gives it, are taken as given.
 *
 * Return: 0; a negative errno of the policy.
 */
int exchange_run(const struct policy *policy, const struct request *req,
    const struct persona *p, size_t item, struct exchange *ret,
    struct diag *diag);
void exchange_release(struct exchange *x);

#endif
