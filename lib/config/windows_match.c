/* windows_match.c - which classes, policies and filters a client is in. */
#include "config/windows_tree.h"

#include "wire/dhcp_opt.h"

#include <string.h>
#include <strings.h>

enum { SUB_CIRCUIT = 1, SUB_REMOTE = 2, SUB_SUBSCRIBER = 6,
	OPT_FQDN = 81, FQDN_HEAD = 3, FQDN_WIRE = 0x04, NAME_MAX_LEN = 255 };

/*
 * Members of a class send exactly its bytes ([MS-DHCPM] 3.1.1.8,
 * DHCPv4ClassDef): no length before them, no wildcard.
 */
bool
windows_is_member(const struct windows_class *c, const struct dhcp4_msg *msg)
{
	const struct dhcp4_opt *o = dhcp4_opt(msg,
	    c->is_vendor ? DHCP4_OPT_VENDOR_CLASS : DHCP4_OPT_USER_CLASS);

	return o && c->len > 0 && o->len == c->len &&
	    memcmp(o->data, c->data, c->len) == 0;
}

/* The name in option 81, as text (RFC 4702). Return: false if none. */
static bool
fqdn(const struct dhcp4_msg *msg, char buf[NAME_MAX_LEN + 1])
{
	const struct dhcp4_opt *o = dhcp4_opt(msg, OPT_FQDN);
	struct rd r = rd_init(o ? o->data : NULL, o ? o->len : 0);
	struct wr w = wr_init(buf, NAME_MAX_LEN);
	uint8_t flags = rd_u8(&r);

	rd_skip(&r, FQDN_HEAD - 1);
	while (r.left > 0 && !(flags & FQDN_WIRE))
		wr_u8(&w, rd_u8(&r));
	while (r.left > 0) {
		struct rd label = rd_sub(&r, rd_u8(&r));

		if (label.left == 0)
			break;
		if (w.len > 0)
			wr_u8(&w, '.');
		while (label.left > 0)
			wr_u8(&w, rd_u8(&label));
	}
	if (r.bad || w.full || w.len == 0)
		return false;
	buf[w.len] = '\0';
	return strlen(buf) == w.len;
}

static bool
bytes_match(const struct windows_cond *c, const uint8_t *data, size_t len)
{
	if (c->is_prefix ? len < c->len : len != c->len)
		return false;
	return c->len == 0 || memcmp(data, c->data, c->len) == 0;
}

static bool
fqdn_matches(const struct windows_cond *c, const struct dhcp4_msg *msg)
{
	char name[NAME_MAX_LEN + 1];

	if (!fqdn(msg, name))
		return false;
	if (c->single_label)
		return strchr(name, '.') == NULL;
	return c->is_prefix ? strncasecmp(name, c->word, c->len) == 0 :
	    strcasecmp(name, c->word) == 0;
}

static bool
option_matches(const struct windows_cond *c, const struct dhcp4_msg *msg,
    uint8_t code)
{
	const struct dhcp4_opt *o = dhcp4_opt(msg, code);

	return o && bytes_match(c, o->data, o->len);
}

static bool
agent_matches(const struct windows_cond *c, const struct dhcp4_msg *msg,
    uint8_t sub)
{
	const struct dhcp4_opt *o = dhcp4_opt(msg, DHCP4_OPT_RELAY);
	struct rd value;

	return o && dhcp_sub_find(DHCP_SPACE_RELAY, o->data, o->len, sub,
	    &value) && bytes_match(c, value.p, value.left);
}

/* The identifier may begin with the hardware's type, which may be left out. */
static bool
id_matches(const struct windows_cond *c, const struct dhcp4_msg *msg)
{
	const struct dhcp4_opt *o = dhcp4_opt(msg, DHCP4_OPT_CLIENT_ID);

	if (!o)
		return bytes_match(c, msg->chaddr, msg->hlen);
	return bytes_match(c, o->data, o->len) || (o->len == 1 + MAC_LEN &&
	    o->data[0] == 1 && bytes_match(c, o->data + 1, MAC_LEN));
}

