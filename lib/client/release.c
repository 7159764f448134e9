#include "client/release.h"

#include "base/clock.h"

#include <string.h>
#include <sys/random.h>

enum { RELEASE_ARP_MS = 300, RELEASE_MAX = 600 };

void
held_lease_set(struct held_lease *l, const struct dhcp4_msg *request,
    const struct dhcp4_msg *ack, struct in_addr server)
{
	const struct dhcp4_opt *id = dhcp4_opt(request, DHCP4_OPT_CLIENT_ID);

	memset(l, 0, sizeof(*l));
	l->address = ack->yiaddr;
	l->server = server;
	(void)dhcp4_get_ip(ack, DHCP4_OPT_MASK, &l->mask);
	(void)dhcp4_get_ip(ack, DHCP4_OPT_ROUTER, &l->router);
	if (id && id->len <= sizeof(l->client_id)) {
		memcpy(l->client_id, id->data, id->len);
		l->client_id_len = id->len;
	}
}

/*
 * RFC 2131 4.4.4: the address in ciaddr, the server, and the client's name
 * for itself as in its REQUEST: else the server looks for another lease.
 */
static int
make_release(const struct held_lease *l, const uint8_t mac[MAC_LEN],
    struct wr *out)
{
	struct dhcp4_msg m;
	int rc;

	dhcp4_msg_init(&m, DHCP4_BOOTREQUEST);
	(void)getrandom(&m.xid, sizeof(m.xid), 0);
	m.ciaddr = l->address;
	memcpy(m.chaddr, mac, MAC_LEN);
	rc = dhcp4_add_u8(&m, DHCP4_OPT_MSG_TYPE, DHCP4_RELEASE);
	if (rc == 0)
		rc = dhcp4_add_ip(&m, DHCP4_OPT_SERVER_ID, l->server);
	if (rc == 0 && l->client_id_len > 0)
		rc = dhcp4_add(&m, DHCP4_OPT_CLIENT_ID, l->client_id,
		    l->client_id_len);
	if (rc == 0)
		rc = dhcp4_msg_build(&m, out, 0, RELEASE_MAX);
	dhcp4_msg_release(&m);
	return rc;
}

static void
release_one(struct port *port, const uint8_t mac[MAC_LEN],
    const struct held_lease *l)
{
	uint8_t buf[RELEASE_MAX];
	struct wr out = wr_init(buf, sizeof(buf));
	struct port_udp u = {
		.src = l->address, .dst = l->server,
		.sport = DHCP4_CLIENT_PORT, .dport = DHCP4_SERVER_PORT,
		.buf = buf,
	};

	if (make_release(l, mac, &out) < 0)
		return;
	u.len = out.len;
	port_set_address(port, l->address, l->mask, l->router);
	if (port_send(port, &u) == 0)
		(void)port_flush(port, clock_now_ms() + RELEASE_ARP_MS);
}

static bool
is_among(const struct held_lease *lease, size_t n,
    const struct held_lease *l)
{
	for (size_t i = 0; i < n; i++) {
		if (memcmp(&lease[i], l, sizeof(*l)) == 0)
			return true;
	}
	return false;
}

void
held_lease_release(struct port *port, const uint8_t mac[MAC_LEN],
    const struct held_lease *lease, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!is_among(lease, i, &lease[i]))
			release_one(port, mac, &lease[i]);
	}
}
