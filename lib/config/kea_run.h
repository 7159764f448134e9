/*
 * kea_run.h - one request on its way through Kea: its classes, its subnet
 * and reservation, its address, its options. Shared by the files that
 * kea_answer() is made of.
 */
#ifndef PXE_CONFIG_KEA_RUN_H
#define PXE_CONFIG_KEA_RUN_H

#include "config/kea_packet.h"
#include "config/kea_tree.h"

enum {
	KEA_BUCKETS = 64,
	KEA_OPTION_CODES = 256,
	KEA_DEPTH_MAX = 16,             /* spaces that encapsulate spaces */
};

/* A class that the client is in. */
struct kea_member {
	const char *name;
	const struct kea_class *class;  /* NULL: Kea's own, and not configured */
	bool tested;                    /* its test said so */
	bool shown;                     /* among the reasons */
	struct kea_member *next;        /* in the order they came to be */
	struct kea_member *next_hash;
};

/* Something that the client is known by, in the order of looking. */
struct kea_identifier {
	enum kea_host_id type;
	const uint8_t *bytes;
	size_t len;
};

/* A reservation of this client. */
struct kea_found {
	const struct kea_subnet *subnet;        /* NULL: a global one */
	const struct kea_host *host;
	struct kea_found *next;
};

/* An option of the answer. */
struct kea_sent {
	struct kea_value *value;        /* NULL: not sent */
	const struct kea_option *by;    /* NULL: Kea's own doing */
	struct kea_member *of_class;    /* NULL: of no class */
};

/* A level that options and fields are taken from. */
struct kea_source {
	const struct kea_level *level;
	struct kea_member *of_class;
	struct kea_source *next;
};

struct kea_run {
	struct kea_tree *t;
	const struct request *req;
	const struct dhcp4_msg *msg;
	struct answer *ret;             /* NULL: of DHCPv6 */
	struct reason **reasons;        /* of the answer */
	struct diag *diag;
	struct arena *arena;            /* of the answer */
	struct kea_packet pkt;
	struct kea_member *members, **members_end;
	struct kea_member *hash[KEA_BUCKETS];
	struct kea_identifier id[KEA_N_IDS];
	size_t n_ids;
	struct kea_found *found;
	const struct kea_subnet *subnet;
	const struct kea_pool *pool;    /* that the address is of */
	struct in_addr address;
	struct kea_source *sources;
	struct kea_sent sent[KEA_OPTION_CODES];
};

/* kea_classify.c */

bool kea_is_member(const struct kea_run *r, const char *name);

/** kea_supports() - is the client in one of the classes, or are there none? */
bool kea_supports(const struct kea_run *r, const struct kea_name *guards);

/** kea_join() - put the client in a class. Return: 0; -ENOMEM. */
int kea_join(struct kea_run *r, const char *name);

/** kea_classify() - ALL, the vendor's, and what needs nothing more. */
int kea_classify(struct kea_run *r);

/** kea_classify_known() - KNOWN or UNKNOWN, and what hangs on that. */
int kea_classify_known(struct kea_run *r, bool known);

/** kea_reclassify() - anew, with the classes of a reservation. */
int kea_reclassify(struct kea_run *r, const struct kea_host *h);

/** kea_join_reserved() - the classes of a reservation. */
int kea_join_reserved(struct kea_run *r, const struct kea_host *h);

/** kea_classify_required() - those that network, subnet and pool ask for. */
int kea_classify_required(struct kea_run *r);

/** kea_unpack_deferred() - options that the classes give a meaning. */
int kea_unpack_deferred(struct kea_run *r);

/* kea_subnet.c */

/** kea_index() - once for a tree: put lists in the order Kea walks them. */
int kea_index(struct kea_tree *t);

const struct kea_subnet *kea_select_subnet(const struct kea_run *r);

/** kea_next_subnet() - of the same network, that takes the client. */
const struct kea_subnet *kea_next_subnet(const struct kea_run *r,
    const struct kea_subnet *first, const struct kea_subnet *s);

/** kea_subnet_supports() - do it and its network take the client? */
bool kea_subnet_supports(const struct kea_run *r, const struct kea_subnet *s);

/**
 * kea_identify() - what hosts are looked for by
 *
 * Return: 0; -EBADMSG if Kea drops a client with such an identifier.
 */
int kea_identify(struct kea_run *r);

/** kea_find_hosts() - the reservations of the client. Return: 0; -ENOMEM. */
int kea_find_hosts(struct kea_run *r);
const struct kea_host *kea_global_host(const struct kea_run *r);
const struct kea_host *kea_current_host(const struct kea_run *r);

/** kea_look_global() - a global reservation. Return: 0; -ENOMEM. */
int kea_look_global(struct kea_run *r);

/** kea_wish() - the address that the client asks for; 0: none. */
struct in_addr kea_wish(const struct kea_run *r);

/** kea_allocate() - an address, and with it subnet and pool. */
bool kea_allocate(struct kea_run *r);

/* kea_reply.c */

/** kea_reply() - fields and options of the answer. Return: 0; -ENOMEM. */
int kea_reply(struct kea_run *r);

/** kea_list_sources() - the levels with options, the closest first. */
int kea_list_sources(struct kea_run *r);

/** kea_send_option() - from the closest level that has it, once. */
int kea_send_option(struct kea_run *r, unsigned int code);

/** kea_send_always() - those that are sent unasked. Return: 0; -ENOMEM. */
int kea_send_always(struct kea_run *r);

/** kea_because_sent() - the line of an option of the answer. */
int kea_because_sent(struct kea_run *r, unsigned int code);

/** kea_because() - a line of the configuration. Return: 0; -ENOMEM. */
int kea_because(struct kea_run *r, struct config_pos pos, const char *why);

#endif
