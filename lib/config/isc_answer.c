#include "config/isc_answer.h"

#include "config/isc_net.h"
#include "config/isc_option.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

enum {
	LEASE_TIME_DEFAULT = 43200,     /* seconds, as dhcpd has them */
	LEASE_TIME_MAX = 86400,
	LEASE_TIME_MIN = 300,
	PRIORITY_MAX = 300,
};

static uint32_t
value_u32(const struct isc_value *v)
{
	struct rd r = rd_init(v->data, v->len);

	return rd_u32(&r);
}

/* Where the request comes from: RFC 3527, RFC 3011, the relay, ourselves. */
static const struct isc_subnet *
network_of(struct isc_eval *ev)
{
	const struct dhcp4_msg *m = ev->req->msg;
	const struct isc_option *o = isc_option_by_code(ev->t->agent, 5);
	struct isc_value v;

	if (o && m->giaddr.s_addr && isc_packet_option(ev, o, &v) && v.len == 4)
		return isc_subnet_find(ev->t, NULL, value_u32(&v));
	o = isc_option_by_code(ev->t->dhcp, 118);
	if (o && isc_packet_option(ev, o, &v) && v.len == 4)
		return isc_subnet_find(ev->t, NULL, value_u32(&v));
	if (m->giaddr.s_addr)
		return isc_subnet_find(ev->t, NULL, ntohl(m->giaddr.s_addr));
	return isc_subnet_find(ev->t, NULL, ntohl(ev->req->server_ip.s_addr));
}

static void
add_class(struct isc_eval *ev, const struct isc_class *k)
{
	if (ev->n_classes < ISC_CLASSES_MAX)
		ev->classes[ev->n_classes++] = k;
}

static void
classify(struct isc_eval *ev)
{
	const struct isc_class *k, *sub;
	struct isc_value v;
	bool hit;

	for (k = ev->t->classes; k; k = k->next) {
		if (k->match_if) {
			if (!isc_eval_bool(ev, k->match_if, &hit) || !hit)
				continue;
			if (!k->submatch) {
				add_class(ev, k);
				continue;
			}
		}
		if (!k->submatch || !isc_eval_data(ev, k->submatch, &v) ||
		    !v.len)
			continue;
		sub = config_map_get(&k->subclasses, v.data, v.len);
		/* A spawned subclass has the statements of its class. */
		if (sub || k->spawning)
			add_class(ev, sub ? sub : k);
	}
}

/* The host of a chain whose fixed address lies on the client's network. */
static const struct isc_host *
fixed_on(const struct isc_tree *t, const struct isc_shared *net,
    const struct isc_host *h, enum isc_id id, uint32_t *ret)
{
	size_t i;

	for (; h; h = h->same[id].next) {
		for (i = 0; i < h->n_addrs; i++) {
			if (isc_subnet_find(t, net, h->addrs[i])) {
				*ret = h->addrs[i];
				return h;
			}
		}
	}
	return NULL;
}

static const struct isc_host *
loose_host(const struct isc_host *h, enum isc_id id)
{
	while (h && h->is_fixed)
		h = h->same[id].next;
	return h;
}

static const struct isc_host *
by_identifier(struct isc_eval *ev)
{
	const struct isc_host *h, *hit = NULL;
	struct isc_value v;

	for (h = ev->t->id_hosts; h; h = h->same[ISC_ID_OPTION].next) {
		if (isc_packet_option(ev, h->id_option, &v) &&
		    v.len == h->id_len && (!v.len || memcmp(v.data, h->id,
		    v.len) == 0))
			hit = h;
	}
	return hit;
}

/*
 * Which host entry counts: by client identifier, then by hardware, then by
 * host-identifier; one with a fixed address on this network first.
 */
