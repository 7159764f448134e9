/*
 * isc_tree.h - what a dhcpd.conf says: option spaces, expressions,
 * statements, scopes, networks, hosts and classes. Private to isc_*.c.
 */
#ifndef PXE_CONFIG_ISC_TREE_H
#define PXE_CONFIG_ISC_TREE_H

#include "config/config_file.h"
#include "config/config_list.h"
#include "config/config_map.h"
#include "config/isc_lex.h"

/*
 * An option's type is a row of letters, one a field:
 *   I IPv4   6 IPv6   B b  S s  L l  integers of 8, 16, 32 bits (small: signed)
 *   T time   f flag   t text   X text or hex   d domain   D domains (Dc: packed)
 *   N one of a list of names, up to '.'   E an encapsulated space, up to '.'
 *   U a space's name   k a key's name   Z nothing
 *   A all fields repeat   a the last one repeats   o the last one is optional
 */
struct isc_option {
	const char *name;
	struct isc_space *space;
	uint32_t code;
	const char *type;
};

struct isc_space {
	const char *name;
	unsigned int code_size;
	unsigned int len_size;
	bool has_end;
	struct config_map by_name;
	struct config_map by_code;
	struct isc_option *encloses;    /* the option that carries it, or NULL */
	struct isc_space *next;
	size_t index;
};

/* Numbers of the `server` space that the evaluation asks for. */
enum isc_server_code {
	ISC_SV_DEFAULT_LEASE_TIME = 1, ISC_SV_MAX_LEASE_TIME,
	ISC_SV_MIN_LEASE_TIME, ISC_SV_BOOT_UNKNOWN = 6, ISC_SV_DYNAMIC_BOOTP,
	ISC_SV_ALLOW_BOOTP, ISC_SV_ALLOW_BOOTING,
	ISC_SV_HOST_DECL_NAMES = 12, ISC_SV_LEASE_ROUTE, ISC_SV_MIN_SECS,
	ISC_SV_FILENAME, ISC_SV_SERVER_NAME, ISC_SV_NEXT_SERVER,
	ISC_SV_VENDOR_SPACE = 19, ISC_SV_SITE_SPACE = 21,
	ISC_SV_IGNORE_UIDS = 82, ISC_SV_ECHO_CLIENT_ID = 85,
};

enum isc_op {
	ISC_X_NULL, ISC_X_CONST, ISC_X_OPTION, ISC_X_CONFIG_OPTION,
	ISC_X_HARDWARE, ISC_X_PACKET, ISC_X_SUBSTRING, ISC_X_SUFFIX,
	ISC_X_LCASE, ISC_X_UCASE, ISC_X_CONCAT, ISC_X_REVERSE,
	ISC_X_LEASED_ADDRESS, ISC_X_BINARY_TO_ASCII, ISC_X_ENCODE_INT,
	ISC_X_PICK, ISC_X_HOST_NAME, ISC_X_FILENAME, ISC_X_SERVER_NAME,
	ISC_X_UNKNOWN_DATA,             /* data that only run time knows */
	ISC_X_INT, ISC_X_EXTRACT_INT, ISC_X_LEASE_TIME,
	ISC_X_ADD, ISC_X_MUL, ISC_X_DIV, ISC_X_MOD,
	ISC_X_BIT_AND, ISC_X_BIT_OR, ISC_X_BIT_XOR,
	ISC_X_NOT, ISC_X_AND, ISC_X_OR, ISC_X_EQUAL, ISC_X_NOT_EQUAL,
	ISC_X_MATCH, ISC_X_MATCH_ICASE, ISC_X_EXISTS, ISC_X_KNOWN,
	ISC_X_STATIC, ISC_X_CHECK, ISC_X_DEFINED,
	ISC_X_VARIABLE, ISC_X_CALL,
};

enum isc_type { ISC_V_NONE, ISC_V_DATA, ISC_V_INT, ISC_V_BOOL, ISC_V_ANY };

struct isc_expr {
	enum isc_op op;
	struct config_pos pos;
	const struct isc_option *option;
	const uint8_t *bytes;           /* CONST; the name of a variable, call */
	size_t len;
	uint64_t number;                /* INT; the width of an integer */
	struct isc_expr *arg[4];
};

enum isc_stmt_kind {
	ISC_S_OPTION, ISC_S_IF, ISC_S_SWITCH, ISC_S_CASE, ISC_S_BREAK,
	ISC_S_SET, ISC_S_UNSET, ISC_S_EVAL, ISC_S_SKIP, ISC_S_RETURN,
};

enum isc_how { ISC_SUPERSEDE, ISC_DEFAULT, ISC_APPEND, ISC_PREPEND };

struct isc_stmt {
	enum isc_stmt_kind kind;
	enum isc_how how;               /* OPTION */
	struct config_pos pos;
	const struct isc_option *option;
	struct isc_expr *expr;          /* value or condition; CASE: NULL is default */
	const char *name;               /* SET, UNSET */
	struct isc_stmt *body;          /* IF, SWITCH */
	struct isc_stmt *orelse;        /* IF */
	struct isc_stmt *next;
};

