#include "wire/dhcp4.h"

#include "wire/dhcp_opt.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

enum {
	COOKIE = 0x63825363,            /* RFC 2131 3 */
	COOKIE_LEN = 4,
	HTYPE_ETHERNET = 1,
	PIECE_MAX = 255,
	OVERLOAD_FILE = 1,
	OVERLOAD_SNAME = 2,
	OVERLOAD_LEN = 3,               /* code, length, value */
	OPTS_FIRST = 16,
	SNAME_AT = 44,
	N_CODES = 256,
	N_FIELDS = 3,
};

static struct in_addr
rd_ip(struct rd *r)
{
	return (struct in_addr){ .s_addr = htonl(rd_u32(r)) };
}

static void
wr_ip(struct wr *w, struct in_addr a)
{
	wr_u32(w, ntohl(a.s_addr));
}

/* One code, length and value of a field. */
struct piece {
	uint8_t code;
	size_t at;
	struct rd value;
};

enum step { STEP_PIECE, STEP_END, STEP_NO_END, STEP_BAD };

static enum step
piece_next(struct rd *r, struct piece *ret)
{
	while (r->left > 0) {
		ret->at = r->at;
		ret->code = rd_u8(r);
		if (ret->code == DHCP4_OPT_PAD)
			continue;
		if (ret->code == DHCP4_OPT_END)
			return STEP_END;
		ret->value = rd_sub(r, rd_u8(r));
		return r->bad ? STEP_BAD : STEP_PIECE;
	}
	return STEP_NO_END;
}

static struct dhcp4_opt *
opt_find(const struct dhcp4_msg *msg, uint8_t code)
{
	for (size_t i = 0; i < msg->n_opts; i++)
		if (msg->opts[i].code == code)
			return &msg->opts[i];
	return NULL;
}

/* A new entry at the end of the list, or NULL. */
static struct dhcp4_opt *
opt_new(struct dhcp4_msg *msg, uint8_t code, enum dhcp4_place place)
{
	struct dhcp4_opt *opt;

	if (msg->n_opts == msg->cap_opts) {
		size_t cap = msg->cap_opts ? 2 * msg->cap_opts : OPTS_FIRST;
		struct dhcp4_opt *opts;

		opts = arena_alloc(&msg->arena, cap * sizeof(*opts));
		if (!opts)
			return NULL;
		if (msg->n_opts > 0)
			memcpy(opts, msg->opts, msg->n_opts * sizeof(*opts));
		msg->opts = opts;
		msg->cap_opts = cap;
	}
	opt = &msg->opts[msg->n_opts++];
	*opt = (struct dhcp4_opt){ .code = code, .place = place };
	return opt;
}

/*
 * The fields are walked twice: first to learn which options there are and
 * how long each is once joined, then to copy the pieces. A hostile message
 * of a thousand pieces costs no more than its own size that way.
 */
static int
field_measure(struct dhcp4_msg *msg, enum dhcp4_place place, struct rd r,
    struct diag *diag)
{
	struct piece p;
	enum step step;

	while ((step = piece_next(&r, &p)) == STEP_PIECE) {
		struct dhcp4_opt *opt = opt_find(msg, p.code);

		if (!opt)
			opt = opt_new(msg, p.code, place);
		if (!opt)
			return -ENOMEM;
		opt->len += p.value.left;
		if (opt->n_pieces < UINT8_MAX)
			opt->n_pieces++;
	}
	if (step == STEP_BAD) {
		diag_set(diag, "option %u is cut off", p.code);
		diag_at_offset(diag, "", p.at);
		return -EBADMSG;
	}
	if (place == DHCP4_IN_OPTIONS)
		msg->no_end = step == STEP_NO_END;
	return 0;
}

