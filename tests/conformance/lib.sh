# lib.sh - what the conformance scripts share: TAP, the lab of network
# namespaces, the servers in it.
#
# A script is
#
#	. "${0%/*}/lib.sh"
#	enter_lab               # only if it needs the network
#	check "what is true" command arguments ...
#	done_testing
#
# and is run by tests/run, or by hand: PXETOOL=build/pxetool tests/conformance/X.sh
# What daemons and clients said is kept in $LOGDIR.
#
# The lab, all on 10.77.0.0/24, is made of network namespaces:
#
#	sw      bridge br0 with the other ends of all cables
#	srv     eth0 10.77.0.1, the boot server
#	srvb    eth0 10.77.0.2, a second server
#	cli     eth0 10.77.0.50, where the emulated client runs
#
# Server files lie in /srv/netboot, which is the script's own: it lives in
# private mount, PID and network namespaces, as root or, for anyone else, in
# a user namespace. When the script ends, however it ends, its processes and
# its network are gone.
# shellcheck shell=bash disable=SC2034

set -u

# Tools for administrators are not on the path of everybody.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(cd "$HERE/../.." && pwd)
SERVERS=$HERE/servers
NETBOOT=/srv/netboot
SELF=$(basename "$0" .sh)
: "${PXETOOL:=$TOP/build/pxetool}"
BUILD=$(cd "$(dirname "$PXETOOL")" && pwd) || exit 2
PXETOOL=$BUILD/$(basename "$PXETOOL")
: "${LOGDIR:=$BUILD/log/conformance/$SELF}"
: "${CACHE:=$BUILD/cache}"
# Configurations from the wild, and what the real servers say of them.
: "${PXETOOL_CORPUS:=$TOP/../shared/corpus}"
export PXETOOL LOGDIR CACHE PXETOOL_CORPUS

mkdir -p "$LOGDIR" "$CACHE"
if [ ! -w "$LOGDIR" ]; then
	echo "# cannot write to $LOGDIR"
	exit 2
fi
rm -f "$LOGDIR/figures.tsv"

# ---------------------------------------------------------------- TAP

tap_n=0
tap_failed=0

ok() {
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1"
}

# not_ok NAME [FILE...]: and the last lines of the files as the reason
not_ok() {
	tap_n=$((tap_n + 1))
	tap_failed=1
	echo "not ok $tap_n - $1"
	shift
	for f in "$@"; do
		note "$f"
	done
}

# skip NAME WHY
skip() {
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1 # SKIP $2"
}

# note FILE: a file's last lines as comments
note() {
	[ -s "$1" ] || return 0
	echo "# $1:"
	tail -n 25 "$1" | tr -d '\000\r\033' | sed 's/^/#   /'
}

# figure NAME VALUE [UNIT]: something that was counted, for the table of
# "make conformance" (tests/figures)
figure() {
	printf '%s\t%s\t%s\n' "$1" "$2" "${3:-}" >>"$LOGDIR/figures.tsv"
}

done_testing() {
	echo "1..$tap_n"
	exit "$tap_failed"
}

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# check NAME COMMAND...: ok if the command succeeds
check() {
	# Named so as not to hide variables of the command, if it is a function.
	local check_name=$1 check_out=$LOGDIR/check.$((tap_n + 1))

	shift
	if "$@" >"$check_out" 2>&1; then
		ok "$check_name"
		rm -f "$check_out"
		return 0
	fi
	not_ok "$check_name" "$check_out"
	echo "#   failed: $*" | head -n 3
	return 1
}

# json FILE FILTER [jq arguments]: true if the filter says true of the file. An
# empty file is not: there "jq -e" of jq 1.6 is content.
json() {
	local json_file=$1 json_filter=$2

	shift 2
	[ "$(jq "$@" "$json_filter" "$json_file")" = true ] && return 0
	echo "not true: $json_filter"
	cat "$json_file"
	return 1
}

equal() {
	[ "$1" = "$2" ] && return 0
	echo "want: $2"
	echo "got:  $1"
	return 1
}

same_file() {
	cmp "$1" "$2"
}

sha256() {
	sha256sum "$1" | cut -d' ' -f1
}

