/*
 * dnsmasq_option.c - every option of dnsmasq 2.90: does it take a value, and
 * what must that look like.
 *
 * What has nothing to do with DHCP is checked as far as its shape goes, so
 * that what the server refuses is refused.
 */
#include "config/dnsmasq_read.h"

#include <arpa/inet.h>
#include <errno.h>
#include <strings.h>

static int
read_int(struct dnsmasq_line *l, char *arg)
{
	int64_t n;

	if (arg != NULL && !dnsmasq_number(arg, &n))
		return dnsmasq_bad(l, arg, "'%s' is no number", arg);
	return 0;
}

static int
read_count(struct dnsmasq_line *l, char *arg)
{
	int64_t n;

	if (!dnsmasq_number(arg, &n) || n < 1)
		return dnsmasq_bad(l, arg, "'%s' is no number above 0", arg);
	return 0;
}

static int
read_needed(struct dnsmasq_line *l, char *arg)
{
	int64_t n;

	if (!dnsmasq_number(arg, &n))
		return dnsmasq_bad(l, arg, "'%s' needs a number", l->name);
	return 0;
}

enum { RETRY_MIN = 50 };                /* milliseconds */

static int
read_retry(struct dnsmasq_line *l, char *arg)
{
	int64_t n;

	if (arg != NULL && (!dnsmasq_number(arg, &n) || n < RETRY_MIN))
		return dnsmasq_bad(l, arg,
		    "'%s' is not %d milliseconds or more",
		    arg, RETRY_MIN);
	return 0;
}

/* A record of a numbered type. */
static int
read_rr(struct dnsmasq_line *l, char *arg)
{
	char *type = dnsmasq_split(arg);
	int64_t n;

	dnsmasq_split(type);
	if (!dnsmasq_number(type, &n))
		return dnsmasq_bad(l, arg, "a name and the number of a type "
		    "are expected");
	return 0;
}

static int
read_ra(struct dnsmasq_line *l, char *arg)
{
	for (arg = dnsmasq_split(arg); arg != NULL; ) {
		char *rest = dnsmasq_split(arg);
		int64_t n;

		if (!text_starts(arg, "mtu:") && strcasecmp(arg, "high") != 0 &&
		    strcasecmp(arg, "low") != 0 && !dnsmasq_number(arg, &n))
			return dnsmasq_bad(l, arg, "'%s' is neither mtu:, "
			    "high, low nor a number of seconds", arg);
		arg = rest;
	}
	return 0;
}

static int
read_mask(struct dnsmasq_line *l, char *arg)
{
	int64_t n;

	if (arg != NULL && (!dnsmasq_number(arg, &n) || n == 0 ||
	    n >= INT32_MAX))
		return dnsmasq_bad(l, arg, "'%s' is no mask", arg);
	return 0;
}

static bool
is_port(char *s, int64_t *ret)
{
	return dnsmasq_number(s, ret) && *ret <= UINT16_MAX;
}

static int
read_int16(struct dnsmasq_line *l, char *arg)
{
	int64_t n;

	if (!is_port(arg, &n))
		return dnsmasq_bad(l, arg, "'%s' is no port: a number to 65535",
		    arg);
	return 0;
}

static int
read_ports(struct dnsmasq_line *l, char *arg)
{
	char *second = dnsmasq_split(arg);
	int64_t n;

	if (arg != NULL && (!is_port(arg, &n) ||
	    (second != NULL && !is_port(second, &n))))
		return dnsmasq_bad(l, arg, "'%s' is no port: a number to 65535",
		    arg);
	return dnsmasq_gap(l->tree, l->pos, false,
	    "on other ports the server hears no firmware");
}

static int
read_port_range(struct dnsmasq_line *l, char *arg)
{
	char *second = dnsmasq_split(arg);
	int64_t n;

	if (second == NULL || !is_port(arg, &n) || !is_port(second, &n))
		return dnsmasq_bad(l, arg, "two ports are expected, the first "
		    "and the last");
	return 0;
}

static int
read_port(struct dnsmasq_line *l, char *arg)
{
	int64_t n;

	if (!is_port(arg, &n))
		return dnsmasq_bad(l, arg, "'%s' is no port: a number to 65535",
		    arg);
	l->tree->no_dns = n != 53;
	l->tree->no_names = n == 0;
	return 0;
}

static bool
is_any_ip(const char *s)
{
	uint8_t a[16];

	return inet_pton(AF_INET, s, a) == 1 || inet_pton(AF_INET6, s, a) == 1;
}

