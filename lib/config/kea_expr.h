/*
 * kea_expr.h - the expressions of Kea's client classes: "test" of a class,
 * parsed once and evaluated for each request.
 */
#ifndef PXE_CONFIG_KEA_EXPR_H
#define PXE_CONFIG_KEA_EXPR_H

#include "base/arena.h"
#include "base/diag.h"
#include "config/config.h"
#include "config/kea_packet.h"

struct kea_expr;

/* What names in an expression mean is told by the configuration. */
struct kea_expr_names {
	/** option() - the code of an option's name; -1 if there is none. */
	int (*option)(void *ctx, const char *name);
	/** is_class() - may member() ask for it: is it defined before? */
	bool (*is_class)(void *ctx, const char *name);
	void *ctx;
};

/**
 * kea_expr_parse() - read an expression
 * @pos: of the string's first byte, in the configuration
 *
 * Return: 0; -EBADMSG with the place and Kea's words in @diag, which name
 * the place inside the string; -ENOMEM.
 */
int kea_expr_parse(const char *text, struct config_pos pos, bool is_v6,
    const struct kea_expr_names *names, struct arena *arena,
    struct kea_expr **ret, struct diag *diag);

/**
 * kea_expr_eval() - does the request match?
 * @is_member: is the client in that class already?
 *
 * An expression that fails at run time, as Kea says it, is false.
 *
 * Return: 1; 0; -ENOMEM.
 */
int kea_expr_eval(const struct kea_expr *e, const struct kea_packet *pkt,
    bool (*is_member)(void *ctx, const char *name), void *ctx);

/**
 * kea_expr_literals() - call @fn for each comparison with a constant
 *
 * What a literal points to may be gone after the call.
 *
 * Return: 0, or what @fn returned if that was not 0.
 */
int kea_expr_literals(const struct kea_expr *e,
    int (*fn)(void *ctx, const struct config_literal *l), void *ctx);

#endif
