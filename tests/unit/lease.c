#include "unit.h"

#include "base/text.h"
#include "server/lease.h"

#include <errno.h>

enum { HOUR = 3600 * 1000 };

static struct in_addr
ip(const char *text)
{
	struct in_addr a;

	ck_assert_int_eq(parse_ipv4(text, &a, NULL), 0);
	return a;
}

static struct lease_key
key(uint8_t n)
{
	struct lease_key k = { .len = 7, .bytes = { 1, 2, 0, 0, 0, 0, n } };

	return k;
}

static struct lease_pool *
pool(const char *first, const char *last)
{
	struct lease_pool *p = NULL;

	ck_assert_int_eq(lease_pool_new(ip(first), ip(last), &p, NULL), 0);
	return p;
}

static const struct in_addr none = { .s_addr = INADDR_ANY };

/* Offer an address to client @n; "" if there is none. */
static const char *
offer(struct lease_pool *p, uint8_t n, struct in_addr wish, uint64_t now)
{
	static char text[IP_TEXT_MAX];
	struct lease_key k = key(n);
	struct in_addr a;

	if (lease_offer(p, &k, wish, now, &a) < 0)
		return "";
	return ipv4_format(a, text);
}

static int
take(struct lease_pool *p, uint8_t n, const char *text, uint64_t now)
{
	struct lease_key k = key(n);

	return lease_bind(p, &k, ip(text), now, HOUR);
}

START_TEST(range_must_make_sense)
{
	struct lease_pool *p = NULL;

	ck_assert_int_eq(lease_pool_new(ip("10.0.0.2"), ip("10.0.0.1"), &p,
	    NULL), -EINVAL);
	ck_assert_int_eq(lease_pool_new(ip("10.0.0.0"), ip("10.1.0.0"), &p,
	    NULL), -EINVAL);
	ck_assert_ptr_null(p);
	p = pool("10.0.0.0", "10.0.255.255");
	ck_assert(lease_covers(p, ip("10.0.255.255")));
	ck_assert(!lease_covers(p, ip("10.1.0.0")));
	ck_assert(!lease_covers(p, ip("9.255.255.255")));
	lease_pool_free(p);
}
END_TEST

START_TEST(client_keeps_its_address)
{
	struct lease_pool *p = pool("10.0.0.1", "10.0.0.9");

	ck_assert_str_eq(offer(p, 1, none, 0), "10.0.0.1");
	ck_assert_str_eq(offer(p, 2, none, 0), "10.0.0.2");
	/* while offered, given, run out, and given back */
	ck_assert_str_eq(offer(p, 1, none, 4000), "10.0.0.1");
	ck_assert_int_eq(take(p, 1, "10.0.0.1", 5000), 0);
	ck_assert_str_eq(offer(p, 1, none, 6000), "10.0.0.1");
	ck_assert_str_eq(offer(p, 1, none, 3 * HOUR), "10.0.0.1");
	ck_assert_int_eq(take(p, 1, "10.0.0.1", 3 * HOUR), 0);
	struct lease_key k = key(1);
	ck_assert_int_eq(lease_release(p, &k, ip("10.0.0.1")), 0);
	ck_assert_int_eq(lease_held(p, 3 * HOUR + 1), 0);
	ck_assert_str_eq(offer(p, 3, none, 3 * HOUR), "10.0.0.3");
	ck_assert_str_eq(offer(p, 1, none, 3 * HOUR), "10.0.0.1");
	lease_pool_free(p);
}
END_TEST

START_TEST(wish_is_honoured_if_free)
{
	struct lease_pool *p = pool("10.0.0.1", "10.0.0.9");

	ck_assert_str_eq(offer(p, 1, ip("10.0.0.7"), 0), "10.0.0.7");
	ck_assert_str_eq(offer(p, 2, ip("10.0.0.7"), 0), "10.0.0.1");
	ck_assert_str_eq(offer(p, 3, ip("10.9.9.9"), 0), "10.0.0.2");
	/* a client that holds one is not given a second */
	ck_assert_int_eq(take(p, 1, "10.0.0.7", 0), 0);
	ck_assert_str_eq(offer(p, 1, ip("10.0.0.5"), 1), "10.0.0.7");
	ck_assert_int_eq(lease_held(p, 1), 3);
	lease_pool_free(p);
}
END_TEST

