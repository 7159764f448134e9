/*
 * opening.h - what the first bytes of a TCP connection say of protocols that
 * are not followed any further: TLS (RFC 8446), iSCSI (RFC 7143), NFS (RFC
 * 5531, 1813, 7530) and NBD (the protocol of the Linux block device).
 *
 * Enough to say that a machine got so far, and that it was refused.
 */
#ifndef PXE_WIRE_OPENING_H
#define PXE_WIRE_OPENING_H

#include "base/bytes.h"

#include <stdint.h>

enum { OPENING_TEXT_MAX = 256 };

enum opening_kind {
	OPENING_NONE, OPENING_TLS, OPENING_ISCSI, OPENING_NFS, OPENING_NBD,
	OPENING_N,
};

struct opening {
	enum opening_kind kind;
	char text[OPENING_TEXT_MAX];    /* "ClientHello, server name h"; names
	                                 * in it are as sent: escape it */
	bool is_error;                  /* an alert, a refusal */
};

/**
 * opening_parse() - does this TCP payload open, or refuse, such a protocol?
 *
 * TLS and NBD are known by their bytes on any port, iSCSI and NFS by their
 * bytes on their own. What the capture cut is read as far as it goes.
 *
 * Return: true with @ret set; false with @ret of no use.
 */
bool opening_parse(struct rd payload, uint16_t sport, uint16_t dport,
    struct opening *ret);

/** opening_name() - "tls", "iscsi" ... as in JSON. */
const char *opening_name(enum opening_kind kind);

#endif
