#include "unit.h"

#include "script/settings.h"

#include <errno.h>
#include <stdio.h>

/* Types: text that is stored, and how it is then shown. */
static const struct {
	const char *ref;        /* stored under this name and type */
	const char *text;
	const char *shown_as;   /* read by this reference */
	const char *want;       /* NULL: nothing, it does not fit the type */
} type_rows[] = {
	{ "x", "a b", "x", "a b" },
	{ "x:string", "a", "x", "a" },
	{ "m:hex", "de:ad:be:ef", "m", "de:ad:be:ef" },
	{ "m:hex", "de:ad:be:ef", "m:hexhyp", "de-ad-be-ef" },
	{ "m:hex", "de:ad:be:ef", "m:hexraw", "deadbeef" },
	{ "m:hex", "de:ad:be:ef", "m:base64", "3q2+7w==" },
	{ "m:hex", "de:ad:be:ef", "m:ipv4", "222.173.190.239" },
	{ "m:hex", "de:ad:be:ef", "m:uint32", "0xdeadbeef" },
	{ "m:hex", "de:ad:be:ef", "m:int32", "-559038737" },
	{ "m:hex", "DE:AD", "m", "de:ad" },
	{ "m:hexhyp", "de-ad", "m:hex", "de:ad" },
	{ "m:hexraw", "dead", "m:hex", "de:ad" },
	{ "m:base64", "3q2+7w==", "m:hexraw", "deadbeef" },
	{ "m:base64", "YQ==", "m:string", "a" },
	{ "m:base64", "YWI=", "m:string", "ab" },
	{ "m:base64", "YWJj", "m:string", "abc" },
	{ "s", "abc", "s:base64", "YWJj" },
	{ "s", "ab", "s:base64", "YWI=" },
	{ "i:int8", "-2", "i", "-2" },
	{ "i:int8", "-2", "i:uint8", "0xfe" },
	{ "i:int8", "-2", "i:hex", "fe" },
	{ "i:int8", "-2", "i:int32", "-2" },
	{ "k:uint8", "300", "k", "0x2c" },
	{ "k:uint8", "0", "k", "0x0" },
	{ "k:int32", "010", "k", "8" },
	{ "k:int32", "0x10", "k", "16" },
	{ "k:int32", "-5", "k:hex", "ff:ff:ff:fb" },
	{ "k:uint16", "1", "k:hex", "00:01" },
	{ "k:uint32", "0xffffffff", "k", "0xffffffff" },
	{ "a:ipv4", "10.0.0.1", "a:hex", "0a:00:00:01" },
	{ "a:ipv4", "10.0.0.1", "a", "10.0.0.1" },
	{ "a:hex", "0a:00:00:01:0a:00:00:02", "a:ipv4", "10.0.0.1" },
	{ "a:hex", "0a:00:00", "a:ipv4", NULL },
	{ "a:ipv6", "fe80::1", "a", "fe80::1" },
	{ "u:uuid", "00112233-4455-6677-8899-aabbccddeeff", "u",
	    "00112233-4455-6677-8899-aabbccddeeff" },
	{ "u:uuid", "00112233445566778899aabbccddeeff", "u:hexraw",
	    "00112233445566778899aabbccddeeff" },
	{ "u:uuid", "00112233-4455-6677-8899-aabbccddeeff", "u:guid",
	    "33221100-5544-7766-8899-aabbccddeeff" },
	{ "u:guid", "33221100-5544-7766-8899-aabbccddeeff", "u:hexraw",
	    "00112233445566778899aabbccddeeff" },
	{ "u:hex", "00:11", "u:uuid", NULL },
	{ "t", "a b&c", "t:uristring", "a%20b%26c" },
	{ "t:uristring", "a%20b", "t:string", "a b" },
	{ "b:uint16", "0x00fb", "b:busdevfn", "0000:00:1f.3" },
	{ "d:hexraw", "0161076578616d706c65000162036f726700", "d:dnssl",
	    "a.example b.org" },
	/* The second name ends in a pointer to the first one's second label. */
	{ "d:hexraw", "01610265780001620162c002", "d:dnssl", "a.ex b.b.ex" },
	{ "d:hexraw", "c000", "d:dnssl", NULL },
	{ "d:hexraw", "0561", "d:dnssl", NULL },
	{ "n:hex", "01:02:03:04:05:06:07:08:09", "n:uint32", NULL },
	/* Text ends at a NUL. */
	{ "z:hex", "61:00:62", "z:string", "a" },
};

