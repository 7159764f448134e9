#include "report/serve.h"

#include "base/clock.h"
#include "chain/arch.h"
#include "report/json.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

static void
add_time(struct sbuf *b, double t)
{
	time_t s = (time_t)t;
	struct tm tm;
	char text[16] = "";

	if (localtime_r(&s, &tm))
		(void)strftime(text, sizeof(text), "%H:%M:%S", &tm);
	sbuf_add(b, text);
}

/* The beginning of every object; time is set once, here. */
static json_t *
object(const char *event, double t)
{
	json_t *j = report_head("serve");

	report_set_str(j, "event", event);
	(void)json_object_set_new(j, "time", json_real(t));
	return j;
}

static void
dump(json_t *j, struct sbuf *out)
{
	if (report_dump(j, 0, out) < 0)
		out->bad = true;
}

/* "x86 BIOS undionly.kpxe, x64 UEFI ipxe.efi", and the same as an array. */
static size_t
list_files(const struct rule *r, struct sbuf *text, json_t *json)
{
	const struct arch *rows;
	size_t n_found = 0;
	size_t n;

	rows = arch_rows(&n);
	for (size_t i = 0; i < n; i++) {
		/* A machine that boots by HTTP takes its TFTP twin's file. */
		const char *file = rows[i].http ? NULL :
		    rule_file(r, rows[i].number);
		json_t *j;

		if (!file)
			continue;
		n_found++;
		sbuf_sep(text, ", ");
		sbuf_printf(text, "%s %s", rows[i].name, file);
		j = json_object();
		(void)json_object_set_new(j, "arch",
		    json_integer(rows[i].number));
		report_set_str(j, "arch_name", rows[i].name);
		report_set_bytes(j, "file", file, strlen(file));
		(void)json_array_append_new(json, j);
	}
	return n_found;
}

size_t
report_serve_start(const struct serve_conf *c, const struct rule *r,
    bool as_json, struct sbuf *out)
{
	json_t *files = json_array();
	struct sbuf names = SBUF_EMPTY;
	double now = clock_wall_s();
	char script[RULE_URL_MAX] = "";
	char ip[IP_TEXT_MAX];
	json_t *j;
	size_t n = list_files(r, &names, files);

	(void)rule_script_url(r, c->iface.ip, script, sizeof(script));

	(void)ipv4_format(c->iface.ip, ip);
	if (as_json) {
		j = object("start", now);
		report_set_str(j, "interface", c->iface.name);
		report_set_str(j, "ip", ip);
		(void)json_object_set_new(j, "proxy",
		    json_boolean(c->dhcp.proxy));
		(void)json_object_set(j, "files", files);
		report_set_str(j, "script", script);
		dump(j, out);
	} else {
		add_time(out, now);
		sbuf_printf(out, " start %s on %s, %s; boots %s%s%s\n",
		    c->dhcp.proxy ? "proxyDHCP" : "DHCP", c->iface.name, ip,
		    n > 0 ? sbuf_str(&names) : "nothing",
		    script[0] ? "; iPXE runs " : "", script);
	}
	json_decref(files);
	sbuf_release(&names);
	return n;
}

static const char *
kind_name(enum serve_kind k)
{
	static const char *const names[] = {
		[SERVE_DHCP] = "dhcp", [SERVE_TFTP] = "tftp",
		[SERVE_HTTP] = "http",
	};

	return names[k];
}

static void
event_text(const struct serve_event *ev, struct sbuf *b)
{
	char mac[MAC_TEXT_MAX];
	char ip[IP_TEXT_MAX];

	add_time(b, ev->time);
	sbuf_printf(b, " %s ", kind_name(ev->kind));
	if (ev->has_mac)
		sbuf_printf(b, "%s ", mac_format(ev->mac, mac));
	else if (ev->ip.s_addr != INADDR_ANY)
		sbuf_printf(b, "%s ", ipv4_format(ev->ip, ip));
	if (ev->kind != SERVE_DHCP) {
		sbuf_escape(b, ev->file, strlen(ev->file));
		sbuf_add(b, ": ");
	}
	sbuf_escape(b, ev->text, strlen(ev->text));
	if (ev->bytes > 0)
		sbuf_printf(b, ", %" PRIu64 " bytes in %.2f s", ev->bytes,
		    ev->duration_s);
	if (ev->fault)
		sbuf_printf(b, " [%s]", ev->fault);
	sbuf_addc(b, '\n');
}

