/*
 * One captured message made into a persona that sends the same.
 */
#include "client/learn_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
	FIXED_MAX = 64,
	ORDER_MAX = 255,
	PREFIX_MAX = 16,                /* "PXEClient", "HTTPClient" */
	FEATURES_HEAD = 2 + BUS_ID_LEN, /* 175 begins with the card's number */
};

/* ------------------------------------------------- whom it is most like */

static bool
same_codes(const uint8_t *a, const uint8_t *b)
{
	return a && b && strcmp((const char *)a, (const char *)b) == 0;
}

static bool
same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/*
 * What a server may look at weighs most: which class, which architecture,
 * whether it is an iPXE. Lists and orders tell builds of the same apart.
 */
static unsigned int
likeness(const struct persona *a, const struct persona *b)
{
	unsigned int n = 0;

	if (same_text(a->vendor_class, b->vendor_class))
		n += 16;
	if (a->has_arch == b->has_arch && a->arch == b->arch)
		n += 8;
	if ((a->features != NULL) == (b->features != NULL))
		n += 8;
	if (same_text(a->user_class, b->user_class))
		n += 8;
	if (same_codes(a->discover_order, b->discover_order))
		n += 12;
	if (a->prl_len == b->prl_len && (a->prl_len == 0 ||
	    memcmp(a->prl, b->prl, a->prl_len) == 0))
		n += 6;
	if (a->features_len == b->features_len && (a->features_len <=
	    FEATURES_HEAD || memcmp(a->features + FEATURES_HEAD,
	    b->features + FEATURES_HEAD, a->features_len - FEATURES_HEAD) == 0))
		n += 2;
	if (a->broadcast == b->broadcast)
		n++;
	return n;
}

static const struct persona *
most_like(const struct persona *p)
{
	size_t n;
	const struct persona *const *rows = persona_rows(&n);
	const struct persona *best = NULL;
	unsigned int most = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned int like = rows[i]->discover_order ?
		    likeness(p, rows[i]) : 0;

		if (like > most) {
			most = like;
			best = rows[i];
		}
	}
	return best;
}

/* ------------------------------------------------- options */

/* The codes in wire order, ending with 0; NULL: out of memory. */
static const uint8_t *
order_of(struct arena *a, const struct dhcp4_msg *m)
{
	uint8_t codes[ORDER_MAX + 1];
	size_t n = 0;

	for (size_t i = 0; i < m->n_opts && n < ORDER_MAX; i++) {
		/* the writer sets 52 where it is needed */
		if (m->opts[i].code != DHCP4_OPT_OVERLOAD)
			codes[n++] = m->opts[i].code;
	}
	codes[n] = 0;
	return (const uint8_t *)arena_dup(a, codes, n + 1);
}

static bool
is_text(const struct dhcp4_opt *o)
{
	return o->len > 0 && !memchr(o->data, 0, o->len);
}

/* 60 as our own writer would put it together, or as a whole. */
static bool
take_class(struct arena *a, struct persona *p, const struct dhcp4_opt *o)
{
	char whole[128];
	const char *text = arena_dup(a, o->data, o->len);
	const char *colon = text ? strchr(text, ':') : NULL;

	if (!text || !is_text(o))
		return false;
	p->vendor_class = text;
	p->plain_class = true;
	if (!colon || colon - text > PREFIX_MAX || !p->has_arch)
		return true;
	(void)snprintf(whole, sizeof(whole), "%.*s:Arch:%05u:UNDI:%03u%03u",
	    (int)(colon - text), text, p->arch, p->undi[1], p->undi[2]);
	if (strcmp(whole, text) != 0)
		return true;
	p->vendor_class = arena_dup(a, text, (size_t)(colon - text));
	p->plain_class = false;
	return p->vendor_class != NULL;
}

/* 61 of the MAC address is made anew for another one; others are kept. */
static bool
take_client_id(struct arena *a, struct learnt *c, const struct dhcp4_opt *o)
{
	if (o->len == 1 + MAC_LEN && o->data[0] == 1 &&
	    memcmp(o->data + 1, c->machine.mac, MAC_LEN) == 0)
		return true;
	c->machine.client_id = (const uint8_t *)arena_dup(a, o->data, o->len);
	c->machine.client_id_len = o->len;
	return c->machine.client_id != NULL;
}

static bool
take_u16(const struct dhcp4_opt *o, uint16_t *ret)
{
	if (o->len != 2)
		return false;
	*ret = (uint16_t)(o->data[0] << 8 | o->data[1]);
	return true;
}

/*
 * An option that a persona or a machine has a place for. False: it is to be
 * sent as it is.
 */
