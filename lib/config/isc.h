/*
 * isc.h - configurations of ISC dhcpd 4.4: dhcpd.conf and what it includes.
 *
 * The file is parsed as dhcpd parses it (its grammar has corners: "and" and
 * "or" have one precedence, a comparison takes all that follows it to its
 * side, a "(" straight after "if" belongs to the "if") and evaluated as dhcpd evaluates it, with null values,
 * lazily evaluated options and its order of scopes.
 */
#ifndef PXE_CONFIG_ISC_H
#define PXE_CONFIG_ISC_H

#include "config/config.h"

/**
 * isc_load() - read a configuration and what it includes
 * @conf:     all `paths` are read in order, as one configuration
 * @ret_tree: on success, for isc_ops; freed by isc_ops.free
 *
 * Return: 0; -EBADMSG if dhcpd would refuse it, -ENOENT if an include is
 * missing, a system error: @diag has the place and why; -ENOMEM.
 */
int isc_load(const struct config_conf *conf, void **ret_tree,
    struct diag *diag);

/**
 * isc_parse() - as isc_load(), of one text in memory
 * @name: what positions call it
 *
 * An include is looked up as in isc_load() with @conf, which may be NULL:
 * then an include is an error (-ENOENT).
 */
int isc_parse(const char *name, const char *text, size_t len,
    const struct config_conf *conf, void **ret_tree, struct diag *diag);

extern const struct config_ops isc_ops;

#endif
