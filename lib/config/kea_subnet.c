/*
 * kea_subnet.c - where a client is: its subnet, its reservations, and the
 * address it gets from a server that has given none yet.
 */
#include "config/kea_run.h"

#include "config/config_map.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = 5 + 255, CLIENT_ID_MAX = 128 };

/*
 * Subnets by number; hosts by subnet, kind of identifier and identifier, and
 * by subnet and address.
 */
struct kea_index {
	struct kea_subnet **subnets;
	size_t n_subnets;
	struct config_map hosts;
	struct config_map addresses;
};

static uint32_t
ip(struct in_addr a)
{
	return ntohl(a.s_addr);
}

static uint32_t
mask_of(const struct kea_subnet *s)
{
	return s->prefix ? ~(uint32_t)0 << (32 - min_size(s->prefix, 32)) : 0;
}

static bool
in_subnet(const struct kea_subnet *s, struct in_addr a)
{
	return (ip(a) & mask_of(s)) == (ip(s->address) & mask_of(s));
}

static bool
in_pool(const struct kea_pool *p, struct in_addr a)
{
	return ip(a) >= ip(p->first) && ip(a) <= ip(p->last);
}

/* ---------------------------------------------------------------- index */

/* Kea keeps the pools of a subnet by their first address. */
static void
sort_pools(struct kea_pool **list)
{
	struct kea_pool *p, *rest = *list, **at;

	*list = NULL;
	while (rest) {
		p = rest;
		rest = p->next;
		for (at = list; *at && ip((*at)->first) <= ip(p->first);
		    at = &(*at)->next)
			;
		p->next = *at;
		*at = p;
	}
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = (*(struct kea_subnet *const *)a)->id;
	uint32_t y = (*(struct kea_subnet *const *)b)->id;

	return (x > y) - (x < y);
}

static size_t
key_of(uint8_t key[KEY_MAX], uint32_t subnet, enum kea_host_id type,
    const uint8_t *id, size_t len)
{
	struct wr w = wr_init(key, KEY_MAX);

	wr_u32(&w, subnet);
	wr_u8(&w, (uint8_t)type);
	wr_bytes(&w, id, len);
	return w.full ? 0 : w.len;
}

static int
put(struct kea_tree *t, struct config_map *m, const uint8_t *key, size_t len,
    struct kea_host *h)
{
	char *copy;

	/* The first of equals is the one that Kea finds. */
	if (!len || config_map_get(m, key, len))
		return 0;
	copy = arena_dup(&t->arena, key, len);
	return copy ? config_map_put(m, &t->arena, copy, len, h) : -ENOMEM;
}

static size_t
address_key(uint8_t key[KEY_MAX], uint32_t subnet, struct in_addr a)
{
	struct wr w = wr_init(key, KEY_MAX);

	wr_u32(&w, subnet);
	wr_u32(&w, ip(a));
	return w.len;
}

static int
index_hosts(struct kea_tree *t, struct kea_index *x, uint32_t subnet,
    struct kea_host *h)
{
	uint8_t key[KEY_MAX];
	size_t len;
	int rc = 0;

	for (; h && rc == 0; h = h->next) {
		len = key_of(key, subnet, h->id_type, h->id, h->id_len);
		rc = put(t, &x->hosts, key, len, h);
		if (rc < 0 || !h->address.s_addr)
			continue;
		len = address_key(key, subnet, h->address);
		rc = put(t, &x->addresses, key, len, h);
	}
	return rc;
}

static const struct kea_host *
holder(const struct kea_index *x, const struct kea_subnet *s,
    struct in_addr a)
{
	uint8_t key[KEY_MAX];
	size_t len = address_key(key, s->id, a);

	return config_map_get(&x->addresses, key, len);
}

/* The lowest address of each pool that nobody has reserved. */
static void
find_free(const struct kea_index *x, struct kea_subnet *s)
{
	struct kea_pool *p;
	uint32_t a;

	for (p = s->pools; p; p = p->next) {
		for (a = ip(p->first); a <= ip(p->last); a++) {
			p->first_free.s_addr = htonl(a);
			if (!holder(x, s, p->first_free) || a == UINT32_MAX)
				break;
			p->first_free.s_addr = 0;
		}
	}
}

static void
relink(struct kea_index *x)
{
	struct kea_network *n;
	size_t i;

	/* From the last on, each in front of those of its network. */
	for (i = 0; i < x->n_subnets; i++) {
		n = x->subnets[i]->network;
		if (n)
			n->subnets = NULL;
	}
	for (i = x->n_subnets; i-- > 0;) {
		n = x->subnets[i]->network;
		if (n) {
			x->subnets[i]->next_in_network = n->subnets;
			n->subnets = x->subnets[i];
		}
	}
}

