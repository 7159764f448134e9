#!/bin/bash
# media.sh - discs, sticks and ESPs made of the distribution's binaries boot
# in SeaBIOS and OVMF, to the script where the binary can run one.
#
# iPXE looks for autoexec.ipxe on a medium since January 2021. Where the
# distribution's ipxe.efi is older, media says so, and what boots in UEFI is
# only seen up to iPXE's banner; IPXE_EFI=FILE names a newer one.
# timeout: 1200
. "${0%/*}/lib.sh"
. "${0%/*}/qemu.sh"
need_pxetool
need_all jq

IPXE=/usr/lib/ipxe
[ -f $IPXE/ipxe.lkrn ] || IPXE=/boot
[ -f $IPXE/ipxe.lkrn ] || skip_all "not installed: ipxe"
[ -f /usr/lib/ISOLINUX/isolinux.bin ] || skip_all "not installed: isolinux"
WORK=$LOGDIR/work
rm -rf "$WORK"
mkdir -p "$WORK"
SCRIPT=$WORK/boot.ipxe
printf '#!ipxe\necho MEDIUM-SCRIPT-RUNS on ${platform}\nsleep 600\n' \
    >"$SCRIPT"

# media OUTPUT ARGUMENTS...
media() {
	"$PXETOOL" media -o "$WORK/$1" "${@:2}" 2>"$LOGDIR/stderr" || {
		cat "$LOGDIR/stderr"
		return 1
	}
}

# refuses WORDS ARGUMENTS...: exit status 2, a reason, no file
refuses() {
	"$PXETOOL" media -o "$WORK/none.iso" "${@:2}" >"$LOGDIR/stdout" \
	    2>"$LOGDIR/stderr"
	equal $? 2 && grep -F -- "$1" "$LOGDIR/stderr" &&
	    ! [ -e "$WORK/none.iso" ]
}

# ---- what is refused, and why

check "no script" refuses "no iPXE script" -s "$0" $IPXE/ipxe.lkrn
check "a kernel loader that is none" refuses "is a text file" "$0"
check "a network boot program" refuses "for BIOS" $IPXE/undionly.kpxe
check "two for one CPU" refuses "second for x64" \
    $IPXE/snponly.efi $IPXE/ipxe.efi
check "no loader there" refuses "isolinux.bin" -l "$WORK" $IPXE/ipxe.lkrn
check "no type" refuses "expected iso" -t floppy $IPXE/ipxe.lkrn
check "embed: where there is no script" refuses "let DHCP name it" \
    -s "$SCRIPT" -e $IPXE/undionly.kpxe
check "embed: the same for UEFI" refuses "as autoexec.ipxe" \
    -s "$SCRIPT" -e $IPXE/ipxe.efi
check "embed: what is no iPXE" refuses "not iPXE" -s "$SCRIPT" -e "$0"
check "embed: nothing to embed" refuses "needs a script" \
    -e $IPXE/ipxe.efi
check "embed: and boot files" refuses "name the boot files" -s "$SCRIPT" \
    -e $IPXE/ipxe.efi $IPXE/ipxe.lkrn
"$PXETOOL" media $IPXE/ipxe.lkrn 2>"$LOGDIR/stderr"
check "no output" equal $? 2

# ---- what the images are

efi=${IPXE_EFI:-$IPXE/ipxe.efi}
if media efi.esp -s "$SCRIPT" "$efi" >"$LOGDIR/stdout"; then
	efi_script="-s $SCRIPT"
	efi_marker="MEDIUM-SCRIPT-RUNS on efi"
else
	check "an old ipxe.efi: media says what it lacks" \
	    refuses "does not look for autoexec.ipxe" -s "$SCRIPT" "$efi"
	efi_script=
	efi_marker="iPXE initialising devices"
	check "ESP" media efi.esp "$efi"
fi
check "disc for BIOS" media bios.iso -s "$SCRIPT" $IPXE/ipxe.lkrn
# shellcheck disable=SC2086
check "disc for UEFI" media efi.iso $efi_script "$efi"
# shellcheck disable=SC2086
check "stick for both" media both.usb $efi_script $IPXE/ipxe.lkrn "$efi"

