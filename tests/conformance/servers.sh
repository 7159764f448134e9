#!/bin/bash
# servers.sh - the test bed itself: every configuration of servers/ is one that
# its server accepts, every server starts, and frames get lost when told to.
. "${0%/*}/lib.sh"
enter_lab atftpd

accepted() { # NAME PROGRAM COMMAND...
	local name="the server accepts $1"

	if need "$2"; then
		check "$name" "${@:3}"
	else
		skip "$name" "not installed: $2"
	fi
}

starts() { # NAME PROGRAM COMMAND...
	local name="$1 starts"

	if [ -n "$2" ] && ! need "$2"; then
		skip "$name" "not installed: $2"
		return
	fi
	if "${@:3}"; then
		ok "$name"
	else
		not_ok "$name" "$(newest_log)"
	fi
}

newest_log() {
	find "$LOGDIR" -name '*.log' -printf '%T@ %p\n' | sort -n |
	    tail -n 1 | cut -d' ' -f2-
}

between() {
	[ "$1" -le "$2" ] && [ "$2" -le "$3" ] && return 0
	echo "$2 is not between $1 and $3"
	return 1
}

no_rules() {
	[ -z "$(in_ns sw nft list ruleset)" ]
}

# sends NAME: the TFTP server started last gives the client its file
sends() {
	if need curl; then
		check "$1 sends a file" equal \
		    "$(in_ns cli curl -sm 10 tftp://10.77.0.1/hello)" hello
	else
		skip "$1 sends a file" "not installed: curl"
	fi
	stop "$PID"
}

export KEA_LOCKFILE_DIR=/run/lab
for conf in "$SERVERS"/isc*.conf; do
	accepted "${conf##*/}" dhcpd "$(unconfined dhcpd)" -t -cf "$conf" \
	    -lf /dev/null
done
for conf in "$SERVERS"/dnsmasq*.conf "$SERVERS"/tftp.conf; do
	accepted "${conf##*/}" dnsmasq dnsmasq --test -C "$conf"
done
for conf in "$SERVERS"/kea*.json; do
	kea=kea-dhcp4
	grep -q '"Dhcp6"' "$conf" && kea=kea-dhcp6
	accepted "${conf##*/}" $kea in_ns srv "$(unconfined $kea)" -t "$conf"
done

echo hello >"$NETBOOT/hello"
starts "ISC dhcpd" dhcpd start_dhcpd "$SERVERS/isc.conf"
stop "$PID"
starts "Kea" kea-dhcp4 start_kea "$SERVERS/kea.json"
stop "$PID"
starts "dnsmasq as proxy" dnsmasq start_dnsmasq "$SERVERS/dnsmasq-proxy.conf"
stop "$PID"
starts "dnsmasq" dnsmasq start_dnsmasq "$SERVERS/dnsmasq.conf"
sends "dnsmasq"
starts "dnsmasq for TFTP" dnsmasq start_dnsmasq "$SERVERS/tftp.conf"
sends "dnsmasq for TFTP"
starts "tftpd-hpa" in.tftpd start_tftpd_hpa "$NETBOOT"
sends "tftpd-hpa"
if have_atftpd; then
	starts "atftpd" "" start_atftpd "$NETBOOT"
	sends "atftpd"
else
	skip "atftpd starts" "not installed, and cannot be downloaded"
fi
starts "tcpdump" tcpdump start_tcpdump "$LOGDIR/srv.pcap"
if need nginx curl; then
	start_nginx "$NETBOOT" 80
	check "nginx serves the tree to the client" equal \
	    "$(in_ns cli curl -s http://10.77.0.1/hello)" hello
else
	skip "nginx serves the tree to the client" "not installed: $MISSING"
fi

# Half of 200 frames, give or take what chance would not in a lifetime.
in_ns cli ip neigh replace 10.77.0.1 lladdr 02:00:00:77:00:01 dev eth0
in_ns srv ip neigh replace 10.77.0.50 lladdr 02:00:00:77:00:50 dev eth0
if ! need nft; then
	skip "half of the frames are lost" "not installed: nft"
elif loss 50 2>"$LOGDIR/nft.log"; then
	in_ns cli bash -c 'for _ in {1..200}; do
		echo >/dev/udp/10.77.0.1/4444
	done'
	check "half of the frames are lost" between 60 "$(lost)" 240
	loss 0
	check "and the loss is ended" no_rules
else
	skip "half of the frames are lost" "no nftables on bridges here"
fi
done_testing
