#include "diagnose/diagnosis.h"

#include "base/util.h"

#include <stdlib.h>

void
diagnosis_free(struct diagnosis *d)
{
	if (!d)
		return;
	/* The machines lie in the arena; their boots do not. */
	for (struct diagnosis_machine *m = d->machines; m; m = m->next)
		boot_free(m->boot);
	arena_release(&d->arena);
	free(d);
}

bool
diagnosis_has_fault(const struct diagnosis *d)
{
	for (const struct diagnosis_machine *m = d->machines; m; m = m->next) {
		if (m->verdict == DIAGNOSIS_FAULT)
			return true;
	}
	return false;
}

const char *
diagnosis_role_name(enum diagnosis_role r)
{
	static const struct { enum diagnosis_role role; const char *name; }
	rows[] = {
		{ ROLE_DHCP, "dhcp" }, { ROLE_PROXY, "proxydhcp" },
		{ ROLE_PXE_PORT, "pxe-4011" }, { ROLE_TFTP, "tftp" },
		{ ROLE_HTTP, "http" }, { ROLE_DNS, "dns" },
		{ ROLE_DHCP6, "dhcp6" }, { ROLE_RELAY, "relay" },
		{ ROLE_ISCSI, "iscsi" }, { ROLE_NFS, "nfs" },
		{ ROLE_NBD, "nbd" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].role == r)
			return rows[i].name;
	}
	return "";
}

const char *
diagnosis_lifeline_name(enum diagnosis_lifeline l)
{
	static const char *const names[LIFELINE_N] = {
		[LIFELINE_CLIENT] = "client", [LIFELINE_DHCP] = "dhcp",
		[LIFELINE_PROXY] = "proxy", [LIFELINE_TFTP] = "tftp",
		[LIFELINE_HTTP] = "http", [LIFELINE_OTHER] = "other",
	};

	return names[l];
}
