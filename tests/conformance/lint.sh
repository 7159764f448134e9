#!/bin/bash
# lint.sh - lint and predict on small configurations of both languages: what
# is found, where, and that all formats hold what they promise.
. "${0%/*}/lib.sh"
need_pxetool
need_all jq python3
for PYTHON in python3 /usr/bin/python3 ''; do
	[ -n "$PYTHON" ] || break
	"$PYTHON" -c 'import jsonschema' 2>/dev/null && break
done
CONFS=$HERE/lint

# valid SCHEMA FILE: each line, or the whole, is as the schema says
valid() {
	"$PYTHON" - "$TOP/man/schema/$1.schema.json" "$2" <<-'END'
	import json, sys
	from jsonschema import Draft202012Validator as Validator

	schema = json.load(open(sys.argv[1]))
	Validator.check_schema(schema)
	text = open(sys.argv[2]).read()
	try:
	    objects = [json.loads(text)]
	except ValueError:
	    objects = [json.loads(line) for line in text.splitlines()]
	errors = [e for o in objects for e in Validator(schema).iter_errors(o)]
	for e in errors:
	    print(e.json_path, e.message)
	sys.exit(bool(errors) or not objects)
	END
}

as_schema() { # SCHEMA FILE WHAT
	if [ -n "$PYTHON" ]; then
		check "$3: as the schema says" valid "$1" "$2"
	else
		skip "$3: as the schema says" "not installed: python3-jsonschema"
	fi
}

# lints NAME STATUS: into $OUT
lints() {
	OUT=$LOGDIR/$1.json
	"$PXETOOL" lint --format=json "$CONFS/$1".* >"$OUT" \
	    2>"$LOGDIR/stderr"
	check "$1: status $2" equal $? "$2" || note "$LOGDIR/stderr"
	as_schema lint "$OUT" "$1"
}

# finds WHAT FAULT LINE CLIENT: an error at that line, met by that client
finds() {
	# shellcheck disable=SC2016
	check "$1" json "$OUT" \
	    '[.findings[] | select(.fault == $f and .line == $l and
	    .severity == "error" and (.clients | index($c)))] | length == 1' \
	    --arg f "$2" --argjson l "$3" --arg c "$4"
}

# spares WHAT FAULT CLIENT: no error of that fault that it meets
spares() {
	# shellcheck disable=SC2016
	check "$1" json "$OUT" \
	    '[.findings[] | select(.fault == $f and .severity == "error" and
	    (.clients | index($c)))] | length == 0' \
	    --arg f "$2" --arg c "$3"
}

for conf in isc-healthy dnsmasq-healthy kea-healthy; do
	lints $conf 0
	check "$conf: no error" json "$OUT" \
	    '[.findings[] | select(.severity == "error")] | length == 0'
	check "$conf: a proof" json "$OUT" \
	    '.proof.complete and .proof.classes > 20'
	check "$conf: iPXE ends in a script" json "$OUT" \
	    '[.table[] | select(.client == "uefi-x64") | .ends] ==
	    ["ipxe", "script"]'
done

lints isc-loop 1
finds "isc-loop: BIOS machines turn in a circle" chainload-loop 9 intel-bios
finds "isc-loop: so do UEFI machines" chainload-loop 7 uefi-x64
check "isc-loop: the fix is for dhcpd" json "$OUT" \
    '.dialect == "isc" and all(.findings[] | select(.fault ==
    "chainload-loop"); .fix | test("filename \""))'

lints isc-howto-trap 1
finds "the howto's line hands ipxe.efi to BIOS machines" \
    arch-uefi-file-to-bios 10 intel-bios
check "its fix compares bytes with bytes, and minds who sends none" \
    json "$OUT" '[.findings[] | select(.line == 9) | .fix |
    select(test("option client-arch != 00:00 \\{") and
    test("exists client-arch and"))] | length == 1'
spares "but not to UEFI machines in vain" arch-uefi-file-to-bios uefi-x64
spares "and is no loop" chainload-loop uefi-x64

lints isc-gpxe-only 1
finds "iPXE is not gPXE" chainload-loop 8 ipxe-bios
spares "gPXE itself is served" chainload-loop gpxe
check "a comment keeps a finding quiet" json "$OUT" '.suppressed == 1 and
    ([.findings[] | select(.fault == "arch-bios-file-to-uefi")] == [])'

