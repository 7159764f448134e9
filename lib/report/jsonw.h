/*
 * jsonw.h - JSON written as text at once, for streams of many small objects.
 *
 * Where one object is the whole output, report/json.h builds it as a tree;
 * for one object a packet that costs more than all the decoding. Both say the
 * same in the same way: bytes that are no clean UTF-8 are hex under the key
 * with "_hex".
 *
 * In an array the key is NULL.
 */
#ifndef PXE_REPORT_JSONW_H
#define PXE_REPORT_JSONW_H

#include "base/sbuf.h"
#include "base/text.h"

struct jsonw {
	struct sbuf *out;
	bool more;                      /* a value stands before the next */
};

/** jsonw_init() - write to the end of @out. */
void jsonw_init(struct jsonw *w, struct sbuf *out);

/** jsonw_open() - begin an object ('{') or array ('['). */
void jsonw_open(struct jsonw *w, const char *key, char bracket);

/** jsonw_close() - end it, with '}' or ']'. */
void jsonw_close(struct jsonw *w, char bracket);

void jsonw_int(struct jsonw *w, const char *key, uint64_t v);
void jsonw_bool(struct jsonw *w, const char *key, bool v);
void jsonw_null(struct jsonw *w, const char *key);

/** jsonw_str() - text that is known to be clean; nothing if @s is NULL. */
void jsonw_str(struct jsonw *w, const char *key, const char *s);

/** jsonw_bytes() - the text, or @key with "_hex" if it is no clean UTF-8. */
void jsonw_bytes(struct jsonw *w, const char *key, const void *data,
    size_t len);
void jsonw_hex(struct jsonw *w, const char *key, const void *data, size_t len);
void jsonw_mac(struct jsonw *w, const char *key, const uint8_t mac[MAC_LEN]);
void jsonw_ip(struct jsonw *w, const char *key, const struct ip_addr *a);
void jsonw_ip4(struct jsonw *w, const char *key, struct in_addr a);

/**
 * jsonw_time() - seconds since the epoch with their fraction, exactly
 *
 * Six digits, or nine where there are nanoseconds.
 */
void jsonw_time(struct jsonw *w, const char *key, int64_t ns);

#endif
