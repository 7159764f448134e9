#include "client_net.h"

#include <errno.h>
#include <string.h>

enum { VLAN_MAX = 4094 };

static int
read_relay(const struct client_net *o, struct attach_conf *ret,
    struct diag *diag)
{
	if (!o->giaddr.set) {
		if (o->server.set || o->circuit_id || o->remote_id) {
			diag_set(diag, "--server, --circuit-id and "
			    "--remote-id are a relay agent's: give its address "
			    "with --giaddr");
			return -EINVAL;
		}
		return 0;
	}
	if (!o->server.set) {
		diag_set(diag, "--giaddr: say with --server to whom the relay "
		    "agent hands the requests on");
		return -EINVAL;
	}
	if (ret->net == ATTACH_OWN) {
		diag_set(diag, "--giaddr needs --net=host: files cannot be "
		    "loaded through a relay agent");
		return -EINVAL;
	}
	ret->relay.giaddr.s_addr = o->giaddr.addr;
	ret->relay.server.s_addr = o->server.addr;
	ret->relay.circuit_id = o->circuit_id;
	ret->relay.remote_id = o->remote_id;
	return 0;
}

int
client_net_read(const struct client_net *o, struct attach_conf *ret,
    struct diag *diag)
{
	memset(ret, 0, sizeof(*ret));
	if (o->net && strcmp(o->net, "own") == 0) {
		ret->net = ATTACH_OWN;
	} else if (o->net && strcmp(o->net, "host") != 0) {
		diag_set(diag, "--net: '%s' is neither host nor own", o->net);
		return -EINVAL;
	}
	if (o->vlan > VLAN_MAX) {
		diag_set(diag, "--vlan: %u is not from 1 to %d", o->vlan,
		    VLAN_MAX);
		return -EINVAL;
	}
	ret->vlan = o->vlan;
	return read_relay(o, ret, diag);
}
