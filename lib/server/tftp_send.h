/*
 * tftp_send.h - one read session of a TFTP server (RFC 1350, 2347, 2348,
 * 2349, 7440; retransmission after RFC 1123 4.2.3).
 *
 * It does no I/O and owns no clock. The caller parses the request, finds
 * the file and starts a session; datagrams of that one client go in with
 * tftp_send_input(), the passing of time with tftp_send_expire(). After each
 * call the caller sends what tftp_send_output() yields, until it yields
 * nothing. A window is never stored: lost blocks are read from the file
 * again.
 *
 * A struct tftp_send owns no memory, so there is nothing to release.
 */
#ifndef PXE_SERVER_TFTP_SEND_H
#define PXE_SERVER_TFTP_SEND_H

#include "base/clock.h"
#include "base/retry.h"
#include "wire/tftp.h"

enum { TFTP_SEND_TEXT_MAX = 256 };

/**
 * tftp_send_read_fn - fill @buf with exactly @len bytes from @off on
 *
 * Return: 0; a negative errno ends the session with TFTP_SEND_READ.
 */
typedef int tftp_send_read_fn(void *ctx, uint64_t off, void *buf, size_t len);

struct tftp_send_conf {
	uint64_t size;                  /* of the file */
	tftp_send_read_fn *read;
	void *ctx;
	unsigned int max_blksize;       /* e.g. MTU - 32; 0: option ignored */
	unsigned int max_window;        /* 0: option ignored */
	bool no_options;                /* as servers before RFC 2347 */
	/* The timeout option replaces it by a constant pace. */
	struct retry_rule retry;
};

enum tftp_send_state {
	TFTP_SEND_OFFERING,     /* OACK sent, ACK 0 awaited */
	TFTP_SEND_SENDING,
	TFTP_SEND_DONE,         /* all acknowledged, or a size probe */
	TFTP_SEND_FAILED,       /* see `fail` */
};

enum tftp_send_fail {
	TFTP_SEND_OK,
	TFTP_SEND_REFUSED,      /* we answered the request with `error` */
	TFTP_SEND_CLIENT_ERROR, /* ERROR came: `error`, `text` in its words */
	TFTP_SEND_SILENT,       /* nothing was ever acknowledged */
	TFTP_SEND_STALLED,      /* acknowledged once, then silence */
	TFTP_SEND_NO_LAST_ACK,  /* only the last ACK is missing: many clients
	                           have the file by then and left */
	TFTP_SEND_READ,         /* the file could not be read: `read_rc` */
	TFTP_SEND_N_FAILS,
};

struct tftp_send_stats {
	uint64_t blocks;                /* DATA sent, repeated ones included */
	uint64_t blocks_repeated;
	uint64_t bytes_acked;
	uint64_t acks;                  /* that moved us on */
	unsigned int oacks;
	unsigned int timeouts;
	unsigned int gaps;              /* ACKs that named a hole */
	unsigned int duplicate_acks;
	unsigned int stray_acks;        /* of blocks never sent or long past */
	unsigned int requests_again;    /* the request came again */
	unsigned int malformed;
	unsigned int unexpected;        /* well-formed, but not for a sender */
};

struct tftp_send {
	struct tftp_send_conf conf;
	enum tftp_send_state state;
	uint64_t deadline_ms;           /* CLOCK_NEVER unless running */

	/* outcome */
	enum tftp_send_fail fail;
	bool is_probe;                  /* DONE because the client wanted only
	                                   the size: ERROR 0 or 8 to our OACK */
	uint16_t error;
	char text[TFTP_SEND_TEXT_MAX];  /* may hold the client's words as sent:
	                                   escape before printing */
	int read_rc;

	/* negotiated */
	struct tftp_opts oack;          /* none: no OACK was sent */
	unsigned int blksize;
	unsigned int window;

	struct tftp_send_stats stats;

	/* private: blocks count from 1 and never wrap here */
	uint64_t n_blocks;              /* the last one is short, maybe empty */
	uint64_t acked;                 /* all up to this one */
	uint64_t next;                  /* to be sent */
	uint64_t top;                   /* highest ever sent */
	unsigned int n_sends;           /* of the present window */
	uint64_t armed_ms;              /* when the timer was wound up */
	uint32_t pace8_ms;              /* smoothed time to an ACK, times 8 */
	unsigned int n_repeats;         /* ACKs of `acked` seen in it */
	bool is_recovering;             /* see .c */
	bool oack_due;
	bool error_due;
};

/**
 * tftp_send_start() - begin the session that @rrq asks for
 *
 * A request that cannot be served (a write, a mode other than octet) is
 * answered with an ERROR; the session is TFTP_SEND_FAILED at once.
 */
void tftp_send_start(struct tftp_send *s, const struct tftp_send_conf *conf,
    const struct tftp_pkt *rrq, uint64_t now_ms);

/** tftp_send_input() - take a datagram of the session's client. */
void tftp_send_input(struct tftp_send *s, uint64_t now_ms, const void *buf,
    size_t len);

/** tftp_send_expire() - repeat or give up, if deadline_ms has passed. */
void tftp_send_expire(struct tftp_send *s, uint64_t now_ms);

/**
 * tftp_send_output() - the next datagram to send to the client
 * @buf: TFTP_HEAD_LEN + blksize bytes, and 512 at least, are enough
 *
 * Return: its length; 0 if there is none.
 */
size_t tftp_send_output(struct tftp_send *s, void *buf, size_t cap);

/** tftp_send_is_running() - neither done nor failed. */
bool tftp_send_is_running(const struct tftp_send *s);

/** tftp_send_fail_name() - "client-error", "silent", ... "ok". */
const char *tftp_send_fail_name(enum tftp_send_fail fail);

#endif
