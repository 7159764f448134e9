#!/bin/bash
# diagnose-pcapng.sh - the capture with the findings in it: tshark reads the
# same packets and the comments beside them.
. "${0%/*}/lib.sh"
need_pxetool
need_all jq tshark
: "${PXETOOL_CAPTURES:=$TOP/../shared/captures}"
[ -d "$PXETOOL_CAPTURES" ] || skip_all "no captures in $PXETOOL_CAPTURES"

# packets FILE: time, length and bytes of each
packets() {
	tshark -r "$1" -T fields -e frame.time_epoch -e frame.len \
	    -e eth.src -e eth.dst -e ip.id -e udp.checksum -e tcp.seq_raw \
	    2>/dev/null
}

# commented NAME STATUS
commented() {
	local out=$LOGDIR/$1.pcapng json=$LOGDIR/$1.json
	local from=$PXETOOL_CAPTURES/$1.pcap fault

	"$PXETOOL" diagnose --format=json --pcapng "$out" "$from" >"$json"
	check "$1: status" equal $? "$2"
	check "$1: the same packets" equal "$(packets "$out")" \
	    "$(packets "$from")"
	tshark -r "$out" -T fields -e frame.number -e frame.comment \
	    2>/dev/null >"$LOGDIR/$1.txt"
	fault=$(jq -r '.machines[0].verdict' "$json")
	[ "$2" = 0 ] && fault='DISCOVER'
	check "$1: a comment names it" grep -q "$fault" "$LOGDIR/$1.txt"
	check "$1: each frame of evidence has its comment" equal \
	    "$(jq -r '.machines[].evidence[].frame | select(. > 0)' "$json" |
	    while read -r n; do
		grep -q "^$n[[:space:]]*[0-9a-f]" "$LOGDIR/$1.txt" || echo "$n"
	    done)" ""
}

commented 70-http-script-404 1
commented 44-uefi-tftp-file-not-found 1
commented 02-bios-plain-dnsmasq-healthy 0

check "standard input cannot be read twice" eval \
    '! "$PXETOOL" diagnose --pcapng "$LOGDIR/x.pcapng" - </dev/null'
check "and nothing was written" [ ! -e "$LOGDIR/x.pcapng" ]
done_testing
