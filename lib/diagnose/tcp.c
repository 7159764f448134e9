/*
 * TCP connections of machines: HTTP with its bodies, TLS from outside, and
 * what else opens.
 */
#include "diagnose/internal.h"

#include "base/util.h"

#include <stdlib.h>
#include <string.h>

enum {
	PORT_HTTPS = 443, PORT_ISCSI = 3260, PORT_NBD = 10809, PORT_NFS = 2049,
	CONNS_MAX = 500,
	TLS_ALERT = 21, TLS_HANDSHAKE = 22, TLS_DATA = 23,
	TLS_CLIENT_HELLO = 1, TLS_SERVER_HELLO = 2,
};

static struct conn *
find_conn(const struct diagnose *d, const struct ip_addr *client,
    uint16_t cport, const struct ip_addr *server, uint16_t sport)
{
	struct conn *c = d->by_conn[hash_ip(client, cport)];

	while (c && (c->cport != cport || c->sport != sport ||
	    !ip_equal(&c->client, client) || !ip_equal(&c->server, server)))
		c = c->hash_next;
	return c;
}

static struct conn *
add_conn(struct diagnose *d, struct client *m)
{
	const struct frame *f = &d->p->frame;
	struct conn **slot = &d->by_conn[hash_ip(&f->src, f->sport)];
	struct conn *c = m->n_conns < CONNS_MAX ? keep(d, sizeof(*c)) : NULL;

	if (!c)
		return NULL;
	c->m = m;
	c->stage = stage_now(d, m);
	c->client = f->src;
	c->server = f->dst;
	c->cport = f->sport;
	c->sport = f->dport;
	c->frame = d->frame;
	c->time = d->time;
	c->hash_next = *slot;
	*slot = c;
	if (m->conn)
		m->conn->next = c;
	else
		m->conns = c;
	m->conn = c;
	m->n_conns++;
	return c;
}

static void
note_role(struct diagnose *d, const struct conn *c)
{
	static const struct { uint16_t port; enum diagnosis_role role;
	    const char *name; } rows[] = {
		{ PORT_ISCSI, ROLE_ISCSI, "iSCSI" },
		{ PORT_NBD, ROLE_NBD, "NBD" }, { PORT_NFS, ROLE_NFS, "NFS" },
		{ PORT_HTTPS, ROLE_HTTP, "HTTPS" },
		{ HTTP_PORT, ROLE_HTTP, "HTTP" },
	};
	const char *name = "TCP";

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].port != c->sport)
			continue;
		(void)server_note(d, &c->server, rows[i].role);
		name = rows[i].name;
	}
	(void)ladder(d, c->m, LIFELINE_CLIENT, LIFELINE_HTTP, &c->server,
	    "%s: connect to port %u", name, c->sport);
}

static void
take_syn(struct diagnose *d)
{
	const struct frame *f = &d->p->frame;
	struct client *m = machine_of_sender(d);
	struct conn *c;

	if (!m)
		return;
	d->current = m;
	c = find_conn(d, &f->src, f->sport, &f->dst, f->dport);
	if (!c || c->syn_ack || c->refused) {
		c = add_conn(d, m);
		if (!c)
			return;
		note_role(d, c);
	}
	touch(d, m, true);
	c->n_syn++;
	c->last_frame = d->frame;
	c->last_time = d->time;
}

static const char *
slice_text(struct diagnose *d, struct http_slice s)
{
	return keep_bytes_text(d, s.p, s.len);
}

static const char *
field_text(struct diagnose *d, const struct http_head *h, const char *name)
{
	const struct http_field *f = http_find(h, name);

	return f ? slice_text(d, f->value) : NULL;
}

static void
end_load(struct diagnose *d, struct load *l)
{
	l->done = true;
	l->done_time = d->time;
	if (l->event) {
		l->event->last_frame = d->frame;
		l->event->duration_s = d->time - l->event->time;
	}
	if (l->bytes < CONTENT_FILE_MAX)
		content_end(d, l);
}

static void
take_http_request(struct diagnose *d, struct conn *c)
{
	const struct http_head *h = &d->p->http;
	const char *path = slice_text(d, h->target);
	struct load *l = c->load;

	/* sent once more, or HEAD before GET */
	if (path && l && !l->done && l->status == 0 &&
	    strcmp(l->name, path) == 0 && l->last_frame >= c->frame) {
		l->n_asks++;
		return;
	}
	c->n_request++;
	if (path && l && l->head_method && strcmp(l->name, path) == 0) {
		l->head_method = false;
		l->done = false;
		l->bytes = 0;
		l->probe = true;
		l->n_asks++;
		return;
	}
	l = path ? load_add(d, c->m, LOAD_HTTP, path) : NULL;
	c->load = l;
	if (!l)
		return;
	l->n_asks = 1;
	l->head_method = http_equal(h->method, "HEAD");
	l->host = field_text(d, h, "Host");
	l->agent = field_text(d, h, "User-Agent");
	if (l->stage->kind == STAGE_UNSEEN && l->agent &&
	    text_starts(l->agent, "iPXE/"))
		l->stage->kind = STAGE_IPXE;
	l->client = c->client;
	l->server = c->server;
	l->cport = c->cport;
	l->sport = c->sport;
	l->event = ladder(d, c->m, LIFELINE_CLIENT, LIFELINE_HTTP, &c->server,
	    "%.*s %s", (int)h->method.len, h->method.p, path);
	(void)server_note(d, &c->server, ROLE_HTTP);
}

