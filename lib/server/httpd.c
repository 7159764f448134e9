#include "server/httpd.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	HTTPD_IDLE_S = 60,
	HTTPD_CONNECTIONS_MAX = 1024,
	HTTPD_CONNECTION_BYTES = 16 * 1024,
	MS_PER_S = 1000,
};

struct httpd {
	struct httpd_conf conf;
	struct loop *loop;
	struct MHD_Daemon *daemon;
	struct loop_fd *handle;
	struct loop_timer timer;
};

/* One request, from its head to the end of the answer. */
struct httpd_request {
	uint64_t start_ms;
	char method[16];
	char path[HTTPD_PATH_MAX];
	int status;
	uint64_t bytes;
};

const char *
httpd_type(const char *name)
{
	/* UEFI goes by these types: UEFI 2.10, 24.7.2 */
	static const struct {
		const char *suffix;
		const char *type;
	} types[] = {
		{ ".efi", "application/efi" },
		{ ".iso", "application/vnd.efi-iso" },
		{ ".img", "application/vnd.efi-img" },
		{ ".ipxe", "text/plain" },
		{ ".cfg", "text/plain" },
		{ ".conf", "text/plain" },
		{ ".txt", "text/plain" },
		{ ".ks", "text/plain" },
		{ ".yaml", "text/plain" },
		{ ".json", "application/json" },
		{ ".html", "text/html" },
	};
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && i < ARRAY_LEN(types); i++) {
		if (strcasecmp(dot, types[i].suffix) == 0)
			return types[i].type;
	}
	return "application/octet-stream";
}

