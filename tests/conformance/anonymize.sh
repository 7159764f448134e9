#!/bin/bash
# anonymize.sh - of every capture: the anonymized one has the same diagnosis,
# nothing in it says of whom it was, and tshark finds no checksum wrong that
# was right before.
# timeout: 900
. "${0%/*}/lib.sh"
need_pxetool
need_all python3 jq
: "${PXETOOL_CAPTURES:=$TOP/../shared/captures}"

shopt -s nullglob
captures=("$PXETOOL_CAPTURES"/*.pcap)
[ ${#captures[@]} -gt 0 ] || skip_all "no captures in $PXETOOL_CAPTURES"

# What a diagnosis says, but for whom it says it of.
gist() {
	jq -c '[.machines[] | [.verdict, .also, .firmware, .arch,
	    .first_frame, .last_frame, (.stages | map([.stage, .arch])),
	    (.loads | map([.proto, .bytes, .kind, .status])),
	    [.evidence[].frame]]]' "$1"
}

# wrong FILE: frames with a checksum that is not right
wrong() {
	tshark -r "$1" -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE \
	    -o tcp.check_checksum:TRUE -Y 'ip.checksum.status == 0 or
	    udp.checksum.status == 0 or tcp.checksum.status == 0 or
	    icmp.checksum.status == 0 or icmpv6.checksum.status == 0' \
	    -T fields -e frame.number 2>/dev/null
}

out=$LOGDIR/anonymized.pcapng
for capture in "${captures[@]}"; do
	name=$(basename "$capture" .pcap)
	"$PXETOOL" diagnose --format=json "$capture" >"$LOGDIR/before.json"
	"$PXETOOL" diagnose --anonymize --format=json --pcapng "$out" \
	    "$capture" >"$LOGDIR/after.json"
	"$PXETOOL" diagnose --format=json "$out" >"$LOGDIR/again.json"
	check "$name: the same diagnosis" equal \
	    "$(gist "$LOGDIR/after.json")" "$(gist "$LOGDIR/before.json")"
	check "$name: and of the file that was written" equal \
	    "$(gist "$LOGDIR/again.json")" "$(gist "$LOGDIR/before.json")"
	check "$name: nothing tells of whom it was" \
	    python3 "$HERE/anonymize_check.py" "$PXETOOL" "$capture" "$out"
	# tshark takes its time: a few of them
	case $name in
	0[1-3]* | 13* | 16* | 20* | 40* | 73* | 84*)
		need tshark && check "$name: no checksum wrong that was right" \
		    equal "$(wrong "$out")" "$(wrong "$capture")"
		;;
	esac
done
rm -f "$out"
done_testing
