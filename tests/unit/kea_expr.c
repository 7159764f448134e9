#include "unit.h"

#include "config/kea_expr.h"

#include <errno.h>

/* What kea-dhcp4 2.2.0 says: the column it complains of, 0 if it does not. */
static const struct {
	const char *text;
	unsigned int column;
} texts[] = {
	{ "option[93].hex == 0x0007", 0 },
	{ "option[60].text == 'PXE'", 0 },
	{ "option[host-name].exists", 0 },
	{ "option[ host-name ].exists", 0 },
	{ "option[no-such].exists", 8 },
	{ "option[256].exists", 8 },
	{ "option[-1].exists", 8 },
	{ "option[93].hex", 15 },
	{ "'a'", 4 },
	{ "'a' == 'b' == 'c'", 12 },
	{ "'a' == 'b' and 'c'", 19 },
	{ "not 'a'", 8 },
	{ "not option[93].exists and option[94].exists", 0 },
	{ "(option[93].hex) == 0x0007", 0 },
	{ "((option[93].exists))", 0 },
	{ "((option[93].hex == 7) or member('ALL'))", 0 },
	{ "'a' == ('b' + 'c')", 0 },
	{ "'a' + 'b' == 'ab'", 0 },
	{ "'a' + ('b' == 'c')", 12 },
	{ "('a' == 'b') + 'c'", 14 },
	{ "'a' == option[93].exists", 19 },
	{ "member('nope')", 8 },
	{ "member('ALL')", 0 },
	{ "member('KNOWN')", 0 },
	{ "member('VENDOR_CLASS_x')", 0 },
	{ "member('VENDOR_CLASS_')", 8 },
	{ "member('c0')", 0 },
	{ "member('c0'", 12 },
	{ "member(ALL)", 8 },
	{ "substring(option[60].hex,0,9) == 'PXEClient'", 0 },
	{ "substring(option[60].hex,0,all) == 'PXEClient'", 0 },
	{ "substring(option[60].hex,-3,-2) == 'PX'", 0 },
	{ "substring(option[60].hex,all,3) == 'PX'", 26 },
	{ "substring(option[60].hex,0) == 'PX'", 27 },
	{ "substring(option[60].exists,0,1) == 'PX'", 22 },
	{ "split(option[60].hex,':',2) == 'Arch'", 0 },
	{ "split(option[60].hex,':',all) == 'Arch'", 26 },
	{ "concat('a','b') == 'ab'", 0 },
	{ "concat('a','b','c') == 'ab'", 15 },
	{ "ifelse(option[93].exists,'a','b') == 'a'", 0 },
	{ "ifelse('a','a','b') == 'a'", 11 },
	{ "hexstring(pkt4.mac,':') == '52:54'", 0 },
	{ "addrtotext(pkt4.giaddr) == '0.0.0.0'", 0 },
	{ "uint16totext(option[93].hex) == '7'", 0 },
	{ "int8totext(0x01) == '1'", 0 },
	{ "lcase('A') == 'a'", 1 },
	{ "pkt4.mac == 0x525400aabb01", 0 },
	{ "pkt4.giaddr == 10.0.0.1", 0 },
	{ "pkt4.giaddr == 10.0.0.256", 16 },
	{ "pkt4.foo == 1", 6 },
	{ "pkt6.msgtype == 1", 1 },
	{ "pkt.iface == 'eth0'", 0 },
	{ "pkt.len == 300", 0 },
	{ "relay4[1].hex == 'x'", 0 },
	{ "relay4[1].exists", 0 },
	{ "relay6[0].peeraddr == ::1", 8 },
	{ "relay6[0].option[1].exists", 8 },
	{ "vendor[4491].exists", 0 },
	{ "vendor[*].option[1].hex == 'x'", 0 },
	{ "vendor.enterprise == 4491", 0 },
	{ "vendor[4491].option[1].exists", 0 },
	{ "vendor-class[4491].data == 'x'", 0 },
	{ "vendor-class[4491].data[1] == 'x'", 0 },
	{ "vendor-class[4491].data[256] == 'x'", 25 },
	{ "vendor-class.enterprise == 4491", 0 },
	{ "vendor-class[*].exists", 0 },
	{ "vendor[x].exists", 8 },
	{ "option[82].option[1].hex == 'x'", 0 },
	{ "option[82].option[name].hex == 'x'", 19 },
	{ "option[82].option[1].option[2].hex == 'x'", 22 },
	{ "option[60].hex = 'x'", 16 },
	{ "option[60].hex == \"x\"", 19 },
	{ "option[60].hex == 'x", 19 },
	{ "option[60].hex == 12345678901234567890", 19 },
	{ "option[60].hex == 4294967296", 19 },
	{ "option[60].hex == -1", 19 },
	{ "option[60].hex == 4294967295", 0 },
	{ "option[60].hex == 0x", 20 },
	{ "option[60].hex == 0xabc", 0 },
	{ "", 1 },
	{ "==", 1 },
	{ "not", 4 },
	{ "not not option[1].exists", 0 },
	{ "option[1].exists or", 20 },
	{ "option[1].exists and or option[2].exists", 22 },
	{ "option[1].exists && option[2].exists", 18 },
	{ "option 1.exists", 8 },
	{ "option[1]exists", 10 },
	{ "option[1].", 11 },
	{ "option[1].foo", 11 },
	{ "notoption[1].exists", 0 },
	{ "option[1].existsandoption[2].exists", 0 },
	{ "option[1].hex==1oroption[2].exists", 0 },
	{ "option[1].exists and not(option[2].exists)", 0 },
	{ "option[1].exists AND option[2].exists", 18 },
	{ "option[1].exists or option[2].exists and option[3].exists", 0 },
	{ "(option[1].exists", 18 },
	{ "option[1].exists)", 17 },
	{ "()", 2 },
	{ "option[1.2].exists", 9 },
	{ "1.2.3.4 == 1.2.3.4.5", 19 },
	{ "fe80::1 == fe80::", 0 },
	{ "fe80:::1 == 'a'", 1 },
	{ "option[93].hex == 0x0007 or option[93].hex == 0x0009", 0 },
	{ "all == 'a'", 1 },
	{ "'a' == 'all'", 0 },
	{ "option[client-system].hex == 0x0007", 0 },
	{ "option[client-arch].hex == 0x0007", 8 },
	{ "option[vendor-encapsulated-options].exists", 0 },
	{ "option[user-class].hex == 'iPXE'", 0 },
	{ "substring(option[77].hex,0,4294967296) == 'x'", 0 },
	{ "substring(option[77].hex,99999999999999999999,1) == 'x'", 26 },
	{ "hexstring(option[93].hex) == '0007'", 25 },
	{ "not (member('c0')) and not (member('ALL'))", 0 },
	{ "'a' == 'a' or 'b'", 18 },
	{ "option[1].exists option[2].exists", 18 },
	{ "pkt4.msgtype == 1 and pkt4.transid == 2 and pkt4.hlen == 6 a"
	    "nd pkt4.htype == 1 and pkt4.ciaddr == 0.0.0.0 and pkt4.yiadd"
	    "r == 0.0.0.0 and pkt4.siaddr == 0.0.0.0", 0 },
	{ "pkt.src == 0.0.0.0 and pkt.dst == 255.255.255.255", 0 },
	{ "substring('foobar', 0, 3)== 'foo' and concat (  'a' , 'b' ) "
	    "==   'ab'", 0 },
	{ "peeraddr == 1", 1 },
	{ "option[relay4].exists", 8 },
	{ "option[option].exists", 8 },
	{ "option[-].exists", 8 },
	{ "option[a-].exists", 8 },
	{ "option['x'].exists", 8 },
	{ "option[].exists", 8 },
	{ "relay4[host-name].exists", 8 },
	{ "vendor[4491].option[0].exists", 0 },
	{ "vendor[4491].option[0].hex == 'true'", 0 },
	{ "vendor[4294967296].exists", 8 },};

