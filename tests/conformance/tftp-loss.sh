#!/bin/bash
# tftp-loss.sh - 100 MB by TFTP, whole, while one frame in twenty is lost in
# each direction, and while every datagram of the server comes twice.
#
# A server without windows notices a lost block by its own timer, after a
# second or more, whoever asks: 100 MB in blocks of 1468 bytes would take it
# hours. So the lab's frames are large, those servers send large blocks, and
# it is 20 MB unless SLOW=1 says that there is time.
# timeout: 1500
. "${0%/*}/lib.sh"
need_pxetool
need nft || skip_all "nftables is not installed"
. "$HERE/tftp_gets.sh"
enter_lab atftpd

STEPWISE=20000000
[ -z "${SLOW:-}" ] || STEPWISE=100000000
head -c 100000000 /dev/urandom >"$NETBOOT/big.bin"
head -c $STEPWISE /dev/urandom >"$NETBOOT/stepwise.bin"
chmod 644 "$NETBOOT"/*.bin

# lossy WHAT FILE LIMIT_S OPTION...
lossy() {
	loss 5 || {
		not_ok "$1: frames can be lost"
		return
	}
	gets "$1, 5 % loss" "${@:2}"
	check "$1: frames were lost" test "$(lost)" -gt 5
	loss 0
}

# twice WHAT OPTION...: the server's datagrams are doubled on their way out
twice() {
	if ! in_ns srv nft -f - 2>"$LOGDIR/dup.log" <<-EOF
	table ip lab {
		chain out {
			type filter hook output priority 0; policy accept;
			meta l4proto udp ip daddr 10.77.0.50 counter \
			    dup to 10.77.0.50 device "eth0"
		}
	}
	EOF
	then
		skip "$1, each datagram twice" "the kernel cannot duplicate"
		return
	fi
	gets "$1, each datagram twice" big.bin 120 "${@:2}"
	in_ns srv nft delete table ip lab
}

frames() {
	for ns in sw srv srvb cli; do
		for i in $(in_ns $ns ip -o link show type veth |
		    sed 's/^[0-9]*: \([^@:]*\).*/\1/'); do
			in_ns $ns ip link set "$i" mtu "$1"
		done
	done
	in_ns sw ip link set br0 mtu "$1"
}

if have_atftpd && start_atftpd "$NETBOOT"; then
	lossy "atftpd, windows of 64" big.bin 300 --blksize 1428 --windowsize 64
	twice atftpd --blksize 1428 --windowsize 1
	stop "$PID"
else
	skip "atftpd" "not installed, and cannot be downloaded"
fi

if start_pxetool_serve --tftp-root "$NETBOOT" \
    --dhcp-range 10.77.0.100,10.77.0.150; then
	lossy "serve, windows of 64" big.bin 300 --blksize 1428 --windowsize 64
	twice serve --blksize 1428 --windowsize 16
	stop "$PID"
else
	not_ok "serve starts" "$LOGDIR/serve-srv.log"
fi

frames 65535
if start_dnsmasq "$SERVERS/tftp.conf"; then
	lossy "dnsmasq" stepwise.bin 900 --blksize 64000
	twice dnsmasq --blksize 1428
	stop "$PID"
else
	skip "dnsmasq" "not installed, or does not start"
fi

if start_tftpd_hpa "$NETBOOT"; then
	lossy "tftpd-hpa" stepwise.bin 900 --blksize 64000
	twice tftpd-hpa --blksize 1428
	stop "$PID"
else
	skip "tftpd-hpa" "not installed, or does not start"
fi
done_testing
