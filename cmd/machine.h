/*
 * machine.h - the emulated machine as options describe it: which firmware,
 * on which interface, under which MAC address.
 */
#ifndef PXE_CMD_MACHINE_H
#define PXE_CMD_MACHINE_H

#include "cmd.h"

#include "chain/persona.h"
#include "client/learn.h"
#include "net/iface.h"

/** machine_persona() - by name; NULL with a suggestion in @diag. */
const struct persona *machine_persona(const char *name, struct diag *diag);

/**
 * machine_learnt() - one of what was learnt from a capture
 * @name: "learnt-2" ...; NULL: the first
 *
 * Return: NULL with the names that there are in @diag.
 */
const struct learnt *machine_learnt(const struct learn *l, const char *name,
    struct diag *diag);

/** machine_iface() - @name may be NULL: then which one is asked for. */
int machine_iface(const char *name, struct iface *ret, struct diag *diag);

/** machine_mac() - the one given, else one made from the interface's. */
void machine_mac(const struct opt_mac *given, const struct iface *iface,
    uint8_t ret[MAC_LEN]);

#endif
