#include "net/fetch.h"

#include "base/clock.h"
#include "base/sbuf.h"
#include "base/text.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct transfer {
	const struct fetch_request *req;
	struct fetch_result *res;
	struct sbuf body;
	bool too_large;
};

static size_t
on_body(char *data, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	size_t len = size * n;

	if (t->body.len + len > t->req->max) {
		t->too_large = true;
		return CURL_WRITEFUNC_ERROR;
	}
	sbuf_addn(&t->body, data, len);
	return t->body.bad ? CURL_WRITEFUNC_ERROR : len;
}

static int
on_progress(void *ctx, curl_off_t total, curl_off_t done, curl_off_t up_total,
    curl_off_t up_done)
{
	struct transfer *t = ctx;

	(void)up_total;
	(void)up_done;
	if (t->req->progress)
		t->req->progress(t->req->ctx, (uint64_t)done, (uint64_t)total);
	return 0;
}

/* What libcurl calls it, and what it means for a boot. */
static enum fetch_fail
fail_of(CURLcode code, long os_errno)
{
	static const struct { CURLcode code; enum fetch_fail fail; } rows[] = {
		{ CURLE_OK, FETCH_OK },
		{ CURLE_UNSUPPORTED_PROTOCOL, FETCH_UNSUPPORTED },
		{ CURLE_URL_MALFORMAT, FETCH_UNSUPPORTED },
		{ CURLE_COULDNT_RESOLVE_HOST, FETCH_NAME },
		{ CURLE_OPERATION_TIMEDOUT, FETCH_SILENT },
		{ CURLE_PARTIAL_FILE, FETCH_TRUNCATED },
		{ CURLE_GOT_NOTHING, FETCH_TRUNCATED },
		{ CURLE_SSL_CONNECT_ERROR, FETCH_TLS },
		{ CURLE_PEER_FAILED_VERIFICATION, FETCH_TLS },
		{ CURLE_SSL_CERTPROBLEM, FETCH_TLS_OURS },
		{ CURLE_SSL_CIPHER, FETCH_TLS_CIPHER },
		{ CURLE_SSL_CACERT_BADFILE, FETCH_TLS_OURS },
	};

	if (code == CURLE_COULDNT_CONNECT)
		return os_errno == ECONNREFUSED ? FETCH_REFUSED :
		    os_errno == ENETUNREACH || os_errno == EHOSTUNREACH ?
		    FETCH_UNREACHABLE : FETCH_SILENT;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].code == code)
			return rows[i].fail;
	}
	return FETCH_OTHER;
}

/*
 * Which of the reasons it is: what OpenSSL found wrong with the certificate
 * (X509_V_ERR_*), or its words.
 */
static enum fetch_fail
tls_fail_of(CURL *c, const char *words)
{
	enum { NOT_YET_VALID = 9, EXPIRED = 10 };
	static const char *const cipher[] = { "handshake failure",
	    "protocol version", "no shared cipher", "unsupported protocol",
	    "no protocols available" };
	long found = 0;

	curl_easy_getinfo(c, CURLINFO_SSL_VERIFYRESULT, &found);
	if (found == NOT_YET_VALID || found == EXPIRED)
		return FETCH_TLS_TIME;
	if (strstr(words, "subject name") || strstr(words, "hostname"))
		return FETCH_TLS_NAME;
	for (size_t i = 0; i < ARRAY_LEN(cipher); i++) {
		if (strstr(words, cipher[i]))
			return FETCH_TLS_CIPHER;
	}
	return FETCH_TLS;
}

