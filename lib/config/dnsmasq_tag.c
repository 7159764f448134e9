/* dnsmasq_tag.c - the names that lines are switched by. */
#include "config/dnsmasq_tree.h"

#include <errno.h>

static size_t
tag_hash(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s != '\0'; s++)
		h = (h ^ (uint8_t)*s) * 16777619u;
	return h % ARRAY_LEN(((struct dnsmasq_tree *)NULL)->tags);
}

struct dnsmasq_tag *
dnsmasq_tag(struct dnsmasq_line *l, const char *name)
{
	struct dnsmasq_tree *t = l->tree;
	struct dnsmasq_tag **slot = &t->tags[tag_hash(name)];
	struct dnsmasq_tag *tag;

	for (tag = *slot; tag != NULL; tag = tag->next)
		if (strcmp(tag->name, name) == 0)
			return tag;
	tag = arena_alloc(&t->arena, sizeof(*tag));
	if (tag == NULL)
		return NULL;
	tag->name = arena_strdup(&t->arena, name);
	if (tag->name == NULL)
		return NULL;
	tag->id = t->n_tags++;
	tag->next = *slot;
	*slot = tag;
	return tag;
}

bool
dnsmasq_is_tag(const char *s)
{
	return text_starts(s, "tag:") || text_starts(s, "net:");
}

/* A way to write a tag that is still read; @now is how it is written today. */
static int
old_form(struct dnsmasq_line *l, const char *now, const char *name)
{
	const char *text = arena_printf(&l->tree->arena,
	    "this is the old form of '%s%s'", now, name);

	return dnsmasq_remark(l->tree, "deprecated-form", l->pos, text);
}

int
dnsmasq_cond_add(struct dnsmasq_line *l, char *word,
    struct dnsmasq_cond **list)
{
	struct dnsmasq_cond *c = arena_alloc(&l->tree->arena, sizeof(*c));
	char *name = word + (dnsmasq_is_tag(word) ? 4 : 0);
	bool old = !text_starts(word, "tag:") || *name == '#';
	int rc;

	if (c == NULL)
		return -ENOMEM;
	dnsmasq_unhide(name);
	/* '#' is the negation of old; "tag:#" is therefore always true. */
	if (*name == '!' || *name == '#') {
		c->negated = true;
		name++;
	}
	rc = !old ? 0 : old_form(l, c->negated ? "tag:!" : "tag:", name);
	if (rc < 0)
		return rc;
	c->tag = dnsmasq_tag(l, name);
	if (c->tag == NULL)
		return -ENOMEM;
	if (!c->tag->is_used) {
		c->tag->is_used = true;
		c->tag->used_at = l->pos;
	}
	c->next = *list;
	*list = c;
	return 0;
}

struct dnsmasq_tag *
dnsmasq_sets(struct dnsmasq_line *l, char *word)
{
	struct dnsmasq_tag *tag;
	char *name = word;

	dnsmasq_unhide(word);
	if (text_starts(name, "set:"))
		name += 4;
	else if (old_form(l, "set:", name) < 0)
		return NULL;
	tag = dnsmasq_tag(l, name);
	if (tag != NULL && !tag->is_set) {
		tag->is_set = true;
		tag->set_at = l->pos;
	}
	return tag;
}

int
dnsmasq_set_add(struct dnsmasq_line *l, char *word, struct dnsmasq_set **list)
{
	struct dnsmasq_set *s = arena_alloc(&l->tree->arena, sizeof(*s));

	if (s == NULL)
		return -ENOMEM;
	s->tag = dnsmasq_sets(l, word);
	if (s->tag == NULL)
		return -ENOMEM;
	s->next = *list;
	*list = s;
	return 0;
}

/* Leading "tag:"s; @arg is moved to what follows, NULL if nothing does. */
int
dnsmasq_conds(struct dnsmasq_line *l, char **arg, struct dnsmasq_cond **ret)
{
	while (*arg != NULL && dnsmasq_is_tag(*arg)) {
		char *rest = dnsmasq_split(*arg);
		int rc = dnsmasq_cond_add(l, *arg, ret);

		if (rc < 0)
			return rc;
		*arg = rest;
	}
	return 0;
}
