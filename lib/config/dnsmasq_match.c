/* dnsmasq_match.c - what a request's tags are. */
#include "config/dnsmasq_run.h"

#include <ctype.h>
#include <errno.h>
#include <strings.h>

enum {
	OPT_FQDN = 81, OPT_SUBNET_SELECT = 118,
	OPT_VI_VENDOR = 124,
	AGENT_CIRCUIT = 1, AGENT_REMOTE = 2, AGENT_SUBNET = 5,
	AGENT_SUBSCRIBER = 6,
};

int
dnsmasq_tags_init(struct dnsmasq_run *r, struct dnsmasq_tags *t)
{
	t->from = arena_alloc(&r->ret->msg.arena,
	    (r->tree->n_tags + 1) * sizeof(*t->from));
	return t->from != NULL ? 0 : -ENOMEM;
}

void
dnsmasq_tag_put(struct dnsmasq_tags *t, const struct dnsmasq_tag *tag,
    const struct config_pos *pos)
{
	if (tag != NULL && t->from[tag->id] == NULL)
		t->from[tag->id] = pos;
}

/* A tag that a fact sets, if any line asks for it. */
static void
put_fact(struct dnsmasq_run *r, const char *name)
{
	static const struct config_pos nowhere = { "", 0, 0 };
	uint32_t h = 2166136261u;
	const struct dnsmasq_tag *tag;

	for (const char *p = name; *p != '\0'; p++)
		h = (h ^ (uint8_t)*p) * 16777619u;
	for (tag = r->tree->tags[h % ARRAY_LEN(r->tree->tags)]; tag != NULL;
	    tag = tag->next)
		if (strcmp(tag->name, name) == 0)
			dnsmasq_tag_put(&r->tags, tag, &nowhere);
}

bool
dnsmasq_when_true(const struct dnsmasq_cond *c, const struct dnsmasq_tags *t,
    bool if_empty)
{
	if (c == NULL)
		return if_empty;
	for (; c != NULL; c = c->next)
		if ((t->from[c->tag->id] != NULL) == c->negated)
			return false;
	return true;
}

void
dnsmasq_tag_ifs(const struct dnsmasq_run *r, const struct dnsmasq_tags *from,
    struct dnsmasq_tags *to)
{
	if (to != from)
		memcpy(to->from, from->from,
		    r->tree->n_tags * sizeof(*to->from));
	for (const struct dnsmasq_tag_if *i = r->tree->tag_ifs; i != NULL;
	    i = i->next)
		if (dnsmasq_when_true(i->filter, to, true))
			for (const struct dnsmasq_set *s = i->sets; s != NULL;
			    s = s->next)
				dnsmasq_tag_put(to, s->tag, &i->pos);
}

static int
because(struct dnsmasq_run *r, const struct config_pos *pos)
{
	const char *line;

	if (pos->line == 0)
		return 0;
	for (const struct reason *x = r->ret->reasons; x != NULL; x = x->next)
		if (x->line == pos->line && strcmp(x->file, pos->file) == 0)
			return 0;
	line = dnsmasq_ops.line(r->tree, pos->file, pos->line);
	return answer_because(r->ret, pos->file, pos->line, "%s",
	    line != NULL ? line : "");
}

/* The lines that set the tags of @c, and the line that has it. */
int
dnsmasq_because(struct dnsmasq_run *r, const struct dnsmasq_cond *c,
    const struct dnsmasq_tags *t, const struct config_pos *pos)
{
	int rc = 0;

	for (; c != NULL && rc == 0; c = c->next)
		if (t->from[c->tag->id] != NULL)
			rc = because(r, t->from[c->tag->id]);
	return rc < 0 ? rc : because(r, pos);
}

bool
dnsmasq_same_net(struct in_addr a, struct in_addr b, struct in_addr mask)
{
	return (a.s_addr & mask.s_addr) == (b.s_addr & mask.s_addr);
}

/* How many bytes are equal, and one; 0 if one differs that counts. */
static unsigned int
masked_equal(const uint8_t *a, const uint8_t *b, size_t len, uint32_t wild)
{
	unsigned int count = 1;

	while (len-- > 0) {
		if (!(wild & 1)) {
			if (a[len] != b[len])
				return 0;
			count++;
		}
		wild >>= 1;
	}
	return count;
}

