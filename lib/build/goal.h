/*
 * goal.h - what iPXE's makefile calls a target: "bin-x86_64-efi/snponly.efi"
 * is a directory for the platform, the drivers, and the medium.
 */
#ifndef PXE_BUILD_GOAL_H
#define PXE_BUILD_GOAL_H

#include "base/diag.h"

#include <stdbool.h>

enum { GOAL_DIR_MAX = 40, GOAL_DRIVERS_MAX = 200, GOAL_MEDIUM_MAX = 16 };

struct goal {
	char dir[GOAL_DIR_MAX];               /* "bin-x86_64-efi" */
	char drivers[GOAL_DRIVERS_MAX];       /* "snponly", "intel--realtek" */
	char medium[GOAL_MEDIUM_MAX];         /* "efi" */
	const char *arch;                       /* "i386", "x86_64", "arm64" ... */
	const char *platform;                   /* "pcbios", "efi", "sbi", "linux" */
};

/**
 * goal_parse() - take a target apart
 *
 * Return: 0; -EINVAL with what is wrong, and a suggestion where one is near.
 */
int goal_parse(const char *text, struct goal *ret,
    struct diag *diag);

/** goal_cross() - the usual prefix of the tools for that CPU; "" for ours. */
const char *goal_cross(const struct goal *t);

#endif
