#!/bin/bash
# client-pxe-menu.sh - boot menus of PXE and the search for a boot server:
# dnsmasq's menus, and a server of our own where dnsmasq has no such thing.
# timeout: 200
. "${0%/*}/lib.sh"
need_pxetool
need_all dnsmasq python3
enter_lab

MAC=52:54:00:77:00:12
AT=tftp://10.77.0.2
for f in first.0 second.0 third.0; do
	head -c 3000 /dev/zero >"$NETBOOT/$f"
done

# run PERSONA [OPTIONS]: boot it; the record is $RUN
run() {
	RUN=$LOGDIR/$tap_n.json
	in_ns cli timeout 90 "$PXETOOL" client -i eth0 -p "$1" -m "$MAC" \
	    --format=json --timeout 60 "${@:2}" >"$RUN" 2>"$LOGDIR/client.err"
}

# boots NAME PERSONA FILE [OPTIONS]: this is what was loaded; that it is no
# program is another matter
boots() {
	run "$2" "${@:4}"
	check "$1" json "$RUN" '.loads[0].uri == $f and .loads[0].status == "ok"' \
	    --arg f "$3" || note "$LOGDIR/client.err"
}

# stops NAME PERSONA WORDS [OPTIONS]: no boot server is found
stops() {
	run "$2" --fast "${@:4}"
	check "$1" json "$RUN" '.verdict == "boot-server-discovery-fails" and
	    (.fault.message | contains($w))' --arg w "$3" ||
	    note "$LOGDIR/client.err"
}

# local_disk NAME PERSONA [OPTIONS]
local_disk() {
	run "$2" --fast "${@:3}"
	check "$1" json "$RUN" '.verdict == "healthy" and .end.kind == "local"' ||
	    note "$LOGDIR/client.err"
}

cat >/run/lab/plain.conf <<-EOF
port=0
interface=eth0
bind-interfaces
no-ping
dhcp-authoritative
dhcp-range=10.77.0.100,10.77.0.199,255.255.255.0,1h
EOF
start_dnsmasq /run/lab/plain.conf
main=$PID

# proxy LINES: dnsmasq beside it, with a menu
proxy=
proxy() {
	stop "$proxy"
	cat >/run/lab/proxy.conf <<-EOF
	port=0
	interface=eth0
	bind-interfaces
	dhcp-range=10.77.0.0,proxy,255.255.255.0
	tftp-root=$NETBOOT
	enable-tftp
	$1
	EOF
	SRV=srvb start_dnsmasq /run/lab/proxy.conf
	proxy=$PID
}

proxy 'pxe-prompt="Press F8",2
pxe-service=x86PC,"First",first.0
pxe-service=x86PC,"Second thing",second.0
pxe-service=x86PC,"Local disk",0'
boots "ROM: nobody there, the first item" intel-bios $AT/first.0
check "the prompt was waited out" json "$RUN" '.stages[0].duration_s > 5.9'
boots "ROM: the second item by number" intel-bios $AT/second.0 --menu 2 --fast
boots "ROM: the second item by its words" intel-bios $AT/second.0 \
    --menu second --fast
boots "iPXE: the first item" ipxe-bios $AT/first.0
boots "iPXE: the second item" ipxe-bios $AT/second.0 --menu 2 --fast
local_disk "ROM: the local disk" intel-bios --menu Local
local_disk "iPXE: Esc" ipxe-bios --key esc
stops "ROM: an item that there is not" intel-bios "no such item" --menu 7

proxy 'pxe-service=x86PC,"First",first.0
pxe-service=x86PC,"Second",second.0'
stops "ROM: a menu of dnsmasq without a prompt waits" intel-bios "nobody is"
boots "until somebody chooses" intel-bios $AT/first.0 --menu 1 --fast
proxy 'pxe-service=x86PC,"Only one",first.0'
boots "one service alone needs nobody" intel-bios $AT/first.0 --fast

# ---------------------------------------------------------------- the search

proxy 'pxe-prompt="Press F8",0
pxe-service=x86PC,"By broadcast",1'
stops "ROM: nobody is a boot server of type 1" intel-bios "type 1"
stops "iPXE: nobody is a boot server of type 1" ipxe-bios "type 1"
stop "$main"

# server WORDS: ours, which says what it is told
server=
server() {
	stop "$server"
	start srv pxe_server python3 "$HERE/pxe_server.py" "$@"
	server=$PID
	ready srv udp 67
}
server yiaddr=10.77.0.150 item=1 siaddr=10.77.0.2 itemfile=third.0
boots "ROM: by broadcast, beside dnsmasq" intel-bios $AT/third.0 --fast
boots "iPXE: by broadcast, beside dnsmasq" ipxe-bios $AT/third.0 --fast
server yiaddr=10.77.0.150 item=2 for=1 siaddr=10.77.0.2 itemfile=third.0
stops "iPXE: a server of another type answers" ipxe-bios "of another"
stop "$proxy"

cat >/run/lab/tftp.conf <<-EOF
port=0
interface=eth0
bind-interfaces
tftp-root=$NETBOOT
enable-tftp
EOF
SRV=srvb start_dnsmasq /run/lab/tftp.conf

# A menu of one item, type 0x8000, to be taken at once, that is to be found in
# the way that the other sub-options say.
MENU=0a020050090480000141ff
with() {
	server yiaddr=10.77.0.150 class=PXEClient siaddr=10.77.0.2 \
	    item=0x8000 itemfile=third.0 "$@"
}
with pxe=0601010704e0000102$MENU group=224.0.1.2
for p in intel-bios ipxe-bios uefi-x64; do
	boots "$p: by multicast" $p $AT/third.0 --fast
done
with pxe=060102$MENU
for p in intel-bios ipxe-bios uefi-x64; do
	boots "$p: by broadcast" $p $AT/third.0 --fast
done
with pxe=06010308078000010a4d0001$MENU
for p in intel-bios ipxe-bios uefi-x64; do
	boots "$p: by the list" $p $AT/third.0 --fast
done
with pxe=06010608078000010a4d0063$MENU
for p in intel-bios ipxe-bios uefi-x64; do
	stops "$p: another than those listed" $p list
done
with pxe=060103$MENU
for p in intel-bios ipxe-bios uefi-x64; do
	stops "$p: no way is left" $p 43.8
done
with pxe=$MENU
stops "UEFI: multicast, and no address" uefi-x64 43.7
with pxe=060103ff file=first.0
stops "UEFI: a file, no menu, no bit 3" uefi-x64 PXE-E21
boots "iPXE: loads that file" ipxe-bios $AT/first.0 --fast
with pxe=060108ff file=first.0
boots "ROM: bit 3" intel-bios $AT/first.0 --fast
done_testing