static int
read_addr(struct dnsmasq_line *l, char *arg)
{
	char *rest;

	do {
		rest = dnsmasq_split(arg);
		dnsmasq_unhide(arg);
		if (!is_any_ip(arg))
			return dnsmasq_bad(l, arg, "'%s' is no address", arg);
		arg = rest;
	} while (arg != NULL);
	return 0;
}

static int
read_addr_mask(struct dnsmasq_line *l, char *arg)
{
	dnsmasq_split_at(arg, '/');
	return read_addr(l, arg);
}

/* A prefix of an address may be written after a '/'. */
static int
read_add_subnet(struct dnsmasq_line *l, char *arg)
{
	while (arg != NULL) {
		char *rest = dnsmasq_split(arg);
		char *bits = dnsmasq_split_at(arg, '/');
		int64_t n;

		if (bits != NULL && !is_any_ip(arg))
			return dnsmasq_bad(l, arg, "'%s' is no address", arg);
		if (!dnsmasq_number(bits != NULL ? bits : arg, &n))
			return dnsmasq_bad(l, arg,
			    "'%s' is no length of a prefix",
			    bits != NULL ? bits : arg);
		arg = rest;
	}
	return 0;
}

/* One of a few words, or no value at all. */
static int
one_of(struct dnsmasq_line *l, const char *arg, const char *a, const char *b)
{
	if (arg == NULL || strcmp(arg, a) == 0 || strcmp(arg, b) == 0)
		return 0;
	return dnsmasq_bad(l, arg, "'%s' is neither '%s' nor '%s'", arg, a, b);
}

static int
read_add_mac(struct dnsmasq_line *l, char *arg)
{
	return one_of(l, arg, "base64", "text");
}

static int
read_local_service(struct dnsmasq_line *l, char *arg)
{
	return one_of(l, arg, "net", "host");
}

static int
read_check_unsigned(struct dnsmasq_line *l, char *arg)
{
	return one_of(l, arg, "no", "no");
}

static int
read_unique_root(struct dnsmasq_line *l, char *arg)
{
	return one_of(l, arg, "ip", "mac");
}

static int
read_umbrella(struct dnsmasq_line *l, char *arg)
{
	for (; arg != NULL; arg = dnsmasq_split(arg))
		if (!text_starts(arg, "deviceid:") &&
		    !text_starts(arg, "orgid:") &&
		    !text_starts(arg, "assetid:"))
			return dnsmasq_bad(l, arg, "'%s' is not of umbrella",
			    arg);
	return 0;
}

/* At least two words, or three. */
static int
words(struct dnsmasq_line *l, char *arg, unsigned int least)
{
	const char *first = arg;

	while (--least > 0 && arg != NULL)
		arg = dnsmasq_split(arg);
	if (arg == NULL)
		return dnsmasq_bad(l, first, "'%s' needs more words, with "
		    "commas between", l->name);
	return 0;
}

static int
read_two(struct dnsmasq_line *l, char *arg)
{
	return words(l, arg, 2);
}

static int
read_three(struct dnsmasq_line *l, char *arg)
{
	return words(l, arg, 3);
}

static int
read_relay(struct dnsmasq_line *l, char *arg)
{
	int rc = words(l, arg, 2);

	return rc < 0 ? rc : dnsmasq_gap(l->tree, l->pos, false,
	    "what a relayed server answers is not known here");
}

static int
read_rr_types(struct dnsmasq_line *l, char *arg)
{
	static const char *const names[] = { "A", "NS", "CNAME", "SOA", "PTR",
	    "MX", "TXT", "AAAA", "SRV", "NAPTR", "DNAME", "DS", "RRSIG", "NSEC",
	    "DNSKEY", "NSEC3", "TLSA", "SVCB", "HTTPS", "ANY", "CAA", "SPF",
	    "HINFO", "LOC", "SSHFP", "URI", "OPENPGPKEY", "CDS", "CDNSKEY" };

	while (arg != NULL) {
		char *rest = dnsmasq_split(arg);
		bool found = false;
		int64_t n;

		for (size_t i = 0; i < ARRAY_LEN(names); i++)
			found |= strcasecmp(names[i], arg) == 0;
		if (!found && !dnsmasq_number(arg, &n))
			return dnsmasq_bad(l, arg, "'%s' is no type of record",
			    arg);
		arg = rest;
	}
	return 0;
}

