/*
 * root.h - the folder whose files are served, to TFTP and HTTP alike.
 *
 * What a client names is looked up beneath the folder and nowhere else:
 * neither ".." nor a symbolic link leads out of it (openat2(2),
 * RESOLVE_BENEATH). Symbolic links that stay inside are followed.
 */
#ifndef PXE_SERVER_ROOT_H
#define PXE_SERVER_ROOT_H

#include "base/diag.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ROOT_NAME_MAX = 1024 };

struct root {
	int dir_fd;
};

/**
 * root_init() - open the folder
 *
 * Return: 0; -ENOENT, -ENOTDIR or another system error.
 */
int root_init(struct root *r, const char *path, struct diag *diag);
void root_release(struct root *r);

/**
 * root_open() - open a plain file by the name that a client sent
 * @name:     relative or absolute, both mean the same; Windows' loaders
 *            write backslashes. Upper and lower case differ.
 * @ret_size: bytes; may be NULL
 *
 * Return: a file descriptor; -ENOENT; -EACCES if the name leads out of the
 * folder, is no plain file or may not be read; -ENAMETOOLONG; another system
 * error.
 */
int root_open(const struct root *r, const char *name, uint64_t *ret_size);

/** root_has() - could root_open() open it? */
bool root_has(const struct root *r, const char *name);

#endif
