/*
 * waits.h - the boot-time budget: what a boot spent its seconds on, and which
 * setting would have spared them.
 */
#ifndef PXE_CHAIN_WAITS_H
#define PXE_CHAIN_WAITS_H

#include "chain/boot.h"

enum { WAITS_MAX = 64 };

struct boot_wait {
	const char *what;               /* "ipxe: collecting offers" */
	double duration_s;
	const char *remedy;             /* NULL: nothing known shortens it */
};

/* Longest first. `rest_s` is what none of them accounts for. */
struct waits {
	struct boot_wait wait[WAITS_MAX];
	size_t n;
	double rest_s;
};

/**
 * waits_find() - where did the time go?
 * @arena: of the texts
 *
 * What took less than WAITS_MIN_S is in the rest. Return: 0; -ENOMEM.
 */
int waits_find(const struct boot *b, struct arena *arena, struct waits *ret);

#define WAITS_MIN_S 0.1

#endif
