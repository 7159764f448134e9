#include "config/kea_keys.h"

#include "base/text.h"
#include "base/util.h"

#include <stdio.h>
#include <string.h>

/* Groups of maps that share keywords. */
enum {
	ANY_DB = KEA_M_LEASE_DB | KEA_M_HOST_DB | KEA_M_CONFIG_DB,
	NETS = KEA_M_GLOBAL | KEA_M_SUBNET | KEA_M_NETWORK,
	BELOW = KEA_M_SUBNET | KEA_M_NETWORK,
	POOLS = KEA_M_POOL | KEA_M_PD_POOL,
	/* Whose user may add a comment. */
	NOTED = NETS | KEA_M_INTERFACES | KEA_M_THREADS | KEA_M_DEF |
	    KEA_M_OPTION | POOLS | KEA_M_HOST | KEA_M_CLASS | KEA_M_SOCKET |
	    KEA_M_QUEUE | KEA_M_DDNS | KEA_M_LOGGER | KEA_M_SERVER_ID,
	OPTIONS = NETS | POOLS | KEA_M_HOST | KEA_M_CLASS,
	BOOT = NETS | KEA_M_HOST | KEA_M_CLASS,
	LIFE = NETS | KEA_M_CLASS,
};

static const char *const socket_types[] = { "raw", "udp", NULL };
static const char *const outbound[] = { "same-as-inbound", "use-routing",
    NULL };
static const char *const databases[] = { "memfile", "mysql", "postgresql",
    NULL };
static const char *const on_fail[] = { "stop-retry-exit",
    "serve-retry-exit", "serve-retry-continue", NULL };
static const char *const host_ids[] = { "duid", "hw-address", "circuit-id",
    "client-id", "flex-id", NULL };
static const char *const host_ids6[] = { "duid", "hw-address", "flex-id",
    NULL };
static const char *const modes[] = { "disabled", "out-of-pool", "global",
    "all", "off", NULL };
static const char *const replace[] = { "when-present", "never", "always",
    "when-not-present", "true", "false", NULL };
static const char *const checks[] = { "none", "warn", "fix", "fix-del",
    "del", NULL };
static const char *const protocols[] = { "UDP", "TCP", NULL };
static const char *const formats[] = { "JSON", NULL };
static const char *const duids[] = { "LLT", "EN", "LL", NULL };

#define BOTH(maps) .v4 = (maps), .v6 = (maps)
#define ROW(type, maps) .kind = KEA_K_##type, BOTH(maps)