/* Without its EQ or NE. */
static bool
holds(const struct windows_cond *c, const struct dhcp4_msg *msg)
{
	if (!c->is_known)
		return false;
	switch (c->field) {
	case WINDOWS_F_VENDOR:
		return option_matches(c, msg, DHCP4_OPT_VENDOR_CLASS);
	case WINDOWS_F_USER:
		return option_matches(c, msg, DHCP4_OPT_USER_CLASS);
	case WINDOWS_F_MAC:
		return bytes_match(c, msg->chaddr, msg->hlen);
	case WINDOWS_F_CLIENT_ID:
		return id_matches(c, msg);
	case WINDOWS_F_FQDN:
		return fqdn_matches(c, msg);
	case WINDOWS_F_RELAY:
		return option_matches(c, msg, DHCP4_OPT_RELAY);
	case WINDOWS_F_CIRCUIT:
		return agent_matches(c, msg, SUB_CIRCUIT);
	case WINDOWS_F_REMOTE:
		return agent_matches(c, msg, SUB_REMOTE);
	case WINDOWS_F_SUBSCRIBER:
		return agent_matches(c, msg, SUB_SUBSCRIBER);
	case WINDOWS_N_FIELDS:
		break;
	}
	return false;
}

/*
 * The values of one field are alternatives where they are to be equal, and
 * must all differ where they are to differ; And or Or is between the fields
 * (Add-DhcpServerv4Policy, -Condition).
 */
bool
windows_matches(const struct windows_policy *p, const struct dhcp4_msg *msg)
{
	bool asked[WINDOWS_N_FIELDS] = { false };
	bool has_equal[WINDOWS_N_FIELDS] = { false };
	bool equal[WINDOWS_N_FIELDS] = { false };
	bool same[WINDOWS_N_FIELDS] = { false };
	bool any = false;
	bool all = true;

	if (!p->conds)
		return false;
	for (const struct windows_cond *c = p->conds; c; c = c->next) {
		bool is = holds(c, msg);

		asked[c->field] = true;
		if (c->negated && is)
			same[c->field] = true;
		if (!c->negated) {
			has_equal[c->field] = true;
			equal[c->field] = equal[c->field] || is;
		}
	}
	for (size_t i = 0; i < WINDOWS_N_FIELDS; i++) {
		bool is = !same[i] && (!has_equal[i] || equal[i]);

		if (asked[i]) {
			any = any || is;
			all = all && is;
		}
	}
	return p->is_or ? any : all;
}

static bool
filter_matches(const struct windows_filter *f, const struct dhcp4_msg *msg)
{
	return (f->is_prefix ? msg->hlen >= f->len : msg->hlen == f->len) &&
	    memcmp(msg->chaddr, f->mac, f->len) == 0;
}

/*
 * The deny list comes first, then the allow list, each only where it is
 * enforced (Set-DhcpServerv4FilterList). *@ret is the line that decided.
 */
bool
windows_admits(const struct windows_tree *t, const struct dhcp4_msg *msg,
    const struct windows_filter **ret)
{
	bool allowed = false;

	*ret = NULL;
	for (const struct windows_filter *f = t->filters; f; f = f->next) {
		if (!filter_matches(f, msg))
			continue;
		if (f->is_deny && t->deny_enforced) {
			*ret = f;
			return false;
		}
		allowed = allowed || !f->is_deny;
	}
	return !t->allow_enforced || allowed;
}

static uint32_t
fold(uint32_t h, const struct windows_policy *p, const struct dhcp4_msg *msg)
{
	for (; p; p = p->next) {
		for (const struct windows_cond *c = p->conds; c; c = c->next) {
			if (c->field == WINDOWS_F_MAC ||
			    c->field == WINDOWS_F_CLIENT_ID)
				h = h * 31 + 1 + holds(c, msg);
		}
	}
	return h;
}

uint32_t
windows_identity(const struct windows_tree *t,
    const struct windows_scope *scope, const struct dhcp4_msg *msg)
{
	const struct windows_filter *f;
	uint32_t h = windows_admits(t, msg, &f);

	return fold(fold(h, t->policies, msg), scope->policies, msg);
}
