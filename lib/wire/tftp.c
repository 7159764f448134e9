#include "tftp.h"

#include "base/text.h"
#include "base/util.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const opt_names[TFTP_N_OPTS] = {
	[TFTP_OPT_BLKSIZE] = "blksize",         /* RFC 2348 */
	[TFTP_OPT_TSIZE] = "tsize",             /* RFC 2349 */
	[TFTP_OPT_TIMEOUT] = "timeout",         /* RFC 2349 */
	[TFTP_OPT_WINDOWSIZE] = "windowsize",   /* RFC 7440 */
};

static const char *const error_names[] = {
	[TFTP_ERR_UNDEFINED] = "not defined",
	[TFTP_ERR_NOT_FOUND] = "file not found",
	[TFTP_ERR_ACCESS] = "access violation",
	[TFTP_ERR_DISK_FULL] = "disk full",
	[TFTP_ERR_ILLEGAL_OP] = "illegal operation",
	[TFTP_ERR_UNKNOWN_TID] = "unknown transfer id",
	[TFTP_ERR_EXISTS] = "file already exists",
	[TFTP_ERR_NO_USER] = "no such user",
	[TFTP_ERR_OPTION] = "option negotiation refused",
};

const char *
tftp_opt_name(enum tftp_opt opt)
{
	assert(opt < TFTP_N_OPTS);
	return opt_names[opt];
}

const char *
tftp_error_name(uint16_t code)
{
	return code < ARRAY_LEN(error_names) ? error_names[code] : NULL;
}

void
tftp_opts_set(struct tftp_opts *opts, enum tftp_opt opt, uint64_t value)
{
	assert(opt < TFTP_N_OPTS);
	if (!opts->has[opt])
		opts->order[opts->n++] = (uint8_t)opt;
	opts->has[opt] = true;
	opts->value[opt] = value;
}

