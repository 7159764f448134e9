/*
 * dnsmasq_reply.c - the options of an answer, in the order and the room
 * that dnsmasq has for them.
 */
#include "config/dnsmasq_run.h"

#include <errno.h>
#include <strings.h>

enum {
	OPT_NETMASK = 1, OPT_FQDN = 81, OPT_SUBNET_SELECT = 118,
	OPT_VI_OPTIONS = 125, OPT_SNAME = 66, OPT_SIADDR = 255,
	BOOTP_OPTIONS_MAX = 64,
	OPTIONS_AT = 240,
	N_CODES = 257,                  /* all above 255 are one */
};

void
dnsmasq_copy_field(uint8_t *field, size_t cap, const char *s)
{
	size_t len = strnlen(s, cap - 1);

	memset(field, 0, cap);
	memcpy(field, s, len);
}

struct in_addr
dnsmasq_resolve(const struct dnsmasq_run *r, const char *name)
{
	struct in_addr none = { 0 };

	for (const struct dnsmasq_record *x = r->tree->records;
	    x != NULL && !r->tree->no_names; x = x->next)
		if (strcasecmp(x->name, name) == 0)
			return x->addr;
	return none;
}

/* Is there room? In the options, or in a field that is not in use. */
static bool
has_room(struct dnsmasq_run *r, size_t len)
{
	if (OPTIONS_AT + r->used + len + 3 < r->end) {
		r->used += len + 2;
		return true;
	}
	if (!r->overload_written && (!r->file_taken || !r->sname_taken)) {
		r->overload_written = true;
		r->used += 3;
	}
	if (!r->overload_written)
		return false;
	if (!r->file_taken)
		r->over_file = r->file_taken = true;
	if (r->over_file && r->used_file + len + 3 < DHCP4_FILE_LEN) {
		r->used_file += len + 2;
		return true;
	}
	if (!r->sname_taken)
		r->over_sname = r->sname_taken = true;
	if (r->over_sname && r->used_sname + len + 3 < DHCP4_SNAME_LEN) {
		r->used_sname += len + 2;
		return true;
	}
	return false;
}

int
dnsmasq_put(struct dnsmasq_run *r, unsigned int code, const void *data,
    size_t len)
{
	uint8_t byte = (uint8_t)code;

	if (len > UINT8_MAX || !has_room(r, len))
		return 0;               /* left out, and said in the log only */
	if (byte == DHCP4_OPT_PAD || byte == DHCP4_OPT_END)
		return 0;
	return dhcp4_add(&r->ret->msg, byte, data, len);
}

int
dnsmasq_put_ip(struct dnsmasq_run *r, unsigned int code, struct in_addr a)
{
	return dnsmasq_put(r, code, &a.s_addr, 4);
}

int
dnsmasq_put_u32(struct dnsmasq_run *r, unsigned int code, uint32_t v)
{
	uint32_t wire = htonl(v);

	return dnsmasq_put(r, code, &wire, 4);
}

int
dnsmasq_put_u8(struct dnsmasq_run *r, unsigned int code, uint8_t v)
{
	return dnsmasq_put(r, code, &v, 1);
}

/* A text, with its NUL if the client is of those that want it. */
static int
put_text(struct dnsmasq_run *r, unsigned int code, const char *s, bool nul)
{
	size_t len = strlen(s);

	return dnsmasq_put(r, code, s, nul && len != 255 ? len + 1 : len);
}

/* Did the client ask for it? One that asks for nothing is sent all. */
static bool
asked(const struct dnsmasq_run *r, uint32_t code)
{
	const struct dhcp4_opt *prl = dhcp4_opt(r->msg, DHCP4_OPT_PRL);

	if (prl == NULL || prl->len == 0 || dhcp4_type(r->msg) == 0)
		return true;
	return code <= UINT8_MAX &&
	    memchr(prl->data, (int)code, prl->len) != NULL;
}

