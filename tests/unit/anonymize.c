/* anonymize.c - what becomes of values and of text, by the same key. */
#include "unit.h"

#include "capture/anonymize.h"
#include "wire/frame.h"

#include <arpa/inet.h>

static struct anonymize *
make(uint8_t seed)
{
	uint8_t key[ANONYMIZE_KEY_LEN] = { seed };
	struct anonymize *a = NULL;

	ck_assert_int_eq(anonymize_new(key, &a), 0);
	return a;
}

static struct in_addr
changed_ip4(const struct anonymize *a, const char *text)
{
	struct in_addr ip;

	ck_assert_int_eq(parse_ipv4(text, &ip, NULL), 0);
	anonymize_ip4(a, (uint8_t *)&ip);
	return ip;
}

START_TEST(ip4_networks)
{
	struct anonymize *a = make((uint8_t)_i);
	uint32_t one = ntohl(changed_ip4(a, "10.77.0.50").s_addr);
	uint32_t same = ntohl(changed_ip4(a, "10.77.0.50").s_addr);
	uint32_t near = ntohl(changed_ip4(a, "10.77.3.255").s_addr);
	uint32_t far = ntohl(changed_ip4(a, "10.78.0.50").s_addr);

	ck_assert_uint_eq(one, same);
	ck_assert_uint_ne(one, 0x0a4d0032);
	ck_assert_uint_eq(one >> 16, near >> 16);
	ck_assert_uint_eq(near & 0xffff, 0x03ff);
	ck_assert_uint_ne(one >> 16, far >> 16);
	ck_assert_uint_eq(one >> 24, far >> 24);
	anonymize_free(a);
}
END_TEST

/* No two become one, and none stays what it was. */
START_TEST(ip4_is_one_to_one)
{
	struct anonymize *a = make(7);
	static uint8_t seen[65536];

	memset(seen, 0, sizeof(seen));
	for (unsigned int v = 1u << 8; v < 224u << 8; v++) {
		uint8_t ip[4] = { (uint8_t)(v >> 8), (uint8_t)v, 1, 2 };
		unsigned int got;

		anonymize_ip4(a, ip);
		got = (unsigned int)ip[0] << 8 | ip[1];
		ck_assert_msg(!seen[got]++, "%u.%u", v >> 8, v & 255);
		ck_assert(got != v || v >> 8 == 127 || v >> 8 == 169);
	}
	anonymize_free(a);
}
END_TEST

static const char *const stays[] = { "0.0.0.0", "255.255.255.255",
    "224.0.0.1", "127.0.0.1", "169.254.1.2", "255.255.255.0" };

START_TEST(ip4_stays)
{
	struct anonymize *a = make(1);
	struct in_addr ip = changed_ip4(a, stays[_i]);
	char text[IP_TEXT_MAX];

	ck_assert_str_eq(ipv4_format(ip, text), stays[_i]);
	anonymize_free(a);
}
END_TEST

START_TEST(mac_is_local)
{
	struct anonymize *a = make(2);
	uint8_t vendor[MAC_LEN] = { 0x00, 0x1b, 0x21, 0x01, 0x02, 0x03 };
	uint8_t everybody[MAC_LEN] = { 255, 255, 255, 255, 255, 255 };
	uint8_t nobody[MAC_LEN] = { 0 };
	uint8_t before[MAC_LEN];

	memcpy(before, vendor, MAC_LEN);
	anonymize_mac(a, vendor);
	ck_assert_int_eq(vendor[0] & 3, 2);
	ck_assert_int_ne(memcmp(before, vendor, MAC_LEN), 0);
	anonymize_mac(a, everybody);
	ck_assert_int_eq(everybody[0] & everybody[5], 255);
	anonymize_mac(a, nobody);
	ck_assert_int_eq(nobody[0] | nobody[5], 0);
	anonymize_free(a);
}
END_TEST

/* What was made of a MAC address is made of the new one. */
START_TEST(ip6_of_a_mac)
{
	struct anonymize *a = make(3);
	uint8_t mac[MAC_LEN] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 };
	struct in6_addr ip, group;
	uint8_t to[MAC_LEN] = { 0x33, 0x33, 0xff, 0x12, 0x34, 0x56 };

	ck_assert_int_eq(inet_pton(AF_INET6, "fe80::5054:ff:fe12:3456", &ip),
	    1);
	ck_assert_int_eq(inet_pton(AF_INET6, "ff02::1:ff12:3456", &group), 1);
	anonymize_mac(a, mac);
	anonymize_mac(a, to);
	anonymize_ip6(a, ip.s6_addr);
	anonymize_ip6(a, group.s6_addr);
	ck_assert_int_eq(ip.s6_addr[0], 0xfe);
	ck_assert_int_eq(ip.s6_addr[8], mac[0] ^ 2);
	ck_assert_mem_eq(ip.s6_addr + 9, mac + 1, 2);
	ck_assert_mem_eq(ip.s6_addr + 13, mac + 3, 3);
	ck_assert_mem_eq(group.s6_addr + 13, mac + 3, 3);
	ck_assert_mem_eq(to + 3, mac + 3, 3);
	ck_assert_int_eq(to[2], 0xff);
	anonymize_free(a);
}
END_TEST

