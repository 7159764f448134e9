/*
 * kea_parse_class.c - client-classes: in their order, which is the order of
 * evaluation; member() knows what stands before.
 */
#include "config/kea_parse.h"

#include <errno.h>
#include <string.h>

enum { CLASSES_MAX = 100000 };

static const char *const built_in[] = { "ALL", "KNOWN", "UNKNOWN", "BOOTP" };
static const char *const prefixes[] = { "VENDOR_CLASS_", "HA_", "AFTER_",
    "EXTERNAL_" };

static bool
is_built_in(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(built_in); i++) {
		if (strcmp(name, built_in[i]) == 0)
			return true;
	}
	return false;
}

/* What member() asks for while a class is read. */
struct reader {
	struct kea_parser *p;
	struct kea_class *class;
};

static bool
is_class(void *ctx, const char *name)
{
	struct reader *r = ctx;
	const struct kea_class *c;

	if (strcmp(name, "KNOWN") == 0 || strcmp(name, "UNKNOWN") == 0)
		r->class->depends_on_known = true;
	if (is_built_in(name))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0 &&
		    name[strlen(prefixes[i])] != '\0')
			return true;
	}
	c = config_map_get(&r->p->classes, name, strlen(name));
	if (c && c->depends_on_known)
		r->class->depends_on_known = true;
	return c != NULL;
}

static int
find_option(void *ctx, const char *name)
{
	const struct reader *r = ctx;
	const struct kea_option_def *d = kea_option_find(NULL, r->p->t->defs,
	    r->p->is_v6, r->p->is_v6 ? "dhcp6" : "dhcp4", -1, name);

	return d ? d->code : -1;
}

static int
read_test(struct kea_parser *p, const struct kea_node *map,
    struct kea_class *c)
{
	const struct kea_node *v = kea_get(map, "test");
	struct reader r = { p, c };
	struct kea_expr_names names = {
		.option = find_option, .is_class = is_class, .ctx = &r,
	};
	struct config_pos pos;

	if (!v)
		return 0;
	c->test_pos = pos = v->pos;
	pos.column++;
	return kea_expr_parse(v->text, pos, p->is_v6, &names, &p->t->arena,
	    &c->test, p->diag);
}

static int
check_special(struct kea_parser *p, const struct kea_node *map,
    const struct kea_class *c)
{
	const char *test = kea_get_text(map, "test");

	if (c->is_built_in && (c->only_if_required || (test && *test)))
		return kea_bad(p->diag, &map->pos, "built-in class '%s' has no "
		    "test and is not only-if-required", c->name);
	if (strcmp(c->name, "DROP") == 0 && c->only_if_required)
		return kea_bad(p->diag, &map->pos, "special class 'DROP' is "
		    "not only-if-required");
	return 0;
}

static int
read_class(struct kea_parser *p, const struct kea_node *map,
    struct kea_class *c)
{
	struct kea_scopes own = { { map } };
	int rc;

	c->name = kea_get_text(map, "name");
	if (!c->name)
		c->name = "";
	c->is_built_in = is_built_in(c->name);
	c->only_if_required = kea_get_bool(map, "only-if-required", false) ||
	    kea_get_bool(map, "only-in-additional-list", false);
	if (*c->name == '\0')
		return kea_bad(p->diag, kea_pos_of(map, "name"),
		    "not empty parameter 'name' is required");
	rc = read_test(p, map, c);
	if (rc == 0)
		rc = kea_defs(p, kea_get(map, "option-def"), true, &c->defs);
	if (rc == 0)
		rc = kea_options(p, kea_get(map, "option-data"), c->defs,
		    false, &c->level.options);
	if (rc == 0)
		rc = kea_level(p, map, KEA_L_CLASS, &c->level);
	if (rc == 0)
		rc = kea_lifetime(p, &own, "valid-lifetime", false);
	if (rc == 0 && p->is_v6)
		rc = kea_lifetime(p, &own, "preferred-lifetime", false);
	return rc == 0 ? check_special(p, map, c) : rc;
}

int
kea_classes(struct kea_parser *p, const struct kea_node *list)
{
	const struct kea_node *v = list ? list->first : NULL;
	struct kea_class **tail = &p->t->classes, *c;
	int rc = 0;

	for (; v && rc == 0; v = v->next) {
		c = arena_alloc(&p->t->arena, sizeof(*c));
		if (!c)
			return -ENOMEM;
		rc = read_class(p, v, c);
		if (rc == 0 && config_map_get(&p->classes, c->name,
		    strlen(c->name)))
			rc = kea_bad(p->diag, &v->pos, "can't add class: '%s' "
			    "has already been defined", c->name);
		if (rc == 0 && p->classes.n >= CLASSES_MAX)
			rc = kea_bad(p->diag, &v->pos, "more than %d classes",
			    CLASSES_MAX);
		if (rc == 0)
			rc = config_map_put(&p->classes, &p->t->arena, c->name,
			    strlen(c->name), c);
		if (rc == 0) {
			*tail = c;
			tail = &c->next;
		}
		rc = kea_spare(p, rc);
	}
	return rc;
}
