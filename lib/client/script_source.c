#include "client/script_source.h"

#include "base/file.h"
#include "firmware/identify.h"
#include "script/uri.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SOURCE_FILE_MAX = 1024 * 1024 * 1024, HEADERS_MAX = 64 };

uint32_t
script_load_status(const struct load_result *r)
{
	static const struct { const char *fault; uint32_t status; } rows[] = {
		{ "tftp-file-not-found", SCRIPT_ERR_TFTP_ENOENT },
		{ "tftp-access-denied", SCRIPT_ERR_TFTP_EACCES },
		{ "tftp-option-rejected", SCRIPT_ERR_TFTP_OTHER },
		{ "tftp-request-unanswered", SCRIPT_ERR_TFTP_SILENT },
		{ "tftp-daemon-not-listening", SCRIPT_ERR_TFTP_SILENT },
		{ "http-not-found", SCRIPT_ERR_HTTP_404 },
		{ "http-connection-refused", SCRIPT_ERR_TCP_RESET },
		{ "http-server-silent", SCRIPT_ERR_TCP_SILENT },
		{ "http-truncated", SCRIPT_ERR_HTTP_LENGTH },
		{ "dns-name-not-found", SCRIPT_ERR_DNS_NONE },
		{ "tls-untrusted-certificate", SCRIPT_ERR_TLS },
		{ "firmware-ipxe-lacks-feature", SCRIPT_ERR_URI },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (strcmp(rows[i].fault, r->fault) == 0)
			return rows[i].status;
	}
	return r->status == 401 ? SCRIPT_ERR_HTTP_401 :
	    r->status == 403 ? SCRIPT_ERR_HTTP_403 :
	    r->status >= 500 ? SCRIPT_ERR_HTTP_5XX :
	    r->status >= 400 ? SCRIPT_ERR_HTTP_4XX : SCRIPT_ERR_TFTP_SILENT;
}

/* "a/../b" and the like lead out of the folder: no server gives them. */
static bool
leads_out(const char *path)
{
	for (const char *p = path; *p; p += strcspn(p, "/")) {
		p += strspn(p, "/");
		if (strncmp(p, "..", 2) == 0 && (p[2] == '/' || !p[2]))
			return true;
	}
	return false;
}

static int
read_below(const char *root, const char *path, const char *query,
    struct script_file *ret)
{
	struct sbuf name = SBUF_EMPTY;
	int rc;

	sbuf_printf(&name, "%s/%s%s%s", root, path + strspn(path, "/"),
	    query ? "?" : "", query ? query : "");
	rc = name.bad ? -ENOMEM : leads_out(sbuf_str(&name) + strlen(root)) ?
	    -ENOENT : file_read(sbuf_str(&name), SOURCE_FILE_MAX, &ret->bytes,
	    &ret->len, NULL);
	sbuf_release(&name);
	return rc;
}

static int
load_root(const struct script_host_conf *conf,
    const struct script_request *req, struct script_file *ret,
    uint32_t *ret_status, struct diag *diag)
{
	struct sbuf path = SBUF_EMPTY;
	bool is_tftp;
	struct uri u;
	int rc;

	if (uri_parse(&u, req->uri) < 0)
		return -ENOMEM;
	is_tftp = u.scheme && strncasecmp(u.scheme, "tft", 3) == 0;
	uri_decode(&path, u.path ? u.path : "/");
	rc = u.query ? read_below(conf->root, sbuf_str(&path), u.query, ret) :
	    -ENOENT;
	if (rc < 0 && rc != -ENOMEM)
		rc = read_below(conf->root, sbuf_str(&path), NULL, ret);
	if (rc == -ENOMEM)
		diag_set(diag, "out of memory");
	else if (rc == -EACCES)
		*ret_status = is_tftp ? SCRIPT_ERR_TFTP_EACCES :
		    SCRIPT_ERR_HTTP_403;
	else if (rc < 0)
		*ret_status = is_tftp ? SCRIPT_ERR_TFTP_ENOENT :
		    SCRIPT_ERR_HTTP_404;
	uri_release(&u);
	sbuf_release(&path);
	return rc == -ENOMEM ? rc : 0;
}

/* The header parameters as "Name: value"; the caller frees each. */
static int
make_headers(const struct script_params *p, char *headers[HEADERS_MAX + 1])
{
	size_t n = 0;

	for (const struct script_param *i = p ? p->first : NULL; i;
	    i = i->next) {
		if (!i->is_header || n == HEADERS_MAX)
			continue;
		if (asprintf(&headers[n], "%s: %s", i->key, i->value) < 0) {
			headers[n] = NULL;
			return -ENOMEM;
		}
		n++;
	}
	return 0;
}

static int
load_network(const struct script_request *req, struct script_file *ret,
    uint32_t *ret_status, struct diag *diag)
{
	const struct persona *p = persona_find("ipxe-bios");
	char *headers[HEADERS_MAX + 1] = { NULL };
	struct sbuf body = SBUF_EMPTY;
	struct load_conf conf = {
		.names = RESOLVE_HOST, .speed = 1,
		.max_bytes = SOURCE_FILE_MAX, .timeout_ms = req->timeout_ms,
		.headers = (const char *const *)headers,
	};
	struct load_result r = { .bytes = NULL };
	int rc = make_headers(req->params, headers);

	load_as(&conf, p);
	if (req->params && script_params_has_body(req->params)) {
		script_params_body(req->params, &body);
		conf.body = sbuf_str(&body);
	}
	if (req->params && req->params->method[0])
		conf.method = req->params->method;
	if (rc == 0)
		rc = load_uri(&conf, req->uri, &r, diag);
	if (rc == 0 && r.fault) {
		*ret_status = script_load_status(&r);
		if (req->timeout_ms && *ret_status == SCRIPT_ERR_TCP_SILENT)
			*ret_status = SCRIPT_ERR_TIMEOUT;
	} else if (rc == 0) {
		ret->bytes = r.bytes;
		ret->len = r.len;
		r.bytes = NULL;
	}
	load_release(&r);
	for (size_t i = 0; i < HEADERS_MAX; i++)
		free(headers[i]);
	sbuf_release(&body);
	return rc;
}

int
script_source_load(const struct script_host_conf *conf,
    const struct script_request *req, struct script_file *ret,
    uint32_t *ret_status, struct diag *diag)
{
	int rc = 0;

	*ret_status = 0;
	switch (conf->source) {
	case SCRIPT_SOURCE_NONE:
		/* Nobody knows what it is: anything can be done with it. */
		ret->what.container = CONTAINER_BZIMAGE_PE;
		return 0;
	case SCRIPT_SOURCE_ROOT:
		rc = load_root(conf, req, ret, ret_status, diag);
		break;
	case SCRIPT_SOURCE_NETWORK:
		rc = load_network(req, ret, ret_status, diag);
		break;
	}
	if (rc == 0 && *ret_status == 0)
		rc = firmware_identify(ret->bytes, ret->len, &ret->what);
	return rc;
}
