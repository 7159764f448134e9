#include "report/boot.h"

#include "chain/waits.h"
#include "report/json.h"

#include <stdio.h>
#include <string.h>

#define RED     "\033[31m"
#define GREEN   "\033[32m"
#define BOLD    "\033[1m"
#define FAINT   "\033[2m"
#define PLAIN   "\033[0m"

enum { REPORT_WIDTH = 78 };

#define REPORT_INSTANT_S 0.01

const char *
report_size(uint64_t bytes, char buf[32])
{
	static const char *const units[] = { "bytes", "kB", "MB", "GB", "TB" };
	double v = (double)bytes;
	size_t u = 0;

	while (v >= 1000 && u + 1 < ARRAY_LEN(units)) {
		v /= 1000;
		u++;
	}
	(void)snprintf(buf, 32, u ? "%.1f %s" : "%.0f %s", v, units[u]);
	return buf;
}

static const char *
paint(const struct report_boot *r, const char *code)
{
	return r->color ? code : "";
}

static void
load_line(const struct report_boot *r, const struct boot_load *l,
    struct sbuf *out)
{
	char size[32];
	char speed[32];

	sbuf_escape(out, l->uri, strlen(l->uri));
	if (!l->ok) {
		sbuf_printf(out, "  %sfailed%s: ", paint(r, RED),
		    paint(r, PLAIN));
		sbuf_escape(out, l->error, strlen(l->error));
		return;
	}
	sbuf_printf(out, "  %s in ", report_size(l->bytes, size));
	/* of what is over at once, the speed says nothing */
	if (l->duration_s < REPORT_INSTANT_S)
		sbuf_printf(out, "%.0f ms", l->duration_s * 1000);
	else
		sbuf_printf(out, "%.2f s, %s/s", l->duration_s,
		    report_size((uint64_t)((double)l->bytes / l->duration_s),
		    speed));
	if (l->detail[0])
		sbuf_printf(out, " (%s)", l->detail);
	sbuf_add(out, ": ");
	sbuf_escape(out, l->what, strlen(l->what));
}

static void
stage_line(const struct report_boot *r, const struct boot *b, size_t i,
    struct sbuf *out)
{
	const struct boot_stage *s = &b->stages[i];

	sbuf_printf(out, "%s%8.3f  %s: %s%s\n", paint(r, BOLD),
	    s->time - b->time, s->stage, s->title, paint(r, PLAIN));
}

static void
event_line(const struct report_boot *r, const struct boot *b,
    const struct boot_event *ev, struct sbuf *out)
{
	static const char *const marks[] = {
		[BOOT_EV_SENT] = ">", [BOOT_EV_RECEIVED] = "<",
		[BOOT_EV_IGNORED] = "<", [BOOT_EV_LOAD] = "=",
		[BOOT_EV_CONSOLE] = "|", [BOOT_EV_NOTE] = "*",
	};
	bool faint = ev->kind == BOOT_EV_IGNORED || ev->kind == BOOT_EV_CONSOLE;

	if (ev->kind == BOOT_EV_IGNORED && !r->verbose)
		return;
	sbuf_printf(out, "%8.3f    %s%s ", ev->time - b->time,
	    faint ? paint(r, FAINT) : "", marks[ev->kind]);
	if (ev->kind == BOOT_EV_LOAD)
		load_line(r, &b->loads[ev->load], out);
	else
		sbuf_escape(out, ev->text, strlen(ev->text));
	sbuf_printf(out, "%s\n", faint ? paint(r, PLAIN) : "");
}

void
report_boot_more(struct report_boot *r, const struct boot *b, struct sbuf *out)
{
	for (;;) {
		bool more = r->n_events < b->n_events;
		size_t due = more ? b->events[r->n_events].stage + 1 :
		    b->n_stages;

		while (r->n_stages < due && r->n_stages < b->n_stages)
			stage_line(r, b, r->n_stages++, out);
		if (!more)
			return;
		event_line(r, b, &b->events[r->n_events++], out);
	}
}

/* Add text, broken at blanks to REPORT_WIDTH, after @indent blanks. */
static void
add_wrapped(struct sbuf *out, const char *text, int indent)
{
	size_t room = REPORT_WIDTH - (size_t)indent;

	while (*text) {
		size_t len = strcspn(text, "\n");
		size_t cut = len;

		if (len > room) {
			for (cut = room; cut > 0 && text[cut] != ' '; cut--)
				;
			if (cut == 0)
				cut = len;
		}
		sbuf_printf(out, "%*s%.*s\n", indent, "", (int)cut, text);
		text += cut;
		if (*text == ' ' || *text == '\n')
			text++;
	}
}

