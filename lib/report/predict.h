/*
 * predict.h - the answer that a server will give, and why, as text and JSON.
 */
#ifndef PXE_REPORT_PREDICT_H
#define PXE_REPORT_PREDICT_H

#include "base/sbuf.h"
#include "config/config.h"
#include "lint/exchange.h"

/** report_predict_text() - for people. @c gives the lines of the reasons. */
void report_predict_text(const struct exchange *x, const struct config *c,
    struct sbuf *out);

/**
 * report_predict_json() - the `predict` shape, one object
 * @indent: 0 for one object a line
 *
 * Return: 0; -ENOMEM.
 */
int report_predict_json(const struct exchange *x, const struct config *c,
    int indent, struct sbuf *out);

/* The same of DHCPv6: no fields, and option 59 is the file. */
void report_predict6_text(const struct answer6 *a, const struct config *c,
    struct sbuf *out);
int report_predict6_json(const struct answer6 *a, const struct config *c,
    int indent, struct sbuf *out);

#endif
