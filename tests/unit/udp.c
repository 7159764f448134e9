#include "unit.h"

#include "base/text.h"
#include "net/udp.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static struct in_addr
ip(const char *text)
{
	struct in_addr a;

	ck_assert_int_eq(parse_ipv4(text, &a, NULL), 0);
	return a;
}

static uint16_t
port_of(int fd)
{
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);

	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&sin, &len), 0);
	return ntohs(sin.sin_port);
}

static int
receive(int fd, char *buf, size_t cap, struct udp_from *from)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	ck_assert_int_eq(poll(&p, 1, 2000), 1);
	return udp_recv(fd, buf, cap, from);
}

/* A server of several addresses must answer from the one it was asked at. */
START_TEST(addresses_are_told_and_chosen)
{
	const struct udp_bind any = { .port = 0 };
	const struct udp_bind there = { .ip = ip("127.0.0.1") };
	struct udp_from from;
	char buf[8] = "";
	int server = udp_open(&any, NULL);
	int client = udp_open(&there, NULL);
	uint16_t port = port_of(server);

	ck_assert_int_ge(server, 0);
	ck_assert_int_ge(client, 0);
	ck_assert_int_eq(udp_recv(server, buf, sizeof(buf), &from), -EAGAIN);
	ck_assert_int_eq(udp_send(client, ip("127.0.0.1"), 0, ip("127.7.7.7"),
	    port, "abc", 3), 0);
	ck_assert_int_eq(receive(server, buf, sizeof(buf), &from), 3);
	ck_assert_mem_eq(buf, "abc", 3);
	ck_assert_uint_eq(from.ip.s_addr, ip("127.0.0.1").s_addr);
	ck_assert_uint_eq(from.to.s_addr, ip("127.7.7.7").s_addr);
	ck_assert_uint_eq(from.port, port_of(client));
	ck_assert_int_gt(from.ifindex, 0);

	ck_assert_int_eq(udp_send(server, from.to, from.ifindex, from.ip,
	    from.port, "", 0), 0);
	ck_assert_int_eq(receive(client, buf, sizeof(buf), &from), 0);
	ck_assert_uint_eq(from.ip.s_addr, ip("127.7.7.7").s_addr);
	ck_assert_int_eq(close(server), 0);
	ck_assert_int_eq(close(client), 0);
}
END_TEST

START_TEST(connected_socket_hears_its_peer_only)
{
	const struct udp_bind where = { .ip = ip("127.0.0.1") };
	int a = udp_open(&where, NULL);
	int b = udp_open(&where, NULL);
	int c = udp_open(&where, NULL);
	struct udp_from from;
	char buf[8];

	ck_assert_int_eq(udp_connect(a, where.ip, port_of(b)), 0);
	ck_assert_int_eq(udp_send(c, where.ip, 0, where.ip, port_of(a), "c",
	    1), 0);
	ck_assert_int_eq(udp_send(b, where.ip, 0, where.ip, port_of(a), "b",
	    1), 0);
	ck_assert_int_eq(receive(a, buf, sizeof(buf), &from), 1);
	ck_assert_int_eq(buf[0], 'b');
	ck_assert_int_eq(udp_recv(a, buf, sizeof(buf), &from), -EAGAIN);
	/* and hears that it is gone */
	ck_assert_int_eq(close(b), 0);
	ck_assert_int_eq(send(a, "x", 1, 0), 1);
	ck_assert_int_eq(receive(a, buf, sizeof(buf), &from), -ECONNREFUSED);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(c), 0);
}
END_TEST

START_TEST(port_is_not_shared)
{
	struct udp_bind where = { .ip = ip("127.0.0.1") };
	struct diag d = { .text = "" };
	char port[8];
	int fd = udp_open(&where, NULL);

	ck_assert_int_ge(fd, 0);
	where.port = port_of(fd);
	ck_assert_int_eq(udp_open(&where, &d), -EADDRINUSE);
	(void)snprintf(port, sizeof(port), "%u", where.port);
	ck_assert_ptr_nonnull(strstr(d.text, port));
	ck_assert_ptr_nonnull(strstr(d.text, "in use by another program"));
	/* also where the other took all addresses */
	where.ip.s_addr = INADDR_ANY;
	ck_assert_int_eq(udp_open(&where, &d), -EADDRINUSE);
	ck_assert_int_eq(close(fd), 0);

	where.ip = ip("203.0.113.77");
	where.port = 0;
	ck_assert_int_eq(udp_open(&where, &d), -EADDRNOTAVAIL);
	ck_assert_ptr_nonnull(strstr(d.text, "203.0.113.77"));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("udp");
	TCase *tc = tcase_create("udp");

	tcase_add_test(tc, addresses_are_told_and_chosen);
	tcase_add_test(tc, connected_socket_hears_its_peer_only);
	tcase_add_test(tc, port_is_not_shared);
	suite_add_tcase(s, tc);
	return s;
}
