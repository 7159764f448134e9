#include "config/kea_expr_node.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* No request makes a value longer; an expression alone could. */
enum { VALUE_MAX = 1024 * 1024 };

struct value {
	const uint8_t *p;
	size_t len;
};

struct eval {
	const struct kea_packet *pkt;
	bool (*is_member)(void *ctx, const char *name);
	void *ctx;
};

/*
 * Every part is evaluated, needed or not: -EBADMSG in one of them is what
 * Kea calls an error, and the whole is then false.
 */
static int eval(const struct eval *ev, const struct kea_expr *e,
    struct value *ret);

static int
keep(const struct eval *ev, struct sbuf *b, struct value *ret)
{
	int rc = 0;

	if (b->bad) {
		rc = -ENOMEM;
	} else if (b->len > VALUE_MAX) {
		rc = -EBADMSG;
	} else {
		ret->len = b->len;
		ret->p = (const uint8_t *)arena_dup(ev->pkt->arena, sbuf_str(b),
		    b->len);
		if (!ret->p)
			rc = -ENOMEM;
	}
	sbuf_release(b);
	return rc;
}

static struct value
truth(bool v)
{
	return v ? (struct value){ (const uint8_t *)"true", 4 } :
	    (struct value){ (const uint8_t *)"false", 5 };
}

static bool
is_true(struct value v)
{
	return v.len == 4 && memcmp(v.p, "true", 4) == 0;
}

static int
u32(const struct eval *ev, uint32_t n, struct value *ret)
{
	struct sbuf b = SBUF_EMPTY;
	int i;

	for (i = 24; i >= 0; i -= 8)
		sbuf_addc(&b, (char)(n >> i & 255));
	return keep(ev, &b, ret);
}

static int
address(const struct eval *ev, struct in_addr a, struct value *ret)
{
	return u32(ev, ntohl(a.s_addr), ret);
}

/* An option, or none, in the form that was asked for. */
static int
show(const struct eval *ev, const struct kea_value *v, enum kea_repr repr,
    struct value *ret)
{
	struct sbuf b = SBUF_EMPTY;

	if (repr == KEA_AS_EXISTS) {
		*ret = truth(v != NULL);
		return 0;
	}
	if (v && repr == KEA_AS_HEX) {
		kea_value_pack(v, &b);
	} else if (v && kea_value_text(v, &b) < 0) {
		sbuf_release(&b);
		return -EBADMSG;
	}
	return keep(ev, &b, ret);
}

static const struct kea_value *
sub_of(const struct kea_value *v, uint16_t code)
{
	return v ? kea_value_find(v->subs, code) : NULL;
}

static int
packet(const struct eval *ev, const struct kea_expr *e, struct value *ret)
{
	const struct request *req = ev->pkt->req;
	const struct dhcp4_msg *m = req ? req->msg : NULL;
	const struct in_addr all = { htonl(INADDR_BROADCAST) };
	const struct kea_value *o;
	uint32_t len = DHCP4_HEAD_LEN;

	if (e->field == KEA_PKT_IFACE) {
		*ret = (struct value){ (const uint8_t *)ev->pkt->iface,
		    strlen(ev->pkt->iface) };
		return 0;
	}
	if (!req)                       /* of DHCPv6: kea_remark_test.c */
		return -EBADMSG;
	switch (e->field) {
	case KEA_PKT_IFACE:
		break;
	case KEA_PKT_SRC:               /* a relay's, or not yet any */
		return address(ev, m->giaddr.s_addr ? m->giaddr : m->ciaddr, ret);
	case KEA_PKT_DST:
		return address(ev, m->ciaddr.s_addr ? req->server_ip : all, ret);
	case KEA_PKT_LEN:
		for (o = ev->pkt->options; o; o = o->next)
			len += (uint32_t)kea_value_len(o) + 2;
		return u32(ev, len, ret);
	case KEA_PKT4_MAC:
		*ret = (struct value){ m->chaddr,
		    min_size(m->hlen, sizeof(m->chaddr)) };
		return 0;
	case KEA_PKT4_HLEN: return u32(ev, m->hlen, ret);
	case KEA_PKT4_HTYPE: return u32(ev, m->htype, ret);
	case KEA_PKT4_CIADDR: return address(ev, m->ciaddr, ret);
	case KEA_PKT4_GIADDR: return address(ev, m->giaddr, ret);
	case KEA_PKT4_YIADDR: return address(ev, m->yiaddr, ret);
	case KEA_PKT4_SIADDR: return address(ev, m->siaddr, ret);
	case KEA_PKT4_MSGTYPE: return u32(ev, (uint32_t)dhcp4_type(m), ret);
	case KEA_PKT4_TRANSID: return u32(ev, m->xid, ret);
	}
	return -EBADMSG;
}

