#include "report/diagnose.h"

#include "base/util.h"
#include "chain/waits.h"
#include "report/boot.h"

#include <string.h>

#define RED     "\033[31m"
#define GREEN   "\033[32m"
#define YELLOW  "\033[33m"
#define BOLD    "\033[1m"
#define PLAIN   "\033[0m"

enum {
	WIDTH = 78,
	LADDER_HEAD = 6,        /* lines of a short ladder: the first, */
	LADDER_TAIL = 12,       /* and the last */
	LABEL = 11,
};

const char *
report_diagnose_verdict(const struct diagnosis_machine *m)
{
	switch (m->verdict) {
	case DIAGNOSIS_HEALTHY:
		return "healthy";
	case DIAGNOSIS_UNFINISHED:
		return "unfinished";
	case DIAGNOSIS_FAULT:
		break;
	}
	return m->fault->id;
}

/* Text after a label, broken at blanks to lines that begin below it. */
static void
add_text(struct sbuf *out, const char *label, const char *text)
{
	struct sbuf safe = SBUF_EMPTY;
	const char *p;
	bool first = true;

	for (const char *line = text; *line;) {
		size_t n = strcspn(line, "\n");

		sbuf_escape(&safe, line, n);
		sbuf_addc(&safe, '\n');
		line += n + (line[n] == '\n');
	}
	for (p = sbuf_str(&safe); *p; first = false) {
		size_t len = strcspn(p, "\n");
		size_t cut = len;

		if (len > WIDTH - LABEL) {
			for (cut = WIDTH - LABEL; cut > 0 && p[cut] != ' ';)
				cut--;
			if (cut == 0)
				cut = len;
		}
		sbuf_printf(out, "%-*s%.*s\n", (int)LABEL, first ? label : "",
		    (int)cut, p);
		p += cut;
		if (*p == ' ' || *p == '\n')
			p++;
	}
	sbuf_release(&safe);
}

static void
add_head(const struct diagnosis_machine *m, bool color, struct sbuf *out)
{
	char text[UUID_TEXT_MAX];
	const char *paint = m->verdict == DIAGNOSIS_HEALTHY ? GREEN :
	    m->verdict == DIAGNOSIS_UNFINISHED ? YELLOW : RED;

	sbuf_printf(out, "%s%s%s", color ? BOLD : "", mac_format(m->mac, text),
	    color ? PLAIN : "");
	if (m->boot_number > 1)
		sbuf_printf(out, ", boot %u", m->boot_number);
	sbuf_printf(out, "  %s%s%s", color ? paint : "",
	    report_diagnose_verdict(m), color ? PLAIN : "");
	if (m->verdict == DIAGNOSIS_FAULT)
		sbuf_printf(out, ": %s (%.0f %%)", m->fault->title,
		    m->confidence * 100);
	sbuf_addc(out, '\n');
	sbuf_printf(out, "  %s", m->firmware[0] ? m->firmware :
	    "firmware unknown");
	if (m->has_uuid)
		sbuf_printf(out, ", UUID %s", uuid_format(m->uuid, text));
	if (m->relay.s_addr) {
		char ip[IP_TEXT_MAX];

		sbuf_printf(out, ", behind the relay %s",
		    ipv4_format(m->relay, ip));
	}
	sbuf_printf(out, ", frames %llu to %llu\n",
	    (unsigned long long)m->first_frame,
	    (unsigned long long)m->last_frame);
}

static void
add_chain(const struct boot *b, struct sbuf *out)
{
	struct sbuf line = SBUF_EMPTY;
	char size[32];

	for (size_t i = 0; i < b->n_stages; i++) {
		sbuf_sep(&line, " -> ");
		sbuf_add(&line, b->stages[i].title);
		for (size_t k = 0; k < b->n_loads; k++) {
			const struct boot_load *l = &b->loads[k];

			if (l->stage != i || !l->ok)
				continue;
			sbuf_printf(&line, " -> %s (%s)", l->uri,
			    report_size(l->bytes, size));
		}
	}
	add_text(out, "  chain", sbuf_str(&line));
	sbuf_release(&line);
}

