/*
 * tftp_flow.h - which UDP datagrams belong to a TFTP transfer.
 *
 * A transfer begins at port 69 and goes on between two other ports (RFC
 * 1350 4), of which the request tells only the client's. The table remembers
 * the clients' ends. Where the request was not captured, or went to another
 * port, the transfer is known by what it says: options, or a block and its
 * acknowledgement.
 */
#ifndef PXE_CAPTURE_TFTP_FLOW_H
#define PXE_CAPTURE_TFTP_FLOW_H

#include "wire/frame.h"

enum { TFTP_FLOWS_MAX = 8192 }; /* at one time; older ones give way */

struct tftp_flows;

/** tftp_flows_new() - an empty table; NULL if out of memory. */
struct tftp_flows *tftp_flows_new(void);
void tftp_flows_free(struct tftp_flows *t);

/** tftp_flow_add() - a transfer has an end at @addr and @port. */
void tftp_flow_add(struct tftp_flows *t, const struct ip_addr *addr,
    uint16_t port);

/** tftp_flow_known() - does one end of @f belong to a transfer? */
bool tftp_flow_known(const struct tftp_flows *t, const struct frame *f);

/**
 * tftp_flow_guess() - do the bytes of @f, on ports that mean nothing, show a
 * transfer?
 *
 * A request and an OACK do at once. A DATA or ACK alone is two small numbers
 * that anything may begin with: only that which answers another in the other
 * direction does.
 *
 * Return: true if so; both ends' datagrams are known from then on.
 */
bool tftp_flow_guess(struct tftp_flows *t, const struct frame *f);

#endif
