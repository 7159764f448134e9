/*
 * TFTP transfers: what was asked for, how it went, where it stopped.
 */
#include "diagnose/internal.h"

#include "base/util.h"

#include <stdlib.h>
#include <string.h>

#define TRANSFER_IDLE_S 120.0   /* a port that is used again after that */

struct load *
load_add(struct diagnose *d, struct client *m, enum load_proto proto,
    const char *name)
{
	struct load *l = m->n_loads < MACHINE_LOADS_MAX ?
	    keep(d, sizeof(*l)) : NULL;

	if (l)
		l->name = keep_text(d, name);
	if (!l || !l->name) {
		m->out.n_left_out++;
		return NULL;
	}
	l->m = m;
	l->proto = proto;
	l->stage = stage_now(d, m);
	l->frame = l->last_frame = d->frame;
	l->time = l->last_time = d->time;
	l->blksize = TFTP_BLKSIZE_DEFAULT;
	if (m->load)
		m->load->next = l;
	else
		m->loads = l;
	m->load = l;
	m->n_loads++;
	return l;
}

struct load *
load_by_flow(struct diagnose *d, const struct ip_addr *client, uint16_t port)
{
	struct load *l = d->by_flow[hash_ip(client, port)];

	while (l && (l->cport != port || !ip_equal(&l->client, client)))
		l = l->hash_next;
	return l;
}

static void
flow_remove(struct diagnose *d, struct load *gone)
{
	struct load **at = &d->by_flow[hash_ip(&gone->client, gone->cport)];

	while (*at && *at != gone)
		at = &(*at)->hash_next;
	if (*at)
		*at = gone->hash_next;
}

static void
flow_set(struct diagnose *d, struct load *l, const struct frame *f)
{
	struct load **slot = &d->by_flow[hash_ip(&f->src, f->sport)];
	struct load *before = load_by_flow(d, &f->src, f->sport);

	if (before)
		flow_remove(d, before);
	if (l->cport && l != before)
		flow_remove(d, l);
	l->client = f->src;
	l->cport = f->sport;
	l->server = f->dst;
	l->hash_next = *slot;
	*slot = l;
}

/* A transfer without a DHCP exchange before it: the capture starts late. */
struct client *
machine_of_load(struct diagnose *d)
{
	const struct frame *f = &d->p->frame;
	struct client *m = machine_by_ip(d, &f->src);
	uint8_t mac[MAC_LEN] = { 0 };

	if (m || d->out->n_machines >= DIAGNOSIS_MACHINES_MAX)
		return m;
	if (f->has_mac) {
		m = machine_by_mac(d, f->mac_src);
		memcpy(mac, f->mac_src, MAC_LEN);
	}
	/* several behind one router: each by its address */
	if (!m || (m->n_addrs > 0 && m->stages &&
	    m->stages->kind == STAGE_UNSEEN))
		m = machine_add(d, mac);
	if (m)
		machine_holds(d, m, &f->src, true);
	return m;
}

static void
restart(struct load *l)
{
	l->probe = true;
	l->oack = l->oack_acked = l->client_abort = false;
	l->block = l->acked = 0;
	l->n_data = l->n_ack = l->n_oack = l->dup_ack = 0;
	l->bytes = 0;
	l->n_asks = 0;
}

static void
take_rrq(struct diagnose *d)
{
	const struct tftp_pkt *t = &d->p->tftp;
	const struct frame *f = &d->p->frame;
	struct client *m = machine_of_load(d);
	struct load *l;

	if (!m)
		return;
	touch(d, m, true);
	l = load_by_flow(d, &f->src, f->sport);
	if (!l || strcmp(l->name, t->name) != 0 || l->done || l->error ||
	    l->n_data > 0 || !ip_equal(&l->server, &f->dst) ||
	    d->time - l->last_time > TRANSFER_IDLE_S || l->m != m)
		l = m->load;
	/* the same file again, after its size was asked or without an answer */
	if (l && l->proto == LOAD_TFTP && !l->done && !l->error &&
	    l->n_data == 0 && strcmp(l->name, t->name) == 0 &&
	    ip_equal(&l->server, &f->dst) && l->stage == m->stage &&
	    d->time - l->last_time <= TRANSFER_IDLE_S) {
		if (l->client_abort || (l->oack && l->cport != f->sport)) {
			restart(l);
			l->asked = t->opts;
		}
	} else {
		l = load_add(d, m, LOAD_TFTP, t->name);
		if (!l)
			return;
		l->asked = t->opts;
		l->netascii = strcasecmp(t->mode, "netascii") == 0;
		l->event = ladder(d, m, LIFELINE_CLIENT, LIFELINE_TFTP,
		    &f->dst, "RRQ %s", t->name);
	}
	if (l->n_asks++ > 0)
		(void)ladder(d, m, LIFELINE_CLIENT, LIFELINE_TFTP, &f->dst,
		    "RRQ %s, again", t->name);
	flow_set(d, l, f);
	l->last_frame = d->frame;
	l->last_time = d->time;
	if (t->opts.has[TFTP_OPT_BLKSIZE])
		l->asked_blksize = t->opts.value[TFTP_OPT_BLKSIZE];
	(void)server_note(d, &f->dst, ROLE_TFTP);
}

