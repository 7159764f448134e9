#!/bin/bash
# lint-rules.sh - every fault of the catalogue that can be seen in a
# configuration is found in one that has it, and not in its healthy twin;
# lint/rules.txt has them all, and why the others are not found.
. "${0%/*}/lib.sh"
need_pxetool
need_all jq
RULES=$HERE/lint/rules.txt
CASE=$LOGDIR/case

# frame DIALECT < LINES: a whole configuration of them
frame() {
	local lines head body raw=

	lines=$(grep -v '^+ ')
	grep -Fqx '^' <<<"$lines" && raw=1
	head=$(grep '^\^.' <<<"$lines" | cut -c2-)
	body=$(grep -v '^\^' <<<"$lines")
	case $1$raw in
	isc) cat <<-END
		option arch code 93 = unsigned integer 16;
		option ipxe code 175 = string;
		$head
		subnet 192.0.2.0 netmask 255.255.255.0 {
		range 192.0.2.100 192.0.2.199;
		next-server 192.0.2.10;
		$body
		}
		END
		;;
	dnsmasq) printf '%s\n' port=0 dhcp-range=192.0.2.100,192.0.2.199 \
	    "$head" "$body" ;;
	kea)	# members of an object, with a comma behind each
		cat <<-END
		{ "Dhcp4": {
		$head
		"subnet4": [ {
		$body
		"id": 1, "subnet": "192.0.2.0/24",
		"next-server": "192.0.2.10",
		"pools": [ { "pool": "192.0.2.100 - 192.0.2.199" } ]
		} ] } }
		END
		;;
	windows) cat <<-END
		Add-DhcpServerv4Scope -Name lab -StartRange 192.0.2.100 \`
		    -EndRange 192.0.2.199 -SubnetMask 255.255.255.0
		\$s = '192.0.2.0'
		$head
		Set-DhcpServerv4OptionValue -ScopeId \$s -OptionId 66 \`
		    -Value 192.0.2.10
		$body
		END
		;;
	*) printf '%s\n' "$head" "$body" ;;
	esac
}

# root < LINES: the TFTP root that they describe; 1 if they describe none, 2
# if a file of a package is not installed
root() {
	local plus name file mode status=1

	rm -rf "$CASE/root"
	while read -r plus name file mode; do
		[ "$plus" = + ] || continue
		status=0
		mkdir -p "$CASE/root/$(dirname "$name")"
		case $file in
		empty) : >"$CASE/root/$name" ;;
		text:*)	# the text may have blanks, and a mode after it
			[[ $mode =~ ^0[0-7]+$ ]] || file="$file $mode" mode=
			printf '%b' "${file#text:}" >"$CASE/root/$name" ;;
		*)	[ -r "$file" ] || { MISSING=$file; return 2; }
			cp "$file" "$CASE/root/$name" ;;
		esac
		chmod "${mode:-0644}" "$CASE/root/$name"
	done
	return $status
}

# lints DIALECT LINES: into $CASE/out.json; 2 if it cannot be tried here
lints() {
	local words=()

	MISSING=
	frame "$1" <"$2" >"$CASE/test.conf"
	root <"$2" && words=(--tftp-root "$CASE/root")
	[ -z "$MISSING" ] || return 2
	"$PXETOOL" lint --format=json --dialect "$1" --server-ip 192.0.2.1 \
	    "${words[@]}" "$CASE/test.conf" >"$CASE/out.json" 2>"$CASE/err"
	[ $? -le 1 ]
}

# accepts DIALECT: the server itself takes the configuration
accepts() {
	case $1 in
	isc) dhcpd -t -cf "$CASE/test.conf" ;;
	dnsmasq) dnsmasq --test --conf-file="$CASE/test.conf" ;;
	kea) kea-dhcp4 -t "$CASE/test.conf" ;;
	esac
}

# tells FAULT SEVERITY CLIENT
tells() {
	# shellcheck disable=SC2016
	json "$CASE/out.json" '[.findings[] | select(.fault == $f and
	    .severity == $s and ($c == "-" or (.clients | index($c))))] |
	    length > 0' --arg f "$1" --arg s "$2" --arg c "$3" ||
	    { cat "$CASE/test.conf"; return 1; }
}

# holds back FAULT SEVERITY
spares() {
	# shellcheck disable=SC2016
	json "$CASE/out.json" '[.findings[] | select(.fault == $f and
	    .severity == $s)] | length == 0' --arg f "$1" --arg s "$2" ||
	    { cat "$CASE/test.conf"; return 1; }
}

# try FAULT DIALECT SEVERITY CLIENT: the files bad and good
try() {
	local what="$2: $1, $3"

	if ! lints "$2" "$CASE/bad"; then
		[ -n "$MISSING" ] || not_ok "$what" "$CASE/err"
		[ -z "$MISSING" ] || skip "$what" "not installed: $MISSING"
		return
	fi
	check "$what" tells "$1" "$3" "$4"
	if [ "$1" != config-rejected ] && need "${SERVER[$2]:-}"; then
		check "$what: the server takes it" accepts "$2"
	fi
	if lints "$2" "$CASE/good"; then
		check "$what: not in its twin" spares "$1" "$3"
	elif [ -n "$MISSING" ]; then
		skip "$what: not in its twin" "not installed: $MISSING"
	else
		not_ok "$what: not in its twin" "$CASE/err"
	fi
}

# of Windows there is no server to ask
declare -A SERVER=([isc]=dhcpd [dnsmasq]=dnsmasq [kea]=kea-dhcp4)
mkdir -p "$CASE"
tried=0
words=()
to=
while IFS= read -r line || [ -n "$line" ]; do
	case $line in
	'@ '* | '! '* | '= '* | '' | '# '*)
		if [ ${#words[@]} -gt 0 ] && [ "$line" != '' ]; then
			try "${words[@]}"
			tried=$((tried + 1))
			words=()
			to=
		fi ;;
	esac
	case $line in
	'@ '*)	read -r -a words <<<"${line#@ }"
		: >"$CASE/bad"
		: >"$CASE/good"
		to=$CASE/bad ;;
	-)	to=$CASE/good ;;
	*)	[ -z "$to" ] || printf '%s\n' "$line" >>"$to" ;;
	esac
done <"$RULES"

# each row of the catalogue is in the table
sed -n 's/^! \([a-z0-9-]*\)\* .*/^\1/p' "$RULES" >"$CASE/others"
"$PXETOOL" explain --format=json | jq -r '.faults[].id' |
    grep -v -f "$CASE/others" | sort >"$CASE/all"
sed -n 's/^[@!=] \([a-z0-9-]*\) .*/\1/p' "$RULES" | sort -u >"$CASE/told"
check "every fault is tried, or it is said why not" \
    diff "$CASE/all" "$CASE/told"
check "none is both found and not" equal "$(sed -n \
    's/^[@=!] \([a-z0-9-]*\) .*/\1/p' "$RULES" | sort -u | wc -l)" \
    "$(sed -n 's/^\([@=!]\) \([a-z0-9-]*\) .*/\1 \2/p' "$RULES" | sort -u |
    wc -l)"
figure "configurations with a fault that is found" "$tried"
figure "faults of the catalogue that are found" \
    "$(sed -n 's/^@ \([a-z0-9-]*\) .*/\1/p' "$RULES" | sort -u | wc -l)" \
    "of $(wc -l <"$CASE/all")"
done_testing