/* Plain decimal digits: the wire knows no sign, space or 0x. */
static bool
parse_decimal(const char *text, uint64_t *ret)
{
	uint64_t v = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		uint64_t digit = (uint64_t)(unsigned char)*text - '0';

		if (digit > 9 || v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*ret = v;
	return true;
}

static bool
is_zeros(struct rd r)
{
	while (r.left > 0)
		if (rd_u8(&r) != 0)
			return false;
	return true;
}

static int
refuse(struct diag *diag, size_t at, const char *what)
{
	diag_set(diag, "%s", what);
	diag_at_offset(diag, NULL, at);
	return -EBADMSG;
}

/* The name and value strings after a request's mode, or of an OACK. */
static int
parse_opts(struct rd *r, struct tftp_opts *opts, struct diag *diag)
{
	while (r->left > 0) {
		size_t at = r->at;
		size_t len;
		const char *name, *text;
		enum tftp_opt opt;
		uint64_t value;

		/* Padding; a name of no characters is no option anyway. */
		if (is_zeros(*r))
			break;
		name = rd_cstr(r, &len);
		text = rd_cstr(r, &len);
		if (r->bad)
			return refuse(diag, at, "option is cut off");
		for (opt = 0; opt < TFTP_N_OPTS; opt++)
			if (strcasecmp(name, opt_names[opt]) == 0)
				break;
		if (opt == TFTP_N_OPTS) {
			opts->n_unknown++;
			continue;
		}
		if (!parse_decimal(text, &value)) {
			diag_set(diag, "value of option %s is no number",
			    opt_names[opt]);
			diag_at_offset(diag, NULL, at);
			return -EBADMSG;
		}
		tftp_opts_set(opts, opt, value);
	}
	return 0;
}

/* A string that must be there and fit. */
static int
parse_str(struct rd *r, char *buf, size_t cap, const char *what,
    struct diag *diag)
{
	size_t at = r->at;
	size_t len;
	const char *s = rd_cstr(r, &len);

	if (!s || !text_copy(buf, cap, s)) {
		diag_set(diag, "%s is %s", what, s ? "too long" : "cut off");
		diag_at_offset(diag, NULL, at);
		return -EBADMSG;
	}
	return 0;
}

/* Several servers send the text of an ERROR without its NUL, or none. */
static void
parse_error_text(struct rd *r, char *buf, size_t cap)
{
	size_t len = 0;

	while (r->left > 0) {
		char c = (char)rd_u8(r);

		if (!c)
			break;
		if (len < cap - 1)
			buf[len++] = c;
	}
	buf[len] = '\0';
}

int
tftp_parse(const void *buf, size_t len, struct tftp_pkt *ret,
    struct diag *diag)
{
	struct rd r = rd_init(buf, len);
	struct tftp_pkt pkt;
	int rc = 0;

	memset(&pkt, 0, sizeof(pkt));
	pkt.op = rd_u16(&r);
	switch (pkt.op) {
	case TFTP_RRQ:
	case TFTP_WRQ:
		rc = parse_str(&r, pkt.name, sizeof(pkt.name), "file name",
		    diag);
		if (rc == 0)
			rc = parse_str(&r, pkt.mode, sizeof(pkt.mode), "mode",
			    diag);
		if (rc == 0)
			rc = parse_opts(&r, &pkt.opts, diag);
		break;
	case TFTP_DATA:
		pkt.block = rd_u16(&r);
		if (r.left > TFTP_BLKSIZE_MAX)
			rc = refuse(diag, r.at, "DATA is longer than any "
			    "block size allows");
		pkt.data = rd_rest(&r);
		break;
	case TFTP_ACK:
		pkt.block = rd_u16(&r);
		break;
	case TFTP_ERROR:
		pkt.error = rd_u16(&r);
		parse_error_text(&r, pkt.text, sizeof(pkt.text));
		break;
	case TFTP_OACK:
		rc = parse_opts(&r, &pkt.opts, diag);
		break;
	default:
		rc = refuse(diag, 0, "not a TFTP opcode");
	}
	if (rc == 0 && r.bad)
		rc = refuse(diag, r.at, "datagram is cut off");
	if (rc == 0)
		*ret = pkt;
	return rc;
}

/* What may stand in an OACK beside a request of @asked. */
static bool
opt_is_granted(enum tftp_opt opt, uint64_t asked, uint64_t given)
{
	switch (opt) {
	case TFTP_OPT_BLKSIZE:
		return given >= TFTP_BLKSIZE_MIN && given <= asked;
	case TFTP_OPT_WINDOWSIZE:
		return given >= 1 && given <= asked;
	case TFTP_OPT_TIMEOUT:
		return given == asked;
	default:
		return true;    /* tsize: any answer to the question */
	}
}

int
tftp_oack_check(const struct tftp_opts *asked, const struct tftp_opts *given,
    struct diag *diag)
{
	if (given->n_unknown > asked->n_unknown) {
		diag_set(diag, "OACK holds an option that was not asked for");
		return -EPROTO;
	}
	for (size_t i = 0; i < given->n; i++) {
		enum tftp_opt opt = given->order[i];

		if (!asked->has[opt]) {
			diag_set(diag, "OACK holds %s, which was not asked for",
			    opt_names[opt]);
			return -EPROTO;
		}
		if (!opt_is_granted(opt, asked->value[opt],
		    given->value[opt])) {
			diag_set(diag, "OACK answers %s %" PRIu64 " with %"
			    PRIu64, opt_names[opt], asked->value[opt],
			    given->value[opt]);
			return -EPROTO;
		}
	}
	return 0;
}

static void
wr_opts(struct wr *w, const struct tftp_opts *opts)
{
	for (size_t i = 0; i < opts->n; i++) {
		enum tftp_opt opt = opts->order[i];
		char text[24];

		(void)snprintf(text, sizeof(text), "%" PRIu64,
		    opts->value[opt]);
		wr_cstr(w, opt_names[opt]);
		wr_cstr(w, text);
	}
}

void
tftp_build_request(struct wr *w, enum tftp_op op, const char *name,
    const char *mode, const struct tftp_opts *opts)
{
	assert(op == TFTP_RRQ || op == TFTP_WRQ);
	wr_u16(w, (uint16_t)op);
	wr_cstr(w, name);
	wr_cstr(w, mode);
	if (opts)
		wr_opts(w, opts);
}

void
tftp_build_oack(struct wr *w, const struct tftp_opts *opts)
{
	wr_u16(w, TFTP_OACK);
	wr_opts(w, opts);
}

void
tftp_build_data(struct wr *w, uint16_t block, const void *data, size_t len)
{
	wr_u16(w, TFTP_DATA);
	wr_u16(w, block);
	wr_bytes(w, data, len);
}

void
tftp_build_ack(struct wr *w, uint16_t block)
{
	wr_u16(w, TFTP_ACK);
	wr_u16(w, block);
}

void
tftp_build_error(struct wr *w, uint16_t code, const char *text)
{
	wr_u16(w, TFTP_ERROR);
	wr_u16(w, code);
	wr_cstr(w, text);
}
