/*
 * boot.h - the record of one machine's boot: its stages, what it loaded,
 * what happened in between, and how it ended. The emulated client writes
 * it, reports read it.
 */
#ifndef PXE_CHAIN_BOOT_H
#define PXE_CHAIN_BOOT_H

#include "base/arena.h"
#include "base/text.h"
#include "chain/bootfile.h"
#include "chain/fault.h"
#include "chain/target.h"
#include "wire/dhcp4.h"
#include "wire/dhcp6.h"

enum {
	BOOT_STAGES_MAX = 64,
	BOOT_LOADS_MAX = 4096,
	BOOT_EVENTS_MAX = 65536,
	BOOT_SHA256_TEXT_MAX = 65,
};

enum boot_end {
	BOOT_END_NONE,
	BOOT_END_SCRIPT,        /* the script ended and started nothing */
	BOOT_END_KERNEL,        /* a kernel was started; nothing heard of it */
	BOOT_END_OS,            /* the kernel has an address of its own */
	BOOT_END_LOCAL,         /* the local disk, by wish of script or menu */
	BOOT_END_SHELL,         /* waits for a person */
};

/* One client of the chain: a firmware, an iPXE, an operating system. */
struct boot_stage {
	const char *stage;              /* "firmware", "ipxe", "os" */
	const char *client;             /* name of the persona */
	const char *title;
	bool has_arch;
	uint16_t arch;
	double time;                    /* seconds since the epoch */
	double duration_s;              /* of the DHCP exchange */
	bool bound;                     /* it got an address: what follows is set */
	struct in_addr server;          /* the DHCP server */
	struct in_addr address;
	bool has_proxy;
	struct in_addr proxy;
	struct target target;
	struct dhcp4_msg ack;           /* owned */
	/* If it booted over IPv6: these for server, address and ack. */
	bool bound6;
	struct in6_addr server6;
	struct in6_addr address6;       /* ::, if it asked for none */
	struct dhcp6_msg reply6;        /* owned */
};

struct boot_load {
	size_t stage;                   /* index */
	const char *uri;
	const char *proto;              /* "tftp", "http", "https" */
	double time;
	double duration_s;
	uint64_t bytes;
	char sha256[BOOT_SHA256_TEXT_MAX];
	bool ok;
	long status;                    /* HTTP status, TFTP error; 0 if none */
	const char *error;              /* why it failed; NULL if ok */
	enum bootfile_kind kind;
	const char *what;               /* "iPXE 1.0.0+ ..."; "" if unknown */
	const char *detail;             /* "blksize 1468, 1 retransmission"; "" */
};

enum boot_event_kind {
	BOOT_EV_SENT,
	BOOT_EV_RECEIVED,
	BOOT_EV_IGNORED,
	BOOT_EV_LOAD,                   /* `load` is its index */
	BOOT_EV_CONSOLE,                /* what the machine's screen shows */
	BOOT_EV_NOTE,
};

struct boot_event {
	enum boot_event_kind kind;
	size_t stage;
	double time;
	const char *text;
	size_t load;
	/* Of SENT, RECEIVED, IGNORED: option 53, and the server's port. */
	int dhcp;
	bool to_pxe_port;               /* port 4011 */
};

struct boot {
	const char *persona;
	uint8_t mac[MAC_LEN];
	bool has_uuid;
	uint8_t uuid[UUID_LEN];         /* text order */
	double time;
	double duration_s;
	struct boot_stage *stages;      /* may move when one is added */
	size_t n_stages;
	struct boot_load *loads;
	size_t n_loads;
	struct boot_event *events;
	size_t n_events;
	enum boot_end end;
	bool cut_short;                 /* it was not to go further */
	const char *cmdline;            /* of the kernel; NULL if there was none */
	const struct fault *fault;      /* NULL: healthy */
	const char *message;            /* of the fault, about this boot */
	size_t fault_stage;
	struct arena arena;             /* of all the text */
};

struct boot *boot_new(void);
void boot_free(struct boot *b);

/** boot_add_stage() - NULL past BOOT_STAGES_MAX. */
struct boot_stage *boot_add_stage(struct boot *b);

/** boot_add_load() - of the last stage; NULL if out of memory or room. */
struct boot_load *boot_add_load(struct boot *b);

/** boot_add_event() - of the last stage, now; drops it if there is no room. */
void boot_add_event(struct boot *b, enum boot_event_kind kind,
    const char *fmt, ...) PRINTF_LIKE(3, 4);

/** boot_add_dhcp() - the same of a DHCP message. */
void boot_add_dhcp(struct boot *b, enum boot_event_kind kind,
    int type, bool to_pxe_port, const char *text);

/**
 * boot_note_dhcp() - the same of one that was seen at @time
 * @text: not copied: it must live as long as @b
 */
void boot_note_dhcp(struct boot *b, enum boot_event_kind kind, int type,
    bool to_pxe_port, const char *text, double time);

/** boot_set_fault() - the first one stays. @id must be in the catalogue. */
void boot_set_fault(struct boot *b, const char *id, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/** boot_verdict() - "healthy" or the fault's id. */
const char *boot_verdict(const struct boot *b);

const char *boot_end_name(enum boot_end e);

#endif