static void
put(struct settings *st, const char *ref_text, const char *text)
{
	struct setting_ref ref;

	ck_assert_int_eq(settings_parse_ref(ref_text, &ref), 0);
	ck_assert_int_eq(settings_put_text(st, &ref, text), 0);
}

static void
expect(const struct settings *st, const char *ref, const char *want)
{
	struct sbuf b = SBUF_EMPTY;
	int rc = settings_get_text(st, ref, &b);

	if (want) {
		ck_assert_msg(rc == 0, "%s: %d", ref, rc);
		ck_assert_msg(strcmp(sbuf_str(&b), want) == 0,
		    "%s: '%s', not '%s'", ref, sbuf_str(&b), want);
	} else {
		ck_assert_msg(rc < 0 && b.len == 0, "%s: '%s'", ref,
		    sbuf_str(&b));
	}
	sbuf_release(&b);
}

START_TEST(types)
{
	struct settings *st = settings_new();

	put(st, type_rows[_i].ref, type_rows[_i].text);
	expect(st, type_rows[_i].shown_as, type_rows[_i].want);
	settings_free(st);
}
END_TEST

static const struct {
	const char *ref;
	const char *text;
	int want;
} refused_rows[] = {
	{ "i:int8", "abc", -EINVAL }, { "i:int8", "09", -EINVAL },
	{ "i:int8", "0xg", -EINVAL }, { "i:int8", "1 ", -EINVAL },
	{ "i:int8", "-+", -EINVAL }, { "i:int8", "--1", -EINVAL },
	{ "h:hex", "d:e", -EINVAL }, { "h:hex", "de-ad", -EINVAL },
	{ "h:hex", "de:", -EINVAL }, { "h:hex", "de:a", -EINVAL },
	{ "h:hexraw", "dea", -EINVAL }, { "h:hexraw", "zz", -EINVAL },
	{ "b:base64", "a*b", -EINVAL }, { "b:base64", "YQ==x", -EINVAL },
	{ "b:base64", "YQ", -EINVAL }, { "b:base64", "YQ===", -EINVAL },
	{ "u:uuid", "0011", -EINVAL }, { "ip", "10.0.0", -EINVAL },
	{ "ip", "300.1.1.1", -EINVAL }, { "a:ipv6", "10.0.0.1", -EINVAL },
	{ "d:dnssl", "a.b", -ENOTSUP }, { "p:busdevfn", "0", -ENOTSUP },
};

START_TEST(refuses_what_is_no_value)
{
	struct settings *st = settings_new();
	struct setting_ref ref;

	ck_assert_int_eq(settings_parse_ref(refused_rows[_i].ref, &ref), 0);
	ck_assert_int_eq(settings_put_text(st, &ref, refused_rows[_i].text),
	    refused_rows[_i].want);
	expect(st, refused_rows[_i].ref, NULL);
	settings_free(st);
}
END_TEST

static const struct {
	const char *text;
	int rc;
	const char *block;
	const char *name;
	uint32_t tag;
	enum setting_type type;
	const char *known;      /* the predefined setting, or NULL */
} ref_rows[] = {
	{ "x", 0, "", "x", 0, SETTING_T_NONE, NULL },
	{ "net0/mac:hexhyp", 0, "net0", "mac", 0, SETTING_T_HEXHYP, "mac" },
	{ "net0.dhcp/filename", 0, "net0.dhcp", "filename", 67,
	    SETTING_T_NONE, "filename" },
	{ "12", 0, "", "12", 12, SETTING_T_NONE, "hostname" },
	{ "175.8", 0, "", "175.8", 0xaf08, SETTING_T_NONE, "keep-san" },
	{ "1.4.0", 0, "", "1.4.0", 0x010400, SETTING_T_NONE, "manufacturer" },
	{ "1.4.1", 0, "", "1.4.1", 0x010401, SETTING_T_NONE, NULL },
	{ "0x0c", 0, "", "0x0c", 12, SETTING_T_NONE, "hostname" },
	{ "014", 0, "", "014", 12, SETTING_T_NONE, "hostname" },
	{ "12x", 0, "", "12x", 0, SETTING_T_NONE, NULL },
	{ "1..2", 0, "", "1..2", 0, SETTING_T_NONE, NULL },
	/* Split at the first slash, then at the first colon. */
	{ "a/b/c:hex", 0, "a", "b/c", 0, SETTING_T_HEX, NULL },
	{ "a:string/b", 0, "a:string", "b", 0, SETTING_T_NONE, NULL },
	{ "x:foo", -ENOTSUP, NULL, NULL, 0, SETTING_T_NONE, NULL },
	{ "x:", -ENOTSUP, NULL, NULL, 0, SETTING_T_NONE, NULL },
	{ "ip", 0, "", "ip", 0xaf02, SETTING_T_NONE, "ip" },
	{ "", 0, "", "", 0, SETTING_T_NONE, NULL },
};

