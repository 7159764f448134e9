/*
 * kea_answer.c - a request in, the answer and its reasons out, in the order
 * of events inside kea-dhcp4. It is taken to have no leases.
 */
#include "config/kea_run.h"

#include <errno.h>
#include <string.h>

/* Silence, and the reason. */
static int
silent(struct kea_run *r, const char *why)
{
	return answer_because(r->ret, "", 0, "no answer: %s", why);
}

/* The only one there is, or that of the subnet with the server's address. */
static const char *
iface_of(const struct kea_tree *t, struct in_addr server)
{
	const struct kea_subnet *s;
	uint32_t mask;

	if (t->interface)
		return t->interface;
	for (s = t->subnets; s; s = s->next) {
		mask = s->prefix ? htonl(~(uint32_t)0 << (32 -
		    min_size(s->prefix, 32))) : 0;
		if ((s->address.s_addr & mask) != (server.s_addr & mask))
			continue;
		if (s->interface)
			return s->interface;
		return s->network && s->network->interface ?
		    s->network->interface : "";
	}
	return "";
}

static bool
says_server_id(const struct kea_level *l, const struct kea_value *v)
{
	const struct kea_option *o;

	for (o = l->options; o; o = o->next) {
		if (o->code == DHCP4_OPT_SERVER_ID &&
		    strcmp(o->space, "dhcp4") == 0 && o->len == v->len &&
		    memcmp(o->bytes, v->bytes, v->len) == 0)
			return true;
	}
	return false;
}

/* Is option 54 ours: the address, or one that the configuration gives? */
static bool
is_for_us(const struct kea_run *r)
{
	const struct kea_value *v = kea_packet_option(&r->pkt,
	    DHCP4_OPT_SERVER_ID);
	const struct kea_network *n;
	const struct kea_member *m;
	const struct kea_subnet *s;

	if (!v || (v->len == 4 &&
	    memcmp(v->bytes, &r->req->server_ip, 4) == 0) ||
	    says_server_id(&r->t->global, v))
		return true;
	for (s = r->t->subnets; s; s = s->next) {
		if (says_server_id(&s->level, v))
			return true;
	}
	for (n = r->t->networks; n; n = n->next) {
		if (says_server_id(&n->level, v))
			return true;
	}
	for (m = r->members; m; m = m->next) {
		if (m->class && says_server_id(&m->class->level, v))
			return true;
	}
	return false;
}

/* What Kea drops before it looks at subnets; NULL: nothing. */
static const char *
refusal(const struct kea_run *r)
{
	int type = dhcp4_type(r->msg);
	const struct kea_value *id = kea_packet_option(&r->pkt,
	    DHCP4_OPT_CLIENT_ID);

	if (type != DHCP4_DISCOVER && type != DHCP4_REQUEST &&
	    type != DHCP4_INFORM)
		return type ? "not a message that Kea answers" :
		    "no message type: BOOTP needs a hook";
	if (type == DHCP4_INFORM && !r->msg->giaddr.s_addr &&
	    !r->msg->ciaddr.s_addr)
		return "an INFORM without an address";
	if (!is_for_us(r))
		return "it is for another server";
	if (kea_is_member(r, "DROP"))
		return "the client is in the class DROP";
	if (type == DHCP4_DISCOVER &&
	    kea_packet_option(&r->pkt, DHCP4_OPT_SERVER_ID))
		return "a DISCOVER with a server identifier";
	if (!r->msg->hlen && (!id || !id->data_len))
		return "neither a hardware address nor a client identifier";
	return NULL;
}

/* early-global-reservations-lookup: before there is a subnet. */
static int
look_early(struct kea_run *r)
{
	const struct kea_host *h;
	int rc = kea_identify(r);

	if (rc == 0)
		rc = kea_look_global(r);
	h = r->found ? r->found->host : NULL;
	if (rc < 0 || !h)
		return rc;
	if (h->classes)
		rc = kea_reclassify(r, h);
	return rc < 0 ? rc : kea_classify_known(r, true);
}

