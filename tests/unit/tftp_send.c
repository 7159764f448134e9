#include "server/tftp_send.h"
#include "tftp_ladder.h"

#include <errno.h>

static const struct retry_rule rule = { 1000, 2, 2000, 3 };

/*
 * Each line is a step: "<" comes from the client, ">" is sent to it, "~50"
 * lets 50 ms pass, "+100" means that the timer is set to 100 ms from now, and
 * expires. All that is
 * sent must be listed. The first line is the request.
 */
static const struct row {
	const char *name;
	uint64_t size;
	const char *ladder;
	enum tftp_send_fail want;       /* TFTP_SEND_OK: done */
	const char *text;               /* NULL: of no interest */
	bool is_probe;
	bool no_options;
	unsigned int max_blksize;       /* 0: 1468 */
	unsigned int max_window;        /* 0: 8 */
} rows[] = {
	/* healthy clients */
	{ "no options", 515, "< RRQ f octet\n> DATA 1 512\n< ACK 1\n"
	    "> DATA 2 3\n< ACK 2\n", .want = TFTP_SEND_OK },
	{ "mode in capitals", 1, "< RRQ f OCTET\n> DATA 1 1\n< ACK 1\n",
	    .want = TFTP_SEND_OK },
	{ "empty file", 0, "< RRQ f octet\n> DATA 1 0\n< ACK 1\n",
	    .want = TFTP_SEND_OK },
	{ "last block is empty", 512, "< RRQ f octet\n> DATA 1 512\n< ACK 1\n"
	    "> DATA 2 0\n< ACK 2\n", .want = TFTP_SEND_OK },
	{ "iPXE", 1433, "< RRQ f octet blksize=1432 tsize=0\n"
	    "> OACK blksize=1432 tsize=1433\n< ACK 0\n> DATA 1 1432\n"
	    "< ACK 1\n> DATA 2 1\n< ACK 2\n", .want = TFTP_SEND_OK },
	{ "UEFI asks for the size", 9, "< RRQ f octet tsize=0 blksize=1468 "
	    "windowsize=4\n> OACK tsize=9 blksize=1468 windowsize=4\n"
	    "< ERROR 8 User aborted the transfer\n",
	    .text = "User aborted the transfer", .is_probe = true },
	{ "a ROM asks for the size", 9, "< RRQ f octet tsize=0\n"
	    "> OACK tsize=9\n< ERROR 0 TFTP Aborted\n",
	    .text = "TFTP Aborted", .is_probe = true },
	{ "U-Boot", 9, "< RRQ f octet timeout=5 tsize=0 blksize=1468\n"
	    "> OACK timeout=5 tsize=9 blksize=1468\n< ACK 0\n> DATA 1 9\n"
	    "< ACK 1\n", .want = TFTP_SEND_OK },
	{ "block size capped by the MTU", 1370, "< RRQ f octet blksize=1468\n"
	    "> OACK blksize=1368\n< ACK 0\n> DATA 1 1368\n< ACK 1\n"
	    "> DATA 2 2\n< ACK 2\n", .max_blksize = 1368 },
	{ "block size too small to keep", 1, "< RRQ f octet blksize=7\n"
	    "> DATA 1 1\n< ACK 1\n", .want = TFTP_SEND_OK },
	{ "block size beyond the RFC", 1, "< RRQ f octet blksize=99999\n"
	    "> OACK blksize=65464\n< ACK 0\n> DATA 1 1\n< ACK 1\n",
	    .max_blksize = 100000 },
	{ "window capped", 1, "< RRQ f octet windowsize=64\n"
	    "> OACK windowsize=8\n< ACK 0\n> DATA 1 1\n< ACK 1\n",
	    .want = TFTP_SEND_OK },
	{ "window of nothing", 1, "< RRQ f octet windowsize=0\n"
	    "> DATA 1 1\n< ACK 1\n", .want = TFTP_SEND_OK },
	{ "timeout out of range", 1, "< RRQ f octet timeout=256\n"
	    "> DATA 1 1\n< ACK 1\n", .want = TFTP_SEND_OK },
	{ "a server without options", 1, "< RRQ f octet blksize=1468 tsize=0\n"
	    "> DATA 1 1\n< ACK 1\n", .no_options = true },
	{ "windows", 36, "< RRQ f octet blksize=8 windowsize=3\n"
	    "> OACK blksize=8 windowsize=3\n< ACK 0\n> DATA 1 8\n> DATA 2 8\n"
	    "> DATA 3 8\n< ACK 3\n> DATA 4 8\n> DATA 5 4\n< ACK 5\n",
	    .want = TFTP_SEND_OK },

	/* what the network does */
	{ "OACK is lost", 1, "< RRQ f octet tsize=0\n> OACK tsize=1\n+1000\n"
	    "> OACK tsize=1\n+2000\n> OACK tsize=1\n< ACK 0\n> DATA 1 1\n"
	    "< ACK 1\n", .want = TFTP_SEND_OK },
	{ "DATA is lost", 513, "< RRQ f octet\n> DATA 1 512\n+1000\n"
	    "> DATA 1 512\n+2000\n> DATA 1 512\n< ACK 1\n> DATA 2 1\n"
	    "+1000\n> DATA 2 1\n< ACK 2\n", .want = TFTP_SEND_OK },
	{ "agreed timeout is a constant pace", 1, "< RRQ f octet timeout=3\n"
	    "> OACK timeout=3\n+3000\n> OACK timeout=3\n+3000\n"
	    "> OACK timeout=3\n< ACK 0\n> DATA 1 1\n+3000\n> DATA 1 1\n"
	    "< ACK 1\n", .want = TFTP_SEND_OK },
	{ "repeated ACKs send nothing", 1025, "< RRQ f octet tsize=0\n"
	    "> OACK tsize=1025\n< ACK 0\n> DATA 1 512\n< ACK 0\n< ACK 0\n"
	    "< ACK 1\n> DATA 2 512\n< ACK 1\n< ACK 0\n< ACK 2\n> DATA 3 1\n"
	    "< ACK 2\n< ACK 1\n< ACK 3\n", .want = TFTP_SEND_OK },
	{ "ACKs of the future", 513, "< RRQ f octet tsize=0\n"
	    "> OACK tsize=513\n< ACK 1\n< ACK 0\n> DATA 1 512\n< ACK 2\n"
	    "< ACK 65535\n< ACK 1\n> DATA 2 1\n< ACK 3\n< ACK 2\n",
	    .want = TFTP_SEND_OK },
	{ "ACK past the end, but within the window", 9,
	    "< RRQ f octet blksize=8 windowsize=4\n"
	    "> OACK blksize=8 windowsize=4\n< ACK 0\n> DATA 1 8\n> DATA 2 1\n"
	    "< ACK 3\n< ACK 4\n< ACK 2\n", .want = TFTP_SEND_OK },
	{ "request comes twice", 1, "< RRQ f octet tsize=0\n> OACK tsize=1\n"
	    "< RRQ f octet tsize=0\n> OACK tsize=1\n< ACK 0\n> DATA 1 1\n"
	    "< RRQ f octet tsize=0\n< ACK 1\n", .want = TFTP_SEND_OK },
	{ "request without options comes twice", 513, "< RRQ f octet\n"
	    "> DATA 1 512\n< RRQ f octet\n> DATA 1 512\n< ACK 1\n"
	    "> DATA 2 1\n< RRQ f octet\n< ACK 2\n", .want = TFTP_SEND_OK },
	{ "malformed and foreign packets", 1, "< RRQ f octet\n> DATA 1 1\n"
	    "< RAW\n< RAW 000400\n< DATA 1 1\n< OACK tsize=1\n< WRQ f octet\n"
	    "< ACK 1\n", .want = TFTP_SEND_OK },
	{ "after the end nothing is answered", 1, "< RRQ f octet\n"
	    "> DATA 1 1\n< ACK 1\n< ACK 1\n< ACK 0\n< RRQ f octet\n"
	    "< ERROR 0 late\n", .want = TFTP_SEND_OK },

	/* holes in windows */
	{ "hole amid a window", 36, "< RRQ f octet blksize=8 windowsize=4\n"
	    "> OACK blksize=8 windowsize=4\n< ACK 0\n> DATA 1 8\n> DATA 2 8\n"
	    "> DATA 3 8\n> DATA 4 8\n< ACK 1\n> DATA 2 8\n> DATA 3 8\n"
	    "> DATA 4 8\n> DATA 5 4\n< ACK 1\n< ACK 1\n< ACK 5\n",
	    .want = TFTP_SEND_OK },
	{ "first of a window is lost", 36,
	    "< RRQ f octet blksize=8 windowsize=2\n"
	    "> OACK blksize=8 windowsize=2\n< ACK 0\n> DATA 1 8\n> DATA 2 8\n"
	    "< ACK 2\n> DATA 3 8\n> DATA 4 8\n< ACK 2\n> DATA 3 8\n"
	    "> DATA 4 8\n< ACK 2\n< ACK 4\n> DATA 5 4\n< ACK 5\n",
	    .want = TFTP_SEND_OK },
	{ "echoes of a second copy die out", 60,
	    "< RRQ f octet blksize=8 windowsize=2\n"
	    "> OACK blksize=8 windowsize=2\n< ACK 0\n> DATA 1 8\n> DATA 2 8\n"
	    "< ACK 0\n> DATA 1 8\n> DATA 2 8\n< ACK 2\n> DATA 3 8\n> DATA 4 8\n"
	    "< ACK 2\n< ACK 2\n< ACK 4\n> DATA 5 8\n> DATA 6 8\n"
	    "< ACK 6\n> DATA 7 8\n> DATA 8 4\n< ACK 6\n> DATA 7 8\n"
	    "> DATA 8 4\n< ACK 8\n", .want = TFTP_SEND_OK },
	{ "a repeated window has echoes too", 36,
	    "< RRQ f octet blksize=8 windowsize=2\n"
	    "> OACK blksize=8 windowsize=2\n< ACK 0\n> DATA 1 8\n> DATA 2 8\n"
	    "+1000\n> DATA 1 8\n> DATA 2 8\n< ACK 2\n> DATA 3 8\n> DATA 4 8\n"
	    "< ACK 2\n< ACK 4\n> DATA 5 4\n< ACK 5\n", .want = TFTP_SEND_OK },
	{ "a window is lost", 36, "< RRQ f octet blksize=8 windowsize=3\n"
	    "> OACK blksize=8 windowsize=3\n< ACK 0\n> DATA 1 8\n> DATA 2 8\n"
	    "> DATA 3 8\n+1000\n> DATA 1 8\n> DATA 2 8\n> DATA 3 8\n< ACK 3\n"
	    "> DATA 4 8\n> DATA 5 4\n< ACK 5\n", .want = TFTP_SEND_OK },

	/* refusals and failures */
	{ "netascii", 1, "< RRQ f netascii\n"
	    "> ERROR 4 mode netascii is not served, use octet\n",
	    .want = TFTP_SEND_REFUSED },
	{ "write", 1, "< WRQ f octet\n"
	    "> ERROR 2 this server only sends files\n",
	    .want = TFTP_SEND_REFUSED },
	{ "client refuses the OACK", 1, "< RRQ f octet blksize=8\n"
	    "> OACK blksize=8\n< ERROR 8 no\n",
	    .want = TFTP_SEND_CLIENT_ERROR, .text = "no" },
	{ "client has no room", 1, "< RRQ f octet tsize=0\n> OACK tsize=1\n"
	    "< ERROR 3 full\n", .want = TFTP_SEND_CLIENT_ERROR,
	    .text = "full" },
	{ "ERROR 8 amid the file is no probe", 513, "< RRQ f octet tsize=0\n"
	    "> OACK tsize=513\n< ACK 0\n> DATA 1 512\n< ERROR 8 no\n",
	    .want = TFTP_SEND_CLIENT_ERROR },
	{ "silence from the start", 1, "< RRQ f octet tsize=0\n"
	    "> OACK tsize=1\n+1000\n> OACK tsize=1\n+2000\n> OACK tsize=1\n"
	    "+2000\n", .want = TFTP_SEND_SILENT },
	{ "silence to DATA 1", 1, "< RRQ f octet\n> DATA 1 1\n+1000\n"
	    "> DATA 1 1\n+2000\n> DATA 1 1\n+2000\n",
	    .want = TFTP_SEND_SILENT },
	{ "silence amid the file", 1025, "< RRQ f octet\n> DATA 1 512\n"
	    "< ACK 1\n> DATA 2 512\n+1000\n> DATA 2 512\n+2000\n"
	    "> DATA 2 512\n+2000\n", .want = TFTP_SEND_STALLED },
	{ "only the last ACK is missing", 513, "< RRQ f octet\n"
	    "> DATA 1 512\n< ACK 1\n> DATA 2 1\n+1000\n> DATA 2 1\n+2000\n"
	    "> DATA 2 1\n+2000\n", .want = TFTP_SEND_NO_LAST_ACK },
	{ "repeated ACKs do not wind up the timer", 1025, "< RRQ f octet\n"
	    "> DATA 1 512\n< ACK 1\n> DATA 2 512\n+1000\n> DATA 2 512\n"
	    "~500\n< ACK 1\n+1500\n> DATA 2 512\n~1999\n< ACK 1\n+1\n",
	    .want = TFTP_SEND_STALLED },
};

