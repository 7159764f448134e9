# tftp_gets.sh - what the TFTP scripts share
# shellcheck shell=bash

# gets WHAT FILE LIMIT_S [OPTION...]
gets() {
	local name="$1: $2 arrives whole" file=$2 limit=$3 from=$EPOCHREALTIME
	local got=/run/lab/got

	rm -f $got
	shift 3
	if ! in_ns cli timeout "$limit" "$PXETOOL" get -o $got "$@" \
	    "tftp://10.77.0.1/$file" >"$LOGDIR/get.log" 2>&1; then
		not_ok "$name" "$LOGDIR/get.log"
		return
	fi
	check "$name" equal "$(sha256 $got)" "$(sha256 "$NETBOOT/$file")"
	awk -v a="$from" -v b="$EPOCHREALTIME" \
	    'BEGIN { printf "# after %.1f s\n", b - a }'
}
