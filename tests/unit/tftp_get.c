#include "client/tftp_get.h"
#include "tftp_ladder.h"

#include <errno.h>

enum { TID = 3000 };

static const struct retry_rule rule = { 100, 2, 300, 3 };

/*
 * Each line is a step:
 *	> RRQ ...       what is sent, to port 69 or to the server's TID 3000
 *	>77 ERROR ...   sent to another port
 *	< DATA ...      what comes, from port 3000
 *	<77 DATA ...    comes from another port
 *	~50             50 ms pass
 *	+100            the timer is set to 100 ms from now, and expires
 * All that is sent must be listed.
 */
static const struct row {
	const char *name;
	const char *opts;
	const char *ladder;
	enum tftp_get_fail want;        /* TFTP_GET_OK: done */
	const char *text;               /* NULL: of no interest */
	uint64_t bytes;
	bool fallback;
	bool size_only;
	uint64_t max_bytes;             /* 0: plenty */
} rows[] = {
	/* healthy servers */
	{ "no options at all", "",
	    "> RRQ f octet\n< DATA 1 512\n> ACK 1\n< DATA 2 3\n> ACK 2\n",
	    .bytes = 515 },
	{ "iPXE and dnsmasq", "blksize=1432 tsize=0",
	    "> RRQ f octet blksize=1432 tsize=0\n"
	    "< OACK blksize=1432 tsize=1440\n> ACK 0\n< DATA 1 1432\n"
	    "> ACK 1\n< DATA 2 8\n> ACK 2\n", .bytes = 1440 },
	{ "options are ignored", "tsize=0 blksize=1468 windowsize=4",
	    "> RRQ f octet tsize=0 blksize=1468 windowsize=4\n"
	    "< DATA 1 512\n> ACK 1\n< DATA 2 0\n> ACK 2\n", .bytes = 512 },
	{ "blocks shrink", "blksize=1468",
	    "> RRQ f octet blksize=1468\n< OACK blksize=1368\n> ACK 0\n"
	    "< DATA 1 1368\n> ACK 1\n< DATA 2 1367\n> ACK 2\n",
	    .bytes = 2735 },
	{ "OACK leaves blksize out: 512", "tsize=0 blksize=1468",
	    "> RRQ f octet tsize=0 blksize=1468\n< OACK tsize=3\n> ACK 0\n"
	    "< DATA 1 3\n> ACK 1\n", .bytes = 3 },
	{ "OACK of a timeout", "timeout=5",
	    "> RRQ f octet timeout=5\n< OACK timeout=5\n> ACK 0\n"
	    "< DATA 1 0\n> ACK 1\n",
	    .bytes = 0 },
	{ "empty file", "tsize=0",
	    "> RRQ f octet tsize=0\n< OACK tsize=0\n> ACK 0\n"
	    "< DATA 1 0\n> ACK 1\n",
	    .bytes = 0 },
	{ "last block is empty", "blksize=8",
	    "> RRQ f octet blksize=8\n< OACK blksize=8\n> ACK 0\n"
	    "< DATA 1 8\n> ACK 1\n< DATA 2 0\n> ACK 2\n", .bytes = 8 },
	{ "server answers from port 69", "",
	    "> RRQ f octet\n<69 DATA 1 1\n>69 ACK 1\n", .bytes = 1 },
	{ "tsize smaller than the file", "tsize=0",
	    "> RRQ f octet tsize=0\n< OACK tsize=0\n> ACK 0\n"
	    "< DATA 1 9\n> ACK 1\n", .bytes = 9 },

	/* windows, RFC 7440 */
	{ "one ACK per window", "blksize=8 windowsize=3",
	    "> RRQ f octet blksize=8 windowsize=3\n"
	    "< OACK blksize=8 windowsize=3\n> ACK 0\n"
	    "< DATA 1 8\n< DATA 2 8\n< DATA 3 8\n> ACK 3\n"
	    "< DATA 4 8\n< DATA 5 7\n> ACK 5\n", .bytes = 39 },
	{ "window shrinks", "blksize=8 windowsize=4",
	    "> RRQ f octet blksize=8 windowsize=4\n"
	    "< OACK blksize=8 windowsize=2\n> ACK 0\n"
	    "< DATA 1 8\n< DATA 2 8\n> ACK 2\n< DATA 3 0\n> ACK 3\n",
	    .bytes = 16 },
	{ "window not granted", "blksize=8 windowsize=4",
	    "> RRQ f octet blksize=8 windowsize=4\n< OACK blksize=8\n> ACK 0\n"
	    "< DATA 1 8\n> ACK 1\n< DATA 2 0\n> ACK 2\n", .bytes = 8 },
	{ "hole in a window is told once", "blksize=8 windowsize=4",
	    "> RRQ f octet blksize=8 windowsize=4\n"
	    "< OACK blksize=8 windowsize=4\n> ACK 0\n"
	    "< DATA 1 8\n< DATA 3 8\n> ACK 1\n< DATA 4 8\n"
	    "< DATA 2 8\n< DATA 3 8\n< DATA 4 8\n< DATA 5 8\n> ACK 5\n"
	    "< DATA 6 0\n> ACK 6\n", .bytes = 40 },
	{ "every hole is told", "blksize=8 windowsize=2",
	    "> RRQ f octet blksize=8 windowsize=2\n"
	    "< OACK blksize=8 windowsize=2\n> ACK 0\n"
	    "< DATA 2 8\n> ACK 0\n< DATA 1 8\n< DATA 3 8\n> ACK 1\n"
	    "< DATA 2 8\n< DATA 3 1\n> ACK 3\n", .bytes = 17 },
	{ "first of a window is lost", "blksize=8 windowsize=2",
	    "> RRQ f octet blksize=8 windowsize=2\n"
	    "< OACK blksize=8 windowsize=2\n> ACK 0\n"
	    "< DATA 2 8\n> ACK 0\n< DATA 1 8\n< DATA 2 8\n> ACK 2\n"
	    "< DATA 3 1\n> ACK 3\n", .bytes = 17 },
	{ "end of a window is lost", "blksize=8 windowsize=3",
	    "> RRQ f octet blksize=8 windowsize=3\n"
	    "< OACK blksize=8 windowsize=3\n> ACK 0\n"
	    "< DATA 1 8\n< DATA 2 8\n+100\n> ACK 2\n< DATA 3 8\n< DATA 4 8\n"
	    "< DATA 5 8\n> ACK 5\n< DATA 6 1\n> ACK 6\n", .bytes = 41 },
	{ "ACK of a window is lost", "blksize=8 windowsize=2",
	    "> RRQ f octet blksize=8 windowsize=2\n"
	    "< OACK blksize=8 windowsize=2\n> ACK 0\n"
	    "< DATA 1 8\n< DATA 2 8\n> ACK 2\n"
	    "< DATA 1 8\n< DATA 2 8\n> ACK 2\n< DATA 3 1\n> ACK 3\n",
	    .bytes = 17 },
	{ "server waits amid a window", "blksize=8 windowsize=3",
	    "> RRQ f octet blksize=8 windowsize=3\n"
	    "< OACK blksize=8 windowsize=3\n> ACK 0\n"
	    "< DATA 1 8\n< DATA 1 8\n< DATA 1 8\n> ACK 1\n"
	    "< DATA 2 0\n> ACK 2\n", .bytes = 8 },
	{ "window of blocks that was not granted", "",
	    "> RRQ f octet\n< DATA 1 512\n> ACK 1\n< DATA 3 512\n"
	    "< DATA 4 512\n< DATA 2 512\n> ACK 2\n< DATA 3 0\n> ACK 3\n",
	    .bytes = 1024 },

	/* what the network does */
	{ "a repeated block is acknowledged", "",
	    "> RRQ f octet\n< DATA 1 512\n> ACK 1\n< DATA 1 512\n> ACK 1\n"
	    "< DATA 2 0\n> ACK 2\n", .bytes = 512 },
	{ "but its echo is not", "",
	    "> RRQ f octet\n< DATA 1 512\n> ACK 1\n< DATA 1 512\n> ACK 1\n"
	    "< DATA 2 512\n> ACK 2\n< DATA 2 512\n"
	    "< DATA 3 512\n> ACK 3\n< DATA 4 512\n> ACK 4\n"
	    "< DATA 4 512\n> ACK 4\n< DATA 5 0\n> ACK 5\n", .bytes = 2048 },
	{ "echo or not, the second copy is", "",
	    "> RRQ f octet\n< DATA 1 512\n> ACK 1\n< DATA 1 512\n> ACK 1\n"
	    "< DATA 2 512\n> ACK 2\n< DATA 2 512\n< DATA 2 512\n> ACK 2\n"
	    "< DATA 3 0\n> ACK 3\n", .bytes = 1024 },
	{ "latecomers are ignored", "",
	    "> RRQ f octet\n< DATA 1 512\n> ACK 1\n< DATA 2 512\n> ACK 2\n"
	    "< DATA 1 512\n< DATA 3 512\n> ACK 3\n< DATA 2 512\n"
	    "< DATA 1 512\n< DATA 4 0\n> ACK 4\n", .bytes = 1536 },
	{ "OACK comes twice", "tsize=0",
	    "> RRQ f octet tsize=0\n< OACK tsize=1\n> ACK 0\n< OACK tsize=1\n"
	    "> ACK 0\n< DATA 1 1\n> ACK 1\n", .bytes = 1 },
	{ "OACK comes late", "blksize=8",
	    "> RRQ f octet blksize=8\n< OACK blksize=8\n> ACK 0\n"
	    "< DATA 1 8\n> ACK 1\n< OACK blksize=8\n< DATA 2 0\n> ACK 2\n",
	    .bytes = 8 },
	{ "request is lost", "tsize=0",
	    "> RRQ f octet tsize=0\n+100\n> RRQ f octet tsize=0\n+200\n"
	    "> RRQ f octet tsize=0\n< OACK tsize=1\n> ACK 0\n"
	    "< DATA 1 1\n> ACK 1\n", .bytes = 1 },
	{ "repeated request raises a second session", "tsize=0",
	    "> RRQ f octet tsize=0\n+100\n> RRQ f octet tsize=0\n"
	    "< OACK tsize=1\n> ACK 0\n<77 OACK tsize=1\n"
	    ">77 ERROR 5 unknown transfer id\n< DATA 1 1\n> ACK 1\n",
	    .bytes = 1 },
	{ "ACK 0 is lost", "tsize=0",
	    "> RRQ f octet tsize=0\n< OACK tsize=1\n> ACK 0\n+100\n> ACK 0\n"
	    "+200\n> ACK 0\n< DATA 1 1\n> ACK 1\n", .bytes = 1 },
	{ "patience is whole again after progress", "",
	    "> RRQ f octet\n< DATA 1 512\n> ACK 1\n+100\n> ACK 1\n+200\n"
	    "> ACK 1\n< DATA 2 512\n> ACK 2\n+100\n> ACK 2\n+200\n> ACK 2\n"
	    "< DATA 3 1\n> ACK 3\n", .bytes = 1025 },
	{ "wrong TID does not disturb", "",
	    "> RRQ f octet\n< DATA 1 512\n> ACK 1\n"
	    "<77 DATA 2 512\n>77 ERROR 5 unknown transfer id\n"
	    "<77 ERROR 1 no\n<77 RAW 00\n< DATA 2 1\n> ACK 2\n",
	    .bytes = 513 },
	{ "only progress winds up the timer", "",
	    "> RRQ f octet\n~60\n< ACK 1\n+40\n> RRQ f octet\n~50\n"
	    "< DATA 1 512\n> ACK 1\n~40\n< DATA 1 512\n> ACK 1\n"
	    "<77 DATA 1 512\n>77 ERROR 5 unknown transfer id\n< RAW 00\n"
	    "+60\n> ACK 1\n~1\n< DATA 2 1\n> ACK 2\n", .bytes = 513 },
	{ "malformed and foreign packets", "",
	    "> RRQ f octet\n< RAW\n< RAW 0009\n< ACK 1\n< RRQ g octet\n"
	    "<77 DATA 2 512\n< DATA 1 512\n> ACK 1\n< RAW 000300\n"
	    "< WRQ g octet\n< ACK 1\n< OACK tsize=3\n< DATA 2 1\n> ACK 2\n",
	    .bytes = 513 },
	{ "dallying", "",
	    "> RRQ f octet\n< DATA 1 1\n> ACK 1\n< DATA 1 1\n> ACK 1\n"
	    "< DATA 1 1\n> ACK 1\n< DATA 2 512\n< ERROR 0 late\n",
	    .bytes = 1 },

	/* size probes */
	{ "size probe of UEFI", "tsize=0 blksize=1468 windowsize=4",
	    "> RRQ f octet tsize=0 blksize=1468 windowsize=4\n"
	    "< OACK blksize=1468 tsize=173792\n"
	    "> ERROR 8 User aborted the transfer\n",
	    .size_only = true, .max_bytes = 1 },
	{ "size probe, no OACK", "tsize=0",
	    "> RRQ f octet tsize=0\n< DATA 1 512\n"
	    "> ERROR 8 User aborted the transfer\n", .size_only = true },
	{ "size probe, not found", "tsize=0",
	    "> RRQ f octet tsize=0\n< ERROR 1 nope\n",
	    .want = TFTP_GET_SERVER_ERROR, .text = "nope",
	    .size_only = true },

	/* fallback */
	{ "ERROR 8, then without options", "blksize=1432 tsize=0",
	    "> RRQ f octet blksize=1432 tsize=0\n< ERROR 8 no options\n"
	    "> RRQ f octet\n<3000 DATA 1 2\n> ACK 1\n", .fallback = true,
	    .bytes = 2 },
	{ "ERROR 8 twice", "blksize=1432",
	    "> RRQ f octet blksize=1432\n< ERROR 8 no options\n"
	    "> RRQ f octet\n< ERROR 8 still no\n", .want = TFTP_GET_SERVER_ERROR,
	    .text = "still no", .fallback = true },
	{ "ERROR 8 without fallback", "blksize=1432",
	    "> RRQ f octet blksize=1432\n< ERROR 8 no options\n",
	    .want = TFTP_GET_OPTION, .text = "no options" },
	{ "ERROR 8 once loading", "blksize=8",
	    "> RRQ f octet blksize=8\n< OACK blksize=8\n> ACK 0\n"
	    "< ERROR 8 late\n", .want = TFTP_GET_SERVER_ERROR, .text = "late",
	    .fallback = true },
	{ "no fallback from not found", "blksize=1432",
	    "> RRQ f octet blksize=1432\n< ERROR 1 gone\n",
	    .want = TFTP_GET_SERVER_ERROR, .text = "gone", .fallback = true },

	/* failures */
	{ "not found", "",
	    "> RRQ f octet\n<3000 ERROR 1 File not found\n",
	    .want = TFTP_GET_SERVER_ERROR, .text = "File not found" },
	{ "error amid the file", "",
	    "> RRQ f octet\n< DATA 1 512\n> ACK 1\n< ERROR 0 disk\n",
	    .want = TFTP_GET_SERVER_ERROR, .text = "disk", .bytes = 512 },
	{ "no answer", "",
	    "> RRQ f octet\n+100\n> RRQ f octet\n+200\n> RRQ f octet\n+300\n",
	    .want = TFTP_GET_SILENT },
	{ "silence after the OACK", "tsize=0",
	    "> RRQ f octet tsize=0\n< OACK tsize=1\n> ACK 0\n+100\n> ACK 0\n"
	    "+200\n> ACK 0\n+300\n", .want = TFTP_GET_STALLED },
	{ "silence amid the file", "",
	    "> RRQ f octet\n< DATA 1 512\n> ACK 1\n+100\n> ACK 1\n"
	    "+200\n> ACK 1\n+300\n", .want = TFTP_GET_STALLED, .bytes = 512 },
	{ "larger blocks than asked", "blksize=1432",
	    "> RRQ f octet blksize=1432\n< OACK blksize=1468\n"
	    "> ERROR 8 option not acceptable\n", .want = TFTP_GET_OPTION,
	    .text = "OACK answers blksize 1432 with 1468" },
	{ "option never asked for", "blksize=1432",
	    "> RRQ f octet blksize=1432\n< OACK tsize=1\n"
	    "> ERROR 8 option not acceptable\n", .want = TFTP_GET_OPTION,
	    .text = "OACK holds tsize, which was not asked for" },
	{ "OACK to a request without options", "",
	    "> RRQ f octet\n< OACK blksize=512\n"
	    "> ERROR 8 option not acceptable\n", .want = TFTP_GET_OPTION },
	{ "block too long", "",
	    "> RRQ f octet\n< DATA 1 513\n> ERROR 4 block too long\n",
	    .want = TFTP_GET_PROTOCOL },
	{ "file ends early", "tsize=0",
	    "> RRQ f octet tsize=0\n< OACK tsize=600\n> ACK 0\n"
	    "< DATA 1 512\n> ACK 1\n< DATA 2 87\n> ACK 2\n", .want = TFTP_GET_SHORT,
	    .text = "the file ended after 599 of 600 bytes", .bytes = 599 },
	{ "announced too large", "tsize=0",
	    "> RRQ f octet tsize=0\n< OACK tsize=101\n"
	    "> ERROR 3 file too large\n", .want = TFTP_GET_TOO_LARGE,
	    .max_bytes = 100 },
	{ "just not too large", "tsize=0",
	    "> RRQ f octet tsize=0\n< OACK tsize=100\n> ACK 0\n"
	    "< DATA 1 100\n> ACK 1\n", .bytes = 100, .max_bytes = 100 },
	{ "too large unannounced", "",
	    "> RRQ f octet\n< DATA 1 512\n> ACK 1\n< DATA 2 89\n"
	    "> ERROR 3 file too large\n", .want = TFTP_GET_TOO_LARGE, .bytes = 512,
	    .max_bytes = 600 },
	{ "after a failure nothing is answered", "",
	    "> RRQ f octet\n< ERROR 2 no\n< DATA 1 512\n<77 DATA 1 512\n",
	    .want = TFTP_GET_SERVER_ERROR, .text = "no" },
};

