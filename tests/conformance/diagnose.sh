#!/bin/bash
# diagnose.sh - captures of real boots, each with the verdict that it must get:
# healthy ones none, broken ones the cause, and nothing else.
# timeout: 300
#
# Where a table of verdicts says something that a capture alone cannot show,
# because another fault looks the same from there, the other one must stand
# under "also"; those are counted apart.
. "${0%/*}/lib.sh"
need_pxetool
need_all jq
: "${CAPTURES:=$TOP/../shared/captures}"

# verdict FILE: of all machines; no-machine if there is none
verdict() {
	"$PXETOOL" diagnose --format=json "$@" >"$LOGDIR/one.json" \
	    2>"$LOGDIR/one.err"
	jq -r 'if .machines == [] then "no-machine" else
	    [.machines[].verdict] | unique | join(",") end' "$LOGDIR/one.json"
}

# ------------------------------------------------- many at once

if need python3; then
	python3 "$HERE/diagnose_crowd.py" 200 "$LOGDIR/crowd.pcap" | sort \
	    >"$LOGDIR/crowd.want"
	verdict "$LOGDIR/crowd.pcap" >/dev/null
	jq -r '.machines[] | select(.verdict != "healthy") |
	    .mac + " " + .verdict' "$LOGDIR/one.json" | sort \
	    >"$LOGDIR/crowd.got"
	check "of 200 machines at once the five broken ones, and no other" \
	    diff -u "$LOGDIR/crowd.want" "$LOGDIR/crowd.got"
	check "all 200 are there" json "$LOGDIR/one.json" \
	    '.machines | length == 200'
	figure "machines at once, with broken ones named" \
	    "$(comm -12 "$LOGDIR/crowd.want" "$LOGDIR/crowd.got" | wc -l)" \
	    "of $(wc -l <"$LOGDIR/crowd.want")"
	python3 "$HERE/diagnose_crowd.py" 1500 "$LOGDIR/crowd.pcap" | sort \
	    >"$LOGDIR/crowd.want"
	verdict "$LOGDIR/crowd.pcap" >/dev/null
	jq -r '.machines[] | select(.verdict != "healthy") |
	    .mac + " " + .verdict' "$LOGDIR/one.json" | sort \
	    >"$LOGDIR/crowd.got"
	check "of more than memory is for, nobody is accused who is well" \
	    equal "$(comm -13 "$LOGDIR/crowd.want" "$LOGDIR/crowd.got")" ""
	check "and it says that it left some out" json "$LOGDIR/one.json" \
	    '[.limits[] | select(contains("left out"))] | length == 1'
	rm -f "$LOGDIR/crowd.pcap"
else
	skip "of 200 machines at once the broken ones" "not installed: python3"
fi

# ------------------------------------------------- real boots

if [ ! -f "$CAPTURES/INDEX.tsv" ]; then
	skip "captures of real boots" "there are none here"
	done_testing
fi
n=0 right=0 alike=0 false_alarms=0
: >"$LOGDIR/table.tsv"
while IFS=$'\t' read -r file _ _ _ want; do
	[ "$file" != file ] || continue
	got=$(verdict "$CAPTURES/$file")
	n=$((n + 1))
	printf '%s\t%s\t%s\n' "$want" "$got" "$file" >>"$LOGDIR/table.tsv"
	[ "$want" != healthy ] || [ "$got" = healthy ] ||
	    false_alarms=$((false_alarms + 1))
	if [ "$got" = "$want" ]; then
		right=$((right + 1))
		ok "$file: $want"
	elif jq -e --arg f "$want" '[.machines[].also[]] | index($f)' \
	    "$LOGDIR/one.json" >/dev/null; then
		alike=$((alike + 1))
		ok "$file: $got, also $want"
	elif [ -f "${CAPTURES}/${file%.pcap}-second.pcap" ] &&
	    [ "$(verdict "$CAPTURES/$file" \
	    "$CAPTURES/${file%.pcap}-second.pcap")" = "$want" ]; then
		# half of the talk was elsewhere: with the other half it is told
		alike=$((alike + 1))
		ok "$file: $got alone, $want with the other side"
	else
		not_ok "$file: $want, not $got"
	fi
done <"$CAPTURES/INDEX.tsv"

figure "captures" "$n"
figure "verdict as expected" "$right" "of $n"
figure "not to be told from the capture alone" "$alike" "of $n"
figure "false alarms on healthy boots" "$false_alarms"
echo "# what was named as what, where it differs:"
awk -F'\t' '$1 != $2 { print "#   " $1 " as " $2 " (" $3 ")" }' \
    "$LOGDIR/table.tsv"

# ------------------------------------------------- what it is given to read

one=$CAPTURES/44-uefi-tftp-file-not-found.pcap
for z in gzip xz zstd; do
	if need $z; then
		$z -c "$one" >"$LOGDIR/packed"
		check "packed by $z" equal "$(verdict "$LOGDIR/packed")" \
		    tftp-file-not-found
	else
		skip "packed by $z" "not installed: $z"
	fi
done
check "from a pipe" equal "$(verdict - <"$one")" tftp-file-not-found
check "twice the same is once" equal "$(verdict "$one" "$one";
    jq '.machines | length' "$LOGDIR/one.json")" "tftp-file-not-found
1"
check "two incidents at once" equal "$(verdict "$one" \
    "$CAPTURES/40-bios-chainload-loop.pcap")" \
    "chainload-loop,tftp-file-not-found"
head -c 2000 "$one" >"$LOGDIR/cut"
check "a file cut short is read as far as it goes" equal \
    "$(verdict "$LOGDIR/cut" >/dev/null; jq '.machines | length' \
    "$LOGDIR/one.json"; grep -c 'cut short' "$LOGDIR/one.err")" "1
1"

# ------------------------------------------------- --config

# points CAPTURE CONFIG LINE: among the evidence
points() {
	verdict "$CAPTURES/$1.pcap" --config "$CAPTURES/$1/$2" >/dev/null
	json "$LOGDIR/one.json" '[.machines[0].evidence[].text |
	    select(contains($f + ":" + $n + ":"))] | length > 0' \
	    --arg f "$2" --arg n "$3"
}
line_of() {
	grep -n "$2" "$1" | head -n 1 | cut -d: -f1
}
check "--config points at the line, dnsmasq" \
    points 40-bios-chainload-loop dnsmasq.conf "$(line_of \
    "$CAPTURES/40-bios-chainload-loop/dnsmasq.conf" ^dhcp-boot)"
check "--config points at the line, ISC" \
    points 45-bios-tftp-file-not-found-hpa dhcpd.conf "$(line_of \
    "$CAPTURES/45-bios-tftp-file-not-found-hpa/dhcpd.conf" filename)"
check "--config points at the line, Kea" \
    points 53-kea-userclass-text-loop kea4.conf "$(line_of \
    "$CAPTURES/53-kea-userclass-text-loop/kea4.conf" efi64)"
done_testing