static void
find_host(struct isc_eval *ev, const struct isc_shared *net)
{
	const struct isc_host *chain[ISC_N_IDS] = { NULL, NULL, NULL };
	const struct dhcp4_opt *id = dhcp4_opt(ev->req->msg,
	    DHCP4_OPT_CLIENT_ID);
	const struct dhcp4_msg *m = ev->req->msg;
	uint8_t hw[DHCP4_CHADDR_LEN + 1];
	size_t i;

	if (id)
		chain[ISC_ID_UID] = config_map_get(&ev->t->host_by_uid, id->data,
		    id->len);
	hw[0] = m->htype;
	memcpy(hw + 1, m->chaddr, DHCP4_CHADDR_LEN);
	if (m->hlen <= DHCP4_CHADDR_LEN)
		chain[ISC_ID_HARDWARE] = config_map_get(&ev->t->host_by_hw, hw,
		    (size_t)m->hlen + 1);
	chain[ISC_ID_OPTION] = by_identifier(ev);
	for (i = 0; i < ARRAY_LEN(chain); i++) {
		if (!chain[i] || (i == ISC_ID_OPTION && ev->known))
			continue;
		ev->known = true;
		ev->host = fixed_on(ev->t, net, chain[i], (enum isc_id)i,
		    &ev->leased);
		if (ev->host) {
			ev->is_static = true;
			return;
		}
	}
	for (i = 0; i < ARRAY_LEN(chain) && !ev->host; i++)
		ev->host = loose_host(chain[i], (enum isc_id)i);
}

static bool
is_class_of(const struct isc_eval *ev, const struct isc_class *want)
{
	size_t i;

	for (i = 0; i < ev->n_classes; i++) {
		if (ev->classes[i] == want || ev->classes[i]->super == want)
			return true;
	}
	return false;
}

static bool
is_meant(const struct isc_eval *ev, const struct isc_permit *m)
{
	switch (m->kind) {
	case ISC_P_UNKNOWN: return !ev->known;
	case ISC_P_KNOWN: return ev->known;
	case ISC_P_AUTH: return false;
	case ISC_P_UNAUTH: return true;
	case ISC_P_ALL: return true;
	case ISC_P_BOOTP: return dhcp4_type(ev->req->msg) == 0;
	case ISC_P_CLASS: return is_class_of(ev, m->of);
	case ISC_P_AFTER: return false;
	}
	return false;
}

static bool
is_permitted(const struct isc_eval *ev, const struct isc_pool *pool)
{
	bool denied = false, allowed = false, has_allow = false;
	const struct isc_permit *m;

	for (m = pool->permits; m; m = m->next) {
		if (m->deny) {
			denied = denied || is_meant(ev, m);
		} else {
			has_allow = true;
			allowed = allowed || is_meant(ev, m);
		}
	}
	return !denied && (allowed || !has_allow);
}

/*
 * The pool that a client without a fixed address gets its lease from, with
 * every address still free: the first that takes it, from the lowest on.
 */
static const struct isc_pool *
find_pool(struct isc_eval *ev, const struct isc_shared *net,
    const struct isc_subnet **ret_subnet)
{
	bool bootp = dhcp4_type(ev->req->msg) == 0;
	const struct isc_pool *pool;
	const struct isc_range *r, *best;

	for (pool = net->pools; pool; pool = pool->next) {
		if (!is_permitted(ev, pool))
			continue;
		best = NULL;
		for (r = pool->ranges; r; r = r->next) {
			/* A range of a pool serves BOOTP without being told. */
			if (bootp && !r->bootp && !pool->scope)
				continue;
			if (!best || r->low < best->low)
				best = r;
		}
		if (best) {
			*ret_subnet = best->subnet;
			ev->leased = best->low;
			return pool;
		}
	}
	return NULL;
}

static bool
server_value(struct isc_eval *ev, uint32_t code, struct isc_value *ret)
{
	const struct isc_out *o = isc_out_find(ev, ev->t->server, code);

	return o && isc_eval_data(ev, o->expr, ret);
}

static bool
server_flag(struct isc_eval *ev, uint32_t code, bool otherwise)
{
	struct isc_value v;

	if (!isc_out_find(ev, ev->t->server, code))
		return otherwise;
	return server_value(ev, code, &v) && v.len && v.data[0] == 1;
}

static uint32_t
server_number(struct isc_eval *ev, uint32_t code, uint32_t otherwise)
{
	struct isc_value v;

	return server_value(ev, code, &v) && v.len == 4 ? value_u32(&v) :
	    otherwise;
}

static int
because(struct isc_eval *ev, struct answer *a, struct config_pos pos,
    const char *why)
{
	const char *line = isc_line(ev->t, pos.file, pos.line);

	if (!line)
		line = "";
	return answer_because(a, pos.file, pos.line, "%s%s%s", why,
	    *why ? ": " : "", line + strspn(line, " \t"));
}