lints isc-broken 1
check "what dhcpd refuses is told as its line" json "$OUT" \
    '.findings | length == 1 and .[0].fault == "config-rejected" and
    (.[0].line == 2 or .[0].line == 3)'

# A Windows server in each of the three forms. Nothing is a proof there: where
# Microsoft's documents are silent the result says so.
lints windows-healthy 0
check "windows-healthy: an export, and no error" json "$OUT" \
    '.dialect == "windows" and
    ([.findings[] | select(.severity == "error")] == [])'
check "windows-healthy: iPXE ends in a script" json "$OUT" \
    '[.table[] | select(.client == "uefi-x64") | .ends] ==
    ["ipxe", "script"]'
check "windows-healthy: what is not documented is named, and is no proof" \
    json "$OUT" '.proof.complete == false and
    any(.proof.not_modelled[]; .text | test("does not document"))'

lints windows-loop 1
finds "windows-loop: UEFI machines turn in a circle" chainload-loop 11 \
    uefi-x64
check "windows-loop: the fix makes a user class" json "$OUT" \
    'any(.findings[]; .fault == "chainload-loop" and
    (.fix | test("-Type User -Data iPXE")))'
check "windows-loop: a vendor class without '*' is for nobody" json "$OUT" \
    '[.findings[] | select(.fault == "class-test-never-matches" and
    .line == 12) | .fix] == ["Set-DhcpServerv4Policy -Name \u0027bios\u0027 -ScopeId 192.0.2.0 -VendorClass EQ,\u0027PXE BIOS*\u0027"]'

lints windows-howto 1
# BIOS machines may be all that there are; nobody else listens on 4011
check "windows-howto: one file for all is for BIOS, which may be meant" \
    json "$OUT" '[.findings[] | select(.fault == "arch-bios-file-to-uefi") |
    [.severity, .line]] == [["warning", 5]]'
finds "windows-howto: option 60 sends them to 4011" option60-without-4011 3 \
    uefi-x64
check "windows-howto: 60, 66 and 67 at the server's level" json "$OUT" \
    '[.findings[] | select(.fault == "boot-options-for-all") | .line] ==
    [3, 4, 5]'

# What is broken, mended by the catalogue's own commands, boots.
{
	grep -v -e x64 -e 'bios' "$CONFS/windows-loop.ps1"
	for fault in arch-bios-file-to-uefi chainload-loop; do
		"$PXETOOL" explain --format=json $fault |
		    jq -r '.. | objects | select(.where? == "windows") | .text'
	done
} >"$LOGDIR/mended.ps1"
"$PXETOOL" lint --format=json "$LOGDIR/mended.ps1" >"$LOGDIR/mended.json"
check "the catalogue's commands for Windows make all but the rare boot" \
    json "$LOGDIR/mended.json" '.dialect == "windows" and
    ([.findings[] | select(.severity == "error")] == []) and
    ([.table[] | select(.client == "uefi-x64") | .ends] ==
    ["ipxe", "script"]) and ([.table[] | select(.client == "intel-bios") |
    .ends] == ["ipxe", "script"])'

lints dnsmasq-loop 1
finds "dnsmasq-loop: BIOS machines turn in a circle" chainload-loop 5 \
    intel-bios
finds "dnsmasq-loop: so do UEFI machines" chainload-loop 6 uefi-x64

lints dnsmasq-net-tag 0
spares "net: tells iPXE apart" chainload-loop intel-bios
spares "on UEFI too" chainload-loop uefi-x64

lints dnsmasq-net-order 1
finds "the order of net: lines makes a loop" chainload-loop 8 uefi-x64
spares "on UEFI alone" chainload-loop intel-bios

lints dnsmasq-proxy 1
check "a proxy without a service for UEFI is found" json "$OUT" \
    '[.findings[] | select(.fault == "dnsmasq-proxy-without-pxe-service" and
    .severity == "error" and (.clients | index("uefi-x64")))] |
    length == 1'
spares "and BIOS machines are served" dnsmasq-proxy-without-pxe-service \
    intel-bios

lints kea-loop 1
finds "kea-loop: BIOS machines turn in a circle" chainload-loop 6 intel-bios
finds "kea-loop: so do UEFI machines" chainload-loop 8 uefi-x64

lints kea-traps 1
finds "what no test matches gets the file of all" arch-bios-file-to-uefi 4 \
    uefi-x64
