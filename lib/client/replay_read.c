/*
 * From a capture to the list of what its machines asked, and what they got.
 */
#include "client/replay.h"

#include "base/sbuf.h"
#include "capture/dissect.h"
#include "capture/reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FLOWS_MAX = REPLAY_FILES_MAX };

/* A transfer: the client's end, and the file that it is for. */
struct flow {
	struct ip_addr client;
	uint16_t port;
	struct replay_file *file;
	uint64_t blksize;
	uint32_t last_block;            /* counted on past 65535 */
};

struct reading {
	struct replay *r;
	struct flow flow[FLOWS_MAX];
	size_t n_flows;
};

/* Another copy of the same message: the parsed one lives no longer. */
static int
copy_msg(const struct packet *p, struct dhcp4_msg *ret)
{
	return dhcp4_msg_parse(ret, p->frame.payload.p, p->frame.payload.left,
	    NULL);
}

static bool
same_request(const struct replay_ask *a, const struct packet *p)
{
	return a->msg.xid == p->dhcp4.xid && a->dport == p->frame.dport &&
	    memcmp(a->msg.chaddr, p->dhcp4.chaddr, MAC_LEN) == 0 &&
	    dhcp4_type(&a->msg) == dhcp4_type(&p->dhcp4);
}

static int
take_request(struct reading *x, const struct packet *p)
{
	struct replay *r = x->r;
	struct replay_ask *a;
	int type = dhcp4_type(&p->dhcp4);
	int rc;

	if (p->dhcp4.giaddr.s_addr) {
		r->n_relayed++;
		return 0;
	}
	if (type != DHCP4_DISCOVER && type != DHCP4_REQUEST &&
	    type != DHCP4_INFORM && type != 0)
		return 0;
	for (size_t i = 0; i < r->n_asks; i++) {
		if (same_request(&r->ask[i], p))
			return 0;
	}
	if (r->n_asks == REPLAY_ASKS_MAX) {
		r->n_beyond++;
		return 0;
	}
	a = &r->ask[r->n_asks];
	rc = copy_msg(p, &a->msg);
	if (rc < 0)
		return rc == -ENOMEM ? rc : 0;
	a->frame = p->number;
	a->dst = p->frame.dst.v4;
	a->dport = p->frame.dport;
	r->n_asks++;
	return 0;
}

static int
take_answer(struct reading *x, const struct packet *p)
{
	struct replay *r = x->r;

	for (size_t i = r->n_asks; i > 0; i--) {
		struct replay_ask *a = &r->ask[i - 1];
		struct replay_answer *now = &a->then[a->n_then];
		int rc;

		if (a->msg.xid != p->dhcp4.xid || memcmp(a->msg.chaddr,
		    p->dhcp4.chaddr, MAC_LEN) != 0)
			continue;
		for (size_t n = 0; n < a->n_then; n++) {
			if (a->then[n].src.s_addr == p->frame.src.v4.s_addr &&
			    dhcp4_type(&a->then[n].msg) ==
			    dhcp4_type(&p->dhcp4))
				return 0;
		}
		if (a->n_then == REPLAY_ANSWERS_MAX)
			return 0;
		rc = copy_msg(p, &now->msg);
		if (rc < 0)
			return rc == -ENOMEM ? rc : 0;
		now->src = now->server = p->frame.src.v4;
		(void)dhcp4_get_ip(&now->msg, DHCP4_OPT_SERVER_ID,
		    &now->server);
		a->n_then++;
		return 0;
	}
	return 0;
}

/* The file of that URI: asked for twice, as with a size probe, it is one. */
static struct replay_file *
add_file(struct reading *x, const struct packet *p, const char *uri)
{
	struct replay *r = x->r;
	struct replay_file *f;

	for (size_t i = 0; i < r->n_files; i++) {
		if (strcmp(r->file[i].uri, uri) == 0)
			return &r->file[i];
	}
	if (r->n_files == REPLAY_FILES_MAX) {
		r->n_beyond++;
		return NULL;
	}
	f = &r->file[r->n_files];
	f->uri = arena_strdup(&r->arena, uri);
	if (!f->uri)
		return NULL;
	f->frame = p->number;
	r->n_files++;
	return f;
}

static struct flow *
find_flow(struct reading *x, const struct ip_addr *client, uint16_t port)
{
	for (size_t i = x->n_flows; i > 0; i--) {
		struct flow *f = &x->flow[i - 1];

		if (f->port == port && ip_equal(&f->client, client))
			return f;
	}
	return NULL;
}

static void
add_flow(struct reading *x, const struct packet *p, struct replay_file *file)
{
	struct flow *f = find_flow(x, &p->frame.src, p->frame.sport);

	if (!f && x->n_flows < FLOWS_MAX)
		f = &x->flow[x->n_flows++];
	if (!f)
		return;
	*f = (struct flow){
		.client = p->frame.src, .port = p->frame.sport,
		.file = file, .blksize = 512,
	};
}

static void
take_tftp_request(struct reading *x, const struct packet *p)
{
	struct sbuf uri = SBUF_EMPTY;
	char ip[IP_TEXT_MAX];
	struct replay_file *f;

	if (p->frame.ip_version == 4 && p->tftp.op == TFTP_RRQ) {
		sbuf_printf(&uri, "tftp://%s/%s",
		    ipv4_format(p->frame.dst.v4, ip), p->tftp.name);
		f = add_file(x, p, sbuf_str(&uri));
		if (f)
			add_flow(x, p, f);
	}
	sbuf_release(&uri);
}

