/*
 * build.h - firmware from a manifest and a tree of iPXE's sources.
 *
 * Each configuration and target is linked once, with a place for a script; a
 * variant is that image with its script put into the place. Everything is
 * kept by the digest of all that it was made from, and what is kept is
 * complete: it gets its name last.
 */
#ifndef PXE_BUILD_BUILD_H
#define PXE_BUILD_BUILD_H

#include "build/manifest.h"
#include "build/signer.h"
#include "build/tree.h"

#include <stdint.h>

struct build_conf {
	struct manifest *manifest;
	const struct tree *tree;
	const char *cache;              /* a folder; is created */
	const char *out;                /* a folder; is created */
	unsigned int jobs;              /* of make */
	bool relink;                    /* link each variant with its script */
	bool check_reproducible;        /* link again elsewhere, and compare */
	const struct signer *signer;    /* of UEFI programs; NULL: none */
	/* Called before something that takes long. May be NULL. */
	void (*progress)(void *ctx, const char *text);
	void *ctx;
};

struct build_image {
	const struct manifest_variant *variant;
	const char *path;               /* of the file that was written */
	const char *name;               /* the same, from the folder @out */
	uint64_t bytes;
	char sha256[DIGEST_TEXT_MAX];
	char script_sha256[DIGEST_TEXT_MAX];    /* "" without one */
	char key[DIGEST_TEXT_MAX];      /* of all that it was made from */
	bool cached;                    /* nothing was linked for it */
	bool patched;                   /* the script was put into its place */
	bool reproducible;              /* it was checked */
	bool is_signed;                 /* the bytes and their sum are then, too */
	double duration_s;
};

/**
 * build_variant() - build one
 * @ret: on success; its texts live as long as the manifest
 *
 * Return: 0; -EINVAL if the manifest asks for what the tree does not have,
 * -EBADMSG if the script has an error, with the place in @diag; -EIO if make
 * failed; a system error. Then nothing is written, and nothing is kept that
 * is not whole.
 */
int build_variant(const struct build_conf *conf,
    const struct manifest_variant *v, struct build_image *ret,
    struct diag *diag);

/** build_compiler() - "gcc (Debian 12.2.0-14) 12.2.0": what links with. */
int build_compiler(const char *cross, char *ret, size_t cap);

#endif
