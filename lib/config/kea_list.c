/* kea_list.c - the lists that config_ops hands out, from a finished tree. */
#include "config/kea_parse.h"

#include "wire/dhcp4.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int
add_note(struct kea_tree *t, struct kea_note **list, size_t *n,
    struct kea_note note)
{
	struct kea_note *to = arena_alloc(&t->arena, sizeof(*to));

	if (!to || !note.text)
		return -ENOMEM;
	*to = note;
	to->next = *list;
	*list = to;
	++*n;
	return 0;
}

int
kea_gap(struct kea_tree *t, struct config_pos pos, const char *text)
{
	struct kea_note note = { .pos = pos, .text = text };

	return add_note(t, &t->gaps, &t->n_gaps, note);
}

static int
remark(struct kea_tree *t, struct kea_note note, const char *fmt, va_list ap)
{
	char text[DIAG_TEXT_MAX];

	(void)vsnprintf(text, sizeof(text), fmt, ap);
	note.text = arena_strdup(&t->arena, text);
	return add_note(t, &t->remarks, &t->n_remarks, note);
}

int
kea_remark(struct kea_tree *t, const char *fault, struct config_pos pos,
    const char *fmt, ...)
{
	struct kea_note note = { .fault = fault, .pos = pos };
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = remark(t, note, fmt, ap);
	va_end(ap);
	return rc;
}

int
kea_hint(struct kea_tree *t, const char *fault, struct config_pos pos,
    const char *fmt, ...)
{
	struct kea_note note = { .fault = fault, .pos = pos, .is_hint = true };
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = remark(t, note, fmt, ap);
	va_end(ap);
	return rc;
}

static int
list_notes(struct kea_tree *t)
{
	size_t i = t->n_gaps;

	t->gap_list = arena_alloc(&t->arena, (i + 1) * sizeof(*t->gap_list));
	t->remark_list = arena_alloc(&t->arena,
	    (t->n_remarks + 1) * sizeof(*t->remark_list));
	if (!t->gap_list || !t->remark_list)
		return -ENOMEM;
	for (const struct kea_note *n = t->gaps; n; n = n->next)
		t->gap_list[--i] = (struct config_gap){
			.pos = n->pos, .text = n->text,
		};
	i = t->n_remarks;
	for (const struct kea_note *n = t->remarks; n; n = n->next)
		t->remark_list[--i] = (struct config_remark){
			.fault = n->fault, .pos = n->pos, .text = n->text,
			.depends = n->is_hint ||
			    strcmp(n->fault, "config-rejected") == 0,
		};
	return 0;
}

/*
 * Literals come one by one and are counted first. An expression that looks
 * at who a client is makes every reservation one of its own.
 */
struct literals {
	struct kea_tree *t;
	size_t n;
	bool by_client;
};

static int
take_literal(void *ctx, const struct config_literal *l)
{
	struct literals *to = ctx;

	if (l->field == CONFIG_F_HARDWARE || l->field == CONFIG_F_OTHER ||
	    (l->field == CONFIG_F_OPTION && l->code == DHCP4_OPT_CLIENT_ID))
		to->by_client = true;
	if (to->t->literals) {
		struct config_literal *c = &to->t->literals[to->n];

		*c = *l;
		if (l->len > 0)
			c->bytes = (const uint8_t *)arena_dup(&to->t->arena,
			    l->bytes, l->len);
		if (l->len > 0 && !c->bytes)
			return -ENOMEM;
	}
	to->n++;
	return 0;
}

static int
take_literals(struct literals *to)
{
	int rc = 0;

	to->n = 0;
	for (const struct kea_class *c = to->t->classes; c && rc == 0;
	    c = c->next) {
		if (c->test)
			rc = kea_expr_literals(c->test, take_literal, to);
	}
	return rc;
}

static int
list_literals(struct kea_tree *t, bool *ret_by_client)
{
	struct literals to = { .t = t };
	int rc = take_literals(&to);

	if (rc < 0)
		return rc;
	*ret_by_client = to.by_client;
	t->literals = arena_alloc(&t->arena,
	    (to.n + 1) * sizeof(*t->literals));
	if (!t->literals)
		return -ENOMEM;
	rc = take_literals(&to);
	t->n_literals = to.n;
	return rc;
}

