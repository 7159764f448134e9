#!/bin/bash
# client-https.sh - UEFI's HTTP boot against nginx: certificates, redirects, and
# what it must know of a file before it loads it.
# timeout: 120
. "${0%/*}/lib.sh"
need_pxetool
need_all dnsmasq nginx openssl python3
enter_lab

MAC=52:54:00:77:00:14
SSL=/run/lab/ssl
mkdir $SSL
head -c 5000 /dev/zero >"$NETBOOT/boot.efi"
cp "$NETBOOT/boot.efi" "$NETBOOT/noname"
cp "$NETBOOT/boot.efi" "$NETBOOT/typed"

# authority NAME
authority() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=$1" \
	    -keyout "$SSL/$1.key" -out "$SSL/$1.pem"
}

# certificate NAME AUTHORITY NAMES DAYS
certificate() {
	openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" \
	    -keyout "$SSL/$1.key" -out "$SSL/$1.csr" &&
	openssl x509 -req -in "$SSL/$1.csr" -CA "$SSL/$2.pem" \
	    -CAkey "$SSL/$2.key" -CAcreateserial -days "$4" \
	    -extfile <(echo "subjectAltName=$3") -out "$SSL/$1.pem"
}

make_certificates() {
	authority ours && authority theirs &&
	certificate good ours DNS:boot.lab.test,IP:10.77.0.1 30 &&
	certificate other ours DNS:elsewhere.test 30 &&
	certificate old ours DNS:boot.lab.test,IP:10.77.0.1 0 &&
	certificate me ours DNS:machine.lab.test 30
}
make_certificates >"$LOGDIR/openssl.log" 2>&1 || {
	note "$LOGDIR/openssl.log"
	exit 2
}

