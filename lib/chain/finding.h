/*
 * finding.h - one thing found in a text that people write: a configuration
 * or a script. Every linter makes these, and one set of renderers shows them.
 */
#ifndef PXE_CHAIN_FINDING_H
#define PXE_CHAIN_FINDING_H

#include "chain/fault.h"

/* The strings belong to whoever made the finding. */
struct finding {
	const struct fault *fault;
	enum fault_severity severity;   /* may differ from the catalogue's */
	const char *file;
	unsigned int line;              /* 1-based; 0: the file as a whole */
	unsigned int column;            /* 1-based, in bytes; 0: not known */
	const char *source;             /* the line; NULL if there is none */
	const char *message;            /* a sentence without its full stop */
	const char *fix;                /* NULL: the catalogue's */
};

#endif
