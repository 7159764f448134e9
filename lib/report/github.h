/* github.h - findings as workflow commands, which GitHub shows at the line. */
#ifndef PXE_REPORT_GITHUB_H
#define PXE_REPORT_GITHUB_H

#include "report/found.h"

void report_github(const struct found_list *l, struct sbuf *out);

#endif
