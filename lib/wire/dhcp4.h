/*
 * dhcp4.h - DHCPv4 messages (RFC 2131) in and out of bytes.
 *
 * Parsing gathers the options once: from the options field, then `file` and
 * `sname` where option 52 overloads them (RFC 2132 9.3), and joins the
 * pieces of a split option (RFC 3396). After that they are asked by code.
 * Building is the reverse: options in the order they were added, long ones
 * split.
 */
#ifndef PXE_WIRE_DHCP4_H
#define PXE_WIRE_DHCP4_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/diag.h"
#include "base/sbuf.h"
#include "base/text.h"

enum {
	DHCP4_SERVER_PORT = 67,
	DHCP4_CLIENT_PORT = 68,
	DHCP4_PXE_PORT = 4011,          /* PXE 2.1, 2.2.2 */
	DHCP4_HEAD_LEN = 236,           /* up to the cookie */
	DHCP4_SNAME_LEN = 64,
	DHCP4_FILE_LEN = 128,
	DHCP4_CHADDR_LEN = 16,
	DHCP4_MSG_MAX = 65507,          /* a UDP payload */
	DHCP4_BOOTP_LEN = 300,          /* RFC 1542 2.1: the least to send */
	DHCP4_FLAG_BROADCAST = 0x8000,
};

enum dhcp4_op { DHCP4_BOOTREQUEST = 1, DHCP4_BOOTREPLY = 2 };

/* Option 53 (RFC 2132 9.6; RFC 3203, 4388, 6926, 7724). */
enum dhcp4_type {
	DHCP4_DISCOVER = 1, DHCP4_OFFER, DHCP4_REQUEST, DHCP4_DECLINE,
	DHCP4_ACK, DHCP4_NAK, DHCP4_RELEASE, DHCP4_INFORM, DHCP4_FORCERENEW,
	DHCP4_LEASEQUERY, DHCP4_LEASEUNASSIGNED, DHCP4_LEASEUNKNOWN,
	DHCP4_LEASEACTIVE, DHCP4_BULKLEASEQUERY, DHCP4_LEASEQUERYDONE,
	DHCP4_ACTIVELEASEQUERY, DHCP4_LEASEQUERYSTATUS, DHCP4_TLS,
};

/* The codes that the program itself speaks of; all others by number. */
enum dhcp4_code {
	DHCP4_OPT_PAD = 0,
	DHCP4_OPT_MASK = 1,
	DHCP4_OPT_ROUTER = 3,
	DHCP4_OPT_DNS = 6,
	DHCP4_OPT_HOSTNAME = 12,
	DHCP4_OPT_BOOT_SIZE = 13,
	DHCP4_OPT_DOMAIN = 15,
	DHCP4_OPT_ROOT_PATH = 17,
	DHCP4_OPT_BROADCAST = 28,
	DHCP4_OPT_VENDOR_ENCAP = 43,
	DHCP4_OPT_REQUESTED_IP = 50,
	DHCP4_OPT_LEASE_TIME = 51,
	DHCP4_OPT_OVERLOAD = 52,
	DHCP4_OPT_MSG_TYPE = 53,
	DHCP4_OPT_SERVER_ID = 54,
	DHCP4_OPT_PRL = 55,
	DHCP4_OPT_MESSAGE = 56,
	DHCP4_OPT_MAX_SIZE = 57,
	DHCP4_OPT_T1 = 58,
	DHCP4_OPT_T2 = 59,
	DHCP4_OPT_VENDOR_CLASS = 60,
	DHCP4_OPT_CLIENT_ID = 61,
	DHCP4_OPT_TFTP_SERVER = 66,
	DHCP4_OPT_BOOTFILE = 67,
	DHCP4_OPT_USER_CLASS = 77,
	DHCP4_OPT_RELAY = 82,
	DHCP4_OPT_ARCH = 93,
	DHCP4_OPT_UNDI = 94,
	DHCP4_OPT_UUID = 97,
	DHCP4_OPT_TFTP_SERVERS = 150,
	DHCP4_OPT_IPXE = 175,
	DHCP4_OPT_PXELINUX_CONFIG = 209,
	DHCP4_OPT_PXELINUX_PREFIX = 210,
	DHCP4_OPT_END = 255,
};

enum dhcp4_place { DHCP4_IN_OPTIONS, DHCP4_IN_FILE, DHCP4_IN_SNAME };

struct dhcp4_opt {
	uint8_t code;
	enum dhcp4_place place;         /* where its first piece stood */
	uint8_t n_pieces;               /* > 1: split (RFC 3396); at most 255 said */
	size_t len;
	const uint8_t *data;            /* joined; owned by the message */
};