/* Digits up to @end or the end. Return: false if there are none. */
static bool
number(const char **p, uint64_t *ret)
{
	const char *start = *p;
	uint64_t v = 0;

	for (; **p >= '0' && **p <= '9'; (*p)++) {
		unsigned int digit = (unsigned int)(**p - '0');

		if (v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*ret = v;
	return *p > start;
}

int
httpd_range_parse(const char *text, uint64_t size, struct httpd_range *ret)
{
	uint64_t first = 0;
	uint64_t last = 0;
	bool has_first;
	bool has_last;

	if (!text_starts(text, "bytes="))
		return 0;
	text += strlen("bytes=");
	has_first = number(&text, &first);
	if (*text++ != '-')
		return 0;
	has_last = number(&text, &last);
	if (*text != '\0' || (!has_first && !has_last) ||
	    (has_first && has_last && last < first))
		return 0;
	if (!has_first) {               /* the last n bytes */
		if (last == 0 || size == 0)
			return -ERANGE;
		first = last < size ? size - last : 0;
		last = size - 1;
	} else if (!has_last || last >= size) {
		if (first >= size)
			return -ERANGE;
		last = size - 1;
	}
	ret->first = first;
	ret->len = last - first + 1;
	return 1;
}

static enum MHD_Result
respond(struct MHD_Connection *c, struct httpd_request *r, int status,
    struct MHD_Response *resp)
{
	enum MHD_Result ok;

	if (!resp)
		return MHD_NO;
	r->status = status;
	ok = MHD_queue_response(c, (unsigned int)status, resp);
	MHD_destroy_response(resp);
	return ok;
}

static enum MHD_Result
respond_error(struct MHD_Connection *c, struct httpd_request *r, int status,
    const char *header, const char *value)
{
	char text[64];
	struct MHD_Response *resp;

	(void)snprintf(text, sizeof(text), "%d %s\n", status,
	    MHD_get_reason_phrase_for((unsigned int)status));
	resp = MHD_create_response_from_buffer(strlen(text), text,
	    MHD_RESPMEM_MUST_COPY);
	if (resp) {
		(void)MHD_add_response_header(resp, "Content-Type",
		    "text/plain");
		if (header)
			(void)MHD_add_response_header(resp, header, value);
	}
	return respond(c, r, status, resp);
}

static enum MHD_Result
respond_file(struct MHD_Connection *c, struct httpd_request *r, int fd,
    uint64_t size, const char *type)
{
	const char *want = MHD_lookup_connection_value(c, MHD_HEADER_KIND,
	    "Range");
	struct httpd_range part = { .len = size };
	struct MHD_Response *resp;
	char text[96];
	int rc = 0;

	/* We send no validators, so If-Range cannot hold: RFC 9110 13.1.5 */
	if (want && !MHD_lookup_connection_value(c, MHD_HEADER_KIND,
	    "If-Range"))
		rc = httpd_range_parse(want, size, &part);
	if (rc < 0) {
		(void)close(fd);
		(void)snprintf(text, sizeof(text), "bytes */%" PRIu64, size);
		return respond_error(c, r, MHD_HTTP_RANGE_NOT_SATISFIABLE,
		    "Content-Range", text);
	}
	resp = MHD_create_response_from_fd_at_offset64(part.len, fd,
	    part.first);
	if (!resp) {
		(void)close(fd);
		return MHD_NO;
	}
	(void)MHD_add_response_header(resp, "Content-Type", type);
	(void)MHD_add_response_header(resp, "Accept-Ranges", "bytes");
	if (rc == 1) {
		(void)snprintf(text, sizeof(text), "bytes %" PRIu64 "-%" PRIu64
		    "/%" PRIu64, part.first, part.first + part.len - 1, size);
		(void)MHD_add_response_header(resp, "Content-Range", text);
	}
	if (strcmp(r->method, "HEAD") != 0)
		r->bytes = part.len;
	return respond(c, r, rc == 1 ? MHD_HTTP_PARTIAL_CONTENT : MHD_HTTP_OK,
	    resp);
}

static int
open_script(const struct httpd_conf *conf, uint64_t *ret_size)
{
	int fd = open(conf->script_path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		(void)close(fd);
		return -EACCES;
	}
	*ret_size = (uint64_t)st.st_size;
	return fd;
}

static int
status_of(int rc)
{
	switch (rc) {
	case -ENOENT:
	case -ENOTDIR:
		return MHD_HTTP_NOT_FOUND;
	case -EACCES:
	case -ELOOP:
		return MHD_HTTP_FORBIDDEN;
	case -ENAMETOOLONG:
		return MHD_HTTP_URI_TOO_LONG;
	default:
		return MHD_HTTP_INTERNAL_SERVER_ERROR;
	}
}

/* Called at least twice for a request: once for its head, then for each
 * piece of its body, which we do not want. */
static enum MHD_Result
on_request(void *ctx, struct MHD_Connection *c, const char *url,
    const char *method, const char *version, const char *body,
    size_t *body_len, void **slot)
{
	const struct httpd *h = ctx;
	struct httpd_request *r = *slot;
	const char *type = httpd_type(url);
	uint64_t size = 0;
	int fd;

	(void)version;
	(void)body;
	if (!r) {
		r = calloc(1, sizeof(*r));
		if (!r)
			return MHD_NO;
		r->start_ms = clock_now_ms();
		(void)text_copy(r->method, sizeof(r->method), method);
		(void)text_copy(r->path, sizeof(r->path), url);
		*slot = r;
		return MHD_YES;
	}
	if (*body_len > 0) {
		*body_len = 0;
		return MHD_YES;
	}
	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		return respond_error(c, r, MHD_HTTP_METHOD_NOT_ALLOWED,
		    "Allow", "GET, HEAD");
	if (h->conf.script_name && url[0] == '/' &&
	    strcmp(url + 1, h->conf.script_name) == 0) {
		fd = open_script(&h->conf, &size);
		type = "text/plain";
	} else {
		fd = root_open(h->conf.root, url, &size);
	}
	if (fd < 0)
		return respond_error(c, r, status_of(fd), NULL, NULL);
	return respond_file(c, r, fd, size, type);
}

static struct in_addr
client_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(c,
	    MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct in_addr none = { .s_addr = INADDR_ANY };

	if (!info || !info->client_addr ||
	    info->client_addr->sa_family != AF_INET)
		return none;
	return ((const struct sockaddr_in *)(const void *)
	    info->client_addr)->sin_addr;
}

static void
on_completed(void *ctx, struct MHD_Connection *c, void **slot,
    enum MHD_RequestTerminationCode how)
{
	const struct httpd *h = ctx;
	struct httpd_request *r = *slot;
	struct httpd_event ev = { .client = client_of(c) };

	if (!r)
		return;
	*slot = NULL;
	ev.method = r->method;
	ev.path = r->path;
	ev.status = r->status;
	ev.bytes = r->bytes;
	ev.duration_s = (double)(clock_now_ms() - r->start_ms) / MS_PER_S;
	ev.aborted = how != MHD_REQUEST_TERMINATED_COMPLETED_OK;
	h->conf.on_event(h->conf.ctx, &ev);
	free(r);
}

static void
run_daemon(void *ctx)
{
	struct httpd *h = ctx;
	MHD_UNSIGNED_LONG_LONG wait_ms;

	(void)MHD_run(h->daemon);
	if (MHD_get_timeout(h->daemon, &wait_ms) == MHD_YES)
		loop_timer_set(h->loop, &h->timer, clock_now_ms() + wait_ms);
	else
		loop_timer_stop(h->loop, &h->timer);
}

static int
listen_at(const struct httpd_conf *conf, struct diag *diag)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_port = htons(conf->port),
		.sin_addr = conf->ip,
	};
	const int on = 1;
	int rc;
	int fd;

	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    bind(fd, (const struct sockaddr *)&sin, sizeof(sin)) == 0 &&
	    listen(fd, SOMAXCONN) == 0)
		return fd;
	rc = -errno;
	if (fd >= 0)
		(void)close(fd);
	if (rc == -EADDRINUSE)
		diag_set(diag, "TCP port %u is in use by another program, "
		    "often a web server: choose another with --http-port, or "
		    "see 'ss -tlnp sport = :%u'", conf->port, conf->port);
	else if (rc == -EACCES || rc == -EPERM)
		diag_set(diag, "no permission to use TCP port %u: run as root, "
		    "or choose a port above 1023 with --http-port",
		    conf->port);
	else
		diag_sys(diag, -rc, "cannot use TCP port %u", conf->port);
	return rc;
}

