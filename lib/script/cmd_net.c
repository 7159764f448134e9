/*
 * Commands on network interfaces and the network.
 */
#include "script/cmd.h"

#include <stdio.h>
#include <string.h>

enum { PING_MS = 1000, DOTS_MAX = 600 };

struct script_netdev *
script_netdev_arg(struct script *s, const char *name)
{
	struct script_netdev *nd = script_netdev_find(s, name);

	if (!nd)
		script_print(s, "\"%s\": no such network device\n", name);
	return nd;
}

/*
 * Do something to the interfaces that are named, or to all.
 * @until_ok: stop at the first that succeeds, else at the first that fails
 */
static uint32_t
for_netdevs(struct script *s, const struct script_args *a, bool until_ok,
    uint32_t (*fn)(struct script *s, const struct script_args *a,
    struct script_netdev *nd))
{
	uint32_t status = SCRIPT_ERR_NO_NETDEV;
	size_t n = a->n ? a->n : s->n_netdevs;

	for (size_t i = 0; i < n; i++) {
		struct script_netdev *nd = a->n == 0 ? &s->netdevs[i] :
		    script_netdev_arg(s, a->rest[i]);

		if (!nd)
			return SCRIPT_ERR_NETDEV;
		status = fn(s, a, nd);
		if (s->over || until_ok == (status == 0))
			break;
	}
	return status;
}

static uint32_t
open_one(struct script *s, const struct script_args *a,
    struct script_netdev *nd)
{
	(void)a;
	script_netdev_open(s, nd);
	return 0;
}

static uint32_t
close_one(struct script *s, const struct script_args *a,
    struct script_netdev *nd)
{
	(void)a;
	script_netdev_close(s, nd);
	return 0;
}

void
script_print_netdev(struct script *s, const struct script_netdev *nd)
{
	const char *state = nd->is_open ? "open" : "closed";
	struct sbuf chip = SBUF_EMPTY;
	struct sbuf at = SBUF_EMPTY;
	char mac[MAC_TEXT_MAX];
	char ref[40];

	(void)snprintf(ref, sizeof(ref), "%s/chip", nd->name);
	(void)settings_get_text(s->settings, ref, &chip);
	(void)snprintf(ref, sizeof(ref), "%s/busloc:busdevfn", nd->name);
	if (settings_get_text(s->settings, ref, &at) < 0)
		sbuf_add(&at, "UNDI");
	script_print(s, "%s: %s using %s on %s ", nd->name,
	    mac_format(nd->mac, mac), chip.len > 0 ? chip.text : "undionly",
	    sbuf_str(&at));
	if (s->release == SCRIPT_2019)
		script_print(s, "(%s)\n", state);
	else
		script_print(s, "(Ethernet) [%s]\n", state);
	script_print(s, "  [Link:up, TX:0 TXE:0 RX:0 RXE:0]\n");
	sbuf_release(&chip);
	sbuf_release(&at);
}

static uint32_t
stat_one(struct script *s, const struct script_args *a,
    struct script_netdev *nd)
{
	(void)a;
	script_print_netdev(s, nd);
	return 0;
}

uint32_t
cmd_ifopen(struct script *s, const struct script_args *a)
{
	return for_netdevs(s, a, false, open_one);
}

uint32_t
cmd_ifclose(struct script *s, const struct script_args *a)
{
	return for_netdevs(s, a, false, close_one);
}

uint32_t
cmd_ifstat(struct script *s, const struct script_args *a)
{
	return for_netdevs(s, a, false, stat_one);
}

uint32_t
cmd_iflinkwait(struct script *s, const struct script_args *a)
{
	return for_netdevs(s, a, false, open_one);
}

static uint64_t
now_ms(struct script *s)
{
	return s->host->now_ms ? s->host->now_ms(s->host->ctx) : 0;
}

/* While iPXE waits it prints a dot each second. */
static void
print_dots(struct script *s, uint64_t since_ms)
{
	uint64_t n = (now_ms(s) - since_ms) / 1000;

	for (uint64_t i = 0; i < n && i < DOTS_MAX; i++)
		script_print(s, ".");
}

/* Configure one interface; it is closed again if that fails. */
uint32_t
script_configure(struct script *s, struct script_netdev *nd,
    const char *configurator, uint64_t timeout_ms)
{
	uint32_t status = SCRIPT_ERR_DHCP;
	uint64_t since_ms = now_ms(s);
	char text[SCRIPT_ERROR_TEXT_MAX];
	char mac[MAC_TEXT_MAX];

	script_netdev_open(s, nd);
	script_print(s, "Configuring %s%s%s(%s %s)...",
	    configurator ? "[" : "", configurator ? configurator : "",
	    configurator ? "] " : "", nd->name, mac_format(nd->mac, mac));
	if (s->host->dhcp)
		status = s->host->dhcp(s->host->ctx, s, nd->name, timeout_ms);
	if (s->over)
		return status;
	status = script_status(s, status);
	print_dots(s, since_ms);
	script_print(s, " %s\n",
	    status ? script_error_text_of(s->release, status, text) : "ok");
	if (status)
		script_netdev_close(s, nd);
	return status;
}

static uint32_t
configure_one(struct script *s, const struct script_args *a,
    struct script_netdev *nd)
{
	return script_configure(s, nd, args_text(a, 'c'),
	    args_timeout(a, 't'));
}

