#include "client/load.h"

#include "base/clock.h"
#include "base/text.h"
#include "client/tftp_get.h"
#include "net/fetch.h"
#include "net/iface.h"
#include "net/udp.h"
#include "net/udp6.h"
#include "net/wait.h"
#include "script/uri.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum {
	LOAD_DGRAM_MAX = 65536,
	LOAD_PROGRESS_MS = 100,
	LOAD_HTTP_TIMEOUT_MS = 15000,
	LOAD_HOST_MAX = 256,
};

/* One TFTP transfer under way. */
struct transfer {
	const struct load_conf *conf;
	struct tftp_get get;
	struct sbuf bytes;
	int fd;
	struct in_addr server;
	bool v6;                        /* it is `server6` */
	struct in6_addr server6;
	uint16_t port;                  /* where the request goes */
	int icmp;                       /* last error that ICMP reported */
	bool other_address;             /* somebody else's address answered */
	struct in_addr other;
	uint64_t progress_ms;
	uint8_t dgram[LOAD_DGRAM_MAX];
};

static void PRINTF_LIKE(3, 4)
fault(struct load_result *r, const char *id, const char *fmt, ...)
{
	va_list ap;

	r->fault = id;
	va_start(ap, fmt);
	(void)vsnprintf(r->why, sizeof(r->why), fmt, ap);
	va_end(ap);
}

void
load_as(struct load_conf *conf, const struct persona *p)
{
	conf->tftp = &p->tftp;
	conf->user_agent = p->user_agent;
	conf->follow_redirects = p->follows_redirects;
	conf->head = p->http_head;
	conf->http_lines = p->http_lines;
	conf->http_bare_host = p->http_bare_host;
	conf->http_1_0 = p->http_1_0;
}

/* A name that cannot be resolved is a fault. Return: 0; an error of ours. */
static int
resolved(int rc, const struct load_conf *conf, const char *host,
    struct load_result *r, struct diag *diag)
{
	switch (rc) {
	case 0:
		return 0;
	case -ENODATA:
		fault(r, "dns-server-missing", "'%s' is a name, and DHCP named "
		    "no DNS server (option %d)", host, conf->ipv6 ? 23 : 6);
		return 0;
	case -ENOENT:
	case -EPROTO:
		fault(r, "dns-name-not-found", "the name '%s' does not resolve",
		    host);
		return 0;
	case -ETIMEDOUT:
	case -ENETUNREACH:
	case -EHOSTUNREACH:
		fault(r, "dns-server-silent", "the DNS server does not answer "
		    "for '%s'", host);
		return 0;
	default:
		diag_sys(diag, rc, "cannot resolve '%s'", host);
		return rc;
	}
}

/* [fd77::1], as it stands in a URI. */
static bool
is_literal6(const char *host, struct in6_addr *ret)
{
	char text[INET6_ADDRSTRLEN + 1];
	size_t len = strlen(host);

	if (len < 2 || host[0] != '[' || host[len - 1] != ']' ||
	    !text_copy(text, sizeof(text), host + 1))
		return false;
	text[len - 2] = '\0';
	return inet_pton(AF_INET6, text, ret) == 1;
}

/* The address of a host, over IPv6 if the client speaks that. */
static int
find_host(const struct load_conf *conf, const char *host, struct in_addr *ip,
    struct in6_addr *ip6, struct load_result *r, struct diag *diag)
{
	int rc;

	if (!conf->ipv6)
		rc = resolve_name(conf->names, host, conf->dns, ip);
	else if (is_literal6(host, ip6))
		rc = 0;
	else
		rc = resolve_name6(host, &conf->dns6, ip6);
	return resolved(rc, conf, host, r, diag);
}

static int
take_bytes(void *ctx, const void *bytes, size_t len)
{
	struct transfer *t = ctx;

	sbuf_addn(&t->bytes, bytes, len);
	return t->bytes.bad ? -ENOMEM : 0;
}

