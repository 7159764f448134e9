#!/bin/bash
# client-dnsmasq.sh - the emulated client boots from dnsmasq.
. "${0%/*}/lib.sh"
. "${0%/*}/client.sh"
need_pxetool
need_all dnsmasq nginx
enter_lab kernel

client_tree
must start_nginx "$NETBOOT" 80

must start_dnsmasq "$SERVERS/dnsmasq.conf"
boots intel-bios 0 undionly.kpxe
boots uefi-x64 7 ipxe.efi
stop "$PID"

must start_dnsmasq "$SERVERS/dnsmasq-loop.conf"
loops intel-bios undionly.kpxe
loops uefi-x64 ipxe.efi
done_testing
