/*
 * vars.h - settings as far as a script alone tells their values.
 *
 * A setting has a text, or it is known to have some value, or nothing is
 * known of it. What is not known stays in a text as its reference, such as
 * ${net0/mac}, and makes no other reference live.
 */
#ifndef PXE_SCRIPT_VARS_H
#define PXE_SCRIPT_VARS_H

#include "base/intern.h"
#include "base/sbuf.h"
#include "script/settings.h"

enum {
	VARS_TEXT_MAX = 2048,           /* longer values are not followed */
	VARS_ROUNDS_MAX = 200,          /* references replaced in one word */
};

#define VAR_UNKNOWN UINT32_MAX          /* not in the environment at all */
#define VAR_SET (UINT32_MAX - 1)        /* some value, but not empty */
#define VAR_LEARNT (UINT32_C(1) << 30)  /* with a value: a test told it */

/* A reference is cut into its parts once. */
struct var_ref {
	uint32_t key;           /* of the setting; all spellings have one */
	bool is_plain;          /* its text is the value as it was set */
};

struct vars {
	struct intern names;            /* of settings, by key */
	struct intern texts;            /* values, by number */
	struct intern spellings;
	struct var_ref *refs;           /* by spelling */
	uint32_t cap_refs;
	bool bad;                       /* out of memory */
};

struct var_pair {
	uint32_t key;
	uint32_t value;
};

/* What is known at one place; by key. */
struct var_env {
	struct var_pair *pairs;
	size_t n;
	size_t cap;
};

void vars_release(struct vars *v);

/** vars_ref() - a reference without its ${ and }. */
struct var_ref vars_ref(struct vars *v, const char *text, size_t len);

/** vars_text() - the number of a value. */
uint32_t vars_text(struct vars *v, const char *text);

/** var_is_learnt() - did only a test tell it? It may be forgotten again. */
bool var_is_learnt(uint32_t value);

/** var_env_get() - the value's number, VAR_SET or VAR_UNKNOWN. */
uint32_t var_env_get(const struct var_env *e, uint32_t key);
void var_env_set(struct vars *v, struct var_env *e, uint32_t key,
    uint32_t value);

/**
 * vars_expand() - a word as iPXE expands it, with what is known
 * @out: cleared first
 *
 * What is not known is marked, see vars_is_known() and vars_show().
 */
void vars_expand(struct vars *v, const struct var_env *e, const char *word,
    struct sbuf *out);

/** vars_is_known() - is there nothing unknown in it? */
bool vars_is_known(const char *text);

/** vars_is_unknown() - is it one unknown reference, and no other text? */
bool vars_is_unknown(const char *text);

/** vars_has_text() - is it not empty, whatever is unknown in it? */
bool vars_has_text(const char *text);

/** vars_show() - with the marks as ${...} again. */
void vars_show(const char *text, struct sbuf *out);

/** vars_each_ref() - the references of a word, from the inside out. */
void vars_each_ref(const char *word, void (*visit)(void *ctx,
    const char *ref, size_t len, size_t offset, bool is_nested), void *ctx);

#endif
