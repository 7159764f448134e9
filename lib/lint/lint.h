/*
 * lint.h - a DHCP server's configuration, walked by every kind of client
 * from every network to the end of its chain.
 *
 * What a client may be is a finite number of classes: a configuration
 * branches only on comparisons, and one client for each side of each of them
 * tells all. Where that does not hold, the result says so.
 */
#ifndef PXE_LINT_LINT_H
#define PXE_LINT_LINT_H

#include "chain/finding.h"
#include "config/config.h"
#include "lint/kinds.h"

struct lint_conf {
	enum config_dialect dialect;    /* UNKNOWN: by content */
	const char *root;               /* as in struct config_conf */
	const char *tftp_root;          /* NULL: files are known by name */
	struct in_addr server_ip;       /* 0: not known */
};

/* A request that shows a finding, as `predict` takes it. */
struct lint_request {
	const char *persona;            /* kind of client */
	uint16_t arch;
	const char *vendor_class;
	const char *user_class;         /* NULL: none */
	uint8_t mac[MAC_LEN];
	struct in_addr giaddr;          /* 0: not relayed */
	const char *variant;            /* what else it says; NULL: nothing */
};

struct lint_finding {
	struct finding is;
	uint64_t kinds;                 /* set of indexes, see lint_file */
	const char *network;            /* the first that shows it; or NULL */
	bool has_request;
	struct lint_request request;
	struct lint_finding *same;      /* the next in its bucket */
	struct lint_finding *next;
};

enum { LINT_BUCKETS = 1024 };

/* One stage of one walk. */
struct lint_row {
	const char *client;
	uint16_t arch;
	const char *stage;              /* "firmware", "ipxe" */
	const char *network;
	const char *host;               /* NULL: one that is not known */
	const char *variant;            /* NULL: as it is */
	struct in_addr next_server;
	const char *file;
	const char *ends;               /* "ipxe", "script", a fault's id ... */
	struct lint_row *next;
};

struct lint_gap {
	struct config_pos pos;          /* line 0: of no line */
	const char *text;
	struct lint_gap *next;
};

/* The result for one configuration. */
struct lint_file {
	const char *path;
	enum config_dialect dialect;    /* UNKNOWN if it could not be read */
	struct kinds kinds;
	struct lint_finding *findings;  /* by line */
	struct lint_finding *bucket[LINT_BUCKETS];      /* while collecting */
	struct lint_row *rows;
	size_t n_rows;                  /* there is a ceiling: a table to read */
	struct lint_gap *gaps;
	size_t n_suppressed;            /* by comments */
	size_t n_classes;               /* that were walked */
	bool complete;                  /* a proof over the model */
	bool by_name;                   /* no TFTP root to look at files in */
	struct arena arena;
	struct lint_file *next;
};

/**
 * lint_file() - read and walk one configuration
 * @path: "-" is standard input
 * @ret:  on success, to be given to lint_file_free()
 *
 * A configuration that the real server refuses is a result: it has the
 * finding config-rejected.
 *
 * Return: 0; -ENOENT, -ENOTSUP and system errors as config_load().
 */
int lint_file(const struct lint_conf *conf, const char *path,
    struct lint_file **ret, struct diag *diag);
void lint_file_free(struct lint_file *f);

/**
 * lint_config() - walk a configuration that is loaded
 * @path: what it is called
 */
int lint_config(const struct lint_conf *conf, const char *path,
    const struct config_ops *ops, void *tree, struct lint_file **ret,
    struct diag *diag);

/** lint_worst() - the highest severity found; -1 if nothing was. */
int lint_worst(const struct lint_file *f);

#endif
