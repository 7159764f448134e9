/* dnsmasq_net.c - which ranges a request's network has. */
#include "config/dnsmasq_run.h"

#include <errno.h>

static struct in_addr
mask_of(unsigned int bits)
{
	struct in_addr m = { htonl(UINT32_MAX << (32 - bits)) };

	return m;
}

/* The mask of the interface, if the range can be one of its network. */
static bool
local_mask(const struct dnsmasq_range *range, struct in_addr server,
    struct in_addr *ret)
{
	static const unsigned int bits[] = { 24, 16, 8 };

	for (size_t i = 0; i < ARRAY_LEN(bits); i++) {
		struct in_addr m = mask_of(bits[i]);

		if (!dnsmasq_same_net(range->start, range->end, m))
			continue;
		*ret = m;
		if (server.s_addr == 0 ||
		    dnsmasq_same_net(range->start, server, m))
			return true;
		if (bits[i] <= 16)
			return false;
	}
	return false;
}

/* Class A, B or C, as long ago. */
static struct in_addr
class_mask(struct in_addr a)
{
	uint32_t first = ntohl(a.s_addr) >> 24;

	return mask_of(first < 128 ? 8 : first < 192 ? 16 : 24);
}

/*
 * A range without a mask takes that of the interface, which no
 * configuration tells: the narrowest of /24 and /16 that holds the range and
 * the server is assumed. Elsewhere the mask goes by the address's class.
 */
struct in_addr
dnsmasq_mask(const struct dnsmasq_tree *t, const struct dnsmasq_range *range,
    struct in_addr server)
{
	struct in_addr m;

	(void)t;
	if (range->has_mask)
		return range->mask;
	return local_mask(range, server, &m) ? m : class_mask(range->start);
}

static bool
holds(const struct dnsmasq_run *r, const struct dnsmasq_range *range,
    struct in_addr a)
{
	struct in_addr m = dnsmasq_mask(r->tree, range, r->req->server_ip);

	return dnsmasq_same_net(a, range->start, m) &&
	    dnsmasq_same_net(a, range->end, m);
}

/* Is the range of the wire that the server itself is on? */
static bool
is_local(const struct dnsmasq_run *r, const struct dnsmasq_range *range)
{
	struct in_addr m;

	return (range->has_mask ||
	    local_mask(range, r->req->server_ip, &m)) &&
	    holds(r, range, r->req->server_ip);
}

/* An interface shares only what arrives at it, not what a relay sends. */
static bool
shares(const struct dnsmasq_run *r, const struct dnsmasq_range *range,
    struct in_addr here, bool local)
{
	for (const struct dnsmasq_shared *s = r->tree->shared; s != NULL;
	    s = s->next)
		if ((s->here.s_addr == 0 ? local :
		    s->here.s_addr == here.s_addr) &&
		    range->has_mask && holds(r, range, s->there))
			return true;
	return false;
}

/* Of the server's own wire, or of the network that @a is in. */
static size_t
collect(struct dnsmasq_run *r, struct in_addr a, bool local)
{
	size_t n = 0;

	for (struct dnsmasq_range *x = r->tree->ranges; x != NULL; x = x->next)
		if ((local ? is_local(r, x) : holds(r, x, a)) ||
		    shares(r, x, a, local))
			r->ranges[n++] = x;
	return n;
}

/*
 * The ranges of the wire that the request came from: of the interface, of
 * the relay, or of the client's own address.
 */
int
dnsmasq_pick_ranges(struct dnsmasq_run *r)
{
	const struct dhcp4_msg *msg = r->msg;
	size_t n = 0;

	for (const struct dnsmasq_range *x = r->tree->ranges; x != NULL;
	    x = x->next)
		n++;
	r->ranges = arena_alloc(&r->ret->msg.arena,
	    (n + 1) * sizeof(*r->ranges));
	if (r->ranges == NULL)
		return -ENOMEM;
	r->local = r->req->server_ip;
	if (r->subnet.s_addr != 0) {
		r->n_ranges = collect(r, r->subnet, false);
	} else if (msg->giaddr.s_addr != 0) {
		r->n_ranges = collect(r, msg->giaddr, false);
	} else {
		r->n_ranges = collect(r, r->local, true);
		if (msg->ciaddr.s_addr != 0) {
			bool mine = false;

			for (size_t i = 0; i < r->n_ranges; i++)
				mine |= holds(r, r->ranges[i], msg->ciaddr);
			n = mine ? 0 : collect(r, msg->ciaddr, false);
			if (n > 0)
				r->n_ranges = n;
			else if (!mine)
				r->n_ranges = collect(r, r->local, true);
		}
	}
	return 0;
}

