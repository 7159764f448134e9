/*
 * tree.h - a tree of iPXE's sources: what it is, what can be switched in it,
 * and a private copy to build in. The user's own tree is only read.
 */
#ifndef PXE_BUILD_TREE_H
#define PXE_BUILD_TREE_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/digest.h"

#include <stdbool.h>
#include <stddef.h>

enum { TREE_FILES_MAX = 100000, TREE_FEATURES_MAX = 2000 };

/* A switch in one of the headers of src/config. */
struct tree_feature {
	const char *name;               /* "DOWNLOAD_PROTO_HTTPS" */
	const char *header;             /* "general.h" */
};

struct tree {
	const char *dir;                /* with src/Makefile in it */
	char digest[DIGEST_TEXT_MAX];   /* of all sources */
	char commit[64];                /* "" if it is no git checkout */
	struct tree_feature *features;
	size_t n_features;
	struct arena arena;
};

/**
 * tree_open() - look at a tree
 *
 * Reads every source file once. Output directories (bin*) and config/local
 * are not sources.
 *
 * Return: 0; -ENOENT if there is no src/Makefile; a system error.
 */
int tree_open(const char *dir, struct tree **ret, struct diag *diag);
void tree_close(struct tree *t);

/** tree_feature() - a switch by name; NULL with a suggestion in @diag. */
const struct tree_feature *tree_feature(const struct tree *t,
    const char *name, struct diag *diag);

/**
 * tree_copy() - copy the sources, with the times of the files
 * @to: a folder that does not exist yet; half a copy is never called so
 */
int tree_copy(const struct tree *t, const char *to, struct diag *diag);

/** tree_remove() - remove a folder with all that is in it. */
int tree_remove(const char *dir, struct diag *diag);

/** make_dirs() - a folder, and those above it that are missing. */
int make_dirs(const char *path, struct diag *diag);

#endif
