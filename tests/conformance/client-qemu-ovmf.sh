#!/bin/bash
# client-qemu-ovmf.sh - UEFI firmware under QEMU and its emulation are given the
# same PXE options: what they send is the same, byte for byte.
# timeout: 1500
. "${0%/*}/lib.sh"
. "${0%/*}/qemu.sh"
need_pxetool
need_all tcpdump python3
need_qemu ovmf
enter_lab

MAC=52:54:00:77:00:13
head -c 3000 /dev/zero >"$NETBOOT/file.efi"
MENU=0a020050090480000141ff
cat >/run/lab/tftp.conf <<-EOF
port=0
interface=eth0
bind-interfaces
tftp-root=$NETBOOT
enable-tftp
EOF
SRV=srvb start_dnsmasq /run/lab/tftp.conf

# said FILE: its DHCP messages of PXE over IPv4, a line each; HTTP boot and what
# follows it are another client. (Files are loaded by the host's own stack.)
said() {
	"$PXETOOL" decode --format=json "$1" | jq -r --arg mac $MAC '
	    select(.mac_src == $mac) |
	    select(.proto == "dhcp4" and .op == 1) |
	    [.sport, .dst, .dport, .ttl, .message_type, .secs, .flags, .ciaddr,
	    (.options[] | "\(.code)=\(.hex)")] | join(" ")' |
	    sed '/ 60=48545450/,$d'
}

# captured FILE COMMAND...: what passes the bridge meanwhile
captured() {
	start_tcpdump_br "$1"
	local dump=$PID

	"${@:2}"
	sleep 1
	stop "$dump"
}

start_tcpdump_br() {
	local dump

	dump=$(unconfined tcpdump)
	start sw tcpdump "$dump" -U --immediate-mode -n -s 0 -Z root -i br0 \
	    -w "$1"
	until_true 10 grep -q 'listening on' "$LOGDIR/tcpdump.log"
}

emulated() {
	in_ns cli timeout 120 "$PXETOOL" client -i eth0 -p uefi-x64 -m $MAC \
	    --keep-leases --format=json >"$LOGDIR/$1.json"
}

# real NAME TEXT: OVMF, until its screen says how PXE over IPv4 ended
real() {
	qemu_ovmf $MAC
	on_console "$2" 240 >"$LOGDIR/$1.console"
	qemu_off
}

# same NAME TEXT FAULT WORDS...: a server that says this
same() {
	local name=$1 server

	start srv "server-$name" python3 "$HERE/pxe_server.py" \
	    yiaddr=10.77.0.150 class=PXEClient siaddr=10.77.0.2 \
	    item=0x8000 itemfile=file.efi "${@:4}"
	server=$PID
	ready srv udp 67
	captured "$LOGDIR/$name-real.pcap" real "$name" "$2"
	captured "$LOGDIR/$name-ours.pcap" emulated "$name"
	stop "$server"
	said "$LOGDIR/$name-real.pcap" >"$LOGDIR/$name-real.txt"
	said "$LOGDIR/$name-ours.pcap" >"$LOGDIR/$name-ours.txt"
	check "$name: OVMF says '$2'" [ ! -s "$LOGDIR/$name.console" ] ||
	    note "$LOGDIR/$name.console"
	check "$name: OVMF and its emulation say the same" \
	    diff "$LOGDIR/$name-real.txt" "$LOGDIR/$name-ours.txt"
	check "$name: our verdict" json "$LOGDIR/$name.json" '.verdict == $f' \
	    --arg f "$3"
	figure "$name: messages equal to OVMF's" \
	    "$(wc -l <"$LOGDIR/$name-ours.txt")"
}

same no-menu PXE-E21 boot-server-discovery-fails pxe=060103ff file=file.efi
same multicast-without-address PXE-E boot-server-discovery-fails pxe=$MENU
same multicast "NBP filename is file.efi" exec-format-error \
    pxe=0601010704e0000102$MENU group=224.0.1.2
same broadcast "NBP filename is file.efi" exec-format-error pxe=060102$MENU
same listed "NBP filename is file.efi" exec-format-error \
    pxe=060103080b8000020a4d00010a4d0001$MENU
ITEM=09048000014108078000010a4d0001
same no-prompt "NBP filename is file.efi" exec-format-error \
    pxe=060103${ITEM}ff
same prompt "NBP filename is file.efi" exec-format-error \
    pxe=060103${ITEM}0a020350ff
same local-disk PXE-E21 healthy pxe=0601030904000001410a020050ff
# with bit 3 the server is the first of the list, where no TFTP is
same bit-3 "NBP filename is boot.efi" tftp-daemon-not-listening \
    pxe=060108${ITEM}ff file=boot.efi
same no-option-43 "NBP filename is boot.efi" tftp-daemon-not-listening \
    siaddr=10.77.0.1 file=boot.efi
done_testing