# server PORT CERTIFICATE [LINE]: of nginx
server() {
	cat <<-EOF
	server {
		listen $1 ssl;
		ssl_certificate $SSL/$2.pem;
		ssl_certificate_key $SSL/$2.key;
		root $NETBOOT;
		${3:-}
	}
	EOF
}
mkdir /run/lab/nginx
cat >/run/lab/nginx.conf <<-EOF
user root root;
worker_processes 1;
daemon off;
pid /run/lab/nginx/pid;
error_log stderr;
events { worker_connections 64; }
http {
	access_log $LOGDIR/access.log;
	client_body_temp_path /run/lab/nginx/body;
	proxy_temp_path /run/lab/nginx/proxy;
	fastcgi_temp_path /run/lab/nginx/fastcgi;
	uwsgi_temp_path /run/lab/nginx/uwsgi;
	scgi_temp_path /run/lab/nginx/scgi;
	default_type application/octet-stream;
	server {
		listen 80;
		listen [::]:80;
		root $NETBOOT;
		location /typed { default_type application/efi; }
		location /moved.efi { return 302 http://10.77.0.1/boot.efi; }
		location /tls.efi { return 301 https://10.77.0.1/boot.efi; }
		location /tls.ipxe { return 301 https://10.77.0.1/boot.ipxe; }
	}
	$(server 443 good)
	$(server 444 other)
	$(server 445 old)
	$(server 446 good "ssl_protocols TLSv1.3;")
	$(server 447 good "ssl_verify_client on;
		ssl_client_certificate $SSL/ours.pem;")
}
EOF
start srv nginx nginx -p /run/lab/nginx -e stderr -c /run/lab/nginx.conf
ready srv tcp 443
# a server that ends a file by closing the connection
start srv closing python3 -c '
import socket
s = socket.create_server(("10.77.0.1", 8080))
while True:
    c, _ = s.accept()
    head = c.recv(2000)
    c.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    if head[:4] != b"HEAD":
        c.sendall(bytes(5000))
    c.close()
'
ready srv tcp 8080

dnsmasq=
# told URL: what HTTP boot, and iPXE, are given
told() {
	stop "$dnsmasq"
	cat >/run/lab/dnsmasq.conf <<-EOF
	interface=eth0
	bind-interfaces
	no-resolv
	no-hosts
	no-ping
	dhcp-authoritative
	address=/boot.lab.test/10.77.0.1
	dhcp-range=10.77.0.100,10.77.0.199,255.255.255.0,1h
	dhcp-option=option:dns-server,10.77.0.1
	dhcp-vendorclass=set:http,HTTPClient
	dhcp-option-force=tag:http,60,HTTPClient
	dhcp-boot=$1
	EOF
	start_dnsmasq /run/lab/dnsmasq.conf
	dnsmasq=$PID
}

# ends NAME URL VERDICT [OPTIONS]: "loaded" if the file came, which is none that
# could be started
ends() {
	local run=$LOGDIR/$tap_n want='.verdict == $v'

	told "$2"
	[ "$3" = loaded ] && want='.loads[0].status == 200'
	in_ns cli timeout 60 "$PXETOOL" client -i eth0 \
	    -p "${PERSONA:-uefi-http-x64}" -m $MAC --fast --format=json \
	    --timeout 40 "${@:4}" >"$run.json" 2>"$run.err"
	check "$1" json "$run.json" "$want" --arg v "$3" || note "$run.err"
}

CA="--ca $SSL/ours.pem"
# shellcheck disable=SC2086
{
ends "http" http://10.77.0.1/boot.efi loaded
ends "https, by address" https://10.77.0.1/boot.efi loaded $CA
ends "https, by name" https://boot.lab.test/boot.efi loaded $CA
ends "no authority is enrolled" https://10.77.0.1/boot.efi \
    tls-untrusted-certificate
check "and no connection was tried" \
    json "$LOGDIR/$((tap_n - 1)).json" '.loads[0].status != 200'
ends "another authority" https://10.77.0.1/boot.efi \
    tls-untrusted-certificate --ca $SSL/theirs.pem
ends "a certificate for another name" https://boot.lab.test:444/boot.efi \
    tls-name-mismatch $CA
ends "one that has expired" https://boot.lab.test:445/boot.efi \
    tls-clock-wrong $CA
ends "TLS 1.3 alone" https://boot.lab.test:446/boot.efi \
    tls-no-common-cipher $CA
ends "a server that wants to know the client" \
    https://boot.lab.test:447/boot.efi http-status-other $CA
ends "and learns it" https://boot.lab.test:447/boot.efi loaded $CA \
    --client-cert $SSL/me.pem --client-key $SSL/me.key
told https://10.77.0.1/boot.efi
in_ns cli "$PXETOOL" client -i eth0 -p uefi-http-x64 -m $MAC --fast \
    --ca /nonexistent >"$LOGDIR/none" 2>&1
check "a file of authorities that is not there: status 2" equal $? 2
}

ends "a type that nobody knows" http://10.77.0.1/noname httpboot-type-unknown
ends "a query hides the ending" 'http://10.77.0.1/boot.efi?mac=1' \
    httpboot-type-unknown
ends "the server tells the type" http://10.77.0.1/typed loaded
ends "no length" http://10.77.0.1:8080/boot.efi httpboot-size-unknown
ends "a redirect" http://10.77.0.1/moved.efi httpboot-redirect-not-followed
ends "to https as well" http://10.77.0.1/tls.efi httpboot-redirect-not-followed
in_ns srv ip addr add fd00:77::1/64 dev eth0 nodad
in_ns cli ip addr add fd00:77::50/64 dev eth0 nodad
ends "an address of IPv6" 'http://[fd00:77::1]/boot.efi' loaded
ends "not a URL" boot.efi httpboot-uri-or-dns-unusable
PERSONA=ipxe-bios
ends "iPXE of 2019, https" https://10.77.0.1/x.ipxe firmware-ipxe-lacks-feature
ends "iPXE of 2019, sent to https" http://10.77.0.1/tls.ipxe \
    http-redirect-to-https
done_testing
