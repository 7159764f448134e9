#include "wire/tftp.h"
#include "unit.h"

#include <errno.h>
#include <stdio.h>

#define BYTES(s) (s), sizeof(s) - 1

/* What was parsed, as one line: the row tests compare it. */
static const char *
describe(const struct tftp_pkt *p, char *buf, size_t cap)
{
	size_t n = (size_t)snprintf(buf, cap, "%d", (int)p->op);

	if (p->op == TFTP_RRQ || p->op == TFTP_WRQ)
		n += (size_t)snprintf(buf + n, cap - n, " %s %s", p->name,
		    p->mode);
	if (p->op == TFTP_DATA || p->op == TFTP_ACK)
		n += (size_t)snprintf(buf + n, cap - n, " #%u", p->block);
	if (p->op == TFTP_DATA)
		n += (size_t)snprintf(buf + n, cap - n, " %.*s",
		    (int)p->data.left, (const char *)p->data.p);
	if (p->op == TFTP_ERROR)
		n += (size_t)snprintf(buf + n, cap - n, " %u '%s'", p->error,
		    p->text);
	for (size_t i = 0; i < p->opts.n; i++)
		n += (size_t)snprintf(buf + n, cap - n, " %s=%llu",
		    tftp_opt_name(p->opts.order[i]),
		    (unsigned long long)p->opts.value[p->opts.order[i]]);
	if (p->opts.n_unknown)
		n += (size_t)snprintf(buf + n, cap - n, " +%zu",
		    p->opts.n_unknown);
	ck_assert_uint_lt(n, cap);
	return buf;
}

static const struct {
	const char *name;
	const char *buf;
	size_t len;
	const char *want;               /* NULL: refused */
} rows[] = {
	/* requests as real firmware sends them */
	{ "iPXE", BYTES("\0\1undionly.kpxe\0octet\0blksize\0" "1432\0tsize\0"
	    "0\0"), "1 undionly.kpxe octet blksize=1432 tsize=0" },
	{ "OVMF", BYTES("\0\1ipxe.efi\0octet\0tsize\0" "0\0blksize\0" "1468\0"
	    "windowsize\0" "4\0"),
	    "1 ipxe.efi octet tsize=0 blksize=1468 windowsize=4" },
	{ "U-Boot", BYTES("\0\1boot.scr.uimg\0octet\0timeout\0" "5\0blksize\0"
	    "1468\0"), "1 boot.scr.uimg octet timeout=5 blksize=1468" },
	{ "RFC 1350", BYTES("\0\1a\0octet\0"), "1 a octet" },
	{ "write", BYTES("\0\2a\0netascii\0"), "2 a netascii" },
	{ "mode in capitals", BYTES("\0\1a\0OCTET\0"), "1 a OCTET" },
	{ "option in capitals", BYTES("\0\1a\0octet\0BlkSize\0" "8\0"),
	    "1 a octet blksize=8" },
	{ "empty name", BYTES("\0\1\0octet\0"), "1  octet" },
	{ "unknown options", BYTES("\0\1a\0octet\0multicast\0\0tsize\0" "0\0"
	    "x\0y\0"), "1 a octet tsize=0 +2" },
	{ "option twice", BYTES("\0\1a\0octet\0tsize\0" "1\0tsize\0" "2\0"),
	    "1 a octet tsize=2" },
	{ "padding after the mode", BYTES("\0\1a\0octet\0\0\0\0"),
	    "1 a octet" },
	{ "padding after an option", BYTES("\0\1a\0octet\0tsize\0" "1\0\0\0"),
	    "1 a octet tsize=1" },
	{ "leading zeros", BYTES("\0\1a\0octet\0tsize\0" "007\0"),
	    "1 a octet tsize=7" },
	{ "largest number", BYTES("\0\6tsize\0" "18446744073709551615\0"),
	    "6 tsize=18446744073709551615" },

	{ "no NUL after the name", BYTES("\0\1name"), NULL },
	{ "no mode", BYTES("\0\1name\0"), NULL },
	{ "no NUL after the mode", BYTES("\0\1name\0octet"), NULL },
	{ "mode too long", BYTES("\0\1a\0octetoctetoctetx\0"), NULL },
	{ "longest mode", BYTES("\0\1a\0octetoctetoctet\0"),
	    "1 a octetoctetoctet" },
	{ "option without value", BYTES("\0\1a\0octet\0tsize\0"), NULL },
	{ "value without NUL", BYTES("\0\1a\0octet\0tsize\0" "0"), NULL },
	{ "unknown option without value", BYTES("\0\1a\0octet\0x\0"), NULL },
	{ "empty value", BYTES("\0\1a\0octet\0tsize\0\0"), NULL },
	{ "value is no number", BYTES("\0\1a\0octet\0tsize\0" "1k\0"), NULL },
	{ "negative value", BYTES("\0\1a\0octet\0tsize\0" "-1\0"), NULL },
	{ "hexadecimal value", BYTES("\0\1a\0octet\0tsize\0" "0x10\0"), NULL },
	{ "blank before a value", BYTES("\0\6tsize\0 1\0"), NULL },
	{ "number too large", BYTES("\0\6tsize\0" "18446744073709551616\0"),
	    NULL },

	{ "DATA", BYTES("\0\3\0\1abc"), "3 #1 abc" },
	{ "DATA without bytes", BYTES("\0\3\xff\xff"), "3 #65535 " },
	{ "DATA cut off", BYTES("\0\3\0"), NULL },
	{ "ACK", BYTES("\0\4\1\0"), "4 #256" },
	{ "ACK with a tail", BYTES("\0\4\1\0\0\0"), "4 #256" },
	{ "ACK cut off", BYTES("\0\4\0"), NULL },
	{ "ERROR", BYTES("\0\5\0\1File not found\0"),
	    "5 1 'File not found'" },
	{ "ERROR, text without NUL", BYTES("\0\5\0\2no"), "5 2 'no'" },
	{ "ERROR without text", BYTES("\0\5\0\10"), "5 8 ''" },
	{ "ERROR cut off", BYTES("\0\5\0"), NULL },
	{ "OACK of dnsmasq", BYTES("\0\6blksize\0" "1432\0tsize\0" "74213\0"),
	    "6 blksize=1432 tsize=74213" },
	{ "empty OACK", BYTES("\0\6"), "6" },

	{ "nothing", BYTES(""), NULL },
	{ "half an opcode", BYTES("\0"), NULL },
	{ "opcode 0", BYTES("\0\0\0\1"), NULL },
	{ "opcode 7", BYTES("\0\7\0\1"), NULL },
	{ "opcode 257", BYTES("\1\1a\0octet\0"), NULL },
};

