#include "report/scan.h"

#include "report/json.h"

#include <string.h>

#define BOLD    "\033[1m"
#define RED     "\033[31m"
#define YELLOW  "\033[33m"
#define PLAIN   "\033[0m"

static const char *
roles_of(const struct scan_server *x)
{
	return x->leases && x->is_proxy ? "DHCP and proxyDHCP" :
	    x->leases ? "DHCP" : "proxyDHCP";
}

/* Does the machine take this offer, and for what? */
static const char *
use_of(const struct scan_kind *k, const struct offer *o)
{
	bool dhcp = k->usable && k->choice.dhcp == o;
	bool proxy = k->usable && k->choice.proxy == o;

	return dhcp && k->choice.proxy && !proxy ? "address" :
	    dhcp ? "taken" : proxy ? "boot file" : NULL;
}

static void
server_line(const struct scan *s, const struct scan_server *x,
    struct sbuf *out)
{
	char ip[IP_TEXT_MAX];
	char mac[MAC_TEXT_MAX];

	sbuf_printf(out, "  %-15s  %s  %s, answers %zu of %zu kinds after "
	    "%.1f s", ipv4_format(x->ip, ip), mac_format(x->mac, mac),
	    roles_of(x), x->n_kinds, s->n_kinds, x->first_s);
	if (x->asked_pxe_port)
		sbuf_printf(out, ", port 4011 %s", x->on_pxe_port ?
		    "answers" : "is silent");
	sbuf_addc(out, '\n');
}

static void
offer_line(const struct scan_kind *k, const struct offer *o, struct sbuf *out)
{
	const char *use = use_of(k, o);
	char ip[IP_TEXT_MAX];
	struct target t;

	(void)target_get(k->persona->target_rule, &o->msg, NULL, &t);
	sbuf_printf(out, "    %-15s  ", ipv4_format(o->src, ip));
	if (o->msg.yiaddr.s_addr)
		sbuf_printf(out, "%-15s", ipv4_format(o->msg.yiaddr, ip));
	else
		sbuf_printf(out, "%-15s", "no address");
	if (t.file[0]) {
		sbuf_add(out, "  ");
		sbuf_escape(out, t.file, strlen(t.file));
		if (t.server[0] && !t.is_uri) {
			sbuf_add(out, " from ");
			sbuf_escape(out, t.server, strlen(t.server));
		}
	} else {
		sbuf_add(out, k->choice.ask_pxe_port && use ?
		    "  to be asked on port 4011" : "  no boot file");
	}
	if (use)
		sbuf_printf(out, "  (%s)", use);
	sbuf_addc(out, '\n');
}

void
report_scan_text(const struct scan *s, bool color, struct sbuf *out)
{
	const char *bold = color ? BOLD : "";
	const char *plain = color ? PLAIN : "";

	if (s->n_servers > 0)
		sbuf_printf(out, "%sservers%s\n", bold, plain);
	for (size_t i = 0; i < s->n_servers; i++)
		server_line(s, &s->server[i], out);
	for (size_t i = 0; i < s->n_kinds; i++) {
		const struct scan_kind *k = &s->kind[i];

		sbuf_printf(out, "%s%s%s", bold, k->persona->name, plain);
		if (k->offers.n == 0) {
			sbuf_add(out, ": no answer\n");
			continue;
		}
		sbuf_add(out, k->usable ? "\n" :
		    ": takes none of these\n");
		for (size_t o = 0; o < k->offers.n; o++)
			offer_line(k, &k->offers.offer[o], out);
	}
	if (s->no_host_address)
		sbuf_add(out, "port 4011 was not asked: this host has no "
		    "address on the interface\n");
	for (size_t i = 0; i < s->n_findings; i++) {
		const struct scan_finding *f = &s->finding[i];

		sbuf_printf(out, "%s%s%s: ", color ? f->fault->severity ==
		    FAULT_ERROR ? RED : YELLOW : "", f->fault->id, plain);
		sbuf_escape(out, f->text, strlen(f->text));
		sbuf_addc(out, '\n');
	}
}

static void
set_ip(json_t *o, const char *key, struct in_addr a)
{
	char ip[IP_TEXT_MAX];

	json_object_set_new(o, key, json_string(ipv4_format(a, ip)));
}

static json_t *
json_server(const struct scan_server *x)
{
	json_t *o = json_object();
	json_t *roles = json_array();

	set_ip(o, "address", x->ip);
	report_set_mac(o, "mac", x->mac);
	if (x->leases)
		json_array_append_new(roles, json_string("dhcp"));
	if (x->is_proxy)
		json_array_append_new(roles, json_string("proxydhcp"));
	json_object_set_new(o, "roles", roles);
	json_object_set_new(o, "port_4011", x->asked_pxe_port ?
	    json_boolean(x->on_pxe_port) : json_null());
	json_object_set_new(o, "answered", json_integer(
	    (json_int_t)x->n_kinds));
	json_object_set_new(o, "delay_s", json_real(x->first_s));
	return o;
}

static json_t *
json_offer(const struct scan_kind *k, const struct offer *x)
{
	const char *use = use_of(k, x);
	json_t *o = json_object();
	struct target t;

	(void)target_get(k->persona->target_rule, &x->msg, NULL, &t);
	set_ip(o, "server", x->src);
	if (x->msg.yiaddr.s_addr)
		set_ip(o, "address", x->msg.yiaddr);
	report_set_str(o, "next_server", t.server);
	report_set_str(o, "file", t.file);
	json_object_set_new(o, "use", use ? json_string(use) : json_null());
	return o;
}

json_t *
report_scan_json(const struct scan *s)
{
	json_t *j = report_head("scan");
	json_t *servers = json_array();
	json_t *kinds = json_array();
	json_t *findings = json_array();

	for (size_t i = 0; i < s->n_servers; i++)
		json_array_append_new(servers, json_server(&s->server[i]));
	for (size_t i = 0; i < s->n_kinds; i++) {
		const struct scan_kind *k = &s->kind[i];
		json_t *o = json_object();
		json_t *offers = json_array();

		json_object_set_new(o, "client", json_string(k->persona->name));
		json_object_set_new(o, "arch", k->persona->has_arch ?
		    json_integer(k->persona->arch) : json_null());
		report_set_mac(o, "mac", k->machine.mac);
		json_object_set_new(o, "usable", json_boolean(k->usable));
		for (size_t n = 0; n < k->offers.n; n++)
			json_array_append_new(offers, json_offer(k,
			    &k->offers.offer[n]));
		json_object_set_new(o, "offers", offers);
		json_array_append_new(kinds, o);
	}
	for (size_t i = 0; i < s->n_findings; i++) {
		const struct scan_finding *f = &s->finding[i];
		json_t *o = json_object();

		json_object_set_new(o, "fault", json_string(f->fault->id));
		json_object_set_new(o, "severity", json_string(
		    fault_severity_name(f->fault->severity)));
		json_object_set_new(o, "message", json_string(f->text));
		json_array_append_new(findings, o);
	}
	json_object_set_new(j, "servers", servers);
	json_object_set_new(j, "clients", kinds);
	json_object_set_new(j, "findings", findings);
	return j;
}
