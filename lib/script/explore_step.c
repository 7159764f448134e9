/* What each command does to what is known, and where it leads. */
#include "script/explore_walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
succeed(struct explorer *x)
{
	if (explore_here(x)->on_ok >= 0)
		explore_push(x, (size_t)explore_here(x)->on_ok, true);
}

static void
fail(struct explorer *x)
{
	if (explore_here(x)->on_fail >= 0)
		explore_push(x, (size_t)explore_here(x)->on_fail, false);
}

/* An argument, expanded; "" if it is not there. Valid until the next. */
static const char *
expand_arg(struct explorer *x, size_t i)
{
	const char *arg = flow_arg(explore_here(x), i);

	vars_expand(x->v, &x->env, arg ? arg : "", &x->word);
	return sbuf_str(&x->word);
}

/* Arguments from @from on, with single blanks. */
static const char *
expand_rest(struct explorer *x, size_t from)
{
	sbuf_clear(&x->text);
	for (size_t i = from; flow_arg(explore_here(x), i); i++) {
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
	const char *name = flow_arg(explore_here(x), 0);
	struct sbuf self = SBUF_EMPTY;
	bool found = false;

	sbuf_printf(&self, "${%s", name ? name : "");
	for (size_t i = 1; flow_arg(explore_here(x), i) && !found; i++)
		found = strstr(flow_arg(explore_here(x), i), sbuf_str(&self)) != NULL;
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
		store(x, ref.key, flow_is(explore_here(x), "clear") ? "" :
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
		if (flow_arg(explore_here(x), 1))
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
	const struct flow_node *n = explore_here(x);
	const char *label = expand_arg(x, 0);
	uint32_t flags = x->now.flags;
	bool found = false;
	ptrdiff_t line;

	if (vars_is_known(label)) {
		line = lex_find_label(x->f->ls, label);
		if (line >= 0) {
			explore_event(x, EXPLORE_ENTER, label);
			explore_push(x, x->f->first[line], true);
			return;
		}
		explore_event(x, EXPLORE_GOTO, label);
		if (n->on_fail >= 0)
			explore_push(x, (size_t)n->on_fail, false);
		return;
	}
	sbuf_clear(&x->text);
	vars_show(label, &x->text);
	for (size_t i = 0; i < x->f->ls->n_lines; i++) {
		const char *name = x->f->ls->lines[i].label;

		if (!name || !flow_label_fits(sbuf_str(&x->text), name))
			continue;
		found = true;
		explore_event(x, EXPLORE_ENTER, name);
		x->now.flags |= STATE_GUESSED;
		explore_push(x, x->f->first[i], true);
	}
	if (!found)
		explore_event(x, EXPLORE_GOTO, label);
	x->now.flags = flags;
	fail(x);
}

/* The menu's name is a text; "" for the one without. */
static uint32_t
menu_name(struct explorer *x, char letter)
{
	const char *name = flow_option(explore_here(x), letter);

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

	for (uint32_t at = from; at != NO_MENU; at = explore_row(x, at).before)
		n += explore_row(x, at).menu != menu;
	kept = n ? calloc(n, sizeof(*kept)) : NULL;
	if (!kept) {
		x->bad = x->bad || n > 0;
		return NO_MENU;
	}
	at_kept = n;
	for (uint32_t at = from; at != NO_MENU; at = explore_row(x, at).before) {
		struct menu_row r = explore_row(x, at);

		if (r.menu != menu)
			kept[--at_kept] = r;
	}
	for (size_t i = 0; i < n; i++)
		to = explore_hang(x, to, kept[i].menu, kept[i].name);
	free(kept);
	return to;
}

static void
run_menu(struct explorer *x)
{
	uint32_t name = menu_name(x, 'n');

	x->menu = without(x, x->menu, name);
	if (!flow_option(explore_here(x), 'd'))
		x->menu = explore_hang(x, x->menu, name, VAR_UNKNOWN);
	succeed(x);
}

static bool
has_menu(const struct explorer *x, uint32_t menu)
{
	for (uint32_t at = x->menu; at != NO_MENU; ) {
		struct menu_row r = explore_row(x, at);

		if (r.menu == menu)
			return true;
		at = r.before;
	}
	return false;
}

static void
run_item(struct explorer *x)
{
	const struct flow_node *n = explore_here(x);
	uint32_t menu = menu_name(x, flow_option(n, 'f') ? 'f' : 'm');

	if (!has_menu(x, menu)) {
		explore_event(x, EXPLORE_NO_MENU, "");
		if (n->on_fail >= 0)
			explore_push(x, (size_t)n->on_fail, false);
		succeed(x);     /* one of a caller's */
		return;
	}
	explore_event(x, EXPLORE_MENU, "");
	if (!flow_option(n, 'g') && flow_arg(n, 0))
		x->menu = explore_hang(x, x->menu, menu,
		    vars_text(x->v, expand_arg(x, 0)));
	succeed(x);
}

/* The default is an item, or may be one. */
static bool
is_item(struct explorer *x, uint32_t menu, const char *name)
{
	for (uint32_t at = x->menu; at != NO_MENU; ) {
		struct menu_row r = explore_row(x, at);

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
	const char *name = flow_option(explore_here(x), 'd');

	if (!name)
		return;
	vars_expand(x->v, &x->env, name, &x->word);
	name = sbuf_str(&x->word);
	if (name[0] && vars_is_known(name) && !is_item(x, menu, name))
		explore_event(x, EXPLORE_DEFAULT, name);
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
		explore_event(x, EXPLORE_NO_MENU, "");
		run_store_unknown(x);   /* the menu of a caller */
		return;
	}
	check_default(x, menu);
	known = named_setting(x, &ref);
	if (!flow_option(explore_here(x), 'k'))
		x->menu = without(x, rows, menu);
	fail(x);
	for (uint32_t at = rows; at != NO_MENU; ) {
		struct menu_row r = explore_row(x, at);

		at = r.before;
		if (r.menu != menu || r.name == VAR_UNKNOWN)
			continue;
		n++;
		if (known)
			var_env_set(x->v, &x->env, ref.key, r.name);
		succeed(x);
	}
	explore_event(x, n ? EXPLORE_MENU : EXPLORE_NO_ITEM, "");
}

/* Which words of a command are URIs. */
static void
url_events(struct explorer *x)
{
	const struct flow_node *n = explore_here(x);
	const char *picture = flow_is(n, "console") ? flow_option(n, 'p') :
	    NULL;
	size_t from = 0;
	size_t to = flow_effect(n, EFFECT_LOAD) ? 1 : 0;

	if (flow_is(n, "sanboot") || flow_is(n, "sanhook"))
		to = SIZE_MAX;
	if (flow_is(n, "imgverify") || flow_is(n, "imgset"))
		from = 1, to = 2;
	for (size_t i = from; i < to && flow_arg(n, i); i++)
		explore_event(x, EXPLORE_URL, expand_arg(x, i));
	if (picture) {
		vars_expand(x->v, &x->env, picture, &x->word);
		explore_event(x, EXPLORE_URL, sbuf_str(&x->word));
	}
}

static void
run_image(struct explorer *x)
{
	const struct flow_node *n = explore_here(x);
	bool starts = flow_effect(n, EFFECT_RUN);

	url_events(x);
	if (flow_is(n, "kernel") || flow_is(n, "imgselect") ||
	    flow_is(n, "imgload"))
		explore_event(x, EXPLORE_ARGS, expand_rest(x, 1));
	if (starts && !flow_arg(n, 0) && !flow_is(n, "sanboot") &&
	    !flow_is(n, "autoboot"))
		explore_event(x, x->now.flags & STATE_SELECTED ? EXPLORE_SELECTED :
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

void
explore_step(struct explorer *x)
{
	const struct flow_node *n = explore_here(x);
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
