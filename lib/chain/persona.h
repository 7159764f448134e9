/*
 * persona.h - the clients that pxetool can play: what each firmware sends,
 * when it repeats itself, how it chooses among offers and how it loads.
 *
 * A persona is data. Sources: real firmware on the wire; the EDK2 network
 * stack, iPXE, PXE 2.1 and published traces where a persona's comment says
 * so.
 */
#ifndef PXE_CHAIN_PERSONA_H
#define PXE_CHAIN_PERSONA_H

#include "chain/arch.h"
#include "chain/bootfile.h"
#include "chain/target.h"
#include "wire/dhcp4.h"
#include "wire/tftp.h"

enum persona_kind {
	PERSONA_ROM,            /* BIOS PXE ROM */
	PERSONA_UEFI,           /* UEFI PXE over IPv4 */
	PERSONA_UEFI_HTTP,      /* UEFI HTTP boot over IPv4 */
	PERSONA_IPXE,
	PERSONA_BOARD,          /* U-Boot, Raspberry Pi: firmware that is not PXE */
	PERSONA_LOADER,         /* PXELINUX, GRUB: loaded by a firmware */
	PERSONA_OS,             /* the booted kernel's own DHCP client */
	PERSONA_N_KINDS,
};

/* What `secs` holds. */
enum persona_secs {
	SECS_ZERO,
	SECS_ELAPSED,           /* seconds since the first DISCOVER */
	/* So in DISCOVER; REQUEST repeats the last one; on 4011 a count. */
	SECS_EDK2,
	SECS_IPXE,              /* (sends << 2) | have offer << 1 | have proxy */
	SECS_ROM,               /* 4 at first, then elapsed */
};

/* When a client stops collecting offers. */
enum persona_collect {
	COLLECT_FIRST,          /* takes the first usable offer */
	COLLECT_INTERVAL,       /* to the end of the current interval */
	COLLECT_IPXE,           /* 2 s, or until a proxy offer */
};

/* One kind of request to a TFTP server. */
struct persona_rrq {
	enum tftp_opt opt[TFTP_N_OPTS];         /* wire order */
	uint16_t value[TFTP_N_OPTS];
	size_t n;
};

struct persona_tftp {
	bool size_probe;                /* asks for the size first, then aborts */
	struct persona_rrq probe;
	struct persona_rrq main;
	uint16_t abort_code;            /* of the ERROR that ends the probe */
	const char *abort_text;
	uint16_t first_ms;              /* first retransmission */
	uint8_t factor;                 /* of each further one */
	uint16_t cap_ms;
	uint8_t sends;                  /* of one packet, then failure */
	uint16_t adapt_ms;              /* see struct tftp_get_conf; firmware: 0 */
};

/* An option that is sent as it is, whatever the machine. */
struct persona_opt {
	uint8_t code;
	uint8_t len;
	const uint8_t *data;
};

struct persona6;

struct persona {
	const char *name;
	const char *title;
	enum persona_kind kind;
	bool is_loaded;                 /* by another: no machine starts as it */
	bool has_arch;                  /* sends options 93 and 94 */
	uint16_t arch;
	uint8_t undi[3];                /* option 94: type, major, minor */
	/* With has_arch: the prefix, "PXEClient"; else the whole of 60. */
	const char *vendor_class;
	bool plain_class;               /* the whole of it all the same */
	const char *user_class;         /* 77, raw; NULL: none */
	const uint8_t *prl;             /* 55 */
	size_t prl_len;
	const uint8_t *features;        /* 175 */
	size_t features_len;
	uint16_t discover_max_size;     /* 57 */
	uint16_t request_max_size;
	const uint8_t *uuid;            /* 97 of a machine without a UUID, or NULL */
	const struct persona_opt *fixed;        /* and those that never change */
	size_t n_fixed;
	const char *file;               /* in the field of that name; or NULL */
	const char *asks_for;           /* this file, whatever it is told; or NULL */
	const char *menu_text;          /* must be in an offer's 43.9; or NULL */
	/* Option codes in wire order, ending with 0; NULL: no DHCP of its own. */
	const uint8_t *discover_order;
	const uint8_t *request_order;
	const uint8_t *proxy_order;     /* to port 4011 */
	bool broadcast;                 /* the flag, in DISCOVER and REQUEST */
	bool keeps_lease;               /* iPXE: of the firmware, as its address */
	bool new_xid;                   /* of each DISCOVER; any may be answered */
	bool no_request;                /* the offer is all it asks for */
	enum persona_secs secs;
	uint16_t pad_to;                /* length of the message; 0: no padding */
	uint8_t ttl;
	/* Waits after each send, ending with 0; after the last, failure. */
	const uint16_t *discover_ms;
	const uint16_t *request_ms;
	const uint16_t *proxy_ms;       /* to port 4011 */
	const uint16_t *item_ms;        /* there, for an item of the boot menu */
	uint16_t proxy_port;            /* source port of requests to 4011 */
	bool proxy_fatal;               /* silence on 4011 ends the boot */
	enum persona_collect collect;
	enum target_rule target_rule;
	struct persona_tftp tftp;
	const char *user_agent;         /* of HTTP; NULL: does not speak it */
	/*
	 * The header lines of an HTTP request in wire order, ending with NULL;
	 * "Host" and "User-Agent" stand for theirs.
	 */
	const char *const *http_lines;
	bool http_1_0;                  /* the version that it speaks */
	bool http_bare_host;            /* Host without the port, whatever it is */
	bool follows_redirects;
	bool http_head;                 /* HEAD before GET */
	/* It boots over IPv6, and nothing of DHCPv4 above is set. */
	const struct persona6 *v6;
};

