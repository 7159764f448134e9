#include "net/loop.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { LOOP_EVENTS = 64 };

struct loop_fd {
	int fd;
	loop_fn *fn;
	void *ctx;
	bool removed;                   /* but perhaps still in a batch */
	struct loop_fd *prev, *next;
};

struct loop {
	int epoll_fd;
	struct loop_fd *fds;
	struct loop_fd *removed;        /* freed after the batch */
	struct loop_timer *timers;      /* in no order: few are ever armed */
	uint64_t round;                 /* of run_timers() */
	bool stopped;

	int signal_fd;                  /* -1: signals are not caught */
	struct loop_fd *signal_handle;
	sigset_t old_mask;
	int signo;
};

int
loop_new(struct loop **ret, struct diag *diag)
{
	struct loop *l = calloc(1, sizeof(*l));
	int rc;

	if (!l) {
		diag_set(diag, "out of memory");
		return -ENOMEM;
	}
	l->signal_fd = -1;
	l->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (l->epoll_fd < 0) {
		rc = -errno;
		diag_sys(diag, -rc, "cannot make an event loop");
		free(l);
		return rc;
	}
	*ret = l;
	return 0;
}

static void
free_removed(struct loop *l)
{
	while (l->removed) {
		struct loop_fd *h = l->removed;

		l->removed = h->next;
		free(h);
	}
}

void
loop_free(struct loop *l)
{
	if (!l)
		return;
	while (l->fds)
		loop_remove(l, l->fds);
	free_removed(l);
	while (l->timers)
		loop_timer_stop(l, l->timers);
	if (l->signal_fd >= 0) {
		(void)close(l->signal_fd);
		(void)sigprocmask(SIG_SETMASK, &l->old_mask, NULL);
	}
	(void)close(l->epoll_fd);
	free(l);
}

int
loop_add(struct loop *l, int fd, loop_fn *fn, void *ctx, struct loop_fd **ret)
{
	struct epoll_event ev = { .events = EPOLLIN };
	struct loop_fd *h = calloc(1, sizeof(*h));

	if (!h)
		return -ENOMEM;
	ev.data.ptr = h;
	if (epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, fd, &ev) < 0) {
		int rc = -errno;

		free(h);
		return rc;
	}
	h->fd = fd;
	h->fn = fn;
	h->ctx = ctx;
	h->next = l->fds;
	if (h->next)
		h->next->prev = h;
	l->fds = h;
	*ret = h;
	return 0;
}

void
loop_remove(struct loop *l, struct loop_fd *h)
{
	if (!h)
		return;
	(void)epoll_ctl(l->epoll_fd, EPOLL_CTL_DEL, h->fd, NULL);
	if (h->prev)
		h->prev->next = h->next;
	else
		l->fds = h->next;
	if (h->next)
		h->next->prev = h->prev;
	h->removed = true;
	h->next = l->removed;
	l->removed = h;
}

void
loop_timer_set(struct loop *l, struct loop_timer *t, uint64_t deadline_ms)
{
	loop_timer_stop(l, t);
	if (deadline_ms == CLOCK_NEVER)
		return;
	t->deadline_ms = deadline_ms;
	t->round = l->round;
	t->prev = NULL;
	t->next = l->timers;
	if (t->next)
		t->next->prev = t;
	l->timers = t;
	t->armed = true;
}

void
loop_timer_stop(struct loop *l, struct loop_timer *t)
{
	if (!t->armed)
		return;
	if (t->prev)
		t->prev->next = t->next;
	else
		l->timers = t->next;
	if (t->next)
		t->next->prev = t->prev;
	t->armed = false;
}

static const struct loop_timer *
earliest(const struct loop *l)
{
	const struct loop_timer *best = l->timers;

	for (const struct loop_timer *t = best; t; t = t->next) {
		if (t->deadline_ms < best->deadline_ms)
			best = t;
	}
	return best;
}

/*
 * A handler that arms a timer for a time that has passed must not keep the
 * descriptors waiting: what was armed in this round waits for the next.
 */
static struct loop_timer *
next_due(const struct loop *l, uint64_t now_ms)
{
	struct loop_timer *best = NULL;

	for (struct loop_timer *t = l->timers; t; t = t->next) {
		if (t->round == l->round || t->deadline_ms > now_ms)
			continue;
		if (!best || t->deadline_ms < best->deadline_ms)
			best = t;
	}
	return best;
}

static void
run_timers(struct loop *l, uint64_t now_ms)
{
	struct loop_timer *t;

	l->round++;
	while (!l->stopped && (t = next_due(l, now_ms))) {
		loop_timer_stop(l, t);
		t->fn(t->ctx);
	}
}

static void
on_signal(void *ctx)
{
	struct loop *l = ctx;
	struct signalfd_siginfo info;

	if (read(l->signal_fd, &info, sizeof(info)) != sizeof(info))
		return;
	l->signo = (int)info.ssi_signo;
	l->stopped = true;
}

int
loop_catch_signals(struct loop *l, struct diag *diag)
{
	sigset_t set;
	int rc;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &set, &l->old_mask) < 0) {
		rc = -errno;
		diag_sys(diag, -rc, "cannot block signals");
		return rc;
	}
	l->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (l->signal_fd < 0) {
		rc = -errno;
		(void)sigprocmask(SIG_SETMASK, &l->old_mask, NULL);
		diag_sys(diag, -rc, "cannot wait for signals");
		return rc;
	}
	rc = loop_add(l, l->signal_fd, on_signal, l, &l->signal_handle);
	if (rc < 0)
		diag_sys(diag, -rc, "cannot wait for signals");
	return rc;
}

int
loop_run(struct loop *l)
{
	struct epoll_event ev[LOOP_EVENTS];

	l->stopped = false;
	l->signo = 0;
	while (!l->stopped) {
		const struct loop_timer *t = earliest(l);
		int timeout = clock_poll_timeout(clock_now_ms(),
		    t ? t->deadline_ms : CLOCK_NEVER);
		int n = epoll_wait(l->epoll_fd, ev, LOOP_EVENTS, timeout);

		if (n < 0 && errno != EINTR)
			return -errno;
		for (int i = 0; i < n && !l->stopped; i++) {
			struct loop_fd *h = ev[i].data.ptr;

			if (!h->removed)
				h->fn(h->ctx);
		}
		free_removed(l);
		run_timers(l, clock_now_ms());
		free_removed(l);
	}
	return l->signo;
}

void
loop_stop(struct loop *l)
{
	l->stopped = true;
}
