#include "unit.h"

#include "wire/frag.h"

#include <errno.h>
#include <sys/socket.h>

enum { DATA_LEN = 8 + 4000, IP_MAX = 40 + 8 + 65535 };

/* A UDP datagram, header and all, to be sent in pieces. */
static uint8_t datagram[DATA_LEN];

static void
setup(void)
{
	struct wr w = wr_init(datagram, sizeof(datagram));

	wr_u16(&w, 69);
	wr_u16(&w, 2070);
	wr_u16(&w, DATA_LEN);
	wr_u16(&w, 0);
	for (size_t i = w.len; i < DATA_LEN; i++)
		datagram[i] = (uint8_t)(i * 31 >> 3);
}

/* One fragment to be, of bytes [from, to) of a datagram. */
struct piece {
	int version;
	uint32_t id;
	uint8_t proto;
	uint8_t src;                    /* last byte of the address */
	size_t from;
	size_t to;
	bool more;
};

/* Parse @p as a packet of its own with @data, which is in @buf from then on. */
static struct frame
make(const struct piece *p, const uint8_t *data, uint8_t buf[IP_MAX])
{
	struct wr w = wr_init(buf, IP_MAX);
	struct frame f;
	size_t len = p->to - p->from;

	if (p->version == 4) {
		wr_u16(&w, 0x4500);
		wr_u16(&w, (uint16_t)(20 + len));
		wr_u16(&w, (uint16_t)p->id);
		wr_u16(&w, (uint16_t)(p->from / 8 | (p->more ? 0x2000 : 0)));
		wr_u8(&w, 61);
		wr_u8(&w, p->proto);
		wr_u16(&w, 0);
		wr_u32(&w, 0xc0000200 + p->src);
		wr_u32(&w, 0xc00002ff);
	} else {
		wr_u32(&w, 0x60000000);
		wr_u16(&w, (uint16_t)(8 + len));
		wr_u8(&w, 44);
		wr_u8(&w, 61);
		wr_u32(&w, 0x20010db8);
		wr_zero(&w, 11);
		wr_u8(&w, p->src);
		wr_u32(&w, 0x20010db8);
		wr_zero(&w, 11);
		wr_u8(&w, 0xff);
		wr_u8(&w, p->proto);
		wr_u8(&w, 0);
		wr_u16(&w, (uint16_t)(p->from | p->more));
		wr_u32(&w, p->id);
	}
	wr_bytes(&w, data + p->from, len);
	ck_assert(!w.full);
	ck_assert_int_eq(frame_parse_ip(buf, w.len, w.len, &f, NULL), 0);
	return f;
}

/* What a piece of that does to the table; its bytes are gone thereafter. */
static int
give(struct frag_table *t, const struct piece *p, const uint8_t *data,
    double now, struct frame *ret)
{
	uint8_t *buf = malloc(IP_MAX);
	struct frame f;
	int rc;

	ck_assert_ptr_nonnull(buf);
	f = make(p, data, buf);
	rc = frag_input(t, &f, now, ret, NULL);
	free(buf);
	return rc;
}

static void
check_whole(const struct frame *f)
{
	ck_assert(!frame_is_fragment(f));
	ck_assert_uint_eq(f->ip_proto, IP_PROTO_UDP);
	ck_assert(f->has_l4);
	ck_assert_uint_eq(f->sport, 69);
	ck_assert_uint_eq(f->dport, 2070);
	ck_assert_uint_eq(f->ttl, 61);
	ck_assert_uint_eq(f->payload_len, DATA_LEN - 8);
	ck_assert_uint_eq(f->payload.left, DATA_LEN - 8);
	ck_assert_mem_eq(f->payload.p, datagram + 8, DATA_LEN - 8);
	ck_assert_uint_eq(f->ip_data_len, DATA_LEN);
	ck_assert_mem_eq(f->ip_data.p, datagram, DATA_LEN);
}

