#include "net/udp.h"

#include "base/text.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void
explain(struct diag *diag, const struct udp_bind *where, int err)
{
	char ip[IP_TEXT_MAX];

	switch (err) {
	case EADDRINUSE:
		diag_set(diag, "UDP port %u is in use by another program: see "
		    "'ss -ulpn sport = :%u'", where->port, where->port);
		break;
	case EACCES:
	case EPERM:
		diag_set(diag, "no permission to use UDP port %u: run as root, "
		    "or give the program the capabilities cap_net_bind_service "
		    "and cap_net_raw", where->port);
		break;
	case EADDRNOTAVAIL:
		diag_set(diag, "cannot use UDP port %u: this host does not "
		    "have the address %s", where->port,
		    ipv4_format(where->ip, ip));
		break;
	case ENODEV:
		diag_set(diag, "no interface '%s'",
		    where->iface ? where->iface : "");
		break;
	default:
		diag_sys(diag, err, "cannot use UDP port %u", where->port);
		break;
	}
}

int
udp_open(const struct udp_bind *where, struct diag *diag)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_port = htons(where->port),
		.sin_addr = where->ip,
	};
	const int on = 1;
	int rc;
	int fd;

	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) < 0 ||
	    (where->iface && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE,
	    where->iface, (socklen_t)strlen(where->iface)) < 0) ||
	    bind(fd, (const struct sockaddr *)&sin, sizeof(sin)) < 0) {
		rc = -errno;
		explain(diag, where, -rc);
		if (fd >= 0)
			(void)close(fd);
		return rc;
	}
	return fd;
}

int
udp_connect(int fd, struct in_addr ip, uint16_t port)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = ip,
	};

	if (connect(fd, (const struct sockaddr *)&sin, sizeof(sin)) < 0)
		return -errno;
	return 0;
}

int
udp_recv(int fd, void *buf, size_t cap, struct udp_from *ret)
{
	union {
		char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
		struct cmsghdr align;
	} control;
	struct sockaddr_in sin = { .sin_family = AF_INET };
	struct iovec iov = { .iov_base = buf, .iov_len = cap };
	struct msghdr mh = {
		.msg_name = &sin, .msg_namelen = sizeof(sin),
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(fd, &mh, 0);

	if (n < 0)
		return -errno;
	memset(ret, 0, sizeof(*ret));
	ret->ip = sin.sin_addr;
	ret->port = ntohs(sin.sin_port);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&mh); c;
	    c = CMSG_NXTHDR(&mh, c)) {
		struct in_pktinfo info;

		if (c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_PKTINFO)
			continue;
		memcpy(&info, CMSG_DATA(c), sizeof(info));
		ret->to = info.ipi_addr;
		ret->ifindex = info.ipi_ifindex;
	}
	return (int)n;
}

int
udp_send(int fd, struct in_addr source, int ifindex, struct in_addr to,
    uint16_t port, const void *buf, size_t len)
{
	union {
		char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
		struct cmsghdr align;
	} control;
	struct in_pktinfo info = {
		.ipi_ifindex = ifindex, .ipi_spec_dst = source,
	};
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = to,
	};
	/* sendmsg() only reads what iov_base points to. */
	struct iovec iov = { .iov_base = (void *)(uintptr_t)buf, .iov_len = len };
	struct msghdr mh = {
		.msg_name = &sin, .msg_namelen = sizeof(sin),
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c;

	memset(&control, 0, sizeof(control));
	c = CMSG_FIRSTHDR(&mh);
	c->cmsg_level = IPPROTO_IP;
	c->cmsg_type = IP_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(c), &info, sizeof(info));
	if (sendmsg(fd, &mh, 0) < 0)
		return -errno;
	return 0;
}
