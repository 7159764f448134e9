/*
 * collect.h - findings and table rows, put together from many cells: one
 * finding for each fault at each line, with all the clients that meet it.
 */
#ifndef PXE_LINT_COLLECT_H
#define PXE_LINT_COLLECT_H

#include "lint/cell.h"

enum { COLLECT_ROWS_MAX = 20000 };

/* What is found at one place. */
struct collect_at {
	const char *fault;
	enum fault_severity severity;
	struct config_pos pos;
	const char *source;
	const char *message;
	const char *fix;                /* NULL: the catalogue's */
};

/**
 * collect_add() - a finding, or one more client of one that is there
 * @kind: KIND_NONE: it is about no client
 * @cell: where it is met; NULL if about no client
 *
 * Return: 0; -ENOMEM.
 */
int collect_add(struct lint_file *f, const struct cell_conf *c,
    const struct collect_at *at, int kind, const struct cell *cell);

/** collect_cell() - all that the kinds of clients meet in a cell. */
int collect_cell(struct lint_file *f, const struct cell_conf *c,
    const struct cell *cell, bool with_rows);

/** collect_gap() - something that keeps the result from being a proof. */
int collect_gap(struct lint_file *f, struct config_pos pos, const char *text);

/**
 * collect_finish() - order by line, and drop what comments in the
 * configuration ask to ignore
 */
void collect_finish(struct lint_file *f, const struct config_ops *ops,
    void *tree);

#endif