static const size_t cuts[] = { 0, 8, 1480, 2960, DATA_LEN };
static const uint8_t orders[24][4] = {
	{ 0, 1, 2, 3 }, { 0, 1, 3, 2 }, { 0, 2, 1, 3 }, { 0, 2, 3, 1 },
	{ 0, 3, 1, 2 }, { 0, 3, 2, 1 }, { 1, 0, 2, 3 }, { 1, 0, 3, 2 },
	{ 1, 2, 0, 3 }, { 1, 2, 3, 0 }, { 1, 3, 0, 2 }, { 1, 3, 2, 0 },
	{ 2, 0, 1, 3 }, { 2, 0, 3, 1 }, { 2, 1, 0, 3 }, { 2, 1, 3, 0 },
	{ 2, 3, 0, 1 }, { 2, 3, 1, 0 }, { 3, 0, 1, 2 }, { 3, 0, 2, 1 },
	{ 3, 1, 0, 2 }, { 3, 1, 2, 0 }, { 3, 2, 0, 1 }, { 3, 2, 1, 0 },
};

static struct piece
cut(int version, size_t i)
{
	return (struct piece){ version, 7, IP_PROTO_UDP, 1, cuts[i],
	    cuts[i + 1], cuts[i + 1] < DATA_LEN };
}

/* Any order, and each piece twice. */
START_TEST(any_order)
{
	for (int version = 4; version <= 6; version += 2) {
		struct frag_table *t = frag_new();
		struct frame f = { .ttl = 1 };

		for (size_t k = 0; k < 4; k++) {
			struct piece p = cut(version, orders[_i][k]);

			if (k < 3)
				ck_assert_int_eq(give(t, &p, datagram, 1, &f),
				    0);
			ck_assert_int_eq(give(t, &p, datagram, 1, &f), k == 3);
			ck_assert_uint_eq(frag_waiting(t), k < 3);
			if (k < 3)
				ck_assert_uint_eq(f.ttl, 1);
		}
		check_whole(&f);
		ck_assert_int_eq(f.ip_version, version);
		ck_assert_uint_eq(frag_counts(t).whole, 1);
		ck_assert_uint_eq(frag_counts(t).refused, 0);
		frag_free(t);
	}
}
END_TEST

/* Interleaved with others that differ from it in one thing each. */
START_TEST(keys_are_kept_apart)
{
	static const struct piece firsts[] = {
		{ 4, 7, 17, 1, 0, 1480, true },
		{ 4, 8, 17, 1, 0, 1480, true },
		{ 4, 7, 17, 2, 0, 1480, true },
		{ 4, 7, 99, 1, 0, 1480, true },
		{ 6, 7, 17, 1, 0, 1480, true },
		{ 6, 0x10007, 17, 1, 0, 1480, true },
		{ 6, 7, 17, 2, 0, 1480, true },
	};
	struct frag_table *t = frag_new();
	struct frame f;

	for (size_t i = 0; i < ARRAY_LEN(firsts); i++)
		ck_assert_int_eq(give(t, &firsts[i], datagram, 1, &f), 0);
	ck_assert_uint_eq(frag_waiting(t), ARRAY_LEN(firsts));
	for (size_t i = 0; i < ARRAY_LEN(firsts); i++) {
		struct piece p = firsts[i];

		p.from = 1480;
		p.to = DATA_LEN;
		p.more = false;
		ck_assert_int_eq(give(t, &p, datagram, 1, &f), 1);
		ck_assert_int_eq(f.ip_version, p.version);
		ck_assert_uint_eq(f.ip_proto, p.proto);
		ck_assert_uint_eq(f.ip_id, p.id);
		if (p.proto == IP_PROTO_UDP)
			check_whole(&f);
		else
			ck_assert(!f.has_l4 && f.payload_len == DATA_LEN);
	}
	ck_assert_uint_eq(frag_waiting(t), 0);
	frag_free(t);
}
END_TEST

