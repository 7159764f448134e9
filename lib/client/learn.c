/*
 * A capture read for what its clients are like: the messages go to
 * learn_message.c, the waits between them and the requests for files are
 * gathered here.
 */
#include "client/learn_internal.h"

#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	MACHINES_MAX = 256,
	SENDS_MAX = 16,
	LINES_MAX = 16,
	NS_PER_MS = 1000000,
	ENOUGH_TO_DIFFER_MS = 2000,
};

/* Sends of the same thing, with nothing from a server in between. */
struct sends {
	uint32_t id;                    /* transaction, or port */
	int64_t at_ns[SENDS_MAX];
	uint16_t secs[SENDS_MAX];
	size_t n;
	bool answered;
};

enum what {
	SENT_DISCOVER, SENT_REQUEST,
	SENT_PXE, SENT_ITEM,            /* to port 4011; without and with 43 */
	SENT_RRQ, SENT_N,
};

/* A machine as it goes from one client to the next. */
struct walker {
	uint8_t mac[MAC_LEN];
	struct in_addr ip;
	struct learnt *now;
	struct sends sends[SENT_N];
	/* The first file that the client asks for. */
	const struct learnt *file_of;
	char name[TFTP_NAME_MAX];
	struct persona_rrq first;
	bool aborted;                   /* it only wanted the size */
	uint16_t abort_code;
	char abort_text[64];
	bool file_done;
};

struct reading {
	struct learn *l;
	struct walker walker[MACHINES_MAX];
	size_t n;
	/* The longest series that each client has shown so far. */
	size_t longest[LEARN_CLIENTS_MAX][SENT_N];
};

/* ------------------------------------------------- who */

/*
 * Is an option as this client sends it? One that is missing may be, if it is
 * not sent with every message.
 */
static bool
same_value(const struct dhcp4_msg *m, uint8_t code, const void *data,
    size_t len, bool may_lack)
{
	const struct dhcp4_opt *o = dhcp4_opt(m, code);

	if (!o || !data)
		return may_lack || !o == !data;
	return o->len == len && memcmp(o->data, data, len) == 0;
}

static bool
same_features(const struct dhcp4_msg *m, const struct persona *p,
    bool may_lack)
{
	const struct dhcp4_opt *o = dhcp4_opt(m, DHCP4_OPT_IPXE);
	size_t head = 2 + BUS_ID_LEN;   /* of the card, not of the build */

	if (!o || !p->features)
		return (may_lack && !o) || !o == !p->features;
	return o->len == p->features_len && (o->len <= head ||
	    memcmp(o->data + head, p->features + head, o->len - head) == 0);
}

static bool
same_arch(const struct dhcp4_msg *m, const struct persona *p, bool may_lack)
{
	uint16_t arch;

	if (!dhcp4_get_u16(m, DHCP4_OPT_ARCH, &arch))
		return may_lack || !p->has_arch;
	return p->has_arch && arch == p->arch;
}

/* An iPXE may say "PXEClient" alone, if that is what a server said to it. */
static bool
same_class(const struct dhcp4_msg *m, const struct persona *p, bool may_lack)
{
	char class[256] = "";
	char own[256];
	struct persona_ask ask = { .type = DHCP4_DISCOVER };
	struct machine none = { .has_uuid = false };
	struct dhcp4_msg made;
	bool same;

	if (!dhcp4_get_str(m, DHCP4_OPT_VENDOR_CLASS, class, sizeof(class)) &&
	    may_lack)
		return true;
	if (persona_message(p, &none, &ask, &made) < 0)
		return false;
	if (!dhcp4_get_str(&made, DHCP4_OPT_VENDOR_CLASS, own, sizeof(own)))
		own[0] = '\0';
	same = strcmp(class, own) == 0 || (p->kind == PERSONA_IPXE &&
	    (strcmp(class, "PXEClient") == 0 || strcmp(own, "PXEClient") == 0));
	dhcp4_msg_release(&made);
	return same;
}

