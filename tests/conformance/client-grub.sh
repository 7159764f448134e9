#!/bin/bash
# client-grub.sh - the emulated client goes on as shim and as GRUB: with the
# modules, the search and the configuration of the real ones; and where QEMU is
# there, what it asks for is what the real ones ask for.
. "${0%/*}/lib.sh"
. "${0%/*}/client.sh"
. "${0%/*}/loader.sh"
. "${0%/*}/qemu.sh"
need_pxetool
need_all dnsmasq tcpdump
enter_lab kernel

SIGNED=/usr/lib/grub/x86_64-efi-signed
SHIM_EFI=/usr/lib/shim/shimx64.efi.signed
[ -f $SIGNED/grubnetx64.efi.signed ] && [ -f $SHIM_EFI ] ||
	skip_all "not installed: grub-efi-amd64-signed, shim-signed"
put_kernel || skip_all "no kernel: $WHY"
make_initrd "$NETBOOT/initrd.img"
mkdir -p "$NETBOOT/grub" "$NETBOOT/efi"
cp $SIGNED/grubnetx64.efi.signed "$NETBOOT/grubx64.efi"
cp $SHIM_EFI "$NETBOOT/shimx64.efi"
cp $SHIM_EFI "$NETBOOT/efi/shimx64.efi"
chmod -R a+rX "$NETBOOT"

lists() { # DIRECTORY
	printf '%s/%s.lst\n' "$1" command "$1" fs "$1" crypto "$1" terminal
}

# shim and the signed GRUB, as in the capture of a real boot with Secure Boot.
serve_file shimx64.efi
boot noconfig uefi-x64
ends_in noconfig grub-config-missing
cat >"$NETBOOT/grub/grub.cfg" <<-'EOT'
	set timeout=0
	menuentry 'lab' {
	 linux /vmlinuz console=ttyS0 quiet panic=5
	 initrd /initrd.img
	}
EOT
boot shim uefi-x64 --secure-boot
check "shim and GRUB boot a signed kernel" json "$RESULT" \
    '.verdict == "healthy" and .end.kind == "os" and
    .end.cmdline == "BOOT_IMAGE=/vmlinuz console=ttyS0 quiet panic=5" and
    ([.stages[].client] == ["uefi-x64", "shim", "grub-efi", "udhcpc"])' ||
    note "$RESULT"
check "the requests are those of the real ones" same_text \
    "$(asked_for shim)" "shimx64.efi
revocations_sku.efi
revocations_sbat.efi
shim_certificate_0.efi
grubx64.efi
$(lists /grub/x86_64-efi)
/grub/grub.cfg
/vmlinuz
/initrd.img"

# The language.
cat >"$NETBOOT/grub/grub.cfg" <<-'EOT'
	set timeout=1
	set default=two
	function pick { set picked=$1; }
	pick /vmlinuz
	if [ -e $prefix/custom.cfg ]; then source $prefix/custom.cfg; fi
	if [ -s $prefix/grubenv ]; then
	  load_env
	fi
	if loadfont $prefix/fonts/unicode.pf2 ; then set font=yes; fi
	insmod gzio
	insmod nonexist
	for w in one "two three"; do if [ "$w" = one ]; then continue; fi; set last="$w"; done
	source $prefix/sub-${net_default_mac}.cfg
	menuentry one --id one { linux /nothing; }
	menuentry 'Two words' --class x --id two {
	  linux ($root)$picked "$last" console=ttyS0 panic=1
	  initrd /initrd.img
	}
EOT
boot language uefi-x64
check "variables, functions, loops and ids are followed" json "$RESULT" \
    '.verdict == "healthy" and .end.cmdline ==
    "BOOT_IMAGE=(tftp,10.77.0.1)/vmlinuz two three console=ttyS0 panic=1"' ||
    note "$RESULT"
check "-e asks for nothing, -s does" same_text "$(asked_for language |
    tail -n +10)" "/grub/grub.cfg
/grub/grubenv
/grub/fonts/unicode.pf2
/grub/x86_64-efi/nonexist.mod
/grub/sub-52:54:00:77:00:31.cfg
/vmlinuz
/initrd.img"
real_asks_the_same language ovmf

# Things that go wrong.
echo 'menuentry a { linux /vmlinuz; }' >"$NETBOOT/grub/grub.cfg"
boot waits uefi-x64
check "a menu without a timeout waits for a person" json "$RESULT" \
    '.verdict == "healthy" and .end.kind == "shell"'
