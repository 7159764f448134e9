#include "wire/opening.h"

#include <stdio.h>
#include <string.h>

/* ---------------------------------------------------------------- TLS */

enum {
	TLS_ALERT = 21, TLS_HANDSHAKE = 22,             /* RFC 8446 5.1 */
	TLS_CLIENT_HELLO = 1, TLS_SERVER_HELLO = 2,
	TLS_EXT_SERVER_NAME = 0, TLS_EXT_VERSIONS = 43,
	TLS_ALERT_LEN = 2, TLS_FATAL = 2,
	TLS_1_3 = 0x0304,
};

static const char *
alert_name(uint8_t code)
{
	/* RFC 8446 6: those that end a handshake. */
	static const struct { uint8_t code; const char *name; } rows[] = {
		{ 0, "close notify" }, { 10, "unexpected message" },
		{ 20, "bad record MAC" }, { 40, "handshake failure" },
		{ 42, "bad certificate" }, { 43, "unsupported certificate" },
		{ 44, "certificate revoked" }, { 45, "certificate expired" },
		{ 46, "certificate unknown" }, { 47, "illegal parameter" },
		{ 48, "unknown CA" }, { 49, "access denied" },
		{ 50, "decode error" }, { 51, "decrypt error" },
		{ 70, "protocol version" }, { 71, "insufficient security" },
		{ 80, "internal error" }, { 86, "inappropriate fallback" },
		{ 90, "user canceled" }, { 109, "missing extension" },
		{ 112, "unrecognized name" }, { 116, "certificate required" },
		{ 120, "no application protocol" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].code == code)
			return rows[i].name;
	}
	return "alert";
}

static const char *
tls_version(uint16_t v)
{
	static const char *const names[] = { "SSL 3.0", "TLS 1.0", "TLS 1.1",
	    "TLS 1.2", "TLS 1.3" };

	return v >= 0x0300 && v <= TLS_1_3 ? names[v & 0xff] : "TLS";
}

/* The host name of a server name extension (RFC 6066 3). */
static struct rd
server_name(struct rd ext)
{
	rd_skip(&ext, 2);               /* of the list, which has one */
	if (rd_u8(&ext) != 0)
		ext.bad = true;
	return rd_sub(&ext, rd_u16(&ext));
}

static void
read_hello(struct rd r, bool is_client, struct opening *ret)
{
	struct rd name = rd_init(NULL, 0);
	uint16_t version = rd_u16(&r);

	rd_skip(&r, 32);                /* random */
	rd_skip(&r, rd_u8(&r));         /* session */
	rd_skip(&r, is_client ? rd_u16(&r) : 2);        /* cipher suites */
	rd_skip(&r, is_client ? rd_u8(&r) : 1);         /* compression */
	rd_skip(&r, 2);                 /* length of the extensions */
	while (r.left > 0) {
		uint16_t type = rd_u16(&r);
		struct rd ext = rd_sub(&r, rd_u16(&r));

		if (ext.bad)
			break;
		if (is_client && type == TLS_EXT_SERVER_NAME)
			name = server_name(ext);
		else if (!is_client && type == TLS_EXT_VERSIONS)
			version = rd_u16(&ext);
		else if (is_client && type == TLS_EXT_VERSIONS)
			version = TLS_1_3;      /* whoever sends it has it */
	}
	(void)snprintf(ret->text, sizeof(ret->text), "%sHello, %s%s%s%.*s",
	    is_client ? "Client" : "Server", is_client ? "up to " : "",
	    tls_version(version), name.left > 0 && !name.bad ?
	    ", server name " : "", name.bad ? 0 : (int)name.left,
	    (const char *)(name.p ? name.p : (const uint8_t *)""));
}

static bool
read_tls(struct rd r, struct opening *ret)
{
	uint8_t type = rd_u8(&r);
	uint16_t version = rd_u16(&r);
	uint16_t len = rd_u16(&r);
	uint8_t first = rd_u8(&r);
	uint8_t second = rd_u8(&r);

	if (r.bad || version < 0x0300 || version > TLS_1_3)
		return false;
	if (type == TLS_ALERT && len == TLS_ALERT_LEN) {
		ret->is_error = first == TLS_FATAL;
		(void)snprintf(ret->text, sizeof(ret->text), "%salert: %s",
		    ret->is_error ? "fatal " : "", alert_name(second));
		return true;
	}
	if (type != TLS_HANDSHAKE || (first != TLS_CLIENT_HELLO &&
	    first != TLS_SERVER_HELLO))
		return false;
	rd_skip(&r, 2);                 /* the rest of its 24-bit length */
	read_hello(r, first == TLS_CLIENT_HELLO, ret);
	return true;
}

/* -------------------------------------------------------------- iSCSI */

enum {
	ISCSI_PORT = 3260,
	ISCSI_OP_LOGIN = 0x03, ISCSI_OP_LOGIN_ANSWER = 0x23,
	ISCSI_OP_MASK = 0x3f,
	ISCSI_HEAD_LEN = 48,
};

