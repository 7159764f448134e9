/*
 * fault.h - the fault catalogue: everything that breaks a network boot, one
 * row each, under the one name that every command uses for it.
 *
 * Nothing here detects a fault; the rooms above do, and name the row.
 */
#ifndef PXE_CHAIN_FAULT_H
#define PXE_CHAIN_FAULT_H

#include <stdbool.h>
#include <stddef.h>

enum fault_severity { FAULT_NOTE, FAULT_WARNING, FAULT_ERROR };

/* Where in the chain the fault lies. */
enum fault_layer {
	FAULT_LINK, FAULT_DHCP, FAULT_PROXYDHCP, FAULT_CONFIG, FAULT_TFTP,
	FAULT_HTTP, FAULT_FIRMWARE, FAULT_SCRIPT,
};

/* Can the configuration alone show it? */
enum fault_lint { FAULT_LINT_NO, FAULT_LINT_PARTLY, FAULT_LINT_YES };

enum { FAULT_REMEDIES_MAX = 8 };

/* How to mend it at one place. */
struct fault_remedy {
	const char *where;      /* "isc", "dnsmasq", "kea", "windows", "any",
	                         * "network", "firmware", "script" ... */
	const char *text;       /* a sentence, or lines of configuration */
};

struct fault {
	const char *id;
	enum fault_severity severity;
	enum fault_layer layer;
	enum fault_lint lint;
	const char *title;      /* a few words: what is wrong */
	const char *meaning;    /* what happens to the client, and why */
	const char *screen;     /* what the client's screen shows; may be NULL */
	const char *wire;       /* what a capture shows; may be NULL */
	struct fault_remedy remedies[FAULT_REMEDIES_MAX];  /* ends with .where NULL */
};

/** fault_find() - the row of that id, or NULL. */
const struct fault *fault_find(const char *id);

/** fault_rows() - the whole catalogue, most frequent first. */
const struct fault *fault_rows(size_t *ret_n);

/** fault_nearest() - the id that a mistyped one most likely meant, or NULL. */
const char *fault_nearest(const char *id);

/**
 * fault_fix() - the remedy for @where, else the one for "any", which every
 * row has
 * @where: may be NULL
 */
const char *fault_fix(const struct fault *f, const char *where);

const char *fault_severity_name(enum fault_severity s);
const char *fault_layer_name(enum fault_layer l);
const char *fault_lint_name(enum fault_lint l);

#endif
