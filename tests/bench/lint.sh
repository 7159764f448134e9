#!/bin/bash
# lint.sh - a configuration of 20,000 hosts and 500 classes, linted beside
# the server's own syntax check.
. "${0%/*}/../conformance/lib.sh"
. "${0%/*}/lib.sh"

isc=$LOGDIR/many.conf
masq=$LOGDIR/many-dnsmasq.conf
kea=$LOGDIR/many-kea.json
export=$LOGDIR/many.xml
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

awk 'BEGIN {
	print "<DHCPServer><IPv4><Classes>"
	for (i = 0; i < 500; i++)
		printf "<Class><Name>c%d</Name><Type>Vendor</Type>" \
		    "<Data>v%03d</Data></Class>\n", i, i
	print "</Classes><Scopes><Scope><ScopeId>10.0.0.0</ScopeId>"
	print "<SubnetMask>255.0.0.0</SubnetMask>"
	print "<StartRange>10.1.0.0</StartRange>"
	print "<EndRange>10.1.255.255</EndRange><Policies>"
	for (i = 0; i < 500; i++)
		printf "<Policy><Name>p%d</Name><ProcessingOrder>%d" \
		    "</ProcessingOrder><VendorClass>EQ</VendorClass>" \
		    "<VendorClass>c%d*</VendorClass><OptionValues>" \
		    "<OptionValue><OptionId>67</OptionId><Value>f%d.efi" \
		    "</Value></OptionValue></OptionValues></Policy>\n", \
		    i, i + 1, i, i
	print "</Policies><OptionValues><OptionValue><OptionId>67</OptionId>"
	print "<Value>undionly.kpxe</Value></OptionValue></OptionValues>"
	print "<Reservations>"
	for (i = 0; i < 20000; i++)
		printf "<Reservation><IPAddress>10.2.%d.%d</IPAddress>" \
		    "<ClientId>52-54-00-%02x-%02x-%02x</ClientId>" \
		    "</Reservation>\n", i / 256, i % 256, i / 65536, \
		    (i / 256) % 256, i % 256
	print "</Reservations></Scope></Scopes></IPv4></DHCPServer>"
}' >"$export"

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
# No server of Microsoft's is here: dhcpd's check of as much is the peer.
lint_windows() {
	"$PXETOOL" lint --dialect windows "$export"
	[ $? -le 1 ]
}
need dhcpd && ratio lint-windows/dhcpd-t lint_windows dhcpd_check
if [ -x /usr/bin/time ]; then
	/usr/bin/time -f '%e %M' -o "$LOGDIR/used" \
	    "$PXETOOL" lint --dialect windows "$export" >/dev/null 2>&1
	awk 'END { printf "%-28s %.3f s, %d MB (at most 1 s, 200 MB)\n", \
	    "lint-windows", $1, $2 / 1024 }' "$LOGDIR/used"
fi
need dnsmasq && ratio lint-dnsmasq/dnsmasq-test lint_dnsmasq dnsmasq_check
if need kea-dhcp4; then
	ratio lint-kea/kea-dhcp4-t lint_kea kea_check
	ratio predict-kea/kea-dhcp4-t predict_kea kea_check
fi
exit 0