static const struct kea_key keys[] = {
	{ "4o6-interface", KEA_K_STRING, .v4 = KEA_M_SUBNET },
	{ "4o6-interface-id", KEA_K_STRING, .v4 = KEA_M_SUBNET },
	{ "4o6-subnet", KEA_K_STRING, .v4 = KEA_M_SUBNET },
	{ "always-send", ROW(BOOL, KEA_M_OPTION) },
	{ "array", ROW(BOOL, KEA_M_DEF) },
	{ "authoritative", KEA_K_BOOL, .v4 = NETS },
	{ "boot-file-name", KEA_K_STRING, .v4 = BOOT },
	{ "cache-max-age", ROW(INT, NETS) },
	{ "cache-threshold", ROW(FLOAT, NETS) },
	{ "calculate-tee-times", ROW(BOOL, NETS) },
	{ "capacity", ROW(INT, KEA_M_QUEUE) },
	{ "cert-file", ROW(STRING, ANY_DB) },
	{ "cipher-list", ROW(STRING, ANY_DB) },
	{ "circuit-id", KEA_K_STRING, .v4 = KEA_M_HOST },
	{ "client-class", ROW(STRING, BELOW | POOLS) },
	{ "client-classes", ROW(MAPS, KEA_M_GLOBAL), .map = KEA_M_CLASS,
	    .some = true },
	{ "client-classes", ROW(STRINGS, KEA_M_HOST) },
	{ "client-id", KEA_K_STRING, .v4 = KEA_M_HOST },
	{ "code", ROW(INT, KEA_M_DEF | KEA_M_OPTION) },
	{ "comment", ROW(COMMENT, NOTED) },
	{ "compatibility", ROW(MAP, KEA_M_GLOBAL), .map = KEA_M_COMPAT },
	{ "config-control", ROW(MAP, KEA_M_GLOBAL), .map = KEA_M_CONTROL },
	{ "config-databases", ROW(MAPS, KEA_M_CONTROL),
	    .map = KEA_M_CONFIG_DB },
	{ "config-fetch-wait-time", ROW(INT, KEA_M_CONTROL) },
	{ "connect-timeout", ROW(INT, ANY_DB) },
	{ "control-socket", ROW(MAP, KEA_M_GLOBAL), .map = KEA_M_SOCKET },
	{ "csv-format", ROW(BOOL, KEA_M_OPTION) },
	{ "data", ROW(STRING, KEA_M_OPTION) },
	{ "data-directory", KEA_K_STRING, .v6 = KEA_M_GLOBAL },
	{ "ddns-generated-prefix", ROW(STRING, NETS) },
	{ "ddns-override-client-update", ROW(BOOL, NETS) },
	{ "ddns-override-no-update", ROW(BOOL, NETS) },
	{ "ddns-qualifying-suffix", ROW(STRING, NETS) },
	{ "ddns-replace-client-name", ROW(ENUM, NETS), .words = replace,
	    .any_case = true },
	{ "ddns-send-updates", ROW(BOOL, NETS) },
	{ "ddns-update-on-renew", ROW(BOOL, NETS) },
	{ "ddns-use-conflict-resolution", ROW(BOOL, NETS) },
	{ "debuglevel", ROW(INT, KEA_M_LOGGER) },
	{ "decline-probation-period", ROW(INT, KEA_M_GLOBAL) },
	{ "delegated-len", KEA_K_INT, .v6 = KEA_M_PD_POOL },
	{ "dhcp-ddns", ROW(MAP, KEA_M_GLOBAL), .map = KEA_M_DDNS },
	{ "dhcp-queue-control", ROW(MAP, KEA_M_GLOBAL), .map = KEA_M_QUEUE },
	{ "dhcp-socket-type", KEA_K_ENUM, .v4 = KEA_M_INTERFACES,
	    .words = socket_types },
	{ "dhcp4o6-port", ROW(INT, KEA_M_GLOBAL) },
	{ "duid", ROW(STRING, KEA_M_HOST) },
	{ "early-global-reservations-lookup", ROW(BOOL, KEA_M_GLOBAL) },
	{ "echo-client-id", KEA_K_BOOL, .v4 = KEA_M_GLOBAL },
	{ "enable-multi-threading", ROW(BOOL, KEA_M_THREADS) },
	{ "enable-queue", ROW(BOOL, KEA_M_QUEUE) },
	{ "enable-updates", ROW(BOOL, KEA_M_DDNS) },
	{ "encapsulate", ROW(STRING, KEA_M_DEF) },
	{ "enterprise-id", KEA_K_INT, .v6 = KEA_M_SERVER_ID },
	{ "excluded-prefix", KEA_K_STRING, .v6 = KEA_M_PD_POOL },
	{ "excluded-prefix-len", KEA_K_INT, .v6 = KEA_M_PD_POOL },
	{ "expired-leases-processing", ROW(MAP, KEA_M_GLOBAL),
	    .map = KEA_M_EXPIRED },
	{ "flex-id", ROW(STRING, KEA_M_HOST) },
	{ "flush", ROW(BOOL, KEA_M_OUTPUT) },
	{ "flush-reclaimed-timer-wait-time", ROW(INT, KEA_M_EXPIRED) },
	{ "generated-prefix", ROW(STRING, KEA_M_DDNS) },
	{ "hold-reclaimed-time", ROW(INT, KEA_M_EXPIRED) },
	{ "hooks-libraries", ROW(MAPS, KEA_M_GLOBAL), .map = KEA_M_HOOK },
	{ "host", ROW(STRING, ANY_DB) },
	{ "host-reservation-identifiers", KEA_K_ENUMS, .v4 = KEA_M_GLOBAL,
	    .words = host_ids, .some = true },
	{ "host-reservation-identifiers", KEA_K_ENUMS, .v6 = KEA_M_GLOBAL,
	    .words = host_ids6, .some = true },
	{ "hostname", ROW(STRING, KEA_M_HOST) },
	{ "hostname-char-replacement", ROW(STRING, NETS | KEA_M_DDNS) },
	{ "hostname-char-set", ROW(STRING, NETS | KEA_M_DDNS) },
	{ "hosts-database", ROW(MAP, KEA_M_GLOBAL), .map = KEA_M_HOST_DB },
	{ "hosts-databases", ROW(MAPS, KEA_M_GLOBAL), .map = KEA_M_HOST_DB },
	{ "htype", KEA_K_INT, .v6 = KEA_M_SERVER_ID },
	{ "hw-address", ROW(STRING, KEA_M_HOST) },
	{ "id", ROW(INT, KEA_M_SUBNET) },
	{ "identifier", KEA_K_STRING, .v6 = KEA_M_SERVER_ID },
	{ "interface", ROW(STRING, BELOW) },
	{ "interface-id", KEA_K_STRING, .v6 = BELOW },
	{ "interfaces", ROW(STRINGS, KEA_M_INTERFACES) },
	{ "interfaces-config", ROW(MAP, KEA_M_GLOBAL),
	    .map = KEA_M_INTERFACES },
	{ "ip-address", KEA_K_STRING, .v4 = KEA_M_HOST | KEA_M_RELAY,
	    .v6 = KEA_M_RELAY },
	{ "ip-addresses", KEA_K_STRINGS, .v4 = KEA_M_RELAY,
	    .v6 = KEA_M_HOST | KEA_M_RELAY },
	{ "ip-reservations-unique", ROW(BOOL, KEA_M_GLOBAL) },
	{ "key-file", ROW(STRING, ANY_DB) },
	{ "lease-checks", ROW(ENUM, KEA_M_SANITY), .words = checks },
	{ "lease-database", ROW(MAP, KEA_M_GLOBAL), .map = KEA_M_LEASE_DB },
	{ "lenient-option-parsing", ROW(BOOL, KEA_M_COMPAT) },
	{ "lfc-interval", ROW(INT, ANY_DB) },
	{ "library", ROW(STRING, KEA_M_HOOK) },
	{ "loggers", ROW(MAPS, KEA_M_GLOBAL), .map = KEA_M_LOGGER,
	    .some = true },
	{ "mac-sources", KEA_K_STRINGS, .v6 = KEA_M_GLOBAL, .some = true },
	{ "match-client-id", KEA_K_BOOL, .v4 = NETS },
	{ "max-preferred-lifetime", KEA_K_INT, .v6 = LIFE },
	{ "max-queue-size", ROW(INT, KEA_M_DDNS) },
	{ "max-reclaim-leases", ROW(INT, KEA_M_EXPIRED) },
	{ "max-reclaim-time", ROW(INT, KEA_M_EXPIRED) },
	{ "max-reconnect-tries", ROW(INT, ANY_DB) },
	{ "max-row-errors", ROW(INT, ANY_DB) },
	{ "max-valid-lifetime", ROW(INT, LIFE) },
	{ "maxsize", ROW(INT, KEA_M_OUTPUT) },
	{ "maxver", ROW(INT, KEA_M_OUTPUT) },
	{ "min-preferred-lifetime", KEA_K_INT, .v6 = LIFE },
	{ "min-valid-lifetime", ROW(INT, LIFE) },
	{ "multi-threading", ROW(MAP, KEA_M_GLOBAL), .map = KEA_M_THREADS },
	{ "name", ROW(STRING, ANY_DB | KEA_M_NETWORK | KEA_M_DEF |
	    KEA_M_OPTION | KEA_M_CLASS | KEA_M_LOGGER) },
	{ "ncr-format", ROW(ENUM, KEA_M_DDNS), .words = formats,
	    .any_case = true },
	{ "ncr-protocol", ROW(ENUM, KEA_M_DDNS), .words = protocols,
	    .any_case = true },
	{ "next-server", KEA_K_STRING, .v4 = BOOT },
	{ "on-fail", ROW(ENUM, ANY_DB), .words = on_fail },
	{ "only-if-required", ROW(BOOL, KEA_M_CLASS) },
	{ "option-data", ROW(MAPS, OPTIONS), .map = KEA_M_OPTION },
	{ "option-def", KEA_K_MAPS, .v4 = KEA_M_GLOBAL | KEA_M_CLASS,
	    .v6 = KEA_M_GLOBAL, .map = KEA_M_DEF },
	{ "outbound-interface", KEA_K_ENUM, .v4 = KEA_M_INTERFACES,
	    .words = outbound },
	{ "output", ROW(STRING, KEA_M_OUTPUT) },
	{ "output_options", ROW(MAPS, KEA_M_LOGGER), .map = KEA_M_OUTPUT,
	    .some = true },
	{ "override-client-update", ROW(BOOL, KEA_M_DDNS) },
	{ "override-no-update", ROW(BOOL, KEA_M_DDNS) },
	{ "packet-queue-size", ROW(INT, KEA_M_THREADS) },
	{ "parameters", ROW(OBJECT, KEA_M_HOOK) },
	{ "parked-packet-limit", ROW(INT, KEA_M_GLOBAL) },
	{ "password", ROW(STRING, ANY_DB) },
	{ "pattern", ROW(STRING, KEA_M_OUTPUT) },
	{ "pd-pools", KEA_K_MAPS, .v6 = KEA_M_SUBNET, .map = KEA_M_PD_POOL },
	{ "persist", KEA_K_BOOL, .v4 = ANY_DB,
	    .v6 = ANY_DB | KEA_M_SERVER_ID },
	{ "pool", ROW(STRING, KEA_M_POOL) },
	{ "pools", ROW(MAPS, KEA_M_SUBNET), .map = KEA_M_POOL },
	{ "port", ROW(INT, ANY_DB) },
	{ "preferred-lifetime", KEA_K_INT, .v6 = LIFE },
	{ "prefix", KEA_K_STRING, .v6 = KEA_M_PD_POOL },
	{ "prefix-len", KEA_K_INT, .v6 = KEA_M_PD_POOL },
	{ "prefixes", KEA_K_STRINGS, .v6 = KEA_M_HOST },
	{ "qualifying-suffix", ROW(STRING, KEA_M_DDNS) },
	{ "queue-type", ROW(STRING, KEA_M_QUEUE) },
	{ "rapid-commit", KEA_K_BOOL, .v6 = BELOW },
	{ "re-detect", ROW(BOOL, KEA_M_INTERFACES) },
	{ "readonly", ROW(BOOL, ANY_DB) },
	{ "rebind-timer", ROW(INT, NETS) },
	{ "reclaim-timer-wait-time", ROW(INT, KEA_M_EXPIRED) },
	{ "reconnect-wait-time", ROW(INT, ANY_DB) },
	{ "record-types", ROW(STRING, KEA_M_DEF) },
	{ "relay", ROW(MAP, BELOW), .map = KEA_M_RELAY },
	{ "relay-supplied-options", KEA_K_VALUES, .v6 = KEA_M_GLOBAL },
	{ "renew-timer", ROW(INT, NETS) },
	{ "replace-client-name", ROW(ENUM, KEA_M_DDNS), .words = replace,
	    .any_case = true },
	{ "require-client-classes", ROW(STRINGS, BELOW | POOLS) },
	{ "reservation-mode", ROW(ENUM, NETS), .words = modes },
	{ "reservations", ROW(MAPS, KEA_M_GLOBAL | KEA_M_SUBNET),
	    .map = KEA_M_HOST },
	{ "reservations-global", ROW(BOOL, NETS) },
	{ "reservations-in-subnet", ROW(BOOL, NETS) },
	{ "reservations-lookup-first", ROW(BOOL, KEA_M_GLOBAL) },
	{ "reservations-out-of-pool", ROW(BOOL, NETS) },
	{ "sanity-checks", ROW(MAP, KEA_M_GLOBAL), .map = KEA_M_SANITY },
	{ "sender-ip", ROW(STRING, KEA_M_DDNS) },
	{ "sender-port", ROW(INT, KEA_M_DDNS) },
	{ "server-hostname", KEA_K_STRING, .v4 = BOOT },
	{ "server-id", KEA_K_MAP, .v6 = KEA_M_GLOBAL,
	    .map = KEA_M_SERVER_ID },
	{ "server-ip", ROW(STRING, KEA_M_DDNS) },
	{ "server-port", ROW(INT, KEA_M_DDNS) },
	{ "server-tag", ROW(STRING, KEA_M_GLOBAL) },
	{ "service-sockets-max-retries", ROW(INT, KEA_M_INTERFACES) },
	{ "service-sockets-require-all", ROW(BOOL, KEA_M_INTERFACES) },
	{ "service-sockets-retry-wait-time", ROW(INT, KEA_M_INTERFACES) },
	{ "severity", ROW(STRING, KEA_M_LOGGER) },
	{ "shared-networks", ROW(MAPS, KEA_M_GLOBAL), .map = KEA_M_NETWORK },
	{ "socket-name", ROW(STRING, KEA_M_SOCKET) },
	{ "socket-type", ROW(STRING, KEA_M_SOCKET) },
	{ "space", ROW(STRING, KEA_M_DEF | KEA_M_OPTION) },
	{ "statistic-default-sample-age", ROW(INT, KEA_M_GLOBAL) },
	{ "statistic-default-sample-count", ROW(INT, KEA_M_GLOBAL) },
	{ "store-extended-info", ROW(BOOL, NETS) },
	{ "subnet", ROW(STRING, KEA_M_SUBNET) },
	{ "subnet4", KEA_K_MAPS, .v4 = KEA_M_GLOBAL | KEA_M_NETWORK,
	    .map = KEA_M_SUBNET },
	{ "subnet6", KEA_K_MAPS, .v6 = KEA_M_GLOBAL | KEA_M_NETWORK,
	    .map = KEA_M_SUBNET },
	{ "t1-percent", ROW(FLOAT, NETS) },
	{ "t2-percent", ROW(FLOAT, NETS) },
	{ "test", ROW(STRING, KEA_M_CLASS) },
	{ "thread-pool-size", ROW(INT, KEA_M_THREADS) },
	{ "time", KEA_K_INT, .v6 = KEA_M_SERVER_ID },
	{ "trust-anchor", ROW(STRING, ANY_DB) },
	{ "type", ROW(ENUM, ANY_DB), .words = databases },
	{ "type", ROW(STRING, KEA_M_DEF) },
	{ "type", KEA_K_ENUM, .v6 = KEA_M_SERVER_ID, .words = duids },
	{ "unwarned-reclaim-cycles", ROW(INT, KEA_M_EXPIRED) },
	{ "user", ROW(STRING, ANY_DB) },
	{ "user-context", ROW(CONTEXT, NOTED) },
	{ "valid-lifetime", ROW(INT, LIFE) },
};