static uint32_t
mask_of(const struct kea_subnet *s)
{
	return s->prefix ? ~0u << (32 - s->prefix) : 0;
}

static bool
is_inside(const struct kea_subnet *s, struct in_addr a)
{
	return a.s_addr && ((ntohl(a.s_addr) ^ ntohl(s->address.s_addr)) &
	    mask_of(s)) == 0;
}

/* By a relay that it names, or taken to be its first address; or here. */
static int
list_network(struct kea_tree *t, const struct kea_subnet *s,
    struct config_network *to)
{
	char text[IP_TEXT_MAX];
	uint32_t net = ntohl(s->address.s_addr) & mask_of(s);

	ipv4_format(s->address, text);
	to->name = arena_printf(&t->arena, "%s/%u%s%s%s", text, s->prefix,
	    s->network ? " (" : "", s->network ? s->network->name : "",
	    s->network ? ")" : "");
	to->pos = s->level.pos;
	to->giaddr.s_addr = htonl(s->prefix < 31 ? net + 1 : net);
	if (s->n_relays > 0)
		to->giaddr = s->relays[0];
	else if (s->network && s->network->n_relays > 0)
		to->giaddr = s->network->relays[0];
	if (is_inside(s, t->server_ip)) {
		to->server_ip = t->server_ip;
		to->giaddr.s_addr = 0;
	}
	return to->name ? 0 : -ENOMEM;
}

static int
list_networks(struct kea_tree *t)
{
	const struct kea_subnet *s;
	size_t n = 0;
	int rc = 0;

	for (s = t->subnets; s; s = s->next)
		n++;
	t->network_list = arena_alloc(&t->arena,
	    (n + 1) * sizeof(*t->network_list));
	if (!t->network_list)
		return -ENOMEM;
	for (s = t->subnets; s && rc == 0; s = s->next)
		rc = list_network(t, s, &t->network_list[t->n_networks++]);
	return rc;
}

/* By the interface that it names, or a relay that has its first address. */
static int
list_links(struct kea_tree *t)
{
	char text[INET6_ADDRSTRLEN];
	const struct kea_subnet *s;
	size_t n = 0;

	for (s = t->subnets; s; s = s->next)
		n++;
	t->link_list = arena_alloc(&t->arena, (n + 1) * sizeof(*t->link_list));
	if (!t->link_list)
		return -ENOMEM;
	for (s = t->subnets; s; s = s->next) {
		struct config_link *to = &t->link_list[t->n_links++];

		(void)inet_ntop(AF_INET6, &s->address6, text, sizeof(text));
		to->name = arena_printf(&t->arena, "%s/%u", text, s->prefix);
		to->pos = s->level.pos;
		to->iface = s->interface && *s->interface ? s->interface :
		    s->network ? s->network->interface : NULL;
		if (!to->iface || !*to->iface)
			to->addr = s->address6;
		if (!to->name)
			return -ENOMEM;
	}
	return 0;
}

static const char *
host_name(struct kea_tree *t, const struct kea_host *h)
{
	struct sbuf b = SBUF_EMPTY;
	const char *name;

	if (h->hostname && *h->hostname)
		return h->hostname;
	sbuf_hex(&b, h->id, h->id_len, ":");
	name = arena_strdup(&t->arena, sbuf_str(&b));
	sbuf_release(&b);
	return name;
}

/* In option 61 a DUID stands behind its type and an IAID (RFC 4361 6.1). */
static int
set_client_id(struct kea_tree *t, const struct kea_host *h,
    struct config_host *to)
{
	static const uint8_t head[] = { 255, 0, 0, 0, 1 };
	uint8_t *id;

	to->client_id = h->id;
	to->client_id_len = h->id_len;
	if (h->id_type == KEA_ID_CLIENT)
		return 0;
	id = arena_alloc(&t->arena, sizeof(head) + h->id_len);
	if (!id)
		return -ENOMEM;
	memcpy(id, head, sizeof(head));
	if (h->id_len)
		memcpy(id + sizeof(head), h->id, h->id_len);
	to->client_id = id;
	to->client_id_len = sizeof(head) + h->id_len;
	return 0;
}

