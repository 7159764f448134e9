# lib.sh - what the benchmarks share: timing two commands in turn.
# shellcheck shell=bash

RUNS=${RUNS:-5}

# seconds COMMAND...: how long it took, wall clock; fails if it fails
seconds() {
	local from=$EPOCHREALTIME

	"$@" >/dev/null 2>&1 || return
	awk -v a="$from" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.4f\n", b - a }'
}

median() {
	sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# ratio NAME OURS PEER: two functions, timed in turn, one warm-up each
ratio() {
	local name=$1 ours=$2 peer=$3 a b

	if ! "$ours" >/dev/null 2>&1 || ! "$peer" >/dev/null 2>&1; then
		printf '%-28s failed\n' "$name"
		return 1
	fi
	a=$(mktemp) b=$(mktemp)
	for _ in $(seq "$RUNS"); do
		seconds "$ours" >>"$a"
		seconds "$peer" >>"$b"
	done
	awk -v n="$name" -v a="$(median <"$a")" -v b="$(median <"$b")" \
	    'BEGIN { printf "%-28s %5.2f  (%.3f s, %.3f s)\n", n, a / b, a, b }'
	rm -f "$a" "$b"
}