static bool
mac_matches(const struct dnsmasq_mac *m, const struct dhcp4_msg *msg,
    unsigned int *ret_count)
{
	if (m->len != msg->hlen || (m->type != 0 && m->type != msg->htype))
		return false;
	*ret_count = masked_equal(m->bytes, msg->chaddr, m->len, m->wild);
	return *ret_count > 0;
}

static bool
host_is_here(const struct dnsmasq_run *r, const struct dnsmasq_host *h)
{
	/* One with an IPv6 address alone is of no network here. */
	if (!h->has_addr)
		return !h->has_addr6;
	for (size_t i = 0; i < r->n_ranges; i++)
		if (dnsmasq_same_net(h->addr, r->ranges[i]->start,
		    dnsmasq_mask(r->tree, r->ranges[i], r->local)))
			return true;
	return false;
}

/* A search: which hosts count. */
struct search {
	const struct dnsmasq_run *r;
	const struct dnsmasq_tags *tags;
	bool here;
	bool need_tags;
};

static bool
host_fits(const struct search *s, const struct dnsmasq_host *h)
{
	if (s->here && !host_is_here(s->r, h))
		return false;
	return dnsmasq_when_true(h->filter, s->tags, !s->need_tags);
}

static const struct dnsmasq_host *
by_key(const struct search *s, int kind, const uint8_t *bytes, size_t len)
{
	const struct dnsmasq_key *k;

	for (k = dnsmasq_key_first(s->r->tree, kind, bytes, len); k != NULL;
	    k = dnsmasq_key_next(k)) {
		if (kind == DNSMASQ_K_MAC && k->type != 0 &&
		    k->type != s->r->msg->htype)
			continue;
		if (host_fits(s, k->host))
			return k->host;
	}
	return NULL;
}

/* Of those with wildcards the one that says most. */
static const struct dnsmasq_host *
by_wildcard(const struct search *s)
{
	const struct dnsmasq_host *best = NULL;
	unsigned int most = 0, n;

	for (size_t i = 0; i < s->r->tree->n_wild_hosts; i++) {
		const struct dnsmasq_host *h = s->r->tree->wild_hosts[i];

		if (!host_fits(s, h))
			continue;
		for (const struct dnsmasq_mac *m = h->macs; m != NULL;
		    m = m->next)
			if (m->wild != 0 && mac_matches(m, s->r->msg, &n) &&
			    n > most) {
				most = n;
				best = h;
			}
	}
	return best;
}

static const struct dnsmasq_host *
search(const struct search *s, const char *name, bool by_name_only)
{
	const struct dnsmasq_run *r = s->r;
	const struct dnsmasq_host *h = NULL;
	size_t len = r->client_id_len;

	if (r->client_id != NULL && !by_name_only) {
		const struct dnsmasq_host *text = NULL;

		h = by_key(s, DNSMASQ_K_ID, r->client_id, len);
		/* Unix clients put a 0 before an identifier of text. */
		if (len > 0 && r->client_id[0] == 0)
			text = by_key(s, DNSMASQ_K_ID, r->client_id + 1,
			    len - 1);
		if (h == NULL || (text != NULL && text->serial > h->serial))
			h = text;
	}
	if (h == NULL)
		h = by_key(s, DNSMASQ_K_MAC, r->msg->chaddr, r->msg->hlen);
	if (h == NULL && name != NULL && s->here)
		h = by_key(s, DNSMASQ_K_NAME, (const uint8_t *)name,
		    strlen(name));
	return h != NULL ? h : by_wildcard(s);
}

/* @here: only hosts whose address is of this network. */
const struct dnsmasq_host *
dnsmasq_find_host(const struct dnsmasq_run *r, bool here, const char *name,
    bool by_name_only)
{
	struct search s = { r, &r->eff, here, true };
	const struct dnsmasq_host *h = search(&s, name, by_name_only);

	if (h == NULL) {
		s.need_tags = false;
		h = search(&s, name, by_name_only);
	}
	return h;
}

