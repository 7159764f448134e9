#!/bin/bash
# errors.sh - what a new user does wrong: the work cannot be done, so the status
# is 2, nothing is on stdout, and stderr says in a line what to do.
. "${0%/*}/lib.sh"
need_pxetool
enter_lab

err=$LOGDIR/stderr
out=$LOGDIR/stdout

# says WORDS: the one message is ours and has, in this order, the words
says() {
	echo "stderr:"
	cat "$err"
	grep -Eiq "^pxetool.*$1" "$err" || {
		echo "no word of: $1"
		return 1
	}
	[ ! -s "$out" ] || {
		echo "and talk on stdout:"
		head -n 5 "$out"
		return 1
	}
	[ "$(wc -l <"$err")" -le 3 ] || {
		echo "and more than three lines"
		return 1
	}
}

# refused NAME WORDS COMMAND...: in the client's namespace
refused() {
	local name=$1 words=$2

	shift 2
	in_ns "${NS:-cli}" timeout 20 "$@" >"$out" 2>"$err" </dev/null
	check "$name: status 2" equal $? 2
	check "$name: says why" says "$words"
}

# as_nobody COMMAND...: without any privilege, nor the right to have one
as_nobody() {
	if setpriv --reuid 65534 --regid 65534 --clear-groups true 2>/dev/null
	then
		setpriv --reuid 65534 --regid 65534 --clear-groups \
		    --bounding-set -all --inh-caps -all --no-new-privs -- "$@"
	else
		setpriv --bounding-set -all --inh-caps -all -- "$@"
	fi
}
export -f as_nobody

# nobody may not look into the builder's home
cp "$PXETOOL" /run/lab/pxetool && chmod 755 /run/lab/pxetool /run /run/lab

pxe=$PXETOOL

# ---- the command line
refused "a subcommand misspelt" "did you mean.*client" "$pxe" clinet
refused "a subcommand from elsewhere" "help" "$pxe" xyzzy
refused "a URI that is none" "expected tftp" "$pxe" get boot.ipxe
refused "an option misspelt" "did you mean --persona" \
    "$pxe" client --personna intel-bios
refused "an option from elsewhere" "unknown option.*help" \
    "$pxe" client --xyzzy
refused "an option without its value" "needs a value" "$pxe" client --persona
refused "a format there is not" "format.*json" "$pxe" decode --format=yaml x
refused "help on what is not" "did you mean.*serve" "$pxe" help sevre

# ---- captures
head -c 3000 /dev/urandom | tr -d '\324\262\241\12' >/run/lab/noise.pcap
: >/run/lab/empty.pcap
# A good head, and a record of 60 bytes that ends after 20.
printf '\324\303\262\241\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0\0' \
    >/run/lab/short.pcap
printf '\0\0\0\0\0\0\0\0\74\0\0\0\74\0\0\0' >>/run/lab/short.pcap
printf '%020d' 0 >>/run/lab/short.pcap
refused "a capture that is not there" "nosuch.pcap.*no such file" \
    "$pxe" decode /run/lab/nosuch.pcap
refused "noise for a capture" "noise.pcap.*(not a|no) .*capture" \
    "$pxe" decode /run/lab/noise.pcap
refused "an empty capture" "empty.pcap" "$pxe" decode /run/lab/empty.pcap
refused "a truncated capture" "short.pcap.*(truncated|cut|ends)" \
    "$pxe" decode /run/lab/short.pcap
refused "no capture" "usage" "$pxe" decode
refused "an output that cannot be" "/nosuch/.*no such" \
    "$pxe" help -o /nosuch/file

# ---- the client
refused "an interface that is not there" "no such interface.*eth0" \
    "$pxe" client -i nosuch0 --persona intel-bios
refused "no interface" "interface" "$pxe" client --persona intel-bios
refused "a persona misspelt" "intel-bios" \
    "$pxe" client -i eth0 --persona intel-boss
refused "a MAC address misspelt" "mac.*52:54" \
    "$pxe" client -i eth0 --persona intel-bios --mac 52:54:00
refused "a client without privilege" "root|cap_net_raw" \
    bash -c 'as_nobody "$@"' - /run/lab/pxetool client -i eth0 \
    --persona intel-bios --timeout 5

# ---- the server
export NS=srv
range=10.77.0.100,10.77.0.150
refused "a TFTP root that is not there" "/nosuch.*(no such|not)" \
    "$pxe" serve -i eth0 --dhcp-range $range --tftp-root /nosuch
refused "a script that is not there" "/nosuch.ipxe.*no such" \
    "$pxe" serve -i eth0 --dhcp-range $range --tftp-root "$NETBOOT" \
    --script /nosuch.ipxe
refused "a range of another network" "10.99.0.1.*network" \
    "$pxe" serve -i eth0 --dhcp-range 10.99.0.1,10.99.0.9 \
    --tftp-root "$NETBOOT"
refused "a range backwards" "range" \
    "$pxe" serve -i eth0 --dhcp-range 10.77.0.150,10.77.0.100 \
    --tftp-root "$NETBOOT"
refused "a server without privilege" "root|cap_net_(raw|bind_service)" \
    bash -c 'as_nobody "$@"' - /run/lab/pxetool serve -i eth0 \
    --dhcp-range $range --tftp-root "$NETBOOT"
echo loader >"$NETBOOT/undionly.kpxe"
if start_pxetool_serve --dhcp-range $range --tftp-root "$NETBOOT"; then
	refused "a second server" "port (67|69|80).*in use" \
	    "$pxe" serve -i eth0 --dhcp-range $range --tftp-root "$NETBOOT"
	in_ns cli ip addr flush dev eth0
	NS=cli refused "no address to load files with" "address.*give eth0 one" \
	    "$pxe" client -i eth0 --fast --format=json
	stop "$PID"
else
	not_ok "the first server starts" "$LOGDIR/serve-srv.log"
fi
done_testing