/* Second and third piece, after [0, 16) with more to come. */
static const struct pair_row {
	const char *name;
	size_t from[2];
	size_t to[2];
	bool more[2];
	int want[2];
} pairs[] = {
	{ "overlap at the start", { 8 }, { 24 }, { true }, { -EBADMSG } },
	{ "contained", { 8 }, { 16 }, { true }, { -EBADMSG } },
	{ "containing", { 0 }, { 24 }, { true }, { -EBADMSG } },
	{ "shorter copy", { 0 }, { 8 }, { true }, { -EBADMSG } },
	{ "overlap at the end", { 24, 16 }, { 40, 32 }, { true, true },
	    { 0, -EBADMSG } },
	{ "filling a gap and more", { 32, 16 }, { 48, 40 }, { true, true },
	    { 0, -EBADMSG } },
	{ "end before what came", { 32, 16 }, { 48, 24 }, { true, false },
	    { 0, -EBADMSG } },
	{ "two ends", { 32, 16 }, { 48, 24 }, { false, false },
	    { 0, -EBADMSG } },
	{ "two ends, the later behind", { 32, 48 }, { 48, 56 },
	    { false, false }, { 0, -EBADMSG } },
	{ "beyond the end", { 32, 48 }, { 47, 56 }, { false, true },
	    { 0, -EBADMSG } },
	{ "an end that is not one", { 32, 16 }, { 48, 48 }, { false, true },
	    { 0, -EBADMSG } },
	{ "past 65535", { 65528 }, { 65536 }, { true }, { -EBADMSG } },
	{ "not a multiple of 8", { 16 }, { 31 }, { true }, { -EBADMSG } },
	{ "none of these", { 32, 16 }, { 47, 32 }, { false, true },
	    { 0, 1 } },
};

START_TEST(pieces_must_agree)
{
	static const uint8_t zeros[65536];
	const struct pair_row *row = &pairs[_i];

	for (int version = 4; version <= 6; version += 2) {
		struct frag_table *t = frag_new();
		struct piece p = { version, 1, 99, 1, 0, 16, true };
		struct frame f;
		int rc = give(t, &p, zeros, 0, &f);

		ck_assert_int_eq(rc, 0);
		for (size_t i = 0; i < 2 && row->to[i] > 0; i++) {
			p.from = row->from[i];
			p.to = row->to[i];
			p.more = row->more[i];
			rc = give(t, &p, zeros, 0, &f);
			ck_assert_msg(rc == row->want[i], "%s %zu: got %d",
			    row->name, i, rc);
		}
		if (rc == 1)
			ck_assert_uint_eq(f.payload_len, 47);
		frag_free(t);
	}
}
END_TEST

/* A copy with other bytes is an overlap; the rest comes too late then. */
START_TEST(refused_stays_refused)
{
	static const uint8_t zeros[DATA_LEN];
	struct frag_table *t = frag_new();
	struct frame f;
	struct piece p;

	for (size_t i = 0; i < 3; i++) {
		p = cut(4, i);
		ck_assert_int_eq(give(t, &p, datagram, 0, &f), 0);
	}
	p = cut(4, 1);
	ck_assert_int_eq(give(t, &p, zeros, 0, &f), -EBADMSG);
	ck_assert_uint_eq(frag_counts(t).refused, 1);
	ck_assert_uint_eq(frag_waiting(t), 0);
	for (size_t i = 0; i < 4; i++) {
		p = cut(4, i);
		ck_assert_int_eq(give(t, &p, datagram, 1, &f), 0);
	}
	ck_assert_uint_eq(frag_counts(t).refused, 1);

	/* until it is forgotten */
	for (size_t i = 0; i < 4; i++) {
		p = cut(4, i);
		ck_assert_int_eq(give(t, &p, datagram, FRAG_TIMEOUT_S, &f),
		    i == 3);
	}
	check_whole(&f);
	ck_assert_uint_eq(frag_counts(t).expired, 0);
	frag_free(t);
}
END_TEST

