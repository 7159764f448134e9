#!/bin/bash
# kea-check.sh - small wrong configurations are accepted and refused as by
# "kea-dhcp4 -t" and "kea-dhcp6 -t", and a refusal is on the server's line.
#
# KEA_SEED and KEA_COUNT choose others and more.
. "${0%/*}/lib.sh"
need_pxetool
need kea-dhcp4 || skip_all "no kea-dhcp4"
need kea-dhcp6 || skip_all "no kea-dhcp6"

files=$LOGDIR/files
rm -rf "$files"
mkdir -p "$files"
python3 "$HERE/kea_mutate.py" "${KEA_SEED:-1}" "${KEA_COUNT:-120}" "$files" ||
    exit 2

# theirs SERVER FILE: "accept", "reject LINE", or "reject" where Kea names
# none; "" where it looks at the machine
theirs() {
	local line

	kea-dhcp"$1" -t "$2" >"$LOGDIR/theirs" 2>&1 && echo accept && return
	grep -q "doesn't exist in the system" "$LOGDIR/theirs" && return
	line=$(grep -E '^(Error encountered|Syntax check failed)' \
	    "$LOGDIR/theirs" | grep -oE '\.json:[0-9]+' | head -n 1)
	echo "reject${line:+ ${line##*:}}"
}

ours() {
	"$PXETOOL" lint --dialect kea --format=json "$1" >"$LOGDIR/ours" 2>&1
	[ $? -le 1 ] || { echo crash; return; }
	jq -r '[.findings[] | select(.fault == "config-rejected")] |
	    if length > 0 then "reject \(.[0].line)" else "accept" end' \
	    "$LOGDIR/ours"
}

n=0 accepted=0
: >"$LOGDIR/differ"
for file in "$files"/*.json; do
	server=${file%.json}
	want=$(theirs "${server##*.}" "$file")
	[ -n "$want" ] || continue
	got=$(ours "$file")
	[ "$want" = reject ] && got=${got%% *}
	[ "$want" = accept ] && accepted=$((accepted + 1))
	[ "$got" = "$want" ] ||
	    echo "$file: '$got', the server: '$want'" >>"$LOGDIR/differ"
	n=$((n + 1))
done
echo "# $accepted of $n are accepted"
if [ "$accepted" -gt 0 ] && [ ! -s "$LOGDIR/differ" ]; then
	ok "$n mutated configurations are judged as by the server"
else
	not_ok "$n mutated configurations are judged as by the server" \
	    "$LOGDIR/differ"
fi
done_testing