struct run {
	struct tftp_send s;
	uint64_t now_ms;
	uint64_t size;
	bool broken;
};

static int
read_file(void *ctx, uint64_t off, void *buf, size_t len)
{
	const struct run *r = ctx;
	uint8_t *to = buf;

	if (r->broken)
		return -EIO;
	if (off > r->size || len > r->size - off)
		ck_abort_msg("read past the end of the file");
	for (size_t i = 0; i < len; i++)
		to[i] = ladder_byte(off + i);
	return 0;
}

static void
start(struct run *r, const struct row *row, const char *line)
{
	struct tftp_send_conf conf = {
		.size = row->size,
		.read = read_file,
		.ctx = r,
		.max_blksize = row->max_blksize ? row->max_blksize : 1468,
		.max_window = row->max_window ? row->max_window : 8,
		.no_options = row->no_options,
		.retry = rule,
	};
	uint8_t buf[LADDER_DGRAM_MAX];
	struct tftp_pkt rrq;
	size_t len = ladder_write(line, 0, buf, sizeof(buf));

	ck_assert_int_eq(tftp_parse(buf, len, &rrq, NULL), 0);
	tftp_send_start(&r->s, &conf, &rrq, r->now_ms);
}

/* The file's offset of the block that is to be sent next. */
static uint64_t
next_off(const struct run *r)
{
	return (r->s.next - 1) * r->s.blksize;
}

