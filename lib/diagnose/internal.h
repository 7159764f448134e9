/*
 * internal.h - what lib/diagnose keeps of a capture while it reads it.
 *
 * Each machine's boot is a list of stages (one for each exchange of DHCP by
 * one client) and of loads. Packets only add facts; the verdict is drawn
 * from the facts at the end, by rules_*.c, so that a cause can be told from
 * what followed it. All of it lives in one arena with a ceiling, but for the
 * bytes of files, which have a pool of their own.
 */
#ifndef PXE_DIAGNOSE_INTERNAL_H
#define PXE_DIAGNOSE_INTERNAL_H

#include "chain/persona.h"
#include "chain/target.h"
#include "diagnose/diagnose.h"

/* Ceilings. */
enum {
	KEEP_BYTES_MAX = 26 * 1024 * 1024,      /* of all facts and texts */
	MACHINE_BYTES = 26 * 1024,      /* that one takes by the end of its boot */
	RECORD_BYTES = 6 * 1024,                /* what struct boot takes of one */
	CONTENT_POOL_MAX = 8 * 1024 * 1024,     /* of files' bytes, together */
	CONTENT_FILE_MAX = 1024 * 1024,         /* of one file */
	CONTENT_HEAD = 4096,    /* enough to tell a container and its CPU */
	HASH_SLOTS = 16384,     /* power of two */
	STAGE_OFFERS_MAX = 8,
	MACHINE_STAGES_MAX = 48,
	MACHINE_LOADS_MAX = 1000,
	EVENTS_ALL_MAX = 50000, /* of all machines' ladders */
	EVENTS_LITTLE = 40,     /* of one's, past that */
	BOOT_EVENTS_KEPT = 400,
	STRANGERS_MAX = 64,     /* asked for by ARP without an answer */
};

enum stage_kind {
	STAGE_ROM, STAGE_UEFI, STAGE_HTTP, STAGE_UBOOT, STAGE_IPXE, STAGE_OS,
	STAGE_UNSEEN,           /* no DHCP of it in the capture */
};

/* A message as it stood on the wire, to be parsed again when needed. */
struct kept_msg {
	const uint8_t *buf;
	size_t len;
	uint64_t frame;
	double time;
	struct in_addr src;
	bool has_mac;
	uint8_t src_mac[MAC_LEN];
};

struct kept_offer {
	struct kept_msg msg;
	struct in_addr server;          /* 54, else siaddr, else the source */
	struct in_addr yiaddr;
	struct in_addr siaddr;
	bool has_file;
	bool pxe_class;                 /* 60 begins with PXEClient */
	bool http_class;
	bool has_pxe43;                 /* a discovery control in 43 */
	unsigned int n;                 /* how often it came */
};

struct stage {
	enum stage_kind kind;
	bool v6;
	bool rerun;                     /* the same client asks once more */
	bool gpxe;
	bool no_user_class;             /* iPXE known by option 175 alone */
	const struct persona *persona;  /* or NULL */
	bool has_arch;
	uint16_t arch;
	const char *class;              /* 60, or NULL */
	const uint8_t *client_id;
	size_t client_id_len;
	const uint8_t *features;        /* 175 */
	size_t features_len;
	uint32_t xid;
	uint64_t first_frame, last_frame;
	double first_time, last_time;
	struct kept_msg ask;            /* the first DISCOVER or SOLICIT */
	struct kept_msg request;        /* the last REQUEST to port 67 */
	double first_request;
	uint64_t first_request_frame;
	double last_discover;
	unsigned int n_discover, n_request;
	uint16_t first_secs;
	bool says_offer;                /* iPXE: it has received one */
	bool asked_direct, asked_relayed;
	struct in_addr relay;
	struct kept_offer offer[STAGE_OFFERS_MAX];
	size_t n_offers;                /* different ones */
	unsigned int n_offers_seen;
	double first_offer;
	struct in_addr chosen;          /* 54 of the REQUEST */
	struct kept_msg ack;
	double ack_time;
	unsigned int n_ack;
	bool uses_address;              /* so there was an ACK, seen or not */
	struct kept_msg nak;
	struct in_addr nak_server;
	unsigned int n_nak;
	struct kept_msg decline;
	unsigned int n_decline;
	/* port 4011 */
	unsigned int n_pxe_request, n_pxe_answer;
	uint64_t pxe_frame;
	struct in_addr pxe_server;
	bool pxe_item;                  /* it asks for an item of a menu */
	struct kept_msg pxe_ack;
	/* DHCPv6 */
	unsigned int n_advertise, n_reply;
	bool v6_has_url, v6_status_bad;
	const char *v6_url;
	struct ip_addr v6_server;
	struct target *target;          /* while its machine is judged */
	struct stage *next;
	size_t index;                   /* in boot->stages */
	size_t ordinal;
};

