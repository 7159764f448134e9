#!/bin/bash
# servers-qemu.sh - real firmware boots from the real servers as configured in
# servers/: what our client is told there is what a machine is told.
# It proves the test bed, not pxetool, and takes minutes: only with SLOW=1.
# timeout: 1800
. "${0%/*}/lib.sh"
. "${0%/*}/qemu.sh"
[ -n "${SLOW:-}" ] || skip_all "takes minutes: set SLOW=1"
need_qemu bios
need_qemu ovmf
need_all dnsmasq nginx
enter_lab

netboot_tree
cat >"$NETBOOT/boot.ipxe" <<'EOF'
#!ipxe
echo BOOT-SCRIPT-RUNS on ${platform}
sleep 600
EOF
start_nginx "$NETBOOT" 80

boots() { # NAME qemu_bios|qemu_ovmf TEXT SECONDS
	local from=$SECONDS

	$2 52:54:00:77:00:21
	check "$1" on_console "$3" "$4" && echo "# after $((SECONDS - from)) s"
	qemu_off
	cp "$CONSOLE" "$LOGDIR/console.$tap_n"
}

# each CLIENT TEXT SECONDS: with every server
each() {
	start_dnsmasq "$SERVERS/dnsmasq.conf"
	dhcp=$PID
	boots "$1 boots from dnsmasq" "${@:2}"
	stop "$dhcp"

	start_dnsmasq "$SERVERS/tftp.conf"
	tftp=$PID
	start_dhcpd "$SERVERS/isc.conf"
	dhcp=$PID
	boots "$1 boots from ISC dhcpd" "${@:2}"
	stop "$dhcp"
	start_kea "$SERVERS/kea.json"
	dhcp=$PID
	boots "$1 boots from Kea" "${@:2}"
	stop "$dhcp"
	stop "$tftp"

	start_dhcpd "$SERVERS/isc-plain.conf"
	dhcp=$PID
	SRV=srvb start_dnsmasq "$SERVERS/dnsmasq-proxy.conf"
	proxy=$PID
	boots "$1 boots from a dnsmasq beside ISC dhcpd" "${@:2}"
	stop "$proxy"
	stop "$dhcp"
}

each "SeaBIOS with iPXE's ROM" qemu_bios "BOOT-SCRIPT-RUNS on pcbios" 180
each "OVMF" qemu_ovmf "BOOT-SCRIPT-RUNS on efi" 300
done_testing