static void
expect(struct run *r, const char *line, const char *name)
{
	char buf[LADDER_DGRAM_MAX], got[LADDER_LINE_MAX];
	uint64_t off = next_off(r);
	size_t len = tftp_send_output(&r->s, buf, sizeof(buf));

	ck_assert_msg(len > 0, "%s: not sent: %s", name, line);
	ladder_read(buf, len, off, got);
	ck_assert_msg(strcmp(got, line + 2) == 0, "%s: %s, but sent: %s",
	    name, line, got);
}

static void
input(struct run *r, const char *line)
{
	uint8_t buf[LADDER_DGRAM_MAX];
	size_t len = ladder_write(line + 2, 0, buf, sizeof(buf));
	void *copy = unit_heap(buf, len);

	tftp_send_input(&r->s, r->now_ms, copy, len);
	free(copy);
}

static void
expire(struct run *r, const char *line, const char *name)
{
	uint64_t wait = strtoul(line + 1, NULL, 10);

	ck_assert_msg(r->s.deadline_ms == r->now_ms + wait,
	    "%s: %s, but the timer is set to %d ms", name, line,
	    (int)(r->s.deadline_ms - r->now_ms));
	tftp_send_expire(&r->s, r->now_ms + wait - 1);  /* too early */
	r->now_ms += wait;
	tftp_send_expire(&r->s, r->now_ms);
}

