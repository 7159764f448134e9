/*
 * program.h - run another program and wait; all that it says goes to a file.
 */
#ifndef PXE_BUILD_PROGRAM_H
#define PXE_BUILD_PROGRAM_H

#include "base/diag.h"

/**
 * program_run() - @argv[0] is looked for in PATH
 * @env: NAME=value, ends with NULL; NULL: our own
 * @log: a file, replaced by what it prints on either output
 * @ret_status: its exit status; 128 and more if a signal ended it
 *
 * Return: 0; -ENOENT if there is no such program; a system error.
 */
int program_run(const char *const *argv, const char *const *env,
    const char *log, int *ret_status, struct diag *diag);

#endif
