/*
 * digest.h - message digests, through libcrypto.
 */
#ifndef PXE_BASE_DIGEST_H
#define PXE_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_TEXT_MAX = 65, DIGEST_MAX = 64 };

/**
 * digest_bytes() - any digest that libcrypto has
 * @name: "md5", "sha1", "sha512" ...
 *
 * Return: bytes in @ret; -ENOTSUP if libcrypto does not offer it.
 */
int digest_bytes(const char *name, const void *data, size_t len,
    uint8_t ret[DIGEST_MAX]);

/** digest_sha256() - @buf gets 64 hex digits; "" if libcrypto fails. */
const char *digest_sha256(const void *data, size_t len,
    char buf[DIGEST_TEXT_MAX]);

#endif
