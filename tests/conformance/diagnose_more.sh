# diagnose_more.sh - boots that diagnose-lab.sh makes besides those of faults.sh:
# servers that break the rules, three real ones set up wrong, a network that
# loses packets.
# shellcheck shell=bash disable=SC2154

ROGUE=$HERE/diagnose_rogue.py
rogue=

# rogue KIND MODE [ARGUMENT]: in the place of the one before
rogue() {
	stop "$rogue"
	start srv "rogue-$1" python3 "$ROGUE" "$@"
	rogue=$PID
	case $1 in
	dhcp) ready srv udp 67 ;;
	tftp) ready srv udp 69 ;;
	http) until_true 10 listening srv tcp 80 || listening srv tcp 443 ;;
	esac
}

# boots NAME PERSONA FAULT: whatever the client itself says of it
boots() {
	before_boot
	in_ns cli timeout 60 "$PXETOOL" client -i eth0 -p "$2" -m "$MAC" --fast \
	    --format=json --timeout 40 >"$LOGDIR/more.json" 2>"$LOGDIR/more.err"
	# shellcheck disable=SC2086
	[ -z "${THEN:-}" ] || in_ns cli $THEN >"$LOGDIR/then.log" 2>&1
	after_boot "$1" "$3"
}

# served FILE [LINES]: dnsmasq gives addresses and names the file
served() {
	dnsmasq_with "dhcp-boot=$1
${2:-}"
}

# Nothing of faults.sh stands in the way any longer.
for pid in $PIDS; do
	stop "$pid"
done
dnsmasq=
nft_srv ""
in_ns srvb nft flush ruleset

# ---------------------------------------------------------------- DHCP
rogue dhcp nak-other
boots "a NAK of another server, UEFI" uefi-x64 nak-from-other-server
boots "a NAK of another server, iPXE" ipxe-bios nak-from-other-server
rogue dhcp mute
boots "REQUEST without answer, UEFI" uefi-x64 dhcp-request-unanswered
boots "REQUEST without answer, iPXE" ipxe-bios dhcp-request-unanswered
rogue dhcp ack-no-file
boots "an ACK without the file, UEFI" uefi-x64 ack-without-bootfile
boots "an ACK without the file, iPXE" ipxe-bios ack-without-bootfile
rogue dhcp no-id
boots "an offer without option 54" uefi-x64 offer-rejected-by-client
rogue dhcp proxy-only
boots "only a proxy answers, iPXE" ipxe-bios only-proxy-offers
rogue dhcp pxe-class
boots "option 60 and nobody on 4011" uefi-x64 option60-without-4011
rogue dhcp option66
boots "the server is in option 66" uefi-x64 wrong-next-server
rogue dhcp far
boots "the server is far and no router" ipxe-bios gateway-or-mask-wrong
rogue dhcp no-server
boots "a file and no next-server" ipxe-bios ipxe-filename-without-next-server
rogue dhcp two
boots "two servers, two files" uefi-x64 two-dhcp-servers
rogue dhcp late
LINGER=22 boots "an offer after 20 s" ipxe-bios offer-too-late
stop "$rogue"
rogue=

# ---------------------------------------------------------------- TFTP
served boot.efi
rogue tftp denied
boots "access violation" uefi-x64 tftp-access-denied
rogue tftp options
boots "options are refused" ipxe-bios tftp-option-rejected
rogue tftp missing0
boots "not found, with code 0" ipxe-bios tftp-file-not-found
rogue tftp empty
boots "an empty first block" ipxe-bios tftp-empty-file
rogue tftp stall
boots "it stops at block 100" uefi-x64 packet-loss
in_ns srv ip addr add 10.77.0.9/24 dev eth0
rogue tftp other-address
boots "another address answers" ipxe-bios tftp-reply-from-wrong-address
in_ns srv ip addr del 10.77.0.9/24 dev eth0
served 'boot\efi\boot.efi'
rogue tftp missing0
boots "a path with backslashes" uefi-x64 tftp-path-prefix-mismatch
served pxelinux.cfg/default
boots "no configuration of PXELINUX" intel-bios pxelinux-config-missing
served boot.efi
rogue tftp good
in_ns sw nft -f - <<-EOF2
table bridge lab {
    chain big {
        type filter hook forward priority 0;
        meta length > 1000 drop
    }
}
EOF2
boots "large frames are dropped" uefi-x64 large-frames-dropped
in_ns sw nft flush ruleset
in_ns sw nft -f - <<-EOF2
table bridge lab {
    chain reply {
        type filter hook forward priority 0;
        ip saddr 10.77.0.1 udp sport > 1024 drop
    }
}
EOF2
WANT_SRV=tftp-data-blocked WANT=tftp-request-unanswered \
    boots "a firewall between drops the answers" ipxe-bios tftp-data-blocked
in_ns sw nft flush ruleset
stop "$rogue"
rogue=

# ---------------------------------------------------------------- HTTP
for row in 503:http-status-other 403:http-status-other 401:http-status-other \
    301:http-redirect-to-https 410:http-not-found cut:http-truncated; do
	rogue http "${row%%:*}"
	served http://10.77.0.1/boot.ipxe
	boots "HTTP ${row%%:*}, iPXE" ipxe-bios "${row#*:}"
done
for row in 404:http-not-found 302:httpboot-redirect-not-followed \
    503:http-status-other; do
	rogue http "${row%%:*}"
	served http://10.77.0.1/boot.efi "dhcp-option-force=60,HTTPClient"
	boots "HTTP ${row%%:*}, UEFI HTTP boot" uefi-http-x64 "${row#*:}"
