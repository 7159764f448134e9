#!/bin/bash
# boards.sh - firmware that is not PXE boots from dnsmasq: a Raspberry Pi, which
# looks for a text in the boot menu and asks for files of its own, and U-Boot.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
need_pxetool
need_all dnsmasq
enter_lab

# with_lines LINES: dnsmasq with DHCP, TFTP and what the lines say
with_lines() {
	stop "$PID"
	cat >/run/lab/boards.conf <<-EOF
	port=0
	interface=eth0
	bind-interfaces
	log-dhcp
	no-ping
	dhcp-authoritative
	dhcp-range=10.77.0.100,10.77.0.199,255.255.255.0,1h
	enable-tftp
	tftp-root=$NETBOOT
	$1
	EOF
	start_dnsmasq /run/lab/boards.conf || exit 2
}

# as PERSONA: boot; the result is in $RESULT
as() {
	RESULT=$LOGDIR/$1.json
	in_ns cli timeout 60 "$PXETOOL" client -i eth0 -p "$1" --fast \
	    --format=json --timeout 40 >"$RESULT" 2>"$LOGDIR/$1.err"
}

# loads PERSONA FILE: a program, and its server saw it asked for
loads() {
	as "$1"
	check "$1: boots" equal $? 0 || note "$LOGDIR/$1.err"
	check "$1: loads $2" json "$RESULT" '.verdict == "healthy" and
	    (.loads | length == 1) and
	    (.loads[0].uri == "tftp://10.77.0.1/" + $f)' --arg f "$2"
	check "$1: dnsmasq sent it" grep -q "sent $NETBOOT/$2 to" \
	    "$LOGDIR/dnsmasq-srv.log"
}

for file in bootcode.bin config.txt boot.scr.uimg; do
	head -c 3000 /dev/urandom >"$NETBOOT/$file"
done

with_lines 'pxe-service=0,"Raspberry Pi Boot"'
loads rpi3 bootcode.bin
check "rpi3: sends no REQUEST" json "$RESULT" \
    '[.events[] | select(.kind == "sent" and (.text | test("REQUEST")))] == []'
loads rpi4 config.txt
check "rpi4: sends one" json "$RESULT" \
    '[.events[] | select(.kind == "sent" and (.text | test("REQUEST")))]
    | length == 1'

with_lines 'dhcp-boot=undionly.kpxe'
as rpi4
check "a Raspberry Pi without its menu does not boot" equal $? 1
check "and it is said why" json "$RESULT" \
    '.fault.id == "raspberry-pi-arch-zero"'

with_lines 'dhcp-boot=boot.scr.uimg'
loads uboot-arm64 boot.scr.uimg
done_testing
