/*
 * kea_parse_rows.h - what kea-dhcp4 and kea-dhcp6 2.2.0 take and refuse, each
 * row's verdict and line being the server's own ("kea-dhcp4 -t").
 *
 * A ' is a " of the configuration, and a ` a '.
 */
#ifndef PXE_TESTS_KEA_PARSE_ROWS_H
#define PXE_TESTS_KEA_PARSE_ROWS_H

#define D4(x) "{ 'Dhcp4': {\n" x "\n} }"
#define D6(x) "{ 'Dhcp6': {\n" x "\n} }"
#define NET4(x) D4("'subnet4': [ { 'subnet': '10.0.0.0/24',\n" x "\n} ]")
#define CLASS(x) D4("'client-classes': [ { 'name': 'a' }, {\n" x "\n} ]")
#define OPTION(x) D4("'subnet4': [ { 'subnet': '10.0.0.0/24', " \
    "'option-data': [ {\n" x "\n} ] } ]")
#define DEF(x) D4("'option-def': [ {\n" x "\n} ]")
#define HOST(x) NET4("'reservations': [ { " x " } ]")

/* A line of -1: refused, and the server names none. */
static const struct { int line; const char *text; } rows[] = {
	/* the JSON that it reads */
	{ 0, D4("'valid-lifetime': 60") },
	{ 0, D4("'valid-lifetime': 60,,\n, # a\n// b\n/* c\n */ ,") },
	{ 2, D4(",'valid-lifetime': 60") },
	{ 2, D4("'valid-lifetime': '60'") },
	{ 3, D4("'valid-lifetime':\n60.0") },
	{ 0, D4("'valid-lifetime': 060") },
	{ 2, D4("'valid-lifetime': 99999999999999999999") },
	{ 0, D4("'cache-threshold': .5") },
	{ 0, D4("'cache-threshold': 5e-1") },
	{ 2, D4("'cache-threshold': 1") },
	{ 2, D4("'cache-threshold': -") },
	{ 2, D4("'authoritative': True") },
	{ 0, D4("'server-tag': '\\u0041\\n\\/'") },
	{ 2, D4("'server-tag': '\\u0141'") },
	{ 2, D4("'server-tag': '\\x'") },
	{ 2, D4("'server-tag': 'a\nb'") },
	{ 2, D4("'server-tag': 'a") },
	{ 3, D4("\n} } }") },
	{ 1, "" },
	{ 1, "[]" },
	{ 1, "{}" },
	{ 1, "{ 'Dhcp4': {} }" },
	{ 1, "{ 'Dhcp4': { 'user-context': { 'a': 1, 'a': 2 } } }" },
	{ 0, "{ 'Dhcp4': { 'user-context': { 'a': [ 1, [], {}, null, 1.5, ]"
	    ", } } , , }" },
	{ 1, "{ 'Dhcp4': { 'user-context': { , } } }" },
	{ 0, D4("'comment': 'a', 'user-context': { 'b': 1 }") },
	{ 3, D4("'comment': 'a',\n'comment': 'b'") },
	{ 3, D4("'user-context': { },\n'user-context': { }") },
	/* where a keyword may stand */
	{ 2, D4("'valid-lifetme': 60") },
	{ 2, D4("'subnet': '10.0.0.0/24'") },
	{ 3, D4("'renew-timer': 1,\n'renew-timer': 1") },
	{ 2, D4("'\\u0061uthoritative': true") },
	{ 2, D4("'subnet4': [ { 'id': 1 } ]") },
	{ 2, D4("'subnet4': [ { } ]") },
	{ 2, D4("'lease-database': { 'name': 'a' }") },
	{ 2, D4("'lease-database': { 'type': 'sqlite' }") },
	{ 2, D4("'sanity-checks': { 'x': 1 }") },
	{ 2, D4("'client-classes': [ ]") },
	{ 0, D4("'subnet4': [ ], 'option-data': [ { 'name': 'routers', "
	    "'data': '10.0.0.1' } ]") },
	{ 2, D4("'subnet4': [ , ]") },
	{ 2, D4("'interfaces-config': { 'interfaces': [ '*' ], "
	    "'dhcp-socket-type': 'tcp' }") },
	{ 0, D4("'dhcp-ddns': { 'enable-updates': false, "
	    "'ncr-protocol': 'Udp', 'replace-client-name': 'TRUE' }") },
	{ 2, D4("'dhcp-ddns': { 'enable-updates': false, "
	    "'ncr-protocol': 'TCP' }") },
	{ 0, D4("'dhcp-queue-control': { 'enable-queue': false, 'x': 1 }") },
	{ 2, D4("'hosts-databases': [ { } ]") },
	{ 2, D4("'multi-threading': { 'enable-multi-threading': true, "
	    "'thread-pool-size': 65536 }") },
	{ 2, D4("'expired-leases-processing': { 'max-reclaim-time': 10001 }") },
	{ 2, D4("'hooks-libraries': [ { 'library': '' } ]") },
	{ 2, D4("'interfaces-config': { 'interfaces': [ '*', '*' ] }") },
	{ -1, D4("'min-valid-lifetime': 8000") },
	{ -1, D4("'reservation-mode': 'all', 'reservations-global': true") },
	/* classes */
	{ 0, CLASS("'name': 'b', 'test': 'member(`a`)'") },
	{ 3, CLASS("'name': 'b', 'test': 'member(`c`)'") },
	{ 3, CLASS("'name': 'b', 'test': 'option[93].hex = 0x0007'") },
	{ 3, CLASS("'name': 'b', 'test': ''") },
	{ 2, D4("'client-classes': [ { 'name': 'a' }, { 'name': 'a' } ]") },
	{ 2, D4("'client-classes': [ { 'test': 'member(`ALL`)' } ]") },
	{ -1, CLASS("'name': 'KNOWN', 'only-if-required': true") },
	{ 0, CLASS("'name': 'KNOWN'") },
	{ -1, CLASS("'name': 'DROP', 'only-if-required': true") },
	{ 3, CLASS("'name': 'b', 'next-server': '255.255.255.255'") },
	{ 3, CLASS("'name': 'b', 'next-server': ''") },
	{ 0, CLASS("'name': 'b', 'boot-file-name': ''") },
	{ 3, CLASS("'name': 'b', 'option-def': [ { 'name': 'x', 'code': 200, "
	    "'type': 'string' } ]") },
	{ 0, CLASS("'name': 'b', 'option-def': [ { 'name': 'x', 'code': 224, "
	    "'type': 'string' } ], 'option-data': [ { 'name': 'x', "
	    "'data': 'y' } ]") },
	/* options */
	{ 3, OPTION("'name': 'no-such', 'data': 'x'") },
	{ 0, OPTION("'code': 200, 'data': '0102'") },
	{ 2, D4("'option-data': [ { 'code': 200, 'data': '0102' } ]") },
	{ 2, OPTION("'code': 200, 'csv-format': true, 'data': '1'") },
	{ 3, OPTION("'code': 3, 'name': 'time-servers', 'data': '10.0.0.1'") },
	{ 3, OPTION("'name': 'routers', 'data': '10.0.0.256'") },
	{ 2, OPTION("'data': '10.0.0.1'") },
	{ 3, OPTION("'code': 256, 'data': '1'") },
	{ 2, OPTION("'code': 0, 'data': '01'") },
	{ 3, OPTION("'name': 'a b', 'data': '1'") },
	{ 3, OPTION("'code': 1, 'space': '-x', 'data': '1'") },
	{ 3, OPTION("'code': 1, 'space': 'dhcp6', 'data': '1'") },
	{ 0, DEF("'name': 'x', 'code': 200, 'type': 'string'") },
	{ 2, DEF("'name': 'x', 'code': 66, 'type': 'string'") },
	{ 3, DEF("'name': 'x', 'code': 255, 'type': 'string'") },
	{ 2, DEF("'name': 'x', 'code': 200, 'type': 'text'") },
	{ 2, DEF("'name': 'x', 'code': 200, 'type': 'string', 'array': true") },
	{ 2, DEF("'name': 'x', 'code': 200") },
	{ 3, DEF("'name': 'x', 'code': 200, 'type': 'record', "
	    "'record-types': 'uint8, text'") },
	{ 2, DEF("'name': 'x', 'code': 200, 'type': 'record', "
	    "'record-types': 'uint8'") },
	{ 4, DEF("'name': 'x', 'code': 200, 'type': 'uint8' },\n"
	    "{ 'name': 'x', 'code': 201, 'type': 'uint8'") },
	/* subnets and pools */
	{ 3, NET4("'pools': [ { 'pool': '10.0.0.9-10.0.0.1' } ]") },
	{ 0, NET4("'pools': [ { 'pool': '10.0.0.1 - 10.0.0.9' }, "
	    "{ 'pool': '10.0.0.16/28' } ]") },
	{ 2, NET4("'pools': [ { 'pool': '10.0.1.1-10.0.1.9' } ]") },
	{ 2, NET4("'pools': [ { 'pool': '10.0.0.1-10.0.0.9' }, "
	    "{ 'pool': '10.0.0.9-10.0.0.10' } ]") },
	{ 3, NET4("'pools': [ { 'pool': '10.0.0.1' } ]") },
	{ -1, NET4("'id': -1") },
	{ 3, NET4("'id': 1 }, { 'subnet': '10.0.1.0/24', 'id': 1") },
	{ 4, NET4("'id': 1 },\n{ 'subnet': '10.0.1.0/24'") },
	{ 3, NET4("'id': 1 }, { 'subnet': '10.0.0.0/24'") },
	{ 2, D4("'subnet4': [ { 'subnet': '10.0.0.0' } ]") },
	{ 2, D4("'subnet4': [ { 'subnet': '10.0.0.0/33' } ]") },
	{ -1, D4("'subnet4': [ { 'subnet': '2001:db8::/32' } ]") },
	{ -1, NET4("'renew-timer': 20, 'rebind-timer': 10") },
	{ 3, NET4("'next-server': 'boot.example.org'") },
	{ 0, NET4("'next-server': ''") },
	{ 0, D4("'next-server': 'boot.example.org'") },
	{ 3, NET4("'require-client-classes': [ '' ]") },
	{ 0, NET4("'require-client-classes': [ 'none' ]") },
	{ 3, NET4("'relay': { 'ip-addresses': [ '10.0.0.1', '10.0.0.1' ] }") },
	{ 3, NET4("'relay': { }") },
	{ 3, NET4("'relay': { 'ip-address': '10.0.0.1', }") },
	{ 2, D4("'shared-networks': [ { 'name': 'a' }, { 'name': 'a' } ]") },
	{ 2, D4("'shared-networks': [ { 'interface': 'x' } ]") },
	{ -1, D4("'shared-networks': [ { 'name': 'a', 'subnet4': [ "
	    "{ 'subnet': '10.0.0.0/24', 'authoritative': true } ] } ]") },
	/* reservations */
	{ 0, HOST("'hw-address': '52:54:00:00:00:01', 'hostname': 'a'") },
	{ 3, HOST("'hw-address': '52:54:00:00:00:0g', 'hostname': 'a'") },
	{ 3, HOST("'hostname': 'a'") },
	{ 3, HOST("'hw-address': '01', 'duid': '01', 'hostname': 'a'") },
	{ -1, HOST("'hw-address': '52:54:00:00:00:01'") },
	{ -1, HOST("'duid': '01', 'hostname': 'a' }, "
	    "{ 'duid': '01', 'hostname': 'a'") },
	{ -1, HOST("'duid': '01', 'ip-address': '10.0.1.1'") },
	{ -1, HOST("'duid': '01', 'ip-address': '10.0.0.1' }, "
	    "{ 'duid': '02', 'ip-address': '10.0.0.1'") },
	{ 3, HOST("'duid': '01', 'ip-address': '10.0.0'") },
	{ 3, HOST("'duid': '01', 'next-server': '::1'") },
	{ 0, HOST("'circuit-id': '`ab`', 'client-classes': [ 'x' ]") },
	{ 2, D4("'host-reservation-identifiers': [ 'hostname' ]") },
	/* kea-dhcp6 */
	{ 0, D6("'preferred-lifetime': 60") },
	{ 2, D6("'next-server': '10.0.0.1'") },
	{ 2, D6("'client-classes': [ { 'name': 'a', 'boot-file-name': 'x' } ]") },
	{ 0, D6("'option-data': [ { 'name': 'bootfile-url', "
	    "'data': 'http://[2001:db8::1]/a' } ]") },
	{ 2, D6("'option-data': [ { 'name': 'routers', 'data': 'a' } ]") },
	{ 2, D6("'subnet6': [ { 'subnet': '2001:db8::/64', 'pools': [ "
	    "{ 'pool': '2001:db9::1-2001:db9::2' } ] } ]") },
	{ 2, D6("'subnet6': [ { 'subnet': '2001:db8::/64', 'pd-pools': [ "
	    "{ 'prefix': '2001:db8:1::', 'prefix-len': 64, "
	    "'delegated-len': 56 } ] } ]") },
	{ 0, D6("'subnet6': [ { 'subnet': '2001:db8::/64', 'pd-pools': [ "
	    "{ 'prefix': '2001:db8:1::', 'prefix-len': 48, "
	    "'delegated-len': 56, 'excluded-prefix': '2001:db8:1::', "
	    "'excluded-prefix-len': 64 } ] } ]") },
	{ 2, D6("'subnet6': [ { 'subnet': '2001:db8::/64', 'pd-pools': [ "
	    "{ 'prefix': '2001:db8:1::', 'prefix-len': 48, "
	    "'delegated-len': 56, 'excluded-prefix': '2001:db8:2::', "
	    "'excluded-prefix-len': 64 } ] } ]") },
	{ 2, D6("'mac-sources': [ 'any', 'any' ]") },
	{ 0, D6("'relay-supplied-options': [ '110', 'dns-servers' ]") },
	{ 2, D6("'relay-supplied-options': [ 'routers' ]") },
	{ 2, D6("'relay-supplied-options': [ 110 ]") },
	{ 2, D6("'relay-supplied-options': [ '65536' ]") },
	{ 2, D4("'shared-networks': [ { 'name': 'a', 'subnet4': [ "
	    "{ 'subnet': '10.0.0.0/24' } ] },\n{ 'name': 'b', 'subnet4': [ "
	    "{ 'subnet': '10.1.0.0/24' } ] },\n{ 'name': 'a', 'subnet4': [ "
	    "{ 'subnet': '10.0.0.0/24' } ] } ]") },
	{ 3, D4("'shared-networks': [ { 'name': 'a', 'subnet4': [ "
	    "{ 'subnet': '10.0.0.0/24', 'id': 3 },\n"
	    "{ 'subnet': '10.1.0.0/24', 'id': 3 } ] } ]") },
	{ 2, D4("'config-control': { 'config-databases': [ ],\n"
	    "'config-fetch-wait-time': -1 }") },
	{ 2, D6("'server-id': { 'type': 'LLT', 'htype': 65536 }") },
};

#endif
