#include "client/matrix.h"

#include "net/fetch.h"

#include <errno.h>
#include <pthread.h>

static void *
boot_one(void *arg)
{
	struct matrix_boot *row = arg;

	row->rc = walk_boot(&row->conf, &row->boot, &row->diag);
	return NULL;
}

int
matrix_run(struct matrix_boot *row, size_t n, struct diag *diag)
{
	pthread_t thread[MATRIX_MAX];
	size_t n_started = 0;
	int rc = 0;

	if (n > MATRIX_MAX) {
		diag_set(diag, "more than %d machines at once", MATRIX_MAX);
		return -EINVAL;
	}
	fetch_init();
	while (n_started < n && rc == 0) {
		rc = -pthread_create(&thread[n_started], NULL, boot_one,
		    &row[n_started]);
		if (rc == 0)
			n_started++;
	}
	for (size_t i = 0; i < n_started; i++)
		(void)pthread_join(thread[i], NULL);
	if (rc < 0) {
		diag_sys(diag, rc, "cannot start %zu machines", n);
		matrix_release(row, n_started);
	}
	return rc;
}

void
matrix_release(struct matrix_boot *row, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		boot_free(row[i].boot);
		row[i].boot = NULL;
	}
}
