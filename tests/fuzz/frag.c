/*
 * frag.c - a datagram that comes out whole is made of the bytes that went in
 * at each place, up to where its last fragment ended; and the table never
 * holds more than it says.
 *
 * Input: rows of four bytes: which datagram and which family, the place in
 * units of 64 bytes, the length in units of 8, and flags: more fragments,
 * the next hour, another content, a datagram that is UDP.
 */
#include "wire/frag.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { F_MORE = 1, F_LATER = 2, F_OTHER = 4, F_UDP = 8, F_ODD = 16 };

/*
 * A place's bytes depend on the place alone, but for the flag that inverts
 * them. As UDP they begin with ports and a length of 0x090a: 2314 bytes.
 */
static uint8_t
byte_at(size_t at)
{
	return at < 8 ? (uint8_t)(at + 5) : (uint8_t)(at * 131 >> 5);
}

static void
check_whole(const struct frame *f)
{
	struct rd r = f->ip_data;

	if (frame_is_fragment(f) || r.left != f->ip_data_len || r.left == 0)
		abort();
	for (size_t at = 0; r.left > 0; at++) {
		uint8_t diff = rd_u8(&r) ^ byte_at(at);

		if (diff != 0 && diff != 0xff)
			abort();
	}
	if (f->has_l4 && (f->sport != 0x0506 || f->dport != 0x0708 ||
	    f->payload_len != 0x090a - 8))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static uint8_t content[8 * 256];
	struct rd r = rd_init(data, len);
	struct frag_table *t = frag_new();
	struct frag_counts c;
	size_t n_whole = 0;
	double now = 0;

	while (t && r.left >= 4) {
		uint8_t key = rd_u8(&r);
		size_t from = (size_t)rd_u8(&r) * 64;
		size_t n = (size_t)rd_u8(&r) * 8;
		uint8_t flags = rd_u8(&r);
		uint8_t flip = flags & F_OTHER ? 0xff : 0;
		struct frame f = {
			.ip_version = key & 1 ? 6 : 4,
			.src.family = key & 1 ? AF_INET6 : AF_INET,
			.dst.family = key & 1 ? AF_INET6 : AF_INET,
			.ip_id = key >> 1,
			.frag_off = (uint16_t)from,
			.more_frags = flags & F_MORE,
			.ip_next = flags & F_UDP ? IP_PROTO_UDP : 99,
		};
		struct frame whole;

		if (flags & F_ODD)
			n += 3;
		n = min_size(n, sizeof(content));
		for (size_t i = 0; i < n; i++)
			content[i] = byte_at(from + i) ^ flip;
		f.ip_data = rd_init(content, n);
		f.ip_data_len = n;
		now += flags & F_LATER ? 3600 : 0.01;
		if (frag_input(t, &f, now, &whole, NULL) == 1) {
			n_whole++;
			if (whole.ip_version != f.ip_version ||
			    whole.ip_id != f.ip_id)
				abort();
			check_whole(&whole);
		}
		if (frag_waiting(t) > FRAG_DATAGRAMS_MAX)
			abort();
	}
	if (t) {
		frag_expire(t, now + 3600);
		c = frag_counts(t);
		if (c.whole != n_whole || frag_waiting(t) != 0)
			abort();
	}
	frag_free(t);
	return 0;
}