printf 'set timeout=0\nmenuentry a { linux /missing; }\n' \
    >"$NETBOOT/grub/grub.cfg"
boot nokernel uefi-x64
ends_in nokernel tftp-file-not-found
printf 'set timeout=0\nmenuentry a { linux /initrd.img; }\n' \
    >"$NETBOOT/grub/grub.cfg"
boot nolinux uefi-x64
ends_in nolinux exec-format-error

# The directory: in the header's file field shim finds it, in option 67 not.
serve_file efi/shimx64.efi
boot beside uefi-x64
ends_in beside shim-second-stage-wrong-path
check "shim asks in its own directory, twice" same_text "$(sort "$LOGDIR/beside.asked" |
    uniq)" "efi/grubx64.efi
efi/revocations_sbat.efi
efi/revocations_sku.efi
efi/shim_certificate_0.efi
efi/shimx64.efi"
cp "$NETBOOT/grubx64.efi" "$NETBOOT/efi/grubx64.efi"
sed -i /dhcp-no-override/d /run/lab/loader.conf
stop "$DNSMASQ"
must start_dnsmasq /run/lab/loader.conf
DNSMASQ=$PID
rm "$NETBOOT/grubx64.efi"
boot option67 uefi-x64
ends_in option67 shim-second-stage-wrong-path
check "and with the name in option 67 alone in the root" \
    equal "$(asked_for option67 | tail -n 1)" grubx64.efi

# Images of grub-mknetdir, that load the rest of themselves.
need grub-mknetdir || {
	skip "GRUB as grub-mknetdir makes it" "not installed: grub-common"
	done_testing
}
net=$NETBOOT/boot/grub
for target in x86_64-efi i386-pc; do
	modules=${GRUB_MODULES:-/usr/lib/grub}/$target
	[ -d "$modules" ] || modules=/usr/lib/grub/$target
	if [ -d "$modules" ] && grub-mknetdir -d "$modules" \
	    --net-directory="$NETBOOT" --subdir=boot/grub >/dev/null 2>&1; then
		:
	else
		skip "GRUB for $target" "its modules are not installed"
		continue
	fi
	case $target in
	i386-pc) file=core.0 persona=ipxe-bios machine=bios ;;
	*) file=core.efi persona=uefi-x64 machine=ovmf ;;
	esac
	serve_file boot/grub/$target/$file
	mv "$net/$target/normal.mod" "$net/$target/not-normal.mod"
	boot nonormal-$target $persona
	ends_in nonormal-$target grub-config-missing
	mv "$net/$target/not-normal.mod" "$net/$target/normal.mod"
	rm -f "$net"/grub.cfg* "$net/second.cfg"
	cat >"$net/grub.cfg" <<-'EOT'
		set timeout=1
		menuentry one {
		  echo hello
		  linux /vmlinuz console=ttyS0 panic=1
		  initrd /initrd.img
		}
	EOT
	boot net-$target $persona
	check "$target: boots by /boot/grub/grub.cfg" json "$RESULT" \
	    '.verdict == "healthy" and .end.kind == "os"' || note "$RESULT"
	real_asks_the_same net-$target $machine
	cat >"$net/grub.cfg-01-${MAC//:/-}" <<-'EOT'
		set default="a>b"
		set k=/lost
		configfile $prefix/second.cfg
	EOT
	cat >"$net/second.cfg" <<-'EOT'
		set timeout=0
		for i in 1 2; do echo $i; done
		if [ "$grub_platform" = efi ]; then echo efi; else echo bios; fi
		search --no-floppy --file /nothing --set=found
		submenu a --id a {
		 menuentry bb --id b {
		  linux /vmlinuz console=ttyS0 $k panic=1
		  initrd /initrd.img
		 }
		}
	EOT
	boot mac-$target $persona
	check "$target: a file of its own, a second one, and a submenu" \
	    json "$RESULT" '.verdict == "healthy" and
	    .end.cmdline == "BOOT_IMAGE=/vmlinuz console=ttyS0 panic=1"' ||
	    note "$RESULT"
	real_asks_the_same mac-$target $machine
done

serve_file boot/grub/x86_64-efi/core.efi
boot secure uefi-x64 --secure-boot
ends_in secure secure-boot-rejects-loader
done_testing