static bool
contains(const uint8_t *hay, size_t hay_len, const void *needle, size_t len)
{
	if (len == 0)
		return true;
	for (size_t i = 0; i + len <= hay_len; i++)
		if (memcmp(hay + i, needle, len) == 0)
			return true;
	return false;
}

static bool
value_matches(const struct dnsmasq_option *o, const uint8_t *p, size_t len)
{
	if (o->len > len)
		return false;
	if (o->len == 0)
		return true;
	if (o->flags & DNSMASQ_O_HEX)
		return masked_equal(o->data, p, o->len, o->wild) > 0;
	if (o->flags & DNSMASQ_O_STRING)
		return contains(p, len, o->data, o->len);
	/* An array of numbers or addresses. */
	for (size_t i = 0; i + o->len <= len; i += o->len)
		if (memcmp(p + i, o->data, o->len) == 0)
			return true;
	return false;
}

/* Option 124: any of the enterprise's values. */
static bool
enterprise_matches(const struct dnsmasq_run *r, const struct dnsmasq_option *o)
{
	const struct dhcp4_opt *opt = dhcp4_opt(r->msg, OPT_VI_VENDOR);
	struct rd rd;

	if (opt == NULL || opt->len < 5)
		return false;
	rd = rd_init(opt->data, opt->len);
	while (rd.left > 5) {
		uint32_t number = rd_u32(&rd);
		size_t total = rd_u8(&rd);
		struct rd one = rd_sub(&rd, total);

		while (number == o->outer && one.left > 0) {
			size_t len = rd_u8(&one);
			const uint8_t *p = rd_take(&one, len);

			if (p != NULL && value_matches(o, p, len))
				return true;
		}
	}
	return false;
}

static void
match_options(struct dnsmasq_run *r)
{
	for (const struct dnsmasq_option *o = r->tree->matches; o != NULL;
	    o = o->next) {
		const struct dhcp4_opt *opt;
		bool yes;

		if (o->flags & DNSMASQ_O_VI) {
			yes = enterprise_matches(r, o);
		} else {
			opt = o->code > 0 && o->code < 255 ?
			    dhcp4_opt(r->msg, (uint8_t)o->code) : NULL;
			yes = opt != NULL && opt->len >= 1 &&
			    value_matches(o, opt->data, opt->len);
		}
		if (yes)
			dnsmasq_tag_put(&r->tags, o->sets, &o->pos);
	}
}

/*
 * The user class as the server sees it: if it is a list of counted strings
 * that fits its length (RFC 3004), the counts are zeroed; otherwise it is
 * one string, as iPXE sends it.
 */
static int
user_class(struct dnsmasq_run *r, const uint8_t **ret, size_t *ret_len)
{
	const struct dhcp4_opt *opt = dhcp4_opt(r->msg, DHCP4_OPT_USER_CLASS);
	uint8_t *b;
	size_t i, next;

	*ret = NULL;
	*ret_len = 0;
	if (opt == NULL || opt->len < 1)
		return 0;
	b = (uint8_t *)arena_dup(&r->ret->msg.arena, opt->data, opt->len);
	if (b == NULL)
		return -ENOMEM;
	for (i = 0; i < opt->len; i += b[i] + 1u)
		;
	if (i == opt->len)
		for (i = 0; i < opt->len; i = next) {
			next = i + b[i] + 1u;
			b[i] = 0;
		}
	*ret = b;
	*ret_len = opt->len;
	return 0;
}

static int
match_classes(struct dnsmasq_run *r)
{
	const struct dhcp4_opt *vendor = dhcp4_opt(r->msg,
	    DHCP4_OPT_VENDOR_CLASS);
	const uint8_t *user;
	size_t user_len;
	int rc = user_class(r, &user, &user_len);

	if (rc < 0)
		return rc;
	for (const struct dnsmasq_class *c = r->tree->classes; c != NULL;
	    c = c->next) {
		bool yes = false;

		if (c->kind == DNSMASQ_C_VENDOR)
			yes = vendor != NULL && vendor->len >= 1 &&
			    vendor->len >= c->len &&
			    contains(vendor->data, vendor->len, c->data,
			    c->len);
		else if (c->kind == DNSMASQ_C_USER)
			yes = user != NULL && user_len >= c->len &&
			    contains(user, user_len, c->data, c->len);
		if (yes)
			dnsmasq_tag_put(&r->tags, c->sets, &c->pos);
	}
	return 0;
}

