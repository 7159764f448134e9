#include "unit.h"

#include "base/text.h"
#include "wire/dhcp6.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>

/* Messages as real clients and servers sent them. */
static const struct {
	const char *name;
	int type;
	const char *codes;
	const char *hex;
} golden[] = {
	{ "edk2 stack solicit", 1, "1,8,3,6",
	    "01c31e2e0001001200040042414c7700424e800100000000000d0008000200000003"
	    "000cf7db7f7bffffffffffffffff000600020017" },
	{ "edk2 pxe solicit", 1, "1,8,3,6,62,61,16",
	    "01c51e2e0001001200040042414c7700424e800100000000000d0008000200000003"
	    "000cfff47d7fffffffffffffffff00060008003b003c00170010003e000301030000"
	    "3d0002000700100026000001570020505845436c69656e743a417263683a30303030"
	    "373a554e44493a303033303030" },
	{ "dnsmasq advertise", 2, "1,2,3,13,7,59,23",
	    "02c51e2e0001001200040042414c7700424e800100000000000d0002000e00010001"
	    "32927dfa02000077000100030028fff47d7f0000070800000c4e00050018fd770000"
	    "0000000000000000000001f300000e1000000e10000d000900007375636365737300"
	    "07000100003b0019746674703a2f2f5b666437373a3a315d2f697078652e65666900"
	    "170010fd770000000000000000000000000001" },
	{ "edk2 pxe request", 3, "1,8,2,3,6,62,61,16",
	    "03c61e2e0001001200040042414c7700424e800100000000000d0008000200000002"
	    "000e0001000132927dfa02000077000100030028fff47d7f0000070800000c4e0005"
	    "0018fd7700000000000000000000000001f300000e1000000e1000060008003b003c"
	    "00170010003e0003010300003d0002000700100026000001570020505845436c6965"
	    "6e743a417263683a30303030373a554e44493a303033303030" },
	{ "dnsmasq reply", 7, "1,2,3,13,59,23",
	    "07c61e2e0001001200040042414c7700424e800100000000000d0002000e00010001"
	    "32927dfa02000077000100030028fff47d7f0000070800000c4e00050018fd770000"
	    "0000000000000000000001f300000e1000000e10000d000900007375636365737300"
	    "3b0019746674703a2f2f5b666437373a3a315d2f697078652e65666900170010fd77"
	    "0000000000000000000000000001" },
	{ "edk2 release", 8, "1,2,8,3",
	    "08c71e2e0001001200040042414c7700424e800100000000000d0002000e00010001"
	    "32927dfa02000077000100080002000000030028f7db7f7bffffffffffffffff0005"
	    "0018fd7700000000000000000000000001ef00000e1000000e10" },
	{ "ipxe solicit", 1, "1,3,6,16,61,62,15,8",
	    "010626480001001200044c41420000774e42800100000000000d0003000cbe6dd2fb"
	    "00000000000000000006000800170018003b003c0010002600000157002050584543"
	    "6c69656e743a417263683a30303030373a554e44493a303033303130003d00020007"
	    "003e000301030a000f0006000469505845000800020000" },
	{ "ipxe request", 3, "1,2,3,6,16,61,62,15,8",
	    "030626480001001200044c41420000774e42800100000000000d0002000e00010001"
	    "32927dfa02000077000100030028be6dd2fb000000000000000000050018fd770000"
	    "0000000000000000000001ab00000000000000000006000800170018003b003c0010"
	    "0026000001570020505845436c69656e743a417263683a30303030373a554e44493a"
	    "303033303130003d00020007003e000301030a000f00060004695058450008000200"
	    "cb" },
	{ "kea reply", 7, "1,2,3,59",
	    "07c9be650001001200040042414c7700424e800100000000000e0002000a00030001"
	    "02000077000100030028f72c5f72000005dc0000096000050018fd77000000000000"
	    "000000000000010100000bb800000e10003b001c746674703a2f2f5b666437373a3a"
	    "315d2f736e706f6e6c792e656669" },
	{ "kea release reply", 7, "1,2,3,13",
	    "07cabe650001001200040042414c7700424e800100000000000e0002000a00030001"
	    "0200007700010003003f7f12df7e0000000000000000000d002f00004c6561736520"
	    "72656c65617365642e205468616e6b20796f752c20706c6561736520636f6d652061"
	    "6761696e2e000d0029000053756d6d6172792073746174757320666f7220616c6c20"
	    "70726f6365737365642049415f4e4173" },
	{ "networkd solicit", 1, "14,3,25,39,6,1,8",
	    "01241446000e00000003000cdd41dd7000000000000000000019000cdd41dd700000"
	    "000000000000002700040102766d000600080017001f003800520001000e00020000"
	    "ab110033bdebf95e192c000800020000" },
	{ "edk2 http solicit", 1, "1,8,3,6,62,61,16",
	    "0109262e000100120004443322116655887799aabbccddeeff000008000200000003"
	    "000c866517b8ffffffffffffffff00060008003b003c00170010003e000301030000"
	    "3d000200100010002700000157002148545450436c69656e743a417263683a303030"
	    "31363a554e44493a303033303030" },
	{ "edk2 pxe solicit, canonical uuid", 1, "1,8,3,6,62,61,16",
	    "01abcdef000100120004443322116655887799aabbccddeeff000008000200000003"
	    "000cee26f7fbffffffffffffffff00060008003b003c00170010003e000301030000"
	    "3d0002000700100026000001570020505845436c69656e743a417263683a30303030"
	    "373a554e44493a303033303030" },
	{ "ipxe efi solicit, canonical uuid", 1, "1,3,6,16,61,62,15,8",
	    "01abcdef000100120004112233445566778899aabbccddeeff000003000cb1050e1e"
	    "00000000000000000006000800170018003b003c0010002600000157002050584543"
	    "6c69656e743a417263683a30303030373a554e44493a303033303130003d00020007"
	    "003e000301030a000f0006000469505845000800020000" },
};