static int
vendor(const struct eval *ev, const struct kea_expr *e, struct value *ret)
{
	bool is_class = e->op == KEA_X_VENDOR_CLASS;
	const struct kea_value *v = kea_packet_option(ev->pkt, ev->pkt->req ?
	    (is_class ? 124 : 125) : is_class ? DHCP6_OPT_VENDOR_CLASS :
	    DHCP6_OPT_VENDOR_OPTS);
	const struct kea_field *f;
	unsigned int i;

	if (!v || v->shape != (is_class ? KEA_V_VENDOR_CLASS : KEA_V_VENDOR) ||
	    (e->enterprise && e->enterprise != v->vendor)) {
		*ret = e->repr == KEA_AS_EXISTS ? truth(false) :
		    (struct value){ (const uint8_t *)"", 0 };
		return 0;
	}
	switch (e->vendor) {
	case KEA_VENDOR_EXISTS:
		*ret = truth(true);
		return 0;
	case KEA_VENDOR_ENTERPRISE:
		return u32(ev, v->vendor, ret);
	case KEA_VENDOR_OPTION:
		return show(ev, sub_of(v, e->code), e->repr, ret);
	case KEA_VENDOR_DATA:
		for (f = v->fields, i = 0; f && i < e->sub; i++)
			f = f->next;
		*ret = f ? (struct value){ f->bytes, f->len } :
		    (struct value){ (const uint8_t *)"", 0 };
		return 0;
	}
	return -EBADMSG;
}

static bool
to_int(const char *text, int *ret)
{
	long long v;

	errno = 0;
	v = strtoll(text, NULL, 10);
	*ret = (int)v;
	return errno == 0 && v >= INT_MIN && v <= INT_MAX;
}

/* Counted from the end if negative; a negative length goes leftwards. */
static int
substring(const struct kea_expr *e, struct value s, struct value *ret)
{
	int from, count, len = (int)s.len;

	*ret = (struct value){ s.p, 0 };
	if (!s.len)
		return 0;
	if (!to_int(e->start, &from))
		return -EBADMSG;
	if (strcmp(e->count, "all") == 0)
		count = len;
	else if (!to_int(e->count, &count))
		return -EBADMSG;
	if (from < -len || from >= len)
		return 0;
	if (from < 0)
		from += len;
	if (count < 0) {
		/* INT_MIN stays negative in Kea, which then takes it all. */
		count = count == INT_MIN ? INT_MAX : -count;
		if (count <= from) {
			from -= count;
		} else {
			count = from;
			from = 0;
		}
	}
	*ret = (struct value){ s.p + from, min_size((size_t)count,
	    s.len - (size_t)from) };
	return 0;
}

static int
split(const struct kea_expr *e, struct value s, struct value by,
    struct value *ret)
{
	size_t at, start = 0;
	int want, field = 1;

	*ret = (struct value){ s.p, 0 };
	if (!s.len)
		return 0;
	if (!to_int(e->start, &want))
		return -EBADMSG;
	if (!by.len) {
		*ret = s;
		return 0;
	}
	for (at = 0; at <= s.len; at++) {
		if (at < s.len && !memchr(by.p, s.p[at], by.len))
			continue;
		if (field == want)
			*ret = (struct value){ s.p + start, at - start };
		field++;
		start = at + 1;
	}
	return 0;
}

static int
hexstring(const struct eval *ev, struct value s, struct value sep,
    struct value *ret)
{
	struct sbuf b = SBUF_EMPTY;
	size_t i;

	if (s.len * (2 + sep.len) > VALUE_MAX)
		return -EBADMSG;
	for (i = 0; i < s.len; i++) {
		if (i)
			sbuf_addn(&b, sep.p, sep.len);
		sbuf_printf(&b, "%02x", s.p[i]);
	}
	return keep(ev, &b, ret);
}

static int
to_text(const struct eval *ev, const struct kea_expr *e, struct value s,
    struct value *ret)
{
	char text[INET6_ADDRSTRLEN];
	struct sbuf b = SBUF_EMPTY;
	struct rd r = rd_init(s.p, s.len);
	uint32_t v;

