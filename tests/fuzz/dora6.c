/*
 * dora6.c - whatever a network sends, and whenever, the DHCPv6 client comes to
 * an end in finite time, what it sends can be read, and how it ended is told.
 *
 * The first byte chooses the persona, and whether it asks for an address.
 * Then come records: time since the last in 50 ms; a byte of flags (bit 0: the
 * message gets the client's transaction); two bytes of length; a message.
 */
#include "client/dora6.h"

#include "chain/fault.h"

#include <stdlib.h>
#include <string.h>

enum { TICK_MS = 50, FLAG_OURS = 1, EVENTS_MAX = 20000, STATELESS = 0x80 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const struct machine machine = { .mac = { 0x52, 0x54, 0, 0, 0, 1 } };

static void
check_message(const struct dora6 *d, const struct dora6_output *out)
{
	struct dhcp6_msg msg;

	if (dhcp6_msg_parse(&msg, out->buf, out->len, NULL) < 0 ||
	    msg.xid != d->xid || dhcp6_is_relay(&msg) ||
	    !dhcp6_opt(&msg, DHCP6_OPT_CLIENTID))
		abort();
	if (msg.type == DHCP6_REQUEST && (!dhcp6_opt(&msg,
	    DHCP6_OPT_SERVERID) || !dhcp6_opt(&msg, DHCP6_OPT_IA_NA)))
		abort();
	for (size_t i = 0; i < msg.n_opts; i++) {
		/* the server's own name for itself may be nonsense */
		if (msg.opts[i].code != DHCP6_OPT_SERVERID &&
		    dhcp6_opt_check(&msg.opts[i]) < 0)
			abort();
	}
	dhcp6_msg_release(&msg);
}

static void
check_state(const struct dora6 *d, uint64_t now_ms)
{
	if (dora6_is_running(d)) {
		if (d->deadline_ms == CLOCK_NEVER || d->deadline_ms < now_ms)
			abort();
	} else if (d->deadline_ms != CLOCK_NEVER) {
		abort();
	}
	if (d->state == DORA6_FAILED && (!d->why[0] ||
	    (d->fault && !fault_find(d->fault))))
		abort();
}

/* Give the next record. Return: false if there is none. */
static bool
next_record(struct rd *r, uint64_t *wait_ms, uint8_t *flags, struct rd *msg)
{
	*wait_ms = (uint64_t)rd_u8(r) * TICK_MS;
	*flags = rd_u8(r);
	*msg = rd_sub(r, rd_u16(r));
	return !r->bad;
}

static void
give(struct dora6 *d, uint64_t now_ms, uint8_t flags, struct rd msg)
{
	static const struct in6_addr server = { { { 0xfe, 0x80, [15] = 1 } } };
	uint8_t buf[2048];
	size_t len = msg.left < sizeof(buf) ? msg.left : sizeof(buf);

	rd_copy(&msg, buf, len);
	if ((flags & FLAG_OURS) && len >= DHCP6_HEAD_LEN) {
		buf[1] = (uint8_t)(d->xid >> 16);
		buf[2] = (uint8_t)(d->xid >> 8);
		buf[3] = (uint8_t)d->xid;
	}
	dora6_input(d, now_ms, &server, buf, len);
}

static void
play(struct dora6 *d, struct rd *r)
{
	const struct dora6_output *out;
	uint64_t now_ms = 1000;
	uint64_t at_ms;
	uint8_t flags;
	struct rd msg;
	bool more;

	dora6_start(d, now_ms);
	more = next_record(r, &at_ms, &flags, &msg);
	at_ms += now_ms;
	for (int i = 0; dora6_is_running(d); i++) {
		if (i == EVENTS_MAX)
			abort();
		out = dora6_output(d);
		if (out)
			check_message(d, out);
		check_state(d, now_ms);
		if (more && at_ms <= d->deadline_ms) {
			uint64_t wait_ms;

			now_ms = at_ms;
			give(d, now_ms, flags, msg);
			more = next_record(r, &wait_ms, &flags, &msg);
			at_ms = now_ms + wait_ms;
		} else {
			now_ms = d->deadline_ms;
			dora6_expire(d, now_ms);
		}
	}
	check_state(d, now_ms);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd r = rd_init(data, len);
	uint8_t first = rd_u8(&r);
	size_t n = 0;
	struct dora6_conf conf = {
		.machine = &machine, .xid = 1, .iaid = 1,
		.stateless = (first & STATELESS) != 0,
	};
	struct dora6 *d = malloc(sizeof(*d));
	struct dora6_output back;

	if (!d)
		return 0;
	while (persona6_table[n])
		n++;
	conf.persona = persona6_table[(first & ~STATELESS) % n];
	conf.p6 = conf.persona->v6;
	dora6_init(d, &conf);
	play(d, &r);
	if (dora6_give_back(d, &back) == 0)
		check_message(d, &back);
	dora6_release(d);
	free(d);
	return 0;
}
