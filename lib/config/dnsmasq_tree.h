/*
 * dnsmasq_tree.h - what the lines of a dnsmasq configuration become.
 *
 * Shared by the files of this front end only. All of it lives in the arena
 * of the tree. Lists are in the order in which dnsmasq tries their rows,
 * which is the reverse of the file's order where it says "newest first".
 */
#ifndef PXE_CONFIG_DNSMASQ_TREE_H
#define PXE_CONFIG_DNSMASQ_TREE_H

#include "config/config_file.h"
#include "config/config_list.h"
#include "config/dnsmasq.h"

enum {
	DNSMASQ_LINE_MAX = 1024,        /* a longer line is read in pieces */
	DNSMASQ_LEASE_MIN = 120,        /* seconds */
	DNSMASQ_LEASE_DEFAULT = 3600,
	DNSMASQ_N_BUCKETS = 1 << 14,
	DNSMASQ_REMARKS_MAX = 1000,
};

struct dnsmasq_tag {
	const char *name;
	size_t id;
	bool is_set;                    /* some line or fact sets it */
	bool is_used;
	struct config_pos set_at;
	struct config_pos used_at;
	struct dnsmasq_tag *next;       /* in its bucket */
};

/* One element of a "tag:" list. */
struct dnsmasq_cond {
	struct dnsmasq_tag *tag;
	bool negated;
	struct dnsmasq_cond *next;
};

/* One tag that a line sets. */
struct dnsmasq_set {
	struct dnsmasq_tag *tag;
	struct dnsmasq_set *next;
};

/* dhcp-range of IPv4; order of the file. */
struct dnsmasq_range {
	struct in_addr start, end;
	struct in_addr mask, broadcast;
	bool has_mask, has_broadcast;
	bool is_static, is_proxy;
	uint32_t lease_time;            /* seconds; UINT32_MAX: for ever */
	struct dnsmasq_cond *filter;
	struct dnsmasq_tag *tag;
	struct config_pos pos;
	struct dnsmasq_range *next;
};

enum dnsmasq_opt_flags {
	DNSMASQ_O_STRING = 1 << 0,
	DNSMASQ_O_HEX = 1 << 1,
	DNSMASQ_O_ADDR = 1 << 2,        /* 0.0.0.0 stands for the server */
	DNSMASQ_O_FORCE = 1 << 3,
	DNSMASQ_O_VENDOR = 1 << 4,      /* in option 43, for a vendor class */
	DNSMASQ_O_ENCAP = 1 << 5,       /* in option `outer` */
	DNSMASQ_O_VI = 1 << 6,          /* in option 125, enterprise `outer` */
	DNSMASQ_O_PXE = 1 << 7,         /* VENDOR: for what is a PXE client */
};

/* dhcp-option, pxe-prompt; dhcp-match has the same form. Newest first. */
struct dnsmasq_option {
	uint32_t code;
	unsigned int flags;
	uint32_t outer;
	const char *vendor;             /* NULL: any */
	const uint8_t *data;
	size_t len;
	uint32_t wild;                  /* HEX of a match: bytes not compared */
	struct dnsmasq_cond *filter;
	struct dnsmasq_tag *sets;       /* of a match */
	size_t id;                      /* counts dhcp-option lines */
	struct config_pos pos;
	struct dnsmasq_option *next;
};

enum dnsmasq_class_kind {
	DNSMASQ_C_VENDOR, DNSMASQ_C_USER,
	DNSMASQ_C_CIRCUIT, DNSMASQ_C_REMOTE, DNSMASQ_C_SUBSCRIBER,
};

/* dhcp-vendorclass and its like; newest first. */
struct dnsmasq_class {
	enum dnsmasq_class_kind kind;
	const uint8_t *data;
	size_t len;
	struct dnsmasq_tag *sets;
	struct config_pos pos;
	struct dnsmasq_class *next;
};

/* A hardware address, in part perhaps. */
struct dnsmasq_mac {
	uint8_t bytes[DHCP4_CHADDR_LEN];
	size_t len;
	uint32_t wild;                  /* bit 0: the last byte */
	uint8_t type;                   /* 0: any */
	struct dnsmasq_tag *sets;       /* of dhcp-mac */
	struct config_pos pos;
	struct dnsmasq_mac *next;
};

/* dhcp-name-match */
struct dnsmasq_name {
	const char *name;
	size_t len;
	bool is_prefix;
	struct dnsmasq_tag *sets;
	struct config_pos pos;
	struct dnsmasq_name *next;
};

