/*
 * replay.h - the requests of a captured boot, sent to live servers again, and
 * their answers held against those of the capture.
 */
#ifndef PXE_CLIENT_REPLAY_H
#define PXE_CLIENT_REPLAY_H

#include "base/arena.h"
#include "base/diag.h"
#include "net/iface.h"
#include "wire/dhcp4.h"

enum {
	REPLAY_ASKS_MAX = 4096,
	REPLAY_ANSWERS_MAX = 16,        /* to one request */
	REPLAY_FILES_MAX = 1024,
	REPLAY_DIFFS_MAX = 64,          /* of one request */
};

struct replay_answer {
	struct dhcp4_msg msg;           /* owned */
	struct in_addr src;
	struct in_addr server;          /* option 54, else the source */
};

/* One request, with what it got then and what it gets now. */
struct replay_ask {
	uint64_t frame;                 /* its number in the capture */
	struct dhcp4_msg msg;           /* as captured; owned */
	struct in_addr dst;             /* 255.255.255.255, or a server */
	uint16_t dport;
	struct replay_answer then[REPLAY_ANSWERS_MAX];
	size_t n_then;
	struct replay_answer now[REPLAY_ANSWERS_MAX];
	size_t n_now;
	bool skipped;                   /* see `why` */
	const char *why;
	const char *diff[REPLAY_DIFFS_MAX];     /* "option 67: was 'a', is 'b'" */
	size_t n_diffs;
};

/* A file that was asked for: by TFTP or HTTP. */
struct replay_file {
	uint64_t frame;
	const char *uri;
	bool seen_end;                  /* the capture shows what came of it */
	bool ok;
	uint64_t bytes;                 /* if ok, and known */
	bool has_bytes;
	unsigned int status;            /* HTTP's, or TFTP's error code */
	const char *diff;               /* NULL: as it was */
	bool skipped;
};

struct replay {
	struct replay_ask *ask;
	size_t n_asks;
	struct replay_file *file;
	size_t n_files;
	size_t n_relayed;               /* copies of relays, left out */
	size_t n_beyond;                /* past a ceiling */
	struct arena arena;
};

struct replay_conf {
	struct iface iface;
	uint64_t wait_ms;               /* for an answer */
	size_t max_bytes;               /* of one file */
	bool no_files;
};

/**
 * replay_read() - the requests of a capture, with their answers
 *
 * Repetitions of a request are left out.
 *
 * Return: 0; -ENODATA if it has none; the errors of capture_open().
 */
int replay_read(const char *path, struct replay **ret, struct diag *diag);
void replay_free(struct replay *r);

/**
 * replay_run() - send them, one after the other, and compare
 *
 * Each is sent under the MAC address of its machine; the transaction number
 * is new, and what the live servers gave (addresses, the server's own) stands
 * where the capture has what its servers gave. Leases are given back.
 *
 * Return: 0 with the differences filled in; -EPERM and others of port_open().
 */
int replay_run(const struct replay_conf *conf, struct replay *r,
    struct diag *diag);

/** replay_compare() - fill in the differences of one request. */
int replay_compare(struct replay *r, struct replay_ask *ask);

/** replay_is_same() - no difference anywhere? */
bool replay_is_same(const struct replay *r);

#endif