# boots IMAGE WHAT
boots() {
	"$PXETOOL" inspect --format=json "$WORK/$1" >"$WORK/it" &&
	json "$WORK/it" ".files[0].boots == $2"
}

check "inspect: bios.iso" boots bios.iso '["bios"]'
check "inspect: efi.iso" boots efi.iso '["efi"]'
check "inspect: both.usb" boots both.usb '["bios", "efi"]'
check "inspect: efi.esp" boots efi.esp '["efi"]'
sleep 1.1
# shellcheck disable=SC2086
media again.usb $efi_script $IPXE/ipxe.lkrn "$efi"
check "the same again is the same bytes" \
    same_file "$WORK/both.usb" "$WORK/again.usb"
if need mcopy; then
	mcopy -n -i "$WORK/efi.esp" ::EFI/BOOT/BOOTX64.EFI "$WORK/got"
	check "mtools reads the ESP" same_file "$WORK/got" "$efi"
else
	skip "mtools reads the ESP" "not installed: mtools"
fi
if need fsck.fat; then
	check "fsck.fat finds no fault" fsck.fat -n "$WORK/efi.esp"
fi

# ---- they boot

# medium_boots NAME MARKER SECONDS QEMU-ARGUMENTS...
medium_boots() {
	: >"$CONSOLE"
	exec 8>"$CACHE/qemu.lock"
	flock 8
	qemu-system-x86_64 -accel tcg -m 512 -nodefaults -no-reboot \
	    -display none -monitor none -serial "file:$CONSOLE" \
	    "${@:4}" >"$LOGDIR/qemu" 2>&1 8>&- &
	PID=$!
	check "$1" on_console "$2" "$3" || note "$LOGDIR/qemu"
	kill "$PID"
	wait "$PID" 2>/dev/null
	exec 8>&-
}

# With its settings fresh: what booted last time would be tried first.
medium_boots_efi() {
	cp "$OVMF_VARS" "$WORK/vars.fd" && chmod 600 "$WORK/vars.fd" || return
	medium_boots "$1" "$efi_marker" 300 -machine q35 \
	    -drive "if=pflash,format=raw,unit=0,readonly=on,file=$OVMF" \
	    -drive "if=pflash,format=raw,unit=1,file=$WORK/vars.fd" \
	    -device virtio-rng-pci "${@:2}"
}

drive() { # IMAGE DEVICE: QEMU's arguments in ARGS
	ARGS=(-drive "if=none,id=d,format=raw,snapshot=on,file=$WORK/$1"
	    -device "$2,drive=d")
}

if ! need qemu-system-x86_64 flock; then
	skip "media boot" "not installed: $MISSING"
else
	bios=(-machine 'pc,graphics=off')
	marker="MEDIUM-SCRIPT-RUNS on pcbios"
	medium_boots "SeaBIOS boots the disc to the script" "$marker" 120 \
	    "${bios[@]}" -cdrom "$WORK/bios.iso"
	if [ -n "$efi_script" ]; then
		drive both.usb ide-hd
		medium_boots "SeaBIOS boots the stick to the script" \
		    "$marker" 120 "${bios[@]}" "${ARGS[@]}"
	else
		check "stick for BIOS" media bios.usb -s "$SCRIPT" \
		    $IPXE/ipxe.lkrn
		drive bios.usb ide-hd
		medium_boots "SeaBIOS boots the stick to the script" \
		    "$marker" 120 "${bios[@]}" "${ARGS[@]}"
	fi
	if [ -f "$OVMF" ]; then
		to="to '$efi_marker'"
		medium_boots_efi "OVMF boots the disc $to" \
		    -cdrom "$WORK/efi.iso"
		drive both.usb usb-storage
		medium_boots_efi "OVMF boots the stick $to" \
		    -device qemu-xhci "${ARGS[@]}"
		drive efi.esp virtio-blk-pci
		medium_boots_efi "OVMF boots the ESP $to" "${ARGS[@]}"
	else
		skip "OVMF boots them" "not installed: ovmf"
	fi
fi
rm -rf "$WORK"
done_testing