static void
note_port(struct load *l, uint16_t port)
{
	for (size_t i = 0; i < l->n_ports; i++) {
		if (l->ports[i] == port)
			return;
	}
	if (l->n_ports < ARRAY_LEN(l->ports))
		l->ports[l->n_ports++] = port;
}

static void
take_oack(struct diagnose *d, struct load *l, const struct tftp_opts *o)
{
	struct diagnosis_server *s;

	l->oack = true;
	l->n_oack++;
	l->oack_frame = d->frame;
	if (o->has[TFTP_OPT_BLKSIZE] && o->value[TFTP_OPT_BLKSIZE] >=
	    TFTP_BLKSIZE_MIN && o->value[TFTP_OPT_BLKSIZE] <= TFTP_BLKSIZE_MAX)
		l->blksize = (uint32_t)o->value[TFTP_OPT_BLKSIZE];
	if (o->has[TFTP_OPT_WINDOWSIZE])
		l->window = (uint32_t)o->value[TFTP_OPT_WINDOWSIZE];
	if (o->has[TFTP_OPT_TSIZE]) {
		l->has_tsize = true;
		l->tsize = o->value[TFTP_OPT_TSIZE];
	}
	if (l->n_oack > 1)
		return;
	s = server_note(d, &d->p->frame.src, ROLE_TFTP);
	/* dnsmasq: blksize before tsize, whatever the request's order was */
	if (s && !s->software && o->n >= 2 && l->asked.n >= 2 &&
	    o->order[0] == TFTP_OPT_BLKSIZE && o->order[1] == TFTP_OPT_TSIZE &&
	    l->asked.order[0] == TFTP_OPT_TSIZE)
		server_software(s, "dnsmasq", "the order of options in its "
		    "TFTP OACK");
	(void)ladder(d, l->m, LIFELINE_TFTP, LIFELINE_CLIENT,
	    &d->p->frame.src, "OACK for %s", l->name);
}

static void
take_data(struct diagnose *d, struct load *l)
{
	const struct packet *p = d->p;
	uint16_t block = p->tftp.block;
	uint16_t ahead = (uint16_t)(block - (uint16_t)l->block);
	size_t frame_len = p->data_len + TFTP_HEAD_LEN;

	if (l->n_data < UINT32_MAX)
		l->n_data++;
	if (frame_len > l->largest_frame)
		l->largest_frame = frame_len;
	l->fragments |= p->reassembled;
	if (block == l->last_data_block && l->n_data > 1) {
		l->dup_data++;
		if (++l->stuck > l->stuck_max)
			l->stuck_max = l->stuck;
	} else {
		l->stuck = 0;
	}
	l->last_data_block = block;
	if (ahead == 0 || ahead > 0x8000) {
		if (ahead != 0)
			l->dup_data++;
		return;                 /* seen before */
	}
	if (ahead > 1) {
		l->gaps++;
		l->content.broken = true;
		l->bytes += (uint64_t)(ahead - 1) * l->blksize;
	} else if (!l->content.broken) {
		content_add(d, l, l->bytes, p->tftp.data.p, p->tftp.data.left,
		    p->data_len);
	}
	l->block += ahead;
	l->bytes += p->data_len;
	if (l->block == 1)
		l->first_len = p->data_len;
	if (p->data_len < l->blksize) {
		l->done = true;
		l->done_time = d->time;
		if (l->event) {
			l->event->last_frame = d->frame;
			l->event->duration_s = d->time - l->event->time;
		}
	}
}