static int
because_conds(struct isc_eval *ev, struct answer *a, const struct isc_cond *c)
{
	int rc;

	if (!c)
		return 0;
	rc = because_conds(ev, a, c->outer);
	return rc < 0 ? rc : because(ev, a, c->at->pos,
	    c->at->kind == ISC_S_SWITCH ? "chosen" :
	    c->taken ? "true" : "not true");
}

static int
because_out(struct isc_eval *ev, struct answer *a, const struct isc_out *o)
{
	int rc;

	if (!o || !o->by)
		return 0;
	rc = because_conds(ev, a, o->via);
	return rc < 0 ? rc : because(ev, a, o->by->pos, "");
}

/* The constant @bytes as an option that dhcpd adds of its own accord. */
static int
put_own(struct isc_eval *ev, uint32_t code, const void *bytes, size_t len)
{
	struct isc_expr *x;
	const struct isc_option *o = isc_option_by_code(ev->t->dhcp, code);

	if (!o)
		return 0;
	x = arena_alloc(ev->arena, sizeof(*x));
	if (!x)
		return -ENOMEM;
	x->op = ISC_X_CONST;
	x->bytes = (const uint8_t *)arena_dup(ev->arena, bytes, len);
	x->len = len;
	ev->cond = NULL;
	return x->bytes ? isc_out_put(ev, o, x, NULL) : -ENOMEM;
}

static int
put_u32(struct isc_eval *ev, uint32_t code, uint32_t v)
{
	uint8_t b[4];
	struct wr w = wr_init(b, sizeof(b));

	wr_u32(&w, v);
	return put_own(ev, code, b, sizeof(b));
}

static uint32_t
lease_time(struct isc_eval *ev)
{
	uint32_t t, max, min, asked;

	t = server_number(ev, ISC_SV_DEFAULT_LEASE_TIME, LEASE_TIME_DEFAULT);
	max = server_number(ev, ISC_SV_MAX_LEASE_TIME, LEASE_TIME_MAX);
	min = server_number(ev, ISC_SV_MIN_LEASE_TIME, LEASE_TIME_MIN);
	if (dhcp4_get_u32(ev->req->msg, DHCP4_OPT_LEASE_TIME, &asked))
		t = asked;
	if (t > max)
		t = max;
	if (min > max)
		min = max;
	return t < min ? min : t;
}

static int
put_defaults(struct isc_eval *ev, const struct isc_subnet *s, int type)
{
	uint8_t reply = type == DHCP4_REQUEST || type == DHCP4_INFORM ?
	    DHCP4_ACK : DHCP4_OFFER;
	uint32_t t = lease_time(ev);
	int rc = 0;

	if (type) {
		rc = put_own(ev, DHCP4_OPT_MSG_TYPE, &reply, 1);
		if (rc == 0 && !isc_out_find(ev, ev->t->dhcp,
		    DHCP4_OPT_SERVER_ID))
			rc = put_own(ev, DHCP4_OPT_SERVER_ID,
			    &ev->req->server_ip.s_addr, 4);
		if (rc == 0 && type != DHCP4_INFORM)
			rc = put_u32(ev, DHCP4_OPT_LEASE_TIME, t);
	}
	if (rc == 0 && !isc_out_find(ev, ev->t->dhcp, DHCP4_OPT_MASK))
		rc = put_u32(ev, DHCP4_OPT_MASK, s->mask);
	if (rc == 0 && ev->host && server_flag(ev, ISC_SV_HOST_DECL_NAMES,
	    false) &&
	    !isc_out_find(ev, ev->t->dhcp, DHCP4_OPT_HOSTNAME))
		rc = put_own(ev, DHCP4_OPT_HOSTNAME, ev->host->name,
		    strlen(ev->host->name));
	if (rc == 0 && server_flag(ev, ISC_SV_LEASE_ROUTE, false))
		rc = put_u32(ev, DHCP4_OPT_ROUTER, ev->leased);
	return rc;
}

/* The codes to send, in order. */
struct priority {
	uint8_t code[PRIORITY_MAX];
	size_t n;
	bool seen[256];
};

static void
want(struct priority *p, uint32_t code)
{
	if (code > 255 || code == DHCP4_OPT_RELAY || p->seen[code] ||
	    p->n == PRIORITY_MAX)
		return;
	p->seen[code] = true;
	p->code[p->n++] = (uint8_t)code;
}

