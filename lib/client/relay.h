/*
 * relay.h - a request as a relay agent hands it on (RFC 1542 4.1.1, RFC 3046).
 */
#ifndef PXE_CLIENT_RELAY_H
#define PXE_CLIENT_RELAY_H

#include "base/bytes.h"

#include <netinet/in.h>
#include <stdbool.h>

struct relay {
	struct in_addr giaddr;          /* 0: there is none */
	struct in_addr server;          /* to whom it hands on */
	const char *circuit_id;         /* option 82.1; NULL: none */
	const char *remote_id;          /* option 82.2; NULL: none */
};

/**
 * relay_request() - the client's message @buf as the relay would send it
 *
 * Return: 0 with @out filled in; -EBADMSG; -EMSGSIZE; -ENOMEM.
 */
int relay_request(const struct relay *r, const void *buf, size_t len,
    struct wr *out);

/**
 * relay_reply_ok() - would the relay hand this answer to its clients?
 *
 * False if it is no BOOTREPLY, or one for another relay.
 */
bool relay_reply_ok(const struct relay *r, const void *buf, size_t len);

#endif
