#!/bin/bash
# The personas against the captures of real firmware: every DHCP message and
# TFTP request that a client sent, byte for byte, with the head of every HTTP
# request, which is asked for once more; and the repetitions that nobody
# answered, against the machines in virtual time.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

: "${PXETOOL_CAPTURES:=$TOP/../shared/captures}"

need_pxetool
need_all python3
[ -f "$PXETOOL_CAPTURES/INDEX.tsv" ] || skip_all "no captures to compare with"
mapfile -t captures < <(find "$PXETOOL_CAPTURES" -name '*.pcap*' | sort)
enter_lab

helper=$BUILD/tests/conformance/personas
[ -x "$helper" ] || skip_all "not built: $helper"

"$helper" bytes "${captures[@]}" >"$LOGDIR/bytes.tsv"
# Loss takes away sends that were made: nothing is said there of when.
mapfile -t lossless < <(printf '%s\n' "${captures[@]}" | grep -v packet-loss)
"$helper" timing "${lossless[@]}" >"$LOGDIR/timing.tsv"
"$helper" heads "${captures[@]}" >"$LOGDIR/heads.tsv"

# table FILE: client, what, how many, how many the same, as comments
table() {
	awk -F'\t' '{ k = $1 "\t" $2; n[k]++; if ($3 == "same") same[k]++
	    if ($3 == "late") late[k]++; if ($3 == "unplayed") not[k]++ }
	    END { for (k in n) printf "%s\t%d\t%d%s%s\n", k, n[k], same[k],
	    not[k] ? "\tnot played" : "", late[k] ? "\t" late[k] " late" : "" }' \
	    "$1" | sort
}

none_differs() {
	! grep -P "\tdiffers\t" "$1" | head -n 20 | grep .
}

count() { # FILE VERDICT
	awk -F'\t' -v v="$2" '$3 == v { n++ } END { print n + 0 }' "$1"
}

# Each client's row, for the table of make conformance.
client_figures() {
	local client what n same rest

	while IFS=$'\t' read -r client what n same rest; do
		[ "$rest" = "not played" ] && continue
		figure "$client, $what" "$same/$n" "bytes equal"
	done < <(table "$LOGDIR/bytes.tsv")
}

echo "# client, message, compared, bytes equal"
table "$LOGDIR/bytes.tsv" | sed 's/^/#   /'
client_figures
check "every message of a client that is played is the persona's own" \
    none_differs "$LOGDIR/bytes.tsv"
check "none is of a client that nobody knows" \
    equal "$(grep -c '^unknown' "$LOGDIR/bytes.tsv")" 0
# Else a reader that stops early would have us content.
check "there are some hundreds of them" \
    test "$(count "$LOGDIR/bytes.tsv" same)" -ge 700
figure "client messages whose bytes equal the firmware's" \
    "$(count "$LOGDIR/bytes.tsv" same)/$(($(count "$LOGDIR/bytes.tsv" same) + \
    $(count "$LOGDIR/bytes.tsv" differs)))"
figure "client messages that no persona plays" \
    "$(count "$LOGDIR/bytes.tsv" unplayed)"

# An emulated machine is late now and then, and only an EDK2 tells us that it
# was (its secs); of the others one in twenty may be.
timely() {
	local same differs

	same=$(count "$LOGDIR/timing.tsv" same)
	differs=$(count "$LOGDIR/timing.tsv" differs)
	grep -P '\tdiffers\t' "$LOGDIR/timing.tsv"
	[ "$same" -ge 30 ] && [ $((differs * 20)) -le $((same + differs)) ]
}

echo "# repetitions: client, what, series, within a tenth"
table "$LOGDIR/timing.tsv" | sed 's/^/#   /'
check "repetitions come within a tenth of when the firmware's did" timely
figure "series of repetitions within 10 % of the firmware's" \
    "$(count "$LOGDIR/timing.tsv" same)/$(wc -l <"$LOGDIR/timing.tsv")"
figure "of the others, by a machine that was late by its own clock" \
    "$(count "$LOGDIR/timing.tsv" late)"

# ---------------------------------------------------------------- learning

# What is learnt from a capture sends what the capture shows; and so does what
# is learnt from a client that is like none of ours.
capture=$PXETOOL_CAPTURES/03-uefi-ovmf-dnsmasq-healthy.pcap
strange=$LOGDIR/strange.pcap
"$helper" learnt "${captures[@]}" >"$LOGDIR/learnt.tsv"
check "a persona learnt from a capture sends what is in it" \
    none_differs "$LOGDIR/learnt.tsv"
check "every DHCP message has taught one" equal \
    "$(grep -vc RRQ "$LOGDIR/bytes.tsv")" \
    "$(grep -v RRQ "$LOGDIR/learnt.tsv" | grep -c '\ssame\s')"
figure "messages of personas learnt from their own capture, bytes equal" \
    "$(count "$LOGDIR/learnt.tsv" same)/$(($(count "$LOGDIR/learnt.tsv" same) \
    + $(count "$LOGDIR/learnt.tsv" differs)))"
