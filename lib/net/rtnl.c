#include "net/rtnl.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RTNL_ANSWER_MAX = 8192 };

int
rtnl_open(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	return fd < 0 ? -errno : fd;
}

void
rtnl_body(struct rtnl_msg *m, const void *body, size_t len)
{
	size_t at = NLMSG_ALIGN(m->head.nlmsg_len);

	if (len > sizeof(m->buf) - at || NLMSG_ALIGN(len) > sizeof(m->buf) -
	    at) {
		m->full = 1;
		return;
	}
	if (len > 0)
		memcpy(m->buf + at, body, len);
	m->head.nlmsg_len = (uint32_t)(at + len);
}

void
rtnl_init(struct rtnl_msg *m, uint16_t type, uint16_t flags, const void *body,
    size_t len)
{
	memset(m, 0, sizeof(*m));
	m->head.nlmsg_type = type;
	m->head.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
	m->head.nlmsg_seq = 1;
	m->head.nlmsg_len = NLMSG_HDRLEN;
	rtnl_body(m, body, len);
}

void
rtnl_put(struct rtnl_msg *m, uint16_t type, const void *data, size_t len)
{
	struct rtattr head = {
		.rta_type = type, .rta_len = (uint16_t)RTA_LENGTH(len),
	};

	rtnl_body(m, &head, sizeof(head));
	rtnl_body(m, data, len);
}

void
rtnl_put_u32(struct rtnl_msg *m, uint16_t type, uint32_t v)
{
	rtnl_put(m, type, &v, sizeof(v));
}

void
rtnl_put_str(struct rtnl_msg *m, uint16_t type, const char *s)
{
	rtnl_put(m, type, s, strlen(s) + 1);
}

size_t
rtnl_begin(struct rtnl_msg *m, uint16_t type)
{
	size_t at = NLMSG_ALIGN(m->head.nlmsg_len);

	rtnl_put(m, type, NULL, 0);
	return at;
}

void
rtnl_end(struct rtnl_msg *m, size_t at)
{
	uint16_t len;

	/* The padding of the last one inside counts, and must be there. */
	m->head.nlmsg_len = NLMSG_ALIGN(m->head.nlmsg_len);
	len = (uint16_t)(m->head.nlmsg_len - at);
	if (!m->full)
		memcpy(m->buf + at + offsetof(struct rtattr, rta_len), &len,
		    sizeof(len));
}

int
rtnl_do(int fd, struct rtnl_msg *m)
{
	union {
		struct nlmsghdr head;
		uint8_t buf[RTNL_ANSWER_MAX];
	} in;
	const struct nlmsgerr *err;
	ssize_t n;

	if (m->full)
		return -EMSGSIZE;
	if (send(fd, m->buf, m->head.nlmsg_len, 0) < 0)
		return -errno;
	do {
		n = recv(fd, in.buf, sizeof(in.buf), 0);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if ((size_t)n < NLMSG_LENGTH(sizeof(*err)) ||
	    in.head.nlmsg_type != NLMSG_ERROR)
		return -EPROTO;
	err = NLMSG_DATA(&in.head);
	return err->error;
}
