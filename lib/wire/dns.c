#include "wire/dns.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

enum {
	FLAG_RESPONSE = 0x8000,
	FLAG_AUTHORITATIVE = 0x0400,
	FLAG_TRUNCATED = 0x0200,
	FLAG_DESIRED = 0x0100,
	FLAG_AVAILABLE = 0x0080,
	OPCODE_SHIFT = 11,
	OPCODE_MASK = 0x0f,
	RCODE_MASK = 0x0f,
	POINTER = 0xc0,
	POINTER_MASK = 0x3fff,
	CACHE_FLUSH = 0x8000,           /* multicast DNS, RFC 6762 10.2 */
	/* Every byte as \DDD, dots, and a NUL. */
	NAME_TEXT_MAX = 4 * DNS_NAME_LEN_MAX + 1,
};

/* What is needed to read names: pointers count from the message's start. */
struct dns_reader {
	struct rd whole;
	struct arena *arena;
	struct diag *diag;
};

static int
malformed(struct dns_reader *d, const struct rd *r, const char *what)
{
	diag_set(d->diag, "%s", what);
	diag_at_offset(d->diag, NULL, r->at);
	return -EBADMSG;
}

static void
put_label(struct wr *w, struct rd label)
{
	if (w->len > 0)
		wr_u8(w, '.');
	while (label.left > 0) {
		uint8_t c = rd_u8(&label);

		if (c == '.' || c == '\\') {
			wr_u8(w, '\\');
			wr_u8(w, c);
		} else if (c < 0x20 || c == 0x7f) {
			wr_u8(w, '\\');
			wr_u8(w, (uint8_t)('0' + c / 100));
			wr_u8(w, (uint8_t)('0' + c / 10 % 10));
			wr_u8(w, (uint8_t)('0' + c % 10));
		} else {
			wr_u8(w, c);
		}
	}
}

/*
 * Read a name at @r, which is then behind it. Each pointer must point before
 * the place where the run of labels that holds it began: so it shrinks.
 */
static int
read_name(struct dns_reader *d, struct rd *r, const char **ret)
{
	char text[NAME_TEXT_MAX];
	struct wr w = wr_init(text, sizeof(text));
	struct rd run = *r;
	size_t limit = r->at;
	size_t wire_len = 1;
	bool jumped = false;

	for (;;) {
		uint8_t len = rd_u8(&run);
		struct rd label;

		if ((len & POINTER) == POINTER) {
			size_t to = ((size_t)len << 8 | rd_u8(&run)) &
			    POINTER_MASK;

			if (!jumped)
				*r = run;
			jumped = true;
			if (run.bad || to >= limit)
				return malformed(d, &run,
				    "a name points forward or nowhere");
			limit = to;
			run = d->whole;
			rd_skip(&run, to);
			continue;
		}
		if (len & POINTER)
			return malformed(d, &run, "a label of unknown kind");
		label = rd_sub(&run, len);
		wire_len += len ? len + 1u : 0;
		if (run.bad || wire_len > DNS_NAME_LEN_MAX)
			return malformed(d, &run,
			    "a name is too long or has no end");
		if (len == 0)
			break;
		put_label(&w, label);
	}
	if (!jumped)
		*r = run;
	*ret = arena_dup(d->arena, text, w.len);
	return *ret ? 0 : -ENOMEM;
}

static int
read_question(struct dns_reader *d, struct rd *r, struct dns_question *q)
{
	int rc = read_name(d, r, &q->name);

	if (rc < 0)
		return rc;
	q->type = rd_u16(r);
	q->class = rd_u16(r);
	return r->bad ? malformed(d, r, "a question is cut short") : 0;
}

static bool
is_in(uint16_t class)
{
	return (class & ~CACHE_FLUSH) == DNS_CLASS_IN;
}

/* Decode what we know of; the reader ends exactly where the data does. */
static int
read_data(struct dns_reader *d, struct dns_answer *a)
{
	struct rd r = a->data;
	int rc = 0;

	if (!is_in(a->class))
		return 0;
	switch (a->type) {
	case DNS_A:
		a->addr.family = AF_INET;
		rd_copy(&r, &a->addr.v4, sizeof(a->addr.v4));
		break;
	case DNS_AAAA:
		a->addr.family = AF_INET6;
		rd_copy(&r, &a->addr.v6, sizeof(a->addr.v6));
		break;
	case DNS_SRV:
		a->priority = rd_u16(&r);
		a->weight = rd_u16(&r);
		a->port = rd_u16(&r);
		rc = read_name(d, &r, &a->target);
		break;
	case DNS_CNAME:
	case DNS_PTR:
		rc = read_name(d, &r, &a->target);
		break;
	default:
		return 0;
	}
	if (rc == 0 && (r.bad || r.left > 0))
		rc = malformed(d, &r, "an answer's length is not its type's");
	return rc;
}