static int
code_of(void *ctx, const char *name)
{
	const struct kea_option_def *d = kea_option_find(NULL, NULL, false,
	    "dhcp4", -1, name);

	(void)ctx;
	return d ? d->code : -1;
}

static bool
is_class(void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "c0") == 0 || strcmp(name, "ALL") == 0 ||
	    strcmp(name, "KNOWN") == 0 ||
	    (text_starts(name, "VENDOR_CLASS_") && name[13]);
}

static const struct kea_expr_names names = { code_of, is_class, NULL };

START_TEST(parse_as_kea)
{
	const struct config_pos pos = { "f", 7, 11 };
	struct arena a = ARENA_EMPTY;
	struct kea_expr *e = NULL;
	struct diag diag = { .text = "" };
	int rc = kea_expr_parse(texts[_i].text, pos, false, &names, &a, &e,
	    &diag);

	ck_assert_msg((rc == 0) == (texts[_i].column == 0), "%s: %d %s",
	    texts[_i].text, rc, diag.text);
	ck_assert((rc == 0) == (e != NULL));
	if (rc < 0) {
		ck_assert_int_eq(rc, -EBADMSG);
		ck_assert_msg(diag.column == texts[_i].column + 10 &&
		    diag.line == 7, "%s: %u not %u: %s", texts[_i].text,
		    diag.column - 10, texts[_i].column, diag.text);
		ck_assert(text_starts(diag.text, "<string>:1."));
	}
	arena_release(&a);
}
END_TEST

