#include "script/explore_walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void
explore_event(struct explorer *x, enum explore_kind kind, const char *text)
{
	struct explore *out = x->out;
	struct sbuf shown = SBUF_EMPTY;
	struct explore_event e = { .kind = kind, .node = x->now.node };
	bool is_guess = x->now.flags & STATE_GUESSED;
	uint32_t id[3] = { (uint32_t)kind, x->now.node, 0 };
	bool is_new;
	void *more;

	/* What is missing only where the way is a guess, is not missing. */
	if (is_guess && (kind == EXPLORE_NO_MENU ||
	    kind == EXPLORE_NOT_SELECTED || kind == EXPLORE_DEFAULT))
		return;
	if (out->n_events == EXPLORE_EVENTS_MAX) {
		out->complete = false;
		return;
	}
	vars_show(text, &shown);
	id[2] = vars_text(x->v, sbuf_str(&shown));
	sbuf_release(&shown);
	if (x->v->bad || intern_add(&out->met, id, sizeof(id), &is_new) < 0) {
		x->bad = true;
		return;
	}
	if (!is_new)
		return;
	if ((out->n_events & (out->n_events - 1)) == 0) {
		more = realloc(out->events, (out->n_events ?
		    out->n_events * 2 : 1) * sizeof(*out->events));
		if (!more) {
			x->bad = true;
			return;
		}
		out->events = more;
	}
	e.text = intern_get(&x->v->texts, id[2], NULL);
	out->events[out->n_events++] = e;
}

/*
 * What of the environment still matters at @node. Where there are many
 * states, tests are let go both ways again: all that is real is among them.
 */
static int64_t
env_at(struct explorer *x, size_t node)
{
	size_t n = 0;

	if (x->cap_live < x->env.n) {
		void *more = realloc(x->live_pairs,
		    x->env.cap * sizeof(*x->live_pairs));

		if (!more)
			return -ENOMEM;
		x->live_pairs = more;
		x->cap_live = x->env.cap;
	}
	for (size_t i = 0; i < x->env.n; i++) {
		if (live_has(&x->live, node, x->env.pairs[i].key) &&
		    (x->n_at[node] < EXPLORE_NODE_LEARNT ||
		    !var_is_learnt(x->env.pairs[i].value)))
			x->live_pairs[n++] = x->env.pairs[i];
	}
	return intern_add(&x->envs, x->live_pairs,
	    n * sizeof(*x->live_pairs), NULL);
}

const struct flow_node *
explore_here(const struct explorer *x)
{
	return &x->f->nodes[x->now.node];
}

/*
 * Does the command take no time that way? What counts comes to an end, and
 * what ran in between took its time, and may have been a menu.
 */
static bool
is_quick(const struct explorer *x, bool on_ok)
{
	const struct flow_node *n = explore_here(x);

	if (n->n_words == 0)
		return true;
	return n->cmd && !flow_effect(n, EFFECT_PAUSE) &&
	    !flow_is(n, "inc") && !flow_is(n, "pciscan") &&
	    !flow_is(n, "usbscan") && !(x->now.flags & STATE_GUESSED) &&
	    !(on_ok && flow_effect(n, EFFECT_RUN));
}

static void
add_way(struct explorer *x, uint32_t to)
{
	void *more;

	if (x->n_ways == x->cap_ways) {
		size_t cap = x->cap_ways ? x->cap_ways * 2 : 256;

		more = realloc(x->ways, cap * sizeof(*x->ways));
		if (!more) {
			x->bad = true;
			return;
		}
		x->ways = more;
		x->cap_ways = cap;
	}
	x->ways[x->n_ways++] = (struct way){ x->number, to };
}

struct menu_row
explore_row(const struct explorer *x, uint32_t number)
{
	struct menu_row r;

	memcpy(&r, intern_get(&x->menus, number, NULL), sizeof(r));
	return r;
}

uint32_t
explore_hang(struct explorer *x, uint32_t before, uint32_t menu, uint32_t name)
{
	struct menu_row r = { before, menu, name };
	int64_t n = intern_add(&x->menus, &r, sizeof(r), NULL);

	if (n < 0)
		x->bad = true;
	return n < 0 ? NO_MENU : (uint32_t)n;
}

/* All rows of @a, and those of @b that are not among them. */
static uint32_t
unite(struct explorer *x, uint32_t a, uint32_t b)
{
	uint32_t all = a;

	if (b == NO_MENU || a == b)
		return a;
	if (a == NO_MENU)
		return b;
	for (uint32_t at = a; at != NO_MENU; at = explore_row(x, at).before) {
		if (at == b)
			return a;       /* @a went on from there */
	}
	for (; b != NO_MENU; b = explore_row(x, b).before) {
		struct menu_row r = explore_row(x, b);
		uint32_t at = all;

		while (at != NO_MENU && (explore_row(x, at).menu != r.menu ||
		    explore_row(x, at).name != r.name))
			at = explore_row(x, at).before;
		if (at == NO_MENU)
			all = explore_hang(x, all, r.menu, r.name);
	}
	return all;
}