static int
fields_join(struct dhcp4_msg *msg, const struct rd *fields, size_t n)
{
	uint8_t *to[N_CODES] = { NULL };
	struct piece p;

	for (size_t i = 0; i < msg->n_opts; i++) {
		struct dhcp4_opt *opt = &msg->opts[i];

		to[opt->code] = arena_alloc(&msg->arena, opt->len);
		if (!to[opt->code])
			return -ENOMEM;
		opt->data = to[opt->code];
	}
	for (size_t i = 0; i < n; i++) {
		struct rd r = fields[i];

		while (piece_next(&r, &p) == STEP_PIECE) {
			size_t len = p.value.left;

			rd_copy(&p.value, to[p.code], len);
			to[p.code] += len;
		}
	}
	return 0;
}

/* Option 52 counts only in the options field, and only if it makes sense. */
static uint8_t
overload_in(struct rd options)
{
	uint8_t found = 0;
	size_t n_bytes = 0;
	struct piece p;

	while (piece_next(&options, &p) == STEP_PIECE) {
		if (p.code != DHCP4_OPT_OVERLOAD)
			continue;
		n_bytes += p.value.left;
		if (p.value.left == 1)
			found = rd_u8(&p.value);
	}
	if (n_bytes != 1 || found > (OVERLOAD_FILE | OVERLOAD_SNAME))
		return 0;
	return found;
}

/* Options are joined in the order options, file, sname (RFC 3396 5). */
static int
options_parse(struct dhcp4_msg *msg, struct rd options, struct rd file,
    struct rd sname, struct diag *diag)
{
	struct rd fields[N_FIELDS] = { options };
	size_t n = 1;
	int rc;

	msg->overload = overload_in(options);
	rc = field_measure(msg, DHCP4_IN_OPTIONS, options, diag);
	if (rc == 0 && (msg->overload & OVERLOAD_FILE)) {
		fields[n++] = file;
		rc = field_measure(msg, DHCP4_IN_FILE, file, diag);
	}
	if (rc == 0 && (msg->overload & OVERLOAD_SNAME)) {
		fields[n++] = sname;
		rc = field_measure(msg, DHCP4_IN_SNAME, sname, diag);
	}
	if (rc == 0)
		rc = fields_join(msg, fields, n);
	return rc;
}

static int
head_check(const struct dhcp4_msg *msg, const struct rd *r, size_t len,
    struct diag *diag)
{
	if (r->bad)
		diag_set(diag, "message of %zu bytes, at least %d needed", len,
		    DHCP4_HEAD_LEN);
	else if (msg->op != DHCP4_BOOTREQUEST && msg->op != DHCP4_BOOTREPLY)
		diag_set(diag, "op %u is neither request nor reply", msg->op);
	else if (msg->hlen > DHCP4_CHADDR_LEN)
		diag_set(diag, "hardware address of %u bytes, at most %d fit",
		    msg->hlen, DHCP4_CHADDR_LEN);
	else
		return 0;
	return -EBADMSG;
}

int
dhcp4_msg_parse(struct dhcp4_msg *msg, const void *buf, size_t len,
    struct diag *diag)
{
	struct rd r = rd_init(buf, len);
	struct rd fields;
	struct rd sname;
	struct rd file;
	int rc;

	memset(msg, 0, sizeof(*msg));
	msg->op = rd_u8(&r);
	msg->htype = rd_u8(&r);
	msg->hlen = rd_u8(&r);
	msg->hops = rd_u8(&r);
	msg->xid = rd_u32(&r);
	msg->secs = rd_u16(&r);
	msg->flags = rd_u16(&r);
	msg->ciaddr = rd_ip(&r);
	msg->yiaddr = rd_ip(&r);
	msg->siaddr = rd_ip(&r);
	msg->giaddr = rd_ip(&r);
	rd_copy(&r, msg->chaddr, sizeof(msg->chaddr));
	sname = rd_sub(&r, DHCP4_SNAME_LEN);
	file = rd_sub(&r, DHCP4_FILE_LEN);
	rc = head_check(msg, &r, len, diag);
	if (rc < 0)
		return rc;
	fields = rd_at(buf, len, SNAME_AT);
	rd_copy(&fields, msg->sname, sizeof(msg->sname));
	rd_copy(&fields, msg->file, sizeof(msg->file));
	if (rd_u32(&r) != COOKIE) {
		msg->is_bootp = true;
		return 0;
	}
	rc = options_parse(msg, rd_rest(&r), file, sname, diag);
	if (rc < 0)
		dhcp4_msg_release(msg);
	return rc;
}

