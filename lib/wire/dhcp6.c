#include "wire/dhcp6.h"

#include <errno.h>
#include <string.h>

enum { OPTS_FIRST = 16, XID_LEN = 3, PREFIX_BITS_MAX = 128 };

static struct in6_addr
rd_ip6(struct rd *r)
{
	struct in6_addr a;

	rd_copy(r, &a, sizeof(a));
	return a;
}

static bool
is_relay_type(uint8_t type)
{
	return type == DHCP6_RELAY_FORW || type == DHCP6_RELAY_REPL;
}

bool
dhcp6_is_relay(const struct dhcp6_msg *msg)
{
	return is_relay_type(msg->type);
}

/* ---- reading ---- */

bool
dhcp6_opt_next(struct rd *r, struct dhcp6_opt *ret)
{
	struct dhcp6_opt opt;

	if (r->left == 0)
		return false;
	opt.code = rd_u16(r);
	opt.len = rd_u16(r);
	opt.data = rd_take(r, opt.len);
	if (r->bad)
		return false;
	*ret = opt;
	return true;
}

/* A new entry at the end of the list. */
static int
opts_append(struct dhcp6_msg *msg, struct arena *arena,
    const struct dhcp6_opt *opt)
{
	if (msg->n_opts == msg->cap_opts) {
		size_t cap = msg->cap_opts ? 2 * msg->cap_opts : OPTS_FIRST;
		struct dhcp6_opt *opts;

		opts = arena_alloc(arena, cap * sizeof(*opts));
		if (!opts)
			return -ENOMEM;
		if (msg->n_opts > 0)
			memcpy(opts, msg->opts, msg->n_opts * sizeof(*opts));
		msg->opts = opts;
		msg->cap_opts = cap;
	}
	msg->opts[msg->n_opts++] = *opt;
	return 0;
}

static void
head_parse(struct dhcp6_msg *msg, struct rd *r)
{
	uint32_t high;

	msg->type = rd_u8(r);
	if (is_relay_type(msg->type)) {
		msg->hop_count = rd_u8(r);
		msg->link_addr = rd_ip6(r);
		msg->peer_addr = rd_ip6(r);
	} else {
		high = rd_u8(r);
		msg->xid = high << 16 | rd_u16(r);
	}
}

/* One level of a message, without what it relays. */
static int
level_parse(struct dhcp6_msg *msg, struct arena *arena, struct rd r,
    struct diag *diag)
{
	struct dhcp6_opt opt;
	size_t at;
	int rc = 0;

	head_parse(msg, &r);
	if (r.bad || msg->type == 0) {
		diag_set(diag, r.bad ? "message is cut off in its head" :
		    "message of type 0");
		return -EBADMSG;
	}
	at = r.at;
	while (rc == 0 && dhcp6_opt_next(&r, &opt)) {
		rc = opts_append(msg, arena, &opt);
		at = r.at;
	}
	if (r.bad) {
		diag_set(diag, "option is cut off");
		diag_at_offset(diag, "", at);
		return -EBADMSG;
	}
	return rc;
}

int
dhcp6_msg_parse(struct dhcp6_msg *msg, const void *buf, size_t len,
    struct diag *diag)
{
	struct dhcp6_msg *level = msg;
	const struct dhcp6_opt *relayed;
	struct rd r;
	char *copy;
	int n_relays = 0;
	int rc = -ENOMEM;

	memset(msg, 0, sizeof(*msg));
	copy = arena_dup(&msg->arena, buf, len);
	if (!copy)
		goto out;
	r = rd_init(copy, len);
	for (;;) {
		struct dhcp6_msg *inner;

		rc = level_parse(level, &msg->arena, r, diag);
		if (rc < 0 || !dhcp6_is_relay(level))
			break;
		relayed = dhcp6_opt(level, DHCP6_OPT_RELAY_MSG);
		if (!relayed)
			break;
		if (++n_relays > DHCP6_RELAYS_MAX) {
			diag_set(diag, "more than %d relays",
			    DHCP6_RELAYS_MAX);
			rc = -EBADMSG;
			break;
		}
		inner = arena_alloc(&msg->arena, sizeof(*inner));
		if (!inner) {
			rc = -ENOMEM;
			break;
		}
		level->inner = inner;
		level = inner;
		r = rd_init(relayed->data, relayed->len);
	}
out:
	if (rc < 0)
		dhcp6_msg_release(msg);
	return rc;
}

