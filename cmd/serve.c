/*
 * serve.c - pxetool serve: DHCP or proxyDHCP, TFTP and HTTP for network
 * booting, on one interface.
 */
#include "cmd.h"

#include "chain/arch.h"
#include "report/serve.h"
#include "server/root.h"
#include "server/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	DEFAULT_HTTP_PORT = 80,
	DEFAULT_LEASE_S = 3600,
	LEASE_S_MIN = 60,
	MS_PER_S = 1000,
};

struct serve_opts {
	const char *interface;
	const char *dhcp_range;
	bool proxy;
	const char *tftp_root;
	const char *http_root;
	uint16_t http_port;
	const char *script;
	struct cmd_list arch_files;
	struct cmd_list routers;
	struct cmd_list dns;
	const char *domain;
	uint64_t lease_time_ms;
	bool no_chain;
	bool verbose;
};

/* Where events go. */
struct sink {
	const struct cmd_run *run;
	FILE *to;
	bool verbose;
	bool broken;
};

static int
read_interface(const struct serve_opts *o, struct iface *ret,
    struct diag *diag)
{
	int rc;

	if (!o->interface) {
		diag_set(diag, "which network interface? give --interface");
		return -EINVAL;
	}
	rc = iface_get(o->interface, ret, diag);
	if (rc < 0)
		return rc;
	if (!ret->is_up) {
		diag_set(diag, "the interface %s is down: run 'ip link set %s "
		    "up'", ret->name, ret->name);
		return -ENETDOWN;
	}
	if (!ret->has_ip) {
		diag_set(diag, "the interface %s has no IPv4 address: run "
		    "'ip address add 192.168.77.1/24 dev %s', or with another "
		    "address of its network", ret->name, ret->name);
		return -EADDRNOTAVAIL;
	}
	return 0;
}

static int
split_range(const char *text, char *buf, size_t cap, char *part[3],
    struct diag *diag)
{
	char *p = buf;
	int n = 0;

	if (text_copy(buf, cap, text)) {
		while (p && n < 3) {
			part[n++] = p;
			p = strchr(p, ',');
			if (p)
				*p++ = '\0';
		}
	}
	if (n < 2 || p) {
		diag_set(diag, "'%s' is no range: expected FIRST,LAST or "
		    "FIRST,LAST,MASK", text);
		return -EINVAL;
	}
	return n;
}

static int
read_mask(const char *text, struct in_addr *ret, struct diag *diag)
{
	int rc = parse_ipv4(text, ret, diag);
	uint32_t host_bits;

	if (rc < 0)
		return rc;
	host_bits = ~ntohl(ret->s_addr);
	if ((host_bits & (host_bits + 1)) != 0 || host_bits == UINT32_MAX) {
		diag_set(diag, "'%s' is no network mask", text);
		return -EINVAL;
	}
	return 0;
}

static bool
same_net(struct in_addr a, struct in_addr b, struct in_addr mask)
{
	return (a.s_addr & mask.s_addr) == (b.s_addr & mask.s_addr);
}

static int
read_range(const struct serve_opts *o, struct serve_conf *c, struct diag *diag)
{
	char buf[128];
	char ip[IP_TEXT_MAX];
	char *part[3] = { NULL };
	int n;
	int rc;

	n = split_range(o->dhcp_range, buf, sizeof(buf), part, diag);
	if (n < 0)
		return n;
	c->dhcp.mask = c->iface.mask;
	rc = parse_ipv4(part[0], &c->range_first, diag);
	if (rc == 0)
		rc = parse_ipv4(part[1], &c->range_last, diag);
	if (rc == 0 && n == 3)
		rc = read_mask(part[2], &c->dhcp.mask, diag);
	if (rc < 0)
		return rc;
	c->dhcp.subnet.s_addr = c->range_first.s_addr & c->dhcp.mask.s_addr;
	if (!same_net(c->range_first, c->range_last, c->dhcp.mask)) {
		diag_set(diag, "the range %s lies in two networks",
		    o->dhcp_range);
		return -EINVAL;
	}
	if (n == 2 && !same_net(c->range_first, c->iface.ip, c->iface.mask)) {
		diag_set(diag, "the range %s is outside the network of %s, "
		    "which has the address %s; if it is for a network behind a "
		    "relay, give its mask too", o->dhcp_range, c->iface.name,
		    ipv4_format(c->iface.ip, ip));
		return -EINVAL;
	}
	return 0;
}

static int
read_addresses(const struct cmd_list *list, const char *what,
    struct in_addr *ret, size_t *ret_n, struct diag *diag)
{
	int rc = 0;

	if (list->n > DHCPD_ADDRS_MAX) {
		diag_set(diag, "more than %d times --%s", DHCPD_ADDRS_MAX,
		    what);
		return -EINVAL;
	}
	for (size_t i = 0; i < list->n && rc == 0; i++)
		rc = parse_ipv4(list->value[i], &ret[i], diag);
	*ret_n = list->n;
	return rc;
}