static size_t
unhex(const char *hex, uint8_t *to, size_t cap)
{
	size_t len = 0;

	if (hex[0])
		ck_assert_int_eq(parse_hex(hex, to, cap, &len, NULL), 0);
	return len;
}

static void
codes_of(const struct dhcp6_msg *msg, char *buf, size_t cap)
{
	size_t at = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < msg->n_opts; i++)
		at += (size_t)snprintf(buf + at, cap - at, "%s%u",
		    i ? "," : "", msg->opts[i].code);
}

START_TEST(golden_is_read_and_rebuilt)
{
	uint8_t buf[512];
	uint8_t again[512];
	size_t len = unhex(golden[_i].hex, buf, sizeof(buf));
	uint8_t *copy = unit_heap(buf, len);
	struct wr w = wr_init(again, sizeof(again));
	struct dhcp6_msg made;
	struct dhcp6_msg msg;
	char codes[64];

	ck_assert_int_eq(dhcp6_msg_parse(&msg, copy, len, NULL), 0);
	memset(copy, 0xee, len);        /* the message owns what it says */
	free(copy);
	codes_of(&msg, codes, sizeof(codes));
	ck_assert_str_eq(codes, golden[_i].codes);
	ck_assert_int_eq(msg.type, golden[_i].type);
	ck_assert_uint_eq(msg.xid, (uint32_t)buf[1] << 16 | buf[2] << 8 |
	    buf[3]);
	ck_assert(!dhcp6_is_relay(&msg) && !msg.inner);
	ck_assert_ptr_eq(dhcp6_client_msg(&msg), &msg);
	ck_assert_int_eq(dhcp6_msg_build(&msg, &w), 0);
	ck_assert_uint_eq(w.len, len);
	ck_assert_int_eq(memcmp(again, buf, len), 0);

	/* and once more from values alone */
	dhcp6_msg_init(&made, (enum dhcp6_type)golden[_i].type);
	made.xid = msg.xid;
	for (size_t i = 0; i < msg.n_opts; i++) {
		ck_assert_int_eq(dhcp6_opt_check(&msg.opts[i]), 0);
		ck_assert_int_eq(dhcp6_add(&made, msg.opts[i].code,
		    msg.opts[i].data, msg.opts[i].len), 0);
	}
	w = wr_init(again, sizeof(again));
	ck_assert_int_eq(dhcp6_msg_build(&made, &w), 0);
	ck_assert_uint_eq(w.len, len);
	ck_assert_int_eq(memcmp(again, buf, len), 0);
	w = wr_init(again, len - 1);
	ck_assert_int_eq(dhcp6_msg_build(&made, &w), -EMSGSIZE);
	dhcp6_msg_release(&made);
	dhcp6_msg_release(&msg);
}
END_TEST

