/*
 * dnsmasq.h - the configuration of dnsmasq 2.90, read and answered as it
 * would.
 *
 * dnsmasq has no scopes: every line stands for itself and is switched by
 * tags, which lines set from what they see in a request. What matters is
 * therefore the order of lines, and it differs from option to option: the
 * last dhcp-boot wins, the first pxe-service comes first in the menu.
 */
#ifndef PXE_CONFIG_DNSMASQ_H
#define PXE_CONFIG_DNSMASQ_H

#include "config/config.h"

/**
 * dnsmasq_load() - read a configuration with all that it includes
 * @ret_tree: on success, what dnsmasq_ops takes; freed by its free()
 *
 * Return: 0; -EBADMSG if `dnsmasq --test` would refuse it, and @diag has the
 * line; -ENOENT if a file that must be there is not; -ENOMEM; -E2BIG for
 * more files than CONFIG_FILES_MAX; a system error.
 */
int dnsmasq_load(const struct config_conf *conf, void **ret_tree,
    struct diag *diag);

extern const struct config_ops dnsmasq_ops;

#endif
