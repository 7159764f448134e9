#!/bin/bash
# serve-qemu-bios.sh - real firmware boots from our own server:
# SeaBIOS and the iPXE of a network card.
# timeout: 1200
. "${0%/*}/lib.sh"
. "${0%/*}/qemu.sh"
need_pxetool
need_qemu bios
enter_lab

netboot_tree
cat >"$LOGDIR/boot.ipxe" <<'EOF'
#!ipxe
echo BOOT-SCRIPT-RUNS on ${platform}
sleep 600
EOF

# boots HOW ARGUMENTS...: of serve
boots() {
	local how=$1 log=$LOGDIR/serve-${SRV:-srv}.log serve

	shift
	if ! start_pxetool_serve --tftp-root "$NETBOOT" \
	    --script "$LOGDIR/boot.ipxe" "$@"; then
		not_ok "SeaBIOS with iPXE's ROM boots from serve$how" "$log"
		return
	fi
	serve=$PID
	qemu_bios 52:54:00:77:00:31
	check "SeaBIOS with iPXE's ROM boots from serve$how" \
	    on_console "BOOT-SCRIPT-RUNS on pcbios" 180 || note "$log"
	qemu_off
	stop "$serve"
}

boots "" --dhcp-range 10.77.0.100,10.77.0.150
if start_dhcpd "$SERVERS/isc-plain.conf"; then
	SRV=srvb
	boots " beside ISC dhcpd" --proxy
else
	skip "SeaBIOS with iPXE's ROM boots from serve beside ISC dhcpd" "not installed: dhcpd"
fi
done_testing