/* Only a cut between options leaves a message. */
START_TEST(golden_prefixes)
{
	uint8_t buf[512];
	size_t len = unhex(golden[_i].hex, buf, sizeof(buf));
	size_t next = DHCP6_HEAD_LEN;

	for (size_t n = 0; n < len; n++) {
		uint8_t *copy = unit_heap(buf, n);
		struct dhcp6_msg msg;
		int rc = dhcp6_msg_parse(&msg, copy, n, NULL);

		ck_assert_msg(rc == (n == next ? 0 : -EBADMSG),
		    "%zu bytes: %d", n, rc);
		if (rc == 0) {
			dhcp6_msg_release(&msg);
			next += 4 + (size_t)(buf[n + 2] << 8 | buf[n + 3]);
		}
		free(copy);
	}
}
END_TEST

/* Put @inner into a relay message. */
static void
relay(struct dhcp6_msg *ret, uint8_t hops, const void *inner, size_t len)
{
	dhcp6_msg_init(ret, DHCP6_RELAY_FORW);
	ret->hop_count = hops;
	ret->link_addr.s6_addr[15] = 1;
	ret->peer_addr.s6_addr[0] = 0xfe;
	ret->peer_addr.s6_addr[1] = 0x80;
	ck_assert_int_eq(dhcp6_add_str(ret, DHCP6_OPT_INTERFACE_ID, "eth0"),
	    0);
	ck_assert_int_eq(dhcp6_add(ret, DHCP6_OPT_RELAY_MSG, inner, len), 0);
}

/* As many relays as we take, and one more. */
START_TEST(relays_are_nested)
{
	static uint8_t buf[4096];
	struct wr w = wr_init(buf, sizeof(buf));
	struct dhcp6_msg msg;
	const struct dhcp6_msg *level = &msg;
	int n_relays = DHCP6_RELAYS_MAX + _i;

	dhcp6_msg_init(&msg, DHCP6_SOLICIT);
	msg.xid = 0xabcdef;
	ck_assert_int_eq(dhcp6_msg_build(&msg, &w), 0);
	dhcp6_msg_release(&msg);
	for (int i = 0; i < n_relays; i++) {
		uint8_t *inner = unit_heap(buf, w.len);

		relay(&msg, (uint8_t)i, inner, w.len);
		free(inner);
		w = wr_init(buf, sizeof(buf));
		ck_assert_int_eq(dhcp6_msg_build(&msg, &w), 0);
		dhcp6_msg_release(&msg);
	}
	ck_assert_int_eq(dhcp6_msg_parse(&msg, buf, w.len, NULL),
	    _i == 0 ? 0 : -EBADMSG);
	if (_i > 0)
		return;
	for (int i = n_relays - 1; i >= 0; i--) {
		ck_assert(dhcp6_is_relay(level));
		ck_assert_uint_eq(level->xid, 0);
		ck_assert_int_eq(level->hop_count, i);
		ck_assert_uint_eq(level->link_addr.s6_addr[15], 1);
		ck_assert_uint_eq(level->peer_addr.s6_addr[1], 0x80);
		ck_assert_uint_eq(level->opts[0].code, DHCP6_OPT_INTERFACE_ID);
		level = level->inner;
		ck_assert_ptr_nonnull(level);
	}
	ck_assert_ptr_eq(dhcp6_client_msg(&msg), level);
	ck_assert_int_eq(level->type, DHCP6_SOLICIT);
	ck_assert_uint_eq(level->xid, 0xabcdef);
	dhcp6_msg_release(&msg);
}
END_TEST