uint32_t
cmd_ifconf(struct script *s, const struct script_args *a)
{
	const char *name = args_text(a, 'c');

	if (name && strcmp(name, "dhcp") != 0 && strcmp(name, "ipv6") != 0) {
		script_print(s, "\"%s\": no such configurator\n", name);
		return SCRIPT_ERR_CONFIGURATOR;
	}
	return for_netdevs(s, a, true, configure_one);
}

/* That build speaks IPv6: each card has an address made of its MAC (RFC 4291, A). */
static void
print_link_local(struct script *s, const struct script_netdev *nd)
{
	struct ip_addr a = { .family = AF_INET6 };
	char text[IP_TEXT_MAX];
	uint8_t *p = a.v6.s6_addr;

	memset(p, 0, sizeof(a.v6));
	p[0] = 0xfe;
	p[1] = 0x80;
	memcpy(p + 8, nd->mac, 3);
	p[8] ^= 2;
	p[11] = 0xff;
	p[12] = 0xfe;
	memcpy(p + 13, nd->mac + 3, 3);
	script_print(s, "%s: %s/64\n", nd->name, ip_format(&a, text));
}

/* "net0: 10.0.2.15/255.255.255.0 gw 10.0.2.2" of each that has an address. */
void
script_print_routes(struct script *s)
{
	static const struct {
		const char *before;
		const char *name;
	} parts[] = {
		{ ": ", "ip" }, { "/", "netmask" }, { " gw ", "gateway" },
	};

	for (size_t i = 0; i < s->n_netdevs; i++) {
		const struct script_netdev *nd = &s->netdevs[i];
		struct sbuf line = SBUF_EMPTY;

		for (size_t k = 0; k < ARRAY_LEN(parts); k++) {
			struct sbuf v = SBUF_EMPTY;
			char ref[48];

			(void)snprintf(ref, sizeof(ref), "%s/%s", nd->name,
			    parts[k].name);
			if (settings_get_text(s->settings, ref, &v) == 0)
				sbuf_printf(&line, "%s%s", parts[k].before,
				    sbuf_str(&v));
			sbuf_release(&v);
		}
		if (nd->is_open && line.len > 0)
			script_print(s, "%s%s\n", nd->name, line.text);
		if (nd->is_open && s->release == SCRIPT_2019)
			print_link_local(s, nd);
		sbuf_release(&line);
	}
}

uint32_t
cmd_route(struct script *s, const struct script_args *a)
{
	(void)a;
	script_print_routes(s);
	return 0;
}

uint32_t
cmd_nslookup(struct script *s, const struct script_args *a)
{
	struct setting_ref ref;
	struct ip_addr addr = { .family = 0 };
	uint32_t status;
	int rc;

	status = args_setting(s, a->rest[0], &ref);
	if (status)
		return status;
	status = script_error_plain(SCRIPT_ENOTSUP);
	if (s->host->resolve)
		status = s->host->resolve(s->host->ctx, a->rest[1], &addr);
	if (s->over)
		return status;
	if (status) {
		script_print(s, "Could not resolve %s", a->rest[1]);
		script_say_error(s, "", status);
		return status;
	}
	if (addr.family == AF_INET6)
		rc = settings_put(s->settings, &ref, SETTING_T_IPV6,
		    &addr.v6, sizeof(addr.v6));
	else
		rc = settings_put(s->settings, &ref, SETTING_T_IPV4,
		    &addr.v4, sizeof(addr.v4));
	return rc < 0 ? script_errno(s, rc) : 0;
}

uint32_t
cmd_ping(struct script *s, const struct script_args *a)
{
	uint64_t timeout_ms = args_timeout(a, 't');
	int64_t count = args_number(a, 'c', 0);

	if (count <= 0) {
		script_set_end(s, SCRIPT_END_LIMIT, 0,
		    "pings for ever: it gives no --count");
		return 0;
	}
	if (!s->host->ping)
		return SCRIPT_ERR_PING;
	return s->host->ping(s->host->ctx, a->rest[0],
	    timeout_ms ? timeout_ms : PING_MS, (unsigned int)count);
}

uint32_t
cmd_ntp(struct script *s, const struct script_args *a)
{
	uint32_t status = 0;

	if (s->host->ntp)
		status = s->host->ntp(s->host->ctx, a->rest[0]);
	if (status && !s->over)
		script_say_error(s, "Could not get time and date", status);
	return status;
}

uint32_t
cmd_cpuid(struct script *s, const struct script_args *a)
{
	bool ext = args_has(a, 'e') || args_has(a, 'a');
	bool ecx = args_has(a, 'c');
	/* What every 64-bit processor has: long mode, SSE2, CX16 ... */
	static const uint32_t usual[2][2] = {
		{ 0x078bfbfd, 0x00002001 }, { 0x20100800, 0 },
	};
	int64_t bit;
	bool set;

	if (args_integer(s, a->rest[0], &bit))
		return SCRIPT_ERR_INTEGER;
	bit &= 31;                      /* as the processor shifts */
	if (s->host->cpuid)
		set = s->host->cpuid(s->host->ctx, ext, ecx,
		    (unsigned int)bit);
	else
		set = usual[ext][ecx] >> bit & 1;
	return set ? 0 : script_error_plain(SCRIPT_ENOENT);
}
