/*
 * client_net.h - the options that say how the emulated machine hangs on the
 * network.
 */
#ifndef PXE_CMD_CLIENT_NET_H
#define PXE_CMD_CLIENT_NET_H

#include "cmd.h"

#include "client/attach.h"

struct client_net {
	const char *net;                /* "host" or "own" */
	uint16_t vlan;
	struct opt_ipv4 giaddr;
	struct opt_ipv4 server;
	const char *circuit_id;
	const char *remote_id;
};

/** client_net_read() - Return: 0; -EINVAL if they do not go together. */
int client_net_read(const struct client_net *o, struct attach_conf *ret,
    struct diag *diag);

#endif
