/* fault.c - looking things up in the fault catalogue. */
#include "chain/fault.h"

#include "base/text.h"
#include "base/util.h"
#include "chain/fault_rows.h"

#include <string.h>

static const struct fault rows[] = {
#include "chain/fault_rows_link.inc"
#include "chain/fault_rows_dhcp.inc"
#include "chain/fault_rows_proxydhcp.inc"
#include "chain/fault_rows_config.inc"
#include "chain/fault_rows_fields.inc"
#include "chain/fault_rows_tftp.inc"
#include "chain/fault_rows_http.inc"
#include "chain/fault_rows_firmware.inc"
#include "chain/fault_rows_script.inc"
#include "chain/fault_rows_script_check.inc"
};

_Static_assert(ARRAY_LEN(rows) == RANK_N, "every rank has a row");

static const char *const severity_names[] = {
	[FAULT_NOTE] = "note",
	[FAULT_WARNING] = "warning",
	[FAULT_ERROR] = "error",
};

static const char *const layer_names[] = {
	[FAULT_LINK] = "link",
	[FAULT_DHCP] = "dhcp",
	[FAULT_PROXYDHCP] = "proxydhcp",
	[FAULT_CONFIG] = "config",
	[FAULT_TFTP] = "tftp",
	[FAULT_HTTP] = "http",
	[FAULT_FIRMWARE] = "firmware",
	[FAULT_SCRIPT] = "script",
};

static const char *const lint_names[] = {
	[FAULT_LINT_NO] = "no",
	[FAULT_LINT_PARTLY] = "partly",
	[FAULT_LINT_YES] = "yes",
};

const struct fault *
fault_find(const char *id)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].id, id) == 0)
			return &rows[i];
	return NULL;
}

const struct fault *
fault_rows(size_t *ret_n)
{
	*ret_n = ARRAY_LEN(rows);
	return rows;
}

const char *
fault_nearest(const char *id)
{
	const char *ids[ARRAY_LEN(rows)];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		ids[i] = rows[i].id;
	return text_nearest(id, ids, ARRAY_LEN(rows));
}

/* The remedy for exactly that place, or NULL. */
static const char *
remedy_at(const struct fault *f, const char *where)
{
	for (const struct fault_remedy *r = f->remedies; r->where; r++)
		if (strcmp(r->where, where) == 0)
			return r->text;
	return NULL;
}

const char *
fault_fix(const struct fault *f, const char *where)
{
	const char *text = where ? remedy_at(f, where) : NULL;

	return text ? text : remedy_at(f, "any");
}

const char *
fault_severity_name(enum fault_severity s)
{
	return severity_names[s];
}

const char *
fault_layer_name(enum fault_layer l)
{
	return layer_names[l];
}

const char *
fault_lint_name(enum fault_lint l)
{
	return lint_names[l];
}