static int
read_dhcp(const struct serve_opts *o, struct serve_conf *c, struct diag *diag)
{
	uint64_t lease_s = DEFAULT_LEASE_S;
	int rc;

	if (o->proxy == (o->dhcp_range != NULL)) {
		diag_set(diag, "who gives the addresses? --dhcp-range "
		    "FIRST,LAST if pxetool is to, --proxy if the network has "
		    "a DHCP server%s", o->proxy ? ", but not both" : "");
		return -EINVAL;
	}
	c->dhcp.proxy = o->proxy;
	if (o->proxy && (o->routers.n > 0 || o->dns.n > 0 || o->domain ||
	    o->lease_time_ms > 0)) {
		diag_set(diag, "--router, --dns, --domain and --lease-time go "
		    "with addresses: with --proxy the network's DHCP server "
		    "gives them");
		return -EINVAL;
	}
	if (o->proxy)
		return 0;
	if (o->lease_time_ms > 0)
		lease_s = o->lease_time_ms / MS_PER_S;
	if (lease_s < LEASE_S_MIN || lease_s > UINT32_MAX) {
		diag_set(diag, "a lease of less than %d seconds or more than "
		    "136 years", LEASE_S_MIN);
		return -EINVAL;
	}
	c->dhcp.lease_s = (uint32_t)lease_s;
	c->dhcp.domain = o->domain;
	rc = read_range(o, c, diag);
	if (rc == 0)
		rc = read_addresses(&o->routers, "router", c->dhcp.routers,
		    &c->dhcp.n_routers, diag);
	if (rc == 0)
		rc = read_addresses(&o->dns, "dns", c->dhcp.dns,
		    &c->dhcp.n_dns, diag);
	return rc;
}

static int
read_script(const struct serve_opts *o, struct serve_conf *c,
    struct diag *diag)
{
	const char *slash;
	int fd;

	if (!o->script)
		return 0;
	if (o->no_chain) {
		diag_set(diag, "--no-chain gives iPXE the firmware's file: "
		    "then --script is never used");
		return -EINVAL;
	}
	c->rule.script = o->script;
	if (strstr(o->script, "://"))
		return 0;
	fd = open(o->script, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		int rc = -errno;

		diag_sys(diag, rc, "cannot open the script '%s'", o->script);
		return rc;
	}
	(void)close(fd);
	c->script_path = o->script;
	slash = strrchr(o->script, '/');
	c->rule.script = slash ? slash + 1 : o->script;
	return 0;
}

static int
read_arch_file(const struct serve_conf *c, const char *text,
    struct rule_file *ret, struct diag *diag)
{
	const char *eq = strchr(text, '=');
	const struct arch *a = NULL;
	struct root root;
	char word[64];
	bool is_there;
	int rc;

	if (eq && (size_t)(eq - text) < sizeof(word)) {
		memcpy(word, text, (size_t)(eq - text));
		word[eq - text] = '\0';
		a = arch_by_word(word);
	}
	if (!a || eq[1] == '\0') {
		diag_set(diag, "'%s': expected ARCH=FILE, ARCH being a number "
		    "of option 93 or a word as bios, x64, arm64, x64-http",
		    text);
		return -EINVAL;
	}
	ret->arch = a->number;
	ret->file = eq + 1;
	if (strstr(ret->file, "://"))
		return 0;
	rc = root_init(&root, c->tftp_root, diag);
	if (rc < 0)
		return rc;
	is_there = root_has(&root, ret->file);
	root_release(&root);
	if (!is_there) {
		diag_set(diag, "there is no file '%s' in '%s' for %s",
		    ret->file, c->tftp_root, a->name);
		return -ENOENT;
	}
	return 0;
}

static int
read_files(const struct serve_opts *o, struct serve_conf *c, struct diag *diag)
{
	int rc = 0;

	if (!o->tftp_root) {
		diag_set(diag, "which folder holds the boot files? give "
		    "--tftp-root");
		return -EINVAL;
	}
	c->tftp_root = o->tftp_root;
	c->http_root = o->http_root;
	c->rule.http_port = o->http_port ? o->http_port : DEFAULT_HTTP_PORT;
	c->rule.no_chain = o->no_chain;
	if (o->arch_files.n > RULE_FILES_MAX) {
		diag_set(diag, "more than %d times --arch-file",
		    RULE_FILES_MAX);
		return -EINVAL;
	}
	for (size_t i = 0; i < o->arch_files.n && rc == 0; i++)
		rc = read_arch_file(c, o->arch_files.value[i],
		    &c->rule.files[i], diag);
	c->rule.n_files = o->arch_files.n;
	return rc < 0 ? rc : read_script(o, c, diag);
}

/* A line goes out at once: somebody may be watching. */
static void
sink_line(struct sink *k, struct sbuf *line)
{
	if (line->bad || fwrite(sbuf_str(line), 1, line->len, k->to) !=
	    line->len || fflush(k->to) != 0)
		k->broken = true;
	sbuf_release(line);
}

static void
on_event(void *ctx, const struct serve_event *ev)
{
	struct sink *k = ctx;
	struct sbuf line = SBUF_EMPTY;

	if (ev->minor && !k->verbose)
		return;
	report_serve_event(ev, k->run->format == CMD_JSON, &line);
	sink_line(k, &line);
}

