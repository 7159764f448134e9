#include "script/explore.h"

#include "script/live.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NO_MENU = 0, ITEM_PLAIN = 0, ITEM_DEFAULT = 1 };

/* A place, and what is known there. Only numbers: it is compared as bytes. */
struct state {
	uint32_t node;
	uint32_t env;           /* number of the environment */
	uint32_t flags;
};

enum {
	STATE_SELECTED = 1,     /* an image may be selected */
	STATE_GUESSED = 2,      /* behind a goto to whatever label */
	STATE_MENU = 4,         /* there is a menu */
};

/*
 * What grows at a state: all items that its menus may have. Told apart, each
 * item that is there only sometimes would double the ways.
 */
struct place {
	uint32_t menu;          /* number of the last menu row, or NO_MENU */
	uint32_t next;          /* state that waits at the same node; or NONE */
	bool waits;
};

struct way {
	uint32_t from;
	uint32_t to;
};

#define NONE UINT32_MAX

/* Menus are lists of rows, each hanging on the row before. */
struct menu_row {
	uint32_t before;
	uint32_t menu;          /* the menu's name, as a text */
	uint32_t name;          /* of the item; VAR_UNKNOWN: the menu itself */
};

struct explorer {
	const struct flow *f;
	struct explore *out;
	struct vars *v;
	struct live live;
	struct intern states;
	struct intern envs;
	struct intern menus;
	uint32_t *n_at;         /* states at each node */
	uint32_t *n_grown;      /* values made of themselves at each node */
	uint32_t *waiting;      /* the first state that waits at each node */
	size_t lowest;          /* no node before this has one */
	struct place *places;   /* of each state */
	size_t cap_places;
	uint32_t number;        /* the state being gone on from; or NONE */
	struct state now;
	uint32_t menu;
	struct var_env env;
	struct way *ways;       /* that take no time */
	size_t n_ways;
	size_t cap_ways;
	struct sbuf word;       /* what a word became */
	struct sbuf text;
	struct var_pair *live_pairs;
	size_t cap_live;
	bool bad;
};

static void
event(struct explorer *x, enum explore_kind kind, const char *text)
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

static const struct flow_node *
here(const struct explorer *x)
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
	const struct flow_node *n = here(x);

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

static struct menu_row
row_of(const struct explorer *x, uint32_t number)
{
	struct menu_row r;

	memcpy(&r, intern_get(&x->menus, number, NULL), sizeof(r));
	return r;
}

