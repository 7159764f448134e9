#!/bin/bash
# serve.sh - other people's DHCP, TFTP and HTTP clients are content with our
# server, and nobody gets at what is not served.
# timeout: 120
. "${0%/*}/lib.sh"
need_pxetool
need_all busybox curl python3
enter_lab

root=$NETBOOT/root
mkdir -p "$root/sub"
head -c 3000000 /dev/urandom >"$root/sub/big.img"
head -c 40000 /dev/urandom >"$root/ipxe.efi"
cp "$root/ipxe.efi" "$root/odd name%41.efi"
: >"$root/empty"
echo secret >"$NETBOOT/secret"
ln -s ../secret "$root/outside"
ln -s /etc/passwd "$root/absolute"
ln -s ipxe.efi "$root/inside"
printf '#!ipxe\nshell\n' >"$NETBOOT/my menu.ipxe"
log=$LOGDIR/serve-srv.log

cat >/run/lab/said.sh <<-'EOF'
	#!/bin/sh
	case $1 in
	bound | renew) env | sort >/run/lab/said ;;
	esac
EOF
chmod 755 /run/lab/said.sh

# lease ARGUMENTS...: of udhcpc; what it was given is left in /run/lab/said
lease() {
	rm -f /run/lab/said
	in_ns cli busybox udhcpc -i eth0 -n -q -f -t 3 -T 1 \
	    -s /run/lab/said.sh "$@" >"$LOGDIR/udhcpc.log" 2>&1
	cat /run/lab/said
}

# said NAME VALUE: udhcpc was given it
said() {
	grep -qxF -- "$1=$2" /run/lab/said
}

# status CODE URL [curl's ARGUMENTS...]
status() {
	equal "$(in_ns cli curl -s -o /run/lab/body -w '%{http_code}' \
	    --path-as-is "${@:3}" "http://10.77.0.1$2")" "$1"
}

logged() {
	grep -q -- "$1" "$log"
}

start_pxetool_serve -v --tftp-root "$root" \
    --script "$NETBOOT/my menu.ipxe" --dhcp-range 10.77.0.50,10.77.0.52 \
    --router 10.77.0.51 --dns 10.77.0.9 --domain lab.test --lease-time 10m ||
    skip_all "no server: $(tail -n 1 "$log")"
serve=$PID

# ---- DHCP
uefi=(-V PXEClient:Arch:00007:UNDI:003000 -x 0x5d:0007)
check "udhcpc gets a lease" lease
check "its address" said ip 10.77.0.50
check "its time" said lease 600
check "its router" said router 10.77.0.51
check "its name server" said dns 10.77.0.9
check "its domain" said domain lab.test
check "but no boot file" equal "$(grep -c boot_file /run/lab/said)" 0
check "as UEFI firmware" lease "${uefi[@]}" -O bootfile -O tftp
check "the same address" said ip 10.77.0.50
check "the boot file in the field" said boot_file ipxe.efi
check "and in the option" said bootfile ipxe.efi
check "the boot server" said siaddr 10.77.0.1
check "as iPXE" lease "${uefi[@]}" -x 0x4d:69505845 -O bootfile
check "the script's URL" said bootfile "http://10.77.0.1/my%20menu.ipxe"
check "an address that is asked for" lease -C -x 0x3d:01020202020202 \
    -r 10.77.0.52
check "is given" said ip 10.77.0.52
check "none is left, for the router has one" test -z "$(lease -C \
    -x 0x3d:01030303030303 2>/dev/null)"
check "which is said" logged dhcp-pool-exhausted

# ---- TFTP, by curl and, with options, by atftp
tftp() {
	in_ns cli curl -sm 20 -o /run/lab/got --path-as-is \
	    "tftp://10.77.0.1/$1"
}
for name in sub/big.img ipxe.efi inside; do
	tftp "$name"
	check "curl's TFTP gets $name" same_file /run/lab/got "$root/$name"
done
# 68: not found; 69: no permission
for bad in nosuch:68 IPXE.EFI:68 outside:69 absolute:69 ../secret:69 sub:69; do
	tftp "${bad%:*}"
	check "TFTP of ${bad%:*}: $?" equal $? "${bad#*:}"