static void
healthy_line(const struct boot *b, struct sbuf *out)
{
	const struct boot_stage *last = &b->stages[b->n_stages - 1];
	char ip[IP_TEXT_MAX];

	switch (b->end) {
	case BOOT_END_OS:
		sbuf_printf(out, "the operating system runs, with the address "
		    "%s", ipv4_format(last->address, ip));
		break;
	case BOOT_END_KERNEL:
		sbuf_add(out, "a kernel was started");
		break;
	case BOOT_END_LOCAL:
		sbuf_add(out, "the machine goes on with its local disk");
		break;
	case BOOT_END_SCRIPT:
		sbuf_add(out, b->cut_short ? "a script was loaded, as far as "
		    "was asked" : "the script came to its end and started "
		    "nothing");
		break;
	case BOOT_END_SHELL:
	case BOOT_END_NONE:
		sbuf_add(out, "as far as the chain was followed");
		break;
	}
}

/* The budget, unless there was nothing to wait for. */
static void
add_waits(const struct boot *b, struct sbuf *out)
{
	struct arena arena = ARENA_EMPTY;
	struct waits w;

	if (waits_find(b, &arena, &w) == 0 && w.n > 0) {
		sbuf_add(out, "\nwhere the time went:\n");
		for (size_t i = 0; i < w.n; i++) {
			sbuf_printf(out, "%8.3f  ", w.wait[i].duration_s);
			sbuf_escape(out, w.wait[i].what,
			    strlen(w.wait[i].what));
			sbuf_addc(out, '\n');
			if (w.wait[i].remedy)
				add_wrapped(out, w.wait[i].remedy, 12);
		}
		sbuf_printf(out, "%8.3f  all the rest\n", w.rest_s);
	}
	arena_release(&arena);
}

void
report_boot_expect(const struct report_boot *r, const struct boot *b,
    const struct expect *e, size_t n, struct sbuf *out)
{
	if (n > 0)
		sbuf_add(out, "\nexpected:\n");
	for (size_t i = 0; i < n; i++) {
		struct sbuf got = SBUF_EMPTY;
		bool met = expect_check(&e[i], b, &got);

		sbuf_printf(out, "  %s%s%s  ", paint(r, met ? GREEN : RED),
		    met ? "met    " : "not met", paint(r, PLAIN));
		sbuf_escape(out, e[i].text, strlen(e[i].text));
		if (!met)
			sbuf_printf(out, ": it was %s", got.len ?
			    sbuf_str(&got) : "nothing");
		sbuf_addc(out, '\n');
		sbuf_release(&got);
	}
}

void
report_boot_end(const struct report_boot *r, const struct boot *b,
    struct sbuf *out)
{
	struct sbuf text = SBUF_EMPTY;
	uint64_t bytes = 0;
	size_t n_files = 0;
	char size[32];
	const char *fix;

	for (size_t i = 0; i < b->n_loads; i++) {
		bytes += b->loads[i].bytes;
		n_files += b->loads[i].ok;
	}
	if (!b->fault) {
		sbuf_printf(out, "\n%shealthy%s: ", paint(r, GREEN),
		    paint(r, PLAIN));
		healthy_line(b, out);
	} else {
		sbuf_printf(out, "\n%s%s%s: %s\n", paint(r, RED), b->fault->id,
		    paint(r, PLAIN), b->fault->title);
		sbuf_escape(&text, b->message, strlen(b->message));
		add_wrapped(out, sbuf_str(&text), 2);
		sbuf_release(&text);
		sbuf_addc(out, '\n');
		add_wrapped(out, b->fault->meaning, 2);
		fix = fault_fix(b->fault, "any");
		if (fix) {
			sbuf_add(out, "\n  To mend it:\n");
			add_wrapped(out, fix, 4);
		}
		sbuf_printf(out, "\n  'pxetool explain %s' tells how on each "
		    "server", b->fault->id);
	}
	sbuf_printf(out, "\n%zu stage%s, %zu file%s, %s, %.1f s\n", b->n_stages,
	    b->n_stages == 1 ? "" : "s", n_files, n_files == 1 ? "" : "s",
	    report_size(bytes, size), b->duration_s);
	add_waits(b, out);
}

static json_t *
json_ip(struct in_addr a)
{
	char ip[IP_TEXT_MAX];

	return json_string(ipv4_format(a, ip));
}

static json_t *
json_options(const struct dhcp4_msg *msg)
{
	json_t *all = json_object();

	for (size_t i = 0; i < msg->n_opts; i++) {
		const struct dhcp4_opt *opt = &msg->opts[i];
		struct sbuf b = SBUF_EMPTY;
		char code[8];
		json_t *o = json_object();

		(void)snprintf(code, sizeof(code), "%u", opt->code);
		dhcp4_opt_format(&b, msg, opt);
		json_object_set_new(o, "text", json_string(sbuf_str(&b)));
		sbuf_clear(&b);
		sbuf_hex(&b, opt->data, opt->len, "");
		json_object_set_new(o, "hex", json_string(sbuf_str(&b)));
		json_object_set_new(all, code, o);
		sbuf_release(&b);
	}
	return all;
}

