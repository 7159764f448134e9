/*
 * isc_net.h - which subnet an address lies in. Private to isc_*.c.
 */
#ifndef PXE_CONFIG_ISC_NET_H
#define PXE_CONFIG_ISC_NET_H

#include "config/isc_tree.h"

/** isc_subnet_add() - Return: 0; -EMSGSIZE: too many masks; -ENOMEM. */
int isc_subnet_add(struct isc_tree *t, struct isc_subnet *s);

/**
 * isc_subnet_find() - the subnet with the longest mask that holds @ip
 * @within: only those of that shared network; NULL: any
 *
 * Of a subnet that is declared twice dhcpd finds the last.
 */
struct isc_subnet *isc_subnet_find(const struct isc_tree *t,
    const struct isc_shared *within, uint32_t ip);

#endif