START_TEST(time_runs_out)
{
	const double start = 1700000000.25;
	struct frag_table *t = frag_new();
	struct piece first = { 4, 7, 17, 1, 0, 1480, true };
	struct piece last = { 4, 7, 17, 1, 1480, DATA_LEN, false };
	struct frame f;

	ck_assert_int_eq(give(t, &first, datagram, start, &f), 0);
	ck_assert_int_eq(give(t, &last, datagram, start + 29.75, &f), 1);
	check_whole(&f);

	ck_assert_int_eq(give(t, &first, datagram, start, &f), 0);
	ck_assert_int_eq(give(t, &last, datagram, start + 30, &f), 0);
	ck_assert_uint_eq(frag_counts(t).expired, 1);
	ck_assert_uint_eq(frag_waiting(t), 1);  /* the last, on its own */
	/* its time counts from its own arrival */
	frag_expire(t, start + 59.75);
	ck_assert_uint_eq(frag_waiting(t), 1);
	frag_expire(t, start + 60);
	ck_assert_uint_eq(frag_waiting(t), 0);
	ck_assert_uint_eq(frag_counts(t).expired, 2);
	frag_free(t);
}
END_TEST

START_TEST(what_is_no_fragment)
{
	struct frag_table *t = frag_new();
	struct piece p = { 4, 7, 17, 1, 0, DATA_LEN, false };
	struct frame f;
	struct frame cut_off;
	uint8_t *buf = malloc(IP_MAX);

	ck_assert_int_eq(give(t, &p, datagram, 0, &f), -EINVAL);

	p.more = true;
	(void)make(&p, datagram, buf);
	ck_assert_int_eq(frame_parse_ip(buf, 100, 20 + DATA_LEN, &cut_off,
	    NULL), 0);
	ck_assert_int_eq(frag_input(t, &cut_off, 0, &f, NULL), -ENODATA);

	p = (struct piece){ 4, 7, 17, 1, 8, 8, false };
	ck_assert_int_eq(give(t, &p, datagram, 0, &f), -EBADMSG);
	ck_assert_uint_eq(frag_waiting(t), 0);
	free(buf);
	frag_free(t);
}
END_TEST

/* Whole, but no UDP: its length is less than its header. */
START_TEST(whole_may_be_malformed)
{
	static const uint8_t bad[24] = { 0, 69, 0, 69, 0, 7 };
	struct frag_table *t = frag_new();
	struct piece p = { 4, 7, 17, 1, 0, 16, true };
	struct frame f;

	ck_assert_int_eq(give(t, &p, bad, 0, &f), 0);
	p = (struct piece){ 4, 7, 17, 1, 16, 24, false };
	ck_assert_int_eq(give(t, &p, bad, 0, &f), -EBADMSG);
	ck_assert_uint_eq(frag_counts(t).refused, 1);
	ck_assert_uint_eq(frag_counts(t).whole, 0);
	frag_free(t);
}
END_TEST

/* Extension headers that are cut in two, and the first's next header. */
START_TEST(extension_headers_are_rejoined)
{
	static const uint8_t data[] = {
		43, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		17, 0, 1, 4, 0, 0, 0, 0,
		0, 69, 8, 0, 0, 10, 0, 0, 'h', 'i',
	};
	struct frag_table *t = frag_new();
	struct piece p = { 6, 7, 0, 1, 8, sizeof(data), false };
	struct frame f;

	ck_assert_int_eq(give(t, &p, data, 0, &f), 0);
	p = (struct piece){ 6, 7, 60, 1, 0, 8, true };
	ck_assert_int_eq(give(t, &p, data, 0, &f), 1);
	ck_assert_uint_eq(f.ip_proto, IP_PROTO_UDP);
	ck_assert_uint_eq(f.dport, 2048);
	ck_assert_uint_eq(f.payload_len, 2);
	ck_assert_mem_eq(f.payload.p, "hi", 2);
	frag_free(t);
}
END_TEST

