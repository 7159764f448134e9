#include "config/kea_value.h"

#include "base/bytes.h"

#include <errno.h>
#include <string.h>

enum {
	DEPTH_MAX = 64,                 /* sub-options in sub-options */
	FQDN_S = 1, FQDN_N = 8,  /* flags, RFC 4702 2.1 */
};

/* What the making of one option needs to know. */
struct making {
	const struct kea_option_def *defs;
	bool is_v6;
	unsigned int depth;
	struct arena *arena;
	struct diag *diag;
};

static int make(struct making *m, const struct kea_option_def *def,
    uint16_t code, const uint8_t *bytes, size_t len, struct kea_value **ret);

static int
truncated(struct making *m, unsigned int code)
{
	diag_set(m->diag, "option %u: option buffer truncated", code);
	return -EBADMSG;
}

void
kea_value_insert(struct kea_value **list, struct kea_value *v)
{
	while (*list && (*list)->code <= v->code)
		list = &(*list)->next;
	v->next = *list;
	*list = v;
}

const struct kea_value *
kea_value_find(const struct kea_value *v, unsigned int code)
{
	for (; v; v = v->next) {
		if (v->code == code)
			return v;
	}
	return NULL;
}

size_t
kea_value_len(const struct kea_value *v)
{
	const struct kea_value *s;
	/* vivso-suboptions says a length after the enterprise number. */
	size_t len = v->len + (v->shape == KEA_V_VENDOR && !v->is_v6);

	for (s = v->subs; s; s = s->next)
		len += kea_value_len(s) + (v->is_v6 ? 4 : 2);
	return len;
}

void
kea_value_pack(const struct kea_value *v, struct sbuf *b)
{
	const struct kea_value *s;
	size_t start, len;

	sbuf_addn(b, v->bytes, v->len);
	if (v->shape == KEA_V_VENDOR && !v->is_v6)
		sbuf_addc(b, (char)((kea_value_len(v) - v->len - 1) & 255));
	for (s = v->subs; s; s = s->next) {
		if (v->is_v6)
			sbuf_addc(b, (char)(s->code >> 8));
		sbuf_addc(b, (char)(s->code & 255));
		if (v->is_v6)
			sbuf_addc(b, 0);
		sbuf_addc(b, 0);
		start = b->len;
		kea_value_pack(s, b);
		if (b->bad)
			return;
		len = b->len - start;
		if (v->is_v6)
			b->text[start - 2] = (char)(len >> 8);
		b->text[start - 1] = (char)(len & 255);
	}
}

static const struct kea_option_def *
def_of(const struct making *m, const char *space, uint16_t code)
{
	const struct kea_option_def *d = kea_option_std(space, code);

	if (d)
		return d;
	for (d = m->defs; d; d = d->next) {
		if (d->code == code && strcmp(d->space, space) == 0)
			return d;
	}
	return NULL;
}

/*
 * Sub-options. @is_43: there PAD and END are what they are in a message,
 * unless the configuration gives their codes another meaning.
 */
static int
make_subs(struct making *m, const char *space, bool is_43,
    const uint8_t *bytes, size_t len, struct kea_value **list)
{
	bool pad = is_43 || strcmp(space, "dhcp4") == 0;
	bool end = pad;
	struct rd r = rd_init(bytes, len);
	struct kea_value *v;
	int rc = 0;

	if (is_43 && def_of(m, space, 0))
		pad = false;
	if (is_43 && def_of(m, space, 255))
		end = false;
	if (++m->depth > DEPTH_MAX) {
		diag_set(m->diag, "too many sub-options in one another");
		return -EBADMSG;
	}
	while (r.left > 0 && rc >= 0) {
		uint16_t code = m->is_v6 ? rd_u16(&r) : rd_u8(&r);
		struct rd val;

		if (!m->is_v6 && ((code == 255 && end)))
			break;
		if (!m->is_v6 && code == 0 && pad)
			continue;
		val = rd_sub(&r, m->is_v6 ? rd_u16(&r) : rd_u8(&r));
		if (r.bad)              /* Kea stops there without a word */
			break;
		rc = make(m, def_of(m, space, code), code, val.p, val.left, &v);
		if (rc == 0)
			kea_value_insert(list, v);
		else if (rc == -ENODATA)
			rc = 0;
	}
	m->depth--;
	return rc;
}