static int
read_set(struct dnsmasq_line *l, char *arg)
{
	char *last = arg != NULL ? strrchr(arg, '/') : NULL;

	if (*arg == '\0' || (last != NULL && last[1] == '\0'))
		return dnsmasq_bad(l, arg, "no set is named after the domains");
	return 0;
}

/* ADDRESS[#PORT][@INTERFACE[#PORT]], "#", or nothing. */
static int
upstream(struct dnsmasq_line *l, char *arg)
{
	char *port;
	int64_t n;

	if (*arg == '\0' || strcmp(arg, "#") == 0)
		return 0;
	dnsmasq_unhide(arg);
	dnsmasq_split_at(arg, '@');
	port = dnsmasq_split_at(arg, '#');
	dnsmasq_split_at(arg, '%');
	if (port != NULL && !is_port(port, &n))
		return dnsmasq_bad(l, port, "'%s' is no port", port);
	/* A bare number is an address to the C library. */
	if (!is_any_ip(arg) && !dnsmasq_number(arg, &n))
		return dnsmasq_bad(l, arg, "'%s' is no address of a server",
		    arg);
	return 0;
}

static char *
after_domains(char *arg)
{
	char *last = *arg == '/' ? strrchr(arg, '/') : NULL;

	return last != NULL && last > arg ? last + 1 : arg;
}

static int
read_server(struct dnsmasq_line *l, char *arg)
{
	return upstream(l, after_domains(arg));
}

static int
read_rev_server(struct dnsmasq_line *l, char *arg)
{
	char *server = dnsmasq_split(arg);

	dnsmasq_split_at(arg, '/');
	if (!is_any_ip(arg))
		return dnsmasq_bad(l, arg, "'%s' is no network", arg);
	return server != NULL ? upstream(l, server) : 0;
}

static int
read_address(struct dnsmasq_line *l, char *arg)
{
	struct dnsmasq_record *r;
	char *value = after_domains(arg);
	struct in_addr a;

	if (*value == '\0' || strcmp(value, "#") == 0)
		return 0;
	if (!is_any_ip(value))
		return dnsmasq_bad(l, value, "'%s' is no address", value);
	if (value == arg || !dnsmasq_ipv4(value, &a))
		return 0;
	value[-1] = '\0';
	for (char *name = arg + 1; name != NULL; name = value) {
		value = dnsmasq_split_at(name, '/');
		r = arena_alloc(&l->tree->arena, sizeof(*r));
		if (r == NULL || (r->name = dnsmasq_word(l, name)) == NULL)
			continue;
		r->addr = a;
		r->next = l->tree->records;
		l->tree->records = r;
	}
	return 0;
}

static int
read_host_record(struct dnsmasq_line *l, char *arg)
{
	struct dnsmasq_record *r;
	const char *name = NULL;
	unsigned int n = 0;

	while (arg != NULL) {
		char *rest = dnsmasq_split(arg);
		struct in_addr a;

		if (dnsmasq_ipv4(arg, &a) && name != NULL) {
			r = arena_alloc(&l->tree->arena, sizeof(*r));
			if (r == NULL)
				return -ENOMEM;
			r->name = name;
			r->addr = a;
			r->next = l->tree->records;
			l->tree->records = r;
		} else if (name == NULL && !is_any_ip(arg)) {
			name = dnsmasq_word(l, arg);
		}
		n++;
		arg = rest;
	}
	if (n < 2)
		return dnsmasq_bad(l, NULL, "a host-record has a name and an "
		    "address");
	return 0;
}

static int
read_alias(struct dnsmasq_line *l, char *arg)
{
	char *to = dnsmasq_split(arg), *mask = dnsmasq_split(to);
	char *last = dnsmasq_split_at(arg, '-');
	struct in_addr a;

	if (!dnsmasq_ipv4(arg, &a) || !dnsmasq_ipv4(to, &a) ||
	    (last != NULL && !dnsmasq_ipv4(last, &a)) ||
	    (mask != NULL && !dnsmasq_ipv4(mask, &a)))
		return dnsmasq_bad(l, arg, "an alias has two IPv4 addresses");
	return 0;
}

static int
read_facility(struct dnsmasq_line *l, char *arg)
{
	static const char *const names[] = { "kern", "user", "mail", "daemon",
	    "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
	    "local0", "local1", "local2", "local3", "local4", "local5",
	    "local6",
	    "local7", "security" };

	if (strchr(arg, '/') != NULL || strcmp(arg, "-") == 0)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcasecmp(names[i], arg) == 0)
			return 0;
	return dnsmasq_bad(l, arg, "'%s' is neither a facility of syslog nor a "
	    "path", arg);
}

