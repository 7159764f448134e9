/*
 * capture.h - a boot while it happens: a line for each arrow of its ladder,
 * and what became of it at the end; as text, or as one JSON object a line.
 */
#ifndef PXE_REPORT_CAPTURE_H
#define PXE_REPORT_CAPTURE_H

#include "base/sbuf.h"
#include "capture/live.h"
#include "diagnose/diagnosis.h"

/* How the lines are written. */
struct report_capture {
	bool json;
	bool color;
};

/** report_capture_event() - what a machine just did, or had done to it */
void report_capture_event(const struct report_capture *r,
    const struct diagnosis_machine *m, const struct diagnosis_event *ev,
    struct sbuf *out);

/** report_capture_verdict() - what became of it, and the remedy */
void report_capture_verdict(const struct report_capture *r,
    const struct diagnosis_machine *m, struct sbuf *out);

/**
 * report_capture_end() - the last line: how much there was, how much was lost
 * @why:  why it ended: "booted", "failed", "time", "silence", "signal",
 *        "error"
 * @file: the capture; NULL: none
 */
void report_capture_end(const struct report_capture *r, const char *why,
    uint64_t n_frames, const struct live_counts *counts, const char *file,
    struct sbuf *out);

#endif
