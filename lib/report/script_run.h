/*
 * script_run.h - what a script did, as text and JSON.
 */
#ifndef PXE_REPORT_SCRIPT_RUN_H
#define PXE_REPORT_SCRIPT_RUN_H

#include "base/sbuf.h"
#include "client/script_host.h"

/**
 * report_script_line() - one line as it happens
 * @verbose: what is not the console's too, in brackets
 */
void report_script_line(enum script_event what, const char *line,
    bool verbose, struct sbuf *out);

/** report_script_end() - how it ended, and what boots; after the lines. */
void report_script_end(const struct script_record *r, bool verbose,
    struct sbuf *out);

/** report_script_json() - the `script run` shape. Return: 0; -ENOMEM. */
int report_script_json(const struct script_record *r, struct sbuf *out);

#endif
