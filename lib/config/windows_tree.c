/* windows_tree.c - the tree, put together by whichever form is read. */
#include "config/windows_tree.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

char *
windows_word(struct windows_tree *t, const char *s)
{
	return arena_strdup(&t->arena, s);
}

int
windows_words_add(struct windows_tree *t, struct windows_words *w,
    const char *s)
{
	/* room doubles: at 0, 4, 8, 16 ... words */
	if (w->n == 0 || (w->n >= 4 && (w->n & (w->n - 1)) == 0)) {
		size_t cap = w->n == 0 ? 4 : w->n * 2;
		const char **more = arena_alloc(&t->arena, cap * sizeof(*more));

		if (!more)
			return -ENOMEM;
		if (w->n > 0)
			memcpy(more, w->word, w->n * sizeof(*more));
		w->word = more;
	}
	w->word[w->n] = windows_word(t, s);
	return w->word[w->n++] ? 0 : -ENOMEM;
}

bool
windows_same(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	return strcasecmp(a, b) == 0;
}

struct windows_class *
windows_find_class(const struct windows_tree *t, const char *name,
    bool is_vendor)
{
	for (struct windows_class *c = t->classes; c; c = c->next) {
		if (c->is_vendor == is_vendor && windows_same(c->name, name))
			return c;
	}
	return NULL;
}

void
windows_drop_class(struct windows_tree *t, const char *name, bool is_vendor)
{
	struct windows_class **at = &t->classes;

	while (*at && ((*at)->is_vendor != is_vendor ||
	    !windows_same((*at)->name, name)))
		at = &(*at)->next;
	if (*at)
		*at = (*at)->next;
}

struct windows_class *
windows_add_class(struct windows_tree *t, const char *name, bool is_vendor,
    const uint8_t *data, size_t len, struct config_pos pos)
{
	struct windows_class *c = windows_find_class(t, name, is_vendor);

	if (!c) {
		c = arena_alloc(&t->arena, sizeof(*c));
		if (!c)
			return NULL;
		c->next = t->classes;
		t->classes = c;
		c->name = windows_word(t, name);
		c->is_vendor = is_vendor;
	}
	c->data = data;
	c->len = len;
	c->pos = pos;
	c->is_predefined = false;
	return c->name ? c : NULL;
}

int
windows_add_def(struct windows_tree *t, uint8_t code, const char *vendor,
    enum windows_type type, struct config_pos pos)
{
	struct windows_def *d = arena_alloc(&t->arena, sizeof(*d));

	if (!d)
		return -ENOMEM;
	*d = (struct windows_def){ .code = code, .type = type, .pos = pos,
	    .next = t->defs };
	if (vendor && *vendor)
		d->vendor = windows_word(t, vendor);
	t->defs = d;
	return 0;
}

struct windows_scope *
windows_find_scope(struct windows_tree *t, struct in_addr id)
{
	if (t->recent && t->recent->id.s_addr == id.s_addr)
		return t->recent;
	for (struct windows_scope *s = t->scopes; s; s = s->next) {
		if (s->id.s_addr == id.s_addr)
			return t->recent = s;
	}
	return NULL;
}

struct windows_scope *
windows_add_scope(struct windows_tree *t, struct in_addr id,
    struct in_addr mask, struct config_pos pos)
{
	struct windows_scope *s = windows_find_scope(t, id);

	if (s)
		return s;
	if (t->n_scopes == WINDOWS_SCOPES_MAX)
		return NULL;
	s = arena_alloc(&t->arena, sizeof(*s));
	if (!s)
		return NULL;
	*s = (struct windows_scope){ .id = id, .mask = mask, .pos = pos,
	    .is_active = true, .policies_active = true,
	    .serves = WINDOWS_DHCP, .lease_time = WINDOWS_LEASE_DEFAULT,
	    .index = ++t->n_scopes };
	*t->last_scope = s;
	t->last_scope = &s->next;
	return t->recent = s;
}

/*
 * Scripts often add policies to scopes that are there already. What boots
 * depends on the policies, not on the range: a /24 stands for it, said so.
 */
struct windows_scope *
windows_imply_scope(struct windows_tree *t, struct in_addr id,
    struct config_pos pos)
{
	struct in_addr mask = { htonl(0xffffff00) };
	struct in_addr first = { id.s_addr | htonl(1) };
	struct in_addr last = { id.s_addr | htonl(254) };
	char text[IP_TEXT_MAX];
	struct windows_scope *s = windows_find_scope(t, id);

	if (s)
		return s;
	s = windows_add_scope(t, id, mask, pos);
	if (!s || windows_add_range(t, &s->ranges, first, last) == -ENOMEM ||
	    windows_unread(t, pos, "the scope %s is not defined here: taken as "
	    "one that is active, with 254 addresses",
	    ipv4_format(id, text)) < 0)
		return NULL;
	return s;
}

