#!/bin/bash
# decode.sh - the time that decode takes for a capture, as a ratio to that of
# tcpdump and tshark for the same one, a line for every frame from each:
# medians of RUNS runs, taken in turn.
#
#	PXETOOL=build/pxetool tests/bench/decode.sh
#
# PACKETS says how many there are.
set -eu
cd "$(dirname "$0")"
: "${PXETOOL:=../../build/pxetool}"
: "${PACKETS:=200000}"
: "${RUNS:=5}"

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 ./gen_pcap.py "$PACKETS" "$dir/pcap"

# timed NAME COMMAND...: one more line with seconds in $dir/NAME
timed() {
	local name=$1 start=$EPOCHREALTIME

	shift
	"$@" >/dev/null 2>&1
	echo "$start $EPOCHREALTIME" |
	    awk '{ printf "%.6f\n", $2 - $1 }' >>"$dir/$name"
}

median() {
	sort -n "$dir/$1" | awk '{ t[NR] = $1 } END { print t[int((NR + 1) / 2)] }'
}

# ratio LABEL NAME PEER
ratio() {
	if [ -f "$dir/$3" ]; then
		awk -v l="$1" -v a="$(median "$2")" -v b="$(median "$3")" \
		    'BEGIN { printf "%s %.2f\n", l, a / b }'
	else
		echo "$1 - (no $3 here)"
	fi
}

for _ in $(seq "$RUNS"); do
	timed decode "$PXETOOL" decode -a "$dir/pcap"
	timed json "$PXETOOL" decode -a --format=json "$dir/pcap"
	if command -v tcpdump >/dev/null; then
		timed tcpdump tcpdump -nr "$dir/pcap"
	fi
	if command -v tshark >/dev/null; then
		timed tshark tshark -nr "$dir/pcap"
		timed tshark-ek tshark -nr "$dir/pcap" -T ek -J dhcp
	fi
done
ratio decode/tcpdump decode tcpdump
ratio decode/tshark decode tshark
ratio decode-json/tshark-json json tshark-ek
