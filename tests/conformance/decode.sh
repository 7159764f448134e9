#!/bin/bash
# decode.sh - all of the captures decode with no field wrong and no boot
# packet missing; tshark is the judge.
. "${0%/*}/lib.sh"
need_pxetool
need_all python3 tshark
: "${PXETOOL_CAPTURES:=$TOP/../shared/captures}"

shopt -s nullglob
captures=("$PXETOOL_CAPTURES"/*.pcap "$PXETOOL_CAPTURES"/*/*.pcap
    "$PXETOOL_CAPTURES"/*/*.pcapng)
[ ${#captures[@]} -gt 0 ] || skip_all "no captures in $PXETOOL_CAPTURES"

for capture in "${captures[@]}"; do
	check "$(basename "$capture"): as tshark says" \
	    python3 "$HERE/decode_compare.py" "$PXETOOL" "$capture"
done

# clean CAPTURE: nothing in it is wrong, and the text says the same
clean() {
	local out=$LOGDIR/clean.txt

	"$PXETOOL" decode -v "$1" >"$out" || return
	! grep -nE '(truncated|malformed|continued): ' "$out"
}

for capture in "${captures[@]}"; do
	clean "$capture" || {
		not_ok "$(basename "$capture"): nothing malformed"
		done_testing
	}
done
ok "nothing is called malformed or truncated in ${#captures[@]} captures"
done_testing
