#include "config/isc_check.h"
#include "config/isc_decl.h"
#include "config/isc_net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

struct isc_scope *
isc_scope_new(struct isc_parser *p, struct isc_scope *outer)
{
	struct isc_scope *s = arena_alloc(&p->t->arena, sizeof(*s));

	if (s) {
		s->outer = outer;
		s->tail = &s->first;
	}
	return s;
}

int
isc_read_body(struct isc_parser *p, const struct isc_context *c)
{
	int rc = isc_enter(p);

	if (rc == 0)
		rc = isc_expect(p, '{', "the declaration's body");
	while (rc == 0 && !isc_is_char(p, '}')) {
		if (p->tok.kind == ISC_T_END)
			rc = isc_fail(p,
			    "the file ends where a '}' is expected");
		else
			rc = isc_read_decl(p, c);
	}
	if (rc < 0)
		return rc;
	isc_leave(p);
	return isc_advance(p);
}

static int
end_decl(struct isc_parser *p)
{
	return isc_expect(p, ';', "the end of the declaration");
}

static int
refuse(struct isc_parser *p, const char *what)
{
	return isc_fail(p, "%s cannot stand here", what);
}

/* group [name] { } */
static int
read_group(struct isc_parser *p, const struct isc_context *c)
{
	struct isc_context in = *c;
	const char *name = NULL;
	int rc = isc_advance(p);

	if (rc == 0 && (isc_is_word(p) || p->tok.kind == ISC_T_STRING)) {
		name = p->tok.text;
		rc = isc_advance(p);
	}
	in.kind = ISC_IN_GROUP;
	in.subnet = NULL;
	in.shared = NULL;       /* a subnet in here is one of its own */
	in.scope = isc_scope_new(p, c->scope);
	if (rc == 0 && !in.scope)
		rc = -ENOMEM;
	if (rc == 0 && name)
		rc = config_map_put(&p->t->named_groups, &p->t->arena, name,
		    strlen(name), in.scope);
	return rc < 0 ? rc : isc_read_body(p, &in);
}

/* Inside a host: the statements of a named group. */
static int
read_host_group(struct isc_parser *p, const struct isc_context *c)
{
	int rc = isc_advance(p);

	if (rc < 0)
		return rc;
	if (!isc_is_word(p) && p->tok.kind != ISC_T_STRING)
		return isc_fail(p, "the name of a group is expected here");
	if (!config_map_get(&p->t->named_groups, p->tok.text, p->tok.len))
		return isc_fail(p, "no group named %.60s is declared (host %s)",
		    p->tok.text, c->host->name);
	rc = isc_gap(p->t, p->tok.pos,
	    "the named group of a host is not followed");
	if (rc == 0)
		rc = isc_advance(p);
	return rc < 0 ? rc : end_decl(p);
}

static int
read_shared(struct isc_parser *p, const struct isc_context *c)
{
	struct isc_context in = *c;
	struct config_pos pos = p->tok.pos;
	struct sbuf name = SBUF_EMPTY;
	int rc = isc_advance(p);

	in.kind = ISC_IN_SHARED;
	in.scope = isc_scope_new(p, c->scope);
	in.shared = arena_alloc(&p->t->arena, sizeof(*in.shared));
	if (!in.scope || !in.shared)
		return -ENOMEM;
	while (rc == 0 && !isc_is_char(p, '{') && !isc_is_char(p, ';') &&
	    p->tok.kind != ISC_T_END) {
		sbuf_addn(&name, p->tok.text, p->tok.len);
		rc = isc_advance(p);
	}
	if (rc == 0 && !name.len)
		rc = isc_fail(p,
		    "the name of the shared network is expected here");
	in.shared->name = arena_strdup(&p->t->arena, sbuf_str(&name));
	sbuf_release(&name);
	if (rc == 0 && !in.shared->name)
		rc = -ENOMEM;
	in.shared->scope = in.scope;
	in.shared->pos = pos;
	if (rc == 0)
		rc = isc_read_body(p, &in);
	if (rc == 0 && !in.shared->n_subnets)
		rc = isc_fail_at(p, pos,
		    "a shared network needs a subnet in it");
	return rc < 0 ? rc : isc_note_pools(p, in.shared);
}

