/*
 * fuzz/bootcfg_grub.c - any bytes as grub.cfg. The law: it comes to an end,
 * and running it a second time with another interpreter does the same; the
 * default is one of the entries, and each can be run.
 */
#include "bootcfg/grub.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { COMMANDS_MAX = 2000, SIZE_MAX_READ = 4096 };

/* What the commands were, as one number. */
struct told {
	unsigned int sum;
	unsigned int n;
};

static int
command(void *ctx, struct grub *g, size_t argc, char **argv, bool *ret_ok)
{
	struct told *t = ctx;

	(void)g;
	for (size_t i = 0; i < argc; i++) {
		for (const char *s = argv[i]; *s; s++)
			t->sum = t->sum * 31 + (unsigned char)*s;
	}
	*ret_ok = argv[0][0] != 'f';
	return ++t->n > COMMANDS_MAX ? -ECANCELED : 0;
}

static int
use(void *ctx, const char *name, bool *ret_there)
{
	(void)ctx;
	*ret_there = name[0] != 'u';
	return 0;
}

static int
file_size(void *ctx, const char *name, bool *ret_some)
{
	(void)ctx;
	*ret_some = name[0] == '/';
	return 0;
}

static int
run(const uint8_t *data, size_t size, struct told *t)
{
	struct grub_host host = { t, command, use, file_size };
	struct grub *g = grub_new(&host);
	int entry;
	int rc;

	if (!g)
		return -ENOMEM;
	rc = grub_run(g, data, size);
	entry = grub_default(g);
	if (entry < -1 || entry >= (int)grub_entries(g) ||
	    (entry < 0) != (grub_entries(g) == 0))
		abort();
	for (size_t i = 0; rc == 0 && i < 4 && entry >= 0; i++) {
		rc = grub_run_entry(g, (size_t)entry);
		entry = grub_default(g);
	}
	grub_free(g);
	return rc;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct told a = { 0, 0 };
	struct told b = { 0, 0 };
	int rc;

	if (size > SIZE_MAX_READ)
		return 0;
	rc = run(data, size, &a);
	if (rc != 0 && rc != -EBADMSG && rc != -EMSGSIZE && rc != -ECANCELED &&
	    rc != -ENOMEM)
		abort();
	if (run(data, size, &b) != rc || a.sum != b.sum || a.n != b.n)
		abort();
	return 0;
}
