/*
 * kea_tree.h - what the parser of Kea's configuration leaves, and the
 * evaluator reads. All of it lives in the tree's arena.
 */
#ifndef PXE_CONFIG_KEA_TREE_H
#define PXE_CONFIG_KEA_TREE_H

#include "config/kea.h"
#include "config/kea_expr.h"
#include "config/kea_option.h"

/* Options and fields that a level of the configuration may set. */
struct kea_level {
	struct kea_option *options;     /* option-data, in order */
	struct in_addr next_server;
	bool has_next_server;           /* also where it says 0.0.0.0 */
	const char *server_hostname;    /* NULL: not said */
	const char *boot_file_name;
	struct config_pos next_server_pos;
	struct config_pos hostname_pos;
	struct config_pos file_pos;
	struct config_pos pos;
};

struct kea_name {                       /* a list of class names */
	const char *name;
	struct config_pos pos;
	struct kea_name *next;
};

struct kea_class {
	const char *name;
	struct kea_expr *test;          /* NULL: no test, never by itself */
	struct config_pos test_pos;
	bool only_if_required;
	bool depends_on_known;          /* directly or through member() */
	bool is_built_in;               /* KNOWN, ALL ...: named here for its options */
	struct kea_option_def *defs;    /* of option 43, 224-254 */
	struct kea_level level;
	struct kea_class *next;
};

enum kea_host_id {
	KEA_ID_HW, KEA_ID_DUID, KEA_ID_CIRCUIT, KEA_ID_CLIENT, KEA_ID_FLEX,
	KEA_N_IDS,
};

struct kea_host {
	enum kea_host_id id_type;
	const uint8_t *id;
	size_t id_len;
	struct in_addr address;         /* 0: none */
	const char *hostname;
	struct kea_name *classes;
	struct kea_level level;
	struct kea_host *next;
};

struct kea_pool {
	struct in_addr first, last;
	struct in6_addr first6, last6;  /* of kea-dhcp6 */
	struct kea_name *guards;        /* any of these classes; NULL: anybody */
	struct kea_name *required;
	struct kea_level level;
	struct in_addr first_free;      /* kea_index(): not reserved; 0: none */
	struct kea_pool *next;
};

struct kea_subnet {
	uint32_t id;
	struct in_addr address;
	struct in6_addr address6;       /* of kea-dhcp6 */
	unsigned int prefix;
	struct in_addr *relays;
	size_t n_relays;
	const char *interface;
	struct kea_name *guards;        /* as of a pool */
	struct kea_name *required;
	struct kea_pool *pools;
	struct kea_host *hosts;
	/* What holds here: said here, of the network, or globally. */
	bool reservations_global, reservations_in_subnet, reservations_out_of_pool;
	bool match_client_id;
	bool authoritative;
	struct kea_level level;
	struct kea_subnet *next;
	struct kea_network *network;    /* NULL: of none */
	struct kea_subnet *next_in_network;
};

struct kea_network {                    /* a shared network */
	const char *name;
	struct in_addr *relays;
	size_t n_relays;
	const char *interface;
	struct kea_name *guards;        /* as of a pool */
	struct kea_name *required;
	struct kea_subnet *subnets;
	bool authoritative;
	struct kea_level level;
	struct kea_network *next;
};

/* A gap or a remark, until all are known. */
struct kea_note {
	const char *fault;              /* of a remark */
	struct config_pos pos;
	const char *text;
	bool is_hint;                   /* a warning at most */
	struct kea_note *next;
};

struct config_file;

struct kea_tree {
	struct arena arena;
	bool is_v6;
	struct kea_level global;
	struct kea_option_def *defs;
	struct kea_class *classes;      /* in order: the order of evaluation */
	struct kea_subnet *subnets;     /* all, in order */
	struct kea_network *networks;
	struct kea_host *hosts;         /* the global ones */
	bool match_client_id;           /* globally; a subnet says its own */
	bool echo_client_id;
	bool lookup_first;              /* reservations-lookup-first */
	bool early_global_lookup;
	bool reservations_global, reservations_in_subnet, reservations_out_of_pool;
	enum kea_host_id id_order[KEA_N_IDS];
	size_t n_id_order;
	struct in_addr server_ip;       /* from the caller */
	const char *interface;          /* the only one listened on; NULL: more */
	struct config_file *files;
	struct kea_index *index;        /* of kea_answer(), made when needed */

	/* The lists that config_ops hands out. */
	struct config_literal *literals;
	struct config_network *network_list;
	struct config_host *host_list;
	struct config_link *link_list;
	struct kea_note *gaps, *remarks;        /* newest first, until listed */
	struct config_gap *gap_list;
	struct config_remark *remark_list;
	size_t n_literals, n_networks, n_hosts, n_links, n_gaps, n_remarks;
};

/** kea6_answer() - the same of kea-dhcp6 (kea6_answer.c). */
int kea6_answer(void *tree, const struct request6 *req, struct answer6 *ret,
    struct diag *diag);

/** kea_answer() - what the server answers (kea_answer.c); for kea_ops. */
int kea_answer(void *tree, const struct request *req, struct answer *ret,
    struct diag *diag);

#endif
