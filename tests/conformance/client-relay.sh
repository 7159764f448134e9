#!/bin/bash
# client-relay.sh - the emulated client behind a relay agent, and in a VLAN.
# timeout: 600
. "${0%/*}/lib.sh"
. "${0%/*}/client.sh"
need_pxetool
need_all nginx python3 tcpdump tshark in.tftpd
enter_lab

netboot_tree || skip_all "not installed: ipxe"
cp "$NETBOOT/ipxe.efi" "$NETBOOT/vmlinuz"
must start_nginx "$NETBOOT" 80
# The relay's network lies behind it, but the relay is in the segment.
in_ns srv ip route add 10.88.0.0/24 dev eth0

# relayed RUN ARGUMENTS...
relayed() {
	RESULT=$LOGDIR/$1.json
	in_ns cli timeout 100 "$PXETOOL" client -i eth0 -p uefi-x64 --mac "$MAC" \
	    --giaddr 10.88.0.1 --server 10.77.0.1 --until script --fast \
	    --format=json "${@:2}" >"$RESULT" 2>"$LOGDIR/$1.err"
	STATUS=$?
}

said() {
	tshark -r "$PCAP" -T fields -e "$1" -Y "$2" 2>/dev/null | sort -u |
	    tr '\n' ' '
}

# through SERVER
through() {
	PCAP=$LOGDIR/$1.pcap
	must start_tcpdump "$PCAP"
	dump=$PID
	relayed "$1" --circuit-id port-7 --remote-id switch-3 --renew
	check "$1: boots to the script" equal "$STATUS" 0 ||
	    note "$LOGDIR/$1.err"
	check "$1: with an address of the relay's network" json "$RESULT" \
	    '.stages | length == 2 and
	    all(.[]; .address | test("^10\\.88\\.0\\.1[0-9][0-9]$"))'
	loaded "$1" tftp ipxe.efi
	loaded "$1" http boot.ipxe
	check "$1: the lease is renewed" json "$RESULT" \
	    'any(.events[]; .kind == "received" and
	    (.text | test("^ACK .* to the renewal$")))'
	relayed "$1-other" --circuit-id port-8 --remote-id switch-3
	check "$1: another port of the switch is told nothing" json "$RESULT" \
	    '.verdict | endswith("-without-bootfile")'
	sleep 0.5
	stop "$dump"
	check "$1: requests go from giaddr to the server, one hop on" equal \
	    "$(said ip.src "dhcp.type == 1 && dhcp.hops == 1 &&
		dhcp.ip.relay == 10.88.0.1 && udp.srcport == 67 &&
		ip.dst == 10.77.0.1")" "10.88.0.1 "
	check "$1: and nothing is broadcast" equal \
	    "$(said ip.dst "dhcp.type == 1")" "10.77.0.1 "
	check "$1: the renewal goes to the server itself" equal \
	    "$(said udp.srcport "dhcp.option.dhcp == 3 &&
		dhcp.ip.client != 0.0.0.0 && dhcp.ip.relay == 0.0.0.0 &&
		ip.dst == 10.77.0.1 && !dhcp.option.requested_ip_address &&
		!dhcp.option.dhcp_server_id")" "68 "
	check "$1: RELEASE comes from the machine itself" equal \
	    "$(said udp.srcport "dhcp.option.dhcp == 7")" "68 "
}

if need dhcpd; then
	must start_dhcpd "$SERVERS/isc-relay.conf"
	server=$PID
	must start_tftpd_hpa "$NETBOOT"
	tftpd=$PID
	through isc
	check "isc: no lease is left" equal "$(awk '
	    /^lease/ { ip = $2 } /^  binding state/ { state[ip] = $3 }
	    END { for (ip in state) print state[ip] }' \
	    /run/lab/dhcpd-srv.leases | sort -u)" "free;"
	stop "$tftpd"
	stop "$server"
else
	skip "boots through ISC dhcpd" "not installed: dhcpd"
fi
if need dnsmasq; then
	must start_dnsmasq "$SERVERS/dnsmasq-relay.conf"
	server=$PID
	through dnsmasq
	check "dnsmasq: no lease is left" equal \
	    "$(cat /run/lab/dnsmasq-srv.leases)" ""
	stop "$server"
else
	skip "boots through dnsmasq" "not installed: dnsmasq"
fi

in_ns cli "$PXETOOL" client -i eth0 --giaddr 10.77.0.50 --server 10.77.0.1 \
    2>"$LOGDIR/own-giaddr.err"
check "the host's own address is no relay agent: status 2" equal $? 2
check "and it says why" grep -q 'is an address of eth0' \
    "$LOGDIR/own-giaddr.err"

# A server that is gone when the lease is to be renewed.
if need dnsmasq nft; then
	must start_dnsmasq "$SERVERS/dnsmasq.conf"
	server=$PID
	in_ns srv nft -f - <<-'RULES'
	table ip lab {
		chain in {
			type filter hook input priority 0; policy accept;
			udp dport 67 ip daddr 10.77.0.1 drop
		}
	}
	RULES
	for net in host own; do
		in_ns cli "$PXETOOL" client -i eth0 -p uefi-x64 --net $net \
		    --until script --renew --format=json \
		    >"$LOGDIR/unrenewed-$net.json" 2>&1
		check "$net: a server that drops unicasts does not renew" json \
		    "$LOGDIR/unrenewed-$net.json" \
		    '.verdict == "dhcp-request-unanswered" and
		    (.fault.message | contains("does not renew"))'
	done
	in_ns srv nft delete table ip lab
	stop "$server"
else
	skip "a server that drops unicasts does not renew" \
	    "not installed: $MISSING"
fi

# A trunk to the machine, whose VLAN 5 is the network of the server.
if need dhcpd; then
	must start_dhcpd "$SERVERS/isc.conf"
	in_ns sw ip link set to-cli nomaster
	in_ns sw ip link add acc0 type veth peer name acc1
	in_ns sw ip link set acc1 master br0 up
	in_ns sw ip link set acc0 up
	start sw switch python3 "$HERE/vlan_switch.py" to-cli acc0 5
	until_true 10 grep -q switching "$LOGDIR/switch.log"
	for vlan in 5 6; do
		in_ns cli "$PXETOOL" client -i eth0 -p uefi-x64 --vlan $vlan \
		    --fast --format=json --timeout 10 \
		    >"$LOGDIR/vlan$vlan.json" 2>"$LOGDIR/vlan$vlan.err"
	done
	check "VLAN 5: an address, and a file to load" json \
	    "$LOGDIR/vlan5.json" '.stages[0] |
	    (.address | startswith("10.77.0.1")) and .file == "ipxe.efi"' ||
	    note "$LOGDIR/vlan5.err"
	check "VLAN 6: nobody there" json "$LOGDIR/vlan6.json" \
	    '.verdict == "no-dhcp-offer"'
else
	skip "VLAN 5: an address, and a file to load" "not installed: dhcpd"
fi

check "--vlan in a namespace works, or it is told why not" sh -c '
    out=$(nsenter --net=/run/netns/cli "$PXETOOL" client -i eth0 --net=own \
	--vlan 5 --fast --timeout 1 2>&1)
    [ $? = 1 ] || echo "$out" | grep "cannot make a VLAN interface: this kernel has none"'
done_testing