static void
want_all(struct isc_eval *ev, struct priority *p)
{
	static const uint8_t first[] = {
		DHCP4_OPT_MASK, DHCP4_OPT_ROUTER, DHCP4_OPT_DNS,
		DHCP4_OPT_HOSTNAME,
	};
	const struct isc_outs *outs = ev->outs[ev->t->dhcp->index];
	const struct isc_space *s;
	const struct isc_out *o;
	size_t i;

	for (i = 0; i < ARRAY_LEN(first); i++)
		want(p, first[i]);
	for (i = 0; outs && i < ISC_BUCKETS; i++) {
		for (o = outs->bucket[i]; o; o = o->next)
			want(p, o->option->code);
	}
	for (s = ev->t->spaces; s; s = s->next) {
		if (s->encloses && s->encloses->space == ev->t->dhcp)
			want(p, s->encloses->code);
	}
	want(p, DHCP4_OPT_VENDOR_ENCAP);
}

/*
 * BOOTP with a host's address is answered by a part of dhcpd of its own: all
 * options are sent, and the file comes from the server itself if nothing
 * else is said.
 */
static bool
is_plain_bootp(const struct isc_eval *ev)
{
	return ev->is_static && dhcp4_type(ev->req->msg) == 0;
}

static void
prioritize(struct isc_eval *ev, struct priority *p)
{
	static const uint8_t always[] = {
		DHCP4_OPT_MSG_TYPE, DHCP4_OPT_SERVER_ID, DHCP4_OPT_LEASE_TIME,
		DHCP4_OPT_T1, DHCP4_OPT_T2, DHCP4_OPT_MESSAGE,
		    DHCP4_OPT_REQUESTED_IP, 92,
	};
	const struct isc_out *o = isc_out_find(ev, ev->t->dhcp, DHCP4_OPT_PRL);
	const struct dhcp4_opt *asked = dhcp4_opt(ev->req->msg, DHCP4_OPT_PRL);
	struct isc_value prl = { .len = 0 };
	size_t i;

	for (i = 0; i < ARRAY_LEN(always); i++)
		want(p, always[i]);
	if (is_plain_bootp(ev)) {
		prl.len = 0;
	} else if (o) {
		if (!isc_eval_data(ev, o->expr, &prl))
			prl.len = 0;
	} else if (asked) {
		prl.data = asked->data;
		prl.len = asked->len;
	}
	if (!prl.len) {
		want_all(ev, p);
		return;
	}
	for (i = 0; i < prl.len; i++)
		want(p, prl.data[i]);
	want(p, DHCP4_OPT_MASK);
}

/* The space that fills an option which no statement sets as a whole. */
static const struct isc_space *
space_in(struct isc_eval *ev, uint8_t code)
{
	const struct isc_option *o = isc_option_by_code(ev->t->dhcp, code);
	struct isc_value v;
	char name[64];

	if (!o || !isc_type_space(o->type, name, sizeof(name)))
		return NULL;
	if (*name)
		return isc_space_find(ev->t, name);
	if (!server_value(ev, ISC_SV_VENDOR_SPACE, &v) || v.len >= sizeof(name))
		return NULL;
	memcpy(name, v.data, v.len);
	name[v.len] = '\0';
	return isc_space_find(ev->t, name);
}

bool
isc_is_boot_option(uint32_t code)
{
	switch (code) {
	case DHCP4_OPT_ROOT_PATH: case DHCP4_OPT_VENDOR_ENCAP:
	case DHCP4_OPT_VENDOR_CLASS: case DHCP4_OPT_TFTP_SERVER:
	case DHCP4_OPT_BOOTFILE: case DHCP4_OPT_TFTP_SERVERS:
	case DHCP4_OPT_IPXE: case DHCP4_OPT_BOOT_SIZE: case DHCP4_OPT_PRL:
	case DHCP4_OPT_PXELINUX_CONFIG: case DHCP4_OPT_PXELINUX_PREFIX:
		return true;
	default:
		return false;
	}
}

static int
because_space(struct isc_eval *ev, struct answer *a, const struct isc_space *s)
{
	const struct isc_outs *outs = ev->outs[s->index];
	const struct isc_out *o;
	size_t i;
	int rc = 0;

	for (i = 0; outs && i < ISC_BUCKETS; i++) {
		for (o = outs->bucket[i]; o && rc == 0; o = o->next)
			rc = because_out(ev, a, o);
	}
	return rc;
}

