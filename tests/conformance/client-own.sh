#!/bin/bash
# client-own.sh - the emulated client in a namespace of its own: all that it
# says goes out under its MAC address and the address that it was given.
# timeout: 600
. "${0%/*}/lib.sh"
. "${0%/*}/client.sh"
need_pxetool
need_all dnsmasq nginx tcpdump tshark
enter_lab

netboot_tree || skip_all "not installed: ipxe"
must start_nginx "$NETBOOT" 80
must start_dnsmasq "$SERVERS/dnsmasq.conf"
cp "$NETBOOT/ipxe.efi" "$NETBOOT/vmlinuz"

# own NS IFACE RUN ARGUMENTS...: boot up to the script
own() {
	RESULT=$LOGDIR/$3.json
	in_ns "$1" timeout 100 "$PXETOOL" client -i "$2" --net=own --mac "$MAC" \
	    --until script --format=json "${@:4}" >"$RESULT" 2>"$LOGDIR/$3.err"
	STATUS=$?
}

# said FIELD FILTER: the values of a field in the server's capture
said() {
	tshark -r "$PCAP" -T fields -e "$1" -Y "$2" 2>/dev/null |
	    tr ',' '\n' | sort -u | grep -v '^$' | tr '\n' ' '
}

addresses() {
	jq -r '.stages[].address // empty' "$RESULT" | sort -u | tr '\n' ' '
}

# Neither the machine that it runs on, nor an address that it was not given.
under_its_name() {
	check "$1: no MAC address but its own" equal \
	    "$(said eth.src "not eth.src == 02:00:00:77:00:01")" "$MAC "
	check "$1: ARP for no address but its own" equal "$(said \
	    arp.src.proto_ipv4 "arp && eth.src == $MAC" | sed 's/0.0.0.0 //')" \
	    "$(addresses)"
	for proto in tftp tcp; do
		check "$1: $proto from the addresses that DHCP gave" \
		    is_among_given "$(said ip.src "eth.src == $MAC && $proto")"
	done
	check "$1: DHCP from nowhere, or from a given address" is_among_given \
	    "$(said ip.src "eth.src == $MAC && dhcp" | sed 's/0.0.0.0 //')"
	check "$1: it complains of nothing by ICMP" equal \
	    "$(said icmp.type "eth.src == $MAC")" ""
	check "$1: it says nothing by IPv6" equal \
	    "$(said ipv6.src "eth.src == $MAC && ipv6.src != ::")" ""
}

is_among_given() {
	local given

	given=" $(addresses)"
	[ -n "$1" ] || return
	for address in $1; do
		[ "${given#* "$address" }" != "$given" ] || return
	done
}

links() {
	in_ns "$1" ip -o link | cut -d: -f2 | sort | tr -d '\n'
}

for place in "cli eth0" "sw br0"; do
	ns=${place% *}
	iface=${place#* }
	# what the host itself says by IPv6 is no concern of ours
	for n in sw cli srvb; do
		in_ns $n sh -c \
		    'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6'
	done
	PCAP=$LOGDIR/$ns.pcap
	before=$(links "$ns")
	must start_tcpdump "$PCAP"
	dump=$PID
	own "$ns" "$iface" "own-$ns" -p uefi-x64
	check "$iface: boots to the script" equal "$STATUS" 0 ||
	    note "$LOGDIR/own-$ns.err"
	loaded "$iface" tftp ipxe.efi
	loaded "$iface" http boot.ipxe
	sleep 0.5
	stop "$dump"
	under_its_name "$iface"
	check "$iface: the host has its interfaces and no more" \
	    equal "$(links "$ns")" "$before"
done

# However it ends: nothing is left behind.
start sw victim "$PXETOOL" client -i br0 --net=own
victim=$PID
check "a cable into the bridge" until_true 5 sh -c \
    'nsenter --net=/run/netns/sw ip link | grep -q pxe0'
kill -9 "$victim"
wait "$victim" 2>/dev/null
check "is gone when the process was killed" until_true 5 sh -c \
    '! nsenter --net=/run/netns/sw ip link | grep -q pxe0'

in_ns cli "$PXETOOL" client -i eth0 --net=own --matrix --until script --fast \
    --format=json >"$LOGDIR/matrix.json" 2>"$LOGDIR/matrix.err"
check "all firmwares, each in its own namespace" json "$LOGDIR/matrix.json" \
    '.boots | (map(select(.verdict == "healthy")) | length >= 6) and
    all(.[]; .verdict != "no-dhcp-offer")' ||
    note "$LOGDIR/matrix.err"

# Who may not is told so.
if need setpriv; then
	in_ns cli setpriv --bounding-set=-sys_admin,-net_admin \
	    "$PXETOOL" client -i eth0 --net=own 2>"$LOGDIR/nopriv.err"
	check "without the privilege: status 2" equal $? 2
	check "and it says which" grep -q cap_net_admin "$LOGDIR/nopriv.err"
else
	skip "without the privilege: status 2" "not installed: setpriv"
fi
done_testing
