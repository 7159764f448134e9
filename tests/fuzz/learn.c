/*
 * learn.c - a persona learnt from a DISCOVER sends that DISCOVER: the same
 * options with the same values in the same order. And what any two messages
 * together teach can be sent.
 *
 * The input is two messages, the first two bytes the length of the first.
 */
#include "client/learn_internal.h"

#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MAX = 60, VALUE_MAX = 255, HEAD_LEN = 2 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool
parse(const uint8_t *buf, size_t len, uint16_t dport, struct packet *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->frame.payload = rd_init(buf, len);
	ret->frame.dport = dport;
	ret->frame.sport = DHCP4_CLIENT_PORT;
	ret->frame.ttl = 64;
	return dhcp4_msg_parse(&ret->dhcp4, buf, len, NULL) == 0;
}

/* Beyond these a persona has no room for them. */
static bool
is_ordinary(const struct dhcp4_msg *m)
{
	for (size_t i = 0; i < m->n_opts; i++) {
		if (m->opts[i].len > VALUE_MAX)
			return false;
	}
	return m->n_opts < OPTIONS_MAX && !dhcp4_opt(m, DHCP4_OPT_OVERLOAD);
}

static void
check_same(const struct learnt *c, const struct dhcp4_msg *m)
{
	struct persona_ask ask = {
		.type = DHCP4_DISCOVER, .xid = m->xid, .secs = m->secs,
	};
	struct dhcp4_msg made;

	(void)dhcp4_get_ip(m, DHCP4_OPT_REQUESTED_IP, &ask.requested);
	(void)dhcp4_get_ip(m, DHCP4_OPT_SERVER_ID, &ask.server_id);
	if (persona_message(&c->persona, &c->machine, &ask, &made) < 0)
		abort();
	for (size_t i = 0, j = 0; i < m->n_opts; i++, j++) {
		const struct dhcp4_opt *o = &m->opts[i];

		/* an address of zeros is none */
		if (o->len == 4 && ((o->code == DHCP4_OPT_REQUESTED_IP &&
		    !ask.requested.s_addr) || (o->code == DHCP4_OPT_SERVER_ID &&
		    !ask.server_id.s_addr))) {
			j--;
			continue;
		}
		if (j >= made.n_opts || made.opts[j].code != o->code ||
		    made.opts[j].len != o->len ||
		    memcmp(made.opts[j].data, o->data, o->len) != 0)
			abort();
	}
	dhcp4_msg_release(&made);
}

static void
check_sends(const struct learnt *c)
{
	for (int i = 0; i < 2; i++) {
		struct persona_ask ask = {
			.type = DHCP4_REQUEST, .to_pxe_port = i == 1,
			.has_item = i == 1,
		};
		struct dhcp4_msg made;

		if (persona_message(&c->persona, &c->machine, &ask, &made) < 0)
			abort();
		dhcp4_msg_release(&made);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd r = rd_init(data, len);
	size_t first = rd_u16(&r);
	struct rd one = rd_sub(&r, first < r.left ? first : r.left);
	struct learn *l = calloc(1, sizeof(*l));
	struct packet p, q;

	if (l && parse(one.p, one.left, DHCP4_SERVER_PORT, &p)) {
		struct learnt *c = &l->client[0];

		if (learn_discover(l, c, &p) < 0)
			abort();
		if (is_ordinary(&p.dhcp4) &&
		    dhcp4_type(&p.dhcp4) == DHCP4_DISCOVER)
			check_same(c, &p.dhcp4);
		l->n = 1;
		if (parse(r.p, r.left, first & 1 ? DHCP4_PXE_PORT :
		    DHCP4_SERVER_PORT, &q)) {
			if (learn_request(l, c, &q) < 0)
				abort();
			dhcp4_msg_release(&q.dhcp4);
		}
		check_sends(c);
		dhcp4_msg_release(&p.dhcp4);
	}
	learn_free(l);
	return 0;
}