/* dhcp-host; newest first. */
struct dnsmasq_host {
	struct dnsmasq_mac *macs;
	const uint8_t *client_id;
	size_t client_id_len;
	const char *name;               /* without its domain */
	bool has_addr;
	struct in_addr addr;
	bool has_addr6;
	bool has_time;
	uint32_t lease_time;
	bool ignored;
	bool ignores_client_id;
	bool has_wild;
	struct dnsmasq_cond *filter;
	struct dnsmasq_set *sets;
	struct config_pos pos;
	unsigned int serial;            /* higher is newer */
	unsigned int alike;             /* as in struct config_host */
	struct dnsmasq_host *next;
};

/* Where a host is found by a key; newest first in its bucket. */
struct dnsmasq_key {
	enum {
		DNSMASQ_K_MAC, DNSMASQ_K_ID, DNSMASQ_K_NAME, DNSMASQ_K_ADDR,
		DNSMASQ_K_ALIKE,        /* see dnsmasq_alike() */
	} kind;
	const uint8_t *bytes;
	size_t len;
	uint8_t type;                   /* hardware type, of a MAC */
	struct dnsmasq_host *host;
	struct dnsmasq_key *next;
};

/* dhcp-boot; newest first. */
struct dnsmasq_boot {
	const char *file;               /* NULL: none */
	const char *sname;
	const char *server_name;        /* to be resolved */
	struct in_addr server;
	struct dnsmasq_cond *filter;
	struct config_pos pos;
	struct dnsmasq_boot *next;
};

/* pxe-service; order of the file. */
struct dnsmasq_service {
	uint16_t arch;
	uint16_t type;
	const char *menu;
	const char *basename;           /* NULL: by type alone */
	const char *server_name;
	struct in_addr server;
	struct dnsmasq_cond *filter;
	struct config_pos pos;
	struct dnsmasq_service *next;
};

/* tag-if; order of the file. */
struct dnsmasq_tag_if {
	struct dnsmasq_cond *filter;
	struct dnsmasq_set *sets;
	struct config_pos pos;
	struct dnsmasq_tag_if *next;
};

/* dhcp-ignore and its like; newest first. */
struct dnsmasq_when {
	struct dnsmasq_cond *filter;
	struct config_pos pos;
	struct dnsmasq_when *next;
};

/* dhcp-pxe-vendor */
struct dnsmasq_vendor {
	const char *name;
	struct dnsmasq_vendor *next;
};

/* host-record, address: what a server's name may resolve to. */
struct dnsmasq_record {
	const char *name;
	struct in_addr addr;
	struct dnsmasq_record *next;
};

/* shared-network, once both ends are known. */
struct dnsmasq_shared {
	struct in_addr here;            /* 0: an interface was named */
	struct in_addr there;
	struct dnsmasq_shared *next;
};

/* A file that was read, whatever its name. */
struct dnsmasq_inode {
	uint64_t dev, ino;
	struct dnsmasq_inode *next;
};

struct dnsmasq_line;

/* What reading the value of one option does. */
typedef int dnsmasq_read_fn(struct dnsmasq_line *l, char *arg);

/* A file of hosts or options, read once all lines are. */
struct dnsmasq_later {
	const char *path;
	dnsmasq_read_fn *hard;
	struct config_pos pos;
	struct dnsmasq_later *next;
};

struct dnsmasq_tree {
	struct arena arena;
	struct in_addr server_ip;
	const char *root;

	struct dnsmasq_tag *tags[1024];
	size_t n_tags;

	struct dnsmasq_range *ranges, **last_range;
	struct dnsmasq_option *options;
	struct dnsmasq_option *matches;
	size_t n_options;
	struct dnsmasq_class *classes;
	struct dnsmasq_mac *macs;
	struct dnsmasq_name *names;
	struct dnsmasq_host *hosts;
	size_t n_hosts;
	unsigned int n_alike;
	struct dnsmasq_host **wild_hosts;       /* newest first; made last */
	size_t n_wild_hosts;
	struct dnsmasq_key *keys[DNSMASQ_N_BUCKETS];
	struct dnsmasq_boot *boots;
	struct dnsmasq_service *services, **last_service;
	struct dnsmasq_tag_if *tag_ifs, **last_tag_if;
	struct dnsmasq_when *ignore;
	struct dnsmasq_when *ignore_names;
	struct dnsmasq_when *broadcast;
	struct dnsmasq_when *bootp_dynamic;
	struct dnsmasq_when *generate_names;
	struct dnsmasq_vendor *pxe_vendors;
	struct dnsmasq_record *records;
	struct dnsmasq_shared *shared;