/* A relay head alone, and every cut of a relayed message. */
START_TEST(relay_prefixes)
{
	uint8_t buf[256];
	uint8_t solicit[] = { 1, 0, 0, 1, 0, 8, 0, 2, 0, 0 };
	struct wr w = wr_init(buf, sizeof(buf));
	struct dhcp6_msg msg;

	relay(&msg, 0, solicit, sizeof(solicit));
	ck_assert_int_eq(dhcp6_msg_build(&msg, &w), 0);
	dhcp6_msg_release(&msg);
	ck_assert_uint_eq(w.len, DHCP6_RELAY_HEAD_LEN + 8 + 4 + 10);
	for (size_t n = 0; n < w.len; n++) {
		uint8_t *copy = unit_heap(buf, n);
		bool good = n == DHCP6_RELAY_HEAD_LEN ||
		    n == DHCP6_RELAY_HEAD_LEN + 8;
		int rc = dhcp6_msg_parse(&msg, copy, n, NULL);

		ck_assert_int_eq(rc, good ? 0 : -EBADMSG);
		if (rc == 0) {
			ck_assert_ptr_null(msg.inner);
			dhcp6_msg_release(&msg);
		}
		free(copy);
	}
	/* whole outside, cut inside */
	solicit[7] = 3;
	relay(&msg, 0, solicit, sizeof(solicit));
	w = wr_init(buf, sizeof(buf));
	ck_assert_int_eq(dhcp6_msg_build(&msg, &w), 0);
	dhcp6_msg_release(&msg);
	ck_assert_int_eq(dhcp6_msg_parse(&msg, buf, w.len, NULL), -EBADMSG);
}
END_TEST

START_TEST(bad_messages_are_explained)
{
	static const struct { const char *hex; const char *text; } bad[] = {
		{ "", "message is cut off in its head" },
		{ "00010203", "message of type 0" },
		{ "010102030008000200", "option is cut off" },
		{ "0101020300", "option is cut off" },
	};
	uint8_t buf[16];
	size_t len = unhex(bad[_i].hex, buf, sizeof(buf));
	struct diag diag;
	struct dhcp6_msg msg;

	ck_assert_int_eq(dhcp6_msg_parse(&msg, buf, len, &diag), -EBADMSG);
	ck_assert_str_eq(diag.text, bad[_i].text);
}
END_TEST