void
dhcp6_msg_init(struct dhcp6_msg *msg, enum dhcp6_type type)
{
	memset(msg, 0, sizeof(*msg));
	msg->type = (uint8_t)type;
}

void
dhcp6_msg_release(struct dhcp6_msg *msg)
{
	arena_release(&msg->arena);
	msg->opts = NULL;
	msg->n_opts = 0;
	msg->cap_opts = 0;
	msg->inner = NULL;
}

const struct dhcp6_msg *
dhcp6_client_msg(const struct dhcp6_msg *msg)
{
	while (msg->inner)
		msg = msg->inner;
	return msg;
}

/* ---- writing ---- */

int
dhcp6_add(struct dhcp6_msg *msg, uint16_t code, const void *data, size_t len)
{
	struct dhcp6_opt opt = { .code = code, .len = len };

	if (len > UINT16_MAX)
		return -EMSGSIZE;
	opt.data = (uint8_t *)arena_dup(&msg->arena, data, len);
	if (!opt.data)
		return -ENOMEM;
	return opts_append(msg, &msg->arena, &opt);
}

int
dhcp6_add_u8(struct dhcp6_msg *msg, uint16_t code, uint8_t v)
{
	return dhcp6_add(msg, code, &v, sizeof(v));
}

int
dhcp6_add_u16(struct dhcp6_msg *msg, uint16_t code, uint16_t v)
{
	uint8_t b[2];
	struct wr w = wr_init(b, sizeof(b));

	wr_u16(&w, v);
	return dhcp6_add(msg, code, b, sizeof(b));
}

int
dhcp6_add_str(struct dhcp6_msg *msg, uint16_t code, const char *s)
{
	return dhcp6_add(msg, code, s, strlen(s));
}

int
dhcp6_msg_build(const struct dhcp6_msg *msg, struct wr *w)
{
	if (msg->xid > DHCP6_XID_MAX)
		return -EINVAL;
	wr_u8(w, msg->type);
	if (dhcp6_is_relay(msg)) {
		wr_u8(w, msg->hop_count);
		wr_bytes(w, &msg->link_addr, sizeof(msg->link_addr));
		wr_bytes(w, &msg->peer_addr, sizeof(msg->peer_addr));
	} else {
		wr_u8(w, (uint8_t)(msg->xid >> 16));
		wr_u16(w, (uint16_t)msg->xid);
	}
	for (size_t i = 0; i < msg->n_opts; i++)
		dhcp6_put(w, msg->opts[i].code, msg->opts[i].data,
		    msg->opts[i].len);
	return w->full ? -EMSGSIZE : 0;
}

void
dhcp6_put(struct wr *w, uint16_t code, const void *data, size_t len)
{
	size_t mark;

	wr_u16(w, code);
	mark = wr_mark16(w);
	wr_bytes(w, data, len);
	wr_fill16(w, mark);
}

void
dhcp6_put_str(struct wr *w, const char *s)
{
	size_t mark = wr_mark16(w);

	wr_str(w, s);
	wr_fill16(w, mark);
}

void
dhcp6_put_ia(struct wr *w, uint16_t code, const struct dhcp6_ia *ia)
{
	size_t mark;

	wr_u16(w, code);
	mark = wr_mark16(w);
	wr_u32(w, ia->iaid);
	if (code != DHCP6_OPT_IA_TA) {
		wr_u32(w, ia->t1);
		wr_u32(w, ia->t2);
	}
	wr_bytes(w, ia->opts.p, ia->opts.left);
	wr_fill16(w, mark);
}

void
dhcp6_put_ia_addr(struct wr *w, uint16_t code, const struct dhcp6_ia_addr *a)
{
	size_t mark;

	wr_u16(w, code);
	mark = wr_mark16(w);
	if (code == DHCP6_OPT_IAADDR)
		wr_bytes(w, &a->addr, sizeof(a->addr));
	wr_u32(w, a->preferred);
	wr_u32(w, a->valid);
	if (code == DHCP6_OPT_IAPREFIX) {
		wr_u8(w, a->prefix_len);
		wr_bytes(w, &a->addr, sizeof(a->addr));
	}
	wr_bytes(w, a->opts.p, a->opts.left);
	wr_fill16(w, mark);
}

