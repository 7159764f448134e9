/*
 * tftp_pair.c - client and server machine joined by a bad link, in virtual
 * time: every byte arrives, and not at any price.
 */
#include "client/tftp_get.h"
#include "server/tftp_send.h"
#include "unit.h"
#include <errno.h>
#include <stddef.h>

enum {
	FLIGHT_MAX = 4096,
	CLIENT_PORT = 2070,
	SERVER_PORT = 40000,
	LATE_MS = 5,
	STEPS_MAX = 1000 * 1000,
};

static const struct retry_rule client_rule = { 400, 2, 3000, 30 };
static const struct retry_rule server_rule = { 300, 2, 3000, 30 };

struct link {
	unsigned int loss;              /* in percent, each way */
	unsigned int dup;
	unsigned int late;              /* these take LATE_MS, not 1 ms, and are
	                                   overtaken */
};

struct flight {
	bool to_server;
	uint64_t at_ms;
	uint64_t seq;                   /* first in, first out */
	size_t len;
	uint8_t bytes[1536];
};

struct pair {
	struct link link;
	uint32_t seed;
	uint64_t now_ms;
	struct tftp_get get;
	struct tftp_send send;
	bool has_session;
	struct tftp_send_conf send_conf;
	struct flight *flights;         /* FLIGHT_MAX */
	size_t n_flights;
	uint64_t seq;
	uint64_t size;                  /* of the file */
	uint64_t n_good;                /* bytes received that are right */
	unsigned int n_to_server;
};

static uint32_t
dice(struct pair *p, uint32_t n)
{
	p->seed = p->seed * 1664525u + 1013904223u;
	return (p->seed >> 8) % n;
}

/* The file is a function of the offset, with no short period. */
static uint8_t
byte_at(uint64_t off)
{
	return (uint8_t)((off * 2654435761u) >> 13);
}

static int
read_file(void *ctx, uint64_t off, void *buf, size_t len)
{
	const struct pair *p = ctx;
	uint8_t *to = buf;

	if (off + len > p->size)
		return -EINVAL;
	for (size_t i = 0; i < len; i++)
		to[i] = byte_at(off + i);
	return 0;
}

static int
take_bytes(void *ctx, const void *bytes, size_t len)
{
	struct pair *p = ctx;
	const uint8_t *from = bytes;

	for (size_t i = 0; i < len && from[i] == byte_at(p->n_good); i++)
		p->n_good++;
	return 0;
}

static void
launch(struct pair *p, bool to_server, const void *bytes, size_t len)
{
	unsigned int copies = dice(p, 100) < p->link.dup ? 2 : 1;

	if (len > sizeof(p->flights[0].bytes) ||
	    p->n_flights + copies > FLIGHT_MAX)
		ck_abort_msg("more in flight than a test may need");
	while (copies-- > 0) {
		struct flight *f;

		if (dice(p, 100) < p->link.loss)
			continue;
		f = &p->flights[p->n_flights++];
		f->to_server = to_server;
		f->at_ms = p->now_ms + (dice(p, 100) < p->link.late ?
		    LATE_MS : 1);
		f->seq = p->seq++;
		f->len = len;
		memcpy(f->bytes, bytes, len);
	}
}

static void
drain(struct pair *p)
{
	uint8_t buf[TFTP_GET_DGRAM_MAX];
	uint16_t port;
	size_t len;

	while ((len = tftp_get_output(&p->get, buf, sizeof(buf), &port)) > 0) {
		p->n_to_server++;
		launch(p, true, buf, len);
	}
	while (p->has_session &&
	    (len = tftp_send_output(&p->send, buf, sizeof(buf))) > 0)
		launch(p, false, buf, len);
}

/* Later copies of the request belong to the session, as in a real server. */
static void
arrive_at_server(struct pair *p, const struct flight *f)
{
	struct tftp_pkt pkt;

	if (!p->has_session) {
		ck_assert_int_eq(tftp_parse(f->bytes, f->len, &pkt, NULL), 0);
		ck_assert_int_eq(pkt.op, TFTP_RRQ);
		tftp_send_start(&p->send, &p->send_conf, &pkt, p->now_ms);
		p->has_session = true;
	} else {
		tftp_send_input(&p->send, p->now_ms, f->bytes, f->len);
	}
}

static bool
is_sooner(const struct flight *a, const struct flight *b)
{
	return a->at_ms < b->at_ms || (a->at_ms == b->at_ms && a->seq < b->seq);
}