START_TEST(offer_runs_out)
{
	struct lease_pool *p = pool("10.0.0.1", "10.0.0.1");

	ck_assert_str_eq(offer(p, 1, none, 0), "10.0.0.1");
	ck_assert_str_eq(offer(p, 2, none, LEASE_OFFER_MS - 1), "");
	ck_assert_str_eq(offer(p, 2, none, LEASE_OFFER_MS), "10.0.0.1");
	ck_assert_int_eq(take(p, 1, "10.0.0.1", LEASE_OFFER_MS), -EADDRINUSE);
	ck_assert_int_eq(take(p, 2, "10.0.0.1", LEASE_OFFER_MS), 0);
	/* an offer made again does not shorten a lease */
	ck_assert_str_eq(offer(p, 2, none, LEASE_OFFER_MS), "10.0.0.1");
	ck_assert_str_eq(offer(p, 1, none, HOUR), "");
	lease_pool_free(p);
}
END_TEST

START_TEST(drop_frees_an_offer_but_no_lease)
{
	struct lease_pool *p = pool("10.0.0.1", "10.0.0.1");
	struct lease_key k = key(1);

	ck_assert_str_eq(offer(p, 1, none, 0), "10.0.0.1");
	lease_drop(p, &k);
	ck_assert_int_eq(lease_held(p, 0), 0);
	ck_assert_int_eq(take(p, 1, "10.0.0.1", 0), 0);
	lease_drop(p, &k);
	ck_assert_int_eq(lease_held(p, 0), 1);
	lease_pool_free(p);
}
END_TEST

START_TEST(exhausted_then_the_longest_free)
{
	struct lease_pool *p = pool("10.0.0.1", "10.0.0.3");

	ck_assert_int_eq(take(p, 1, "10.0.0.1", 2000), 0);
	ck_assert_int_eq(take(p, 2, "10.0.0.2", 1000), 0);
	ck_assert_int_eq(take(p, 3, "10.0.0.3", 3000), 0);
	ck_assert_str_eq(offer(p, 4, none, HOUR + 999), "");
	ck_assert_str_eq(offer(p, 4, none, HOUR + 5000), "10.0.0.2");
	/* its old holder gets another, and the pool is not confused */
	ck_assert_str_eq(offer(p, 2, none, HOUR + 5000), "10.0.0.1");
	ck_assert_str_eq(offer(p, 1, none, HOUR + 5000), "10.0.0.3");
	ck_assert_str_eq(offer(p, 3, none, HOUR + 5000), "");
	lease_pool_free(p);
}
END_TEST

START_TEST(bind_refuses_what_is_not_free)
{
	struct lease_pool *p = pool("10.0.0.1", "10.0.0.9");

	lease_reserve(p, ip("10.0.0.1"));
	ck_assert_str_eq(offer(p, 1, ip("10.0.0.1"), 0), "10.0.0.2");
	ck_assert_int_eq(take(p, 2, "10.0.0.1", 0), -EADDRINUSE);
	ck_assert_int_eq(take(p, 2, "10.0.0.2", 0), -EADDRINUSE);
	ck_assert_int_eq(take(p, 2, "10.0.0.10", 0), -ERANGE);
	ck_assert_int_eq(take(p, 2, "10.0.0.3", 0), 0);
	ck_assert_int_eq(lease_held(p, 0), 2);
	/* moving frees the old one */
	ck_assert_int_eq(take(p, 2, "10.0.0.4", 0), 0);
	ck_assert_int_eq(lease_held(p, 0), 2);
	ck_assert_int_eq(take(p, 5, "10.0.0.3", 0), 0);
	lease_pool_free(p);
}
END_TEST

START_TEST(declined_rests)
{
	struct lease_pool *p = pool("10.0.0.1", "10.0.0.2");
	struct lease_key k = key(1);
	struct lease_key other = key(2);

	ck_assert_int_eq(take(p, 1, "10.0.0.1", 0), 0);
	ck_assert_int_eq(lease_decline(p, &other, ip("10.0.0.1"), 0), -ENOENT);
	ck_assert_int_eq(lease_decline(p, &k, ip("10.0.0.2"), 0), -ENOENT);
	ck_assert_int_eq(lease_decline(p, &k, ip("10.0.0.1"), 0), 0);
	ck_assert_str_eq(offer(p, 1, none, 1), "10.0.0.2");
	ck_assert_int_eq(take(p, 1, "10.0.0.2", 1), 0);
	ck_assert_int_eq(take(p, 2, "10.0.0.1", 1), -EADDRINUSE);
	ck_assert_str_eq(offer(p, 2, none, LEASE_DECLINED_MS - 1), "");
	ck_assert_str_eq(offer(p, 2, none, LEASE_DECLINED_MS), "10.0.0.1");
	lease_pool_free(p);
}
END_TEST

