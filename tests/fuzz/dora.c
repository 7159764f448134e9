/*
 * dora.c - whatever a network sends, and whenever, the DHCP client comes to an
 * end in finite time, what it sends can be read, and how it ended is told.
 *
 * The first byte chooses the persona, and who sits there. Then come records of a head and a
 * message. Head: time since the last, in 50 ms; a byte of flags (bit 0: the
 * message gets the client's MAC and transaction; bit 1: it comes from port
 * 4011; bits 2 to 4: from which host); two bytes of length.
 */
#include "client/dora.h"

#include "chain/fault.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum {
	TICK_MS = 50,
	FLAG_OURS = 1, FLAG_PXE_PORT = 2, HOST_SHIFT = 2, HOST_MASK = 7,
	/* Three rounds of the longest tables, and then some. */
	EVENTS_MAX = 20000,
	XID_AT = 4, CHADDR_AT = 28,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const struct machine machine = { .mac = { 0x52, 0x54, 0, 0, 0, 1 } };

static void
check_output(struct dora *d)
{
	const struct dora_output *out = dora_output(d);
	struct dhcp4_msg msg;
	int type;

	if (!out)
		return;
	if (dhcp4_msg_parse(&msg, out->buf, out->len, NULL) < 0)
		abort();
	type = dhcp4_type(&msg);
	if ((type != DHCP4_DISCOVER && type != DHCP4_REQUEST) ||
	    msg.op != DHCP4_BOOTREQUEST || msg.xid != d->sent_xid ||
	    memcmp(msg.chaddr, machine.mac, MAC_LEN) != 0)
		abort();
	dhcp4_msg_release(&msg);
}

static void
check_state(const struct dora *d, uint64_t now_ms)
{
	if (dora_is_running(d)) {
		if (d->deadline_ms == CLOCK_NEVER || d->deadline_ms < now_ms)
			abort();
	} else if (d->deadline_ms != CLOCK_NEVER) {
		abort();
	}
	if (d->state == DORA_FAILED && (!d->why[0] ||
	    (d->fault && !fault_find(d->fault))))
		abort();
	if (d->state == DORA_BOUND && d->ack.yiaddr.s_addr == 0)
		abort();
}

/* Give the next record. Return: false if there is none. */
static bool
next_record(struct rd *r, uint64_t *at_ms, uint8_t *flags, struct rd *msg)
{
	*at_ms = (uint64_t)rd_u8(r) * TICK_MS;
	*flags = rd_u8(r);
	*msg = rd_sub(r, rd_u16(r));
	return !r->bad;
}

static void
give(struct dora *d, uint64_t now_ms, uint8_t flags, struct rd msg)
{
	uint8_t buf[2048];
	struct dora_input in = {
		.src.s_addr = htonl(0x0a000001 + ((flags >> HOST_SHIFT) &
		    HOST_MASK)),
		.sport = flags & FLAG_PXE_PORT ? DHCP4_PXE_PORT :
		    DHCP4_SERVER_PORT,
		.buf = buf, .len = msg.left < sizeof(buf) ? msg.left :
		    sizeof(buf),
	};
	uint32_t xid = htonl(d->sent_xid);

	rd_copy(&msg, buf, in.len);
	if ((flags & FLAG_OURS) && in.len >= CHADDR_AT + MAC_LEN) {
		memcpy(buf + XID_AT, &xid, sizeof(xid));
		memcpy(buf + CHADDR_AT, machine.mac, MAC_LEN);
	}
	dora_input(d, now_ms, &in);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd r = rd_init(data, len);
	size_t n;
	const struct persona *const *rows = persona_rows(&n);
	uint8_t first = rd_u8(&r);
	struct dora_conf conf = {
		.persona = rows[first % n], .machine = &machine,
		.xid = 0x12345678,
		.user = { first / n % (PXE_KEY_ESC + 1),
		    first & 0x80 ? "2" : NULL },
	};
	struct dora *d = malloc(sizeof(*d));
	uint64_t now_ms = 1000;
	uint64_t at_ms;
	uint8_t flags;
	struct rd msg;
	bool more;

	if (!d)
		return 0;
	dora_init(d, &conf);
	dora_start(d, now_ms);
	check_output(d);
	more = next_record(&r, &at_ms, &flags, &msg);
	at_ms += now_ms;
	for (int i = 0; dora_is_running(d); i++) {
		if (i == EVENTS_MAX)
			abort();
		check_state(d, now_ms);
		if (more && at_ms <= d->deadline_ms) {
			uint64_t wait_ms;

			now_ms = at_ms;
			give(d, now_ms, flags, msg);
			more = next_record(&r, &wait_ms, &flags, &msg);
			at_ms = now_ms + wait_ms;
		} else {
			now_ms = d->deadline_ms;
			dora_expire(d, now_ms);
		}
		check_output(d);
	}
	check_state(d, now_ms);
	dora_release(d);
	free(d);
	return 0;
}