START_TEST(parse_accepts_or_refuses)
{
	void *buf = unit_heap(rows[_i].buf, rows[_i].len);
	struct tftp_pkt pkt;
	struct diag diag = { .text = "" };
	char text[512];
	int rc;

	memset(&pkt, 0x5a, sizeof(pkt));
	rc = tftp_parse(buf, rows[_i].len, &pkt, &diag);
	if (rows[_i].want) {
		ck_assert_msg(rc == 0, "%s: got %d", rows[_i].name, rc);
		ck_assert_str_eq(describe(&pkt, text, sizeof(text)),
		    rows[_i].want);
	} else {
		struct tftp_pkt before;

		memset(&before, 0x5a, sizeof(before));
		ck_assert_msg(rc == -EBADMSG, "%s: got %d", rows[_i].name, rc);
		ck_assert_mem_eq(&pkt, &before, sizeof(pkt));
		ck_assert(diag.text[0] && diag.has_offset);
	}
	free(buf);
}
END_TEST

/* What is accepted is written and read back as the same. */
START_TEST(parsed_is_written_back)
{
	struct tftp_pkt pkt, again;
	uint8_t buf[1024];
	struct wr w = wr_init(buf, sizeof(buf));
	char a[512], b[512];

	if (!rows[_i].want)
		return;
	ck_assert_int_eq(tftp_parse(rows[_i].buf, rows[_i].len, &pkt, NULL), 0);
	switch (pkt.op) {
	case TFTP_DATA:
		tftp_build_data(&w, pkt.block, pkt.data.p, pkt.data.left);
		break;
	case TFTP_ACK:
		tftp_build_ack(&w, pkt.block);
		break;
	case TFTP_ERROR:
		tftp_build_error(&w, pkt.error, pkt.text);
		break;
	case TFTP_OACK:
		tftp_build_oack(&w, &pkt.opts);
		break;
	default:
		tftp_build_request(&w, pkt.op, pkt.name, pkt.mode, &pkt.opts);
	}
	ck_assert(!w.full);
	ck_assert_int_eq(tftp_parse(buf, w.len, &again, NULL), 0);
	pkt.opts.n_unknown = 0;
	ck_assert_str_eq(describe(&pkt, a, sizeof(a)),
	    describe(&again, b, sizeof(b)));
}
END_TEST

