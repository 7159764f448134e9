/*
 * fix.h - a remedy made from the line that it mends, where the catalogue's
 * can only be an example.
 */
#ifndef PXE_LINT_FIX_H
#define PXE_LINT_FIX_H

#include "base/sbuf.h"

/**
 * fix_isc_number() - dhcpd compares bytes with a number, which never match:
 * the same line with the number as two bytes
 * @line: of dhcpd.conf, as it stands
 *
 * "option arch != 0" becomes "option arch != 00:00".
 *
 * Return: true; false if there is no such comparison, and nothing was added.
 */
bool fix_isc_number(const char *line, struct sbuf *out);

#endif
