/*
 * dhcp_opt.h - what each DHCP option means: one table of names, types and
 * sources for DHCPv4, one for each space of sub-options inside an option.
 *
 * The names are those of the IANA registry, in lower case with dashes, as
 * ISC's and Kea's configuration languages spell them where they agree.
 */
#ifndef PXE_WIRE_DHCP_OPT_H
#define PXE_WIRE_DHCP_OPT_H

#include "base/bytes.h"
#include "base/sbuf.h"

enum dhcp_type {
	DHCP_T_NONE,            /* no payload: pad, end, rapid-commit */
	DHCP_T_BYTES,           /* opaque */
	DHCP_T_TEXT,            /* NVT ASCII; a trailing NUL is tolerated */
	DHCP_T_BOOL,
	DHCP_T_U8,
	DHCP_T_U8S,
	DHCP_T_U16,
	DHCP_T_U16S,
	DHCP_T_U32,
	DHCP_T_S32,
	DHCP_T_IP,
	DHCP_T_IPS,
	DHCP_T_IP_PAIRS,        /* address and mask, or destination and router */
	DHCP_T_DOMAINS,         /* RFC 1035 names, compressed (RFC 3397) */
	DHCP_T_ROUTES,          /* RFC 3442 */
	DHCP_T_CODES,           /* a list of option codes (55) */
	DHCP_T_CLIENT_ID,       /* type byte and identifier (61, RFC 4361) */
	DHCP_T_USER_CLASS,      /* RFC 3004, or raw text as iPXE sends it */
	DHCP_T_VENDOR_ID,       /* enterprise number and data (124, 125) */
	DHCP_T_ARCH,            /* list of 16-bit architectures (93) */
	DHCP_T_UNDI,            /* type, major, minor (94) */
	DHCP_T_UUID,            /* type byte 0 and a UUID in stored order (97) */
	DHCP_T_FQDN,            /* RFC 4702 */
	DHCP_T_SPACE,           /* sub-options, see `space` */
	DHCP_T_MSG_TYPE,        /* 53 */
	DHCP_T_S8,              /* iPXE's priority */
	DHCP_T_VERSION,         /* bytes with dots between them */
	DHCP_T_PXE_SERVERS,     /* type, count, addresses; repeated (43.8) */
	DHCP_T_PXE_MENU,        /* type, length, text; repeated (43.9) */
	DHCP_T_PXE_PROMPT,      /* timeout in seconds, text (43.10) */
	DHCP_T_PXE_ITEM,        /* type, layer (43.71) */
};

/* Spaces of sub-options: which table explains the codes. */
enum dhcp_space {
	DHCP_SPACE_MAIN,
	DHCP_SPACE_PXE,         /* inside 43, when 60 says PXEClient: PXE 2.1 */
	DHCP_SPACE_RELAY,       /* inside 82: RFC 3046 and followers */
	DHCP_SPACE_IPXE,        /* inside 175 */
};

struct dhcp_opt_info {
	uint8_t code;
	const char *name;
	enum dhcp_type type;
	uint16_t min;           /* bytes */
	uint16_t max;           /* bytes; 0 = no limit but the message */
	const char *ref;        /* RFC and section, or the source */
	enum dhcp_space space;  /* for DHCP_T_SPACE */
};

/** dhcp_opt_info() - the row of an option, or NULL if none is assigned. */
const struct dhcp_opt_info *dhcp_opt_info(enum dhcp_space space, uint8_t code);

/** dhcp_opt_by_name() - the row with that name, or NULL. */
const struct dhcp_opt_info *dhcp_opt_by_name(enum dhcp_space space,
    const char *name);

/** dhcp_opt_rows() - the whole table of a space, in order of code. */
const struct dhcp_opt_info *dhcp_opt_rows(enum dhcp_space space, size_t *ret_n);

/**
 * dhcp_opt_check() - are these bytes a value of the option's type?
 *
 * Return: 0; -EBADMSG if the length or content is wrong.
 */
int dhcp_opt_check(const struct dhcp_opt_info *info, const void *data,
    size_t len);

/**
 * dhcp_opt_format() - a value as one line of text, safe for a terminal
 *
 * A value that does not fit its type is shown as hex (0x...). @info NULL and
 * DHCP_T_BYTES: as text if it is text, else hex. Sub-options are shown as
 * name=value, ... with the number in place of a name that is not known. A user
 * class in list form stands in brackets.
 */
void dhcp_opt_format(struct sbuf *b, const struct dhcp_opt_info *info,
    const void *data, size_t len);

/* One sub-option of a space of code/length/value triples. */
struct dhcp_sub {
	uint8_t code;
	struct rd value;
};

/**
 * dhcp_sub_next() - step through sub-options (43, 82, 175)
 * @r: over the rest of the enclosing option's value
 *
 * In DHCP_SPACE_PXE, 0 is padding and 255 ends the list; in the others both
 * are ordinary codes, except that iPXE's 175 also allows them.
 *
 * Return: true with @ret set; false at the end, or with r->bad on bad framing.
 */
bool dhcp_sub_next(enum dhcp_space space, struct rd *r, struct dhcp_sub *ret);

/** dhcp_sub_find() - the first sub-option with that code; false if none. */
bool dhcp_sub_find(enum dhcp_space space, const void *data, size_t len,
    uint8_t code, struct rd *ret);

/*
 * A user class (option 77). RFC 3004 says a list of length-prefixed
 * strings; iPXE and others send one bare string. The bytes decide: they are
 * a list if the lengths cover them exactly and no length is 0.
 */
struct user_class {
	bool is_list;           /* RFC 3004 form */
	size_t n;               /* classes; 1 for the bare string */
	struct rd first;        /* the first, or the only one */
	struct rd rest;         /* the others, still length-prefixed */
};

/** user_class_parse() - Return: 0; -ENODATA if @len is 0. */
int user_class_parse(const void *data, size_t len, struct user_class *ret);

/** user_class_next() - the next class after the first; false at the end. */
bool user_class_next(struct user_class *uc, struct rd *ret);

#endif
