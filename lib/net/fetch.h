/*
 * fetch.h - load a file by HTTP or HTTPS through libcurl.
 *
 * Behaves as boot firmware does: no cookies, no proxy from the environment,
 * no decompression, redirects as asked for.
 */
#ifndef PXE_NET_FETCH_H
#define PXE_NET_FETCH_H

#include "base/diag.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a client brings to TLS. */
struct fetch_tls {
	const char *ca;                 /* PEM; NULL: the host's authorities */
	const char *cert;               /* the client's own, PEM; NULL: none */
	const char *key;                /* its key; NULL: in `cert` */
	bool max_1_2;                   /* TLS 1.3 is not spoken */
};

struct fetch_request {
	const char *url;
	struct in_addr ip;              /* of the URL's host; 0: look it up */
	struct in6_addr ip6;            /* the same over IPv6; ::, if not */
	const char *user_agent;         /* NULL: none is sent */
	const char *iface;              /* leave through this interface; NULL: any */
	bool follow_redirects;
	bool no_tls;                    /* https is not spoken, nor followed to */
	bool head_first;                /* ask for the size on the way */
	bool head_only;                 /* HEAD, and nothing more */
	/*
	 * The header lines in wire order, ending with NULL, of which "Host"
	 * and "User-Agent" stand for theirs; NULL: as libcurl has them.
	 */
	const char *const *lines;
	bool bare_host;                 /* Host without the port */
	bool http_1_0;
	const char *method;             /* NULL: GET, or POST with a body */
	const struct fetch_tls *tls;    /* NULL: all as the host has it */
	const char *body;               /* a form; NULL: none */
	const char *const *headers;     /* "Name: value", ends with NULL; may be NULL */
	uint64_t timeout_ms;            /* for the connection, and without progress */
	size_t max;                     /* bytes */
	/* Called now and then; @total is 0 where it is not known. May be NULL. */
	void (*progress)(void *ctx, uint64_t done, uint64_t total);
	void *ctx;
};

enum fetch_fail {
	FETCH_OK,
	FETCH_STATUS,           /* the server answered with an error, see `status` */
	FETCH_NAME,             /* the host name does not resolve */
	FETCH_REFUSED,
	FETCH_UNREACHABLE,
	FETCH_SILENT,           /* no answer in time */
	FETCH_TRUNCATED,        /* less than Content-Length */
	FETCH_TLS,              /* the certificate is not trusted, or no reason */
	FETCH_TLS_NAME,         /* it is for another name */
	FETCH_TLS_TIME,         /* it is not valid now */
	FETCH_TLS_CIPHER,       /* no version or cipher in common */
	FETCH_TLS_OURS,         /* `tls` of the request cannot be used */
	FETCH_TOO_LARGE,
	FETCH_UNSUPPORTED,      /* scheme */
	FETCH_OTHER,
};

struct fetch_result {
	enum fetch_fail fail;
	long status;                    /* HTTP status, 0 if none came */
	char *body;                     /* owned */
	size_t len;
	uint64_t content_length;        /* as announced; 0 if not */
	bool has_length;                /* Content-Length was there */
	bool chunked;
	char content_type[128];         /* "" if none */
	double seconds;
	char server[64];                /* address that answered */
	char location[512];             /* last redirect's target; "" if none */
	char text[256];                 /* what went wrong, one line */
};

/** fetch_init() - once, before several threads fetch. */
void fetch_init(void);

/** fetch_host() - the host of a URL. Return: 0; -EINVAL if there is none. */
int fetch_host(const char *url, char *buf, size_t cap);

/**
 * fetch_get() - load @req->url
 *
 * A server's refusal is a result: look at `fail`. The result is to be
 * released in every case.
 *
 * Return: 0 if a result was made; -ENOMEM or another error of ours.
 */
int fetch_get(const struct fetch_request *req, struct fetch_result *ret);
void fetch_release(struct fetch_result *r);

#endif