/* The value of one of the name=value strings of a login (RFC 7143 6.1). */
static const char *
login_value(struct rd r, const char *name)
{
	size_t n = strlen(name);

	while (r.left > 0) {
		size_t len;
		const char *s = rd_cstr(&r, &len);

		if (s && len > n && memcmp(s, name, n) == 0)
			return s + n;
	}
	return NULL;
}

static bool
read_iscsi(struct rd r, struct opening *ret)
{
	struct rd head = r;
	uint8_t op = rd_u8(&head) & ISCSI_OP_MASK;
	const char *target;
	uint8_t class;
	uint8_t detail;

	if (op != ISCSI_OP_LOGIN && op != ISCSI_OP_LOGIN_ANSWER)
		return false;
	head = r;
	rd_skip(&head, 36);             /* to the status of an answer */
	class = rd_u8(&head);
	detail = rd_u8(&head);
	rd_skip(&r, ISCSI_HEAD_LEN);
	if (r.bad)
		return false;
	if (op == ISCSI_OP_LOGIN) {
		target = login_value(r, "TargetName=");
		(void)snprintf(ret->text, sizeof(ret->text), "login%s%s",
		    target ? " to " : "", target ? target : "");
		return true;
	}
	ret->is_error = class >= 2;     /* RFC 7143 11.13.5 */
	(void)snprintf(ret->text, sizeof(ret->text), class == 0 ?
	    "login accepted" : class == 1 ? "login redirected" :
	    "login refused, status %02x%02x", class, detail);
	return true;
}

/* ---------------------------------------------------------------- NFS */

enum {
	NFS_PORT = 2049, RPC_PORT = 111,
	RPC_CALL = 0, RPC_VERSION = 2,
	RPC_NFS = 100003, RPC_MOUNT = 100005, RPC_PORTMAP = 100000,
	MOUNT_MNT = 1,
};

static bool
read_rpc(struct rd r, struct opening *ret)
{
	uint32_t program;
	uint32_t version;
	uint32_t procedure;

	rd_skip(&r, 8);                 /* record mark, xid */
	if (rd_u32(&r) != RPC_CALL || rd_u32(&r) != RPC_VERSION)
		return false;
	program = rd_u32(&r);
	version = rd_u32(&r);
	procedure = rd_u32(&r);
	if (r.bad || (program != RPC_NFS && program != RPC_MOUNT &&
	    program != RPC_PORTMAP))
		return false;
	(void)snprintf(ret->text, sizeof(ret->text), "%s version %u call %u",
	    program == RPC_NFS ? "NFS" : program == RPC_MOUNT ? "MOUNT" :
	    "PORTMAP", version, procedure);
	return true;
}

/* ---------------------------------------------------------------- NBD */

static bool
read_nbd(struct rd r, struct opening *ret)
{
	static const char server[] = "NBDMAGIC";
	static const char option[] = "IHAVEOPT";
	static const uint8_t old[] = { 0, 0, 0x42, 2, 0x81, 0x86, 0x12, 0x53 };
	uint8_t magic[8];
	uint8_t style[8];

	rd_copy(&r, magic, sizeof(magic));
	rd_copy(&r, style, sizeof(style));
	if (r.bad || memcmp(magic, server, sizeof(magic)) != 0)
		return false;
	if (memcmp(style, option, sizeof(style)) == 0)
		(void)snprintf(ret->text, sizeof(ret->text), "server greets");
	else if (memcmp(style, old, sizeof(style)) == 0)
		(void)snprintf(ret->text, sizeof(ret->text),
		    "server greets in the old style");
	else
		return false;
	return true;
}

/* -------------------------------------------------------------------- */

bool
opening_parse(struct rd payload, uint16_t sport, uint16_t dport,
    struct opening *ret)
{
	bool (*read)(struct rd r, struct opening *ret);
	int first = rd_peek(&payload, 0);
	enum opening_kind kind;

	if (first == TLS_HANDSHAKE || first == TLS_ALERT) {
		kind = OPENING_TLS;
		read = read_tls;
	} else if (first == 'N') {
		kind = OPENING_NBD;
		read = read_nbd;
	} else if (sport == ISCSI_PORT || dport == ISCSI_PORT) {
		kind = OPENING_ISCSI;
		read = read_iscsi;
	} else if (dport == NFS_PORT || dport == RPC_PORT) {
		kind = OPENING_NFS;
		read = read_rpc;
	} else {
		return false;
	}
	*ret = (struct opening){ .kind = kind };
	if (!read(payload, ret))
		ret->kind = OPENING_NONE;
	return ret->kind != OPENING_NONE;
}

const char *
opening_name(enum opening_kind kind)
{
	static const char *const names[OPENING_N] = {
		[OPENING_NONE] = "none", [OPENING_TLS] = "tls",
		[OPENING_ISCSI] = "iscsi", [OPENING_NFS] = "nfs",
		[OPENING_NBD] = "nbd",
	};

	return names[kind];
}