/* ---- asking ---- */

const struct dhcp6_opt *
dhcp6_opt(const struct dhcp6_msg *msg, uint16_t code)
{
	for (size_t i = 0; i < msg->n_opts; i++)
		if (msg->opts[i].code == code)
			return &msg->opts[i];
	return NULL;
}

/* A reader over an option; an empty one if there is none. */
static struct rd
opt_rd(const struct dhcp6_msg *msg, uint16_t code)
{
	const struct dhcp6_opt *opt = dhcp6_opt(msg, code);

	return opt ? rd_init(opt->data, opt->len) : rd_init(NULL, 0);
}

bool
dhcp6_get_u8(const struct dhcp6_msg *msg, uint16_t code, uint8_t *ret)
{
	struct rd r = opt_rd(msg, code);
	uint8_t v = rd_u8(&r);

	if (r.bad || r.left > 0)
		return false;
	*ret = v;
	return true;
}

bool
dhcp6_get_u16(const struct dhcp6_msg *msg, uint16_t code, uint16_t *ret)
{
	struct rd r = opt_rd(msg, code);
	uint16_t v = rd_u16(&r);

	if (r.bad || r.left > 0)
		return false;
	*ret = v;
	return true;
}

bool
dhcp6_get_ip(const struct dhcp6_msg *msg, uint16_t code, struct in6_addr *ret)
{
	struct rd r = opt_rd(msg, code);
	struct in6_addr a = rd_ip6(&r);

	if (!r.bad)
		*ret = a;
	return !r.bad;
}

bool
dhcp6_get_str(const struct dhcp6_msg *msg, uint16_t code, char *buf,
    size_t cap)
{
	struct rd r = opt_rd(msg, code);
	size_t n = 0;

	if (!dhcp6_opt(msg, code))
		return false;
	while (n + 1 < cap && rd_peek(&r, 0) > 0)
		buf[n++] = (char)rd_u8(&r);
	buf[n] = '\0';
	return true;
}

int
dhcp6_duid_parse(const void *data, size_t len, struct dhcp6_duid *ret)
{
	struct rd r = rd_init(data, len);
	struct dhcp6_duid duid = { .type = rd_u16(&r) };

	if (duid.type == DHCP6_DUID_LLT || duid.type == DHCP6_DUID_LL)
		duid.htype = rd_u16(&r);
	if (duid.type == DHCP6_DUID_LLT)
		duid.time = rd_u32(&r);
	if (duid.type == DHCP6_DUID_EN)
		duid.enterprise = rd_u32(&r);
	duid.id = rd_rest(&r);
	if (r.bad || len > DHCP6_DUID_MAX)
		return -EBADMSG;
	if (duid.type == DHCP6_DUID_UUID && duid.id.left != UUID_LEN)
		return -EBADMSG;
	*ret = duid;
	return 0;
}

int
dhcp6_ia_parse(uint16_t code, const void *data, size_t len,
    struct dhcp6_ia *ret)
{
	struct rd r = rd_init(data, len);
	struct dhcp6_ia ia = { .iaid = rd_u32(&r) };

	if (code != DHCP6_OPT_IA_TA) {
		ia.t1 = rd_u32(&r);
		ia.t2 = rd_u32(&r);
	}
	ia.opts = rd_rest(&r);
	if (r.bad)
		return -EBADMSG;
	*ret = ia;
	return 0;
}

int
dhcp6_ia_addr_parse(uint16_t code, const void *data, size_t len,
    struct dhcp6_ia_addr *ret)
{
	struct rd r = rd_init(data, len);
	struct dhcp6_ia_addr a = { .prefix_len = PREFIX_BITS_MAX };

	if (code == DHCP6_OPT_IAADDR)
		a.addr = rd_ip6(&r);
	a.preferred = rd_u32(&r);
	a.valid = rd_u32(&r);
	if (code == DHCP6_OPT_IAPREFIX) {
		a.prefix_len = rd_u8(&r);
		a.addr = rd_ip6(&r);
	}
	a.opts = rd_rest(&r);
	if (r.bad || a.prefix_len > PREFIX_BITS_MAX)
		return -EBADMSG;
	*ret = a;
	return 0;
}

