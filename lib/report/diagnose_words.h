/*
 * diagnose_words.h - what the renderers of a diagnosis say in the same words.
 */
#ifndef PXE_REPORT_DIAGNOSE_WORDS_H
#define PXE_REPORT_DIAGNOSE_WORDS_H

#include "base/sbuf.h"
#include "diagnose/diagnosis.h"

/** diagnose_verdict_title() - the verdict in a few words for a person. */
const char *diagnose_verdict_title(const struct diagnosis_machine *m);

/** diagnose_start() - the time that a machine's times are counted from. */
double diagnose_start(const struct diagnosis_machine *m);

/** diagnose_name_add() - "52:54:00:12:34:56, boot 2" */
void diagnose_name_add(struct sbuf *out, const struct diagnosis_machine *m);

/** diagnose_when_add() - "2026-11-20 08:40:31 UTC" */
void diagnose_when_add(struct sbuf *out, double time);

/** diagnose_frames_add() - "#7" or "#7 to #40" */
void diagnose_frames_add(struct sbuf *out, uint64_t first, uint64_t last);

/** diagnose_roles_add() - "dhcp, tftp" */
void diagnose_roles_add(struct sbuf *out, unsigned int roles);

/** diagnose_load_of() - the load that a bulk transfer is, or NULL. */
const struct boot_load *diagnose_load_of(const struct diagnosis_machine *m,
    const struct diagnosis_event *e);

/** diagnose_load_add() - "1.2 MB in 0.40 s, 3.0 MB/s", or why it failed. */
void diagnose_load_add(struct sbuf *out, const struct boot_load *l);

#endif