void
fetch_init(void)
{
	(void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

int
fetch_host(const char *url, char *buf, size_t cap)
{
	CURLU *u = curl_url();
	char *host = NULL;
	int rc = -EINVAL;

	if (u && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
	    text_copy(buf, cap, host))
		rc = 0;
	curl_free(host);
	curl_url_cleanup(u);
	return rc;
}

/* Take the URL's own host for @ip, whatever the host's resolver thinks. */
static struct curl_slist *
connect_to(const struct fetch_request *req)
{
	struct ip_addr ip6 = { .family = AF_INET6, .v6 = req->ip6 };
	struct sbuf rule = SBUF_EMPTY;
	char text[IP_TEXT_MAX];
	char host[256] = "";
	struct curl_slist *list;

	(void)fetch_host(req->url, host, sizeof(host));
	if (req->ip.s_addr)
		sbuf_printf(&rule, "%s::%s:", host,
		    ipv4_format(req->ip, text));
	else
		sbuf_printf(&rule, "%s::[%s]:", host, ip_format(&ip6, text));
	list = curl_slist_append(NULL, sbuf_str(&rule));
	sbuf_release(&rule);
	return list;
}

static void
set_options(CURL *c, struct transfer *t, char *errbuf)
{
	const struct fetch_request *req = t->req;
	const char *schemes = req->no_tls ? "http" : "http,https";
	struct sbuf iface = SBUF_EMPTY;

	curl_easy_setopt(c, CURLOPT_URL, req->url);
	/* Firmware does not tidy up "a/../b"; a server may see the difference. */
	curl_easy_setopt(c, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, schemes);
	curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, schemes);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, errbuf);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(c, CURLOPT_XFERINFODATA, t);
	curl_easy_setopt(c, CURLOPT_BUFFERSIZE, 256L * 1024);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)req->timeout_ms);
	/* silence is: not a byte a second for that long */
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME,
	    (long)(req->timeout_ms / 1000 ? req->timeout_ms / 1000 : 1));
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION,
	    req->follow_redirects ? 1L : 0L);
	curl_easy_setopt(c, CURLOPT_MAXREDIRS, 10L);
	if (req->user_agent && !req->lines)
		curl_easy_setopt(c, CURLOPT_USERAGENT, req->user_agent);
	if (req->http_1_0)
		curl_easy_setopt(c, CURLOPT_HTTP_VERSION,
		    (long)CURL_HTTP_VERSION_1_0);
	if (req->iface) {
		sbuf_printf(&iface, "if!%s", req->iface);
		curl_easy_setopt(c, CURLOPT_INTERFACE, sbuf_str(&iface));
		sbuf_release(&iface);
	}
}

static void
add_line(struct curl_slist **list, const char *line)
{
	struct curl_slist *more = curl_slist_append(*list, line);

	if (more)
		*list = more;
}

/* "Host: name[:port]"; the port as the URL has it, if it is not the usual. */
static void
host_line(const struct fetch_request *req, struct sbuf *ret)
{
	CURLU *u = curl_url();
	char *host = NULL;
	char *port = NULL;

	if (u && curl_url_set(u, CURLUPART_URL, req->url, 0) == CURLUE_OK) {
		(void)curl_url_get(u, CURLUPART_HOST, &host, 0);
		(void)curl_url_get(u, CURLUPART_PORT, &port,
		    CURLU_NO_DEFAULT_PORT);
	}
	sbuf_printf(ret, "Host: %s%s%s", host ? host : "",
	    port && !req->bare_host ? ":" : "",
	    port && !req->bare_host ? port : "");
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(u);
}

/*
 * The persona's own lines, in its order. libcurl puts a Host of its own first
 * unless an empty one forbids it; after a redirect to another host it does so
 * all the same, and leaves ours out.
 */
static void
add_lines(const struct fetch_request *req, struct curl_slist **list)
{
	bool has_accept = false;

	for (const char *const *l = req->lines; *l; l++)
		has_accept = has_accept || strncmp(*l, "Accept:", 7) == 0;
	if (!has_accept)
		add_line(list, "Accept:");
	if (req->lines[0] && strcmp(req->lines[0], "Host") != 0)
		add_line(list, "Host:");
	for (const char *const *l = req->lines; *l; l++) {
		struct sbuf line = SBUF_EMPTY;

		if (strcmp(*l, "Host") == 0)
			host_line(req, &line);
		else if (strcmp(*l, "User-Agent") == 0)
			sbuf_printf(&line, "User-Agent: %s", req->user_agent);
		else
			sbuf_add(&line, *l);
		add_line(list, sbuf_str(&line));
		sbuf_release(&line);
	}
}

static void
set_tls(CURL *c, const struct fetch_tls *tls)
{
	if (!tls)
		return;
	if (tls->ca) {
		curl_easy_setopt(c, CURLOPT_CAINFO, tls->ca);
		curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
	}
	if (tls->cert) {
		curl_easy_setopt(c, CURLOPT_SSLCERT, tls->cert);
		curl_easy_setopt(c, CURLOPT_SSLKEY,
		    tls->key ? tls->key : tls->cert);
	}
	if (tls->max_1_2)
		curl_easy_setopt(c, CURLOPT_SSLVERSION,
		    (long)(CURL_SSLVERSION_TLSv1_2 |
		    CURL_SSLVERSION_MAX_TLSv1_2));
}