python3 "$HERE/client_bytes.py" strange "$capture" "$strange"
"$helper" learnt "$strange" >"$LOGDIR/strange.tsv"
"$helper" bytes "$strange" >"$LOGDIR/strange-bytes.tsv"
check "of a client that nobody plays" \
    test "$(grep -c '^unknown.*unplayed' "$LOGDIR/strange-bytes.tsv")" = 4
check "the messages are learnt as well" \
    test "$(grep -c '^unknown.*same' "$LOGDIR/strange.tsv")" = 4
check "and none differs" none_differs "$LOGDIR/strange.tsv"

# The waits too; and those of machines slower than any that we know of.
"$helper" learnt-timing "${lossless[@]}" >"$LOGDIR/learnt-timing.tsv"
check "what is learnt repeats itself as what is captured did" \
    none_differs "$LOGDIR/learnt-timing.tsv"
figure "series of repetitions of learnt personas within 10 %" \
    "$(count "$LOGDIR/learnt-timing.tsv" same)/$(wc \
    -l <"$LOGDIR/learnt-timing.tsv")"
slow=0
for name in 55-uefi-no-dhcp-offer 92-uefi-tftp-server-silent \
    93-bios-tftp-server-silent 59-uefi-proxydhcp-4011-silent-second \
    60-bios-proxydhcp-4011-silent-second; do
	slow=$((slow + 1))
	python3 "$HERE/client_bytes.py" slow "$PXETOOL_CAPTURES/$name.pcap" \
	    "$LOGDIR/slow-$slow.pcap"
done
"$helper" learnt-timing "$LOGDIR"/slow-*.pcap >"$LOGDIR/slow.tsv"
"$helper" timing "$LOGDIR"/slow-*.pcap >"$LOGDIR/slow-built-in.tsv"
check "of slow machines as well" none_differs "$LOGDIR/slow.tsv"
check "which those of the built-in ones are not" \
    equal "$(count "$LOGDIR/slow-built-in.tsv" same)" 0

# ---------------------------------------------------------------- HTTP

cat >/run/lab/sink.py <<'EOF'
"""Answers every request, and writes each head in hex."""
import socketserver
import sys

class Sink(socketserver.BaseRequestHandler):
    def handle(self):
        data = b""
        while True:
            more = self.request.recv(65536)
            if not more:
                return
            data += more
            while b"\r\n\r\n" in data:
                head, data = data.split(b"\r\n\r\n", 1)
                print((head + b"\r\n\r\n").hex(), flush=True)
                body = b"" if head.startswith(b"HEAD") else b"ok"
                self.request.sendall(b"HTTP/1.1 200 OK\r\n"
                    b"Content-Length: 2\r\n\r\n" + body)

socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer(("", int(sys.argv[1])), Sink).serve_forever()
EOF

# The hosts of the captures are all here.
in_ns srv ip addr add 192.168.88.1/32 dev lo
in_ns srv ip addr add 10.77.0.2/32 dev lo
printf '10.77.0.1 boot.lab.test\n127.0.0.1 localhost\n' >/run/lab/hosts
mount --bind /run/lab/hosts /etc/hosts
for port in 80 8080; do
	start srv "sink-$port" python3 -u /run/lab/sink.py "$port"
	ready srv tcp "$port" || done_testing
done
# EDK2 does not name the port, where there was one (WIRE.md, clients.md).
port_of() {
	case $1 in
	192.168.88.1) echo :8080 ;;
	esac
}

# ask PERSONA HOST TARGET: the heads that this makes pxetool send, one a line
ask() {
	local before

	before=$(cat "$LOGDIR"/sink-*.log | wc -l)
	in_ns srv "$PXETOOL" get -p "$1" -o /run/lab/got \
	    "http://$2$(port_of "$2")$3" >/dev/null 2>"$LOGDIR/get.err"
	until_true 2 test "$(cat "$LOGDIR"/sink-*.log | wc -l)" -gt "$before"
	cat "$LOGDIR"/sink-*.log | grep -v '^+' | sort -u
}

heads=0 heads_equal=0 heads_unplayed=0
while IFS=$'\t' read -r persona host target frame head; do
	if [ "$persona" = - ]; then
		heads_unplayed=$((heads_unplayed + 1))
		continue
	fi
	heads=$((heads + 1))
	known=/run/lab/head-$(printf '%s' "$persona $host $target $head" |
	    sha256sum | cut -c1-16)
	if [ ! -e "$known" ]; then
		rm -f /run/lab/got
		for log in "$LOGDIR"/sink-*.log; do : >"$log"; done
		echo no >"$known"
		ask "$persona" "$host" "$target" | grep -qx "$head" &&
		    echo yes >"$known"
	fi
	if [ "$(cat "$known")" = yes ]; then
		heads_equal=$((heads_equal + 1))
	else
		echo "# $frame, $persona: not $(printf '%s' "$head" |
		    python3 -c 'import sys
print(ascii(bytes.fromhex(sys.stdin.read())))')"
	fi
done <"$LOGDIR/heads.tsv"
check "every HTTP request has the head of the firmware's" \
    equal "$heads_equal" "$heads"
check "there were some dozens" test "$heads" -ge 60
figure "heads of HTTP requests equal to the firmware's" "$heads_equal/$heads"
figure "heads of HTTP requests over IPv6, which no persona plays" \
    "$heads_unplayed"

done_testing
