#include "wire/dhcp6.h"

#include "wire/dhcp_opt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	NEST_MAX = 4,                   /* IA, address, and what they hold */
	LABEL_MAX = 63,                 /* RFC 1035 2.3.4 */
	NAME_MAX_LEN = 255,
};

/* ---- rows ---- */

static int
row_compare(const void *key, const void *row)
{
	const struct dhcp6_opt_info *info = row;

	return (int)*(const uint16_t *)key - (int)info->code;
}

const struct dhcp6_opt_info *
dhcp6_opt_info(uint16_t code)
{
	size_t n;
	const struct dhcp6_opt_info *rows = dhcp6_opt_rows(&n);

	return bsearch(&code, rows, n, sizeof(*rows), row_compare);
}

const struct dhcp6_opt_info *
dhcp6_opt_by_name(const char *name)
{
	size_t n;
	const struct dhcp6_opt_info *rows = dhcp6_opt_rows(&n);

	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

/* ---- values ---- */

/*
 * As in dhcp_opt.c, one function per type reads a value and says it; what is
 * wrong makes the reader bad, and so does what it leaves unread. @depth
 * counts how many options are around this one.
 */

static void format_nested(struct sbuf *b, const struct dhcp6_opt *opt,
    int depth);

static void
add_opaque(struct sbuf *b, struct rd r)
{
	size_t len = r.left;

	dhcp_opt_format(b, NULL, rd_take(&r, len), len);
}

static void
add_ip(struct sbuf *b, const struct in6_addr *a)
{
	struct ip_addr ip = { .family = AF_INET6, .v6 = *a };
	char text[IP_TEXT_MAX];

	sbuf_add(b, ip_format(&ip, text));
}

/* Before all elements of a list but the first. */
static void
add_comma(struct sbuf *b, const struct rd *r)
{
	if (r->at > 0)
		sbuf_addc(b, ',');
}

static void
format_none(struct sbuf *b, struct rd *r, int depth)
{
	(void)b;
	(void)r;
	(void)depth;
}

static void
format_bytes(struct sbuf *b, struct rd *r, int depth)
{
	(void)depth;
	add_opaque(b, rd_rest(r));
}

static void
format_text(struct sbuf *b, struct rd *r, int depth)
{
	size_t len = r->left;
	const uint8_t *p = rd_take(r, len);

	(void)depth;
	while (len > 0 && p[len - 1] == '\0')
		len--;
	if (len > 0 && memchr(p, '\0', len))
		r->bad = true;
	else
		sbuf_escape(b, p, len);
}

static void
format_u8(struct sbuf *b, struct rd *r, int depth)
{
	(void)depth;
	sbuf_printf(b, "%u", rd_u8(r));
}

static void
format_u16s(struct sbuf *b, struct rd *r, int depth)
{
	(void)depth;
	while (r->left > 0) {
		add_comma(b, r);
		sbuf_printf(b, "%u", rd_u16(r));
	}
}

static void
format_u32(struct sbuf *b, struct rd *r, int depth)
{
	(void)depth;
	sbuf_printf(b, "%u", (unsigned int)rd_u32(r));
}

static void
format_ips(struct sbuf *b, struct rd *r, int depth)
{
	(void)depth;
	while (r->left > 0) {
		struct in6_addr a;

		add_comma(b, r);
		rd_copy(r, &a, sizeof(a));
		add_ip(b, &a);
	}
}

/* A name up to its empty label; one that is cut there is a partial name. */
static void
add_name(struct sbuf *b, struct rd *r, bool may_be_partial)
{
	size_t total = 0;

	while (!may_be_partial || r->left > 0) {
		uint8_t len = rd_u8(r);
		const uint8_t *label = rd_take(r, len);

		total += 1 + (size_t)len;
		if (!label || len > LABEL_MAX || total > NAME_MAX_LEN) {
			r->bad = true;
			r->left = 0;
			return;
		}
		if (len == 0)
			return;
		if (total > 1 + (size_t)len)
			sbuf_addc(b, '.');
		sbuf_escape(b, label, len);
	}
}

static void
format_domains(struct sbuf *b, struct rd *r, int depth)
{
	(void)depth;
	while (r->left > 0) {
		add_comma(b, r);
		add_name(b, r, false);
	}
}

static void
format_fqdn(struct sbuf *b, struct rd *r, int depth)
{
	(void)depth;
	sbuf_printf(b, "flags=0x%02x ", rd_u8(r));
	add_name(b, r, true);
}

static int
duid_text(struct sbuf *b, const void *data, size_t len)
{
	struct dhcp6_duid duid;
	char uuid[UUID_TEXT_MAX];
	const uint8_t *id;
	size_t id_len;

	if (dhcp6_duid_parse(data, len, &duid) < 0)
		return -EBADMSG;
	id_len = duid.id.left;
	id = rd_take(&duid.id, id_len);
	switch (duid.type) {
	case DHCP6_DUID_LLT:
		sbuf_printf(b, "LLT %u %u ", duid.htype,
		    (unsigned int)duid.time);
		sbuf_hex(b, id, id_len, ":");
		break;
	case DHCP6_DUID_EN:
		sbuf_printf(b, "EN %u ", (unsigned int)duid.enterprise);
		sbuf_hex(b, id, id_len, ":");
		break;
	case DHCP6_DUID_LL:
		sbuf_printf(b, "LL %u ", duid.htype);
		sbuf_hex(b, id, id_len, ":");
		break;
	case DHCP6_DUID_UUID:
		sbuf_printf(b, "UUID %s", uuid_format(id, uuid));
		break;
	default:
		sbuf_printf(b, "type %u ", duid.type);
		sbuf_hex(b, id, id_len, ":");
	}
	return 0;
}

static void
format_duid(struct sbuf *b, struct rd *r, int depth)
{
	size_t len = r->left;

	(void)depth;
	if (duid_text(b, rd_take(r, len), len) < 0)
		r->bad = true;
}

/* The options inside an option: nothing if there are none. */
static void
add_options(struct sbuf *b, struct rd *r, int depth)
{
	struct dhcp6_opt opt;
	bool is_first = true;

	if (r->left == 0)
		return;
	sbuf_add(b, " {");
	while (dhcp6_opt_next(r, &opt)) {
		const struct dhcp6_opt_info *info = dhcp6_opt_info(opt.code);

		if (!is_first)
			sbuf_add(b, ", ");
		is_first = false;
		if (info)
			sbuf_add(b, info->name);
		else
			sbuf_printf(b, "%u", opt.code);
		if (opt.len == 0)
			continue;
		sbuf_addc(b, '=');
		format_nested(b, &opt, depth + 1);
	}
	sbuf_addc(b, '}');
}

static void
format_ia(struct sbuf *b, struct rd *r, int depth)
{
	sbuf_printf(b, "iaid=0x%08x ", (unsigned int)rd_u32(r));
	sbuf_printf(b, "t1=%u ", (unsigned int)rd_u32(r));
	sbuf_printf(b, "t2=%u", (unsigned int)rd_u32(r));
	add_options(b, r, depth);
}

static void
format_ia_ta(struct sbuf *b, struct rd *r, int depth)
{
	sbuf_printf(b, "iaid=0x%08x", (unsigned int)rd_u32(r));
	add_options(b, r, depth);
}

static void
add_ia_addr(struct sbuf *b, struct rd *r, uint16_t code, int depth)
{
	size_t len = r->left;
	struct dhcp6_ia_addr a;

	if (dhcp6_ia_addr_parse(code, rd_take(r, len), len, &a) < 0) {
		r->bad = true;
		return;
	}
	add_ip(b, &a.addr);
	if (code == DHCP6_OPT_IAPREFIX)
		sbuf_printf(b, "/%u", a.prefix_len);
	sbuf_printf(b, " preferred=%u valid=%u", (unsigned int)a.preferred,
	    (unsigned int)a.valid);
	add_options(b, &a.opts, depth);
	if (a.opts.bad)
		r->bad = true;
}

static void
format_iaaddr(struct sbuf *b, struct rd *r, int depth)
{
	add_ia_addr(b, r, DHCP6_OPT_IAADDR, depth);
}

static void
format_iaprefix(struct sbuf *b, struct rd *r, int depth)
{
	add_ia_addr(b, r, DHCP6_OPT_IAPREFIX, depth);
}

static void
format_elapsed(struct sbuf *b, struct rd *r, int depth)
{
	unsigned int v = rd_u16(r);

	(void)depth;
	sbuf_printf(b, "%u.%02u s", v / 100, v % 100);
}

static void
add_type(struct sbuf *b, uint8_t type)
{
	const char *name = dhcp6_type_name(type);

	if (name)
		sbuf_add(b, name);
	else
		sbuf_printf(b, "%u", type);
}

static void
format_msg_type(struct sbuf *b, struct rd *r, int depth)
{
	(void)depth;
	add_type(b, rd_u8(r));
}

/* Only what it is: who wants to see it all asks for msg->inner. */
static void
format_msg(struct sbuf *b, struct rd *r, int depth)
{
	(void)depth;
	add_type(b, rd_u8(r));
	rd_skip(r, r->left);
}

static void
format_status(struct sbuf *b, struct rd *r, int depth)
{
	uint16_t status = rd_u16(r);
	const char *name = dhcp6_status_name(status);

	if (name)
		sbuf_add(b, name);
	else
		sbuf_printf(b, "%u", status);
	if (r->left > 0)
		sbuf_add(b, ": ");
	format_text(b, r, depth);
}

static void
format_strings(struct sbuf *b, struct rd *r, int depth)
{
	struct rd s;
	bool is_first = true;

	(void)depth;
	while (dhcp6_str_next(r, &s)) {
		if (!is_first)
			sbuf_addc(b, ',');
		is_first = false;
		add_opaque(b, s);
	}
}

static void
format_vendor_class(struct sbuf *b, struct rd *r, int depth)
{
	sbuf_printf(b, "%u: ", (unsigned int)rd_u32(r));
	format_strings(b, r, depth);
}

/* What the codes mean is the vendor's business. */
static void
format_vendor_opts(struct sbuf *b, struct rd *r, int depth)
{
	struct dhcp6_opt opt;

	(void)depth;
	sbuf_printf(b, "%u:", (unsigned int)rd_u32(r));
	while (dhcp6_opt_next(r, &opt)) {
		sbuf_printf(b, " %u=", opt.code);
		add_opaque(b, rd_init(opt.data, opt.len));
	}
}

static void
format_remote_id(struct sbuf *b, struct rd *r, int depth)
{
	(void)depth;
	sbuf_printf(b, "%u: ", (unsigned int)rd_u32(r));
	add_opaque(b, rd_rest(r));
}

static void
format_nii(struct sbuf *b, struct rd *r, int depth)
{
	unsigned int type = rd_u8(r);
	unsigned int major = rd_u8(r);

	(void)depth;
	if (type == 1)
		sbuf_add(b, "UNDI ");
	else
		sbuf_printf(b, "type %u ", type);
	sbuf_printf(b, "%u.%u", major, rd_u8(r));
}

static void
format_lladdr(struct sbuf *b, struct rd *r, int depth)
{
	size_t len;

	(void)depth;
	sbuf_printf(b, "%u ", rd_u16(r));
	len = r->left;
	sbuf_hex(b, rd_take(r, len), len, ":");
}

/* Say the value into an empty @text. */
static int
value_text(struct sbuf *text, const struct dhcp6_opt_info *info,
    const struct dhcp6_opt *opt, int depth)
{
	static void (*const formats[])(struct sbuf *b, struct rd *r,
	    int depth) = {
		[DHCP6_T_NONE] = format_none,
		[DHCP6_T_BYTES] = format_bytes,
		[DHCP6_T_TEXT] = format_text,
		[DHCP6_T_U8] = format_u8,
		[DHCP6_T_U16] = format_u16s,
		[DHCP6_T_U32] = format_u32,
		[DHCP6_T_IPS] = format_ips,
		[DHCP6_T_DOMAINS] = format_domains,
		[DHCP6_T_CODES] = format_u16s,
		[DHCP6_T_DUID] = format_duid,
		[DHCP6_T_IA_NA] = format_ia,
		[DHCP6_T_IA_TA] = format_ia_ta,
		[DHCP6_T_IA_PD] = format_ia,
		[DHCP6_T_IAADDR] = format_iaaddr,
		[DHCP6_T_IAPREFIX] = format_iaprefix,
		[DHCP6_T_ELAPSED] = format_elapsed,
		[DHCP6_T_MSG] = format_msg,
		[DHCP6_T_MSG_TYPE] = format_msg_type,
		[DHCP6_T_STATUS] = format_status,
		[DHCP6_T_STRINGS] = format_strings,
		[DHCP6_T_VENDOR_CLASS] = format_vendor_class,
		[DHCP6_T_VENDOR_OPTS] = format_vendor_opts,
		[DHCP6_T_REMOTE_ID] = format_remote_id,
		[DHCP6_T_ARCH] = format_u16s,
		[DHCP6_T_NII] = format_nii,
		[DHCP6_T_LLADDR] = format_lladdr,
		[DHCP6_T_FQDN] = format_fqdn,
	};
	struct rd r = rd_init(opt->data, opt->len);

	if (opt->len < info->min || (info->max > 0 && opt->len > info->max))
		return -EBADMSG;
	formats[info->type](text, &r, depth);
	return r.bad || r.left > 0 ? -EBADMSG : 0;
}

static void
format_nested(struct sbuf *b, const struct dhcp6_opt *opt, int depth)
{
	const struct dhcp6_opt_info *info = dhcp6_opt_info(opt->code);
	struct sbuf text = SBUF_EMPTY;

	if (!info) {
		add_opaque(b, rd_init(opt->data, opt->len));
	} else if (depth < NEST_MAX &&
	    value_text(&text, info, opt, depth) == 0) {
		sbuf_addn(b, sbuf_str(&text), text.len);
	} else if (opt->len > 0) {
		sbuf_add(b, "0x");
		sbuf_hex(b, opt->data, opt->len, "");
	}
	if (text.bad)
		b->bad = true;
	sbuf_release(&text);
}

void
dhcp6_opt_format(struct sbuf *b, const struct dhcp6_opt *opt)
{
	format_nested(b, opt, 0);
}

int
dhcp6_opt_check(const struct dhcp6_opt *opt)
{
	const struct dhcp6_opt_info *info = dhcp6_opt_info(opt->code);
	struct sbuf text = SBUF_EMPTY;
	int rc = 0;

	if (info)
		rc = value_text(&text, info, opt, 0);
	sbuf_release(&text);
	return rc;
}

void
dhcp6_duid_format(struct sbuf *b, const void *data, size_t len)
{
	if (duid_text(b, data, len) == 0)
		return;
	sbuf_add(b, "0x");
	sbuf_hex(b, data, len, "");
}