/* The last chunk has no byte (RFC 9112 7.1). */
static bool
ends_chunks(const struct packet *p)
{
	static const char end[] = "0\r\n\r\n";
	const size_t len = sizeof(end) - 1;

	return p->data_len >= len && p->frame.payload.left == p->data_len &&
	    memcmp(p->frame.payload.p + p->data_len - len, end, len) == 0;
}

static void
take_http_response(struct diagnose *d, struct conn *c)
{
	const struct http_head *h = &d->p->http;
	const struct rd *r = &d->p->frame.payload;
	struct load *l = c->load;
	struct http_body body;
	struct diagnosis_server *s;
	const char *software;
	int head;

	c->n_response++;
	if (!l || h->status < 200)
		return;
	l->status = h->status;
	l->location = field_text(d, h, "Location");
	l->type = field_text(d, h, "Content-Type");
	l->error_frame = d->frame;
	if (http_body(h, &body, NULL) == 0) {
		l->chunked = body.chunked;
		l->has_length = body.has_length && !body.chunked;
		l->length = body.length;
	}
	s = server_note(d, &c->server, ROLE_HTTP);
	software = field_text(d, h, "Server");
	if (s && software && !s->software)
		server_software(s, software, "its Server header");
	(void)ladder(d, c->m, LIFELINE_HTTP, LIFELINE_CLIENT, &c->server,
	    "%u %.*s", h->status, (int)h->reason.len, h->reason.p);
	head = http_head_len(r->p, r->left);
	if (head > 0 && d->p->data_len >= (size_t)head) {
		content_add(d, l, 0, r->p + head, r->left - (size_t)head,
		    d->p->data_len - (size_t)head);
		l->bytes = d->p->data_len - (size_t)head;
	} else {
		l->content.broken = true;
	}
	if (l->has_length && (l->bytes >= l->length || l->head_method))
		end_load(d, l);
	else if (h->status == 304 || h->status == 204 ||
	    (l->chunked && ends_chunks(d->p)))
		end_load(d, l);
}

/* New bytes of the body of the answer that is being received. */
static void
take_body(struct diagnose *d, struct conn *c, uint64_t fresh)
{
	const struct packet *p = d->p;
	struct load *l = c->load;

	if (!l || l->done || l->status == 0)
		return;
	l->last_frame = d->frame;
	l->last_time = d->time;
	if (fresh == p->data_len)
		content_add(d, l, l->bytes, p->frame.payload.p,
		    p->frame.payload.left, p->data_len);
	else
		l->content.broken = true;
	l->bytes += fresh;
	if (l->has_length && l->bytes >= l->length)
		end_load(d, l);
	else if (l->chunked && ends_chunks(p))
		end_load(d, l);
}

/* server_name (RFC 6066 3) out of a ClientHello (RFC 8446 4.1.2) */
static void
take_client_hello(struct diagnose *d, struct conn *c, struct rd r)
{
	struct rd exts;

	c->tls_version = rd_u16(&r);
	rd_skip(&r, 32);
	rd_skip(&r, rd_u8(&r));         /* session */
	rd_skip(&r, rd_u16(&r));        /* cipher suites */
	rd_skip(&r, rd_u8(&r));         /* compression */
	exts = rd_sub(&r, rd_u16(&r));
	while (exts.left > 0) {
		uint16_t type = rd_u16(&exts);
		struct rd e = rd_sub(&exts, rd_u16(&exts));

		if (type != 0 || e.bad)
			continue;
		rd_skip(&e, 3);
		e = rd_sub(&e, rd_u16(&e));
		if (!e.bad)
			c->sni = keep_bytes_text(d, e.p, e.left);
	}
}

