#!/bin/bash
# client-kernel.sh - what a loaded iPXE brings along runs; kernels and initrds
# are looked at; and the system at the end fetches what its command line names.
. "${0%/*}/lib.sh"
. "${0%/*}/client.sh"
. "${0%/*}/loader.sh"
need_pxetool
need_all dnsmasq nginx tcpdump python3
enter_lab kernel

netboot_tree || skip_all "not installed: ipxe"
put_kernel || skip_all "no kernel: $WHY"
must start_nginx "$NETBOOT" 80
WEB=http://10.77.0.1

# script LINES: what iPXE is given
script() {
	printf '#!ipxe\n%s\n' "$1" >"$NETBOOT/boot.ipxe"
}

# linux ARGUMENTS: a script that starts the kernel with them
linux() {
	script "kernel $WEB/vmlinuz initrd=initrd.img $1
initrd $WEB/initrd.img
boot"
}

by_ipxe=(dhcp-userclass=set:ipxe,iPXE)
serve_file "tag:!ipxe,undionly.kpxe" "${by_ipxe[@]}" \
    "dhcp-boot=tag:ipxe,$WEB/boot.ipxe"

# ---- the system at the end

# fetches RUN ARGUMENTS PATH...: it asks for these, and what is there is enough
fetches() {
	local run=$1 path

	linux "$2"
	: >"$NGINX_LOG"
	boot "$run" intel-bios
	ends_in "$run" installer-stage-fails
	for path in "${@:3}"; do
		mkdir -p "$(dirname "$NETBOOT/$path")"
		echo x >"$NETBOOT/$path"
	done
	chmod -R a+rX "$NETBOOT"
	: >"$NGINX_LOG"
	boot "$run" intel-bios
	check "$run: is healthy once the files are there" json "$RESULT" \
	    '.verdict == "healthy" and .end.kind == "os"' || note "$RESULT"
	for path in "${@:3}"; do
		check "$run: asks for /$path" grep -qE \
		    "\"(HEAD|GET) /$path HTTP/1.1\" 200" "$NGINX_LOG" ||
		    note "$NGINX_LOG"
	done
}

fetches live "ip=dhcp root=live:$WEB/live/fs.squashfs" live/fs.squashfs
fetches anaconda "inst.repo=$WEB/fedora inst.ks=$WEB/a.ks" fedora/.treeinfo a.ks
fetches debian "auto=true preseed/url=$WEB/preseed.cfg" preseed.cfg
fetches ubuntu "url=$WEB/u.iso autoinstall ds=nocloud-net;s=$WEB/seed/" \
    u.iso seed/meta-data seed/user-data
fetches arch "archiso_http_srv=$WEB/arch/" arch/arch/x86_64/airootfs.sfs
fetches coreos "coreos.live.rootfs_url=$WEB/r.img coreos.inst.ignition_url=$WEB/c.ign" \
    r.img c.ign
fetches fog "web=$WEB/fog/" fog/service/hostinfo.php
fetches oldfog "web=10.77.0.1/oldfog/" oldfog/service/hostinfo.php
linux "root=/dev/nfs nfsroot=10.77.0.1:/srv/root ip=dhcp"
boot nfs intel-bios
check "a root on NFS is named, and not looked at" json "$RESULT" \
    '.verdict == "healthy" and
    any(.events[]; .text | contains("nfsroot=10.77.0.1:/srv/root"))'
linux "ip=10.77.0.9::10.77.0.1:255.255.255.0"
boot static intel-bios
check "a system with an address of its own does not ask" json "$RESULT" \
    '.verdict == "healthy" and .end.kind == "os" and
    (.stages[2].address == null)'

# ---- kernels

