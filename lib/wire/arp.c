#include "wire/arp.h"

#include "wire/frame.h"

#include <errno.h>

enum { ARP_HW_ETHERNET = 1, IP4_ADDR_LEN = 4 };

int
arp_parse(const void *buf, size_t len, struct arp_pkt *ret,
    struct diag *diag)
{
	struct rd r = rd_init(buf, len);
	struct arp_pkt pkt;
	uint16_t hw = rd_u16(&r);
	uint16_t net = rd_u16(&r);
	uint8_t hw_len = rd_u8(&r);
	uint8_t net_len = rd_u8(&r);
	uint16_t op = rd_u16(&r);

	if (!r.bad && (hw != ARP_HW_ETHERNET || net != ETHERTYPE_IP4 ||
	    hw_len != MAC_LEN || net_len != IP4_ADDR_LEN)) {
		diag_set(diag, "ARP for other than IPv4 over Ethernet");
		return -ENOTSUP;
	}
	rd_copy(&r, pkt.sender_mac, MAC_LEN);
	rd_copy(&r, &pkt.sender, sizeof(pkt.sender));
	rd_copy(&r, pkt.target_mac, MAC_LEN);
	rd_copy(&r, &pkt.target, sizeof(pkt.target));
	if (r.bad) {
		diag_set(diag, "an ARP packet of %zu bytes is too short", len);
		return -EBADMSG;
	}
	if (op != ARP_REQUEST && op != ARP_REPLY) {
		diag_set(diag, "ARP operation %u", op);
		return -ENOTSUP;
	}
	pkt.op = op;
	*ret = pkt;
	return 0;
}

void
arp_build(struct wr *w, const struct arp_pkt *pkt)
{
	wr_u16(w, ARP_HW_ETHERNET);
	wr_u16(w, ETHERTYPE_IP4);
	wr_u8(w, MAC_LEN);
	wr_u8(w, IP4_ADDR_LEN);
	wr_u16(w, (uint16_t)pkt->op);
	wr_bytes(w, pkt->sender_mac, MAC_LEN);
	wr_bytes(w, &pkt->sender, sizeof(pkt->sender));
	wr_bytes(w, pkt->target_mac, MAC_LEN);
	wr_bytes(w, &pkt->target, sizeof(pkt->target));
}

enum arp_kind
arp_kind(const struct arp_pkt *pkt)
{
	if (pkt->sender.s_addr == pkt->target.s_addr)
		return ARP_KIND_ANNOUNCEMENT;
	if (pkt->op == ARP_REPLY)
		return ARP_KIND_REPLY;
	return pkt->sender.s_addr == 0 ? ARP_KIND_PROBE : ARP_KIND_REQUEST;
}

const char *
arp_kind_name(enum arp_kind kind)
{
	switch (kind) {
	case ARP_KIND_REQUEST:
		return "request";
	case ARP_KIND_REPLY:
		return "reply";
	case ARP_KIND_PROBE:
		return "probe";
	case ARP_KIND_ANNOUNCEMENT:
		return "announcement";
	}
	return "?";
}
