/*
 * diagnose.h - what a capture tells of the machines in it, for people and
 * as JSON. Richer reports have files of their own beside it.
 */
#ifndef PXE_REPORT_DIAGNOSE_H
#define PXE_REPORT_DIAGNOSE_H

#include "base/sbuf.h"
#include "diagnose/diagnosis.h"

/**
 * report_diagnose_text() - a paragraph for each machine: verdict, evidence,
 * remedy, and a short ladder where something is wrong
 * @verbose: the ladder of every machine, and in full
 */
void report_diagnose_text(const struct diagnosis *d, bool color, bool verbose,
    struct sbuf *out);

/** report_diagnose_json() - the `diagnose` shape. Return: 0; -ENOMEM. */
int report_diagnose_json(const struct diagnosis *d, struct sbuf *out);

/** report_diagnose_verdict() - "healthy", "unfinished" or the fault's id. */
const char *report_diagnose_verdict(const struct diagnosis_machine *m);

#endif