static void
climb(struct run *r, const struct row *row)
{
	const char *ladder = row->ladder;
	bool is_first = true;

	while (*ladder) {
		size_t len = strcspn(ladder, "\n");
		char line[LADDER_LINE_MAX], rest[LADDER_DGRAM_MAX];

		(void)snprintf(line, sizeof(line), "%.*s", (int)len, ladder);
		ladder += len + 1;
		if (is_first)
			start(r, row, line + 2);
		else if (line[0] == '>')
			expect(r, line, row->name);
		else if (line[0] == '<')
			input(r, line);
		else if (line[0] == '~')
			r->now_ms += strtoul(line + 1, NULL, 10);
		else
			expire(r, line, row->name);
		is_first = false;
		if (*ladder != '>')
			ck_assert_msg(tftp_send_output(&r->s, rest,
			    sizeof(rest)) == 0,
			    "%s: more than expected is sent after: %s",
			    row->name, line);
	}
}

START_TEST(ladders)
{
	const struct row *row = &rows[_i];
	struct run r = { .now_ms = 7000, .size = row->size };

	climb(&r, row);
	ck_assert_msg(r.s.state == (row->want ? TFTP_SEND_FAILED :
	    TFTP_SEND_DONE), "%s: ends in state %d", row->name, r.s.state);
	ck_assert_msg(r.s.fail == row->want, "%s: ends as %s", row->name,
	    tftp_send_fail_name(r.s.fail));
	ck_assert_uint_eq(r.s.is_probe, row->is_probe);
	if (row->text)
		ck_assert_str_eq(r.s.text, row->text);
	ck_assert_uint_eq(r.s.deadline_ms, CLOCK_NEVER);
	if (!row->want && !row->is_probe)
		ck_assert_uint_eq(r.s.stats.bytes_acked, row->size);
}
END_TEST