static json_t *
json_options6(const struct dhcp6_msg *msg)
{
	json_t *all = json_object();

	for (size_t i = 0; i < msg->n_opts; i++) {
		const struct dhcp6_opt *opt = &msg->opts[i];
		struct sbuf b = SBUF_EMPTY;
		char code[8];
		json_t *o = json_object();

		(void)snprintf(code, sizeof(code), "%u", opt->code);
		dhcp6_opt_format(&b, opt);
		json_object_set_new(o, "text", json_string(sbuf_str(&b)));
		sbuf_clear(&b);
		sbuf_hex(&b, opt->data, opt->len, "");
		json_object_set_new(o, "hex", json_string(sbuf_str(&b)));
		json_object_set_new(all, code, o);
		sbuf_release(&b);
	}
	return all;
}

static json_t *
json_ip6(const struct in6_addr *a)
{
	struct ip_addr any = { .family = AF_INET6, .v6 = *a };
	char text[IP_TEXT_MAX];

	return IN6_IS_ADDR_UNSPECIFIED(a) ? json_null() :
	    json_string(ip_format(&any, text));
}

/* What DHCPv6 told it, of a stage that booted over IPv6. */
static void
set_told6(json_t *o, const struct boot_stage *s)
{
	json_object_set_new(o, "duration_s", json_real(s->duration_s));
	json_object_set_new(o, "server", json_ip6(&s->server6));
	json_object_set_new(o, "address", json_ip6(&s->address6));
	json_object_set_new(o, "next_server", json_null());
	json_object_set_new(o, "file", json_null());
	report_set_str(o, "file", s->target.file);
	if (s->target.file_from != TARGET_NONE)
		json_object_set_new(o, "file_from", json_string(
		    target_source_name(s->target.file_from)));
	json_object_set_new(o, "options", json_options6(&s->reply6));
}

static json_t *
json_stage(const struct boot_stage *s)
{
	json_t *o = json_object();

	json_object_set_new(o, "stage", json_string(s->stage));
	json_object_set_new(o, "client", json_string(s->client));
	if (s->has_arch) {
		json_object_set_new(o, "arch", json_integer(s->arch));
		json_object_set_new(o, "arch_name",
		    json_string(arch_name(s->arch)));
	} else {
		json_object_set_new(o, "arch", json_null());
	}
	json_object_set_new(o, "time", json_real(s->time));
	if (s->bound6) {
		set_told6(o, s);
		return o;
	}
	if (!s->bound) {
		json_object_set_new(o, "server", json_null());
		return o;
	}
	json_object_set_new(o, "duration_s", json_real(s->duration_s));
	json_object_set_new(o, "server", json_ip(s->server));
	if (s->has_proxy)
		json_object_set_new(o, "proxy", json_ip(s->proxy));
	json_object_set_new(o, "address", json_ip(s->address));
	json_object_set_new(o, "next_server", json_null());
	json_object_set_new(o, "file", json_null());
	report_set_str(o, "next_server", s->target.server);
	report_set_str(o, "file", s->target.file);
	if (s->target.file_from != TARGET_NONE)
		json_object_set_new(o, "file_from", json_string(
		    target_source_name(s->target.file_from)));
	if (s->target.server_from != TARGET_NONE)
		json_object_set_new(o, "next_server_from", json_string(
		    target_source_name(s->target.server_from)));
	json_object_set_new(o, "options", json_options(&s->ack));
	return o;
}

static json_t *
json_load_of(const struct boot_load *l)
{
	json_t *o = json_object();

	report_set_str(o, "uri", l->uri);
	json_object_set_new(o, "proto", json_string(l->proto));
	json_object_set_new(o, "stage", json_integer((json_int_t)l->stage));
	json_object_set_new(o, "time", json_real(l->time));
	json_object_set_new(o, "bytes", json_integer((json_int_t)l->bytes));
	json_object_set_new(o, "sha256", l->ok && l->sha256[0] ?
	    json_string(l->sha256) : json_null());
	json_object_set_new(o, "duration_s", json_real(l->duration_s));
	json_object_set_new(o, "kind", l->ok ?
	    json_string(bootfile_kind_name(l->kind)) : json_null());
	json_object_set_new(o, "status", l->status ?
	    json_integer((json_int_t)l->status) :
	    json_string(l->ok ? "ok" : "failed"));
	report_set_str(o, "what", l->what);
	report_set_str(o, "detail", l->detail);
	report_set_str(o, "error", l->error);
	return o;
}

