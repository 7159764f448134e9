/*
 * Who is in whose way on a network: what the answers to all kinds of machines,
 * taken together, say of the servers.
 */
#include "client/scan.h"

#include "chain/target.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FINDING_TEXT_MAX = 512, KIND_NAMES_MAX = 200 };

static void
add(struct scan *s, const char *fault, const char *fmt, ...)
{
	char text[FINDING_TEXT_MAX];
	va_list ap;

	if (s->n_findings == SCAN_FINDINGS_MAX)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	s->finding[s->n_findings++] = (struct scan_finding){
		.fault = fault_find(fault),
		.text = arena_strdup(&s->arena, text),
	};
}

/* The file that an offer names, for that machine; "" if none. */
static void
file_of(const struct scan_kind *k, const struct offer *o, struct target *t)
{
	(void)target_get(k->persona->target_rule, &o->msg, NULL, t);
}

static bool
gives_address(const struct offer *o)
{
	return o->msg.yiaddr.s_addr != 0;
}

/* The kinds of which @test is true, as "intel-bios, uefi-x64". */
static size_t
names_of(const struct scan *s, bool (*test)(const struct scan_kind *k),
    char *buf, size_t cap)
{
	size_t n = 0;
	size_t len = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < s->n_kinds; i++) {
		const char *name = s->kind[i].persona->name;

		if (!test(&s->kind[i]))
			continue;
		if (len + strlen(name) + 3 < cap)
			len += (size_t)snprintf(buf + len, cap - len, "%s%s",
			    n ? ", " : "", name);
		n++;
	}
	return n;
}

static void
judge_dhcp_servers(struct scan *s)
{
	char a[IP_TEXT_MAX];
	char b[IP_TEXT_MAX];
	const struct scan_server *first = NULL;

	for (size_t i = 0; i < s->n_servers; i++) {
		const struct scan_server *x = &s->server[i];

		if (!x->leases)
			continue;
		if (first)
			add(s, "two-dhcp-servers", "%s and %s both offer "
			    "addresses: which one a machine takes is chance",
			    ipv4_format(first->ip, a), ipv4_format(x->ip, b));
		else
			first = x;
	}
	if (!first && s->n_servers > 0)
		add(s, "only-proxy-offers", "boot data is offered, but no "
		    "address: no DHCP server answers here");
}

/* The same kind of machine, told two different things. */
static void
judge_disagreement(struct scan *s)
{
	for (size_t i = 0; i < s->n_kinds; i++) {
		const struct scan_kind *k = &s->kind[i];
		const struct offer *dhcp = NULL;
		struct target t;
		struct target p;

		for (size_t o = 0; o < k->offers.n; o++) {
			const struct offer *x = &k->offers.offer[o];

			file_of(k, x, &p);
			if (!p.file[0])
				continue;
			if (gives_address(x)) {
				dhcp = x;
				t = p;
			}
		}
		for (size_t o = 0; dhcp && o < k->offers.n; o++) {
			const struct offer *x = &k->offers.offer[o];
			char ip[2][IP_TEXT_MAX];

			file_of(k, x, &p);
			if (gives_address(x) || !p.file[0] ||
			    strcmp(p.file, t.file) == 0)
				continue;
			add(s, "proxy-overrides-dhcp-file", "%s: %s names '%s', "
			    "and the proxyDHCP server %s '%s'",
			    k->persona->name, ipv4_format(dhcp->src, ip[0]),
			    t.file, ipv4_format(x->src, ip[1]), p.file);
		}
	}
}

static void
judge_pxe_port(struct scan *s)
{
	char ip[IP_TEXT_MAX];

	for (size_t i = 0; i < s->n_servers; i++) {
		const struct scan_server *x = &s->server[i];

		if (x->asked_pxe_port && !x->on_pxe_port)
			add(s, x->leases ? "option60-without-4011" :
			    "proxydhcp-4011-silent", "%s says PXEClient in "
			    "option 60, but nothing answers on its port 4011",
			    ipv4_format(x->ip, ip));
	}
}

static bool
has_no_file(const struct scan_kind *k)
{
	struct target t;
	const struct offer *from;

	if (!k->usable || k->choice.ask_pxe_port)
		return false;
	from = k->choice.proxy ? k->choice.proxy : k->choice.dhcp;
	file_of(k, from, &t);
	return !t.file[0];
}

static bool
is_useless(const struct scan_kind *k)
{
	return k->offers.n > 0 && !k->usable;
}

void
scan_judge(struct scan *s)
{
	char names[KIND_NAMES_MAX];

	s->n_findings = 0;
	if (s->n_servers == 0) {
		add(s, "no-dhcp-offer", "nobody answers: no DHCP server, relay "
		    "or proxyDHCP server can be heard");
		return;
	}
	judge_dhcp_servers(s);
	judge_disagreement(s);
	judge_pxe_port(s);
	if (names_of(s, is_useless, names, sizeof(names)) > 0)
		add(s, "offer-rejected-by-client", "offers that these would not "
		    "take: %s", names);
	if (names_of(s, has_no_file, names, sizeof(names)) > 0)
		add(s, "offer-without-bootfile", "an address and no boot file "
		    "for: %s", names);
}