START_TEST(references)
{
	struct setting_ref ref;

	ck_assert_int_eq(settings_parse_ref(ref_rows[_i].text, &ref),
	    ref_rows[_i].rc);
	if (ref_rows[_i].rc < 0)
		return;
	ck_assert_str_eq(ref.block, ref_rows[_i].block);
	ck_assert_str_eq(ref.name, ref_rows[_i].name);
	ck_assert_uint_eq(ref.tag, ref_rows[_i].tag);
	ck_assert_int_eq(ref.type, ref_rows[_i].type);
	ck_assert(!ref.info == !ref_rows[_i].known);
	if (ref.info)
		ck_assert_str_eq(ref.info->name, ref_rows[_i].known);
}
END_TEST

/* An ACK with a boot file, as a server sends it. */
static void
make_ack(struct dhcp4_msg *m, const char *ip, const char *next_server,
    const char *file)
{
	struct in_addr a;

	dhcp4_msg_init(m, DHCP4_BOOTREPLY);
	ck_assert_int_eq(parse_ipv4(ip, &m->yiaddr, NULL), 0);
	ck_assert_int_eq(parse_ipv4(next_server, &m->siaddr, NULL), 0);
	ck_assert_int_eq(parse_ipv4("255.255.255.0", &a, NULL), 0);
	ck_assert_int_eq(dhcp4_add_ip(m, DHCP4_OPT_MASK, a), 0);
	ck_assert_int_eq(dhcp4_add_str(m, DHCP4_OPT_HOSTNAME, "pc1"), 0);
	if (file)
		ck_assert_int_eq(dhcp4_add_str(m, DHCP4_OPT_BOOTFILE, file), 0);
}

static void
put_packet(struct settings *st, const char *block, struct dhcp4_msg *m)
{
	ck_assert_int_eq(settings_put_dhcp(st, block, m), 0);
	dhcp4_msg_release(m);
}

START_TEST(a_packet_is_a_block)
{
	struct settings *st = settings_new();
	struct dhcp4_msg m;

	make_ack(&m, "10.0.0.5", "10.0.0.1", "opt67");
	ck_assert_int_eq(dhcp4_add(&m, DHCP4_OPT_IPXE, "\x08\x01\x01\xb0\x01"
	    "\x01", 6), 0);
	put_packet(st, "net0.dhcp", &m);

	expect(st, "net0.dhcp/ip", "10.0.0.5");
	expect(st, "net0/ip", "10.0.0.5");
	expect(st, "ip", "10.0.0.5");
	expect(st, "next-server", "10.0.0.1");
	expect(st, "175.3", "10.0.0.1");
	expect(st, "netmask", "255.255.255.0");
	expect(st, "1:hex", "ff:ff:ff:00");
	expect(st, "hostname", "pc1");
	expect(st, "12", "pc1");
	expect(st, "12:hexraw", "706331");
	expect(st, "filename", "opt67");
	expect(st, "67", "opt67");
	expect(st, "keep-san", "1");
	expect(st, "175.8:uint8", "0x1");
	expect(st, "175.176:int8", "1");
	expect(st, "175.9", NULL);
	expect(st, "gateway", NULL);
	expect(st, "net1/ip", NULL);
	settings_free(st);
}
END_TEST

