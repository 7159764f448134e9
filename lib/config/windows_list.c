/* windows_list.c - what a configuration asks of requests, and knows. */
#include "config/windows_tree.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_FQDN = 81, FQDN_HEAD = 3 };

/* The first line of the first file, for what has no line of its own. */
struct config_pos
windows_start(const struct windows_tree *t)
{
	const struct config_file *f = t->files;

	while (f && f->next)
		f = f->next;
	return (struct config_pos){ f ? f->name : "", 1, 1 };
}

/* A loop comes by the same line again and again. */
static bool
is_told(const struct windows_tree *t, struct config_pos pos, const char *text)
{
	const struct config_gap *g = t->gaps.rows;

	for (size_t i = 0; i < t->gaps.n; i++) {
		if (g[i].pos.line == pos.line && g[i].pos.file == pos.file &&
		    strcmp(g[i].text, text) == 0)
			return true;
	}
	return false;
}

static int
add_gap(struct windows_tree *t, struct config_pos pos, bool is_unread,
    const char *fmt, va_list ap)
{
	struct config_gap *g;
	char text[DIAG_TEXT_MAX];

	if (t->gaps.n > WINDOWS_GAPS_MAX)
		return 0;
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	if (is_told(t, pos, text))
		return 0;
	g = config_list_add(&t->gaps, sizeof(*g));
	if (!g)
		return -ENOMEM;
	g->pos = pos;
	g->is_unread = is_unread;
	g->text = t->gaps.n > WINDOWS_GAPS_MAX ?
	    "and more that is not followed" : arena_strdup(&t->arena, text);
	if (!g->text)
		t->gaps.n--;
	return g->text ? 0 : -ENOMEM;
}

int
windows_gap(struct windows_tree *t, struct config_pos pos, const char *fmt,
    ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = add_gap(t, pos, false, fmt, ap);
	va_end(ap);
	return rc;
}

int
windows_unread(struct windows_tree *t, struct config_pos pos, const char *fmt,
    ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = add_gap(t, pos, true, fmt, ap);
	va_end(ap);
	return rc;
}

int
windows_remark(struct windows_tree *t, const char *fault,
    struct config_pos pos, const char *fix, const char *fmt, ...)
{
	struct config_remark *r = config_list_add(&t->remarks, sizeof(*r));
	const char **f = config_list_add(&t->fixes, sizeof(*f));
	char text[DIAG_TEXT_MAX];
	va_list ap;

	if (!r || !f)
		return -ENOMEM;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	r->fault = fault;
	r->pos = pos;
	r->text = arena_strdup(&t->arena, text);
	/* most firmware has more patience than the server has probes */
	r->depends = strcmp(fault, "offer-too-late") == 0;
	*f = fix;
	return r->text ? 0 : -ENOMEM;
}

static int
add_literal(struct windows_tree *t, const struct config_literal *x)
{
	struct config_literal *l = config_list_add(&t->literals, sizeof(*l));

	if (!l)
		return -ENOMEM;
	*l = *x;
	return 0;
}

static int
cond_literal(struct windows_tree *t, const struct windows_cond *c)
{
	static const struct { enum config_field field; uint8_t code, sub; size_t off; }
	    of[] = {
		[WINDOWS_F_VENDOR] = { CONFIG_F_OPTION, DHCP4_OPT_VENDOR_CLASS, 0, 0 },
		[WINDOWS_F_USER] = { CONFIG_F_OPTION, DHCP4_OPT_USER_CLASS, 0, 0 },
		[WINDOWS_F_MAC] = { CONFIG_F_HARDWARE, 0, 0, 1 },
		[WINDOWS_F_CLIENT_ID] = { CONFIG_F_OPTION, DHCP4_OPT_CLIENT_ID, 0, 0 },
		[WINDOWS_F_FQDN] = { CONFIG_F_OPTION, OPT_FQDN, 0, FQDN_HEAD },
		[WINDOWS_F_RELAY] = { CONFIG_F_OPTION, DHCP4_OPT_RELAY, 0, 0 },
		[WINDOWS_F_CIRCUIT] = { CONFIG_F_OPTION, DHCP4_OPT_RELAY, 1, 0 },
		[WINDOWS_F_REMOTE] = { CONFIG_F_OPTION, DHCP4_OPT_RELAY, 2, 0 },
		[WINDOWS_F_SUBSCRIBER] = { CONFIG_F_OPTION, DHCP4_OPT_RELAY, 6, 0 },
	};
	struct config_literal x = { .field = of[c->field].field,
	    .code = of[c->field].code, .sub = of[c->field].sub,
	    .off = of[c->field].off, .is_prefix = c->is_prefix,
	    .ignore_case = c->field == WINDOWS_F_FQDN,
	    .bytes = c->data, .len = c->len, .pos = c->pos };

	/* "is it one label" has no list of values to try */
	if (c->single_label)
		x.field = CONFIG_F_OTHER;
	return c->is_known ? add_literal(t, &x) : 0;
}

