#include "report/diagnose_markdown.h"

#include "chain/waits.h"
#include "report/diagnose.h"
#include "report/diagnose_words.h"

#include <inttypes.h>
#include <string.h>

/* A ticket is read by people: past these a ladder is cut in its middle. */
enum { LADDER_HEAD = 40, LADDER_TAIL = 40 };

/*
 * Text of anyone as text: whatever Markdown or the HTML in it would take for
 * markup is escaped, and all stays on one line.
 */
static void
add_text(struct sbuf *out, const char *s)
{
	struct sbuf safe = SBUF_EMPTY;

	sbuf_escape(&safe, s, strlen(s));
	for (const char *p = sbuf_str(&safe); *p; p++) {
		if (strchr("\\`*_[]<>#|~&", *p))
			sbuf_addc(out, '\\');
		sbuf_addc(out, *p);
	}
	sbuf_release(&safe);
}

/* The longest row of backticks in @s. */
static size_t
backticks(const char *s)
{
	size_t most = 0;

	while (*s) {
		size_t n = strspn(s, "`");

		most = n > most ? n : most;
		s += n;
		s += strcspn(s, "`");
	}
	return most;
}

/* A block that what stands in it cannot end. */
static void
add_block(struct sbuf *out, const char *text)
{
	size_t n = backticks(text) + 1;
	size_t len = strlen(text);

	n = n < 3 ? 3 : n;
	for (size_t i = 0; i < n; i++)
		sbuf_addc(out, '`');
	sbuf_addc(out, '\n');
	sbuf_addn(out, text, len);
	if (len > 0 && text[len - 1] != '\n')
		sbuf_addc(out, '\n');
	for (size_t i = 0; i < n; i++)
		sbuf_addc(out, '`');
	sbuf_add(out, "\n\n");
}

/* Text of several lines, safe for a terminal, line by line. */
static void
add_lines(struct sbuf *out, const char *s)
{
	while (*s) {
		size_t n = strcspn(s, "\n");

		sbuf_escape(out, s, n);
		sbuf_addc(out, '\n');
		s += n + (s[n] == '\n');
	}
}

static void
add_ladder_line(const struct diagnosis_machine *m,
    const struct diagnosis_event *e, struct sbuf *out)
{
	const char *from = diagnosis_lifeline_name(e->from);
	const char *to = diagnosis_lifeline_name(e->to);
	const struct boot_load *l = diagnose_load_of(m, e);

	sbuf_printf(out, "%9.3f  ", e->time - diagnose_start(m));
	if (e->from == e->to)
		sbuf_printf(out, "%-6s %2s %-6s", from, "", "");
	else
		sbuf_printf(out, "%-6s %s %-6s", from,
		    e->last_frame > e->frame ? "=>" : "->", to);
	sbuf_addc(out, ' ');
	sbuf_escape(out, e->text, strlen(e->text));
	if (l && l->ok) {
		sbuf_add(out, ", ");
		diagnose_load_add(out, l);
	}
	if (e->frame) {
		sbuf_add(out, "  ");
		diagnose_frames_add(out, e->frame, e->last_frame);
	}
	if (e->is_fault)
		sbuf_add(out, "  <== here it broke");
	sbuf_addc(out, '\n');
}

static void
add_ladder(const struct diagnosis_machine *m, struct sbuf *out)
{
	struct sbuf text = SBUF_EMPTY;
	size_t left = m->n_events;
	size_t i = 0;

	if (!m->events)
		return;
	sbuf_add(out, "**What happened** (seconds, frames):\n\n");
	for (const struct diagnosis_event *e = m->events; e; e = e->next) {
		left--;
		if (i++ < LADDER_HEAD || left < LADDER_TAIL || e->is_fault)
			add_ladder_line(m, e, &text);
		else if (i == LADDER_HEAD + 1)
			sbuf_add(&text, "      ...\n");
	}
	add_block(out, sbuf_str(&text));
	sbuf_release(&text);
}

static void
add_evidence(const struct diagnosis_machine *m, struct sbuf *out)
{
	if (!m->evidence)
		return;
	sbuf_add(out, "| frame | time | evidence |\n|---:|---:|---|\n");
	for (const struct diagnosis_evidence *e = m->evidence; e;
	    e = e->next) {
		if (e->frame)
			sbuf_printf(out, "| %" PRIu64 " | %.3f s | ", e->frame,
			    e->time - diagnose_start(m));
		else
			sbuf_add(out, "| | | ");
		add_text(out, e->text);
		sbuf_add(out, " |\n");
	}
	sbuf_addc(out, '\n');
}

static void
add_loads(const struct diagnosis_machine *m, struct sbuf *out)
{
	const struct boot *b = m->boot;
	struct sbuf text = SBUF_EMPTY;

	if (!b || b->n_loads == 0)
		return;
	sbuf_add(out, "| file | what it is | transfer |\n|---|---|---|\n");
	for (size_t i = 0; i < b->n_loads; i++) {
		const struct boot_load *l = &b->loads[i];

		sbuf_clear(&text);
		diagnose_load_add(&text, l);
		sbuf_add(out, "| ");
		add_text(out, l->uri);
		sbuf_add(out, " | ");
		add_text(out, l->what && l->what[0] ? l->what : "unknown");
		sbuf_add(out, " | ");
		add_text(out, sbuf_str(&text));
		sbuf_add(out, " |\n");
	}
	sbuf_addc(out, '\n');
	sbuf_release(&text);
}