struct run {
	struct tftp_get g;
	uint64_t now_ms;
	uint64_t n_sunk;
	bool refuse;
};

static int
sink(void *ctx, const void *bytes, size_t len)
{
	struct run *r = ctx;
	const uint8_t *from = bytes;

	if (r->refuse)
		return -ENOSPC;
	for (size_t i = 0; i < len; i++)
		if (from[i] != ladder_byte(r->n_sunk + i))
			ck_abort_msg("wrong byte %zu in the sink", i);
	r->n_sunk += len;
	return 0;
}

static void
run_init(struct run *r, const struct row *row)
{
	struct tftp_get_conf conf = {
		.name = "f",
		.retry = rule,
		.max_bytes = row->max_bytes ? row->max_bytes : 1 << 30,
		.fallback = row->fallback,
		.size_only = row->size_only,
		.abort_code = 8,
		.abort_text = "User aborted the transfer",
		.sink = sink,
		.ctx = r,
	};

	*r = (struct run){ .now_ms = 5000 };
	ladder_opts(row->opts, &conf.opts);
	tftp_get_init(&r->g, &conf);
}

static void
expect(struct run *r, const char *line, const char *name)
{
	char buf[LADDER_DGRAM_MAX], got[LADDER_LINE_MAX];
	uint16_t port = 0, want_port;
	size_t len = tftp_get_output(&r->g, buf, sizeof(buf), &port);
	int used = 0;

	if (sscanf(line, ">%hu %n", &want_port, &used) != 1) {
		want_port = text_starts(line, "> RRQ") ? TFTP_PORT : TID;
		used = 2;
	}
	ck_assert_msg(len > 0, "%s: not sent: %s", name, line);
	ladder_read(buf, len, 0, got);
	ck_assert_msg(strcmp(got, line + used) == 0, "%s: %s, but sent: %s",
	    name, line, got);
	ck_assert_msg(port == want_port, "%s: %s: sent to %u", name, line,
	    port);
}