# need PROGRAM...: true if all are installed; otherwise MISSING says which not
need() {
	MISSING=
	for p in "$@"; do
		command -v "$p" >/dev/null || MISSING="$MISSING $p"
	done
	MISSING=${MISSING# }
	[ -z "$MISSING" ]
}

need_all() {
	need "$@" || skip_all "not installed: $MISSING"
}

need_pxetool() {
	[ -x "$PXETOOL" ] || {
		echo "# $PXETOOL is not built"
		exit 2
	}
}

# ---------------------------------------------------------------- the lab

# enter_lab [FETCH...]: run the script again inside its own namespaces, then
# wire the lab. There is no way out of it, so what must be downloaded is
# fetched before: enter_lab kernel runs fetch-kernel.sh; that it failed is
# for whoever needs the file to find out.
enter_lab() {
	local way what

	if [ -n "${PXE_LAB:-}" ]; then
		lab_up || {
			echo "# the lab could not be built"
			exit 2
		}
		return
	fi
	need_all unshare nsenter ip ss jq
	for what in "$@"; do
		"$HERE/fetch-$what.sh" >/dev/null 2>&1 || true
	done
	for way in -nmpf -Urnmpf; do
		[ "$way" = -nmpf ] && [ "$(id -u)" != 0 ] && continue
		unshare "$way" --kill-child true 2>/dev/null || continue
		# shellcheck disable=SC2093
		PXE_LAB=$way exec unshare "$way" --kill-child bash "$0"
	done
	skip_all "no network namespaces here: neither as root nor in a user namespace"
}

# in_ns NS COMMAND...; exec'd, so that $! is the command's own PID
in_ns() {
	nsenter --net="/run/netns/$1" -- "${@:2}"
}

plug() { # NS MAC ADDRESS
	ip netns add "$1" &&
	in_ns sw ip link add "to-$1" type veth peer name eth0 netns "$1" &&
	in_ns sw ip link set "to-$1" master br0 up &&
	in_ns "$1" ip link set lo up &&
	in_ns "$1" ip link set eth0 address "$2" up &&
	in_ns "$1" ip addr add "$3/24" dev eth0 || return
	# Captures shall show the checksums that a wire would carry.
	in_ns "$1" ethtool -K eth0 tx off rx off tso off gso off gro off \
	    sg off >/dev/null 2>&1 || true
}

lab_up() {
	# Private copies: "ip netns" wants /run/netns, daemons write to /run.
	mount -t tmpfs lab /run && mkdir /run/netns /run/lab &&
	mount -t tmpfs lab /srv && mkdir "$NETBOOT" &&
	chmod 755 /srv "$NETBOOT" &&
	ip netns add sw &&
	in_ns sw ip link add br0 type bridge mcast_snooping 0 \
	    forward_delay 0 stp_state 0 &&
	in_ns sw ip link set br0 up &&
	plug srv 02:00:00:77:00:01 10.77.0.1 &&
	plug srvb 02:00:00:77:00:02 10.77.0.2 &&
	plug cli 02:00:00:77:00:50 10.77.0.50 || return
	groups_shim
	trap lab_down EXIT
	trap 'exit 143' TERM
	trap 'exit 130' INT
}

# In a user namespace with one user there are no groups to give up, and the
# kernel says so; servers that start as root insist. Let them believe.
groups_shim() {
	SHIM=
	[ "$PXE_LAB" = -Urnmpf ] || return 0
	SHIM=/run/lab/nogroups.so
	"${CC:-cc}" -shared -fPIC -o "$SHIM" "$HERE/nogroups.c" || SHIM=
}

PID=
PIDS=
NGINX_LOG=

lab_down() {
	local status=$?

	for pid in $PIDS; do
		kill "$pid" 2>/dev/null
	done
	# shellcheck disable=SC2086
	[ -z "$PIDS" ] || wait $PIDS 2>/dev/null
	exit "$status"
}

# start NS NAME COMMAND...: in the background, its talk in $LOGDIR/NAME.log;
# its PID is left in $PID
start() {
	local ns=$1 log=$LOGDIR/$2.log

	shift 2
	echo "+ $*" >"$log"
	if [ -n "$SHIM" ]; then
		set -- env LD_PRELOAD="$SHIM" "$@"
	fi
	nsenter --net="/run/netns/$ns" -- "$@" >>"$log" 2>&1 </dev/null &
	PID=$!
	PIDS="$PIDS $PID"
}

# stop PID
stop() {
	local rest=

	[ -n "$1" ] || return 0

	kill "$1" 2>/dev/null
	wait "$1" 2>/dev/null
	for pid in $PIDS; do
		[ "$pid" = "$1" ] || rest="$rest $pid"
	done
	PIDS=$rest
}

# until_true SECONDS COMMAND...: try ten times a second
until_true() {
	local end=$((SECONDS + $1))

	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -le "$end" ] || return 1
		sleep 0.1
	done
}