static void
set_request(struct tftp_opts *opts, const struct persona_rrq *rrq)
{
	for (size_t i = 0; i < rrq->n; i++)
		tftp_opts_set(opts, rrq->opt[i], rrq->value[i]);
}

static void
show_progress(struct transfer *t, uint64_t now_ms)
{
	const struct tftp_get *g = &t->get;

	if (!t->conf->progress || now_ms < t->progress_ms)
		return;
	t->progress_ms = now_ms + LOAD_PROGRESS_MS;
	t->conf->progress(t->conf->ctx, g->stats.bytes,
	    g->has_tsize ? g->tsize : 0);
}

/*
 * The kernel told of an ICMP error, once; the queue behind it is emptied, or
 * the socket would stay readable.
 */
static void
take_icmp(struct transfer *t, int rc)
{
	t->icmp = -rc;
	while (wait_error(t->fd) < 0)
		;
}

static int
send_one(struct transfer *t, uint16_t port, const void *buf, size_t len)
{
	struct in_addr any = { 0 };

	return t->v6 ? udp6_send(t->fd, 0, &t->server6, port, buf, len) :
	    udp_send(t->fd, any, 0, t->server, port, buf, len);
}

static int
send_all(struct transfer *t)
{
	uint8_t buf[TFTP_GET_DGRAM_MAX];
	uint16_t port;
	size_t len;

	while ((len = tftp_get_output(&t->get, buf, sizeof(buf), &port)) > 0) {
		int rc;

		if (!t->get.tid)
			port = t->port;
		rc = send_one(t, port, buf, len);
		if (rc == -ECONNREFUSED || rc == -EHOSTUNREACH ||
		    rc == -ENETUNREACH)
			take_icmp(t, rc);       /* of an earlier datagram */
		else if (rc < 0)
			return rc;
	}
	return 0;
}

/* One datagram of the server's. Return: bytes; 0 if it was another's. */
static int
receive_one(struct transfer *t, uint16_t *ret_port)
{
	struct in6_addr from6;
	struct udp_from from;
	int n;

	if (t->v6) {
		n = udp6_recv(t->fd, t->dgram, sizeof(t->dgram), &from6,
		    ret_port);
		return n > 0 && !IN6_ARE_ADDR_EQUAL(&from6, &t->server6) ? 0 :
		    n;
	}
	n = udp_recv(t->fd, t->dgram, sizeof(t->dgram), &from);
	if (n > 0 && from.ip.s_addr != t->server.s_addr) {
		t->other_address = true;
		t->other = from.ip;
		return 0;
	}
	*ret_port = from.port;
	return n;
}

/* Hand in all that has come. */
static int
receive_all(struct transfer *t)
{
	uint16_t port;
	int n;

	while (tftp_get_is_running(&t->get)) {
		n = receive_one(t, &port);
		if (n == -EAGAIN)
			break;
		if (n < 0)
			take_icmp(t, n);
		if (n <= 0)
			continue;
		tftp_get_input(&t->get, clock_now_ms(), port, t->dgram,
		    (size_t)n);
		n = send_all(t);
		if (n < 0)
			return n;
		if (t->get.window == 1)
			break;          /* the next block is not here yet */
	}
	return 0;
}

/*
 * Run the machine to its end. An ICMP "port unreachable" ends it at once, as
 * it does in UEFI; nothing will come from a closed port.
 */
static int
run(struct transfer *t)
{
	int rc;

	tftp_get_start(&t->get, clock_now_ms());
	rc = send_all(t);
	while (rc == 0 && tftp_get_is_running(&t->get)) {
		rc = wait_readable(t->fd, t->get.deadline_ms);
		if (rc < 0)
			return rc;
		rc = receive_all(t);
		if (t->icmp == ECONNREFUSED && !t->get.tid)
			return 0;
		tftp_get_expire(&t->get, clock_now_ms());
		if (rc == 0)
			rc = send_all(t);
		show_progress(t, clock_now_ms());
	}
	return rc;
}

static bool
mentions(const char *text, const char *word)
{
	return strcasestr(text, word) != NULL;
}