static int
send_option(struct isc_eval *ev, struct answer *a, uint8_t code)
{
	const struct isc_out *o = isc_out_find(ev, ev->t->dhcp, code);
	const struct isc_space *s;
	struct sbuf b = SBUF_EMPTY;
	struct isc_value v;
	int rc = 0;

	if (code == DHCP4_OPT_PAD || code == DHCP4_OPT_END ||
	    code == DHCP4_OPT_OVERLOAD)
		return 0;
	if (o) {
		if (isc_eval_data(ev, o->expr, &v) && v.len)
			rc = dhcp4_add(&a->msg, code, v.data, v.len);
		if (rc == 0 && isc_is_boot_option(code))
			rc = because_out(ev, a, o);
		return rc;
	}
	s = space_in(ev, code);
	if (s && isc_encapsulate(ev, s, &b)) {
		rc = dhcp4_add(&a->msg, code, sbuf_str(&b), b.len);
		if (rc == 0)
			rc = because_space(ev, a, s);
	}
	sbuf_release(&b);
	return rc;
}

static int
send_options(struct isc_eval *ev, struct answer *a)
{
	const struct dhcp4_opt *relay = dhcp4_opt(ev->req->msg,
	    DHCP4_OPT_RELAY);
	struct priority p = { .n = 0 };
	size_t i;
	int rc = 0;

	prioritize(ev, &p);
	for (i = 0; i < p.n && rc == 0; i++)
		rc = send_option(ev, a, p.code[i]);
	if (rc == 0 && relay)
		rc = dhcp4_add(&a->msg, DHCP4_OPT_RELAY, relay->data,
		    relay->len);
	return rc;
}

static int
send_field(struct isc_eval *ev, struct answer *a, uint32_t code, uint8_t *to,
    size_t cap)
{
	struct isc_value v;

	if (!server_value(ev, code, &v))
		return 0;
	memcpy(to, v.data, min_size(v.len, cap));
	return because_out(ev, a, isc_out_find(ev, ev->t->server, code));
}

/* A name, or left to the part of the configuration that was not read. */
static bool
is_unknown(const struct isc_subnet *s, const struct isc_out *o)
{
	return o ? o->expr->op == ISC_X_UNKNOWN_DATA : s->is_assumed;
}

static int
fill(struct isc_eval *ev, const struct isc_subnet *s, struct answer *a)
{
	const struct dhcp4_msg *m = ev->req->msg;
	struct isc_value v;
	int rc;

	a->msg.htype = m->htype;
	a->msg.hlen = m->hlen;
	a->msg.xid = m->xid;
	a->msg.flags = m->flags;
	a->msg.giaddr = m->giaddr;
	memcpy(a->msg.chaddr, m->chaddr, sizeof(a->msg.chaddr));
	if (ev->is_static)
		a->msg.yiaddr.s_addr = htonl(ev->leased);
	rc = put_defaults(ev, s, dhcp4_type(m));
	if (is_plain_bootp(ev))
		a->msg.siaddr = ev->req->server_ip;
	a->server_unknown = is_unknown(s, isc_out_find(ev, ev->t->server,
	    ISC_SV_NEXT_SERVER));
	if (rc == 0 && server_value(ev, ISC_SV_NEXT_SERVER, &v) && v.len >= 4) {
		a->msg.siaddr.s_addr = htonl(value_u32(&v));
		rc = because_out(ev, a, isc_out_find(ev, ev->t->server,
		    ISC_SV_NEXT_SERVER));
	}
	if (rc == 0)
		rc = send_field(ev, a, ISC_SV_FILENAME, a->msg.file,
		    sizeof(a->msg.file));
	if (rc == 0)
		rc = send_field(ev, a, ISC_SV_SERVER_NAME, a->msg.sname,
		    sizeof(a->msg.sname));
	return rc < 0 ? rc : send_options(ev, a);
}