/* What the server says: how large the blocks are, the last one, an error. */
static void
take_tftp(struct reading *x, const struct packet *p)
{
	struct flow *f;

	if (p->tftp.op == TFTP_RRQ || p->tftp.op == TFTP_WRQ) {
		take_tftp_request(x, p);
		return;
	}
	f = find_flow(x, &p->frame.dst, p->frame.dport);
	if (!f)
		return;
	if (p->tftp.op == TFTP_OACK && p->tftp.opts.has[TFTP_OPT_BLKSIZE])
		f->blksize = p->tftp.opts.value[TFTP_OPT_BLKSIZE];
	if (p->tftp.op == TFTP_ERROR) {
		f->file->seen_end = true;
		f->file->status = p->tftp.error;
	} else if (p->tftp.op == TFTP_DATA) {
		if ((uint16_t)(f->last_block + 1) == p->tftp.block)
			f->last_block++;
		if (p->data_len < f->blksize &&
		    (uint16_t)f->last_block == p->tftp.block) {
			f->file->seen_end = f->file->ok = true;
			f->file->has_bytes = true;
			f->file->bytes = (f->last_block - 1) * f->blksize +
			    p->data_len;
		}
	}
}

static void
take_http(struct reading *x, const struct packet *p)
{
	const struct http_field *host = http_find(&p->http, "Host");
	struct sbuf uri = SBUF_EMPTY;
	struct http_body body;
	struct replay_file *f;
	struct flow *flow;

	if (!p->http.is_response) {
		if (host && http_equal(p->http.method, "GET")) {
			sbuf_printf(&uri, "http://%.*s%.*s",
			    (int)host->value.len, host->value.p,
			    (int)p->http.target.len, p->http.target.p);
			f = add_file(x, p, sbuf_str(&uri));
			if (f)
				add_flow(x, p, f);
		}
		sbuf_release(&uri);
		return;
	}
	flow = find_flow(x, &p->frame.dst, p->frame.dport);
	if (!flow || p->http.status < 200)
		return;
	f = flow->file;
	f->seen_end = true;
	f->status = p->http.status;
	f->ok = p->http.status < 300;
	if (http_body(&p->http, &body, NULL) == 0 && body.has_length &&
	    !body.chunked) {
		f->has_bytes = true;
		f->bytes = body.length;
	}
}

static int
take(struct reading *x, const struct packet *p)
{
	if (!p->has_message || p->state != PACKET_WHOLE)
		return 0;
	switch (p->proto) {
	case PROTO_DHCP4:
		return p->dhcp4.op == DHCP4_BOOTREQUEST ?
		    take_request(x, p) : take_answer(x, p);
	case PROTO_TFTP:
		take_tftp(x, p);
		return 0;
	case PROTO_HTTP:
		take_http(x, p);
		return 0;
	default:
		return 0;
	}
}

static int
read_frames(struct reading *x, struct capture_reader *c, struct diag *diag)
{
	struct dissector *d = dissector_new(capture_link(c));
	struct capture_frame frame;
	struct packet p;
	int rc = d ? 0 : -ENOMEM;

	while (rc == 0 && (rc = capture_next(c, &frame, diag)) > 0) {
		rc = dissect(d, &frame, &p);
		if (rc == 0)
			rc = take(x, &p);
		packet_release(&p);
	}
	dissector_free(d);
	return rc;
}

int
replay_read(const char *path, struct replay **ret, struct diag *diag)
{
	struct capture_reader *c = NULL;
	struct replay *r = calloc(1, sizeof(*r));
	struct reading *x = calloc(1, sizeof(*x));
	int rc = -ENOMEM;

	diag_set(diag, "out of memory");
	if (r) {
		r->ask = calloc(REPLAY_ASKS_MAX, sizeof(*r->ask));
		r->file = calloc(REPLAY_FILES_MAX, sizeof(*r->file));
	}
	if (!r || !x || !r->ask || !r->file)
		goto out;
	x->r = r;
	rc = capture_open(path, &c, diag);
	if (rc == 0)
		rc = read_frames(x, c, diag);
	if (rc == 0 && r->n_asks == 0 && r->n_files == 0) {
		diag_set(diag, "%s: no machine asks for anything here%s", path,
		    r->n_relayed ? ": all its requests are copies that a relay "
		    "sent on" : "");
		rc = -ENODATA;
	}
	if (rc == 0) {
		*ret = r;
		r = NULL;
	}
out:
	capture_close(c);
	replay_free(r);
	free(x);
	return rc;
}

void
replay_free(struct replay *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n_asks; i++) {
		struct replay_ask *a = &r->ask[i];

		dhcp4_msg_release(&a->msg);
		for (size_t n = 0; n < a->n_then; n++)
			dhcp4_msg_release(&a->then[n].msg);
		for (size_t n = 0; n < a->n_now; n++)
			dhcp4_msg_release(&a->now[n].msg);
	}
	free(r->ask);
	free(r->file);
	arena_release(&r->arena);
	free(r);
}
