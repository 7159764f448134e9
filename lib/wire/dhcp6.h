/*
 * dhcp6.h - DHCPv6 messages (RFC 8415) in and out of bytes, with the options
 * of a network boot (RFC 5970).
 *
 * Unlike DHCPv4's, options may be repeated and hold options themselves: a
 * message keeps them in wire order, and what lies inside one is walked with
 * dhcp6_opt_next(). A relayed message is parsed down to the client's own.
 */
#ifndef PXE_WIRE_DHCP6_H
#define PXE_WIRE_DHCP6_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/diag.h"
#include "base/sbuf.h"
#include "base/text.h"

enum {
	DHCP6_CLIENT_PORT = 546,
	DHCP6_SERVER_PORT = 547,
	DHCP6_HEAD_LEN = 4,             /* RFC 8415 8 */
	DHCP6_RELAY_HEAD_LEN = 34,      /* RFC 8415 9 */
	DHCP6_RELAYS_MAX = 32,          /* ours; RFC 8415 7.6 has 8, RFC 3315 32 */
	DHCP6_MSG_MAX = 65527,          /* a UDP payload over IPv6 */
	DHCP6_XID_MAX = 0xffffff,
	DHCP6_DUID_MAX = 130,           /* RFC 8415 11.1 */
};

/* RFC 8415 7.3; 14 up: RFC 5007, 5460, 6977, 7341, 7653, 8156, 9686. */
enum dhcp6_type {
	DHCP6_SOLICIT = 1, DHCP6_ADVERTISE, DHCP6_REQUEST, DHCP6_CONFIRM,
	DHCP6_RENEW, DHCP6_REBIND, DHCP6_REPLY, DHCP6_RELEASE, DHCP6_DECLINE,
	DHCP6_RECONFIGURE, DHCP6_INFORMATION_REQUEST, DHCP6_RELAY_FORW,
	DHCP6_RELAY_REPL,
};

/* The codes that the program itself speaks of; all others by number. */
enum dhcp6_code {
	DHCP6_OPT_CLIENTID = 1,
	DHCP6_OPT_SERVERID = 2,
	DHCP6_OPT_IA_NA = 3,
	DHCP6_OPT_IA_TA = 4,
	DHCP6_OPT_IAADDR = 5,
	DHCP6_OPT_ORO = 6,
	DHCP6_OPT_PREFERENCE = 7,
	DHCP6_OPT_ELAPSED = 8,
	DHCP6_OPT_RELAY_MSG = 9,
	DHCP6_OPT_STATUS = 13,
	DHCP6_OPT_RAPID_COMMIT = 14,
	DHCP6_OPT_USER_CLASS = 15,
	DHCP6_OPT_VENDOR_CLASS = 16,
	DHCP6_OPT_VENDOR_OPTS = 17,
	DHCP6_OPT_INTERFACE_ID = 18,
	DHCP6_OPT_DNS = 23,
	DHCP6_OPT_DOMAINS = 24,
	DHCP6_OPT_IA_PD = 25,
	DHCP6_OPT_IAPREFIX = 26,
	DHCP6_OPT_BOOTFILE_URL = 59,
	DHCP6_OPT_BOOTFILE_PARAM = 60,
	DHCP6_OPT_ARCH = 61,
	DHCP6_OPT_NII = 62,
};

struct dhcp6_opt {
	uint16_t code;
	size_t len;
	const uint8_t *data;            /* owned by the message */
};

struct dhcp6_msg {
	uint8_t type;
	uint32_t xid;                   /* 24 bits; 0 in a relay message */
	uint8_t hop_count;              /* these three: relay messages only */
	struct in6_addr link_addr;
	struct in6_addr peer_addr;

	struct dhcp6_opt *opts;         /* wire order, repetitions included */
	size_t n_opts;
	size_t cap_opts;
	const struct dhcp6_msg *inner;  /* what was relayed; NULL if nothing.
	                                   Set by parsing, not by adding */
	struct arena arena;
};

/** dhcp6_is_relay() - is it RELAY-FORW or RELAY-REPL? */
bool dhcp6_is_relay(const struct dhcp6_msg *msg);

/**
 * dhcp6_msg_parse() - read a message and what it relays
 * @msg: uninitialised; on success to be released by the caller
 *
 * The framing of all options of all relay levels is checked; the values
 * are not.
 *
 * Return: 0; -EBADMSG, also if more than DHCP6_RELAYS_MAX relays were
 * passed; -ENOMEM. On failure there is nothing to release.
 */
int dhcp6_msg_parse(struct dhcp6_msg *msg, const void *buf, size_t len,
    struct diag *diag);