/* Return: 0; -EINVAL if it ends before it begins; -ENOMEM. */
int
windows_add_range(struct windows_tree *t, struct windows_range **list,
    struct in_addr first, struct in_addr last)
{
	struct windows_range *r;

	if (ntohl(first.s_addr) > ntohl(last.s_addr))
		return -EINVAL;
	r = arena_alloc(&t->arena, sizeof(*r));
	if (!r)
		return -ENOMEM;
	*r = (struct windows_range){ ntohl(first.s_addr), ntohl(last.s_addr),
	    *list };
	*list = r;
	return 0;
}

static size_t
bucket(const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	uint32_t h = 2166136261u;       /* FNV-1a */

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * 16777619u;
	return h % WINDOWS_N_BUCKETS;
}

struct windows_reservation *
windows_find_reservation(const struct windows_tree *t, struct in_addr addr)
{
	struct windows_reservation *r =
	    t->by_addr[bucket(&addr, sizeof(addr))];

	while (r && r->addr.s_addr != addr.s_addr)
		r = r->same_addr;
	return r;
}

const struct windows_reservation *
windows_reserved(const struct windows_tree *t,
    const struct windows_scope *scope, const uint8_t *id, size_t len)
{
	const struct windows_reservation *r = t->by_id[bucket(id, len)];

	while (r && !(r->scope == scope && r->id_len == len &&
	    memcmp(r->id, id, len) == 0))
		r = r->same_id;
	return r;
}

int
windows_add_reservation(struct windows_tree *t, struct windows_scope *scope,
    struct in_addr addr, const char *id, const char *name,
    struct config_pos pos)
{
	uint8_t bytes[WINDOWS_DATA_MAX];
	struct windows_reservation *r;
	size_t len, at;

	if (t->n_reservations == WINDOWS_RESERVATIONS_MAX)
		return windows_gap(t, pos, "more than %d reservations",
		    WINDOWS_RESERVATIONS_MAX);
	if (!windows_hex(id, bytes, sizeof(bytes), &len))
		return windows_gap(t, pos, "'%s' is no client identifier "
		    "in hex digits: the reservation is left out", id);
	if (windows_find_reservation(t, addr))
		return 0;               /* the server refuses a second one */
	r = arena_alloc(&t->arena, sizeof(*r));
	if (!r)
		return -ENOMEM;
	*r = (struct windows_reservation){ .scope = scope, .addr = addr,
	    .id_len = len, .pos = pos, .next = scope->reservations };
	r->id = (uint8_t *)arena_dup(&t->arena, bytes, len);
	r->name = windows_word(t, name ? name : "");
	if (!r->id || !r->name)
		return -ENOMEM;
	scope->reservations = r;
	at = bucket(&addr, sizeof(addr));
	r->same_addr = t->by_addr[at];
	t->by_addr[at] = r;
	at = bucket(bytes, len);
	r->same_id = t->by_id[at];
	t->by_id[at] = r;
	t->n_reservations++;
	return 0;
}

struct windows_policy *
windows_find_policy(struct windows_tree *t, struct windows_scope *scope,
    const char *name)
{
	struct windows_policy *p = scope ? scope->policies : t->policies;

	while (p && !windows_same(p->name, name))
		p = p->next;
	return p;
}

void
windows_drop_policy(struct windows_tree *t, struct windows_scope *scope,
    const char *name)
{
	struct windows_policy **at = scope ? &scope->policies : &t->policies;

	while (*at && !windows_same((*at)->name, name))
		at = &(*at)->next;
	if (!*at)
		return;
	*at = (*at)->next;
	--*(scope ? &scope->n_policies : &t->n_policies);
}

/* @order 0: after all others. One that takes a place moves the rest down. */
struct windows_policy *
windows_add_policy(struct windows_tree *t, struct windows_scope *scope,
    const char *name, uint32_t order, struct config_pos pos)
{
	struct windows_policy **list = scope ? &scope->policies : &t->policies;
	size_t *n = scope ? &scope->n_policies : &t->n_policies;
	struct windows_policy *p;
	uint32_t last = 0;
	bool taken = false;

	if (*n == WINDOWS_POLICIES_MAX)
		return NULL;
	for (p = *list; p; p = p->next) {
		if (p->order > last)
			last = p->order;
		taken = taken || p->order == order;
	}
	for (p = *list; p && taken; p = p->next) {
		if (p->order >= order && p->order < UINT32_MAX)
			p->order++;
	}
	p = arena_alloc(&t->arena, sizeof(*p));
	if (!p)
		return NULL;
	*p = (struct windows_policy){ .name = windows_word(t, name),
	    .order = order ? order : last + (last < UINT32_MAX),
	    .enabled = true, .pos = pos, .next = *list };
	*list = p;
	(*n)++;
	return p->name ? p : NULL;
}

