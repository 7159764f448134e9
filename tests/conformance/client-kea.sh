#!/bin/bash
# client-kea.sh - the emulated client boots from Kea and tftpd-hpa.
. "${0%/*}/lib.sh"
. "${0%/*}/client.sh"
need_pxetool
need_all kea-dhcp4 in.tftpd nginx
enter_lab kernel

client_tree
must start_nginx "$NETBOOT" 80
must start_tftpd_hpa "$NETBOOT"

must start_kea "$SERVERS/kea.json"
boots intel-bios 0 undionly.kpxe
boots uefi-x64 7 ipxe.efi
stop "$PID"

must start_kea "$SERVERS/kea-loop.json"
loops intel-bios undionly.kpxe
loops uefi-x64 ipxe.efi
done_testing
