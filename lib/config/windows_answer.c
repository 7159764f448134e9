/*
 * windows_answer.c - a request in, the answer and its reasons out.
 *
 * By Microsoft's documents; where they are silent the place is named as a
 * gap (windows_list.c), and what is done here is what the server is seen to
 * do. The documents:
 *
 *   [MS-DHCPM]  DHCP Server Management Protocol
 *   Policies    "Introduction to DHCP Policies", Windows Server 2012 R2
 *   Options     "Configuring Options", Windows 2000 Server: precedence
 *   Selection   "DHCP subnet selection options", Windows Server
 *   Cmdlets     module DhcpServer, the page of each command
 */
#include "config/windows_tree.h"

#include "wire/dhcp_opt.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	SUB_LINK_SELECT = 5,            /* RFC 3527 */
	CODE_MAX = 256, OPTION43_MAX = 1024,
};

struct run {
	const struct windows_tree *t;
	const struct request *req;
	const struct dhcp4_msg *msg;
	struct answer *ret;
	const struct windows_scope *scope;
	const struct windows_reservation *reserved;
};

/* Where a value came from, for the reasons. */
struct found {
	const struct windows_value *value;
	const char *level;
	const char *name;               /* of the policy, or NULL */
};

static int
because(struct run *r, struct config_pos pos, const char *what,
    const char *name)
{
	return answer_because(r->ret, pos.file, pos.line, "%s%s%s%s", what,
	    name ? " '" : "", name ? name : "", name ? "'" : "");
}

static bool
is_in(const struct windows_scope *s, struct in_addr a)
{
	return (a.s_addr & s->mask.s_addr) == (s->id.s_addr & s->mask.s_addr);
}

static bool
in_ranges(const struct windows_range *list, struct in_addr a)
{
	uint32_t n = ntohl(a.s_addr);

	for (const struct windows_range *x = list; x; x = x->next) {
		if (n >= x->first && n <= x->last)
			return true;
	}
	return false;
}

static const struct windows_scope *
scope_of(const struct windows_tree *t, struct in_addr a)
{
	for (const struct windows_scope *s = t->scopes; s; s = s->next) {
		if (is_in(s, a))
			return s;
	}
	return NULL;
}

/* A relay that names another subnet must itself be in a range (Selection). */
static bool
is_rogue(const struct run *r)
{
	for (const struct windows_scope *s = r->t->scopes; s; s = s->next) {
		if (s->is_active && in_ranges(s->ranges, r->msg->giaddr))
			return false;
	}
	return true;
}

/*
 * The subnet that the client is on: 82.5, giaddr, our own. Option 118 is in
 * Microsoft's documents no longer.
 */
static bool
subnet_of(const struct run *r, struct in_addr *ret, const char **why)
{
	const struct dhcp4_opt *agent = dhcp4_opt(r->msg, DHCP4_OPT_RELAY);
	struct rd value;

	if (agent && dhcp_sub_find(DHCP_SPACE_RELAY, agent->data, agent->len,
	    SUB_LINK_SELECT, &value) && value.left == 4) {
		rd_copy(&value, ret, sizeof(*ret));
		*why = "the relay agent is in no scope's range";
		return !is_rogue(r);
	}
	*why = NULL;
	*ret = r->msg->giaddr.s_addr ? r->msg->giaddr : r->req->server_ip;
	return true;
}

static bool
same_network(const struct windows_scope *a, const struct windows_scope *b)
{
	return a == b || (a->superscope && b->superscope &&
	    windows_same(a->superscope, b->superscope));
}

/*
 * Reservations are kept by what the client calls itself: option 61, without
 * the type of a hardware address before it; else its hardware address.
 */
static const struct windows_reservation *
reservation_in(const struct run *r, const struct windows_scope *s)
{
	const struct dhcp4_opt *id = dhcp4_opt(r->msg, DHCP4_OPT_CLIENT_ID);
	const struct windows_reservation *x = NULL;

	if (!id)
		return windows_reserved(r->t, s, r->msg->chaddr, r->msg->hlen);
	if (id->len == 1 + MAC_LEN && id->data[0] == 1)
		x = windows_reserved(r->t, s, id->data + 1, MAC_LEN);
	return x ? x : windows_reserved(r->t, s, id->data, id->len);
}

