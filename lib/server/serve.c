#include "server/serve.h"

#include "net/loop.h"
#include "net/packet.h"
#include "net/udp.h"
#include "server/httpd.h"
#include "server/tftpd.h"
#include "wire/frame.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
	DATAGRAM_MAX = 9216,            /* a jumbo frame: more is no DHCP */
	DATAGRAMS_AT_ONCE = 64,         /* before others get their turn */
	FRAME_MAX = DHCPD_REPLY_MAX + 128,
	REPLY_TTL = 64,
	MS_PER_S = 1000,
};

/* One of the two ports of DHCP. */
struct door {
	struct serve *serve;
	int fd;
	struct loop_fd *handle;
	bool is_pxe_port;
};

struct serve {
	struct serve_conf conf;
	serve_event_fn *on_event;
	void *ctx;
	struct loop *loop;
	uint64_t start_ms;

	struct dhcpd dhcpd;
	struct lease_pool *pool;
	struct door dhcp_door;
	struct door pxe_door;
	int frame_fd;                   /* for clients without an address */

	struct root tftp_root;
	struct root http_root;
	struct tftpd *tftpd;
	struct httpd *http;
	struct serve_stats stats;
};

static bool
has_file(void *ctx, const char *name)
{
	const struct serve *s = ctx;

	return root_has(&s->tftp_root, name);
}

static void
emit(const struct serve *s, struct serve_event *ev)
{
	ev->time = clock_wall_s();
	s->on_event(s->ctx, ev);
}

/*
 * Files that boot loaders try for and do without: iPXE 2.0 its own script,
 * PXELINUX and GRUB one configuration per host and network before the common
 * one, the Raspberry Pi a signature. That they are missing is no fault.
 */
static bool
is_optional(const char *name)
{
	static const char *const parts[] = {
		"autoexec.ipxe", "pxelinux.cfg/", "grub.cfg-", "bootsig.bin",
	};

	if (strstr(name, "pxelinux.cfg/default"))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (strstr(name, parts[i]))
			return true;
	}
	return false;
}

static void
on_tftp(void *ctx, const struct tftpd_event *e)
{
	struct serve *s = ctx;
	struct serve_event ev = {
		.kind = SERVE_TFTP, .minor = e->minor, .ip = e->client,
		.fault = e->fault, .file = e->name, .text = e->text,
		.failed = e->failed, .bytes = e->bytes,
		.duration_s = e->duration_s,
	};

	s->stats.tftp_bytes += e->bytes;
	if (e->is_missing && is_optional(e->name)) {
		ev.fault = NULL;
		ev.minor = true;
	} else if (e->failed) {
		s->stats.tftp_failed++;
	} else if (!e->minor) {
		s->stats.tftp_files++;
	}
	emit(s, &ev);
}

static void
on_http(void *ctx, const struct httpd_event *e)
{
	struct serve *s = ctx;
	bool failed = e->aborted || e->status >= 400;
	bool is_head = strcmp(e->method, "HEAD") == 0;
	char text[64];
	struct serve_event ev = {
		.kind = SERVE_HTTP, .ip = e->client, .file = e->path,
		.text = text, .failed = failed, .status = e->status,
		.bytes = failed ? 0 : e->bytes, .duration_s = e->duration_s,
	};

	(void)snprintf(text, sizeof(text), "%s %d%s", e->method, e->status,
	    e->aborted ? ", the connection broke" : "");
	s->stats.http_bytes += ev.bytes;
	if (e->status == 404 && is_optional(e->path)) {
		ev.minor = true;
	} else if (failed) {
		ev.fault = e->status == 404 ? "http-not-found" : NULL;
		s->stats.http_failed++;
	} else if (is_head) {
		ev.minor = true;
	} else {
		s->stats.http_files++;
	}
	emit(s, &ev);
}

/* To the hardware address: the client does not answer ARP yet. */
static int
send_frame(const struct serve *s, const struct door *door,
    const struct dhcpd_out *out)
{
	struct udp4_head head = {
		.src = s->conf.iface.ip,
		.dst = out->ip,
		.sport = door->is_pxe_port ? DHCP4_PXE_PORT : DHCP4_SERVER_PORT,
		.dport = out->port,
		.ttl = REPLY_TTL,
	};
	uint8_t buf[FRAME_MAX];
	struct wr w = wr_init(buf, sizeof(buf));
	int rc;

	memcpy(head.mac_src, s->conf.iface.mac, MAC_LEN);
	memcpy(head.mac_dst, out->mac, MAC_LEN);
	rc = frame_build_udp4(&w, &head, out->buf, out->len);
	if (rc < 0)
		return rc;
	return packet_send(s->frame_fd, &s->conf.iface, buf, w.len);
}

