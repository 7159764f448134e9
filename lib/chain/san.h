/*
 * san.h - a disk of the network to boot from, as a root path (option 17) or a
 * script names it. It is read and told, not attached: no login is tried.
 */
#ifndef PXE_CHAIN_SAN_H
#define PXE_CHAIN_SAN_H

#include "base/text.h"

enum san_kind { SAN_ISCSI, SAN_AOE, SAN_NBD, SAN_NFS, SAN_SRP, SAN_FCP,
	SAN_HTTP };

enum { SAN_FIELD_MAX = 256 };

struct san {
	enum san_kind kind;
	char server[SAN_FIELD_MAX];     /* iSCSI, NBD, NFS, HTTP: host or address */
	uint16_t port;                  /* iSCSI; 3260 if not given */
	char lun[SAN_FIELD_MAX];        /* iSCSI; "0" if not given */
	char target[SAN_FIELD_MAX];     /* IQN, e0.0, export, path */
};

/**
 * san_parse() - "iscsi:SERVER:PROTOCOL:PORT:LUN:TARGET" (RFC 4173), "aoe:e0.0",
 * or a URI
 *
 * Return: 0; -ENOENT if @text is no SAN disk (but the path of an NFS root);
 * -EBADMSG if it is a wrong one, with @why.
 */
int san_parse(const char *text, struct san *ret, const char **why);

/** san_kind_name() - "iSCSI", "AoE" ... */
const char *san_kind_name(enum san_kind kind);

#endif
