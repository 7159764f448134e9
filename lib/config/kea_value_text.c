/* kea_value_text.c - an option as Kea's ".text" writes it. */
#include "config/kea_value.h"

#include "base/bytes.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>

static void
header(struct sbuf *b, const struct kea_value *v, unsigned int indent)
{
	int width = v->is_v6 ? 5 : 3;

	sbuf_printf(b, "%*stype=%0*u, len=%0*zu", (int)indent, "", width,
	    v->code, width, kea_value_len(v));
}

static bool
is_signed(enum kea_type t)
{
	return t == KEA_T_INT8 || t == KEA_T_INT16 || t == KEA_T_INT32;
}

static void
number(struct sbuf *b, enum kea_type type, const uint8_t *p, size_t len)
{
	struct rd r = rd_init(p, len);
	size_t n = kea_type_len(type);
	uint32_t v = n == 1 ? rd_u8(&r) : n == 2 ? rd_u16(&r) : rd_u32(&r);

	if (!is_signed(type))
		sbuf_printf(b, "%" PRIu32, v);
	else
		sbuf_printf(b, "%d", n == 1 ? (int8_t)(uint8_t)v :
		    n == 2 ? (int16_t)(uint16_t)v : (int)(int32_t)v);
}

static void
address(struct sbuf *b, const uint8_t *p, size_t len)
{
	char text[INET6_ADDRSTRLEN];

	if (inet_ntop(len == 4 ? AF_INET : AF_INET6, p, text, sizeof(text)))
		sbuf_add(b, text);
}

static void
name(struct sbuf *b, const uint8_t *p, size_t len)
{
	struct rd r = rd_init(p, len);

	if (len <= 1)
		sbuf_addc(b, '.');
	while (r.left > 1) {
		struct rd label = rd_sub(&r, rd_u8(&r));

		sbuf_addn(b, label.p, label.left);
		sbuf_addc(b, '.');
	}
}

static int
field(struct sbuf *b, const struct kea_value *v, const struct kea_field *f)
{
	size_t head = v->is_v6 ? 2 : 1, len = f->len;
	size_t i;

	switch (f->type) {
	case KEA_T_BINARY:
		for (i = 0; i < f->len; i++)
			sbuf_printf(b, "%02X", f->bytes[i]);
		break;
	case KEA_T_BOOLEAN:
		if (f->bytes[0] > 1)
			return -EBADMSG;
		sbuf_add(b, f->bytes[0] ? "true" : "false");
		break;
	case KEA_T_IPV4:
	case KEA_T_IPV6:
		address(b, f->bytes, f->len);
		break;
	case KEA_T_FQDN:
		sbuf_addc(b, '"');
		name(b, f->bytes, f->len);
		sbuf_addc(b, '"');
		break;
	case KEA_T_TUPLE:
		sbuf_addc(b, '"');
		if (f->len > head)
			sbuf_addn(b, f->bytes + head, f->len - head);
		sbuf_addc(b, '"');
		break;
	case KEA_T_STRING:
		while (len && f->bytes[len - 1] == '\0')
			len--;
		if (!len && f->len)
			return -EBADMSG;
		sbuf_addc(b, '"');
		sbuf_addn(b, f->bytes, len);
		sbuf_addc(b, '"');
		break;
	case KEA_T_PSID:
		if (f->bytes[0] > 16)
			return -EBADMSG;
		sbuf_printf(b, "len=%u,psid=%u", f->bytes[0],
		    f->bytes[0] ? (f->bytes[1] << 8 | f->bytes[2]) >>
		    (16 - f->bytes[0]) : 0);
		break;
	default:
		if (kea_type_len(f->type))
			number(b, f->type, f->bytes, f->len);
		break;
	}
	sbuf_printf(b, " (%s)", kea_type_name(f->type));
	return 0;
}