	*ret = s;
	if (!s.len)
		return 0;
	if (e->op == KEA_X_ADDRTOTEXT) {
		if ((s.len != 4 && s.len != 16) || !inet_ntop(s.len == 4 ?
		    AF_INET : AF_INET6, s.p, text, sizeof(text)))
			return -EBADMSG;
		sbuf_add(&b, text);
		return keep(ev, &b, ret);
	}
	if (s.len != e->width)
		return -EBADMSG;
	v = e->width == 1 ? rd_u8(&r) : e->width == 2 ? rd_u16(&r) : rd_u32(&r);
	if (!e->is_signed)
		sbuf_printf(&b, "%" PRIu32, v);
	else
		sbuf_printf(&b, "%" PRId32, e->width == 1 ? (int8_t)(uint8_t)v :
		    e->width == 2 ? (int16_t)(uint16_t)v : (int32_t)v);
	return keep(ev, &b, ret);
}

/* AND, OR and CONCAT: of as many as there are. */
static int
many(const struct eval *ev, const struct kea_expr *e, struct value *ret)
{
	bool all = true, some = false;
	struct sbuf b = SBUF_EMPTY;
	const struct kea_expr *a;
	struct value v;
	int rc;

	for (a = e->args; a; a = a->next) {
		rc = eval(ev, a, &v);
		if (rc == 0 && b.len + v.len > VALUE_MAX)
			rc = -EBADMSG;
		if (rc < 0) {
			sbuf_release(&b);
			return rc;
		}
		if (e->op == KEA_X_CONCAT)
			sbuf_addn(&b, v.p, v.len);
		all = all && is_true(v);
		some = some || is_true(v);
	}
	if (e->op == KEA_X_CONCAT)
		return keep(ev, &b, ret);
	*ret = truth(e->op == KEA_X_AND ? all : some);
	return 0;
}

/* Those of up to three arguments. */
static int
few(const struct eval *ev, const struct kea_expr *e, struct value *ret)
{
	struct value v[3] = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
	const struct kea_expr *a;
	size_t n = 0;
	int rc;

	for (a = e->args; a && n < ARRAY_LEN(v); a = a->next) {
		rc = eval(ev, a, &v[n++]);
		if (rc < 0)
			return rc;
	}
	switch (e->op) {
	case KEA_X_SUBSTRING: return substring(e, v[0], ret);
	case KEA_X_SPLIT: return split(e, v[0], v[1], ret);
	case KEA_X_HEXSTRING: return hexstring(ev, v[0], v[1], ret);
	case KEA_X_ADDRTOTEXT:
	case KEA_X_INTTOTEXT: return to_text(ev, e, v[0], ret);
	case KEA_X_IFELSE:
		*ret = is_true(v[0]) ? v[1] : v[2];
		return 0;
	case KEA_X_NOT:
		*ret = truth(!is_true(v[0]));
		return 0;
	default:                        /* EQUAL */
		*ret = truth(v[0].len == v[1].len && (!v[0].len ||
		    memcmp(v[0].p, v[1].p, v[0].len) == 0));
		return 0;
	}
}

static int
eval(const struct eval *ev, const struct kea_expr *e, struct value *ret)
{
	switch (e->op) {
	case KEA_X_CONST:
		*ret = (struct value){ e->bytes, e->len };
		return 0;
	case KEA_X_OPTION:
		return show(ev, kea_packet_option(ev->pkt, e->code), e->repr, ret);
	case KEA_X_SUBOPTION:
		return show(ev, sub_of(kea_packet_option(ev->pkt, e->code),
		    e->sub), e->repr, ret);
	case KEA_X_RELAY4:
		return show(ev, sub_of(kea_packet_option(ev->pkt,
		    DHCP4_OPT_RELAY), e->sub), e->repr, ret);
	case KEA_X_PKT:
	case KEA_X_PKT4:
		return packet(ev, e, ret);
	case KEA_X_VENDOR:
	case KEA_X_VENDOR_CLASS:
		return vendor(ev, e, ret);
	case KEA_X_MEMBER:
		*ret = truth(ev->is_member(ev->ctx, e->name));
		return 0;
	case KEA_X_CONCAT:
	case KEA_X_AND:
	case KEA_X_OR:
		return many(ev, e, ret);
	case KEA_X_V6:
		return -EBADMSG;
	default:
		return few(ev, e, ret);
	}
}

int
kea_expr_eval(const struct kea_expr *e, const struct kea_packet *pkt,
    bool (*is_member)(void *ctx, const char *name), void *ctx)
{
	const struct eval ev = { pkt, is_member, ctx };
	struct value v = { NULL, 0 };
	int rc = eval(&ev, e, &v);

	if (rc < 0)
		return rc == -ENOMEM ? rc : 0;
	return is_true(v);
}
