/* sarif.h - findings as SARIF 2.1.0 (OASIS), for code scanning. */
#ifndef PXE_REPORT_SARIF_H
#define PXE_REPORT_SARIF_H

#include "report/found.h"

/** report_sarif() - one run with all files. Return: 0; -ENOMEM. */
int report_sarif(const struct found_list *l, struct sbuf *out);

#endif