/* In our ladders the awaited block is the one that goes on in the file. */
static void
input(struct run *r, const char *line)
{
	uint8_t buf[LADDER_DGRAM_MAX];
	uint16_t from = TID;
	int used = 0;
	size_t len;
	void *copy;

	if (sscanf(line, "<%hu %n", &from, &used) != 1)
		used = 2;
	len = ladder_write(line + used, r->g.stats.bytes, buf, sizeof(buf));
	copy = unit_heap(buf, len);
	tftp_get_input(&r->g, r->now_ms, from, copy, len);
	free(copy);
}

static void
expire(struct run *r, const char *line, const char *name)
{
	uint64_t wait = strtoul(line + 1, NULL, 10);

	ck_assert_msg(r->g.deadline_ms == r->now_ms + wait,
	    "%s: %s, but the timer is set to %d ms", name, line,
	    (int)(r->g.deadline_ms - r->now_ms));
	tftp_get_expire(&r->g, r->now_ms + wait - 1);   /* too early */
	r->now_ms += wait;
	tftp_get_expire(&r->g, r->now_ms);
}

static void
climb(struct run *r, const char *ladder, const char *name)
{
	while (*ladder) {
		size_t len = strcspn(ladder, "\n");
		char line[LADDER_LINE_MAX], rest[LADDER_DGRAM_MAX];
		uint16_t port;

		(void)snprintf(line, sizeof(line), "%.*s", (int)len, ladder);
		ladder += len + 1;
		if (line[0] == '>') {
			expect(r, line, name);
		} else if (line[0] == '<') {
			input(r, line);
		} else if (line[0] == '~') {
			r->now_ms += strtoul(line + 1, NULL, 10);
		} else {
			expire(r, line, name);
		}
		if (*ladder != '>')
			ck_assert_msg(tftp_get_output(&r->g, rest,
			    sizeof(rest), &port) == 0,
			    "%s: more than expected is sent after: %s", name,
			    line);
	}
}

