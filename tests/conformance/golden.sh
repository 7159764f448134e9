#!/bin/bash
# golden.sh - what decode says of small captures with something in them that
# no healthy network shows is what tests/golden holds in place.
#
# Beside decode-X.pcap lies decode-X.txt: all fields of all frames, what was
# said on standard error, and the exit status; and decode-X.json, the same as
# JSON. With -u they are written anew, to be read before they are kept.
. "${0%/*}/lib.sh"
need_pxetool
cd "$TOP/tests/golden" || exit 2

# said CAPTURE OPTIONS...
said() {
	"$PXETOOL" decode "${@:2}" "$1" 2>"$LOGDIR/stderr"
	local status=$?

	sed 's/^/# /' "$LOGDIR/stderr"
	echo "# exit $status"
}

same() {
	diff -u "$1" "$2"
}

for capture in decode-*.pcap decode-*.pcapng; do
	name=${capture%.*}
	said "$capture" -av >"$LOGDIR/$name.txt"
	said "$capture" -a --format=json >"$LOGDIR/$name.json"
	for format in txt json; do
		if [ "${1:-}" = -u ]; then
			cp "$LOGDIR/$name.$format" .
		fi
		check "$capture: $format" same "$name.$format" \
		    "$LOGDIR/$name.$format"
	done
done

# Each object is what the schema says, whatever the packet was.
valid() {
	"$1" - "$TOP/man/schema/decode.schema.json" decode-*.json <<-'EOF'
	import json, sys
	from jsonschema import Draft202012Validator

	schema = Draft202012Validator(json.load(open(sys.argv[1])))
	bad = 0
	for path in sys.argv[2:]:
	    for line in open(path):
	        if line.startswith("#"):
	            continue
	        for e in schema.iter_errors(json.loads(line)):
	            print("%s: %s: %s" % (path, e.json_path, e.message))
	            bad = 1
	sys.exit(bad)
	EOF
}
for python in python3 /usr/bin/python3 ''; do
	"${python:-false}" -c 'import jsonschema' 2>/dev/null && break
done
if [ -n "$python" ]; then
	check "all of that JSON is as the schema says" valid "$python"
else
	skip "all of that JSON is as the schema says" \
	    "not installed: python3-jsonschema"
fi

# The same comes out of a pipe, into a file and without -a.
piped() {
	"$PXETOOL" decode - <decode-http.pcap >"$LOGDIR/piped.txt" &&
	    "$PXETOOL" decode -o "$LOGDIR/file.txt" decode-http.pcap &&
	    cmp "$LOGDIR/piped.txt" "$LOGDIR/file.txt" &&
	    grep -q '/boot.ipxe' "$LOGDIR/piped.txt" &&
	    ! grep -q 'GET READY' "$LOGDIR/piped.txt"
}
check "a pipe in, a file out" piped

# A pipe that stays open: what came through is shown.
live() {
	local pipe=$LOGDIR/pipe pid

	rm -f "$pipe" && mkfifo "$pipe" || return
	"$PXETOOL" decode - <"$pipe" >"$LOGDIR/live.txt" &
	pid=$!
	exec 3>"$pipe"
	cat decode-http.pcap >&3
	until_true 5 cmp "$LOGDIR/live.txt" "$LOGDIR/piped.txt"
	local status=$?
	exec 3>&-
	wait "$pid" && return "$status"
}
check "a live capture is shown as it comes" live

# refused WHAT PATTERN FILE
refused() {
	"$PXETOOL" decode "$3" >"$LOGDIR/out" 2>"$LOGDIR/err"
	equal $? 2 && [ ! -s "$LOGDIR/out" ] && grep -E "$2" "$LOGDIR/err"
}
check "a directory is refused" refused . "'\.'.*directory" .
check "a missing file is refused" refused . "nosuch.*no such file" nosuch.pcap
done_testing
