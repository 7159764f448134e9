/*
 * Which machine a packet is of: by hardware address, or by an address that
 * a server gave it. And what is written down of each.
 */
#include "diagnose/internal.h"

#include "base/util.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* FNV-1a */
unsigned int
hash_bytes(const void *p, size_t len, unsigned int sum)
{
	const uint8_t *b = p;

	sum ^= 2166136261u;
	for (size_t i = 0; i < len; i++)
		sum = (sum ^ b[i]) * 16777619u;
	return sum ^ (sum >> 15);
}

unsigned int
hash_ip(const struct ip_addr *a, uint16_t port)
{
	if (a->family == 0)
		return 0;
	return hash_bytes(&a->v6, a->family == AF_INET ? sizeof(a->v4) :
	    sizeof(a->v6), port) & (HASH_SLOTS - 1);
}

struct client *
machine_by_mac(struct diagnose *d, const uint8_t mac[MAC_LEN])
{
	struct client *m =
	    d->by_mac[hash_bytes(mac, MAC_LEN, 0) & (HASH_SLOTS - 1)];

	while (m && memcmp(m->out.mac, mac, MAC_LEN) != 0)
		m = m->mac_next;
	return m;
}

struct client *
machine_by_ip(struct diagnose *d, const struct ip_addr *a)
{
	struct holder *h = a->family ? d->by_ip[hash_ip(a, 0)] : NULL;

	while (h && !ip_equal(&h->addr, a))
		h = h->next;
	return h ? h->m : NULL;
}

struct client *
machine_of_sender(struct diagnose *d)
{
	const struct frame *f = &d->p->frame;
	struct client *m = machine_by_ip(d, &f->src);

	if (m || !f->has_mac)
		return m;
	/* an address that it was not given in this capture */
	m = machine_by_mac(d, f->mac_src);
	if (m)
		machine_holds(d, m, &f->src, false);
	return m;
}

struct client *
machine_add(struct diagnose *d, const uint8_t mac[MAC_LEN])
{
	unsigned int slot = hash_bytes(mac, MAC_LEN, 0) & (HASH_SLOTS - 1);
	struct client *earlier = machine_by_mac(d, mac);
	struct client *m = NULL;

	/* room is left for what the machines that are here will do yet */
	if (d->out->n_machines < DIAGNOSIS_MACHINES_MAX &&
	    d->out->n_machines * MACHINE_BYTES < KEEP_BYTES_MAX &&
	    d->kept < KEEP_BYTES_MAX / 4 * 3)
		m = keep(d, sizeof(*m));
	if (m)
		m->out.boot = boot_new();
	if (!m || !m->out.boot) {
		d->out->n_evicted++;
		return NULL;
	}
	d->kept += RECORD_BYTES;
	memcpy(m->out.mac, mac, MAC_LEN);
	memcpy(m->out.boot->mac, mac, MAC_LEN);
	m->out.firmware = "";
	m->out.boot_number = earlier ? earlier->out.boot_number + 1 : 1;
	m->earlier = earlier;
	m->out.first_frame = d->frame;
	m->first_time = m->last_time = m->last_alive = d->time;
	m->mac_next = d->by_mac[slot];
	d->by_mac[slot] = m;
	if (d->last)
		d->last->next = m;
	else
		d->machines = m;
	d->last = m;
	d->out->n_machines++;
	for (size_t i = 0; earlier && i < earlier->n_addrs; i++)
		machine_holds(d, m, &earlier->addr[i], false);
	return m;
}

bool
machine_has(const struct client *m, const struct ip_addr *a)
{
	for (size_t i = 0; i < m->n_addrs; i++) {
		if (ip_equal(&m->addr[i], a))
			return true;
	}
	return false;
}

void
machine_holds(struct diagnose *d, struct client *m, const struct ip_addr *a,
    bool bound)
{
	unsigned int slot = hash_ip(a, 0);
	struct holder *h;

	if (!a->family)
		return;
	for (h = d->by_ip[slot]; h && !ip_equal(&h->addr, a); h = h->next)
		;
	if (!h) {
		h = keep(d, sizeof(*h));
		if (!h)
			return;
		h->addr = *a;
		h->next = d->by_ip[slot];
		d->by_ip[slot] = h;
	} else if (h->bound && !bound && h->m != m &&
	    memcmp(h->m->out.mac, m->out.mac, MAC_LEN) != 0) {
		return;                 /* only offered to this one */
	}
	h->m = m;
	h->bound = bound;
	if (!machine_has(m, a)) {
		m->addr[m->n_addrs % MACHINE_ADDRS_MAX] = *a;
		if (m->n_addrs < MACHINE_ADDRS_MAX)
			m->n_addrs++;
	}
}

struct stage *
stage_add(struct diagnose *d, struct client *m, enum stage_kind kind, bool v6)
{
	struct stage *s = m->n_stages < MACHINE_STAGES_MAX ?
	    keep(d, sizeof(*s)) : NULL;

	if (!s)
		return m->stage;        /* what comes is told of the last one */
	s->kind = kind;
	s->v6 = v6;
	s->first_frame = s->last_frame = d->frame;
	s->first_time = s->last_time = d->time;
	s->ordinal = m->n_stages++;
	if (m->stage)
		m->stage->next = s;
	else
		m->stages = s;
	m->stage = s;
	return s;
}

struct stage *
stage_now(struct diagnose *d, struct client *m)
{
	return m->stage ? m->stage : stage_add(d, m, STAGE_UNSEEN, false);
}

void
touch(struct diagnose *d, struct client *m, bool sent_by_it)
{
	const struct frame *f = &d->p->frame;

	d->current = m;
	m->out.last_frame = d->frame;
	m->last_time = d->time;
	if (!sent_by_it)
		return;
	m->last_alive = d->time;
	if (f->has_mac && memcmp(f->mac_src, m->out.mac, MAC_LEN) == 0)
		m->seen_direct = true;
}

struct diagnosis_event *
ladder(struct diagnose *d, struct client *m, enum diagnosis_lifeline from,
    enum diagnosis_lifeline to, const struct ip_addr *peer,
    const char *fmt, ...)
{
	size_t room = d->n_events < EVENTS_ALL_MAX ? DIAGNOSIS_EVENTS_MAX :
	    EVENTS_LITTLE;
	struct diagnosis_event *ev;
	struct sbuf safe = SBUF_EMPTY;
	char text[512];
	va_list ap;

	if (m->out.n_events >= room) {
		m->out.n_left_out++;
		return NULL;
	}
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	sbuf_escape(&safe, text, strlen(text));
	ev = keep(d, sizeof(*ev));
	if (ev)
		ev->text = keep_text(d, sbuf_str(&safe));
	sbuf_release(&safe);
	if (!ev || !ev->text) {
		m->out.n_left_out++;
		return NULL;
	}
	ev->frame = ev->last_frame = d->frame;
	ev->time = d->time;
	ev->stage = m->stage ? m->stage->ordinal : 0;
	ev->from = from;
	ev->to = to;
	if (peer)
		ev->peer = *peer;
	if (m->last_event)
		m->last_event->next = ev;
	else
		m->out.events = ev;
	m->last_event = ev;
	m->out.n_events++;
	d->n_events++;
	return ev;
}