START_TEST(ladders)
{
	const struct row *row = &rows[_i];
	struct run r;

	run_init(&r, row);
	tftp_get_start(&r.g, r.now_ms);
	ck_assert(tftp_get_is_running(&r.g));
	climb(&r, row->ladder, row->name);
	ck_assert_msg(r.g.state == (row->want ? TFTP_GET_FAILED :
	    TFTP_GET_DONE), "%s: ends in state %d", row->name, r.g.state);
	ck_assert_msg(r.g.fail == row->want, "%s: ends as %s", row->name,
	    tftp_get_fail_name(r.g.fail));
	if (row->text)
		ck_assert_str_eq(r.g.text, row->text);
	ck_assert_uint_eq(r.g.deadline_ms, CLOCK_NEVER);
	ck_assert_uint_eq(r.n_sunk, row->bytes);
	ck_assert_uint_eq(r.g.stats.bytes, row->bytes);
}
END_TEST

static void
run_row(struct run *r, const char *name)
{
	size_t i = 0;

	while (i < ARRAY_LEN(rows) && strcmp(rows[i].name, name) != 0)
		i++;
	ck_assert_msg(i < ARRAY_LEN(rows), "no row %s", name);
	run_init(r, &rows[i]);
	tftp_get_start(&r->g, r->now_ms);
	climb(r, rows[i].ladder, name);
}

