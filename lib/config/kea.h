/*
 * kea.h - configurations of Kea 2.2: JSON with comments and includes, for
 * kea-dhcp4 or kea-dhcp6.
 */
#ifndef PXE_CONFIG_KEA_H
#define PXE_CONFIG_KEA_H

#include "config/config.h"

/**
 * kea_load() - read a configuration and what it includes
 * @conf:     with one path
 * @ret_tree: on success, for kea_ops; freed by kea_ops.free
 *
 * A file that is well-formed but of another release of Kea is read as far as
 * it goes, and has the remark config-rejected with the release it is for.
 *
 * Return: 0; -EBADMSG if kea-dhcp4 -t would refuse it, -ENOENT if an include
 * is missing, a system error: @diag has the place and why; -ENOMEM.
 */
int kea_load(const struct config_conf *conf, void **ret_tree,
    struct diag *diag);

/**
 * kea_parse() - as kea_load(), of one text in memory
 * @name: what positions call it
 * @conf: for includes; NULL: an include is an error (-ENOENT)
 */
int kea_parse(const char *name, const char *text, size_t len,
    const struct config_conf *conf, void **ret_tree, struct diag *diag);

extern const struct config_ops kea_ops;

#endif