/* Let the state wait, if what its menus may have is more than it was. */
static bool
wait_at(struct explorer *x, uint32_t number, size_t node, bool is_new)
{
	struct place *p;
	uint32_t menu;

	if (number >= x->cap_places) {
		size_t cap = x->cap_places ? x->cap_places * 2 : 256;
		void *more = realloc(x->places, cap * sizeof(*x->places));

		if (!more)
			return false;
		x->places = more;
		x->cap_places = cap;
	}
	p = &x->places[number];
	if (is_new)
		*p = (struct place){ x->menu, NONE, false };
	menu = unite(x, p->menu, x->menu);
	if (p->waits || (!is_new && menu == p->menu)) {
		p->menu = menu;
		return true;
	}
	*p = (struct place){ menu, x->waiting[node], true };
	x->waiting[node] = number;
	if (node < x->lowest)
		x->lowest = node;
	return true;
}

/*
 * How many states a command may have. When they become many, the rest of
 * the script gets few each, so that every place is still come to.
 */
static uint32_t
room_at(const struct explorer *x)
{
	if (x->states.n < EXPLORE_STATES_MAX / 2)
		return EXPLORE_NODE_MAX;
	return x->states.n < EXPLORE_STATES_MAX ? EXPLORE_NODE_FEW : 1;
}

void
explore_push(struct explorer *x, size_t node, bool on_ok)
{
	struct state s = { (uint32_t)node, 0, x->now.flags &
	    ~(uint32_t)STATE_MENU };
	int64_t env = env_at(x, node);
	int64_t number;
	bool is_new;

	if (env < 0) {
		x->bad = true;
		return;
	}
	s.env = (uint32_t)env;
	if (x->menu != NO_MENU)
		s.flags |= STATE_MENU;
	if (x->n_at[node] >= room_at(x)) {
		x->out->complete = false;
		s.env = 0;              /* nothing is known: one for all */
	}
	number = intern_add(&x->states, &s, sizeof(s), &is_new);
	if (number < 0 || !wait_at(x, (uint32_t)number, node, is_new)) {
		x->bad = true;
		return;
	}
	x->n_at[node] += is_new;
	if (x->number != NONE && is_quick(x, on_ok))
		add_way(x, (uint32_t)number);
}

struct state
explore_state(const struct explorer *x, uint32_t number)
{
	struct state s;

	memcpy(&s, intern_get(&x->states, number, NULL), sizeof(s));
	return s;
}

/*
 * The next state that waits. The first in the file goes first: where ways
 * come together, all of them have come before it is gone on.
 */
static bool
next_state(struct explorer *x)
{
	const struct var_pair *pairs;
	size_t len;

	while (x->lowest < x->f->n_nodes && x->waiting[x->lowest] == NONE)
		x->lowest++;
	if (x->lowest >= x->f->n_nodes)
		return false;
	x->number = x->waiting[x->lowest];
	x->waiting[x->lowest] = x->places[x->number].next;
	x->places[x->number].waits = false;
	x->menu = x->places[x->number].menu;
	x->now = explore_state(x, x->number);
	pairs = intern_get(&x->envs, x->now.env, &len);
	x->env.n = 0;
	for (size_t k = 0; k < len / sizeof(*pairs); k++)
		var_env_set(x->v, &x->env, pairs[k].key, pairs[k].value);
	return true;
}

static int
walk(struct explorer *x)
{
	if (x->f->n_nodes > 0)
		explore_push(x, 0, true);
	while (next_state(x)) {
		x->out->seen[x->now.node] = true;
		explore_step(x);
		if (x->bad || x->v->bad)
			return -ENOMEM;
	}
	x->out->n_states = x->states.n;
	return explore_find_loops(x);
}

int
explore(const struct flow *f, const char *platform, struct explore *ret)
{
	struct explore out = { .complete = true };
	struct explorer x = { .f = f, .out = &out, .v = &out.vars,
		.states = INTERN_EMPTY, .envs = INTERN_EMPTY,
		.menus = INTERN_EMPTY, .word = SBUF_EMPTY,
		.text = SBUF_EMPTY, .number = NONE };
	int rc = live_make(f, &out.vars, &x.live);

	if (rc < 0)
		goto out;
	x.n_at = calloc(f->n_nodes + 1, sizeof(*x.n_at));
	x.n_grown = calloc(f->n_nodes + 1, sizeof(*x.n_grown));
	x.waiting = malloc((f->n_nodes + 1) * sizeof(*x.waiting));
	out.seen = calloc(f->n_nodes + 1, sizeof(*out.seen));
	rc = -ENOMEM;
	/* Number 0 is the empty one of each. */
	if (!x.n_at || !x.n_grown || !x.waiting || !out.seen ||
	    intern_add(&x.envs, "", 0, NULL) < 0 ||
	    intern_add(&x.menus, "", 0, NULL) < 0)
		goto out;
	for (size_t i = 0; i < f->n_nodes; i++)
		x.waiting[i] = NONE;
	if (platform)
		var_env_set(x.v, &x.env, vars_ref(x.v, "platform", 8).key,
		    vars_text(x.v, platform));
	rc = walk(&x);
out:
	live_release(&x.live);
	intern_release(&x.states);
	intern_release(&x.envs);
	intern_release(&x.menus);
	free(x.n_at);
	free(x.env.pairs);
	free(x.live_pairs);
	free(x.n_grown);
	free(x.waiting);
	free(x.places);
	free(x.ways);
	sbuf_release(&x.word);
	sbuf_release(&x.text);
	if (rc < 0)
		explore_release(&out);
	else
		*ret = out;
	return rc;
}

void
explore_release(struct explore *x)
{
	vars_release(&x->vars);
	intern_release(&x->met);
	free(x->events);
	free(x->seen);
	memset(x, 0, sizeof(*x));
}