void
dhcp4_msg_init(struct dhcp4_msg *msg, enum dhcp4_op op)
{
	memset(msg, 0, sizeof(*msg));
	msg->op = (uint8_t)op;
	msg->htype = HTYPE_ETHERNET;
	msg->hlen = MAC_LEN;
}

void
dhcp4_msg_release(struct dhcp4_msg *msg)
{
	arena_release(&msg->arena);
	msg->opts = NULL;
	msg->n_opts = 0;
	msg->cap_opts = 0;
}

int
dhcp4_add(struct dhcp4_msg *msg, uint8_t code, const void *data, size_t len)
{
	struct dhcp4_opt *opt = opt_find(msg, code);
	size_t had = opt ? opt->len : 0;
	struct wr w;
	uint8_t *to;

	if (code == DHCP4_OPT_PAD || code == DHCP4_OPT_END ||
	    code == DHCP4_OPT_OVERLOAD)
		return -EINVAL;
	if (len > DHCP4_MSG_MAX - had)
		return -EMSGSIZE;
	to = arena_alloc(&msg->arena, had + len);
	if (!to)
		return -ENOMEM;
	if (!opt)
		opt = opt_new(msg, code, DHCP4_IN_OPTIONS);
	if (!opt)
		return -ENOMEM;
	w = wr_init(to, had + len);
	wr_bytes(&w, opt->data, had);
	wr_bytes(&w, data, len);
	opt->data = to;
	opt->len = had + len;
	opt->n_pieces = 1;
	return 0;
}

int
dhcp4_add_u8(struct dhcp4_msg *msg, uint8_t code, uint8_t v)
{
	return dhcp4_add(msg, code, &v, sizeof(v));
}

int
dhcp4_add_u16(struct dhcp4_msg *msg, uint8_t code, uint16_t v)
{
	uint8_t b[2];
	struct wr w = wr_init(b, sizeof(b));

	wr_u16(&w, v);
	return dhcp4_add(msg, code, b, sizeof(b));
}

int
dhcp4_add_u32(struct dhcp4_msg *msg, uint8_t code, uint32_t v)
{
	uint8_t b[4];
	struct wr w = wr_init(b, sizeof(b));

	wr_u32(&w, v);
	return dhcp4_add(msg, code, b, sizeof(b));
}

int
dhcp4_add_ip(struct dhcp4_msg *msg, uint8_t code, struct in_addr a)
{
	return dhcp4_add_u32(msg, code, ntohl(a.s_addr));
}

int
dhcp4_add_str(struct dhcp4_msg *msg, uint8_t code, const char *s)
{
	return dhcp4_add(msg, code, s, strlen(s));
}

/* ---- writing ---- */

/* The bytes that a value takes in one field, split every 255 bytes. */
static size_t
room_for(size_t len)
{
	size_t n_pieces = len ? (len + PIECE_MAX - 1) / PIECE_MAX : 1;

	return len + 2 * n_pieces;
}

/* The reverse: the most of @len bytes that @room takes. */
static size_t
part_for(size_t room, size_t len)
{
	size_t whole = room / (PIECE_MAX + 2);
	size_t rest = room % (PIECE_MAX + 2);

	return min_size(len, whole * PIECE_MAX + (rest > 2 ? rest - 2 : 0));
}

/* Where the options go: a field each by enum dhcp4_place. */
struct plan {
	size_t room[N_FIELDS];          /* without what ends the field */
	size_t used[N_FIELDS];
};

