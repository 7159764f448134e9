#!/bin/bash
# client-dnsmasq-proxy.sh - the emulated client has its address from ISC dhcpd
# and its boot file from a dnsmasq beside it, a proxyDHCP server.
. "${0%/*}/lib.sh"
. "${0%/*}/client.sh"
need_pxetool
need_all dhcpd dnsmasq nginx
enter_lab kernel

# proxied PERSONA: the report tells the two servers apart
proxied() {
	check "$1: the file is the proxy's" json "$LOGDIR/$SELF-$1.json" \
	    '.stages[0] | .server == "10.77.0.1" and
	    (.proxy | if type == "object" then .server else . end) == "10.77.0.2"'
}

client_tree
must start_nginx "$NETBOOT" 80
must start_dhcpd "$SERVERS/isc-plain.conf"
export SRV=srvb

must start_dnsmasq "$SERVERS/dnsmasq-proxy.conf"
boots intel-bios 0 undionly.kpxe
proxied intel-bios
boots uefi-x64 7 ipxe.efi
proxied uefi-x64
stop "$PID"

must start_dnsmasq "$SERVERS/dnsmasq-proxy-loop.conf"
# BIOS machines follow its menu, UEFI has a file by port 4011
loops intel-bios undionly.kpxe pxe-menu-reoffered-to-ipxe
loops uefi-x64 ipxe.efi
done_testing
