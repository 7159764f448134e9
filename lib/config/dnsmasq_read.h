/*
 * dnsmasq_read.h - the readers of the options' values, for the table of
 * options. `arg` is NULL where there was no '='.
 */
#ifndef PXE_CONFIG_DNSMASQ_READ_H
#define PXE_CONFIG_DNSMASQ_READ_H

#include "config/dnsmasq_tree.h"

/* dnsmasq_boot.c */
dnsmasq_read_fn dnsmasq_read_dhcp_option, dnsmasq_read_dhcp_option_force,
    dnsmasq_read_dhcp_match, dnsmasq_read_dhcp_boot, dnsmasq_read_pxe_service,
    dnsmasq_read_pxe_prompt, dnsmasq_read_vendor_class,
    dnsmasq_read_user_class, dnsmasq_read_circuit, dnsmasq_read_remote,
    dnsmasq_read_subscriber, dnsmasq_read_mac, dnsmasq_read_name_match,
    dnsmasq_read_tag_if, dnsmasq_read_ignore, dnsmasq_read_ignore_names,
    dnsmasq_read_broadcast, dnsmasq_read_bootp_dynamic,
    dnsmasq_read_generate_names, dnsmasq_read_no_override,
    dnsmasq_read_authoritative,
    dnsmasq_read_ignore_clid, dnsmasq_read_delay, dnsmasq_read_pxe_vendor,
    dnsmasq_read_full_proxy, dnsmasq_read_shared;

/* dnsmasq_file.c */
dnsmasq_read_fn dnsmasq_read_conf_file, dnsmasq_read_conf_dir,
    dnsmasq_read_conf_script, dnsmasq_read_hosts_file,
    dnsmasq_read_opts_file;

#endif
