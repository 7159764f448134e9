# faults_lib.sh - a boot that is to end with a fault: dnsmasq set up wrong, a
# firewall, and what the emulated client makes of them.
# shellcheck shell=bash

: "${MAC:=52:54:00:77:00:11}"

# dnsmasq_with LINES: DHCP and what the lines say; in the place of the one before
dnsmasq=
dnsmasq_with() {
	local ns=${SRV:-srv}

	stop "$dnsmasq"
	cat >"/run/lab/$ns.conf" <<-EOF
	port=0
	interface=eth0
	bind-interfaces
	log-dhcp
	no-ping
	dhcp-authoritative
	dhcp-range=${RANGE:-10.77.0.100,10.77.0.199,255.255.255.0,1h}
	tftp-root=$NETBOOT
	$1
	EOF
	start_dnsmasq "/run/lab/$ns.conf" || {
		note "$LOGDIR/dnsmasq-$ns.log"
		exit 2
	}
	dnsmasq=$PID
}

# ends NAME PERSONA FAULT WORDS [OPTIONS]: how the boot ends; the message has
# all of the words
ends() {
	local run=$LOGDIR/$tap_n word missing=

	! declare -F before_boot >/dev/null || before_boot
	in_ns cli timeout 60 "$PXETOOL" client -i eth0 -p "$2" -m "$MAC" --fast \
	    --format=json --timeout 40 "${@:5}" >"$run.json" 2>"$run.err"
	check "$1: status 1" equal "$?" 1 || note "$run.err"
	! declare -F after_boot >/dev/null || after_boot "$1" "$3"
	check "$1: $3" json "$run.json" \
	    '.verdict == $f and .fault.id == $f and (.fault.fix | length > 0)' \
	    --arg f "$3"
	for word in $4; do
		json "$run.json" '.fault.message | contains($w)' --arg w "$word" \
		    >/dev/null || missing="$missing $word"
	done
	check "$1: the message has the facts" \
	    equal "$missing: $(jq -r '.fault.message' "$run.json")" \
	    ": $(jq -r '.fault.message' "$run.json")"
}

# nft_srv RULE: drop at the boot server what the rule says; "" ends it
nft_srv() {
	in_ns "${SRV:-srv}" nft flush ruleset
	[ -z "$1" ] || in_ns "${SRV:-srv}" nft -f - <<-EOF
	table ip lab {
		chain in { type filter hook input priority 0; $1 drop; }
		chain out { type filter hook output priority 0; $1 drop; }
	}
	EOF
}

# told_by WORDS: the server of our own, in place of the last one
teller=
told_by() {
	stop "$teller"
	start "${SRV:-srv}" "pxe_server-${SRV:-srv}" python3 \
	    "$HERE/pxe_server.py" server="${OWN:-10.77.0.1}" "$@"
	teller=$PID
	ready "${SRV:-srv}" udp 67
}