static bool
has_list(const struct dnsmasq_run *r)
{
	const struct dhcp4_opt *prl = dhcp4_opt(r->msg, DHCP4_OPT_PRL);

	return prl != NULL && prl->len > 0 && dhcp4_type(r->msg) != 0;
}

const struct dnsmasq_boot *
dnsmasq_find_boot(const struct dnsmasq_run *r)
{
	const struct dnsmasq_boot *b;

	for (b = r->tree->boots; b != NULL; b = b->next)
		if (dnsmasq_when_true(b->filter, &r->eff, false))
			return b;
	for (b = r->tree->boots; b != NULL; b = b->next)
		if (b->filter == NULL)
			return b;
	return NULL;
}

static size_t
bucket(const struct dnsmasq_option *o)
{
	return o->code < N_CODES - 1 ? o->code : N_CODES - 1;
}

static bool
is_plain(const struct dnsmasq_option *o)
{
	return !(o->flags &
	    (DNSMASQ_O_ENCAP | DNSMASQ_O_VENDOR | DNSMASQ_O_VI));
}

/*
 * Which dhcp-options count: those whose tags match; with the range's tag
 * too, those for which there is nothing else; untagged ones where no tagged
 * one is; and of one code the last line.
 */
static void
choose_options(struct dnsmasq_run *r)
{
	bool ok[N_CODES] = { false }, seen[N_CODES] = { false };
	const struct dnsmasq_option *o, *all = r->tree->options;
	uint8_t *s = r->state;

	dnsmasq_tag_ifs(r, &r->tags, &r->eff);
	for (o = all; o != NULL; o = o->next)
		if (is_plain(o) && dnsmasq_when_true(o->filter, &r->eff, false))
			s[o->id] |= DNSMASQ_S_TAGOK;
	if (r->range != NULL && r->range->tag != NULL) {
		dnsmasq_tag_put(&r->tags, r->range->tag, &r->range->pos);
		dnsmasq_tag_ifs(r, &r->tags, &r->eff);
		for (o = all; o != NULL; o = o->next) {
			if (s[o->id] & DNSMASQ_S_TAGOK &&
			    !dnsmasq_when_true(o->filter, &r->eff, false))
				s[o->id] &= (uint8_t)~DNSMASQ_S_TAGOK;
			ok[bucket(o)] |= (s[o->id] & DNSMASQ_S_TAGOK) != 0;
		}
		for (o = all; o != NULL; o = o->next)
			if (is_plain(o) && !(s[o->id] & DNSMASQ_S_TAGOK) &&
			    !ok[bucket(o)] &&
			    dnsmasq_when_true(o->filter, &r->eff, false)) {
				s[o->id] |= DNSMASQ_S_TAGOK;
				ok[bucket(o)] = true;
			}
	}
	for (o = all; o != NULL; o = o->next)
		ok[bucket(o)] |= (s[o->id] & DNSMASQ_S_TAGOK) != 0;
	for (o = all; o != NULL; o = o->next)
		if (is_plain(o) && o->filter == NULL && !ok[bucket(o)]) {
			s[o->id] |= DNSMASQ_S_TAGOK;
			ok[bucket(o)] = true;
		}
	for (o = all; o != NULL; o = o->next)
		if (s[o->id] & DNSMASQ_S_TAGOK) {
			if (seen[bucket(o)])
				s[o->id] &= (uint8_t)~DNSMASQ_S_TAGOK;
			seen[bucket(o)] = true;
		}
}

static const struct dnsmasq_option *
chosen(const struct dnsmasq_run *r, uint32_t code)
{
	for (const struct dnsmasq_option *o = r->tree->options; o != NULL;
	    o = o->next)
		if (o->code == code && r->state[o->id] & DNSMASQ_S_TAGOK)
			return o;
	return NULL;
}

