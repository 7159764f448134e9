#!/bin/bash
# capture.sh - pxetool capture beside a boot: it tells of it, keeps it, knows
# when it is over, and holds no privilege meanwhile.
# timeout: 400
. "${0%/*}/lib.sh"
. "${0%/*}/client.sh"
need_pxetool
need_all dnsmasq nginx python3
enter_lab kernel

client_tree
must start_nginx "$NETBOOT" 80
# The emulated client loads files from the address of its namespace, so that is
# what it must be given, and the MAC addresses must be one.
in_ns cli ip link set eth0 down
in_ns cli ip link set eth0 address "$MAC" up
{
	cat "$SERVERS/dnsmasq.conf"
	echo "dhcp-host=$MAC,10.77.0.50"
} >/run/lab/dnsmasq.conf
must start_dnsmasq /run/lab/dnsmasq.conf
# Ours is a PID namespace: its /proc tells of the watcher.
mount -t proc proc /proc

# watch NAME OPTIONS...: start the capture on the server's port, as JSON
watch() {
	NAME=$1
	FILE=$LOGDIR/$NAME.pcapng
	LINES=$LOGDIR/$NAME.json
	nsenter --net=/run/netns/srv -- "$PXETOOL" capture -i eth0 \
	    --format=json "${@:2}" >"$LINES" 2>"$LOGDIR/$NAME.err" </dev/null &
	WATCHER=$!
	PIDS="$PIDS $WATCHER"
	until_true 10 grep -q 'listening on' "$LOGDIR/$NAME.err" ||
	    note "$LOGDIR/$NAME.err"
}

# over SECONDS: it ends by itself; its status is in $STATUS
over() {
	until_true "$1" eval '! kill -0 "$WATCHER"' ||
	    kill -INT "$WATCHER"
	wait "$WATCHER"
	STATUS=$?
}

# whole: an independent reader finds as many frames as were counted
whole() {
	local n

	n=$(python3 - "$1" <<-'EOP'
	import struct, sys
	data = open(sys.argv[1], "rb").read()
	at = n = 0
	while at < len(data):
	    kind, size = struct.unpack(">II", data[at:at + 8])
	    last, = struct.unpack(">I", data[at + size - 4:at + size])
	    assert size == last, "at byte %d" % at
	    n += kind == 6
	    at += size
	print(n)
	EOP
	) || return
	equal "$n" "$2"
}

ends() {
	jq -s 'map(select(.event == "end"))[0]' "$LINES" >"$LOGDIR/end.json"
	check "$NAME: ends with status $1" equal "$STATUS" "$1" ||
	    note "$LOGDIR/$NAME.err"
	check "$NAME: because of $2, with nothing lost" json \
	    "$LOGDIR/end.json" '.why == $w and .dropped == 0 and
	    .dropped_by_interface == 0 and .frames > 0' --arg w "$2"
	check "$NAME: the file is whole" whole "$FILE" \
	    "$(jq .frames "$LOGDIR/end.json")"
}

# ---- a healthy boot
if [ -n "$KERNEL_WHY" ]; then
	skip "a healthy boot" "$KERNEL_WHY"
else
	watch booted -w "$LOGDIR/booted.pcapng" --until booted --mac "$MAC"
	check "no capability is left" grep -q '^CapEff:[[:space:]]*0*$' \
	    "/proc/$WATCHER/status"
	[ "$PXE_LAB" = -Urnmpf ] || check "and it is not root's" eval \
	    '! grep -q "^Uid:[[:space:]]*0[[:space:]]" "/proc/$WATCHER/status"'
	check "the interface is not promiscuous" grep -q 'promiscuity 0' \
	    <(in_ns srv ip -d link show eth0)
	client intel-bios capture-healthy
	over 60
	ends 0 booted
	check "it told of the boot while it went on" json \
	    <(jq -s . "$LINES") 'map(select(.event == "packet")) |
	    any(.[]; .text | startswith("DISCOVER")) and
	    any(.[]; .text | contains("undionly.kpxe")) and
	    all(.[]; .mac == $m)' --arg m "$MAC"
	check "and of its end" json <(jq -s . "$LINES") \
	    'any(.[]; .event == "verdict" and .verdict == "healthy")'
	"$PXETOOL" diagnose --format=json "$FILE" >"$LOGDIR/diagnosis.json"
	check "diagnose says the same of the file" json \
	    "$LOGDIR/diagnosis.json" '.machines | map(.verdict) == ["healthy"]'
	check "all of the kernel is in it" json "$LOGDIR/diagnosis.json" \
	    'any(.machines[].loads[]; (.uri | endswith("/vmlinuz")) and
	    .bytes == $n)' --argjson n "$(wc -c <"$NETBOOT/vmlinuz")"
