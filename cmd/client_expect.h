/*
 * client_expect.h - what the options of `client` expect of a boot.
 */
#ifndef PXE_CMD_CLIENT_EXPECT_H
#define PXE_CMD_CLIENT_EXPECT_H

#include "cmd.h"

#include "chain/expect.h"

enum { EXPECTS_MAX = 1024 };

struct expects {
	struct expect expect[EXPECTS_MAX];
	size_t n;
	char *file;                     /* text that some of them point into */
	char max_time[32];
};

/**
 * expects_read() - from --expect, --expect-file and --max-time
 * @file: NULL: none; @max_time_ms: 0: none
 *
 * Return: 0; -1 with the reason in @diag.
 */
int expects_read(struct expects *ex, const struct cmd_list *list,
    const char *file, uint64_t max_time_ms, struct diag *diag);
void expects_release(struct expects *ex);

/**
 * expects_met() - is the boot as it should be?
 *
 * Without a word on the verdict that is a healthy boot; a fault that is
 * expected is as good.
 */
bool expects_met(const struct expects *ex, const struct boot *b);

#endif