/* The option's bytes; 0.0.0.0 among addresses is the server's. */
static int
value_of(struct dnsmasq_run *r, const struct dnsmasq_option *o, bool nul,
    const uint8_t **ret, size_t *ret_len)
{
	uint8_t *copy;

	*ret = o->data;
	*ret_len = o->len;
	if (o->flags & DNSMASQ_O_STRING && nul && o->len != 255)
		*ret_len = o->len + 1;
	if (!(o->flags & DNSMASQ_O_ADDR) || r->range == NULL)
		return 0;
	copy = (uint8_t *)arena_dup(&r->ret->msg.arena, o->data, o->len);
	if (copy == NULL)
		return -ENOMEM;
	for (size_t i = 0; i + 4 <= o->len; i += 4) {
		static const uint8_t zero[4];

		if (memcmp(copy + i, zero, 4) == 0)
			memcpy(copy + i, &r->local, 4);
	}
	*ret = copy;
	return 0;
}

static int
put_boot(struct dnsmasq_run *r, const struct dnsmasq_boot *b)
{
	struct dhcp4_msg *out = &r->ret->msg;
	bool may = !r->tree->no_override && has_list(r);
	int rc = 0;

	if (b->sname != NULL) {
		if (may && asked(r, OPT_SNAME)) {
			rc = put_text(r, OPT_SNAME, b->sname, true);
		} else {
			dnsmasq_copy_field(out->sname, sizeof(out->sname),
			    b->sname);
			r->sname_taken = true;
		}
	}
	if (b->file != NULL && rc == 0) {
		if (may && asked(r, DHCP4_OPT_BOOTFILE)) {
			rc = put_text(r, DHCP4_OPT_BOOTFILE, b->file, true);
		} else {
			dnsmasq_copy_field(out->file, sizeof(out->file),
			    b->file);
			r->file_taken = true;
		}
	}
	if (b->server.s_addr != 0)
		out->siaddr = b->server;
	else if (b->server_name != NULL)
		out->siaddr = dnsmasq_resolve(r, b->server_name);
	return rc < 0 ? rc : dnsmasq_because(r, b->filter, &r->eff, &b->pos);
}

/* Without a dhcp-boot, options 66 and 67 that nobody asked for as options. */
static int
put_boot_fields(struct dnsmasq_run *r, bool *ret_file, bool *ret_sname)
{
	struct dhcp4_msg *out = &r->ret->msg;
	const struct dnsmasq_option *o;
	int rc = 0;

	o = chosen(r, DHCP4_OPT_BOOTFILE);
	if (!(has_list(r) && asked(r, DHCP4_OPT_BOOTFILE)) && o != NULL &&
	    !(o->flags & DNSMASQ_O_FORCE) && o->data != NULL) {
		dnsmasq_copy_field(out->file, sizeof(out->file),
		    (const char *)o->data);
		*ret_file = r->file_taken = true;
		rc = dnsmasq_because(r, o->filter, &r->eff, &o->pos);
	}
	o = chosen(r, OPT_SNAME);
	if (rc == 0 && !(has_list(r) && asked(r, OPT_SNAME)) && o != NULL &&
	    !(o->flags & DNSMASQ_O_FORCE) && o->data != NULL) {
		dnsmasq_copy_field(out->sname, sizeof(out->sname),
		    (const char *)o->data);
		*ret_sname = r->sname_taken = true;
		rc = dnsmasq_because(r, o->filter, &r->eff, &o->pos);
	}
	o = chosen(r, OPT_SIADDR);
	if (rc == 0 && o != NULL && o->len >= 4) {
		memcpy(&out->siaddr, o->data, 4);
		rc = dnsmasq_because(r, o->filter, &r->eff, &o->pos);
	}
	return rc;
}

static uint32_t
timer(const struct dnsmasq_run *r, uint32_t code, uint32_t lease,
    uint32_t value)
{
	const struct dnsmasq_option *o = chosen(r, code);
	uint32_t n;

	if (o == NULL || o->len != 4)
		return value;
	n = (uint32_t)o->data[0] << 24 | (uint32_t)o->data[1] << 16 |
	    (uint32_t)o->data[2] << 8 | o->data[3];
	return n < lease && n > 2 ? n : value;
}

