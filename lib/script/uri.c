#include "script/uri.h"

#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* Cut @at off its string and return what follows it; @at may be NULL. */
static char *
cut(char *at)
{
	if (!at)
		return NULL;
	*at = '\0';
	return at + 1;
}

/* `##params` or `##params=name`, to the end of the text. */
static void
cut_params(struct uri *u, char *text)
{
	static const char mark[] = "##params";
	char *at = strstr(text, mark);
	char *rest = at ? at + strlen(mark) : NULL;

	if (!rest || (*rest != '\0' && *rest != '='))
		return;
	u->params = *rest == '=' ? rest + 1 : rest;
	*at = '\0';
}

/* The scheme's colon, or NULL: letters, '-' and '_' only stand before it. */
static char *
find_colon(char *text)
{
	char *p = text;

	while (isalpha((unsigned char)*p) || *p == '-' || *p == '_')
		p++;
	return p > text && *p == ':' ? p : NULL;
}

/* The port's colon; those within [v6] do not count. */
static char *
find_port(char *host)
{
	char *close = host[0] == '[' ? strchr(host, ']') : NULL;

	return strchr(close ? close : host, ':');
}

/* user:password@host:port. @text has been copied. */
static void
parse_authority(struct uri *u, char *text)
{
	char *at = strchr(text, '@');

	if (at) {
		u->user = text;
		text = cut(at);
		u->password = cut(strchr(u->user, ':'));
	}
	u->host = text;
	u->port = cut(find_port(text));
}

int
uri_parse(struct uri *u, const char *text)
{
	char *copy;
	char *colon;

	memset(u, 0, sizeof(*u));
	if (strlen(text) > URI_MAX)
		return -EMSGSIZE;
	copy = arena_strdup(&u->arena, text);
	if (!copy)
		return -ENOMEM;
	cut_params(u, copy);
	u->fragment = cut(strchr(copy, '#'));
	colon = find_colon(copy);
	if (colon) {
		u->scheme = copy;
		copy = cut(colon);
		if (copy[0] != '/') {
			u->opaque = copy;
			return 0;
		}
	}
	u->query = cut(strchr(copy, '?'));
	if (u->scheme && copy[0] == '/' && copy[1] == '/') {
		char *slash = strchr(copy + 2, '/');

		/* The slash belongs to the path: copy what stands before it. */
		u->path = slash;
		copy = arena_dup(&u->arena, copy + 2,
		    slash ? (size_t)(slash - copy) - 2 : strlen(copy + 2));
		if (!copy) {
			uri_release(u);
			return -ENOMEM;
		}
		parse_authority(u, copy);
	} else if (copy[0] != '\0') {
		u->path = copy;
	}
	return 0;
}

void
uri_release(struct uri *u)
{
	arena_release(&u->arena);
	memset(u, 0, sizeof(*u));
}

bool
uri_is_absolute(const struct uri *u)
{
	return u->scheme != NULL;
}

bool
uri_is_hierarchical(const struct uri *u)
{
	return u->scheme && !u->opaque;
}

/* Scheme, authority and path: what a relative reference keeps or replaces. */
static void
add_root(struct sbuf *b, const struct uri *u, bool with_user)
{
	if (u->scheme) {
		sbuf_add(b, u->scheme);
		sbuf_addc(b, ':');
	}
	if (u->opaque)
		sbuf_add(b, u->opaque);
	if (!u->host)
		return;
	sbuf_add(b, "//");
	if (with_user && u->user) {
		sbuf_add(b, u->user);
		if (u->password) {
			sbuf_addc(b, ':');
			sbuf_add(b, u->password);
		}
		sbuf_addc(b, '@');
	}
	sbuf_add(b, u->host);
	if (u->port) {
		sbuf_addc(b, ':');
		sbuf_add(b, u->port);
	}
}

static void
add_tail(struct sbuf *b, const struct uri *u)
{
	if (u->query) {
		sbuf_addc(b, '?');
		sbuf_add(b, u->query);
	}
	if (u->fragment) {
		sbuf_addc(b, '#');
		sbuf_add(b, u->fragment);
	}
	if (u->params) {
		sbuf_add(b, "##params");
		if (u->params[0] != '\0') {
			sbuf_addc(b, '=');
			sbuf_add(b, u->params);
		}
	}
}

void
uri_add(struct sbuf *b, const struct uri *u)
{
	add_root(b, u, true);
	if (u->path)
		sbuf_add(b, u->path);
	add_tail(b, u);
}

