/*
 * clock.h - time, injected.
 *
 * Machines are handed times in milliseconds of a monotonic clock; what
 * waits, waits through this interface, so a test can make an hour pass at
 * once. Wall-clock times (seconds since the epoch) are for reports only.
 */
#ifndef PXE_BASE_CLOCK_H
#define PXE_BASE_CLOCK_H

#include <stdint.h>

/* A deadline that never comes. */
#define CLOCK_NEVER UINT64_MAX

/** clock_now_ms() - the machine's monotonic clock. */
uint64_t clock_now_ms(void);

/** clock_wall_s() - seconds since the epoch, with fraction. */
double clock_wall_s(void);

/**
 * clock_poll_timeout() - the timeout for poll() until @deadline_ms
 *
 * Return: -1 for CLOCK_NEVER, 0 if it has passed.
 */
int clock_poll_timeout(uint64_t now_ms, uint64_t deadline_ms);

#endif
