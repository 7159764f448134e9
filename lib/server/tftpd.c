#include "server/tftpd.h"

#include "base/text.h"
#include "net/udp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	REQUEST_MAX = 2048,
	REQUESTS_AT_ONCE = 64,          /* before others get their turn */
	UDP_IP_TFTP_HEADERS = 20 + 8 + TFTP_HEAD_LEN,
	MS_PER_S = 1000,
};

/* Patient enough for a slow boot ROM, quick after a lost packet. */
static const struct retry_rule retry = {
	.first_ms = 500, .factor = 2, .cap_ms = 4000, .max_sends = 7,
};

struct transfer {
	struct tftpd *server;
	struct transfer *prev, *next;
	int sock;
	int file;
	struct loop_fd *handle;
	struct loop_timer timer;
	struct tftp_send send;
	struct in_addr client;
	uint16_t port;
	uint64_t start_ms;
	char name[TFTP_NAME_MAX];
};

struct tftpd {
	struct tftpd_conf conf;
	struct loop *loop;
	int sock;
	struct loop_fd *handle;
	struct transfer *transfers;
	size_t n_transfers;
	uint8_t buf[TFTP_PKT_MAX];
};

static int
read_file(void *ctx, uint64_t off, void *buf, size_t len)
{
	const struct transfer *x = ctx;
	ssize_t n = pread(x->file, buf, len, (off_t)off);

	if (n < 0)
		return -errno;
	/* It became shorter while it was sent. */
	return (size_t)n == len ? 0 : -EIO;
}

static void
transfer_free(struct transfer *x)
{
	struct tftpd *t = x->server;

	if (x->prev)
		x->prev->next = x->next;
	else
		t->transfers = x->next;
	if (x->next)
		x->next->prev = x->prev;
	t->n_transfers--;
	loop_remove(t->loop, x->handle);
	loop_timer_stop(t->loop, &x->timer);
	(void)close(x->sock);
	(void)close(x->file);
	free(x);
}

static void
describe_end(const struct tftp_send *s, struct tftpd_event *ev, char *buf,
    size_t cap)
{
	ev->text = buf;
	ev->failed = s->state != TFTP_SEND_DONE;
	switch (s->fail) {
	case TFTP_SEND_OK:
		(void)text_copy(buf, cap, s->is_probe ?
		    "asked for the size" : "sent");
		ev->minor = s->is_probe;
		break;
	case TFTP_SEND_REFUSED:
		(void)snprintf(buf, cap, "refused: %s", s->text);
		break;
	case TFTP_SEND_CLIENT_ERROR:
		(void)snprintf(buf, cap, "the client broke off: %s", s->text);
		break;
	case TFTP_SEND_SILENT:
		/* Its request reached us, so its network path is there. */
		ev->fault = "tftp-data-blocked";
		(void)text_copy(buf, cap, "the client never answered: a "
		    "firewall may block what comes from ports other than 69");
		break;
	case TFTP_SEND_STALLED:
		(void)text_copy(buf, cap, "the client went silent");
		break;
	case TFTP_SEND_NO_LAST_ACK:
		(void)text_copy(buf, cap, "sent, the last block was not "
		    "acknowledged");
		break;
	case TFTP_SEND_READ:
		(void)snprintf(buf, cap, "cannot read the file: %s",
		    strerror(-s->read_rc));
		break;
	case TFTP_SEND_N_FAILS:
		break;
	}
}

static void
transfer_end(struct transfer *x, const char *why)
{
	struct tftpd_event ev = {
		.client = x->client,
		.name = x->name,
		.bytes = x->send.stats.bytes_acked,
		.duration_s = (double)(clock_now_ms() - x->start_ms) / MS_PER_S,
		.failed = true,
		.text = why,
	};
	char text[TFTP_SEND_TEXT_MAX + 64];

	if (!why)
		describe_end(&x->send, &ev, text, sizeof(text));
	x->server->conf.on_event(x->server->conf.ctx, &ev);
	transfer_free(x);
}

/* Send what is due; @x may be gone afterwards. */
static void
transfer_pump(struct transfer *x)
{
	struct tftpd *t = x->server;
	size_t len;

	while ((len = tftp_send_output(&x->send, t->buf, sizeof(t->buf))) > 0) {
		/* What the kernel refuses is sent again after a while. */
		(void)send(x->sock, t->buf, len, 0);
	}
	if (!tftp_send_is_running(&x->send)) {
		transfer_end(x, NULL);
		return;
	}
	loop_timer_set(t->loop, &x->timer, x->send.deadline_ms);
}

static void
on_transfer_timer(void *ctx)
{
	struct transfer *x = ctx;

	tftp_send_expire(&x->send, clock_now_ms());
	transfer_pump(x);
}

static void
on_transfer_input(void *ctx)
{
	struct transfer *x = ctx;
	uint8_t buf[REQUEST_MAX];
	ssize_t n = recv(x->sock, buf, sizeof(buf), 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0) {
		/* ICMP: it closed its port without a word. */
		transfer_end(x, "the client closed its port");
		return;
	}
	tftp_send_input(&x->send, clock_now_ms(), buf, (size_t)n);
	transfer_pump(x);
}

/* A socket for one transfer: from a new port, to that client alone. */
static int
open_session(const struct tftpd *t, const struct udp_from *from)
{
	const struct udp_bind where = { .ip = t->conf.ip };
	int fd = udp_open(&where, NULL);
	int rc;

	if (fd < 0)
		return fd;
	rc = udp_connect(fd, from->ip, from->port);
	if (rc < 0) {
		(void)close(fd);
		return rc;
	}
	return fd;
}

