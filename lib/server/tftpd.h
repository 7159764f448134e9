/*
 * tftpd.h - a TFTP server for reading: the listening socket, and for each
 * transfer a socket of its own with a tftp_send machine behind it.
 */
#ifndef PXE_SERVER_TFTPD_H
#define PXE_SERVER_TFTPD_H

#include "base/diag.h"
#include "net/loop.h"
#include "server/root.h"
#include "server/tftp_send.h"

#include <netinet/in.h>

enum {
	TFTPD_TRANSFERS_MAX = 4096,     /* at a time */
	TFTPD_WINDOW_MAX = 64,          /* blocks */
};

/* A transfer that ended. */
struct tftpd_event {
	struct in_addr client;
	const char *name;               /* as the client sent it: escape it */
	uint64_t bytes;                 /* acknowledged */
	double duration_s;
	bool failed;
	bool is_missing;                /* failed, for there is no such file */
	const char *fault;              /* of the catalogue; NULL if none */
	bool minor;                     /* of no interest: a size probe */
	const char *text;               /* how it ended: escape it */
};

struct tftpd_conf {
	struct in_addr ip;
	uint16_t port;
	unsigned int mtu;               /* no block is larger than fits */
	const struct root *root;
	void (*on_event)(void *ctx, const struct tftpd_event *ev);
	void *ctx;
};

struct tftpd;

/**
 * tftpd_new() - listen
 *
 * The root must outlive the server.
 *
 * Return: 0; a negative errno with a sentence.
 */
int tftpd_new(struct loop *l, const struct tftpd_conf *conf,
    struct tftpd **ret, struct diag *diag);

/** tftpd_free() - stop listening and break off what is under way. */
void tftpd_free(struct tftpd *t);

#endif