/* A scope: its statements, and the one around it. */
struct isc_scope {
	struct isc_scope *outer;
	struct isc_stmt *first;
	struct isc_stmt **tail;
};

struct isc_class {
	const char *name;
	struct config_pos pos;
	struct isc_scope *scope;
	struct isc_expr *match_if;
	struct isc_expr *submatch;
	bool spawning;
	bool has_match_if;              /* in the body being read */
	struct isc_class *super;        /* of a subclass */
	struct config_map subclasses;      /* by the value of `submatch` */
	struct isc_class *subs;         /* the same, last declared first */
	const uint8_t *value;           /* of a subclass */
	size_t value_len;
	struct isc_class *next;
};

enum isc_permit_kind {
	ISC_P_UNKNOWN, ISC_P_KNOWN, ISC_P_AUTH, ISC_P_UNAUTH, ISC_P_ALL,
	ISC_P_BOOTP, ISC_P_CLASS, ISC_P_AFTER,
};

struct isc_permit {
	enum isc_permit_kind kind;
	bool deny;
	const struct isc_class *of;
	uint64_t after;                 /* seconds since the epoch */
	struct isc_permit *next;
};

struct isc_range {
	uint32_t low;
	uint32_t high;
	bool bootp;
	struct isc_subnet *subnet;
	struct isc_range *next;
};

struct isc_pool {
	struct isc_scope *scope;        /* NULL: ranges of a subnet itself */
	struct isc_permit *permits;
	struct isc_range *ranges;
	struct isc_range **tail;
	struct isc_pool *next;
};

struct isc_shared {
	const char *name;
	struct isc_scope *scope;
	struct isc_pool *pools;
	size_t n_subnets;
	struct config_pos pos;
	bool is_implicit;               /* made for a lone subnet */
};

struct isc_subnet {
	uint32_t net;
	uint32_t mask;
	struct isc_scope *scope;
	struct isc_shared *shared;
	struct config_pos pos;
	bool is_assumed;                /* since none is declared */
	uint32_t key[2];                /* net and mask */
	struct isc_subnet *same;        /* the same, declared before */
	struct isc_subnet *next;
};

/* What a host is known by, in the order that dhcpd looks. */
enum isc_id { ISC_ID_UID, ISC_ID_HARDWARE, ISC_ID_OPTION, ISC_N_IDS };

/* In a chain of hosts; of those by an option it is one for all. */
struct isc_link {
	struct isc_host *next;
	struct isc_host *last;          /* in the first of the chain */
};

struct isc_host {
	const char *name;
	struct config_pos pos;
	size_t index;                   /* in order of declaration */
	struct isc_scope *scope;
	bool has_hw;
	uint8_t hw[21];                 /* type, then the address */
	size_t hw_len;
	const uint8_t *uid;
	size_t uid_len;
	const struct isc_option *id_option;
	const uint8_t *id;
	size_t id_len;
	uint32_t *addrs;
	size_t n_addrs;
	bool is_fixed;
	struct isc_host *next;          /* in order of declaration */
	struct isc_link same[ISC_N_IDS]; /* others of the same identity */
};

enum { ISC_MASKS_MAX = 128 };   /* they need not be of ones in a row */

struct isc_tree {
	struct arena arena;
	struct config_file *files;
	size_t n_files;
	struct isc_space *spaces;
	size_t n_spaces;
	struct config_map space_by_name;
	struct isc_space *dhcp;
	struct isc_space *server;
	struct isc_space *agent;
	struct isc_scope *root;
	struct isc_class *classes;
	struct isc_class **classes_tail;
	struct config_map class_by_name;
	struct config_map host_by_name;
	struct config_map host_by_hw;
	struct config_map host_by_uid;
	struct isc_host *hosts;
	struct isc_host **hosts_tail;
	struct isc_host *id_hosts;
	struct isc_subnet *subnets;
	struct config_map subnet_by_net;   /* isc_net.h */
	uint32_t mask[ISC_MASKS_MAX];   /* longest first */
	size_t n_masks;
	struct config_map keys;
	struct config_map peers;
	struct config_map named_groups;
	struct config_map set_names;       /* variables that a "set" sets */
	struct config_list literals;       /* struct config_literal */
	struct config_list networks;       /* struct config_network */
	struct config_list host_list;      /* struct config_host */
	struct config_list gaps;           /* struct config_gap */
	struct config_list remarks;        /* struct config_remark */
	struct config_list known_ranges;   /* struct isc_range, against doubles */
	bool by_identity;               /* answers name a client's addresses */
	struct in_addr server_ip;
};

/** isc_gap(), isc_remark() - note it. Return: 0; -ENOMEM. */
int isc_gap(struct isc_tree *t, struct config_pos pos, const char *text);
int isc_remark(struct isc_tree *t, struct config_pos pos, const char *fault,
    const char *fmt, ...) PRINTF_LIKE(4, 5);

enum isc_type isc_expr_type(const struct isc_expr *x);

#endif
