#!/bin/bash
# client-expect.sh - the emulated client as a check: what it may be told to
# expect, what monitoring systems read, every firmware at once; and no address
# stays behind.
. "${0%/*}/lib.sh"
. "${0%/*}/client.sh"
need_pxetool
need_all dnsmasq nginx
enter_lab kernel

client_tree
must start_nginx "$NETBOOT" 80
leases=/run/lab/leases
{
	cat "$SERVERS/dnsmasq.conf"
	echo dhcp-leasefile=$leases
} >/run/lab/expect.conf
must start_dnsmasq /run/lab/expect.conf

# run RUN ARGUMENTS...: boot; the output is in $OUT, the status in $STATUS
run() {
	OUT=$LOGDIR/$1.out
	shift
	in_ns cli timeout 100 "$PXETOOL" client -i eth0 --mac "$MAC" \
	    --timeout 60 "$@" >"$OUT" 2>"$OUT.err"
	STATUS=$?
}

# says NAME STATUS TEXT: it ended so and printed that
says() {
	check "$1: ends with status $2" equal "$STATUS" "$2" || note "$OUT.err"
	check "$1: says '$3'" grep -qF -- "$3" "$OUT" || note "$OUT"
}

no_leases() {
	[ ! -s $leases ] && return
	cat $leases
	return 1
}

run met --persona uefi-x64 --format=json --until=script \
    -e 'script=http://10.77.0.1/*.ipxe' -e firmware.file=ipxe.efi \
    -e ipxe.file=http://10.77.0.1/boot.ipxe -e 'time<=30' -e 'bytes>=100000' \
    -e 'load!=*undionly*'
check "what is expected is met" equal "$STATUS" 0
check "all expectations are told" json "$OUT" \
    '(.expectations | length) == 6 and all(.expectations[]; .met)'
check "until=script: loads the script and stops" json "$OUT" \
    '.end.kind == "script" and .verdict == "healthy" and
    (.loads | last | .kind == "script") and
    ([.stages[].stage] == ["firmware", "ipxe"])'
check "the budget tells of the wait for offers" json "$OUT" \
    'any(.waits[]; (.what == "firmware: collecting offers") and
    .duration_s > 2 and (.remedy | length > 0)) and
    ([.waits[].duration_s] | . == (sort | reverse)) and
    ([.waits[].duration_s] | add) <= .duration_s' || note "$OUT"
until_true 5 no_leases
check "no lease is left behind" no_leases

run kept --persona intel-bios --fast --until=script --keep-leases
check "keep-leases: the server still has it" grep -qi "$MAC" $leases
run given-back --persona intel-bios --fast --until=script
until_true 5 no_leases
check "and the next boot gives it back" no_leases

run unmet --persona intel-bios --fast --until=script -e firmware.file=ipxe.efi
says "an expectation that is not met" 1 \
    'not met  firmware.file=ipxe.efi: it was undionly.kpxe'
run slow --persona uefi-x64 --until=script --max-time 1
says "max-time" 1 'not met  time<=1.000'

printf '# this boot\n\nend=script\r\nverdict=healthy\n' >/run/lab/expected
run file --persona intel-bios --fast --until=script --expect-file /run/lab/expected
says "expect-file" 0 'met      verdict=healthy'
printf 'end=script\nfoo=bar\n' >/run/lab/expected
run badfile --persona intel-bios --expect-file /run/lab/expected
check "a wrong line is refused" equal "$STATUS" 2
check "with its place" grep -q '/run/lab/expected:2: ' "$OUT.err"

if [ -z "$KERNEL_WHY" ]; then
	run kernel --persona intel-bios --format=json --until=kernel \
	    -e 'cmdline=*console=ttyS0*' -e end=kernel
	check "until=kernel: ends when it is started" json "$OUT" \
	    '.end.kind == "kernel" and (.stages | length) == 2 and
	    all(.expectations[]; .met)'
fi

run nagios --persona intel-bios --fast --format=nagios --until=script
says "nagios, a healthy boot" 0 'BOOT OK - intel-bios: healthy, 2 stages'
check "nagios: one line, with figures" grep -Eq \
    '^[^|]+ \| time=[0-9.]+s;;;0 stage0_firmware=[0-9.]+s;;;0 .* bytes=[0-9]+B;;;0$' \
    "$OUT"
run nagios-bad --persona intel-bios --fast --format=nagios --until=script \
    -e verdict=chainload-loop
says "nagios, not as expected" 2 \
    'BOOT CRITICAL - intel-bios: expected verdict=chainload-loop, it was healthy'
run nagios-cannot --persona nosuch --format=nagios
says "nagios, a check that cannot be done" 3 "BOOT UNKNOWN - no persona 'nosuch'"

run junit --persona intel-bios --fast --format=junit --until=script \
    -e end=script -e 'file=a&b<c'
check "junit: ends with status 1" equal "$STATUS" 1
# XPATH: the value in $OUT, by an XML parser
xpath() {
	python3 -c 'import sys, xml.etree.ElementTree as t
for e in t.parse(sys.argv[1]).findall(sys.argv[2]):
    print(e.get(sys.argv[3]))' "$OUT" "$1" "$2"
}
if need python3; then
	check "junit: a case for the verdict and for each expectation" equal \
	    "$(xpath .//testcase name)" "$(printf 'boots\nend=script\nfile=a&b<c')"
	check "junit: the one that is not met fails" equal \
	    "$(xpath .//failure message)" \
	    'it was undionly.kpxe, http://10.77.0.1/boot.ipxe'
fi

run prometheus --persona intel-bios --fast --format=prometheus --until=script
says "prometheus" 0 "pxetool_boot_ok{persona=\"intel-bios\",mac=\"$MAC\",interface=\"eth0\"} 1"
check "prometheus: every sample has its help and type" awk '
    /^# TYPE / { type[$3] = 1; next }
    /^# / { next }
    { sub(/[{ ].*/, ""); if (!type[$0]) bad = 1; n++ }
    END { exit bad || n < 7 }' "$OUT"
if need promtool; then
	check "prometheus: promtool reads it" promtool check metrics <"$OUT"
fi

# Every firmware at once: those whose file is there boot, the others do not.
rm -f $leases.n
start_s=$SECONDS
run matrix --matrix --fast --format=json --until=script
matrix_s=$((SECONDS - start_s))
check "matrix: ends with 1, for some cannot boot here" equal "$STATUS" 1
check "matrix: the usual machines boot" json "$OUT" \
    '[.boots[] | select(.ok) | .persona] | contains(["intel-bios", "uefi-x64"])'
check "matrix: the rest have a verdict" json "$OUT" \
    '(.boots | length) >= 10 and
    all(.boots[]; .ok == (.verdict == "healthy")) and
    ([.boots[].mac] | unique | length) == (.boots | length)'
check "matrix: takes as long as its slowest, not as all together" json "$OUT" \
    '([.boots[].duration_s] | max) + 4 >= $s and
    ([.boots[].duration_s] | add) > 2 * $s' --argjson s "$matrix_s"
until_true 5 no_leases
check "matrix: no lease is left behind" no_leases
stop "$PID"

must start_dnsmasq "$SERVERS/dnsmasq-loop.conf"
run loop --persona intel-bios --fast -e verdict=chainload-loop
says "a fault that is expected is as good" 0 'met      verdict=chainload-loop'
run matrix-text --matrix --fast
says "matrix, as text" 1 'intel-bios'
check "matrix: the loop is named" grep -q '^intel-bios .* chainload-loop ' "$OUT"
done_testing
