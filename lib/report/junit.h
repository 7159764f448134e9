/* junit.h - findings as a JUnit test report: one suite a file. */
#ifndef PXE_REPORT_JUNIT_H
#define PXE_REPORT_JUNIT_H

#include "report/found.h"

/**
 * report_junit() - a test case for each finding
 * @fail_on: findings of this severity and above are failures
 */
void report_junit(const struct found_list *l,
    enum fault_severity fail_on, struct sbuf *out);

#endif