check "the test that never matches is named" json "$OUT" \
    '[.findings[] | select(.fault == "class-test-never-matches" and
    .line == 8 and (.message | test("0x0007")))] | length == 1'
check "so is the class that nothing requires" json "$OUT" \
    '[.findings[] | select(.fault == "kea-class-not-evaluated" and
    .line == 10)] | length == 1'
spares "iPXE is told apart" chainload-loop uefi-x64

lints kea6-healthy 0
check "kea6-healthy: no error" json "$OUT" \
    '[.findings[] | select(.severity == "error")] == []'
check "kea6-healthy: iPXE ends in a script" json "$OUT" \
    '[.table[] | select(.client == "uefi-x64") | .ends] == ["ipxe", "script"]'
check "kea6-healthy: walked, and no proof" json "$OUT" \
    '.proof.complete == false and .proof.classes > 10'

lints kea6-traps 1
finds "kea6: a URL of HTTP is nothing for PXE" http-url-in-pxe-client 11 \
    uefi-x64
check "kea6: nor is a host's name" json "$OUT" '[.findings[] |
    select(.fault == "wrong-next-server" and .line == 14 and
    (.clients | index("uefi-arm64")))] | length == 1'
check "kea6: HTTP boot wants its class, and the fix has it" json "$OUT" \
    '[.findings[] | select(.fault == "httpboot-offer-without-httpclient" and
    .line == 8 and (.fix | test("48545450436c69656e74")))] | length == 1'
finds "kea6: iPXE turns in a circle" chainload-loop 11 ipxe-efi-x64

# ------------------------------------------------ several files, formats
BOTH="$CONFS/isc-loop.conf $CONFS/dnsmasq-healthy.conf"

# shellcheck disable=SC2086
"$PXETOOL" lint --format=sarif $BOTH >"$LOGDIR/lint.sarif"
check "sarif: status 1" equal $? 1
check "sarif: the version and the tool" json "$LOGDIR/lint.sarif" \
    '.version == "2.1.0" and (.runs | length) == 1 and
    .runs[0].tool.driver.name == "pxetool"'
# shellcheck disable=SC2016
check "sarif: each result has its rule and its place" \
    json "$LOGDIR/lint.sarif" \
    '.runs[0] as $r | ($r.results | length) > 0 and all($r.results[];
    .ruleId == $r.tool.driver.rules[.ruleIndex].id and
    (.level | IN("error", "warning", "note")) and
    (.message.text | length) > 0 and
    (.locations[0].physicalLocation | .artifactLocation.uri != "" and
    .region.startLine >= 1 and .region.startColumn >= 1))'
check "sarif: no rule twice" json "$LOGDIR/lint.sarif" \
    '.runs[0].tool.driver.rules | map(.id) | length == (unique | length)'

# shellcheck disable=SC2086
"$PXETOOL" lint --format=junit $BOTH >"$LOGDIR/lint.xml"
junit_counts() {
	"$PYTHON" - "$1" <<-'END'
	import sys, xml.etree.ElementTree as tree
	suites = tree.parse(sys.argv[1]).getroot().findall("testsuite")
	assert len(suites) == 2
	for s in suites:
	    cases = s.findall("testcase")
	    assert len(cases) == int(s.get("tests")) > 0
	    n = len([c for c in cases if c.find("failure") is not None])
	    assert n == int(s.get("failures"))
	assert int(suites[0].get("failures")) > 0
	assert int(suites[1].get("failures")) == 0
	END
}
if [ -n "$PYTHON" ]; then
	check "junit: well formed, and the counts hold" \
	    junit_counts "$LOGDIR/lint.xml"
fi

# shellcheck disable=SC2086
"$PXETOOL" lint --format=github $BOTH >"$LOGDIR/lint.github"
github_form() {
	! grep -vE '^::(error|warning|notice) file=[^,:]+(,line=[0-9]+(,col=[0-9]+)?)?,title=[a-z0-9-]+::.' "$1" &&
	    grep -q '^::error file=.*isc-loop.conf,line=9' "$1"
}
check "github: one command a line" github_form "$LOGDIR/lint.github"

"$PXETOOL" lint --format=json - <"$CONFS/isc-loop.conf" >"$LOGDIR/stdin.json"
check "standard input, and its language is told" json "$LOGDIR/stdin.json" \
    '.files == ["-"] and .dialect == "isc" and (.findings | length) > 0'
