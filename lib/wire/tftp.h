/*
 * tftp.h - TFTP datagrams (RFC 1350) with options (RFC 2347, 2348, 2349,
 * 7440) in and out of bytes.
 */
#ifndef PXE_WIRE_TFTP_H
#define PXE_WIRE_TFTP_H

#include "base/bytes.h"
#include "base/diag.h"

enum {
	TFTP_PORT = 69,
	TFTP_BLKSIZE_DEFAULT = 512,     /* RFC 1350 */
	TFTP_BLKSIZE_MIN = 8,           /* RFC 2348 */
	TFTP_BLKSIZE_MAX = 65464,
	TFTP_WINDOW_MAX = 65535,        /* RFC 7440 */
	TFTP_TIMEOUT_MAX = 255,         /* RFC 2349, seconds */
	TFTP_HEAD_LEN = 4,
	TFTP_NAME_MAX = 1024,           /* ours: longest file name taken */
	TFTP_PKT_MAX = TFTP_HEAD_LEN + TFTP_BLKSIZE_MAX,
};

enum tftp_op {
	TFTP_RRQ = 1, TFTP_WRQ, TFTP_DATA, TFTP_ACK, TFTP_ERROR, TFTP_OACK,
};

/* RFC 1350 appendix, RFC 2347. */
enum tftp_error {
	TFTP_ERR_UNDEFINED = 0, TFTP_ERR_NOT_FOUND, TFTP_ERR_ACCESS,
	TFTP_ERR_DISK_FULL, TFTP_ERR_ILLEGAL_OP, TFTP_ERR_UNKNOWN_TID,
	TFTP_ERR_EXISTS, TFTP_ERR_NO_USER, TFTP_ERR_OPTION,
};

enum tftp_opt {
	TFTP_OPT_BLKSIZE, TFTP_OPT_TSIZE, TFTP_OPT_TIMEOUT,
	TFTP_OPT_WINDOWSIZE, TFTP_N_OPTS,
};

/* The options of a request or an OACK. */
struct tftp_opts {
	bool has[TFTP_N_OPTS];
	uint64_t value[TFTP_N_OPTS];
	uint8_t order[TFTP_N_OPTS];     /* enum tftp_opt in wire order */
	size_t n;                       /* how many are set */
	size_t n_unknown;               /* options of other names, skipped */
};

/* The spelling of an option: "blksize" ... */
const char *tftp_opt_name(enum tftp_opt opt);

/** tftp_opts_set() - add an option, or change its value. */
void tftp_opts_set(struct tftp_opts *opts, enum tftp_opt opt, uint64_t value);

struct tftp_pkt {
	enum tftp_op op;
	char name[TFTP_NAME_MAX];       /* RRQ, WRQ */
	char mode[16];                  /* RRQ, WRQ: as sent */
	struct tftp_opts opts;          /* RRQ, WRQ, OACK */
	uint16_t block;                 /* DATA, ACK */
	struct rd data;                 /* DATA; points into the datagram */
	uint16_t error;                 /* ERROR */
	char text[256];                 /* ERROR: message, cut to fit */
};

/**
 * tftp_parse() - read one datagram
 *
 * Option names are compared without case (RFC 2347). An option with a value
 * that is no number is -EBADMSG; an unknown option is counted and skipped;
 * an ERROR without the final NUL is tolerated (several servers).
 *
 * Return: 0; -EBADMSG.
 */
int tftp_parse(const void *buf, size_t len, struct tftp_pkt *ret,
    struct diag *diag);

/**
 * tftp_oack_check() - are the values that a server acknowledged within what
 * was asked?
 *
 * blksize may only shrink (RFC 2348), as may windowsize (RFC 7440); timeout
 * must be equal (RFC 2349); an option never asked for is refused (RFC 2347).
 *
 * Return: 0; -EPROTO.
 */
int tftp_oack_check(const struct tftp_opts *asked,
    const struct tftp_opts *given, struct diag *diag);

/* Writers; what does not fit sets w->full. */
void tftp_build_request(struct wr *w, enum tftp_op op, const char *name,
    const char *mode, const struct tftp_opts *opts);
void tftp_build_oack(struct wr *w, const struct tftp_opts *opts);
void tftp_build_data(struct wr *w, uint16_t block, const void *data,
    size_t len);
void tftp_build_ack(struct wr *w, uint16_t block);
void tftp_build_error(struct wr *w, uint16_t code, const char *text);

/** tftp_error_name() - "file not found" for 1 ...; NULL if not assigned. */
const char *tftp_error_name(uint16_t code);

#endif
