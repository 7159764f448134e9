#include "report/diagnose_html.h"

#include "chain/arch.h"
#include "chain/waits.h"
#include "report/diagnose.h"
#include "report/diagnose_words.h"
#include "report/xml.h"

#include <inttypes.h>
#include <string.h>

enum {
	STAGE_COLORS = 6,
	UNFOLDED_MAX = 3,               /* machines shown at once */
	FILES_NAMED = 4,
};

static const char *const style[] = {
#include "report/diagnose_html_style.inc"
};

static const char *
verdict_class(const struct diagnosis_machine *m)
{
	static const char *const names[] = {
		[DIAGNOSIS_HEALTHY] = "healthy",
		[DIAGNOSIS_UNFINISHED] = "unfinished",
		[DIAGNOSIS_FAULT] = "fault",
	};

	return names[m->verdict];
}

/* ---------------------------------------------------------------- ladder */

/* Which lifelines a machine's ladder has, and where they stand. */
struct rails {
	size_t place[LIFELINE_N];       /* from the left */
	bool used[LIFELINE_N];
	size_t n;
};

static void
find_rails(const struct diagnosis_machine *m, struct rails *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->used[LIFELINE_CLIENT] = true;
	for (const struct diagnosis_event *e = m->events; e; e = e->next) {
		ret->used[e->from] = true;
		ret->used[e->to] = true;
	}
	for (size_t i = 0; i < LIFELINE_N; i++) {
		if (ret->used[i])
			ret->place[i] = ret->n++;
	}
}

/* In hundredths of the width. */
static double
rail_x(const struct rails *r, enum diagnosis_lifeline l)
{
	return ((double)r->place[l] + 0.5) * 100 / (double)r->n;
}

/* The lifelines once for a machine; every row of its ladder shows them. */
static void
add_rails(const struct rails *r, size_t machine, struct sbuf *out)
{
	sbuf_printf(out, "<svg width=\"0\" height=\"0\" style=\"position:"
	    "absolute\" aria-hidden=\"true\"><defs><g id=\"m%zur\">",
	    machine);
	for (size_t i = 0; i < LIFELINE_N; i++) {
		double x = rail_x(r, (enum diagnosis_lifeline)i);

		if (r->used[i])
			sbuf_printf(out, "<line class=\"rail\" x1=\"%.2f%%\" "
			    "y1=\"0\" x2=\"%.2f%%\" y2=\"100%%\"/>", x, x);
	}
	sbuf_printf(out, "</g></defs></svg>\n");
}

static void
add_heads(const struct rails *r, struct sbuf *out)
{
	sbuf_printf(out, "<li class=\"heads\"><time>time</time>"
	    "<svg class=\"rungs\" role=\"img\" aria-label=\"lifelines\">");
	for (size_t i = 0; i < LIFELINE_N; i++) {
		enum diagnosis_lifeline l = (enum diagnosis_lifeline)i;

		if (!r->used[i])
			continue;
		sbuf_printf(out, "<text x=\"%.2f%%\" y=\"20\">", rail_x(r, l));
		xml_add(out, diagnosis_lifeline_name(l));
		sbuf_printf(out, "</text>");
	}
	sbuf_printf(out, "</svg><span class=\"what\">what</span></li>\n");
}

/* What a hand over the arrow shows. */
static void
add_hover(const struct diagnosis_event *e, struct sbuf *out)
{
	char ip[IP_TEXT_MAX];

	sbuf_printf(out, "<title>");
	diagnose_frames_add(out, e->frame, e->last_frame);
	if (e->peer.family)
		sbuf_printf(out, "%s%s", e->frame ? ", " : "",
		    ip_format(&e->peer, ip));
	sbuf_printf(out, "\n");
	xml_add(out, e->text);
	if (e->detail) {
		sbuf_printf(out, "\n");
		xml_add(out, e->detail);
	}
	sbuf_printf(out, "</title><rect class=\"hit\" width=\"100%%\" "
	    "height=\"100%%\"/>");
}

/* A point in pixels at a place in shares. */
static void
add_tip(double x, bool right, struct sbuf *out)
{
	sbuf_printf(out, "<svg x=\"%.2f%%\" y=\"50%%\" "
	    "overflow=\"visible\"><path class=\"tip\" d=\"%s\"/></svg>", x,
	    right ? "M1 0l-12-7v14z" : "M-1 0l12-7v14z");
}