static int
put_timers(struct dnsmasq_run *r, uint32_t lease)
{
	uint32_t t1, t2;
	int rc;

	if (lease == UINT32_MAX)
		return 0;
	t1 = timer(r, DHCP4_OPT_T1, lease, lease / 2);
	t2 = timer(r, DHCP4_OPT_T2, lease,
	    (uint32_t)((uint64_t)lease * 7 / 8));
	if (t2 <= t1)
		t1 = t2 - 1;
	rc = dnsmasq_put_u32(r, DHCP4_OPT_T1, t1);
	return rc < 0 ? rc : dnsmasq_put_u32(r, DHCP4_OPT_T2, t2);
}

/* What every answer with an address has, if no line says otherwise. */
static int
put_defaults(struct dnsmasq_run *r)
{
	struct in_addr mask = dnsmasq_mask(r->tree, r->range,
	    r->req->server_ip);
	struct in_addr bcast = r->range->has_broadcast ? r->range->broadcast :
	    (struct in_addr){ r->range->start.s_addr | ~mask.s_addr };
	struct in_addr router = dnsmasq_router(r);
	const char *domain = r->tree->domain;
	int rc = 0;

	if (chosen(r, OPT_NETMASK) == NULL)
		rc = dnsmasq_put_ip(r, OPT_NETMASK, mask);
	if (rc == 0 && chosen(r, DHCP4_OPT_BROADCAST) == NULL)
		rc = dnsmasq_put_ip(r, DHCP4_OPT_BROADCAST, bcast);
	if (rc == 0 && router.s_addr != 0 && asked(r, DHCP4_OPT_ROUTER) &&
	    chosen(r, DHCP4_OPT_ROUTER) == NULL)
		rc = dnsmasq_put_ip(r, DHCP4_OPT_ROUTER, router);
	if (rc == 0 && !r->tree->no_dns && asked(r, DHCP4_OPT_DNS) &&
	    chosen(r, DHCP4_OPT_DNS) == NULL)
		rc = dnsmasq_put_ip(r, DHCP4_OPT_DNS, r->local);
	if (rc == 0 && domain != NULL && asked(r, DHCP4_OPT_DOMAIN) &&
	    chosen(r, DHCP4_OPT_DOMAIN) == NULL)
		rc = put_text(r, DHCP4_OPT_DOMAIN, domain, r->nul_strings);
	if (rc == 0 && r->hostname != NULL && asked(r, DHCP4_OPT_HOSTNAME) &&
	    chosen(r, DHCP4_OPT_HOSTNAME) == NULL)
		rc = put_text(r, DHCP4_OPT_HOSTNAME, r->hostname,
		    r->nul_strings);
	return rc;
}

static bool
is_inner(const struct dnsmasq_run *r, const struct dnsmasq_option *o)
{
	static const uint8_t inner[] = { OPT_FQDN, DHCP4_OPT_MAX_SIZE,
	    DHCP4_OPT_OVERLOAD, DHCP4_OPT_PAD, DHCP4_OPT_END, DHCP4_OPT_T1,
	    DHCP4_OPT_T2 };
	/* An empty one of these takes the default away, and is not sent. */
	static const uint8_t cleared[] = { OPT_NETMASK, DHCP4_OPT_BROADCAST,
	    DHCP4_OPT_ROUTER, DHCP4_OPT_DNS, DHCP4_OPT_DOMAIN,
	    DHCP4_OPT_HOSTNAME };

	if (o->code > UINT8_MAX)
		return false;
	if (memchr(inner, (int)o->code, sizeof(inner)) != NULL)
		return true;
	if (o->len == 0 &&
	    memchr(cleared, (int)o->code, sizeof(cleared)) != NULL)
		return true;
	/* A PXE client is told its own class again, nothing else. */
	return r->arch >= 0 && o->code == DHCP4_OPT_VENDOR_CLASS;
}