/* A form, and the header lines. */
static struct curl_slist *
set_form(CURL *c, const struct fetch_request *req)
{
	struct curl_slist *list = NULL;

	if (req->body)
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, req->body);
	if (req->method)
		curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, req->method);
	if (req->lines)
		add_lines(req, &list);
	for (const char *const *h = req->headers; h && *h; h++)
		add_line(&list, *h);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, list);
	return list;
}

/* HEAD and GET go over one connection, and what HEAD says stops nobody. */
static CURLcode
perform(CURL *c, const struct fetch_request *req)
{
	CURLcode code;

	if (req->head_first || req->head_only) {
		curl_easy_setopt(c, CURLOPT_NOBODY, 1L);
		code = curl_easy_perform(c);
		if (code != CURLE_OK || req->head_only)
			return code;
		curl_easy_setopt(c, CURLOPT_NOBODY, 0L);
		curl_easy_setopt(c, CURLOPT_HTTPGET, 1L);
	}
	return curl_easy_perform(c);
}

static void
read_info(CURL *c, CURLcode code, const char *words, struct fetch_result *res)
{
	struct curl_header *head;
	char *text = NULL;
	curl_off_t length = -1;
	long os_errno = 0;

	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &res->status);
	curl_easy_getinfo(c, CURLINFO_OS_ERRNO, &os_errno);
	curl_easy_getinfo(c, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	res->has_length = length >= 0;
	res->content_length = length > 0 ? (uint64_t)length : 0;
	if (curl_easy_header(c, "Transfer-Encoding", 0, CURLH_HEADER, -1,
	    &head) == CURLHE_OK)
		res->chunked = strcasecmp(head->value, "chunked") == 0;
	if (curl_easy_getinfo(c, CURLINFO_CONTENT_TYPE, &text) == CURLE_OK &&
	    text)
		(void)text_copy(res->content_type, sizeof(res->content_type),
		    text);
	text = NULL;
	if (curl_easy_getinfo(c, CURLINFO_PRIMARY_IP, &text) == CURLE_OK &&
	    text)
		(void)text_copy(res->server, sizeof(res->server), text);
	text = NULL;
	if (curl_easy_getinfo(c, CURLINFO_REDIRECT_URL, &text) == CURLE_OK &&
	    text)
		(void)text_copy(res->location, sizeof(res->location), text);
	res->fail = fail_of(code, os_errno);
	if (res->fail == FETCH_TLS)
		res->fail = tls_fail_of(c, words);
	if (res->fail == FETCH_OK && (res->status < 200 || res->status > 299))
		res->fail = FETCH_STATUS;
}

int
fetch_get(const struct fetch_request *req, struct fetch_result *ret)
{
	struct transfer t = { .req = req, .res = ret };
	char errbuf[CURL_ERROR_SIZE] = "";
	uint64_t start = clock_now_ms();
	CURL *c = curl_easy_init();
	struct curl_slist *to = NULL;
	struct curl_slist *headers;
	CURLcode code;

	memset(ret, 0, sizeof(*ret));
	if (!c)
		return -ENOMEM;
	set_options(c, &t, errbuf);
	set_tls(c, req->tls);
	headers = set_form(c, req);
	if (req->ip.s_addr || !IN6_IS_ADDR_UNSPECIFIED(&req->ip6)) {
		to = connect_to(req);
		curl_easy_setopt(c, CURLOPT_CONNECT_TO, to);
	}
	code = perform(c, req);
	read_info(c, code, errbuf, ret);
	ret->seconds = (double)(clock_now_ms() - start) / 1000.0;
	if (t.too_large)
		ret->fail = FETCH_TOO_LARGE;
	if (code != CURLE_OK)
		(void)text_copy(ret->text, sizeof(ret->text),
		    errbuf[0] ? errbuf : curl_easy_strerror(code));
	curl_easy_cleanup(c);
	curl_slist_free_all(to);
	curl_slist_free_all(headers);
	if (t.body.bad && !t.too_large) {
		sbuf_release(&t.body);
		return -ENOMEM;
	}
	ret->len = t.body.len;
	ret->body = sbuf_steal(&t.body);
	return ret->body ? 0 : -ENOMEM;
}

void
fetch_release(struct fetch_result *r)
{
	free(r->body);
	r->body = NULL;
	r->len = 0;
}