int
kea_index(struct kea_tree *t)
{
	struct kea_index *x;
	struct kea_subnet *s;
	size_t n = 0, i;
	int rc;

	if (t->index)
		return 0;
	x = arena_alloc(&t->arena, sizeof(*x));
	if (!x)
		return -ENOMEM;
	for (s = t->subnets; s; s = s->next)
		n++;
	x->subnets = arena_alloc(&t->arena, (n + 1) * sizeof(*x->subnets));
	if (!x->subnets)
		return -ENOMEM;
	for (s = t->subnets; s; s = s->next)
		x->subnets[x->n_subnets++] = s;
	if (n)
		qsort(x->subnets, n, sizeof(*x->subnets), by_number);
	rc = index_hosts(t, x, 0, t->hosts);
	for (i = 0; i < n && rc == 0; i++) {
		sort_pools(&x->subnets[i]->pools);
		rc = index_hosts(t, x, x->subnets[i]->id, x->subnets[i]->hosts);
		find_free(x, x->subnets[i]);
	}
	relink(x);
	if (rc == 0)
		t->index = x;
	return rc;
}

/* ---------------------------------------------------------------- subnet */

bool
kea_subnet_supports(const struct kea_run *r, const struct kea_subnet *s)
{
	return (!s->network || kea_supports(r, s->network->guards)) &&
	    kea_supports(r, s->guards);
}

static bool
has_relay(const struct in_addr *list, size_t n, struct in_addr a)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (list[i].s_addr == a.s_addr)
			return true;
	}
	return false;
}

/* What a subnet says of relays hides what its network says. */
static bool
is_relayed_by(const struct kea_subnet *s, struct in_addr giaddr)
{
	if (s->n_relays)
		return has_relay(s->relays, s->n_relays, giaddr);
	return s->network &&
	    has_relay(s->network->relays, s->network->n_relays, giaddr);
}

static bool
is_on(const struct kea_subnet *s, const char *iface)
{
	const char *name = s->interface && *s->interface ? s->interface :
	    s->network ? s->network->interface : NULL;

	return name && *iface && strcmp(name, iface) == 0;
}

static const struct kea_subnet *
by_address(const struct kea_run *r, struct in_addr a)
{
	const struct kea_index *x = r->t->index;
	size_t i;

	for (i = 0; i < x->n_subnets && a.s_addr; i++) {
		if (in_subnet(x->subnets[i], a) &&
		    kea_subnet_supports(r, x->subnets[i]))
			return x->subnets[i];
	}
	return NULL;
}

/* RFC 3527 of the relay, then RFC 3011 of the client. */
static struct in_addr
link_selection(const struct kea_run *r)
{
	const struct kea_value *v = kea_packet_option(&r->pkt, DHCP4_OPT_RELAY);
	struct in_addr a = { 0 };

	v = v ? kea_value_find(v->subs, 5) : NULL;
	if (!v || v->len != sizeof(a))
		v = kea_packet_option(&r->pkt, 118);
	if (v && v->len == sizeof(a))
		memcpy(&a, v->bytes, sizeof(a));
	return a;
}

const struct kea_subnet *
kea_select_subnet(const struct kea_run *r)
{
	const struct kea_index *x = r->t->index;
	struct in_addr link = link_selection(r);
	struct in_addr giaddr = r->msg->giaddr;
	size_t i;

	if (link.s_addr)
		return by_address(r, link);
	if (giaddr.s_addr) {
		for (i = 0; i < x->n_subnets; i++) {
			if (is_relayed_by(x->subnets[i], giaddr) &&
			    kea_subnet_supports(r, x->subnets[i]))
				return x->subnets[i];
		}
		return by_address(r, giaddr);
	}
	if (r->msg->ciaddr.s_addr)      /* that one was not broadcast */
		return by_address(r, r->msg->ciaddr);
	for (i = 0; i < x->n_subnets; i++) {
		if (is_on(x->subnets[i], r->pkt.iface) &&
		    kea_subnet_supports(r, x->subnets[i]))
			return x->subnets[i];
	}
	return by_address(r, r->req->server_ip);
}

const struct kea_subnet *
kea_next_subnet(const struct kea_run *r, const struct kea_subnet *first,
    const struct kea_subnet *s)
{
	if (!s->network)
		return NULL;
	for (;;) {
		s = s->next_in_network ? s->next_in_network :
		    s->network->subnets;
		if (s == first)
			return NULL;
		if (kea_subnet_supports(r, s))
			return s;
	}
}

/* ---------------------------------------------------------------- hosts */

