/*
 * diagnose_html.h - a diagnosis as one HTML file that needs nothing else: no
 * script, no picture, no font of elsewhere. Each machine has its ladder, in
 * SVG whose x coordinates are shares of the width, so that it fits a phone
 * as well as a printed page.
 */
#ifndef PXE_REPORT_DIAGNOSE_HTML_H
#define PXE_REPORT_DIAGNOSE_HTML_H

#include "base/sbuf.h"
#include "diagnose/diagnosis.h"

/** report_diagnose_html() - the whole file */
void report_diagnose_html(const struct diagnosis *d, struct sbuf *out);

#endif