START_TEST(header_fields_go_first)
{
	struct settings *st = settings_new();
	struct dhcp4_msg m;

	make_ack(&m, "10.0.0.5", "0.0.0.0", "opt67");
	memcpy(m.file, "from-field", 11);
	memcpy(m.sname, "srv", 4);
	put_packet(st, "net0.dhcp", &m);
	expect(st, "filename", "from-field");
	expect(st, "66", "srv");
	/* siaddr of zeros is no next-server. */
	expect(st, "next-server", NULL);

	/* A new packet replaces all of the old one. */
	make_ack(&m, "10.0.0.6", "10.0.0.1", NULL);
	put_packet(st, "net0.dhcp", &m);
	expect(st, "ip", "10.0.0.6");
	expect(st, "filename", NULL);
	settings_free(st);
}
END_TEST

START_TEST(overloaded_options_are_not_seen)
{
	struct settings *st = settings_new();
	struct dhcp4_msg m;

	make_ack(&m, "10.0.0.5", "10.0.0.1", "opt67");
	m.opts[m.n_opts - 1].place = DHCP4_IN_FILE;
	put_packet(st, "net0.dhcp", &m);
	expect(st, "filename", NULL);
	settings_free(st);
}
END_TEST

START_TEST(proxy_and_priority)
{
	struct settings *st = settings_new();
	struct setting_value v;
	struct setting_ref ref;
	struct dhcp4_msg m;

	make_ack(&m, "10.0.0.5", "10.0.0.1", "from-ack");
	put_packet(st, "net0.dhcp", &m);
	make_ack(&m, "0.0.0.0", "10.0.0.2", "from-proxy");
	put_packet(st, "proxydhcp", &m);
	/* The device comes before the proxy ... */
	expect(st, "filename", "from-ack");
	expect(st, "next-server", "10.0.0.1");
	expect(st, "proxydhcp/filename", "from-proxy");

	/* ... unless it says a priority ... */
	make_ack(&m, "0.0.0.0", "10.0.0.2", "from-proxy");
	ck_assert_int_eq(dhcp4_add(&m, DHCP4_OPT_IPXE, "\x01\x01\x05", 3), 0);
	put_packet(st, "proxydhcp", &m);
	expect(st, "filename", "from-proxy");
	expect(st, "next-server", "10.0.0.2");
	expect(st, "ip", "10.0.0.5");
	ck_assert_int_eq(settings_parse_ref("filename", &ref), 0);
	ck_assert_int_eq(settings_get(st, &ref, &v), 0);
	ck_assert_str_eq(v.block, "proxydhcp");

	/* ... or a negative one, and what is set goes over all. */
	put(st, "proxydhcp/priority", "-1");
	expect(st, "filename", "from-ack");
	put(st, "filename", "mine");
	expect(st, "filename", "mine");
	put(st, "filename", "");
	expect(st, "filename", "from-ack");

	/* Without a file name in the ACK the proxy's is found. */
	make_ack(&m, "10.0.0.5", "10.0.0.1", NULL);
	put_packet(st, "net0.dhcp", &m);
	expect(st, "filename", "from-proxy");
	settings_drop_block(st, "proxydhcp");
	expect(st, "filename", NULL);
	settings_free(st);
}
END_TEST

START_TEST(netx_is_the_open_device)
{
	struct settings *st = settings_new();

	put(st, "net0/mac", "52:54:00:00:00:01");
	put(st, "net1/mac", "52:54:00:00:00:02");
	expect(st, "netX/mac", NULL);
	ck_assert(settings_has_block(st, "netX"));
	ck_assert_int_eq(settings_add_block(st, "netX.dhcp"), -ENOTSUP);
	expect(st, "mac", "52:54:00:00:00:01");
	settings_set_netx(st, "net1");
	expect(st, "netX/mac", "52:54:00:00:00:02");
	expect(st, "mac", "52:54:00:00:00:02");
	put(st, "netX.dhcp/filename", "f");
	expect(st, "net1.dhcp/filename", "f");
	expect(st, "net0/filename", NULL);
	settings_free(st);
}
END_TEST