/** dhcp6_msg_init() - an empty message to be filled. */
void dhcp6_msg_init(struct dhcp6_msg *msg, enum dhcp6_type type);
void dhcp6_msg_release(struct dhcp6_msg *msg);

/** dhcp6_client_msg() - the innermost message: the client's, or for it. */
const struct dhcp6_msg *dhcp6_client_msg(const struct dhcp6_msg *msg);

/* Add an option at the end. Return: 0; -ENOMEM; -EMSGSIZE above 65535 bytes. */
int dhcp6_add(struct dhcp6_msg *msg, uint16_t code, const void *data,
    size_t len);
int dhcp6_add_u8(struct dhcp6_msg *msg, uint16_t code, uint8_t v);
int dhcp6_add_u16(struct dhcp6_msg *msg, uint16_t code, uint16_t v);
int dhcp6_add_str(struct dhcp6_msg *msg, uint16_t code, const char *s);

/**
 * dhcp6_msg_build() - write a message
 *
 * Return: 0; -EMSGSIZE if it does not fit into @w; -EINVAL if the xid has
 * more than 24 bits.
 */
int dhcp6_msg_build(const struct dhcp6_msg *msg, struct wr *w);

/** dhcp6_opt() - the first option with that code, or NULL. */
const struct dhcp6_opt *dhcp6_opt(const struct dhcp6_msg *msg, uint16_t code);

/* Fixed-size values. Return: false if absent or of another length. */
bool dhcp6_get_u8(const struct dhcp6_msg *msg, uint16_t code, uint8_t *ret);
bool dhcp6_get_u16(const struct dhcp6_msg *msg, uint16_t code, uint16_t *ret);

/** dhcp6_get_ip() - the first address of an option (23). */
bool dhcp6_get_ip(const struct dhcp6_msg *msg, uint16_t code,
    struct in6_addr *ret);

/**
 * dhcp6_get_str() - an option as a C string: cut at the first NUL
 * @buf: at least one byte; a longer value is cut to fit
 */
bool dhcp6_get_str(const struct dhcp6_msg *msg, uint16_t code, char *buf,
    size_t cap);

/** dhcp6_type_name() - "SOLICIT" for 1 ...; NULL if not assigned. */
const char *dhcp6_type_name(int type);

/* ---- what options hold ---- */

/**
 * dhcp6_opt_next() - step through options inside an option
 *
 * Return: true with @ret set, pointing into what @r reads; false at the end,
 * or with r->bad on bad framing.
 */
bool dhcp6_opt_next(struct rd *r, struct dhcp6_opt *ret);

/* RFC 8415 11; RFC 6355 for the UUID. */
enum dhcp6_duid_type {
	DHCP6_DUID_LLT = 1, DHCP6_DUID_EN, DHCP6_DUID_LL, DHCP6_DUID_UUID,
};

struct dhcp6_duid {
	uint16_t type;
	uint16_t htype;                 /* LLT, LL */
	uint32_t time;                  /* LLT: seconds since 2000-01-01 */
	uint32_t enterprise;            /* EN */
	struct rd id;                   /* link-layer address, identifier,
	                                   UUID as sent, or all after the type */
};

/** dhcp6_duid_parse() - Return: 0; -EBADMSG. Unknown types are taken. */
int dhcp6_duid_parse(const void *data, size_t len, struct dhcp6_duid *ret);

/* IA_NA and IA_PD (RFC 8415 21.4, 21.21), IA_TA (21.5: no times). */
struct dhcp6_ia {
	uint32_t iaid;
	uint32_t t1;                    /* seconds */
	uint32_t t2;
	struct rd opts;                 /* for dhcp6_opt_next() */
};

/** dhcp6_ia_parse() - @code: 3, 4 or 25. Return: 0; -EBADMSG. */
int dhcp6_ia_parse(uint16_t code, const void *data, size_t len,
    struct dhcp6_ia *ret);

/* IAADDR (21.6) and IAPREFIX (21.22). */
struct dhcp6_ia_addr {
	struct in6_addr addr;
	uint8_t prefix_len;             /* 128 for IAADDR */
	uint32_t preferred;             /* seconds; 0xffffffff: for ever */
	uint32_t valid;
	struct rd opts;
};

/** dhcp6_ia_addr_parse() - @code: 5 or 26. Return: 0; -EBADMSG. */
int dhcp6_ia_addr_parse(uint16_t code, const void *data, size_t len,
    struct dhcp6_ia_addr *ret);

/**
 * dhcp6_ia_addr() - the first address (or prefix) of the first IA_NA (or
 * IA_PD) of a message; @code: 3 or 25
 */
