/*
 * frame.c - whatever is accepted points into the captured bytes; a good
 * frame that is cut is cut, not malformed; a UDP datagram that was read can
 * be written and read back equal.
 *
 * Input: a byte that picks the link type, a byte of how much was cut, then
 * the frame.
 */
#include "wire/frame.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const int links[] = {
	LINK_ETHERNET, LINK_SLL, LINK_SLL2, LINK_NULL, LINK_RAW, LINK_IPV4,
	LINK_IPV6,
};

static void
check_within(const struct frame *f, const uint8_t *buf, size_t len)
{
	if (f->payload.left > f->payload_len || f->payload.at > len ||
	    f->payload.left > len - f->payload.at ||
	    (f->payload.left > 0 && f->payload.p != buf + f->payload.at))
		abort();
	if (f->ip_version != 0 && (f->ip_data.left > f->ip_data_len ||
	    f->ip_data.left < f->payload.left))
		abort();
	if (f->has_l4 && (f->frag_off > 0 || f->ip_version == 0))
		abort();
}

static void
check_cut(int link, const struct frame *whole, const uint8_t *buf, size_t cut,
    size_t len)
{
	uint8_t *copy = malloc(cut + 1);
	struct frame f;
	int rc;

	if (!copy)
		return;
	memcpy(copy, buf, cut);
	rc = frame_parse(link, copy, cut, len, &f, NULL);
	if (rc < 0 && rc != -ENODATA)
		abort();
	if (rc == 0 && whole->ip_version != 0 &&
	    (f.payload_len != whole->payload_len || f.sport != whole->sport ||
	    f.payload.at != whole->payload.at))
		abort();
	if (rc == -ENODATA && cut >= whole->payload.at &&
	    !frame_is_fragment(whole))
		abort();
	free(copy);
}

static void
check_rebuilt(const struct frame *a)
{
	static uint8_t buf[65535 + 14];
	struct wr w = wr_init(buf, sizeof(buf));
	struct udp4_head head = {
		.src = a->src.v4, .dst = a->dst.v4, .sport = a->sport,
		.dport = a->dport, .ttl = a->ttl, .tos = a->tos,
		.ip_id = (uint16_t)a->ip_id,
	};
	struct frame b;

	memcpy(head.mac_src, a->mac_src, MAC_LEN);
	if (frame_build_udp4(&w, &head, a->payload.p, a->payload.left) < 0)
		abort();
	if (frame_parse(LINK_ETHERNET, buf, w.len, w.len, &b, NULL) < 0)
		abort();
	if (!ip_equal(&a->src, &b.src) || !ip_equal(&a->dst, &b.dst) ||
	    a->sport != b.sport || a->dport != b.dport || a->ttl != b.ttl ||
	    a->tos != b.tos || a->ip_id != b.ip_id || !b.has_l4 ||
	    b.payload_len != a->payload.left ||
	    b.payload.left != b.payload_len ||
	    memcmp(a->mac_src, b.mac_src, MAC_LEN) != 0 ||
	    (b.payload.left > 0 &&
	    memcmp(a->payload.p, b.payload.p, b.payload.left) != 0) ||
	    inet_checksum(buf + 14, 20, 0) != 0 || b.udp_checksum == 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd r = rd_init(data, len);
	int link = links[rd_u8(&r) % ARRAY_LEN(links)];
	size_t n_cut = rd_u8(&r);
	struct frame f;

	if (r.bad || r.left > 65535)
		return 0;
	if (frame_parse(link, r.p, r.left, r.left + n_cut, &f, NULL) < 0)
		return 0;
	check_within(&f, r.p, r.left);
	if (n_cut == 0) {
		check_cut(link, &f, r.p, r.left / 2, r.left);
		check_cut(link, &f, r.p, f.payload.at, r.left);
	}
	if (f.ip_version == 4 && f.has_l4 && f.ip_proto == IP_PROTO_UDP)
		check_rebuilt(&f);
	return 0;
}
