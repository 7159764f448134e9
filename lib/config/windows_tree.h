/*
 * windows_tree.h - what a Windows DHCP server is configured with, whichever
 * of the three forms it was read from.
 *
 * Shared by the files of this front end only. All of it lives in the arena
 * of the tree. Names of classes, policies and options compare without regard
 * to case, as the server does.
 */
#ifndef PXE_CONFIG_WINDOWS_TREE_H
#define PXE_CONFIG_WINDOWS_TREE_H

#include "config/config_file.h"
#include "config/config_list.h"
#include "config/windows.h"

enum {
	WINDOWS_VALUES_MAX = 2048,      /* option values of one holder */
	WINDOWS_SCOPES_MAX = 1 << 16,
	WINDOWS_RESERVATIONS_MAX = 1 << 20,
	WINDOWS_POLICIES_MAX = 1 << 14,
	WINDOWS_GAPS_MAX = 4096,        /* beyond: one word for all the rest */
	WINDOWS_DATA_MAX = 1024,        /* bytes of one value */
	WINDOWS_N_BUCKETS = 1 << 14,
	WINDOWS_LEASE_DEFAULT = 8 * 86400,      /* Add-DhcpServerv4Scope */
};

/* A list of words, as the value of a parameter is. */
struct windows_words {
	const char **word;
	size_t n;
};

/* A user or vendor class: clients are members by their bytes alone. */
struct windows_class {
	const char *name;
	bool is_vendor;
	bool is_predefined;
	const uint8_t *data;
	size_t len;
	struct config_pos pos;
	struct windows_class *next;
};

enum windows_type {
	WINDOWS_T_BYTE, WINDOWS_T_WORD, WINDOWS_T_DWORD, WINDOWS_T_QWORD,
	WINDOWS_T_ADDRESS, WINDOWS_T_STRING, WINDOWS_T_BINARY,
	WINDOWS_T_ADDRESS6, WINDOWS_T_UNKNOWN,
};

struct windows_def {
	uint8_t code;
	const char *vendor;             /* NULL: the standard options */
	enum windows_type type;
	struct config_pos pos;
	struct windows_def *next;
};

/* The value of one option, for all or for one class. */
struct windows_value {
	uint8_t code;
	const char *vendor;             /* within option 43 of that class */
	const char *user;               /* for members of that class alone */
	struct windows_words words;
	const uint8_t *data;            /* made once all is read */
	size_t len;
	struct config_pos pos;
	struct windows_value *next;
};

/* Something that options can be set at. */
struct windows_holder {
	struct windows_value *values;
	size_t n;
};

struct windows_range {
	uint32_t first, last;           /* host order */
	struct windows_range *next;
};

enum windows_field {
	WINDOWS_F_VENDOR, WINDOWS_F_USER, WINDOWS_F_MAC, WINDOWS_F_CLIENT_ID,
	WINDOWS_F_FQDN, WINDOWS_F_RELAY, WINDOWS_F_CIRCUIT, WINDOWS_F_REMOTE,
	WINDOWS_F_SUBSCRIBER, WINDOWS_N_FIELDS,
};

/* One comparison of a policy. */
struct windows_cond {
	enum windows_field field;
	bool negated;                   /* NE */
	bool is_prefix;                 /* a '*' at the end */
	bool single_label;              /* of an FQDN: is it one word? */
	bool is_known;                  /* false: its class is not defined */
	const char *word;               /* as written, without the '*' */
	const uint8_t *data;
	size_t len;
	struct config_pos pos;
	struct windows_cond *next;
};

struct windows_policy {
	const char *name;
	uint32_t order;                 /* 1 is asked first */
	bool enabled;
	bool is_or;                     /* between the fields */
	struct windows_cond *conds;
	struct windows_range *ranges;
	struct windows_holder options;
	uint32_t lease_time;            /* 0: not its business */
	struct config_pos pos;
	struct windows_policy *next;    /* by `order` once all is read */
};

struct windows_scope;

