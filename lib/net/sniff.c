#include "net/sniff.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <poll.h>
#include <unistd.h>

enum {
	SNIFF_ROOM = 32 * 1024 * 1024,
	SNIFF_ETH_ADDRS_LEN = 2 * MAC_LEN,
	SNIFF_TAG_LEN = 4,
	NS_PER_S = 1000000000,
};

/* What stands before each frame in the file. */
struct sniff_record {
	int64_t time_ns;
	uint64_t len;
	uint64_t wire_len;
};

struct sniff {
	int fd;
	int stop_fd;                    /* readable: it is enough */
	FILE *file;
	pthread_t thread;
	bool started;
	int rc;                         /* of the thread; read when it ended */
	uint8_t buf[SNIFF_FRAME_MAX];
};

/* What the kernel says beside a frame. */
struct aside {
	int64_t time_ns;
	bool has_tag;
	uint16_t tag;
};

static void
read_aside(struct msghdr *mh, struct aside *ret)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(mh); c;
	    c = CMSG_NXTHDR(mh, c)) {
		struct tpacket_auxdata aux;
		struct timespec ts;

		if (c->cmsg_level == SOL_SOCKET &&
		    c->cmsg_type == SCM_TIMESTAMPNS) {
			memcpy(&ts, CMSG_DATA(c), sizeof(ts));
			ret->time_ns = (int64_t)ts.tv_sec * NS_PER_S +
			    ts.tv_nsec;
		} else if (c->cmsg_level == SOL_PACKET &&
		    c->cmsg_type == PACKET_AUXDATA) {
			memcpy(&aux, CMSG_DATA(c), sizeof(aux));
			ret->has_tag = (aux.tp_status &
			    TP_STATUS_VLAN_VALID) != 0;
			ret->tag = aux.tp_vlan_tci;
		}
	}
}

/* The tag goes back to where the kernel took it out. */
static size_t
put_tag(uint8_t *buf, size_t len, uint16_t tag)
{
	const uint16_t words[] = { htons(ETH_P_8021Q), htons(tag) };

	memmove(buf + SNIFF_ETH_ADDRS_LEN + SNIFF_TAG_LEN,
	    buf + SNIFF_ETH_ADDRS_LEN, len - SNIFF_ETH_ADDRS_LEN);
	memcpy(buf + SNIFF_ETH_ADDRS_LEN, words, SNIFF_TAG_LEN);
	return len + SNIFF_TAG_LEN;
}

/* Return: 1; 0 if there is none now; a system error. */
static int
take_one(struct sniff *s)
{
	union {
		char bytes[CMSG_SPACE(sizeof(struct timespec)) +
		    CMSG_SPACE(sizeof(struct tpacket_auxdata))];
		struct cmsghdr align;
	} control;
	struct iovec iov = {
		.iov_base = s->buf, .iov_len = sizeof(s->buf) - SNIFF_TAG_LEN,
	};
	struct msghdr mh = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(s->fd, &mh, MSG_TRUNC);
	struct aside aside = { .time_ns = 0 };
	struct sniff_record rec;
	size_t len;

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	len = (size_t)n < iov.iov_len ? (size_t)n : iov.iov_len;
	read_aside(&mh, &aside);
	rec = (struct sniff_record){ aside.time_ns, len, (uint64_t)n };
	if (aside.has_tag && len >= SNIFF_ETH_ADDRS_LEN) {
		rec.len = put_tag(s->buf, len, aside.tag);
		rec.wire_len += SNIFF_TAG_LEN;
	}
	if (fwrite(&rec, sizeof(rec), 1, s->file) != 1 ||
	    fwrite(s->buf, 1, rec.len, s->file) != rec.len)
		return -EIO;
	return 1;
}

static void *
run(void *arg)
{
	struct sniff *s = arg;
	struct pollfd p[] = {
		{ .fd = s->fd, .events = POLLIN },
		{ .fd = s->stop_fd, .events = POLLIN },
	};
	int rc = 0;

	while (rc >= 0 && !(p[1].revents & POLLIN)) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			rc = -errno;
		while (rc >= 0 && (rc = take_one(s)) > 0)
			;
	}
	s->rc = rc < 0 ? rc : 0;
	return NULL;
}

/* Protocol 0 at first, so that nothing of another interface gets in. */
static int
open_socket(const struct iface *iface)
{
	const int on = 1;
	const int room = SNIFF_ROOM;
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = iface->index,
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room,
	    sizeof(room)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room,
		    sizeof(room));
	if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on)) < 0 ||
	    bind(fd, (struct sockaddr *)&ll, sizeof(ll)) < 0) {
		int rc = -errno;

		(void)close(fd);
		return rc;
	}
	return fd;
}

int
sniff_open(const struct iface *iface, struct sniff **ret, struct diag *diag)
{
	struct sniff *s = calloc(1, sizeof(*s));
	int rc = s ? 0 : -ENOMEM;

	if (s) {
		s->stop_fd = -1;
		s->fd = rc = open_socket(iface);
	}
	if (rc >= 0)
		s->stop_fd = rc = eventfd(0, EFD_CLOEXEC);
	if (rc >= 0) {
		s->file = tmpfile();
		rc = s->file ? 0 : -errno;
	}
	if (rc >= 0)
		rc = -pthread_create(&s->thread, NULL, run, s);
	if (rc < 0) {
		diag_sys(diag, rc, "cannot capture on %s", iface->name);
		sniff_close(s);
		return rc;
	}
	s->started = true;
	*ret = s;
	return 0;
}

int
sniff_stop(struct sniff *s, unsigned int *ret_lost)
{
	struct tpacket_stats stats = { .tp_drops = 0 };
	socklen_t len = sizeof(stats);
	const uint64_t one = 1;

	if (s->started) {
		if (write(s->stop_fd, &one, sizeof(one)) < 0)
			return -errno;
		(void)pthread_join(s->thread, NULL);
		s->started = false;
		(void)getsockopt(s->fd, SOL_PACKET, PACKET_STATISTICS, &stats,
		    &len);
		rewind(s->file);
	}
	*ret_lost = stats.tp_drops;
	return s->rc;
}

int
sniff_next(struct sniff *s, struct sniff_frame *ret)
{
	struct sniff_record rec;

	if (fread(&rec, sizeof(rec), 1, s->file) != 1)
		return ferror(s->file) ? -EIO : 0;
	if (rec.len > sizeof(s->buf) ||
	    fread(s->buf, 1, rec.len, s->file) != rec.len)
		return -EIO;
	*ret = (struct sniff_frame){
		.time_ns = rec.time_ns, .len = rec.len,
		.wire_len = rec.wire_len, .buf = s->buf,
	};
	return 1;
}

void
sniff_close(struct sniff *s)
{
	unsigned int lost;

	if (!s)
		return;
	if (s->started)
		(void)sniff_stop(s, &lost);
	if (s->fd >= 0)
		(void)close(s->fd);
	if (s->stop_fd >= 0)
		(void)close(s->stop_fd);
	if (s->file)
		(void)fclose(s->file);
	free(s);
}
