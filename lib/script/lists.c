/*
 * What scripts build up piece by piece: menus and request parameters.
 */
#include "script/run.h"

#include "script/uri.h"

#include <stdlib.h>
#include <string.h>

struct script_menu *
script_menu_find(struct script *s, const char *name)
{
	for (struct script_menu *m = s->menus; m; m = m->next)
		if (strcmp(m->name, name) == 0)
			return m;
	return NULL;
}

struct script_menu *
script_menu_new(const char *name)
{
	struct script_menu *m = calloc(1, sizeof(*m));

	if (m)
		m->name = strdup(name);
	if (m && !m->name) {
		free(m);
		m = NULL;
	}
	return m;
}

void
script_menu_free(struct script_menu *m)
{
	if (!m)
		return;
	while (m->first) {
		struct script_menu_item *item = m->first;

		m->first = item->next;
		free(item->name);
		free(item->text);
		free(item);
	}
	free(m->name);
	free(m->title);
	free(m);
}

void
script_menu_drop(struct script *s, const char *name)
{
	for (struct script_menu **at = &s->menus; *at; at = &(*at)->next) {
		struct script_menu *m = *at;

		if (strcmp(m->name, name) != 0)
			continue;
		*at = m->next;
		script_menu_free(m);
		return;
	}
}

void
script_menus_free(struct script *s)
{
	while (s->menus) {
		struct script_menu *m = s->menus;

		s->menus = m->next;
		script_menu_free(m);
	}
}

struct script_params *
script_params_find(struct script *s, const char *name)
{
	for (struct script_params *p = s->params; p; p = p->next)
		if (strcmp(p->name, name) == 0)
			return p;
	return NULL;
}

struct script_params *
script_params_take(struct script *s, const char *name)
{
	for (struct script_params **at = &s->params; *at; at = &(*at)->next) {
		struct script_params *p = *at;

		if (strcmp(p->name, name) != 0)
			continue;
		*at = p->next;
		p->next = NULL;
		return p;
	}
	return NULL;
}

void
script_params_free(struct script_params *p)
{
	if (!p)
		return;
	while (p->first) {
		struct script_param *param = p->first;

		p->first = param->next;
		free(param->key);
		free(param->value);
		free(param);
	}
	free(p->name);
	free(p->method);
	free(p);
}

bool
script_params_has_body(const struct script_params *p)
{
	for (const struct script_param *i = p->first; i; i = i->next)
		if (!i->is_header)
			return true;
	return false;
}

const char *
script_params_method(const struct script_params *p)
{
	if (p->method[0])
		return p->method;
	return script_params_has_body(p) ? "POST" : "GET";
}

void
script_params_body(const struct script_params *p, struct sbuf *b)
{
	const char *sep = "";

	for (const struct script_param *i = p->first; i; i = i->next) {
		if (i->is_header)
			continue;
		sbuf_add(b, sep);
		uri_encode(b, i->key, strlen(i->key));
		sbuf_addc(b, '=');
		uri_encode(b, i->value, strlen(i->value));
		sep = "&";
	}
}

uint32_t
script_no_list(struct script *s, const char *name, const char *what)
{
	if (name[0])
		script_print(s, "\"%s\": no such %s\n", name, what);
	else
		script_print(s, "No default %s\n", what);
	return SCRIPT_ERR_NO_LIST;
}
