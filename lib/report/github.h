/* github.h - findings as workflow commands, which GitHub shows at the line. */
#ifndef PXE_REPORT_GITHUB_H
#define PXE_REPORT_GITHUB_H

#include "base/sbuf.h"
#include "lint/lint.h"

void report_github(const struct lint_file *files, struct sbuf *out);

#endif
