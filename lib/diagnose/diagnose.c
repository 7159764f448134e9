#include "diagnose/internal.h"

#include "base/util.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct diagnose *
diagnose_new(const struct diagnose_conf *conf)
{
	struct diagnose *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->out = calloc(1, sizeof(*d->out));
	if (!d->out) {
		free(d);
		return NULL;
	}
	d->conf = conf;
	d->out->files = conf->files;
	d->out->n_files = conf->n_files;
	return d;
}

void
diagnose_free(struct diagnose *d)
{
	if (!d)
		return;
	for (struct client *m = d->machines; m; m = m->next) {
		for (struct load *l = m->loads; l; l = l->next)
			free(l->content.buf);
		if (d->out && !d->out->machines)
			boot_free(m->out.boot); /* nobody else will */
	}
	/* All machines lie in its arena. */
	diagnosis_free(d->out);
	free(d);
}

void *
keep(struct diagnose *d, size_t len)
{
	void *p = NULL;

	if (d->kept + len <= KEEP_BYTES_MAX)
		p = arena_alloc(&d->out->arena, len);
	if (!p) {
		d->full = true;
		if (d->current)
			d->current->incomplete = true;
		return NULL;
	}
	d->kept += len;
	return p;
}

const char *
keep_bytes_text(struct diagnose *d, const void *p, size_t len)
{
	char *s = keep(d, len + 1);

	if (s && len > 0)
		memcpy(s, p, len);
	return s;
}

const char *
keep_text(struct diagnose *d, const char *s)
{
	return keep_bytes_text(d, s, strlen(s));
}

const char *
keep_printf(struct diagnose *d, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return keep_text(d, text);
}

int
diagnose_packet(struct diagnose *d, const struct packet *p,
    uint64_t frame_number)
{
	d->p = p;
	d->frame = frame_number;
	d->time = (double)p->time_ns / 1e9;
	d->current = NULL;
	if (d->out->n_frames++ == 0)
		d->out->first_time = d->time;
	d->out->last_time = d->time;
	d->any_mac |= p->frame.has_mac;
	d->any_vlan |= p->frame.n_vlans > 0;
	if (!d->foreign && p->frame.has_mac && p->proto != PROTO_STP &&
	    p->proto != PROTO_LACP && p->proto != PROTO_EAPOL &&
	    p->proto != PROTO_OTHER && d->machines &&
	    !machine_by_mac(d, p->frame.mac_src))
		d->foreign = true;
	switch (p->proto) {
	case PROTO_DHCP4:
		take_dhcp4(d);
		break;
	case PROTO_DHCP6:
		take_dhcp6(d);
		break;
	case PROTO_TFTP:
		take_tftp(d);
		break;
	case PROTO_HTTP:
	case PROTO_TCP:
		take_tcp(d);
		break;
	case PROTO_ARP:
		take_arp(d);
		break;
	case PROTO_ICMP:
		take_icmp(d);
		break;
	case PROTO_DNS:
		take_dns(d);
		break;
	case PROTO_STP:
	case PROTO_LACP:
	case PROTO_EAPOL:
		take_link(d);
		break;
	case PROTO_OTHER:
	case PROTO_FRAGMENT:
	case PROTO_N:
		break;
	}
	if (p->state == PACKET_TRUNCATED)
		d->n_cut++;
	d->p = NULL;
	return 0;
}

static bool
has_booted(const struct client *m)
{
	return m->stage && m->stage->kind == STAGE_OS && m->stage->n_ack > 0;
}

/* Has this boot come to an end, one way or the other? */
static bool
has_ended(const struct client *m)
{
	if (has_booted(m))
		return true;
	return m->load && load_failed(m->load) && !load_is_optional(m->load);
}

const struct diagnosis_machine *
diagnose_peek(const struct diagnose *d, bool *ret_ended)
{
	if (!d->current)
		return NULL;
	*ret_ended = has_ended(d->current);
	return &d->current->out;
}

bool
diagnose_has_booted(const struct diagnose *d)
{
	return d->current && has_booted(d->current);
}

void
limit(struct diagnose *d, const char *fmt, ...)
{
	struct diagnosis_limit **at = &d->out->limits;
	struct diagnosis_limit *l;
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (; *at; at = &(*at)->next) {
		if (strcmp((*at)->text, text) == 0)
			return;
	}
	/* past the ceiling too: the limit is what must be said */
	l = arena_alloc(&d->out->arena, sizeof(*l));
	if (!l)
		return;
	l->text = arena_strdup(&d->out->arena, text);
	if (l->text)
		*at = l;
}

/* What is wrong with the capture itself. */
static void
find_limits(struct diagnose *d)
{
	bool unseen = false;
	bool relayed = false;

	for (const struct client *m = d->machines; m; m = m->next) {
		unseen |= m->stages && !m->stages->v6 &&
		    m->stages->n_discover + m->stages->n_request == 0;
		for (const struct stage *s = m->stages; s; s = s->next)
			relayed |= s->asked_relayed && !s->asked_direct;
	}
	if (unseen)
		limit(d, "the capture starts late: the DHCP exchange of a "
		    "machine is not in it, so what it was told is not known");
	if (relayed)
		limit(d, "taken on the server's side of a relay: what a "
		    "machine itself received, and the link before the relay, "
		    "cannot be seen");
	if (d->n_cut > 0)
		limit(d, "the snap length cut %llu packets: what the files "
		    "are is told from their beginnings, and by their names",
		    (unsigned long long)d->n_cut);
	if (d->n_requests_all > 0 && d->n_offers_all == 0 && !d->machines)
		limit(d, "no machine that boots from the network is in it");
	if (!d->any_mac && d->out->n_frames > 0)
		limit(d, "no hardware addresses: ARP and switches cannot be "
		    "seen");
	if (d->full)
		limit(d, "the capture holds more than is kept in memory: what "
		    "came last is told in less detail, or not at all");
	if (d->out->n_evicted > 0)
		limit(d, "more machines boot here than are kept in memory at "
		    "once (%zu): %zu times a packet of another one was left "
		    "out; cut the capture into pieces", d->out->n_machines,
		    d->out->n_evicted);
}

int
diagnose_finish(struct diagnose *d, struct diagnosis **ret, struct diag *diag)
{
	struct diagnosis_machine **tail = &d->out->machines;
	int rc = 0;

	for (struct client *m = d->machines; m; m = m->next) {
		for (struct load *l = m->loads; l; l = l->next)
			content_end(d, l);
	}
	find_limits(d);
	for (struct client *m = d->machines; m && rc == 0; m = m->next) {
		rc = judge(d, m);
		*tail = &m->out;
		tail = &m->out.next;
	}
	if (rc < 0) {
		diag_set(diag, "out of memory");
		return rc;
	}
	*ret = d->out;
	d->out = NULL;
	d->machines = NULL;
	return 0;
}