/* Asked of the request below; each as the live server answers it. */
static const struct {
	const char *text;
	int want;
} values[] = {
	{ "option[93].hex == 0x0007", 1 },
	{ "option[93].hex == 7", 0 },           /* a number is four bytes */
	{ "option[93].hex == 0x7", 0 },
	{ "option[93].hex == '00:07'", 0 },
	{ "option[93].text == 'type=093, len=002: 7(uint16)'", 1 },
	{ "uint16totext(option[93].hex) == '7'", 1 },
	{ "uint8totext(option[93].hex) == '7'", 0 },
	{ "not (uint8totext(option[93].hex) == '7')", 0 },      /* an error */
	{ "option[93].exists or uint8totext(option[93].hex) == '7'", 0 },
	{ "uint8totext(option[99].hex) == ''", 1 },
	{ "option[client-system].exists", 1 },
	{ "option[60].text == option[60].hex", 1 },
	{ "substring(option[60].hex, 0, 9) == 'PXEClient'", 1 },
	{ "substring(option[60].hex, 15, 5) == '00007'", 1 },
	{ "substring(option[60].hex, 0, 99) == option[60].hex", 1 },
	{ "substring(option[60].hex, 99, 1) == ''", 1 },
	{ "substring(option[60].hex, -3, 3) == '016'", 1 },
	{ "substring(option[60].hex, -3, all) == '016'", 1 },
	{ "substring(option[60].hex, -3, -3) == '003'", 1 },
	{ "substring(option[60].hex, 3, -9) == 'PXE'", 1 },
	{ "substring(option[60].hex, -99, 3) == ''", 1 },
	{ "substring(option[60].hex, 4294967296, 1) == ''", 0 },
	{ "substring(option[99].hex, 4294967296, 1) == ''", 1 },
	{ "split(option[60].hex, ':', 3) == '00007'", 1 },
	{ "split(option[60].hex, ':', 0) == ''", 1 },
	{ "split(option[60].hex, ':', 9) == ''", 1 },
	{ "split('a.:b', '.:', 2) == ''", 1 },
	{ "split('a.b', '', 7) == 'a.b'", 1 },
	{ "concat('PXE', 'Client') == substring(option[60].hex,0,9)", 1 },
	{ "'a' + 'b' == 'ab'", 1 },
	{ "'ab' == 'a' + 'b'", 1 },
	{ "ifelse(option[99].exists, 'a', 'b') == 'b'", 1 },
	{ "hexstring(pkt4.mac, ':') == '52:54:00:aa:bb:01'", 1 },
	{ "hexstring(option[93].hex, '') == '0007'", 1 },
	{ "hexstring(option[99].hex, ':') == ''", 1 },
	{ "pkt4.mac == 0x525400aabb01", 1 },
	{ "pkt4.giaddr == 10.1.0.1", 1 },
	{ "addrtotext(pkt4.giaddr) == '10.1.0.1'", 1 },
	{ "addrtotext(pkt4.mac) == ''", 0 },
	{ "pkt4.msgtype == 1 and pkt4.hlen == 6 and pkt4.htype == 1", 1 },
	{ "relay4[1].hex == 'eth0'", 1 },
	{ "option[82].option[1].hex == 'eth0'", 1 },
	{ "relay4[2].exists", 0 },
	{ "option[43].option[6].exists", 0 },   /* not yet taken apart */
	{ "option[43].hex == 0x060108", 1 },
	{ "member('c0')", 1 },
	{ "member('ALL')", 0 },
	{ "option[99].hex == ''", 1 },
	{ "option[99].hex == option[98].hex", 1 },
	{ "vendor[4491].exists and vendor.enterprise == 4491", 1 },
	{ "vendor[4491].option[2].hex == 0x0a000001", 1 },
	{ "vendor[*].option[0].hex == 'true'", 1 },
	{ "vendor[1].option[0].hex == ''", 1 },
	{ "vendor[1].exists", 0 },
	{ "vendor-class[*].data[1] == 'bc' and vendor-class[*].data == 'a'", 1 },
	{ "vendor-class[*].data[2] == ''", 1 },
	{ "not not option[93].exists", 1 },
	{ "option[93].exists or option[99].exists and option[98].exists", 1 },
	{ "not option[99].exists and option[99].exists", 0 },
	{ "pkt.len == 318", 1 },
};

