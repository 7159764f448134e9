/*
 * isc_answer.h - evaluating expressions and statements for one request.
 * Private to isc_*.c.
 */
#ifndef PXE_CONFIG_ISC_ANSWER_H
#define PXE_CONFIG_ISC_ANSWER_H

#include "config/isc_tree.h"

enum {
	ISC_BUCKETS = 17,               /* decide the order without option 55 */
	ISC_CLASSES_MAX = 5,            /* more a packet is not put into */
};

/** isc_is_boot_option() - does it tell a client what, or how, to boot? */
bool isc_is_boot_option(uint32_t code);

/* The condition that let a statement run, and those around it. */
struct isc_cond {
	const struct isc_stmt *at;
	bool taken;
	const struct isc_cond *outer;
};

/* An option of the answer; evaluated only when it is asked for. */
struct isc_out {
	const struct isc_option *option;
	const struct isc_expr *expr;
	const struct isc_stmt *by;      /* NULL: dhcpd's own doing */
	const struct isc_cond *via;
	struct isc_out *next;
};

struct isc_outs {
	struct isc_out *bucket[ISC_BUCKETS];
};

struct isc_var {
	const char *name;
	const struct isc_expr *expr;
	struct isc_value *value;
	struct isc_var *next;
};

struct isc_value {
	enum isc_type type;
	const uint8_t *data;
	size_t len;
	uint64_t number;
	bool truth;
};

struct isc_eval {
	struct isc_tree *t;
	const struct request *req;
	struct arena *arena;
	struct isc_outs **outs;         /* by the space's index */
	struct isc_var *vars;
	const struct isc_cond *cond;
	const struct isc_host *host;
	const struct isc_class *classes[ISC_CLASSES_MAX];
	size_t n_classes;
	bool known;
	bool is_static;
	bool has_lease;
	uint32_t leased;
	uint8_t *packet;                /* as sent; made when asked for */
	size_t packet_len;
	unsigned int depth;
	bool failed;                    /* out of memory */
};

/*
 * Each evaluates to null (false is returned) or to a value; memory is taken
 * from the answer's arena.
 */
bool isc_eval_any(struct isc_eval *ev, const struct isc_expr *x,
    struct isc_value *ret);
bool isc_eval_data(struct isc_eval *ev, const struct isc_expr *x,
    struct isc_value *ret);
bool isc_eval_bool(struct isc_eval *ev, const struct isc_expr *x, bool *ret);

/** isc_packet_option() - an option of the request, of any space. */
bool isc_packet_option(struct isc_eval *ev, const struct isc_option *o,
    struct isc_value *ret);

struct isc_out *isc_out_find(const struct isc_eval *ev,
    const struct isc_space *s, uint32_t code);

/** isc_out_put() - set, replacing. Return: 0; -ENOMEM. */
int isc_out_put(struct isc_eval *ev, const struct isc_option *o,
    const struct isc_expr *x, const struct isc_stmt *by);

/**
 * isc_run_scope() - run the scopes around @s, then itself, but none that
 * is @limit or around it
 */
void isc_run_scope(struct isc_eval *ev, const struct isc_scope *s,
    const struct isc_scope *limit);

/** isc_encapsulate() - the options of a space as one value; false: none. */
bool isc_encapsulate(struct isc_eval *ev, const struct isc_space *s,
    struct sbuf *b);

int isc_answer(void *tree, const struct request *req, struct answer *ret,
    struct diag *diag);

const char *isc_line(void *tree, const char *file, unsigned int line);

#endif
