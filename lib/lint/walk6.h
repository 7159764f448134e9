/*
 * walk6.h - a configuration of DHCPv6, walked by every kind of UEFI client
 * from each of its links.
 *
 * Each kind is asked for once a link, as it is: what else a request may say
 * is not varied, so that the result is no proof, and says so.
 */
#ifndef PXE_LINT_WALK6_H
#define PXE_LINT_WALK6_H

#include "lint/cell.h"

/** walk6() - Return: 0; a negative errno. */
int walk6(struct lint_file *f, struct cell_conf *c, struct diag *diag);

#endif
