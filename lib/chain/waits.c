#include "chain/waits.h"

#include "chain/persona.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SLOW_BYTES_PER_S 20e6   /* what a lock-step transfer rarely passes */

/* The times of one stage's DHCP exchange; 0 where it did not come so far. */
struct exchange_times {
	double discover;        /* the first DISCOVER */
	double offer;           /* the first OFFER that came */
	double request;         /* the first REQUEST to port 67 */
	double ack;
	double pxe_request;     /* the first to port 4011 */
	double pxe_ack;
	double end;             /* of the last event of DHCP */
	unsigned int n_discovers;
	bool proxy_offer;
};

static void
first(double *at, double time)
{
	if (*at <= 0)
		*at = time;
}

static void
note_event(struct exchange_times *t, const struct boot_event *ev)
{
	bool in = ev->kind == BOOT_EV_RECEIVED || ev->kind == BOOT_EV_IGNORED;

	if (ev->dhcp == 0)
		return;
	t->end = ev->time;
	if (in && ev->dhcp == DHCP4_OFFER)
		first(&t->offer, ev->time);
	else if (in && ev->dhcp == DHCP4_ACK)
		first(ev->to_pxe_port ? &t->pxe_ack : &t->ack, ev->time);
	else if (ev->kind == BOOT_EV_SENT && ev->dhcp == DHCP4_REQUEST)
		first(ev->to_pxe_port ? &t->pxe_request : &t->request,
		    ev->time);
	else if (ev->kind == BOOT_EV_SENT && ev->dhcp == DHCP4_DISCOVER) {
		first(&t->discover, ev->time);
		t->n_discovers++;
	}
}

/* Add a wait, unless it is not worth a line. */
static int
add(struct waits *w, const char *what, double duration_s, const char *remedy)
{
	if (!what)
		return -ENOMEM;
	if (duration_s < WAITS_MIN_S || w->n == WAITS_MAX)
		return 0;
	w->wait[w->n++] = (struct boot_wait){ what, duration_s, remedy };
	return 0;
}

static double
between(double from, double to)
{
	return from > 0 && to > from ? to - from : 0;
}

/* Who waits between the first offer and the REQUEST, and what ends it. */
static const char *
collect_remedy(const struct boot_stage *s)
{
	const struct persona *p = s->client ? persona_find(s->client) : NULL;

	if (!p)
		return NULL;
	if (p->collect == COLLECT_IPXE && !s->has_proxy)
		return "iPXE waits for a proxyDHCP server: option 175.176 "
		    "(ipxe.no-pxedhcp) set to 1 in the offer ends that at "
		    "once";
	if (p->collect == COLLECT_INTERVAL)
		return "this firmware takes offers to the end of its interval "
		    "whatever it has: nothing on a server shortens it; UEFI "
		    "HTTP boot, or iPXE in the card's ROM, does";
	return NULL;
}

static int
dhcp_waits(const struct boot_stage *s, const struct exchange_times *t,
    struct arena *arena, struct waits *w)
{
	int rc = add(w, arena_printf(arena, "%s: waiting for a DHCP offer",
	    s->stage), between(t->discover, t->offer > 0 ? t->offer : t->end),
	    t->n_discovers > 1 ?
	    "the first DISCOVER was lost or its answer came late: spanning "
	    "tree's forward delay (portfast, edge port), or a server that "
	    "pings an address before it offers it" :
	    "the server probes an address before it offers it: 'ping-check "
	    "false' (ISC dhcpd), 'no-ping' (dnsmasq)");

	if (rc == 0)
		rc = add(w, arena_printf(arena, "%s: collecting offers",
		    s->stage), between(t->offer, t->request),
		    collect_remedy(s));
	if (rc == 0)
		rc = add(w, arena_printf(arena, "%s: waiting for the DHCP ACK",
		    s->stage), between(t->request, t->ack), NULL);
	if (rc == 0)
		rc = add(w, arena_printf(arena, "%s: the PXE menu's prompt",
		    s->stage), between(t->ack, t->pxe_request),
		    "a shorter time in the prompt (43.10; dnsmasq: "
		    "pxe-prompt), or 0");
	if (rc == 0)
		rc = add(w, arena_printf(arena, "%s: asking port 4011",
		    s->stage), between(t->pxe_request, t->pxe_ack > 0 ?
		    t->pxe_ack : t->end),
		    t->pxe_ack > 0 ? NULL : "nothing answers on port 4011: let "
		    "the proxyDHCP server listen there, or send boot data in "
		    "its offer");
	/* what EDK2 does once it has an answer */
	if (rc == 0)
		rc = add(w, arena_printf(arena, "%s: collecting answers of "
		    "port 4011", s->stage), between(t->pxe_ack, s->time +
		    s->duration_s), "this firmware takes answers for a second "
		    "whatever it has: name the file in the proxy's offer, "
		    "with discovery control (43.6) set to 8");
	return rc;
}

/* A transfer that another way of serving the file would make shorter. */
static const char *
load_remedy(const struct boot *b, const struct boot_load *l)
{
	const struct persona *p = l->stage < b->n_stages &&
	    b->stages[l->stage].client ?
	    persona_find(b->stages[l->stage].client) : NULL;

	if (!l->ok)
		return "it failed: see what broke";
	if (!l->proto || strcmp(l->proto, "tftp") != 0 ||
	    (double)l->bytes / l->duration_s > SLOW_BYTES_PER_S)
		return NULL;
	if (p && p->kind == PERSONA_IPXE)
		return "TFTP sends a block and waits for its ACK: name the file "
		    "by an http:// URL";
	return "TFTP sends a block and waits for its ACK: a larger blksize "
	    "and a windowsize where the server knows them; load only iPXE "
	    "this way, and all else by HTTP";
}

static int
load_waits(const struct boot *b, struct arena *arena, struct waits *w)
{
	int rc = 0;

	for (size_t i = 0; i < b->n_loads && rc == 0; i++) {
		const struct boot_load *l = &b->loads[i];

		rc = add(w, arena_printf(arena, "%s: loading %s",
		    l->stage < b->n_stages ? b->stages[l->stage].stage : "",
		    l->uri ? l->uri : ""), l->duration_s, load_remedy(b, l));
	}
	return rc;
}

static int
by_length(const void *a, const void *b)
{
	const struct boot_wait *x = a;
	const struct boot_wait *y = b;

	return (x->duration_s < y->duration_s) -
	    (x->duration_s > y->duration_s);
}

int
waits_find(const struct boot *b, struct arena *arena, struct waits *ret)
{
	size_t at = 0;
	int rc = 0;

	ret->n = 0;
	ret->rest_s = b->duration_s;
	for (size_t i = 0; i < b->n_stages && rc == 0; i++) {
		struct exchange_times t = { 0 };

		for (; at < b->n_events && b->events[at].stage <= i; at++)
			note_event(&t, &b->events[at]);
		rc = dhcp_waits(&b->stages[i], &t, arena, ret);
	}
	if (rc == 0)
		rc = load_waits(b, arena, ret);
	qsort(ret->wait, ret->n, sizeof(ret->wait[0]), by_length);
	for (size_t i = 0; i < ret->n; i++)
		ret->rest_s -= ret->wait[i].duration_s;
	if (ret->rest_s < 0)
		ret->rest_s = 0;
	return rc;
}