/* The reservations of the client, and the classes that follow from them. */
static int
find_client(struct kea_run *r)
{
	const struct kea_host *global, *current;
	bool early = r->t->early_global_lookup;
	int rc = 0;

	if (!early)
		rc = kea_identify(r);
	if (rc == 0 && (r->subnet->reservations_in_subnet ||
	    r->subnet->reservations_global))
		rc = kea_find_hosts(r);
	global = kea_global_host(r);
	current = kea_current_host(r);
	/*
	 * A subnet of a shared network may yet change: its reservation's
	 * classes wait for the address.
	 */
	if (rc == 0 && ((!early && global && global->classes) ||
	    (!r->subnet->network && current && current->classes)))
		rc = kea_reclassify(r, current);
	return rc < 0 ? rc : kea_classify_known(r, r->found != NULL);
}

/* With an address: what remains to be asked of the classes, and the reply. */
static int
finish(struct kea_run *r)
{
	const struct kea_host *h = kea_current_host(r);
	int rc = kea_because(r, r->subnet->level.pos, "subnet");

	if (rc == 0 && h && h->level.pos.file)
		rc = kea_because(r, h->level.pos, "reservation");
	if (rc == 0 && r->pool && r->pool->level.pos.file)
		rc = kea_because(r, r->pool->level.pos, "pool");
	if (rc == 0 && r->subnet->network && h && h != kea_global_host(r))
		rc = kea_join_reserved(r, h);
	if (rc == 0)
		rc = kea_classify_required(r);
	return rc < 0 ? rc : kea_reply(r);
}

/* INIT-REBOOT (RFC 2131 4.3.2): a client without a lease here is told no. */
static bool
is_reboot(const struct kea_run *r)
{
	return dhcp4_type(r->msg) == DHCP4_REQUEST &&
	    !kea_packet_option(&r->pkt, DHCP4_OPT_SERVER_ID) &&
	    kea_packet_option(&r->pkt, DHCP4_OPT_REQUESTED_IP);
}

/* A REQUEST for an address that it does not get: that is a NAK too. */
static bool
is_refused(const struct kea_run *r)
{
	struct in_addr wish = kea_wish(r);

	return dhcp4_type(r->msg) == DHCP4_REQUEST && wish.s_addr &&
	    wish.s_addr != r->address.s_addr;
}

static int
serve(struct kea_run *r)
{
	int rc = find_client(r);

	if (rc == -EBADMSG)
		return silent(r, "the client identifier is too short or long");
	if (rc < 0)
		return rc;
	if (kea_is_member(r, "DROP"))
		return silent(r, "the client is in the class DROP");
	if (dhcp4_type(r->msg) == DHCP4_INFORM)
		return finish(r);
	if (is_reboot(r))
		return silent(r, "the client wants an address that it does not "
		    "have here");
	if (!kea_allocate(r))
		return silent(r, "there is no address for the client");
	if (is_refused(r))
		return silent(r, "the client is refused the address that it "
		    "asks for");
	return finish(r);
}

static int
run(struct kea_run *r)
{
	const char *why;
	int rc = kea_classify(r);

	if (rc == 0)
		rc = kea_unpack_deferred(r);
	if (rc < 0)
		return rc;
	why = refusal(r);
	if (why)
		return silent(r, why);
	if (r->t->early_global_lookup) {
		rc = look_early(r);
		if (rc == -EBADMSG)
			return silent(r, "the client identifier is too short or long");
		if (rc < 0)
			return rc;
		if (kea_is_member(r, "DROP"))
			return silent(r, "the client is in the class DROP");
	}
	r->subnet = kea_select_subnet(r);
	return r->subnet ? serve(r) : silent(r, "no subnet fits the client");
}

int
kea_answer(void *tree, const struct request *req, struct answer *ret,
    struct diag *diag)
{
	struct kea_run *r;
	struct diag why = { .text = "" };
	int rc;

	/* Kea is no proxy: nobody listens on that port. */
	if (req->msg->op != DHCP4_BOOTREQUEST || req->pxe_port)
		return 0;
	r = arena_alloc(&ret->msg.arena, sizeof(*r));
	if (!r)
		return -ENOMEM;
	r->t = tree;
	r->req = req;
	r->msg = req->msg;
	r->ret = ret;
	r->reasons = &ret->reasons;
	r->diag = diag;
	r->arena = &ret->msg.arena;
	rc = kea_index(r->t);
	if (rc == 0)
		rc = kea_packet_open(&r->pkt, req, r->t->defs,
		    iface_of(r->t, req->server_ip), r->arena, &why);
	if (rc == -EBADMSG)
		return silent(r, why.text);
	return rc < 0 ? rc : run(r);
}
