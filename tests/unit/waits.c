/* waits.c - where a boot's time went, and what is said to mend it. */
#include "unit.h"

#include "chain/waits.h"

/* A stage at that time, and its events as "code@time" would tell them. */
static void
stage(struct boot *b, const char *name, const char *client, double time)
{
	struct boot_stage *s = boot_add_stage(b);

	s->stage = name;
	s->client = client;
	s->time = time;
}

static void
dhcp(struct boot *b, enum boot_event_kind kind, int type, bool pxe,
    double time)
{
	boot_add_dhcp(b, kind, type, pxe, "");
	b->events[b->n_events - 1].time = time;
}

static const struct boot_wait *
find(const struct waits *w, const char *what)
{
	for (size_t i = 0; i < w->n; i++) {
		if (strcmp(w->wait[i].what, what) == 0)
			return &w->wait[i];
	}
	return NULL;
}

static void
check_wait(const struct waits *w, const char *what, double s, const char *word)
{
	const struct boot_wait *x = find(w, what);

	ck_assert_msg(x != NULL, "no '%s'", what);
	ck_assert_double_eq_tol(x->duration_s, s, 0.001);
	if (word)
		ck_assert_msg(x->remedy && strstr(x->remedy, word), "%s: %s",
		    what, x->remedy ? x->remedy : "(none)");
	else
		ck_assert_ptr_null(x->remedy);
}

START_TEST(whole_boot)
{
	struct boot *b = boot_new();
	struct arena arena = ARENA_EMPTY;
	struct boot_load *l;
	struct waits w;

	b->time = 100;
	b->duration_s = 40;
	stage(b, "firmware", "uefi-x64", 100);
	dhcp(b, BOOT_EV_SENT, DHCP4_DISCOVER, false, 100);
	dhcp(b, BOOT_EV_SENT, DHCP4_DISCOVER, false, 104);
	dhcp(b, BOOT_EV_RECEIVED, DHCP4_OFFER, false, 105);
	dhcp(b, BOOT_EV_SENT, DHCP4_REQUEST, false, 112);
	dhcp(b, BOOT_EV_RECEIVED, DHCP4_ACK, false, 112.5);
	dhcp(b, BOOT_EV_SENT, DHCP4_REQUEST, true, 112.5);
	dhcp(b, BOOT_EV_SENT, DHCP4_REQUEST, true, 113.5);
	dhcp(b, BOOT_EV_RECEIVED, DHCP4_ACK, true, 114);
	l = boot_add_load(b);
	l->uri = "tftp://h/ipxe.efi";
	l->proto = "tftp";
	l->ok = true;
	l->bytes = 1000000;
	l->duration_s = 6;
	stage(b, "ipxe", "ipxe-efi-x64", 120);
	dhcp(b, BOOT_EV_SENT, DHCP4_DISCOVER, false, 120);
	dhcp(b, BOOT_EV_RECEIVED, DHCP4_OFFER, false, 120.01);
	dhcp(b, BOOT_EV_SENT, DHCP4_REQUEST, false, 123);
	dhcp(b, BOOT_EV_RECEIVED, DHCP4_ACK, false, 123.01);
	l = boot_add_load(b);
	l->uri = "http://h/vmlinuz";
	l->proto = "http";
	l->ok = true;
	l->bytes = 8000000;
	l->duration_s = 0.2;
	ck_assert_int_eq(waits_find(b, &arena, &w), 0);
	check_wait(&w, "firmware: waiting for a DHCP offer", 5, "spanning");
	check_wait(&w, "firmware: collecting offers", 7, "interval");
	check_wait(&w, "firmware: waiting for the DHCP ACK", 0.5, NULL);
	check_wait(&w, "firmware: asking port 4011", 1.5, NULL);
	check_wait(&w, "firmware: loading tftp://h/ipxe.efi", 6, "blksize");
	check_wait(&w, "ipxe: collecting offers", 2.99, "no-pxedhcp");
	check_wait(&w, "ipxe: loading http://h/vmlinuz", 0.2, NULL);
	ck_assert_uint_eq(w.n, 7);
	for (size_t i = 1; i < w.n; i++)
		ck_assert(w.wait[i - 1].duration_s >= w.wait[i].duration_s);
	ck_assert_double_eq_tol(w.rest_s, 40 - 23.19, 0.001);
	arena_release(&arena);
	boot_free(b);
}
END_TEST

/* Silence is a wait too: to the last thing that was sent. */
START_TEST(unanswered)
{
	struct boot *b = boot_new();
	struct arena arena = ARENA_EMPTY;
	struct waits w;

	b->time = 100;
	b->duration_s = 60;
	stage(b, "firmware", "intel-bios", 100);
	dhcp(b, BOOT_EV_SENT, DHCP4_DISCOVER, false, 100);
	dhcp(b, BOOT_EV_SENT, DHCP4_DISCOVER, false, 104);
	dhcp(b, BOOT_EV_SENT, DHCP4_DISCOVER, false, 112);
	ck_assert_int_eq(waits_find(b, &arena, &w), 0);
	ck_assert_uint_eq(w.n, 1);
	check_wait(&w, "firmware: waiting for a DHCP offer", 12, "portfast");
	arena_release(&arena);
	boot_free(b);
}
END_TEST

START_TEST(nothing_to_tell)
{
	struct boot *b = boot_new();
	struct arena arena = ARENA_EMPTY;
	struct waits w;

	b->duration_s = 0.01;
	stage(b, "ipxe", "ipxe-bios", 100);
	dhcp(b, BOOT_EV_SENT, DHCP4_DISCOVER, false, 100);
	dhcp(b, BOOT_EV_RECEIVED, DHCP4_OFFER, false, 100.01);
	ck_assert_int_eq(waits_find(b, &arena, &w), 0);
	ck_assert_uint_eq(w.n, 0);
	ck_assert_double_eq_tol(w.rest_s, 0.01, 0.0001);
	arena_release(&arena);
	boot_free(b);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("waits");
	TCase *t = tcase_create("waits");

	tcase_add_test(t, whole_boot);
	tcase_add_test(t, unanswered);
	tcase_add_test(t, nothing_to_tell);
	suite_add_tcase(s, t);
	return s;
}
