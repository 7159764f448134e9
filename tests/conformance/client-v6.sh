#!/bin/bash
# client-v6.sh - the emulated client boots over IPv6 from dnsmasq and Kea, and
# says what it misses where something is wrong.
# timeout: 600
. "${0%/*}/lib.sh"
. "${0%/*}/client.sh"
need_pxetool
need_all nginx tcpdump tshark python3
enter_lab kernel

client_tree
sed -i 's#10\.77\.0\.1#[fd77::1]#' "$NETBOOT/boot.ipxe"
in_ns srv ip addr add fd77::1/64 dev eth0 nodad || skip_all "no IPv6 here"
UUID=4c414200-0077-4e42-8001-00000000000d

start_nginx6() {
	start_nginx "$NETBOOT" 81 || return
	stop "$PID"
	sed 's/listen 81/listen [::]:80/' /run/lab/nginx-srv.conf \
	    >/run/lab/nginx6.conf
	start srv nginx6 nginx -p /run/lab/nginx-srv -e stderr \
	    -c /run/lab/nginx6.conf
	ready srv tcp 80
}

# over6 PERSONA RUN ARGUMENTS...
over6() {
	RESULT=$LOGDIR/$2.json
	in_ns cli timeout 100 "$PXETOOL" client -i eth0 --net=own -p "$1" \
	    --mac "$MAC" --uuid "$UUID" --format=json "${@:3}" \
	    >"$RESULT" 2>"$LOGDIR/$2.err"
	STATUS=$?
}

# boots6 PERSONA PROTO SERVER
boots6() {
	local name="$1 from $3"

	over6 "$1" "$3-$1"
	if [ -z "$KERNEL_WHY" ]; then
		check "$name: boots" equal "$STATUS" 0 ||
		    note "$LOGDIR/$3-$1.err"
		check "$name: to the kernel" json "$RESULT" \
		    '.verdict == "healthy" and .end.kind == "kernel"'
	fi
	check "$name: firmware and iPXE, with an address each" json \
	    "$RESULT" '[.stages[] | select(.address |
	    test("^fd77::1[0-9a-f][0-9a-f]$")) | .stage][:2] ==
	    ["firmware", "ipxe"] and .stages[0].server == "fe80::ff:fe77:1" and
	    .stages[0].file_from == "DHCPv6 option 59"'
	loaded "$name" "$2" ipxe.efi
	NGINX_LOG='' loaded "$name" http boot.ipxe
}

# heard FIELD FILTER
heard() {
	tshark -r "$PCAP" -T fields -e "$1" -Y "$2" 2>/dev/null | sort -u |
	    tr '\n' ' '
}

# The order of messages, as OVMF's in captures; and whose addresses they have.
as_ovmf() {
	check "$1: its messages come in the order of OVMF's" equal "$(tshark \
	    -r "$PCAP" -T fields -e dhcpv6.msgtype -Y "dhcpv6 &&
	    eth.src == $MAC" 2>/dev/null | head -6 | tr '\n' ' ')" \
	    "1 3 1 3 8 8 "
	check "$1: DHCPv6 from the link-local address of the MAC" equal \
	    "$(heard ipv6.src "dhcpv6 && eth.src == $MAC")" \
	    "fe80::5054:ff:fe77:11 "
	check "$1: TFTP asks for 1228 bytes and a window of 4" equal \
	    "$(heard tftp.option.name "tftp.opcode == 1 && eth.src == $MAC")" \
	    "blksize,windowsize tsize,blksize,windowsize "
	check "$1: TFTP from the address that DHCPv6 gave" equal \
	    "$(heard ipv6.src "tftp && eth.src == $MAC")" \
	    "$(jq -r '.stages[0].address' "$RESULT") "
	check "$1: no IPv4" equal "$(heard ip.src "eth.src == $MAC && ip")" ""
}