static void
say_started(struct sink *k, const struct serve_conf *c, const struct rule *r)
{
	struct sbuf line = SBUF_EMPTY;

	if (report_serve_start(c, r, k->run->format == CMD_JSON, &line) == 0)
		cmd_warn(k->run, "no boot file in '%s': looked for "
		    "undionly.kpxe, ipxe.efi, ipxe-arm64.efi and the like; "
		    "put them there, or name yours with --arch-file",
		    c->tftp_root);
	if (!r->script && !r->no_chain)
		cmd_warn(k->run, "iPXE will be given no script: give --script, "
		    "or --no-chain if what you serve is not iPXE");
	if (!c->iface.has_carrier)
		cmd_warn(k->run, "%s has no link: is the cable in?",
		    c->iface.name);
	sink_line(k, &line);
}

static void
say_stopped(struct sink *k, const struct serve *s)
{
	struct serve_stats stats;
	struct sbuf line = SBUF_EMPTY;

	serve_stats(s, &stats);
	report_serve_stop(&stats, k->run->format == CMD_JSON, &line);
	sink_line(k, &line);
}

static int
serve_run_cmd(const struct cmd_run *run)
{
	const struct serve_opts *o = run->opts;
	struct sink k = { .run = run, .to = stdout, .verbose = o->verbose };
	struct serve_conf c = { .script_path = NULL };
	struct serve *s = NULL;
	struct diag diag;
	int rc;

	rc = read_interface(o, &c.iface, &diag);
	if (rc == 0)
		rc = read_dhcp(o, &c, &diag);
	if (rc == 0)
		rc = read_files(o, &c, &diag);
	if (rc == 0 && run->output) {
		k.to = fopen(run->output, "we");
		if (!k.to) {
			rc = -errno;
			diag_sys(&diag, rc, "cannot write to '%s'",
			    run->output);
		}
	}
	if (rc == 0)
		rc = serve_new(&c, on_event, &k, &s, &diag);
	if (rc == 0) {
		say_started(&k, &c, serve_rule(s));
		rc = serve_run(s);
		if (rc < 0)
			diag_sys(&diag, rc, "the server broke down");
		else
			say_stopped(&k, s);
	}
	serve_free(s);
	if (k.to && k.to != stdout && fclose(k.to) != 0)
		k.broken = true;
	if (rc < 0)
		return cmd_error(run, &diag);
	if (k.broken) {
		diag_set(&diag, "the events could not all be written");
		return cmd_error(run, &diag);
	}
	return EXIT_CLEAN;
}

static const struct cmd_opt serve_opts[] = {
	{ 'i', "interface", "name", "serve on this network interface",
	    opt_string, OPT(serve_opts, interface) },
	{ 0, "dhcp-range", "first,last[,mask]", "give out these addresses",
	    opt_string, OPT(serve_opts, dhcp_range) },
	{ 0, "proxy", NULL, "another server gives addresses: add boot data",
	    opt_true, OPT(serve_opts, proxy) },
	{ 0, "tftp-root", "folder", "serve its files by TFTP",
	    opt_string, OPT(serve_opts, tftp_root) },
	{ 0, "http-root", "folder", "serve its files by HTTP (default: the "
	    "same folder)", opt_string, OPT(serve_opts, http_root) },
	{ 0, "http-port", "port", "TCP port for HTTP (default: 80)",
	    opt_port, OPT(serve_opts, http_port) },
	{ 0, "script", "file|url", "what iPXE is to run",
	    opt_string, OPT(serve_opts, script) },
	{ 0, "arch-file", "arch=file", "boot file of an architecture; may be "
	    "repeated", opt_list, OPT(serve_opts, arch_files) },
	{ 0, "no-chain", NULL, "give iPXE the firmware's file too",
	    opt_true, OPT(serve_opts, no_chain) },
	{ 0, "router", "address", "default router of the clients; may be "
	    "repeated", opt_list, OPT(serve_opts, routers) },
	{ 0, "dns", "address", "name server of the clients; may be repeated",
	    opt_list, OPT(serve_opts, dns) },
	{ 0, "domain", "name", "domain name of the clients",
	    opt_string, OPT(serve_opts, domain) },
	{ 0, "lease-time", "time", "how long an address is lent (default: 60m)",
	    opt_seconds, OPT(serve_opts, lease_time_ms) },
	{ 'v', "verbose", NULL, "also tell what is ignored or of no interest",
	    opt_true, OPT(serve_opts, verbose) },
	{ 0 },
};

const struct cmd cmd_serve = {
	.name = "serve",
	.summary = "boot machines: DHCP or proxyDHCP, TFTP and HTTP in one",
	.usage = "-i name --tftp-root folder [options]",
	.opts = serve_opts, .opts_size = sizeof(struct serve_opts),
	.min_args = 0, .max_args = 0,
	.formats = CMD_TEXT | CMD_JSON, .run = serve_run_cmd,
};
