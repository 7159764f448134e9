/*
 * isc_check.h - what can be told of a configuration once all of it is read:
 * the values of subclasses, hosts that are alike, and what never takes
 * effect. Private to isc_*.c.
 */
#ifndef PXE_CONFIG_ISC_CHECK_H
#define PXE_CONFIG_ISC_CHECK_H

#include "config/isc_parse.h"

enum { ISC_ASSUMED_IP = 0x0a000001 };   /* where none is declared */

/** isc_finish() - what is below, but for branches. Return: 0; -ENOMEM. */
int isc_finish(struct isc_tree *t);

/** isc_alike() - number the hosts that answers do not tell apart. */
int isc_alike(struct isc_tree *t);

/** isc_reach() - remarks on branches of @s that no request reaches. */
int isc_reach(struct isc_tree *t, const struct isc_stmt *s);

/**
 * isc_expr_text() - an expression as bytes, which are the same for those
 * that mean the same thing
 */
void isc_expr_text(const struct isc_expr *x, struct sbuf *out);

#endif
