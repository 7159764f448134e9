/*
 * step.h - the step of the chain: given who runs now and what it loaded,
 * what runs next, or which fault ends the boot here.
 */
#ifndef PXE_CHAIN_STEP_H
#define PXE_CHAIN_STEP_H

#include "chain/bootfile.h"
#include "chain/persona.h"

enum step_kind {
	STEP_STAGE,             /* a boot program that we can play: `next` */
	STEP_LOADER,            /* one that uses the lease it finds: `next` */
	STEP_SCRIPT,            /* an iPXE script, for the iPXE that runs now */
	STEP_KERNEL,            /* an operating system */
	STEP_PROGRAM,           /* starts, but is not one that we can play */
	STEP_FAULT,             /* `fault`, `why` */
};

enum { STEP_WHY_MAX = 200 };

struct step {
	enum step_kind kind;
	const struct persona *next;
	const char *fault;
	char why[STEP_WHY_MAX];
};

/** chain_step() - @ret is always filled in. */
void chain_step(const struct persona *now, const struct bootfile *what,
    struct step *ret);

/** chain_os() - the persona of the booted operating system. */
const struct persona *chain_os(void);

#endif
