/*
 * config_list.h - rows of one type in one piece, which grow by one.
 */
#ifndef PXE_CONFIG_LIST_H
#define PXE_CONFIG_LIST_H

#include <stddef.h>

/* Starts as all zeros; @rows is for free(). */
struct config_list {
	void *rows;
	size_t n;
	size_t cap;
};

/**
 * config_list_add() - room for one more row of @size bytes, zeroed
 *
 * Return: the row, which may move when the next is added; NULL without memory.
 */
void *config_list_add(struct config_list *l, size_t size);

#endif