static const struct kea_foreign_key foreign_keys[] = {
	{ "adaptive-lease-time-threshold", BOTH(NETS), .since = "3.1.1" },
	{ "allocator", BOTH(NETS), .since = "2.3.4" },
	{ "allow-address-registration", .v6 = KEA_M_GLOBAL, .since = "3.1.4" },
	{ "always-include-fqdn", BOTH(KEA_M_DDNS), .until = "1.4.0" },
	{ "authentication", BOTH(KEA_M_SOCKET), .since = "2.7.2" },
	{ "cert-file", BOTH(KEA_M_SOCKET), .since = "2.7.2" },
	{ "cert-required", BOTH(KEA_M_SOCKET), .since = "2.7.2" },
	{ "client-classes", BOTH(BELOW | POOLS), .since = "2.7.5" },
	{ "client-classes", BOTH(KEA_M_OPTION), .since = "2.7.4" },
	{ "consistency", BOTH(ANY_DB), .until = "2.1.4" },
	{ "contact-points", BOTH(ANY_DB), .until = "2.1.4" },
	{ "control-sockets", BOTH(KEA_M_GLOBAL), .since = "2.7.2" },
	{ "ddns-conflict-resolution-mode", BOTH(NETS), .since = "2.5.0" },
	{ "ddns-conflict-resolution-mode", BOTH(KEA_M_POOL), .since = "2.7.6" },
	{ "ddns-generated-prefix", BOTH(KEA_M_POOL), .since = "2.7.6" },
	{ "ddns-override-client-update", BOTH(KEA_M_POOL), .since = "2.7.6" },
	{ "ddns-override-no-update", BOTH(KEA_M_POOL), .since = "2.7.6" },
	{ "ddns-qualifying-suffix", BOTH(KEA_M_POOL), .since = "2.7.6" },
	{ "ddns-replace-client-name", BOTH(KEA_M_POOL), .since = "2.7.6" },
	{ "ddns-send-updates", BOTH(KEA_M_POOL), .since = "2.7.6" },
	{ "ddns-ttl", BOTH(NETS | KEA_M_POOL), .since = "2.7.6" },
	{ "ddns-ttl-max", BOTH(NETS | KEA_M_POOL), .since = "2.7.6" },
	{ "ddns-ttl-min", BOTH(NETS | KEA_M_POOL), .since = "2.7.6" },
	{ "ddns-ttl-percent", BOTH(NETS), .since = "2.3.6" },
	{ "ddns-ttl-percent", BOTH(KEA_M_POOL), .since = "2.7.6" },
	{ "ddns-update-on-renew", BOTH(KEA_M_POOL), .since = "2.7.6" },
	{ "disable", BOTH(ANY_DB), .since = "3.1.0" },
	{ "evaluate-additional-classes", BOTH(BELOW | POOLS),
	    .since = "2.7.4" },
	{ "exclude-first-last-24", .v4 = KEA_M_COMPAT, .since = "2.3.6" },
	{ "excluded-prefixes", .v6 = KEA_M_HOST, .since = "2.7.3" },
	{ "extended-info-checks", BOTH(KEA_M_SANITY), .since = "2.3.2" },
	{ "hostname-char-replacement", BOTH(KEA_M_POOL), .since = "2.7.6" },
	{ "hostname-char-set", BOTH(KEA_M_POOL), .since = "2.7.6" },
	{ "http-headers", BOTH(KEA_M_SOCKET), .since = "2.7.5" },
	{ "ignore-dhcp-server-identifier", .v4 = KEA_M_COMPAT,
	    .since = "2.3.6" },
	{ "ignore-rai-link-selection", .v4 = KEA_M_COMPAT, .since = "2.3.6" },
	{ "interface-id", .v4 = KEA_M_SUBNET, .until = "1.4.0" },
	{ "key-file", BOTH(KEA_M_SOCKET), .since = "2.7.2" },
	{ "keyspace", BOTH(ANY_DB), .until = "2.1.4" },
	{ "never-send", BOTH(KEA_M_OPTION), .since = "2.3.6" },
	{ "offer-lifetime", .v4 = LIFE, .since = "2.3.6" },
	{ "only-in-additional-list", BOTH(KEA_M_CLASS), .since = "2.7.4" },
	{ "output-options", BOTH(KEA_M_LOGGER), .since = "2.5.2" },
	{ "pd-allocator", .v6 = NETS, .since = "2.3.4" },
	{ "pool-id", .v4 = KEA_M_POOL, .v6 = KEA_M_POOL, .since = "2.4.0" },
	{ "pool-id", .v6 = KEA_M_PD_POOL, .since = "2.6.0" },
	{ "rapid-commit", .v4 = KEA_M_SUBNET, .until = "1.4.0" },
	{ "read-timeout", BOTH(ANY_DB), .since = "2.2.1" },
	{ "request-timeout", BOTH(ANY_DB), .until = "2.1.4" },
	{ "retry-on-startup", BOTH(ANY_DB), .since = "2.5.5" },
	{ "serial-consistency", BOTH(ANY_DB), .until = "2.1.4" },
	{ "socket-address", BOTH(KEA_M_SOCKET), .since = "2.7.2" },
	{ "socket-port", BOTH(KEA_M_SOCKET), .since = "2.7.2" },
	{ "ssl-mode", BOTH(ANY_DB), .since = "3.1.0" },
	{ "stash-agent-options", .v4 = KEA_M_GLOBAL, .since = "2.5.8" },
	{ "tcp-keepalive", BOTH(ANY_DB), .until = "2.1.4" },
	{ "tcp-nodelay", BOTH(ANY_DB), .until = "2.1.4" },
	{ "tcp-user-timeout", BOTH(ANY_DB), .since = "2.2.1" },
	{ "template-test", BOTH(KEA_M_CLASS), .since = "2.3.2" },
	{ "trust-anchor", BOTH(KEA_M_SOCKET), .since = "2.7.2" },
	{ "write-timeout", BOTH(ANY_DB), .since = "2.2.1" },
};

