/*
 * dnsmasq_boot.c - the lines that boot: dhcp-boot, pxe-service, pxe-prompt,
 * and those that set tags from a request or act on tags.
 */
#include "config/dnsmasq_read.h"

#include <errno.h>
#include <strings.h>

static void *
line_alloc(struct dnsmasq_line *l, size_t len)
{
	return arena_alloc(&l->tree->arena, len);
}

int
dnsmasq_read_dhcp_option(struct dnsmasq_line *l, char *arg)
{
	return dnsmasq_read_option(l, arg, 0, false);
}

int
dnsmasq_read_dhcp_option_force(struct dnsmasq_line *l, char *arg)
{
	return dnsmasq_read_option(l, arg, DNSMASQ_O_FORCE, false);
}

int
dnsmasq_read_dhcp_match(struct dnsmasq_line *l, char *arg)
{
	return dnsmasq_read_option(l, arg, 0, true);
}

int
dnsmasq_read_dhcp_boot(struct dnsmasq_line *l, char *arg)
{
	struct dnsmasq_tree *t = l->tree;
	struct dnsmasq_boot *b = line_alloc(l, sizeof(*b));
	char *sname, *server = NULL;
	int rc;

	if (b == NULL)
		return -ENOMEM;
	b->pos = l->pos;
	rc = dnsmasq_conds(l, &arg, &b->filter);
	if (rc < 0)
		return rc;
	if (arg == NULL)
		return dnsmasq_bad(l, NULL, "a dhcp-boot needs a file after "
		    "its tags; an empty one is written as a comma at the end");
	sname = dnsmasq_split(arg);
	if (sname != NULL)
		server = dnsmasq_split(sname);
	b->file = dnsmasq_word(l, arg);
	b->sname = dnsmasq_word(l, sname);
	if (server != NULL) {
		dnsmasq_unhide(server);
		if (!dnsmasq_ipv4(server, &b->server))
			b->server_name = dnsmasq_word(l, server);
	}
	b->next = t->boots;
	t->boots = b;
	return 0;
}

/* The client system architectures of PXE, by their index (option 93). */
static const char *const archs[] = {
	"x86PC", "PC98", "IA64_EFI", "Alpha", "Arc_x86", "Intel_Lean_Client",
	"IA32_EFI", "x86-64_EFI", "Xscale_EFI", "BC_EFI", "ARM32_EFI",
	"ARM64_EFI",
};

static bool
arch_number(char *s, int64_t *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(archs); i++)
		if (strcasecmp(s, archs[i]) == 0) {
			*ret = (int64_t)i;
			return true;
		}
	return dnsmasq_number(s, ret);
}

int
dnsmasq_read_pxe_service(struct dnsmasq_line *l, char *arg)
{
	struct dnsmasq_tree *t = l->tree;
	struct dnsmasq_service *s = line_alloc(l, sizeof(*s));
	char *menu, *what, *server;
	int64_t n;
	int rc;

	if (s == NULL)
		return -ENOMEM;
	s->pos = l->pos;
	rc = dnsmasq_conds(l, &arg, &s->filter);
	if (rc < 0)
		return rc;
	menu = dnsmasq_split(arg);
	if (menu == NULL)
		return dnsmasq_bad(l, arg, "a pxe-service has an architecture "
		    "and a menu text");
	if (!arch_number(arg, &n)) {
		const char *near = text_nearest(arg, archs, ARRAY_LEN(archs));

		return dnsmasq_bad(l, arg,
		    "'%s' is no client architecture%s%s%s",
		    arg, near != NULL ? "; did you mean '" : "",
		    near != NULL ? near : "", near != NULL ? "'?" : "");
	}
	s->arch = (uint16_t)n;
	what = dnsmasq_split(menu);
	s->menu = dnsmasq_word(l, menu);
	if (s->menu == NULL)
		s->menu = "";
	if (what != NULL) {
		server = dnsmasq_split(what);
		if (dnsmasq_number(what, &n)) {
			s->type = (uint16_t)n;
		} else {
			s->type = t->next_type++;
			s->basename = dnsmasq_word(l, what);
		}
		if (server != NULL && !dnsmasq_ipv4(server, &s->server))
			s->server_name = dnsmasq_word(l, server);
	}
	*t->last_service = s;
	t->last_service = &s->next;
	t->pxe_enabled = true;
	return 0;
}

