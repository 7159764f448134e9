#include "unit.h"

#include "net/loop.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

/* What happened, in order, as letters. */
struct seen {
	struct loop *loop;
	char text[64];
	size_t len;
	int pipe[2];
	struct loop_fd *handle;
	struct loop_timer a, b, c;
	uint64_t start_ms;
};

static struct seen seen;

static void
note(char c)
{
	ck_assert_uint_lt(seen.len, sizeof(seen.text) - 1);
	seen.text[seen.len++] = c;
}

static void
setup(void)
{
	memset(&seen, 0, sizeof(seen));
	ck_assert_int_eq(loop_new(&seen.loop, NULL), 0);
	ck_assert_int_eq(pipe(seen.pipe), 0);
	seen.start_ms = clock_now_ms();
}

static void
teardown(void)
{
	loop_free(seen.loop);
	ck_assert_int_eq(close(seen.pipe[0]), 0);
	ck_assert_int_eq(close(seen.pipe[1]), 0);
}

static void
on_a(void *ctx)
{
	(void)ctx;
	note('a');
}

static void
on_b(void *ctx)
{
	(void)ctx;
	note('b');
}

static void
on_stop(void *ctx)
{
	(void)ctx;
	note('.');
	loop_stop(seen.loop);
}

static void
arm(struct loop_timer *t, loop_fn *fn, uint64_t after_ms)
{
	t->fn = fn;
	loop_timer_set(seen.loop, t, seen.start_ms + after_ms);
}

START_TEST(timers_run_in_order_and_once)
{
	arm(&seen.c, on_stop, 40);
	arm(&seen.b, on_b, 20);
	arm(&seen.a, on_a, 10);
	ck_assert_int_eq(loop_run(seen.loop), 0);
	ck_assert_str_eq(seen.text, "ab.");
	ck_assert_uint_ge(clock_now_ms() - seen.start_ms, 40);
	ck_assert(!seen.a.armed && !seen.b.armed && !seen.c.armed);
}
END_TEST

START_TEST(timer_can_be_moved_and_stopped)
{
	arm(&seen.a, on_a, 0);
	arm(&seen.a, on_a, 20);         /* later than b now */
	arm(&seen.b, on_b, 10);
	arm(&seen.c, on_stop, 30);
	ck_assert_int_eq(loop_run(seen.loop), 0);
	ck_assert_str_eq(seen.text, "ba.");
	arm(&seen.a, on_a, 0);
	loop_timer_stop(seen.loop, &seen.a);
	loop_timer_stop(seen.loop, &seen.a);
	arm(&seen.c, on_stop, 0);
	ck_assert_int_eq(loop_run(seen.loop), 0);
	ck_assert_str_eq(seen.text, "ba..");
	loop_timer_set(seen.loop, &seen.a, CLOCK_NEVER);
	ck_assert(!seen.a.armed);
}
END_TEST

/* Stops the other timer that is due in the same round. */
static void
on_stop_b(void *ctx)
{
	(void)ctx;
	note('a');
	loop_timer_stop(seen.loop, &seen.b);
}

START_TEST(timer_stopped_by_another_is_not_called)
{
	arm(&seen.a, on_stop_b, 0);
	arm(&seen.b, on_b, 1);
	arm(&seen.c, on_stop, 20);
	usleep(5000);
	ck_assert_int_eq(loop_run(seen.loop), 0);
	ck_assert_str_eq(seen.text, "a.");
}
END_TEST

static void
on_read(void *ctx)
{
	char c;

	(void)ctx;
	ck_assert_int_eq(read(seen.pipe[0], &c, 1), 1);
	note(c);
	if (c == '.')
		loop_stop(seen.loop);
}

static void
on_again(void *ctx)
{
	(void)ctx;
	loop_timer_set(seen.loop, &seen.a, clock_now_ms());
}

START_TEST(busy_timer_does_not_starve_descriptors)
{
	ck_assert_int_eq(loop_add(seen.loop, seen.pipe[0], on_read, NULL,
	    &seen.handle), 0);
	arm(&seen.a, on_again, 0);
	ck_assert_int_eq(write(seen.pipe[1], "xy.", 3), 3);
	ck_assert_int_eq(loop_run(seen.loop), 0);
	ck_assert_str_eq(seen.text, "xy.");
	loop_remove(seen.loop, seen.handle);
}
END_TEST

static struct loop_fd *handles[2];
static int fds[2][2];

/* Whichever is called first removes both. */
static void
on_remove_both(void *ctx)
{
	(void)ctx;
	note('r');
	loop_remove(seen.loop, handles[0]);
	loop_remove(seen.loop, handles[1]);
}

START_TEST(removed_descriptor_is_not_called)
{
	for (size_t i = 0; i < 2; i++) {
		ck_assert_int_eq(pipe(fds[i]), 0);
		ck_assert_int_eq(write(fds[i][1], "x", 1), 1);
		ck_assert_int_eq(loop_add(seen.loop, fds[i][0], on_remove_both,
		    NULL, &handles[i]), 0);
	}
	arm(&seen.c, on_stop, 20);
	ck_assert_int_eq(loop_run(seen.loop), 0);
	ck_assert_str_eq(seen.text, "r.");
	for (size_t i = 0; i < 2; i++) {
		ck_assert_int_eq(close(fds[i][0]), 0);
		ck_assert_int_eq(close(fds[i][1]), 0);
	}
}
END_TEST

START_TEST(bad_descriptor_is_refused)
{
	struct loop_fd *h = NULL;

	ck_assert_int_eq(loop_add(seen.loop, -1, on_read, NULL, &h), -EBADF);
	ck_assert_ptr_null(h);
	loop_remove(seen.loop, NULL);
}
END_TEST

static void
on_raise(void *ctx)
{
	(void)ctx;
	ck_assert_int_eq(raise(SIGTERM), 0);
}

START_TEST(signal_stops_the_loop)
{
	ck_assert_int_eq(loop_catch_signals(seen.loop, NULL), 0);
	arm(&seen.a, on_raise, 0);
	arm(&seen.c, on_stop, 2000);
	ck_assert_int_eq(loop_run(seen.loop), SIGTERM);
	ck_assert_str_eq(seen.text, "");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("loop");
	TCase *tc = tcase_create("loop");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, timers_run_in_order_and_once);
	tcase_add_test(tc, timer_can_be_moved_and_stopped);
	tcase_add_test(tc, timer_stopped_by_another_is_not_called);
	tcase_add_test(tc, busy_timer_does_not_starve_descriptors);
	tcase_add_test(tc, removed_descriptor_is_not_called);
	tcase_add_test(tc, bad_descriptor_is_refused);
	tcase_add_test(tc, signal_stops_the_loop);
	suite_add_tcase(s, tc);
	return s;
}
