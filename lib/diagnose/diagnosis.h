/*
 * diagnosis.h - what a capture tells of the machines that booted in it: each
 * with its chain, its verdict and the frames that prove it.
 *
 * Data only: lib/diagnose makes it, reports render it. Frames are counted
 * over all files in the order of their times, from 1.
 */
#ifndef PXE_DIAGNOSE_DIAGNOSIS_H
#define PXE_DIAGNOSE_DIAGNOSIS_H

#include "base/arena.h"
#include "base/text.h"
#include "chain/boot.h"
#include "chain/fault.h"

enum {
	DIAGNOSIS_MACHINES_MAX = 4096,  /* more are counted, not kept */
	DIAGNOSIS_SERVERS_MAX = 256,
	DIAGNOSIS_EVENTS_MAX = 2000,    /* of one machine's ladder */
	DIAGNOSIS_ALSO_MAX = 16,
};

enum diagnosis_verdict {
	DIAGNOSIS_HEALTHY,
	DIAGNOSIS_UNFINISHED,           /* the capture ends before the boot does */
	DIAGNOSIS_FAULT,
};

/* A frame, or several alike, that something follows from. */
struct diagnosis_evidence {
	uint64_t frame;                 /* 0: of no one frame */
	double time;                    /* seconds since the epoch */
	const char *text;
	struct diagnosis_evidence *next;
};

/* Who an arrow of the ladder goes from or to. */
enum diagnosis_lifeline {
	LIFELINE_CLIENT, LIFELINE_DHCP, LIFELINE_PROXY, LIFELINE_TFTP,
	LIFELINE_HTTP, LIFELINE_OTHER, LIFELINE_N,
};

/* One arrow, or one note beside the client's line. */
struct diagnosis_event {
	uint64_t frame;                 /* the first */
	uint64_t last_frame;            /* of a bulk transfer: its last */
	double time;
	double duration_s;              /* of a bulk transfer */
	size_t stage;                   /* index */
	enum diagnosis_lifeline from;
	enum diagnosis_lifeline to;     /* the same as `from`: a note */
	struct ip_addr peer;            /* the end that is not the client */
	const char *text;               /* "OFFER 10.0.0.5, file ipxe.efi" */
	const char *detail;             /* fields, a line each; or NULL */
	bool is_fault;                  /* here it broke */
	struct diagnosis_event *next;
};

struct diagnosis_machine {
	uint8_t mac[MAC_LEN];
	bool has_uuid;
	uint8_t uuid[UUID_LEN];         /* text order */
	struct in_addr relay;           /* giaddr; 0: none */
	unsigned int boot_number;       /* 1 for its first boot in the capture */
	const char *firmware;           /* "x64 UEFI PXE (EDK2)"; "" if unknown */
	const char *persona;            /* the nearest one's name; or NULL */
	bool has_arch;
	uint16_t arch;
	uint64_t first_frame;
	uint64_t last_frame;
	/* Stages, loads, events of DHCP (for the waits), end. */
	struct boot *boot;
	enum diagnosis_verdict verdict;
	const struct fault *fault;      /* with DIAGNOSIS_FAULT */
	double confidence;              /* 0 to 1 */
	const struct fault *also[DIAGNOSIS_ALSO_MAX];
	size_t n_also;
	const char *message;            /* a sentence about this boot */
	const char *fix;                /* for the server that was recognised */
	struct diagnosis_evidence *evidence;
	struct diagnosis_event *events;
	size_t n_events;
	size_t n_left_out;              /* events past the ceiling */
	struct diagnosis_machine *next;
};

enum diagnosis_role {
	ROLE_DHCP = 1 << 0, ROLE_PROXY = 1 << 1, ROLE_PXE_PORT = 1 << 2,
	ROLE_TFTP = 1 << 3, ROLE_HTTP = 1 << 4, ROLE_DNS = 1 << 5,
	ROLE_DHCP6 = 1 << 6, ROLE_RELAY = 1 << 7, ROLE_ISCSI = 1 << 8,
	ROLE_NFS = 1 << 9, ROLE_NBD = 1 << 10,
};

struct diagnosis_server {
	struct ip_addr address;
	bool has_mac;
	uint8_t mac[MAC_LEN];           /* of it, or of the router before it */
	unsigned int roles;             /* set of enum diagnosis_role */
	const char *software;           /* "dnsmasq", "isc", "kea", "windows" ...;
	                                 * as remedies name it; NULL: not known */
	const char *software_why;       /* what gave it away */
};

/* Something that the capture cannot show. */
struct diagnosis_limit {
	const char *text;
	struct diagnosis_limit *next;
};

struct diagnosis {
	const char *const *files;       /* the caller's */
	size_t n_files;
	uint64_t n_frames;
	double first_time;
	double last_time;
	struct diagnosis_machine *machines;     /* by first frame */
	size_t n_machines;
	size_t n_evicted;               /* machines that had to be forgotten */
	struct diagnosis_server server[DIAGNOSIS_SERVERS_MAX];
	size_t n_servers;
	struct diagnosis_limit *limits;
	struct arena arena;             /* of the texts */
};

void diagnosis_free(struct diagnosis *d);

/** diagnosis_worst() - is any machine's verdict a fault? */
bool diagnosis_has_fault(const struct diagnosis *d);

const char *diagnosis_role_name(enum diagnosis_role r);
const char *diagnosis_lifeline_name(enum diagnosis_lifeline l);

#endif
