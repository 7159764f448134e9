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
	PERSONA_OS,             /* the booted kernel's own DHCP client */
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

struct persona {
	const char *name;
	const char *title;
	enum persona_kind kind;
	bool has_arch;                  /* sends options 93 and 94 */
	uint16_t arch;
	uint8_t undi[3];                /* option 94: type, major, minor */
	/* With has_arch: the prefix, "PXEClient"; else the whole of 60. */
	const char *vendor_class;
	const char *user_class;         /* 77, raw; NULL: none */
	const uint8_t *prl;             /* 55 */
	size_t prl_len;
	const uint8_t *features;        /* 175 */
	size_t features_len;
	uint16_t discover_max_size;     /* 57 */
	uint16_t request_max_size;
	/* Option codes in wire order, ending with 0. */
	const uint8_t *discover_order;
	const uint8_t *request_order;
	const uint8_t *proxy_order;     /* to port 4011 */
	bool broadcast;                 /* the flag, in DISCOVER and REQUEST */
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
	bool follows_redirects;
	bool http_head;                 /* HEAD before GET */
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

/** persona_stage() - "firmware", "ipxe" or "os". */
const char *persona_stage(const struct persona *p);

/* The one machine that a persona is played by. */
struct machine {
	uint8_t mac[MAC_LEN];
	bool has_uuid;
	uint8_t uuid[UUID_LEN];         /* text order */
	const char *user_class;         /* instead of the persona's; or NULL */
};

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
};

/**
 * persona_message() - the DHCP message a persona would send
 * @ret: on success, to be released by the caller
 *
 * Return: 0; -ENOMEM.
 */
int persona_message(const struct persona *p, const struct machine *m,
    const struct persona_ask *ask, struct dhcp4_msg *ret);

#endif
