#include "capture/tftp_flow.h"

#include "wire/tftp.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { WAYS = 4, SETS = TFTP_FLOWS_MAX / WAYS };

/* An end of a transfer, or of what may prove to be one. */
struct end {
	struct ip_addr addr;
	uint16_t port;
	uint8_t expect_op;              /* 0: known; else a TFTP_DATA or ACK */
	uint16_t expect_block;          /* with this block would prove it */
	uint64_t added;                 /* 0: free */
};

struct tftp_flows {
	struct end sets[SETS][WAYS];
	uint64_t n_added;
};

struct tftp_flows *
tftp_flows_new(void)
{
	return calloc(1, sizeof(struct tftp_flows));
}

void
tftp_flows_free(struct tftp_flows *t)
{
	free(t);
}

static size_t
set_of(const struct ip_addr *addr, uint16_t port)
{
	struct rd r = rd_init(&addr->v6, addr->family == AF_INET ?
	    sizeof(addr->v4) : sizeof(addr->v6));
	uint32_t h = port;

	while (r.left > 0)
		h = (h ^ rd_u32(&r)) * 0x9e3779b1u;
	return (h >> 16) % SETS;
}

static const struct end *
find(const struct tftp_flows *t, const struct ip_addr *addr, uint16_t port)
{
	const struct end *set = t->sets[set_of(addr, port)];

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].added && set[i].port == port &&
		    ip_equal(&set[i].addr, addr))
			return &set[i];
	}
	return NULL;
}

/* The end's own place, or that of the oldest which shares its set. */
static void
put(struct tftp_flows *t, const struct ip_addr *addr, uint16_t port,
    uint8_t expect_op, uint16_t expect_block)
{
	struct end *set = t->sets[set_of(addr, port)];
	struct end *to = &set[0];

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].added && set[i].port == port &&
		    ip_equal(&set[i].addr, addr)) {
			to = &set[i];
			break;
		}
		if (set[i].added < to->added)
			to = &set[i];
	}
	*to = (struct end){ *addr, port, expect_op, expect_block,
	    ++t->n_added };
}

void
tftp_flow_add(struct tftp_flows *t, const struct ip_addr *addr, uint16_t port)
{
	put(t, addr, port, 0, 0);
}

bool
tftp_flow_known(const struct tftp_flows *t, const struct frame *f)
{
	const struct end *end = find(t, &f->dst, f->dport);

	if (end && !end->expect_op)
		return true;
	end = find(t, &f->src, f->sport);
	return end && !end->expect_op;
}

static bool
is_mode(const char *s)
{
	return strcasecmp(s, "octet") == 0 || strcasecmp(s, "netascii") == 0;
}

/* A DATA or ACK: proof of what came before it, or in want of proof. */
static bool
guess_block(struct tftp_flows *t, const struct frame *f, uint8_t op,
    uint16_t block)
{
	const struct end *end = find(t, &f->src, f->sport);

	if (end && end->expect_op == op && end->expect_block == block) {
		tftp_flow_add(t, &f->src, f->sport);
		return true;
	}
	if (op == TFTP_DATA)
		put(t, &f->dst, f->dport, TFTP_ACK, block);
	else
		put(t, &f->dst, f->dport, TFTP_DATA, (uint16_t)(block + 1));
	return false;
}

bool
tftp_flow_guess(struct tftp_flows *t, const struct frame *f)
{
	struct rd r = f->payload;
	uint16_t op = rd_u16(&r);
	uint16_t block = rd_u16(&r);
	struct tftp_pkt pkt;

	if (r.bad || op < TFTP_RRQ || op > TFTP_OACK)
		return false;
	if (op == TFTP_DATA)
		return guess_block(t, f, TFTP_DATA, block);
	if (op == TFTP_ACK)
		return f->payload_len == TFTP_HEAD_LEN &&
		    guess_block(t, f, TFTP_ACK, block);
	if (op == TFTP_ERROR ||
	    tftp_parse(f->payload.p, f->payload.left, &pkt, NULL) < 0)
		return false;
	if (op == TFTP_OACK && pkt.opts.n > 0 && pkt.opts.n_unknown == 0) {
		tftp_flow_add(t, &f->dst, f->dport);
		return true;
	}
	/* The request itself makes it known, as on port 69. */
	return op != TFTP_OACK && pkt.name[0] && is_mode(pkt.mode);
}