enum { PXE_MENU_PROMPT = 10 };

int
dnsmasq_read_pxe_prompt(struct dnsmasq_line *l, char *arg)
{
	struct dnsmasq_tree *t = l->tree;
	struct dnsmasq_option *o = line_alloc(l, sizeof(*o));
	int64_t timeout = 255;          /* for ever */
	char *rest;
	uint8_t *b;
	int rc;

	if (o == NULL)
		return -ENOMEM;
	o->pos = l->pos;
	rc = dnsmasq_conds(l, &arg, &o->filter);
	if (rc < 0)
		return rc;
	if (arg == NULL)
		return dnsmasq_bad(l, NULL, "a pxe-prompt needs its text");
	rest = dnsmasq_split(arg);
	dnsmasq_unhide(arg);
	if (!dnsmasq_number(rest, &timeout))
		timeout = 255;
	o->len = strlen(arg) + 1;
	b = line_alloc(l, o->len);
	if (b == NULL)
		return -ENOMEM;
	b[0] = (uint8_t)timeout;
	memcpy(b + 1, arg, o->len - 1);
	o->data = b;
	o->code = PXE_MENU_PROMPT;
	o->flags = DNSMASQ_O_VENDOR | DNSMASQ_O_PXE;
	o->id = t->n_options++;
	o->next = t->options;
	t->options = o;
	t->pxe_enabled = true;
	return 0;
}