# listening NS udp|tcp PORT
listening() {
	local kind=-lun

	[ "$2" = tcp ] && kind=-ltn
	[ -n "$(in_ns "$1" ss -H "$kind" "sport = :$3")" ]
}

# ready NS udp|tcp PORT: wait for the server started last, while it lives
ready() {
	local end=$((SECONDS + 20))

	until listening "$@"; do
		if ! kill -0 "$PID" 2>/dev/null || [ "$SECONDS" -gt "$end" ]; then
			echo "# no server on $1 $2 port $3"
			return 1
		fi
		sleep 0.1
	done
}

# AppArmor ties dhcpd and others, by path, to their files in /etc and
# /var/lib. A copy elsewhere is free to read ours.
unconfined() {
	local real

	real=$(command -v "$1") || return 1
	[ -e "/run/lab/$1" ] || cp "$real" "/run/lab/$1"
	echo "/run/lab/$1"
}

# ---------------------------------------------------------------- servers
# Each returns when the server listens; CONF is a file's path. SRV says in
# which namespace (srv). Not there: false.

# start_dnsmasq CONF
start_dnsmasq() {
	local ns=${SRV:-srv} port=67

	need dnsmasq || return
	grep -q '^dhcp-range' "$1" || port=69
	# --no-daemon: it does not change to another user either
	start "$ns" "dnsmasq-$ns" dnsmasq --no-daemon -C "$1" \
	    --dhcp-leasefile="/run/lab/dnsmasq-$ns.leases"
	ready "$ns" udp "$port"
}

# start_dhcpd CONF
start_dhcpd() {
	local ns=${SRV:-srv} dhcpd

	need dhcpd || return
	dhcpd=$(unconfined dhcpd) || return
	: >"/run/lab/dhcpd-$ns.leases"
	start "$ns" "dhcpd-$ns" "$dhcpd" -4 -f -cf "$1" --no-pid \
	    -lf "/run/lab/dhcpd-$ns.leases" eth0
	ready "$ns" udp 67
}

# start_kea CONF
start_kea() {
	local ns=${SRV:-srv} kea

	need kea-dhcp4 || return
	kea=$(unconfined kea-dhcp4) || return
	KEA_LOCKFILE_DIR=/run/lab KEA_PIDFILE_DIR=/run/lab \
	    start "$ns" "kea-$ns" "$kea" -c "$1"
	ready "$ns" udp 67
}

# start_tftpd_hpa ROOT [arguments]
start_tftpd_hpa() {
	local ns=${SRV:-srv} root=$1

	shift
	need in.tftpd || return
	start "$ns" "tftpd-$ns" in.tftpd --foreground --user root \
	    --secure "$@" "$root"
	ready "$ns" udp 69
}

# have_atftpd: the package cannot be installed beside tftpd-hpa, so its program
# is unpacked; "enter_lab atftpd" fetches it
have_atftpd() {
	[ -n "${ATFTPD:-}" ] ||
	    ATFTPD=$("$HERE/fetch-atftpd.sh" 2>"$LOGDIR/fetch-atftpd.log")
}

# start_atftpd ROOT [arguments]
start_atftpd() {
	local ns=${SRV:-srv} root=$1

	shift
	have_atftpd || return
	start "$ns" "atftpd-$ns" "$ATFTPD" --daemon --no-fork --logfile - \
	    --user root.root "$@" "$root"
	ready "$ns" udp 69
}