static bool
comparator(const char *word, struct windows_cond *c)
{
	static const struct { const char *word; bool negated, single; } ops[] = {
		{ "EQ", false, false }, { "NE", true, false },
		{ "ISSINGLELABEL", false, true },
		{ "ISNOTSINGLELABEL", true, true },
	};

	for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
		if (strcasecmp(word, ops[i].word) == 0) {
			c->negated = ops[i].negated;
			c->single_label = ops[i].single;
			return true;
		}
	}
	return false;
}

static int
add_cond(struct windows_tree *t, struct windows_policy *p,
    const struct windows_cond *form, const char *word)
{
	struct windows_cond *c = arena_alloc(&t->arena, sizeof(*c));
	size_t len = strlen(word);

	if (!c)
		return -ENOMEM;
	*c = *form;
	c->is_prefix = len > 0 && word[len - 1] == '*';
	c->word = arena_dup(&t->arena, word, len - c->is_prefix);
	if (!c->word)
		return -ENOMEM;
	c->next = p->conds;
	p->conds = c;
	return 0;
}

/* "EQ", values, and perhaps "NE" and more values. */
int
windows_add_conds(struct windows_tree *t, struct windows_policy *p,
    enum windows_field field, const struct windows_words *words,
    struct config_pos pos)
{
	struct windows_cond form = { .field = field, .pos = pos };
	bool told = false;
	int rc = 0;

	for (size_t i = 0; i < words->n && rc == 0; i++) {
		if (comparator(words->word[i], &form)) {
			told = true;
			if (form.single_label)
				rc = add_cond(t, p, &form, "");
		} else if (!told) {
			rc = windows_gap(t, pos, "a condition begins with EQ "
			    "or NE, not with '%s'", words->word[i]);
			break;
		} else {
			rc = add_cond(t, p, &form, words->word[i]);
		}
	}
	return rc;
}

void
windows_drop_conds(struct windows_policy *p, enum windows_field field)
{
	struct windows_cond **at = &p->conds;

	while (*at) {
		if ((*at)->field == field)
			*at = (*at)->next;
		else
			at = &(*at)->next;
	}
}

/* Return: NULL if there is no such scope, reservation or policy. */
struct windows_holder *
windows_holder(struct windows_tree *t, const struct windows_where *w)
{
	struct windows_scope *s = NULL;
	struct windows_reservation *r;
	struct windows_policy *p;

	if (w->reserved.s_addr) {
		r = windows_find_reservation(t, w->reserved);
		return r ? &r->options : NULL;
	}
	if (w->scope.s_addr) {
		s = windows_find_scope(t, w->scope);
		if (!s)
			return NULL;
	}
	if (w->policy) {
		p = windows_find_policy(t, s, w->policy);
		return p ? &p->options : NULL;
	}
	return s ? &s->options : &t->options;
}

void
windows_drop_value(struct windows_holder *h, uint8_t code,
    const struct windows_where *w)
{
	struct windows_value **at = &h->values;

	while (*at && !((*at)->code == code &&
	    windows_same((*at)->vendor, w->vendor) &&
	    windows_same((*at)->user, w->user)))
		at = &(*at)->next;
	if (*at) {
		*at = (*at)->next;
		h->n--;
	}
}

int
windows_set_value(struct windows_tree *t, struct windows_holder *h,
    uint8_t code, const struct windows_where *w,
    const struct windows_words *words, struct config_pos pos)
{
	struct windows_value *v;

	windows_drop_value(h, code, w);
	if (h->n == WINDOWS_VALUES_MAX)
		return windows_gap(t, pos, "more than %d option values in one "
		    "place", WINDOWS_VALUES_MAX);
	v = arena_alloc(&t->arena, sizeof(*v));
	if (!v)
		return -ENOMEM;
	*v = (struct windows_value){ .code = code, .words = *words,
	    .pos = pos, .next = h->values };
	if (w->vendor)
		v->vendor = windows_word(t, w->vendor);
	if (w->user)
		v->user = windows_word(t, w->user);
	h->values = v;
	h->n++;
	return 0;
}

int
windows_add_filter(struct windows_tree *t, bool is_deny, const char *mac,
    struct config_pos pos)
{
	size_t len = strlen(mac);
	bool is_prefix = len > 0 && mac[len - 1] == '*';
	char *text = arena_dup(&t->arena, mac, len - is_prefix);
	struct windows_filter *f = arena_alloc(&t->arena, sizeof(*f));