static void
request(struct dhcp4_msg *m)
{
	static const uint8_t mac[] = { 0x52, 0x54, 0, 0xaa, 0xbb, 1 };
	const struct { uint8_t code; const char *bytes; size_t len; } rows[] = {
		{ 53, "\1", 1 }, { 93, "\0\7", 2 },
		{ 60, "PXEClient:Arch:00007:UNDI:003016", 32 },
		{ 43, "\6\1\10", 3 }, { 124, "\0\0\21\213\1a\0\0\21\213\2bc", 13 },
		{ 125, "\0\0\21\213\6\2\4\12\0\0\1", 11 },
		{ 82, "\1\4eth0", 6 },
	};
	size_t i;

	dhcp4_msg_init(m, DHCP4_BOOTREQUEST);
	memcpy(m->chaddr, mac, sizeof(mac));
	ck_assert_int_eq(parse_ipv4("10.1.0.1", &m->giaddr, NULL), 0);
	for (i = 0; i < ARRAY_LEN(rows); i++)
		ck_assert_int_eq(dhcp4_add(m, rows[i].code, rows[i].bytes,
		    rows[i].len), 0);
}

static bool
is_member(void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "c0") == 0;
}

START_TEST(values_as_kea)
{
	const struct config_pos pos = { "f", 1, 1 };
	struct arena a = ARENA_EMPTY;
	struct kea_expr *e = NULL;
	struct dhcp4_msg m;
	struct request req = { .msg = &m };
	struct kea_packet p;
	struct diag diag = { .text = "" };

	request(&m);
	ck_assert_int_eq(kea_packet_open(&p, &req, NULL, "eth0", &a, &diag), 0);
	ck_assert_msg(kea_expr_parse(values[_i].text, pos, false, &names, &a,
	    &e, &diag) == 0, "%s: %s", values[_i].text, diag.text);
	ck_assert_msg(kea_expr_eval(e, &p, is_member, NULL) == values[_i].want,
	    "%s", values[_i].text);
	arena_release(&a);
	dhcp4_msg_release(&m);
}
END_TEST

