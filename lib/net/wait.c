#include "net/wait.h"

#include "base/clock.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <linux/errqueue.h>             /* needs what <time.h> declares */

int
wait_readable(int fd, uint64_t deadline_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int n = poll(&p, 1, clock_poll_timeout(clock_now_ms(), deadline_ms));

	return n < 0 ? -errno : n > 0;
}

int
wait_errors_on(int fd)
{
	int on = 1;

	return setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on)) < 0 ?
	    -errno : 0;
}

int
wait_error(int fd)
{
	_Alignas(struct cmsghdr) char control[256];
	char byte;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};

	if (recvmsg(fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return 0;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c;
	    c = CMSG_NXTHDR(&msg, c)) {
		struct sock_extended_err e;

		if (c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_RECVERR)
			continue;
		memcpy(&e, CMSG_DATA(c), sizeof(e));
		return -(int)e.ee_errno;
	}
	return 0;
}