/* The server's own words decide where its number says nothing. */
static void
server_error_fault(const struct tftp_get *g, const char *name,
    struct load_result *r)
{
	const char *id = "tftp-access-denied";

	if (g->error == TFTP_ERR_OPTION)
		id = "tftp-option-rejected";
	else if (g->error == TFTP_ERR_NOT_FOUND ||
	    (g->error != TFTP_ERR_ACCESS && (mentions(g->text, "not found") ||
	    mentions(g->text, "no such"))))
		id = "tftp-file-not-found";
	r->status = g->error;
	fault(r, id, "'%s': the server says: %s (error %u)", name, g->text,
	    g->error);
}

static void
silence_fault(const struct transfer *t, const char *server, uint16_t port,
    struct load_result *r)
{
	char ip[IP_TEXT_MAX];

	if (t->other_address)
		fault(r, "tftp-reply-from-wrong-address", "asked %s, but %s "
		    "answered", server, ipv4_format(t->other, ip));
	else if (t->icmp == ECONNREFUSED)
		fault(r, "tftp-daemon-not-listening", "%s has nothing "
		    "listening on UDP port %u", server, port);
	else if (t->icmp == EHOSTUNREACH || t->icmp == ENETUNREACH ||
	    (t->conf->iface && !t->v6 && iface_is_deserted(t->conf->iface, t->server)))
		fault(r, "wrong-next-server", "there is no host at %s",
		    server);
	else
		fault(r, "tftp-request-unanswered", "%s does not answer TFTP "
		    "requests", server);
}

static void
judge(const struct transfer *t, const char *server, uint16_t port,
    const char *name, struct load_result *r)
{
	const struct tftp_get *g = &t->get;
	unsigned long long bytes = (unsigned long long)g->stats.bytes;

	if (g->state == TFTP_GET_DONE)
		return;
	switch (g->fail) {
	case TFTP_GET_OK:               /* ended by ICMP */
	case TFTP_GET_SILENT:
		silence_fault(t, server, port, r);
		break;
	case TFTP_GET_SERVER_ERROR:
		server_error_fault(g, name, r);
		break;
	case TFTP_GET_STALLED:
		if (bytes == 0 && g->stats.duplicates > 0)
			fault(r, "tftp-data-blocked", "'%s': the server "
			    "repeats that it acknowledges the options: our "
			    "answers to its port do not get there", name);
		else if (bytes == 0)
			fault(r, "large-frames-dropped", "'%s': options were "
			    "acknowledged, but no block of %u bytes ever "
			    "arrives", name, g->blksize);
		else
			fault(r, g->window > 1 ? "tftp-windowsize-stall" :
			    "packet-loss", "'%s' stalls after %llu bytes",
			    name, bytes);
		break;
	case TFTP_GET_OPTION:
		fault(r, "tftp-option-rejected", "'%s': %s", name, g->text);
		break;
	case TFTP_GET_ROLLOVER:
		fault(r, "tftp-block-rollover", "'%s': the server counts from "
		    "block 65535 to 1", name);
		break;
	case TFTP_GET_TOO_LARGE:
		if (t->conf->stated_size)
			fault(r, "bootfile-size-option-wrong", "'%s' is larger "
			    "than the %llu bytes that option 13 states, in "
			    "blocks of 512", name, (unsigned long long)
			    t->conf->stated_size);
		else
			fault(r, "image-corrupt", "'%s' is larger than %zu "
			    "bytes", name, t->conf->max_bytes);
		break;
	default:
		fault(r, "image-corrupt", "'%s': %s", name, g->text[0] ?
		    g->text : tftp_get_fail_name(g->fail));
		break;
	}
}

static void
describe(const struct tftp_get *g, struct load_result *r)
{
	unsigned int again = g->stats.requests_repeated +
	    g->stats.acks_repeated;
	int n = snprintf(r->detail, sizeof(r->detail), "blksize %u",
	    g->blksize);

	if (g->window > 1)
		n += snprintf(r->detail + n, sizeof(r->detail) - (size_t)n,
		    ", windowsize %u", g->window);
	if (again || g->stats.gaps || g->stats.duplicates)
		(void)snprintf(r->detail + n, sizeof(r->detail) - (size_t)n,
		    ", %u repeated, %u gaps, %u duplicates", again,
		    g->stats.gaps, g->stats.duplicates);
}