static int
read_answer(struct dns_reader *d, struct rd *r, struct dns_answer *a)
{
	int rc = read_name(d, r, &a->name);

	if (rc < 0)
		return rc;
	a->type = rd_u16(r);
	a->class = rd_u16(r);
	a->ttl_s = rd_u32(r);
	a->data = rd_sub(r, rd_u16(r));
	if (r->bad)
		return malformed(d, r, "an answer is cut short");
	return read_data(d, a);
}

static void
read_flags(uint16_t flags, struct dns_msg *msg)
{
	msg->is_response = flags & FLAG_RESPONSE;
	msg->opcode = flags >> OPCODE_SHIFT & OPCODE_MASK;
	msg->authoritative = flags & FLAG_AUTHORITATIVE;
	msg->truncated = flags & FLAG_TRUNCATED;
	msg->recursion_desired = flags & FLAG_DESIRED;
	msg->recursion_available = flags & FLAG_AVAILABLE;
	msg->rcode = flags & RCODE_MASK;
}

int
dns_parse(const void *buf, size_t len, struct arena *a, struct dns_msg *ret,
    struct diag *diag)
{
	struct dns_reader d = { rd_init(buf, len), a, diag };
	struct dns_msg msg = { 0 };
	struct rd r = d.whole;
	int rc = 0;

	msg.id = rd_u16(&r);
	read_flags(rd_u16(&r), &msg);
	msg.n_questions = rd_u16(&r);
	msg.n_answers = rd_u16(&r);
	msg.n_authority = rd_u16(&r);
	msg.n_additional = rd_u16(&r);
	if (r.bad)
		return malformed(&d, &r, "a DNS message of less than 12 bytes");
	if (msg.n_questions > DNS_QUESTIONS_MAX ||
	    msg.n_answers > DNS_ANSWERS_MAX) {
		diag_set(diag, "%zu questions and %zu answers are too many",
		    msg.n_questions, msg.n_answers);
		return -EMSGSIZE;
	}
	msg.questions = arena_alloc(a,
	    msg.n_questions * sizeof(*msg.questions));
	msg.answers = arena_alloc(a, msg.n_answers * sizeof(*msg.answers));
	if (!msg.questions || !msg.answers)
		return -ENOMEM;
	for (size_t i = 0; rc == 0 && i < msg.n_questions; i++)
		rc = read_question(&d, &r, &msg.questions[i]);
	for (size_t i = 0; rc == 0 && i < msg.n_answers; i++)
		rc = read_answer(&d, &r, &msg.answers[i]);
	if (rc == 0)
		*ret = msg;
	return rc;
}

/* One character of a name's text, its escape undone; -1: no valid escape. */
static int
text_char(struct rd *r)
{
	int value = 0;
	int c = rd_u8(r);

	if (c != '\\')
		return c;
	c = rd_peek(r, 0);
	if (c < '0' || c > '9') {
		c = rd_u8(r);
		return r->bad ? -1 : c;
	}
	for (int i = 0; i < 3; i++) {
		c = rd_u8(r);
		if (c < '0' || c > '9')
			return -1;
		value = value * 10 + c - '0';
	}
	return value > 255 ? -1 : value;
}

/* A label up to its dot or the end of the text. */
static int
put_text_label(struct wr *w, struct rd *r)
{
	size_t mark = wr_mark8(w);

	while (r->left > 0 && rd_peek(r, 0) != '.') {
		int c = text_char(r);

		if (c < 0)
			return -EINVAL;
		wr_u8(w, (uint8_t)c);
	}
	if (w->len == mark || w->len - mark > DNS_LABEL_LEN_MAX)
		return w->full ? -EMSGSIZE : -EINVAL;
	wr_fill8(w, mark);
	return 0;
}