static const struct kea_map_rules rules[] = {
	{ KEA_M_GLOBAL, "Dhcp4", false, false, { NULL } },
	{ KEA_M_INTERFACES, "interfaces-config", false, false, { NULL } },
	{ KEA_M_LEASE_DB, "lease-database", false, false, { "type" } },
	{ KEA_M_HOST_DB, "hosts-database", false, false, { "type" } },
	{ KEA_M_CONFIG_DB, "config-database", false, false, { "type" } },
	{ KEA_M_THREADS, "multi-threading", false, false,
	    { "enable-multi-threading" } },
	{ KEA_M_HOOK, "hooks-libraries", false, false, { "library" } },
	{ KEA_M_EXPIRED, "expired-leases-processing", false, true, { NULL } },
	{ KEA_M_SUBNET, "subnet4", false, false, { "subnet" } },
	{ KEA_M_NETWORK, "shared-networks", false, false, { NULL } },
	{ KEA_M_DEF, "option-def", true, false, { "name", "code", "type" } },
	{ KEA_M_OPTION, "option-data", true, false, { NULL } },
	{ KEA_M_POOL, "pools", false, false, { "pool" } },
	{ KEA_M_PD_POOL, "pd-pools", false, false,
	    { "prefix", "prefix-len", "delegated-len" } },
	{ KEA_M_HOST, "reservations", true, false, { NULL } },
	{ KEA_M_RELAY, "relay", false, true, { NULL } },
	{ KEA_M_CLASS, "client-classes", true, false, { "name" } },
	{ KEA_M_SERVER_ID, "server-id", false, false, { "type" } },
	{ KEA_M_SOCKET, "control-socket", false, false, { NULL } },
	{ KEA_M_QUEUE, "dhcp-queue-control", false, false,
	    { "enable-queue" } },
	{ KEA_M_DDNS, "dhcp-ddns", false, false, { "enable-updates" } },
	{ KEA_M_CONTROL, "config-control", false, true, { NULL } },
	{ KEA_M_LOGGER, "loggers", false, false, { NULL } },
	{ KEA_M_OUTPUT, "output-options", false, true, { NULL } },
	{ KEA_M_COMPAT, "compatibility", false, false, { NULL } },
	{ KEA_M_SANITY, "sanity-checks", false, true, { NULL } },
};