struct windows_reservation {
	struct windows_scope *scope;
	struct in_addr addr;
	const char *name;
	const uint8_t *id;              /* client identifier, mostly a MAC */
	size_t id_len;
	struct windows_holder options;
	struct config_pos pos;
	struct windows_reservation *next;       /* of the scope */
	struct windows_reservation *same_addr;  /* in its bucket */
	struct windows_reservation *same_id;
};

enum windows_serves {
	WINDOWS_DHCP = 1, WINDOWS_BOOTP = 2, WINDOWS_BOTH = 3,
};

struct windows_scope {
	struct in_addr id;
	struct in_addr mask;
	const char *name;
	const char *superscope;         /* NULL: of none */
	bool is_active;
	bool policies_active;
	enum windows_serves serves;
	uint32_t lease_time;            /* seconds; UINT32_MAX: for ever */
	struct windows_range *ranges;
	struct windows_range *exclusions;
	struct windows_policy *policies;
	size_t n_policies;
	struct windows_reservation *reservations;
	struct windows_holder options;
	size_t index;                   /* from 1 */
	struct config_pos pos;
	struct windows_scope *next;
};

/* A line of the lists that admit or refuse hardware addresses. */
struct windows_filter {
	bool is_deny;
	bool is_prefix;
	uint8_t mac[MAC_LEN];
	size_t len;
	struct config_pos pos;
	struct windows_filter *next;
};

struct windows_tree {
	struct arena arena;
	struct in_addr server_ip;
	struct windows_class *classes;
	struct windows_def *defs;
	struct windows_holder options;  /* of the server */
	struct windows_policy *policies;
	size_t n_policies;
	bool policies_active;
	struct windows_scope *scopes, **last_scope;
	struct windows_scope *recent;   /* found last */
	size_t n_scopes;
	struct windows_reservation *by_addr[WINDOWS_N_BUCKETS];
	struct windows_reservation *by_id[WINDOWS_N_BUCKETS];
	size_t n_reservations;
	struct windows_filter *filters;
	bool allow_enforced, deny_enforced;
	unsigned int conflict_attempts;
	struct config_pos conflict_pos;
	struct config_file *files;     /* newest first */

	struct config_list literals, networks, hosts, gaps, remarks, fixes;
};

/* Where an option value is to be set; all NULL or 0: at the server. */
struct windows_where {
	struct in_addr scope;
	struct in_addr reserved;
	const char *policy;
	const char *vendor;
	const char *user;
};

/* windows_tree.c: each returns 0, or a negative errno with @diag set */
char *windows_word(struct windows_tree *t, const char *s);
int windows_words_add(struct windows_tree *t, struct windows_words *w,
    const char *s);
bool windows_same(const char *a, const char *b);        /* no case; NULLs */
struct windows_class *windows_find_class(const struct windows_tree *t,
    const char *name, bool is_vendor);
struct windows_class *windows_add_class(struct windows_tree *t,
    const char *name, bool is_vendor, const uint8_t *data, size_t len,
    struct config_pos pos);
void windows_drop_class(struct windows_tree *t, const char *name,
    bool is_vendor);
int windows_add_def(struct windows_tree *t, uint8_t code, const char *vendor,
    enum windows_type type, struct config_pos pos);
struct windows_scope *windows_find_scope(struct windows_tree *t,
    struct in_addr id);
struct windows_scope *windows_add_scope(struct windows_tree *t,
    struct in_addr id, struct in_addr mask, struct config_pos pos);
/* windows_imply_scope() - one that is spoken of and not defined: a gap */
struct windows_scope *windows_imply_scope(struct windows_tree *t,
    struct in_addr id, struct config_pos pos);
int windows_add_range(struct windows_tree *t, struct windows_range **list,
    struct in_addr first, struct in_addr last);
struct windows_reservation *windows_find_reservation(
    const struct windows_tree *t, struct in_addr addr);
const struct windows_reservation *windows_reserved(
    const struct windows_tree *t, const struct windows_scope *scope,
    const uint8_t *id, size_t len);