static void
tuples(struct sbuf *b, const struct kea_value *v, const char *what)
{
	const struct kea_field *f;
	unsigned int i = 0;

	for (f = v->fields; f; f = f->next, i++) {
		if (v->shape == KEA_V_VENDOR_CLASS && !v->is_v6 && i)
			sbuf_printf(b, ", enterprise id=0x%" PRIx32, v->vendor);
		sbuf_printf(b, ", data-len%u=%zu, %s%u='", i, f->len, what, i);
		sbuf_addn(b, f->bytes, f->len);
		sbuf_addc(b, '\'');
	}
}

static int text(struct sbuf *b, const struct kea_value *v,
    unsigned int indent);

static int
body(struct sbuf *b, const struct kea_value *v)
{
	const struct kea_field *f;
	size_t n = v->def ? kea_type_len(v->def->type) : 0, i;
	int rc = 0;

	switch (v->shape) {
	case KEA_V_BYTES:
		sbuf_add(b, ": ");
		sbuf_hex(b, v->bytes, v->len, ":");
		break;
	case KEA_V_INT:
		sbuf_add(b, ": ");
		number(b, v->def->type, v->bytes, v->len);
		sbuf_printf(b, " (%s)", kea_type_name(v->def->type));
		break;
	case KEA_V_INTS:
		sbuf_addc(b, ':');
		for (i = 0; i + n <= v->len; i += n) {
			/* Kea has no arrays of signed numbers but of bytes. */
			enum kea_type t = v->def->type == KEA_T_INT16 ?
			    KEA_T_UINT16 : v->def->type == KEA_T_INT32 ?
			    KEA_T_UINT32 : v->def->type;

			sbuf_addc(b, ' ');
			number(b, t, v->bytes + i, n);
			sbuf_printf(b, "(%s)", kea_type_name(t));
		}
		break;
	case KEA_V_ADDRS:
		sbuf_addc(b, ':');
		for (i = 0; i + n <= v->len; i += n) {
			sbuf_addc(b, ' ');
			address(b, v->bytes + i, n);
		}
		break;
	case KEA_V_FIELDS:
		sbuf_addc(b, ':');
		for (f = v->fields; f && rc == 0; f = f->next) {
			sbuf_addc(b, ' ');
			rc = field(b, v, f);
		}
		break;
	case KEA_V_VENDOR:
		sbuf_printf(b, ": %" PRIu32 " (uint32)", v->vendor);
		if (!v->is_v6)
			sbuf_printf(b, " %zu (uint8)", kea_value_len(v) - v->len - 1);
		break;
	default:
		break;
	}
	return rc;
}

static int
text(struct sbuf *b, const struct kea_value *v, unsigned int indent)
{
	const struct kea_value *s;
	int rc;

	if (v->shape == KEA_V_TUPLES || v->shape == KEA_V_VENDOR_CLASS) {
		sbuf_printf(b, "%*stype=%u, len=%zu", (int)indent, "", v->code,
		    kea_value_len(v));
		if (v->shape == KEA_V_VENDOR_CLASS)
			sbuf_printf(b, ",  enterprise id=0x%" PRIx32, v->vendor);
		tuples(b, v, v->shape == KEA_V_TUPLES ? "data" :
		    "vendor-class-data");
		return 0;
	}
	header(b, v, indent);
	if (v->shape == KEA_V_STRING) {
		sbuf_add(b, ": \"");
		sbuf_addn(b, v->bytes, v->len);
		sbuf_add(b, "\" (string)");
		return 0;
	}
	rc = body(b, v);
	if (rc == 0 && v->subs)
		sbuf_add(b, ",\noptions:");
	for (s = v->subs; s && rc == 0; s = s->next) {
		sbuf_addc(b, '\n');
		rc = text(b, s, indent + 2);
	}
	return rc;
}

int
kea_value_text(const struct kea_value *v, struct sbuf *b)
{
	if (v->shape == KEA_V_STRING) {
		sbuf_addn(b, v->bytes, v->len);
		return 0;
	}
	return text(b, v, 0);
}