static void
take_tls(struct diagnose *d, struct conn *c, bool by_server)
{
	struct rd r = d->p->frame.payload;
	uint8_t type = rd_u8(&r);
	uint16_t version = rd_u16(&r);
	size_t len = rd_u16(&r);

	if (r.bad || version >> 8 != 3 || type < 20 || type > TLS_DATA)
		return;
	if (type == TLS_HANDSHAKE) {
		uint8_t kind = rd_u8(&r);

		rd_skip(&r, 3);
		if (kind == TLS_CLIENT_HELLO && !by_server && !c->tls) {
			c->tls = true;
			c->hello_end = c->sent;
			take_client_hello(d, c, r);
			(void)ladder(d, c->m, LIFELINE_CLIENT, LIFELINE_HTTP,
			    &c->server, "TLS ClientHello%s%s", c->sni ?
			    " for " : "", c->sni ? c->sni : "");
		} else if (kind == TLS_SERVER_HELLO && by_server) {
			c->tls_server_hello = true;
		}
	} else if (type == TLS_DATA) {
		c->tls_data = true;
	} else if (type == TLS_ALERT && len == 2 && !c->alert) {
		uint8_t level = rd_u8(&r);
		uint8_t code = rd_u8(&r);

		if (r.bad || code == 0 || level > 2)
			return;         /* close_notify */
		c->alert = true;
		c->alert_by_server = by_server;
		c->alert_code = code;
		c->alert_frame = d->frame;
		(void)ladder(d, c->m, by_server ? LIFELINE_HTTP :
		    LIFELINE_CLIENT, by_server ? LIFELINE_CLIENT :
		    LIFELINE_HTTP, &c->server, "TLS alert %u", code);
	}
}

static void
take_end(struct diagnose *d, struct conn *c, bool by_server)
{
	const struct frame *f = &d->p->frame;
	struct load *l = c->load;
	bool fin = f->tcp_flags & TCP_FIN;

	if (by_server && (f->tcp_flags & TCP_RST) && !c->syn_ack &&
	    c->received == 0) {
		c->refused = true;
		c->refused_frame = d->frame;
	}
	*(by_server ? (fin ? &c->fin_server : &c->rst_server) :
	    (fin ? &c->fin_client : &c->rst_client)) = true;
	if (!l || l->done || l->status == 0)
		return;
	if (!l->has_length && !l->chunked && by_server)
		end_load(d, l);         /* its end is the body's end */
	else if (by_server)
		l->cut_by_server = true;
	else
		l->cut_by_client = true;
}

static void
from_server(struct diagnose *d, struct conn *c)
{
	const struct packet *p = d->p;
	const struct frame *f = &p->frame;
	uint64_t fresh = p->data_len;
	int32_t ahead;

	if (f->tcp_flags & TCP_SYN) {
		c->syn_ack = true;
		c->has_seq = true;
		c->next_seq = f->tcp_seq + 1;
		return;
	}
	if (p->data_len > 0) {
		if (!c->has_seq) {
			c->has_seq = true;
			c->next_seq = f->tcp_seq;
		}
		ahead = (int32_t)(f->tcp_seq + (uint32_t)p->data_len -
		    c->next_seq);
		if (ahead <= 0) {
			c->again++;
			fresh = 0;
		} else {
			/* a hole in the capture counts as received */
			fresh = (uint64_t)ahead;
			c->next_seq = f->tcp_seq + (uint32_t)p->data_len;
		}
		c->received += fresh;
	}
	if (p->proto == PROTO_HTTP && p->has_message && p->http.is_response) {
		if (fresh > 0)
			take_http_response(d, c);
	} else if (fresh > 0) {
		if (c->load)
			take_body(d, c, fresh);
		else
			take_tls(d, c, true);
	}
}

/* Nobody else calls itself so. */
static bool
is_boot_agent(const struct http_head *h)
{
	const struct http_field *f = http_find(h, "User-Agent");

	return f && ((f->value.len >= 5 &&
	    memcmp(f->value.p, "iPXE/", 5) == 0) || (f->value.len >= 12 &&
	    memcmp(f->value.p, "UefiHttpBoot", 12) == 0));
}

void
take_tcp(struct diagnose *d)
{
	const struct packet *p = d->p;
	const struct frame *f = &p->frame;
	struct conn *c;
	bool by_server = false;

	if ((f->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN) {
		take_syn(d);
		return;
	}
	c = find_conn(d, &f->dst, f->dport, &f->src, f->sport);
	if (c) {
		by_server = true;
	} else {
		c = find_conn(d, &f->src, f->sport, &f->dst, f->dport);
		/* it began before the capture did */
		if (!c && p->proto == PROTO_HTTP && p->has_message &&
		    !p->http.is_response) {
			struct client *m = machine_of_sender(d);

			if (!m && is_boot_agent(&p->http))
				m = machine_of_load(d);
			c = m ? add_conn(d, m) : NULL;
		}
		if (!c)
			return;
	}
	touch(d, c->m, !by_server);
	c->last_frame = d->frame;
	c->last_time = d->time;
	if (by_server) {
		from_server(d, c);
	} else {
		c->sent += p->data_len;
		c->syn_ack = true;      /* it would not go on otherwise */
		if (p->proto == PROTO_HTTP && p->has_message &&
		    !p->http.is_response)
			take_http_request(d, c);
		else if (p->data_len > 0)
			take_tls(d, c, false);
	}
	if (f->tcp_flags & (TCP_FIN | TCP_RST))
		take_end(d, c, by_server);
}