START_TEST(statistics_tell_what_happened)
{
	struct run r;

	run_row(&r, "size probe of UEFI");
	ck_assert(r.g.has_oack && r.g.has_tsize);
	ck_assert_uint_eq(r.g.tsize, 173792);

	run_row(&r, "size probe, no OACK");
	ck_assert(!r.g.has_oack && !r.g.has_tsize);

	run_row(&r, "ERROR 8, then without options");
	ck_assert(r.g.fell_back && r.g.asked.n == 0);
	ck_assert_uint_eq(r.g.blksize, 512);

	run_row(&r, "not found");
	ck_assert_uint_eq(r.g.error, TFTP_ERR_NOT_FOUND);

	run_row(&r, "window shrinks");
	ck_assert_uint_eq(r.g.window, 2);
	ck_assert_uint_eq(r.g.blksize, 8);
	ck_assert_uint_eq(r.g.tid, TID);
	ck_assert_uint_eq(r.g.stats.blocks, 3);
	ck_assert_uint_eq(r.g.stats.acks, 3);

	run_row(&r, "hole in a window is told once");
	ck_assert_uint_eq(r.g.stats.gaps, 1);
	ck_assert_uint_eq(r.g.stats.out_of_order, 2);

	run_row(&r, "request is lost");
	ck_assert_uint_eq(r.g.stats.requests_repeated, 2);
	ck_assert_uint_eq(r.g.stats.acks_repeated, 0);

	run_row(&r, "ACK 0 is lost");
	ck_assert_uint_eq(r.g.stats.requests_repeated, 0);
	ck_assert_uint_eq(r.g.stats.acks_repeated, 2);

	run_row(&r, "latecomers are ignored");
	ck_assert_uint_eq(r.g.stats.duplicates, 3);
	ck_assert_uint_eq(r.g.stats.acks_again, 0);

	run_row(&r, "wrong TID does not disturb");
	ck_assert_uint_eq(r.g.stats.wrong_tid, 2);
	ck_assert_uint_eq(r.g.stats.malformed, 1);

	run_row(&r, "malformed and foreign packets");
	ck_assert_uint_eq(r.g.stats.malformed, 3);
	ck_assert_uint_eq(r.g.stats.unexpected, 5);
	ck_assert_uint_eq(r.g.stats.out_of_order, 1);
}
END_TEST