static uint32_t
hang(struct explorer *x, uint32_t before, uint32_t menu, uint32_t name)
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
	for (uint32_t at = a; at != NO_MENU; at = row_of(x, at).before) {
		if (at == b)
			return a;       /* @a went on from there */
	}
	for (; b != NO_MENU; b = row_of(x, b).before) {
		struct menu_row r = row_of(x, b);
		uint32_t at = all;

		while (at != NO_MENU && (row_of(x, at).menu != r.menu ||
		    row_of(x, at).name != r.name))
			at = row_of(x, at).before;
		if (at == NO_MENU)
			all = hang(x, all, r.menu, r.name);
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

static void
push(void *ctx, size_t node, bool on_ok)
{
	struct explorer *x = ctx;
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

static void
succeed(struct explorer *x)
{
	if (here(x)->on_ok >= 0)
		push(x, (size_t)here(x)->on_ok, true);
}

static void
fail(struct explorer *x)
{
	if (here(x)->on_fail >= 0)
		push(x, (size_t)here(x)->on_fail, false);
}

/* An argument, expanded; "" if it is not there. Valid until the next. */
static const char *
expand_arg(struct explorer *x, size_t i)
{
	const char *arg = flow_arg(here(x), i);

	vars_expand(x->v, &x->env, arg ? arg : "", &x->word);
	return sbuf_str(&x->word);
}

/* Arguments from @from on, with single blanks. */
static const char *
expand_rest(struct explorer *x, size_t from)
{
	sbuf_clear(&x->text);
	for (size_t i = from; flow_arg(here(x), i); i++) {
		if (i > from)
			sbuf_addc(&x->text, ' ');
		sbuf_add(&x->text, expand_arg(x, i));
	}
	return sbuf_str(&x->text);
}

/* The setting that the first argument names; false: not known which. */
static bool
named_setting(struct explorer *x, struct var_ref *ret)
{
	const char *name = expand_arg(x, 0);

	if (!vars_is_known(name) || !name[0])
		return false;
	*ret = vars_ref(x->v, name, strlen(name));
	return true;
}

/* Is a value made of itself here, again and again? */
static bool
outgrows(struct explorer *x)
{
	const char *name = flow_arg(here(x), 0);
	struct sbuf self = SBUF_EMPTY;
	bool found = false;

	sbuf_printf(&self, "${%s", name ? name : "");
	for (size_t i = 1; flow_arg(here(x), i) && !found; i++)
		found = strstr(flow_arg(here(x), i), sbuf_str(&self)) != NULL;
	sbuf_release(&self);
	return found && ++x->n_grown[x->now.node] > EXPLORE_GROWN_MAX;
}

/*
 * Unknown parts stay in the value, marked: a later expansion does not look
 * them up again. A value made of itself would grow in a loop for ever.
 */
static void
store(struct explorer *x, uint32_t key, const char *text)
{
	enum { MARKED_MAX = 512 };
	struct sbuf shown = SBUF_EMPTY;
	struct sbuf self = SBUF_EMPTY;
	bool keep = strlen(text) < VARS_TEXT_MAX && !outgrows(x);

	if (!vars_is_known(text)) {
		vars_show(text, &shown);
		sbuf_printf(&self, "${%s", (const char *)intern_get(
		    &x->v->names, key, NULL));
		keep = shown.len < MARKED_MAX &&
		    !strstr(sbuf_str(&shown), sbuf_str(&self));
	}
	var_env_set(x->v, &x->env, key,
	    keep ? vars_text(x->v, text) : VAR_UNKNOWN);
	sbuf_release(&shown);
	sbuf_release(&self);
}

static void
run_set(struct explorer *x)
{
	struct var_ref ref;

	if (named_setting(x, &ref))
		store(x, ref.key, flow_is(here(x), "clear") ? "" :
		    expand_rest(x, 1));
	succeed(x);
	fail(x);
}

/* What gives a setting a value that only the running machine knows. */
static void
run_store_unknown(struct explorer *x)
{
	struct var_ref ref;

	fail(x);
	if (named_setting(x, &ref))
		var_env_set(x->v, &x->env, ref.key, VAR_UNKNOWN);
	succeed(x);
}

/* Counting is followed a little way: it may well be a loop without end. */
static void
run_inc(struct explorer *x)
{
	enum { COUNT_MAX = 64 };
	struct var_ref ref;
	uint32_t value;
	int64_t n = 0;
	int64_t by = 1;
	char text[24];

	fail(x);
	if (named_setting(x, &ref)) {
		bool ok = true;

		value = var_env_get(&x->env, ref.key);
		if (value < VAR_SET)
			ok = setting_parse_number(intern_get(&x->v->texts,
			    value, NULL), &n) == 0;
		if (flow_arg(here(x), 1))
			ok = ok && setting_parse_number(expand_arg(x, 1),
			    &by) == 0;
		ok = ok && value < VAR_SET && n < COUNT_MAX &&
		    n > -COUNT_MAX && by < COUNT_MAX && by > -COUNT_MAX;
		(void)snprintf(text, sizeof(text), "%d", ok ? (int)(n + by) :
		    0);
		var_env_set(x->v, &x->env, ref.key,
		    ok ? vars_text(x->v, text) : VAR_UNKNOWN);
	}
	succeed(x);
}

/* The one unknown reference that a text is. */
static uint32_t
unknown_key(struct explorer *x, const char *text, struct var_ref *ret)
{
	*ret = vars_ref(x->v, text + 1, strlen(text) - 2);
	return ret->key;
}

/* Go the way where the reference is that text; what is known stays so. */
static void
succeed_with(struct explorer *x, const char *unknown, const char *text)
{
	struct var_ref ref;
	uint32_t key = unknown_key(x, unknown, &ref);

	if (ref.is_plain && vars_is_known(text))
		var_env_set(x->v, &x->env, key,
		    vars_text(x->v, text) | VAR_LEARNT);
	succeed(x);
}

static void
run_iseq(struct explorer *x)
{
	char *a = strdup(expand_arg(x, 0));
	const char *b = expand_arg(x, 1);

	if (!a) {
		x->bad = true;
	} else if (strcmp(a, b) == 0) {
		succeed(x);
	} else if (vars_is_known(a) && vars_is_known(b)) {
		fail(x);
	} else {
		fail(x);
		if (vars_is_unknown(a))
			succeed_with(x, a, b);
		else if (vars_is_unknown(b))
			succeed_with(x, b, a);
		else
			succeed(x);
	}
	free(a);
}

static void
run_isset(struct explorer *x)
{
	char *text = strdup(expand_arg(x, 0));
	struct var_ref ref;

	if (!text) {
		x->bad = true;
	} else if (!text[0]) {
		fail(x);
	} else if (vars_has_text(text)) {
		succeed(x);
	} else if (!vars_is_unknown(text)) {
		succeed(x);
		fail(x);
	} else if (var_env_get(&x->env, unknown_key(x, text, &ref)) ==
	    VAR_SET) {
		succeed(x);
	} else {
		var_env_set(x->v, &x->env, ref.key, VAR_SET);
		succeed(x);
		if (ref.is_plain)
			var_env_set(x->v, &x->env, ref.key,
			    vars_text(x->v, "") | VAR_LEARNT);
		else
			var_env_set(x->v, &x->env, ref.key, VAR_UNKNOWN);
		fail(x);
	}
	free(text);
}

static void
run_goto(struct explorer *x)
{
	const struct flow_node *n = here(x);
	const char *label = expand_arg(x, 0);
	uint32_t flags = x->now.flags;
	bool found = false;
	ptrdiff_t line;

	if (vars_is_known(label)) {
		line = lex_find_label(x->f->ls, label);
		if (line >= 0) {
			event(x, EXPLORE_ENTER, label);
			push(x, x->f->first[line], true);
			return;
		}
		event(x, EXPLORE_GOTO, label);
		if (n->on_fail >= 0)
			push(x, (size_t)n->on_fail, false);
		return;
	}
	sbuf_clear(&x->text);
	vars_show(label, &x->text);
	for (size_t i = 0; i < x->f->ls->n_lines; i++) {
		const char *name = x->f->ls->lines[i].label;

		if (!name || !flow_label_fits(sbuf_str(&x->text), name))
			continue;
		found = true;
		event(x, EXPLORE_ENTER, name);
		x->now.flags |= STATE_GUESSED;
		push(x, x->f->first[i], true);
	}
	if (!found)
		event(x, EXPLORE_GOTO, label);
	x->now.flags = flags;
	fail(x);
}

/* The menu's name is a text; "" for the one without. */
static uint32_t
menu_name(struct explorer *x, char letter)
{
	const char *name = flow_option(here(x), letter);

	vars_expand(x->v, &x->env, name ? name : "", &x->word);
	return vars_text(x->v, sbuf_str(&x->word));
}

/* All rows but those of one menu. */
static uint32_t
without(struct explorer *x, uint32_t from, uint32_t menu)
{
	struct menu_row *kept = NULL;
	size_t n = 0;
	size_t at_kept;
	uint32_t to = NO_MENU;

	for (uint32_t at = from; at != NO_MENU; at = row_of(x, at).before)
		n += row_of(x, at).menu != menu;
	kept = n ? calloc(n, sizeof(*kept)) : NULL;
	if (!kept) {
		x->bad = x->bad || n > 0;
		return NO_MENU;
	}
	at_kept = n;
	for (uint32_t at = from; at != NO_MENU; at = row_of(x, at).before) {
		struct menu_row r = row_of(x, at);

		if (r.menu != menu)
			kept[--at_kept] = r;
	}
	for (size_t i = 0; i < n; i++)
		to = hang(x, to, kept[i].menu, kept[i].name);
	free(kept);
	return to;
}

static void
run_menu(struct explorer *x)
{
	uint32_t name = menu_name(x, 'n');

	x->menu = without(x, x->menu, name);
	if (!flow_option(here(x), 'd'))
		x->menu = hang(x, x->menu, name, VAR_UNKNOWN);
	succeed(x);
}

static bool
has_menu(const struct explorer *x, uint32_t menu)
{
	for (uint32_t at = x->menu; at != NO_MENU; ) {
		struct menu_row r = row_of(x, at);

		if (r.menu == menu)
			return true;
		at = r.before;
	}
	return false;
}

static void
run_item(struct explorer *x)
{
	const struct flow_node *n = here(x);
	uint32_t menu = menu_name(x, flow_option(n, 'f') ? 'f' : 'm');

	if (!has_menu(x, menu)) {
		event(x, EXPLORE_NO_MENU, "");
		if (n->on_fail >= 0)
			push(x, (size_t)n->on_fail, false);
		succeed(x);     /* one of a caller's */
		return;
	}
	event(x, EXPLORE_MENU, "");
	if (!flow_option(n, 'g') && flow_arg(n, 0))
		x->menu = hang(x, x->menu, menu,
		    vars_text(x->v, expand_arg(x, 0)));
	succeed(x);
}

/* The default is an item, or may be one. */
static bool
is_item(struct explorer *x, uint32_t menu, const char *name)
{
	for (uint32_t at = x->menu; at != NO_MENU; ) {
		struct menu_row r = row_of(x, at);

		at = r.before;
		if (r.menu != menu || r.name == VAR_UNKNOWN)
			continue;
		sbuf_clear(&x->text);
		vars_show(intern_get(&x->v->texts, r.name, NULL), &x->text);
		if (flow_label_fits(sbuf_str(&x->text), name))
			return true;
	}
	return false;
}

static void
check_default(struct explorer *x, uint32_t menu)
{
	const char *name = flow_option(here(x), 'd');

	if (!name)
		return;
	vars_expand(x->v, &x->env, name, &x->word);
	name = sbuf_str(&x->word);
	if (name[0] && vars_is_known(name) && !is_item(x, menu, name))
		event(x, EXPLORE_DEFAULT, name);
}

static void
run_choose(struct explorer *x)
{
	uint32_t menu = menu_name(x, 'm');
	uint32_t rows = x->menu;
	struct var_ref ref = { 0, false };
	bool known;
	size_t n = 0;

	if (!has_menu(x, menu)) {
		event(x, EXPLORE_NO_MENU, "");
		run_store_unknown(x);   /* the menu of a caller */
		return;
	}
	check_default(x, menu);
	known = named_setting(x, &ref);
	if (!flow_option(here(x), 'k'))
		x->menu = without(x, rows, menu);
	fail(x);
	for (uint32_t at = rows; at != NO_MENU; ) {
		struct menu_row r = row_of(x, at);

		at = r.before;
		if (r.menu != menu || r.name == VAR_UNKNOWN)
			continue;
		n++;
		if (known)
			var_env_set(x->v, &x->env, ref.key, r.name);
		succeed(x);
	}
	event(x, n ? EXPLORE_MENU : EXPLORE_NO_ITEM, "");
}

/* Which words of a command are URIs. */
static void
url_events(struct explorer *x)
{
	const struct flow_node *n = here(x);
	const char *picture = flow_is(n, "console") ? flow_option(n, 'p') :
	    NULL;
	size_t from = 0;
	size_t to = flow_effect(n, EFFECT_LOAD) ? 1 : 0;

	if (flow_is(n, "sanboot") || flow_is(n, "sanhook"))
		to = SIZE_MAX;
	if (flow_is(n, "imgverify") || flow_is(n, "imgset"))
		from = 1, to = 2;
	for (size_t i = from; i < to && flow_arg(n, i); i++)
		event(x, EXPLORE_URL, expand_arg(x, i));
	if (picture) {
		vars_expand(x->v, &x->env, picture, &x->word);
		event(x, EXPLORE_URL, sbuf_str(&x->word));
	}
}

static void
run_image(struct explorer *x)
{
	const struct flow_node *n = here(x);
	bool starts = flow_effect(n, EFFECT_RUN);

	url_events(x);
	if (flow_is(n, "kernel") || flow_is(n, "imgselect") ||
	    flow_is(n, "imgload"))
		event(x, EXPLORE_ARGS, expand_rest(x, 1));
	if (starts && !flow_arg(n, 0) && !flow_is(n, "sanboot") &&
	    !flow_is(n, "autoboot"))
		event(x, x->now.flags & STATE_SELECTED ? EXPLORE_SELECTED :
		    EXPLORE_NOT_SELECTED, "");
	fail(x);
	if (starts || flow_is(n, "kernel") || flow_is(n, "imgselect") ||
	    flow_is(n, "imgload"))
		x->now.flags |= STATE_SELECTED;
	succeed(x);
}

/* A lease may bring what was not there. */
static void
run_dhcp(struct explorer *x)
{
	uint32_t empty = vars_text(x->v, "");

	fail(x);
	for (size_t i = x->env.n; i-- > 0; ) {
		struct setting_ref ref;

		if ((x->env.pairs[i].value & ~VAR_LEARNT) == empty && settings_parse_ref(
		    intern_get(&x->v->names, x->env.pairs[i].key, NULL),
		    &ref) == 0 && (ref.info || ref.has_block || ref.tag))
			var_env_set(x->v, &x->env, x->env.pairs[i].key,
			    VAR_UNKNOWN);
	}
	succeed(x);
}

static void
run_login(struct explorer *x)
{
	fail(x);
	var_env_set(x->v, &x->env, vars_ref(x->v, "username", 8).key,
	    VAR_UNKNOWN);
	var_env_set(x->v, &x->env, vars_ref(x->v, "password", 8).key,
	    VAR_UNKNOWN);
	succeed(x);
}

static void
run_other(struct explorer *x)
{
	url_events(x);
	fail(x);
	succeed(x);
}

static const struct {
	const char *command;
	void (*run)(struct explorer *x);
} runs[] = {
	{ "choose", run_choose }, { "clear", run_set }, { "dhcp", run_dhcp },
	{ "form", run_menu }, { "goto", run_goto }, { "ifconf", run_dhcp },
	{ "inc", run_inc }, { "iseq", run_iseq }, { "isset", run_isset },
	{ "item", run_item }, { "login", run_login }, { "menu", run_menu },
	{ "set", run_set },
};

static void
step(struct explorer *x)
{
	const struct flow_node *n = here(x);
	void (*run)(struct explorer *) = run_other;

	for (size_t i = 0; n->cmd && i < ARRAY_LEN(runs); i++) {
		if (strcmp(n->cmd->name, runs[i].command) == 0)
			run = runs[i].run;
	}
	if (run == run_other && flow_effect(n, EFFECT_STORE))
		run = run_store_unknown;
	else if (run == run_other && flow_effect(n, EFFECT_LOAD | EFFECT_RUN))
		run = run_image;
	if (n->fault || n->is_help || n->n_words == 0)
		run = run_other;
	run(x);
}

/* A search for circles: each state is new, on the way here, or done. */
struct search {
	size_t *ways_at;        /* where the ways from each state begin */
	uint8_t *colour;
	uint32_t *path;
	size_t *next;           /* of each state on the path: its next way */
	size_t n;
};

static struct state
state_of(const struct explorer *x, uint32_t number)
{
	struct state s;

	memcpy(&s, intern_get(&x->states, number, NULL), sizeof(s));
	return s;
}

static unsigned int
line_of(const struct explorer *x, uint32_t number)
{
	return x->f->ls->lines[x->f->nodes[state_of(x, number).node].line]
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
		if (flow_is(&x->f->nodes[state_of(x, k->path[i]).node],
		    "goto"))
			break;
	}
	(void)snprintf(line, sizeof(line), "%u", line_of(x,
	    at == k->n - 1 ? to : k->path[at + 1]));
	x->now = state_of(x, k->path[at]);
	event(x, EXPLORE_LOOP, line);
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

static int
find_loops(struct explorer *x)
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
	x->now = state_of(x, x->number);
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
		push(x, 0, true);
	while (next_state(x)) {
		x->out->seen[x->now.node] = true;
		step(x);
		if (x->bad || x->v->bad)
			return -ENOMEM;
	}
	x->out->n_states = x->states.n;
	return find_loops(x);
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
	if (!x.n_at || !x.n_grown || !x.waiting || !out.seen || intern_add(&x.envs, "", 0, NULL) < 0 ||
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