static void
send_reply(struct serve *s, const struct door *door,
    const struct dhcpd_out *out, struct dhcpd_event *ev)
{
	size_t len = strlen(ev->text);
	int rc;

	if (out->way == DHCPD_HARDWARE)
		rc = send_frame(s, door, out);
	else
		rc = udp_send(door->fd, s->conf.iface.ip, s->conf.iface.index,
		    out->ip, out->port, out->buf, out->len);
	if (rc < 0) {
		(void)snprintf(ev->text + len, sizeof(ev->text) - len,
		    ", but cannot send: %s", strerror(-rc));
		return;
	}
	if (ev->reply == DHCP4_OFFER)
		s->stats.offers++;
	else if (ev->reply == DHCP4_ACK)
		s->stats.acks++;
	else
		s->stats.naks++;
}

static void
take_dhcp(struct serve *s, const struct door *door, const void *buf,
    size_t len, const struct udp_from *from)
{
	struct dhcpd_in in = {
		.buf = buf, .len = len, .from = from->ip,
		.from_port = from->port, .pxe_port = door->is_pxe_port,
	};
	struct dhcpd_out out = { .len = 0 };
	struct dhcpd_event e;
	struct serve_event ev = { .kind = SERVE_DHCP };

	s->stats.requests++;
	if (dhcpd_input(&s->dhcpd, clock_now_ms(), &in, &out, &e))
		send_reply(s, door, &out, &e);
	ev.minor = e.minor;
	ev.has_mac = e.has_mac;
	memcpy(ev.mac, e.mac, MAC_LEN);
	ev.ip = e.ip;
	ev.fault = e.fault;
	ev.file = e.file;
	ev.text = e.text;
	ev.type = e.type;
	ev.reply = e.reply;
	ev.has_arch = e.has_arch;
	ev.arch = e.arch;
	emit(s, &ev);
}

static void
on_door(void *ctx)
{
	struct door *door = ctx;
	uint8_t buf[DATAGRAM_MAX];
	struct udp_from from;

	for (int i = 0; i < DATAGRAMS_AT_ONCE; i++) {
		int n = udp_recv(door->fd, buf, sizeof(buf), &from);

		if (n < 0)
			break;
		take_dhcp(door->serve, door, buf, (size_t)n, &from);
	}
}

static int
open_door(struct serve *s, struct door *door, uint16_t port, const char *what,
    struct diag *diag)
{
	const struct udp_bind where = {
		.iface = s->conf.iface.name, .port = port,
	};
	struct diag why;
	int rc;

	door->serve = s;
	door->fd = udp_open(&where, &why);
	if (door->fd < 0) {
		diag_set(diag, "%s%s", why.text,
		    door->fd == -EADDRINUSE ? what : "");
		return door->fd;
	}
	rc = loop_add(s->loop, door->fd, on_door, door, &door->handle);
	if (rc < 0)
		diag_sys(diag, -rc, "cannot listen at UDP port %u", port);
	return rc;
}

/* Every transfer takes two descriptors; take what the system allows. */
static void
raise_fd_limit(void)
{
	struct rlimit lim;

	if (getrlimit(RLIMIT_NOFILE, &lim) == 0) {
		lim.rlim_cur = lim.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &lim);
	}
}

static int
open_dhcp(struct serve *s, struct diag *diag)
{
	int rc;

	s->frame_fd = packet_open(&s->conf.iface, false, false, diag);
	if (s->frame_fd < 0)
		return s->frame_fd;
	rc = open_door(s, &s->dhcp_door, DHCP4_SERVER_PORT, ". It is often "
	    "dnsmasq, libvirt's or another DHCP server: stop it, or let it "
	    "give the addresses and run 'pxetool serve --proxy' on another "
	    "host", diag);
	if (rc < 0)
		return rc;
	s->pxe_door.is_pxe_port = true;
	return open_door(s, &s->pxe_door, DHCP4_PXE_PORT, ". It is another "
	    "PXE server, as dnsmasq: stop it", diag);
}

