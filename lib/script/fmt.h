/*
 * fmt.h - a script in its normal form, which means the same to iPXE.
 *
 * Commands begin at the left edge, words are parted by one blank, what
 * continues a line is indented by a tab, line ends are LF, and there is at
 * most one empty line at a time. Where lines of the same command stand
 * together and one of them sets its text apart with more than one blank,
 * all of them are aligned. Comments stay; so do the places where lines are
 * continued.
 */
#ifndef PXE_SCRIPT_FMT_H
#define PXE_SCRIPT_FMT_H

#include "base/diag.h"
#include "base/sbuf.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * script_fmt() - write a script in its normal form
 * @out: empty; receives it
 *
 * Doing it again changes nothing.
 *
 * Return: 0; -EBADMSG, with @diag, if it cannot be kept as it is: a zero
 * byte, or a backslash that ends the file; -ENOMEM.
 */
int script_fmt(const char *text, size_t len, struct sbuf *out,
    struct diag *diag);

/**
 * script_same() - do two texts mean the same to iPXE?
 *
 * The same labels, words and operators on the same lines, empty lines
 * aside.
 *
 * Return: 1 or 0; -ENOMEM.
 */
int script_same(const char *a, size_t a_len, const char *b, size_t b_len);

#endif
