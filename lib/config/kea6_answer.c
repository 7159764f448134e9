/*
 * kea6_answer.c - the boot data that kea-dhcp6 gives: options 59 and 60 and
 * all others that are configured, by classes, reservations and levels as
 * with kea-dhcp4. Addresses are not foretold, but that there is one is.
 */
#include "config/kea_run.h"

#include <errno.h>
#include <string.h>

static bool
is_unset(const struct in6_addr *a)
{
	return IN6_IS_ADDR_UNSPECIFIED(a);
}

static bool
in_subnet(const struct kea_subnet *s, const struct in6_addr *a)
{
	size_t whole = s->prefix / 8;
	unsigned int rest = s->prefix % 8;
	uint8_t mask = (uint8_t)(0xff << (8 - rest));

	return memcmp(s->address6.s6_addr, a->s6_addr, whole) == 0 &&
	    (rest == 0 || ((s->address6.s6_addr[whole] ^ a->s6_addr[whole]) &
	    mask) == 0);
}

/* By the network's interface, or the relay's address on the link. */
static bool
is_local(const struct kea_subnet *s, const char *iface)
{
	const char *name = s->interface && *s->interface ? s->interface :
	    s->network ? s->network->interface : NULL;

	return name && *iface && strcmp(name, iface) == 0;
}

static const struct kea_subnet *
select_subnet(const struct kea_run *r)
{
	const struct request6 *req = r->pkt.req6;
	const struct kea_subnet *s;

	for (s = r->t->subnets; s; s = s->next) {
		bool fits = is_unset(&req->link) ? is_local(s, req->iface) :
		    in_subnet(s, &req->link);

		if (fits && kea_subnet_supports(r, s))
			return s;
	}
	return NULL;
}

/* RFC 8415 11: the address in a DUID; else that of the link-local one. */
static void
identify(struct kea_run *r)
{
	const struct request6 *req = r->pkt.req6;
	const struct kea_value *id = kea_packet_option(&r->pkt,
	    DHCP6_OPT_CLIENTID);
	struct kea_identifier hw = { KEA_ID_HW, req->mac,
	    req->has_mac ? MAC_LEN : 0 };
	struct dhcp6_duid duid;
	size_t i;

	if (id && dhcp6_duid_parse(id->data, id->data_len, &duid) == 0 &&
	    (duid.type == DHCP6_DUID_LL || duid.type == DHCP6_DUID_LLT)) {
		hw.bytes = duid.id.p;
		hw.len = duid.id.left;
	}
	for (i = 0; i < r->t->n_id_order; i++) {
		if (r->t->id_order[i] == KEA_ID_HW && hw.len)
			r->id[r->n_ids++] = hw;
		if (r->t->id_order[i] == KEA_ID_DUID && id && id->data_len)
			r->id[r->n_ids++] = (struct kea_identifier){
			    KEA_ID_DUID, id->data, id->data_len };
	}
}

/* The reservations of the client, and the classes that follow from them. */
static int
find_client(struct kea_run *r)
{
	const struct kea_host *current;
	int rc = 0;

	identify(r);
	if (r->subnet && (r->subnet->reservations_in_subnet ||
	    r->subnet->reservations_global))
		rc = kea_find_hosts(r);
	current = kea_current_host(r);
	if (rc == 0 && current && current->classes)
		rc = kea_reclassify(r, current);
	return rc < 0 ? rc : kea_classify_known(r, r->found != NULL);
}

/* The first pool that takes the client, of the subnet or its network's. */
static bool
allocate(struct kea_run *r)
{
	const struct kea_subnet *s = r->subnet;

	for (; s; s = kea_next_subnet(r, r->subnet, s)) {
		for (const struct kea_pool *p = s->pools; p; p = p->next) {
			if (kea_supports(r, p->guards)) {
				r->subnet = s;
				r->pool = p;
				return true;
			}
		}
	}
	return false;
}

static int
send_requested(struct kea_run *r)
{
	const struct kea_value *oro = kea_packet_option(&r->pkt, DHCP6_OPT_ORO);
	struct rd list = rd_init(oro ? oro->bytes : NULL, oro ? oro->len : 0);
	int rc = 0;

	while (list.left > 0 && rc == 0) {
		uint16_t code = rd_u16(&list);

		if (code < KEA_OPTION_CODES)
			rc = kea_send_option(r, code);
	}
	return rc < 0 ? rc : kea_send_always(r);
}

