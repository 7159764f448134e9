/*
 * walk_renew.c - does the server renew the lease, asked by unicast (RFC 2131
 * 4.4.5)? No firmware runs long enough to ask, but the system does that it
 * boots: where that fails, machines lose their address hours after the boot.
 */
#include "base/clock.h"
#include "client/walk_internal.h"

#include <errno.h>
#include <sys/random.h>

enum { RENEW_TRIES = 3, RENEW_MS = 2000, RENEW_MAX = 1500 };

/* ciaddr, and neither option 50 nor 54 (RFC 2131, 4.3.2, RENEWING). */
static int
make_request(const struct walk *w, const struct held_lease *l, uint32_t xid,
    struct wr *out)
{
	struct persona_ask ask = {
		.type = DHCP4_REQUEST, .xid = xid, .ciaddr = l->address,
	};
	struct dhcp4_msg m;
	int rc = persona_message(w->now, &w->conf->machine, &ask, &m);

	if (rc < 0)
		return rc;
	m.flags = 0;
	rc = dhcp4_msg_build(&m, out, w->now->pad_to, RENEW_MAX);
	dhcp4_msg_release(&m);
	return rc;
}

/* Return: option 53 of the answer; 0 if time is up; a system error. */
static int
wait_answer(struct walk *w, uint32_t xid, uint64_t deadline_ms)
{
	struct dhcp4_msg m;
	struct port_udp u;
	int rc;

	while ((rc = attach_receive(w->net, deadline_ms, &u)) > 0) {
		int type = 0;

		if (u.dport != DHCP4_CLIENT_PORT ||
		    dhcp4_msg_parse(&m, u.buf, u.len, NULL) < 0)
			continue;
		if (m.op == DHCP4_BOOTREPLY && m.xid == xid)
			type = dhcp4_type(&m);
		dhcp4_msg_release(&m);
		if (type == DHCP4_ACK || type == DHCP4_NAK)
			return type;
	}
	return rc;
}

static void
record(struct walk *w, const struct held_lease *l, int type)
{
	char ip[IP_TEXT_MAX];
	char server[IP_TEXT_MAX];

	(void)ipv4_format(l->address, ip);
	(void)ipv4_format(l->server, server);
	if (type)
		boot_add_event(w->boot, BOOT_EV_RECEIVED, "%s %s from %s, to "
		    "the renewal", dhcp4_type_name(type), ip, server);
	if (type == DHCP4_NAK)
		boot_set_fault(w->boot, "dhcp-nak", "%s refuses to renew the "
		    "lease of %s", server, ip);
	else if (!type)
		boot_set_fault(w->boot, "dhcp-request-unanswered", "%s does "
		    "not renew the lease of %s: %d unicast REQUESTs without "
		    "an answer", server, ip, RENEW_TRIES);
}

int
walk_renew(struct walk *w, struct diag *diag)
{
	const struct held_lease *l;
	uint8_t buf[RENEW_MAX];
	struct wr out = wr_init(buf, sizeof(buf));
	struct port_udp u = {
		.sport = DHCP4_CLIENT_PORT, .dport = DHCP4_SERVER_PORT,
		.buf = buf,
	};
	char server[IP_TEXT_MAX];
	uint32_t xid;
	int rc;

	if (w->n_leases == 0 || w->boot->fault)
		return 0;
	l = &w->lease[w->n_leases - 1];
	rc = getrandom(&xid, sizeof(xid), 0) < 0 ? -errno :
	    make_request(w, l, xid, &out);
	u.src = l->address;
	u.dst = l->server;
	u.len = out.len;
	for (int i = 0; rc == 0 && i < RENEW_TRIES; i++) {
		boot_add_event(w->boot, BOOT_EV_SENT, "REQUEST to %s, to "
		    "renew the lease", ipv4_format(l->server, server));
		rc = attach_send(w->net, &u);
		if (rc == 0)
			rc = wait_answer(w, xid, clock_now_ms() +
			    RENEW_MS / w->conf->speed);
	}
	if (rc < 0)
		diag_sys(diag, rc, "cannot renew the lease");
	else
		record(w, l, rc);
	walk_changed(w);
	return rc < 0 ? rc : 0;
}
