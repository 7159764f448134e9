#!/bin/bash
# beacon.sh - our own boot programs are reached by real firmware, and say so:
# the NBP through iPXE's PXE stack, the UEFI application through OVMF, the
# kernel and the script through iPXE.
# timeout: 1200
. "${0%/*}/lib.sh"
. "${0%/*}/qemu.sh"
need_pxetool
need_all make cc ld dnsmasq
need_qemu bios
enter_lab

netboot_tree
check "the beacons are built" make -s -C "$TOP/firmware-src/beacon" O="$NETBOOT"
chmod 644 "$NETBOOT"/*
cp "$TOP/firmware-src/beacon/beacon.ipxe" "$NETBOOT"

# serves FILE: dnsmasq names it to all
serves() {
	stop "${DHCP:-}"
	grep -v -e ^dhcp-boot -e ^dhcp-match "$SERVERS/dnsmasq.conf" \
	    >/run/lab/beacon.conf
	echo "dhcp-boot=$1" >>/run/lab/beacon.conf
	start_dnsmasq /run/lab/beacon.conf || return
	DHCP=$PID
}

# tells NAME TEXT SECONDS
tells() {
	check "$1" on_console "$2" "$3"
	qemu_off
}

answer='ip=10.77.0.1[0-9]* next-server=10.77.0.1 file='
reached() { # TEXT
	tr -d '\000\r\n' <"$CONSOLE" | grep -aq "PXETOOL-BEACON $1 end"
}

serves beacon.0
qemu_bios 52:54:00:77:00:41
tells "BIOS: the NBP is reached" 'PXETOOL-BEACON stage=nbp' 180
check "and has the answer of DHCP" reached "stage=nbp ${answer}beacon.0" ||
    note "$CONSOLE"

serves beacon.ipxe
qemu_bios 52:54:00:77:00:42
tells "iPXE: the script is reached" 'PXETOOL-BEACON stage=script' 180
check "and has the answer of DHCP" reached "stage=script ${answer}beacon.ipxe"

printf '#!ipxe\nkernel beacon.krn one=1 two\nboot\n' >"$NETBOOT/kernel.ipxe"
serves kernel.ipxe
qemu_bios 52:54:00:77:00:43
tells "iPXE: the kernel is reached" 'PXETOOL-BEACON stage=kernel' 180
check "and has its command line" reached \
    'stage=kernel cmdline=.*one=1 two' || note "$CONSOLE"

if [ -f "$OVMF" ]; then
	serves beacon.efi
	qemu_ovmf 52:54:00:77:00:44
	tells "OVMF: the application is reached" 'PXETOOL-BEACON stage=efi' 300
	check "and has the answer of DHCP" reached \
	    "stage=efi ${answer}beacon.efi" || note "$CONSOLE"
else
	skip "OVMF: the application is reached" "not installed: ovmf"
fi
done_testing
