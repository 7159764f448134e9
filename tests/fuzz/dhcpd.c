/*
 * dhcpd.c - whatever arrives, the server stands, and an answer that it gives
 * is a message which the client can read and which is its own.
 *
 * The first byte chooses: bit 0 proxy, bit 1 port 4011, bit 2 --no-chain. The
 * message is given twice, so that the second meets the first one's lease.
 */
#include "server/dhcpd.h"
#include "server/rule.h"

#include <stdlib.h>
#include <string.h>

enum { MODE_PROXY = 1, MODE_PXE_PORT = 2, MODE_NO_CHAIN = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool
has_file(void *ctx, const char *name)
{
	(void)ctx;
	return strstr(name, "ipxe") != NULL;
}

static struct in_addr
ip(uint8_t last)
{
	const uint8_t bytes[] = { 10, 0, 0, last };
	struct in_addr a;

	memcpy(&a, bytes, sizeof(bytes));
	return a;
}

static void
check_reply(const struct dhcpd *d, const struct dhcpd_in *in,
    const struct dhcpd_out *out)
{
	uint16_t max = 576;
	struct dhcp4_msg req;
	struct dhcp4_msg m;
	int type;

	if (dhcp4_msg_parse(&req, in->buf, in->len, NULL) < 0 ||
	    dhcp4_msg_parse(&m, out->buf, out->len, NULL) < 0)
		abort();
	type = dhcp4_type(&m);
	if (type != DHCP4_OFFER && type != DHCP4_ACK && type != DHCP4_NAK)
		abort();
	if (req.op != DHCP4_BOOTREQUEST || m.op != DHCP4_BOOTREPLY ||
	    m.xid != req.xid || m.giaddr.s_addr != req.giaddr.s_addr ||
	    memcmp(m.chaddr, req.chaddr, sizeof(m.chaddr)) != 0)
		abort();
	if (m.yiaddr.s_addr != INADDR_ANY && (d->conf.proxy || in->pxe_port ||
	    type == DHCP4_NAK || !lease_covers(d->pool, m.yiaddr)))
		abort();
	if (dhcp4_get_u16(&req, DHCP4_OPT_MAX_SIZE, &max) && max < 576)
		max = 576;
	if (out->len > (size_t)max - 28 || out->len < DHCP4_BOOTP_LEN)
		abort();
	dhcp4_msg_release(&m);
	dhcp4_msg_release(&req);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rule rule = { .script = "boot.ipxe", .http_port = 80,
	    .has_file = has_file };
	struct dhcpd d = { .conf = { .server_ip = ip(1), .lease_s = 3600,
	    .subnet = ip(0), .mask.s_addr = htonl(0xffffff00) } };
	struct dhcpd_in in = { .from = ip(9), .from_port = 68 };
	struct dhcpd_event ev;
	struct dhcpd_out out;

	if (len == 0)
		return 0;
	d.conf.proxy = rule.proxy = (data[0] & MODE_PROXY) != 0;
	in.pxe_port = (data[0] & MODE_PXE_PORT) != 0;
	rule.no_chain = (data[0] & MODE_NO_CHAIN) != 0;
	in.buf = data + 1;
	in.len = len - 1;
	d.policy = rule_policy(&rule);
	if (lease_pool_new(ip(0), ip(15), &d.pool, NULL) < 0)
		abort();
	for (uint64_t now_ms = 0; now_ms < 2; now_ms++) {
		if (dhcpd_input(&d, now_ms, &in, &out, &ev))
			check_reply(&d, &in, &out);
	}
	lease_pool_free(d.pool);
	return 0;
}