/* MACs and tags of the first fragment, whatever came first. */
START_TEST(link_is_that_of_the_first)
{
	struct frag_table *t = frag_new();
	struct piece p = { 4, 7, 99, 1, 8, 16, false };
	struct frame f;
	uint8_t *buf = malloc(IP_MAX);

	ck_assert_int_eq(give(t, &p, datagram, 0, &f), 0);
	p = (struct piece){ 4, 7, 99, 1, 0, 8, true };
	f = make(&p, datagram, buf);
	f.has_mac = true;
	f.mac_src[5] = 9;
	f.vlan[f.n_vlans++] = 12;
	ck_assert_int_eq(frag_input(t, &f, 0, &f, NULL), 1);
	ck_assert(f.has_mac);
	ck_assert_uint_eq(f.mac_src[5], 9);
	ck_assert_uint_eq(f.n_vlans, 1);
	ck_assert_uint_eq(f.vlan[0], 12);
	ck_assert_mem_eq(f.payload.p, datagram, 16);
	free(buf);
	frag_free(t);
}
END_TEST

START_TEST(longest_datagram)
{
	static const uint8_t zeros[FRAG_DATAGRAM_LEN_MAX];
	struct frag_table *t = frag_new();
	struct piece p = { 4, 7, 99, 1, 65528, 65535, false };
	struct frame f;

	ck_assert_int_eq(give(t, &p, zeros, 0, &f), 0);
	p = (struct piece){ 4, 7, 99, 1, 0, 32768, true };
	ck_assert_int_eq(give(t, &p, zeros, 0, &f), 0);
	p = (struct piece){ 4, 7, 99, 1, 32768, 65528, true };
	ck_assert_int_eq(give(t, &p, zeros, 0, &f), 1);
	ck_assert_uint_eq(f.payload_len, 65535);
	frag_free(t);
}
END_TEST

/* What was given back takes no room. */
START_TEST(whole_datagrams_are_let_go)
{
	static const uint8_t zeros[FRAG_DATAGRAM_LEN_MAX];
	const uint32_t n = FRAG_BYTES_MAX / FRAG_DATAGRAM_LEN_MAX + 2;
	struct frag_table *t = frag_new();
	struct frame f;

	for (uint32_t id = 0; id < n; id++) {
		struct piece p = { 6, id, 99, 1, 8, 60000, false };

		ck_assert_int_eq(give(t, &p, zeros, 0, &f), 0);
		p = (struct piece){ 6, id, 99, 1, 0, 8, true };
		ck_assert_int_eq(give(t, &p, zeros, 0, &f), 1);
	}
	for (uint32_t id = 0; id < n - 2; id++) {
		struct piece p = { 6, id, 99, 1, 8, 60000, false };

		ck_assert_int_eq(give(t, &p, zeros, 0, &f), 0);
	}
	ck_assert_uint_eq(frag_counts(t).whole, n);
	ck_assert_uint_eq(frag_counts(t).evicted, 0);
	frag_free(t);
}
END_TEST

START_TEST(pieces_have_a_ceiling)
{
	static const uint8_t zeros[FRAG_DATAGRAM_LEN_MAX];
	struct frag_table *t = frag_new();
	struct piece p = { 4, 7, 99, 1, 0, 8, true };
	struct frame f;

	for (size_t i = 0; i < FRAG_PIECES_MAX; i++) {
		p.from = 8 * i;
		p.to = p.from + 8;
		ck_assert_int_eq(give(t, &p, zeros, 0, &f), 0);
	}
	p.from += 8;
	p.to += 8;
	ck_assert_int_eq(give(t, &p, zeros, 0, &f), -EMSGSIZE);
	ck_assert_uint_eq(frag_counts(t).refused, 1);
	frag_free(t);
}
END_TEST

