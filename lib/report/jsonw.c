#include "report/jsonw.h"

#include <inttypes.h>
#include <string.h>

enum { NS_PER_S = 1000000000, NS_PER_US = 1000 };

void
jsonw_init(struct jsonw *w, struct sbuf *out)
{
	*w = (struct jsonw){ .out = out };
}

/* The comma, the key with @suffix, and the colon before a value. */
static void
begin(struct jsonw *w, const char *key, const char *suffix)
{
	if (w->more)
		sbuf_addc(w->out, ',');
	w->more = true;
	if (!key)
		return;
	sbuf_addc(w->out, '"');
	sbuf_add(w->out, key);
	sbuf_add(w->out, suffix);
	sbuf_addn(w->out, "\":", 2);
}

void
jsonw_open(struct jsonw *w, const char *key, char bracket)
{
	begin(w, key, "");
	sbuf_addc(w->out, bracket);
	w->more = false;
}

void
jsonw_close(struct jsonw *w, char bracket)
{
	sbuf_addc(w->out, bracket);
	w->more = true;
}

void
jsonw_int(struct jsonw *w, const char *key, uint64_t v)
{
	char digits[20];
	size_t at = sizeof(digits);

	begin(w, key, "");
	do {
		digits[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	sbuf_addn(w->out, digits + at, sizeof(digits) - at);
}

void
jsonw_bool(struct jsonw *w, const char *key, bool v)
{
	begin(w, key, "");
	sbuf_add(w->out, v ? "true" : "false");
}

void
jsonw_null(struct jsonw *w, const char *key)
{
	begin(w, key, "");
	sbuf_add(w->out, "null");
}

/* Clean UTF-8 has no control characters; two others must be escaped. */
static void
quote(struct jsonw *w, const char *s, size_t len)
{
	size_t from = 0;

	sbuf_addc(w->out, '"');
	for (size_t i = 0; i < len; i++) {
		if (s[i] != '"' && s[i] != '\\')
			continue;
		sbuf_addn(w->out, s + from, i - from);
		sbuf_addc(w->out, '\\');
		from = i;
	}
	sbuf_addn(w->out, s + from, len - from);
	sbuf_addc(w->out, '"');
}

void
jsonw_str(struct jsonw *w, const char *key, const char *s)
{
	if (!s)
		return;
	begin(w, key, "");
	quote(w, s, strlen(s));
}

void
jsonw_bytes(struct jsonw *w, const char *key, const void *data, size_t len)
{
	bool clean = text_is_clean(data, len);

	if (!clean) {
		begin(w, key, "_hex");
		sbuf_addc(w->out, '"');
		sbuf_hex(w->out, data, len, "");
		sbuf_addc(w->out, '"');
		return;
	}
	begin(w, key, "");
	quote(w, data, len);
}

void
jsonw_hex(struct jsonw *w, const char *key, const void *data, size_t len)
{
	begin(w, key, "");
	sbuf_addc(w->out, '"');
	sbuf_hex(w->out, data, len, "");
	sbuf_addc(w->out, '"');
}

void
jsonw_mac(struct jsonw *w, const char *key, const uint8_t mac[MAC_LEN])
{
	char buf[MAC_TEXT_MAX];

	jsonw_str(w, key, mac_format(mac, buf));
}

void
jsonw_ip(struct jsonw *w, const char *key, const struct ip_addr *a)
{
	char buf[IP_TEXT_MAX];

	jsonw_str(w, key, ip_format(a, buf));
}

void
jsonw_ip4(struct jsonw *w, const char *key, struct in_addr a)
{
	char buf[IP_TEXT_MAX];

	jsonw_str(w, key, ipv4_format(a, buf));
}

void
jsonw_time(struct jsonw *w, const char *key, int64_t ns)
{
	/* The sign is for both parts: C's division goes towards zero. */
	uint64_t abs = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;
	uint64_t part = abs % NS_PER_S;

	begin(w, key, "");
	if (ns < 0)
		sbuf_addc(w->out, '-');
	if (part % NS_PER_US == 0)
		sbuf_printf(w->out, "%" PRIu64 ".%06" PRIu64, abs / NS_PER_S,
		    part / NS_PER_US);
	else
		sbuf_printf(w->out, "%" PRIu64 ".%09" PRIu64, abs / NS_PER_S,
		    part);
}