/*
 * Put @len bytes into a field: count them, and write them if @w is the
 * writer of this field.
 */
static void
plan_put(struct plan *plan, size_t field, uint8_t code, struct rd *value,
    size_t len, struct wr *w)
{
	plan->room[field] -= room_for(len);
	plan->used[field] += room_for(len);
	if (!w) {
		rd_skip(value, len);
		return;
	}
	do {
		size_t n = min_size(len, PIECE_MAX);

		wr_u8(w, code);
		wr_u8(w, (uint8_t)n);
		wr_bytes(w, rd_take(value, n), n);
		len -= n;
	} while (len > 0);
}

/*
 * Whole into the first field with room, because few clients join what was
 * split between fields; only if there is none, split from the first on.
 */
static int
plan_opt(struct plan *plan, const struct dhcp4_opt *opt,
    struct wr *const w[N_FIELDS])
{
	struct rd value = rd_init(opt->data, opt->len);

	for (size_t i = 0; i < N_FIELDS; i++) {
		if (room_for(opt->len) > plan->room[i])
			continue;
		plan_put(plan, i, opt->code, &value, opt->len, w[i]);
		return 0;
	}
	for (size_t i = 0; i < N_FIELDS && value.left > 0; i++) {
		size_t part = part_for(plan->room[i], value.left);

		if (part > 0)
			plan_put(plan, i, opt->code, &value, part, w[i]);
	}
	return opt->len == 0 || value.left > 0 ? -EMSGSIZE : 0;
}

/*
 * Lay out all options. The layout depends on nothing but the rooms, so it is
 * done once to learn it, and again for each field that is written.
 */
static int
plan_opts(struct plan *plan, const struct dhcp4_msg *msg,
    struct wr *const w[N_FIELDS])
{
	int rc = 0;

	if (msg->is_bootp)
		return 0;
	for (size_t i = 0; i < msg->n_opts && rc == 0; i++)
		if (msg->opts[i].code != DHCP4_OPT_OVERLOAD)
			rc = plan_opt(plan, &msg->opts[i], w);
	return rc;
}

static bool
is_zero(const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i] != 0)
			return false;
	return true;
}

static bool
file_is_free(const struct dhcp4_msg *msg)
{
	return (msg->overload & OVERLOAD_FILE) ||
	    is_zero(msg->file, sizeof(msg->file));
}

static bool
sname_is_free(const struct dhcp4_msg *msg)
{
	return (msg->overload & OVERLOAD_SNAME) ||
	    is_zero(msg->sname, sizeof(msg->sname));
}

/* Find rooms that do: the options field alone, or with the other two. */
static int
plan_make(struct plan *ret, const struct dhcp4_msg *msg, size_t max_len,
    uint8_t *ret_overload)
{
	struct wr *const none[N_FIELDS] = { NULL };
	struct plan trial;
	size_t room;
	int rc;

	if (max_len < DHCP4_HEAD_LEN + COOKIE_LEN + 1)
		return -EMSGSIZE;
	room = max_len - DHCP4_HEAD_LEN - COOKIE_LEN - 1;
	*ret = (struct plan){ .room = { room } };
	*ret_overload = 0;
	trial = *ret;
	rc = plan_opts(&trial, msg, none);
	if (rc == 0 || room < OVERLOAD_LEN)
		return rc;
	*ret = (struct plan){ .room = {
	    [DHCP4_IN_OPTIONS] = room - OVERLOAD_LEN,
	    [DHCP4_IN_FILE] = file_is_free(msg) ? DHCP4_FILE_LEN - 1 : 0,
	    [DHCP4_IN_SNAME] = sname_is_free(msg) ? DHCP4_SNAME_LEN - 1 : 0,
	} };
	trial = *ret;
	rc = plan_opts(&trial, msg, none);
	if (trial.used[DHCP4_IN_FILE] > 0)
		*ret_overload |= OVERLOAD_FILE;
	if (trial.used[DHCP4_IN_SNAME] > 0)
		*ret_overload |= OVERLOAD_SNAME;
	return rc;
}