/* Let the next thing happen. Return: false if nothing ever will. */
static bool
step(struct pair *p)
{
	struct flight *f = NULL;
	uint64_t due = p->get.deadline_ms;

	if (p->has_session && p->send.deadline_ms < due)
		due = p->send.deadline_ms;
	for (size_t i = 0; i < p->n_flights; i++)
		if (!f || is_sooner(&p->flights[i], f))
			f = &p->flights[i];
	if (f && f->at_ms <= due)
		due = f->at_ms;
	else
		f = NULL;
	if (due == CLOCK_NEVER)
		return false;
	if (due < p->now_ms)
		ck_abort_msg("a deadline in the past");
	p->now_ms = due;
	if (f) {
		struct flight *last = &p->flights[p->n_flights - 1];

		if (f->to_server)
			arrive_at_server(p, f);
		else
			tftp_get_input(&p->get, due, SERVER_PORT, f->bytes,
			    f->len);
		if (f != last)
			memcpy(f, last, offsetof(struct flight, bytes) +
			    last->len);
		p->n_flights--;
	} else {
		tftp_get_expire(&p->get, due);
		if (p->has_session)
			tftp_send_expire(&p->send, due);
	}
	drain(p);
	return true;
}

/* Until both are at rest: the client dallies for as long as it takes. */
static struct pair *
transfer(uint64_t size, unsigned int blksize, unsigned int window,
    const struct link *link, uint32_t seed)
{
	struct pair *p = calloc(1, sizeof(*p));
	struct tftp_get_conf conf = {
		.name = "file", .retry = client_rule, .max_bytes = size,
		.sink = take_bytes, .ctx = p,
	};
	unsigned int steps = 0;

	ck_assert_ptr_nonnull(p);
	p->flights = calloc(FLIGHT_MAX, sizeof(*p->flights));
	ck_assert_ptr_nonnull(p->flights);
	p->link = *link;
	p->seed = seed;
	p->size = size;
	p->send_conf = (struct tftp_send_conf){
		.size = size, .read = read_file, .ctx = p,
		.max_blksize = 1468, .max_window = 64, .retry = server_rule,
	};
	if (blksize) {
		tftp_opts_set(&conf.opts, TFTP_OPT_TSIZE, 0);
		tftp_opts_set(&conf.opts, TFTP_OPT_BLKSIZE, blksize);
	}
	if (window > 1)
		tftp_opts_set(&conf.opts, TFTP_OPT_WINDOWSIZE, window);
	tftp_get_init(&p->get, &conf);
	tftp_get_start(&p->get, p->now_ms);
	drain(p);
	while (steps < STEPS_MAX && step(p))
		steps++;
	ck_assert_uint_lt(steps, STEPS_MAX);
	return p;
}

static void
pair_free(struct pair *p)
{
	free(p->flights);
	free(p);
}

static void
check_arrived(const struct pair *p, const char *what)
{
	ck_assert_msg(p->get.state == TFTP_GET_DONE, "%s: client %s: %s", what,
	    tftp_get_fail_name(p->get.fail), p->get.text);
	ck_assert_msg(p->send.state == TFTP_SEND_DONE, "%s: server %s: %s",
	    what, tftp_send_fail_name(p->send.fail), p->send.text);
	ck_assert_uint_eq(p->n_good, p->size);
	ck_assert_uint_eq(p->get.stats.bytes, p->size);
	ck_assert_uint_eq(p->send.stats.bytes_acked, p->size);
	ck_assert_uint_eq(p->get.stats.blocks, p->send.n_blocks);
}

static const struct link good = { 0, 0, 0 };

static const uint64_t sizes[] = {
	0, 1, 511, 512, 513, 1024, 1467, 1468, 1469, 100000,
};
static const unsigned int windows[] = { 1, 2, 3, 4, 7, 16, 64 };

/* Nothing is lost: not one packet more than the RFCs ask for. */
START_TEST(clean_link_costs_the_minimum)
{
	static const unsigned int blksizes[] = { 0, 8, 512, 1468 };

	for (size_t b = 0; b < ARRAY_LEN(blksizes); b++) {
		for (size_t w = 0; w < ARRAY_LEN(windows); w++) {
			struct pair *p = transfer(sizes[_i], blksizes[b],
			    windows[w], &good, 1);
			unsigned int has_oack = blksizes[b] || windows[w] > 1;
			uint64_t n;

			check_arrived(p, "clean");
			n = p->send.n_blocks;
			ck_assert_uint_eq(p->send.window, windows[w]);
			ck_assert_uint_eq(p->send.stats.blocks, n);
			ck_assert_uint_eq(p->send.stats.oacks, has_oack);
			ck_assert_uint_eq(p->get.has_oack, has_oack);
			ck_assert_uint_eq(p->n_to_server, 1 + has_oack +
			    (n + windows[w] - 1) / windows[w]);
			ck_assert_uint_eq(p->get.stats.gaps, 0);
			ck_assert_uint_eq(p->send.stats.timeouts, 0);
			pair_free(p);
		}
	}
}
END_TEST

/*
 * What a lost packet costs: the rest of its window, as a reader keeps nothing
 * past a hole. DATA sent per 100 blocks, at most: `base` for single blocks,
 * `slope` more for each block that a window adds, up to `cap`.
 */
