/* kea_classify.c - the classes of a client, in the order it gets them. */
#include "config/kea_run.h"

#include <errno.h>
#include <string.h>

static size_t
bucket(const char *name)
{
	size_t h = 5381;

	while (*name)
		h = h * 33 + (unsigned char)*name++;
	return h % KEA_BUCKETS;
}

static struct kea_member *
member(const struct kea_run *r, const char *name)
{
	struct kea_member *m;

	for (m = r->hash[bucket(name)]; m; m = m->next_hash) {
		if (strcmp(m->name, name) == 0)
			return m;
	}
	return NULL;
}

bool
kea_is_member(const struct kea_run *r, const char *name)
{
	return member(r, name) != NULL;
}

static bool
ask_member(void *ctx, const char *name)
{
	return kea_is_member(ctx, name);
}

bool
kea_supports(const struct kea_run *r, const struct kea_name *guards)
{
	const struct kea_name *g;

	for (g = guards; g; g = g->next) {
		if (kea_is_member(r, g->name))
			return true;
	}
	return !guards;
}

static const struct kea_class *
class_of(const struct kea_tree *t, const char *name)
{
	const struct kea_class *c;

	for (c = t->classes; c; c = c->next) {
		if (strcmp(c->name, name) == 0)
			return c;
	}
	return NULL;
}

static int
join(struct kea_run *r, const char *name, const struct kea_class *c,
    bool tested)
{
	size_t b = bucket(name);
	struct kea_member *m;

	if (member(r, name))
		return 0;
	m = arena_alloc(r->arena, sizeof(*m));
	if (!m)
		return -ENOMEM;
	m->name = name;
	m->class = c;
	m->tested = tested;
	m->next_hash = r->hash[b];
	r->hash[b] = m;
	*r->members_end = m;
	r->members_end = &m->next;
	return 0;
}

int
kea_join(struct kea_run *r, const char *name)
{
	return join(r, name, class_of(r->t, name), false);
}

static int
test(struct kea_run *r, const struct kea_class *c)
{
	int rc = kea_expr_eval(c->test, &r->pkt, ask_member, r);

	return rc == 1 ? join(r, c->name, c, true) : rc;
}

static int
evaluate(struct kea_run *r, bool depends_on_known)
{
	const struct kea_class *c;
	int rc = 0;

	for (c = r->t->classes; c && rc == 0; c = c->next) {
		if (c->test && !c->only_if_required &&
		    c->depends_on_known == depends_on_known)
			rc = test(r, c);
	}
	return rc;
}

static int
join_vendor(struct kea_run *r, const uint8_t *bytes, size_t len)
{
	const char *name = arena_printf(r->arena, "VENDOR_CLASS_%.*s",
	    (int)len, (const char *)bytes);

	return name ? kea_join(r, name) : -ENOMEM;
}

/* The class that a client names; of DHCPv6, the first of each enterprise. */
static int
classify_vendor(struct kea_run *r)
{
	const struct kea_value *v = kea_packet_option(&r->pkt,
	    r->t->is_v6 ? DHCP6_OPT_VENDOR_CLASS : DHCP4_OPT_VENDOR_CLASS);
	int rc = 0;

	if (!r->t->is_v6)
		return v && v->shape == KEA_V_STRING ?
		    join_vendor(r, v->bytes, v->len) : 0;
	for (; v && v->code == DHCP6_OPT_VENDOR_CLASS && rc == 0; v = v->next) {
		if (v->shape == KEA_V_VENDOR_CLASS && v->fields)
			rc = join_vendor(r, v->fields->bytes, v->fields->len);
	}
	return rc;
}

int
kea_classify(struct kea_run *r)
{
	int rc;

	r->members_end = &r->members;
	rc = kea_join(r, "ALL");
	if (rc == 0)
		rc = classify_vendor(r);
	return rc < 0 ? rc : evaluate(r, false);
}

int
kea_classify_known(struct kea_run *r, bool known)
{
	int rc = kea_join(r, known ? "KNOWN" : "UNKNOWN");

	return rc < 0 ? rc : evaluate(r, true);
}

int
kea_join_reserved(struct kea_run *r, const struct kea_host *h)
{
	const struct kea_name *n;
	int rc = 0;

	for (n = h ? h->classes : NULL; n && rc == 0; n = n->next)
		rc = kea_join(r, n->name);
	return rc;
}

/*
 * A class that tests found may hang on one that is only now reserved, so all
 * that have a test are taken back and asked again.
 */
int
kea_reclassify(struct kea_run *r, const struct kea_host *h)
{
	struct kea_member *m, *old = r->members;
	int rc = 0;

	memset(r->hash, 0, sizeof(r->hash));
	r->members = NULL;
	r->members_end = &r->members;
	for (m = old; m && rc == 0; m = m->next) {
		if (!m->class || !m->class->test)
			rc = join(r, m->name, m->class, false);
	}
	if (rc == 0)
		rc = kea_join_reserved(r, h);
	return rc < 0 ? rc : evaluate(r, false);
}

static int
require(struct kea_run *r, const struct kea_name *list)
{
	const struct kea_class *c;
	int rc = 0;

	for (; list && rc == 0; list = list->next) {
		c = class_of(r->t, list->name);
		if (c && c->test)
			rc = test(r, c);
	}
	return rc;
}

int
kea_classify_required(struct kea_run *r)
{
	const struct kea_subnet *s = r->subnet;
	int rc = 0;

	if (s && s->network)
		rc = require(r, s->network->required);
	if (rc == 0 && s)
		rc = require(r, s->required);
	if (rc == 0 && r->pool)
		rc = require(r, r->pool->required);
	return rc;
}

static const struct kea_option_def *
deferred_def(const struct kea_run *r, uint8_t code)
{
	const struct kea_option_def *d;
	const struct kea_member *m;

	for (m = r->members; m; m = m->next) {
		for (d = m->class ? m->class->defs : NULL; d; d = d->next) {
			if (d->code == code && strcmp(d->space, "dhcp4") == 0)
				return d;
		}
	}
	return kea_option_find(NULL, r->t->defs, false, "dhcp4", code, NULL);
}

int
kea_unpack_deferred(struct kea_run *r)
{
	const struct kea_value *v;
	int rc = 0;

	for (v = r->pkt.options; v && rc == 0; v = v->next) {
		if (kea_packet_is_deferred(v->code))
			rc = kea_packet_reopen(&r->pkt, (uint8_t)v->code,
			    deferred_def(r, (uint8_t)v->code), r->t->defs);
	}
	return rc;
}
