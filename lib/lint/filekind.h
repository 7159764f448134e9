/*
 * filekind.h - what a boot file is, by its name alone, or by its bytes where
 * the TFTP server's folder can be looked at.
 */
#ifndef PXE_LINT_FILEKIND_H
#define PXE_LINT_FILEKIND_H

#include "base/arena.h"
#include "chain/bootfile.h"

/* Files that were looked at, each once. Starts as zeros. */
struct filekind_cache {
	const char *root;               /* NULL: names alone */
	struct filekind_seen *seen;
	struct arena arena;
};

/* How a name misses a file that is there. */
enum filekind_miss {
	FILEKIND_CASE,                  /* upper and lower case */
	FILEKIND_PREFIX,                /* folders in front of it */
	FILEKIND_BACKSLASH,             /* for a slash */
};

struct filekind {
	struct bootfile file;
	bool is_read;                   /* by its bytes; else by its name */
	size_t len;                     /* of all of it, if it is read */
	const char *text;               /* of a script that is read, or NULL */
	const char *folder;             /* in the root: "", or ends with / */
	bool is_private;                /* not everybody may read it */
	const char *other;              /* if it is missing: what is there, */
	enum filekind_miss miss;        /* and the difference; or NULL */
};

/**
 * filekind_get() - the file that a client asks for
 * @by_name: it does not come from the TFTP server, so only its name is known
 * @ret:   owned by the cache; filled in on failure as well, but for -ENOMEM
 *
 * Return: 0; -ENOENT; another system error if it cannot be read; -ENOMEM.
 */
int filekind_get(struct filekind_cache *c, const char *name, bool by_name,
    const struct filekind **ret);

/** filekind_has() - is a file or folder at that path in the root? */
bool filekind_has(const struct filekind_cache *c, const char *path);
void filekind_release(struct filekind_cache *c);

#endif
