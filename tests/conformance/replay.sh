#!/bin/bash
# replay.sh - a captured boot sent again: the same servers answer the same,
# and every change of theirs is told.
. "${0%/*}/lib.sh"
. "${0%/*}/client.sh"
need_pxetool
need_all dnsmasq nginx tcpdump
enter_lab

netboot_tree || skip_all "not installed: ipxe"
leases=/run/lab/leases
{
	cat "$SERVERS/dnsmasq.conf"
	echo dhcp-leasefile=$leases
} >/run/lab/then.conf
must start_nginx "$NETBOOT" 80
must start_dnsmasq /run/lab/then.conf
dhcp=$PID

# The boot to be repeated: to the script, which is all that there is.
pcap=$LOGDIR/then.pcap
start_tcpdump "$pcap"
dump=$PID
in_ns cli timeout 60 "$PXETOOL" client -i eth0 -p uefi-x64 --mac "$MAC" \
    --fast --until=script >"$LOGDIR/then.txt"
check "the boot to be captured is healthy" equal $? 0
captured() {
	"$PXETOOL" decode "$pcap" | grep -q 'HTTP/1.1 200'
}
until_true 5 captured
stop "$dump"

# replay RUN ARGUMENTS...
replay() {
	OUT=$LOGDIR/$1.json
	shift
	in_ns cli timeout 60 "$PXETOOL" replay -i eth0 --format=json -w 2 \
	    "$@" "$pcap" >"$OUT" 2>"$OUT.err"
	STATUS=$?
}

replay same
check "the same servers: status 0" equal "$STATUS" 0 || note "$OUT"
check "every request of the boot is asked again" json "$OUT" \
    '.same and ([.requests[].type] | unique) == ["DISCOVER", "REQUEST"] and
    (.requests | length) >= 4 and
    all(.requests[]; .result == "same" and .answers_now == 1)'
check "and every file" json "$OUT" \
    '[.files[].uri] == ["tftp://10.77.0.1/ipxe.efi",
    "http://10.77.0.1/boot.ipxe"] and all(.files[]; .result == "same")'
until_true 5 test ! -s $leases
check "no lease is left behind" test ! -s $leases

# Other files, under the same names.
echo >>"$NETBOOT/ipxe.efi"
mv "$NETBOOT/boot.ipxe" "$NETBOOT/elsewhere.ipxe"
replay files
check "files that changed: status 1" equal "$STATUS" 1
size=$(wc -c <"$NETBOOT/ipxe.efi")
check "the size of one, the loss of the other" json "$OUT" \
    '[.files[].difference] | .[0] == "was \($n - 1) bytes, is \($n)" and
    (.[1] | test("was loaded, is .*404"))' --argjson n "$size"
replay no-files --no-files
check "no-files: status 0" equal "$STATUS" 0
mv "$NETBOOT/elsewhere.ipxe" "$NETBOOT/boot.ipxe"
stop "$dhcp"

# Another file and one more option for UEFI, nothing for iPXE.
sed -e 's/ipxe\.efi/snponly.efi/' -e '/boot\.ipxe/d' /run/lab/then.conf \
    >/run/lab/now.conf
echo dhcp-option=option:domain-name,example.org >>/run/lab/now.conf
must start_dnsmasq /run/lab/now.conf
dhcp=$PID
replay changed --no-files
check "a server that changed: status 1" equal "$STATUS" 1
check "the file that it names" json "$OUT" \
    "any(.requests[0].differences[];
    . == \"option 67: was ipxe.efi, is snponly.efi\")" || note "$OUT"
check "what it says now that it did not" json "$OUT" \
    'any(.requests[0].differences[];
    startswith("option 15: was not there, is") and contains("example.org"))'
in_ns cli "$PXETOOL" replay -i eth0 -w 2 --no-files "$pcap" >"$LOGDIR/changed.txt"
check "as text" grep -q 'requests and .* files: .* not as in the capture' \
    "$LOGDIR/changed.txt"
stop "$dhcp"

replay gone --no-files
check "no server any more: every answer is missed" json "$OUT" \
    'all(.requests[]; .answers_now == 0 and
    (.differences[0] | endswith("was there, and is not now")))'

printf 'no capture' >"$LOGDIR/bad.pcap"
pcap=$LOGDIR/bad.pcap
replay bad
check "a file that is no capture: status 2" equal "$STATUS" 2
done_testing
