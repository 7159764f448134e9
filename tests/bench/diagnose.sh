#!/bin/bash
# diagnose.sh - how fast diagnose reads a capture of bulk transfers (a machine
# that loads by TFTP and HTTP, again and again), and in how much memory: bytes
# of the file for a second of CPU, best of RUNS, and the largest resident set.
#
#	PXETOOL=build/pxetool tests/bench/diagnose.sh
#
# MEGABYTES says how large the file is. Its pages are in memory when it is
# measured: the disk is not what is looked at.
set -eu
cd "$(dirname "$0")"
: "${PXETOOL:=../../build/pxetool}"
: "${MEGABYTES:=1000}"
: "${RUNS:=3}"

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 ../conformance/diagnose_crowd.py 25 "$dir/one" bulk
# Boot after boot, each some minutes later than the one before.
python3 - "$dir/one" "$dir/pcap" "$MEGABYTES" <<'EOP'
import struct, sys
one = open(sys.argv[1], 'rb').read()
records, at = [], 24
while at < len(one):
    n = 16 + struct.unpack_from('<I', one, at + 8)[0]
    records.append((struct.unpack_from('<I', one, at)[0], one[at + 4:at + n]))
    at += n
with open(sys.argv[2], 'wb') as f:
    f.write(one[:24])
    for i in range(max(1, int(sys.argv[3]) * 1000000 // len(one))):
        for sec, rest in records:
            f.write(struct.pack('<I', sec + i * 300) + rest)
EOP
size=$(stat -c %s "$dir/pcap")
cat "$dir/pcap" >/dev/null

python3 - "$PXETOOL" "$dir/pcap" "$size" "$RUNS" <<'EOP'
import os, subprocess, sys
tool, path, size, runs = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
best, rss = None, 0
for _ in range(runs):
    p = subprocess.Popen([tool, 'diagnose', path], stdout=subprocess.DEVNULL)
    _, status, use = os.wait4(p.pid, 0)
    if os.waitstatus_to_exitcode(status) > 1:
        sys.exit('diagnose failed')
    cpu = use.ru_utime + use.ru_stime
    best = cpu if best is None else min(best, cpu)
    rss = max(rss, use.ru_maxrss)
print('diagnose: GB for a second of CPU %.2f' % (size / best / 1e9))
print('diagnose: MB resident at most %.1f' % (rss / 1e3))
EOP