static void
server_says(struct diagnose *d, struct load *l)
{
	static const struct { const char *word, *software, *why; } texts[] = {
		{ " not found for ", "dnsmasq", "the text of its TFTP error" },
		{ "cannot access ", "dnsmasq", "the text of its TFTP error" },
	};
	const struct tftp_pkt *t = &d->p->tftp;
	struct diagnosis_server *s;

	l->error = true;
	l->error_code = t->error;
	l->error_text = keep_text(d, t->text);
	l->error_frame = d->frame;
	s = server_note(d, &d->p->frame.src, ROLE_TFTP);
	for (size_t i = 0; s && i < ARRAY_LEN(texts); i++) {
		if (strstr(t->text, texts[i].word))
			server_software(s, texts[i].software, texts[i].why);
	}
	if (s && (strcmp(t->text, "File not found") == 0 ||
	    strcmp(t->text, "Permission denied") == 0))
		server_software(s, "tftpd-hpa", "the text of its TFTP error");
	(void)ladder(d, l->m, LIFELINE_TFTP, LIFELINE_CLIENT,
	    &d->p->frame.src, "ERROR %u: %s", t->error, t->text);
}

static void
from_server(struct diagnose *d, struct load *l)
{
	const struct frame *f = &d->p->frame;

	if (!ip_equal(&f->src, &l->server) && !l->has_other) {
		l->has_other = true;
		l->other_server = f->src;
	}
	/* what an aborted probe leaves behind has a port of its own */
	if (l->sport != f->sport) {
		l->sport = f->sport;
		note_port(l, f->sport);
	}
	switch (d->p->tftp.op) {
	case TFTP_OACK:
		take_oack(d, l, &d->p->tftp.opts);
		break;
	case TFTP_DATA:
		take_data(d, l);
		break;
	case TFTP_ERROR:
		server_says(d, l);
		break;
	default:
		break;
	}
}

/*
 * What the client acknowledges it has got, whether the capture holds it or
 * not: one direction alone still tells how far a transfer came.
 */
static void
take_unseen(struct diagnose *d, struct load *l)
{
	if (l->acked <= l->block)
		return;
	l->content.broken = true;
	l->block = l->acked;
	l->bytes = (uint64_t)l->acked * l->blksize;
	if (!l->has_tsize || l->bytes <= l->tsize)
		return;
	l->bytes = l->tsize;
	l->done = true;
	l->done_time = d->time;
}

static void
from_client(struct diagnose *d, struct load *l)
{
	const struct tftp_pkt *t = &d->p->tftp;

	if (t->op == TFTP_ERROR) {
		l->client_abort = true;
		l->abort_code = t->error;
		(void)ladder(d, l->m, LIFELINE_CLIENT, LIFELINE_TFTP,
		    &d->p->frame.dst, "ERROR %u: %s", t->error, t->text);
	} else if (t->op == TFTP_ACK) {
		uint16_t ahead = (uint16_t)(t->block - (uint16_t)l->acked);

		if (l->n_ack > 0 && t->block == l->last_ack_block)
			l->dup_ack++;
		l->n_ack++;
		l->last_ack_block = t->block;
		if (t->block == 0)
			l->oack_acked = true;
		if (ahead < 0x8000)
			l->acked += ahead;
		take_unseen(d, l);
	}
}

void
take_tftp(struct diagnose *d)
{
	const struct packet *p = d->p;
	const struct frame *f = &p->frame;
	struct load *l;

	if (!p->has_message) {
		/* an RRQ that does not parse, an ERROR that tells why */
		return;
	}
	if (p->tftp.op == TFTP_RRQ) {
		take_rrq(d);
		return;
	}
	l = load_by_flow(d, &f->dst, f->dport);
	if (l) {
		touch(d, l->m, false);
		from_server(d, l);
	} else {
		l = load_by_flow(d, &f->src, f->sport);
		if (!l)
			return;
		touch(d, l->m, true);
		from_client(d, l);
	}
	l->last_frame = d->frame;
	l->last_time = d->time;
	if (l->event && d->frame > l->event->last_frame && !l->done) {
		l->event->last_frame = d->frame;
		l->event->duration_s = d->time - l->event->time;
	}
}
