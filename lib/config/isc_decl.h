/*
 * isc_decl.h - the parser's declarations, by what they declare. Private to
 * isc_parse_*.c.
 */
#ifndef PXE_CONFIG_ISC_DECL_H
#define PXE_CONFIG_ISC_DECL_H

#include "config/isc_parse.h"

/* What a declaration stands in. */
enum isc_context_kind {
	ISC_IN_ROOT, ISC_IN_GROUP, ISC_IN_SHARED, ISC_IN_SUBNET, ISC_IN_POOL,
	ISC_IN_HOST, ISC_IN_CLASS,
};

struct isc_context {
	enum isc_context_kind kind;
	struct isc_scope *scope;
	struct isc_shared *shared;
	struct isc_subnet *subnet;
	struct isc_pool *pool;
	struct isc_host *host;
	struct isc_class *of;
};

struct isc_scope *isc_scope_new(struct isc_parser *p, struct isc_scope *outer);

/** isc_read_body() - { declarations }, in @c. */
int isc_read_body(struct isc_parser *p, const struct isc_context *c);
int isc_read_decl(struct isc_parser *p, const struct isc_context *c);

/** isc_open_include() - put the lexer at the beginning of another file. */
int isc_open_include(struct isc_parser *p, const char *path,
    struct config_pos pos);

int isc_read_host(struct isc_parser *p, const struct isc_context *c);
int isc_read_class(struct isc_parser *p, const struct isc_context *c);
int isc_read_pool(struct isc_parser *p, const struct isc_context *c);
/** isc_note_pools() - a gap if it matters which one gives the lease. */
int isc_note_pools(struct isc_parser *p, const struct isc_shared *net);
int isc_read_range(struct isc_parser *p, const struct isc_context *c);
int isc_read_permit(struct isc_parser *p, const struct isc_context *c);

/* Those that are known only inside a host, a class. */
int isc_read_host_decl(struct isc_parser *p, const struct isc_context *c,
    bool *ret_done);
int isc_read_class_decl(struct isc_parser *p, const struct isc_context *c,
    bool *ret_done);

/* Name service and failover: read, and not followed. */
int isc_read_secret(struct isc_parser *p);
int isc_read_zone(struct isc_parser *p);
int isc_read_failover(struct isc_parser *p, const struct isc_context *c);

#endif
