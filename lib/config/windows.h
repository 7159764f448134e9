/*
 * windows.h - the configuration of a Windows DHCP server, in the three forms
 * that people keep it in: the XML of Export-DhcpServer, the commands of
 * `netsh dhcp server dump`, and PowerShell scripts of Add-DhcpServerv4...
 * commands. Whichever it was, one tree is made of it.
 */
#ifndef PXE_CONFIG_WINDOWS_H
#define PXE_CONFIG_WINDOWS_H

#include "config/config.h"

/**
 * windows_load() - read a configuration
 * @conf:     all `paths` are read in order, as one configuration
 * @ret_tree: on success, for windows_ops; freed by windows_ops.free
 *
 * Return: 0; -EBADMSG if it is none of the three forms, or broken: @diag has
 * the place and why; a system error; -ENOMEM.
 */
int windows_load(const struct config_conf *conf, void **ret_tree,
    struct diag *diag);

/** windows_parse() - as windows_load(), of one text in memory. */
int windows_parse(const char *name, const char *text, size_t len,
    void **ret_tree, struct diag *diag);

extern const struct config_ops windows_ops;

#endif
