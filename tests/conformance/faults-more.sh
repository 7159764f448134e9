#!/bin/bash
# faults-more.sh - further faults that the emulated client meets: answers that
# come late or are mangled, transfers that stop half way.
# timeout: 400
. "${0%/*}/lib.sh"
. "${0%/*}/faults_lib.sh"
need_pxetool
need_all dnsmasq nginx nft python3
enter_lab

head -c 100000 /dev/zero >"$NETBOOT/zeros"
cp "$NETBOOT/zeros" "$NETBOOT/abortpxe.com"
cat >/run/lab/tftp.conf <<-EOF
port=0
interface=eth0
bind-interfaces
tftp-root=$NETBOOT
enable-tftp
EOF

# ---------------------------------------------------------------- DHCP

told_by yiaddr=10.77.0.150 file=zeros no=ack
ends "no ACK, UEFI" uefi-x64 dhcp-request-unanswered 10.77.0.1
ends "no ACK, iPXE" ipxe-bios dhcp-request-unanswered 10.77.0.1
first=$teller
teller=
SRV=srvb OWN=10.77.0.2 told_by nak=1
ends "no ACK, and another server's NAK" uefi-x64 nak-from-other-server \
    10.77.0.1
stop "$first"
stop "$teller"
teller=
told_by yiaddr=10.77.0.150 file=zeros nofile=1
ends "a file in the offer alone" uefi-x64 ack-without-bootfile "told boot"
told_by yiaddr=10.77.0.150 siaddr=10.77.0.1 file=zeros no=54
ends "offers without option 54" uefi-x64 offer-rejected-by-client "54"
told_by yiaddr=10.77.0.150 siaddr=10.77.0.1 file=zeros delay=1.9
ends "an offer that comes too late" ipxe-bios offer-too-late "given up"
stop "$teller"
teller=

dnsmasq_with "dhcp-boot=zeros"
first=$dnsmasq
dnsmasq=
SRV=srvb OWN=10.77.0.2 told_by yiaddr=10.77.0.150 delay=0.05
ends "two servers, and the later one names no file" ipxe-bios \
    two-dhcp-servers "10.77.0.1 10.77.0.2"
stop "$teller"
stop "$first"
teller=
dnsmasq_with ""
SRV=srvb OWN=10.77.0.2 told_by class=PXEClient siaddr=10.77.0.2 file=zeros \
    delay=0.7
ends "a proxy that comes too late" ipxe-bios proxy-offer-late 10.77.0.2
stop "$teller"
teller=
dnsmasq_with "dhcp-option-force=60,PXEClient
dhcp-boot=zeros"
ends "PXEClient, and nobody at 4011" uefi-x64 option60-without-4011 10.77.0.1
dnsmasq_with "dhcp-option=option:router
dhcp-boot=zeros,,192.0.2.9"
ends "a server elsewhere, and no router" uefi-x64 gateway-or-mask-wrong \
    192.0.2.9
dnsmasq_with 'dhcp-option=option:root-path,"iscsi:10.77.0.1::::"'
ends "a root path without a target" ipxe-bios san-root-path-invalid target
dnsmasq_with "enable-tftp
dhcp-boot=abortpxe.com"
ends "told to boot something else" intel-bios boot-aborted-by-policy \
    abortpxe.com
dnsmasq_with "enable-tftp
dhcp-option-force=13,2
dhcp-boot=zeros"
ends "option 13 is too small" uefi-x64 bootfile-size-option-wrong "1024 13"

# ---------------------------------------------------------------- names

stop "$dnsmasq"
dnsmasq=
SRV=srvb start_dnsmasq /run/lab/tftp.conf
told_by yiaddr=10.77.0.150 siaddr=10.77.0.2 opt=67:7a65726f73ff
ends "a byte too many" intel-bios bootfile-trailing-byte "0xff 67"
told_by yiaddr=10.77.0.150 siaddr=10.77.0.2 \
    file="$(printf 'long/%.0s' {1..30})zeros"
ends "a name that does not fit" intel-bios boot-filename-too-long "file field"
stop "$teller"
teller=

# ---------------------------------------------------------------- proxy

dnsmasq_with ""
main=$dnsmasq
dnsmasq=
told_proxy() {
	SRV=srvb RANGE=10.77.0.0,proxy,255.255.255.0 dnsmasq_with "$1"
}
told_proxy 'pxe-service=x86PC,"boot",zeros'
ends "a proxy for BIOS alone, UEFI" uefi-x64 proxydhcp-answer-without-file \
    "PXE-E21"
if netboot_tree; then
	told_proxy 'enable-tftp