START_TEST(release_needs_the_holder)
{
	struct lease_pool *p = pool("10.0.0.1", "10.0.0.2");
	struct lease_key other = key(2);

	ck_assert_int_eq(take(p, 1, "10.0.0.1", 0), 0);
	ck_assert_int_eq(lease_release(p, &other, ip("10.0.0.1")), -ENOENT);
	ck_assert_int_eq(lease_held(p, 0), 1);
	lease_pool_free(p);
}
END_TEST

/* Firmware has no option 61; its iPXE sends 1 and the MAC address there. */
START_TEST(firmware_and_its_ipxe_are_one_client)
{
	static const uint8_t mac[] = { 0x52, 0x54, 0, 1, 2, 3 };
	static const uint8_t id[] = { 1, 0x52, 0x54, 0, 1, 2, 3 };
	static const uint8_t duid[] = { 255, 1, 2, 3 };
	struct lease_key a, b, c;
	struct dhcp4_msg m;

	dhcp4_msg_init(&m, DHCP4_BOOTREQUEST);
	memcpy(m.chaddr, mac, sizeof(mac));
	lease_key_of(&m, &a);
	ck_assert_int_eq(dhcp4_add(&m, DHCP4_OPT_CLIENT_ID, id, sizeof(id)), 0);
	lease_key_of(&m, &b);
	dhcp4_msg_release(&m);
	ck_assert_int_eq(a.len, b.len);
	ck_assert_mem_eq(a.bytes, b.bytes, a.len);

	dhcp4_msg_init(&m, DHCP4_BOOTREQUEST);
	memcpy(m.chaddr, mac, sizeof(mac));
	ck_assert_int_eq(dhcp4_add(&m, DHCP4_OPT_CLIENT_ID, duid,
	    sizeof(duid)), 0);
	lease_key_of(&m, &c);
	dhcp4_msg_release(&m);
	ck_assert_int_eq(c.len, sizeof(duid));
}
END_TEST

/* Thousands of clients come and go; no address is ever held twice. */
START_TEST(no_address_twice)
{
	struct lease_pool *p = pool("10.0.0.0", "10.0.3.255");
	struct in_addr held[300];
	uint32_t seed = 1;
	size_t n_twice = 0;

	memset(held, 0, sizeof(held));
	for (uint64_t now = 0; now < 20000; now++) {
		struct lease_key k = key(0);
		size_t n;

		seed = seed * 1103515245u + 12345u;
		n = (seed >> 16) % ARRAY_LEN(held);
		k.bytes[1] = (uint8_t)(n >> 8);
		k.bytes[2] = (uint8_t)n;
		if (seed & 0x40000000) {
			(void)lease_release(p, &k, held[n]);
			held[n] = none;
			continue;
		}
		ck_assert_int_eq(lease_offer(p, &k, none, now, &held[n]), 0);
		ck_assert_int_eq(lease_bind(p, &k, held[n], now, HOUR), 0);
		for (size_t i = 0; i < ARRAY_LEN(held); i++)
			n_twice += i != n && held[i].s_addr == held[n].s_addr;
	}
	ck_assert_uint_eq(n_twice, 0);
	lease_pool_free(p);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("lease");
	TCase *tc = tcase_create("lease");

	tcase_add_test(tc, range_must_make_sense);
	tcase_add_test(tc, client_keeps_its_address);
	tcase_add_test(tc, wish_is_honoured_if_free);
	tcase_add_test(tc, offer_runs_out);
	tcase_add_test(tc, drop_frees_an_offer_but_no_lease);
	tcase_add_test(tc, exhausted_then_the_longest_free);
	tcase_add_test(tc, bind_refuses_what_is_not_free);
	tcase_add_test(tc, declined_rests);
	tcase_add_test(tc, release_needs_the_holder);
	tcase_add_test(tc, firmware_and_its_ipxe_are_one_client);
	tcase_add_test(tc, no_address_twice);
	suite_add_tcase(s, tc);
	return s;
}