START_TEST(sink_may_refuse)
{
	struct row row = { .opts = "" };
	struct run r;

	run_init(&r, &row);
	r.refuse = true;
	tftp_get_start(&r.g, r.now_ms);
	climb(&r, "> RRQ f octet\n< DATA 1 3\n"
	    "> ERROR 3 cannot store the file\n", "sink");
	ck_assert_int_eq(r.g.fail, TFTP_GET_SINK);
	ck_assert_int_eq(r.g.sink_rc, -ENOSPC);
	ck_assert_uint_eq(r.g.stats.bytes, 0);
}
END_TEST

/*
 * A machine that has 65535 blocks of 8 bytes. With a window of 4, the last
 * ACK was that of 65532.
 */
static void
run_to_65535(struct run *r, unsigned int window)
{
	struct row row = { .opts = "" };
	char line[LADDER_LINE_MAX], buf[LADDER_DGRAM_MAX];
	uint16_t port;

	run_init(r, &row);
	r->g.conf.sink = NULL;
	tftp_opts_set(&r->g.asked, TFTP_OPT_BLKSIZE, 8);
	tftp_opts_set(&r->g.asked, TFTP_OPT_WINDOWSIZE, window);
	tftp_get_start(&r->g, r->now_ms);
	(void)snprintf(line, sizeof(line), "< OACK blksize=8 windowsize=%u",
	    window);
	input(r, line);
	for (unsigned int block = 1; block <= UINT16_MAX; block++) {
		uint8_t data[12] = { 0, TFTP_DATA, (uint8_t)(block >> 8),
		    (uint8_t)block };

		tftp_get_input(&r->g, r->now_ms, TID, data, sizeof(data));
		while (tftp_get_output(&r->g, buf, sizeof(buf), &port) > 0)
			;
	}
	ck_assert_uint_eq(r->g.stats.blocks, UINT16_MAX);
}

