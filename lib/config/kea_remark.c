/* kea_remark.c - classes and options that Kea takes and that do nothing. */
#include "config/kea_parse.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <string.h>

/* Those that Kea or its hooks look for by name, or fill by themselves. */
static const char *const special[] = {
	"ALL", "KNOWN", "UNKNOWN", "BOOTP", "DROP", "SKIP_DDNS",
};
static const char *const prefixes[] = {
	"VENDOR_CLASS_", "HA_", "AFTER_", "EXTERNAL_",
};

const struct kea_class *
kea_class_find(const struct kea_tree *t, const char *name)
{
	const struct kea_class *c;

	for (c = t->classes; c; c = c->next) {
		if (strcmp(c->name, name) == 0)
			return c;
	}
	return NULL;
}

static bool
is_special(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(special); i++) {
		if (strcmp(special[i], name) == 0)
			return true;
	}
	for (i = 0; i < ARRAY_LEN(prefixes); i++) {
		if (text_starts(name, prefixes[i]))
			return true;
	}
	return false;
}

static bool
is_listed(const struct kea_name *n, const char *name)
{
	for (; n; n = n->next) {
		if (strcmp(n->name, name) == 0)
			return true;
	}
	return false;
}

static bool
hosts_list(const struct kea_host *h, const char *name)
{
	for (; h; h = h->next) {
		if (is_listed(h->classes, name))
			return true;
	}
	return false;
}

bool
kea_is_reserved_class(const struct kea_tree *t, const char *name)
{
	const struct kea_subnet *s;

	if (hosts_list(t->hosts, name))
		return true;
	for (s = t->subnets; s; s = s->next) {
		if (hosts_list(s->hosts, name))
			return true;
	}
	return false;
}

static bool
is_required(const struct kea_tree *t, const char *name)
{
	const struct kea_network *n;
	const struct kea_subnet *s;
	const struct kea_pool *p;

	for (n = t->networks; n; n = n->next) {
		if (is_listed(n->required, name))
			return true;
	}
	for (s = t->subnets; s; s = s->next) {
		if (is_listed(s->required, name))
			return true;
		for (p = s->pools; p; p = p->next) {
			if (is_listed(p->required, name))
				return true;
		}
	}
	return false;
}

/* ---------------------------------------------------------------- classes */

static bool
says_something(const struct kea_level *l)
{
	return l->options || l->has_next_server ||
	    (l->boot_file_name && *l->boot_file_name) ||
	    (l->server_hostname && *l->server_hostname);
}

static bool
is_boot_code(unsigned int code)
{
	return code == 43 || code == 60 || code == 66 || code == 67 ||
	    code == 150 || code == 175 || code == 209 || code == 210;
}

static bool
is_about_boot(const struct kea_level *l)
{
	const struct kea_option *o = l->options;

	while (o && (strcmp(o->space, "dhcp4") != 0 || !is_boot_code(o->code)))
		o = o->next;
	return o || l->has_next_server || (l->boot_file_name &&
	    *l->boot_file_name) || (l->server_hostname && *l->server_hostname);
}

static int
look_at_class(struct kea_tree *t, const struct kea_class *c)
{
	int (*tell)(struct kea_tree *, const char *, struct config_pos,
	    const char *, ...) PRINTF_LIKE(4, 5);
	int rc = 0;

	if (c->level.has_next_server && !c->level.next_server.s_addr)
		rc = kea_remark(t, "statement-without-effect",
		    c->level.next_server_pos, "0.0.0.0 says nothing in a class: "
		    "the next-server of the subnet stays");
	if (rc < 0 || is_special(c->name) || !says_something(&c->level) ||
	    kea_is_reserved_class(t, c->name))
		return rc;
	tell = is_about_boot(&c->level) ? kea_remark : kea_hint;
	if (!c->test)
		return tell(t, "kea-class-not-evaluated", c->level.pos,
		    "the class \"%s\" has no test, and no reservation puts a "
		    "client into it", c->name);
	if (c->only_if_required && !is_required(t, c->name))
		return tell(t, "kea-class-not-evaluated", c->level.pos,
		    "the class \"%s\" is tested only where it is required, and "
		    "nothing requires it", c->name);
	return 0;
}

