/* fault.h - the fault catalogue as pages to read and as JSON. */
#ifndef PXE_REPORT_FAULT_H
#define PXE_REPORT_FAULT_H

#include "base/sbuf.h"
#include "chain/fault.h"

enum { REPORT_WIDTH = 80 };     /* columns that prose is wrapped at */

/** report_fault_list() - the ids and titles, under their layers' names. */
void report_fault_list(const struct fault *rows, size_t n, struct sbuf *out);

/**
 * report_fault_page() - all that is known of one fault
 *
 * Prose is wrapped; remedies of several lines are configuration to paste
 * and stay as they are, but for the indent.
 */
void report_fault_page(const struct fault *f, struct sbuf *out);

/**
 * report_fault_json() - the rows as the output of "pxetool explain"
 *
 * Return: 0; -ENOMEM.
 */
int report_fault_json(const struct fault *rows, size_t n, struct sbuf *out);

#endif
