#!/bin/bash
# client-windows.sh - the emulated client goes on as a Windows boot manager, and
# as wimboot under iPXE. The files are made here: they have of the real ones
# what they are known by, and a BCD with the texts of one.
. "${0%/*}/lib.sh"
. "${0%/*}/client.sh"
. "${0%/*}/loader.sh"
need_pxetool
need_all dnsmasq tcpdump python3
enter_lab

[ -f $IPXE/undionly.kpxe ] || skip_all "not installed: ipxe"
cp $IPXE/undionly.kpxe "$NETBOOT"
mkdir -p "$NETBOOT/Boot"
python3 - "$NETBOOT" <<'EOT'
import struct, sys
root = sys.argv[1] + '/'

# a UEFI program with a resource of Microsoft's
rsrc = 'bootmgr Microsoft Corporation'.encode('utf-16-le')
optional = struct.pack('<H', 0x20b) + bytes(66) + struct.pack('<H', 10)
optional += bytes(240 - len(optional))
head = b'MZ' + bytes(58) + struct.pack('<I', 64) + b'PE\0\0'
head += struct.pack('<HHIIIHH', 0x8664, 1, 0, 0, 0, len(optional), 0x22)
head += optional + b'.rsrc\0\0\0'
head += struct.pack('<IIII', len(rsrc), 0x1000, len(rsrc), 512)
head += bytes(12) + struct.pack('<I', 0x40000040)
open(root + 'bootmgfw.efi', 'wb').write(
    head + bytes(512 - len(head)) + rsrc)

# a registry hive, as far as its texts go
texts = ['\\Boot\\boot.sdi', '\\Sources\\boot.wim', '\\windows\\system32',
         '\\Boot\\Boot.sdi']
open(root + 'BCD', 'wb').write(b'regf' + b'\0\0\0'.join(
    t.encode('utf-16-le') for t in texts))

# wimboot has the header of a kernel
image = bytearray(4096)
image[0x1fe:0x200] = b'\x55\xaa'
image[0x202:0x206] = b'HdrS'
image[0x206:0x208] = struct.pack('<H', 0x020b)
image[0x300:0x307] = b'wimboot'
open(root + 'wimboot', 'wb').write(image)
EOT
for f in boot.sdi boot.wim; do
	head -c 5000 /dev/urandom >"$NETBOOT/$f"
done
chmod -R a+rX "$NETBOOT"

# dnsmasq takes a backslash for a slash.
serve_file bootmgfw.efi
boot nobcd uefi-x64
ends_in nobcd windows-bcd-or-wim-missing
check "the BCD is asked for with backslashes" equal \
    "$(asked_for nobcd | tail -n 1)" '\\Boot\\BCD'
mv "$NETBOOT/BCD" "$NETBOOT/Boot/BCD"
boot nosdi uefi-x64
ends_in nosdi windows-bcd-or-wim-missing
cp "$NETBOOT/boot.sdi" "$NETBOOT/Boot"
mkdir "$NETBOOT/Sources"
cp "$NETBOOT/boot.wim" "$NETBOOT/Sources"
chmod -R a+rX "$NETBOOT"
boot windows uefi-x64
check "with all of them the boot manager goes on" json "$RESULT" \
    '.verdict == "healthy" and .end.kind == "kernel" and
    .stages[1].client == "windows-efi" and (.loads | length) == 4' ||
    note "$RESULT"

# wimboot
serve_file "tag:!ipxe,undionly.kpxe" dhcp-userclass=set:ipxe,iPXE \
    dhcp-boot=tag:ipxe,boot.ipxe
printf '#!ipxe\nkernel wimboot\ninitrd boot.sdi boot.sdi\ninitrd boot.wim boot.wim\nboot\n' \
    >"$NETBOOT/boot.ipxe"
boot wimnobcd intel-bios
ends_in wimnobcd windows-bcd-or-wim-missing
printf '#!ipxe\nkernel wimboot\ninitrd Boot/BCD BCD\ninitrd boot.sdi boot.sdi\ninitrd boot.wim boot.wim\nboot\n' \
    >"$NETBOOT/boot.ipxe"
boot wim intel-bios
check "wimboot with all it needs" json "$RESULT" \
    '.verdict == "healthy" and .end.kind == "kernel"' || note "$RESULT"
done_testing
