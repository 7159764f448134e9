/* kea_reply.c - the fields and options of an answer, and why they are so. */
#include "config/kea_run.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_SUBNET_SELECTION = 118, OPT_VIVSO = 125, CABLE_LABS = 4491 };

/* The options whose line is told as a reason: what a boot hangs on. */
static bool
is_boot_option(const struct kea_run *r, unsigned int code)
{
	if (r->t->is_v6)
		return code >= DHCP6_OPT_VENDOR_CLASS &&
		    code <= DHCP6_OPT_NII && (code <= DHCP6_OPT_VENDOR_OPTS ||
		    code >= DHCP6_OPT_BOOTFILE_URL);
	switch (code) {
	case DHCP4_OPT_ROOT_PATH:
	case DHCP4_OPT_VENDOR_ENCAP:
	case DHCP4_OPT_SERVER_ID:
	case DHCP4_OPT_VENDOR_CLASS:
	case DHCP4_OPT_TFTP_SERVER:
	case DHCP4_OPT_BOOTFILE:
	case DHCP4_OPT_TFTP_SERVERS:
	case DHCP4_OPT_IPXE:
	case DHCP4_OPT_PXELINUX_CONFIG:
	case DHCP4_OPT_PXELINUX_PREFIX:
		return true;
	default:
		return false;
	}
}

int
kea_because(struct kea_run *r, struct config_pos pos, const char *why)
{
	const char *line = pos.file ? kea_ops.line(r->t, pos.file, pos.line) :
	    NULL;

	if (!line)
		line = "";
	return reason_add(r->arena, r->reasons, pos.file ? pos.file : "",
	    pos.line, "%s%s%s", why, *why && *line ? ": " : "",
	    line + strspn(line, " \t"));
}

/* That the client is in the class, before what the class gives it. */
static int
because_class(struct kea_run *r, struct kea_member *m)
{
	if (!m || m->shown || !m->class)
		return 0;
	m->shown = true;
	if (!m->tested)
		return kea_because(r, m->class->level.pos, "in this class");
	return kea_because(r, m->class->test_pos, "true");
}

static int
because_line(struct kea_run *r, struct kea_member *m, struct config_pos pos)
{
	int rc = because_class(r, m);

	return rc < 0 ? rc : kea_because(r, pos, "");
}

/* ---------------------------------------------------------------- levels */

static int
add_source(struct kea_run *r, const struct kea_level *level,
    struct kea_member *m)
{
	struct kea_source **end = &r->sources, *s;