static int
mask_bits(uint32_t mask)
{
	int n = 0;

	while (mask & 0x80000000u) {
		mask <<= 1;
		n++;
	}
	return mask ? -1 : n;
}

static int
add_network(struct isc_parser *p, const struct isc_subnet *s)
{
	struct config_network *n = config_list_add(&p->t->networks, sizeof(*n));
	char net[IP_TEXT_MAX];

	if (!n)
		return -ENOMEM;
	ipv4_format((struct in_addr){ htonl(s->net) }, net);
	n->name = arena_printf(&p->t->arena, "%s/%d", net, mask_bits(s->mask));
	if (n->name && !s->shared->is_implicit)
		n->name = arena_printf(&p->t->arena, "%s (%s)", n->name,
		    s->shared->name);
	/* The relay is taken to be the first address of the network. */
	n->giaddr.s_addr = htonl(mask_bits(s->mask) < 31 ? s->net + 1 : s->net);
	if (p->t->server_ip.s_addr &&
	    (ntohl(p->t->server_ip.s_addr) & s->mask) == s->net) {
		n->server_ip = p->t->server_ip;
		n->giaddr.s_addr = 0;
	}
	n->pos = s->pos;
	return n->name ? 0 : -ENOMEM;
}

static int
read_subnet(struct isc_parser *p, const struct isc_context *c)
{
	struct isc_context in = *c;
	struct isc_subnet *s = arena_alloc(&p->t->arena, sizeof(*s));
	int rc = isc_advance(p);

	if (!s)
		return -ENOMEM;
	s->pos = p->tok.pos;
	if (rc == 0)
		rc = isc_read_ip(p, &s->net);
	if (rc == 0 && !isc_is(p, "netmask"))
		return isc_fail(p, "'netmask' and the mask are expected here");
	if (rc == 0)
		rc = isc_advance(p);
	if (rc == 0)
		rc = isc_read_ip(p, &s->mask);
	if (rc < 0)
		return rc;
	if ((s->net & s->mask) != s->net)
		return isc_fail_at(p, s->pos,
		    "this is not the number of a network with that mask: bits "
		    "outside the mask are set");
	in.kind = ISC_IN_SUBNET;
	in.subnet = s;
	if (!in.shared) {
		in.shared = arena_alloc(&p->t->arena, sizeof(*in.shared));
		if (!in.shared)
			return -ENOMEM;
		in.shared->is_implicit = true;
		in.shared->scope = c->scope;
		in.shared->pos = s->pos;
	}
	in.scope = isc_scope_new(p, c->scope);
	if (!in.scope)
		return -ENOMEM;
	s->shared = in.shared;
	s->scope = in.scope;
	s->shared->n_subnets++;
	rc = isc_subnet_add(p->t, s);
	if (rc == -EMSGSIZE)
		return isc_fail_at(p, s->pos,
		    "more than %d different masks are not read", ISC_MASKS_MAX);
	if (rc == 0)
		rc = add_network(p, s);
	return rc < 0 ? rc : isc_read_body(p, &in);
}

/* include "file"; its declarations stand in the same scope. */
static int
read_include(struct isc_parser *p, const struct isc_context *c)
{
	struct isc_lex outer;
	struct config_pos pos;
	const char *path;
	int rc = isc_advance(p);

	if (rc < 0)
		return rc;
	pos = p->tok.pos;
	if (p->tok.kind != ISC_T_STRING)
		return isc_fail(p,
		    "the path of a file in quotes is expected here");
	path = p->tok.text;
	outer = p->lex;
	rc = isc_enter(p);
	if (rc == 0)
		rc = isc_open_include(p, path, pos);
	if (rc == 0)
		rc = isc_advance(p);
	while (rc == 0 && p->tok.kind != ISC_T_END)
		rc = isc_read_decl(p, c);
	if (rc < 0)
		return rc;
	isc_leave(p);
	p->lex = outer;
	rc = isc_advance(p);
	return rc < 0 ? rc : end_decl(p);
}