/**
 * persona_find() - by name, or by the short word for the usual one of its
 * kind ("bios", "uefi", "arm64", "ipxe" ...); NULL if there is none
 */
const struct persona *persona_find(const char *name);

/** persona_nearest() - the name a mistyped one most likely meant, or NULL. */
const char *persona_nearest(const char *name);

const struct persona *const *persona_rows(size_t *ret_n);

/** persona_platform() - BIOS, EFI ...; PLATFORM_OTHER for an OS. */
enum arch_platform persona_platform(const struct persona *p);

/** persona_stage() - "firmware", "ipxe", "loader" or "os". */
const char *persona_stage(const struct persona *p);

/** persona_kind_name() - "rom", "uefi" ... as in lists and JSON. */
const char *persona_kind_name(enum persona_kind kind);

/** persona_starts() - does a machine start as this, rather than become it? */
bool persona_starts(const struct persona *p);

/**
 * persona_is_pxe() - does it look for a file as PXE says, with proxies and
 * port 4011? If not, it takes an address and what came with it.
 */
bool persona_is_pxe(const struct persona *p);

/* The one machine that a persona is played by. */
struct machine {
	uint8_t mac[MAC_LEN];
	bool has_uuid;
	uint8_t uuid[UUID_LEN];         /* text order */
	const char *user_class;         /* instead of the persona's; or NULL */
	const char *hostname;           /* 12, of those that send it; or NULL */
	const uint8_t *client_id;       /* 61 instead of one of the MAC; or NULL */
	size_t client_id_len;
	const uint8_t *bus_id;          /* BUS_ID_LEN bytes of 175.177; or NULL */
};

enum { BUS_ID_LEN = 5 };                /* PCI: 1, then vendor and device */

/* What a message says besides what the persona and the machine give it. */
struct persona_ask {
	enum dhcp4_type type;           /* DISCOVER or REQUEST */
	bool to_pxe_port;               /* the REQUEST of port 4011 */
	uint32_t xid;
	uint16_t secs;
	bool has_address;               /* the interface has one already */
	struct in_addr ciaddr;
	struct in_addr requested;       /* option 50; 0: none */
	struct in_addr server_id;       /* option 54; 0: none */
	bool has_item;                  /* PXE boot item in 43.71 */
	uint16_t item_type;
	/*
	 * iPXE: 60 as an answer before gave it, or NULL. Its class is a
	 * setting like others, and an answer that has one overrides it: a
	 * server's "PXEClient" comes back in the next DISCOVER.
	 */
	const char *vendor_class;
};

/**
 * persona_message() - the DHCP message a persona would send
 * @ret: on success, to be released by the caller
 *
 * Return: 0; -ENOMEM; -ENOTSUP if the persona does not send such a message.
 */
int persona_message(const struct persona *p, const struct machine *m,
    const struct persona_ask *ask, struct dhcp4_msg *ret);

#endif