size_t
kea_name_len(const uint8_t *bytes, size_t len)
{
	struct rd r = rd_init(bytes, len);

	while (r.left > 0) {
		size_t n = rd_u8(&r);

		if (!n)
			return r.at;
		if (n > 63)             /* compressed: Kea follows, we do not */
			return 0;
		rd_skip(&r, n);
	}
	return 0;
}

/* How many of the bytes a field of that type takes; -EBADMSG. */
static int
field_len(struct making *m, const struct kea_option_def *def,
    enum kea_type type, bool in_array, const uint8_t *p, size_t left,
    size_t *ret)
{
	size_t n = kea_type_len(type);
	size_t head = m->is_v6 ? 2 : 1;

	switch (n ? KEA_N_TYPES : type) {
	case KEA_N_TYPES:
		break;
	case KEA_T_FQDN:
		n = kea_name_len(p, left);
		/* Kea counts the root's name as "." and a NUL. */
		n = n == 1 ? 2 : n;
		break;
	case KEA_T_BINARY:
	case KEA_T_STRING:
		if (!def->array) {
			*ret = left;
			return 0;
		}
		break;
	case KEA_T_IPV6_PREFIX:
		if (!left && !in_array) {
			*ret = 0;
			return 0;
		}
		n = left && p[0] <= 128 ? 1 + (p[0] + 7U) / 8 : 0;
		break;
	case KEA_T_TUPLE:
		if (left >= head)
			n = head + (m->is_v6 ? (size_t)p[0] << 8 | p[1] : p[0]);
		break;
	default:
		break;
	}
	*ret = n;
	return n && n <= left ? 0 : -EBADMSG;
}

static int
add_field(struct making *m, struct kea_field ***end, enum kea_type type,
    const uint8_t *p, size_t len)
{
	struct kea_field *f = arena_alloc(m->arena, sizeof(*f));

	if (!f)
		return -ENOMEM;
	f->type = type;
	f->bytes = p;
	f->len = len;
	**end = f;
	*end = &f->next;
	return 0;
}

/* An option of fields: one, an array, a record, or none but sub-options. */
static int
make_fields(struct making *m, struct kea_value *v, const uint8_t *p,
    size_t len)
{
	const struct kea_option_def *def = v->def;
	struct kea_field **end = &v->fields;
	size_t i, n = 0, at = 0;
	size_t count = def->type == KEA_T_RECORD ? def->n_record :
	    def->type == KEA_T_EMPTY || def->array ? 0 : 1;
	enum kea_type type = def->type;
	int rc = 0;

	if (def->array && def->type != KEA_T_RECORD && len < kea_type_len(type))
		return truncated(m, def->code);
	for (i = 0; i < count && rc == 0; i++) {
		type = def->type == KEA_T_RECORD ? def->record[i] : def->type;
		if (field_len(m, def, type, false, p + at, len - at, &n) < 0 ||
		    (def->type != KEA_T_RECORD && !n))
			return truncated(m, def->code);
		rc = add_field(m, &end, type, p + at, n);
		at += n;
	}
	while (def->array && at < len && rc == 0) {
		if (field_len(m, def, type, true, p + at, len - at, &n) < 0) {
			if (!n)
				return truncated(m, def->code);
			break;          /* what is too short for one is cut */
		}
		rc = add_field(m, &end, type, p + at, n);
		at += n;
	}
	if (rc == 0 && !def->array && at < len && *def->encapsulates)
		rc = make_subs(m, def->encapsulates, def->code == 43, p + at,
		    len - at, &v->subs);
	v->bytes = p;
	v->len = at;
	return rc;
}

static int
make_int(struct making *m, struct kea_value *v, const uint8_t *p, size_t len)
{
	size_t n = kea_type_len(v->def->type);

	if (v->def->array) {
		v->shape = KEA_V_INTS;
		if (!len || len % n) {
			diag_set(m->diag, len ? "OptionIntArray %u truncated" :
			    "option %u empty", v->def->code);
			return -EBADMSG;
		}
		n = len;
	} else {
		v->shape = KEA_V_INT;
		if (len < n) {
			diag_set(m->diag, "OptionInt %u truncated", v->def->code);
			return -EBADMSG;
		}
	}
	v->bytes = p;
	v->len = n;
	v->data_len = 0;
	return v->def->array ? 0 : make_subs(m, v->def->encapsulates,
	    v->def->code == 43, p + n, len - n, &v->subs);
}