/* Write the options that the plan puts into one field. */
static void
put_field(struct plan plan, const struct dhcp4_msg *msg,
    enum dhcp4_place place, struct wr *w)
{
	struct wr *writers[N_FIELDS] = { NULL };

	writers[place] = w;
	(void)plan_opts(&plan, msg, writers);
}

/* `file` or `sname`: options, or what the caller set, or nothing. */
static void
put_name_field(const struct plan *plan, const struct dhcp4_msg *msg,
    enum dhcp4_place place, bool overloaded, struct wr *w)
{
	bool is_file = place == DHCP4_IN_FILE;
	size_t len = is_file ? sizeof(msg->file) : sizeof(msg->sname);
	size_t end = w->len + len;

	if (overloaded) {
		put_field(*plan, msg, place, w);
		wr_u8(w, DHCP4_OPT_END);
	} else if (!(is_file ? file_is_free(msg) : sname_is_free(msg))) {
		wr_bytes(w, is_file ? msg->file : msg->sname, len);
	}
	if (!w->full)
		wr_zero(w, end - w->len);
}

int
dhcp4_msg_build(const struct dhcp4_msg *msg, struct wr *w, size_t min_len,
    size_t max_len)
{
	size_t start = w->len;
	struct plan plan;
	uint8_t overload;
	int rc;

	max_len = min_size(max_len, DHCP4_MSG_MAX);
	rc = plan_make(&plan, msg, max_len, &overload);
	if (rc < 0)
		return rc;
	wr_u8(w, msg->op);
	wr_u8(w, msg->htype);
	wr_u8(w, msg->hlen);
	wr_u8(w, msg->hops);
	wr_u32(w, msg->xid);
	wr_u16(w, msg->secs);
	wr_u16(w, msg->flags);
	wr_ip(w, msg->ciaddr);
	wr_ip(w, msg->yiaddr);
	wr_ip(w, msg->siaddr);
	wr_ip(w, msg->giaddr);
	wr_bytes(w, msg->chaddr, sizeof(msg->chaddr));
	put_name_field(&plan, msg, DHCP4_IN_SNAME,
	    overload & OVERLOAD_SNAME, w);
	put_name_field(&plan, msg, DHCP4_IN_FILE, overload & OVERLOAD_FILE, w);
	if (!msg->is_bootp) {
		wr_u32(w, COOKIE);
		put_field(plan, msg, DHCP4_IN_OPTIONS, w);
		if (overload) {
			wr_u8(w, DHCP4_OPT_OVERLOAD);
			wr_u8(w, sizeof(overload));
			wr_u8(w, overload);
		}
		wr_u8(w, DHCP4_OPT_END);
	}
	min_len = min_size(min_len, max_len);
	if (!w->full && w->len - start < min_len)
		wr_zero(w, min_len - (w->len - start));
	return w->full ? -EMSGSIZE : 0;
}

/* ---- asking ---- */

const struct dhcp4_opt *
dhcp4_opt(const struct dhcp4_msg *msg, uint8_t code)
{
	return opt_find(msg, code);
}

int
dhcp4_type(const struct dhcp4_msg *msg)
{
	uint8_t type;

	if (!dhcp4_get_u8(msg, DHCP4_OPT_MSG_TYPE, &type))
		return 0;
	return dhcp4_type_name(type) ? type : 0;
}

/* A reader over an option of exactly @len bytes, else an empty one. */
static struct rd
opt_exact(const struct dhcp4_msg *msg, uint8_t code, size_t len)
{
	const struct dhcp4_opt *opt = opt_find(msg, code);

	if (!opt || opt->len != len)
		return rd_init(NULL, 0);
	return rd_init(opt->data, opt->len);
}

