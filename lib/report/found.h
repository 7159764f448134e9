/*
 * found.h - findings as the renderers take them, whichever linter made them.
 */
#ifndef PXE_REPORT_FOUND_H
#define PXE_REPORT_FOUND_H

#include "base/arena.h"
#include "base/sbuf.h"
#include "chain/finding.h"

/* One finding, with what only its linter can say of it. */
struct found {
	const struct finding *is;
	const char *hits;               /* whom it hits; NULL: not a matter of whom */
	const char *fix;                /* the one that fits; never NULL */
};

struct found_file {
	const char *path;
	struct found *found;
	size_t n;
	struct found_file *next;
};

struct found_list {
	const char *command;            /* "lint" */
	const char *clean;              /* what is said of a file without findings */
	struct found_file *files;
	struct arena arena;
};

/**
 * found_list_add() - a file with room for @n findings, to be filled in
 *
 * Return: NULL if out of memory.
 */
struct found_file *found_list_add(struct found_list *l, const char *path,
    size_t n);
void found_list_release(struct found_list *l);

/** found_text_head() - "file:line:col: severity: message [fault]" */
void found_text_head(const struct finding *o, bool color, struct sbuf *out);

/** found_text_source() - the line, and a caret below the column. */
void found_text_source(const struct finding *o, struct sbuf *out);

/** found_text_fix() - what happens, and how to mend it. */
void found_text_fix(const struct finding *o, const char *fix,
    struct sbuf *out);

/** found_text_place() - "file:line:col" */
void found_text_place(const char *file, unsigned int line,
    unsigned int column, struct sbuf *out);

/** found_text_counts() - "2 errors, 1 warning, 0 notes" */
void found_text_counts(const size_t n[FAULT_ERROR + 1], struct sbuf *out);

#endif