static void
match_agent(struct dnsmasq_run *r)
{
	const struct dhcp4_opt *opt = dhcp4_opt(r->msg, DHCP4_OPT_RELAY);
	struct rd rd;

	if (opt == NULL)
		return;
	rd = rd_init(opt->data, opt->len);
	while (rd.left > 1) {
		uint8_t code = rd_u8(&rd);
		size_t len = rd_u8(&rd);
		const uint8_t *p = rd_take(&rd, len);

		if (p == NULL)
			return;
		if (code == AGENT_SUBNET && len == 4)
			memcpy(&r->subnet, p, 4);
		for (const struct dnsmasq_class *c = r->tree->classes;
		    c != NULL;
		    c = c->next) {
			bool kind = (c->kind == DNSMASQ_C_CIRCUIT &&
			    code == AGENT_CIRCUIT) ||
			    (c->kind == DNSMASQ_C_REMOTE &&
			    code == AGENT_REMOTE) ||
			    (c->kind == DNSMASQ_C_SUBSCRIBER &&
			    code == AGENT_SUBSCRIBER);

			if (kind && c->len == len &&
			    memcmp(c->data, p, len) == 0)
				dnsmasq_tag_put(&r->tags, c->sets, &c->pos);
		}
	}
}

static bool
legal_name(const char *s)
{
	const char *p = s;

	for (; *p != '\0' && *p != '.'; p++)
		if (!isalnum((unsigned char)*p) &&
		    (p == s || (*p != '-' && *p != '_')))
			return false;
	return *s != '\0';
}

/* The name that the client gives itself, if it may. */
static int
client_name(struct dnsmasq_run *r, const char **ret)
{
	const struct dhcp4_opt *opt = dhcp4_opt(r->msg, DHCP4_OPT_HOSTNAME);
	char *s;
	size_t len;

	*ret = NULL;
	if (opt == NULL || opt->len < 1)
		return 0;
	s = arena_dup(&r->ret->msg.arena, opt->data, opt->len);
	if (s == NULL)
		return -ENOMEM;
	r->nul_strings = opt->data[opt->len - 1] == 0;
	len = strlen(s);
	if (len > 0 && s[len - 1] == '.')
		s[len - 1] = '\0';
	if (!legal_name(s))
		return 0;
	for (const struct dnsmasq_name *n = r->tree->names; n != NULL;
	    n = n->next)
		if (strncasecmp(s, n->name, n->len) == 0 &&
		    (n->is_prefix || s[n->len] == '\0'))
			dnsmasq_tag_put(&r->tags, n->sets, &n->pos);
	s[strcspn(s, ".")] = '\0';
	*ret = s;
	return 0;
}

static void
host_tags(struct dnsmasq_run *r)
{
	if (r->host == NULL)
		return;
	for (const struct dnsmasq_set *s = r->host->sets; s != NULL;
	    s = s->next)
		dnsmasq_tag_put(&r->tags, s->tag, &r->host->pos);
}

/* Is the name that the client gives not to be used? */
static bool
names_ignored(const struct dnsmasq_run *r)
{
	for (const struct dnsmasq_when *w = r->tree->ignore_names; w != NULL;
	    w = w->next)
		if (dnsmasq_when_true(w->filter, &r->eff, true))
			return true;
	return false;
}