static bool
is_enforced(const struct run *r, const struct windows_policy *p,
    const struct windows_scope *s)
{
	return p->enabled && r->t->policies_active &&
	    (!s || s->policies_active) && windows_matches(p, r->msg);
}

static int
by_first(const void *a, const void *b)
{
	const struct windows_range *x = a;
	const struct windows_range *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

static size_t
collect(struct windows_range *to, size_t n, const struct windows_range *list)
{
	for (; list; list = list->next, n++) {
		if (to)
			to[n] = *list;
	}
	return n;
}

/* What may not be given: exclusions and, @others, the ranges of policies. */
static size_t
taken(const struct windows_scope *s, bool others, struct windows_range *to)
{
	size_t n = collect(to, 0, s->exclusions);

	for (const struct windows_policy *p = s->policies; p && others;
	    p = p->next) {
		if (p->enabled)
			n = collect(to, n, p->ranges);
	}
	return n;
}

/* Is there an address in @from that is not @taken (sorted)? */
static bool
has_room(const struct windows_range *from, const struct windows_range *no,
    size_t n)
{
	for (; from; from = from->next) {
		uint64_t at = from->first;

		for (size_t i = 0; i < n; i++) {
			if (no[i].first <= at && no[i].last >= at)
				at = (uint64_t)no[i].last + 1;
		}
		if (at <= from->last)
			return true;
	}
	return false;
}

/*
 * An address for a client without a reservation: from the ranges of the
 * policies it matches, if any has some; else from what the ranges of no
 * policy cover (Policies, "address assignment").
 *
 * Return: 1 if there is one; 0; -ENOMEM.
 */
static int
has_address(const struct run *r, const struct windows_scope *s)
{
	bool by_policy = false;
	struct windows_range *no;
	bool room = false;
	size_t n;

	n = taken(s, true, NULL);
	no = calloc(n + 1, sizeof(*no));
	if (!no)
		return -ENOMEM;
	n = taken(s, false, no);
	qsort(no, n, sizeof(*no), by_first);
	for (const struct windows_policy *p = s->policies; p && !room;
	    p = p->next) {
		if (!p->ranges || !is_enforced(r, p, s))
			continue;
		by_policy = true;
		room = has_room(p->ranges, no, n);
	}
	if (!by_policy) {
		n = taken(s, s->policies_active && r->t->policies_active, no);
		qsort(no, n, sizeof(*no), by_first);
		room = has_room(s->ranges, no, n);
	}
	free(no);
	return room;
}

static bool
serves(const struct windows_scope *s, bool is_bootp)
{
	return s->is_active &&
	    (s->serves & (is_bootp ? WINDOWS_BOOTP : WINDOWS_DHCP));
}

/* The scope that answers: the one with a reservation, else with room. */
static int
choose_scope(struct run *r, const struct windows_scope *home)
{
	bool is_bootp = dhcp4_type(r->msg) == 0;
	bool informs = dhcp4_type(r->msg) == DHCP4_INFORM;
	int rc;

	for (const struct windows_scope *s = r->t->scopes; s; s = s->next) {
		if (!same_network(s, home) || !s->is_active)
			continue;
		r->reserved = reservation_in(r, s);
		if (r->reserved) {
			r->scope = s;
			return 0;
		}
	}
	for (const struct windows_scope *s = r->t->scopes; s; s = s->next) {
		if (!same_network(s, home) || !serves(s, is_bootp))
			continue;
		rc = informs ? 1 : has_address(r, s);
		if (rc < 0)
			return rc;
		if (rc > 0) {
			r->scope = s;
			return 0;
		}
	}
	return 0;
}

/* The value of one holder: for the client's user class, else for all. */
static const struct windows_value *
value_at(const struct run *r, const struct windows_holder *h, uint8_t code,
    const char *vendor)
{
	const struct windows_value *plain = NULL;

	for (const struct windows_value *v = h->values; v; v = v->next) {
		const struct windows_class *c;

		if (v->code != code || !v->data ||
		    !windows_same(v->vendor, vendor))
			continue;
		if (!v->user) {
			plain = v;
			continue;
		}
		c = windows_find_class(r->t, v->user, false);
		if (c && windows_is_member(c, r->msg))
			return v;
	}
	return plain;
}

static bool
by_policies(const struct run *r, const struct windows_policy *p,
    const struct windows_scope *s, uint8_t code, const char *vendor,
    struct found *ret)
{
	for (; p; p = p->next) {
		if (p->options.n == 0)
			continue;
		ret->value = value_at(r, &p->options, code, vendor);
		if (ret->value && is_enforced(r, p, s)) {
			ret->level = s ? "policy of the scope" :
			    "policy of the server";
			ret->name = p->name;
			return true;
		}
	}
	return false;
}

/*
 * Each option by itself: reservation, policies of the scope in their order,
 * scope, policies of the server, server (Options, "Options Precedence";
 * Policies: "scope policies are processed before server policies").
 */
static bool
find(const struct run *r, uint8_t code, const char *vendor, struct found *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (r->reserved) {
		ret->value = value_at(r, &r->reserved->options, code, vendor);
		ret->level = "reservation";
		if (ret->value)
			return true;
	}
	if (by_policies(r, r->scope->policies, r->scope, code, vendor, ret))
		return true;
	ret->value = value_at(r, &r->scope->options, code, vendor);
	ret->level = "scope";
	if (ret->value)
		return true;
	if (by_policies(r, r->t->policies, NULL, code, vendor, ret))
		return true;
	ret->value = value_at(r, &r->t->options, code, vendor);
	ret->level = "server";
	return ret->value != NULL;
}

/* A client is told what it asks for, and all of it where it has no list. */
static bool
is_asked(const struct run *r, uint8_t code)
{
	const struct dhcp4_opt *prl = dhcp4_opt(r->msg, DHCP4_OPT_PRL);

	return !prl || (prl->len > 0 && memchr(prl->data, code, prl->len));
}

static int
say(struct run *r, const struct found *f, const char *what)
{
	char text[WINDOWS_DATA_MAX + 1];
	size_t len = min_size(f->value->len, WINDOWS_DATA_MAX);

	memcpy(text, f->value->data, len);
	text[len] = '\0';
	if (len == 0 || !text_is_clean(text, len))
		text[0] = '\0';
	return answer_because(r->ret, f->value->pos.file, f->value->pos.line,
	    "%s%s%s of the %s%s%s%s", what, *text ? " " : "", text, f->level,
	    f->name ? " '" : "", f->name ? f->name : "", f->name ? "'" : "");
}

/* Options 66 and 67 are the header's fields as well. */
static int
put_fields(struct run *r)
{
	struct dhcp4_msg *out = &r->ret->msg;
	char name[DHCP4_FILE_LEN];
	struct in_addr a;
	struct found f;
	size_t len;

	out->siaddr = r->req->server_ip;
	if (find(r, DHCP4_OPT_TFTP_SERVER, NULL, &f)) {
		len = min_size(f.value->len, DHCP4_SNAME_LEN - 1);
		memcpy(out->sname, f.value->data, len);
		memcpy(name, f.value->data, len);
		name[len] = '\0';
		/* a name would have to be resolved: only the server can */
		if (len > 0) {
			r->ret->server_unknown = !windows_ip(name, &a);
			out->siaddr = r->ret->server_unknown ?
			    (struct in_addr){ 0 } : a;
		}
		if (say(r, &f, "option 66") < 0)
			return -ENOMEM;
	}
	if (!find(r, DHCP4_OPT_BOOTFILE, NULL, &f))
		return 0;
	len = min_size(f.value->len, DHCP4_FILE_LEN - 1);
	memcpy(out->file, f.value->data, len);
	return say(r, &f, "option 67");
}

/* Written by the server itself, whatever is configured. */
static bool
is_inner(uint8_t code)
{
	return code == DHCP4_OPT_MASK || code == DHCP4_OPT_LEASE_TIME ||
	    (code >= DHCP4_OPT_OVERLOAD && code <= DHCP4_OPT_T2) ||
	    code == DHCP4_OPT_REQUESTED_IP || code == DHCP4_OPT_RELAY;
}

static void
mark(const struct windows_holder *h, bool set[CODE_MAX], bool vendor)
{
	for (const struct windows_value *v = h->values; v; v = v->next)
		set[v->code] = set[v->code] || (v->vendor != NULL) == vendor;
}

static void
mark_all(const struct run *r, bool set[CODE_MAX], bool vendor)
{
	if (r->reserved)
		mark(&r->reserved->options, set, vendor);
	mark(&r->scope->options, set, vendor);
	mark(&r->t->options, set, vendor);
	for (const struct windows_policy *p = r->scope->policies; p; p = p->next)
		mark(&p->options, set, vendor);
	for (const struct windows_policy *p = r->t->policies; p; p = p->next)
		mark(&p->options, set, vendor);
}

/*
 * Option 43 holds the options that are defined for the client's vendor class
 * ([MS-DHCPM] 3.1.1.11; RFC 2132 8.4); a plain value of 43 stands only where
 * there are none.
 */
static int
put_vendor(struct run *r, bool *ret_done)
{
	bool set[CODE_MAX] = { false };
	uint8_t buf[OPTION43_MAX];
	struct wr w = wr_init(buf, sizeof(buf));
	struct found f;
	int rc = 0;

	if (!is_asked(r, DHCP4_OPT_VENDOR_ENCAP))
		return 0;
	mark_all(r, set, true);
	for (const struct windows_class *c = r->t->classes; c; c = c->next) {
		if (!c->is_vendor || !windows_is_member(c, r->msg))
			continue;
		for (unsigned int code = 1; code < CODE_MAX - 1; code++) {
			if (!set[code] || !find(r, (uint8_t)code, c->name, &f) ||
			    f.value->len > UINT8_MAX)
				continue;
			wr_u8(&w, (uint8_t)code);
			wr_u8(&w, (uint8_t)f.value->len);
			wr_bytes(&w, f.value->data, f.value->len);
			rc = say(r, &f, "option 43's part");
			if (rc < 0)
				return rc;
		}
		break;
	}
	if (w.len == 0)
		return 0;
	wr_u8(&w, DHCP4_OPT_END);
	*ret_done = true;
	return w.full ? 0 : dhcp4_add(&r->ret->msg, DHCP4_OPT_VENDOR_ENCAP,
	    buf, w.len);
}

static int
put_options(struct run *r)
{
	bool set[CODE_MAX] = { false };
	bool vendor_done = false;
	struct found f;
	int rc = put_vendor(r, &vendor_done);

	mark_all(r, set, false);
	for (unsigned int code = 1; code < CODE_MAX - 1 && rc == 0; code++) {
		if (!set[code] || is_inner((uint8_t)code) ||
		    (code == DHCP4_OPT_VENDOR_ENCAP && vendor_done) ||
		    !is_asked(r, (uint8_t)code) ||
		    !find(r, (uint8_t)code, NULL, &f))
			continue;
		rc = dhcp4_add(&r->ret->msg, (uint8_t)code, f.value->data,
		    f.value->len);
		if (rc == 0 && code == DHCP4_OPT_VENDOR_CLASS)
			rc = say(r, &f, "option 60");
	}
	return rc;
}

static uint32_t
lease_time(const struct run *r)
{
	struct found f;

	if (find(r, DHCP4_OPT_LEASE_TIME, NULL, &f) && f.value->len == 4) {
		struct rd v = rd_init(f.value->data, 4);

		return rd_u32(&v);
	}
	for (const struct windows_policy *p = r->scope->policies; p;
	    p = p->next) {
		if (p->lease_time && is_enforced(r, p, r->scope))
			return p->lease_time;
	}
	for (const struct windows_policy *p = r->t->policies; p; p = p->next) {
		if (p->lease_time && is_enforced(r, p, NULL))
			return p->lease_time;
	}
	return r->scope->lease_time;
}

static int
put_lease(struct run *r, int type)
{
	struct dhcp4_msg *out = &r->ret->msg;
	uint32_t lease = lease_time(r);
	int rc = dhcp4_add_u8(out, DHCP4_OPT_MSG_TYPE,
	    type == DHCP4_DISCOVER ? DHCP4_OFFER : DHCP4_ACK);

	if (rc == 0)
		rc = dhcp4_add_ip(out, DHCP4_OPT_MASK, r->scope->mask);
	if (rc == 0 && type != DHCP4_INFORM) {
		rc = dhcp4_add_u32(out, DHCP4_OPT_T1, lease / 2);
		if (rc == 0)
			rc = dhcp4_add_u32(out, DHCP4_OPT_T2,
			    (uint32_t)((uint64_t)lease * 7 / 8));
		if (rc == 0)
			rc = dhcp4_add_u32(out, DHCP4_OPT_LEASE_TIME, lease);
	}
	return rc < 0 ? rc : dhcp4_add_ip(out, DHCP4_OPT_SERVER_ID,
	    r->req->server_ip);
}

static int
fill(struct run *r, int type)
{
	const struct dhcp4_opt *agent = dhcp4_opt(r->msg, DHCP4_OPT_RELAY);
	struct dhcp4_msg *out = &r->ret->msg;
	int rc = 0;

	out->htype = r->msg->htype;
	out->hlen = r->msg->hlen;
	out->xid = r->msg->xid;
	out->flags = r->msg->flags;
	out->giaddr = r->msg->giaddr;
	memcpy(out->chaddr, r->msg->chaddr, sizeof(out->chaddr));
	if (r->reserved && type != DHCP4_INFORM)
		out->yiaddr = r->reserved->addr;
	rc = r->reserved ? because(r, r->reserved->pos, "reservation",
	    r->reserved->name) : because(r, r->scope->pos, "scope",
	    r->scope->name);
	if (rc == 0 && type != 0)
		rc = put_lease(r, type);
	else if (rc == 0)
		rc = dhcp4_add_ip(out, DHCP4_OPT_MASK, r->scope->mask);
	if (rc == 0)
		rc = put_fields(r);
	if (rc == 0)
		rc = put_options(r);
	if (rc == 0 && agent)
		rc = dhcp4_add(out, DHCP4_OPT_RELAY, agent->data, agent->len);
	r->ret->answered = rc == 0;
	return rc;
}

static int
silent(struct run *r, struct config_pos pos, const char *why)
{
	return because(r, pos, why, NULL);
}

static int
place(struct run *r, int type)
{
	struct config_pos start = windows_start(r->t);
	const struct windows_scope *home;
	struct in_addr subnet = { 0 };
	const char *why;
	int rc;

	if (!subnet_of(r, &subnet, &why))
		return silent(r, start, why);
	home = scope_of(r->t, subnet);
	if (!home)
		return silent(r, start, "no scope is for this network");
	rc = choose_scope(r, home);
	if (rc < 0)
		return rc;
	if (!r->scope)
		return silent(r, home->pos, home->is_active ?
		    "no address is left for this client" :
		    "the scope is not active");
	return fill(r, type);
}

int
windows_answer(void *tree, const struct request *req, struct answer *ret,
    struct diag *diag)
{
	struct run r = { .t = tree, .req = req, .msg = req->msg, .ret = ret };
	struct config_pos start = windows_start(r.t);
	const struct windows_filter *filter;
	int type = dhcp4_type(req->msg);
	struct in_addr chosen;

	(void)diag;
	if (req->msg->op != DHCP4_BOOTREQUEST)
		return 0;
	/* Port 4011 is for Windows Deployment Services, not for DHCP. */
	if (req->pxe_port)
		return silent(&r, start, "the DHCP server does not listen on "
		    "port 4011");
	if (type != 0 && type != DHCP4_DISCOVER && type != DHCP4_REQUEST &&
	    type != DHCP4_INFORM)
		return silent(&r, start, "a message that is not answered");
	if (type == DHCP4_REQUEST &&
	    dhcp4_get_ip(req->msg, DHCP4_OPT_SERVER_ID, &chosen) &&
	    chosen.s_addr != req->server_ip.s_addr)
		return silent(&r, start, "another server was chosen");
	if (!windows_admits(r.t, req->msg, &filter))
		return silent(&r, filter ? filter->pos : start, filter ?
		    "the deny list has this hardware address" :
		    "the allow list does not have this hardware address");
	return place(&r, type);
}
