#!/bin/bash
# corpus.sh - configurations from the wild are accepted and refused as the
# real server does, and a refusal is on the server's line.
#
# PXETOOL_CORPUS is the folder with MANIFEST.tsv; without it all is skipped.
. "${0%/*}/lib.sh"
need_pxetool
[ -r "$PXETOOL_CORPUS/MANIFEST.tsv" ] ||
    skip_all "no corpus: PXETOOL_CORPUS is not set"

# judge DIALECT FILE: "accept" or "reject LINE", as lint sees it
judge() {
	"$PXETOOL" lint --dialect "$1" --format=json "$2" \
	    >"$LOGDIR/out.json" 2>"$LOGDIR/err"
	case $? in
	# That a library may be missing is said of the machine.
	0 | 1) jq -r '[.findings[] | select(.fault == "config-rejected")] |
	    [.[] | select(.message | contains("is not installed") | not)]
	    as $own | if $own != [] then "reject \($own[0].line)"
	    elif length > 0 then "library" else "accept" end' \
	    "$LOGDIR/out.json" ;;
	2) echo "reject $(sed -n 's/.*:\([0-9]*\)\(:[0-9]*\)*: .*/\1/p' \
	    "$LOGDIR/err" | head -n 1)" ;;
	*) echo "crash" ;;
	esac
}

# prepare DIALECT FILE ADJUSTMENTS: a copy without what is not there
prepare() {
	case "$1 $3" in
	"isc "*removed*) sed -E \
	    's/^([[:space:]]*)include[[:space:]]+"[^"]*"[[:space:]]*;/\1/' \
	    "$2" >"$LOGDIR/in.conf" ;;
	*) cp "$2" "$LOGDIR/in.conf" ;;
	esac
}

# The verdict to compare with: of dhcpd the adjusted one, since a copy is
# mended alike; of Kea too, whose interfaces are not looked at; of dnsmasq the
# one of the file as it stands. Kea names a line as FILE:LINE.
rows() {
	awk -F'\t' -v d="$1" '$2 == d {
		verdict = d != "dnsmasq" ? $13 : $10
		error = d != "dnsmasq" ? $15 : $12
		line = match(error, /line [0-9]+/) ? \
		    substr(error, RSTART + 5, RLENGTH - 5) : ""
		if (d == "kea" && match(error, /json:[0-9]+/))
			line = substr(error, RSTART + 5, RLENGTH - 5)
		if (d == "kea" && $14 == "env:hook-library")
			verdict = "library"
		print $1 "\037" verdict "\037" line "\037" $16
	}' "$PXETOOL_CORPUS/MANIFEST.tsv"
}

for dialect in isc dnsmasq kea; do
	n=0 agreed=0 accepted=0 refused=0
	: >"$LOGDIR/differ-$dialect"
	while IFS=$'\037' read -r file verdict line adjustments; do
		n=$((n + 1))
		want=$verdict
		[ "$verdict" = reject ] && want="reject $line"
		prepare "$dialect" "$PXETOOL_CORPUS/$file" "$adjustments"
		got=$(judge "$dialect" "$LOGDIR/in.conf")
		# dhcpd names no line, or line 0, where it fails at the end
		case $want in
		"reject " | "reject 0") want=reject got=${got%% *} ;;
		esac
		if [ "$got" = "$want" ]; then
			agreed=$((agreed + 1))
			case $want in
			accept) accepted=$((accepted + 1)) ;;
			*) refused=$((refused + 1)) ;;
			esac
		else
			echo "$file: '$got', the server: '$want'" \
			    >>"$LOGDIR/differ-$dialect"
		fi
	done < <(rows "$dialect")
	figure "$dialect: configurations of the corpus" "$n"
	figure "$dialect: accepted, as by the server" "$accepted"
	figure "$dialect: refused, on the server's line" "$refused"
	figure "$dialect: judged otherwise than by the server" $((n - agreed))
	if [ "$n" -gt 0 ] && [ "$agreed" -eq "$n" ]; then
		ok "$dialect: every configuration is judged as by the server"
	else
		not_ok "$dialect: every configuration is judged as by the server" \
		    "$LOGDIR/differ-$dialect"
	fi
done
# Of Windows there is no server to ask: every file is read, none refused,
# and what is not followed has a line of it, but what is true of every answer.
n=0 agreed=0
: >"$LOGDIR/differ-windows"
while IFS=$'\037' read -r file _; do
	n=$((n + 1))
	got=$(judge windows "$PXETOOL_CORPUS/$file")
	if [ "$got" = accept ] && jq -e '[.proof.not_modelled[] |
	    select(.text | test("no network is declared|does not document") | not) |
	    select(.line == null)] == []' "$LOGDIR/out.json" >/dev/null; then
		agreed=$((agreed + 1))
	else
		echo "$file: $got" >>"$LOGDIR/differ-windows"
	fi
	[ "$("$PXETOOL" lint --format=json "$PXETOOL_CORPUS/$file" |
	    jq -r .dialect)" = windows ] ||
	    echo "$file: not taken for Windows" >>"$LOGDIR/differ-windows"
done < <(rows windows)
echo "# windows: $agreed of $n configurations are read"
if [ "$n" -gt 0 ] && [ ! -s "$LOGDIR/differ-windows" ]; then
	ok "windows: every configuration is read, and known for what it is"
else
	not_ok "windows: every configuration is read, and known for what it is" \
	    "$LOGDIR/differ-windows"
fi
done_testing