/* No prefix may be read beyond its end; the sanitizer watches. */
START_TEST(every_prefix_is_safe)
{
	for (size_t len = 0; len <= rows[_i].len; len++) {
		void *buf = unit_heap(rows[_i].buf, len);
		struct tftp_pkt pkt;
		int rc = tftp_parse(buf, len, &pkt, NULL);

		ck_assert(rc == 0 || rc == -EBADMSG);
		free(buf);
	}
}
END_TEST

START_TEST(long_texts_have_their_limits)
{
	uint8_t buf[TFTP_NAME_MAX + 64];
	char name[TFTP_NAME_MAX + 1];
	struct tftp_pkt pkt;
	struct wr w;

	memset(name, 'n', sizeof(name));
	name[TFTP_NAME_MAX - 1] = '\0';
	w = wr_init(buf, sizeof(buf));
	tftp_build_request(&w, TFTP_RRQ, name, "octet", NULL);
	ck_assert_int_eq(tftp_parse(buf, w.len, &pkt, NULL), 0);
	ck_assert_str_eq(pkt.name, name);

	name[TFTP_NAME_MAX - 1] = 'n';
	name[TFTP_NAME_MAX] = '\0';
	w = wr_init(buf, sizeof(buf));
	tftp_build_request(&w, TFTP_RRQ, name, "octet", NULL);
	ck_assert_int_eq(tftp_parse(buf, w.len, &pkt, NULL), -EBADMSG);

	/* An ERROR text is cut, not refused. */
	w = wr_init(buf, sizeof(buf));
	tftp_build_error(&w, 1, name);
	ck_assert_int_eq(tftp_parse(buf, w.len, &pkt, NULL), 0);
	ck_assert_uint_eq(strlen(pkt.text), sizeof(pkt.text) - 1);
}
END_TEST

START_TEST(largest_data_is_taken)
{
	uint8_t *buf = calloc(1, TFTP_PKT_MAX + 1);
	struct tftp_pkt pkt;

	ck_assert_ptr_nonnull(buf);
	buf[1] = TFTP_DATA;
	ck_assert_int_eq(tftp_parse(buf, TFTP_PKT_MAX, &pkt, NULL), 0);
	ck_assert_uint_eq(pkt.data.left, TFTP_BLKSIZE_MAX);
	ck_assert_int_eq(tftp_parse(buf, TFTP_PKT_MAX + 1, &pkt, NULL),
	    -EBADMSG);
	free(buf);
}
END_TEST

START_TEST(writers_keep_to_the_buffer)
{
	struct tftp_opts opts = { .n = 0 };
	uint8_t buf[64];
	struct wr w = wr_init(buf, sizeof(buf));
	size_t whole;

	tftp_opts_set(&opts, TFTP_OPT_TSIZE, 0);
	tftp_opts_set(&opts, TFTP_OPT_BLKSIZE, 1468);
	tftp_opts_set(&opts, TFTP_OPT_TSIZE, 5);        /* keeps its place */
	tftp_build_request(&w, TFTP_RRQ, "f", "octet", &opts);
	whole = w.len;
	ck_assert_uint_eq(whole, sizeof("\0\1f\0octet\0tsize\0" "5\0blksize\0"
	    "1468"));
	ck_assert_mem_eq(buf, "\0\1f\0octet\0tsize\0" "5\0blksize\0" "1468",
	    whole);
	for (size_t cap = 0; cap < whole; cap++) {
		uint8_t *small = malloc(cap ? cap : 1);

		ck_assert_ptr_nonnull(small);
		w = wr_init(small, cap);
		tftp_build_request(&w, TFTP_RRQ, "f", "octet", &opts);
		ck_assert(w.full);
		free(small);
	}
}
END_TEST