static void
add_arrow(const struct rails *r, const struct diagnosis_event *e,
    size_t machine, struct sbuf *out)
{
	double from = rail_x(r, e->from);
	double to = rail_x(r, e->to);
	bool bulk = e->last_frame > e->frame;

	sbuf_printf(out, "<svg class=\"rungs\" role=\"img\" aria-label=\"%s",
	    diagnosis_lifeline_name(e->from));
	if (e->from != e->to)
		sbuf_printf(out, " to %s", diagnosis_lifeline_name(e->to));
	sbuf_printf(out, "\"><g>");
	add_hover(e, out);
	sbuf_printf(out, "<use href=\"#m%zur\"/>", machine);
	if (e->from == e->to) {
		sbuf_printf(out, "<circle class=\"dot now\" cx=\"%.2f%%\" "
		    "cy=\"50%%\" r=\"5\"/>", from);
	} else {
		sbuf_printf(out, "<circle class=\"dot\" cx=\"%.2f%%\" "
		    "cy=\"50%%\" r=\"3\"/><line class=\"shaft\" "
		    "x1=\"%.2f%%\" y1=\"50%%\" x2=\"%.2f%%\" y2=\"50%%\"/>",
		    from, from, to);
		add_tip(to, to > from, out);
		/* What was asked for comes back. */
		if (bulk && e->from == LIFELINE_CLIENT)
			add_tip(from, from > to, out);
	}
	if (e->is_fault)
		sbuf_printf(out, "<svg x=\"%.2f%%\" y=\"50%%\" "
		    "overflow=\"visible\"><path class=\"cross\" "
		    "d=\"M-8-8L8 8M8-8L-8 8\"/></svg>", (from + to) / 2);
	sbuf_printf(out, "</g></svg>");
}

static void
add_event(const struct diagnosis_machine *m, const struct rails *r,
    const struct diagnosis_event *e, bool has_anchor, size_t machine,
    struct sbuf *out)
{
	const struct boot_load *l = diagnose_load_of(m, e);
	struct sbuf moved = SBUF_EMPTY;

	sbuf_printf(out, "<li class=\"s%zu%s%s\"", e->stage % STAGE_COLORS,
	    e->last_frame > e->frame ? " bulk" : "",
	    e->is_fault ? " broke" : "");
	if (has_anchor)
		sbuf_printf(out, " id=\"m%zuf%" PRIu64 "\"", machine, e->frame);
	sbuf_printf(out, "><time>%.3f s</time>", e->time - diagnose_start(m));
	add_arrow(r, e, machine, out);
	sbuf_printf(out, "<div class=\"what\">");
	if (e->is_fault)
		sbuf_printf(out, "\xe2\x9c\x96 ");         /* a heavy cross */
	xml_add(out, e->text);
	if (l && l->ok) {
		diagnose_load_add(&moved, l);
		sbuf_add(out, ", ");
		xml_add(out, sbuf_str(&moved));
		sbuf_release(&moved);
	}
	if (e->frame) {
		sbuf_printf(out, " <span class=\"dim\">");
		diagnose_frames_add(out, e->frame, e->last_frame);
		sbuf_printf(out, "</span>");
	}
	if (e->detail) {
		sbuf_printf(out, " <details><summary>fields</summary><pre>");
		xml_add(out, e->detail);
		sbuf_printf(out, "</pre></details>");
	}
	sbuf_printf(out, "</div></li>\n");
}

static void
add_stage_head(const struct diagnosis_machine *m, size_t i, struct sbuf *out)
{
	const struct boot_stage *s;

	if (!m->boot || i >= m->boot->n_stages)
		return;
	s = &m->boot->stages[i];
	sbuf_printf(out, "<li class=\"stage s%zu\">", i % STAGE_COLORS);
	xml_add(out, s->stage);
	if (s->title && s->title[0]) {
		sbuf_printf(out, ": ");
		xml_add(out, s->title);
	}
	if (s->has_arch) {
		sbuf_printf(out, " <span class=\"dim\">arch %u, ", s->arch);
		xml_add(out, arch_name(s->arch));
		sbuf_printf(out, "</span>");
	}
	sbuf_printf(out, "</li>\n");
}

static void
add_ladder(const struct diagnosis_machine *m, size_t machine,
    struct sbuf *out)
{
	size_t stage = SIZE_MAX;
	uint64_t frame = 0;
	struct rails r;