static bool
take_known(struct arena *a, struct learnt *c, const struct dhcp4_opt *o)
{
	struct persona *p = &c->persona;

	switch (o->code) {
	case DHCP4_OPT_MSG_TYPE:
		return true;
	case DHCP4_OPT_SERVER_ID:
	case DHCP4_OPT_REQUESTED_IP:
		return o->len == sizeof(struct in_addr);
	case DHCP4_OPT_MAX_SIZE:
		return take_u16(o, &p->discover_max_size);
	case DHCP4_OPT_ARCH:
		p->has_arch = take_u16(o, &p->arch);
		return p->has_arch;
	case DHCP4_OPT_UNDI:
		if (o->len == sizeof(p->undi))
			memcpy(p->undi, o->data, sizeof(p->undi));
		return o->len == sizeof(p->undi);
	case DHCP4_OPT_PRL:
		p->prl = (const uint8_t *)arena_dup(a, o->data, o->len);
		p->prl_len = p->prl ? o->len : 0;
		return p->prl != NULL;
	case DHCP4_OPT_USER_CLASS:
		if (is_text(o))
			p->user_class = arena_dup(a, o->data, o->len);
		return p->user_class != NULL;
	case DHCP4_OPT_UUID:
		c->machine.has_uuid = o->len == 1 + UUID_LEN && o->data[0] == 0;
		if (c->machine.has_uuid)
			uuid_swap(o->data + 1, c->machine.uuid);
		return c->machine.has_uuid;
	case DHCP4_OPT_IPXE:
		p->features = (const uint8_t *)arena_dup(a, o->data, o->len);
		p->features_len = p->features ? o->len : 0;
		return p->features != NULL;
	case DHCP4_OPT_CLIENT_ID:
		return take_client_id(a, c, o);
	case DHCP4_OPT_HOSTNAME:
		if (is_text(o))
			c->machine.hostname = arena_dup(a, o->data, o->len);
		return c->machine.hostname != NULL;
	default:
		return false;
	}
}

static int
take_options(struct learn *l, struct learnt *c, const struct dhcp4_msg *m)
{
	struct persona_opt fixed[FIXED_MAX];
	const struct dhcp4_opt *class = dhcp4_opt(m, DHCP4_OPT_VENDOR_CLASS);
	size_t n = 0;

	for (size_t i = 0; i < m->n_opts; i++) {
		const struct dhcp4_opt *o = &m->opts[i];

		if (o == class || take_known(&l->arena, c, o) ||
		    n == FIXED_MAX || o->len > UINT8_MAX)
			continue;
		fixed[n].code = o->code;
		fixed[n].len = (uint8_t)o->len;
		fixed[n].data = (const uint8_t *)arena_dup(&l->arena, o->data,
		    o->len);
		if (!fixed[n++].data)
			return -ENOMEM;
	}
	/* the class is made of the architecture, which must be known first */
	if (class && !take_class(&l->arena, &c->persona, class) &&
	    n < FIXED_MAX && class->len <= UINT8_MAX) {
		fixed[n].code = class->code;
		fixed[n].len = (uint8_t)class->len;
		fixed[n++].data = (const uint8_t *)arena_dup(&l->arena,
		    class->data, class->len);
	}
	c->persona.fixed = (const struct persona_opt *)(void *)
	    arena_dup(&l->arena, fixed, n * sizeof(fixed[0]));
	c->persona.n_fixed = n;
	return c->persona.fixed ? 0 : -ENOMEM;
}

/* ------------------------------------------------- messages */

/* @order less 43 and 54, which depend on what is asked. */
static void
bare_order(const uint8_t *order, char ret[ORDER_MAX + 1])
{
	size_t n = 0;

	for (; *order && n < ORDER_MAX; order++) {
		if (*order != DHCP4_OPT_VENDOR_ENCAP &&
		    *order != DHCP4_OPT_SERVER_ID)
			ret[n++] = (char)*order;
	}
	ret[n] = '\0';
}

/* An order that was not seen: the base's, if it is of the same kind. */
static const uint8_t *
guess_order(struct learn *l, const struct learnt *c, const uint8_t *of_base,
    const uint8_t *tail)
{
	uint8_t codes[2 * ORDER_MAX];
	size_t n = strlen((const char *)c->persona.discover_order);
	size_t more = strlen((const char *)tail);

	if (of_base && same_codes(c->persona.discover_order,
	    c->base->discover_order))
		return of_base;
	memcpy(codes, c->persona.discover_order, n);
	memcpy(codes + n, tail, more + 1);
	return (const uint8_t *)arena_dup(&l->arena, codes, n + more + 1);
}

