#!/bin/bash
# inspect.sh - every boot file of the distribution's packages is told right:
# kind, CPU, version; what is inside images and archives is found; scripts
# come out as they went in.
#
# Packages that are not installed are skipped, unless DEBS names a folder of
# .deb files to take them from:
#
#	apt-get download ipxe grub-pc-bin ... && DEBS=. tests/conformance/inspect.sh
#
# With IPXE_SRC=DIR, a checkout of iPXE, images with an embedded script are
# built from a copy of it.
# timeout: 900
. "${0%/*}/lib.sh"
need_pxetool
need_all jq

WORK=$LOGDIR/work
rm -rf "$WORK"
mkdir -p "$WORK"

# package_root PACKAGE: where its files are; its version in VERSION
package_root() {
	local deb

	for deb in "${DEBS:-/nonexistent}"/"$1"_*.deb; do
		[ -f "$deb" ] || continue
		VERSION=$(dpkg-deb -f "$deb" Version)
		[ -d "$WORK/root-$1" ] || dpkg-deb -x "$deb" "$WORK/root-$1"
		ROOT=$WORK/root-$1
		return
	done
	VERSION=$(dpkg-query -W -f '${Version}' "$1" 2>/dev/null) &&
	    [ -n "$VERSION" ] && ROOT=
}

# inspect FILE [FILTER]: the answer's first file in $WORK/it
inspect() {
	"$PXETOOL" inspect --format=json "$@" >"$WORK/all" &&
	    jq '.files[0]' "$WORK/all" >"$WORK/it"
}

# told FILE KIND CPU VERSION: VERSION "yes" is one that the package has in its
# own, "-" is none
told() {
	local got

	inspect "$1" || return
	equal "$(jq -r '.kind + " " + (.machine // "-")' "$WORK/it")" \
	    "$2 $3" || return
	got=$(jq -r .version "$WORK/it")
	case $4 in
	-) equal "$got" "" ;;
	yes)
		[ -n "$got" ] || equal "$got" "a part of $VERSION" || return
		case $VERSION$PACKAGE in
		*"$got"*) ;;
		*) equal "$got" "a part of $VERSION" ;;
		esac ;;
	esac
}

# All of a package: FILES is a pattern, and some file has to fit.
while read -r PACKAGE files kind cpu version; do
	case $PACKAGE in '' | '#'*) continue ;; esac
	what="$PACKAGE: ${files##*/}"
	if ! package_root "$PACKAGE"; then
		skip "$what is $kind" "not installed: $PACKAGE"
		continue
	fi
	for file in "$ROOT"$files; do
		check "$PACKAGE: ${file##*/} is $kind, $cpu" \
		    told "$file" "$kind" "$cpu" "$version"
	done
