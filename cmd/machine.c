#include "machine.h"

#include <string.h>

const struct persona *
machine_persona(const char *name, struct diag *diag)
{
	const struct persona *p = persona_find(name);
	const char *nearest = persona_nearest(name);

	if (!p)
		diag_set(diag, "no persona '%s'%s%s%s (pxetool client "
		    "--list-personas shows them all)", name,
		    nearest ? ": did you mean '" : "", nearest ? nearest : "",
		    nearest ? "'?" : "");
	if (p && !p->discover_order && !p->v6) {
		diag_set(diag, "'%s' does no DHCP: it takes over the lease of "
		    "the firmware that loaded it ('pxetool get -p %s' loads "
		    "as it does)", name, name);
		return NULL;
	}
	return p;
}

const struct learnt *
machine_learnt(const struct learn *l, const char *name, struct diag *diag)
{
	const struct learnt *c = name ? learn_find(l, name) : &l->client[0];

	if (!c)
		diag_set(diag, "no '%s' in the capture: it shows learnt-1%s%s",
		    name, l->n > 1 ? " to " : "",
		    l->n > 1 ? l->client[l->n - 1].persona.name : "");
	return c;
}

int
machine_iface(const char *name, struct iface *ret, struct diag *diag)
{
	if (name)
		return iface_get(name, ret, diag);
	diag_set(diag, "which network? name its interface with -i");
	return -1;
}

/* A stable address of its own: the interface's, made locally administered. */
void
machine_mac(const struct opt_mac *given, const struct iface *iface,
    uint8_t ret[MAC_LEN])
{
	static const uint8_t prefix[3] = { 0x52, 0x54, 0x00 };

	if (given->set) {
		memcpy(ret, given->mac, MAC_LEN);
		return;
	}
	memcpy(ret, iface->mac, MAC_LEN);
	memcpy(ret, prefix, sizeof(prefix));
	ret[5] ^= 0x55;                 /* not that of a virtual machine here */
}
