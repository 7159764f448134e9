#include "net/resolve.h"

#include "base/clock.h"
#include "base/text.h"
#include "net/udp.h"
#include "net/udp6.h"
#include "net/wait.h"
#include "wire/dns.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	RESOLVE_TRIES = 4,
	RESOLVE_FIRST_MS = 1000,        /* doubled for each further try */
	RESOLVE_MSG_MAX = 1500,
};

static int
host_resolver(const char *name, struct in_addr *ret)
{
	struct addrinfo hints = { .ai_family = AF_INET,
	    .ai_socktype = SOCK_DGRAM };
	struct addrinfo *list = NULL;
	struct sockaddr_in in;
	int rc = getaddrinfo(name, NULL, &hints, &list);

	if (rc != 0)
		return rc == EAI_AGAIN ? -ETIMEDOUT : -ENOENT;
	memcpy(&in, list->ai_addr, sizeof(in));
	*ret = in.sin_addr;
	freeaddrinfo(list);
	return 0;
}

/* What the server's message says of our question; @ret has its family. */
static int
read_answer(const void *buf, size_t len, uint16_t id, struct ip_addr *ret)
{
	struct arena a = ARENA_EMPTY;
	struct dns_msg msg;
	int rc = dns_parse(buf, len, &a, &msg, NULL);

	if (rc < 0 || !msg.is_response || msg.id != id)
		rc = -EAGAIN;           /* not ours: wait on */
	else if (msg.rcode == DNS_NXDOMAIN)
		rc = -ENOENT;
	else if (msg.rcode != DNS_NOERROR)
		rc = -EPROTO;
	else
		rc = -ENOENT;
	for (size_t i = 0; rc == -ENOENT && msg.rcode == DNS_NOERROR &&
	    i < msg.n_answers; i++) {
		if (msg.answers[i].addr.family != ret->family)
			continue;
		*ret = msg.answers[i].addr;
		rc = 0;
	}
	arena_release(&a);
	return rc;
}

/* Wait for the answer to one query. */
static int
await(int fd, uint16_t id, uint64_t deadline_ms, struct ip_addr *ret)
{
	uint8_t buf[RESOLVE_MSG_MAX];

	for (;;) {
		int rc = wait_readable(fd, deadline_ms);
		ssize_t n;

		if (rc <= 0)
			return rc < 0 ? rc : -ETIMEDOUT;
		n = recv(fd, buf, sizeof(buf), 0);
		if (n < 0 && errno == ECONNREFUSED)
			return -ETIMEDOUT;      /* nobody listens there */
		if (n < 0)
			continue;
		rc = read_answer(buf, (size_t)n, id, ret);
		if (rc != -EAGAIN)
			return rc;
	}
}

/* Return: a socket that is connected to the server; a system error. */
static int
open_to(const struct ip_addr *dns)
{
	struct udp_bind any = { .port = 0 };
	struct sockaddr_in6 sin6 = {
		.sin6_family = AF_INET6, .sin6_port = htons(DNS_PORT),
		.sin6_addr = dns->v6,
	};
	int fd = dns->family == AF_INET6 ? udp6_open(NULL, 0, NULL) :
	    udp_open(&any, NULL);
	int rc = 0;

	if (fd < 0)
		return fd;
	if (dns->family == AF_INET)
		rc = udp_connect(fd, dns->v4, DNS_PORT);
	else if (connect(fd, (struct sockaddr *)&sin6, sizeof(sin6)) < 0)
		rc = -errno;
	if (rc < 0) {
		(void)close(fd);
		return rc;
	}
	return fd;
}

/* @ret: its family says which address is wanted. */
static int
ask(const char *name, const struct ip_addr *dns, struct ip_addr *ret)
{
	struct dns_question q = { .name = name, .class = DNS_CLASS_IN,
	    .type = ret->family == AF_INET6 ? DNS_AAAA : DNS_A };
	struct dns_msg msg = { .recursion_desired = true, .questions = &q,
	    .n_questions = 1 };
	uint8_t buf[RESOLVE_MSG_MAX];
	struct wr w = wr_init(buf, sizeof(buf));
	int fd;
	int rc;

	if (getrandom(&msg.id, sizeof(msg.id), 0) != sizeof(msg.id))
		return -errno;
	rc = dns_build(&w, &msg, NULL);
	if (rc < 0)
		return -ENOENT;         /* no DNS name at all */
	fd = open_to(dns);
	if (fd < 0)
		return fd;
	for (int i = 0; rc == 0 && i < RESOLVE_TRIES; i++) {
		uint64_t wait_ms = (uint64_t)RESOLVE_FIRST_MS << i;

		/* an error here is of the datagram before; ask again */
		(void)send(fd, buf, w.len, 0);
		rc = await(fd, msg.id, clock_now_ms() + wait_ms, ret);
		if (rc != -ETIMEDOUT)
			break;
		if (i + 1 < RESOLVE_TRIES)
			rc = 0;
	}
	(void)close(fd);
	return rc;
}

static int
ask4(const char *name, struct in_addr dns, struct in_addr *ret)
{
	struct ip_addr server = ip_from_v4(dns);
	struct ip_addr found = { .family = AF_INET };
	int rc = ask(name, &server, &found);

	if (rc == 0)
		*ret = found.v4;
	return rc;
}

int
resolve_name(enum resolve_how how, const char *name, struct in_addr dns,
    struct in_addr *ret)
{
	if (parse_ipv4(name, ret, NULL) == 0)
		return 0;
	if (how == RESOLVE_HOST)
		return host_resolver(name, ret);
	return dns.s_addr == 0 ? -ENODATA : ask4(name, dns, ret);
}

int
resolve_name6(const char *name, const struct in6_addr *dns,
    struct in6_addr *ret)
{
	struct ip_addr server = { .family = AF_INET6, .v6 = *dns };
	struct ip_addr found = { .family = AF_INET6 };
	int rc;

	if (IN6_IS_ADDR_UNSPECIFIED(dns))
		return -ENODATA;
	rc = ask(name, &server, &found);
	if (rc == 0)
		*ret = found.v6;
	return rc;
}
