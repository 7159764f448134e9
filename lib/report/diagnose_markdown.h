/*
 * diagnose_markdown.h - a diagnosis as Markdown, to be pasted into a ticket.
 */
#ifndef PXE_REPORT_DIAGNOSE_MARKDOWN_H
#define PXE_REPORT_DIAGNOSE_MARKDOWN_H

#include "base/sbuf.h"
#include "diagnose/diagnosis.h"

void report_diagnose_markdown(const struct diagnosis *d, struct sbuf *out);

#endif