struct content {
	uint8_t *buf;
	size_t len, cap;
	bool broken;                    /* a hole: what follows is not kept */
	bool cut;                       /* the capture held only a part */
};

enum load_proto { LOAD_TFTP, LOAD_HTTP, LOAD_HTTPS, LOAD_ISCSI, LOAD_NBD,
	LOAD_NFS };

struct load {
	enum load_proto proto;
	struct stage *stage;
	const char *name;               /* as asked for: path or URI's path */
	const char *host;               /* HTTP: the Host field; or NULL */
	const char *agent;
	struct ip_addr client, server;
	uint16_t cport, sport;
	uint64_t frame, last_frame;
	double time, last_time;         /* last of any packet of it */
	double done_time;
	unsigned int n_asks;            /* RRQs, or requests */
	struct tftp_opts asked;
	bool netascii;
	bool probe;                     /* size asked for, then aborted */
	bool oack, oack_acked;
	uint64_t oack_frame;
	unsigned int n_oack;
	uint32_t blksize, window;
	uint64_t asked_blksize;
	bool has_tsize;
	uint64_t tsize;
	unsigned int n_data, n_ack;     /* saturating */
	uint32_t block;                 /* highest in order, counted past 65535 */
	uint32_t acked;
	uint16_t last_data_block, last_ack_block;
	unsigned int dup_data, dup_ack, gaps;
	unsigned int stuck;             /* repeats of the same block in a row */
	unsigned int stuck_max;
	size_t first_len;               /* of DATA 1 */
	size_t largest_frame;
	bool fragments;
	uint64_t bytes;
	bool done;
	bool client_abort;              /* ERROR from the client */
	uint16_t abort_code;
	bool error;                     /* ERROR from the server */
	uint16_t error_code;
	const char *error_text;
	uint64_t error_frame;
	bool unreachable;               /* ICMP */
	uint64_t icmp_frame;
	uint8_t icmp_code;
	bool frag_needed;
	struct ip_addr other_server;    /* answered in its place */
	bool has_other;
	uint16_t ports[4];              /* the server's, of each answer */
	size_t n_ports;
	/* TCP and HTTP */
	unsigned int status;
	bool head_method;
	bool has_length, chunked;
	uint64_t length;
	const char *location;
	const char *type;
	bool cut_by_server;             /* FIN before its end */
	bool cut_by_client;
	/* what it is */
	struct content content;
	bool identified;
	struct bootfile is;             /* .script is not kept */
	const char *script;             /* text of an iPXE script */
	bool is_pe_unsigned;
	const char *what;
	char sha256[BOOT_SHA256_TEXT_MAX];
	struct diagnosis_event *event;
	struct load *next;
	struct load *hash_next;
	struct client *m;
	size_t index;
};

/* A TCP connection of a machine. */
struct conn {
	struct client *m;
	struct stage *stage;
	struct ip_addr client, server;
	uint16_t cport, sport;
	uint64_t frame, last_frame;
	double time, last_time;
	unsigned int n_syn;
	bool syn_ack, refused, unreachable;
	bool fin_client, fin_server, rst_client, rst_server;
	unsigned int n_request, n_response;
	uint64_t sent, received;        /* bytes */
	unsigned int again;             /* segments seen before */
	uint32_t next_seq;              /* of the server */
	bool has_seq;
	struct load *load;              /* the answer that is being received */
	uint64_t refused_frame;
	/* TLS from outside */
	bool tls, tls_server_hello, tls_data;
	uint64_t hello_end;             /* of what the client sent */
	bool alert, alert_by_server;
	uint8_t alert_code;
	uint64_t alert_frame;
	uint16_t tls_version;
	const char *sni;
	struct diagnosis_event *event;
	struct conn *next;              /* of the machine */
	struct conn *hash_next;
};

struct lookup {                         /* a name asked for */
	const char *name;
	struct ip_addr server;
	unsigned int n_asked, n_answered;
	uint8_t rcode;
	bool found;
	uint64_t frame;
	double time;
	struct stage *stage;
	struct lookup *next;
};