bool
dhcp6_ia_addr(const struct dhcp6_msg *msg, uint16_t code,
    struct dhcp6_ia_addr *ret)
{
	uint16_t inside = code == DHCP6_OPT_IA_PD ? DHCP6_OPT_IAPREFIX :
	    DHCP6_OPT_IAADDR;
	const struct dhcp6_opt *opt = dhcp6_opt(msg, code);
	struct dhcp6_opt sub;
	struct dhcp6_ia ia;

	if (!opt || dhcp6_ia_parse(code, opt->data, opt->len, &ia) < 0)
		return false;
	while (dhcp6_opt_next(&ia.opts, &sub))
		if (sub.code == inside)
			return dhcp6_ia_addr_parse(inside, sub.data, sub.len,
			    ret) == 0;
	return false;
}

int
dhcp6_status_parse(const void *data, size_t len, uint16_t *ret,
    struct rd *ret_text)
{
	struct rd r = rd_init(data, len);
	uint16_t status = rd_u16(&r);

	if (r.bad)
		return -EBADMSG;
	*ret = status;
	*ret_text = rd_rest(&r);
	return 0;
}

static bool
is_ia(uint16_t code)
{
	return code == DHCP6_OPT_IA_NA || code == DHCP6_OPT_IA_TA ||
	    code == DHCP6_OPT_IA_PD;
}

bool
dhcp6_status(const struct dhcp6_msg *msg, uint16_t *ret, struct rd *ret_text)
{
	const struct dhcp6_opt *opt = dhcp6_opt(msg, DHCP6_OPT_STATUS);
	struct dhcp6_opt sub;
	struct dhcp6_ia ia;

	if (opt)
		return dhcp6_status_parse(opt->data, opt->len, ret,
		    ret_text) == 0;
	for (size_t i = 0; i < msg->n_opts; i++) {
		opt = &msg->opts[i];
		if (!is_ia(opt->code) || dhcp6_ia_parse(opt->code, opt->data,
		    opt->len, &ia) < 0)
			continue;
		while (dhcp6_opt_next(&ia.opts, &sub))
			if (sub.code == DHCP6_OPT_STATUS)
				return dhcp6_status_parse(sub.data, sub.len,
				    ret, ret_text) == 0;
	}
	return false;
}

bool
dhcp6_str_next(struct rd *r, struct rd *ret)
{
	struct rd s;

	if (r->left == 0)
		return false;
	s = rd_sub(r, rd_u16(r));
	if (r->bad)
		return false;
	*ret = s;
	return true;
}

const char *
dhcp6_type_name(int type)
{
	static const char *const names[] = {
		NULL, "SOLICIT", "ADVERTISE", "REQUEST", "CONFIRM", "RENEW",
		"REBIND", "REPLY", "RELEASE", "DECLINE", "RECONFIGURE",
		"INFORMATION-REQUEST", "RELAY-FORW", "RELAY-REPL",
		"LEASEQUERY", "LEASEQUERY-REPLY", "LEASEQUERY-DONE",
		"LEASEQUERY-DATA", "RECONFIGURE-REQUEST",
		"RECONFIGURE-REPLY", "DHCPV4-QUERY", "DHCPV4-RESPONSE",
		"ACTIVELEASEQUERY", "STARTTLS", "BNDUPD", "BNDREPLY",
		"POOLREQ", "POOLRESP", "UPDREQ", "UPDREQALL", "UPDDONE",
		"CONNECT", "CONNECTREPLY", "DISCONNECT", "STATE", "CONTACT",
		"ADDR-REG-INFORM", "ADDR-REG-REPLY",
	};

	if (type < 0 || (size_t)type >= ARRAY_LEN(names))
		return NULL;
	return names[type];
}

const char *
dhcp6_status_name(uint16_t status)
{
	static const char *const names[] = {
		"Success", "UnspecFail", "NoAddrsAvail", "NoBinding",
		"NotOnLink", "UseMulticast", "NoPrefixAvail",
		"UnknownQueryType", "MalformedQuery", "NotConfigured",
		"NotAllowed", "QueryTerminated", "DataMissing",
		"CatchUpComplete", "NotSupported", "TLSConnectionRefused",
		"AddressInUse", "ConfigurationConflict",
		"MissingBindingInformation", "OutdatedBindingInformation",
		"ServerShuttingDown", "DNSUpdateNotSupported",
		"ExcessiveTimeSkew",
	};

	return status < ARRAY_LEN(names) ? names[status] : NULL;
}