static const struct {
	const char *text;
	enum config_field field;
	unsigned int code, sub;
	bool is_prefix;
	size_t off;
	const char *bytes;
	size_t len;
} lits[] = {
	{ "option[93].hex == 0x0007", CONFIG_F_OPTION, 93, 0, false, 0, "\0\7", 2 },
	{ "0x0007 == option[93].hex", CONFIG_F_OPTION, 93, 0, false, 0, "\0\7", 2 },
	{ "hexstring(option[93].hex, ':') == '00:07'", CONFIG_F_OPTION, 93, 0,
	    false, 0, "\0\7", 2 },
	{ "substring(option[60].text, 0, 3) == 'PXE'", CONFIG_F_OPTION, 60, 0,
	    true, 0, "PXE", 3 },
	{ "substring(option[60].text, 15, 5) == '00007'", CONFIG_F_OPTION, 60,
	    0, true, 15, "00007", 5 },
	{ "option[175].exists", CONFIG_F_OPTION, 175, 0, false, 0, "", 0 },
	{ "relay4[1].hex == 'x'", CONFIG_F_OPTION, 82, 1, false, 0, "x", 1 },
	{ "substring(pkt4.mac, 0, 3) == 0x525400", CONFIG_F_HARDWARE, 0, 0,
	    true, 1, "RT\0", 3 },
	{ "pkt4.giaddr == 10.0.0.1", CONFIG_F_GIADDR, 0, 0, false, 0,
	    "\12\0\0\1", 4 },
	{ "member('KNOWN')", CONFIG_F_KNOWN, 0, 0, false, 0, "", 0 },
	{ "member('VENDOR_CLASS_PXE')", CONFIG_F_OPTION, 60, 0, false, 0,
	    "PXE", 3 },
	{ "substring(option[77].hex, -4, 4) == 'iPXE'", CONFIG_F_OPTION, 77, 0,
	    false, 0, "", 0 },
};

static int
check_literal(void *ctx, const struct config_literal *l)
{
	int i = *(int *)ctx;

	ck_assert_int_eq(l->field, lits[i].field);
	ck_assert_uint_eq(l->code, lits[i].code);
	ck_assert_uint_eq(l->sub, lits[i].sub);
	ck_assert(l->is_prefix == lits[i].is_prefix);
	ck_assert_uint_eq(l->off, lits[i].off);
	ck_assert_uint_eq(l->len, lits[i].len);
	ck_assert(!l->len || memcmp(l->bytes, lits[i].bytes, l->len) == 0);
	return 1;
}

START_TEST(literals)
{
	const struct config_pos pos = { "f", 1, 1 };
	struct arena a = ARENA_EMPTY;
	struct kea_expr *e = NULL;

	ck_assert_int_eq(kea_expr_parse(lits[_i].text, pos, false, &names, &a,
	    &e, NULL), 0);
	ck_assert_int_eq(kea_expr_literals(e, check_literal, &_i), 1);
	arena_release(&a);
}
END_TEST

START_TEST(neither_deep_nor_long)
{
	const struct config_pos pos = { "f", 1, 1 };
	struct arena a = ARENA_EMPTY;
	struct kea_expr *e = NULL;
	struct sbuf b = SBUF_EMPTY;
	int i;

	for (i = 0; i < 100000; i++)
		sbuf_add(&b, i % 2 ? "not " : "(");
	ck_assert_int_eq(kea_expr_parse(sbuf_str(&b), pos, false, &names, &a,
	    &e, NULL), -EBADMSG);
	sbuf_clear(&b);
	for (i = 0; i < 20000; i++)
		sbuf_add(&b, "'a'+");
	sbuf_add(&b, "'a'=='a'");
	ck_assert_int_eq(kea_expr_parse(sbuf_str(&b), pos, false, &names, &a,
	    &e, NULL), 0);
	sbuf_release(&b);
	arena_release(&a);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("kea_expr");
	TCase *tc = tcase_create("kea_expr");

	tcase_add_loop_test(tc, parse_as_kea, 0, (int)ARRAY_LEN(texts));
	tcase_add_loop_test(tc, values_as_kea, 0, (int)ARRAY_LEN(values));
	tcase_add_loop_test(tc, literals, 0, (int)ARRAY_LEN(lits));
	tcase_add_test(tc, neither_deep_nor_long);
	suite_add_tcase(s, tc);
	return s;
}
