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

/* SHA-256 of what comes in pieces. */
struct digest;

/** digest_new() - NULL if out of memory. */
struct digest *digest_new(void);
void digest_add(struct digest *d, const void *data, size_t len);

/** digest_add_str() - the text and its NUL, so that two pieces stay two. */
void digest_add_str(struct digest *d, const char *s);

/** digest_end() - 64 hex digits; "" if libcrypto fails. Frees @d. */
const char *digest_end(struct digest *d, char buf[DIGEST_TEXT_MAX]);

#endif
