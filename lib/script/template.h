/*
 * template.h - is a text a template, and of which engine?
 *
 * A template is not the script that iPXE gets: what comes out of it is. So
 * it is named, and not judged.
 */
#ifndef PXE_SCRIPT_TEMPLATE_H
#define PXE_SCRIPT_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

struct template_mark {
	const char *engine;             /* "Jinja", "ERB" ... */
	unsigned int line;              /* of the first mark, from 1 */
	unsigned int column;            /* in bytes, from 1 */
};

/**
 * template_find() - the marks of a template
 * @path: what the file is called, which tells where the marks do not
 *
 * Where several engines have the same marks, the name says so.
 *
 * Return: false if there are none.
 */
bool template_find(const char *path, const char *text, size_t len,
    struct template_mark *ret);

#endif
