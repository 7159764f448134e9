#include "progress.h"

#include "base/clock.h"
#include "report/boot.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BAR_WIDTH = 40, FIRST_MS = 1000, EVERY_MS = 100 };

void
progress_init(struct progress *p)
{
	memset(p, 0, sizeof(*p));
	p->on_terminal = isatty(STDERR_FILENO);
}

void
progress_show(struct progress *p, uint64_t done, uint64_t total)
{
	char bar[BAR_WIDTH + 1];
	char size[32];
	uint64_t now_ms = clock_now_ms();
	size_t full;

	if (!p->on_terminal)
		return;
	if (p->start_ms == 0)
		p->start_ms = now_ms;
	if (now_ms - p->start_ms < FIRST_MS || now_ms < p->next_ms)
		return;
	p->next_ms = now_ms + EVERY_MS;
	p->shown = true;
	if (total == 0) {
		(void)fprintf(stderr, "\r\033[K  %s",
		    report_size(done, size));
		return;
	}
	full = (size_t)((double)done / (double)total * BAR_WIDTH);
	full = full > BAR_WIDTH ? BAR_WIDTH : full;
	memset(bar, ' ', BAR_WIDTH);
	memset(bar, '#', full);
	bar[BAR_WIDTH] = '\0';
	(void)fprintf(stderr, "\r\033[K  [%s] %3.0f%%  %s", bar,
	    (double)done / (double)total * 100, report_size(done, size));
}

void
progress_clear(struct progress *p)
{
	if (p->shown)
		(void)fprintf(stderr, "\r\033[K");
	p->shown = false;
	p->start_ms = 0;
}