START_TEST(uuid_in_any_order)
{
	struct anonymize *a = make(4);
	uint8_t text[UUID_LEN], stored[UUID_LEN], again[UUID_LEN];
	uint8_t none[UUID_LEN];

	ck_assert_int_eq(parse_uuid("4c414200-0077-4e42-8001-00000000000f",
	    text, NULL), 0);
	uuid_swap(text, stored);
	anonymize_uuid(a, text, UUID_LEN);
	anonymize_uuid(a, stored, UUID_LEN);
	uuid_swap(stored, again);
	ck_assert_mem_eq(text, again, UUID_LEN);
	memset(none, 0xff, sizeof(none));
	anonymize_uuid(a, none, UUID_LEN);
	ck_assert_int_eq(none[0] & none[15], 0xff);
	anonymize_free(a);
}
END_TEST

/* '#' stands for a character that must be another than it was. */
static const struct { const char *before, *after; } texts[] = {
	{ "kernel http://10.77.0.1/vmlinuz", "kernel http://##.##.0.1/vmlinuz" },
	{ "GET / HTTP/1.1\r\nHost: boot.lab\r\n",
	    "GET / HTTP/1.1\r\nHost: ####.###\r\n" },
	{ "tftp://boot.lab:69/a.lab", "tftp://####.###:69/a.lab" },
	{ "pxelinux.cfg/01-52-54-00-12-34-56",
	    "pxelinux.cfg/01-##-##-00-##-##-##" },
	{ "pxelinux.cfg/0A4D0032", "pxelinux.cfg/####0032" },
	{ "pxelinux.cfg/0A4D00", "pxelinux.cfg/####00" },
	{ "mac=52:54:00:12:34:56 x", "mac=##:##:00:##:##:## x" },
	{ "hw=525400123456&y", "hw=####00######&y" },
	{ "no version: iPXE 1.21.1+ (g4e4b9)", NULL },
	{ "ipxe.efi undionly.kpxe bzImage 0x10", NULL },
	{ "netmask 255.255.255.0", NULL },
	{ "a word deadbeefcafe1, nothing", NULL },
};

START_TEST(text)
{
	struct anonymize *a = make(5);
	const char *before = texts[_i].before;
	const char *after = texts[_i].after ? texts[_i].after : before;
	size_t len = strlen(before);
	uint8_t *copy = unit_heap(before, len);

	anonymize_text(a, copy, len);
	ck_assert_uint_eq(strlen(after), len);
	for (size_t i = 0; i < len; i++) {
		if (after[i] != '#')
			ck_assert_msg(copy[i] == (uint8_t)after[i],
			    "%s: %.*s", before, (int)len, (char *)copy);
	}
	if (texts[_i].after)
		ck_assert_int_ne(memcmp(copy, before, len), 0);
	free(copy);
	anonymize_free(a);
}
END_TEST

START_TEST(another_key)
{
	struct anonymize *a = make(5);
	struct anonymize *b = make(6);
	size_t n_same = 0;

	for (int i = 1; i < 100; i++) {
		uint8_t x[4] = { 10, (uint8_t)i, 0, 1 };
		uint8_t y[4] = { 10, (uint8_t)i, 0, 1 };

		anonymize_ip4(a, x);
		anonymize_ip4(b, y);
		n_same += memcmp(x, y, 4) == 0;
	}
	ck_assert_uint_lt(n_same, 20);
	anonymize_free(a);
	anonymize_free(b);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("anonymize");
	TCase *tc = tcase_create("anonymize");

	tcase_add_loop_test(tc, ip4_networks, 0, 8);
	tcase_add_test(tc, ip4_is_one_to_one);
	tcase_add_loop_test(tc, ip4_stays, 0, ARRAY_LEN(stays));
	tcase_add_test(tc, mac_is_local);
	tcase_add_test(tc, ip6_of_a_mac);
	tcase_add_test(tc, uuid_in_any_order);
	tcase_add_loop_test(tc, text, 0, ARRAY_LEN(texts));
	tcase_add_test(tc, another_key);
	suite_add_tcase(s, tc);
	return s;
}