int windows_add_reservation(struct windows_tree *t,
    struct windows_scope *scope, struct in_addr addr, const char *id,
    const char *name, struct config_pos pos);
struct windows_policy *windows_find_policy(struct windows_tree *t,
    struct windows_scope *scope, const char *name);
struct windows_policy *windows_add_policy(struct windows_tree *t,
    struct windows_scope *scope, const char *name, uint32_t order,
    struct config_pos pos);
int windows_add_conds(struct windows_tree *t, struct windows_policy *p,
    enum windows_field field, const struct windows_words *words,
    struct config_pos pos);
void windows_drop_policy(struct windows_tree *t, struct windows_scope *scope,
    const char *name);
void windows_drop_conds(struct windows_policy *p, enum windows_field field);
struct windows_holder *windows_holder(struct windows_tree *t,
    const struct windows_where *w);
int windows_set_value(struct windows_tree *t, struct windows_holder *h,
    uint8_t code, const struct windows_where *w,
    const struct windows_words *words, struct config_pos pos);
void windows_drop_value(struct windows_holder *h, uint8_t code,
    const struct windows_where *w);
int windows_add_filter(struct windows_tree *t, bool is_deny, const char *mac,
    struct config_pos pos);
/* windows_finish() - what can only be made once all is read */
int windows_finish(struct windows_tree *t);

/* windows_value.c */
enum windows_type windows_type_find(const char *name);
enum windows_type windows_type_of(const struct windows_tree *t, uint8_t code,
    const char *vendor);
int windows_encode(struct windows_tree *t, enum windows_type type,
    struct windows_value *v);
bool windows_hex(const char *text, uint8_t *buf, size_t cap, size_t *ret_len);
int windows_bytes(struct windows_tree *t, const char *text,
    const uint8_t **ret, size_t *ret_len);      /* 0x... or characters */
bool windows_bool(const char *text);
bool windows_time(const char *text, uint32_t *ret);     /* d.hh:mm:ss */
bool windows_ip(const char *text, struct in_addr *ret);
bool windows_code(const char *text, uint8_t *ret);

/* windows_list.c */
struct config_pos windows_start(const struct windows_tree *t);
int windows_gap(struct windows_tree *t, struct config_pos pos,
    const char *fmt, ...) PRINTF_LIKE(3, 4);
/* windows_unread() - a gap that the server may have anything in */
int windows_unread(struct windows_tree *t, struct config_pos pos,
    const char *fmt, ...) PRINTF_LIKE(3, 4);
int windows_remark(struct windows_tree *t, const char *fault,
    struct config_pos pos, const char *fix, const char *fmt, ...)
    PRINTF_LIKE(5, 6);
int windows_lists(struct windows_tree *t);

/* windows_remark.c */
int windows_remarks(struct windows_tree *t);

/* windows_match.c */
bool windows_is_member(const struct windows_class *c,
    const struct dhcp4_msg *msg);
bool windows_matches(const struct windows_policy *p,
    const struct dhcp4_msg *msg);
bool windows_admits(const struct windows_tree *t,
    const struct dhcp4_msg *msg, const struct windows_filter **ret);
/* windows_identity() - differs where policies tell two identities apart */
uint32_t windows_identity(const struct windows_tree *t,
    const struct windows_scope *scope, const struct dhcp4_msg *msg);

/* windows_answer.c */
int windows_answer(void *tree, const struct request *req, struct answer *ret,
    struct diag *diag);

/* The three readers; @text is UTF-8 with a NUL after it. */
int windows_read_xml(struct windows_tree *t, const struct config_file *f,
    struct diag *diag);
int windows_read_netsh(struct windows_tree *t, const struct config_file *f,
    struct diag *diag);
int windows_read_ps(struct windows_tree *t, const struct config_file *f,
    struct diag *diag);

/*
 * windows_netsh_words() - one command, cut into words
 *
 * Return: 0, also for what is not of DHCP; -ENOMEM.
 */
int windows_netsh_words(struct windows_tree *t,
    const struct windows_words *w, struct config_pos pos);

#endif