static void
add_ladder(const struct diagnosis_machine *m, bool all, struct sbuf *out)
{
	size_t n = 0;
	double start = m->events ? m->events->time : 0;

	sbuf_add(out, "  ladder\n");
	for (const struct diagnosis_event *ev = m->events; ev;
	    ev = ev->next, n++) {
		bool far = n >= LADDER_HEAD && n + LADDER_TAIL < m->n_events;
		bool out_going = ev->from == LIFELINE_CLIENT;

		if (far && !all && !ev->is_fault) {
			if (n == LADDER_HEAD)
				sbuf_add(out, "      ...\n");
			continue;
		}
		sbuf_printf(out, "  %c%9.3f  %-6s %s %-6s  %s\n",
		    ev->is_fault ? '!' : ' ', ev->time - start, "client",
		    out_going ? "-->" : "<--", diagnosis_lifeline_name(
		    out_going ? ev->to : ev->from), ev->text);
	}
	if (m->n_left_out > 0)
		sbuf_printf(out, "      %zu more were left out\n",
		    m->n_left_out);
}

static void
add_waits(const struct diagnosis_machine *m, struct sbuf *out)
{
	struct arena arena = ARENA_EMPTY;
	struct waits w;

	if (waits_find(m->boot, &arena, &w) == 0 && w.n > 0) {
		sbuf_add(out, "  waits\n");
		for (size_t i = 0; i < w.n && i < 5; i++) {
			sbuf_printf(out, "  %10.3f  ", w.wait[i].duration_s);
			sbuf_escape(out, w.wait[i].what,
			    strlen(w.wait[i].what));
			sbuf_addc(out, '\n');
		}
	}
	arena_release(&arena);
}

static void
add_machine(const struct diagnosis_machine *m, bool color, bool verbose,
    struct sbuf *out)
{
	add_head(m, color, out);
	if (m->message)
		add_text(out, "  why", m->message);
	for (const struct diagnosis_evidence *e = m->evidence; e; e = e->next) {
		struct sbuf line = SBUF_EMPTY;

		if (e->frame)
			sbuf_printf(&line, "frame %llu: ",
			    (unsigned long long)e->frame);
		sbuf_add(&line, e->text);
		add_text(out, "  seen", sbuf_str(&line));
		sbuf_release(&line);
	}
	if (m->fix)
		add_text(out, "  mend", m->fix);
	for (size_t i = 0; i < m->n_also; i++)
		add_text(out, "  also", m->also[i]->id);
	add_chain(m->boot, out);
	if (verbose || m->verdict == DIAGNOSIS_FAULT)
		add_ladder(m, verbose, out);
	if (verbose)
		add_waits(m, out);
	sbuf_addc(out, '\n');
}

static void
add_servers(const struct diagnosis *d, struct sbuf *out)
{
	char ip[IP_TEXT_MAX];

	if (d->n_servers == 0)
		return;
	sbuf_add(out, "servers\n");
	for (size_t i = 0; i < d->n_servers; i++) {
		const struct diagnosis_server *s = &d->server[i];

		sbuf_printf(out, "  %-15s ", ip_format(&s->address, ip));
		for (unsigned int r = 1; r <= ROLE_NBD; r <<= 1) {
			if (s->roles & r)
				sbuf_printf(out, " %s",
				    diagnosis_role_name(r));
		}
		if (s->software) {
			sbuf_add(out, ": ");
			sbuf_escape(out, s->software, strlen(s->software));
			sbuf_printf(out, ", by %s", s->software_why);
		}
		sbuf_addc(out, '\n');
	}
	sbuf_addc(out, '\n');
}

void
report_diagnose_text(const struct diagnosis *d, bool color, bool verbose,
    struct sbuf *out)
{
	size_t n[DIAGNOSIS_FAULT + 1] = { 0 };

	for (const struct diagnosis_machine *m = d->machines; m; m = m->next) {
		n[m->verdict]++;
		add_machine(m, color, verbose, out);
	}
	add_servers(d, out);
	if (d->limits) {
		sbuf_add(out, "what the capture cannot show\n");
		for (const struct diagnosis_limit *l = d->limits; l;
		    l = l->next)
			add_text(out, "  -", l->text);
		sbuf_addc(out, '\n');
	}
	sbuf_printf(out, "%zu boots: %zu with a fault, %zu healthy, %zu "
	    "unfinished; %llu frames\n", d->n_machines, n[DIAGNOSIS_FAULT],
	    n[DIAGNOSIS_HEALTHY], n[DIAGNOSIS_UNFINISHED],
	    (unsigned long long)d->n_frames);
}
