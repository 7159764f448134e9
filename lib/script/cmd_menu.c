/*
 * Commands that build up menus and request parameters, and that show menus.
 */
#include "script/cmd.h"

#include <stdlib.h>
#include <string.h>

static bool
list_is_full(struct script *s, size_t n, size_t max, const char *what)
{
	if (n < max)
		return false;
	script_set_end(s, SCRIPT_END_LIMIT, 0, "more than %zu %s", max, what);
	return true;
}

/* The list an option names: "" for the unnamed one. */
static const char *
list_name(const struct script_args *a, char letter)
{
	const char *name = args_text(a, letter);

	return name ? name : "";
}

uint32_t
cmd_menu(struct script *s, const struct script_args *a)
{
	const char *name = list_name(a, 'n');
	struct script_menu **at = &s->menus;
	struct script_menu *m;
	size_t n = 0;

	script_menu_drop(s, name);
	if (args_has(a, 'd'))
		return 0;
	for (; *at; at = &(*at)->next)
		n++;
	if (list_is_full(s, n, SCRIPT_LISTS_MAX, "menus"))
		return 0;
	m = script_menu_new(name);
	if (m)
		m->title = args_join(s, a, 0);
	if (!m || !m->title) {
		script_menu_free(m);
		return script_nomem(s);
	}
	*at = m;
	return 0;
}

uint32_t
cmd_item(struct script *s, const struct script_args *a)
{
	bool is_gap = args_has(a, 'g');
	const char *name = list_name(a, args_has(a, 'f') ? 'f' : 'm');
	struct script_menu *m = script_menu_find(s, name);
	struct script_menu_item **at;
	struct script_menu_item *item;
	size_t n = 0;

	if (!m)
		return script_no_list(s, name, "user interface");
	for (at = &m->first; *at; at = &(*at)->next)
		n++;
	if (list_is_full(s, n, SCRIPT_LIST_ITEMS_MAX, "items in a menu"))
		return 0;
	s->work += n;
	item = calloc(1, sizeof(*item));
	if (!item)
		return script_nomem(s);
	*at = item;                     /* the menu owns it, whole or not */
	item->key = (int)args_number(a, 'k', 0);
	item->is_default = args_has(a, 'd');
	item->text = args_join(s, a, is_gap ? 0 : 1);
	if (!is_gap && a->n > 0)
		item->name = strdup(a->rest[0]);
	if (!item->text || (!is_gap && a->n > 0 && !item->name))
		return script_nomem(s);
	return 0;
}

/* The item with that index, or NULL. */
static const struct script_menu_item *
item_at(const struct script_menu *m, int index)
{
	const struct script_menu_item *item = m->first;

	while (item && index-- > 0)
		item = item->next;
	return item;
}

/*
 * What is highlighted first: the item that --default names, or else those
 * with the flag, the last of several; else the first that can be chosen. -1
 * if none can.
 */
static int
initial_item(const struct script_menu *m, const char *name)
{
	int first = -1;
	int wanted = -1;
	int i = 0;

	for (const struct script_menu_item *item = m->first; item;
	    item = item->next, i++) {
		if (!item->name)
			continue;
		if (first < 0)
			first = i;
		if (name ? strcmp(name, item->name) == 0 : item->is_default)
			wanted = i;
	}
	return wanted >= 0 ? wanted : first;
}

/* Ask the host. Return: the item's index, or SCRIPT_CHOICE_*. */
static int
ask(struct script *s, const struct script_menu *m, int initial,
    uint64_t timeout_ms)
{
	int choice = SCRIPT_CHOICE_NONE;

	if (s->host->choose)
		choice = s->host->choose(s->host->ctx, m, initial, timeout_ms);
	else if (timeout_ms > 0 && s->host->sleep)
		s->host->sleep(s->host->ctx, timeout_ms);
	if (choice == SCRIPT_CHOICE_NONE && timeout_ms > 0)
		return initial;
	if (choice == SCRIPT_CHOICE_NONE && !s->over)
		script_set_end(s, SCRIPT_END_LIMIT, 0,
		    "waits at the menu '%.80s', and nobody is there to choose",
		    m->title);
	return choice;
}

static uint32_t
choose(struct script *s, const struct script_args *a,
    const struct setting_ref *ref, const struct script_menu *m)
{
	int initial = initial_item(m, args_text(a, 'd'));
	const struct script_menu_item *item;
	int choice;

	if (initial < 0)
		return SCRIPT_ERR_NO_ITEMS;
	choice = ask(s, m, initial, args_timeout(a, 't'));
	if (s->over)
		return 0;
	item = choice >= 0 ? item_at(m, choice) : NULL;
	if (!item || !item->name)
		return SCRIPT_ERR_MENU_CANCEL;
	return cmd_store(s, ref, item->name);
}

uint32_t
cmd_choose(struct script *s, const struct script_args *a)
{
	const char *name = list_name(a, 'm');
	struct script_menu *m = script_menu_find(s, name);
	struct setting_ref ref;
	uint32_t status;

	status = args_setting(s, a->rest[0], &ref);
	if (status)
		return status;
	if (!m)
		return script_no_list(s, name, "user interface");
	status = choose(s, a, &ref, m);
	if (!args_has(a, 'k'))
		script_menu_drop(s, name);
	return status;
}

uint32_t
cmd_params(struct script *s, const struct script_args *a)
{
	const char *name = list_name(a, 'n');
	const char *method = args_text(a, 'm');
	struct script_params **at = &s->params;
	struct script_params *p;
	size_t n = 0;

	script_params_free(script_params_take(s, name));
	if (args_has(a, 'd'))
		return 0;
	for (; *at; at = &(*at)->next)
		n++;
	if (list_is_full(s, n, SCRIPT_LISTS_MAX, "params lists"))
		return 0;
	p = calloc(1, sizeof(*p));
	if (!p)
		return script_nomem(s);
	p->name = strdup(name);
	p->method = strdup(method ? method : "");
	if (!p->name || !p->method) {
		script_params_free(p);
		return script_nomem(s);
	}
	*at = p;
	return 0;
}

uint32_t
cmd_param(struct script *s, const struct script_args *a)
{
	const char *name = list_name(a, 'p');
	struct script_params *p = script_params_find(s, name);
	struct script_param **at;
	struct script_param *param;
	size_t n = 0;

	if (!p)
		return script_no_list(s, name, "parameter list");
	for (at = &p->first; *at; at = &(*at)->next)
		n++;
	if (list_is_full(s, n, SCRIPT_LIST_ITEMS_MAX, "params in a list"))
		return 0;
	s->work += n;
	param = calloc(1, sizeof(*param));
	if (!param)
		return script_nomem(s);
	*at = param;
	param->key = strdup(a->rest[0]);
	param->value = args_join(s, a, 1);
	param->is_header = args_has(a, 'H');
	return param->key && param->value ? 0 : script_nomem(s);
}
