#include "lint/ask.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
	ASK_VALUE_MAX = 4096,           /* bytes of one option */
	ASK_NAME_MAX = 32,
	RELAY_CIRCUIT_ID = 1,           /* RFC 3046 2.0 */
	RELAY_SUB_MAX = 255,
	ENTERPRISE_INTEL = 343,         /* what PXE says it is of, RFC 5970 */
	XID_ASKED = 0x505845,
	CLASS_MAX = 64,
};

/* The MAC address of a client of which none was said: QEMU's first. */
static const uint8_t default_mac[MAC_LEN] =
    { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

void
ask_release(struct ask *a)
{
	arena_release(&a->arena);
}

static int
set_opt(struct ask *a, uint8_t code, const void *data, size_t len)
{
	char *copy = arena_dup(&a->arena, data, len);

	if (!copy)
		return -ENOMEM;
	a->opt[code] = (struct ask_opt){ true, (uint8_t *)copy, len };
	return 0;
}

static int
set_text(struct ask *a, uint8_t code, const char *value)
{
	return set_opt(a, code, value, strlen(value));
}

static int
set_arch(struct ask *a, const char *value, struct diag *diag)
{
	const struct arch *row = arch_by_word(value);
	uint64_t v;
	uint8_t bytes[2];
	struct wr w = wr_init(bytes, sizeof(bytes));
	int rc = 0;

	if (row)
		v = row->number;
	else
		rc = parse_uint(value, 0, UINT16_MAX, &v, diag);
	if (rc < 0)
		return rc;
	wr_u16(&w, (uint16_t)v);
	return set_opt(a, a->is_v6 ? DHCP6_OPT_ARCH : DHCP4_OPT_ARCH, bytes,
	    sizeof(bytes));
}

/* Of DHCPv6 a string with its length, behind Intel's number in option 16. */
static int
set_class(struct ask *a, bool is_vendor, const char *value)
{
	uint8_t bytes[ASK_VALUE_MAX];
	struct wr w = wr_init(bytes, sizeof(bytes));

	if (!a->is_v6)
		return set_text(a, is_vendor ? DHCP4_OPT_VENDOR_CLASS :
		    DHCP4_OPT_USER_CLASS, value);
	if (is_vendor)
		wr_u32(&w, ENTERPRISE_INTEL);
	dhcp6_put_str(&w, value);
	if (w.full)
		return -EMSGSIZE;
	return set_opt(a, is_vendor ? DHCP6_OPT_VENDOR_CLASS :
	    DHCP6_OPT_USER_CLASS, bytes, w.len);
}

static int
set_circuit(struct ask *a, const char *value, struct diag *diag)
{
	uint8_t bytes[2 + RELAY_SUB_MAX];
	struct wr w = wr_init(bytes, sizeof(bytes));
	size_t at;

	wr_u8(&w, RELAY_CIRCUIT_ID);
	at = wr_mark8(&w);
	wr_str(&w, value);
	wr_fill8(&w, at);
	if (w.full) {
		diag_set(diag, "a circuit id has at most %d bytes",
		    RELAY_SUB_MAX);
		return -EINVAL;
	}
	return set_opt(a, DHCP4_OPT_RELAY, bytes, w.len);
}

/* "1,3,66": the codes of the parameter request list; of DHCPv6, two bytes. */
static int
set_prl(struct ask *a, const char *value, struct diag *diag)
{
	uint8_t codes[2 * UINT8_MAX];
	struct wr w = wr_init(codes, a->is_v6 ? sizeof(codes) : UINT8_MAX);

	while (*value) {
		size_t len = strcspn(value, ",");
		char word[8];
		uint64_t v;
		int rc;

		if (len >= sizeof(word) || w.full) {
			diag_set(diag, "'%s' is no list of option codes",
			    value);
			return -EINVAL;
		}
		memcpy(word, value, len);
		word[len] = '\0';
		rc = parse_uint(word, 1, 254, &v, diag);
		if (rc < 0)
			return rc;
		if (a->is_v6)
			wr_u8(&w, 0);
		wr_u8(&w, (uint8_t)v);
		value += len + (value[len] == ',');
	}
	return set_opt(a, a->is_v6 ? DHCP6_OPT_ORO : DHCP4_OPT_PRL, codes,
	    w.len);
}

static int
set_code(struct ask *a, const char *value, struct diag *diag)
{
	uint8_t bytes[ASK_VALUE_MAX];
	size_t len = strcspn(value, "=");
	char word[8];
	uint64_t code;
	size_t n = 0;
	int rc;

	if (value[len] != '=' || len >= sizeof(word)) {
		diag_set(diag, "'%s' is not CODE=HEX, as 93=0007", value);
		return -EINVAL;
	}
	memcpy(word, value, len);
	word[len] = '\0';
	rc = parse_uint(word, 1, 254, &code, diag);
	if (rc == 0 && code == DHCP4_OPT_OVERLOAD && !a->is_v6) {
		diag_set(diag, "option 52 says how a message is packed, and "
		    "cannot be given");
		return -EINVAL;
	}
	if (rc == 0 && value[len + 1])
		rc = parse_hex(value + len + 1, bytes, sizeof(bytes), &n, diag);
	return rc < 0 ? rc : set_opt(a, (uint8_t)code, bytes, n);
}

static int
set_link(struct ask *a, const char *value, struct diag *diag)
{
	struct ip_addr ip;
	int rc = parse_ip(value, &ip, diag);

	if (rc == 0 && ip.family != AF_INET6) {
		diag_set(diag, "'%s' is no IPv6 address", value);
		return -EINVAL;
	}
	if (rc == 0)
		a->link = ip.v6;
	return rc;
}

static int
set_persona(struct ask *a, const char *value, struct diag *diag)
{
	const struct persona *p = persona_find(value);
	const char *nearest = p ? NULL : persona_nearest(value);

	if (!p) {
		diag_set(diag, "'%s' is no persona%s%s", value,
		    nearest ? ": did you mean " : "", nearest ? nearest : "");
		return -EINVAL;
	}
	if (p->v6) {
		diag_set(diag, "'%s' boots over IPv6: only DHCPv4 can be "
		    "asked", value);
		return -EINVAL;
	}
	if (!p->discover_order) {
		diag_set(diag, "'%s' does no DHCP", value);
		return -EINVAL;
	}
	a->persona = p;
	return 0;
}

static int
set_bool(bool *to, const char *value, struct diag *diag)
{
	*to = strcmp(value, "true") == 0 || strcmp(value, "1") == 0;
	if (*to || strcmp(value, "false") == 0 || strcmp(value, "0") == 0)
		return 0;
	diag_set(diag, "'%s' is neither true nor false", value);
	return -EINVAL;
}

int
ask_set(struct ask *a, const char *name, const char *value,
    struct diag *diag)
{
	char word[ASK_NAME_MAX];
	int rc;

	(void)text_copy(word, sizeof(word), name);
	for (char *p = word; *p; p++)
		*p = *p == '_' ? '-' : *p;
	if (strcmp(word, "arch") == 0)
		return set_arch(a, value, diag);
	if (strcmp(word, "vendor-class") == 0)
		return set_class(a, true, value);
	if (strcmp(word, "user-class") == 0)
		return set_class(a, false, value);
	if (strcmp(word, "circuit-id") == 0 && !a->is_v6)
		return set_circuit(a, value, diag);
	if (strcmp(word, "prl") == 0)
		return set_prl(a, value, diag);
	if (strcmp(word, "option") == 0)
		return set_code(a, value, diag);
	if (strcmp(word, "persona") == 0)
		return set_persona(a, value, diag);
	if (strcmp(word, "giaddr") == 0)
		return a->is_v6 ? set_link(a, value, diag) :
		    parse_ipv4(value, &a->giaddr, diag);
	if (strcmp(word, "server-ip") == 0 && !a->is_v6)
		return parse_ipv4(value, &a->server_ip, diag);
	if (strcmp(word, "pxe-port") == 0)
		return set_bool(&a->pxe_port, value, diag);
	if (strcmp(word, "mac") == 0) {
		rc = parse_mac(value, a->mac, diag);
		a->has_mac = a->has_mac || rc == 0;
		return rc;
	}
	if (strcmp(word, "uuid") == 0) {
		rc = parse_uuid(value, a->uuid, diag);
		a->has_uuid = a->has_uuid || rc == 0;
		return rc;
	}
	diag_set(diag, "'%s' says nothing about a request", name);
	return -ENOENT;
}

/* The header of a message, and none of its options. */
static void
copy_head(const struct dhcp4_msg *from, struct dhcp4_msg *to)
{
	dhcp4_msg_init(to, (enum dhcp4_op)from->op);
	to->htype = from->htype;
	to->hlen = from->hlen;
	to->hops = from->hops;
	to->xid = from->xid;
	to->secs = from->secs;
	to->flags = from->flags;
	to->ciaddr = from->ciaddr;
	to->yiaddr = from->yiaddr;
	to->siaddr = from->siaddr;
	to->giaddr = from->giaddr;
	to->is_bootp = from->is_bootp;
	memcpy(to->chaddr, from->chaddr, sizeof(to->chaddr));
	/* what an overloaded field holds is among the options */
	if (!(from->overload & 2))
		memcpy(to->sname, from->sname, sizeof(to->sname));
	if (!(from->overload & 1))
		memcpy(to->file, from->file, sizeof(to->file));
}

/* The options of @from, with those of @a in place of its own; then the rest. */
static int
copy_opts(const struct ask *a, const struct dhcp4_msg *from,
    struct dhcp4_msg *to)
{
	bool done[256] = { [DHCP4_OPT_OVERLOAD] = true };
	int rc = 0;

	/* a message type of no bytes: BOOTP, which has none */
	if (a && a->opt[DHCP4_OPT_MSG_TYPE].set &&
	    a->opt[DHCP4_OPT_MSG_TYPE].len == 0)
		done[DHCP4_OPT_MSG_TYPE] = true;
	for (size_t i = 0; i < from->n_opts && rc == 0; i++) {
		const struct dhcp4_opt *o = &from->opts[i];
		const struct ask_opt *said = a ? &a->opt[o->code] : NULL;

		if (done[o->code])
			continue;
		done[o->code] = true;
		rc = said && said->set ?
		    dhcp4_add(to, o->code, said->data, said->len) :
		    dhcp4_add(to, o->code, o->data, o->len);
	}
	for (size_t code = 1; a && code < 255 && rc == 0; code++) {
		if (a->opt[code].set && !done[code])
			rc = dhcp4_add(to, (uint8_t)code, a->opt[code].data,
			    a->opt[code].len);
	}
	return rc;
}

static int
copy(const struct ask *a, const struct dhcp4_msg *from, struct dhcp4_msg *ret)
{
	struct dhcp4_msg msg;
	int rc;

	copy_head(from, &msg);
	rc = copy_opts(a, from, &msg);
	if (rc < 0) {
		dhcp4_msg_release(&msg);
		return rc;
	}
	*ret = msg;
	return 0;
}

int
ask_copy(const struct dhcp4_msg *from, struct dhcp4_msg *ret)
{
	return copy(NULL, from, ret);
}

static bool
has_options(const struct ask *a)
{
	for (size_t i = 0; i < ARRAY_LEN(a->opt); i++) {
		if (a->opt[i].set && i != DHCP4_OPT_RELAY)
			return true;
	}
	return false;
}

/* A message that says no more than it must. */
static int
bare_message(const struct ask *a, struct dhcp4_msg *ret)
{
	uint8_t uuid[1 + UUID_LEN] = { 0 };
	struct dhcp4_msg msg;
	int rc;

	dhcp4_msg_init(&msg, DHCP4_BOOTREQUEST);
	rc = dhcp4_add_u8(&msg, DHCP4_OPT_MSG_TYPE,
	    a->pxe_port ? DHCP4_REQUEST : DHCP4_DISCOVER);
	if (rc == 0 && a->has_uuid) {
		uuid_swap(a->uuid, uuid + 1);
		rc = dhcp4_add(&msg, DHCP4_OPT_UUID, uuid, sizeof(uuid));
	}
	if (rc < 0) {
		dhcp4_msg_release(&msg);
		return rc;
	}
	*ret = msg;
	return 0;
}

int
ask_request(const struct ask *a, struct dhcp4_msg *ret)
{
	const struct persona *p = a->persona || has_options(a) ? a->persona :
	    persona_find("intel-bios");
	struct machine m = { .has_uuid = a->has_uuid };
	struct persona_ask how = {
		.type = a->pxe_port ? DHCP4_REQUEST : DHCP4_DISCOVER,
		.to_pxe_port = a->pxe_port,
	};
	struct dhcp4_msg base;
	int rc;

	memcpy(m.uuid, a->uuid, sizeof(m.uuid));
	memcpy(m.mac, a->has_mac ? a->mac : default_mac, sizeof(m.mac));
	if (a->msg)
		rc = ask_copy(a->msg, &base);
	else if (p)
		rc = persona_message(p, &m, &how, &base);
	else
		rc = bare_message(a, &base);
	if (rc < 0)
		return rc;
	if (a->has_mac || !a->msg)
		memcpy(base.chaddr, m.mac, sizeof(m.mac));
	if (a->giaddr.s_addr)
		base.giaddr = a->giaddr;
	rc = copy(a, &base, ret);
	dhcp4_msg_release(&base);
	return rc;
}

/* Which machine it is: by its UUID (RFC 6355), else its address. */
static int
add_duid(const struct ask *a, struct dhcp6_msg *msg)
{
	uint8_t bytes[DHCP6_DUID_MAX];
	struct wr w = wr_init(bytes, sizeof(bytes));

	wr_u16(&w, a->has_uuid ? DHCP6_DUID_UUID : DHCP6_DUID_LL);
	if (a->has_uuid) {
		wr_bytes(&w, a->uuid, sizeof(a->uuid));
	} else {
		wr_u16(&w, 1);          /* Ethernet */
		wr_bytes(&w, a->has_mac ? a->mac : default_mac, MAC_LEN);
	}
	return dhcp6_add(msg, DHCP6_OPT_CLIENTID, bytes, w.len);
}

/* What a boot is made of is asked for, unless a list was said. */
static int
add_list(const struct ask *a, struct dhcp6_msg *msg)
{
	static const uint8_t usual[] = { 0, DHCP6_OPT_BOOTFILE_URL, 0,
	    DHCP6_OPT_BOOTFILE_PARAM, 0, DHCP6_OPT_DNS, 0,
	    DHCP6_OPT_VENDOR_CLASS, 0, DHCP6_OPT_VENDOR_OPTS };

	return a->opt[DHCP6_OPT_ORO].set ? 0 :
	    dhcp6_add(msg, DHCP6_OPT_ORO, usual, sizeof(usual));
}

/* Of a persona what tells it from others. */
static int
add_persona(const struct ask *a, struct ask *ret)
{
	const struct persona *p = a->persona;
	char class[CLASS_MAX];
	char number[8];
	int rc;

	*ret = (struct ask){ .is_v6 = true };
	if (!p)
		return 0;
	(void)snprintf(number, sizeof(number), "%u", p->arch);
	(void)snprintf(class, sizeof(class), "%s:Arch:%05u:UNDI:003016",
	    p->kind == PERSONA_UEFI_HTTP ? "HTTPClient" : "PXEClient",
	    p->arch);
	rc = set_arch(ret, number, NULL);
	if (rc == 0)
		rc = set_class(ret, true, class);
	if (rc == 0 && p->user_class)
		rc = set_class(ret, false, p->user_class);
	return rc;
}

int
ask_request6(const struct ask *a, struct dhcp6_msg *ret)
{
	uint8_t ia[12] = { 0, 0, 0, 1 };
	struct ask own;
	int rc = add_persona(a, &own);

	dhcp6_msg_init(ret, DHCP6_SOLICIT);
	ret->xid = XID_ASKED;
	if (rc == 0 && !a->opt[DHCP6_OPT_CLIENTID].set)
		rc = add_duid(a, ret);
	if (rc == 0)
		rc = add_list(a, ret);
	if (rc == 0)
		rc = dhcp6_add(ret, DHCP6_OPT_IA_NA, ia, sizeof(ia));
	for (size_t i = 1; i < ARRAY_LEN(a->opt) && rc == 0; i++) {
		const struct ask_opt *o = a->opt[i].set ? &a->opt[i] :
		    &own.opt[i];

		if (o->set && i != DHCP6_OPT_IA_NA)
			rc = dhcp6_add(ret, (uint16_t)i, o->data, o->len);
	}
	ask_release(&own);
	if (rc < 0)
		dhcp6_msg_release(ret);
	return rc;
}
