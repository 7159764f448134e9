#!/bin/bash
# faults.sh - the emulated client meets real servers that are set up wrong:
# each boot ends with status 1, the name of its fault, and the facts.
# timeout: 400
. "${0%/*}/lib.sh"
. "${0%/*}/faults_lib.sh"
need_pxetool
need_all dnsmasq nginx nft
enter_lab kernel

# pe_of MACHINE: the head of an UEFI program for another CPU, and 64 sections
# of nothing
pe_of() {
	printf 'MZ%58s\x40\0\0\0' '' | tr ' ' '\0'
	printf 'PE\0\0'
	printf "%b" "$1"                # machine
	printf '\0\0%12s\xf0\0\x22\0' '' | tr ' ' '\0'
	printf '\x0b\x02%66s\x0a\0' '' | tr ' ' '\0'   # PE32+, EFI application
	head -c 4096 /dev/zero
}

# ---------------------------------------------------------------- DHCP

ends "no server, iPXE" ipxe-bios no-dhcp-offer "4 DISCOVERs"
ends "no server, UEFI" uefi-x64 no-dhcp-offer "4 DISCOVERs"

dnsmasq_with ""
ends "an offer without a file, UEFI" uefi-x64 offer-without-bootfile "offer use"
ends "an offer without a file, iPXE" ipxe-bios offer-without-bootfile "address"
ends "HTTP boot, no class in the offer" uefi-http-x64 \
    httpboot-offer-without-httpclient "offer"
dnsmasq_with "dhcp-boot=http://10.77.0.1/x.efi"
ends "PXE, a URL for a file" uefi-x64 http-url-in-pxe-client \
    "http://10.77.0.1/x.efi"

# Offers an address and takes it back; python3 is there for jsonschema as well.
if need python3; then
	stop "$dnsmasq"
	dnsmasq=
	start srv nak python3 -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")
s.bind(("", 67))
while True:
    m, _ = s.recvfrom(2000)
    offer = m[242] == 1
    ip = bytes([10, 77, 0, 150 if offer else 0]) if offer else bytes(4)
    r = (b"\2" + m[1:8] + bytes(2) + b"\x80\0" + bytes(4) + ip +
         bytes([10, 77, 0, 1]) + bytes(4) + m[28:44] + bytes(64) +
         b"boot".ljust(128, b"\0") + m[236:240] +
         bytes([53, 1, 2 if offer else 6, 54, 4, 10, 77, 0, 1, 255]))
    s.sendto(r.ljust(300, b"\0"), ("255.255.255.255", 68))
'
	nak=$PID
	ready srv udp 67
	ends "NAK, UEFI" uefi-x64 dhcp-nak "10.77.0.1"
	ends "NAK, iPXE" ipxe-bios dhcp-nak "10.77.0.1"
	stop "$nak"
else
	skip "NAK" "not installed: python3"
fi

# ---------------------------------------------------------------- TFTP

dnsmasq_with "enable-tftp
dhcp-boot=missing.efi"
ends "no such file, dnsmasq" uefi-x64 tftp-file-not-found "missing.efi error"
dnsmasq_with "dhcp-boot=undionly.kpxe"
ends "nothing listens for TFTP, UEFI" uefi-x64 tftp-daemon-not-listening \
    "10.77.0.1 69"
ends "nothing listens for TFTP, iPXE" ipxe-bios tftp-daemon-not-listening \
    "10.77.0.1 69"
if need in.tftpd; then
	echo secret >"$NETBOOT/secret"
	chmod 600 "$NETBOOT/secret"
	start_tftpd_hpa "$NETBOOT"
	tftpd=$PID
	dnsmasq_with "dhcp-boot=missing.efi"
	ends "no such file, tftpd-hpa" uefi-x64 tftp-file-not-found \
	    "missing.efi error"
	dnsmasq_with "dhcp-boot=secret"
	ends "a file that is not for all, tftpd-hpa" uefi-x64 \
	    tftp-access-denied "secret error"
	stop "$tftpd"
else
	skip "tftpd-hpa" "not installed: $MISSING"
fi
dnsmasq_with "dhcp-boot=undionly.kpxe,,10.77.0.99"
ends "no host at next-server, UEFI" uefi-x64 wrong-next-server 10.77.0.99
ends "no host at next-server, iPXE" ipxe-bios wrong-next-server 10.77.0.99

: >"$NETBOOT/empty"
head -c 100000 /dev/zero >"$NETBOOT/zeros"
dnsmasq_with "enable-tftp
dhcp-boot=zeros"
nft_srv "udp dport != { 67, 68, 69 } udp sport != { 67, 68 }"
ends "TFTP answers are filtered, UEFI" uefi-x64 tftp-request-unanswered \
    "10.77.0.1"
ends "TFTP answers are filtered, iPXE" ipxe-bios tftp-request-unanswered \
    "10.77.0.1"
nft_srv ""
dnsmasq_with "enable-tftp
dhcp-boot=empty"
ends "an empty file, UEFI" uefi-x64 tftp-empty-file "byte"
ends "an empty file, BIOS" intel-bios tftp-empty-file "byte"

# ---------------------------------------------------------------- files

pe_of '\x64\xaa' >"$NETBOOT/arm64.efi"
dnsmasq_with "enable-tftp
dhcp-boot=arm64.efi"
ends "an ARM64 file on x64" uefi-x64 arch-wrong-cpu "arm64 x64"
ends "an ARM64 file on BIOS" intel-bios arch-uefi-file-to-bios "UEFI BIOS"
if netboot_tree; then
	dnsmasq_with "enable-tftp