/* option space NAME [code width N] [length width N] [hash size N]; */
static int
read_space(struct isc_parser *p)
{
	const char *name;
	int64_t code = 1, len = 1, *to, hash;
	int rc;

	if (!isc_is_word(p))
		return isc_fail(p,
		    "the name of the option space is expected here");
	name = p->tok.text;
	rc = isc_advance(p);
	while (rc == 0 && !isc_is_char(p, ';')) {
		bool is_hash = isc_is(p, "hash");

		if (isc_is(p, "code"))
			to = &code;
		else if (isc_is(p, "length"))
			to = &len;
		else if (is_hash)
			to = &hash;
		else
			return isc_fail(p,
			    "'code width', 'length width', 'hash size' or ';' "
			    "is expected here");
		rc = isc_advance(p);
		if (rc == 0 && !isc_is(p, is_hash ? "size" : "width"))
			return isc_fail(p, "'%s' is expected here",
			    is_hash ? "size" : "width");
		if (rc == 0)
			rc = isc_advance(p);
		if (rc == 0)
			rc = isc_read_number(p, 32, to);
	}
	if (rc < 0)
		return rc;
	if (code != 1 && code != 2 && code != 4)
		return isc_fail(p, "a code has 1, 2 or 4 bytes, not %lld",
		    (long long)code);
	if (len != 1 && len != 2)
		return isc_fail(p, "a length has 1 or 2 bytes, not %lld",
		    (long long)len);
	if (!isc_space_add(p->t, name, (unsigned int)code, (unsigned int)len))
		return -ENOMEM;
	return end_decl(p);
}

/* "option" where a space or a definition may follow. */
static int
read_option_decl(struct isc_parser *p, const struct isc_context *c)
{
	struct config_pos pos = p->tok.pos, at;
	const struct isc_option *o;
	struct isc_stmt *s = NULL;
	int rc = isc_advance(p);

	if (rc < 0)
		return rc;
	if (isc_is(p, "space")) {
		if (c->kind != ISC_IN_ROOT)
			return isc_fail(p,
			    "option spaces are declared at the top only");
		rc = isc_advance(p);
		return rc < 0 ? rc : read_space(p);
	}
	at = p->tok.pos;
	rc = isc_read_option_name(p, &o);
	if (rc < 0)
		return rc;
	if (isc_is(p, "code")) {
		if (c->kind != ISC_IN_ROOT)
			return isc_fail(p,
			    "options are defined at the top only");
		rc = isc_advance(p);
		return rc < 0 ? rc : isc_read_option_def(p, o->space, o->name);
	}
	if (!o->type)
		return isc_fail_at(p, at,
		    "no option named %s in space %s is declared here",
		    o->name, o->space->name);
	rc = isc_read_option_stmt(p, o, ISC_SUPERSEDE, pos, &s);
	if (rc == 0)
		isc_scope_add(c->scope, s);
	return rc;
}

/* key NAME { algorithm X; secret Y; } and zone NAME { primary ...; key ...; } */
static int
read_key(struct isc_parser *p)
{
	const char *name;
	size_t len;
	int rc = isc_advance(p);

	if (rc == 0 && !isc_is_word(p) && p->tok.kind != ISC_T_STRING)
		return isc_fail(p, "the name of the key is expected here");
	name = p->tok.text;
	len = p->tok.len;
	if (rc == 0)
		rc = isc_advance(p);
	while (rc == 0 && isc_is_char(p, '.')) {
		rc = isc_advance(p);
		if (rc == 0)
			rc = isc_advance(p);
	}
	if (rc == 0)
		rc = isc_expect(p, '{', "the key");
	if (rc == 0)
		rc = isc_read_secret(p);
	if (rc == 0)
		rc = config_map_put(&p->t->keys, &p->t->arena, name, len, p->t);
	/* A semicolon after the brace is allowed for keys alone. */
	if (rc == 0 && isc_is_char(p, ';'))
		rc = isc_advance(p);
	return rc;
}

