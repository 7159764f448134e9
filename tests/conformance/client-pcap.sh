#!/bin/bash
# client-pcap.sh - what was said in a boot, as a capture with comments; tshark
# is the judge of it.
# timeout: 600
. "${0%/*}/lib.sh"
. "${0%/*}/client.sh"
need_pxetool
need_all dnsmasq nginx tshark python3
enter_lab

netboot_tree || skip_all "not installed: ipxe"
cp "$NETBOOT/ipxe.efi" "$NETBOOT/vmlinuz"
must start_nginx "$NETBOOT" 80
must start_dnsmasq "$SERVERS/dnsmasq.conf"

# captured RUN ARGUMENTS...
captured() {
	PCAP=$LOGDIR/$1.pcapng
	RESULT=$LOGDIR/$1.json
	in_ns cli timeout 100 "$PXETOOL" client -i eth0 --mac "$MAC" --fast \
	    --until script --pcap "$PCAP" --format=json "${@:2}" \
	    >"$RESULT" 2>"$LOGDIR/$1.err"
	STATUS=$?
}

# comments FILTER: of the frames that it takes
comments() {
	tshark -r "$PCAP" -T fields -e frame.comment -Y "$1" \
	    2>>"$LOGDIR/tshark.err"
}

has() {
	comments "$1" | grep -F -- "$2"
}

frames() {
	comments "$1" | wc -l
}

last_comment() {
	comments frame | tail -n 1
}

decoded() {
	"$PXETOOL" decode --format=json "$PCAP" >"$LOGDIR/decode.out" &&
	    [ -s "$LOGDIR/decode.out" ]
}

for net in own host; do
	start cli chatter python3 -c 'import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
while True:
    s.sendto(b"x", ("10.77.0.2", 9))
    time.sleep(0.2)'
	chatter=$PID
	captured "$net" --net $net -p uefi-x64
	stop "$chatter"
	check "$net: boots" equal "$STATUS" 0 || note "$LOGDIR/$net.err"
	check "$net: tshark reads it" tshark -r "$PCAP"
	check "$net: nothing in it is malformed" equal \
	    "$(frames _ws.malformed)" 0
	check "$net: a comment on each frame" equal \
	    "$(comments frame | grep -c '^[a-z]*: ')" "$(frames frame)"
	check "$net: the firmware's DISCOVER" has \
	    "dhcp.option.dhcp == 1 && !dhcp.option.user_class" \
	    "firmware: > DISCOVER, vendor class PXEClient, arch 7"
	check "$net: the offer with its file" has "dhcp.option.dhcp == 2" \
	    "firmware: < OFFER"
	check "$net: that to iPXE" has "dhcp.option.dhcp == 5" \
	    "ipxe: < ACK"
	check "$net: whose file the TFTP requests ask for" has \
	    "tftp.opcode == 1" "firmware: loads tftp://10.77.0.1/ipxe.efi"
	check "$net: and the blocks carry" has "tftp.block == 100" \
	    "loads tftp://10.77.0.1/ipxe.efi: block 100"
	check "$net: all blocks are there" equal "$(tshark -r "$PCAP" \
	    -T fields -e tftp.block -Y 'tftp.opcode == 3' 2>/dev/null |
	    sort -u | wc -l)" $(($(wc -c <"$NETBOOT/ipxe.efi") / 1468 + 1))
	check "$net: HTTP asks" has http.request \
	    "ipxe: loads http://10.77.0.1/boot.ipxe: request"
	check "$net: HTTP answers" has http.response "status 200"
	check "$net: the RELEASE is in it" equal \
	    "$([ "$(frames 'dhcp.option.dhcp == 7')" -ge 1 ] && echo yes)" yes
	check "$net: what else the host said is not" equal \
	    "$(frames 'udp.port == 9')" 0
	check "$net: the last one has the verdict" grep -q \
	    "verdict: healthy" <(last_comment)
	check "$net: only that one" equal \
	    "$(comments frame | grep -c 'verdict:')" 1
	check "$net: decode reads it" decoded
done

captured fails -p uefi-http-x64
check "a boot that fails: the verdict, and why" grep -q \
    'verdict: httpboot-offer-without-httpclient: ' <(last_comment)

in_ns cli "$PXETOOL" client -i eth0 --fast --until script \
    --pcap /nowhere/x.pcapng >"$LOGDIR/nowhere.err" 2>&1
check "where it cannot be written: status 2" equal $? 2
check "before anything is said" equal "$(wc -l <"$LOGDIR/nowhere.err")" 1
check "and it says so" grep -q /nowhere/x.pcapng "$LOGDIR/nowhere.err"
in_ns cli "$PXETOOL" client -i eth0 --matrix --pcap x 2>"$LOGDIR/matrix.err"
check "not with --matrix" equal $? 2
done_testing
