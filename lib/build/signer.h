/*
 * signer.h - sign a UEFI program for Secure Boot, by a program that can.
 */
#ifndef PXE_BUILD_SIGNER_H
#define PXE_BUILD_SIGNER_H

#include "base/diag.h"

#include <stddef.h>

/* Key and certificate for sbsign(1), or a command of the user's own. */
struct signer {
	const char *key;                /* PEM file, or a URI that sbsign knows */
	const char *cert;               /* PEM file */
	const char *command;            /* of sh; is given both files: in, out */
};

/**
 * signer_run() - a signed copy of an image
 * @dir: a folder; files are made in it, and removed again
 *
 * Return: 0, and the caller frees @ret; -EIO if nothing signed came out, and
 * @diag has the last that the program said; a system error.
 */
int signer_run(const struct signer *s, const char *dir, const char *image,
    size_t len, char **ret, size_t *ret_len, struct diag *diag);

#endif