done
if need atftp; then
	in_ns cli atftp -g -r '\sub\big.img' -l /run/lab/got \
	    --option "blksize 1468" --option "windowsize 8" 10.77.0.1 \
	    >/dev/null 2>&1
	check "atftp, with blksize, windowsize and backslashes" \
	    same_file /run/lab/got "$root/sub/big.img"
	# curl takes a tsize of 0 for an error.
	in_ns cli atftp -g -r empty -l /run/lab/got 10.77.0.1 >/dev/null 2>&1
	check "an empty file" same_file /run/lab/got "$root/empty"
else
	skip "atftp" "not installed: atftp"
fi
flagged() { # FILE: its absence is called a fault
	tftp "$1"
	logged "$1.*tftp-file-not-found"
}
check "pxelinux.cfg/default is missed" flagged pxelinux.cfg/default
for name in autoexec.ipxe pxelinux.cfg/01-02 grub/grub.cfg-01-02; do
	flagged "$name"
	check "$name is not" equal $? 1
done
many() {
	local pids="" n=0

	for i in {1..60}; do
		in_ns cli curl -sm 30 -o "/run/lab/many.$i" \
		    tftp://10.77.0.1/ipxe.efi &
		pids="$pids $!"
	done
	# shellcheck disable=SC2086
	wait $pids
	for i in {1..60}; do
		cmp -s "/run/lab/many.$i" "$root/ipxe.efi" && n=$((n + 1))
	done
	equal $n 60
}
check "sixty at a time" many

# ---- HTTP
check "a file" status 200 /sub/big.img
check "and it is whole" same_file /run/lab/body "$root/sub/big.img"
check "the script" status 200 "/my%20menu.ipxe"
check "and it is that" same_file /run/lab/body "$NETBOOT/my menu.ipxe"
check "a name that needs escapes" status 200 "/odd%20name%2541.efi"
check "a query is no part of the name" status 200 "/ipxe.efi?mac=52:54:00"
check "a part" status 206 /sub/big.img -r 1000-1999
check "and it is that" cmp -n 1000 -i 0:1000 /run/lab/body "$root/sub/big.img"
check "and no more" equal "$(stat -c %s /run/lab/body)" 1000
check "a part past the end" status 416 /sub/big.img -r 3000000-
check "not there" status 404 /nosuch
check "a folder" status 403 /sub
check "outside by .." status 403 /../secret
check "outside by %2e" status 403 /%2e%2e/secret
check "outside by backslashes" status 403 '/..\secret'
check "outside by a link" status 403 /outside
check "a form" status 405 /ipxe.efi -d a=b
head_says() {
	in_ns cli curl -sI http://10.77.0.1/ipxe.efi | tr -d '\r' |
	    grep -qix -- "$1"
}
check "HEAD has the size" head_says 'Content-Length: 40000'
check "and UEFI's type" head_says 'Content-Type: application/efi'

# ---- noise does not end it
cat >/run/lab/noise.py <<-'EOF'
	import random, socket
	random.seed(1)
	s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	for i in range(3000):
	    n = random.choice([0, 1, 2, 4, 50, 236, 240, 300, 1400])
	    b = bytearray(random.randbytes(n))
	    if i % 2 and n >= 240:
	        b[0:3] = b"\1\1\6"
	        b[236:240] = b"\x63\x82\x53\x63"
	    if i % 3 == 0 and n >= 2:
	        b[0:2] = bytes([0, random.randrange(8)])
	    s.sendto(b, ("10.77.0.1", random.choice([67, 69, 4011])))
EOF
in_ns cli python3 /run/lab/noise.py
check "noise is seen" logged 'not a DHCP message'
check "it stands after noise" status 200 /ipxe.efi
check "and still leases" lease "${uefi[@]}" -O bootfile

# ---- and it ends when told to, in the middle of a transfer
in_ns cli curl -s --limit-rate 20k -o /dev/null \
    http://10.77.0.1/sub/big.img &
slow=$!
sleep 0.5
from=${EPOCHREALTIME/./}
kill -TERM "$serve"
wait "$serve"
check "SIGTERM ends it well" equal $? 0
check "within a second" test $((${EPOCHREALTIME/./} - from)) -lt 1000000
check "and it counts" logged ' stop after '
kill "$slow" 2>/dev/null
done_testing