static int
open_files(struct serve *s, struct diag *diag)
{
	const struct serve_conf *c = &s->conf;
	struct tftpd_conf tftp = {
		.ip = c->iface.ip, .port = TFTP_PORT, .mtu = c->iface.mtu,
		.root = &s->tftp_root, .on_event = on_tftp, .ctx = s,
	};
	struct httpd_conf http = {
		.ip = c->iface.ip, .port = c->rule.http_port,
		.root = &s->http_root,
		.script_name = c->script_path ? c->rule.script : NULL,
		.script_path = c->script_path,
		.on_event = on_http, .ctx = s,
	};
	struct diag why;
	int rc;

	rc = root_init(&s->tftp_root, c->tftp_root, diag);
	if (rc == 0)
		rc = root_init(&s->http_root,
		    c->http_root ? c->http_root : c->tftp_root, diag);
	if (rc < 0)
		return rc;
	rc = tftpd_new(s->loop, &tftp, &s->tftpd, &why);
	if (rc < 0) {
		diag_set(diag, "%s%s", why.text, rc == -EADDRINUSE ? ". It is "
		    "often tftpd-hpa, atftpd or dnsmasq: stop it" : "");
		return rc;
	}
	return httpd_new(s->loop, &http, &s->http, diag);
}

static int
make_pool(struct serve *s, struct diag *diag)
{
	const struct dhcpd_conf *d = &s->conf.dhcp;
	struct in_addr last = { .s_addr = d->subnet.s_addr | ~d->mask.s_addr };
	int rc;

	if (d->proxy)
		return 0;
	rc = lease_pool_new(s->conf.range_first, s->conf.range_last, &s->pool,
	    diag);
	if (rc < 0)
		return rc;
	lease_reserve(s->pool, s->conf.iface.ip);
	lease_reserve(s->pool, d->subnet);
	lease_reserve(s->pool, last);
	for (size_t i = 0; i < d->n_routers; i++)
		lease_reserve(s->pool, d->routers[i]);
	for (size_t i = 0; i < d->n_dns; i++)
		lease_reserve(s->pool, d->dns[i]);
	return 0;
}

int
serve_new(const struct serve_conf *conf, serve_event_fn *fn, void *ctx,
    struct serve **ret, struct diag *diag)
{
	struct serve *s = calloc(1, sizeof(*s));
	int rc;

	if (!s) {
		diag_set(diag, "out of memory");
		return -ENOMEM;
	}
	s->conf = *conf;
	s->conf.dhcp.server_ip = conf->iface.ip;
	s->conf.rule.has_file = has_file;
	s->conf.rule.ctx = s;
	s->conf.rule.proxy = conf->dhcp.proxy;
	s->on_event = fn;
	s->ctx = ctx;
	s->start_ms = clock_now_ms();
	s->dhcp_door.fd = s->pxe_door.fd = s->frame_fd = -1;
	s->tftp_root.dir_fd = s->http_root.dir_fd = -1;
	raise_fd_limit();

	rc = make_pool(s, diag);
	if (rc == 0)
		rc = loop_new(&s->loop, diag);
	if (rc == 0)
		rc = loop_catch_signals(s->loop, diag);
	if (rc == 0)
		rc = open_files(s, diag);
	if (rc == 0)
		rc = open_dhcp(s, diag);
	if (rc < 0) {
		serve_free(s);
		return rc;
	}
	s->dhcpd.conf = s->conf.dhcp;
	s->dhcpd.policy = rule_policy(&s->conf.rule);
	s->dhcpd.pool = s->pool;
	*ret = s;
	return 0;
}

int
serve_run(struct serve *s)
{
	return loop_run(s->loop);
}

void
serve_stats(const struct serve *s, struct serve_stats *ret)
{
	uint64_t now_ms = clock_now_ms();

	*ret = s->stats;
	ret->duration_s = (double)(now_ms - s->start_ms) / MS_PER_S;
	ret->leases = s->pool ? lease_held(s->pool, now_ms) : 0;
}

const struct rule *
serve_rule(const struct serve *s)
{
	return &s->conf.rule;
}

static void
close_door(struct serve *s, struct door *door)
{
	if (door->fd < 0)
		return;
	loop_remove(s->loop, door->handle);
	(void)close(door->fd);
}

void
serve_free(struct serve *s)
{
	if (!s)
		return;
	close_door(s, &s->dhcp_door);
	close_door(s, &s->pxe_door);
	if (s->frame_fd >= 0)
		(void)close(s->frame_fd);
	tftpd_free(s->tftpd);
	httpd_free(s->http);
	root_release(&s->tftp_root);
	root_release(&s->http_root);
	loop_free(s->loop);
	lease_pool_free(s->pool);
	free(s);
}
