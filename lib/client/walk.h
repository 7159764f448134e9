/*
 * walk.h - one machine's whole boot against live servers: DHCP, load, look
 * at what was loaded, be that next, until something runs or breaks.
 */
#ifndef PXE_CLIENT_WALK_H
#define PXE_CLIENT_WALK_H

#include "base/diag.h"
#include "chain/boot.h"
#include "chain/persona.h"
#include "chain/pxe_menu.h"
#include "client/attach.h"
#include "net/fetch.h"
#include "net/iface.h"

/* How far to go. */
enum walk_until {
	WALK_UNTIL_OS,                  /* to the system's own DHCP */
	WALK_UNTIL_KERNEL,              /* a kernel was started */
	WALK_UNTIL_SCRIPT,              /* a script was loaded from the network */
};

struct walk_conf {
	struct iface iface;
	struct attach_conf attach;
	const struct persona *persona;
	struct machine machine;
	unsigned int speed;             /* divides all waits; 1: real timing */
	uint64_t timeout_ms;            /* of the whole boot */
	size_t max_bytes;               /* of one file */
	enum walk_until until;
	bool secure_boot;               /* UEFI starts only what is signed */
	bool renew;                     /* the last lease, before the end */
	bool keep_leases;               /* do not give the addresses back */
	struct pxe_user user;           /* who answers PXE boot menus */
	struct fetch_tls tls;           /* authority and certificate for HTTPS */
	const char *pcap;               /* write what was said here; NULL: no */
	/* Called whenever the record has grown. May be NULL. */
	void (*changed)(void *ctx, const struct boot *b);
	/* Called while a file is loading; @total 0: not known. May be NULL. */
	void (*progress)(void *ctx, uint64_t done, uint64_t total);
	void *ctx;
};

/**
 * walk_boot() - boot it
 * @ret: on success the record, whatever came of the boot; the caller frees
 *
 * Return: 0; -EPERM without the privilege for a packet socket or a namespace;
 * -ENETDOWN if the interface is down; another error of ours.
 */
int walk_boot(const struct walk_conf *conf, struct boot **ret,
    struct diag *diag);

#endif
