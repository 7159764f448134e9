/*
 * json.h - what all JSON output shares (see FORMATS: schema, command,
 * version; bytes that are not text as hex).
 */
#ifndef PXE_REPORT_JSON_H
#define PXE_REPORT_JSON_H

#include "base/sbuf.h"
#include "base/text.h"

#include <jansson.h>

enum { REPORT_SCHEMA = 1 };

/** report_head() - a new object with schema, command and version. */
json_t *report_head(const char *command);

/**
 * report_dump() - add @j as text and a newline to @out
 *
 * Takes ownership of @j. @indent is 0 for one object a line.
 *
 * Return: 0; -ENOMEM, also if @j is NULL.
 */
int report_dump(json_t *j, int indent, struct sbuf *out);

/**
 * report_set_bytes() - set @key to the text, or @key with "_hex" to the
 * bytes if they are no clean UTF-8
 */
void report_set_bytes(json_t *obj, const char *key, const void *data,
    size_t len);

/** report_set_str() - set @key to @s; nothing if @s is NULL or "". */
void report_set_str(json_t *obj, const char *key, const char *s);

/** report_set_mac() - set @key to the MAC address in colon form. */
void report_set_mac(json_t *obj, const char *key, const uint8_t mac[MAC_LEN]);

#endif
