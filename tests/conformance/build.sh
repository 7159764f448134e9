#!/bin/bash
# build.sh - the driver of iPXE's makefile, with a small tree of our own that
# has the same make interface; and with iPXE itself where IPXE_SRC has it.
# timeout: 1800
. "${0%/*}/lib.sh"
need_pxetool
need_all make cc jq

work=$(mktemp -d "$LOGDIR/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
cp -r "$HERE/build-tree" "$work/tree"
cache=$work/cache
printf '#!ipxe\ndhcp\nchain http://boot.example.org/one\n' >"$work/one.ipxe"
printf '#!ipxe\ndhcp\nchain http://boot.example.org/two\n' >"$work/two.ipxe"
cat >"$work/firmware.yaml" <<-'EOF2'
	place: 512
	version: 0123456789012345678901234567890123456789
	configs:
	  https: { on: [DOWNLOAD_PROTO_HTTPS], off: [DOWNLOAD_PROTO_TFTP] }
	  broken: { on: [DOES_NOT_COMPILE] }
	variants:
	  one: { target: bin-x86_64-efi/snponly.efi, script: one.ipxe }
	  two: { target: bin-x86_64-efi/snponly.efi, script: two.ipxe }
	  secure:
	    target: bin-x86_64-efi/snponly.efi
	    script: one.ipxe
	    config: https
	    debug: dhcp
	    output: tls/boot.efi
	  bare: { target: bin-x86_64-efi/snponly.efi }
EOF2

# build RUN ARGUMENTS...
build() {
	OUT=$LOGDIR/$1.json
	shift
	"$PXETOOL" build -f "$work/firmware.yaml" -s "$work/tree" \
	    --cache "$cache" -d "$work/out" --format=json "$@" \
	    >"$OUT" 2>"$OUT.err"
	STATUS=$?
}

# runs FILE SCRIPT: the image has the script, and then nothing but empty lines
runs() {
	local got want

	got=$(LC_ALL=C sed -n '/^#!ipxe/,$p' <(tr '\000' '\n' <"$1") |
	    sed '/^$/d')
	want=$(cat "$2")
	equal "$got" "$want"
}

links() {
	cat "$cache"/trees/*/src/bin-x86_64-efi/builds 2>/dev/null | wc -l
}

before=$(cd "$work/tree" && find . -type f | sort | xargs sha256sum)
build all
check "all variants are built" equal "$STATUS" 0 || note "$OUT.err"
check "one image is linked for each configuration, and one without a script" \
    equal "$(links)" 3
check "each has its own script" runs "$work/out/one.efi" "$work/one.ipxe"
check "the second too" runs "$work/out/two.efi" "$work/two.ipxe"
check "the configuration reached the compiler" grep -q \
    '#define DOWNLOAD_PROTO_HTTPS' "$work/out/tls/boot.efi"
check "what is off is off" grep -q '#undef DOWNLOAD_PROTO_TFTP' \
    "$work/out/tls/boot.efi"
check "debug, version and epoch as well" grep -qazP \
    'debug dhcp\nversion 0123456789[0-9]+\nid [0-9]+\nepoch 315532800\n' \
    "$work/out/tls/boot.efi"
check "JSON tells of each" json "$OUT" \
    '[.variants[] | .name] == ["one", "two", "secure", "bare"] and
    .variants[1].cached and .variants[1].patched and
    (.variants[0].cached | not) and
    all(.variants[]; .bytes > 0 and (.inputs.source_sha256 | length) == 64)'
check "the sums are right" bash -c "cd '$work/out' &&
    sha256sum -c --quiet SHA256SUMS"
check "the bill of materials names all parts" json "$work/out/sbom.cdx.json" \
    '.bomFormat == "CycloneDX" and (.components | length) == 5 and
    .components[1].components[0].name == "one.ipxe"'
check "the user's tree is as it was" equal \
    "$(cd "$work/tree" && find . -type f | sort | xargs sha256sum)" "$before"

cp "$work/out/one.efi" "$LOGDIR/first.efi"
n=$(links)
build again
check "the same again links nothing" equal "$(links)" "$n"
check "and says so" json "$OUT" 'all(.variants[]; .cached)'
check "the same bytes" same_file "$work/out/one.efi" "$LOGDIR/first.efi"

for i in 1 2 3 4 5 6 7 8 9 10; do
	printf '#!ipxe\necho variant %d\nshell\n' $i >"$work/v$i.ipxe"
	echo "  v$i: { target: bin-x86_64-efi/snponly.efi, script: v$i.ipxe }"
done >>"$work/firmware.yaml"
start=$(date +%s%N)
build ten v1 v2 v3 v4 v5 v6 v7 v8 v9 v10
ms=$((($(date +%s%N) - start) / 1000000))
echo "# ten further variants: $ms ms"
check "ten further variants link nothing" equal "$(links)" "$n"
check "and each runs its script" runs "$work/out/v7.efi" "$work/v7.ipxe"

build relink --relink one
check "relinked: it is linked with its script" runs "$work/out/one.efi" \
    "$work/one.ipxe"
check "relinked: nothing is patched" json "$OUT" \
    '.variants[0].patched == false and .variants[0].cached == false'

build reproducible --check-reproducible one
check "the same bytes at another path" json "$OUT" \
    '.variants[0].reproducible' || note "$OUT.err"

{ echo '#!ipxe'; head -c 600 /dev/zero | tr '\0' '#'; echo; } >"$work/one.ipxe"
build longer one
check "a longer script gets a larger place" runs "$work/out/one.efi" \
    "$work/one.ipxe"

# fails NAME TEXT ARGUMENTS...: status 2, that text, and no new file
fails() {
	local name=$1 text=$2 before after

	shift 2
	before=$(cd "$work/out" && find . -type f | sort | xargs sha256sum)
	build fail "$@"
	after=$(cd "$work/out" && find . -type f | sort | xargs sha256sum)
	check "$name: status 2" equal "$STATUS" 2
	check "$name: says why" grep -qF -- "$text" "$OUT.err" ||
	    note "$OUT.err"
	check "$name: writes nothing" equal "$after" "$before"
}

# A stand-in for sbsign: it says where a signature is, and signs nothing.
cat >"$work/signer" <<-'EOF2'
	#!/usr/bin/env python3
	import struct, sys
	data = bytearray(open(sys.argv[1], 'rb').read())
	optional = struct.unpack_from('<I', data, 0x3c)[0] + 24
	plus = struct.unpack_from('<H', data, optional)[0] == 0x20b
	data += bytes(-len(data) % 8)
	struct.pack_into('<II', data, optional + (112 if plus else 96) + 32,
	    len(data), 16)
	open(sys.argv[2], 'wb').write(data + struct.pack('<IHH8x', 16, 0x200, 2))
EOF2
chmod +x "$work/signer"
if need python3; then
	build signed --sign-with "$work/signer" two
	check "signed, and it says so" json "$OUT" '.variants[0].signed' ||
	    note "$OUT.err"
	check "what is signed has the script" grep -qa 'example.org/two' \
	    "$work/out/two.efi"
	check "the sum is that of the signed file" bash -c "cd '$work/out' &&
	    sha256sum -c --quiet SHA256SUMS"
	build unsigned two
	check "nothing signed is kept" json "$OUT" '.variants[0] |
	    .cached and has("signed") == false'
else
	skip "signing" "not installed: python3"
fi
fails "a signer that fails" "did not sign the image: no such key" \
    --sign-with 'echo no such key >&2; false' two
fails "a signer that does nothing" "has no signature" --sign-with cp two
fails "half of a key" "belong together" --sign-key "$work/one.ipxe" two
check "nothing of the signing is left" equal \
    "$(find "$cache" -maxdepth 1 -name 'sign.*')" ""

printf '#!ipxe\ngoto nowhere\n' >"$work/one.ipxe"
fails "a script with an error" "one.ipxe:2:" one
printf '#!ipxe\ndhcp\n' >"$work/one.ipxe"
printf '#!ipxe\nparams\n' >"$work/two.ipxe"
sed -i 's/bin-x86_64-efi\/snponly.efi, script: two/bin\/undionly.kpxe, script: two/' \
    "$work/firmware.yaml"
fails "a command that this build lacks" "PARAM_CMD" two
fails "an unknown variant" "did you mean 'secure'?" secur
cat >>"$work/firmware.yaml" <<-'EOF2'
	  bad: { target: bin-x86_64-efi/snponly.efi, config: broken }
EOF2
fails "a compile that fails" "this does not compile" bad
rm -f "$cache"/images/* "$cache"/bases/*
build after-failure one secure
check "after a failure the others are built" equal "$STATUS" 0
for row in "kpxe2|  z: { target: bin/undionly.kpxf }|did you mean .kpxe?" \
    "target|  z: { target: ipxe.efi }|is no target of iPXE's" \
    "key|  z: { taget: bin/ipxe.pxe }|did you mean 'target'?" \
    "yaml|  z: { target: [|no YAML" \
    "config|  z: { target: bin/ipxe.pxe, config: none }|no configuration is called 'none'"; do
	IFS='|' read -r name line text <<<"$row"
	printf 'variants:\n%s\n' "$line" >"$work/wrong.yaml"
	"$PXETOOL" build -f "$work/wrong.yaml" --list >"$LOGDIR/wrong" 2>&1
	check "manifest, $name: status 2" equal $? 2
	check "manifest, $name: the place and why" grep -qF "$text" "$LOGDIR/wrong"
	check "manifest, $name: the line" grep -q 'wrong.yaml:[23]:' "$LOGDIR/wrong"
done
sed 's/DOWNLOAD_PROTO_HTTPS/DOWNLOAD_PROTO_HTTTPS/' "$work/firmware.yaml" \
    >"$work/typo.yaml"
"$PXETOOL" build -f "$work/typo.yaml" -s "$work/tree" --cache "$cache" \
    -d "$work/out2" secure >"$LOGDIR/typo" 2>&1
check "a feature that does not exist is met with one that does" grep -q \
    'typo.yaml:4:.*did you mean DOWNLOAD_PROTO_HTTPS?' "$LOGDIR/typo"

# Killed in the middle of it, then built again.
printf '#!ipxe\necho after the kill\n' >"$work/one.ipxe"
sed -i 's|^int nothing;|&\n/* new */|' "$work/tree/src/core/main.c"
sed -i 's|@mkdir -p $(@D)$|&; sleep 3|' "$work/tree/src/Makefile"
"$PXETOOL" build -f "$work/firmware.yaml" -s "$work/tree" --cache "$cache" \
    -d "$work/out" one >/dev/null 2>&1 &
pid=$!
sleep 1.5
kill -KILL $pid
wait $pid 2>/dev/null
build after-kill one
check "killed, and built again: right" runs "$work/out/one.efi" \
    "$work/one.ipxe"

if [ -z "${IPXE_SRC:-}" ]; then
	skip "iPXE itself is built" "IPXE_SRC is not set"
	done_testing
fi
printf '#!ipxe\necho pxetool-build-marker\nshell\n' >"$work/one.ipxe"
cat >"$work/real.yaml" <<-'EOF2'
	variants:
	  undionly: { target: bin/undionly.kpxe, script: one.ipxe }
	  keep: { target: bin/undionly.kkpxe, script: one.ipxe }
	  ipxe: { target: bin/ipxe.pxe, script: one.ipxe }
	  lkrn: { target: bin/ipxe.lkrn, script: one.ipxe }
EOF2
"$PXETOOL" build -f "$work/real.yaml" -s "$IPXE_SRC" -d "$work/real" \
    --cache "${IPXE_CACHE:-$cache}" --format=json >"$LOGDIR/real.json"
check "iPXE itself is built" equal $? 0
check "each image has its script in it" json "$LOGDIR/real.json" \
    '(.variants | length) == 4 and all(.variants[]; .patched)'
done_testing
