/*
 * digest.h - SHA-256 as hex, through libcrypto.
 */
#ifndef PXE_BASE_DIGEST_H
#define PXE_BASE_DIGEST_H

#include <stddef.h>

enum { DIGEST_TEXT_MAX = 65 };

/** digest_sha256() - @buf gets 64 hex digits; "" if libcrypto fails. */
const char *digest_sha256(const void *data, size_t len,
    char buf[DIGEST_TEXT_MAX]);

#endif
