/*
 * What dhcpd 4.4.3 takes and what it refuses: each row's verdict is the
 * daemon's own ("dhcpd -t"), with the preamble before it.
 */
#include "unit.h"

#include "config/isc.h"

#include <errno.h>
#include <stdio.h>

static const char preamble[] =
    "option arch code 93 = unsigned integer 16;\n"
    "option one code 224 = unsigned integer 8;\n"
    "option zl code 225 = string;\n"
    "option nope code 226 = string;\n";

static const struct { bool taken; const char *text; } rows[] = {
	{ false, "if (1 = 1 or known) and known { }" },
	{ true, "if (1 = 1) { }" },
	{ true, "if ((1 = 1) or known) { }" },
	{ false, "if (1 = 1) or (1 = 1) { }" },
	{ true, "if not (1 = 1) { }" },
	{ false, "if not 1 = 1 { }" },
	{ true, "if not known { }" },
	{ false, "if not option arch = 00:07 { }" },
	{ true, "if not known or known { }" },
	{ false, "if (option arch = 00:07) or (option arch = 00:09) { }" },
	{ false, "if ((option arch = 00:07) or (option arch = 00:09)) and known { }" },
	{ true, "if known and (option arch = 00:07) or (option arch = 00:09) { }" },
	{ false, "if (known) and (known) { }" },
	{ true, "if option arch = 00:06 { } elsif option arch = 00:07 { } else if"
	    " known { } else { }" },
	{ false, "if option arch = 00:06 { } elseif known { }" },
	{ true, "if exists arch and exists arch { filename \"x\"; }" },
	{ false, "if option arch = 0x7 { }" },
	{ false, "if option arch = 0x0007 { }" },
	{ true, "if option arch = a { }" },
	{ true, "if option arch = ff { }" },
	{ true, "if option arch = \"\\007\" { }" },
	{ false, "if option arch { }" },
	{ false, "if 1 { }" },
	{ true, "foobar;" },
	{ false, "foobar 12;" },
	{ false, "foobar { }" },
	{ false, "\"x\";" },
	{ false, "12;" },
	{ false, ";" },
	{ false, "authoritative;;" },
	{ true, "filename x;" },
	{ false, "filename \"x\"" },
	{ true, "filename = \"x\";" },
	{ false, "filename concat(\"a\",\"b\");" },
	{ false, "next-server 1.2.3.4, 2.3.4.5;" },
	{ true, "next-server foo.invalid;" },
	{ false, "next-server \"1.2.3.4\";" },
	{ false, "next-server = 1.2.3.4;" },
	{ false, "next-server option arch;" },
	{ true, "server-name foo;" },
	{ true, "option bootfile-name = \"x\";" },
	{ false, "option bootfile-name \"a\" \"b\";" },
	{ false, "option bootfile-name concat(\"a\",\"b\");" },
	{ true, "option bootfile-name = concat(\"a\",\"b\");" },
	{ true, "option domain-name-servers foo.invalid;" },
	{ false, "option domain-name-servers 1.2.3;" },
	{ true, "option domain-name-servers 1.2.3.4, 5.6.7.8;" },
	{ false, "option domain-name-servers 1.2.3.4 5.6.7.8;" },
	{ false, "option routers 300.1.1.1;" },
	{ false, "option nosuch 12;" },
	{ false, "option nosuch = 12;" },
	{ false, "option 250 \"x\";" },
	{ true, "option unknown-250 \"x\";" },
	{ true, "option unknown-250 01:02;" },
	{ false, "option code 12 = text;" },
	{ true, "option arch 7;" },
	{ false, "option arch 70000;" },
	{ true, "option arch 0x10;" },
	{ false, "option arch 00:07;" },
	{ false, "option arch \"x\";" },
	{ false, "option zl foo;" },
	{ true, "option zl 61:62;" },
	{ true, "option zl 6a;" },
	{ true, "option one -1;" },
	{ false, "option one 256;" },
	{ true, "set x = 1;" },
	{ true, "set x = option arch;" },
	{ true, "set x = known;" },
	{ true, "unset x;" },
	{ true, "eval foo(1);" },
	{ true, "execute(\"a\", 1);" },
	{ true, "log(\"x\");" },
	{ true, "log(error, \"x\");" },
	{ false, "log(foo, \"x\");" },
	{ false, "if 1 + 2 = 3 { }" },
	{ false, "if extract-int(option arch,16) + 1 = 3 { }" },
	{ false, "if 1 = 1 + 2 { }" },
	{ false, "if option arch = 1 + 2 { }" },
	{ false, "if known = known { }" },
	{ false, "if known { } else known { }" },
	{ false, "if exists nosuch { }" },
	{ false, "if option nosuch = 1 { }" },
	{ false, "if substring(option arch, 0 1) = \"a\" { }" },
	{ false, "if substring option arch = \"a\" { }" },
	{ true, "if binary-to-ascii(16, 8, \":\", hardware) = \"a\" { }" },
	{ true, "if pick-first-value(option arch, option one, \"a\") = \"a\" { }" },
	{ true, "if encode-int(7, 16) = \"a\" { }" },
	{ false, "if encode-int(7, 24) = \"a\" { }" },
	{ false, "if extract-int(option arch, 24) = \"a\" { }" },
	{ false, "if extract-int(option arch, 16) = \"a\" { }" },
	{ true, "if option arch = 0x { }" },
	{ false, "if option arch = 7:g { }" },
	{ false, "if option arch = 700 { }" },
	{ false, "if option arch = 7:100 { }" },
	{ true, "if option arch ~= \"x\" { }" },
	{ true, "if option arch ~= 7 { }" },
	{ true, "if option arch ! = 7 { }" },
	{ false, "if option arch == 7 { }" },
	{ false, "if option arch = 7 { ; }" },
	{ false, "if option arch = 7 { filename \"x\" }" },
	{ false, "if option arch = 7 { filename \"x\"; };" },
	{ false, "if option arch = 7 filename \"x\";" },
	{ false, "else { }" },
	{ false, "if known { } elsif { }" },
	{ false, "switch (option arch) { case 00:07: filename \"x\"; break; defaul"
	    "t: filename \"y\"; }" },
	{ true, "switch (extract-int(option arch,16)) { case 7: filename \"x\"; b"
	    "reak; default: filename \"y\"; }" },
	{ false, "switch option arch { case 7: break; }" },
	{ false, "switch (option arch) { case 7: filename \"x\"; break; }" },
	{ false, "switch (option arch) { case \"b\": switch (extract-int(option arch, 8)) "
	    "{ case 7: break; } case 7: break; }" },
	{ true, "switch (extract-int(option arch, 8)) { case 7: switch (option arch) "
	    "{ case \"7\": break; } case 7: break; }" },
	{ false, "set a = encode-int(extract-int(option arch, 8) - 1, 8);" },
	{ false, "set a = encode-int(3 -1, 8);" },
	{ true, "if extract-int(option arch, 8) = 1 or 1 = extract-int(option arch, 8) { }" },
	{ false, "if extract-int(option arch, 8) = 1 or extract-int(option arch, 8) = 1 { }" },
	{ true, "if extract-int(option arch, 8) = 1 or (extract-int(option arch, 8) = 1) { }" },
	{ false, "if known or extract-int(option arch, 8) = 1 { }" },
	{ false, "if known or 1 = extract-int(option arch, 8) { }" },
	{ false, "if extract-int(option arch, 8) = 1 and known and 1 = extract-int(option arch, 8) { }" },
	{ true, "if \"a\" = \"b\" or extract-int(option arch, 8) = extract-int(option arch, 8) "
	    "and 1 = extract-int(option arch, 8) { }" },
	{ true, "if extract-int(option arch, 8) & 7 = 7 { }" },
	{ true, "if extract-int(option arch, 8) = 7 | extract-int(option arch, 8) { }" },
	{ false, "if extract-int(option arch, 8) = 7 + extract-int(option arch, 8) { }" },
	{ false, "if extract-int(option arch, 8) + 7 = 7 { }" },
	{ true, "if known and extract-int(option arch, 8) ^ 1 = 7 { }" },
	{ false, "if known and extract-int(option arch, 8) = 7 ^ 1 { }" },
	{ false, "if extract-int(option arch, 8) = 7 & 7 and known { }" },
	{ true, "break;" },
	{ false, "case 7: filename \"x\";" },
	{ true, "on commit { set x = 1; }" },
	{ true, "on commit or release { execute(\"a\"); }" },
	{ false, "on foo { }" },
	{ true, "define f (a, b) { return a; }" },
	{ true, "class \"a\" { match if known; }" },
	{ true, "class \"a\" { match hardware; }" },
	{ false, "class a { match hardware; }" },
	{ true, "class \"a\" { match hardware; match if known; }" },
	{ false, "class \"a\" { match hardware; spawn with option arch; }" },
	{ true, "class \"a\" { lease limit 4; filename \"x\"; }" },
	{ true, "class \"a\" { match if known; }\nclass \"a\" { match if static; }" },
	{ true, "class \"a\" { match if known; }\nclass \"a\" { filename \"x\"; }" },
	{ true, "class \"a\" { }\nsubclass \"a\" 1:2 { filename \"x\"; }\nsubclas"
	    "s \"a\" \"foo\";" },
	{ false, "subclass \"b\" 1;" },
	{ false, "class \"a\" { match hardware; }\nsubclass \"a\" hardware;" },
	{ false, "class \"a\" { match hardware; }\nsubclass \"a\" concat(\"a\",\"b"
	    "\");" },
	{ true, "class \"a\" { match hardware; }\nsubclass \"a\" 1:52:54:00:00:00"
	    ":00 { filename \"x\"; }" },
	{ true, "class \"a\" { match if known; }\nsubclass \"a\" 1;" },
	{ false, "class \"a\" { range 1.2.3.4; }" },
	{ false, "class \"a\" { host b { } }" },
	{ false, "class \"a\" { class \"b\" { } }" },
	{ true, "class \"a\" { if known { filename \"x\"; } }" },
	{ false, "vendor-class \"a\" { }" },
	{ false, "user-class \"a\" { }" },
	{ true, "host a { }" },
	{ true, "host a { hardware ethernet 0:1:2:3:4:5; fixed-address 1.2.3.4, f"
	    "oo.invalid; }" },
	{ false, "host a { hardware ethernet 0:1:2:3:4:5; }\nhost a { hardware eth"
	    "ernet 0:1:2:3:4:6; }" },
	{ true, "host a { hardware ethernet 0:1:2:3:4:5; }\nhost b { hardware eth"
	    "ernet 0:1:2:3:4:5; }" },
	{ false, "host a { hardware ethernet 0:1:2:3:4:5; hardware ethernet 0:1:2:"
	    "3:4:6; }" },
	{ true, "host a { hardware ethernet 0:1:2:3:4; }" },
	{ false, "host a { hardware ethernet 0-1-2-3-4-5; }" },
	{ false, "host a { hardware ethernet 000102030405; }" },
	{ false, "host a { hardware ethernet \"foo\"; }" },
	{ true, "host a { hardware ethernet 0:1:2:3:4:5:6; }" },
	{ false, "host a { hardware foo 0:1:2:3:4:5; }" },
	{ false, "host \"a b\" { hardware ethernet 0:1:2:3:4:5; }" },
	{ true, "host 1.2.3.4 { hardware ethernet 0:1:2:3:4:5; }" },
	{ true, "host a.b.c { hardware ethernet 0:1:2:3:4:5; }" },
	{ false, "host { hardware ethernet 0:1:2:3:4:5; }" },
	{ true, "host 0a { hardware ethernet 0:1:2:3:4:5; }" },
	{ false, "host a { dhcp-client-identifier \"x\"; }" },
	{ false, "host a { dhcp-client-identifier 1:2:3; }" },
	{ true, "host a { option dhcp-client-identifier \"x\"; }" },
	{ true, "host a { uid 1:2:3; }" },
	{ true, "host a { host-identifier option arch 7; }" },
	{ true, "host a { host-identifier option user-class \"7\"; }" },
	{ false, "host a { fixed-address 1.2.3.4; fixed-address 1.2.3.4; }" },
	{ false, "host a { host b { } }" },
	{ false, "host a { subnet 1.2.3.0 netmask 255.255.255.0 { } }" },
	{ true, "host a { filename \"x\"; next-server 1.2.3.4; if known { filenam"
	    "e \"y\"; } }" },
	{ false, "host a { group \"g\"; }" },
	{ true, "group \"g\" { }" },
	{ true, "group { filename \"x\"; }" },
	{ true, "group g { filename \"x\"; }" },
	{ true, "group { group { host a { } } }" },
	{ true, "group { subnet 1.2.3.0 netmask 255.255.255.0 { } }" },
	{ true, "group { shared-network x { subnet 1.2.3.0 netmask 255.255.255.0 "
	    "{ } } }" },
	{ true, "subnet 1.2.3.0 netmask 255.255.255.0 { }" },
	{ false, "subnet 1.2.3.4 netmask 255.255.255.0 { }" },
	{ false, "subnet 1.2.3.0 { }" },
	{ false, "subnet 1.2.3.0/24 { }" },
	{ false, "subnet 1.2.3.0 netmask 255.255.0.255 { }" },
	{ false, "subnet 1.2.3.0 netmask 255.255.255.0 { range 1.2.4.1; }" },
	{ false, "subnet 1.2.3.0 netmask 255.255.255.0 { range 1.2.3.1 1.2.4.4; }" },
	{ true, "subnet 1.2.3.0 netmask 255.255.255.0 { range 1.2.3.9 1.2.3.4; }" },
	{ false, "subnet 1.2.3.0 netmask 255.255.255.0 { range 1.2.3.4 1.2.3.9; ra"
	    "nge 1.2.3.8; }" },
	{ true, "subnet 1.2.3.0 netmask 255.255.255.0 { range dynamic-bootp 1.2.3"
	    ".4 1.2.3.9; range 1.2.3.20;}" },
	{ false, "subnet 1.2.3.0 netmask 255.255.255.0 { range 1.2.3.4, 1.2.3.9; }" },
	{ false, "subnet 1.2.3.0 netmask 255.255.255.0 { range 1.2.3.4 - 1.2.3.9; }" },
	{ true, "subnet 1.2.3.0 netmask 255.255.255.0 { }\nsubnet 1.2.3.0 netmask"
	    " 255.255.255.0 { }" },
	{ true, "subnet 1.2.3.0 netmask 255.255.255.0 { }\nsubnet 1.2.3.0 netmask"
	    " 255.255.255.128 { }" },
	{ false, "subnet 1.2.3.0 netmask 255.255.255.0 { pool { range 1.2.3.4; all"
	    "ow members of \"a\"; } }" },
	{ true, "class \"a\" { }\nsubnet 1.2.3.0 netmask 255.255.255.0 { pool { r"
	    "ange 1.2.3.4; allow members of \"a\"; deny members of \"a\"; } }" },
	{ false, "subnet 1.2.3.0 netmask 255.255.255.0 { pool { } }" },
	{ true, "subnet 1.2.3.0 netmask 255.255.255.0 { pool { range 1.2.3.4; all"
	    "ow known-clients; deny unknown-clients; allow known clients; all"
	    "ow unknown clients; } }" },
	{ false, "subnet 1.2.3.0 netmask 255.255.255.0 { pool { range 1.2.3.4; den"
	    "y dynamic bootp clients; allow all clients; allow authenticated "
	    "clients; deny unauthenticated clients; deny dynamic bootp; } }" },
	{ false, "subnet 1.2.3.0 netmask 255.255.255.0 { pool { range 1.2.3.4; all"
	    "ow foo; } }" },
	{ false, "subnet 1.2.3.0 netmask 255.255.255.0 { pool { range 1.2.3.4; all"
	    "ow booting; } }" },
	{ false, "subnet 1.2.3.0 netmask 255.255.255.0 { pool { range 1.2.3.4; all"
	    "ow after 4 2026/01/02 00:00:00; allow after 1234; } }" },
	{ true, "subnet 1.2.3.0 netmask 255.255.255.0 { pool { range 1.2.3.4; fil"
	    "ename \"x\"; option domain-name \"x\"; if known { } } }" },
	{ true, "subnet 1.2.3.0 netmask 255.255.255.0 { pool { range 1.2.3.4; hos"
	    "t a { } } }" },
	{ true, "subnet 1.2.3.0 netmask 255.255.255.0 { pool { range 1.2.3.4; gro"
	    "up { } } }" },
	{ true, "subnet 1.2.3.0 netmask 255.255.255.0 { group { } class \"x\" { }"
	    " host z { } }" },
	{ false, "subnet 1.2.3.0 netmask 255.255.255.0 { group { pool { range 1.2."
	    "3.4; } } }" },
	{ false, "subnet 1.2.3.0 netmask 255.255.255.0 { subnet 1.2.3.0 netmask 25"
	    "5.255.255.128 { } }" },
	{ true, "shared-network a { subnet 1.2.3.0 netmask 255.255.255.0 { } subn"
	    "et 1.2.4.0 netmask 255.255.255.0 { } pool { range 1.2.3.4; range"
	    " 1.2.4.4; } }" },
	{ true, "shared-network \"a\" { subnet 1.2.3.0 netmask 255.255.255.0 { } }" },
	{ false, "shared-network a { }" },
	{ false, "shared-network a { group { subnet 1.2.3.0 netmask "
	    "255.255.255.0 { } } }" },
	{ false, "shared-network { subnet 1.2.3.0 netmask 255.255.255.0 { } }" },
	{ false, "shared-network a { subnet 1.2.3.0 netmask 255.255.255.0 { } rang"
	    "e 1.2.3.4; }" },
	{ false, "shared-network a { shared-network b { } }" },
	{ true, "shared-network 10.0.0 { subnet 1.2.3.0 netmask 255.255.255.0 { } }" },
	{ false, "pool { range 1.2.3.4; }" },
	{ false, "range 1.2.3.4;" },
	{ false, "fixed-address 1.2.3.4;" },
	{ false, "hardware ethernet 1:2:3:4:5:6;" },
	{ false, "subnet6 2001:db8::/32 { range6 2001:db8::1 2001:db8::2; }" },
	{ false, "subnet6 2001:db8::/32 { prefix6 2001:db8:1:: 2001:db8:2:: /64; r"
	    "ange6 2001:db8:1::/64; range6 2001:db8:3::/64 temporary; pool6 {"
	    " range6 2001:db8:4::/64; } }" },
	{ false, "subnet6 2001:db8:: { }" },
	{ true, "default-lease-time 600;" },
	{ false, "default-lease-time \"600\";" },
	{ false, "default-lease-time = 600;" },
	{ false, "default-lease-time 600" },
	{ true, "default-lease-time -1;" },
	{ true, "default-lease-time infinite;" },
	{ true, "default-lease-time 0x10;" },
	{ false, "default-lease-time foo;" },
	{ true, "max-lease-time 4294967295;" },
	{ true, "max-lease-time 4294967296;" },
	{ true, "authoritative;" },
	{ true, "not authoritative;" },
	{ false, "authoritative on;" },
	{ true, "allow booting;" },
	{ false, "allow booting, bootp;" },
	{ true, "ignore booting;" },
	{ true, "deny bootp;" },
	{ false, "allow foo;" },
	{ true, "allow unknown-clients;" },
	{ true, "allow duplicates; deny declines; ignore client-updates; allow le"
	    "asequery;" },
	{ false, "allow known-clients;" },
	{ false, "allow members of \"x\";" },
	{ false, "booting on;" },
	{ true, "boot-unknown-clients true;" },
	{ false, "boot-unknown-clients foo;" },
	{ true, "ddns-update-style none;" },
	{ false, "ddns-update-style foo;" },
	{ true, "ddns-updates off;" },
	{ true, "ddns-domainname \"x\";" },
	{ true, "log-facility local7;" },
	{ false, "log-facility foo;" },
	{ true, "use-host-decl-names on;" },
	{ true, "get-lease-hostnames true;" },
	{ false, "get-lease-hostnames;" },
	{ false, "always-broadcast maybe;" },
	{ true, "use-lease-addr-for-default-route on;" },
	{ true, "ping-timeout 2;" },
	{ true, "min-secs 5;" },
	{ true, "server-identifier 1.2.3.4;" },
	{ true, "server-identifier foo.invalid;" },
	{ true, "vendor-option-space ipxe;" },
	{ true, "option space foo; vendor-option-space foo;" },
	{ true, "option space foo; site-option-space \"foo\";" },
	{ true, "site-option-space \"nope\";" },
	{ false, "vendor-option-space \"agent\";" },
	{ true, "key k { algorithm hmac-md5; secret \"YWJj\"; };" },
	{ true, "key k { algorithm hmac-md5; secret YWJjZA==; }" },
	{ true, "key \"k\" { secret abc; algorithm foo; };" },
	{ false, "zone a.b. { primary 127.0.0.1; key k; }" },
	{ true, "key k { algorithm hmac-md5; secret YWJjZA==; }\nzone a.b. { prim"
	    "ary 127.0.0.1; key k; }" },
	{ true, "omapi-port 7911;" },
	{ true, "local-port 67; remote-port 68; local-address 1.2.3.4;" },
	{ true, "lease-file-name \"/x\"; pid-file-name \"y\";" },
	{ true, "db-time-format local;" },
	{ false, "db-time-format foo;" },
	{ false, "adaptive-lease-time-threshold 50; bootp-lease-cutoff 4 2026/01/0"
	    "2 00:00:00;" },
	{ false, "dynamic-bootp-lease-cutoff W YYYY/MM/DD HH:MM:SS;" },
	{ true, "dynamic-bootp-lease-length 600;" },
	{ false, "infinite-is-reserved on; echo-client-id on; stash-agent-options "
	    "true; one-lease-per-client yes;" },
	{ true, "one-lease-per-client true;" },
	{ true, "failover peer \"a\" { primary; address 1.2.3.4; port 519; peer a"
	    "ddress 1.2.3.5; peer port 520; mclt 30; split 128; max-response-"
	    "delay 60; max-unacked-updates 10; load balance max seconds 3; }"
	    "\nsubnet 1.2.3.0 netmask 255.255.255.0 { pool { failover peer \""
	    "a\"; range 1.2.3.4; } }" },
	{ false, "include foo;" },
	{ true, "server-duid llt;" },
	{ false, "interface eth0;" },
	{ true, "ddns-hostname = \"x\";" },
	{ true, "ddns-hostname \"x\";" },
	{ true, "ddns-rev-domainname \"x.\";" },
	{ true, "execute (\"a\");" },
	{ false, "lease 1.2.3.4 { }" },
	{ false, "if known { subnet 1.2.3.0 netmask 255.255.255.0 { } }" },
	{ false, "if known { host a { } }" },
	{ false, "if known { class \"x\" { } }" },
	{ false, "if known { option space foo; }" },
	{ false, "if known { option foo code 230 = text; }" },
	{ true, "if known { allow booting; }" },
	{ false, "if known { authoritative; }" },
	{ true, "if known { next-server 1.2.3.4; default-lease-time 3; server-nam"
	    "e \"x\"; option domain-name \"x\"; append domain-name \"x\"; }" },
	{ true, "supersede domain-name \"x\"; default domain-name \"y\"; prepend "
	    "domain-name \"z\"; append domain-name \"q\";" },
	{ true, "append domain-name = \"x\";" },
	{ true, "send domain-name \"x\";" },
	{ false, "supersede filename = \"x\";" },
	{ false, "option filename \"x\";" },
	{ true, "option server.filename \"x\";" },
	{ true, "option server.filename = \"x\";" },
	{ true, "supersede server.filename = \"x\";" },
	{ false, "append filename \"x\";" },
	{ true, "option a code 230 = text;" },
	{ true, "option a code 230 = string; option b code 230 = text;" },
	{ true, "option a code 230 = text; option a code 231 = text;" },
	{ true, "option a code 256 = text;" },
	{ true, "option a code 0 = text;" },
	{ true, "option a code 93 = unsigned integer 16; option a 7;" },
	{ true, "option a code 230 = integer 16; option a -7;" },
	{ true, "option a code 230 = integer 8; option a 200;" },
	{ true, "option a code 230 = signed integer 32; option a -7;" },
	{ false, "option a code 230 = unsigned integer 24;" },
	{ true, "option a code 230 = ip-address; option a 1.2.3.4;" },
	{ true, "option a code 230 = ip-address; option a foo.invalid;" },
	{ true, "option a code 230 = array of ip-address; option a 1.2.3.4, 2.3.4"
	    ".5;" },
	{ true, "option a code 230 = array of unsigned integer 8; option a 1, 2, 3;" },
	{ true, "option a code 230 = array of integer 8; option a 1, 2, 3;" },
	{ true, "option a code 230 = boolean; option a true;" },
	{ true, "option a code 230 = boolean; option a on;" },
	{ false, "option a code 230 = boolean; option a 1;" },
	{ false, "option a code 230 = boolean; option a yes;" },
	{ false, "option a code 230 = domain-name; option a \"a.b.c\";" },
	{ true, "option a code 230 = domain-list; option a \"a.b.c\", \"b.c\";" },
	{ true, "option a code 230 = domain-list compressed; option a \"a.b.c\", "
	    "\"b.c\";" },
	{ false, "option a code 230 = domain-list; option a a.b.c;" },
	{ false, "option a code 230 = string; option a \"a\", 1:2;" },
	{ true, "option a code 230 = { ip-address, integer 8 }; option a 1.2.3.4 7;" },
	{ true, "option a code 230 = { ip-address, text }; option a 1.2.3.4 \"x\";" },
	{ false, "option a code 230 = { text, ip-address };" },
	{ false, "option a code 230 = { string, ip-address };" },
	{ true, "option a code 230 = array of { ip-address, integer 8 }; option a"
	    " 1.2.3.4 7, 1.2.3.5 8;" },
	{ true, "option a code 230 = { integer 8, array of ip-address }; option a"
	    " 1 1.2.3.4, 2.3.4.5;" },
	{ false, "option a code 230 = array of text;" },
	{ false, "option a code 230 = array of string;" },
	{ false, "option a code 230 = encapsulate foo;" },
	{ true, "option space foo; option a code 230 = encapsulate foo;" },
	{ true, "option space foo; option foo.x code 1 = text; option foo.x \"y\""
	    "; option a code 230 = encapsulate foo;" },
	{ true, "option space foo code width 2 length width 2; option foo.x code "
	    "1000 = text;" },
	{ false, "option space foo code width 3;" },
	{ true, "option space foo code width 1 length width 1 hash size 7;" },
	{ true, "option space foo; option space foo;" },
	{ true, "option space dhcp;" },
	{ false, "option foo.x code 1 = text;" },
	{ false, "option foo.x \"y\";" },
	{ false, "option space foo; option foo.x \"y\";" },
	{ true, "option space foo; option foo.x code 300 = text;" },
	{ false, "option space foo; option foo.1 \"x\";" },
	{ false, "option a code 230 text;" },
	{ false, "option a code = text;" },
	{ false, "option a code \"x\" = text;" },
	{ false, "option a code 230 = foo;" },
	{ true, "option a code 230 = ip6-address; option a 2001:db8::1;" },
	{ true, "option a code 230 = unsigned integer 8;\nif option a = 7 { }" },
	{ true, "option vendor-encapsulated-options 01:02:03;" },
	{ true, "option vendor-encapsulated-options \"x\";" },
	{ true, "option vendor-class-identifier \"PXEClient\";" },
	{ false, "option vendor-class-identifier PXEClient;" },
	{ true, "option tftp-server-name \"x\";" },
	{ false, "option tftp-server-name 1.2.3.4;" },
	{ false, "option tftp-server-name = 1.2.3.4;" },
	{ true, "option domain-search \"a.b\", \"c.d\";" },
	{ false, "option domain-search \"a.b\" \"c.d\";" },
	{ false, "option domain-search a.b;" },
	{ true, "option domain-search \"a.b.\";" },
	{ true, "option ntp-servers 1.2.3.4;" },
	{ true, "option subnet-mask 255.255.255.0;" },
	{ true, "option broadcast-address 1.2.3.255;" },
	{ true, "option time-offset -18000;" },
	{ true, "option ip-forwarding off;" },
	{ true, "option static-routes 1.2.3.4 1.2.3.5, 2.3.4.5 3.4.5.6;" },
	{ false, "option static-routes 1.2.3.4, 1.2.3.5;" },
	{ true, "option dhcp-parameter-request-list 1,3,43;" },
	{ false, "option dhcp-parameter-request-list 1 3 43;" },
	{ true, "option dhcp-parameter-request-list = concat(option dhcp-paramete"
	    "r-request-list, 43);" },
	{ true, "option dhcp-client-identifier \"x\";" },
	{ true, "option dhcp-message-type 4;" },
	{ true, "option dhcp-lease-time 4;" },
	{ true, "option host-name foo;" },
	{ true, "option host-name \"foo\";" },
	{ false, "option host-name \"foo\", \"bar\";" },
	{ true, "option root-path \"a\"; option root-path b;" },
	{ true, "option user-class \"x\";" },
	{ false, "option client-architecture 7;" },
	{ true, "option pxe-system-type 7;" },
	{ false, "option pxe-system-type 00:07;" },
	{ false, "option pxe-interface-id \"x\"; option pxe-client-id 1:2;" },
	{ true, "option pxe-system-type 7, 9;" },
	{ true, "option agent.circuit-id \"x\";" },
	{ true, "if option agent.circuit-id = \"x\" { }" },
	{ true, "option fqdn.no-client-update on;" },
	{ true, "option fqdn.hostname \"x\";" },
	{ false, "option nds-servers 1.2.3.4; option nds-tree-name \"x\"; option n"
	    "wip.nsq-broadcast true; option netware-ip-domain \"x\";" },
	{ true, "option slp-directory-agent true 1.2.3.4; option slp-service-scop"
	    "e true \"x\";" },
	{ false, "option isns 1; " },
	{ true, "option vivco \"x\";" },
	{ true, "option vivso 1:2;" },
	{ false, "option vivso.iana 1;" },
	{ false, "option vendor.foo 12;" },
	{ true, "option loader-configfile \"x\"; " },
	{ true, "option loader-pathprefix \"x\"; option loader-reboottime 4;" },
	{ false, "option configfile \"x\";" },
	{ false, "option ipxe.priority 1;" },
	{ false, "option v4-final 1;" },
	{ false, "option classless-static-routes 1;" },
	{ false, "option rfc3442-classless-static-routes 24, 1,2,3, 4,5,6,7;" },
	{ true, "option tftp-server-address 1.2.3.4;" },
	{ true, "option cookie-servers 1.2.3.4; option swap-server 1.2.3.4; optio"
	    "n boot-size 4; option merit-dump \"x\"; option nisplus-domain \""
	    "x\";" },
	{ true, "option dhcp6.name-servers 2001:db8::1;" },
	{ true, "option associated-ip 1.2.3.4; option client-last-transaction-tim"
	    "e 3; option subnet-selection 1.2.3.4; option auto-config 1; opti"
	    "on uap-servers \"x\"; option netinfo-server-address 1.2.3.4; opt"
	    "ion default-url \"x\";" },
	{ false, "option name-service-search 1; option sip-server 1 1.2.3.4; optio"
	    "n civic 1; option geoconf-civic \"x\"; option pcode \"x\"; optio"
	    "n tcode \"x\"; option pana-agent 1.2.3.4; option v4-lost \"x\"; "
	    "option capwap-ac-v4 1.2.3.4;" },
	{ true, "option dhcp-server-identifier 1.2.3.4;" },
	{ true, "option bootfile-name foo;" },
	{ false, "option option-6rd \"x\"; option rdnss-selection \"x\"; option tf"
	    "tp-server-address 1.2.3.4; option v4-portparams \"x\"; option v4"
	    "-captive-portal \"x\"; option captive-portal \"x\"; option subne"
	    "t-selection 1.2.3.4;" },
	{ true, "option lpr-servers 1.2.3.4; option nntp-server 1.2.3.4; option s"
	    "mtp-server 1.2.3.4; option www-server 1.2.3.4; option font-serve"
	    "rs 1.2.3.4; option x-display-manager 1.2.3.4; option policy-filt"
	    "er 1.2.3.4 1.2.3.4; option path-mtu-plateau-table 1, 2;" },
	{ false, "option domain-name foo.bar;" },
	{ false, "option domain-name foo.bar, x;" },
	{ false, "option domain-name \"foo" },
	{ false, "option domain-name \"\\x4\";" },
	{ false, "host h { authoritative; }" },
	{ false, "host h { not authoritative; }" },
	{ true, "class \"c\" { authoritative; }" },
	{ true, "group { not authoritative; }" },
	{ false, "/* c */ authoritative;" },
	{ false, "// c" },
	{ false, "authoritative # c" },
};

