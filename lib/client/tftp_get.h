/*
 * tftp_get.h - the machine of a TFTP client that reads one file (RFC 1350,
 * 2347, 2348, 2349, 7440).
 *
 * It does no I/O and owns no clock. Datagrams of the server go in with
 * tftp_get_input(), the passing of time with tftp_get_expire(); after each
 * of these and after tftp_get_start() the caller sends what
 * tftp_get_output() yields, until it yields nothing:
 *
 *	tftp_get_init(&g, &conf);
 *	tftp_get_start(&g, now_ms);
 *	while (g.state is TFTP_GET_REQUESTING or TFTP_GET_LOADING) {
 *		while ((len = tftp_get_output(&g, buf, sizeof(buf), &port)))
 *			send buf to the server's address and port
 *		wait for a datagram until g.deadline_ms
 *		tftp_get_input() or tftp_get_expire()
 *	}
 *	send what tftp_get_output() still yields: the last ACK or an ERROR
 *
 * The caller hands in only what came from the server's address, and sends
 * all from one port of its own (the client's TID). After TFTP_GET_DONE it
 * may go on handing datagrams in for as long as it wants to dally: a
 * repeated last block is acknowledged again.
 *
 * A struct tftp_get owns no memory, so there is nothing to release.
 */
#ifndef PXE_CLIENT_TFTP_GET_H
#define PXE_CLIENT_TFTP_GET_H

#include "base/clock.h"
#include "base/retry.h"
#include "wire/tftp.h"

enum {
	TFTP_GET_OUT_MAX = 8,           /* datagrams waiting to be sent */
	TFTP_GET_DGRAM_MAX = 2048,      /* enough for any that we send */
	TFTP_GET_TEXT_MAX = 256,
};

/**
 * tftp_get_sink_fn - takes the file's next bytes, in order
 *
 * Return: 0; a negative errno ends the transfer with TFTP_GET_SINK.
 */
typedef int tftp_get_sink_fn(void *ctx, const void *bytes, size_t len);

struct tftp_get_conf {
	const char *name;               /* kept, not copied */
	const char *mode;               /* kept; NULL: "octet" */
	struct tftp_opts opts;          /* asked, in wire order; may be none */
	struct retry_rule retry;        /* for requests and for ACKs alike */
	/*
	 * Not 0: once blocks come, an ACK is repeated as soon as four times
	 * the usual pace of progress has passed, but not before so many
	 * milliseconds, and not later than `retry` says. Firmware does not
	 * adapt; a person who waits for a file wants it.
	 */
	uint32_t adapt_ms;
	uint64_t max_bytes;             /* a longer file is refused */
	bool fallback;                  /* ERROR 8: once more without options */
	/*
	 * Only ask for the size, as UEFI and many ROMs do before the real
	 * request: the answer is met with ERROR abort_code, abort_text, and
	 * that is TFTP_GET_DONE, with has_tsize if the server knows tsize.
	 */
	bool size_only;
	uint16_t abort_code;
	const char *abort_text;         /* kept; NULL: "" */
	tftp_get_sink_fn *sink;         /* NULL: bytes are only counted */
	void *ctx;
};

enum tftp_get_state {
	TFTP_GET_IDLE,
	TFTP_GET_REQUESTING,    /* nothing came yet */
	TFTP_GET_LOADING,       /* the server's TID is known */
	TFTP_GET_DONE,
	TFTP_GET_FAILED,        /* see `fail` */
};

enum tftp_get_fail {
	TFTP_GET_OK,
	TFTP_GET_SERVER_ERROR,  /* ERROR came: `error`, `text` in its words */
	TFTP_GET_SILENT,        /* no answer to the request at all */
	TFTP_GET_STALLED,       /* answered once, then silence */
	TFTP_GET_OPTION,        /* the server sent ERROR 8 to our options, or
	                           an OACK that we may not accept */
	TFTP_GET_PROTOCOL,      /* a rule of RFC 1350 broken, see `text` */
	TFTP_GET_ROLLOVER,      /* block 65535 was followed by 1, not 0 */
	TFTP_GET_TOO_LARGE,     /* more than max_bytes */
	TFTP_GET_SHORT,         /* ended before the announced tsize */
	TFTP_GET_SINK,          /* the sink refused: `sink_rc` */
	TFTP_GET_NAME,          /* too long to ask for: nothing was sent */
	TFTP_GET_N_FAILS,
};

