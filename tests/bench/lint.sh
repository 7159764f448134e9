#!/bin/bash
# lint.sh - a configuration of 20,000 hosts and 500 classes, linted beside
# the server's own syntax check.
. "${0%/*}/../conformance/lib.sh"
. "${0%/*}/lib.sh"

isc=$LOGDIR/many.conf
masq=$LOGDIR/many-dnsmasq.conf
kea=$LOGDIR/many-kea.json
awk 'BEGIN {
	print "option arch code 93 = unsigned integer 16;"
	for (i = 0; i < 500; i++)
		printf "class \"c%d\" { match if substring(option " \
		    "vendor-class-identifier, 0, 4) = \"v%03d\"; " \
		    "filename \"f%d.efi\"; }\n", i, i, i
	print "subnet 10.0.0.0 netmask 255.0.0.0 { range 10.1.0.0 10.1.255.255;"
	print " next-server 10.0.0.1; if option arch = 00:00"
	print " { filename \"undionly.kpxe\"; } else { filename \"ipxe.efi\"; } }"
	for (i = 0; i < 20000; i++)
		printf "host h%d { hardware ethernet 52:54:00:%02x:%02x:%02x; " \
		    "fixed-address 10.2.%d.%d; }\n", i, i / 65536, \
		    (i / 256) % 256, i % 256, i / 256, i % 256
}' >"$isc"
awk 'BEGIN {
	print "port=0\ndhcp-range=10.1.0.0,10.1.255.255,255.0.0.0"
	print "dhcp-boot=undionly.kpxe"
	for (i = 0; i < 500; i++)
		printf "dhcp-vendorclass=set:c%d,v%03d\n" \
		    "dhcp-boot=tag:c%d,f%d.efi\n", i, i, i, i
	for (i = 0; i < 20000; i++)
		printf "dhcp-host=52:54:00:%02x:%02x:%02x,10.2.%d.%d\n", \
		    i / 65536, (i / 256) % 256, i % 256, i / 256, i % 256
}' >"$masq"
awk 'BEGIN {
	print "{ \"Dhcp4\": { \"client-classes\": ["
	for (i = 0; i < 500; i++)
		printf "%s{ \"name\": \"c%d\", \"test\": " \
		    "\"substring(option[60].hex,0,4) == \047v%03d\047\", " \
		    "\"boot-file-name\": \"f%d.efi\" }\n", i ? "," : "", i, \
		    i, i
	print "], \"subnet4\": [ { \"subnet\": \"10.0.0.0/8\","
	print "\"pools\": [ { \"pool\": \"10.1.0.0-10.1.255.255\" } ],"
	print "\"next-server\": \"10.0.0.1\","
	print "\"boot-file-name\": \"undionly.kpxe\", \"reservations\": ["
	for (i = 0; i < 20000; i++)
		printf "%s{ \"hw-address\": \"52:54:00:%02x:%02x:%02x\", " \
		    "\"ip-address\": \"10.2.%d.%d\" }\n", i ? "," : "", \
		    i / 65536, (i / 256) % 256, i % 256, i / 256, i % 256
	print "] } ] } }"
}' >"$kea"

# What lint finds there is no failure of the measurement.
lint_isc() {
	"$PXETOOL" lint --dialect isc "$isc"
	[ $? -le 1 ]
}
lint_dnsmasq() {
	"$PXETOOL" lint --dialect dnsmasq "$masq"
	[ $? -le 1 ]
}
predict_isc() {
	"$PXETOOL" predict --dialect isc "$isc"
}
lint_kea() {
	"$PXETOOL" lint --dialect kea "$kea"
	[ $? -le 1 ]
}
predict_kea() {
	"$PXETOOL" predict --dialect kea "$kea"
}
kea_check() {
	kea-dhcp4 -t "$kea"
}
dhcpd_check() {
	dhcpd -4 -t -cf "$isc"
}
dnsmasq_check() {
	dnsmasq --test -C "$masq"
}

if need dhcpd; then
	ratio lint-isc/dhcpd-t lint_isc dhcpd_check
	ratio predict-isc/dhcpd-t predict_isc dhcpd_check
fi
need dnsmasq && ratio lint-dnsmasq/dnsmasq-test lint_dnsmasq dnsmasq_check
if need kea-dhcp4; then
	ratio lint-kea/kea-dhcp4-t lint_kea kea_check
	ratio predict-kea/kea-dhcp4-t predict_kea kea_check
fi
exit 0
