#!/bin/bash
# firmware-src.sh - the scripts and the manifest that ship are without a fault,
# in their normal form, and come to the end that they are for.
. "${0%/*}/lib.sh"
need_pxetool
need_all jq

src=$TOP/firmware-src
for script in "$src"/*.ipxe; do
	name=$(basename "$script")
	check "$name: nothing is wrong with it" "$PXETOOL" script check \
	    --fail-on=warning "$script"
	check "$name: is in its normal form" "$PXETOOL" script fmt --check \
	    "$script"
done
check "the manifest is one" "$PXETOOL" build -f "$src/firmware.yaml" --list
check "each script is in it, but for the demo's" equal \
    "$(sed -n 's/.*script: \([^, }]*\).*/\1/p' "$src/firmware.yaml" | sort -u)" \
    "$(cd "$src" && ls -- *.ipxe | grep -v '^boot.ipxe$' | sort)"

# ends SCRIPT END URL ARGUMENTS...: and the last URL that it loads
ends() {
	local out=$LOGDIR/$1.json name=$1 end=$2 url=$3

	shift 3
	"$PXETOOL" script run --dry-run --format=json "$@" \
	    "$src/$name.ipxe" >"$out" 2>"$out.err"
	check "$name $*: ends in $end" json "$out" '.end == $e' --arg e "$end" ||
	    note "$out.err"
	check "$name $*: loads what it should" json "$out" \
	    '(.uris | last // "") | startswith($u)' --arg u "$url"
}

ends chain chain-replaced http://boot.example.org/boot.ipxe
ends config-service chain-replaced \
    http://boot.example.org/ipxe/v1/config?mac=52:54:00:
ends fog chain-replaced http://192.0.2.1/fog/service/ipxe/boot.php \
    --dhcp next-server=192.0.2.1
ends menu exit ''
ends menu boot http://boot.example.org/debian/initrd.gz --choose installer
ends local-disk exit '' --platform efi
ends local-disk san '' --platform pcbios
ends retry-and-shell chain-replaced http://boot.example.org/boot.ipxe
done_testing
