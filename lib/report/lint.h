/*
 * lint.h - findings in configurations, for people and as JSON.
 */
#ifndef PXE_REPORT_LINT_H
#define PXE_REPORT_LINT_H

#include "base/sbuf.h"
#include "lint/lint.h"
#include "report/found.h"

/** report_lint_text() - each finding with its line and a caret, and the fix. */
void report_lint_text(const struct lint_file *files, bool color,
    struct sbuf *out);

/**
 * report_lint_table() - what each kind of client is given, stage by stage
 *
 * Kinds that meet the same stand together, and so do places.
 */
void report_lint_table(const struct lint_file *files, struct sbuf *out);

/** report_lint_json() - the `lint` shape. Return: 0; -ENOMEM. */
int report_lint_json(const struct lint_file *files, struct sbuf *out);

/**
 * report_lint_found() - the findings for SARIF, JUnit and GitHub
 * @ret: uninitialised; it points into @files. Give it to
 *       found_list_release().
 *
 * Return: 0; -ENOMEM.
 */
int report_lint_found(const struct lint_file *files, struct found_list *ret);

/** report_lint_kinds() - "every BIOS machine, uefi-ia32" */
void report_lint_kinds(const struct lint_file *f, uint64_t kinds,
    struct sbuf *out);

/** report_lint_hits() - "every BIOS machine; 2 of 24 kinds of clients" */
void report_lint_hits(const struct lint_file *f,
    const struct lint_finding *o, struct sbuf *out);

/** report_lint_fix() - the remedy for the file's language. */
const char *report_lint_fix(const struct lint_file *f,
    const struct lint_finding *o);

#endif