START_TEST(oldest_gives_way_to_many)
{
	struct frag_table *t = frag_new();
	struct piece p = { 6, 0, 17, 1, 0, 1480, true };
	struct frame f;

	for (uint32_t id = 0; id <= FRAG_DATAGRAMS_MAX; id++) {
		p.id = id;
		ck_assert_int_eq(give(t, &p, datagram, id * 1e-3, &f), 0);
	}
	ck_assert_uint_eq(frag_waiting(t), FRAG_DATAGRAMS_MAX);
	ck_assert_uint_eq(frag_counts(t).evicted, 1);
	p = (struct piece){ 6, 1, 17, 1, 1480, DATA_LEN, false };
	ck_assert_int_eq(give(t, &p, datagram, 1, &f), 1);
	check_whole(&f);
	p.id = 0;                       /* that was the oldest */
	ck_assert_int_eq(give(t, &p, datagram, 1, &f), 0);
	frag_free(t);
}
END_TEST

START_TEST(oldest_gives_way_to_large)
{
	static const uint8_t zeros[FRAG_DATAGRAM_LEN_MAX];
	const uint32_t fit = FRAG_BYTES_MAX / FRAG_DATAGRAM_LEN_MAX;
	struct frag_table *t = frag_new();
	struct piece p = { 6, 0, 99, 1, 65520, 65528, true };
	struct frame f;

	ck_assert_uint_lt(fit + 2, FRAG_DATAGRAMS_MAX);
	for (uint32_t id = 0; id < fit + 2; id++) {
		p.id = id;
		ck_assert_int_eq(give(t, &p, zeros, 0, &f), 0);
	}
	ck_assert_uint_eq(frag_counts(t).evicted, 2);
	ck_assert_uint_eq(frag_waiting(t), fit);

	/* the oldest that is left grows, and stays */
	frag_free(t);
	t = frag_new();
	p = (struct piece){ 6, 0, 99, 1, 0, 8, true };
	ck_assert_int_eq(give(t, &p, zeros, 0, &f), 0);
	p.id = 1;
	ck_assert_int_eq(give(t, &p, zeros, 0, &f), 0);
	for (uint32_t id = 2; id <= fit; id++) {
		p = (struct piece){ 6, id, 99, 1, 65520, 65528, true };
		ck_assert_int_eq(give(t, &p, zeros, 0, &f), 0);
	}
	ck_assert_uint_eq(frag_counts(t).evicted, 0);
	p = (struct piece){ 6, 0, 99, 1, 8, 60000, false };
	ck_assert_int_eq(give(t, &p, zeros, 0, &f), 1);
	ck_assert_uint_eq(f.payload_len, 60000);
	ck_assert_uint_eq(frag_counts(t).evicted, 1);
	frag_free(t);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("frag");
	TCase *tc = tcase_create("frag");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_loop_test(tc, any_order, 0, ARRAY_LEN(orders));
	tcase_add_test(tc, keys_are_kept_apart);
	tcase_add_loop_test(tc, pieces_must_agree, 0, ARRAY_LEN(pairs));
	tcase_add_test(tc, refused_stays_refused);
	tcase_add_test(tc, time_runs_out);
	tcase_add_test(tc, what_is_no_fragment);
	tcase_add_test(tc, whole_may_be_malformed);
	tcase_add_test(tc, extension_headers_are_rejoined);
	tcase_add_test(tc, link_is_that_of_the_first);
	tcase_add_test(tc, longest_datagram);
	tcase_add_test(tc, whole_datagrams_are_let_go);
	tcase_add_test(tc, pieces_have_a_ceiling);
	tcase_add_test(tc, oldest_gives_way_to_many);
	tcase_add_test(tc, oldest_gives_way_to_large);
	suite_add_tcase(s, tc);
	return s;
}
