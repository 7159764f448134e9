# qemu.sh - boot real firmware in the lab, on a port of the bridge.
#
#	. "${0%/*}/qemu.sh"             after lib.sh
#	need_qemu bios                  skips the script if something is missing
#	enter_lab
#	qemu_bios 52:54:00:77:00:21     SeaBIOS and iPXE's ROM
#	check "it boots" on_console MARKER 120
#
# Only software emulation is used: it is everywhere, and slow. BIOS needs some
# 20 s to the first script, OVMF 40 s, and twice that on a busy machine. One
# machine at a time boots, whichever script it belongs to.
# shellcheck shell=bash disable=SC2034

OVMF=/usr/share/OVMF/OVMF_CODE_4M.fd
OVMF_VARS=/usr/share/OVMF/OVMF_VARS_4M.fd
ROM=/usr/lib/ipxe/qemu/pxe-e1000.rom
CONSOLE=$LOGDIR/console.raw

# need_qemu bios|ovmf|lkrn
need_qemu() {
	need_all qemu-system-x86_64 flock
	case $1 in
	bios) [ -f "$ROM" ] || skip_all "not installed: ipxe-qemu" ;;
	ovmf) [ -f "$OVMF" ] || skip_all "not installed: ovmf" ;;
	lkrn) [ -f "$IPXE/ipxe.lkrn" ] || skip_all "not installed: ipxe" ;;
	esac
	[ -f "$IPXE/undionly.kpxe" ] || skip_all "not installed: ipxe"
	if [ ! -r /dev/net/tun ] || [ ! -w /dev/net/tun ]; then
		skip_all "no access to /dev/net/tun"
	fi
}

# qemu MAC DEVICE ARGUMENTS...: start a machine; PID is its process
qemu() {
	local mac=$1 device=$2

	shift 2
	exec 8>"$CACHE/qemu.lock"
	flock 8
	[ -e /run/lab/tap0 ] || {
		in_ns sw ip tuntap add dev tap0 mode tap &&
		in_ns sw ip link set tap0 master br0 up &&
		touch /run/lab/tap0
	} || return
	: >"$CONSOLE"
	start sw qemu qemu-system-x86_64 -accel tcg -m 512 -nodefaults \
	    -no-reboot -display none -monitor none -serial "file:$CONSOLE" \
	    -netdev tap,id=n0,ifname=tap0,script=no,downscript=no \
	    -device "$device,netdev=n0,mac=$mac" "$@"
}

# qemu_off: switch it off, let the next one boot
qemu_off() {
	stop "$PID"
	exec 8>&-
}

# Without graphics SeaBIOS shows the text screen on the serial port, and with
# it what iPXE prints.
qemu_bios() {
	qemu "$1" e1000 -machine pc,graphics=off -boot n "${@:2}"
}

qemu_lkrn() { # MAC [-initrd SCRIPT]
	qemu "$1" e1000,romfile= -machine pc,graphics=off \
	    -kernel "$IPXE/ipxe.lkrn" "${@:2}"
}

# romfile= empty: OVMF's own PXE and virtio drivers, not iPXE's
qemu_ovmf() {
	cp "$OVMF_VARS" /run/lab/vars.fd && chmod 600 /run/lab/vars.fd &&
	qemu "$1" virtio-net-pci,romfile= -machine q35 \
	    -drive "if=pflash,format=raw,unit=0,readonly=on,file=$OVMF" \
	    -drive if=pflash,format=raw,unit=1,file=/run/lab/vars.fd \
	    -device virtio-rng-pci "${@:2}"
}

# on_console TEXT SECONDS: wait for it while the machine runs
on_console() {
	local end=$((SECONDS + $2))

	until grep -aqF "$1" "$CONSOLE"; do
		if ! kill -0 "$PID" 2>/dev/null || [ "$SECONDS" -gt "$end" ]; then
			echo "the console does not show '$1':"
			tr -d '\000\r' <"$CONSOLE" |
			    sed 's/\x1b\[[0-9;?=]*[A-Za-z]//g' | tail -n 30
			return 1
		fi
		sleep 0.5
	done
}

# serve_boots NAME FIRMWARE PLATFORM SECONDS: our own server boots it to a
# script, giving addresses, and as a proxy beside another server
serve_boots() {
	cat >"$LOGDIR/boot.ipxe" <<-'EOF'
	#!ipxe
	echo BOOT-SCRIPT-RUNS on ${platform}
	sleep 600
	EOF
	serve_boots_once "$1 boots from serve" "${@:2}" -- \
	    --dhcp-range 10.77.0.100,10.77.0.150
	if start_dhcpd "$SERVERS/isc-plain.conf"; then
		SRV=srvb serve_boots_once "$1 boots from serve beside ISC dhcpd" \
		    "${@:2}" -- --proxy
	else
		skip "$1 boots from serve beside ISC dhcpd" "not installed: dhcpd"
	fi
}

# serve_boots_once NAME FIRMWARE PLATFORM SECONDS -- OPTIONS of serve
serve_boots_once() {
	local log=$LOGDIR/serve-${SRV:-srv}.log serve

	if ! start_pxetool_serve --tftp-root "$NETBOOT" \
	    --script "$LOGDIR/boot.ipxe" "${@:6}"; then
		not_ok "$1" "$log"
		return
	fi
	serve=$PID
	"qemu_$2" 52:54:00:77:00:31
	check "$1" on_console "BOOT-SCRIPT-RUNS on $3" "$4" || note "$log"
	qemu_off
	stop "$serve"
}