	if (!m->events)
		return;
	find_rails(m, &r);
	sbuf_printf(out, "<h3>What happened</h3>\n");
	add_rails(&r, machine, out);
	sbuf_printf(out, "<ol class=\"ladder\">\n");
	add_heads(&r, out);
	for (const struct diagnosis_event *e = m->events; e; e = e->next) {
		if (e->stage != stage)
			add_stage_head(m, e->stage, out);
		stage = e->stage;
		add_event(m, &r, e, e->frame > frame, machine, out);
		if (e->frame > frame)
			frame = e->frame;
	}
	if (m->n_left_out > 0)
		sbuf_printf(out, "<li class=\"stage\">%zu more are left out</li>"
		    "\n", m->n_left_out);
	sbuf_printf(out, "</ol>\n");
}

/* -------------------------------------------------------------- a machine */

static void
add_fact(const char *name, const char *text, struct sbuf *out)
{
	if (!text || !text[0])
		return;
	sbuf_printf(out, "<dt>%s</dt><dd>", name);
	xml_add(out, text);
	sbuf_printf(out, "</dd>");
}

static void
add_facts(const struct diagnosis_machine *m, struct sbuf *out)
{
	struct sbuf text = SBUF_EMPTY;
	char buf[UUID_TEXT_MAX > IP_TEXT_MAX ? UUID_TEXT_MAX : IP_TEXT_MAX];

	sbuf_printf(out, "<dl>");
	add_fact("firmware", m->firmware, out);
	if (m->has_arch) {
		sbuf_printf(&text, "%u, %s", m->arch, arch_name(m->arch));
		add_fact("architecture", sbuf_str(&text), out);
		sbuf_clear(&text);
	}
	if (m->has_uuid)
		add_fact("UUID", uuid_format(m->uuid, buf), out);
	if (m->relay.s_addr)
		add_fact("relay", ipv4_format(m->relay, buf), out);
	diagnose_frames_add(&text, m->first_frame, m->last_frame);
	add_fact("frames", sbuf_str(&text), out);
	if (m->verdict == DIAGNOSIS_FAULT) {
		sbuf_clear(&text);
		sbuf_printf(&text, "%.0f %%", m->confidence * 100);
		add_fact("confidence", sbuf_str(&text), out);
	}
	sbuf_clear(&text);
	for (size_t i = 0; i < m->n_also; i++)
		sbuf_printf(&text, "%s%s (%s)", i > 0 ? "; " : "",
		    m->also[i]->title, m->also[i]->id);
	add_fact("also seen", sbuf_str(&text), out);
	sbuf_printf(out, "</dl>\n");
	sbuf_release(&text);
}

static bool
has_event(const struct diagnosis_machine *m, uint64_t frame)
{
	for (const struct diagnosis_event *e = m->events; e; e = e->next) {
		if (frame > 0 && e->frame == frame)
			return true;
	}
	return false;
}

static void
add_evidence(const struct diagnosis_machine *m, size_t machine,
    struct sbuf *out)
{
	if (!m->evidence)
		return;
	sbuf_printf(out, "<h3>Evidence</h3>\n<ul class=\"plain\">\n");
	for (const struct diagnosis_evidence *e = m->evidence; e;
	    e = e->next) {
		sbuf_printf(out, "<li>");
		if (has_event(m, e->frame))
			sbuf_printf(out, "<a href=\"#m%zuf%" PRIu64 "\">#%" PRIu64
			    "</a> ", machine, e->frame, e->frame);
		else if (e->frame)
			sbuf_printf(out, "#%" PRIu64 " ", e->frame);
		if (e->frame)
			sbuf_printf(out, "<span class=\"dim\">%.3f s</span> ",
			    e->time - diagnose_start(m));
		xml_add(out, e->text);
		sbuf_printf(out, "</li>\n");
	}
	sbuf_printf(out, "</ul>\n");
}

static void
add_loads(const struct diagnosis_machine *m, struct sbuf *out)
{
	const struct boot *b = m->boot;
	struct sbuf text = SBUF_EMPTY;

	if (!b || b->n_loads == 0)
		return;
	sbuf_printf(out, "<h3>Files</h3>\n<table><thead><tr><th>file</th>"
	    "<th>what it is</th><th>transfer</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < b->n_loads; i++) {
		const struct boot_load *l = &b->loads[i];

		sbuf_clear(&text);
		diagnose_load_add(&text, l);
		if (l->detail && l->detail[0])
			sbuf_printf(&text, " (%s)", l->detail);
		sbuf_printf(out, "<tr><td class=\"mono\">");
		xml_add(out, l->uri);
		sbuf_printf(out, "</td><td data-l=\"what it is\">");
		xml_add(out, l->what && l->what[0] ? l->what : "unknown");
		sbuf_printf(out, "</td><td data-l=\"transfer\">");
		xml_add(out, sbuf_str(&text));
		sbuf_printf(out, "</td></tr>\n");
	}
	sbuf_printf(out, "</tbody></table>\n");
	sbuf_release(&text);
}