/* An option's value, whether it fits, and its line. */
static const struct {
	int code;
	int want;
	const char *hex;
	const char *text;
} rows[] = {
	{ 1, 0, "000400112233445566778899aabbccddeeff",
	    "UUID 00112233-4455-6677-8899-aabbccddeeff" },
	{ 1, -EBADMSG, "000400112233445566778899aabbccddee",
	    "0x000400112233445566778899aabbccddee" },
	{ 1, 0, "0001000132927dfa020000770001",
	    "LLT 1 848461306 02:00:00:77:00:01" },
	{ 1, 0, "00020000ab110102", "EN 43793 01:02" },
	{ 2, 0, "00030001525400aabb0d", "LL 1 52:54:00:aa:bb:0d" },
	{ 2, 0, "000901", "type 9 01" },
	{ 2, -EBADMSG, "0001000101", "0x0001000101" },
	{ 3, 0, "0cee26f7ffffffff00000000",
	    "iaid=0x0cee26f7 t1=4294967295 t2=0" },
	{ 3, 0, "000000010000070800000c4e"
	    "00050018fd770000000000000000000000000" "1ef00000e1000001c20",
	    "iaid=0x00000001 t1=1800 t2=3150 "
	    "{iaaddr=fd77::1ef preferred=3600 valid=7200}" },
	{ 3, 0, "000000010000000000000000" "000d00040002" "6e6f" "000e0000",
	    "iaid=0x00000001 t1=0 t2=0 {status-code=NoAddrsAvail: no, "
	    "rapid-commit}" },
	{ 3, -EBADMSG, "000000010000000000000000000d0004",
	    "0x000000010000000000000000000d0004" },
	{ 3, -EBADMSG, "0000000100000000000000", "0x0000000100000000000000" },
	{ 4, 0, "00000001", "iaid=0x00000001" },
	{ 5, 0, "fd770000000000000000000000000001" "00000001" "00000002",
	    "fd77::1 preferred=1 valid=2" },
	{ 5, -EBADMSG, "fd770000000000000000000000000001" "00000001"
	    "00000002" "000d00040000",
	    "0xfd7700000000000000000000000000010000000100000002000d00040000" },
	{ 26, 0, "00000001" "00000002" "40"
	    "fd770001000000000000000000000000",
	    "fd77:1::/64 preferred=1 valid=2" },
	{ 26, -EBADMSG, "00000001" "00000002" "81"
	    "fd770001000000000000000000000000",
	    "0x000000010000000281fd770001000000000000000000000000" },
	{ 25, 0, "000000010000000000000000", "iaid=0x00000001 t1=0 t2=0" },
	{ 6, 0, "003b003c00170010", "59,60,23,16" },
	{ 6, -EBADMSG, "003b00", "0x003b00" },
	{ 7, 0, "ff", "255" },
	{ 8, 0, "00c9", "2.01 s" },
	{ 8, -EBADMSG, "00", "0x00" },
	{ 9, 0, "01abcdef", "SOLICIT" },
	{ 13, 0, "0000", "Success" },
	{ 13, 0, "0006" "6e6f6e65", "NoPrefixAvail: none" },
	{ 13, 0, "00ff", "255" },
	{ 14, 0, "", "" },
	{ 14, -EBADMSG, "01", "0x01" },
	{ 15, 0, "000469505845", "iPXE" },
	{ 15, 0, "00046950584500026162", "iPXE,ab" },
	{ 15, -EBADMSG, "69505845", "0x69505845" },
	{ 16, 0, "0000015700045058450a", "343: 0x5058450a" },
	{ 16, 0, "00000157000450584543", "343: PXEC" },
	{ 17, 0, "00000009" "00010002" "6162" "00020001" "07",
	    "9: 1=ab 2=0x07" },
	{ 18, 0, "65746830", "eth0" },
	{ 19, 0, "05", "RENEW" },
	{ 23, 0, "fd770000000000000000000000000001"
	    "fd770000000000000000000000000002", "fd77::1,fd77::2" },
	{ 23, -EBADMSG, "fd7700000000000000000000000000010a",
	    "0xfd7700000000000000000000000000010a" },
	{ 24, 0, "036c6162047465737400" "016100", "lab.test,a" },
	{ 24, -EBADMSG, "036c6162", "0x036c6162" },
	{ 24, -EBADMSG, "c000", "0xc000" },
	{ 39, 0, "0104686f7374", "flags=0x01 host" },
	{ 39, 0, "0104686f737400", "flags=0x01 host" },
	{ 39, -EBADMSG, "0104686f7374000161", "0x0104686f7374000161" },
	{ 59, 0, "746674703a2f2f612f62", "tftp://a/b" },
	{ 59, -EBADMSG, "6100" "62", "0x610062" },
	{ 60, 0, "00026162" "0000" "000163", "ab,,c" },
	{ 61, 0, "0007", "7" },
	{ 61, 0, "00070010", "7,16" },
	{ 62, 0, "010300", "UNDI 3.0" },
	{ 62, 0, "02030a", "type 2 3.10" },
	{ 79, 0, "0001525400aabb0d", "1 52:54:00:aa:bb:0d" },
	{ 37, 0, "000000096162", "9: ab" },
	{ 9999, 0, "6162", "ab" },
	{ 9999, 0, "0a62", "0x0a62" },
};

START_TEST(values_are_said)
{
	uint8_t buf[128];
	size_t len = unhex(rows[_i].hex, buf, sizeof(buf));
	uint8_t *copy = unit_heap(buf, len);
	struct dhcp6_opt opt = { (uint16_t)rows[_i].code, len, copy };
	struct sbuf b = SBUF_EMPTY;
	int rc = dhcp6_opt_check(&opt);

	ck_assert_msg(rc == rows[_i].want, "%d %s: %d", rows[_i].code,
	    rows[_i].hex, rc);
	dhcp6_opt_format(&b, &opt);
	ck_assert_str_eq(sbuf_str(&b), rows[_i].text);
	sbuf_release(&b);
	free(copy);
	for (size_t n = 0; n < len; n++) {
		copy = unit_heap(buf, n);
		opt = (struct dhcp6_opt){ opt.code, n, copy };
		b = (struct sbuf)SBUF_EMPTY;
		dhcp6_opt_format(&b, &opt);
		ck_assert(text_is_clean(sbuf_str(&b), b.len));
		sbuf_release(&b);
		free(copy);
	}
}
END_TEST