static int
policy_literals(struct windows_tree *t, const struct windows_policy *p)
{
	int rc = 0;

	for (; p && rc == 0; p = p->next) {
		for (const struct windows_cond *c = p->conds; c && rc == 0;
		    c = c->next)
			rc = cond_literal(t, c);
	}
	return rc;
}

/* Values for one class compare the whole of 60 or 77 with its bytes. */
static int
value_literals(struct windows_tree *t, const struct windows_holder *h)
{
	int rc = 0;

	for (const struct windows_value *v = h->values; v && rc == 0;
	    v = v->next) {
		const char *names[] = { v->vendor, v->user };

		for (size_t i = 0; i < ARRAY_LEN(names) && rc == 0; i++) {
			const struct windows_class *c = names[i] ?
			    windows_find_class(t, names[i], i == 0) : NULL;
			struct config_literal x = { .field = CONFIG_F_OPTION,
			    .code = i == 0 ? DHCP4_OPT_VENDOR_CLASS :
			    DHCP4_OPT_USER_CLASS, .pos = v->pos };

			if (names[i] && !c)
				rc = windows_gap(t, v->pos, "the class '%s' "
				    "is not defined here: nobody is in it",
				    names[i]);
			if (!c || rc < 0)
				continue;
			x.bytes = c->data;
			x.len = c->len;
			rc = add_literal(t, &x);
		}
	}
	return rc;
}

static int
filter_literals(struct windows_tree *t)
{
	int rc = 0;

	for (const struct windows_filter *f = t->filters; f && rc == 0;
	    f = f->next) {
		struct config_literal x = { .field = CONFIG_F_HARDWARE,
		    .off = 1, .is_prefix = f->is_prefix, .bytes = f->mac,
		    .len = f->len, .pos = f->pos };

		if (f->is_deny ? t->deny_enforced : t->allow_enforced)
			rc = add_literal(t, &x);
	}
	return rc;
}

static int
list_literals(struct windows_tree *t)
{
	int rc = policy_literals(t, t->policies);

	if (rc == 0)
		rc = value_literals(t, &t->options);
	if (rc == 0)
		rc = filter_literals(t);
	for (const struct windows_policy *p = t->policies; p && rc == 0;
	    p = p->next)
		rc = value_literals(t, &p->options);
	for (const struct windows_scope *s = t->scopes; s && rc == 0;
	    s = s->next) {
		rc = policy_literals(t, s->policies);
		if (rc == 0)
			rc = value_literals(t, &s->options);
		for (const struct windows_policy *p = s->policies; p && rc == 0;
		    p = p->next)
			rc = value_literals(t, &p->options);
		for (const struct windows_reservation *r = s->reservations;
		    r && rc == 0; r = r->next)
			rc = value_literals(t, &r->options);
	}
	return rc;
}

static bool
is_listed(const struct windows_tree *t, const struct windows_scope *s)
{
	for (const struct windows_scope *x = t->scopes; x != s; x = x->next) {
		if (x->is_active && s->superscope &&
		    windows_same(x->superscope, s->superscope))
			return true;
	}
	return false;
}

static int
list_network(struct windows_tree *t, const struct windows_scope *s)
{
	struct config_network *n = config_list_add(&t->networks, sizeof(*n));
	char text[IP_TEXT_MAX];

	if (!n)
		return -ENOMEM;
	n->name = s->superscope ? s->superscope : arena_printf(&t->arena,
	    "%s/%d", ipv4_format(s->id, text),
	    __builtin_popcount(s->mask.s_addr));
	n->pos = s->pos;
	if (t->server_ip.s_addr && ((t->server_ip.s_addr ^ s->id.s_addr) &
	    s->mask.s_addr) == 0)
		n->server_ip = t->server_ip;
	else if (t->server_ip.s_addr)
		n->giaddr.s_addr = s->id.s_addr | htonl(1);
	else
		n->server_ip.s_addr = s->id.s_addr | htonl(1);
	return n->name ? 0 : -ENOMEM;
}

static int
list_networks(struct windows_tree *t)
{
	int rc = 0;

	for (const struct windows_scope *s = t->scopes; s && rc == 0;
	    s = s->next) {
		if (!s->is_active)
			rc = windows_gap(t, s->pos, "the scope is not active: "
			    "it answers nobody, and was not walked");
		else if (!s->superscope || !is_listed(t, s))
			rc = list_network(t, s);
	}
	return rc;
}