static int
make_addrs(struct making *m, struct kea_value *v, const uint8_t *p, size_t len)
{
	size_t n = kea_type_len(v->def->type);

	v->shape = KEA_V_ADDRS;
	if (len % n) {
		diag_set(m->diag, "DHCPv%c Option%cAddrLst %u has invalid "
		    "length=%zu, must be divisible by %zu.", n == 4 ? '4' : '6',
		    n == 4 ? '4' : '6', v->def->code, len, n);
		return -EBADMSG;
	}
	v->bytes = p;
	v->len = len;
	v->data_len = 0;
	return 0;
}

static int
make_string(struct making *m, struct kea_value *v, const uint8_t *p,
    size_t len)
{
	v->shape = KEA_V_STRING;
	while (len && p[len - 1] == '\0')
		len--;
	if (!len) {
		diag_set(m->diag, "failed to parse an option '%u' holding string "
		    "value' was empty or contained only nuls", v->code);
		return -ENODATA;
	}
	v->bytes = v->data = p;
	v->len = v->data_len = len;
	return 0;
}

static int
make_tuples(struct making *m, struct kea_value *v, const uint8_t *p,
    size_t len)
{
	struct kea_field **end = &v->fields;
	struct rd r = rd_init(p, len);
	int rc = 0;

	v->shape = KEA_V_TUPLES;
	while (r.left > 0 && rc == 0) {
		struct rd t = rd_sub(&r, m->is_v6 ? rd_u16(&r) : rd_u8(&r));

		if (r.bad)
			return truncated(m, v->code);
		rc = add_field(m, &end, KEA_T_TUPLE, t.p, t.left);
	}
	v->bytes = p;
	v->len = len;
	v->data_len = 0;
	return rc;
}

/* RFC 3925 4: only the first enterprise's number and data are looked at. */
static int
make_vendor(struct making *m, struct kea_value *v, const uint8_t *p,
    size_t len)
{
	const char *space = "";
	struct rd r = rd_init(p, len), all;

	v->shape = KEA_V_VENDOR;
	v->bytes = p;
	v->len = min_size(len, 4);
	v->data_len = 0;
	v->vendor = rd_u32(&r);
	if (r.bad) {
		diag_set(m->diag, "Truncated vendor-specific information option, "
		    "length=%zu", len);
		return -EPROTO;
	}
	if (v->vendor == 4491)
		space = m->is_v6 ? "docsis3-v6" : "docsis3-v4";
	all = r.left && !m->is_v6 ? rd_sub(&r, rd_u8(&r)) : rd_rest(&r);
	while (all.left > 0 && !r.bad) {
		uint16_t code = m->is_v6 ? rd_u16(&all) : rd_u8(&all);
		struct rd val = rd_sub(&all, m->is_v6 ? rd_u16(&all) :
		    rd_u8(&all));
		struct kea_value *sub;
		int rc;

		if (all.bad)
			break;
		rc = make(m, kea_option_std(space, code), code, val.p, val.left,
		    &sub);
		if (rc < 0)
			return rc;
		kea_value_insert(&v->subs, sub);
	}
	if (!r.bad && !all.bad)
		return 0;
	diag_set(m->diag, "Attempt to parse truncated vendor option");
	return -EPROTO;
}

static int
make_vendor_class(struct making *m, struct kea_value *v, const uint8_t *p,
    size_t len)
{
	struct kea_field **end = &v->fields;
	struct rd r = rd_init(p, len);
	int rc = 0;

	v->shape = KEA_V_VENDOR_CLASS;
	v->bytes = p;
	v->len = len;
	v->data_len = 0;
	v->vendor = rd_u32(&r);
	if (r.bad || (!m->is_v6 && !r.left)) {
		diag_set(m->diag, "parsed Vendor Class option data truncated to "
		    "size %zu", len);
		return -EBADMSG;
	}
	while (r.left > 0 && rc == 0) {
		struct rd t = rd_sub(&r, m->is_v6 ? rd_u16(&r) : rd_u8(&r));

		if (!r.bad)
			rc = add_field(m, &end, KEA_T_TUPLE, t.p, t.left);
		if (!m->is_v6 && r.left > 0) {
			rd_skip(&r, 4);
			/* Kea also wants more than an empty one behind it. */
			if (r.left < 2)
				r.bad = true;
		}
		if (r.bad) {
			diag_set(m->diag, "truncated DHCPv4 V-I Vendor Class option");
			return -EBADMSG;
		}
	}
	return rc;
}

