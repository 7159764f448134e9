/*
 * script_check.h - findings in scripts, for people and as JSON.
 */
#ifndef PXE_REPORT_SCRIPT_CHECK_H
#define PXE_REPORT_SCRIPT_CHECK_H

#include "report/found.h"
#include "script/check.h"

/** report_check_text() - each finding with its line and a caret, and the fix. */
void report_check_text(const struct check_file *files, bool color,
    struct sbuf *out);

/** report_check_urls() - a URL a line, a tab, and where it is loaded. */
void report_check_urls(const struct check_file *files, struct sbuf *out);

/**
 * report_check_json() - the `script check` shape
 * @urls: with the list of them
 *
 * Return: 0; -ENOMEM.
 */
int report_check_json(const struct check_file *files, bool urls,
    struct sbuf *out);

/**
 * report_check_found() - the findings for SARIF, JUnit and GitHub
 * @ret: uninitialised; it points into @files. Give it to
 *       found_list_release().
 *
 * Return: 0; -ENOMEM.
 */
int report_check_found(const struct check_file *files,
    struct found_list *ret);

#endif