/* The two forms of agent's data: bytes in hex, or text. */
static int
class_data(struct dnsmasq_line *l, struct dnsmasq_class *c, char *arg)
{
	size_t hex = strspn(arg, "0123456789abcdefABCDEF:");
	bool digits = strspn(arg, ":") < hex;

	dnsmasq_unhide(arg);
	c->data = (uint8_t *)arena_dup(&l->tree->arena, arg, strlen(arg));
	c->len = strlen(arg);
	if (c->data == NULL)
		return -ENOMEM;
	if (c->kind >= DNSMASQ_C_CIRCUIT && arg[hex] == '\0' && digits) {
		uint8_t *b = line_alloc(l, c->len + 1);
		int n;

		if (b == NULL)
			return -ENOMEM;
		n = dnsmasq_hex(arg, b, c->len + 1, NULL, NULL);
		c->data = b;
		c->len = n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static int
read_class(struct dnsmasq_line *l, char *arg, enum dnsmasq_class_kind kind)
{
	struct dnsmasq_tree *t = l->tree;
	struct dnsmasq_class *c = line_alloc(l, sizeof(*c));
	char *data, *rest;
	int rc;

	if (c == NULL)
		return -ENOMEM;
	c->kind = kind;
	c->pos = l->pos;
	data = dnsmasq_split(arg);
	if (data == NULL)
		return dnsmasq_bad(l, arg, "a tag and the text to look for are "
		    "expected, with a comma between");
	c->sets = dnsmasq_sets(l, arg);
	if (c->sets == NULL)
		return -ENOMEM;
	rest = dnsmasq_split(data);
	if (rest != NULL) {
		/* The enterprise number is for DHCPv6 alone. */
		if (kind != DNSMASQ_C_VENDOR ||
		    !text_starts(data, "enterprise:"))
			return dnsmasq_bad(l, rest, "'%s' follows the text to "
			    "look for; a comma within it needs quotes", rest);
		data = rest;
	}
	rc = class_data(l, c, data);
	if (rc < 0)
		return rc;
	c->next = t->classes;
	t->classes = c;
	return 0;
}

int
dnsmasq_read_vendor_class(struct dnsmasq_line *l, char *arg)
{
	return read_class(l, arg, DNSMASQ_C_VENDOR);
}

int
dnsmasq_read_user_class(struct dnsmasq_line *l, char *arg)
{
	return read_class(l, arg, DNSMASQ_C_USER);
}

int
dnsmasq_read_circuit(struct dnsmasq_line *l, char *arg)
{
	return read_class(l, arg, DNSMASQ_C_CIRCUIT);
}

int
dnsmasq_read_remote(struct dnsmasq_line *l, char *arg)
{
	return read_class(l, arg, DNSMASQ_C_REMOTE);
}

int
dnsmasq_read_subscriber(struct dnsmasq_line *l, char *arg)
{
	return read_class(l, arg, DNSMASQ_C_SUBSCRIBER);
}

int
dnsmasq_read_mac(struct dnsmasq_line *l, char *arg)
{
	struct dnsmasq_tree *t = l->tree;
	struct dnsmasq_mac *m = line_alloc(l, sizeof(*m));
	char *mac = dnsmasq_split(arg);
	int n;

	if (m == NULL)
		return -ENOMEM;
	if (mac == NULL)
		return dnsmasq_bad(l, arg, "a tag and a hardware address are "
		    "expected");
	m->pos = l->pos;
	m->sets = dnsmasq_sets(l, arg);
	if (m->sets == NULL)
		return -ENOMEM;
	dnsmasq_unhide(mac);
	n = dnsmasq_hex(mac, m->bytes, sizeof(m->bytes), &m->wild, &m->type);
	if (n < 0)
		return dnsmasq_bad(l, mac, "'%s' is no hardware address: bytes "
		    "in hex or '*', with ':' between", mac);
	m->len = (size_t)n;
	m->next = t->macs;
	t->macs = m;
	return 0;
}

int
dnsmasq_read_name_match(struct dnsmasq_line *l, char *arg)
{
	struct dnsmasq_tree *t = l->tree;
	struct dnsmasq_name *m = line_alloc(l, sizeof(*m));
	char *name = dnsmasq_split(arg);

	if (m == NULL)
		return -ENOMEM;
	if (name == NULL)
		return dnsmasq_bad(l, arg, "a tag and a name are expected");
	m->pos = l->pos;
	m->sets = dnsmasq_sets(l, arg);
	m->len = strlen(name);
	if (m->len > 0 && name[m->len - 1] == '*') {
		m->is_prefix = true;
		name[--m->len] = '\0';
	}
	m->name = m->len > 0 ? dnsmasq_word(l, name) : "";
	if (m->sets == NULL || m->name == NULL)
		return -ENOMEM;
	m->next = t->names;
	t->names = m;
	return 0;
}

int
dnsmasq_read_tag_if(struct dnsmasq_line *l, char *arg)
{
	struct dnsmasq_tree *t = l->tree;
	struct dnsmasq_tag_if *i = line_alloc(l, sizeof(*i));

	if (i == NULL)
		return -ENOMEM;
	i->pos = l->pos;
	while (arg != NULL) {
		char *rest = dnsmasq_split(arg);
		int rc;

		if (text_starts(arg, "set:"))
			rc = dnsmasq_set_add(l, arg, &i->sets);
		else if (text_starts(arg, "tag:"))
			rc = dnsmasq_cond_add(l, arg, &i->filter);
		else
			rc = dnsmasq_bad(l, arg, "'%s' begins neither with "
			    "set: nor with tag:", arg);
		if (rc < 0)
			return rc;
		arg = rest;
	}
	if (i->sets == NULL)
		return dnsmasq_bad(l, NULL,
		    "a tag-if needs a set: of what it sets");
	*t->last_tag_if = i;
	t->last_tag_if = &i->next;
	return 0;
}

static int
read_when(struct dnsmasq_line *l, char *arg, struct dnsmasq_when **list)
{
	struct dnsmasq_when *w = line_alloc(l, sizeof(*w));

	if (w == NULL)
		return -ENOMEM;
	w->pos = l->pos;
	while (arg != NULL) {
		char *rest = dnsmasq_split(arg);
		int rc = dnsmasq_cond_add(l, arg, &w->filter);

		if (rc < 0)
			return rc;
		arg = rest;
	}
	w->next = *list;
	*list = w;
	return 0;
}

int
dnsmasq_read_ignore(struct dnsmasq_line *l, char *arg)
{
	return read_when(l, arg, &l->tree->ignore);
}

int
dnsmasq_read_ignore_names(struct dnsmasq_line *l, char *arg)
{
	return read_when(l, arg, &l->tree->ignore_names);
}

int
dnsmasq_read_broadcast(struct dnsmasq_line *l, char *arg)
{
	return read_when(l, arg, &l->tree->broadcast);
}

int
dnsmasq_read_bootp_dynamic(struct dnsmasq_line *l, char *arg)
{
	return read_when(l, arg, &l->tree->bootp_dynamic);
}

int
dnsmasq_read_generate_names(struct dnsmasq_line *l, char *arg)
{
	return read_when(l, arg, &l->tree->generate_names);
}

int
dnsmasq_read_no_override(struct dnsmasq_line *l, char *arg)
{
	(void)arg;
	l->tree->no_override = true;
	return 0;
}

int
dnsmasq_read_authoritative(struct dnsmasq_line *l, char *arg)
{
	(void)arg;
	l->tree->authoritative = true;
	return 0;
}

int
dnsmasq_read_ignore_clid(struct dnsmasq_line *l, char *arg)
{
	(void)arg;
	l->tree->ignore_client_id = true;
	return 0;
}

int
dnsmasq_read_delay(struct dnsmasq_line *l, char *arg)
{
	struct dnsmasq_cond *filter = NULL;
	int64_t n;
	int rc = dnsmasq_conds(l, &arg, &filter);

	if (rc < 0)
		return rc;
	if (arg == NULL || !dnsmasq_number(arg, &n))
		return dnsmasq_bad(l, arg, "a delay is a number of seconds");
	return 0;
}

int
dnsmasq_read_pxe_vendor(struct dnsmasq_line *l, char *arg)
{
	while (arg != NULL) {
		char *rest = dnsmasq_split(arg);
		struct dnsmasq_vendor *v = line_alloc(l, sizeof(*v));

		if (v == NULL)
			return -ENOMEM;
		v->name = dnsmasq_word(l, arg);
		if (v->name == NULL)
			v->name = "";
		v->next = l->tree->pxe_vendors;
		l->tree->pxe_vendors = v;
		arg = rest;
	}
	return 0;
}

int
dnsmasq_read_full_proxy(struct dnsmasq_line *l, char *arg)
{
	while (arg != NULL) {
		char *rest = dnsmasq_split(arg);
		struct in_addr a;

		if (!dnsmasq_ipv4(arg, &a))
			return dnsmasq_bad(l, arg, "'%s' is no IPv4 address",
			    arg);
		arg = rest;
	}
	return dnsmasq_gap(l->tree, l->pos, false,
	    "dhcp-proxy changes the server identifier, which is not followed");
}

int
dnsmasq_read_shared(struct dnsmasq_line *l, char *arg)
{
	struct dnsmasq_tree *t = l->tree;
	struct dnsmasq_shared *s = line_alloc(l, sizeof(*s));
	char *there = dnsmasq_split(arg);

	if (s == NULL)
		return -ENOMEM;
	if (there == NULL)
		return dnsmasq_bad(l, arg, "an interface or an address, and an "
		    "address that shares its wire, are expected");
	if (!dnsmasq_ipv4(there, &s->there))
		return dnsmasq_bad(l, there, "'%s' is no IPv4 address", there);
	if (!dnsmasq_ipv4(arg, &s->here) && strchr(arg, ':') != NULL)
		return dnsmasq_bad(l, arg,
		    "'%s' is of another family than '%s'",
		    arg, there);
	s->next = t->shared;
	t->shared = s;
	return 0;
}