static bool
is_like(const struct dhcp4_msg *m, const struct persona *p, bool may_lack)
{
	const struct dhcp4_opt *prl = dhcp4_opt(m, DHCP4_OPT_PRL);

	return same_arch(m, p, may_lack) && same_features(m, p, may_lack) &&
	    /* GRUB has its list in the REQUEST alone */
	    (!prl || !p->prl || same_value(m, DHCP4_OPT_PRL, p->prl,
	    p->prl_len, true)) &&
	    (!p->user_class || same_value(m, DHCP4_OPT_USER_CLASS,
	    p->user_class, strlen(p->user_class), may_lack)) &&
	    same_class(m, p, may_lack);
}

/* A REQUEST may say less than a DISCOVER; but who says the same comes first. */
const struct learnt *
learn_of(const struct learn *l, const struct dhcp4_msg *m)
{
	bool request = dhcp4_type(m) == DHCP4_REQUEST;

	for (size_t i = 0; i < l->n; i++) {
		if (is_like(m, &l->client[i].persona, false))
			return &l->client[i];
	}
	for (size_t i = l->n; request && i > 0; i--) {
		if (is_like(m, &l->client[i - 1].persona, true))
			return &l->client[i - 1];
	}
	return NULL;
}

const struct learnt *
learn_find(const struct learn *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++) {
		if (strcmp(l->client[i].persona.name, name) == 0)
			return &l->client[i];
	}
	return NULL;
}

static struct walker *
walker_of(struct reading *x, const uint8_t *mac)
{
	for (size_t i = 0; i < x->n; i++) {
		if (memcmp(x->walker[i].mac, mac, MAC_LEN) == 0)
			return &x->walker[i];
	}
	if (x->n == MACHINES_MAX)
		return NULL;
	memcpy(x->walker[x->n].mac, mac, MAC_LEN);
	return &x->walker[x->n++];
}

static struct walker *
walker_at(struct reading *x, const struct frame *f)
{
	for (size_t i = 0; i < x->n; i++) {
		struct in_addr ip = x->walker[i].ip;

		if (f->ip_version == 4 && ip.s_addr &&
		    (f->src.v4.s_addr == ip.s_addr ||
		    f->dst.v4.s_addr == ip.s_addr))
			return &x->walker[i];
	}
	return NULL;
}

/* ------------------------------------------------- waits */

/*
 * The waits that a series shows, and after them those of the base. The last
 * of all waits is one that ends in failure, which no series shows.
 */
static const uint16_t *
waits_of(struct arena *a, const struct sends *s, const uint16_t *base)
{
	uint16_t ms[SENDS_MAX + 64] = { 0 };
	size_t n = 0;

	for (size_t i = 1; i < s->n; i++) {
		int64_t wait = (s->at_ns[i] - s->at_ns[i - 1]) / NS_PER_MS;

		ms[n++] = (uint16_t)(wait < 1 ? 1 : wait > UINT16_MAX ?
		    UINT16_MAX : wait);
	}
	for (size_t i = 0; base[i] && n < ARRAY_LEN(ms) - 2; i++) {
		if (i >= s->n - 1)
			ms[n++] = base[i];
	}
	if (n < s->n) {                 /* longer than the base's own */
		ms[n] = ms[n - 1];
		n++;
	}
	return (const uint16_t *)(void *)arena_dup(a, ms,
	    (n + 1) * sizeof(ms[0]));
}

/* Does `secs` count seconds, or nothing, where the base's would not? */
static void
judge_secs(struct persona *p, const struct sends *s)
{
	int64_t passed = (s->at_ns[s->n - 1] - s->at_ns[0]) / NS_PER_MS;
	int64_t counted = s->secs[s->n - 1] - s->secs[0];
	bool zeros = s->secs[0] == 0 && counted == 0;
	bool seconds = counted * 1000 > passed - ENOUGH_TO_DIFFER_MS &&
	    counted * 1000 < passed + ENOUGH_TO_DIFFER_MS;

	if (passed < ENOUGH_TO_DIFFER_MS)
		return;
	if (zeros)
		p->secs = SECS_ZERO;
	else if (seconds && (p->secs == SECS_ZERO || p->secs == SECS_IPXE))
		p->secs = SECS_ELAPSED;
}