static void
refuse(struct tftpd *t, const struct udp_from *from, const char *name, int rc)
{
	struct tftpd_event ev = {
		.client = from->ip, .name = name, .failed = true,
	};
	uint16_t code = TFTP_ERR_UNDEFINED;
	uint8_t buf[128];
	struct wr w = wr_init(buf, sizeof(buf));
	int fd;

	if (rc == -ENOENT || rc == -ENOTDIR) {
		code = TFTP_ERR_NOT_FOUND;
		ev.is_missing = true;
		ev.text = "file not found";
		ev.fault = "tftp-file-not-found";
	} else if (rc == -EACCES || rc == -ELOOP) {
		code = TFTP_ERR_ACCESS;
		ev.text = "access denied";
		ev.fault = "tftp-access-denied";
	} else {
		ev.text = strerror(-rc);
	}
	tftp_build_error(&w, code, ev.text);
	fd = open_session(t, from);
	if (fd >= 0) {
		(void)send(fd, buf, w.len, 0);
		(void)close(fd);
	}
	t->conf.on_event(t->conf.ctx, &ev);
}

static int
transfer_new(struct tftpd *t, const struct udp_from *from, const char *name,
    struct transfer **ret, uint64_t *ret_size)
{
	struct transfer *x;
	int rc;

	x = calloc(1, sizeof(*x));
	if (!x)
		return -ENOMEM;
	x->file = root_open(t->conf.root, name, ret_size);
	if (x->file < 0) {
		rc = x->file;
		free(x);
		return rc;
	}
	x->sock = open_session(t, from);
	rc = x->sock < 0 ? x->sock : loop_add(t->loop, x->sock,
	    on_transfer_input, x, &x->handle);
	if (rc < 0) {
		if (x->sock >= 0)
			(void)close(x->sock);
		(void)close(x->file);
		free(x);
		return rc;
	}
	x->server = t;
	x->client = from->ip;
	x->port = from->port;
	x->start_ms = clock_now_ms();
	x->timer.fn = on_transfer_timer;
	x->timer.ctx = x;
	(void)text_copy(x->name, sizeof(x->name), name);
	x->next = t->transfers;
	if (x->next)
		x->next->prev = x;
	t->transfers = x;
	t->n_transfers++;
	*ret = x;
	return 0;
}

static void
start_transfer(struct tftpd *t, const struct udp_from *from,
    const struct tftp_pkt *rrq)
{
	struct tftp_send_conf conf = {
		.read = read_file,
		.max_blksize = t->conf.mtu - UDP_IP_TFTP_HEADERS,
		.max_window = TFTPD_WINDOW_MAX,
		.retry = retry,
	};
	struct transfer *x;
	int rc;

	rc = transfer_new(t, from, rrq->name, &x, &conf.size);
	if (rc < 0) {
		refuse(t, from, rrq->name, rc);
		return;
	}
	conf.ctx = x;
	tftp_send_start(&x->send, &conf, rrq, clock_now_ms());
	transfer_pump(x);
}

static struct transfer *
transfer_of(const struct tftpd *t, const struct udp_from *from)
{
	struct transfer *x = t->transfers;

	while (x && (x->client.s_addr != from->ip.s_addr ||
	    x->port != from->port))
		x = x->next;
	return x;
}

static void
take_request(struct tftpd *t, const struct udp_from *from, const void *buf,
    size_t len)
{
	struct transfer *x = transfer_of(t, from);
	struct tftp_pkt pkt;

	/* A request repeated from the same port is no new transfer. */
	if (x) {
		tftp_send_input(&x->send, clock_now_ms(), buf, len);
		transfer_pump(x);
		return;
	}
	/* A stranger's noise gets no answer; nor does the one too many,
	 * which will ask again. */
	if (tftp_parse(buf, len, &pkt, NULL) < 0 ||
	    t->n_transfers == TFTPD_TRANSFERS_MAX)
		return;
	if (pkt.op == TFTP_RRQ)
		start_transfer(t, from, &pkt);
	else if (pkt.op == TFTP_WRQ)
		refuse(t, from, pkt.name, -EACCES);
}

static void
on_listen(void *ctx)
{
	struct tftpd *t = ctx;
	uint8_t buf[REQUEST_MAX];
	struct udp_from from;

	for (int i = 0; i < REQUESTS_AT_ONCE; i++) {
		int n = udp_recv(t->sock, buf, sizeof(buf), &from);

		if (n < 0)
			break;
		take_request(t, &from, buf, (size_t)n);
	}
}

int
tftpd_new(struct loop *l, const struct tftpd_conf *conf, struct tftpd **ret,
    struct diag *diag)
{
	const struct udp_bind where = { .ip = conf->ip, .port = conf->port };
	struct tftpd *t = calloc(1, sizeof(*t));
	int rc;

	if (!t) {
		diag_set(diag, "out of memory");
		return -ENOMEM;
	}
	t->conf = *conf;
	t->loop = l;
	t->sock = udp_open(&where, diag);
	if (t->sock < 0) {
		rc = t->sock;
		free(t);
		return rc;
	}
	rc = loop_add(l, t->sock, on_listen, t, &t->handle);
	if (rc < 0) {
		diag_sys(diag, -rc, "cannot start the TFTP server");
		tftpd_free(t);
		return rc;
	}
	*ret = t;
	return 0;
}

void
tftpd_free(struct tftpd *t)
{
	if (!t)
		return;
	while (t->transfers)
		transfer_end(t->transfers, "broken off: the server stops");
	loop_remove(t->loop, t->handle);
	(void)close(t->sock);
	free(t);
}