rm -f "$LOGDIR"/*.json
start_nginx6 || skip_all "nginx without IPv6"

over6 uefi-x64-v6 nobody --timeout 9
check "neither router nor server: no-dhcp-offer" json "$RESULT" \
    '.verdict == "no-dhcp-offer" and .stages[0].server == null'
in_ns cli "$PXETOOL" client -i eth0 -p uefi-x64-v6 2>"$LOGDIR/host.err"
check "without --net=own: status 2" equal $? 2
check "and it says so" grep -q -- --net=own "$LOGDIR/host.err"

if need dnsmasq; then
	start srv dnsmasq6 dnsmasq --no-daemon -C "$SERVERS/dnsmasq6.conf" \
	    --dhcp-leasefile=/run/lab/dnsmasq6.leases
	server=$PID
	must ready srv udp 547
	PCAP=$LOGDIR/dnsmasq.pcap
	must start_tcpdump "$PCAP"
	dump=$PID
	boots6 uefi-x64-v6 tftp dnsmasq
	sleep 0.5
	stop "$dump"
	as_ovmf dnsmasq
	over6 ipxe-efi-x64-v6 dnsmasq-ipxe --until script
	check "iPXE itself boots to the script" equal "$STATUS" 0
	check "no lease is left" equal \
	    "$(grep -c '^[0-9].* fd77' /run/lab/dnsmasq6.leases)" 0
	stop "$server"
	# names for addresses, which a DNS server knows
	names='s#//\[fd77::1\]#//boot.lab.test#
	    s#^port=0#local=/lab.test/\naddress=/boot.lab.test/fd77::1#'
	sed "$names" "$SERVERS/dnsmasq6.conf" >/run/lab/names.conf
	start srv names dnsmasq --no-daemon -C /run/lab/names.conf \
	    --dhcp-leasefile=/run/lab/names.leases
	server=$PID
	must ready srv udp 547
	over6 uefi-x64-v6 names --until script
	check "names: TFTP and HTTP from who DNS says" json "$RESULT" \
	    '.verdict == "healthy" and ([.loads[].uri] ==
	    ["tftp://boot.lab.test/ipxe.efi", "http://boot.lab.test/boot.ipxe"])'
	stop "$server"
	# addresses without DHCPv6, the rest with it: INFORMATION-REQUEST
	sed 's/^dhcp-range.*/dhcp-range=fd77::,ra-stateless,64/' \
	    "$SERVERS/dnsmasq6.conf" >/run/lab/stateless.conf
	start srv stateless dnsmasq --no-daemon -C /run/lab/stateless.conf \
	    --dhcp-leasefile=/run/lab/stateless.leases
	server=$PID
	must ready srv udp 547
	over6 ipxe-efi-x64-v6 stateless --until script
	check "stateless: iPXE boots to the script" equal "$STATUS" 0 ||
	    note "$LOGDIR/stateless.err"
	check "stateless: by INFORMATION-REQUEST" json "$RESULT" \
	    'any(.events[]; .kind == "sent" and
	    (.text | startswith("INFORMATION-REQUEST"))) and
	    .stages[0].address == null'
	stop "$server"
	# as it is, but with something wrong
	broken() { # RUN VERDICT SED [ARGUMENTS]
		sed "$3" "$SERVERS/dnsmasq6.conf" >"/run/lab/$1.conf"
		start srv "$1" dnsmasq --no-daemon -C "/run/lab/$1.conf" \
		    --dhcp-leasefile="/run/lab/$1.leases"
		must ready srv udp 547
		over6 "${4:-uefi-x64-v6}" "$1" --fast --timeout 30 \
		    --pcap "$LOGDIR/$1.pcapng"
		check "$1: $2" json "$RESULT" '.verdict == $v' --arg v "$2"
		stop "$PID"
	}
	broken no-url offer-without-bootfile '/bootfile-url/d'
	broken no-brackets ipv6-first-delay-or-failure \
	    's#tftp://\[fd77::1\]#tftp://fd77::1#'
	broken no-router ipv6-first-delay-or-failure '/enable-ra/d'
	broken no-name dns-name-not-found "$names
	    s#//boot.lab.test#//nosuch.lab.test#"
	broken no-dns dns-server-missing 's#//\[fd77::1\]#//boot.lab.test#'
	broken no-file tftp-file-not-found 's#/ipxe.efi#/none.efi#'
	broken no-class httpboot-offer-without-httpclient '' uefi-http-x64-v6
	check "no-class: the capture says why" sh -c "tshark -r \
	    '$LOGDIR/no-class.pcapng' -T fields -e frame.comment -Y \
	    'dhcpv6.msgtype == 2' 2>&1 | grep '(ignored: the answer is not'"
	broken full ipv6-first-delay-or-failure \
	    's/fd77::100,fd77::1ff/fd77::100,fd77::100/'
else
	skip "boots from dnsmasq" "not installed: dnsmasq"
fi

if need kea-dhcp6 in.tftpd; then
	start srv router python3 "$HERE/router.py" eth0 MO fd77::
	must start_tftpd_hpa "$NETBOOT" -6
	kea=$(unconfined kea-dhcp6)
	KEA_LOCKFILE_DIR=/run/lab KEA_PIDFILE_DIR=/run/lab \
	    start srv kea6 "$kea" -c "$SERVERS/kea6.json"
	must ready srv udp 547
	PCAP=$LOGDIR/kea.pcap
	must start_tcpdump "$PCAP"
	dump=$PID
	boots6 uefi-x64-v6 tftp kea
	sleep 0.5
	stop "$dump"
	as_ovmf kea
	boots6 uefi-http-x64-v6 http kea
else
	skip "boots from Kea" "not installed: $MISSING"
fi
if find_jsonschema; then
	for file in "$LOGDIR"/*.json; do
		check "${file##*/} is as its schema says" valid client "$file"
	done
else
	skip "JSON is as its schema says" "not installed: python3-jsonschema"
fi
done_testing