/* A class that is asked for and that nobody can be in. */
static int
look_at_guards(struct kea_tree *t, const struct kea_name *n)
{
	int rc = 0;

	for (; n && rc == 0; n = n->next) {
		const struct kea_class *c = kea_class_find(t, n->name);

		if (is_special(n->name) || kea_is_reserved_class(t, n->name))
			continue;
		if (!c)
			rc = kea_remark(t, "unused-tag", n->pos, "no class \"%s\" "
			    "is defined: no client gets an address here",
			    n->name);
		else if (c->only_if_required)
			rc = kea_remark(t, "kea-class-not-evaluated", n->pos,
			    "the class \"%s\" is tested only where it is "
			    "required, which is after this choice", n->name);
	}
	return rc;
}

static int
look_at_required(struct kea_tree *t, const struct kea_name *n)
{
	int rc = 0;

	for (; n && rc == 0; n = n->next) {
		const struct kea_class *c = kea_class_find(t, n->name);

		if (!c && !is_special(n->name))
			rc = kea_remark(t, "unused-tag", n->pos,
			    "no class \"%s\" is defined", n->name);
		else if (c && !c->test && !is_special(n->name))
			rc = kea_remark(t, "kea-class-not-evaluated", n->pos,
			    "the class \"%s\" has no test: to require it puts "
			    "nobody into it", n->name);
	}
	return rc;
}

/* ---------------------------------------------------------------- options */

static bool
is_hex(const char *s)
{
	size_t n = strspn(s, "0123456789abcdefABCDEF");

	return n >= 2 && s[n] == '\0';
}

/* Do hex digits spell what somebody would want to say in letters? */
static bool
spells_text(const char *s)
{
	uint8_t bytes[255];
	size_t n = 0, i;

	if (strlen(s) < 8 || parse_hex(s, bytes, sizeof(bytes), &n, NULL) < 0)
		return false;
	for (i = 0; i < n && isprint(bytes[i]); i++)
		;
	return i == n;
}

static bool
has_lone_comma(const char *s)
{
	bool escaped = false;

	for (; *s; s++) {
		if (*s == ',' && !escaped)
			return true;
		escaped = *s == '\\' && !escaped;
	}
	return false;
}

static int
look_at_text(struct kea_tree *t, const struct kea_option *o)
{
	const char *s = o->text;

	if ((text_starts(s, "0x") && is_hex(s + 2)) || spells_text(s))
		return kea_remark(t, "option-data-misread", o->pos, "option %u "
		    "is sent as the text \"%s\": hexadecimal needs "
		    "\"csv-format\": false", o->code, s);
	if (has_lone_comma(s))
		return kea_remark(t, "option-data-misread", o->pos, "option %u "
		    "is sent as \"%.*s\": a comma ends the value, unless it is "
		    "written \\\\,", o->code, (int)o->len,
		    (const char *)o->bytes);
	if (s[0] == '\'' && s[1] && s[strlen(s) - 1] == '\'')
		return kea_remark(t, "option-data-misread", o->pos, "option %u "
		    "is sent with its single quotes: they belong to "
		    "\"csv-format\": false", o->code);
	return 0;
}

static int
look_at_options(struct kea_tree *t, const struct kea_option *o)
{
	int rc = 0;

	for (; o && rc == 0; o = o->next) {
		if (!o->def || !o->text)
			continue;
		if (o->csv && o->def->type == KEA_T_STRING)
			rc = look_at_text(t, o);
		if (!t->is_v6 && o->def->array && o->def->type == KEA_T_IPV6)
			rc = kea_gap(t, o->pos, "Kea 2.2 gives an array of IPv6 "
			    "addresses a header of DHCPv6: what stands behind it "
			    "in the answer is not told");
	}
	return rc;
}

