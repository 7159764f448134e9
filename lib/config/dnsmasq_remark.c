/* dnsmasq_remark.c - what is allowed, and yet not what was meant. */
#include "config/dnsmasq_tree.h"

#include <strings.h>

static bool
is_of_range(const struct dnsmasq_tree *t, const struct dnsmasq_tag *g)
{
	const struct dnsmasq_range *r = t->ranges;

	while (r != NULL && r->tag != g)
		r = r->next;
	return r != NULL;
}

/* Tags that no line need set. */
static bool
is_fact(const struct dnsmasq_tree *t, const char *name)
{
	static const char *const facts[] = { "known", "known-othernet", "bootp",
	    "cpewan-id", "dhcpv6", "" };

	for (size_t i = 0; i < ARRAY_LEN(facts); i++)
		if (strcmp(name, facts[i]) == 0)
			return true;
	return t->n_interfaces > 1 ||
	    (t->interface != NULL && strcmp(name, t->interface) == 0);
}

static int
tag_remark(struct dnsmasq_tree *t, const struct dnsmasq_tag *g)
{
	if (g->is_used && !g->is_set && !is_fact(t, g->name))
		return dnsmasq_remark(t, "class-test-never-matches", g->used_at,
		    arena_printf(&t->arena, "no line sets the tag '%s'; an "
		    "interface may be called so", g->name));
	if (!g->is_set || g->is_used)
		return 0;
	return dnsmasq_remark(t, "unused-tag", g->set_at, is_of_range(t, g) ?
	    arena_printf(&t->arena, "'%s' is taken for a tag that this range "
	    "sets, not for an interface, and no line looks at it", g->name) :
	    arena_printf(&t->arena, "no line looks at the tag '%s', which this "
	    "one sets", g->name));
}

static int
tag_remarks(struct dnsmasq_tree *t)
{
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(t->tags); i++)
		for (const struct dnsmasq_tag *g = t->tags[i];
		    g != NULL && rc == 0; g = g->next)
			rc = tag_remark(t, g);
	return rc;
}

static int
class_remarks(struct dnsmasq_tree *t)
{
	bool ipxe = false;
	int rc = 0;

	for (const struct dnsmasq_class *c = t->classes; c != NULL; c = c->next)
		ipxe |= c->kind == DNSMASQ_C_USER && c->len == 4 &&
		    memcmp(c->data, "iPXE", 4) == 0;
	for (const struct dnsmasq_option *o = t->matches; o != NULL;
	    o = o->next)
		ipxe |= o->code == DHCP4_OPT_IPXE || o->code ==
		    DHCP4_OPT_USER_CLASS;
	for (const struct dnsmasq_class *c = t->classes; c != NULL && rc == 0;
	    c = c->next) {
		if (c->kind != DNSMASQ_C_USER || c->len != 4)
			continue;
		if (memcmp(c->data, "gPXE", 4) == 0 && !ipxe)
			rc = dnsmasq_remark(t, "class-test-never-matches",
			    c->pos,
			    "only gPXE is matched, and its successor iPXE "
			    "calls itself 'iPXE'");
		else if (strncasecmp((const char *)c->data, "ipxe", 4) == 0 &&
		    memcmp(c->data, "iPXE", 4) != 0)
			rc = dnsmasq_remark(t, "user-class-encoding-mismatch",
			    c->pos,
			    "the user class is 'iPXE', and case counts");
	}
	return rc;
}

/*
 * A name without a dot gets a suffix, which is meant for PXELINUX: it is
 * published as pxelinux.0. A dot in a folder's name is one too.
 */