/* allow, deny and ignore mean something else in a pool. */
static bool
is_allow(const struct isc_parser *p)
{
	return isc_is(p, "allow") || isc_is(p, "deny");
}

static int
read_authoritative(struct isc_parser *p, const struct isc_context *c)
{
	struct config_pos pos = p->tok.pos;
	int rc = 0;

	if (isc_is(p, "not")) {
		rc = isc_advance(p);
		if (rc == 0 && !isc_is(p, "authoritative"))
			return isc_fail(p,
			    "'authoritative' is expected after 'not'");
	}
	if (rc == 0 && c->kind == ISC_IN_HOST)
		return isc_fail_at(p, pos,
		    "a host has no say in who is authoritative");
	if (rc == 0)
		rc = isc_advance(p);
	return rc < 0 ? rc : end_decl(p);
}

/* Parameters of the server that have nothing to do with answers. */
static int
skip_parameter(struct isc_parser *p)
{
	bool format = isc_is(p, "db-time-format");
	int rc = isc_advance(p);

	if (rc == 0 && format && !isc_is(p, "local") && !isc_is(p, "default"))
		return isc_fail(p, "'local' or 'default' is expected here");
	if (rc == 0 && !format && p->tok.kind == ISC_T_END)
		return isc_fail(p, "the file ends in a statement");
	while (rc == 0 && !isc_is_char(p, ';') && p->tok.kind != ISC_T_END)
		rc = isc_advance(p);
	return rc < 0 ? rc : end_decl(p);
}

static bool
is_leaf(const struct isc_context *c)
{
	return c->kind == ISC_IN_HOST || c->kind == ISC_IN_CLASS;
}

static int
read_network_decl(struct isc_parser *p, const struct isc_context *c,
    bool *ret_done)
{
	bool net = c->kind == ISC_IN_SUBNET || c->kind == ISC_IN_SHARED;

	*ret_done = true;
	if (isc_is(p, "shared-network")) {
		if (is_leaf(c) || net || c->kind == ISC_IN_POOL)
			return refuse(p, "a shared network");
		return read_shared(p, c);
	}
	if (isc_is(p, "subnet")) {
		if (is_leaf(c) || c->kind == ISC_IN_SUBNET ||
		    c->kind == ISC_IN_POOL)
			return refuse(p, "a subnet");
		return read_subnet(p, c);
	}
	if (isc_is(p, "subnet6"))
		return isc_fail(p, "subnet6 is understood only by dhcpd -6");
	if (isc_is(p, "pool") || isc_is(p, "pool6")) {
		if (!net || isc_is(p, "pool6"))
			return isc_fail(p, c->kind == ISC_IN_POOL ?
			    "a pool cannot stand in a pool" :
			    "a pool stands in a subnet or a shared network");
		return isc_read_pool(p, c);
	}
	if (isc_is(p, "range")) {
		if (c->kind != ISC_IN_SUBNET && c->kind != ISC_IN_POOL)
			return isc_fail(p,
			    "a range stands in a subnet or a pool");
		return isc_read_range(p, c);
	}
	if (isc_is(p, "range6") || isc_is(p, "prefix6") ||
	    isc_is(p, "fixed-prefix6"))
		return isc_fail(p, "'%s' is understood only by dhcpd -6",
		    p->tok.text);
	*ret_done = false;
	return 0;
}