static void
add_id(struct kea_run *r, enum kea_host_id type, const uint8_t *bytes,
    size_t len)
{
	if (len)
		r->id[r->n_ids++] = (struct kea_identifier){ type, bytes, len };
}

int
kea_identify(struct kea_run *r)
{
	const struct kea_value *id = kea_packet_option(&r->pkt,
	    DHCP4_OPT_CLIENT_ID);
	const struct kea_value *rai = kea_packet_option(&r->pkt,
	    DHCP4_OPT_RELAY);
	const struct kea_value *circuit = rai ? kea_value_find(rai->subs, 1) :
	    NULL;
	size_t i;

	/* RFC 2132 9.14 has two at least; the most is Kea's own. */
	if (id && (id->data_len < 2 || id->data_len > CLIENT_ID_MAX))
		return -EBADMSG;
	r->n_ids = 0;
	for (i = 0; i < r->t->n_id_order; i++) {
		switch (r->t->id_order[i]) {
		case KEA_ID_HW:
			add_id(r, KEA_ID_HW, r->msg->chaddr,
			    min_size(r->msg->hlen, DHCP4_CHADDR_LEN));
			break;
		case KEA_ID_DUID:       /* RFC 4361: 255, IAID, DUID */
			if (id && id->data_len > 5 && id->data[0] == 255)
				add_id(r, KEA_ID_DUID, id->data + 5,
				    id->data_len - 5);
			break;
		case KEA_ID_CIRCUIT:
			if (circuit)
				add_id(r, KEA_ID_CIRCUIT, circuit->data,
				    circuit->data_len);
			break;
		case KEA_ID_CLIENT:
			if (id)
				add_id(r, KEA_ID_CLIENT, id->data, id->data_len);
			break;
		default:                /* only a hook knows the others */
			break;
		}
	}
	return 0;
}

static const struct kea_host *
look(const struct kea_run *r, const struct kea_subnet *s, bool last_wins)
{
	const struct kea_index *x = r->t->index;
	const struct kea_host *h, *best = NULL;
	uint8_t key[KEY_MAX];
	size_t i, len;

	for (i = 0; i < r->n_ids; i++) {
		len = key_of(key, s ? s->id : 0, r->id[i].type, r->id[i].bytes,
		    r->id[i].len);
		h = len ? config_map_get(&x->hosts, key, len) : NULL;
		if (h && !last_wins)
			return h;
		if (h)
			best = h;
	}
	return best;
}

static const struct kea_host *
found_in(const struct kea_run *r, const struct kea_subnet *s)
{
	const struct kea_found *f;

	for (f = r->found; f; f = f->next) {
		if (f->subnet == s)
			return f->host;
	}
	return NULL;
}

static int
add_found(struct kea_run *r, const struct kea_subnet *s,
    const struct kea_host *h)
{
	struct kea_found *f;

	if (!h || found_in(r, s))
		return 0;
	f = arena_alloc(r->arena, sizeof(*f));
	if (!f)
		return -ENOMEM;
	*f = (struct kea_found){ s, h, r->found };
	r->found = f;
	return 0;
}

const struct kea_host *
kea_global_host(const struct kea_run *r)
{
	return r->subnet && r->subnet->reservations_global ?
	    found_in(r, NULL) : NULL;
}

const struct kea_host *
kea_current_host(const struct kea_run *r)
{
	const struct kea_host *h = NULL;

	if (r->subnet && r->subnet->reservations_in_subnet)
		h = found_in(r, r->subnet);
	return h ? h : kea_global_host(r);
}

int
kea_look_global(struct kea_run *r)
{
	return add_found(r, NULL, look(r, NULL, false));
}

int
kea_find_hosts(struct kea_run *r)
{
	const struct kea_subnet *s = r->subnet;
	const struct kea_subnet *n;
	size_t n_subnets = 0;
	bool last_wins;
	int rc = 0;

	if (!r->t->early_global_lookup && s->reservations_global) {
		rc = kea_look_global(r);
		if (rc < 0 || (found_in(r, NULL) && !s->reservations_in_subnet))
			return rc;
	}
	if (r->t->early_global_lookup && !s->reservations_in_subnet)
		return 0;
	for (n = s->network ? s->network->subnets : NULL; n;
	    n = n->next_in_network)
		n_subnets++;
	/* Kea then asks once for each kind, and the last answer stays. */
	last_wins = n_subnets > r->n_ids;
	for (; s && rc == 0; s = kea_next_subnet(r, r->subnet, s)) {
		if (kea_subnet_supports(r, s) && s->reservations_in_subnet)
			rc = add_found(r, s, look(r, s, last_wins));
	}
	return rc;
}