struct tftp_get_stats {
	uint64_t blocks;                /* taken in order */
	uint64_t bytes;                 /* handed to the sink */
	uint64_t acks;                  /* sent, repeated ones included */
	unsigned int requests_repeated; /* by the timer */
	unsigned int acks_repeated;     /* by the timer */
	unsigned int acks_again;        /* because DATA or OACK came again */
	unsigned int gaps;              /* RFC 7440: ACK of the last good block */
	unsigned int duplicates;        /* DATA or OACK seen before */
	unsigned int out_of_order;      /* DATA ahead of the one awaited */
	unsigned int wrong_tid;         /* from another port than the first */
	unsigned int malformed;
	unsigned int unexpected;        /* well-formed, but not for a reader */
};

/* What is being sent; rendered when it is asked for. */
struct tftp_get_out {
	enum tftp_op op;                /* RRQ, ACK or ERROR */
	uint16_t port;
	uint16_t number;                /* block or error code */
	const char *text;               /* ERROR */
};

struct tftp_get {
	struct tftp_get_conf conf;
	enum tftp_get_state state;
	uint64_t deadline_ms;           /* CLOCK_NEVER unless running */

	/* outcome */
	enum tftp_get_fail fail;
	uint16_t error;                 /* code of SERVER_ERROR and OPTION */
	char text[TFTP_GET_TEXT_MAX];   /* a sentence; holds the server's words
	                                   as sent: escape before printing */
	int sink_rc;

	/* negotiated */
	struct tftp_opts asked;         /* empty after the fallback */
	struct tftp_opts oack;          /* as the server gave them */
	bool has_oack;
	bool fell_back;
	bool has_tsize;
	uint64_t tsize;
	unsigned int blksize;
	unsigned int window;
	uint16_t tid;                   /* the server's port; 0: not known yet */

	struct tftp_get_stats stats;

	/* private */
	uint64_t armed_ms;              /* when the timer was wound up */
	uint32_t pace8_ms;              /* smoothed wait for progress, times 8 */
	unsigned int n_sends;           /* of what the timer repeats */
	unsigned int unacked;           /* blocks taken since the last ACK */
	unsigned int n_dups;            /* of the last block, since progress */
	bool is_quiet;                  /* let one duplicate pass, see .c */
	bool gap_acked;
	bool skipped_zero;              /* 1 seen where 0 was due */
	struct tftp_get_out out[TFTP_GET_OUT_MAX];
	size_t out_head;
	size_t n_out;
};

/** tftp_get_init() - prepare; @conf is copied, its strings are kept. */
void tftp_get_init(struct tftp_get *g, const struct tftp_get_conf *conf);

/**
 * tftp_get_start() - queue the request; its timer runs from @now_ms
 *
 * A name of TFTP_NAME_MAX or more characters fails at once.
 */
void tftp_get_start(struct tftp_get *g, uint64_t now_ms);

/**
 * tftp_get_input() - take a datagram that came from the server's address
 * @from: its source port
 *
 * Once the server's port is known, a datagram from another is answered with
 * ERROR 5 and does not disturb the transfer (RFC 1350 4).
 */
void tftp_get_input(struct tftp_get *g, uint64_t now_ms, uint16_t from,
    const void *buf, size_t len);

/** tftp_get_expire() - repeat or give up, if deadline_ms has passed. */
void tftp_get_expire(struct tftp_get *g, uint64_t now_ms);

/**
 * tftp_get_output() - the next datagram to send
 * @buf:      TFTP_GET_DGRAM_MAX bytes are enough
 * @ret_port: where to: 69 for a request, the server's TID otherwise
 *
 * Return: its length; 0 if there is none.
 */
size_t tftp_get_output(struct tftp_get *g, void *buf, size_t cap,
    uint16_t *ret_port);

/** tftp_get_is_running() - neither done nor failed. */
bool tftp_get_is_running(const struct tftp_get *g);

/** tftp_get_fail_name() - "server-error", "silent", ... "ok". */
const char *tftp_get_fail_name(enum tftp_get_fail fail);

#endif
