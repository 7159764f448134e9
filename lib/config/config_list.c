#include "config/config_list.h"

#include <stdlib.h>
#include <string.h>

enum { LIST_FIRST = 16 };

void *
config_list_add(struct config_list *l, size_t size)
{
	size_t cap = l->cap ? l->cap * 2 : LIST_FIRST;
	void *rows;

	if (l->n == l->cap) {
		rows = realloc(l->rows, cap * size);
		if (!rows)
			return NULL;
		l->rows = rows;
		l->cap = cap;
	}
	memset((char *)l->rows + l->n * size, 0, size);
	return (char *)l->rows + l->n++ * size;
}