	const char *interface;          /* the only one named; NULL if not */
	size_t n_interfaces;
	const char *domain;
	uint16_t next_type;             /* of the next pxe-service with a file */
	bool pxe_enabled;
	bool no_override;
	bool authoritative;
	bool ignore_client_id;
	bool no_dns;                    /* port=0 or another than 53 */
	bool no_names;                  /* port=0: host-record is idle */
	bool fqdn;
	struct config_pos fqdn_at;

	struct config_file *files;     /* newest first */
	struct dnsmasq_inode *inodes;
	struct dnsmasq_later *later;
	size_t n_files;
	size_t depth;

	struct config_list literal_list, network_list, host_list;
	struct config_list gap_list, remark_list;
};

/* One line while it is read: words are cut in place. */
struct dnsmasq_line {
	struct dnsmasq_tree *tree;
	struct config_pos pos;
	const char *name;               /* the option's */
	char *start;                    /* of the line as cut up */
	struct diag *diag;
};

/* dnsmasq_word.c */
char *dnsmasq_split(char *s);           /* at the first ','; NULL if none */
char *dnsmasq_split_at(char *s, char c);
void dnsmasq_unhide(char *s);           /* what quotes hid is itself again */
const char *dnsmasq_word(struct dnsmasq_line *l, char *s);      /* NULL if "" */
bool dnsmasq_number(char *s, int64_t *ret);     /* digits alone */
bool dnsmasq_ipv4(const char *s, struct in_addr *ret);
int dnsmasq_hex(const char *s, uint8_t *ret, size_t cap, uint32_t *ret_wild,
    uint8_t *ret_type);
bool dnsmasq_cut(char *line);           /* false: a quote is not closed */
int dnsmasq_bad(struct dnsmasq_line *l, const char *at, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* dnsmasq_tag.c */
struct dnsmasq_tag *dnsmasq_tag(struct dnsmasq_line *l, const char *name);
bool dnsmasq_is_tag(const char *s);     /* tag: or net: */
/* A tag that is looked at, and one that is set, in whatever form. */
int dnsmasq_cond_add(struct dnsmasq_line *l, char *word,
    struct dnsmasq_cond **list);
int dnsmasq_set_add(struct dnsmasq_line *l, char *word,
    struct dnsmasq_set **list);
struct dnsmasq_tag *dnsmasq_sets(struct dnsmasq_line *l, char *word);
int dnsmasq_conds(struct dnsmasq_line *l, char **arg,
    struct dnsmasq_cond **ret);

/* dnsmasq_value.c, dnsmasq_dhcp.c, dnsmasq_other.c: values */
int dnsmasq_read_option(struct dnsmasq_line *l, char *arg, unsigned int flags,
    bool is_match);
int dnsmasq_read_host(struct dnsmasq_line *l, char *arg);
int dnsmasq_read_range(struct dnsmasq_line *l, char *arg);

/* dnsmasq_option.c */
struct dnsmasq_row {
	const char *name;
	unsigned int arg;               /* 0 none, 1 needed, 2 may be */
	dnsmasq_read_fn *read;          /* NULL: nothing to look at */
};
const struct dnsmasq_row *dnsmasq_row(const char *name);
const char *dnsmasq_row_nearest(const char *name);

/* dnsmasq_host.c: finding */
int dnsmasq_key_add(struct dnsmasq_tree *t, int kind, const uint8_t *bytes,
    size_t len, uint8_t type, struct dnsmasq_host *host);
const struct dnsmasq_key *dnsmasq_key_first(const struct dnsmasq_tree *t,
    int kind, const uint8_t *bytes, size_t len);

const struct dnsmasq_key *dnsmasq_key_next(const struct dnsmasq_key *k);

/* dnsmasq_file.c */
void dnsmasq_free(void *tree);

/* dnsmasq_list.c */
int dnsmasq_lists(struct dnsmasq_tree *t);
struct in_addr dnsmasq_mask(const struct dnsmasq_tree *t,
    const struct dnsmasq_range *range, struct in_addr server);
int dnsmasq_gap(struct dnsmasq_tree *t, struct config_pos pos, bool is_unread,
    const char *text);
/* @text NULL is -ENOMEM. Beyond DNSMASQ_REMARKS_MAX no more are kept. */
int dnsmasq_remark(struct dnsmasq_tree *t, const char *fault,
    struct config_pos pos, const char *text);

/* dnsmasq_alike.c: number a host; all have been read */
int dnsmasq_alike(struct dnsmasq_tree *t, struct dnsmasq_host *h);

/* dnsmasq_shadow.c: remarks on lines that are never reached */
int dnsmasq_shadows(struct dnsmasq_tree *t);

/* dnsmasq_remark.c */
int dnsmasq_remarks(struct dnsmasq_tree *t);

#endif