struct wanted {                         /* an address asked for by ARP */
	struct in_addr addr;
	unsigned int n;
	bool answered;
	uint64_t frame;
	double time;
};

enum { MACHINE_WANTED_MAX = 8, MACHINE_ADDRS_MAX = 6 };

struct client {
	struct diagnosis_machine out;
	struct diagnosis_event *last_event;
	struct stage *stages, *stage;   /* the first, the last */
	size_t n_stages;
	struct load *loads, *load;
	size_t n_loads;
	struct conn *conns, *conn;
	size_t n_conns;
	struct lookup *lookups, *lookup;
	struct wanted wanted[MACHINE_WANTED_MAX];
	size_t n_wanted;
	struct ip_addr addr[MACHINE_ADDRS_MAX];
	size_t n_addrs;
	double first_time, last_time;
	double last_alive;              /* last packet that it sent */
	bool seen_direct;               /* frames with its own MAC */
	unsigned int n_rs;              /* router solicitations */
	/* another machine with one of its addresses */
	bool conflict;
	uint8_t conflict_mac[MAC_LEN];
	uint64_t conflict_frame;
	struct in_addr conflict_addr;
	unsigned int n_eapol;
	bool other_uuid;
	bool judged;
	bool incomplete;                /* facts of it were not kept */
	struct client *earlier;        /* its boot before this one */
	struct client *next;
	struct client *mac_next;       /* in its slot */
};

/* Which machine has an address now. */
struct holder {
	struct ip_addr addr;
	struct client *m;
	bool bound;
	struct holder *next;
};

struct dg_link {                        /* what switches say */
	unsigned int n_bpdu;
	uint64_t bpdu_frame;
	double bpdu_first, bpdu_last;
	unsigned int n_lacp, n_eapol;
	uint64_t lacp_frame, eapol_frame;
};

struct diagnose {
	const struct diagnose_conf *conf;
	struct diagnosis *out;
	size_t kept;                    /* bytes of the arena in use */
	bool full;
	size_t content_used;
	struct client *machines, *last;
	struct client *by_mac[HASH_SLOTS];
	struct holder *by_ip[HASH_SLOTS];
	struct load *by_flow[HASH_SLOTS];
	struct conn *by_conn[HASH_SLOTS];
	struct dg_link link;
	size_t n_events;
	uint64_t n_cut;                 /* packets the capture cut */
	unsigned int n_offers_all;
	unsigned int n_requests_all;
	bool any_mac, any_vlan;
	bool foreign;                   /* frames of neither machine nor switch */
	struct target target[MACHINE_STAGES_MAX];       /* of the one judged */
	/* about the packet in hand */
	const struct packet *p;
	uint64_t frame;
	double time;
	struct client *current;
};

/* ---- diagnose.c ---- */