/* A TFTP request's repetitions: the mean pace, and whether it slackens. */
static void
judge_rrq(struct persona_tftp *t, const struct sends *s)
{
	uint64_t all = (uint64_t)(s->at_ns[s->n - 1] - s->at_ns[0]) / NS_PER_MS;
	uint64_t first = (uint64_t)(s->at_ns[1] - s->at_ns[0]) / NS_PER_MS;
	uint64_t last = (uint64_t)(s->at_ns[s->n - 1] - s->at_ns[s->n - 2]) /
	    NS_PER_MS;

	if (first == 0 || last > UINT16_MAX)
		return;
	if (s->n > 2)
		t->factor = last > first + first / 2 ? 2 : 1;
	if (t->factor == 1)
		first = all / (s->n - 1);
	else                            /* 1, 2, 4 ...: so many of the first */
		first = all / ((UINT64_C(1) << (s->n - 1)) - 1);
	t->first_ms = (uint16_t)(first > 0 ? min_size(first, UINT16_MAX) : 1);
	if (t->factor == 1 || t->cap_ms < last)
		t->cap_ms = (uint16_t)(t->factor == 1 ? t->first_ms : last);
	if (s->n > t->sends)
		t->sends = (uint8_t)s->n;
}

static int
judge_sends(struct reading *x, struct learnt *c, enum what what,
    const struct sends *s)
{
	struct persona *p = &c->persona;
	const struct {
		const uint16_t **learnt;
		const uint16_t *base;
	} tables[SENT_N] = {
		[SENT_DISCOVER] = { &p->discover_ms, c->base->discover_ms },
		[SENT_REQUEST] = { &p->request_ms, c->base->request_ms },
		[SENT_PXE] = { &p->proxy_ms, c->base->proxy_ms },
		[SENT_ITEM] = { &p->item_ms, c->base->item_ms },
	};
	size_t *longest = &x->longest[c - x->l->client][what];
	const uint16_t *waits;

	if (s->n < 2 || s->n <= *longest)
		return 0;
	*longest = s->n;
	if (what == SENT_RRQ) {
		judge_rrq(&p->tftp, s);
		return 0;
	}
	if (what == SENT_DISCOVER)
		judge_secs(p, s);
	waits = waits_of(&x->l->arena, s, tables[what].base);
	if (!waits)
		return -ENOMEM;
	*tables[what].learnt = waits;
	return 0;
}

static int
note_send(struct reading *x, struct walker *w, enum what what, uint32_t id,
    uint16_t secs, int64_t at_ns)
{
	struct sends *s = &w->sends[what];
	bool again = s->n > 0 && !s->answered && (s->id == id ||
	    (what == SENT_DISCOVER && w->now->persona.new_xid));

	if (!again)
		memset(s, 0, sizeof(*s));
	s->id = id;
	if (s->n == SENDS_MAX)
		return 0;
	s->secs[s->n] = secs;
	s->at_ns[s->n++] = at_ns;
	return judge_sends(x, w->now, what, s);
}

static void
note_answer(struct walker *w, bool tftp)
{
	for (size_t i = 0; i < SENT_N; i++) {
		if ((i == SENT_RRQ) == tftp)
			w->sends[i].answered = true;
	}
}

/* ------------------------------------------------- DHCP */

/* The fuller class, where only the server's was seen so far. */
static void
complete_class(struct learn *l, struct learnt *c, const struct dhcp4_msg *m)
{
	const struct dhcp4_opt *o = dhcp4_opt(m, DHCP4_OPT_VENDOR_CLASS);
	struct persona *p = &c->persona;

	if (o && p->plain_class && o->len > strlen(p->vendor_class)) {
		const char *text = arena_dup(&l->arena, o->data, o->len);

		if (text)
			p->vendor_class = text;
	}
}

static int
take_request(struct reading *x, struct walker *w, const struct packet *p)
{
	struct learn *l = x->l;
	struct learnt *c = (struct learnt *)learn_of(l, &p->dhcp4);
	bool discover = dhcp4_type(&p->dhcp4) == DHCP4_DISCOVER;
	enum what what = discover ? SENT_DISCOVER :
	    p->frame.dport != DHCP4_PXE_PORT ? SENT_REQUEST :
	    dhcp4_opt(&p->dhcp4, DHCP4_OPT_VENDOR_ENCAP) ? SENT_ITEM : SENT_PXE;
	int rc = 0;

	if (!c && !discover)
		return 0;               /* its first message is not here */
	if (!c && l->n == LEARN_CLIENTS_MAX) {
		l->n_beyond++;
		return 0;
	}
	if (!c) {
		c = &l->client[l->n];
		c->frame = p->number;
		rc = learn_discover(l, c, p);
		if (rc < 0)
			return rc;
		l->n++;
	}
	c->n_messages++;
	w->now = c;
	complete_class(l, c, &p->dhcp4);
	if (!discover)
		rc = learn_request(l, c, p);
	if (rc == 0)
		rc = note_send(x, w, what, p->dhcp4.xid, p->dhcp4.secs,
		    p->time_ns);
	return rc;
}

