/*
 * link.h - one image out of iPXE's makefile, in a private copy of the tree.
 *
 * A copy belongs to one output directory, configuration and compiler: iPXE's
 * makefile touches headers that all of them share, and would compile all
 * again for each change.
 */
#ifndef PXE_BUILD_LINK_H
#define PXE_BUILD_LINK_H

#include "build/manifest.h"
#include "build/tree.h"

struct link_conf {
	struct manifest *manifest;
	const struct manifest_variant *variant;
	const struct tree *tree;
	const char *cache;
	unsigned int jobs;
	const char *script;             /* embedded; NULL: none */
	size_t script_len;
	const char *build_id;           /* hex digits that stand for all inputs */
	bool elsewhere;                 /* in a new copy at another path */
};

/** link_image() - Return: 0, and the caller frees @ret; -EIO; a system error. */
int link_image(const struct link_conf *conf, char **ret, size_t *ret_len,
    struct diag *diag);

/**
 * link_key() - a digest of all that the image is made from, but its script
 * @place: bytes kept for one; 0: none
 *
 * Return: 0; -ENOENT and the like if a certificate cannot be read.
 */
int link_key(struct manifest *m, const struct manifest_variant *v,
    const struct tree *t, size_t place, char ret[DIGEST_TEXT_MAX],
    struct diag *diag);

#endif