/* RFC 4702: flags, two result codes, a name in one of two encodings. */
static int
make_fqdn(struct making *m, struct kea_value *v, const uint8_t *p, size_t len)
{
	v->shape = KEA_V_FQDN;
	v->bytes = p;
	v->len = len;
	if (len < 3) {
		diag_set(m->diag, "DHCPv4 Client FQDN Option (81) is truncated");
		return -EBADMSG;
	}
	if ((p[0] & (FQDN_N | FQDN_S)) == (FQDN_N | FQDN_S)) {
		diag_set(m->diag, "both N and S flag of the DHCPv4 Client FQDN "
		    "Option are set.");
		return -EBADMSG;
	}
	return 0;
}

/* Names one after the other. */
static int
make_names(struct making *m, struct kea_value *v, const uint8_t *p, size_t len)
{
	struct kea_field **end = &v->fields;
	size_t at = 0, n;
	int rc = 0;

	if (!len) {
		diag_set(m->diag, "FQDN list option has invalid length of 0");
		return -EBADMSG;
	}
	while (at < len && rc == 0) {
		n = kea_name_len(p + at, len - at);
		if (!n)
			return truncated(m, v->code);
		rc = add_field(m, &end, KEA_T_FQDN, p + at, n);
		at += n;
	}
	v->bytes = p;
	v->len = len;
	return rc;
}

static bool
is_int(enum kea_type type)
{
	return type >= KEA_T_INT8 && type <= KEA_T_UINT32;
}

static int
make_by_def(struct making *m, struct kea_value *v, const uint8_t *p,
    size_t len)
{
	const struct kea_option_def *d = v->def;
	bool is_top = strcmp(d->space, m->is_v6 ? "dhcp6" : "dhcp4") == 0;

	v->shape = KEA_V_FIELDS;
	if (is_top && d->code == (m->is_v6 ? 17 : 125))
		return make_vendor(m, v, p, len);
	if (is_top && d->code == (m->is_v6 ? 16 : 124))
		return make_vendor_class(m, v, p, len);
	if (is_top && !m->is_v6 && d->code == 81)
		return make_fqdn(m, v, p, len);
	if (!m->is_v6 && d->type == KEA_T_FQDN && d->array)
		return make_names(m, v, p, len);
	if (is_int(d->type))
		return make_int(m, v, p, len);
	if (d->type == KEA_T_STRING)
		return make_string(m, v, p, len);
	if (d->array && (d->type == KEA_T_IPV4 || d->type == KEA_T_IPV6))
		return make_addrs(m, v, p, len);
	if (d->array && d->type == KEA_T_TUPLE)
		return make_tuples(m, v, p, len);
	if (d->type == KEA_T_BINARY ||
	    (d->type == KEA_T_EMPTY && !*d->encapsulates)) {
		v->shape = KEA_V_BYTES;
		v->bytes = v->data = p;
		v->len = v->data_len = d->type == KEA_T_BINARY ? len : 0;
		return 0;
	}
	return make_fields(m, v, p, len);
}

static int
make(struct making *m, const struct kea_option_def *def, uint16_t code,
    const uint8_t *bytes, size_t len, struct kea_value **ret)
{
	struct kea_value *v = arena_alloc(m->arena, sizeof(*v));
	const uint8_t *copy = (const uint8_t *)arena_dup(m->arena,
	    len ? (const void *)bytes : "", len);
	int rc = 0;

	if (!v || !copy)
		return -ENOMEM;
	v->code = code;
	v->is_v6 = m->is_v6;
	v->def = def;
	v->bytes = v->data = copy;
	v->len = v->data_len = len;
	if (def)
		rc = make_by_def(m, v, copy, len);
	if (rc == 0)
		*ret = v;
	return rc;
}

int
kea_value_make(const struct kea_option_def *def,
    const struct kea_option_def *defs, bool is_v6, uint16_t code,
    const uint8_t *bytes, size_t len, struct arena *arena,
    struct kea_value **ret, struct diag *diag)
{
	struct making m = { defs, is_v6, 0, arena, diag };

	return make(&m, def, code, bytes, len, ret);
}
