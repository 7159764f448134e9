/*
 * inspect.h - what boot files are, as text and as JSON.
 */
#ifndef PXE_REPORT_INSPECT_H
#define PXE_REPORT_INSPECT_H

#include "base/sbuf.h"
#include "firmware/inspect.h"

#include <jansson.h>

/** report_inspect_text() - a file and what is inside */
void report_inspect_text(const struct inspect *x, bool color,
    struct sbuf *out);

/** report_inspect_json() - the files of a list */
json_t *report_inspect_json(const struct inspect *files);

#endif
