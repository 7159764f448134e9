/*
 * kinds.h - the kinds of clients that a configuration is asked for: each
 * firmware on each architecture, and the iPXE that runs there.
 */
#ifndef PXE_LINT_KINDS_H
#define PXE_LINT_KINDS_H

#include "chain/persona.h"
#include "config/config.h"

enum { KINDS_MAX = 64, KIND_NAME_MAX = 32, KIND_NONE = -1 };

/* How much a fault that only this kind meets weighs. */
enum kind_weight {
	KIND_RARE,              /* hardly seen any more: a note */
	KIND_OTHER,             /* at most a warning, unless it is named */
	KIND_COMMON,            /* BIOS and x64 UEFI are everywhere */
};

struct kind {
	char name[KIND_NAME_MAX];
	struct persona persona;         /* its name is `name` */
	enum arch_cpu cpu;
	enum kind_weight weight;
	bool named;                     /* the configuration tells it apart */
	bool starts;                    /* powers on as this; else only loaded */
};

struct kinds {
	struct kind kind[KINDS_MAX];
	size_t n;
	/* What the configuration looks at anywhere. */
	bool by_arch;                   /* tells architectures apart */
	bool by_ipxe;                   /* asks whether the client is iPXE */
	bool by_client;                 /* the client's kind, in any way */
	bool own_class;                 /* iPXE under another name alone */
};

/** kinds_init() - all kinds; @lits say which of them are named. */
void kinds_init(struct kinds *ks, const struct config_literal *lits, size_t n);

/**
 * kinds_ipxe() - the iPXE or gPXE that such a file becomes on such a machine
 *
 * Return: an index; KIND_NONE if none is known.
 */
int kinds_ipxe(const struct kinds *ks, const struct kind *now,
    const struct bootfile *file);

/** kinds_find() - by name; KIND_NONE if there is none. */
int kinds_find(const struct kinds *ks, const char *name);

#endif
