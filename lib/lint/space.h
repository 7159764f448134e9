/*
 * space.h - all that a client may be besides its kind, as far as the
 * configuration can tell: one value for each class that its comparisons
 * make, and one outside all of them.
 */
#ifndef PXE_LINT_SPACE_H
#define PXE_LINT_SPACE_H

#include "lint/ask.h"
#include "config/config.h"

enum {
	SPACE_DIMS_MAX = 32,
	SPACE_VALUES_MAX = 4096,        /* of one field */
	SPACE_VARIANTS_MAX = 4096,      /* beyond: one field at a time */
};

struct space_value {
	const uint8_t *bytes;
	size_t len;
};

struct space_dim {
	enum config_field field;
	uint8_t code;
	uint8_t sub;
	struct space_value *value;      /* besides "as the client is" */
	size_t n;
	size_t cap;
};

struct space {
	struct space_dim dim[SPACE_DIMS_MAX];
	size_t n_dims;
	size_t n_variants;              /* 0 is the client as it is */
	bool cut;                       /* not every combination is walked */
	uint8_t mac[MAC_LEN];           /* of a client that nothing knows */
	struct arena arena;
};

/** space_init() - Return: 0; -ENOMEM. */
int space_init(struct space *s, const struct config_literal *lits, size_t n,
    const struct config_host *hosts, size_t n_hosts);
void space_release(struct space *s);

/**
 * space_apply() - make the client that variant
 *
 * Return: false if a client of that persona cannot be so: firmware has no
 * user class of its own.
 */
bool space_apply(const struct space *s, size_t variant,
    const struct persona *p, struct ask *a);

/** space_describe() - "option 12 is 'web1'"; nothing for variant 0. */
void space_describe(const struct space *s, size_t variant, struct sbuf *out);

#endif
