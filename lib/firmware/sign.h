/*
 * sign.h - who signed a UEFI program, and what for Secure Boot it is.
 *
 * A signature is a PKCS#7 in the PE file's certificate table (Windows
 * Authenticode Portable Executable Signature Format). It is read, and its
 * hash compared with the file's: whether a machine trusts the signer, only
 * that machine's database tells.
 */
#ifndef PXE_FIRMWARE_SIGN_H
#define PXE_FIRMWARE_SIGN_H

#include "base/arena.h"
#include "base/digest.h"
#include "firmware/pe.h"

enum { SIGN_MAX = 8, SIGN_NAME_MAX = 1024, SIGN_CERTS_MAX = 16 };

struct sign_cert {
	const char *subject;            /* RFC 2253 */
	const char *issuer;
	const char *until;              /* "2038-01-19" */
	char sha256[DIGEST_TEXT_MAX];   /* of the certificate */
};

struct sign {
	struct sign_cert cert;          /* the signer's; "" what is not there */
	const char *digest;             /* "sha256", "sha1" */
	bool matches;                   /* its hash is that of the file */
};

/**
 * sign_authenticode() - the hash that signatures and db, dbx, MOK lists name
 * @name: "sha256", "sha1"
 *
 * Return: bytes in @ret; -EBADMSG if the sections do not fit the file;
 * -ENOTSUP for another name.
 */
int sign_authenticode(const struct pe *pe, const void *buf, size_t len,
    const char *name, uint8_t ret[DIGEST_MAX]);

/**
 * sign_read() - the signatures in the certificate table
 *
 * Return: how many are in @ret; those that do not parse are left out; -ENOMEM.
 */
int sign_read(const struct pe *pe, const void *buf, size_t len,
    struct arena *a, struct sign ret[SIGN_MAX]);

/**
 * sign_find_certs() - X.509 certificates that lie in the bytes as they are
 *
 * Return: how many are in @ret; -ENOMEM.
 */
int sign_find_certs(const void *buf, size_t len, struct arena *a,
    struct sign_cert ret[SIGN_CERTS_MAX]);

#endif
