/* dnsmasq_list.c - what a configuration asks of requests, and knows. */
#include "config/dnsmasq_tree.h"

#include <errno.h>

enum { OPT_SUBNET_SELECT = 118, OPT_VI_VENDOR = 124 };

int
dnsmasq_gap(struct dnsmasq_tree *t, struct config_pos pos, bool is_unread,
    const char *text)
{
	struct config_gap *g = config_list_add(&t->gap_list, sizeof(*g));

	if (g == NULL)
		return -ENOMEM;
	*g = (struct config_gap){ pos, text, is_unread };
	return 0;
}

int
dnsmasq_remark(struct dnsmasq_tree *t, const char *fault,
    struct config_pos pos, const char *text)
{
	struct config_remark *r;

	if (text == NULL)
		return -ENOMEM;
	if (t->remark_list.n >= DNSMASQ_REMARKS_MAX)
		return 0;
	r = config_list_add(&t->remark_list, sizeof(*r));
	if (r == NULL)
		return -ENOMEM;
	*r = (struct config_remark){ .fault = fault, .pos = pos,
	    .text = text };
	return 0;
}

static int
add_literal(struct dnsmasq_tree *t, struct config_literal x)
{
	struct config_literal *l = config_list_add(&t->literal_list, sizeof(*l));

	if (l == NULL)
		return -ENOMEM;
	*l = x;
	return 0;
}

static int
option_literals(struct dnsmasq_tree *t)
{
	int rc = 0;

	for (const struct dnsmasq_option *o = t->matches; o != NULL && rc == 0;
	    o = o->next) {
		struct config_literal x = { .field = CONFIG_F_OPTION,
		    .code = o->flags & DNSMASQ_O_VI ? OPT_VI_VENDOR :
		    (uint8_t)o->code, .bytes = o->data, .len = o->len,
		    .is_prefix = (o->flags & DNSMASQ_O_HEX) != 0,
		    .pos = o->pos };

		rc = add_literal(t, x);
	}
	/* What a vendor option is for is compared too. */
	for (const struct dnsmasq_option *o = t->options; o != NULL && rc == 0;
	    o = o->next) {
		struct config_literal x = { .field = CONFIG_F_OPTION,
		    .code = DHCP4_OPT_VENDOR_CLASS, .pos = o->pos };

		if (!(o->flags & DNSMASQ_O_VENDOR) || o->vendor == NULL)
			continue;
		x.bytes = (const uint8_t *)o->vendor;
		x.len = strlen(o->vendor);
		rc = add_literal(t, x);
	}
	return rc;
}

static int
class_literals(struct dnsmasq_tree *t)
{
	static const uint8_t codes[] = { DHCP4_OPT_VENDOR_CLASS,
	    DHCP4_OPT_USER_CLASS, DHCP4_OPT_RELAY, DHCP4_OPT_RELAY,
	    DHCP4_OPT_RELAY };
	static const uint8_t subs[] = { 0, 0, 1, 2, 6 };
	int rc = 0;

	for (const struct dnsmasq_class *c = t->classes; c != NULL && rc == 0;
	    c = c->next) {
		struct config_literal x = { .field = CONFIG_F_OPTION,
		    .code = codes[c->kind], .sub = subs[c->kind],
		    .bytes = c->data, .len = c->len, .pos = c->pos };

		rc = add_literal(t, x);
	}
	for (const struct dnsmasq_mac *m = t->macs; m != NULL && rc == 0;
	    m = m->next) {
		struct config_literal x = { .field = CONFIG_F_HARDWARE,
		    .bytes = m->bytes, .len = m->len, .pos = m->pos };

		rc = add_literal(t, x);
	}
	for (const struct dnsmasq_name *n = t->names; n != NULL && rc == 0;
	    n = n->next) {
		struct config_literal x = { .field = CONFIG_F_OPTION,
		    .code = DHCP4_OPT_HOSTNAME, .ignore_case = true,
		    .is_prefix = n->is_prefix,
		    .bytes = (const uint8_t *)n->name,
		    .len = n->len, .pos = n->pos };

		rc = add_literal(t, x);
	}
	return rc;
}

