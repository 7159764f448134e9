/*
 * severity.h - the option --fail-on: from which severity on a finding makes
 * the exit status 1.
 */
#ifndef PXE_CMD_SEVERITY_H
#define PXE_CMD_SEVERITY_H

#include "base/diag.h"
#include "chain/fault.h"

/**
 * severity_read() - @name NULL: error
 *
 * Return: 0; -EINVAL with the names that there are.
 */
int severity_read(const char *name, enum fault_severity *ret,
    struct diag *diag);

#endif
