/*
 * retry.h - how long to wait before the same packet is sent again.
 *
 * A rule is a plain value that a persona or a server configuration brings
 * along; the machines ask it for each wait.
 */
#ifndef PXE_BASE_RETRY_H
#define PXE_BASE_RETRY_H

#include <stdint.h>

struct retry_rule {
	uint32_t first_ms;      /* wait after the first send */
	unsigned int factor;    /* 1: constant pace; 2: doubling */
	uint32_t cap_ms;        /* no wait is longer; 0: no cap */
	unsigned int max_sends; /* of one packet, the first included */
};

/**
 * retry_wait_ms() - the wait after the @n_sends-th send (1 is the first)
 */
static inline uint32_t
retry_wait_ms(const struct retry_rule *r, unsigned int n_sends)
{
	uint64_t top = r->cap_ms ? r->cap_ms : UINT32_MAX;
	uint64_t ms = r->first_ms;

	for (unsigned int i = 1; i < n_sends && r->factor > 1 && ms > 0 &&
	    ms < top; i++)
		ms *= r->factor;
	return (uint32_t)(ms < top ? ms : top);
}

#endif
