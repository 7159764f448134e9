/*
 * At the end the machine gives its addresses back, which no firmware does: a
 * test must not use up the servers' pools.
 */
#include "client/walk_internal.h"

#include "base/clock.h"

#include <string.h>
#include <sys/random.h>

enum { RELEASE_ARP_MS = 300, RELEASE_MAX = 600 };

void
walk_lease_add(struct walk *w, const struct dhcp4_msg *ack,
    struct in_addr server)
{
	struct walk_lease now = {
		.address = ack->yiaddr, .server = server, .client = w->now,
	};

	(void)dhcp4_get_ip(ack, DHCP4_OPT_MASK, &now.mask);
	(void)dhcp4_get_ip(ack, DHCP4_OPT_ROUTER, &now.router);
	for (size_t i = 0; i < w->n_leases; i++) {
		if (memcmp(&w->lease[i], &now, sizeof(now)) == 0)
			return;
	}
	if (w->n_leases < WALK_LEASES_MAX)
		w->lease[w->n_leases++] = now;
}

/*
 * RFC 2131 4.4.4: the address in ciaddr, the server, and the client's name
 * for itself as in its REQUEST: else the server looks for another lease.
 */
static int
make_release(const struct walk *w, const struct walk_lease *l,
    struct dhcp4_msg *ret)
{
	struct persona_ask ask = { .type = DHCP4_REQUEST };
	const struct dhcp4_opt *id;
	struct dhcp4_msg request;
	int rc = persona_message(l->client, &w->conf->machine, &ask, &request);

	dhcp4_msg_init(ret, DHCP4_BOOTREQUEST);
	if (rc < 0)
		return rc;
	(void)getrandom(&ret->xid, sizeof(ret->xid), 0);
	ret->ciaddr = l->address;
	memcpy(ret->chaddr, w->conf->machine.mac, MAC_LEN);
	id = dhcp4_opt(&request, DHCP4_OPT_CLIENT_ID);
	rc = dhcp4_add_u8(ret, DHCP4_OPT_MSG_TYPE, DHCP4_RELEASE);
	if (rc == 0)
		rc = dhcp4_add_ip(ret, DHCP4_OPT_SERVER_ID, l->server);
	if (rc == 0 && id)
		rc = dhcp4_add(ret, DHCP4_OPT_CLIENT_ID, id->data, id->len);
	dhcp4_msg_release(&request);
	return rc;
}

/* Send it, and wait as long as finding the server's MAC address may take. */
static void
release_one(struct walk *w, const struct walk_lease *l)
{
	uint8_t buf[RELEASE_MAX];
	struct wr out = wr_init(buf, sizeof(buf));
	struct port_udp u = {
		.src = l->address, .dst = l->server,
		.sport = DHCP4_CLIENT_PORT, .dport = DHCP4_SERVER_PORT,
	};
	struct dhcp4_msg msg;
	uint64_t until = clock_now_ms() + RELEASE_ARP_MS;

	if (make_release(w, l, &msg) == 0 &&
	    dhcp4_msg_build(&msg, &out, 0, sizeof(buf)) == 0) {
		u.buf = buf;
		u.len = out.len;
		port_set_address(w->port, l->address, l->mask, l->router);
		if (port_send(w->port, &u) == 0)
			(void)port_flush(w->port, until);
	}
	dhcp4_msg_release(&msg);
}

void
walk_release(struct walk *w)
{
	for (size_t i = 0; i < w->n_leases; i++)
		release_one(w, &w->lease[i]);
}
