/*
 * resolve.h - a host name to an address, asked of the DNS server that
 * DHCP named, as firmware does; or of the host's own resolver.
 */
#ifndef PXE_NET_RESOLVE_H
#define PXE_NET_RESOLVE_H

#include <netinet/in.h>
#include <stdbool.h>

enum resolve_how { RESOLVE_DNS, RESOLVE_HOST };

/**
 * resolve_name() - an address in text form is taken as it is
 * @dns: the server to ask; 0.0.0.0: none is known
 *
 * Return: 0; -ENODATA if @name needs a DNS server and there is none;
 * -ENOENT if the name does not exist; -ETIMEDOUT if the server is silent;
 * -EPROTO if it refuses or answers nonsense; a system error.
 */
int resolve_name(enum resolve_how how, const char *name, struct in_addr dns,
    struct in_addr *ret);

/**
 * resolve_name6() - a name to an IPv6 address, asked of a server
 * @name: no address
 * @dns:  ::, if none is known
 *
 * Return: as resolve_name().
 */
int resolve_name6(const char *name, const struct in6_addr *dns,
    struct in6_addr *ret);

#endif