START_TEST(accept_or_refuse)
{
	char text[4096];
	struct diag d = { .text = "" };
	void *tree = NULL;
	int rc;

	(void)snprintf(text, sizeof(text), "%s%s\n", preamble, rows[_i].text);
	rc = isc_parse("t.conf", text, strlen(text), NULL, &tree, &d);
	ck_assert_msg(rc == (rows[_i].taken ? 0 : -EBADMSG), "%s: %d %s",
	    rows[_i].text, rc, d.text);
	ck_assert(rows[_i].taken == (tree != NULL));
	/* A refusal has its place. */
	ck_assert(rows[_i].taken || (d.line > 0 && d.column > 0 && d.text[0]));
	if (tree)
		isc_ops.free(tree);
}
END_TEST

/* Every beginning of a text is taken or refused, and no byte past it read. */
START_TEST(every_prefix)
{
	static const char text[] = "option space s; option s.a code 1 = text;\n"
	    "class \"c\" { match if substring(hardware,1,3) = 52:54:00; }\n"
	    "subnet 10.0.0.0 netmask 255.0.0.0 { range 10.0.0.1 10.0.0.9;\n"
	    " if (option arch = 00:07) { filename \"a\\x41\"; } else { break; } }\n"
	    "host h { hardware ethernet 1:2:3:4:5:6; fixed-address 10.0.0.7; }";
	size_t len;

	for (len = 0; len < sizeof(text); len++) {
		char *copy = unit_heap(text, len);
		void *tree = NULL;
		int rc = isc_parse("t.conf", copy, len, NULL, &tree, NULL);

		ck_assert(rc == 0 || rc == -EBADMSG);
		ck_assert((rc == 0) == (tree != NULL));
		if (tree)
			isc_ops.free(tree);
		free(copy);
	}
}
END_TEST

