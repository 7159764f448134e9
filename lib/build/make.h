/*
 * make.h - run iPXE's makefile, and tell what went wrong when it fails.
 */
#ifndef PXE_BUILD_MAKE_H
#define PXE_BUILD_MAKE_H

#include "base/diag.h"

#include <stddef.h>

struct make_conf {
	const char *dir;                /* with the Makefile in it */
	const char *const *args;        /* goals and VAR=value; ends with NULL */
	const char *const *env;         /* NAME=value beside ours; ends with NULL */
	const char *log;                /* all output goes there */
};

/**
 * make_run() - run make(1) and wait
 *
 * Return: 0; -EIO if it failed, and @diag tells the cause with the name of the
 * package that is missing, or the compiler's first error; a system error.
 */
int make_run(const struct make_conf *conf, struct diag *diag);

/**
 * make_explain() - the cause in a log
 * @ret: a sentence, or the line with the first error
 */
void make_explain(const char *log, char *ret, size_t cap);

#endif