static int
put_options(struct dnsmasq_run *r, bool file_done, bool sname_done,
    bool *ret_class)
{
	int rc = 0;

	for (const struct dnsmasq_option *o = r->tree->options;
	    o != NULL && rc == 0; o = o->next) {
		const uint8_t *p;
		size_t len;

		if (!(r->state[o->id] & DNSMASQ_S_TAGOK) ||
		    (!(o->flags & DNSMASQ_O_FORCE) && !asked(r, o->code)) ||
		    is_inner(r, o) || (o->code == OPT_SNAME && sname_done) ||
		    (o->code == DHCP4_OPT_BOOTFILE && file_done))
			continue;
		rc = value_of(r, o, r->nul_strings || o->code == OPT_SNAME ||
		    o->code == DHCP4_OPT_BOOTFILE, &p, &len);
		if (rc == 0)
			rc = dnsmasq_put(r, o->code, p, len);
		if (rc == 0)
			rc = dnsmasq_because(r, o->filter, &r->eff, &o->pos);
		if (o->code == DHCP4_OPT_VENDOR_CLASS) {
			*ret_class = true;
			/* an empty one is one nonetheless */
			dnsmasq_match_vendors(r, len > 0 ? p :
			    (const uint8_t *)"", len);
		}
	}
	return rc;
}

/* All of one outer option, or of one enterprise, that are to be sent. */
static int
put_outer(struct dnsmasq_run *r, const struct dnsmasq_option *first)
{
	unsigned int kind = first->flags & (DNSMASQ_O_ENCAP | DNSMASQ_O_VI);
	uint32_t outer = kind & DNSMASQ_O_VI ? OPT_VI_OPTIONS : first->outer;
	uint8_t buf[255];
	struct wr w = wr_init(buf, sizeof(buf));
	bool found = false;
	int rc = 0;

	if (kind & DNSMASQ_O_VI) {
		wr_u32(&w, first->outer);
		wr_u8(&w, 0);
	}
	for (const struct dnsmasq_option *o = first; o != NULL && rc == 0;
	    o = o->next) {
		const uint8_t *p;
		size_t len;

		if (!(o->flags & kind) || o->outer != first->outer)
			continue;
		r->state[o->id] |= DNSMASQ_S_DONE;
		if (!dnsmasq_when_true(o->filter, &r->eff, true) ||
		    (!(o->flags & DNSMASQ_O_FORCE) && !asked(r, outer)))
			continue;
		rc = value_of(r, o, kind & DNSMASQ_O_VI ? false :
		    r->nul_strings,
		    &p, &len);
		if (rc < 0)
			break;
		if (o->flags & DNSMASQ_O_ADDR)
			p = o->data;
		found = true;
		if (w.len + len + 2 > sizeof(buf)) {
			if (kind & DNSMASQ_O_VI)
				return 0;       /* does not fit: none is sent */
			rc = dnsmasq_put(r, outer, buf, w.len);
			w = wr_init(buf, sizeof(buf));
		}
		wr_u8(&w, (uint8_t)o->code);
		wr_u8(&w, (uint8_t)len);
		wr_bytes(&w, p, len);
		if (rc == 0)
			rc = dnsmasq_because(r, o->filter, &r->eff, &o->pos);
	}
	if (!found || rc < 0)
		return rc;
	if (kind & DNSMASQ_O_VI)
		buf[4] = (uint8_t)(w.len - 5);
	else
		wr_u8(&w, DHCP4_OPT_END);
	return dnsmasq_put(r, outer, buf, w.len);
}

static int
put_encapsulated(struct dnsmasq_run *r)
{
	int rc = 0;

	for (const struct dnsmasq_option *o = r->tree->options;
	    o != NULL && rc == 0; o = o->next)
		if (o->flags & (DNSMASQ_O_ENCAP | DNSMASQ_O_VI) &&
		    !(r->state[o->id] & DNSMASQ_S_DONE))
			rc = put_outer(r, o);
	return rc;
}

/* Forget the vendor options whose tags do not match. Is one forced? */
bool
dnsmasq_prune_vendor(struct dnsmasq_run *r)
{
	bool forced = false;

	for (const struct dnsmasq_option *o = r->tree->options; o != NULL;
	    o = o->next) {
		if (!(r->state[o->id] & DNSMASQ_S_VENDOR))
			continue;
		if (!dnsmasq_when_true(o->filter, &r->eff, true))
			r->state[o->id] &= (uint8_t)~DNSMASQ_S_VENDOR;
		else if (o->flags & DNSMASQ_O_FORCE)
			forced = true;
	}
	return forced;
}