static int
read_dynamic_host(struct dnsmasq_line *l, char *arg)
{
	char *addr = dnsmasq_split(arg);

	if (addr == NULL || dnsmasq_split(addr) == NULL || !is_any_ip(addr))
		return dnsmasq_bad(l, arg, "a name, an address and an "
		    "interface are expected");
	return 0;
}

static int
read_synth(struct dnsmasq_line *l, char *arg)
{
	char *from = dnsmasq_split(arg);

	if (from == NULL)
		return dnsmasq_bad(l, arg, "a domain and a range are expected");
	dnsmasq_split(from);
	dnsmasq_split_at(from, '/');
	if (!is_any_ip(from))
		return dnsmasq_bad(l, from, "'%s' is no address", from);
	return 0;
}

static int
read_duid(struct dnsmasq_line *l, char *arg)
{
	char *bytes = dnsmasq_split(arg);
	uint8_t b[128];
	int64_t n;

	if (bytes == NULL || !dnsmasq_number(arg, &n) ||
	    dnsmasq_hex(bytes, b, sizeof(b), NULL, NULL) < 0)
		return dnsmasq_bad(l, arg, "an enterprise number and bytes in "
		    "hex are expected");
	return 0;
}

static int
read_refused(struct dnsmasq_line *l, char *arg)
{
	(void)arg;
	return dnsmasq_bad(l, NULL, "dnsmasq is built without Lua as a rule");
}

static int
read_interface(struct dnsmasq_line *l, char *arg)
{
	struct dnsmasq_tree *t = l->tree;

	while (arg != NULL) {
		char *rest = dnsmasq_split(arg);
		const char *name = dnsmasq_word(l, arg);

		if (name != NULL && strcmp(name, "lo") != 0) {
			t->n_interfaces++;
			t->interface = t->n_interfaces > 1 ||
			    strchr(name, '*') != NULL ? NULL : name;
		}
		arg = rest;
	}
	return 0;
}

static int
read_domain(struct dnsmasq_line *l, char *arg)
{
	char *range = dnsmasq_split(arg), *last = dnsmasq_split(range);
	char *bits = dnsmasq_split_at(range, '/');
	bool cidr = bits != NULL;

	if (range == NULL) {
		if (strcmp(arg, "#") == 0)
			return dnsmasq_gap(l->tree, l->pos, false, "the domain "
			    "is that of the server's resolv.conf");
		l->tree->domain = dnsmasq_word(l, arg);
		return 0;
	}
	if (last != NULL && (!cidr || strcmp(last, "local") != 0) &&
	    (cidr || !is_any_ip(last)))
		return dnsmasq_bad(l, last, "'%s' is no end of a range", last);
	return dnsmasq_gap(l->tree, l->pos, false,
	    "a domain by address depends on the lease");
}

static int
read_fqdn(struct dnsmasq_line *l, char *arg)
{
	(void)arg;
	l->tree->fqdn = true;
	l->tree->fqdn_at = l->pos;
	return 0;
}

