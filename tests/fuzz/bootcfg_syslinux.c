/*
 * fuzz/bootcfg_syslinux.c - any bytes as a configuration of SYSLINUX. The
 * law: it is read; what it starts by itself is either a label of it or a
 * file; every label resolves, and its initrds are words of its arguments.
 */
#include "bootcfg/syslinux.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LABELS_MAX = 64 };

/* The configuration includes itself, a few times. */
struct source {
	const uint8_t *data;
	size_t size;
	unsigned int left;
};

static int
include(void *ctx, const char *name, char **ret_bytes, size_t *ret_len)
{
	struct source *s = ctx;

	if (s->left == 0 || name[0] == 'n')
		return -ENOENT;
	s->left--;
	*ret_bytes = malloc(s->size + 1);
	if (!*ret_bytes)
		return -ENOMEM;
	memcpy(*ret_bytes, s->data, s->size);
	*ret_len = s->size;
	return 0;
}

static void
check(struct syslinux_config *c, const char *command)
{
	struct syslinux_boot b;
	int rc = syslinux_resolve(c, command, &b);

	if (rc == -ENOENT || rc == -ENOMEM)
		return;
	if (rc != 0 || b.type == SYSLINUX_BY_NAME || !b.file || !b.args ||
	    !strstr(b.args, b.initrd))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source s = { data, size, 5 };
	struct syslinux_host host = { &s, include };
	struct syslinux_config c = SYSLINUX_CONFIG_EMPTY;
	unsigned int wait_ds;
	const char *command;
	int rc = syslinux_parse(&c, data, size, &host);

	if (rc != 0 && rc != -EMSGSIZE && rc != -ENOMEM)
		abort();
	command = syslinux_command(&c, &wait_ds);
	if (command)
		check(&c, command);
	command = syslinux_menu_command(&c, &wait_ds);
	if (command && wait_ds == 0)
		abort();
	if (command)
		check(&c, command);
	for (size_t i = 0; i < c.n_entries && i < LABELS_MAX; i++)
		check(&c, c.entries[i].label);
	syslinux_release(&c);
	return 0;
}
