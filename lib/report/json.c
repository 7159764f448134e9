#include "report/json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *
report_head(const char *command)
{
	return json_pack("{s:i, s:s, s:s}", "schema", REPORT_SCHEMA,
	    "command", command, "version", PXETOOL_VERSION);
}

static int
dump_to_sbuf(const char *buf, size_t len, void *ctx)
{
	struct sbuf *out = ctx;

	sbuf_addn(out, buf, len);
	return out->bad ? -1 : 0;
}

int
report_dump(json_t *j, int indent, struct sbuf *out)
{
	size_t flags = indent ? JSON_INDENT((size_t)indent) : JSON_COMPACT;
	int rc = -ENOMEM;

	flags |= JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15);
	if (j && json_dump_callback(j, dump_to_sbuf, out, flags) == 0)
		rc = 0;
	sbuf_add(out, "\n");
	json_decref(j);
	return rc;
}

void
report_set_bytes(json_t *obj, const char *key, const void *data, size_t len)
{
	struct sbuf hex = SBUF_EMPTY;
	char hex_key[64];

	if (text_is_clean(data, len)) {
		json_object_set_new(obj, key, json_stringn(data, len));
		return;
	}
	(void)snprintf(hex_key, sizeof(hex_key), "%s_hex", key);
	sbuf_hex(&hex, data, len, "");
	json_object_set_new(obj, hex_key, json_string(sbuf_str(&hex)));
	sbuf_release(&hex);
}

void
report_set_str(json_t *obj, const char *key, const char *s)
{
	if (s && s[0])
		report_set_bytes(obj, key, s, strlen(s));
}

void
report_set_mac(json_t *obj, const char *key, const uint8_t mac[MAC_LEN])
{
	char buf[MAC_TEXT_MAX];

	json_object_set_new(obj, key, json_string(mac_format(mac, buf)));
}