/* IAs inside IAs inside IAs: at some depth it is only hex. */
START_TEST(nesting_is_bounded)
{
	static uint8_t buf[16 * 1000];
	struct wr w = wr_init(buf, sizeof(buf));
	struct sbuf b = SBUF_EMPTY;
	struct dhcp6_opt opt = { DHCP6_OPT_IA_NA, 0, buf };

	for (size_t i = 0; i < 1000; i++) {
		wr_zero(&w, 12);
		wr_u16(&w, DHCP6_OPT_IA_NA);
		wr_u16(&w, (uint16_t)(sizeof(buf) - w.len - 2));
	}
	opt.len = w.len;
	dhcp6_opt_format(&b, &opt);
	ck_assert_ptr_nonnull(strstr(sbuf_str(&b), "{ia-na=iaid=0x00000000"));
	ck_assert_ptr_nonnull(strstr(sbuf_str(&b), "ia-na=0x0000"));
	sbuf_release(&b);
}
END_TEST

START_TEST(values_are_asked)
{
	struct dhcp6_ia_addr addr = { .valid = 7200, .preferred = 3600 };
	struct dhcp6_ia ia = { .iaid = 5, .t1 = 10, .t2 = 20 };
	uint8_t inside[64];
	uint8_t buf[128];
	struct wr wi = wr_init(inside, sizeof(inside));
	struct wr w = wr_init(buf, sizeof(buf));
	struct dhcp6_ia_addr got;
	struct in6_addr ip = { { { 0xfd, 0x77 } } };
	struct in6_addr got_ip;
	struct dhcp6_msg msg;
	struct rd text;
	uint16_t v16 = 7;
	uint8_t v8 = 7;
	char url[6];

	addr.addr = ip;
	dhcp6_msg_init(&msg, DHCP6_REPLY);
	ck_assert(!dhcp6_ia_addr(&msg, DHCP6_OPT_IA_NA, &got));
	ck_assert(!dhcp6_status(&msg, &v16, &text));
	dhcp6_put_ia_addr(&wi, DHCP6_OPT_IAADDR, &addr);
	dhcp6_put(&wi, DHCP6_OPT_STATUS, "\0\4no", 4);
	ia.opts = rd_init(inside, wi.len);
	dhcp6_put_ia(&w, DHCP6_OPT_IA_NA, &ia);
	ck_assert(!w.full && !wi.full);
	ck_assert_int_eq(dhcp6_add(&msg, DHCP6_OPT_IA_NA, buf + 4, w.len - 4),
	    0);
	ck_assert_int_eq(dhcp6_add_u8(&msg, DHCP6_OPT_PREFERENCE, 9), 0);
	ck_assert_int_eq(dhcp6_add_u16(&msg, DHCP6_OPT_ARCH, 0x0107), 0);
	ck_assert_int_eq(dhcp6_add_str(&msg, DHCP6_OPT_BOOTFILE_URL,
	    "tftp://x"), 0);
	ck_assert_int_eq(dhcp6_add(&msg, DHCP6_OPT_DNS, &ip, sizeof(ip)), 0);

	ck_assert(dhcp6_ia_addr(&msg, DHCP6_OPT_IA_NA, &got));
	ck_assert_int_eq(memcmp(&got.addr, &ip, sizeof(ip)), 0);
	ck_assert_uint_eq(got.prefix_len, 128);
	ck_assert_uint_eq(got.preferred, 3600);
	ck_assert_uint_eq(got.valid, 7200);
	ck_assert(!dhcp6_ia_addr(&msg, DHCP6_OPT_IA_PD, &got));
	ck_assert(dhcp6_status(&msg, &v16, &text));
	ck_assert_str_eq(dhcp6_status_name(v16), "NotOnLink");
	ck_assert_uint_eq(text.left, 2);
	ck_assert(dhcp6_get_u8(&msg, DHCP6_OPT_PREFERENCE, &v8) && v8 == 9);
	ck_assert(!dhcp6_get_u8(&msg, DHCP6_OPT_ARCH, &v8) && v8 == 9);
	ck_assert(dhcp6_get_u16(&msg, DHCP6_OPT_ARCH, &v16));
	ck_assert_uint_eq(v16, 0x0107);
	ck_assert(!dhcp6_get_u16(&msg, DHCP6_OPT_PREFERENCE, &v16));
	ck_assert(dhcp6_get_str(&msg, DHCP6_OPT_BOOTFILE_URL, url,
	    sizeof(url)));
	ck_assert_str_eq(url, "tftp:");
	ck_assert(!dhcp6_get_str(&msg, DHCP6_OPT_NII, url, sizeof(url)));
	ck_assert(dhcp6_get_ip(&msg, DHCP6_OPT_DNS, &got_ip));
	ck_assert_int_eq(memcmp(&got_ip, &ip, sizeof(ip)), 0);
	ck_assert(!dhcp6_get_ip(&msg, DHCP6_OPT_ARCH, &got_ip));

	/* the message's own status comes first */
	ck_assert_int_eq(dhcp6_add_u16(&msg, DHCP6_OPT_STATUS, 2), 0);
	ck_assert(dhcp6_status(&msg, &v16, &text) && v16 == 2);
	dhcp6_msg_release(&msg);
}
END_TEST

