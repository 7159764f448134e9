#include "report/diagnose_comments.h"

#include "report/diagnose.h"
#include "report/diagnose_words.h"

#include <stdlib.h>
#include <string.h>

/* One thing to say of one frame; the texts are the diagnosis'. */
struct remark {
	uint64_t frame;
	size_t order;                   /* as they were found */
	const struct diagnosis_machine *machine;
	const char *text;
	bool is_fault;
};

struct diagnose_comments {
	struct remark *all;             /* by frame */
	size_t n;
	size_t at;
};

static int
compare(const void *a, const void *b)
{
	const struct remark *x = a;
	const struct remark *y = b;

	if (x->frame != y->frame)
		return x->frame < y->frame ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static void
add(struct diagnose_comments *c, uint64_t frame,
    const struct diagnosis_machine *m, const char *text, bool is_fault)
{
	if (frame == 0)
		return;
	if (c->all)
		c->all[c->n] = (struct remark){ frame, c->n, m, text,
		    is_fault };
	c->n++;
}

/* Called twice: to count, and to fill in. */
static void
collect(struct diagnose_comments *c, const struct diagnosis *d)
{
	c->n = 0;
	for (const struct diagnosis_machine *m = d->machines; m; m = m->next) {
		for (const struct diagnosis_evidence *e = m->evidence; e;
		    e = e->next)
			add(c, e->frame, m, e->text, false);
		for (const struct diagnosis_event *e = m->events; e;
		    e = e->next)
			add(c, e->frame, m, e->text, e->is_fault);
	}
}

struct diagnose_comments *
diagnose_comments_new(const struct diagnosis *d)
{
	struct diagnose_comments *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	collect(c, d);
	c->all = calloc(c->n + 1, sizeof(*c->all));
	if (!c->all) {
		free(c);
		return NULL;
	}
	collect(c, d);
	qsort(c->all, c->n, sizeof(*c->all), compare);
	return c;
}

void
diagnose_comments_free(struct diagnose_comments *c)
{
	if (!c)
		return;
	free(c->all);
	free(c);
}

static void
add_fault(const struct diagnosis_machine *m, struct sbuf *out)
{
	sbuf_printf(out, "\nHERE IT BROKE: %s", report_diagnose_verdict(m));
	if (m->message && m->message[0]) {
		sbuf_add(out, ": ");
		sbuf_escape(out, m->message, strlen(m->message));
	}
	if (m->fix && m->fix[0])
		sbuf_printf(out, "\nto mend it: %s", m->fix);
}

bool
diagnose_comments_next(struct diagnose_comments *c, uint64_t frame,
    struct sbuf *out)
{
	bool found = false;

	while (c->at < c->n && c->all[c->at].frame < frame)
		c->at++;
	for (; c->at < c->n && c->all[c->at].frame == frame; c->at++) {
		const struct remark *r = &c->all[c->at];

		sbuf_printf(out, "%s", found ? "\n" : "");
		diagnose_name_add(out, r->machine);
		sbuf_add(out, ": ");
		sbuf_escape(out, r->text, strlen(r->text));
		if (r->is_fault)
			add_fault(r->machine, out);
		found = true;
	}
	return found;
}