pxe-service=x86PC,"boot",undionly.kpxe'
	ends "iPXE gets the menu again" intel-bios pxe-menu-reoffered-to-ipxe \
	    "same iPXE"
	stop "$dnsmasq"
	dnsmasq=$main
	dnsmasq_with "enable-tftp
dhcp-boot=undionly.kpxe"
	ends "iPXE gets itself again" intel-bios chainload-loop "same iPXE"
else
	skip "iPXE gets itself again" "not installed: ipxe"
	stop "$dnsmasq"
	dnsmasq=$main
fi

# ---------------------------------------------------------------- transfers

dnsmasq_with "enable-tftp
dhcp-boot=zeros"
# An address of a daemon in a container: the answer leaves under another one.
in_ns srv ip addr add 10.77.0.3/24 dev eth0
in_ns srv nft -f - <<-EOF
table ip lab {
	chain out {
		type nat hook postrouting priority 100;
		udp sport != { 67, 68, 69 } ip saddr 10.77.0.1 snat to 10.77.0.3
	}
}
EOF
ends "answers under another address, UEFI" uefi-x64 \
    tftp-reply-from-wrong-address "10.77.0.1 10.77.0.3"
ends "answers under another address, iPXE" ipxe-bios \
    tftp-reply-from-wrong-address "10.77.0.1 10.77.0.3"
nft_srv "ip length > 1000"
ends "large frames vanish, UEFI" uefi-x64 large-frames-dropped 1468
ends "large frames vanish, iPXE" ipxe-bios large-frames-dropped 1432
# what comes in; what the server sends goes out
in_ns srv nft flush ruleset
in_ns srv nft -f - <<-EOF
table ip lab {
	chain in {
		type filter hook input priority 0;
		udp dport != { 67, 68, 69 } drop
	}
}
EOF
ends "answers to the new port vanish, UEFI" uefi-x64 tftp-data-blocked zeros
in_ns srv nft flush ruleset
in_ns srv nft -f - <<-EOF
table ip lab {
	chain out {
		type filter hook output priority 0;
		udp sport != { 67, 68, 69 } quota over 20 kbytes drop
	}
}
EOF
ends "nothing comes any more" ipxe-bios packet-loss "zeros bytes"
nft_srv ""

dnsmasq_with "dhcp-boot=zeros"
tftp=
# mistakes KIND BLOCKS
mistakes() {
	stop "$tftp"
	start srv tftp_server python3 "$HERE/tftp_server.py" 10.77.0.1 "$@"
	tftp=$PID
	ready srv udp 69
}
mistakes larger
ends "a larger block than asked for" ipxe-bios tftp-option-rejected zeros
mistakes stop 40
ends "a window is not finished" uefi-x64 tftp-windowsize-stall zeros
mistakes short 100
ends "less than promised" ipxe-bios image-corrupt zeros
mistakes one 65600
ends "from block 65535 to 1" ipxe-bios tftp-block-rollover 65535
stop "$tftp"

# ---------------------------------------------------------------- address

# another machine speaks with the address that the client is given
start srvb rival python3 -c '
import socket, time
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("eth0", 0))
mac = bytes.fromhex("020000770002")
arp = bytes.fromhex("0001080006040001") + mac + bytes([10, 77, 0, 150])
arp += bytes(6) + bytes([10, 77, 0, 1])
while True:
    s.send(b"\xff" * 6 + mac + b"\x08\x06" + arp)
    time.sleep(0.005)
'
rival=$PID
stop "$dnsmasq"
dnsmasq=
SRV=srv start_dnsmasq /run/lab/tftp.conf
tftp=$PID
printf '#!ipxe\nexit\n' >"$NETBOOT/exit.ipxe"
told_by yiaddr=10.77.0.150 siaddr=10.77.0.1 file=exit.ipxe
ends "an address in use, the boot would do" ipxe-bios address-conflict \
    "10.77.0.150 02:00:00:77:00:02"
stop "$rival"
stop "$tftp"
stop "$teller"
teller=

# ---------------------------------------------------------------- HTTP

start_nginx "$NETBOOT" 80
mkdir "$NETBOOT/folder"
dnsmasq_with "dhcp-boot=http://10.77.0.1/folder/"
ends "a folder" ipxe-bios http-status-other "folder 403"
start srv short python3 -c '
import socket
s = socket.create_server(("10.77.0.1", 8080))
while True:
    c, _ = s.accept()
    c.recv(2000)
    c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + bytes(500))
    c.close()
'
ready srv tcp 8080
dnsmasq_with "dhcp-boot=http://10.77.0.1:8080/boot.ipxe"
ends "the server hangs up" ipxe-bios http-truncated 10.77.0.1:8080
done_testing
