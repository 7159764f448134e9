/*
 * Who serves, and with which software: told from habits that its own
 * settings do not change. Measured on dnsmasq 2.90, ISC dhcpd 4.4 and Kea 2.2.
 */
#include "diagnose/internal.h"

#include "base/util.h"

#include <string.h>

struct diagnosis_server *
server_note(struct diagnose *d, const struct ip_addr *a,
    enum diagnosis_role role)
{
	struct diagnosis *o = d->out;
	struct diagnosis_server *s = NULL;
	static const struct ip_addr all = { .family = AF_INET,
	    .v4 = { .s_addr = INADDR_BROADCAST } };

	if (!a->family || ip_equal(a, &all))
		return NULL;
	for (size_t i = 0; i < o->n_servers && !s; i++) {
		if (ip_equal(&o->server[i].address, a))
			s = &o->server[i];
	}
	if (!s && o->n_servers < DIAGNOSIS_SERVERS_MAX) {
		s = &o->server[o->n_servers++];
		*s = (struct diagnosis_server){ .address = *a };
	}
	if (!s)
		return NULL;
	s->roles |= (unsigned int)role;
	if (!s->has_mac && d->p && d->p->frame.has_mac &&
	    ip_equal(&d->p->frame.src, a)) {
		s->has_mac = true;
		memcpy(s->mac, d->p->frame.mac_src, MAC_LEN);
	}
	return s;
}

void
server_software(struct diagnosis_server *s, const char *software,
    const char *why)
{
	if (!s->software) {
		s->software = software;
		s->software_why = why;
	}
}

const struct diagnosis_server *
server_of(const struct diagnosis *o, const struct ip_addr *a)
{
	for (size_t i = 0; i < o->n_servers; i++) {
		if (ip_equal(&o->server[i].address, a))
			return &o->server[i];
	}
	return NULL;
}

/* Where does the option stand among the others? -1: not there. */
static int
place_of(const struct dhcp4_msg *msg, uint8_t code)
{
	for (size_t i = 0; i < msg->n_opts; i++) {
		if (msg->opts[i].code == code)
			return (int)i;
	}
	return -1;
}

void
server_habits(struct diagnose *d, struct diagnosis_server *s,
    const struct packet *p)
{
	const struct dhcp4_msg *msg = &p->dhcp4;
	int id = place_of(msg, DHCP4_OPT_SERVER_ID);
	int lease = place_of(msg, DHCP4_OPT_LEASE_TIME);
	int mask = place_of(msg, DHCP4_OPT_MASK);
	int t1 = place_of(msg, DHCP4_OPT_T1);
	const struct dhcp4_opt *type = msg->n_opts ? &msg->opts[0] : NULL;

	(void)d;
	if (!s || s->software || !type || type->code != DHCP4_OPT_MSG_TYPE)
		return;
	if (place_of(msg, DHCP4_OPT_RELAY) >= 0 && id < 0)
		return;
	/*
	 * dnsmasq: 53 54 51 ... 58 59 1; ISC: 53 54 51 1 ...; Kea: 54 last;
	 * Windows: 53 1 58 59 51 54, from published traces
	 */
	if (id == 1 && lease == 2 && t1 > 2 && mask > t1)
		server_software(s, "dnsmasq", "the order of its options");
	else if (id == 1 && lease < 0 && msg->yiaddr.s_addr == 0 &&
	    place_of(msg, DHCP4_OPT_VENDOR_CLASS) == 2)
		server_software(s, "dnsmasq", "the order of its options");
	else if (id == 1 && lease == 2 && mask == 3)
		server_software(s, "isc", "the order of its options");
	else if (mask == 1 && t1 == 2 && lease == 4 && id == 5)
		server_software(s, "windows", "the order of its options");
	else if (mask == 1 && id > lease && lease > 1)
		server_software(s, "kea", "the order of its options");
}
