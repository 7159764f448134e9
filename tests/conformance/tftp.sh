#!/bin/bash
# tftp.sh - large files by TFTP, whole, from each server.
. "${0%/*}/lib.sh"
need_pxetool
"$PXETOOL" help get >/dev/null 2>&1 || skip_all "no subcommand get"
. "$HERE/tftp_gets.sh"
enter_lab atftpd

head -c 100000000 /dev/urandom >"$NETBOOT/big.bin"
# Past block 65535 the number wraps round: small blocks bring that about soon.
head -c $((512 * 65540 + 17)) /dev/urandom >"$NETBOOT/wrap.bin"
: >"$NETBOOT/empty.bin"
# The last block of a whole number of blocks is empty.
head -c $((512 * 7)) /dev/urandom >"$NETBOOT/even.bin"
chmod 644 "$NETBOOT"/*.bin

# all SERVER: what every server must give
all() {
	gets "$1" big.bin 60 --blksize 1468
	gets "$1, small blocks" wrap.bin 60 --blksize 512
	gets "$1" even.bin 20 --blksize 512
	gets "$1" empty.bin 20
}

if start_dnsmasq "$SERVERS/tftp.conf"; then
	all dnsmasq
	stop "$PID"
else
	skip "dnsmasq" "not installed, or does not start"
fi

if start_tftpd_hpa "$NETBOOT"; then
	all tftpd-hpa
	stop "$PID"
else
	skip "tftpd-hpa" "not installed, or does not start"
fi

if have_atftpd && start_atftpd "$NETBOOT"; then
	all atftpd
	gets "atftpd, a block at a time" big.bin 60 --windowsize 1
	stop "$PID"
else
	skip "atftpd" "not installed, and cannot be downloaded"
fi

if start_pxetool_serve --tftp-root "$NETBOOT" \
    --dhcp-range 10.77.0.100,10.77.0.150; then
	all serve
	gets "serve, a block at a time" big.bin 60 --windowsize 1
	stop "$PID"
else
	not_ok "serve starts" "$LOGDIR/serve-srv.log"
fi
done_testing