/* What an answer's boot data can depend on, but for who the host is. */
static int
alike_key(const struct kea_subnet *s, const struct kea_host *h,
    struct sbuf *b)
{
	const struct kea_pool *pool = s ? s->pools : NULL;
	uint32_t a = ntohl(h->address.s_addr);

	while (pool && (a < ntohl(pool->first.s_addr) ||
	    a > ntohl(pool->last.s_addr)))
		pool = pool->next;
	sbuf_clear(b);
	sbuf_printf(b, "%d %p %p %d %x %d\n", (int)h->id_type,
	    (const void *)s, (const void *)pool, a != 0,
	    h->level.next_server.s_addr, h->level.has_next_server);
	sbuf_printf(b, "%s\n%s\n", h->level.server_hostname ?
	    h->level.server_hostname : "", h->level.boot_file_name ?
	    h->level.boot_file_name : "");
	for (const struct kea_name *n = h->classes; n; n = n->next)
		sbuf_printf(b, "%s\n", n->name);
	for (const struct kea_option *o = h->level.options; o; o = o->next) {
		sbuf_printf(b, "%s %u %d %zu ", o->space, o->code,
		    o->always_send, o->len);
		sbuf_addn(b, o->bytes, o->len);
	}
	return b->bad ? -ENOMEM : 0;
}

struct host_lister {
	struct kea_tree *t;
	struct config_map alike;
	struct sbuf key;
	bool by_client;
};

static int
set_alike(struct host_lister *l, const struct kea_subnet *s,
    const struct kea_host *h, struct config_host *to)
{
	const struct config_host *first;
	char *key;
	int rc = alike_key(s, h, &l->key);

	if (rc < 0)
		return rc;
	first = config_map_get(&l->alike, l->key.text, l->key.len);
	if (first) {
		to->alike = first->alike;
		return 0;
	}
	to->alike = (unsigned int)l->alike.n + 1;
	key = arena_dup(&l->t->arena, l->key.text, l->key.len);
	return key ? config_map_put(&l->alike, &l->t->arena, key, l->key.len,
	    to) : -ENOMEM;
}

static int
list_host(struct host_lister *l, const struct kea_subnet *s,
    const struct kea_host *h)
{
	struct config_host *to = &l->t->host_list[l->t->n_hosts];
	int rc = 0;

	if (h->id_type == KEA_ID_CIRCUIT || h->id_type == KEA_ID_FLEX)
		return kea_gap(l->t, h->level.pos, "a reservation by "
		    "circuit-id or flex-id is not asked for");
	to->name = host_name(l->t, h);
	to->pos = h->level.pos;
	to->has_mac = h->id_type == KEA_ID_HW && h->id_len == MAC_LEN;
	if (to->has_mac)
		memcpy(to->mac, h->id, MAC_LEN);
	else if (h->id_type != KEA_ID_HW)
		rc = set_client_id(l->t, h, to);
	if (rc == 0 && !l->by_client)
		rc = set_alike(l, s, h, to);
	l->t->n_hosts++;
	return to->name ? rc : -ENOMEM;
}

static int
list_hosts(struct kea_tree *t, bool by_client)
{
	struct host_lister l = { .t = t, .by_client = by_client };
	const struct kea_subnet *s;
	const struct kea_host *h;
	size_t n = 0;
	int rc = 0;

	for (h = t->hosts; h; h = h->next)
		n++;
	for (s = t->subnets; s; s = s->next)
		for (h = s->hosts; h; h = h->next)
			n++;
	t->host_list = arena_alloc(&t->arena, (n + 1) * sizeof(*t->host_list));
	if (!t->host_list)
		return -ENOMEM;
	for (h = t->hosts; h && rc == 0; h = h->next)
		rc = list_host(&l, NULL, h);
	for (s = t->subnets; s && rc == 0; s = s->next)
		for (h = s->hosts; h && rc == 0; h = h->next)
			rc = list_host(&l, s, h);
	sbuf_release(&l.key);
	return rc;
}

int
kea_list(struct kea_tree *t)
{
	bool by_client = false;
	int rc;

	if (t->is_v6) {
		rc = list_links(t);
		return rc < 0 ? rc : list_notes(t);
	}
	rc = list_literals(t, &by_client);
	if (rc == 0)
		rc = list_networks(t);
	if (rc == 0)
		rc = list_hosts(t, by_client);
	return rc < 0 ? rc : list_notes(t);
}