static const struct {
	const char *name;
	struct link link;
	unsigned int base;
	unsigned int slope;
	unsigned int cap;
} bad_links[] = {
	{ "5% loss",    { 5, 0, 0 },   115, 6,  999 },
	{ "20% loss",   { 20, 0, 0 },  155, 30, 2045 },
	{ "duplicates", { 0, 30, 0 },  100, 30, 130 },
	{ "reordering", { 0, 0, 5 },   105, 8,  999 },
	{ "all of it",  { 10, 10, 5 }, 125, 20, 1385 },
};

START_TEST(bad_link_costs_little)
{
	enum { N_SEEDS = 6 };

	for (size_t w = 0; w < ARRAY_LEN(windows); w++) {
		for (uint32_t seed = 1; seed <= N_SEEDS; seed++) {
			uint64_t size = sizes[seed % ARRAY_LEN(sizes)] +
			    1000 * 512;
			struct pair *p = transfer(size, 512, windows[w],
			    &bad_links[_i].link, seed * 77);
			uint64_t worst = bad_links[_i].base +
			    bad_links[_i].slope * (windows[w] - 1);

			worst = worst < bad_links[_i].cap ? worst :
			    bad_links[_i].cap;
			check_arrived(p, bad_links[_i].name);
			ck_assert_msg(p->send.stats.blocks * 100 <=
			    p->send.n_blocks * worst,
			    "%s, window %u: %u blocks sent for %u",
			    bad_links[_i].name, windows[w],
			    (unsigned int)p->send.stats.blocks,
			    (unsigned int)p->send.n_blocks);
			pair_free(p);
		}
	}
}
END_TEST

/* Small files are all first and last packets: each of them lost in turn. */
START_TEST(small_files_survive_loss)
{
	static const struct link link = { 20, 10, 10 };

	for (uint32_t seed = 1; seed <= 100; seed++) {
		struct pair *p = transfer(sizes[_i % 6], _i < 6 ? 0 : 512,
		    _i < 6 ? 1 : 4, &link, seed);

		check_arrived(p, "small");
		pair_free(p);
	}
}
END_TEST

/* _i is the window. */
START_TEST(every_window_survives_loss)
{
	static const struct link link = { 5, 5, 5 };
	struct pair *p = transfer(300 * 8 + 1, 8, (unsigned int)_i, &link, 9);

	check_arrived(p, "window");
	ck_assert_uint_eq(p->send.window, _i);
	ck_assert_uint_eq(p->get.window, _i);
	pair_free(p);
}
END_TEST

/* Every packet comes twice, always: no echo may build up. */
START_TEST(apprentice_stays_home)
{
	static const struct link twice = { 0, 100, 0 };
	struct pair *p = transfer(512 * 500, 512, windows[_i], &twice, 3);

	check_arrived(p, "twice");
	/* One window may go out again before the echo is recognised. */
	ck_assert_uint_le(p->send.stats.blocks, p->send.n_blocks +
	    (windows[_i] > 1 ? windows[_i] : 0));
	ck_assert_uint_le(p->n_to_server, 2 * (p->send.n_blocks / windows[_i] +
	    4));
	pair_free(p);
}
END_TEST

static const struct {
	const char *name;
	uint64_t size;
	unsigned int window;
	struct link link;
} long_rows[] = {
	{ "last block is 65535",        65535 * 8 - 1, 1, { 0, 0, 0 } },
	{ "last block is 0",            65535 * 8,     1, { 0, 0, 0 } },
	{ "last block is 0, one byte",  65535 * 8 + 1, 1, { 0, 0, 0 } },
	{ "last block is 1",            65536 * 8,     1, { 0, 0, 0 } },
	{ "window across",              65600 * 8,     7, { 0, 0, 0 } },
	{ "window across with loss",    65600 * 8,    16, { 5, 5, 5 } },
	{ "single blocks with loss",    65600 * 8,     1, { 5, 5, 5 } },
	{ "widest window with loss",    65600 * 8,    64, { 1, 1, 1 } },
	{ "around twice",               131075 * 8,   64, { 0, 0, 0 } },
};

START_TEST(block_numbers_roll_over)
{
	struct pair *p = transfer(long_rows[_i].size, 8, long_rows[_i].window,
	    &long_rows[_i].link, 5);

	check_arrived(p, long_rows[_i].name);
	ck_assert_uint_eq(p->send.n_blocks, long_rows[_i].size / 8 + 1);
	pair_free(p);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("tftp_pair");
	TCase *tc = tcase_create("tftp_pair");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, clean_link_costs_the_minimum, 0,
	    ARRAY_LEN(sizes));
	tcase_add_loop_test(tc, bad_link_costs_little, 0,
	    ARRAY_LEN(bad_links));
	tcase_add_loop_test(tc, small_files_survive_loss, 0, 12);
	tcase_add_loop_test(tc, every_window_survives_loss, 1, 65);
	tcase_add_loop_test(tc, apprentice_stays_home, 0, ARRAY_LEN(windows));
	tcase_add_loop_test(tc, block_numbers_roll_over, 0,
	    ARRAY_LEN(long_rows));
	suite_add_tcase(s, tc);
	return s;
}