# start_nginx ROOT PORT: its access log is $NGINX_LOG
start_nginx() {
	local ns=${SRV:-srv} conf=/run/lab/nginx-${SRV:-srv}.conf

	need nginx || return
	NGINX_LOG=$LOGDIR/nginx-access-$ns.log
	mkdir -p "/run/lab/nginx-$ns"
	cat >"$conf" <<-EOF
	user root root;
	worker_processes 1;
	daemon off;
	pid /run/lab/nginx-$ns/pid;
	error_log stderr;
	events { worker_connections 64; }
	http {
		access_log $NGINX_LOG;
		client_body_temp_path /run/lab/nginx-$ns/body;
		proxy_temp_path /run/lab/nginx-$ns/proxy;
		fastcgi_temp_path /run/lab/nginx-$ns/fastcgi;
		uwsgi_temp_path /run/lab/nginx-$ns/uwsgi;
		scgi_temp_path /run/lab/nginx-$ns/scgi;
		default_type application/octet-stream;
		server { listen $2; root $1; }
	}
	EOF
	start "$ns" "nginx-$ns" nginx -p "/run/lab/nginx-$ns" -e stderr \
	    -c "$conf"
	ready "$ns" tcp "$2"
}

# start_tcpdump FILE: on the server's port; returns when it captures
start_tcpdump() {
	local ns=${SRV:-srv} dump

	need tcpdump || return
	dump=$(unconfined tcpdump) || return
	start "$ns" "tcpdump-$ns" "$dump" -U --immediate-mode -n -s 0 \
	    -Z root -i eth0 -w "$1"
	until_true 10 grep -q 'listening on' "$LOGDIR/tcpdump-$ns.log"
}

# start_pxetool_serve ARGUMENTS...: the server under test
start_pxetool_serve() {
	local ns=${SRV:-srv}

	start "$ns" "serve-$ns" "$PXETOOL" serve -i eth0 "$@"
	ready "$ns" udp 67 && ready "$ns" udp 69
}

# loss PERCENT: of the frames that cross the bridge, in both directions;
# 0 ends it
loss() {
	in_ns sw nft delete table bridge lab 2>/dev/null
	[ "$1" = 0 ] && return 0
	in_ns sw nft -f - <<-EOF
	table bridge lab {
		chain loss {
			type filter hook forward priority 0; policy accept;
			numgen random mod 100 < $1 counter drop
		}
	}
	EOF
}

# lost: how many frames were dropped since
lost() {
	in_ns sw nft list table bridge lab |
	    sed -n 's/.*counter packets \([0-9]*\).*/\1/p'
}

# ---------------------------------------------------------------- files

IPXE=/usr/lib/ipxe

# netboot_tree: a tree with iPXE, a script, and a kernel if one can be had;
# false if there is no iPXE
netboot_tree() {
	[ -f $IPXE/undionly.kpxe ] || return
	cp $IPXE/undionly.kpxe $IPXE/ipxe.efi $IPXE/snponly.efi "$NETBOOT" || return
	cat >"$NETBOOT/boot.ipxe" <<-'EOF'
	#!ipxe
	kernel http://10.77.0.1/vmlinuz initrd=initrd.img console=ttyS0 panic=5
	initrd http://10.77.0.1/initrd.img
	boot
	EOF
	make_initrd "$NETBOOT/initrd.img"
	chmod 644 "$NETBOOT"/*
}

# make_initrd FILE: a small cpio archive, as the kernel unpacks it
make_initrd() {
	printf '#!/bin/sh\necho booted\n' >/run/lab/init
	head -c 300000 /dev/urandom >/run/lab/noise
	{
		newc init 100755 /run/lab/init
		newc noise 100644 /run/lab/noise
		newc 'TRAILER!!!' 0 /dev/null
	} | gzip -1 >"$1"
}

# newc NAME MODE FILE: one member (header fields as in cpio(5), "newc")
newc() {
	local size

	size=$(wc -c <"$3")
	printf '070701%08X%08X' 1 "0$2"
	printf '%08X' 0 0 1 0 "$size" 0 0 0 0 $((${#1} + 1)) 0
	printf '%s\0' "$1"
	pad $((110 + ${#1} + 1))
	cat "$3"
	pad "$size"
}

# pad LENGTH: zeros up to a multiple of four
pad() {
	head -c $(((4 - $1 % 4) % 4)) /dev/zero
}

# put_kernel: a real kernel in the tree; false, with WHY, if none can be had
put_kernel() {
	local kernel

	kernel=$("$HERE/fetch-kernel.sh" 2>"$LOGDIR/fetch-kernel.log") || {
		WHY=$(tail -n 1 "$LOGDIR/fetch-kernel.log")
		return 1
	}
	cp "$kernel" "$NETBOOT/vmlinuz" && chmod 644 "$NETBOOT/vmlinuz"
}
