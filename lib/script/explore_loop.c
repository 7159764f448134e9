/* Circles among the states, along ways that take no time. */
#include "script/explore_walk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A search for circles: each state is new, on the way here, or done. */
struct search {
	size_t *ways_at;        /* where the ways from each state begin */
	uint8_t *colour;
	uint32_t *path;
	size_t *next;           /* of each state on the path: its next way */
	size_t n;
};

static unsigned int
line_of(const struct explorer *x, uint32_t number)
{
	return x->f->ls->lines[x->f->nodes[explore_state(x, number).node].line]
	    .at.line;
}

/* The path has come back to @to: say so where it goes up in the file. */
static void
loop_event(struct explorer *x, const struct search *k, uint32_t to)
{
	size_t at = k->n - 1;
	char line[16];

	for (size_t i = k->n; i-- > 0 && (i == k->n - 1 ||
	    k->path[i + 1] != to); ) {
		uint32_t next = i == k->n - 1 ? to : k->path[i + 1];

		if (line_of(x, next) > line_of(x, k->path[i]))
			continue;
		at = i;
		if (flow_is(&x->f->nodes[explore_state(x, k->path[i]).node],
		    "goto"))
			break;
	}
	(void)snprintf(line, sizeof(line), "%u", line_of(x,
	    at == k->n - 1 ? to : k->path[at + 1]));
	x->now = explore_state(x, k->path[at]);
	explore_event(x, EXPLORE_LOOP, line);
}

static void
search_from(struct explorer *x, struct search *k, uint32_t from)
{
	k->path[0] = from;
	k->next[0] = k->ways_at[from];
	k->colour[from] = 1;
	k->n = 1;
	while (k->n > 0) {
		uint32_t at = k->path[k->n - 1];
		uint32_t to;

		if (k->next[k->n - 1] == k->ways_at[at + 1]) {
			k->colour[at] = 2;
			k->n--;
			continue;
		}
		to = x->ways[k->next[k->n - 1]++].to;
		if (k->colour[to] == 1) {
			loop_event(x, k, to);
		} else if (k->colour[to] == 0) {
			k->colour[to] = 1;
			k->path[k->n] = to;
			k->next[k->n++] = k->ways_at[to];
		}
	}
}

static int
by_from(const void *a, const void *b)
{
	const struct way *x = a;
	const struct way *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->to > y->to) - (x->to < y->to);
}

int
explore_find_loops(struct explorer *x)
{
	size_t n = x->states.n;
	struct search k = { .ways_at = calloc(n + 2, sizeof(*k.ways_at)),
		.colour = calloc(n + 1, 1),
		.path = calloc(n + 1, sizeof(*k.path)),
		.next = calloc(n + 1, sizeof(*k.next)) };
	size_t at = 0;
	int rc = -ENOMEM;

	if (!k.ways_at || !k.colour || !k.path || !k.next)
		goto out;
	if (x->n_ways > 1)
		qsort(x->ways, x->n_ways, sizeof(*x->ways), by_from);
	for (size_t i = 0; i <= n; i++) {
		while (at < x->n_ways && x->ways[at].from < i)
			at++;
		k.ways_at[i] = at;
	}
	for (uint32_t i = 0; i < n; i++) {
		if (k.colour[i] == 0)
			search_from(x, &k, i);
	}
	rc = x->bad ? -ENOMEM : 0;
out:
	free(k.ways_at);
	free(k.colour);
	free(k.path);
	free(k.next);
	return rc;
}
