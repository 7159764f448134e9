/*
 * scan.h - who answers on a network, as text and as JSON.
 */
#ifndef PXE_REPORT_SCAN_H
#define PXE_REPORT_SCAN_H

#include "base/sbuf.h"
#include "client/scan.h"

#include <jansson.h>

void report_scan_text(const struct scan *s, bool color, struct sbuf *out);
json_t *report_scan_json(const struct scan *s);

#endif
