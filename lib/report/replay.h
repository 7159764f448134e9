/*
 * replay.h - a boot that was sent again, as text and as JSON.
 */
#ifndef PXE_REPORT_REPLAY_H
#define PXE_REPORT_REPLAY_H

#include "base/sbuf.h"
#include "client/replay.h"

#include <jansson.h>

void report_replay_text(const struct replay *r, bool color, struct sbuf *out);
json_t *report_replay_json(const struct replay *r);

#endif
