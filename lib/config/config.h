/*
 * config.h - a DHCP server's configuration, read and answered as that
 * server would.
 *
 * Each language is parsed into its own tree and evaluated by its own rules
 * (isc.h, dnsmasq.h, kea.h, windows.h); there is no common language in between, because
 * what differs is what matters. This is what they all offer to those who
 * ask: the policy, the networks and hosts to ask it for, and the literals
 * that requests are compared with.
 */
#ifndef PXE_CONFIG_CONFIG_H
#define PXE_CONFIG_CONFIG_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/text.h"
#include "chain/policy.h"

enum config_dialect {
	CONFIG_UNKNOWN, CONFIG_ISC, CONFIG_DNSMASQ, CONFIG_KEA, CONFIG_WINDOWS,
	CONFIG_N_DIALECTS,
};

/* Ceilings. */
enum {
	CONFIG_FILE_MAX = 64 * 1024 * 1024,     /* bytes of one file */
	CONFIG_FILES_MAX = 1024,                /* with all that is included */
	CONFIG_DEPTH_MAX = 128,                 /* nesting of blocks, of expressions */
};

/* A place in one of the files; the text of its line for a caret. */
struct config_pos {
	const char *file;
	unsigned int line;              /* 1-based */
	unsigned int column;            /* 1-based, in bytes */
};

/* Which part of a request a configuration looks at. */
enum config_field {
	CONFIG_F_OPTION,                /* `code`; with `sub`, inside 43, 82, 175 */
	CONFIG_F_HARDWARE,              /* type and MAC address */
	CONFIG_F_GIADDR,
	CONFIG_F_KNOWN,                 /* is there a host entry? */
	CONFIG_F_OTHER,                 /* something else of the packet */
};

/*
 * A predicate on a request: the bytes @off..@off+@len of the field are
 * compared with @bytes (len 0: its presence or its length is tested).
 */
struct config_literal {
	enum config_field field;
	uint8_t code;
	uint8_t sub;                    /* 0: the whole option */
	bool is_prefix;                 /* only the beginning is compared */
	bool ignore_case;
	size_t off;
	const uint8_t *bytes;
	size_t len;
	struct config_pos pos;
};

/* A network that clients can be on, as a request arrives from it. */
struct config_network {
	const char *name;               /* "10.0.0.0/24", a shared network's name */
	struct in_addr server_ip;       /* where a local request arrives; 0: none known */
	struct in_addr giaddr;          /* of a relayed one */
	struct config_pos pos;
};

/* The same of DHCPv6. */
struct config_link {
	const char *name;
	struct in6_addr addr;           /* of a relay there; "::": not relayed */
	const char *iface;              /* that requests come by; or NULL */
	struct config_pos pos;
};

/* A client that the configuration knows. */
struct config_host {
	const char *name;
	bool has_mac;
	uint8_t mac[MAC_LEN];
	const uint8_t *client_id;       /* option 61; NULL if not by it */
	size_t client_id_len;
	struct config_pos pos;
	/*
	 * Hosts with the same number differ in who they are, and in nothing
	 * that an answer's boot data depends on. 0: not told.
	 */
	unsigned int alike;
};

/* Something a configuration says that is not followed here. */
struct config_gap {
	struct config_pos pos;
	const char *text;               /* "on commit { } is not followed" */
	bool is_unread;                 /* a file, a scope: anything may be in it */
};

/* Something to tell of the configuration itself, found while reading. */
struct config_remark {
	const char *fault;              /* id of the catalogue */
	struct config_pos pos;
	const char *text;
	bool depends;                   /* on the machine or the release: a
	                                 * warning at most */
};

struct config;

/* What a language implements; all may be NULL but answer and free. */
struct config_ops {
	enum config_dialect dialect;
	const char *name;               /* "isc", "dnsmasq", "kea", "windows" */
	int (*answer)(void *tree, const struct request *req,
	    struct answer *ret, struct diag *diag);
	/* Of DHCPv6; all are NULL where the language has none. */
	int (*answer6)(void *tree, const struct request6 *req,
	    struct answer6 *ret, struct diag *diag);
	bool (*is_v6)(void *tree);
	const struct config_link *(*links6)(void *tree, size_t *ret_n);
	void (*free)(void *tree);
	/* The lists live as long as the tree. */
	const struct config_literal *(*literals)(void *tree, size_t *ret_n);
	const struct config_network *(*networks)(void *tree, size_t *ret_n);
	const struct config_host *(*hosts)(void *tree, size_t *ret_n);
	const struct config_gap *(*gaps)(void *tree, size_t *ret_n);
	const struct config_remark *(*remarks)(void *tree, size_t *ret_n);
	/* A remedy made for that remark; NULL: the catalogue's. */
	const char *(*fix)(void *tree, size_t remark);
	/* The text of a line, for the caret; NULL if there is none. */
	const char *(*line)(void *tree, const char *file, unsigned int line);
};

struct config_conf {
	enum config_dialect dialect;    /* UNKNOWN: by content */
	const char *const *paths;       /* "-" is standard input */
	size_t n_paths;
	struct in_addr server_ip;       /* the server's own address; 0: guess */
	/*
	 * Where an absolute path of an include is looked up first; NULL:
	 * only as written, and relative to the including file.
	 */
	const char *root;
};

/**
 * config_load() - read a configuration
 *
 * Return: 0; -EBADMSG if the real server would refuse it: @diag has the
 * place and why; -ENOENT if a file or an include is not there; a system
 * error; -ENOTSUP if the dialect cannot be told.
 */
int config_load(const struct config_conf *conf, struct config **ret,
    struct diag *diag);
void config_free(struct config *c);

/** config_policy() - for the emulated client, the linter, the server. */
struct policy config_policy(struct config *c);
const struct config_ops *config_ops(const struct config *c);

/** config_is_v6() - does it answer DHCPv6, and nothing else? */
bool config_is_v6(const struct config *c);
void *config_tree(const struct config *c);

/** config_guess() - the dialect of a text by its content. */
enum config_dialect config_guess(const char *text, size_t len);

/**
 * config_guess_file() - the same for a file; "-" can be read again after it
 *
 * Return: 0; -ENOTSUP if it cannot be told; a system error.
 */
int config_guess_file(const char *path, enum config_dialect *ret,
    struct diag *diag);

const char *config_dialect_name(enum config_dialect d);
enum config_dialect config_dialect_find(const char *name);

#endif
