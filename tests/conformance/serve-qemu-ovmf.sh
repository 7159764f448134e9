#!/bin/bash
# serve-qemu-ovmf.sh - real firmware boots from our own server:
# UEFI firmware: OVMF, then the iPXE that serve hands it.
# timeout: 1200
. "${0%/*}/lib.sh"
. "${0%/*}/qemu.sh"
need_pxetool
need_qemu ovmf
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
		not_ok "OVMF boots from serve$how" "$log"
		return
	fi
	serve=$PID
	qemu_ovmf 52:54:00:77:00:31
	check "OVMF boots from serve$how" \
	    on_console "BOOT-SCRIPT-RUNS on efi" 300 || note "$log"
	qemu_off
	stop "$serve"
}

boots "" --dhcp-range 10.77.0.100,10.77.0.150
if start_dhcpd "$SERVERS/isc-plain.conf"; then
	SRV=srvb
	boots " beside ISC dhcpd" --proxy
else
	skip "OVMF boots from serve beside ISC dhcpd" "not installed: dhcpd"
fi
done_testing
