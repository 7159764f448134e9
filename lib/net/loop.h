/*
 * loop.h - one thread that waits for many things: descriptors that become
 * readable, deadlines, and the signals that end a program.
 *
 * A handler may add and remove descriptors and timers, its own included,
 * and may stop the loop. Nothing is called once it was removed, not even
 * for an event that was already waiting.
 */
#ifndef PXE_NET_LOOP_H
#define PXE_NET_LOOP_H

#include "base/clock.h"
#include "base/diag.h"

#include <stdbool.h>

struct loop;
struct loop_fd;

typedef void loop_fn(void *ctx);

/* Stored by the caller; not to be copied or moved while it is armed. */
struct loop_timer {
	loop_fn *fn;
	void *ctx;
	uint64_t deadline_ms;           /* of clock_now_ms() */
	struct loop_timer *prev, *next; /* the loop's, as what follows */
	uint64_t round;
	bool armed;
};

/**
 * loop_new() - an empty loop
 *
 * Return: 0; -ENOMEM; a system error.
 */
int loop_new(struct loop **ret, struct diag *diag);

/** loop_free() - drop it, and with it what was added; no fd is closed. */
void loop_free(struct loop *l);

/**
 * loop_add() - call @fn whenever @fd is readable (level-triggered)
 * @ret: what loop_remove() takes; the descriptor stays the caller's
 *
 * Return: 0; -ENOMEM; a system error.
 */
int loop_add(struct loop *l, int fd, loop_fn *fn, void *ctx,
    struct loop_fd **ret);

/** loop_remove() - forget a descriptor, before it is closed. NULL is fine. */
void loop_remove(struct loop *l, struct loop_fd *h);

/** loop_timer_set() - call t->fn once @deadline_ms has come; re-arms. */
void loop_timer_set(struct loop *l, struct loop_timer *t,
    uint64_t deadline_ms);

/** loop_timer_stop() - disarm; harmless if it is not armed. */
void loop_timer_stop(struct loop *l, struct loop_timer *t);

/**
 * loop_catch_signals() - SIGINT and SIGTERM stop the loop
 *
 * The signals stay blocked for the process until loop_free().
 *
 * Return: 0; a system error.
 */
int loop_catch_signals(struct loop *l, struct diag *diag);

/**
 * loop_run() - wait and call until loop_stop() or a caught signal
 *
 * Return: 0; the number of the signal; a system error.
 */
int loop_run(struct loop *l);

/** loop_stop() - make loop_run() return once the handler has. */
void loop_stop(struct loop *l);

#endif