static const struct {
	const char *name;
	const char *asked;              /* options as in an OACK */
	size_t asked_len;
	const char *given;
	size_t given_len;
	int want;
} oacks[] = {
	{ "all as asked", BYTES("tsize\0" "0\0blksize\0" "1468\0"),
	    BYTES("blksize\0" "1468\0tsize\0" "99\0"), 0 },
	{ "none of them", BYTES("tsize\0" "0\0"), BYTES(""), 0 },
	{ "smaller blocks", BYTES("blksize\0" "1468\0"),
	    BYTES("blksize\0" "1368\0"), 0 },
	{ "larger blocks", BYTES("blksize\0" "1468\0"),
	    BYTES("blksize\0" "1469\0"), -EPROTO },
	{ "smallest blocks", BYTES("blksize\0" "1468\0"),
	    BYTES("blksize\0" "8\0"), 0 },
	{ "blocks too small", BYTES("blksize\0" "1468\0"),
	    BYTES("blksize\0" "7\0"), -EPROTO },
	{ "smaller window", BYTES("windowsize\0" "4\0"),
	    BYTES("windowsize\0" "1\0"), 0 },
	{ "larger window", BYTES("windowsize\0" "4\0"),
	    BYTES("windowsize\0" "5\0"), -EPROTO },
	{ "window of nothing", BYTES("windowsize\0" "4\0"),
	    BYTES("windowsize\0" "0\0"), -EPROTO },
	{ "same timeout", BYTES("timeout\0" "5\0"), BYTES("timeout\0" "5\0"),
	    0 },
	{ "shorter timeout", BYTES("timeout\0" "5\0"),
	    BYTES("timeout\0" "4\0"), -EPROTO },
	{ "never asked for", BYTES("blksize\0" "1468\0"),
	    BYTES("tsize\0" "0\0"), -EPROTO },
	{ "unknown, never asked for", BYTES("blksize\0" "1468\0"),
	    BYTES("multicast\0x\0"), -EPROTO },
	{ "unknown, but asked for", BYTES("multicast\0\0blksize\0" "8\0"),
	    BYTES("multicast\0x\0"), 0 },
};

static void
parse_oack(const char *text, size_t len, struct tftp_opts *ret)
{
	uint8_t buf[128];
	struct wr w = wr_init(buf, sizeof(buf));
	struct tftp_pkt pkt;

	wr_u16(&w, TFTP_OACK);
	wr_bytes(&w, text, len);
	ck_assert_int_eq(tftp_parse(buf, w.len, &pkt, NULL), 0);
	*ret = pkt.opts;
}

START_TEST(oack_may_only_shrink)
{
	struct tftp_opts asked, given;
	struct diag diag = { .text = "" };

	parse_oack(oacks[_i].asked, oacks[_i].asked_len, &asked);
	parse_oack(oacks[_i].given, oacks[_i].given_len, &given);
	ck_assert_msg(tftp_oack_check(&asked, &given, &diag) ==
	    oacks[_i].want, "%s", oacks[_i].name);
	ck_assert((diag.text[0] != '\0') == (oacks[_i].want < 0));
}
END_TEST

START_TEST(error_codes_have_names)
{
	ck_assert_str_eq(tftp_error_name(TFTP_ERR_NOT_FOUND),
	    "file not found");
	for (uint16_t code = 0; code <= TFTP_ERR_OPTION; code++)
		ck_assert_ptr_nonnull(tftp_error_name(code));
	ck_assert_ptr_null(tftp_error_name(TFTP_ERR_OPTION + 1));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("tftp");
	TCase *tc = tcase_create("tftp");

	tcase_add_loop_test(tc, parse_accepts_or_refuses, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(tc, parsed_is_written_back, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(tc, every_prefix_is_safe, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(tc, oack_may_only_shrink, 0, ARRAY_LEN(oacks));
	tcase_add_test(tc, long_texts_have_their_limits);
	tcase_add_test(tc, largest_data_is_taken);
	tcase_add_test(tc, writers_keep_to_the_buffer);
	tcase_add_test(tc, error_codes_have_names);
	suite_add_tcase(s, tc);
	return s;
}
