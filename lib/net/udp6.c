#include "net/udp6.h"

#include "base/bytes.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	RA_MAX = 1500,
	RA_TYPE = 134,
	RA_MANAGED = 0x80,
	RA_OTHER = 0x40,
};

static int
on_iface(int fd, const char *iface)
{
	if (!iface)
		return 0;
	return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, iface,
	    (socklen_t)strlen(iface));
}

int
udp6_open(const char *iface, uint16_t port, struct diag *diag)
{
	struct sockaddr_in6 sin = {
		.sin6_family = AF_INET6, .sin6_port = htons(port),
	};
	const int on = 1;
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0);

	if (fd < 0 || on_iface(fd, iface) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) < 0 ||
	    bind(fd, (const struct sockaddr *)&sin, sizeof(sin)) < 0) {
		int rc = -errno;

		diag_sys(diag, rc, "cannot use UDP port %u over IPv6", port);
		if (fd >= 0)
			(void)close(fd);
		return rc;
	}
	return fd;
}

int
udp6_set_hops(int fd, uint8_t hops)
{
	const int value = hops;

	return setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &value,
	    sizeof(value)) < 0 ? -errno : 0;
}

bool
udp6_is_ready(int ifindex)
{
	struct sockaddr_in6 sin = {
		.sin6_family = AF_INET6, .sin6_port = htons(9),
		.sin6_addr = { { { 0xff, 2, [15] = 1 } } },
		.sin6_scope_id = (uint32_t)ifindex,
	};
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ready = fd >= 0 && connect(fd, (const struct sockaddr *)&sin,
	    sizeof(sin)) == 0;

	if (fd >= 0)
		(void)close(fd);
	return ready;
}

int
udp6_send(int fd, int ifindex, const struct in6_addr *to, uint16_t port,
    const void *buf, size_t len)
{
	struct sockaddr_in6 sin = {
		.sin6_family = AF_INET6, .sin6_port = htons(port),
		.sin6_addr = *to,
		.sin6_scope_id = (uint32_t)ifindex,
	};

	if (sendto(fd, buf, len, 0, (const struct sockaddr *)&sin,
	    sizeof(sin)) < 0)
		return -errno;
	return 0;
}

int
udp6_recv(int fd, void *buf, size_t cap, struct in6_addr *ret_from,
    uint16_t *ret_port)
{
	struct sockaddr_in6 sin = { .sin6_family = AF_INET6 };
	socklen_t sin_len = sizeof(sin);
	ssize_t n = recvfrom(fd, buf, cap, 0, (struct sockaddr *)&sin,
	    &sin_len);

	if (n < 0)
		return errno == EWOULDBLOCK ? -EAGAIN : -errno;
	*ret_from = sin.sin6_addr;
	*ret_port = ntohs(sin.sin6_port);
	return (int)n;
}

int
router6_open(const char *iface, struct diag *diag)
{
	struct icmp6_filter only;
	int fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    IPPROTO_ICMPV6);

	ICMP6_FILTER_SETBLOCKALL(&only);
	ICMP6_FILTER_SETPASS(RA_TYPE, &only);
	if (fd < 0 || on_iface(fd, iface) < 0 || setsockopt(fd,
	    IPPROTO_ICMPV6, ICMP6_FILTER, &only, sizeof(only)) < 0) {
		int rc = -errno;

		diag_sys(diag, rc, "cannot hear routers on %s", iface);
		if (fd >= 0)
			(void)close(fd);
		return rc;
	}
	return fd;
}

int
router6_recv(int fd, struct router6 *ret)
{
	uint8_t buf[RA_MAX];
	struct in6_addr from;
	uint16_t port;
	int n;

	while ((n = udp6_recv(fd, buf, sizeof(buf), &from, &port)) >= 0) {
		struct rd r = rd_init(buf, (size_t)n);
		uint8_t type = rd_u8(&r);
		uint8_t flags;

		rd_skip(&r, 4);         /* code, checksum, hop limit */
		flags = rd_u8(&r);
		if (r.bad || type != RA_TYPE || !IN6_IS_ADDR_LINKLOCAL(&from))
			continue;
		*ret = (struct router6){
			.from = from, .managed = (flags & RA_MANAGED) != 0,
			.other = (flags & RA_OTHER) != 0,
		};
		return 1;
	}
	return n == -EAGAIN ? 0 : n;
}