static int
take_dhcp(struct reading *x, const struct packet *p)
{
	struct walker *w = walker_of(x, p->dhcp4.chaddr);
	int type = dhcp4_type(&p->dhcp4);

	if (!w || p->dhcp4.giaddr.s_addr)
		return 0;
	if (p->dhcp4.op == DHCP4_BOOTREPLY) {
		if (type == DHCP4_ACK && p->dhcp4.yiaddr.s_addr)
			w->ip = p->dhcp4.yiaddr;
		note_answer(w, false);
		return 0;
	}
	if (type != DHCP4_DISCOVER && type != DHCP4_REQUEST)
		return 0;
	return take_request(x, w, p);
}

/* ------------------------------------------------- files */

static void
rrq_of(const struct tftp_pkt *t, struct persona_rrq *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; i < t->opts.n; i++) {
		enum tftp_opt o = (enum tftp_opt)t->opts.order[i];

		ret->opt[ret->n] = o;
		ret->value[ret->n++] = (uint16_t)min_size(t->opts.value[o],
		    UINT16_MAX);
	}
}

static bool
same_rrq(const struct persona_rrq *a, const struct persona_rrq *b)
{
	bool same = a->n == b->n;

	for (size_t i = 0; same && i < a->n; i++)
		same = a->opt[i] == b->opt[i] && a->value[i] == b->value[i];
	return same;
}

static void
set_probe(struct learn *l, struct persona_tftp *t, const struct walker *w)
{
	const char *text = arena_strdup(&l->arena, w->abort_text);

	t->size_probe = w->aborted && text;
	if (!t->size_probe)
		return;
	t->probe = w->first;
	t->abort_code = w->abort_code;
	t->abort_text = text;
}

/*
 * The first file that a client asks for is its own doing; the later ones may
 * be those of what it loaded.
 */
static int
take_rrq(struct reading *x, struct walker *w, const struct packet *p)
{
	struct persona_tftp *t = &w->now->persona.tftp;

	if (w->file_of != w->now) {
		w->file_of = w->now;
		w->file_done = w->aborted = false;
		(void)text_copy(w->name, sizeof(w->name), p->tftp.name);
		rrq_of(&p->tftp, &w->first);
		/* the base's probe was meant, even if no answer came to it */
		if (!t->size_probe || !same_rrq(&w->first, &t->probe)) {
			t->size_probe = false;
			t->main = w->first;
		}
		w->now->n_files++;
	} else if (strcmp(w->name, p->tftp.name) == 0 && w->aborted &&
	    !w->file_done) {
		rrq_of(&p->tftp, &t->main);
		set_probe(x->l, t, w);
		w->file_done = true;
	} else if (strcmp(w->name, p->tftp.name) != 0) {
		return 0;
	}
	return note_send(x, w, SENT_RRQ, p->frame.sport, 0, p->time_ns);
}

static int
take_tftp(struct reading *x, const struct packet *p)
{
	struct walker *w = walker_at(x, &p->frame);

	if (!w || !w->now)
		return 0;
	if (p->tftp.op == TFTP_RRQ)
		return take_rrq(x, w, p);
	if (p->frame.dst.v4.s_addr == w->ip.s_addr) {
		note_answer(w, true);
	} else if (p->tftp.op == TFTP_ERROR && w->file_of == w->now &&
	    !w->file_done) {
		w->aborted = true;
		w->abort_code = p->tftp.error;
		(void)text_copy(w->abort_text, sizeof(w->abort_text),
		    p->tftp.text);
	}
	return 0;
}