static void
add_waits(const struct diagnosis_machine *m, struct sbuf *out)
{
	struct arena arena = ARENA_EMPTY;
	struct waits w;

	if (m->boot && waits_find(m->boot, &arena, &w) == 0 && w.n > 0) {
		sbuf_add(out, "| seconds | spent on | what spares it |\n"
		    "|---:|---|---|\n");
		for (size_t i = 0; i < w.n; i++) {
			sbuf_printf(out, "| %.2f | ", w.wait[i].duration_s);
			add_text(out, w.wait[i].what);
			sbuf_add(out, " | ");
			add_text(out, w.wait[i].remedy ? w.wait[i].remedy :
			    "nothing known");
			sbuf_add(out, " |\n");
		}
		sbuf_printf(out, "| %.2f | all the rest | |\n\n", w.rest_s);
	}
	arena_release(&arena);
}

static void
add_machine(const struct diagnosis_machine *m, struct sbuf *out)
{
	struct sbuf fix = SBUF_EMPTY;

	sbuf_add(out, "## ");
	diagnose_name_add(out, m);
	sbuf_printf(out, ": %s\n\n", report_diagnose_verdict(m));
	if (m->message && m->message[0]) {
		add_text(out, m->message);
		sbuf_add(out, "\n\n");
	}
	if (m->firmware && m->firmware[0]) {
		sbuf_add(out, "Firmware: ");
		add_text(out, m->firmware);
		sbuf_add(out, "\n\n");
	}
	if (m->verdict == DIAGNOSIS_FAULT) {
		sbuf_add(out, "Fault: ");
		add_text(out, m->fault->title);
		sbuf_printf(out, " (`%s`, confidence %.0f %%)\n\n",
		    m->fault->id, m->confidence * 100);
	}
	for (size_t i = 0; i < m->n_also; i++)
		sbuf_printf(out, "%s`%s`%s", i == 0 ? "Also seen: " : ", ",
		    m->also[i]->id, i + 1 == m->n_also ? "\n\n" : "");
	if (m->fix && m->fix[0]) {
		sbuf_add(out, "**What to change:**\n\n");
		add_lines(&fix, m->fix);
		add_block(out, sbuf_str(&fix));
		sbuf_release(&fix);
	}
	add_evidence(m, out);
	add_ladder(m, out);
	add_loads(m, out);
	add_waits(m, out);
}

/* With several machines those that are well are a line here and no more. */
static void
add_index(const struct diagnosis *d, struct sbuf *out)
{
	sbuf_add(out, "| machine | verdict | what happened |\n"
	    "|---|---|---|\n");
	for (const struct diagnosis_machine *m = d->machines; m; m = m->next) {
		sbuf_add(out, "| ");
		diagnose_name_add(out, m);
		sbuf_printf(out, " | %s | ", report_diagnose_verdict(m));
		add_text(out, m->message && m->message[0] ? m->message :
		    diagnose_verdict_title(m));
		sbuf_add(out, " |\n");
	}
	sbuf_addc(out, '\n');
}

static void
add_servers(const struct diagnosis *d, struct sbuf *out)
{
	char ip[IP_TEXT_MAX];

	if (d->n_servers == 0)
		return;
	sbuf_add(out, "## Servers\n\n| address | roles | software |\n"
	    "|---|---|---|\n");
	for (size_t i = 0; i < d->n_servers; i++) {
		const struct diagnosis_server *s = &d->server[i];

		sbuf_printf(out, "| %s | ", ip_format(&s->address, ip));
		diagnose_roles_add(out, s->roles);
		sbuf_add(out, " | ");
		add_text(out, s->software ? s->software : "not known");
		sbuf_add(out, " |\n");
	}
	sbuf_addc(out, '\n');
}

static void
add_limits(const struct diagnosis *d, struct sbuf *out)
{
	if (!d->limits && d->n_evicted == 0)
		return;
	sbuf_add(out, "## What this capture cannot show\n\n");
	for (const struct diagnosis_limit *l = d->limits; l; l = l->next) {
		sbuf_add(out, "- ");
		add_text(out, l->text);
		sbuf_addc(out, '\n');
	}
	if (d->n_evicted > 0)
		sbuf_printf(out, "- %zu more machines were seen, and had to "
		    "be forgotten to make room\n", d->n_evicted);
}

void
report_diagnose_markdown(const struct diagnosis *d, struct sbuf *out)
{
	sbuf_add(out, "# Network boot diagnosis\n\n");
	for (size_t i = 0; i < d->n_files; i++) {
		sbuf_add(out, i > 0 ? ", " : "");
		add_text(out, d->files[i]);
	}
	sbuf_printf(out, "%s%" PRIu64 " frames", d->n_files > 0 ? ": " : "",
	    d->n_frames);
	if (d->n_frames > 0) {
		sbuf_printf(out, " in %.1f s from ",
		    d->last_time - d->first_time);
		diagnose_when_add(out, d->first_time);
	}
	sbuf_add(out, "\n\n");
	if (d->n_machines == 0)
		sbuf_add(out, "No machine boots in this capture.\n\n");
	if (d->n_machines > 1)
		add_index(d, out);
	for (const struct diagnosis_machine *m = d->machines; m; m = m->next) {
		if (d->n_machines == 1 || m->verdict != DIAGNOSIS_HEALTHY)
			add_machine(m, out);
	}
	add_servers(d, out);
	add_limits(d, out);
}
