/*
 * dnsmasq_make.h - a dnsmasq configuration from a text, for tests.
 */
#ifndef PXE_TESTS_DNSMASQ_MAKE_H
#define PXE_TESTS_DNSMASQ_MAKE_H

#include "unit.h"

#include "config/dnsmasq.h"

#include <unistd.h>

/* Load @text by way of a file; @path is filled in with its name. */
static inline int
dnsmasq_make(const char *text, char path[32], void **ret, struct diag *diag)
{
	struct config_conf conf = { .n_paths = 1 };
	const char *paths[1];
	int fd, rc;

	text_copy(path, 32, "/tmp/dnsmasq-test-XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	paths[0] = path;
	conf.paths = paths;
	ck_assert_int_eq(parse_ipv4("10.77.0.1", &conf.server_ip, NULL), 0);
	rc = dnsmasq_load(&conf, ret, diag);
	unlink(path);
	return rc;
}

#endif