static json_t *
event_json(const struct serve_event *ev)
{
	json_t *j = object(kind_name(ev->kind), ev->time);
	char ip[IP_TEXT_MAX];

	if (ev->has_mac)
		report_set_mac(j, "mac", ev->mac);
	if (ev->ip.s_addr != INADDR_ANY)
		report_set_str(j, "ip", ipv4_format(ev->ip, ip));
	if (ev->has_arch) {
		(void)json_object_set_new(j, "arch", json_integer(ev->arch));
		report_set_str(j, "arch_name", arch_name(ev->arch));
	}
	if (ev->file[0] != '\0')
		report_set_bytes(j, "file", ev->file, strlen(ev->file));
	if (ev->kind == SERVE_DHCP) {
		report_set_str(j, "type", dhcp4_type_name(ev->type));
		report_set_str(j, "reply", dhcp4_type_name(ev->reply));
	} else {
		(void)json_object_set_new(j, "failed",
		    json_boolean(ev->failed));
		(void)json_object_set_new(j, "bytes",
		    json_integer((json_int_t)ev->bytes));
		(void)json_object_set_new(j, "duration_s",
		    json_real(ev->duration_s));
	}
	if (ev->kind == SERVE_HTTP)
		(void)json_object_set_new(j, "status",
		    json_integer(ev->status));
	report_set_str(j, "fault", ev->fault);
	report_set_bytes(j, "text", ev->text, strlen(ev->text));
	return j;
}

void
report_serve_event(const struct serve_event *ev, bool as_json,
    struct sbuf *out)
{
	if (as_json)
		dump(event_json(ev), out);
	else
		event_text(ev, out);
}

static void
stop_text(const struct serve_stats *st, struct sbuf *b)
{
	sbuf_printf(b, " stop after %.0f s: %" PRIu64 " DHCP messages, %" PRIu64
	    " offers, %" PRIu64 " acks, %" PRIu64 " naks", st->duration_s,
	    st->requests, st->offers, st->acks, st->naks);
	sbuf_printf(b, "; TFTP %" PRIu64 " files, %" PRIu64 " bytes, %" PRIu64
	    " failed", st->tftp_files, st->tftp_bytes, st->tftp_failed);
	sbuf_printf(b, "; HTTP %" PRIu64 " files, %" PRIu64 " bytes, %" PRIu64
	    " failed\n", st->http_files, st->http_bytes, st->http_failed);
}

static json_t *
stats_json(const struct serve_stats *st)
{
	const struct {
		const char *key;
		uint64_t value;
	} rows[] = {
		{ "requests", st->requests },
		{ "offers", st->offers },
		{ "acks", st->acks },
		{ "naks", st->naks },
		{ "leases", st->leases },
		{ "tftp_files", st->tftp_files },
		{ "tftp_failed", st->tftp_failed },
		{ "tftp_bytes", st->tftp_bytes },
		{ "http_files", st->http_files },
		{ "http_failed", st->http_failed },
		{ "http_bytes", st->http_bytes },
	};
	json_t *j = json_object();

	(void)json_object_set_new(j, "duration_s", json_real(st->duration_s));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		(void)json_object_set_new(j, rows[i].key,
		    json_integer((json_int_t)rows[i].value));
	return j;
}

void
report_serve_stop(const struct serve_stats *st, bool as_json,
    struct sbuf *out)
{
	double now = clock_wall_s();
	json_t *j;

	if (as_json) {
		j = object("stop", now);
		(void)json_object_set_new(j, "stats", stats_json(st));
		dump(j, out);
	} else {
		add_time(out, now);
		stop_text(st, out);
	}
}