bool dhcp6_ia_addr(const struct dhcp6_msg *msg, uint16_t code,
    struct dhcp6_ia_addr *ret);

/** dhcp6_status_parse() - option 13 (21.13). Return: 0; -EBADMSG. */
int dhcp6_status_parse(const void *data, size_t len, uint16_t *ret,
    struct rd *ret_text);

/**
 * dhcp6_status() - what went wrong: the status code of the message, else
 * the first of its IAs that has one
 * @ret_text: the message, for a person; hostile
 *
 * Return: false if none is there, which means success.
 */
bool dhcp6_status(const struct dhcp6_msg *msg, uint16_t *ret,
    struct rd *ret_text);

/** dhcp6_status_name() - "NoAddrsAvail" for 2 ...; NULL if not assigned. */
const char *dhcp6_status_name(uint16_t status);

/**
 * dhcp6_str_next() - step through strings with 16-bit lengths: user class
 * (15), boot file parameters (60), vendor class (16) after the enterprise
 *
 * Return: true with @ret set; false at the end, or with r->bad.
 */
bool dhcp6_str_next(struct rd *r, struct rd *ret);

/* Writing what lies inside an option; what does not fit sets w->full. */
void dhcp6_put(struct wr *w, uint16_t code, const void *data, size_t len);
void dhcp6_put_str(struct wr *w, const char *s);
/** dhcp6_put_ia() - an IA's head and options (@ia->opts as they are). */
void dhcp6_put_ia(struct wr *w, uint16_t code, const struct dhcp6_ia *ia);
void dhcp6_put_ia_addr(struct wr *w, uint16_t code,
    const struct dhcp6_ia_addr *a);

/* ---- what options mean ---- */

enum dhcp6_opt_type {
	DHCP6_T_NONE,
	DHCP6_T_BYTES,
	DHCP6_T_TEXT,
	DHCP6_T_U8,
	DHCP6_T_U16,
	DHCP6_T_U32,
	DHCP6_T_IPS,
	DHCP6_T_DOMAINS,        /* RFC 8415 10: not compressed */
	DHCP6_T_CODES,
	DHCP6_T_DUID,
	DHCP6_T_IA_NA,
	DHCP6_T_IA_TA,
	DHCP6_T_IA_PD,
	DHCP6_T_IAADDR,
	DHCP6_T_IAPREFIX,
	DHCP6_T_ELAPSED,        /* hundredths of a second */
	DHCP6_T_MSG,            /* a whole message */
	DHCP6_T_MSG_TYPE,
	DHCP6_T_STATUS,
	DHCP6_T_STRINGS,        /* dhcp6_str_next() */
	DHCP6_T_VENDOR_CLASS,   /* enterprise and strings */
	DHCP6_T_VENDOR_OPTS,    /* enterprise and options */
	DHCP6_T_REMOTE_ID,      /* enterprise and bytes */
	DHCP6_T_ARCH,
	DHCP6_T_NII,            /* type, major, minor (RFC 5970 3.4) */
	DHCP6_T_LLADDR,         /* hardware type and address (RFC 6939) */
	DHCP6_T_FQDN,           /* flags and a name (RFC 4704) */
};

struct dhcp6_opt_info {
	uint16_t code;
	const char *name;               /* as Kea spells it where it has it */
	enum dhcp6_opt_type type;
	uint16_t min;                   /* bytes */
	uint16_t max;                   /* bytes; 0 = no limit but the message */
	const char *ref;                /* RFC and section */
};

/** dhcp6_opt_info() - the row of an option, or NULL if none is assigned. */
const struct dhcp6_opt_info *dhcp6_opt_info(uint16_t code);

/** dhcp6_opt_by_name() - the row with that name, or NULL. */
const struct dhcp6_opt_info *dhcp6_opt_by_name(const char *name);

/** dhcp6_opt_rows() - the whole table, in order of code. */
const struct dhcp6_opt_info *dhcp6_opt_rows(size_t *ret_n);

/** dhcp6_opt_check() - Return: 0; -EBADMSG if @opt does not fit its type. */
int dhcp6_opt_check(const struct dhcp6_opt *opt);

/**
 * dhcp6_opt_format() - a value as one line of text, safe for a terminal
 *
 * What does not fit its type is hex (0x...), what has no type is text if it
 * is text. Options inside options stand in braces, as name=value, ...
 */
void dhcp6_opt_format(struct sbuf *b, const struct dhcp6_opt *opt);

/** dhcp6_duid_format() - "UUID 11223344-...", "LLT 1 <time> 52:54:..." ... */
void dhcp6_duid_format(struct sbuf *b, const void *data, size_t len);

#endif