/* One request, the size probe or the real one. */
static int
tftp_once(struct transfer *t, const struct persona_rrq *rrq, bool probe,
    const char *name, struct diag *diag)
{
	const struct load_conf *conf = t->conf;
	const struct persona_tftp *tftp = conf->tftp;
	struct tftp_get_conf gc = {
		.name = name, .max_bytes = conf->stated_size ?
		    (size_t)conf->stated_size : conf->max_bytes,
		.fallback = true, .size_only = probe,
		.abort_code = tftp->abort_code, .abort_text = tftp->abort_text,
		.retry = {
			.first_ms = tftp->first_ms / conf->speed,
			.factor = tftp->factor,
			.cap_ms = tftp->cap_ms / conf->speed,
			.max_sends = tftp->sends,
		},
		.adapt_ms = tftp->adapt_ms, .sink = take_bytes, .ctx = t,
	};
	struct udp_bind where = { .iface = conf->iface };
	int rc;

	set_request(&gc.opts, rrq);
	tftp_get_init(&t->get, &gc);
	t->fd = t->v6 ? udp6_open(conf->iface, 0, diag) :
	    udp_open(&where, diag);
	if (t->fd < 0)
		return t->fd;
	rc = t->v6 ? 0 : wait_errors_on(t->fd);
	if (rc == 0)
		rc = run(t);
	if (rc < 0)
		diag_sys(diag, rc, "cannot transfer '%s'", name);
	(void)close(t->fd);
	return rc;
}

int
load_tftp(const struct load_conf *conf, const char *server, uint16_t port,
    const char *name, struct load_result *ret, struct diag *diag)
{
	struct transfer *t = calloc(1, sizeof(*t));
	uint64_t start = clock_now_ms();
	int rc = t ? 0 : -ENOMEM;

	memset(ret, 0, sizeof(*ret));
	ret->proto = "tftp";
	if (!t) {
		diag_set(diag, "out of memory");
		return rc;
	}
	t->conf = conf;
	t->port = port;
	t->v6 = conf->ipv6;
	rc = find_host(conf, server, &t->server, &t->server6, ret, diag);
	if (rc < 0 || ret->fault)
		goto out;
	/*
	 * Firmware asks for the size and aborts; a server that does not know
	 * the option sends the file, which the probe ends as well.
	 */
	if (conf->tftp->size_probe && !conf->stated_size)
		rc = tftp_once(t, &conf->tftp->probe, true, name, diag);
	if (rc == 0 && (!conf->tftp->size_probe || conf->stated_size ||
	    t->get.state == TFTP_GET_DONE)) {
		sbuf_clear(&t->bytes);
		rc = tftp_once(t, &conf->tftp->main, false, name, diag);
	}
	if (rc < 0)
		goto out;
	judge(t, server, port, name, ret);
	describe(&t->get, ret);
	ret->len = t->bytes.len;
	ret->bytes = sbuf_steal(&t->bytes);
	if (!ret->bytes)
		rc = -ENOMEM;
out:
	ret->duration_s = (double)(clock_now_ms() - start) / 1000.0;
	sbuf_release(&t->bytes);
	free(t);
	return rc;
}

