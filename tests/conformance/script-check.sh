#!/bin/bash
# script-check.sh - script check and script fmt as they are used: formats,
# exit status, files in place; and scripts from the wild.
. "${0%/*}/lib.sh"
need_pxetool
need_all jq

status_is() { # STATUS COMMAND...
	"${@:2}" >"$LOGDIR/out" 2>"$LOGDIR/err"
	equal $? "$1"
}

bad=$LOGDIR/bad.ipxe
good=$LOGDIR/good.ipxe
cat >"$bad" <<'EOF'
#!ipxe
menu   Boot
item local   Local <disk> & "more"
item other Other
choose --default none --timeout 10000 target || goto failed
goto ${target}
:local
sanboot --no-describe --drive 0x80 || goto failed
:failed
echoo it failed
EOF
cat >"$good" <<'EOF'
#!ipxe
:start
chain --autofree http://${next-server}/${net0/mac:hexhyp}.ipxe || goto retry
exit
:retry
sleep 5
goto start
EOF

check "errors are status 1" status_is 1 "$PXETOOL" script check "$bad"
check "none is status 0" status_is 0 "$PXETOOL" script check "$good"
check "a missing file is status 2" \
    status_is 2 "$PXETOOL" script check "$LOGDIR/nosuch"
check "--fail-on=note finds more" \
    status_is 1 "$PXETOOL" script check --fail-on=note "$bad"
check "a bad version is status 2" \
    status_is 2 "$PXETOOL" script check --ipxe-version new "$good"

"$PXETOOL" script check --format=json --urls "$bad" "$good" \
    >"$LOGDIR/all.json"
check "JSON has the findings" json "$LOGDIR/all.json" \
    '[.findings[] | select(.severity == "error") | [.fault, .line, .column]]
    | sort == [["script-command-invalid", 10, 1],
    ["script-menu-mismatch", 4, 6]]'
check "and the URL with its line" json "$LOGDIR/all.json" \
    '.uris == [{uri: "http://${next-server}/${net0/mac:hexhyp}.ipxe",
    file: .files[1], lines: [3]}]'
"$PXETOOL" script check --format=sarif "$bad" >"$LOGDIR/out.sarif"
check "SARIF names rule and place" json "$LOGDIR/out.sarif" \
    '.runs[0] | .tool.driver.rules as $r | [.results[] |
    select($r[.ruleIndex].id == .ruleId) | select(.locations[0]
    .physicalLocation.region.startLine == 10)] | length == 1'
"$PXETOOL" script check --format=github "$bad" >"$LOGDIR/out.github"
check "GitHub is told the line" grep -q \
    '^::error file=.*,line=10,col=1,title=script-command-invalid::' \
    "$LOGDIR/out.github"
"$PXETOOL" script check --format=junit "$bad" >"$LOGDIR/out.xml"
if need xmllint; then
	check "JUnit is XML" xmllint --noout "$LOGDIR/out.xml"
else
	skip "JUnit is XML" "not installed: xmllint"
fi
check "JUnit counts the failures" \
    grep -q 'failures="2"' "$LOGDIR/out.xml"

# A menu of a thousand lines: every branch is gone.
awk 'BEGIN {
	print "#!ipxe\n:start\nmenu Boot"
	for (i = 0; i < 250; i++)
		print "item os" i " System " i
	print "choose sel || goto start\ngoto ${sel}"
	for (i = 0; i < 250; i++)
		print ":os" i "\nkernel http://h/" i "/k initrd=i ||\n" \
		    "initrd --name i http://h/" i "/i || goto start\nboot"
}' >"$LOGDIR/menu.ipxe"
all_urls() {
	equal "$("$PXETOOL" script check --urls "$LOGDIR/menu.ipxe" |
	    cut -f1 | sort -u | wc -l)" 500
}
check "all branches of a thousand-line menu" all_urls
check "and nothing is found in it" status_is 0 \
    "$PXETOOL" script check --fail-on=warning "$LOGDIR/menu.ipxe"

# What explain shows as the remedy is itself a script without a fault.
"$PXETOOL" explain --format=json >"$LOGDIR/catalogue.json"
n=0
while IFS=$'\t' read -r id text; do
	base64 -d <<<"$text" >"$LOGDIR/remedy.ipxe"
	echo >>"$LOGDIR/remedy.ipxe"
	check "the remedy of $id has no fault" status_is 0 \
	    "$PXETOOL" script check "$LOGDIR/remedy.ipxe" ||
	    note "$LOGDIR/out"
	n=$((n + 1))
done < <(jq -r '.faults[] | .id as $id | .remedies[] |
    select(.where == "script" and (.text | startswith("#!ipxe"))) | [$id, (.text | @base64)] | @tsv' \
    "$LOGDIR/catalogue.json")
check "there are remedies to look at" test "$n" -gt 20

# fmt
check "--check lists what would change" \
    status_is 1 "$PXETOOL" script fmt --check "$good" "$bad"
check "and only that" equal "$(cat "$LOGDIR/out")" "$bad"
chmod 640 "$bad"
check "-w writes it" status_is 0 "$PXETOOL" script fmt -w "$bad"
check "then nothing is left to do" \
    status_is 0 "$PXETOOL" script fmt -d "$bad"
check "the texts are aligned" grep -q '^item other Other$' "$bad"
check "a pipe goes through it" equal \
    "$(printf '#!ipxe\n  echo   a\n' | "$PXETOOL" script fmt)" \
    "$(printf '#!ipxe\necho a')"
printf '#!ipxe\necho {%% if x %%}\n' >"$LOGDIR/t.j2"
check "a template is left alone" \
    status_is 2 "$PXETOOL" script fmt -w "$LOGDIR/t.j2"

if [ ! -d "$PXETOOL_CORPUS/ipxe" ]; then
	skip "scripts from the wild" "no corpus: PXETOOL_CORPUS is not set"
	done_testing
fi

# Each error that is found in them was looked at: it is one. A new one is a
# false one until somebody did.
cd "$PXETOOL_CORPUS" || exit 2
for f in ipxe/*; do
	"$PXETOOL" script check --format=json --urls "$f" |
	    jq -r --arg f "${f#ipxe/}" '(.findings[] |
	    select(.severity == "error") | "\($f)\t\(.line)\t\(.fault)"),
	    (select(.proof.complete | not) | "\($f)\tincomplete")'
done >"$LOGDIR/errors"
check "the errors in scripts from the wild are those that were read" \
    diff "$TOP/tests/conformance/script-check/errors.tsv" "$LOGDIR/errors" ||
    note "$LOGDIR/errors"
for f in ipxe-templates/*; do
	"$PXETOOL" script check --format=json "$f" |
	    jq -r --arg f "${f#ipxe-templates/}" \
	    '"\($f)\t\(.templates[0].engine // "script")"'
done >"$LOGDIR/engines"
check "templates from the wild are known for what they are" \
    diff "$TOP/tests/conformance/script-check/engines.tsv" "$LOGDIR/engines"

: >"$LOGDIR/unstable"
for f in ipxe/*; do
	"$PXETOOL" script fmt "$f" >"$LOGDIR/once" 2>>"$LOGDIR/unstable" &&
	    "$PXETOOL" script fmt --check "$LOGDIR/once" >/dev/null ||
	    echo "$f" >>"$LOGDIR/unstable"
done
check "each is formatted, means the same, and stays" \
    equal "$(cat "$LOGDIR/unstable")" "" || note "$LOGDIR/unstable"
done_testing