static const struct {
	const char *name;
	unsigned int window;
	const char *ladder;
	enum tftp_get_fail want;
} rollovers[] = {
	{ "to 0", 1, "< DATA 0 8\n> ACK 0\n< DATA 1 0\n> ACK 1\n",
	    .want = TFTP_GET_OK },
	{ "to 1", 1, "< DATA 1 8\n> ERROR 4 block 0 expected after 65535\n",
	    .want = TFTP_GET_ROLLOVER },
	{ "to 0 in a window", 4, "< DATA 0 8\n> ACK 0\n< DATA 1 8\n"
	    "< DATA 2 8\n< DATA 3 8\n< DATA 4 8\n> ACK 4\n< DATA 5 0\n"
	    "> ACK 5\n", .want = TFTP_GET_OK },
	{ "to 1 in a window", 4, "< DATA 1 8\n> ACK 65535\n< DATA 1 8\n"
	    "< DATA 2 8\n< DATA 3 8\n< DATA 4 8\n"
	    "> ERROR 4 block 0 expected after 65535\n",
	    .want = TFTP_GET_ROLLOVER },
	{ "to 1 just before the end", 4, "< DATA 1 3\n> ACK 65535\n+100\n"
	    "> ACK 65535\n< DATA 1 3\n+200\n> ACK 65535\n+300\n",
	    .want = TFTP_GET_ROLLOVER },
	{ "block 0 is only lost", 4, "< DATA 1 8\n> ACK 65535\n< DATA 2 8\n"
	    "< DATA 3 8\n< DATA 0 8\n< DATA 1 0\n> ACK 1\n",
	    .want = TFTP_GET_OK },
	{ "block 0 is lost, later silence", 4, "< DATA 1 8\n> ACK 65535\n"
	    "< DATA 0 8\n+100\n> ACK 0\n+200\n> ACK 0\n+300\n",
	    .want = TFTP_GET_STALLED },
	{ "silence", 1, "+100\n> ACK 65535\n+200\n> ACK 65535\n+300\n",
	    .want = TFTP_GET_STALLED },
	{ "a latecomer", 1, "< DATA 65534 8\n< DATA 0 0\n> ACK 0\n",
	    .want = TFTP_GET_OK },
};