START_TEST(blocks_with_numbers_of_their_own)
{
	struct settings *st = settings_new();

	put(st, "smbios/12:string", "chassis");
	put(st, "smbios/uuid", "00112233-4455-6677-8899-aabbccddeeff");
	expect(st, "smbios/12", "chassis");
	/* DHCP's option 12 is something else. */
	expect(st, "hostname", NULL);
	expect(st, "uuid", "00112233-4455-6677-8899-aabbccddeeff");
	put(st, "hostname", "pc1");
	expect(st, "12", "pc1");
	expect(st, "smbios/12", "chassis");
	settings_free(st);
}
END_TEST

START_TEST(user_blocks)
{
	struct settings *st = settings_new();
	struct setting_ref ref;
	struct setting_value v;

	put(st, "user.sub/x", "1");
	expect(st, "user.sub/x", "1");
	expect(st, "user/x", "1");
	expect(st, "x", "1");
	expect(st, ".user..sub/x", "1");
	expect(st, "other/x", NULL);
	put(st, "net1/ip", "10.0.0.9");
	expect(st, "net1/ip", "10.0.0.9");

	/* A number and its name are one setting; it is shown by its name. */
	put(st, "12", "x");
	ck_assert_int_eq(settings_parse_ref("hostname", &ref), 0);
	ck_assert_int_eq(settings_get(st, &ref, &v), 0);
	ck_assert_str_eq(v.name, "hostname");
	ck_assert_str_eq(v.block, "");
	ck_assert_int_eq(v.type, SETTING_T_STRING);
	settings_free(st);
}
END_TEST

START_TEST(word_size_limits_numbers)
{
	struct settings *st = settings_new();

	put(st, "m:hex", "52:54:00:12:34:56");
	expect(st, "m:uint32", "0x525400123456");
	settings_set_word(st, 4);
	expect(st, "m:uint32", NULL);
	settings_free(st);
}
END_TEST

START_TEST(ceilings)
{
	struct settings *st = settings_new();
	struct setting_ref ref;
	char path[SETTING_NAME_MAX + 8];
	int n = 0;
	int rc = 0;

	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	ck_assert_int_eq(settings_parse_ref(path, &ref), -EMSGSIZE);
	for (int i = 0; i < 40; i++)
		memcpy(path + 2 * i, "a.", 3);
	ck_assert_int_eq(settings_add_block(st, path), -EMSGSIZE);
	for (n = 0; rc == 0 && n <= SETTINGS_VALUES_MAX; n++) {
		(void)snprintf(path, sizeof(path), "v%d", n);
		ck_assert_int_eq(settings_parse_ref(path, &ref), 0);
		rc = settings_put_text(st, &ref, "x");
	}
	ck_assert_int_eq(rc, -EMSGSIZE);
	ck_assert_int_eq(n, SETTINGS_VALUES_MAX + 1);
	settings_free(st);
}
END_TEST

static bool
count(void *ctx, const struct setting_value *v)
{
	int *n = ctx;

	ck_assert_uint_gt(v->len, 0);
	return ++*n < 2;
}

START_TEST(each_can_be_stopped)
{
	struct settings *st = settings_new();
	int n = 0;

	put(st, "a", "1");
	put(st, "net0/b", "2");
	put(st, "net0/c", "3");
	settings_each(st, count, &n);
	ck_assert_int_eq(n, 2);
	settings_free(st);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("script_settings");
	TCase *tc = tcase_create("settings");

	tcase_add_loop_test(tc, types, 0, ARRAY_LEN(type_rows));
	tcase_add_loop_test(tc, refuses_what_is_no_value, 0,
	    ARRAY_LEN(refused_rows));
	tcase_add_loop_test(tc, references, 0, ARRAY_LEN(ref_rows));
	tcase_add_test(tc, a_packet_is_a_block);
	tcase_add_test(tc, header_fields_go_first);
	tcase_add_test(tc, overloaded_options_are_not_seen);
	tcase_add_test(tc, proxy_and_priority);
	tcase_add_test(tc, netx_is_the_open_device);
	tcase_add_test(tc, blocks_with_numbers_of_their_own);
	tcase_add_test(tc, user_blocks);
	tcase_add_test(tc, word_size_limits_numbers);
	tcase_add_test(tc, ceilings);
	tcase_add_test(tc, each_can_be_stopped);
	suite_add_tcase(s, tc);
	return s;
}