/* One file held all servers, and their logging, until 1.7.9. */
static const char *const old_tops[] = { "Logging", "DhcpDdns", "Dhcp4",
    "Dhcp6", "Control-agent", "Netconf" };

const struct kea_key *
kea_key_find(const char *name, enum kea_map map, bool is_v6)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (((is_v6 ? keys[i].v6 : keys[i].v4) & map) &&
		    strcmp(keys[i].name, name) == 0)
			return &keys[i];
	}
	return NULL;
}

const struct kea_foreign_key *
kea_foreign_find(const char *name, enum kea_map map, bool is_v6)
{
	const struct kea_foreign_key *k = foreign_keys;

	for (size_t i = 0; i < ARRAY_LEN(foreign_keys); i++, k++) {
		if (((is_v6 ? k->v6 : k->v4) & map) &&
		    strcmp(k->name, name) == 0)
			return k;
	}
	return NULL;
}

const struct kea_map_rules *
kea_map_rules(enum kea_map map)
{
	size_t i = 0;

	while (rules[i].map != map)
		i++;
	return &rules[i];
}

const char *
kea_key_nearest(const char *name, enum kea_map map, bool is_v6)
{
	const char *names[ARRAY_LEN(keys)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if ((is_v6 ? keys[i].v6 : keys[i].v4) & map)
			names[n++] = keys[i].name;
	}
	return text_nearest(name, names, n);
}

const char *
kea_foreign_top(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(old_tops); i++) {
		if (strcmp(name, old_tops[i]) == 0)
			return "1.7.9";
	}
	return NULL;
}

int
kea_release_cmp(const char *a, const char *b)
{
	unsigned int x[3] = { 0 }, y[3] = { 0 };

	(void)sscanf(a, "%u.%u.%u", &x[0], &x[1], &x[2]);
	(void)sscanf(b, "%u.%u.%u", &y[0], &y[1], &y[2]);
	for (size_t i = 0; i < ARRAY_LEN(x); i++) {
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	}
	return 0;
}
