#include "wire/icmp.h"

#include <errno.h>

enum {
	ICMP_HEAD_LEN = 8,
	ROUTER_ADVERT_LEN = 16,
	NEIGHBOR_LEN = 24,
	ROUTER_MANAGED = 0x80,
	ROUTER_OTHER = 0x40,
	QUOTE_WIRE_LEN = 40 + 65535,    /* longest packet there is to quote */
};

/* What of a message follows its checksum. */
enum icmp_shape {
	SHAPE_PLAIN, SHAPE_ERROR, SHAPE_MTU, SHAPE_ECHO, SHAPE_ROUTER,
	SHAPE_NEIGHBOR,
};

static const struct icmp_type {
	int ip_version;
	uint8_t type;
	enum icmp_shape shape;
	const char *name;
} types[] = {
	{ 4, ICMP4_ECHO_REPLY, SHAPE_ECHO, "echo reply" },
	{ 4, ICMP4_UNREACHABLE, SHAPE_ERROR, "destination unreachable" },
	{ 4, 4, SHAPE_ERROR, "source quench" },
	{ 4, ICMP4_REDIRECT, SHAPE_ERROR, "redirect" },
	{ 4, ICMP4_ECHO, SHAPE_ECHO, "echo request" },
	{ 4, 9, SHAPE_PLAIN, "router advertisement" },
	{ 4, 10, SHAPE_PLAIN, "router solicitation" },
	{ 4, ICMP4_TIME_EXCEEDED, SHAPE_ERROR, "time exceeded" },
	{ 4, ICMP4_PARAMETER, SHAPE_ERROR, "parameter problem" },
	{ 4, 13, SHAPE_PLAIN, "timestamp request" },
	{ 4, 14, SHAPE_PLAIN, "timestamp reply" },
	{ 6, ICMP6_UNREACHABLE, SHAPE_ERROR, "destination unreachable" },
	{ 6, ICMP6_TOO_BIG, SHAPE_MTU, "packet too big" },
	{ 6, ICMP6_TIME_EXCEEDED, SHAPE_ERROR, "time exceeded" },
	{ 6, ICMP6_PARAMETER, SHAPE_ERROR, "parameter problem" },
	{ 6, ICMP6_ECHO, SHAPE_ECHO, "echo request" },
	{ 6, ICMP6_ECHO_REPLY, SHAPE_ECHO, "echo reply" },
	{ 6, 130, SHAPE_PLAIN, "multicast listener query" },
	{ 6, 131, SHAPE_PLAIN, "multicast listener report" },
	{ 6, 132, SHAPE_PLAIN, "multicast listener done" },
	{ 6, ICMP6_ROUTER_SOLICIT, SHAPE_PLAIN, "router solicitation" },
	{ 6, ICMP6_ROUTER_ADVERT, SHAPE_ROUTER, "router advertisement" },
	{ 6, ICMP6_NEIGHBOR_SOLICIT, SHAPE_NEIGHBOR,
	    "neighbor solicitation" },
	{ 6, ICMP6_NEIGHBOR_ADVERT, SHAPE_NEIGHBOR,
	    "neighbor advertisement" },
	{ 6, 137, SHAPE_PLAIN, "redirect" },
	{ 6, 143, SHAPE_PLAIN, "multicast listener report v2" },
};

static const struct icmp_code {
	int ip_version;
	uint8_t type;
	uint8_t code;
	const char *name;
} codes[] = {
	{ 4, ICMP4_UNREACHABLE, ICMP4_NET_UNREACHABLE, "net unreachable" },
	{ 4, ICMP4_UNREACHABLE, ICMP4_HOST_UNREACHABLE, "host unreachable" },
	{ 4, ICMP4_UNREACHABLE, ICMP4_PROTO_UNREACHABLE,
	    "protocol unreachable" },
	{ 4, ICMP4_UNREACHABLE, ICMP4_PORT_UNREACHABLE, "port unreachable" },
	{ 4, ICMP4_UNREACHABLE, ICMP4_FRAG_NEEDED, "fragmentation needed" },
	{ 4, ICMP4_UNREACHABLE, 5, "source route failed" },
	{ 4, ICMP4_UNREACHABLE, 6, "net unknown" },
	{ 4, ICMP4_UNREACHABLE, 7, "host unknown" },
	{ 4, ICMP4_UNREACHABLE, 9, "net prohibited" },
	{ 4, ICMP4_UNREACHABLE, 10, "host prohibited" },
	{ 4, ICMP4_UNREACHABLE, ICMP4_ADMIN_PROHIBITED,
	    "administratively prohibited" },
	{ 4, ICMP4_REDIRECT, 0, "for the net" },
	{ 4, ICMP4_REDIRECT, 1, "for the host" },
	{ 4, ICMP4_TIME_EXCEEDED, 0, "in transit" },
	{ 4, ICMP4_TIME_EXCEEDED, 1, "reassembly" },
	{ 6, ICMP6_UNREACHABLE, ICMP6_NO_ROUTE, "no route" },
	{ 6, ICMP6_UNREACHABLE, ICMP6_ADMIN_PROHIBITED,
	    "administratively prohibited" },
	{ 6, ICMP6_UNREACHABLE, 2, "beyond scope of source address" },
	{ 6, ICMP6_UNREACHABLE, ICMP6_ADDR_UNREACHABLE,
	    "address unreachable" },
	{ 6, ICMP6_UNREACHABLE, ICMP6_PORT_UNREACHABLE, "port unreachable" },
	{ 6, ICMP6_UNREACHABLE, 5, "source address failed policy" },
	{ 6, ICMP6_UNREACHABLE, 6, "route rejected" },
	{ 6, ICMP6_TIME_EXCEEDED, 0, "in transit" },
	{ 6, ICMP6_TIME_EXCEEDED, 1, "reassembly" },
	{ 6, ICMP6_PARAMETER, 0, "erroneous header field" },
	{ 6, ICMP6_PARAMETER, 1, "unknown next header" },
	{ 6, ICMP6_PARAMETER, 2, "unknown option" },
};

