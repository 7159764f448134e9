/*
 * release.h - give addresses back at the end, which no firmware does: a test
 * must not use up the servers' pools.
 */
#ifndef PXE_CLIENT_RELEASE_H
#define PXE_CLIENT_RELEASE_H

#include "net/port.h"
#include "wire/dhcp4.h"

/* An address that a server gave, and under which name it did. */
struct held_lease {
	struct in_addr address;
	struct in_addr mask;
	struct in_addr router;
	struct in_addr server;
	uint8_t client_id[255];         /* option 61 */
	size_t client_id_len;           /* 0: by the MAC address alone */
};

/**
 * held_lease_set() - what has to be known to give it back
 * @request: what the machine asked with, for its option 61
 * @server:  whom it goes back to
 */
void held_lease_set(struct held_lease *l, const struct dhcp4_msg *request,
    const struct dhcp4_msg *ack, struct in_addr server);

/**
 * held_lease_release() - send a RELEASE for each, but no more than once
 *
 * Waits a little for the MAC address of a server that is not known yet. What
 * cannot be sent is given up: there is no answer to a RELEASE anyway.
 */
void held_lease_release(struct port *port, const uint8_t mac[MAC_LEN],
    const struct held_lease *lease, size_t n);

#endif