static int
write_options(struct kea_run *r, struct answer6 *ret)
{
	int rc = 0;

	for (unsigned int code = 0; code < KEA_OPTION_CODES && rc == 0;
	    code++) {
		struct sbuf b = SBUF_EMPTY;

		if (!r->sent[code].value)
			continue;
		kea_value_pack(r->sent[code].value, &b);
		rc = b.bad ? -ENOMEM : dhcp6_add(&ret->msg, (uint16_t)code,
		    sbuf_str(&b), b.len);
		sbuf_release(&b);
		if (rc == 0)
			rc = kea_because_sent(r, code);
	}
	return rc;
}

static int
because(struct kea_run *r, const char *why)
{
	return reason_add(r->arena, r->reasons, "", 0, "%s", why);
}

/* The subnet's server answers in any case, if only that it has no address. */
static int
reply(struct kea_run *r, struct answer6 *ret)
{
	const struct kea_host *h = kea_current_host(r);
	bool has_address = r->subnet && allocate(r);
	int rc = r->subnet ? kea_because(r, r->subnet->level.pos, "subnet") :
	    because(r, "no subnet fits the client: it is given no address");

	if (rc == 0 && r->subnet && !has_address)
		rc = because(r, "there is no address for the client");
	if (rc == 0 && h && h->level.pos.file)
		rc = kea_because(r, h->level.pos, "reservation");
	if (rc == 0)
		rc = kea_classify_required(r);
	if (rc == 0)
		rc = kea_list_sources(r);
	if (rc == 0)
		rc = send_requested(r);
	if (rc == 0)
		rc = write_options(r, ret);
	ret->has_address = has_address;
	ret->answered = rc == 0;
	return rc;
}

static int
run(struct kea_run *r, struct answer6 *ret)
{
	int type = r->pkt.req6->msg->type;
	int rc = kea_classify(r);

	if (rc < 0)
		return rc;
	if (type != DHCP6_SOLICIT && type != DHCP6_REQUEST &&
	    type != DHCP6_INFORMATION_REQUEST)
		return because(r, "no answer: not a message of a boot");
	if (!kea_packet_option(&r->pkt, DHCP6_OPT_CLIENTID) &&
	    type != DHCP6_INFORMATION_REQUEST)
		return because(r, "no answer: the client has no identifier");
	if (kea_is_member(r, "DROP"))
		return because(r, "no answer: the client is in the class DROP");
	r->subnet = select_subnet(r);
	rc = find_client(r);
	if (rc == 0 && kea_is_member(r, "DROP"))
		return because(r, "no answer: the client is in the class DROP");
	return rc < 0 ? rc : reply(r, ret);
}

/*
 * A request of which nothing is said comes by the only interface, or one that
 * a subnet names; else through a relay, from the first subnet.
 */
static void
place(const struct kea_tree *t, struct request6 *from)
{
	const struct kea_subnet *s;

	if (from->iface[0] || !is_unset(&from->link))
		return;
	if (t->interface)
		from->iface = t->interface;
	for (s = t->subnets; s && !from->iface[0]; s = s->next) {
		if (s->interface)
			from->iface = s->interface;
		else if (s->network && s->network->interface)
			from->iface = s->network->interface;
	}
	if (!from->iface[0] && t->subnets)
		from->link = t->subnets->address6;
}

int
kea6_answer(void *tree, const struct request6 *req, struct answer6 *ret,
    struct diag *diag)
{
	struct kea_tree *t = tree;
	struct kea_run *r = arena_alloc(&ret->msg.arena, sizeof(*r));
	struct request6 from = *req;
	struct diag why = { .text = "" };
	int rc;

	if (!r)
		return -ENOMEM;
	place(t, &from);
	*r = (struct kea_run){ .t = t, .diag = diag, .arena = &ret->msg.arena,
	    .reasons = &ret->reasons };
	rc = kea_index(t);
	if (rc == 0)
		rc = kea_packet_open6(&r->pkt, &from, t->defs, r->arena, &why);
	if (rc == -EBADMSG)
		return reason_add(r->arena, r->reasons, "", 0,
		    "no answer: %s", why.text);
	return rc < 0 ? rc : run(r, ret);
}