static const struct icmp_type *
find_type(int ip_version, uint8_t type)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (types[i].ip_version == ip_version && types[i].type == type)
			return &types[i];
	}
	return NULL;
}

const char *
icmp_type_name(int ip_version, uint8_t type)
{
	const struct icmp_type *t = find_type(ip_version, type);

	return t ? t->name : NULL;
}

const char *
icmp_code_name(int ip_version, uint8_t type, uint8_t code)
{
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		if (codes[i].ip_version == ip_version &&
		    codes[i].type == type && codes[i].code == code)
			return codes[i].name;
	}
	return NULL;
}

static enum icmp_shape
shape_of(const struct icmp_msg *m)
{
	const struct icmp_type *t = find_type(m->ip_version, m->type);

	/* RFC 1191 put the MTU where RFC 792 had zeros. */
	if (m->ip_version == 4 && m->type == ICMP4_UNREACHABLE &&
	    m->code == ICMP4_FRAG_NEEDED)
		return SHAPE_MTU;
	return t ? t->shape : SHAPE_PLAIN;
}

static size_t
head_len(enum icmp_shape shape)
{
	switch (shape) {
	case SHAPE_ROUTER:
		return ROUTER_ADVERT_LEN;
	case SHAPE_NEIGHBOR:
		return NEIGHBOR_LEN;
	default:
		return ICMP_HEAD_LEN;
	}
}

static void
read_head(struct rd *r, enum icmp_shape shape, struct icmp_msg *m)
{
	uint8_t flags;

	switch (shape) {
	case SHAPE_PLAIN:
		rd_skip(r, 4);
		break;
	case SHAPE_ERROR:
		m->is_error = true;
		rd_skip(r, 4);
		break;
	case SHAPE_MTU:
		m->is_error = true;
		m->has_mtu = true;
		if (m->ip_version == 4)
			rd_skip(r, 2);
		m->mtu = m->ip_version == 4 ? rd_u16(r) : rd_u32(r);
		break;
	case SHAPE_ECHO:
		m->has_echo = true;
		m->echo_id = rd_u16(r);
		m->echo_seq = rd_u16(r);
		break;
	case SHAPE_ROUTER:
		m->has_router = true;
		rd_skip(r, 1);                  /* hop limit */
		flags = rd_u8(r);
		m->managed = flags & ROUTER_MANAGED;
		m->other = flags & ROUTER_OTHER;
		m->router_lifetime_s = rd_u16(r);
		rd_skip(r, 8);                  /* reachable, retrans timers */
		break;
	case SHAPE_NEIGHBOR:
		m->has_target = true;
		rd_skip(r, 4);
		rd_copy(r, &m->target, sizeof(m->target));
		break;
	}
}

int
icmp_parse(const struct frame *f, struct icmp_msg *ret, struct diag *diag)
{
	struct icmp_msg m = { .ip_version = f->ip_version };
	struct rd r = f->payload;
	enum icmp_shape shape;
	size_t need;

	if (frame_is_fragment(f) ||
	    !((f->ip_version == 4 && f->ip_proto == IP_PROTO_ICMP) ||
	    (f->ip_version == 6 && f->ip_proto == IP_PROTO_ICMP6))) {
		diag_set(diag, "not an ICMP message");
		return -EINVAL;
	}
	m.type = rd_u8(&r);
	m.code = rd_u8(&r);
	rd_skip(&r, 2);                         /* checksum */
	shape = r.bad ? SHAPE_PLAIN : shape_of(&m);
	need = head_len(shape);
	if (f->payload_len < need) {
		diag_set(diag, "an ICMP message of %zu bytes is too short",
		    f->payload_len);
		return -EBADMSG;
	}
	read_head(&r, shape, &m);
	if (r.bad) {
		diag_set(diag, "the capture ends within the ICMP header");
		return -ENODATA;
	}
	m.data = r;
	*ret = m;
	return 0;
}

int
icmp_quoted(const struct icmp_msg *msg, struct frame *ret, struct diag *diag)
{
	if (!msg->is_error) {
		diag_set(diag, "the ICMP message quotes no packet");
		return -EINVAL;
	}
	return frame_parse_ip(msg->data.p, msg->data.left, QUOTE_WIRE_LEN, ret,
	    diag);
}

void
icmp_build_echo_reply(struct wr *w, const struct icmp_msg *echo)
{
	size_t start = w->len;

	wr_u8(w, ICMP4_ECHO_REPLY);
	wr_u8(w, 0);
	wr_u16(w, 0);
	wr_u16(w, echo->echo_id);
	wr_u16(w, echo->echo_seq);
	wr_bytes(w, echo->data.p, echo->data.left);
	if (!w->full)
		wr_set16(w, start + 2,
		    inet_checksum(w->buf + start, w->len - start, 0));
}
