#!/bin/bash
# explain.sh - the remedies that are lines to paste are lines that the
# installed servers take; and explain's exit status.
. "${0%/*}/lib.sh"
need_pxetool
need_all jq

CATALOGUE=$LOGDIR/catalogue.json
"$PXETOOL" explain --format=json >"$CATALOGUE"
check "explain prints the catalogue" equal $? 0

status_is() { # STATUS COMMAND...
	"${@:2}"
	equal $? "$1"
}
check "an id has a page" status_is 0 "$PXETOOL" explain chainload-loop
check "an unknown id is status 2" status_is 2 "$PXETOOL" explain no-such-fault

suggests() {
	"$PXETOOL" explain "$1" 2>&1 | grep -F "'$2'"
}
check "a mistyped id leads to the right one" \
    suggests chainlod-loop chainload-loop

# pastes PLACE: "id<tab>text in base64" of its remedies that are no sentence;
# those of config-rejected are commands, and so is what starts with "chown".
pastes() {
	jq -r --arg place "$1" '.faults[] | select(.id != "config-rejected") |
	    .id as $id | .remedies[] | select(.where == $place) |
	    select(.text | test("^[A-Z].*[.]$|\nchown ") | not) |
	    [$id, (.text | @base64)] | @tsv' "$CATALOGUE"
}

# What a remedy needs around it, unless it brings that itself.
taken_by_isc() { # ID
	local conf=$LOGDIR/dhcpd.conf family=-4

	case $1 in
	ipv6-*)
		family=-6
		echo 'subnet6 2001:db8::/64 { }' >"$conf"
		;;
	*)
		: >"$conf"
		grep -q 'subnet 192.0.2.0' "$LOGDIR/remedy" ||
		    echo 'subnet 192.0.2.0 netmask 255.255.255.0 { }' >"$conf"
		;;
	esac
	cat "$LOGDIR/remedy" >>"$conf"
	: >"$LOGDIR/leases"
	dhcpd "$family" -t -cf "$conf" -lf "$LOGDIR/leases"
}

taken_by_dnsmasq() {
	dnsmasq --test -C "$LOGDIR/remedy"
}

taken_by_kea() {
	local conf=$LOGDIR/kea.json

	# The interfaces named are examples: a test has none of them.
	{
		echo '{'
		sed 's,^ *//.*,,' "$LOGDIR/remedy"
		echo '}'
	} | jq '{ "Dhcp4": ({
	    "lease-database": { "type": "memfile", "persist": false },
	    "subnet4": [ { "id": 1, "subnet": "192.0.2.0/24" } ]
	    } + . + { "interfaces-config": { "interfaces": [] } }) }' \
	    >"$conf" && kea-dhcp4 -t "$conf"
}

try_all() { # PLACE PROGRAM
	local id text n=0

	if ! need "$2"; then
		skip "$1 takes its remedies" "not installed: $2"
		return
	fi
	while IFS=$'\t' read -r id text; do
		[ "$1-$id" = kea-ipv6-first-delay-or-failure ] && continue
		base64 -d <<<"$text" >"$LOGDIR/remedy"
		echo >>"$LOGDIR/remedy"
		check "$1 takes the remedy of $id" "taken_by_$1" "$id"
		n=$((n + 1))
	done < <(pastes "$1")
	check "$1 has remedies to paste" test "$n" -gt 20
}

try_all isc dhcpd
try_all dnsmasq dnsmasq
try_all kea kea-dhcp4
done_testing