static void
http_fault(const struct load_conf *conf, const char *url,
    const struct fetch_result *f, struct load_result *r)
{
	switch (f->fail) {
	case FETCH_OK:
		break;
	case FETCH_STATUS:
		if (f->status >= 300 && f->status < 400)
			fault(r, conf->follow_redirects ? "http-status-other" :
			    "httpboot-redirect-not-followed",
			    "%s redirects to %s (status %ld)", url,
			    f->location, f->status);
		else
			fault(r, f->status == 404 ? "http-not-found" :
			    "http-status-other", "%s answers with status %ld",
			    url, f->status);
		break;
	case FETCH_NAME:
		fault(r, "dns-name-not-found", "%s: %s", url, f->text);
		break;
	case FETCH_REFUSED:
		fault(r, "http-connection-refused", "%s: nothing listens "
		    "there: %s", url, f->text);
		break;
	case FETCH_UNREACHABLE:
	case FETCH_SILENT:
		fault(r, "http-server-silent", "%s: %s", url, f->text);
		break;
	case FETCH_TRUNCATED:
		fault(r, "http-truncated", "%s: %s", url, f->text);
		break;
	case FETCH_TLS:
		fault(r, "tls-untrusted-certificate", "%s: %s", url,
		    f->text);
		break;
	case FETCH_TLS_NAME:
		fault(r, "tls-name-mismatch", "%s: %s", url, f->text);
		break;
	case FETCH_TLS_TIME:
		fault(r, "tls-clock-wrong", "%s: %s", url, f->text);
		break;
	case FETCH_TLS_CIPHER:
		fault(r, "tls-no-common-cipher", "%s: %s", url, f->text);
		break;
	case FETCH_TLS_OURS:            /* told by load_http() */
		break;
	case FETCH_UNSUPPORTED:
		if (f->status >= 300 && f->status < 400)
			fault(r, "http-redirect-to-https", "%s redirects to "
			    "%s, which this client cannot follow", url,
			    f->location);
		else
			fault(r, "firmware-ipxe-lacks-feature", "%s: %s", url,
			    conf->no_tls ? "this client does not speak https" :
			    f->text);
		break;
	case FETCH_TOO_LARGE:
		fault(r, "image-corrupt", "%s has more than %zu bytes", url,
		    conf->max_bytes);
		break;
	case FETCH_OTHER:
		fault(r, "http-status-other", "%s: %s", url, f->text);
		break;
	}
}

/*
 * UEFI's HTTP boot wants to know what a file is, from its Content-Type or the
 * end of its URL, and how large, if not at once then from its chunks.
 */
static void
efi_fault(const char *url, const struct fetch_result *f, struct load_result *r)
{
	static const char *const types[] = { "application/efi",
	    "application/vnd.efi-iso", "application/vnd.efi-img" };
	static const char *const ends[] = { ".efi", ".iso", ".img" };
	size_t len = strlen(url);
	bool known = false;

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		known = known || strcasecmp(f->content_type, types[i]) == 0 ||
		    (len > 4 && strcasecmp(url + len - 4, ends[i]) == 0);
	if (!known)
		fault(r, "httpboot-type-unknown", "%s ends in none of "
		    ".efi, .iso and .img, and its Content-Type is '%s'", url,
		    f->content_type);
	else if (!f->has_length && !f->chunked)
		fault(r, "httpboot-size-unknown", "%s comes without its "
		    "length: neither Content-Length nor chunks", url);
}

/* Is there a way to verify an https server? */
static bool
has_authority(const struct load_conf *conf, const char *url,
    struct load_result *r)
{
	if (!conf->no_authority || strncasecmp(url, "https:", 6) != 0)
		return true;
	fault(r, "tls-untrusted-certificate", "%s: no certificate "
	    "authority is enrolled in this firmware, which then tries no "
	    "connection", url);
	return false;
}

static int
load_http(const struct load_conf *conf, const char *url,
    struct load_result *ret, struct diag *diag)
{
	struct fetch_request req = {
		.url = url, .user_agent = conf->user_agent,
		.iface = conf->iface, .max = conf->max_bytes,
		.follow_redirects = conf->follow_redirects,
		.no_tls = conf->no_tls, .tls = conf->tls, .method = conf->method,
		.body = conf->body, .headers = conf->headers,
		.head_first = conf->head && !conf->only_head,
		.head_only = conf->only_head, .lines = conf->http_lines,
		.bare_host = conf->http_bare_host, .http_1_0 = conf->http_1_0,
		.timeout_ms = conf->timeout_ms ? conf->timeout_ms :
		    LOAD_HTTP_TIMEOUT_MS / conf->speed,
		.progress = conf->progress, .ctx = conf->ctx,
	};
	struct fetch_result f;
	char host[LOAD_HOST_MAX];
	int rc;

