#include "config/config_file.h"

#include <errno.h>
#include <string.h>

int
config_file_index(struct config_file *f, struct arena *arena)
{
	size_t n = 1;

	for (size_t i = 0; i < f->len; i++)
		n += f->text[i] == '\n';
	f->lines = arena_alloc(arena, n * sizeof(*f->lines));
	if (!f->lines)
		return -ENOMEM;
	f->n_lines = 1;
	for (size_t i = 0; i < f->len; i++) {
		if (f->text[i] == '\n')
			f->lines[f->n_lines++].off = i + 1;
	}
	return 0;
}

const char *
config_file_line(struct config_file *files, struct arena *arena,
    const char *name, unsigned int line)
{
	struct config_file *f = files;
	struct config_line *at;
	const char *from;

	while (f && f->name != name && strcmp(f->name, name) != 0)
		f = f->next;
	if (!f || (!f->lines && config_file_index(f, arena) < 0) ||
	    line == 0 || line > f->n_lines)
		return NULL;
	at = &f->lines[line - 1];
	from = f->text + at->off;
	/* a line that decides is asked for with every answer */
	if (!at->text)
		at->text = arena_dup(arena, from, strcspn(from, "\r\n"));
	return at->text;
}
