#include "wire/dhcp_opt.h"

#include "base/text.h"
#include "wire/dhcp4.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	NAME_MAX_LEN = 255,             /* RFC 1035 2.3.4 */
	LABEL_POINTER = 0xc0,           /* RFC 1035 4.1.4 */
	FQDN_WIRE_NAME = 0x04,          /* RFC 4702 2.1: the E flag */
	UNDI_TYPE = 1,                  /* RFC 4578 2.2 */
	UUID_TYPE = 0,                  /* RFC 4578 2.3 */
	PREFIX_MAX = 32,
};

/* ---- rows ---- */

static int
row_compare(const void *key, const void *row)
{
	const struct dhcp_opt_info *info = row;

	return (int)*(const uint8_t *)key - (int)info->code;
}

const struct dhcp_opt_info *
dhcp_opt_info(enum dhcp_space space, uint8_t code)
{
	size_t n;
	const struct dhcp_opt_info *rows = dhcp_opt_rows(space, &n);

	return rows ? bsearch(&code, rows, n, sizeof(*rows), row_compare) :
	    NULL;
}

const struct dhcp_opt_info *
dhcp_opt_by_name(enum dhcp_space space, const char *name)
{
	size_t n;
	const struct dhcp_opt_info *rows = dhcp_opt_rows(space, &n);

	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

/* ---- values ---- */

/*
 * For each type there is one function that reads a value and says it as
 * text. What is wrong with the value makes the reader bad, and so does what
 * it leaves unread: checking and printing cannot disagree.
 */

/* Opaque bytes: what a person can read is shown as text. */
static void
add_opaque(struct sbuf *b, struct rd r)
{
	size_t len = r.left;
	const uint8_t *p = rd_take(&r, len);

	if (len > 0 && text_is_clean(p, len)) {
		sbuf_addn(b, p, len);
	} else if (len > 0) {
		sbuf_add(b, "0x");
		sbuf_hex(b, p, len, "");
	}
}

static void
add_ip(struct sbuf *b, uint32_t v)
{
	char text[IP_TEXT_MAX];

	sbuf_add(b, ipv4_format((struct in_addr){ htonl(v) }, text));
}

/* Before all elements of a list but the first. */
static void
add_comma(struct sbuf *b, const struct rd *r)
{
	if (r->at > 0)
		sbuf_addc(b, ',');
}

static void
format_none(struct sbuf *b, const struct dhcp_opt_info *info, struct rd *r)
{
	(void)b;
	(void)info;
	(void)r;
}

static void
format_bytes(struct sbuf *b, const struct dhcp_opt_info *info, struct rd *r)
{
	(void)info;
	add_opaque(b, rd_rest(r));
}

/* RFC 2132 2: a receiver deletes trailing NULs. One inside is no text. */
static void
format_text(struct sbuf *b, const struct dhcp_opt_info *info, struct rd *r)
{
	size_t len = r->left;
	const uint8_t *p = rd_take(r, len);

	(void)info;
	while (len > 0 && p[len - 1] == '\0')
		len--;
	if (len > 0 && memchr(p, '\0', len))
		r->bad = true;
	else
		sbuf_escape(b, p, len);
}

static void
format_bool(struct sbuf *b, const struct dhcp_opt_info *info, struct rd *r)
{
	uint8_t v = rd_u8(r);

	(void)info;
	if (v > 1)
		r->bad = true;
	sbuf_add(b, v ? "true" : "false");
}

static void
format_u8s(struct sbuf *b, const struct dhcp_opt_info *info, struct rd *r)
{
	(void)info;
	while (r->left > 0) {
		add_comma(b, r);
		sbuf_printf(b, "%u", rd_u8(r));
	}
}

static void
format_u16s(struct sbuf *b, const struct dhcp_opt_info *info, struct rd *r)
{
	(void)info;
	while (r->left > 0) {
		add_comma(b, r);
		sbuf_printf(b, "%u", rd_u16(r));
	}
}

static void
format_u32(struct sbuf *b, const struct dhcp_opt_info *info, struct rd *r)
{
	(void)info;
	sbuf_printf(b, "%u", (unsigned int)rd_u32(r));
}

static void
format_s8(struct sbuf *b, const struct dhcp_opt_info *info, struct rd *r)
{
	(void)info;
	sbuf_printf(b, "%d", (int8_t)rd_u8(r));
}

static void
format_s32(struct sbuf *b, const struct dhcp_opt_info *info, struct rd *r)
{
	(void)info;
	sbuf_printf(b, "%d", (int)(int32_t)rd_u32(r));
}

static void
format_ips(struct sbuf *b, const struct dhcp_opt_info *info, struct rd *r)
{
	(void)info;
	while (r->left > 0) {
		add_comma(b, r);
		add_ip(b, rd_u32(r));
	}
}

static void
format_ip_pairs(struct sbuf *b, const struct dhcp_opt_info *info,
    struct rd *r)
{
	(void)info;
	while (r->left > 0) {
		add_comma(b, r);
		add_ip(b, rd_u32(r));
		sbuf_addc(b, ' ');
		add_ip(b, rd_u32(r));
	}
}

/*
 * One name. A pointer may only go to before the run of labels that it ends,
 * so that a name cannot run in circles.
 */
static void
add_domain(struct sbuf *b, const struct rd *whole, struct rd *r)
{
	struct rd jumped = *whole;
	struct rd *from = r;
	size_t run_start = r->at;
	size_t total = 0;

	for (;;) {
		uint8_t len = rd_u8(from);
		const uint8_t *label;

		if ((len & LABEL_POINTER) == LABEL_POINTER) {
			size_t to = (size_t)(len & ~LABEL_POINTER) << 8 |
			    rd_u8(from);

			if (from->bad || to >= run_start)
				break;
			run_start = to;
			jumped = *whole;
			rd_skip(&jumped, to);
			from = &jumped;
			continue;
		}
		label = rd_take(from, len);
		total += 1 + (size_t)len;
		if (!label || len > 63 || total > NAME_MAX_LEN)
			break;
		if (len == 0)
			return;
		if (total > 1 + (size_t)len)
			sbuf_addc(b, '.');
		sbuf_escape(b, label, len);
	}
	r->bad = true;
	r->left = 0;
}

static void
format_domains(struct sbuf *b, const struct dhcp_opt_info *info, struct rd *r)
{
	const struct rd whole = *r;

	(void)info;
	while (r->left > 0) {
		add_comma(b, r);
		add_domain(b, &whole, r);
	}
}

/* RFC 3442: only the octets of a destination that the mask covers are sent. */
static void
format_routes(struct sbuf *b, const struct dhcp_opt_info *info, struct rd *r)
{
	(void)info;
	while (r->left > 0) {
		uint32_t to = 0;
		unsigned int n_bits;

		add_comma(b, r);
		n_bits = rd_u8(r);
		if (n_bits > PREFIX_MAX) {
			r->bad = true;
			return;
		}
		for (unsigned int bit = 0; bit < n_bits; bit += 8)
			to |= (uint32_t)rd_u8(r) << (24 - bit);
		add_ip(b, to);
		sbuf_printf(b, "/%u via ", n_bits);
		add_ip(b, rd_u32(r));
	}
}

static void
format_client_id(struct sbuf *b, const struct dhcp_opt_info *info,
    struct rd *r)
{
	size_t len;

	(void)info;
	sbuf_printf(b, "%02x ", rd_u8(r));
	len = r->left;
	sbuf_hex(b, rd_take(r, len), len, ":");
}

/* A list is told from a bare string by brackets: servers confuse them. */
static void
format_user_class(struct sbuf *b, const struct dhcp_opt_info *info,
    struct rd *r)
{
	size_t len = r->left;
	struct user_class uc;
	struct rd next;

	(void)info;
	if (user_class_parse(rd_take(r, len), len, &uc) < 0) {
		r->bad = true;
		return;
	}
	if (uc.is_list)
		sbuf_addc(b, '[');
	add_opaque(b, uc.first);
	while (user_class_next(&uc, &next)) {
		sbuf_addc(b, ',');
		add_opaque(b, next);
	}
	if (uc.is_list)
		sbuf_addc(b, ']');
}

static void
format_vendor_id(struct sbuf *b, const struct dhcp_opt_info *info,
    struct rd *r)
{
	(void)info;
	while (r->left > 0) {
		if (r->at > 0)
			sbuf_add(b, "; ");
		sbuf_printf(b, "%u: ", (unsigned int)rd_u32(r));
		add_opaque(b, rd_sub(r, rd_u8(r)));
	}
}

static void
format_undi(struct sbuf *b, const struct dhcp_opt_info *info, struct rd *r)
{
	unsigned int type = rd_u8(r);
	unsigned int major = rd_u8(r);

	(void)info;
	if (type == UNDI_TYPE)
		sbuf_add(b, "UNDI ");
	else
		sbuf_printf(b, "type %u ", type);
	sbuf_printf(b, "%u.%u", major, rd_u8(r));
}

static void
format_uuid(struct sbuf *b, const struct dhcp_opt_info *info, struct rd *r)
{
	uint8_t stored[UUID_LEN];
	uint8_t uuid[UUID_LEN];
	char text[UUID_TEXT_MAX];

	(void)info;
	if (rd_u8(r) != UUID_TYPE)
		r->bad = true;
	rd_copy(r, stored, sizeof(stored));
	uuid_swap(stored, uuid);
	sbuf_add(b, uuid_format(uuid, text));
}

/* RFC 4702 2.3.1: a partial name in wire form has no final empty label. */
static void
format_fqdn(struct sbuf *b, const struct dhcp_opt_info *info, struct rd *r)
{
	uint8_t flags = rd_u8(r);

	sbuf_printf(b, "flags=0x%02x ", flags);
	rd_skip(r, 2);                  /* RCODE1, RCODE2: obsolete */
	if (!(flags & FQDN_WIRE_NAME)) {
		format_text(b, info, r);
		return;
	}
	for (bool is_first = true; r->left > 0; is_first = false) {
		uint8_t len = rd_u8(r);
		const uint8_t *label = rd_take(r, len);

		if (len > 63)
			r->bad = true;
		if (!label || len == 0)
			return;
		if (!is_first)
			sbuf_addc(b, '.');
		sbuf_escape(b, label, len);
	}
}

static void
format_space(struct sbuf *b, const struct dhcp_opt_info *info, struct rd *r)
{
	struct dhcp_sub sub;
	bool is_first = true;

	while (dhcp_sub_next(info->space, r, &sub)) {
		const struct dhcp_opt_info *row;
		size_t len = sub.value.left;

		if (!is_first)
			sbuf_add(b, ", ");
		is_first = false;
		row = dhcp_opt_info(info->space, sub.code);
		if (row)
			sbuf_add(b, row->name);
		else
			sbuf_printf(b, "%u", sub.code);
		if (len == 0)
			continue;
		sbuf_addc(b, '=');
		dhcp_opt_format(b, row, rd_take(&sub.value, len), len);
	}
}

static void
format_msg_type(struct sbuf *b, const struct dhcp_opt_info *info,
    struct rd *r)
{
	uint8_t type = rd_u8(r);
	const char *name = dhcp4_type_name(type);

	(void)info;
	if (name)
		sbuf_add(b, name);
	else
		sbuf_printf(b, "%u", type);
}

static void
format_version(struct sbuf *b, const struct dhcp_opt_info *info, struct rd *r)
{
	(void)info;
	while (r->left > 0) {
		if (r->at > 0)
			sbuf_addc(b, '.');
		sbuf_printf(b, "%u", rd_u8(r));
	}
}

static void
format_pxe_servers(struct sbuf *b, const struct dhcp_opt_info *info,
    struct rd *r)
{
	(void)info;
	while (r->left > 0) {
		unsigned int n;

		if (r->at > 0)
			sbuf_add(b, "; ");
		sbuf_printf(b, "%u:", rd_u16(r));
		n = rd_u8(r);
		for (unsigned int i = 0; i < n && !r->bad; i++) {
			sbuf_addc(b, ' ');
			add_ip(b, rd_u32(r));
		}
	}
}

/* Menu texts are escaped whole: some servers end them with a NUL. */
static void
format_pxe_menu(struct sbuf *b, const struct dhcp_opt_info *info,
    struct rd *r)
{
	(void)info;
	while (r->left > 0) {
		struct rd text;

		if (r->at > 0)
			sbuf_add(b, "; ");
		sbuf_printf(b, "%u: ", rd_u16(r));
		text = rd_sub(r, rd_u8(r));
		format_text(b, info, &text);
		if (text.bad)
			r->bad = true;
	}
}

static void
format_pxe_prompt(struct sbuf *b, const struct dhcp_opt_info *info,
    struct rd *r)
{
	sbuf_printf(b, "%u s ", rd_u8(r));
	format_text(b, info, r);
}

static void
format_pxe_item(struct sbuf *b, const struct dhcp_opt_info *info,
    struct rd *r)
{
	(void)info;
	sbuf_printf(b, "type %u ", rd_u16(r));
	sbuf_printf(b, "layer %u", rd_u16(r));
}

static void
value_format(struct sbuf *b, const struct dhcp_opt_info *info, struct rd *r)
{
	static void (*const formats[])(struct sbuf *b,
	    const struct dhcp_opt_info *info, struct rd *r) = {
		[DHCP_T_NONE] = format_none,
		[DHCP_T_BYTES] = format_bytes,
		[DHCP_T_TEXT] = format_text,
		[DHCP_T_BOOL] = format_bool,
		[DHCP_T_U8] = format_u8s,
		[DHCP_T_U8S] = format_u8s,
		[DHCP_T_U16] = format_u16s,
		[DHCP_T_U16S] = format_u16s,
		[DHCP_T_U32] = format_u32,
		[DHCP_T_S32] = format_s32,
		[DHCP_T_IP] = format_ips,
		[DHCP_T_IPS] = format_ips,
		[DHCP_T_IP_PAIRS] = format_ip_pairs,
		[DHCP_T_DOMAINS] = format_domains,
		[DHCP_T_ROUTES] = format_routes,
		[DHCP_T_CODES] = format_u8s,
		[DHCP_T_CLIENT_ID] = format_client_id,
		[DHCP_T_USER_CLASS] = format_user_class,
		[DHCP_T_VENDOR_ID] = format_vendor_id,
		[DHCP_T_ARCH] = format_u16s,
		[DHCP_T_UNDI] = format_undi,
		[DHCP_T_UUID] = format_uuid,
		[DHCP_T_FQDN] = format_fqdn,
		[DHCP_T_SPACE] = format_space,
		[DHCP_T_MSG_TYPE] = format_msg_type,
		[DHCP_T_S8] = format_s8,
		[DHCP_T_VERSION] = format_version,
		[DHCP_T_PXE_SERVERS] = format_pxe_servers,
		[DHCP_T_PXE_MENU] = format_pxe_menu,
		[DHCP_T_PXE_PROMPT] = format_pxe_prompt,
		[DHCP_T_PXE_ITEM] = format_pxe_item,
	};

	if (r->left < info->min || (info->max > 0 && r->left > info->max))
		r->bad = true;
	else
		formats[info->type](b, info, r);
}

/* Say the value into an empty @text. */
static int
value_text(struct sbuf *text, const struct dhcp_opt_info *info,
    const void *data, size_t len)
{
	struct rd r = rd_init(data, len);

	value_format(text, info, &r);
	return r.bad || r.left > 0 ? -EBADMSG : 0;
}

int
dhcp_opt_check(const struct dhcp_opt_info *info, const void *data, size_t len)
{
	struct sbuf text = SBUF_EMPTY;
	int rc;

	rc = value_text(&text, info, data, len);
	sbuf_release(&text);
	return rc;
}

void
dhcp_opt_format(struct sbuf *b, const struct dhcp_opt_info *info,
    const void *data, size_t len)
{
	struct sbuf text = SBUF_EMPTY;

	if (!info) {
		add_opaque(b, rd_init(data, len));
	} else if (value_text(&text, info, data, len) == 0) {
		sbuf_addn(b, sbuf_str(&text), text.len);
	} else if (len > 0) {
		sbuf_add(b, "0x");
		sbuf_hex(b, data, len, "");
	}
	if (text.bad)
		b->bad = true;
	sbuf_release(&text);
}

/* ---- sub-options ---- */

bool
dhcp_sub_next(enum dhcp_space space, struct rd *r, struct dhcp_sub *ret)
{
	bool has_pad = space != DHCP_SPACE_RELAY;

	while (r->left > 0) {
		uint8_t code = rd_u8(r);
		struct rd value;

		if (has_pad && code == DHCP4_OPT_PAD)
			continue;
		if (has_pad && code == DHCP4_OPT_END) {
			rd_skip(r, r->left);
			return false;
		}
		value = rd_sub(r, rd_u8(r));
		if (r->bad)
			return false;
		ret->code = code;
		ret->value = value;
		return true;
	}
	return false;
}

bool
dhcp_sub_find(enum dhcp_space space, const void *data, size_t len,
    uint8_t code, struct rd *ret)
{
	struct rd r = rd_init(data, len);
	struct dhcp_sub sub;

	while (dhcp_sub_next(space, &r, &sub)) {
		if (sub.code != code)
			continue;
		*ret = sub.value;
		return true;
	}
	return false;
}

/* ---- user class ---- */

static bool
is_class_list(struct rd r)
{
	while (r.left > 0) {
		uint8_t len = rd_u8(&r);

		if (len == 0)
			return false;
		rd_skip(&r, len);
	}
	return !r.bad;
}

int
user_class_parse(const void *data, size_t len, struct user_class *ret)
{
	struct user_class uc = { .rest = rd_init(data, len) };
	struct rd r = rd_init(data, len);

	if (len == 0)
		return -ENODATA;
	uc.is_list = is_class_list(r);
	if (!uc.is_list) {
		uc.n = 1;
		uc.first = rd_rest(&uc.rest);
		*ret = uc;
		return 0;
	}
	while (r.left > 0) {
		rd_skip(&r, rd_u8(&r));
		uc.n++;
	}
	uc.first = rd_sub(&uc.rest, rd_u8(&uc.rest));
	*ret = uc;
	return 0;
}

bool
user_class_next(struct user_class *uc, struct rd *ret)
{
	if (uc->rest.left == 0)
		return false;
	*ret = rd_sub(&uc->rest, rd_u8(&uc->rest));
	return true;
}