/* Zeros after END, up to the length that all messages have. */
static void
take_padding(struct learnt *c, const struct packet *p)
{
	size_t len = p->frame.payload.left;

	if (len > 0 && p->frame.payload.p[len - 1] == 0 &&
	    (c->persona.pad_to == 0 || len < c->persona.pad_to))
		c->persona.pad_to = (uint16_t)len;
}

/* What no capture shows is as the base has it. */
static void
take_base(struct persona *p, const struct persona *base)
{
	struct persona seen = *p;

	*p = *base;
	p->name = seen.name;
	p->title = seen.title;
	p->is_loaded = false;
	p->has_arch = seen.has_arch;
	p->arch = seen.arch;
	memcpy(p->undi, seen.undi, sizeof(p->undi));
	p->vendor_class = seen.vendor_class;
	p->plain_class = seen.plain_class;
	p->user_class = seen.user_class;
	p->prl = seen.prl;
	p->prl_len = seen.prl_len;
	p->features = seen.features;
	p->features_len = seen.features_len;
	p->discover_max_size = p->request_max_size = seen.discover_max_size;
	if (base->discover_max_size == seen.discover_max_size)
		p->request_max_size = base->request_max_size;
	p->uuid = NULL;
	p->fixed = seen.fixed;
	p->n_fixed = seen.n_fixed;
	p->file = seen.file;
	p->discover_order = seen.discover_order;
	p->broadcast = seen.broadcast;
	p->pad_to = seen.pad_to;
	p->ttl = seen.ttl;
}

int
learn_discover(struct learn *l, struct learnt *c, const struct packet *p)
{
	static const uint8_t request_tail[] = { 54, 50, 0 };
	static const uint8_t proxy_tail[] = { 54, 43, 0 };
	const struct dhcp4_msg *m = &p->dhcp4;
	struct persona *q = &c->persona;
	int rc;

	memcpy(c->machine.mac, m->chaddr, MAC_LEN);
	q->name = arena_printf(&l->arena, "learnt-%zu", l->n + 1);
	q->discover_order = order_of(&l->arena, m);
	if (!q->name || !q->discover_order)
		return -ENOMEM;
	rc = take_options(l, c, m);
	if (rc < 0)
		return rc;
	if (m->file[0] && !(m->overload & 1))
		q->file = arena_dup(&l->arena, m->file, strnlen(
		    (const char *)m->file, sizeof(m->file)));
	q->broadcast = m->flags & DHCP4_FLAG_BROADCAST;
	q->ttl = p->frame.ttl;
	take_padding(c, p);
	c->base = most_like(q);
	q->title = arena_printf(&l->arena, "as captured in frame %llu, most "
	    "like %s", (unsigned long long)p->number, c->base->name);
	take_base(q, c->base);
	q->request_order = guess_order(l, c, c->base->request_order,
	    request_tail);
	q->proxy_order = guess_order(l, c, c->base->proxy_order, proxy_tail);
	return q->title && q->request_order && q->proxy_order ? 0 : -ENOMEM;
}

/* The list of a client that has none in its DISCOVER, as GRUB's. */
static void
take_late_prl(struct learn *l, struct persona *p, const struct dhcp4_msg *m)
{
	const struct dhcp4_opt *o = dhcp4_opt(m, DHCP4_OPT_PRL);

	if (!o || p->prl_len > 0)
		return;
	p->prl = (const uint8_t *)arena_dup(&l->arena, o->data, o->len);
	p->prl_len = p->prl ? o->len : 0;
}

int
learn_request(struct learn *l, struct learnt *c, const struct packet *p)
{
	bool pxe = p->frame.dport == DHCP4_PXE_PORT;
	const struct dhcp4_opt *size = dhcp4_opt(&p->dhcp4, DHCP4_OPT_MAX_SIZE);
	const uint8_t *order = order_of(&l->arena, &p->dhcp4);
	char seen[ORDER_MAX + 1], have[ORDER_MAX + 1];

	if (!order)
		return -ENOMEM;
	take_padding(c, p);
	if (!pxe) {
		c->persona.request_order = order;
		if (size)
			(void)take_u16(size, &c->persona.request_max_size);
		take_late_prl(l, &c->persona, &p->dhcp4);
		return 0;
	}
	c->persona.proxy_port = p->frame.sport;
	bare_order(order, seen);
	bare_order(c->persona.proxy_order, have);
	if (strcmp(seen, have) != 0)
		c->persona.proxy_order = order;
	return 0;
}