static void
add_waits(const struct diagnosis_machine *m, struct sbuf *out)
{
	struct arena arena = ARENA_EMPTY;
	struct waits w;

	if (m->boot && waits_find(m->boot, &arena, &w) == 0 && w.n > 0) {
		sbuf_printf(out, "<h3>Where the time went</h3>\n<table><thead>"
		    "<tr><th class=\"n\">seconds</th><th>what</th>"
		    "<th>what spares it</th></tr></thead><tbody>\n");
		for (size_t i = 0; i < w.n; i++) {
			sbuf_printf(out, "<tr><td class=\"n\" data-l=\"seconds\">"
			    "%.2f</td><td data-l=\"what\">",
			    w.wait[i].duration_s);
			xml_add(out, w.wait[i].what);
			sbuf_printf(out, "</td><td data-l=\"what spares it\">");
			xml_add(out, w.wait[i].remedy ? w.wait[i].remedy :
			    "nothing known");
			sbuf_printf(out, "</td></tr>\n");
		}
		sbuf_printf(out, "<tr><td class=\"n\" data-l=\"seconds\">%.2f"
		    "</td><td data-l=\"what\">all the rest</td><td></td></tr>"
		    "</tbody></table>\n", w.rest_s);
	}
	arena_release(&arena);
}

static void
add_badge(const struct diagnosis_machine *m, struct sbuf *out)
{
	sbuf_printf(out, "<span class=\"badge %s\">%s</span>", verdict_class(m),
	    report_diagnose_verdict(m));
}

static void
add_machine(const struct diagnosis_machine *m, size_t machine, bool open,
    struct sbuf *out)
{
	sbuf_printf(out, "<details class=\"machine %s\"%s><summary>",
	    verdict_class(m), open ? " open" : "");
	add_badge(m, out);
	sbuf_printf(out, " <span class=\"mono\">");
	diagnose_name_add(out, m);
	sbuf_printf(out, "</span> <span class=\"dim\">");
	xml_add(out, m->firmware);
	sbuf_printf(out, "</span></summary>\n<div class=\"in\" id=\"m%zu\">\n"
	    "<p class=\"message\">", machine);
	xml_add(out, m->message && m->message[0] ? m->message :
	    diagnose_verdict_title(m));
	sbuf_printf(out, "</p>\n");
	if (m->verdict == DIAGNOSIS_FAULT) {
		sbuf_printf(out, "<p class=\"dim\">");
		xml_add(out, m->fault->title);
		sbuf_printf(out, ": ");
		xml_add(out, m->fault->meaning);
		sbuf_printf(out, "</p>\n");
	}
	if (m->fix && m->fix[0]) {
		sbuf_printf(out, "<h3>What to change</h3>\n<pre>");
		xml_add(out, m->fix);
		sbuf_printf(out, "</pre>\n");
	}
	add_evidence(m, machine, out);
	add_facts(m, out);
	add_ladder(m, machine, out);
	add_loads(m, out);
	add_waits(m, out);
	sbuf_printf(out, "</div></details>\n");
}

/* --------------------------------------------------------------- the file */

static void
add_index(const struct diagnosis *d, struct sbuf *out)
{
	size_t i = 0;

	sbuf_printf(out, "<table><thead><tr><th>machine</th><th>verdict</th>"
	    "<th>what happened</th></tr></thead><tbody>\n");
	for (const struct diagnosis_machine *m = d->machines; m; m = m->next) {
		sbuf_printf(out, "<tr><td class=\"mono mac\"><a href=\"#m%zu\">",
		    ++i);
		diagnose_name_add(out, m);
		sbuf_printf(out, "</a></td><td>");
		add_badge(m, out);
		sbuf_printf(out, "</td><td>");
		xml_add(out, m->message && m->message[0] ? m->message :
		    diagnose_verdict_title(m));
		sbuf_printf(out, "</td></tr>\n");
	}
	sbuf_printf(out, "</tbody></table>\n");
}