static const struct dnsmasq_row rows[] = {
	{ "add-cpe-id", 1, NULL },
	{ "add-mac", 2, read_add_mac },
	{ "add-subnet", 2, read_add_subnet },
	{ "addn-hosts", 1, NULL },
	{ "address", 1, read_address },
	{ "alias", 1, read_alias },
	{ "all-servers", 0, NULL },
	{ "auth-peer", 1, read_addr },
	{ "auth-sec-servers", 1, NULL },
	{ "auth-server", 1, NULL },
	{ "auth-soa", 1, NULL },
	{ "auth-ttl", 1, read_int },
	{ "auth-zone", 1, NULL },
	{ "bind-dynamic", 0, NULL },
	{ "bind-interfaces", 0, NULL },
	{ "bogus-nxdomain", 1, read_addr_mask },
	{ "bogus-priv", 0, NULL },
	{ "bootp-dynamic", 2, dnsmasq_read_bootp_dynamic },
	{ "bridge-interface", 1, read_two },
	{ "caa-record", 1, read_three },
	{ "cache-rr", 1, read_rr_types },
	{ "cache-size", 2, read_needed },
	{ "clear-on-reload", 0, NULL },
	{ "cname", 1, read_two },
	{ "conf-dir", 1, dnsmasq_read_conf_dir },
	{ "conf-file", 2, dnsmasq_read_conf_file },
	{ "conf-script", 1, dnsmasq_read_conf_script },
	{ "connmark-allowlist", 1, read_count },
	{ "connmark-allowlist-enable", 2, read_mask },
	{ "conntrack", 0, NULL },
	{ "dhcp-alternate-port", 2, read_ports },
	{ "dhcp-authoritative", 0, dnsmasq_read_authoritative },
	{ "dhcp-boot", 1, dnsmasq_read_dhcp_boot },
	{ "dhcp-broadcast", 2, dnsmasq_read_broadcast },
	{ "dhcp-circuitid", 1, dnsmasq_read_circuit },
	{ "dhcp-client-update", 0, NULL },
	{ "dhcp-duid", 1, read_duid },
	{ "dhcp-fqdn", 2, read_fqdn },
	{ "dhcp-generate-names", 2, dnsmasq_read_generate_names },
	{ "dhcp-host", 1, dnsmasq_read_host },
	{ "dhcp-hostsdir", 1, dnsmasq_read_hosts_file },
	{ "dhcp-hostsfile", 1, dnsmasq_read_hosts_file },
	{ "dhcp-ignore", 1, dnsmasq_read_ignore },
	{ "dhcp-ignore-clid", 0, dnsmasq_read_ignore_clid },
	{ "dhcp-ignore-names", 2, dnsmasq_read_ignore_names },
	{ "dhcp-lease", 1, NULL },
	{ "dhcp-lease-max", 1, read_int },
	{ "dhcp-leasefile", 2, NULL },
	{ "dhcp-luascript", 1, read_refused },
	{ "dhcp-mac", 1, dnsmasq_read_mac },
	{ "dhcp-match", 1, dnsmasq_read_dhcp_match },
	{ "dhcp-name-match", 1, dnsmasq_read_name_match },
	{ "dhcp-no-override", 0, dnsmasq_read_no_override },
	{ "dhcp-option", 1, dnsmasq_read_dhcp_option },
	{ "dhcp-option-force", 1, dnsmasq_read_dhcp_option_force },
	{ "dhcp-optsdir", 1, dnsmasq_read_opts_file },
	{ "dhcp-optsfile", 1, dnsmasq_read_opts_file },
	{ "dhcp-proxy", 2, dnsmasq_read_full_proxy },
	{ "dhcp-pxe-vendor", 1, dnsmasq_read_pxe_vendor },
	{ "dhcp-range", 1, dnsmasq_read_range },
	{ "dhcp-rapid-commit", 0, NULL },
	{ "dhcp-relay", 1, read_relay },
	{ "dhcp-remoteid", 1, dnsmasq_read_remote },
	{ "dhcp-reply-delay", 1, dnsmasq_read_delay },
	{ "dhcp-script", 1, NULL },
	{ "dhcp-scriptuser", 1, NULL },
	{ "dhcp-sequential-ip", 0, NULL },
	{ "dhcp-subscrid", 1, dnsmasq_read_subscriber },
	{ "dhcp-ttl", 1, read_int },
	{ "dhcp-userclass", 1, dnsmasq_read_user_class },
	{ "dhcp-vendorclass", 1, dnsmasq_read_vendor_class },
	{ "dns-forward-max", 1, read_int },
	{ "dns-loop-detect", 0, NULL },
	{ "dns-rr", 1, read_rr },
	{ "dnssec", 0, NULL },
	{ "dnssec-check-unsigned", 2, read_check_unsigned },
	{ "dnssec-debug", 0, NULL },
	{ "dnssec-limits", 1, read_int },
	{ "dnssec-no-timecheck", 0, NULL },
	{ "dnssec-timestamp", 1, NULL },
	{ "domain", 1, read_domain },
	{ "domain-needed", 0, NULL },
	{ "domain-suffix", 1, NULL },
	{ "dumpfile", 1, NULL },
	{ "dumpmask", 1, NULL },
	{ "dynamic-host", 1, read_dynamic_host },
	{ "edns-packet-max", 1, read_int },
	{ "enable-dbus", 2, NULL },
	{ "enable-ra", 0, NULL },
	{ "enable-tftp", 2, NULL },
	{ "enable-ubus", 2, NULL },
	{ "except-interface", 1, NULL },
	{ "expand-hosts", 0, NULL },
	{ "fast-dns-retry", 2, read_retry },
	{ "filter-A", 0, NULL },
	{ "filter-AAAA", 0, NULL },
	{ "filter-rr", 1, read_rr_types },
	{ "filterwin2k", 0, NULL },
	{ "group", 2, NULL },
	{ "help", 0, NULL },
	{ "host-record", 1, read_host_record },
	{ "hostsdir", 1, NULL },
	{ "ignore-address", 1, read_addr_mask },
	{ "interface", 1, read_interface },
	{ "interface-name", 1, read_two },
	{ "ipset", 1, read_set },
	{ "keep-in-foreground", 0, NULL },
	{ "leasefile-ro", 0, NULL },
	{ "listen-address", 1, read_addr },
	{ "local", 1, read_server },
	{ "local-service", 2, read_local_service },
	{ "local-ttl", 1, read_int },
	{ "localise-queries", 0, NULL },
	{ "localmx", 0, NULL },
	{ "log-async", 2, read_int },
	{ "log-debug", 0, NULL },
	{ "log-dhcp", 0, NULL },
	{ "log-facility", 1, read_facility },
	{ "log-queries", 2, NULL },
	{ "max-cache-ttl", 1, read_int },
	{ "max-port", 1, read_int16 },
	{ "max-tcp-connections", 1, read_count },
	{ "max-ttl", 1, read_int },
	{ "min-cache-ttl", 1, read_int },
	{ "min-port", 1, read_int16 },
	{ "mx-host", 1, NULL },
	{ "mx-target", 1, NULL },
	{ "naptr-record", 1, read_three },
	{ "neg-ttl", 1, read_int },
	{ "nftset", 1, read_set },
	{ "no-daemon", 0, NULL },
	{ "no-dhcp-interface", 1, NULL },
	{ "no-dhcpv4-interface", 1, NULL },
	{ "no-dhcpv6-interface", 1, NULL },
	{ "no-hosts", 0, NULL },
	{ "no-ident", 0, NULL },
	{ "no-negcache", 0, NULL },
	{ "no-ping", 0, NULL },
	{ "no-poll", 0, NULL },
	{ "no-resolv", 0, NULL },
	{ "no-round-robin", 0, NULL },
	{ "pid-file", 2, NULL },
	{ "port", 1, read_port },
	{ "port-limit", 1, read_count },
	{ "proxy-dnssec", 0, NULL },
	{ "ptr-record", 1, NULL },
	{ "pxe-prompt", 1, dnsmasq_read_pxe_prompt },
	{ "pxe-service", 1, dnsmasq_read_pxe_service },
	{ "query-port", 1, read_int16 },
	{ "quiet-dhcp", 0, NULL },
	{ "quiet-dhcp6", 0, NULL },
	{ "quiet-ra", 0, NULL },
	{ "quiet-tftp", 0, NULL },
	{ "ra-param", 1, read_ra },
	{ "read-ethers", 0, NULL },
	{ "rebind-domain-ok", 1, NULL },
	{ "rebind-localhost-ok", 0, NULL },
	{ "resolv-file", 2, NULL },
	{ "rev-server", 1, read_rev_server },
	{ "script-arp", 0, NULL },
	{ "script-on-renewal", 0, NULL },
	{ "selfmx", 0, NULL },
	{ "server", 1, read_server },
	{ "servers-file", 1, NULL },
	{ "shared-network", 1, dnsmasq_read_shared },
	{ "srv-host", 1, NULL },
	{ "stop-dns-rebind", 0, NULL },
	{ "strict-order", 0, NULL },
	{ "strip-mac", 0, NULL },
	{ "strip-subnet", 0, NULL },
	{ "synth-domain", 1, read_synth },
	{ "tag-if", 1, dnsmasq_read_tag_if },
	{ "test", 0, NULL },
	{ "tftp-lowercase", 0, NULL },
	{ "tftp-max", 1, read_int },
	{ "tftp-mtu", 1, read_int },
	{ "tftp-no-blocksize", 0, NULL },
	{ "tftp-no-fail", 0, NULL },
	{ "tftp-port-range", 1, read_port_range },
	{ "tftp-root", 1, NULL },
	{ "tftp-secure", 0, NULL },
	{ "tftp-single-port", 0, NULL },
	{ "tftp-unique-root", 2, read_unique_root },
	{ "trust-anchor", 1, read_three },
	{ "txt-record", 1, NULL },
	{ "umbrella", 2, read_umbrella },
	{ "use-stale-cache", 2, read_int },
	{ "user", 2, NULL },
	{ "version", 0, NULL },
};

const struct dnsmasq_row *
dnsmasq_row(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

const char *
dnsmasq_row_nearest(const char *name)
{
	const char *names[ARRAY_LEN(rows)];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		names[i] = rows[i].name;
	return text_nearest(name, names, ARRAY_LEN(rows));
}