START_TEST(nesting_is_bounded)
{
	char text[8 * 4096];
	size_t at = 0;
	void *tree = NULL;
	struct diag d;

	while (at < sizeof(text) - 8)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "group {");
	ck_assert_int_eq(isc_parse("t.conf", text, at, NULL, &tree, &d), -EBADMSG);
	ck_assert(strstr(d.text, "nested more than"));
}
END_TEST

/* What reads well and never holds is told, with its place. */
static const struct { const char *text; unsigned int column; } odd[] = {
	{ "if option arch != 0 { }", 4 },
	{ "if option arch = 7 { }", 4 },
	{ "if option arch = \"00:07\" { }", 4 },
	{ "if option zl = iPXE { }", 4 },
	{ "if substring(option zl, 0, 9) = \"PXEClientX\" { }", 4 },
	{ "authorative;", 1 },
};

START_TEST(odd_ones_are_told)
{
	const struct config_remark *r;
	char text[4096];
	void *tree = NULL;
	size_t n = 0;

	(void)snprintf(text, sizeof(text), "option arch code 93 = unsigned integer 16; option zl code 225 = string;\n%s", odd[_i].text);
	ck_assert_int_eq(isc_parse("t.conf", text, strlen(text), NULL, &tree, NULL), 0);
	r = isc_ops.remarks(tree, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(r[0].pos.line, 2);
	ck_assert_uint_eq(r[0].pos.column, odd[_i].column);
	isc_ops.free(tree);
}
END_TEST

START_TEST(right_ones_are_not)
{
	static const char text[] =
	    "option arch code 93 = unsigned integer 16;\n"
	    "if option arch = 00:07 { } elsif option user-class = \"iPXE\" { }\n"
	    "class \"p\" { match if substring(option vendor-class-identifier, 0, 9)"
	    " = \"PXEClient\"; }\n";
	const struct config_literal *l;
	void *tree = NULL;
	size_t n = 0;

	ck_assert_int_eq(isc_parse("t.conf", text, strlen(text), NULL, &tree, NULL), 0);
	(void)isc_ops.remarks(tree, &n);
	ck_assert_uint_eq(n, 0);
	l = isc_ops.literals(tree, &n);
	ck_assert(n >= 3);
	ck_assert_uint_eq(l[0].code, 93);
	ck_assert_uint_eq(l[0].len, 2);
	ck_assert_str_eq(isc_ops.line(tree, "t.conf", 1),
	    "option arch code 93 = unsigned integer 16;");
	isc_ops.free(tree);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("isc_parse");
	TCase *tc = tcase_create("parse");

	tcase_add_loop_test(tc, accept_or_refuse, 0, ARRAY_LEN(rows));
	tcase_add_test(tc, every_prefix);
	tcase_add_test(tc, nesting_is_bounded);
	tcase_add_loop_test(tc, odd_ones_are_told, 0, ARRAY_LEN(odd));
	tcase_add_test(tc, right_ones_are_not);
	suite_add_tcase(s, tc);
	return s;
}
