/*
 * tftp_ladder.h - a TFTP exchange as lines of text, so that a test of a
 * machine reads like a ladder diagram:
 *
 *	RRQ file octet blksize=1432 tsize=0
 *	OACK blksize=1432
 *	DATA 1 512              block and length
 *	ACK 1
 *	ERROR 8 User aborted the transfer
 *	RAW 0003                hex digits, for what is malformed
 */
#ifndef PXE_TESTS_TFTP_LADDER_H
#define PXE_TESTS_TFTP_LADDER_H

#include "base/text.h"
#include "unit.h"
#include "wire/tftp.h"

#include <inttypes.h>
#include <stdio.h>

enum { LADDER_LINE_MAX = 256, LADDER_DGRAM_MAX = 2048 };

/* Content of a file at @off; blocks differ from each other. */
static inline uint8_t
ladder_byte(uint64_t off)
{
	return (uint8_t)((off * 2654435761u) >> 13);
}

/* "name=value ..." */
static inline void
ladder_opts(const char *text, struct tftp_opts *ret)
{
	char name[32];
	uint64_t value;
	int used;

	*ret = (struct tftp_opts){ .n = 0 };
	while (sscanf(text, " %31[a-z]=%" SCNu64 "%n", name, &value,
	    &used) == 2) {
		enum tftp_opt opt = 0;

		while (opt < TFTP_N_OPTS && strcmp(name, tftp_opt_name(opt)))
			opt++;
		ck_assert_msg(opt < TFTP_N_OPTS, "no option %s", name);
		tftp_opts_set(ret, opt, value);
		text += used;
	}
	ck_assert_msg(text[strspn(text, " ")] == '\0', "left over: %s", text);
}

/* The datagram that @line stands for; DATA holds the file from @off on. */
static inline size_t
ladder_write(const char *line, uint64_t off, void *buf, size_t cap)
{
	struct wr w = wr_init(buf, cap);
	struct tftp_opts opts;
	unsigned int number;
	size_t len;
	char name[64], mode[16];
	uint8_t bytes[LADDER_DGRAM_MAX];
	int used = 0;

	if (sscanf(line, "RRQ %63s %15s%n", name, mode, &used) == 2) {
		ladder_opts(line + used, &opts);
		tftp_build_request(&w, TFTP_RRQ, name, mode, &opts);
	} else if (sscanf(line, "WRQ %63s %15s", name, mode) == 2) {
		tftp_build_request(&w, TFTP_WRQ, name, mode, NULL);
	} else if (text_starts(line, "OACK")) {
		ladder_opts(line + 4, &opts);
		tftp_build_oack(&w, &opts);
	} else if (sscanf(line, "DATA %u %zu", &number, &len) == 2) {
		ck_assert_uint_le(len, sizeof(bytes));
		for (size_t i = 0; i < len; i++)
			bytes[i] = ladder_byte(off + i);
		tftp_build_data(&w, (uint16_t)number, bytes, len);
	} else if (sscanf(line, "ACK %u", &number) == 1) {
		tftp_build_ack(&w, (uint16_t)number);
	} else if (sscanf(line, "ERROR %u %n", &number, &used) == 1) {
		tftp_build_error(&w, (uint16_t)number, line + used);
	} else if (text_starts(line, "RAW")) {
		ck_assert_int_eq(parse_hex(line + 3 + (line[3] == ' '), buf,
		    cap, &w.len, NULL), 0);
	} else {
		ck_abort_msg("not a line of a ladder: %s", line);
	}
	ck_assert(!w.full);
	return w.len;
}

/* The line for a datagram; checks that DATA holds the file from @off on. */
static inline const char *
ladder_read(const void *buf, size_t len, uint64_t off,
    char line[LADDER_LINE_MAX])
{
	static const char *const ops[] = { "", "RRQ", "WRQ", "DATA", "ACK",
	    "ERROR", "OACK" };
	struct tftp_pkt p;
	int n;

	ck_assert_int_eq(tftp_parse(buf, len, &p, NULL), 0);
	n = snprintf(line, LADDER_LINE_MAX, "%s", ops[p.op]);
	if (p.op == TFTP_RRQ)
		n += snprintf(line + n, LADDER_LINE_MAX - (size_t)n, " %s %s",
		    p.name, p.mode);
	else if (p.op == TFTP_DATA)
		n += snprintf(line + n, LADDER_LINE_MAX - (size_t)n, " %u %zu",
		    p.block, p.data.left);
	else if (p.op == TFTP_ACK)
		n += snprintf(line + n, LADDER_LINE_MAX - (size_t)n, " %u",
		    p.block);
	else if (p.op == TFTP_ERROR)
		n += snprintf(line + n, LADDER_LINE_MAX - (size_t)n, " %u %s",
		    p.error, p.text);
	for (size_t i = 0; i < p.opts.n; i++)
		n += snprintf(line + n, LADDER_LINE_MAX - (size_t)n,
		    " %s=%" PRIu64, tftp_opt_name(p.opts.order[i]),
		    p.opts.value[p.opts.order[i]]);
	ck_assert_int_lt(n, LADDER_LINE_MAX);
	for (size_t i = 0; p.data.left > 0; i++)
		if (rd_u8(&p.data) != ladder_byte(off + i))
			ck_abort_msg("%s: wrong byte at %zu", line, i);
	return line;
}

#endif
