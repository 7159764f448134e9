/*
 * matrix.h - many boots side by side: machine by stage.
 */
#ifndef PXE_REPORT_MATRIX_H
#define PXE_REPORT_MATRIX_H

#include "report/boot.h"
#include "report/monitor.h"

/** report_matrix_text() - a table, and why each that failed did. */
void report_matrix_text(const struct monitor_boot *row, size_t n,
    const struct expect *e, size_t n_expects, bool color, struct sbuf *out);

/** report_matrix_json() - "boots": each the shape of `client`. */
json_t *report_matrix_json(const struct monitor_boot *row, size_t n,
    const struct expect *e, size_t n_expects);

#endif