START_TEST(block_numbers_roll_over)
{
	const char *name = rollovers[_i].name;
	struct run r;

	run_to_65535(&r, rollovers[_i].window);
	climb(&r, rollovers[_i].ladder, name);
	ck_assert_msg(r.g.fail == rollovers[_i].want, "%s: %s", name,
	    tftp_get_fail_name(r.g.fail));
	ck_assert_msg(!tftp_get_is_running(&r.g), "%s: still running", name);
}
END_TEST

/* The name comes from a DHCP server: any length may be asked for. */
START_TEST(long_name_is_refused)
{
	struct row row = { .opts = "tsize=0 blksize=1468 windowsize=4" };
	char name[TFTP_NAME_MAX + 1] = "", buf[TFTP_GET_DGRAM_MAX];
	struct tftp_pkt pkt;
	uint16_t port;
	struct run r;

	memset(name, 'n', TFTP_NAME_MAX - 1);
	run_init(&r, &row);
	r.g.conf.name = name;
	tftp_get_start(&r.g, r.now_ms);
	ck_assert_int_eq(tftp_parse(buf, tftp_get_output(&r.g, buf,
	    sizeof(buf), &port), &pkt, NULL), 0);
	ck_assert_str_eq(pkt.name, name);

	name[TFTP_NAME_MAX - 1] = 'n';
	run_init(&r, &row);
	r.g.conf.name = name;
	tftp_get_start(&r.g, r.now_ms);
	ck_assert_int_eq(r.g.fail, TFTP_GET_NAME);
	ck_assert_uint_eq(tftp_get_output(&r.g, buf, sizeof(buf), &port), 0);
}
END_TEST

/* A caller that never sends loses packets, and nothing else. */
START_TEST(queue_has_an_end)
{
	struct row row = { .opts = "" };
	uint8_t buf[LADDER_DGRAM_MAX];
	uint16_t port;
	size_t n = 0;
	struct run r;

	run_init(&r, &row);
	tftp_get_start(&r.g, r.now_ms);
	for (int i = 0; i < 100; i++)
		input(&r, i == 0 ? "< DATA 1 512" : "<77 DATA 1 512");
	while (tftp_get_output(&r.g, buf, sizeof(buf), &port) > 0)
		n++;
	ck_assert_uint_eq(n, TFTP_GET_OUT_MAX);
	climb(&r, "< DATA 2 1\n> ACK 2\n", "queue");
	ck_assert_int_eq(r.g.state, TFTP_GET_DONE);
}
END_TEST

START_TEST(retry_rules)
{
	static const struct {
		struct retry_rule rule;
		unsigned int n;
		uint32_t want;
	} waits[] = {
		{ { 250, 2, 10000, 9 }, 1, 250 },
		{ { 250, 2, 10000, 9 }, 2, 500 },
		{ { 250, 2, 10000, 9 }, 6, 8000 },
		{ { 250, 2, 10000, 9 }, 7, 10000 },
		{ { 4000, 1, 0, 6 }, 6, 4000 },
		{ { 1000, 2, 0, 99 }, 99, UINT32_MAX },
		{ { 0, 2, 0, 99 }, 1000000000, 0 },
		{ { 500, 2, 100, 9 }, 1, 100 },
	};

	for (size_t i = 0; i < ARRAY_LEN(waits); i++)
		ck_assert_uint_eq(retry_wait_ms(&waits[i].rule, waits[i].n),
		    waits[i].want);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("tftp_get");
	TCase *tc = tcase_create("tftp_get");

	tcase_add_loop_test(tc, ladders, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(tc, block_numbers_roll_over, 0,
	    ARRAY_LEN(rollovers));
	tcase_add_test(tc, statistics_tell_what_happened);
	tcase_add_test(tc, sink_may_refuse);
	tcase_add_test(tc, long_name_is_refused);
	tcase_add_test(tc, queue_has_an_end);
	tcase_add_test(tc, retry_rules);
	suite_add_tcase(s, tc);
	return s;
}