linux console=ttyS0
head -c 4000000 "$NETBOOT/vmlinuz" >"$NETBOOT/cut"
mv "$NETBOOT/vmlinuz" "$NETBOOT/whole"
mv "$NETBOOT/cut" "$NETBOOT/vmlinuz"
boot cut intel-bios
ends_in cut image-corrupt
cp "$NETBOOT/whole" "$NETBOOT/vmlinuz"
cp "$NETBOOT/initrd.img" "$NETBOOT/kept"
echo '<!DOCTYPE html><html>no</html>' >"$NETBOOT/initrd.img"
boot html intel-bios
ends_in html image-corrupt
mv "$NETBOOT/kept" "$NETBOOT/initrd.img"

serve_file "tag:!ipxe,ipxe.efi" "${by_ipxe[@]}" \
    "dhcp-boot=tag:ipxe,$WEB/boot.ipxe"
printf '\0\0' | dd of="$NETBOOT/vmlinuz" conv=notrunc status=none
boot nostub uefi-x64
ends_in nostub exec-format-error
python3 - "$NETBOOT/vmlinuz" <<-'EOT'
	import sys
	head = bytearray(65536)
	head[56:60] = b'ARM\x64'
	open(sys.argv[1], 'wb').write(head)
EOT
boot arm64 uefi-x64
ends_in arm64 arch-wrong-cpu
cp "$NETBOOT/whole" "$NETBOOT/vmlinuz"
boot good uefi-x64
check "and the good one boots" json "$RESULT" '.verdict == "healthy"'
boot secure uefi-x64 --secure-boot
ends_in secure secure-boot-rejects-loader

# ---- what the iPXE is that was loaded

# A script behind the image is one that is embedded: it runs, whatever DHCP
# says to iPXE, which is to load the same file again.
cp "$NETBOOT/ipxe.efi" "$NETBOOT/own.efi"
printf '#!ipxe\ndhcp\nkernel %s/vmlinuz initrd=initrd.img by-own-script version=${version}\ninitrd %s/initrd.img\nboot\n\0' \
    "$WEB" "$WEB" >>"$NETBOOT/own.efi"
serve_file own.efi
boot embedded uefi-x64
check "an embedded script runs, whatever DHCP says" json "$RESULT" \
    '.verdict == "healthy" and (.end.cmdline | contains("by-own-script"))' ||
    note "$RESULT"
check "with the version of its file" json "$RESULT" \
    '(.loads[0].what | sub("iPXE "; "")) as $v |
    .end.cmdline | contains("version=" + $v)' || note "$RESULT"
check "its user agent is that version's" grep -q \
    "iPXE/$(jq -r '.loads[0].what' "$RESULT" | sed 's/^iPXE //')\|GET /vmlinuz" \
    "$NGINX_LOG"

# The table of features: HTTP becomes another AoE.
python3 - "$NETBOOT/ipxe.efi" "$NETBOOT/nohttp.efi" <<-'EOT'
	import re, sys
	image = open(sys.argv[1], 'rb').read()
	m = re.search(rb'\xeb\x03...((?:[\x10-\x29]\x01.)+)', image, re.S)
	table = m.group(1).replace(b'\x13\x01\x01', b'\x12\x01\x01')
	open(sys.argv[2], 'wb').write(
	    image[:m.start(1)] + table + image[m.end(1):])
EOT
serve_file "tag:!ipxe,nohttp.efi" "${by_ipxe[@]}" \
    "dhcp-boot=tag:ipxe,$WEB/boot.ipxe"
boot nohttp uefi-x64
ends_in nohttp firmware-ipxe-lacks-feature
check "and it says so in option 175" json "$RESULT" \
    '.fault.message | contains("without http")'
"$PXETOOL" decode --format=json /run/lab/nohttp.pcap \
    >"$LOGDIR/nohttp-packets.json" 2>/dev/null
check "its DISCOVER has the features of the file" python3 - \
    "$NETBOOT/nohttp.efi" /run/lab/nohttp.pcap <<-'EOT'
	import re, sys
	image = open(sys.argv[1], 'rb').read()
	table = re.search(rb'\xeb\x03...(?:[\x10-\x29]\x01.)+', image, re.S)
	sys.exit(table.group(0) not in open(sys.argv[2], 'rb').read())
EOT
done_testing