/* A pxe-service asks for the architecture, a menu for the vendor class. */
static int
service_literals(struct dnsmasq_tree *t)
{
	int rc = 0;

	for (const struct dnsmasq_service *s = t->services;
	    s != NULL && rc == 0;
	    s = s->next) {
		struct config_literal x = { .field = CONFIG_F_OPTION,
		    .code = DHCP4_OPT_ARCH, .len = 2, .pos = s->pos };
		uint8_t wire[2] = { (uint8_t)(s->arch >> 8), (uint8_t)s->arch };

		x.bytes = (uint8_t *)arena_dup(&t->arena, wire, sizeof(wire));
		rc = x.bytes != NULL ? add_literal(t, x) : -ENOMEM;
	}
	return rc;
}

static int
list_hosts(struct dnsmasq_tree *t)
{
	for (struct dnsmasq_host *h = t->hosts; h != NULL; h = h->next) {
		struct config_host *x = config_list_add(&t->host_list, sizeof(*x));

		if (x == NULL || dnsmasq_alike(t, h) < 0)
			return -ENOMEM;
		x->alike = h->alike;
		x->name = h->name;
		x->pos = h->pos;
		x->client_id = h->client_id;
		x->client_id_len = h->client_id_len;
		for (const struct dnsmasq_mac *m = h->macs; m != NULL;
		    m = m->next)
			if (m->len == MAC_LEN) {
				x->has_mac = true;
				memcpy(x->mac, m->bytes, MAC_LEN);
			}
	}
	return 0;
}

static const char *
network_name(struct dnsmasq_tree *t, struct in_addr net, struct in_addr mask)
{
	char text[IP_TEXT_MAX];

	return arena_printf(&t->arena, "%s/%d", ipv4_format(net, text),
	    __builtin_popcount(mask.s_addr));
}

/* One network for each different one among the ranges. */
static int
list_networks(struct dnsmasq_tree *t)
{
	for (const struct dnsmasq_range *r = t->ranges; r != NULL;
	    r = r->next) {
		struct in_addr mask = dnsmasq_mask(t, r, t->server_ip);
		struct in_addr net = { r->start.s_addr & mask.s_addr };
		struct config_network *x = t->network_list.rows;
		bool known = false;
		const char *name = network_name(t, net, mask);

		if (name == NULL)
			return -ENOMEM;
		for (size_t i = 0; i < t->network_list.n && !known; i++)
			known = strcmp(x[i].name, name) == 0;
		if (known)
			continue;
		x = config_list_add(&t->network_list, sizeof(*x));
		if (x == NULL)
			return -ENOMEM;
		x->name = name;
		x->pos = r->pos;
		if ((t->server_ip.s_addr & mask.s_addr) == net.s_addr)
			x->server_ip = t->server_ip;
		else if (t->server_ip.s_addr != 0)
			x->giaddr.s_addr = net.s_addr | htonl(1);
		else
			x->server_ip.s_addr = net.s_addr | htonl(1);
	}
	return 0;
}

static int
list_wild(struct dnsmasq_tree *t)
{
	size_t n = 0;

	t->wild_hosts = arena_alloc(&t->arena,
	    (t->n_wild_hosts + 1) * sizeof(*t->wild_hosts));
	if (t->wild_hosts == NULL)
		return -ENOMEM;
	for (struct dnsmasq_host *h = t->hosts; h != NULL; h = h->next)
		if (h->has_wild && n < t->n_wild_hosts)
			t->wild_hosts[n++] = h;
	return 0;
}

int
dnsmasq_lists(struct dnsmasq_tree *t)
{
	int rc = list_wild(t);

	if (rc == 0)
		rc = option_literals(t);
	if (rc == 0)
		rc = class_literals(t);
	if (rc == 0)
		rc = service_literals(t);
	if (rc == 0)
		rc = list_hosts(t);
	if (rc == 0)
		rc = list_networks(t);
	return rc == 0 ? dnsmasq_remarks(t) : rc;
}
