/*
 * progress.h - a bar on the terminal while a file is loading.
 *
 * Nothing is shown where standard error is no terminal, nor before a load
 * has taken a second.
 */
#ifndef PXE_CMD_PROGRESS_H
#define PXE_CMD_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool on_terminal;
	bool shown;                     /* a bar stands in the last line */
	uint64_t start_ms;
	uint64_t next_ms;
};

void progress_init(struct progress *p);

/** progress_show() - the load stands at @done of @total (0: not known). */
void progress_show(struct progress *p, uint64_t done, uint64_t total);

/** progress_clear() - wipe the bar, before anything else is printed. */
void progress_clear(struct progress *p);

#endif
