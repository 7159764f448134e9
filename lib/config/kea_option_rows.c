/*
 * The options that Kea 2.2 knows without being told, by space.
 */
#include "config/kea_option.h"

#include <string.h>

#define V4 "dhcp4", .is_v6 = false
#define IN6(space) space, .is_v6 = true
#define V6 IN6("dhcp6")
#define ONE(s, c, n, t) \
	{ .space = s, .code = c, .name = n, .type = KEA_T_##t, .encapsulates = "" }
#define ARRAY(s, c, n, t) \
	{ .space = s, .code = c, .name = n, .type = KEA_T_##t, .encapsulates = "", \
	    .array = true }
#define ENCAP(s, c, n, t, e) \
	{ .space = s, .code = c, .name = n, .type = KEA_T_##t, .encapsulates = e }
#define FIELDS(...) \
	.type = KEA_T_RECORD, .record = { __VA_ARGS__ }, \
	.n_record = ARRAY_LEN(((const enum kea_type[]){ __VA_ARGS__ }))
#define RECORD(s, c, n, e, ...) \
	{ .space = s, .code = c, .name = n, .encapsulates = e, FIELDS(__VA_ARGS__) }
#define RECORDS(s, c, n, ...) \
	{ .space = s, .code = c, .name = n, .encapsulates = "", .array = true, \
	    FIELDS(__VA_ARGS__) }

static const struct kea_option_def dhcp4_rows[] = {
	ONE(V4, 1, "subnet-mask", IPV4),
	ONE(V4, 2, "time-offset", INT32),
	ARRAY(V4, 3, "routers", IPV4),
	ARRAY(V4, 4, "time-servers", IPV4),
	ARRAY(V4, 5, "name-servers", IPV4),
	ARRAY(V4, 6, "domain-name-servers", IPV4),
	ARRAY(V4, 7, "log-servers", IPV4),
	ARRAY(V4, 8, "cookie-servers", IPV4),
	ARRAY(V4, 9, "lpr-servers", IPV4),
	ARRAY(V4, 10, "impress-servers", IPV4),
	ARRAY(V4, 11, "resource-location-servers", IPV4),
	ONE(V4, 12, "host-name", STRING),
	ONE(V4, 13, "boot-size", UINT16),
	ONE(V4, 14, "merit-dump", STRING),
	ONE(V4, 15, "domain-name", STRING),
	ONE(V4, 16, "swap-server", IPV4),
	ONE(V4, 17, "root-path", STRING),
	ONE(V4, 18, "extensions-path", STRING),
	ONE(V4, 19, "ip-forwarding", BOOLEAN),
	ONE(V4, 20, "non-local-source-routing", BOOLEAN),
	ARRAY(V4, 21, "policy-filter", IPV4),
	ONE(V4, 22, "max-dgram-reassembly", UINT16),
	ONE(V4, 23, "default-ip-ttl", UINT8),
	ONE(V4, 24, "path-mtu-aging-timeout", UINT32),
	ARRAY(V4, 25, "path-mtu-plateau-table", UINT16),
	ONE(V4, 26, "interface-mtu", UINT16),
	ONE(V4, 27, "all-subnets-local", BOOLEAN),
	ONE(V4, 28, "broadcast-address", IPV4),
	ONE(V4, 29, "perform-mask-discovery", BOOLEAN),
	ONE(V4, 30, "mask-supplier", BOOLEAN),
	ONE(V4, 31, "router-discovery", BOOLEAN),
	ONE(V4, 32, "router-solicitation-address", IPV4),
	ARRAY(V4, 33, "static-routes", IPV4),
	ONE(V4, 34, "trailer-encapsulation", BOOLEAN),
	ONE(V4, 35, "arp-cache-timeout", UINT32),
	ONE(V4, 36, "ieee802-3-encapsulation", BOOLEAN),
	ONE(V4, 37, "default-tcp-ttl", UINT8),
	ONE(V4, 38, "tcp-keepalive-interval", UINT32),
	ONE(V4, 39, "tcp-keepalive-garbage", BOOLEAN),
	ONE(V4, 40, "nis-domain", STRING),
	ARRAY(V4, 41, "nis-servers", IPV4),
	ARRAY(V4, 42, "ntp-servers", IPV4),
	ARRAY(V4, 44, "netbios-name-servers", IPV4),
	ARRAY(V4, 45, "netbios-dd-server", IPV4),
	ONE(V4, 46, "netbios-node-type", UINT8),
	ONE(V4, 47, "netbios-scope", STRING),
	ARRAY(V4, 48, "font-servers", IPV4),
	ARRAY(V4, 49, "x-display-manager", IPV4),
	ONE(V4, 50, "dhcp-requested-address", IPV4),
	ONE(V4, 51, "dhcp-lease-time", UINT32),
	ONE(V4, 52, "dhcp-option-overload", UINT8),
	ONE(V4, 53, "dhcp-message-type", UINT8),
	ONE(V4, 54, "dhcp-server-identifier", IPV4),
	ARRAY(V4, 55, "dhcp-parameter-request-list", UINT8),
	ONE(V4, 56, "dhcp-message", STRING),
	ONE(V4, 57, "dhcp-max-message-size", UINT16),
	ONE(V4, 58, "dhcp-renewal-time", UINT32),
	ONE(V4, 59, "dhcp-rebinding-time", UINT32),
	ONE(V4, 60, "vendor-class-identifier", STRING),
	ONE(V4, 61, "dhcp-client-identifier", BINARY),
	ONE(V4, 62, "nwip-domain-name", STRING),
	ONE(V4, 63, "nwip-suboptions", BINARY),
	ONE(V4, 64, "nisplus-domain-name", STRING),
	ARRAY(V4, 65, "nisplus-servers", IPV4),
	ONE(V4, 66, "tftp-server-name", STRING),
	ONE(V4, 67, "boot-file-name", STRING),
	ARRAY(V4, 68, "mobile-ip-home-agent", IPV4),
	ARRAY(V4, 69, "smtp-server", IPV4),
	ARRAY(V4, 70, "pop-server", IPV4),
	ARRAY(V4, 71, "nntp-server", IPV4),
	ARRAY(V4, 72, "www-server", IPV4),
	ARRAY(V4, 73, "finger-server", IPV4),
	ARRAY(V4, 74, "irc-server", IPV4),
	ARRAY(V4, 75, "streettalk-server", IPV4),
	ARRAY(V4, 76, "streettalk-directory-assistance-server", IPV4),
	ONE(V4, 77, "user-class", BINARY),
	RECORDS(V4, 78, "slp-directory-agent", KEA_T_BOOLEAN, KEA_T_IPV4),
	RECORD(V4, 79, "slp-service-scope", "", KEA_T_BOOLEAN, KEA_T_STRING),
	RECORD(V4, 81, "fqdn", "", KEA_T_UINT8, KEA_T_UINT8, KEA_T_UINT8,
	    KEA_T_FQDN),
	ENCAP(V4, 82, "dhcp-agent-options", EMPTY, "dhcp-agent-options-space"),
	ARRAY(V4, 85, "nds-servers", IPV4),
	ONE(V4, 86, "nds-tree-name", STRING),
	ONE(V4, 87, "nds-context", STRING),
	ARRAY(V4, 88, "bcms-controller-names", FQDN),
	ARRAY(V4, 89, "bcms-controller-address", IPV4),
	ONE(V4, 90, "authenticate", BINARY),
	ONE(V4, 91, "client-last-transaction-time", UINT32),
	ARRAY(V4, 92, "associated-ip", IPV4),
	ARRAY(V4, 93, "client-system", UINT16),
	RECORD(V4, 94, "client-ndi", "", KEA_T_UINT8, KEA_T_UINT8, KEA_T_UINT8),
	RECORD(V4, 97, "uuid-guid", "", KEA_T_UINT8, KEA_T_BINARY),
	ONE(V4, 98, "uap-servers", STRING),
	ONE(V4, 99, "geoconf-civic", BINARY),
	ONE(V4, 100, "pcode", STRING),
	ONE(V4, 101, "tcode", STRING),
	ONE(V4, 108, "v6-only-preferred", UINT32),
	ARRAY(V4, 112, "netinfo-server-address", IPV4),
	ONE(V4, 113, "netinfo-server-tag", STRING),
	ONE(V4, 114, "v4-captive-portal", STRING),
	ONE(V4, 116, "auto-config", UINT8),
	ARRAY(V4, 117, "name-service-search", UINT16),
	ONE(V4, 118, "subnet-selection", IPV4),
	ARRAY(V4, 119, "domain-search", FQDN),
	RECORD(V4, 124, "vivco-suboptions", "", KEA_T_UINT32, KEA_T_BINARY),
	ONE(V4, 125, "vivso-suboptions", UINT32),
	ARRAY(V4, 136, "pana-agent", IPV4),
	ONE(V4, 137, "v4-lost", FQDN),
	ARRAY(V4, 138, "capwap-ac-v4", IPV4),
	ARRAY(V4, 141, "sip-ua-cs-domains", FQDN),
	RECORDS(V4, 146, "rdnss-selection", KEA_T_UINT8, KEA_T_IPV4,
	    KEA_T_IPV4, KEA_T_FQDN),
	RECORD(V4, 159, "v4-portparams", "", KEA_T_UINT8, KEA_T_PSID),
	RECORDS(V4, 212, "option-6rd", KEA_T_UINT8, KEA_T_UINT8, KEA_T_IPV6,
	    KEA_T_IPV4),
	ONE(V4, 213, "v4-access-domain", FQDN),
};

static const struct kea_option_def dhcp6_rows[] = {
	ONE(V6, 1, "clientid", BINARY),
	ONE(V6, 2, "serverid", BINARY),
	RECORD(V6, 3, "ia-na", "", KEA_T_UINT32, KEA_T_UINT32, KEA_T_UINT32),
	ONE(V6, 4, "ia-ta", UINT32),
	RECORD(V6, 5, "iaaddr", "", KEA_T_IPV6, KEA_T_UINT32, KEA_T_UINT32),
	ARRAY(V6, 6, "oro", UINT16),
	ONE(V6, 7, "preference", UINT8),
	ONE(V6, 8, "elapsed-time", UINT16),
	ONE(V6, 9, "relay-msg", BINARY),
	ONE(V6, 11, "auth", BINARY),
	ONE(V6, 12, "unicast", IPV6),
	RECORD(V6, 13, "status-code", "", KEA_T_UINT16, KEA_T_STRING),
	ONE(V6, 14, "rapid-commit", EMPTY),
	ONE(V6, 15, "user-class", BINARY),
	RECORD(V6, 16, "vendor-class", "", KEA_T_UINT32, KEA_T_BINARY),
	ONE(V6, 17, "vendor-opts", UINT32),
	ONE(V6, 18, "interface-id", BINARY),
	ONE(V6, 19, "reconf-msg", UINT8),
	ONE(V6, 20, "reconf-accept", EMPTY),
	ARRAY(V6, 21, "sip-server-dns", FQDN),
	ARRAY(V6, 22, "sip-server-addr", IPV6),
	ARRAY(V6, 23, "dns-servers", IPV6),
	ARRAY(V6, 24, "domain-search", FQDN),
	RECORD(V6, 25, "ia-pd", "", KEA_T_UINT32, KEA_T_UINT32, KEA_T_UINT32),
	RECORD(V6, 26, "iaprefix", "", KEA_T_UINT32, KEA_T_UINT32, KEA_T_UINT8,
	    KEA_T_IPV6),
	ARRAY(V6, 27, "nis-servers", IPV6),
	ARRAY(V6, 28, "nisp-servers", IPV6),
	ARRAY(V6, 29, "nis-domain-name", FQDN),
	ARRAY(V6, 30, "nisp-domain-name", FQDN),
	ARRAY(V6, 31, "sntp-servers", IPV6),
	ONE(V6, 32, "information-refresh-time", UINT32),
	ARRAY(V6, 33, "bcmcs-server-dns", FQDN),
	ARRAY(V6, 34, "bcmcs-server-addr", IPV6),
	RECORD(V6, 36, "geoconf-civic", "", KEA_T_UINT8, KEA_T_UINT16,
	    KEA_T_BINARY),
	RECORD(V6, 37, "remote-id", "", KEA_T_UINT32, KEA_T_BINARY),
	ONE(V6, 38, "subscriber-id", BINARY),
	RECORD(V6, 39, "client-fqdn", "", KEA_T_UINT8, KEA_T_FQDN),
	ARRAY(V6, 40, "pana-agent", IPV6),
	ONE(V6, 41, "new-posix-timezone", STRING),
	ONE(V6, 42, "new-tzdb-timezone", STRING),
	ARRAY(V6, 43, "ero", UINT16),
	RECORD(V6, 44, "lq-query", "dhcp6", KEA_T_UINT8, KEA_T_IPV6),
	ENCAP(V6, 45, "client-data", EMPTY, "dhcp6"),
	ONE(V6, 46, "clt-time", UINT32),
	RECORD(V6, 47, "lq-relay-data", "", KEA_T_IPV6, KEA_T_BINARY),
	ARRAY(V6, 48, "lq-client-link", IPV6),
	ONE(V6, 51, "v6-lost", FQDN),
	ARRAY(V6, 52, "capwap-ac-v6", IPV6),
	ONE(V6, 53, "relay-id", BINARY),
	ONE(V6, 57, "v6-access-domain", FQDN),
	ARRAY(V6, 58, "sip-ua-cs-list", FQDN),
	ONE(V6, 59, "bootfile-url", STRING),
	ARRAY(V6, 60, "bootfile-param", TUPLE),
	ARRAY(V6, 61, "client-arch-type", UINT16),
	RECORD(V6, 62, "nii", "", KEA_T_UINT8, KEA_T_UINT8, KEA_T_UINT8),
	ONE(V6, 64, "aftr-name", FQDN),
	ONE(V6, 65, "erp-local-domain-name", FQDN),
	ENCAP(V6, 66, "rsoo", EMPTY, "rsoo-opts"),
	ONE(V6, 67, "pd-exclude", IPV6_PREFIX),
	RECORDS(V6, 74, "rdnss-selection", KEA_T_IPV6, KEA_T_UINT8, KEA_T_FQDN),
	ONE(V6, 79, "client-linklayer-addr", BINARY),
	ONE(V6, 80, "link-address", IPV6),
	ONE(V6, 82, "solmax-rt", UINT32),
	ONE(V6, 83, "inf-max-rt", UINT32),
	ONE(V6, 87, "dhcpv4-message", BINARY),
	ARRAY(V6, 88, "dhcp4o6-server-addr", IPV6),
	ONE(V6, 103, "v6-captive-portal", STRING),
	ONE(V6, 135, "relay-source-port", UINT16),
	ARRAY(V6, 143, "ipv6-address-andsf", IPV6),
	ENCAP(V6, 94, "s46-cont-mape", EMPTY, "s46-cont-mape-options"),
	ENCAP(V6, 95, "s46-cont-mapt", EMPTY, "s46-cont-mapt-options"),
	ENCAP(V6, 96, "s46-cont-lw", EMPTY, "s46-cont-lw-options"),
};

static const struct kea_option_def other_rows[] = {
	ONE(IN6("4o6"), 60000, "4o6-interface", STRING),
	ONE(IN6("4o6"), 60001, "4o6-source-address", IPV6),
	ONE(IN6("4o6"), 60002, "4o6-source-port", UINT16),
	ONE(IN6("s46-cont-mape-options"), 90, "s46-br", IPV6),
	RECORD(IN6("s46-cont-mape-options"), 89, "s46-rule", "s46-rule-options",
	    KEA_T_UINT8, KEA_T_UINT8, KEA_T_UINT8, KEA_T_IPV4, KEA_T_IPV6_PREFIX),
	RECORD(IN6("s46-cont-mapt-options"), 89, "s46-rule", "s46-rule-options",
	    KEA_T_UINT8, KEA_T_UINT8, KEA_T_UINT8, KEA_T_IPV4, KEA_T_IPV6_PREFIX),
	ONE(IN6("s46-cont-mapt-options"), 91, "s46-dmr", IPV6_PREFIX),
	ONE(IN6("s46-cont-lw-options"), 90, "s46-br", IPV6),
	RECORD(IN6("s46-cont-lw-options"), 92, "s46-v4v6bind",
	    "s46-v4v6bind-options", KEA_T_IPV4, KEA_T_IPV6_PREFIX),
	RECORD(IN6("s46-rule-options"), 93, "s46-portparams", "", KEA_T_UINT8,
	    KEA_T_PSID),
	RECORD(IN6("s46-v4v6bind-options"), 93, "s46-portparams", "", KEA_T_UINT8,
	    KEA_T_PSID),
	ARRAY("docsis3-v4", 1, "oro", UINT8),
	ARRAY("docsis3-v4", 2, "tftp-servers", IPV4),
	ARRAY(IN6("docsis3-v6"), 1, "oro", UINT16),
	ONE(IN6("docsis3-v6"), 2, "device-type", STRING),
	ONE(IN6("docsis3-v6"), 10, "vendor-type", STRING),
	ARRAY(IN6("docsis3-v6"), 32, "tftp-servers", IPV6),
	ARRAY(IN6("docsis3-v6"), 37, "time-servers", IPV6),
	ONE(IN6("docsis3-v6"), 33, "config-file", STRING),
	ARRAY(IN6("docsis3-v6"), 34, "syslog-servers", IPV6),
	ONE(IN6("docsis3-v6"), 36, "device-id", BINARY),
	ONE(IN6("docsis3-v6"), 38, "time-offset", INT32),
	ONE(IN6("docsis3-v6"), 1026, "cmts-cm-mac", BINARY),
};

/* Taken where nothing else defines option 43, which anybody may. */
static const struct kea_option_def last_resort =
	ENCAP(V4, 43, "vendor-encapsulated-options", EMPTY,
	    "vendor-encapsulated-options-space");

static const struct {
	const struct kea_option_def *rows;
	size_t n;
} tables[] = {
	{ dhcp4_rows, ARRAY_LEN(dhcp4_rows) },
	{ dhcp6_rows, ARRAY_LEN(dhcp6_rows) },
	{ other_rows, ARRAY_LEN(other_rows) },
};

static const struct kea_option_def *
find(const char *space, unsigned int code, const char *name)
{
	size_t i, k;

	for (i = 0; i < ARRAY_LEN(tables); i++) {
		for (k = 0; k < tables[i].n; k++) {
			const struct kea_option_def *d = &tables[i].rows[k];

			if (strcmp(d->space, space) == 0 &&
			    (name ? strcmp(d->name, name) == 0 : d->code == code))
				return d;
		}
	}
	return NULL;
}

const struct kea_option_def *
kea_option_std(const char *space, unsigned int code)
{
	return find(space, code, NULL);
}

const struct kea_option_def *
kea_option_std_name(const char *space, const char *name)
{
	return find(space, 0, name);
}

const struct kea_option_def *
kea_option_last_resort(void)
{
	return &last_resort;
}