int
httpd_new(struct loop *l, const struct httpd_conf *conf, struct httpd **ret,
    struct diag *diag)
{
	const union MHD_DaemonInfo *info;
	struct httpd *h;
	int fd;
	int rc;

	fd = listen_at(conf, diag);
	if (fd < 0)
		return fd;
	h = calloc(1, sizeof(*h));
	if (!h) {
		(void)close(fd);
		diag_set(diag, "out of memory");
		return -ENOMEM;
	}
	h->conf = *conf;
	h->loop = l;
	h->timer.fn = run_daemon;
	h->timer.ctx = h;
	/* From here on the daemon owns the socket. */
	h->daemon = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL,
	    on_request, h,
	    MHD_OPTION_LISTEN_SOCKET, fd,
	    MHD_OPTION_NOTIFY_COMPLETED, on_completed, h,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)HTTPD_IDLE_S,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned int)HTTPD_CONNECTIONS_MAX,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTPD_CONNECTION_BYTES,
	    MHD_OPTION_END);
	if (!h->daemon) {
		(void)close(fd);
		free(h);
		diag_set(diag, "cannot start the HTTP server");
		return -EIO;
	}
	info = MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	rc = info ? loop_add(l, info->epoll_fd, run_daemon, h, &h->handle) :
	    -EIO;
	if (rc < 0) {
		diag_sys(diag, -rc, "cannot start the HTTP server");
		httpd_free(h);
		return rc;
	}
	*ret = h;
	return 0;
}

void
httpd_free(struct httpd *h)
{
	if (!h)
		return;
	loop_remove(h->loop, h->handle);
	loop_timer_stop(h->loop, &h->timer);
	MHD_stop_daemon(h->daemon);
	free(h);
}
