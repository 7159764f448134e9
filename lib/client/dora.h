/*
 * dora.h - the DHCP client machine: DISCOVER, offers, REQUEST, ACK, and
 * where the answer asks for it, the PXE exchange with port 4011, the boot menu
 * and the search for a boot server, as a given persona does them.
 *
 * It does no I/O and owns no clock. Messages go in with dora_input(), time
 * with dora_expire(); after each of these and after dora_start() the caller
 * sends what dora_output() yields, and waits until `deadline_ms`. What
 * happened comes out through the event callback.
 */
#ifndef PXE_CLIENT_DORA_H
#define PXE_CLIENT_DORA_H

#include "base/clock.h"
#include "chain/persona.h"
#include "chain/offers.h"
#include "chain/pxe_menu.h"

enum dora_state {
	DORA_IDLE,
	DORA_SELECTING,
	DORA_REQUESTING,
	DORA_PXE_REQUEST,       /* to the proxy's port 4011 */
	DORA_PROMPT,            /* of the boot menu, or the menu itself */
	DORA_BOOT_SERVER,       /* looking for that of a menu item */
	DORA_BOUND,             /* `ack`, and `proxy` if there was one */
	DORA_LOCAL,             /* the menu's item is the local disk; has `ack` */
	DORA_FAILED,            /* `fault`, `why` */
	DORA_N_STATES,
};

enum dora_event_kind { DORA_SENT, DORA_RECEIVED, DORA_IGNORED };

struct dora_event {
	enum dora_event_kind kind;
	struct in_addr peer;            /* who sent it, or whom it goes to */
	uint16_t port;                  /* the server's port */
	const struct dhcp4_msg *msg;
	const char *note;               /* why it was ignored; or NULL */
};

typedef void dora_event_fn(void *ctx, const struct dora_event *ev);

struct dora_conf {
	const struct persona *persona;
	const struct machine *machine;
	uint32_t xid;
	bool has_address;               /* left by the stage before */
	const char *vendor_class;       /* left with it, see persona_ask; or NULL */
	struct pxe_user user;           /* who answers boot menus, if anybody */
	unsigned int speed;             /* divides all waits; 1: real timing */
	dora_event_fn *event;           /* may be NULL */
	void *ctx;
};

/* A datagram that came in. */
struct dora_input {
	struct in_addr src;
	uint8_t src_mac[MAC_LEN];
	uint16_t sport;
	const void *buf;
	size_t len;
};

/* A datagram to be sent. */
struct dora_output {
	struct in_addr src;
	struct in_addr dst;             /* 255.255.255.255, or to be resolved */
	uint16_t sport;
	uint16_t dport;
	uint8_t buf[1500];
	size_t len;
};

enum { DORA_WHY_MAX = 256, DORA_XIDS_MAX = 16, DORA_CLASS_MAX = 256 };

struct dora {
	struct dora_conf conf;
	enum dora_state state;
	uint64_t deadline_ms;

	struct offers offers;
	struct offers_choice choice;
	struct dhcp4_msg ack;           /* in BOUND */
	const struct dhcp4_msg *proxy;  /* a packet that names the file instead */
	bool lost_file;                 /* iPXE: named without its server */
	const char *rejected;           /* why an offer was not taken; or NULL */
	const char *fault;              /* in FAILED: an id; NULL: a failure of ours */
	char why[DORA_WHY_MAX];

	/* private */
	bool has_ack;
	uint32_t sent_xid;
	uint32_t discover_xid[DORA_XIDS_MAX];   /* of each send */
	char class[DORA_CLASS_MAX];     /* 60 of an answer, to be sent back */
	uint64_t first_ms;              /* of the first DISCOVER */
	uint64_t state_ms;              /* this state's beginning */
	unsigned int n_sends;           /* in this state */
	unsigned int n_runs;            /* of the timer, over all states */
	unsigned int n_naks;
	bool other_nak;                 /* a server that was not asked sent one */
	uint16_t discover_secs;         /* of the last DISCOVER */
	uint32_t n_pxe;                 /* exchanges with port 4011 so far */
	uint32_t pxe_xid;
	struct in_addr pxe_server;      /* who is asked there */
	const struct pxe_item *item;    /* in `menu`, or `found` */
	struct pxe_item found;
	struct pxe_menu menu;
	struct pxe_servers servers;     /* of `item` */
	size_t server_i;                /* in `servers` */
	const char *bad_answer;         /* why one of theirs did not count */
	bool has_reply;                 /* EDK2: waits the interval out */
	bool has_pxe_ack;
	struct dhcp4_msg pxe_ack;
	bool has_output;
	struct dora_output output;
};

/** dora_init() - prepare; @conf is copied, what it points to is kept. */
void dora_init(struct dora *d, const struct dora_conf *conf);
void dora_release(struct dora *d);

void dora_start(struct dora *d, uint64_t now_ms);
void dora_input(struct dora *d, uint64_t now_ms, const struct dora_input *in);
void dora_expire(struct dora *d, uint64_t now_ms);

/** dora_output() - what is to be sent now, once; NULL if nothing is. */
const struct dora_output *dora_output(struct dora *d);

/** dora_is_running() - neither bound nor failed. */
bool dora_is_running(const struct dora *d);

const char *dora_state_name(enum dora_state s);

#endif