static uint32_t
fold_text(uint32_t h, const char *s)
{
	while (s && *s)
		h = (h ^ (uint8_t)*s++) * 16777619u;
	return h * 31 + (s != NULL);
}

/* Equal for those whose own options are the same, in the same scope. */
static uint32_t
host_sum(const struct windows_tree *t, const struct windows_reservation *r)
{
	uint32_t h = 2166136261u * (uint32_t)r->scope->index;
	struct dhcp4_msg msg;

	for (const struct windows_value *v = r->options.values; v; v = v->next) {
		h = fold_text(fold_text(h * 31 + v->code, v->vendor), v->user);
		for (size_t i = 0; i < v->words.n; i++)
			h = fold_text(h, v->words.word[i]);
	}
	dhcp4_msg_init(&msg, DHCP4_BOOTREQUEST);
	msg.hlen = (uint8_t)min_size(r->id_len, DHCP4_CHADDR_LEN);
	memcpy(msg.chaddr, r->id, msg.hlen);
	h = h * 31 + windows_identity(t, r->scope, &msg);
	dhcp4_msg_release(&msg);
	return h ? h : 1;
}

static int
list_hosts(struct windows_tree *t)
{
	for (const struct windows_scope *s = t->scopes; s; s = s->next) {
		for (const struct windows_reservation *r = s->reservations; r;
		    r = r->next) {
			struct config_host *h = config_list_add(&t->hosts,
			    sizeof(*h));

			if (!h)
				return -ENOMEM;
			h->name = r->name;
			h->pos = r->pos;
			h->alike = host_sum(t, r);
			if (r->id_len == MAC_LEN) {
				h->has_mac = true;
				memcpy(h->mac, r->id, MAC_LEN);
			} else {
				h->client_id = r->id;
				h->client_id_len = r->id_len;
			}
		}
	}
	return 0;
}

static bool
sets(const struct windows_holder *h, uint8_t code,
    const struct windows_value **ret)
{
	for (const struct windows_value *v = h->values; v; v = v->next) {
		if (v->code == code && !v->vendor) {
			*ret = v;
			return true;
		}
	}
	return false;
}

static bool
sets_anywhere(const struct windows_tree *t, uint8_t code,
    const struct windows_value **ret)
{
	if (sets(&t->options, code, ret))
		return true;
	for (const struct windows_policy *p = t->policies; p; p = p->next) {
		if (sets(&p->options, code, ret))
			return true;
	}
	for (const struct windows_scope *s = t->scopes; s; s = s->next) {
		if (sets(&s->options, code, ret))
			return true;
		for (const struct windows_policy *p = s->policies; p; p = p->next) {
			if (sets(&p->options, code, ret))
				return true;
		}
	}
	return false;
}

/* Where Microsoft's documents do not say what the server does. */
static int
list_silences(struct windows_tree *t)
{
	const struct config_pos nowhere = { .file = "" };
	const struct windows_value *v;
	const struct windows_value *at;
	int rc = 0;

	/* true of every answer, and of no line more than of another */
	if (sets_anywhere(t, DHCP4_OPT_BOOTFILE, &v) ||
	    sets_anywhere(t, DHCP4_OPT_TFTP_SERVER, &v))
		rc = windows_gap(t, nowhere, "Microsoft does not document how "
		    "options 66 and 67 reach siaddr, sname and file, nor "
		    "whether a NUL ends them: taken as they are seen on the "
		    "wire");
	if (rc == 0 && sets_anywhere(t, DHCP4_OPT_TFTP_SERVER, &v) &&
	    v->words.n > 0) {
		struct in_addr a;

		if (!windows_ip(v->words.word[0], &a))
			rc = windows_gap(t, v->pos, "the address of '%s' is "
			    "for the server to find out", v->words.word[0]);
	}
	/* a policy of the server against a value of a scope for all */
	for (const struct windows_policy *p = t->policies; p && rc == 0;
	    p = p->next) {
		for (v = p->options.values; v && rc == 0; v = v->next) {
			for (const struct windows_scope *s = t->scopes; s;
			    s = s->next) {
				if (v->vendor || !sets(&s->options, v->code, &at))
					continue;
				rc = windows_gap(t, at->pos, "option %u is set "
				    "here and by the server's policy '%s': "
				    "the documents do not say which counts; "
				    "the scope's was taken", v->code, p->name);
				break;
			}
		}
	}
	return rc;
}

int
windows_lists(struct windows_tree *t)
{
	int rc = list_literals(t);

	if (rc == 0)
		rc = list_networks(t);
	if (rc == 0)
		rc = list_hosts(t);
	return rc == 0 ? list_silences(t) : rc;
}