	if (!f || !text)
		return -ENOMEM;
	*f = (struct windows_filter){ .is_deny = is_deny,
	    .is_prefix = is_prefix, .pos = pos, .next = t->filters };
	len = strlen(text);
	if (len > 0 && (text[len - 1] == '-' || text[len - 1] == ':'))
		text[len - 1] = '\0';
	if (*text && !windows_hex(text, f->mac, sizeof(f->mac), &f->len))
		return windows_gap(t, pos, "'%s' is no hardware address: the "
		    "filter is left out", mac);
	t->filters = f;
	return 0;
}

/* What a condition compares with, now that all classes are known. */
static int
finish_cond(struct windows_tree *t, struct windows_cond *c)
{
	const struct windows_class *class;
	uint8_t buf[WINDOWS_DATA_MAX];
	char *hex;
	size_t len;

	c->is_known = true;
	if (c->field == WINDOWS_F_VENDOR || c->field == WINDOWS_F_USER) {
		class = windows_find_class(t, c->word,
		    c->field == WINDOWS_F_VENDOR);
		c->is_known = class != NULL;
		c->data = class ? class->data : NULL;
		c->len = class ? class->len : 0;
		return class ? 0 : windows_gap(t, c->pos, "the class '%s' is "
		    "not defined here: its condition holds for nobody",
		    c->word);
	}
	if (c->single_label)
		return 0;
	if (c->field == WINDOWS_F_FQDN) {
		c->data = (const uint8_t *)c->word;
		c->len = strlen(c->word);
		return 0;
	}
	hex = windows_word(t, c->word);
	if (!hex)
		return -ENOMEM;
	len = strlen(hex);
	if (len > 0 && (hex[len - 1] == '-' || hex[len - 1] == ':'))
		hex[len - 1] = '\0';
	c->is_known = *hex == '\0' ||
	    windows_hex(hex, buf, sizeof(buf), &c->len);
	if (!c->is_known)
		return windows_gap(t, c->pos, "'%s' is not in hex digits: its "
		    "condition holds for nobody", c->word);
	c->data = (uint8_t *)arena_dup(&t->arena, buf, c->len);
	return c->data ? 0 : -ENOMEM;
}

static int
finish_holder(struct windows_tree *t, struct windows_holder *h)
{
	int rc = 0;

	for (struct windows_value *v = h->values; v && rc == 0; v = v->next) {
		enum windows_type type = windows_type_of(t, v->code, v->vendor);

		rc = windows_encode(t, type, v);
		if (rc != -EINVAL)
			continue;
		v->data = NULL;
		v->len = 0;
		rc = windows_gap(t, v->pos, "the value of option %u is not "
		    "of its type: it is left out", v->code);
	}
	return rc;
}

static int
by_order(const void *a, const void *b)
{
	const struct windows_policy *const *x = a;
	const struct windows_policy *const *y = b;

	return ((*x)->order > (*y)->order) - ((*x)->order < (*y)->order);
}

static int
sort_policies(struct windows_policy **list, size_t n)
{
	struct windows_policy **all;
	size_t i = 0;

	if (n == 0)
		return 0;
	all = calloc(n, sizeof(struct windows_policy *));
	if (!all)
		return -ENOMEM;
	for (struct windows_policy *p = *list; p && i < n; p = p->next)
		all[n - ++i] = p;       /* as it stood in the file */
	qsort(all, n, sizeof(struct windows_policy *), by_order);
	for (i = 0; i < n; i++)
		all[i]->next = i + 1 < n ? all[i + 1] : NULL;
	*list = all[0];
	free(all);
	return 0;
}

static int
finish_policies(struct windows_tree *t, struct windows_policy **list, size_t n)
{
	int rc = sort_policies(list, n);

	for (struct windows_policy *p = *list; p && rc == 0; p = p->next) {
		rc = finish_holder(t, &p->options);
		for (struct windows_cond *c = p->conds; c && rc == 0; c = c->next)
			rc = finish_cond(t, c);
	}
	return rc;
}

int
windows_finish(struct windows_tree *t)
{
	int rc = finish_holder(t, &t->options);

	if (rc == 0)
		rc = finish_policies(t, &t->policies, t->n_policies);
	for (struct windows_scope *s = t->scopes; s && rc == 0; s = s->next) {
		rc = finish_holder(t, &s->options);
		if (rc == 0)
			rc = finish_policies(t, &s->policies, s->n_policies);
		for (struct windows_reservation *r = s->reservations;
		    r && rc == 0; r = r->next)
			rc = finish_holder(t, &r->options);
	}
	return rc;
}
