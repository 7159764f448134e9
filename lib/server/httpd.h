/*
 * httpd.h - the files of a folder, and one script, by HTTP/1.1: GET and HEAD,
 * with ranges, without a thread of its own.
 */
#ifndef PXE_SERVER_HTTPD_H
#define PXE_SERVER_HTTPD_H

#include "base/diag.h"
#include "net/loop.h"
#include "server/root.h"

#include <netinet/in.h>

enum { HTTPD_PATH_MAX = 1024 };

/* A request that was answered, or broke off. */
struct httpd_event {
	struct in_addr client;
	const char *method;
	const char *path;               /* as the client sent it: escape it */
	int status;
	uint64_t bytes;                 /* of the body; 0 for HEAD */
	double duration_s;
	bool aborted;                   /* the connection ended before the body */
};

struct httpd_conf {
	struct in_addr ip;
	uint16_t port;
	const struct root *root;
	const char *script_name;        /* its URL's path without the slash;
	                                 * NULL: none */
	const char *script_path;        /* where the file is; read each time */
	void (*on_event)(void *ctx, const struct httpd_event *ev);
	void *ctx;
};

struct httpd;

/**
 * httpd_new() - listen
 *
 * The strings and the root must outlive the server.
 *
 * Return: 0; -EADDRINUSE, -EACCES or another system error with a sentence.
 */
int httpd_new(struct loop *l, const struct httpd_conf *conf, struct httpd **ret,
    struct diag *diag);
void httpd_free(struct httpd *h);

/* A part of a file, as a Range header asks for it (RFC 9110 14.1.2). */
struct httpd_range {
	uint64_t first;
	uint64_t len;
};

/**
 * httpd_range_parse() - read "bytes=first-last", "bytes=first-", "bytes=-n"
 * @size: of the file
 *
 * Return: 1; 0 if the header is to be ignored (another unit, several
 * ranges, nonsense) and the whole file sent; -ERANGE if the file has no such
 * part.
 */
int httpd_range_parse(const char *text, uint64_t size, struct httpd_range *ret);

/** httpd_type() - the Content-Type of a file of that name. */
const char *httpd_type(const char *name);

#endif