/* What the timeline shows, in order; the console's lines once more alone. */
static void
set_events(json_t *j, const struct boot *b)
{
	static const char *const kinds[] = {
		[BOOT_EV_SENT] = "sent", [BOOT_EV_RECEIVED] = "received",
		[BOOT_EV_IGNORED] = "ignored", [BOOT_EV_LOAD] = "load",
		[BOOT_EV_CONSOLE] = "console", [BOOT_EV_NOTE] = "note",
	};
	json_t *events = json_array();
	json_t *console = json_array();

	for (size_t i = 0; i < b->n_events; i++) {
		const struct boot_event *ev = &b->events[i];
		struct sbuf text = SBUF_EMPTY;
		json_t *o = json_object();

		sbuf_escape(&text, ev->text, strlen(ev->text));
		json_object_set_new(o, "time", json_real(ev->time));
		json_object_set_new(o, "kind", json_string(kinds[ev->kind]));
		json_object_set_new(o, "stage",
		    json_integer((json_int_t)ev->stage));
		json_object_set_new(o, "text", json_string(sbuf_str(&text)));
		json_array_append_new(events, o);
		if (ev->kind == BOOT_EV_CONSOLE)
			json_array_append_new(console,
			    json_string(sbuf_str(&text)));
		sbuf_release(&text);
	}
	json_object_set_new(j, "console", console);
	json_object_set_new(j, "events", events);
}

static void
set_waits(json_t *j, const struct boot *b)
{
	struct arena arena = ARENA_EMPTY;
	json_t *list = json_array();
	struct waits w;

	if (waits_find(b, &arena, &w) == 0) {
		for (size_t i = 0; i < w.n; i++) {
			json_t *o = json_object();

			report_set_str(o, "what", w.wait[i].what);
			json_object_set_new(o, "duration_s",
			    json_real(w.wait[i].duration_s));
			report_set_str(o, "remedy", w.wait[i].remedy);
			json_array_append_new(list, o);
		}
	}
	json_object_set_new(j, "waits", list);
	arena_release(&arena);
}

static void
set_expectations(json_t *j, const struct boot *b, const struct expect *e,
    size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		struct sbuf got = SBUF_EMPTY;
		json_t *o = json_object();

		report_set_str(o, "expect", e[i].text);
		json_object_set_new(o, "met",
		    json_boolean(expect_check(&e[i], b, &got)));
		json_object_set_new(o, "got", json_string(sbuf_str(&got)));
		json_array_append_new(list, o);
		sbuf_release(&got);
	}
	json_object_set_new(j, "expectations", list);
}

void
report_boot_json_chain(json_t *j, const struct boot *b)
{
	json_t *stages = json_array();
	json_t *loads = json_array();
	json_t *end = json_object();

	for (size_t i = 0; i < b->n_stages; i++)
		json_array_append_new(stages, json_stage(&b->stages[i]));
	json_object_set_new(j, "stages", stages);
	for (size_t i = 0; i < b->n_loads; i++)
		json_array_append_new(loads, json_load_of(&b->loads[i]));
	json_object_set_new(j, "loads", loads);
	json_object_set_new(end, "kind", json_string(boot_end_name(b->end)));
	report_set_str(end, "cmdline", b->cmdline);
	json_object_set_new(j, "end", end);
	set_waits(j, b);
}

json_t *
report_boot_json(const struct boot *b, const struct expect *e, size_t n)
{
	json_t *j = report_head("client");
	json_t *f;
	char uuid[UUID_TEXT_MAX];
	const char *fix;

	json_object_set_new(j, "persona", json_string(b->persona));
	report_set_mac(j, "mac", b->mac);
	if (b->has_uuid)
		json_object_set_new(j, "uuid",
		    json_string(uuid_format(b->uuid, uuid)));
	json_object_set_new(j, "verdict", json_string(boot_verdict(b)));
	json_object_set_new(j, "time", json_real(b->time));
	json_object_set_new(j, "duration_s", json_real(b->duration_s));
	report_boot_json_chain(j, b);
	set_events(j, b);
	if (n > 0)
		set_expectations(j, b, e, n);
	if (!b->fault)
		return j;
	f = json_object();
	json_object_set_new(f, "id", json_string(b->fault->id));
	report_set_str(f, "message", b->message);
	fix = fault_fix(b->fault, "any");
	report_set_str(f, "fix", fix ? fix : b->fault->meaning);
	json_object_set_new(f, "stage", json_integer(
	    (json_int_t)b->fault_stage));
	json_object_set_new(j, "fault", f);
	return j;
}