struct dhcp4_msg {
	uint8_t op;
	uint8_t htype;
	uint8_t hlen;
	uint8_t hops;
	uint32_t xid;
	uint16_t secs;
	uint16_t flags;
	struct in_addr ciaddr;
	struct in_addr yiaddr;
	struct in_addr siaddr;
	struct in_addr giaddr;
	uint8_t chaddr[DHCP4_CHADDR_LEN];
	uint8_t sname[DHCP4_SNAME_LEN]; /* as sent; may hold options, see overload */
	uint8_t file[DHCP4_FILE_LEN];
	bool is_bootp;                  /* no magic cookie: no options */
	bool no_end;                    /* the options had no END (tolerated) */
	uint8_t overload;               /* option 52: 0, 1 file, 2 sname, 3 both */

	struct dhcp4_opt *opts;         /* wire order of the first pieces */
	size_t n_opts;
	size_t cap_opts;
	struct arena arena;
};

/**
 * dhcp4_msg_parse() - read a message
 * @msg: uninitialised; on success to be released by the caller
 *
 * A message without the cookie is BOOTP and has no options. A missing END
 * is tolerated, as all servers do. An option whose length passes the end of
 * its field is -EBADMSG, and so is an op that is neither request nor reply,
 * or an hlen above DHCP4_CHADDR_LEN.
 *
 * Option 52 stays among the options, to be seen; it counts only where it is
 * one byte of 1 to 3, in the options field.
 *
 * Return: 0; -EBADMSG; -ENOMEM. On failure there is nothing to release.
 */
int dhcp4_msg_parse(struct dhcp4_msg *msg, const void *buf, size_t len,
    struct diag *diag);

/** dhcp4_msg_init() - an empty message to be filled: Ethernet, no options. */
void dhcp4_msg_init(struct dhcp4_msg *msg, enum dhcp4_op op);
void dhcp4_msg_release(struct dhcp4_msg *msg);

/*
 * Add an option at the end; bytes for a code that is already there join its
 * value, as a reader would join them (RFC 3396). Return: 0; -ENOMEM; -EMSGSIZE
 * if too long for any message; -EINVAL for PAD, END and OVERLOAD.
 */
int dhcp4_add(struct dhcp4_msg *msg, uint8_t code, const void *data, size_t len);
int dhcp4_add_u8(struct dhcp4_msg *msg, uint8_t code, uint8_t v);
int dhcp4_add_u16(struct dhcp4_msg *msg, uint8_t code, uint16_t v);
int dhcp4_add_u32(struct dhcp4_msg *msg, uint8_t code, uint32_t v);
int dhcp4_add_ip(struct dhcp4_msg *msg, uint8_t code, struct in_addr a);
int dhcp4_add_str(struct dhcp4_msg *msg, uint8_t code, const char *s);

/**
 * dhcp4_msg_build() - write a message
 * @min_len: pad with zeros up to this length (0, or DHCP4_BOOTP_LEN)
 * @max_len: what the receiver takes (its option 57 less IP and UDP headers);
 *           if the options need more, `file` and `sname` are overloaded where
 *           they are empty, and if that does not do either, -EMSGSIZE
 *
 * Option 52 is written by this function and must not have been added. A field
 * that was overloaded when the message was parsed counts as empty. An option
 * goes whole into the first field with room for it, and is split between
 * fields only if no field takes it whole.
 *
 * Return: 0; -EMSGSIZE.
 */
int dhcp4_msg_build(const struct dhcp4_msg *msg, struct wr *w, size_t min_len,
    size_t max_len);

/** dhcp4_opt() - an option by code, or NULL. */
const struct dhcp4_opt *dhcp4_opt(const struct dhcp4_msg *msg, uint8_t code);

/** dhcp4_type() - option 53, or 0 for BOOTP and nonsense. */
int dhcp4_type(const struct dhcp4_msg *msg);

/* Fixed-size values. Return: false if absent or of another length. */
bool dhcp4_get_u8(const struct dhcp4_msg *msg, uint8_t code, uint8_t *ret);
bool dhcp4_get_u16(const struct dhcp4_msg *msg, uint8_t code, uint16_t *ret);
bool dhcp4_get_u32(const struct dhcp4_msg *msg, uint8_t code, uint32_t *ret);

/** dhcp4_get_ip() - the first address of an option. */
bool dhcp4_get_ip(const struct dhcp4_msg *msg, uint8_t code,
    struct in_addr *ret);

/**
 * dhcp4_get_str() - an option as a C string: cut at the first NUL
 * @buf: at least one byte; a longer value is cut to fit
 */
bool dhcp4_get_str(const struct dhcp4_msg *msg, uint8_t code, char *buf,
    size_t cap);

/**
 * dhcp4_opt_format() - the value of one of the message's options as a line
 *
 * As dhcp_opt_format(), but with the message in view: option 43 is opened as
 * PXE's only where option 60 begins with "PXEClient".
 */
void dhcp4_opt_format(struct sbuf *b, const struct dhcp4_msg *msg,
    const struct dhcp4_opt *opt);

/** dhcp4_type_name() - "DISCOVER" for 1 ...; NULL if not assigned. */
const char *dhcp4_type_name(int type);

#endif