	if (!level->options)
		return 0;
	s = arena_alloc(r->arena, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->level = level;
	s->of_class = m;
	while (*end)
		end = &(*end)->next;
	*end = s;
	return 0;
}

int
kea_list_sources(struct kea_run *r)
{
	const struct kea_host *h = kea_current_host(r);
	struct kea_member *m;
	int rc = 0;

	if (h)
		rc = add_source(r, &h->level, NULL);
	if (rc == 0 && r->pool)
		rc = add_source(r, &r->pool->level, NULL);
	if (rc == 0 && r->subnet)
		rc = add_source(r, &r->subnet->level, NULL);
	if (rc == 0 && r->subnet && r->subnet->network)
		rc = add_source(r, &r->subnet->network->level, NULL);
	for (m = r->members; m && rc == 0; m = m->next) {
		if (m->class)
			rc = add_source(r, &m->class->level, m);
	}
	return rc < 0 ? rc : add_source(r, &r->t->global, NULL);
}

static const char *
own_space(const struct kea_run *r)
{
	return r->t->is_v6 ? "dhcp6" : "dhcp4";
}

/* Of two at one level the later one counts. */
static const struct kea_option *
option_of(const struct kea_run *r, const struct kea_level *l,
    unsigned int code)
{
	const struct kea_option *o, *last = NULL;

	for (o = l->options; o; o = o->next) {
		if (o->code == code && strcmp(o->space, own_space(r)) == 0)
			last = o;
	}
	return last;
}

/* ---------------------------------------------------------------- options */

/*
 * An option with its sub-options: what its data held, then what else the
 * level says in the space that it encapsulates.
 */
static int
make(struct kea_run *r, const struct kea_level *l, const struct kea_option *o,
    unsigned int depth, struct kea_value **ret)
{
	struct kea_value *v = NULL, *sub = NULL;
	const struct kea_option *s;
	const char *space = "";
	int rc = kea_value_make(o->def, r->t->defs, r->t->is_v6, o->code,
	    o->bytes, o->len, r->arena, &v, NULL);

	if (rc < 0)
		return rc;
	*ret = v;
	if (o->def && (v->shape == KEA_V_INT || v->shape == KEA_V_FIELDS))
		space = o->def->encapsulates;
	if (!*space || depth == KEA_DEPTH_MAX)
		return 0;
	for (s = l->options; s; s = s->next) {
		if (strcmp(s->space, space) != 0 ||
		    kea_value_find(v->subs, s->code))
			continue;
		rc = make(r, l, s, strcmp(space, own_space(r)) == 0 ?
		    KEA_DEPTH_MAX : depth + 1, &sub);
		if (rc == -ENOMEM)
			return rc;
		if (rc == 0)
			kea_value_insert(&v->subs, sub);
	}
	return 0;
}

int
kea_send_option(struct kea_run *r, unsigned int code)
{
	struct kea_sent *out = &r->sent[code];
	const struct kea_option *o;
	const struct kea_source *s;
	int rc;

	for (s = r->sources; s && !out->value; s = s->next) {
		o = option_of(r, s->level, code);
		if (!o)
			continue;
		rc = make(r, s->level, o, 0, &out->value);
		out->by = o;
		out->of_class = s->of_class;
		return rc == -ENOMEM ? rc : 0;
	}
	return 0;
}

static int
send_bytes(struct kea_run *r, uint8_t code, const void *bytes, size_t len)
{
	return kea_value_make(NULL, NULL, false, code, bytes, len, r->arena,
	    &r->sent[code].value, NULL);
}

/* What the server gives back as it came, and the mask. */
static int
send_own(struct kea_run *r)
{
	static const uint8_t back[] = { DHCP4_OPT_RELAY, OPT_SUBNET_SELECTION };
	const struct kea_value *id = kea_packet_option(&r->pkt,
	    DHCP4_OPT_CLIENT_ID);
	uint32_t mask = r->subnet->prefix ?
	    htonl(~(uint32_t)0 << (32 - min_size(r->subnet->prefix, 32))) : 0;
	size_t i;

	if (id && r->t->echo_client_id)
		r->sent[DHCP4_OPT_CLIENT_ID].value = (struct kea_value *)id;
	for (i = 0; i < sizeof(back); i++) {
		const struct kea_value *v = kea_packet_option(&r->pkt, back[i]);

		if (v && (kea_value_len(v) || back[i] != DHCP4_OPT_RELAY))
			r->sent[back[i]].value = (struct kea_value *)v;
	}
	if (!r->address.s_addr)
		return 0;
	return send_bytes(r, DHCP4_OPT_MASK, &mask, sizeof(mask));
}

int
kea_send_always(struct kea_run *r)
{
	const struct kea_source *s;
	const struct kea_option *o;
	int rc = 0;

	for (s = r->sources; s && rc == 0; s = s->next) {
		for (o = s->level->options; o && rc == 0; o = o->next) {
			if (o->always_send && strcmp(o->space, own_space(r)) ==
			    0 && o->code < KEA_OPTION_CODES)
				rc = kea_send_option(r, o->code);
		}
	}
	return rc;
}

static int
send_requested(struct kea_run *r)
{
	const struct kea_value *prl = kea_packet_option(&r->pkt, DHCP4_OPT_PRL);
	size_t i;
	int rc = 0;

	if (prl && prl->shape == KEA_V_INTS) {
		for (i = 0; i < prl->len && rc == 0; i++)
			rc = kea_send_option(r, prl->bytes[i]);
	}
	return rc < 0 ? rc : kea_send_always(r);
}

static bool
is_vendor_space(const char *space, uint32_t vendor)
{
	char *end;
	long long v;

	if (!text_starts(space, "vendor-") || !space[7])
		return false;
	v = strtoll(space + 7, &end, 10);
	return !*end && v == (long long)vendor;
}

static const struct kea_option *
vendor_option_of(const struct kea_level *l, uint32_t vendor,
    unsigned int code)
{
	const struct kea_option *o, *last = NULL;

	for (o = l->options; o; o = o->next) {
		if (o->code == code && is_vendor_space(o->space, vendor))
			last = o;
	}
	return last;
}

static int
add_vendor_option(struct kea_run *r, struct kea_value *to, unsigned int code)
{
	const struct kea_option *o = NULL;
	const struct kea_source *s;
	struct kea_value *v = NULL;
	int rc = 0;

	for (s = r->sources; s && !o; s = s->next) {
		o = vendor_option_of(s->level, to->vendor, code);
		if (o && !kea_value_find(to->subs, code))
			rc = make(r, s->level, o, 0, &v);
	}
	if (rc == 0 && v)
		kea_value_insert(&to->subs, v);
	return rc == -ENOMEM ? rc : 0;
}

/* Option 125 (RFC 3925) for the enterprise that the client, or we, named. */
static int
send_vendor(struct kea_run *r)
{
	const struct kea_value *asked = kea_packet_option(&r->pkt, OPT_VIVSO);
	struct kea_value *v = r->sent[OPT_VIVSO].value;
	const struct kea_value *oro = NULL;
	const struct kea_source *s;
	const struct kea_option *o;
	uint8_t bytes[4];
	struct wr w = wr_init(bytes, sizeof(bytes));
	size_t i;
	int rc = 0;

	if (asked && asked->shape != KEA_V_VENDOR)
		asked = NULL;
	if (!asked && !v)
		return 0;
	wr_u32(&w, v ? v->vendor : asked->vendor);
	if (!v)
		rc = kea_value_make(kea_option_std("dhcp4", OPT_VIVSO), NULL,
		    false, OPT_VIVSO, bytes, sizeof(bytes), r->arena, &v, NULL);
	if (asked && v && v->vendor == CABLE_LABS)
		oro = kea_value_find(asked->subs, 1);
	for (i = 0; oro && i < oro->len && rc == 0; i++)
		rc = add_vendor_option(r, v, oro->bytes[i]);
	for (s = r->sources; s && rc == 0; s = s->next) {
		for (o = s->level->options; o && rc == 0; o = o->next) {
			if (o->always_send && is_vendor_space(o->space, v->vendor))
				rc = add_vendor_option(r, v, o->code);
		}
	}
	if (rc == 0 && v->subs)
		r->sent[OPT_VIVSO].value = v;
	return rc;
}

static int
send_basic(struct kea_run *r)
{
	static const uint8_t codes[] = { DHCP4_OPT_ROUTER, DHCP4_OPT_DNS,
	    DHCP4_OPT_DOMAIN, DHCP4_OPT_SERVER_ID };
	size_t i;
	int rc = 0;

	for (i = 0; i < sizeof(codes) && rc == 0; i++)
		rc = kea_send_option(r, codes[i]);
	if (rc == 0 && !r->sent[DHCP4_OPT_SERVER_ID].value)
		rc = send_bytes(r, DHCP4_OPT_SERVER_ID,
		    &r->req->server_ip, sizeof(r->req->server_ip));
	return rc;
}

/* ---------------------------------------------------------------- fields */

static void
put_field(uint8_t *to, size_t cap, const char *text)
{
	memset(to, 0, cap);
	memcpy(to, text, min_size(strlen(text), cap));
}

static bool
is_said(const char *text)
{
	return text && *text;
}

/*
 * Of two levels with the same rights the closer: the subnet, its network,
 * the globals. Only there does "0.0.0.0" hide an address further out.
 */
static const struct kea_level *
inherited(const struct kea_run *r, bool (*has)(const struct kea_level *l))
{
	const struct kea_subnet *s = r->subnet;

	if (has(&s->level))
		return &s->level;
	if (s->network && has(&s->network->level))
		return &s->network->level;
	return has(&r->t->global) ? &r->t->global : NULL;
}

static bool
has_server(const struct kea_level *l)
{
	return l->has_next_server;
}

static bool
has_sname(const struct kea_level *l)
{
	return is_said(l->server_hostname);
}

static bool
has_file(const struct kea_level *l)
{
	return is_said(l->boot_file_name);
}

struct fields {
	const struct kea_level *server, *sname, *file;
	struct kea_member *server_class, *sname_class, *file_class;
};

/* The subnet's, over them those of the first class, over all the host's. */
static struct fields
choose_fields(struct kea_run *r)
{
	struct fields f = { inherited(r, has_server), inherited(r, has_sname),
	    inherited(r, has_file), NULL, NULL, NULL };
	const struct kea_host *h = kea_current_host(r);
	const struct kea_level *l;
	struct kea_member *m;

	for (m = r->members; m; m = m->next) {
		l = m->class ? &m->class->level : NULL;
		if (l && !f.server_class && l->next_server.s_addr) {
			f.server = l;
			f.server_class = m;
		}
		if (l && !f.sname_class && has_sname(l)) {
			f.sname = l;
			f.sname_class = m;
		}
		if (l && !f.file_class && has_file(l)) {
			f.file = l;
			f.file_class = m;
		}
	}
	if (h && h->level.next_server.s_addr) {
		f.server = &h->level;
		f.server_class = NULL;
	}
	if (h && has_sname(&h->level)) {
		f.sname = &h->level;
		f.sname_class = NULL;
	}
	if (h && has_file(&h->level)) {
		f.file = &h->level;
		f.file_class = NULL;
	}
	return f;
}

static int
set_fields(struct kea_run *r)
{
	struct fields f = choose_fields(r);
	struct dhcp4_msg *out = &r->ret->msg;
	int rc = 0;

	if (f.server && f.server->next_server.s_addr) {
		out->siaddr = f.server->next_server;
		rc = because_line(r, f.server_class, f.server->next_server_pos);
	}
	if (rc == 0 && f.sname) {
		put_field(out->sname, sizeof(out->sname),
		    f.sname->server_hostname);
		rc = because_line(r, f.sname_class, f.sname->hostname_pos);
	}
	if (rc == 0 && f.file) {
		put_field(out->file, sizeof(out->file), f.file->boot_file_name);
		rc = because_line(r, f.file_class, f.file->file_pos);
	}
	return rc;
}

/* ---------------------------------------------------------------- message */

int
kea_because_sent(struct kea_run *r, unsigned int code)
{
	const struct kea_sent *s = &r->sent[code];

	if (!s->by || !is_boot_option(r, code))
		return 0;
	return because_line(r, s->of_class, s->by->pos);
}

static int
add_sent(struct kea_run *r, unsigned int code)
{
	const struct kea_sent *s = &r->sent[code];
	struct sbuf b = SBUF_EMPTY;
	int rc = 0;

	if (!s->value)
		return 0;
	kea_value_pack(s->value, &b);
	if (b.bad)
		rc = -ENOMEM;
	if (rc == 0)
		rc = dhcp4_add(&r->ret->msg, (uint8_t)code, sbuf_str(&b), b.len);
	sbuf_release(&b);
	return rc < 0 ? rc : kea_because_sent(r, code);
}

/* By code, but the relay's last. */
static int
write_options(struct kea_run *r)
{
	unsigned int code;
	int rc = dhcp4_add_u8(&r->ret->msg, DHCP4_OPT_MSG_TYPE,
	    dhcp4_type(r->msg) == DHCP4_DISCOVER ? DHCP4_OFFER : DHCP4_ACK);

	for (code = 1; code < DHCP4_OPT_END && rc == 0; code++) {
		/* The message is no option that anybody else could set. */
		if (code != DHCP4_OPT_RELAY && code != DHCP4_OPT_MSG_TYPE &&
		    code != DHCP4_OPT_OVERLOAD)
			rc = add_sent(r, code);
	}
	return rc < 0 ? rc : add_sent(r, DHCP4_OPT_RELAY);
}

int
kea_reply(struct kea_run *r)
{
	struct dhcp4_msg *out = &r->ret->msg;
	int rc = kea_list_sources(r);

	out->op = DHCP4_BOOTREPLY;
	out->htype = r->msg->htype;
	out->hlen = r->msg->hlen;
	out->hops = r->msg->hops;
	out->xid = r->msg->xid;
	out->flags = r->msg->flags;
	out->giaddr = r->msg->giaddr;
	out->yiaddr = r->address;
	memcpy(out->chaddr, r->msg->chaddr, sizeof(out->chaddr));
	if (rc == 0)
		rc = send_own(r);
	if (rc == 0)
		rc = send_requested(r);
	if (rc == 0)
		rc = send_vendor(r);
	if (rc == 0)
		rc = send_basic(r);
	if (rc == 0)
		rc = set_fields(r);
	if (rc == 0)
		rc = write_options(r);
	r->ret->answered = rc == 0;
	return rc;
}