/* What dhcpd says no to. Return: the reason, or NULL. */
static const char *
refusal(struct isc_eval *ev, struct config_pos *ret_pos)
{
	struct isc_value v;
	const struct isc_out *o;
	const char *why = NULL;
	uint32_t code = ISC_SV_MIN_SECS;

	if (server_value(ev, code, &v) && v.len &&
	    ev->req->msg->secs < v.data[0])
		why = "the client has not waited long enough";
	/* Of a host entry with an address on another network alone: unknown. */
	if (!why && !ev->host &&
	    !server_flag(ev, code = ISC_SV_BOOT_UNKNOWN, true))
		why = "the client is not known";
	if (!why && !server_flag(ev, code = ISC_SV_ALLOW_BOOTING, true))
		why = "booting is not allowed";
	if (!why && dhcp4_type(ev->req->msg) == 0 &&
	    !server_flag(ev, code = ISC_SV_ALLOW_BOOTP, true))
		why = "BOOTP is not allowed";
	o = isc_out_find(ev, ev->t->server, code);
	if (why && o && o->by)
		*ret_pos = o->by->pos;
	return why;
}

static void
run_all(struct isc_eval *ev, const struct isc_subnet *s,
    const struct isc_pool *pool, struct config_pos *ret_pos,
    const char **ret_refused)
{
	const struct isc_scope *limit = pool && pool->scope ? pool->scope :
	    s->scope;
	size_t i;

	isc_run_scope(ev, s->scope, NULL);
	if (pool && pool->scope)
		isc_run_scope(ev, pool->scope, s->scope);
	for (i = ev->n_classes; i > 0; i--)
		isc_run_scope(ev, ev->classes[i - 1]->scope, limit);
	if (ev->host)
		isc_run_scope(ev, ev->host->scope, limit);
	*ret_refused = refusal(ev, ret_pos);
}

static int
silence(struct isc_eval *ev, struct answer *a, struct config_pos pos,
    const char *why)
{
	a->answered = false;
	return pos.file ? because(ev, a, pos, why) :
	    answer_because(a, "", 0, "%s", why);
}

static int
explain_place(struct isc_eval *ev, struct answer *a,
    const struct isc_subnet *s)
{
	size_t i;
	int rc = s->is_assumed ? answer_because(a, "", 0,
	    "no network is declared: as if there were one") :
	    because(ev, a, s->pos, "on this network");

	for (i = 0; i < ev->n_classes && rc == 0; i++)
		rc = because(ev, a, ev->classes[i]->pos, "in this class");
	if (rc == 0 && ev->host)
		rc = because(ev, a, ev->host->pos, "this host");
	return rc;
}

static int
answer(struct isc_eval *ev, struct answer *a)
{
	const struct isc_subnet *s = network_of(ev);
	const struct isc_pool *pool = NULL;
	struct config_pos pos = { NULL, 0, 0 };
	const char *refused = NULL;
	int type = dhcp4_type(ev->req->msg), rc;

	if (ev->req->pxe_port)
		return silence(ev, a, pos,
		    "dhcpd does not listen on port 4011");
	if (type > DHCP4_REQUEST && type != DHCP4_INFORM)
		return silence(ev, a, pos, "this is no request for an answer");
	if (!s)
		return silence(ev, a, pos,
		    "no subnet holds the address that the request comes from");
	/* BOOTP requests are put into no class. */
	if (type)
		classify(ev);
	find_host(ev, s->shared);
	if (ev->is_static) {
		s = isc_subnet_find(ev->t, s->shared, ev->leased);
	} else if (type != DHCP4_INFORM) {
		pool = find_pool(ev, s->shared, &s);
		if (!pool)
			return silence(ev, a, s->pos,
			    "no address for this client in the network");
	}
	ev->has_lease = true;
	run_all(ev, s, pool, &pos, &refused);
	if (refused)
		return silence(ev, a, pos, refused);
	rc = explain_place(ev, a, s);
	if (rc == 0)
		rc = fill(ev, s, a);
	a->answered = rc == 0;
	return rc;
}

int
isc_answer(void *tree, const struct request *req, struct answer *ret,
    struct diag *diag)
{
	struct isc_tree *t = tree;
	struct arena scratch = ARENA_EMPTY;
	struct isc_eval ev = { .t = t, .req = req, .arena = &scratch };
	int rc;

	(void)diag;
	ev.outs = arena_alloc(&scratch, t->n_spaces * sizeof(*ev.outs));
	rc = ev.outs ? answer(&ev, ret) : -ENOMEM;
	if (rc == 0 && ev.failed)
		rc = -ENOMEM;
	arena_release(&scratch);
	return rc;
}
