# loader.sh - what the scripts for loaders share (client-pxelinux.sh and
# others): one file served by dnsmasq, and what was asked of its TFTP server.
# shellcheck shell=bash disable=SC2034

MAC=52:54:00:77:00:31
UUID=4c414200-0077-4e42-8001-000000000031
DNSMASQ=

# serve_file FILE [LINES of dnsmasq.conf...]
serve_file() {
	local conf=/run/lab/loader.conf

	{
		cat <<-EOT
		interface=eth0
		bind-interfaces
		no-resolv
		no-hosts
		no-ping
		port=0
		dhcp-range=10.77.0.100,10.77.0.199,255.255.255.0,1h
		dhcp-option=option:router,10.77.0.1
		dhcp-no-override
		dhcp-boot=$1
		enable-tftp
		tftp-root=$NETBOOT
		EOT
		printf '%s\n' "${@:2}"
	} >"$conf"
	stop "$DNSMASQ"
	must start_dnsmasq "$conf"
	DNSMASQ=$PID
}

# start_capture FILE: of the requests alone, so that a busy machine loses none
start_capture() {
	local dump

	dump=$(unconfined tcpdump) || return
	start srv tcpdump-srv "$dump" -U --immediate-mode -n -s 0 -Z root \
	    -i eth0 -w "$1" udp dst port 69 or udp port 67
	until_true 10 grep -q 'listening on' "$LOGDIR/tcpdump-srv.log"
}

# boot RUN PERSONA [ARGUMENTS]: the result is in $RESULT, what was asked for in
# the file that asked_for prints
boot() {
	local dump

	RESULT=$LOGDIR/$1.json
	must start_capture "/run/lab/$1.pcap"
	dump=$PID
	in_ns cli timeout 100 "$PXETOOL" client -i eth0 --persona "$2" \
	    --mac "$MAC" --uuid "$UUID" --format=json --fast --timeout 60 \
	    "${@:3}" >"$RESULT" 2>"$LOGDIR/$1.err" || true
	sleep 0.3
	stop "$dump"
	requests "/run/lab/$1.pcap" "$LOGDIR/$1.asked"
}

# requests PCAP FILE: the names of a capture's TFTP requests, each once a row
requests() {
	"$PXETOOL" decode "$1" 2>/dev/null |
	    sed -n 's/.* RRQ \([^,]*\),.*/\1/p' | uniq >"$2"
}

asked_for() {
	cat "$LOGDIR/$1.asked"
}

address_of() {
	jq -r '[.stages[] | select(.address) | .address][0]' "$LOGDIR/$1.json"
}

same_text() {
	[ "$1" = "$2" ] && return
	diff <(echo "$2") <(echo "$1")
}

# ends_in RUN FAULT
ends_in() {
	check "$1: the verdict is $2" json "$LOGDIR/$1.json" \
	    '.verdict == $f and (.fault.message | length > 0)' --arg f "$2" ||
	    note "$LOGDIR/$1.err"
}

# times_sent FILE: how often dnsmasq has sent it
times_sent() {
	grep -cF "sent $NETBOOT/${1#/} to" "$LOGDIR/dnsmasq-srv.log"
}

sent_again() { # FILE BEFORE
	[ "$(times_sent "$1")" -gt "$2" ]
}

# real_asks_the_same RUN bios|ovmf [SECONDS]: the real loader, on real firmware
# with the same MAC address and UUID, makes the requests of that run
real_asks_the_same() {
	local last dump before

	case $2 in
	bios) [ -f "$ROM" ] ;;
	*) [ -f "$OVMF" ] ;;
	esac && need qemu-system-x86_64 flock && [ -w /dev/net/tun ] || {
		skip "$1: the real one asks for the same" "no QEMU"
		return
	}
	last=$(asked_for "$1" | tail -n 1)
	must start_capture "/run/lab/$1-real.pcap"
	dump=$PID
	before=$(times_sent "$last")
	"qemu_$2" $MAC -uuid $UUID
	until_true "${3:-300}" sent_again "$last" "$before"
	qemu_off
	stop "$dump"
	requests "/run/lab/$1-real.pcap" "$LOGDIR/$1-real.asked"
	check "$1: the real one asks for the same" same_text \
	    "$(asked_for "$1")" "$(asked_for "$1-real")" &&
	    figure "$1: requests in the order of the real one" \
	    "$(asked_for "$1" | wc -l)" requests
}
