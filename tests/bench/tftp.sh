#!/bin/bash
# tftp.sh - TFTP: our client beside curl and atftp, from the same server; our
# server beside dnsmasq and tftpd-hpa, to the same client. 64 MB each.
. "${0%/*}/../conformance/lib.sh"
. "${0%/*}/lib.sh"
enter_lab

head -c 67108864 /dev/urandom >"$NETBOOT/big.bin"
chmod 644 "$NETBOOT/big.bin"
got=/run/lab/got

ours() {
	in_ns cli "$PXETOOL" get tftp://10.77.0.1/big.bin -o $got \
	    --blksize 1428 --windowsize 1
}
ours_windows() {
	in_ns cli "$PXETOOL" get tftp://10.77.0.1/big.bin -o $got \
	    --blksize 1428 --windowsize 16
}
curl_get() {
	in_ns cli curl -sf --tftp-blksize 1428 -o $got tftp://10.77.0.1/big.bin
}
atftp_get() {
	in_ns cli atftp --option 'blksize 1428' -g -r big.bin -l $got 10.77.0.1
}
atftp_windows() {
	in_ns cli atftp --option 'blksize 1428' --option 'windowsize 16' -g \
	    -r big.bin -l $got 10.77.0.1
}

# Server against server: the times are taken one after the other, because
# both want port 69.
serve_time=
server_ratio() {
	local peer

	for _ in $(seq "$RUNS"); do
		seconds curl_get
	done | median >/run/lab/median
	peer=$(cat /run/lab/median)
	if [ -z "$serve_time" ]; then
		serve_time=$peer
		return
	fi
	awk -v n="$1" -v a="$serve_time" -v b="$peer" \
	    'BEGIN { printf "%-28s %5.2f  (%.3f s, %.3f s)\n", n, a / b, a, b }'
}

start_pxetool_serve --tftp-root "$NETBOOT" \
    --dhcp-range 10.77.0.100,10.77.0.150 || exit 1
ratio get/curl ours curl_get
if need atftp; then
	ratio get/atftp ours atftp_get
	ratio get/atftp-windows ours_windows atftp_windows
fi
server_ratio serve
stop "$PID"
if start_dnsmasq "$SERVERS/tftp.conf"; then
	server_ratio serve/dnsmasq
	stop "$PID"
fi
if start_tftpd_hpa "$NETBOOT"; then
	server_ratio serve/tftpd-hpa
	stop "$PID"
fi
exit 0