done <<'EOF'
ipxe /usr/lib/ipxe/ipxe.pxe ipxe x86 yes
ipxe /usr/lib/ipxe/undionly.*kpxe ipxe x86 yes
ipxe /boot/ipxe.lkrn ipxe x86 yes
ipxe /boot/ipxe.efi ipxe x64 yes
ipxe /usr/lib/ipxe/snponly.efi ipxe x64 yes
ipxe /usr/lib/ipxe/ipxe.iso ipxe - yes
ipxe-qemu /usr/lib/ipxe/qemu/pxe-*.rom ipxe x86 yes
ipxe-qemu /usr/lib/ipxe/qemu/efi-*.rom ipxe - yes
pxelinux /usr/lib/PXELINUX/*pxelinux.0 pxelinux x86 yes
isolinux /usr/lib/ISOLINUX/isolinux.bin syslinux x86 yes
isolinux /usr/lib/ISOLINUX/extra/isolinux-debug.bin syslinux x86 yes
isolinux /usr/lib/ISOLINUX/isohd*.bin syslinux x86 -
syslinux-common /usr/lib/syslinux/memdisk memdisk x86 yes
syslinux-common /usr/lib/syslinux/mbr/*mbr.bin syslinux x86 -
syslinux-common /usr/lib/syslinux/modules/bios/*.c32 syslinux x86 -
syslinux-common /usr/lib/syslinux/modules/efi32/*.?32 syslinux x86 -
syslinux-common /usr/lib/syslinux/modules/efi64/*.?[36][24] syslinux x64 -
syslinux-efi /usr/lib/SYSLINUX.EFI/efi32/syslinux.efi syslinux-efi x86 yes
syslinux-efi /usr/lib/SYSLINUX.EFI/efi64/syslinux.efi syslinux-efi x64 yes
grub-pc-bin /usr/lib/grub/i386-pc/*.img grub x86 -
grub-pc-bin /usr/lib/grub/i386-pc/*.mod grub x86 -
grub-efi-amd64-bin /usr/lib/grub/x86_64-efi/*.mod grub x64 -
grub-efi-amd64-bin /usr/lib/grub/x86_64-efi/kernel.img grub x64 -
grub-efi-amd64-bin /usr/lib/grub/x86_64-efi/monolithic/*.efi grub x64 yes
grub-efi-ia32-bin /usr/lib/grub/i386-efi/kernel.img grub x86 -
grub-efi-ia32-bin /usr/lib/grub/i386-efi/monolithic/*.efi grub x86 yes
grub-efi-arm64-bin /usr/lib/grub/arm64-efi/monolithic/*.efi grub arm64 yes
grub-efi-amd64-signed /usr/lib/grub/x86_64-efi-signed/*.signed grub x64 yes
shim-signed /usr/lib/shim/shimx64.efi.signed shim x64 yes
shim-unsigned /usr/lib/shim/shimx64.efi shim x64 yes
shim-unsigned /usr/lib/shim/[fm]?x64.efi efi x64 any
memtest86+ /boot/memtest86+ia32.* memtest x86 yes
memtest86+ /boot/memtest86+x64.* memtest x64 yes
memtest86+ /usr/lib/memtest86+/*.iso iso - -
linux-image-6.1.0-56-amd64 /boot/vmlinuz-* linux x64 yes
EOF

# ---- more than a name

# says FILE FILTER
says() {
	inspect "$1" && json "$WORK/it" "$2"
}

if package_root ipxe; then
	lib=$ROOT/usr/lib/ipxe
	check "undionly.kpxe: UNDI, kept; for BIOS" says "$lib/undionly.kpxe" \
	    '.driver == "undi" and .keeps == "undi" and .runs_on == [0, 20] and
	    (.features | contains(["HTTP", "NFS"])) and .trusts == "none" and
	    (.commands | contains(["chain", "imgfetch"])) and
	    (.commands | contains(["console"]) | not) and .scripts == []'
	check "undionly.kkpxe keeps all" says "$lib/undionly.kkpxe" \
	    '.driver == "undi" and .keeps == "pxe"'
	check "ipxe.pxe keeps nothing, has all drivers" says "$lib/ipxe.pxe" \
	    '.driver == "all" and .keeps == "nothing"'
	check "snponly.efi: SNP; for UEFI" says "$lib/snponly.efi" \
	    '.driver == "snp" and (.runs_on | contains([7, 16])) and
	    (.commands | length) > 40 and .signed == null'
	check "ipxe.iso: both halves are found inside" says "$lib/ipxe.iso" \
	    '.boots == ["bios", "efi"] and ([.members[] | .. | objects |
	    select(.kind? == "ipxe") | .container] |
	    contains(["pe"]) and contains(["bzimage"]))'
fi
if package_root ipxe-qemu; then
	check "a ROM tells its card" \
	    says "$ROOT/usr/lib/ipxe/qemu/pxe-e1000.rom" \
	    '.pci == "8086:100e" and .driver == "native"'
fi

# The signer signed this hash; so the hash is right, or theirs is wrong.
if package_root shim-signed; then
	shim=$ROOT/usr/lib/shim/shimx64.efi.signed
	check "shim: signed by Microsoft, trusts Debian" says "$shim" \
	    '(.signed.signatures | length > 0 and all(.matches and
	    (.subject | contains("Microsoft")) and .digest == "sha256")) and
	    (.certificates | any(.subject | contains("Debian"))) and
	    (.sbat | contains("shim.debian,"))'
	cp "$shim" "$WORK/changed.efi"
	printf X | dd of="$WORK/changed.efi" bs=1 seek=200000 conv=notrunc \
	    2>"$LOGDIR/stderr"
	check "and not, with a byte changed" says "$WORK/changed.efi" \
	    '.signed.signatures | all(.matches | not)'
	head -c 150000 "$shim" >"$WORK/cut.efi"
	check "cut short it is still shim" says "$WORK/cut.efi" \
	    '.machine == "x64"'
fi
if package_root grub-efi-amd64-signed; then
	check "GRUB is signed by Debian" says \
	    "$ROOT/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed" \
	    '.signed.signatures | length == 1 and all(.matches and
	    (.issuer | contains("Debian Secure Boot CA")))'
fi

# ---- inside

printf '#!ipxe\necho caf\xc3\xa9\t${net0/mac} && shell\n' >"$WORK/a.ipxe"
printf '#!ipxe\necho \xff\xfe\n' >"$WORK/b.ipxe"
printf '#!ipxe\nshell\n' >"$WORK/c.ipxe"
mkdir -p "$WORK/tree/EFI/BOOT"
cp "$WORK/a.ipxe" "$WORK/tree/autoexec.ipxe"
cp "$WORK/b.ipxe" "$WORK/tree/EFI/BOOT/A rather long name of a script.ipxe"

# finds_both FILE: both scripts, with their names and bytes
finds_both() {
	local want

	want=$(od -An -v -tx1 "$WORK/b.ipxe" | tr -d ' \n')
	inspect "$1" || return
	jq -j '[.. | objects | select(.path? |
	    strings | ascii_downcase | endswith("autoexec.ipxe"))][0] |
	    .scripts[0].text' "$WORK/it" | cmp - "$WORK/a.ipxe" &&
	json "$WORK/it" '[.. | objects | select(.path? | strings |
	    endswith("A rather long name of a script.ipxe"))][0] |
	    .scripts[0].text_hex == $want' --arg want "$want"
}

tar -C "$WORK/tree" -czf "$WORK/t.tar.gz" .
check "tar" finds_both "$WORK/t.tar.gz"
need python3 && (cd "$WORK/tree" && python3 -m zipfile -c ../t.zip ./*)
if need mmd mcopy mformat; then
	# FAT12, FAT16 and FAT32, by the number of clusters
	for size in 1440 16384 65536; do
		fat=$WORK/fat$size
		truncate -s ${size}K "$fat" &&
		if [ $size = 65536 ]; then
			mformat -i "$fat" -F ::
		elif [ $size = 1440 ]; then
			mformat -i "$fat" -f 1440 ::
		else
			mformat -i "$fat" -T $((size * 2)) -h 2 -s 32 ::
		fi &&
		mcopy -i "$fat" -s "$WORK/tree/autoexec.ipxe" \
		    "$WORK/tree/EFI" ::
		check "FAT of $size KiB" finds_both "$fat"
	done
	# the same behind a partition table
	{
		head -c 446 /dev/zero
		printf '\200\0\0\0\357\0\0\0\0\010\0\0\0\200\0\0'
		head -c 48 /dev/zero
		printf '\125\252'
		head -c $((2048 * 512 - 512)) /dev/zero
		cat "$WORK/fat16384"
	} >"$WORK/disk"
	check "FAT in a partition" finds_both "$WORK/disk"
	check "it boots UEFI machines" says "$WORK/disk" '.boots == ["efi"]'
	tar -C "$WORK" -cf "$WORK/nested.tar" fat1440
	check "FAT in tar" finds_both "$WORK/nested.tar"
else
	skip "FAT" "not installed: mtools"
fi
(cd "$WORK/tree" && find . | sort | cpio -o -H newc --quiet 2>/dev/null) \
    >"$WORK/initrd" || :
if [ -s "$WORK/initrd" ]; then
	xz -k --check=crc32 "$WORK/initrd"
	check "an initrd tells what it holds" says "$WORK/initrd.xz" \
	    '.kind == "initrd" and .names[0] == "EFI/BOOT/A rather long name of a script.ipxe"'
else
	skip "an initrd tells what it holds" "not installed: cpio"
fi

# ---- scripts that were compiled in

tar -C "$WORK" -cf "$WORK/b.tar" b.ipxe
"$PXETOOL" inspect -s "$WORK/b.tar" >"$WORK/got"
check "-s prints the bytes" same_file "$WORK/got" "$WORK/b.ipxe"
"$PXETOOL" inspect -s "$WORK/none" >"$WORK/got" 2>"$LOGDIR/stderr"
check "no file: exit status 2" equal $? 2
printf x >"$WORK/none"
"$PXETOOL" inspect -s "$WORK/none" >"$WORK/got" 2>"$LOGDIR/stderr"
check "no script: exit status 1" equal $? 1

TARGETS='bin/undionly.pxe bin/undionly.kpxe bin/undionly.kkpxe bin/ipxe.pxe
bin/ipxe.lkrn bin/ipxe.dsk bin/ipxe.usb bin/8086100e.rom bin/8086100e.mrom
bin-x86_64-efi/snponly.efi bin-x86_64-efi/ipxe.efi'

# recovers TARGET: two scripts, and the first as the one that runs
recovers() {
	"$PXETOOL" inspect -s "$tree/src/$1" >"$WORK/got" &&
	same_file "$WORK/got" "$WORK/a.ipxe" &&
	says "$tree/src/$1" '.scripts | length == 2'
}

# embeds TARGET SCRIPT same|other: the same script packs to the same bytes; of
# another one the bytes come out again, and line ends up to the old length
embeds() {
	"$PXETOOL" media -e "$tree/src/$1" -s "$2" -o "$WORK/new" || return
	if [ "$3" = same ]; then
		same_file "$tree/src/$1" "$WORK/new"
		return
	fi
	"$PXETOOL" inspect -s "$WORK/new" >"$WORK/got" &&
	equal "$(stat -c %s "$WORK/got")" "$(stat -c %s "$WORK/a.ipxe")" &&
	equal "$(cat "$WORK/got")" "$(cat "$2")" &&
	! same_file "$tree/src/$1" "$WORK/new"
}

keeps() {
	says "$tree/src/bin/$1" ".keeps == \"$2\" and .driver == \"$3\""
}

if [ -z "${IPXE_SRC:-}" ]; then
	skip "scripts come out of what was built from source" \
	    "set IPXE_SRC to a checkout of iPXE"
elif ! need gcc make perl; then
	skip "scripts come out of what was built from source" \
	    "not installed: $MISSING"
else
	tree=$WORK/ipxe
	# Sources only, and one platform after the other: what an earlier
	# build left, with another script or platform, may not build here.
	mkdir "$tree" && tar -C "$IPXE_SRC" --exclude='src/bin*' -cf - src |
	    tar -C "$tree" -xf -
	for dir in bin/ bin-x86_64-efi/; do
		# shellcheck disable=SC2046
		make -C "$tree/src" NO_WERROR=1 GITVERSION= \
		    EMBED="$WORK/a.ipxe,$WORK/b.ipxe" \
		    $(tr ' ' '\n' <<<"$TARGETS" | grep "^$dir") \
		    >"$LOGDIR/make" 2>&1
		check "iPXE builds in $dir" equal $? 0 || note "$LOGDIR/make"
	done
	for target in $TARGETS; do
		check "$target: the script, byte for byte" recovers "$target"
	done
	for target in bin/undionly.kpxe bin/ipxe.lkrn bin/ipxe.usb \
	    bin-x86_64-efi/snponly.efi; do
		check "$target: media --embed, the same script" embeds \
		    "$target" "$WORK/a.ipxe" same
		check "$target: media --embed, a shorter one" embeds \
		    "$target" "$WORK/c.ipxe" other
	done
	check "undionly.pxe keeps nothing" keeps undionly.pxe nothing undi
	check "undionly.kpxe keeps UNDI" keeps undionly.kpxe undi undi
	check "undionly.kkpxe keeps all" keeps undionly.kkpxe pxe undi
	check "ipxe.pxe keeps nothing" keeps ipxe.pxe nothing all
fi
rm -rf "$WORK"
done_testing
