#!/bin/bash
# decode-filter.sh - what decode is asked to show, it shows, and no more:
# jq picks the same frames out of all of them.
. "${0%/*}/lib.sh"
need_pxetool
need_all jq
GOLDEN=$TOP/tests/golden

"$PXETOOL" decode -a --format=json "$GOLDEN"/decode-good.pcapng \
    >"$LOGDIR/all.json" || exit 2

# picks NAME FILTER OPTION...: the frames that jq picks with FILTER
picks() {
	local name=$1 want got

	want=$(jq -r "select($2) | .frame" "$LOGDIR/all.json")
	got=$("$PXETOOL" decode -a --format=json "${@:3}" \
	    "$GOLDEN"/decode-good.pcapng | jq -r .frame)
	check "$name: some" [ -n "$want" ]
	check "$name: those frames and no others" equal "$got" "$want"
}

picks "one protocol" '.proto == "tftp"' --proto tftp
picks "both kinds of DHCP" '.proto | startswith("dhcp")' -p dhcp
picks "two protocols" '.proto == "dhcp4" or .proto == "tftp"' -p dhcp4 -p tftp
XID=$(jq -r 'select(.proto == "dhcp4").xid' "$LOGDIR/all.json" | head -n 1)
picks "a transaction" ".xid == $XID" --xid "$XID"
picks "the same in hex" ".xid == $XID" --xid "$(printf '0x%x' "$XID")"
IP=$(jq -r 'select(.proto == "tftp").src' "$LOGDIR/all.json" | head -n 1)
picks "an address" "[.src, .dst, .yiaddr, .siaddr, .ciaddr, .giaddr,
    .sender_ip?, .target_ip?] | any(. == \"$IP\")" --ip "$IP"

# A machine behind a router: its MAC address is in DHCP alone, so the TFTP
# and HTTP of the address that it was given must come by what was learned.
MAC=$(jq -r 'select(.proto == "dhcp4").chaddr' "$LOGDIR/all.json" | head -n 1)
"$PXETOOL" decode -a --format=json --mac "$MAC" "$GOLDEN"/decode-good.pcapng \
    >"$LOGDIR/mac.json"
check "a machine: its DHCP is there" json <(jq -s . "$LOGDIR/mac.json") \
    'any(.[]; .proto == "dhcp4" and .chaddr == $m) and
    all(.[] | select(.proto == "dhcp4"); .chaddr == $m)' --arg m "$MAC"

check "no such protocol" eval \
    '! "$PXETOOL" decode --proto tfpt "$GOLDEN"/decode-good.pcapng'
check "and which was meant" grep -q 'did you mean tftp' \
    <("$PXETOOL" decode --proto tfpt "$GOLDEN"/decode-good.pcapng 2>&1)

# Several files are one, by time; what two of them saw is shown once.
"$PXETOOL" decode -a --format=json "$GOLDEN"/decode-good.pcapng \
    "$GOLDEN"/decode-dhcp.pcap "$GOLDEN"/decode-good.pcapng \
    >"$LOGDIR/merged.json"
"$PXETOOL" decode -a --format=json "$GOLDEN"/decode-dhcp.pcap \
    >"$LOGDIR/dhcp.json"
check "several files: all frames, once, in order, counted on" \
    json <(jq -s . "$LOGDIR/merged.json") \
    'length == $n and ([.[].time] | . == sort) and
    [.[].frame] == [range(1; length + 1)]' \
    --argjson n "$(cat "$LOGDIR/all.json" "$LOGDIR/dhcp.json" |
    jq -r '[.time, .summary] | tostring' | sort -u | wc -l)"

check "hex of what could not be read" grep -q '^	0000  01 01 06' \
    <("$PXETOOL" decode -x "$GOLDEN"/decode-malformed.pcap)
check "and nowhere else" eval \
    '! "$PXETOOL" decode -x "$GOLDEN"/decode-tftp.pcap | grep "^	"'
check "and in JSON" json \
    <("$PXETOOL" decode -x --format=json "$GOLDEN"/decode-malformed.pcap |
    jq -s .) '.[0].unread_hex | startswith("010106")'

# Two boots in two files, of which one has the fault.
: "${PXETOOL_CAPTURES:=$TOP/../shared/captures}"
BAD=$PXETOOL_CAPTURES/44-uefi-tftp-file-not-found.pcap
GOOD=$PXETOOL_CAPTURES/02-bios-plain-dnsmasq-healthy.pcap
if [ -f "$BAD" ] && [ -f "$GOOD" ]; then
	"$PXETOOL" decode --format=json --fault tftp-file-not-found \
	    "$GOOD" "$BAD" >"$LOGDIR/fault.json"
	mac=$(jq -r 'select(.error_code? == 1 or .chaddr?) | .chaddr // empty' \
	    <("$PXETOOL" decode --format=json "$BAD") | head -n 1)
	check "of a fault: its machine, and no other" json \
	    <(jq -s . "$LOGDIR/fault.json") 'length > 5 and
	    any(.[]; .proto == "tftp") and
	    all(.[] | select(.proto == "dhcp4"); .chaddr == $m)' --arg m "$mac"
else
	skip "of a fault" "no captures in $PXETOOL_CAPTURES"
fi
check "no such fault" eval \
    '! "$PXETOOL" decode --fault tftp-not-found "$GOLDEN"/decode-good.pcapng'

# A file that grows: half of it, with half a frame at its end, then the rest.
FILE=$GOLDEN/decode-tftp.pcap
size=$(wc -c <"$FILE")
head -c $((size / 2 + 3)) "$FILE" >"$LOGDIR/grows.pcap"
timeout 20 "$PXETOOL" decode -a -f "$LOGDIR/grows.pcap" >"$LOGDIR/grows.txt" &
follower=$!
until_true 5 [ -s "$LOGDIR/grows.txt" ]
check "follow: what is there is shown at once" [ -s "$LOGDIR/grows.txt" ]
tail -c +$((size / 2 + 4)) "$FILE" >>"$LOGDIR/grows.pcap"
"$PXETOOL" decode -a "$FILE" >"$LOGDIR/whole.txt"
check "follow: and then the rest, the frame in between whole" \
    until_true 5 cmp "$LOGDIR/grows.txt" "$LOGDIR/whole.txt"
kill "$follower"
wait "$follower" 2>/dev/null
done_testing
