#!/bin/bash
# client-serve.sh - the emulated client boots from our own server, alone and
# beside ISC dhcpd as a proxyDHCP server.
. "${0%/*}/lib.sh"
. "${0%/*}/client.sh"
need_pxetool
enter_lab kernel

client_tree
# Addresses relative to the script: where it is served from is serve's affair.
cat >"$NETBOOT/boot.ipxe" <<'EOF'
#!ipxe
kernel vmlinuz initrd=initrd.img console=ttyS0 panic=5
initrd initrd.img
boot
EOF
range=10.77.0.100,10.77.0.150

must start_pxetool_serve --dhcp-range $range --tftp-root "$NETBOOT" \
    --script "$NETBOOT/boot.ipxe"
boots intel-bios 0 undionly.kpxe
boots uefi-x64 7 ipxe.efi

# Somebody else's client takes the same file.
if need curl; then
	in_ns cli curl -sm 30 -o "$LOGDIR/curl.out" \
	    tftp://10.77.0.1/undionly.kpxe
	check "curl has the same undionly.kpxe" same_file \
	    "$LOGDIR/curl.out" "$NETBOOT/undionly.kpxe"
else
	skip "curl has the same undionly.kpxe" "not installed: curl"
fi

serve=$PID
kill -TERM "$serve"
wait "$serve"
check "serve ends well when told to" equal $? 0

must start_pxetool_serve --dhcp-range $range --tftp-root "$NETBOOT" --no-chain
loops intel-bios undionly.kpxe
loops uefi-x64 ipxe.efi
stop "$PID"

if start_dhcpd "$SERVERS/isc-plain.conf"; then
	SRV=srvb must start_pxetool_serve --proxy --tftp-root "$NETBOOT" \
	    --script "$NETBOOT/boot.ipxe"
	boots intel-bios 0 undionly.kpxe
	boots uefi-x64 7 ipxe.efi
else
	skip "boots beside ISC dhcpd" "not installed: dhcpd"
fi
done_testing