void
uri_add_redacted(struct sbuf *b, const struct uri *u)
{
	add_root(b, u, false);
	if (u->path)
		sbuf_add(b, u->path);
}

/* Bytes of @path up to and with its last slash. */
static size_t
dir_len(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? (size_t)(slash - path) + 1 : 0;
}

/* One directory less: "/a/b/" becomes "/a/", the root stays. */
static size_t
parent_len(const char *path, size_t len)
{
	if (len > 1)
		len--;
	while (len > 1 && path[len - 1] != '/')
		len--;
	return len;
}

/* @rel as seen from the directory of @base. */
static void
add_relative(struct sbuf *b, const char *base, const char *rel)
{
	size_t len = dir_len(base);

	for (;;) {
		if (text_starts(rel, "./")) {
			rel += 2;
		} else if (text_starts(rel, "../")) {
			rel += 3;
			len = parent_len(base, len);
		} else {
			break;
		}
	}
	if (len > 0)
		sbuf_addn(b, base, len);
	else
		sbuf_addc(b, '/');
	sbuf_add(b, rel);
}

int
uri_resolve(struct sbuf *b, const char *base_text, const char *ref_text)
{
	struct uri base;
	struct uri ref;
	int rc;

	rc = uri_parse(&ref, ref_text);
	if (rc < 0)
		return rc;
	rc = uri_parse(&base, base_text);
	if (rc < 0)
		goto out_ref;
	if (uri_is_absolute(&ref)) {
		uri_add(b, &ref);
		goto out;
	}
	if (!uri_is_hierarchical(&base)) {
		rc = -ENOTSUP;
		goto out;
	}
	add_root(b, &base, true);
	if (!ref.path)
		sbuf_add(b, base.path ? base.path : "");
	else if (ref.path[0] == '/')
		sbuf_add(b, ref.path);
	else
		add_relative(b, base.path, ref.path);
	/* A reference of nothing but a query keeps the rest of the base. */
	if (!ref.path && !ref.query)
		ref.query = base.query;
	add_tail(b, &ref);
out:
	if (rc == 0 && b->bad)
		rc = -ENOMEM;
	uri_release(&base);
out_ref:
	uri_release(&ref);
	return rc;
}

int
uri_dir(struct sbuf *b, const char *text)
{
	struct uri u;
	int rc = uri_parse(&u, text);

	if (rc < 0)
		return rc;
	add_root(b, &u, true);
	if (u.path)
		sbuf_addn(b, u.path, dir_len(u.path));
	uri_release(&u);
	return b->bad ? -ENOMEM : 0;
}

static int
hex_value(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return at ? (int)(at - digits) : -1;
}

void
uri_decode(struct sbuf *b, const char *text)
{
	while (*text) {
		int hi = text[0] == '%' ? hex_value(text[1]) : -1;
		int lo = hi >= 0 ? hex_value(text[2]) : -1;

		if (lo >= 0) {
			sbuf_addc(b, (char)(hi << 4 | lo));
			text += 3;
		} else {
			sbuf_addc(b, *text++);
		}
	}
}

void
uri_encode(struct sbuf *b, const void *bytes, size_t len)
{
	const signed char *p = bytes;

	for (size_t i = 0; i < len; i++) {
		/*
		 * iPXE prints the byte as a signed int: 0xde comes out as
		 * %FFFFFFDE, which no server understands.
		 */
		if (p[i] <= ' ' || p[i] == 0x7f || strchr("%/#:@?=&+", p[i]))
			sbuf_printf(b, "%%%02X", (unsigned int)p[i]);
		else
			sbuf_addc(b, (char)p[i]);
	}
}

int
uri_name(struct sbuf *b, const char *text)
{
	struct uri u;
	int rc = uri_parse(&u, text);

	if (rc < 0)
		return rc;
	if (u.path)
		uri_decode(b, u.path + dir_len(u.path));
	else if (u.opaque)
		uri_decode(b, u.opaque);
	uri_release(&u);
	return b->bad ? -ENOMEM : 0;
}

int
uri_from_dhcp(struct sbuf *b, const char *server, const char *filename)
{
	struct uri u;
	bool whole;
	int rc = uri_parse(&u, filename);

	if (rc < 0)
		return rc;
	whole = uri_is_hierarchical(&u);
	uri_release(&u);
	if (whole) {
		sbuf_add(b, filename);
	} else {
		if (server[0] == '\0' || strcmp(server, "0.0.0.0") == 0)
			return -ENOTSUP;
		sbuf_printf(b, "tftp://%s/%s", server, filename);
	}
	return b->bad ? -ENOMEM : 0;
}
