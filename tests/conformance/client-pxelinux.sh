#!/bin/bash
# client-pxelinux.sh - the emulated client goes on as PXELINUX where PXELINUX
# was loaded: with its module, its search, its menus; and where QEMU is there,
# what it asks for is what the real one asks for.
. "${0%/*}/lib.sh"
. "${0%/*}/client.sh"
. "${0%/*}/loader.sh"
. "${0%/*}/qemu.sh"
need_pxetool
need_all dnsmasq tcpdump
enter_lab kernel

SYSLINUX=/usr/lib/syslinux/modules
[ -f /usr/lib/PXELINUX/pxelinux.0 ] && [ -d $SYSLINUX/bios ] ||
	skip_all "not installed: pxelinux, syslinux-common"
put_kernel || skip_all "no kernel: $WHY"
make_initrd "$NETBOOT/initrd.img"
make_initrd "$NETBOOT/extra.img"
mkdir -p "$NETBOOT/bios/pxelinux.cfg"
cp /usr/lib/PXELINUX/{,l}pxelinux.0 "$NETBOOT/bios"
for f in vmlinuz initrd.img extra.img; do
	cp "$NETBOOT/$f" "$NETBOOT/bios/$f"
done
chmod -R a+rX "$NETBOOT"

serve_file bios/pxelinux.0

# Nothing beside it.
boot noldlinux ipxe-bios
ends_in noldlinux ldlinux-missing-or-mismatched
check "it looks for ldlinux.c32 where the real one does" same_text \
    "$(asked_for noldlinux)" "bios/pxelinux.0
bios/ldlinux.c32
bios//boot/isolinux/ldlinux.c32
bios//isolinux/ldlinux.c32
bios//boot/syslinux/ldlinux.c32
bios//syslinux/ldlinux.c32
bios//ldlinux.c32"

cp $SYSLINUX/efi64/ldlinux.e64 "$NETBOOT/bios/ldlinux.c32"
boot mixed ipxe-bios
ends_in mixed ldlinux-missing-or-mismatched

# No configuration. The address is that of the lease.
cp $SYSLINUX/bios/{ldlinux,menu,vesamenu,libutil,libcom32}.c32 "$NETBOOT/bios"
boot noconfig ipxe-bios
ends_in noconfig pxelinux-config-missing
hex=$(printf '%02X' $(address_of noconfig | tr . ' '))
check "the search is the real one's" same_text "$(asked_for noconfig |
    tail -n +3)" "$(
	echo bios/pxelinux.cfg/0042414c-7700-424e-8001-000000000031
	echo bios/pxelinux.cfg/01-52-54-00-77-00-31
	for n in 8 7 6 5 4 3 2 1; do
		echo "bios/pxelinux.cfg/${hex:0:n}"
	done
	echo bios/pxelinux.cfg/default
)"

# A menu, with an included file, that goes on by itself.
mkdir -p "$NETBOOT/bios/inc"
cat >"$NETBOOT/bios/inc/more.cfg" <<-'EOT'
	MENU TITLE somewhere
	LABEL c
	 MENU LABEL the disk
	 LOCALBOOT 0
EOT
cat >"$NETBOOT/bios/pxelinux.cfg/default" <<-'EOT'
	DEFAULT vesamenu.c32
	PROMPT 0
	TIMEOUT 20
	INCLUDE inc/more.cfg
	LABEL a
	 MENU LABEL first of them
	 KERNEL nothing
	LABEL b
	 MENU DEFAULT
	 LINUX vmlinuz
	 INITRD initrd.img,extra.img
	 APPEND console=ttyS0 panic=1
	 IPAPPEND 2
EOT
boot menu ipxe-bios
check "a menu with a timeout boots its default" json "$RESULT" \
    '.verdict == "healthy" and .end.kind == "os" and
    .end.cmdline == "BOOT_IMAGE=vmlinuz initrd=initrd.img,extra.img console=ttyS0 panic=1 BOOTIF=01-52-54-00-77-00-31" and
    ([.stages[] | .stage] == ["ipxe", "loader", "os"]) and
    .stages[1].client == "pxelinux"' || note "$RESULT"
check "the module's libraries, then the configuration again" same_text \
    "$(asked_for menu | tail -n +14)" "bios/inc/more.cfg
bios/vesamenu.c32
bios/libcom32.c32
bios/libutil.c32
bios/pxelinux.cfg/default
bios/inc/more.cfg
bios/vmlinuz
bios/initrd.img
bios/extra.img"
real_asks_the_same menu bios

# Damage of all kinds.
echo '<html>not here</html>' >"$NETBOOT/bios/initrd.img"
boot html ipxe-bios
ends_in html image-corrupt
cp "$NETBOOT/initrd.img" "$NETBOOT/bios/initrd.img"
head -c 3000000 "$NETBOOT/vmlinuz" >"$NETBOOT/bios/vmlinuz"
boot cut ipxe-bios
ends_in cut image-corrupt
rm "$NETBOOT/bios/vmlinuz"
boot nokernel ipxe-bios
ends_in nokernel tftp-file-not-found

# A name that is no label.
printf 'DEFAULT nolabel\n' >"$NETBOOT/bios/pxelinux.cfg/default"
boot implicit ipxe-bios
check "a file that no label names is tried with every ending" same_text \
    "$(asked_for implicit | tail -n 7)" "bios/nolabel.c32
bios/nolabel.img
bios/nolabel.bss
bios/nolabel.bin
bios/nolabel.bs
bios/nolabel.0
bios/nolabel"