/** keep() - zeroed memory until the end; NULL past the ceiling. */
void *keep(struct diagnose *d, size_t len);
const char *keep_text(struct diagnose *d, const char *s);
const char *keep_bytes_text(struct diagnose *d, const void *p, size_t len);
const char *keep_printf(struct diagnose *d, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

/* ---- machines.c ---- */

struct client *machine_by_mac(struct diagnose *d,
    const uint8_t mac[MAC_LEN]);
struct client *machine_by_ip(struct diagnose *d, const struct ip_addr *a);
/** machine_of_sender() - by the address of the packet in hand, or its frame's */
struct client *machine_of_sender(struct diagnose *d);
/** machine_add() - a new boot of that machine; NULL past the ceilings. */
struct client *machine_add(struct diagnose *d, const uint8_t mac[MAC_LEN]);
void machine_holds(struct diagnose *d, struct client *m,
    const struct ip_addr *a, bool bound);
bool machine_has(const struct client *m, const struct ip_addr *a);
struct stage *stage_add(struct diagnose *d, struct client *m,
    enum stage_kind kind, bool v6);
/** stage_now() - the last one, made if there is none. */
struct stage *stage_now(struct diagnose *d, struct client *m);
/** touch() - the packet in hand is of this machine. */
void touch(struct diagnose *d, struct client *m, bool sent_by_it);
/** ladder() - an arrow of the packet in hand; NULL if there is no room. */
struct diagnosis_event *ladder(struct diagnose *d, struct client *m,
    enum diagnosis_lifeline from, enum diagnosis_lifeline to,
    const struct ip_addr *peer, const char *fmt, ...) PRINTF_LIKE(6, 7);
unsigned int hash_bytes(const void *p, size_t len, unsigned int sum);
unsigned int hash_ip(const struct ip_addr *a, uint16_t port);

/* ---- dhcp.c, dhcp6.c ---- */

void take_dhcp4(struct diagnose *d);
void take_dhcp6(struct diagnose *d);
bool kept_parse(const struct kept_msg *k, struct dhcp4_msg *ret);
const char *stage_kind_name(enum stage_kind k);

/* ---- loads.c, tcp.c, link.c ---- */

void take_tftp(struct diagnose *d);
void take_tcp(struct diagnose *d);
void take_arp(struct diagnose *d);
void take_icmp(struct diagnose *d);
void take_dns(struct diagnose *d);
void take_link(struct diagnose *d);
struct load *load_add(struct diagnose *d, struct client *m,
    enum load_proto proto, const char *name);
struct load *load_by_flow(struct diagnose *d, const struct ip_addr *client,
    uint16_t port);

/** machine_of_load() - who asks for a file; made if its DHCP was not seen */
struct client *machine_of_load(struct diagnose *d);

/* ---- content.c ---- */

/** content_add() - bytes of the file at @off. */
void content_add(struct diagnose *d, struct load *l, uint64_t off,
    const uint8_t *p, size_t len, size_t wire_len);
/** content_end() - say what it is, and let go of the bytes. */
void content_end(struct diagnose *d, struct load *l);

/* ---- servers.c ---- */

struct diagnosis_server *server_note(struct diagnose *d,
    const struct ip_addr *a, enum diagnosis_role role);
void server_software(struct diagnosis_server *s, const char *software,
    const char *why);
/** server_of() - what is known of the server at that address, or NULL. */
const struct diagnosis_server *server_of(const struct diagnosis *o,
    const struct ip_addr *a);
/** server_habits() - whose DHCP answer is this? */
void server_habits(struct diagnose *d, struct diagnosis_server *s,
    const struct packet *p);

/* ---- record.c ---- */

/** fill_boot() - stages and loads into out.boot. Return: 0; -ENOMEM. */
int fill_boot(struct diagnose *d, struct client *m);
/** load_name() - "tftp://10.0.0.1/x" */
const char *load_name(struct diagnose *d, const struct load *l);

/* ---- verdict.c and its rules ---- */

/** judge() - the verdict of one machine. */
int judge(struct diagnose *d, struct client *m);
/** blame() - the verdict is that fault; the first one counts, others are
 * also's. Return: true if it is the verdict. */
bool blame(struct diagnose *d, struct client *m, const char *id,
    double confidence, const struct ip_addr *server, const char *fmt, ...)
    PRINTF_LIKE(6, 7);
void also(struct client *m, const char *id);
void evidence(struct diagnose *d, struct client *m, uint64_t frame,
    double time, const char *fmt, ...) PRINTF_LIKE(5, 6);
void limit(struct diagnose *d, const char *fmt, ...) PRINTF_LIKE(2, 3);

/** rules_*() - Return: true if a verdict was reached. */
bool rules_dhcp(struct diagnose *d, struct client *m, struct stage *s);
bool rules_dhcp6(struct diagnose *d, struct client *m, struct stage *s);
bool rules_target(struct diagnose *d, struct client *m, struct stage *s);
/** rules_load() - why this transfer failed */
bool rules_load(struct diagnose *d, struct client *m, struct load *l);
bool rules_names(struct diagnose *d, struct client *m, struct stage *s);
bool rules_conn(struct diagnose *d, struct client *m, struct conn *c);
bool rules_content(struct diagnose *d, struct client *m, struct load *l);
/** script_hands_over() - the last script may go on with the local disk */
bool script_hands_over(const struct client *m);
bool rules_script(struct diagnose *d, struct client *m, struct load *l);
bool rules_initrd(struct diagnose *d, struct client *m);
bool rules_chain(struct diagnose *d, struct client *m);
/** stage_has_address() - by an ACK, or it would not go on as it does */
bool stage_has_address(const struct client *m, const struct stage *s);
/** load_is_optional() - a file that need not be there */
bool load_is_optional(const struct load *l);
bool load_failed(const struct load *l);
void hold_against_policy(struct diagnose *d, struct client *m);

#endif
