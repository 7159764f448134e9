#!/bin/bash
# learn.sh - a firmware learnt from a capture boots from dnsmasq, and what it
# sends is what the captured one sent. Both are read without pxetool.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=client.sh
. "${0%/*}/client.sh"

: "${PXETOOL_CAPTURES:=$TOP/../shared/captures}"

need_pxetool
need_all dnsmasq nginx tcpdump python3
[ -f "$PXETOOL_CAPTURES/INDEX.tsv" ] || skip_all "no captures to learn from"
enter_lab kernel

client_tree
must start_nginx "$NETBOOT" 80
must start_dnsmasq "$SERVERS/dnsmasq.conf"

sent_by() { # FILE [MAC]: what a client sends, each kind of message once
	python3 "$HERE/client_bytes.py" dump "$@" | awk '!seen[$0]++'
}

# learns CAPTURE FILE: boot as its first client, and compare
learns() {
	local name live mac

	name=$(basename "$1" .pcap)
	live=$LOGDIR/$name-live.pcap
	start srv "tcpdump-$name" tcpdump -U -n -s 0 -i eth0 -w "$live"
	until_true 5 test -s "$live"
	in_ns cli timeout 100 "$PXETOOL" client -i eth0 --persona-from "$1" \
	    --until=script --format=json >"$LOGDIR/$name.json" \
	    2>"$LOGDIR/$name.err"
	check "$name: boots" equal $? 0 || note "$LOGDIR/$name.err"
	sleep 0.5
	stop "$PID"
	check "$name: the firmware is the one learnt" json "$LOGDIR/$name.json" \
	    '.persona == "learnt-1" and .stages[0].client == "learnt-1" and
	    .stages[0].stage == "firmware"'
	check "$name: it loads $2" json "$LOGDIR/$name.json" \
	    '.loads[0].uri | endswith("/" + $f)' --arg f "$2"
	mac=$(jq -r .mac "$LOGDIR/$name.json")
	# The first client's: those before the first message of an iPXE.
	sent_by "$1" "$mac" | awk '/4d0469505845/ { exit } { print }' \
	    >"$LOGDIR/$name.captured"
	sent_by "$live" "$mac" | awk '/4d0469505845/ { exit } { print }' \
	    >"$LOGDIR/$name.sent"
	check "$name: there is a DISCOVER, a REQUEST and a file in it" \
	    test "$(cut -d' ' -f1 "$LOGDIR/$name.captured" | sort -u | wc -l)" \
	    = 3
	check "$name: what is sent is what was captured" \
	    diff "$LOGDIR/$name.captured" "$LOGDIR/$name.sent"
}

learns "$PXETOOL_CAPTURES/03-uefi-ovmf-dnsmasq-healthy.pcap" ipxe.efi
python3 "$HERE/client_bytes.py" strange \
    "$PXETOOL_CAPTURES/03-uefi-ovmf-dnsmasq-healthy.pcap" \
    "$LOGDIR/strange.pcap"
learns "$LOGDIR/strange.pcap" ipxe.efi

# Another machine of the same kind: its numbers are those that are given.
in_ns cli timeout 60 "$PXETOOL" client -i eth0 --mac 52:54:00:77:01:02 \
    --uuid 11223344-5566-7788-99aa-bbccddeeff00 --until=script --format=json \
    --persona-from "$PXETOOL_CAPTURES/03-uefi-ovmf-dnsmasq-healthy.pcap" \
    >"$LOGDIR/other.json" 2>"$LOGDIR/other.err"
check "a MAC address and UUID that are given are taken" \
    json "$LOGDIR/other.json" '.mac == "52:54:00:77:01:02" and
    .uuid == "11223344-5566-7788-99aa-bbccddeeff00"'

in_ns cli timeout 60 "$PXETOOL" scan -i eth0 -w 2 --format=json \
    --persona-from "$LOGDIR/strange.pcap" >"$LOGDIR/scan.json" \
    2>"$LOGDIR/scan.err"
check "scan asks as those in the capture" json "$LOGDIR/scan.json" \
    '[.clients[].client] == ["learnt-1", "learnt-2"]'

# What cannot be learnt from.
in_ns cli "$PXETOOL" client -i eth0 --persona-from /etc/passwd \
    2>"$LOGDIR/no.err"
check "a file that is no capture is refused" equal $? 2
in_ns cli "$PXETOOL" client -i eth0 -p learnt-9 \
    --persona-from "$LOGDIR/strange.pcap" 2>"$LOGDIR/none.err"
check "and a client that is not in it" \
    grep -q 'learnt-1 to learnt-3' "$LOGDIR/none.err"
done_testing