# Options 209 and 210, and the menu that waits.
mkdir -p "$NETBOOT/other"
cp $SYSLINUX/bios/ldlinux.c32 "$NETBOOT/other"
printf 'PROMPT 1\nDEFAULT b\nLABEL b\n LOCALBOOT 0\n' >"$NETBOOT/other/my.cfg"
serve_file bios/pxelinux.0 dhcp-option-force=209,my.cfg \
    dhcp-option-force=210,other/
boot options intel-bios
check "options 209 and 210 are followed" same_text "$(asked_for options |
    tail -n 2)" "other/ldlinux.c32
other/my.cfg"
check "a prompt without a timeout waits for a person" json "$RESULT" \
    '.verdict == "healthy" and .end.kind == "shell"'
printf 'DEFAULT b\nLABEL b\n LOCALBOOT 0\n' >"$NETBOOT/other/my.cfg"
boot local intel-bios
check "LOCALBOOT goes on with the disk" json "$RESULT" '.end.kind == "local"'

# What iPXE's script has set counts for the PXELINUX that it starts.
if [ -f $IPXE/undionly.kpxe ]; then
	cp $IPXE/undionly.kpxe "$NETBOOT"
	cat >"$NETBOOT/boot.ipxe" <<-'EOT'
		#!ipxe
		set 209:string my.cfg
		set 210:string other/
		chain bios/pxelinux.0
	EOT
	serve_file "tag:!ipxe,undionly.kpxe" dhcp-userclass=set:ipxe,iPXE \
	    dhcp-boot=tag:ipxe,boot.ipxe
	boot set intel-bios
	check "options that a script of iPXE has set are followed" same_text \
	    "$(asked_for set | tail -n 2)" "other/ldlinux.c32
other/my.cfg"
else
	skip "options that a script of iPXE has set" "not installed: ipxe"
fi

# iPXE as a kernel, with its script as the initrd.
if [ -f $IPXE/ipxe.lkrn ]; then
	cp $IPXE/ipxe.lkrn "$NETBOOT/other"
	printf '#!ipxe\ndhcp\nexit\n' >"$NETBOOT/other/own.ipxe"
	chmod 644 "$NETBOOT"/other/*
	printf 'DEFAULT i\nLABEL i\n KERNEL ipxe.lkrn\n INITRD own.ipxe\n' \
	    >"$NETBOOT/other/my.cfg"
	serve_file bios/pxelinux.0 dhcp-option-force=209,my.cfg \
	    dhcp-option-force=210,other/
	boot lkrn intel-bios
	check "an iPXE that PXELINUX starts runs the script it is given" \
	    json "$RESULT" '.verdict == "healthy" and .end.kind == "local" and
	    ([.stages[].stage] == ["firmware", "loader", "ipxe"])' ||
	    note "$RESULT"
else
	skip "an iPXE that PXELINUX starts" "not installed: ipxe"
fi

# syslinux.efi is the same, with a module of its own.
if [ -f /usr/lib/SYSLINUX.EFI/efi64/syslinux.efi ]; then
	mkdir -p "$NETBOOT/sys/pxelinux.cfg"
	cp /usr/lib/SYSLINUX.EFI/efi64/syslinux.efi "$NETBOOT/sys"
	serve_file sys/syslinux.efi
	boot efinoldlinux uefi-x64
	ends_in efinoldlinux ldlinux-missing-or-mismatched
	check "syslinux.efi looks for ldlinux.e64 where the real one does" \
	    same_text "$(asked_for efinoldlinux)" "sys/syslinux.efi
sys/ldlinux.e64
sys//ldlinux.e64
sys//boot/isolinux/ldlinux.e64
sys//isolinux/ldlinux.e64
sys//boot/syslinux/ldlinux.e64
sys//syslinux/ldlinux.e64
sys//ldlinux.e64"
	cp $SYSLINUX/efi64/{ldlinux.e64,menu.c32,libutil.c32} "$NETBOOT/sys"
	cp "$NETBOOT/vmlinuz" "$NETBOOT/initrd.img" "$NETBOOT/sys"
	cat >"$NETBOOT/sys/pxelinux.cfg/default" <<-'EOT'
		UI menu.c32
		TIMEOUT 20
		LABEL b
		 KERNEL vmlinuz
		 INITRD initrd.img
		 APPEND console=ttyS0 panic=1
	EOT
	boot efi uefi-x64
	check "syslinux.efi boots by its menu" json "$RESULT" \
	    '.verdict == "healthy" and .end.kind == "os" and
	    .stages[1].client == "syslinux-efi"' || note "$RESULT"
	real_asks_the_same efi ovmf
else
	skip "syslinux.efi" "not installed: syslinux-efi"
fi

# lpxelinux has HTTP.
serve_file bios/pxelinux.0 dhcp-option-force=209,my.cfg \
    dhcp-option-force=210,other/
if need nginx; then
	must start_nginx "$NETBOOT" 80
	cat >"$NETBOOT/other/my.cfg" <<-'EOT'
		DEFAULT web
		LABEL web
		 KERNEL http://10.77.0.1/vmlinuz
		 INITRD http://10.77.0.1/initrd.img
	EOT
	boot nohttp intel-bios
	ends_in nohttp http-url-in-pxe-client
	serve_file bios/lpxelinux.0 dhcp-option-force=209,my.cfg \
	    dhcp-option-force=210,other/
	boot http intel-bios
	check "lpxelinux loads by HTTP" json "$RESULT" \
	    '.verdict == "healthy" and .stages[1].client == "lpxelinux" and
	    ([.loads[] | select(.proto == "http")] | length == 2)' ||
	    note "$RESULT"
fi
done_testing