# a pipe cannot be read twice, and need not be
# shellcheck disable=SC2002
cat "$CONFS/dnsmasq-loop.conf" | "$PXETOOL" lint --format=json - \
    >"$LOGDIR/pipe.json"
check "so with a pipe" json "$LOGDIR/pipe.json" \
    '.dialect == "dnsmasq" and (.findings | length) > 0'

"$PXETOOL" lint --fail-on=note "$CONFS/dnsmasq-healthy.conf" >/dev/null
check "--fail-on=note: status 0 or 1, by what is found" test $? -le 1
"$PXETOOL" lint /nonexistent.conf >/dev/null 2>&1
check "no such file: status 2" equal $? 2
"$PXETOOL" lint --dialect=cobol "$CONFS/isc-loop.conf" >/dev/null 2>&1
check "no such dialect: status 2" equal $? 2

# ------------------------------------------------ the TFTP root
ROOT=$LOGDIR/tftp
rm -rf "$ROOT"
mkdir -p "$ROOT"
printf '#!ipxe\nshell\n' >"$ROOT/Undionly.kpxe"
"$PXETOOL" lint --format=json --tftp-root "$ROOT" "$CONFS/isc-loop.conf" \
    >"$LOGDIR/root.json"
check "a file that is not there" json "$LOGDIR/root.json" \
    '[.findings[] | select(.fault == "tftp-file-not-found" and
    .line == 7)] | length == 1'
check "another case is told" json "$LOGDIR/root.json" \
    '.findings[] | select(.fault == "tftp-file-not-found" and .line == 9) |
    .message | test("Undionly.kpxe")'
: >"$ROOT/undionly.kpxe"
: >"$ROOT/ipxe.efi"
"$PXETOOL" lint --format=json --tftp-root "$ROOT" "$CONFS/isc-loop.conf" \
    >"$LOGDIR/root.json"
check "an empty file" json "$LOGDIR/root.json" \
    '[.findings[] | select(.fault == "tftp-empty-file")] | length == 2'

# ------------------------------------------------ predict
# predicts CONF WHAT JQ ARGUMENT...
predicts() {
	OUT=$LOGDIR/predict.json
	"$PXETOOL" predict --format=json "${@:4}" "$CONFS/$1".* >"$OUT" \
	    2>"$LOGDIR/stderr"
	check "predict: $2" json "$OUT" "$3" || note "$LOGDIR/stderr"
	as_schema predict "$OUT" "$2"
}

# dnsmasq leaves the field empty for a client that asks for option 67, and
# ends the option with a NUL
for conf in isc-healthy dnsmasq-healthy kea-healthy; do
	predicts $conf "$conf, a BIOS ROM" \
	    '.answered and .next_server == "192.0.2.10" and
	    (.file == "undionly.kpxe" or (.options["67"].hex |
	    startswith("756e64696f6e6c792e6b707865")))' \
	    --server-ip 192.0.2.10
	predicts $conf "$conf, not a word of what to send" \
	    '.file == "x86_64/snponly.efi"' --arch 7 --server-ip 192.0.2.10
done
predicts isc-healthy "iPXE, and why" \
    '.file == "http://192.0.2.10/boot.ipxe" and
    any(.because[]; .line == 7)' --persona ipxe-bios
predicts windows-loop "an x64 machine" '.file == "snponly.efi" and
    .next_server == "192.0.2.10" and any(.because[]; .line == 11)' --arch 7 \
    --vendor-class PXEClient:Arch:00007:UNDI:003016 --server-ip 192.0.2.1
predicts kea6-healthy "by DHCPv6" '.answered and .has_address and
    .file == "tftp://[2001:db8::10]/snponly.efi" and
    any(.because[]; .line == 16)' --arch 7
predicts isc-howto-trap "the howto's line" '.file == "ipxe.efi"' --arch 0
printf '%s\n' '{"arch": 0}' '{"arch": 7, "mac": "02:00:00:00:00:01"}' \
    '{"option": {"93": "000b"}}' >"$LOGDIR/requests"
"$PXETOOL" predict --format=json --requests "$LOGDIR/requests" \
    "$CONFS/isc-healthy.conf" >"$LOGDIR/answers"
check "predict: one answer for each request" json "$LOGDIR/answers" \
    'map(.file) == ["undionly.kpxe", "x86_64/snponly.efi", ""]' -s
as_schema predict "$LOGDIR/answers" "many answers"

done_testing
