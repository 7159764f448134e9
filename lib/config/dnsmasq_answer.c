/* dnsmasq_answer.c - a request in, the answer and its reasons out. */
#include "config/dnsmasq_run.h"

#include <errno.h>

enum {
	PACKET_MIN = 548,               /* of 576, without IP and UDP */
	PACKET_MAX = 16384,
	UDP_HEAD = 28,
};

/* Where the server stops writing (RFC 2132 9.10). */
static size_t
packet_end(const struct dhcp4_msg *msg)
{
	const struct dhcp4_opt *agent = dhcp4_opt(msg, DHCP4_OPT_RELAY);
	size_t end = PACKET_MIN;
	uint16_t max;

	if (dhcp4_get_u16(msg, DHCP4_OPT_MAX_SIZE, &max) &&
	    max >= PACKET_MIN + UDP_HEAD)
		end = min_size(max - UDP_HEAD, PACKET_MAX);
	return agent != NULL ? end - min_size(agent->len + 2, end) : end;
}

static int
run_init(struct dnsmasq_run *r)
{
	struct dhcp4_msg *out = &r->ret->msg;
	int rc;

	r->arch = -1;
	r->end = packet_end(r->msg);
	r->state = arena_alloc(&out->arena, r->tree->n_options + 1);
	if (r->state == NULL)
		return -ENOMEM;
	rc = dnsmasq_tags_init(r, &r->tags);
	if (rc == 0)
		rc = dnsmasq_tags_init(r, &r->eff);
	out->op = DHCP4_BOOTREPLY;
	out->htype = r->msg->htype;
	out->hlen = r->msg->hlen;
	out->xid = r->msg->xid;
	out->secs = r->msg->secs;
	out->flags = r->msg->flags;
	out->giaddr = r->msg->giaddr;
	memcpy(out->chaddr, r->msg->chaddr, sizeof(out->chaddr));
	return rc;
}

static int
nak(struct dnsmasq_run *r, const char *why)
{
	int rc = dnsmasq_put_u8(r, DHCP4_OPT_MSG_TYPE, DHCP4_NAK);

	if (rc == 0)
		rc = dnsmasq_put_ip(r, DHCP4_OPT_SERVER_ID, r->local);
	if (rc == 0)
		rc = dnsmasq_put(r, DHCP4_OPT_MESSAGE, why, strlen(why));
	r->ret->answered = rc == 0;
	return rc;
}

/*
 * Is a REQUEST refused? One without a server identifier is of a machine that
 * has its address already: no lease is known here, so it is believed, where
 * dnsmasq would be silent if it had none and were not authoritative.
 *
 * Return: 1, and nothing more is to be said; 0; -ENOMEM.
 */
static int
refused(struct dnsmasq_run *r)
{
	struct in_addr server, asked;
	const char *why;
	bool selecting = dhcp4_get_ip(r->msg, DHCP4_OPT_SERVER_ID, &server);
	int rc;

	if (!dhcp4_get_ip(r->msg, DHCP4_OPT_REQUESTED_IP, &asked))
		asked = r->msg->ciaddr;
	/* One that took another server's offer is not ours to answer. */
	if (selecting && server.s_addr != r->local.s_addr) {
		if (!r->tree->authoritative)
			return 1;
		why = "wrong server-ID";
	} else {
		why = asked.s_addr == 0 ? NULL :
		    dnsmasq_why_not(r, asked, selecting);
	}
	if (why == NULL)
		return 0;
	rc = nak(r, why);
	return rc < 0 ? rc : 1;
}

/*
 * Is a BOOTP machine given an address? Only its own, or where bootp-dynamic
 * allows it, which looks at the tag of the network's first range as well.
 */
static bool
may_bootp(struct dnsmasq_run *r)
{
	const struct dnsmasq_range *first = r->ranges[0];
	const struct dnsmasq_when *w = r->tree->bootp_dynamic;

	if (r->host != NULL && r->host->has_addr)
		return true;
	dnsmasq_tag_put(&r->tags, first->tag, &first->pos);
	dnsmasq_tag_ifs(r, &r->tags, &r->eff);
	while (w != NULL && !dnsmasq_when_true(w->filter, &r->eff, true))
		w = w->next;
	return w != NULL;
}