START_TEST(prefixes_and_strings_are_put)
{
	struct dhcp6_ia_addr a = { .prefix_len = 56, .preferred = 1,
	    .valid = 2 };
	struct dhcp6_ia ta = { .iaid = 0x01020304, .t1 = 5 };
	uint8_t want[64];
	uint8_t buf[64];
	struct wr w = wr_init(buf, sizeof(buf));
	struct rd r;
	struct rd s;
	size_t len;

	a.addr.s6_addr[0] = 0xfd;
	dhcp6_put_ia_addr(&w, DHCP6_OPT_IAPREFIX, &a);
	dhcp6_put_ia(&w, DHCP6_OPT_IA_TA, &ta);
	len = unhex("001a0019" "00000001" "00000002" "38"
	    "fd000000000000000000000000000000" "00040004" "01020304", want,
	    sizeof(want));
	ck_assert_uint_eq(w.len, len);
	ck_assert_int_eq(memcmp(buf, want, len), 0);

	w = wr_init(buf, sizeof(buf));
	dhcp6_put_str(&w, "initrd=a");
	dhcp6_put_str(&w, "");
	r = rd_init(buf, w.len);
	ck_assert(dhcp6_str_next(&r, &s));
	ck_assert_uint_eq(s.left, 8);
	ck_assert_int_eq(memcmp(s.p, "initrd=a", 8), 0);
	ck_assert(dhcp6_str_next(&r, &s) && s.left == 0);
	ck_assert(!dhcp6_str_next(&r, &s) && !r.bad);
	r = rd_init("\0\2a", 3);
	ck_assert(!dhcp6_str_next(&r, &s) && r.bad);
}
END_TEST

/* IA_TA has no times: its options begin where they would be. */
START_TEST(ia_ta_has_no_times)
{
	static const uint8_t data[] = { 0, 0, 0, 9, 0, 13, 0, 2, 0, 3 };
	struct dhcp6_opt opt;
	struct dhcp6_ia ia;

	ck_assert_int_eq(dhcp6_ia_parse(DHCP6_OPT_IA_TA, data, sizeof(data),
	    &ia), 0);
	ck_assert_uint_eq(ia.iaid, 9);
	ck_assert(ia.t1 == 0 && ia.t2 == 0);
	ck_assert(dhcp6_opt_next(&ia.opts, &opt));
	ck_assert_uint_eq(opt.code, DHCP6_OPT_STATUS);
	ck_assert_uint_eq(opt.len, 2);
	ck_assert(!dhcp6_opt_next(&ia.opts, &opt) && !ia.opts.bad);
	ck_assert_int_eq(dhcp6_ia_parse(DHCP6_OPT_IA_NA, data, sizeof(data),
	    &ia), -EBADMSG);
}
END_TEST

