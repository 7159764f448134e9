/*
 * matrix.h - many machines boot at once, each for itself.
 */
#ifndef PXE_CLIENT_MATRIX_H
#define PXE_CLIENT_MATRIX_H

#include "client/walk.h"

enum { MATRIX_MAX = 256 };

struct matrix_boot {
	struct walk_conf conf;
	int rc;                         /* of walk_boot() */
	struct boot *boot;              /* if it is 0; owned */
	struct diag diag;               /* if it is not */
};

/**
 * matrix_run() - boot them all, and wait for the last
 * @row: `conf` set; the callbacks must be NULL or safe in any thread
 *
 * Return: 0 however the boots went; -EINVAL if there are too many; a system
 * error if not all could be started, and then none has a result.
 */
int matrix_run(struct matrix_boot *row, size_t n, struct diag *diag);
void matrix_release(struct matrix_boot *row, size_t n);

#endif