bool
dhcp4_get_u8(const struct dhcp4_msg *msg, uint8_t code, uint8_t *ret)
{
	struct rd r = opt_exact(msg, code, sizeof(*ret));
	uint8_t v = rd_u8(&r);

	if (!r.bad)
		*ret = v;
	return !r.bad;
}

bool
dhcp4_get_u16(const struct dhcp4_msg *msg, uint8_t code, uint16_t *ret)
{
	struct rd r = opt_exact(msg, code, sizeof(*ret));
	uint16_t v = rd_u16(&r);

	if (!r.bad)
		*ret = v;
	return !r.bad;
}

bool
dhcp4_get_u32(const struct dhcp4_msg *msg, uint8_t code, uint32_t *ret)
{
	struct rd r = opt_exact(msg, code, sizeof(*ret));
	uint32_t v = rd_u32(&r);

	if (!r.bad)
		*ret = v;
	return !r.bad;
}

bool
dhcp4_get_ip(const struct dhcp4_msg *msg, uint8_t code, struct in_addr *ret)
{
	const struct dhcp4_opt *opt = opt_find(msg, code);
	struct rd r;
	struct in_addr a;

	if (!opt)
		return false;
	r = rd_init(opt->data, opt->len);
	a = rd_ip(&r);
	if (!r.bad)
		*ret = a;
	return !r.bad;
}

bool
dhcp4_get_str(const struct dhcp4_msg *msg, uint8_t code, char *buf, size_t cap)
{
	const struct dhcp4_opt *opt = opt_find(msg, code);
	struct rd r;
	size_t n = 0;

	if (!opt)
		return false;
	r = rd_init(opt->data, opt->len);
	while (n + 1 < cap && rd_peek(&r, 0) > 0)
		buf[n++] = (char)rd_u8(&r);
	buf[n] = '\0';
	return true;
}

static bool
is_pxe(const struct dhcp4_msg *msg)
{
	char class[sizeof("PXEClient")];

	return dhcp4_get_str(msg, DHCP4_OPT_VENDOR_CLASS, class,
	    sizeof(class)) && strcmp(class, "PXEClient") == 0;
}

void
dhcp4_opt_format(struct sbuf *b, const struct dhcp4_msg *msg,
    const struct dhcp4_opt *opt)
{
	const struct dhcp_opt_info *info = NULL;

	if (opt->code != DHCP4_OPT_VENDOR_ENCAP || is_pxe(msg))
		info = dhcp_opt_info(DHCP_SPACE_MAIN, opt->code);
	dhcp_opt_format(b, info, opt->data, opt->len);
}

const char *
dhcp4_type_name(int type)
{
	static const char *const names[] = {
		[DHCP4_DISCOVER] = "DISCOVER",
		[DHCP4_OFFER] = "OFFER",
		[DHCP4_REQUEST] = "REQUEST",
		[DHCP4_DECLINE] = "DECLINE",
		[DHCP4_ACK] = "ACK",
		[DHCP4_NAK] = "NAK",
		[DHCP4_RELEASE] = "RELEASE",
		[DHCP4_INFORM] = "INFORM",
		[DHCP4_FORCERENEW] = "FORCERENEW",
		[DHCP4_LEASEQUERY] = "LEASEQUERY",
		[DHCP4_LEASEUNASSIGNED] = "LEASEUNASSIGNED",
		[DHCP4_LEASEUNKNOWN] = "LEASEUNKNOWN",
		[DHCP4_LEASEACTIVE] = "LEASEACTIVE",
		[DHCP4_BULKLEASEQUERY] = "BULKLEASEQUERY",
		[DHCP4_LEASEQUERYDONE] = "LEASEQUERYDONE",
		[DHCP4_ACTIVELEASEQUERY] = "ACTIVELEASEQUERY",
		[DHCP4_LEASEQUERYSTATUS] = "LEASEQUERYSTATUS",
		[DHCP4_TLS] = "TLS",
	};

	if (type < 0 || (size_t)type >= ARRAY_LEN(names))
		return NULL;
	return names[type];
}
