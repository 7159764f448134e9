#!/bin/bash
# scan.sh - who answers on a network: one server, two that differ, a
# proxyDHCP server beside DHCP, one that claims to be a boot server, none.
. "${0%/*}/lib.sh"
. "${0%/*}/client.sh"
need_pxetool
need_all dnsmasq
enter_lab

# scan RUN ARGUMENTS...
scan() {
	OUT=$LOGDIR/$1.json
	shift
	in_ns cli timeout 60 "$PXETOOL" scan -i eth0 --wait 3 --format=json \
	    "$@" >"$OUT" 2>"$OUT.err"
	STATUS=$?
}

scan silent
check "an empty network: status 1" equal "$STATUS" 1
check "nobody answers" json "$OUT" \
    '.servers == [] and [.findings[].fault] == ["no-dhcp-offer"]'

leases=/run/lab/leases
{
	cat "$SERVERS/dnsmasq.conf"
	echo dhcp-leasefile=$leases
} >/run/lab/one.conf
must start_dnsmasq /run/lab/one.conf
one=$PID
scan one
check "one server is found" json "$OUT" \
    '[.servers[] | .address, .mac, .roles] ==
    ["10.77.0.1", "02:00:00:77:00:01", ["dhcp"]]' || note "$OUT.err"
check "BIOS and UEFI are told different files, and take them" json "$OUT" \
    '[.clients[] | select(.client == "intel-bios" or .client == "uefi-x64") |
    .offers[0] | .file, .use] ==
    ["undionly.kpxe", "taken", "ipxe.efi", "taken"]'
check "iPXE is told its script" json "$OUT" \
    'all(.clients[] | select(.client | startswith("ipxe-"));
    .offers[0].file == "http://10.77.0.1/boot.ipxe")'
check "HTTP boot takes none of it, and this is said" json "$OUT" \
    '(.clients[] | select(.client == "uefi-http-x64") | .usable) == false and
    any(.findings[]; .fault == "offer-rejected-by-client" and
    (.message | contains("uefi-http-x64")))'
check "nothing was leased" test ! -s $leases

SRV=srvb must start_dnsmasq "$SERVERS/dnsmasq-proxy.conf"
proxy=$PID
scan proxy
check "a proxyDHCP server beside it is found, and asked on port 4011" \
    json "$OUT" '[.servers[] | select(.address == "10.77.0.2") |
    .roles, .port_4011] == [["proxydhcp"], true]'
check "who gives the address and who the file" json "$OUT" \
    '.clients[] | select(.client == "uefi-x64") |
    [.offers[] | {(.server): .use}] | add |
    .["10.77.0.1"] == "address" and .["10.77.0.2"] == "boot file"'
in_ns cli "$PXETOOL" scan -i eth0 -w 3 -p uefi-x64 >"$LOGDIR/proxy.txt"
check "as text: the server's line" grep -Eq \
    '^  10\.77\.0\.2 .*proxyDHCP, answers 1 of 1 kinds .*port 4011 answers$' \
    "$LOGDIR/proxy.txt"
check "as text: the offer's line" grep -Eq \
    '^    10\.77\.0\.2  +no address .*\(boot file\)$' "$LOGDIR/proxy.txt"
stop "$proxy"

sed 's/10\.77\.0\.1\([05]\)/10.77.0.2\1/g; s/undionly/other/' \
    "$SERVERS/dnsmasq.conf" >/run/lab/two.conf
SRV=srvb must start_dnsmasq /run/lab/two.conf
scan two -p intel-bios --fail-on=warning
check "two DHCP servers: status 1" equal "$STATUS" 1
check "two DHCP servers are named" json "$OUT" \
    'any(.findings[]; .fault == "two-dhcp-servers" and
    (.message | contains("10.77.0.1") and contains("10.77.0.2")))'
stop "$PID"
stop "$one"

echo 'dhcp-option-force=60,PXEClient' >>/run/lab/one.conf
must start_dnsmasq /run/lab/one.conf
scan claims -p uefi-x64
check "option 60 and nobody on port 4011" json "$OUT" \
    '.servers[0].port_4011 == false and
    any(.findings[]; .fault == "option60-without-4011")'
done_testing