	if (!has_authority(conf, url, ret))
		return 0;
	if (conf->names == RESOLVE_DNS) {
		if (fetch_host(url, host, sizeof(host)) < 0) {
			fault(ret, "script-flow-error", "'%s' is no URL", url);
			return 0;
		}
		/* an address of IPv6 needs nobody to find it */
		rc = host[0] == '[' && !conf->ipv6 ? 0 : find_host(conf, host,
		    &req.ip, &req.ip6, ret, diag);
		if (rc < 0 || ret->fault)
			return rc;
	}
	rc = fetch_get(&req, &f);
	if (rc == 0 && req.head_only && (f.status == 405 || f.status == 501)) {
		fetch_release(&f);
		req.head_only = false;
		rc = fetch_get(&req, &f);
	}
	if (rc < 0) {
		diag_sys(diag, rc, "cannot load '%s'", url);
		return rc;
	}
	if (f.fail == FETCH_TLS_OURS) {
		diag_set(diag, "cannot speak TLS: %s", f.text);
		fetch_release(&f);
		return -EINVAL;
	}
	http_fault(conf, url, &f, ret);
	if (conf->efi_rules && !ret->fault)
		efi_fault(url, &f, ret);
	ret->status = f.status;
	ret->duration_s = f.seconds;
	ret->bytes = f.body;
	ret->len = f.len;
	f.body = NULL;
	fetch_release(&f);
	return 0;
}

/*
 * tftp://host[:port]/name: the name is the path without its first slash,
 * decoded; a query is no part of it.
 */
static int
load_tftp_uri(const struct load_conf *conf, const struct uri *u,
    const char *text, struct load_result *ret, struct diag *diag)
{
	struct sbuf name = SBUF_EMPTY;
	uint64_t port = TFTP_PORT;
	int rc = 0;

	if (u->path && u->path[0] == '/')
		uri_decode(&name, u->path + 1);
	if (!u->host || name.len == 0 || (u->port &&
	    parse_uint(u->port, 1, UINT16_MAX, &port, NULL) < 0)) {
		ret->proto = "tftp";
		fault(ret, "tftp-file-not-found", "'%s' is no TFTP URI: "
		    "expected tftp://server/file", text);
	} else {
		rc = load_tftp(conf, u->host, (uint16_t)port, sbuf_str(&name),
		    ret, diag);
	}
	sbuf_release(&name);
	return rc;
}

int
load_uri(const struct load_conf *conf, const char *text,
    struct load_result *ret, struct diag *diag)
{
	struct uri u;
	int rc = uri_parse(&u, text);

	memset(ret, 0, sizeof(*ret));
	ret->proto = "";
	if (rc < 0) {
		diag_sys(diag, rc, "cannot read the URI");
		return rc;
	}
	if (u.scheme && strcasecmp(u.scheme, "tftp") == 0) {
		rc = load_tftp_uri(conf, &u, text, ret, diag);
	} else if (!u.scheme || (strcasecmp(u.scheme, "http") != 0 &&
	    strcasecmp(u.scheme, "https") != 0)) {
		fault(ret, "firmware-ipxe-lacks-feature", "'%s' is of a scheme "
		    "that is not supported here: expected tftp, http or https",
		    text);
	} else if (!conf->user_agent) {
		fault(ret, "http-url-in-pxe-client", "'%s' is given to a client "
		    "that speaks TFTP only", text);
	} else {
		ret->proto = strcasecmp(u.scheme, "http") == 0 ? "http" :
		    "https";
		rc = load_http(conf, text, ret, diag);
	}
	uri_release(&u);
	return rc;
}

void
load_release(struct load_result *r)
{
	free(r->bytes);
	r->bytes = NULL;
	r->len = 0;
}