dhcp-boot=undionly.kpxe"
	ends "a BIOS file on UEFI" uefi-x64 arch-bios-file-to-uefi \
	    "iPXE BIOS UEFI"
	dnsmasq_with "enable-tftp
dhcp-boot=ipxe.efi"
	ends "a UEFI file on BIOS" intel-bios arch-uefi-file-to-bios \
	    "iPXE BIOS UEFI"
	ends "an x64 file on ARM64" uefi-arm64 arch-wrong-cpu "x64 arm64"
else
	skip "iPXE for another platform" "not installed: ipxe"
fi

# ---------------------------------------------------------------- HTTP

# told URI [LINE]: every client is sent there, and told what the line says
told() {
	dnsmasq_with "dhcp-boot=$1
${2:-}"
}

start_nginx "$NETBOOT" 80
told http://10.77.0.1/missing.ipxe
ends "no such script" ipxe-bios http-not-found \
    "http://10.77.0.1/missing.ipxe 404"
told http://10.77.0.1:81/boot.ipxe
ends "a closed port" ipxe-bios http-connection-refused "10.77.0.1:81"
told http://10.77.0.99/boot.ipxe
ends "no host there" ipxe-bios http-server-silent "10.77.0.99"
told http://10.77.0.1/boot.ipxe
nft_srv "tcp dport 80"
ends "a silent web server" ipxe-bios http-server-silent \
    "http://10.77.0.1/boot.ipxe"
nft_srv ""

told http://boot.lab.test/boot.ipxe
ends "a name, and no DNS server" ipxe-bios dns-server-missing \
    "boot.lab.test DNS"
told http://boot.lab.test/boot.ipxe "dhcp-option=option:dns-server,10.77.0.99"
ends "a DNS server that is not there" ipxe-bios dns-server-silent \
    "boot.lab.test"
told http://boot.lab.test/boot.ipxe "dhcp-option=option:dns-server,10.77.0.2"
start srvb dns dnsmasq --no-daemon --conf-file=/dev/null --no-resolv \
    --no-hosts --interface=eth0 --bind-interfaces --local=/lab.test/
ready srvb udp 53
ends "a name that nobody knows" ipxe-bios dns-name-not-found "boot.lab.test"

# ---------------------------------------------------------------- scripts

# script TEXT: is what iPXE gets
script() {
	printf '%b' "$1" >"$NETBOOT/boot.ipxe"
}

told http://10.77.0.1/boot.ipxe
script '#!ipxe\nechoo hello\n'
ends "an unknown command" ipxe-bios script-flow-error "echoo line 2"
script 'kernel http://10.77.0.1/vmlinuz\nboot\n'
ends "no #!ipxe, BIOS" ipxe-bios exec-format-error "text"
ends "no #!ipxe, UEFI" ipxe-efi-x64 exec-format-error "text"
echo '<!DOCTYPE html><html><body>It works!</body></html>' \
    >"$NETBOOT/page.html"
script '#!ipxe\nkernel http://10.77.0.1/page.html\nboot\n'
ends "a web page for a kernel, BIOS" ipxe-bios exec-format-error "HTML line"
ends "a web page for a kernel, UEFI" ipxe-efi-x64 exec-format-error "HTML line"
script '#!ipxe\nkernel http://10.77.0.1/missing\nboot\n'
ends "no such kernel" ipxe-bios http-not-found "/missing 404 line 2"
script '#!ipxe\nchain boot.ipxe\n'
ends "a script that runs itself" ipxe-bios script-flow-error "boot.ipxe"
script '#!ipxe\nshell\n'
ends "a script that ends in the shell" ipxe-bios script-flow-error "shell"
if put_kernel; then
	head -c 1000 /dev/zero >"$NETBOOT/initrd.img"
	script '#!ipxe\nkernel vmlinuz console=ttyS0\ninitrd initrd.img\nboot\n'
	ends "no initrd= on UEFI" ipxe-efi-x64 initrd-not-named-on-efi "initrd="
else
	skip "no initrd= on UEFI" "$WHY"
fi

# ---------------------------------------------------------------- proxy

stop "$dnsmasq"
dnsmasq=
dnsmasq_with ""
main=$dnsmasq
dnsmasq=
SRV=srvb RANGE=10.77.0.0,proxy,255.255.255.0 dnsmasq_with \
    'pxe-service=X86-64_EFI,"boot",ipxe.efi
pxe-service=x86PC,"boot",undionly.kpxe'
SRV=srvb nft_srv "udp dport 4011"
ends "a proxy whose port 4011 is closed off, UEFI" uefi-x64 \
    proxydhcp-4011-silent "10.77.0.2 4011"
SRV=srvb nft_srv ""
SRV=srvb RANGE=10.77.0.0,proxy,255.255.255.0 dnsmasq_with \
    'dhcp-userclass=set:ipxe,iPXE
pxe-service=tag:!ipxe,X86-64_EFI,"boot",ipxe.efi
dhcp-boot=tag:ipxe,http://10.77.0.1/boot.ipxe'
ends "a proxy's file without its server" ipxe-bios \
    ipxe-filename-without-next-server "siaddr"
stop "$main"
ends "a proxy alone" uefi-x64 only-proxy-offers "offer"
! declare -F more_boots >/dev/null || more_boots
done_testing