static int
suffix_remark(struct dnsmasq_tree *t, const struct dnsmasq_service *s)
{
	static const char menu[] = "pxelinux";
	const char *name = strrchr(s->basename, '/');
	const char *text = NULL;
	size_t len;
	bool is_pxelinux;

	name = name != NULL ? name + 1 : s->basename;
	len = strlen(name);
	is_pxelinux = len >= strlen(menu) &&
	    strcmp(name + len - strlen(menu), menu) == 0;
	if (strchr(s->basename, '.') == NULL && !is_pxelinux)
		text = arena_printf(&t->arena, "clients will ask for '%s.0': a "
		    "name without a dot gets the suffix of its layer",
		    s->basename);
	else if (strchr(s->basename, '.') != NULL && is_pxelinux)
		text = arena_printf(&t->arena, "clients will ask for '%s' as "
		    "it is: where a dot is anywhere in the path, '.0' is not "
		    "added",
		    s->basename);
	else
		return 0;
	return dnsmasq_remark(t, "dnsmasq-pxe-service-suffix", s->pos, text);
}

/* Words that other options take before their value. */
static int
boot_remarks(struct dnsmasq_tree *t)
{
	static const char *const words[] = { "vendor:", "option:", "set:",
	    "encap:" };
	int rc = 0;

	for (const struct dnsmasq_boot *b = t->boots; b != NULL && rc == 0;
	    b = b->next)
		for (size_t i = 0; i < ARRAY_LEN(words) && b->file != NULL &&
		    rc == 0; i++) {
			const char *text;

			if (!text_starts(b->file, words[i]))
				continue;
			text = arena_printf(&t->arena, "a dhcp-boot has only "
			    "tag: before its file: '%s' is the file's name to "
			    "it, for every client", b->file);
			rc = dnsmasq_remark(t, "class-test-never-matches",
			    b->pos, text);
		}
	return rc;
}

static int
service_remarks(struct dnsmasq_tree *t)
{
	const struct dnsmasq_service *seven = NULL, *nine = NULL;
	const struct dnsmasq_range *r;
	int rc = 0;

	for (const struct dnsmasq_service *s = t->services;
	    s != NULL && rc == 0;
	    s = s->next) {
		if (s->arch == 7)
			seven = s;
		if (s->arch == 9)
			nine = s;
		if (s->basename != NULL)
			rc = suffix_remark(t, s);
	}
	if (rc == 0 && nine != NULL && seven == NULL)
		rc = dnsmasq_remark(t, "dnsmasq-arch-name-swapped", nine->pos,
		    "BC_EFI is 9; 64-bit UEFI says 7, which is X86-64_EFI");
	for (r = t->ranges; r != NULL && !t->pxe_enabled && rc == 0;
	    r = r->next)
		if (r->is_proxy)
			rc = dnsmasq_remark(t,
			    "dnsmasq-proxy-without-pxe-service",
			    r->pos, "a proxy answers nobody without a "
			    "pxe-service or a pxe-prompt; dhcp-boot alone is "
			    "not enough");
	return rc;
}

static bool
has_record(const struct dnsmasq_tree *t, const char *name)
{
	const struct dnsmasq_record *x = t->records;

	while (x != NULL && strcasecmp(x->name, name) != 0)
		x = x->next;
	return x != NULL;
}

/* A server's name is looked up where no configuration tells. */
static int
name_gaps(struct dnsmasq_tree *t)
{
	static const char text[] =
	    "the address of this server comes from the server's /etc/hosts";
	int rc = 0;

	for (const struct dnsmasq_boot *b = t->boots; b != NULL && rc == 0;
	    b = b->next)
		if (b->server_name != NULL && !has_record(t, b->server_name))
			rc = dnsmasq_gap(t, b->pos, false, text);
	for (const struct dnsmasq_service *s = t->services;
	    s != NULL && rc == 0;
	    s = s->next)
		if (s->server_name != NULL && !has_record(t, s->server_name))
			rc = dnsmasq_gap(t, s->pos, false, text);
	return rc;
}

int
dnsmasq_remarks(struct dnsmasq_tree *t)
{
	int rc = tag_remarks(t);

	if (rc == 0)
		rc = name_gaps(t);
	if (rc == 0)
		rc = class_remarks(t);
	if (rc == 0)
		rc = boot_remarks(t);
	if (rc == 0)
		rc = dnsmasq_shadows(t);
	return rc == 0 ? service_remarks(t) : rc;
}