/* Of this one request, or a secret: not what the client says of itself. */
static bool
is_of_request(const struct http_field *f)
{
	static const char *const names[] = {
		"Authorization", "Proxy-Authorization", "Cookie", "Range",
		"If-Match", "If-None-Match", "If-Modified-Since",
		"If-Unmodified-Since", "Content-Length", "Content-Type",
		"Transfer-Encoding",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (http_equal(f->name, names[i]))
			return true;
	}
	return false;
}

static int
take_lines(struct learn *l, struct persona *p, const struct http_head *h)
{
	const char *lines[LINES_MAX + 1] = { NULL };
	const struct http_field *agent = http_find(h, "User-Agent");
	size_t n = 0;

	for (size_t i = 0; i < h->n_fields && n < LINES_MAX; i++) {
		const struct http_field *f = &h->fields[i];

		if (f->folded || is_of_request(f))
			continue;
		if (http_equal(f->name, "Host"))
			lines[n] = "Host";
		else if (f == agent)
			lines[n] = "User-Agent";
		else
			lines[n] = arena_printf(&l->arena, "%.*s: %.*s",
			    (int)f->name.len, f->name.p, (int)f->value.len,
			    f->value.p);
		if (!lines[n++])
			return -ENOMEM;
	}
	p->http_lines = (const char *const *)(void *)arena_dup(&l->arena,
	    lines, sizeof(lines));
	p->user_agent = agent && !agent->folded ? arena_dup(&l->arena, agent->value.p,
	    agent->value.len) : "";
	return p->http_lines && p->user_agent ? 0 : -ENOMEM;
}

static int
take_http(struct reading *x, const struct packet *p)
{
	struct walker *w = walker_at(x, &p->frame);
	struct persona *q = w && w->now ? &w->now->persona : NULL;

	/* a form, or what a loader asks for, is not the client's own form */
	if (!q || p->http.is_response || http_equal(p->http.method, "POST") ||
	    (w->file_of == w->now && q->kind != PERSONA_IPXE))
		return 0;
	w->file_of = w->now;
	w->now->n_files++;
	q->http_1_0 = p->http.minor == 0;
	q->http_head = http_equal(p->http.method, "HEAD");
	return take_lines(x->l, q, &p->http);
}

/* ------------------------------------------------- the capture */

static int
take_packet(struct reading *x, const struct packet *p)
{
	if (p->state != PACKET_WHOLE || !p->has_message ||
	    p->frame.ip_version != 4)
		return 0;
	switch (p->proto) {
	case PROTO_DHCP4:
		return take_dhcp(x, p);
	case PROTO_TFTP:
		return take_tftp(x, p);
	case PROTO_HTTP:
		return take_http(x, p);
	default:
		return 0;
	}
}

static int
read_frames(struct reading *x, struct capture_reader *r, struct diag *diag)
{
	struct dissector *d = dissector_new(capture_link(r));
	struct capture_frame f;
	int rc = d ? 1 : -ENOMEM;

	while (rc > 0) {
		struct packet p;

		rc = capture_next(r, &f, diag);
		if (rc <= 0)
			break;
		rc = dissect(d, &f, &p);
		if (rc < 0)
			break;
		rc = take_packet(x, &p);
		packet_release(&p);
		if (rc == 0)
			rc = 1;
	}
	dissector_free(d);
	return rc;
}

int
learn_read(const char *path, struct learn **ret, struct diag *diag)
{
	struct reading *x = calloc(1, sizeof(*x));
	struct capture_reader *r = NULL;
	int rc = -ENOMEM;

	diag_set(diag, "out of memory");
	if (x)
		x->l = calloc(1, sizeof(*x->l));
	if (!x || !x->l)
		goto out;
	rc = capture_open(path, &r, diag);
	if (rc < 0)
		goto out;
	rc = read_frames(x, r, diag);
	/* a capture that was cut short still has its beginning */
	if (rc == -EBADMSG && x->l->n > 0)
		rc = 0;
	if (rc == 0 && x->l->n == 0) {
		diag_set(diag, "'%s' holds no DISCOVER to learn from", path);
		rc = -ENODATA;
	}
	if (rc == 0) {
		*ret = x->l;
		x->l = NULL;
	}
out:
	capture_close(r);
	if (x)
		learn_free(x->l);
	free(x);
	return rc;
}

void
learn_free(struct learn *l)
{
	if (!l)
		return;
	arena_release(&l->arena);
	free(l);
}