fi

# ---- one that fails
mv "$NETBOOT/undionly.kpxe" "$NETBOOT/away"
watch failed -w "$LOGDIR/failed.pcapng" --until failed
client intel-bios capture-failed
over 60
ends 1 failed
check "the verdict names the fault" json <(jq -s . "$LINES") \
    'any(.[]; .event == "verdict" and .mac == $m and
    .verdict == "tftp-file-not-found" and (.fix | length > 0))' --arg m "$MAC"
mv "$NETBOOT/away" "$NETBOOT/undionly.kpxe"

# ---- Ctrl-C, and a time
watch signal -w "$LOGDIR/signal.pcapng"
client intel-bios capture-signal
kill -INT "$WATCHER"
over 10
check "Ctrl-C: the file is whole" whole "$FILE" \
    "$(jq -s 'map(select(.event == "end"))[0].frames' "$LINES")"
check "and the last line says so" json <(jq -s . "$LINES") \
    '.[-1] | .event == "end" and .why == "signal"'
watch time -w "$LOGDIR/time.pcapng" --until 1
over 10
check "after a second it ends" json <(jq -s . "$LINES") \
    '.[-1] | .event == "end" and .why == "time"'
check "and no frame at all is a capture too" \
    "$PXETOOL" decode "$LOGDIR/time.pcapng"

# ---- a ring
watch ring -w "$LOGDIR/ring.pcapng" --ring 3 --size 1
for run in 1 2 3; do
	head -c 3000000 /dev/urandom >"$NETBOOT/large"
	in_ns cli curl -s -o /dev/null http://10.77.0.1/large
done
kill -INT "$WATCHER"
over 10
check "ring: three files and no more" equal \
    "$(cd "$LOGDIR" && echo ring*.pcapng)" \
    "ring-1.pcapng ring-2.pcapng ring-3.pcapng"
check "ring: none larger than it may be" equal \
    "$(find "$LOGDIR" -name 'ring-?.pcapng' -size +1000000c)" ""
for i in 1 2 3; do
	check "ring: file $i can be read" \
	    grep -q tcp <("$PXETOOL" decode -a "$LOGDIR/ring-$i.pcapng")
done

# ---- two interfaces, a pipe, and what is refused
in_ns srv timeout -s INT 3 "$PXETOOL" capture -i eth0 -i lo -w - \
    2>"$LOGDIR/pipe.err" | "$PXETOOL" decode - >"$LOGDIR/pipe.txt" &
reader=$!
until_true 5 grep -q 'listening on eth0, lo' "$LOGDIR/pipe.err"
in_ns cli curl -s -o /dev/null http://10.77.0.1/boot.ipxe
in_ns srv curl -s -o /dev/null http://127.0.0.1/boot.ipxe
wait "$reader"
check "two interfaces, into a pipe" eval \
    'grep -q "10.77.0.50:.*GET /boot.ipxe" "$LOGDIR/pipe.txt" &&
    grep -q "127.0.0.1:.*GET /boot.ipxe" "$LOGDIR/pipe.txt"' ||
    note "$LOGDIR/pipe.err"
check "no such interface" eval '! in_ns srv "$PXETOOL" capture -i nosuch0'
check "a filter that is none" eval \
    '! in_ns srv "$PXETOOL" capture -i eth0 --filter "port and"'
done_testing