static bool
in_range(const struct dnsmasq_range *x, struct in_addr a)
{
	return ntohl(a.s_addr) >= ntohl(x->start.s_addr) &&
	    ntohl(a.s_addr) <= ntohl(x->end.s_addr);
}

/* The range that a given address is of, for a machine of these tags. */
static const struct dnsmasq_range *
range_of(const struct dnsmasq_run *r, const struct dnsmasq_tags *tags,
    struct in_addr a)
{
	const struct dnsmasq_range *x;

	for (size_t i = 0; i < r->n_ranges; i++) {
		x = r->ranges[i];
		if (!x->is_static && !x->is_proxy && in_range(x, a) &&
		    dnsmasq_when_true(x->filter, tags, true))
			return x;
	}
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < r->n_ranges; i++) {
			x = r->ranges[i];
			if (dnsmasq_when_true(x->filter, tags, true) &&
			    dnsmasq_same_net(a, x->start, dnsmasq_mask(
			    r->tree, x, r->req->server_ip)) &&
			    (pass == 0 ? x->is_static : !x->is_proxy))
				return x;
		}
	return NULL;
}

/* The range that the client's address will be of; NULL: it gets none. */
const struct dnsmasq_range *
dnsmasq_pick_range(const struct dnsmasq_run *r, bool is_bootp)
{
	/* In BOOTP's case what tag-if sets does not count. */
	const struct dnsmasq_tags *tags = is_bootp ? &r->tags : &r->eff;
	struct in_addr asked;

	/* One that asks for an address to keep is of that one's range. */
	if (dhcp4_type(r->msg) != DHCP4_DISCOVER &&
	    (dhcp4_get_ip(r->msg, DHCP4_OPT_REQUESTED_IP, &asked) ||
	    (asked = r->msg->ciaddr).s_addr != 0) &&
	    range_of(r, &r->eff, asked) != NULL)
		return range_of(r, &r->eff, asked);
	if (r->host != NULL && r->host->has_addr)
		return range_of(r, tags, r->host->addr);
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < r->n_ranges; i++) {
			const struct dnsmasq_range *x = r->ranges[i];

			if (!x->is_static && !x->is_proxy &&
			    dnsmasq_when_true(x->filter, tags, pass == 1))
				return x;
		}
	return NULL;
}

/* Can it be given out, by a range that is for this machine? */
static bool
is_available(const struct dnsmasq_run *r, struct in_addr a)
{
	for (size_t i = 0; i < r->n_ranges && a.s_addr != r->local.s_addr;
	    i++) {
		const struct dnsmasq_range *x = r->ranges[i];

		if (!x->is_static && !x->is_proxy && in_range(x, a) &&
		    dnsmasq_when_true(x->filter, &r->eff, true))
			return true;
	}
	return false;
}

const char *
dnsmasq_why_not(const struct dnsmasq_run *r, struct in_addr a, bool selecting)
{
	const struct dnsmasq_host *h = r->host;
	const struct dnsmasq_key *k;
	bool own = h != NULL && h->has_addr && h->addr.s_addr == a.s_addr;

	if (range_of(r, &r->eff, a) == NULL)
		return "wrong network";
	if (!own && !is_available(r, a))
		return "address not available";
	if (!own && !selecting && h != NULL && h->has_addr)
		return "static lease available";
	k = dnsmasq_key_first(r->tree, DNSMASQ_K_ADDR, (const uint8_t *)&a,
	    sizeof(a));
	return k != NULL && k->host != h ? "address reserved" : NULL;
}

/* Who routes for the range: the server if it is there itself, or the relay. */
struct in_addr
dnsmasq_router(const struct dnsmasq_run *r)
{
	return is_local(r, r->range) ? r->local : r->msg->giaddr;
}