static int
put_vendor(struct dnsmasq_run *r, bool class_done)
{
	const struct dhcp4_opt *vendor = dhcp4_opt(r->msg,
	    DHCP4_OPT_VENDOR_CLASS);
	bool forced = dnsmasq_prune_vendor(r), sent = false;
	int arch = r->arch, rc = 0;

	if (arch >= 0) {
		rc = dnsmasq_pxe_misc(r);
		if (rc == 0 && dnsmasq_single_service(r, false))
			r->arch = -1;   /* no menu, then */
	}
	if (rc == 0 && (forced || asked(r, DHCP4_OPT_VENDOR_ENCAP)))
		rc = dnsmasq_pxe_encap(r, &sent);
	r->arch = arch;
	if (rc < 0 || !sent || arch >= 0 || class_done || vendor == NULL)
		return rc;
	return dnsmasq_put(r, DHCP4_OPT_VENDOR_CLASS, vendor->data,
	    vendor->len);
}

static uint32_t
lease_of(const struct dnsmasq_run *r)
{
	uint32_t lease = r->host != NULL && r->host->has_time ?
	    r->host->lease_time : r->range->lease_time, want;

	if (dhcp4_get_u32(r->msg, DHCP4_OPT_LEASE_TIME, &want)) {
		if (want < DNSMASQ_LEASE_MIN)
			want = DNSMASQ_LEASE_MIN;
		if (lease == UINT32_MAX || (want != UINT32_MAX && lease > want))
			lease = want;
	}
	return lease;
}

/* The answer that gives an address; @type 0: BOOTP. */
int
dnsmasq_reply(struct dnsmasq_run *r, int type)
{
	const struct dnsmasq_boot *boot;
	bool file_done = false, sname_done = false, class_done = false;
	bool leases = type != 0 && dhcp4_type(r->msg) != DHCP4_INFORM;
	uint32_t lease = leases ? lease_of(r) : UINT32_MAX;
	int rc = 0;

	r->ret->msg.siaddr = r->local;
	if (type == 0)
		r->end = OPTIONS_AT + BOOTP_OPTIONS_MAX - 4;
	if (type != 0) {
		rc = dnsmasq_put_u8(r, DHCP4_OPT_MSG_TYPE, (uint8_t)type);
		if (rc == 0)
			rc = dnsmasq_put_ip(r, DHCP4_OPT_SERVER_ID, r->local);
		if (rc == 0 && leases)
			rc = dnsmasq_put_u32(r, DHCP4_OPT_LEASE_TIME, lease);
	}
	if (rc < 0)
		return rc;
	choose_options(r);
	for (const struct dnsmasq_when *w = r->tree->broadcast; w != NULL;
	    w = w->next)
		if (dnsmasq_when_true(w->filter, &r->tags, true))
			r->ret->msg.flags |= DHCP4_FLAG_BROADCAST;
	boot = dnsmasq_find_boot(r);
	rc = boot != NULL ? put_boot(r, boot) :
	    put_boot_fields(r, &file_done, &sname_done);
	if (!has_list(r) || r->tree->no_override)
		r->file_taken = r->sname_taken = true;
	else if (!r->file_taken || !r->sname_taken)
		r->end -= 3;
	if (rc == 0 && r->subnet.s_addr != 0)
		rc = dnsmasq_put_ip(r, OPT_SUBNET_SELECT, r->subnet);
	if (rc == 0)
		rc = put_timers(r, lease);
	if (rc == 0)
		rc = put_defaults(r);
	if (rc == 0)
		rc = put_options(r, file_done, sname_done, &class_done);
	if (rc == 0)
		rc = put_encapsulated(r);
	if (rc == 0)
		rc = put_vendor(r, class_done);
	return rc;
}