/* ---------------------------------------------------------------- address */

static const struct kea_pool *
pool_of(const struct kea_subnet *s, struct in_addr a)
{
	const struct kea_pool *p;

	for (p = s->pools; p; p = p->next) {
		if (in_pool(p, a))
			return p;
	}
	return NULL;
}

static bool
by_reservation(struct kea_run *r)
{
	const struct kea_subnet *first = r->subnet, *s;
	const struct kea_host *h;
	bool looked = false;

	for (s = first; s; s = kea_next_subnet(r, first, s)) {
		if (!looked && s->reservations_global) {
			h = found_in(r, NULL);
			if (h && h->address.s_addr)
				break;
			looked = true;
		}
		h = s->reservations_in_subnet ? found_in(r, s) : NULL;
		if (h && h->address.s_addr && (!s->reservations_out_of_pool ||
		    !pool_of(s, h->address))) {
			r->subnet = s;
			break;
		}
	}
	h = s ? kea_current_host(r) : NULL;
	if (!h)
		return false;
	r->address = h->address;
	r->pool = pool_of(r->subnet, r->address);
	return r->address.s_addr != 0;
}

static bool
keeps_reserved(const struct kea_subnet *s)
{
	return s->reservations_in_subnet && !s->reservations_out_of_pool;
}

/* Is the address, of a pool, reserved for somebody else? */
static bool
is_reserved(const struct kea_run *r, const struct kea_subnet *s,
    struct in_addr a)
{
	const struct kea_host *h = keeps_reserved(s) ?
	    holder(r->t->index, s, a) : NULL;

	return h && h != found_in(r, s);
}

struct in_addr
kea_wish(const struct kea_run *r)
{
	const struct kea_value *v = kea_packet_option(&r->pkt,
	    DHCP4_OPT_REQUESTED_IP);
	struct in_addr a = r->msg->ciaddr;

	if (v && v->len == sizeof(a))
		memcpy(&a, v->bytes, sizeof(a));
	return a;
}

static bool
by_wish(struct kea_run *r)
{
	const struct kea_subnet *first = r->subnet, *s;
	struct in_addr a = kea_wish(r);
	const struct kea_pool *p;

	for (s = a.s_addr ? first : NULL; s; s = kea_next_subnet(r, first, s)) {
		for (p = s->pools; p; p = p->next) {
			if (!in_pool(p, a) || !kea_supports(r, p->guards))
				continue;
			r->subnet = s;
			if (is_reserved(r, s, a))
				return false;
			r->address = a;
			r->pool = p;
			return true;
		}
	}
	return false;
}

/* The lowest address of it that is nobody else's; 0: none. */
static struct in_addr
free_of(const struct kea_run *r, const struct kea_subnet *s,
    const struct kea_pool *p)
{
	const struct kea_host *own = found_in(r, s);

	if (!keeps_reserved(s))
		return p->first;
	if (own && own->address.s_addr && in_pool(p, own->address) &&
	    (!p->first_free.s_addr || ip(own->address) < ip(p->first_free)))
		return own->address;
	return p->first_free;
}

static bool
from_pool(struct kea_run *r, const struct kea_subnet *s,
    const struct kea_pool *p)
{
	struct in_addr a = { 0 };

	if (kea_supports(r, p->guards))
		a = free_of(r, s, p);
	if (!a.s_addr)
		return false;
	r->address = a;
	r->pool = p;
	r->subnet = s;
	return true;
}

/* A new server believes to have given the last address of each subnet. */
static bool
from_subnet(struct kea_run *r, const struct kea_subnet *s)
{
	struct in_addr end = { htonl(ip(s->address) | ~mask_of(s)) };
	const struct kea_pool *p, *first = s->pools;

	for (p = s->pools; p; p = p->next) {
		if (in_pool(p, end) && kea_supports(r, p->guards))
			first = p;
	}
	for (p = first; p; p = p->next) {
		if (from_pool(r, s, p))
			return true;
	}
	for (p = s->pools; p && p != first; p = p->next) {
		if (from_pool(r, s, p))
			return true;
	}
	return false;
}

bool
kea_allocate(struct kea_run *r)
{
	const struct kea_subnet *first, *s;

	if (!kea_subnet_supports(r, r->subnet))
		r->subnet = kea_next_subnet(r, r->subnet, r->subnet);
	if (!r->subnet)
		return false;
	if (by_reservation(r) || by_wish(r))
		return true;
	first = r->subnet;
	for (s = first; s; s = kea_next_subnet(r, first, s)) {
		if (from_subnet(r, s))
			return true;
	}
	return false;
}
