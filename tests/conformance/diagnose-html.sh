#!/bin/bash
# diagnose-html.sh - the HTML report in a real browser: nothing on its console,
# nothing fetched, nothing wider than the window, no text over other text, at
# 1280 and at 400 pixels, light and dark. The screenshots are kept in $LOGDIR.
. "${0%/*}/lib.sh"
need_pxetool
need_all python3
: "${PXETOOL_CAPTURES:=$TOP/../shared/captures}"

# Large to install, so it is nobody's duty.
for BROWSER in chromium chromium-browser google-chrome ''; do
	[ -n "$BROWSER" ] || skip_all "not installed: chromium"
	command -v "$BROWSER" >/dev/null && break
done

# looks_well NAME CAPTURE...
looks_well() {
	local folder=$LOGDIR/$1 status

	mkdir -p "$folder"
	"$PXETOOL" diagnose --format=html -o "$folder/report.html" "${@:2}"
	status=$?
	check "$1: there is a report" [ "$status" -le 1 ]
	check "$1: looks well at every width" timeout 100 \
	    python3 "$HERE/html_look.py" "$BROWSER" "$folder/report.html" \
	    "$folder" 1280 400
}

looks_well golden "$TOP"/tests/golden/decode-good.pcapng
shopt -s nullglob
for capture in "$PXETOOL_CAPTURES"/{40,59,70,80,98}-*.pcap; do
	looks_well "$(basename "$capture" .pcap)" "$capture"
done
# Many machines, many faults: an index, and the rest folded.
captures=("$PXETOOL_CAPTURES"/[4-7]?-*.pcap)
[ ${#captures[@]} = 0 ] || looks_well many "${captures[@]:0:40}"
done_testing
