/*
 * live.h - which settings still matter at each command of a script.
 *
 * Two ways that come together differ only in what is read after that; with
 * the rest forgotten, they are one.
 */
#ifndef PXE_SCRIPT_LIVE_H
#define PXE_SCRIPT_LIVE_H

#include "script/flow.h"
#include "script/vars.h"

struct live {
	uint64_t *bits;                 /* n_words for each node */
	size_t n_words;
	uint32_t n_keys;                /* settings beyond these always matter */
};

/** live_make() - work it out. Return: 0; -ENOMEM. */
int live_make(const struct flow *f, struct vars *v, struct live *ret);
void live_release(struct live *l);

/** live_has() - does the setting matter when @node begins? */
bool live_has(const struct live *l, size_t node, uint32_t key);

#endif
