#!/bin/bash
# diagnose-lab.sh - the fault lab: the broken boots of faults.sh and more, each
# recorded where the client is and where its server is; diagnose must name the
# fault from either side. What was named as what is printed as a table.
# timeout: 1500
#
# faults.sh makes the boots, and calls these around each of them.

# The emulated client loads files with the machine's own stack: let both have
# one hardware address, as a real machine has.
MAC=02:00:00:77:00:50
export MAC

# $! is the PID of tcpdump itself
dump_at() {
	nsenter --net="/run/netns/$1" -- "$dump" -U --immediate-mode -n -s 0 \
	    -Z root -i eth0 -w "$LOGDIR/$1.pcap" 2>"$LOGDIR/dump-$1.log" &
}

before_boot() {
	[ -n "${dump:-}" ] || {
		dump=$(unconfined tcpdump) || exit 2
		rm -f "$LOGDIR/table.tsv" "$LOGDIR"/missed-*
	}
	rm -f "$LOGDIR/dump-cli.log" "$LOGDIR/dump-srv.log"
	dump_at cli
	dump_cli=$!
	dump_at srv
	dump_srv=$!
	until_true 10 grep -q 'listening on' "$LOGDIR/dump-cli.log"
	until_true 10 grep -q 'listening on' "$LOGDIR/dump-srv.log"
}

# Whoever takes a capture lets it run for a while: one more frame, a minute on.
a_minute_on() {
	python3 - "$1" <<-'EOS'
	import struct, sys
	data = open(sys.argv[1], 'rb').read()
	at, last = 24, 0
	while at + 16 <= len(data):
	    sec, usec, cap, wire = struct.unpack('<IIII', data[at:at + 16])
	    at, last = at + 16 + cap, sec
	arp = (b'\xff' * 6 + bytes.fromhex('020000770099') + b'\x08\x06' +
	       bytes.fromhex('0001080006040001020000770099') +
	       bytes([10, 77, 0, 153]) + bytes(6) + bytes([10, 77, 0, 154]))
	if last:
	    open(sys.argv[1], 'ab').write(struct.pack('<IIII', last + 60, 0,
	        len(arp), len(arp)) + arp)
	EOS
}

# named SIDE NAME FAULT
named() {
	local got

	a_minute_on "$LOGDIR/$1.pcap"
	"$PXETOOL" diagnose --format=json "$LOGDIR/$1.pcap" \
	    >"$LOGDIR/$1.json" 2>"$LOGDIR/$1.err"
	got=$(jq -r --arg m "$MAC" '[.machines[] | select(.mac == $m)] |
	    last.verdict // "nobody"' "$LOGDIR/$1.json")
	printf '%s\t%s\t%s\t%s\n' "$1" "$3" "$got" "$2" >>"$LOGDIR/table.tsv"
	if [ "$got" = "$3" ]; then
		ok "$2, seen by $1: $3"
		return
	fi
	cp "$LOGDIR/$1.pcap" "$LOGDIR/missed-$tap_n.pcap"
	if [ "$1 $got" = "srv unfinished" ]; then
		# the talk that failed was with another server
		ok "$2: not to be seen by srv, and so it says"
		return
	fi
	# Where two faults look alike on the wire, the other stands beside it.
	if jq -e --arg m "$MAC" --arg f "$3" '[.machines[] |
	    select(.mac == $m)] | last.also | index($f)' "$LOGDIR/$1.json" \
	    >/dev/null; then
		ok "$2, seen by $1: $got, also $3"
	else
		not_ok "$2, seen by $1: $3, not $got"
	fi
}

after_boot() {
	sleep "${LINGER:-0.3}"
	kill "$dump_cli" "$dump_srv"
	wait "$dump_cli" "$dump_srv" 2>/dev/null
	named cli "$1" "${WANT:-$2}"
	[ -n "${CLIENT_ONLY:-}" ] || named srv "$1" "${WANT_SRV:-${WANT:-$2}}"
}

LAB_MORE=${0%/*}/diagnose_more.sh
more_boots() {
	local bad all

	# shellcheck source=diagnose_more.sh
	. "$LAB_MORE"
	all=$(wc -l <"$LOGDIR/table.tsv")
	bad=$(awk -F'\t' '$2 != $3' "$LOGDIR/table.tsv" | wc -l)
	figure "faults made" "$(cut -f2,4 "$LOGDIR/table.tsv" | sort -u | wc -l)"
	figure "different ones" "$(cut -f2 "$LOGDIR/table.tsv" | sort -u | wc -l)"
	figure "captures of them" "$all"
	figure "named right" "$((all - bad))" "of $all"
	echo "# what was named as what, where it differs:"
	awk -F'\t' '$2 != $3 { print "#   " $1 ": " $2 " as " $3 " (" $4 ")" }' \
	    "$LOGDIR/table.tsv"
}

. "${0%/*}/faults.sh"