START_TEST(limits_are_kept)
{
	static uint8_t value[65536];
	uint8_t buf[16];
	struct wr w = wr_init(buf, sizeof(buf));
	struct dhcp6_msg msg;

	dhcp6_msg_init(&msg, DHCP6_REQUEST);
	ck_assert_int_eq(dhcp6_add(&msg, 17, value, 65536), -EMSGSIZE);
	ck_assert_uint_eq(msg.n_opts, 0);
	msg.xid = 0x1000000;
	ck_assert_int_eq(dhcp6_msg_build(&msg, &w), -EINVAL);
	msg.xid = DHCP6_XID_MAX;
	ck_assert_int_eq(dhcp6_msg_build(&msg, &w), 0);
	ck_assert_int_eq(memcmp(buf, "\3\xff\xff\xff", 4), 0);
	for (uint16_t i = 0; i < 100; i++)      /* repeated, in order */
		ck_assert_int_eq(dhcp6_add_u16(&msg, 17, i), 0);
	ck_assert_uint_eq(msg.n_opts, 100);
	ck_assert_uint_eq(msg.opts[77].data[1], 77);
	ck_assert_ptr_eq(dhcp6_opt(&msg, 17), &msg.opts[0]);
	dhcp6_msg_release(&msg);
	dhcp6_msg_release(&msg);
}
END_TEST

START_TEST(names)
{
	size_t n;
	const struct dhcp6_opt_info *all = dhcp6_opt_rows(&n);

	for (size_t i = 0; i < n; i++) {
		ck_assert(i == 0 || all[i - 1].code < all[i].code);
		ck_assert_ptr_eq(dhcp6_opt_info(all[i].code), &all[i]);
		ck_assert_ptr_eq(dhcp6_opt_by_name(all[i].name), &all[i]);
		ck_assert(all[i].max == 0 || all[i].min <= all[i].max);
		ck_assert(all[i].ref && all[i].ref[0]);
	}
	ck_assert_ptr_null(dhcp6_opt_info(10));         /* not assigned */
	ck_assert_ptr_null(dhcp6_opt_info(60000));
	ck_assert_ptr_null(dhcp6_opt_by_name("nothing"));
	ck_assert_str_eq(dhcp6_opt_info(59)->name, "bootfile-url");
	ck_assert_str_eq(dhcp6_opt_info(62)->name, "nii");
	ck_assert_str_eq(dhcp6_opt_info(135)->name, "relay-port");
	ck_assert_str_eq(dhcp6_type_name(1), "SOLICIT");
	ck_assert_str_eq(dhcp6_type_name(7), "REPLY");
	ck_assert_str_eq(dhcp6_type_name(13), "RELAY-REPL");
	ck_assert_str_eq(dhcp6_type_name(23), "STARTTLS");
	ck_assert_str_eq(dhcp6_type_name(37), "ADDR-REG-REPLY");
	ck_assert_ptr_null(dhcp6_type_name(0));
	ck_assert_ptr_null(dhcp6_type_name(38));
	ck_assert_ptr_null(dhcp6_type_name(-1));
	ck_assert_str_eq(dhcp6_status_name(22), "ExcessiveTimeSkew");
	ck_assert_ptr_null(dhcp6_status_name(23));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("dhcp6");
	TCase *tc = tcase_create("dhcp6");

	tcase_add_loop_test(tc, golden_is_read_and_rebuilt, 0,
	    ARRAY_LEN(golden));
	tcase_add_loop_test(tc, golden_prefixes, 0, ARRAY_LEN(golden));
	tcase_add_loop_test(tc, relays_are_nested, 0, 2);
	tcase_add_test(tc, relay_prefixes);
	tcase_add_loop_test(tc, bad_messages_are_explained, 0, 4);
	tcase_add_loop_test(tc, values_are_said, 0, ARRAY_LEN(rows));
	tcase_add_test(tc, nesting_is_bounded);
	tcase_add_test(tc, values_are_asked);
	tcase_add_test(tc, prefixes_and_strings_are_put);
	tcase_add_test(tc, ia_ta_has_no_times);
	tcase_add_test(tc, limits_are_kept);
	tcase_add_test(tc, names);
	suite_add_tcase(s, tc);
	return s;
}
