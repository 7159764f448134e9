/*
 * config_file.h - a file of a configuration as it was read, and its lines,
 * which findings show under themselves.
 */
#ifndef PXE_CONFIG_FILE_H
#define PXE_CONFIG_FILE_H

#include "base/arena.h"

#include <stddef.h>

struct config_line {
	size_t off;                     /* where in the text it begins */
	const char *text;               /* a copy, once it was asked for */
};

struct config_file {
	const char *name;
	const char *text;               /* UTF-8, with a NUL behind it */
	size_t len;
	struct config_line *lines;      /* NULL: not asked for yet */
	size_t n_lines;
	struct config_file *next;
};

/** config_file_index() - find where the lines begin. Return: 0; -ENOMEM. */
int config_file_index(struct config_file *f, struct arena *arena);

/**
 * config_file_line() - a line, without its end, of the file of that name
 * @line: from 1
 *
 * Return: text in @arena, the same each time; NULL if there is none, or no
 * memory.
 */
const char *config_file_line(struct config_file *files, struct arena *arena,
    const char *name, unsigned int line);

#endif