static int
put_name(struct wr *w, const char *name, struct diag *diag)
{
	struct rd r = rd_init(name, name ? strlen(name) : 0);
	size_t start = w->len;
	int rc = name ? 0 : -EINVAL;

	while (rc == 0 && r.left > 0) {
		rc = put_text_label(w, &r);
		if (rc == 0 && r.left > 0) {
			rd_skip(&r, 1);         /* the dot */
			if (r.left == 0)
				break;          /* "host.example." is one too */
		}
	}
	wr_u8(w, 0);
	if (rc == 0 && w->len - start > DNS_NAME_LEN_MAX)
		rc = -EINVAL;
	if (rc == -EINVAL)
		diag_set(diag, "'%s' is not a domain name",
		    name ? name : "");
	return rc;
}

static int
put_data(struct wr *w, const struct dns_answer *a, struct diag *diag)
{
	switch (is_in(a->class) ? a->type : 0) {
	case DNS_A:
		if (a->addr.family != AF_INET)
			return -EINVAL;
		wr_bytes(w, &a->addr.v4, sizeof(a->addr.v4));
		return 0;
	case DNS_AAAA:
		if (a->addr.family != AF_INET6)
			return -EINVAL;
		wr_bytes(w, &a->addr.v6, sizeof(a->addr.v6));
		return 0;
	case DNS_SRV:
		wr_u16(w, a->priority);
		wr_u16(w, a->weight);
		wr_u16(w, a->port);
		return put_name(w, a->target, diag);
	case DNS_CNAME:
	case DNS_PTR:
		return put_name(w, a->target, diag);
	default:
		wr_bytes(w, a->data.p, a->data.left);
		return 0;
	}
}

static int
put_answer(struct wr *w, const struct dns_answer *a, struct diag *diag)
{
	size_t mark;
	int rc = put_name(w, a->name, diag);

	if (rc < 0)
		return rc;
	wr_u16(w, a->type);
	wr_u16(w, a->class);
	wr_u32(w, a->ttl_s);
	mark = wr_mark16(w);
	rc = put_data(w, a, diag);
	wr_fill16(w, mark);
	return rc;
}

int
dns_build(struct wr *w, const struct dns_msg *msg, struct diag *diag)
{
	uint16_t flags = (uint16_t)((msg->opcode & OPCODE_MASK) <<
	    OPCODE_SHIFT | (msg->rcode & RCODE_MASK));
	int rc = 0;

	if (msg->n_questions > UINT16_MAX || msg->n_answers > UINT16_MAX)
		return -EMSGSIZE;
	flags |= msg->is_response ? FLAG_RESPONSE : 0;
	flags |= msg->authoritative ? FLAG_AUTHORITATIVE : 0;
	flags |= msg->truncated ? FLAG_TRUNCATED : 0;
	flags |= msg->recursion_desired ? FLAG_DESIRED : 0;
	flags |= msg->recursion_available ? FLAG_AVAILABLE : 0;
	wr_u16(w, msg->id);
	wr_u16(w, flags);
	wr_u16(w, (uint16_t)msg->n_questions);
	wr_u16(w, (uint16_t)msg->n_answers);
	wr_u16(w, 0);
	wr_u16(w, 0);
	for (size_t i = 0; rc == 0 && i < msg->n_questions; i++) {
		rc = put_name(w, msg->questions[i].name, diag);
		wr_u16(w, msg->questions[i].type);
		wr_u16(w, msg->questions[i].class);
	}
	for (size_t i = 0; rc == 0 && i < msg->n_answers; i++)
		rc = put_answer(w, &msg->answers[i], diag);
	if (rc < 0)
		return rc;
	return w->full ? -EMSGSIZE : 0;
}

const char *
dns_rcode_name(uint8_t rcode)
{
	static const char *const names[] = {
		"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP",
		"REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH",
		"NOTZONE",
	};

	return rcode < ARRAY_LEN(names) ? names[rcode] : NULL;
}

const char *
dns_type_name(uint16_t type)
{
	switch (type) {
	case DNS_A:
		return "A";
	case DNS_NS:
		return "NS";
	case DNS_CNAME:
		return "CNAME";
	case DNS_SOA:
		return "SOA";
	case DNS_PTR:
		return "PTR";
	case DNS_MX:
		return "MX";
	case DNS_TXT:
		return "TXT";
	case DNS_AAAA:
		return "AAAA";
	case DNS_SRV:
		return "SRV";
	default:
		return NULL;
	}
}