/* Options of classes come after those of pool, subnet and network. */
static int
look_at_precedence(struct kea_tree *t, const struct kea_level *l,
    const char *what)
{
	const struct kea_option *o, *of_class;
	const struct kea_class *c;
	int rc;

	for (o = t->is_v6 ? NULL : l->options; o; o = o->next) {
		if (!is_boot_code(o->code) || strcmp(o->space, "dhcp4") != 0)
			continue;
		for (c = t->classes; c; c = c->next) {
			for (of_class = c->level.options; of_class;
			    of_class = of_class->next) {
				if (of_class->code == o->code &&
				    strcmp(of_class->space, "dhcp4") == 0)
					break;
			}
			if (!of_class)
				continue;
			rc = kea_remark(t, "kea-option-beats-class", o->pos,
			    "option %u of this %s is sent to clients of the "
			    "class \"%s\" too, and not the one of line %u",
			    o->code, what, c->name, of_class->pos.line);
			if (rc < 0)
				return rc;
			break;          /* one class is enough */
		}
	}
	return 0;
}

/* ---------------------------------------------------------------- levels */

static int
look_at_server(struct kea_tree *t, const struct kea_level *l,
    const struct kea_level *outer)
{
	if (!l->has_next_server || l->next_server.s_addr ||
	    !outer->next_server.s_addr)
		return 0;
	/* who then has a file and no server, the walk finds */
	return kea_hint(t, "wrong-next-server", l->next_server_pos,
	    "0.0.0.0 hides the next-server of line %u: to leave it, say "
	    "nothing, or \"\"", outer->next_server_pos.line);
}

static int
look_at_subnet(struct kea_tree *t, const struct kea_subnet *s)
{
	const struct kea_network *n = s->network;
	const struct kea_pool *p;
	const struct kea_host *h;
	int rc = look_at_guards(t, s->guards);

	if (rc == 0)
		rc = look_at_required(t, s->required);
	if (rc == 0)
		rc = look_at_options(t, s->level.options);
	if (rc == 0)
		rc = look_at_precedence(t, &s->level, "subnet");
	if (rc == 0)
		rc = look_at_server(t, &s->level, n && n->level.has_next_server ?
		    &n->level : &t->global);
	for (p = s->pools; p && rc == 0; p = p->next) {
		rc = look_at_guards(t, p->guards);
		if (rc == 0)
			rc = look_at_required(t, p->required);
		if (rc == 0)
			rc = look_at_options(t, p->level.options);
		if (rc == 0)
			rc = look_at_precedence(t, &p->level, "pool");
	}
	for (h = s->hosts; h && rc == 0; h = h->next)
		rc = look_at_options(t, h->level.options);
	return rc;
}

static int
look_at_network(struct kea_tree *t, const struct kea_network *n)
{
	int rc = look_at_guards(t, n->guards);

	if (rc == 0)
		rc = look_at_required(t, n->required);
	if (rc == 0)
		rc = look_at_options(t, n->level.options);
	if (rc == 0)
		rc = look_at_precedence(t, &n->level, "network");
	return rc < 0 ? rc : look_at_server(t, &n->level, &t->global);
}

int
kea_look_over(struct kea_tree *t)
{
	const struct kea_class *c;
	const struct kea_network *n;
	const struct kea_subnet *s;
	int rc = look_at_options(t, t->global.options);

	for (c = t->classes; c && rc == 0; c = c->next) {
		rc = look_at_class(t, c);
		if (rc == 0 && c->test)
			rc = kea_look_at_test(t, c);
		if (rc == 0)
			rc = look_at_options(t, c->level.options);
	}
	for (n = t->networks; n && rc == 0; n = n->next)
		rc = look_at_network(t, n);
	for (s = t->subnets; s && rc == 0; s = s->next)
		rc = look_at_subnet(t, s);
	return rc;
}
