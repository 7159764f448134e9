/*
 * uri.h - URIs by iPXE's rules, which are laxer than RFC 3986.
 *
 * A scheme is letters, '-' and '_'. `##params` is cut off first, then
 * #fragment, then ?query; `//` starts an authority only after a scheme. What
 * is not known stays as written: nothing is normalised.
 */
#ifndef PXE_SCRIPT_URI_H
#define PXE_SCRIPT_URI_H

#include "base/arena.h"
#include "base/sbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Parts are as written (encoded); NULL where absent. */
struct uri {
	char *scheme;
	char *opaque;           /* "c:\x" has this instead of a path */
	char *user;
	char *password;
	char *host;             /* [v6] with its brackets */
	char *port;
	char *path;             /* with its leading slash, if any */
	char *query;
	char *fragment;
	char *params;           /* name after ##params=, "" for ##params */
	struct arena arena;
};

enum { URI_MAX = 64 * 1024 };

/** uri_parse() - any text is a URI. Return: 0; -EMSGSIZE; -ENOMEM. */
int uri_parse(struct uri *u, const char *text);
void uri_release(struct uri *u);

/** uri_is_absolute() - has a scheme? */
bool uri_is_absolute(const struct uri *u);

/** uri_is_hierarchical() - scheme:/path or scheme://host? */
bool uri_is_hierarchical(const struct uri *u);

/** uri_add() - write it: what was parsed comes out as it went in. */
void uri_add(struct sbuf *b, const struct uri *u);

/** uri_add_redacted() - as progress shows it: no user, query, fragment. */
void uri_add_redacted(struct sbuf *b, const struct uri *u);

/**
 * uri_resolve() - @ref as seen from @base, written to @b
 *
 * Only leading ./ and ../ of a relative path are interpreted.
 *
 * Return: 0; -ENOTSUP if @ref is relative and @base has no path to be at;
 * -EMSGSIZE; -ENOMEM.
 */
int uri_resolve(struct sbuf *b, const char *base, const char *ref);

/** uri_dir() - the directory of a URI, with its last slash; no query. */
int uri_dir(struct sbuf *b, const char *text);

/** uri_decode() - replace %xx; other bytes stay. */
void uri_decode(struct sbuf *b, const char *text);

/** uri_encode() - as the type uristring does. */
void uri_encode(struct sbuf *b, const void *bytes, size_t len);

/**
 * uri_name() - the name an image gets from its URI: the last component of
 * the path, decoded; empty if there is none
 */
int uri_name(struct sbuf *b, const char *text);

/**
 * uri_from_dhcp() - what iPXE makes of a boot file name
 *
 * An absolute, hierarchical URI is used as is. All else becomes
 * tftp://<server>/<filename>, verbatim: '#', '?' and '%' are not special.
 *
 * Return: 0; -ENOTSUP if a server is needed and @server is empty or
 * 0.0.0.0.
 */
int uri_from_dhcp(struct sbuf *b, const char *server, const char *filename);

#endif