/* An address, and with it the rest. */
static int
lease(struct dnsmasq_run *r)
{
	int type = dhcp4_type(r->msg);
	bool is_bootp = type == 0;
	int rc;

	if (r->ignored || (r->host != NULL && r->host->ignored))
		return 0;
	if (type != 0 && type != DHCP4_DISCOVER && type != DHCP4_REQUEST &&
	    type != DHCP4_INFORM)
		return 0;
	rc = type == DHCP4_REQUEST ? refused(r) : 0;
	if (rc != 0)
		return rc < 0 ? rc : 0;
	if (is_bootp && (r->msg->htype == 0 || r->msg->hlen == 0))
		return 0;
	r->range = dnsmasq_pick_range(r, is_bootp);
	if (r->range == NULL || (is_bootp && !may_bootp(r)))
		return 0;
	rc = dnsmasq_because(r, r->range->filter, &r->eff, &r->range->pos);
	if (rc == 0 && r->host != NULL)
		rc = dnsmasq_because(r, r->host->filter, &r->eff,
		    &r->host->pos);
	if (rc == 0)
		rc = dnsmasq_reply(r, is_bootp ? 0 :
		    type == DHCP4_DISCOVER ? DHCP4_OFFER : DHCP4_ACK);
	r->ret->answered = rc == 0;
	return rc;
}

static int
answer(void *tree, const struct request *req, struct answer *ret,
    struct diag *diag)
{
	struct dnsmasq_run run = { .tree = tree, .req = req, .msg = req->msg,
	    .ret = ret, .diag = diag };
	const struct dhcp4_opt *agent = dhcp4_opt(req->msg, DHCP4_OPT_RELAY);
	const struct dhcp4_opt *class;
	bool done = false;
	int rc;

	if (req->msg->op != DHCP4_BOOTREQUEST ||
	    (req->pxe_port && !run.tree->pxe_enabled))
		return 0;
	rc = run_init(&run);
	if (rc == 0)
		rc = dnsmasq_match_request(&run);
	if (rc < 0 || run.n_ranges == 0)
		return rc;
	class = dhcp4_opt(req->msg, DHCP4_OPT_VENDOR_CLASS);
	if (class != NULL && class->len > 0)
		dnsmasq_match_vendors(&run, class->data, class->len);
	if (dhcp4_type(req->msg) != 0 && dnsmasq_is_pxe(&run))
		rc = dnsmasq_pxe_answer(&run, &done);
	/* Where the first range is a proxy's there are no addresses. */
	if (rc == 0 && !done && !run.ranges[0]->is_proxy && !req->pxe_port)
		rc = lease(&run);
	if (rc == 0 && ret->answered && agent != NULL)
		rc = dhcp4_add(&ret->msg, DHCP4_OPT_RELAY, agent->data,
		    agent->len);
	return rc;
}

static const struct config_literal *
literals(void *tree, size_t *ret_n)
{
	const struct dnsmasq_tree *t = tree;

	*ret_n = t->literal_list.n;
	return t->literal_list.rows;
}

static const struct config_network *
networks(void *tree, size_t *ret_n)
{
	const struct dnsmasq_tree *t = tree;

	*ret_n = t->network_list.n;
	return t->network_list.rows;
}

static const struct config_host *
hosts(void *tree, size_t *ret_n)
{
	const struct dnsmasq_tree *t = tree;

	*ret_n = t->host_list.n;
	return t->host_list.rows;
}

static const struct config_gap *
gaps(void *tree, size_t *ret_n)
{
	const struct dnsmasq_tree *t = tree;

	*ret_n = t->gap_list.n;
	return t->gap_list.rows;
}

static const struct config_remark *
remarks(void *tree, size_t *ret_n)
{
	const struct dnsmasq_tree *t = tree;

	*ret_n = t->remark_list.n;
	return t->remark_list.rows;
}

static const char *
line_text(void *tree, const char *file, unsigned int line)
{
	struct dnsmasq_tree *t = tree;

	return config_file_line(t->files, &t->arena, file, line);
}

const struct config_ops dnsmasq_ops = {
	.dialect = CONFIG_DNSMASQ,
	.name = "dnsmasq",
	.answer = answer,
	.free = dnsmasq_free,
	.literals = literals,
	.networks = networks,
	.hosts = hosts,
	.gaps = gaps,
	.remarks = remarks,
	.line = line_text,
};