static int
find_host(struct dnsmasq_run *r, int type)
{
	const char *name = NULL, *own;
	int rc;

	dnsmasq_tag_ifs(r, &r->tags, &r->eff);
	r->host = dnsmasq_find_host(r, true, NULL, false);
	if (r->host != NULL)
		put_fact(r, "known");
	else if (dnsmasq_find_host(r, false, NULL, false) != NULL)
		put_fact(r, "known-othernet");
	if (type != 0) {
		rc = client_name(r, &name);
		if (rc < 0)
			return rc;
	}
	own = name;
	dnsmasq_tag_ifs(r, &r->tags, &r->eff);
	if (name != NULL && names_ignored(r))
		name = NULL;
	if (r->host != NULL && r->host->name != NULL) {
		/* An offer has a name only if the client has no other. */
		if (type != DHCP4_DISCOVER || own == NULL ||
		    dhcp4_opt(r->msg, OPT_FQDN) != NULL ||
		    strcasecmp(own, r->host->name) == 0)
			r->hostname = r->host->name;
	} else if (name != NULL) {
		const struct dnsmasq_host *h = r->host != NULL ? NULL :
		    dnsmasq_find_host(r, true, name, true);

		/* By its name only one that has nothing else. */
		if (h != NULL && h->client_id == NULL && h->macs == NULL) {
			r->host = h;
			put_fact(r, "known");
		}
		if (type != DHCP4_DISCOVER)
			r->hostname = name;
	}
	host_tags(r);
	return 0;
}

int
dnsmasq_match_request(struct dnsmasq_run *r)
{
	const struct dhcp4_opt *opt = dhcp4_opt(r->msg, DHCP4_OPT_CLIENT_ID);
	const struct dnsmasq_tree *t = r->tree;
	bool is_bootp = dhcp4_type(r->msg) == 0;
	unsigned int n;
	int rc;

	if (t->interface != NULL)
		put_fact(r, t->interface);
	match_agent(r);
	if (opt != NULL && opt->len > 0 && !t->ignore_client_id) {
		r->client_id = opt->data;
		r->client_id_len = opt->len;
	}
	opt = dhcp4_opt(r->msg, OPT_SUBNET_SELECT);
	if (r->subnet.s_addr == 0 && opt != NULL && opt->len >= 4)
		memcpy(&r->subnet, opt->data, 4);
	for (const struct dnsmasq_mac *m = t->macs; m != NULL; m = m->next)
		if (mac_matches(m, r->msg, &n))
			dnsmasq_tag_put(&r->tags, m->sets, &m->pos);
	rc = dnsmasq_pick_ranges(r);
	if (rc < 0 || r->n_ranges == 0)
		return rc;
	match_options(r);
	rc = match_classes(r);
	if (rc == 0)
		rc = find_host(r, dhcp4_type(r->msg));
	if (rc < 0)
		return rc;
	if (is_bootp && !r->req->pxe_port)
		put_fact(r, "bootp");
	dnsmasq_tag_ifs(r, &r->tags, &r->eff);
	for (const struct dnsmasq_when *w = t->ignore; w != NULL; w = w->next)
		if (dnsmasq_when_true(w->filter, &r->eff, false)) {
			r->ignored = true;
			return dnsmasq_because(r, w->filter, &r->eff, &w->pos);
		}
	if (r->host != NULL && r->host->ignored)
		return dnsmasq_because(r, NULL, &r->eff, &r->host->pos);
	return 0;
}

static bool
vendor_matches(const struct dnsmasq_tree *t, const struct dnsmasq_option *o,
    const uint8_t *class, size_t len)
{
	static const struct dnsmasq_vendor common = { "PXEClient", NULL };
	const struct dnsmasq_vendor *v = t->pxe_vendors;

	if (!(o->flags & DNSMASQ_O_PXE))
		return o->vendor == NULL ||
		    contains(class, len, o->vendor, strlen(o->vendor));
	for (v = v != NULL ? v : &common; v != NULL; v = v->next)
		if (contains(class, len, v->name, strlen(v->name)))
			return true;
	return false;
}

/*
 * Which vendor options are for this vendor class: the client's, or the one
 * that a dhcp-option sends in its place.
 */
void
dnsmasq_match_vendors(struct dnsmasq_run *r, const uint8_t *class, size_t len)
{
	for (const struct dnsmasq_option *o = r->tree->options; o != NULL;
	    o = o->next) {
		r->state[o->id] &= (uint8_t)~DNSMASQ_S_VENDOR;
		if (o->flags & DNSMASQ_O_VENDOR &&
		    vendor_matches(r->tree, o, class, len))
			r->state[o->id] |= DNSMASQ_S_VENDOR;
	}
}