static void
run_row(struct run *r, const char *name)
{
	size_t i = 0;

	while (i < ARRAY_LEN(rows) && strcmp(rows[i].name, name) != 0)
		i++;
	ck_assert_msg(i < ARRAY_LEN(rows), "no row %s", name);
	*r = (struct run){ .size = rows[i].size };
	climb(r, &rows[i]);
}

START_TEST(statistics_tell_what_happened)
{
	struct run r;

	run_row(&r, "hole amid a window");
	ck_assert_uint_eq(r.s.stats.gaps, 1);
	ck_assert_uint_eq(r.s.stats.blocks, 8);
	ck_assert_uint_eq(r.s.stats.blocks_repeated, 3);
	ck_assert_uint_eq(r.s.stats.duplicate_acks, 2);

	run_row(&r, "DATA is lost");
	ck_assert_uint_eq(r.s.stats.timeouts, 3);
	ck_assert_uint_eq(r.s.stats.blocks_repeated, 3);
	ck_assert_uint_eq(r.s.stats.acks, 2);

	run_row(&r, "ACKs of the future");
	ck_assert_uint_eq(r.s.stats.stray_acks, 4);

	run_row(&r, "malformed and foreign packets");
	ck_assert_uint_eq(r.s.stats.malformed, 2);
	ck_assert_uint_eq(r.s.stats.unexpected, 3);

	run_row(&r, "request comes twice");
	ck_assert_uint_eq(r.s.stats.requests_again, 2);
	ck_assert_uint_eq(r.s.stats.oacks, 2);

	run_row(&r, "silence amid the file");
	ck_assert_uint_eq(r.s.stats.bytes_acked, 512);
}
END_TEST

START_TEST(unreadable_file_ends_the_session)
{
	static const struct row row = {
		"unreadable", 9, "< RRQ f octet\n"
		"> ERROR 0 the file cannot be read\n< ACK 1\n",
		.want = TFTP_SEND_READ,
	};
	struct run r = { .size = 9, .broken = true };

	climb(&r, &row);
	ck_assert_int_eq(r.s.fail, TFTP_SEND_READ);
	ck_assert_int_eq(r.s.read_rc, -EIO);
	ck_assert(!tftp_send_is_running(&r.s));
}
END_TEST

/* A mode that would upset a terminal or a log is not echoed. */
START_TEST(hostile_mode_is_not_echoed)
{
	struct tftp_send_conf conf = { .retry = rule, .read = read_file };
	struct tftp_pkt rrq = { .op = TFTP_RRQ, .mode = "\033[2J" };
	struct tftp_send s;

	tftp_send_start(&s, &conf, &rrq, 0);
	ck_assert_int_eq(s.fail, TFTP_SEND_REFUSED);
	ck_assert_ptr_null(strchr(s.text, '\033'));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("tftp_send");
	TCase *tc = tcase_create("tftp_send");

	tcase_add_loop_test(tc, ladders, 0, ARRAY_LEN(rows));
	tcase_add_test(tc, statistics_tell_what_happened);
	tcase_add_test(tc, unreadable_file_ends_the_session);
	tcase_add_test(tc, hostile_mode_is_not_echoed);
	suite_add_tcase(s, tc);
	return s;
}
