/*
 * serve.h - what the boot server tells, one line or one JSON object each:
 * that it started, every event, that it stopped.
 */
#ifndef PXE_REPORT_SERVE_H
#define PXE_REPORT_SERVE_H

#include "base/sbuf.h"
#include "server/serve.h"

/**
 * report_serve_start() - where it serves, and which file each architecture
 * will be given
 *
 * Return: how many architectures have a file.
 */
size_t report_serve_start(const struct serve_conf *conf, const struct rule *r,
    bool as_json, struct sbuf *out);

void report_serve_event(const struct serve_event *ev, bool as_json,
    struct sbuf *out);

void report_serve_stop(const struct serve_stats *st, bool as_json,
    struct sbuf *out);

#endif