static int
read_client_decl(struct isc_parser *p, const struct isc_context *c,
    bool *ret_done)
{
	*ret_done = true;
	if (isc_is(p, "host"))
		return is_leaf(c) ? refuse(p, "a host") : isc_read_host(p, c);
	if (isc_is(p, "class") || isc_is(p, "subclass") ||
	    isc_is(p, "vendor-class") || isc_is(p, "user-class")) {
		if (c->kind == ISC_IN_CLASS)
			return refuse(p, "a class");
		return isc_read_class(p, c);
	}
	if (isc_is(p, "group") && c->kind == ISC_IN_HOST)
		return read_host_group(p, c);
	if (isc_is(p, "group"))
		return is_leaf(c) ? refuse(p, "a group") : read_group(p, c);
	if (c->kind == ISC_IN_HOST)
		return isc_read_host_decl(p, c, ret_done);
	if (isc_is(p, "hardware"))
		return refuse(p, "a hardware address");
	if (isc_is(p, "fixed-address"))
		return refuse(p, "a fixed address");
	*ret_done = false;
	return 0;
}

static int
read_server_decl(struct isc_parser *p, const struct isc_context *c,
    bool *ret_done)
{
	*ret_done = true;
	if (isc_is(p, "include"))
		return read_include(p, c);
	if (isc_is(p, "option"))
		return read_option_decl(p, c);
	if (isc_is(p, "authoritative") || isc_is(p, "not"))
		return read_authoritative(p, c);
	if (isc_is(p, "key"))
		return read_key(p);
	if (isc_is(p, "zone"))
		return isc_read_zone(p);
	if (isc_is(p, "failover"))
		return isc_read_failover(p, c);
	if (isc_is(p, "interface") && (c->kind == ISC_IN_SUBNET ||
	    c->kind == ISC_IN_SHARED))
		return skip_parameter(p);
	if (isc_is(p, "db-time-format") || isc_is(p, "server-duid") ||
	    isc_is(p, "lease-id-format"))
		return skip_parameter(p);
	*ret_done = false;
	return 0;
}

int
isc_read_decl(struct isc_parser *p, const struct isc_context *c)
{
	struct isc_stmt *s = NULL;
	bool done = false;
	int rc = 0;

	if (c->kind == ISC_IN_POOL && is_allow(p))
		return isc_read_permit(p, c);
	if (c->kind == ISC_IN_CLASS)
		rc = isc_read_class_decl(p, c, &done);
	if (rc == 0 && !done)
		rc = read_server_decl(p, c, &done);
	if (rc == 0 && !done)
		rc = read_network_decl(p, c, &done);
	if (rc == 0 && !done)
		rc = read_client_decl(p, c, &done);
	if (rc < 0 || done)
		return rc;
	rc = isc_is(p, "server-identifier") ? isc_read_parameter(p,
	    isc_option_by_code(p->t->dhcp, DHCP4_OPT_SERVER_ID), &s) :
	    isc_read_stmt(p, &s);
	if (rc < 0)
		return rc;
	/* dhcpd gives the line of the token before; so do we. */
	if (!s)
		return isc_fail_at(p, p->before.file ? p->before : p->tok.pos,
		    isc_is_char(p, '}') ?
		    "the '}' that follows closes nothing" :
		    isc_is(p, "else") || isc_is(p, "elsif") ?
		    "the 'else' or 'elsif' that follows has no 'if' before it" :
		    isc_is_char(p, ';') ?
		    "the ';' that follows ends nothing: none belongs after a "
		    "'}'" :
		    "'%.40s' cannot follow here: a parameter or a declaration "
		    "is expected",
		    p->tok.text);
	isc_scope_add(c->scope, s);
	return isc_reach(p->t, s);
}

int
isc_read_decls(struct isc_parser *p)
{
	struct isc_context c = { .kind = ISC_IN_ROOT, .scope = p->t->root };
	int rc = isc_advance(p);

	while (rc == 0 && p->tok.kind != ISC_T_END)
		rc = isc_read_decl(p, &c);
	return rc;
}
