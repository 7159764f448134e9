#!/bin/bash
# demo.sh - two machines boot from pxetool's own server, and a configuration
# that loops is caught; all in a network of its own
#
#	testbeds/demo.sh PXETOOL CACHE
#
# Needs no root: a user namespace gives it a private network. Debian's iPXE
# and a real kernel are what is booted; the kernel is taken out of its
# package in CACHE, where it stays for the next time.
set -eu

pxetool=$(realpath "$1")
mkdir -p "$2"
cache=$(realpath "$2")
here=$(realpath "$(dirname "$0")")
ipxe=/usr/lib/ipxe

if [ -z "${DEMO_INSIDE:-}" ]; then
	kernel=$(CACHE=$cache "$here/../tests/conformance/fetch-kernel.sh") || {
		echo "demo: no kernel to boot: its package cannot be had" >&2
		exit 2
	}
	user=--map-root-user
	[ "$(id -u)" != 0 ] || user=
	# shellcheck disable=SC2086
	DEMO_INSIDE=$kernel exec unshare $user --net --mount \
	    "$0" "$pxetool" "$cache"
fi

pids=()
trap 'for p in "${pids[@]}"; do kill "$p" 2>/dev/null || :; done' EXIT

say() {
	printf '\n\033[1m## %s\033[0m\n' "$*" | if [ -t 1 ]; then cat; else
	    sed 's/\x1b\[[0-9]*m//g'; fi
}

# Two hosts on one cable: a server, and a place for machines to boot.
build_network() {
	mount -t tmpfs tmpfs /run
	ip netns add server
	ip netns add client
	ip link add eth0 netns server type veth peer name eth0 netns client
	ip -n server addr add 10.77.0.1/24 dev eth0
	ip -n client addr add 10.77.0.2/24 dev eth0
	for ns in server client; do
		ip -n "$ns" link set lo up
		ip -n "$ns" link set eth0 up
	done
}

build_root() {
	root=/run/netboot
	mkdir $root
	cp $ipxe/undionly.kpxe $ipxe/ipxe.efi "$root"
	cp "$DEMO_INSIDE" $root/vmlinuz
	head -c 2000000 /dev/urandom >$root/initrd.img
	cp "$here/../firmware-src/boot.ipxe" $root
}

# serve OPTION...: the server, until stop
serve() {
	ip netns exec server "$pxetool" serve -i eth0 \
	    --dhcp-range 10.77.0.100,10.77.0.150 --tftp-root "$root" "$@" \
	    >/run/serve.log 2>&1 &
	pids=($!)
	for _ in $(seq 50); do
		[ -s /run/serve.log ] && break
		sleep 0.1
	done
	kill -0 "${pids[0]}" 2>/dev/null && return
	echo 'demo: the server does not run:' >&2
	cat /run/serve.log >&2
	exit 1
}

stop() {
	kill "${pids[0]}"
	wait "${pids[0]}" || :
	pids=()
}

# boot STATUS PERSONA MAC: run and show a machine; it must end with STATUS
boot() {
	local status=0 want=$1 color=never

	[ ! -t 1 ] || color=always
	echo "\$ pxetool client -i eth0 --persona $2 --mac $3"
	ip netns exec client "$pxetool" client -i eth0 --persona "$2" \
	    --mac "$3" --color "$color" || status=$?
	if [ "$status" != "$want" ]; then
		echo "demo: ended with status $status, not $want" >&2
		cat /run/serve.log >&2
		exit 1
	fi
}

build_network
build_root

say 'A server for every machine, in one command'
echo '$ pxetool serve -i eth0 --dhcp-range 10.77.0.100,10.77.0.150' \
    '--tftp-root netboot --script netboot/boot.ipxe'
serve --script $root/boot.ipxe
cat /run/serve.log

say 'A BIOS machine boots'
boot 0 intel-bios 52:54:00:12:34:01
say 'A UEFI machine boots'
boot 0 uefi-x64 52:54:00:12:34:02
stop

say 'The same server, with the mistake that everybody makes once:'
echo '   iPXE is given the same file as the firmware that loaded it'
serve --no-chain
boot 1 uefi-x64 52:54:00:12:34:03
stop
say 'The loop was caught at its second turn'