static void
add_servers(const struct diagnosis *d, struct sbuf *out)
{
	char text[IP_TEXT_MAX > MAC_TEXT_MAX ? IP_TEXT_MAX : MAC_TEXT_MAX];

	if (d->n_servers == 0)
		return;
	sbuf_printf(out, "<h2>Servers</h2>\n<table><thead><tr><th>address</th>"
	    "<th>MAC address</th><th>roles</th><th>software</th></tr></thead>"
	    "<tbody>\n");
	for (size_t i = 0; i < d->n_servers; i++) {
		const struct diagnosis_server *s = &d->server[i];

		sbuf_printf(out, "<tr><td class=\"mono\">%s</td>"
		    "<td class=\"mono\">", ip_format(&s->address, text));
		if (s->has_mac)
			sbuf_printf(out, "%s", mac_format(s->mac, text));
		sbuf_printf(out, "</td><td data-l=\"roles\">");
		diagnose_roles_add(out, s->roles);
		sbuf_printf(out, "</td><td data-l=\"software\">");
		xml_add(out, s->software ? s->software : "not known");
		if (s->software && s->software_why) {
			sbuf_printf(out, " <span class=\"dim\">");
			xml_add(out, s->software_why);
			sbuf_printf(out, "</span>");
		}
		sbuf_printf(out, "</td></tr>\n");
	}
	sbuf_printf(out, "</tbody></table>\n");
}

static void
add_limits(const struct diagnosis *d, struct sbuf *out)
{
	if (!d->limits && d->n_evicted == 0)
		return;
	sbuf_printf(out, "<h2>What this capture cannot show</h2>\n<ul>\n");
	for (const struct diagnosis_limit *l = d->limits; l; l = l->next) {
		sbuf_printf(out, "<li>");
		xml_add(out, l->text);
		sbuf_printf(out, "</li>\n");
	}
	if (d->n_evicted > 0)
		sbuf_printf(out, "<li>%zu more machines were seen, and had to be "
		    "forgotten to make room</li>\n", d->n_evicted);
	sbuf_printf(out, "</ul>\n");
}

static void
add_head(const struct diagnosis *d, struct sbuf *out)
{
	sbuf_printf(out, "<!DOCTYPE html>\n<html lang=\"en\"><head>"
	    "<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\""
	    "width=device-width,initial-scale=1\">\n"
	    /* Hostile text is escaped; this is the second lock. */
	    "<meta http-equiv=\"Content-Security-Policy\" content=\""
	    "default-src 'none';style-src 'unsafe-inline'\">\n"
	    "<meta name=\"generator\" content=\"pxetool %s\">\n"
	    "<title>pxetool diagnose</title>\n<style>", PXETOOL_VERSION);
	for (size_t i = 0; i < ARRAY_LEN(style); i++)
		sbuf_add(out, style[i]);
	sbuf_printf(out, "</style></head>\n<body>\n<header><h1>Network boot "
	    "diagnosis</h1>\n<p class=\"dim\">");
	for (size_t i = 0; i < d->n_files && i < FILES_NAMED; i++) {
		sbuf_printf(out, "%s", i > 0 ? ", " : "");
		xml_add(out, d->files[i]);
	}
	if (d->n_files > FILES_NAMED)
		sbuf_printf(out, " and %zu more files",
		    d->n_files - FILES_NAMED);
	sbuf_printf(out, "%s%" PRIu64 " frames", d->n_files > 0 ? ": " : "",
	    d->n_frames);
	if (d->n_frames > 0) {
		sbuf_printf(out, " in %.1f s from ",
		    d->last_time - d->first_time);
		diagnose_when_add(out, d->first_time);
	}
	sbuf_printf(out, "</p></header>\n");
}

void
report_diagnose_html(const struct diagnosis *d, struct sbuf *out)
{
	size_t n_faults = 0;
	size_t i = 0;

	for (const struct diagnosis_machine *m = d->machines; m; m = m->next)
		n_faults += m->verdict == DIAGNOSIS_FAULT;
	add_head(d, out);
	if (d->n_machines == 0)
		sbuf_printf(out, "<p>No machine boots in this capture.</p>\n");
	if (d->n_machines > 1) {
		sbuf_printf(out, "<h2>%zu machines, %zu of them broken</h2>\n",
		    d->n_machines, n_faults);
		add_index(d, out);
		sbuf_printf(out, "<h2>One by one</h2>\n");
	}
	for (const struct diagnosis_machine *m = d->machines; m; m = m->next)
		add_machine(m, ++i, d->n_machines == 1 ||
		    (n_faults <= UNFOLDED_MAX &&
		    m->verdict == DIAGNOSIS_FAULT), out);
	add_servers(d, out);
	add_limits(d, out);
	sbuf_printf(out, "</body></html>\n");
}