done
rogue http 404
served 'http://10.77.0.1/boot?mac='
boots "a gap in the URL" ipxe-bios script-variable-empty
served boot.efi "dhcp-option-force=60,HTTPClient"
boots "HTTP boot, and no URL" uefi-http-x64 httpboot-uri-or-dns-unusable
stop "$rogue"
rogue=
served https://10.77.0.1/boot.ipxe
boots "HTTPS for an iPXE without it" ipxe-efi-x64 firmware-ipxe-lacks-feature
if need openssl curl; then
	# curl opens what the script names, as an iPXE with HTTPS would
	openssl req -x509 -newkey rsa:2048 -nodes -keyout /run/lab/tls.key \
	    -out /run/lab/tls.crt -days 2 -subj /CN=boot.lab.test \
	    >/dev/null 2>&1
	cat /run/lab/tls.key /run/lab/tls.crt >/run/lab/tls.pem
	start_nginx "$NETBOOT" 80
	nginx=$PID
	script '#!ipxe\nchain https://10.77.0.1/x\n'
	served http://10.77.0.1/boot.ipxe
	start srv rogue-tls python3 "$ROGUE" http tls /run/lab/tls.pem
	rogue=$PID
	ready srv tcp 443
	THEN="curl -m 5 https://10.77.0.1/x" \
	    boots "a certificate of nobody's" ipxe-efi-x64 \
	    tls-untrusted-certificate
	THEN="curl -m 5 --tls-max 1.2 https://10.77.0.1/x" \
	    boots "the same with TLS 1.2" ipxe-efi-x64 tls-untrusted-certificate
	stop "$rogue"
	start srv rogue-tls python3 "$ROGUE" http tls13 /run/lab/tls.pem
	rogue=$PID
	ready srv tcp 443
	THEN="curl -m 5 --tls-max 1.2 https://10.77.0.1/x" \
	    boots "no TLS version in common" ipxe-efi-x64 tls-no-common-cipher
	stop "$rogue"
	stop "$nginx"
	rogue=
fi

# ---------------------------------------------------------------- real servers
stop "$dnsmasq"
dnsmasq=
if need dhcpd; then
	isc() {
		printf 'subnet 10.77.0.0 netmask 255.255.255.0 {\n%s\n%s\n}\n' \
		    'range 10.77.0.100 10.77.0.199; ping-check false;' "$1" \
		    >/run/lab/isc.conf
		start_dhcpd /run/lab/isc.conf
		isc=$PID
	}
	isc 'deny booting;'
	boots "ISC, deny booting" uefi-x64 no-dhcp-offer
	stop "$isc"
	isc ''
	boots "ISC, no file" uefi-x64 offer-without-bootfile
	stop "$isc"
	isc 'filename "x.efi"; next-server 10.77.0.77;'
	boots "ISC, no host at next-server" ipxe-bios wrong-next-server
	stop "$isc"
	isc 'filename "x.efi"; next-server 10.77.0.1;'
	boots "ISC, no TFTP" uefi-x64 tftp-daemon-not-listening
	stop "$isc"
fi
if need kea-dhcp4; then
	kea() {
		cat >/run/lab/kea.json <<-EOF2
		{ "Dhcp4": { "interfaces-config": { "interfaces": [ "eth0" ] },
		  "lease-database": { "type": "memfile", "persist": false },
		  "subnet4": [ { "id": 1, "subnet": "10.77.0.0/24", $1
		  "pools": [ { "pool": "10.77.0.100 - 10.77.0.199" } ] } ] } }
		EOF2
		start_kea /run/lab/kea.json
		kea=$PID
	}
	kea ''
	boots "Kea, no file" uefi-x64 offer-without-bootfile
	boots "Kea, no file, iPXE" ipxe-bios offer-without-bootfile
	stop "$kea"
	kea '"boot-file-name": "x.efi", "next-server": "10.77.0.1",'
	boots "Kea, no TFTP" ipxe-bios tftp-daemon-not-listening
	stop "$kea"
	kea '"boot-file-name": "x.kpxe",'
	boots "Kea, no next-server" ipxe-bios ipxe-filename-without-next-server
	stop "$kea"
fi

# ---------------------------------------------------------------- chain, link
if netboot_tree; then
	served undionly.kpxe enable-tftp
	boots "a loop, dnsmasq" intel-bios chainload-loop
	boots "a loop from iPXE, dnsmasq" ipxe-bios chainload-loop
	stop "$dnsmasq"
	dnsmasq=
	if need dhcpd in.tftpd; then
		start_tftpd_hpa "$NETBOOT"
		tftpd=$PID
		isc 'filename "ipxe.efi"; next-server 10.77.0.1;'
		boots "a loop, ISC" uefi-x64 chainload-loop
		stop "$isc"
		stop "$tftpd"
	fi
fi
served x.efi enable-tftp
loss 0
start srvb squat python3 -c '
import socket, time
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("eth0", 0))
me = bytes.fromhex("020000770002")
while True:
    for n in range(100, 200):
        ip = bytes([10, 77, 0, n])
        s.send(b"\xff" * 6 + me + b"\x08\x06\0\1\x08\0\6\4\0\1" + me + ip +
               bytes(6) + bytes([10, 77, 0, 1]))
    time.sleep(0.3)
'
squat=$PID
boots "another machine has the address" uefi-x64 address-conflict
stop "$squat"
stop "$dnsmasq"
dnsmasq=
for row in 888e:port-authentication 8809:lacp-port-suspended; do
	start srvb frames python3 -c '
import socket, sys, time
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("eth0", 0))
while True:
    s.send(b"\xff" * 6 + bytes.fromhex("020000770002" + sys.argv[1]) +
           b"\1\0" + bytes(60))
    time.sleep(0.2)
' "${row%%:*}"
	frames=$PID
	boots "frames of type ${row%%:*} and no offer" ipxe-bios "${row#*:}"
	stop "$frames"
done
